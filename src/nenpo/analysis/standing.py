"""How an indicator stands: its values against a target, an earlier value, declared thresholds."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from nenpo.data.schema.declarations import StandingRule
from nenpo.language.values import Value

Standing = Literal["reached", "improved", "level", "worse", "none"]
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


def _compare(direction: str, actual: Value, earlier: Value, aim: Value) -> Standing:
    """Compare two values: along the direction, or by their distance to ``aim`` (maintain)."""
    gain = actual.value - earlier.value
    if direction == "decrease":
        gain = -gain
    elif direction == "maintain":
        gain = abs(earlier.value - aim.value) - abs(actual.value - aim.value)
    if gain == 0:
        return "level"
    return "improved" if gain > 0 else "worse"


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
