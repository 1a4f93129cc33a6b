"""A sheet saved as text → a Book of that one sheet, which is named after the file."""

import csv
import re
from io import StringIO
from pathlib import PurePath

from nenpo.data.encodings import decode_text
from nenpo.errors import DamagedWorkbook, Words
from nenpo.workbooks.book import Book, Cell, Sheet
from nenpo.workbooks.reading.cells import Budget, is_error, make_error, make_text

_STATED = re.compile(r"sep=(.)\r?\n")
_QUOTED = re.compile(r'"[^"]*"')
_REASONS = (
    ("unexpected end", Words('引用符「"」が閉じられていない', 'a quote (") is never closed')),
    ("expected after", Words('引用符「"」の後に区切りがない', 'no separator follows a quote (")')),
)
_OTHERWISE = Words("表として読めない", "it cannot be read as a table")


def read_delimited(raw: bytes, name: str) -> Book:
    """Return the sheet in a text of UTF-8 or cp932, separated by commas, tabs or semicolons.

    Raises ``DamagedWorkbook`` or ``HugeWorkbook``, and as
    :func:`~nenpo.data.encodings.decode_text`.
    """
    # A program on Windows may end the lines within a cell with CR LF.
    text = decode_text(raw, name).replace("\r\n", "\n")
    stated = _STATED.match(text)  # Excel writes it in front, and reads it
    delimiter = stated[1] if stated else _find_delimiter(text)
    budget = Budget(name)
    cells: dict[tuple[int, int], Cell] = {}
    table = StringIO(text[stated.end() :] if stated else text)
    reader = csv.reader(table, delimiter=delimiter, strict=True)
    try:
        for row, values in enumerate(reader, 1):
            for column, value in enumerate(values, 1):
                if cell := make_error(value.strip()) if is_error(value) else make_text(value):
                    budget.take()
                    cells[row, column] = cell
    except csv.Error as error:
        why = next((words for begin, words in _REASONS if begin in str(error)), _OTHERWISE)
        raise DamagedWorkbook(place=f"{name}:{reader.line_num}", why=why) from None
    return Book(name, "csv", (Sheet(PurePath(name).stem, cells),))


def _find_delimiter(text: str) -> str:
    """Return what separates the cells of the first line that is not blank."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    plain = _QUOTED.sub("", first)
    return max(",\t;", key=plain.count)
