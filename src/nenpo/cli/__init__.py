"""The command line: commands and exit codes, nothing else.

What comes in are arguments; what goes out is what a room's function returns, printed. Open
:mod:`nenpo.cli.app` first. A module of commands is imported here, which adds them to ``app``.
"""

from nenpo.cli import collect, documents, forms, start, status, survey, tables, watch
from nenpo.cli.app import app, main

__all__ = [
    "app",
    "collect",
    "documents",
    "forms",
    "main",
    "start",
    "status",
    "survey",
    "tables",
    "watch",
]
