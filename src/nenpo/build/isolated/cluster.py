"""Jobs on the workers of a Dask cluster: what ``isolate.run_jobs`` does on this machine.

The client places jobs itself. Dask's scheduler would run the jobs of a dead worker again at once,
beside others, and fail the innocent with the one that killed it; here those that may have done it
run again alone, and a job fails only for killing workers on which it was the only one.
"""

# mypy: allow-untyped-calls
# distributed has few types.

import os
import pickle
import queue
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from nenpo.build.environment import find_environment
from nenpo.build.isolated.crew import Opening, pack_inputs
from nenpo.build.isolated.processes import Job, Limits, Result, raise_on_sigterm
from nenpo.data.preloaded import DIGEST, WANTED, read_wanted
from nenpo.errors import (
    MissingExtra,
    NoWorkers,
    UnreachableScheduler,
    WorkerDied,
    WorkerDiffers,
    message_language,
)

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT_SECONDS = 10
_LOOK_SECONDS = 0.5
# A nanny needs some seconds to start its worker again.
_PATIENCE_SECONDS = 60.0
# While results travel and are published, each thread has its next job waiting.
_JOBS_PER_THREAD = 2
_KILLS = 3


def run_on_cluster(
    jobs: Sequence[Job],
    limits: Limits,
    on_done: Callable[[int, Result], None],
    scheduler: str,
    root: Path,
) -> tuple[Result, ...]:
    """Run every job on some worker and return the results in the order of ``jobs``.

    Like ``isolate.run_jobs``; the workers' threads decide how many run at once. Paths among a
    job's arguments that are ``root`` or the folder of its log become those of the worker; the
    files that it leaves in that folder are written into the folder here.

    Raises:
        MissingExtra: ``distributed`` is not installed.
        UnreachableScheduler: nobody answers at the address of the scheduler.
        NoWorkers: the cluster has no worker, or has lost all.
        WorkerDiffers: a worker would draw other documents than this machine.
        WorkerUnusable: a worker cannot start what makes briefings.
    """
    with raise_on_sigterm(), _connect(scheduler) as client:
        build = f"nenpo-{uuid.uuid4().hex}"
        environment = find_environment()
        placement = _Placement(client, scheduler, build, environment, jobs, on_done)
        placement.look_for_workers()
        with _lend_inputs(client, build, environment, _open(root, limits)):
            return placement.run()


@contextmanager
def _connect(scheduler: str) -> Iterator["Client"]:
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtra(value="--executor dask", extra="dask") from None
    try:
        client = Client(scheduler, timeout=_CONNECT_SECONDS, name="nenpo", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        why = str(error).partition("\n")[0] or type(error).__name__
        raise UnreachableScheduler(value=scheduler, why=why) from None
    try:
        yield client
    finally:
        client.close(timeout=_CONNECT_SECONDS)


def _open(root: Path, limits: Limits) -> Opening:
    """Return what a crew is told; the build has announced its data in our environment."""
    environment = {"NENPO_LANG": message_language(), DIGEST: os.environ.get(DIGEST, "")}
    _, plans = read_wanted(os.environ.get(WANTED, ""))
    return Opening(root, pack_inputs(root), environment, tuple(plans), limits.deadline)


@contextmanager
def _lend_inputs(
    client: "Client", build: str, environment: dict[str, str], opening: Opening
) -> Iterator[None]:
    """Let every worker have the inputs for as long as the block lasts, and a crew if need be."""
    from nenpo.build.isolated.worker import CrewPlugin

    try:
        client.register_plugin(CrewPlugin(build, opening, environment))
        yield
    finally:
        with suppress(Exception):  # a scheduler that is gone has taken everything with it
            client.sync(client._unregister_worker_plugin, build, callback_timeout=_CONNECT_SECONDS)


@dataclass
class _Seat:
    """A worker: its address, the id of its process, its threads, the jobs that it has."""

    address: str
    id: str
    threads: int
    flights: dict["Future[bytes]", "_Flight"] = field(default_factory=dict)

    @property
    def load(self) -> float:
        return len(self.flights) / self.threads


@dataclass
class _Flight:
    """A job on its way: its position, its worker, whether others were there at the same time."""

    place: int
    seat: _Seat
    is_accompanied: bool


class _Placement:
    """Which jobs wait, which are on their way where, and what came of the others."""

    def __init__(
        self,
        client: "Client",
        scheduler: str,
        build: str,
        environment: dict[str, str],
        jobs: Sequence[Job],
        on_done: Callable[[int, Result], None],
    ) -> None:
        self._client, self._scheduler, self._build = client, scheduler, build
        self._environment, self._jobs, self._on_done = environment, jobs, on_done
        self._waiting = deque(range(len(jobs)))
        self._suspects: deque[int] = deque()
        self._kills = dict.fromkeys(range(len(jobs)), 0)
        self._results: dict[int, Result] = {}
        self._seats: dict[str, _Seat] = {}
        self._flights: dict[Future[bytes], _Flight] = {}
        self._arrived: queue.SimpleQueue[tuple[Future[bytes], bytes | BaseException]]
        self._arrived = queue.SimpleQueue()
        self._looked, self._last_seen = 0.0, -_PATIENCE_SECONDS

    def run(self) -> tuple[Result, ...]:
        """Run all jobs to their end."""
        try:
            while len(self._results) < len(self._jobs):
                if time.monotonic() - self._looked > _LOOK_SECONDS:
                    self.look_for_workers()
                self._place_jobs()
                with suppress(queue.Empty):
                    arrived = self._arrived.get(timeout=_LOOK_SECONDS)
                    self._take(*arrived)
        finally:
            with suppress(Exception):
                self._client.cancel(list(self._flights), force=True)
        return tuple(self._results[place] for place in range(len(self._jobs)))

    def look_for_workers(self) -> None:
        """Take in new workers after a look at their environment, and let go those that are lost."""
        present = self._list_workers()
        for address in self._seats.keys() - present.keys():
            self._lose_worker(self._seats.pop(address))
        new = [address for address in present if address not in self._seats]
        for address, worker_id in self._admit(new).items():
            self._seats[address] = _Seat(address, worker_id, present[address])
        self._looked = time.monotonic()
        if self._seats:
            self._last_seen = self._looked
        elif self._looked - self._last_seen > _PATIENCE_SECONDS:
            raise NoWorkers(value=self._scheduler)

    def _list_workers(self) -> dict[str, int]:
        """Return the number of threads of every worker that takes jobs."""
        ask = cast(Any, self._client.scheduler).identity
        try:
            found = self._client.sync(ask, callback_timeout=_CONNECT_SECONDS)
        except (OSError, TimeoutError) as error:
            why = str(error).partition("\n")[0] or type(error).__name__
            raise UnreachableScheduler(value=self._scheduler, why=why) from None
        workers: Mapping[str, Any] = found["workers"]
        # A worker that is short of memory pauses; what it has, it finishes.
        return {
            address: worker["nthreads"]
            for address, worker in workers.items()
            if worker["status"] == "running" or address in self._seats
        }

    def _admit(self, addresses: Sequence[str]) -> dict[str, str]:
        """Return the ids of the workers' processes. Raises WorkerDiffers."""
        from nenpo.build.isolated.worker import describe_differences, inspect_worker

        if not addresses:
            return {}
        told = self._client.run(inspect_worker, workers=list(addresses), on_error="return")
        admitted = {}
        for address, found in told.items():
            if isinstance(found, OSError):  # it has gone meanwhile
                continue
            if isinstance(found, Exception):
                raise WorkerDiffers(place=address, value=f"{type(found).__name__}: {found}")
            admitted[address], environment = found
            if differences := describe_differences(self._environment, environment):
                raise WorkerDiffers(place=address, value=differences)
        return admitted

    def _place_jobs(self) -> None:
        """Give every worker what it can have: the least busy first, suspects last and alone."""
        while self._waiting:
            seat = min(self._seats.values(), key=lambda seat: seat.load, default=None)
            if seat is None or seat.load >= _JOBS_PER_THREAD:
                return
            self._send(self._waiting.popleft(), seat)
        for seat in self._seats.values():
            if self._suspects and not seat.flights:
                self._send(self._suspects.popleft(), seat)

    def _send(self, place: int, seat: _Seat) -> None:
        from nenpo.build.isolated.worker import run_job

        future = self._client.submit(
            run_job,
            *(self._build, seat.id, pickle.dumps(self._jobs[place])),
            key=f"{self._build}-{place}-{uuid.uuid4().hex}",
            workers=[seat.address],
            allow_other_workers=False,
            pure=False,
        )
        flight = _Flight(place, seat, is_accompanied=bool(seat.flights))
        for other in seat.flights.values():
            other.is_accompanied = True
        seat.flights[future] = self._flights[future] = flight
        future.add_done_callback(self._fetch)

    def _fetch(self, future: "Future[bytes]") -> None:
        """Fetch what came of a job, in a thread of Dask's.

        Should its worker die before all is here, this waits until the job is cancelled.
        """
        try:
            self._arrived.put((future, future.result()))
        except BaseException as error:
            self._arrived.put((future, error))

    def _take(self, future: "Future[bytes]", found: bytes | BaseException) -> None:
        """Take what came of a job, unless it was lost before with its worker."""
        from distributed import KilledWorker

        from nenpo.build.isolated.worker import Lost, Replaced

        if isinstance(found, CancelledError):  # with its worker, or with the scheduler
            self.look_for_workers()
        flight = self._flights.get(future)
        if flight is None:
            return
        if isinstance(found, Replaced):  # its jobs are lost with the process that had the address
            self._seats.pop(flight.seat.address, None)
            self._lose_worker(flight.seat)
            return
        self._forget(future)
        if isinstance(found, Lost | KilledWorker | CancelledError):
            self._suspect(flight)
            return
        answer = found if isinstance(found, BaseException) else pickle.loads(found)
        if isinstance(answer, BaseException):
            raise answer
        _write_files(self._jobs[flight.place].log.parent, answer.files)
        self._settle(flight.place, answer.result)

    def _forget(self, future: "Future[bytes]") -> None:
        flight = self._flights.pop(future, None)
        if flight:
            del flight.seat.flights[future]
            future.release()

    def _lose_worker(self, seat: _Seat) -> None:
        for future, flight in list(seat.flights.items()):
            self._client.cancel(future, force=True)
            self._forget(future)
            self._suspect(flight)

    def _suspect(self, flight: _Flight) -> None:
        """Have a job run again alone, or give it up if it killed its workers alone."""
        place = flight.place
        self._kills[place] += not flight.is_accompanied
        if self._kills[place] < _KILLS:
            self._suspects.append(place)
            return
        _write_files(self._jobs[place].log.parent, {self._jobs[place].log.name: b""})
        error = WorkerDied(count=_KILLS, place=flight.seat.address)
        self._settle(place, Result(0, error=error))

    def _settle(self, place: int, result: Result) -> None:
        self._results[place] = result
        self._on_done(place, result)


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
