"""Numbers → Japanese text: the one place for rounding and units.

Rounding is 四捨五入 (half up, in decimal), never Python's half-even on binary floats.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from nenpo.language.values import Value

MISSING_WORDS = {
    "not_measured": "未計測",
    "not_applicable": "該当なし",
    "not_yet": "未確定",
    "not_stated": "記載なし",
}


_PERCENT = re.compile(r"(?<=\d)%")
_HUNDRED_MILLION = 100_000_000


def round_half_up(number: Decimal, places: int) -> Decimal:
    """Return ``number`` rounded half up (四捨五入) to ``places`` decimals.

    >>> round_half_up(Decimal("0.25"), 1)
    Decimal('0.3')
    """
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_share(part: int | Decimal, whole: int | Decimal, places: int = 1) -> str:
    """Return ``part / whole`` as percent; 「—」 where the whole is zero.

    >>> format_share(97, 103)
    '94.2％'
    """
    if not whole:
        return "—"
    return f"{round_half_up(Decimal(part) * 100 / Decimal(whole), places)}％"


def format_ratio(ratio: Decimal, *, approximate: bool = False) -> str:
    """Return a ratio as percent: one decimal, or 「約」 and whole percents from 約 values."""
    percent = ratio * 100
    sign = "−" if percent < 0 else ""  # △ would read as the status mark
    if approximate:
        return f"約{sign}{round_half_up(abs(percent), 0)}％"
    return f"{sign}{round_half_up(abs(percent), 1)}％"


def format_number(number: Decimal) -> str:
    """Return a number with separators; 億 and 万 where nothing is lost.

    >>> [format_number(Decimal(text)) for text in ("1710000", "8800", "31.6", "78330000000")]
    ['171万', '8,800', '31.6', '783.3億']
    """
    if abs(number) >= _HUNDRED_MILLION and number % (_HUNDRED_MILLION // 10) == 0:
        return f"{(number / _HUNDRED_MILLION).normalize():,f}億"
    if number and number % 10000 == 0:
        return f"{int(number / 10000):,}万"
    return f"{number.normalize():,f}"


def format_percents(text: str) -> str:
    """Return a text with its percent signs as documents print them, behind a number.

    >>> format_percents("交付率は46.0%、予定は75％である")
    '交付率は46.0％、予定は75％である'
    """
    return _PERCENT.sub("％", text)


def format_value(value: Value | None, unit: str, missing: str = "") -> str:
    """Return a value as printed in Japan: 「約171万件」「46.0％」「0/15」, or why it is missing."""
    if value is None:
        return MISSING_WORDS.get(missing, "—")
    about = "約" if value.approximate else ""
    if value.denominator is not None:
        return f"{about}{format_number(value.value)}/{format_number(value.denominator)}"
    if unit == "%":
        return f"{about}{value.value:f}％"
    return f"{about}{format_number(value.value)}{unit}"
