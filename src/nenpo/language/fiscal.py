"""Fiscal years and dates in the Japanese calendar, and back.

Fiscal year 2021 = 令和3年度 = 2021-04-01 … 2022-03-31. A fiscal year is named after the era in
which most of it lies: fiscal year 2019, which began as 平成31年度, is 令和元年度.
"""

import re
from datetime import date, timedelta

from nenpo.language.ordinary import fold_width

# Name, letter, the year before the era's year 1, first day. Newest first.
_ERAS = (
    ("令和", "R", 2018, date(2019, 5, 1)),
    ("平成", "H", 1988, date(1989, 1, 8)),
    ("昭和", "S", 1925, date(1926, 12, 25)),
)
_PART = re.compile(
    r"(?:(令和|平成|昭和|[RHS])(元|\d{1,2}|[〇一二三四五六七八九十]{1,3})|(\d{4}))(?:年度?)?",
    re.IGNORECASE,
)
_DIGITS = "〇一二三四五六七八九"


def fiscal_year_label(fiscal_year: int) -> str:
    """Return the fiscal year as documents name it.

    >>> fiscal_year_label(2021), fiscal_year_label(2019), fiscal_year_label(2018)
    ('令和3年度', '令和元年度', '平成30年度')
    """
    for era, _, zero, _ in _ERAS:
        if fiscal_year > zero:
            return f"{era}{_year_of_era(fiscal_year - zero)}年度"
    raise ValueError(f"fiscal year {fiscal_year} lies before 昭和元年度 (1926)")


def fiscal_year_long(fiscal_year: int) -> str:
    """Return the fiscal year in both calendars.

    >>> fiscal_year_long(2021)
    '令和3年度（2021年度）'
    """
    return f"{fiscal_year_label(fiscal_year)}（{fiscal_year}年度）"


def date_label(day: date) -> str:
    """Return a date in the Japanese calendar; an era begins on its first day, not in April.

    >>> date_label(date(2022, 3, 31)), date_label(date(2019, 4, 30))
    ('令和4年3月31日', '平成31年4月30日')
    """
    for era, _, zero, first_day in _ERAS:
        if day >= first_day:
            return f"{era}{_year_of_era(day.year - zero)}年{day.month}月{day.day}日"
    raise ValueError(f"{day} lies before the first day of 昭和 (1926-12-25)")


def month_label(year: int, month: int) -> str:
    """Return a month in the Japanese calendar.

    >>> month_label(2021, 4), month_label(2019, 5)
    ('令和3年4月', '令和元年5月')
    """
    # The last day decides: 2019-05 is 令和元年5月, 2019-04 平成31年4月.
    after = date(year + month // 12, month % 12 + 1, 1)
    return date_label(after - timedelta(days=1)).rpartition("月")[0] + "月"


def fiscal_year_of(day: int) -> int:
    """Return the fiscal year in which a month (202103) or a day (20210331) lies.

    >>> fiscal_year_of(202103), fiscal_year_of(20210401)
    (2020, 2021)
    """
    year, month = divmod(int(str(day)[:6]), 100)
    return year if month >= 4 else year - 1


def parse_fiscal_year(text: str) -> int:
    """Return the fiscal year that ``text`` names, in any of the usual forms.

    Raises ``ValueError`` when the text is something else, or names two different years.

    >>> [parse_fiscal_year(text) for text in ("令和３年度（2021年度）", "令和十二年", "R1", "2020")]
    [2021, 2030, 2019, 2020]
    """
    # Only to read the digits and brackets; the text itself is not kept.
    plain = fold_width(text).strip()
    first, bracket, second = plain.partition("(")
    years = {_parse_part(first, text)}
    if bracket:
        years.add(_parse_part(second.removesuffix(")"), text))
    if len(years) > 1:
        raise ValueError(f"'{text}' names two different fiscal years")
    return years.pop()


def _parse_part(part: str, text: str) -> int:
    match = _PART.fullmatch(part.strip())
    if match is None:
        raise ValueError(f"'{text}' is not a fiscal year such as 令和3年度 or 2021年度")
    era, year_of_era, western = match.groups()
    if western:
        return int(western)
    number = _read_number(year_of_era)
    zero = next(zero for name, letter, zero, _ in _ERAS if era.upper() in (name, letter))
    if number == 0:
        raise ValueError(f"'{text}': an era has no year 0")
    return zero + number


def _read_number(text: str) -> int:
    """Return the number in 元, 12 or 十二."""
    if text == "元":
        return 1
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS.find(each)) if each in _DIGITS else each for each in text))
    return 10 * _DIGITS.index(tens or "一") + _DIGITS.index(ones or "〇")


def _year_of_era(number: int) -> str:
    return "元" if number == 1 else str(number)
