"""What an .xlsx writes in a way of its own: characters that XML cannot hold, comments on cells."""

import re
from collections import defaultdict
from collections.abc import Iterable

from lxml import etree

from nenpo.workbooks.book import count_column
from nenpo.workbooks.reading.archive import Archive, parse_xml
from nenpo.workbooks.reading.cells import Budget, cut_author

Place = tuple[int, int]
_ESCAPE = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")
_RUNS = ("{*}text/{*}t", "{*}text/{*}r/{*}t")  # never the readings (rPh)
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def unescape(text: str) -> str:
    """Return a text with the characters that XML cannot hold: _x000D_ is a carriage return.

    >>> unescape("a_x000D_b_x005F_x0041_")
    'a\\rb_x0041_'
    """
    return _ESCAPE.sub(_read_escapes, text) if "_x" in text else text


def _read_escapes(found: re.Match[str]) -> str:
    units = (int(each, 16).to_bytes(2, "little") for each in re.findall("_x(.{4})_", found[0]))
    return b"".join(units).decode("utf-16-le", "replace")


def read_comments(
    archive: Archive, related: Iterable[tuple[str, str]], budget: Budget
) -> dict[Place, str]:
    """Return the text of the comments of a sheet by cell, without their authors.

    ``related`` are the (kind, part) that the sheet leads to. Of a thread, which an older Excel
    sees as one comment that only says that it is a thread, the texts are returned in order.
    """
    notes: dict[Place, str] = {}
    threads: defaultdict[Place, list[str]] = defaultdict(list)
    for kind, part in related:
        if kind == "comments" and part in archive:
            notes |= _read_notes(archive, part, budget)
        elif kind == "threadedComment" and part in archive:
            root = parse_xml(archive.read(part), archive, part)
            for each in root.iterfind("{*}threadedComment"):
                budget.take()
                text = unescape("".join(t.text or "" for t in each.iterfind("{*}text")))
                for place in _read_place(each):
                    threads[place].append(text.strip())
    return notes | {place: "\n".join(texts) for place, texts in threads.items()}


def _read_notes(archive: Archive, part: str, budget: Budget) -> dict[Place, str]:
    root = parse_xml(archive.read(part), archive, part)
    authors = [each.text or "" for each in root.iterfind("{*}authors/{*}author")]
    found: dict[Place, str] = {}
    for each in root.iterfind("{*}commentList/{*}comment"):
        budget.take()
        number = each.get("authorId") or ""
        known = number.isascii() and number.isdigit() and int(number[:9]) < len(authors)
        author = authors[int(number)] if known else ""
        runs = (t.text or "" for path in _RUNS for t in each.iterfind(path))
        text = unescape("".join(runs))
        found |= dict.fromkeys(_read_place(each), cut_author(text, author))
    return found


def _read_place(element: etree._Element) -> list[Place]:
    found = _CELL.fullmatch((element.get("ref") or "").replace("$", ""))
    return [(int(found[2]), count_column(found[1]))] if found else []
