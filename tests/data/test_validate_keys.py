"""Ids, keys and references that lead nowhere are refused with what is known."""

import pytest

from nenpo.data.plan_files import read_rows
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
    problem = next(p for p in tiny.refuse_data() if p.place == f"{PLAN}/measures.csv:4")
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
