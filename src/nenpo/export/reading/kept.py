"""The image files that Markdown shows, kept in the executed notebook: it then needs no others."""

# mypy: allow-untyped-calls
# nbformat has no types.

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat

from nenpo.export.reading.markdown import list_images

_FILES = "nenpo_files"


def keep_images(notebook: Any, folder: Path, root: Path) -> Any:
    """Return the executed notebook with the image files in it that its Markdown shows.

    Markdown names them relative to ``folder``, the notebook's own. A file outside of ``root``, the
    project, is not taken, nor one that is not there: reading the cell refuses it.
    """
    names = {name for text in _list_texts(notebook) for name in list_images(text)}
    found = {name: folder / unquote(name) for name in sorted(names) if ":" not in name}
    kept = {
        name: base64.b64encode(path.read_bytes()).decode()
        for name, path in found.items()
        if path.resolve().is_relative_to(root.resolve()) and path.is_file()
    }
    if not kept:
        return notebook
    known = {**list_kept(notebook), **kept}
    metadata = {**notebook["metadata"], _FILES: known}
    return nbformat.from_dict({**notebook, "metadata": metadata})


def list_kept(notebook: Any) -> Mapping[str, str]:
    """Return the files kept in a notebook, in Base64, by the names that Markdown has for them."""
    kept: Mapping[str, str] = notebook.get("metadata", {}).get(_FILES, {})
    return kept


def _list_texts(notebook: Any) -> Iterator[str]:
    """Yield the Markdown of cells, and that which cells displayed."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])
        for output in cell.get("outputs", ()):
            yield "".join(output.get("data", {}).get("text/markdown", ""))
