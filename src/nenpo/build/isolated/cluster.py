"""Jobs on the workers of a Dask cluster: what ``processes.run_jobs`` does on this machine.

Each job is a task of Dask's, which places it, repeats it where a worker died and gives it up in
the end. What Dask does not know is here: a project's inputs, its processes, the files that come
back, what to tell. Scheduler and workers import this module as well.
"""

# mypy: allow-untyped-calls
# distributed has few types.

import asyncio
import logging
import multiprocessing
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Collection, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from nenpo import errors
from nenpo.build.environment import find_environment
from nenpo.build.isolated import processes
from nenpo.build.isolated.processes import Job, Limits, Result
from nenpo.data.preloaded import DIGEST, WANTED, read_wanted, write_wanted
from nenpo.files import find_changed, is_ordinary
from nenpo.notebook.engine import SAVED

try:
    import distributed
except ImportError:
    raise errors.MissingExtra(value="--executor dask", extra="dask") from None

_CONNECT_SECONDS = 10.0
# What a result may take beyond its deadline: a nanny to start a worker again, files to travel.
_GRACE_SECONDS = 60.0


def run_on_cluster(
    jobs: Sequence[Job],
    limits: Limits,
    on_done: Callable[[int, Result], None],
    scheduler: str,
    root: Path,
) -> tuple[Result, ...]:
    """Run every job on some worker and return the results in the order of ``jobs``.

    Like ``processes.run_jobs``; the workers' threads decide how many run at once. Paths among a
    job's arguments that are ``root`` or the folder of its log become those of the worker; the
    files that it leaves in that folder are written into the folder here.

    Raises:
        UnreachableScheduler: nobody answers at the address of the scheduler, or no longer does.
        NoWorkers: the cluster has no worker, or has lost all.
        SilentWorkers: workers with nothing to do but our jobs sent no result in time.
        WorkerDiffers, WorkerUnusable, DaemonWorker: a worker cannot make these documents.
    """
    patience = limits.deadline + _GRACE_SECONDS
    results: dict[int, Result] = {}
    with processes.raise_on_sigterm(), _connect(scheduler) as client:
        plugins = BuildWatch(client.id), BuildPlugin(client.id, root, limits.deadline)
        _register_plugins(client, scheduler, patience, plugins)
        futures = client.map(run_job, jobs, build=client.id, pure=False)
        places = {future.key: place for place, future in enumerate(futures)}
        left = distributed.as_completed(futures, client.loop, with_results=True, raise_errors=False)
        del futures  # one that nobody holds lets its worker forget the result
        heard = time.monotonic()
        with processes.hold_signals() as held:
            while not held and not left.is_empty():
                for future, found in left.next_batch(block=False):
                    place = places[future.key]
                    results[place] = _take_answer(scheduler, jobs[place], future, found)
                    on_done(place, results[place])
                    heard = time.monotonic()
                if time.monotonic() - heard > patience:
                    _check_silence(client, scheduler, patience, places)
                    heard = time.monotonic()
                time.sleep(0.1)
    return tuple(results[place] for place in range(len(jobs)))


def _connect(scheduler: str) -> distributed.Client:
    # It would log a traceback for each connection that is lost; the build tells what that means.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        return distributed.Client(scheduler, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        why = str(error).partition("\n")[0] or type(error).__name__
        raise errors.UnreachableScheduler(value=scheduler, why=why) from None


def _register_plugins(
    client: distributed.Client, scheduler: str, patience: float, plugins: Sequence[Any]
) -> None:
    """Have scheduler and workers, also those that join later, run them until the client goes."""
    if not client.nthreads():
        raise errors.NoWorkers(value=scheduler)
    try:
        for plugin in plugins:
            client.sync(client.register_plugin, plugin, callback_timeout=patience)
    except OSError:
        _check_silence(client, scheduler, patience)
        raise


def _check_silence(
    client: distributed.Client, scheduler: str, patience: float, ours: Collection[Any] = ()
) -> None:
    """Raise what explains why nothing comes, unless workers are busy for other clients."""
    try:
        tasks = client.sync(client.processing, callback_timeout=_CONNECT_SECONDS)
    except OSError as error:
        raise errors.UnreachableScheduler(value=scheduler, why=type(error).__name__) from None
    if not tasks:
        raise errors.NoWorkers(value=scheduler)
    if set().union(*tasks.values()).issubset(ours):
        silent = [address for address, keys in tasks.items() if keys] or list(tasks)
        raise errors.SilentWorkers(place=", ".join(silent), seconds=f"{patience:g}")


def _take_answer(scheduler: str, job: Job, future: distributed.Future[Any], found: Any) -> Result:
    """Write the files of an answer and return its result, or raise why there is no answer."""
    if future.cancelled():
        raise errors.UnreachableScheduler(value=scheduler, why="接続が切れた", why_en="cut off")
    error = found[1] if future.status == "error" else None
    if isinstance(error, distributed.KilledWorker):
        died = {"count": error.allowed_failures + 1, "place": error.last_worker.address}
        result, files = Result(0, error=errors.WorkerDied(**died)), {job.log.name: b""}
    elif error:
        raise error
    else:
        result, files = found
    job.log.parent.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (job.log.parent / name).write_bytes(content)
    return result


def run_job(job: Job, build: str) -> tuple[Result, dict[str, bytes]]:
    """Run a job on this worker: the task that Dask knows. Return also the files that it left."""
    return cast(BuildPlugin, distributed.get_worker().plugins[build]).run(job)


class BuildPlugin(distributed.WorkerPlugin):
    """What every worker has of a build: the project's inputs, and the processes of its jobs."""

    def __init__(self, client: str, root: Path, deadline: float) -> None:
        """Collect what workers need; the build has announced its data in our environment."""
        self.name = client
        self._root, self._inputs, self._deadline = root, _pack_inputs(root), deadline
        self._environment, digest = find_environment(), os.environ.get(DIGEST, "")
        self._variables = {"NENPO_LANG": errors.message_language(), DIGEST: digest}
        self._plans = read_wanted(os.environ.get(WANTED, ""))[1]
        self._problem: errors.NenpoError | None = None

    def setup(self, worker: distributed.Worker) -> None:
        """Get ready; what is wrong is raised here, and by jobs if the worker came later."""
        self._folder = Path(worker.local_directory, self.name).resolve()
        self._project = self._folder / "project"
        try:
            self._check_worker(worker.address)
            self._open_processes(worker.state.nthreads)
        except (OSError, ValueError) as error:
            self._problem = errors.WorkerUnusable(place=worker.address, value=str(error))
        except errors.NenpoError as error:
            self._problem = error
        if self._problem:
            raise self._problem

    def teardown(self, worker: distributed.Worker) -> None:
        """End every process of the build and remove its files."""
        if not self._problem:
            self._processes.stop()
        # A worker has one fork server, which the builds of several clients share.
        if not any(isinstance(plugin, BuildPlugin) for plugin in worker.plugins.values()):
            processes.stop_server()
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, job: Job) -> tuple[Result, dict[str, bytes]]:
        """Run a job in a folder of its own, with our paths in place of the client's."""
        if self._problem:
            raise self._problem
        with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as name:
            folder = Path(name)
            moved = {self._root: self._project, job.log.parent: folder}
            arguments = tuple(moved.get(a, a) if isinstance(a, Path) else a for a in job.arguments)
            try:
                result = self._processes.run(Job(job.function, arguments, folder / job.log.name))
                if result.error is not None:
                    result = self._describe_death(result, folder)
            except InterruptedError:  # the worker closes, or nobody waits any more
                raise distributed.Reschedule from None
            # The saved run tells how a process died, which has been told.
            paths = [path for path in folder.iterdir() if path.is_file() and path.name != SAVED]
            return result, {path.name: path.read_bytes() for path in paths}

    def _check_worker(self, address: str) -> None:
        if multiprocessing.current_process().daemon:
            raise errors.DaemonWorker(place=address)
        ours, theirs = self._environment, find_environment()
        if names := find_changed(ours, theirs):
            shown = [f"{n} {ours.get(n, '—')[:12]} ≠ {theirs.get(n, '—')[:12]}" for n in names]
            raise errors.WorkerDiffers(place=address, value=", ".join(shown[:5]))

    def _open_processes(self, threads: int) -> None:
        """Lay the project out, and have a fork server read its data."""
        zipfile.ZipFile(BytesIO(self._inputs)).extractall(self._project)
        limits = Limits(threads, self._deadline, processes.choose_start_method())
        os.environ.pop(WANTED, None)
        if self._plans and limits.start_method == "forkserver":
            os.environ[WANTED] = write_wanted(self._project, self._plans)
        self._processes = processes.open_processes(limits, self._variables)

    def _describe_death(self, result: Result, folder: Path) -> Result:
        """Read what the dead process left where its paths mean something."""
        arguments = (self._project, folder, str(result.error))
        job = Job("nenpo.build.isolated.make:describe_death", arguments, folder / "describe.txt")
        described = self._processes.run(job).value
        return Result(result.seconds, result.delay, described) if described else result


def _pack_inputs(root: Path) -> bytes:
    """Return ``data/``, ``params/`` and ``notebooks/`` with all in them, zipped."""
    packed = BytesIO()
    # Files from before 1980, as some checkouts have them, are no error.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for folder in ("data", "params", "notebooks"):
            for path in [root / folder, *sorted((root / folder).rglob("*"))]:
                if path.is_dir() or is_ordinary(root, path):  # a pipe would be waited for
                    archive.write(path, path.relative_to(root))
    return packed.getvalue()


class BuildWatch(distributed.SchedulerPlugin):
    """Takes a build off the workers when its client has gone, however it went."""

    def __init__(self, client: str) -> None:
        self.name, self._client = f"{client}-watch", client

    def remove_client(self, scheduler: distributed.Scheduler, client: str) -> None:
        """Notice it; the scheduler itself has dropped the client's tasks."""
        if client == self._client:
            self._cleaning = asyncio.ensure_future(self._clean(scheduler))

    async def _clean(self, scheduler: distributed.Scheduler) -> None:
        await scheduler.unregister_scheduler_plugin(self.name)
        await scheduler.unregister_worker_plugin(None, self._client)
