"""How a table is set on paper so that no number breaks: page, size of type, one table or two.

The steps are tried in order: narrower padding, the page on its side, smaller type, then two tables
that both have the row headers. A table for which none of them does is refused.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from nenpo.content.display import HeaderCell, Table
from nenpo.errors import DocumentError, Words
from nenpo.export.measure import MANY_COLUMNS, find_needs, fits, holds

# Text width in points of an A4 page with margins of 20 mm, upright and on its side.
TEXT_WIDTH = 481.88
LANDSCAPE_WIDTH = 728.5
_BODY = 9.0  # points of type: nothing but notes is smaller as long as the page can be turned
_INSET = 4.0
_NARROW_INSET = 2.0
_SIZES = ((_BODY, _NARROW_INSET), (8.5, _NARROW_INSET), (8.0, _NARROW_INSET))
# Points of type and of padding: where texts have to be broken, but no number.
_TIGHT = ((8.0, _NARROW_INSET), (7.5, _NARROW_INSET), (7.0, 1.5))
SMALLEST_TYPE = _TIGHT[-1]
_CONTINUED = "（続き）"


def fit_table(table: Table, place: Words, *, landscape: bool) -> tuple[list[Table], bool]:
    """Return the table as it is set, in one or two parts, and whether the page lies on its side.

    ``landscape`` says that the page does so anyway. Raises DocumentError, with ``place``, for a
    table that no page can hold.
    """
    if not landscape and stands_upright(table):
        return [table], False
    if choose_type(table, LANDSCAPE_WIDTH):
        return [table], True
    if halves := _cut_table(table):
        return halves, True
    raise _refuse_table(table, place)


def _refuse_table(table: Table, place: Words) -> DocumentError:
    needs = find_needs(table)
    widest = max(range(len(needs)), key=lambda position: needs[position].hard)
    return DocumentError(
        place=place,
        what=Words(
            "表「{}」の {} 列は、横置きの紙に2つに分けても収まらない（最も広い列は {} 列目「{}」）",
            "the table '{0}' of {1} columns does not fit on paper on its side, even in two parts "
            "(the widest is column {2}, '{3}')",
        ).fill(table.caption, len(needs), widest + 1, table.columns[widest].label),
        remedy=Words(
            "列を減らすか、行と列を入れ替えるか、表を分けて表示すること。",
            "Show fewer columns, rows and columns exchanged, or several tables.",
        ),
    )


def choose_type(table: Table, width: float) -> tuple[float, float] | None:
    """Return the largest type in which no number breaks on a page with ``width`` points for text.

    With it comes the padding of a cell on either side, both in points; None if there is no such
    type of 7 points or more.
    """
    count = len(table.columns)
    inset = _INSET if count <= MANY_COLUMNS else _NARROW_INSET
    needs = find_needs(table)
    for size, padding in ((_BODY, inset), *_SIZES):
        if fits(needs, measure_room(count, width, size, padding)):
            return size, padding
    for size, padding in _TIGHT:
        if holds(needs, measure_room(count, width, size, padding)):
            return size, padding
    return None


def stands_upright(table: Table) -> bool:
    """Return whether the table needs no smaller type on an upright page."""
    found = choose_type(table, TEXT_WIDTH)
    return found is not None and found[0] >= _BODY


def measure_room(columns: int, width: float, size: float, inset: float) -> float:
    """Return the em of type that ``width`` points have for the texts of so many columns."""
    return (width - 2 * inset * columns) / size


def _cut_table(table: Table) -> list[Table]:
    """Return the table in two, both with its row headers; nothing if that does not help."""
    # Without row headers nothing would tell which rows of the halves belong together.
    heads = list(range(table.row_headers or 1))
    for cut in _list_cuts(table, len(heads)):
        first = _take_columns(table, [*heads, *range(len(heads), cut)])
        second = _take_columns(table, [*heads, *range(cut, len(table.columns))])
        if all(choose_type(half, LANDSCAPE_WIDTH) for half in (first, second)):
            return [
                replace(first, note=""),
                replace(second, caption=f"{table.caption}{_CONTINUED}"),
            ]
    return []


def _list_cuts(table: Table, heads: int) -> list[int]:
    """Return where a table may be cut, the best first: between groups, near the middle."""
    columns = len(table.columns)
    edges = set(accumulate(cell.span for cell in table.groups))
    middle = (heads + columns) / 2
    return sorted(range(heads + 1, columns), key=lambda p: (p not in edges, abs(p - middle)))


def _take_columns(table: Table, places: Sequence[int]) -> Table:
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        rows=tuple(tuple(row[place] for place in places) for row in _part_cells(table)),
        joined=(),
        row_headers=table.row_headers or 1,
        groups=tuple(_take_groups(table, places)),
    )


def _part_cells(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the rows, each cell that continues another with that one's text."""
    joined = set(table.joined)
    for place, row in enumerate(table.rows):
        cells = list(row)
        for column in range(1, len(cells)):
            if (place, column) in joined:
                cells[column] = cells[column - 1]
        yield tuple(cells)


def _take_groups(table: Table, places: Sequence[int]) -> Iterator[HeaderCell]:
    start = 0
    for cell in table.groups:
        span = sum(start <= place < start + cell.span for place in places)
        start += cell.span
        if span:
            yield HeaderCell(cell.text, span)
