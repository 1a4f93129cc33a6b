"""Whatever a job starts ends with it, and a job ends with the build, however that went.

On Linux a guard stands above a job's process: it adopts what that leaves behind, also in a session
of its own (a "child subreaper"), and ends it. Whose parent goes is told by the system (a "parent
death signal"), so that nothing outlives a build that was killed. Elsewhere there is neither:
what can still be seen below the process is ended, and what stays is named.
"""

import os
import signal
import sys
import time
from collections import defaultdict
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any

PARENT = "NENPO_PARENT"
"""The environment variable that tells the fork server whom it must not outlive."""
HAS_GUARD = sys.platform == "linux"
KILL = signal.SIGTERM
"""What no process can refuse: Windows ends one at once, whatever the number."""
if sys.platform != "win32":
    KILL = signal.SIGKILL
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def end_with_parent(parent: int, number: int) -> None:
    """Have the system send ``number`` to this process when ``parent``, which started it, ends.

    The parent is more exactly its thread that did so (prctl(2)), and may have ended already.
    """
    if _call_prctl(_PR_SET_PDEATHSIG, number) and os.getppid() != parent:
        signal.raise_signal(number)


def put_under_guard(parent: int) -> None:
    """Go on in a child process, and leave this one as its guard until all below it has ended.

    ``parent`` is the process that started this one. SIGTERM has the guard end all at once.
    Otherwise it ends as its child did.
    """
    if sys.platform == "win32":
        return
    if not _call_prctl(_PR_SET_CHILD_SUBREAPER, 1):
        return
    heard = {signal.SIGCHLD, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, heard)
    end_with_parent(parent, signal.SIGTERM)
    guard = os.getpid()
    child = os.fork()
    if child and sys.platform != "win32":
        from nenpo.build.isolated.reaper import stand_guard

        stand_guard(child, heard, _list_children)
    end_with_parent(guard, signal.SIGKILL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, heard)


def _call_prctl(option: int, value: int) -> bool:
    """Return whether the system has done it."""
    if not HAS_GUARD:
        return False
    import ctypes  # the building process has no use for it

    with suppress(OSError, AttributeError):  # a libc without it
        done = ctypes.CDLL(None).prctl(option, *map(ctypes.c_ulong, (value, 0, 0, 0)))
        return bool(done == 0)
    return False


def _list_children() -> list[int]:
    return [pid for pid, (parent, _) in _read_proc().items() if parent == os.getpid()]


def close_inherited() -> None:
    """Let go of what keeps helpers of the build alive: they hold its standard streams.

    What a cell does with ``multiprocessing`` then has helpers of its own, which end with it.
    """
    server: Any = forkserver._forkserver  # nothing public lets go of them (Python 3.14)
    tracker: Any = resource_tracker._resource_tracker
    for owner, name in ((server, "_forkserver_alive_fd"), (tracker, "_fd")):
        descriptor = getattr(owner, name, None)
        if descriptor is not None:
            setattr(owner, name, None)
            with suppress(OSError):
                os.close(descriptor)


def end_descendants(top: int, seconds: float = 1.0) -> list[str]:
    """Kill what runs below a process; return what stays after so long, as "id (command)"."""
    until = time.monotonic() + seconds
    while (left := list_descendants(top)) and time.monotonic() < until:
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, KILL)
        time.sleep(0.01)
    return [f"{pid} ({command})" for pid, command in left.items()]


def await_end(pid: int, seconds: float) -> None:
    """Wait until a process that is none of our children has ended, at most for so long."""
    until = time.monotonic() + seconds
    while pid in _read_proc() and time.monotonic() < until:
        time.sleep(0.01)


def list_descendants(top: int) -> dict[int, str]:
    """Return the commands of what runs below a process, by process id; as far as one can see."""
    if not HAS_GUARD:
        return _find_descendants(top)
    processes = _read_proc()
    children = defaultdict(list)
    for pid, (parent, _) in processes.items():
        children[parent].append(pid)
    below, found = [top], {}
    while below:
        for pid in children.pop(below.pop(), []):
            found[pid] = processes[pid][1]
            below.append(pid)
    return found


def _find_descendants(top: int) -> dict[int, str]:
    """Return them as psutil sees them, which knows a parent from another with its old id."""
    import psutil  # a build on Linux has no use for it

    find: Any = psutil.Process  # psutil has no types
    found = {}
    with suppress(psutil.Error):
        for process in find(top).children(recursive=True):
            with suppress(psutil.Error):  # it has ended
                if process.status() != psutil.STATUS_ZOMBIE:
                    found[process.pid] = process.name()
    return found


def _read_proc() -> dict[int, tuple[int, str]]:
    """Return parent and command of every process that runs, by process id; nothing off Linux."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            left, _, right = path.read_text("utf-8", "replace").rpartition(")")
            state, parent = right.split()[:2]
            if state != "Z":
                found[int(path.parent.name)] = int(parent), left.partition("(")[2]
    return found
