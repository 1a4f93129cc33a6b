"""What a plan holds of a theme: the items of the parts it names, and how they are reported."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from nenpo.analysis.items import has_progress, join_items, join_unreported
from nenpo.analysis.progress import count_status, is_rated, is_relisted
from nenpo.data.plan import Plan

_JUDGED = ("kept", "changed", "not_comparable")


@dataclass(frozen=True, eq=False)
class ThemeItems:
    """The items of some parts of a plan in the latest report up to a fiscal year.

    ``items`` has ``ITEM_COLUMNS``, each item once, re-listings among them. ``relisted`` are those
    of them whose original is not there, too; no count holds them. ``counts`` tells of the others
    how many have each mark (and how many none, ""), or, in a plan without marks, how they keep to
    the schedule (kept, changed, not_comparable), or else whether progress is stated (reported),
    a plan alone (planned) or neither (silent). ``unreported`` items exist in the fiscal year, but
    nothing was reported of them.
    """

    items: pd.DataFrame
    count: int
    relisted: int
    counts: Mapping[str, int]
    unreported: int


def find_theme_items(plan: Plan, fiscal_year: int, subjects: Collection[str]) -> ThemeItems:
    """Return the items that are among ``subjects``, or of the measures and goals among them."""
    year = find_report(plan, fiscal_year)
    items = pd.DataFrame() if year is None else _select(join_items(plan, year), subjects)
    if items.empty:
        return ThemeItems(items, 0, 0, {}, _count_unreported(plan, fiscal_year, subjects))
    relisted = is_relisted(items)
    origins = {*items.loc[~relisted, "item"], *items.loc[~relisted, "measure"]}
    own, more = items[~relisted], items[relisted & ~items["relisted_from"].isin(origins)]
    counts = {word: count for word, count in _count(plan, own).items() if count}
    unreported = _count_unreported(plan, fiscal_year, subjects)
    return ThemeItems(items, len(own), len(more), counts, unreported)


def find_report(plan: Plan, fiscal_year: int) -> int | None:
    """Return the latest year up to ``fiscal_year`` whose report says anything."""
    known = [year for year in plan.years if year <= fiscal_year and has_progress(plan, year)]
    return max(known, default=None)


def _select(items: pd.DataFrame, subjects: Collection[str]) -> pd.DataFrame:
    held = items["item"].isin(subjects) | items["measure"].isin(subjects)
    return items[held | items["goal"].isin(subjects)]


def _count(plan: Plan, items: pd.DataFrame) -> dict[str, int]:
    if plan.meta.status_scale:
        return count_status(plan, items) | {"": int((~is_rated(items)).sum())}
    if (items["adherence"] != "").any():
        judged = items["adherence"].value_counts()
        return {word: int(judged.get(word, 0)) for word in (*_JUDGED, "")}
    reported = items["done"] != ""
    planned = ~reported & ((items["next_year"] != "") | (items["later"] != ""))
    return {
        "reported": int(reported.sum()),
        "planned": int(planned.sum()),
        "silent": int((~reported & ~planned).sum()),
    }


def _count_unreported(plan: Plan, fiscal_year: int, subjects: Collection[str]) -> int:
    if fiscal_year not in plan.reported_years:
        return 0
    return len(_select(join_unreported(plan, fiscal_year), subjects))
