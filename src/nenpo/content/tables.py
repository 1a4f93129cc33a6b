"""What the tables of several sections share: rows under a heading of their own, a row of sums."""

from collections.abc import Iterable, Mapping, Sequence

from nenpo.content.display import RowKind

Counts = Mapping[str, int]
Cells = tuple[str, ...]


def group_rows(
    groups: Iterable[tuple[str, Sequence[Cells]]], columns: int
) -> tuple[tuple[Cells, ...], tuple[RowKind, ...]]:
    """Return the rows and their kinds: each group's name, across all columns, above its rows.

    >>> group_rows([("目標1", [("窓口", "2")])], 2)
    ((('目標1', ''), ('窓口', '2')), ('group', 'body'))
    """
    rows: list[Cells] = []
    kinds: list[RowKind] = []
    for name, own in groups:
        heading: RowKind = "group"
        rows += [(name, *[""] * (columns - 1)), *own]
        kinds += [heading, *end_with_total(len(own))[:-1]]
    return tuple(rows), tuple(kinds)


def end_with_total(rows: int) -> tuple[RowKind, ...]:
    """Return the kinds of so many rows and one of sums below them."""
    body: list[RowKind] = ["body"] * rows
    return (*body, "total")


def count_with_sum(counts: Counts) -> tuple[int, ...]:
    """Return the counts of the marks in scale order, and their sum."""
    return (*counts.values(), sum(counts.values()))
