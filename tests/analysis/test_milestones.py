"""Which milestones lie ahead, which are overdue, and whose they are."""

from datetime import date

import pytest

from nenpo.analysis.milestones import (
    Milestone,
    find_next,
    list_coming,
    list_milestones,
    list_overdue,
)
from nenpo.analysis.progress import load_year
from nenpo.data.load import load_plan
from tiny_project import Project

HEADER = "subject,date,text,state,former_date"
TODAY = date(2022, 3, 31)
ROWS = (
    "plan,FY2025,計画の終了,planned,",
    "i1-1-01,FY2022,受付を全ての窓口で開始,planned,",
    "i1-1-01,202204,様式の公開,revised,202203",
    "i1-1-02,202203,国のシステムの改修,planned,",
    "i1-2-01,202110,データの公開,done,",
    "m1-1,FY2023-start,窓口の移転,planned,",
    "g2,202001-later,基盤の更新,planned,",
)


def read(tiny: Project, department: str | None = None) -> tuple[Milestone, ...]:
    tiny.write("2021/milestones.csv", "\n".join((HEADER, *ROWS, "")))
    return list_milestones(load_year(load_plan("tiny", tiny.root), 2021, department))


def name(milestones: tuple[Milestone, ...]) -> list[str]:
    return [each.text for each in milestones]


def test_milestones_stand_in_order_of_the_end_of_their_time(tiny: Project) -> None:
    assert name(read(tiny)) == [
        "基盤の更新",
        "データの公開",
        "国のシステムの改修",
        "様式の公開",
        "受付を全ての窓口で開始",
        "窓口の移転",
        "計画の終了",
    ]


def test_coming_are_those_not_done_of_the_two_years_after_the_report(tiny: Project) -> None:
    coming = name(list_coming(read(tiny), TODAY, 2021))
    assert coming == ["基盤の更新", "様式の公開", "受付を全ての窓口で開始", "窓口の移転"]


def test_what_is_not_done_by_the_day_is_overdue(tiny: Project) -> None:
    assert name(list_overdue(read(tiny), TODAY)) == ["国のシステムの改修"]


def test_next_of_a_subject_is_its_first_one_ahead_however_far(tiny: Project) -> None:
    found = find_next(read(tiny), TODAY)
    assert {subject: each.text for subject, each in found.items()} == {
        "g2": "基盤の更新",
        "i1-1-01": "様式の公開",
        "m1-1": "窓口の移転",
        "plan": "計画の終了",
    }


@pytest.mark.parametrize(
    ("department", "subjects"),
    [("madoguchi", {"i1-1-01", "m1-1"}), ("joho", {"i1-1-01", "i1-1-02", "m1-1"})],
)
def test_department_has_the_milestones_of_its_items_and_their_measures(
    tiny: Project, department: str, subjects: set[str]
) -> None:
    assert {each.subject for each in read(tiny, department)} == subjects


def test_item_that_was_not_reported_keeps_its_milestones(tiny: Project) -> None:
    for column in ("status", "done", "next_year", "later", "issues", "source", "line"):
        tiny.set_cell("2021/progress.csv", 1, column, "")
    assert "様式の公開" in name(read(tiny, "madoguchi"))


def test_year_without_the_table_has_no_milestones(tiny: Project) -> None:
    assert list_milestones(load_year(load_plan("tiny", tiny.root), 2021)) == ()
