"""Make a virtual environment from the lock files and install nenpo into it.

    python3 tools/set_up.py [--wheels FOLDER] .venv requirements.lock [requirements-test.lock …]

With --wheels, everything is taken from the wheels in a folder, and nothing from a network. nenpo is
the project's own, as it stands and changes, unless a lock file pins one.

Either the environment is complete afterwards, or it is gone: a half-made one would fail later,
in a stranger place. Needs Python 3.11 or newer with venv and pip, and nothing else.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Nothing of nenpo is installed yet: this is its rule for the language of messages.
_NAMES = ("NENPO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def ask_windows() -> str:
    """Return the language of Windows, whose environment names none: ja_JP; elsewhere ""."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    number: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(number, "")


CHOSEN = next(filter(None, map(os.environ.get, _NAMES)), "") or ask_windows()
IS_JAPANESE = CHOSEN.lower().startswith("ja")


def main(folder: Path, locks: list[Path], wheels: Path | None = None) -> int:
    """Set the environment up and return the exit code."""
    missing = find_missing()
    if missing:
        print(say("セットアップできない: ", "set-up not possible: ") + missing, file=sys.stderr)
        return 2
    try:
        make_environment(folder, locks, wheels)
    except (subprocess.CalledProcessError, OSError, KeyboardInterrupt) as error:
        shutil.rmtree(folder, ignore_errors=True)
        print(
            f"\n{getattr(error, 'output', None) or ''}"
            + say(
                f"セットアップに失敗したため {folder} を削除した: {error}\n"
                "閉じたネットワークでは、ロックファイルにある wheel をフォルダーに置き、"
                "--wheels そのフォルダー を付けること。",
                f"set-up failed and {folder} was removed: {error}\n"
                "On a closed network, put the wheels of the lock files into a folder and add "
                "--wheels and that folder.",
            ),
            file=sys.stderr,
        )
        return 1
    return 0


def say(ja: str, en: str) -> str:
    """Return the text in the reader's language."""
    return ja if IS_JAPANESE else en


def find_missing() -> str:
    """Return what this Python lacks, or ""."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this file is run by whatever python3 there is
        found = ".".join(map(str, sys.version_info[:3]))
        return say(
            f"Python 3.11 以上が要る。これは {found} である（make PYTHON=python3.12）",
            f"Python 3.11 or newer is needed, this is {found} (make PYTHON=python3.12)",
        )
    for module, package in (("venv", "python3-venv"), ("ensurepip", "python3-venv")):
        try:
            __import__(module)
        except ImportError:
            return say(
                f"Python のモジュール {module} がない。パッケージ {package} を入れること",
                f"Python's module '{module}' is missing; install the package {package}",
            )
    return ""


def find_python(folder: Path) -> Path:
    """Return where an environment has its Python."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_environment(folder: Path, locks: list[Path], wheels: Path | None = None) -> None:
    """Create ``folder`` if it is not there, and install the locked packages and nenpo.

    Raises as :func:`follow`.
    """
    python = find_python(folder)
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    install = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    if wheels:  # not by PIP_FIND_LINKS, which ends at a space
        install += ["--no-index", "--find-links", str(wheels)]
    locked = [argument for lock in locks for argument in ("-r", str(lock))]
    total = len(list_packages(locks))
    tell(
        say(f"{folder}: パッケージ {total} 個を確かめる", f"{folder}: {total} packages to look at")
    )
    found: set[str] = set()
    for package in follow([*install, "--progress-bar", "off", "--require-hashes", *locked]):
        found.add(package)
        if sys.stdout.isatty():
            tell(
                say(f"{folder}: パッケージ {len(found)}/{total}", f"{folder}: {len(found)}/{total}")
            )
    if "nenpo" not in list_packages(locks):
        own = ["--no-build-isolation", "--no-deps", "--editable", "."]
        for _ in follow([*install, *own]):
            pass
    tell(say(f"{folder}: 用意できた", f"{folder}: ready"), "\n")


def list_packages(locks: list[Path]) -> set[str]:
    """Return the packages that the lock files pin, those of other systems included."""
    text = "\n".join(lock.read_text(encoding="utf-8") for lock in locks)
    return set(re.findall(r"^([\w.-]+)(?:\[.*\])?==", text, flags=re.MULTILINE))


def follow(command: list[str]) -> Iterator[str]:
    """Run pip, and yield each package as it comes to it; what pip says is kept for a failure.

    Raises ``CalledProcessError`` with all that it said.
    """
    said: list[str] = []
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as pip:
        for line in pip.stdout or ():
            said.append(line)
            if package := _PACKAGE.match(line):
                yield package[1].lower()
    if pip.returncode:
        raise subprocess.CalledProcessError(pip.returncode, "pip install", "".join(said))


# pip (24–26) begins one of these lines for each requirement, and others for its files.
_PACKAGE = re.compile(r"(?:Collecting|Requirement already satisfied:|Ignoring) ([\w.-]+)")


def tell(text: str, end: str = "") -> None:
    """Write over the line before on a terminal; elsewhere, write a line."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end=end, flush=True)
    else:
        print(text, flush=True)


if __name__ == "__main__":
    names = sys.argv[1:]
    kept = Path(names[1]) if names[:1] == ["--wheels"] else None
    place, *pinned = map(Path, names[2:] if kept else names)
    sys.exit(main(place, pinned, kept))
