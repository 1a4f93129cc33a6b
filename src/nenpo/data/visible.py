"""What a department may see of a plan: words about its own items, and that there are others.

A department's notebook is given exactly what :func:`show_rows` returns, and the digest of exactly
that is what its document is known by: whatever its cells show, nothing else can change it. So a
changed word rebuilds the documents of the departments that hold the item, and those of the whole
plan. Which columns hold such words, the row models declare (:class:`~.schema.columns.Words`).
"""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from nenpo.data.plan_files import PlanRows, YearRows
from nenpo.data.schema.columns import Row, Words, find_marker
from nenpo.data.schema.tables import TABLES
from nenpo.data.schema.year_rows import AssignmentRow
from nenpo.files import hash_values

HIDDEN = "…"
"""Stands where words are that a department does not see: that there are some makes a difference."""


@dataclass(frozen=True)
class View:
    """Whose words are not seen: ids of items, measures and departments; nobody's by default."""

    hidden: frozenset[str] = frozenset()

    def hides(self, file: str, column: str, row: Mapping[str, Any]) -> bool:
        """Return whether what stands in a column of the row is not seen.

        Whether anything stands there is: missing reasons are counted.
        """
        owner = list_words(TABLES[file]).get(column) if file in TABLES else None
        return owner is not None and row[owner] in self.hidden


def make_view(rows: PlanRows, department: str | None = None) -> View:
    """Return what a department sees, or the view of the whole plan."""
    if department is None:
        return View()
    items = _dump(rows, "items.csv")
    measures = {row["item"]: row["measure"] for row in items}
    others = {row["department"] for row in _dump(rows, "departments.csv")} - {department}
    held = _list_held(rows, items, department)
    own = held | {measures[item] for item in held if item in measures}
    # An item without a measure stands under its goal, which concerns everybody.
    goals = {goal.id for goal in rows.meta.goals}
    return View(frozenset({*measures, *measures.values(), *others, "plan"} - own - goals))


def show_rows(rows: PlanRows, view: View) -> PlanRows:
    """Return the rows as they are seen; a table in which nothing is hidden is the same object."""
    if not view.hidden:
        return rows
    years = {
        year: YearRows(_show_tables(content.tables, view), content.published)
        for year, content in rows.years.items()
    }
    return replace(rows, tables=_show_tables(rows.tables, view), years=years)


def _show_tables(tables: Mapping[str, tuple[Row, ...]], view: View) -> dict[str, tuple[Row, ...]]:
    return {file: _show_table(rows, TABLES[file], view) for file, rows in tables.items()}


def _show_table(rows: tuple[Row, ...], model: type[Row], view: View) -> tuple[Row, ...]:
    words = list_words(model)
    if not words:
        return rows
    shown = tuple(_show_row(row, words, view) for row in rows)
    return rows if all(map(operator.is_, shown, rows)) else shown


def _show_row(row: Row, words: Mapping[str, str], view: View) -> Row:
    cells = vars(row)
    hidden = {
        column: HIDDEN
        for column, owner in words.items()
        if cells[column] and cells[owner] in view.hidden
    }
    return row.model_copy(update=hidden) if hidden else row


@cache
def list_words(model: type[Row]) -> dict[str, str]:
    """Return the columns of words of a table, each with the column that names whose they are."""
    found = {name: find_marker(field, Words) for name, field in model.model_fields.items()}
    return {name: words.owner for name, words in found.items() if words}


def digest_rows(rows: PlanRows) -> str:
    """Return the digest (SHA-256, hexadecimal) of a plan's rows."""
    return hash_values(
        {
            "meta": rows.meta.model_dump_json(),
            "tables": _dump_tables(rows.tables),
            "years": {
                str(year): [
                    content.published.model_dump_json() if content.published else None,
                    _dump_tables(content.tables),
                ]
                for year, content in rows.years.items()
            },
        }
    )


def _dump_tables(tables: Mapping[str, Iterable[Row]]) -> dict[str, list[str]]:
    return {file: [row.model_dump_json() for row in rows] for file, rows in tables.items()}


def _dump(rows: PlanRows, file: str) -> list[dict[str, Any]]:
    return [row.model_dump() for row in rows.tables.get(file, ())]


def _list_held(rows: PlanRows, items: list[dict[str, Any]], department: str) -> set[str]:
    """Return the items that the department, or one in line with it, has had in any year.

    Rather one item too many than one too few: an item also counts where it is listed again or
    continued, and departments count with all that they were made of or went into.
    """
    changes = _dump(rows, "organisation_changes.csv")
    line = _close({department}, [(row["from_"], row["to"]) for row in changes])
    assigned = {
        row.item
        for content in rows.years.values()
        for row in content.tables.get("assignments.csv", ())
        if isinstance(row, AssignmentRow) and row.department in line
    }
    own = {row["item"] for row in items if {row["item"], row["measure"]} & assigned}
    links = [(row["item"], row[name]) for row in items for name in ("relisted_from", "continues")]
    return _close(own, links)


def _close(start: set[str], links: list[tuple[str, str]]) -> set[str]:
    """Return the names that links lead to from ``start``, in either direction."""
    found, size = set(start), -1
    while size != len(found):
        size = len(found)
        found |= {name for link in links if found & {*link} for name in link if name}
    return found
