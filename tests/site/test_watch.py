"""`nenpo watch`: what is mended is made again, and a mistake ends nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from nenpo.build.run import BuildOptions
from nenpo.build.watching import Changes
from nenpo.errors import BuildLocked, NotWatchable
from nenpo.site import watch
from nenpo.site.serving import Pages
from nenpo.site.watch import Watch, find_places, open_browser
from tiny_project import Project

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PROGRESS = "2021/progress.csv"


@pytest.fixture
def project(tiny: Project) -> Project:
    shutil.copytree(ROOT / "notebooks", tiny.root / "notebooks")
    return tiny


def open_watch(root: Path, replies: Path | None = None) -> Watch:
    options = BuildOptions(root / "outputs", ("tiny/2021/madoguchi",), jobs=1)
    return Watch(root, options, Pages(options.output), "http://x/", replies)


def follow(watching: Watch, *paths: Path) -> None:
    changes = Changes()
    changes.put(frozenset(paths))
    watching.follow(changes)


def test_a_change_makes_new_documents_a_mistake_keeps_them_and_mending_goes_on(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    watching = open_watch(project.root)
    document = project.root / "outputs/tiny/2021/departments/madoguchi.html"
    assert watching.build()
    first = document.read_bytes()
    project.set_cell(PROGRESS, 1, "status", "〇")
    follow(watching, project.path(PROGRESS))
    told = capsys.readouterr()
    assert "changed: data/tiny/2021/progress.csv\n" in told.out
    assert "did you mean '○'" in told.err.lower()
    assert "watching (http://x/)" in told.out
    assert document.read_bytes() == first
    project.set_cell(PROGRESS, 1, "status", "×")
    follow(watching, project.path(PROGRESS), project.path("2021/sedXyZ"))
    told = capsys.readouterr()
    assert "changed: data/tiny/2021/progress.csv\n" in told.out
    assert told.err.count("tiny/2021/departments/madoguchi") == 1
    assert document.read_bytes() != first


def test_a_folder_that_another_build_holds_is_tried_again(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[Path] = []

    def refuse_once(root: Path, _: BuildOptions) -> None:
        tried.append(root)
        if len(tried) == 1:
            raise BuildLocked(place=root)

    monkeypatch.setattr(watch, "run_build", refuse_once)
    monkeypatch.setattr(watch, "_AGAIN_SECONDS", 0.01)
    follow(open_watch(tiny.root), tiny.path(PROGRESS))
    assert len(tried) == 2
    told = capsys.readouterr()
    assert "another nenpo command" in told.err
    assert told.out.count("watching") == 1


def test_what_no_message_was_written_for_ends_nothing(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(watch, "run_build", fail)
    assert open_watch(tiny.root).build()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_reply_is_told_and_makes_nothing(
    tiny: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replies = tmp_path / "回答"
    replies.mkdir()
    (replies / "03_総務課.xlsx").touch()
    follow(open_watch(tiny.root, replies), replies / "03_総務課.xlsx", replies / "04.xlsx")
    assert capsys.readouterr().out.splitlines() == [
        "a reply has arrived: 03_総務課.xlsx",
        "gone from the folder of replies: 04.xlsx",
    ]


def test_what_a_reply_holds_is_told_and_a_fault_ends_nothing(
    tiny: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = tmp_path / "03.xlsx"
    reply.touch()
    asked: list[frozenset[Path]] = []

    def look(arrived: frozenset[Path]) -> list[str]:
        asked.append(arrived)
        if len(asked) == 2:
            raise BuildLocked(place="data/tiny")
        return ["情報課: 3 件中 2 件"]

    watching = replace(open_watch(tiny.root, tmp_path), look=look)
    follow(watching, reply)
    follow(watching, reply)
    follow(watching, tmp_path / "gone.xlsx")
    assert asked == [frozenset({reply.resolve()})] * 2
    told = capsys.readouterr()
    assert "a reply has arrived: 03.xlsx\n情報課: 3 件中 2 件\n" in told.out
    assert "another nenpo command" in told.err


def test_many_changes_are_told_in_a_line(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(watch, "run_build", lambda *_: None)
    follow(open_watch(tiny.root), *(tiny.path(f"2021/{n}.csv") for n in range(7)))
    assert "2021/4.csv and 2 more" in capsys.readouterr().out


def test_what_is_watched_are_the_inputs_and_the_replies(project: Project, tmp_path: Path) -> None:
    names = [path.name for path in find_places(project.root, tmp_path)]
    assert names == ["data", "params", "notebooks", tmp_path.name]
    with pytest.raises(NotWatchable, match="no such folder"):
        find_places(project.root, tmp_path / "nowhere")


@pytest.mark.parametrize(("display", "opened"), [("", []), (":0", ["http://x/"])])
def test_a_page_is_opened_where_there_is_a_screen(
    display: str, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    monkeypatch.setattr("webbrowser.open", found.append)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    open_browser("http://x/")
    assert found == opened


def test_it_makes_what_changes_until_ctrl_c_and_leaves_no_process(project: Project) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "nenpo", "watch", "tiny/2021/madoguchi", "--no-open"],
        cwd=project.root,
        env=os.environ | {"NENPO_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    ) as process:
        assert process.stdout
        next(line for line in process.stdout if line.startswith("watching"))
        project.set_cell(PROGRESS, 1, "status", "×")
        told = []
        for line in process.stdout:
            told.append(line)
            if line.startswith("watching"):
                break
        assert "changed: data/tiny/2021/progress.csv\n" in told
        assert any("tiny/2021/departments/madoguchi: made" in line for line in told)
        process.send_signal(signal.SIGINT)
        # Nothing else holds it open. Interrupted as it tells this, it may tell it twice.
        assert all(line.startswith("watching") for line in process.stdout)
        assert process.wait(10) == 130
    until = time.monotonic() + 10
    while is_running(process.pid) and time.monotonic() < until:
        time.sleep(0.05)  # its fork server goes a moment later
    assert not is_running(process.pid)


def is_running(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
