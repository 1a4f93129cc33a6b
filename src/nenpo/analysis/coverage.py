"""What is reported and scheduled of a plan whose documents tell progress in words, not marks."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from nenpo.analysis.items import find_previous, has_progress, join_items
from nenpo.analysis.progress import Year, is_relisted
from nenpo.data.plan import Plan


@dataclass(frozen=True)
class Coverage:
    """Items, re-listings apart, and how many of them have what.

    ``reported``: progress; ``reported_undated``: of these, progress of which no time is stated.
    ``scheduled``: a step that the plan schedules for the year. ``planned``: what is to come, in
    the report or in the schedule; ``planned_undated``: of these, without any time. ``kept``,
    ``changed`` and ``not_comparable``: progress against the schedule, as the data judge it.
    """

    items: int
    reported: int
    reported_undated: int
    scheduled: int
    planned: int
    planned_undated: int
    kept: int
    changed: int
    not_comparable: int


def count_coverage(year: Year, items: pd.DataFrame) -> Coverage:
    """Count what the year's report and the plan's schedule say of ``items``."""
    own = items[~is_relisted(items)]
    told = own["done"] != ""
    plans = (own["next_year"] != "") | (own["later"] != "")
    steps = year.plan.schedule
    this = steps[
        (steps["first_year"] <= year.fiscal_year) & (year.fiscal_year <= steps["last_year"])
    ]
    later = own["item"].isin(steps.loc[steps["last_year"] > year.fiscal_year, "item"])
    judged = own["adherence"].value_counts()
    return Coverage(
        items=len(own),
        reported=int(told.sum()),
        reported_undated=int((told & own["undated"].isin(["done", "both"])).sum()),
        scheduled=int(own["item"].isin(this["item"]).sum()),
        planned=int((plans | later).sum()),
        # A step of the schedule has its year.
        planned_undated=int((plans & ~later & own["undated"].isin(["plan", "both"])).sum()),
        **{word: int(judged.get(word, 0)) for word in ("kept", "changed", "not_comparable")},
    )


def has_coverage(year: Year) -> bool:
    """Tell whether the year is told by what is reported: it has items, and the plan no marks."""
    return not year.plan.meta.status_scale and not year.items.empty


def list_steps(plan: Plan) -> Mapping[str, Mapping[int, str]]:
    """Return what is scheduled: item → fiscal year → steps of that year, joined by 、.

    ＊ follows a step with a note: its year, or the step itself, was read with some doubt.
    """
    steps: dict[str, dict[int, str]] = {}
    for row in plan.schedule.to_dict("records"):
        text = f"{row['text']}＊" if row["note"] else row["text"]
        years = steps.setdefault(row["item"], {})
        for fiscal_year in range(row["first_year"], row["last_year"] + 1):
            years[fiscal_year] = f"{years[fiscal_year]}、{text}" if fiscal_year in years else text
    return steps


def list_schedule_years(plan: Plan) -> list[int]:
    """Return the fiscal years that the schedule covers."""
    rows = zip(plan.schedule["first_year"], plan.schedule["last_year"], strict=True)
    return sorted({year for first, last in rows for year in range(first, last + 1)})


def compare_reports(year: Year) -> pd.DataFrame | None:
    """Return the year's items with ``before``, what the year before reported; None without one.

    Columns of ``Year.items``, previous_item and before ("" where nothing was reported).
    """
    plan, earlier = year.plan, year.fiscal_year - 1
    if not (has_progress(plan, earlier) and has_progress(plan, year.fiscal_year)):
        return None
    previous = join_items(plan, earlier).set_index("item")["done"]
    before = find_previous(plan, year.items["item"], pd.Series(previous.index, dtype="str"))
    told = before.map(previous).astype("str").fillna("")
    return year.items.assign(previous_item=before, before=told)
