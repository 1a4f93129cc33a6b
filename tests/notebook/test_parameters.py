"""What a notebook is given arrives in it, or nothing is run."""

from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nenpo.errors import ParametersLost
from nenpo.notebook.execute import prepare_notebook

DEFAULTS = "plan: str = 'a'  # the plan\nfiscal_year = 2021\n%precision 3"


def cell(*tags: str, source: str = DEFAULTS) -> Any:
    return new_code_cell(source, metadata={"tags": list(tags)})


def write(folder: Path, *cells: Any) -> Path:
    path = folder / "annual.ipynb"
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    own = [nbformat.from_dict({**cell, "id": f"c{n}"}) for n, cell in enumerate(cells)]
    nbformat.write(new_notebook(cells=own, metadata={"kernelspec": spec}), path)
    return path


def refuse(folder: Path, *cells: Any, **given: Any) -> str:
    with pytest.raises(ParametersLost) as refused:
        prepare_notebook(write(folder, *cells), given or {"plan": "b"})
    return refused.value.message("en")


def test_values_stand_behind_the_one_tagged_cell(tmp_path: Path) -> None:
    path = write(tmp_path, new_markdown_cell("# x"), cell("parameters"), cell())
    made = prepare_notebook(path, {"plan": "b", "fiscal_year": 2022})
    assert 'plan = "b"\nfiscal_year = 2022' in made.cells[2].source


@pytest.mark.parametrize("tag", ["Parameters", "parameter", "PARAMETERS ", "parametres"])
def test_a_tag_that_is_nearly_right_is_named_with_its_cell(tmp_path: Path, tag: str) -> None:
    told = refuse(tmp_path, new_markdown_cell("# x"), cell(tag))
    assert "no cell is tagged parameters; cell 2 'plan: str = 'a'  # the plan' is tagged" in told
    assert tag.strip() in told


def test_no_tag_at_all_is_refused(tmp_path: Path) -> None:
    assert "no cell is tagged parameters)" in refuse(tmp_path, cell(), cell("hide"))


def test_two_tagged_cells_are_both_named(tmp_path: Path) -> None:
    told = refuse(tmp_path, cell("parameters"), cell("parameters", source="issued = ''"))
    assert "cell 1 'plan: str = 'a'  # the plan', cell 2 'issued = ''' are tagged" in told


def test_every_parameter_that_no_line_declares_is_named(tmp_path: Path) -> None:
    source = "plan = ''\n# issued = ''\ndef f():\n    state = 1\nprint(contact := '')"
    given = dict.fromkeys(("plan", "issued", "state", "contact"), "x")
    told = refuse(tmp_path, cell("parameters", source=source), **given)
    assert "cell 1 'plan = ''': " in told
    assert "no line of it declares issued, state)" in told


def test_a_misspelt_parameter_is_told_what_was_meant(tmp_path: Path) -> None:
    assert "Did you mean plan?" in refuse(tmp_path, cell("parameters"), plann="b")


def test_a_tagged_text_declares_nothing(tmp_path: Path) -> None:
    text = new_markdown_cell("plan = 1", metadata={"tags": ["parameters"]})
    assert "declares plan" in refuse(tmp_path, text)


@pytest.mark.parametrize("kept", [[0, 1, 1], [1, 0], [0, 2, 1]])
def test_cells_left_by_former_runs_are_refused(tmp_path: Path, kept: list[int]) -> None:
    """One that stands elsewhere than the new one would set the values of then."""
    cells = [cell("parameters"), cell("injected-parameters", source="plan = 'old'"), cell()]
    assert "left from former runs" in refuse(tmp_path, *(cells[n] for n in kept))


def test_an_executed_notebook_can_be_run_again(tmp_path: Path) -> None:
    old = cell("injected-parameters", source="plan = 'old'")
    made = prepare_notebook(write(tmp_path, cell("parameters"), old), {"plan": "b"})
    assert [c.source for c in made.cells] == [DEFAULTS, '# Parameters\nplan = "b"\n']


def test_a_cell_that_cannot_be_read_is_left_to_fail_by_itself(tmp_path: Path) -> None:
    assert prepare_notebook(write(tmp_path, cell("parameters", source="x = = 1")), {"plan": "b"})


def test_plain_papermill_with_our_engine_refuses_too(tmp_path: Path) -> None:
    path = write(tmp_path, cell("Parameters"))
    with pytest.raises(ParametersLost, match=r"cell 1 .* is tagged Parameters"):
        papermill.execute_notebook(
            path, None, {"plan": "b"}, engine_name="nenpo", progress_bar=False
        )
