"""An executed notebook tells what its cells showed, and nothing of when, where or by whom."""

import json
from pathlib import Path
from typing import Any, cast

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nenpo.errors import CellFailed
from nenpo.notebook.engine import EngineName
from nenpo.notebook.execute import clean_notebook, execute_briefing, read_saved
from project import ACTION_CELL, ask_for, write_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path / "{braces} and 市")


def fail(root: Path, action: str) -> CellFailed:
    with pytest.raises(CellFailed) as caught:
        execute_briefing(root, ask_for("x", action))
    return caught.value


def test_parameters_are_injected_and_stay_in_the_notebook(root: Path) -> None:
    cells = execute_briefing(root, ask_for("joho")).cells
    assert 'department = "joho"' in cells[2].source
    assert cells[6].outputs[0].data["text/plain"] == "johoの取組である。"


def test_a_notebook_runs_in_its_own_folder_and_finds_the_project(root: Path) -> None:
    action = (
        "import os; from nenpo.data.project import find_root\n"
        "display(os.getcwd(), str(find_root()))"
    )
    outputs = execute_briefing(root, ask_for("x", action)).cells[ACTION_CELL - 1].outputs
    # And the project's place is not told.
    assert [output.data["text/plain"] for output in outputs] == ["'notebooks'", "'.'"]


def test_a_bare_figure_is_shown_whatever_backend_the_environment_names(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    action = "import matplotlib.pyplot as plt; plt.plot([1, 2])"
    (output,) = execute_briefing(root, ask_for("x", action)).cells[ACTION_CELL - 1].outputs
    assert "<svg" in output.data["image/svg+xml"]
    assert "image/png" not in output.data


def test_a_figure_is_shown_whatever_backend_a_cell_chooses(root: Path) -> None:
    action = (
        "import matplotlib; matplotlib.use('Agg'); import nenpo.content.display; "
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()"
    )
    outputs = execute_briefing(root, ask_for("x", action)).cells[ACTION_CELL - 1].outputs
    assert sum("image/svg+xml" in output.get("data", {}) for output in outputs) == 1


def test_two_runs_are_equal(root: Path) -> None:
    first, second = (nbformat.writes(execute_briefing(root, ask_for("x"))) for _ in range(2))
    assert first == second


def test_both_engines_leave_the_same_notebook(root: Path) -> None:
    ours, kernel = (execute_briefing(root, ask_for("x"), name) for name in ("nenpo", "kernel"))
    assert nbformat.writes(ours) == nbformat.writes(kernel)


def test_papermill_metadata_timings_and_version_are_gone(root: Path) -> None:
    text = nbformat.writes(execute_briefing(root, ask_for("x"), "kernel"))
    for word in ("papermill", "iopub", "start_time", '"version": "3'):
        assert word not in text


def test_cell_ids_come_from_position_and_source(root: Path) -> None:
    cells = execute_briefing(root, ask_for("x")).cells
    assert [cell.id.partition("-")[0] for cell in cells] == [f"c{n:02d}" for n in range(1, 9)]
    other = execute_briefing(root, ask_for("y")).cells
    assert [a.id == b.id for a, b in zip(cells, other, strict=True)] == [n != 2 for n in range(8)]


def test_a_cleaned_notebook_is_valid_and_its_source_untouched(root: Path) -> None:
    cell = new_code_cell("1", outputs=[new_output("stream", text=f"{root}/x 0x7f0011223344")])
    notebook = new_notebook(cells=[cell], metadata={"papermill": {"x": 1}})
    before = json.dumps(notebook)
    cleaned = clean_notebook(notebook, root)
    nbformat.validate(cleaned)
    assert cleaned.cells[0].outputs[0].text == "x 0x…"
    assert json.dumps(notebook) == before


def test_a_failure_names_its_cell_and_the_last_lines(root: Path) -> None:
    error = fail(root, "raise ValueError('値が違う')")
    assert error.fields["cell"] == ACTION_CELL
    assert error.message("en") == "cell 5 [4] 'exec(action)' failed: ValueError: 値が違う"
    assert error.message("ja") == "セル 5 [4]「exec(action)」が失敗した: ValueError: 値が違う"
    assert "\x1b" not in "".join(error.fields["traceback"])  # type: ignore[arg-type]


def test_a_failure_in_a_library_names_the_line_of_the_cell(root: Path) -> None:
    error = fail(root, "import pandas as pd\npd.DataFrame({'a': [1]})['tilte']")
    first, second, *_ = cast("tuple[str, ...]", error.fields["traceback"])
    assert first.startswith("Cell In[")
    assert second.startswith("----> ")


PYDANTIC = """\
import pydantic
class Row(pydantic.BaseModel):
    count: int
    day: str
Row(count="many")
"""


def test_a_message_of_several_lines_is_told_whole(root: Path) -> None:
    told = str(fail(root, PYDANTIC)).splitlines()
    assert (
        told[0] == "cell 5 [4] 'exec(action)' failed: ValidationError: 2 validation errors for Row"
    )
    assert [line for line in told if not line.startswith(" ")][1:3] == ["count", "day"]


def test_a_message_is_not_told_again_by_the_traceback(root: Path) -> None:
    error = fail(root, "raise ValueError('one\\n\\ntwo')")
    assert error.fields["reason"] == "ValueError: one\ntwo"
    assert not {"ValueError: one", "two"} & set(cast("tuple[str, ...]", error.fields["traceback"]))


def test_of_an_endless_message_the_first_and_the_last_lines_are_told(root: Path) -> None:
    action = "raise ValueError('x' * 10_000 + '\\n' + '\\n'.join(f'line {n}' for n in range(1000)))"
    told = str(fail(root, action)).splitlines()
    assert len(told) <= 21
    assert all(len(line) < 400 for line in told)
    assert told[-1] == "line 999"


def test_the_failed_notebook_holds_the_traceback_without_places(root: Path) -> None:
    error = fail(root, "import json; json.loads('{')")
    notebook: Any = error.fields["notebook"]
    text = nbformat.writes(notebook)
    assert "JSONDecodeError" in text
    assert "python3.11/json/decoder.py" in text or "/json/decoder.py" in text
    assert str(root) not in text
    assert "~" not in text
    assert len(notebook.cells) == 8  # papermill's notes are gone


@pytest.mark.parametrize("action", ["import sys; sys.exit()", "import sys; sys.exit(0)", "exit()"])
def test_leaving_early_is_a_failure(root: Path, action: str) -> None:
    assert fail(root, action).fields["cell"] == ACTION_CELL


def test_an_unknown_magic_is_a_failure_that_says_so(root: Path) -> None:
    error = fail(root, "get_ipython().run_line_magic('nosuch', '')")
    assert "nosuch" in str(error)


@pytest.mark.parametrize("engine", ["nenpo", "kernel"])
def test_the_run_is_saved_while_it_goes_on(root: Path, tmp_path: Path, engine: EngineName) -> None:
    saved, copy = tmp_path / "saved.json", tmp_path / "copy.json"
    action = f"import shutil; shutil.copy({str(saved)!r}, {str(copy)!r})"
    execute_briefing(root, ask_for("x", action), engine, saved)
    notebook, running = read_saved(copy)
    assert running == ACTION_CELL - 1
    assert notebook.cells[running - 1].outputs[0].data["text/plain"] == "xの報告"


def test_a_saved_run_may_end_in_the_middle_of_a_line(root: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.json"
    execute_briefing(root, ask_for("x"), saved=saved)
    lines = saved.read_text().splitlines()
    saved.write_text("\n".join(lines[:10]) + lines[10][:20])
    assert read_saved(saved)[1] is None
    assert read_saved(saved)[0].cells[3].outputs


@pytest.mark.parametrize("engine", ["nenpo", "kernel"])
def test_a_module_beside_the_notebook_takes_nobody_s_place(root: Path, engine: EngineName) -> None:
    """Whether it has the name of one that is imported already, of the library, or installed."""
    names = ("json", "runpy", "turtledemo", "this", "pandas", "nenpo", "pathlib", "iniconfig")
    for name in names:
        (root / f"notebooks/{name}.py").write_text("raise RuntimeError(__file__)")
    (root / "notebooks/ours.py").write_text("value = 7")
    action = f"import ours, os, {', '.join(set(names) - {'this'})}\n"
    action += "display(ours.value, 'PYTHONSAFEPATH' in os.environ)"
    outputs = execute_briefing(root, ask_for("x", action), engine).cells[ACTION_CELL - 1].outputs
    assert [output.data["text/plain"] for output in outputs] == ["7", "False"]
