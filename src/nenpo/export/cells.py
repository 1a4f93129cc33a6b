"""One cell of an executed notebook → what it shows; everything else is refused with its place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from nenpo.content.display import (
    MIME_ASIDE,
    MIME_FACTS,
    MIME_FIGURE,
    MIME_HEAD,
    MIME_ROWS,
    MIME_SENTENCES,
    MIME_TABLE,
    Chart,
    Facts,
    Head,
    Nothing,
    Rows,
    Sentences,
    Table,
)
from nenpo.errors import DocumentError, Words
from nenpo.export.blocks import Heading, ListBlock, Paragraph
from nenpo.export.markdown import UnusableMarkdown, read_markdown

Displayed = Head | Sentences | Table | Chart | Rows | Facts
Shown = Displayed | Heading | Paragraph | ListBlock | Nothing

_KINDS: Mapping[str, type[Displayed]] = {
    MIME_HEAD: Head,
    MIME_SENTENCES: Sentences,
    MIME_TABLE: Table,
    MIME_FIGURE: Chart,
    MIME_ROWS: Rows,
    MIME_FACTS: Facts,
}
# Headings made from data, such as an indicator's name.
_HEADING_LEVELS = {"part": 1, "section": 2, "subheading": 3}
_PARAMETER_TAGS = frozenset({"parameters", "injected-parameters"})
_QUOTED_LENGTH = 80


def read_cell(cell: Any, place: Words) -> list[Shown]:
    """Return what a cell shows, ``Nothing`` for a code cell without anything for the document.

    ``place`` names the cell. Raises DocumentError.
    """
    tags = frozenset(cell.get("metadata", {}).get("tags", ()))
    source = _join_text(cell["source"])
    if cell["cell_type"] == "markdown":
        return _read_markdown_cell(source, place, landscape="landscape" in tags)
    if cell["cell_type"] == "raw":
        if source.strip():
            raise _refuse_content(place, "raw セル", "a raw cell", source)
        return []
    outputs = [output for output in cell["outputs"] if MIME_ASIDE not in output.get("data", ())]
    values = [_read_output(output, place) for output in outputs]
    shown = [v for v in values if not isinstance(v, Sentences) or any(v.paragraphs)]
    return shown if shown or tags & _PARAMETER_TAGS else [Nothing("")]


def refuse(place: Words, what: tuple[str, str], remedy: tuple[str, str]) -> DocumentError:
    """Return the error for ``place``; ``what`` and ``remedy`` are in Japanese and English."""
    return DocumentError(
        place=place, what=what[0], what_en=what[1], remedy=remedy[0], remedy_en=remedy[1]
    )


def _refuse_content(place: Words, what: str, what_en: str, shown: str) -> DocumentError:
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


def _read_markdown_cell(source: str, place: Words, *, landscape: bool) -> list[Shown]:
    try:
        blocks = read_markdown(source)
    except UnusableMarkdown as refused:
        raise _refuse_content(place, refused.what, refused.what_en, "") from None
    parts = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    if landscape and not parts:
        what = "見出し # のないセルの landscape タグ"
        raise _refuse_content(place, what, "the tag landscape on a cell without a # heading", "")
    return [replace(block, landscape=landscape) if block in parts else block for block in blocks]


def _read_output(output: Any, place: Words) -> Shown:
    kind = output["output_type"]
    if kind == "error":
        message = f"{output['ename']}: {output['evalue']}"
        raise _refuse_content(place, "例外", "an exception", message)
    if kind == "stream":
        name, text = output["name"], _join_text(output["text"])
        raise _refuse_content(place, f"印字・警告（{name}）", f"printed text ({name})", text)
    match _read_value(output["data"], place):
        case Sentences(paragraphs, role) if level := _HEADING_LEVELS.get(role):
            return Heading(level, " ".join(paragraphs))
        case Chart() as chart if not chart.svg or not chart.alt.strip():
            what = ("SVG か代替テキストのない図", "a figure without SVG or alternative text")
            raise _refuse_content(place, *what, chart.caption)
        case value:
            return value


def _read_value(data: Any, place: Words) -> Displayed:
    """Return the value that a MIME bundle holds; its class says what is required of it."""
    mime = next((mime for mime in _KINDS if mime in data), None)
    if mime is None:
        shown = _join_text(data.get("text/plain", "")) or ", ".join(sorted(data))
        what = ("文・表・図でない出力", "an output that is no sentence, table or figure")
        raise _refuse_content(place, *what, shown)
    value = data[mime]
    if mime == MIME_FACTS:
        value = {"values": value}
    elif mime == MIME_FIGURE and isinstance(value, Mapping):
        value = {**value, "svg": _join_text(data.get("image/svg+xml", ""))}
    try:
        # A notebook built in memory may hold NotebookNodes and tuples: as JSON they are alike.
        return _open_reader(mime).validate_json(json.dumps(value), strict=True, extra="forbid")
    except ValidationError as error:
        what = (f"形の違う {mime}", f"a malformed {mime}")
        raise _refuse_content(place, *what, _tell_mistakes(error)) from None


@cache
def _open_reader(mime: str) -> TypeAdapter[Displayed]:
    return TypeAdapter(_KINDS[mime])


def _tell_mistakes(error: ValidationError) -> str:
    """Return what is wrong, each with its place in the value: ``columns.0.width: …``."""
    found = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
    return "; ".join(f"{where}: {message}" if where else message for where, message in found)


def _join_text(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
