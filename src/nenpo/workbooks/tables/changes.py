"""A table as it is and as a workbook has it → what changes, and the table that comes of it.

A row is known by its key. Where a table has none, it is known by its cells, then by the number
that it was written with. What means the same stays as the file has it: 46.0 is not made 46.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nenpo.data.schema.columns import find_field
from nenpo.data.writing import write_table
from nenpo.errors import Words
from nenpo.workbooks.tables.cells import Taken, is_same, reduce_text
from nenpo.workbooks.tables.reading import ReadRow, ReadTable
from nenpo.workbooks.tables.sheets import TableColumn, TableSheet, show_cell

Cells = Mapping[str, str]
# Of a longer text, what is the same on both sides is left out around what is not.
_SHOWN = 40


@dataclass(frozen=True)
class NewRow:
    """A row of the table to be, the row of the sheet that it is from, and the row that it was."""

    cells: Cells
    source: ReadRow
    before: Cells | None


@dataclass(frozen=True)
class TableChange:
    """What becomes of one table; ``rows`` are all of it, in the order of the file to be."""

    read: ReadTable
    rows: tuple[NewRow, ...]
    removed: tuple[Cells, ...]
    notes: tuple[Words, ...]

    @property
    def changed(self) -> tuple[NewRow, ...]:
        """The rows that were there before, with other cells."""
        return tuple(row for row in self.rows if row.before is not None and list_cells(row))

    @property
    def added(self) -> tuple[NewRow, ...]:
        """The rows that were not there before."""
        return tuple(row for row in self.rows if row.before is None)

    @property
    def is_moved(self) -> bool:
        """Whether rows that stay change their order."""
        kept = [row.before for row in self.rows if row.before is not None]
        order = {id(row): place for place, row in enumerate(self.read.table.rows)}
        places = [order[id(row)] for row in kept]
        return places != sorted(places)

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed or self.is_moved)

    @property
    def content(self) -> bytes:
        """The file to be: columns and header as the file has them, then those filled anew."""
        table = self.read.table
        header = dict(zip(table.order, table.header, strict=True))
        for column in table.columns:
            filled = any(row.cells.get(column.name) for row in self.rows)
            needed = not table.order and find_field(table.model, column.name).is_required()
            if column.name not in header and (filled or needed):
                header[column.name] = column.name
        rows = ({header[n]: row.cells.get(n, "") for n in header} for row in self.rows)
        return write_table([*header.values()], rows)


def compare_table(read: ReadTable, *, in_order: bool) -> TableChange:
    """Return what becomes of a table; ``in_order``: rows come as the sheet has them."""
    known = dict(_match_rows(read))
    rows = [_make_row(read, row, known.get(row.row)) for row in read.rows]
    kept = {id(row.before) for row in rows if row.before is not None}
    removed = tuple(row for row in read.table.rows if id(row) not in kept)
    notes = [note for row in rows for note in _list_notes(read, row)]
    ordered = rows if in_order else _keep_order(read.table, rows)
    if ordered != rows:
        told = Words(
            "{}: 行の順は、データのとおりとする",
            "{}: rows stay in the order that they have in the data",
        )
        notes.append(told.fill(read.sheet))
    return TableChange(read, tuple(ordered), removed, tuple(notes))


def list_cells(row: NewRow) -> list[str]:
    """Return the columns in which a row differs from what it was."""
    before = row.before or {}
    return [name for name, text in row.cells.items() if text != before.get(name, "")]


def _match_rows(read: ReadTable) -> Iterator[tuple[int, Cells]]:
    """Yield the row of the sheet and the row of the table that are the same one."""
    table = read.table
    if key := table.model.KEY:
        by_key = {_reduce_key(table, row, key): row for row in table.rows}
        for row in read.rows:
            texts = {name: taken.text for name, taken in row.cells.items()}
            if found := by_key.pop(_reduce_key(table, texts, key), None):
                yield row.row, found
        return
    left = dict(enumerate(table.rows, 1))
    rest = []
    for row in read.rows:
        if row.number in left and _is_same_row(read, row, left[row.number]):
            yield row.row, left.pop(row.number)
        else:
            rest.append(row)
    # Sorted without the hidden column, or copied, a row has the number of another.
    names = [*read.columns]
    alike = defaultdict[tuple[str, ...], list[int]](list)
    for number, cells in left.items():
        alike[_reduce_key(table, cells, names)].append(number)
    changed = []
    for row in rest:
        texts = {name: taken.text for name, taken in row.cells.items()}
        if numbers := alike[_reduce_key(table, texts, names)]:
            yield row.row, left.pop(numbers.pop(0))
        else:
            changed.append(row)
    for row in changed:
        if row.number in left:
            yield row.row, left.pop(row.number)


def _reduce_key(table: TableSheet, cells: Cells, key: Sequence[str]) -> tuple[str, ...]:
    columns = {column.name: column for column in table.columns}
    return tuple(reduce_text(cells.get(name, ""), columns[name]) for name in key)


def _is_same_row(read: ReadTable, row: ReadRow, before: Cells) -> bool:
    columns = {column.name: column for column in read.table.columns}
    return all(
        is_same(taken, columns[name], before.get(name, "")) for name, taken in row.cells.items()
    )


def _make_row(read: ReadTable, row: ReadRow, before: Cells | None) -> NewRow:
    """Return a row with the texts of the file where the sheet means the same."""
    columns = {column.name: column for column in read.table.columns}
    cells = dict(before or {})
    for name, taken in row.cells.items():
        former = cells.get(name, "")
        cells[name] = former if is_same(taken, columns[name], former) else taken.text
    return NewRow(cells, row, before)


def _list_notes(read: ReadTable, row: NewRow) -> Iterator[Words]:
    """Yield what was mended in the cells that change something."""
    for name in list_cells(row):
        taken = row.source.cells.get(name, Taken(""))
        if taken.note:
            yield Words("{}: {}", "{}: {}").fill(read.name_place(row.source.row, name), taken.note)


def _keep_order(table: TableSheet, rows: list[NewRow]) -> list[NewRow]:
    """Return the rows in the order of the file; a new one behind the one that is above it."""
    order = {id(row): place for place, row in enumerate(table.rows)}
    groups: dict[int, list[NewRow]] = {-1: []}
    place = -1
    for row in rows:
        if row.before is not None:
            place = order[id(row.before)]
        groups.setdefault(place, []).append(row)
    return [row for place in sorted(groups) for row in groups[place]]


def tell_change(change: TableChange) -> Iterator[Words]:
    """Yield what becomes of a table, a line each: old → new, under the row's name."""
    table = change.read.table
    counts = (len(change.changed), len(change.added), len(change.removed))
    yield Words(
        "{}（{}）: 変わる行 {}、加わる行 {}、なくなる行 {}",
        "{} ({}): {} changed, {} added, {} removed",
    ).fill(table.name, f"data/{table.plan}/{table.path}", *counts)
    if change.is_moved:
        yield Words("  行の順が変わる", "  the order of rows changes")
    columns = {column.name: column for column in table.columns}
    for row in change.changed:
        yield Words("  {}", "  {}").fill(_name_row(table, row.before or {}))
        for name in list_cells(row):
            old, new = _show_both((row.before or {}).get(name, ""), row.cells[name], columns[name])
            yield Words("    {}: {} → {}", "    {}: {} → {}").fill(columns[name].heading, old, new)
    for row in change.added:
        yield Words("  ＋ {}", "  + {}").fill(_name_row(table, row.cells))
        yield from _tell_cells(table, row.cells)
    for cells in change.removed:
        yield Words("  － {}", "  - {}").fill(_name_row(table, cells))


def _tell_cells(table: TableSheet, cells: Cells) -> Iterator[Words]:
    for column in table.columns:
        if column.name not in table.model.KEY and (text := cells.get(column.name, "")):
            shown = _shorten(_show(column, text))
            yield Words("    {}: {}", "    {}: {}").fill(column.heading, shown)


def _name_row(table: TableSheet, cells: Cells) -> str:
    """Return what a row is called: its key, or its first cells, and its title."""
    named = [c for c in table.columns if c.name in table.model.KEY] or [table.columns[0]]
    titles = ("title", "name") if table.model.KEY else ("title", "name", "text")
    named += [c for c in table.columns if c.name in titles and c not in named]
    shown = (_shorten(_show(column, cells.get(column.name, ""))) for column in named)
    return " ".join(text for text in shown if text)


def _show(column: TableColumn, text: str) -> str:
    return " ".join(show_cell(column, text).split())


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _show_both(old: str, new: str, column: TableColumn) -> tuple[Words, Words]:
    """Return two texts as a line shows them: of long ones, what is around the difference."""
    texts = _show(column, old), _show(column, new)
    if max(map(len, texts)) > _SHOWN:
        texts = _cut_common(*texts)
    blank = Words("（空）", "(blank)")
    first, second = (Words(text, text) if text else blank for text in texts)
    return first, second


def _cut_common(old: str, new: str) -> tuple[str, str]:
    shorter = min(len(old), len(new))
    begin = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    rest = shorter - begin
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    begin, end = max(begin - 8, 0), max(end - 8, 0)

    def cut(text: str) -> str:
        inner = text[begin : len(text) - end]
        return f"{'…' if begin else ''}{inner}{'…' if end else ''}"

    return cut(old), cut(new)
