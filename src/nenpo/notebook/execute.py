"""Briefing → executed notebook, with nothing in it of when, where or by whom it was run."""

# mypy: allow-untyped-calls
# papermill and nbformat have no types.

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Mapping
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any, Protocol

import nbformat
from papermill.execute import ERROR_MARKER_TAG, prepare_notebook_metadata
from papermill.parameterize import parameterize_notebook

from nenpo.cells import locate_cell
from nenpo.errors import CellFailed
from nenpo.notebook.engine import EngineName, NenpoEngine
from nenpo.notebook.kernel import KernelEngine
from nenpo.notebook.parameters import check_parameters
from nenpo.notebook.reading import read_notebook
from nenpo.notebook.variables import lend_environment

TAIL_LINES = 12
# Of an error's message, what a list of failures shows; the executed notebook holds all of it.
_MESSAGE_LINES = 20
_LINE_CHARACTERS = 300

_KERNEL = "python3"
# A kernel that starts without the notebook's folder on its path gets it where our engine has it.
_FOLDER_LAST = "import sys, os; sys.path.append(''); del os.environ['PYTHONSAFEPATH'], sys, os"

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
# What leads to Python's library or an installed package; the rest of the path tells which.
_LIBRARY = re.compile(
    r"(?:~|[A-Za-z]:)?[/\\][^\s\x1b'\"]*[/\\](?=(?:python3\.\d+|site-packages)[/\\])"
)


class NotebookRun(Protocol):
    """What a briefing tells about its notebook: file name in ``notebooks/``, parameters."""

    @property
    def notebook(self) -> str:
        """The notebook's file name."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters to inject: JSON scalars by name."""


def execute_briefing(
    root: Path, briefing: NotebookRun, engine: EngineName = "nenpo", saved: Path | None = None
) -> Any:
    """Run the briefing's notebook in its own folder, as JupyterLab does; return it cleaned.

    ``root`` is the project's folder. ``saved`` is a file to save the run to as it goes on, for
    ``read_saved``, so that something is left of a run that ends with its process.

    Raises:
        UnusableNotebook: the file is none that can be run.
        ParametersLost: the parameters would not arrive in it.
        CellFailed: a cell raised, or ended the run with ``sys.exit(0)``, which papermill alone
            takes for success. Holds the executed notebook, cleaned.
    """
    path = root / "notebooks" / briefing.notebook
    with lend_environment({"NENPO_ROOT": str(root)}):  # wherever its notebooks lie
        notebook = prepare_notebook(path, briefing.parameters)
        executed = run_notebook(notebook, path, engine, saved)
    failed = find_failed_cell(executed)
    cleaned = clean_notebook(executed, root)
    if failed is not None:
        raise describe_failure(cleaned, failed)
    return cleaned


def prepare_notebook(path: Path, parameters: Mapping[str, Any]) -> Any:
    """Return the notebook with the parameters injected, as ``papermill.execute_notebook`` does.

    These steps are called one by one, because that function also writes the executed notebook as
    text, which nobody reads: 7 ms of a document's 200.

    Raises:
        UnusableNotebook: the file is none that can be run.
        ParametersLost: the parameters would not arrive in it.
    """
    notebook = parameterize_notebook(
        _add_papermill_fields(read_notebook(path)),
        dict(parameters),
        kernel_name=_KERNEL,
        language="python",
    )
    check_parameters(notebook, parameters, path.name)
    return prepare_notebook_metadata(notebook, str(path), None)


def _add_papermill_fields(notebook: Any) -> Any:
    """Add what papermill expects of a notebook that it has loaded itself."""
    noted: dict[str, Any] = {
        "default_parameters": {},
        "parameters": {},
        "environment_variables": {},
    }
    notebook.metadata.setdefault("papermill", nbformat.from_dict(noted))
    for cell in notebook.cells:
        cell.metadata.setdefault("tags", [])
        cell.metadata.setdefault("papermill", nbformat.from_dict({}))
    return notebook


def run_notebook(notebook: Any, path: Path, engine: EngineName, saved: Path | None) -> Any:
    """Run a prepared notebook in the folder of ``path``, and return it with outputs."""
    # papermill's own saves the whole notebook by itself, several times a cell.
    ours = engine == "nenpo"
    options: dict[str, Any] = {"trace": str(saved)} if saved and ours else {}
    if not ours:
        options["extra_arguments"] = [f"--IPKernelApp.exec_lines={_FOLDER_LAST}"]
    with chdir(path.parent), lend_environment({} if ours else {"PYTHONSAFEPATH": "1"}):
        return (NenpoEngine if ours else KernelEngine).execute_notebook(
            notebook,
            _KERNEL,
            input_path=str(path),
            output_path=None if ours or not saved else str(saved),
            progress_bar=False,
            **options,
        )


def find_failed_cell(notebook: Any) -> int | None:
    """Return the position (from 0, without papermill's own notes) of the cell that failed."""
    for position, cell in enumerate(_without_markers(notebook)):
        raised = any(output.output_type == "error" for output in cell.get("outputs", []))
        if raised or cell.metadata.get("papermill", {}).get("exception"):
            return position
    return None


def read_saved(saved: Path) -> tuple[Any, int | None]:
    """Return an unfinished run: the notebook, and the position (from 0) of the cell that ran.

    Raises OSError or ValueError if it ended before there was anything to read.
    """
    text = saved.read_text("utf-8")
    try:
        first, *lines = text.splitlines()
        notebook = nbformat.from_dict(json.loads(first))
    except ValueError:  # papermill's own engine saves whole notebooks, over many lines
        notebook, lines = nbformat.reads(text, as_version=4), []
    with suppress(ValueError):  # the last line may be cut off
        for index, cell in map(json.loads, lines):
            notebook.cells[index] = nbformat.from_dict(cell)
    for position, cell in enumerate(notebook.cells):
        if cell.metadata.get("papermill", {}).get("status") == "running":
            return notebook, position
    return notebook, None


def describe_failure(notebook: Any, position: int) -> CellFailed:
    """Return the error for the failed cell of a cleaned notebook."""
    cell = notebook.cells[position]
    errors = [output for output in cell.outputs if output.output_type == "error"]
    message, frames = _split_error(errors[-1]) if errors else (_read_errors(cell), [])
    return CellFailed(
        cell=position + 1,
        place=locate_cell(cell, position + 1),
        reason=shorten_message(message),
        traceback=tuple(map(cut_line, _keep_frames(frames))),
        notebook=notebook,
    )


def _keep_frames(lines: list[str]) -> list[str]:
    """Return the end of a traceback; of a library's, behind the cell's own line that led there.

    >>> _keep_frames(["Cell In[1], line 1", "----> 1 f()", *["deep"] * 20])[:3]
    ['Cell In[1], line 1', '----> 1 f()', 'deep']
    """
    kept = lines[-TAIL_LINES:]
    begun = [at for at, line in enumerate(lines) if line.startswith("Cell In[")]
    if not begun or begun[-1] >= len(lines) - TAIL_LINES:
        return kept
    own = lines[begun[-1] : -TAIL_LINES]
    arrows = [line for line in own if line.startswith("--")][:1]
    return [own[0], *arrows, *kept[1 + len(arrows) :]]


def _split_error(error: Any) -> tuple[str, list[str]]:
    """Return what an error says, and the lines before it, which tell where it was raised."""
    message = ": ".join(filter(None, (error.ename, error.evalue)))
    lines = _list_lines("\n".join(error.traceback))
    said = _list_lines(message)
    ends = len(lines) - len(said)
    return message, lines[:ends] if lines[ends:] == said else lines


def _read_errors(cell: Any) -> str:
    """Return what went to stderr: there a misspelt magic says what is wrong, and nowhere else."""
    return "".join(output.text for output in cell.outputs if output.get("name") == "stderr")


def _list_lines(text: str) -> list[str]:
    return [line.rstrip() for line in _ANSI.sub("", text).splitlines() if line.strip()]


def shorten_message(text: str) -> str:
    """Return all lines of an error's message; of very many the first and the last.

    >>> shorten_message("1 error\\n\\nas_of\\n  not a date")
    '1 error\\nas_of\\n  not a date'
    """
    lines = [cut_line(line) for line in _list_lines(text)]
    left_out = len(lines) - _MESSAGE_LINES
    if left_out > 0:
        last = _MESSAGE_LINES // 4
        lines = [*lines[: _MESSAGE_LINES - last], "…", *lines[-last:]]
    return "\n".join(lines)


def cut_line(line: str) -> str:
    """Return a line as a message quotes it: the beginning of a very long one."""
    return line if len(line) <= _LINE_CHARACTERS else f"{line[:_LINE_CHARACTERS]}…"


def clean_notebook(notebook: Any, root: Path) -> Any:
    """Return a copy that depends on its cells and their outputs only.

    Removed: papermill's metadata and notes, timings, the Python version, random cell ids (new
    ones come from position and source), the folders in front of paths, memory addresses.
    Execution counts and the cell with the injected parameters stay.
    """
    cells = _without_markers(notebook)
    cleaned = [_clean_cell(cell, number, root) for number, cell in enumerate(cells, 1)]
    metadata = {key: value for key, value in notebook.metadata.items() if key != "papermill"}
    if language := metadata.get("language_info"):
        metadata["language_info"] = {k: v for k, v in language.items() if k != "version"}
    whole = {**notebook, "cells": cleaned, "metadata": metadata, "nbformat_minor": 5}
    return nbformat.from_dict(whole)


def _without_markers(notebook: Any) -> list[Any]:
    """Return the cells without the notes that papermill puts around a failed one."""
    return [c for c in notebook.cells if ERROR_MARKER_TAG not in c.metadata.get("tags", [])]


def _clean_cell(cell: Any, number: int, root: Path) -> dict[str, Any]:
    kept = {k: v for k, v in cell.metadata.items() if k not in ("papermill", "execution")}
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
    cleaned = {**cell, "metadata": kept, "id": f"c{number:02d}-{digest[:8]}"}
    if cell.cell_type == "code":
        cleaned["outputs"] = [_clean_output(output, root) for output in cell.outputs]
    return cleaned


def _clean_output(output: Any, root: Path) -> dict[str, Any]:
    if output.output_type == "stream":
        return {**output, "text": hide_places(output.text, root)}
    if output.output_type == "error":
        lines = [hide_places(line, root) for line in output.traceback]
        return {**output, "evalue": hide_places(output.evalue, root), "traceback": lines}
    data = dict(output.data)
    if isinstance(plain := data.get("text/plain"), str):
        data["text/plain"] = hide_places(plain, root)
    return {**output, "data": data}


def hide_places(text: str, root: Path) -> str:
    r"""Return ``text`` with paths relative to the project or the library, without addresses.

    >>> hide_places("/srv/nenpo/notebooks/a.py <f at 0x7f0012ab>", Path("/srv/nenpo"))
    'notebooks/a.py <f at 0x…>'
    >>> hide_places("~/.venv/lib/python3.12/site-packages/pandas/x.py:3", Path("/srv"))
    'site-packages/pandas/x.py:3'
    """
    text = _LIBRARY.sub("", text)
    # Tracebacks shorten the home folder to "~". The longest folder comes first.
    folders = sorted({str(root), tempfile.gettempdir()}, key=len, reverse=True)
    for folder in folders:
        for shown in (folder, folder.replace(str(Path.home()), "~", 1)):
            text = text.replace(shown + os.sep, "").replace(shown, ".")
    return _ADDRESS.sub("0x…", text)
