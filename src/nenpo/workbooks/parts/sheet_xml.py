"""Cells of a sheet inside a package: set to a value, or filled with a colour, all else as it is."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nenpo.errors import UnusableCell, Words
from nenpo.workbooks.book import count_column, name_cell, name_place
from nenpo.workbooks.parts.package import Package
from nenpo.workbooks.parts.xml_text import (
    Element,
    Splice,
    append_child,
    cut_out,
    set_attribute,
    splice,
    write_text,
)

Place = tuple[int, int]
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_MOST_COLUMNS = 16_384
_WHOLE = Words("セル", "the cell")
_FORMULA = Words("式が入っている", "it holds a formula")
_NO_FORMULA = Words("式のないセル", "a cell without one")
_CLEAR = Words("式を消すか、別のセルを指定すること。", "Clear it, or name another cell.")


@dataclass(frozen=True)
class SheetXml:
    """A sheet's text, its root, and its cells by (row, column)."""

    part: str
    raw: bytes
    root: Element
    rows: Mapping[int, Element]
    cells: Mapping[Place, Element]

    def find_style(self, place: Place) -> int:
        """Return the style of a cell: its own, or its row's or column's if there is no cell."""
        row, column = place
        if cell := self.cells.get(place):
            return _read_number(cell.read("s"))
        line = self.rows.get(row)
        if line and line.read("customFormat") in ("1", "true"):
            return _read_number(line.read("s"))
        styles = (found for columns, found in self.list_columns() if column in columns)
        return next((_read_number(found.read("style")) for found in styles), 0)

    def list_columns(self) -> Iterator[tuple[range, Element]]:
        """Yield what the sheet says of columns, which are told of once each."""
        told = 0
        for group in self.root.find_all("cols"):
            for found in group.find_all("col"):
                first, last = (_read_number(found.read(name)) for name in ("min", "max"))
                columns = range(max(first, 1), min(last, _MOST_COLUMNS) + 1)
                told += len(columns)
                if told > _MOST_COLUMNS:
                    return
                yield columns, found


def read_sheet(package: Package, part: str) -> SheetXml:
    """Return a sheet by its part. Raises UnusableWorkbook."""
    raw, root = package.read_xml(part)
    data = root.find("sheetData")
    if data and data.is_empty:  # <sheetData/> has no inside for rows
        package = package.change(part, splice(raw, [append_child(raw, data, "")]))
        return read_sheet(package, part)
    rows = dict(_number_rows(data)) if data else {}
    cells = {(n, column): cell for n, row in rows.items() for column, cell in _number_cells(row)}
    return SheetXml(part, raw, root, rows, cells)


def set_cells(package: Package, sheet: str, values: Mapping[Place, str | Decimal]) -> Package:
    """Return the package in which cells of a sheet hold other values, in the style they have.

    Raises UnusableCell for cells that hold a formula: others may be derived from it.
    """
    found = read_sheet(package, package.find_sheet(sheet))
    for (row, column), cell in ((p, found.cells[p]) for p in values if p in found.cells):
        if cell.find("f"):
            raise UnusableCell(
                place=name_place(package.name, sheet, row, column),
                column=_WHOLE,
                value=name_cell(row, column),
                why=_FORMULA,
                allowed=_NO_FORMULA,
                remedy=_CLEAR,
            )
    changes = {p: _write_cell(found, p, value) for p, value in values.items()}
    return package.change(found.part, _put_cells(found, changes))


def fill_cells(package: Package, sheet: str, colours: Mapping[Place, str]) -> Package:
    """Return the package in which cells are filled with a colour ("FFC7CE"), else in their style.

    A workbook without styles stays as it is.
    """
    found = read_sheet(package, package.find_sheet(sheet))
    wanted = {place: (found.find_style(place), colour) for place, colour in colours.items()}
    package, styles = _add_fills(package, dict.fromkeys(wanted.values()))
    if not styles:
        return package
    changes = {p: _restyle_cell(found, p, styles[style]) for p, style in wanted.items()}
    return package.change(found.part, _put_cells(found, changes))


def list_filled(package: Package, sheet: str, colours: Collection[str]) -> frozenset[Place]:
    """Return the cells of a sheet that are filled with one of some colours."""
    part = package.find_related(package.workbook, "styles")
    if not part or part not in package:
        return frozenset()
    _, root = package.read_xml(part)
    fills, formats = root.find("fills"), root.find("cellXfs")
    filled = {
        str(number)
        for number, fill in enumerate(fills.find_all("fill") if fills else ())
        for pattern in fill.find_all("patternFill")
        for colour in pattern.find_all("fgColor")
        if colour.read("rgb")[2:] in colours
    }
    styles = {
        number
        for number, form in enumerate(formats.find_all("xf") if formats else ())
        if form.read("fillId") in filled
    }
    found = read_sheet(package, package.find_sheet(sheet))
    return frozenset(place for place in found.cells if found.find_style(place) in styles)


def read_reference(name: str) -> Place | None:
    """Return the cell of a name ("AB12"), None if it is none."""
    found = _REFERENCE.fullmatch(name)
    return (int(found[2]), count_column(found[1])) if found else None


def _number_rows(data: Element) -> Iterator[tuple[int, Element]]:
    number = 0
    for row in data.find_all("row"):
        number = _read_number(row.read("r")) or number + 1
        yield number, row


def _number_cells(row: Element) -> Iterator[tuple[int, Element]]:
    column = 0
    for cell in row.find_all("c"):
        named = read_reference(cell.read("r"))
        column = named[1] if named else column + 1
        yield column, cell


def _read_number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _write_cell(sheet: SheetXml, place: Place, value: str | Decimal) -> str:
    """Return the text of a cell with a value: a text stands in the cell itself, not in a list."""
    style = sheet.find_style(place)
    p = sheet.root.prefix
    tag = f'{p}c r="{name_cell(*place)}"' + (f' s="{style}"' if style else "")
    if isinstance(value, Decimal):
        return f"<{tag}><{p}v>{value}</{p}v></{p}c>"
    if not value:
        return f"<{tag}/>"
    text = f'<{p}is><{p}t xml:space="preserve">{write_text(value)}</{p}t></{p}is>'
    return f'<{tag} t="inlineStr">{text}</{p}c>'


def _restyle_cell(sheet: SheetXml, place: Place, style: int) -> str:
    cell = sheet.cells.get(place)
    if cell is None:
        return f'<{sheet.root.prefix}c r="{name_cell(*place)}" s="{style}"/>'
    return cut_out(sheet.raw, cell, [set_attribute(sheet.raw, cell, "s", str(style))])


def _put_cells(sheet: SheetXml, cells: Mapping[Place, str]) -> bytes:
    """Return the sheet's text with these cells in the place of what was there, or new."""
    changes = [
        Splice(sheet.cells[place].start, sheet.cells[place].end, text)
        for place, text in cells.items()
        if place in sheet.cells
    ]
    new = {place: text for place, text in sorted(cells.items()) if place not in sheet.cells}
    for row in sorted({row for row, _ in new}):
        of_row = {column: text for (line, column), text in new.items() if line == row}
        changes += _put_into_row(sheet, row, of_row)
    return splice(sheet.raw, [*changes, *_widen(sheet, new)])


def _put_into_row(sheet: SheetXml, row: int, cells: Mapping[int, str]) -> list[Splice]:
    p = sheet.root.prefix
    line = sheet.rows.get(row)
    if line is None:
        text = f'<{p}row r="{row}">{"".join(cells.values())}</{p}row>'
        later = [found.start for number, found in sheet.rows.items() if number > row]
        data = sheet.root.find("sheetData")
        assert data  # the schema asks for it, and `read_sheet` has found the rows in it
        if later:
            return [Splice(min(later), min(later), text)]
        return [append_child(sheet.raw, data, text)]
    held = sorted((column, cell) for (number, column), cell in sheet.cells.items() if number == row)
    if not held:
        return [append_child(sheet.raw, line, "".join(cells.values()))]
    changes = []
    for column, text in cells.items():
        at = next((cell.start for number, cell in held if number > column), held[-1][1].end)
        changes.append(Splice(at, at, text))
    return changes


def _widen(sheet: SheetXml, new: Iterable[Place]) -> list[Splice]:
    """Return the change of the area that a sheet says it uses: some programs read no further."""
    dimension = sheet.root.find("dimension")
    used = dimension.read("ref") if dimension else ""
    corners = [(int(row), count_column(letters)) for letters, row in _REFERENCE.findall(used)]
    if not dimension or not corners:
        return []
    area, wider = _span(corners), _span([*corners, *new])
    return [] if area == wider else [set_attribute(sheet.raw, dimension, "ref", wider)]


def _span(places: Iterable[Place]) -> str:
    rows, columns = zip(*places, strict=True)
    return f"{name_cell(min(rows), min(columns))}:{name_cell(max(rows), max(columns))}"


def _add_fills(
    package: Package, wanted: Iterable[tuple[int, str]]
) -> tuple[Package, dict[tuple[int, str], int]]:
    """Return the package with styles added, and their numbers by (style to copy, colour)."""
    part = package.find_related(package.workbook, "styles")
    if not part or part not in package:
        return package, {}
    raw, root = package.read_xml(part)
    fills, formats = root.find("fills"), root.find("cellXfs")
    if not fills or not fills.children or not formats or not formats.children:
        return package, {}
    known = list(formats.find_all("xf"))
    colours = list(dict.fromkeys(colour for _, colour in wanted))
    first_fill, first_style = len(list(fills.find_all("fill"))), len(known)
    added, styles = list[str](), dict[tuple[int, str], int]()
    for style, colour in wanted:
        held = known[style if style < len(known) else 0]
        number = first_fill + colours.index(colour)
        styles[style, colour] = first_style + len(added)
        added.append(_copy_format(raw, held, number))
    changes = [
        append_child(raw, fills, "".join(_write_fill(root.prefix, c) for c in colours)),
        set_attribute(raw, fills, "count", str(first_fill + len(colours))),
        append_child(raw, formats, "".join(added)),
        set_attribute(raw, formats, "count", str(first_style + len(added))),
    ]
    return package.change(part, splice(raw, changes)), styles


def _copy_format(raw: bytes, held: Element, fill: int) -> str:
    given = {"fillId": str(fill), "applyFill": "1"}
    return cut_out(raw, held, [set_attribute(raw, held, *pair) for pair in given.items()])


def _write_fill(prefix: str, colour: str) -> str:
    p = prefix
    return (
        f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="FF{colour}"/>'
        f'<{p}bgColor indexed="64"/></{p}patternFill></{p}fill>'
    )
