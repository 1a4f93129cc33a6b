"""Achievement, change and standing of indicators."""

from collections.abc import Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nenpo.analysis.indicators import Assessment, TargetProgress, assess_indicators
from nenpo.errors import UnknownYear
from nenpo.language.values import Value

COLUMNS = {
    "indicators": "indicator goal name unit direction baseline_year kind first_year last_year "
    "continues note",
    "targets": "indicator fiscal_year value denominator approximate set_in source line",
    "actuals": "indicator value denominator approximate missing preferred source line",
    "misreadings": "table id column printed normalised reason source line",
    "figures": "figure indicator kind fiscal_year value denominator approximate preferred",
}
DEFAULTS: dict[str, Any] = {
    "value": None,
    "denominator": None,
    "approximate": False,
    "preferred": True,
    "line": None,
    "first_year": None,
    "last_year": None,
}
INDICATOR = {"indicator": "n", "goal": "g1", "name": "a name", "unit": "件", "kind": "stock"}


class Invented(SimpleNamespace):
    """A plan by its attributes, each one a plan of its own."""

    __hash__ = object.__hash__


def make_frame(table: str, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    columns = COLUMNS[table].split()
    filled = [{name: row.get(name, DEFAULTS.get(name, "")) for name in columns} for row in rows]
    return pd.DataFrame(filled, columns=columns, dtype=object)


def amount(text: str | None, **more: Any) -> dict[str, Any]:
    """Return value and denominator cells: "3", "0/15", "約3", or None for no value."""
    if text is None:
        return {"missing": "not_yet"} | more
    value, _, denominator = text.removeprefix("約").partition("/")
    cells = {
        "value": Decimal(value),
        "denominator": Decimal(denominator) if denominator else None,
        "approximate": text.startswith("約"),
    }
    return cells | more


def make_plan(
    actuals: dict[int, str | None] | dict[int, list[dict[str, Any]]],
    targets: dict[int, str] | list[dict[str, Any]] | None = None,
    *,
    rules: Sequence[tuple[str, str | None]] = (),
    misread: Sequence[dict[str, Any]] = (),
    **indicator: Any,
) -> Any:
    """Return a plan with one indicator, "n", whose baseline year is 2020 unless told."""
    row = INDICATOR | {"direction": "increase", "baseline_year": 2020} | indicator
    rows = {
        year: known if isinstance(known, list) else [{"indicator": "n"} | amount(known)]
        for year, known in actuals.items()
    }
    if isinstance(targets, dict):
        targets = [amount(text, fiscal_year=year, set_in=2020) for year, text in targets.items()]
    words = [
        SimpleNamespace(word=word, from_=None if floor is None else Decimal(floor))
        for word, floor in rules
    ]
    return Invented(
        id="town",
        meta=SimpleNamespace(standing_rules=tuple(words)),
        indicators=make_frame("indicators", [row]),
        targets=make_frame("targets", [{"indicator": "n"} | entry for entry in targets or []]),
        years={
            year: SimpleNamespace(
                actuals=make_frame("actuals", entries),
                misreadings=make_frame("misreadings", misread),
            )
            for year, entries in rows.items()
        },
        figures=make_frame("figures", []),
        reported_years=frozenset(rows),
    )


def assess(*args: Any, fiscal_year: int = 2021, **more: Any) -> Assessment:
    (assessment,) = assess_indicators(make_plan(*args, **more), fiscal_year)
    return assessment


def assess_target(*args: Any, fiscal_year: int = 2021, **more: Any) -> TargetProgress:
    (target,) = assess(*args, fiscal_year=fiscal_year, **more).targets
    return target


class TestAchievement:
    def test_is_the_share_of_the_way_from_baseline_to_target(self) -> None:
        assert assess_target({2020: "10", 2021: "15"}, {2025: "30"}).achievement == Decimal("0.25")

    def test_counts_the_same_way_for_a_decrease(self) -> None:
        target = assess_target({2020: "30", 2021: "25"}, {2025: "10"}, direction="decrease")
        assert target.achievement == Decimal("0.25")

    @pytest.mark.parametrize(("actual", "share"), [("8", "-0.1"), ("40", "1.5")])
    def test_is_not_clipped(self, actual: str, share: str) -> None:
        target = assess_target({2020: "10", 2021: actual}, {2025: "30"})
        assert target.achievement == Decimal(share)

    def test_is_exact_in_decimal(self) -> None:
        target = assess_target({2020: "0.1", 2021: "0.3"}, {2025: "0.9"})
        assert target.achievement == Decimal("0.25")

    @pytest.mark.parametrize(
        ("actuals", "target", "why_not"),
        [
            ({2020: "1", 2021: None}, "9", "no_actual"),
            ({2020: None, 2021: "1"}, "9", "no_baseline"),
            ({2020: "9", 2021: "8"}, "9", "target_equals_baseline"),
            ({2020: "0/15", 2021: "0/17"}, "15/15", "denominator_changed"),
            ({2020: "0/15", 2021: "0/15"}, "17/17", "denominator_changed"),
            ({2020: "0/15", 2021: "0"}, "15/15", "denominator_changed"),
        ],
    )
    def test_cannot_be_computed_for_a_named_reason(
        self, actuals: dict[int, str | None], target: str, why_not: str
    ) -> None:
        progress = assess_target(actuals, {2025: target})
        assert (progress.achievement, progress.why_not) == (None, why_not)

    def test_values_of_one_denominator_compare(self) -> None:
        target = assess_target({2020: "0/15", 2021: "3/15"}, {2025: "15/15"})
        assert target.achievement == Decimal("0.2")

    @pytest.mark.parametrize(
        ("baseline", "actual", "target"),
        [("約1", "2", "3"), ("1", "約2", "3"), ("1", "2", "約3")],
    )
    def test_is_approximate_if_any_operand_is(
        self, baseline: str, actual: str, target: str
    ) -> None:
        assert assess_target({2020: baseline, 2021: actual}, {2025: target}).approximate is True

    def test_is_not_approximate_from_exact_values(self) -> None:
        assert assess_target({2020: "1", 2021: "2"}, {2025: "3"}).approximate is False


class TestElapsed:
    def test_is_the_share_of_the_years_from_baseline_to_target(self) -> None:
        assert assess_target({2020: "1", 2021: "2"}, {2025: "3"}).elapsed == Decimal("0.2")

    def test_is_not_clipped_after_the_target_year(self) -> None:
        target = assess_target({2020: "1", 2024: "2"}, {2022: "3"}, fiscal_year=2024)
        assert target.elapsed == 2

    def test_is_known_without_an_actual(self) -> None:
        assert assess_target({2020: "1", 2021: None}, {2025: "3"}).elapsed == Decimal("0.2")


class TestTargets:
    def test_come_in_the_order_of_their_years(self) -> None:
        assessment = assess({2020: "1", 2021: "2"}, {2025: "9", 2023: "5"})
        assert [target.fiscal_year for target in assessment.targets] == [2023, 2025]

    def test_the_one_set_last_counts(self) -> None:
        revised = [
            amount("9", fiscal_year=2025, set_in=2022),
            amount("5", fiscal_year=2025, set_in=2020),
        ]
        assert assess_target({2022: "1"}, revised, fiscal_year=2022).value == Value(Decimal(9))

    def test_one_set_later_is_not_yet_known(self) -> None:
        revised = [
            amount("9", fiscal_year=2025, set_in=2022),
            amount("5", fiscal_year=2025, set_in=2020),
        ]
        assert assess_target({2021: "1"}, revised).value == Value(Decimal(5))

    @pytest.mark.parametrize(
        ("fiscal_year", "next_year"), [(2021, 2023), (2023, 2023), (2026, 2025)]
    )
    def test_the_next_one_is_the_earliest_not_yet_past_else_the_last(
        self, fiscal_year: int, next_year: int
    ) -> None:
        target = assess(
            {fiscal_year: "1"}, {2023: "5", 2025: "9"}, fiscal_year=fiscal_year
        ).next_target
        assert target is not None
        assert target.fiscal_year == next_year

    def test_an_indicator_may_have_none(self) -> None:
        assessment = assess({2020: "1", 2021: "2"})
        assert (assessment.targets, assessment.next_target) == ((), None)


class TestActuals:
    def test_of_several_values_the_preferred_one_counts(self) -> None:
        disagreeing = [
            {"indicator": "n"} | amount("7", preferred=False),
            {"indicator": "n"} | amount("8", preferred=True),
        ]
        assert assess({2021: disagreeing}).actual == Value(Decimal(8))

    def test_the_baseline_is_the_value_of_the_baseline_year(self) -> None:
        assessment = assess({2019: "1", 2020: "2", 2021: "3"}, baseline_year=2019)
        assert assessment.baseline == Value(Decimal(1))
        assert assessment.previous == Value(Decimal(2))

    def test_history_skips_years_without_value_and_years_to_come(self) -> None:
        assessment = assess({2019: "1", 2020: None, 2021: "3", 2022: "4"})
        assert assessment.history == ((2019, Value(Decimal(1))), (2021, Value(Decimal(3))))

    def test_a_missing_value_keeps_its_reason(self) -> None:
        assessment = assess({2020: "1", 2021: None})
        assert (assessment.actual, assessment.missing) == (None, "not_yet")

    def test_a_year_that_does_not_mention_the_indicator_does_not_state_it(self) -> None:
        assert assess({2020: "1", 2021: []}).missing == "not_stated"

    def test_a_stated_value_is_not_missing(self) -> None:
        assert assess({2021: "0"}).missing == ""

    def test_zero_is_a_value(self) -> None:
        assert assess({2021: "0"}).actual == Value(Decimal(0))

    def test_a_misread_name_is_normalised(self) -> None:
        spot = {"table": "indicators", "id": "n", "column": "name"}
        spot |= {"printed": "名稱", "normalised": "名称"}
        assert assess({2021: "1"}, name="名稱", misread=[spot]).name == "名称"

    def test_a_year_that_the_plan_lacks_is_unknown(self) -> None:
        with pytest.raises(UnknownYear, match=r"2020, 2021.*data/town/2022/progress\.csv"):
            assess({2020: "1", 2021: "1"}, fiscal_year=2022)

    def test_a_plan_may_have_no_values_at_all(self) -> None:
        assert assess({2021: []}, {2025: "3"}).standing == "none"


class TestLine:
    """The straight line from the baseline of 2020 to a target."""

    @pytest.mark.parametrize(
        ("direction", "baseline", "actual", "target", "line"),
        [
            ("increase", "31.6", "46.0", "100", ("45.28", "above")),
            ("increase", "10", "15", "40", ("16", "below")),
            ("increase", "10", "16", "40", ("16", "on")),
            ("decrease", "40", "30", "10", ("34", "above")),
            ("decrease", "40", "34", "10", ("34", "on")),
            ("decrease", "40", "35", "10", ("34", "below")),
            ("maintain", "5", "5", "5", ("5", "on")),
            ("maintain", "5", "6", "5", ("5", "below")),
            ("maintain", "10", "7", "5", ("9", "above")),
            ("increase", "5", "7", "5", ("5", "above")),
            ("increase", "0/15", "0/15", "15/15", ("3", "below")),
            ("increase", "約100", "約130", "約200", ("120", "above")),
        ],
    )
    def test_has_better_values_above_it(
        self, direction: str, baseline: str, actual: str, target: str, line: tuple[str, str]
    ) -> None:
        found = assess_target({2020: baseline, 2021: actual}, {2025: target}, direction=direction)
        assert found.line == (Decimal(line[0]), line[1])

    def test_is_exact_where_it_has_no_end_in_decimal(self) -> None:
        target = assess_target({2020: "0", 2022: "2"}, {2023: "3"}, fiscal_year=2022)
        assert target.line.side == "on"

    def test_ends_at_its_target(self) -> None:
        target = assess_target({2020: "0", 2025: "11"}, {2023: "12"}, fiscal_year=2025)
        assert target.line == (12, "below")

    @pytest.mark.parametrize(
        ("actuals", "target", "line"),
        [
            ({2020: None, 2021: "1"}, "9", (None, "none")),
            ({2020: "1", 2021: None}, "11", (3, "none")),
            ({2020: "0/15", 2021: "0/17"}, "15/15", (3, "none")),
            ({2020: "0/15", 2021: "0/15"}, "17/17", (None, "none")),
        ],
    )
    def test_holds_nothing_against_what_it_cannot(
        self, actuals: dict[int, str | None], target: str, line: tuple[Any, str]
    ) -> None:
        assert assess_target(actuals, {2025: target}).line == line

    def test_has_not_begun_in_the_year_of_the_baseline(self) -> None:
        assert assess_target({2020: "1"}, {2025: "9"}, fiscal_year=2020).line == (None, "none")

    def test_to_the_nearest_target_counts(self) -> None:
        assessment = assess({2020: "10", 2021: "15"}, {2023: "40", 2025: "30"})
        sides = [target.line.side for target in assessment.targets]
        assert (sides, assessment.side) == (["below", "above"], "below")

    def test_is_absent_without_a_target(self) -> None:
        assert assess({2020: "1", 2021: "2"}).side == "none"


class TestChange:
    def test_is_actual_minus_previous_in_the_indicators_unit(self) -> None:
        assessment = assess({2020: "14", 2021: "15"})
        assert (assessment.change, assessment.change_unit) == (Decimal(1), "件")

    def test_of_percentages_is_in_points(self) -> None:
        assessment = assess({2020: "31.6", 2021: "46.0"}, unit="%")
        assert (assessment.change, assessment.change_unit) == (Decimal("14.4"), "ポイント")

    @pytest.mark.parametrize(
        ("actuals", "why_not"),
        [
            ({2020: "1", 2021: None}, "no_actual"),
            ({2020: None, 2021: "1"}, "no_previous"),
            ({2020: "0/15", 2021: "0/17"}, "denominator_changed"),
        ],
    )
    def test_cannot_be_computed_for_a_named_reason(
        self, actuals: dict[int, str | None], why_not: str
    ) -> None:
        assessment = assess(actuals)
        assert (assessment.change, assessment.change_why_not) == (None, why_not)

    @pytest.mark.parametrize(("previous", "actual"), [("約1", "2"), ("1", "約2")])
    def test_is_approximate_if_either_value_is(self, previous: str, actual: str) -> None:
        assert assess({2020: previous, 2021: actual}).change_approximate is True


class TestStanding:
    @pytest.mark.parametrize(
        ("direction", "previous", "actual", "target", "standing"),
        [
            ("increase", "1", "2", "9", "improved"),
            ("increase", "2", "2", "9", "level"),
            ("increase", "2", "1", "9", "worse"),
            ("increase", "1", "9", "9", "reached"),
            ("increase", "20", "10", "9", "reached"),
            ("decrease", "9", "8", "1", "improved"),
            ("decrease", "8", "9", "1", "worse"),
            ("decrease", "8", "1", "1", "reached"),
            ("maintain", "5", "5", "5", "reached"),
            ("maintain", "5", "7", "5", "worse"),
            ("maintain", "9", "4", "5", "improved"),
            ("maintain", "4", "6", "5", "level"),
        ],
    )
    def test_follows_the_direction(
        self, direction: str, previous: str, actual: str, target: str, standing: str
    ) -> None:
        values = {2020: previous, 2021: actual}
        assert assess(values, {2025: target}, direction=direction).standing == standing

    def test_without_target_maintains_the_baseline(self) -> None:
        values = {2020: "5", 2021: "6", 2022: "5"}
        assert assess(values, direction="maintain").standing == "worse"
        assert assess(values, direction="maintain", fiscal_year=2022).standing == "improved"

    def test_only_the_next_target_can_be_reached(self) -> None:
        values = {2020: "1", 2024: "5"}
        assert assess(values, {2023: "5", 2025: "9"}, fiscal_year=2024).standing == "improved"

    def test_compares_with_the_year_before_rather_than_the_baseline(self) -> None:
        assessment = assess({2020: "1", 2021: "5", 2022: "4"}, {2025: "9"}, fiscal_year=2022)
        assert (assessment.standing, assessment.compared_year) == ("worse", 2021)

    def test_compares_with_the_baseline_where_the_year_before_has_no_value(self) -> None:
        assessment = assess({2020: "1", 2021: None, 2022: "4"}, {2025: "9"}, fiscal_year=2022)
        assert (assessment.standing, assessment.compared_year) == ("improved", 2020)

    @pytest.mark.parametrize(
        ("actuals", "why_not"),
        [
            ({2020: "1", 2021: None}, "no_actual"),
            ({2020: None, 2021: "1"}, "no_previous"),
            ({2020: "0/15", 2021: "0/17"}, "denominator_changed"),
        ],
    )
    def test_is_none_for_a_named_reason(self, actuals: dict[int, str | None], why_not: str) -> None:
        assessment = assess(actuals, {2025: "17/17"})
        assert (assessment.standing, assessment.standing_why_not) == ("none", why_not)

    def test_the_baseline_year_itself_is_compared_with_nothing(self) -> None:
        assert assess({2020: "1"}, {2025: "9"}, fiscal_year=2020).standing == "none"


class TestWord:
    RULES = (("on pace", "1"), ("nearly", "0.6"), ("behind", None))

    @pytest.mark.parametrize(
        ("actual", "word"),
        [
            ("30", "on pace"),
            ("20", "on pace"),
            ("12", "nearly"),
            ("11.9", "behind"),
            ("-5", "behind"),
        ],
    )
    def test_is_the_highest_threshold_that_the_pace_reaches(self, actual: str, word: str) -> None:
        values = {2020: "0", 2021: actual}
        assert assess(values, {2025: "100"}, rules=self.RULES).word == word

    def test_is_measured_against_the_next_target(self) -> None:
        values = {2020: "0", 2021: "20"}
        assert assess(values, {2023: "100", 2025: "100"}, rules=self.RULES).word == "nearly"

    def test_a_pace_on_the_threshold_reaches_it(self) -> None:
        """0.4 of the way in 2/3 of the time is exactly 0.6."""
        values = {2020: "0", 2022: "40"}
        assert assess(values, {2023: "100"}, rules=self.RULES, fiscal_year=2022).word == "nearly"

    def test_is_empty_below_every_declared_threshold(self) -> None:
        assert assess({2020: "0", 2021: "1"}, {2025: "100"}, rules=[("on pace", "1")]).word == ""

    def test_is_empty_without_declared_thresholds(self) -> None:
        assert assess({2020: "0", 2021: "20"}, {2025: "100"}).word == ""

    @pytest.mark.parametrize("actual", [None, "1/17"])
    def test_is_empty_where_nothing_can_be_computed(self, actual: str | None) -> None:
        values = {2020: "0/15", 2021: actual}
        assert assess(values, {2025: "15/15"}, rules=self.RULES).word == ""

    def test_is_empty_while_no_time_has_passed(self) -> None:
        assert assess({2020: "1"}, {2025: "9"}, rules=self.RULES, fiscal_year=2020).word == ""


whole_numbers = st.integers(min_value=-(10**6), max_value=10**6)


@settings(max_examples=60, deadline=None)
@given(baseline=whole_numbers, actual=whole_numbers, target=whole_numbers)
def test_mirrored_values_have_the_same_achievement_and_standing(
    baseline: int, actual: int, target: int
) -> None:
    """A decrease is an increase seen from the other side."""
    rising = assess({2020: str(baseline), 2021: str(actual)}, {2025: str(target)})
    falling = assess(
        {2020: str(-baseline), 2021: str(-actual)}, {2025: str(-target)}, direction="decrease"
    )
    assert rising.standing == falling.standing
    assert rising.targets[0].achievement == falling.targets[0].achievement


@settings(max_examples=60, deadline=None)
@given(baseline=whole_numbers, target=whole_numbers)
def test_the_way_starts_at_zero_and_ends_at_one(baseline: int, target: int) -> None:
    values = [
        assess_target({2020: str(baseline), 2021: str(actual)}, {2025: str(target)}).achievement
        for actual in (baseline, target)
    ]
    assert values == ([None, None] if baseline == target else [Decimal(0), Decimal(1)])
