"""Rows of text → a CSV file that a spreadsheet program opens without running anything in it."""

import codecs
import csv
import io
import re

# The full-width forms count too: a Japanese Excel reads them as their ASCII counterparts.
_FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(,[0-9]{3})*(\.[0-9]+)?%?")


def write_spreadsheet_csv(text: str) -> bytes:
    """Return the CSV ``text`` as UTF-8 with a BOM, CRLF lines, and no cell that is a formula.

    A cell that starts as a formula does gets a ``'`` in front, unless it is a plain number.

    >>> write_spreadsheet_csv("取組,差\\n=1+1,-3\\n").decode("utf-8-sig").splitlines()
    ['取組,差', "'=1+1,-3"]
    """
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    for row in csv.reader(io.StringIO(text, newline="")):
        unsafe = (_FORMULA.match(cell) and not _NUMBER.fullmatch(cell) for cell in row)
        writer.writerow([f"'{c}" if bad else c for c, bad in zip(row, unsafe, strict=True)])
    return codecs.BOM_UTF8 + lines.getvalue().encode("utf-8", errors="replace")
