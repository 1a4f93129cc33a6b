"""Opening a briefing: what a notebook is given, what it is told, what it is refused."""

import importlib
import inspect
import pkgutil
import re
from dataclasses import FrozenInstanceError
from typing import Any, get_args

import pytest

import nenpo.content
from nenpo.content.briefing import OpenBriefing, open_briefing
from nenpo.content.display import MIME_ASIDE, Nothing
from nenpo.errors import InputRefused, ParametersLost, UnknownDepartment
from opened import make_edition
from tiny_project import Project


def give(tiny: Project, **others: Any) -> dict[str, Any]:
    """Return the variables of a notebook about tiny/2021, among others that are none of ours."""
    return {**make_edition("tiny", 2021).model_dump(), "In": [], "_": None, **others}


def test_the_whole_plan_is_opened_without_a_department(tiny: Project) -> None:
    b = open_briefing(give(tiny), tiny.root)
    assert (b.plan.id, b.fiscal_year, b.department) == ("tiny", 2021, None)
    assert b.items is b.whole.items


def test_a_department_is_given_its_own_items_and_counts_of_all(tiny: Project) -> None:
    b = open_briefing(give(tiny, department="joho"), tiny.root)
    assert list(b.items["item"]) == ["i1-1-01", "i1-1-02"]
    assert len(b.whole.items) > len(b.items)


def test_words_of_others_are_blank_where_there_are_some(tiny: Project) -> None:
    b = open_briefing(give(tiny, department="joho"), tiny.root)
    told = b.whole.items.set_index("item")
    assert told.loc["i1-2-01", ["title", "done", "issues"]].tolist() == ["…", "…", ""]
    assert told.loc["i1-1-02", "done"] == "国が検討した"


def test_an_opened_briefing_cannot_be_changed(tiny: Project) -> None:
    b = open_briefing(give(tiny), tiny.root)
    with pytest.raises(FrozenInstanceError):
        b.year = b.whole  # type: ignore[misc]


def test_showing_it_tells_what_there_is_and_what_is_lacking(tiny: Project) -> None:
    shown = open_briefing(give(tiny), tiny.root)._repr_mimebundle_()[MIME_ASIDE]["lines"]
    assert shown[0].startswith("みどり市デジタル計画（令和3年度）")
    assert "取組の行4" in shown[1]
    assert shown[2] == "ない: 節目、計画の予定、数値、前年度の進捗の行"


def test_wrong_parameters_are_refused_all_at_once(tiny: Project) -> None:
    given = give(tiny, fiscal_year="2021", as_of="2022-3-31", state="drft")
    del given["sample"]
    with pytest.raises(InputRefused) as refused:
        open_briefing(given, tiny.root)
    told = str(refused.value)
    assert all(name in told for name in ("fiscal_year", "as_of", "state", "sample"))


def test_an_unknown_department_is_refused(tiny: Project) -> None:
    with pytest.raises(UnknownDepartment):
        open_briefing(give(tiny, department="nobody"), tiny.root)


def list_reasons() -> list[str]:
    """Return every reason that is written in content, as its source has it."""
    found: list[str] = []
    for module in pkgutil.iter_modules(nenpo.content.__path__):
        source = inspect.getsource(importlib.import_module(f"nenpo.content.{module.name}"))
        found += re.findall(r'Nothing\(f?"([^"]+)"\)', source)
    return found


def test_reasons_are_clauses_in_japanese() -> None:
    reasons = list_reasons()
    assert len(reasons) > 20
    assert [r for r in reasons if not re.search(r"[ぁ-ん]", r) or r.endswith("。")] == []


def test_nothing_says_why_in_grey_and_in_no_document() -> None:
    bundle = Nothing("前年度の進捗がない")._repr_mimebundle_()
    assert bundle[MIME_ASIDE]["lines"] == ["表示するものはない：前年度の進捗がない。"]
    assert "color:#626264" in bundle["text/html"]


def test_every_section_is_called_alike() -> None:
    """What shows something or nothing takes the briefing and nothing else."""
    odd = []
    for module in pkgutil.iter_modules(nenpo.content.__path__):
        section = importlib.import_module(f"nenpo.content.{module.name}")
        for name, function in inspect.getmembers(section, inspect.isfunction):
            own = function.__module__ == section.__name__ and not name.startswith("_")
            if own and Nothing in get_args(inspect.signature(function).return_annotation):
                taken = list(inspect.signature(function).parameters)
                odd += [] if taken[0] == "b" and len(taken) == 1 else [f"{module.name}.{name}"]
    assert odd == []


def test_b_is_an_open_briefing(tiny: Project) -> None:
    assert isinstance(open_briefing(give(tiny), tiny.root), OpenBriefing)


def run_papermill(tiny: Project, values: str, *others: str) -> dict[str, Any]:
    """Return the variables as papermill's engine leaves them before the briefing is opened."""
    given = give(tiny)
    return {**given, "In": ["", *others, f"# Parameters\n{values}", "b = open_briefing(globals())"]}


DEFAULTS = "plan: str = 'x'\nfiscal_year: int = 2020\nown = 1"


def test_a_parameter_that_papermill_was_given_and_no_cell_declares_is_refused(
    tiny: Project,
) -> None:
    given = run_papermill(tiny, "plan = 'tiny'\nown = 2\nasof = '2022'\nfoo = 1", DEFAULTS)
    with pytest.raises(InputRefused) as refused:
        open_briefing(given | {"state": "drft"}, tiny.root)
    told = str(refused.value)
    assert "parameters of the notebook: key 'asof' is not allowed" in told
    assert "Did you mean 'as_of'?" in told
    assert "key 'foo'" in told
    assert "state: 'drft'" in told  # all at once
    assert "key 'own'" not in told


def test_what_is_wrong_is_told_in_the_readers_language_alone(
    tiny: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")
    with pytest.raises(InputRefused) as refused:
        open_briefing(give(tiny, as_of="2022-3-31"), tiny.root)
    told = str(refused.value)
    assert "ノートブックの条件: as_of の値「2022-3-31」が違う。" in told
    assert "parameters of" not in told


def test_a_department_that_is_no_text_is_refused(tiny: Project) -> None:
    with pytest.raises(InputRefused, match="department: '5' cannot be used"):
        open_briefing(give(tiny, department=5), tiny.root)


def test_values_that_defaults_take_the_place_of_are_refused(tiny: Project) -> None:
    """Papermill puts them at the top if no cell is tagged."""
    given = give(tiny)
    given["In"] = ["", "# Parameters\nplan = 'koto'", "plan: str = 'tiny'", "b"]
    with pytest.raises(ParametersLost, match="a later cell sets the defaults of plan"):
        open_briefing(given, tiny.root)


@pytest.mark.parametrize(
    "sources",
    [
        ["# Parameters\nplan = 'tiny'\nown = 1", "import math"],
        ["import math", "# Parameters\nplan = 'tiny'\nown = 1"],
        [DEFAULTS, "# Parameters\nplan = 'x'", "plan = 'tiny'"],
        ["plan = 'tiny'"],
    ],
)
def test_an_analyst_in_jupyterlab_sets_parameters_as_he_likes(
    tiny: Project, sources: list[str]
) -> None:
    assert open_briefing(give(tiny) | {"In": ["", *sources]}, tiny.root)
