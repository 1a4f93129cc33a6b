"""Fiscal years and dates in both calendars."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nenpo.language.fiscal import (
    date_label,
    fiscal_year_label,
    fiscal_year_long,
    fiscal_year_of,
    month_label,
    parse_fiscal_year,
)


@pytest.mark.parametrize(
    ("fiscal_year", "label"),
    [
        (2021, "令和3年度"),
        (2019, "令和元年度"),
        (2018, "平成30年度"),
        (1989, "平成元年度"),
        (1988, "昭和63年度"),
    ],
)
def test_label_uses_the_era_of_most_of_the_year(fiscal_year: int, label: str) -> None:
    assert fiscal_year_label(fiscal_year) == label


def test_long_label_gives_both_calendars() -> None:
    assert fiscal_year_long(2019) == "令和元年度（2019年度）"


def test_year_before_the_known_eras_is_refused() -> None:
    with pytest.raises(ValueError, match="1925"):
        fiscal_year_label(1925)


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2022, 3, 31), "令和4年3月31日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
    ],
)
def test_date_label_changes_era_on_its_first_day(day: date, label: str) -> None:
    assert date_label(day) == label


def test_date_before_the_known_eras_is_refused() -> None:
    with pytest.raises(ValueError, match="1926-12-25"):
        date_label(date(1926, 12, 24))


@pytest.mark.parametrize("text", ["平成31年度", "令和元年度", "H31", "R1", "2019年度", "２０１９"])
def test_every_name_of_2019_is_the_same_year(text: str) -> None:
    assert parse_fiscal_year(text) == 2019


@pytest.mark.parametrize("text", ["", "3年度", "令和", "令和0年度", "大正3年度", "21"])
def test_other_text_is_no_fiscal_year(text: str) -> None:
    with pytest.raises(ValueError, match=r"年度|era"):
        parse_fiscal_year(text)


def test_two_years_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="two different"):
        parse_fiscal_year("令和3年度（2022年度）")


@given(st.integers(1926, 2100))
def test_parsing_reverses_the_long_label(fiscal_year: int) -> None:
    assert parse_fiscal_year(fiscal_year_long(fiscal_year)) == fiscal_year


@pytest.mark.parametrize(
    ("year", "month", "label"),
    [
        (2021, 6, "令和3年6月"),
        (2021, 12, "令和3年12月"),
        (2019, 4, "平成31年4月"),
        (2019, 5, "令和元年5月"),
        (1989, 1, "平成元年1月"),
        (1988, 12, "昭和63年12月"),
    ],
)
def test_month_is_named_after_the_era_of_its_last_day(year: int, month: int, label: str) -> None:
    assert month_label(year, month) == label


def test_month_before_the_known_eras_is_refused() -> None:
    with pytest.raises(ValueError, match="1926-12-25"):
        month_label(1926, 11)


@pytest.mark.parametrize(
    ("day", "fiscal_year"),
    [
        (202103, 2020),
        (202104, 2021),
        (202112, 2021),
        (202201, 2021),
        (20210331, 2020),
        (20210401, 2021),
    ],
)
def test_fiscal_year_of_a_month_or_day_begins_in_april(day: int, fiscal_year: int) -> None:
    assert fiscal_year_of(day) == fiscal_year


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_a_day_lies_in_the_fiscal_year_of_its_month(day: date) -> None:
    written = int(day.strftime("%Y%m%d"))
    assert fiscal_year_of(written) == fiscal_year_of(written // 100)


@pytest.mark.parametrize("text", ["令和②年度", "202²", "R³"])
def test_a_sign_that_is_no_digit_is_not_read_as_one(text: str) -> None:
    with pytest.raises(ValueError, match="is not a fiscal year"):
        parse_fiscal_year(text)
