"""Estimated text widths, for what typesetter and browser cannot decide: columns, forced breaks.

Widths are in em of the text's own size, measured on IPAexGothic and rounded up, so that a
text estimated to fit does fit; other Japanese gothic fonts are no wider. Sums are exact (``fsum``):
since Python 3.12, ``sum`` rounds floats in another way.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

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
# A number in digits of either width, or a date, which no line break may cut in two.
_DIGIT = "[0-9０-９]"
_NUMBER = re.compile(
    rf"\d{{4}}-\d\d-\d\d|(?:(?<![0-9A-Za-z])[-−+±▲△－＋])?{_DIGIT}+(?:[,，]{_DIGIT}{{3}})*(?:[.．]{_DIGIT}+)?[%％‰]?",
    re.ASCII,
)
# Where a run has to be broken, it is not in a number or an id such as i1-2-03, nor before what
# closes it: no line begins with that.
_WHOLE = re.compile(
    rf"(?:[A-Za-z][0-9A-Za-z]*(?:-[0-9A-Za-z]+)+|{_NUMBER.pattern})[、。，；）」]*", re.ASCII
)
_LONGEST_WORD = 11.0  # em; a longer one is broken rather than allowed to widen a column
_SHORT_LABEL = 6.0  # em; a number column's label up to this stays on one line
MANY_COLUMNS = 10
_LEAST_TEXT = 4.0
_NARROWEST_TEXT = 3.0  # em; fewer characters a line cannot be read
SHORT_TEXT = 8.0  # em; a column no wider than this does not wrap where there is room
_WIDEST_NUMBER = 7.0
_ROUNDS = 6  # of looking for widths at which a table is shorter; later ones gain nothing
_LONGEST_CELL = 80.0


# Each text of a table is measured several times: for the page, the columns and the lines of a row.
_remember = lru_cache(maxsize=1 << 14)


@_remember
def measure_text(text: str) -> float:
    """Return the estimated width of one line of text in em.

    >>> measure_text("進捗ABC")
    4.1
    """
    return round(math.fsum(map(_measure_character, text)), 3)


@_remember
def measure_longest(text: str) -> float:
    """Return the estimated width in em of the longest line of ``text``.

    >>> measure_longest("15件\\n合計15件")
    4.28
    """
    return max(map(measure_text, text.split("\n")))


@_remember
def measure_numbers(text: str) -> float:
    """Return the estimated width in em of the longest number in ``text``, 0 for none.

    >>> measure_numbers("約1,234,567件のうち890件")
    5.28
    """
    return max(map(measure_text, _NUMBER.findall(text)), default=0.0)


@_remember
def _measure_word(text: str) -> float:
    """Return the estimated width in em of the longest run without a place to break."""
    return max(map(measure_text, _RUN.findall(text)), default=0.0)


def is_number(text: str) -> bool:
    """Return whether ``text`` is one number or date and nothing else."""
    return _NUMBER.fullmatch(text) is not None


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
    for part in _split_run(run, width):
        whole = bool(pieces) and len(pieces[-1]) >= size and not unicodedata.combining(part[0])
        if whole or not pieces:
            pieces.append(part)
        else:
            pieces[-1] += part
    return BREAK.join(pieces)


def _split_run(run: str, width: float) -> Iterator[str]:
    """Yield the characters of a run; a number or an id that a line can hold stays whole."""
    end = 0
    for found in _WHOLE.finditer(run):
        if measure_text(found[0]) <= width:
            yield from run[end : found.start()]
            yield found[0]
            end = found.end()
    yield from run[end:]


@dataclass(frozen=True)
class ColumnNeed:
    """What a column wants: never less than ``least``, nothing gained beyond ``most`` (em).

    Where there is too little room for all, words are broken; below ``hard``, a number would be.
    """

    least: float
    most: float
    weight: float
    hard: float


def share_widths(table: Table, width: float) -> list[float]:
    """Return the columns' text widths in em, filling ``width`` em.

    Number and mark columns get what they need not to wrap. Text columns share the rest, by
    ``Column.width`` where the hints differ, else by the length of their cells; then each gives to
    the others what makes the table shorter. The sum is ``width`` even where words then have to be
    broken; numbers are broken last of all.
    """
    needs = find_needs(table, SHORT_TEXT)
    # Of many columns most are short: there, no long text needs the room that is left.
    share = 0.8 if len(table.columns) <= MANY_COLUMNS else 1.0
    if not fits(needs, share * width):
        needs = find_needs(table)
    if not fits(needs, width):
        return _squeeze(needs, width)
    widths = [need.least for need in needs]
    for limit in ([need.most for need in needs], [math.inf] * len(needs)):
        # First up to what each can use, then the rest over all in proportion.
        widths = _pour(widths, [need.weight for need in needs], limit, width)
    return _balance(table, widths, needs)


def _balance(table: Table, widths: list[float], needs: Sequence[ColumnNeed]) -> list[float]:
    """Return the widths of the text columns at which the table has the fewest lines.

    A row is as high as its longest cell. The sum of the heights is least where a column is as
    wide as the root of what it holds in the rows that it makes high.
    """
    places = [n for n, column in enumerate(table.columns) if column.kind == "text"]
    rows = list_values(table)
    best, fewest = widths, _count_all(rows, widths)
    if len(places) < 2 or fewest == len(rows):
        return widths
    lengths = [[measure_text(row[place]) for place in places] for row in rows]
    least = [needs[place].least for place in places]
    total = math.fsum(widths[place] for place in places)
    tried = [widths[place] for place in places]
    for _ in range(_ROUNDS):
        tried = _spread(least, _weigh_columns(lengths, tried, total), total)
        shown = list(widths)
        for place, each in zip(places, tried, strict=True):
            shown[place] = each
        if (lines := _count_all(rows, shown)) < fewest:
            best, fewest = shown, lines
    return best


def _weigh_columns(
    lengths: Sequence[Sequence[float]], widths: Sequence[float], total: float
) -> list[float]:
    """Return the widths half-way to those for what the columns hold in the rows they make high."""
    held = [0.0] * len(widths)
    for row in lengths:
        heights = [length / width for length, width in zip(row, widths, strict=True)]
        highest = max(heights) or 1.0
        # A row counts for its longest cell, and for one nearly as long: else the widths oscillate.
        squares = [(height / highest) * (height / highest) for height in heights]
        shares = [square * square for square in squares]
        whole = math.fsum(shares) or 1.0
        for place, share in enumerate(shares):
            held[place] += row[place] * share / whole
    roots = [math.sqrt(each) for each in held]
    scale = total / (math.fsum(roots) or 1.0)
    return [(width + root * scale) / 2 for width, root in zip(widths, roots, strict=True)]


def _spread(least: Sequence[float], wanted: Sequence[float], total: float) -> list[float]:
    """Return widths that add up to ``total``, none below its least, as near to those wanted."""
    weights = [max(width - low, 0.01) for width, low in zip(wanted, least, strict=True)]
    return _pour(least, weights, [math.inf] * len(least), total)


def _count_all(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> int:
    return sum(count_lines(row, widths) for row in rows)


def _squeeze(needs: Sequence[ColumnNeed], width: float) -> list[float]:
    """Return widths below what the columns want, in proportion as far as numbers allow it."""
    least = math.fsum(need.least for need in needs)
    squeezed = [need.least * width / least for need in needs]
    hard = math.fsum(need.hard for need in needs)
    if hard > width or all(w >= n.hard for w, n in zip(squeezed, needs, strict=True)):
        return squeezed
    share = (width - hard) / (least - hard)
    return [need.hard + (need.least - need.hard) * share for need in needs]


def fits(needs: Sequence[ColumnNeed], width: float) -> bool:
    """Return whether every column gets its least width within ``width`` em."""
    return math.fsum(need.least for need in needs) <= width


def holds(needs: Sequence[ColumnNeed], width: float) -> bool:
    """Return whether ``width`` em are enough for every number to stay whole."""
    return math.fsum(need.hard for need in needs) <= width


def count_lines(cells: Sequence[str], widths: Sequence[float]) -> int:
    """Return the estimated number of lines of a row."""
    return max(
        sum(max(1, math.ceil(measure_text(line) / width)) for line in cell.split("\n"))
        for cell, width in zip(cells, widths, strict=True)
    )


def find_needs(table: Table, short: float = _LEAST_TEXT) -> list[ColumnNeed]:
    """Return what each column wants; a text up to ``short`` em had better not wrap."""
    rows = list_values(table)
    hinted = len({column.width for column in table.columns}) > 1
    needs = [
        _find_need(column, [row[place] for row in rows], short, hinted=hinted)
        for place, column in enumerate(table.columns)
    ]
    return _level_numbers(needs, [column.kind for column in table.columns])


def _find_need(column: Column, cells: Sequence[str], short: float, *, hinted: bool) -> ColumnNeed:
    natural = max(map(measure_longest, cells), default=0.0)
    word = min(max(map(_measure_word, (*cells, column.label))), _LONGEST_WORD)
    number = max(map(measure_numbers, (*cells, column.label)))
    label = measure_text(column.label)
    # A label may take two lines, but not one character a line.
    whole = _LEAST_TEXT if column.kind == "text" else _SHORT_LABEL
    head = label if label <= whole else max(whole, math.ceil(label / 2))
    head = min(head, _LONGEST_WORD)
    if column.kind != "text":
        least = max(min(natural, _LONGEST_WORD), head, word, 2.0, number)
        hard = max(word, number, 2.0)
        return ColumnNeed(least, max(least, _WIDEST_NUMBER), least / 4, hard)
    least = max(word, head, natural if natural <= short else _LEAST_TEXT, number)
    lengths = sorted(min(measure_text(cell), _LONGEST_CELL) for cell in cells) or [label]
    typical = lengths[int(0.8 * (len(lengths) - 1))]
    weight = float(column.width) if hinted else max(typical - least, 0.5)
    hard = max(number, min(least, _NARROWEST_TEXT))
    # Cells that are all blank are there to be written in: all of their share is of use.
    most = max(natural, label, least) if any(cells) else math.inf
    return ColumnNeed(least, most, weight, hard)


def _level_numbers(needs: Sequence[ColumnNeed], kinds: Sequence[str]) -> list[ColumnNeed]:
    """Give the number columns of a table one width where they are of one order."""
    numbers = [need.least for need, kind in zip(needs, kinds, strict=True) if kind == "number"]
    if not numbers or max(numbers) > 2 * min(numbers):
        return list(needs)
    level = max(numbers)
    return [
        replace(need, least=level, most=max(level, need.most), weight=level / 4)
        if kind == "number"
        else need
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
