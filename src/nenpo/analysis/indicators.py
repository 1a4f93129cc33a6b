"""Valid tables → how far each indicator has come, from its baseline and since the year before.

Everything is computed from the values as printed, in decimal, and never clipped or rounded:
a value that moved away from its target has a negative achievement, one that passed it more
than 1.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd

from nenpo.analysis.items import correct_texts, keep_valid, require_report
from nenpo.analysis.standing import (
    Course,
    Line,
    Side,
    Standing,
    WhyNot,
    choose_word,
    is_comparable,
    judge_standing,
    place_on_line,
)
from nenpo.data.plan import Plan
from nenpo.data.schema.declarations import StandingRule
from nenpo.language.values import Value

Record = dict[Hashable, Any]


@dataclass(frozen=True)
class TargetProgress:
    """One target and the way to it; ``former`` is its value before it was set anew in ``set_in``.

    ``achievement`` = (actual − baseline) / (target − baseline); None for the reason ``why_not``.
    ``elapsed`` = (fiscal year − baseline year) / (target year − baseline year). ``line`` is the
    straight line from the baseline to the target.
    """

    fiscal_year: int
    value: Value
    set_in: int
    former: Value | None
    achievement: Decimal | None
    elapsed: Decimal
    why_not: WhyNot
    approximate: bool
    line: Line


@dataclass(frozen=True)
class Predecessor:
    """The indicator before its definition was changed, with its last value (None: never stated)."""

    name: str
    unit: str
    fiscal_year: int | None
    value: Value | None


@dataclass(frozen=True)
class Assessment:
    """One indicator in one fiscal year.

    ``change`` = actual − previous in ``change_unit`` (ポイント for percentages); None for the
    reason ``change_why_not``. ``missing`` tells why there is no actual. ``standing`` compares
    the actual with ``next_target`` and else with the value of ``compared_year``; "none" has
    its reason in ``standing_why_not``. ``word`` is the plan's declared word, "" without rule.
    ``predecessor`` counted something else: its values are told apart, never compared.
    """

    indicator: str
    name: str
    unit: str
    baseline_year: int
    baseline: Value | None
    previous_year: int
    previous: Value | None
    actual: Value | None
    missing: str
    change: Decimal | None
    change_unit: str
    change_why_not: WhyNot
    change_approximate: bool
    history: tuple[tuple[int, Value], ...]
    targets: tuple[TargetProgress, ...]
    next_target: TargetProgress | None
    standing: Standing
    standing_why_not: WhyNot
    compared_year: int | None
    word: str
    predecessor: Predecessor | None

    @property
    def side(self) -> Side:
        """Where the value lies beside the line to the nearest target."""
        return self.next_target.line.side if self.next_target else "none"

    def find_target(self, fiscal_year: int) -> TargetProgress | None:
        """Return the target of a fiscal year, None where there is none."""
        return next((t for t in self.targets if t.fiscal_year == fiscal_year), None)


def assess_indicators(
    plan: Plan, fiscal_year: int, department: str | None = None
) -> tuple[Assessment, ...]:
    """Assess the plan's indicators, or those assigned to ``department``, in their file's order.

    Of several values for one fact the preferred one is used; of several targets for one year
    the one set last, at most in ``fiscal_year``. Raises ``UnknownYear``.
    """
    require_report(plan, fiscal_year)
    actuals = _collect_actuals(plan, fiscal_year)
    targets = _collect_targets(plan, fiscal_year)
    own = plan.indicators
    names = correct_texts(plan, ("name", "indicators"), own["indicator"], own["name"])
    known = own.assign(name=names).to_dict("records")
    wanted = set(keep_valid(own, fiscal_year)["indicator"])
    if department is not None:
        # An assignment's "item" may name an indicator.
        assignments = plan.years[fiscal_year].assignments
        wanted &= set(assignments.loc[assignments["department"] == department, "item"])
    return tuple(
        _assess_indicator(
            row,
            _read_course(row, _select_rows(actuals, row), fiscal_year),
            _select_rows(targets, row),
            plan.meta.standing_rules,
            _find_predecessor(row, known, actuals),
        )
        for row in known
        if row["indicator"] in wanted
    )


def _find_predecessor(
    row: Record, known: list[Record], actuals: pd.DataFrame
) -> Predecessor | None:
    former = next((other for other in known if other["indicator"] == row["continues"]), None)
    if former is None:
        return None
    values = _read_values(_select_rows(actuals, former))
    last = max(values, default=None)
    return Predecessor(former["name"], former["unit"], last, values[last] if last else None)


_POINT = ("indicator", "fiscal_year", "value", "denominator", "approximate", "missing", "preferred")


def _collect_actuals(plan: Plan, fiscal_year: int) -> pd.DataFrame:
    """Return the values up to the fiscal year: those of the years' tables, and of figures."""
    years = (year for year in sorted(plan.years) if year <= fiscal_year)
    stated = [plan.years[year].actuals.assign(fiscal_year=year) for year in years]
    told = plan.figures
    told = told[(told["indicator"] != "") & (told["kind"] == "actual")]
    told = told[[year is not None and year <= fiscal_year for year in told["fiscal_year"]]]
    tables = [table[list(_POINT)] for table in (*stated, told.assign(missing="")) if len(table)]
    if not tables:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in _POINT})
    actuals = pd.concat(tables).sort_values("preferred", ascending=False, kind="stable")
    return actuals.drop_duplicates(["indicator", "fiscal_year"])


def _collect_targets(plan: Plan, fiscal_year: int) -> pd.DataFrame:
    """Return the targets in force, each with ``former``: its value before it was last set anew."""
    known = plan.targets[plan.targets["set_in"] <= fiscal_year]
    known = known.sort_values(["fiscal_year", "set_in"], kind="stable")
    key = ["indicator", "fiscal_year"]
    values = [read_value(row) for row in known.to_dict("records")]
    known = known.assign(own=pd.Series(values, index=known.index, dtype="object"))
    former = known.groupby(key)["own"].shift()
    known = known.assign(former=former.where(former.notna(), None))
    return known.drop_duplicates(key, keep="last")


def _select_rows(table: pd.DataFrame, indicator: Record) -> list[Record]:
    rows: list[Record] = table[table["indicator"] == indicator["indicator"]].to_dict("records")
    return rows


def _read_course(indicator: Record, actuals: list[Record], fiscal_year: int) -> Course:
    values = _read_values(actuals)
    reasons = {row["fiscal_year"]: row["missing"] for row in actuals}
    # A year that does not mention the indicator says as little as one that prints 「—」.
    missing = "" if fiscal_year in values else reasons.get(fiscal_year) or "not_stated"
    return Course(fiscal_year, indicator["baseline_year"], values, missing)


def _read_values(actuals: list[Record]) -> dict[int, Value]:
    return {row["fiscal_year"]: read_value(row) for row in actuals if row["value"] is not None}


def read_value(row: Record) -> Value:
    """Return the value of a row of actuals or targets that has one."""
    return Value(row["value"], row["denominator"], bool(row["approximate"]))


def _assess_indicator(
    row: Record,
    course: Course,
    targets: list[Record],
    rules: Sequence[StandingRule],
    predecessor: Predecessor | None,
) -> Assessment:
    progress = tuple(_measure_target(course, row["direction"], target) for target in targets)
    next_target = _choose_target(progress, course.fiscal_year)
    aim = next_target.value if next_target else None
    verdict = judge_standing(course, row["direction"], aim)
    change, change_why_not = _compute_change(course)
    return Assessment(
        **{name: row[name] for name in ("indicator", "name", "unit", "baseline_year")},
        baseline=course.baseline,
        previous_year=course.fiscal_year - 1,
        previous=course.previous,
        actual=course.actual,
        missing=course.missing,
        change=change,
        change_unit="ポイント" if row["unit"] in ("%", "％") else row["unit"],
        change_why_not=change_why_not,
        change_approximate=_is_approximate(course.actual, course.previous),
        history=tuple(sorted(course.values.items())),
        targets=progress,
        next_target=next_target,
        standing=verdict.standing,
        standing_why_not=verdict.why_not,
        compared_year=verdict.compared_year,
        word=_tell_word(rules, course, next_target),
        predecessor=predecessor,
    )


def _is_approximate(*values: Value | None) -> bool:
    return any(value.approximate for value in values if value is not None)


def _compute_change(course: Course) -> tuple[Decimal | None, WhyNot]:
    actual, previous = course.actual, course.previous
    if actual is None:
        return None, "no_actual"
    if previous is None:
        return None, "no_previous"
    if not is_comparable(actual, previous):
        return None, "denominator_changed"
    return actual.value - previous.value, ""


def _measure_target(course: Course, direction: str, row: Record) -> TargetProgress:
    target, year = read_value(row), row["fiscal_year"]
    achievement, why_not = _compute_achievement(course, target)
    return TargetProgress(
        fiscal_year=year,
        value=target,
        set_in=row["set_in"],
        former=row["former"],
        achievement=achievement,
        elapsed=Decimal(course.years_passed) / Decimal(year - course.baseline_year),
        why_not=why_not,
        approximate=_is_approximate(course.actual, course.baseline, target),
        line=place_on_line(course, direction, target, year),
    )


def _compute_achievement(course: Course, target: Value) -> tuple[Decimal | None, WhyNot]:
    actual, baseline = course.actual, course.baseline
    if actual is None:
        return None, "no_actual"
    if baseline is None:
        return None, "no_baseline"
    if not (is_comparable(actual, baseline) and is_comparable(target, baseline)):
        return None, "denominator_changed"
    if target.value == baseline.value:
        return None, "target_equals_baseline"
    return (actual.value - baseline.value) / (target.value - baseline.value), ""


def _choose_target(targets: tuple[TargetProgress, ...], fiscal_year: int) -> TargetProgress | None:
    """Return the earliest target not before the fiscal year, else the last one."""
    ahead = [target for target in targets if target.fiscal_year >= fiscal_year]
    if ahead:
        return ahead[0]
    return targets[-1] if targets else None


def _tell_word(rules: Sequence[StandingRule], course: Course, target: TargetProgress | None) -> str:
    actual, baseline, passed = course.actual, course.baseline, course.years_passed
    if target is None or target.why_not or actual is None or baseline is None or passed <= 0:
        return ""
    # As fractions: 0.4 ÷ (2/3) is 0.6, in decimal a little less, and would miss a threshold.
    gain = Fraction(actual.value - baseline.value)
    way = Fraction(target.value.value - baseline.value)
    return choose_word(rules, gain / way * (target.fiscal_year - course.baseline_year) / passed)
