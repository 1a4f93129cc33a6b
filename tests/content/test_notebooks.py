"""The notebooks: thin, without outputs, the same under every engine, made of separate sections."""

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from papermill.inspection import inspect_notebook

from nenpo.build.briefing import Briefing
from nenpo.build.select import select_briefings
from nenpo.data.schema.declarations import SURVEY_KEYS, Edition
from nenpo.export.blocks import Heading
from nenpo.export.document import Document, read_document
from nenpo.export.html import render_html
from nenpo.export.pdf import render_pdf
from nenpo.notebook.execute import execute_briefing
from pdf_checks import read_texts

ROOT = Path(__file__).parents[2]
NAMES = ("annual", "department", "inspection", "comparison")


def read_notebook(name: str) -> Any:
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def code_cells(name: str) -> list[Any]:
    return [cell for cell in read_notebook(name).cells if cell.cell_type == "code"]


def read_parameters(name: str) -> dict[str, dict[str, str]]:
    return inspect_notebook(ROOT / "notebooks" / f"{name}.ipynb")  # type: ignore[no-any-return]


def find_briefing(name: str) -> Briefing:
    selector = "joho-system" if name == "department" else name
    plan = "comparison" if name == "comparison" else "nakano-informatization"
    return select_briefings(ROOT, [f"{plan}/2021/{selector}"])[0]


@pytest.mark.parametrize("name", NAMES)
def test_notebook_is_committed_without_outputs(name: str) -> None:
    assert [c.outputs for c in code_cells(name) if c.outputs or c.execution_count] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_parameter_has_a_type_and_a_help_comment(name: str) -> None:
    parameters = read_parameters(name).values()
    assert [p["name"] for p in parameters if p["inferred_type_name"] == "None"] == []
    assert [p["name"] for p in parameters if not p["help"]] == []


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_those_of_the_params_file(name: str) -> None:
    known = set(Edition.model_fields) | ({"department"} if name == "department" else set())
    assert set(read_parameters(name)) == known - SURVEY_KEYS


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_opens_a_briefing_and_shows_it(name: str) -> None:
    opening = "open_comparison" if name == "comparison" else "open_briefing"
    assert [c.source for c in code_cells(name)[2:4]] == [f"b = {opening}(globals())", "b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_of_a_section_is_one_call_with_the_briefing(name: str) -> None:
    calls = [cell.source for cell in code_cells(name)[4:]]
    assert [call for call in calls if not re.fullmatch(r"[a-z]+\.[a-z_]+\(b\)", call)] == []


@pytest.mark.parametrize("name", NAMES)
def test_notebook_imports_from_content_and_nothing_else(name: str) -> None:
    imported = [
        str(node.module)
        for node in ast.walk(ast.parse(code_cells(name)[1].source))
        if isinstance(node, ast.ImportFrom)
    ]
    assert [module for module in imported if not module.startswith("nenpo.content")] == []


@pytest.mark.parametrize("name", NAMES)
def test_markdown_carries_no_data(name: str) -> None:
    texts = [c.source for c in read_notebook(name).cells if c.cell_type == "markdown"]
    # 「100％」 explains a formula; every other number would be somebody's figure.
    numbers = [n for text in texts for n in re.findall(r"\d+", text.replace("100％", ""))]
    assert set(numbers) <= {"0", "1", "2"}


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_the_same_under_papermills_engine_and_ours(name: str) -> None:
    briefing = find_briefing(name)
    ours, kernel = (execute_briefing(ROOT, briefing, engine) for engine in ("nenpo", "kernel"))
    for own, other in zip(ours.cells, kernel.cells, strict=True):
        assert own == other


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose notebooks a test may change."""
    root = tmp_path_factory.mktemp("project")
    for folder in ("data", "params"):
        (root / folder).symlink_to(ROOT / folder)
    (root / "notebooks").mkdir()
    return root


def make_document(project: Path, notebook: Any) -> Document:
    nbformat.write(notebook, project / "notebooks" / "department.ipynb")
    return read_document(execute_briefing(project, find_briefing("department")))


def headings(document: Document) -> list[str]:
    return [heading.text for heading in list_sections(document)]


def list_sections(document: Document) -> list[Heading]:
    return [b for b in document.blocks if isinstance(b, Heading) and b.level == 2]


def test_deleting_a_sections_cells_removes_exactly_that_section(project: Path) -> None:
    notebook = read_notebook("department")
    whole = make_document(project, notebook)
    name = "節目"
    start = next(n for n, c in enumerate(notebook.cells) if c.source == f"## {name}")
    later = notebook.cells[start + 1 :]
    end = next(n for n, c in enumerate(later, start + 1) if c.source.startswith("## "))
    del notebook.cells[start:end]
    cut = make_document(project, notebook)
    assert headings(cut) == [text for text in headings(whole) if text != name]
    for text in (render_html(cut), "".join(read_texts(render_pdf(cut)))):
        assert name not in text
        assert "所管する取組" in text


def test_a_displayed_frame_becomes_a_table_in_html_and_pdf(project: Path) -> None:
    notebook = read_notebook("department")
    source = "import pandas as pd\npd.DataFrame({'窓口': ['本庁舎窓口'], '人数': [12345]})"
    notebook.cells.insert(-2, nbformat.v4.new_code_cell(source))
    document = make_document(project, notebook)
    for text in (render_html(document), "".join(read_texts(render_pdf(document)))):
        assert "本庁舎窓口" in text
        assert "12,345" in text


def test_sections_without_data_leave_no_gap_in_the_numbering(project: Path) -> None:
    document = make_document(project, read_notebook("department"))
    numbers = [heading.number for heading in list_sections(document)]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
