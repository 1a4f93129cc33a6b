"""The blocks that a document is made of, in the form in which every exporter draws them.

What a notebook value already says (:class:`~nenpo.content.display.Sentences`, ``Table``,
``Chart``) is not written again: a table and a figure only get their number here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nenpo.content.display import Align, Chart, RowKind, Sentences, Table, Tiles

Part = Literal["main", "annex", "reference"]


@dataclass(frozen=True)
class Inline:
    """A run of text set in one way; ``"\\n"`` in it is a line break, ``href`` is "" for no link.

    One with a ``note`` has no text: there stands the mark of a footnote.
    """

    text: str
    strong: bool = False
    emph: bool = False
    code: bool = False
    href: str = ""
    strike: bool = False
    script: Literal["", "sub", "sup"] = ""
    note: "Footnote | None" = None


Inlines = tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of Markdown."""

    inlines: Inlines


@dataclass(frozen=True)
class ListBlock:
    """A list of Markdown; ``numbers`` are those of its items as written, () for a list of points.

    ``closer`` stands behind each number: "." or ")".
    """

    items: tuple[tuple["Flow", ...], ...]
    numbers: tuple[int, ...] = ()
    closer: str = "."


@dataclass(frozen=True)
class Quote:
    """A quotation."""

    blocks: tuple["Flow", ...]


@dataclass(frozen=True)
class CodeBlock:
    """Lines that are shown as they are written, blanks included."""

    text: str


@dataclass(frozen=True)
class Rule:
    """A line across the text."""


@dataclass(frozen=True)
class TextTable:
    """A table of Markdown: it stands in the text, without number and caption."""

    aligns: tuple[Align, ...]
    header: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]


@dataclass(frozen=True)
class Picture:
    """An image, as SVG; ``width`` and ``height`` are its own, in CSS pixels (96 to the inch).

    One with a caption gets a ``number`` among the figures where it stands by itself; else it is 0.
    """

    svg: str
    alt: str
    caption: str
    width: float
    height: float
    number: int = 0


# What may stand in a quotation, in an item of a list and in a footnote.
Flow = Paragraph | ListBlock | Quote | CodeBlock | Rule | TextTable | Picture


@dataclass(frozen=True)
class Footnote:
    """A footnote; ``id`` tells it from every other of the document."""

    id: str
    blocks: tuple[Flow, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4.

    ``number`` ("2", "別紙1") is "" for none, ``id`` is unique in the document. ``part`` says to
    what the heading belongs: the text itself, a 別紙 or a 参考. All that stands between two
    headings of level 1 is set on its side if the first is ``landscape``.
    """

    level: int
    text: str
    number: str = ""
    id: str = ""
    part: Part = "main"
    landscape: bool = False


@dataclass(frozen=True)
class NumberedTable:
    """表1, 表2, …: a table and its number."""

    number: int
    table: Table


@dataclass(frozen=True)
class Figure:
    """図1, 図2, …: a chart and its number."""

    number: int
    chart: Chart


Block = Heading | Flow | Sentences | Tiles | NumberedTable | Figure


def pair_rows(table: Table) -> list[tuple[tuple[str, ...], RowKind]]:
    """Return the table's rows, each with its kind."""
    kinds: Sequence[RowKind] = table.kinds or ["body"] * len(table.rows)
    return list(zip(table.rows, kinds, strict=True))


def list_values(table: Table) -> list[tuple[str, ...]]:
    """Return the rows that have a cell in every column: neither group rows nor notes."""
    return [row for row, kind in pair_rows(table) if kind not in ("group", "note")]


class FootnoteMarks:
    """The footnotes of a document, numbered in the order in which the text refers to them."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        found = {inline.note.id: inline.note for inline in _walk_inlines(blocks) if inline.note}
        self.footnotes = tuple(found.values())
        self._numbers = {identity: number for number, identity in enumerate(found, 1)}
        self._referred = set[str]()

    def refer(self, note: Footnote) -> tuple[int, bool]:
        """Return the note's number, and whether this is the first call for it."""
        first = note.id not in self._referred
        self._referred.add(note.id)
        return self._numbers[note.id], first


def _walk_inlines(blocks: Iterable[Block]) -> Iterator[Inline]:
    for block in blocks:
        match block:
            case Paragraph(inlines):
                yield from inlines
            case ListBlock(items):
                for item in items:
                    yield from _walk_inlines(item)
            case Quote(inner):
                yield from _walk_inlines(inner)
            case TextTable(_, header, rows):
                for cell in (*header, *(cell for row in rows for cell in row)):
                    yield from cell


def plain_text(inlines: Iterable[Inline]) -> str:
    """Return what the inlines say, without how they are set."""
    return "".join(inline.text for inline in inlines)
