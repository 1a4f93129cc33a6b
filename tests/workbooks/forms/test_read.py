"""What comes back in the form is read, whatever people did to sheets, rows and columns."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from learned_forms import YEAR, OpenForm, load_tiny
from nenpo.workbooks.answers import Reply
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.forms.blank import BlankForm
from nenpo.workbooks.forms.fill import fill_form
from nenpo.workbooks.forms.read import recognise_form
from nenpo.workbooks.reading.opening import open_book
from nenpo.workbooks.replies.expected import expect_replies

SHAPES = ("list", "blocks", "cards", "circles", "lines", "pages")
DEPARTMENTS = ("madoguchi", "joho")
Change = Callable[[Any], None]
ONE, TWO = "申請のオンライン化", "国のシステムの改修"


def fill(blank: BlankForm, department: str = "madoguchi") -> bytes:
    (raw,) = fill_form(blank, lay_out_survey(load_tiny(), YEAR, department)).workbooks
    return raw


def read(
    blank: BlankForm, raw: bytes, folder: Path, change: Change | None = None, name: str = "r.xlsx"
) -> tuple[Reply, ...]:
    """Read a workbook after somebody has changed it in a program that saves all anew."""
    if change is not None:
        book = openpyxl.load_workbook(BytesIO(raw))
        change(book)
        saved = BytesIO()
        book.save(saved)
        raw = saved.getvalue()
    path = folder / name
    path.write_bytes(raw)
    expected = expect_replies(load_tiny(), YEAR)
    return recognise_form(blank, open_book(path, name), path, expected)


def tell(reply: Reply) -> dict[tuple[str, str], str]:
    """Return what is answered, by id and field."""
    return {(a.id, a.key): a.cell.shown for a in reply.answers if a.cell}


def only(replies: tuple[Reply, ...], department: str = "madoguchi") -> Reply:
    (reply,) = replies
    assert [str(problem) for problem in reply.problems] == []
    assert reply.department == department
    return reply


def refuse(replies: tuple[Reply, ...]) -> str:
    problems = [problem for reply in replies for problem in reply.problems]
    assert len(problems) == 1, [str(problem) for problem in problems]
    return str(problems[0])


@pytest.mark.parametrize("department", DEPARTMENTS)
@pytest.mark.parametrize("shape", [*SHAPES, "printed"])
def test_what_is_filled_in_is_read_back(
    shape: str, department: str, open_learned: OpenForm, tmp_path: Path
) -> None:
    blank = open_learned(shape)
    survey = lay_out_survey(load_tiny(), YEAR, department)
    reply = only(read(blank, fill(blank, department), tmp_path), department)
    keys = {(part.kind, field.key) for part in blank.form.parts for field in part.fields}
    expected = {
        (row.id, field.key): row.cells[field.key]
        for sheet in survey.sheets
        for field in sheet.fields
        if field.is_asked and (sheet.kind, field.key) in keys
        for row in sheet.rows
        if row.cells.get(field.key)
    }
    assert expected
    assert tell(reply) == expected


def insert_above(book: Any) -> None:
    # openpyxl moves cells, and leaves merged areas where they are.
    sheet = book.worksheets[0]
    areas = [str(area) for area in sheet.merged_cells.ranges]
    for area in areas:
        sheet.unmerge_cells(area)
    sheet.insert_rows(3, 2)
    sheet.insert_cols(1, 1)


@pytest.mark.parametrize("shape", ["list", "blocks", "cards", "circles"])
def test_inserted_rows_and_columns_change_nothing(
    shape: str, open_learned: OpenForm, tmp_path: Path
) -> None:
    blank = open_learned(shape)
    before = only(read(blank, fill(blank), tmp_path))
    after = only(read(blank, fill(blank), tmp_path, insert_above))
    assert tell(after) == tell(before)


@pytest.mark.parametrize("shape", SHAPES)
def test_other_names_of_sheets_and_files_change_nothing(
    shape: str, open_learned: OpenForm, tmp_path: Path
) -> None:
    blank = open_learned(shape)

    def rename(book: Any) -> None:
        for number, sheet in enumerate(book.worksheets):
            sheet.title = f"提出用{number}"

    assert tell(only(read(blank, fill(blank), tmp_path, rename))) == tell(
        only(read(blank, fill(blank), tmp_path))
    )


def test_copied_sheet_is_another_card(open_learned: OpenForm, tmp_path: Path) -> None:
    blank = open_learned("cards")

    def copy(book: Any) -> None:
        first = book["個票1"]
        first["G4"], first["U3"], first["G3"] = TWO, "1-1-①-2", "情報課"
        book.copy_worksheet(first).title = "個票3"
        first["G4"], first["U3"], first["G3"] = ONE, "1-1-①-1", "窓口課"

    replies = read(blank, fill(blank), tmp_path, copy)
    assert {reply.department for reply in replies} == {"madoguchi", "joho"}


def test_deleted_block_is_not_answered(open_learned: OpenForm, tmp_path: Path) -> None:
    blank = open_learned("blocks")

    def delete_first(book: Any) -> None:
        sheet = book.worksheets[0]
        for area in [str(area) for area in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)
        for cell, value in {"M11": ONE, "E11": "1-1-①-1", "G13": "次の枠に書いた"}.items():
            sheet[cell] = value
        sheet.delete_rows(4, 7)

    assert tell(only(read(blank, fill(blank), tmp_path, delete_first))) == {
        ("i1-1-01", "done"): "次の枠に書いた"
    }


def test_deleted_column_is_refused_and_never_read_from_the_next(
    open_learned: OpenForm, tmp_path: Path
) -> None:
    blank = open_learned("lines")

    def delete(book: Any) -> None:
        sheet = book.worksheets[0]
        for area in [str(area) for area in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)
        sheet.delete_cols(5)  # 進捗区分

    problem = refuse(read(blank, fill(blank), tmp_path, delete))
    assert "the place of '進捗区分' is gone" in problem


def test_block_of_which_a_label_was_changed_is_still_read(
    open_learned: OpenForm, tmp_path: Path
) -> None:
    blank = open_learned("blocks")

    def change(book: Any) -> None:
        sheet = book.worksheets[0]
        for cell, value in {"B11": "番", "M11": ONE, "E11": "", "G13": "二つ目", "M4": ""}.items():
            sheet[cell] = value
        sheet["E4"] = sheet["B6"] = sheet["G6"] = sheet["U6"] = None

    reply = only(read(blank, fill(blank), tmp_path, change))
    assert tell(reply) == {("i1-1-01", "done"): "二つ目"}


CHANGES: dict[str, tuple[str, Callable[[Any], None], str]] = {
    "unknown title": (
        "list",
        lambda s: s.update({"B9": "", "D9": "申請をオンライン化", "P9": "した"}),
        "D9: title '申請をオンライン化' cannot be used .* Is '申請のオンライン化' meant",
    ),
    "no title": ("list", lambda s: s.update({"P10": "した"}), "D10: .*what it answers"),
    "another department's": (
        "list",
        lambda s: s.update({"D9": TWO, "P9": "した"}),
        "D9: .*'窓口課' was not asked for it",
    ),
    "twice": ("list", lambda s: s.update({"D9": ONE, "P9": "した"}), "D9: .*stands in r.xlsx!.*D8"),
    "two ticks": ("cards", lambda s: s.update({"M6": "☑変更"}), "G6: .*more than one is chosen"),
    "two circles": ("pages", lambda s: s.update({"E6": "○"}), "C6: .*more than one is chosen"),
    "nothing kept": (
        "circles",
        lambda s: s.update({"A6": "順調と思う"}),
        "A6: .*nobody can tell which one is chosen",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_nobody_can_tell_is_refused_at_its_cell(
    case: str, open_learned: OpenForm, tmp_path: Path
) -> None:
    shape, change, expected = CHANGES[case]
    blank = open_learned(shape)

    def apply(book: Any) -> None:
        values: dict[str, str] = {}
        change(values)
        for cell, value in values.items():
            book.worksheets[0][cell] = value

    problem = refuse(read(blank, fill(blank), tmp_path, apply))
    assert re.search(expected, problem), problem


def test_department_is_known_by_the_file_where_the_cell_is_blank(
    open_learned: OpenForm, tmp_path: Path
) -> None:
    blank = open_learned("list")

    def clear(book: Any) -> None:
        book.worksheets[0]["F4"] = None

    replies = read(blank, fill(blank), tmp_path, clear, "03_窓口課（修正）.xlsx")
    assert tell(only(replies))[("i1-1-01", "status")] == "◎"


def test_changed_title_is_known_by_its_number_and_noted(
    open_learned: OpenForm, tmp_path: Path
) -> None:
    blank = open_learned("list")

    def retitle(book: Any) -> None:
        book.worksheets[0]["D8"] = "申請の電子化"

    reply = only(read(blank, fill(blank), tmp_path, retitle))
    assert tell(reply)[("i1-1-01", "status")] == "◎"
    assert "申請のオンライン化" in str(reply.notes[0])


def test_title_with_other_spaces_and_widths_is_the_same(
    open_learned: OpenForm, tmp_path: Path
) -> None:
    blank = open_learned("list")

    def respace(book: Any) -> None:
        book.worksheets[0]["D8"] = "申請の　オンライン化 "
        book.worksheets[0]["F4"] = "窓口課　（山田）"

    reply = only(read(blank, fill(blank), tmp_path, respace))
    assert reply.notes == ()


def test_another_workbook_is_refused(open_learned: OpenForm, tmp_path: Path) -> None:
    blank, other = open_learned("list"), open_learned("circles")
    assert "no sheet of the form" in refuse(read(blank, fill(other), tmp_path))


def test_blank_form_answers_nothing(open_learned: OpenForm, tmp_path: Path) -> None:
    blank = open_learned("list")
    assert "no item in it is filled in" in refuse(read(blank, blank.raw, tmp_path))
