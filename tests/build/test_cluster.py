"""Briefings made on a Dask cluster are those made here, whatever happens to its processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

import nenpo.build.isolated.cluster
from cluster import Cluster, find_workers, list_left, run_cluster, stop, wait_until
from nenpo.build.briefing import Briefing
from nenpo.build.isolated.outcome import BriefingResult
from nenpo.build.receipts import locate_record, read_receipts
from nenpo.build.run import BuildOptions, BuildResult, build
from nenpo.errors import (
    DaemonWorker,
    MissingExtra,
    NenpoError,
    NoWorkers,
    SchedulerMismatch,
    SilentWorkers,
    UnreachableScheduler,
    WorkerDiffers,
    WorkerUnusable,
)
from project import ask_for, read_files, write_project

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]

DEADLINE = 5
ACTIONS = {
    "raises": "raise ValueError('値が違う')",
    "left": "import os; os._exit(0)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "hangs": "import time\nwhile True: time.sleep(0.1)",
    "opens": "open('note.txt').read()",
}
SLOW = "import time; time.sleep(0.3)"
# Above a briefing's process are its guard, the fork server, and the worker.
KILLS_ITS_WORKER = """
import os, pathlib, signal, time
pid = os.getpid()
for _ in range(3):
    pid = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
os.kill(pid, signal.SIGKILL)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = write_project(tmp_path_factory.mktemp("project"))
    (project / "notebooks/note.txt").write_text("覚書")
    return project


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with run_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of one worker, whose scheduler the last test that asks for it ends."""
    with run_cluster(tmp_path_factory.mktemp("lonely"), workers=1) as running:
        yield running


def build_on(
    cluster: Cluster,
    root: Path,
    output: Path,
    briefings: list[Briefing],
    on_done: Callable[[BriefingResult], None] = lambda _: None,
    deadline: float = 60,
) -> BuildResult:
    options = BuildOptions(output, deadline=deadline, executor="dask", scheduler=cluster.address)
    return build(root, briefings, options, on_done)


def list_made(output: Path) -> set[str]:
    """Return the names of briefings of which a set was published; there must be some."""
    made = set(read_receipts(locate_record(output)).briefings)
    assert made
    return made


GOOD = [ask_for(f"ka-{number}", SLOW) for number in range(5)]


@pytest.fixture(scope="module")
def expected(root: Path) -> dict[str, bytes]:
    """Build the good briefings on this machine."""
    output = root / "expected"
    build(root, GOOD, BuildOptions(output))
    return read_files(output)


def test_the_outputs_are_those_of_a_build_on_this_machine(
    root: Path, cluster: Cluster, tmp_path: Path
) -> None:
    """Sets, manifest, pages, notebooks of failures, what is told of them, receipts."""
    bad = [ask_for(name, action) for name, action in ACTIONS.items()]
    briefings = [ask_for("joho"), *bad, ask_for("zaisei")]
    near = build(root, briefings, BuildOptions(tmp_path / "near", deadline=DEADLINE))
    far = build_on(cluster, root, tmp_path / "far", briefings, deadline=DEADLINE)
    assert read_files(tmp_path / "far") == read_files(tmp_path / "near")
    assert [strip(result) for result in far.briefings] == [strip(r) for r in near.briefings]
    assert [result.status for result in far.briefings].count("made") == 3
    far_receipts, near_receipts = (
        read_receipts(locate_record(tmp_path / name)) for name in ("far", "near")
    )
    assert far_receipts == near_receipts
    wait_until(lambda: cluster.list_below() == [])


def strip(result: BriefingResult) -> BriefingResult:
    return replace(result, seconds=0, stages={})


def test_a_briefing_that_kills_every_worker_is_given_up(
    root: Path, cluster: Cluster, tmp_path: Path
) -> None:
    killer = ask_for("killer", KILLS_ITS_WORKER)
    result = build_on(cluster, root, tmp_path, [killer], deadline=DEADLINE)
    assert [failure.name for failure in result.failed] == ["plan/2021/departments/killer"]
    assert "died 4 times" in result.failed[0].reason
    assert result.failed[0].executed == "failed/plan/2021/departments/killer.ipynb"


INTERRUPTED = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from project import ask_for
from nenpo.build.run import BuildOptions, build
action = "import os, pathlib, time\\n" \\
    f"pathlib.Path({sys.argv[4]!r}, f'pid-{{os.getpid()}}').touch()\\n" \\
    "time.sleep(600)"
options = BuildOptions(Path(sys.argv[4], "out"), executor="dask", scheduler=sys.argv[3])
try:
    build(Path(sys.argv[2]), [ask_for(name, action) for name in "abc"], options)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_an_interrupted_build_leaves_no_process_on_the_workers(
    root: Path, cluster: Cluster, tmp_path: Path, number: int, code: int
) -> None:
    arguments = [
        str(Path(__file__).parents[1] / "support"),
        str(root),
        cluster.address,
        str(tmp_path),
    ]
    run = subprocess.Popen([sys.executable, "-c", INTERRUPTED, *arguments])
    wait_until(lambda: len(list(tmp_path.glob("pid-*"))) == 2)
    pids = [int(path.name.removeprefix("pid-")) for path in tmp_path.glob("pid-*")]
    run.send_signal(number)
    assert run.wait(60) == code
    wait_until(lambda: list_left(pids) == [] and cluster.list_below() == [])


@pytest.mark.parametrize(
    ("environment", "error", "told"),
    [
        ({"NENPO_FONT": "ほかの書体"}, WorkerDiffers, "font IPAexGothic"),
        ({"NENPO_START_METHOD": "bogus"}, WorkerUnusable, "bogus"),
        (
            {"DASK_DISTRIBUTED__WORKER__DAEMON": "True"},
            DaemonWorker,
            "DASK_DISTRIBUTED__WORKER__DAEMON=False dask worker",
        ),
    ],
)
def test_a_worker_that_cannot_make_the_documents_is_refused(
    root: Path,
    cluster: Cluster,
    tmp_path: Path,
    environment: dict[str, str],
    error: type[NenpoError],
    told: str,
) -> None:
    nanny = cluster.start_worker(**environment)
    try:
        with pytest.raises(error, match=told) as caught:
            build_on(cluster, root, tmp_path, GOOD)
        assert str(caught.value.fields["place"]).startswith("tcp://127.0.0.1:")
        assert not (tmp_path / "manifest.json").exists()
    finally:
        stop(nanny)


def test_workers_may_die_and_join_meanwhile(
    root: Path, cluster: Cluster, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    told: list[str] = []
    joined: list[int] = []

    def change(result: BriefingResult) -> None:
        told.append(result.name)
        if len(told) == 1:
            os.kill(find_workers(cluster.processes[1].pid)[0], signal.SIGKILL)
        if len(told) == 2:
            joined.append(cluster.start_worker().pid)

    result = build_on(cluster, root, tmp_path, GOOD, change)
    assert joined
    assert result.failed == ()
    assert read_files(tmp_path) == expected


def test_a_worker_that_joins_and_differs_ends_the_build_which_keeps_what_is_made(
    root: Path, cluster: Cluster, tmp_path: Path
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def join(_: BriefingResult) -> None:
        if not started:
            started.append(cluster.start_worker(NENPO_FONT="ほかの書体"))

    briefings = [ask_for("joho")]
    briefings += [ask_for(f"ka-{number}", "import time; time.sleep(600)") for number in range(7)]
    with pytest.raises(WorkerDiffers):
        build_on(cluster, root, tmp_path, briefings, join)
    stop(started[0])
    assert list_made(tmp_path) == {"plan/2021/departments/joho"}


def test_frozen_workers_are_told(
    root: Path, lonely: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadline, told = 60, list[str]()  # a machine with much to do may need long for a briefing
    monkeypatch.setattr("nenpo.build.isolated.cluster._GRACE_SECONDS", DEADLINE - deadline)
    check = nenpo.build.isolated.cluster._check_silence
    silent = "nenpo.build.isolated.cluster._check_silence"
    monkeypatch.setattr(silent, lambda *given: check(*given) if told else None)

    worker = lonely.list_workers().pop()
    briefings = [ask_for("joho"), ask_for("kikaku", "import time; time.sleep(2)")]

    def freeze(result: BriefingResult) -> None:
        os.kill(worker, signal.SIGSTOP)
        told.append(result.name)

    try:
        with pytest.raises(SilentWorkers, match=r"tcp://127\.0\.0\.1"):
            build_on(lonely, root, tmp_path / "out", briefings, freeze, deadline=deadline)
    finally:
        os.kill(worker, signal.SIGCONT)
    assert list_made(tmp_path / "out") == {"plan/2021/departments/joho"}


def test_what_a_frozen_worker_has_is_given_to_others(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: dict[str, bytes]
) -> None:
    """Its nanny may be frozen as well, as when a machine is."""
    monkeypatch.setattr("nenpo.build.isolated.cluster._GRACE_SECONDS", 1)
    # A machine with much to do is not taken for one that hangs.
    monkeypatch.setattr("nenpo.build.isolated.cluster._check_silence", lambda *_: None)
    monkeypatch.setattr("nenpo.build.isolated.cluster._CONNECT_SECONDS", 2)
    with run_cluster(tmp_path, workers=2) as running:
        nanny = running.processes[1].pid
        frozen = [*find_workers(nanny), nanny]
        told: list[str] = []

        def freeze(result: BriefingResult) -> None:
            if not told:
                for pid in frozen:
                    os.kill(pid, signal.SIGSTOP)
            told.append(result.name)

        try:
            result = build_on(running, root, tmp_path / "out", GOOD, freeze, deadline=2 * DEADLINE)
        finally:
            for pid in frozen:
                os.kill(pid, signal.SIGCONT)
    assert result.failed == ()
    assert read_files(tmp_path / "out") == expected


def test_a_scheduler_that_goes_away_is_told(root: Path, lonely: Cluster, tmp_path: Path) -> None:
    with pytest.raises(UnreachableScheduler):
        build_on(lonely, root, tmp_path / "out", GOOD, lambda _: lonely.processes[0].kill())
    assert list_made(tmp_path / "out") < {briefing.full_name for briefing in GOOD}


def test_a_cluster_without_workers_is_told(root: Path, tmp_path: Path) -> None:
    with run_cluster(tmp_path, workers=0) as empty, pytest.raises(NoWorkers) as caught:
        build_on(empty, root, tmp_path / "out", GOOD)
    assert empty.address in str(caught.value)


def test_a_scheduler_that_does_not_answer_is_told(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nenpo.build.isolated.cluster._CONNECT_SECONDS", 1)
    with pytest.raises(UnreachableScheduler, match=r"tcp://127\.0\.0\.1:9 "):
        build_on(Cluster(tmp_path, "tcp://127.0.0.1:9"), root, tmp_path, GOOD)


def test_without_the_extra_it_is_named(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "nenpo.build.isolated.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"pip install nenpo\[dask\]"):
        build_on(Cluster(tmp_path, "tcp://127.0.0.1:9"), root, tmp_path, GOOD)


@pytest.mark.parametrize(("executor", "scheduler"), [("dask", ""), ("processes", "tcp://x:1")])
def test_a_scheduler_goes_with_the_executor(tmp_path: Path, executor: str, scheduler: str) -> None:
    with pytest.raises(SchedulerMismatch):
        BuildOptions(tmp_path, executor=executor, scheduler=scheduler)  # type: ignore[arg-type]
