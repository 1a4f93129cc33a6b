"""The output folder changes as a whole: a build that was killed is finished by the next."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from nenpo.build.manifest import (
    Publication,
    apply_change,
    check_set,
    lock_output,
    read_manifest,
)
from nenpo.errors import BuildLocked, IncompleteSet

STAGED = ".work/1/annual.html"
PUBLISHED = "plan/2021/annual.html"


def stage(output: Path, text: str = "new") -> Publication:
    (output / STAGED).parent.mkdir(parents=True, exist_ok=True)
    (output / STAGED).write_text(text)
    return Publication({PUBLISHED: STAGED}, ("plan/2020/annual.html",), {"plan/2021/annual": {}})


def write_set(folder: Path, name: str = "annual") -> Path:
    for suffix, content in (
        (".facts.json", "{}"),
        (".html", "x"),
        (".ipynb", "x"),
        (".pdf", "%PDF"),
    ):
        (folder / f"{name}{suffix}").write_text(content)
    return folder


def test_published_files_move_and_removed_ones_go_with_their_folder(tmp_path: Path) -> None:
    old = tmp_path / "plan/2020/annual.html"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    with lock_output(tmp_path):
        apply_change(tmp_path, stage(tmp_path))
    assert (tmp_path / PUBLISHED).read_text() == "new"
    assert not old.parent.exists()
    assert list(read_manifest(tmp_path)) == ["plan/2021/annual"]
    assert not (tmp_path / ".work").exists()


def test_a_manifest_names_its_version(tmp_path: Path) -> None:
    with lock_output(tmp_path):
        apply_change(tmp_path, stage(tmp_path))
    text = (tmp_path / "manifest.json").read_text()
    assert json.loads(text) == {"briefings": {"plan/2021/annual": {}}, "manifest_version": 1}


@pytest.mark.parametrize("kills", range(1, 8))
def test_a_build_killed_while_it_publishes_is_finished_by_the_next(
    tmp_path: Path, kills: int
) -> None:
    """It dies at the n-th change of a file or folder, whichever that is."""
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from nenpo.build.manifest import apply_change, lock_output
from test_manifest import stage
output = Path({str(tmp_path)!r})
count = 0
def die(event, arguments):
    global count
    if event in ("os.rename", "os.remove", "os.mkdir") and ready:
        count += 1
        if count == {kills}:
            os.kill(os.getpid(), signal.SIGKILL)
ready = False
sys.addaudithook(die)
with lock_output(output):
    change = stage(output)
    ready = True
    apply_change(output, change)
"""
    with lock_output(tmp_path):
        apply_change(tmp_path, stage(tmp_path, "before"))
    killed = subprocess.run([sys.executable, "-c", code], check=False)
    assert killed.returncode == -9
    with lock_output(tmp_path):
        pass
    whole = "before" if kills <= 2 else "new"  # the second change puts the journal in place
    assert (tmp_path / PUBLISHED).read_text() == whole
    assert list(read_manifest(tmp_path)) == ["plan/2021/annual"]


def test_a_second_build_is_refused(tmp_path: Path) -> None:
    with FileLock(tmp_path / ".lock"), pytest.raises(BuildLocked) as caught:
        lock_output(tmp_path).__enter__()
    assert caught.value.exit_code == 75


def test_what_a_killed_build_left_to_work_on_is_removed(tmp_path: Path) -> None:
    stage(tmp_path)
    with lock_output(tmp_path):
        assert not (tmp_path / STAGED).exists()


def test_a_complete_set_is_returned_by_suffix(tmp_path: Path) -> None:
    assert list(check_set(write_set(tmp_path), "departments/annual")) == [
        ".facts.json",
        ".html",
        ".ipynb",
        ".pdf",
    ]


@pytest.mark.parametrize(
    ("suffix", "content"),
    [(".pdf", "<html>"), (".pdf", ""), (".html", ""), (".ipynb", None), (".facts.json", "{")],
)
def test_an_unusable_file_is_no_set(tmp_path: Path, suffix: str, content: str | None) -> None:
    path = write_set(tmp_path) / f"annual{suffix}"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(IncompleteSet, match=f"annual{suffix}"):
        check_set(tmp_path, "annual")
