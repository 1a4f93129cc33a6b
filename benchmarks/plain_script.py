"""The limit: a notebook as the plain script that a person could have written in its place.

    python benchmarks/plain_script.py notebooks/department.ipynb

prints the script. It calls what the notebook's code cells call and collects what they display;
nenpo's own renderers draw it. No notebook, no process of its own, no checks of the result.
"""

# mypy: allow-untyped-calls
# nbformat has no types.

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import nbformat

from nenpo.content import briefing
from nenpo.content.display import Group, Nothing
from nenpo.data.load import load_plan
from nenpo.export.document import read_document
from nenpo.export.html import render_html
from nenpo.export.pdf import render_pdf


def write_script(notebook: Any) -> str:
    """Return the notebook as a script that tells Markdown and shows values; no parameters."""
    cells = [c for c in notebook.cells if "parameters" not in c.metadata.get("tags", [])]
    return "\n".join(_write_cell(cell) for cell in cells) + "\n"


def _write_cell(cell: Any) -> str:
    if cell.cell_type == "markdown":
        return f"tell({cell.source!r}, {cell.metadata.get('tags', [])!r})"
    module = ast.parse(cell.source)
    if not isinstance(module.body[-1], ast.Expr):
        return str(cell.source)
    shown = ast.Call(ast.Name("show"), [module.body[-1].value], [])
    body = [*module.body[:-1], ast.Expr(shown)]
    return ast.unparse(ast.fix_missing_locations(ast.Module(body, [])))


def read_script(path: Path) -> CodeType:
    """Return the script of a notebook, compiled."""
    return compile(write_script(nbformat.read(path, as_version=4)), path.stem, "exec")


def run_script(script: CodeType, parameters: Mapping[str, Any], name: str) -> tuple[str, bytes]:
    """Return the HTML page and the PDF of what the script displays."""
    cells: list[dict[str, Any]] = []

    def tell(text: str, tags: list[str]) -> None:
        cells.append({"cell_type": "markdown", "source": text, "metadata": {"tags": tags}})

    def show(value: Any) -> None:
        outputs = [{"output_type": "display_data", "data": data} for data in _list_bundles(value)]
        cells.append({"cell_type": "code", "source": "", "outputs": outputs})

    exec(script, {**parameters, "tell": tell, "show": show})
    document = read_document({"cells": cells})
    return render_html(document, name), render_pdf(document)


def _list_bundles(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, Nothing):
        return
    parts = value.parts if isinstance(value, Group) else (value,)
    yield from (part._repr_mimebundle_() for part in parts)


def load_data_once() -> Callable[[Mapping[str, Any]], object]:
    """Make scripts load what a briefing is given once, and return what loads it."""
    vars(briefing)["load_plan"] = cache(load_plan)
    return briefing.open_briefing


if __name__ == "__main__":
    print(write_script(nbformat.read(sys.argv[1], as_version=4)))
