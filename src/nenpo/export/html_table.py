"""A table → what the HTML template draws: header cells, row groups, widths, marks, links."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from nenpo.content.display import Align, Column, RowKind, Table
from nenpo.export.blocks import NumberedTable, list_values, pair_rows
from nenpo.export.links import NO_LINKS, Links, Parts
from nenpo.export.marks import name_marks, split_mark
from nenpo.export.measure import (
    is_number,
    measure_longest,
    measure_numbers,
    measure_text,
    share_widths,
)

# Widths are in em of the table's own text. Text is read with ease from twelve characters a line,
# on a narrow screen from eight; a mark alone never wraps, its words may, and a number never does.
_PADDING = 1.4
_TEXT_LINE = 12.0
_NARROW_TEXT_LINE = 8.0
_HEADER_LINE = 4.0
_LONGEST_MARK = 6.0
# The page's column beside the contents list, at 1280 px.
_WIDEST_TABLE = 70.5
_MANY_COLUMNS = 10
# From this number of rows on, a card shows its name alone until it is opened.
_MANY_CARDS = 12
# The text width of a small phone (320 px): what needs more scrolls there, or turns into cards.
_PHONE = 20.0
_LONGEST_ON_CARD = 13.0
# From this length on, a cell is text to read rather than a value to compare.
_LONG_TEXT = 14.0
_STAYS = "position:sticky;left:0;z-index:1;background:var(--paper)"
# As in the stylesheet: below this, a row is a card.
_CARDS = "@media screen and (max-width: 59.99rem)"
_ROWS = "@media print, (min-width: 60rem)"
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
    """One cell; ``scope`` is "" for a data cell.

    ``label`` names its column on a card where its place in the row does not. ``aside`` is small
    text behind it, ``whole`` marks a number that could wrap if the reader's font is wider than
    ours. ``parts`` are its text in pieces, each with the address that it leads to or "".
    """

    text: str
    scope: str = ""
    align: Align = "left"
    colspan: int = 1
    rowspan: int = 1
    label: str = ""
    mark: Mark | None = None
    whole: bool = False
    aside: str = ""
    parts: Parts = ()

    @property
    def classes(self) -> str:
        """Its class names: how it is aligned, if not as most are, and if it may not wrap."""
        aligned = "" if self.align == "left" else self.align
        return " ".join(filter(None, (aligned, "whole" if self.whole else "")))


@dataclass(frozen=True)
class RowView:
    """One row: its kind as ``Table.kinds`` has it, "" in the header, and its cells.

    ``id`` is that of a row of a long list; on a card of which only the name is shown until it is
    opened, ``folds`` is the place of the cell with the name, else None.
    """

    kind: str
    cells: tuple[Cell, ...]
    id: str = ""
    folds: int | None = None


@dataclass(frozen=True)
class TableView:
    """A table ready to draw.

    ``layout`` is "plain" (fits everywhere), "scroll" (scrolls within itself where it does not
    fit) or "cards" (each row becomes a card on a narrow screen); ``fits``: it does not scroll on a
    wide one. ``spans`` are the numbers of columns of the column groups, ``rules`` the table's own
    CSS.
    """

    id: str
    block: NumberedTable
    layout: str
    fits: bool
    spans: tuple[int, ...]
    header: tuple[RowView, ...]
    bodies: tuple[tuple[RowView, ...], ...]
    rules: str


def view_table(block: NumberedTable, links: Links = NO_LINKS) -> TableView:
    """Return the view of a table; what its cells name leads to where ``links`` says."""
    table, identity = block.table, f"table-{block.number}"
    marks, layout = _read_marks(table), _choose_layout(table)
    narrow, wide = (_measure_needs(table, line) for line in (_NARROW_TEXT_LINE, _TEXT_LINE))
    header = tuple(_head_columns(table, marks))
    bodies = tuple(_split_bodies(block, marks, links))
    fits = math.fsum(wide) <= _WIDEST_TABLE
    rules = [_write_rules(identity, table, layout, narrow, wide)]
    if any(cell.whole for body in bodies for row in body for cell in row.cells):
        rules.append(f"#{identity} .whole{{white-space:nowrap}}\n")
    if not fits:
        # On a wide screen, too, the names of the rows stay in sight.
        stays = f"#{identity} th[scope=row]:first-child{{{_STAYS}}}"
        rules.append(f"{_ROWS} {{{stays}}}\n" if layout == "cards" else f"{stays}\n")
    if not header:
        rules.append(f"#{identity} tbody:first-of-type tr:first-child>*{{{_TOP_LINE}}}\n")
    return TableView(
        id=identity,
        block=block,
        layout=layout,
        fits=fits,
        spans=tuple(group.span for group in table.groups) or (len(table.columns),),
        header=header,
        bodies=bodies,
        rules="".join(rules),
    )


def name_rows(block: NumberedTable) -> dict[str, str]:
    """Return the ids of the rows of a long list by the names of the rows; {} for other tables.

    A name that stands twice names no row.
    """
    table = block.table
    if not _is_long_list(table):
        return {}
    names = {
        place: row[table.row_headers - 1]
        for place, (row, kind) in enumerate(pair_rows(table), 1)
        if kind not in ("group", "note")
    }
    times = Counter(names.values())
    return {name: f"t{block.number}-{n}" for n, name in names.items() if times[name] == 1}


def _is_long_list(table: Table) -> bool:
    """Return whether a phone shows cards, each with a name: no id that says nothing of it."""
    rows = list_values(table)
    if not table.row_headers or len(rows) <= _MANY_CARDS or _choose_layout(table) != "cards":
        return False
    return max(measure_longest(row[table.row_headers - 1]) for row in rows) > _TEXT_LINE


def _measure_needs(table: Table, line: float) -> list[float]:
    """Return the widths in em below which a column has less than a ``line`` for its texts."""
    rows, needs = list_values(table), []
    numbers = _measure_numbers(table)
    for position, column in enumerate(table.columns):
        longest = max((measure_longest(row[position]) for row in rows), default=0.0)
        limit = line if column.kind == "text" else _LONGEST_MARK
        label = min(measure_longest(column.label), _HEADER_LINE)
        needs.append(max(min(longest, limit) + _PADDING, label + _PADDING, numbers[position]))
    return needs


def _measure_numbers(table: Table) -> list[float]:
    """Return the widths in em below which a column would break a number."""
    rows = list_values(table)
    return [
        max(map(measure_numbers, (*(row[place] for row in rows), column.label))) + _PADDING
        for place, column in enumerate(table.columns)
    ]


def _choose_layout(table: Table) -> str:
    needs, least = _measure_needs(table, _NARROW_TEXT_LINE), _measure_numbers(table)
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


def _split_bodies(
    block: NumberedTable, marks: Marks, links: Links
) -> Iterator[tuple[RowView, ...]]:
    """Yield the rows, a group row opening each new body."""
    table, folds = block.table, _is_long_list(block.table)
    ids = set(name_rows(block).values())
    # A list does not lead into itself.
    links = replace(links, rows={}) if folds else links
    body: list[RowView] = []
    for place, (_, kind) in enumerate(pair_rows(table)):
        if kind == "group" and body:
            yield tuple(body)
            body = []
        row = _view_row(table, marks, place, kind)
        cells = tuple(replace(cell, parts=links.split_cell(cell.text)) for cell in row.cells)
        identity = f"t{block.number}-{place + 1}"
        name = _find_name(cells) if folds else None
        body.append(RowView(kind, cells, identity if identity in ids else "", name))
    if body:
        yield tuple(body)


def _find_name(cells: Sequence[Cell]) -> int | None:
    """Return the place of the cell that names its row; None if no other is left to be opened."""
    heads = [place for place, cell in enumerate(cells) if cell.scope == "row"]
    hidden = any(cell.text and not cell.scope and cell.mark is None for cell in cells)
    return heads[-1] if heads and hidden else None


def _view_row(table: Table, marks: Marks, place: int, kind: RowKind) -> RowView:
    row, width = table.rows[place], len(table.columns)
    if kind == "group":
        aside = row[1] if width > 1 else ""
        return RowView(kind, (Cell(row[0], "rowgroup", colspan=width, aside=aside),))
    if kind == "note":
        return RowView(kind, (Cell(row[0], colspan=width),))
    starts = [n for n in range(width) if (place, n) not in table.joined]
    labels = _label_cells(table)
    cells = tuple(
        Cell(
            text := row[start],
            scope="row" if start < table.row_headers and text else "",
            align=(column := table.columns[start]).align,
            colspan=end - start,
            # Of the cells behind one that is joined, the place no longer tells the column.
            label="・".join(dict.fromkeys(labels[start:end])) if number < end - 1 else "",
            mark=_find_mark(text, marks) if column.kind == "mark" else None,
            whole=is_number(text) and measure_text(text) > _HEADER_LINE,
        )
        for number, (start, end) in enumerate(pairwise([*starts, width]))
    )
    return RowView(kind, cells)


def _label_cells(table: Table) -> list[str]:
    """Return what a card calls the cell of each column: every level of its header."""
    upper = [group.text for group in table.groups for _ in range(group.span)]
    labels = [column.label for column in table.columns]
    return [
        " ".join(filter(None, (above, label)))
        for above, label in zip(upper or [""] * len(labels), labels, strict=True)
    ]


def _read_marks(table: Table) -> Marks:
    labels = name_marks(table)
    return {
        mark: Mark(tone if tone in _TONES else "neutral", labels.get(mark, ""))
        for mark, tone in table.tones.items()
    }


def _find_mark(text: str, marks: Marks) -> Mark | None:
    """Return the mark that ``text`` begins with, as in ○（後ろ倒し）."""
    mark, rest = split_mark(text, marks)
    if not mark:
        return None
    # Nothing is said twice where the cell itself already spells its mark out.
    return Mark(marks[mark].tone, "") if marks[mark].label in rest else marks[mark]


def _write_rules(
    identity: str,
    table: Table,
    layout: str,
    narrow: Sequence[float],
    wide: Sequence[float],
) -> str:
    """Return the CSS of a table: narrow screens share out what is needed, others what is asked."""
    widths = _widen_columns(table, wide)
    shared = f"{_ROWS} {{\n{_write_widths(identity, widths)}}}\n"
    if layout == "cards":
        return f"{_CARDS} {{\n{''.join(_write_labels(identity, table))}}}\n{shared}"
    return _write_widths(identity, narrow) + shared


def _widen_columns(table: Table, needs: Sequence[float]) -> list[float]:
    """Return the least widths at which each column has what it needs, if possible as asked."""
    asked = [max(column.width, 0.01) for column in table.columns]
    if len(set(asked)) == 1:  # nobody asked
        asked = share_widths(table, _WIDEST_TABLE)
    shares = [width / math.fsum(asked) for width in asked]
    width = max(need / share for need, share in zip(needs, shares, strict=True))
    if width <= _WIDEST_TABLE:
        return [share * width for share in shares]
    left = max(_WIDEST_TABLE - math.fsum(needs), 0.0)
    return [need + share * left for need, share in zip(needs, shares, strict=True)]


def _write_widths(identity: str, widths: Sequence[float]) -> str:
    total = math.fsum(widths)
    columns = [f"#{identity} .c{n}{{width:{w / total:.2%}}}\n" for n, w in enumerate(widths, 1)]
    return "".join(columns) + f"#{identity}{{min-width:{total:.1f}em}}\n"


def _write_labels(identity: str, table: Table) -> Iterator[str]:
    """Yield the rules that put the header of its column before each value on a card.

    What names the card and the mark beside that need none. Those who hear the page are told by
    the table's header.
    """
    cells = f"#{identity} :is(.body,.attention,.total)>"
    for place, label in enumerate(_label_cells(table)):
        beside = table.columns[place].kind == "mark" and place <= table.row_headers
        if label and place >= max(table.row_headers, 1) and not beside:
            text = _quote_css(label)
            yield f'{cells}:nth-child({place + 1})::before{{content:{text};content:{text}/""}}\n'
    if table.joined:
        own = "attr(data-label)"
        yield f'{cells}[data-label]:nth-child(n)::before{{content:{own};content:{own}/""}}\n'


def _quote_css(text: str) -> str:
    """Return ``text`` as a string of CSS in which nothing ends string, rule or stylesheet."""
    return '"' + re.sub(r"[^\w 　、。・（）]", lambda sign: f"\\{ord(sign[0]):x} ", text) + '"'
