"""A sheet → the table in it: its header wherever it stands, its columns, its rows."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from nenpo.workbooks.book import Sheet
from nenpo.workbooks.starting.grid import Grid, Text
from nenpo.workbooks.starting.headings import Column, is_heading, is_label, splits_head
from nenpo.workbooks.starting.times import is_time, read_year_heading

_SEARCHED = 60
_MOST_HEADER_ROWS = 3
_FEWEST_HEADINGS = 3
_DITTO = frozenset({"〃", "同上", "々", "同じ", "”", '"', "″", "ヾ", '""', "上に同じ", "↓"})
_TOTAL = re.compile(
    r"[(（【]?(?:.{0,12}(?:小計|合計|総計)|(?:累|総)?計|件数計|.{1,10}[部課局]計)[)）】]?(?:[(（].*[)）])?"
)
_NOTE = re.compile(r"[※＊*]|[(（<【〈＜\[［]?(?:注|凡例|備考)")
_SIGN = re.compile(r"[◎○〇◯△▲×✕□◇●▼☆★■◆①-⑤]|[-－―ー—]|[A-EＡ-Ｅ]")


@dataclass(frozen=True)
class ListRow:
    """A row of a table: its number in the sheet, and what stands in each column that has something.

    ``section`` tells the headings between the rows that it stands under; ``year`` is the fiscal
    year that one of those names and nothing else.
    """

    number: int
    cells: Mapping[int, Text]
    section: tuple[Text, ...] = ()
    year: int | None = None


@dataclass(frozen=True)
class Listing:
    """A table in a sheet, and the texts above it and below it."""

    grid: Grid
    header: int
    columns: tuple[Column, ...]
    rows: tuple[ListRow, ...]
    passed: frozenset[int] = frozenset()
    """Rows of the table that are told otherwise: lines of an item, rows of another year."""

    @cached_property
    def around(self) -> tuple[Text, ...]:
        """What stands above the header, and in rows that are none of the table."""
        used = {row.number for row in self.rows} | self.passed | self.grid.sheet.hidden_rows
        others = [row for row in self.grid.rows if row != self.header and row not in used]
        return tuple(text for row in others for text in self.grid.list_row(row))

    @property
    def above(self) -> tuple[Text, ...]:
        """What stands above the header."""
        return tuple(text for text in self.around if text.row < self.header)

    def list_values(self, column: int) -> list[str]:
        """Return what stands in a column, "" for a row without it."""
        return [row.cells[column].text if column in row.cells else "" for row in self.rows]


def find_listing(grid: Grid) -> Listing | None:
    """Return the table of a sheet, None if no row looks like its header."""
    found = max(_list_headers(grid), key=lambda header: header[0], default=None)
    if found is None:
        return None
    _, first, count, columns = found
    last = first + count - 1
    rows = tuple(_read_rows(grid, last, columns))
    return Listing(grid, last, columns, _join_sections(grid, rows, columns))


def is_turned(sheet: Sheet) -> bool:
    """Return whether headings stand below each other, with what they head beside them."""
    labels = Counter(column for row, column in sheet.cells if is_label(sheet.read(row, column)))
    return any(
        count >= _FEWEST_HEADINGS and any(c > column for _, c in sheet.cells)
        for column, count in labels.items()
    )


def _list_headers(
    grid: Grid,
) -> Iterator[tuple[tuple[int, int, int], int, int, tuple[Column, ...]]]:
    """Yield what may be a header: how good it is, its first row, how many rows, the columns."""
    candidates = [row for row in grid.sheet.rows if row <= _SEARCHED + next(grid.sheet.rows, 0)]
    for row in candidates:
        if any(text.row < row for text in grid.list_row(row)):
            continue  # a header begins above
        for count in range(1, _MOST_HEADER_ROWS + 1):
            rows = range(row, row + count)
            columns = _label_columns(grid, rows)
            known = sum(is_heading(column) for column in columns)
            if known < _FEWEST_HEADINGS or known * 2 < len(columns):
                continue
            if count > 1 and not _is_of_header(grid, rows):
                continue
            if _goes_on(grid, rows):
                continue
            # The first of two that are as good: a header is repeated on later pages.
            yield (known, -count, -row), row, count, columns


def _goes_on(grid: Grid, rows: range) -> bool:
    """Return whether most heads are merged with the row below, which has some of its own."""
    below = rows[-1] + 1
    heads = [text for row in rows for text in grid.list_row(row) if text.row == row]
    merged = [t for t in heads if grid.find_area(t.row, t.column).last_row >= below]
    own = [text for text in grid.list_row(below) if text.row == below] if merged else []
    return bool(own) and len(merged) * 2 >= len(heads)


def _is_of_header(grid: Grid, rows: range) -> bool:
    """Return whether the last of several rows belongs to the header: it splits what is above."""
    last = rows[-1]
    own = [text for text in grid.list_row(last) if text.row == last]
    above = {
        text.column
        for row in rows[:-1]
        for text in grid.list_row(row)
        if grid.find_area(text.row, text.column).last_row < last
    }
    fits = [t for t in own if is_label(t.text) or _has_year(t.text) or splits_head(t.text)]
    # A line of its own, as a date above the list at the right, is no row of headings.
    several = all(len(list(grid.list_row(row))) > 1 for row in rows)
    return bool(own) and bool(above) and several and len(fits) * 3 >= 2 * len(own)


def _has_year(text: str) -> bool:
    return len(text) <= 12 and bool(re.search(r"年度|[RH][0-9元]|区分|内容", text))


def _label_columns(grid: Grid, rows: range) -> tuple[Column, ...]:
    """Return the columns under a header of some rows, labels of upper rows before those below."""
    heads = dict[int, list[Text]]()
    for column in grid.columns:
        texts = list[Text]()
        for row in rows:
            text = grid.read(row, column) or _find_left(grid, rows, row, column)
            if text and (text.row, text.column) not in {(t.row, t.column) for t in texts}:
                texts.append(text)
        if texts and rows[-1] - rows[0] >= 0:
            heads[column] = texts
    columns = list[Column]()
    for column, texts in heads.items():
        lowest = texts[-1]
        area = grid.find_area(lowest.row, lowest.column)
        if area.first_column < column <= area.last_column:
            continue  # told at the first column that it covers
        names = [text.text.replace("\n", "") for text in texts]
        # 担当 above 主担当課 adds nothing; 令和5年度 above 実績 does.
        label = "".join(n for n in names if n == names[-1] or n not in names[-1])
        columns.append(Column(label, lowest.place, column, area.last_column, tuple(names)))
    return tuple(columns)


def _find_left(grid: Grid, rows: range, row: int, column: int) -> Text | None:
    """Return the label of an upper row that stands for several columns without being merged."""
    below = next((grid.read(r, column) for r in rows if r > row and grid.read(r, column)), None)
    if row == rows[-1] or below is None or below.row <= row:
        return None
    for left in range(column - 1, 0, -1):
        text = grid.read(row, left)
        if text is not None:
            own = grid.find_area(text.row, text.column)
            spread = own.first_row == own.last_row and own.first_column == own.last_column
            under = grid.read(rows[-1], left)
            return text if spread and under is not None and under.row > row else None
    return None


def _read_rows(grid: Grid, header: int, columns: Sequence[Column]) -> Iterator[ListRow]:
    """Yield the rows below the header, merged cells in each row that they cover."""
    unseen = [n for n in grid.rows if n > header and n in grid.sheet.hidden_rows]
    if unseen:
        ja, en = (
            "表示されていない行を取り込まなかった（{}件。{}行目など）",
            "{} hidden row(s) were left out (row {} …)",
        )
        grid.guesses.warn(grid.name, ja, en, len(unseen), unseen[0])
    for number in grid.rows[bisect_right(grid.rows, header) :]:
        if number in grid.sheet.hidden_rows:
            continue
        cells = dict[int, Text]()
        for position in grid.columns:
            text = grid.read(number, position)
            column = _find_column(columns, position)
            if text is not None and column is not None and text.row > header:
                before = cells.get(column)
                if before is None:
                    cells[column] = text
                elif text.row == number and text.text not in before.text.split("\n"):
                    joined = f"{before.text}\n{text.text}"
                    cells[column] = Text(joined, before.place, before.row, before.column)
        if cells:
            yield ListRow(number, cells)


def _find_column(columns: Sequence[Column], position: int) -> int | None:
    """Return which column of the table a column of the sheet belongs to.

    Squared paper has many narrow ones: what stands a little beside its label belongs to it.
    """
    left = [n for n, column in enumerate(columns) if column.first <= position]
    if not left:
        return None
    found = left[-1]
    squared = any(column.last > column.first for column in columns)
    return found if position <= columns[found].last or squared else None


def _join_sections(
    grid: Grid, rows: Sequence[ListRow], columns: Sequence[Column]
) -> tuple[ListRow, ...]:
    """Return the rows of the table, each with the headings that stand between them above it."""
    labels = {re.sub(r"\s", "", column.label) for column in columns}
    kept, section, ends, year = list[ListRow](), list[Text](), False, None
    width = max(column.last for column in columns) - min(column.first for column in columns) + 1
    # Where rows hold much, one that holds a single text is a heading between them.
    counts = sorted(len(set(row.cells.values())) for row in rows)
    is_full = bool(counts) and counts[len(counts) // 2] >= _FEWEST_HEADINGS
    for row in rows:
        texts = list(dict.fromkeys(row.cells.values()))
        own = [text for text in texts if text.row == row.number]
        first = own[0] if own else texts[0]
        if sum(re.sub(r"\s", "", text.text) in labels for text in texts) * 2 > len(texts):
            continue  # the header again, on another page
        if own and all(is_time(part) for text in own for part in text.text.split("\n")):
            if len(own) == 1 and (stated := read_year_heading(first.text)):
                year = stated
            else:
                grid.guesses.leave(first.place, "年度だけの行", "a row of years alone")
            continue
        if _TOTAL.fullmatch(re.sub(r"\s", "", first.text)):
            grid.guesses.leave(first.place, "合計の行", "a row of totals")
            continue
        area = grid.find_area(first.row, first.column)
        wide = (area.last_column - area.first_column + 1) * 2 > width
        is_left = min(row.cells) <= 1
        is_section = wide or (is_full and is_left) or _is_section(first.text)
        if own and len(texts) <= 2 and _NOTE.match(first.text):
            ends = True
            continue
        if own and len(texts) == 1 and (stated := read_year_heading(first.text)):
            year = stated
            ja, en = "「{}」の下は、その年度のこととした", "what is below '{}' is of that year"
            grid.guesses.guess(first.place, ja, en, first.text)
            continue
        if len(texts) <= 3 and own and _SIGN.fullmatch(first.text) and (ends or len(texts) == 2):
            continue  # of a legend, which may be a small table
        if len(texts) == 1 and first.row == row.number and is_section:
            section = _put_section(section, first)
            ja, en = "間にある見出し「{}」", "'{}' is a heading between the rows"
            grid.guesses.guess(first.place, ja, en, first.text)
            continue
        if ends and len(texts) == 1:
            continue
        kept.append(ListRow(row.number, row.cells, tuple(section), year))
    return tuple(kept)


_LEVELS = (
    re.compile(
        r"(?:基本)?(?:目標|方針|戦略|柱|政策|章|分野|重点)|^[ⅠⅡⅢⅣⅤⅥ第■●【]|^[1-9１-９][\s　.．、]"
    ),
    re.compile(
        r"施策|取組方針|項|節|^[(（<＜〔][0-9０-９]|^[①-⑳]|^[0-9０-９]+[-－‐.．][0-9０-９]|^[◆◇○・]"
    ),
)


def _is_section(text: str) -> bool:
    return len(text) <= 60 and any(level.search(text[:12]) for level in _LEVELS)


def _put_section(section: Sequence[Text], text: Text) -> list[Text]:
    """Return the headings that hold from here on: one of the same kind takes the other's place."""
    level = next((n for n, form in enumerate(_LEVELS) if form.search(text.text[:12])), 0)
    return [*section[:1], text] if level and section else [text]


def join_legend(texts: Sequence[Text]) -> list[str]:
    """Return texts, those of a legend that is a small table as ◎：完了 on a line each."""
    lines, pairs = [text.text for text in texts], list[str]()
    for _, row in groupby(texts, lambda text: text.row):
        cells = [text.text for text in row]
        signs, words = cells[::2], cells[1::2]
        if len(signs) == len(words) and all(map(_SIGN.fullmatch, signs)):
            pairs += [f"{s}：{w.splitlines()[0]}" for s, w in zip(signs, words, strict=True)]
    return [*lines, "\n".join(pairs)]


def is_ditto(text: str) -> bool:
    """Return whether a cell says that it says what the one above does."""
    return text in _DITTO
