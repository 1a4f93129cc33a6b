"""A plan is found from the project's root and loaded as frames that hide nothing."""

import subprocess
import sys
from dataclasses import FrozenInstanceError
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from nenpo.data.load import load_plan
from nenpo.data.plan import Plan
from nenpo.data.project import find_root, list_plans
from nenpo.data.schema.tables import TABLES, list_columns
from nenpo.errors import InputRefused, NotAProject, UnknownPlan
from tiny_project import Project


@pytest.fixture
def plan(tiny: Project) -> Plan:
    return load_plan("tiny", tiny.root)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NENPO_ROOT", raising=False)


@pytest.mark.usefixtures("outside")
def test_root_is_found_from_a_folder_below_it(tiny: Project) -> None:
    (tiny.root / "notebooks").mkdir()
    assert find_root(tiny.root / "notebooks") == tiny.root.resolve()


def test_environment_names_the_root(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_ROOT", str(tiny.root))
    assert find_root(Path("/")) == tiny.root.resolve()


@pytest.mark.usefixtures("outside")
def test_folder_outside_a_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAProject) as caught:
        find_root(tmp_path)
    assert str(tmp_path) in caught.value.message("en")


def test_environment_that_names_no_project_is_refused(
    tiny: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The search does not go upwards from a root that was given: it would find another project."""
    monkeypatch.setenv("NENPO_ROOT", str(tiny.root / "data"))
    with pytest.raises(NotAProject):
        find_root()


def test_plans_are_the_visible_folders_of_data(tiny: Project) -> None:
    for name in ("another", ".git", "_old"):
        (tiny.root / "data" / name).mkdir()
    (tiny.root / "data" / "notes.txt").touch()
    assert list_plans(tiny.root) == ("another", "tiny")


@pytest.mark.parametrize("value", ["tiney", "", "../tiny", "tiny/2021", "Tiny"])
def test_unknown_plan_names_the_known_ones(tiny: Project, value: str) -> None:
    with pytest.raises(UnknownPlan) as caught:
        load_plan(value, tiny.root)
    assert caught.value.message("en") == (
        f"unknown plan '{value}'; known plans: tiny. Give the name of a folder under data/."
    )


def test_refused_input_loads_nothing(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "scope", "city")
    with pytest.raises(InputRefused):
        load_plan("tiny", tiny.root)


@pytest.mark.parametrize("file", TABLES)
def test_frames_have_the_columns_of_the_contract_in_order(plan: Plan, file: str) -> None:
    """Also where the year has no such file."""
    name = file.removesuffix(".csv")
    owners = [plan] if hasattr(plan, name) else list(plan.years.values())
    for owner in owners:
        assert list(getattr(owner, name).columns) == list(list_columns(TABLES[file]))


def test_year_without_a_file_has_a_frame_without_rows(plan: Plan) -> None:
    assert plan.years[2022].commentary.empty
    assert plan.years[2022].published is None


def test_rows_keep_the_order_of_the_file(plan: Plan) -> None:
    assert plan.departments["department"].tolist() == ["joho", "madoguchi", "gikai", "kaku-ka"]


@pytest.mark.parametrize("year", [2021, 2022])
def test_empty_text_is_an_empty_string_never_missing(plan: Plan, year: int) -> None:
    """Also in a column that the file lacks (issues, in 2022)."""
    progress = plan.years[year].progress
    texts = progress.drop(columns=["line", "budget", "spent"])
    assert all(str(dtype) == "str" for dtype in texts.dtypes)
    assert not texts.isna().any().any()


def test_empty_and_full_frames_have_the_same_types(plan: Plan) -> None:
    full, empty = plan.years[2021].misreadings, plan.years[2022].misreadings
    assert full.dtypes.to_dict() == empty.dtypes.to_dict()


def test_numbers_are_exact_decimals_or_none(plan: Plan) -> None:
    actuals = plan.years[2022].actuals
    assert actuals["value"].tolist() == [Decimal(0), None]
    assert actuals["denominator"].tolist() == [Decimal(15), None]
    assert str(plan.targets["value"][1]) == "80.5"


def test_flags_and_years_are_native(plan: Plan) -> None:
    assert plan.years[2022].actuals["approximate"].dtype == bool
    assert plan.targets["fiscal_year"].dtype == "int64"


def test_optional_year_is_none_not_nan(plan: Plan) -> None:
    assert plan.items["first_year"].tolist() == [None, None, 2021, None, 2022]


def test_newline_in_a_cell_is_kept(plan: Plan) -> None:
    assert plan.years[2021].progress["done"][0] == "様式を整えた。\n受付を始めた。"


def test_meta_gives_the_scale_in_its_order(plan: Plan) -> None:
    assert plan.meta.marks == ("◎", "○", "△", "×")
    assert plan.meta.tones["○"] == "neutral"
    assert [rule.from_ for rule in plan.meta.standing_rules] == [Decimal("1.0"), None]


def test_plan_without_marks_is_possible(tiny: Project) -> None:
    """Some municipalities report in text alone."""
    text = tiny.read("plan.yaml")
    lines = [line for line in text.splitlines() if "- {mark" not in line]
    tiny.write("plan.yaml", "\n".join(lines).replace("status_scale:", "status_scale: []"))
    for year in (2021, 2022):
        for row in (1, 2, 3):
            tiny.set_cell(f"{year}/progress.csv", row, "status", "")
            tiny.set_cell(f"{year}/progress.csv", row, "shift", "")
    tiny.path("2021/published.yaml").unlink()
    assert load_plan("tiny", tiny.root).meta.marks == ()


def test_plan_cannot_be_changed(plan: Plan) -> None:
    with pytest.raises(FrozenInstanceError):
        plan.items = pd.DataFrame()  # type: ignore[misc]
    with pytest.raises(TypeError):
        plan.years[2023] = plan.years[2022]  # type: ignore[index]


def test_reading_rows_needs_neither_pandas_nor_matplotlib(tiny: Project) -> None:
    """`nenpo list` answers at once."""
    code = (
        "import sys; from pathlib import Path; from nenpo.build.select import select_briefings; "
        f"select_briefings(Path({str(tiny.root)!r})); "
        "print(*sorted({'pandas', 'matplotlib', 'typst', 'IPython'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
