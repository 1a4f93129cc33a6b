"""The boxes in which comments are shown: drawings in VML, which need not even be XML."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nenpo.language.widths import count_columns
from nenpo.workbooks.parts.package import Package
from nenpo.workbooks.parts.sheet_xml import Place, SheetXml
from nenpo.workbooks.parts.xml_text import Element, Splice, append_child, splice

_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
# What stands behind a sheet's <legacyDrawing>, in the order of the schema.
_BEHIND = frozenset(
    {
        *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls"),
        *("webPublishItems", "tableParts", "extLst"),
    }
)
_SPACES = {
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "x": "urn:schemas-microsoft-com:office:excel",
}
_BOX_TYPE = (
    '<v:shapetype{spaces} id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX = (
    '<v:shape{spaces} id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;'
    'width:{width}px;height:{height}px;z-index:{order};visibility:hidden" fillcolor="#ffffe1"'
    ' o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_HELD_BOX = re.compile(rb"<[\w]*:?shape\b.*?</[\w]*:?shape>", re.DOTALL)
_WIDTH = 320  # pixels of a box; a line of it holds 48 half-width characters of nine points
_LINE, _LINE_HEIGHT = 48, 16
_COLUMN, _ROW = 64, 20  # pixels, where a sheet does not say
_IDS_IN_BLOCK = 1024


def draw_boxes(package: Package, sheet: SheetXml, comments: Mapping[Place, str]) -> Package:
    """Return the package in which these comments of a sheet have boxes that hold them."""
    drawing = sheet.root.find("legacyDrawing")
    relations = {found.id: found.part for found in package.list_relations(sheet.part)}
    part = relations.get(drawing.read("id"), "") if drawing else ""
    if not part:
        part = package.find_free("xl/drawings/vmldrawing{}.vml")
        package = _lead_to_drawing(package, sheet, part)
    raw = package.read(part)
    sizes = _read_sizes(sheet)
    boxes = {place: _place_box(sizes, place, text) for place, text in comments.items()}
    raw, left = _enlarge_boxes(raw, boxes)
    return package.change(part, _add_boxes(raw, left))


def _lead_to_drawing(package: Package, sheet: SheetXml, part: str) -> Package:
    """Return the package with a drawing without boxes, to which the sheet leads."""
    drawings = [package.read(name) for name in package.names if name.endswith(".vml")]
    blocks = [block for drawing in drawings for block in _list_blocks(drawing)]
    spaces = _declare_spaces(_SPACES)
    block = max(blocks, default=0) + 1
    empty = (
        f'<xml{spaces}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/>'
        f"</o:shapelayout></xml>"
    )
    found, package = package.add_related(sheet.part, "vmlDrawing", part, empty.encode())
    package = package.declare_extension("vml", _VML)
    p = sheet.root.prefix
    text = f'<{p}legacyDrawing xmlns:r="{package.relation_base}" r:id="{found}"/>'
    behind = next((e for e in sheet.root.children if _stands_behind(e)), None)
    at = Splice(behind.start, behind.start, text) if behind else None
    return package.change(
        sheet.part, splice(sheet.raw, [at or append_child(sheet.raw, sheet.root, text)])
    )


def _stands_behind(element: Element) -> bool:
    """Return whether it stands behind the drawing; Excel wraps some in AlternateContent."""
    return element.name in _BEHIND or any(map(_stands_behind, _list_wrapped(element)))


def _list_wrapped(element: Element) -> list[Element]:
    return element.children if element.name in ("AlternateContent", "Choice", "Fallback") else []


@dataclass(frozen=True)
class _Box:
    """Where a comment's box stands: the cell it belongs to, and its anchor as VML has it."""

    place: Place
    anchor: str
    height: int


@dataclass(frozen=True)
class _Sizes:
    """Pixels of columns and rows by number, and of those that a sheet says nothing of."""

    columns: Mapping[int, int]
    rows: Mapping[int, int]
    column: int
    row: int


def _read_sizes(sheet: SheetXml) -> _Sizes:
    columns = dict[int, int]()
    for numbers, column in sheet.list_columns():
        size = 0 if _is_true(column.read("hidden")) else _measure(column.read("width"), 7, 5)
        columns |= dict.fromkeys(numbers, size)
    rows = {
        number: 0 if _is_true(row.read("hidden")) else _measure(row.read("ht"), 4 / 3) or _ROW
        for number, row in sheet.rows.items()
        if row.read("ht") or row.read("hidden")
    }
    given = sheet.root.find("sheetFormatPr")
    column_size = _measure(given.read("defaultColWidth"), 7, 5) if given else 0
    row_size = _measure(given.read("defaultRowHeight"), 4 / 3) if given else 0
    return _Sizes(columns, rows, column_size or _COLUMN, row_size or _ROW)


def _measure(text: str, factor: float, more: int = 0) -> int:
    try:
        return int(float(text) * factor) + more
    except (ValueError, OverflowError):
        return 0


def _is_true(text: str) -> bool:
    return text in ("1", "true")


def _place_box(sizes: _Sizes, place: Place, text: str) -> _Box:
    """Return a box right of a cell, large enough for its words."""
    row, column = place
    lines = sum(1 + count_columns(line) // _LINE for line in text.splitlines())
    height = (lines + 2) * _LINE_HEIGHT
    left = _walk(sizes.columns, sizes.column, (column + 1, 0), 15)
    top = _walk(sizes.rows, sizes.row, (max(row - 1, 1), 0), 10)
    right = _walk(sizes.columns, sizes.column, left, _WIDTH)
    bottom = _walk(sizes.rows, sizes.row, top, height)
    # VML counts from 0, and names left, top, right, bottom, each with the pixels into it.
    numbers = ((n - 1, pixels) for n, pixels in (left, top, right, bottom))
    return _Box(place, ", ".join(str(n) for pair in numbers for n in pair), height)


def _walk(
    sizes: Mapping[int, int], default: int, start: tuple[int, int], pixels: int
) -> tuple[int, int]:
    """Return where one is so many pixels behind a start, as (number, pixels into it)."""
    number, into = start
    into += pixels
    while into >= (size := sizes.get(number, default)):
        number, into = number + 1, into - size
    return number, into


def _enlarge_boxes(raw: bytes, boxes: Mapping[Place, _Box]) -> tuple[bytes, list[_Box]]:
    """Return the drawing in which boxes that it has hold more words, and the boxes it lacks."""
    left = dict(boxes)

    def enlarge(found: re.Match[bytes]) -> bytes:
        numbers = [re.search(rb":%s>\s*(\d+)" % name, found[0]) for name in (b"Row", b"Column")]
        row, column = (int(n[1]) + 1 if n else 0 for n in numbers)
        box = left.pop((row, column), None)
        if box is None:
            return found[0]
        return re.sub(rb"(:Anchor>)[^<]*", rb"\g<1>" + box.anchor.encode(), found[0])

    return _HELD_BOX.sub(enlarge, raw), list(left.values())


def _add_boxes(raw: bytes, boxes: Iterable[_Box]) -> bytes:
    """Return the drawing with boxes more, behind what it has."""
    head = raw[: raw.find(b">", raw.find(b"<xml")) + 1].decode()
    spaces = _declare_spaces({n: s for n, s in _SPACES.items() if f'xmlns:{n}="{s}"' not in head})
    used = [int(number) for number in re.findall(rb'"_x0000_s(\d+)"', raw)]
    first = max(used, default=(max(_list_blocks(raw), default=1)) * _IDS_IN_BLOCK) + 1
    added = "" if b'"_x0000_t202"' in raw else _BOX_TYPE.format(spaces=spaces)
    for number, box in enumerate(boxes):
        row, column = box.place
        added += _BOX.format(
            spaces=spaces,
            number=first + number,
            width=_WIDTH,
            height=box.height,
            order=number + 1,
            anchor=box.anchor,
            row=row - 1,
            column=column - 1,
        )
    end = raw.rfind(b"</xml>")
    return raw[:end] + added.encode() + raw[end:]


def _list_blocks(raw: bytes) -> list[int]:
    """Return the blocks of ids that a drawing says it uses."""
    found = re.findall(rb'idmap\b[^>]*\bdata="([\d, ]+)"', raw)
    return [int(number) for data in found for number in re.findall(rb"\d+", data)]


def _declare_spaces(spaces: Mapping[str, str]) -> str:
    return "".join(f' xmlns:{name}="{space}"' for name, space in spaces.items())
