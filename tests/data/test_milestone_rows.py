"""milestones.csv, and the columns that a municipality declares: read, checked, blanked."""

import pytest

from nenpo.data.load import load_plan
from nenpo.data.plan_files import read_rows
from tiny_project import PLAN, Project, only, read_message

FILE = "2021/milestones.csv"
HEADER = "subject,date,text,state,former_date,source,line"


def write_milestones(tiny: Project, *rows: str) -> None:
    tiny.write(FILE, "\n".join((HEADER, *rows, "")))


def declare(tiny: Project, columns: str) -> None:
    tiny.append("plan.yaml", f"columns: [{columns}]")


def fill(tiny: Project, column: str, value: str) -> None:
    """Append a column to the year's progress, with a value for the third of its items."""
    tiny.drop_column("2021/progress.csv", "issues")
    tiny.replace("2021/progress.csv", '"様式を整えた。\n受付を始めた。"', "様式を整えた。")
    header, *rows = tiny.read("2021/progress.csv").splitlines()
    cells = ["", "", value, ""]
    lines = [f"{line},{cell}" for line, cell in zip(rows, cells, strict=True)]
    tiny.write("2021/progress.csv", "\n".join([f"{header},{column}", *lines, ""]))


@pytest.mark.parametrize("subject", ["i1-1-01", "m1-1", "g1", "plan"])
def test_milestone_is_of_an_item_a_measure_a_goal_or_the_plan(tiny: Project, subject: str) -> None:
    write_milestones(tiny, f"{subject},令和5年10月,公開,planned,,,")
    assert list(load_plan("tiny", tiny.root).years[2021].milestones["subject"]) == [subject]


def test_date_is_read_as_printed_and_kept_as_its_code(tiny: Project) -> None:
    write_milestones(tiny, "plan,令和５年度末,完了,revised,R4.12,,")
    rows = load_plan("tiny", tiny.root).years[2021].milestones
    assert (rows["date"][0], rows["former_date"][0]) == ("FY2023-end", "202212")


def test_columns_for_what_a_document_was_transcribed_from_may_be_left_out(tiny: Project) -> None:
    tiny.write(FILE, "subject,date,text,state\nplan,2023,完了,planned\n")
    assert len(load_plan("tiny", tiny.root).years[2021].milestones) == 1


@pytest.mark.parametrize(
    ("row", "column", "allowed"),
    [
        ("i9,2023,公開,planned,,,", "subject", "is not in data/tiny/measures.csv"),
        ("plan,近日中,公開,planned,,,", "date", "a time such as FY2023"),
        ("plan,Oct-23,公開,planned,,,", "date", "a spreadsheet program has made a date of it"),
        ("plan,45200,公開,planned,,,", "date", "a spreadsheet program has made a date of it"),
        ("plan,2023,,planned,,,", "text", "not blank"),
        ("plan,2023,公開,late,,,", "state", "planned, revised, done"),
        ("plan,2023,公開,revised,,,", "former_date", "the date before"),
        ("plan,2023,公開,planned,2022,,", "former_date", "a plan that was changed is revised"),
        ("plan,2023,公開,revised,令和5年度,,", "former_date", "another time than FY2023"),
        ("plan,2023,公開,planned,,s1,", "line", "source and line go together"),
        ("plan,2023,公開,planned,,s9,1", "source", "s9"),
    ],
)
def test_row_that_cannot_be_is_refused_with_its_line(
    tiny: Project, row: str, column: str, allowed: str
) -> None:
    write_milestones(tiny, row)
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/{FILE}:2"
    assert column in problem.message("en")
    assert allowed in problem.message("en")
    assert problem.message("ja") != problem.message("en")


def test_all_offenders_are_told_at_once(tiny: Project) -> None:
    write_milestones(tiny, "i9,2023,公開,planned,,,", "plan,13月,公開,planned,,,")
    assert len(tiny.refuse_data()) == 2


def test_same_thing_stands_once_whatever_its_date(tiny: Project) -> None:
    write_milestones(tiny, "plan,2023,公開,planned,,,", "plan,2024,公開,planned,,,")
    assert "(subject + text)" in only(tiny.refuse_data()).message("en")


def test_another_department_sees_that_there_is_a_milestone_and_not_its_words(
    tiny: Project,
) -> None:
    write_milestones(tiny, "i1-1-01,2023,公開,planned,,,", "i1-2-01,2023,廃止,planned,,,")
    rows = load_plan("tiny", tiny.root, "madoguchi").years[2021].milestones
    assert list(rows["text"]) == ["公開", "…"]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("owner", "情報課長", "情報課長"),
        ("budget", "1200", 1200),
        ("budget", '"1,200"', 1200),
        ("spent", "0", 0),
        ("due", "令和5年10月", "202310"),
        ("risk", "人員の不足", "人員の不足"),
    ],
)
def test_declared_column_is_read(tiny: Project, column: str, cell: str, value: object) -> None:
    declare(tiny, column)
    fill(tiny, column, cell)
    rows = read_rows(tiny.root, "tiny").years[2021].tables["progress.csv"]
    assert rows[2].model_dump()[column] == value


def test_declared_column_may_be_absent(tiny: Project) -> None:
    declare(tiny, "owner, budget")
    progress = load_plan("tiny", tiny.root).years[2021].progress
    assert list(progress["owner"]) == [""] * 4
    assert list(progress["budget"]) == [None] * 4


def test_filled_column_that_is_not_declared_is_refused_with_the_remedy(tiny: Project) -> None:
    declare(tiny, "owner")
    fill(tiny, "budget", "1200")
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {PLAN}/2021/progress.csv:4: budget '1200' cannot be used; allowed: nothing; to "
        "show it in documents, write columns: [owner, budget] in plan.yaml (1 row(s) with a value)."
    )


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("budget", '"1,20"', "other characters"),
        ("budget", "1200千円", "it carries '千円'"),
        ("spent", "-5", "not below 0"),
        ("due", "順次", "a time such as FY2023"),
    ],
)
def test_cell_of_a_declared_column_is_checked(
    tiny: Project, column: str, cell: str, told: str
) -> None:
    declare(tiny, column)
    fill(tiny, column, cell)
    assert told in only(tiny.refuse_data()).message("en")


def test_unknown_column_to_declare_is_refused_with_those_known(tiny: Project) -> None:
    declare(tiny, "chief")
    assert "owner, budget, spent, due" in only(tiny.refuse_data()).message("en")
