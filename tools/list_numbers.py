"""List every number of the source documents, so that a test can ask for each in data/.

    .venv/bin/python tools/list_numbers.py FOLDER > tests/backtest/numbers.csv

FOLDER holds the documents as text; ``003_….txt`` is source s003. The documents stay outside the
project, the numbers in them are facts and are committed.

A number is a run of digits with thousands separators and a decimal point, and the 兆, 億, 万 or 千
after it: 1,461,063 is 1461063, 約146万 is 1460000, 62.23% is 62.23, 5.0 is 5, 令和3年度 is 3 and
10/10 is 10. Full-width digits count. ①, Ⅰ and 一 do not: they number or belong to words. HTML tags
hold no numbers. Lines are counted from 1, as by ``cat -n``; a number that stands twice on a line
is listed once.
"""

import csv
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

_ASCII = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_TAG = re.compile(r"</?[a-z][^<>]*>")
_NUMBER = re.compile(r"((?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?)\s?([兆億万千]?)")
_SCALE = {"": 1, "千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}


def main(folder: Path) -> None:
    """Write source, line and number as CSV to the standard output."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("source", "line", "number"))
    for path in sorted(folder.glob("[0-9][0-9][0-9]_*.txt")):
        writer.writerows(list_document(f"s{path.name[:3]}", path.read_text(encoding="utf-8")))


def list_document(source: str, text: str) -> Iterator[tuple[str, int, str]]:
    """Yield source, line and number in the document's order, each once."""
    # str.splitlines would also split at characters that are no line ends to `cat -n`.
    for line, content in enumerate(text.split("\n"), start=1):
        for number in list_numbers(_TAG.sub(" ", content)):
            yield source, line, number


def list_numbers(text: str) -> list[str]:
    """Return the numbers of a text, each once, in digits without separators or idle zeros."""
    found = _NUMBER.findall(text.translate(_ASCII))
    return list(dict.fromkeys(_write_number(digits, scale) for digits, scale in found))


def _write_number(digits: str, scale: str) -> str:
    number = Decimal(digits.replace(",", "")) * _SCALE[scale]
    return format(number.normalize(), "f")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
