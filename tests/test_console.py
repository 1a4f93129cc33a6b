"""Standard streams stop no work: readers leave, disks are full, consoles know no Japanese."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="descriptors as POSIX has them")

SPEAK = """
import sys
from nenpo.console import is_lost, open_streams
open_streams()
for number in range(20_000):
    print("年報", number)
sys.stdout.flush()
print("told", is_lost(sys.stdout), file=sys.stderr)
sys.exit(7)
"""


def speak(redirection: str, code: str = SPEAK, **environment: str) -> tuple[int, str, str]:
    """Return exit code, standard output and error of a program in a shell."""
    command = f'"$0" -c "$1" {redirection}'
    told = subprocess.run(
        ["bash", "-c", f"{command}; exit ${{PIPESTATUS[0]}}", sys.executable, code],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )
    return told.returncode, told.stdout.decode(), told.stderr.decode()


@pytest.mark.parametrize("redirection", ["| head -1 >&2", "| true", ">&-"])
def test_who_has_left_gets_nothing_and_the_work_goes_on(redirection: str) -> None:
    code, _, error = speak(redirection)
    assert code == 7
    assert error.removeprefix("年報 0\n") == "told True\n"


def test_what_a_full_disk_does_not_take_is_told_on_standard_error() -> None:
    code, _, error = speak(">/dev/full")
    assert code == 7
    assert error.startswith(f"standard output cannot be written ({os.strerror(errno.ENOSPC)})")
    assert "\n年報 0\n" in error
    assert error.endswith("年報 19999\ntold False\n")


@pytest.mark.parametrize("redirection", ["2>&1 | true", "2>&1 >&- | true", ">&- 2>&- <&-"])
def test_nobody_needs_to_hear_anything(redirection: str) -> None:
    assert speak(redirection) == (7, "", "")


def test_no_file_becomes_a_stream_that_was_closed(tmp_path: Path) -> None:
    code = f"""
from nenpo.console import open_streams
open_streams()
import os
print(os.open({str(tmp_path / "file")!r}, os.O_CREAT) > 2)
os.system("echo heard; echo heard >&2")  # those that are started have them too
"""
    assert speak("<&- >&- 2>&-", code) == (0, "", "")


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"LC_ALL": "C", "PYTHONUTF8": "0"}, rb"\u5e74\u5831 \u2014 \xe9"),
        ({"PYTHONIOENCODING": "ascii"}, rb"\u5e74\u5831 \u2014 \xe9"),
        ({"PYTHONIOENCODING": "cp932"}, "年報".encode("cp932") + rb" \u2014 \xe9"),
        ({"PYTHONIOENCODING": "utf-8"}, "年報 — é".encode()),
    ],
)
def test_what_a_console_cannot_show_is_escaped(environment: dict[str, str], shown: bytes) -> None:
    code = r"""
from nenpo.console import open_streams
open_streams()
print("\u5e74\u5831 \u2014 \xe9")
"""
    variables = {**os.environ, **environment}
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=variables, check=True
    )
    assert told.stdout.rstrip() == shown


def test_a_pipe_that_does_not_wait_gets_everything() -> None:
    code = """
import os
os.set_blocking(1, False)
from nenpo.console import open_streams
open_streams()
print("x" * 1_000_000)
"""
    assert speak("| (sleep 0.3; wc -c)", code)[1].strip() == "1000001"
