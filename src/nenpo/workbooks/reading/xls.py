"""An .xls (Excel 97 to 2003) → its sheets.

xlrd reads it rather than calamine, which tells neither number formats (46.0% is 0.46) nor hidden
rows.
"""

import struct
from collections.abc import Iterator
from io import StringIO
from typing import Any

from nenpo.errors import DamagedWorkbook, EncryptedWorkbook, NenpoError, NotAWorkbook, Words
from nenpo.workbooks.book import Area, Book, Cell, Sheet
from nenpo.workbooks.reading.built_in import GENERAL
from nenpo.workbooks.reading.cells import (
    Budget,
    cut_author,
    make_error,
    make_flag,
    make_number,
    make_text,
    read_number,
    strike,
)
from nenpo.workbooks.reading.passed_over import note_macros

_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}
_BROKEN = Words("最後まで読めない", "it cannot be read to its end")
_BEGIN, _END, _FORMULA = (0x0009, 0x0209, 0x0409, 0x0809), 0x000A, (0x0006, 0x0206, 0x0406)


def read_xls(raw: bytes, name: str, *, macros: bool) -> Book:
    """Return the workbook in the bytes of its stream.

    Raises ``DamagedWorkbook``, ``EncryptedWorkbook``, ``HugeWorkbook`` or ``NotAWorkbook``.
    """
    import xlrd  # only an old workbook needs it

    budget = Budget(name)
    try:
        # What it has to say of the file would go to standard output.
        opened = xlrd.open_workbook(
            file_contents=raw,
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,  # keeps what _list_formulas looks through
            logfile=StringIO(),
        )
        budget.check_sheets(opened.nsheets)
        sheets = tuple(_read_sheet(opened, sheet, budget) for sheet in opened.sheets())
    except NenpoError:
        raise
    except xlrd.XLRDError as error:
        raise _explain(str(error), name) from None
    except Exception as error:  # whatever a parser that checks little runs into
        raise DamagedWorkbook(place=name, why=_BROKEN) from error
    return Book(name, "xls", sheets, tuple(note_macros(macros=macros)))


def _explain(reason: str, name: str) -> EncryptedWorkbook | DamagedWorkbook | NotAWorkbook:
    if "encrypted" in reason:
        return EncryptedWorkbook(place=name)
    if "BIFF version" in reason or "find workbook" in reason:
        what = Words("Excel 97 より前の形式", "a format older than Excel 97")
        remedy = Words(".xlsx で保存し直すこと。", "Save it as .xlsx.")
        return NotAWorkbook(place=name, what=what, remedy=remedy)
    return DamagedWorkbook(place=name, why=_BROKEN)


def _read_sheet(opened: Any, sheet: Any, budget: Budget) -> Sheet:
    formulas = frozenset(_list_formulas(opened, sheet.number))
    cells = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            formula = "=" if (row, column) in formulas else ""
            if cell := _read_cell(opened, sheet.cell(row, column), formula):
                budget.take()
                runs = list(_list_runs(opened, sheet, row, column))
                whole = _is_struck(opened, sheet.cell(row, column))
                cells[row + 1, column + 1] = strike(cell, runs, whole=whole) or cell
    hidden_rows = frozenset(row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden)
    merged = tuple(Area(a + 1, c + 1, b, d) for a, b, c, d in sheet.merged_cells)
    comments = {
        (row + 1, column + 1): cut_author(note.text, note.author)
        for (row, column), note in sheet.cell_note_map.items()
    }
    budget.take(len(comments))
    return Sheet(sheet.name, cells, merged, sheet.visibility != 0, hidden_rows, comments)


def _read_cell(opened: Any, cell: Any, formula: str) -> Cell | None:
    code = opened.format_map[opened.xf_list[cell.xf_index].format_key].format_str or GENERAL
    match cell.ctype:
        case 1:
            return make_text(cell.value, code, formula)
        case 2 | 3:
            number = read_number(repr(cell.value))
            if number is None:
                return make_error("#NUM!", formula)
            return make_number(number, code, formula, from_1904=opened.datemode == 1)
        case 4:
            return make_flag(bool(cell.value), formula)
        case 5:
            return make_error(_ERRORS.get(cell.value, "#N/A"), formula)
    return Cell("", "", formula) if formula else None


def _is_struck(opened: Any, cell: Any) -> bool:
    return bool(opened.font_list[opened.xf_list[cell.xf_index].font_index].struck_out)


def _list_runs(opened: Any, sheet: Any, row: int, column: int) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text that has several fonts, and whether each is crossed out."""
    runs = sheet.rich_text_runlist_map.get((row, column), ())
    text = sheet.cell(row, column).value if runs else ""
    start, is_struck = 0, _is_struck(opened, sheet.cell(row, column))
    for place, font in runs:
        yield text[start:place], is_struck
        start, is_struck = place, bool(opened.font_list[font].struck_out)
    yield text[start:], is_struck


def _list_formulas(opened: Any, number: int) -> Iterator[tuple[int, int]]:
    """Yield (row, column), from 0, of the cells of a sheet that are formulas.

    xlrd reads their values alone; the records that hold them say where they stand.
    """
    position, depth = opened._sh_abs_posn[number], 0
    while position + 4 <= len(opened.mem):
        kind, size = struct.unpack_from("<HH", opened.mem, position)
        if kind in _BEGIN:
            depth += 1  # a chart within the sheet has an end of its own
        elif kind == _END:
            depth -= 1
            if not depth:
                return
        elif kind in _FORMULA and size >= 4:
            yield struct.unpack_from("<HH", opened.mem, position + 4)
        position += 4 + size
