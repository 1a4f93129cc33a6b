"""A job is called in a process of its own; what goes wrong with the process is told."""

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nenpo.build.isolated.processes import Job, Limits, run_jobs

LIMITS = Limits(jobs=2, deadline=20, start_method="forkserver")

pytestmark = pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork server here"
)


def call(function: str, log: Path, *arguments: object) -> Job:
    return Job(function, arguments, log)


def test_results_keep_the_order_of_the_jobs_and_are_told_as_they_come(tmp_path: Path) -> None:
    told: list[int] = []
    jobs = [call("time:sleep", tmp_path / "a", 0.5), call("os:getpid", tmp_path / "b")]
    results = run_jobs(jobs, LIMITS, lambda place, _: told.append(place))
    assert told == [1, 0]
    assert results[0].value is None
    assert isinstance(results[1].value, int)


def test_every_job_has_a_process_and_a_session_of_its_own(tmp_path: Path) -> None:
    jobs = [call("os:getsid", tmp_path / str(n), 0) for n in range(3)]
    sessions = {result.value for result in run_jobs(jobs, LIMITS, lambda *_: None)}
    assert len(sessions) == 3
    assert os.getsid(0) not in sessions


def test_what_a_job_writes_goes_to_its_log(tmp_path: Path) -> None:
    run_jobs([call("os:system", tmp_path / "log", "echo said")], LIMITS, lambda *_: None)
    assert (tmp_path / "log").read_text() == "said\n"


def test_the_environment_is_that_of_the_caller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fork server was started with another one."""
    monkeypatch.setenv("NENPO_TEST", "here")
    job = call("os:getenv", tmp_path / "log", "NENPO_TEST")
    assert run_jobs([job], LIMITS, lambda *_: None)[0].value == "here"


FOREIGN = """
import multiprocessing, sys
from pathlib import Path
from nenpo.build.isolated.processes import Job, Limits, run_jobs
process = multiprocessing.get_context("forkserver").Process(target=int)
process.start()
process.join()
job = Job("os:getpid", (), Path(sys.argv[1]))
run_jobs([job], Limits(1, 20, "forkserver"), lambda *_: None)
"""


def test_a_fork_server_without_the_preloaded_modules_is_refused(tmp_path: Path) -> None:
    run = [sys.executable, "-c", FOREIGN, tmp_path / "log"]
    done = subprocess.run(run, capture_output=True, check=False, text=True)
    assert "the fork server runs without nenpo.build.isolated.preload" in done.stderr
