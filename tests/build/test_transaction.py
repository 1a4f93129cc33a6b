"""Whatever the file system refuses and whenever the power goes: each set is new or old, whole."""

import errno
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from filelock import FileLock

from dying import run_and_die
from nenpo.build.transaction import (
    Change,
    apply_changes,
    finish_changes,
    has_journal,
    hold_folder,
    make_put,
    open_work,
)
from nenpo.errors import BuildLocked, WriteFailed
from nenpo.files import canonical_json, hash_file, write_atomically, write_file

SETS = {"a": ("a/1.html", "a/1.pdf"), "b": ("b/2.html", "b/2.pdf"), "new": ("c/3.html", "c/3.pdf")}
GONE = "b/old.html"


def reset(folder: Path) -> None:
    """Make two old sets, and a file that goes with the new one of the second."""
    for name, paths in SETS.items():
        for path in (*paths, *((GONE,) if name == "b" else ())):
            (folder / path).unlink(missing_ok=True)
            if name != "new":
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(f"old {path}")
    (folder / "record.json").write_text(json.dumps(dict.fromkeys("ab", "old")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    reset(tmp_path / "out")
    return tmp_path / "out"


@pytest.fixture
def quick() -> Iterator[Path]:
    """The same where a sync takes no time, if there is such a place."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        reset(Path(name) / "out")
        yield Path(name) / "out"


def stage(folder: Path) -> list[Change]:
    changes = []
    for name, paths in SETS.items():
        puts = {}
        for path in paths:
            staged = folder / ".work/1" / path
            write_file(staged, f"new {path}")
            puts[path] = make_put(folder, path, staged, hash_file(staged))
        before = None if name == "new" else "old"
        changes.append(Change(name, puts, (GONE,) if name == "b" else (), "new", before))
    return changes


def record_in(folder: Path) -> Callable[[Sequence[Change], Sequence[Change]], None]:
    def record(made: Sequence[Change], unmade: Sequence[Change]) -> None:
        path = folder / "record.json"
        said = {c.name: c.after for c in made} | {c.name: c.before for c in unmade}
        known = json.loads(path.read_text()) | said
        text = canonical_json({name: word for name, word in known.items() if word})
        if path.read_text() != text:
            write_atomically(path, text)

    return record


def change_all(folder: Path) -> dict[str, WriteFailed]:
    with hold_folder(folder, folder / ".lock"):
        finish_changes(folder, record_in(folder), "nenpo build")
        open_work(folder)
        return apply_changes(folder, stage(folder), record_in(folder))


def finish(folder: Path) -> None:
    with hold_folder(folder, folder / ".lock"):
        finish_changes(folder, record_in(folder), "nenpo build")


def read_states(folder: Path) -> dict[str, str]:
    """Return of each set whether it is "old", "new" or not there; it has to be that as a whole."""
    states = {}
    for name, paths in SETS.items():
        present = [folder / path for path in paths if (folder / path).exists()]
        words = {path.read_text().split()[0] for path in present}
        assert len(words) <= 1, f"{name} is mixed"
        assert len(present) in (0, len(paths)), f"{name} lacks a file"
        if words:
            states[name] = words.pop()
    assert (folder / GONE).exists() == (states["b"] == "old")
    assert not has_journal(folder)
    return states


def read_record(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "record.json").read_text())
    return found


def test_all_sets_are_put_in_place_and_named(folder: Path) -> None:
    assert change_all(folder) == {}
    assert read_states(folder) == read_record(folder) == dict.fromkeys(SETS, "new")
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b", "c", "record.json"]


@pytest.fixture
def immutable(folder: Path) -> Iterator[Path]:
    """A file of the first set that nobody may replace, as one that a reader has open on Windows."""
    path = folder / SETS["a"][1]
    if subprocess.run(["chattr", "+i", path], check=False, capture_output=True).returncode:
        pytest.skip("no right to make a file immutable here")
    yield path
    subprocess.run(["chattr", "-i", path], check=True)


def test_a_file_that_cannot_be_replaced_leaves_its_set_whole_and_others_go_on(
    folder: Path, immutable: Path
) -> None:
    failed = change_all(folder)
    assert list(failed) == ["a"]
    told = failed["a"].message("en")
    assert str(immutable) in told
    assert "may have it open, or it is write-protected" in told
    assert read_states(folder) == read_record(folder) == {"a": "old", "b": "new", "new": "new"}


def test_a_folder_in_the_place_of_a_file_is_left_alone(folder: Path) -> None:
    (folder / "c/3.pdf").mkdir(parents=True)
    (folder / "c/3.pdf/mine.txt").touch()
    failed = change_all(folder)
    assert "Move what lies there elsewhere" in failed["new"].message("en")
    assert (folder / "c/3.pdf/mine.txt").exists()
    assert not (folder / "c/3.html").exists()


CALLS = {"replace": 30, "mkdir": 12, "fsync": 30, "unlink": 6}
REFUSALS = (errno.EIO, errno.ENOSPC, errno.EPERM, errno.EROFS)


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("call", CALLS)
def test_whichever_call_fails_each_set_is_whole_and_the_record_is_true(
    quick: Path, monkeypatch: pytest.MonkeyPatch, call: str, lasting: bool
) -> None:
    """The n-th call fails, and with a bad disk all that follow: then the next command ends it."""
    for place in range(CALLS[call]):
        reset(quick)
        with monkeypatch.context() as patch:
            spoil(patch, call, place, REFUSALS[place % len(REFUSALS)], lasting)
            with suppress(WriteFailed):
                change_all(quick)
        if has_journal(quick):
            finish(quick)
        assert read_states(quick) == read_record(quick)


def spoil(patch: pytest.MonkeyPatch, call: str, place: int, number: int, lasting: bool) -> None:
    """Have a function of ``os`` fail: from its n-th call on, or that one alone."""
    done, lock = 0, threading.Lock()
    real = getattr(os, call)

    def fail(*arguments: Any, **named: Any) -> Any:
        nonlocal done
        with lock:
            done += 1
            fails = done > place if lasting else done == place + 1
        if fails:
            raise OSError(number, os.strerror(number))
        return real(*arguments, **named)

    patch.setattr(os, call, fail)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a fork")
def test_a_command_killed_anywhere_is_finished_by_the_next(quick: Path) -> None:
    """And so is the next, killed while it does that."""
    place = 1
    while run_and_die(lambda: change_all(quick), place):
        run_and_die(lambda: finish(quick), place % 9 + 1)
        finish(quick)
        states = read_states(quick)
        assert states == read_record(quick)
        assert set(states.values()) in ({"old"}, {"new"})
        reset(quick)
        place += 2
    assert place > 20


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b'{"kept": 1}', b"{", None])
def test_without_a_readable_journal_what_was_kept_is_put_back(
    folder: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = folder / ".work/kept-1/0"
    (kept / "a").mkdir(parents=True)
    (folder / "a/1.html").rename(kept / "a/1.html")
    (folder / "a/1.html").write_text("new a/1.html")
    journal = folder / ".work/journal.json"
    journal.mkdir() if content is None else journal.write_bytes(content)
    finish(folder)
    assert read_states(folder) == {"a": "old", "b": "old"}
    assert capsys.readouterr().err.count("journal.json is damaged") == 1


def test_a_second_command_is_refused(folder: Path) -> None:
    with FileLock(folder / ".lock"), pytest.raises(BuildLocked) as caught:
        hold_folder(folder, folder / ".lock").__enter__()
    assert caught.value.exit_code == 75


@pytest.mark.parametrize("content", [None, b"", b"null"])
def test_a_damaged_lock_holds_nobody_up(folder: Path, content: bytes | None) -> None:
    lock = folder / ".lock"
    lock.mkdir() if content is None else lock.write_bytes(content)
    assert change_all(folder) == {}


def test_what_somebody_put_in_the_place_of_the_lock_is_set_aside(folder: Path) -> None:
    (folder / ".lock").mkdir()
    (folder / ".lock/mine.txt").touch()
    assert change_all(folder) == {}
    assert (folder / ".lock.1/mine.txt").exists()


def test_a_file_in_the_place_of_the_folder_for_work_goes(folder: Path) -> None:
    (folder / ".work").touch()
    assert change_all(folder) == {}
