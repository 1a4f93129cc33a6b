"""How much a notebook may show: one that prints without end fails, before memory or disk is full.

What is counted is what stands in the executed notebook, in bytes: texts as they are, the rest as
JSON.
"""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.session import json_packer

from nenpo.errors import TooMuchOutput, Words

MEGABYTE = 1_000_000
CELL_LIMIT = 10 * MEGABYTE
NOTEBOOK_LIMIT = 50 * MEGABYTE
FILE_LIMIT = 200 * MEGABYTE
"""The largest file that a cell may write, or a program that it starts: standard output is one."""

_CELL = Words("このセルの出力", "what this cell shows")
_NOTEBOOK = Words("ここまでのノートブック全体の出力", "what the notebook shows up to here")


class OutputLimitPassed(BaseException):  # so that `except Exception` in a cell does not go on
    """Ends the cell that shows more than it may; ``error`` says so."""

    def __init__(self, error: TooMuchOutput) -> None:
        super().__init__(error)
        self.error = error


class OutputMeter:
    """Counts what the cells of a notebook show, while they show it."""

    def __init__(self) -> None:
        self.passed: TooMuchOutput | None = None
        self._cells: list[list[Any]] = []
        self._in_cell = self._in_notebook = 0

    def open_cell(self, outputs: list[Any]) -> None:
        """Count what is added to ``outputs``, a cell's list, from now on."""
        self._cells.append(outputs)
        self._in_cell = 0

    def count(self, size: int) -> None:
        """Count ``size`` more bytes. Raises ``OutputLimitPassed``, now and from now on.

        What was cleared or replaced no longer counts: once the sum of all that was ever added
        passes a limit, what is there is measured.
        """
        if self.passed:
            raise OutputLimitPassed(self.passed)
        self._in_cell += size
        self._in_notebook += size
        if self._in_cell > CELL_LIMIT:
            self._in_cell = measure_outputs(self._cells[-1]) + size
            self._check(_CELL, self._in_cell, CELL_LIMIT)
        if self._in_notebook > NOTEBOOK_LIMIT:
            self._in_notebook = sum(map(measure_outputs, self._cells)) + size
            self._check(_NOTEBOOK, self._in_notebook, NOTEBOOK_LIMIT)

    def _check(self, what: Words, size: int, limit: int) -> None:
        if size > limit:
            self.passed = TooMuchOutput(what=what, limit=limit // MEGABYTE)
            raise OutputLimitPassed(self.passed)


def measure_outputs(outputs: Any) -> int:
    """Return the bytes of a cell's outputs, or of one, as JSON."""
    return len(json_packer(outputs))


def describe_error(error: TooMuchOutput) -> dict[str, Any]:
    """Return the output that tells of it at the end of the cell."""
    name, text = type(error).__name__, str(error)
    told = f"{name}: {text}"
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [told]}


@contextmanager
def limit_files() -> Iterator[None]:
    """Let no file grow beyond ``FILE_LIMIT`` that this process writes, or one that it starts.

    A program that prints for ever is ended by it. Where a system has no such limit (Windows), its
    output is bounded by the deadline alone.
    """
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    limits = [limit for limit in (before[0], FILE_LIMIT) if limit != resource.RLIM_INFINITY]
    # Python ignores the signal, and what a shell starts would, too, and write on in vain: one that
    # is caught, not ignored, is back to its default in every program that is started.
    handler = signal.signal(signal.SIGXFSZ, lambda *_: None)
    resource.setrlimit(resource.RLIMIT_FSIZE, (min(limits), before[1]))
    try:
        yield
    finally:
        # A cell may have lowered what only a privileged process may raise again.
        allowed = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        left = [limit for limit in (before[0], allowed) if limit != resource.RLIM_INFINITY]
        soft = min(left, default=resource.RLIM_INFINITY)
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, allowed))
        signal.signal(signal.SIGXFSZ, handler)
