"""Make a virtual environment from the lock files and install nenpo into it.

    python3 tools/set_up.py .venv requirements.lock [requirements-test.lock …]

Either the environment is complete afterwards, or it is gone: a half-made one would fail later,
in a stranger place. Needs Python 3.11 or newer with venv and pip, and nothing else.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def main(folder: Path, locks: list[str]) -> int:
    """Set the environment up and return the exit code."""
    missing = find_missing()
    if missing:
        print(f"set-up not possible / セットアップできない: {missing}", file=sys.stderr)
        return 2
    try:
        make_environment(folder, locks)
    except (subprocess.CalledProcessError, OSError, KeyboardInterrupt) as error:
        shutil.rmtree(folder, ignore_errors=True)
        print(
            f"set-up failed and {folder} was removed: {error}\n"
            f"セットアップに失敗したため {folder} を削除した。上のメッセージを確認すること。\n"
            "On a closed network, put the wheels of requirements.lock into a folder and set "
            "PIP_NO_INDEX=1 PIP_FIND_LINKS=that folder.",
            file=sys.stderr,
        )
        return 1
    return 0


def find_missing() -> str:
    """Return what this Python lacks, or ""."""
    if sys.version_info < (3, 11):  # noqa: UP036  # this file is run by whatever python3 there is
        found = ".".join(map(str, sys.version_info[:3]))
        return f"Python 3.11 or newer is needed, this is {found} (make PYTHON=python3.12)"
    for module, package in (("venv", "python3-venv"), ("ensurepip", "python3-venv")):
        try:
            __import__(module)
        except ImportError:
            return f"Python's module '{module}' is missing; install the package {package}"
    return ""


def make_environment(folder: Path, locks: list[str]) -> None:
    """Create ``folder`` if it is not there, and install the locked packages and nenpo."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = [argument for lock in locks for argument in ("-r", lock)]
    subprocess.run([*install, "--require-hashes", *locked], check=True)
    own = ["--no-build-isolation", "--no-deps", "--editable", "."]
    subprocess.run([*install, *own], check=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
