"""Ids, keys and references that lead nowhere are refused with what is known."""

import pytest

from nenpo.data.plan_files import read_rows
from nenpo.data.schema.cells import refuse_device
from nenpo.errors import InputRefused
from tiny_project import PLAN, Project, only, read_message


@pytest.mark.parametrize(
    ("file", "line", "value", "key", "first"),
    [
        ("items.csv", "i1-1-01,m1-1,x,,ward,,,,,,,,", "i1-1-01", "item", 2),
        ("2021/progress.csv", "i1-1-01,◎,,,,,,,,,", "i1-1-01", "item", 2),
        (
            "2021/assignments.csv",
            "i1-1-02,joho,lead,住基,別の書き方",
            "i1-1-02 / joho / lead / 住基",
            "item + department + role + qualifier",
            4,
        ),
        (
            "targets.csv",
            "online-rate,2022,51,,false,2021,,",
            "online-rate / 2022 / 2021",
            "indicator + fiscal_year + set_in",
            2,
        ),
    ],
)
def test_key_that_occurs_twice_names_both_rows(
    tiny: Project, file: str, line: str, value: str, key: str, first: int
) -> None:
    tiny.append(file, line)
    problem = only(tiny.refuse_data())
    last = len(tiny.path(file).read_text(encoding="utf-8").splitlines())
    assert read_message(problem) == (
        f"DuplicateId {PLAN}/{file}:{last}: '{value}' ({key}) also stands in "
        f"{PLAN}/{file}:{first}; remove one of the rows or change its id."
    )
    assert f"{PLAN}/{file}:{first} にもある" in problem.message("ja")


def test_two_values_of_an_indicator_in_use_are_refused(tiny: Project) -> None:
    tiny.append("2021/actuals.csv", "online-rate,21,,false,,true,,")
    assert read_message(only(tiny.refuse_data())) == (
        f"TwoPreferred {PLAN}/2021/actuals.csv:5: indicator 'online-rate' has a value in use "
        f"(preferred = true) in {PLAN}/2021/actuals.csv:2 as well; set one of them to false."
    )


def test_same_item_and_department_with_another_qualifier_is_no_duplicate(tiny: Project) -> None:
    tiny.append("2021/assignments.csv", "i1-1-02,joho,lead,年金,情報課(年金)")
    read_rows(tiny.root, "tiny")


def test_several_values_need_one_in_use(tiny: Project) -> None:
    tiny.set_cell("2021/actuals.csv", 2, "preferred", "false")
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {PLAN}/2021/actuals.csv:3: preferred 'false' cannot be used; "
        "allowed: true in one of the rows of incidents."
    )


@pytest.mark.parametrize(
    "value",
    [
        *("2001/1/1", "1/1", "1月1日", "2001年1月1日", "Jan-1", "1-Jan", "1-Jan-01"),
        *("2001-01-01", "2001-01-01 00:00:00", "36892"),
    ],
)
def test_date_instead_of_an_id_is_recognised(tiny: Project, value: str) -> None:
    tiny.set_cell("measures.csv", 3, "measure", value)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"DateInsteadOfId {PLAN}/measures.csv:4: measure '{value}' is a date: a spreadsheet "
        "program probably turned the id (such as 1-1-1) into one. Format the column as text and "
        "restore an id such as m1-1-1."
    )
    assert "列を文字列にして、m1-1-1 のような ID に戻すこと" in problem.message("ja")


@pytest.mark.parametrize("value", ["", "1-1-1", "M1-1", "m1_1", "情報課", "../m1", "ｍ1", "m1 "])
def test_text_that_is_no_id_is_refused(tiny: Project, value: str) -> None:
    tiny.set_cell("measures.csv", 3, "measure", value)
    problem = next(p for p in tiny.refuse_data() if p.place == f"{PLAN}/measures.csv:4")
    assert type(problem).__name__ == "BadId"
    assert f"measure '{value}' is not an id" in problem.message("en")
    assert "例 m1-1-1" in problem.message("ja")


@pytest.mark.parametrize("value", ["annual", "inspection", "comparison", "plan", "departments"])
def test_department_may_not_be_called_what_a_briefing_is(tiny: Project, value: str) -> None:
    tiny.append("departments.csv", f"{value},総務課,,section,50,,,,")
    problem = only(tiny.refuse_data())
    assert f"department '{value}' cannot be used; allowed: an id other than" in problem.message(
        "en"
    )


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "target", "hint"),
    [
        ("2021/assignments.csv", 1, "department", "madoguti", "departments.csv", "madoguchi"),
        (
            "2021/assignments.csv",
            1,
            "item",
            "i1-1-09",
            "items.csv, data/tiny/indicators.csv, data/tiny/measures.csv",
            "i1-1-0",
        ),
        ("2021/progress.csv", 4, "item", "i9-9-99", "items.csv", ""),
        ("2022/titles.csv", 1, "item", "i1-1-011", "items.csv", "i1-1-01"),
        ("items.csv", 1, "measure", "m1-9", "measures.csv, data/tiny/plan.yaml#goals", "m1-"),
        ("items.csv", 4, "relisted_from", "i1-1-0", "items.csv", "i1-1-0"),
        ("items.csv", 5, "continues", "i8", "items.csv", ""),
        ("measures.csv", 1, "goal", "g3", "plan.yaml#goals", ""),
        ("indicators.csv", 1, "goal", "g3", "plan.yaml#goals", ""),
        ("measures.csv", 1, "source", "s2", "plan.yaml#sources", ""),
        ("targets.csv", 3, "indicator", "incident", "indicators.csv", "incidents"),
        ("2021/actuals.csv", 1, "indicator", "online", "indicators.csv", "online-rate"),
        ("organisation_changes.csv", 1, "from", "jouhou", "departments.csv", "joho"),
        ("2021/commentary.csv", 2, "scope", "jouho", "departments.csv", "joho"),
        ("2021/misreadings.csv", 1, "id", "i1-2-1", "items.csv", "i1-2-01"),
    ],
)
def test_reference_to_nothing_is_refused(
    tiny: Project, file: str, row: int, column: str, value: str, target: str, hint: str
) -> None:
    tiny.set_cell(file, row, column, value)
    problem = only(tiny.refuse_data())
    english = problem.message("en")
    assert type(problem).__name__ == "UnknownReference"
    assert problem.place.startswith(f"{PLAN}/{file}:")
    assert english.startswith(f"{column} '{value}' is not in {PLAN}/{target}. Known: ")
    assert "使える値: " in problem.message("ja")
    assert not hint or f"Did you mean '{hint}" in english


def test_duplicated_misspelling_is_reported_in_every_row(tiny: Project) -> None:
    tiny.replace("departments.csv", "kaku-ka", "kaku-bu")
    places = [problem.place for problem in tiny.refuse_data()]
    assert places == [f"{PLAN}/2021/assignments.csv:5", f"{PLAN}/2022/assignments.csv:5"]


def test_unreadable_table_is_not_blamed_on_the_rows_that_name_it(tiny: Project) -> None:
    tiny.write("departments.csv", b"\xff")
    assert only(tiny.refuse_data()).place == f"{PLAN}/departments.csv:1"


def test_misreading_must_occur_in_the_text_as_printed(tiny: Project) -> None:
    """A correction that finds nothing to correct would be dropped in silence."""
    tiny.set_cell("2021/misreadings.csv", 1, "printed", "データー")
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {PLAN}/2021/misreadings.csv:2: printed 'データー' cannot be used; "
        "allowed: text that title of i1-2-01 in items.csv holds."
    )


def test_misreading_of_an_unknown_column_is_refused(tiny: Project) -> None:
    tiny.set_cell("2021/misreadings.csv", 1, "column", "titel")
    assert "column 'titel' cannot be used; allowed: item, measure, label, title" in only(
        tiny.refuse_data()
    ).message("en")


@pytest.mark.parametrize("value", ["1月1日", "I1-1-01", "i1 1 01", "", "ｉ1-1-01"])
def test_damaged_id_is_told_alone(tiny: Project, value: str) -> None:
    """Every row that names it would be wrong as well, and another item would be suggested."""
    tiny.set_cell("items.csv", 1, "item", value)
    assert only(tiny.refuse_data()).place == f"{PLAN}/items.csv:2"


def test_id_in_a_row_that_cannot_be_read_is_no_unknown_one(tiny: Project) -> None:
    tiny.replace("items.csv", "i1-1-01,m1-1,", "i1-1-01,m1-1,,")
    assert type(only(tiny.refuse_data())).__name__ == "RaggedRow"


def test_id_that_was_copied_over_another_is_told_alone(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "item", "i1-1-02")
    problem = only(tiny.refuse_data())
    assert (type(problem).__name__, problem.place) == ("DuplicateId", f"{PLAN}/items.csv:3")


def test_other_wrong_references_are_told_after_a_damaged_id(tiny: Project) -> None:
    """One id is damaged, two are unknown: the damage does not explain them all."""
    tiny.set_cell("measures.csv", 2, "measure", "1月2日")
    for row, measure in ((1, "m9-1"), (2, "m9-2")):
        tiny.set_cell("items.csv", row, "measure", measure)
    problems = tiny.refuse_data()
    kinds = [type(problem).__name__ for problem in problems]
    assert kinds[0] == "DateInsteadOfId"
    assert set(kinds[1:]) == {"UnknownReference"}


def test_cause_in_a_later_file_comes_before_what_follows_from_it(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 1, "item", "i7-1-01")
    tiny.set_cell("items.csv", 2, "scope", "city")
    assert [p.place for p in tiny.refuse_data()] == [
        f"{PLAN}/items.csv:3",
        f"{PLAN}/2021/progress.csv:2",
    ]


def test_an_id_that_another_row_has_already_is_not_suggested(tiny: Project) -> None:
    """The id in items.csv was shortened; the row that still has it means that one."""
    tiny.set_cell("items.csv", 1, "item", "i1-1-1")
    told = [p.message("en") for p in tiny.refuse_data() if "progress.csv" in p.place]
    assert told
    assert all("Did you mean 'i1-1-1'?" in message for message in told)


@pytest.mark.parametrize("length", [61, 300])
@pytest.mark.parametrize(
    ("file", "column"),
    [("departments.csv", "department"), ("items.csv", "item"), ("measures.csv", "measure")],
)
def test_id_too_long_for_a_file_name_is_refused(
    tiny: Project, file: str, column: str, length: int
) -> None:
    tiny.set_cell(file, 1, column, "a" * length)
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/{file}:2"
    assert "lower-case letters, digits and hyphens, at most 60" in problem.message("en")
    assert "60字以内" in problem.message("ja")
    assert len(problem.message("en")) < 260


@pytest.mark.parametrize("name", ["con", "prn", "aux", "nul", "com0", "com1", "com9", "lpt3"])
def test_id_that_windows_reserves_is_refused_where_it_names_documents(
    tiny: Project, name: str
) -> None:
    tiny.set_cell("departments.csv", 1, "department", name)
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/departments.csv:2"
    assert "reserved by Windows" in problem.message("en")
    assert "Windows がファイル名に使えない名前" in problem.message("ja")


@pytest.mark.parametrize("name", ["console", "com", "com10", "lpt", "nuller", "aux-1"])
def test_id_that_only_begins_like_a_reserved_name_is_one(name: str) -> None:
    assert refuse_device(name) == name


def test_plan_that_windows_cannot_store_is_refused(tiny: Project) -> None:
    (tiny.root / "data/tiny").rename(tiny.root / "data/nul")
    tiny.write("data/nul/plan.yaml", tiny.read("data/nul/plan.yaml").replace("id: tiny", "id: nul"))
    with pytest.raises(InputRefused, match="reserved by Windows"):
        read_rows(tiny.root, "nul")


@pytest.mark.parametrize("name", ["Tiny", "tiny plan", "計画", "1st"])
def test_folder_of_a_plan_that_is_no_id_is_refused_itself(tiny: Project, name: str) -> None:
    """A name that differs in case only is the same folder on Windows and macOS."""
    (tiny.root / "data/tiny").rename(tiny.root / "data" / name)
    with pytest.raises(InputRefused) as caught:
        read_rows(tiny.root, name)
    problem = only(caught.value.problems)
    assert read_message(problem).startswith(
        f"BadId data/{name}: the name of the folder '{name}' is not an id"
    )
