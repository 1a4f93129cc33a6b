"""Dated milestones of a fiscal year's report: which lie ahead, which are overdue, and whose."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from nenpo.analysis.progress import Year, select_unreported
from nenpo.data.plan import Plan
from nenpo.language.stated_dates import StatedDate, parse_stated_date

State = Literal["planned", "revised", "done"]

YEARS_AHEAD = 2
"""So many fiscal years after that of the report are looked ahead."""


@dataclass(frozen=True)
class Milestone:
    """What is dated, of an item, a measure, a goal or the whole plan (``subject``).

    ``former`` is the date that was planned before, where it was another.
    """

    subject: str
    when: StatedDate
    text: str
    state: State
    former: StatedDate | None
    source: str
    line: int | None

    def is_overdue(self, day: date) -> bool:
        """Tell whether it was to be done by ``day`` and is not reported as done."""
        return self.state != "done" and self.when.is_past(day)

    def is_coming(self, day: date) -> bool:
        """Tell whether it is still to be done after ``day``."""
        return self.state != "done" and not self.when.is_past(day)


def list_milestones(year: Year) -> tuple[Milestone, ...]:
    """Return the milestones that the year's report states, in order of date.

    Of a department's year those of its items and of their measures, whether the items were
    reported or not.
    """
    stated = read_milestones(year.plan, year.fiscal_year)
    if year.department is None or not stated:
        return stated
    own = _list_own(year)
    return tuple(each for each in stated if each.subject in own)


def read_milestones(plan: Plan, fiscal_year: int) -> tuple[Milestone, ...]:
    """Return the milestones of a fiscal year's table, in order of date; none if it has none.

    The end of a stated time decides: October stands before its fiscal year.
    """
    if fiscal_year not in plan.years:
        return ()
    found = (_read(row) for row in plan.years[fiscal_year].milestones.to_dict("records"))
    return tuple(sorted(found, key=lambda each: (each.when.last, each.when.first)))


def _list_own(year: Year) -> set[str]:
    held = (year.items, select_unreported(year).items)
    return {name for items in held for column in ("item", "measure") for name in items[column]}


def _read(row: Mapping[Hashable, Any]) -> Milestone:
    former = row["former_date"]
    return Milestone(
        subject=row["subject"],
        when=parse_stated_date(row["date"]),
        text=row["text"],
        state=row["state"],
        former=parse_stated_date(former) if former else None,
        source=row["source"],
        line=row["line"],
    )


def list_coming(
    milestones: Iterable[Milestone], day: date, fiscal_year: int
) -> tuple[Milestone, ...]:
    """Return those that lie after ``day`` and begin within two fiscal years of the report's."""
    end = date(fiscal_year + YEARS_AHEAD + 1, 3, 31)
    return tuple(each for each in milestones if each.is_coming(day) and each.when.first <= end)


def list_overdue(milestones: Iterable[Milestone], day: date) -> tuple[Milestone, ...]:
    """Return those that were to be done by ``day``; nothing says that they were."""
    return tuple(each for each in milestones if each.is_overdue(day))


def find_next(milestones: Iterable[Milestone], day: date) -> dict[str, Milestone]:
    """Return by subject the first milestone after ``day``, however far ahead."""
    found: dict[str, Milestone] = {}
    for each in milestones:
        if each.is_coming(day):
            found.setdefault(each.subject, each)
    return found
