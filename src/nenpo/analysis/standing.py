"""How an indicator stands: its values against a target, an earlier value, declared thresholds."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from nenpo.data.schema.declarations import StandingRule
from nenpo.language.values import Value

Standing = Literal["reached", "improved", "level", "worse", "none"]
Side = Literal["above", "on", "below", "none"]
WhyNot = Literal[
    "",
    "no_actual",
    "no_baseline",
    "no_previous",
    "denominator_changed",
    "target_equals_baseline",
]


class Course(NamedTuple):
    """An indicator's known values up to a fiscal year; a year without a value is absent."""

    fiscal_year: int
    baseline_year: int
    values: dict[int, Value]
    missing: str

    @property
    def actual(self) -> Value | None:
        """The fiscal year's value."""
        return self.values.get(self.fiscal_year)

    @property
    def previous(self) -> Value | None:
        """The value of the year before."""
        return self.values.get(self.fiscal_year - 1)

    @property
    def baseline(self) -> Value | None:
        """The baseline year's value."""
        return self.values.get(self.baseline_year)

    @property
    def years_passed(self) -> int:
        """Years since the baseline year."""
        return self.fiscal_year - self.baseline_year


class Verdict(NamedTuple):
    """A standing, the earlier year it was compared with, or why there is none."""

    standing: Standing
    why_not: WhyNot = ""
    compared_year: int | None = None


class Line(NamedTuple):
    """The straight line from the baseline to a target: where it stands in the fiscal year.

    ``side`` is where the year's value lies, the way the indicator should go: "above" is better
    than the line, also where less is better. "none" without a value, or without a line.
    """

    expected: Decimal | None = None
    side: Side = "none"


def is_comparable(first: Value, second: Value) -> bool:
    """Tell whether two values count the same thing."""
    # 0/15 and 0/17 count different things, although both are 0.
    return first.denominator == second.denominator


def judge_standing(course: Course, direction: str, target: Value | None) -> Verdict:
    """Judge the year's value: has it met the target, else how it compares with an earlier one.

    The earlier value is that of the year before, else the baseline's. "maintain" compares
    distances to the target, else to the baseline.
    """
    actual = course.actual
    if actual is None:
        return Verdict("none", "no_actual")
    if target and is_comparable(actual, target) and _meets(direction, actual, target):
        return Verdict("reached")
    earlier = {
        year: course.values[year]
        for year in (course.fiscal_year - 1, course.baseline_year)
        if year in course.values and year < course.fiscal_year
    }
    if not earlier:
        return Verdict("none", "no_previous")
    for year, value in earlier.items():
        if is_comparable(actual, value):
            aims = (target, course.baseline, value)
            aim = next(aim for aim in aims if aim and is_comparable(actual, aim))
            return Verdict(_compare(direction, actual, value, aim), compared_year=year)
    return Verdict("none", "denominator_changed")


def _meets(direction: str, actual: Value, target: Value) -> bool:
    if direction == "increase":
        return actual.value >= target.value
    if direction == "decrease":
        return actual.value <= target.value
    return actual.value == target.value


def place_on_line(course: Course, direction: str, target: Value, target_year: int) -> Line:
    """Return where the line to a target stands in the year, and on which side of it the value lies.

    The line ends at its target: later years are held against that. Before the year after the
    baseline's there is no way to have gone, and no line.
    """
    baseline, actual = course.baseline, course.actual
    if baseline is None or course.years_passed <= 0 or not is_comparable(target, baseline):
        return Line()
    start, end = Fraction(baseline.value), Fraction(target.value)
    passed = Fraction(course.years_passed, target_year - course.baseline_year)
    # As fractions: a third of the way has no end in decimal, and a value may lie exactly there.
    on_line = start + (end - start) * min(passed, Fraction(1))
    expected = Decimal(on_line.numerator) / Decimal(on_line.denominator)
    if actual is None or not is_comparable(actual, target):
        return Line(expected)
    gain = _measure_gain(direction, Fraction(actual.value), on_line, end)
    return Line(expected, "on" if gain == 0 else "above" if gain > 0 else "below")


def _compare(direction: str, actual: Value, earlier: Value, aim: Value) -> Standing:
    """Compare two values: along the direction, or by their distance to ``aim`` (maintain)."""
    gain = _measure_gain(direction, *(Fraction(each.value) for each in (actual, earlier, aim)))
    if gain == 0:
        return "level"
    return "improved" if gain > 0 else "worse"


def _measure_gain(direction: str, now: Fraction, then: Fraction, aim: Fraction) -> Fraction:
    """Return how much better ``now`` is than ``then``; less than 0 where it is worse."""
    if direction == "maintain":
        return abs(then - aim) - abs(now - aim)
    return then - now if direction == "decrease" else now - then


def choose_word(rules: Sequence[StandingRule], pace: Fraction) -> str:
    """Return the word that the plan declares for achievement ÷ elapsed, "" for none.

    It is the word of the highest threshold that ``pace`` reaches; the one without a threshold
    takes what lies below all others.
    """
    reached = {
        (rule.from_ is not None, rule.from_ or 0): rule.word
        for rule in rules
        if rule.from_ is None or Fraction(rule.from_) <= pace
    }
    return reached[max(reached)] if reached else ""
