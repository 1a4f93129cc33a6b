"""A value of an indicator, or a sum of money: typed with its unit, or a number with a format.

Of a number that a cell stores, what is seen has to agree: 0.46 shown as 46.0％ is 46.0, 1234567
shown as 1,235 may be either and is refused.
"""

import re
from dataclasses import replace
from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NoReturn

from pydantic_core import PydanticCustomError

from nenpo.data.schema.cells import parse_amount_of_money, parse_decimal
from nenpo.errors import Words
from nenpo.language.numbers import MISSING_WORDS
from nenpo.language.ordinary import fold_width
from nenpo.language.values import Missing, Value, parse_value
from nenpo.workbooks.normal.answer import NOTHING, Asked, Normal, squeeze
from nenpo.workbooks.normal.plausible import note_unlikely, read_last
from nenpo.workbooks.normal.quantity import (
    EXPONENT,
    Reading,
    fold_unit,
    list_alike,
    read_quantity,
    settle_unit,
    tidy,
    trim,
)

_VALUES = Words(
    "数（46.0、約1,200、1/15）、又は未計測、該当なし、未確定",
    "a number (46.0, 約1,200, 1/15), or 未計測, 該当なし, 未確定",
)
_MONEY = Words(
    "千円単位の、0 以上、9桁以内の整数", "a whole number of thousands of yen, from 0, of 9 digits"
)
_AS_TEXT = Words(
    "セルの表示形式を「文字列」にしてから入力し直すこと（1/15 など）。",
    "Set the cell's format to text, and type it again (such as 1/15).",
)
# What is left of it in a file of text.
_DAY = re.compile(
    r"\d{1,2}月\d{1,2}日|\d{1,2}-[A-Za-z]{3}|[A-Za-z]{3}-\d{1,2}|\d{4}[-/]\d{1,2}[-/]\d{1,2}"
)
_EXPECTED = re.compile("見込み?|予定|予測|推計|速報|暫定|計画|目標")
_TENS_OF_SHARE = 10  # a share that changed more than tenfold may be another reading
_MOST_SHARE = 1000


def read_value(asked: Asked) -> Normal:
    """Return the value as :func:`~nenpo.language.values.parse_value` reads it.

    Raises ``UnusableCell``.
    """
    _refuse_day(asked, _VALUES)
    plain = tidy(asked.text)
    _refuse_expected(asked, plain)
    if missing := _read_missing(asked, plain):
        word = MISSING_WORDS[missing.reason]
        return Normal(word, () if word == plain else (asked.tell(word),))
    reading = read_quantity(asked, plain, _VALUES)
    value, notes = settle_unit(asked, reading)
    value, more = _settle_stored(asked, value, reading, _VALUES)
    if fold_unit(asked.context.unit) in list_alike("%"):
        _refuse_other_share(asked, value, reading)
    if EXPONENT.fullmatch(plain):
        more = [asked.tell(_write(asked, value))]
    written = _write(asked, value)
    return Normal(written, (*notes, *more, *note_unlikely(asked, value)))


def read_money(asked: Asked) -> Normal:
    """Return the thousands of yen. Raises ``UnusableCell``."""
    _refuse_day(asked, _MONEY)
    plain = tidy(asked.text)
    missing = _read_missing(asked, plain)
    if missing and missing.reason == "not_stated":
        return Normal("", (asked.tell(NOTHING),))
    if missing:
        _refuse_money(asked, Words("数がない", "there is no number"))
    thousands = replace(asked, context=replace(asked.context, unit="千円"))
    reading = read_quantity(thousands, plain, _MONEY)
    value, notes = settle_unit(thousands, reading)
    value, more = _settle_stored(thousands, value, reading, _MONEY)
    if value.approximate or value.denominator is not None:
        _refuse_money(asked, Words("概数や分数である", "it is a rough number, or a fraction"))
    if value.value != value.value.to_integral_value():
        _refuse_money(asked, Words("千円未満の端数がある", "it is no whole number of thousands"))
    try:
        amount = parse_amount_of_money(f"{value.value.to_integral_value():f}")
    except PydanticCustomError:
        _refuse_money(
            asked, Words("負であるか、桁が多すぎる", "it is below 0, or has too many digits")
        )
    return Normal(str(amount), (*notes, *more))


def _refuse_money(asked: Asked, why: Words) -> NoReturn:
    remedy = Words(
        "千円単位の整数だけを入力し直すこと。まだないときは空にすること。",
        "Type the thousands of yen alone, or nothing if there are none yet.",
    )
    asked.refuse(why, _MONEY, remedy)


def _refuse_day(asked: Asked, allowed: Words) -> None:
    """Refuse what a spreadsheet took for a date: 1/15 becomes the 15th of January."""
    if isinstance(asked.cell.value, date | time) or _DAY.fullmatch(squeeze(asked.text)):
        why = Words("日付や時刻になっている", "it has become a date or a time")
        asked.refuse(why, allowed, _AS_TEXT)


def _refuse_expected(asked: Asked, plain: str) -> None:
    """Refuse a number that somebody expects: what is asked for is what has come."""
    if (found := _EXPECTED.search(plain)) and any(letter.isdigit() for letter in plain):
        why = Words("「{}」の値である", "it is a value that is expected ({})").fill(found[0])
        remedy = Words(
            "確定した値を入力すること。まだ確定していないときは「集計中」と入力すること。",
            "Type the value that is certain, or 集計中 while there is none.",
        )
        asked.refuse(why, _VALUES, remedy)


def _read_missing(asked: Asked, plain: str) -> Missing | None:
    if isinstance(asked.cell.value, Decimal):  # in formats of accounts, 0 is shown as a dash
        return None
    try:
        read = parse_value(plain)
    except ValueError:
        return None
    return read if isinstance(read, Missing) else None


def _settle_stored(
    asked: Asked, value: Value, reading: Reading, allowed: Words
) -> tuple[Value, list[Words]]:
    """Return the value as it is stored, if what is seen is the same, rounded.

    Of a formula, or of more places than a table has, it is what is seen.
    """
    stored = asked.cell.value
    if not isinstance(stored, Decimal):
        return value, []
    if value.denominator is not None:
        if abs(value.value / value.denominator - stored) > Decimal("1e-9"):
            _refuse_differing(asked, stored, allowed)
        return value, [asked.tell(_write(asked, value))]
    seen = reading.value.value
    percent = reading.unit in list_alike("%") and "%" in fold_width(asked.cell.shown)
    # Of a format such as 0.0"%", the sign is mere text, and the number is not multiplied.
    is_share = percent and _round_like(stored * 100, seen) == seen
    kept = stored * 100 if is_share else stored
    if seen != kept and _round_like(kept, seen) != seen:
        _refuse_differing(asked, kept, allowed)
    if kept == seen:
        return value, []
    places = -int(kept.normalize().as_tuple().exponent)
    if asked.cell.formula or places > 6:
        return value, [asked.tell(f"{seen:f}")]
    factor = value.value / seen if seen else Decimal(1)
    exact = replace(value, value=trim(kept * factor))
    note = Words(
        "「{}」と見えるが、入っている値「{}」を取り入れた。",
        "'{}' is seen; what the cell holds, '{}', is taken.",
    )
    return exact, [note.fill(asked.cell.shown.strip(), f"{exact.value:f}")]


def _round_like(number: Decimal, like: Decimal) -> Decimal:
    exponent = like.as_tuple().exponent
    try:
        return number.quantize(Decimal(1).scaleb(int(exponent)), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return number


def _refuse_differing(asked: Asked, stored: Decimal, allowed: Words) -> NoReturn:
    why = Words(
        "見えている値と、入っている値「{}」が違う", "it is shown so and holds '{}', another value"
    )
    remedy = Words(
        "正しい方を、表示形式を「標準」にして入力し直すこと。",
        "Set the cell's format to General, and type the one that is right.",
    )
    asked.refuse(why.fill(f"{stored.normalize():f}"), allowed, remedy)


def _refuse_other_share(asked: Asked, value: Value, reading: Reading) -> None:
    """Refuse a share that may be meant as a part of one (0.46), or was multiplied (4600%)."""
    number, before = abs(value.value), read_last(asked)
    last = abs(before.value) if before else None
    if value.denominator is not None or not number:
        return
    other = None
    if not reading.unit and number <= 1:
        near = number * _TENS_OF_SHARE >= last if last is not None else number == 1
        other = None if near else value.value * 100
    elif number >= _MOST_SHARE and (last is None or last <= 100):
        other = value.value / 100
    if other is not None:
        told = f"{value.value.normalize():f}％", f"{other.normalize():f}％"
        why = Words("{} か {} か分からない", "it may be {} or {}").fill(*told)
        remedy = Words("％を付けて入力し直すこと（{}）。", "Type it with its sign: {}.").fill(
            told[1]
        )
        asked.refuse(why, _VALUES, remedy)


def _write(asked: Asked, value: Value) -> str:
    """Return the value as the table has it. Raises ``UnusableCell`` beyond what it holds."""
    parts = [value.value, *([value.denominator] if value.denominator is not None else [])]
    try:
        numbers = [parse_decimal(f"{part if part else abs(part):f}") for part in parts]
    except PydanticCustomError as error:
        told = error.context or {}
        allowed = Words(str(told.get("allowed")), str(told.get("allowed_en")))
        why = Words("桁が多すぎる", "it has too many digits")
        remedy = Words(
            "必要な桁までの数を入力し直すこと。", "Type the number to the digits needed."
        )
        asked.refuse(why, allowed, remedy)
    return ("約" if value.approximate else "") + "/".join(f"{number:f}" for number in numbers)
