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
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

from nenpo.errors import DeadlinePassed, NenpoError, ProcessDied
from nenpo.files import explain_refusal

PRELOAD = "nenpo.build.isolated.preload"
_KILL_GRACE = 5.0


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
    with raise_on_sigterm(), ThreadPoolExecutor(limits.jobs) as threads:
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


def start_server(start_method: str) -> None:
    """Start the fork server, if there is to be one, without waiting until it is ready."""
    if start_method == "forkserver":
        multiprocessing.get_context(start_method).set_forkserver_preload([PRELOAD])
        forkserver.ensure_running()


def stop_server() -> None:
    """End the fork server, if there is one, so that the next one reads its data anew."""
    server: Any = forkserver._forkserver  # nothing public ends it (Python 3.14)
    if server._forkserver_pid:
        # By itself it would wait for whatever a cell has left running.
        os.kill(server._forkserver_pid, signal.SIGKILL)
        server._stop()


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

    def run(self, job: Job) -> Result:
        """Run one job to its end, whatever that is, and leave no process of it behind.

        Raises:
            InterruptedError: stopped before the end.
            NenpoError: the process cannot import what it needs.
        """
        reader, writer = self.context.Pipe(duplex=False)
        settings = ({**os.environ, **self.variables}, self.limits)
        process = self.context.Process(target=_serve, args=(job, writer, *settings), daemon=False)
        with self.lock:
            if self.stopped:
                raise InterruptedError
            asked = time.monotonic()
            with _without_main():
                process.start()
            self.running.add(process)
        writer.close()
        started = time.monotonic()
        try:
            kind, value, began = _await_answer(process, reader, self.limits.deadline)
            seconds = time.monotonic() - started
        finally:
            _kill_group(process)
            with self.lock:
                self.running.discard(process)
            process.join(_KILL_GRACE)
            reader.close()
        if self.stopped:  # it has not died by itself
            raise InterruptedError
        if kind == "unusable":
            raise NenpoError(detail=value)
        return Result(seconds, max(began - asked, 0), **{kind: value})

    def stop(self) -> None:
        """Kill all, so that the threads that wait for them return."""
        with self.lock:
            self.stopped = True
            for process in self.running:
                _kill_group(process)


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


def _kill_group(process: Any) -> None:
    """Kill the child and whatever its cells have started; a child leads a group of its own."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the program's main module, which a child would import again for nothing."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


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
def raise_on_sigterm() -> Iterator[None]:
    """Make SIGTERM end the run like Ctrl-C does, through the code that cleans up."""

    def leave(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _serve(job: Job, writer: Connection, environment: dict[str, str], limits: Limits) -> None:
    """Make the call, in the child; send "value" or "unusable", what or why, and the begin."""
    began = time.monotonic()  # the same clock in all processes of a machine
    if hasattr(os, "setsid"):
        os.setsid()
        # Should the parent be killed, nobody is left to keep the deadline.
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
    if hasattr(time, "tzset"):
        time.tzset()
    problem = _find_preload_problem(limits.start_method)
    if not problem:
        try:
            module, _, name = job.function.partition(":")
            function = getattr(importlib.import_module(module), name)
            writer.send(("value", function(*job.arguments), began))
        except Exception:
            problem = traceback.format_exc()
    if problem:
        writer.send(("unusable", problem, began))


def _find_preload_problem(start_method: str) -> str:
    if start_method == "forkserver" and PRELOAD not in sys.modules:
        return f"the fork server runs without {PRELOAD}: another program part started it before"
    import nenpo.build.isolated.preload

    return nenpo.build.isolated.preload.PROBLEM


def _log_streams(log: Path) -> None:
    """Lead the descriptors of the standard streams into ``log``, and a crash report as well."""
    import faulthandler

    target = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in (1, 2):
        os.dup2(target, number)
    # The copy stays: the engine leads 1 and 2 elsewhere while a cell runs.
    faulthandler.enable(target)
