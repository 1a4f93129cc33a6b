"""Who is asked what: the items, indicators and milestones of a fiscal year by department."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache

import pandas as pd

from nenpo.analysis.items import (
    Item,
    each_item,
    expand_assignments,
    find_previous,
    join_valid,
    keep_valid,
    list_titles,
    name_subjects,
    number_items,
    require_report,
)
from nenpo.analysis.milestones import Milestone, read_milestones
from nenpo.analysis.progress import Role
from nenpo.data.plan import INFERRED, Plan
from nenpo.language.fiscal import fiscal_year_label

PREPARER = "plan"
"""Stands for a department where none is asked: the one that prepares the report answers itself."""
PREPARER_NAME = "取りまとめ担当"


@dataclass(frozen=True, eq=False)
class Asked:
    """What there is to ask of a fiscal year, in the order of the plan's tables.

    ``items`` are all that exist in the year, re-listings included. ``leads`` and ``supports`` hold
    the departments of each item in 建制順, generic names (各所管課) among them; ``measures`` are
    those in charge of a whole measure, ``indicators`` those of each indicator; ``named`` are all of
    them by what they are in charge of, in the order of assignments.csv. ``milestones`` are
    the year's own and ``milestones_before``, those that the year before left open. ``numbers`` are
    those by which items are cited, ``departments`` all but the generic ones.
    """

    plan: Plan
    fiscal_year: int
    items: tuple[Item, ...]
    leads: Mapping[str, tuple[str, ...]]
    supports: Mapping[str, tuple[str, ...]]
    measures: Mapping[str, tuple[str, ...]]
    indicators: Mapping[str, tuple[str, ...]]
    named: Mapping[str, tuple[str, ...]]
    milestones: tuple[Milestone, ...]
    milestones_before: Mapping[tuple[str, str], Milestone]
    numbers: Mapping[str, str]
    departments: tuple[str, ...]

    @property
    def year(self) -> str:
        """The fiscal year as documents name it."""
        return fiscal_year_label(self.fiscal_year)

    @property
    def last(self) -> str:
        """The fiscal year before."""
        return fiscal_year_label(self.fiscal_year - 1)

    @property
    def next(self) -> str:
        """The fiscal year after."""
        return fiscal_year_label(self.fiscal_year + 1)

    def ask(self, subject: str) -> tuple[str, ...]:
        """Return who answers for an item, an indicator, a measure, a goal or the whole plan.

        Departments, generic names apart; where nobody is named, who prepares the report.
        """
        held = self.leads.get(subject) or self.measures.get(subject) or ()
        named = held or self.indicators.get(subject, ())
        return tuple(name for name in named if name in self.departments) or (PREPARER,)

    def list_reported(self, department: str) -> Sequence[Item]:
        """Return the items that a department reports: its own, without what is listed again."""
        return self._reported.get(department, ())

    @cached_property
    def _reported(self) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        for item in self.items:
            for name in () if item.relisted_from else self.ask(item.item):
                found.setdefault(name, []).append(item)
        return found

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of measures and items by id."""
        return list_titles(self.plan)

    @cached_property
    def subjects(self) -> dict[str, str]:
        """The names of the whole plan, its goals and its measures by id."""
        return name_subjects(self.plan)


def list_asked(plan: Plan, fiscal_year: int) -> tuple[str, ...]:
    """Return who is asked: departments in 建制順, and ``PREPARER`` if something is left.

    Departments are those in charge of an item, an indicator or a milestone. Raises
    ``UnknownYear`` if the plan has no tables of the fiscal year.
    """
    asked = gather_asked(plan, fiscal_year)
    items = (item.item for item in asked.items if not item.relisted_from)
    dated = (each.subject for each in asked.milestones)
    named = {name for subject in (*items, *asked.indicators, *dated) for name in asked.ask(subject)}
    return tuple(name for name in (*asked.departments, PREPARER) if name in named)


def name_asked(plan: Plan, department: str) -> str:
    """Return what a department, or who prepares the report, is called; without ＊, if inferred."""
    if department == PREPARER:
        return PREPARER_NAME
    return plan.department_names[department].removesuffix(INFERRED)


@lru_cache(maxsize=4)  # a plan is never changed; each department's survey asks for it
def gather_asked(plan: Plan, fiscal_year: int) -> Asked:
    """Return what the departments are asked of a fiscal year. Raises ``UnknownYear``."""
    require_report(plan, fiscal_year)
    items, tables = join_valid(plan, fiscal_year), plan.years[fiscal_year]
    held, named = expand_assignments(tables.assignments, items), tables.assignments
    indicators = keep_valid(plan.indicators, fiscal_year)["indicator"]
    before = _index_milestones_before(plan, fiscal_year)
    own = {(each.subject, each.text): each for each in read_milestones(plan, fiscal_year)}
    milestones = before | own
    return Asked(
        plan=plan,
        fiscal_year=fiscal_year,
        items=tuple(each_item(items)),
        leads=_find_holders(plan, held, "lead", items["item"]),
        supports=_find_holders(plan, held, "supporting", items["item"]),
        measures=_find_holders(plan, named, "lead", plan.measures["measure"]),
        indicators=_find_holders(plan, named, "lead", indicators),
        named=_list_named(held, named),
        milestones=tuple(sorted(milestones.values(), key=_find_days)),
        milestones_before=before,
        numbers=number_items(plan),
        departments=_list_departments(plan),
    )


def _find_holders(
    plan: Plan, assignments: pd.DataFrame, role: Role, ids: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Return the departments that have each of ``ids`` in the role."""
    rows = assignments[assignments["role"] == role]
    pairs = set(zip(rows["item"], rows["department"], strict=True))
    known = plan.departments.sort_values("order", kind="stable")["department"]
    return {name: tuple(d for d in known if (name, d) in pairs) for name in ids}


def _list_named(*assignments: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return who is in charge of each item, indicator or measure, in the order of the tables."""
    found: dict[str, dict[str, None]] = {}
    for rows in assignments:
        leads = rows[rows["role"] == "lead"]
        for subject, department in zip(leads["item"], leads["department"], strict=True):
            found.setdefault(subject, {})[department] = None
    return {subject: tuple(departments) for subject, departments in found.items()}


def _list_departments(plan: Plan) -> tuple[str, ...]:
    rows = plan.departments
    rows = rows[rows["kind"] != "generic"].sort_values("order", kind="stable")
    return tuple(rows["department"])


def _find_days(milestone: Milestone) -> tuple[date, date]:
    return milestone.when.last, milestone.when.first


def _index_milestones_before(plan: Plan, fiscal_year: int) -> dict[tuple[str, str], Milestone]:
    """Return the year before's open milestones, by subject as it is called now, and by text.

    An item that continues another has that one's milestones; those of what has ended are left out.
    """
    before = [each for each in read_milestones(plan, fiscal_year - 1) if each.state != "done"]
    ids = keep_valid(plan.items, fiscal_year)["item"]
    former = find_previous(plan, ids, pd.Series([each.subject for each in before], dtype="str"))
    subjects = {name: name for name in name_subjects(plan)}
    subjects |= {old: new for new, old in zip(ids, former, strict=True) if old}
    named = (
        replace(each, subject=subjects[each.subject]) for each in before if each.subject in subjects
    )
    return {(each.subject, each.text): each for each in named}
