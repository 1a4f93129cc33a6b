"""An output folder at a URL becomes what the output folder of this machine would be."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fsspec", reason="the extra `dask` is not installed")

import fsspec

from nenpo.build.briefing import Briefing
from nenpo.build.remote import MARKS, open_output
from nenpo.build.run import BuildOptions, BuildResult, build
from nenpo.errors import UnusableOutput
from project import ask_for, read_files, write_project

URL = "memory://reports/out"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def store() -> Iterator[Any]:
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    yield filesystem
    filesystem.store.clear()


def build_at(url: str, root: Path, briefings: list[Briefing]) -> BuildResult:
    with open_output(url, root / "outputs") as place:
        options = BuildOptions(place.folder, hash_output=place.hash_file)
        return build(root, briefings, options)


def list_statuses(result: BuildResult) -> list[str]:
    return [found.status for found in result.briefings]


def read_store(store: Any) -> dict[str, bytes]:
    """Return what ``read_files`` does of a folder."""
    found = {path.removeprefix("/reports/out/"): store.cat(path) for path in store.find("/reports")}
    return {path: content for path, content in found.items() if not path.startswith(".")}


BRIEFINGS = [ask_for("joho"), ask_for("kikaku"), ask_for("bad", "1/0")]


def test_the_files_are_those_of_a_folder(root: Path, tmp_path: Path, store: Any) -> None:
    build(root, BRIEFINGS, BuildOptions(tmp_path))
    build_at(URL, root, BRIEFINGS)
    assert read_store(store) == read_files(tmp_path)
    assert not [path for path in store.find("/reports") if ".work" in path or ".lock" in path]


def test_what_is_current_is_neither_made_nor_read_again(
    root: Path, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_at(URL, root, BRIEFINGS[:2])
    read: list[str] = []
    cat = type(store).cat_file
    monkeypatch.setattr(
        type(store), "cat_file", lambda self, path, **k: read.append(path) or cat(self, path, **k)
    )
    written = {path: store.info(path)["created"] for path in store.find("/reports")}
    assert list_statuses(build_at(URL, root, BRIEFINGS[:2])) == ["current", "current"]
    assert not [path for path in read if path.endswith((".pdf", "joho.html", ".ipynb"))]
    assert {path: store.info(path)["created"] for path in store.find("/reports")} == written


@pytest.mark.parametrize("suffix", [".pdf", ".facts.json"])
def test_a_file_that_was_altered_there_is_made_again(root: Path, store: Any, suffix: str) -> None:
    build_at(URL, root, BRIEFINGS[:2])
    good = read_store(store)
    store.pipe(f"/reports/out/plan/2021/departments/joho{suffix}", b"mixed")
    assert list_statuses(build_at(URL, root, BRIEFINGS[:2])) == ["made", "current"]
    assert read_store(store) == good


def test_without_marks_the_files_themselves_are_read(root: Path, store: Any) -> None:
    build_at(URL, root, BRIEFINGS[:1])
    store.rm(f"/reports/out/{MARKS}")
    assert list_statuses(build_at(URL, root, BRIEFINGS[:1])) == ["current"]


def test_what_no_longer_exists_is_removed_and_nothing_else(root: Path, store: Any) -> None:
    build_at(URL, root, BRIEFINGS[:2])
    store.pipe("/reports/out/notes.txt", b"not ours")
    build_at(URL, root, BRIEFINGS[:1])
    stems = {path.rpartition("/")[2].partition(".")[0] for path in read_store(store)}
    assert stems == {"joho", "index", "manifest", "notes"}


def test_the_manifest_comes_last_and_removals_after_it(
    root: Path, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the upload end in between, the manifest names nothing that is not there."""
    done: list[str] = []
    pipe, remove = type(store).pipe_file, type(store).rm_file
    monkeypatch.setattr(
        type(store), "pipe_file", lambda self, p, *a, **k: done.append(p) or pipe(self, p, *a, **k)
    )
    monkeypatch.setattr(
        type(store), "rm_file", lambda self, p: done.append(f"- {p}") or remove(self, p)
    )
    build_at(URL, root, BRIEFINGS[:1])
    steps = [path.removeprefix("/reports/out/") for path in done]
    last = ["index.html", ".receipts.json", "manifest.json", MARKS]
    assert [step for step in steps if step in last] == last
    assert steps.index("index.html") > steps.index("plan/2021/departments/joho.pdf")
    assert steps[-2:] == last[-2:]
    done.clear()
    build_at(URL, root, BRIEFINGS[1:2])
    removed = "- /reports/out/plan/2021/departments/joho.pdf"
    assert done.index(removed) > done.index("/reports/out/manifest.json")


def test_an_interrupted_build_keeps_what_it_finished(root: Path, store: Any) -> None:
    def interrupt() -> None:
        with open_output(URL, root) as place:
            build(root, BRIEFINGS[:1], BuildOptions(place.folder))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    manifest = json.loads(read_store(store)["manifest.json"])
    assert list(manifest["briefings"]) == ["plan/2021/departments/joho"]


def test_a_file_url_is_a_folder(root: Path, tmp_path: Path) -> None:
    with open_output(f"file://{tmp_path}/out", root) as place:
        assert place.folder == tmp_path / "out"


def test_a_url_of_no_known_kind_is_told(root: Path) -> None:
    with pytest.raises(UnusableOutput, match="unheard"), open_output("unheard://x", root):
        pass
