"""Lists with several lines an item: what each line says becomes a column of its own.

計画 above 実績 above 課題 in one column, told by a column beside it or by the heading (上段：計画
下段：実績); or a row a year, of which the one in question stays.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nenpo.language.ordinary import fold_width
from nenpo.workbooks.labels import find_meaning
from nenpo.workbooks.starting.grid import Text
from nenpo.workbooks.starting.headings import Column, guess_column, is_label
from nenpo.workbooks.starting.listing import Listing, ListRow
from nenpo.workbooks.starting.times import YEAR, find_years, is_time, read_year_heading

_OF_ROWS = re.compile(r"(?:報告|実績|評価|対象|会計|年)?年度?|区分")
_UPPER = re.compile(
    r"(?:上段|上)[:：\s]*(?P<first>[^\s:：、・／/（(]+?)[\s、・／/]*(?:下段|下)[:：\s]*(?P<last>[^\s:：、・／/）)]+)"
)
_FEWEST_LINES = 1.5
_MOST_LABELS = 8
Block = list[tuple[int, ListRow]]


@dataclass(frozen=True)
class _Lines:
    """Rows by item, each with which line of it it is; of each column the labels of its lines."""

    blocks: Sequence[Block]
    spoken: Mapping[int, Sequence[str]]
    dropped: int | None = None


def take_lines(listing: Listing, fiscal_year: int) -> Listing:
    """Return a table with one row an item, where it has several lines of different meaning."""
    lines = _find_labelled(listing) or _find_stacked(listing, fiscal_year)
    return _unfold(listing, lines) if lines else listing


def keep_year(listing: Listing, fiscal_year: int) -> Listing:
    """Return a table with the rows of a fiscal year, where its rows say of which one they are."""
    years = _list_years(listing)
    others = sorted({year for year in years if year not in (None, fiscal_year)} - {None})
    if not others:
        return listing
    left = sum(year not in (None, fiscal_year) for year in years)
    listing.grid.guesses.warn(
        listing.grid.name,
        "{}年度の行を取り込まなかった（{}件）。報告の年度でないため",
        "the rows of {} were left out ({}): they are not of the year reported",
        "、".join(map(str, others)),
        left,
    )
    rows = tuple(
        row
        for row, year in zip(_repeat_names(listing), years, strict=True)
        if year in (None, fiscal_year)
    )
    passed = listing.passed | {row.number for row in listing.rows}
    return replace(listing, rows=rows, passed=passed)


def list_line_labels(listings: Sequence[Listing]) -> Iterator[str]:
    """Yield labels that name the years of the rows that say something."""
    for listing in listings:
        for row, year in zip(listing.rows, _list_years(listing), strict=True):
            if year is not None and len(row.cells) > 2:
                yield f"{year}年度実績"


def _list_years(listing: Listing) -> list[int | None]:
    """Return the year of each row, None where it names none."""
    column = _find_year_column(listing)
    if column is None:
        return [row.year for row in listing.rows]
    return [
        read_year_heading(row.cells[column].text) if column in row.cells else row.year
        for row in listing.rows
    ]


def _find_year_column(listing: Listing) -> int | None:
    for n, column in enumerate(listing.columns):
        told = [value for value in listing.list_values(n) if value]
        if told and _OF_ROWS.fullmatch(column.label) and all(map(is_time, told)):
            return n
    return None


def _repeat_names(listing: Listing) -> Iterator[ListRow]:
    """Yield the rows with what stands once for several of them, left of the year of each."""
    column = _find_year_column(listing)
    above = dict[int, Text]()
    for row in listing.rows:
        own = {n: text for n, text in row.cells.items() if column is not None and n < column}
        # A name of its own begins another item.
        above = {**above, **own} if not own or set(own) < set(above) else own
        yield replace(row, cells={**above, **row.cells}) if column is not None else row


def _find_labelled(listing: Listing) -> _Lines | None:
    """Return the lines that a column tells: 計画, 実績, 課題 beside what each of them is."""
    for n in range(len(listing.columns)):
        labels = list(dict.fromkeys(value for value in listing.list_values(n) if value))
        if not 1 < len(labels) <= _MOST_LABELS or not all(map(_is_line, labels)):
            continue
        blocks = _split_by_label(listing, n, labels)
        if len(blocks) * _FEWEST_LINES > sum(map(len, blocks)):
            continue
        spoken = {
            column: [_join_year(listing.columns[column], label) for label in labels]
            for column in range(n + 1, len(listing.columns))
            if any(_count_own(block, column) > 1 for block in blocks)
        }
        if spoken:
            heading = listing.columns[n]
            listing.grid.guesses.guess(
                heading.place,
                "列「{}」→ 行の区分（{}）",
                "column '{}' → what each line is ({})",
                heading.label,
                "、".join(labels),
            )
            return _Lines(blocks, spoken, n)
    return None


def _is_line(label: str) -> bool:
    """Return whether a text is what a line may be called: of 相談事業 only the end would be."""
    guess = find_meaning(label)
    return guess is not None and guess.exact and guess.meanings[0] not in ("title", "number")


def _split_by_label(listing: Listing, column: int, labels: Sequence[str]) -> list[Block]:
    """Return the rows by item: a label that comes again, or another name, begins the next."""
    blocks, named = list[Block](), dict[int, str]()
    for row in listing.rows:
        label = row.cells.get(column)
        line = labels.index(label.text) if label else -1
        own = {n: text.text for n, text in row.cells.items() if n < column}
        again = bool(blocks) and line in {known for known, _ in blocks[-1]}
        other = any(named.get(n, text) != text for n, text in own.items())
        if not blocks or again or other or line < 0:
            blocks.append([])
            named = {}
        named = {**named, **own}
        blocks[-1].append((max(line, 0), row))
    return blocks


def _find_stacked(listing: Listing, fiscal_year: int) -> _Lines | None:
    """Return the lines that the headings tell: 上段：計画 下段：実績, or one above the other."""
    stacked = {n: _list_stacked(column) for n, column in enumerate(listing.columns)}
    stacked = {n: labels for n, labels in stacked.items() if labels}
    if not stacked:
        return None
    names = [
        n
        for n, column in enumerate(listing.columns)
        if {*guess_column(column, (), fiscal_year)[:1]} & {"number", "title"}
    ]
    blocks = list[Block]()
    for row in listing.rows:
        begins = any(n in row.cells and row.cells[n].row == row.number for n in names)
        if begins or not blocks:
            blocks.append([])
        blocks[-1].append((len(blocks[-1]), row))
    deep = max(map(len, stacked.values()))
    if not blocks or any(len(block) > deep for block in blocks):
        return None
    if len(blocks) * _FEWEST_LINES > sum(map(len, blocks)):
        return None
    spoken = {
        n: [_join_year(listing.columns[n], label) for label in labels]
        for n, labels in stacked.items()
        if any(_count_own(block, n) > 1 for block in blocks)
    }
    for n, labels in spoken.items():
        listing.grid.guesses.guess(
            listing.columns[n].place,
            "列「{}」は、上から「{}」とした",
            "the lines of column '{}' were taken as: {}",
            listing.columns[n].label,
            "、".join(labels),
        )
    return _Lines(blocks, spoken) if spoken else None


def _list_stacked(column: Column) -> list[str]:
    found = _UPPER.search(fold_width(column.label))
    if found and is_label(found["first"]) and is_label(found["last"]):
        return [found["first"], found["last"]]
    parts = column.parts
    whole = len(parts) > 1 and all(is_label(part) and not is_time(part) for part in parts)
    return list(parts) if whole and column.first == column.last else []


def _join_year(column: Column, label: str) -> str:
    """Return the label of a line in a column: 令和5年度 beside 実績 is 令和5年度実績."""
    stated = "" if find_years(label) else "".join(f[0] for f in YEAR.finditer(column.label))
    return f"{stated}年度{label}" if stated else label


def _count_own(block: Block, column: int) -> int:
    return sum(column in row.cells and row.cells[column].row == row.number for _, row in block)


def _unfold(listing: Listing, lines: _Lines) -> Listing:
    """Return the table with a column for each line, and a row for each item."""
    kept = [n for n in range(len(listing.columns)) if n not in lines.spoken and n != lines.dropped]
    places: dict[tuple[int, int | None], int] = {(n, None): p for p, n in enumerate(kept)}
    columns = [listing.columns[n] for n in kept]
    for n, labels in lines.spoken.items():
        for line, label in enumerate(labels):
            places[n, line] = len(columns)
            own = listing.columns[n]
            columns.append(Column(label, own.place, own.first, own.last, (label,)))
    rows = [_join_block(block, places) for block in lines.blocks]
    passed = listing.passed | {row.number for row in listing.rows}
    return replace(listing, columns=tuple(columns), rows=tuple(rows), passed=passed)


def _join_block(block: Block, places: Mapping[tuple[int, int | None], int]) -> ListRow:
    cells = dict[int, Text]()
    for line, row in block:
        for n, text in row.cells.items():
            position = places.get((n, None), places.get((n, line)))
            if position is None:
                continue
            before = cells.get(position)
            if before is None:
                cells[position] = text
            elif text.row == row.number and text.text not in before.text.split("\n"):
                cells[position] = replace(before, text=f"{before.text}\n{text.text}")
    first = block[0][1]
    return replace(first, cells=dict(sorted(cells.items())))
