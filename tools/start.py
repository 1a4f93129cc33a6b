"""What the starters of a kit do: set up once, without a network, then make or open.

    python tools/start.py build        every document, then the page of all of them
    python tools/start.py notebooks    JupyterLab

``kit.lock`` and ``wheels/`` of the kit's folder say what is installed and hold it. The environment
is ``.venv`` there; on a share, in a path too long for Windows, or where nobody may write, it lies
with the person's own programs instead. Needs the Python that the kit was made for, nothing else.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from set_up import find_python, say
from set_up import main as set_up

ROOT = Path(__file__).resolve().parents[1]
MARK = ".kit"
"""The file, in an environment, with the digest of the lock that it was made from."""
# Windows opens no file whose path is longer than 259; the deepest of JupyterLab takes some 170.
LONGEST_ROOT = 80
_DRIVE_REMOTE = 4


def main(words: Sequence[str]) -> int:
    """Do what a starter is for, and return the exit code."""
    asked = [word for word in words if word != "--no-open"]
    python = prepare(ROOT)
    if python is None:
        return tell_failure(2)
    os.environ.setdefault("PYTHONUTF8", "1")
    if asked[:1] == ["notebooks"]:
        return open_notebooks(python)
    code = run(python, "nenpo", "build", *asked[1:])
    page = ROOT / "outputs" / "index.html"
    if page.is_file() and "--no-open" not in words and has_screen():
        webbrowser.open(page.as_uri())
    return tell_failure(code) if code else 0


def has_screen() -> bool:
    """Return whether a browser has a window: one of text would take the terminal."""
    shows = ("DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform in ("win32", "darwin") or any(map(os.environ.get, shows))


def prepare(root: Path) -> Path | None:
    """Return the Python of a complete environment, which is made if need be; None if it failed."""
    place = find_place(root)
    folder, lock = choose_folder(root, place), root / "kit.lock"
    python, digest = find_python(folder), hashlib.sha256(lock.read_bytes()).hexdigest()
    if not is_ready(folder, digest):
        print(
            say(
                "初めての準備をする。数分掛かる。ネットワークは使わない。",
                "Setting up for the first time: some minutes, without a network.",
            ),
            flush=True,
        )
        # What an older kit, or a set-up that was broken off, has left there.
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        if set_up(folder, [lock], root / "wheels"):
            return None
        (folder / MARK).write_text(digest, encoding="ascii")
    return python


def is_ready(folder: Path, digest: str) -> bool:
    """Return whether an environment is complete, and of this lock, and its Python still runs."""
    mark = folder / MARK
    if not mark.is_file() or mark.read_text(encoding="ascii") != digest:
        return False
    try:
        return subprocess.run([find_python(folder), "-c", ""], check=False).returncode == 0
    except OSError:  # the Python that it was made with has gone
        return False


@dataclass(frozen=True)
class Place:
    """What counts of a kit's folder, and where a person's own programs belong."""

    is_remote: bool
    is_writable: bool
    own: Path


def find_place(root: Path) -> Place:
    """Return what the system says."""
    own = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME")
    return Place(
        is_remote(root), can_write(root), Path(own) if own else Path.home() / ".local" / "share"
    )


def choose_folder(root: Path, place: Place) -> Path:
    """Return the folder of the environment: in the kit, or of this kit's lock in the person's own.

    A share would be slow, and the next person's environment would be of another machine.
    """
    too_long = os.name == "nt" and len(str(root)) > LONGEST_ROOT
    if place.is_writable and not place.is_remote and not too_long:
        return root / ".venv"
    digest = hashlib.sha256((root / "kit.lock").read_bytes()).hexdigest()
    return place.own / "nenpo" / digest[:8]


def is_remote(root: Path) -> bool:
    """Return whether a folder lies on a network drive, as far as Windows tells."""
    if sys.platform != "win32":
        return False
    import ctypes

    return (
        root.drive.startswith("\\\\")
        or ctypes.windll.kernel32.GetDriveTypeW(root.anchor) == _DRIVE_REMOTE
    )


def can_write(root: Path) -> bool:
    """Return whether this person may make a folder there; ``os.access`` does not know (Windows)."""
    trial = root / f".venv-{os.getpid()}"
    try:
        trial.mkdir()
        trial.rmdir()
    except OSError:
        return False
    return True


def open_notebooks(python: Path) -> int:
    """Run JupyterLab until it is ended."""
    print(
        say(
            "ブラウザーに JupyterLab が開く。終えるときは、この画面で Ctrl+C を2回押す。",
            "JupyterLab opens in the browser. To end it, press Ctrl+C twice in this window.",
        ),
        flush=True,
    )
    return run(python, "jupyterlab", "notebooks")


def run(python: Path, *words: str) -> int:
    """Run a module of the environment in the kit's folder, and return its exit code."""
    try:
        return subprocess.run([python, "-m", *words], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:  # which the program has had as well
        return 130


def tell_failure(code: int) -> int:
    """Say what to do, and return the code."""
    print(
        say(
            "\n終わらなかったところがある。上の説明のとおりに直し、もう一度ダブルクリックすること。\n"
            "分からないときは、この画面の文を写して、この道具を配った担当に送ること。",
            "\nSome of it was not done. Mend what is said above, and start it again.\n"
            "If you need help, send the text of this window to whoever gave you this kit.",
        ),
        file=sys.stderr,
    )
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
