"""Which cells of a sheet somebody sees: hidden rows and columns, and cells that are merged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nenpo.workbooks.book import Area, count_column
from nenpo.workbooks.parts.sheet_xml import Place, SheetXml

_AREA = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class VisibleCells:
    """What of a sheet is hidden, and what is merged."""

    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merged: tuple[Area, ...]

    def join(self, row: int, column: int) -> Place:
        """Return the cell that shows what a cell holds: of merged ones, the first."""
        for area in self.merged:
            rows = range(area.first_row, area.last_row + 1)
            if row in rows and column in range(area.first_column, area.last_column + 1):
                return area.first_row, area.first_column
        return row, column

    def find_seen(self, row: int, column: int) -> Place:
        """Return a cell that is seen: itself, or the nearest above and to the left, else below."""
        return (
            _find_shown(max(row, 1), self.hidden_rows),
            _find_shown(max(column, 1), self.hidden_columns),
        )


def _find_shown(number: int, hidden: frozenset[int]) -> int:
    before = (n for n in range(number, 0, -1) if n not in hidden)
    after = (n for n in range(number, number + len(hidden) + 1) if n not in hidden)
    return next(before, 0) or next(after)


def read_visible(sheet: SheetXml) -> VisibleCells:
    """Return what of a sheet is seen."""
    rows = (number for number, row in sheet.rows.items() if row.read("hidden") in ("1", "true"))
    return VisibleCells(frozenset(rows), frozenset(_list_hidden(sheet)), tuple(_list_merged(sheet)))


def _list_hidden(sheet: SheetXml) -> Iterator[int]:
    for columns, column in sheet.list_columns():
        if column.read("hidden") in ("1", "true"):
            yield from columns


def _list_merged(sheet: SheetXml) -> Iterator[Area]:
    for group in sheet.root.find_all("mergeCells"):
        for merged in group.find_all("mergeCell"):
            if found := _AREA.fullmatch(merged.read("ref")):
                first, top, last, bottom = found.groups()
                yield Area(int(top), count_column(first), int(bottom), count_column(last))
