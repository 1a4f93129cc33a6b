"""A published document → what is compared of it: facts, text in reading order, structure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, NamedTuple

from nenpo.build.briefing import BriefingName
from nenpo.check.reading.elements import Element, count_cells
from nenpo.check.reading.html import read_html
from nenpo.check.reading.pdf import PdfReading, read_pdf

Origin = Literal["", "P", "H"]
Table = tuple[str, str, int, int]  # caption, header, rows, columns
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Line(NamedTuple):
    """An element and where it stands: "" in the PDF and the HTML, "P" or "H" in one of them."""

    origin: Origin
    element: Element


@dataclass(frozen=True)
class Observation:
    """A document as it is compared; written to and read from ``accepted/``.

    ``title`` and ``outline`` (level, text) are those of the PDF, ``pages`` says how many elements
    begin on each.
    """

    facts: Mapping[str, Any]
    lines: tuple[Line, ...]
    title: str
    outline: tuple[tuple[int, str], ...]
    pages: tuple[int, ...]

    @property
    def texts(self) -> list[str]:
        """What a reader reads, in order; figures' alternative texts apart."""
        return [line.element.text for line in self.lines if line.element.kind != "alt"]

    @property
    def alts(self) -> list[str]:
        """The alternative texts of figures, each after what it stands in, if not in both."""
        alts = (line for line in self.lines if line.element.kind == "alt")
        return [f"{line.origin} {line.element.text}".strip() for line in alts]

    @property
    def headings(self) -> list[tuple[str, str]]:
        """The headings of the PDF: level, text."""
        return [(e.kind, e.text) for e in self._elements if e.kind in _HEADINGS]

    @property
    def tables(self) -> list[Table]:
        """The tables of the PDF, each a header row and the rows until another element."""
        tables, before = [], Element("", "")
        for is_row, run in groupby(self._elements, key=lambda e: e.kind in ("th", "tr")):
            rows = [*run]
            if is_row and rows[0].kind == "th":
                caption = before.text if before.kind == "caption" else ""
                columns = max(count_cells(row.text) for row in rows)
                body = sum(row.kind == "tr" for row in rows)
                tables.append((caption, rows[0].text, body, columns))
            before = rows[-1]
        return tables

    @property
    def _elements(self) -> list[Element]:
        return [line.element for line in self.lines if line.origin != "H"]


def observe(folder: Path, name: str) -> Observation:
    """Return what is compared of the set ``name`` (``plan/2021/annual``) in an output folder."""
    found = BriefingName.parse(name)
    facts = json.loads(found.locate(folder, ".facts.json").read_text("utf-8"))
    pdf, html = found.locate(folder, ".pdf"), found.locate(folder, ".html")
    return make_observation(facts, read_pdf(pdf), read_html(html))


def make_observation(
    facts: Mapping[str, Any], pdf: PdfReading, html: Sequence[Element]
) -> Observation:
    """Return the observation of a document's three forms; what both texts hold stands once."""

    def keep(elements: Sequence[Element], alt: bool) -> list[Element]:
        return [element for element in elements if (element.kind == "alt") == alt]

    # Figures apart: where one stands between two texts is for either form to decide.
    merged = (_merge(keep(pdf.elements, alt), keep(html, alt)) for alt in (False, True))
    lines = tuple(line for part in merged for line in part)
    return Observation(facts, lines, pdf.title, pdf.outline, pdf.pages)


def _merge(pdf: Sequence[Element], html: Sequence[Element]) -> Iterator[Line]:
    own, other = ([element.text.replace(" ", "") for element in side] for side in (pdf, html))
    matcher = SequenceMatcher(None, own, other, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield from (Line("", element) for element in pdf[a:b])
            continue
        yield from (Line("P", element) for element in pdf[a:b])
        yield from (Line("H", element) for element in html[c:d])


def format_text(observation: Observation) -> str:
    """Return the text file of an observation, without its facts: a line for each element."""
    head = [f"title {observation.title}", f"pages {' '.join(map(str, observation.pages))}"]
    shown = [(int(kind[1]) - 1, text) for kind, text in observation.headings]
    # An outline that is just the headings is not written again.
    if list(observation.outline) == shown:
        head.append("outline = headings")
    else:
        head += [f"outline {level} {text}" for level, text in observation.outline]
    body = [
        f"{line.origin or ' '} {line.element.kind} {line.element.text}"
        for line in observation.lines
    ]
    return "\n".join([*head, *body]) + "\n"


def parse_text(text: str, facts: Mapping[str, Any]) -> Observation:
    """Return the observation that :func:`format_text` wrote."""
    rows = text.splitlines()
    head = [row for row in rows if row.startswith(("title ", "pages ", "outline "))]
    lines = tuple(_read_line(row) for row in rows[len(head) :])
    title = head[0].removeprefix("title ")
    pages = tuple(int(count) for count in head[1].split()[1:])
    bare = Observation(facts, lines, title, (), pages)
    if head[2:] == ["outline = headings"]:
        outline = [(int(kind[1]) - 1, text) for kind, text in bare.headings]
    else:
        outline = [(int(row.split(" ", 2)[1]), row.split(" ", 2)[2]) for row in head[2:]]
    return Observation(facts, lines, title, tuple(outline), pages)


def _read_line(row: str) -> Line:
    origin = row[0].strip()
    kind, _, text = row[2:].partition(" ")
    return Line(origin, Element(kind, text))  # type: ignore[arg-type]  # one of the three
