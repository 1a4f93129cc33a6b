"""A Styler of pandas → a table of the texts that it displays."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from html.parser import HTMLParser
from typing import Any, NamedTuple

import pandas as pd

from nenpo.content.display import Table, make_table
from nenpo.content.frames import (
    FrameColumn,
    group_alike,
    is_infinite,
    is_missing,
    only_counts,
    write_column,
)
from nenpo.errors import NotShowable, Words

Cell = dict[str, Any]  # pandas' own
_MISSING = re.compile(r"nan|NaT|None|<NA>")
_PICTURES = frozenset({"img", "svg", "picture", "canvas", "video", "object", "iframe"})


def show(styler: Any) -> Table:
    """Return a Styler as a table: displayed texts, without hidden rows, columns and index.

    What nobody formatted is written as in a DataFrame, and what is missing left blank. Names of the
    index head its columns, those of column levels the group row; colours are lost.

    Raises NotShowable as ``read_frame``, and for images.
    """
    # What pandas 3.0 gives to its own templates, rows of concatenated Stylers included:
    # `to_string` would join the cells, which may hold any separator.
    shown = styler._render(False, False, None, None, "")
    levels = sum(not hidden for hidden in styler.hide_index_)
    headers = 0 if only_counts(styler.index) else levels
    places = [each for part in _list_parts(styler) for each in _list_rows(part)]
    rows = [
        _list_cells(part, number, row)[levels - headers :]
        for (part, number), row in zip(places, shown["body"], strict=True)
    ]
    width = sum(n not in set(styler.hidden_columns) for n in range(len(styler.columns)))
    labels, groups = _read_header(shown["head"], headers, width)
    numeric = [False] * headers + [
        pd.api.types.is_numeric_dtype(styler.data.dtypes.iloc[n])
        for n in range(len(styler.columns))
        if n not in set(styler.hidden_columns)
    ]
    columns = [
        _write_cells(label, [row[place] for row in rows], numeric[place], place < headers)
        for place, label in enumerate(labels)
    ]
    caption = styler.caption
    caption = caption if isinstance(caption, str) else (caption or ("",))[0]
    return make_table(caption or "", columns, headers, groups)


def _list_parts(styler: Any) -> Iterator[Any]:
    """Yield a Styler and those that were concatenated to it, in the order of their rows."""
    yield styler
    for each in styler.concatenated:
        yield from _list_parts(each)


def _list_rows(styler: Any) -> Iterator[tuple[Any, int]]:
    hidden = set(styler.hidden_rows)
    return ((styler, number) for number in range(len(styler.index)) if number not in hidden)


class _Shown(NamedTuple):
    """A cell's value (of a text, as a browser shows it), what is displayed, and if by default."""

    value: Any
    text: str
    unformatted: bool


def _list_cells(styler: Any, row: int, cells: Sequence[Cell]) -> list[_Shown]:
    """Return the visible cells of a row: those of the index, then the data."""
    index = [cell for cell in cells if cell["type"] == "th"]
    data = cells[len(index) :]
    formats = [
        *(styler._display_funcs_index[row, level] for level in range(len(index))),
        *(styler._display_funcs[row, column] for column in range(len(data))),
    ]
    return [
        _read_cell(cell, form)
        for cell, form in zip(cells, formats, strict=True)
        if _is_visible(cell)
    ]


def _read_cell(cell: Cell, form: Any) -> _Shown:
    """Return a cell; ``form`` is its format, or one of pandas', which leaves most as it is."""
    value, text = cell["value"], _read_text(cell)
    # Of columns that `format({…})` does not name, pandas sets its default anew.
    precision = pd.get_option("styler.format.precision")
    usual = {"precision": precision, "thousands": False}
    default = isinstance(form, partial) and {"thousands": False} | form.keywords == usual
    if isinstance(value, str):
        return _Shown(text, text, unformatted=True)
    if default and isinstance(value, float) and not is_infinite(value):
        value = round(value, precision)
    return _Shown(value, text, default or not isinstance(cell["display_value"], str))


def _write_cells(label: str, cells: Sequence[_Shown], number: bool, naming: bool) -> FrameColumn:
    """Return a column of what is displayed, with the texts of a DataFrame where nobody said how."""
    own = [cell.value for cell in cells if _is_own(cell)]
    written = write_column(label, own, naming=naming)
    if len(own) == len(cells):
        return written
    texts = iter(written.texts)
    told = tuple(
        next(texts)
        if _is_own(cell)
        else ""
        if is_missing(cell.value) and _MISSING.search(cell.text)
        else cell.text
        for cell in cells
    )
    return FrameColumn(label, told, "number" if number else "text")


def _is_own(cell: _Shown) -> bool:
    return cell.unformatted or (is_infinite(cell.value) and "inf" in cell.text.lower())


def _is_visible(cell: Cell) -> bool:
    return bool(cell["is_visible"])


def _read_header(
    head: Sequence[Sequence[Cell]], headers: int, width: int
) -> tuple[list[str], tuple[tuple[str, int], ...]]:
    """Return the columns' labels and the group row, in the form that DataFrames have.

    The first ``headers`` columns are the index, ``width`` others the data.
    """
    levels: list[tuple[str, list[str]]] = []
    own = [""] * headers
    for row in head:
        cells = [cell for cell in row if _is_visible(cell)]
        names = [_read_text(cell) for cell in cells if "index_name" in cell["class"].split()]
        texts = [_read_heading(cell) for cell in cells if "col_heading" in cell["class"].split()]
        if texts:
            levels.append(("".join(names), texts))
        elif names:
            own = names[-headers:] if headers else []
    if len(levels) == 1:
        name, labels = levels[0]
        return own + labels, group_alike([""] * headers + [name] * width)
    told = [[f"{name}：{t}" if name and t else t for t in texts] for name, texts in levels]
    *above, labels = told or [[""] * width]
    groups = ["／".join(filter(None, texts)) for texts in zip(*above, strict=True)]
    return own + labels, group_alike([""] * headers + groups)


def _read_heading(cell: Cell) -> str:
    if isinstance(cell["display_value"], str) and not isinstance(cell["value"], float):
        return _read_text(cell)
    return write_column("", [cell["value"]], naming=True).texts[0]


def _read_text(cell: Cell) -> str:
    """Return what a browser would show of a cell: Stylers may format as HTML, or escape."""
    reader = _Text()
    reader.feed(str(cell["display_value"]))
    reader.close()
    return "".join(reader.pieces).strip()


class _Text(HTMLParser):
    """Collects the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        """Break the line where the HTML does. Raises NotShowable for an image."""
        if tag in _PICTURES:
            raise NotShowable(
                what=Words("表の中の <{}>", "<{}> in a table").fill(tag),
                remedy=Words("画像は表の外に示すこと", "Show it outside of the table"),
            )
        self.pieces += ["\n"] if tag == "br" else []

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.pieces.append(data)
