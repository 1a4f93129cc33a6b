"""What became of a briefing: what its process tells, the files it leaves, the result of both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nenpo.build.isolated.trace import Trace
from nenpo.export import FORMATS
from nenpo.export.reading.remark import Remark

SUFFIXES = tuple(sorted((*(form.suffix for form in FORMATS), ".ipynb")))
"""The files of a finished briefing, after its name."""
FAILED = "failed.ipynb"
"""The executed notebook of a briefing that failed."""
LOG = "log.txt"
"""What its process wrote outside of cells, and where Python crashed."""


@dataclass(frozen=True)
class Made:
    """A full set of files lies in the folder.

    ``trace`` tells what it was made with: nothing is known of what papermill's own engine does in
    its kernel, so then there is none.
    """

    title: str
    trace: Trace | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Failed:
    """Why there is none: a reason that names its cell, the cell's number (from 1), the last frames.

    The reason may have several lines.
    """

    reason: str
    cell: int | None = None
    traceback: tuple[str, ...] = ()


@dataclass(frozen=True)
class BriefingResult:
    """What became of one briefing; "current": it is as published, and was not made.

    ``name`` is ``plan/2021/departments/joho-system``. For a failed one: ``reason``, ``cell`` and
    ``traceback`` as in ``Failed``, and ``executed``, the path of the executed notebook below the
    output folder ("" if there is none). ``stages`` has the seconds that a made one spent in each,
    ``remarks`` what its maker should know of its cells.
    """

    name: str
    status: Literal["made", "failed", "current"]
    seconds: float = 0
    title: str = ""
    reason: str = ""
    cell: int | None = None
    traceback: tuple[str, ...] = ()
    executed: str = ""
    stages: Mapping[str, float] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
