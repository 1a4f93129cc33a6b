"""Comments of cells, put into a workbook beside those that it has; the boxes that show them.

Excel keeps the words of a comment in one part and its box in another, a drawing in VML, which need
not even be XML. A cell with a thread of comments shows the thread alone in Excel 365, and ours in
every other program.
"""

import re
from collections.abc import Iterator, Mapping

from nenpo.workbooks.book import name_cell
from nenpo.workbooks.marking.comment_boxes import draw_boxes
from nenpo.workbooks.parts.package import Package
from nenpo.workbooks.parts.sheet_xml import Place, read_reference, read_sheet
from nenpo.workbooks.parts.xml_text import (
    Element,
    Splice,
    append_child,
    read_text,
    splice,
    write_text,
)

AUTHOR = "nenpo"
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_FONT = (
    '<{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="MS P ゴシック"/>'
    '<{p}family val="3"/><{p}charset val="128"/></{p}rPr>'
)


def add_comments(
    package: Package, sheet: str, comments: Mapping[Place, str], head: re.Pattern[str]
) -> Package:
    """Return the package in which cells of a sheet have comments, behind those they had.

    ``head`` is what ours begin with: from there on, what a comment held before is replaced.
    """
    part = package.find_sheet(sheet)
    package = _write_words(package, part, comments, head)
    words = read_comments(package, sheet)
    shown = {place: words[place] for place in comments}
    return draw_boxes(package, read_sheet(package, part), shown)


def read_comments(package: Package, sheet: str) -> dict[Place, str]:
    """Return the text of each comment of a sheet by its cell."""
    part = package.find_related(package.find_sheet(sheet), "comments")
    if not part:
        return {}
    raw, root = package.read_xml(part)
    held = root.find("commentList")
    return {
        place: _read_text(raw, comment)
        for comment in (held.children if held else ())
        if (place := read_reference(comment.read("ref")))
    }


def _read_text(raw: bytes, comment: Element) -> str:
    texts = (raw[words.opened : words.closing].decode() for words in _find_texts(comment))
    return read_text("".join(texts))


def _find_texts(element: Element) -> Iterator[Element]:
    for child in element.children:
        if child.name == "t":
            yield child
        elif child.name in ("text", "r"):
            yield from _find_texts(child)


def _write_words(
    package: Package, part: str, comments: Mapping[Place, str], head: re.Pattern[str]
) -> Package:
    words = package.find_related(part, "comments")
    if not words:
        words = package.find_free("xl/comments{}.xml")
        _, root = package.read_xml(part)
        space = root.attributes.get(f"xmlns:{root.prefix[:-1]}" if root.prefix else "xmlns", "")
        empty = f'<comments xmlns="{space}"><authors/><commentList/></comments>'
        _, package = package.add_related(part, "comments", words, empty.encode())
        package = package.declare(words, _COMMENTS)
    raw, root = package.read_xml(words)
    authors, held = root.find("authors"), root.find("commentList")
    if authors is None or held is None:
        raise package.refuse(words)
    by_cell = {comment.read("ref"): comment for comment in held.find_all("comment")}
    author = len(list(authors.find_all("author")))
    changes, added, p = list[Splice](), list[str](), root.prefix
    for place, text in comments.items():
        cell = name_cell(*place)
        if found := by_cell.get(cell):
            changes += _append_words(raw, found, text, head)
        else:
            run = f"<{p}text>{_write_run(text, p)}</{p}text>"
            added.append(f'<{p}comment ref="{cell}" authorId="{author}">{run}</{p}comment>')
    if added:
        changes.append(append_child(raw, authors, f"<{p}author>{AUTHOR}</{p}author>"))
        changes.append(append_child(raw, held, "".join(added)))
    return package.change(words, splice(raw, changes))


def _append_words(raw: bytes, comment: Element, text: str, head: re.Pattern[str]) -> list[Splice]:
    words = comment.find("text")
    p = comment.prefix
    before = _read_text(raw, comment)
    if words is not None and (ours := head.search(before)):
        whole = "\n\n".join(filter(None, [before[: ours.start()].rstrip(), text]))
        return [Splice(words.start, words.end, f"<{p}text>{_write_run(whole, p)}</{p}text>")]
    run = _write_run(f"\n\n{text}", p)
    if words is None:
        return [append_child(raw, comment, f"<{p}text>{run}</{p}text>")]
    plain = words.find("t")
    runs = [*words.find_all("t"), *words.find_all("r")]
    if not runs:
        return [append_child(raw, words, run)]
    # Beside runs, plain words are not read: they become the first run.
    opening = [Splice(plain.start, plain.start, f"<{p}r>")] if plain else []
    closing = f"</{p}r>" if plain else ""
    end = plain.end if plain else runs[-1].end
    if plain and len(runs) > 1:
        return [*opening, Splice(end, end, closing), Splice(runs[-1].end, runs[-1].end, run)]
    return [*opening, Splice(end, end, closing + run)]


def _write_run(text: str, prefix: str) -> str:
    p = prefix
    words = f'<{p}t xml:space="preserve">{write_text(text)}</{p}t>'
    return f"<{p}r>{_FONT.format(p=p)}{words}</{p}r>"
