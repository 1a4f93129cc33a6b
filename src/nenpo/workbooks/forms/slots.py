"""The sheets, rows and blocks of a form that came back, each with where its cells are now."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from nenpo.workbooks.book import Book, Sheet
from nenpo.workbooks.forms.align import (
    Shift,
    Signature,
    match_columns,
    match_rows,
    rate_sheet,
    sign_rows,
)
from nenpo.workbooks.forms.blank import BlankForm, find_corner
from nenpo.workbooks.forms.form import FormField, FormPart
from nenpo.workbooks.forms.marks import cut_inline
from nenpo.workbooks.labels import fold_text

Place = tuple[int, int]
# Of a sheet on which less is printed than this, nobody can say that it is the form.
_LEAST_ALIKE = 0.6


@dataclass(frozen=True, eq=False)
class Copy:
    """A sheet of a reply that is one of a part, and where its rows and columns are now."""

    part: FormPart
    blank: Sheet
    sheet: Sheet
    labels: frozenset[str]
    rows: Shift
    columns: Shift

    def find(self, place: Place, move: int = 0) -> Place:
        """Return where a cell of the blank form is now; ``move`` rows further down."""
        return find_corner(
            self.sheet, (self.rows.find(place[0]) + move, self.columns.find(place[1]))
        )


@dataclass(frozen=True)
class FoundSlot:
    """A slot in a reply: its rows as a function of the blank's first slot, and its extent."""

    copy: Copy
    rows: Shift
    first: int
    last: int

    def find(self, place: Place) -> Place:
        """Return where a cell of the part's first slot stands in this one."""
        row, column = self.rows.find(place[0]), self.copy.columns.find(place[1])
        return find_corner(self.copy.sheet, (row, column))

    def is_lost(self, place: Place) -> bool:
        """Whether the row or column of a cell of the first slot was deleted."""
        return self.rows.is_lost(place[0]) or self.copy.columns.is_lost(place[1])

    def read(self, box: FormField) -> str:
        """Return what is seen in a field, without the label that stands in the same cell."""
        text = self.copy.sheet.read(*self.find(box.place))
        if not box.inline:
            return text
        printed = self.copy.blank.read(*find_corner(self.copy.blank, box.place))
        return cut_inline(text, printed)


def find_copies(blank: BlankForm, book: Book) -> Iterator[Copy]:
    """Yield the sheets of a workbook that are those of a part, whatever they are called."""
    used = {sheet for part in blank.form.parts for sheet in part.sheets}
    left_out = {sheet.name for sheet in blank.book.sheets} - used
    for part in blank.form.parts:
        labels, model = blank.list_labels(part), blank.find_sheet(part.sheets[0])
        for sheet in book.sheets:
            if sheet.name in left_out or rate_sheet(sheet, labels) < _LEAST_ALIKE:
                continue
            known = match_rows(sign_rows(model, labels), sign_rows(sheet, labels))
            columns = match_columns(model, sheet, known, labels)
            yield Copy(part, model, sheet, labels, Shift(known), Shift(columns))


def list_slots(copy: Copy) -> Iterator[FoundSlot]:
    """Yield the slots of a sheet, from top to bottom."""
    match copy.part.shape:
        case "sheet":
            last = max((row for row, _ in copy.sheet.cells), default=1)
            yield FoundSlot(copy, copy.rows, 1, last)
        case "blocks":
            yield from _list_blocks(copy)
        case "list":
            yield from _list_rows(copy)


def _list_rows(copy: Copy) -> Iterator[FoundSlot]:
    """Yield the rows of a list: from below its header to what is printed below it."""
    starts = copy.part.starts
    step = copy.part.step
    first = copy.rows.find(starts[0])
    below = [now for row, now in copy.rows.known.items() if row > starts[-1] + step - 1]
    used = max((row for row, _ in copy.sheet.cells), default=0)
    last = min(below) - 1 if below else used
    named = [box for key in copy.part.identity if (box := copy.part.find(key))]
    written = sorted({row for row, _ in copy.sheet.cells if first <= row <= last})
    row = first
    # Only where something is written: a sheet may go on for a million rows.
    while (place := bisect_left(written, row)) < len(written):
        row += (written[place] - row) // step * step
        corners = (find_corner(copy.sheet, (row, copy.columns.find(box.place[1]))) for box in named)
        texts = [copy.sheet.read(*corner) for corner in corners]
        if any(fold_text(text) in copy.labels for text in texts if text):
            row += 1  # a header printed anew, or a heading between rows
            continue
        shift = Shift({starts[0]: row})
        yield FoundSlot(copy, shift, row, row + step - 1)
        row += step


def _list_blocks(copy: Copy) -> Iterator[FoundSlot]:
    """Yield the blocks of a sheet: where their first printed row is found, copies included."""
    starts = copy.part.starts
    height = copy.part.step
    model = {
        row: texts
        for row, texts in sign_rows(copy.blank, copy.labels).items()
        if starts[0] <= row < starts[0] + height
    }
    if not model:
        return
    now = sign_rows(copy.sheet, copy.labels)
    anchor = min(model)
    begins = _find_begins(model, now, copy.part.step)
    ends = [*(row - 1 for row in begins[1:]), max(now, default=0) + height][: len(begins)]
    for begin, end in zip(begins, ends, strict=True):
        inside = {row: texts for row, texts in now.items() if begin <= row <= end}
        rows = match_rows(model, inside) or {anchor: begin}
        yield FoundSlot(copy, Shift(rows), begin - anchor + starts[0], end)


def _find_begins(
    model: Mapping[int, Signature], now: Mapping[int, Signature], step: int
) -> list[int]:
    """Return the rows with which blocks begin, told by each of their printed rows.

    A block of which a label was changed is known by the others; a few rows may be inserted.
    """
    first = min(model)
    told = sorted(
        row - (line - first)
        for row, texts in now.items()
        for line, own in model.items()
        if own == texts
    )
    begins: list[int] = []
    for begin in told:
        if not begins or begin - begins[-1] > step // 2:
            begins.append(begin)
    return begins
