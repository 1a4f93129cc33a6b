"""Nothing is made twice, and nothing is stale: incremental builds equal clean ones."""

import csv
import importlib
import inspect
import json
import pkgutil
import shutil
import subprocess
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import nenpo.build.receipts
import nenpo.content
from check_project import ROOT, run, run_apart
from nenpo.build.receipts import Inputs, Receipts, locate_record, read_receipts
from nenpo.build.run import BuildOptions, build
from nenpo.build.select import select_briefings
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Group, Nothing, Sentences, Table
from nenpo.errors import InputRefused
from nenpo.files import hash_file
from pictures import SVG
from project import PAGES, read_files
from tiny_project import Project, copy_project

pytestmark = pytest.mark.long

EDITION = "tiny/2021"
ALL = {"annual", "inspection", "joho", "madoguchi"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project tiny with the outputs of one edition."""
    project = copy_project(tmp_path_factory.mktemp("receipts") / "tiny")
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    # A transfer would put the two departments in one line, with all words in common.
    project.write("organisation_changes.csv", "fiscal_year,from,to,kind\n")
    make(project)
    return project


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Project:
    """Return a copy to change."""
    return copy_built(built, tmp_path / "tiny")


def copy_built(built: Project, folder: Path) -> Project:
    shutil.copytree(built.root, folder)
    return Project(folder)


def make(project: Project, output: str = "outputs", asked: str = EDITION) -> set[str]:
    """Build the edition, or what is asked for of it; return the briefings that were made."""
    briefings = select_briefings(project.root, [asked])
    options = BuildOptions(project.root / output, (asked,), jobs=2, pages=PAGES)
    result = build(project.root, briefings, options)
    assert not result.failed
    made = [r.name for r in result.briefings if r.status == "made"]
    return {name.rpartition("/")[2] for name in made}


def edit_notebook(project: Project, name: str, change: Callable[[Any], None]) -> None:
    path = project.root / "notebooks" / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def add_code(project: Project, name: str, code: str) -> None:
    def add(notebook: Any) -> None:
        cells = notebook.cells
        cells.append(nbformat.v4.new_code_cell(code, id=f"added-{len(cells)}"))

    edit_notebook(project, name, add)


def count_cells(name: str) -> int:
    return len(nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells)


# --- what is made again


def test_nothing_is_made_twice(project: Project) -> None:
    assert make(project) == set()


def test_a_changed_text_makes_its_departments_and_the_whole_plan(project: Project) -> None:
    project.set_cell("2021/progress.csv", 2, "next_year", "国が改修を続ける")
    assert make(project) == {"annual", "inspection", "joho"}


def test_a_first_text_makes_all_because_missing_ones_are_counted(project: Project) -> None:
    project.set_cell("2021/progress.csv", 4, "done", "始めた")
    assert make(project) == ALL


def test_a_changed_mark_makes_every_document_with_a_total(project: Project) -> None:
    project.set_cell("2021/progress.csv", 1, "status", "△")
    assert make(project) == ALL


def test_commentary_on_a_department_makes_its_document(project: Project) -> None:
    project.set_cell("2021/commentary.csv", 2, "text", "国の動きを見ている。")
    assert make(project) == {"annual", "inspection", "joho"}


def test_the_same_data_in_other_bytes_make_nothing(project: Project) -> None:
    """A spreadsheet program writes a BOM and other line ends, and nothing else."""
    file = "2021/progress.csv"
    project.write(file, "\ufeff" + project.read(file).replace("\n", "\r\n"))
    assert make(project) == set()


def test_a_parameter_makes_all(project: Project) -> None:
    project.replace("params/tiny/2021.yaml", "issued: ", 'issued: "2022-08-08" # ')
    assert make(project) == ALL


def test_a_remark_in_the_params_makes_nothing(project: Project) -> None:
    project.append("params/tiny/2021.yaml", "# 確認済み")
    assert make(project) == set()


def test_a_notebook_makes_its_documents(project: Project) -> None:
    def reword(notebook: Any) -> None:
        next(c for c in notebook.cells if c.cell_type == "markdown").source += "\n\n補足である。"

    edit_notebook(project, "inspection", reword)
    assert make(project) == {"inspection"}


def test_whatever_an_analyst_adds_a_department_depends_on_its_own_words(project: Project) -> None:
    """Sections of other notebooks, all rows, those of the whole year, and what IPython can do."""
    for code in (
        "marks.table(b)",
        "b.items",
        "b.whole.items[['item', 'done']]",
        "from nenpo.content import inspection\ninspection.table(b)",
        "%matplotlib inline",
    ):
        add_code(project, "department", code)
    assert make(project) == {"joho", "madoguchi"}
    project.set_cell("2021/progress.csv", 2, "next_year", "国が改修を続ける")
    assert make(project) == {"annual", "inspection", "joho"}


def test_a_department_that_loads_the_whole_plan_depends_on_it(project: Project) -> None:
    add_code(project, "department", "from nenpo.data.load import load_plan\n_ = load_plan(plan)")
    assert make(project) == {"joho", "madoguchi"}
    project.set_cell("2021/progress.csv", 2, "next_year", "国が改修を続ける")
    assert make(project) == ALL


@pytest.mark.parametrize(("file", "column"), [("items.csv", "title"), ("items.csv", "note")])
def test_a_changed_title_or_note_makes_those_that_hold_the_item(
    project: Project, file: str, column: str
) -> None:
    project.set_cell(file, 2, column, "国のシステムを改める")
    kept = set() if column == "title" else make(project)  # a first note makes a difference to all
    project.set_cell(file, 2, column, "国のシステムを改修する")
    assert make(project) == {"annual", "inspection", "joho"}
    assert kept in (set(), ALL)


@pytest.mark.parametrize("change", ["altered", "deleted"])
def test_outputs_that_were_tampered_with_are_made_again(project: Project, change: str) -> None:
    before = read_files(project.root / "outputs")
    path = project.root / "outputs/tiny/2021/departments/joho.html"
    path.write_text("x") if change == "altered" else path.unlink()
    assert make(project) == {"joho"}
    assert read_files(project.root / "outputs") == before


def test_a_page_that_was_tampered_with_is_written_again(project: Project) -> None:
    before = read_files(project.root / "outputs")
    (project.root / "outputs/index.html").write_text("x")
    assert make(project) == set()
    assert read_files(project.root / "outputs") == before


def test_another_version_makes_all(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    now = {**Inputs(project.root).environment, "matplotlib": "99"}
    monkeypatch.setattr(nenpo.build.receipts, "find_environment", lambda: now)
    assert make(project) == ALL


def spoil_receipt(**fields: object) -> Callable[[Any], Any]:
    def spoil(told: Any) -> Any:
        told["briefings"]["tiny/2021/inspection"].update(fields)
        return told

    return spoil


DAMAGES: dict[str, Callable[[Any], Any]] = {
    "null": lambda told: None,
    "list": lambda told: [],
    "other version": lambda told: {**told, "receipts_version": 0},
    "no briefings": lambda told: {k: v for k, v in told.items() if k != "briefings"},
    "briefings are a list": lambda told: {**told, "briefings": []},
    "details are null": lambda told: {**told, "details": None},
    "lists hold no names": lambda told: {**told, "lists": {"": {"inputs": "", "names": [1]}}},
    "pages are a list": lambda told: {**told, "pages": ["index.html"]},
    "a receipt is null": lambda told: {**told, "briefings": {"tiny/2021/annual": None}},
    "a receipt names nothing": lambda told: {**told, "briefings": {"x": {}}},
    "opened is null": spoil_receipt(opened=None),
    "a digest is a number": spoil_receipt(outputs={"tiny/2021/inspection.html": 1}),
    "a digest is none": spoil_receipt(outputs={"tiny/2021/inspection.html": "x"}),
    "a path leads out": spoil_receipt(outputs={"../inspection.html": "0" * 64}),
    "more is told": spoil_receipt(more="x"),
}


@pytest.mark.parametrize("case", DAMAGES)
def test_damaged_receipts_are_told_and_taken_as_missing(
    built: Project, tmp_path: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record = locate_record(tmp_path)
    told = json.loads((built.root / "outputs/.receipts.json").read_text("utf-8"))
    record.file.write_text(json.dumps(DAMAGES[case](told)), "utf-8")
    assert read_receipts(record) == read_receipts(record) == Receipts()
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "nenpo build makes it anew" in said


@pytest.mark.parametrize("content", ["", None])
def test_receipts_that_cannot_be_read_make_all(project: Project, content: str | None) -> None:
    """Cut off, or with a folder in their place; an input file that is kept is damaged as well."""
    before = read_files(project.root / "outputs")
    receipts, inputs = (project.root / "outputs" / name for name in (".receipts.json", ".receipts"))
    receipts.unlink()
    receipts.mkdir() if content is None else receipts.write_text(content)
    kept = next(path for path in sorted(inputs.iterdir()) if path.stat().st_size)
    kept.write_text("")
    assert make(project) == ALL
    assert hash_file(kept) == kept.name
    assert make(project) == set()
    assert read_files(project.root / "outputs") == before


def test_a_file_in_the_place_of_the_kept_inputs_is_replaced(project: Project) -> None:
    inputs = project.root / "outputs/.receipts"
    shutil.rmtree(inputs)
    inputs.touch()
    project.set_cell("2021/progress.csv", 2, "next_year", "国が改修を続ける")
    assert make(project) == {"annual", "inspection", "joho"}
    assert {path.name for path in inputs.iterdir()} == {hash_file(p) for p in inputs.iterdir()}


def test_facts_that_somebody_spoilt_hold_no_page_up(project: Project) -> None:
    """The page is about all documents, the build about one of them."""
    (project.root / "outputs/tiny/2021/departments/joho.facts.json").write_text("{")
    (project.root / "outputs/failed").mkdir()
    (project.root / "outputs/failed/mine.ipynb").touch()
    project.append("2021/commentary.csv", "madoguchi,窓口の文である。")
    told = run(project, "build", f"{EDITION}/madoguchi")
    assert told.returncode == 0, told.stderr


def test_a_receipt_without_its_details_makes_its_briefing(project: Project) -> None:
    path = project.root / "outputs/.receipts.json"
    told = json.loads(path.read_text("utf-8"))
    told["briefings"]["tiny/2021/inspection"]["files"] = "lost"
    path.write_text(json.dumps(told), "utf-8")
    assert make(project) == {"inspection"}


def test_what_was_made_while_its_data_changed_is_made_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.set_cell("2021/progress.csv", 1, "status", "△")
    with monkeypatch.context() as patch:
        patch.setattr(Inputs, "is_still_true", lambda self: False)
        assert make(project) == ALL
    assert make(project) == ALL
    assert make(project) == set()


# --- what a notebook opens


OPENING = {
    "file": ("open('extra.txt').read()", "extra.txt"),
    "folder": ("import os; _ = os.listdir('more')", "more/new.txt"),
    "module": ("import helper", "helper.py"),
    "absent": (
        "try:\n    open('later.txt')\nexcept FileNotFoundError:\n    pass",
        "later.txt",
    ),
    "frame": ("import pandas as pd; frame = pd.read_csv('extra.csv')", "extra.csv"),
}


def test_what_a_notebook_opens_counts(project: Project) -> None:
    """Each for itself: a text, a folder, a module, a frame, and what was not there yet."""
    folder = project.root / "notebooks"
    (folder / "more").mkdir()
    for name, content in (("extra.txt", "1"), ("helper.py", "A = 1\n"), ("extra.csv", "a\n1\n")):
        (folder / name).write_text(content)
    for code, _ in OPENING.values():
        add_code(project, "inspection", f"{code}\n_ = None")
    assert make(project) == {"inspection"}
    assert make(project) == set()
    for case, (_, file) in OPENING.items():
        (folder / file).write_text("A = 2\n")
        assert make(project) == {"inspection"}, case


def test_an_image_that_markdown_shows_counts(project: Project) -> None:
    file = project.root / "notebooks" / "extra.svg"
    file.write_text(SVG)
    shown = "from IPython.display import Markdown\nMarkdown('![図](extra.svg)')"
    add_code(project, "inspection", shown)
    assert make(project) == {"inspection"}
    assert make(project) == set()
    file.write_text(SVG.replace("40", "50"))
    assert make(project) == {"inspection"}


@pytest.mark.parametrize("code", ["import subprocess\n_ = subprocess.run(['true'])", "!true"])
def test_a_notebook_that_starts_a_program_is_made_each_time(project: Project, code: str) -> None:
    add_code(project, "inspection", code)
    assert make(project) == {"inspection"}
    assert make(project) == {"inspection"}


def test_our_own_notebooks_open_nothing_else(built: Project) -> None:
    text = (built.root / "outputs/.receipts.json").read_text("utf-8")
    assert [entry["opened"] for entry in json.loads(text)["briefings"].values()] == [{}] * 4


# --- nothing stale


def list_cells(project: Project) -> list[tuple[str, int, str, str]]:
    """Return every filled cell of the data: file, row, column, value."""
    found = []
    for path in sorted((project.root / "data/tiny").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as opened:
            for number, row in enumerate(csv.DictReader(opened), 1):
                name = path.relative_to(project.root / "data/tiny").as_posix()
                found += [(name, number, column, value) for column, value in row.items()]
    return found


def change_value(column: str, value: str) -> str:
    words = {
        "status": {"◎": "△", "△": "○", "○": "◎", "": "◎"},
        "role": {"lead": "supporting", "supporting": "lead"},
        "shift": {"ahead": "behind", "behind": "ahead"},
        "preferred": {"true": "false", "false": "true"},
        "scope": {"": "new", "new": "expanded", "expanded": ""},
    }
    if value in words.get(column, {}):
        return words[column][value]
    if value and value[-1] in "0123456789":
        return value[:-1] + str((int(value[-1]) + 1) % 10)
    return f"{value}追" if value else "追"


_DISPLAYED = (Sentences, Table, Chart, Group, Nothing)


def list_sections() -> list[str]:
    """Return a call of everything in content that a notebook of a plan may show."""
    found = []
    for module in pkgutil.iter_modules(nenpo.content.__path__):
        section = importlib.import_module(f"nenpo.content.{module.name}")
        for name, function in inspect.getmembers(section, inspect.isfunction):
            taken = [p.annotation for p in inspect.signature(function).parameters.values()]
            shown = inspect.signature(function).return_annotation
            own = function.__module__ == section.__name__ and not name.startswith("_")
            # One head, one set of facts and of rows is all that a document can have.
            displayed = all(kind in _DISPLAYED for kind in typing.get_args(shown) or (shown,))
            if own and taken == [OpenBriefing] and displayed:
                found.append(f"{module.name}.{name}")
    return found


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_an_incremental_build_equals_a_clean_one(
    built: Project, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever a notebook shows, and whatever cell of the data changes: byte for byte."""
    project = copy_built(built, tmp_path_factory.mktemp("changed") / "tiny")
    for section in data.draw(st.lists(st.sampled_from(list_sections()), max_size=6, unique=True)):
        room = section.partition(".")[0]
        add_code(project, "department", f"from nenpo.content import {room}\n{section}(b)")
    make(project)
    file, row, column, value = data.draw(st.sampled_from(list_cells(built)))
    project.set_cell(file, row, column, change_value(column, value))
    try:
        select_briefings(project.root, [EDITION])
    except InputRefused:
        assume(False)
    make(project)
    make(project, "clean")
    assert read_files(project.root / "outputs") == read_files(project.root / "clean")


OTHERS = {"joho": ["i1-2-01"], "madoguchi": ["i1-1-02", "i1-2-01"]}


@pytest.mark.parametrize("department", OTHERS)
def test_all_words_of_others_at_once_change_no_document(project: Project, department: str) -> None:
    """The claim behind the narrow key, with every hidden word of the year replaced."""
    path = f"tiny/2021/departments/{department}"
    before = read_files(project.root / "outputs")
    columns = ("change_reason", "done", "next_year", "later", "issues", "note", "title")
    for file in ("2021/progress.csv", "items.csv"):
        cells = [cell for cell in list_cells(project) if cell[0] == file and cell[3]]
        rows = [r for _, r, column, v in cells if column == "item" and v in OTHERS[department]]
        hidden = [cell[1:] for cell in cells if cell[1] in rows and cell[2] in columns]
        assert hidden
        for row, column, value in hidden:
            project.set_cell(file, row, column, f"{value}（別の文）")
    assert make(project, "clean", f"{EDITION}/{department}") == {department}
    after = read_files(project.root / "clean")
    own = [name for name in before if name.startswith(path)]
    assert own
    assert {name: after[name] for name in own} == {name: before[name] for name in own}


# --- the command line


def test_a_build_without_work_imports_nothing_heavy(project: Project) -> None:
    assert run(project, "build", EDITION).returncode == 0  # remembers what the selector chose
    code = (
        "import sys\n"
        "from nenpo.cli import app\n"
        f"try: app(['build', '{EDITION}'])\n"
        "except SystemExit as end: assert not end.code\n"
        "heavy = {'pandas', 'matplotlib', 'IPython', 'numpy', 'typst'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=project.root, capture_output=True, text=True, check=False
    )
    assert told.stdout.splitlines() == ["0 made, 0 failed, 0 removed, 4 unchanged", "[]"]


def test_fresh_makes_what_is_current(project: Project) -> None:
    told = run(project, "build", f"{EDITION}/joho", "--fresh")
    assert told.stdout.splitlines()[-1] == "1 made, 0 failed, 0 removed"


def test_profile_tells_every_stage(project: Project) -> None:
    told = run(project, "build", f"{EDITION}/joho", "--fresh", "--profile").stdout.splitlines()
    assert told[0].split() == [
        *("fork", "load", "cells", "figures", "html", "pdf", "place", "total")
    ]
    assert told[1].endswith("tiny/2021/departments/joho")
    numbers = [int(number) for number in told[1].split()[:8]]
    assert abs(sum(numbers[:7]) - numbers[7]) < 8
    assert told[2].endswith("total")


def test_briefings_inherit_the_data_of_the_fork_server(project: Project) -> None:
    add_code(
        project,
        "inspection",
        "from pathlib import Path\nfrom nenpo.data.preloaded import find_preloaded\n"
        "from nenpo.data.project import find_root\n"
        "assert find_preloaded(find_root()).plans.keys() == {'tiny'}",
    )
    told = run_apart(project, "build", f"{EDITION}/inspection")
    assert told.returncode == 0, told.stdout


WHY = {
    "row and column": (
        lambda p: p.set_cell("2021/progress.csv", 2, "next_year", "国が直す"),
        "data/tiny/2021/progress.csv:4 progress of the year, 1-① 国のシステムの改修, "
        "plan for the next fiscal year: 国が改修する → 国が直す",
    ),
    "row added": (
        lambda p: p.append("2021/commentary.csv", "joho,加えた文である。"),
        "data/tiny/2021/commentary.csv:4 what the analyst adds to the summary: "
        "row added (情報課 (no. 2))",
    ),
    "yaml": (
        lambda p: p.replace("plan.yaml", "title: ", "title: 新"),
        "data/tiny/plan.yaml:2 what the plan is, title: みどり市デジタル計画 → 新みどり市",
    ),
    "parameter": (
        lambda p: p.replace("params/tiny/2021.yaml", "issued: ", 'issued: "2022-08-08" # '),
        "params/tiny/2021.yaml date of the document: 2022-07-01 → 2022-08-08",
    ),
    "notebook": (
        lambda p: add_code(p, "department", "None"),
        f"notebooks/department.ipynb: cell {count_cells('department') + 1} 'None' added",
    ),
    "output": (
        lambda p: (p.root / "outputs/tiny/2021/departments/joho.pdf").unlink(),
        "the output tiny/2021/departments/joho.pdf was altered or is gone",
    ),
}


@pytest.mark.parametrize("case", WHY)
def test_why_tells_what_changed(project: Project, case: str) -> None:
    change, line = WHY[case]
    change(project)
    first, *lines = run(project, "why", f"{EDITION}/joho").stdout.splitlines()
    assert first == "情報課 2021 [tiny/2021/joho]:"
    assert any(told.strip().startswith(line) for told in lines), lines


def test_why_tells_a_department_nothing_of_others(project: Project) -> None:
    project.set_cell("2021/progress.csv", 2, "next_year", "国が直す")
    project.set_cell("2021/progress.csv", 3, "shift", "behind")
    lines = run(project, "why", f"{EDITION}/madoguchi").stdout.splitlines()
    assert len(lines) == 2
    assert "デー夕の公開, direction of a change of schedule: ahead → behind" in lines[1]


def test_why_tells_versions_and_code(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    from nenpo.build.causes.why import explain_briefings

    monkeypatch.setenv("NENPO_LANG", "en")
    now = {**Inputs(project.root).environment, "matplotlib": "99", "nenpo/content/charts.py": "0"}
    monkeypatch.setattr(nenpo.build.receipts, "find_environment", lambda: now)
    briefings = select_briefings(project.root, [f"{EDITION}/joho"])
    told = list(explain_briefings(project.root / "outputs", briefings, Inputs(project.root)))
    assert told[1].startswith("  matplotlib ")
    assert told[1].endswith(" → 99")
    assert told[2:] == ["  nenpo's code changed (what documents say)"]


def test_why_says_what_is_current_and_what_is_new(project: Project) -> None:
    told = run(project, "why", "tiny").stdout.splitlines()
    assert "計画全体 2021 [tiny/2021/annual]: unchanged" in told
    assert "計画全体 2022 [tiny/2022/annual]: not built yet" in told
