"""An .ods → its sheets. The file itself says what is seen of each cell, beside what it stores."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from lxml import etree

from nenpo.errors import DamagedWorkbook, EncryptedWorkbook, Words
from nenpo.workbooks.book import Area, Book, Cell, Sheet
from nenpo.workbooks.reading.archive import Archive, parse_xml
from nenpo.workbooks.reading.cells import (
    Budget,
    cut_author,
    is_error,
    make_error,
    make_text,
    read_number,
)
from nenpo.workbooks.reading.passed_over import note_links, note_macros

_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_TABLE, _OFFICE, _TEXT, _STYLE = (
    f"{{{_NAMESPACE.format(name)}}}" for name in ("table", "office", "text", "style")
)
_DC = "{http://purl.org/dc/elements/1.1/}"
_LENGTH = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
# Comments stand inside of cells, readings (ふりがな) beside what they read.
_NOT_SEEN = (f"{_OFFICE}annotation", f"{_TEXT}ruby-text", f"{_TEXT}note")


def read_ods(archive: Archive) -> Book:
    """Return the workbook in an archive.

    Raises ``DamagedWorkbook``, ``EncryptedWorkbook`` or ``HugeWorkbook``.
    """
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise EncryptedWorkbook(place=archive.name)
    root = parse_xml(archive.read("content.xml"), archive, "content.xml")
    tables = root.findall(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
    budget = Budget(archive.name)
    budget.check_sheets(len(tables))
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style")
        for properties in style.iterfind(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    sheets = tuple(_read_table(table, hidden, budget) for table in tables)
    macros = any(name.startswith("basic/") for name in archive.names)
    return Book(archive.name, "ods", sheets, (*note_macros(macros=macros), *note_links(sheets)))


def _read_table(table: etree._Element, hidden: set[str | None], budget: Budget) -> Sheet:
    cells: dict[tuple[int, int], Cell] = {}
    merged: list[Area] = []
    hidden_rows: set[int] = set()
    comments: dict[tuple[int, int], str] = {}
    row = 1
    for element in table.iter(f"{_TABLE}table-row"):
        read = list(_read_row(element, budget.name))
        comments |= {(row, column): text for column, text in _list_comments(element)}
        repeated = _count(element, "rows")
        for n in range(repeated if read else 0):  # the blank rows to the end are one element
            budget.take(len(read))
            cells.update({(row + n, column): cell for column, cell, _ in read if cell})
            merged.extend(
                Area(row + n, column, row + n + spans[0] - 1, column + spans[1] - 1)
                for column, _, spans in read
                if spans
            )
            if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                hidden_rows.add(row + n)
        row += repeated
    name = table.get(f"{_TABLE}name") or ""
    is_hidden = table.get(f"{_TABLE}style-name") in hidden
    budget.take(len(comments))
    return Sheet(name, cells, tuple(merged), is_hidden, frozenset(hidden_rows), comments)


def _list_comments(row: etree._Element) -> Iterator[tuple[int, str]]:
    """Yield the comments of a row: column, and what it says, without its author."""
    column = 1
    for element in row:
        for comment in element.iterfind(f"{_OFFICE}annotation"):
            lines = ("".join(_list_text(each)) for each in comment.iterfind(f"{_TEXT}p"))
            author = comment.findtext(f"{_DC}creator") or ""
            yield column, cut_author("\n".join(lines), author)
        column += _count(element, "columns")


def _read_row(
    row: etree._Element, name: str
) -> Iterator[tuple[int, Cell | None, tuple[int, int] | None]]:
    """Yield column, cell, and how many rows and columns it spans; blank cells only if they do."""
    column = 1
    for element in row:
        repeated = _count(element, "columns")
        spans = tuple(
            _read_count(element.get(f"{_TABLE}number-{each}-spanned"))
            for each in ("rows", "columns")
        )
        spanning = (spans[0], spans[1]) if spans != (1, 1) else None
        cell = _read_cell(element)
        if cell or spanning:
            if column + repeated > 16_385:
                why = Words("列が多すぎる", "too many columns")
                raise DamagedWorkbook(place=name, why=why)
            for n in range(repeated):
                yield column + n, cell, spanning
        column += repeated


def _read_cell(element: etree._Element) -> Cell | None:
    formula = (element.get(f"{_TABLE}formula") or "").removeprefix("of:").removeprefix("oooc:")
    shown = "\n".join("".join(_list_text(each)) for each in element if each.tag == f"{_TEXT}p")
    if formula and is_error(shown):
        return make_error(shown, formula)
    stored = element.get(f"{_OFFICE}value") or ""
    match element.get(f"{_OFFICE}value-type"):
        case "float" | "percentage" | "currency":
            number = read_number(stored)
            return Cell(number, shown, formula) if number is not None else make_error(shown)
        case "date":
            return _make_day(element.get(f"{_OFFICE}date-value") or "", shown, formula)
        case "time":
            return _make_time(element.get(f"{_OFFICE}time-value") or "", shown, formula)
        case "boolean":
            return Cell(element.get(f"{_OFFICE}boolean-value") == "true", shown, formula)
        case "string":
            stated = element.get(f"{_OFFICE}string-value")
            return make_text(shown if stated is None else stated, "", formula)
    return Cell(None, shown, formula) if formula else make_text(shown)


def _make_day(stored: str, shown: str, formula: str) -> Cell:
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return Cell(shown, shown, formula)
    value: date | datetime = moment if "T" in stored and moment.time() != time() else moment.date()
    return Cell(value, shown, formula)


def _make_time(stored: str, shown: str, formula: str) -> Cell:
    found = _LENGTH.fullmatch(stored)
    if not found:
        return Cell(shown, shown, formula)
    hours, minutes, seconds = map(int, found.groups())
    if hours < 24 and minutes < 60 and seconds < 60:
        return Cell(time(hours, minutes, seconds), shown, formula)
    days = Decimal(hours * 3600 + minutes * 60 + seconds) / 86400
    return Cell(round(days, 12), shown, formula)


def _list_text(element: etree._Element) -> Iterator[str]:
    """Yield the parts of a paragraph as they are seen; runs of spaces and tabs are elements."""
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * min(_read_count(child.get(f"{_TEXT}c")), 1000)
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag not in _NOT_SEEN:
            yield from _list_text(child)
        yield child.tail or ""


def _count(element: etree._Element, what: str) -> int:
    return _read_count(element.get(f"{_TABLE}number-{what}-repeated"))


def _read_count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 1
