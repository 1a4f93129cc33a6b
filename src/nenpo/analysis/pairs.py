"""Two fiscal years of a plan → what belongs together: departments by succession, indicators."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nenpo.analysis.departments import list_changes, trace_departments
from nenpo.analysis.indicators import Assessment, assess_indicators
from nenpo.analysis.items import find_previous
from nenpo.analysis.progress import Year, list_holders
from nenpo.analysis.standing import is_comparable
from nenpo.language.values import Value

Held = dict[str, frozenset[str]]


@dataclass(frozen=True)
class DepartmentPair:
    """A department of the later year beside those whose work it had in the earlier one.

    ``department`` is "" where nobody of the later year follows ``former``; ``former`` is empty
    where nobody of the earlier year came before. ``kinds`` are the changes of organisation between
    the years that made it, ``givers`` who handed it a part of their work. ``before`` and ``after``
    are the items held.
    """

    department: str
    former: tuple[str, ...]
    kinds: tuple[str, ...]
    givers: tuple[str, ...]
    before: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True)
class IndicatorPair:
    """An indicator in both years: ``entry`` as the later one sees it, or the last that saw it.

    ``change`` is the later value less the earlier one; None where they cannot be compared, or
    one of them is not known. ``is_new`` and ``is_gone``: only one of the years has it.
    """

    entry: Assessment
    before: Value | None
    after: Value | None
    change: Decimal | None
    is_new: bool
    is_gone: bool

    @property
    def differs(self) -> bool:
        """Whether its value, or whether there is one, is not the same in both years."""
        return self.before != self.after or self.is_new or self.is_gone


def pair_departments(before: Year, after: Year) -> list[DepartmentPair]:
    """Return every department that holds items in a year, in 建制順; the ones that end last."""
    old, new = _list_held(before), _list_held(after)
    pairs = [_pair_department(name, before, after, old, new) for name in new]
    followed = {name for pair in pairs for name in pair.former}
    left = [name for name in old if name not in followed]
    return pairs + [
        DepartmentPair("", (name,), (), (), old[name], frozenset[str]()) for name in left
    ]


def _list_held(year: Year) -> Held:
    holders = list_holders(year).groupby("department")["item"].agg(frozenset).to_dict()
    order = year.plan.departments.sort_values("order", kind="stable")["department"]
    return {name: holders[name] for name in order if name in holders}


def _pair_department(name: str, before: Year, after: Year, old: Held, new: Held) -> DepartmentPair:
    plan, years = after.plan, (before.fiscal_year, after.fiscal_year)
    traced = trace_departments(plan, name, years[1], years[0])
    changes = [
        change
        for change in list_changes(plan, years[1])
        if change.fiscal_year > years[0] and change.to in traced
    ]
    former = tuple(each for each in traced if each in old)
    return DepartmentPair(
        department=name,
        former=former,
        kinds=tuple(dict.fromkeys(c.kind for c in changes if c.kind != "transfer")),
        givers=tuple(giver for c in changes if c.kind == "transfer" for giver in c.froms),
        before=frozenset[str]().union(*(old[each] for each in former)),
        after=new[name],
    )


def pair_leads(before: Year, after: Year) -> Iterator[tuple[str, str]]:
    """Yield id and earlier id of the items whose lead went to a department that does not follow.

    Not of items that one of the years assigns to nobody.
    """
    old, new = _list_leads(before), _list_leads(after)
    previous = find_previous(after.plan, after.items["item"], before.items["item"])
    for item, former in zip(after.items["item"], previous, strict=True):
        had, has = old.get(former, set()), new.get(item, set())
        traced = [
            set(trace_departments(after.plan, name, after.fiscal_year, before.fiscal_year))
            for name in has
        ]
        if had and has and not (had <= set().union(*traced) and all(t & had for t in traced)):
            yield item, former


def _list_leads(year: Year) -> dict[str, set[str]]:
    leads = year.assignments[year.assignments["role"] == "lead"]
    found: dict[str, set[str]] = {}
    for item, department in zip(leads["item"], leads["department"], strict=True):
        found.setdefault(item, set()).add(department)
    return found


def pair_indicators(before: Year, after: Year) -> list[IndicatorPair]:
    """Return the indicators of both years, in their file's order; those that ended last."""
    old, new = (
        {entry.indicator: entry for entry in assess_indicators(year.plan, year.fiscal_year)}
        for year in (before, after)
    )
    pairs = []
    for name, entry in (new | {k: v for k, v in old.items() if k not in new}).items():
        first = old[name].actual if name in old else None
        last = new[name].actual if name in new else None
        known = first is not None and last is not None and is_comparable(first, last)
        change = last.value - first.value if known and first and last else None
        pairs.append(IndicatorPair(entry, first, last, change, name not in old, name not in new))
    return pairs
