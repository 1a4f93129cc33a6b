"""Printed values (「約146万件」「0/15」「31.6%」「—」) → numbers, or why there is none."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nenpo.language.ordinary import fold_width

MissingReason = Literal["not_measured", "not_applicable", "not_yet", "not_stated"]

_APPROXIMATE = ("約", "およそ", "おおよそ", "概ね", "おおむね")
_MISSING: dict[str, MissingReason] = {
    "": "not_stated",
    "記載なし": "not_stated",
    "未計測": "not_measured",
    "未測定": "not_measured",
    "未実施": "not_measured",
    "該当なし": "not_applicable",
    "対象外": "not_applicable",
    "集計中": "not_yet",
    "未確定": "not_yet",
    "未公表": "not_yet",
}
# Hyphen, dashes, minus, box drawing, and the long-vowel sign that is typed in their place.
_DASHES = re.compile(r"[-‐‑‒–—―−─━ー－ｰ\s]+")
_DIGITS = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_LARGE = {"": 1, "千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}
_AMOUNT = re.compile(rf"(?:{_DIGITS}[兆億万千])*(?:{_DIGITS})?")
_PARTS = re.compile(rf"({_DIGITS})([兆億万千]?)")
# Japanese statistics write negative numbers with a triangle.
_SIGN = re.compile(r"[-−▲△]")


@dataclass(frozen=True)
class Value:
    """A number as a document gives it; ``denominator`` is the 15 of 0/15."""

    value: Decimal
    denominator: Decimal | None = None
    approximate: bool = False


@dataclass(frozen=True)
class Missing:
    """No number, and why; it is never zero."""

    reason: MissingReason


def parse_value(text: str) -> Value | Missing:
    """Return the value that a printed cell states; its unit is left to the indicator.

    Raises ``ValueError`` for text that holds no number and no known word for its absence, and
    for text that holds more than one number (a range, a note).

    >>> parse_value("約146万件")
    Value(value=Decimal('1460000'), denominator=None, approximate=True)
    >>> parse_value("0/15")
    Value(value=Decimal('0'), denominator=Decimal('15'), approximate=False)
    >>> parse_value("—")
    Missing(reason='not_stated')
    """
    # Only to read digits, signs and units; the printed text itself is kept by the caller.
    plain = fold_width(text).strip()
    word = "" if _DASHES.fullmatch(plain) else plain
    if word in _MISSING:
        return Missing(_MISSING[word])
    rest, approximate = _strip_approximate(plain)
    numerator, slash, denominator = rest.partition("/")
    value, unit = _parse_number(numerator.strip(), text)
    if not slash:
        return Value(value, None, approximate)
    if unit:
        raise ValueError(f"'{text}' has a unit before the slash")
    return Value(value, _parse_number(denominator.strip(), text)[0], approximate)


def _strip_approximate(plain: str) -> tuple[str, bool]:
    for word in _APPROXIMATE:
        if plain.startswith(word):
            return plain.removeprefix(word).strip(), True
    if plain.endswith("程度"):
        return plain.removesuffix("程度").strip(), True
    return plain, False


def _parse_number(text: str, printed: str) -> tuple[Decimal, str]:
    """Return the number at the start of ``text`` and the unit after it."""
    sign = -1 if _SIGN.match(text) else 1
    rest = text[1:] if sign < 0 else text
    amount = _AMOUNT.match(rest)
    digits = amount.group() if amount else ""
    unit = rest[len(digits) :].strip()
    # 46² is not 46, and 10百万円 not 10円.
    if not digits or any(character.isnumeric() for character in unit):
        raise ValueError(f"'{printed}' is not one number, a fraction or a sign for no value")
    total = Decimal(0)
    for number, large in _PARTS.findall(digits):
        total += Decimal(number.replace(",", "")) * _LARGE[large]
    return sign * total, unit
