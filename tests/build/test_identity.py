"""A document that names another plan, year or department than it was made for is not published."""

from pathlib import Path
from typing import Any

import pytest

from nenpo.build.briefing import Briefing
from nenpo.build.isolated.identity import check_identity
from nenpo.build.isolated.make import make_briefing
from nenpo.build.isolated.outcome import Failed
from nenpo.content.display import Facts
from nenpo.content.kinds import BriefingKind
from nenpo.errors import OtherBriefing
from nenpo.export.document import Document
from nenpo.notebook.engine import EngineName
from project import ask_for, write_project
from sample_notebook import make_head

GIVEN = {"as_of": "2022-03-31", "state": "final", "revision": 2, "reported_to": "委員会"}
FACTS = {"plan": "sample", "fiscal_year": 2021, "department": None, "items": []}


def ask(kind: BriefingKind = "annual", department: str | None = None) -> Briefing:
    return Briefing("sample", 2021, kind, department, GIVEN)


def make(facts: dict[str, Any] = FACTS, **head: Any) -> Document:
    return Document(make_head(**GIVEN | head), (), (), Facts(facts))


def refuse(briefing: Briefing, document: Document) -> str:
    with pytest.raises(OtherBriefing) as refused:
        check_identity(briefing, document)
    return refused.value.message("en")


@pytest.mark.parametrize("kind", ["annual", "inspection", "comparison"])
def test_a_document_that_is_what_it_was_made_for_is_taken(kind: BriefingKind) -> None:
    check_identity(ask(kind), make(kind=kind))


def test_a_departments_document_is_taken() -> None:
    facts = FACTS | {"department": "joho"}
    check_identity(ask("department", "joho"), make(facts, kind="department", department="joho"))


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ({"plan": "other"}, "head: plan is not 'sample' but 'other'"),
        ({"plan": ""}, "head: plan is not 'sample' but ''"),
        ({"fiscal_year": 2022}, "head: fiscal_year is not '2021' but '2022'"),
        ({"department": "joho"}, "head: department is not none but 'joho'"),
        ({"kind": "inspection"}, "head: kind is not 'annual' but 'inspection'"),
        (
            {"fiscal_year_label": "令和2年度（2020年度）"},
            "head: fiscal_year_label is not '令和3年度' but '令和2年度'",
        ),
        ({"title": "進捗（令和2年度）"}, "head: title is not '令和3年度' but '令和2年度'"),
        ({"as_of": "2020-01-01"}, "head: as_of is not '2022-03-31' but '2020-01-01'"),
        ({"state": "draft"}, "head: state is not 'final' but 'draft'"),
        ({"revision": 0}, "head: revision is not '2' but '0'"),
    ],
)
def test_a_head_that_names_something_else_is_refused(head: dict[str, Any], told: str) -> None:
    message = refuse(ask(), make(**head))
    assert "sample/2021/annual" in message
    assert f"({told})" in message


@pytest.mark.parametrize(
    "facts", [{"plan": "other"}, {"fiscal_year": 2022}, {"fiscal_year": None}, {"department": ""}]
)
def test_facts_that_name_something_else_are_refused(facts: dict[str, Any]) -> None:
    assert f"(facts: {next(iter(facts))} is not" in refuse(ask(), make(FACTS | facts))


def test_all_differences_are_told_at_once() -> None:
    message = refuse(ask(), make(FACTS | {"plan": "x"}, plan="x", fiscal_year=1))
    assert "head: plan is" in message
    assert "head: fiscal_year is" in message
    assert "facts: plan is" in message


def test_a_head_may_leave_out_what_it_was_given() -> None:
    """The 点検票 is reported to nobody."""
    check_identity(ask("inspection"), make(kind="inspection", reported_to=""))


@pytest.mark.parametrize("engine", ["nenpo", "kernel"])
def test_nothing_is_left_of_a_document_about_another(tmp_path: Path, engine: EngineName) -> None:
    root = write_project(tmp_path / "project")
    notebook = root / "notebooks/department.ipynb"
    notebook.write_text(notebook.read_text().replace("department=department", "department='x'"))
    folder = tmp_path / "made"
    folder.mkdir()
    failed = make_briefing(root, ask_for("joho"), engine, folder)
    assert isinstance(failed, Failed)
    assert "head: department is not 'joho' but 'x'" in failed.reason
    assert not {path.suffix for path in folder.iterdir()} & {".html", ".pdf"}
    assert (folder / "failed.ipynb").exists()
