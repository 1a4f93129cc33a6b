"""A survey → a workbook for Excel, protected but for the cells to fill in, byte for byte the same.

Everything that comes from a plan is written as text, never as a formula.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from nenpo.data.plan import Plan
from nenpo.workbooks.drawing import Drawing
from nenpo.workbooks.layout import (
    CHECK,
    CHECK_LABEL,
    FIRST_ROW,
    GUIDE_NAME,
    LISTS_NAME,
    Field,
    Survey,
    SurveyRow,
    SurveySheet,
    mark_sheet,
)
from nenpo.workbooks.measuring import measure_row
from nenpo.workbooks.sending.guide import GuideRow, Notice, list_guide
from nenpo.workbooks.sending.lacking import (
    list_needing,
    locate_field,
    name_choices,
    name_needing,
    tell_lacking,
    write_formula,
    write_needed,
)
from nenpo.workbooks.sending.rules import describe_rule
from nenpo.workbooks.sending.widths import fit_widths

_ALLOWED = ("format_cells", "format_columns", "format_rows", "insert_rows", "sort", "autofilter")
_WARNING = "#9C0006"
_COLOURS: Mapping[str, str] = {
    "asked": "#FFF6D5",
    "shown": "#F2F2F2",
    "missing": "#F4B6A6",
    "asked_label": "#FFE08A",
    "shown_label": "#D9D9D9",
}
_LABEL_ROW = FIRST_ROW - 1
_GUIDE_WIDTHS = (20, 100)
_LEAST_LINES = 3  # of a row in which one writes


def make_workbook(plan: Plan, survey: Survey, notice: Notice) -> bytes:
    """Return the workbook in which a department answers, with the guide as its first sheet."""
    maker = _Maker(f"{plan.meta.title}　進捗状況調査票", survey=survey)
    maker.add_guide(list_guide(plan, survey, notice))
    for sheet in survey.sheets:
        maker.add_sheet(sheet)
    maker.add_lists()
    return maker.close()


@dataclass(kw_only=True)
class _Maker(Drawing):
    """A survey in the making; ``lists`` are the texts that formulas look up, by their name."""

    survey: Survey
    lists: dict[str, list[str]] = field(default_factory=dict)

    def add_protected(self, name: str, marker: str) -> Worksheet:
        """Add a sheet that is protected without password but for the cells to fill in."""
        sheet = self.open_sheet(name, marker, self.survey.name)
        sheet.protect("", dict.fromkeys(_ALLOWED, True))
        return sheet

    def mark(self, kind: str) -> str:
        """Return the marker of a sheet that holds no answers."""
        return mark_sheet(kind, self.survey.plan, self.survey.fiscal_year, self.survey.department)

    def add_guide(self, rows: Iterable[GuideRow]) -> None:
        """Add the sheet that says how to fill in the others."""
        sheet = self.add_protected(GUIDE_NAME, self.mark("guide"))
        sheet.set_column(1, 1, _GUIDE_WIDTHS[0])
        sheet.set_column(2, 2, _GUIDE_WIDTHS[1])
        sheet.write_string(1, 1, f"{self.title}　{GUIDE_NAME}", self.style_title())
        sheet.fit_to_pages(1, 1)
        for number, row in enumerate(rows, 2):
            if not row.text:
                heading = self.style(
                    bold=True, font_size=12, bottom=2, text_wrap=False, valign="bottom"
                )
                sheet.set_row(number, 27)
                sheet.write_string(number, 1, row.name, heading)
                sheet.write_blank(number, 2, None, heading)
                continue
            sheet.set_row(
                number, measure_row(zip((row.name, row.text), _GUIDE_WIDTHS, strict=True))
            )
            colour = {"bg_color": _COLOURS[row.style]} if row.style else {}
            sheet.write_string(number, 1, row.name, self.style(bottom=4, bold=True, **colour))
            sheet.write_string(number, 2, row.text, self.style(bottom=4))

    def add_sheet(self, survey: SurveySheet) -> None:
        """Add a sheet of the survey: its labels, its rows, and what is checked as one types."""
        sheet = self.add_protected(survey.name, survey.marker)
        last = FIRST_ROW + len(survey.rows) - 1
        width = len(survey.fields)
        self.write_head(sheet, survey)
        for number, row in enumerate(survey.rows, FIRST_ROW):
            self.write_row(sheet, survey, row, number)
        for entry in filter(lambda entry: entry.is_asked, survey.fields):
            self.check_cells(sheet, survey, entry, last)
        area = xl_range(FIRST_ROW - 1, 1, last - 1, len(survey.fields))
        sheet.ignore_errors({"number_stored_as_text": area})
        if survey.table:
            self.add_check(sheet, survey, last)
        sheet.freeze_panes(_LABEL_ROW, _count_frozen(survey))
        sheet.autofilter(_LABEL_ROW - 1, 1, last - 1, width)
        sheet.repeat_rows(_LABEL_ROW - 2, _LABEL_ROW - 1)
        sheet.print_area(1, 1, last - 1, width)

    def write_head(self, sheet: Worksheet, survey: SurveySheet) -> None:
        """Write the keys, the title, where to write, and the labels."""
        sheet.write_string(1, 1, f"{survey.title}　{self.survey.name}", self.style_title())
        sheet.set_row(1, 24)
        for columns, told, kind in _list_bands(survey):
            style = self.style(bold=True, text_wrap=False, bg_color=_COLOURS[f"{kind}_label"])
            for column in columns:
                sheet.write_blank(_LABEL_ROW - 2, column, None, style)
            sheet.write_string(_LABEL_ROW - 2, columns[0], told, style)
        widths = fit_widths(survey.fields)
        for column, (entry, width) in enumerate(zip(survey.fields, widths, strict=True), 1):
            kind = "asked" if entry.is_asked else "shown"
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, entry.key)
            style = self.style(bold=True, border=1, bg_color=_COLOURS[f"{kind}_label"])
            sheet.write_string(_LABEL_ROW - 1, column, entry.label, style)
        labels = [(e.label, width) for e, width in zip(survey.fields, widths, strict=True)]
        sheet.set_row(_LABEL_ROW - 1, measure_row(labels, 2))

    def write_row(self, sheet: Worksheet, survey: SurveySheet, row: SurveyRow, number: int) -> None:
        """Write the id and the cells of a row; those to fill in can be changed."""
        shown = [show_cell(entry, row.cells.get(entry.key, "")) for entry in survey.fields]
        texts = zip(shown, fit_widths(survey.fields), strict=True)
        least = _LEAST_LINES if survey.kind == "items" else 1
        sheet.set_row(number - 1, measure_row(texts, least))
        sheet.write_string(number - 1, 0, row.id)
        for column, (entry, text) in enumerate(zip(survey.fields, shown, strict=True), 1):
            style = self.style_cell(entry, row)
            if not text:
                sheet.write_blank(number - 1, column, None, style)
            elif entry.kind == "money" and text.replace(",", "").isdecimal():
                sheet.write_number(number - 1, column, int(text.replace(",", "")), style)
            else:
                sheet.write_string(number - 1, column, text, style)

    def style_cell(self, entry: Field, row: SurveyRow) -> Format:
        """Return the format of a cell; as text, 1/15 and 46.0 stay what they are."""
        if not entry.is_asked or (entry.only_added and row.id):
            return self.style(border=1, bg_color=_COLOURS["shown"])
        kind = "#,##0" if entry.kind == "money" else "@"
        return self.style(border=1, bg_color=_COLOURS["asked"], num_format=kind, locked=False)

    def check_cells(self, sheet: Worksheet, survey: SurveySheet, entry: Field, last: int) -> None:
        """Have Excel offer the choices, refuse what none is, and colour what is missing."""
        column = locate_field(survey, entry.key) - 1
        area = (FIRST_ROW - 1, column, last - 1, column)
        if entry.choices:
            self.lists[name_choices(survey, entry)] = [choice.label for choice in entry.choices]
        sheet.data_validation(*area, describe_rule(survey, entry))
        for other in entry.needed_for or {}:
            self.lists[name_needing(survey, entry, other)] = list_needing(survey, entry, other)
            rule = f"={write_needed(survey, entry, other, FIRST_ROW)}"
            style = self.workbook.add_format({"bg_color": _COLOURS["missing"]})
            sheet.conditional_format(*area, {"type": "formula", "criteria": rule, "format": style})

    def add_check(self, sheet: Worksheet, survey: SurveySheet, last: int) -> None:
        """Add the column that tells in words what a row still lacks, and how many do."""
        column = 1 + len(survey.fields)
        label = self.style(bold=True, border=1, bg_color=_COLOURS["shown_label"])
        told = self.style(border=1, bold=True, font_color=_WARNING)
        sheet.set_column(column, column, 18)
        sheet.write_string(0, column, CHECK)
        sheet.write_string(_LABEL_ROW - 1, column, CHECK_LABEL, label)
        lacking = [tell_lacking(survey, row) for row in survey.rows]
        for number, (row, text) in enumerate(zip(survey.rows, lacking, strict=True), FIRST_ROW):
            formula = write_formula(survey, row, number)
            sheet.write_formula(number - 1, column, formula, told, text)
        area = xl_range(FIRST_ROW - 1, column, last - 1, column)
        count = f'="残り"&COUNTIF({area},"?*")&"件"'
        style = self.style(bold=True, text_wrap=False, font_color=_WARNING)
        left = sum(map(bool, lacking))
        sheet.write_formula(_LABEL_ROW - 2, column, count, style, f"残り{left}件")

    def add_lists(self) -> None:
        """Add the hidden sheet that holds the choices; formulas know them by name.

        A list in the rule itself may have 255 characters, and its choices no comma.
        """
        sheet = self.add_protected(LISTS_NAME, self.mark("lists"))
        for column, (name, texts) in enumerate(self.lists.items(), 1):
            for number, text in enumerate((name, *texts)):
                sheet.write_string(number + 1, column, text)
            area = xl_range_abs(2, column, 1 + len(texts), column)
            self.workbook.define_name(name, f"='{LISTS_NAME}'!{area}")
        sheet.hide()


def show_cell(entry: Field, text: str) -> str:
    """Return what stands in a cell: of a choice, what one chooses."""
    return next((choice.label for choice in entry.choices if choice.value == text), text)


_BANDS = {
    "shown": "参考（変更できない欄）",
    "added": "追加する行だけに記入する欄",
    "asked": "記入欄",
}


def _list_bands(survey: SurveySheet) -> Iterator[tuple[list[int], str, str]]:
    """Yield neighbouring columns of one kind, what stands above them, and the kind."""

    def tell_kind(numbered: tuple[int, Field]) -> str:
        entry = numbered[1]
        return ("added" if entry.only_added else "asked") if entry.is_asked else "shown"

    for kind, columns in groupby(enumerate(survey.fields, 1), tell_kind):
        yield [number for number, _ in columns], _BANDS[kind], kind.replace("added", "asked")


def _count_frozen(survey: SurveySheet) -> int:
    """Return how many columns stay in sight: those that tell what a row is about."""
    named = [n for n, f in enumerate(survey.fields, 2) if f.key in ("title", "name", "subject")]
    return max(named, default=1)
