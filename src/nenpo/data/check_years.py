"""Validity in years: what continues what, which departments follow each other, and no cycles."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from nenpo.data.csv_table import Record, Sheet
from nenpo.data.schema.columns import Row
from nenpo.data.schema.plan_rows import DepartmentRow, OrganisationChangeRow
from nenpo.errors import BLANK, InputError, OutsideValidity, OverlappingYears, SuccessorCycle

# What a row of a year may only speak of while it exists.
_VALID_COLUMNS = {
    "progress.csv": "item",
    "assignments.csv": "department",
    "actuals.csv": "indicator",
}


class _Step(NamedTuple):
    """One id follows another; ``record`` says so."""

    before: str
    after: str
    record: Record


def check_successions(sheets: tuple[Sheet, ...]) -> Iterator[InputError]:
    """Yield successors in a circle, years that overlap, and rows of a year without validity."""
    rows = {sheet.file: _index(sheet) for sheet in sheets if sheet.year is None}
    for sheet in sheets:
        if sheet.file in ("items.csv", "indicators.csv"):
            steps = list(_list_continuations(sheet))
            yield from _check_circles(steps, "continues")
            yield from _check_continuations(steps, rows[sheet.file])
        elif sheet.file == "organisation_changes.csv":
            departments = rows.get("departments.csv", {})
            yield from _check_circles(list(_list_replacements(sheet)), "to")
            yield from _check_organisation(sheet, departments)
        elif sheet.file in _VALID_COLUMNS and sheet.year is not None:
            yield from _check_valid(sheet, sheet.year, rows)


def _index(sheet: Sheet) -> dict[str, tuple[Record, Row]]:
    key = sheet.model.KEY[0] if sheet.model.KEY else ""
    usable = ((record, record.row) for record in sheet.records if record.row is not None)
    return {record.cells[key]: (record, row) for record, row in usable if key}


def _list_continuations(sheet: Sheet) -> Iterator[_Step]:
    for record in sheet.records:
        before = vars(record.row)["continues"] if record.row is not None else ""
        if before:
            yield _Step(before, record.cells[sheet.model.KEY[0]], record)


def _list_replacements(sheet: Sheet) -> Iterator[_Step]:
    for record in sheet.records:
        # A transfer moves items between departments that both live on: back and forth is no circle.
        if isinstance(record.row, OrganisationChangeRow) and record.row.kind != "transfer":
            yield _Step(record.row.from_, record.row.to, record)


def _check_circles(steps: Iterable[_Step], column: str) -> Iterator[InputError]:
    """Yield one error a circle, at the row whose step closes it."""
    after: dict[str, list[str]] = {}
    for step in steps:
        path = _find_path(after, step.after, step.before)
        if path:
            yield SuccessorCycle(
                place=step.record.place,
                column=column,
                value=step.after if column == "to" else step.before,
                path=" → ".join([step.before, *path]),
            )
            continue
        after.setdefault(step.before, []).append(step.after)


def _find_path(after: Mapping[str, list[str]], start: str, end: str) -> list[str]:
    """Return the ids from ``start`` to ``end`` along the steps, [] if none leads there."""
    paths, seen = [[start]], {start}
    while paths:
        path = paths.pop()
        if path[-1] == end:
            return path
        fresh = [name for name in after.get(path[-1], ()) if name not in seen]
        seen.update(fresh)
        paths += [[*path, name] for name in fresh]
    return []


def _check_continuations(
    steps: Iterable[_Step], rows: Mapping[str, tuple[Record, Row]]
) -> Iterator[InputError]:
    """Yield successors that begin before their predecessor has ended."""
    for step in steps:
        if step.before in rows and step.after in rows:
            place, before = rows[step.before]
            ended, begun = vars(before)["last_year"], vars(rows[step.after][1])["first_year"]
            if ended is None or begun is None or begun <= ended:
                yield _tell_overlap(step, begun, ended, place)


def _check_organisation(
    sheet: Sheet, departments: Mapping[str, tuple[Record, Row]]
) -> Iterator[InputError]:
    """Yield renamed or merged departments that live on beside their successor."""
    for record in sheet.records:
        change = record.row
        if not isinstance(change, OrganisationChangeRow):
            continue
        if change.from_ not in departments or change.to not in departments:
            continue
        former, new = departments[change.from_][1], departments[change.to][1]
        assert isinstance(former, DepartmentRow)
        assert isinstance(new, DepartmentRow)
        ends = change.kind in ("rename", "merge")
        lives_on = ends and (former.last_year is None or former.last_year >= change.fiscal_year)
        # A new name, or a part split off, cannot have been there before.
        early = change.kind in ("rename", "split") and (
            new.first_year is None or new.first_year < change.fiscal_year
        )
        if lives_on or early:
            step = _Step(change.from_, change.to, record)
            yield _tell_overlap(step, new.first_year, former.last_year, departments[step.before][0])


def _tell_overlap(
    step: _Step, first: int | None, last: int | None, other: Record
) -> OverlappingYears:
    return OverlappingYears(
        place=step.record.place,
        value=step.after,
        predecessor=step.before,
        first=first or BLANK,
        last=last or BLANK,
        other=other.place,
    )


def _check_valid(
    sheet: Sheet, year: int, rows: Mapping[str, Mapping[str, tuple[Record, Row]]]
) -> Iterator[InputError]:
    """Yield rows of a year about an item or a department that does not exist in that year."""
    column = _VALID_COLUMNS[sheet.file]
    known = rows.get(f"{column}s.csv", {})
    for record in sheet.list_usable(column):
        found = known.get(record.cells[column])
        if found and not is_valid(found[1], year):
            yield OutsideValidity(
                place=record.place,
                column=column,
                value=record.cells[column],
                fiscal_year=year,
                other=found[0].place,
            )


def is_valid(row: Any, fiscal_year: int) -> bool:
    """Tell whether ``fiscal_year`` is within first_year and last_year; an empty one is no limit."""
    begun = row.first_year is None or row.first_year <= fiscal_year
    return begun and (row.last_year is None or fiscal_year <= row.last_year)
