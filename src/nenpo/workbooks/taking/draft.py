"""A table of the year on its way: from what it holds to what it will hold, cell by cell."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nenpo.data.headings import read_table
from nenpo.data.schema.tables import YEAR_TABLES, list_columns
from nenpo.data.writing import write_table
from nenpo.workbooks.answers import Answer

Cells = dict[str, str]


@dataclass(frozen=True)
class Origin:
    """The answer that a cell of a table comes from, and what its column is called in the sheet.

    ``departments`` are all that answer so.
    """

    answer: Answer
    label: str
    departments: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A cell of a table that an answer changes.

    ``what`` names the row as readers do; ``old`` and ``new`` are what they see, ``old`` "" where
    nothing was held before. ``keeps`` if nothing that was answered before is lost.
    """

    origin: Origin
    what: str
    old: str
    new: str
    keeps: bool = False

    @property
    def answer(self) -> Answer:
        """The cell that the new value comes from."""
        return self.origin.answer

    @property
    def label(self) -> str:
        """What its column is called in the sheet."""
        return self.origin.label

    @property
    def is_replacement(self) -> bool:
        """Whether something that was held before is lost."""
        return bool(self.old) and not self.keeps


@dataclass
class Draft:
    """A table: its columns by their names in the schema, as its file heads them, and its rows.

    ``origins`` are the answers that a row's cells come from, by row (its identity) and column.
    """

    file: str
    headings: dict[str, str]
    rows: list[Cells]
    origins: dict[tuple[int, str], Origin] = field(default_factory=dict)
    changed: bool = False
    _indexes: dict[tuple[str, ...], dict[tuple[str, ...], Cells]] = field(default_factory=dict)
    _known: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._known.update(map(id, self.rows))

    def find(self, **wanted: str) -> Cells | None:
        """Return the first row whose cells are so; what is looked for by, does not change."""
        columns = tuple(wanted)
        if columns not in self._indexes:
            self._indexes[columns] = {}
            for row in self.rows:
                self._index(row, columns)
        return self._indexes[columns].get(tuple(wanted.values()))

    def _index(self, row: Cells, columns: tuple[str, ...]) -> None:
        self._indexes[columns].setdefault(tuple(row.get(c, "") for c in columns), row)

    def set(self, row: Cells, cells: Mapping[str, str], origin: Origin) -> None:
        """Put cells into a row, which joins the table if it is a new one."""
        if id(row) not in self._known:
            self._known.add(id(row))
            self.rows.append(row)
            for columns in self._indexes:
                self._index(row, columns)
        for column, text in cells.items():
            self.origins[id(row), column] = origin
            if row.get(column, "") != text:
                row[column] = text
                self.changed = True

    def remember(self, row: Cells, columns: Iterable[str], origin: Origin) -> None:
        """Note which answer speaks of a row's cells that it leaves as they are."""
        for column in columns:
            self.origins.setdefault((id(row), column), origin)

    def sort(self, order: Callable[[Cells], int]) -> None:
        """Bring the rows into an order, if anything changed."""
        if self.changed:
            self.rows.sort(key=order)

    def find_origin(self, number: int, column: str) -> Origin | None:
        """Return the answer that a cell comes from, or another of the same row."""
        row = id(self.rows[number])
        own = self.origins.get((row, column))
        return own or next((o for (each, _), o in self.origins.items() if each == row), None)

    def write(self) -> bytes:
        """Return the file; columns that it did not have come last, as far as they are needed."""
        model = YEAR_TABLES[self.file]
        filled = {key for row in self.rows for key, text in row.items() if text}
        added = [c for c in list_columns(model) if c in filled and c not in self.headings]
        headings = {**self.headings, **{column: column for column in added}}
        rows = ({headings[c]: row.get(c, "") for c in headings} for row in self.rows)
        return write_table([*headings.values()], rows)


def read_draft(root: Path, plan: str, fiscal_year: int, file: str) -> Draft:
    """Return a table of the year, which is valid; one that is not there has no rows."""
    name = f"data/{plan}/{fiscal_year}/{file}"
    if not (root / name).exists():
        fields = YEAR_TABLES[file].model_fields
        columns = list_columns(YEAR_TABLES[file]).items()
        return Draft(file, {c: c for c, key in columns if fields[key].is_required()}, [])
    table = read_table(root / name, name)
    headings = dict(zip(table.columns, table.header, strict=True))
    rows = [dict(zip(table.columns, row.cells, strict=True)) for row in table.rows]
    return Draft(file, headings, rows)
