"""The run: every briefing made in a process of its own, then all of them published at once."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nenpo.errors import IncompleteSet
from nenpo.isolate import Job, Limits, Result, choose_start_method, run_jobs
from nenpo.outcome import FAILED, LOG, EngineName, Failed, Made
from nenpo.params import Briefing
from nenpo.publish import (
    FAILED_FOLDER,
    WORK,
    Change,
    check_output,
    check_set,
    hash_file,
    lock_output,
    publish,
    read_manifest,
    remove_file,
    write_atomically,
)


@dataclass(frozen=True)
class BuildOptions:
    """How to build.

    ``selectors`` are those that chose the briefings (none: everything): a published briefing
    that they cover and that was not chosen no longer exists and is removed. ``jobs`` 0 means
    one for each processor. ``deadline`` is in seconds, for each briefing. ``engine`` "kernel"
    runs notebooks with papermill's own engine.
    """

    output: Path
    selectors: tuple[str, ...] = ()
    engine: EngineName = "nenpo"
    jobs: int = 0
    deadline: float = 120
    start_method: str | None = None


@dataclass(frozen=True)
class BriefingResult:
    """What became of one briefing.

    ``name`` is ``plan/2021/departments/joho-system``. For a failed one: ``reason``, ``cell``
    (from 1; None if no cell is to blame), ``traceback`` (its last lines) and ``executed``, the
    path of the executed notebook below the output folder ("" if there is none).
    """

    name: str
    status: Literal["made", "failed"]
    seconds: float
    title: str = ""
    reason: str = ""
    cell: int | None = None
    traceback: tuple[str, ...] = ()
    executed: str = ""


@dataclass(frozen=True)
class BuildResult:
    """The results in the order of the briefings, and the names of removed ones."""

    output: Path
    briefings: tuple[BriefingResult, ...]
    removed: tuple[str, ...]

    @property
    def failed(self) -> tuple[BriefingResult, ...]:
        """The briefings that could not be made."""
        return tuple(result for result in self.briefings if result.status == "failed")


def build(
    root: Path,
    briefings: Sequence[Briefing],
    options: BuildOptions,
    on_done: Callable[[BriefingResult], None] = lambda _: None,
) -> BuildResult:
    """Make the briefings and publish those that succeed; a failure changes no other.

    ``on_done`` is told each result as it comes. Nothing of the output folder changes before all
    are done, so an interrupted build leaves it as it was.

    Raises:
        UnusableOutput: the output folder lies among the inputs, or cannot be written.
        BuildLocked: another build writes to the output folder.
        NenpoError: the processes cannot be started, or the pages around cannot be made.
        KeyboardInterrupt, SystemExit: interrupted; all processes are killed.
    """
    root, output = root.resolve(), options.output.resolve()
    check_output(root, output)
    with lock_output(output):
        run = _Run(root, output, options.engine, _read_limits(options))
        results = _make_all(run, briefings, on_done)
        change, removed = _plan_change(run, options.selectors, results)
        publish(output, change)
        _write_pages(run)
    return BuildResult(output, results, removed)


def _read_limits(options: BuildOptions) -> Limits:
    start = choose_start_method(options.start_method)
    return Limits(options.jobs or count_processors(), options.deadline, start)


def count_processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class _Run:
    """What every step of one build needs."""

    root: Path
    output: Path
    engine: EngineName
    limits: Limits


def _make_all(
    run: _Run, briefings: Sequence[Briefing], on_done: Callable[[BriefingResult], None]
) -> tuple[BriefingResult, ...]:
    """Make every briefing in a process and a folder of its own."""
    folders = [_make_folder(run, _name(briefing)) for briefing in briefings]
    jobs = [
        Job("nenpo.make:make_briefing", (run.root, briefing, run.engine, folder), folder / LOG)
        for briefing, folder in zip(briefings, folders, strict=True)
    ]
    settled: dict[int, BriefingResult] = {}

    def settle(place: int, result: Result) -> None:
        settled[place] = _settle(run, briefings[place], folders[place], result)
        on_done(settled[place])

    run_jobs(jobs, run.limits, settle)
    return tuple(settled[place] for place in range(len(jobs)))


def _name(briefing: Briefing) -> str:
    return f"{briefing.plan}/{briefing.fiscal_year}/{briefing.name}"


def _make_folder(run: _Run, name: str) -> Path:
    # The process id keeps apart what children of a build that was killed may still write.
    folder = run.output / WORK / str(os.getpid()) / name
    folder.mkdir(parents=True)
    return folder


def _settle(run: _Run, briefing: Briefing, folder: Path, result: Result) -> BriefingResult:
    """Return what became of the briefing, once its process has ended."""
    outcome = result.value
    if result.error is not None:
        outcome = _describe_death(run, folder, str(result.error))
    elif isinstance(outcome, Made):
        try:
            check_set(folder, briefing.name)
        except IncompleteSet as error:
            outcome = Failed(str(error))
    if isinstance(outcome, Made):
        return BriefingResult(_name(briefing), "made", result.seconds, outcome.title)
    return BriefingResult(
        name=_name(briefing),
        status="failed",
        seconds=result.seconds,
        reason=outcome.reason,
        cell=outcome.cell,
        traceback=outcome.traceback,
        executed=f"{FAILED_FOLDER}/{_name(briefing)}.ipynb" if (folder / FAILED).exists() else "",
    )


def _describe_death(run: _Run, folder: Path, reason: str) -> Failed:
    """Read what the dead process left, in another process: its notebook may be large."""
    arguments = (run.root, folder, reason)
    job = Job("nenpo.make:describe_death", arguments, folder / "describe.txt")
    result = run_jobs([job], run.limits, lambda *_: None)[0]
    return result.value if isinstance(result.value, Failed) else Failed(reason)


def _plan_change(
    run: _Run, selectors: Sequence[str], results: Sequence[BriefingResult]
) -> tuple[Change, tuple[str, ...]]:
    """Return what to publish, and the names of the briefings that are removed."""
    before = read_manifest(run.output)
    entries, moves, removals = dict(before), dict[str, str](), list[str]()
    for result in results:
        folder = run.output / WORK / str(os.getpid()) / result.name
        failure = f"{FAILED_FOLDER}/{result.name}.ipynb"
        if result.status == "made":
            entries[result.name], files = _describe_set(run.output, folder, result)
            moves.update(files)
            removals.append(failure)
        elif result.executed:
            moves[failure] = _relative(run.output, folder / FAILED)
    made = {result.name for result in results}
    gone = [name for name in before if covers(selectors, name) and name not in made]
    for name in gone:
        removals += [*entries.pop(name)["files"], f"{FAILED_FOLDER}/{name}.ipynb"]
    return Change(moves, tuple(removals), entries), tuple(sorted(gone))


def _describe_set(
    output: Path, folder: Path, result: BriefingResult
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the manifest's entry and the moves (target → source)."""
    files = check_set(folder, result.name)
    targets = {f"{result.name}{suffix}": path for suffix, path in files.items()}
    entry = {
        "title": result.title,
        "files": {target: hash_file(path) for target, path in targets.items()},
    }
    return entry, {target: _relative(output, path) for target, path in targets.items()}


def _relative(output: Path, path: Path) -> str:
    return path.relative_to(output).as_posix()


def covers(selectors: Sequence[str], name: str) -> bool:
    """Return whether the selectors choose everything where the briefing ``name`` stood.

    >>> covers([], "plan/2021/annual"), covers(["plan/2021"], "plan/2021/departments/x")
    (True, True)
    >>> covers(["plan/2021/annual"], "plan/2021/annual"), covers(["plan/202"], "plan/2021/annual")
    (False, False)
    """
    parts = name.split("/")[:2]
    wholes = [selector.strip("/").split("/") for selector in selectors]
    return not selectors or any(whole == parts[: len(whole)] for whole in wholes)


def _write_pages(run: _Run) -> None:
    """Write the pages around the briefings, and remove those of editions that are gone."""
    log = run.output / WORK / "pages.txt"
    job = Job("nenpo.overview:render_overview", (run.root, run.output), log)
    result = run_jobs([job], run.limits, lambda *_: None)[0]
    if result.error:
        raise result.error
    for path, text in result.value.items():
        write_atomically(run.output / path, text)
    for page in run.output.glob("*/*/index.html"):
        if _relative(run.output, page) not in result.value:
            remove_file(run.output, page)
