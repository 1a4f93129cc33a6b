"""The run: every briefing that is not current made in a process of its own, and put in place."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from nenpo.build.briefing import Briefing, BriefingName, Selector
from nenpo.build.folder import check_output
from nenpo.build.isolated.outcome import LOG, BriefingResult, Failed, Made
from nenpo.build.isolated.processes import (
    Job,
    Limits,
    Result,
    choose_start_method,
    raise_interruptions,
    run_jobs,
)
from nenpo.build.isolated.server import start_server
from nenpo.build.isolated.trace import Trace
from nenpo.build.manifest import check_set, is_settled, lock_output
from nenpo.build.output import Output
from nenpo.build.receipts import Inputs
from nenpo.build.transaction import WORK
from nenpo.data.preloaded import DIGEST, WANTED, write_wanted
from nenpo.data.project import list_plans
from nenpo.errors import IncompleteSet, NenpoError, SchedulerMismatch
from nenpo.notebook.engine import EngineName
from nenpo.notebook.variables import lend_environment

_PAGES_SECONDS = 3600


@dataclass(frozen=True)
class BuildOptions:
    """How to build.

    ``selectors`` are those that chose the briefings (none: everything): a published briefing
    that they cover and that was not chosen no longer exists and is removed. ``jobs`` 0 means
    one for each processor. ``deadline`` is in seconds, for each briefing. ``engine`` "kernel"
    runs notebooks with papermill's own engine. ``fresh`` makes what is current as well.
    ``executor`` "dask" makes the briefings on the workers of a Dask cluster, that of the
    ``scheduler`` at this address; how many at once, they decide. ``pages`` is the function
    (``module:function``) that renders the pages around from the root and the output folder; they
    are left alone without one.

    Raises:
        SchedulerMismatch: one of the two without the other.
    """

    output: Path
    selectors: tuple[str, ...] = ()
    engine: EngineName = "nenpo"
    jobs: int = 0
    deadline: float = 120
    start_method: str | None = None
    fresh: bool = False
    executor: Literal["processes", "dask"] = "processes"
    scheduler: str = ""
    pages: str = ""

    def __post_init__(self) -> None:
        if (self.executor == "dask") != bool(self.scheduler):
            raise SchedulerMismatch(executor=self.executor, value=self.scheduler or "—")


@dataclass(frozen=True)
class BuildResult:
    """The results in the order of the briefings, and the names of removed ones.

    ``placing`` is the seconds spent on moving files, the manifest and the receipts. ``trouble``
    is what else could not be written: receipts, pages around, files of removed briefings.
    """

    output: Path
    briefings: tuple[BriefingResult, ...]
    removed: tuple[str, ...]
    placing: float = 0
    trouble: tuple[NenpoError, ...] = ()

    @property
    def failed(self) -> tuple[BriefingResult, ...]:
        """The briefings that could not be made."""
        return tuple(result for result in self.briefings if result.status == "failed")


def build(
    root: Path,
    briefings: Sequence[Briefing],
    options: BuildOptions,
    on_done: Callable[[BriefingResult], None] = lambda _: None,
    state: Inputs | None = None,
) -> BuildResult:
    """Make the briefings that are not current, and publish each set; a failure changes no other.

    With nothing to do, nothing is written either, not even a lock. ``on_done`` is told each result
    as it is settled: made is what is in place. ``state`` are the inputs by which the selectors
    chose the briefings, if they did: the choice is then kept for the next time. Sets are published
    whole while others are still being made, so an interrupted build keeps what it finished, and
    the next one goes on from there.

    Raises:
        UnusableOutput: the output folder is the project's or somebody else's, or cannot be written.
        BuildLocked: another build writes to the output folder.
        WriteFailed: a set can be neither put in place nor put back; the next build finishes it.
        UsageError: there is no cluster, or it cannot make what this machine would make.
        NenpoError: the processes cannot be started, or the pages around cannot be made.
        KeyboardInterrupt, SystemExit: interrupted; all processes are killed.
    """
    root, output = root.resolve(), options.output.resolve()
    run = _Run(root, output, options, state or Inputs(root), chosen=state is not None)
    settled = is_settled(output)
    published, current = _look(run, briefings)
    if settled and _is_all_done(run, briefings, published, current):
        return _conclude(run, briefings, published, _tell_all(current, on_done))
    check_output(root, output)
    with raise_interruptions(), lock_output(output):
        if not settled or published.is_stale():
            published, current = _look(run, briefings)
        _tell_all(current, on_done)
        due = [briefing for briefing in briefings if briefing.full_name not in current]
        plans = list(dict.fromkeys(briefing.plan for briefing in due))
        with lend_environment(_announce_data(run, plans)):
            made = _make_all(run, due, published, on_done) if due else {}
            removed = published.remove(_list_gone(run, briefings, published))
            if options.pages and not published.has_current_pages():
                published.put_pages(_render_pages(run))
        published.save()
    return _conclude(run, briefings, published, {**current, **made}, removed)


def _look(run: "_Run", briefings: Sequence[Briefing]) -> tuple[Output, dict[str, BriefingResult]]:
    """Return what is published, and the results of what need not be made; nothing is written."""
    published = Output(run.output, run.folder, run.state)
    current = {} if _makes_all(run.options) else published.find_current(briefings)
    if run.chosen:
        published.remember_list(run.options.selectors, briefings)
    return published, current


def _is_all_done(
    run: "_Run",
    briefings: Sequence[Briefing],
    published: Output,
    current: Mapping[str, BriefingResult],
) -> bool:
    """Return whether a build would write nothing: it needs no lock then, nor leave to write."""
    if published.has_news() or any(b.full_name not in current for b in briefings):
        return False
    gone = _list_gone(run, briefings, published)
    return not gone and (not run.options.pages or published.has_current_pages())


def _list_gone(run: "_Run", briefings: Sequence[Briefing], published: Output) -> set[str]:
    """Return the names of published briefings that the selectors cover and that are no more."""
    covered = list_covered(run.options.selectors, published.entries)
    return set(covered).difference(briefing.full_name for briefing in briefings)


def _tell_all(
    results: Mapping[str, BriefingResult], on_done: Callable[[BriefingResult], None]
) -> Mapping[str, BriefingResult]:
    for result in results.values():
        on_done(result)
    return results


def _conclude(
    run: "_Run",
    briefings: Sequence[Briefing],
    published: Output,
    results: Mapping[str, BriefingResult],
    removed: tuple[str, ...] = (),
) -> BuildResult:
    ordered = tuple(results[briefing.full_name] for briefing in briefings)
    trouble = tuple(published.trouble)
    return BuildResult(run.output, ordered, removed, published.seconds, trouble)


def _makes_all(options: BuildOptions) -> bool:
    # Whoever asks for the other engine wants to see what it makes.
    return options.fresh or options.engine == "kernel"


def count_processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class _Run:
    """What every step of one build needs.

    ``chosen``: the selectors chose the briefings by ``state``.
    """

    root: Path
    output: Path
    options: BuildOptions
    state: Inputs
    chosen: bool

    @property
    def limits(self) -> Limits:
        start = choose_start_method(self.options.start_method)
        return Limits(self.options.jobs or count_processors(), self.options.deadline, start)

    def folder(self, name: str) -> Path:
        # The process id keeps apart what children of a build that was killed may still write.
        return self.output / WORK / str(os.getpid()) / name


def start_early(state: Inputs, selectors: Sequence[str]) -> None:
    """Start the fork server, which takes a second or two, while this process reads the data."""
    plans = [Selector.parse(text).plan for text in selectors]
    with lend_environment({WANTED: write_wanted(state.root, plans or list_plans(state.root))}):
        start_server(choose_start_method())


def _announce_data(run: "_Run", plans: Sequence[str]) -> dict[str, str]:
    """Return what has a fork server read the data of ``plans`` once, and tells their digest."""
    if not plans:
        return {}
    digest = {DIGEST: run.state.data_digest}
    forks = run.limits.start_method == "forkserver"
    return digest | ({WANTED: write_wanted(run.root, plans)} if forks else {})


def _make_all(
    run: _Run,
    briefings: Sequence[Briefing],
    published: Output,
    on_done: Callable[[BriefingResult], None],
) -> dict[str, BriefingResult]:
    """Make every briefing in a process and a folder of its own; return the results by name."""
    folders = [run.folder(briefing.full_name) for briefing in briefings]
    engine = run.options.engine
    jobs = [
        Job(
            "nenpo.build.isolated.make:make_briefing",
            (run.root, briefing, engine, folder),
            folder / LOG,
        )
        for briefing, folder in zip(briefings, folders, strict=True)
    ]
    settled: dict[str, BriefingResult] = {}

    def settle(place: int, result: Result) -> None:
        found, trace = _settle(run, briefings[place], result)
        tell(published.take(briefings[place], found, trace))

    def tell(results: Iterable[BriefingResult]) -> None:
        for found in results:
            settled[found.name] = found
            on_done(found)

    if run.options.executor == "dask":
        from nenpo.build.isolated.cluster import run_on_cluster

        run_on_cluster(jobs, run.limits, settle, run.options.scheduler, run.root)
    else:
        run_jobs(jobs, run.limits, settle)
    tell(published.close())
    return settled


def _settle(run: _Run, briefing: Briefing, result: Result) -> tuple[BriefingResult, Trace | None]:
    """Return what became of the briefing, once its process has ended."""
    name, outcome = briefing.full_name, result.value
    if result.error is not None:
        outcome = _describe_death(run, run.folder(name), str(result.error))
    elif isinstance(outcome, Made):
        try:
            check_set(run.folder(name), briefing.name)
        except IncompleteSet as error:
            outcome = Failed(str(error))
    if isinstance(outcome, Made):
        stages = {**outcome.seconds, "fork": result.delay}
        made = BriefingResult(name, "made", result.seconds, outcome.title, stages=stages)
        return replace(made, remarks=outcome.remarks), outcome.trace
    failed = BriefingResult(
        name=name,
        status="failed",
        seconds=result.seconds,
        reason=outcome.reason,
        cell=outcome.cell,
        traceback=outcome.traceback,
    )
    return failed, None


def _describe_death(run: _Run, folder: Path, reason: str) -> Failed:
    """Read what the dead process left, in another process: its notebook may be large."""
    arguments = (run.root, folder, reason)
    job = Job("nenpo.build.isolated.make:describe_death", arguments, folder / "describe.txt")
    result = run_jobs([job], run.limits, lambda *_: None)[0]
    return result.value if isinstance(result.value, Failed) else Failed(reason)


def list_covered(selectors: Sequence[str], names: Iterable[str]) -> list[str]:
    """Return the names of briefings in editions that the selectors choose as a whole.

    >>> names = ["plan/2021/annual", "plan/2022/departments/x"]
    >>> list_covered([], names) == names, list_covered(["plan/2022"], names)
    (True, ['plan/2022/departments/x'])
    >>> list_covered(["plan/2021/annual"], names)
    []
    """
    wholes = [Selector.parse(text) for text in selectors]
    found = [BriefingName.parse(name) for name in names]
    return [
        str(name)
        for name in found
        if not wholes or any(whole.covers(name.plan, name.fiscal_year) for whole in wholes)
    ]


def _render_pages(run: _Run) -> dict[str, str]:
    """Return the pages around the briefings by path, rendered in a process of their own."""
    log = run.output / WORK / "pages.txt"
    job = Job(run.options.pages, (run.root, run.output), log)
    # Not the deadline of a briefing: the pages are about all of them.
    limits = replace(run.limits, deadline=_PAGES_SECONDS)
    result = run_jobs([job], limits, lambda *_: None)[0]
    if result.error:
        raise result.error
    pages: dict[str, str] = result.value
    return pages
