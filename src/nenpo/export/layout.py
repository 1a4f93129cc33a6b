"""A Document → what the Typst template draws: texts that can break, tables with their widths.

Everything that depends on the amount of text is decided here, everything about looks in
``templates/report.typ``.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from nenpo.content.display import Head, RowKind, Sentences, Table, Tile, Tiles
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
from nenpo.export.marks import name_marks, split_mark
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
from nenpo.language.fonts import DocumentFont

# What a figure may take of the height of such pages, its caption apart.
_TALLEST = {False: 640.0, True: 400.0}
_INDENT = 1.6  # em by which a list or a quotation is set in
_PIXEL = 0.75  # points
_VIEW_BOX = re.compile(r"<svg\b[^>]*?\sviewBox=[\"']\s*\S+\s+\S+\s+([0-9.]+)\s+([0-9.]+)")
_BODY_SIZE = 10.5
_RUNNING = (8.5, 8.0)  # points: the running head on one line, and on more
_BADGE = 18.0  # points: the frame of a badge and the gap before it
_ASIDE = 0.45  # of the width, at most, for what stands at the right of the running head
_TILES = 5  # beside each other, at most
_TILE_FRAME, _TILE_LABEL, _TILE_VALUE = 18.0, 8.5, 16.0  # points
_TALL_ROW = 16  # lines; a taller row may run over to the next page
_SHORT_TABLE = 8  # lines; a taller table may


def lay_out_document(document: Document, font: DocumentFont) -> dict[str, Any]:
    """Return the template's data, all JSON, to be set in ``font``."""
    notes = FootnoteMarks(document.blocks)
    head = {
        key: soften_text(value, 20) if isinstance(value, str) else value
        for key, value in asdict(document.head).items()
    }
    return {
        "font": font.family,
        "bold": font.bold is not None,
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


def _lay_out_running(head: Head) -> dict[str, Any]:
    """Return the running head: smaller and on more lines rather than cut.

    ``aside`` is the width in points of what stands at its right, ``lines`` their number for which
    the page's margin has to have room; both are counted for an upright page, the narrower one.
    """
    labels = [head.fiscal_year_label, head.document_number]
    if head.fiscal_year_label in head.title:
        del labels[0]
    right = "　".join(text for text in labels if text)
    badges = [text for text in (head.handling, "案" if head.state == "draft" else "") if text]
    wanted = measure_text(right) * _RUNNING[0] + sum(
        measure_text(text) * _RUNNING[0] + _BADGE for text in badges
    )
    aside = min(wanted, _ASIDE * TEXT_WIDTH)
    room = TEXT_WIDTH - aside - _RUNNING[0]
    size = _RUNNING[0] if measure_text(head.title) * _RUNNING[0] <= room else _RUNNING[1]
    beside = [_count_broken(measure_text(t), aside / _RUNNING[0] - 3) for t in (right, *badges)]
    lines = _count_broken(measure_text(head.title), room / size)
    return {
        "left": soften_text(head.title, room / size),
        "right": soften_text(right, aside / size),
        "handling": soften_text(head.handling, aside / size - 3),
        "aside": aside,
        "size": size,
        "lines": max(lines, 1 + sum(beside) if wanted > aside else 1),
    }


def _count_broken(width: float, room: float) -> int:
    """Return the lines of a text; of several, each is a character short of full."""
    return 1 if width <= room else math.ceil(width / (room - 1))


def _lay_out_sheet(sheet: Sheet, notes: FootnoteMarks) -> dict[str, Any]:
    width = LANDSCAPE_WIDTH if sheet.landscape else TEXT_WIDTH
    page = _Page(width, _TALLEST[sheet.landscape], notes)
    blocks = [_lay_out_block(block, page) for block in sheet.blocks]
    return {"landscape": sheet.landscape, "dense": False, "blocks": blocks}


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
            return {"type": "tiles", **_lay_out_tiles(tiles, page.width)}
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


def _lay_out_tiles(tiles: Sequence[Tile], width: float) -> dict[str, Any]:
    """Return the tiles in rows of equal length, with what breaks where it is too long."""
    rows = max(1, math.ceil(len(tiles) / _TILES))
    columns = max(1, math.ceil(len(tiles) / rows))
    room = width / columns - _TILE_FRAME
    shown = [
        {
            "label": soften_text(tile.label, room / _TILE_LABEL),
            "value": soften_text(tile.value, room / _TILE_VALUE),
            "unit": soften_text(tile.unit, room / _BODY_SIZE),
            "tone": tile.tone,
        }
        for tile in tiles
    ]
    return {"columns": columns, "tiles": shown}


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
        {"points": share * size + 2 * inset, "kind": column.kind, "align": column.align}
        for column, share in zip(table.columns, widths, strict=True)
    ]
    notes = [_mark_note(line, "note") for line in table.note.split("\n") if line]
    lines = sum(_count_row_lines(table, place, widths) for place in range(len(table.rows)))
    return {
        "size": size,
        "inset": inset,
        "breakable": lines > _SHORT_TABLE,
        "columns": columns,
        "header": list(_lay_out_header(table, widths)),
        "rows": list(_lay_out_rows(table, widths)),
        "tones": dict(table.tones),
        "spoken": name_marks(table),
        "caption": soften_text(table.caption, room),
        "legend": soften_text(table.legend, room),
        "notes": [soften_text(line, room) for line in notes],
    }


def _lay_out_header(table: Table, widths: Sequence[float]) -> Iterator[list[dict[str, Any]]]:
    """Yield the header rows: none for a table whose columns have no labels."""
    if not table.groups and not any(column.label for column in table.columns):
        return
    if table.groups:
        yield [
            {"mark": "", "text": soften_text(cell.text, min(widths) * cell.span), "span": cell.span}
            for cell in table.groups
        ]
    labels = zip((column.label for column in table.columns), widths, strict=True)
    yield [
        {"mark": label, "text": "", "span": 1}
        if label in table.tones
        else {"mark": "", "text": soften_text(label, width), "span": 1}
        for label, width in labels
    ]


def _lay_out_rows(table: Table, widths: Sequence[float]) -> Iterator[dict[str, Any]]:
    """Yield the rows as they are drawn; every cell says its place, its mark and what it heads.

    A note stands beside the first cell of its row, which reaches down to it: the typesetter never
    breaks a page within such a cell.
    """
    rows, whole = pair_rows(table), len(widths)
    beside = 0  # the columns that are taken by the first cell of the row above
    for place, (row, kind) in enumerate(rows):
        if kind == "group":
            name, aside = (soften_text(text, sum(widths) - 2) for text in (*row, "")[:2])
            yield {"kind": kind, "cells": [{"text": name, "aside": aside, "span": whole}]}
        elif kind == "note":
            text = soften_text(row[0], sum(widths[beside:]) - 2)
            cell = {"text": text, "column": beside, "span": whole - beside}
            yield {"kind": kind, "cells": [cell]}
        else:
            cells = list(_lay_out_cells(table, place, widths))
            notes = list(_list_notes(rows, place))
            beside = cells[0]["span"] if notes and cells[0]["span"] < whole else 0
            cells[0]["rows"] = 1 + len(notes) if beside else 1
            lines = _count_row_lines(table, place, widths)
            lines += sum(count_lines([note], [sum(widths[beside:])]) for note in notes)
            yield {
                "kind": kind,
                "breakable": lines > _TALL_ROW,
                "noted": bool(notes),
                "cells": cells,
            }


def _count_row_lines(table: Table, place: int, widths: Sequence[float]) -> int:
    """Return the estimated number of lines of a row of any kind."""
    row = table.rows[place]
    if table.kinds and table.kinds[place] in ("group", "note"):
        return count_lines(row[:1], [sum(widths)])
    spans = _list_spans(table, place)
    rooms = [sum(widths[start:end]) for start, end in spans]
    return count_lines([row[start] for start, _ in spans], rooms)


def _list_spans(table: Table, place: int) -> list[tuple[int, int]]:
    """Return for each cell of a row the first of its columns and the one behind its last."""
    width = len(table.columns)
    joined = {column for row, column in table.joined if row == place}
    starts = [n for n in range(width) if n not in joined]
    return list(zip(starts, [*starts[1:], width], strict=True))


def _list_notes(rows: Sequence[tuple[Sequence[str], RowKind]], place: int) -> Iterator[str]:
    """Yield the notes that follow the row at ``place``."""
    for row, kind in rows[place + 1 :]:
        if kind != "note":
            return
        yield row[0]


def _lay_out_cells(table: Table, place: int, widths: Sequence[float]) -> Iterator[dict[str, Any]]:
    row = table.rows[place]
    for start, end in _list_spans(table, place):
        marked = table.columns[start].kind == "mark"
        mark, text = split_mark(row[start], table.tones) if marked else ("", row[start])
        yield {
            "mark": mark,
            "text": soften_text(text, sum(widths[start:end])),
            "column": start,
            "span": end - start,
            "rows": 1,
            "heads": start < table.row_headers and bool(row[start]),
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
