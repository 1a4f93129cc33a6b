"""A plan's tables → a workbook for Excel: a table a sheet, byte for byte the same each time.

Nothing is protected but the lists: rows are added, changed, removed and sorted as people please.
Everything that comes from data is written as text or as a number, never as a formula.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from nenpo.build.briefing import Selector
from nenpo.data.schema.declarations import PlanMeta
from nenpo.errors import BadSelector, ChangedWorkbook, Words
from nenpo.files import explain_write, write_atomically
from nenpo.language.widths import count_columns
from nenpo.workbooks.drawing import Drawing
from nenpo.workbooks.measuring import measure_row
from nenpo.workbooks.tables.guide import LEFT_BLANK, NEEDED, list_guide
from nenpo.workbooks.tables.sheets import (
    GUIDE,
    LISTS,
    NUMBERS,
    TableColumn,
    TableSheet,
    read_sheets,
    show_cell,
)

FIRST_ROW = 5
"""Where the rows of a table begin as it is written; what heads its columns stands above."""

_GUIDE_WIDTHS = (26, 100)
_A3 = 8
# Of a wider table, nobody could read a print on A4.
_MOST_ON_A4 = 180
# So many rows that people add have lists to choose from, and are marked where something is missing.
_MORE_ROWS = 300
_HEADING, _NEEDED, _MISSING, _GRID = "#D9E5F2", "#FFE08A", "#F4B6A6", "#BFBFBF"
# Excel keeps 15 digits of a number.
_MOST_DIGITS = 15
_LONGEST_MESSAGE = 255
# What a description says of files, to those who write them.
_OF_FILES = re.compile(r"（[^（）]*plan\.yaml[^（）]*）")


def export_tables(root: Path, selector: str, file: Path, *, replace: bool = False) -> Words:
    """Write the tables of a plan and one of its years to a workbook; return what was done.

    Raises ``BadSelector``, ``ChangedWorkbook`` for a file of other content unless it is to be
    replaced, ``WriteFailed``, and as :func:`~nenpo.workbooks.tables.sheets.read_sheets`.
    """
    chosen = Selector.parse(selector)
    if chosen.briefing:
        raise BadSelector(value=selector, allowed=f"{chosen.plan}/{chosen.fiscal_year}", hint="")
    meta, sheets = read_sheets(root, chosen.plan, chosen.fiscal_year)
    content = make_tables(meta, sheets)
    with explain_write(file):
        found = file.read_bytes() if file.exists() else None
    if found == content:
        return Words("{} は最新である。", "{} is current.").fill(file)
    if found is not None and not replace:
        raise ChangedWorkbook(value=str(file))
    write_atomically(file, content)
    rows = sum(len(sheet.rows) for sheet in sheets)
    told = Words("{} に書き出した（{} 表、{:,} 行）。", "{} is written ({} tables, {:,} rows).")
    return told.fill(file, len(sheets), rows)


def make_tables(meta: PlanMeta, sheets: Sequence[TableSheet]) -> bytes:
    """Return the workbook with a plan's tables, a guide in front and the lists behind."""
    maker = _Maker(meta.title, meta=meta)
    maker.add_guide(sheets)
    drawn = [maker.add_sheet(sheet) for sheet in sheets]
    ranges = maker.add_lists(sheets)
    for sheet, place in zip(sheets, drawn, strict=True):
        maker.add_choices(place, sheet, ranges)
    return maker.close()


def read_plain_number(text: str) -> Decimal | None:
    """Return the number that a cell of Excel holds as exactly as the table, None if none does."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    plain = number.is_finite() and text == f"{number:f}"
    return number if plain and len(number.as_tuple().digits) <= _MOST_DIGITS else None


@dataclass(kw_only=True)
class _Maker(Drawing):
    meta: PlanMeta

    def add_titled(self, name: str, marker: str, title: str) -> Worksheet:
        """Add a sheet with a title."""
        sheet = self.open_sheet(name, marker, name)
        sheet.set_row(1, 24)
        sheet.write_string(1, 1, title, self.style_title())
        return sheet

    def add_guide(self, sheets: Sequence[TableSheet]) -> None:
        """Add the sheet that says what the others hold, and how to have them read."""
        sheet = self.add_titled(
            GUIDE, f"nenpo:1:guide:{self.meta.id}", f"{self.meta.title}　データの表"
        )
        sheet.fit_to_pages(1, 1)
        for position, width in enumerate(_GUIDE_WIDTHS, 1):
            sheet.set_column(position, position, width)
        colours = {NEEDED: _NEEDED, LEFT_BLANK: _MISSING}
        for number, (name, text) in enumerate(list_guide(sheets), 2):
            if not text:
                heading = self.style(
                    bold=True, font_size=12, bottom=2, text_wrap=False, valign="bottom"
                )
                sheet.set_row(number, 27)
                sheet.write_string(number, 1, name, heading)
                sheet.write_blank(number, 2, None, heading)
                continue
            colour = {"bg_color": colours[name]} if name in colours else {}
            sheet.set_row(number, measure_row(zip((name, text), _GUIDE_WIDTHS, strict=True)))
            sheet.write_string(number, 1, name, self.style(bold=True, bottom=4, **colour))
            sheet.write_string(number, 2, text, self.style(bottom=4))

    def add_sheet(self, sheet: TableSheet) -> Worksheet:
        """Add a table: hidden names of columns, what they hold, what heads them, and the rows."""
        drawn = self.add_titled(sheet.name, sheet.marker, sheet.title)
        hint = self.style(font_size=8, font_color="#595959", valign="bottom")
        widths = [_choose_width(column, sheet) for column in sheet.columns]
        hints, headings = map(_tell_hint, sheet.columns), [c.heading for c in sheet.columns]
        if sum(widths) > _MOST_ON_A4:
            drawn.set_paper(_A3)
        for number, told in ((2, hints), (3, headings)):
            drawn.set_row(number, measure_row(zip(told, widths, strict=True)))
        for position, (column, width) in enumerate(zip(sheet.columns, widths, strict=True), 1):
            drawn.set_column(position, position, width, self.rest(column))
            drawn.write_string(0, position, column.name)
            drawn.write_string(2, position, _tell_hint(column), hint)
            colour = _NEEDED if column.required else _HEADING
            head = self.style(bold=True, bg_color=colour, border=1, border_color=_GRID)
            drawn.write_string(3, position, column.heading, head)
        for number, row in enumerate(sheet.rows, FIRST_ROW - 1):
            drawn.write_number(number, 0, number - FIRST_ROW + 2)
            texts = [show_cell(column, row.get(column.name, "")) for column in sheet.columns]
            drawn.set_row(number, measure_row(zip(texts, widths, strict=True)))
            for position, (column, text) in enumerate(zip(sheet.columns, texts, strict=True), 1):
                self.write_cell(drawn, (number, position), column, text)
        last = FIRST_ROW - 1 + len(sheet.rows)
        # From column A on: rows that are sorted take their number along.
        drawn.autofilter(FIRST_ROW - 2, 0, max(last - 1, FIRST_ROW - 1), len(sheet.columns))
        drawn.freeze_panes(FIRST_ROW - 1, 2)
        drawn.repeat_rows(FIRST_ROW - 2)
        # Excel marks labels such as 1 and 202104 in cells of text as likely mistakes.
        drawn.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        return drawn

    def rest(self, column: TableColumn) -> Format:
        """Return the format of cells that nothing was written in: text stays text."""
        return self.style(num_format="General" if column.kind in NUMBERS else "@")

    def write_cell(
        self, drawn: Worksheet, place: tuple[int, int], column: TableColumn, text: str
    ) -> None:
        """Write what a cell shows: a number where Excel keeps it as it is, else a text."""
        edge = {"border": 1, "border_color": _GRID}
        number = read_plain_number(text) if column.kind in NUMBERS else None
        if number is not None:
            shown = self.style(num_format=_choose_format(column, text), **edge)
            drawn.write_number(*place, float(number), shown)
            return
        code = "General" if column.kind in NUMBERS else "@"
        style = self.style(num_format=code, **edge)
        if text:
            drawn.write_string(*place, text, style)
        else:
            drawn.write_blank(*place, None, style)

    def add_lists(self, sheets: Sequence[TableSheet]) -> dict[str, str]:
        """Add the sheet of what is chosen from; return the place of each list."""
        title = "選択肢（各シートの一覧の元。ここを書き換えても取り込まれない）"
        drawn = self.add_titled(LISTS, f"nenpo:1:lists:{self.meta.id}", title)
        drawn.protect("")
        places: dict[str, str] = {}
        for sheet, column in ((s, c) for s in sheets for c in s.columns if c.choices):
            if column.lists in places:
                continue
            position = len(places) + 1
            head = self.style(bold=True, bg_color=_HEADING, text_wrap=False)
            drawn.write_string(3, position, f"{sheet.name}: {column.heading}", head)
            plain = self.style(text_wrap=False)
            for number, choice in enumerate(column.choices, FIRST_ROW - 1):
                drawn.write_string(number, position, choice.label, plain)
            longest = max(count_columns(choice.label) for choice in column.choices)
            drawn.set_column(position, position, min(max(longest, 24), 60))
            last = FIRST_ROW - 2 + len(column.choices)
            cells = xl_range_abs(FIRST_ROW - 1, position, last, position)
            places[column.lists] = f"='{LISTS}'!{cells}"
        drawn.freeze_panes(FIRST_ROW - 1, 2)
        return places

    def add_choices(self, drawn: Worksheet, sheet: TableSheet, ranges: dict[str, str]) -> None:
        """Add lists to choose from, and have what is needed and blank stand out."""
        first, last = FIRST_ROW - 1, FIRST_ROW - 2 + len(sheet.rows) + _MORE_ROWS
        width = xl_col_to_name(len(sheet.columns))
        for position, column in enumerate(sheet.columns, 1):
            if column.lists in ranges:
                drawn.data_validation(
                    first,
                    position,
                    last,
                    position,
                    {
                        "validate": "list",
                        "source": ranges[column.lists],
                        # Of a reference the id alone will do, and one may be of a row to come.
                        "error_type": "information" if column.kind == "reference" else "stop",
                        "error_title": "一覧にない値",
                        "error_message": "一覧から選んでください。",
                        **_tell_marks(column, self.meta),
                    },
                )
            if column.required:
                cell = f"{xl_col_to_name(position)}{FIRST_ROW}"
                row = f"$B{FIRST_ROW}:${width}{FIRST_ROW}"
                drawn.conditional_format(
                    first,
                    position,
                    last,
                    position,
                    {
                        "type": "formula",
                        "criteria": f'=AND({cell}="",COUNTA({row})>0)',
                        "format": self.workbook.add_format({"bg_color": _MISSING}),
                    },
                )


def _tell_hint(column: TableColumn) -> str:
    if column.kind != "reference":
        return f"{column.hint}［一覧から選ぶ］" if column.choices else column.hint
    about = _OF_FILES.sub("", column.hint).replace(" の ID", "").replace("の ID", "")
    return f"{about}［一覧から選ぶ］"


def _tell_marks(column: TableColumn, meta: PlanMeta) -> dict[str, str]:
    """Return what stands beside a cell for a mark while it is chosen: what each mark means."""
    if column.kind != "mark":
        return {}
    told = "\n".join(f"{mark.mark} {mark.label}" for mark in meta.status_scale)
    return {"input_title": column.heading[:32], "input_message": told[:_LONGEST_MESSAGE]}


def _choose_format(column: TableColumn, text: str) -> str:
    """Return how a number is shown: with as many places as it has in the table."""
    places = len(text.partition(".")[2])
    whole = "#,##0" if column.kind in ("number", "money") else "0"
    return f"{whole}.{'0' * places}" if places else whole


def _choose_width(column: TableColumn, sheet: TableSheet) -> int:
    """Return how many characters wide a column is: as its cells need, within bounds."""
    cells = [show_cell(column, row.get(column.name, "")) for row in sheet.rows]
    lines = [line for cell in cells for line in cell.splitlines()]
    needed = max(map(count_columns, (column.heading, *lines)), default=0) + 2
    most = {"text": 44, "reference": 34}.get(column.kind, 22)
    least = 24 if column.kind in ("text", "reference") and column.required else 11
    return min(max(needed, least), most)
