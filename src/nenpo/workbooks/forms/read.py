"""A municipality's own form, as it came back → answers, as from a survey."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nenpo.errors import UnusableCell, UnusableWorkbook, Words, WorkbookError
from nenpo.workbooks.answers import Answer, Note, Reply
from nenpo.workbooks.book import Book, Cell, name_place
from nenpo.workbooks.forms.blank import BlankForm, find_box, find_corner, list_fillable
from nenpo.workbooks.forms.checking import check_use
from nenpo.workbooks.forms.form import DEPARTMENT, IGNORED, FormField, FormPart
from nenpo.workbooks.forms.guess import SHOWN_KEYS
from nenpo.workbooks.forms.handing import gather_fields
from nenpo.workbooks.forms.identify import Identified, Identifier
from nenpo.workbooks.forms.marks import cut_inline, is_ticked, read_joint
from nenpo.workbooks.forms.slots import Copy, FoundSlot, find_copies, list_slots
from nenpo.workbooks.labels import fold_text
from nenpo.workbooks.layout import Field
from nenpo.workbooks.remarks import list_remarks
from nenpo.workbooks.replies.expected import Expected

Place = tuple[int, int]
_NUMBER = re.compile(r"[0-9０-９][0-9０-９,，.．]*")


def recognise_form(
    blank: BlankForm, book: Book, path: Path, expected: Expected
) -> tuple[Reply, ...]:
    """Return what a filled form answers, a reply a department.

    What belongs to no department is a reply of "". Sheets are known by what is printed on them,
    rows, blocks and sheets by the number and title in them, whatever their names and places.
    Raises ``InputRefused`` if the form is none for this plan and year.
    """
    surveys = list(expected.surveys.values())
    check_use(blank.form, blank.path.name, gather_fields(surveys), expected.fiscal_year)
    copies = list(find_copies(blank, book))
    if not copies:
        return (Reply(path, "", (), (_refuse_other(blank, book),)),)
    reader = _Reader(blank, book, expected)
    for copy in copies:
        reader.read_copy(copy)
    return reader.make_replies(path)


def _refuse_other(blank: BlankForm, book: Book) -> UnusableWorkbook:
    return UnusableWorkbook(
        place=book.name,
        why=Words("様式「{}」のシートがない", "it has no sheet of the form '{}'").fill(
            blank.path.name
        ),
        remedy=Words(
            "送付した様式に記入したものか確かめること。違う書類であれば、別の場所に移すこと。",
            "See that it is the form that was sent; if it is something else, move it elsewhere.",
        ),
    )


@dataclass
class _Reader:
    """Reads the sheets of one workbook, one after the other."""

    blank: BlankForm
    book: Book
    expected: Expected
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    problems: dict[str, list[WorkbookError]] = field(default_factory=dict)
    notes: dict[str, list[Note]] = field(default_factory=dict)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    extra: list[Note] = field(default_factory=list)

    def read_copy(self, copy: Copy) -> None:
        """Read all slots of a sheet."""
        sent = copy.blank.comments.values()
        self.extra.extend(list_remarks(self.book.name, copy.sheet, sent))
        identifier = Identifier(self.expected, copy.part, self.book.name)
        head = self._read_head(copy)
        whole = identifier.find_department(head)
        for slot in list_slots(copy):
            texts = {box.key: slot.read(box) for box in copy.part.fields}
            found = identifier.identify(texts, texts.get(DEPARTMENT) or head)
            if _is_answered(slot, self.printed(copy.part)):
                self._read_slot(slot, found)
            elif found.row is not None and found.department == whole:
                # Who fills in a form and leaves a row blank, has not answered it.
                self._read_slot(slot, found)

    def _read_head(self, copy: Copy) -> str:
        heads = (h for h in self.blank.form.head if h.key == DEPARTMENT)
        own = next((h for h in heads if h.sheet in copy.part.sheets), None)
        if own is None:
            return ""
        text = copy.sheet.read(*copy.find(own.place))
        printed = copy.blank.read(*find_corner(copy.blank, own.place))
        return cut_inline(text, printed) if own.inline else text

    def printed(self, part: FormPart) -> frozenset[str]:
        """Return what the blank form prints in the fields of its slots, folded."""
        sheet = self.blank.find_sheet(part.sheets[0])
        places = list_fillable(self.blank.form, part)
        return frozenset(fold_text(sheet.read(*find_corner(sheet, place))) for place in places)

    def _read_slot(self, slot: FoundSlot, found: Identified) -> None:
        part, sheet = slot.copy.part, slot.copy.sheet
        named = next((box for key in part.identity if (box := part.find(key))), part.fields[0])
        place = name_place(self.book.name, sheet.name, *slot.find(named.place))
        if found.problem is not None:
            self.problems.setdefault(found.department, []).append(found.problem(place))
            return
        assert found.row is not None  # else there is a problem
        layout = self.expected.find_sheet(found.department, part.kind)
        asked = [each for each in layout.fields if each.is_asked] if layout else []
        answers = list(self._read_answers(slot, found, {each.key: each for each in asked}))
        for words in found.notes:
            self.notes.setdefault(found.department, []).append(Note(place, words))
        self._add(found, place, answers)

    def _add(self, found: Identified, place: str, answers: Sequence[Answer]) -> None:
        assert found.row is not None  # asked for by whoever calls it
        key = (found.department, found.row.id)
        if key in self.seen:
            if not any(answer.cell for answer in answers):
                return
            told = Words("同じ取組が {} にもある", "the same one stands in {}").fill(self.seen[key])
            remedy = Words("どちらか一方を空にすること。", "Clear one of the two.")
            problem = UnusableWorkbook(place=place, why=told, remedy=remedy)
            self.problems.setdefault(found.department, []).append(problem)
            return
        self.seen[key] = place
        self.answers.setdefault(found.department, []).extend(answers)

    def _read_answers(
        self, slot: FoundSlot, found: Identified, fields: Mapping[str, Field]
    ) -> Iterator[Answer]:
        if found.row is None:
            return
        for box in slot.copy.part.fields:
            if box.key not in fields:
                continue
            if slot.is_lost(box.place):
                self._refuse_lost(slot, box, found.department)
                continue
            row, column = slot.find(box.place)
            place = name_place(self.book.name, slot.copy.sheet.name, row, column)
            try:
                cell = self._read_box(slot, box, place)
            except UnusableCell as problem:
                self.problems.setdefault(found.department, []).append(problem)
                continue
            kind, line = slot.copy.part.kind, slot.first
            name, sheet = self.book.name, slot.copy.sheet.name
            where = (name, sheet, row, column, found.department, kind, found.row.id, line)
            yield Answer(*where, key=box.key, cell=cell)

    def _refuse_lost(self, slot: FoundSlot, box: FormField, department: str) -> None:
        sheet = slot.copy.sheet.name
        why = Words("「{}」の欄がない", "the place of '{}' is gone").fill(box.label or box.cell)
        remedy = Words(
            "列や行を戻すか、元の様式に書き写すこと。",
            "Restore its column or row, or copy the answers into the form as it was sent.",
        )
        problem = UnusableWorkbook(place=f"{self.book.name}!{sheet}", why=why, remedy=remedy)
        known = self.problems.setdefault(department, [])
        if str(problem) not in map(str, known):
            known.append(problem)

    def _read_box(self, slot: FoundSlot, box: FormField, place: str) -> Cell | None:
        """Return what a box holds, a mark where the form has other words for it."""
        sheet = slot.copy.sheet
        if box.ticks:
            return _choose_one(box, list(_list_ticked(slot, box)), place)
        corner = slot.find(box.place)
        area = find_box(sheet, corner)
        cell = sheet.cells.get(corner)
        if cell is None or not (cell.shown.strip() or cell.formula):
            return None
        if (
            area.last_row > slot.last
            and slot.last > slot.first - 1
            and slot.copy.part.shape == "list"
        ):
            raise _refuse_merged(box, cell, place)
        if cell.struck and not (box.inline or box.joint):
            return cell  # what is left of it is read, or it is refused
        if cell.struck:
            raise _refuse_struck(box, cell, place)
        printed = slot.copy.blank.read(*find_corner(slot.copy.blank, box.place))
        if box.inline:
            text = cut_inline(cell.shown, printed)
            return Cell(text, text) if text else None
        if box.unit and _NUMBER.fullmatch(cell.shown.strip()):
            told = f"{cell.shown.strip()}{box.unit}"
            return replace(cell, value=told, shown=told)
        if box.joint:
            if fold_text(cell.shown) == fold_text(printed):
                return None
            words = box.choices or {w: w for w in printed.replace("・", " ").split()}
            marks = read_joint(cell.shown, printed, words)
            return _choose_one(box, marks or [""], place, cell.shown)
        meant = next(
            (m for w, m in box.choices.items() if fold_text(w) == fold_text(cell.shown)), ""
        )
        return replace(cell, value=meant, shown=meant) if meant else cell

    def make_replies(self, path: Path) -> tuple[Reply, ...]:
        """Return a reply for each department that answers, or of whom something is wrong."""
        names = dict.fromkeys((*self.answers, *self.problems, *self.notes))
        extra = [*(Note(self.book.name, words) for words in self.book.notes), *self.extra]
        if not names:
            why = Words("記入された取組がない", "no item in it is filled in")
            remedy = Words("記入したものか確かめること。", "See that it was filled in.")
            return (
                Reply(
                    path, "", (), (UnusableWorkbook(place=self.book.name, why=why, remedy=remedy),)
                ),
            )
        return tuple(
            Reply(
                path,
                name,
                tuple(self.answers.get(name, ())),
                tuple(self.problems.get(name, ())),
                (*extra, *self.notes.get(name, ())),
            )
            for name in names
        )


def _is_answered(slot: FoundSlot, printed: Collection[str]) -> bool:
    """Whether anything is answered in a slot, beside what the blank form prints."""
    boxes = [box for box in slot.copy.part.fields if box.key not in (*SHOWN_KEYS, IGNORED)]
    places = [place for box in boxes for place in (*box.tick_places, box.place)]
    texts = (slot.copy.sheet.read(*slot.find(place)) for place in places)
    return any(text and fold_text(text) not in printed for text in texts)


def _list_ticked(slot: FoundSlot, box: FormField) -> Iterator[str]:
    for place, mark in box.tick_places.items():
        printed = slot.copy.blank.read(*find_corner(slot.copy.blank, place))
        if is_ticked(slot.copy.sheet.read(*slot.find(place)), printed):
            yield mark


def _choose_one(box: FormField, marks: Sequence[str], place: str, shown: str = "") -> Cell | None:
    """Return the one mark that is chosen, None if none is. Raises UnusableCell for several."""
    told = list(dict.fromkeys(marks))
    if not told:
        return None
    if len(told) == 1 and told[0]:
        return Cell(told[0], told[0])
    several = Words("二つ以上が選ばれている", "more than one is chosen")
    none = Words("どれが選ばれているか分からない", "nobody can tell which one is chosen")
    raise UnusableCell(
        place=place,
        column=box.label,
        value=shown or "・".join(told),
        why=several if len(told) > 1 else none,
        allowed=Words("一つの選択", "one of them"),
        remedy=Words("一つだけに印を付けること。", "Tick one only."),
    )


def _refuse_struck(box: FormField, cell: Cell, place: str) -> UnusableCell:
    return UnusableCell(
        place=place,
        column=box.label,
        value=cell.shown,
        why=Words("取消線のある文字がある", "characters of it are crossed out"),
        allowed=Words("取消線のない回答", "an answer without a line through it"),
        remedy=Words(
            "取り消す文字を削り、残す文字の取消線を外すこと。",
            "Delete what is withdrawn, and remove the line through what is to stay.",
        ),
    )


def _refuse_merged(box: FormField, cell: Cell, place: str) -> UnusableCell:
    return UnusableCell(
        place=place,
        column=box.label,
        value=cell.shown,
        why=Words("複数の行のセルが結合されている", "cells of several rows are merged"),
        allowed=Words("1行に一つの回答", "one answer a row"),
        remedy=Words(
            "結合を解除し、それぞれの行に回答を入れること。",
            "Unmerge them, and enter an answer in each row.",
        ),
    )
