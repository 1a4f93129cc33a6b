"""A Dask cluster of real processes on this machine: a scheduler, and workers under nannies."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from project import is_alive


@dataclass
class Cluster:
    """Its processes write to files in ``folder``."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a nanny with a worker of one thread, which is there when this returns."""
        before = self.list_workers()
        options = ["--nthreads", "1", "--no-dashboard", "--local-directory", str(self.folder)]
        variables = {"DASK_DISTRIBUTED__WORKER__DAEMON": "False", **environment}
        arguments = [self.address, "--host", "127.0.0.1", *options]
        nanny = self._start("dask_worker", *arguments, **variables)
        log = self.folder / f"log-{len(self.processes) - 1}"
        wait_until(lambda: b"Registered to:" in log.read_bytes())
        wait_until(lambda: self.list_workers() > before)
        return nanny

    def list_workers(self) -> set[int]:
        """Return the process ids of the workers."""
        return {pid for nanny in self.processes[1:] for pid in find_workers(nanny.pid)}

    def list_below(self) -> list[str]:
        """Return the commands of what runs below the workers."""
        return [read_command(pid) for top in self.list_workers() for pid in list_children(top)]

    def _start(self, module: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"log-{len(self.processes)}"
        command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, stdout=file, stderr=file, env={**os.environ, **environment}
            )
        self.processes.append(process)
        return process

    def start_scheduler(self) -> None:
        """Start the scheduler at a free port."""
        options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        self._start("dask_scheduler", *options)
        wait_until(lambda: bool(self._find_address()))
        self.address = self._find_address()

    def _find_address(self) -> str:
        found = re.search(r"Scheduler at: +(tcp://\S+)", (self.folder / "log-0").read_text())
        return found[1] if found else ""


@contextmanager
def run_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Run a cluster as long as the block lasts."""
    cluster = Cluster(folder)
    try:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.start_worker()
        yield cluster
    finally:
        for process in reversed(cluster.processes):  # the scheduler last
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process as an operator would."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# No claim of any test: what has not come by then never will, and the run must end.
GIVE_UP = 600


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait, however busy the machine is, and give up in the end."""
    deadline = time.monotonic() + GIVE_UP
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def list_children(pid: int) -> list[int]:
    """Return the ids of the processes that a process started."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    try:
        return [int(child) for path in listed for child in path.read_text().split()]
    except OSError:
        return []


def read_command(pid: int) -> str:
    """Return a process's command line, "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def find_workers(nanny: int) -> list[int]:
    """Return the process id of the nanny's worker, if it has one at present."""
    return [pid for pid in list_children(nanny) if "spawn_main" in read_command(pid)]


def list_left(pids: list[int]) -> list[str]:
    """Return the commands of those that still run."""
    return [read_command(pid) for pid in pids if is_alive(pid)]
