"""What a notebook may display, and how: one immutable value per kind, one MIME type each.

Every value has a ``_repr_mimebundle_`` with nenpo's own MIME type, which the exporters read,
beside ``text/html``, which JupyterLab shows, and ``text/plain``. Importing this module inside
IPython also teaches it to show a plain DataFrame as a nenpo table, whole and unrounded.
"""

import html
import importlib
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from nenpo.content.checking import check_fields, refuse_value
from nenpo.content.kinds import BriefingKind
from nenpo.errors import Words

if TYPE_CHECKING:
    from nenpo.content.frames import FrameColumn

MIME_HEAD = "application/vnd.nenpo.head+json"
MIME_SENTENCES = "application/vnd.nenpo.sentences+json"
MIME_TABLE = "application/vnd.nenpo.table+json"
MIME_FIGURE = "application/vnd.nenpo.figure+json"
MIME_TILES = "application/vnd.nenpo.tiles+json"
MIME_ROWS = "application/vnd.nenpo.rows+json"
MIME_FACTS = "application/vnd.nenpo.facts+json"
# What a notebook says to the analyst in JupyterLab; no document shows it.
MIME_ASIDE = "application/vnd.nenpo.aside+json"

Align = Literal["left", "right", "center"]
RowKind = Literal["body", "attention", "note", "total", "group"]
Bundle = dict[str, Any]


def show_aside(lines: Sequence[str]) -> Bundle:
    """Return what is said to the analyst in JupyterLab, in grey; no document shows it."""
    shown = "<br>".join(map(html.escape, lines))
    return {
        MIME_ASIDE: {"lines": list(lines)},
        "text/html": f'<p style="color:#626264">{shown}</p>',
        "text/plain": "\n".join(lines),
    }


@dataclass(frozen=True)
class Nothing:
    """Nothing to show, and why: a section whose cells all show this is left out of the document.

    The reason is a clause for the analyst (「前年度の進捗がない」); the document does not hold it.
    """

    reason: str

    def __post_init__(self) -> None:
        check_fields(self)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return show_aside([f"表示するものはない：{self.reason}。"])


@dataclass(frozen=True)
class Sentences:
    """Generated sentences, one string a paragraph; ``role`` tells how they are set.

    A "part" (別紙), a "section" and a "subheading" are headings of the levels 1 to 3 made from data
    (the plan's word for those in charge, an indicator's name), which Markdown may not hold.
    """

    paragraphs: tuple[str, ...]
    role: Literal["lead", "body", "list", "note", "part", "section", "subheading"] = "body"

    def __post_init__(self) -> None:
        check_fields(self)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        paragraphs = "".join(f"<p>{html.escape(text)}</p>" for text in self.paragraphs)
        return {
            MIME_SENTENCES: asdict(self),
            "text/html": paragraphs,
            "text/plain": "\n".join(self.paragraphs),
        }


@dataclass(frozen=True)
class Column:
    """A table column: its label, alignment and share of the width (relative, not points).

    ``kind`` "mark" cells are status marks, drawn with the tone of ``Table.tones``.
    """

    label: str
    align: Align = "left"
    width: float = 1.0
    kind: Literal["text", "number", "mark"] = "text"

    def __post_init__(self) -> None:
        check_fields(self)
        if not 0 < self.width < math.inf:
            refuse_value(
                self,
                [
                    Words("width の値 {}（0 を超える数とする）", "width is {}, not above 0").fill(
                        self.width
                    )
                ],
            )


@dataclass(frozen=True)
class HeaderCell:
    """A cell of an upper header row that spans ``span`` columns."""

    text: str
    span: int = 1

    def __post_init__(self) -> None:
        check_fields(self)
        if self.span < 1:
            refuse_value(
                self,
                [
                    Words("span の値 {}（1 以上とする）", "span is {}, not 1 or more").fill(
                        self.span
                    )
                ],
            )


@dataclass(frozen=True)
class Table:
    """A table as a reader sees it: every cell a string, nothing computed later.

    ``groups`` is an upper header row (its spans add up to the number of columns), empty for
    none. The first ``row_headers`` columns head their rows. ``legend`` is repeated on every page,
    ``note`` stands once below.

    ``kinds`` has one word a row. An "attention" row is tinted. Of a "group" row, which heads those
    below, only the first cell is used, across the whole width, and the second, small behind it. Of
    a "note" row only the first cell is used, too: it says more of the row above and stays with it.

    ``joined`` are the (row, column) of cells that continue the one at their left; they are "".
    ``spoken`` has the words for which a mark stands, as a screen reader says them.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    row_headers: int = 1
    groups: tuple[HeaderCell, ...] = ()
    kinds: tuple[RowKind, ...] = ()
    tones: Mapping[str, str] = field(default_factory=dict)
    legend: str = ""
    note: str = ""
    joined: tuple[tuple[int, int], ...] = ()
    spoken: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_fields(self)
        if faults := list(self._find_misfits()):
            refuse_value(self, faults)

    def _find_misfits(self) -> Iterator[Words]:
        """Yield what does not fit together."""
        width, rows = len(self.columns), len(self.rows)
        if not width:
            yield Words("列がない", "it has no columns")
            return
        for number, row in enumerate(self.rows, 1):
            if len(row) != width:
                yield Words(
                    "{} 行目にセルが {} 個ある（列は {}）", "row {} has {} cells, not {}"
                ).fill(number, len(row), width)
        spans = sum(cell.span for cell in self.groups)
        if self.groups and spans != width:
            yield Words(
                "上段の見出しが {} 列分である（列は {}）",
                "the upper header spans {} columns, not {}",
            ).fill(spans, width)
        if self.kinds and len(self.kinds) != rows:
            yield Words("kinds が {} 個ある（行は {}）", "kinds has {} words, not {}").fill(
                len(self.kinds), rows
            )
        if not 0 <= self.row_headers <= width:
            yield Words("row_headers が {} である（列は {}）", "row_headers is {} of {}").fill(
                self.row_headers, width
            )
        for place, column in self.joined:
            if not (0 <= place < rows and 0 < column < width) or self.rows[place][column]:
                yield Words(
                    "joined の ({}, {}) が、左のセルに続く空のセルでない",
                    "({}, {}) in joined is no empty cell with another at its left",
                ).fill(place, column)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return {
            MIME_TABLE: asdict(self) | {"kinds": self.kinds or ("body",) * len(self.rows)},
            "text/html": self._html(),
            "text/plain": f"[{self.caption}: {len(self.rows)} × {len(self.columns)}]",
        }

    def _html(self) -> str:
        def cells(tag: str, texts: Sequence[str]) -> str:
            return "".join(f"<{tag}>{html.escape(text)}</{tag}>" for text in texts)

        head = cells("th", [column.label for column in self.columns])
        body = "".join(f"<tr>{cells('td', row)}</tr>" for row in self.rows)
        caption = html.escape(self.caption)
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{body}</table>"


@dataclass(frozen=True)
class Tile:
    """One figure of :class:`Tiles`: 「97」, its ``unit`` 「件」, what it counts, a tone or ""."""

    value: str
    label: str
    unit: str = ""
    tone: str = ""

    def __post_init__(self) -> None:
        check_fields(self)


@dataclass(frozen=True)
class Tiles:
    """The few figures that a reader of one page takes home, large and side by side."""

    tiles: tuple[Tile, ...]

    def __post_init__(self) -> None:
        check_fields(self)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        told = [f"{tile.label} {tile.value}{tile.unit}" for tile in self.tiles]
        return {
            MIME_TILES: asdict(self),
            "text/html": "".join(f"<p>{html.escape(text)}</p>" for text in told),
            "text/plain": "、".join(told),
        }


@dataclass(frozen=True)
class Chart:
    """A drawn figure: SVG text with alternative text and caption.

    One that is not ``described`` has of both only what could be read off the drawing.

    ``width`` is the share of the text width (0–1] at which its text has the size it was drawn
    with, so that an exporter never shrinks it below what can be read.
    """

    svg: str
    alt: str
    caption: str
    width: float = 1.0
    described: bool = True

    def __post_init__(self) -> None:
        check_fields(self)
        if not 0 < self.width <= 1:
            told = "width の値 {}（0 を超え 1 以下とする）", "width is {}, not within (0, 1]"
            refuse_value(self, [Words(*told).fill(self.width)])

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        told = {"alt": self.alt, "caption": self.caption, "width": self.width}
        return {
            MIME_FIGURE: told if self.described else told | {"described": False},
            "image/svg+xml": self.svg,
            "text/plain": self.alt,
        }


@dataclass(frozen=True)
class Rows:
    """Rows attached to the document as a CSV file named ``name`` (``*.csv``)."""

    name: str
    description: str
    csv: str

    def __post_init__(self) -> None:
        check_fields(self)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return {
            MIME_ROWS: asdict(self),
            "text/plain": f"[{self.name}: {self.description}]",
        }


@dataclass(frozen=True)
class Group:
    """Several values shown one after the other by one cell."""

    parts: tuple["Sentences | Table | Tiles | Chart", ...]

    def __post_init__(self) -> None:
        # Whatever knows how to show itself, such as a DataFrame, will do.
        if isinstance(self.parts, tuple | list):
            faults = [
                Words("{} 番目は表示できない（{}）", "part {} cannot be shown ({})").fill(
                    number, type(part).__name__
                )
                for number, part in enumerate(self.parts, 1)
                if not (hasattr(part, "_repr_mimebundle_") or hasattr(part, "_repr_html_"))
            ]
        else:
            faults = [Words("並べる値が組でない（例 Group((文, 表))）", "its parts are no tuple")]
        if faults:
            refuse_value(self, faults)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(*self.parts)  # type: ignore[no-untyped-call]  # IPython 9 leaves it untyped


@dataclass(frozen=True)
class Facts:
    """The document's facts, as described by ``facts.schema.json``."""

    values: Mapping[str, Any]

    def __post_init__(self) -> None:
        check_fields(self)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        return {MIME_FACTS: dict(self.values), "text/plain": "[facts]"}


@dataclass(frozen=True)
class Head:
    """The document's head: what it is, for whom, as of when, and in which state.

    ``links`` has, by the name with which tables list them, the documents beside this one: their
    addresses as seen from its page. Paper has no links.
    """

    kind: BriefingKind
    title: str
    subtitle: str
    municipality: str
    plan: str
    plan_title: str
    fiscal_year: int
    fiscal_year_label: str
    department: str | None
    document_number: str
    reported_to: str
    prepared_by: str
    contact: str
    as_of: str
    as_of_label: str
    issued: str
    issued_label: str
    state: Literal["draft", "final"]
    revision: int
    handling: str
    sample_notice: str
    attach_data: bool
    audience: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    def _repr_mimebundle_(self, **_: object) -> Bundle:
        lines = [self.title, self.subtitle, self.sample_notice]
        shown = "".join(f"<p>{html.escape(line)}</p>" for line in lines if line)
        return {MIME_HEAD: asdict(self), "text/html": shown, "text/plain": self.title}


def show_frame(frame: Any, caption: str = "") -> Table:
    """Return a DataFrame or Series as a table, with the texts of
    :func:`~nenpo.content.frames.read_frame`. Raises NotShowable.
    """
    # Imported here: whoever only reads what was displayed needs no pandas.
    from nenpo.content.frames import read_frame

    read = read_frame(frame)
    return make_table(caption, read.columns, read.row_headers, read.groups)


def make_table(
    caption: str,
    columns: Sequence["FrameColumn"],
    row_headers: int,
    groups: Sequence[tuple[str, int]],
) -> Table:
    """Return a table of columns of texts; ``groups`` are the texts and spans of an upper header."""
    rows = tuple(zip(*(column.texts for column in columns), strict=True))
    return Table(
        caption=caption,
        columns=tuple(
            Column(
                label=column.label,
                align=_ALIGNMENTS[column.kind],
                width=column_width([column.label, *column.texts]),
                kind="number" if column.kind == "number" else "text",
            )
            for column in columns
        ),
        rows=rows,
        row_headers=row_headers,
        groups=tuple(HeaderCell(text, span) for text, span in groups),
        note="" if rows else "該当する行はない。",
    )


_ALIGNMENTS: Mapping[str, Align] = {"text": "left", "number": "right", "tick": "center"}


def column_width(texts: Sequence[str]) -> float:
    """Return the share of a column with these texts, for ``Column.width``."""
    longest = max((len(text) for text in texts), default=1)
    return float(min(max(longest, 3), 30))


def teach_ipython() -> None:
    """Make the running IPython, if any, show what analysts show as values of this module.

    DataFrames and Series through :func:`show_frame`, figures and Stylers through the modules of
    ``_SHOWN_BY``. Importing this module does it; a shell that starts afterwards has to ask.
    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None:
        return

    def bundle(frame: Any, **_: object) -> Bundle:
        return show_frame(frame)._repr_mimebundle_()

    formatter = shell.display_formatter.mimebundle_formatter
    for name in ("DataFrame", "Series"):
        formatter.for_type_by_name("pandas", name, bundle)
    for (library, name), module in _SHOWN_BY.items():
        formatter.for_type_by_name(library, name, partial(_show_by, module))
    shell.events.register("post_execute", _show_left_figures)
    if "matplotlib" in sys.modules:
        importlib.import_module(_SHOWN_BY["matplotlib.figure", "Figure"]).prepare()


def _show_left_figures() -> None:
    """Show what a cell drew with a backend that shows nothing, as matplotlib's inline one does.

    ``matplotlib.use("Agg")`` stands at the top of many scripts.
    """
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or pyplot.get_backend().lower() != "agg":
        return
    from IPython.display import display

    for number in pyplot.get_fignums():
        display(pyplot.figure(number))  # type: ignore[no-untyped-call]  # IPython 9
    pyplot.close("all")


# Modules with a function ``show``, by name: importing them draws in what they show.
_SHOWN_BY = {
    ("matplotlib.figure", "Figure"): "nenpo.content.plots",
    ("pandas.io.formats.style", "Styler"): "nenpo.content.stylers",
}


def _show_by(module: str, value: Any, **_: object) -> Bundle:
    shown: Bundle = importlib.import_module(module).show(value)._repr_mimebundle_()
    return shown


teach_ipython()
