"""A notebook's file → the notebook, or in one sentence why it is none that can be run.

nbformat reads nearly everything: what is wrong with a cell it writes to a log, a notebook of
another language it leaves to whoever runs it.
"""

# mypy: allow-untyped-calls
# nbformat has no types.

import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat.validator import iter_validate

from nenpo.cells import join_source, locate_cell
from nenpo.errors import UnusableNotebook, Words

_VERSION = 4
_FIRST_WITH_IDS = 5  # minor version
_CELL_TYPES = ("code", "markdown", "raw")
_LANGUAGE = "python"
# What git puts around both sides of a conflict; tools for notebooks put it into cells.
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_SHOWN_CHARACTERS = 100

_SAVE_AGAIN = Words(
    "JupyterLab で開いて保存し直すこと。", "Open it in JupyterLab and save it again."
)
_RESTORE_CELL = Words(
    "そのセルを作り直すこと（見出しは Markdown の # で書く）。",
    "Make that cell anew (a heading is Markdown with #).",
)
_RESTORE = Words("正しい版に戻すこと。", "Put back a good version of it.")
_RESOLVE = Words(
    "どちらかの内容を選び、<<<<<<<、=======、>>>>>>> の行を削ること。",
    "Choose one of the two sides and remove the lines <<<<<<<, ======= and >>>>>>>.",
)


def read_notebook(path: Path) -> Any:
    """Return the notebook (nbformat 4) in a file, UTF-8 with or without a BOM.

    Raises:
        UnusableNotebook: no such file, not text in UTF-8, not JSON, with marks of a conflict, not a
            notebook of version 4, a cell that is none, another language than Python. Every such
            cell is named.
    """
    values = _parse(path.name, _read_text(path))
    _check_version(path.name, values)
    _check_language(path.name, values.get("metadata"))
    _check_cells(path.name, values["cells"])
    _name_cells(values)
    for problem in iter_validate(values):
        raise _refuse_form(path.name, values, problem)
    return nbformat.v4.upgrade(nbformat.v4.to_notebook_json(values))


def _name_cells(values: dict[str, Any]) -> None:
    """Give new ids, which end with the run: those in files may be lacking, alike or malformed."""
    for number, cell in enumerate(values["cells"], 1):
        cell.pop("id", None)
        if values["nbformat_minor"] >= _FIRST_WITH_IDS:
            cell["id"] = f"c{number}"


def _read_text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UnusableNotebook(
            place=path.name,
            what=Words("読めない（{}）", "cannot be read ({})").fill(error.strerror),
            remedy=Words(
                "notebooks/ に置き、読めるようにすること。", "Put it into notebooks/, readable."
            ),
        ) from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = Words("UTF-8 ではない（{} バイト目）", "not in UTF-8 (byte {})").fill(
            error.start + 1
        )
        raise UnusableNotebook(place=path.name, what=what, remedy=_SAVE_AGAIN) from None


def _parse(name: str, text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except ValueError as error:
        raise _refuse_text(name, text, error) from None
    except RecursionError:
        raise _refuse_text(name, text, ValueError("too deeply nested")) from None
    if not isinstance(values, dict) or "nbformat" not in values:
        what = Words("ノートブックではない（nbformat がない）", "not a notebook (no nbformat)")
        raise UnusableNotebook(place=name, what=what, remedy=_RESTORE)
    return values


def _refuse_text(name: str, text: str, error: ValueError) -> UnusableNotebook:
    if marked := _CONFLICT.search(text):
        line = text.count("\n", 0, marked.start()) + 1
        what = Words("競合の印「{}」がある", "has the mark of a merge conflict '{}'")
        what = what.fill(_cut(marked[0]))
        return UnusableNotebook(place=f"{name}:{line}", what=what, remedy=_RESOLVE)
    if not text.strip():
        what = Words("空である", "the file is empty")
    else:
        what = Words("JSON として読めない（{}）", "not JSON ({})").fill(error)
    return UnusableNotebook(place=name, what=what, remedy=_RESTORE)


def _check_version(name: str, values: dict[str, Any]) -> None:
    version, minor = values["nbformat"], values.get("nbformat_minor")
    if version != _VERSION or not isinstance(minor, int):
        what = Words("nbformat {} である（使えるのは {}.x）", "nbformat {}, not {}.x")
        told = _cut(str(version) if minor is None else f"{version}.{minor}")
        raise UnusableNotebook(place=name, what=what.fill(told, _VERSION), remedy=_SAVE_AGAIN)
    if not isinstance(values.get("cells"), list):
        what = Words("ノートブックではない（cells がない）", "not a notebook (no cells)")
        raise UnusableNotebook(place=name, what=what, remedy=_RESTORE)


def _check_language(name: str, metadata: Any) -> None:
    """Refuse a notebook that names another language, or only a kernel of another name."""
    metadata = metadata if isinstance(metadata, dict) else {}
    kernel, info = (_as_dict(metadata.get(key)) for key in ("kernelspec", "language_info"))
    language = str(kernel.get("language") or info.get("name") or kernel.get("name") or _LANGUAGE)
    if not language.casefold().startswith(_LANGUAGE):
        what = Words("Python のノートブックではない（{}）", "not a notebook in Python ({})")
        raise UnusableNotebook(
            place=name,
            what=what.fill(_cut(str(kernel.get("display_name") or language))),
            remedy=Words(
                "JupyterLab でカーネルを Python 3 にして保存すること。",
                "Choose the kernel Python 3 in JupyterLab and save it.",
            ),
        )


def _as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _check_cells(name: str, cells: list[Any]) -> None:
    """Raise ``UnusableNotebook`` with every cell that is none, or that a conflict left."""
    wrong = [(number, _find_fault(cell)) for number, cell in enumerate(cells, 1)]
    told = [
        Words("{}{}", "{} {}").fill(locate_cell(_as_dict(cells[number - 1]), number), fault)
        for number, fault in wrong
        if fault
    ]
    if told:
        what = Words("、".join(t.ja for t in told), "; ".join(t.en for t in told))
        marked = any(_find_conflict(cell) for cell in cells)
        raise UnusableNotebook(place=name, what=what, remedy=_RESOLVE if marked else _RESTORE_CELL)


def _find_fault(cell: Any) -> Words | None:
    """Return what is wrong with a cell, None if it is one."""
    if not isinstance(cell, dict):
        return Words("はセルではない", "is no cell")
    if (kind := cell.get("cell_type")) not in _CELL_TYPES:
        what = Words("の種類 {} は使えない（使えるのは {}）", "has the type {}, not one of {}")
        return what.fill(_cut(str(kind)), ", ".join(_CELL_TYPES))
    if marked := _find_conflict(cell):
        return Words("に競合の印「{}」がある", "has the mark of a merge conflict '{}'").fill(marked)
    return None


def _find_conflict(cell: Any) -> str:
    marked = _CONFLICT.search(join_source(_as_dict(cell)))
    return _cut(marked[0]) if marked else ""


def _refuse_form(name: str, values: dict[str, Any], problem: Any) -> UnusableNotebook:
    """Return the error for what nbformat's schema does not allow."""
    path = [*problem.relative_path]
    place: str | Words = name
    if path[:1] == ["cells"] and len(path) > 1:
        cell = locate_cell(values["cells"][path[1]], path[1] + 1)
        place = Words("{} {}", "{}: {}").fill(name, cell)
        path = path[2:]
    told = ".".join(map(str, path))
    message = _cut(str(problem.message))
    what = Words("ノートブックの形ではない（{}）", "not as a notebook has to be ({})")
    what = what.fill(f"{told}: {message}" if told else message)
    return UnusableNotebook(place=place, what=what, remedy=_SAVE_AGAIN)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
