"""One department's page made and thrown away, in the fork server, before briefings are forked.

What pandas, matplotlib and Python itself prepare on first use is then there for every child:
without it, each takes a fifth longer. Nothing of the project's own notebooks runs here, only the
cells that are known to be ours.
"""

# mypy: allow-untyped-calls
# nbformat and papermill have no types.

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nenpo.build.isolated.trace import follow
from nenpo.data.plan import Plan
from nenpo.data.preloaded import DIGEST, Stock
from nenpo.data.visible import OWN_CELLS
from nenpo.errors import UnknownFont
from nenpo.export.document import read_document
from nenpo.export.html import render_html
from nenpo.export.layout import lay_out_document
from nenpo.language.fonts import find_document_font
from nenpo.notebook.engine import SAVED
from nenpo.notebook.execute import clean_notebook, find_failed_cell, prepare_notebook, run_notebook
from nenpo.notebook.variables import lend_environment

_MODULES = (
    "change_sentences, charts, explanations, facts, figure_tables, heads, item_tables, "
    "plan_tables, sentences, tables"
)
_EDITION = """\
edition = Edition(
    plan=plan, fiscal_year=fiscal_year, as_of="2000-01-01", issued="2000-01-01", state="draft",
    revision=0, document_number="", reported_to="", prepared_by="", contact="", handling="",
    sample=True, attach_data=True,
)"""


def rehearse(stock: Stock) -> bool:
    """Make the page of an ordinary department, of the first plan that has one.

    Everything but the typesetting, of which nothing may be done before forking. Returns False if
    no department has an item.
    """
    given = next(filter(None, map(_find_ordinary, stock.plans.values())), None)
    if given is None:
        return False
    codes = (
        f"from nenpo.content import {_MODULES}",
        "from nenpo.analysis import indicators, progress",
        *OWN_CELLS[:2],
        _EDITION,
        *OWN_CELLS[2:],
    )
    parameters = new_code_cell("", metadata={"tags": ["parameters"]})
    cells = [parameters, new_markdown_cell("## 1"), *map(new_code_cell, codes)]
    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    notebook = new_notebook(cells=cells, metadata={"kernelspec": spec})
    told = {"NENPO_ROOT": str(stock.root), DIGEST: stock.digest}
    with lend_environment(told), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "department.ipynb"
        nbformat.write(notebook, path)
        with follow(stock.root, frozenset()):
            prepared = prepare_notebook(path, given)
            made = run_notebook(prepared, path, "nenpo", path.with_name(SAVED))
    # What is wrong with a cell, the briefings tell.
    if find_failed_cell(made) is None:
        _draw(clean_notebook(made, stock.root))
    return True


def _draw(notebook: Any) -> None:
    document = read_document(notebook)
    render_html(document)
    with suppress(UnknownFont):
        lay_out_document(document, find_document_font().family)
    nbformat.writes(notebook)


def _find_ordinary(plan: Plan) -> dict[str, str | int] | None:
    """Return the parameters of the plan's median department, None if none has any item."""
    years = sorted(plan.reported_years, reverse=True)
    for year in years:
        items = plan.years[year].assignments["department"].value_counts()
        if len(items):
            department = str(items.index[len(items) // 2])
            return {"plan": plan.id, "fiscal_year": year, "department": department}
    return None
