"""The row models say what each column is, to people and to other programs."""

import json
from pathlib import Path
from typing import Any

import pytest

from nenpo.data.datapackage import describe_package
from nenpo.data.plan_files import read_rows
from nenpo.data.project import list_plans
from nenpo.data.schema.tables import PLAN_TABLES, SHARED_TABLES, TABLES, YEAR_TABLES, list_columns
from tiny_project import Project

DATA = Path(__file__).parents[2] / "data"

MODELS = {**TABLES, **SHARED_TABLES}
COLUMNS = [(file, column) for file in MODELS for column in list_columns(MODELS[file])]


def describe_tiny(tiny: Project) -> dict[str, Any]:
    meta = read_rows(tiny.root, "tiny").meta
    package: dict[str, Any] = json.loads(describe_package(tiny.path("."), meta))
    return package


def find_field(package: dict[str, Any], resource: str, column: str) -> dict[str, Any]:
    schema = next(r["schema"] for r in package["resources"] if r["name"] == resource)
    field: dict[str, Any] = next(f for f in schema["fields"] if f["name"] == column)
    return field


@pytest.mark.parametrize(("file", "column"), COLUMNS)
def test_every_column_is_described_in_both_languages(file: str, column: str) -> None:
    model = MODELS[file]
    japanese, _, english = (
        model.model_fields[list_columns(model)[column]].description or ""
    ).partition(" / ")
    assert japanese
    assert not japanese.isascii()
    assert english
    assert english[0].isascii()


@pytest.mark.parametrize("file", MODELS)
def test_every_key_column_exists(file: str) -> None:
    assert set(MODELS[file].KEY) <= set(list_columns(MODELS[file]))


def test_tables_of_plan_year_and_several_plans_share_no_name() -> None:
    assert len(MODELS) == len(PLAN_TABLES) + len(YEAR_TABLES) + len(SHARED_TABLES)


def test_columns_have_the_names_of_the_file_not_of_python() -> None:
    assert list(list_columns(TABLES["organisation_changes.csv"])) == [
        "fiscal_year",
        "from",
        "to",
        "kind",
    ]


def test_package_lists_every_table_of_the_plan_and_its_years(tiny: Project) -> None:
    paths = {resource["path"] for resource in describe_tiny(tiny)["resources"]}
    files = {p.relative_to(tiny.path(".")).as_posix() for p in tiny.path(".").rglob("*.csv")}
    assert paths == files


def test_package_follows_the_header_where_columns_are_optional(tiny: Project) -> None:
    package = describe_tiny(tiny)
    find_field(package, "2021-progress", "issues")
    with pytest.raises(StopIteration):
        find_field(package, "2022-progress", "issues")


@pytest.mark.parametrize(
    ("resource", "column", "kind", "constraints"),
    [
        ("items", "item", "string", {"required": True, "pattern": "[a-z][a-z0-9-]*"}),
        ("items", "relisted_from", "string", {"pattern": "[a-z][a-z0-9-]*"}),
        ("items", "scope", "string", {"enum": ["new", "expanded"]}),
        ("items", "actor", "string", {"required": True, "pattern": "[a-z][a-z0-9-]*"}),
        ("items", "first_year", "integer", None),
        ("targets", "value", "number", {"required": True}),
        ("2021-actuals", "value", "number", None),
        ("2021-actuals", "approximate", "boolean", {"required": True}),
        ("2021-progress", "done", "string", None),
    ],
)
def test_package_states_types_and_constraints(
    tiny: Project, resource: str, column: str, kind: str, constraints: dict[str, Any] | None
) -> None:
    field = find_field(describe_tiny(tiny), resource, column)
    assert (field["type"], field.get("constraints")) == (kind, constraints)


def test_package_states_keys_and_references(tiny: Project) -> None:
    resources = {r["name"]: r["schema"] for r in describe_tiny(tiny)["resources"]}
    assert resources["targets"]["primaryKey"] == ["indicator", "fiscal_year", "set_in"]
    assert resources["2021-progress"]["foreignKeys"] == [
        {"fields": ["item"], "reference": {"resource": "items", "fields": ["item"]}}
    ]


@pytest.mark.parametrize("plan", list_plans(DATA.parent))
def test_committed_package_follows_the_row_models(plan: str) -> None:
    """A file that differs is written anew, so that the diff is the message; commit it."""
    folder = DATA / plan
    expected = describe_package(folder, read_rows(DATA.parent, plan).meta)
    committed = folder / "datapackage.json"
    found = committed.read_text(encoding="utf-8") if committed.exists() else ""
    if found != expected:
        committed.write_text(expected, encoding="utf-8", newline="\n")
    assert found == expected, f"{committed.name} was out of date and has been rewritten"
