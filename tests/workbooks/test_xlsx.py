"""What a workbook stores and what is seen of it, as Excel and its like write it."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from nenpo.workbooks.book import Area, Book, Cell
from nenpo.workbooks.reading.opening import open_book

Written = tuple[Any, str]
DAY, MOMENT = datetime(2023, 10, 1), datetime(2023, 10, 1, 9, 30)


def write_book(path: Path, cells: dict[str, Written], **options: Any) -> Book:
    """Write a workbook of one sheet and open it; each cell is a value and its number format."""
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("取組")
        for name, (value, code) in cells.items():
            sheet.write(name, value, book.add_format({"num_format": code}))
    return open_book(path, path.name)


@pytest.mark.parametrize(
    ("value", "code", "cell"),
    [
        (46, "General", Cell(Decimal(46), "46")),
        (0.46, "0.0%", Cell(Decimal("0.46"), "46.0%")),
        (0.1 + 0.2, "General", Cell(Decimal("0.3"), "0.3")),
        (77500, '"約"#,##0"件"', Cell(Decimal(77500), "約77,500件")),
        (46, "0.0_ ", Cell(Decimal(46), "46.0")),
        (-1234, "#,##0_ ;[Red]\\-#,##0\\ ", Cell(Decimal(-1234), "-1,234 ")),
        (-5, '#,##0;"▲ "#,##0', Cell(Decimal(-5), "▲ 5")),
        (1 / 15, "# ?/??", Cell(Decimal("0.0666666666666667"), "1/15")),
        (46, "0.00E+00", Cell(Decimal(46), "4.60E+01")),
        (True, "General", Cell(True, "TRUE")),
        ("総務", '@"課"', Cell("総務", "総務課")),
        (DAY, 'yyyy"年"m"月"', Cell(DAY.date(), "2023年10月")),
        (
            datetime(2023, 10, 1),
            '[$-411]ggge"年"m"月"d"日"',
            Cell(DAY.date(), "令和5年10月1日"),
        ),
        (DAY, "[$-411]ge.m.d", Cell(DAY.date(), "R5.10.1")),
        (datetime(2023, 1, 15), 'm"月"d"日"', Cell(date(2023, 1, 15), "1月15日")),
        (
            MOMENT,
            "yyyy/m/d h:mm",
            Cell(MOMENT, "2023/10/1 9:30"),
        ),
        (time(9, 5), "h:mm", Cell(time(9, 5), "9:05")),
        (1.5, "[h]:mm", Cell(Decimal("1.5"), "36:00")),
        (0, "#,##0;-#,##0;", Cell(Decimal(0), "")),
    ],
)
def test_cell_is_read_as_stored_and_as_seen(
    value: Any, code: str, cell: Cell, tmp_path: Path
) -> None:
    book = write_book(tmp_path / "a.xlsx", {"B2": (value, code)})
    assert book.sheets[0].cells == {(2, 2): cell}


def test_formula_has_the_value_that_was_saved_or_none(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_formula("A1", "=1+1", None, 2)
        sheet.write_formula("A3", "=1/0", None, "#DIV/0!")
    cells = open_book(tmp_path / "a.xlsx", "a").sheets[0].cells
    assert list(cells.values()) == [
        Cell(Decimal(2), "2", "=1+1"),
        Cell(None, "#DIV/0!", "=1/0", "#DIV/0!"),
    ]


def test_merged_areas_and_hidden_rows_and_sheets_are_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        shown, hidden = book.add_worksheet("見える"), book.add_worksheet("隠れた")
        shown.merge_range("B3:C4", "結合")
        shown.set_row(6, None, None, {"hidden": True})
        hidden.hide()
    first, second = open_book(tmp_path / "a.xlsx", "a").sheets
    assert first.merged == (Area(3, 2, 4, 3),)
    assert first.hidden_rows == {7}
    assert (first.hidden, second.hidden) == (False, True)


def test_stray_cell_in_the_last_row_is_one_cell(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.xlsx", {"XFD1048576": ("端", "")})
    assert book.sheets[0].cells == {(1_048_576, 16_384): Cell("端", "端")}


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    cells = {"A1": (DAY, "yyyy/m/d")}
    book = write_book(tmp_path / "a.xlsx", cells, date_1904=True)
    assert book.sheets[0].cells[1, 1] == Cell(DAY.date(), "2023/10/1")
