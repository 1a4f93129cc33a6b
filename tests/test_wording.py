"""Rounding, units and terms."""

from decimal import Decimal

import pytest

from nenpo import wording
from nenpo.indicators import assess_indicators
from nenpo.listing import each_item
from nenpo.plan import load_plan
from nenpo.progress import load_year
from nenpo.values import Value
from tiny_project import Project


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [("0.25", 1, "0.3"), ("2.5", 0, "3"), ("94.15", 1, "94.2"), ("-0.25", 1, "-0.3")],
)
def test_rounding_is_half_up_not_half_even(number: str, places: int, rounded: str) -> None:
    assert str(wording.round_half_up(Decimal(number), places)) == rounded


def test_share_of_nothing_is_no_number() -> None:
    assert wording.format_share(0, 0) == "—"


def test_ratio_of_approximate_values_is_a_whole_percent() -> None:
    assert wording.format_ratio(Decimal("1.0417"), approximate=True) == "約104％"


def test_negative_ratio_has_a_minus_and_no_triangle() -> None:
    assert wording.format_ratio(Decimal("-0.0714")) == "−7.1％"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Value(Decimal("1710000"), None, True), "件", "約171万件"),
        (Value(Decimal("8800"), None, True), "fm", "約8,800fm"),
        (Value(Decimal("46.0"), None, False), "%", "46.0％"),
        (Value(Decimal(0), Decimal(15), False), "事業", "0/15"),
        (Value(Decimal("1461063"), None, False), "件", "1,461,063件"),
        (Value(Decimal(0), None, False), "件", "0件"),
    ],
)
def test_value_is_printed_as_japanese_reports_print_it(value: Value, unit: str, text: str) -> None:
    assert wording.format_value(value, unit) == text


def test_missing_value_is_named_and_never_zero() -> None:
    assert wording.format_value(None, "件", "not_yet") == "未確定"


def test_changed_mark_always_shows_its_direction(tiny: Project) -> None:
    year = load_year(load_plan("tiny", tiny.root), 2021)
    told = [wording.format_status(year.plan.meta, item) for item in each_item(year.items)]
    assert told == ["◎", "△", "○ 変更（前倒し）", "進捗区分の記載なし"]


def test_changed_mark_without_direction_says_so(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 3, "shift", "")
    year = load_year(load_plan("tiny", tiny.root), 2021)
    item = list(each_item(year.items))[2]
    assert wording.format_status(year.plan.meta, item) == "○ 変更（方向の記載なし）"


def test_title_has_scope_and_actor_in_words(tiny: Project) -> None:
    year = load_year(load_plan("tiny", tiny.root), 2021)
    titles = [wording.format_title(item) for item in each_item(year.items)][:2]
    assert titles == ["【新規】申請のオンライン化", "（国）国のシステムの改修"]


def test_indicator_without_value_is_not_called_level(tiny: Project) -> None:
    assessed = {a.indicator: a for a in assess_indicators(load_plan("tiny", tiny.root), 2022)}
    assert wording.name_standing(assessed["incidents"]) == "未確定"


def test_indicator_with_value_but_nothing_to_compare_says_so(tiny: Project) -> None:
    # 20.5 % in 2021, 0/15 in 2022: two definitions.
    assessed = {a.indicator: a for a in assess_indicators(load_plan("tiny", tiny.root), 2022)}
    assert wording.name_standing(assessed["online-rate"]) == "比較できない"
