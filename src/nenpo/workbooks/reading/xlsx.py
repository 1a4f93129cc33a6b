"""An .xlsx or .xlsm → its sheets, read from the parts themselves.

openpyxl reads values and formulas in two passes, drops what it does not know with warnings, fails
on styles that Excel takes, and knows neither the strict form of the format nor the formats of a
Japanese Excel. What a reply needs is in four kinds of parts; they are read as they are written,
whichever prefix or namespace their elements have. Macros, links and pictures are not looked at.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lxml import etree

from nenpo.errors import DamagedWorkbook, Words
from nenpo.workbooks.book import Area, Book, Cell, Sheet
from nenpo.workbooks.reading.archive import Archive, iterate_xml, parse_xml
from nenpo.workbooks.reading.built_in import BUILT_IN, GENERAL
from nenpo.workbooks.reading.cells import (
    Budget,
    make_error,
    make_flag,
    make_number,
    make_text,
    read_number,
    strike,
)
from nenpo.workbooks.reading.comments import read_comments, unescape
from nenpo.workbooks.reading.format_code import is_date_format
from nenpo.workbooks.reading.formats import show_number
from nenpo.workbooks.reading.passed_over import note_links, note_macros, note_shapes

_UNPLACED = re.compile(rb"<(?:c|row)(?! r=)[ />]")
_BLANK_CELL = re.compile(rb'<c r="[A-Z]+[0-9]+"(?: [a-z]+="[^"<>]*")*/>')
_BLANK_ROW = re.compile(
    rb'<row r="[0-9]+"(?![^>]* (?:hidden|ht="0"))(?: [\w:]+="[^"<>]*")*(?:/>|>\s*</row>)'
)
_DRAWN = re.compile(rb"<a:t>[^<]*\S[^<]*</a:t>")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True)
class _Text:
    """A text; ``runs`` are its parts, if it has some, and whether each is crossed out.

    None stands for what the style of the cell says.
    """

    text: str
    runs: tuple[tuple[str, bool | None], ...] = ()


@dataclass(frozen=True)
class _Context:
    """What the cells of all sheets refer to."""

    archive: Archive
    strings: tuple["_Text", ...]
    formats: tuple[str, ...]
    struck: frozenset[int]
    from_1904: bool
    budget: Budget


def read_xlsx(archive: Archive) -> Book:
    """Return the workbook in an archive. Raises ``DamagedWorkbook`` or ``HugeWorkbook``."""
    path = _find_workbook(archive)
    root = parse_xml(archive.read(path), archive, path)
    targets = _read_targets(archive, path)
    context = _Context(
        archive,
        tuple(_read_strings(archive, targets)),
        *_read_styles(archive, targets),
        any(_is_true(each.get("date1904")) for each in root.iterfind("{*}workbookPr")),
        Budget(archive.name),
    )
    entries = root.findall("{*}sheets/{*}sheet")
    context.budget.check_sheets(len(entries))
    sheets, skipped, drawn = [], [], []
    for entry in entries:
        name = entry.get("name") or ""
        kind, part = targets.get(_find_id(entry), ("", ""))
        if kind != "worksheet":
            skipped.append(name)
            continue
        if part not in archive:
            why = Words("シート「{}」の中身がない", "the sheet '{}' has no content").fill(name)
            raise DamagedWorkbook(place=archive.name, why=why)
        hidden = entry.get("state") in ("hidden", "veryHidden")
        sheets.append(_read_sheet(context, name, part, hidden=hidden))
        if _has_drawn_text(archive, part):
            drawn.append(name)
    macros = any(kind == "vbaProject" for kind, _ in targets.values())
    notes = (
        *_note_skipped(skipped),
        *note_macros(macros=macros),
        *note_links(sheets),
        *note_shapes(drawn),
    )
    return Book(archive.name, "xlsm" if macros else "xlsx", tuple(sheets), notes)


def _find_workbook(archive: Archive) -> str:
    """Return the part that lists the sheets."""
    for kind, part in _read_targets(archive, "").values():
        if kind == "officeDocument":
            return part
    return "xl/workbook.xml"


def _read_targets(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """Return what a part refers to inside the file: (last word of the kind, part) by id."""
    folder, base = posixpath.split(part)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in archive:
        return {}
    root = parse_xml(archive.read(name), archive, name)
    targets = {}
    for each in root.iterfind("{*}Relationship"):
        if each.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, each.get("Target") or ""))
            kind = (each.get("Type") or "").rpartition("/")[2]
            targets[each.get("Id") or ""] = (kind, target.lstrip("/"))
    return targets


def _find_id(entry: etree._Element) -> str:
    """Return the attribute r:id, in the transitional or the strict namespace."""
    return next((str(v) for k, v in entry.attrib.items() if str(k).endswith("}id")), "")


def _find_part(targets: Mapping[str, tuple[str, str]], kind: str) -> str:
    return next((part for own, part in targets.values() if own == kind), "")


def _read_strings(archive: Archive, targets: Mapping[str, tuple[str, str]]) -> Iterator[_Text]:
    part = _find_part(targets, "sharedStrings")
    if part not in archive:
        return
    for _, element in iterate_xml(archive.read(part), archive, part, ("{*}si",)):
        yield _read_text(element)
        element.clear()


def _read_text(element: etree._Element) -> _Text:
    """Return a text: its own, or that of its runs; never that of its readings (rPh, ふりがな)."""
    runs = tuple(
        (unescape(child.text or ""), _is_struck(each.find("{*}rPr")))
        for each in element
        for child in (each.iterfind("{*}t") if _name(each) == "r" else (each,))
        if _name(child) == "t"
    )
    text = "".join(text for text, _ in runs)
    return _Text(text, runs if any(struck is not None for _, struck in runs) else ())


def _is_struck(font: etree._Element | None) -> bool | None:
    """Return whether a font crosses out what it writes, None where there is no font."""
    if font is None:
        return None
    line = font.find("{*}strike")
    return line is not None and line.get("val") not in ("0", "false")


def _read_styles(
    archive: Archive, targets: Mapping[str, tuple[str, str]]
) -> tuple[tuple[str, ...], frozenset[int]]:
    """Return the number format of each style of cells, and the styles that cross out."""
    part = _find_part(targets, "styles")
    if part not in archive:
        return (), frozenset()
    root = parse_xml(archive.read(part), archive, part)
    codes = dict(BUILT_IN)
    for each in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[_count(each.get("numFmtId"))] = each.get("formatCode") or GENERAL
    fonts = [_is_struck(font) for font in root.iterfind("{*}fonts/{*}font")]
    lined = {str(number) for number, is_struck in enumerate(fonts) if is_struck}
    styles = root.findall("{*}cellXfs/{*}xf")
    formats = tuple(codes.get(_count(style.get("numFmtId")), GENERAL) for style in styles)
    return formats, frozenset(n for n, each in enumerate(styles) if each.get("fontId") in lined)


def _read_sheet(context: _Context, name: str, part: str, *, hidden: bool) -> Sheet:
    archive = context.archive
    cells: dict[tuple[int, int], Cell] = {}
    hidden_rows = set()
    merged: list[Area] = []
    row = 0
    tags = ("{*}row", "{*}mergeCell")
    for _, element in iterate_xml(drop_blank(archive.read(part)), archive, part, tags):
        if _name(element) == "mergeCell":
            context.budget.take()
            merged.extend(_read_area(element.get("ref") or ""))
            continue
        row = _count(element.get("r")) or row + 1
        if _is_true(element.get("hidden")) or element.get("ht") == "0":
            hidden_rows.add(row)
        cells.update(_read_row(context, element, row))
        element.clear()
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    related = _read_targets(archive, part).values()
    comments = read_comments(archive, related, context.budget)
    return Sheet(name, cells, tuple(merged), hidden, frozenset(hidden_rows), comments)


def drop_blank(raw: bytes) -> bytes:
    """Return a sheet without its blank cells and rows, if all say where they stand.

    Rows that are hidden stay. Colour down to the last row makes a million blank cells, which take
    a parser ten seconds.

    >>> drop_blank(b'<row r="1"><c r="A1" s="2"/><c r="B1"><v>4</v></c></row><row r="2"></row>')
    b'<row r="1"><c r="B1"><v>4</v></c></row>'
    """
    if _UNPLACED.search(raw):
        return raw
    return _BLANK_ROW.sub(b"", _BLANK_CELL.sub(b"", raw))


def _has_drawn_text(archive: Archive, part: str) -> bool:
    """Return whether shapes on a sheet hold text: some answer where there is room."""
    drawings = (part for kind, part in _read_targets(archive, part).values() if kind == "drawing")
    return any(_DRAWN.search(archive.read(drawing)) for drawing in drawings)


def _read_row(
    context: _Context, element: etree._Element, row: int
) -> Iterator[tuple[tuple[int, int], Cell]]:
    column = 0
    for each in element.iterfind("{*}c"):
        reference = _REFERENCE.fullmatch(each.get("r") or "")
        column = _read_column(reference[1]) if reference else column + 1
        if len(each) == 0:
            continue  # of a blank cell with a format
        cell, runs = _read_cell(context, each)
        is_struck = _count(each.get("s")) in context.struck
        told = ((text, is_struck if struck is None else struck) for text, struck in runs)
        cell = strike(cell, told, whole=is_struck)
        if cell is None:
            continue
        if not (1 <= row <= _LAST_ROW and column <= _LAST_COLUMN):
            raise DamagedWorkbook(place=context.archive.name, why=f"{each.get('r')}")
        context.budget.take()
        yield (row, column), cell


def _read_cell(
    context: _Context, element: etree._Element
) -> tuple[Cell | None, tuple[tuple[str, bool | None], ...]]:
    """Return a cell, None if it is blank, and the runs of its text."""
    children = {_name(child): child for child in element}
    text = _Text("")
    if element.get("t") == "inlineStr" and "is" in children:
        text = _read_text(children["is"])
    elif element.get("t") == "s" and "v" in children and children["v"].text:
        number = _count(children["v"].text)
        if number >= len(context.strings):
            raise DamagedWorkbook(place=context.archive.name, why=f"sharedStrings {number}")
        text = context.strings[number]
    return _make_cell(context, element, text.text), text.runs


def _make_cell(context: _Context, element: etree._Element, text: str) -> Cell | None:
    children = {_name(child): child for child in element}
    formula = _read_formula(children.get("f"))
    # A formula that gives no text has an empty value; one that was never worked out has none.
    stored = children["v"].text or "" if "v" in children else None
    style = _count(element.get("s"))
    code = context.formats[style] if style < len(context.formats) else GENERAL
    kind = element.get("t") or "n"
    if kind == "inlineStr":
        return make_text(text, code, formula)
    if stored is None or (not stored and kind != "str"):
        return Cell(None, "", formula) if formula else None
    match kind:
        case "s":
            return make_text(text, code, formula)
        case "str":
            return make_text(unescape(stored), code, formula)
        case "b":
            return make_flag(_is_true(stored), formula)
        case "e":
            return make_error(stored, formula)
        case "d":
            return _make_day(stored, code, formula)
    number_read = read_number(stored)
    if number_read is None:
        return make_error("#NUM!", formula)
    return make_number(number_read, code, formula, from_1904=context.from_1904)


def _make_day(stored: str, code: str, formula: str) -> Cell:
    """Return a cell of the strict form that holds a date in ISO 8601."""
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return Cell(stored, stored, formula)
    serial = Decimal((moment.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds()) / 86400
    shown = show_number(serial, code if is_date_format(code) else BUILT_IN[14])
    return Cell(moment.date() if moment.time() == datetime.min.time() else moment, shown, formula)


def _read_formula(element: etree._Element | None) -> str:
    """Return a formula with its sign; of a shared one that is written elsewhere, the sign alone."""
    return "" if element is None else f"={element.text or ''}"


def _read_area(reference: str) -> Iterator[Area]:
    first, _, last = reference.partition(":")
    corners = [_REFERENCE.fullmatch(each) for each in (first, last or first)]
    if all(corners):
        (a, b), (c, d) = ((int(c[2]), _read_column(c[1])) for c in corners if c)
        yield Area(a, b, c, d)


def _read_column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _is_true(text: str | None) -> bool:
    return text in ("1", "true")


def _count(text: str | None) -> int:
    """Return a number that the format counts with, 0 for what is none."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _note_skipped(names: list[str]) -> Iterator[Words]:
    if names:
        told = "、".join(names), ", ".join(names)
        yield Words(
            f"セルのないシート（グラフなど）は読まない: {told[0]}",
            f"sheets without cells (charts …) are not read: {told[1]}",
        )
