"""The server that processes are forked from, and how any process of ours is started."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, resource_tracker, util
from pathlib import Path
from types import ModuleType
from typing import Any

import nenpo
from nenpo.build.isolated.guard import KILL, PARENT
from nenpo.data.project import find_current_folder
from nenpo.errors import UnusableTemporary

PRELOAD = "nenpo.build.isolated.preload"
_LONGEST_SOCKET = 107
_SERVER_GRACE = 5.0


def start_server(start_method: str) -> None:
    """Start the fork server, if there is to be one, without waiting until it is ready.

    Raises:
        UnusableTemporary: there is no place for its socket.
        NoCurrentFolder: the current folder was removed.
    """
    with starting():
        ensure_server(start_method)


def ensure_server(start_method: str) -> None:
    """Start the fork server unless there is one that runs; in a block of ``starting``."""
    if start_method == "forkserver":
        _check_temporary()
        multiprocessing.get_context(start_method).set_forkserver_preload([PRELOAD])
        forkserver.ensure_running()


def _check_temporary() -> None:
    """Raise UnusableTemporary where no socket can lie: its path has at most 107 bytes."""
    place = os.environ.get("TMPDIR", "")
    try:
        place = util.get_temp_dir()
        used = len(os.fsencode(place)) + len("/listener-12345678")
        why = f"{used} > {_LONGEST_SOCKET}" if used > _LONGEST_SOCKET else ""
    except OSError as error:
        why = error.strerror or str(error)
    if why:
        raise UnusableTemporary(value=place, why=why)


# Environment, module path and main module are this process's, whoever starts another from it.
_start_lock = threading.Lock()


@contextmanager
def starting() -> Iterator[dict[str, str]]:
    """Start Python with nothing of the current folder, deaf to Ctrl-C, which is for us.

    Yields the environment as it is otherwise.
    """
    with _start_lock:
        environment = dict(os.environ)
        with _lend({"PYTHONSAFEPATH": "1", PARENT: str(os.getpid())}):
            if os.name == "posix":  # Windows has none
                # Not below: it would let Ctrl-C through again (Python 3.11).
                resource_tracker.ensure_running()
            with _hold_interrupt(), _without_main(), _without_current_folder():
                yield environment


@contextmanager
def _lend(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while; other threads see all others meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _hold_interrupt() -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _without_current_folder() -> Iterator[None]:
    """Take it from the module path, which children get, unless nenpo itself lies there."""
    before = sys.path
    unsafe = {"", str(find_current_folder())} - {str(Path(nenpo.__file__).parents[1])}
    sys.path = [path for path in before if path not in unsafe]
    try:
        yield
    finally:
        sys.path = before


def stop_server() -> None:
    """End the fork server, if there is one, so that the next one reads its data anew."""
    server: Any = forkserver._forkserver  # nothing public ends it (Python 3.14)
    if pid := find_server():
        # By itself it would wait for whatever a cell has left running.
        os.kill(pid, KILL)
        server._stop()


def find_server() -> int | None:
    """Return the id of the fork server, None where there is none."""
    server: Any = forkserver._forkserver  # nothing public tells of it (Python 3.14)
    found: int | None = server._forkserver_pid
    return found


def has_ended(server: int | None) -> bool:
    """Return whether a fork server is no more; its pipes close a moment before it ends."""
    if sys.platform == "win32":  # has none
        return False
    until = time.monotonic() + _SERVER_GRACE
    while server and server == find_server() and time.monotonic() < until:
        with suppress(ChildProcessError):  # another thread has waited for it
            # Without waiting for it, which ``ensure_running`` does.
            if os.waitid(os.P_PID, server, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return True
        time.sleep(0.01)
    return server != find_server()


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the program's main module, which a child would import again for nothing."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
