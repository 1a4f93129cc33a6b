"""An executed notebook → the one Document that every exporter draws.

Code is never shown. What a cell displays must be one of nenpo's MIME types (see ``briefing``);
anything else stops the document, so that nothing is dropped in silence.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from nenpo.export.cells import read_cell, refuse
from nenpo.export.markdown import Block

_APPENDIX = re.compile(r"(別紙|参考)\s*[0-9０-９]*\s*(.*)", re.DOTALL)
_PARTS = {"別紙": "annex", "参考": "reference"}
_FILE_NAME = re.compile(r"\w[\w.-]*\.csv")


@dataclass(frozen=True)
class Document:
    """A document as data: ``head``, ``blocks`` in reading order, attached ``rows``, ``facts``.

    Everything is made of JSON types. A block has a ``type``: ``heading`` (level 1–3, number,
    text, id, part, landscape), ``paragraph`` (inlines), ``list`` (ordered, items of inlines),
    ``sentences`` (role, paragraphs), ``table`` (the table JSON and its number) or ``figure``
    (svg, alt, caption, width, number). An inline has text, strong, emph, code, href; ``"\\n"``
    in a text is a line break. A ``#`` heading before the head is the notebook's own title: the
    head's title stands in its place, so it is not among the blocks.
    """

    head: dict[str, Any]
    blocks: tuple[Block, ...]
    rows: tuple[dict[str, Any], ...]
    facts: dict[str, Any] | None


def read_document(notebook: Any) -> Document:
    """Return the document that an executed notebook (nbformat v4) shows.

    Raises DocumentError, with the cell's position (from 1, Markdown cells counted), for an
    output that no document can show, no head, a second head or second facts.
    """
    # Markdown blocks, displayed values and "nothing" marks, in the notebook's order.
    stream = [
        block
        for position, cell in enumerate(notebook["cells"], 1)
        for block in read_cell(cell, f"セル {position} / cell {position}")
    ]
    head = _find_single(stream, "head")
    if head is None:
        raise refuse(
            "ノートブック / notebook",
            ("文書の頭書（head）がない", "there is no document head"),
            ("頭書を表示するセルを実行すること。", "Run the cell that displays the head."),
        )
    facts = _find_single(stream, "facts")
    blocks = _drop_empty_sections(_drop_own_title(stream))
    numbered = tuple(_number_blocks(_raise_subheadings(blocks)))
    return Document(head=head, blocks=numbered, rows=_collect_rows(stream), facts=facts)


def _find_single(stream: Sequence[Block], kind: str) -> dict[str, Any] | None:
    found = [block for block in stream if block["type"] == kind]
    if len(found) > 1:
        first = found[0]["place"]
        raise refuse(
            found[1]["place"],
            (f"{kind} が2つある（1つ目は {first}）", f"a second {kind} (the first is in {first})"),
            ("一方のセルを削ること。", "Remove one of the cells."),
        )
    return found[0]["value"] if found else None


def _collect_rows(stream: Sequence[Block]) -> tuple[dict[str, Any], ...]:
    rows: dict[str, dict[str, Any]] = {}
    for block in (block for block in stream if block["type"] == "rows"):
        name = block["value"]["name"]
        if name in rows or not _FILE_NAME.fullmatch(name):
            raise refuse(
                block["place"],
                (f"添付ファイル名「{name}」は使えない", f"attachment name '{name}' cannot be used"),
                ("他と重ならない「○○.csv」の形にすること。", "Use a name like x.csv, once."),
            )
        rows[name] = block["value"]
    return tuple(rows.values())


def _drop_own_title(stream: Sequence[Block]) -> list[Block]:
    head = next(place for place, block in enumerate(stream) if block["type"] == "head")
    before = [block for block in stream[:head] if block.get("level") != 1]
    return [*before, *stream[head + 1 :]]


def _drop_empty_sections(stream: Sequence[Block]) -> list[Block]:
    """Leave out every section whose code cells all displayed nothing, with its Markdown."""
    kept: list[Block] = []
    place = 0
    while place < len(stream):
        end = _find_section_end(stream, place)
        if stream[place]["type"] == "heading" and _is_empty(stream[place:end]):
            place = end
            continue
        kept.append(stream[place])
        place += 1
    return [block for block in kept if block["type"] not in ("nothing", "rows", "facts")]


def _find_section_end(stream: Sequence[Block], start: int) -> int:
    """Return the place of the next heading of the same or a higher level, or the end."""
    level = stream[start].get("level", 0)
    places = range(start + 1, len(stream))
    return next((p for p in places if stream[p].get("level", 9) <= level), len(stream))


def _is_empty(section: Sequence[Block]) -> bool:
    kinds = {block["type"] for block in section}
    if "nothing" not in kinds or kinds & {"sentences", "table", "figure"}:
        return False
    # A section made of Markdown only stays, so the part around it cannot go as a whole.
    inner = [p for p, block in enumerate(section) if p and block.get("level") == 2]
    return all(_is_empty(section[p : _find_section_end(section, p)]) for p in inner)


def _raise_subheadings(blocks: Sequence[Block]) -> Iterator[Block]:
    """Leave no gap in the levels of a 別紙 or 参考 that has ### headings but no ##."""
    places = [p for p, block in enumerate(blocks) if block.get("level") == 1]
    for start, end in zip([0, *places], [*places, len(blocks)], strict=True):
        part = blocks[start:end]
        levels = {block.get("level") for block in part}
        appended = bool(part) and _APPENDIX.fullmatch(str(part[0].get("text", "")))
        flat = appended and 2 not in levels
        yield from (b | {"level": 2} if flat and b.get("level") == 3 else b for b in part)


def _number_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """Number sections, 別紙 and 参考, tables and figures, each in running order."""
    counters = {kind: count(1) for kind in ("id", "section", "別紙", "参考", "table", "figure")}
    shared = {"part": "main", "landscape": False}
    for block in blocks:
        if block["type"] in ("table", "figure"):
            yield block | {"number": next(counters[block["type"]])}
            continue
        if block["type"] != "heading":
            yield block
            continue
        number, text = "", block["text"]
        if block["level"] == 1:
            appendix = _APPENDIX.fullmatch(text)
            shared = {"part": "main", "landscape": block["landscape"]}
            if appendix:
                shared["part"], text = _PARTS[appendix[1]], appendix[2]
                number = f"{appendix[1]}{next(counters[appendix[1]])}"
        elif block["level"] == 2 and shared["part"] == "main":
            number = str(next(counters["section"]))
        name = f"s-{next(counters['id'])}"
        yield block | shared | {"number": number, "text": text, "id": name}
