"""Which national priorities a plan's parts serve."""

from pathlib import Path

import pytest

from nenpo.analysis.progress import load_year
from nenpo.content import priorities
from nenpo.content.display import Nothing, Table
from opened import brief
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_compared,
    copy_frames,
    need_table,
    read_column,
    read_compared,
)


@pytest.fixture
def compared(tmp_path: Path) -> Project:
    return copy_compared(tmp_path / "compared")


def show(project: Project | None = None, plan: str = "east") -> Table | Nothing:
    catalogue = read_compared(project)
    return priorities.table(brief(load_year(catalogue.plans[plan], 2021), catalogue=catalogue))


def test_a_priority_is_shown_with_its_target_its_parts_and_its_grounds() -> None:
    assert need_table(show()).rows == (
        (
            "① 予約の標準化",
            "令和4年度",
            "1-① 予約の拡大、電話の予約",
            "明記、内容から判断",
        ),
        ("② 窓口の改善", "—", "目標1 便利な窓口", "内容から判断"),
    )


def test_priorities_come_in_the_order_of_the_national_plan(compared: Project) -> None:
    header, *rows = compared.read("data/priorities.csv").splitlines()
    compared.write("data/priorities.csv", "\n".join([header, *reversed(rows), ""]))
    names = read_column(need_table(show(compared)), "国の重点取組事項")
    assert names == ["① 予約の標準化", "② 窓口の改善"]


def test_the_same_ground_is_told_once(compared: Project) -> None:
    compared.set_cell("data/priorities.csv", 2, "ground", "stated")
    assert read_column(need_table(show(compared)), "根拠")[0] == "明記"


def test_a_plan_is_shown_its_own_parts_only() -> None:
    table = need_table(show(plan="west"))
    assert [row[2] for row in table.rows] == ["予約の受付"]


def test_a_plan_that_serves_no_priority_is_shown_nothing(compared: Project) -> None:
    compared.replace("data/priorities.csv", "west,i1,n2,stated\n", "")
    assert isinstance(show(compared, "west"), Nothing)


def test_the_national_plan_serves_no_priority_of_its_own(compared: Project) -> None:
    compared.append("data/priorities.csv", "nation,n1,n1,stated")
    catalogue = read_compared(compared)
    year = load_year(catalogue.plans["nation"], 2022)
    assert isinstance(priorities.table(brief(year, catalogue=catalogue)), Nothing)


def test_no_national_plan_shows_nothing(compared: Project) -> None:
    compared.path("data/priorities.csv").unlink()
    compared.replace("data/comparison.yaml", "national_plan: nation\n", "")
    assert isinstance(show(compared), Nothing)


def test_only_a_target_in_years_is_a_target_year() -> None:
    """The national plan also has a target of 80 %, which is no year."""
    national = read_compared().national
    assert national is not None
    assert priorities.list_target_years(national) == {"n1": "令和4年度"}


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("g1", "目標1 便利な窓口"),
        ("m1", "1-① 予約の拡大"),
        ("i2", "電話の予約"),
        ("desks", "予約できる窓口"),
        ("plan", "計画全体"),
    ],
)
def test_every_kind_of_part_has_a_name(part: str, name: str) -> None:
    assert priorities.name_parts(read_compared().plans["east"])[part] == name


def test_an_indicator_has_a_name(compared: Project) -> None:
    compared.append("data/east/indicators.csv", "rate,g1,予約の割合,%,increase,2020,share,")
    assert priorities.name_parts(read_compared(compared).plans["east"])["rate"] == "予約の割合"


def test_telling_priorities_leaves_the_catalogue_as_it_was() -> None:
    catalogue = read_compared()
    year = load_year(catalogue.plans["east"], 2021)
    before = copy_frames(catalogue), copy_frames(year)
    priorities.table(brief(year, catalogue=catalogue))
    assert_unchanged(catalogue, before[0])
    assert_unchanged(year, before[1])
