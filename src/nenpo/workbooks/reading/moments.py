"""Numbers that spreadsheets count days with → dates and times, and what is seen of them."""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from nenpo.language.fiscal import date_label
from nenpo.workbooks.reading.format_code import Token, has_days, is_elapsed_format

_WEEKDAYS = "月火水木金土日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Beyond them Excel shows #####; it counts a 29th of February in 1900 that never was.
_LEAP_THAT_WAS_NOT, _LAST_SERIAL = 60, 2_958_466


def read_serial(serial: Decimal, *, from_1904: bool = False) -> datetime | None:
    """Return the moment that a number of days stands for, None outside of what Excel shows.

    >>> read_serial(Decimal(45200))
    datetime.datetime(2023, 10, 1, 0, 0)
    """
    if not 0 <= serial < _LAST_SERIAL:
        return None
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    if not from_1904 and serial < _LEAP_THAT_WAS_NOT:
        start += timedelta(days=1)
    seconds = int((serial * 86400).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    try:
        return start + timedelta(seconds=seconds)
    except OverflowError:
        return None


def store_moment(
    serial: Decimal, code: str, *, from_1904: bool = False
) -> date | datetime | time | None:
    """Return what a number of a date format stores: a day, a moment or a time of day.

    None where it is a length of time, or no date at all.
    """
    moment = read_serial(serial, from_1904=from_1904)
    if moment is None or is_elapsed_format(code):
        return None
    if serial < 1 and not has_days(code):
        return moment.time()
    return moment.date() if moment.time() == time() else moment


def show_moment(moment: datetime, serial: Decimal, tokens: tuple[Token, ...]) -> str:
    """Return a date or time; m is minutes beside hours and seconds."""
    halves = any(token.kind == "half" for token in tokens)
    dates = [n for n, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    shown = []
    for n, token in enumerate(tokens):
        if token.kind == "half":
            shown.append("AM" if moment.hour < 12 else "PM")
        elif token.kind == "elapsed":
            shown.append(_show_elapsed(serial, token.text))
        elif token.kind == "date":
            place = dates.index(n)
            before = tokens[dates[place - 1]].text[0].lower() if place else ""
            after = tokens[dates[place + 1]].text[0].lower() if place + 1 < len(dates) else ""
            minutes = token.text[0].lower() == "m" and (before == "h" or after == "s")
            shown.append(_show_part(moment, token.text.lower(), minutes=minutes, halves=halves))
        elif token.kind != "digit":  # parts of a second
            shown.append(token.text)
    return "".join(shown)


def _show_elapsed(serial: Decimal, unit: str) -> str:
    number = int(serial * {"h": 24, "m": 1440, "s": 86400}[unit[0].lower()])
    return f"{number:0{len(unit)}d}"


def _show_part(moment: datetime, part: str, *, minutes: bool, halves: bool) -> str:
    size = len(part)
    if part[0] in "ger":
        return _show_era(moment, part[0], size)
    if minutes:
        return f"{moment.minute:0{min(size, 2)}d}"
    match part[0]:
        case "y":
            return f"{moment.year:04d}" if size > 2 else f"{moment.year % 100:02d}"
        case "m":
            return _MONTHS[moment.month - 1] if size > 2 else f"{moment.month:0{size}d}"
        case "d":
            return _DAYS[moment.weekday()] if size > 2 else f"{moment.day:0{size}d}"
        case "h":
            hour = (moment.hour - 1) % 12 + 1 if halves else moment.hour
            return f"{hour:0{min(size, 2)}d}"
        case "s":
            return f"{moment.second:0{min(size, 2)}d}"
        case "a":
            return _WEEKDAYS[moment.weekday()] + ("曜日" if size > 3 else "")
    return f"{moment.year + 543}"  # b: the Buddhist calendar


def _show_era(moment: datetime, part: str, size: int) -> str:
    """Return the era (g), its year (e) or both (r); before 昭和, the western year alone."""
    try:
        era, _, _ = date_label(moment.date()).partition("年")
    except ValueError:
        return "" if part == "g" else str(moment.year)
    name, year = era[:2], int(era[2:].replace("元", "1"))
    letter = {"令和": "R", "平成": "H", "昭和": "S"}[name]
    called = {1: letter, 2: name[0]}.get(size, name)
    if part == "r":
        return f"{name if size > 1 else letter}{year:02d}"
    return called if part == "g" else f"{year:0{min(size, 2)}d}"
