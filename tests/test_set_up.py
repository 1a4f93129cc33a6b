"""The set-up says how many packages there are and where it is, and what pip says if it fails."""

import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SET_UP = Path(__file__).parents[1] / "tools/set_up.py"
PIP = """#!{python}
import sys
print("WARNING: the index is slow")
print("Collecting alpha==1.0 (from -r requirements.lock)")
print("  Using cached alpha-1.0-py3-none-any.whl")
print("Ignoring beta: markers 'sys_platform == \\"win32\\"' don't match your environment")
sys.exit({code})
"""
LOCK = """alpha==1.0 \\
    --hash=sha256:00
beta==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
"""
MakePip = Callable[[int], list[str]]


@pytest.fixture
def make_pip(tmp_path: Path) -> MakePip:
    """Make an environment whose Python answers as pip does, and return the words of a set-up."""

    def make(code: int) -> list[str]:
        python = tmp_path / "venv/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(PIP.format(python=sys.executable, code=code), encoding="utf-8")
        python.chmod(0o755)
        (tmp_path / "requirements.lock").write_text(LOCK, encoding="utf-8")
        return [str(tmp_path / "venv"), str(tmp_path / "requirements.lock")]

    return make


def set_up(*words: str, language: str = "en") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, SET_UP, *words],
        env={"NENPO_LANG": language, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_set_up_that_works_counts_packages_and_keeps_warnings_to_itself(
    make_pip: MakePip,
) -> None:
    words = make_pip(0)
    told = set_up(*words)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.splitlines() == [
        f"{words[0]}: 2 packages to look at",
        f"{words[0]}: ready",
    ]


def test_a_set_up_that_fails_shows_what_pip_said_and_leaves_nothing(
    make_pip: MakePip, tmp_path: Path
) -> None:
    told = set_up(*make_pip(1))
    assert told.returncode == 1
    assert "WARNING: the index is slow" in told.stderr
    assert "--wheels" in told.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.parametrize(("language", "other"), [("ja", "set-up failed"), ("en", "失敗")])
def test_a_set_up_speaks_one_language(make_pip: MakePip, language: str, other: str) -> None:
    told = set_up(*make_pip(1), language=language)
    assert other not in told.stderr


def test_progress_overwrites_its_line_on_a_terminal(
    make_pip: MakePip, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, lock = map(Path, make_pip(0))
    made: dict[str, Any] = runpy.run_path(str(SET_UP))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    made["make_environment"](folder, [lock])
    lines = capsys.readouterr().out.split("\r")
    assert [line.removeprefix("\033[K") for line in lines] == [
        *("", f"{folder}: 2 packages to look at"),
        *(f"{folder}: 1/2", f"{folder}: 2/2", f"{folder}: ready\n"),
    ]
