"""A Document → what the Typst template draws: texts that can break, tables with their widths.

Everything that depends on the amount of text is decided here, everything about looks in
``templates/report.typ``.
"""

from collections.abc import Iterator
from typing import Any

from nenpo.export.csv import write_spreadsheet_csv
from nenpo.export.document import Document
from nenpo.export.markdown import Block
from nenpo.export.measure import count_lines, fits, measure_text, share_widths, soften_text
from nenpo.files import canonical_json

# Text width in points of an A4 page with margins of 20 mm, upright and on its side; a
# figure's ``width`` is a share of the first.
TEXT_WIDTH = 481.88
LANDSCAPE_WIDTH = 728.5
_BODY_SIZE = 10.5
_TABLE_SIZES = (9.0, 8.5, 8.0)
_CELL_INSET = 4.0
_HEADER_ROOM = 46.0  # em of the running header, without the frames of its badges
_TALL_ROW = 16  # lines; a taller row may run over to the next page
_SHORT_TABLE = 8  # lines; a taller table may


def lay_out_document(document: Document, family: str) -> dict[str, Any]:
    """Return the template's data, all JSON, for the font ``family``."""
    head = {
        key: soften_text(value, 20) if isinstance(value, str) else value
        for key, value in document.head.items()
    }
    return {
        "font": family,
        "width": TEXT_WIDTH,
        "head": head,
        "title_size": _choose_title_size(document.head["title"]),
        "meta": _describe(document.head),
        "running": _lay_out_running(document.head),
        "parts": list(_split_parts(document.blocks)),
        "attachments": list(_attach(document)) if document.head["attach_data"] else [],
    }


def _choose_title_size(title: str) -> float:
    """Return the largest size (pt) at which the title takes one line, 15 if it takes two."""
    largest = 0.97 * TEXT_WIDTH / max(measure_text(title), 1)
    return min(largest, 17.0) if largest >= 13 else 15.0


def _describe(head: dict[str, Any]) -> dict[str, Any]:
    title = " ".join(part for part in (head["title"], head["subtitle"]) if part)
    keywords = [head["plan_title"], head["fiscal_year_label"], head["document_number"]]
    return {
        "title": title,
        "author": [name for name in (head["municipality"], head["prepared_by"]) if name],
        "keywords": [word for word in keywords if word],
        "date": [int(part) for part in head["issued"].split("-")],
    }


def _lay_out_running(head: dict[str, Any]) -> dict[str, str]:
    year, handling = head["fiscal_year_label"], _shorten(head["handling"], 10)
    right = [year, _shorten(head["document_number"], 10)]
    if year in head["title"]:
        del right[0]
    shown = "　".join(text for text in right if text)
    room = _HEADER_ROOM - measure_text(shown + handling)
    return {"left": _shorten(head["title"], room), "right": shown, "handling": handling}


def _shorten(text: str, width: float) -> str:
    line = " ".join(text.split())
    if measure_text(line) <= width:
        return line
    while measure_text(line) > width - 1:
        line = line[:-1]
    return line + "…"


def _split_parts(blocks: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
    """Yield runs of blocks that start on a new page, each upright or on its side."""
    part: dict[str, Any] = {"landscape": False, "dense": 0, "blocks": []}
    kind = "main"
    level = 1  # of the title; a heading is never more than one level below the one before
    for block in blocks:
        if block["type"] == "heading":
            level = min(block["level"], level + 1)
            turned = block["landscape"] != part["landscape"]
            # 参考 follow each other without a new page: most of them are a few lines.
            apart = block["part"] != "main" and (block["part"], kind) != ("reference", "reference")
            if level == 1 and (turned or apart):
                yield part
                part = {"landscape": block["landscape"], "dense": 0, "blocks": []}
            kind = block["part"]
            block = block | {"level": level}
        part["blocks"].append(_lay_out_block(block, landscape=part["landscape"]))
    yield part


def _lay_out_block(block: Block, *, landscape: bool) -> Block:
    width = LANDSCAPE_WIDTH if landscape else TEXT_WIDTH
    room = width / _BODY_SIZE - 4
    match block["type"]:
        case "heading":
            return block | {"text": soften_text(block["text"], room * 0.6)}
        case "paragraph":
            return block | {"inlines": [_lay_out_inline(i, room) for i in block["inlines"]]}
        case "list":
            items = [[_lay_out_inline(i, room) for i in item] for item in block["items"]]
            return block | {"items": items}
        case "sentences":
            texts = [_mark_note(text, block["role"]) for text in block["paragraphs"] if text]
            return block | {"paragraphs": [soften_text(text, room) for text in texts]}
        case "figure":
            return block | {"caption": soften_text(block["caption"], room)}
        case _:
            return _lay_out_table(block, width)


def _lay_out_inline(inline: dict[str, Any], room: float) -> dict[str, Any]:
    address = inline["href"] if inline["href"] != inline["text"] else ""
    texts = {"text": soften_text(inline["text"], room), "address": soften_text(address, 20)}
    return inline | texts


def _mark_note(text: str, role: str) -> str:
    return f"※{text}" if role == "note" and not text.startswith(("※", "（注")) else text


def _lay_out_table(table: Block, width: float) -> Block:
    inset = _CELL_INSET if len(table["columns"]) <= 10 else _CELL_INSET / 2
    free = width - 2 * inset * len(table["columns"])
    size = next((s for s in _TABLE_SIZES if fits(table, free / s)), _TABLE_SIZES[-1])
    widths = share_widths(table, free / size)
    room = width / size - 4
    columns = [
        column | {"points": share * size + 2 * inset, "text": soften_text(column["label"], share)}
        for column, share in zip(table["columns"], widths, strict=True)
    ]
    kinds = table["kinds"] or ["body"] * len(table["rows"])
    rows = [_lay_out_row(row, kind, widths) for row, kind in zip(table["rows"], kinds, strict=True)]
    lines = sum(count_lines(row, widths) for row in table["rows"])
    notes = [_mark_note(line, "note") for line in table["note"].split("\n") if line]
    return table | {
        "size": size,
        "inset": inset,
        "breakable": lines > _SHORT_TABLE,
        "columns": columns,
        "rows": rows,
        "groups": [
            cell | {"text": soften_text(cell["text"], min(widths) * cell["span"])}
            for cell in table["groups"]
        ],
        "caption": soften_text(table["caption"], room),
        "legend": soften_text(table["legend"], room),
        "notes": [soften_text(line, room) for line in notes],
    }


def _lay_out_row(row: list[str], kind: str, widths: list[float]) -> dict[str, Any]:
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
            "name": rows["name"],
            "content": write_spreadsheet_csv(rows["csv"]).decode(),
            "description": rows["description"],
            "mime": "text/csv",
        }
    if document.facts is not None:
        yield {
            "name": "facts.json",
            "content": canonical_json(document.facts),
            "description": "文書の数値（機械可読）",
            "mime": "application/json",
        }
