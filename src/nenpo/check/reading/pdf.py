"""A PDF → its elements in reading order, as its tags give them: what a screen reader meets.

The order and the kinds come from the structure tree (pypdf), the text of each piece of marked
content from the page (pdfium); running heads and repeated table headers are artifacts and not read.
"""

import ctypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdf.generic import IndirectObject

from nenpo.check.reading.elements import Element, join_cells, normalise

Texts = Mapping[tuple[int, int], str]
_KINDS = {
    **{f"/H{level}": f"h{level}" for level in range(1, 7)},
    **{"/Title": "h1", "/P": "p", "/Caption": "caption", "/LI": "li"},
    "/TFoot": "p",  # the legend: laid out as a row, but none of the table's own
}


@dataclass(frozen=True)
class PdfReading:
    """A PDF as read: its elements, its title, its outline (level, text), and its pages.

    ``pages`` says on how many of the elements each page begins: a page break that moves shows.
    """

    elements: tuple[Element, ...]
    title: str
    outline: tuple[tuple[int, str], ...]
    pages: tuple[int, ...]


def read_pdf(path: Path) -> PdfReading:
    """Return what a reader of the PDF meets. Raises ``ValueError`` for a PDF without tags."""
    reader = pypdf.PdfReader(path)
    catalog: Any = reader.trailer["/Root"]
    root = catalog.get("/StructTreeRoot")
    if root is None:
        raise ValueError(f"{path.name} has no structure tree")
    pages: list[Any] = list(reader.pages)
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(pages)}
    document = pdfium.PdfDocument(path)
    try:
        texts = _read_texts(document)
        outline = tuple((entry.level, normalise(entry.get_title())) for entry in document.get_toc())
    finally:
        document.close()
    found = list(_Walker(numbers, texts).walk(root.get_object()["/K"], None))
    firsts = [page for _, page in found]
    return PdfReading(
        elements=tuple(element for element, _ in found),
        title=(reader.metadata.title or "") if reader.metadata else "",
        outline=outline,
        pages=tuple(firsts.count(page) for page in range(len(numbers))),
    )


def _read_texts(document: pdfium.PdfDocument) -> Texts:
    """Return the text of every piece of marked content by page and id."""
    pieces: dict[tuple[int, int], list[str]] = {}
    for number, page in enumerate(document):
        shown = page.get_textpage()
        for item in page.get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,), max_depth=15):
            mark = raw.FPDFPageObj_GetMarkedContentID(item.raw)
            if mark >= 0:
                pieces.setdefault((number, mark), []).append(_read_text(item.raw, shown.raw))
    return {key: "".join(texts) for key, texts in pieces.items()}


def _read_text(item: Any, page: Any) -> str:
    size = raw.FPDFTextObj_GetText(item, page, None, 0)
    buffer = ctypes.create_string_buffer(size)
    characters = ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR))
    raw.FPDFTextObj_GetText(item, page, characters, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


class _Walker:
    """Goes through the structure tree in reading order."""

    def __init__(self, numbers: Mapping[int, int], texts: Texts) -> None:
        self.numbers, self.texts = numbers, texts

    def walk(self, node: Any, page: int | None) -> Iterator[tuple[Element, int]]:
        """Yield the elements below ``node``, each with the page on which it begins."""
        for child, own in self._list_children(node, page):
            kind = str(child.get("/S", ""))
            if kind == "/TR":
                yield from self._take_row(child, own)
            elif kind == "/Figure":
                alt = normalise(str(child.get("/Alt", "")))
                yield Element("alt", alt), self._find_page(child, own)
            elif kind not in _KINDS and any(self._list_children(child.get("/K", []), None)):
                yield from self.walk(child["/K"], own)
            else:
                yield from self._take(_KINDS.get(kind, "p"), child, own)

    def _list_children(self, node: Any, page: int | None) -> Iterator[tuple[Any, int | None]]:
        nodes = node if isinstance(node, list) else [node]
        for each in nodes:
            child = each.get_object() if isinstance(each, IndirectObject) else each
            if isinstance(child, list):
                yield from self._list_children(child, page)
            elif isinstance(child, dict) and "/S" in child:
                yield child, self._own_page(child, page)

    def _take(self, kind: str, node: Any, page: int | None) -> Iterator[tuple[Element, int]]:
        # Signs that lay-out puts in front: the HTML page draws them by its style sheet.
        text = normalise(self._join(node, page)).lstrip("※・").lstrip()
        if text:
            yield Element(kind, text), self._find_page(node, page)

    def _take_row(self, node: Any, page: int | None) -> Iterator[tuple[Element, int]]:
        cells = [cell for cell, _ in self._list_children(node["/K"], page)]
        kind = "th" if all(cell["/S"] == "/TH" for cell in cells) else "tr"
        text = join_cells(self._join(cell, page) for cell in cells)
        yield Element(kind, text), self._find_page(node, page)

    def _join(self, node: Any, page: int | None) -> str:
        return "".join(self.texts.get(key, "") for key in self._list_marks(node, page))

    def _find_page(self, node: Any, page: int | None) -> int:
        return next((number for number, _ in self._list_marks(node, page)), page or 0)

    def _own_page(self, node: Any, page: int | None) -> int | None:
        reference = node.raw_get("/Pg") if "/Pg" in node else None
        return self.numbers.get(reference.idnum, page) if reference is not None else page

    def _list_marks(self, node: Any, page: int | None) -> Iterator[tuple[int, int]]:
        """Yield the pieces of marked content below a node: page and id, in order."""
        if isinstance(node, IndirectObject):
            node = node.get_object()
        if isinstance(node, int):
            if page is not None:
                yield page, int(node)
        elif isinstance(node, list):
            for each in node:
                yield from self._list_marks(each, page)
        elif hasattr(node, "raw_get"):  # a dictionary of pypdf's
            own = self._own_page(node, page)
            if "/MCID" in node and own is not None:
                yield own, int(node["/MCID"])
            elif "/K" in node:
                yield from self._list_marks(node.raw_get("/K"), own)
