"""Calls a function in a process of its own, with a deadline: what it does stays with it.

On Linux the processes are forked from a server that has imported everything (``preload``);
elsewhere, where forking is unsafe, or with ``NENPO_START_METHOD=spawn``, they are started anew.
"""

import importlib
import linecache
import math
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import TextIOWrapper
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import MappingProxyType
from typing import Any

from nenpo.build.isolated import guard
from nenpo.build.isolated.server import (
    PRELOAD,
    ensure_server,
    find_server,
    has_ended,
    start_server,
    starting,
)
from nenpo.errors import (
    DeadlinePassed,
    NenpoError,
    ProcessDied,
    ProcessStays,
    ServerDied,
    describe_unusable,
)
from nenpo.files import explain_refusal

_KILL_GRACE = 5.0
_STOP_PATIENCE = 0.3
# What multiprocessing says of a process whose fork server has gone.
_ABANDONED = 255


@dataclass(frozen=True)
class Job:
    """A call to make elsewhere: ``module:function``, its arguments, a file for what it prints.

    The function goes by name, so that this process need not import its module.
    """

    function: str
    arguments: tuple[Any, ...]
    log: Path


@dataclass(frozen=True)
class Limits:
    """How jobs run: at most ``jobs`` at once, each at most ``deadline`` seconds."""

    jobs: int
    deadline: float
    start_method: str


@dataclass(frozen=True)
class Result:
    """What a job returned, or why it returned nothing.

    ``seconds`` it took, of which ``delay`` until its process began.
    """

    seconds: float
    delay: float = 0
    value: Any = None
    error: NenpoError | None = None


def choose_start_method(asked: str | None = None) -> str:
    """Return how processes start: as asked, as ``NENPO_START_METHOD`` says, or the safe best."""
    default = "forkserver" if sys.platform == "linux" else "spawn"
    return asked or os.environ.get("NENPO_START_METHOD") or default


def run_jobs(
    jobs: Sequence[Job], limits: Limits, on_done: Callable[[int, Result], None]
) -> tuple[Result, ...]:
    """Run every job and return the results in the order of ``jobs``.

    ``on_done`` is told each position and result as it comes, in this thread. Whatever ends
    this call early (Ctrl-C, SIGTERM as SystemExit 143) kills every process of every job first.

    Raises:
        NenpoError: the processes cannot import what they need, a defect or a broken install.
    """
    processes = open_processes(limits)
    results: dict[int, Result] = {}
    with raise_interruptions(), ThreadPoolExecutor(limits.jobs) as threads:
        try:
            waiting = {threads.submit(processes.run, job): place for place, job in enumerate(jobs)}
            for future in as_completed(waiting):
                results[waiting[future]] = future.result()
                on_done(waiting[future], future.result())
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            processes.stop()
            raise
    return tuple(results[place] for place in range(len(jobs)))


def open_processes(
    limits: Limits, variables: Mapping[str, str] = MappingProxyType({})
) -> "Processes":
    """Return what runs jobs one by one, with these environment variables beside our own."""
    start_server(limits.start_method)
    return Processes(multiprocessing.get_context(limits.start_method), limits, variables)


@dataclass
class Processes:
    """The processes that run now."""

    context: Any
    limits: Limits
    variables: Mapping[str, str]
    running: set[Any] = field(default_factory=set)
    stopped: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    again: threading.Lock = field(default_factory=threading.Lock)

    def run(self, job: Job) -> Result:
        """Run one job to its end, whatever that is, and leave no process of it behind.

        If the fork server ends meanwhile, it is started and the job run once more.

        Raises:
            InterruptedError: stopped before the end.
            NenpoError: the process cannot import what it needs.
            ServerDied: its fork server ended twice before the job began.
        """
        try:
            result = self._run_once(job)
        except ServerDied as error:
            result = Result(0, error=error)
        if isinstance(result.error, ServerDied):
            # What killed the server once may do so again: those who try again wait for each other.
            with self.again:
                return self._run_once(job)
        return result

    def _run_once(self, job: Job) -> Result:
        asked = time.monotonic()
        process, reader, server = self._start(job)
        started = time.monotonic()
        try:
            kind, value, began = _await_answer(process, reader, self.limits.deadline)
            seconds = time.monotonic() - started
        finally:
            stays = _end(process)
            with self.lock:
                self.running.discard(process)
            reader.close()
        if self.stopped:  # it has not died by itself
            raise InterruptedError
        if kind == "error" and process.exitcode == _ABANDONED and has_ended(server):
            value = ServerDied()
        if kind == "unusable":
            raise value
        if stays:
            kind, value = "error", ProcessStays(value=", ".join(stays))
        return Result(seconds, max(began - asked, 0), **{kind: value})

    def _start(self, job: Job) -> tuple[Any, Connection, int | None]:
        """Return a process that runs, what its answer comes from, and its fork server's id."""
        reader, writer = self.context.Pipe(duplex=False)
        try:
            with self.lock, starting() as environment:
                if self.stopped:
                    raise InterruptedError
                ensure_server(self.limits.start_method)
                settings = (job, writer, {**environment, **self.variables}, self.limits)
                process = self.context.Process(target=_serve, args=settings, daemon=False)
                process.start()
                server = find_server()
                self.running.add(process)
        except (EOFError, ConnectionError):
            raise ServerDied from None
        finally:
            writer.close()
        return process, reader, server

    def stop(self) -> None:
        """Kill all, so that the threads that wait for them return."""
        self.stopped = True
        if not self.lock.acquire(timeout=_STOP_PATIENCE):
            # One waits for a fork server that is still reading: without it, for nothing.
            if pid := find_server():
                with suppress(ProcessLookupError):
                    os.kill(pid, guard.KILL)
            self.lock.acquire()
        try:
            for process in self.running:
                _ask_to_end(process)
        finally:
            self.lock.release()


def _await_answer(process: Any, reader: Connection, deadline: float) -> tuple[str, Any, float]:
    """Return what the child sent and when it began; its death or silence is an answer too."""
    ready = wait([reader, process.sentinel], deadline)
    if not ready:
        return "error", DeadlinePassed(seconds=f"{deadline:g}"), 0
    # poll, not `reader in ready`: an answer may have come just before the end.
    with suppress(EOFError, OSError):
        if reader.poll():
            answer: tuple[str, Any, float] = reader.recv()
            return answer
    process.join(_KILL_GRACE)
    return "error", ProcessDied(how=_describe_exit(process.exitcode)), 0


def _describe_exit(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"


def _ask_to_end(process: Any) -> None:
    """Have the guard end all below it; without one, kill the child."""
    if guard.HAS_GUARD:
        process.terminate()
        return
    _kill_group(process)
    process.kill()


def _kill_group(process: Any) -> None:
    """Kill what is left of the child's group, which it leads."""
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _end(process: Any) -> list[str]:
    """End the child and whatever its cells have started; return what stays, with its id."""
    stays = []
    if not guard.HAS_GUARD and process.is_alive():
        stays = guard.end_descendants(process.pid)
    _ask_to_end(process)
    process.join(_KILL_GRACE)
    if process.is_alive():
        stays = guard.end_descendants(process.pid)
        process.kill()
        process.join(_KILL_GRACE)
    elif process.exitcode == _ABANDONED:
        guard.await_end(process.pid, _KILL_GRACE)
    _kill_group(process)  # in case that there was no guard, or a cell has killed it
    return stays


@contextmanager
def hold_signals() -> Iterator[Sequence[int]]:
    """Let Ctrl-C and SIGTERM act only after the block; yield those that have come so far.

    Raised wherever Python happens to be, an interruption is lost in a finaliser of a library's.
    """
    held: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield held
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda caught, _: held.append(caught)) for number in numbers]
    try:
        yield held
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        with suppress(IndexError):
            signal.raise_signal(held[0])


@contextmanager
def raise_interruptions() -> Iterator[None]:
    """Have Ctrl-C and SIGTERM end the run through the code that cleans up.

    They raise KeyboardInterrupt and SystemExit 143, unless the caller ignores them.
    """

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: leave}
    before = {number: signal.getsignal(number) for number in handlers}
    heard = {number: kept for number, kept in before.items() if kept != signal.SIG_IGN}
    try:
        for number in heard:
            signal.signal(number, handlers[number])
        yield
    finally:
        for number, kept in heard.items():
            signal.signal(number, kept)


def _serve(job: Job, writer: Connection, environment: dict[str, str], limits: Limits) -> None:
    """Make the call, in the child; send "value" or "unusable", what or why, and the begin."""
    began = time.monotonic()  # the same clock in all processes of a machine
    if sys.platform != "win32":
        os.setsid()
    guard.put_under_guard(_find_parent(limits.start_method))
    guard.close_inherited()
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        # Should the parent be killed, elsewhere nobody is left to keep the deadline.
        signal.alarm(math.ceil(limits.deadline) + 10)
    try:
        job.log.parent.mkdir(parents=True, exist_ok=True)
        _log_streams(job.log)
    except OSError as error:
        writer.send(("error", explain_refusal(job.log, error), began))
        return
    os.environ.clear()
    # Scratch files lie beside the log and go with it, even if this process is killed.
    os.environ.update(environment, TMPDIR=str(job.log.parent))
    tempfile.tempdir = None
    # Since Python 3.13 it has the command of the fork server as the source of any "<string>".
    linecache.clearcache()
    if sys.platform != "win32":
        time.tzset()
    answer = _answer(job, limits.start_method)
    if not guard.HAS_GUARD and (stays := guard.end_descendants(os.getpid())):
        answer = "error", ProcessStays(value=", ".join(stays))
    writer.send((*answer, began))


def _answer(job: Job, start_method: str) -> tuple[str, Any]:
    try:
        problem = _find_preload_problem(start_method)
        if not problem:
            module, _, name = job.function.partition(":")
            function = getattr(importlib.import_module(module), name)
            return "value", function(*job.arguments)
    except Exception as error:
        problem = describe_unusable(error)
    return "unusable", problem


def _find_parent(start_method: str) -> int:
    """Return the id of the process that started this one."""
    if start_method == "forkserver":
        return getattr(sys.modules.get(PRELOAD), "SERVER", os.getppid())
    parent = multiprocessing.parent_process()
    return parent.pid if parent and parent.pid else os.getppid()


def _find_preload_problem(start_method: str) -> NenpoError | None:
    if start_method == "forkserver" and PRELOAD not in sys.modules:
        why = f"the fork server runs without {PRELOAD}: another program part started it before"
        return NenpoError(detail=why)
    import nenpo.build.isolated.preload

    return nenpo.build.isolated.preload.PROBLEM


def _log_streams(log: Path) -> None:
    """Lead the descriptors of the standard streams into ``log``, and a crash report as well."""
    import faulthandler

    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(target, number)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # in whatever encoding a console has
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # The copy stays: the engine leads 1 and 2 elsewhere while a cell runs.
    faulthandler.enable(target)
