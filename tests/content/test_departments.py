"""A department's paper: one table of what it answers for, whom it works with, its number."""

from pathlib import Path

import pytest

from nenpo.analysis.progress import Year, load_year, restrict
from nenpo.build.select import select_briefings
from nenpo.content import departments
from nenpo.content.display import Nothing, Sentences, Table
from nenpo.data.load import load_plan
from nenpo.export.blocks import pair_rows
from opened import brief
from tiny_project import Project
from words_project import read_words

ROOT = Path(__file__).parents[2]


def read_year(tiny: Project, fiscal_year: int = 2021, department: str | None = None) -> Year:
    return load_year(load_plan("tiny", tiny.root), fiscal_year, department)


@pytest.fixture(scope="module")
def nakano() -> Year:
    return load_year(load_plan("nakano-informatization"), 2021)


def need_table(shown: object) -> Table:
    assert isinstance(shown, Table)
    return shown


def list_work(year: Year) -> Table:
    return need_table(departments.work(brief(year)))


def test_what_needs_a_decision_stands_above_what_is_led_and_supported(tiny: Project) -> None:
    table = list_work(read_year(tiny, 2021, "joho"))
    assert [(row[0], kind) for row, kind in pair_rows(table) if kind != "note"] == [
        ("判断を要する取組", "group"),
        ("△", "attention"),
        ("ほかに関係課として関わる取組", "group"),
        ("◎", "body"),
    ]


def test_an_item_ahead_of_its_schedule_needs_no_decision(tiny: Project) -> None:
    table = list_work(read_year(tiny, 2021, "kaku-ka"))
    assert [row[0] for row, _ in pair_rows(table)][:2] == ["所管する取組", "○"]


def test_the_reason_stands_under_its_item(tiny: Project) -> None:
    rows = pair_rows(list_work(read_year(tiny, 2021, "kaku-ka")))
    assert [row[0] for row, kind in rows if kind == "note"] == [
        "変更（前倒し）　変更理由：予算が付いたため"
    ]


def test_last_years_plan_stands_beside_what_was_done(tiny: Project) -> None:
    table = list_work(read_year(tiny, 2022, "madoguchi"))
    row = next(row for row, kind in pair_rows(table) if kind == "body")
    labels = [column.label for column in table.columns[2:]]
    assert dict(zip(labels, row[2:], strict=True)) == {
        "令和4年度の予定": "対象を広げる",
        "取組状況": "対象を広げた",
        "令和5年度の予定": "続ける",
    }


def test_the_plans_schedule_says_what_was_due_where_no_report_does() -> None:
    table = list_work(restrict(read_words(), "soumu"))
    assert [column.label for column in table.columns][1:3] == ["令和3年度の予定", "取組状況"]


def test_a_column_without_any_text_is_left_out(tiny: Project) -> None:
    labels = [c.label for c in list_work(read_year(tiny, 2022, "madoguchi")).columns]
    assert "令和6年度以降" not in labels


def test_the_same_text_in_two_years_is_said_once(tiny: Project) -> None:
    tiny.replace("2021/progress.csv", "対象を広げる,続ける", "続ける,続ける")
    table = list_work(read_year(tiny, 2021, "madoguchi"))
    ((place, column),) = table.joined
    assert table.rows[place][column - 1 : column + 1] == ("続ける", "")


@pytest.mark.parametrize("department", ["joho-system", "koseki-jumin"])
def test_no_item_stands_in_a_paper_twice(nakano: Year, department: str) -> None:
    b = brief(restrict(nakano, department), whole=nakano)
    first, rest = departments.attention(b), need_table(departments.work(b))
    tables = [rest, first] if isinstance(first, Table) else [rest]
    kept = [
        row[1]
        for table in tables
        for row, kind in pair_rows(table)
        if kind in ("body", "attention")
    ]
    assert len(kept) == len(set(kept)) == len(b.items)


def test_that_nothing_needs_a_decision_is_said_where_there_are_many_items(nakano: Year) -> None:
    b = brief(restrict(nakano, "joho-system"), whole=nakano)
    assert departments.attention(b) == Sentences(("判断を要する取組はない。",))


def test_few_items_have_one_table(nakano: Year) -> None:
    assert isinstance(departments.attention(brief(restrict(nakano, "shokuin"))), Nothing)


def test_others_in_charge_are_named_with_the_items(nakano: Year) -> None:
    told = departments.partners(brief(restrict(nakano, "shokuin"), whole=nakano))
    assert told == Sentences(
        (
            "所管する取組に関わる課：情報システム課（1-2-①-4、2-2-①-1）",
            "関係課として関わる取組の所管課：情報システム課（2-5-①-2）",
        ),
        role="list",
    )


def test_a_department_that_works_alone_names_nobody(nakano: Year) -> None:
    shown = departments.partners(brief(restrict(nakano, "kugikai"), whole=nakano))
    assert isinstance(shown, Nothing)


def test_departments_papers_are_numbered_in_their_order() -> None:
    made = select_briefings(ROOT, ["nakano-informatization/2021"])
    numbers = [b.parameters["document_number"] for b in made if b.kind == "department"]
    assert numbers == [f"資料1-{place}" for place in range(1, len(numbers) + 1)]


def test_without_a_number_of_the_edition_a_department_has_none(tiny: Project) -> None:
    tiny.replace("params/tiny/2021.yaml", "document_number: 資料1", 'document_number: ""')
    made = select_briefings(tiny.root, ["tiny/2021"])
    assert {b.parameters["document_number"] for b in made if b.kind == "department"} == {""}
