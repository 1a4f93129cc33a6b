"""An HTML document of ours → its elements in the order of the source."""

from html.parser import HTMLParser
from pathlib import Path

from nenpo.check.reading.elements import Element, join_cells, normalise

_BLOCKS = {
    **{f"h{level}": f"h{level}" for level in range(1, 7)},
    **dict.fromkeys(("p", "dt", "dd", "summary"), "p"),
    **dict.fromkeys(("caption", "figcaption"), "caption"),
    "li": "li",
}
# A picture says its alternative text; what is written in it stands there already.
_SILENT = frozenset({"style", "script", "title", "nav", "svg"})


def read_html(path: Path) -> tuple[Element, ...]:
    """Return what a reader of the page meets; its table of contents is left out."""
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    reader.flush()
    return tuple(reader.elements)


class _Reader(HTMLParser):
    """Collects text by block; a cell belongs to its row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._kind, self._pieces = "", list[str]()
        self._cells: list[tuple[str, str]] | None = None
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a row or a cell."""
        if tag == "svg":
            self._add("alt", normalise(dict(attrs).get("aria-label") or ""))
        if tag in _SILENT:
            self._silent += 1
        elif tag == "img":
            self._add("alt", normalise(dict(attrs).get("alt") or ""))
        elif tag == "br":
            self._pieces.append("\n")
        elif tag == "tr":
            self.flush()
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._kind, self._pieces = tag, []
        elif tag in _BLOCKS and self._cells is None:
            self.flush()
            self._kind = _BLOCKS[tag]

    def handle_endtag(self, tag: str) -> None:
        """End a block, a row or a cell."""
        if tag in _SILENT:
            self._silent -= 1
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append((tag, "".join(self._pieces)))
            self._pieces = []
        elif tag == "tr" and self._cells is not None:
            kind = "th" if all(cell == "th" for cell, _ in self._cells) else "tr"
            self.elements.append(Element(kind, join_cells(text for _, text in self._cells)))
            self._cells, self._kind = None, ""
        elif tag in _BLOCKS and self._cells is None:
            self.flush()

    def handle_data(self, data: str) -> None:
        """Take text, unless it is no text of the document."""
        if not self._silent:
            self._pieces.append(data)

    def flush(self) -> None:
        """End the block that is open."""
        self._add(self._kind or "p", normalise("".join(self._pieces)))
        self._kind, self._pieces = "", []

    def _add(self, kind: str, text: str) -> None:
        if text:
            self.elements.append(Element(kind, text))
