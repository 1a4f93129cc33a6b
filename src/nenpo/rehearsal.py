"""One department's page made and thrown away, in the fork server, before briefings are forked.

What pandas, matplotlib and Python itself prepare on first use is then there for every child:
without it, each takes a fifth longer. Nothing of the project's own notebooks runs here, only the
cells that are known to be ours.
"""

# mypy: allow-untyped-calls
# nbformat and papermill have no types.

import os
from collections.abc import Iterator
from contextlib import contextmanager

from nbformat.v4 import new_code_cell, new_notebook
from papermill.engines import papermill_engines

from nenpo.export.document import read_document
from nenpo.export.html import render_html
from nenpo.plan import Plan
from nenpo.stock import DIGEST, Stock
from nenpo.views import OWN_CELLS

_MODULES = (
    "change_sentences, charts, explanations, facts, figure_tables, heads, indicators, item_tables, "
    "plan_tables, progress, sentences, tables"
)
_EDITION = """\
edition = Edition(
    plan=plan, fiscal_year=fiscal_year, as_of="2000-01-01", issued="2000-01-01", state="draft",
    revision=0, document_number="", reported_to="", prepared_by="", contact="", handling="",
    sample=True, attach_data=True,
)"""


def rehearse(stock: Stock) -> bool:
    """Make the page of the department with the most items, of the first plan that has one.

    Returns False if none has.
    """
    found = next(filter(None, map(_find_busiest, stock.plans.values())), None)
    if found is None:
        return False
    department = found[-1]
    given = f"plan, fiscal_year, department = {found}"
    codes = (f"from nenpo import {_MODULES}", given, *OWN_CELLS[:2], _EDITION, *OWN_CELLS[2:])
    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    cells = [new_code_cell(code) for code in codes]
    notebook = new_notebook(cells=cells, metadata={"kernelspec": spec, "papermill": {}})
    with _as_build(stock):
        made = papermill_engines.execute_notebook_with_engine(
            "nenpo", notebook, kernel_name="python3", progress_bar=False
        )
    render_html(read_document(made), f"departments/{department}")
    return True


def _find_busiest(plan: Plan) -> tuple[str, int, str] | None:
    """Return plan, fiscal year and department; None if none of the plan's has any item."""
    years = sorted(plan.reported_years, reverse=True)
    for year in years:
        departments = plan.years[year].assignments["department"]
        if len(departments):
            return plan.id, year, str(departments.mode()[0])
    return None


@contextmanager
def _as_build(stock: Stock) -> Iterator[None]:
    """Tell the cells what a build tells its briefings."""
    before = dict(os.environ)
    os.environ.update({"NENPO_ROOT": str(stock.root), DIGEST: stock.digest})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
