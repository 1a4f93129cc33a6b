"""The blank form that a description speaks of: the same file as when it was learned."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nenpo.errors import InputError, UnusableWorkbook, Words, WorkbookError
from nenpo.files import explain_unreadable, hash_file
from nenpo.workbooks.book import Area, Book, Sheet
from nenpo.workbooks.forms.checking import read_form
from nenpo.workbooks.forms.form import Form, FormPart
from nenpo.workbooks.forms.grid import read_hints
from nenpo.workbooks.labels import fold_text
from nenpo.workbooks.layout import SheetKind
from nenpo.workbooks.reading.opening import open_book

FORM = Words("様式のブック（.xlsx）を指定すること。", "Give the form as a workbook (.xlsx).")
"""What to do about a file in the place of a form that is no workbook."""
_NO_BLANK = Words("定義にある様式のファイルがない", "its blank form is not there")
_PUT_BLANK = Words("様式を定義と同じフォルダーに置くこと。", "Put it beside the description.")
_NO_FORM = Words("その名前のファイルがない", "there is no such file")
_SEE = Words(
    "nenpo form learn が書き出した定義（.yaml）を指定すること。",
    "Give a description (.yaml) that nenpo form learn wrote.",
)
_CHANGED = Words("learn したときの様式と違う", "it is not the form that was learned")
_LEARN_AGAIN = Words(
    "元の様式に戻すか、nenpo form learn をもう一度行うこと。",
    "Restore the form, or run nenpo form learn again.",
)


@dataclass(frozen=True, eq=False)
class BlankForm:
    """A form's description, the file of the blank form, and the cells of that."""

    form: Form
    path: Path
    raw: bytes
    book: Book

    @cached_property
    def text_cells(self) -> Mapping[str, frozenset[tuple[int, int]]]:
        """The cells whose format is that of a text, by sheet: a number is entered as one there."""
        return {name: hints.texts for name, hints in read_hints(self.path).items()}

    def find_sheet(self, name: str) -> Sheet:
        """Return a sheet that the description names."""
        return next(sheet for sheet in self.book.sheets if sheet.name == name)

    def list_slots(self, kind: SheetKind) -> list["Slot"]:
        """Return the places for one item or indicator each, in order."""
        return [
            Slot(part, sheet, start)
            for part in self.form.parts
            if part.kind == kind
            for sheet in part.sheets
            for start in part.starts
        ]

    def list_labels(self, part: FormPart) -> frozenset[str]:
        """Return the folded texts that are printed on a part's sheets and nobody fills in."""
        sheet, fillable = self.find_sheet(part.sheets[0]), set(list_fillable(self.form, part))
        found = {fold_text(sheet.read(*place)) for place in sheet.cells if place not in fillable}
        return frozenset(found - {""})


@dataclass(frozen=True)
class Slot:
    """A place for one item or indicator: the part, a sheet of it, and the first row."""

    part: FormPart
    sheet: str
    start: int

    def move(self, place: tuple[int, int]) -> tuple[int, int]:
        """Return where a cell of the part's first slot stands in this one."""
        return place[0] + self.start - self.part.starts[0], place[1]


def find_box(sheet: Sheet, place: tuple[int, int]) -> Area:
    """Return the merged area in which a cell lies, or the cell alone."""
    row, column = place
    for area in sheet.merged:
        if (
            area.first_row <= row <= area.last_row
            and area.first_column <= column <= area.last_column
        ):
            return area
    return Area(row, column, row, column)


def find_corner(sheet: Sheet, place: tuple[int, int]) -> tuple[int, int]:
    """Return the cell that holds what is seen at a place: of a merged area, its first."""
    box = find_box(sheet, place)
    return box.first_row, box.first_column


def list_fillable(form: Form, part: FormPart) -> list[tuple[int, int]]:
    """Return the cells of a part's sheets that hold what is about a row: in every slot."""
    moves = [start - part.starts[0] for start in part.starts]
    fields = [tick for field in part.fields for tick in (field.place, *field.tick_places)]
    head = [field.place for field in form.head if field.sheet == part.sheets[0]]
    return [*head, *((row + move, column) for row, column in fields for move in moves)]


def open_form(path: Path) -> BlankForm:
    """Return the form that a YAML file describes, with its blank.

    Raises ``InputRefused`` as :func:`~nenpo.workbooks.forms.checking.read_form`,
    ``UnreadableFile`` and ``UnusableWorkbook`` if the blank is missing, or another one than was
    learned.
    """
    if not path.exists():
        raise UnusableWorkbook(place=str(path), why=_NO_FORM, remedy=_SEE)
    form = read_form(path)
    blank = path.parent / form.blank
    try:
        raw = blank.read_bytes()
    except FileNotFoundError:
        raise UnusableWorkbook(place=form.blank, why=_NO_BLANK, remedy=_PUT_BLANK) from None
    except OSError as error:
        raise explain_unreadable(form.blank, error) from None
    if hash_file(blank) != form.digest:
        raise UnusableWorkbook(place=form.blank, why=_CHANGED, remedy=_LEARN_AGAIN)
    book = open_book(blank, blank.name, FORM)
    names = {sheet.name for sheet in book.sheets}
    for part in form.parts:
        if problem := _find_lost(blank.name, part, names):
            raise problem
    return BlankForm(form, blank, raw, book)


def _find_lost(place: str, part: FormPart, names: set[str]) -> InputError | None:
    lost = [sheet for sheet in part.sheets if sheet not in names]
    if not lost:
        return None
    why = Words("シート「{}」がない", "it has no sheet '{}'").fill(lost[0])
    return _refuse(place, why)


def _refuse(place: str, why: Words) -> WorkbookError:
    remedy = Words("様式の定義の sheets を直すこと。", "Correct `sheets` in the description.")
    return UnusableWorkbook(place=place, why=why, remedy=remedy)
