"""Plain lists as a workbook: a title, a line, labels and rows, to sort, filter and print."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from nenpo.workbooks.measuring import measure_row

_UNDATED = datetime(2000, 1, 1)
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_FONT = {"font_name": "BIZ UDPゴシック", "font_size": 10}
_HEAD = 3  # rows above the first
_A4 = 9


@dataclass(frozen=True)
class Column:
    """A column of a list: its label, and its width in half-width characters."""

    label: str
    width: int


@dataclass(frozen=True)
class Told:
    """A cell of a list: a text, a number or a day; its colour ("FFC7CE"), and where it leads."""

    value: str | int | date | None
    colour: str = ""
    link: str = ""


@dataclass(frozen=True)
class Listing:
    """A sheet: ``told`` stands below its title; a row has a cell a column."""

    name: str
    title: str
    told: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Told, ...]]


def write_listings(listings: Iterable[Listing]) -> bytes:
    """Return the workbook of the lists; the same lists make the same bytes."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, _OPTIONS) as book:
        book.set_properties({"created": _UNDATED})
        formats = _Formats(book)
        for listing in listings:
            _write_sheet(book.add_worksheet(listing.name), listing, formats)
    return written.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, dict[tuple[str, bool], Any]()
        self.title = book.add_format({**_FONT, "bold": True, "font_size": 14})
        self.told = book.add_format(_FONT)
        label = {"bold": True, "border": 1, "bg_color": "#D9E1F2", "text_wrap": True}
        self.label = book.add_format({**_FONT, **label})

    def find(self, cell: Told) -> Any:
        """Return the format of a cell."""
        key = (cell.colour, isinstance(cell.value, date))
        if key not in self._made:
            given = {**_FONT, "border": 1, "valign": "top", "text_wrap": True}
            if cell.colour:
                given["bg_color"] = f"#{cell.colour}"
            if key[1]:
                given |= {"num_format": "yyyy/mm/dd", "align": "left"}
            self._made[key] = self._book.add_format(given)
        return self._made[key]


def _write_sheet(sheet: Any, listing: Listing, formats: _Formats) -> None:
    sheet.write_string(0, 0, listing.title, formats.title)
    sheet.write_string(1, 0, listing.told, formats.told)
    for number, column in enumerate(listing.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(_HEAD - 1, number, column.label, formats.label)
    for number, row in enumerate(listing.rows, _HEAD):
        texts = [cell.value if isinstance(cell.value, str) else "" for cell in row]
        widths = [column.width for column in listing.columns]
        sheet.set_row(number, measure_row(zip(texts, widths, strict=True)))
        for column_number, cell in enumerate(row):
            _write_cell(sheet, number, column_number, cell, formats.find(cell))
    _set_up(sheet, _HEAD - 1 + max(len(listing.rows), 1), len(listing.columns))


def _write_cell(sheet: Any, row: int, column: int, cell: Told, form: Any) -> None:
    value = cell.value
    if value is None or value == "":
        sheet.write_blank(row, column, None, form)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), form)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, form)
    elif cell.link:
        sheet.write_url(row, column, cell.link, form, value)
    else:
        sheet.write_string(row, column, value, form)


def _set_up(sheet: Any, last_row: int, columns: int) -> None:
    sheet.autofilter(_HEAD - 1, 0, last_row, columns - 1)
    sheet.freeze_panes(_HEAD, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD - 1)
    sheet.set_footer("&C&P / &N")
