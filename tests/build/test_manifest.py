"""The manifest names what is complete, and is found again where it is damaged."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nenpo.build.manifest import (
    check_set,
    find_entries,
    is_settled,
    lock_output,
    read_manifest,
    record_changes,
)
from nenpo.build.receipts import Receipt, Receipts, format_receipts
from nenpo.build.transaction import Change
from nenpo.errors import IncompleteSet
from nenpo.files import canonical_json, hash_file

NAME = "plan/2021/annual"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output folder with one set, its manifest and its receipt."""
    (tmp_path / "plan/2021").mkdir(parents=True)
    write_set(tmp_path / "plan/2021")
    (tmp_path / "plan/2021/annual.html").write_text("<h1>年報 &amp; まとめ</h1>", "utf-8")
    files = {
        f"plan/2021/{path.name}": hash_file(path) for path in (tmp_path / NAME).parent.iterdir()
    }
    receipt = Receipt(files, "annual.ipynb", {}, {}, {}, "f", "e")
    told = Receipts({NAME: receipt}, {"f": {}, "e": {}})
    (tmp_path / ".receipts.json").write_text(format_receipts(told), "utf-8")
    entry = {"title": "年報 & まとめ", "files": files}
    record_changes(tmp_path, [Change(NAME, {}, after=entry)], [])
    return tmp_path


def write_set(folder: Path, name: str = "annual") -> Path:
    for suffix, content in (
        (".facts.json", "{}"),
        (".html", "x"),
        (".ipynb", "x"),
        (".pdf", "%PDF"),
    ):
        (folder / f"{name}{suffix}").write_text(content)
    return folder


def test_what_a_killed_build_left_to_work_on_is_removed(tmp_path: Path) -> None:
    staged = tmp_path / ".work/1/annual.html"
    staged.parent.mkdir(parents=True)
    staged.touch()
    with lock_output(tmp_path):
        assert not staged.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_names_its_version(output: Path) -> None:
    told = json.loads((output / "manifest.json").read_text("utf-8"))
    assert told == {"briefings": read_manifest(output), "manifest_version": 1}


def test_what_is_removed_is_named_no_more_and_what_could_not_be_removed_is(output: Path) -> None:
    entry = read_manifest(output)[NAME]
    removal = Change(NAME, {}, tuple(entry["files"]), before=entry)
    record_changes(output, [removal], [])
    assert read_manifest(output) == {}
    record_changes(output, [], [removal])
    assert read_manifest(output) == {NAME: entry}


def test_a_folder_without_a_manifest_is_given_none_by_a_look(tmp_path: Path) -> None:
    with lock_output(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


DIGEST = "0" * 64
Damage = str | bytes | dict[str, object] | Callable[[Path], object]
DAMAGES: dict[str, Damage] = {
    "empty": "",
    "cut off": '{"briefings": {"plan/2021/annual": {"fi',
    "null": "null",
    "list": "[]",
    "other version": '{"manifest_version": 2, "briefings": {}}',
    "no briefings": '{"manifest_version": 1}',
    "briefings are a list": '{"manifest_version": 1, "briefings": []}',
    "entry is null": '{"manifest_version": 1, "briefings": {"plan/2021/annual": null}}',
    "no title": {"files": {}},
    "digest is a number": {"title": "x", "files": {"plan/2021/annual.html": 1}},
    "digest is none": {"title": "x", "files": {"plan/2021/annual.html": "x"}},
    "path leads out": {"title": "x", "files": {"../annual.html": DIGEST}},
    "path leads out later": {"title": "x", "files": {"plan/../../annual.html": DIGEST}},
    "path is absolute": {"title": "x", "files": {"/etc/passwd": DIGEST}},
    "path is of Windows": {"title": "x", "files": {"C:\\\\annual.html": DIGEST}},
    "no utf-8": b"\xff",
    "deep": "[" * 100_000,
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("case", DAMAGES)
def test_a_damaged_manifest_is_worked_out_from_the_receipts(
    output: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said in one line, and the next build writes the same manifest as before."""
    path, content = output / "manifest.json", DAMAGES[case]
    before, entries = path.read_bytes(), read_manifest(output)
    if isinstance(content, dict):
        content = canonical_json({"manifest_version": 1, "briefings": {NAME: content}})
    path.unlink()
    if callable(content):
        content(path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert not is_settled(output)
    assert read_manifest(output) == entries
    with lock_output(output):
        pass
    assert is_settled(output)
    assert path.read_bytes() == before
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert str(path) in told
    assert "nenpo build makes it anew" in told


@pytest.mark.parametrize("folder", ["manifest.json", "x" * 300])
def test_where_no_manifest_can_lie_none_is_called_damaged(
    output: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Such as below a file: the folder is refused, and nothing made anew."""
    assert not read_manifest(output / folder)
    assert not capsys.readouterr().err


def test_a_set_that_is_not_whole_is_in_no_manifest_that_is_worked_out(output: Path) -> None:
    (output / "plan/2021/annual.pdf").write_text("mixed")
    assert find_entries(output, {}) == {}


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
