"""One cell of an executed notebook → what it shows; what would be lost is refused with its place.

What a cell prints, and a value that is no element of a document, is not part of the document: it
stays in the notebook, and a remark tells of it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter, ValidationError

from nenpo.cells import join_text
from nenpo.content.display import (
    MIME_ASIDE,
    MIME_FACTS,
    MIME_FIGURE,
    MIME_HEAD,
    MIME_ROWS,
    MIME_SENTENCES,
    MIME_TABLE,
    MIME_TILES,
    Chart,
    Facts,
    Head,
    Nothing,
    Rows,
    Sentences,
    Table,
    Tiles,
)
from nenpo.errors import DocumentError, Words
from nenpo.export.blocks import Flow, Heading
from nenpo.export.reading.captions import Captions
from nenpo.export.reading.markdown import read_markdown
from nenpo.export.reading.pictures import Drawing, open_image, read_svg
from nenpo.export.reading.remark import Remark
from nenpo.export.reading.rich import describe_chart, read_rich
from nenpo.export.reading.unusable import CORRECT, Unusable
from nenpo.language.characters import describe_unusual
from nenpo.language.ordinary import find_unusual

EMPTY: Mapping[str, Any] = MappingProxyType({})

Displayed = Head | Sentences | Table | Tiles | Chart | Rows | Facts


@dataclass(frozen=True)
class Told:
    """Nothing by itself: a code cell displayed Markdown, which stays whatever others show."""


Shown = Displayed | Heading | Flow | Nothing | Remark | Told

_KINDS: Mapping[str, type[Displayed]] = {
    MIME_HEAD: Head,
    MIME_SENTENCES: Sentences,
    MIME_TABLE: Table,
    MIME_TILES: Tiles,
    MIME_FIGURE: Chart,
    MIME_ROWS: Rows,
    MIME_FACTS: Facts,
}
# Headings made from data, such as an indicator's name.
_HEADING_LEVELS = {"part": 1, "section": 2, "subheading": 3}
_PRINTED = Words("印字・警告（{}）", "printed or warned ({})")
_NO_ELEMENT = Words("文書の要素でない出力", "an output that is no element of a document")
_UNDESCRIBED = Words(
    "図に題も代替テキストもない。セルに「# 図: 題」と「# 代替: 説明」の行を加えること",
    "a figure has no title and no alternative text; add the lines '# fig-cap: …' and '# alt: …'",
)
_PARAMETER_TAGS = frozenset({"parameters", "injected-parameters"})
_QUOTED_LENGTH = 80
_SAID_SO = "表示するものはない"
# What Jupyter Book and nbconvert leave out; a document has no lid to lift.
_LEFT_OUT = frozenset({"remove-cell", "hide-cell", "hide", "skip"})
_SILENT = frozenset({"remove-output", "hide-output"})
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def read_cell(cell: Any, place: Words, files: Mapping[str, str] = EMPTY) -> list[Shown]:
    """Return what a cell shows, ``Nothing`` for a code cell without anything for the document.

    That has a reason if the cell itself said that there is nothing to show. ``place`` names the
    cell, ``files`` are those kept in the notebook. Raises DocumentError.
    """
    given = frozenset(cell.get("metadata", {}).get("tags", ()))
    tags = {tag.replace("_", "-") for tag in given}
    if tags & _LEFT_OUT:
        return []
    source = join_text(cell["source"])
    opener = partial(open_image, attachments=cell.get("attachments", EMPTY), files=files)
    unusual = list(_remark_unusual(source, place))
    if cell["cell_type"] == "markdown":
        landscape = "landscape" in tags
        return [*unusual, *_read_markdown_cell(source, place, opener, landscape=landscape)]
    if cell["cell_type"] == "raw":
        if source.strip():
            raise _refuse_content(place, Words("raw セル", "a raw cell"), source)
        return []
    if cell["cell_type"] != "code":
        kind = cell["cell_type"]
        what = Words("{} という種類のセル", "a cell of the type {}").fill(kind)
        raise _refuse_content(place, what, source)
    outputs = () if tags & _SILENT else cell["outputs"]
    values = [*unusual, *_Outputs(place, Captions(source), opener).read(outputs)]
    shown: list[Shown] = [value for value in values if not isinstance(value, Nothing)]
    # A heading alone, which a section of ours may show, tells of nothing that stands below it.
    shown += [Told()] if any(isinstance(value, Flow) for value in shown) else []
    told = any(not isinstance(value, Remark) for value in shown)
    if told or given & _PARAMETER_TAGS:
        return shown
    return values if len(values) > len(shown) else [*shown, Nothing("")]


def _remark_unusual(source: str, place: Words) -> Iterator[Remark]:
    """Yield what a reader takes for other characters, of what is written in the cell itself.

    Texts of the data, which a cell may show, are noted where they stand.
    """
    for spot in dict.fromkeys(find_unusual(source)):
        yield Remark(place, describe_unusual(spot))


def refuse(place: Words, what: tuple[str, str], remedy: tuple[str, str]) -> DocumentError:
    """Return the error for ``place``; ``what`` and ``remedy`` are in Japanese and English."""
    return DocumentError(
        place=place, what=what[0], what_en=what[1], remedy=remedy[0], remedy_en=remedy[1]
    )


def _refuse_content(
    place: Words, what: Words, shown: str = "", remedy: Words = CORRECT
) -> DocumentError:
    quoted = _quote(shown)
    return refuse(
        place,
        (
            f"文書に載せられないものがある: {what.ja}" + (f"「{quoted}」" if quoted else ""),
            f"holds what no document can show: {what.en}" + (f" '{quoted}'" if quoted else ""),
        ),
        remedy,
    )


def _quote(text: str) -> str:
    """Return the beginning of a text on one line, as a terminal would show it."""
    lines = (line.rpartition("\r")[2] for line in _ANSI.sub("", text).rstrip().split("\n"))
    quoted = " ".join(" ".join(lines).split())
    return quoted if len(quoted) <= _QUOTED_LENGTH else quoted[:_QUOTED_LENGTH] + "…"


def _read_markdown_cell(
    source: str, place: Words, opener: Callable[[str], Drawing], *, landscape: bool
) -> list[Shown]:
    try:
        blocks = read_markdown(source, opener, place.en)
    except Unusable as refused:
        raise _refuse_content(place, refused.what, remedy=refused.remedy) from None
    parts = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    if landscape and not parts:
        what = Words(
            "見出し # のないセルの landscape タグ",
            "the tag landscape on a cell without a # heading",
        )
        raise _refuse_content(place, what)
    return [
        replace(block, landscape=landscape)
        if isinstance(block, Heading) and block.level == 1
        else block
        for block in blocks
    ]


@dataclass(frozen=True)
class _Outputs:
    """Reads the outputs of one code cell."""

    place: Words
    captions: Captions
    opener: Callable[[str], Drawing]

    def read(self, outputs: Sequence[Any]) -> Iterator[Shown]:
        """Yield what the outputs show, and remarks on those that are for no document."""
        figures: list[Any] = []
        for number, output in enumerate(outputs, 1):
            kind, data = output["output_type"], output.get("data", EMPTY)
            if kind == "error":
                what = Words("例外", "an exception")
                raise _refuse_content(self.place, what, f"{output['ename']}: {output['evalue']}")
            if kind == "stream":
                yield self._remark_text(_PRINTED.fill(output["name"]), output["text"])
            elif MIME_FIGURE in data and data in figures:
                pass  # Jupyter shows a figure twice whose variable is a cell's last line
            elif MIME_ASIDE in data:
                yield Nothing(_SAID_SO)
            else:
                figures += [data] if MIME_FIGURE in data else []
                identity = f"{self.place.en} {number}"
                yield from self._read_bundle(data, output.get("metadata", EMPTY), identity)

    def _remark_text(self, what: Words, text: str | Sequence[str]) -> Remark:
        quoted = _quote(join_text(text))
        return Remark(self.place, Words("{}「{}」", "{} '{}'").fill(what, quoted))

    def _read_bundle(self, data: Any, metadata: Any, identity: str) -> Iterator[Shown]:
        if any(mime in data for mime in _KINDS):
            yield from self._read_element(_read_value(data, self.place))
            return
        if not any(mime != "text/plain" for mime in data):
            yield self._remark_text(_NO_ELEMENT, data.get("text/plain", ""))
            return
        try:
            yield from read_rich(data, metadata, self.captions, self.opener, identity)
        except Unusable as refused:
            shown = join_text(data.get("text/plain", ""))
            raise _refuse_content(self.place, refused.what, shown, refused.remedy) from None

    def _read_element(self, value: Displayed) -> Iterator[Shown]:
        match value:
            case Sentences(paragraphs) if not "".join(paragraphs).strip():
                yield Nothing(_SAID_SO)
            case Sentences(paragraphs, role) if level := _HEADING_LEVELS.get(role):
                yield Heading(level, " ".join(paragraphs))
            case Chart() as chart if not chart.svg or not chart.alt.strip():
                what = Words(
                    "SVG か代替テキストのない図", "a figure without SVG or alternative text"
                )
                raise _refuse_content(self.place, what, chart.caption)
            case Chart() as chart:
                self._check_drawing(chart)
                yield from self._describe(chart)
            case Table(caption="") as table:
                yield replace(table, caption=self.captions.take("table"))
            case _:
                yield value

    def _check_drawing(self, chart: Chart) -> None:
        try:
            read_svg(chart.svg)
        except Unusable as refused:
            raise _refuse_content(self.place, refused.what, chart.caption, refused.remedy) from None

    def _describe(self, chart: Chart) -> Iterator[Shown]:
        if chart.described:
            yield chart
            return
        described = describe_chart(chart, self.captions)
        if not described.described:
            yield Remark(self.place, _UNDESCRIBED)
        yield described


def _read_value(data: Any, place: Words) -> Displayed:
    """Return the value that a MIME bundle holds; its class says what is required of it."""
    mime = next(mime for mime in _KINDS if mime in data)
    value = data[mime]
    if mime == MIME_FACTS:
        value = {"values": value}
    elif mime == MIME_FIGURE and isinstance(value, Mapping):
        value = {**value, "svg": join_text(data.get("image/svg+xml", ""))}
    try:
        # A notebook built in memory may hold NotebookNodes and tuples: as JSON they are alike.
        return _open_reader(mime).validate_json(json.dumps(value), strict=True, extra="forbid")
    except ValidationError as error:
        what = Words("形の違う {}", "a malformed {}").fill(mime)
        raise _refuse_content(place, what, _tell_mistakes(error)) from None


@cache
def _open_reader(mime: str) -> TypeAdapter[Displayed]:
    return TypeAdapter(_KINDS[mime])


def _tell_mistakes(error: ValidationError) -> str:
    """Return what is wrong, each with its place in the value: ``columns.0.width: …``."""
    found = [(".".join(map(str, each["loc"])), each["msg"]) for each in error.errors()]
    return "; ".join(f"{where}: {message}" if where else message for where, message in found)
