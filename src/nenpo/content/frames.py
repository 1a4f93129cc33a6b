"""A DataFrame or Series → the texts of a table, written as a reader expects them.

No midnight on a date, no ``.0`` on a count beside a blank, no digits that binary floats add, and
no heading that nobody gave.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

import numpy as np
import pandas as pd

from nenpo.errors import NotShowable, Words, join_words

# Columns with more decimals than this were not rounded: padding them would only fill the page.
_ALIGNED_DECIMALS = 4
_MOST_DIGITS = 100
_LISTED_FAULTS = 5
# Whole numbers that name something: told by their heading, or by all being years.
_NAMING = re.compile(r"(?:年月日?|番号|コード)$|\b(?:id|no|code)\b", re.IGNORECASE)
_YEARS = range(1868, 2101)
_REMEDY = Words(
    "文字列、有限の数、日付のいずれかにしてから表示すること",
    "Make it text, a finite number or a date before you show it",
)


@dataclass(frozen=True)
class FrameColumn:
    """A column as texts; a "tick" is ○ or blank."""

    label: str
    texts: tuple[str, ...]
    kind: Literal["text", "number", "tick"]


@dataclass(frozen=True)
class FrameTexts:
    """A frame as texts: the first ``row_headers`` columns are its index.

    ``groups`` is an upper header row of (text, number of columns), empty for none.
    """

    columns: tuple[FrameColumn, ...]
    row_headers: int
    groups: tuple[tuple[str, int], ...]


def read_frame(frame: pd.DataFrame | pd.Series) -> FrameTexts:
    """Return the texts of a frame: every row and column, nothing rounded.

    The index is shown unless it only counts the rows from 0 and nobody named it. Names of index
    and column levels and of a Series become headings; where there is no name, there is none.

    Raises NotShowable, with every such cell, for infinite numbers and for values that are no text,
    number, date or missing value; and for a frame without columns.
    """
    table = frame.to_frame() if isinstance(frame, pd.Series) else frame
    index = _list_levels(table.index)
    columns = [table.iloc[:, position] for position in range(table.shape[1])]
    if not index and not columns:
        raise NotShowable(
            what=Words("列のない DataFrame である", "the DataFrame has no columns"),
            remedy=Words("列のあるものを表示すること", "Show one that has some"),
        )
    labels, groups = _read_headings(table.columns)
    values = [_list_values(each) for each in (*index, *columns)]
    names = [_write_name(level.name) for level in index] + labels
    _refuse_faults([*_locate_headings(table.columns), *_locate_values(names, values)])
    written = [
        _write_column(*pair, place < len(index))
        for place, pair in enumerate(zip(names, values, strict=True))
    ]
    if groups and index:
        groups = (("", len(index)), *groups)
    return FrameTexts(tuple(written), len(index), groups)


def write_column(label: str, values: Sequence[Any], *, naming: bool = False) -> FrameColumn:
    """Return one column of values; those that are ``naming`` something get no separators.

    Raises NotShowable as ``read_frame``.
    """
    _refuse_faults(_locate_values([label], [values]))
    return _write_column(label, values, naming)


def is_missing(value: Any) -> bool:
    """Return whether nothing stands in the place of a value."""
    return pd.api.types.is_scalar(value) and bool(pd.isna(value))


def is_infinite(value: Any) -> bool:
    """Return whether a value is a number without end."""
    return _is_number(value) and bool(abs(value) == np.inf)


def only_counts(index: pd.Index) -> bool:
    """Return whether an index counts its rows, or columns, from 0, and nobody named it."""
    counts = isinstance(index, pd.RangeIndex) and (index.start, index.step) == (0, 1)
    return counts and index.name is None


def group_alike(texts: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Return an upper header row: columns side by side with one text share a cell."""
    if not any(texts):
        return ()
    return tuple((text, len(list(same))) for text, same in groupby(texts))


def _list_levels(index: pd.Index) -> list[pd.Index]:
    """Return the levels of an index; none if it only counts."""
    if only_counts(index):
        return []
    return [index.get_level_values(level) for level in range(index.nlevels)]


def _list_values(values: Any) -> list[Any]:
    """Return the values of an index or a column, as they are shown one by one."""
    if str(values.dtype).lower() not in ("float16", "float32"):
        return list(values)
    # Lists of these hold doubles with digits that nobody wrote.
    return [v if pd.isna(v) else np.float32(v) for v in values]


def _read_headings(columns: pd.Index) -> tuple[list[str], tuple[tuple[str, int], ...]]:
    """Return the label of each column, and the upper header row."""
    levels = _list_levels(columns)
    texts = [_write_values(list(level), naming=True) for level in levels]
    if not levels:
        return [""] * len(columns), ()
    if len(levels) == 1:
        name = _write_name(columns.name)
        return texts[0], ((name, len(columns)),) if name and len(columns) else ()
    names = [_write_name(level.name) for level in levels]
    labels, groups = [], []
    for path in zip(*texts, strict=True):
        # One text alone, such as that of a former index, is no value of the level's.
        named = names if sum(map(bool, path)) > 1 else [""] * len(path)
        told = [f"{n}：{t}" if n else t for n, t in zip(named, path, strict=True) if t]
        labels.append(told[-1] if told else "")
        groups.append("／".join(told[:-1]))
    return labels, group_alike(groups)


def _write_name(name: object) -> str:
    """Return a heading; of a tuple, its parts."""
    parts = name if isinstance(name, tuple) else (name,)
    return "・".join(text for text in _write_values(list(parts), naming=True) if text)


def _write_column(label: str, values: Sequence[Any], naming: bool) -> FrameColumn:
    present = [value for value in values if not is_missing(value)]
    ticks = bool(present) and all(isinstance(value, bool | np.bool_) for value in present)
    if ticks and len(present) == len(values) and not naming:
        return FrameColumn(label, tuple("○" if value else "" for value in values), "tick")
    number = bool(present) and all(map(_is_number, present)) and not naming
    texts = _write_values(values, naming or _are_names(label, present))
    return FrameColumn(label, tuple(texts), "number" if number else "text")


def _are_names(label: str, present: Sequence[Any]) -> bool:
    """Return whether whole numbers name something (a year, a code), so that they get no commas."""
    if not all(_is_number(value) and value == int(value) for value in present):
        return False
    return bool(_NAMING.search(label)) or all(value in _YEARS for value in present)


def _write_values(values: Sequence[Any], naming: bool) -> list[str]:
    """Return the texts of values that stand in one column; numbers that name get no commas."""
    present = [value for value in values if not is_missing(value)]
    if present and all(map(_is_number, present)):
        texts = _write_numbers(present, "" if naming else ",")
    elif present and all(isinstance(value, date | np.datetime64) for value in present):
        texts = _write_moments(present)
    else:
        texts = [_write_value(value, "" if naming else ",") for value in present]
    shown = iter(texts)
    return ["" if is_missing(value) else next(shown) for value in values]


def _write_value(value: Any, separator: str = ",") -> str:
    if isinstance(value, bool | np.bool_):
        return "はい" if value else "いいえ"
    if _is_number(value):
        return _write_numbers([value], separator)[0]
    if isinstance(value, date | np.datetime64):
        return _write_moments([value])[0]
    if isinstance(value, time):
        return value.isoformat(timespec="minutes" if not value.second else "auto")
    if isinstance(value, timedelta | np.timedelta64):
        return _write_duration(pd.Timedelta(value))
    if isinstance(value, pd.Interval):
        return _write_interval(value)
    return str(value)


def _write_numbers(values: Sequence[Any], separator: str) -> list[str]:
    numbers = [_to_decimal(value) for value in values]
    places = [max(0, -int(number.as_tuple().exponent)) for number in numbers]
    # A Decimal has the decimals that it was given.
    given = any(isinstance(value, Decimal) for value in values)
    if not given and max(places) <= _ALIGNED_DECIMALS:
        places = [max(places)] * len(places)
    return [f"{n:{separator}.{p}f}" for n, p in zip(numbers, places, strict=True)]


def _to_decimal(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if value == int(value):
        return Decimal(int(value))
    if isinstance(value, np.floating) and not isinstance(value, float):
        return Decimal(str(value))  # float32: its own shortest form
    # A double holds 15 decimal digits; what it has beyond them is the remainder of its binary form.
    return Decimal(f"{value:.15g}" if abs(value) < 1e14 else repr(float(value)))


def _write_moments(values: Sequence[Any]) -> list[str]:
    """Return dates, with the time of day where one of them has any."""
    moments = [v if type(v) is date else pd.Timestamp(v) for v in values]
    times = [m for m in moments if isinstance(m, pd.Timestamp)]
    if all(moment == moment.normalize() for moment in times):
        return [f"{moment:%Y-%m-%d}" for moment in moments]
    exact = any(moment.second or moment.microsecond or moment.nanosecond for moment in times)
    form: dict[str, Any] = {"sep": " ", "timespec": "auto" if exact else "minutes"}
    return [m.isoformat(**form) if isinstance(m, pd.Timestamp) else m.isoformat() for m in moments]


def _write_duration(duration: pd.Timedelta) -> str:
    parts = abs(duration).components
    seconds = Decimal(parts.seconds) + Decimal(
        parts.milliseconds * 10**6 + parts.microseconds * 10**3 + parts.nanoseconds
    ).scaleb(-9)
    told = [(parts.days, "日"), (parts.hours, "時間"), (parts.minutes, "分")]
    text = "".join(f"{number:,}{unit}" for number, unit in told if number)
    text += f"{seconds.normalize():f}秒" if seconds else ""
    return ("−" if duration < pd.Timedelta(0) else "") + (text or "0日")


def _write_interval(interval: "pd.Interval[Any]") -> str:
    ends = (
        (interval.left, "以上" if interval.closed_left else "超"),
        (interval.right, "以下" if interval.closed_right else "未満"),
    )
    return "".join(f"{_write_value(end)}{word}" for end, word in ends if not is_infinite(end))


def _is_number(value: Any) -> bool:
    kinds = int | float | Decimal | np.integer | np.floating
    return isinstance(value, kinds) and not isinstance(value, bool)


def _locate_headings(columns: pd.Index) -> Iterator[tuple[Words, Any]]:
    for number, name in enumerate(columns, 1):
        for part in name if isinstance(name, tuple) else (name,):
            yield Words("{} 列目の見出し", "the heading of column {}").fill(number), part


def _locate_values(
    labels: Sequence[str], columns: Sequence[Sequence[Any]]
) -> Iterator[tuple[Words, Any]]:
    for label, values in zip(labels, columns, strict=True):
        for row, value in enumerate(values, 1):
            yield Words("列「{}」の {} 行目", "column '{}', row {}").fill(label, row), value


def _refuse_faults(located: Iterable[tuple[Words, Any]]) -> None:
    """Raise NotShowable for the values, with their places, that no table can show."""
    found = [
        Words("{}に {}", "{}: {}").fill(place, fault)
        for place, value in located
        if (fault := _find_fault(value)) is not None
    ]
    if not found:
        return
    told = join_words(found[:_LISTED_FAULTS], more=max(0, len(found) - _LISTED_FAULTS))
    raise NotShowable(what=Words("{}がある", "{}").fill(told), remedy=_REMEDY)


def _find_fault(value: Any) -> Words | None:
    """Return what a value is if no table can show it."""
    texts = str | bool | np.bool_ | time | date | timedelta | np.datetime64 | np.timedelta64
    if is_missing(value) or isinstance(value, texts | pd.Period | pd.Interval):
        return None
    if not _is_number(value):
        return Words("{} の値", "a value of type {}").fill(type(value).__name__)
    if is_infinite(value):
        return Words("無限大（{}）", "an infinite number ({})").fill(value)
    number = _to_decimal(value)
    if max(number.adjusted(), -int(number.as_tuple().exponent)) > _MOST_DIGITS:
        return Words("{} 桁を超える数", "a number of more than {} digits").fill(_MOST_DIGITS)
    return None
