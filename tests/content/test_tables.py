"""The tables: what stands in which cell."""

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.content import changes, indicators, items, marks, schedule
from nenpo.content.display import Nothing, Table
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project


@pytest.fixture(scope="module")
def nakano() -> Year:
    return progress.load_year(load_plan("nakano-informatization"), 2021)


def read_year(tiny: Project, fiscal_year: int = 2021, department: str | None = None) -> Year:
    return progress.load_year(load_plan("tiny", tiny.root), fiscal_year, department)


def read_rows(shown: Table | Nothing) -> tuple[tuple[str, ...], ...]:
    assert isinstance(shown, Table)
    return shown.rows


def test_status_by_goal_states_the_published_figures(nakano: Year) -> None:
    numbers = [row[1:4] for row in read_rows(marks.table(brief(nakano)))]
    assert numbers == [
        ("51", "46", "97"),
        ("1", "3", "4"),
        ("1", "0", "1"),
        ("1", "0", "1"),
        ("54", "49", "103"),
    ]


def test_off_schedule_lists_what_needs_action_first(nakano: Year) -> None:
    marks = [row[0] for row in read_rows(schedule.table(brief(nakano)))]
    assert marks == ["×", "△", "○ 変更（後ろ倒し）", *["○ 変更（前倒し）"] * 3]


def test_off_schedule_without_reason_says_so(nakano: Year) -> None:
    reasons = [row[3] for row in read_rows(schedule.table(brief(nakano)))]
    assert reasons[1] == "理由の記載なし"
    assert reasons.count("理由の記載なし") == 1


def test_off_schedule_table_is_absent_when_all_is_on_schedule(tiny: Project) -> None:
    for row in (2, 3):
        tiny.set_cell("2021/progress.csv", row, "status", "◎")
        tiny.set_cell("2021/progress.csv", row, "shift", "")
    assert isinstance(schedule.table(brief(read_year(tiny))), Nothing)


def test_progress_list_has_every_row_in_eight_columns(nakano: Year) -> None:
    table = items.full_list(brief(nakano))
    assert (len(table.rows), len(table.columns)) == (124, 8)


def test_progress_list_prints_a_measure_title_once_and_its_number_in_every_row(
    nakano: Year,
) -> None:
    first = [row[0] for row in items.full_list(brief(nakano)).rows[:2]]
    assert first == ["1-1-① マイナンバーカードの普及促進", "1-1-①"]


def test_progress_list_names_the_origin_of_a_relisted_row(nakano: Year) -> None:
    rows = [row for row in items.full_list(brief(nakano)).rows if row[0].startswith("1-7-①")]
    assert all(row[1].startswith("（1-2-①の再掲）") for row in rows)


def test_misread_title_is_shown_corrected(nakano: Year) -> None:
    titles = " ".join(row[1] for row in items.full_list(brief(nakano)).rows)
    assert "ぴったりサービスのオンライン接続" in titles
    assert "びったり" not in titles


def test_department_totals_are_marked_as_counted_more_than_once(nakano: Year) -> None:
    table = marks.by_department(brief(nakano))
    assert isinstance(table, Table)
    assert table.rows[-1][0] == "計（延べ）"
    assert int(table.rows[-1][5]) > 103


def test_department_order_is_that_of_the_municipality(nakano: Year) -> None:
    names = [row[0] for row in read_rows(marks.by_department(brief(nakano)))[:-1]]
    ordered = nakano.plan.departments.sort_values("order")["department"]
    order = [nakano.plan.department_names[name] for name in ordered]
    assert names == [name for name in order if name in names]
    assert len(names) == 26


def test_indicator_overview_never_clips(nakano: Year) -> None:
    rows = {row[0]: row for row in read_rows(indicators.table(brief(nakano)))}
    assert rows["オンラインによる申請手続受付件数"][4] == "約104％"
    assert rows["情報セキュリティ事故発生件数"][4] == "目標と逆方向（1件増）"
    assert rows["地図情報に関する窓口及び電話等問い合わせ件数"][3:5] == ("—", "—")


def test_card_rate_stands_beside_the_share_of_time(nakano: Year) -> None:
    table = indicators.table(brief(nakano))
    assert isinstance(table, Table)
    assert [cell.text for cell in table.groups[2:4]] == [
        "令和5年度（経過33.3％）",
        "令和7年度（経過20.0％）",
    ]
    assert table.rows[0][3:7] == ("100％", "21.1％", "100％", "21.1％")


def test_transitions_are_counted_by_mark(tiny: Project) -> None:
    assert ("△", "×", "1") in read_rows(changes.table(brief(read_year(tiny, 2022))))


def test_attached_rows_hold_every_item_once(nakano: Year) -> None:
    lines = items.attachment(brief(nakano)).csv.splitlines()
    assert len(lines) == 125
    assert lines[0].startswith("item,measure_label,title,")


def test_misread_measure_title_is_shown_corrected(nakano: Year) -> None:
    names = [row[0] for row in read_rows(marks.by_measure(brief(nakano)))]
    assert "1-3-③ 区有施設の区民向けオンライン環境の整備" in names
