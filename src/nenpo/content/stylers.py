"""A Styler of pandas → a table of the texts that it displays."""

from collections.abc import Sequence
from html.parser import HTMLParser
from itertools import groupby
from typing import Any

import pandas as pd

from nenpo.content.display import Column, HeaderCell, Table, column_width

Cell = dict[str, Any]  # pandas' own


def show(styler: Any) -> Table:
    """Return a Styler as a table: displayed texts, without hidden rows, columns and index.

    Names of the index head its columns, those of column levels the group row; colours are lost.
    """
    # What pandas 3.0 gives to its own templates, rows of concatenated Stylers included:
    # `to_string` would join the cells, which may hold any separator.
    shown = styler._render(False, False, None, None, "")
    levels = sum(not hidden for hidden in styler.hide_index_)
    headers = 0 if _is_plain(styler.index) else levels
    rows = tuple(
        tuple(map(_read_text, filter(_is_visible, row)))[levels - headers :]
        for row in shown["body"]
    )
    visible = [n for n in range(len(styler.columns)) if n not in set(styler.hidden_columns)]
    labels, groups = _read_header(shown["head"], headers, len(visible))
    dtypes = [styler.data.dtypes.iloc[n] for n in visible]
    numeric = [False] * headers + [pd.api.types.is_numeric_dtype(dtype) for dtype in dtypes]
    columns = tuple(
        Column(
            label,
            align="right" if number else "left",
            width=column_width([label, *(row[place] for row in rows)]),
            kind="number" if number else "text",
        )
        for place, (label, number) in enumerate(zip(labels, numeric, strict=True))
    )
    caption = styler.caption
    caption = caption if isinstance(caption, str) else (caption or ("",))[0]
    return Table(caption or "", columns, rows, headers, groups=groups)


def _is_plain(index: pd.Index) -> bool:
    """Return whether the index only counts the rows."""
    counts = isinstance(index, pd.RangeIndex) and (index.start, index.step) == (0, 1)
    return counts and index.name is None


def _is_visible(cell: Cell) -> bool:
    return bool(cell["is_visible"])


def _read_header(
    head: Sequence[Sequence[Cell]], headers: int, width: int
) -> tuple[list[str], tuple[HeaderCell, ...]]:
    """Return the columns' labels and the group row, in the form that DataFrames have.

    The first ``headers`` columns are the index, ``width`` others the data.
    """
    levels: list[tuple[str, list[str]]] = []
    own = [""] * headers
    for row in head:
        cells = [cell for cell in row if _is_visible(cell)]
        names = [_read_text(cell) for cell in cells if "index_name" in cell["class"].split()]
        texts = [_read_text(cell) for cell in cells if "col_heading" in cell["class"].split()]
        if texts:
            levels.append(("".join(names), texts))
        elif names:
            own = names[-headers:] if headers else []
    if len(levels) == 1:
        name, labels = levels[0]
        return own + labels, _group([""] * headers + [name] * width)
    told = [[f"{name}：{t}" if name and t else t for t in texts] for name, texts in levels]
    *above, labels = told or [[""] * width]
    groups = ["／".join(filter(None, texts)) for texts in zip(*above, strict=True)]
    return own + labels, _group([""] * headers + groups)


def _group(texts: Sequence[str]) -> tuple[HeaderCell, ...]:
    """Return the group row: columns side by side with one text share a cell."""
    if not any(texts):
        return ()
    return tuple(HeaderCell(text, len(list(same))) for text, same in groupby(texts))


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
        """Break the line where the HTML does."""
        self.pieces += ["\n"] if tag == "br" else []

    def handle_data(self, data: str) -> None:
        """Take text."""
        self.pieces.append(data)
