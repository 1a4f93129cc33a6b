"""What is published is the public set, whole and current, and what others put there stays."""

import io
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

import nenpo.build.publish
from check_project import ROOT, build, run
from nenpo.build.manifest import lock_output
from nenpo.build.publish import LIST, Publication, publish_outputs
from nenpo.build.receipts import Inputs
from nenpo.errors import BuildLocked, MissingExtra, NotPublishable, UnusableDestination
from project import read_files
from tiny_project import Project, copy_project

DOCUMENTS = {"annual", "departments/madoguchi", "departments/joho"}
SUFFIXES = (".html", ".pdf", ".facts.json")
PAGES = {"index.html", "tiny/2021/index.html"}
URL = "memory://reports/out"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project tiny with one edition, which is final; its data are of two years."""
    project = copy_project(tmp_path_factory.mktemp("publish") / "tiny")
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    project.path("params/tiny/2022.yaml").unlink()
    project.replace("params/tiny/2021.yaml", "state: draft", "state: final")
    build(project)
    return project


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Project:
    """A copy of it, which a test may change."""
    shutil.copytree(built.root, tmp_path / "tiny")
    return Project(tmp_path / "tiny")


@pytest.fixture
def store() -> Iterator[Any]:
    fsspec = pytest.importorskip("fsspec", reason="the extra `publish` is not installed")
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    yield filesystem
    filesystem.store.clear()


def publish(project: Project, destination: Path | str, drafts: bool = False) -> Publication:
    return publish_outputs(Inputs(project.root), project.root / "outputs", str(destination), drafts)


def read_store(store: Any) -> dict[str, bytes]:
    return {path.removeprefix("/reports/out/"): store.cat(path) for path in store.find("/reports")}


def read_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# --- what is published


def test_the_public_set_is_published_and_nothing_else(built: Project, tmp_path: Path) -> None:
    """No 点検票, notebook, receipt, manifest or lock; of the data, no year without an edition."""
    publish(built, tmp_path / "site")
    folder = built.root / "data/tiny"
    tables = {path.name for path in folder.glob("*.csv")}
    tables |= {f"2021/{path.name}" for path in (folder / "2021").glob("*.csv")}
    assert set(read_files(tmp_path / "site")) == {
        LIST,
        *PAGES,
        *(f"tiny/2021/{name}{suffix}" for name in DOCUMENTS for suffix in SUFFIXES),
        *(f"data/tiny/{name}" for name in (*tables, "datapackage.json")),
    }
    assert not list((tmp_path / "site").rglob(".*"))


def test_the_documents_are_those_of_the_build(built: Project, tmp_path: Path) -> None:
    publish(built, tmp_path / "site")
    made, published = read_files(built.root / "outputs"), read_files(tmp_path / "site/tiny")
    assert published == {name: made[f"tiny/{name}"] for name in published}


def test_every_link_leads_to_a_published_file(built: Project, tmp_path: Path) -> None:
    publish(built, tmp_path / "site")
    linked = set()
    for page in (tmp_path / "site").rglob("*.html"):
        for address in re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8")):
            if not address.startswith(("#", "data:", "tel:", "mailto:")):
                linked.add((page.parent / address.partition("#")[0]).resolve())
    assert tmp_path / "site/tiny/2021/annual.pdf" in linked
    assert [path for path in linked if not path.is_file()] == []
    assert [path for path in linked if not path.is_relative_to(tmp_path / "site")] == []


def test_the_description_of_the_tables_names_the_published_ones(
    built: Project, tmp_path: Path
) -> None:
    publish(built, tmp_path / "site")
    folder = tmp_path / "site/data/tiny"
    told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    paths = {table["path"] for table in told["resources"]}
    assert paths == {p.relative_to(folder).as_posix() for p in folder.rglob("*.csv")}


# --- where to


def test_a_url_holds_what_a_folder_does(built: Project, tmp_path: Path, store: Any) -> None:
    publish(built, tmp_path / "site")
    publish(built, URL)
    assert read_store(store) == read_files(tmp_path / "site")


def test_a_zip_holds_what_a_folder_does(built: Project, tmp_path: Path) -> None:
    publish(built, tmp_path / "site")
    publish(built, tmp_path / "site.zip")
    assert read_zip(tmp_path / "site.zip") == read_files(tmp_path / "site")


def test_the_same_set_makes_the_same_zip(built: Project, tmp_path: Path) -> None:
    publish(built, tmp_path / "a.zip")
    publish(built, tmp_path / "b.zip")
    publish(built, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_zip_tells_no_time_and_its_names_can_be_read_on_windows() -> None:
    packed = nenpo.build.publish._pack({"報告.html": b"x", "a.html": b"y"})
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        first, second = archive.infolist()
    assert (first.filename, second.filename) == ("a.html", "報告.html")
    assert first.date_time == second.date_time == (1980, 1, 1, 0, 0, 0)
    assert second.flag_bits & 0x800


def test_a_file_url_is_a_folder(built: Project, tmp_path: Path, store: Any) -> None:
    publish(built, f"file://{tmp_path}/site")
    assert (tmp_path / "site/index.html").is_file()
    with pytest.raises(UnusableDestination, match="outputs/"):
        publish(built, f"file://{built.root}/outputs/site")


@pytest.mark.parametrize("place", ["outputs", "outputs/site", "data/tiny", "notebooks/site.zip"])
def test_a_destination_among_inputs_and_outputs_is_refused(built: Project, place: str) -> None:
    with pytest.raises(UnusableDestination) as refused:
        publish(built, built.root / place)
    assert f"it lies in {place.split('/')[0]}/" in refused.value.message("en")


def test_a_destination_that_cannot_be_written_is_told(built: Project, tmp_path: Path) -> None:
    (tmp_path / "site").touch()
    with pytest.raises(UnusableDestination, match=r"(Exists|Directory)Error"):
        publish(built, tmp_path / "site")


def test_a_url_of_no_known_kind_is_told(built: Project, store: Any) -> None:
    with pytest.raises(UnusableDestination, match="unheard"):
        publish(built, "unheard://x")


def test_a_url_whose_package_is_missing_says_which_to_install(built: Project) -> None:
    fsspec = pytest.importorskip("fsspec")
    fsspec.register_implementation(
        "lacking", "no_such_package.System", clobber=True, errtxt="Install lackfs to use it"
    )
    with pytest.raises(UnusableDestination, match="Install lackfs to use it"):
        publish(built, "lacking://x")


def test_a_url_needs_an_extra(built: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingExtra, match=r"nenpo\[publish\]"):
        publish(built, URL)


# --- what is there already


def test_what_has_not_changed_is_not_written_again(
    built: Project, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(built, URL)
    monkeypatch.setattr(type(store), "pipe_file", None)
    second = publish(built, URL)
    assert (second.written, second.removed, second.kept) == ((), (), len(first.written))


def test_a_file_that_is_gone_there_is_written_again(built: Project, tmp_path: Path) -> None:
    publish(built, tmp_path / "site")
    (tmp_path / "site/tiny/2021/annual.pdf").unlink()
    assert publish(built, tmp_path / "site").written == ("tiny/2021/annual.pdf",)


@pytest.mark.parametrize("place", ["site", "site.zip"])
def test_a_place_with_files_of_others_is_refused(
    built: Project, tmp_path: Path, place: str
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/notes.txt").write_text("not ours")
    with zipfile.ZipFile(tmp_path / "site.zip", "w") as archive:
        archive.writestr("notes.txt", "not ours")
    with pytest.raises(UnusableDestination, match=r"notes\.txt"):
        publish(built, tmp_path / place)


def test_what_is_no_longer_public_is_removed_and_nothing_of_others(
    project: Project, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    publish(project, site)
    (site / "robots.txt").write_text("not ours")
    drop_department(project)
    done = publish(project, site)
    gone = {f"tiny/2021/departments/madoguchi{suffix}" for suffix in SUFFIXES}
    assert gone <= set(done.removed)
    assert not [name for name in done.removed if (site / name).exists()]
    assert (site / "robots.txt").read_text() == "not ours"


def drop_department(project: Project) -> None:
    """Take from a department all it has, and build."""
    text = project.read("2021/assignments.csv")
    rows = [line for line in text.splitlines() if ",madoguchi," not in f",{line},"]
    project.write("2021/assignments.csv", "\n".join(rows) + "\n")
    build(project)


def test_a_list_that_names_places_elsewhere_removes_nothing(built: Project, tmp_path: Path) -> None:
    publish(built, tmp_path / "site")
    (tmp_path / "mine.txt").touch()
    told = json.loads((tmp_path / "site" / LIST).read_text(encoding="utf-8"))
    told["files"]["../mine.txt"] = ""
    (tmp_path / "site" / LIST).write_text(json.dumps(told), encoding="utf-8")
    assert publish(built, tmp_path / "site").removed == ()
    assert (tmp_path / "mine.txt").exists()


# --- in which order


def watch(store: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that every change of the store is added to, removals with "- " before."""
    done: list[str] = []
    pipe, remove = type(store).pipe_file, type(store).rm

    def write(self: Any, path: str, *arguments: Any, **named: Any) -> Any:
        done.append(path.removeprefix("/reports/out/"))
        return pipe(self, path, *arguments, **named)

    def rm(self: Any, path: str, *arguments: Any, **named: Any) -> Any:
        done.append("- " + path.removeprefix("/reports/out/"))
        return remove(self, path, *arguments, **named)

    monkeypatch.setattr(type(store), "pipe_file", write)
    monkeypatch.setattr(type(store), "rm", rm)
    return done


def test_pages_follow_what_they_lead_to_and_removals_come_last(
    project: Project, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = watch(store, monkeypatch)
    publish(project, URL)
    assert done[0] == done[-1] == LIST
    assert done[-3:-1] == ["tiny/2021/index.html", "index.html"]
    drop_department(project)
    done.clear()
    publish(project, URL)
    removals = [place for place, step in enumerate(done) if step.startswith("- ")]
    assert len(removals) == 3
    assert min(removals) > done.index("index.html")


def test_a_publication_that_was_cut_off_is_finished_by_the_next(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if everything is meanwhile as it was before it began."""
    site = tmp_path / "site"
    publish(project, site)
    whole = read_files(site)
    write = nenpo.build.publish.replace_file

    def cut_off(path: Path, content: Any) -> None:
        write(path, content)
        if path.suffix == ".csv":
            raise KeyboardInterrupt

    before = project.read("2021/commentary.csv")
    project.set_cell("2021/commentary.csv", 2, "text", "国の動きを見ている。")
    build(project)
    monkeypatch.setattr(nenpo.build.publish, "replace_file", cut_off)
    with pytest.raises(KeyboardInterrupt):
        publish(project, site)
    monkeypatch.undo()
    assert read_files(site) != whole
    project.write("2021/commentary.csv", before)
    build(project)
    publish(project, site)
    assert read_files(site) == whole


def lose_ends(store: Any, monkeypatch: pytest.MonkeyPatch, times: int) -> list[str]:
    """Have the store lose the last byte of each file so many times; return what was written."""
    pipe, written = type(store).pipe_file, list[str]()

    def write(self: Any, path: str, value: bytes, **named: Any) -> Any:
        written.append(path)
        return pipe(self, path, value[: -1 if written.count(path) <= times else None], **named)

    monkeypatch.setattr(type(store), "pipe_file", write)
    return written


def test_a_file_that_does_not_read_back_twice_is_told(
    built: Project, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = lose_ends(store, monkeypatch, 2)
    with pytest.raises(UnusableDestination, match="does not read back"):
        publish(built, URL)
    assert len(written) == 2


def test_a_file_that_does_not_read_back_is_written_once_more(
    built: Project, store: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = lose_ends(store, monkeypatch, 1)
    publish(built, URL)
    publish(built, tmp_path / "site")
    assert read_store(store) == read_files(tmp_path / "site")
    assert {written.count(path) for path in written if not path.endswith(LIST)} == {2}


@pytest.mark.parametrize(("times", "whole"), [(1, True), (2, False)])
def test_a_zip_is_read_back_as_well(
    built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, whole: bool
) -> None:
    write, left = nenpo.build.publish.replace_file, [times]

    def lose_end(path: Path, content: bytes) -> None:
        left[0] -= 1
        write(path, content if left[0] < 0 else content[:-1])

    monkeypatch.setattr(nenpo.build.publish, "replace_file", lose_end)
    with nullcontext() if whole else pytest.raises(UnusableDestination, match="does not read"):
        publish(built, tmp_path / "site.zip")
    assert zipfile.is_zipfile(tmp_path / "site.zip") is whole


# --- what is refused


def refuse(project: Project, tmp_path: Path) -> str:
    """Return why nothing is published."""
    with pytest.raises(NotPublishable) as refused:
        publish(project, tmp_path / "site")
    assert refused.value.exit_code == 2
    assert not (tmp_path / "site").exists()
    return refused.value.message("en")


def test_a_draft_is_published_on_demand_only(project: Project, tmp_path: Path) -> None:
    project.replace("params/tiny/2021.yaml", "state: final", "state: draft")
    build(project)
    told = refuse(project, tmp_path)
    assert "tiny/2021: is a draft" in told
    assert "--drafts" in told
    publish(project, tmp_path / "site", drafts=True)
    assert (tmp_path / "site/tiny/2021/annual.html").is_file()


def spoil_data(project: Project) -> None:
    project.set_cell("2021/progress.csv", 1, "status", "△")


def add_edition(project: Project) -> None:
    text = project.read("params/tiny/2021.yaml").replace("2021", "2022")
    project.write("params/tiny/2022.yaml", text)


def alter(project: Project) -> None:
    (project.root / "outputs/tiny/2021/annual.pdf").write_bytes(b"%PDF")


def fail(project: Project) -> None:
    path = project.root / "outputs/failed/tiny/2021/annual.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (spoil_data, "tiny/2021/departments/joho: is not what would be made now"),
        (add_edition, "tiny/2022/departments/joho: is not built"),
        (alter, "tiny/2021/annual: was altered or is gone"),
        (fail, "tiny/2021/annual: could not be made"),
        (fail, "index.html: is not what would be made now"),
    ],
)
def test_what_is_not_current_is_refused(
    project: Project, tmp_path: Path, spoil: Callable[[Project], None], told: str
) -> None:
    spoil(project)
    assert told in refuse(project, tmp_path)


def test_all_that_is_not_current_is_named_and_no_inspection(
    project: Project, tmp_path: Path
) -> None:
    spoil_data(project)
    told = refuse(project, tmp_path)
    assert [name for name in DOCUMENTS if f"tiny/2021/{name}: " not in told] == []
    assert "inspection" not in told


def test_a_project_that_was_never_built_is_refused(tmp_path: Path) -> None:
    told = refuse(copy_project(tmp_path / "tiny"), tmp_path)
    assert "is not built" in told


def test_nothing_is_published_while_a_build_writes(built: Project, tmp_path: Path) -> None:
    with lock_output(built.root / "outputs"), pytest.raises(BuildLocked):
        publish(built, tmp_path / "site")


def test_command_says_what_it_did_and_what_it_refused(project: Project) -> None:
    done = run(project, "publish", "site.zip")
    assert (done.returncode, "published to site.zip: " in done.stdout) == (0, True)
    spoil_data(project)
    refused = run(project, "publish", "site.zip")
    assert refused.returncode == 2
    assert "nenpo build" in refused.stderr
