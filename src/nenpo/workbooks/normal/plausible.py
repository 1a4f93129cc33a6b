"""A value that was read, against the last one: what is hardly meant is noted, never refused."""

import re
from collections.abc import Iterator
from decimal import Decimal

from nenpo.errors import Words
from nenpo.language.ordinary import fold_width
from nenpo.language.values import Missing, Value, parse_value
from nenpo.workbooks.normal.answer import Asked
from nenpo.workbooks.normal.quantity import fold_unit, list_alike, show_number

_LEAP = 10
# What is measured may have decimals; what is counted has none.
_MEASURED = re.compile(
    r"[ァ-ー]+|.*[0-9A-Za-z%㎡㎥℃円年月日時間分秒点割倍歳率]|(?:千|万|億|百万).*|"
)
_CHECK = Words(
    "前回は{}、今回は{}で、{}。正しいか確かめること。",
    "it was {} last time and is {} now: {}. See that it is right.",
)
_CHECK_ALONE = Words("{}で、{}。正しいか確かめること。", "{}: {}. See that it is right.")
_NEGATIVE = Words("負の数である", "below 0")
_BEYOND = Words("100％を超えている", "above 100%")
_BROKEN = Words("端数がある", "not a whole number")
_GREW = Words("{}倍以上になっている", "{} times as much, or more")
_SHRANK = Words("{}分の1以下になっている", "a {}th or less")


def note_unlikely(asked: Asked, value: Value) -> Iterator[Words]:
    """Yield a note where a value can hardly be meant, with that of last time."""
    last = read_last(asked)
    if (why := _doubt(value, last, asked.context.unit)) is None:
        return
    told = show_number(value, asked.context.unit)
    printed = asked.context.last
    yield _CHECK.fill(printed, told, why) if printed else _CHECK_ALONE.fill(told, why)


def read_last(asked: Asked) -> Value | None:
    """Return the last value, which is printed with its unit and its year: 46.0％（令和3年度）."""
    printed = fold_width(asked.context.last).partition("(")[0]
    printed = printed.removesuffix(fold_width(asked.context.unit))  # 3万人 of 万人 are 3
    try:
        value = parse_value(printed)
    except ValueError:
        return None
    return None if isinstance(value, Missing) else value


def _doubt(value: Value, last: Value | None, unit: str) -> Words | None:
    number = value.value
    before = last.value if last else None
    if number < 0 and (before is None or before >= 0):
        return _NEGATIVE
    if value.denominator is not None or (last and last.denominator is not None):
        return None
    if fold_unit(unit) in list_alike("%") and number > 100 and (before is None or before <= 100):
        return _BEYOND
    was_whole = before is None or before == before.to_integral_value()
    if number != number.to_integral_value() and was_whole and not _MEASURED.fullmatch(unit):
        return _BROKEN
    return _compare(abs(number), abs(before)) if before else None


def _compare(number: Decimal, before: Decimal) -> Words | None:
    """Return how many times a number has grown or shrunk, in whole powers of ten."""
    more, less = max(number, before), min(number, before)
    if not less or more / less < _LEAP:
        return None
    times = 10 ** (more / less).adjusted()
    return (_GREW if number > before else _SHRANK).fill(f"{times:,}")
