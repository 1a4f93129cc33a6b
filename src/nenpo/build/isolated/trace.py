"""What a process does while a notebook runs: which data it uses, what else it opens, for how long.

An audit hook hears of every file that Python opens (PEP 578) and of what the data line tells (see
``stages``). It does not hear of what a library opens in native code, nor of a mere look whether a
file is there.
"""

import os
import sys
import sysconfig
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.util import source_from_cache
from pathlib import Path
from typing import Any

import nenpo
from nenpo.data.events import BEGIN, END, USED
from nenpo.files import hash_file, hash_values

ABSENT = "absent"
# What makes a document that the same files need not make again: other programs and machines.
_UNREPEATABLE = (
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "os.forkpty",  # `!ls` in a cell
    "socket.connect",
    "socket.getaddrinfo",
    "ctypes.dlopen",
)
_SYSTEM = ("/proc", "/dev", "/sys")


@dataclass(frozen=True)
class Trace:
    """``used``: plans and parts of the data. ``opened``: path → digest, of anything else.

    A path is relative to the project where it lies in it. ``unrepeatable`` is the first event
    that makes the result worth nothing for later ("" if there is none).
    """

    used: tuple[str, ...] = ()
    opened: Mapping[str, str] = field(default_factory=dict)
    unrepeatable: str = ""


@dataclass
class Follower:
    """Takes events; :meth:`finish` returns what they came to, ``seconds`` are those by stage."""

    root: Path
    known: frozenset[str]
    used: set[str] = field(default_factory=set)
    paths: set[str] = field(default_factory=set)
    unrepeatable: str = ""
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    begun: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ignored = _list_ignored()

    def take(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note one audit event."""
        if event in ("open", "os.listdir", "os.scandir", "sqlite3.connect"):
            if self._is_notebook and _is_read(event, arguments):
                self._note_path(event, arguments[0])
        elif event == BEGIN:
            self.begun[arguments[0]] = time.perf_counter()
        elif event == END:
            self.seconds[arguments[0]] += time.perf_counter() - self.begun.pop(arguments[0])
        elif event == USED:
            self.used.add(arguments[0])
        elif event in _UNREPEATABLE and self._is_notebook:
            self.unrepeatable = self.unrepeatable or event

    @property
    def _is_notebook(self) -> bool:
        """Whether the notebook acts: not we before and after it, nor our reading of the data."""
        return "cells" in self.begun and "load" not in self.begun

    def _note_path(self, event: str, given: Any) -> None:
        if not isinstance(given, str | bytes | os.PathLike):  # a descriptor, opened before
            return
        caller = sys._getframe(3).f_code  # under take and _hear
        # Python lists folders in search of modules; those it opens are noted. A folder that is
        # being removed is none that is read, and its entries come without their folder.
        searches = event == "os.listdir" and caller.co_filename.startswith("<frozen importlib")
        if searches or "_rmtree" in caller.co_name:
            return
        path = os.path.abspath(os.fsdecode(given))  # noqa: PTH100 # 20 times as fast, called often
        if "__pycache__" in path:
            with suppress(ValueError):
                path = source_from_cache(path)
        if path not in self.known and not path.startswith(self._ignored):
            self.paths.add(path)

    def finish(self) -> Trace:
        """Return what was noted, with digests of today."""
        found = sorted(self.paths)
        opened = {name_place(self.root, path): digest_place(Path(path)) for path in found}
        used = tuple(sorted(self.used))
        return Trace(used, opened, self.unrepeatable)


def _is_read(event: str, arguments: tuple[Any, ...]) -> bool:
    if event != "open":
        return True
    _, mode, flags = (*arguments, None, None)[:3]
    if mode is not None:
        return "r" in mode or "+" in mode
    return not (flags or 0) & (os.O_WRONLY | os.O_TRUNC)


def _list_ignored() -> tuple[str, ...]:
    """Return the beginnings of paths that are the machine's, or nenpo's own, not the notebook's."""
    installed = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()}
    own = Path(nenpo.__file__).parent
    return (*_SYSTEM, *(f"{path}/" for path in (*installed, own, tempfile.gettempdir())))


def name_place(root: Path, path: str) -> str:
    """Return a path as receipts have it."""
    place = Path(path)
    return place.relative_to(root).as_posix() if place.is_relative_to(root) else path


def digest_place(path: Path) -> str:
    """Return the digest of a file, of the names in a folder, or that nothing is there."""
    try:
        if path.is_dir():
            return hash_values(sorted(entry.name for entry in path.iterdir()))
        return hash_file(path)
    except OSError:
        return ABSENT


# A hook stays until its process ends, so there is one, and whoever follows takes turns.
_followers: list[Follower] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    for follower in _followers:
        follower.take(event, arguments)


@cache
def _add_hook() -> None:
    sys.addaudithook(_hear)


@contextmanager
def follow(root: Path, known: frozenset[str]) -> Iterator[Follower]:
    """Follow this process; ``known`` are the paths that are declared otherwise.

    Stages are timed throughout; files and programs are noted in the stage "cells".
    """
    _add_hook()
    follower = Follower(root, known)
    _followers.append(follower)
    try:
        yield follower
    finally:
        _followers.remove(follower)
