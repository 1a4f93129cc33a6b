"""One briefing → its four files in a folder. Runs in a process of its own (see ``isolate``)."""

# mypy: allow-untyped-calls
# nbformat has no types.

import re
import traceback
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import nbformat
from nbformat.v4 import new_notebook, new_output, new_raw_cell

from nenpo.build.briefing import Briefing
from nenpo.build.isolated.identity import check_identity
from nenpo.build.isolated.outcome import FAILED, LOG, Failed, Made
from nenpo.build.isolated.trace import follow
from nenpo.build.params import order_parameters
from nenpo.cells import locate_cell
from nenpo.data.events import mark_stage
from nenpo.errors import (
    CellFailed,
    DocumentError,
    IncompleteSet,
    NenpoError,
    UnknownFont,
    Words,
    WriteFailed,
)
from nenpo.export import FORMATS
from nenpo.export.document import Document, read_document
from nenpo.export.reading.kept import keep_images
from nenpo.files import NO_SPACE, explain_refusal, write_file
from nenpo.language.fonts import find_document_font
from nenpo.notebook.engine import SAVED, EngineName
from nenpo.notebook.execute import (
    TAIL_LINES,
    clean_notebook,
    execute_briefing,
    hide_places,
    read_saved,
    shorten_message,
)


def make_briefing(
    root: Path, briefing: Briefing, engine: EngineName, folder: Path
) -> Made | Failed:
    """Write ``facts.json``, ``html``, ``pdf`` and ``ipynb`` of the briefing into ``folder``.

    A failure of whatever kind is returned, not raised, so that it can be told from the death
    of the process; the executed notebook then lies in the folder as ``failed.ipynb``.
    """
    notebook = None
    try:
        with follow(root, _list_known(root, briefing)) as follower:
            with mark_stage("cells"):
                given = replace(briefing, parameters=order_parameters(briefing.parameters))
                notebook = execute_briefing(root, given, engine, saved=folder / SAVED)
                # Within the stage: what is read here belongs to what the briefing was made from.
                notebook = keep_images(notebook, root / "notebooks", root)
            document = read_document(notebook)
            check_identity(briefing, document)
            _write_set(folder, notebook, document, briefing.name)
        trace = follower.finish() if engine == "nenpo" else None
        return Made(document.head.title, trace, dict(follower.seconds), document.remarks)
    except CellFailed as error:
        notebook = error.fields["notebook"]
        lines = cast("tuple[str, ...]", error.fields["traceback"])
        failed = Failed(str(error), cast(int, error.fields["cell"]), lines)
    except NenpoError as error:
        failed = Failed(str(error), _find_cell(error))
    except Exception as error:
        if isinstance(error, OSError) and error.errno in NO_SPACE:  # while the notebook ran
            return Failed(str(explain_refusal(Path(error.filename or folder), error)))
        lines = tuple(hide_places(line, root) for line in _list_frames(error))
        reason = shorten_message(f"{type(error).__name__}: {hide_places(str(error), root)}")
        failed = Failed(reason, None, lines[-TAIL_LINES:])
    _keep_notebook(folder, notebook or _note(failed))
    return failed


def _list_frames(error: Exception) -> list[str]:
    """Return the lines of a traceback without the message, which is told already."""
    return "".join(traceback.format_tb(error.__traceback__)).splitlines()


def _list_known(root: Path, briefing: Briefing) -> frozenset[str]:
    """Return what is opened for the notebook and is an input by another name."""
    with suppress(UnknownFont):
        files = (root / "notebooks" / briefing.notebook, *find_document_font().files)
        return frozenset(map(str, files))
    return frozenset()  # the document that needs the font tells of it


def _note(failed: Failed) -> Any:
    """Return a notebook that says why there is no executed one."""
    text = "\n".join([failed.reason, *failed.traceback])
    return new_notebook(cells=[new_raw_cell(text, id="c01-note")])


def describe_death(root: Path, folder: Path, reason: str) -> Failed:
    """Return what is known of a briefing whose process ended before ``make_briefing`` returned.

    Writes the notebook as far as it ran, with the reason as the error of the cell that ran.
    """
    log = ""
    with suppress(OSError):  # it died before there was one
        log = (folder / LOG).read_text("utf-8", "replace")
    # A crash report of Python's begins with the innermost call and ends with a list of modules.
    _, crash, report = log.partition("Fatal Python error")
    told = (crash + report).splitlines()[:TAIL_LINES] or log.splitlines()[-TAIL_LINES:]
    lines = tuple(hide_places(line, root) for line in told)
    failed, notebook = Failed(reason, None, lines), None
    # No file, or half of one: it died before the first cell, or while the file was written.
    with suppress(OSError, ValueError):
        notebook, position = read_saved(folder / SAVED)
        if position is not None:
            place = locate_cell(notebook.cells[position], position + 1)
            failed = Failed(f"{place}: {reason}", position + 1, lines)
            error = new_output(
                "error", ename="ProcessDied", evalue=reason, traceback=[reason, *lines]
            )
            notebook.cells[position].outputs.append(error)
        notebook = clean_notebook(notebook, root)
    _keep_notebook(folder, notebook or _note(failed))
    return failed


def _keep_notebook(folder: Path, notebook: Any) -> None:
    """Write the executed notebook of a failure, if it can be written: the reason is told anyway."""
    with suppress(WriteFailed):
        _write_notebook(folder / FAILED, notebook)


def _write_set(folder: Path, notebook: Any, document: Document, name: str) -> None:
    if document.facts is None:
        raise IncompleteSet(problem=Words("facts.json がない", "the notebook displays no facts"))
    stem = folder / Path(name).name
    for form in FORMATS:
        with mark_stage(form.suffix.removeprefix(".")):
            write_file(Path(f"{stem}{form.suffix}"), form.write(document, name))
    _write_notebook(Path(f"{stem}.ipynb"), notebook)


def _write_notebook(path: Path, notebook: Any) -> None:
    write_file(path, nbformat.writes(notebook) + "\n")


def _find_cell(error: NenpoError) -> int | None:
    """Return the number of the cell that a DocumentError names in its place."""
    place = error.fields.get("place")
    named = re.match(r"cell (\d+)", place.en) if isinstance(place, Words) else None
    return int(named[1]) if isinstance(error, DocumentError) and named else None
