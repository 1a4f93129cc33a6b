"""Files, encodings, headers and rows that cannot be read are refused with place and remedy."""

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nenpo.data.explain import explain_row
from nenpo.data.plan_files import read_rows
from nenpo.data.reading import read_csv, read_yaml
from nenpo.data.schema.tables import PLAN_TABLES, TABLES, list_columns
from nenpo.data.schema.year_rows import ProgressRow
from nenpo.errors import DataError, InputRefused
from tiny_project import PLAN, PROGRESS, Project, only, read_message


def test_valid_plan_is_read_whole(tiny: Project) -> None:
    rows = read_rows(tiny.root, "tiny")
    assert [len(rows.years[year].tables["progress.csv"]) for year in (2021, 2022)] == [4, 3]


def test_all_offenders_of_all_files_come_in_the_order_of_file_and_line(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 4, "status", "Z")
    tiny.set_cell("2021/progress.csv", 1, "shift", "later")
    tiny.set_cell("items.csv", 2, "scope", "city")
    tiny.replace("plan.yaml", "id: tiny", "id: other")
    assert [problem.place for problem in tiny.refuse_data()] == [
        f"{PROGRESS}:2",
        f"{PROGRESS}:6",
        f"{PLAN}/items.csv:3",
        f"{PLAN}/plan.yaml:1",
    ]


def test_missing_plan_yaml_names_its_keys(tiny: Project) -> None:
    tiny.path("plan.yaml").unlink()
    problem = only(tiny.refuse_data())
    assert read_message(problem).startswith(
        "MissingFile data/tiny/plan.yaml: the file is missing; add it with the columns id, title"
    )
    assert "id, title" in problem.message("ja")


@pytest.mark.parametrize("file", PLAN_TABLES)
def test_table_that_is_absent_is_as_one_without_rows(tiny: Project, file: str) -> None:
    """What names a row of it is refused alike, with the file that has no such row."""
    tiny.write(file, ",".join(list_columns(PLAN_TABLES[file])) + "\n")
    found = [read_problems(tiny)]
    tiny.path(file).unlink()
    assert [*found, read_problems(tiny)] == [*found, *found]


def read_problems(tiny: Project) -> list[str]:
    try:
        read_rows(tiny.root, "tiny")
    except InputRefused as refused:
        return [read_message(problem) for problem in refused.problems]
    return []


def test_missing_plan_yaml_does_not_hide_other_problems(tiny: Project) -> None:
    tiny.path("plan.yaml").unlink()
    tiny.set_cell("items.csv", 1, "scope", "city")
    assert [p.place for p in tiny.refuse_data()] == [f"{PLAN}/items.csv:2", f"{PLAN}/plan.yaml"]


def test_year_needs_only_the_files_it_has(tiny: Project) -> None:
    tiny.path("2022/titles.csv").unlink()
    tiny.path("2021/published.yaml").unlink()
    rows = read_rows(tiny.root, "tiny")
    assert rows.years[2021].published is None


@pytest.mark.parametrize(
    ("file", "meant"),
    [
        ("2021/Progress.csv", "progress.csv"),
        ("2021/progres.csv", "progress.csv"),
        ("2021/assignment.csv", "assignments.csv"),
        ("item.csv", "items.csv"),
        ("plan.yml", "plan.yaml"),
    ],
)
def test_misspelt_file_is_reported_not_skipped(tiny: Project, file: str, meant: str) -> None:
    tiny.write(file, "")
    problem = only(tiny.refuse_data())
    assert read_message(problem).startswith(
        f"UnknownFile {PLAN}/{file}: not a file of the contract"
    )
    assert f"Did you mean '{meant}'? Rename it" in problem.message("en")
    assert f"「{meant}」ではないか。名前を直すか" in problem.message("ja")


def test_folder_that_is_no_year_is_reported(tiny: Project) -> None:
    tiny.path("r3").mkdir()
    assert only(tiny.refuse_data()).place == f"{PLAN}/r3"


@pytest.mark.parametrize("name", [".DS_Store", ".~lock.items.csv#", "~$items.xlsx", "README.md"])
def test_what_programs_leave_behind_is_no_input(tiny: Project, name: str) -> None:
    tiny.write(name, b"\xff")
    read_rows(tiny.root, "tiny")


def test_utf8_with_bom_and_windows_line_ends_are_read(tiny: Project) -> None:
    text = tiny.path("2021/progress.csv").read_text(encoding="utf-8")
    tiny.write("2021/progress.csv", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    first = read_rows(tiny.root, "tiny").years[2021].tables["progress.csv"][0]
    assert first.model_dump()["done"] == "様式を整えた。\n受付を始めた。"


def test_cp932_from_excel_is_read(tiny: Project) -> None:
    text = tiny.path("departments.csv").read_text(encoding="utf-8")
    tiny.write("departments.csv", text.encode("cp932"))
    assert (
        read_rows(tiny.root, "tiny").tables["departments.csv"][0].model_dump()["name"] == "情報課"
    )


def test_quote_that_is_not_closed_is_refused_where_it_opens(tiny: Project) -> None:
    tiny.append("2021/commentary.csv", 'plan,"終わらない')
    problem = only(tiny.refuse_data())
    assert type(problem).__name__ == "UnreadableCsv"
    assert problem.place == f"{PLAN}/2021/commentary.csv:4"
    assert 'a quote (") is never closed' in problem.message("en")
    assert '引用符「"」が閉じられていない' in problem.message("ja")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('plan,"開いた"まま', "no comma follows a closing quote"),
        (f'plan,"{"あ" * 200_000}"', "a cell has more than 131,072 characters"),
    ],
)
def test_row_that_is_no_csv_says_why_in_both_languages(tiny: Project, line: str, why: str) -> None:
    tiny.append("2021/commentary.csv", line)
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/2021/commentary.csv:4"
    assert why in problem.message("en")
    assert problem.message("ja").isascii() is False
    assert why not in problem.message("ja")


@pytest.mark.parametrize("file", ["2021/commentary.csv", "plan.yaml"])
def test_text_that_swallowed_others_is_refused_with_its_place(tiny: Project, file: str) -> None:
    text = "あ" * 20_001
    if file == "plan.yaml":
        tiny.replace(file, "title: ", f"title: {text}")
    else:
        tiny.append(file, f"plan,{text}")
    problem = only(tiny.refuse_data())
    assert type(problem).__name__ == "LongText"
    assert "at most 20000" in problem.message("en")


def test_table_with_more_rows_than_people_write_is_refused_where_they_begin(tiny: Project) -> None:
    tiny.write("2021/commentary.csv", "scope,text\n" + "plan,あ\n" * 100_001)
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/2021/commentary.csv:100001"
    assert "more than 100,000 rows" in problem.message("en")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("file", ["2021/progress.csv", "plan.yaml", "params/tiny/2021.yaml"])
def test_versions_that_nobody_chose_between_are_told_as_such(
    tiny: Project, file: str, end: str
) -> None:
    lines = tiny.read(file).splitlines()
    both = ["<<<<<<< HEAD", lines[1], "=======", lines[1], ">>>>>>> other"]
    tiny.write(file, end.join([lines[0], *both, *lines[2:], ""]))
    problem = only(tiny.refuse_params() if "params" in file else tiny.refuse_data())
    assert type(problem).__name__ == "ConflictMarks"
    assert problem.place.endswith(f"{file}:2")
    assert "choose one of the two" in problem.message("en")


def test_file_larger_than_any_table_is_not_read(tiny: Project) -> None:
    with tiny.path("2021/commentary.csv").open("r+b") as file:
        file.truncate(20_000_001)  # sparse
    problem = only(tiny.refuse_data())
    assert type(problem).__name__ == "LargeFile"
    assert problem.place == f"{PLAN}/2021/commentary.csv"


def test_missing_column_is_named_once(tiny: Project) -> None:
    tiny.drop_column("2021/progress.csv", "done")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"MissingColumn {PROGRESS}:1: column 'done' is missing; the header needs "
        f"{', '.join(list_columns(ProgressRow))}."
    )
    assert problem.message("ja").startswith("列「done」がない。")


def test_optional_columns_may_be_absent(tiny: Project) -> None:
    tiny.drop_column("2021/progress.csv", "issues")
    tiny.drop_column("2021/progress.csv", "note")
    first = read_rows(tiny.root, "tiny").years[2021].tables["progress.csv"][0].model_dump()
    assert (first["issues"], first["note"]) == ("", "")


@pytest.mark.parametrize("extra", ["memo", "Title", " title"])
def test_extra_column_is_refused(tiny: Project, extra: str) -> None:
    text = tiny.path("2022/titles.csv").read_text(encoding="utf-8").splitlines()
    tiny.write("2022/titles.csv", f"{text[0]},{extra}\n{text[1]},x\n")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"ExtraColumn {PLAN}/2022/titles.csv:1: column '{extra}' is not allowed; "
        "allowed columns: item, title. Rename or remove it."
    )


def test_column_that_stands_twice_is_refused_with_both_positions(tiny: Project) -> None:
    """Nothing is said of rows that were read with one of the two."""
    text = tiny.read("2022/titles.csv").splitlines()
    tiny.write("2022/titles.csv", f"{text[0]},title\n{text[1]},\n")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"DuplicateColumn {PLAN}/2022/titles.csv:1: column 'title' stands in the header twice, "
        "at positions 2 and 3; remove one of them."
    )
    assert "2 列目と 3 列目" in problem.message("ja")


def test_column_without_a_name_is_refused_by_its_position(tiny: Project) -> None:
    text = tiny.read("2022/titles.csv").splitlines()
    tiny.write("2022/titles.csv", f"{text[0]},,\n{text[1]},,\n")
    told = [problem.message("en") for problem in tiny.refuse_data()]
    assert ["(blank, column 3)" in told[0], "(blank, column 4)" in told[1]] == [True, True]


@pytest.mark.parametrize(("line", "cells"), [("plan,a,b", 3), ("plan", 1)])
def test_ragged_row_is_refused(tiny: Project, line: str, cells: int) -> None:
    tiny.append("2021/commentary.csv", line)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"RaggedRow {PLAN}/2021/commentary.csv:4: the row has {cells} cells, the header 2; "
        "check commas and quotes."
    )


def test_line_number_is_where_the_record_starts(tiny: Project) -> None:
    """The first record of progress.csv takes two lines; the second begins on line 4."""
    tiny.set_cell("2021/progress.csv", 2, "shift", "later")
    assert only(tiny.refuse_data()).place == f"{PROGRESS}:4"


def test_empty_rows_that_spreadsheets_leave_are_no_rows(tiny: Project) -> None:
    tiny.append("2021/commentary.csv", ",\n\n,")
    assert len(read_rows(tiny.root, "tiny").years[2021].tables["commentary.csv"]) == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda tiny: tiny.write("plan.yaml", ""),
        lambda tiny: tiny.write("plan.yaml", "- a\n"),
        lambda tiny: tiny.write("plan.yaml", "x: " + "[" * 5000),
        lambda tiny: tiny.write("plan.yaml", "[a]: b"),
        lambda tiny: tiny.write("items.csv", ""),
        lambda tiny: tiny.write("items.csv", b"\x00"),
        lambda tiny: tiny.write("items.csv", "item\n" + "あ" * 200_000),
    ],
)
def test_broken_file_is_refused_and_never_a_defect(
    tiny: Project, spoil: Callable[[Project], None]
) -> None:
    spoil(tiny)
    assert tiny.refuse_data()


@given(st.data(), st.sampled_from(sorted(TABLES)))
def test_any_cells_give_a_row_or_messages(data: st.DataObject, file: str) -> None:
    columns = list(list_columns(TABLES[file]))
    cell = st.text(max_size=6) | st.sampled_from(["", "1", "true", "a", "2021", "1/1", "○"])
    cells = data.draw(st.fixed_dictionaries(dict.fromkeys(columns, cell)))
    try:
        TABLES[file].model_validate(cells)
    except ValidationError as error:
        problems = list(explain_row(error, TABLES[file], "a.csv:2"))
        assert all(problem.message("ja") and problem.message("en") for problem in problems)
        assert problems


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_as_csv_and_yaml(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(raw)
        for read in (read_csv, read_yaml):
            with contextlib.suppress(DataError):
                read(path, "file")
