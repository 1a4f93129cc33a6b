"""A process beside a Dask worker that makes its briefings.

A worker under a nanny is a daemon, which may have no children from ``multiprocessing``. So it
starts this process: jobs come as frames on standard input, answers go as frames to standard
output. It ends with its input, that is with the worker, and no process of a briefing outlives it.
"""

import io
import os
import pickle
import shutil
import struct
import tempfile
import threading
import traceback
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from nenpo.build.isolated.processes import (
    Crew,
    Job,
    Limits,
    Result,
    choose_start_method,
    open_crew,
    raise_on_sigterm,
)
from nenpo.data.preloaded import WANTED, write_wanted
from nenpo.errors import NenpoError
from nenpo.notebook.engine import SAVED

_HEAD = struct.Struct("!QQ")  # number, length


@dataclass(frozen=True)
class Opening:
    """What a crew is told first.

    ``root`` is the project's folder on the client, ``inputs`` its files (see ``pack_inputs``),
    ``plans`` those to read beforehand. The worker knows the rest: how many ``jobs`` come at
    once, and a ``folder`` for files of the crew's own.
    """

    root: Path
    inputs: bytes
    environment: Mapping[str, str]
    plans: tuple[str, ...]
    deadline: float
    jobs: int = 1
    folder: str | None = None


@dataclass(frozen=True)
class Answer:
    """What became of a job, and the files that it left in its folder, by name."""

    result: Result
    files: Mapping[str, bytes]


def pack_inputs(root: Path) -> bytes:
    """Return ``data/``, ``params/`` and ``notebooks/`` with everything in them as a zip file."""
    packed = io.BytesIO()
    # Files from before 1980, as some checkouts have them, are no error.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
        for folder in ("data", "params", "notebooks"):
            # Folders as well: an empty one is a plan, too.
            for path in [root / folder, *sorted((root / folder).rglob("*"))]:
                if path.exists():
                    archive.write(path, path.relative_to(root))
    return packed.getvalue()


def write_frame(stream: BinaryIO, number: int, content: bytes) -> None:
    """Write a numbered message."""
    stream.write(_HEAD.pack(number, len(content)) + content)
    stream.flush()


def read_frames(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield numbered messages until the stream ends, be it in the middle of one."""
    while len(head := stream.read(_HEAD.size)) == _HEAD.size:
        number, length = _HEAD.unpack(head)
        content = stream.read(length)
        if len(content) < length:
            return
        yield number, content


def main() -> None:
    """Make what comes on standard input until it ends.

    The first answer, number 0, says that all is ready (it is empty), or why nothing can be made.
    """
    orders, answers = _take_streams()
    frames = read_frames(orders)
    opening: Opening = pickle.loads(next(frames)[1])
    with raise_on_sigterm(), ExitStack() as stack:
        try:
            bench = _open_bench(opening, answers, stack)
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            write_frame(answers, 0, f"{type(error).__name__}: {error}".encode())
            return
        write_frame(answers, 0, b"")
        with ThreadPoolExecutor(opening.jobs) as threads:
            try:
                for number, content in frames:
                    threads.submit(bench.answer, number, content)
            finally:
                threads.shutdown(wait=False, cancel_futures=True)
                bench.crew.stop()


def _open_bench(opening: Opening, answers: BinaryIO, stack: ExitStack) -> "_Bench":
    limits = Limits(opening.jobs, opening.deadline, choose_start_method())
    crew = open_crew(limits)
    folder = tempfile.TemporaryDirectory(
        prefix="nenpo-", dir=opening.folder, ignore_cleanup_errors=True
    )
    place = Path(stack.enter_context(folder)).resolve()
    _unpack(opening, place / "project")
    return _Bench(opening.root, place, crew, answers)


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Return standard input and output for frames alone; what is printed goes to the log."""
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 # a descriptor is wanted
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return orders, answers


def _unpack(opening: Opening, root: Path) -> None:
    """Lay the project out, and ask the fork server for its data."""
    with zipfile.ZipFile(io.BytesIO(opening.inputs)) as archive:
        archive.extractall(root)
    os.environ.update(opening.environment)
    if opening.plans:
        os.environ[WANTED] = write_wanted(root, opening.plans)


@dataclass
class _Bench:
    """Where jobs are done: ``root`` is the project's folder on the client, ``place`` our own."""

    root: Path
    place: Path
    crew: Crew
    answers: BinaryIO
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, number: int, content: bytes) -> None:
        """Do one job and tell what became of it, or why it could not be done."""
        try:
            result = self._run(pickle.loads(content), self.place / "jobs" / str(number))
            answer = pickle.dumps(result)
        except InterruptedError:  # nobody waits any more
            return
        except NenpoError as error:
            answer = pickle.dumps(error)
        except Exception:
            answer = pickle.dumps(NenpoError(detail=traceback.format_exc()))
        with self.lock, suppress(BrokenPipeError):
            write_frame(self.answers, number, answer)

    def _run(self, job: Job, folder: Path) -> Answer:
        """Run a job of the client's in a folder of ours."""
        moved = {self.root: self.place / "project", job.log.parent: folder}
        arguments = tuple(moved.get(a, a) if isinstance(a, Path) else a for a in job.arguments)
        result = self.crew.run(replace(job, arguments=arguments, log=folder / job.log.name))
        if result.error is not None:
            result = self._describe_death(result, folder)
        try:
            return Answer(result, _read_files(folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _describe_death(self, result: Result, folder: Path) -> Result:
        """Read what the dead process left where its paths mean something."""
        arguments = (self.place / "project", folder, str(result.error))
        job = Job("nenpo.build.isolated.make:describe_death", arguments, folder / "describe.txt")
        described: Any = self.crew.run(job).value
        return replace(result, value=described, error=None) if described else result


def _read_files(folder: Path) -> dict[str, bytes]:
    # The saved run is not needed any more: it tells how a process died, which has been told.
    paths = [path for path in folder.iterdir() if path.is_file() and path.name != SAVED]
    return {path.name: path.read_bytes() for path in paths}
