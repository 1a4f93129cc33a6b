"""The tables of figures, and of what sources state differently."""

import pytest

from nenpo.analysis.figures import select_figures
from nenpo.analysis.items import name_subjects
from nenpo.analysis.progress import load_year
from nenpo.content import figures
from nenpo.content.display import Nothing
from nenpo.content.readings import list_readings
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


def show(fiscal_year: int = 2021, department: str | None = None) -> tuple[tuple[str, ...], ...]:
    return need_table(figures.table(brief(read_words(fiscal_year, department)))).rows


def test_figures_stand_under_the_part_of_the_plan_that_they_belong_to() -> None:
    """The figure of an item stands under its measure, that of a goal under the goal."""
    assert show() == (
        ("柱1方策1 窓口の改善", ""),
        ("処理を待つ申請", "40件（令和3年6月現在）"),
        ("来庁者", "1,461,063人（令和2年度）"),
        ("柱2 確かな基盤", ""),
        ("窓口で扱える数", "最大約2万件（能力）"),
        ("柱2方策1 無線の整備", ""),
        ("無線を新しくする年度", "令和7年度（目標）［2］"),
    )


def test_the_values_of_one_thing_stand_in_one_row_in_the_order_of_time(words: Project) -> None:
    words.append(FIGURES, "v-plan,,来庁者,m1-1,year,2023,,,plan,,1700000,,人,true,true,,,s1,54")
    words.set_cell(FIGURES, 5, "title", "来庁者")
    rows = need_table(figures.table(brief(read_words(2022, project=words)))).rows
    told = "1,461,063人（令和2年度）→150万人（令和4年度）→約170万人（令和5年度の予定）"
    assert ("来庁者", told) in rows


def test_a_figure_of_somebody_else_is_named_by_its_owner(words: Project) -> None:
    header, *rows = words.read(FIGURES).splitlines()
    told = [f"{row},{'全国' if row.startswith('visitors,') else ''}" for row in rows]
    words.write(FIGURES, "\n".join([f"{header},owner", *told]) + "\n")
    shown = need_table(figures.table(brief(read_words(project=words)))).rows
    assert "全国の来庁者" in [row[0] for row in shown]


def test_what_a_municipality_notes_of_its_value_stands_in_a_numbered_note(words: Project) -> None:
    words.replace(FIGURES, "速報による,s1,52", "速報による,,")
    table = need_table(figures.table(brief(read_words(project=words))))
    assert "注1 速報による。" in table.note
    assert ("来庁者", "1,461,063人（令和2年度）（注1）") in table.rows


def test_what_a_transcription_notes_of_a_value_stands_in_the_check_list_alone() -> None:
    b = brief(read_words())
    assert "速報" not in str(figures.table(b))
    assert "速報による。" in [finding.ja for finding in list_readings(b)]


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


def test_the_source_of_most_values_is_named_once_and_others_are_marked() -> None:
    note = need_table(figures.table(brief(read_words()))).note.split("\n")[1]
    assert note == "番号を付していない値の出典は「行動計画の報告」、［2］は「行動計画の案」である。"


def test_one_source_needs_no_mark() -> None:
    table = need_table(figures.table(brief(read_words(2021, "soumu"))))
    assert "出典は「行動計画の報告」である。" in table.note
    assert not [row for row in table.rows if "［" in row[1]]


def test_a_department_is_shown_its_own_figures() -> None:
    assert [row[0] for row in show(2021, "soumu")] == [
        "柱1方策1 窓口の改善",
        "処理を待つ申請",
        "来庁者",
    ]


def test_no_figure_shows_nothing(tiny: Project) -> None:
    assert isinstance(figures.table(brief(load_year(load_plan("tiny", tiny.root), 2021))), Nothing)


@pytest.mark.parametrize(
    "plan",
    [
        "nakano-information-policy",
        "nakano-structural-reform",
        "koto-informatization",
        "unnamed-ward-digitalization",
    ],
)
def test_the_list_of_a_real_plan_states_every_figure(plan: str) -> None:
    year = load_year(read_plan(plan), 2021)
    table = need_table(figures.table(brief(year)))
    values = [part for row in table.rows for part in row[1].split("→") if part]
    assert len(values) == len(select_figures(year))


def test_national_and_metropolitan_rates_are_not_the_wards() -> None:
    for plan in ("nakano-information-policy", "nakano-structural-reform"):
        names = read_column(
            need_table(figures.table(brief(load_year(read_plan(plan), 2021)))), "数値"
        )
        rates = [name for name in names if "交付率" in name]
        assert [name for name in rates if name.startswith(("全国の", "東京都の"))] == [
            "全国のマイナンバーカードの交付率（年度末）",
            "東京都のマイナンバーカードの交付率（年度末）",
        ]


def test_undated_figures_of_a_real_plan_are_counted_in_the_note() -> None:
    year = load_year(read_plan("unnamed-ward-digitalization"), 2021)
    undated = [figure for figure in select_figures(year) if figure.timing == "undated"]
    note = need_table(figures.table(brief(year))).note
    assert f"時期を付していない値（{len(undated)}件）は、時期の記載がないものである。" in note


class TestKey:
    """The few figures that tell how it is going."""

    def test_what_moved_stands_with_its_values_and_plan(self) -> None:
        year = load_year(read_plan("nakano-information-policy"), 2021)
        rows = dict(need_table(figures.key(brief(year))).rows)
        assert rows["コンビニ交付の件数（区）"] == (
            "41,226件（令和2年度）→77,500件（令和3年度）→116,000件（令和4年度の予定）"
        )

    def test_they_are_few(self) -> None:
        year = load_year(read_plan("nakano-information-policy"), 2021)
        assert len(need_table(figures.key(brief(year))).rows) <= 15

    def test_where_nothing_is_known_twice_what_has_a_time_is_told(self) -> None:
        year = load_year(read_plan("koto-informatization"), 2021)
        told = read_column(need_table(figures.key(brief(year))), "推移・予定")
        assert told == [
            "18手続（令和3年4月現在）",
            "約90手続（令和3年度の予定）",
            "11手続（令和3年度の予定）",
        ]

    def test_a_plan_whose_items_are_judged_is_told_by_them(self) -> None:
        year = load_year(read_plan("nakano-structural-reform"), 2021)
        assert isinstance(figures.key(brief(year)), Nothing)


def test_parts_are_named_in_document_order() -> None:
    assert name_subjects(read_words().plan) == {
        "plan": "計画全体",
        "g1": "柱1 便利な窓口",
        "m1-1": "柱1方策1 窓口の改善",
        "m1-2": "柱1方策2 職員の育成",
        "g2": "柱2 確かな基盤",
        "m2-1": "柱2方策1 無線の整備",
    }


def test_a_part_without_title_is_named_by_its_label() -> None:
    assert name_subjects(read_plan("koto-informatization"))["m1"] == "施策1"


def test_tables_of_figures_leave_the_year_as_it_was() -> None:
    year = read_words(2021, "soumu")
    before = copy_frames(year)
    figures.table(brief(year))
    figures.key(brief(year))
    name_subjects(year.plan)
    assert_unchanged(year, before)
