"""What a department is asked: sheets, columns and rows, and what stands in the cells beforehand."""

from pathlib import Path

import pytest

from nenpo.data.load import load_plan
from nenpo.errors import UnknownYear
from nenpo.workbooks.asking.asked import PREPARER, list_asked
from nenpo.workbooks.asking.survey import identify_milestone, lay_out_survey
from nenpo.workbooks.layout import Field, Survey, SurveySheet
from tiny_project import Project
from words_project import copy_words, read_plan

HEADER = "subject,date,text,state,former_date"


def lay_out(tiny: Project, department: str, fiscal_year: int = 2022) -> Survey:
    return lay_out_survey(load_plan("tiny", tiny.root), fiscal_year, department)


def find_sheet(survey: Survey, kind: str) -> SurveySheet:
    return next(sheet for sheet in survey.sheets if sheet.kind == kind)


def find_field(sheet: SurveySheet, key: str) -> Field:
    return next(field for field in sheet.fields if field.key == key)


def list_ids(sheet: SurveySheet) -> list[str]:
    return [row.id for row in sheet.rows]


def list_keys(sheet: SurveySheet, *, asked: bool) -> list[str]:
    return [field.key for field in sheet.fields if field.is_asked == asked]


def test_departments_are_asked_in_their_order_and_the_rest_of_who_prepares_the_report(
    tiny: Project,
) -> None:
    assert list_asked(load_plan("tiny", tiny.root), 2022) == ("madoguchi", "joho", PREPARER)


@pytest.mark.parametrize(
    ("plan_id", "fiscal_year"),
    [
        ("nakano-informatization", 2021),
        ("nakano-structural-reform", 2022),
        ("koto-informatization", 2021),
        ("unnamed-ward-digitalization", 2021),
        ("nakano-information-policy", 2021),
    ],
)
def test_everything_that_exists_is_asked_of_somebody(plan_id: str, fiscal_year: int) -> None:
    """Marks, words or figures only, with departments or without: nothing is asked of nobody."""
    plan = read_plan(plan_id)
    surveys = [lay_out_survey(plan, fiscal_year, name) for name in list_asked(plan, fiscal_year)]
    asked = {row.id for s in surveys for sheet in s.sheets if sheet.table for row in sheet.rows}
    items = plan.items[plan.items["relisted_from"] == ""]
    relisted = plan.measures.loc[plan.measures["relisted_from"] != "", "measure"]
    assert set(items.loc[~items["measure"].isin(relisted), "item"]) <= asked
    assert set(plan.indicators["indicator"]) <= asked
    assert all(survey.sheets for survey in surveys)


def test_a_year_without_tables_is_unknown(tiny: Project) -> None:
    with pytest.raises(UnknownYear):
        lay_out(tiny, "joho", 2023)


def test_last_years_mark_and_plan_stand_beside_what_is_asked(tiny: Project) -> None:
    sheet = find_sheet(lay_out(tiny, "madoguchi"), "items")
    row = sheet.rows[0]
    assert (row.cells["last_status"], row.cells["planned"]) == ("◎", "対象を広げる")
    assert list_keys(sheet, asked=False) == [
        *("number", "measure", "title", "others", "last_status", "planned")
    ]
    assert list_keys(sheet, asked=True) == [
        *("status", "shift", "change_reason", "done", "next_year", "later", "issues")
    ]


def test_an_item_that_continues_another_has_that_ones_mark(tiny: Project) -> None:
    row = find_sheet(lay_out(tiny, PREPARER), "items").rows[0]
    assert (row.id, row.cells["last_status"]) == ("i2-1-01", "○（前倒し）")


def test_a_reason_is_needed_for_the_marks_that_the_check_list_misses_one_for(
    tiny: Project,
) -> None:
    sheet = find_sheet(lay_out(tiny, "joho"), "items")
    assert find_field(sheet, "change_reason").needed_for == {"status": ("○", "△", "×")}
    assert find_field(sheet, "shift").needed_for == {"status": ("○",)}


def test_a_mark_is_chosen_with_what_it_means(tiny: Project) -> None:
    field = find_field(find_sheet(lay_out(tiny, "joho"), "items"), "status")
    assert [(c.value, c.label) for c in field.choices][:2] == [
        ("◎", "◎ 予定どおり"),
        ("○", "○ 変更した"),
    ]


def test_what_the_year_holds_already_stands_in_the_cells(tiny: Project) -> None:
    cells = find_sheet(lay_out(tiny, "madoguchi"), "items").rows[0].cells
    assert (cells["status"], cells["done"], cells["later"]) == ("◎", "対象を広げた", "")


def test_a_re_listed_item_is_shown_and_not_asked(tiny: Project) -> None:
    tiny.append("2022/assignments.csv", "i1-2-02,joho,lead,,情報課")
    survey = lay_out(tiny, "joho")
    assert list_ids(find_sheet(survey, "items")) == ["i1-1-02"]
    shown = {row.id: row.cells["why"] for row in find_sheet(survey, "supporting").rows}
    assert shown["i1-2-02"] == "再掲（1-①-1で報告する）"
    assert shown["i1-1-01"] == "関係課として関わる"


def test_who_only_supports_is_not_asked(tiny: Project) -> None:
    tiny.replace("2022/assignments.csv", "i1-1-02,joho,lead", "i1-1-02,gikai,lead")
    assert "joho" not in list_asked(load_plan("tiny", tiny.root), 2022)


def test_an_indicator_stands_with_its_unit_and_values(tiny: Project) -> None:
    sheet = find_sheet(lay_out(tiny, "madoguchi"), "indicators")
    assert sheet.table == "actuals.csv"
    assert sheet.rows[0].cells == {
        "name": "オンライン申請の割合",
        "unit": "%",
        "baseline": "",
        "last": "20.5％（令和3年度）",
        "targets": "50％（令和4年度）\n80.5％（令和5年度）",
        "value": "約0/15",
    }


def test_why_a_value_is_missing_stands_in_its_cell(tiny: Project) -> None:
    sheet = find_sheet(lay_out(tiny, PREPARER), "indicators")
    assert sheet.rows[0].cells["value"] == "未確定"


def date_items(tiny: Project, before: str, now: str = "") -> None:
    tiny.write("2021/milestones.csv", f"{HEADER}\n{before}\n")
    tiny.write("2022/milestones.csv", f"{HEADER}\n{now}\n" if now else f"{HEADER}\n")


def test_what_last_year_left_open_is_asked_with_its_date(tiny: Project) -> None:
    date_items(tiny, "i1-1-02,FY2023,改修,planned,\ni1-1-02,202111,設計,done,")
    sheet = find_sheet(lay_out(tiny, "joho"), "milestones")
    assert sheet.rows[0].id == identify_milestone("i1-1-02", "改修")
    assert sheet.rows[0].cells == {"subject": "i1-1-02", "text": "改修", "last_date": "令和5年度"}
    assert [row.id for row in sheet.rows[1:]] == [""] * 5
    assert find_field(sheet, "subject").only_added
    assert find_field(sheet, "date").needed_for == {"state": ("revised",)}


def test_a_milestone_that_was_carried_over_is_not_answered_yet(tiny: Project) -> None:
    date_items(tiny, "i1-1-02,FY2023,改修,planned,", "i1-1-02,FY2023,改修,planned,")
    assert "state" not in find_sheet(lay_out(tiny, "joho"), "milestones").rows[0].cells


def test_a_milestone_that_moved_the_year_before_is_not_answered_yet(tiny: Project) -> None:
    date_items(tiny, "i1-1-02,FY2023,改修,revised,FY2022", "i1-1-02,FY2023,改修,planned,")
    assert "state" not in find_sheet(lay_out(tiny, "joho"), "milestones").rows[0].cells


def test_a_milestone_that_moved_stands_with_both_dates(tiny: Project) -> None:
    date_items(tiny, "i1-1-02,FY2023,改修,planned,", "i1-1-02,FY2024,改修,revised,FY2023")
    cells = find_sheet(lay_out(tiny, "joho"), "milestones").rows[0].cells
    assert (cells["last_date"], cells["state"], cells["date"]) == (
        *("令和5年度", "revised", "令和6年度"),
    )


def test_a_milestone_follows_its_item_and_ends_with_it(tiny: Project) -> None:
    date_items(tiny, "i1-2-01,FY2023,公開,planned,")
    survey = lay_out(tiny, PREPARER)
    assert find_sheet(survey, "milestones").rows[0].cells["subject"] == "i2-1-01"
    tiny.replace("items.csv", "2022,,i1-2-01", "2022,,")
    assert list_ids(find_sheet(lay_out(tiny, PREPARER), "milestones")) == [""] * 5


def test_milestones_are_not_asked_where_no_year_has_any(tiny: Project) -> None:
    assert "milestones" not in [sheet.kind for sheet in lay_out(tiny, "joho").sheets]


def test_what_the_plan_declares_is_asked(tiny: Project) -> None:
    tiny.append("plan.yaml", "columns: [owner, budget, due]")
    header = "item,status,shift,change_reason,done,next_year,later,owner,budget,due,source,line"
    row = "i1-1-02,×,,,,国が改修する,,情報課長,1200,FY2023-end,s1,12"
    tiny.write("2022/progress.csv", f"{header}\n{row}\n")
    sheet = find_sheet(lay_out(tiny, "joho"), "items")
    assert [find_field(sheet, key).kind for key in ("owner", "budget", "due")] == [
        *("text", "money", "time")
    ]
    cells = sheet.rows[0].cells
    assert (cells["owner"], cells["budget"], cells["due"]) == ("情報課長", "1,200", "令和5年度末")


def test_a_plan_without_marks_is_asked_in_its_own_words() -> None:
    plan = read_plan("nakano-structural-reform")
    sheet = find_sheet(lay_out_survey(plan, 2022, "kikaku"), "items")
    assert sheet.name == "項目"
    assert list_keys(sheet, asked=True) == ["done", "next_year", "adherence", "adherence_reason"]
    assert {"schedule", "last_done"} <= {*list_keys(sheet, asked=False)}


@pytest.mark.parametrize(
    ("word", "name"),
    [("事業/取組[案]:1*?", "事業取組案1"), ("参考", "参考の調査"), ("長" * 40, "長" * 28)],
)
def test_the_name_of_a_sheet_is_one_that_excel_takes(tmp_path: Path, word: str, name: str) -> None:
    project = copy_words(tmp_path / "words")
    text = project.path("data/words/plan.yaml")
    text.write_text(text.read_text().replace("item: 事業", f"item: '{word}'"))
    survey = lay_out_survey(load_plan("words", project.root), 2022, "soumu")
    assert find_sheet(survey, "items").name == name
