"""A kit for another machine: which wheels it needs, its starters, and what they do."""

import hashlib
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "tools"


@pytest.fixture(scope="module")
def tools() -> Iterator[dict[str, Any]]:
    """The tools as modules; they import each other as scripts do."""
    before = [*sys.path]
    sys.path.insert(0, str(TOOLS))
    try:
        import make_kit
        import set_up
        import start

        yield {"make_kit": make_kit, "start": start, "set_up": set_up}
    finally:
        sys.path[:] = before


@pytest.fixture
def kit(tools: dict[str, Any]) -> Any:
    return tools["make_kit"]


@pytest.fixture
def start(tools: dict[str, Any]) -> Any:
    return tools["start"]


def list_names(kit: Any, platform: str, python: str) -> list[set[str]]:
    """Return the packages that a kit holds for each release of a Python."""
    lock = kit.merge_locks(kit.EXTRAS)
    markers = kit.find_target(platform, python).list_markers()
    pins = [kit.read_pins(kit.filter_pins(lock, each)) for each in markers]
    return [{Requirement(pin.partition("\\\n")[0]).name for pin in each} for each in pins]


@pytest.mark.parametrize("platform", ["win_amd64", "win_arm64"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_windows_gets_what_windows_needs_and_nothing_else(
    kit: Any, platform: str, python: str
) -> None:
    for names in list_names(kit, platform, python):
        assert {"colorama", "pywinpty", "jupyterlab", "watchfiles", "pandas"} <= names
        assert names.isdisjoint({"appnope", "pexpect", "ptyprocess"})


@pytest.mark.parametrize("platform", ["linux_x86_64", "linux_aarch64", "manylinux_2_28_x86_64"])
def test_linux_gets_what_linux_needs_and_nothing_else(kit: Any, platform: str) -> None:
    for names in list_names(kit, platform, "3.12"):
        assert {"pexpect", "ptyprocess", "jupyterlab"} <= names
        assert names.isdisjoint({"appnope", "colorama", "pywinpty"})


def test_a_wheel_that_only_some_releases_of_a_python_take_is_there_for_each(kit: Any) -> None:
    lock = (
        'a==1 ; python_full_version < "3.11.5" \\\n    --hash=sha256:00\n'
        "b==2 \\\n    --hash=sha256:11\n"
    )
    first, last = kit.find_target("win_amd64", "3.11").list_markers()
    assert kit.filter_pins(lock, first) == (
        "a==1 \\\n    --hash=sha256:00\nb==2 \\\n    --hash=sha256:11\n"
    )
    assert kit.filter_pins(lock, last) == "b==2 \\\n    --hash=sha256:11\n"


def test_no_marker_is_left_to_pip_and_every_hash_is_kept(kit: Any) -> None:
    lock = kit.merge_locks(kit.EXTRAS)
    pins = kit.filter_pins(lock, kit.find_target("win_amd64", "3.12").list_markers()[0])
    assert ";" not in pins
    assert set(re.findall("sha256:[0-9a-f]{64}", pins)) <= set(
        re.findall("sha256:[0-9a-f]{64}", lock)
    )
    assert all("--hash=sha256:" in pin for pin in kit.read_pins(pins))


def test_an_older_linux_takes_no_newer_wheels(kit: Any) -> None:
    tags = kit.find_target("manylinux_2_28_x86_64", "3.12").tags
    assert ("manylinux2014_x86_64" in tags, "manylinux_2_29_x86_64" in tags) == (True, False)


@pytest.mark.parametrize(
    ("platform", "python", "told"),
    [
        ("windows", "3.12", "win_amd64, win_arm64, linux_x86_64"),
        ("macosx_11_0_arm64", "3.12", "win_amd64"),
        ("win_amd64", "3.10", "3.11, 3.12, 3.13, 3.14"),
    ],
)
def test_what_no_kit_can_be_made_for_is_refused(
    kit: Any, platform: str, python: str, told: str
) -> None:
    with pytest.raises(SystemExit, match=re.escape(told)):
        kit.find_target(platform, python)


def test_a_cmd_is_ascii_with_line_ends_of_windows(kit: Any) -> None:
    """Code page 932 reads other signs as others, and cmd loses its place at a bare LF."""
    files = kit.write_starters(kit.find_target("win_amd64", "3.12"), has_lab=True)
    assert files.keys() == {
        *("年報を作る.cmd", "build.cmd", "ノートブックを開く.cmd", "notebooks.cmd"),
        *("README.txt", "no-python.txt"),
    }
    for name in (name for name in files if name.endswith(".cmd")):
        text = files[name].decode("ascii")
        assert text.count("\n") == text.count("\r\n") > 20
        assert "@" not in text.removeprefix("@echo off")


def test_every_label_that_a_cmd_goes_to_is_there_once(kit: Any) -> None:
    files = kit.write_starters(kit.find_target("win_amd64", "3.12"), has_lab=True)
    text = files["build.cmd"].decode("ascii")
    labels = re.findall(r"^:(\w+)\r$", text, flags=re.MULTILINE)
    assert len(labels) == len(set(labels))
    assert set(re.findall(r"(?:goto|call) :?([a-z_]+)", text)) == set(labels)


def test_a_cmd_runs_in_its_own_folder_and_quotes_every_path(kit: Any) -> None:
    """A share has no drive letter, and names of people and folders have spaces."""
    files = kit.write_starters(kit.find_target("win_amd64", "3.12"), has_lab=True)
    lines = files["notebooks.cmd"].decode("ascii").splitlines()
    assert 'pushd "%~dp0"' in lines
    assert 'call %PYTHON% "tools\\start.py" notebooks %*' in lines
    paths = [line for line in lines if re.search(r"%(LOCALAPPDATA|ProgramFiles|~dp0)%?", line)]
    assert all(re.search(r'"%[^"]*"', line) for line in paths)
    # Between quotes, cmd takes these as they are; outside of them they would end the command.
    check = next(line for line in lines if line.startswith('set "CHECK='))
    assert check.endswith('"')
    assert '"' not in check.removeprefix('set "')[:-1]
    assert "%" not in check
    # A window that was double-clicked closes at the end, unless it waits.
    assert 'if not "%CODE%"=="0" pause' in lines
    assert lines[-1] == "endlocal & exit /b %CODE%"


@pytest.mark.parametrize(("platform", "fits"), [("linux_x86_64", True), ("win_amd64", False)])
def test_a_starter_takes_the_python_that_its_wheels_are_for(
    kit: Any, platform: str, fits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    files = kit.write_starters(kit.find_target(platform, python), has_lab=False)
    text = next(c for n, c in files.items() if n.startswith("build.")).decode("ascii")
    check = re.search(r'check="?=?(.*?)"', text, flags=re.IGNORECASE)
    assert check
    monkeypatch.setattr("sysconfig.get_platform", lambda: "linux-x86_64")
    with pytest.raises(SystemExit) as left:
        exec(check[1])
    assert left.value.code == (not fits)


def test_what_is_to_be_read_opens_in_every_editor_of_windows(kit: Any) -> None:
    files = kit.write_starters(kit.find_target("win_amd64", "3.12"), has_lab=False)
    for name in ("README.txt", "no-python.txt"):
        text = files[name].decode("utf-8-sig")
        # A console would show the mark by which editors know UTF-8.
        assert files[name].startswith(b"\xef\xbb\xbf") == (name == "README.txt")
        assert text.count("\n") == text.count("\r\n")
        assert "Python 3.12" in text
        assert "@" not in text
    assert "年報を作る.cmd（build.cmd）" in files["README.txt"].decode("utf-8-sig")
    assert "ノートブックを開く" not in files["README.txt"].decode("utf-8-sig")


def test_the_project_is_what_git_tracks(kit: Any) -> None:
    files = kit.list_project()
    assert {"requirements.lock", "tools/start.py", "notebooks/annual.ipynb"} <= set(files)
    assert not [name for name in files if name.startswith((".git/", ".venv", "outputs/na"))]


def make_folder(folder: Path) -> Path:
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels/a-1-py3-none-any.whl").write_bytes(b"wheel")
    (folder / "年報を作る.sh").write_bytes(b"#!/bin/sh\n")
    (folder / "年報を作る.sh").chmod(0o755)
    return folder


def test_digests_are_those_of_sha256sum(kit: Any, tmp_path: Path) -> None:
    wheel, starter = kit.list_digests(make_folder(tmp_path / "kit")).splitlines()
    assert wheel == f"{hashlib.sha256(b'wheel').hexdigest()}  wheels/a-1-py3-none-any.whl"
    assert starter.endswith("  年報を作る.sh")


def test_a_zip_is_the_same_each_time_and_keeps_names_and_rights(kit: Any, tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "kit")
    for name in ("a.zip", "b.zip"):
        kit.pack_folder(folder, tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        rights = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert rights == {"kit/wheels/a-1-py3-none-any.whl": 0o644, "kit/年報を作る.sh": 0o755}


@pytest.mark.parametrize(
    ("name", "is_remote", "is_writable", "root", "own"),
    [
        ("posix", False, True, "kit", False),
        ("posix", True, True, "kit", True),
        ("posix", False, False, "kit", True),
        ("nt", False, True, "k" * 100, True),
    ],
)
def test_the_environment_lies_where_it_works(
    start: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    is_remote: bool,
    is_writable: bool,
    root: str,
    own: bool,
) -> None:
    folder = tmp_path / root
    folder.mkdir()
    (folder / "kit.lock").write_text("a==1\n", encoding="utf-8")
    place = start.Place(is_remote, is_writable, tmp_path / "own")
    monkeypatch.setattr(start.os, "name", name)
    chosen = start.choose_folder(folder, place)
    monkeypatch.undo()  # pathlib asks for it as well
    assert chosen.is_relative_to(tmp_path / "own" / "nenpo") == own
    assert own or chosen == folder / ".venv"


def test_it_is_set_up_once_for_a_lock_and_from_the_wheels(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Path] = []

    def set_up(folder: Path, locks: list[Path], wheels: Path) -> int:
        assert (locks, wheels) == ([tmp_path / "kit.lock"], tmp_path / "wheels")
        assert not folder.exists()
        python = start.find_python(folder)
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)
        made.append(folder)
        return 0

    monkeypatch.setattr(start, "set_up", set_up)
    lock = tmp_path / "kit.lock"
    for text, times in (("a==1\n", 1), ("a==1\n", 1), ("a==2\n", 2)):
        lock.write_text(text, encoding="utf-8")
        assert start.prepare(tmp_path) == start.find_python(tmp_path / ".venv")
        assert len(made) == times
    start.find_python(tmp_path / ".venv").unlink()  # the Python beneath has been removed
    start.prepare(tmp_path)
    assert len(made) == 3


def test_a_set_up_that_fails_is_tried_again(
    start: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kit.lock").write_text("a==1\n", encoding="utf-8")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "set_up", lambda *_: 1)
    assert start.main(["build"]) == 2
    assert "start it again" in capsys.readouterr().err
    assert not (tmp_path / ".venv/.kit").exists()
