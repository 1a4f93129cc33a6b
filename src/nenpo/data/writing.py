"""Rows → the bytes of a CSV file, as Excel opens it and the readers read it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

BOM = "\ufeff"
"""What tells Excel that a file is UTF-8; without it, Japanese opens as other characters."""


def write_table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    r"""Return a CSV file with a header of ``columns``: UTF-8 with a BOM, LF, quotes where needed.

    The cells are texts as a file has them, "" for one that a row lacks. A line break within a
    cell is LF, as :func:`~nenpo.data.reading.read_csv` returns it.

    >>> write_table(["item", "done"], [{"item": "a", "done": "済\r\n"}, {"item": "b"}]).decode()
    '\ufeffitem,done\na,"済\n"\nb,\n'
    """
    made = io.StringIO(BOM, newline="")
    made.seek(0, io.SEEK_END)
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_end_lines(row.get(column, "")) for column in columns] for row in rows)
    return made.getvalue().encode()


def _end_lines(cell: str) -> str:
    # A lone CR, unquoted, would end the row.
    return cell.replace("\r\n", "\n").replace("\r", "\n")
