"""Plain lists as a workbook: a title, a line, labels and rows, to sort, filter and print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from nenpo.workbooks.drawing import Drawing
from nenpo.workbooks.measuring import measure_row

_HEAD = 3  # rows above the first


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


def write_listings(listings: Sequence[Listing]) -> bytes:
    """Return the workbook of the lists; the same lists make the same bytes."""
    drawing = Drawing(listings[0].title)
    for listing in listings:
        _draw_list(drawing, listing)
    return drawing.close()


def _draw_list(drawing: Drawing, listing: Listing) -> None:
    sheet = drawing.open_sheet(listing.name, "", listing.name)
    sheet.write_string(0, 0, listing.title, drawing.style_title())
    sheet.write_string(1, 0, listing.told, drawing.style(text_wrap=False))
    label = drawing.style(bold=True, border=1, bg_color="#D9E1F2")
    widths = [column.width for column in listing.columns]
    for number, column in enumerate(listing.columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(_HEAD - 1, number, column.label, label)
    for number, row in enumerate(listing.rows, _HEAD):
        texts = [cell.value if isinstance(cell.value, str) else "" for cell in row]
        sheet.set_row(number, measure_row(zip(texts, widths, strict=True)))
        for column_number, cell in enumerate(row):
            _write_cell(sheet, (number, column_number), cell, _style_cell(drawing, cell))
    last = _HEAD - 1 + max(len(listing.rows), 1)
    sheet.autofilter(_HEAD - 1, 0, last, len(listing.columns) - 1)
    sheet.freeze_panes(_HEAD, 1)
    sheet.repeat_rows(_HEAD - 1)


def _style_cell(drawing: Drawing, cell: Told) -> Format:
    colour = {"bg_color": f"#{cell.colour}"} if cell.colour else {}
    day = {"num_format": "yyyy/mm/dd", "align": "left"} if isinstance(cell.value, date) else {}
    return drawing.style(border=1, **colour, **day)


def _write_cell(sheet: Worksheet, place: tuple[int, int], cell: Told, style: Format) -> None:
    value = cell.value
    if value is None or value == "":
        sheet.write_blank(*place, None, style)
    elif isinstance(value, date):
        sheet.write_datetime(*place, datetime(value.year, value.month, value.day), style)
    elif isinstance(value, int):
        sheet.write_number(*place, value, style)
    elif cell.link:
        sheet.write_url(*place, cell.link, style, value)
    else:
        sheet.write_string(*place, value, style)
