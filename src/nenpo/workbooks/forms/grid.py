"""A sheet of a form as a person sees it: boxes, merged or not, with what is printed around them.

In a 方眼紙 sheet, columns are narrow and each box is a merged area; elsewhere a box is a cell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from nenpo.workbooks.book import Area, Sheet

Place = tuple[int, int]


@dataclass(frozen=True)
class Hints:
    """What a blank form says of its cells beside their text.

    ``bordered`` have a line around them, ``unlocked`` can be filled in while the sheet is
    protected (empty where it is not), ``lists`` are the words to choose from, ``texts`` have the
    format of a text.
    """

    bordered: frozenset[Place] = frozenset()
    unlocked: frozenset[Place] = frozenset()
    lists: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    texts: frozenset[Place] = frozenset()


@dataclass(frozen=True, eq=False)
class Grid:
    """A blank sheet, and as it was filled in: ``filled`` is None if nobody did."""

    blank: Sheet
    filled: Sheet | None
    hints: Hints = Hints()

    @cached_property
    def _merged(self) -> dict[Place, Area]:
        return {
            (row, column): area
            for area in self.blank.merged
            for row in range(area.first_row, area.last_row + 1)
            for column in range(area.first_column, area.last_column + 1)
        }

    def find_box(self, row: int, column: int) -> Area:
        """Return the box in which a cell lies."""
        return self._merged.get((row, column)) or Area(row, column, row, column)

    def read(self, box: Area) -> str:
        """Return what is printed in a box of the blank form."""
        return self.blank.read(box.first_row, box.first_column)

    def read_filled(self, box: Area) -> str:
        """Return what stands in a box once filled in, "" if nothing was changed."""
        if self.filled is None:
            return ""
        text = self.filled.read(box.first_row, box.first_column)
        return "" if text == self.read(box) else text

    @cached_property
    def printed(self) -> tuple[Area, ...]:
        """The boxes with a text in the blank form, row by row."""
        return tuple(
            self.find_box(*place) for place in sorted(self.blank.cells) if self.read_at(place)
        )

    def read_at(self, place: Place) -> str:
        """Return what is printed at a place."""
        return self.blank.read(*place)

    @cached_property
    def changed(self) -> tuple[Area, ...]:
        """The boxes that were filled in, row by row."""
        if self.filled is None:
            return ()
        places = sorted({*self.blank.cells, *self.filled.cells})
        boxes = dict.fromkeys(self.find_box(*place) for place in places)
        return tuple(box for box in boxes if self.read_filled(box))

    @cached_property
    def last_row(self) -> int:
        """The last row with anything in it."""
        rows = [row for row, _ in (*self.blank.cells, *self.hints.bordered)]
        rows += [area.last_row for area in self.blank.merged]
        rows += [box.last_row for box in self.changed]
        return max(rows, default=0)

    @cached_property
    def last_column(self) -> int:
        """The last column with anything in it."""
        columns = [column for _, column in (*self.blank.cells, *self.hints.bordered)]
        columns += [area.last_column for area in self.blank.merged]
        columns += [box.last_column for box in self.changed]
        return max(columns, default=0)

    def is_fillable(self, box: Area) -> bool:
        """Whether a blank box looks like one to fill in: with a line around it, or unlocked."""
        place = (box.first_row, box.first_column)
        return (
            place in self.hints.bordered
            or place in self.hints.unlocked
            or place in self.hints.lists
        )

    def walk_left(self, box: Area) -> Iterator[Area]:
        """Yield the boxes to the left of a box, nearest first."""
        column = box.first_column - 1
        while column > 0:
            found = self.find_box(box.first_row, column)
            yield found
            column = found.first_column - 1

    def walk_up(self, box: Area) -> Iterator[Area]:
        """Yield the boxes above a box, nearest first."""
        row = box.first_row - 1
        while row > 0:
            found = self.find_box(row, box.first_column)
            yield found
            row = found.first_row - 1


def read_hints(path: Path) -> dict[str, Hints]:
    """Return what the cells of a blank .xlsx say beside their text, by sheet.

    The file has been opened before, so it is known to be a workbook of a sensible size.
    """
    import warnings

    import openpyxl

    with warnings.catch_warnings():
        # openpyxl tells of parts that it does not keep (drawings, extensions): nothing is written.
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(path)
        except Exception:
            # It raises whatever it likes at styles that Excel opens; then texts alone tell.
            return {}
    return {sheet.title: _read_sheet_hints(sheet) for sheet in book.worksheets}


def _read_sheet_hints(sheet: Any) -> Hints:
    bordered, unlocked, texts = set(), set(), set()
    # Not iter_rows: a sheet of which one cell far down is coloured has a million rows.
    for place, cell in sheet._cells.items():
        if not cell.has_style:
            continue
        border = cell.border
        sides = (border.left, border.right, border.top, border.bottom)
        if sum(side is not None and side.style is not None for side in sides) >= 2:
            bordered.add(place)
        if sheet.protection.sheet and not cell.protection.locked:
            unlocked.add(place)
        if cell.number_format == "@":
            texts.add(place)
    lists = _read_lists(sheet)
    return Hints(frozenset(bordered), frozenset(unlocked), lists, frozenset(texts))


def _read_lists(sheet: Any) -> dict[Place, tuple[str, ...]]:
    """Return the words of drop-downs that stand in the validation itself, or on the same sheet."""
    found: dict[Place, tuple[str, ...]] = {}
    for rule in sheet.data_validations.dataValidation:
        formula = str(rule.formula1 or "")
        if rule.type != "list" or not formula:
            continue
        words = _read_words(sheet, formula)
        if not words:
            continue
        for area in rule.sqref.ranges:
            for row in range(area.min_row, min(area.max_row, area.min_row + 5000) + 1):
                for column in range(area.min_col, area.max_col + 1):
                    found[row, column] = words
    return found


def _read_words(sheet: Any, formula: str) -> tuple[str, ...]:
    if formula.startswith('"'):
        return tuple(word.strip() for word in formula.strip('"').split(",") if word.strip())
    name, _, area = formula.lstrip("=").replace("$", "").rpartition("!")
    try:
        book = sheet.parent
        source = book[name.strip("'")] if name else sheet
        rows = source[area] if ":" in area else ((source[area],),)
        cells = [cell for row in rows for cell in (row if isinstance(row, tuple) else (row,))]
        return tuple(str(cell.value).strip() for cell in cells[:100] if cell.value is not None)
    except (KeyError, ValueError, AttributeError):  # a name, or a function such as INDIRECT
        return ()
