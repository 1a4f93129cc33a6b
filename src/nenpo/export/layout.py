"""A Document → what the Typst template draws: texts that can break, tables with their widths.

Everything that depends on the amount of text is decided here, everything about looks in
``templates/report.typ``.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from nenpo.content.display import Head, Sentences, Table, Tiles
from nenpo.export.blocks import (
    Block,
    CodeBlock,
    Figure,
    FootnoteMarks,
    Heading,
    Inline,
    ListBlock,
    NumberedTable,
    Paragraph,
    Picture,
    Quote,
    Rule,
    TextTable,
    list_values,
    pair_rows,
)
from nenpo.export.csv import write_spreadsheet_csv
from nenpo.export.document import Document
from nenpo.export.fitting import (
    LANDSCAPE_WIDTH,
    SMALLEST_TYPE,
    TEXT_WIDTH,
    choose_type,
    measure_room,
)
from nenpo.export.measure import (
    count_lines,
    measure_longest,
    measure_text,
    share_widths,
    soften_text,
)
from nenpo.export.sheets import Sheet, split_sheets
from nenpo.export.text_table import is_spelt, plain_table
from nenpo.files import canonical_json

# What a figure may take of the height of such pages, its caption apart.
_TALLEST = {False: 640.0, True: 400.0}
_INDENT = 1.6  # em by which a list or a quotation is set in
_PIXEL = 0.75  # points
_VIEW_BOX = re.compile(r"<svg\b[^>]*?\sviewBox=[\"']\s*\S+\s+\S+\s+([0-9.]+)\s+([0-9.]+)")
_BODY_SIZE = 10.5
_HEADER_ROOM = 46.0  # em of the running header, without the frames of its badges
_TALL_ROW = 16  # lines; a taller row may run over to the next page
_SHORT_TABLE = 8  # lines; a taller table may


def lay_out_document(document: Document, family: str) -> dict[str, Any]:
    """Return the template's data, all JSON, for the font ``family``."""
    notes = FootnoteMarks(document.blocks)
    head = {
        key: soften_text(value, 20) if isinstance(value, str) else value
        for key, value in asdict(document.head).items()
    }
    return {
        "font": family,
        "width": TEXT_WIDTH,
        "head": head,
        "title_size": _choose_title_size(document.head.title),
        "meta": _describe(document.head),
        "running": _lay_out_running(document.head),
        "parts": [_lay_out_sheet(sheet, notes) for sheet in split_sheets(document.blocks)],
        "attachments": list(_attach(document)) if document.head.attach_data else [],
    }


def _choose_title_size(title: str) -> float:
    """Return the largest size (pt) at which the title takes one line, 15 if it takes two."""
    largest = 0.97 * TEXT_WIDTH / max(measure_text(title), 1)
    return min(largest, 17.0) if largest >= 13 else 15.0


def _describe(head: Head) -> dict[str, Any]:
    title = " ".join(part for part in (head.title, head.subtitle) if part)
    keywords = [head.plan_title, head.fiscal_year_label, head.document_number]
    return {
        "title": title,
        "author": [name for name in (head.municipality, head.prepared_by) if name],
        "keywords": [word for word in keywords if word],
        "date": [int(part) for part in head.issued.split("-")],
    }


def _lay_out_running(head: Head) -> dict[str, str]:
    year, handling = head.fiscal_year_label, _shorten(head.handling, 10)
    right = [year, _shorten(head.document_number, 10)]
    if year in head.title:
        del right[0]
    shown = "　".join(text for text in right if text)
    room = _HEADER_ROOM - measure_text(shown + handling)
    return {"left": _shorten(head.title, room), "right": shown, "handling": handling}


def _shorten(text: str, width: float) -> str:
    line = " ".join(text.split())
    if measure_text(line) <= width:
        return line
    while measure_text(line) > width - 1:
        line = line[:-1]
    return line + "…"


def _lay_out_sheet(sheet: Sheet, notes: FootnoteMarks) -> dict[str, Any]:
    width = LANDSCAPE_WIDTH if sheet.landscape else TEXT_WIDTH
    page = _Page(width, _TALLEST[sheet.landscape], notes)
    blocks = [_lay_out_block(block, page) for block in sheet.blocks]
    return {"landscape": sheet.landscape, "dense": 0, "blocks": blocks}


@dataclass(frozen=True)
class _Page:
    """What a block may take: ``width`` and, for a figure, ``height`` in points."""

    width: float
    height: float
    notes: FootnoteMarks

    @property
    def room(self) -> float:
        """The longest word, in em, that may stand unbroken."""
        return self.width / _BODY_SIZE - 4

    def set_in(self) -> "_Page":
        """Return what is left within a list or a quotation."""
        return replace(self, width=self.width - _INDENT * _BODY_SIZE)


def _lay_out_block(block: Block, page: _Page) -> dict[str, Any]:
    room = page.room
    match block:
        case Heading(_, text):
            return {"type": "heading", **asdict(block), "text": soften_text(text, room * 0.6)}
        case Paragraph(inlines):
            return {"type": "paragraph", "inlines": _lay_out_inlines(inlines, room, page.notes)}
        case ListBlock(items, numbers, closer):
            inner = page.set_in()
            entries = [[_lay_out_block(each, inner) for each in item] for item in items]
            return {"type": "list", "numbers": numbers, "closer": closer, "items": entries}
        case Quote(blocks):
            inner = page.set_in()
            return {"type": "quote", "blocks": [_lay_out_block(each, inner) for each in blocks]}
        case CodeBlock(text):
            # A line's leading blanks are part of it.
            return {"type": "code", "text": soften_text(text.replace(" ", "\u00a0"), room)}
        case Rule():
            return {"type": "rule"}
        case TextTable():
            return {"type": "text-table", **_lay_out_text_table(block, page)}
        case Picture():
            width = min(block.width * _PIXEL, page.width)
            return {
                "type": "picture",
                "number": block.number,
                "svg": block.svg,
                "alt": block.alt,
                "points": min(width, page.height * block.width / block.height),
                "caption": soften_text(block.caption, room),
            }
        case Sentences(paragraphs, role):
            texts = [soften_text(_mark_note(text, role), room) for text in paragraphs if text]
            return {"type": "sentences", "role": role, "paragraphs": texts}
        case Tiles(tiles):
            return {"type": "tiles", "tiles": [asdict(tile) for tile in tiles]}
        case Figure(number, chart):
            width = min(chart.width * TEXT_WIDTH, page.width)
            if box := _VIEW_BOX.search(chart.svg):
                width = min(width, page.height * float(box[1]) / float(box[2]))
            shown = {"svg": chart.svg, "alt": chart.alt, "points": width}
            caption = soften_text(chart.caption, room)
            return {"type": "figure", "number": number, "caption": caption, **shown}
        case NumberedTable(number, table):
            return {"type": "table", "number": number, **_lay_out_table(table, page.width)}


def _lay_out_inlines(
    inlines: Iterable[Inline], room: float, notes: FootnoteMarks
) -> list[dict[str, Any]]:
    return [_lay_out_inline(inline, room, notes) for inline in inlines]


def _lay_out_inline(inline: Inline, room: float, notes: FootnoteMarks) -> dict[str, Any]:
    if inline.note is not None:
        number, first = notes.refer(inline.note)
        page = _Page(TEXT_WIDTH, _TALLEST[True], notes)
        blocks = [_lay_out_block(block, page) for block in inline.note.blocks] if first else []
        return {"note": number, "blocks": blocks}
    return asdict(inline) | {
        "text": soften_text(inline.text, room),
        "address": soften_text(inline.href if is_spelt(inline) else "", 20),
    }


def _lay_out_text_table(block: TextTable, page: _Page) -> dict[str, Any]:
    """Return a table no wider than its texts, if they fit on a line, else as wide as the page."""
    table = plain_table(block)
    size, inset = choose_type(table, page.width) or SMALLEST_TYPE
    free = measure_room(len(table.columns), page.width, size, inset)
    texts = zip([column.label for column in table.columns], *table.rows, strict=True)
    natural = [max(map(measure_longest, column)) for column in texts]
    widths = natural if math.fsum(natural) <= free else share_widths(table, free)
    header, *rows = (
        [_lay_out_inlines(cell, width, page.notes) for cell, width in zip(row, widths, strict=True)]
        for row in (block.header, *block.rows)
    )
    return {
        "size": size,
        "inset": inset,
        "points": [width * size + 2 * inset for width in widths],
        "aligns": block.aligns,
        "header": header,
        "rows": rows,
    }


def _mark_note(text: str, role: str) -> str:
    return f"※{text}" if role == "note" and not text.startswith(("※", "（注")) else text


def _lay_out_table(table: Table, width: float) -> dict[str, Any]:
    found = choose_type(table, width)
    if found is None:
        raise ValueError(f"table '{table.caption}' was put on a sheet that it does not fit")
    size, inset = found
    widths = share_widths(table, measure_room(len(table.columns), width, size, inset))
    room = width / size - 4
    columns = [
        asdict(column)
        | {"points": share * size + 2 * inset, "text": soften_text(column.label, share)}
        for column, share in zip(table.columns, widths, strict=True)
    ]
    groups = [
        {"text": soften_text(cell.text, min(widths) * cell.span), "span": cell.span}
        for cell in table.groups
    ]
    notes = [_mark_note(line, "note") for line in table.note.split("\n") if line]
    return {
        "size": size,
        "inset": inset,
        "breakable": sum(count_lines(row, widths) for row in list_values(table)) > _SHORT_TABLE,
        "columns": columns,
        "groups": groups,
        "rows": list(_lay_out_rows(table, widths)),
        "tones": dict(table.tones),
        "caption": soften_text(table.caption, room),
        "legend": soften_text(table.legend, room),
        "notes": [soften_text(line, room) for line in notes],
    }


def _lay_out_rows(table: Table, widths: Sequence[float]) -> Iterator[dict[str, Any]]:
    joined, rows = set(table.joined), pair_rows(table)
    for place, (row, kind) in enumerate(rows):
        if kind in ("group", "note"):
            texts = [soften_text(text, sum(widths) - 2) for text in row[:2]]
            yield {"kind": kind, "cells": texts[: 1 if kind == "note" else 2]}
            continue
        starts = [n for n in range(len(row)) if (place, n) not in joined]
        ends = [*starts[1:], len(row)]
        spans = [end - start for start, end in zip(starts, ends, strict=True)]
        rooms = [sum(widths[start:end]) for start, end in zip(starts, ends, strict=True)]
        cells = [row[start] for start in starts]
        yield {
            "kind": kind,
            "breakable": count_lines(cells, rooms) > _TALL_ROW,
            "noted": place + 1 < len(rows) and rows[place + 1][1] == "note",
            "columns": starts,
            "spans": spans,
            "cells": [soften_text(cell, room) for cell, room in zip(cells, rooms, strict=True)],
        }


def _attach(document: Document) -> Iterator[dict[str, str]]:
    for rows in document.rows:
        yield {
            "name": rows.name,
            "content": write_spreadsheet_csv(rows.csv).decode(),
            "description": rows.description,
            "mime": "text/csv",
        }
    if document.facts is not None:
        yield {
            "name": "facts.json",
            "content": canonical_json(document.facts.values),
            "description": "文書の数値（機械可読）",
            "mime": "application/json",
        }
