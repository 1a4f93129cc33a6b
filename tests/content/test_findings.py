"""What is worth a second look in valid data, each kind with its place in both languages."""

import pytest

from nenpo.analysis.progress import count_rows, load_year
from nenpo.build.params import read_edition
from nenpo.build.validate import validate_plans
from nenpo.content import findings, inspection
from nenpo.content.display import Table
from nenpo.content.finding import Finding
from nenpo.content.findings import check_authors, is_known_code, list_findings
from nenpo.data.load import load_plan
from nenpo.errors import Language
from opened import brief
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


# Copies of last year


def write_year(tiny: Project, *rows: str) -> None:
    """Write the progress of 2022: item, mark, done, next_year and note of each."""
    header = "item,status,shift,change_reason,done,next_year,later,note,source,line"
    cells = [row.split(",") for row in rows]
    lines = [f"{item},{mark},,,{done},{then},,{note},,," for item, mark, done, then, note in cells]
    tiny.write("2022/progress.csv", "\n".join([header, *(line[:-1] for line in lines)]) + "\n")


def test_a_text_equal_to_last_years_is_found_whatever_its_source(tiny: Project) -> None:
    write_year(tiny, "i1-1-01,◎,改めた,対象を広げる,", "i1-1-02,△,国が検討した,国が改修する,")
    found = find(tiny, "repeated", 2022)
    assert [(entry.place, entry.en) for entry in found] == [
        (
            "data/tiny/2022/progress.csv: done",
            "1 row(s) say what they said last year (i1-1-02): still copies?",
        ),
        (
            "data/tiny/2022/progress.csv: next_year",
            "2 row(s) say what they said last year (i1-1-01, i1-1-02): still copies?",
        ),
    ]
    assert found[1].ja.startswith("前年度と同じ文が2行にある（i1-1-01, i1-1-02）。")


def test_many_equal_texts_are_one_line_a_column(tiny: Project) -> None:
    """An item that goes on under a new id is compared with the one that it continues."""
    for row in (1, 2, 3):
        tiny.set_cell("2021/progress.csv", row, "done", "実施した")
    write_year(tiny, *(f"{item},◎,実施した,," for item in ("i1-1-01", "i1-1-02", "i2-1-01")))
    (entry,) = find(tiny, "repeated", 2022)
    assert entry.en.startswith("3 row(s) say what they said last year (i1-1-01, i1-1-02, i2-1-01)")


def test_blank_cells_and_new_texts_repeat_nothing(tiny: Project) -> None:
    write_year(tiny, "i1-1-01,◎,広げた,,", "i1-1-02,△,,,")
    assert find(tiny, "repeated") == []


def test_an_analysts_words_of_last_year_are_found(tiny: Project) -> None:
    write_year(tiny, "i1-1-01,◎,広げた,,")
    tiny.write("2022/commentary.csv", tiny.read("2021/commentary.csv"))
    (entry,) = find(tiny, "repeated")
    assert entry.place == "data/tiny/2022/commentary.csv: text"
    assert "(plan, joho)" in entry.en


# Re-listings


def end_original(tiny: Project, *rows: str) -> None:
    """The item that i1-2-02 repeats has ended with 2021."""
    tiny.set_cell("items.csv", 1, "last_year", "2021")
    tiny.write("2022/titles.csv", "item,title\n")
    write_year(tiny, *rows)


def test_a_relisting_of_what_has_ended_is_found_and_left_out(tiny: Project) -> None:
    end_original(tiny, "i1-1-02,△,,,", "i1-2-02,,続ける,,")
    (entry,) = find(tiny, "ended")
    assert entry.place == "data/tiny/2022/progress.csv: i1-2-02"
    assert entry.en.startswith("it repeats i1-1-01, which has ended, and is left out of the lists.")
    assert "一覧に載せていない" in entry.ja
    year = load_year(load_plan("tiny", tiny.root), 2022)
    assert list(year.items["item"]) == ["i1-1-02"]
    assert count_rows(year.items).relisted == 0


def test_a_relisting_with_a_mark_of_its_own_stays_and_is_found(tiny: Project) -> None:
    end_original(tiny, "i1-2-02,◎,続けた,,")
    (entry,) = find(tiny, "ended")
    assert "is listed and counted for its status '◎'" in entry.en
    assert list(load_year(load_plan("tiny", tiny.root), 2022).items["item"]) == ["i1-2-02"]


def test_a_relisting_of_what_goes_on_under_a_new_id_stays(tiny: Project) -> None:
    end_original(tiny, "i1-1-02,△,,,", "i1-2-02,,,,")
    tiny.set_cell("items.csv", 5, "continues", "i1-1-01")
    tiny.set_cell("items.csv", 3, "last_year", "2021")
    assert find(tiny, "ended") == []


def test_a_relisting_is_left_in_the_years_of_its_original(tiny: Project) -> None:
    end_original(tiny, "i1-1-02,△,,,")
    assert "i1-2-02" in set(load_year(load_plan("tiny", tiny.root), 2021).items["item"])


def test_what_a_relisted_heading_repeats_may_have_ended_as_a_whole(tiny: Project) -> None:
    tiny.replace("measures.csv", "title,source", "title,relisted_from,source")
    tiny.replace("measures.csv", "窓口のオンライン化,", "窓口のオンライン化,,")
    tiny.replace("measures.csv", "オープンデータ,", "オープンデータ,m1-1,")
    tiny.replace("measures.csv", "g2,p2,,", "g2,p2,,,")
    assert find(tiny, "ended") == []
    for row in (1, 2):
        tiny.set_cell("items.csv", row, "last_year", "2021")
    tiny.write("2022/titles.csv", "item,title\n")
    write_year(tiny, "i1-2-02,,続ける,,", "i2-1-01,○,設計した,,")
    assert [entry.place.split(": ")[1] for entry in find(tiny, "ended")] == ["i1-2-02"]


# Values, and who prepared it


@pytest.mark.parametrize(
    ("kind", "direction", "value", "found"),
    [
        ("stock", "increase", "19", True),
        ("stock", "increase", "20.5", False),
        ("stock", "increase", "21", False),
        ("stock", "decrease", "19", False),
        ("flow", "increase", "19", False),
        ("share", "increase", "19", False),
    ],
)
def test_a_stock_that_falls_is_found(
    tiny: Project, kind: str, direction: str, value: str, *, found: bool
) -> None:
    tiny.set_cell("indicators.csv", 1, "kind", kind)
    tiny.set_cell("indicators.csv", 1, "direction", direction)
    tiny.set_cell("2022/actuals.csv", 1, "value", value)
    tiny.set_cell("2022/actuals.csv", 1, "denominator", "")
    tiny.set_cell("2022/actuals.csv", 1, "approximate", "false")
    entries = find(tiny, "fell")
    assert [entry.place for entry in entries] == ["data/tiny/2022/actuals.csv: online-rate"] * found
    if found:
        assert entries[0].en == (
            "a stock that should grow fell from 20.5％ to 19％ since the year before."
        )


def check(tiny: Project, **changed: str) -> list[Finding]:
    edition = read_edition(tiny.root, "tiny", 2022)
    plan = load_plan("tiny", tiny.root)
    return [*check_authors(plan, edition.model_copy(update=changed))]


def end_department(tiny: Project) -> None:
    """情報課 has become デジタル推進課 in 2023."""
    tiny.set_cell("departments.csv", 1, "last_year", "2022")
    tiny.append("departments.csv", "digital,デジタル情報課,総務部,section,21,2023,,,")
    tiny.append("organisation_changes.csv", "2023,joho,digital,rename")


def test_an_author_that_no_longer_exists_is_found_with_its_successor(tiny: Project) -> None:
    end_department(tiny)
    (entry,) = check(tiny, prepared_by="総務部情報課（見本）")
    assert entry.place == "params/tiny/2022.yaml: prepared_by"
    assert entry.en == (
        "'情報課' is no department in 2023, when it is issued (successor: 窓口課, デジタル情報課)."
    )
    assert "「情報課」は、発行する2023年度にはない部署である" in entry.ja


@pytest.mark.parametrize(
    "changed",
    [
        {"issued": "2023-03-31"},
        {"prepared_by": "デジタル情報課"},
        {"prepared_by": "企画課", "contact": "内線1"},
    ],
)
def test_an_author_that_exists_or_is_not_known_is_no_finding(
    tiny: Project, changed: dict[str, str]
) -> None:
    end_department(tiny)
    assert check(tiny, **changed) == []


def test_an_author_that_no_longer_exists_is_told_by_validate_and_the_inspection(
    tiny: Project,
) -> None:
    end_department(tiny)
    told = [line for line in validate_plans(tiny.root) if "prepared_by" in line]
    assert told
    year = load_year(load_plan("tiny", tiny.root), 2022)
    shown = inspection.table(brief(year, read_edition(tiny.root, "tiny", 2022), neighbours=()))
    assert isinstance(shown, Table)
    assert "params/tiny/2022.yaml: prepared_by" in [row[2] for row in shown.rows]


# Sources


def test_sources_that_differ_are_found_with_every_value() -> None:
    found = list_findings(read_words().plan)
    assert [entry.kind for entry in found if "figures.csv" in entry.place] == ["disagreement"]
    number = next(entry for entry in found if entry.kind == "disagreement")
    text, _ = (entry for entry in found if entry.kind == "wording")
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
    words.set_cell("data/words/2022/progress.csv", 1, "done", "試行を終えた")
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
