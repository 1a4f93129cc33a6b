"""What is worth a second look in valid data, each kind with its place in both languages."""

import pytest

from nenpo.content import findings
from nenpo.content.findings import Finding, is_known_code, list_findings
from nenpo.data.load import load_plan
from nenpo.errors import Language
from tiny_project import Project
from words_project import assert_unchanged, copy_frames, read_plan, read_words

PROGRESS = "data/tiny/2021/progress.csv"


def find(project: Project, kind: str, fiscal_year: int | None = None) -> list[Finding]:
    found = list_findings(load_plan("tiny", project.root), fiscal_year)
    return [entry for entry in found if entry.kind == kind]


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("131148", True),
        ("131083", True),
        ("131147", False),
        ("131084", False),
        ("13114", True),
        ("01100", True),
        ("011002", True),
        ("480002", False),
        ("48114", False),
        ("00114", False),
        ("999999", False),
    ],
)
def test_a_code_needs_a_prefecture_and_its_check_digit(code: str, known: bool) -> None:
    assert is_known_code(code) is known


@pytest.mark.parametrize("code", ["480011", "480029", "480037"])
def test_no_check_digit_makes_up_for_a_prefecture_that_is_not_there(code: str) -> None:
    assert not is_known_code(code)


@pytest.mark.parametrize("code", ["131041", "131130"])
def test_a_check_number_of_two_digits_is_written_with_its_last(code: str) -> None:
    """新宿区: the remainder is 0 and the check number 11; 渋谷区: 1 and 10."""
    assert is_known_code(code)


def test_a_code_that_cannot_exist_is_found(tiny: Project) -> None:
    (entry,) = find(tiny, "code")
    assert entry.place == "data/tiny/plan.yaml: municipality.code"
    assert "「999999」" in entry.message("ja")
    assert "'999999'" in entry.message("en")


@pytest.mark.parametrize("code", ['"131148"', "null"])
def test_a_possible_code_or_none_is_no_finding(tiny: Project, code: str) -> None:
    tiny.replace("plan.yaml", '"999999"', code)
    assert find(tiny, "code") == []


def test_a_change_without_reason_is_found(tiny: Project) -> None:
    (entry,) = find(tiny, "reason", 2021)
    assert entry.place == f"{PROGRESS}: i1-1-02"
    assert "「△」" in entry.message("ja")
    assert "'△'" in entry.message("en")


def test_a_change_with_its_reason_is_no_finding(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 2, "change_reason", "国の検討を待つため")
    assert find(tiny, "reason", 2021) == []


def test_a_total_that_differs_from_the_published_one_is_found(tiny: Project) -> None:
    tiny.replace("2021/published.yaml", '"◎": 1', '"◎": 2')
    (entry,) = find(tiny, "published")
    assert entry.place == "data/tiny/2021/published.yaml: ◎"
    assert entry.message("ja") == "公表2件に対し、集計は1件である。"
    assert entry.message("en") == "published 2, computed 1."


def test_equal_totals_are_no_finding(tiny: Project) -> None:
    assert find(tiny, "published") == []


def test_a_title_that_changed_is_found_in_its_year(tiny: Project) -> None:
    (entry,) = find(tiny, "title")
    assert entry.place == "data/tiny/2022/titles.csv: i1-1-01"
    for language in ("ja", "en"):
        told = entry.message(language)  # type: ignore[arg-type]  # a literal
        assert told.index("申請のオンライン化") < told.index("申請と届出のオンライン化")


def test_a_mark_on_a_relisted_row_is_found(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 4, "status", "◎")
    (entry,) = find(tiny, "relisted")
    assert entry.place == f"{PROGRESS}: i1-2-02"
    assert "i1-1-01" in entry.message("ja")
    assert "i1-1-01" in entry.message("en")


def test_a_relisted_row_without_mark_is_no_finding(tiny: Project) -> None:
    assert find(tiny, "relisted") == []


def test_an_item_that_is_missing_without_having_ended_is_found(tiny: Project) -> None:
    tiny.replace("2022/progress.csv", "i1-1-02,×,,,,国が改修する,,s1,12\n", "")
    assert [entry.place for entry in find(tiny, "unreported")] == [
        "data/tiny/2022/progress.csv: i1-1-02"
    ]


def test_an_item_that_ended_or_is_continued_is_not_missing(tiny: Project) -> None:
    """i1-2-01 ended in 2021 and goes on as i2-1-01; i1-2-02 repeats another row."""
    assert find(tiny, "unreported") == []


def test_rows_that_cite_the_lines_of_the_year_before_are_found_and_counted(tiny: Project) -> None:
    """Two of the three rows of 2022 name the same source and line as in 2021."""
    (entry,) = find(tiny, "copied")
    assert entry.place == "data/tiny/2022/progress.csv"
    assert entry.message("ja").startswith("2行が")
    assert entry.message("en").startswith("2 row(s)")


def test_rows_without_a_source_are_not_called_copies(tiny: Project) -> None:
    for year in (2021, 2022):
        for row in (1, 2):
            for column in ("source", "line"):
                tiny.set_cell(f"{year}/progress.csv", row, column, "")
    assert find(tiny, "copied") == []


def test_rows_with_lines_of_their_own_are_no_copies(tiny: Project) -> None:
    for row in (1, 2):
        tiny.set_cell("2022/progress.csv", row, "line", "99")
    assert find(tiny, "copied") == []


def test_the_first_year_copies_nothing(tiny: Project) -> None:
    assert find(tiny, "copied", 2021) == []


def test_sources_that_differ_are_found_with_every_value() -> None:
    found = list_findings(read_words().plan)
    assert [entry.kind for entry in found if "figures.csv" in entry.place] == ["disagreement"]
    number, text, _ = (entry for entry in found if entry.kind == "disagreement")
    assert number.message("ja") == (
        "「処理を待つ申請」は資料により記載が異なる: 40件（s1:51）、38件（s2:151）。"
    )
    assert text.message("en").endswith(": 総務局（s1:60）、企画局（s2:160）.")


def test_a_matter_on_which_sources_agree_is_no_finding(tiny: Project) -> None:
    assert find(tiny, "disagreement") == []


def test_one_fiscal_year_has_no_findings_of_another(tiny: Project) -> None:
    kinds = {entry.kind for entry in list_findings(load_plan("tiny", tiny.root), 2021)}
    assert kinds == {"code", "reason", "unassigned"}


def test_every_year_with_progress_is_searched_unless_one_is_named(tiny: Project) -> None:
    places = [entry.place for entry in find(tiny, "reason")]
    assert places == [f"{PROGRESS}: i1-1-02", "data/tiny/2022/progress.csv: i1-1-02"]


def test_valid_data_without_anything_odd_have_no_findings(words: Project) -> None:
    words.path("data/words/statements.csv").unlink()
    words.replace(
        "data/words/figures.csv",
        "waiting,,処理を待つ申請,i1-1-01,as_of,2021,202106,,actual,,38,,件,false,false,"
        "件数から計算した値である,,s2,151\n",
        "",
    )
    for year in (2021, 2022):
        for item in ("i1-2-01", "i2-1-01"):
            words.append(f"data/words/{year}/assignments.csv", f"{item},soumu,lead,,総務局")
    assert list_findings(load_plan("words", words.root)) == ()


def test_a_value_that_a_year_does_not_mention_is_found(tiny: Project) -> None:
    lines = tiny.read("2022/actuals.csv").splitlines()
    tiny.write("2022/actuals.csv", "\n".join(lines[:2]) + "\n")
    places = [entry.place for entry in find(tiny, "absent")]
    assert "data/tiny/2022/actuals.csv: incidents" in places


def test_an_item_of_the_year_without_a_row_is_found(tiny: Project) -> None:
    row = "i9,m1-1,新しい取組,,ward,,,2022,,,,s1,99"
    tiny.append("items.csv", row)
    places = [entry.place for entry in find(tiny, "absent")]
    assert "data/tiny/2022/progress.csv: i9" in places
    assert "data/tiny/2021/progress.csv: i9" not in places


@pytest.mark.parametrize(
    "plan", ["nakano-structural-reform", "koto-informatization", "unnamed-ward-digitalization"]
)
def test_the_codes_of_the_real_plans_can_exist(plan: str) -> None:
    assert not [entry for entry in list_findings(read_plan(plan)) if entry.kind == "code"]


def test_both_accounts_of_the_real_plan_are_findings() -> None:
    found = list_findings(read_plan("nakano-structural-reform"))
    told = [entry.ja for entry in found if "取組5の担当部" in entry.ja]
    assert len(told) == 1
    assert told[0].index("企画部、総務部（s000") < told[0].rindex("企画部（s001")


@pytest.mark.parametrize(("language", "shown"), [("ja", "和"), ("en", "english")])
def test_a_finding_is_told_in_the_language_asked_for(language: Language, shown: str) -> None:
    assert Finding("code", "place", "和", "english").message(language) == shown


def test_searching_leaves_the_plan_as_it_was(tiny: Project) -> None:
    plan = load_plan("tiny", tiny.root)
    before = copy_frames(plan)
    findings.list_findings(plan)
    assert_unchanged(plan, before)
