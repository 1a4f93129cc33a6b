"""A folder of files → their workbooks, and the plan and year that they are of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import InputError, UnusableWorkbook, Words
from nenpo.workbooks.answers import Note
from nenpo.workbooks.book import Book
from nenpo.workbooks.reading.opening import open_book
from nenpo.workbooks.replies.files import ReplyFile, list_replies
from nenpo.workbooks.replies.markers import count_editions, is_own_list
from nenpo.workbooks.taking.propose import Fault

_WHICH = Words(
    "どの計画のどの年度の調査票か分からない（{}）",
    "nobody can tell of which plan and year they are ({})",
)
_NONE = Words("目印のある調査票がない", "no workbook bears its mark")
_GIVE_PLAN = Words(
    "--plan PLAN/YEAR（例: {}）を付けて指定すること。", "Give --plan PLAN/YEAR (such as {})."
)


@dataclass(frozen=True)
class Opened:
    """The files of a folder: their workbooks, or why one cannot be read, and notes."""

    folder: Path
    books: Mapping[ReplyFile, Book]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]

    @property
    def names(self) -> dict[Path, str]:
        """What messages call each file."""
        return {file.path: file.name for file in self.books}


def open_replies(folder: Path) -> Opened:
    """Open all files of a folder, or one file alone.

    Raises ``UnusableWorkbook`` if the folder cannot be read.
    """
    found = list_replies(folder)
    books, faults = dict[ReplyFile, Book](), list[Fault]()
    for file in found.files:
        try:
            book = open_book(file.path, file.name)
            if not is_own_list(book):
                books[file] = book
        except InputError as problem:
            faults.append(Fault(file.path, "", problem))
    return Opened(folder.parent if folder.is_file() else folder, books, tuple(faults), found.notes)


def find_edition(
    opened: Opened, known: Iterable[str], remedy: Words = _GIVE_PLAN
) -> tuple[str, int]:
    """Return the plan and the year of which most of the workbooks are, by their marks.

    Raises ``UnusableWorkbook`` if none bears a mark or as many are of another; ``known`` are
    examples of what can be given in its place, as ``remedy`` says.
    """
    counts = count_editions(opened.books.values())
    ranked = sorted(counts, key=lambda edition: -counts[edition])
    if ranked and (len(ranked) == 1 or counts[ranked[0]] > counts[ranked[1]]):
        return ranked[0]
    told = "、".join(f"{plan}/{year}: {counts[plan, year]}" for plan, year in ranked)
    example = next(iter(known), "nakano/2022")
    why = _WHICH.fill(told or _NONE)
    raise UnusableWorkbook(place=str(opened.folder), why=why, remedy=remedy.fill(example))
