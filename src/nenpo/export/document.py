"""An executed notebook → the one Document that every exporter draws.

Code is never shown. What a cell displays is one of nenpo's MIME types (see
:mod:`nenpo.content.display`), Markdown or an image; anything else that a reader would miss stops
the document, so that nothing is dropped in silence.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar

from nenpo.cells import locate_cell
from nenpo.content.display import Chart, Facts, Head, Nothing, Rows, Sentences, Table, Tiles
from nenpo.errors import Words
from nenpo.export.blocks import Block, Figure, Flow, Heading, NumberedTable, Part, Picture
from nenpo.export.fitting import fit_table
from nenpo.export.reading.cells import Shown, Told, read_cell, refuse
from nenpo.export.reading.kept import list_kept
from nenpo.export.reading.remark import Remark
from nenpo.export.reading.texts import check_texts
from nenpo.export.text_table import check_text_tables
from nenpo.files import canonical_json

_APPENDIX = re.compile(r"(別紙|参考)\s*[0-9０-９]*\s*(.*)", re.DOTALL)
_PARTS: dict[str, Part] = {"別紙": "annex", "参考": "reference"}
_FILE_NAME = re.compile(r"\w[\w.-]*\.csv")

# A block as a cell shows it, before it is numbered.
_Unnumbered = Heading | Flow | Sentences | Table | Tiles | Chart
_Attached = TypeVar("_Attached", Head, Facts, Rows, Remark, Table)
# The cells in the notebook's order: the place of each, and what it shows.
_Cells = Sequence[tuple[Words, Sequence[Shown]]]


@dataclass(frozen=True)
class Document:
    """A document as data: its ``head``, ``blocks`` in reading order, attached ``rows``, ``facts``.

    A ``#`` heading before the head is the notebook's own title: the head's title stands in its
    place, so it is not among the blocks. ``remarks`` are for whoever made the notebook.
    """

    head: Head
    blocks: tuple[Block, ...]
    rows: tuple[Rows, ...]
    facts: Facts | None
    remarks: tuple[Remark, ...] = ()


def write(document: "Document", name: str) -> bytes:  # noqa: ARG001 # as every format's
    """Return the document's facts as canonical JSON. Raises ValueError without any."""
    if document.facts is None:
        raise ValueError("the document has no facts")
    return canonical_json(document.facts.values).encode()


def read_document(notebook: Any) -> Document:
    """Return the document that an executed notebook (nbformat v4) shows.

    Raises DocumentError, with the cell as ``locate_cell`` names it, for an output, a character or
    a table that no document can show, no head, a second head or second facts.
    """
    numbered = enumerate(notebook["cells"], 1)
    located = [(locate_cell(cell, number), cell) for number, cell in numbered]
    cells = [(place, read_cell(cell, place, list_kept(notebook))) for place, cell in located]
    check_texts(cells)
    for place, values in cells:
        check_text_tables(values, place)
    for place, table in _find_all(cells, Table):
        fit_table(table, place, landscape=True)
    head = _find_single(cells, Head)
    if head is None:
        raise refuse(
            Words("ノートブック", "notebook"),
            ("文書の頭書（head）がない", "there is no document head"),
            ("頭書を表示するセルを実行すること。", "Run the cell that displays the head."),
        )
    facts, rows = _find_single(cells, Facts), _collect_rows(cells)
    stream = _drop_own_title([value for _, values in cells for value in values])
    blocks = _number_headings(_raise_subheadings(_drop_empty_sections(stream)))
    remarks = tuple(remark for _, remark in _find_all(cells, Remark))
    return Document(head, tuple(_number_exhibits(blocks)), rows, facts, remarks)


def _find_all(cells: _Cells, kind: type[_Attached]) -> list[tuple[Words, _Attached]]:
    return [(place, v) for place, values in cells for v in values if isinstance(v, kind)]


def _find_single(cells: _Cells, kind: type[_Attached]) -> _Attached | None:
    found, name = _find_all(cells, kind), kind.__name__.lower()
    if len(found) > 1:
        first, second = found[0][0], found[1][0]
        raise refuse(
            second,
            (
                f"{name} が2つある（1つ目は {first.ja}）",
                f"a second {name} (the first is in {first.en})",
            ),
            ("一方のセルを削ること。", "Remove one of the cells."),
        )
    return found[0][1] if found else None


def _collect_rows(cells: _Cells) -> tuple[Rows, ...]:
    rows: dict[str, Rows] = {}
    for place, value in _find_all(cells, Rows):
        name = value.name
        if name in rows or not _FILE_NAME.fullmatch(name):
            raise refuse(
                place,
                (f"添付ファイル名「{name}」は使えない", f"attachment name '{name}' cannot be used"),
                ("他と重ならない「○○.csv」の形にすること。", "Use a name like x.csv, once."),
            )
        rows[name] = value
    return tuple(rows.values())


def _drop_own_title(stream: Sequence[Shown]) -> list[Shown]:
    head = next(place for place, value in enumerate(stream) if isinstance(value, Head))
    return [value for place, value in enumerate(stream) if place > head or _level(value) != 1]


def _level(value: Shown) -> int | None:
    return value.level if isinstance(value, Heading) else None


def _drop_empty_sections(stream: Sequence[Shown]) -> list[_Unnumbered]:
    """Leave out every section whose code cells all say that there is nothing, with its Markdown.

    One of headings only goes where its cells are silent, too.
    """
    kept: list[_Unnumbered] = []
    place = 0
    while place < len(stream):
        value = stream[place]
        end = _find_section_end(stream, place)
        if isinstance(value, Heading) and _is_empty(stream[place:end]):
            place = end
            continue
        if not isinstance(value, Head | Rows | Facts | Nothing | Remark | Told):
            kept.append(value)
        place += 1
    return kept


def _find_section_end(stream: Sequence[Shown], start: int) -> int:
    """Return the place of the next heading of the same or a higher level, or the end."""
    level = _level(stream[start]) or 0
    places = range(start + 1, len(stream))
    return next((p for p in places if (_level(stream[p]) or 9) <= level), len(stream))


def _is_empty(section: Sequence[Shown]) -> bool:
    silent = [value for value in section if isinstance(value, Nothing)]
    if not silent or any(
        isinstance(value, Sentences | Table | Tiles | Chart | Picture | Told) for value in section
    ):
        return False
    # Below a text, a cell that only computes or prints is no word on what there is to show.
    if not any(value.reason for value in silent) and any(isinstance(v, Flow) for v in section):
        return False
    # A section made of Markdown only stays, so the part around it cannot go as a whole.
    inner = [place for place, value in enumerate(section) if place and _level(value) == 2]
    return all(_is_empty(section[p : _find_section_end(section, p)]) for p in inner)


def _raise_subheadings(blocks: Sequence[_Unnumbered]) -> Iterator[_Unnumbered]:
    """Leave no gap in the levels of a 別紙 or 参考 that has ### headings but no ##."""
    places = [place for place, block in enumerate(blocks) if _level(block) == 1]
    for start, end in zip([0, *places], [*places, len(blocks)], strict=True):
        part = blocks[start:end]
        flat = _is_appendix(part) and all(_level(block) != 2 for block in part)
        for block in part:
            if flat and isinstance(block, Heading) and block.level > 2:
                yield replace(block, level=block.level - 1)
            else:
                yield block


def _is_appendix(part: Sequence[_Unnumbered]) -> bool:
    first = part[0] if part else None
    return isinstance(first, Heading) and bool(_APPENDIX.fullmatch(first.text))


def _number_headings(blocks: Iterable[_Unnumbered]) -> Iterator[_Unnumbered]:
    """Number sections, 別紙 and 参考, each in running order, and name the part of each heading."""
    counters = {kind: count(1) for kind in ("id", "section", *_PARTS)}
    part: Part = "main"
    landscape = False
    for block in blocks:
        if not isinstance(block, Heading):
            yield block
            continue
        level, text, number = block.level, block.text, ""
        if level == 1:
            part, landscape = "main", block.landscape
            if appendix := _APPENDIX.fullmatch(text):
                kind, text = appendix.groups()
                part, number = _PARTS[kind], f"{kind}{next(counters[kind])}"
        elif level == 2 and part == "main":
            number = str(next(counters["section"]))
        yield Heading(level, text, number, f"s-{next(counters['id'])}", part, landscape)


def _number_exhibits(blocks: Iterable[_Unnumbered]) -> Iterator[Block]:
    """Number tables and figures, each in running order; a picture if it has a caption."""
    tables, figures = count(1), count(1)
    for block in blocks:
        match block:
            case Table():
                yield NumberedTable(next(tables), block)
            case Chart():
                yield Figure(next(figures), block)
            case Picture(caption=caption) if caption:
                yield replace(block, number=next(figures))
            case _:
                yield block
