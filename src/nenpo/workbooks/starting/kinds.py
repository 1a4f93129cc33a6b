"""What kind of values stand in a column: numbers, signs, sentences, names of departments."""

import re
from collections.abc import Sequence

from nenpo.language.ordinary import fold_width
from nenpo.language.values import parse_value
from nenpo.workbooks.starting.names import find_unit, is_generic, split_departments


def are_marks(values: Sequence[str]) -> bool:
    """Return whether they are signs and no words."""
    told = [value for value in values if value]
    return bool(told) and sum(len(value) <= 2 for value in told) * 2 > len(told)


def are_rates(values: Sequence[str]) -> bool:
    """Return whether they say how much of something is done: 80%."""
    told = [fold_width(value) for value in values if value]
    shares = [value for value in told if re.fullmatch(r"約?[0-9.]+\s*%?", value)]
    return bool(told) and len(shares) * 3 > 2 * len(told)


def are_departments(values: Sequence[str]) -> bool:
    """Return whether they name departments."""
    told = [value for value in values if value and len(value) <= 40]
    named = [v for v in told if all(_is_department(each.name) for each in split_departments(v))]
    return bool(told) and len(named) * 3 >= 2 * len(told)


def _is_department(name: str) -> bool:
    # 開会 and 学校 end as departments do; of those that do, most are one of these.
    return is_generic(name) or (find_unit(name)[-1:] in tuple("課室係局署所館園") and len(name) > 2)


def are_long(values: Sequence[str]) -> bool:
    """Return whether many of them are sentences."""
    told = [value for value in values if value]
    return bool(told) and sum(len(value) > 12 for value in told) * 3 > len(told)


def are_numbers(values: Sequence[str]) -> bool:
    """Return whether most of them are numbers."""
    told = [value for value in values if value]
    return bool(told) and sum(map(_is_number, told)) * 3 > 2 * len(told)


def _is_number(text: str) -> bool:
    if re.match(r"[0-9０-９]+[\s　.．、]+[^0-9０-９\s]{3}", text):
        return False  # １ 子育ての支援
    try:
        parse_value(text)
    except ValueError:
        return False
    return True


def end_with(values: Sequence[str], signs: str) -> bool:
    """Return whether most of them end with one of the signs."""
    told = [value for value in values if value]
    return bool(told) and sum(value[-1] in signs for value in told) * 2 > len(told)
