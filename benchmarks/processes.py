"""Processor time and memory of a process with all its descendants."""

# mypy: allow-untyped-calls
# psutil has no types.

import ctypes
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import psutil

_SET_CHILD_SUBREAPER = 36
_MEBIBYTE = 2**20


def list_tree(root: int) -> list[psutil.Process]:
    """Return the process and its descendants."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(root)
        return [process, *process.children(recursive=True)]
    return []


def read_cpu_seconds(root: int) -> float:
    """Return the processor seconds, user and system, of the tree and of what has ended in it.

    On Linux; elsewhere those of ended processes are not known.
    """
    total = 0.0
    for process in list_tree(root):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
            total += getattr(times, "children_user", 0) + getattr(times, "children_system", 0)
    return total


def read_memory(process: psutil.Process) -> float:
    """Return MiB in use: PSS, in which shared pages are divided among those who share them.

    Where there is no PSS (macOS, Windows), RSS.
    """
    try:
        told = process.memory_full_info()
        return float(getattr(told, "pss", told.rss)) / _MEBIBYTE
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


@dataclass
class Peak:
    """The highest memory of a tree that was seen, in MiB."""

    mebibytes: float = 0.0
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self, root: int) -> None:
        """Look every few milliseconds until ``ended``."""
        while not self.ended.is_set():
            seen = sum(read_memory(process) for process in list_tree(root))
            self.mebibytes = max(self.mebibytes, seen)
            self.ended.wait(0.005)


def adopt_orphans() -> None:
    """Make this process the parent of its descendants' orphans: their time counts, too.

    nenpo's fork server outlives the command for a moment, and a browser its driver.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def await_orphans(seconds: float = 5.0) -> None:
    """Wait until this process has no children, lest their time count for the next document."""
    end = time.monotonic() + seconds
    with suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.005)


@dataclass
class Roles:
    """Peaks of a build's processes in MiB, by what they do, and when the first document began.

    ``parent`` is the ``nenpo build`` process, ``server`` the largest fork server, ``child`` the
    largest process of a document, ``private`` the most that one shares with no other, ``total``
    all together with what was there before (workers of other machines, run on this one).
    """

    parent: float = 0.0
    server: float = 0.0
    child: float = 0.0
    private: float = 0.0
    total: float = 0.0
    first_child: float | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self, build: int) -> None:
        """Look five times a second until ``ended``."""
        while not self.ended.is_set():
            self.look(build)
            self.ended.wait(0.2)

    def look(self, build: int) -> None:
        """Take the peaks of the processes that are there now."""
        tree = [process for process in list_tree(os.getpid()) if process.pid != os.getpid()]
        forked = {process.pid for process in tree if is_forked(process)}
        self.total = max(self.total, sum(map(read_memory, tree)))
        for process in tree:
            with suppress(psutil.NoSuchProcess):
                peak = read_peak(process)
                if process.pid == build:
                    self.parent = max(self.parent, peak)
                elif process.pid in forked and process.ppid() not in forked:
                    self.server = max(self.server, peak)
                elif process.pid in forked:
                    self.first_child = self.first_child or time.perf_counter()
                    self.child = max(self.child, peak)
                    self.private = max(self.private, process.memory_full_info().uss / _MEBIBYTE)


def is_forked(process: psutil.Process) -> bool:
    """Tell whether a process is a fork server or was forked from one."""
    with suppress(psutil.Error):
        return any("forkserver" in word for word in process.cmdline())
    return False


def read_peak(process: psutil.Process) -> float:
    """Return the most MiB (RSS) that the process ever had; on Linux the kernel remembers."""
    with suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return float(process.memory_info().rss) / _MEBIBYTE


W = TypeVar("W", Peak, Roles)


@contextmanager
def watch(peaks: W, root: int) -> Iterator[W]:
    """Yield the peaks, which grow while the block runs."""
    thread = threading.Thread(target=peaks.watch, args=(root,))
    thread.start()
    try:
        yield peaks
    finally:
        peaks.ended.set()
        thread.join()
