"""Imported once by the fork server: everything that a briefing's process would import.

The server ignores an ImportError of what it preloads, and each child would import everything
again without a word. So what goes wrong here is kept in ``PROBLEM``, and ``isolate`` asks.
"""

import importlib
import pkgutil
import traceback

import nenpo

# The run line's own end: it starts these processes and is not used in them.
_NOT_NEEDED = frozenset({"cli", "build", "isolate", "publish", "report", "preload"})
# Imported lazily by those who use them, and by nearly every notebook.
_LAZY = ("papermill", "matplotlib.backends.backend_svg")


def _import_all() -> None:
    modules = [m.name for m in pkgutil.iter_modules(nenpo.__path__) if m.name not in _NOT_NEEDED]
    for name in (*_LAZY, *(f"nenpo.{module}" for module in modules)):
        importlib.import_module(name)
    # Only the fonts: a process forked from one that has compiled a document hangs (typst 0.15).
    from nenpo.export.pdf import warm_fonts

    warm_fonts()


def _try_import_all() -> str:
    try:
        _import_all()
    except Exception:
        return traceback.format_exc()
    return ""


PROBLEM = _try_import_all()
