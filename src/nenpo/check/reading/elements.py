"""What a reader meets in a document, one element after the other, and its form as a text file."""

import re
from collections.abc import Iterable
from typing import NamedTuple

# What stands on a line of a text file by itself; everything else is a part of these.
KINDS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "caption", "th", "tr", "li", "alt")
CELL = " | "  # between the cells of a row


class Element(NamedTuple):
    """One element: its kind and its text; the cells of a row (``th``, ``tr``) joined by " | ".

    ``alt`` is what a screen reader says in the place of a figure: structure, not text.
    """

    kind: str
    text: str


def normalise(text: str) -> str:
    """Return a text as readers compare it: no blanks but single ones between Latin words.

    >>> normalise("令和3年度 の  Free Wi-Fi\\n導入")
    '令和3年度のFree Wi-Fi導入'
    """
    collapsed = re.sub(r"\s+", " ", text.replace("\u200b", "")).strip()
    # A line that ends within Japanese text leaves a blank that nobody reads.
    return re.sub(r"(?<=[^!-~]) | (?=[^!-~])", "", collapsed)


def join_cells(cells: Iterable[str]) -> str:
    """Return a row's cells as one text."""
    return CELL.join(normalise(cell) for cell in cells).rstrip()


def pair_cells(before: str, after: str) -> list[tuple[str, str]]:
    """Return the cells of two rows side by side; none of texts, nor where their number differs."""
    rows = before.split(CELL), after.split(CELL)
    return list(zip(*rows, strict=True)) if len(rows[0]) == len(rows[1]) > 1 else []


def count_cells(row: str) -> int:
    """Return how many cells a row's text has."""
    return row.count("|") + 1
