"""What a workbook that came back says, cell by cell: from a survey or from a form of one's own.

Whoever takes answers in (:mod:`nenpo.workbooks.taking`) sees no sheets, rows and columns: only
what is answered for which row of which table, and the cell to name if it cannot be taken.
"""

from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import Words, WorkbookError, make_visible
from nenpo.files import hash_file, hash_values
from nenpo.workbooks.book import Cell, name_place
from nenpo.workbooks.layout import SheetKind


@dataclass(frozen=True)
class Answer:
    """What one cell says: the field ``key`` of the row ``id`` of what ``kind`` of sheet asks.

    ``file`` and ``sheet`` are as messages call them, ``row`` and ``column`` count from 1. ``id`` is
    that of an item or an indicator; of a row that was added, such as a milestone, it is "", and
    ``line`` tells which answers belong together. ``cell`` is None where nothing was answered.
    """

    file: str
    sheet: str
    row: int
    column: int
    department: str
    kind: SheetKind
    id: str
    line: int
    key: str
    cell: Cell | None

    @property
    def place(self) -> str:
        """Where it stands, as messages have it: 総務課.xlsx!取組!D5."""
        return name_place(self.file, self.sheet, self.row, self.column)


@dataclass(frozen=True)
class Note:
    """What is told of a place without stopping anything; a place as an error has it."""

    place: str
    words: Words

    def __str__(self) -> str:
        return f"{make_visible(self.place)}: {make_visible(str(self.words))}"


@dataclass(frozen=True)
class Reply:
    """All that one workbook answers for one department, "" if nobody can tell which.

    ``problems`` are rows, columns or sheets that nobody can tell what they are about: with any of
    them, nothing of the reply may be taken. ``notes`` say what was passed over. ``more`` are
    further workbooks that go on where the first one ends.
    """

    path: Path
    department: str
    answers: tuple[Answer, ...]
    problems: tuple[WorkbookError, ...] = ()
    notes: tuple[Note, ...] = ()
    more: tuple[Path, ...] = ()

    @property
    def digest(self) -> str:
        """The digest of the workbook; of several, of all in their order."""
        digests = [hash_file(path) for path in (self.path, *self.more)]
        return hash_values(digests) if self.more else digests[0]
