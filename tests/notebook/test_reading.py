"""A notebook's file is read, or it is told in one sentence why it cannot be run."""

import json
from pathlib import Path
from typing import Any

import pytest

from nenpo.errors import UnusableNotebook
from nenpo.notebook.reading import read_notebook

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def code(source: Any = "1", **others: Any) -> dict[str, Any]:
    kept = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return {**kept, "source": source, **others}


def make(*cells: Any, **others: Any) -> dict[str, Any]:
    kept = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"kernelspec": KERNEL}}
    return {**kept, "cells": list(cells), **others}


def write(folder: Path, content: Any) -> Path:
    path = folder / "annual.ipynb"
    text = content if isinstance(content, str | bytes) else json.dumps(content)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refuse(folder: Path, content: Any) -> str:
    with pytest.raises(UnusableNotebook) as refused:
        read_notebook(write(folder, content))
    ja, en = refused.value.message("ja"), refused.value.message("en")
    assert ja.startswith("annual.ipynb")
    assert "\n" not in ja + en
    return en


@pytest.mark.parametrize("minor", [0, 4, 5, 6])
@pytest.mark.parametrize("ids", [{}, {"id": "same"}, {"id": ["no id"]}])
def test_whatever_the_ids_a_notebook_is_read(
    tmp_path: Path, minor: int, ids: dict[str, Any]
) -> None:
    made = make(code("1", **ids), code(["2\n", "3"], **ids), nbformat_minor=minor)
    notebook = read_notebook(write(tmp_path, made))
    assert [cell.source for cell in notebook.cells] == ["1", "2\n3"]
    assert len({cell.id for cell in notebook.cells}) == 2


def test_a_byte_order_mark_is_read_over(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(make(code("年"))).encode()
    assert read_notebook(write(tmp_path, content)).cells[0].source == "年"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "annual.ipynb: the file is empty"),
        ("{", "annual.ipynb: not JSON (Expecting property name"),
        ("[" * 100_000, "annual.ipynb: not JSON (too deeply nested)"),
        ("[1]", "annual.ipynb: not a notebook (no nbformat)"),
        ('{"a": 1}', "annual.ipynb: not a notebook (no nbformat)"),
        ({"nbformat": 4, "nbformat_minor": 5}, "annual.ipynb: not a notebook (no cells)"),
        (make(nbformat=3, nbformat_minor=0), "annual.ipynb: nbformat 3.0, not 4.x"),
        (make(nbformat=5, nbformat_minor=1), "annual.ipynb: nbformat 5.1, not 4.x"),
        (make(nbformat="4"), "annual.ipynb: nbformat 4.4, not 4.x"),
        (json.dumps(make(code("年")), ensure_ascii=False).encode("cp932"), "not in UTF-8 (byte"),
        (json.dumps(make()).encode("utf-16"), "not in UTF-8 (byte 1)"),
    ],
)
def test_a_file_that_is_no_notebook_is_named_as_what_it_is(
    tmp_path: Path, content: Any, told: str
) -> None:
    assert told in refuse(tmp_path, content)


def test_a_notebook_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableNotebook, match=r"annual.ipynb: cannot be read \(No such file"):
        read_notebook(tmp_path / "annual.ipynb")


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", ">>>>>>> main", "||||||| base"])
def test_marks_of_a_conflict_are_told_with_their_line(tmp_path: Path, mark: str) -> None:
    text = json.dumps(make(code()), indent=1).replace(' "cells"', f'{mark}\n "cells"')
    told = refuse(tmp_path, text)
    assert f"has the mark of a merge conflict '{mark}'" in told
    assert told.startswith("annual.ipynb:11: ")


def test_marks_of_a_conflict_in_cells_are_told_with_every_cell(tmp_path: Path) -> None:
    text = {"cell_type": "markdown", "metadata": {}, "source": "本文\n<<<<<<< local\n年"}
    told = refuse(tmp_path, make(text, code(), code(["a\n", ">>>>>>> remote"])))
    assert "cell 1 '本文' has the mark of a merge conflict '<<<<<<< local'" in told
    assert "cell 3 'a' has the mark" in told


def test_a_rule_of_equals_signs_is_no_conflict(tmp_path: Path) -> None:
    assert read_notebook(write(tmp_path, make(code("'''\n=======\n<<<<<<<<<\n'''"))))


@pytest.mark.parametrize("kind", ["heading", "Code", None, 3])
def test_an_unknown_type_of_cell_is_told_with_its_cell(tmp_path: Path, kind: Any) -> None:
    told = refuse(tmp_path, make(code(), code("総括", cell_type=kind), [1]))
    assert f"cell 2 '総括' has the type {kind}, not one of code, markdown, raw" in told
    assert "cell 3 (empty) is no cell" in told


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (code(source=5), "source"),
        (code(outputs=None), "outputs"),
        (code(metadata={"tags": "parameters"}), "tags"),
        (code(execution_count="x"), "execution_count"),
        ({"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1}, "source"),
        (code(outputs=[{"output_type": "nothing"}]), "outputs"),
    ],
)
def test_a_malformed_cell_is_told_with_what_is_wrong(
    tmp_path: Path, cell: dict[str, Any], told: str
) -> None:
    message = refuse(tmp_path, make(code(), cell))
    assert message.startswith("annual.ipynb: cell 2")
    assert told in message
    assert len(message) < 300


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}, "(R)"),
        ({"kernelspec": {"name": "ir", "display_name": "R 4.4"}}, "(R 4.4)"),
        ({"language_info": {"name": "julia"}}, "(julia)"),
    ],
)
def test_another_language_is_refused(tmp_path: Path, metadata: Any, told: str) -> None:
    message = refuse(tmp_path, make(code(), metadata=metadata))
    assert f"not a notebook in Python {told}" in message


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"name": "our-env", "display_name": "Ours", "language": "python"}},
        {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        {"language_info": {"name": "python"}},
    ],
)
def test_any_python_is_taken(tmp_path: Path, metadata: Any) -> None:
    assert read_notebook(write(tmp_path, make(code(), metadata=metadata)))
