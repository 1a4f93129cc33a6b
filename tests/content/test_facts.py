"""The facts: complete, described by their schema, equal to the printed totals."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nenpo.analysis import progress
from nenpo.analysis.indicators import assess_indicators
from nenpo.analysis.progress import Year
from nenpo.content import facts
from nenpo.data.load import load_plan
from nenpo.data.plan import make_plan
from nenpo.data.plan_files import PlanRows, read_rows
from nenpo.data.project import list_plans
from nenpo.data.schema.columns import Row
from opened import brief
from tiny_project import Project

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((files("nenpo.content") / "facts.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def nakano() -> Year:
    return progress.load_year(load_plan("nakano-informatization"), 2021)


def collect(year: Year) -> dict[str, Any]:
    assessments = assess_indicators(year.plan, year.fiscal_year, year.department)
    return dict(facts.collect(brief(year, assessments=assessments)).values)


def test_facts_of_the_plan_follow_their_schema(nakano: Year) -> None:
    jsonschema.validate(collect(nakano), SCHEMA)


@pytest.mark.parametrize("department", ["joho-system", "hokubu-sukoyaka", "kosodate-shien"])
def test_facts_of_a_department_follow_their_schema(nakano: Year, department: str) -> None:
    jsonschema.validate(collect(progress.restrict(nakano, department)), SCHEMA)


def test_facts_with_an_earlier_year_follow_their_schema(tiny: Project) -> None:
    found = collect(progress.load_year(load_plan("tiny", tiny.root), 2022))
    jsonschema.validate(found, SCHEMA)
    assert found["transitions"]["worsened"] == ["i1-1-02", "i2-1-01"]


def test_facts_equal_the_published_totals(nakano: Year) -> None:
    found = collect(nakano)
    assert found["status_counts"] == {"◎": 97, "○": 4, "△": 1, "×": 1}
    assert found["ward_status_counts"] == {"◎": 86, "○": 4, "△": 0, "×": 1}
    assert (found["rated"], found["unrated"], found["relisted"]) == (103, 21, 14)
    assert found["published"] == {"agrees": True, "differences": []}


def test_achievement_is_exact_and_unclipped(nakano: Year) -> None:
    found = collect(nakano)["indicators"]
    assert found["online-applications"]["achievement"]["2023"] == pytest.approx(25 / 24, abs=1e-6)
    assert found["security-incidents"]["achievement"]["2023"] == pytest.approx(-1 / 14, abs=1e-6)
    assert found["map-inquiries"]["achievement"]["2025"] is None


def test_department_facts_count_only_itself(nakano: Year) -> None:
    found = collect(progress.restrict(nakano, "somu"))
    assert list(found["by_department"]) == ["somu"]
    assert found["items"] == ["i1-2-3-03"]


def test_indicators_of_a_department_are_those_assigned_to_it(tiny: Project) -> None:
    plan = load_plan("tiny", tiny.root)
    found = collect(progress.load_year(plan, 2021, "madoguchi"))
    assert list(found["indicators"]) == ["online-rate"]


def test_values_that_are_not_in_use_are_facts_of_the_plan_alone(tiny: Project) -> None:
    year = progress.load_year(load_plan("tiny", tiny.root), 2021)
    assert collect(year)["other_values"] == {"indicators": {"incidents": {"1": {"value": 4}}}}
    jsonschema.validate(collect(year), SCHEMA)
    assert "other_values" not in collect(progress.restrict(year, "joho"))


def test_figures_that_are_not_in_use_are_facts() -> None:
    found = collect(progress.load_year(load_plan("nakano-structural-reform"), 2021))
    assert found["other_values"]["figures"]["cards-waiting-202104"] == {"1": {"value": 46523}}
    jsonschema.validate(found, SCHEMA)


def test_facts_are_displayed_under_the_name_of_the_contract(nakano: Year) -> None:
    bundle = facts.collect(brief(nakano))._repr_mimebundle_()
    assert bundle["application/vnd.nenpo.facts+json"]["plan"] == "nakano-informatization"


@pytest.mark.parametrize("plan_id", list_plans(ROOT))
def test_every_value_and_mark_of_the_data_is_in_the_facts_of_a_year(plan_id: str) -> None:
    """Each gets a value that nothing else has: a column that no fact holds is found by it."""
    rows, stamped = stamp_values(read_rows(ROOT, plan_id))
    plan = make_plan(rows)
    collected = [collect(progress.load_year(plan, year)) for year in sorted(plan.reported_years)]
    found = {leaf for facts in collected for leaf in list_leaves(facts)}
    assert [place for value, place in stamped.items() if value not in found] == []
    for year, own in zip(sorted(plan.reported_years), collected, strict=True):
        told = plan.years[year].progress
        rated = {*told.loc[told["status"] != "", "item"]}
        assert rated <= {*own.get("marks", {})}


def stamp_values(rows: PlanRows) -> tuple[PlanRows, dict[int, str]]:
    """Return the rows with every number replaced by one of its own, and where each stands."""
    places: dict[int, str] = {}

    def stamp(file: str, row: Row) -> Row:
        numbers = [name for name, value in vars(row).items() if isinstance(value, Decimal)]
        first = 900_001 + len(places)
        places.update({first + n: f"{file}: {name} of {row}" for n, name in enumerate(numbers)})
        return row.model_copy(update={name: Decimal(first + n) for n, name in enumerate(numbers)})

    def stamp_all(folder: str, tables: Mapping[str, tuple[Row, ...]]) -> dict[str, tuple[Row, ...]]:
        return {f: tuple(stamp(folder + f, row) for row in own) for f, own in tables.items()}

    years = {
        year: replace(own, tables=stamp_all(f"{year}/", own.tables))
        for year, own in rows.years.items()
    }
    return replace(rows, tables=stamp_all("", rows.tables), years=years), places


def list_leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from list_leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from list_leaves(inner)
    else:
        yield value
