"""Milestones and declared columns in the documents that the notebooks make."""

from pathlib import Path

import pytest

from conditions import list_headings, list_tables
from nenpo.build.select import select_briefings
from nenpo.export.document import Document, read_document
from nenpo.export.html import render_html
from nenpo.notebook.execute import execute_briefing
from tiny_project import Project, copy_project

ROOT = Path(__file__).parents[2]
PROGRESS = "item,status,shift,change_reason,done,next_year,later,owner,budget"
MILESTONES = "subject,date,text,state,former_date"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A plan of two items with a milestone each, and the post and the money of one."""
    tiny = copy_project(tmp_path_factory.mktemp("dated") / "tiny")
    (tiny.root / "notebooks").symlink_to(ROOT / "notebooks")
    tiny.path("2021/misreadings.csv").unlink()
    tiny.append("plan.yaml", "columns: [owner, budget]")
    rows = ("i1-1-01,◎,,,済み,,,窓口課長,1200", "i1-1-02,◎,,,済み,,,,")
    tiny.write("2021/progress.csv", "\n".join((PROGRESS, *rows, "")))
    dated = ("i1-1-01,令和4年10月,窓口の移転,planned,", "i1-1-02,202211,国の改修,planned,")
    tiny.write("2021/milestones.csv", "\n".join((MILESTONES, *dated, "")))
    return tiny


def make(project: Project, name: str) -> Document:
    (briefing,) = select_briefings(project.root, [f"tiny/2021/{name}"])
    return read_document(execute_briefing(project.root, briefing))


def test_annual_shows_milestones_and_sums_of_money(project: Project) -> None:
    made = make(project, "annual")
    titles = [heading.text for heading in list_headings(made)]
    assert {"節目", "予算"} <= {*titles}
    assert [row[1] for row in list_tables(made)["節目の一覧"].rows] == ["窓口の移転", "国の改修"]
    assert list_tables(made)["予算（千円）"].rows[-1] == ("計", "1", "1,200")


@pytest.mark.parametrize("name", ["annual", "madoguchi"])
def test_list_tells_of_each_item_what_is_declared(project: Project, name: str) -> None:
    assert "責任者：窓口課長　予算：1,200千円" in render_html(make(project, name))


def test_department_shows_its_own_and_no_word_of_others(project: Project) -> None:
    page = render_html(make(project, "madoguchi"))
    assert "窓口の移転" in page
    assert "1,200" in page
    assert "国の改修" not in page


def test_plan_without_dates_and_columns_has_neither_section(tmp_path: Path) -> None:
    tiny = copy_project(tmp_path / "tiny")
    (tiny.root / "notebooks").symlink_to(ROOT / "notebooks")
    page = render_html(make(tiny, "annual"))
    assert "節目" not in page
    assert "予算（千円）" not in page
