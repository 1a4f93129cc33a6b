"""The guard itself: the process above a job's, once it has nothing else to do (see ``guard``)."""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

assert sys.platform != "win32"  # it has none of these calls


def stand_guard(
    child: int, heard: set[signal.Signals], list_children: Callable[[], list[int]]
) -> NoReturn:
    """Wait until a child has ended, end all below this process, and end as the child did.

    ``heard``, which are blocked, are SIGCHLD and SIGTERM; SIGTERM has all end at once.
    """
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
            for pid in list_children():
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
