"""Rounding, units and terms."""

from decimal import Decimal

import pytest

from nenpo.analysis.figures import Figure
from nenpo.analysis.indicators import assess_indicators
from nenpo.analysis.items import each_item
from nenpo.analysis.progress import load_year
from nenpo.content import wording
from nenpo.data.load import load_plan
from nenpo.language.numbers import (
    format_number,
    format_ratio,
    format_share,
    format_value,
    round_half_up,
)
from nenpo.language.values import Value
from tiny_project import Project


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [("0.25", 1, "0.3"), ("2.5", 0, "3"), ("94.15", 1, "94.2"), ("-0.25", 1, "-0.3")],
)
def test_rounding_is_half_up_not_half_even(number: str, places: int, rounded: str) -> None:
    assert str(round_half_up(Decimal(number), places)) == rounded


def test_share_of_nothing_is_no_number() -> None:
    assert format_share(0, 0) == "—"


def test_ratio_of_approximate_values_is_a_whole_percent() -> None:
    assert format_ratio(Decimal("1.0417"), approximate=True) == "約104％"


def test_negative_ratio_has_a_minus_and_no_triangle() -> None:
    assert format_ratio(Decimal("-0.0714")) == "−7.1％"


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
    assert format_value(value, unit) == text


def test_missing_value_is_named_and_never_zero() -> None:
    assert format_value(None, "件", "not_yet") == "未確定"


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


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("100000000", "1億"),
        ("150860000000", "1,508.6億"),
        ("120000000000", "1,200億"),
        ("-250000000", "-2.5億"),
        ("99990000", "9,999万"),
        ("123450000", "12,345万"),
        ("123456789", "123,456,789"),
        ("0", "0"),
    ],
)
def test_large_units_are_used_only_where_no_digit_is_lost(number: str, text: str) -> None:
    assert format_number(Decimal(number)) == text


def make_figure(value: str = "20000", denominator: str | None = None, **fields: object) -> Figure:
    """Return an undated figure of 件 that says nothing else."""
    about = bool(fields.pop("approximate", False))
    number = Value(Decimal(value), Decimal(denominator) if denominator else None, about)
    plain: dict[str, object] = dict.fromkeys(Figure._fields, "")
    plain |= {"timing": "undated", "unit": "件", "preferred": True, "line": 1}
    plain |= dict.fromkeys(("fiscal_year", "begin", "end"))
    return Figure(**{**plain, **fields, "value": number})  # type: ignore[arg-type]  # as a whole


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (make_figure(), "2万件"),
        (make_figure(bound="max", approximate=True), "最大約2万件"),
        (make_figure("174", bound="gross", unit="人"), "延べ174人"),
        (make_figure("30", bound="min"), "30件以上"),
        (make_figure("5", "35", unit="手続"), "5/35手続"),
        (make_figure("62.23", unit="%"), "62.23％"),
        (make_figure("46.0", unit="%"), "46.0％"),
        (make_figure("90", approximate=True, unit="手続"), "約90手続"),
        (make_figure("78330000000", unit="円"), "783.3億円"),
        (make_figure("0"), "0件"),
        (make_figure("0.5", unit=""), "0.5"),
    ],
)
def test_figure_is_told_with_its_bound_and_unit(figure: Figure, text: str) -> None:
    assert wording.format_figure(figure) == text


def test_figure_that_is_a_fiscal_year_is_told_as_one() -> None:
    assert wording.format_figure(make_figure("2025", unit="年度")) == "令和7年度"


@pytest.mark.parametrize(
    ("timing", "fiscal_year", "begin", "end", "text"),
    [
        ("undated", None, None, None, "時期の記載なし"),
        ("year", 2020, None, None, "令和2年度"),
        ("month", 2021, 202104, None, "令和3年4月"),
        ("as_of", 2021, 202106, None, "令和3年6月現在"),
        ("as_of", 2020, 20210331, None, "令和3年3月31日現在"),
        ("range", 2021, 202105, 202109, "令和3年5月〜9月"),
        ("range", 2022, 202104, 202303, "令和3年4月〜令和5年3月"),
        ("range", 2019, 201904, 201909, "平成31年4月〜令和元年9月"),
        ("range", 2021, 20210501, 20210930, "令和3年5月1日〜9月30日"),
    ],
)
def test_time_of_a_figure_is_told_in_words(
    timing: str, fiscal_year: int | None, begin: int | None, end: int | None, text: str
) -> None:
    figure = make_figure(timing=timing, fiscal_year=fiscal_year, begin=begin, end=end)
    assert wording.format_when(figure) == text


@pytest.mark.parametrize(
    ("count", "noun", "counter", "told"),
    [
        (3, "分野", "", "3分野"),
        (8, "重点取組項目", "項目", "8項目"),
        (4, "施策のまとまり", "つのまとまり", "4つのまとまり"),
        (12, "重点取組項目", "", "重点取組項目12件"),
    ],
)
def test_parts_are_counted_as_they_are_said(count: int, noun: str, counter: str, told: str) -> None:
    assert wording.count_parts(count, noun, counter) == told
