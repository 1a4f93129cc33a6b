"""What cannot be written fails in one sentence, and nothing that was there before is lost."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nenpo.build.isolated.outcome import BriefingResult
from nenpo.build.run import BuildOptions, BuildResult, build
from nenpo.errors import WriteFailed
from project import PAGES, ask_for, read_files, write_project

pytestmark = pytest.mark.long

JOHO, KIKAKU = "plan/2021/departments/joho", "plan/2021/departments/kikaku"
OTHER = "import os  # another parameter, so that it is made again"
Refuse = Callable[..., None]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("project"))
    run(root, "")
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A project whose two documents are published."""
    shutil.copytree(built, tmp_path / "project")
    return tmp_path / "project"


def run(root: Path, action: str = OTHER) -> BuildResult:
    briefings = [ask_for("joho", action), ask_for("kikaku", action)]
    return build(root, briefings, BuildOptions(root / "outputs", jobs=2, pages=PAGES))


def by_name(result: BuildResult) -> dict[str, BriefingResult]:
    return {each.name: each for each in result.briefings}


def only(files: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path.startswith(name)}


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Refuse:
    """Have a change of every file of that name fail, as one that is open does on Windows."""

    def refuse_name(name: str, number: int = errno.EACCES) -> None:
        real = os.replace

        def replace(source: Path, target: Path) -> None:
            if name in (Path(source).name, Path(target).name):
                raise OSError(number, os.strerror(number))
            real(source, target)

        monkeypatch.setattr(os, "replace", replace)

    return refuse_name


def test_a_pdf_that_somebody_has_open_fails_its_document_alone(root: Path, refuse: Refuse) -> None:
    before = read_files(root / "outputs")
    refuse("joho.pdf")
    result = run(root)
    joho, kikaku = by_name(result)[JOHO], by_name(result)[KIKAKU]
    assert (joho.status, kikaku.status) == ("failed", "made")
    assert str(root / "outputs" / f"{JOHO}.pdf") in joho.reason
    assert "may have it open" in joho.reason
    assert joho.traceback == ()
    after = read_files(root / "outputs")
    assert only(after, JOHO) == only(before, JOHO)
    assert only(after, KIKAKU) != only(before, KIKAKU)
    assert after[joho.executed]


def test_what_failed_so_is_made_by_the_next_build(
    root: Path, refuse: Refuse, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse("joho.pdf")
    run(root)
    monkeypatch.undo()
    assert {name: each.status for name, each in by_name(run(root)).items()} == {
        JOHO: "made",
        KIKAKU: "current",
    }
    assert not (root / "outputs/failed").exists()


@pytest.mark.parametrize("limit", [0, 10_000])
def test_a_full_disk_in_the_child_is_its_documents_failure_in_a_sentence(
    root: Path, limit: int
) -> None:
    """The limit stops the notebook's own record, or the document after it."""
    before = read_files(root / "outputs")
    full = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    briefings = [ask_for("joho", full), ask_for("kikaku", OTHER)]
    result = by_name(build(root, briefings, BuildOptions(root / "outputs")))
    joho = result[JOHO]
    assert (joho.status, result[KIKAKU].status) == ("failed", "made")
    assert "File too large" in joho.reason
    assert "Make room on the disk" in joho.reason
    assert joho.traceback == ()
    assert only(read_files(root / "outputs"), JOHO) == only(before, JOHO)


@pytest.mark.parametrize("name", ["manifest.json", ".manifest.json.new", "journal.json"])
def test_without_manifest_or_journal_nothing_changes(
    root: Path, refuse: Refuse, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = read_files(root / "outputs")
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if name in (self.name, target.name):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(WriteFailed, match="Make room on the disk") as refused:
        run(root)
    assert refused.value.exit_code == 2
    assert read_files(root / "outputs") == before
    assert not (root / "outputs/.work").exists()


@pytest.mark.parametrize("name", [".receipts.json", "index.html"])
def test_documents_are_published_though_receipts_or_pages_are_not(
    root: Path, refuse: Refuse, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == name:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    refuse(name, errno.EIO)
    page = (root / "outputs/index.html").read_bytes()
    (root / "outputs/index.html").write_bytes(page + b" ")  # so that it has to be written
    result = run(root)
    assert [each.status for each in result.briefings] == ["made", "made"]
    assert [str(root / "outputs" / name) in str(error) for error in result.trouble] == [True]
    monkeypatch.undo()
    assert run(root).trouble == ()
    assert (root / "outputs/index.html").read_bytes() == page


def test_what_is_no_more_and_cannot_be_removed_stays_in_the_manifest(
    root: Path, refuse: Refuse
) -> None:
    refuse("kikaku.pdf")
    result = build(root, [ask_for("joho")], BuildOptions(root / "outputs"))
    assert result.removed == ()
    assert "kikaku.pdf" in str(result.trouble[0])
    named = json.loads((root / "outputs/manifest.json").read_text("utf-8"))["briefings"]
    assert KIKAKU in named
    assert len(list((root / "outputs").rglob("kikaku.*"))) == 4


def test_a_build_with_nothing_to_do_writes_nothing(root: Path) -> None:
    def look() -> dict[Path, tuple[int, int]]:
        return {
            path: (path.stat().st_mtime_ns, path.stat().st_ctime_ns)
            for path in [root, *root.rglob("*")]
        }

    before = look()
    assert [each.status for each in run(root, "").briefings] == ["current", "current"]
    assert look() == before
