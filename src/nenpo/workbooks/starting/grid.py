"""A sheet as people see it: a merged cell says the same wherever one looks at it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from nenpo.errors import UnusableCell, Words
from nenpo.language.characters import Glyphs, find_faults, load_glyphs
from nenpo.language.formulas import NO_FORMULA, WHY_FORMULA, find_formula_sign
from nenpo.workbooks.book import Area, Sheet, name_place
from nenpo.workbooks.starting.guesses import Guesses

_HARMLESS = ("invisible", "selector")
_LONGEST = 20_000


@dataclass(frozen=True)
class Text:
    """What a cell says and where it stands; of a merged one, its first cell."""

    text: str
    place: str
    row: int
    column: int


@dataclass(frozen=True)
class Grid:
    """A sheet of a workbook, asked cell by cell."""

    book: str
    sheet: Sheet
    guesses: Guesses

    @property
    def name(self) -> str:
        """What messages call the sheet."""
        return f"{self.book}!{self.sheet.name}"

    @cached_property
    def rows(self) -> list[int]:
        """The rows in which anything stands; a sheet may have a million others."""
        return sorted({row for row, _ in self.sheet.cells})

    @cached_property
    def columns(self) -> list[int]:
        """The columns in which anything stands."""
        return sorted({column for _, column in self.sheet.cells})

    @cached_property
    def _glyphs(self) -> Glyphs:
        return load_glyphs()

    @cached_property
    def _areas(self) -> dict[int, list[Area]]:
        found = dict[int, list[Area]]()
        for area in self.sheet.merged:
            first = bisect_left(self.rows, area.first_row)
            for row in self.rows[first : bisect_right(self.rows, area.last_row)]:
                found.setdefault(row, []).append(area)
        return found

    def find_area(self, row: int, column: int) -> Area:
        """Return the merged cell that a cell belongs to, or itself."""
        areas = (a for a in self._areas.get(row, ()) if a.first_column <= column <= a.last_column)
        return next(areas, Area(row, column, row, column))

    def read(self, row: int, column: int) -> Text | None:
        """Return what stands in a cell, None where it is blank."""
        area = self.find_area(row, column)
        return self._texts.get((area.first_row, area.first_column))

    @cached_property
    def _texts(self) -> dict[tuple[int, int], Text]:
        found = dict[tuple[int, int], Text]()
        for row, column in sorted(self.sheet.cells):
            place = name_place(self.book, self.sheet.name, row, column)
            shown = self._drop_invisible(tidy_text(self.sheet.read(row, column)), place)
            if shown:
                found[row, column] = Text(shown, place, row, column)
        return found

    def _drop_invisible(self, text: str, place: str) -> str:
        for fault in find_faults(text, self._glyphs):
            if fault.problem in _HARMLESS:
                text = text.replace(fault.character, "")
                ja, en = (
                    "見えない文字（{}）を除いた",
                    "a character that cannot be seen was dropped ({})",
                )
                self.guesses.guess(place, ja, en, fault.codepoint)
        return tidy_text(text)

    def list_row(self, row: int) -> Iterator[Text]:
        """Yield what stands in a row, each merged cell once."""
        seen = set[tuple[int, int]]()
        for column in self.columns:
            text = self.read(row, column)
            if text and (text.row, text.column) not in seen:
                seen.add((text.row, text.column))
                yield text

    def check(self, text: Text, column: str) -> str:
        """Return a text as a table can hold it; what no document shows is told as a problem."""
        kept, place = text.text, text.place
        cell = self.sheet.cells[text.row, text.column]
        if cell.formula and cell.value is None and not cell.error:
            why = Words("計算式の値が保存されていない", "the file holds no value of its formula")
            self._refuse(place, column, cell.formula, why, Words("値", "a value"))
        if cell.error:
            self.guesses.leave(
                place, "{} は計算の誤りである", "{} is the error of a formula", cell.error
            )
            return ""
        for fault in find_faults(kept, self._glyphs):
            self._refuse(place, column, kept, fault.words, Words("ほかの文字", "others"))
        if sign := find_formula_sign(kept):
            self._refuse(place, column, kept, WHY_FORMULA.fill(sign), NO_FORMULA)
        if len(kept) > _LONGEST:
            most = Words(f"{_LONGEST}字まで", f"at most {_LONGEST} characters")
            self._refuse(place, column, kept, Words("長すぎる", "it is too long"), most)
        return kept

    def _refuse(self, place: str, column: str, value: str, why: Words, allowed: Words) -> None:
        remedy = Words("直して保存し、もう一度実行すること。", "Mend it, save, and run this again.")
        problem = UnusableCell(
            place=place, column=column, value=value, why=why, allowed=allowed, remedy=remedy
        )
        if str(problem) not in map(str, self.guesses.problems):
            self.guesses.problems.append(problem)


def tidy_text(text: str) -> str:
    """Return a text without spaces around its lines, and its line breaks as LF.

    >>> tidy_text("　窓口課 \\r\\n\\t情報課_x000D_\\n\\n")
    '窓口課\\n情報課'
    """
    plain = re.sub(r"_x000[dD]_|\r\n?|\x0b|\x0c|\u2028|\u2029", "\n", text).replace("\t", " ")
    lines = [line.strip(" \u3000\xa0") for line in plain.split("\n")]
    return "\n".join(line for line in lines if line)
