"""Nothing that a job starts outlives it, nothing of a build outlives the build, and nobody's death
is taken for somebody else's.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

from nenpo.build.isolated import guard
from nenpo.build.isolated.processes import (
    Job,
    Limits,
    Result,
    run_jobs,
)
from nenpo.build.isolated.server import start_server, stop_server
from nenpo.errors import NoCurrentFolder, ProcessStays, ServerDied, UnusableTemporary
from project import is_alive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has guards")

METHODS = ("forkserver", "spawn")
# A job leaves ids in files of the folder where its log lies.
DETACHED = """
import os, pathlib, subprocess, sys, time
place = pathlib.Path(os.environ["TMPDIR"])
pid = subprocess.Popen(["sleep", "600"], start_new_session=True).pid
(place / f"pid-{pid}").touch()
if not os.fork():
    os.setsid()
    if not os.fork():
        (place / f"pid-{os.getpid()}").touch()
        time.sleep(600)
    os._exit(0)
while len(list(place.glob("pid-*"))) < 2:
    time.sleep(0.01)
"""
ENDS = {
    "returns": "",
    "leaves": "os._exit(0)",
    "dies": "os.kill(os.getpid(), 9)",
    "hangs": "time.sleep(600)",
    "ignores": "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
    "freezes its guard": "import signal; os.kill(os.getppid(), signal.SIGSTOP)",
}
# Above a job's process are its guard and the fork server.
KILLS_ITS_SERVER = """
import os, pathlib, time
pathlib.Path(os.environ["TMPDIR"], "runs").open("a").write("x")
if {often} or pathlib.Path(os.environ["TMPDIR"], "runs").read_text() == "x":
    parent = pathlib.Path(f"/proc/{{os.getppid()}}/stat").read_text().rpartition(")")[2].split()[1]
    os.kill(int(parent), 9)
    time.sleep(600)
"""


def execute(code: str, log: Path) -> Job:
    return Job("builtins:exec", (code,), log / "log")


def run(*jobs: Job, method: str = "forkserver", deadline: float = 60) -> tuple[Result, ...]:
    return run_jobs(jobs, Limits(2, deadline, method), lambda *_: None)


def list_pids(folder: Path) -> list[int]:
    return [int(path.name.removeprefix("pid-")) for path in folder.glob("pid-*")]


def wait_until(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def find_server() -> int:
    server: Any = forkserver._forkserver  # type: ignore[attr-defined]
    return int(server._forkserver_pid)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of jobs that have ended, each in its way."""
    folder = tmp_path_factory.mktemp("ended")
    jobs = [execute(DETACHED + code, folder / end) for end, code in ENDS.items()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nenpo.build.isolated.processes._KILL_GRACE", 1)
        run_jobs(jobs, Limits(len(jobs), 5, "forkserver"), lambda *_: None)
    return folder


@pytest.mark.parametrize("end", ENDS)
def test_what_a_job_detaches_ends_with_it(end: str, ended: Path) -> None:
    assert [is_alive(pid) for pid in list_pids(ended / end)] == [False, False]


def test_a_spawned_job_has_a_guard_as_well(tmp_path: Path) -> None:
    run(execute(DETACHED, tmp_path), method="spawn")
    assert [is_alive(pid) for pid in list_pids(tmp_path)] == [False, False]


def test_a_process_that_stays_fails_its_job_and_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nenpo.build.isolated.processes._KILL_GRACE", 0.2)
    monkeypatch.setattr(guard, "end_descendants", lambda _: ["7 (rooted)"])
    found = run(execute("import os, signal; os.kill(os.getppid(), signal.SIGSTOP)", tmp_path))
    assert isinstance(found[0].error, ProcessStays)
    assert "7 (rooted)" in found[0].error.message("en")


UNGUARDED = """
from nenpo.build.isolated import guard
guard.HAS_GUARD, guard.end_descendants = False, lambda _: ["7 (rooted)"]
"""


def test_without_a_guard_a_job_looks_below_itself(tmp_path: Path) -> None:
    (found,) = run(execute(UNGUARDED, tmp_path))
    assert isinstance(found.error, ProcessStays)


@pytest.mark.parametrize("has_guard", [True, False])
def test_what_runs_below_a_process_is_found_by_other_systems_too(
    has_guard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """psutil sees them."""
    child = subprocess.Popen(["sh", "-c", "sleep 600 & wait"])
    try:
        monkeypatch.setattr(guard, "HAS_GUARD", has_guard)
        # Until then it is a copy of the shell.
        wait_until(lambda: [*guard.list_descendants(child.pid).values()] == ["sleep"])
        assert guard.end_descendants(child.pid) == []
    finally:
        child.kill()
        child.wait()


def test_what_cannot_be_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    child = subprocess.Popen(["sh", "-c", "sleep 600 & wait"])
    try:
        wait_until(lambda: [*guard.list_descendants(child.pid).values()] == ["sleep"])
        with monkeypatch.context() as patch:
            patch.setattr(os, "kill", refuse)
            (told,) = guard.end_descendants(child.pid, 0)
        assert told.endswith(" (sleep)")
        assert guard.end_descendants(child.pid) == []
    finally:
        child.kill()
        child.wait()


KILLED = """
import sys
from pathlib import Path
from nenpo.build.isolated.processes import Job, Limits, run_jobs
folder, code = Path(sys.argv[1]), sys.argv[2]
print("begun", flush=True)
run_jobs([Job("builtins:exec", (code,), folder / "log")], Limits(1, 60, sys.argv[3]), print)
"""
SELF = """
pid = os.getpid()
while pid != {build}:
    (place / f"pid-{{pid}}").touch()
    pid = int(pathlib.Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()[1])
(place / "ready").touch()
time.sleep(600)
"""


@pytest.mark.parametrize("method", METHODS)
def test_nothing_outlives_a_build_that_is_killed_or_holds_its_output(
    method: str, tmp_path: Path
) -> None:
    code = DETACHED + SELF.format(build=os.getpid())
    command = [sys.executable, "-c", KILLED, tmp_path, code, method]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as build:
        wait_until((tmp_path / "ready").exists)
        build.kill()
        assert build.stdout
        assert build.stdout.read() == b"begun\n"  # to its end: nobody holds it any more
    wait_until(lambda: not any(map(is_alive, list_pids(tmp_path))))
    assert len(list_pids(tmp_path)) == (6 if method == "forkserver" else 5)


def test_a_fork_server_that_is_killed_is_started_again_and_its_jobs_are_run_again(
    tmp_path: Path,
) -> None:
    jobs = [
        execute(KILLS_ITS_SERVER.format(often=False), tmp_path / "a"),
        execute("import time; time.sleep(1)", tmp_path / "b"),
    ]
    assert [result.error for result in run(*jobs)] == [None, None]
    assert (tmp_path / "a/runs").read_text() == "xx"


def test_a_job_that_kills_every_fork_server_fails_alone(tmp_path: Path) -> None:
    jobs = [
        execute(KILLS_ITS_SERVER.format(often=True), tmp_path / "a"),
        execute("import time; time.sleep(1)", tmp_path / "b"),
    ]
    first, second = run(*jobs)
    assert isinstance(first.error, ServerDied)
    assert second.error is None


def test_a_fork_server_that_is_killed_while_it_starts_is_started_again(tmp_path: Path) -> None:
    stop_server()
    start_server("forkserver")
    starting = find_server()
    # It accepts nothing yet, and then goes with the request in its queue.
    os.kill(starting, signal.SIGSTOP)
    killer = threading.Timer(0.5, os.kill, (starting, signal.SIGKILL))
    killer.start()
    assert run(Job("os:getpid", (), tmp_path / "log"))[0].error is None
    killer.join()
    assert find_server() != starting


def test_a_fork_server_that_never_starts_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> None:
        raise EOFError

    monkeypatch.setattr(forkserver, "connect_to_new_process", lose)
    with pytest.raises(ServerDied):
        run(Job("os:getpid", (), tmp_path / "log"))


def test_the_fork_server_does_not_hear_ctrl_c(tmp_path: Path) -> None:
    stop_server()
    start_server("forkserver")
    os.kill(find_server(), signal.SIGINT)
    before = find_server()
    assert run(Job("signal:raise_signal", (signal.SIGINT,), tmp_path / "log"))[0].error
    assert find_server() == before


SHADOWS = ("json", "selectors", "statistics", "pandas", "multiprocessing", "signal")


@pytest.mark.parametrize("method", METHODS)
def test_a_module_in_the_current_folder_is_not_run(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a job see how that was brought about."""
    for name in SHADOWS:
        (tmp_path / f"{name}.py").write_text(
            f"open({str(tmp_path / 'run')!r}, 'a').write('{name}')"
        )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), *sys.path])
    stop_server()
    code = """
import os, statistics, sys
assert not {"", os.getcwd()} & set(sys.path), sys.path
assert not {"PYTHONSAFEPATH", "NENPO_PARENT"} & set(os.environ)
"""
    assert run(execute(code, tmp_path), method=method)[0].error is None
    assert not (tmp_path / "run").exists()


def test_a_temporary_folder_that_is_too_long_for_a_socket_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("a" * 100)
    monkeypatch.setattr("multiprocessing.util.get_temp_dir", lambda: str(long))
    stop_server()
    with pytest.raises(UnusableTemporary, match="TMPDIR") as caught:
        start_server("forkserver")
    assert caught.value.fields["value"] == str(long)


def test_a_current_folder_that_was_removed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setenv("PWD", str(gone))
    with pytest.raises(NoCurrentFolder, match=str(gone)):
        run(Job("os:getpid", (), tmp_path / "log"))
