"""Any file that somebody sends as a workbook → a Book, or the reason why it is none.

Content decides, never the name. Nothing of a workbook is run, and nothing outside of it is read.
"""

from pathlib import Path

from nenpo.errors import NotAWorkbook, Words
from nenpo.workbooks.archive import open_archive
from nenpo.workbooks.book import Book
from nenpo.workbooks.xlsx import read_xlsx


def open_book(path: Path, name: str) -> Book:
    """Return the workbook in a file; ``name`` is the file as messages call it.

    Raises ``UnusableWorkbook``, or one of its kinds.
    """
    raw = path.read_bytes()
    if raw.startswith(b"PK"):
        return read_xlsx(open_archive(raw, name))
    raise NotAWorkbook(place=name, what=Words("形式不明", "unknown"), remedy=Words("", ""))
