"""Work that is killed before one of its changes of the disk, whichever that is."""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "open")


def run_and_die(work: Callable[[], object], place: int) -> bool:
    """Run in a fork that is killed before its n-th change of the disk; return whether it was."""
    child = os.fork()
    if child == 0:
        count = 0

        def die(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal count
            if event not in _CHANGES or (event == "open" and not arguments[2] & os.O_WRONLY):
                return
            count += 1
            if count == place:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(die)
        try:
            work()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
