"""What the tables of several sections share: a row a thing, rows under a heading, counts, sums."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from itertools import pairwise
from typing import Any, TypeVar

from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Group, RowKind, Table

SUMMARY = "表の文章は、公表資料の記載の要約である。"

Counts = Mapping[str, int]
Cells = tuple[str, ...]
Thing = TypeVar("Thing")
Shown = TypeVar("Shown")


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


def put_notes(table: Table, notes: Sequence[str]) -> Table:
    """Return the table with a note of its whole width under each row that has one; "" is none."""
    rows: list[Cells] = []
    kinds: list[RowKind] = []
    places: list[int] = []
    if not any(notes):
        return table
    own = table.kinds or end_with_total(len(table.rows))[:-1]
    for row, kind, note in zip(table.rows, own, notes, strict=True):
        places.append(len(rows))
        rows.append(row)
        kinds.append(kind)
        if note:
            rows.append((note, *[""] * (len(table.columns) - 1)))
            kinds.append("note")
    joined = tuple((places[row], column) for row, column in table.joined)
    return replace(table, rows=tuple(rows), kinds=tuple(kinds), joined=joined)


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


def join_alike(
    rows: Sequence[Cells], kinds: Sequence[RowKind], texts: Sequence[int]
) -> tuple[tuple[Cells, ...], tuple[tuple[int, int], ...]]:
    """Return the rows, and the places of the cells that continue the one at their left.

    Of the neighbouring columns ``texts``, those that say the same as the one before, now blank; and
    all to the end of a row of which they say nothing, as of an item that is listed again.

    >>> join_alike([("窓口", "推進", "推進")], ["body"], (1, 2))
    ((('窓口', '推進', ''),), ((0, 2),))
    """
    shown: list[Cells] = []
    joined: list[tuple[int, int]] = []
    for place, (cells, kind) in enumerate(zip(rows, kinds, strict=True)):
        same: list[int] = []
        if texts and kind in ("body", "attention"):
            silent = not any(cells[texts[0] :])
            alike = (n for before, n in pairwise(texts) if cells[n] and cells[before] == cells[n])
            same = list(range(texts[0], len(cells))) if silent else list(alike)
        shown.append(tuple("" if n in same else text for n, text in enumerate(cells)))
        joined += [(place, column) for column in same]
    return tuple(shown), tuple(joined)


def tells_words(show: Callable[[OpenBriefing], Shown]) -> Callable[[OpenBriefing], Shown]:
    """Have the table that ``show`` makes of departments' words say whose words they are.

    Those of a sample are our short wording of what was published, and the table says so beneath;
    of several tables the last one. A municipality's own words need no remark.
    """

    @wraps(show)
    def show_words(b: OpenBriefing) -> Shown:
        shown = show(b)
        is_summary = b.edition.sample and bool(b.plan.meta.sources)
        return _add_summary(shown) if is_summary else shown

    return show_words


def _add_summary(shown: Any) -> Any:
    match shown:
        case Table():
            return replace(shown, note=f"{shown.note}{SUMMARY}")
        case Group(parts=(*others, Table() as last)):
            return Group((*others, _add_summary(last)))
        case _:
            return shown
