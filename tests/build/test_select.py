"""Selectors select exactly the briefings asked for."""

import pickle

import pytest

from nenpo.build.briefing import Briefing
from nenpo.build.params import read_edition
from nenpo.build.select import list_briefings, select_briefings
from nenpo.data.plan_files import read_rows
from nenpo.data.schema.declarations import SURVEY_KEYS, Edition
from nenpo.errors import (
    BadSelector,
    InputRefused,
    NothingSelected,
    UnknownBriefing,
    UnknownPlan,
    UnknownYear,
    UsageError,
)
from tiny_project import Project, only, read_message

PARAMS = "params/tiny/2021.yaml"
# A key that notebooks may do without is passed on where params name it alone.
KEYS = [
    name
    for name in Edition.model_fields
    if name != "department_audience" and name not in SURVEY_KEYS
]


def select(tiny: Project, *selectors: str) -> list[str]:
    return [briefing.selector for briefing in select_briefings(tiny.root, selectors)]


def test_briefings_come_whole_plan_first_then_departments_in_their_order(tiny: Project) -> None:
    """窓口課 stands before 情報課 in 建制順; a generic name and an unassigned office have none."""
    assert [briefing.name for briefing in select_briefings(tiny.root, ["tiny/2021"])] == [
        "annual",
        "inspection",
        "departments/madoguchi",
        "departments/joho",
    ]


def test_listing_from_rows_that_were_read_is_the_same(tiny: Project) -> None:
    edition, rows = read_edition(tiny.root, "tiny", 2021), read_rows(tiny.root, "tiny")
    assert list_briefings(edition, rows) == select_briefings(tiny.root, ["tiny/2021"])


def test_comparison_is_one_briefing_of_the_whole(shared: Project) -> None:
    (briefing,) = select_briefings(shared.root, ["comparison/2021"])
    assert (briefing.name, briefing.notebook) == ("comparison", "comparison.ipynb")
    assert list(briefing.parameters) == KEYS


def test_parameters_are_the_edition_and_the_department(tiny: Project) -> None:
    annual, _, department, *_ = select_briefings(tiny.root, ["tiny/2021"])
    assert list(annual.parameters) == KEYS
    assert list(department.parameters) == [*KEYS, "department"]
    assert department.parameters["department"] == "madoguchi"
    assert all(type(value) in (str, int, bool) for value in department.parameters.values())


def test_the_readers_of_departments_papers_are_passed_on_where_params_name_them(
    tiny: Project,
) -> None:
    tiny.append("params/tiny/2021.yaml", "department_audience: 部長会")
    found = select_briefings(tiny.root, ["tiny/2021"])
    assert {b.parameters["department_audience"] for b in found} == {"部長会"}


def test_what_only_the_survey_needs_is_given_to_no_notebook(tiny: Project) -> None:
    """The documents of a year do not change because its survey gets a deadline."""
    before = [briefing.parameters for briefing in select_briefings(tiny.root, ["tiny/2021"])]
    tiny.append("params/tiny/2021.yaml", 'survey_deadline: "2022-05-13"\nsurvey_contact: 内線1')
    after = [briefing.parameters for briefing in select_briefings(tiny.root, ["tiny/2021"])]
    assert after == before


def test_briefing_names_its_notebook() -> None:
    kinds = ("annual", "inspection", "department")
    notebooks = [Briefing("tiny", 2021, kind).notebook for kind in kinds]
    assert notebooks == ["annual.ipynb", "inspection.ipynb", "department.ipynb"]


def test_briefing_reaches_another_process_unchanged(tiny: Project) -> None:
    briefing = select_briefings(tiny.root, ["tiny/2021/joho"])[0]
    assert pickle.loads(pickle.dumps(briefing)) == briefing


@pytest.mark.parametrize(
    ("selectors", "selected"),
    [
        (["tiny/2022/annual"], ["tiny/2022/annual"]),
        (["tiny/2021/joho"], ["tiny/2021/joho"]),
        (["tiny/2021/joho/"], ["tiny/2021/joho"]),
        (["tiny/2021/departments/joho"], ["tiny/2021/joho"]),
        (["tiny/2021/joho", "tiny/2021/departments/joho"], ["tiny/2021/joho"]),
        (
            ["tiny/2022/inspection", "tiny/2021/annual"],
            ["tiny/2021/annual", "tiny/2022/inspection"],
        ),
        (["tiny/2021/annual", "tiny/2021/annual"], ["tiny/2021/annual"]),
    ],
)
def test_selectors_select_each_briefing_once_in_document_order(
    tiny: Project, selectors: list[str], selected: list[str]
) -> None:
    assert select(tiny, *selectors) == selected


def test_no_selector_selects_all(tiny: Project) -> None:
    assert len(select(tiny)) == 8
    assert select(tiny) == select(tiny, "tiny")


@pytest.mark.parametrize(
    "text",
    [
        *("", "/", "tiny/r3", "tiny/21", "tiny/2021/joho/x", "tiny//annual"),
        *("tiny/2021/departments/joho/x", "tiny/2021/department/joho"),
    ],
)
def test_malformed_selector_is_refused(tiny: Project, text: str) -> None:
    with pytest.raises(BadSelector) as caught:
        select(tiny, text)
    assert f"'{text}' is not of the form PLAN[/YEAR[/BRIEFING]]" in caught.value.message("en")


def test_selector_of_an_unknown_plan_is_refused(tiny: Project) -> None:
    with pytest.raises(UnknownPlan):
        select(tiny, "large/2021")


def test_selector_of_an_unknown_year_is_refused(tiny: Project) -> None:
    with pytest.raises(UnknownYear):
        select(tiny, "tiny/2020")


@pytest.mark.parametrize("name", ["gikai", "kaku-ka", "departments"])
def test_selector_of_an_unknown_briefing_lists_the_known(tiny: Project, name: str) -> None:
    with pytest.raises(UnknownBriefing) as caught:
        select(tiny, f"tiny/2021/{name}")
    assert caught.value.message("en") == (
        f"tiny/2021 has no briefing '{name}'; known: annual, inspection, madoguchi, joho."
    )


@pytest.mark.parametrize(
    ("selector", "told"),
    [
        ("tiny/2021/anual", "Did you mean 'annual'?"),
        ("tiny/2021/情報課", "'情報課' is written joho."),
        ("tiny/2021/情報課（住基）", "is written joho."),
        ("tiny/2021/窓ロ課", "'窓ロ課' is written madoguchi."),
        ("tiny/2021/点検票", "'点検票' is written inspection."),
        ("tiny/2021/計画全体", "'計画全体' is written annual."),
        ("みどり市デジタル計画", "'みどり市デジタル計画' is written tiny."),
        ("デジタル計画/2021", "'デジタル計画' is written tiny."),
        ("tiny/令和3年度", "'令和3年度' is written 2021."),
        ("tiny/R3", "'R3' is written 2021."),
        ("tiny/2021年度/annual", "'2021年度' is written 2021."),
        ("tiny/２０２１", "'２０２１' is written 2021."),
    ],
)
def test_a_name_in_the_place_of_an_id_is_told_its_id(
    tiny: Project, selector: str, told: str
) -> None:
    with pytest.raises(UsageError) as caught:
        select(tiny, selector)
    assert told in caught.value.message("en")


def test_a_name_in_the_place_of_an_id_is_told_it_in_japanese(tiny: Project) -> None:
    with pytest.raises(UsageError) as caught:
        select(tiny, "tiny/2021/情報課")
    assert "「情報課」は joho と書く。" in caught.value.message("ja")


@pytest.mark.parametrize("kept", ["progress.csv", "actuals.csv"])
def test_progress_or_values_alone_make_a_year_of_report(tiny: Project, kept: str) -> None:
    tiny.path("2021/misreadings.csv").unlink()
    for file in {"progress.csv", "actuals.csv"} - {kept}:
        tiny.path(f"2021/{file}").unlink()
    assert "tiny/2021/annual" in select(tiny, "tiny/2021")


def test_figures_alone_make_a_year_of_report(shared: Project) -> None:
    shared.path("data/aoba/2021/progress.csv").unlink()
    shared.path("data/aoba/2021").rmdir()
    assert select(shared, "aoba") == ["aoba/2021/annual", "aoba/2021/inspection"]


def test_edition_of_a_year_with_nothing_to_report_is_refused(tiny: Project) -> None:
    for file in ("progress.csv", "misreadings.csv", "actuals.csv", "assignments.csv"):
        tiny.path(f"2021/{file}").unlink()
    with pytest.raises(UnknownYear) as caught:
        select(tiny, "tiny/2021")
    assert caught.value.message("en").endswith(
        "known years: 2022. Add data/tiny/2021/progress.csv (its header alone while nothing is "
        "reported)."
    )


def test_project_without_editions_has_nothing_to_select(tiny: Project) -> None:
    for year in (2021, 2022):
        tiny.path(f"params/tiny/{year}.yaml").unlink()
    with pytest.raises(NothingSelected):
        select(tiny)


def test_data_and_params_are_refused_together(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "scope", "city")
    tiny.replace(PARAMS, "state: draft", "state: open")
    with pytest.raises(InputRefused) as caught:
        select(tiny)
    places = [problem.place for problem in caught.value.problems]
    assert places == ["data/tiny/items.csv:2", f"{PARAMS}:5"]


def test_other_editions_are_not_judged(tiny: Project) -> None:
    """A draft for next year does not stop this year's documents."""
    tiny.write("params/tiny/2022.yaml", "plan: [")
    assert select(tiny, "tiny/2021/annual") == ["tiny/2021/annual"]


@pytest.mark.parametrize(
    "file", ["params/tiny/2021.yml", "params/tiny/2021 copy.yaml", "params/tiney", "params/tiny/x"]
)
def test_file_that_no_edition_reads_is_reported(tiny: Project, file: str) -> None:
    tiny.write(file, "")
    with pytest.raises(InputRefused) as caught:
        select(tiny)
    assert read_message(only(caught.value.problems)).startswith(f"UnknownFile {file}: not a file")
