"""What a file stores of one cell → the Cell: what all kinds of workbooks have in common."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from nenpo.errors import HugeWorkbook, Words
from nenpo.workbooks.book import Cell
from nenpo.workbooks.reading.format_code import is_date_format
from nenpo.workbooks.reading.formats import show_number, show_text
from nenpo.workbooks.reading.moments import store_moment

MOST_CELLS = 200_000
MOST_SHEETS = 200
# Excel holds no more in a cell; of more, one too many is kept, so that it is refused as too long.
_MOST_CHARACTERS = 32_767
_SHEETS_ALONE = Words(
    "要るシートだけを新しいブックに写したものにすること。",
    "Use a new workbook with a copy of the sheets that are needed.",
)
_ERRORS = re.compile(r"#(?:REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|N/A|SPILL!|CALC!|BUSY!)|Err:\d+")


@dataclass
class Budget:
    """How many cells a workbook may still hold; ``name`` is the file as messages call it."""

    name: str
    left: int = field(default=MOST_CELLS)

    def take(self, count: int = 1) -> None:
        """Count cells that are not blank. Raises ``HugeWorkbook`` when there are too many."""
        self.left -= count
        if self.left < 0:
            what = Words("入力のあるセル", "cells that are not blank:")
            raise refuse_size(self.name, what, f"{MOST_CELLS - self.left:,}", f"{MOST_CELLS:,}")

    def check_sheets(self, count: int) -> None:
        """Raise ``HugeWorkbook`` for more sheets than any reply has."""
        if count > MOST_SHEETS:
            what = Words("シート", "sheets:")
            raise refuse_size(self.name, what, f"{count:,}", f"{MOST_SHEETS:,}")


def cut_author(text: str, author: str) -> str:
    """Return a comment without the name that Excel lets it begin with, on a line of its own.

    ``author`` is "" where a program that converted the file has dropped it.

    >>> cut_author("山田:\\n来週確定", "山田"), cut_author("山田:\\n来週確定", "")
    ('来週確定', '来週確定')
    """
    head, _, rest = text.partition(":")
    is_name = rest[:1] in ("\n", "\r") and author.strip() in ("", head.strip())
    return (rest if is_name else text).strip()


def refuse_size(name: str, what: Words, value: str, allowed: str) -> HugeWorkbook:
    """Return the error for a workbook that holds too much of something."""
    more = {"value": value, "allowed": allowed, "remedy": _SHEETS_ALONE}
    return HugeWorkbook(place=name, what=what, **more)


def is_error(text: str) -> bool:
    """Return whether a text is what a formula shows in place of a value.

    >>> is_error("#REF!"), is_error("#1")
    (True, False)
    """
    return bool(_ERRORS.fullmatch(text.strip()))


def make_text(text: str, code: str = "", formula: str = "") -> Cell | None:
    """Return a cell that holds a text, None for a blank one."""
    text = text[: _MOST_CHARACTERS + 1]
    if not text and not formula:
        return None
    return Cell(text, show_text(text, code) if code else text, formula)


def make_flag(flag: bool, formula: str = "") -> Cell:  # it is the value itself
    """Return a cell that holds true or false."""
    return Cell(flag, "TRUE" if flag else "FALSE", formula)


def make_error(error: str, formula: str = "") -> Cell:
    """Return a cell that shows an error in place of a value."""
    return Cell(None, error, formula, error)


def make_number(number: Decimal, code: str, formula: str = "", *, from_1904: bool = False) -> Cell:
    """Return a cell that holds a number, or the date that its format makes of it."""
    shown = show_number(number, code, from_1904=from_1904)
    if is_date_format(code):
        moment = store_moment(number, code, from_1904=from_1904)
        return Cell(number if moment is None else moment, shown, formula)
    return Cell(number, shown, formula)


def strike(cell: Cell | None, runs: Iterable[tuple[str, bool]], *, whole: bool) -> Cell | None:
    """Return a cell with what of it is crossed out.

    ``runs`` are the parts of its text, and whether each is crossed out; of a cell that has none,
    ``whole`` says so of all that is seen.
    """
    parts, place = list[tuple[int, int]](), 0
    for text, is_struck in runs:
        end = place + len(text)
        if is_struck and text:
            joined = parts and parts[-1][1] == place
            parts[-1:] = [(parts[-1][0], end)] if joined else [*parts[-1:], (place, end)]
        place = end
    if cell is None:
        return None
    if not place and whole and cell.shown:
        parts = [(0, len(cell.shown))]
    return replace(cell, struck=tuple(parts)) if parts else cell


def read_number(stored: str) -> Decimal | None:
    """Return the number that a person typed, None for what is none.

    Files hold the 17 digits of a binary number, and people see 15 of them at most.

    >>> read_number("0.46000000000000002"), read_number("46"), read_number("1E+3")
    (Decimal('0.46'), Decimal('46'), Decimal('1000'))
    """
    try:
        number = float(stored)
    except ValueError:
        return None
    if not abs(number) < 1e300:  # nor is NaN
        return None
    plain = Decimal(f"{number:.15g}")
    return Decimal(int(plain)) if plain == plain.to_integral_value() else plain
