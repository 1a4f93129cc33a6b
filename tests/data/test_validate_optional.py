"""Columns and tables that a plan may leave out are checked where they stand."""

import pytest

from nenpo.data.plan_files import read_rows
from tiny_project import PLAN, Project, only, read_message


def add_column(tiny: Project, file: str, column: str, row: int, value: str) -> None:
    """Append a column to a table whose cells hold no line ends; only ``row`` has a value."""
    header, *rows = tiny.read(file).splitlines()
    cells = [value if position == row else "" for position in range(1, len(rows) + 1)]
    lines = [f"{line},{cell}" for line, cell in zip(rows, cells, strict=True)]
    tiny.write(file, "\n".join([f"{header},{column}", *lines, ""]))


def test_plan_without_sheets_schedule_figures_and_statements_is_read(tiny: Project) -> None:
    assert not {"sheets.csv", "schedule.csv", "figures.csv", "statements.csv"} & set(
        read_rows(tiny.root, "tiny").tables
    )


def test_item_may_stand_under_a_goal(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "measure", "g1")
    first = read_rows(tiny.root, "tiny").tables["items.csv"][0]
    assert first.model_dump()["measure"] == "g1"


def test_whole_measure_may_be_assigned(tiny: Project) -> None:
    tiny.append("2021/assignments.csv", "m1-1,joho,lead,,情報課")
    assert len(read_rows(tiny.root, "tiny").years[2021].tables["assignments.csv"]) == 6


def test_measure_may_repeat_another(tiny: Project) -> None:
    add_column(tiny, "measures.csv", "relisted_from", 3, "m1-1")
    rows = read_rows(tiny.root, "tiny").tables["measures.csv"]
    assert [row.model_dump()["relisted_from"] for row in rows] == ["", "", "m1-1"]


@pytest.mark.parametrize(
    ("file", "column", "row", "value", "message"),
    [
        ("measures.csv", "relisted_from", 3, "m2-1", "the id of another row"),
        ("measures.csv", "relisted_from", 3, "m9", "is not in data/tiny/measures.csv"),
        ("measures.csv", "relisted_from", 3, "m", "Known: m1-1, m1-2, m2-1"),
        ("indicators.csv", "continues", 1, "cards", "is not in data/tiny/indicators.csv"),
        ("2022/progress.csv", "adherence", 1, "late", "is not one of kept, changed"),
    ],
)
def test_optional_column_is_checked_where_it_stands(
    tiny: Project, file: str, column: str, row: int, value: str, message: str
) -> None:
    add_column(tiny, file, column, row, value)
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/{file}:{row + 1}"
    assert message in problem.message("en")


@pytest.mark.parametrize(
    ("adherence", "reason", "allowed"),
    [
        ("kept", "予定の年度に始めた", True),
        ("not_comparable", "予定の記載がない", True),
        ("", "", True),
        ("changed", "", False),
        ("kept", " ", False),
        ("", "予定の年度に始めた", False),
    ],
)
def test_judgement_against_the_schedule_goes_with_its_reason(
    tiny: Project, adherence: str, reason: str, allowed: bool
) -> None:
    add_column(tiny, "2022/progress.csv", "adherence", 1, adherence)
    add_column(tiny, "2022/progress.csv", "adherence_reason", 1, reason)
    if allowed:
        read_rows(tiny.root, "tiny")
        return
    missing = "adherence_reason" if adherence else "adherence"
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {PLAN}/2022/progress.csv:2: {missing} '' cannot be used; "
        "allowed: adherence goes with a reason."
    )


SHEETS = "subject,aspect,text,source,line"
SCHEDULE = "item,first_year,last_year,text,note,source,line"
STATEMENTS = "statement,title,subject,text,preferred,reason,source,line"


@pytest.mark.parametrize(
    ("file", "header", "row", "message"),
    [
        ("sheets.csv", SHEETS, "m9,now,文,s1,1", "subject 'm9' is not in"),
        ("sheets.csv", SHEETS, "plan,future,文,s1,1", "aspect 'future' is not in"),
        ("sheets.csv", SHEETS, "plan,now,,s1,1", "text '' cannot be used"),
        ("sheets.csv", SHEETS, "plan,now,文,,1", "source '' cannot be used; allowed: source and"),
        ("sheets.csv", SHEETS, "plan,now,文,s1,", "line '' cannot be used; allowed: source and"),
        ("schedule.csv", SCHEDULE, "i1-1-01,2021,2022,試行,,s1,", "allowed: source and line go"),
        ("statements.csv", STATEMENTS, "a,題,plan,文,true,理由,,1", "source '' is not an id"),
        ("schedule.csv", SCHEDULE, "i9,2021,2022,試行,,s1,1", "item 'i9' is not in"),
        ("schedule.csv", SCHEDULE, "m1-1,2021,2022,試行,,s1,1", "item 'm1-1' is not in"),
        ("schedule.csv", SCHEDULE, "i1-1-01,2022,2021,試行,,s1,1", "a year not before 2022"),
        ("schedule.csv", SCHEDULE, "i1-1-01,2021,,試行,,s1,1", "last_year '' is not a number"),
        ("statements.csv", STATEMENTS, "a,題,i9,文,true,理由,s1,1", "subject 'i9' is not in"),
        ("statements.csv", STATEMENTS, "a,題,plan,文,true,理由,s9,1", "source 's9' is not in"),
    ],
)
def test_optional_table_is_checked_where_it_stands(
    tiny: Project, file: str, header: str, row: str, message: str
) -> None:
    tiny.append("plan.yaml", "aspects:\n  - {id: now, label: 現状}")
    tiny.write(file, f"{header}\n{row}\n")
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/{file}:2"
    assert message in problem.message("en")


def test_steps_of_an_item_are_told_apart_by_year_and_text(tiny: Project) -> None:
    step = "i1-1-01,2021,2022,試行,,s1,1"
    tiny.write("schedule.csv", f"{SCHEDULE}\n{step}\n{step.replace('試行', '実施')}\n{step}\n")
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/schedule.csv:4"
    assert "'i1-1-01 / 2021 / 試行' (item + first_year + text)" in problem.message("en")
