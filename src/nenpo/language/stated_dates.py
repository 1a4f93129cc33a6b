"""Dates as precise as they are stated: a fiscal year, a month, a day, a part of one, or later.

A date has one code (``FY2023-end``), which is what the data hold after reading, and one label
(令和5年度末), which is what documents show. It is read in either form. The codes begin with a
letter or are digits alone, so that no spreadsheet program turns them into dates.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from nenpo.language.fiscal import date_label, fiscal_year_label, month_label, parse_fiscal_year
from nenpo.language.ordinary import fold_width

Unit = Literal["fiscal_year", "year", "month", "day"]

FIRST_YEAR, LAST_YEAR = 1950, 2100

# Code of a part → its word, other words for it, and what of twelve months or of a month it is.
_PARTS_OF_YEAR: dict[str, tuple[str, tuple[str, ...], tuple[int, int]]] = {
    "start": ("当初", ("初め",), (0, 0)),
    "end": ("末", (), (11, 11)),
    "h1": ("上半期", ("前半", "上期", "前期"), (0, 5)),
    "h2": ("下半期", ("後半", "下期", "後期"), (6, 11)),
    **{f"q{n}": (f"第{n}四半期", (), (3 * n - 3, 3 * n - 1)) for n in range(1, 5)},
}
_PARTS_OF_MONTH: dict[str, tuple[str, tuple[str, ...], tuple[int, int]]] = {
    "early": ("上旬", ("初旬", "初め"), (1, 10)),
    "mid": ("中旬", ("半ば",), (11, 20)),
    "late": ("下旬", (), (21, 31)),
    "end": ("末", (), (31, 31)),
}
_PARTS = {
    "fiscal_year": _PARTS_OF_YEAR,
    "year": _PARTS_OF_YEAR,
    "month": _PARTS_OF_MONTH,
    "day": {},
}
_LATER = ("以降", "以後", "から")

_ERA = r"(?P<year>(?:令和|平成|[RH])(?:元|[0-9]{1,2})|[0-9]{4})"
_FORMS: tuple[tuple[Unit, str], ...] = (
    ("fiscal_year", r"(?:FY)?(?P<year>[0-9]{4})"),
    ("fiscal_year", rf"{_ERA}年度"),
    ("year", r"CY(?P<year>[0-9]{4})"),
    ("year", rf"{_ERA}年"),
    ("month", r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})"),
    ("month", r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})"),
    ("month", rf"{_ERA}年(?P<month>[0-9]{{1,2}})月"),
    ("month", r"(?P<year>[RH][0-9]{1,2})\.(?P<month>[0-9]{1,2})"),
    ("day", r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    ("day", r"(?P<year>[0-9]{4})[-/](?P<month>[0-9]{1,2})[-/](?P<day>[0-9]{1,2})"),
    ("day", rf"{_ERA}年(?P<month>[0-9]{{1,2}})月(?P<day>[0-9]{{1,2}})日"),
    ("day", r"(?P<year>[RH][0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<day>[0-9]{1,2})"),
)


@dataclass(frozen=True)
class StatedDate:
    """A date as precise as stated; ``number`` is 2023, 202310 or 20231001, by ``unit``.

    ``part`` is a part of that time (末, 中旬), "" for the whole; ``later``: then or later (以降).
    """

    unit: Unit
    number: int
    part: str = ""
    later: bool = False

    @property
    def code(self) -> str:
        """The one way to write it in the data.

        >>> parse_stated_date("令和５年度末").code, parse_stated_date("R5.10").code
        ('FY2023-end', '202310')
        """
        era = {"fiscal_year": "FY", "year": "CY"}.get(self.unit, "")
        more = [f"-{self.part}"] if self.part else []
        return "".join([era, str(self.number), *more, *(["-later"] if self.later else [])])

    @property
    def label(self) -> str:
        """What documents show.

        >>> [parse_stated_date(code).label for code in ("FY2023", "202212-mid", "202204-later")]
        ['令和5年度', '令和4年12月中旬', '令和4年4月以降']
        """
        word = _PARTS[self.unit][self.part][0] if self.part else ""
        return f"{_LABELS[self.unit](self.number)}{word}{'以降' if self.later else ''}"

    @property
    def first(self) -> date:
        """The first day that it may mean."""
        return self._find_days()[0]

    @property
    def last(self) -> date:
        """The last day of the time that it names; what is to be then or later may be after it.

        >>> parse_stated_date("令和7年度末").last.isoformat()
        '2026-03-31'
        """
        return self._find_days()[1]

    def is_past(self, day: date) -> bool:
        """Tell whether all of the time that it names is over on the evening of ``day``."""
        return not self.later and self.last <= day

    def _find_days(self) -> tuple[date, date]:
        if self.unit == "day":
            day = _read_day(self.number)
            return day, day
        if self.unit == "month":
            year, month = divmod(self.number, 100)
            begin, end = _PARTS_OF_MONTH[self.part][2] if self.part else (1, 31)
            longest = monthrange(year, month)[1]
            return date(year, month, min(begin, longest)), date(year, month, min(end, longest))
        start = 4 if self.unit == "fiscal_year" else 1
        begin, end = _PARTS_OF_YEAR[self.part][2] if self.part else (0, 11)
        return _find_month(self.number, start + begin)[0], _find_month(self.number, start + end)[1]


def parse_stated_date(text: str) -> StatedDate:
    """Return the date that ``text`` states, as its code or as Japanese documents print it.

    A bare year is a fiscal year, as everywhere in the data; 令和5年 is a calendar year. Raises
    ``ValueError`` for anything else, and for a month or day that does not exist.

    >>> parse_stated_date("令和5年度当初")
    StatedDate(unit='fiscal_year', number=2023, part='start', later=False)
    """
    # Only to read it; the data file keeps what is printed.
    plain = re.sub(r"\s", "", fold_width(text))
    rest, later = _strip_later(plain)
    for unit, form in _FORMS:
        for part, ending in _list_endings(unit):
            found = re.fullmatch(form + re.escape(ending), rest)
            if found:
                return StatedDate(unit, _read_number(found, text), part, later)
    raise ValueError(f"'{text}' is not a date such as 令和5年度, 令和5年10月 or 令和5年10月1日")


def _strip_later(plain: str) -> tuple[str, bool]:
    for word in ("-later", *_LATER):
        if plain.endswith(word):
            return plain.removesuffix(word), True
    # 令和5年10月中 is that month, no more.
    return re.sub(r"(?<=[年度月])中$", "", plain), False


def _list_endings(unit: Unit) -> list[tuple[str, str]]:
    """Return what may stand behind a time of that unit: code of the part and its ending."""
    parts = _PARTS[unit]
    words = [(part, word) for part, (own, more, _) in parts.items() for word in (own, *more)]
    return [("", ""), *((part, f"-{part}") for part in parts), *words]


def _read_number(found: re.Match[str], text: str) -> int:
    parts = found.groupdict()
    year = parse_fiscal_year(parts["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"'{text}' is not a year from {FIRST_YEAR} to {LAST_YEAR}")
    month, day = int(parts.get("month") or 0), int(parts.get("day") or 0)
    if "month" not in parts:
        return year
    if "day" not in parts:
        date(year, month, 1)
        return year * 100 + month
    date(year, month, day)
    return (year * 100 + month) * 100 + day


def _read_day(number: int) -> date:
    return date(number // 10_000, number // 100 % 100, number % 100)


def _find_month(year: int, month: int) -> tuple[date, date]:
    """Return first and last day of a month; the thirteenth is the January after."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _label_year(year: int) -> str:
    # The last day decides: 2019 is 令和元年.
    return date_label(date(year, 12, 31)).partition("年")[0] + "年"


_LABELS: dict[Unit, Callable[[int], str]] = {
    "fiscal_year": fiscal_year_label,
    "year": _label_year,
    "month": lambda number: month_label(*divmod(number, 100)),
    "day": lambda number: date_label(_read_day(number)),
}
