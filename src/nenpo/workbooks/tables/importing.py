"""A workbook of tables → the plan's tables, all that change in one step or none.

What the tables' own rules refuse is told at the cells of the workbook, in the words that stand in
it. Tables that nothing changes in keep their bytes.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nenpo.data.explain import refuse_all
from nenpo.data.headings import list_titles
from nenpo.data.project import require_plan
from nenpo.data.proposed import describe_proposed, read_proposed
from nenpo.data.replace import hold_plan
from nenpo.data.shared_files import read_shared
from nenpo.errors import (
    InputError,
    InputRefused,
    OldWorkbook,
    UnusableCell,
    Words,
    WorkbookError,
)
from nenpo.workbooks.reading.opening import open_book
from nenpo.workbooks.tables.changes import TableChange, compare_table
from nenpo.workbooks.tables.reading import ReadTable, find_origin, read_tables
from nenpo.workbooks.tables.sheets import read_sheets, show_cell

_TABLES = Words(
    "nenpo tables export で書き出したブックを指定すること。",
    "Give a workbook that nenpo tables export wrote.",
)


@dataclass(frozen=True)
class Import:
    """What a workbook would change of a plan, and what was passed over or mended in it."""

    plan: str
    changes: tuple[TableChange, ...]
    notes: tuple[Words, ...]


def import_tables(
    root: Path,
    path: Path,
    agree: Callable[[Import], bool],
    *,
    in_order: bool = False,
    older: bool = False,
) -> bool:
    """Have the tables of a workbook take the place of the plan's; return whether any did.

    ``agree`` is shown what would change, and says whether it is to. ``in_order``: rows come in the
    order of the sheets. ``older``: what was changed in the data since the workbook was written is
    changed back. Raises ``InputRefused`` with every offender, ``OldWorkbook``, and as
    :func:`~nenpo.workbooks.tables.sheets.read_sheets`,
    :func:`~nenpo.workbooks.reading.opening.open_book` and
    :func:`~nenpo.data.replace.hold_plan`; then nothing has changed.
    """
    book = open_book(path, path.name, _TABLES)
    plan_id, fiscal_year = find_origin(book)
    require_plan(root, plan_id)
    with hold_plan(root, plan_id) as held:
        _, sheets = read_sheets(root, plan_id, fiscal_year)
        problems, notes = list[WorkbookError](), list[Words]()
        read = read_tables(book, sheets, problems, notes)
        if not all(isinstance(problem, UnusableCell) for problem in problems):
            refuse_all(problems)  # of a sheet without its columns, the rest tells nothing
        compared = [compare_table(table, in_order=in_order) for table in read]
        changes = tuple(change for change in compared if change)
        files = {change.read.table.path: change.content for change in changes}
        refuse_all((*problems, *_check_tables(root, plan_id, files, compared, problems)))
        if not older:
            _refuse_older(changes, path)
        notes += [note for change in compared for note in change.notes]
        if not agree(Import(plan_id, changes, tuple(notes))):
            return False
        return held.replace(files | describe_proposed(root, plan_id, files))


def _refuse_older(changes: Sequence[TableChange], path: Path) -> None:
    """Refuse tables that the data changed in as well since they were written."""
    old = [c for c in changes if c.read.digest and c.read.digest != c.read.table.digest]
    if old:
        names = [change.read.sheet for change in old]
        told = Words("、".join(f"「{name}」" for name in names), ", ".join(names))
        raise OldWorkbook(place=path.name, value=told)


def _check_tables(
    root: Path,
    plan_id: str,
    files: Mapping[str, bytes],
    compared: Sequence[TableChange],
    told: Sequence[InputError],
) -> Iterator[InputError]:
    """Yield what makes the plan, or what is said of it beside the plans, invalid.

    Of a cell that was refused already nothing more is told.
    """
    try:
        rows = read_proposed(root, plan_id, files)
        read_shared(root, {plan_id: rows})
    except InputRefused as refused:
        places, cells = _list_places(plan_id, compared), {problem.place for problem in told}
        found = (_tell_problem(problem, places) for problem in refused.problems)
        yield from (problem for problem in found if problem.place not in cells)


@dataclass(frozen=True)
class _Place:
    """The row of a sheet that a line of a file is of."""

    read: ReadTable
    row: int
    cells: Mapping[str, str]


def _list_places(plan_id: str, compared: Sequence[TableChange]) -> dict[str, _Place]:
    """Return the row of a sheet by file and line, as messages name them."""
    places = {}
    for change in compared:
        table = change.read.table
        lines = _count_lines(change) if change else table.lines
        for line, row in zip(lines, change.rows, strict=True):
            name = f"data/{plan_id}/{table.path}:{line}"
            places[name] = _Place(change.read, row.source.row, row.cells)
    return places


def _count_lines(change: TableChange) -> Iterator[int]:
    """Yield the line on which each row of the file to be begins."""
    line = 2
    for row in change.rows:
        yield line
        line += 1 + sum(text.replace("\r\n", "\n").count("\n") for text in row.cells.values())


def _tell_problem(problem: InputError, places: Mapping[str, _Place]) -> InputError:
    """Return an error of a table as one of the workbook: at its cell, in the words of its sheet."""
    place = places.get(problem.place)
    if place is None:
        return problem
    table = place.read.table
    names = list_titles(table.model) | {c.name: c.heading for c in table.columns}
    chosen = {column.name: column for column in table.columns if column.kind in ("word", "flag")}
    words = {choice.value: choice.label for own in chosen.values() for choice in own.choices}
    column = _find_column(problem, place)
    fields: dict[str, Any] = dict(problem.rename(words | names).fields)
    for key, value in fields.items():
        if key not in ("value", "place") and isinstance(value, str):
            fields[key] = _tell_places(value, places)
    if column in chosen and isinstance(value := fields.get("value"), str):
        fields["value"] = show_cell(chosen[column], value)
    fields["place"] = place.read.name_place(place.row, column)
    return type(problem)(**fields)


def _find_column(problem: InputError, place: _Place) -> str:
    """Return the column that an error is about: the one it names, or that holds its value."""
    named = str(problem.fields.get("column", "")).partition(" + ")[0]
    if named in place.read.columns:
        return named
    value = str(problem.fields.get("value", ""))
    return next((name for name, text in place.cells.items() if text and text == value), "")


def _tell_places(text: str, places: Mapping[str, _Place]) -> str:
    """Return a text in which files are sheets of the workbook, and their lines cells."""
    sheets = {name.rpartition(":")[0]: place.read for name, place in places.items()}

    def tell(match: re.Match[str]) -> str:
        place, sheet = places.get(match[0]), sheets.get(match[1])
        if place:
            return place.read.name_place(place.row, "")
        return f"{sheet.book}!{sheet.sheet}" if sheet and not match[2] else match[0]

    return re.sub(r"(data/[^\s:,]+\.csv)(:\d+)?", tell, text)
