"""The tables: what stands in which cell."""

from dataclasses import replace

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.content import attention, indicators, items, marks
from nenpo.content.display import Nothing, Table
from nenpo.data.load import load_plan
from nenpo.export.blocks import pair_rows
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


def test_what_is_late_is_listed_the_worst_first(nakano: Year) -> None:
    table = attention.table(brief(nakano))
    assert isinstance(table, Table)
    marks = [row[0] for row, kind in pair_rows(table) if kind != "note"]
    assert marks == ["×", "△", "○"]


def test_what_is_late_without_a_reason_says_so(nakano: Year) -> None:
    table = attention.table(brief(nakano))
    assert isinstance(table, Table)
    notes = [row[0] for row, kind in pair_rows(table) if kind == "note"]
    assert [note.endswith("変更理由：記載なし") for note in notes] == [False, True, False]


def test_nothing_late_is_no_table(tiny: Project) -> None:
    for row in (2, 3):
        tiny.set_cell("2021/progress.csv", row, "status", "◎")
        tiny.set_cell("2021/progress.csv", row, "shift", "")
    assert isinstance(attention.table(brief(read_year(tiny))), Nothing)


def test_misread_title_is_shown_corrected(nakano: Year) -> None:
    titles = " ".join(row[1] for row in items.full_list(brief(nakano)).rows)
    assert "ぴったりサービスのオンライン接続" in titles
    assert "びったり" not in titles


def list_matrix(year: Year) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in read_rows(marks.matrix(brief(year)))}


def test_matrix_has_the_departments_in_the_order_of_the_municipality(nakano: Year) -> None:
    names = [*list_matrix(nakano)][:-2]
    ordered = nakano.plan.departments.sort_values("order")["department"]
    order = [nakano.plan.department_names[name] for name in ordered]
    assert names == [name for name in order if name in names]
    assert len(names) == 26


def test_matrix_adds_up_to_the_counts_by_department_and_by_policy(nakano: Year) -> None:
    rows = list_matrix(nakano)
    lead = progress.count_by_department(nakano, ("lead",))
    for name, counts in lead.items():
        told = rows[nakano.plan.department_names[name]][12]
        assert told == " ".join(f"{mark}{n}" for mark, n in counts.items() if n)
    by_policy = progress.count_by(nakano.plan, nakano.items, "policy")
    assert [cell.split("\n")[0] for cell in rows["取組の数"][:12]] == [
        f"◎{counts['◎']}" for counts in by_policy.values()
    ]
    assert rows["取組の数"][12] == "◎97 ○4 △1 ×1"


def test_matrix_leaves_zeros_blank_and_names_what_is_late(nakano: Year) -> None:
    cells = list_matrix(nakano)["防災危機管理課"]
    assert cells == ("×1", *[""] * 11, "×1", "◎1 △1")


def test_matrix_has_the_goals_above_their_policies(nakano: Year) -> None:
    table = marks.matrix(brief(nakano))
    assert isinstance(table, Table)
    assert [(cell.text, cell.span) for cell in table.groups[1:3]] == [("目標1", 7), ("目標2", 5)]
    assert [column.label for column in table.columns[1:3]] == ["1-1", "1-2"]


def test_matrix_speaks_its_marks(nakano: Year) -> None:
    table = marks.matrix(brief(nakano))
    assert isinstance(table, Table)
    assert table.spoken["×"] == "未着手"


def test_matrix_of_more_policies_than_a_page_holds_has_the_goals(nakano: Year) -> None:
    own = [f"p{n}" for n in range(len(nakano.items))]
    year = replace(nakano, items=nakano.items.assign(policy=own))
    table = marks.matrix(brief(year))
    assert isinstance(table, Table)
    assert [column.label for column in table.columns[1:-1]] == ["目標1", "目標2", "計"]
    assert table.caption.startswith("所管課別・目標別の件数")


def test_indicator_overview_never_clips(nakano: Year) -> None:
    rows = {row[0]: row for row in read_rows(indicators.table(brief(nakano)))}
    assert rows["オンラインによる申請手続受付件数"][6] == "約104％"
    assert rows["情報セキュリティ事故発生件数"][6] == "逆方向"
    assert rows["地図情報に関する窓口及び電話等問い合わせ件数"][4:7] == ("—", "—", "—")


def test_card_rate_stands_beside_the_share_of_time(nakano: Year) -> None:
    table = indicators.table(brief(nakano))
    assert isinstance(table, Table)
    assert [cell.text for cell in table.groups[2:4]] == [
        "令和5年度（経過33.3％）",
        "令和7年度（経過20.0％）",
    ]


def test_attached_rows_hold_every_item_once(nakano: Year) -> None:
    lines = items.attachment(brief(nakano)).csv.splitlines()
    assert len(lines) == 125
    assert lines[0].startswith("item,measure_label,title,")
