"""The blocks that a document is made of, in the form in which every exporter draws them.

What a notebook value already says (:class:`~nenpo.content.display.Sentences`, ``Table``,
``Chart``) is not written again: a table and a figure only get their number here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nenpo.content.display import Chart, RowKind, Sentences, Table

Part = Literal["main", "annex", "reference"]


@dataclass(frozen=True)
class Inline:
    """A run of text set in one way; ``"\\n"`` in it is a line break, ``href`` is "" for no link."""

    text: str
    strong: bool = False
    emph: bool = False
    code: bool = False
    href: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of Markdown."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class ListBlock:
    """A list of Markdown, numbered if ``ordered``; every item is one paragraph."""

    ordered: bool
    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3.

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


Block = Heading | Paragraph | ListBlock | Sentences | NumberedTable | Figure


def pair_rows(table: Table) -> list[tuple[tuple[str, ...], RowKind]]:
    """Return the table's rows, each with its kind."""
    kinds: Sequence[RowKind] = table.kinds or ["body"] * len(table.rows)
    return list(zip(table.rows, kinds, strict=True))


def list_values(table: Table) -> list[tuple[str, ...]]:
    """Return the rows that have a cell in every column: all but the group rows."""
    return [row for row, kind in pair_rows(table) if kind != "group"]
