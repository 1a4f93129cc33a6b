"""An acceptance is written whole or not at all, whatever the disk does, whenever it is killed."""

import errno
import json
import os
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest

import nenpo.check.accepted
from check_project import ANNUAL, Accepted, accept, run, snapshot
from dying import run_and_die
from nenpo.build.transaction import has_journal
from nenpo.check.accepted import hold_accepted, replace_accepted, settle_accepted
from nenpo.errors import BuildLocked, UnreadableAccepted, WriteFailed

OLD = {"tiny/2021/annual.txt": b"old", "tiny/2021/log.csv": b"old", "tiny/2021/gone.txt": b"old"}
NEW = {"tiny/2021/annual.txt": b"new", "tiny/2021/log.csv": b"new", "inputs/1": b"new"}
GONE = "tiny/2021/gone.txt"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_old(tmp_path)
    return tmp_path


def write_old(root: Path) -> None:
    shutil.rmtree(root / "accepted", ignore_errors=True)
    for path, content in OLD.items():
        (root / "accepted" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "accepted" / path).write_bytes(content)


def replace_all(root: Path) -> None:
    with hold_accepted(root):
        replace_accepted(root, NEW, [GONE])


def read_state(root: Path) -> dict[str, bytes]:
    folder = root / "accepted"
    return {Path(path).relative_to(folder).as_posix(): c for path, c in snapshot(folder).items()}


def test_an_acceptance_killed_anywhere_ends_old_or_new(root: Path) -> None:
    place, killed, ended = 0, True, list[bool]()
    while killed:
        write_old(root)
        place += 2
        killed = run_and_die(partial(replace_all, root), place)
        settle_accepted(root)
        state = {path: c for path, c in read_state(root).items() if not path.startswith(".")}
        assert state in (OLD, NEW)
        ended.append(state == NEW)
    assert ended == sorted(ended)
    assert set(ended) == {False, True}


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("place", range(2, 7))
def test_a_file_that_cannot_be_written_leaves_the_accepted_state(
    root: Path, monkeypatch: pytest.MonkeyPatch, place: int, number: int
) -> None:
    real, count = os.replace, 0

    def replace(source: Path, target: Path) -> None:
        nonlocal count
        count += 1
        if count == place:
            raise OSError(number, os.strerror(number))
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(WriteFailed) as refused:
        replace_all(root)
    assert refused.value.exit_code == 2
    assert str(root / "accepted") in refused.value.message("en")
    assert read_state(root) == OLD


@pytest.fixture
def losing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the disk lose a byte of each file that is written, as often as is said."""
    write, left = nenpo.check.accepted.write_file, [0]

    def lose(path: Path, content: bytes) -> None:
        write(path, content if left[0] <= 0 else content[:-1])
        left[0] -= 1

    monkeypatch.setattr(nenpo.check.accepted, "write_file", lose)
    return left


def test_what_does_not_read_back_is_written_once_more(root: Path, losing: list[int]) -> None:
    losing[0] = len(NEW)
    replace_all(root)
    assert read_state(root) == NEW


def test_what_does_not_read_back_twice_is_told_and_not_accepted(
    root: Path, losing: list[int]
) -> None:
    losing[0] = 2 * len(NEW)
    with pytest.raises(WriteFailed, match="does not read back as it was written"):
        replace_all(root)
    assert read_state(root) == OLD


def test_two_acceptances_at_once_are_kept_apart(root: Path) -> None:
    with hold_accepted(root), pytest.raises(BuildLocked):
        replace_all(root)


def test_an_acceptance_leaves_nothing_of_its_own_behind(root: Path) -> None:
    replace_all(root)
    assert {path.name for path in (root / "accepted").iterdir()} == {"tiny", "inputs"}


# --- commands


def kill_acceptance(accepted: Accepted) -> None:
    """Accept a changed document, and end it after the first of its files."""
    accepted.project.set_cell("2021/actuals.csv", 1, "value", "20.6")
    accepted.remake(ANNUAL)
    child = os.fork()
    if child == 0:
        real = os.replace

        def replace(source: Path, target: Path) -> None:
            real(source, target)
            if Path(target).name == "annual.txt":
                os.kill(os.getpid(), signal.SIGKILL)

        os.replace = replace  # type: ignore[assignment]
        accept(accepted, ANNUAL)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert has_journal(accepted.project.root / "accepted")


def test_a_check_finishes_an_acceptance_that_was_killed(accepted: Accepted) -> None:
    """Texts new and log old would be a state that nobody accepted."""
    log = accepted.project.root / "accepted/tiny/2021/log.csv"
    before = log.read_text("utf-8")
    kill_acceptance(accepted)
    told = run(accepted.project, "check", ANNUAL)
    assert told.returncode == 0, told.stdout
    assert not has_journal(accepted.project.root / "accepted")
    assert log.read_text("utf-8") != before
    assert "20.5 → 20.6" in log.read_text("utf-8")


DAMAGED = ["", "null", "[1]", '{"annual": 1}', '{"annual": "x"}', None]


@pytest.mark.parametrize("content", DAMAGED)
@pytest.mark.parametrize("name", ["digests.json", "receipts.json"])
def test_a_check_goes_on_without_what_only_repeats(
    accepted: Accepted, name: str, content: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    spoil(accepted.project.root / "accepted/tiny/2021" / name, content)
    assert accepted.check(ANNUAL, pdfs=False).exit_code("any") == 0
    told = capfd.readouterr().err
    assert told.count("\n") == 1
    assert name in told
    assert "nenpo accept makes it anew" in told


def spoil(path: Path, content: str | None) -> None:
    path.unlink()
    path.mkdir() if content is None else path.write_text(content, "utf-8")


@pytest.mark.parametrize("name", ["digests.json", "receipts.json"])
def test_an_acceptance_writes_a_damaged_cache_anew(accepted: Accepted, name: str) -> None:
    path = accepted.project.root / "accepted/tiny/2021" / name
    before = json.loads(path.read_text("utf-8"))
    spoil(path, None)
    accept(accepted, "tiny/2021")
    assert json.loads(path.read_text("utf-8")).keys() == before.keys()


@pytest.mark.parametrize("content", ["", "null", "[]", "{", "date,x\n1,2\n"])
@pytest.mark.parametrize("name", ["annual.facts.json", "annual.txt", "log.csv"])
def test_a_damaged_truth_is_told_with_its_file_and_never_replaced(
    accepted: Accepted, name: str, content: str
) -> None:
    path = accepted.project.root / "accepted/tiny/2021" / name
    path.write_text(content, "utf-8")
    before = snapshot(accepted.project.root / "accepted")
    with pytest.raises(UnreadableAccepted) as refused:
        accept(accepted, "tiny/2021")
    assert refused.value.exit_code == 2
    assert str(path) in refused.value.message("en")
    assert snapshot(accepted.project.root / "accepted") == before


def test_a_project_that_is_read_only_and_current_can_be_checked(accepted: Accepted) -> None:
    """So can it be built, listed and asked why: nothing is written, not even a lock."""
    root = accepted.project.root
    command = ["mount", "--bind", "-o", "ro", root, root]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no right to mount here")
    try:
        for words in (["build"], ["check", "--fail-on", "any"], ["why"], ["validate"], ["list"]):
            told = run(accepted.project, *words)
            assert (told.returncode, told.stderr) == (0, ""), words
    finally:
        subprocess.run(["umount", root], check=True)
