"""What of a plan's data a briefing is made from, and its digest: the key to what is unchanged.

A department's document shows the words of its own items, and of all others only marks, titles and
numbers in totals. So a changed word rebuilds the documents of the departments that hold the item,
and those of the whole plan. This is known of the cells in ``OWN_CELLS`` alone: a notebook with any
other code is made from everything.
"""

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nenpo.data.plan_files import PlanRows
from nenpo.data.schema.columns import Row
from nenpo.data.schema.year_rows import AssignmentRow
from nenpo.files import hash_values

# The words of an item that no document of a department without it shows, by table.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "progress.csv": (
        "change_reason",
        "done",
        "next_year",
        "later",
        "issues",
        "adherence_reason",
        "note",
    ),
    "schedule.csv": ("text", "note"),
}
_WORDED = (*_WORDS, "commentary.csv")

OWN_CELLS = (
    "from nenpo.data.load import load_plan",
    "from nenpo.data.schema.declarations import Edition",
    "whole = progress.load_year(load_plan(plan), fiscal_year)",
    "year = progress.restrict(whole, department)",
    "assessments = indicators.assess_indicators(year.plan, fiscal_year, department)",
    "heads.head_department(year, edition)",
    "sentences.summarise_department(year)",
    "sentences.add_commentary(year)",
    "tables.department_counts(year, whole)",
    "plan_tables.coverage_of_department(year, whole)",
    "charts.department_and_plan(year, whole)",
    "tables.department_history(year)",
    "change_sentences.tell_succession(year)",
    "explanations.explain_marks(year)",
    "sentences.note_on_schedule(year)",
    "item_tables.off_schedule(year)",
    "plan_tables.off_plan(year)",
    "explanations.head_items(year, 'lead')",
    "item_tables.items_led(year)",
    "explanations.head_items(year, 'supporting')",
    "item_tables.items_supported(year)",
    "change_sentences.summarise_transitions(year)",
    "tables.transitions(year)",
    "tables.item_changes(year)",
    "plan_tables.report_changes(year)",
    "tables.indicator_overview(assessments)",
    "charts.indicator_panels(assessments, fiscal_year)",
    "explanations.head_parts(year, 'section')",
    "plan_tables.describe_parts(year)",
    "figure_tables.figure_list(year)",
    "figure_tables.disagreements(year)",
    "explanations.explain_department(year)",
    "item_tables.attached_rows(year)",
    "facts.collect_facts(year, assessments)",
)
"""The statements of ``notebooks/department.ipynb`` in order (a test holds it to them).

Apart from the cell of parameters, the import of our modules by their names, and the edition. The
whole year goes to what only counts it.
"""


def shows_own_words_only(notebook: Path) -> bool:
    """Return whether the notebook's code is known to show no words of other departments' items."""
    try:
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        return all(_is_own(cell) for cell in code)
    except (ValueError, KeyError, TypeError, SyntaxError):  # magics are no Python
        return False


def _is_own(cell: Mapping[str, Any]) -> bool:
    statements = ast.parse("".join(cell["source"])).body
    if "parameters" in cell["metadata"].get("tags", []):
        return all(_is_default(node) for node in statements)
    return all(_is_known(node) for node in statements)


def _is_default(node: ast.stmt) -> bool:
    """Return whether a statement gives a parameter a plain value."""
    return isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Constant)


def _is_known(node: ast.stmt) -> bool:
    """Return whether a statement imports modules of ours, makes the edition, or is an own cell."""
    match node:
        case ast.ImportFrom(module="nenpo.content" | "nenpo.analysis", names=names, level=0):
            return all(name.asname is None and name.name != "*" for name in names)
        case ast.Assign(value=ast.Call(func=ast.Name("Edition"), args=[], keywords=given)):
            return all(isinstance(word.value, ast.Name) for word in given)
    return ast.unparse(node) in OWN_CELLS


@dataclass(frozen=True)
class View:
    """What a document shows: everything, or the words of its ``department`` and its items."""

    department: str | None = None
    items: frozenset[str] = frozenset()

    def hides(self, file: str, column: str, row: Mapping[str, Any]) -> bool:
        """Return whether what stands in a column of the row makes no difference to the document.

        Whether anything stands there does make one: missing reasons are counted.
        """
        if self.department is None:
            return False
        if file == "commentary.csv":
            return bool(row["scope"] != self.department)
        return column in _WORDS.get(file, ()) and row["item"] not in self.items


def make_view(rows: PlanRows, department: str | None = None) -> View:
    """Return the view of a department's document, or of a document of the whole plan."""
    return View() if department is None else View(department, _list_held(rows, department))


@dataclass(frozen=True)
class PlanViews:
    """A plan's rows, and the digest of what makes a difference to every document of the plan."""

    rows: PlanRows
    common: str


def open_views(rows: PlanRows) -> PlanViews:
    """Return the views of a plan: what they have in common is looked at once."""
    common = {
        name: [row.model_dump_json() for row in table]
        for name, table in _list_tables(rows)
        if _file(name) not in _WORDED
    }
    published = {year: _dump(content.published) for year, content in rows.years.items()}
    meta = rows.meta.model_dump_json()
    return PlanViews(rows, hash_values({"meta": meta, "published": published, **common}))


def digest_view(views: PlanViews, view: View) -> str:
    """Return the digest of the part of a plan that makes a difference to documents with a view."""
    shown = {
        name: [_show(row, _file(name), view) for row in table]
        for name, table in _list_tables(views.rows)
        if _file(name) in _WORDED
    }
    return hash_values({"common": views.common, **shown})


def _file(name: str) -> str:
    return name.rpartition("/")[2]


def _dump(value: Any) -> str | None:
    return None if value is None else str(value.model_dump_json())


def _list_tables(rows: PlanRows) -> Iterator[tuple[str, tuple[Row, ...]]]:
    yield from rows.tables.items()
    for year, content in rows.years.items():
        for file, table in content.tables.items():
            yield f"{year}/{file}", table


def _show(row: Row, file: str, view: View) -> str:
    """Return the row as JSON, with a mere sign in the place of words that the view hides."""
    cells = vars(row)
    hidden = {name: "…" for name, cell in cells.items() if cell and view.hides(file, name, cells)}
    return (row.model_copy(update=hidden) if hidden else row).model_dump_json()


def _list_held(rows: PlanRows, department: str) -> frozenset[str]:
    """Return the items that the department, or one in line with it, has had in any year.

    Rather one item too many than one too few: an item also counts where it is listed again or
    continued, and departments count with all that they were made of or went into.
    """
    changes = [row.model_dump() for row in rows.tables.get("organisation_changes.csv", ())]
    line = _close({department}, [(row["from_"], row["to"]) for row in changes])
    assigned = {
        row.item
        for content in rows.years.values()
        for row in content.tables.get("assignments.csv", ())
        if isinstance(row, AssignmentRow) and row.department in line
    }
    items = [row.model_dump() for row in rows.tables.get("items.csv", ())]
    own = {row["item"] for row in items if {row["item"], row["measure"]} & assigned}
    links = [(row["item"], row[name]) for row in items for name in ("relisted_from", "continues")]
    return frozenset(_close(own, links))


def _close(start: set[str], links: list[tuple[str, str]]) -> set[str]:
    """Return the names that links lead to from ``start``, in either direction."""
    found, size = set(start), -1
    while size != len(found):
        size = len(found)
        found |= {name for link in links if found & {*link} for name in link if name}
    return found
