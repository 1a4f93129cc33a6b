"""Processes that are killed."""

# mypy: allow-untyped-calls
# psutil has no types.

import random
import signal
import time

from faults import Bench, Ended, fault
from processes import is_forked, list_tree


def kill_after(bench: Bench, seconds: float, number: signal.Signals) -> Ended:
    """Send the signal to a build, a while after it began."""
    with bench.start("build") as process:
        time.sleep(seconds)
        process.send_signal(number)
        told = process.communicate(timeout=60)[0]
    return Ended(process.returncode, told)


@fault("SIGKILL of the parent, early", -9)
def kill_parent_early(bench: Bench) -> Ended:
    return kill_after(bench, 0.5, signal.SIGKILL)


@fault("SIGKILL of the parent, later", -9, 0)
def kill_parent(bench: Bench) -> Ended:
    return kill_after(bench, 2.0, signal.SIGKILL)


@fault("SIGINT during imports", 130, -2)
def interrupt_imports(bench: Bench) -> Ended:
    return kill_after(bench, 0.15, signal.SIGINT)


@fault("SIGTERM in the middle", 143, 0)
def end_in_the_middle(bench: Bench) -> Ended:
    return kill_after(bench, 2.0, signal.SIGTERM)


@fault("SIGKILL of the fork server while it starts", 0, 3, 70)
def kill_fork_server(bench: Bench) -> Ended:
    with bench.start("build") as process:
        end = time.monotonic() + 5
        while time.monotonic() < end and process.poll() is None:
            servers = [each for each in list_tree(process.pid) if is_forked(each)]
            if servers:
                time.sleep(random.Random(1).random() * 0.2)
                servers[0].kill()
                break
            time.sleep(0.005)
        told = process.communicate(timeout=120)[0]
    return Ended(process.returncode, told)
