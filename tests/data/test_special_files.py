"""What is no ordinary file is refused as what it is: never opened, quoted or waited for."""

import errno
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nenpo.build.params import check_folders
from nenpo.build.receipts import Inputs
from nenpo.build.select import select_briefings
from nenpo.build.validate import validate_plans
from nenpo.errors import InputRefused, SpecialFile, UnreadableFile
from tiny_project import PLAN, Project, only

SECRET = "root:x:0:0"


@pytest.fixture(autouse=True)
def watchdog() -> Iterator[None]:
    """A pipe that is opened is waited for: then the test fails instead of hanging."""
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(60)
    yield
    signal.alarm(0)


def link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def open_socket(path: Path) -> None:
    # The name of a socket is short: it is made in its own folder.
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


KINDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "link out": (link("/etc/passwd"), "a link that leaves the project"),
    "link to nothing": (link("nowhere.csv"), "a link to nothing"),
    "link to a device": (link("/dev/zero"), "a link that leaves the project"),
    "pipe": (os.mkfifo, "a named pipe (FIFO)"),
    "socket": (open_socket, "a socket"),
    "folder": (Path.mkdir, "a folder"),
}
PLACES = [f"{PLAN}/items.csv", f"{PLAN}/2021/progress.csv", f"{PLAN}/plan.yaml"]


def put(tiny: Project, file: str, make: Callable[[Path], None]) -> None:
    path = tiny.root / file
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    make(path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file", [*PLACES, "params/tiny/2021.yaml", "data/comparison.yaml"])
def test_what_lies_in_a_files_place_is_refused_as_what_it_is(
    tiny: Project, file: str, kind: str
) -> None:
    make, told = KINDS[kind]
    put(tiny, file, make)
    with pytest.raises(InputRefused) as caught:
        list(validate_plans(tiny.root))
    problem = only(caught.value.problems)
    assert isinstance(problem, SpecialFile)
    assert problem.place == file
    assert problem.message("en") == (
        f"it is {told} and is not read; put an ordinary file in its place."
    )
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("kind", [name for name in KINDS if name != "folder"])
@pytest.mark.parametrize("file", [f"{PLAN}/items.csv", f"{PLAN}/x.csv", "notebooks/annual.ipynb"])
def test_no_digest_is_taken_of_what_is_no_file(tiny: Project, file: str, kind: str) -> None:
    make, told = KINDS[kind]
    put(tiny, file, make)
    with pytest.raises(InputRefused) as caught:
        _ = Inputs(tiny.root).files
    assert only(caught.value.problems).place == file
    assert told in str(caught.value)


@pytest.mark.parametrize("target", ["tiny", "/etc", "nowhere"])
@pytest.mark.parametrize("file", ["data/other", f"{PLAN}/2023", "params/other"])
def test_a_link_in_a_folders_place_is_refused(tiny: Project, file: str, target: str) -> None:
    (tiny.root / file).symlink_to(target)
    with pytest.raises(InputRefused) as caught:
        list(validate_plans(tiny.root))
    problems = [p for p in caught.value.problems if p.place == file]
    assert isinstance(only(tuple(problems)), SpecialFile)
    assert "passwd" not in str(caught.value)


def test_links_in_a_circle_are_refused(tiny: Project) -> None:
    path = tiny.path("2021/titles.csv")
    path.symlink_to("other.csv")
    (path.parent / "other.csv").symlink_to("titles.csv")
    told = [(p.place, p.message("en")) for p in tiny.refuse_data()]
    assert [place for place, _ in told] == [f"{PLAN}/2021/{n}.csv" for n in ("other", "titles")]
    assert all("a link that leads back to itself" in message for _, message in told)


def test_a_device_is_refused(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tiny.path("items.csv")
    path.unlink()
    try:
        os.mknod(path, 0o600 | 0o020000, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("only root makes devices")
    assert "it is a device" in only(tiny.refuse_data()).message("en")


def test_a_link_to_a_file_of_the_project_is_that_file(tiny: Project) -> None:
    path = tiny.path("items.csv")
    path.rename(tiny.root / "items.csv")
    path.symlink_to("../../items.csv")
    assert select_briefings(tiny.root)


def test_a_data_folder_that_lies_elsewhere_is_read(tiny: Project, tmp_path: Path) -> None:
    (tiny.root / "data").rename(tmp_path / "share")
    (tiny.root / "data").symlink_to(tmp_path / "share")
    assert select_briefings(tiny.root)


@pytest.mark.parametrize("name", [".#items.csv", ".hidden.csv", "~$items.csv"])
def test_a_link_that_an_editor_left_behind_is_no_input(tiny: Project, name: str) -> None:
    (tiny.root / PLAN / name).symlink_to("user@host.1234")
    assert Inputs(tiny.root).files
    assert select_briefings(tiny.root)


def test_a_file_in_a_folders_place_is_refused(tiny: Project) -> None:
    (tiny.root / "data/other").mkdir()
    (tiny.root / "params/other").write_text("plan: other\n", "utf-8")
    with pytest.raises(InputRefused) as caught:
        check_folders(tiny.root)
    assert "params/other: not a file of the contract" in str(caught.value)
    assert "A folder has this name." in str(caught.value)


UNREADABLE = [
    f"{PLAN}/items.csv",
    f"{PLAN}/plan.yaml",
    f"{PLAN}/2021/published.yaml",
    "params/tiny/2021.yaml",
]


def deny(monkeypatch: pytest.MonkeyPatch, denied: Path, method: str, code: int) -> None:
    """Let the system refuse one path, as it does to all but root."""
    real = getattr(Path, method)

    def refuse(path: Path, *arguments: object) -> object:
        if path == denied:
            raise OSError(code, os.strerror(code), str(path))
        return real(path, *arguments)

    monkeypatch.setattr(Path, method, refuse)


@pytest.mark.parametrize("file", UNREADABLE)
@pytest.mark.parametrize(
    ("code", "ja", "en"),
    [
        (errno.EACCES, "読む権限がない", "permission denied"),
        (errno.EIO, "読み取りの誤り", "input/output error"),
        (errno.ESTALE, "Stale file handle", "Stale file handle"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, file: str, code: int, ja: str, en: str
) -> None:
    deny(monkeypatch, tiny.root / file, "read_bytes", code)
    with pytest.raises(InputRefused) as caught:
        list(validate_plans(tiny.root))
    problem = only(caught.value.problems)
    assert isinstance(problem, UnreadableFile)
    assert (problem.place, f"（{ja}）" in problem.message("ja")) == (file, True)
    assert problem.message("en") == (
        f"it cannot be read ({en}); check its permissions and where it is stored."
    )
    with pytest.raises(InputRefused, match=r"it cannot be read"):
        _ = Inputs(tiny.root).selection_digest


@pytest.mark.parametrize("folder", ["data", PLAN, f"{PLAN}/2021", "params", "params/tiny"])
def test_a_folder_that_cannot_be_listed_is_told_in_a_sentence(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    deny(monkeypatch, tiny.root / folder, "iterdir", errno.EACCES)
    with pytest.raises(
        (InputRefused, UnreadableFile), match=f"{folder}: it cannot be read"
    ) as told:
        list(validate_plans(tiny.root))
    assert told.value.exit_code == 2
