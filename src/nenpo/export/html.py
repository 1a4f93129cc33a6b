"""A Document → one HTML file: no script, no request to anywhere, every text escaped."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any

from nenpo.export.csv import write_spreadsheet_csv
from nenpo.export.document import Document
from nenpo.export.html_table import view_table
from nenpo.export.page import encode_data_url, list_badges, render_page

Block = Mapping[str, Any]

_DETAILS = {
    "document_number": "資料番号",
    "reported_to": "報告先",
    "prepared_by": "担当課",
    "as_of_label": "基準日",
    "issued_label": "発行日",
    "contact": "問合せ先",
}
# What a head may leave out (see ``read_document``).
_OPTIONAL = (
    *("kind", "subtitle", "municipality", "plan_title", "fiscal_year_label", "handling"),
    *("sample_notice", *_DETAILS),
)

# Where the page with the list lies, as seen from a document of another folder than its own.
_OVERVIEWS = {"department": "../index.html", "inspection": "../../index.html"}
_SVG_WIDTH = re.compile(r"<svg\b[^>]*?\swidth=[\"']([0-9.]+)(pt|px)?[\"']")
_PIXELS = {"pt": 96 / 72, "px": 1.0, None: 1.0}
_TEXT_PIXELS = 704
# A chart is never drawn smaller than this share of the size for which its text was chosen.
_SMALLEST_CHART = 0.85
_LARGEST_CHART = 1.3
_PHONE_PIXELS = 288


def render_html(document: Document, name: str = "annual") -> str:
    """Return ``document`` as one HTML page.

    ``name`` is the briefing's name (``annual``, ``departments/joho-system``): the PDF and the
    facts that the page links to stand beside it under the same base name.
    """
    head = {**dict.fromkeys(_OPTIONAL, ""), **document.head}
    blocks = list(_view_blocks(document.blocks))
    return render_page(
        __package__,
        "html.j2",
        ("page.css", "briefing.css"),
        rules="".join(block["view"].rules for block in blocks if "view" in block),
        head=head,
        badges=list_badges(head["kind"], head["state"], head["handling"]),
        details=[(label, head[key]) for key, label in _DETAILS.items() if head[key]],
        downloads=list(_list_downloads(document, PurePosixPath(name).name)),
        overview=_OVERVIEWS.get(head["kind"], "index.html"),
        contents=_list_contents(blocks),
        parts=_split_parts(blocks),
    )


@dataclass(frozen=True)
class _Figure:
    """A chart ready to draw; ``scrolls`` if a phone is too narrow for its text."""

    id: str
    number: int
    source: str
    alt: str
    caption: str
    scrolls: bool
    rules: str


def _view_blocks(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    """Yield each block with what its drawing needs; heading levels never leave one out."""
    above: list[int] = []
    for block in blocks:
        match block["type"]:
            case "heading":
                while above and above[-1] >= block["level"]:
                    above.pop()
                above.append(block["level"])
                yield {**block, "depth": 1 + len(above)}
            case "table":
                yield {"type": "table", "view": view_table(block)}
            case "figure":
                yield {"type": "figure", "view": _view_figure(block)}
            case "paragraph":
                yield {"type": "paragraph", "links": _split_links(block["inlines"])}
            case "list":
                items = [_split_links(inlines) for inlines in block["items"]]
                yield {**block, "entries": items}
            case _:
                yield dict(block)


def _view_figure(block: Block) -> _Figure:
    identity = f"figure-{block['number']}"
    found = _SVG_WIDTH.search(block["svg"])
    natural = float(found[1]) * _PIXELS[found[2]] if found else _TEXT_PIXELS * float(block["width"])
    smallest, largest = natural * _SMALLEST_CHART, natural * _LARGEST_CHART
    return _Figure(
        id=identity,
        number=block["number"],
        source=encode_data_url("image/svg+xml", block["svg"].encode()),
        alt=block["alt"],
        caption=block["caption"],
        scrolls=smallest > _PHONE_PIXELS,
        rules=f"#{identity} img{{min-width:{smallest:.0f}px;max-width:{largest:.0f}px}}\n",
    )


def _split_links(inlines: Sequence[Block]) -> list[tuple[str, list[Block], bool]]:
    """Return runs of inlines as (address, inlines, whether the address must be spelt out)."""
    runs = [(href, list(run)) for href, run in groupby(inlines, key=itemgetter("href"))]
    return [(href, run, href != "".join(part["text"] for part in run)) for href, run in runs]


def _list_downloads(document: Document, base: str) -> Iterator[tuple[str, str, str]]:
    """Yield (label, address, file name to save under or "" for a page of its own)."""
    yield "PDF版（印刷用）", f"{base}.pdf", ""
    if document.facts is not None:
        yield "集計値（JSON）", f"{base}.facts.json", ""
    for rows in document.rows if document.head["attach_data"] else ():
        address = encode_data_url("text/csv;charset=utf-8", write_spreadsheet_csv(rows["csv"]))
        yield f"{rows['description'] or rows['name']}（CSV）", address, rows["name"]


@dataclass(frozen=True)
class _Entry:
    """A line of the table of contents and the lines below it."""

    heading: Block
    below: list["_Entry"] = field(default_factory=list)


def _list_contents(blocks: Iterable[Block]) -> list[_Entry]:
    entries: list[_Entry] = []
    for block in blocks:
        if block["type"] == "heading" and block["depth"] == 2:
            entries.append(_Entry(block))
        elif block["type"] == "heading" and block["depth"] == 3:
            entries[-1].below.append(_Entry(block))
    return entries


def _split_parts(blocks: Iterable[Block]) -> list[list[Block]]:
    """Return the blocks part by part: each ``#`` heading opens one."""
    parts: list[list[Block]] = [[]]
    for block in blocks:
        if block["type"] == "heading" and block["level"] == 1 and parts[-1]:
            parts.append([])
        parts[-1].append(block)
    return [part for part in parts if part]
