"""Editions are exactly the notebooks' parameters, and select exactly the briefings asked for."""

import pickle
from pathlib import Path

import pytest
import yaml

from nenpo.build.params import (
    Briefing,
    list_briefings,
    list_editions,
    load_edition,
    select_briefings,
    validate_plans,
)
from nenpo.data.plan_files import read_rows
from nenpo.data.schema.declarations import Edition
from nenpo.errors import (
    BadSelector,
    InputRefused,
    NothingSelected,
    UnknownBriefing,
    UnknownPlan,
    UnknownYear,
)
from shared_project import copy_shared
from tiny_project import Project, only, read_message

PARAMS = "params/tiny/2021.yaml"
KEYS = list(Edition.model_fields)


@pytest.fixture
def shared(tmp_path: Path) -> Project:
    """A valid project of several plans, of the test's own; only 'aoba' has an edition."""
    return copy_shared(tmp_path / "shared")


def select(tiny: Project, *selectors: str) -> list[str]:
    return [briefing.selector for briefing in select_briefings(tiny.root, selectors)]


# Editions


def test_edition_holds_what_the_file_says(tiny: Project) -> None:
    edition = load_edition(tiny.root, "tiny", 2021)
    assert edition.model_dump() == yaml.safe_load(tiny.read(PARAMS))


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_required(tiny: Project, key: str) -> None:
    lines = [line for line in tiny.read(PARAMS).splitlines() if not line.startswith(f"{key}:")]
    tiny.write(PARAMS, "\n".join(lines))
    problem = only(tiny.refuse_params())
    assert read_message(problem).startswith(
        f"MissingKey {PARAMS}:1: key '{key}' is missing; add it: {key}: "
    )
    assert f"キー「{key}」がない" in problem.message("ja")


@pytest.mark.parametrize(
    ("key", "hint"),
    [("documnet_number", "Did you mean 'document_number'?"), ("colour", "attach_data.")],
)
def test_unknown_key_is_refused_with_the_nearest_one(tiny: Project, key: str, hint: str) -> None:
    tiny.append(PARAMS, f"{key}: x")
    problem = only(tiny.refuse_params())
    assert read_message(problem).startswith(
        f"UnknownKey {PARAMS}:14: key '{key}' is not allowed; allowed keys: plan, fiscal_year"
    )
    assert hint in problem.message("en")


def test_misspelt_key_is_both_unknown_and_missing(tiny: Project) -> None:
    tiny.replace(PARAMS, "contact:", "Contact:")
    kinds = {type(problem).__name__: problem for problem in tiny.refuse_params()}
    assert sorted(kinds) == ["MissingKey", "UnknownKey"]
    assert "「contact」ではないか" in kinds["UnknownKey"].message("ja")


def test_duplicate_key_names_both_lines(tiny: Project) -> None:
    """YAML would take the last one in silence."""
    tiny.append(PARAMS, "state: final")
    assert read_message(only(tiny.refuse_params())) == (
        f"DuplicateKey {PARAMS}:14: key 'state' also stands in {PARAMS}:5; remove one of them."
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "allowed"),
    [
        ("fiscal_year: 2021", 'fiscal_year: "2021"', 2, "a whole number without quotes"),
        ("fiscal_year: 2021", "fiscal_year: 2021.0", 2, "a whole number without quotes"),
        ("fiscal_year: 2021", "fiscal_year: true", 2, "a whole number without quotes"),
        ("fiscal_year: 2021", "fiscal_year: 3", 2, "a whole number >= 1950"),
        ('as_of: "2022-03-31"', "as_of: 2022-03-31", 3, "text in quotes"),
        ('as_of: "2022-03-31"', 'as_of: "2022-02-30"', 3, "a date YYYY-MM-DD in quotes"),
        ('as_of: "2022-03-31"', 'as_of: "令和4年3月31日"', 3, "a date YYYY-MM-DD in quotes"),
        ('issued: "2022-07-01"', 'issued: "20220701"', 4, "a date YYYY-MM-DD in quotes"),
        ('issued: "2022-07-01"', 'issued: ""', 4, "a date YYYY-MM-DD in quotes"),
        ("state: draft", "state: 案", 5, "draft, final"),
        ("state: draft", "state: null", 5, "draft, final"),
        ("revision: 0", "revision: -1", 6, "a whole number >= 0"),
        ("revision: 0", "revision: false", 6, "a whole number without quotes"),
        ("reported_to: 市議会", "reported_to: yes", 8, "text in quotes"),
        ("reported_to: 市議会", "reported_to: [市議会]", 8, "text in quotes"),
        ("reported_to: 市議会", "reported_to:", 8, "text in quotes"),
        ('contact: "03-1234-5678"', "contact: 0312345671", 10, "text in quotes"),
        ("sample: true", 'sample: "true"', 12, "true or false, without quotes"),
        ("attach_data: true", "attach_data: 1", 13, "true or false, without quotes"),
    ],
)
def test_value_of_another_type_is_refused(
    tiny: Project, old: str, new: str, line: int, allowed: str
) -> None:
    """YAML makes a number of a telephone number, a truth of `yes`, a date of a date."""
    tiny.replace(PARAMS, old, new)
    problem = only(tiny.refuse_params())
    key = old.partition(":")[0]
    assert read_message(problem).startswith(f"WrongType {PARAMS}:{line}: {key}: '")
    assert f"cannot be used; allowed: {allowed}" in problem.message("en")
    assert f"{key} の値「" in problem.message("ja")


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [("plan: tiny", "plan: other", "tiny"), ("fiscal_year: 2021", "fiscal_year: 2022", "2021")],
)
def test_edition_must_agree_with_its_path(tiny: Project, old: str, new: str, allowed: str) -> None:
    tiny.replace(PARAMS, old, new)
    problem = only(tiny.refuse_params())
    key, value = new.split(": ")
    assert problem.message("en") == f"{key}: '{value}' cannot be used; allowed: {allowed}."


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("市議会☑", "MissingGlyph params/tiny/2021.yaml:8: reported_to: '☑' (U+2611)"),
        ('"市\\u202e議会"', "BidiControl params/tiny/2021.yaml:8: reported_to holds"),
        ('"市\\u0007議会"', "BadText params/tiny/2021.yaml:8: reported_to holds"),
        ('"\\ud800"', "BadText params/tiny/2021.yaml:8: reported_to holds"),
    ],
)
def test_text_that_no_document_can_show_is_refused(tiny: Project, text: str, message: str) -> None:
    tiny.replace(PARAMS, "reported_to: 市議会", f"reported_to: {text}")
    assert read_message(only(tiny.refuse_params())).startswith(message)


@pytest.mark.parametrize(
    "content", ["", "- plan", "plan", "plan: [", "plan: &a tiny\nstate: *a", "x: 2022-02-30", "{"]
)
def test_file_that_is_no_mapping_is_refused(tiny: Project, content: str) -> None:
    tiny.write(PARAMS, content)
    assert tiny.refuse_params()


def test_all_problems_of_an_edition_are_told_at_once(tiny: Project) -> None:
    tiny.replace(PARAMS, "state: draft", "state: open")
    tiny.replace(PARAMS, "sample: true", "sample: 1")
    assert [problem.place for problem in tiny.refuse_params()] == [f"{PARAMS}:5", f"{PARAMS}:12"]


def test_edition_of_an_unknown_year_says_which_file_to_add(tiny: Project) -> None:
    with pytest.raises(UnknownYear) as caught:
        load_edition(tiny.root, "tiny", 2030)
    assert caught.value.message("en") == (
        "plan tiny has no fiscal year 2030; known years: 2021, 2022. Add params/tiny/2030.yaml."
    )
    assert "params/tiny/2030.yaml を置くこと。" in caught.value.message("ja")


def test_edition_of_an_unknown_plan_is_refused(tiny: Project) -> None:
    with pytest.raises(UnknownPlan):
        load_edition(tiny.root, "large", 2021)


def test_editions_are_listed_in_order(tiny: Project) -> None:
    tiny.write("params/tiny/2019.yaml", "")
    assert list_editions(tiny.root, "tiny") == (2019, 2021, 2022)


# Briefings


def test_briefings_come_whole_plan_first_then_departments_in_their_order(tiny: Project) -> None:
    """窓口課 stands before 情報課 in 建制順; a generic name and an unassigned office have none."""
    assert [briefing.name for briefing in select_briefings(tiny.root, ["tiny/2021"])] == [
        "annual",
        "inspection",
        "departments/madoguchi",
        "departments/joho",
    ]


def test_listing_from_rows_that_were_read_is_the_same(tiny: Project) -> None:
    edition, rows = load_edition(tiny.root, "tiny", 2021), read_rows(tiny.root, "tiny")
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


@pytest.mark.parametrize("name", ["anual", "gikai", "kaku-ka", "departments"])
def test_selector_of_an_unknown_briefing_lists_the_known(tiny: Project, name: str) -> None:
    with pytest.raises(UnknownBriefing) as caught:
        select(tiny, f"tiny/2021/{name}")
    assert caught.value.message("en") == (
        f"tiny/2021 has no briefing '{name}'; known: annual, inspection, madoguchi, joho."
    )


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
    for file in ("progress.csv", "misreadings.csv", "actuals.csv"):
        tiny.path(f"2021/{file}").unlink()
    with pytest.raises(UnknownYear) as caught:
        select(tiny, "tiny/2021")
    assert caught.value.message("en").endswith(
        "known years: 2022. Add data/tiny/2021/progress.csv."
    )


def test_project_without_editions_has_nothing_to_select(tiny: Project) -> None:
    for year in (2021, 2022):
        tiny.path(f"params/tiny/{year}.yaml").unlink()
    with pytest.raises(NothingSelected):
        select(tiny)


def test_data_and_params_are_refused_together(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "actor", "city")
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


# Validation


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "en")


def validate(project: Project, *selectors: str) -> list[str]:
    return list(validate_plans(project.root, selectors))


def list_valid(project: Project, *selectors: str) -> list[str]:
    """Return what is called valid, without the notes that follow."""
    lines = validate(project, *selectors)
    return [line.removesuffix(": OK") for line in lines if line.endswith(": OK")]


def test_every_edition_and_every_plan_without_one_is_called_valid(shared: Project) -> None:
    assert list_valid(shared) == ["aoba/2021", "comparison/2021", "midori", "nation"]


@pytest.mark.parametrize("selector", [(), ("midori",)])
def test_plan_without_an_edition_is_checked(shared: Project, selector: tuple[str, ...]) -> None:
    shared.set_cell("data/midori/items.csv", 1, "actor", "city")
    with pytest.raises(InputRefused) as caught:
        validate(shared, *selector)
    assert only(caught.value.problems).place == "data/midori/items.csv:2"


def test_plan_without_an_edition_is_not_in_the_way_of_a_build(shared: Project) -> None:
    shared.set_cell("data/midori/items.csv", 1, "actor", "city")
    assert select(shared, "aoba") == ["aoba/2021/annual", "aoba/2021/inspection"]


def test_comparison_is_refused_with_the_plans_that_it_speaks_of(shared: Project) -> None:
    shared.set_cell("data/midori/items.csv", 1, "actor", "city")
    with pytest.raises(InputRefused):
        validate(shared, "comparison")


def test_shared_tables_are_validated_with_any_plan(shared: Project) -> None:
    shared.set_cell("data/themes.csv", 1, "theme", "robots")
    with pytest.raises(InputRefused) as caught:
        validate(shared, "aoba")
    assert only(caught.value.problems).place == "data/themes.csv:2"


@pytest.mark.usefixtures("english")
def test_notes_follow_what_is_valid(tiny: Project) -> None:
    lines = validate(tiny)
    assert lines[:2] == ["tiny/2021: OK", "tiny/2022: OK"]
    assert lines[2:]
    assert all(line.startswith("note: data/tiny/") for line in lines[2:])
    reason = "data/tiny/2021/progress.csv: i1-1-02: status '△' has no change_reason."
    assert f"note: {reason}" in lines


def test_notes_come_in_the_language_of_the_messages(
    tiny: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")
    place = "data/tiny/2021/progress.csv: i1-1-02"
    assert f"注記: {place}: 進捗区分「△」の変更理由がない。" in validate(tiny)


def test_plan_with_nothing_to_note_is_only_called_valid(shared: Project) -> None:
    assert validate(shared, "aoba") == ["aoba/2021: OK"]


@pytest.mark.parametrize("other", ["midori", "nation"])
def test_notes_are_those_of_the_selected_plan(shared: Project, other: str) -> None:
    """The national plan is read with any other, but its notes are not asked for."""
    shared.replace(f"data/{other}/plan.yaml", "code: null", 'code: "999999"')
    assert validate(shared, "aoba") == ["aoba/2021: OK"]
    assert f"data/{other}/plan.yaml: municipality.code" in "".join(validate(shared, other))


def test_flags_of_a_spreadsheet_are_valid(tiny: Project) -> None:
    for file in ("2021/actuals.csv", "2022/actuals.csv", "targets.csv"):
        text = tiny.read(file)
        tiny.write(file, text.replace("true", "TRUE").replace("false", "FALSE"))
    assert list_valid(tiny) == ["tiny/2021", "tiny/2022"]


def test_flags_of_a_spreadsheet_mean_the_same(tiny: Project) -> None:
    before = read_rows(tiny.root, "tiny").years[2021].tables["actuals.csv"]
    text = tiny.read("2021/actuals.csv")
    tiny.write("2021/actuals.csv", text.replace("true", "TRUE").replace("false", "FALSE"))
    assert read_rows(tiny.root, "tiny").years[2021].tables["actuals.csv"] == before


@pytest.mark.parametrize(
    "selector", ["tiny/2021", "tiny/2021/joho", "tiny/2021/departments/joho", "tiny/2021/annual"]
)
def test_selector_of_an_edition_or_a_briefing_validates_that_edition(
    tiny: Project, selector: str
) -> None:
    tiny.write("params/tiny/2022.yaml", "plan: [")
    assert list_valid(tiny, selector) == ["tiny/2021"]


def test_plan_is_called_valid_once_whatever_selects_it(tiny: Project) -> None:
    assert list_valid(tiny, "tiny", "tiny/2021", "tiny/2021/annual") == ["tiny/2021", "tiny/2022"]


@pytest.mark.parametrize(
    ("selector", "error"),
    [("large", UnknownPlan), ("tiny/2030", UnknownYear), ("tiny/r3", BadSelector)],
)
def test_validation_of_what_is_not_there_is_refused(
    tiny: Project, selector: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        validate(tiny, selector)


def test_validation_of_an_unknown_briefing_is_refused(tiny: Project) -> None:
    with pytest.raises(UnknownBriefing):
        validate(tiny, "tiny/2021/nobody")


def test_edition_of_a_year_with_nothing_to_report_is_not_valid(tiny: Project) -> None:
    tiny.write("params/tiny/2023.yaml", tiny.read(PARAMS).replace("2021", "2023"))
    with pytest.raises(UnknownYear):
        validate(tiny)
