"""Editions are exactly the notebooks' parameters, and select exactly the briefings asked for."""

from pathlib import Path

import nbformat
import pytest
import yaml

from nenpo.build.params import check_folders, list_editions, read_edition, require_edition
from nenpo.data.schema.declarations import SURVEY_KEYS, Edition
from nenpo.errors import (
    InputRefused,
    UnknownPlan,
    UnknownYear,
)
from tiny_project import Project, only, read_message

PARAMS = "params/tiny/2021.yaml"
KEYS = [key for key in Edition.model_fields if key not in SURVEY_KEYS]
OPTIONAL = [key for key in KEYS if not Edition.model_fields[key].is_required()]
ROOT = Path(__file__).parents[2]


def test_edition_holds_what_the_file_says(tiny: Project) -> None:
    edition = read_edition(tiny.root, "tiny", 2021)
    stated = yaml.safe_load(tiny.read(PARAMS))
    assert edition.model_dump(exclude_unset=True) == stated


def drop_key(tiny: Project, key: str) -> None:
    lines = [line for line in tiny.read(PARAMS).splitlines() if not line.startswith(f"{key}:")]
    tiny.write(PARAMS, "\n".join(lines))


@pytest.mark.parametrize("key", OPTIONAL)
def test_what_may_be_empty_may_be_left_out(tiny: Project, key: str) -> None:
    """It then has the value that the notebooks' own cell of parameters gives it."""
    drop_key(tiny, key)
    cells = nbformat.read(ROOT / "notebooks/annual.ipynb", as_version=4).cells
    given: dict[str, object] = {}
    exec(next(c.source for c in cells if "parameters" in c.metadata.get("tags", ())), given)
    assert getattr(read_edition(tiny.root, "tiny", 2021), key) == given[key]


@pytest.mark.parametrize("key", [key for key in KEYS if key not in OPTIONAL])
def test_every_other_key_is_required(tiny: Project, key: str) -> None:
    drop_key(tiny, key)
    problem = only(tiny.refuse_params())
    assert read_message(problem).startswith(
        f"MissingKey {PARAMS}:1: key '{key}' is missing; add it: {key}: "
    )
    assert f"キー「{key}」がない" in problem.message("ja")


@pytest.mark.parametrize(
    ("key", "hint"),
    [("documnet_number", "Did you mean 'document_number'?"), ("colour", "survey_contact.")],
)
def test_unknown_key_is_refused_with_the_nearest_one(tiny: Project, key: str, hint: str) -> None:
    tiny.append(PARAMS, f"{key}: x")
    problem = only(tiny.refuse_params())
    assert read_message(problem).startswith(
        f"UnknownKey {PARAMS}:14: key '{key}' is not allowed; allowed keys: plan, fiscal_year"
    )
    assert hint in problem.message("en")


def test_misspelt_key_is_both_unknown_and_missing(tiny: Project) -> None:
    tiny.replace(PARAMS, "issued:", "Issued:")
    kinds = {type(problem).__name__: problem for problem in tiny.refuse_params()}
    assert sorted(kinds) == ["MissingKey", "UnknownKey"]
    assert "「issued」ではないか" in kinds["UnknownKey"].message("ja")


def test_misspelt_key_that_may_be_left_out_is_no_empty_one(tiny: Project) -> None:
    tiny.replace(PARAMS, "contact:", "Contact:")
    assert "「contact」ではないか" in only(tiny.refuse_params()).message("ja")


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
        require_edition(tiny.root, "tiny", 2030)
    assert caught.value.message("en") == (
        "plan tiny has no fiscal year 2030; known years: 2021, 2022. Add params/tiny/2030.yaml."
    )
    assert "params/tiny/2030.yaml を置くこと。" in caught.value.message("ja")


def test_edition_of_an_unknown_plan_is_refused(tiny: Project) -> None:
    with pytest.raises(UnknownPlan):
        require_edition(tiny.root, "large", 2021)


def test_a_plan_that_is_a_broken_link_is_named_and_not_its_params(tiny: Project) -> None:
    for target, told in (("tiny", "leads back to itself"), ("nowhere", "a link to nothing")):
        plan = tiny.root / "data/tiny"
        plan.rename(tiny.root / "aside")
        plan.symlink_to(target)
        with pytest.raises(InputRefused) as caught:
            check_folders(tiny.root)
        problem = only(caught.value.problems)
        assert problem.place == "data/tiny"
        assert told in problem.message("en")
        plan.unlink()
        (tiny.root / "aside").rename(plan)


def test_a_readme_may_lie_in_the_params_and_in_the_data(tiny: Project) -> None:
    for folder in ("data", "params"):
        (tiny.root / folder / "README.md").touch()
    check_folders(tiny.root)


def test_editions_are_listed_in_order(tiny: Project) -> None:
    tiny.write("params/tiny/2019.yaml", "")
    assert list_editions(tiny.root, "tiny") == (2019, 2021, 2022)
