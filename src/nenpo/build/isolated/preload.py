"""Imported once by the fork server: everything that a briefing's process would import.

The server ignores an ImportError of what it preloads, and each child would import everything
again without a word. So what goes wrong here is kept in ``PROBLEM``, and ``isolate`` asks.
"""

# mypy: allow-untyped-calls
# papermill and nbformat have no types.

import gc
import importlib
import linecache
import os
import pkgutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from nenpo.build.environment import DRAWN_BY
from nenpo.build.isolated.guard import KILL, PARENT, end_with_parent
from nenpo.errors import NenpoError, UnknownFont, describe_unusable

# Imported lazily, by nearly every briefing.
_LAZY = (
    "papermill",
    "nbformat.v4",
    "matplotlib.backends.backend_svg",
    "faulthandler",
    "multiprocessing.popen_forkserver",
    "nenpo.build.isolated.processes",  # imports us
)


def _prepare() -> None:
    # Nothing of what is imported here becomes garbage: looking for it takes a tenth of the time.
    gc.disable()
    os.environ.pop("MPLBACKEND", None)  # the shell of each briefing has its own
    for name in (*_LAZY, *_list_modules(), "nenpo.build.isolated.make"):
        importlib.import_module(name)
    _forget_own_style()
    _read_fonts()
    _warm_up()
    _preload_data()
    if threading.active_count() > 1:
        raise RuntimeError(f"a fork would lose these threads: {threading.enumerate()}")
    # Each child would do so, and copy the pages where the lines lie: 5 ms.
    linecache.clearcache()
    # What is here stays for good: children need not look through it for garbage, nor does this
    # process, whose few megabytes of it are not worth a tenth of its time.
    gc.freeze()
    gc.enable()


def _forget_own_style() -> None:
    """Draw as anybody would: matplotlib reads a matplotlibrc of the current folder, or the user's.

    Its own ``rcdefaults`` leaves some of that as it is, such as the time zone.
    """
    import matplotlib as mpl

    mpl.rcParams.update(mpl.rcParamsDefault)


def _list_modules() -> Iterator[str]:
    for room in (name.rstrip("/") for name in DRAWN_BY if name.endswith("/")):
        package = importlib.import_module(f"nenpo.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # nbconvert's exporters are for other programs: an eighth of a second.
            if module.name != "nenpo.export.exporters":
                yield module.name


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


def _warm_up() -> None:
    """Make the sample, so that what is prepared on first use is there, templates included."""
    from nenpo.build.isolated.warm_up import make_sample
    from nenpo.export.page import warm_templates

    warm_templates()
    make_sample()


def _preload_data() -> None:
    """Read the data that the build asks for; what is wrong with it, each briefing tells."""
    from nenpo.analysis.progress import load_year
    from nenpo.data.catalogue import make_shared_frames
    from nenpo.data.plan import make_plan
    from nenpo.data.plan_files import read_rows
    from nenpo.data.preloaded import WANTED, Preloaded, keep_preloaded, read_wanted
    from nenpo.data.shared_files import read_shared
    from nenpo.files import digest_data

    if WANTED not in os.environ:
        return
    place, asked = read_wanted(os.environ[WANTED])
    with suppress(NenpoError, OSError):
        digest = digest_data(place)
        rows = {name: read_rows(place, name) for name in _list_wanted(place, asked)}
        shared = read_shared(place, rows)
        plans = {name: make_plan(found) for name, found in rows.items()}
        for plan in plans.values():
            for year in plan.reported_years:
                load_year(plan, year)  # kept for those who ask again
        # Data that changed under way belong to neither digest.
        if digest_data(place) == digest:
            frames = make_shared_frames(shared)
            keep_preloaded(Preloaded(place, digest, rows, plans, shared.meta, frames))


def _list_wanted(root: Path, plans: list[str]) -> list[str]:
    """Return the plans whose data the documents of ``plans`` need, as far as it pays."""
    from nenpo.data.preloaded import MOST_PLANS
    from nenpo.data.project import list_plans
    from nenpo.data.shared_files import COMPARISON, find_national

    known = list_plans(root)
    wanted = known if COMPARISON in plans else dict.fromkeys([find_national(root), *plans])
    return [plan for plan in wanted if plan in known][:MOST_PLANS]


def _try_to_prepare() -> NenpoError | None:
    try:
        _prepare()
    except Exception as error:
        return describe_unusable(error)
    return None


SERVER = os.getpid()
"""The id of the fork server, which is the parent of all that it forks."""
if PARENT in os.environ:
    end_with_parent(int(os.environ[PARENT]), KILL)
PROBLEM = _try_to_prepare()
