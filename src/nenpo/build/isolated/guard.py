"""Whatever a job starts ends with it, and a job ends with the build, however that went.

On Linux a guard stands above a job's process: it adopts what that leaves behind, also in a session
of its own (a "child subreaper"), and ends it. Whose parent goes is told by the system (a "parent
death signal"), so that nothing outlives a build that was killed. Elsewhere there is neither:
what can still be seen below the process is ended, and what stays is named.
"""

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any, NoReturn

PARENT = "NENPO_PARENT"
"""The environment variable that tells the fork server whom it must not outlive."""
HAS_GUARD = sys.platform == "linux"
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
    if not _call_prctl(_PR_SET_CHILD_SUBREAPER, 1):
        return
    heard = {signal.SIGCHLD, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, heard)
    end_with_parent(parent, signal.SIGTERM)
    guard = os.getpid()
    child = os.fork()
    if child:
        _stand_guard(child, heard)
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


def _stand_guard(child: int, heard: set[signal.Signals]) -> NoReturn:
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208 # the pipes are the child's
        with suppress(OSError):
            os.close(int(descriptor))
    status, asked = None, False
    while status is None:
        if signal.sigwait(heard) == signal.SIGTERM:
            os.kill(child, signal.SIGKILL)
            asked = True
        status = _reap(child)
    # Of those that are killed, we adopt the children, until there are none.
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, os.WNOHANG)
            for pid in _list_children():
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0)
    _end_like(0 if asked else status)


def _reap(child: int) -> int | None:
    """Wait for all that have ended; return the status of ``child`` if it is among them."""
    status = None
    with suppress(ChildProcessError):
        while True:
            pid, found = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            if pid == child:
                status = found
    return status


def _list_children() -> list[int]:
    return [pid for pid, (parent, _) in _list_processes().items() if parent == os.getpid()]


def _end_like(status: int) -> NoReturn:
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the child has left its own
        if -code not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(-code, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {-code})
        os.kill(os.getpid(), -code)
    os._exit(max(code, 0))


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
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    return [f"{pid} ({command})" for pid, command in left.items()]


def await_end(pid: int, seconds: float) -> None:
    """Wait until a process that is none of our children has ended, at most for so long."""
    until = time.monotonic() + seconds
    while pid in _list_processes() and time.monotonic() < until:
        time.sleep(0.01)


def list_descendants(top: int) -> dict[int, str]:
    """Return the commands of what runs below a process, by process id; as far as one can see."""
    processes = _list_processes()
    children = defaultdict(list)
    for pid, (parent, _) in processes.items():
        children[parent].append(pid)
    below, found = [top], {}
    while below:
        for pid in children.pop(below.pop(), []):
            found[pid] = processes[pid][1]
            below.append(pid)
    return found


def _list_processes() -> dict[int, tuple[int, str]]:
    """Return parent and command of every process that runs, by process id."""
    if HAS_GUARD:
        return _read_proc()
    with suppress(OSError, subprocess.SubprocessError):
        listing = ["ps", "-A", "-o", "pid=,ppid=,stat=,comm="]
        told = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
        rows = (line.split(None, 3) for line in told.splitlines())
        return {
            int(pid): (int(parent), command)
            for pid, parent, state, command in rows
            if not state.startswith("Z") and Path(command).name != "ps"
        }
    return {}  # Windows


def _read_proc() -> dict[int, tuple[int, str]]:
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            left, _, right = path.read_text("utf-8", "replace").rpartition(")")
            state, parent = right.split()[:2]
            if state != "Z":
                found[int(path.parent.name)] = int(parent), left.partition("(")[2]
    return found
