"""Number formats of spreadsheets: what a reader sees of a number that a cell stores.

A format has up to four sections (above zero, below, zero, text), each a row of tokens: "0.0%",
#,##0"件", [$-411]ggge"年"m"月". Formats of a language that Excel keeps by number alone are those of
a Japanese Excel.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache

from nenpo.language.fiscal import date_label

GENERAL = "General"
_ERA_DAY, _ERA_SHORT = '[$-411]ggge"年"m"月"d"日"', "[$-411]ge.m.d"
_DAY, _MONTH, _MONTH_DAY = 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"', 'm"月"d"日"'
BUILT_IN = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 57), _ERA_SHORT),
    **dict.fromkeys((28, 29, 51, 54, 58), _ERA_DAY),
    30: "m/d/yy",
    31: _DAY,
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    **dict.fromkeys((34, 52, 55), _MONTH),
    **dict.fromkeys((35, 53, 56), _MONTH_DAY),
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: "#,##0;-#,##0",
    42: '"¥"#,##0;"¥"-#,##0',
    43: "#,##0.00;-#,##0.00",
    44: '"¥"#,##0.00;"¥"-#,##0.00',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
"""The formats that a workbook names by number alone."""

_TOKENS = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | _(?P<skip>.) | \*(?P<filled>.)
    | \[(?P<elapsed>h+|m+|s+)\] | \[\$(?P<currency>[^\]-]*)[^\]]*\] | \[(?P<bracket>[^\]]*)\]
    | (?P<half>AM/PM|A/P|上午/下午) | (?P<general>General)
    | (?P<date>y+|m+|d+|h+|s+|g+|e+(?![+-])|aaaa?|r+|b+) | (?P<exponent>E[+-])
    | (?P<digit>[0#?]) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
# Of a number that a file may hold, in the longest format.
_MOST_DIGITS, _LONGEST_FORMAT = 700, 255
_WEEKDAYS = "月火水木金土日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Beyond them Excel shows #####; it counts a 29th of February in 1900 that never was.
_LEAP_THAT_WAS_NOT, _LAST_SERIAL = 60, 2_958_466


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True)
class _Section:
    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None

    @property
    def is_date(self) -> bool:
        return any(token.kind in ("date", "elapsed", "half") for token in self.tokens)


@lru_cache(maxsize=512)
def _split(code: str) -> tuple[_Section, ...]:
    """Return the sections of a format, at most four."""
    sections: list[list[_Token]] = [[]]
    conditions: list[tuple[str, Decimal] | None] = [None]
    for found in _TOKENS.finditer(code[:_LONGEST_FORMAT]):
        kind = found.lastgroup or "other"
        text = found[kind]
        if kind == "other" and text == ";":
            sections.append([])
            conditions.append(None)
        elif kind == "bracket":
            if stated := _CONDITION.fullmatch(text.strip()):
                conditions[-1] = (stated[1], Decimal(stated[2]))
        elif kind in ("quoted", "escaped", "currency"):
            sections[-1].append(_Token("literal", text))
        elif kind not in ("skip", "filled"):  # they make room, nothing to read
            sections[-1].append(_Token(kind, text))
    return tuple(map(_Section, map(tuple, sections[:4]), conditions[:4]))


def is_date_format(code: str) -> bool:
    """Return whether a format shows a number as a date or a time.

    >>> is_date_format('[$-411]ggge"年"m"月"'), is_date_format('0"日"'), is_date_format("[Red]0")
    (True, False, False)
    """
    return any(section.is_date for section in _split(code))


def is_elapsed_format(code: str) -> bool:
    """Return whether a format shows hours beyond a day: [h]:mm."""
    return any(token.kind == "elapsed" for section in _split(code) for token in section.tokens)


def has_days(code: str) -> bool:
    """Return whether a format shows more of a date than its hours, minutes and seconds."""
    kinds = {t.text[0].lower() for s in _split(code) for t in s.tokens if t.kind == "date"}
    return bool(kinds & set("ydgear")) or kinds == {"m"}


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


def show_text(text: str, code: str) -> str:
    """Return what is seen of a text: the fourth section, or one that alone holds an @.

    >>> show_text("総務", '@"課"')
    '総務課'
    """
    sections = _split(code)
    chosen = sections[3] if len(sections) == 4 else sections[-1]
    if not any(token.text == "@" and token.kind == "other" for token in chosen.tokens):
        return text if len(sections) < 4 else "".join(t.text for t in chosen.tokens)
    return "".join(text if token.text == "@" else token.text for token in chosen.tokens)


def show_number(number: Decimal, code: str, *, from_1904: bool = False) -> str:
    """Return what is seen of a number.

    >>> [show_number(Decimal("0.46"), code) for code in ("0.0%", "General", '0.00"点"')]
    ['46.0%', '0.46', '0.46点']
    >>> show_number(Decimal(1234567), '#,##0,"千件"'), show_number(Decimal("-3"), '0;"△"0')
    ('1,235千件', '△3')
    >>> show_number(Decimal(1) / 15, "?/??"), show_number(Decimal(45200), 'ggge"年"m"月"')
    ('1/15', '令和5年10月')
    """
    with localcontext() as exact:
        exact.prec = _MOST_DIGITS
        return _show_number(number, code, from_1904=from_1904)


def _show_number(number: Decimal, code: str, *, from_1904: bool) -> str:
    section, number = _choose(_split(code), number)
    if section.is_date:
        moment = read_serial(number, from_1904=from_1904)
        return _show_moment(moment, number, section.tokens) if moment else "#" * 8
    kinds = [token.kind for token in section.tokens]
    if "general" in kinds or (not section.tokens and code in ("", GENERAL)):
        plain = _show_plain(number)
        return "".join(plain if t.kind == "general" else t.text for t in section.tokens) or plain
    if any(token.text == "@" for token in section.tokens if token.kind == "other"):
        return "".join(
            _show_plain(number) if token.text == "@" else token.text for token in section.tokens
        )
    if "digit" not in kinds:
        return "".join(token.text for token in section.tokens)
    if "exponent" in kinds:
        return _show_exponent(number, section.tokens)
    if any(token.text == "/" and token.kind == "other" for token in section.tokens):
        return _show_fraction(number, section.tokens)
    return _show_digits(number, section.tokens)


def _choose(sections: tuple[_Section, ...], number: Decimal) -> tuple[_Section, Decimal]:
    """Return the section for a number, and the number without the sign that the section shows."""
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _holds(number, *section.condition):
                return section, number
        return numeric[-1], number
    if number < 0 and len(numeric) > 1:
        return numeric[1], -number
    if number == 0 and len(numeric) > 2:
        return numeric[2], number
    return numeric[0], number


def _holds(number: Decimal, sign: str, bound: Decimal) -> bool:
    return {
        "<": number < bound,
        "<=": number <= bound,
        ">": number > bound,
        ">=": number >= bound,
        "=": number == bound,
        "<>": number != bound,
    }[sign]


def _show_plain(number: Decimal) -> str:
    # Excel rounds what a narrow cell cannot hold; what is stored tells more.
    return f"{number:f}"


def _show_digits(number: Decimal, tokens: tuple[_Token, ...]) -> str:
    """Return a number in the places of a section, signs and units where they stand."""
    point = next((n for n, t in enumerate(tokens) if t.text == "." and t.kind == "other"), None)
    digits = [n for n, token in enumerate(tokens) if token.kind == "digit"]
    whole = [n for n in digits if point is None or n < point]
    places = [n for n in digits if point is not None and n > point]
    commas = [n for n, t in enumerate(tokens) if t.text == "," and t.kind == "other"]
    last = (whole or digits)[-1]
    scale = sum(n > last and (not places or n > places[-1] or n < places[0]) for n in commas)
    separated = any(whole and whole[0] < n < whole[-1] for n in commas)
    percent = sum(token.text in "%％" and token.kind == "other" for token in tokens)
    number = number.scaleb(2 * percent - 3 * scale)
    number = number.quantize(Decimal(1).scaleb(-len(places)), rounding=ROUND_HALF_UP)
    sign, number = ("-", -number) if number < 0 else ("", abs(number))
    whole_digits, _, decimals = f"{number:f}".partition(".")
    put = dict(_place_whole(whole_digits, whole, tokens, separated=separated))
    kept = decimals.rstrip("0")
    for position, n in enumerate(places):
        optional = tokens[n].text != "0" and position >= len(kept)
        put[n] = "" if optional else decimals[position]
    shown = []
    for n, token in enumerate(tokens):
        if token.kind == "digit":
            shown.append(put.get(n, ""))
        elif n not in commas:
            shown.append(token.text)
    return sign + "".join(shown)


def _place_whole(
    digits: str, whole: list[int], tokens: tuple[_Token, ...], *, separated: bool
) -> list[tuple[int, str]]:
    """Return which digits stand at which token: the last at the last, all that are left first."""
    digits = "" if digits == "0" else digits
    put, position = [], 0
    for n in reversed(whole):
        first = n == whole[0]
        rest = digits[: len(digits) - position]
        taken = rest if first and len(rest) > 1 else rest[-1:]
        if not taken and tokens[n].text == "0":
            taken = "0"
        text = ""
        for digit in reversed(taken):
            comma = "," if separated and position and position % 3 == 0 else ""
            text = digit + comma + text
            position += 1
        put.append((n, text))
    return put


def _show_exponent(number: Decimal, tokens: tuple[_Token, ...]) -> str:
    at = next(n for n, token in enumerate(tokens) if token.kind == "exponent")
    places = 0
    if any(token.text == "." for token in tokens[:at]):
        point = next(n for n, token in enumerate(tokens) if token.text == ".")
        places = sum(token.kind == "digit" for token in tokens[point:at])
    mantissa, _, exponent = f"{number:.{places}E}".partition("E")
    return f"{mantissa}E{int(exponent):+03d}"


def _show_fraction(number: Decimal, tokens: tuple[_Token, ...]) -> str:
    """Return a number as a fraction, its whole part apart where the format has a place for it."""
    slash = next(n for n, token in enumerate(tokens) if token.text == "/")
    before = "".join(t.text if t.kind == "digit" else " " for t in tokens[:slash]).split()
    after = "".join(t.text for t in tokens[slash + 1 :])
    stated = re.match(r"\d+", after.strip())
    sign, number = ("-", -number) if number < 0 else ("", number)
    if stated and stated[0].strip("0"):
        below = int(stated[0])
        above = int((number * below).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    else:
        places = len(re.match(r"\s*([0#?]*)", after)[1]) or 1  # type: ignore[index]
        near = Fraction(number).limit_denominator(10**places - 1)
        above, below = near.numerator, near.denominator
    if len(before) > 1:
        whole, above = divmod(above, below)
        parts = [
            *([str(whole)] if whole or not above else []),
            *([f"{above}/{below}"] * bool(above)),
        ]
        return sign + " ".join(parts)
    return f"{sign}{above}/{below}"


def _show_moment(moment: datetime, serial: Decimal, tokens: tuple[_Token, ...]) -> str:
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
