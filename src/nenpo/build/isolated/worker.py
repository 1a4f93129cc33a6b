"""What a Dask worker has of a build while it lasts: the project's inputs, and a crew.

The only module that imports ``distributed`` (the extra ``dask``) as a whole.
"""

import asyncio
import itertools
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from typing import IO, Any, cast

from distributed import Worker, WorkerPlugin, get_worker

from nenpo.build.environment import find_environment
from nenpo.build.isolated.crew import Opening, read_frames, write_frame
from nenpo.errors import WorkerDiffers, WorkerUnusable
from nenpo.files import find_changed

_IDLE_SECONDS = 60.0
_GRACE = 10.0
_SHOWN_NAMES = 5


class Lost(Exception):
    """The crew died, or its worker is another one by now: the job has no result."""


class Replaced(Lost):
    """Another process has the address of the worker that the job was for."""


def run_job(build: str, worker_id: str, job: bytes) -> bytes:
    """Run a pickled ``Job`` on this worker and return the pickled ``Answer``.

    Raises:
        Lost: as it says. A worker started anew at an old address is sent the jobs of the one
            that died there; whether to try again is not for the scheduler to decide.
        WorkerDiffers: this worker would draw other documents than the client.
        WorkerUnusable: the crew cannot start here.
    """
    worker = get_worker()
    plugin = worker.plugins.get(build)
    if worker.id != worker_id:
        raise Replaced(worker.address)
    if plugin is None:
        raise Lost(worker.address)
    return cast(CrewPlugin, plugin).run(job)


def inspect_worker(dask_worker: Worker) -> tuple[str, dict[str, str]]:
    """Return the id of the worker's process and its environment."""
    return dask_worker.id, find_environment()


def describe_differences(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """Return the first names that differ, "" if the environments are the same.

    >>> describe_differences({"pandas": "3.0.1", "python": "3.12.1"}, {"python": "3.12.1"})
    'pandas 3.0.1 ≠ —'
    """
    names = find_changed(ours, theirs)
    shown = [f"{n} {ours.get(n, '—')[:12]} ≠ {theirs.get(n, '—')[:12]}" for n in names]
    return ", ".join(shown[:_SHOWN_NAMES]) + (" …" if shown[_SHOWN_NAMES:] else "")


class CrewPlugin(WorkerPlugin):
    """Keeps what a build needs on a worker; its crew starts with the first job.

    The scheduler hands it to every worker, also to those that join later. Data that are merely
    scattered would be lost with the worker that holds them.
    """

    def __init__(self, name: str, opening: Opening, environment: dict[str, str]) -> None:
        self.name = name
        self._opening = opening
        self._environment = environment

    def setup(self, worker: Worker) -> None:
        """Take a worker."""
        self._address = worker.address
        self._opening = replace(
            self._opening, jobs=worker.state.nthreads, folder=worker.local_directory
        )
        self._lock = threading.Lock()
        self._crew: _CrewProcess | None = None
        self._timer: threading.Timer | None = None
        self._differences: str | None = None
        self._closed = False

    async def teardown(self, worker: Worker) -> None:  # noqa: ARG002 # the plugin's signature
        """End the crew, and with it every process of a briefing."""
        await asyncio.to_thread(self._close)

    def run(self, job: bytes) -> bytes:
        """Have the crew run a job; wait for its answer."""
        self._check_environment()
        with self._lock:
            crew = self._find_crew()
            answer = crew.send(job)
        try:
            return answer.result()
        except Lost:
            if crew.problem:
                raise WorkerUnusable(place=self._address, value=crew.problem) from None
            raise
        finally:
            self._end_when_idle()

    def _check_environment(self) -> None:
        if self._differences is None:
            self._differences = describe_differences(self._environment, find_environment())
        if self._differences:
            raise WorkerDiffers(place=self._address, value=self._differences)

    def _find_crew(self) -> "_CrewProcess":
        if self._closed:
            raise Lost(self._address)
        if self._timer:
            self._timer.cancel()
        if self._crew is None or self._crew.is_lost:
            self._crew = _CrewProcess(self._opening)
        return self._crew

    def _end_when_idle(self) -> None:
        """End the crew after a while without jobs: its client may have died without a word."""
        with self._lock:
            if self._crew and not self._crew.is_busy and not self._closed:
                self._timer = threading.Timer(_IDLE_SECONDS, self._end_idle)
                self._timer.daemon = True
                self._timer.start()

    def _end_idle(self) -> None:
        with self._lock:
            if self._crew and not self._crew.is_busy:
                self._crew.close()
                self._crew = None

    def _close(self) -> None:
        with self._lock:
            self._closed = True
            if self._timer:
                self._timer.cancel()
            if self._crew:
                self._crew.close()


class _CrewProcess:
    """A crew as its worker sees it."""

    def __init__(self, opening: Opening) -> None:
        # A session of its own: a Ctrl-C in the worker's terminal reaches it by way of the worker.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from nenpo.build.isolated.crew import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=dict(os.environ),
        )
        self._numbers = itertools.count(1)
        self._waiting: dict[int, Future[bytes]] = {}
        self._lock = threading.Lock()
        self.is_lost = False
        self.problem = ""  # why it could not start
        self._write(0, pickle.dumps(opening))
        threading.Thread(target=self._take_answers, daemon=True, name="nenpo-crew").start()

    @property
    def is_busy(self) -> bool:
        """Whether anybody waits for an answer."""
        return bool(self._waiting)

    def send(self, job: bytes) -> "Future[bytes]":
        """Send a job; the future will hold its answer, or raise Lost."""
        answer: Future[bytes] = Future()
        with self._lock:
            number = next(self._numbers)
            self._waiting[number] = answer
        self._write(number, job)
        if self.is_lost:
            self._give_up()
        return answer

    def close(self) -> None:
        """End the crew; whoever waits for an answer gets Lost."""
        with suppress(OSError):
            self._stdin.close()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()

    @property
    def _stdin(self) -> IO[bytes]:
        return cast(IO[bytes], self._process.stdin)

    def _write(self, number: int, content: bytes) -> None:
        with suppress(OSError, ValueError):  # a dead crew is noticed where its answers end
            write_frame(cast(Any, self._stdin), number, content)

    def _take_answers(self) -> None:
        for number, content in read_frames(cast(Any, self._process.stdout)):
            if number == 0:
                self.problem = content.decode()
                continue
            with self._lock:
                answer = self._waiting.pop(number)
            answer.set_result(content)
        self.is_lost = True
        self._give_up()
        self._process.wait()

    def _give_up(self) -> None:
        with self._lock:
            left, self._waiting = self._waiting, {}
        for answer in left.values():
            answer.set_exception(Lost(f"crew {self._process.pid}"))
