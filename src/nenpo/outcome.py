"""What a briefing's process tells the build, and the files that it leaves in its folder."""

from dataclasses import dataclass
from typing import Literal

EngineName = Literal["nenpo", "kernel"]

SUFFIXES = (".facts.json", ".html", ".ipynb", ".pdf")
"""The files of a finished briefing, after its name."""
SAVED = "saved.json"
"""The run as it is saved while it goes on: all there is if the process dies."""
FAILED = "failed.ipynb"
"""The executed notebook of a briefing that failed."""
LOG = "log.txt"
"""What its process wrote outside of cells, and where Python crashed."""


@dataclass(frozen=True)
class Made:
    """A full set of files lies in the folder."""

    title: str


@dataclass(frozen=True)
class Failed:
    """Why there is none: in which cell (from 1), and the last lines of the traceback."""

    reason: str
    cell: int | None = None
    traceback: tuple[str, ...] = ()
