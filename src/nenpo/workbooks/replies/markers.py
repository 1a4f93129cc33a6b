"""What a sheet says in its hidden corner: which survey it belongs to."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_args

from nenpo.workbooks.book import Book, Sheet
from nenpo.workbooks.layout import (
    FINDINGS_NAME,
    GUIDE_NAME,
    LISTS_NAME,
    OPEN_NAME,
    STATUS_NAME,
    SheetKind,
)

VERSION = 1
_MARKER = re.compile(r"nenpo:(\d+):([a-z]+):([^:]+):(\d{4}):([^:]+)")
# It stands in A1, or lower and further right where rows and columns were inserted before it.
_ROWS, _COLUMNS = 40, 40


@dataclass(frozen=True)
class Marker:
    """The marker of a sheet, and the row and column in whose crossing it stands."""

    version: int
    kind: SheetKind
    plan: str
    fiscal_year: int
    department: str
    row: int
    column: int


def find_marker(sheet: Sheet) -> Marker | None:
    """Return the marker of a sheet, None if it has none."""
    for row, column in sorted(sheet.cells):
        if row > _ROWS:
            break
        found = _MARKER.fullmatch(sheet.read(row, column)) if column <= _COLUMNS else None
        if found and found[2] in get_args(SheetKind):
            kind: SheetKind = found[2]  # type: ignore[assignment] # is one of them
            return Marker(int(found[1]), kind, found[3], int(found[4]), found[5], row, column)
    return None


def holds_no_answers(sheet: Sheet) -> bool:
    """Tell whether a sheet is the guide, or the choices, of a workbook that was sent out."""
    return sheet.name in (GUIDE_NAME, LISTS_NAME) or sheet.read(1, 1).startswith("nenpo:")


def is_own_list(book: Book) -> bool:
    """Tell whether a workbook is a list of findings, or tells who has answered."""
    names = {sheet.name for sheet in book.sheets}
    return bool(names) and names <= {FINDINGS_NAME, STATUS_NAME, OPEN_NAME}


def count_editions(books: Iterable[Book]) -> Counter[tuple[str, int]]:
    """Return how many workbooks bear the mark of each plan and year."""
    counts: Counter[tuple[str, int]] = Counter()
    for book in books:
        markers = (find_marker(sheet) for sheet in book.sheets)
        counts.update({(m.plan, m.fiscal_year) for m in markers if m})
    return counts
