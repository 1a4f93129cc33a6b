"""Commands and exit codes, as a user meets them."""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest

from check_project import run as run_here
from tiny_project import Project, copy_project

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]


def run(*words: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nenpo", *words]
    env = os.environ | {"NENPO_LANG": "en"} | environment
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_help_imports_nothing_heavy() -> None:
    heavy = ("pandas", "matplotlib", "rich", "pydantic", "typst")
    code = f"import sys, nenpo.cli; print([m for m in {heavy} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_version_is_the_one_of_the_package() -> None:
    told = run("--version")
    assert (told.returncode, told.stdout) == (0, f"nenpo {version('nenpo')}\n")


def test_list_names_every_briefing() -> None:
    lines = run_here(Project(ROOT), "list", "nakano-informatization/2021").stdout.splitlines()
    assert lines[0] == "nakano-informatization/2021/annual"
    assert len(lines) == 28


def test_validate_says_what_is_right() -> None:
    told = run_here(Project(ROOT), "validate")
    assert (told.returncode, "nakano-informatization/2021: OK" in told.stdout) == (0, True)


@pytest.mark.parametrize(
    ("selector", "value"),
    [
        ("atlantis", "unknown plan 'atlantis'"),
        ("nakano-informatization/1999", "no fiscal year 1999"),
        ("nakano-informatization/2021/nobody", "no briefing 'nobody'"),
        ("a/b/c/d", "not of the form"),
    ],
)
def test_unknown_selection_is_refused_with_what_is_known(selector: str, value: str) -> None:
    told = run_here(Project(ROOT), "build", selector)
    assert told.returncode == 2
    assert value in told.stderr
    assert "nakano-informatization" in told.stderr


def test_message_comes_in_japanese_where_the_locale_is() -> None:
    told = run("build", "atlantis", NENPO_LANG="", LC_ALL="ja_JP.UTF-8")
    assert "計画「atlantis」がない" in told.stderr


def test_outside_a_project_says_what_is_missing(tmp_path: Path) -> None:
    told = run_here(Project(tmp_path), "list")
    assert told.returncode == 2
    assert "data/ and params/" in told.stderr


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny project with the real notebooks and one published document."""
    project = copy_project(tmp_path_factory.mktemp("built") / "tiny")
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    told = run("build", "tiny/2021/annual", cwd=project.root)
    assert told.returncode == 0, told.stderr
    return project


@pytest.fixture
def built(built_once: Project, tmp_path: Path) -> Project:
    """A copy of it, which a test may change."""
    return Project(Path(shutil.copytree(built_once.root, tmp_path / "tiny")))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_bad_data_names_every_offender_and_touches_no_output(built: Project) -> None:
    before = snapshot(built.root / "outputs")
    built.set_cell("2021/progress.csv", 1, "status", "〇")
    built.set_cell("items.csv", 1, "item", "2001/1/1")
    built.append("params/tiny/2021.yaml", "sampel: true")
    told = run_here(built, "build")
    assert told.returncode == 2
    for part in (
        "data/tiny/2021/progress.csv:2: status '〇' (U+3007)",
        "Did you mean '○' (U+25CB)",
        "data/tiny/items.csv:2: item '2001/1/1' is a date",
        "key 'sampel' is not allowed",
    ):
        assert part in told.stderr
    assert snapshot(built.root / "outputs") == before


def test_failing_briefing_is_named_with_its_cell_and_kept(built: Project) -> None:
    path = built.root / "notebooks/inspection.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[6].source = "1 / 0"
    nbformat.write(notebook, path)
    told = run_here(built, "build", "tiny/2021")
    assert told.returncode == 3
    assert "ZeroDivisionError" in told.stdout + told.stderr
    outputs = built.root / "outputs"
    assert (outputs / "failed/tiny/2021/inspection.ipynb").exists()
    assert (outputs / "tiny/2021/annual.pdf").exists()
    assert (outputs / "tiny/2021/departments/joho.pdf").exists()


def test_jupyter_nbconvert_makes_both_documents(built: Project) -> None:
    executed = built.root / "outputs/tiny/2021/annual.ipynb"
    for exporter, suffix in (("nenpo-html", ".html"), ("nenpo-pdf", ".pdf")):
        words = ["jupyter", "nbconvert", "--to", exporter, str(executed), "--output-dir", "made"]
        command = [sys.executable, "-m", *words]
        subprocess.run(command, cwd=built.root, check=True, capture_output=True)
        made = built.root / "made" / f"annual{suffix}"
        assert made.read_bytes() == executed.with_suffix(suffix).read_bytes()


def test_plain_papermill_runs_a_notebook_with_the_params_file(tmp_path: Path) -> None:
    params = "params/nakano-informatization/2021.yaml"
    words = ["papermill", "notebooks/department.ipynb", str(tmp_path / "out.ipynb")]
    command = [sys.executable, "-m", *words, "-f", params, "-p", "department", "somu"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert "総務課" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


def test_build_leaves_what_is_not_its_own(built: Project) -> None:
    """outputs/README.md is committed."""
    readme = built.root / "outputs/README.md"
    readme.write_text("ours", encoding="utf-8")
    assert run_here(built, "build", "tiny/2021/annual", "--fresh").returncode == 0
    assert readme.read_text(encoding="utf-8") == "ours"


def test_closing_a_pipe_early_is_no_error() -> None:
    command = f"{sys.executable} -m nenpo list | head -1"
    told = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stderr == ""


@pytest.mark.parametrize("redirection", ["2>&1 | head -1 >&2", ">&- 2>&-"])
def test_a_build_goes_on_whoever_reads_and_whatever_a_console_can_show(
    built: Project, redirection: str
) -> None:
    shutil.rmtree(built.root / "outputs")
    script = f'"$0" -m nenpo build tiny/2021 {redirection}; exit ${{PIPESTATUS[0]}}'
    env = {**os.environ, "NENPO_LANG": "ja", "LC_ALL": "C", "PYTHONUTF8": "0"}
    command = ["bash", "-c", script, sys.executable]
    told = subprocess.run(command, cwd=built.root, env=env, capture_output=True, check=False)
    assert told.returncode == 0
    assert len(told.stderr.splitlines()) == (1 if "head" in redirection else 0)
    assert len(list((built.root / "outputs").rglob("*.pdf"))) == 4


def test_a_reason_is_read_as_what_it_is_in_every_locale(built: Project) -> None:
    words = ["accept", "tiny/2021/annual", "--reason", "見直し"]
    told = run(*words, cwd=built.root, LC_ALL="C", PYTHONUTF8="0")
    assert told.returncode == 0, told.stderr
    assert "見直し" in (built.root / "accepted/tiny/2021/log.csv").read_text("utf-8")


def test_spawned_build_makes_the_same_bytes(built: Project) -> None:
    before = snapshot(built.root / "outputs")
    words = ["build", "tiny/2021/annual", "--fresh"]
    told = run(*words, cwd=built.root, NENPO_START_METHOD="spawn")
    assert told.returncode == 0, told.stderr
    assert snapshot(built.root / "outputs") == before
