"""The catalogue holds the plans and what is said of several of them, as frames."""

import pytest

from nenpo.data.load import load_catalogue
from nenpo.data.schema.tables import SHARED_TABLES, list_columns
from nenpo.errors import InputRefused, UnknownPlan
from tiny_project import Project, only

FRAMES = {file: file.removesuffix(".csv") for file in SHARED_TABLES}


def test_without_names_every_plan_is_loaded(shared: Project) -> None:
    assert list(load_catalogue(root=shared.root).plans) == ["aoba", "midori", "nation"]


def test_named_plans_are_loaded_with_the_national_one(shared: Project) -> None:
    assert set(load_catalogue(["aoba"], root=shared.root).plans) == {"aoba", "nation"}


def test_plan_is_loaded_with_its_tables(shared: Project) -> None:
    plan = load_catalogue(["midori"], root=shared.root).plans["midori"]
    assert plan.meta.short_title == "デジタル計画"
    assert list(plan.figures["figure"]) == ["procedures", "ai-tasks"]


def test_national_plan_is_the_one_that_comparison_yaml_names(shared: Project) -> None:
    national = load_catalogue(["aoba"], root=shared.root).national
    assert national is not None
    assert national.id == "nation"


def test_there_is_no_national_plan_where_none_is_named(shared: Project) -> None:
    shared.replace("data/comparison.yaml", "national_plan: nation\n", "")
    shared.path("data/priorities.csv").unlink()
    catalogue = load_catalogue(["aoba"], root=shared.root)
    assert (catalogue.national, set(catalogue.plans)) == (None, {"aoba"})


@pytest.mark.parametrize("file", FRAMES)
def test_frame_holds_the_rows_of_its_file_in_their_order(shared: Project, file: str) -> None:
    lines = shared.read(f"data/{file}").splitlines()
    frame = getattr(load_catalogue(root=shared.root), FRAMES[file])
    # Columns that the file leaves out are blank.
    blank = "," * (len(frame.columns) - len(lines[0].split(",")))
    found = [",".join(map(str, row)) for row in frame.itertuples(index=False)]
    assert found == [f"{line}{blank}" for line in lines[1:]]
    assert ",".join(frame.columns).startswith(lines[0])


@pytest.mark.parametrize("file", FRAMES)
def test_frame_without_rows_has_its_columns(tiny: Project, file: str) -> None:
    frame = getattr(load_catalogue(root=tiny.root), FRAMES[file])
    assert frame.empty
    assert list(frame.columns) == list(list_columns(SHARED_TABLES[file]))


def test_nothing_is_compared_in_a_project_of_one_plan(tiny: Project) -> None:
    catalogue = load_catalogue(root=tiny.root)
    assert (catalogue.meta, catalogue.national, list(catalogue.plans)) == (None, None, ["tiny"])


def test_rows_about_plans_that_were_not_named_are_kept(shared: Project) -> None:
    themes = load_catalogue(["aoba"], root=shared.root).themes
    assert set(themes["plan"]) == {"aoba", "midori"}


def test_plans_cannot_be_exchanged(shared: Project) -> None:
    catalogue = load_catalogue(root=shared.root)
    with pytest.raises(TypeError):
        catalogue.plans["aoba"] = catalogue.plans["midori"]  # type: ignore[index]


def test_wrong_shared_table_is_refused(shared: Project) -> None:
    shared.set_cell("data/themes.csv", 1, "theme", "robots")
    with pytest.raises(InputRefused) as caught:
        load_catalogue(["aoba"], root=shared.root)
    assert only(caught.value.problems).place == "data/themes.csv:2"


@pytest.mark.parametrize("plan", ["aoba", "nation"])
def test_wrong_plan_is_refused_also_the_national_one(shared: Project, plan: str) -> None:
    shared.replace(f"data/{plan}/plan.yaml", f"id: {plan}", "id: other")
    with pytest.raises(InputRefused) as caught:
        load_catalogue(["aoba"], root=shared.root)
    assert only(caught.value.problems).place == f"data/{plan}/plan.yaml:1"


def test_plan_that_was_not_named_is_not_judged(shared: Project) -> None:
    shared.replace("data/midori/plan.yaml", "id: midori", "id: other")
    assert "midori" not in load_catalogue(["aoba"], root=shared.root).plans


def test_every_offender_of_plans_and_shared_tables_is_told_at_once(shared: Project) -> None:
    shared.replace("data/aoba/plan.yaml", "id: aoba", "id: other")
    shared.replace("data/midori/plan.yaml", "id: midori", "id: other")
    shared.set_cell("data/themes.csv", 1, "theme", "robots")
    with pytest.raises(InputRefused) as caught:
        load_catalogue(root=shared.root)
    places = [problem.place for problem in caught.value.problems]
    assert places == ["data/aoba/plan.yaml:1", "data/midori/plan.yaml:1", "data/themes.csv:2"]


def test_unknown_plan_is_refused(shared: Project) -> None:
    with pytest.raises(UnknownPlan):
        load_catalogue(["koto"], root=shared.root)
