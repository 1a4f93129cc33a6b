"""A number with its unit, as people type it → the number in the unit that is asked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from nenpo.errors import Words
from nenpo.language.ordinary import fold_width
from nenpo.language.values import Missing, Value, parse_value
from nenpo.workbooks.normal.answer import Asked, squeeze

NUMBER_ALONE = Words("数だけを入力し直すこと。", "Type the number alone.")
EXPONENT = re.compile(r"[-+]?\d+(?:\.\d+)?[Ee][-+]?\d{1,2}")
_BRACKETED = re.compile(r"\((\d[\d,.]*)\)")
_DASHES = re.compile(r"[^0-9]*[-‐‑‒–—―−─━ー－ｰ]+")
_VAGUE = re.compile("以上|以下|未満|超|強|弱|余|前後|ほど|くらい|ぐらい|ごろ|頃")
_TAIL = re.compile(r"[^0-9]*$")
_NUMBER_END = re.compile(r"[0-9千万億兆]$")
_LARGE = {"千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}
_BEFORE_LARGE = re.compile(r"(\d[\d,.]*)([百千])(?=[万億兆])")
_SIGNED = re.compile("[▲△−(]")
_APART = re.compile(r"\d\s+\d")
# Units that mean the same.
_ALIKE = (
    ("%", "パーセント", "percent"),
    ("人", "名"),
    ("か所", "箇所", "ヶ所", "カ所", "ヵ所", "ケ所", "個所"),
    ("㎡", "m2", "m²", "平方メートル"),
    ("円", "yen", "¥"),
)


@dataclass(frozen=True)
class Reading:
    """A number as one reads it, with the unit behind it ("" for none).

    ``is_rewritten`` where it was not typed in digits: 12万, ▲3.
    """

    value: Value
    unit: str
    is_rewritten: bool = False


def tidy(text: str) -> str:
    """Return a text without spaces, in ordinary width, and 2千万 as 2000万."""
    return _BEFORE_LARGE.sub(_write_out, squeeze(text)).replace("\\", "¥")


def _write_out(found: re.Match[str]) -> str:
    try:
        factor = {"百": 100, "千": 1000}[found[2]]
        return f"{trim(Decimal(found[1].replace(',', '')) * factor):f}"
    except InvalidOperation:
        return found[0]


def read_quantity(asked: Asked, plain: str, allowed: Words) -> Reading:
    """Return the number and its unit. Raises ``UnusableCell`` where there is not just one."""
    if _APART.search(fold_width(asked.text)):  # 12 and 8 on two lines are not 128
        _refuse_unread(asked, allowed)
    if EXPONENT.fullmatch(plain):
        # 4.60E+01 is how a narrow cell shows 46: what is stored is meant.
        stored = asked.cell.value
        return Reading(Value(stored if isinstance(stored, Decimal) else Decimal(plain)), "")
    if asked.cell.value == 0 and isinstance(asked.cell.value, Decimal) and _DASHES.fullmatch(plain):
        return Reading(Value(Decimal(0)), "")
    if bracketed := _BRACKETED.fullmatch(plain):  # (5) is −5 where the cell stores a number
        plain = f"-{bracketed[1]}" if isinstance(asked.cell.value, Decimal) else plain
    own = fold_unit(asked.context.unit)
    number_alone = plain.removesuffix("程度")
    rough = number_alone != plain
    unit = ""
    for each in sorted(list_alike(own), key=len, reverse=True):
        # 5km are no 5m, 5法人 no 5人, and 10余件 no 10件.
        before = number_alone.removesuffix(each)
        if before != number_alone and _NUMBER_END.search(before):
            number_alone, unit = before, each
            break
    if not unit and number_alone.startswith("¥"):
        number_alone, unit = number_alone.removeprefix("¥"), "円"
    if not unit:
        tail = _TAIL.search(number_alone)
        unit = tail[0].lstrip("千万億兆") if tail else ""
        number_alone = number_alone.removesuffix(unit) if unit else number_alone
        unit = fold_unit(unit)
    try:
        value = parse_value(number_alone)
    except (ValueError, InvalidOperation):
        value = Missing("not_stated")
    if isinstance(value, Missing):
        _refuse_unread(asked, allowed)
    if value.denominator is not None and value.denominator <= 0:
        why = Words("分母が 0 以下である", "its denominator is not above 0")
        asked.refuse(why, allowed, NUMBER_ALONE)
    if any(letter in number_alone for letter in _LARGE):
        if not unit and _split_unit(own)[0] > 1:  # 120万 of 千円 are hardly 120万千円
            why = Words("「{}」か「{}」か分からない", "it may be of {} or of {}")
            asked.refuse(why.fill(_split_unit(own)[1], own), allowed, NUMBER_ALONE)
        value = replace(value, value=trim(value.value))  # 7.75万 is 77500, not 77500.00
    is_rewritten = any(letter in number_alone for letter in _LARGE) or bool(
        _SIGNED.search(number_alone)
    )
    return Reading(replace(value, approximate=value.approximate or rough), unit, is_rewritten)


def _refuse_unread(asked: Asked, allowed: Words) -> NoReturn:
    """Refuse what is not one number."""
    why = Words("一つの数として読めない", "it is not one number")
    asked.refuse(why, allowed, NUMBER_ALONE)


def trim(number: Decimal) -> Decimal:
    """Return a number without zeros at the end of its decimals."""
    return Decimal(f"{number.normalize():f}")


def fold_unit(unit: str) -> str:
    """Return a unit for comparing: （％） is %."""
    return squeeze(unit).strip("()")


def list_alike(unit: str) -> tuple[str, ...]:
    """Return the units that mean the same, the one given among them."""
    return next((group for group in _ALIKE if unit in group), (unit,))


def _split_unit(unit: str) -> tuple[int, str]:
    """Return how many of which unit: 千円 is 1000 of 円."""
    factor = 1
    if unit.startswith("百万"):
        return 1_000_000, unit.removeprefix("百万")
    while unit[:1] in _LARGE and len(unit) > 1:
        factor, unit = factor * _LARGE[unit[0]], unit[1:]
    return factor, unit


def settle_unit(asked: Asked, reading: Reading) -> tuple[Value, list[Words]]:
    """Return the value in the unit that is asked for, and a note where one was typed."""
    own, unit = fold_unit(asked.context.unit), reading.unit
    if not unit or unit in list_alike(own):
        return reading.value, [*_tell_typed(asked, reading)] if _is_typed(asked) else []
    (own_factor, own_base), (factor, base) = _split_unit(own), _split_unit(unit)
    if base not in list_alike(own_base):
        _refuse_unit(asked, unit)
    value = reading.value
    changed = replace(value, value=trim(value.value * factor / own_factor))
    # ¥1,200 where 千円 is asked: that many thousands, in the format of a button that says yen?
    # Somebody who types 1,500円 there means it, but hardly 5人 where 万人 is asked.
    is_tiny = abs(changed.value) < Decimal("0.1")
    is_whole = changed.value == changed.value.to_integral_value()
    if factor * 1000 <= own_factor and not is_whole and (is_tiny or not _is_typed(asked)):
        _refuse_thousandfold(asked, value, changed, unit)
    return changed, [asked.tell(f"{changed.value:,f}{asked.context.unit}")]


def _is_typed(asked: Asked) -> bool:
    return isinstance(asked.cell.value, str)


def _tell_typed(asked: Asked, reading: Reading) -> Iterator[Words]:
    """Yield what a number became that was typed in the unit that is asked for, or without one."""
    own, unit = fold_unit(asked.context.unit), reading.unit
    if reading.is_rewritten:
        yield asked.tell(show_number(reading.value, asked.context.unit))
    elif unit == own and unit:
        yield Words("単位「{}」を除いた。", "the unit '{}' is left out.").fill(unit)
    elif unit:
        told = Words("単位「{}」は「{}」と同じとみた。", "the unit '{}' is taken for '{}'.")
        yield told.fill(unit, own)


def show_number(value: Value, unit: str) -> str:
    """Return a value as notes have it: 約12,300件, -3件."""
    parts = [value.value, *([value.denominator] if value.denominator is not None else [])]
    number = "/".join(f"{part:,f}" for part in parts)
    return f"{'約' if value.approximate else ''}{number}{unit}"


def _refuse_thousandfold(asked: Asked, typed: Value, changed: Value, unit: str) -> NoReturn:
    own = asked.context.unit
    why = Words("{} か {} か分からない", "it may be {} or {}").fill(
        show_number(typed, own), f"{show_number(typed, unit)}（{show_number(changed, own)}）"
    )
    allowed = Words("単位が「{}」の数", "a number of '{}'").fill(own)
    remedy = Words("単位のない数だけを入力し直すこと。", "Type the number alone, without a unit.")
    asked.refuse(why, allowed, remedy)


def _refuse_unit(asked: Asked, unit: str) -> NoReturn:
    why = Words("単位「{}」が違う", "its unit '{}' is another one").fill(unit)
    if _VAGUE.search(unit):
        why = Words("「{}」が付いていて、一つの数に決まらない", "'{}' leaves the number open").fill(
            unit
        )
    own = asked.context.unit
    allowed = Words("単位が「{}」の数", "a number of '{}'").fill(own)
    if not own:
        allowed = Words("単位のない数", "a number without a unit")
    remedy = Words(
        "その単位に直した数だけを入力し直すこと。", "Type the number alone, in that unit."
    )
    asked.refuse(why, allowed, remedy)
