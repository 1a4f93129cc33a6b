"""A table → what the HTML template draws: header cells, row groups, widths, marks."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nenpo.content.display import Column, RowKind, Table
from nenpo.export.blocks import NumberedTable, list_values, pair_rows
from nenpo.export.measure import is_number, measure_longest, measure_numbers, measure_text

# Widths are in em of the table's own text. Text is readable from about eight characters a line;
# a mark never wraps, within reason, and a number never does.
_PADDING = 1.6
_TEXT_LINE = 8.0
_HEADER_LINE = 4.0
_LONGEST_MARK = 12.0
# The page's column beside the contents list, at 1280 px. Texts of as many columns as fit in it
# become cards on a phone.
_WIDEST_TABLE = 60.0
_MANY_COLUMNS = 10
# The text width of a small phone (320 px): what needs more scrolls there, or turns into cards.
_PHONE = 20.0
_LONGEST_ON_CARD = 13.0
# From this length on, a cell is text to read rather than a value to compare.
_LONG_TEXT = 14.0
_STAYS = "position:sticky;left:0;z-index:1;background:var(--paper)"
_TOP_LINE = "border-top:2px solid var(--ink)"
_TONES = frozenset({"good", "neutral", "caution", "bad"})


@dataclass(frozen=True)
class Mark:
    """How a status mark is drawn: its tone (a class name) and its label, "" where unknown."""

    tone: str
    label: str


Marks = Mapping[str, Mark]


@dataclass(frozen=True)
class Cell:
    """One cell; ``scope`` is "" for a data cell, ``label`` names its column on a card.

    ``aside`` is small text behind it, ``whole`` marks a number that could wrap if the reader's
    font is wider than ours.
    """

    text: str
    scope: str = ""
    align: str = "left"
    colspan: int = 1
    rowspan: int = 1
    label: str = ""
    mark: Mark | None = None
    whole: bool = False
    aside: str = ""


@dataclass(frozen=True)
class RowView:
    """One row: its kind as ``Table.kinds`` has it, "" in the header, and its cells."""

    kind: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class TableView:
    """A table ready to draw.

    ``layout`` is "plain" (fits everywhere), "scroll" (scrolls within itself where it does not
    fit) or "cards" (each row becomes a card on a narrow screen). ``spans`` are the numbers of
    columns of the column groups, ``rules`` the table's own CSS.
    """

    id: str
    block: NumberedTable
    layout: str
    spans: tuple[int, ...]
    header: tuple[RowView, ...]
    bodies: tuple[tuple[RowView, ...], ...]
    rules: str


def view_table(block: NumberedTable) -> TableView:
    """Return the view of a table."""
    table, identity = block.table, f"table-{block.number}"
    marks, needs, least = _read_marks(table), *_measure_needs(table)
    layout = _choose_layout(table, needs, least)
    # Texts may be set narrower than is pleasant, numbers may not be broken.
    limit = _WIDEST_TABLE if layout == "cards" else max(_WIDEST_TABLE, math.fsum(needs))
    header = tuple(_head_columns(table, marks))
    bodies = tuple(_split_bodies(table, marks))
    rules = [_write_rules(identity, table.columns, needs, least, limit)]
    if any(cell.whole for body in bodies for row in body for cell in row.cells):
        rules.append(f"#{identity} .whole{{white-space:nowrap}}\n")
    if math.fsum(needs) > _WIDEST_TABLE and layout == "scroll":
        # On a wide screen, too, the names of the rows stay in sight.
        rules.append(f"#{identity} th[scope=row]:first-child{{{_STAYS}}}\n")
    if not header:
        rules.append(f"#{identity} tbody:first-of-type tr:first-child>*{{{_TOP_LINE}}}\n")
    return TableView(
        id=identity,
        block=block,
        layout=layout,
        spans=tuple(group.span for group in table.groups) or (len(table.columns),),
        header=header,
        bodies=bodies,
        rules="".join(rules),
    )


def read_legend(legend: str, marks: Sequence[str]) -> dict[str, str]:
    """Return the label of each mark that a legend explains.

    >>> read_legend("◎ 予定どおり　× 未着手", "◎○×")
    {'◎': '予定どおり', '×': '未着手'}
    """
    places = sorted((legend.find(mark), mark) for mark in marks if mark and mark in legend)
    labels = {
        mark: legend[start + len(mark) : end].strip(" 　:：=＝・、,，;；/／|｜。\n")
        for (start, mark), (end, _) in pairwise([*places, (len(legend), "")])
    }
    return {mark: label for mark, label in labels.items() if label}


def _measure_needs(table: Table) -> tuple[list[float], list[float]]:
    """Return the widths in em below which each column cannot be read, or would break a number."""
    rows = list_values(table)
    needs, least = [], []
    for position, column in enumerate(table.columns):
        cells = [row[position] for row in rows]
        longest = max(map(measure_longest, cells), default=0.0)
        limit = _TEXT_LINE if column.kind == "text" else _LONGEST_MARK
        label = min(measure_longest(column.label), _HEADER_LINE)
        number = max(map(measure_numbers, (*cells, column.label)))
        needs.append(max(min(longest, limit), label, number) + _PADDING)
        least.append(number + _PADDING)
    return needs, least


def _choose_layout(table: Table, needs: Sequence[float], least: Sequence[float]) -> str:
    if math.fsum(needs) <= _PHONE:
        return "plain"
    # Long texts side by side cannot be read through a phone's width; numbers must stay side by
    # side, because they are there to be compared, and some are too long for a card.
    if math.fsum(least) > _WIDEST_TABLE or max(least) > _LONGEST_ON_CARD:
        return "scroll"
    longest = [max(map(measure_longest, texts)) for texts in zip(*list_values(table), strict=True)]
    long_columns = sum(length > _LONG_TEXT for length in longest)
    return "cards" if long_columns >= 2 and len(table.columns) <= _MANY_COLUMNS else "scroll"


def _head_columns(table: Table, marks: Marks) -> Iterator[RowView]:
    """Yield one header row or, with column groups, two; none if no column has a label.

    An unnamed group leaves its columns.
    """
    below = [_head_column(column, marks) for column in table.columns]
    if not table.groups and not any(column.label for column in table.columns):
        return
    if not table.groups:
        yield RowView("", tuple(below))
        return
    upper, lower, start = [], [], 0
    for group in table.groups:
        members = below[start : start + group.span]
        start += group.span
        if group.text:
            upper.append(Cell(group.text, "colgroup", "center", colspan=group.span))
            lower += members
        else:
            upper += [replace(cell, rowspan=2) for cell in members]
    yield RowView("", tuple(upper))
    yield RowView("", tuple(lower))


def _head_column(column: Column, marks: Marks) -> Cell:
    # An empty header cell heads nothing: a reader must not be told that it does.
    label = column.label
    return Cell(label, "col" if label else "", column.align, mark=marks.get(label))


def _split_bodies(table: Table, marks: Marks) -> Iterator[tuple[RowView, ...]]:
    """Yield the rows, a group row opening each new body."""
    body: list[RowView] = []
    for place, (_, kind) in enumerate(pair_rows(table)):
        if kind == "group" and body:
            yield tuple(body)
            body = []
        body.append(_view_row(table, marks, place, kind))
    if body:
        yield tuple(body)


def _view_row(table: Table, marks: Marks, place: int, kind: RowKind) -> RowView:
    row, width = table.rows[place], len(table.columns)
    if kind == "group":
        aside = row[1] if width > 1 else ""
        return RowView(kind, (Cell(row[0], "rowgroup", colspan=width, aside=aside),))
    if kind == "note":
        return RowView(kind, (Cell(row[0], colspan=width),))
    starts = [n for n in range(width) if (place, n) not in table.joined]
    cells = tuple(
        Cell(
            text := row[start],
            scope="row" if start < table.row_headers and text else "",
            align=(column := table.columns[start]).align,
            colspan=end - start,
            label=column.label,
            mark=_find_mark(text, marks) if column.kind == "mark" else None,
            whole=is_number(text) and measure_text(text) > _HEADER_LINE,
        )
        for start, end in zip(starts, [*starts[1:], width], strict=True)
    )
    return RowView(kind, cells)


def _read_marks(table: Table) -> Marks:
    labels = read_legend(table.legend, list(table.tones)) | dict(table.spoken)
    return {
        mark: Mark(tone if tone in _TONES else "neutral", labels.get(mark, ""))
        for mark, tone in table.tones.items()
    }


def _find_mark(text: str, marks: Marks) -> Mark | None:
    """Return the mark that ``text`` begins with, as in ○（後ろ倒し）."""
    found = next((mark for mark in marks if mark and text.startswith(mark)), None)
    if found is None:
        return None
    # Nothing is said twice where the cell itself already spells its mark out.
    return Mark(marks[found].tone, "") if marks[found].label in text else marks[found]


def _write_rules(
    identity: str,
    columns: Sequence[Column],
    needs: Sequence[float],
    least: Sequence[float],
    limit: float,
) -> str:
    """Return the CSS of a table: narrow screens share out what is needed, others what is asked."""
    asked = [max(column.width, 0.01) for column in columns]
    shares = [width / math.fsum(asked) for width in asked]
    width = min(max(need / share for need, share in zip(needs, shares, strict=True)), limit)
    if any(share * width < number for share, number in zip(shares, least, strict=True)):
        widths = [max(s * width, number) for s, number in zip(shares, least, strict=True)]
        width = math.fsum(widths)
        shares = [each / width for each in widths]
    wide = _write_widths(identity, shares, width)
    narrow = _write_widths(identity, [need / math.fsum(needs) for need in needs], math.fsum(needs))
    return f"{narrow}@media print, (min-width: 48rem) {{\n{wide}}}\n"


def _write_widths(identity: str, shares: Sequence[float], width: float) -> str:
    columns = [f"#{identity} .c{n}{{width:{share:.2%}}}\n" for n, share in enumerate(shares, 1)]
    return "".join(columns) + f"#{identity}{{min-width:{width:.1f}em}}\n"
