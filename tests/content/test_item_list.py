"""進捗状況一覧: a band a measure, a row an item, all that the data say of it."""

import pytest

from nenpo.analysis import progress
from nenpo.content import items
from nenpo.content.display import Table
from nenpo.data.load import load_plan
from nenpo.export.blocks import list_values, pair_rows
from opened import brief
from tiny_project import Project
from words_project import need_table, read_plan


@pytest.fixture(scope="module")
def nakano() -> Table:
    year = progress.load_year(read_plan("nakano-informatization"), 2021)
    return need_table(items.full_list(brief(year)))


def list_tiny(tiny: Project, fiscal_year: int = 2021) -> Table:
    year = progress.load_year(load_plan("tiny", tiny.root), fiscal_year)
    return need_table(items.full_list(brief(year)))


def test_every_row_of_the_report_is_a_row_with_its_own_number(nakano: Table) -> None:
    rows = list_values(nakano)
    numbers = [row[1].split(" ")[0] for row in rows]
    assert len(rows) == len(set(numbers)) == 124


def test_a_measure_heads_its_items_with_its_counts(nakano: Table) -> None:
    bands = [row[:2] for row, kind in pair_rows(nakano) if kind == "group"]
    assert len(bands) == 37
    assert bands[1] == (
        "1-1-② ぴったりサービスなどマイナンバーカードを活用した電子手続の拡充",
        "◎2 △1 ×1",
    )
    assert ("1-7-① オープンデータの公開数の拡大", "再掲4件") in bands


def test_an_item_that_is_listed_again_says_where_it_stands(nakano: Table) -> None:
    titles = [row[1] for row in list_values(nakano)]
    assert "1-7-①-4 職員向け研修の実施（1-2-①-4の再掲）" in titles


def test_a_text_that_stands_in_two_years_is_printed_once_across_both(nakano: Table) -> None:
    labels = [column.label for column in nakano.columns]
    later = labels.index("令和5年度以降取組予定")
    twice = [
        row for row, column in nakano.joined if nakano.rows[row][later - 1] and column == later
    ]
    assert {nakano.rows[row][later - 1] for row in twice} >= {"推進"}


def test_late_rows_are_tinted_and_those_ahead_are_not(nakano: Table) -> None:
    kinds = {row[1].split(" ")[0]: kind for row, kind in pair_rows(nakano)}
    assert [number for number, kind in kinds.items() if kind == "attention"] == [
        "1-1-②-2",
        "1-1-②-3",
        "2-5-①-1",
    ]


def test_a_reason_stands_across_the_width_beneath_its_item(nakano: Table) -> None:
    rows = pair_rows(nakano)
    place = next(n for n, (row, _) in enumerate(rows) if row[1].startswith("2-2-①-1 "))
    assert rows[place + 1] == (
        (
            "変更（前倒し）　変更理由：スケジュールを前倒しし、システムを試行したため",
            *[""] * (len(nakano.columns) - 1),
        ),
        "note",
    )


def test_what_the_year_before_announced_stands_beneath_what_is_off(tiny: Project) -> None:
    notes = [row[0] for row, kind in pair_rows(list_tiny(tiny, 2022)) if kind == "note"]
    assert "未着手　変更理由：記載なし　前年度に示した予定：国が改修する" in notes


def test_issues_and_the_municipalitys_own_remarks_are_told(tiny: Project) -> None:
    for column, value in (("note", "庁内調整済み"), ("source", ""), ("line", "")):
        tiny.set_cell("2021/progress.csv", 1, column, value)
    notes = [row[0] for row, kind in pair_rows(list_tiny(tiny)) if kind == "note"]
    assert notes[0] == "課題：周知　備考：庁内調整済み"


def test_a_remark_on_how_a_source_was_read_stays_out(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 1, "note", "読み取りに疑いがある")
    assert not any("読み取り" in cell for row in list_tiny(tiny).rows for cell in row)


def test_columns_that_nobody_fills_are_left_out(tiny: Project) -> None:
    for row in (1, 2, 3):
        tiny.set_cell("2021/progress.csv", row, "later", "")
    labels = [column.label for column in list_tiny(tiny).columns]
    assert labels == [
        "区分",
        "取組",
        "令和3年度までの取組状況",
        "令和4年度取組予定",
        "所管課（関係課）",
    ]


def test_many_departments_stand_beneath_their_item(nakano: Table) -> None:
    labels = [column.label for column in nakano.columns]
    held = labels.index("所管課（関係課）")
    assert max(len(row[held]) for row in list_values(nakano)) <= 30
    told = [row[0] for row, kind in pair_rows(nakano) if kind == "note"]
    assert any("選挙管理委員会事務局" in text and text.startswith("所管課") for text in told)


def test_marks_are_spoken_as_words(nakano: Table) -> None:
    assert nakano.spoken["◎"] == "スケジュールどおり取り組んだ"
