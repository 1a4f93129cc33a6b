"""Page one by name: what is late, why, who answers for it, what comes next; and what runs ahead."""

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.content import attention, summary
from nenpo.content.display import Nothing, Sentences, Table, Tiles
from nenpo.data.load import load_plan
from nenpo.export.blocks import list_values, pair_rows
from opened import brief
from tiny_project import Project, add_late_items
from words_project import need_table, read_plan


def read_year(tiny: Project, fiscal_year: int = 2021) -> Year:
    return progress.load_year(load_plan("tiny", tiny.root), fiscal_year)


def list_late(tiny: Project, count: int, **texts: str) -> Table:
    add_late_items(tiny, count, **texts)
    return need_table(attention.table(brief(read_year(tiny))))


@pytest.fixture(scope="module")
def nakano() -> Table:
    year = progress.load_year(read_plan("nakano-informatization"), 2021)
    return need_table(attention.table(brief(year)))


def test_the_late_items_of_the_real_plan_stand_there_the_worst_first(nakano: Table) -> None:
    assert nakano.caption == "遅れ・未着手の取組（3件）"
    assert [(row[0], row[1].split(" ")[0], row[2]) for row in list_values(nakano)] == [
        ("×", "1-1-②-3", "防災危機管理課"),
        ("△", "1-1-②-2", "（防災危機管理課）"),
        ("○", "2-5-①-1", "職員課"),
    ]


def test_beneath_each_stands_what_its_mark_means_and_why(nakano: Table) -> None:
    assert [row[0] for row, kind in pair_rows(nakano) if kind == "note"] == [
        "未着手　変更理由：東京都被災者生活再建支援システム利用者協議会で検討中であるため",
        "着手したものの十分に進行しているとはいえない　変更理由：記載なし",
        "変更（後ろ倒し）　変更理由：事業者を募集したが、不調に終わったため",
    ]


def test_what_runs_ahead_is_named_beneath_and_not_among_the_late(nakano: Table) -> None:
    year = progress.load_year(read_plan("nakano-informatization"), 2021)
    told = attention.others(brief(year))
    assert isinstance(told, Sentences)
    assert told.paragraphs[0].startswith("前倒しは、1-3-③-6 ")
    assert told.paragraphs[0].endswith("（職員課）の3件である。")


def test_forty_late_items_leave_room_for_the_rest_of_the_page(tiny: Project) -> None:
    table = list_late(tiny, 40)
    assert len(list_values(table)) == 6
    assert table.note == "ほか34件は、別紙の一覧に示す。"


def test_what_has_no_room_for_its_reason_is_named_all_the_same(tiny: Project) -> None:
    table = list_late(tiny, 11)
    named = len(list_values(table))
    assert table.note.startswith(f"ほか{11 - named}件は、")
    assert all(f"取組n{n}（窓口課）" in table.note for n in range(named, 11))
    assert table.note.endswith("である。詳細は、別紙の一覧に示す。")


def test_long_reasons_are_cut_and_fewer_items_shown(tiny: Project) -> None:
    table = list_late(tiny, 9, reason="理由" * 200, title="取組" * 99)
    assert len(list_values(table)) < 6
    assert all(len(row[0]) <= 100 for row, kind in pair_rows(table) if kind == "note")


def test_nothing_late_needs_no_table(tiny: Project) -> None:
    for row in (2, 3):
        tiny.set_cell("2021/progress.csv", row, "status", "◎")
        tiny.set_cell("2021/progress.csv", row, "shift", "")
    assert isinstance(attention.table(brief(read_year(tiny))), Nothing)


def test_a_change_without_a_direction_is_not_called_late(tiny: Project) -> None:
    tiny.replace("plan.yaml", "status_words:\n", "status_words:\n  late: 遅れ・未着手\n")
    tiny.set_cell("2021/progress.csv", 3, "shift", "")
    b = brief(read_year(tiny))
    assert attention.tell_late(b) == ("遅れ・未着手は1件、変更（方向の記載なし）は1件である。")
    table = need_table(attention.table(b))
    assert table.caption == "スケジュールどおりでない取組（2件）"
    assert [kind for _, kind in pair_rows(table)] == ["attention", "note", "body", "note"]


def test_no_late_item_is_said_where_the_plan_has_a_word_for_it(tiny: Project) -> None:
    tiny.replace("plan.yaml", "status_words:\n", "status_words:\n  late: 遅れ・未着手\n")
    tiny.set_cell("2021/progress.csv", 2, "status", "◎")
    assert attention.tell_late(brief(read_year(tiny))) == (
        "遅れ・未着手の取組はなく、前倒しは1件である。"
    )


def test_a_plan_in_words_names_what_was_changed_with_its_schedule_and_the_reason() -> None:
    year = progress.load_year(read_plan("nakano-structural-reform"), 2021)
    table = need_table(attention.table(brief(year)))
    changed = year.items[year.items["adherence"] == "changed"]
    told = [row[0] for row, kind in pair_rows(table) if kind == "note"]
    assert len(list_values(table)) == len(changed) == 1
    assert told[0].startswith("予定：")
    assert "　理由：" in told[0]


def test_a_plan_in_words_names_what_cannot_be_compared() -> None:
    year = progress.load_year(read_plan("nakano-structural-reform"), 2021)
    told = attention.others(brief(year))
    assert isinstance(told, Sentences)
    assert told.paragraphs[0].endswith("ほかの5件である。")


def test_tiles_hold_the_good_the_late_and_the_ahead() -> None:
    year = progress.load_year(read_plan("nakano-informatization"), 2021)
    shown = summary.tiles(brief(year))
    assert isinstance(shown, Tiles)
    assert [(t.label, t.value, t.tone) for t in shown.tiles[:3]] == [
        ("予定どおり", "97", "good"),
        ("遅れ・未着手", "3", "bad"),
        ("前倒し", "3", "neutral"),
    ]
