"""An .ods → its sheets. The file itself says what is seen of each cell, beside what it stores."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    strike,
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


@dataclass(frozen=True)
class _Table:
    """What the cells of a table refer to: what may be read, and which styles cross out."""

    budget: Budget
    struck: Mapping[str, bool]
    columns: tuple[tuple[int, str], ...]

    def is_struck(self, names: tuple[str | None, ...], column: int) -> bool:
        """Return whether the first style that is named, or else the column's, crosses out."""
        own = next((name for name in names if name), "")
        return self.struck.get(own or self._find_style(column), False)

    def _find_style(self, column: int) -> str:
        return next((style for last, style in self.columns if column <= last), "")


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
    struck = _find_struck(archive, root)
    sheets = tuple(
        _read_table(table, hidden, _Table(budget, struck, _list_columns(table))) for table in tables
    )
    macros = any(name.startswith("basic/") for name in archive.names)
    return Book(archive.name, "ods", sheets, (*note_macros(macros=macros), *note_links(sheets)))


def _find_struck(archive: Archive, content: etree._Element) -> dict[str, bool]:
    """Return of each style whether it crosses out; one that does not say is like its parent."""
    named = archive.read("styles.xml")
    roots = [*([parse_xml(named, archive, "styles.xml")] if named else []), content]
    said, parents = dict[str, bool](), dict[str, str]()
    for style in (each for root in roots for each in root.iter(f"{_STYLE}style")):
        name = style.get(f"{_STYLE}name") or ""
        parents[name] = style.get(f"{_STYLE}parent-style-name") or ""
        for text in style.iterfind(f"{_STYLE}text-properties"):
            line = text.get(f"{_STYLE}text-line-through-style")
            kind = text.get(f"{_STYLE}text-line-through-type")
            if line or kind:
                said[name] = "none" not in (line, kind)
    return {name: _inherit(name, said, parents) for name in parents}


def _inherit(name: str, said: Mapping[str, bool], parents: Mapping[str, str]) -> bool:
    seen = set[str]()
    while name and name not in said and name not in seen:
        seen.add(name)
        name = parents.get(name, "")
    return said.get(name, False)


def _list_columns(table: etree._Element) -> tuple[tuple[int, str], ...]:
    """Return the last column that each style of columns is for, with what its cells have."""
    columns, last = list[tuple[int, str]](), 0
    for element in table.iter(f"{_TABLE}table-column"):
        last += _count(element, "columns")
        columns.append((last, element.get(f"{_TABLE}default-cell-style-name") or ""))
    return tuple(columns)


def _read_table(table: etree._Element, hidden: set[str | None], context: _Table) -> Sheet:
    cells: dict[tuple[int, int], Cell] = {}
    merged: list[Area] = []
    hidden_rows: set[int] = set()
    comments: dict[tuple[int, int], str] = {}
    row = 1
    for element in table.iter(f"{_TABLE}table-row"):
        read = list(_read_row(element, context))
        comments |= {(row, column): text for column, text in _list_comments(element)}
        repeated = _count(element, "rows")
        for n in range(repeated if read else 0):  # the blank rows to the end are one element
            context.budget.take(len(read))
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
    context.budget.take(len(comments))
    return Sheet(name, cells, tuple(merged), is_hidden, frozenset(hidden_rows), comments)


def _list_comments(row: etree._Element) -> Iterator[tuple[int, str]]:
    """Yield the comments of a row: column, and what it says, without its author."""
    column = 1
    for element in row:
        for comment in element.iterfind(f"{_OFFICE}annotation"):
            paragraphs = comment.iterfind(f"{_TEXT}p")
            lines = ("".join(text for text, _ in _list_parts(p, {}, False)) for p in paragraphs)
            author = comment.findtext(f"{_DC}creator") or ""
            yield column, cut_author("\n".join(lines), author)
        column += _count(element, "columns")


def _read_row(
    row: etree._Element, context: _Table
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
        names = tuple(
            each.get(f"{_TABLE}{name}")
            for each, name in ((element, "style-name"), (row, "default-cell-style-name"))
        )
        whole = context.is_struck(names, column)
        cell = strike(_read_cell(element), _list_runs(element, context.struck, whole), whole=whole)
        if cell or spanning:
            if column + repeated > 16_385:
                why = Words("列が多すぎる", "too many columns")
                raise DamagedWorkbook(place=context.budget.name, why=why)
            for n in range(repeated):
                yield column + n, cell, spanning
        column += repeated


def _read_cell(element: etree._Element) -> Cell | None:
    formula = (element.get(f"{_TABLE}formula") or "").removeprefix("of:").removeprefix("oooc:")
    shown = "".join(text for text, _ in _list_runs(element, {}, False))
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


def _list_runs(
    cell: etree._Element, struck: Mapping[str, bool], is_struck: bool
) -> Iterator[tuple[str, bool]]:
    """Yield the parts of what is seen of a cell, and whether each is crossed out."""
    for number, paragraph in enumerate(each for each in cell if each.tag == f"{_TEXT}p"):
        if number:
            yield "\n", is_struck
        yield from _list_parts(paragraph, struck, is_struck)


def _list_parts(
    element: etree._Element, struck: Mapping[str, bool], is_struck: bool
) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a paragraph; runs of spaces and tabs are elements."""
    is_struck = struck.get(element.get(f"{_TEXT}style-name") or "", is_struck)
    yield element.text or "", is_struck
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * min(_read_count(child.get(f"{_TEXT}c")), 1000), is_struck
        elif child.tag == f"{_TEXT}tab":
            yield "\t", is_struck
        elif child.tag == f"{_TEXT}line-break":
            yield "\n", is_struck
        elif child.tag not in _NOT_SEEN:
            yield from _list_parts(child, struck, is_struck)
        yield child.tail or "", is_struck


def _count(element: etree._Element, what: str) -> int:
    return _read_count(element.get(f"{_TABLE}number-{what}-repeated"))


def _read_count(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 1
