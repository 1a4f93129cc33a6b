"""A plan's folder is replaced in one step: all of the old or all of the new, whenever it is cut."""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from filelock import FileLock

from dying import run_and_die
from nenpo.data import replace
from nenpo.data.plan_files import read_rows
from nenpo.data.project import list_plans
from nenpo.data.proposed import read_proposed
from nenpo.data.replace import hold_plan
from nenpo.errors import ChangedMeanwhile, DataLocked, InputRefused, WriteFailed
from tiny_project import Project, copy_project

NEW = {"2022/progress.csv": b"new progress\n", "2022/more.csv": b"new file\n", "2023/a.csv": b"a\n"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_project(tmp_path / "project")


@pytest.fixture
def quick() -> Iterator[Project]:
    """The same where a sync takes no time, if there is such a place."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield copy_project(Path(name) / "project")


@pytest.fixture(params=["at once", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "two renames":
        monkeypatch.setattr(replace, "_exchange_at_once", lambda first, second: False)


def read_all(root: Path) -> dict[str, bytes]:
    data = root / "data"
    return {
        path.relative_to(data).as_posix(): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file()
    }


def list_data(project: Project) -> list[str]:
    return sorted(path.name for path in (project.root / "data").iterdir())


def change(root: Path) -> bool:
    with hold_plan(root, "tiny") as held:
        return held.replace(NEW)


@pytest.mark.usefixtures("way")
def test_the_files_are_replaced_and_all_others_stay(project: Project) -> None:
    before = read_all(project.root)
    assert change(project.root)
    assert read_all(project.root) == before | {f"tiny/{k}": v for k, v in NEW.items()}
    assert list_data(project) == ["tiny"]


def test_what_is_there_already_is_not_written_again(project: Project) -> None:
    change(project.root)
    before = project.path("2022/progress.csv").stat()
    assert not change(project.root)
    assert project.path("2022/progress.csv").stat() == before


@pytest.mark.usefixtures("way")
def test_permissions_links_and_other_files_are_kept(project: Project) -> None:
    (project.root / ".ignored").write_text("kept")
    notes = project.path("2022/メモ.txt")
    notes.write_text("kept")
    link = project.path("2021/link.csv")
    link.symlink_to("progress.csv")
    project.path("2022/progress.csv").chmod(0o640)
    project.path("2022").chmod(0o770)
    change(project.root)
    assert notes.read_text() == "kept"
    assert link.readlink() == Path("progress.csv")
    assert project.path("2022/progress.csv").stat().st_mode & 0o777 == 0o640
    assert project.path("2022").stat().st_mode & 0o777 == 0o770


@pytest.mark.usefixtures("way")
def test_a_file_system_without_hard_links_gets_copies(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links")

    monkeypatch.setattr(os, "link", refuse)
    before = read_all(project.root)
    assert change(project.root)
    assert read_all(project.root) == before | {f"tiny/{k}": v for k, v in NEW.items()}


def test_what_somebody_changed_meanwhile_is_not_overwritten(project: Project) -> None:
    with hold_plan(project.root, "tiny") as held:
        project.append("2022/progress.csv", "their own row")
        before = read_all(project.root)
        with pytest.raises(ChangedMeanwhile, match="progress"):
            held.replace(NEW)
        assert read_all(project.root) == before


def test_a_second_command_is_refused(project: Project) -> None:
    with hold_plan(project.root, "tiny"), pytest.raises(DataLocked) as caught:
        change(project.root)
    assert caught.value.exit_code == 75


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("call", ["rename", "fsync", "mkdir", "chmod"])
def test_whatever_the_file_system_refuses_nothing_is_half_done(
    quick: Project, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    before = read_all(quick.root)
    after = before | {f"tiny/{k}": v for k, v in NEW.items()}
    for place in range(1, 5):
        with monkeypatch.context() as patch, suppress(WriteFailed):
            spoil(patch, call, place)
            change(quick.root)
        assert list_plans(quick.root) == ("tiny",)
        assert read_all(quick.root) in (before, after)


def spoil(patch: pytest.MonkeyPatch, call: str, place: int) -> None:
    """Have the n-th call of a function of ``os`` fail."""
    real, done = getattr(os, call), 0

    def fail(*arguments: Any, **named: Any) -> Any:
        nonlocal done
        done += 1
        if done == place:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(*arguments, **named)

    patch.setattr(os, call, fail)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a fork")
@pytest.mark.usefixtures("way")
def test_a_command_killed_anywhere_leaves_all_of_the_old_or_all_of_the_new(quick: Project) -> None:
    """The next command puts right what is left, and may be killed as well."""
    before = read_all(quick.root)
    after = before | {f"tiny/{k}": v for k, v in NEW.items()}
    place, seen = 1, set[bool]()
    while run_and_die(lambda: change(quick.root), place):
        run_and_die(lambda: list_plans(quick.root), 1 + place % 3)
        assert list_plans(quick.root) == ("tiny",)
        found = {k: v for k, v in read_all(quick.root).items() if k.startswith("tiny/")}
        assert found in (before, after)
        seen.add(found == after)
        if found == after:  # start again
            with hold_plan(quick.root, "tiny") as held:
                held.replace({k.removeprefix("tiny/"): v for k, v in before.items()})
            for name in ("2022/more.csv", "2023/a.csv"):
                quick.path(name).unlink()
            quick.path("2023").rmdir()
        place += 1
    assert place > 10
    assert seen == {False, True}
    change(quick.root)
    assert list_data(quick) == ["tiny"]


def test_a_reader_waits_for_a_command_between_two_renames(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = project.root / "data"
    (data / "_tiny.replacing").mkdir()
    (data / "tiny").rename(data / "_tiny.replaced")
    monkeypatch.setattr(replace, "_PATIENCE", 0.01)
    with FileLock(data / ".tiny.lock"), pytest.raises(DataLocked):
        list_plans(project.root)
    assert list_plans(project.root) == ("tiny",)


def test_folders_that_somebody_set_aside_are_left_alone(project: Project) -> None:
    aside = project.root / "data/_tiny.old"
    project.path("").rename(aside)
    assert list_plans(project.root) == ()
    assert aside.is_dir()


def test_what_is_proposed_is_read_as_if_it_were_there(project: Project) -> None:
    files = {"2022/progress.csv": project.read("2022/progress.csv").replace("◎", "☆").encode()}
    before = read_all(project.root)
    with pytest.raises(InputRefused) as proposed:
        read_proposed(project.root, "tiny", files)
    assert read_all(project.root) == before
    project.write("2022/progress.csv", files["2022/progress.csv"])
    with pytest.raises(InputRefused) as there:
        read_rows(project.root, "tiny")
    assert str(proposed.value) == str(there.value)
