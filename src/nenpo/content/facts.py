"""An opened briefing → the facts of its document, as ``facts.schema.json`` describes them."""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal
from typing import Any

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.coverage import count_coverage, has_coverage
from nenpo.analysis.figures import Figure, list_disagreements, list_figures, list_unused
from nenpo.analysis.indicators import Assessment
from nenpo.analysis.late import compare_lateness, count_late_years
from nenpo.analysis.milestones import Milestone, list_milestones
from nenpo.analysis.standing import Line
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Facts
from nenpo.content.extras import sum_money
from nenpo.language.values import Value

FACTS_VERSION = 1
_ROW_COUNTS = ("rows", "rated", "unrated", "relisted", "relisted_stated", "relisted_inferred")
_PARTS = ("goal", "policy", "measure")
# The lists of items that a comparison of years makes, and what the facts call them.
_MOVES = {name: name for name in ("improved", "worsened", "moved", "marked", "unmarked")}
_MOVES |= {"started": "new", "ended": "ended", "unreported": "unreported"}


def collect(b: OpenBriefing) -> Facts:
    """Return the marks, counts, indicators and figures behind the document, by id.

    Every mark and every value of the data is among them, and what they are counted by; what
    follows from these (shares, sums) is not, nor are numbers within texts.
    Counts are of the document's own items: in a department's document, of the items that it
    leads or supports; ``unreported`` names those that nothing was reported of and that no count
    holds. ``published`` concerns the whole plan and is null elsewhere.
    """
    plan, items = b.plan, b.items
    rows = progress.count_rows(items)
    reconciled = progress.reconcile(b)
    values: dict[str, Any] = {
        "facts_version": FACTS_VERSION,
        "plan": plan.id,
        "fiscal_year": b.fiscal_year,
        "department": b.department,
        "status_counts": progress.count_status(plan, items),
        "ward_status_counts": progress.count_status(plan, items[progress.is_ward(items)]),
        **{name: getattr(rows, name) for name in _ROW_COUNTS},
        **{f"by_{each}": progress.count_by(plan, items, each) for each in _PARTS},
        "by_department": _count_departments(b, ("lead", "supporting")),
        "by_department_lead": _count_departments(b, ("lead",)),
        "off_schedule": list(progress.list_off_schedule(b)["item"]),
        "indicators": {entry.indicator: _describe_indicator(entry) for entry in b.assessments},
        "published": {
            "agrees": None if b.department else reconciled.agrees,
            "differences": [
                {"status": mark, "published": published, "computed": computed}
                for mark, published, computed in reconciled.differences
                if not b.department
            ],
        },
        "items": list(items["item"]),
    }
    if silent := list(b.unreported.items["item"]):
        values["unreported"] = silent
    if plan.meta.status_scale and not items.empty:
        values["marks"] = _list_marks(items)
    if has_coverage(b):
        values["coverage"] = asdict(count_coverage(b, items))
    figures = list_figures(plan, b.fiscal_year) if b.department is None else ()
    if figures:
        values["figures"] = {figure.figure: describe_figure(figure) for figure in figures}
        values["disagreements"] = len(list_disagreements(plan, b.fiscal_year))
    others = _list_others(b) if b.department is None else {}
    if others:
        values["other_values"] = others
    if told := list_milestones(b):
        values["milestones"] = _describe_milestones(told)
    if sums := sum_money(b):
        values["money"] = {name: each._asdict() for name, each in sums.items()}
    transitions = progress.compare_years(b)
    if transitions is not None:
        values["transitions"] = _describe_transitions(b, transitions)
    return Facts(values)


def _list_marks(items: pd.DataFrame) -> dict[str, str]:
    """Return the mark of every rated item, with the direction of a change: ○ ahead."""
    rated = items[progress.is_rated(items)]
    pairs = zip(rated["item"], rated["status"] + " " + rated["shift"], strict=True)
    return {str(item): mark.strip() for item, mark in pairs}


def _list_others(b: OpenBriefing) -> dict[str, dict[str, Any]]:
    """Return the values that sources state beside the one in use: by table, fact and place."""
    actuals = b.plan.years[b.fiscal_year].actuals
    unused = actuals[~actuals["preferred"].astype(bool)].to_dict("records")
    told = [("indicators", row["indicator"], row["value"], row["denominator"]) for row in unused]
    told += [
        ("figures", figure.figure, figure.value.value, figure.value.denominator)
        for figure in list_unused(b.plan, b.fiscal_year)
    ]
    others: dict[str, dict[str, Any]] = {}
    for table, fact, value, denominator in told:
        places = others.setdefault(table, {}).setdefault(str(fact), {})
        # Counted, not named by source: one source may state two values.
        stated = {"value": value} | ({} if denominator is None else {"denominator": denominator})
        places[str(len(places) + 1)] = {name: _plain(number) for name, number in stated.items()}
    return others


def _count_departments(
    b: OpenBriefing, roles: tuple[progress.Role, ...]
) -> dict[str, progress.StatusCounts]:
    counts = progress.count_by_department(b, roles)
    # Others that share its items are not counted whole here, so their numbers would mislead.
    return {name: found for name, found in counts.items() if b.department in (None, name)}


def _describe_indicator(entry: Assessment) -> dict[str, Any]:
    targets = {str(target.fiscal_year): target for target in entry.targets}
    denominators = {
        year: _plain(target.value.denominator)
        for year, target in targets.items()
        if target.value.denominator is not None
    }
    return {
        "actual": _to_number(entry.actual),
        "previous": _to_number(entry.previous),
        "denominator": _plain(entry.actual.denominator) if entry.actual else None,
        "approximate": entry.actual.approximate if entry.actual else False,
        "missing": entry.missing,
        "change": _plain(entry.change),
        "targets": {year: _to_number(target.value) for year, target in targets.items()},
        "achievement": {year: _to_share(target.achievement) for year, target in targets.items()},
        "elapsed": {year: _to_share(target.elapsed) for year, target in targets.items()},
        "line": {year: _describe_line(target.line) for year, target in targets.items()},
        "standing": entry.standing,
        **({"target_denominators": denominators} if denominators else {}),
    }


def _describe_line(line: Line) -> dict[str, Any]:
    expected = None if line.expected is None else round(line.expected, 6)
    return {"expected": _plain(expected), "side": line.side}


def describe_figure(figure: Figure) -> dict[str, Any]:
    """Return a figure's value and time as facts; days as YYYYMM or YYYYMMDD."""
    return {
        "value": _plain(figure.value.value),
        "denominator": _plain(figure.value.denominator),
        "unit": figure.unit,
        "approximate": figure.value.approximate,
        "kind": figure.kind,
        "fiscal_year": figure.fiscal_year,
        "from": figure.begin,
        "to": figure.end,
    }


def _describe_milestones(milestones: Iterable[Milestone]) -> dict[str, dict[str, Any]]:
    """Return what is dated, by subject and by what it is, with the codes of the dates."""
    told: dict[str, dict[str, Any]] = {}
    for each in milestones:
        stated = {"date": each.when.code, "state": each.state}
        moved = {"former_date": each.former.code} if each.former else {}
        told.setdefault(each.subject, {})[each.text] = stated | moved
    return told


def _describe_transitions(b: OpenBriefing, moved: progress.Transitions) -> dict[str, Any]:
    lateness = compare_lateness(b.plan, moved)
    return {
        "previous_year": moved.previous_year,
        "counts": [
            {"before": before, "after": after, "count": int(count)}
            for before, after, count in moved.counts.itertuples(index=False, name=None)
        ],
        **{told: list(getattr(moved, name)["item"]) for name, told in _MOVES.items()},
        "newly_late": list(lateness.newly),
        "caught_up": list(lateness.caught_up),
        "still_late": {item: years for item, years in count_late_years(b).items() if years > 1},
    }


def _to_number(value: Value | None) -> int | float | None:
    return _plain(value.value) if value is not None else None


def _plain(number: Decimal | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else float(number)


def _to_share(share: Decimal | None) -> float | None:
    # Six decimals: exact enough for every printed percent, and free of binary noise.
    return None if share is None else float(round(share, 6))
