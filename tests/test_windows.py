"""What Windows does otherwise, as far as it can be had here: consoles, line ends, held files."""

import contextlib
import errno
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from nenpo import errors
from nenpo.build.receipts import Inputs
from nenpo.build.run import BuildOptions, build
from nenpo.build.select import select_briefings
from nenpo.cli import main
from nenpo.console import open_streams
from nenpo.files import explain_refusal, explain_unreadable, hash_files
from tiny_project import Project, copy_project

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("*.pdf", "*.html", "*.ipynb", "*.facts.json")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("windows") / "年報 2021")
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    make(project, "forkserver")
    return project


def make(project: Project, start_method: str) -> None:
    briefings = select_briefings(project.root, ["tiny/2021"])
    options = BuildOptions(
        project.root / "outputs", ("tiny/2021",), jobs=2, start_method=start_method, fresh=True
    )
    assert build(project.root, briefings, options, state=Inputs(project.root)).failed == ()


def hash_documents(project: Project) -> dict[str, str]:
    outputs = project.root / "outputs/tiny/2021"  # the pages around are made by a command
    found = hash_files(outputs, (path for name in DOCUMENTS for path in outputs.rglob(name)))
    found.pop("index.html", None)
    assert len(found) > 7
    return found


CONSOLE = {"NENPO_LANG": "ja", "LC_ALL": "C.UTF-8"}


def run(project: Project, *words: str) -> tuple[int, str]:
    """Run a command in this process as a Japanese Windows does whose console has code page 932.

    Returns its exit code, and what it told on both streams.
    """
    told = io.BytesIO(), io.BytesIO()
    out, error = (io.TextIOWrapper(stream, encoding="cp932") for stream in told)
    with (
        contextlib.chdir(project.root),
        patch.dict(os.environ, CONSOLE),
        patch.object(sys, "argv", ["nenpo", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(error),
    ):
        open_streams()
        with pytest.raises(SystemExit) as left:
            main()
        sys.stdout.flush()
        sys.stderr.flush()
    return int(left.value.code or 0), "".join(stream.getvalue().decode("cp932") for stream in told)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["list"], 0, "tiny/2021/annual"),
        (["validate"], 0, "tiny/2021"),
        (["build", "tiny/2021"], 0, "件作成"),
        (["why", "tiny/2021"], 0, "tiny/2021"),
        (["check", "tiny/2021"], 1, "前にはない文書"),
        (["survey", "make", "tiny/2022", "--to", "asked"], 0, "次にすること"),
        (["survey", "status", "tiny/2022"], 0, "窓口課"),
        (["survey", "collect", "nowhere"], 2, "フォルダー"),
        (["build", "無い計画"], 2, "計画「"),
        (["--help"], 0, "使い方"),
    ],
)
def test_a_console_of_code_page_932_is_told_everything(
    built: Project, words: list[str], code: int, told: str
) -> None:
    left, text = run(built, *words)
    assert told in text
    assert "Unicode" not in text
    assert left == code


def test_what_code_page_932_lacks_is_told_as_an_escape(tmp_path: Path) -> None:
    project = copy_project(tmp_path / "tiny")
    project.set_cell("2021/progress.csv", 1, "status", "\u2b55")
    done = subprocess.run(
        [sys.executable, "-m", "nenpo", "validate"],
        cwd=project.root,
        env=os.environ | CONSOLE | {"PYTHONIOENCODING": "cp932"},
        capture_output=True,
        check=False,
    )
    text = (done.stdout + done.stderr).decode("cp932")
    assert done.returncode == 2
    assert "\\u2b55" in text
    assert "progress.csv" in text


def test_processes_that_start_anew_make_the_same_bytes(built: Project, tmp_path: Path) -> None:
    """Windows cannot fork."""
    shutil.copytree(built.root, tmp_path / "spawned")
    spawned = Project(tmp_path / "spawned")
    shutil.rmtree(spawned.root / "outputs")
    make(spawned, "spawn")
    assert hash_documents(spawned) == hash_documents(built)


def test_line_ends_of_windows_change_no_document(built: Project, tmp_path: Path) -> None:
    """Git or an editor may have put them into every file."""
    shutil.copytree(built.root, tmp_path / "crlf")
    project = Project(tmp_path / "crlf")
    shutil.rmtree(project.root / "outputs")
    changed = 0
    for folder in ("data", "params", "notebooks"):
        for path in (path for path in (project.root / folder).rglob("*") if path.is_file()):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            path.write_bytes(content.replace(b"\n", b"\r\n"))
            changed += b"\r\n" in path.read_bytes()
    assert changed > 8
    make(project, "forkserver")
    assert hash_documents(project) == hash_documents(built)


def refuse(number: int, winerror: int, told: str) -> OSError:
    """Return what Windows raises, where OSError has one more number."""
    error = OSError(number, told)
    error.winerror = winerror  # type: ignore[attr-defined]
    return error


HELD = refuse(errno.EACCES, 32, "プロセスはファイルにアクセスできません。")


def test_a_document_that_a_reader_holds_open_is_named_with_what_to_do() -> None:
    told = explain_refusal(Path("outputs/tiny/2021/annual.pdf"), HELD)
    assert "outputs/tiny/2021/annual.pdf に書き込めない" in told.message("ja")
    assert "開いている" in told.message("ja")
    assert "閉じるか" in told.message("ja")
    assert "close it" in told.message("en")


def test_a_table_that_excel_holds_is_no_matter_of_rights() -> None:
    told = explain_unreadable("data/tiny/items.csv", HELD)
    assert "ほかのプログラムが開いている" in told.message("ja")
    assert "another program has it open" in told.message("en")


@pytest.mark.parametrize(
    ("error", "length"),
    [
        (refuse(errno.ENOENT, 206, "ファイル名または拡張子が長すぎます。"), 100),
        (refuse(errno.ENOENT, 3, "指定されたパスが見つかりません。"), 260),
        (OSError(errno.ENAMETOOLONG, "File name too long"), 100),
    ],
)
def test_a_path_that_is_too_long_is_told_as_that(error: OSError, length: int) -> None:
    told = explain_refusal(Path("x" * length), error)
    assert "短い場所" in told.message("ja")
    assert "too long" in told.message("en")


def test_a_folder_that_is_not_there_is_no_long_path() -> None:
    told = explain_refusal(Path("x" * 100), refuse(errno.ENOENT, 3, "見つかりません。"))
    assert "短い場所" not in told.message("ja")


@pytest.mark.parametrize(("system", "language"), [("ja_JP", "ja"), ("en_US", "en"), ("", "en")])
def test_the_language_is_that_of_windows_where_nothing_else_names_one(
    system: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NENPO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(errors, "_ask_windows", lambda: system)
    assert errors.message_language() == language


def test_documents_of_the_longest_ids_fit_under_a_folder_of_seventy_characters() -> None:
    """An id has at most 60 characters; what replaces a file lies below .work for a while."""
    name = f"{'p' * 60}/2021/departments/{'d' * 60}.facts.json"
    assert len(f"outputs/.work/kept-12345678/9999/{name}") <= 259 - 70
    assert len(f"outputs/.work/1234567/{name.removesuffix('.facts.json')}/facts.json") <= 259 - 70
