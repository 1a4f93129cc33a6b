"""A workbook as people send it: sheets of cells, each with what is stored and what is seen."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Literal

from nenpo.errors import Words

Kind = Literal["xlsx", "xlsm", "xls", "ods", "csv"]
Stored = str | Decimal | bool | date | datetime | time | None


@dataclass(frozen=True)
class Cell:
    """What a cell stores, and ``shown``: what a reader sees, "46.0%" for 0.46 of such a format.

    Of a formula, ``value`` is what it was when the file was saved, None if the file does not say.
    ``error`` is what a formula shows in place of a value: "#REF!". ``struck`` are the parts of
    ``shown``, from and up to a character, that are crossed out: withdrawn by whoever did it.
    """

    value: Stored
    shown: str
    formula: str = ""
    error: str = ""
    struck: tuple[tuple[int, int], ...] = ()

    @property
    def crossed_out(self) -> str:
        """What is seen with a line through it."""
        return "".join(self.shown[first:last] for first, last in self.struck)

    @property
    def kept(self) -> str:
        """What is seen without what is crossed out."""
        ends = [0, *(place for part in self.struck for place in part), len(self.shown)]
        return "".join(
            self.shown[first:last] for first, last in zip(ends[::2], ends[1::2], strict=True)
        )


@dataclass(frozen=True)
class Area:
    """Rows and columns from the first to the last, counted from 1, both included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """A sheet: the cells that are not blank by (row, column), counted from 1.

    ``comments`` are the texts of comments by their cells, without who wrote them.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merged: tuple[Area, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def read(self, row: int, column: int) -> str:
        """Return what is seen in a cell, "" where it is blank, without spaces around it."""
        cell = self.cells.get((row, column))
        return cell.shown.strip() if cell else ""

    @property
    def rows(self) -> Iterator[int]:
        """The numbers of the rows that are not blank, in order."""
        yield from sorted({row for row, _ in self.cells})


@dataclass(frozen=True)
class Book:
    """A workbook: ``name`` is the file as messages call it; ``notes`` say what was passed over."""

    name: str
    kind: Kind
    sheets: tuple[Sheet, ...]
    notes: tuple[Words, ...] = field(default=())


def name_cell(row: int, column: int) -> str:
    """Return what people call a cell.

    >>> name_cell(12, 28)
    'AB12'
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def count_column(letters: str) -> int:
    """Return the number of a column.

    >>> count_column("AB")
    28
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def name_place(book: str, sheet: str, row: int, column: int) -> str:
    """Return the place of a cell as messages have it.

    >>> name_place("総務課.xlsx", "取組", 5, 4)
    '総務課.xlsx!取組!D5'
    """
    return f"{book}!{sheet}!{name_cell(row, column)}"
