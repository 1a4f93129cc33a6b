"""Where a survey stands, as a workbook: a row a department, and a row for everything open."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from nenpo.language.fiscal import date_label, fiscal_year_label
from nenpo.workbooks.status import STATES, DepartmentStatus, SurveyStatus
from nenpo.workbooks.status_text import count_departments, describe_days

_UNDATED = datetime(2000, 1, 1)
_HEAD = 3  # rows above the first department
_A4 = 9
_COLOURS = {"missing": "#FFC7CE", "faulty": "#FFC7CE", "partial": "#FFEB9C", "waiting": "#FFEB9C"}
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class _Column:
    label: str
    width: int


_OVERVIEW = (
    _Column("部署", 20),
    _Column("状況", 20),
    _Column("回答済み", 9),
    _Column("調査項目", 9),
    _Column("未記入", 8),
    _Column("誤り", 7),
    _Column("送付日", 12),
    _Column("提出期限", 12),
    _Column("受領日", 12),
    _Column("期限との差", 12),
    _Column("未取込みの返信", 28),
)
_OPEN = (
    _Column("部署", 20),
    _Column("シート", 12),
    _Column("番号", 12),
    _Column("題名", 60),
    _Column("未記入の欄", 36),
)
_Cell = str | int | date | None


def write_status(status: SurveyStatus, today: date) -> bytes:
    """Return the workbook; of the same status on the same day, the same bytes."""
    written = io.BytesIO()
    title = f"{status.title}　{fiscal_year_label(status.fiscal_year)}進捗状況調査　回答状況"
    with xlsxwriter.Workbook(written, _OPTIONS) as book:
        book.set_properties({"title": title, "created": _UNDATED})
        formats = _Formats(book)
        told = f"{date_label(today)}現在。{count_departments(status, today).ja.partition(': ')[2]}"
        overview = _add_sheet(book, "回答状況", (title, told), _OVERVIEW, formats)
        for number, each in enumerate(status.departments, _HEAD):
            _write_row(overview, number, _tell(each, today), formats)
            colour = formats.states.get(each.state, formats.plain)
            overview.write_string(number, 1, STATES[each.state].ja, colour)
        _finish(overview, len(status.departments), _OVERVIEW)
        rows = [(each.name, row) for each in status.departments for row in each.rows]
        left = _add_sheet(book, "未記入一覧", (title, f"未記入 {len(rows)} 件"), _OPEN, formats)
        for number, (name, row) in enumerate(rows, _HEAD):
            cells = (name, row.sheet, row.number, row.title, "、".join(row.labels))
            _write_row(left, number, cells, formats)
        _finish(left, len(rows), _OPEN)
    return written.getvalue()


class _Formats:
    """The formats of a workbook, which belong to it."""

    def __init__(self, book: Any) -> None:
        cell = {"border": 1, "valign": "top", "text_wrap": True}
        self.plain = book.add_format(cell)
        self.day = book.add_format({**cell, "num_format": "yyyy/mm/dd", "align": "left"})
        self.label = book.add_format({**cell, "bold": True, "bg_color": "#D9E1F2"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.states = {s: book.add_format({**cell, "bg_color": c}) for s, c in _COLOURS.items()}


def _add_sheet(
    book: Any, name: str, head: tuple[str, str], columns: Sequence[_Column], formats: _Formats
) -> Any:
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, head[0], formats.title)
    sheet.write_string(1, 0, head[1])
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(_HEAD - 1, number, column.label, formats.label)
    return sheet


def _tell(each: DepartmentStatus, today: date) -> tuple[_Cell, ...]:
    waiting = each.waiting
    return (
        each.name,
        STATES[each.state].ja,
        each.answered,
        each.asked,
        len(each.rows),
        waiting.faults if waiting else None,
        each.sent,
        each.deadline,
        each.received,
        describe_days(each.count_days_over(today)).ja,
        waiting.file if waiting else "",
    )


def _write_row(sheet: Any, number: int, cells: Iterable[_Cell], formats: _Formats) -> None:
    for column, cell in enumerate(cells):
        if cell is None:
            sheet.write_blank(number, column, None, formats.plain)
        elif isinstance(cell, date):
            sheet.write_datetime(
                number, column, datetime(cell.year, cell.month, cell.day), formats.day
            )
        elif isinstance(cell, int):
            sheet.write_number(number, column, cell, formats.plain)
        else:
            sheet.write_string(number, column, cell, formats.plain)


def _finish(sheet: Any, count: int, columns: Sequence[_Column]) -> None:
    sheet.autofilter(_HEAD - 1, 0, _HEAD - 1 + max(count, 1), len(columns) - 1)
    sheet.freeze_panes(_HEAD, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD - 1)
    sheet.set_footer("&C&P / &N")
