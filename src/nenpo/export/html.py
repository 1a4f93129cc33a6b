"""A Document → one HTML file: no script, no request to anywhere, every text escaped."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import PurePosixPath

from markupsafe import Markup

from nenpo.content.display import Sentences, Tiles
from nenpo.export import FACTS, FORMATS
from nenpo.export.blocks import (
    Block,
    CodeBlock,
    Figure,
    Flow,
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
)
from nenpo.export.csv import write_spreadsheet_csv
from nenpo.export.document import Document
from nenpo.export.html_table import TableView, name_rows, view_table
from nenpo.export.inline_svg import inline_svg
from nenpo.export.links import Links
from nenpo.export.page import encode_data_url, list_badges, render_page, write_text_url

_DETAILS = {
    "document_number": "資料番号",
    "reported_to": "報告先",
    "audience": "配布先",
    "prepared_by": "担当課",
    "as_of_label": "基準日",
    "issued_label": "発行日",
    "contact": "問合せ先",
}

_PLANS, _EDITION = "計画及び年度の一覧", "この年度の文書一覧"
# What lies above a document, the farthest first: the address as seen from it, and the name.
_TRAIL = (("../../index.html", _PLANS), ("index.html", _EDITION))
_TRAILS = {
    "department": (
        ("../../../index.html", _PLANS),
        ("../index.html", _EDITION),
        ("../annual.html", "計画全体"),
    ),
    "inspection": (("../../index.html", "点検票の一覧"),),
}
_SVG_WIDTH = re.compile(r"<svg\b[^>]*?\swidth=[\"']([0-9.]+)(pt|px)?[\"']")
_PIXELS = {"pt": 96 / 72, "px": 1.0, None: 1.0}
_TEXT_PIXELS = 704
# A chart is never drawn smaller than this share of the size for which its text was chosen.
_SMALLEST_CHART = 0.85
_LARGEST_CHART = 1.3
_PHONE_PIXELS = 288


def write(document: Document, name: str) -> bytes:
    """Return the page as the file holds it: UTF-8, line ends as everywhere."""
    return render_html(document, name).encode()


def render_html(document: Document, name: str = "annual") -> str:
    """Return ``document`` as one HTML page.

    ``name`` is the briefing's name (``annual``, ``departments/joho-system``): the PDF and the
    facts that the page links to stand beside it under the same base name.
    """
    head, views = document.head, list(_view_blocks(document.blocks, _find_links(document)))
    details = [(label, getattr(head, key)) for key, label in _DETAILS.items()]
    return render_page(
        __package__,
        "html.j2",
        _choose_stylesheets(document.blocks),
        rules="".join(v.rules for _, v in views if isinstance(v, TableView | _FigureView)),
        head=head,
        badges=list_badges(head.kind, head.state, head.handling),
        details=[(label, value) for label, value in details if value],
        downloads=list(_list_downloads(document, PurePosixPath(name).name)),
        trail=_TRAILS.get(head.kind, _TRAIL),
        contents=_list_contents(views),
        parts=_split_parts(views),
        split_links=_split_links,
        name_kind=lambda block: _FLOW_KINDS[type(block)],
        list_items=_list_items,
        name_list=_name_list,
        show_image=_encode_svg,
        notes=FootnoteMarks(document.blocks),
    )


def _choose_stylesheets(blocks: Iterable[Block]) -> tuple[str, ...]:
    return ("page.css", "briefing.css", *(() if all(map(_is_plain, blocks)) else ("markdown.css",)))


def _is_plain(block: Block) -> bool:
    """Return whether a block needs none of the styles that only Markdown does."""
    match block:
        case Heading(level):
            return level < 4
        case Paragraph(inlines):
            return not any(inline.script or inline.note for inline in inlines)
        case ListBlock(items):
            nested = any(len(item) != 1 or not _is_plain(item[0]) for item in items)
            return not nested and not _name_list(block)
        case Sentences() | Tiles() | NumberedTable() | Figure():
            return True
        case _:
            return False


@dataclass(frozen=True)
class _HeadingView:
    """A heading and the level of its element: no level is left out between two headings."""

    heading: Heading
    depth: int


@dataclass(frozen=True)
class _FigureView:
    """A chart ready to draw; ``scrolls`` if a phone is too narrow for its text.

    ``drawn`` is the element that draws it, "" for one that only the image ``source`` can show.
    """

    id: str
    block: Figure
    drawn: Markup
    source: str
    scrolls: bool
    rules: str


# A block with what its drawing needs, after the name of what the template does with it.
_View = tuple[str, _HeadingView | Flow | Sentences | Tiles | TableView | _FigureView]

_FLOW_KINDS: dict[type[Flow], str] = {
    Paragraph: "paragraph",
    ListBlock: "list",
    Quote: "quote",
    CodeBlock: "code",
    Rule: "rule",
    TextTable: "text-table",
    Picture: "picture",
}


def _view_blocks(blocks: Iterable[Block], links: Links) -> Iterator[_View]:
    above: list[int] = []
    for block in blocks:
        match block:
            case Heading(level):
                while above and above[-1] >= level:
                    above.pop()
                above.append(level)
                yield "heading", _HeadingView(block, 1 + len(above))
            case NumberedTable():
                yield "table", view_table(block, links)
            case Figure():
                yield "figure", _view_figure(block)
            case Sentences():
                yield "sentences", block
            case Tiles():
                yield "tiles", block
            case _:
                yield _FLOW_KINDS[type(block)], block


def _find_links(document: Document) -> Links:
    tables = [block for block in document.blocks if isinstance(block, NumberedTable)]
    # Of two lists that name the same, the first is what is meant.
    rows = {name: row for table in reversed(tables) for name, row in name_rows(table).items()}
    return Links(document.head.links, rows)


def _view_figure(block: Figure) -> _FigureView:
    identity, chart = f"figure-{block.number}", block.chart
    found = _SVG_WIDTH.search(chart.svg)
    natural = float(found[1]) * _PIXELS[found[2]] if found else _TEXT_PIXELS * chart.width
    smallest, largest = natural * _SMALLEST_CHART, natural * _LARGEST_CHART
    drawn = inline_svg(chart.svg, chart.alt, f"f{block.number}")
    drawing = f"#{identity} :is(svg,img)"
    return _FigureView(
        id=identity,
        block=block,
        drawn=Markup(drawn),
        source="" if drawn else _encode_svg(chart.svg),
        scrolls=smallest > _PHONE_PIXELS,
        rules=f"{drawing}{{min-width:{smallest:.0f}px;max-width:{largest:.0f}px}}\n",
    )


def _encode_svg(svg: str) -> str:
    return encode_data_url("image/svg+xml", svg.encode())


def _name_list(block: ListBlock) -> str:
    """Return the class names of a list: what stands behind its numbers, and how wide they are."""
    digits = len(str(max(block.numbers, default=0)))
    names = ("bracketed" if block.closer == ")" else "", f"digits-{min(digits, 5)}")
    return " ".join(name for name in names[: 2 if digits > 2 else 1] if name)


def _list_items(block: ListBlock) -> Iterator[tuple[int | None, tuple[Flow, ...]]]:
    """Yield each item, with its number where it does not follow from the one before."""
    due = 1
    for place, item in enumerate(block.items):
        number = block.numbers[place] if block.numbers else None
        yield (None if number == due else number), item
        due = (number or 0) + 1


def _split_links(inlines: Sequence[Inline]) -> Iterator[tuple[str, list[Inline], bool]]:
    """Yield inlines with one address, and whether it is spelt out since it is not the text."""
    for address, run in groupby(inlines, key=attrgetter("href")):
        parts = list(run)
        yield address, parts, address != "".join(part.text for part in parts)


def _list_downloads(document: Document, base: str) -> Iterator[tuple[str, str, str]]:
    """Yield (label, address, file name to save under or "" for a page of its own)."""
    for form in FORMATS:
        if form.title and (form != FACTS or document.facts is not None):
            yield form.title, f"{base}{form.suffix}", ""
    for rows in document.rows if document.head.attach_data else ():
        address = write_text_url("text/csv;charset=utf-8", write_spreadsheet_csv(rows.csv).decode())
        yield f"{rows.description or rows.name}（CSV）", address, rows.name


# The lines of a table of contents, each with the lines below it.
_Entries = list[tuple[Heading, "_Entries"]]


def _list_contents(views: Iterable[_View]) -> _Entries:
    entries: _Entries = []
    for _, view in views:
        match view:
            case _HeadingView(heading, depth=2):
                entries.append((heading, []))
            case _HeadingView(heading, depth=3):
                entries[-1][1].append((heading, []))
    return entries


def _split_parts(views: Iterable[_View]) -> list[tuple[bool, list[_View]]]:
    """Return each ``#`` heading and all that follows it, with whether it is set on its side."""
    parts: list[tuple[bool, list[_View]]] = []
    for kind, view in views:
        heading = view.heading if isinstance(view, _HeadingView) else None
        if not parts or (heading and heading.level == 1):
            parts.append((bool(heading and heading.landscape), []))
        parts[-1][1].append((kind, view))
    return parts
