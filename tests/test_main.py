"""The command line from its first line on: interrupted, moved, broken, it ends as it should."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_cli import ROOT, run

from project import is_alive
from tiny_project import Project

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")

# What takes long is imported by the command line, by a command, and by the fork server.
SLOW = {"typer": ("--version",), "yaml": ("validate",), "papermill": ("build", "tiny/2021")}
WAITS = """
import os, pathlib, time
pathlib.Path({folder!r}, "pid").write_text(str(os.getpid()))
time.sleep(600)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("module", SLOW)
def test_an_interruption_during_imports_ends_all_without_a_word(
    module: str, number: int, tiny: Project, tmp_path: Path
) -> None:
    """As Ctrl-C does, it comes to every process of the terminal."""
    (tmp_path / "slow").mkdir()
    (tmp_path / f"slow/{module}.py").write_text(WAITS.format(folder=str(tmp_path)))
    build = subprocess.Popen(
        [sys.executable, "-m", "nenpo", *SLOW[module]],
        cwd=tiny.root,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "slow")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    pid = tmp_path / "pid"
    until = time.monotonic() + 60
    while not (pid.exists() and pid.read_text()):
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(build.pid, number)
    assert build.communicate()[0] == b""
    assert build.returncode == 128 + number
    until = time.monotonic() + 60
    while is_alive(int(pid.read_text())):  # the fork server hears of it from the system
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("module", "broken"),
    [
        *(("typer", broken) for broken in ("import nowhere", "1 / 0", "x =")),
        ("yaml", "1 / 0"),
        ("papermill", "import nowhere"),
    ],
)
def test_what_cannot_be_imported_is_named_with_its_place(
    module: str, broken: str, tiny: Project, tmp_path: Path
) -> None:
    (tmp_path / "broken").mkdir()
    path = tmp_path / f"broken/{module}.py"
    path.write_text(broken)
    told = run(*SLOW[module], cwd=tiny.root, PYTHONPATH=str(path.parent))
    assert told.returncode == 2
    name = "nowhere" if "nowhere" in broken else module
    assert told.stderr.startswith(f"{name} cannot be imported (")
    assert f"in {path}:1)" in told.stderr
    assert len(told.stderr.splitlines()) == 1


@pytest.mark.parametrize("paths", ["", os.pathsep])
def test_modules_of_the_current_folder_are_not_looked_for(tiny: Project, paths: str) -> None:
    """Not even where PYTHONPATH has an empty part, as $PYTHONPATH:/some/folder often has."""
    for name in ("typer", "signal", "json", "papermill", "yaml"):
        (tiny.root / f"{name}.py").write_text("raise SystemExit('wrong module')")
    assert run("validate", cwd=tiny.root, PYTHONPATH=paths).returncode == 0


def test_a_style_of_the_current_folder_or_the_user_is_not_drawn_in(tmp_path: Path) -> None:
    """matplotlib reads both by itself: documents would look otherwise on another machine."""
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\ntimezone: Asia/Tokyo\n")
    code = (
        "import nenpo.build.isolated.preload as p, matplotlib as m\n"
        "assert p.PROBLEM is None, p.PROBLEM\n"
        "print([m.rcParams[k] for k in ('lines.linewidth', 'timezone')])"
    )
    command = [sys.executable, "-c", code]
    env = {**os.environ, "MPLBACKEND": "nowhere"}
    told = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert told.stdout == "[1.5, 'UTC']\n", told.stderr


def test_a_current_folder_that_was_removed_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'cd "$1" && rmdir "$1" && exec "$0" -m nenpo list'
    command = ["sh", "-c", script, sys.executable, str(gone)]
    env = {**os.environ, "NENPO_ROOT": str(ROOT)}
    told = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert told.returncode == 2
    assert f"the current folder {gone} no longer exists" in told.stderr


def test_the_end_of_a_helper_is_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """click turns these into 1, which means differences."""
    for lost in ("EOFError", "BrokenPipeError"):
        code = (
            "import nenpo.data.project as p, nenpo.cli as c, sys\n"
            f"def lose(): raise {lost}\n"
            "p.find_root = lose; sys.argv[1:] = ['list']; c.main()"
        )
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert told.returncode == 70
