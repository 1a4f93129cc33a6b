"""A Document → what the Typst template draws: texts that can break, tables with their widths.

Everything that depends on the amount of text is decided here, everything about looks in
``templates/report.typ``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from nenpo.content.display import Head, RowKind, Sentences, Table
from nenpo.export.blocks import (
    Block,
    Figure,
    Heading,
    Inline,
    ListBlock,
    NumberedTable,
    Paragraph,
    pair_rows,
)
from nenpo.export.csv import write_spreadsheet_csv
from nenpo.export.document import Document
from nenpo.export.fitting import LANDSCAPE_WIDTH, TEXT_WIDTH, choose_type, measure_room
from nenpo.export.measure import count_lines, measure_text, share_widths, soften_text
from nenpo.export.sheets import Sheet, split_sheets
from nenpo.files import canonical_json

_BODY_SIZE = 10.5
_HEADER_ROOM = 46.0  # em of the running header, without the frames of its badges
_TALL_ROW = 16  # lines; a taller row may run over to the next page
_SHORT_TABLE = 8  # lines; a taller table may


def lay_out_document(document: Document, family: str) -> dict[str, Any]:
    """Return the template's data, all JSON, for the font ``family``."""
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
        "parts": [_lay_out_sheet(sheet) for sheet in split_sheets(document.blocks)],
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


def _lay_out_sheet(sheet: Sheet) -> dict[str, Any]:
    blocks = [_lay_out_block(block, landscape=sheet.landscape) for block in sheet.blocks]
    return {"landscape": sheet.landscape, "dense": 0, "blocks": blocks}


def _lay_out_block(block: Block, *, landscape: bool) -> dict[str, Any]:
    width = LANDSCAPE_WIDTH if landscape else TEXT_WIDTH
    room = width / _BODY_SIZE - 4
    match block:
        case Heading(_, text):
            return {"type": "heading", **asdict(block), "text": soften_text(text, room * 0.6)}
        case Paragraph(inlines):
            return {"type": "paragraph", "inlines": _lay_out_inlines(inlines, room)}
        case ListBlock(ordered, items):
            entries = [_lay_out_inlines(item, room) for item in items]
            return {"type": "list", "ordered": ordered, "items": entries}
        case Sentences(paragraphs, role):
            texts = [soften_text(_mark_note(text, role), room) for text in paragraphs if text]
            return {"type": "sentences", "role": role, "paragraphs": texts}
        case Figure(number, chart):
            shown = asdict(chart) | {"caption": soften_text(chart.caption, room)}
            return {"type": "figure", "number": number, **shown}
        case NumberedTable(number, table):
            return {"type": "table", "number": number, **_lay_out_table(table, width)}


def _lay_out_inlines(inlines: Sequence[Inline], room: float) -> list[dict[str, Any]]:
    return [
        asdict(inline)
        | {
            "text": soften_text(inline.text, room),
            "address": soften_text(inline.href if inline.href != inline.text else "", 20),
        }
        for inline in inlines
    ]


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
        "breakable": sum(count_lines(row, widths) for row in table.rows) > _SHORT_TABLE,
        "columns": columns,
        "groups": groups,
        "rows": [_lay_out_row(row, kind, widths) for row, kind in pair_rows(table)],
        "tones": dict(table.tones),
        "caption": soften_text(table.caption, room),
        "legend": soften_text(table.legend, room),
        "notes": [soften_text(line, room) for line in notes],
    }


def _lay_out_row(row: Sequence[str], kind: RowKind, widths: Sequence[float]) -> dict[str, Any]:
    if kind == "group":
        return {"kind": kind, "cells": [soften_text(row[0], sum(widths) - 2)]}
    return {
        "kind": kind,
        "breakable": count_lines(row, widths) > _TALL_ROW,
        "cells": [soften_text(cell, w) for cell, w in zip(row, widths, strict=True)],
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
