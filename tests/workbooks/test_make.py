"""A survey as a workbook, read back as Excel would: protection, choices, rules, print set-up."""

import io
import os
import re
import time
import zipfile
from datetime import date
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from nenpo.data.load import load_plan
from nenpo.data.project import list_plans
from nenpo.workbooks.asking.asked import PREPARER, list_asked
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.layout import CHECK, FIRST_ROW, GUIDE_NAME, LISTS_NAME, Field
from nenpo.workbooks.normal.answer import Context
from nenpo.workbooks.normal.normalise import normalise
from nenpo.workbooks.reading.opening import open_book
from nenpo.workbooks.replies.expected import expect_replies
from nenpo.workbooks.replies.recognise import recognise
from nenpo.workbooks.sending.guide import Notice
from nenpo.workbooks.sending.make import make_workbook
from nenpo.workbooks.sending.widths import fit_widths
from tiny_project import FIXTURE, Project

NOTICE = Notice(date(2023, 3, 31), date(2023, 5, 12), None, "企画課", "内線1234")
FIXTURES = FIXTURE.parent
LABELS = FIRST_ROW - 1


def make(tiny: Project, department: str = "madoguchi") -> bytes:
    plan = load_plan("tiny", tiny.root)
    return make_workbook(plan, lay_out_survey(plan, 2022, department), NOTICE)


def open_made(tiny: Project, department: str = "madoguchi") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(make(tiny, department)))


def find_column(sheet: Worksheet, key: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == key)


def find_cell(sheet: Worksheet, key: str, row: int = FIRST_ROW) -> openpyxl.cell.Cell:
    return sheet.cell(row, find_column(sheet, key))


def list_told(sheet: Worksheet) -> dict[str, str]:
    """Return what the guide says, by the name in front of it."""
    return {row[0]: row[1] or "" for row in sheet.iter_rows(2, None, 2, 3, values_only=True)}


@pytest.mark.parametrize("name", ["nakano-informatization", "nakano-structural-reform"])
def test_on_paper_the_text_of_a_real_plan_has_eight_points(name: str) -> None:
    """A4 across has 785 points between its margins; Excel makes what is wider smaller."""
    plan = load_plan(name)
    year = max(plan.years)
    survey = lay_out_survey(plan, year, list_asked(plan, year)[0])
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(plan, survey, NOTICE)))
    for laid_out in survey.sheets:
        sheet = book[laid_out.name]
        last = len(laid_out.fields) + 1  # column A is hidden
        letters = [cell.column_letter for cell in sheet[1][1:last]]
        pixels = sum(round(sheet.column_dimensions[each].width * 7) for each in letters)
        assert 10 * min(1, 785 / (pixels * 0.75)) >= 8


def test_columns_that_are_wide_enough_for_all_are_left_as_they_are() -> None:
    fields = [Field("number", "番号", "shown", width=8), Field("done", "実績", "text", width=40)]
    assert fit_widths(fields) == (8, 40)


def test_a_great_many_columns_keep_five_characters_each() -> None:
    fields = [Field(f"f{n}", "欄", "text", width=30) for n in range(40)]
    assert set(fit_widths(fields)) == {10}


def test_two_runs_in_other_time_zones_make_the_same_bytes(tiny: Project) -> None:
    before = make(tiny)
    try:
        with patch.dict(os.environ, {"TZ": "Pacific/Kiritimati"}):
            time.tzset()
            after = make(tiny)
    finally:
        time.tzset()
    assert after == before


def test_the_system_that_it_was_made_on_does_not_show(tiny: Project) -> None:
    with zipfile.ZipFile(io.BytesIO(make(tiny))) as archive:
        told = {(entry.create_system, entry.date_time) for entry in archive.infolist()}
    assert told == {(3, (1980, 1, 1, 0, 0, 0))}


def test_the_guide_comes_first_and_the_lists_are_hidden(tiny: Project) -> None:
    book = open_made(tiny)
    assert book.sheetnames == [GUIDE_NAME, "取組", "成果指標", LISTS_NAME]
    assert book.active is not None
    assert book.active.title == GUIDE_NAME
    assert book[LISTS_NAME].sheet_state == "hidden"


def test_each_sheet_is_known_by_its_marker_in_a_hidden_row_and_column(tiny: Project) -> None:
    for sheet in open_made(tiny):
        assert str(sheet["A1"].value).startswith("nenpo:1:")
        assert str(sheet["A1"].value).endswith(":tiny:2022:madoguchi")
        assert sheet.row_dimensions[1].hidden
        assert sheet.column_dimensions["A"].hidden


def test_rows_and_columns_carry_their_ids_and_keys(tiny: Project) -> None:
    sheet = open_made(tiny)["取組"]
    assert [sheet.cell(row, 1).value for row in range(LABELS, sheet.max_row + 1)] == [
        *(None, "i1-1-01")
    ]
    assert find_cell(sheet, "status", LABELS).value == "令和4年度の進捗区分"
    assert find_cell(sheet, "title").value == "申請と届出のオンライン化"


def test_only_the_cells_to_fill_in_can_be_changed(tiny: Project) -> None:
    sheet = open_made(tiny)["取組"]
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not sheet.protection.formatRows  # openpyxl: True is what is forbidden
    assert not sheet.protection.insertRows
    assert not sheet.protection.sort
    assert not sheet.protection.autoFilter
    free = {
        key
        for key in ("number", "title", "planned", "status", "done", "later", CHECK)
        if not find_cell(sheet, key).protection.locked
    }
    assert free == {"status", "done", "later"}
    assert find_cell(sheet, "done").fill.fgColor.rgb != find_cell(sheet, "title").fill.fgColor.rgb


def test_what_looks_like_a_date_stays_text(tiny: Project) -> None:
    """1/15 and 46.0, typed into a cell of any other format, would be a date and 46."""
    assert find_cell(open_made(tiny)["成果指標"], "value").number_format == "@"


def test_marks_and_directions_are_chosen_from_lists(tiny: Project) -> None:
    book = open_made(tiny)
    sheet = book["取組"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    rule = rules[find_cell(sheet, "status").coordinate]
    assert (rule.type, rule.formula1, rule.errorStyle) == ("list", "items_status", None)
    assert rule.error
    (title, place), *_ = book.defined_names["items_status"].destinations
    cells = [cell.value for (cell,) in book[title][place]]
    assert cells == ["◎ 予定どおり", "○ 変更した", "△ 不十分", "× 未着手"]


def test_a_mark_that_stands_already_is_one_of_the_list(tiny: Project) -> None:
    assert find_cell(open_made(tiny)["取組"], "status").value == "◎ 予定どおり"


def test_the_cell_of_a_reason_is_coloured_where_the_mark_needs_one(tiny: Project) -> None:
    book = open_made(tiny)
    sheet = book["取組"]
    place = find_cell(sheet, "change_reason").coordinate
    rules = {
        str(area.sqref): rules for area, rules in sheet.conditional_formatting._cf_rules.items()
    }
    (rule,) = rules[place]
    status = find_cell(sheet, "status").coordinate
    assert rule.formula == [
        f"AND(SUMPRODUCT(--EXACT(items_change_reason_for_status,${status}))>0,"
        f"LEN(TRIM(${place}))=0)"
    ]
    (title, area), *_ = book.defined_names["items_change_reason_for_status"].destinations
    needing = [cell.value for (cell,) in book[title][area]]
    assert needing == ["○ 変更した", "△ 不十分", "× 未着手", "○", "△", "×"]


def test_a_column_says_in_words_what_a_row_lacks(tiny: Project) -> None:
    """As a formula, with the value that it has in the workbook as it is sent out."""
    raw = make(tiny, "joho")
    formula = find_cell(openpyxl.load_workbook(io.BytesIO(raw))["取組"], CHECK).value
    assert str(formula).startswith("=IF(LEN(TRIM(")
    value = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)["取組"]
    assert find_cell(value, CHECK).value == "変更理由を記入"
    assert find_cell(value, CHECK, LABELS - 1).value == "残り1件"


def test_the_words_of_a_plan_stay_words_in_a_formula(tiny: Project) -> None:
    tiny.replace("plan.yaml", "reason: 変更理由", """reason: '理由"&1+1&"'""")
    formula = str(find_cell(open_made(tiny, "joho")["取組"], CHECK).value)
    assert '"理由""&1+1&""を記入"' in formula


def test_a_name_with_an_ampersand_is_no_code_in_the_footer(tiny: Project) -> None:
    tiny.replace("departments.csv", "madoguchi,窓口課", f"madoguchi,{'&P窓口' * 20}")
    sheet = open_made(tiny)["取組"]
    assert sheet.oddFooter.left.text.startswith("＆P窓口")


def test_the_head_stays_in_sight_and_stands_on_each_page(tiny: Project) -> None:
    sheet = open_made(tiny)["取組"]
    assert sheet.freeze_panes == f"E{FIRST_ROW}"  # behind number, measure and title
    assert sheet.print_title_rows == f"${LABELS - 1}:${LABELS}"
    assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes; one is wide enough
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.oddFooter.left.text, sheet.oddFooter.center.text) == ("窓口課", "&P / &N")
    assert sheet.auto_filter.ref.startswith(f"B{LABELS}:")
    assert not sheet.merged_cells.ranges


def test_a_row_grows_with_what_one_types(tiny: Project) -> None:
    """It has a height that its text fits into, and none that is fixed."""
    tiny.replace("items.csv", "申請のオンライン化,new", f"{'長い題名' * 20},new")
    tiny.write("2022/titles.csv", "item,title\n")
    with zipfile.ZipFile(io.BytesIO(make(tiny))) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    (row,) = re.findall(f'<row r="{FIRST_ROW}"[^>]*>', sheet)
    assert float(re.findall(r'ht="([0-9.]+)"', row)[0]) > 100
    assert "customHeight" not in row


def test_the_guide_says_who_asks_by_when_and_what_marks_mean(tiny: Project) -> None:
    told = list_told(open_made(tiny)[GUIDE_NAME])
    assert told["提出期限"] == "令和5年5月12日（金）"
    assert told["問合せ先"] == "企画課　内線1234"
    assert told["基準日"] == "令和5年3月31日現在の状況を記入してください。"
    assert told["×"] == "未着手\n「変更理由」の欄を必ず記入してください。"
    assert "記入する欄" in told


def test_a_text_of_the_plan_is_never_a_formula(tiny: Project) -> None:
    tiny.write("2022/titles.csv", 'item,title\ni1-1-01,"=HYPERLINK(""http://x"",""y"")"\n')
    cell = find_cell(open_made(tiny)["取組"], "title")
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x","y")')


@pytest.mark.parametrize(
    "text", ["_x0041_課", "-1+1", "@SUM(A1)", "'引用", "1-1-1", "2023/4/1", "<b>&amp;</b>", "{=1}"]
)
def test_a_text_of_the_plan_comes_back_as_it_is(tiny: Project, tmp_path: Path, text: str) -> None:
    tiny.write("2022/titles.csv", f'item,title\ni1-1-01,"{text}"\n')
    path = tmp_path / "a.xlsx"
    path.write_bytes(make(tiny))
    sheet = open_book(path, path.name).sheets[1]
    assert text in {cell.value for cell in sheet.cells.values()}


@pytest.mark.parametrize("department", ["madoguchi", "joho", PREPARER])
def test_what_stands_in_a_workbook_is_read_as_what_the_table_holds(
    tiny: Project, tmp_path: Path, department: str
) -> None:
    """So that a reply in which nobody changed a cell changes nothing."""
    survey = lay_out_survey(load_plan("tiny", tiny.root), 2022, department)
    path = tmp_path / "a.xlsx"
    path.write_bytes(make(tiny, department))
    book = {sheet.name: sheet for sheet in open_book(path, path.name).sheets}
    for sheet in survey.sheets:
        for number, row in enumerate(sheet.rows, FIRST_ROW):
            context = Context(row.cells.get("unit", ""), row.cells.get("last", ""))
            for column, field in enumerate(sheet.fields, 2):
                cell = book[sheet.name].cells.get((number, column))
                read = normalise(cell, field, "a.xlsx", context)
                assert (read.value, read.notes) == (row.cells.get(field.key, ""), ())


def test_a_workbook_as_it_is_sent_out_is_a_reply_without_remarks(
    tiny: Project, tmp_path: Path
) -> None:
    """Neither the guide nor the lists, nor the column of checks, is taken for somebody's own."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(make(tiny))
    expected = expect_replies(load_plan("tiny", tiny.root), 2022)
    (reply,) = recognise(open_book(path, path.name), path, expected)
    assert (reply.department, reply.problems, reply.notes) == ("madoguchi", (), ())


@pytest.mark.parametrize(
    "root", [path for path in FIXTURES.iterdir() if (path / "data").is_dir()], ids=lambda p: p.name
)
def test_a_plan_of_any_kind_can_be_asked(root: Path) -> None:
    """Marks of letters or words, or none; no departments; items, indicators or figures alone."""
    for plan in (load_plan(name, root) for name in list_plans(root)):
        for year in plan.reported_years:
            for department in list_asked(plan, year):
                survey = lay_out_survey(plan, year, department)
                book = openpyxl.load_workbook(io.BytesIO(make_workbook(plan, survey, NOTICE)))
                names = [sheet.name for sheet in survey.sheets]
                assert book.sheetnames == [GUIDE_NAME, *names, LISTS_NAME]


def test_items_to_be_dated_are_chosen_and_those_that_stand_are_fixed(tiny: Project) -> None:
    header = "subject,date,text,state,former_date"
    tiny.write("2021/milestones.csv", f"{header}\ni1-1-02,FY2023,改修,planned,\n")
    sheet = open_made(tiny, "joho")["節目"]
    assert find_cell(sheet, "subject").value == "1-①-2 国のシステムの改修"
    assert find_cell(sheet, "subject").protection.locked
    assert not find_cell(sheet, "subject", FIRST_ROW + 1).protection.locked
    assert not find_cell(sheet, "date").protection.locked


def test_money_is_a_number(tiny: Project) -> None:
    tiny.append("plan.yaml", "columns: [budget]")
    header = "item,status,shift,change_reason,done,next_year,later,budget,source,line"
    tiny.write("2022/progress.csv", f"{header}\ni1-1-02,×,,,,国が改修する,,1200,s1,12\n")
    cell = find_cell(open_made(tiny, "joho")["取組"], "budget")
    assert (cell.value, cell.number_format) == (1200, "#,##0")


def test_who_prepares_the_report_gets_what_nobody_leads(tiny: Project) -> None:
    told = list_told(open_made(tiny, PREPARER)[GUIDE_NAME])
    assert told["回答する組織"] == "取りまとめ担当"
