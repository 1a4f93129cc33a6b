"""A workbook of tables as it came back → which sheet, column and row is which, and its cells.

Sheets, columns and rows are known by what row 1 and column A hold; failing that, by the names of
sheets and by what heads the columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nenpo.data.headings import fold_text, list_titles
from nenpo.data.schema.columns import find_field
from nenpo.data.schema.tables import PLAN_TABLES, YEAR_TABLES
from nenpo.errors import UnusableCell, UnusableWorkbook, Words, WorkbookError
from nenpo.workbooks.book import Book, Sheet, name_place
from nenpo.workbooks.tables.cells import Refused, Taken, read_cell
from nenpo.workbooks.tables.sheets import TableColumn, TableSheet

_MARKER = re.compile(r"nenpo:1:table:(?P<plan>[^:]*):(?P<path>[^:]*):(?P<digest>[0-9a-f]*)")
_OURS = "nenpo:1:"
_YEAR_PATH = re.compile(r"([0-9]{4})/(.+)")
# What heads the columns stands within the first rows, whatever people put above it.
_HEAD_ROWS = 20
_NEAR = 8

_EXPORT_AGAIN = Words(
    "nenpo tables export で書き出したブックを書き換えて、取り込むこと。",
    "Change a workbook that nenpo tables export has written.",
)


@dataclass(frozen=True)
class ReadRow:
    """A row: where it stands in the sheet, the number that it was written with, and its cells."""

    row: int
    number: int | None
    cells: Mapping[str, Taken]


@dataclass(frozen=True)
class ReadTable:
    """A table as a workbook has it; ``columns`` are the positions of those that are there.

    ``digest`` is that of the table when it was written, "" if nobody can tell.
    """

    table: TableSheet
    book: str
    sheet: str
    digest: str
    columns: Mapping[str, int]
    rows: tuple[ReadRow, ...]

    def name_place(self, row: int, column: str) -> str:
        """Return the place of a cell; of a column that is not there, the first of the row."""
        return name_place(self.book, self.sheet, row, self.columns.get(column, 2))


def find_origin(book: Book) -> tuple[str, int | None]:
    """Return of which plan and year a workbook holds tables. Raises ``UnusableWorkbook``.

    The year is None if all of them are of the whole plan.
    """
    found = [mark for mark in map(_read_marker, book.sheets) if mark]
    plans = sorted({mark["plan"] for mark in found})
    if not plans:
        why = Words("データの表のブックではない", "it is no workbook of tables")
        raise UnusableWorkbook(place=book.name, why=why, remedy=_EXPORT_AGAIN)
    matches = (_YEAR_PATH.fullmatch(mark["path"]) for mark in found)
    years = sorted({int(year[1]) for year in matches if year})
    if len(plans) > 1 or len(years) > 1:
        told = ", ".join(plans if len(plans) > 1 else map(str, years))
        why = Words(
            f"複数の計画又は年度（{told}）の表がある",
            f"it holds tables of several plans or years: {told}",
        )
        remedy = Words("計画と年度ごとにブックを分けること。", "Have a workbook for each of them.")
        raise UnusableWorkbook(place=book.name, why=why, remedy=remedy)
    return plans[0], years[0] if years else None


def read_tables(
    book: Book,
    sheets: Sequence[TableSheet],
    problems: list[WorkbookError],
    notes: list[Words],
) -> tuple[ReadTable, ...]:
    """Return the tables that a workbook holds; what is wrong goes to ``problems``.

    ``sheets`` are those that there may be. What was passed over or mended goes to ``notes``.
    """
    notes.extend(book.notes)
    by_path = {sheet.path: sheet for sheet in sheets}
    by_name = {fold_text(sheet.name): sheet for sheet in sheets}
    read: dict[str, ReadTable] = {}
    for each in book.sheets:
        mark = _read_marker(each)
        table = by_path.get(mark["path"]) if mark else by_name.get(fold_text(each.name))
        if table is None:
            if mark or not _locate_marker(each):
                notes.extend(_note_sheet(each))
        elif table.path in read:
            problems.append(_refuse_twice(book, each, read[table.path]))
        else:
            digest = mark["digest"] if mark else ""
            read[table.path] = _Reader(book, each, table, problems, notes).read(digest)
    return tuple(read.values())


def _locate_marker(sheet: Sheet) -> tuple[int, int] | None:
    """Return where our marker stands: in A1, unless rows or columns were inserted before it."""
    near = ((row, column) for row in range(1, _NEAR) for column in range(1, _NEAR))
    return next((place for place in near if sheet.read(*place).startswith(_OURS)), None)


def _read_marker(sheet: Sheet) -> re.Match[str] | None:
    found = _MARKER.fullmatch(sheet.read(*(_locate_marker(sheet) or (1, 1))))
    year = _YEAR_PATH.fullmatch(found["path"]) if found else None
    known = found and (found["path"] in PLAN_TABLES or (year and year[2] in YEAR_TABLES))
    return found if known else None


def _note_sheet(sheet: Sheet) -> Iterator[Words]:
    if sheet.cells:
        yield Words("シート「{}」は取り込まない", "the sheet '{}' is not taken in").fill(sheet.name)


def _refuse_twice(book: Book, sheet: Sheet, first: ReadTable) -> UnusableWorkbook:
    why = Words(
        f"シート「{first.sheet}」と同じ表である",
        f"it is the same table as the sheet '{first.sheet}'",
    )
    remedy = Words("どちらかのシートを削除すること。", "Delete one of the two sheets.")
    return UnusableWorkbook(place=f"{book.name}!{sheet.name}", why=why, remedy=remedy)


@dataclass(frozen=True)
class _Reader:
    """Reads one sheet as one table."""

    book: Book
    sheet: Sheet
    table: TableSheet
    problems: list[WorkbookError]
    notes: list[Words]

    @property
    def marked(self) -> tuple[int, int]:
        """The hidden row of names and the hidden column of numbers; 0 where they are gone."""
        return _locate_marker(self.sheet) or (0, 0)

    def read(self, digest: str) -> ReadTable:
        head = self._find_head()
        if not head:
            why = Words("列の見出しがない", "nothing heads its columns")
            place = f"{self.book.name}!{self.sheet.name}"
            self.problems.append(UnusableWorkbook(place=place, why=why, remedy=_EXPORT_AGAIN))
        columns = self._find_columns(head)
        self._check_columns(columns, head)
        self._check_merged(head)
        rows = tuple(self._read_rows(columns, head))
        hidden = sum(row.row in self.sheet.hidden_rows for row in rows)
        if hidden:
            told = Words(
                "{}: 隠れている {} 行も取り込む", "{}: {} hidden row(s) are taken in as well"
            )
            self.notes.append(told.fill(self.sheet.name, hidden))
        return ReadTable(self.table, self.book.name, self.sheet.name, digest, columns, rows)

    def _name_heading(self, text: str) -> str | None:
        """Return the column that a text heads, None for none."""
        folded = fold_text(text)
        titles = list_titles(self.table.model)
        spoken = {column.name: column.heading for column in self.table.columns}
        # As this plan says it first: 施策 is the measure's heading, or the policy's.
        for names in (spoken, titles):
            for column, heading in names.items():
                if column in spoken and fold_text(heading) == folded:
                    return column
        return text if text in spoken else None

    def _find_head(self) -> int:
        """Return the row whose cells head the columns: the last that names most of them."""
        most, head = 0, 0
        for row in range(self.marked[0] + 1, self.marked[0] + _HEAD_ROWS):
            texts = [self.sheet.read(row, column) for r, column in self.sheet.cells if r == row]
            named = sum(self._name_heading(text) is not None for text in texts)
            if named >= max(most, 1):
                most, head = named, row
        return head

    def _find_columns(self, head: int) -> dict[str, int]:
        """Return the positions of the columns, by row 1 or by what heads them."""
        names, numbers = self.marked
        known = {column.name for column in self.table.columns}
        columns: dict[str, int] = {}
        for position in sorted({column for _, column in self.sheet.cells}):
            if position == numbers:
                continue
            key = self.sheet.read(names, position)
            heading = self._name_heading(self.sheet.read(head, position))
            name = key if key in known else heading
            if key in known and heading and heading != key:
                self._refuse_heading(head, position, key)
            elif name in columns:
                self._refuse_heading(head, position, str(name), columns[str(name)])
            elif name:
                columns[name] = position
            else:
                self._note_column(head, position)
        return columns

    def _refuse_heading(self, head: int, position: int, name: str, first: int = 0) -> None:
        titles = {column.name: column.heading for column in self.table.columns}
        why = Words(f"「{titles[name]}」の列である", f"it is the column of {titles[name]}")
        if first:
            other = name_place("", "", head, first).strip("!")
            why = Words(f"{other} と同じ列である", f"it is the same column as {other}")
        remedy = Words("見出しを戻すか、列を削除すること。", "Restore its heading, or delete it.")
        self.problems.append(
            UnusableCell(
                place=name_place(self.book.name, self.sheet.name, head, position),
                column=Words("見出し", "heading"),
                value=self.sheet.read(head, position),
                why=why,
                allowed=Words(titles[name], titles[name]),
                remedy=remedy,
            )
        )

    def _note_column(self, head: int, position: int) -> None:
        rows = [row for row, column in self.sheet.cells if column == position and row > head]
        if rows:
            place = name_place(self.book.name, self.sheet.name, head, position)
            told = Words("{}「{}」は取り込まない", "{}: the column '{}' is not taken in")
            self.notes.append(told.fill(place, self.sheet.read(head, position)))

    def _check_columns(self, columns: Mapping[str, int], head: int) -> None:
        """Refuse a table without a column that it cannot do without; others stay as they are."""
        for column in self.table.columns:
            required = find_field(self.table.model, column.name).is_required()
            if column.name not in columns and required:
                why = Words(
                    f"列「{column.heading}」がない", f"its column '{column.heading}' is gone"
                )
                place = f"{self.book.name}!{self.sheet.name}"
                told = Words(f"{head}行目に見出しを戻すこと。", f"Restore it in row {head}.")
                self.problems.append(UnusableWorkbook(place=place, why=why, remedy=told))

    def _check_merged(self, head: int) -> None:
        for area in self.sheet.merged:
            if area.last_row > head:
                place = (area.first_row, area.first_column)
                self.problems.append(
                    UnusableCell(
                        place=name_place(self.book.name, self.sheet.name, *place),
                        column=Words("セル", "cell"),
                        value=self.sheet.read(*place),
                        why=Words("セルが結合されている", "it is merged with others"),
                        allowed=Words("結合のないセル", "cells of their own"),
                        remedy=Words(
                            "結合を解除し、それぞれのセルに値を書くこと。",
                            "Split it, and write a value in each cell.",
                        ),
                    )
                )

    def _read_rows(self, columns: Mapping[str, int], head: int) -> Iterator[ReadRow]:
        by_name = {column.name: column for column in self.table.columns}
        _, numbers = self.marked
        for row in self.sheet.rows:
            if row <= head:
                continue
            cells = {
                name: self._read_cell(row, position, by_name[name])
                for name, position in columns.items()
            }
            if any(taken.text for taken in cells.values()):
                number = self.sheet.read(row, numbers)
                yield ReadRow(row, int(number) if number.isdecimal() else None, cells)

    def _read_cell(self, row: int, position: int, column: TableColumn) -> Taken:
        taken = read_cell(self.sheet.cells.get((row, position)), column)
        if isinstance(taken, Refused):
            self.problems.append(
                UnusableCell(
                    place=name_place(self.book.name, self.sheet.name, row, position),
                    column=column.heading,
                    value=taken.value,
                    why=taken.why,
                    allowed=taken.allowed,
                    remedy=taken.remedy,
                )
            )
            return Taken(taken.value)
        return taken
