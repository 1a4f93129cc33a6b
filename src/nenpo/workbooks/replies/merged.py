"""Cells that somebody merged: an answer for two rows is one for nobody knows which."""

from dataclasses import dataclass

from nenpo.errors import UnusableCell, Words, WorkbookError
from nenpo.workbooks.answers import Note
from nenpo.workbooks.book import Area, Sheet, name_cell, name_place
from nenpo.workbooks.layout import SurveySheet
from nenpo.workbooks.replies.columns import Columns, find_asked

_ROWS = Words("{} から {} までのセルが結合されている", "the cells {} to {} are merged")
_EACH_ROW = Words("1行に一つの回答", "one answer a row")
_UNMERGE = Words(
    "結合を解除し、それぞれの行に回答を入れること。",
    "Unmerge them, and enter an answer in each row.",
)
_ACROSS = Words(
    "{} から {} まで結合されているので、「{}」の回答とし、ほかの列は未記入とした。",
    "the cells {} to {} are merged: taken as the answer to '{}', the other columns as blank.",
)


@dataclass(frozen=True)
class Merged:
    """What is refused, and what is told, of merged cells."""

    problems: tuple[WorkbookError, ...]
    notes: tuple[Note, ...]


def check_merged(book: str, sheet: Sheet, layout: SurveySheet, columns: Columns) -> Merged:
    """Return what is to be said of merged cells in which something is answered."""
    problems, notes = list[WorkbookError](), list[Note]()
    asked = {columns.places[field.key]: field.label for field in find_asked(layout, columns)}
    for area in sheet.merged:
        held = [c for c in asked if area.first_column <= c <= area.last_column]
        text = sheet.read(area.first_row, area.first_column)
        if area.first_row <= columns.top or not held or not text:
            continue
        place = name_place(book, sheet.name, area.first_row, area.first_column)
        ends = _name_ends(area)
        label = asked.get(area.first_column, asked[held[0]])
        if area.last_row > area.first_row:
            told = {"column": label, "value": text, "allowed": _EACH_ROW, "remedy": _UNMERGE}
            problems.append(UnusableCell(place=place, why=_ROWS.fill(*ends), **told))
        elif len(held) > 1 or area.first_column not in asked:
            notes.append(Note(place, _ACROSS.fill(*ends, label)))
    return Merged(tuple(problems), tuple(notes))


def _name_ends(area: Area) -> tuple[str, str]:
    return (
        name_cell(area.first_row, area.first_column),
        name_cell(area.last_row, area.last_column),
    )
