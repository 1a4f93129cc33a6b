"""What a plan holds of a theme: the items of the parts it names, and how they are reported."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nenpo.analysis.items import Item, each_item, has_progress, join_items, join_unreported
from nenpo.data.plan import Plan


@dataclass(frozen=True)
class ThemeItems:
    """The items of some parts of a plan in the latest report up to a fiscal year.

    ``items`` has each item once, re-listings among them. ``relisted`` are those of them whose
    original is not there, too; no count holds them. ``counts`` tells of the others how many have
    each mark (and how many none, ""), or, in a plan without marks, how they keep to the schedule
    (kept, changed, not_comparable), or else whether progress is stated (reported), a plan alone
    (planned) or neither (silent). ``unreported`` items exist in the fiscal year, but nothing was
    reported of them.
    """

    items: tuple[Item, ...]
    count: int
    relisted: int
    counts: Mapping[str, int]
    unreported: int


def find_theme_items(plan: Plan, fiscal_year: int, subjects: Collection[str]) -> ThemeItems:
    """Return the items that are among ``subjects``, or of the measures and goals among them."""
    reported, silent = _read_report(plan, fiscal_year)
    items = _select(reported, subjects)
    own = [item for item in items if not item.relisted_from]
    there = {name for item in own for name in (item.item, item.measure)}
    relisted = sum(bool(item.relisted_from) and item.relisted_from not in there for item in items)
    unreported = len(_select(silent, subjects))
    return ThemeItems(items, len(own), relisted, _count(plan, own), unreported)


@lru_cache(maxsize=64)  # a plan is never changed, and each of its parts asks for its report
def _read_report(plan: Plan, fiscal_year: int) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Return the items of the latest report up to a year, and those that the year leaves out."""
    known = [year for year in plan.years if year <= fiscal_year and has_progress(plan, year)]
    reported = tuple(each_item(join_items(plan, max(known)))) if known else ()
    if fiscal_year not in plan.reported_years:
        return reported, ()
    return reported, tuple(each_item(join_unreported(plan, fiscal_year)))


def _select(items: Iterable[Item], subjects: Collection[str]) -> tuple[Item, ...]:
    return tuple(i for i in items if not {i.item, i.measure, i.goal}.isdisjoint(subjects))


def _count(plan: Plan, items: Collection[Item]) -> dict[str, int]:
    """Return the counts in the order in which they are told, none of them 0."""
    if plan.meta.status_scale:
        order, found = (*plan.meta.marks, ""), Counter(item.status for item in items)
    elif any(item.adherence for item in items):
        order = ("kept", "changed", "not_comparable", "")
        found = Counter(item.adherence for item in items)
    else:
        order, found = ("reported", "planned", "silent"), Counter(map(_name_state, items))
    return {word: found[word] for word in order if found[word]}


def _name_state(item: Item) -> str:
    if item.done:
        return "reported"
    return "planned" if item.next_year or item.later else "silent"
