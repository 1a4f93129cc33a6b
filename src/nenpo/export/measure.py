"""Estimated text widths, for what typesetter and browser cannot decide: columns, forced breaks.

Widths are in em of the text's own size, measured on IPAexGothic and rounded up, so that a
text estimated to fit does fit; other Japanese gothic fonts are no wider. Sums are exact (``fsum``):
since Python 3.12, ``sum`` rounds floats in another way.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from nenpo.content.display import Column, Table
from nenpo.export.blocks import list_values

# The template draws a break opportunity here that leaves no trace in copied text.
BREAK = "\u200b"

_WIDE_LATIN = frozenset("MW@%mw")
_NARROW_LATIN = frozenset("fijlrtI.,:;'!|()[]{}- ")
# Invisible characters that only forbid breaks, and control characters nobody can see.
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
# Everything between two places where a Japanese line may break anyway.
_BREAKABLE = (
    "\u3005-\u3007\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[^ \t\n\u3000{_BREAKABLE}]+")
_LONGEST_WORD = 11.0  # em; a longer one is broken rather than allowed to widen a column
_SHORT_LABEL = 6.0  # em; a number column's label up to this stays on one line
_LEAST_TEXT = 4.0
_SHORT_TEXT = 8.0  # em; a column no wider than this does not wrap where there is room
_WIDEST_NUMBER = 7.0
_LONGEST_CELL = 80.0


def measure_text(text: str) -> float:
    """Return the estimated width of one line of text in em.

    >>> measure_text("進捗ABC")
    4.1
    """
    return round(math.fsum(map(_measure_character, text)), 3)


def measure_longest(text: str) -> float:
    """Return the estimated width in em of the longest line of ``text``.

    >>> measure_longest("15件\\n合計15件")
    4.28
    """
    return max(map(measure_text, text.split("\n")))


def _measure_character(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if character in _WIDE_LATIN:
        return 0.93
    if character in _NARROW_LATIN:
        return 0.4
    return 0.7 if character.isupper() else 0.64


def soften_text(text: str, width: float) -> str:
    """Return ``text`` with break opportunities in every run that is wider than ``width`` em."""
    plain = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    return _RUN.sub(lambda run: _soften_run(run[0], width), plain)


def _soften_run(run: str, width: float) -> str:
    if measure_text(run) <= width:
        return run
    # Pieces of several characters keep the typesetter fast with a 10,000-character word.
    size = max(1, int(width / 8))
    pieces: list[str] = []
    for character in run:
        whole = bool(pieces) and len(pieces[-1]) >= size and not unicodedata.combining(character)
        if whole or not pieces:
            pieces.append(character)
        else:
            pieces[-1] += character
    return BREAK.join(pieces)


@dataclass(frozen=True)
class _Need:
    """What a column wants: never less than ``least``, nothing gained beyond ``most`` (em)."""

    least: float
    most: float
    weight: float


def share_widths(table: Table, width: float) -> list[float]:
    """Return the columns' text widths in em, filling ``width`` em.

    Number and mark columns get what they need not to wrap. Text columns share the rest, by
    ``Column.width`` where the hints differ, else by the length of their cells. The sum is
    ``width`` even where words then have to be broken.
    """
    needs = _find_needs(table, _SHORT_TEXT)
    if math.fsum(need.least for need in needs) > 0.8 * width:
        needs = _find_needs(table, _LEAST_TEXT)
    least = math.fsum(need.least for need in needs)
    if least >= width:
        return [need.least * width / least for need in needs]
    widths = [need.least for need in needs]
    for limit in ([need.most for need in needs], [math.inf] * len(needs)):
        # First up to what each can use, then the rest over all in proportion.
        widths = _pour(widths, [need.weight for need in needs], limit, width)
    return widths


def fits(table: Table, width: float) -> bool:
    """Return whether every column gets its least width within ``width`` em."""
    return math.fsum(need.least for need in _find_needs(table, _LEAST_TEXT)) <= width


def count_lines(cells: Sequence[str], widths: Sequence[float]) -> int:
    """Return the estimated number of lines of a row."""
    return max(
        sum(max(1, math.ceil(measure_text(line) / width)) for line in cell.split("\n"))
        for cell, width in zip(cells, widths, strict=True)
    )


def _find_needs(table: Table, short: float) -> list[_Need]:
    rows = list_values(table)
    hinted = len({column.width for column in table.columns}) > 1
    needs = [
        _find_need(column, [row[place] for row in rows], short, hinted=hinted)
        for place, column in enumerate(table.columns)
    ]
    return _level_numbers(needs, [column.kind for column in table.columns])


def _find_need(column: Column, cells: Sequence[str], short: float, *, hinted: bool) -> _Need:
    natural = max(map(measure_longest, cells), default=0.0)
    words = [word for text in (*cells, column.label) for word in _RUN.findall(text)]
    word = min(max(map(measure_text, words), default=0.0), _LONGEST_WORD)
    label = measure_text(column.label)
    # A label may take two lines, but not one character a line.
    whole = _LEAST_TEXT if column.kind == "text" else _SHORT_LABEL
    head = label if label <= whole else max(whole, math.ceil(label / 2))
    head = min(head, _LONGEST_WORD)
    if column.kind != "text":
        least = max(min(natural, _LONGEST_WORD), head, word, 2.0)
        return _Need(least, max(least, _WIDEST_NUMBER), weight=least / 4)
    least = max(word, head, natural if natural <= short else _LEAST_TEXT)
    lengths = sorted(min(measure_text(cell), _LONGEST_CELL) for cell in cells) or [label]
    typical = lengths[int(0.8 * (len(lengths) - 1))]
    weight = float(column.width) if hinted else max(typical - least, 0.5)
    return _Need(least, max(natural, label, least), weight)


def _level_numbers(needs: Sequence[_Need], kinds: Sequence[str]) -> list[_Need]:
    """Give the number columns of a table one width where they are of one order."""
    numbers = [need.least for need, kind in zip(needs, kinds, strict=True) if kind == "number"]
    if not numbers or max(numbers) > 2 * min(numbers):
        return list(needs)
    level = max(numbers)
    return [
        _Need(level, max(level, need.most), level / 4) if kind == "number" else need
        for need, kind in zip(needs, kinds, strict=True)
    ]


def _pour(
    widths: Sequence[float], weights: Sequence[float], limits: Sequence[float], total: float
) -> list[float]:
    """Hand out what is left of ``total`` in proportion to ``weights``, up to ``limits``."""
    poured = list(widths)
    for _ in poured:
        left = total - math.fsum(poured)
        open_places = [p for p in range(len(poured)) if poured[p] < limits[p] - 1e-9]
        share = math.fsum(weights[p] for p in open_places)
        if left <= 1e-9 or not share:
            break
        for place in open_places:
            grown = poured[place] + left * weights[place] / share
            poured[place] = min(grown, limits[place])
    return poured
