"""Imported once by the fork server: everything that a briefing's process would import.

The server ignores an ImportError of what it preloads, and each child would import everything
again without a word. So what goes wrong here is kept in ``PROBLEM``, and ``isolate`` asks.
"""

# mypy: allow-untyped-calls
# papermill and nbformat have no types.

import gc
import importlib
import os
import pkgutil
import threading
import traceback
from contextlib import suppress
from pathlib import Path

from nenpo.errors import NenpoError, UnknownFont

# What makes a document; the rest starts these processes, or looks at what they made.
_ROOMS = ("language", "data", "analysis", "content", "notebook", "export", "site")
# Imported lazily, by nearly every briefing.
_LAZY = (
    "papermill",
    "nbformat.v4",
    "matplotlib.backends.backend_svg",
    "faulthandler",
    "multiprocessing.popen_forkserver",
)


def _prepare() -> None:
    # Nothing of what is imported here becomes garbage: looking for it takes a tenth of the time.
    gc.disable()
    names = [
        module.name
        for room in _ROOMS
        for module in pkgutil.walk_packages(
            importlib.import_module(f"nenpo.{room}").__path__, f"nenpo.{room}."
        )
        if module.name != "nenpo.export.exporters"  # nbconvert is for other programs
    ]
    for name in (*_LAZY, *names, "nenpo.build.isolated.make"):
        importlib.import_module(name)
    _read_fonts()
    if not _fill_stock():
        _run_once()
        _prepare_drawing()
    if threading.active_count() > 1:
        raise RuntimeError(f"a fork would lose these threads: {threading.enumerate()}")
    # What is here stays for good: children need not look through it for garbage, nor does this
    # process, whose few megabytes of it are not worth a tenth of its time.
    gc.freeze()
    gc.enable()


def _run_once() -> None:
    """Run a notebook, so that what IPython and nbformat prepare on first use is there."""
    import papermill
    from nbformat.v4 import new_code_cell, new_notebook

    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    notebook = new_notebook(cells=[new_code_cell("1")], metadata={"kernelspec": spec})
    papermill.execute.execute_notebook(notebook, None, engine_name="nenpo", progress_bar=False)


def _read_fonts() -> None:
    """Read the document font, once for checking texts and once for the typesetter.

    Never more of the typesetter than its fonts: a process forked from one that has compiled a
    document hangs (typst 0.15). A font that is not there is told by the briefing that needs it.
    """
    from nenpo.export.pdf import warm_fonts
    from nenpo.language.characters import load_glyphs

    with suppress(UnknownFont):
        load_glyphs()
        warm_fonts()


def _prepare_drawing() -> None:
    """Compile the HTML templates, and have matplotlib read the document font by drawing a chart."""
    from nenpo.content.charts import draw_bars
    from nenpo.export.page import warm_templates

    warm_templates()
    with suppress(UnknownFont):
        draw_bars([("計", {"◎": 1})], {"◎": "good"}, "")


def _fill_stock() -> bool:
    """Read the data that the build asks for; what is wrong with it, each briefing tells.

    Returns whether there was enough of it to rehearse, which prepares all that is drawn.
    """
    from nenpo.analysis.progress import load_year
    from nenpo.build.isolated.rehearsal import rehearse
    from nenpo.data.catalogue import make_shared_frames
    from nenpo.data.plan import make_plan
    from nenpo.data.plan_files import read_rows
    from nenpo.data.preloaded import WANTED, Stock, keep_stock, read_wanted
    from nenpo.data.shared_files import read_shared
    from nenpo.files import digest_data

    if WANTED not in os.environ:
        return False
    place, asked = read_wanted(os.environ[WANTED])
    with suppress(NenpoError, OSError):
        digest = digest_data(place)
        rows = {name: read_rows(place, name) for name in _list_stocked(place, asked)}
        shared = read_shared(place, rows)
        plans = {name: make_plan(found) for name, found in rows.items()}
        for plan in plans.values():
            for year in plan.reported_years:
                load_year(plan, year)  # kept for those who ask again
        # Data that changed under way belong to neither digest.
        if digest_data(place) == digest:
            stock = Stock(place, digest, plans, shared.meta, make_shared_frames(shared))
            keep_stock(stock)
            return rehearse(stock)
    return False


def _list_stocked(root: Path, plans: list[str]) -> list[str]:
    """Return the plans whose data the documents of ``plans`` need, as far as it pays."""
    from nenpo.data.preloaded import STOCKED_PLANS
    from nenpo.data.project import list_plans
    from nenpo.data.shared_files import COMPARISON, find_national

    known = list_plans(root)
    wanted = known if COMPARISON in plans else dict.fromkeys([find_national(root), *plans])
    return [plan for plan in wanted if plan in known][:STOCKED_PLANS]


def _try_to_prepare() -> str:
    try:
        _prepare()
    except Exception:
        return traceback.format_exc()
    return ""


PROBLEM = _try_to_prepare()
