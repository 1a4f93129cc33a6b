"""What the tables of several sections share: a row a thing, rows under a heading, counts, sums."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from nenpo.content.display import Column, RowKind, Table

Counts = Mapping[str, int]
Cells = tuple[str, ...]
Thing = TypeVar("Thing")


def list_things(
    caption: str,
    things: Iterable[Thing],
    *columns: tuple[Column, Callable[[Thing], str]],
    **more: Any,
) -> Table:
    """Return a table with a row for each thing: each column with what it shows of one.

    ``more`` are further fields of the table.
    """
    shows = [show for _, show in columns]
    rows = tuple(tuple(show(thing) for show in shows) for thing in things)
    return Table(caption, tuple(column for column, _ in columns), rows, **more)


def count_columns(labels: Iterable[str], width: float = 2) -> tuple[Column, ...]:
    """Return a column of counts for each label, such as a mark."""
    return tuple(Column(label, "right", width, "number") for label in labels)


def group_rows(
    groups: Iterable[tuple[str | tuple[str, str], Sequence[Cells]]], columns: int
) -> tuple[tuple[Cells, ...], tuple[RowKind, ...]]:
    """Return the rows and their kinds: each group's name, across all columns, above its rows.

    A name may come with small text behind it. A row of one cell among several columns says more
    of the row above it.

    >>> group_rows([("目標1", [("窓口", "2")])], 2)
    ((('目標1', ''), ('窓口', '2')), ('group', 'body'))
    >>> group_rows([(("目標1", "2件"), [("窓口", "2"), ("理由は…",)])], 2)
    ((('目標1', '2件'), ('窓口', '2'), ('理由は…', '')), ('group', 'body', 'note'))
    """
    rows: list[Cells] = []
    kinds: list[RowKind] = []
    for name, own in groups:
        named = (name,) if isinstance(name, str) else name
        rows += [(*cells, *[""] * (columns - len(cells))) for cells in (named, *own)]
        kinds += ["group", *("body" if len(cells) == columns else "note" for cells in own)]
    return tuple(rows), tuple(kinds)


def end_with_total(rows: int) -> tuple[RowKind, ...]:
    """Return the kinds of so many rows and one of sums below them."""
    body: list[RowKind] = ["body"] * rows
    return (*body, "total")


def count_with_sum(counts: Counts) -> tuple[int, ...]:
    """Return the counts of the marks in scale order, and their sum."""
    return (*counts.values(), sum(counts.values()))
