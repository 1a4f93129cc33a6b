"""What no row can know alone: keys that occur once, references, marks, years in order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from nenpo.data.check_preferred import check_figures, check_preferred, check_series
from nenpo.data.check_years import check_successions
from nenpo.data.csv_table import Record, Sheet
from nenpo.data.explain import explain_mark
from nenpo.data.naming import NamedId, name_row, tell_ids
from nenpo.data.schema.cells import OWN_ACTOR, Reference
from nenpo.data.schema.columns import find_field, find_marker
from nenpo.data.schema.declarations import OwnColumn, PlanMeta
from nenpo.data.schema.plan_rows import IndicatorRow, TargetRow
from nenpo.data.schema.tables import TABLES, YEAR_TABLES, list_columns
from nenpo.errors import (
    BLANK,
    BadId,
    DuplicateId,
    InputError,
    ShiftWithoutChange,
    TargetBeforeBaseline,
    UnknownMark,
)


@dataclass(frozen=True)
class Book:
    """Everything that was read of a plan; ``meta`` is None if plan.yaml cannot be used.

    ``absent`` are the tables of the whole plan that are not there: they have no rows.
    """

    folder: str
    meta: PlanMeta | None
    sheets: tuple[Sheet, ...]
    absent: frozenset[str] = frozenset()

    def find_ids(self, target: str, year: int | None = None) -> set[str] | None:
        """Return the ids in a table's first column, or None if it cannot tell them.

        ``target`` is a file name, or ``plan.yaml#goals`` for the ids of a list there.
        """
        file, _, key = target.partition("#")
        if key:
            return {entry.id for entry in getattr(self.meta, key)} if self.meta else None
        if file in self.absent:
            return set()
        column = next(iter(list_columns(TABLES[file])))
        sheets = [sheet for sheet in self.sheets if sheet.file == file and sheet.year == year]
        records = [record for sheet in sheets for record in sheet.records]
        if not sheets or any(column not in record.cells for record in records):
            return None
        return {record.cells[column] for record in records}

    def find_names(self, target: str) -> Iterator[NamedId]:
        """Yield what the things with an id in ``target`` are called, with the id."""
        file, _, key = target.partition("#")
        if key == "actors" and self.meta:
            town = self.meta.municipality
            yield from ((name, OWN_ACTOR) for name in (town.name, town.word) if name)
        if key:
            for entry in getattr(self.meta, key, ()):
                told = (getattr(entry, name, "") for name in ("label", "title"))
                yield from ((name, entry.id) for name in told if name)
            return
        column = next(iter(list_columns(TABLES[file])))
        for sheet in self.sheets:
            for record in sheet.records if sheet.file == file else ():
                yield from name_row(record.cells, column)

    def name_id(self, problem: InputError) -> InputError:
        """Return the error, with the id that stands for a name in a cell that refers to one."""
        sheet = next((s for s in self.sheets if problem.place.startswith(f"{s.name}:")), None)
        if sheet is None or not isinstance(problem, BadId):
            return problem
        cell: dict[str, Any] = dict(problem.fields)
        reference = find_marker(find_field(sheet.model, cell["column"]), Reference)
        tables = reference.tables if reference else ()
        names = (name for table in tables for name in self.find_names(table))
        return BadId(**cell | {"hint": tell_ids(str(cell["value"]), names)})

    def count_damaged(self, target: str, year: int | None = None) -> int:
        """Return how many ids of a table are lost: refused, in a refused row, or twice there."""
        if "#" in target:
            return 0
        column = next(iter(list_columns(TABLES[target])))
        sheets = [sheet for sheet in self.sheets if sheet.file == target and sheet.year == year]
        records = [record for sheet in sheets for record in sheet.records]
        ids = [r.cells.get(column) for r in records if column not in r.refused]
        twice = len(ids) - len(set(ids)) if sheets and (column,) == sheets[0].model.KEY else 0
        return len(records) - len(ids) + twice + sum(sheet.dropped for sheet in sheets)


def check_book(book: Book) -> Iterator[InputError]:
    """Yield every offender that shows only when tables are read together."""
    for sheet in book.sheets:
        yield from _check_keys(sheet)
        yield from _check_references(sheet, book)
        if check := _CHECKS.get(sheet.file):
            yield from check(sheet, book)
    yield from check_series(book.sheets)
    yield from check_successions(book.sheets)


def _check_keys(sheet: Sheet) -> Iterator[InputError]:
    key = sheet.model.KEY
    first: dict[tuple[str, ...], str] = {}
    for record in sheet.list_usable(*key) if key else ():
        values = tuple(record.cells[column] for column in key)
        if values in first:
            shown, columns = " / ".join(values), " + ".join(key)
            place = record.place
            yield DuplicateId(place=place, value=shown, column=columns, first=first[values])
        first.setdefault(values, record.place)


def _check_references(sheet: Sheet, book: Book) -> Iterator[InputError]:
    for column in list_columns(sheet.model):
        reference = find_marker(find_field(sheet.model, column), Reference)
        if reference is None:
            continue
        groups = [book.find_ids(table) for table in reference.tables]
        known = set(reference.words).union(*(group or () for group in groups))
        if None in groups:
            continue
        target = ", ".join(f"{book.folder}/{table}" for table in reference.tables)
        named = [record for record in sheet.list_usable(column) if record.cells[column]]
        lost = [record for record in named if record.cells[column] not in known]
        damaged = sum(map(book.count_damaged, reference.tables))
        if len({record.cells[column] for record in lost}) <= damaged:
            continue  # these are the ids that were lost, which is told of the other table
        taken = {record.cells[column] for record in named}
        once = (column,) == sheet.model.KEY
        for record in lost:
            yield record.refuse_reference(column, target, sorted(known), taken, once=once)


def _check_progress(sheet: Sheet, book: Book) -> Iterator[InputError]:
    if book.meta is None:
        return
    yield from _check_own_columns(sheet, book.meta)
    tones = book.meta.tones
    changed = [mark for mark, tone in tones.items() if tone == "neutral"]
    for record in sheet.list_usable("status"):
        status, shift = record.cells["status"], record.cells.get("shift", "")
        if status and status not in tones:
            yield UnknownMark(place=record.place, **explain_mark(status, book.meta.status_scale))
        elif shift and "shift" not in record.refused and status not in changed:
            yield ShiftWithoutChange(
                place=record.place,
                value=shift,
                status=status or BLANK,
                allowed=", ".join(changed) or "—",
            )


def _check_own_columns(sheet: Sheet, meta: PlanMeta) -> Iterator[InputError]:
    """Yield the columns that are filled and not declared: no document would show them."""
    for column in sorted({*get_args(OwnColumn)} - {*meta.columns}):
        filled = [record for record in sheet.list_usable(column) if record.cells[column].strip()]
        for record in filled[:1]:
            declared = ", ".join([*meta.columns, column])
            rows = len(filled)
            yield record.refuse(
                column,
                f"空。載せるには plan.yaml に columns: [{declared}] と書く（値のある行は{rows}）",
                f"nothing; to show it in documents, write columns: [{declared}] in plan.yaml "
                f"({rows} row(s) with a value)",
            )


def _check_targets(sheet: Sheet, book: Book) -> Iterator[InputError]:
    baselines = {
        row.indicator: row.baseline_year
        for other in book.sheets
        for row in other.rows
        if isinstance(row, IndicatorRow)
    }
    for record in sheet.records:
        row = record.row
        baseline = baselines.get(row.indicator) if isinstance(row, TargetRow) else None
        if isinstance(row, TargetRow) and baseline is not None and row.fiscal_year <= baseline:
            yield TargetBeforeBaseline(place=record.place, value=row.fiscal_year, allowed=baseline)


def _check_misreadings(sheet: Sheet, book: Book) -> Iterator[InputError]:
    for record in sheet.list_usable("table", "id", "column", "printed"):
        file = record.cells["table"] + ".csv"
        column = record.cells["column"]
        columns = list_columns(TABLES[file])
        if column not in columns:
            yield record.refuse("column", ", ".join(columns))
            continue
        year = sheet.year if file in YEAR_TABLES else None
        known = book.find_ids(file, year)
        if known is None or (record.cells["id"] not in known and book.count_damaged(file, year)):
            continue
        if record.cells["id"] not in known:
            folder = f"{book.folder}/{year}" if year else book.folder
            yield record.refuse_reference("id", f"{folder}/{file}", sorted(known))
        elif file in ("items.csv", "measures.csv"):
            yield from _check_printed(record, file, column, book)


def _check_printed(misreading: Record, file: str, column: str, book: Book) -> Iterator[InputError]:
    """Yield a misreading that the text as printed does not hold: it would correct nothing."""
    key = next(iter(list_columns(TABLES[file])))
    owner, printed = misreading.cells["id"], misreading.cells["printed"]
    records = [r for sheet in book.sheets if sheet.file == file for r in sheet.records]
    texts = [r.cells.get(column, "") for r in records if r.cells.get(key) == owner]
    if not any(printed in text for text in texts):
        ja = f"{file} の {owner} の {column} にある文字列"
        yield misreading.refuse("printed", ja, f"text that {column} of {owner} in {file} holds")


_CHECKS: Mapping[str, Callable[[Sheet, Book], Iterator[InputError]]] = {
    "progress.csv": _check_progress,
    "targets.csv": _check_targets,
    "actuals.csv": lambda sheet, _: check_preferred(sheet, "indicator"),
    "figures.csv": lambda sheet, _: check_figures(sheet),
    "statements.csv": lambda sheet, _: check_preferred(sheet, "statement"),
    "misreadings.csv": _check_misreadings,
}
