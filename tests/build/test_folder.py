"""A build takes no folder of others, and in its own touches nothing that it has not made."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nenpo.build.folder import check_output
from nenpo.build.publish import publish_outputs
from nenpo.build.receipts import Inputs
from nenpo.build.run import BuildOptions, build
from nenpo.build.transaction import WORK
from nenpo.cli.app import parse_output
from nenpo.errors import ForeignFile, NotPublishable, UnusableOutput
from project import PAGES, ask_for, read_files, write_project

FOLDERS = ("accepted", "data", "notebooks", "outputs", "params", "src")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "home" / "project"
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True)
    (root / "outputs/README.md").write_text("ours")
    return root


def refuse(root: Path, output: Path) -> str:
    """Return why the folder is refused: in English, and with everything below as it was."""
    before = sorted(root.parent.rglob("*"))
    with pytest.raises(UnusableOutput) as refused:
        check_output(root, output.resolve())
    assert refused.value.exit_code == 2
    assert sorted(root.parent.rglob("*")) == before
    return refused.value.message("en")


@pytest.mark.parametrize("folder", ["data", "params/out", "notebooks", "accepted/x", "src/a/b"])
def test_folders_that_people_keep_are_refused_before_anything_is_written(
    project: Path, folder: str
) -> None:
    """Files there would make the next build refuse the plan."""
    assert f"{folder.split('/')[0]}/ holds input" in refuse(project, project / folder)


@pytest.mark.parametrize("place", [".", "..", "../..", "outputs/..", "data/../../project"])
def test_the_project_and_what_it_lies_in_are_refused(project: Path, place: str) -> None:
    assert "the project lies in it" in refuse(project, project / place)


@pytest.mark.parametrize("target", [".", "data", "accepted"])
def test_a_link_is_what_it_leads_to(project: Path, target: str) -> None:
    link = project.parent / "link"
    link.symlink_to(project / target)
    refuse(project, link)
    if target != ".":
        refuse(project, link / "new")


def test_a_name_in_another_case_is_the_folder_that_the_file_system_says(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ignore_case(first: Path, second: Path) -> bool:
        return str(first).casefold() == str(second).casefold()

    assert "not empty" not in refuse(project, project / "data/x")
    monkeypatch.setattr(Path, "samefile", ignore_case)
    assert "data/ holds input" in refuse(project, project / "DATA/x")
    assert "the project lies in it" in refuse(project, project.with_name("PROJECT"))


def test_an_empty_text_is_no_folder() -> None:
    for text in ("", " "):
        with pytest.raises(UnusableOutput):
            parse_output(text)
    assert parse_output("out") == Path("out")


@pytest.mark.parametrize("command", ["build", "why", "check"])
def test_an_empty_output_ends_a_command_with_exit_code_2(project: Path, command: str) -> None:
    run = [sys.executable, "-m", "nenpo", command, "--output", ""]
    environment = {**os.environ, "NENPO_ROOT": str(project)}
    done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "empty" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("file", ["letter.txt", ".work/notes.txt", "a/b/index.html"])
def test_a_folder_of_somebody_else_is_refused(project: Path, file: str) -> None:
    path = project.parent / "letters" / file
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    assert "not empty" in refuse(project, project.parent / "letters")
    assert path.read_text() == "mine"


@pytest.mark.parametrize("text", ['{"name": "a web app"}', "[]", "null", "{", ""])
def test_a_manifest_of_something_else_does_not_make_a_folder_ours(project: Path, text: str) -> None:
    folder = project.parent / "app"
    folder.mkdir()
    (folder / "manifest.json").write_text(text)
    (folder / WORK).mkdir()
    assert "not empty" in refuse(project, folder)
    with pytest.raises(NotPublishable):
        publish_outputs(Inputs(project), folder, str(project.parent / "public"))
    assert (folder / WORK).is_dir()


def test_a_folder_that_a_build_has_written_to_is_ours(project: Path) -> None:
    folder = project.parent / "older"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"manifest_version": 1, "briefings": {}}')
    check_output(project, folder)
    check_output(project, project / "outputs")


def test_a_folder_stays_ours_if_the_first_build_is_killed(project: Path) -> None:
    """No manifest is there yet."""
    folder = project.parent / "new"
    check_output(project, folder)
    (folder / WORK / "1").mkdir(parents=True)
    check_output(project, folder)


def test_output_that_is_a_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(UnusableOutput) as refused:
        check_output(tmp_path, tmp_path / "out")
    assert "File exists" in refused.value.message("en")
    assert str(tmp_path / "out") in refused.value.message("en")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("root"))


def test_a_file_of_somebody_else_is_not_replaced_by_a_document(root: Path, tmp_path: Path) -> None:
    """Its document fails with the file's name, and the other is made."""
    check_output(root, tmp_path)
    page = tmp_path / "plan/2021/departments/joho.html"
    page.parent.mkdir(parents=True)
    page.write_text("mine")
    result = build(root, [ask_for("joho"), ask_for("kikaku")], BuildOptions(tmp_path))
    assert [failure.name for failure in result.failed] == ["plan/2021/departments/joho"]
    assert str(page) in result.failed[0].reason
    assert page.read_text() == "mine"
    assert (tmp_path / "plan/2021/departments/kikaku.html").exists()
    page.unlink()
    assert not build(root, [ask_for("joho")], BuildOptions(tmp_path)).failed


def test_a_page_of_somebody_else_is_not_replaced(root: Path, tmp_path: Path) -> None:
    check_output(root, tmp_path)
    (tmp_path / "index.html").write_text("mine")
    trouble = build(root, [ask_for("joho")], BuildOptions(tmp_path, pages=PAGES)).trouble
    assert [type(error) for error in trouble] == [ForeignFile]
    assert "index.html" in str(trouble[0])
    assert (tmp_path / "index.html").read_text() == "mine"
    (tmp_path / "index.html").unlink()
    build(root, [ask_for("joho")], BuildOptions(tmp_path, pages=PAGES))
    assert (tmp_path / "index.html").exists()


def test_pages_and_notes_beside_the_outputs_stay(root: Path, tmp_path: Path) -> None:
    check_output(root, tmp_path)
    for file in ("a/b/index.html", "plan/2021/notes.txt", "failed/mine.ipynb", ".receipts/mine"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("mine")
    options = BuildOptions(tmp_path, pages=PAGES)
    build(root, [ask_for("joho")], options)
    build(root, [ask_for("joho", "pass")], options)
    assert (
        len(
            [
                path
                for path in tmp_path.rglob("*")
                if path.is_file() and path.read_bytes() == b"mine"
            ]
        )
        == 4
    )


@pytest.mark.parametrize("lost", [".receipts.json", "manifest.json"])
def test_what_one_of_the_two_lists_names_is_repaired(root: Path, tmp_path: Path, lost: str) -> None:
    options = BuildOptions(tmp_path / "out", pages=PAGES)
    build(root, [ask_for("joho")], options)
    good = read_files(tmp_path / "out")
    (tmp_path / "out" / lost).unlink()
    for file in ("index.html", "plan/2021/departments/joho.html"):
        (tmp_path / "out" / file).write_text("altered")
    build(root, [ask_for("joho")], options)
    assert read_files(tmp_path / "out") == good
    assert json.loads((tmp_path / "out" / ".receipts.json").read_text())["briefings"]
