"""The tables of figures, and of what sources state differently."""

import pytest

from nenpo.analysis.figures import select_figures
from nenpo.analysis.items import name_subjects
from nenpo.analysis.progress import load_year
from nenpo.content import figures
from nenpo.content.display import Nothing
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_frames,
    need_table,
    read_column,
    read_plan,
    read_words,
)

FIGURES = "data/words/figures.csv"
REPORT, DRAFT = "出典1は「行動計画の報告」", "出典2は「行動計画の案」"


def show(fiscal_year: int = 2021, department: str | None = None) -> tuple[tuple[str, ...], ...]:
    return need_table(figures.table(brief(read_words(fiscal_year, department)))).rows


def test_figures_stand_under_the_part_of_the_plan_that_they_belong_to() -> None:
    """The figure of an item stands under its measure, that of a goal under the goal."""
    assert show() == (
        ("柱1方策1 窓口の改善", "", "", "", ""),
        ("処理を待つ申請", "40件", "令和3年6月現在", "実績", "出典1"),
        ("来庁者（速報による）", "1,461,063人", "令和2年度", "実績", "出典1"),
        ("柱2 確かな基盤", "", "", "", ""),
        ("窓口で扱える数", "最大約2万件", "時期の記載なし", "能力", "出典1"),
        ("柱2方策1 無線の整備", "", "", "", ""),
        ("無線を新しくする年度", "令和7年度", "令和7年度", "目標", "出典2"),
    )


def test_the_rejected_value_is_not_in_the_list_of_figures() -> None:
    assert not [row for row in show() if "38件" in row]


def test_parts_head_their_figures_as_group_rows() -> None:
    table = need_table(figures.table(brief(read_words())))
    assert table.kinds == ("group", "body", "body", "group", "body", "group", "body")


def test_a_figure_of_the_whole_plan_stands_first(words: Project) -> None:
    words.set_cell(FIGURES, 6, "subject", "plan")
    rows = need_table(figures.table(brief(read_words(project=words)))).rows
    assert [row[0] for row in rows[:2]] == ["計画全体", "無線を新しくする年度"]


def test_an_item_without_measure_has_its_figures_under_its_goal(words: Project) -> None:
    words.set_cell("data/words/items.csv", 4, "measure", "g2")
    rows = need_table(figures.table(brief(read_words(project=words)))).rows
    assert [row[0] for row in rows[-3:]] == [
        "柱2 確かな基盤",
        "窓口で扱える数",
        "無線を新しくする年度",
    ]


def test_sources_are_named_once_below_the_table() -> None:
    assert need_table(figures.table(brief(read_words()))).note == f"{REPORT}、{DRAFT}である。"


def test_only_the_sources_in_use_are_named() -> None:
    note = need_table(figures.table(brief(read_words(2021, "soumu")))).note
    assert note == f"{REPORT}である。"


def test_one_source_needs_no_column(words: Project) -> None:
    for file in (FIGURES, "data/words/sheets.csv", "data/words/schedule.csv"):
        words.write(file, words.read(file).replace(",s2,", ",s1,"))
    words.path("data/words/statements.csv").unlink()
    text = words.read("data/words/plan.yaml")
    words.write("data/words/plan.yaml", text[: text.index("  - id: s2")])
    table = need_table(figures.table(brief(read_words(project=words))))
    assert [column.label for column in table.columns] == ["数値", "値", "時期", "種類"]
    assert table.note == ""


def test_a_department_is_shown_its_own_figures() -> None:
    assert [row[0] for row in show(2021, "soumu")] == [
        "柱1方策1 窓口の改善",
        "処理を待つ申請",
        "来庁者（速報による）",
    ]


def test_no_figure_shows_nothing(tiny: Project) -> None:
    assert isinstance(figures.table(brief(load_year(load_plan("tiny", tiny.root), 2021))), Nothing)


@pytest.mark.parametrize(
    "plan", ["nakano-structural-reform", "koto-informatization", "unnamed-ward-digitalization"]
)
def test_the_list_of_a_real_plan_has_a_row_for_every_figure(plan: str) -> None:
    year = load_year(read_plan(plan), 2021)
    table = need_table(figures.table(brief(year)))
    assert table.kinds.count("body") == len(select_figures(year))


def test_undated_figures_of_a_real_plan_say_so() -> None:
    year = load_year(read_plan("unnamed-ward-digitalization"), 2021)
    undated = [figure for figure in select_figures(year) if figure.timing == "undated"]
    told = read_column(need_table(figures.table(brief(year))), "時期")
    assert told.count("時期の記載なし") == len(undated) > 0


def test_parts_are_named_in_document_order() -> None:
    assert name_subjects(read_words().plan) == {
        "plan": "計画全体",
        "g1": "柱1 便利な窓口",
        "m1-1": "柱1方策1 窓口の改善",
        "m1-2": "方策2 職員の育成",
        "g2": "柱2 確かな基盤",
        "m2-1": "柱2方策1 無線の整備",
    }


def test_a_part_without_title_is_named_by_its_label() -> None:
    assert name_subjects(read_plan("koto-informatization"))["m1"] == "施策1"


def test_tables_of_figures_leave_the_year_as_it_was() -> None:
    year = read_words(2021, "soumu")
    before = copy_frames(year)
    figures.table(brief(year))
    name_subjects(year.plan)
    assert_unchanged(year, before)
