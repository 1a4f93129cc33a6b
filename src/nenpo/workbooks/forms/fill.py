"""A survey → copies of a municipality's own form, filled; all else byte for byte as it was."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nenpo.errors import UnusableWorkbook, Words, WorkbookError
from nenpo.workbooks.forms.blank import BlankForm, Slot, find_corner
from nenpo.workbooks.forms.form import DEPARTMENT, IGNORED, YEN, FormField
from nenpo.workbooks.forms.guess import SHOWN_KEYS
from nenpo.workbooks.forms.marks import tick_joint, tick_word
from nenpo.workbooks.labels import fold_text
from nenpo.workbooks.layout import Field, Survey, SurveyRow, SurveySheet
from nenpo.workbooks.parts.package import open_package
from nenpo.workbooks.parts.sheet_xml import set_cells

_NUMBER = re.compile(r"-?[0-9]{1,3}(?:,?[0-9]{3})*(?:\.[0-9]+)?")
Values = dict[str, dict[tuple[int, int], str | Decimal]]


@dataclass(frozen=True)
class FilledForms:
    """The workbooks of one department, in order; ``problems`` are rows that found no place.

    ``unasked`` are the fields of the survey for which the form has no cell, by label.
    """

    workbooks: tuple[bytes, ...]
    problems: tuple[WorkbookError, ...]
    unasked: tuple[str, ...]


def fill_form(blank: BlankForm, survey: Survey) -> FilledForms:
    """Return the form filled for a department: what is known, and what was answered already.

    Where its items do not fit into one workbook, the next ones go into further ones. Rows that a
    form prints beforehand are found by number and title. Raises ``UnusableCell`` where a field
    stands on a formula.
    """
    placed: dict[int, list[tuple[Slot, SurveySheet, SurveyRow]]] = {}
    problems: list[WorkbookError] = []
    unasked: list[str] = []
    for sheet in survey.sheets:
        slots = blank.list_slots(sheet.kind)
        if not slots:
            unasked += [sheet.name] if sheet.table else []
            continue
        keys = {field.key for slot in slots for field in slot.part.fields}
        unasked += [f.label for f in sheet.fields if f.is_asked and f.key not in keys]
        printed = _find_printed(blank, slots)
        if printed:
            found = _match_printed(blank, survey, sheet, printed, problems)
            placed.setdefault(0, []).extend(found)
            continue
        rows = [row for row in sheet.rows if row.id]
        for number, row in enumerate(rows):
            book, position = divmod(number, len(slots))
            placed.setdefault(book, []).append((slots[position], sheet, row))
    books = [_fill(blank, survey, placed[number]) for number in sorted(placed)]
    return FilledForms(tuple(books), tuple(problems), tuple(dict.fromkeys(unasked)))


def _find_printed(blank: BlankForm, slots: Sequence[Slot]) -> dict[str, Slot]:
    """Return the slots by the folded numbers and titles that the blank form prints in them."""
    found: dict[str, Slot] = {}
    for slot in slots:
        for key in slot.part.identity:
            field = slot.part.find(key)
            text = blank.find_sheet(slot.sheet).read(*slot.move(field.place)) if field else ""
            # A column of mere counting (1, 2, 3) names no item.
            if text and not (key == "number" and text.isdecimal()):
                found.setdefault(fold_text(text), slot)
    return found


def _match_printed(
    blank: BlankForm,
    survey: Survey,
    sheet: SurveySheet,
    printed: Mapping[str, Slot],
    problems: list[WorkbookError],
) -> Iterator[tuple[Slot, SurveySheet, SurveyRow]]:
    for row in sheet.rows:
        names = (fold_text(row.cells.get(key, "")) for key in ("title", "name", "number"))
        slot = next((printed[name] for name in names if name in printed), None)
        if slot is not None:
            yield slot, sheet, row
        elif row.id:
            title = row.cells.get("title") or row.cells.get("name") or row.id
            why = Words("「{}」（{}）の欄がない", "it has no place for '{}' ({})")
            remedy = Words(
                "様式に欄を足して nenpo form learn をもう一度行うこと。",
                "Add one to the form, and run nenpo form learn again.",
            )
            told = why.fill(title, survey.name)
            problems.append(UnusableWorkbook(place=blank.path.name, why=told, remedy=remedy))


def _fill(
    blank: BlankForm, survey: Survey, placed: Sequence[tuple[Slot, SurveySheet, SurveyRow]]
) -> bytes:
    values: Values = {}
    for head in blank.form.head:
        if head.key == DEPARTMENT:
            _put_text(blank, values, head.sheet, head.place, head, survey.name)
    for slot, sheet, row in placed:
        fields = {field.key: field for field in sheet.fields}
        for box in slot.part.fields:
            if box.key == DEPARTMENT:
                _put_text(blank, values, slot.sheet, slot.move(box.place), box, survey.name)
            elif box.key != IGNORED and box.key in fields:
                _fill_box(blank, values, slot, box, fields[box.key], row.cells.get(box.key, ""))
    package = open_package(blank.raw, blank.path.name)
    for name, cells in values.items():
        package = set_cells(package, name, cells)
    return package.write()


def _fill_box(
    blank: BlankForm, values: Values, slot: Slot, box: FormField, field: Field, value: str
) -> None:
    """Put a value of the survey into the box of a slot, as the form writes such a thing."""
    if not value:
        return
    place = slot.move(box.place)
    if box.ticks:
        for tick, mark in box.tick_places.items():
            if mark == value:
                moved = slot.move(tick)
                printed = blank.find_sheet(slot.sheet).read(*moved)
                _put(blank, values, slot.sheet, moved, tick_word(printed), over=True)
        return
    word = next((word for word, mark in box.choices.items() if mark == value), "")
    if box.joint:
        printed = blank.find_sheet(slot.sheet).read(*place)
        _put(blank, values, slot.sheet, place, tick_joint(printed, word or value), over=True)
        return
    shown = next((c.label for c in field.choices if c.value == value), value)
    text = word or (value if field.key == "status" else shown)
    number = _read_number(text) if field.kind in ("value", "money") else None
    if number is None or box.inline:
        _put_text(blank, values, slot.sheet, place, box, text)
    elif (amount := number * 1000 / YEN[box.unit or "千円"]) % 1 == 0 or field.kind == "value":
        _put(blank, values, slot.sheet, place, amount.normalize() if box.unit else number)


def _put_text(
    blank: BlankForm,
    values: Values,
    sheet: str,
    place: tuple[int, int],
    box: FormField,
    text: str,
) -> None:
    """Have a cell hold a text, behind the label where that stands in the same cell."""
    printed = blank.find_sheet(sheet).read(*find_corner(blank.find_sheet(sheet), place))
    told = f"{printed}{text}" if box.inline else text
    _put(blank, values, sheet, place, told, over=box.inline, shown=box.key in SHOWN_KEYS)


def _read_number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _put(
    blank: BlankForm,
    values: Values,
    sheet: str,
    place: tuple[int, int],
    value: str | Decimal,
    *,
    over: bool = False,
    shown: bool = False,
) -> None:
    """Have a cell hold a value; what the form prints there stays, unless it is to be ticked.

    A formula that shows what is known, such as a title by its number, stays as well.
    """
    found = blank.find_sheet(sheet)
    corner = find_corner(found, place)
    cell = found.cells.get(corner)
    if cell is not None and cell.formula:
        if shown:
            return
        values.setdefault(sheet, {})[corner] = value  # refused, with its place, where it is set
    elif over or not found.read(*corner):
        if isinstance(value, Decimal) and corner in blank.text_cells.get(sheet, frozenset()):
            value = str(value)
        values.setdefault(sheet, {})[corner] = value
