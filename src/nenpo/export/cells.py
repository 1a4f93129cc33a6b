"""One cell of an executed notebook → what it shows; everything else is refused with its place.

Besides the blocks of a document a cell can yield ``head``, ``rows`` and ``facts`` (with the
cell's place), and ``nothing`` for a code cell that displayed nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from nenpo.content.display import (
    MIME_ASIDE,
    MIME_FACTS,
    MIME_FIGURE,
    MIME_HEAD,
    MIME_ROWS,
    MIME_SENTENCES,
    MIME_TABLE,
    Head,
    Rows,
    Sentences,
    Table,
)
from nenpo.errors import DocumentError
from nenpo.export.markdown import Block, UnusableMarkdown, read_markdown

# What each MIME type must hold for an exporter to draw it.
_REQUIRED: Mapping[str, frozenset[str]] = {
    MIME_HEAD: frozenset(field.name for field in fields(Head)),
    MIME_SENTENCES: frozenset(field.name for field in fields(Sentences)),
    MIME_TABLE: frozenset(field.name for field in fields(Table)),
    MIME_FIGURE: frozenset({"alt", "caption", "width"}),
    MIME_ROWS: frozenset(field.name for field in fields(Rows)),
    MIME_FACTS: frozenset(),
}
_BLOCK_TYPES: Mapping[str, str] = {
    MIME_HEAD: "head",
    MIME_SENTENCES: "sentences",
    MIME_TABLE: "table",
    MIME_FIGURE: "figure",
    MIME_ROWS: "rows",
    MIME_FACTS: "facts",
}
# Headings made from data, such as an indicator's name.
_HEADING_LEVELS = {"part": 1, "section": 2, "subheading": 3}
_PARAMETER_TAGS = frozenset({"parameters", "injected-parameters"})
_QUOTED_LENGTH = 80


def read_cell(cell: Any, place: str) -> list[Block]:
    """Return what a cell shows; ``place`` names the cell. Raises DocumentError."""
    tags = frozenset(cell.get("metadata", {}).get("tags", ()))
    source = _join_text(cell["source"])
    if cell["cell_type"] == "markdown":
        return _read_markdown_cell(source, place, landscape="landscape" in tags)
    if cell["cell_type"] == "raw":
        if source.strip():
            raise _refuse_content(place, "raw セル", "a raw cell", source)
        return []
    outputs = [output for output in cell["outputs"] if MIME_ASIDE not in output.get("data", ())]
    blocks = [_read_output(output, place) for output in outputs]
    shown = [block for block in blocks if not _is_blank(block)]
    if shown or tags & _PARAMETER_TAGS:
        return shown
    return [{"type": "nothing"}]


def refuse(place: str, what: tuple[str, str], remedy: tuple[str, str]) -> DocumentError:
    """Return the error for ``place``; ``what`` and ``remedy`` are in Japanese and English."""
    return DocumentError(
        place=place, what=what[0], what_en=what[1], remedy=remedy[0], remedy_en=remedy[1]
    )


def _refuse_content(place: str, what: str, what_en: str, shown: str) -> DocumentError:
    quoted = " ".join(shown.split())
    quoted = quoted if len(quoted) <= _QUOTED_LENGTH else quoted[:_QUOTED_LENGTH] + "…"
    return refuse(
        place,
        (
            f"文書に載せられないものがある: {what}" + (f"「{quoted}」" if quoted else ""),
            f"holds what no document can show: {what_en}" + (f" '{quoted}'" if quoted else ""),
        ),
        (
            "文・表・図として表示するか、セルを直すこと。",
            "Show it as sentences, a table or a figure, or correct the cell.",
        ),
    )


def _read_markdown_cell(source: str, place: str, *, landscape: bool) -> list[Block]:
    try:
        blocks = read_markdown(source)
    except UnusableMarkdown as refused:
        raise _refuse_content(place, refused.what, refused.what_en, "") from None
    parts = [block for block in blocks if block.get("level") == 1]
    if landscape and not parts:
        what = "見出し # のないセルの landscape タグ"
        raise _refuse_content(place, what, "the tag landscape on a cell without a # heading", "")
    return [block | {"landscape": landscape} if block in parts else block for block in blocks]


def _is_blank(block: Block) -> bool:
    return block["type"] == "sentences" and not any(block["paragraphs"])


def _read_output(output: Any, place: str) -> Block:
    kind = output["output_type"]
    if kind == "error":
        message = f"{output['ename']}: {output['evalue']}"
        raise _refuse_content(place, "例外", "an exception", message)
    if kind == "stream":
        name, text = output["name"], _join_text(output["text"])
        raise _refuse_content(place, f"印字・警告（{name}）", f"printed text ({name})", text)
    data = output["data"]
    mime = next((mime for mime in _REQUIRED if mime in data), None)
    if mime is None:
        shown = _join_text(data.get("text/plain", "")) or ", ".join(sorted(data))
        what = ("文・表・図でない出力", "an output that is no sentence, table or figure")
        raise _refuse_content(place, *what, shown)
    # A notebook built in memory may hold NotebookNodes and tuples; a document is plain JSON.
    value = json.loads(json.dumps(data[mime], ensure_ascii=False))
    if not isinstance(value, dict) or not _REQUIRED[mime] <= value.keys():
        raise _refuse_content(place, f"形の違う {mime}", f"a malformed {mime}", str(value))
    if level := _HEADING_LEVELS.get(value.get("role", "")):
        text = " ".join(value["paragraphs"])
        return {"type": "heading", "level": level, "text": text, "landscape": False}
    if mime in (MIME_HEAD, MIME_ROWS, MIME_FACTS):
        return {"type": _BLOCK_TYPES[mime], "value": value, "place": place}
    drawing = _read_drawing(value, data, place) if mime == MIME_FIGURE else {}
    return {"type": _BLOCK_TYPES[mime], **value, **drawing}


def _read_drawing(value: dict[str, Any], data: Any, place: str) -> dict[str, str]:
    svg = _join_text(data.get("image/svg+xml", ""))
    if not svg or not value["alt"].strip():
        what = ("SVG か代替テキストのない図", "a figure without SVG or alternative text")
        raise _refuse_content(place, *what, value["caption"])
    return {"svg": svg}


def _join_text(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
