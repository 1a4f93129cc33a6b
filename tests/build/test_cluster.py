"""Briefings made on a Dask cluster are those made here, whatever happens to its processes."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="the extra `dask` is not installed")

from cluster import (
    Cluster,
    find_workers,
    list_children,
    list_descendants,
    list_left,
    read_command,
    run_cluster,
    wait_until,
)
from nenpo.build.briefing import Briefing
from nenpo.build.isolated import cluster as module
from nenpo.build.isolated.outcome import BriefingResult
from nenpo.build.receipts import read_receipts
from nenpo.build.run import BuildOptions, BuildResult, build
from nenpo.errors import (
    MissingExtra,
    NoWorkers,
    SchedulerMismatch,
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
# Above a briefing's process are the fork server, the crew, the worker.
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


def list_crews(cluster: Cluster) -> list[str]:
    """Return the commands of what runs below the workers."""
    below = [pid for worker in cluster.list_workers() for pid in list_children(worker)]
    return [read_command(pid) for pid in below]


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
    assert read_receipts(tmp_path / "far") == read_receipts(tmp_path / "near")
    assert list_crews(cluster) == []


def strip(result: BriefingResult) -> BriefingResult:
    return replace(result, seconds=0, stages={})


def test_a_briefing_that_kills_its_worker_fails_alone(
    root: Path, cluster: Cluster, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    killer = ask_for("killer", KILLS_ITS_WORKER)
    result = build_on(cluster, root, tmp_path, [GOOD[0], killer, *GOOD[1:]])
    assert [failure.name for failure in result.failed] == ["plan/2021/departments/killer"]
    assert "died 3 times" in result.failed[0].reason
    assert result.failed[0].executed == "failed/plan/2021/departments/killer.ipynb"
    made = read_files(tmp_path / "plan/2021/departments")
    assert made == {
        path.removeprefix("plan/2021/departments/"): content
        for path, content in expected.items()
        if path.startswith("plan/2021/departments/")
    }


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


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
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
    assert list_left(pids) == []
    assert list_crews(cluster) == []


def test_a_worker_with_another_environment_is_refused(
    root: Path, cluster: Cluster, tmp_path: Path
) -> None:
    nanny = cluster.start_worker(NENPO_FONT="ほかの書体")
    try:
        with pytest.raises(WorkerDiffers, match="font IPAexGothic") as caught:
            build_on(cluster, root, tmp_path, GOOD)
        assert str(caught.value.fields["place"]).startswith("tcp://127.0.0.1:")
        assert not (tmp_path / "manifest.json").exists()
    finally:
        nanny.terminate()
        nanny.wait()


def test_lost_workers_and_machines_cost_nothing_but_time(
    root: Path, cluster: Cluster, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    """A worker is killed, later a nanny with its worker; the one that was started anew remains."""
    one, other = [nanny.pid for nanny in cluster.processes[1:3]]
    victims = {1: find_workers(one), 3: [other, *find_workers(other)]}
    killed: list[int] = []
    told: list[str] = []

    def kill(result: BriefingResult) -> None:
        told.append(result.name)
        if victim := victims.get(len(told)):
            killed.extend(pid for top in victim for pid in [top, *list_descendants(top)])
            for pid in victim:
                os.kill(pid, signal.SIGKILL)

    result = build_on(cluster, root, tmp_path, GOOD, kill)
    assert result.failed == ()
    assert read_files(tmp_path) == expected
    wait_until(lambda: list_left(killed) == [])


def test_a_worker_that_cannot_start_its_crew_is_told_and_blames_no_briefing(
    root: Path, tmp_path: Path
) -> None:
    with run_cluster(tmp_path, workers=0) as sick:
        sick.start_worker(NENPO_START_METHOD="bogus")
        with pytest.raises(WorkerUnusable, match="bogus"):
            build_on(sick, root, tmp_path / "out", GOOD)


def test_a_worker_that_comes_back_at_its_address_blames_no_briefing(
    root: Path, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    """The client is busy meanwhile, and would take it for the one that it knew."""
    with run_cluster(tmp_path, workers=0) as fixed:
        nanny = fixed.start_worker("--worker-port", str(find_port()))
        log = tmp_path / "log-1"
        told: list[str] = []

        def kill(result: BriefingResult) -> None:
            told.append(result.name)
            if len(told) == 1:
                os.kill(find_workers(nanny.pid)[0], signal.SIGKILL)
                wait_until(lambda: log.read_bytes().count(b"Registered to:") == 2)

        result = build_on(fixed, root, tmp_path / "out", GOOD, kill)
    assert result.failed == ()
    assert read_files(tmp_path / "out") == expected


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_cluster_without_workers_is_told(root: Path, tmp_path: Path) -> None:
    with run_cluster(tmp_path, workers=0) as empty, pytest.raises(NoWorkers) as caught:
        build_on(empty, root, tmp_path / "out", GOOD)
    assert empty.address in str(caught.value)


def test_a_scheduler_that_does_not_answer_is_told(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CONNECT_SECONDS", 1)
    with pytest.raises(UnreachableScheduler, match=r"tcp://127\.0\.0\.1:9 "):
        build_on(Cluster(tmp_path, "tcp://127.0.0.1:9"), root, tmp_path, GOOD)


def test_without_the_extra_it_is_named(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"pip install nenpo\[dask\]"):
        build_on(Cluster(tmp_path, "tcp://127.0.0.1:9"), root, tmp_path, GOOD)


@pytest.mark.parametrize(("executor", "scheduler"), [("dask", ""), ("processes", "tcp://x:1")])
def test_a_scheduler_goes_with_the_executor(tmp_path: Path, executor: str, scheduler: str) -> None:
    with pytest.raises(SchedulerMismatch):
        BuildOptions(tmp_path, executor=executor, scheduler=scheduler)  # type: ignore[arg-type]
