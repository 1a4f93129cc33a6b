"""What reading an answer gives, and what it is read by: shared by the readings of all kinds."""

import re
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from nenpo.errors import UnusableCell, Words
from nenpo.language.ordinary import fold_width
from nenpo.workbooks.book import Cell
from nenpo.workbooks.layout import Field

UNSEEN = re.compile("[\xad\u200b\u200c\u2060\ufeff\ufe0e\ufe0f]|_x000[Dd]_")
"""Nothing to see, and nothing lost without it; what turns the direction of a text is refused."""
DASHES = re.compile(r"[-‐‑‒–—―−─━ー－ｰ]+")
"""Hyphen, dashes, minus, box drawing, and the long-vowel sign that is typed in their place."""
NOTHING = Words("記載なし", "nothing stated")


@dataclass(frozen=True)
class Context:
    """What is known of an answer beside its cell.

    ``unit`` is that of the indicator, ``last`` its last value as printed (46.0％（令和3年度）), and
    ``above`` the cell above in the same column.
    """

    unit: str = ""
    last: str = ""
    above: Cell | None = None


@dataclass(frozen=True)
class Normal:
    """An answer as the table has it, "" for none, and what was changed so that it is.

    Of a number (field kind "value") it is the text that :func:`~nenpo.language.values.parse_value`
    reads: 46.0, 約77500, 1/15, 未計測.
    """

    value: str
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Asked:
    """A cell that is not blank, the field that it answers, and its place as messages have it."""

    cell: Cell
    field: Field
    place: str
    context: Context

    @property
    def text(self) -> str:
        """What was typed, or what is seen of a number or a date; without spaces around it."""
        cell = self.cell
        text = cell.value if isinstance(cell.value, str) else cell.shown
        return UNSEEN.sub("", text).strip()

    def refuse(self, why: Words, allowed: Words, remedy: Words) -> NoReturn:
        """Raise ``UnusableCell`` for the cell."""
        raise UnusableCell(
            place=self.place,
            column=self.field.label.replace("\n", ""),
            value=self.cell.shown.strip() or self.text or self.cell.formula,
            why=why,
            allowed=allowed,
            remedy=remedy,
        )

    def tell(self, value: str | Words) -> Words:
        """Return the note that the cell was read as ``value``."""
        seen = self.cell.shown.strip() or self.text
        return Words("「{}」を「{}」と読んだ。", "'{}' is read as '{}'.").fill(seen, value)


def tell_day(day: date) -> Words:
    """Return a day as messages have it; a cell may hold one before every 元号 that is known."""
    return Words(f"{day.year}年{day.month}月{day.day}日", f"{day:%Y-%m-%d}")


def squeeze(text: str) -> str:
    """Return a text for comparing: of ordinary width, without spaces.

    >>> squeeze(" １／１５　件 ")
    '1/15件'
    """
    return "".join(fold_width(text).split())
