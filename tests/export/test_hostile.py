"""Text that would like to act: it appears as text in every document, or it is refused."""

import shutil
from pathlib import Path

import pytest

from browser_checks import list_problems
from nenpo.build.select import select_briefings
from nenpo.export.document import Document, read_document
from nenpo.export.html import render_html
from nenpo.export.pdf import render_pdf
from nenpo.notebook.execute import execute_briefing
from pdf_checks import find_layout_faults, find_violations, read_texts
from tiny_project import Project, copy_project

ROOT = Path(__file__).parents[2]
HOSTILE = (
    '<script>alert("x")</script>',
    '#panic("x") [a] *b* $x$',
    "| a | b |",
    "=cmd|' /C calc'!A0",
    "![](http://example.invalid/x.png)",
    "../../x",
    "{{ 7 * 7 }} {% raw %} {plan}",
    "<!-- & --> &lt;b&gt;",
)
LONG = "あ" * 5000 + "x" * 5000


def make_hostile(project: Project) -> None:
    """Put hostile text wherever a person may write text."""
    cells = [("title", HOSTILE[0]), ("note", HOSTILE[1])]
    for column, text in cells:
        project.set_cell("items.csv", 1, column, text)
    for column, text in (("done", " ".join(HOSTILE)), ("next_year", LONG), ("later", HOSTILE[3])):
        project.set_cell("2021/progress.csv", 1, column, text)
    project.set_cell("2021/progress.csv", 3, "change_reason", HOSTILE[4])
    project.set_cell("departments.csv", 1, "name", HOSTILE[5])
    project.set_cell("measures.csv", 1, "title", HOSTILE[6])
    project.set_cell("indicators.csv", 1, "name", HOSTILE[1])
    project.replace("plan.yaml", "short_title: デジタル計画", f"short_title: '{HOSTILE[7]}'")
    project.replace("params/tiny/2021.yaml", "contact:", f"contact: '{HOSTILE[2]}' #")


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    project = copy_project(tmp_path_factory.mktemp("hostile") / "tiny")
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    make_hostile(project)
    selectors = [f"tiny/2021/{name}" for name in ("annual", "madoguchi")]
    return {
        briefing.name: read_document(execute_briefing(project.root, briefing))
        for briefing in select_briefings(project.root, selectors)
    }


@pytest.fixture(scope="module")
def pdfs(documents: dict[str, Document]) -> dict[str, bytes]:
    return {name: render_pdf(document) for name, document in documents.items()}


NAMES = ("annual", "departments/madoguchi")


@pytest.mark.parametrize("name", NAMES)
def test_html_stays_whole_and_asks_for_nothing(documents: dict[str, Document], name: str) -> None:
    page = render_html(documents[name], name)
    assert list_problems(page) == []
    assert "<script" not in page
    assert "{{" not in page or "{{ 7 * 7 }}" in page


@pytest.mark.parametrize("name", NAMES)
def test_pdf_stays_valid_and_inside_its_margins(pdfs: dict[str, bytes], name: str) -> None:
    assert find_violations(pdfs[name]) == []
    faults = find_layout_faults(pdfs[name])
    # A cell of 10,000 characters in a table of eight columns is most of the text, at 8 pt.
    assert [fault for fault in faults if not fault.startswith("most of the text")] == []


def test_hostile_text_is_readable_as_it_was_written(pdfs: dict[str, bytes]) -> None:
    text = "".join("".join(read_texts(pdfs["annual"])).split())
    for hostile in HOSTILE:
        assert "".join(hostile.split()) in text


def test_long_text_is_not_cut(pdfs: dict[str, bytes]) -> None:
    text = "".join(read_texts(pdfs["annual"]))
    assert text.count("あ") >= 5000
    assert text.count("x") >= 5000


def test_bidirectional_control_is_refused_with_its_place(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 1, "done", "abc\u202edef")
    (problem,) = tiny.refuse_data()
    assert problem.place == "data/tiny/2021/progress.csv:2"
    assert "U+202E" in str(problem)
