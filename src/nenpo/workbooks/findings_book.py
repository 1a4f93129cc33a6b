"""Findings as a workbook: a list for the planning section, to sort, filter and telephone by."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import xlsxwriter

from nenpo.language.widths import count_columns
from nenpo.workbooks.findings import Finding, word_request

LIST = "確認事項一覧.xlsx"
_UNDATED = datetime(2000, 1, 1)
_HEAD = 3  # rows above the first finding
_LINE_HEIGHT = 15
_EXPLAINED = (
    "「要修正」は直すまで取り込めないもの、「確認」は取り込めるが確かめていただきたいものです。"
    "セルの番号を押すと、色とコメントを付けた写しの該当箇所が開きます。"
)


@dataclass(frozen=True)
class _Column:
    label: str
    width: int


_COLUMNS = (
    _Column("部署", 14),
    _Column("ファイル", 20),
    _Column("シート", 10),
    _Column("セル", 7),
    _Column("区分", 8),
    _Column("入力された値", 16),
    _Column("内容", 34),
    _Column("使える値", 20),
    _Column("お願い", 36),
)
_CELL = 3


def list_findings(
    findings: Sequence[tuple[PurePosixPath, Finding]], names: Mapping[str, str]
) -> bytes:
    """Return the workbook that lists findings, each with the file that it is marked in.

    Files are told, and led to, as they lie beside the list; ``names`` are those of departments by
    id. The same findings make the same bytes.
    """
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        book.set_properties({"title": "確認事項一覧", "created": _UNDATED})
        sheet = book.add_worksheet("確認事項")
        plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        formats = {
            True: book.add_format(
                {"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFC7CE"}
            ),
            False: book.add_format(
                {"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFEB9C"}
            ),
        }
        _write_head(book, sheet)
        for row, (file, finding) in enumerate(findings, _HEAD):
            cells = _write_cells(file, finding, names)
            for column, text in enumerate(cells):
                form = formats[finding.is_fault] if column in (_CELL, _CELL + 1) else plain
                sheet.write_string(row, column, text, form)
            if link := _link(file, finding):
                sheet.write_url(row, _CELL, link, formats[finding.is_fault], finding.cell)
            sheet.set_row(row, _measure_height(cells))
        last = max(_HEAD, _HEAD - 1 + len(findings))
        sheet.autofilter(_HEAD - 1, 0, last, len(_COLUMNS) - 1)
        _set_up_print(sheet)
    return written.getvalue()


def _write_head(book: Any, sheet: Any) -> None:
    title = book.add_format({"bold": True, "font_size": 14})
    label = book.add_format({"bold": True, "border": 1, "bg_color": "#D9E1F2", "text_wrap": True})
    sheet.write_string(0, 0, "確認事項一覧", title)
    sheet.write_string(1, 0, _EXPLAINED)
    for column, given in enumerate(_COLUMNS):
        sheet.set_column(column, column, given.width)
        sheet.write_string(_HEAD - 1, column, given.label, label)
    sheet.freeze_panes(_HEAD, 0)


def _write_cells(
    file: PurePosixPath, finding: Finding, names: Mapping[str, str]
) -> tuple[str, ...]:
    request = word_request(finding.problem)
    return (
        names.get(finding.department, finding.department),
        str(file),
        finding.sheet,
        finding.cell,
        "要修正" if finding.is_fault else "確認",
        request.value,
        request.what,
        request.allowed,
        request.remedy,
    )


def _link(file: PurePosixPath, finding: Finding) -> str:
    """Return where a cell is reached; a name with # in it would be cut there."""
    if not finding.cell or "#" in f"{file}{finding.sheet}":
        return ""
    sheet = finding.sheet.replace("'", "''")
    return f"external:{file}#'{sheet}'!{finding.cell}"


def _measure_height(cells: Sequence[str]) -> int:
    pairs = zip(cells, _COLUMNS, strict=True)
    lines = max(1 + count_columns(text) // max(1, column.width - 1) for text, column in pairs)
    return _LINE_HEIGHT * min(lines, 20) + 4


def _set_up_print(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD - 1)
    sheet.set_footer("&C&P / &N")
