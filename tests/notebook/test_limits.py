"""A cell that prints or shows without end fails and says so; what it showed is bounded."""

import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from nenpo.errors import CellFailed
from nenpo.notebook import limits, reading
from nenpo.notebook.engine import EngineName
from nenpo.notebook.execute import execute_briefing
from project import ACTION_CELL, ask_for, write_project

LIMIT = 20_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are reached at once."""
    monkeypatch.setattr(limits, "CELL_LIMIT", LIMIT)
    monkeypatch.setattr(limits, "FILE_LIMIT", 5 * LIMIT)


def fail(root: Path, action: str, engine: EngineName = "nenpo") -> Any:
    """Return the outputs of the cell that failed for what it showed."""
    with pytest.raises(CellFailed) as caught:
        execute_briefing(root, ask_for("x", action), engine)
    assert caught.value.fields["cell"] == ACTION_CELL
    assert "TooMuchOutput: what this cell shows is more than" in str(caught.value)
    notebook: Any = caught.value.fields["notebook"]
    return notebook.cells[ACTION_CELL - 1].outputs


ENDLESS = {
    "print": "while True: print('行')",
    "swallowed": "while True:\n try: print('x')\n except Exception: pass",
    "both streams": "import sys\nwhile True: print('a'); print('b', file=sys.stderr)",
    "a thread": (
        "import threading, time\ndef f():\n    while True: print('y' * 100)\n"
        "t = threading.Thread(target=f); t.start(); t.join()"
    ),
    "descriptor": "import os\nwhile True: os.write(1, b'x' * 1000)",
    "displays": "from IPython.display import HTML\nwhile True: display(HTML('x' * 100))",
    "updates": (
        "h = display('', display_id=True); text = ''\n"
        "while True: text += 'x' * 1000; h.update(text)"
    ),
    "one text": "print('x' * 100_000)",
}
PROGRAMS = {
    "a program": "import subprocess; subprocess.run(['yes'])",
    "a shell": "import os; os.system('while :; do echo xxxxxxxxx; done')",
    "a magic": "get_ipython().system('yes')",
    "a program that stays": "import subprocess; subprocess.Popen(['yes']).wait()",
    "a fork": (
        "import os\npid = os.fork()\nif not pid:\n try:\n  while True: print('f' * 1000)\n"
        " finally: os._exit(0)\nos.waitpid(pid, 0)"
    ),
}


@pytest.mark.usefixtures("small")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("endless", ENDLESS)
def test_a_cell_that_shows_without_end_fails(root: Path, endless: str) -> None:
    outputs = fail(root, ENDLESS[endless])
    assert limits.measure_outputs(outputs) < 2 * LIMIT  # a line's end is two bytes in JSON
    assert [o.ename for o in outputs if o.output_type == "error"][-1] == "TooMuchOutput"


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of a file's size")
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_that_prints_without_end_is_ended(root: Path, program: str) -> None:
    fail(root, PROGRAMS[program])


@pytest.mark.usefixtures("small")
def test_the_kernel_engine_has_the_same_limit(root: Path) -> None:
    fail(root, ENDLESS["print"], "kernel")


def test_the_limit_of_a_cell_is_ten_megabytes(root: Path) -> None:
    execute_briefing(root, ask_for("x", "print('x' * 9_900_000)"))
    with pytest.raises(CellFailed, match="shows is more than 10 MB, so it was stopped"):
        execute_briefing(root, ask_for("x", "print('x' * 10_000_001)"))


@pytest.mark.usefixtures("small")
def test_what_is_cleared_or_replaced_does_not_count(root: Path) -> None:
    action = (
        "from IPython.display import clear_output\n"
        "handle = display('', display_id=True)\n"
        "for n in range(20): handle.update('x' * 5000)\n"
        "clear_output()\n"
        "for n in range(20): clear_output(wait=True); print('y' * 5000)"
    )
    outputs = execute_briefing(root, ask_for("x", action)).cells[ACTION_CELL - 1].outputs
    assert [output.text for output in outputs] == ["y" * 5000 + "\n"]


def test_a_notebook_as_a_whole_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cells may each stay below the limit of one."""
    monkeypatch.setattr(limits, "NOTEBOOK_LIMIT", LIMIT)
    meter = limits.OutputMeter()
    for _ in range(4):
        outputs: list[str] = []
        meter.open_cell(outputs)
        meter.count(5000)
        outputs.append("x" * 4900)
    with pytest.raises(limits.OutputLimitPassed) as passed:
        meter.count(1000)
    assert "what the notebook shows up to here" in str(passed.value.error)


@pytest.mark.usefixtures("small")
def test_a_cell_that_may_fail_may_not_show_without_end(root: Path) -> None:
    path = root / "notebooks/department.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[3].metadata["tags"] = ["raises-exception"]
    nbformat.write(notebook, path)
    fail(root, ENDLESS["print"])


def test_a_message_of_megabytes_is_cut(root: Path) -> None:
    with pytest.raises(CellFailed, match="ValueError: xxx") as caught:
        execute_briefing(root, ask_for("x", "raise ValueError('x' * 20_000_000)"))
    notebook: Any = caught.value.fields["notebook"]
    assert limits.measure_outputs(notebook.cells[ACTION_CELL - 1].outputs) < 1_000_000


def test_the_limit_of_files_ends_with_the_run(root: Path) -> None:
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    action = "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE)[0])"
    cell = execute_briefing(root, ask_for("x", action)).cells[ACTION_CELL - 1]
    assert cell.outputs[0].text == f"{limits.FILE_LIMIT}\n"
    assert (resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)) == before


def test_a_file_of_a_notebook_is_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "NOTEBOOK_LIMIT", 1000)
    with pytest.raises(reading.UnusableNotebook, match=r"department.ipynb: larger than"):
        execute_briefing(root, ask_for("x"))
