"""What stands where an id belongs is told its id: a name, a title, a year written otherwise."""

from pathlib import Path

import pytest

from nenpo.analysis.progress import load_year
from nenpo.build.params import check_folders, read_edition
from nenpo.data.load import load_plan
from nenpo.errors import InputRefused, UnknownDepartment
from tiny_project import Project, only


@pytest.mark.parametrize(
    ("file", "column", "name", "told"),
    [
        ("2021/assignments.csv", "department", "情報課", "joho"),
        ("2021/assignments.csv", "department", "情報課(住基)", "joho"),
        ("2021/assignments.csv", "item", "ネットワークの更新", "i2-1-01"),
        ("2021/assignments.csv", "item", "事故の件数", "incidents"),
        ("2021/progress.csv", "item", "国のシステムの改修", "i1-1-02"),
        ("2021/actuals.csv", "indicator", "事故の件数", "incidents"),
        ("items.csv", "measure", "1-①", "m1-1"),
        ("items.csv", "actor", "国", "nation"),
        ("items.csv", "actor", "市", "ward"),
        ("items.csv", "actor", "みどり市", "ward"),
        ("2021/progress.csv", "status", "不十分", "△"),
        ("measures.csv", "goal", "確かな基盤", "g2"),
        ("organisation_changes.csv", "from", "窓口課", "madoguchi"),
    ],
)
def test_a_name_in_a_table_is_told_its_id(
    tiny: Project, file: str, column: str, name: str, told: str
) -> None:
    tiny.set_cell(file, 1, column, name)
    found = [problem.message("en") for problem in tiny.refuse_data()]
    assert any(f"'{name}' is written {told}." in message for message in found), found


def test_a_word_that_nothing_is_called_is_told_no_id(tiny: Project) -> None:
    tiny.set_cell("2021/assignments.csv", 1, "department", "観光課")
    assert "is written" not in only(tiny.refuse_data()).message("en")


def test_a_notebooks_department_by_its_name_is_told_the_id(tiny: Project) -> None:
    with pytest.raises(UnknownDepartment) as caught:
        load_year(load_plan("tiny", tiny.root), 2021, "情報課")
    assert "「情報課」は joho と書く。" in caught.value.message("ja")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("令和4年度", "2022"),
        ("R4", "2022"),
        ("2022年度", "2022"),
        ("Ｒ４", "2022"),
        ("令和四年度", "2022"),
    ],
)
def test_a_folder_of_a_year_is_told_its_name(tiny: Project, name: str, told: str) -> None:
    tiny.path("2022/progress.csv").parent.rename(tiny.root / "data/tiny" / name)
    tiny.path("params/tiny/2022.yaml").unlink()
    messages = [problem.message("en") for problem in tiny.refuse_data()]
    assert any(f"'{name}' is written {told}." in message for message in messages)


@pytest.mark.parametrize("year", ["令和5年度", "R5", "令和五年"])
def test_a_year_written_otherwise_in_a_table_is_told_how(tiny: Project, year: str) -> None:
    tiny.set_cell("targets.csv", 1, "fiscal_year", year)
    assert only(tiny.refuse_data()).message("en").endswith("→ 2023.")


def test_a_plans_name_as_a_folder_of_params_is_told_its_id(tiny: Project) -> None:
    tiny.path("params/tiny").rename(tiny.path("params/デジタル計画"))
    with pytest.raises(InputRefused) as caught:
        check_folders(tiny.root)
    assert "「デジタル計画」は tiny と書く。" in only(caught.value.problems).message("ja")


@pytest.mark.parametrize("value", ["みどり市デジタル計画", "other", "5"])
def test_params_are_told_the_plan_that_their_folder_is_of(tiny: Project, value: str) -> None:
    tiny.replace("params/tiny/2021.yaml", "plan: tiny", f"plan: {value}")
    assert only(tiny.refuse_params()).message("en").endswith("cannot be used; allowed: tiny.")


def test_params_are_told_how_a_plan_is_called_that_no_plan_may_be_called(tiny: Project) -> None:
    tiny.path("params/tiny").rename(tiny.path("params/Tiny"))
    tiny.replace("params/Tiny/2021.yaml", "plan: tiny", "plan: Tiny")
    with pytest.raises(InputRefused) as caught:
        read_edition(tiny.root, "Tiny", 2021)
    assert "an id of at most 60" in only(caught.value.problems).message("en")


def test_params_of_a_year_are_told_their_name(tiny: Project) -> None:
    path: Path = tiny.path("params/tiny/2022.yaml")
    path.rename(path.with_name("令和4年度.yaml"))
    with pytest.raises(InputRefused) as caught:
        check_folders(tiny.root)
    told = only(caught.value.problems).message("ja")
    assert "「令和4年度.yaml」は 2022.yaml と書く。" in told


def test_a_fiscal_year_written_otherwise_in_params_is_told_how(tiny: Project) -> None:
    tiny.replace("params/tiny/2021.yaml", "fiscal_year: 2021", "fiscal_year: 令和3年度")
    told = only(tiny.refuse_params()).message("ja")
    assert "「令和3年度」は 2021 と書く。" in told
