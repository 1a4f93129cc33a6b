"""Which row and column of a form that came back is which of the blank one.

People insert rows, delete some, copy blocks. What is printed stays: rows and columns are known by
that, and what lies between keeps its distance to the printed row before it.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from nenpo.workbooks.book import Sheet
from nenpo.workbooks.labels import fold_text

Signature = tuple[str, ...]


@dataclass(frozen=True)
class Shift:
    """Numbers of rows or columns in the blank → those in a reply, for those that are printed."""

    known: Mapping[int, int]

    def find(self, number: int) -> int:
        """Return where a row or column is now: as far from the last printed one as it was."""
        if number in self.known:
            return self.known[number]
        printed = sorted(self.known)
        position = bisect_right(printed, number)
        if position:
            before = printed[position - 1]
            return self.known[before] + number - before
        # Before the first one, inserted rows have moved all.
        return number + (self.known[printed[0]] - printed[0] if printed else 0)

    def is_lost(self, number: int) -> bool:
        """Whether a row or column was deleted: another printed one stands in its place."""
        return number not in self.known and self.find(number) in self.known.values()


def sign_rows(sheet: Sheet, labels: Collection[str]) -> dict[int, Signature]:
    """Return what is printed in each row, from left to right: of ``labels``, which are folded."""
    rows: dict[int, list[str]] = {}
    for (row, _), cell in sorted(sheet.cells.items()):
        text = fold_text(cell.shown)
        if text in labels:
            rows.setdefault(row, []).append(text)
    return {row: tuple(texts) for row, texts in rows.items()}


def match_rows(blank: Mapping[int, Signature], reply: Mapping[int, Signature]) -> dict[int, int]:
    """Return the rows of a reply in which the same is printed, in order; then by what is unique."""
    before, after = sorted(blank), sorted(reply)
    matcher = SequenceMatcher(
        None, [blank[row] for row in before], [reply[row] for row in after], autojunk=False
    )
    found = {
        before[block.a + n]: after[block.b + n]
        for block in matcher.get_matching_blocks()
        for n in range(block.size)
    }
    once = _find_once(blank), _find_once(reply)
    for text in once[0].keys() & once[1].keys():
        found.setdefault(once[0][text], once[1][text])
    return found


def _find_once(rows: Mapping[int, Signature]) -> dict[str, int]:
    """Return the row of each text that stands in one row only."""
    counts = Counter(text for texts in rows.values() for text in texts)
    return {text: row for row, texts in rows.items() for text in texts if counts[text] == 1}


def match_columns(
    blank: Sheet, reply: Sheet, rows: Mapping[int, int], labels: Collection[str]
) -> dict[int, int]:
    """Return the columns of a reply in which the texts of matching rows stand."""
    votes: dict[int, Counter[int]] = {}
    for row, now in rows.items():
        here = _find_columns(blank, row, labels)
        there = _find_columns(reply, now, labels)
        for text, columns in here.items():
            for column, moved in zip(columns, there.get(text, ()), strict=False):
                votes.setdefault(column, Counter())[moved] += 1
    return {column: counts.most_common(1)[0][0] for column, counts in votes.items()}


def _find_columns(sheet: Sheet, row: int, labels: Collection[str]) -> dict[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for (line, column), cell in sorted(sheet.cells.items()):
        if line == row and (text := fold_text(cell.shown)) in labels:
            found.setdefault(text, []).append(column)
    return dict(found)


def rate_sheet(sheet: Sheet, labels: Collection[str]) -> float:
    """Return the share of a form's printed texts that a sheet has."""
    if not labels:
        return 0.0
    texts = {fold_text(cell.shown) for cell in sheet.cells.values()}
    return len(texts & set(labels)) / len(labels)


def move_back(sheet: Sheet, blank: Sheet) -> Sheet:
    """Return a sheet with its cells where the blank has them: without inserted rows and columns."""
    labels = frozenset(fold_text(cell.shown) for cell in blank.cells.values()) - {""}
    rows = match_rows(sign_rows(blank, labels), sign_rows(sheet, labels))
    columns = match_columns(blank, sheet, rows, labels)
    if all(a == b for shift in (rows, columns) for a, b in shift.items()):
        return sheet
    down, right = Shift(rows), Shift(columns)
    last = [max((place[n] for place in (*blank.cells, *sheet.cells)), default=0) for n in (0, 1)]
    back = {down.find(row): row for row in range(last[0], 0, -1)}
    left = {right.find(column): column for column in range(last[1], 0, -1)}
    cells = {
        (back[row], left[column]): cell
        for (row, column), cell in sheet.cells.items()
        if row in back and column in left
    }
    return replace(sheet, cells=cells)
