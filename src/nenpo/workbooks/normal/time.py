"""A time as precise as it was stated: typed, or a date with a format."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import NoReturn

from nenpo.errors import Words
from nenpo.language.fiscal import fiscal_year_of
from nenpo.language.stated_dates import StatedDate, parse_stated_date
from nenpo.workbooks.normal.answer import DASHES, NOTHING, Asked, Normal, squeeze, tell_day
from nenpo.workbooks.reading.moments import read_serial

TIMES = Words(
    "令和5年度、令和5年10月、令和5年10月1日などの時期（後に末、上半期、中旬、以降などを付けてよい）",
    "a time such as 令和5年度, 令和5年10月 or 令和5年10月1日 (末, 上半期, 中旬, 以降 … may follow)",
)
"""What a field for a time takes."""
_WITH_YEAR = Words(
    "年から書いて入力し直すこと（令和5年10月 など）。", "Type it with its year (令和5年10月)."
)
_WEEKDAY = re.compile(r"\([日月火水木金土](?:曜日?)?(?:[・/]?祝)?\)")
_ERA = re.compile(
    r"(?:(令和|平成)|([RrHh]))\.?(元|\d{1,2})[./-](\d{1,2})(?:[./-](\d{1,2}))?(?!\d)月?"
)
_WESTERN = re.compile(r"(\d{4})\.(\d{1,2})(?:\.(\d{1,2}))?(?!\d)")
_MIDNIGHT = re.compile(r"[T ]?0?0:00(:00(\.0+)?)?$")
_APART = re.compile(r"\d\s+\d")
_YEARLESS = re.compile(r"(?:\d{1,2}[/月-]\d{1,2}日?|\d{1,2}月.*|年度?末|年度内|来年.*|今年.*)")
_SEASON = re.compile("[春夏秋冬]")
_NO_SEASON = Words(
    "月か期間で入力し直すこと（令和5年9月、令和5年度上半期 など）。",
    "Type a month or a part of a year (令和5年9月, 令和5年度上半期).",
)
_FIRST_SERIAL, _LAST_SERIAL = 36_000, 80_000  # 1998 to 2119


def read_time(asked: Asked) -> Normal:
    """Return the code of the time that is stated. Raises ``UnusableCell``."""
    stored = asked.cell.value
    if isinstance(stored, time):
        why = Words("時刻だけである", "it is a time of day")
        asked.refuse(why, TIMES, _WITH_YEAR)
    if isinstance(stored, date):
        return _read_day(asked, stored)
    plain = squeeze(asked.text)
    if isinstance(stored, Decimal) and stored != stored.to_integral_value():
        _refuse_serial(asked, plain)
        why = Words("数になっていて、10月と1月を区別できない", "a number: 2023.10 is 2023.1")
        asked.refuse(why, TIMES, _WITH_YEAR)
    if _APART.search(asked.text) and not _MIDNIGHT.search(asked.text):
        _refuse_unread(asked)  # 2023 10 is not 202310
    if DASHES.fullmatch(plain):
        return Normal("", (asked.tell(NOTHING),))
    if stated := _parse(plain):
        return Normal(stated.code)
    mended = _mend(plain, asked.text)
    if stated := _parse(mended):
        return Normal(stated.code, (asked.tell(stated.label),))
    _refuse_serial(asked, plain)
    if _SEASON.search(plain):
        why = Words("季節だけでは、何月か分からない", "a season tells no month")
        asked.refuse(why, TIMES, _NO_SEASON)
    if _YEARLESS.fullmatch(plain):
        asked.refuse(Words("何年か分からない", "its year is not stated"), TIMES, _WITH_YEAR)
    _refuse_unread(asked)


def _refuse_unread(asked: Asked) -> NoReturn:
    remedy = Words("時期だけを入力し直すこと。", "Type the time alone.")
    asked.refuse(Words("時期として読めない", "it is no time"), TIMES, remedy)


def _parse(plain: str) -> StatedDate | None:
    try:
        return parse_stated_date(plain)
    except ValueError:
        return None


def _mend(plain: str, text: str) -> str:
    """Return the time in a form that is read: R5/10, 2023.10.1, 令和5年10月1日（日）, 年度内."""
    mended = _WEEKDAY.sub("", plain)
    if re.search(r"\d[ T]\d", text.strip()):  # a date that was saved as text with its midnight
        mended = squeeze(_MIDNIGHT.sub("", text.strip()))
    mended = re.sub("(?:頃|ごろ|ころ)(?:まで(?:に)?)?$", "", mended)
    mended = re.sub("^[rh](?=[0-9元])", lambda found: found[0].upper(), mended)
    mended = _ERA.sub(_spell_era, mended)
    mended = _WESTERN.sub(lambda found: "-".join(filter(None, found.groups())), mended)
    mended = re.sub(r"[~〜]$", "から", mended)
    return re.sub(r"(?<=[年度月])内$|(?<=[年度月日末旬期])まで(?:に)?$|(?<=末)日$", "", mended)


def _spell_era(found: re.Match[str]) -> str:
    name, letter, year, month, day = found.groups()
    era = name or {"R": "令和", "H": "平成"}[letter.upper()]
    return f"{era}{year}年{month}月" + (f"{day}日" if day else "")


def _read_day(asked: Asked, stored: date) -> Normal:
    """Return a date as precise as its format shows it: 2023年10月 is that month."""
    day = stored.date() if isinstance(stored, datetime) else stored
    shown = _find_shown(asked.cell.shown, day)
    if shown is None:
        why = Words("年が見えない。入っている日付は {}", "its year is not seen; it holds {}")
        asked.refuse(why.fill(tell_day(day)), TIMES, _WITH_YEAR)
    stated = _parse(f"{day:%Y%m%d}"[: {"year": 4, "month": 6, "day": 8}[shown]])
    if shown == "year":
        stated = _parse(squeeze(asked.cell.shown))
        if fiscal_year_of(int(f"{day:%Y%m%d}")) != day.year:
            _refuse_spring(asked, day)
    if stated is None:
        asked.refuse(Words("時期として読めない", "it is no time"), TIMES, _WITH_YEAR)
    has_hours = isinstance(stored, datetime) and stored.time() != time()
    if shown == "day" and not has_hours:
        return Normal(stated.code)
    return Normal(stated.code, (asked.tell(stated.label),))


def _refuse_spring(asked: Asked, day: date) -> NoReturn:
    """Refuse a year that is seen of a day from January to March, which is in the one before."""
    why = Words(
        "入っている日付 {} は、その前の年度である", "it holds {}, in the fiscal year before"
    )
    asked.refuse(why.fill(day.isoformat()), TIMES, _WITH_YEAR)


def _find_shown(shown: str, day: date) -> str | None:
    """Return what of a date is seen, None where its year is not, or another date is seen.

    Of two numbers, one is a year only if it has four digits or stands behind an era: 10/23 is a
    day. Behind the name of a month it is (Oct-23), in front of it a day (23-Oct).
    """
    plain = re.sub(r"\d{1,2}(?::|時)\d{2}.*$", "", shown.strip()).replace("元", "1")
    numbers = [int(each) for each in re.findall(r"\d+", plain)]
    named = re.search(rf"{day:%b}[a-z]*", plain, re.IGNORECASE)
    era = re.search("[令平昭RHS]", plain) if not named else None
    years = {day.year, *((day.year - 2018, day.year - 1988) if era else ())}
    rest = [] if named else [day.month]
    if _leave(numbers, [*rest, day.day]) in {*years, day.year % 100}:
        return "day"
    short = {day.year % 100} if named and named.start() == 0 else set()
    if _leave(numbers, rest) in {*years, *short}:
        return "month"
    return "year" if not named and _leave(numbers, []) in years else None


def _leave(numbers: list[int], taken: list[int]) -> int | None:
    """Return the one number that is left without those taken, None if it is not just one."""
    left = list(numbers)
    for each in taken:
        if each not in left:
            return None
        left.remove(each)
    return left[0] if len(left) == 1 else None


def _refuse_serial(asked: Asked, plain: str) -> None:
    """Refuse the number that a spreadsheet counts a day with."""
    number = Decimal(plain) if re.fullmatch(r"\d{1,6}(\.\d+)?", plain) else None
    if number is None or not _FIRST_SERIAL <= number <= _LAST_SERIAL:
        return
    moment = read_serial(number)
    day = Words("—", "—")
    if moment:
        day = tell_day(moment.date())
    why = Words(
        "日付の通し番号とみられる。{} に当たる", "it looks like the number of a day, {}"
    ).fill(day)
    remedy = Words(
        "その日でよければ、日付として入力し直すこと。", "If that day is meant, type it as a date."
    )
    asked.refuse(why, TIMES, remedy)
