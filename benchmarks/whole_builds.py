"""Whole builds as commands: two jobs against one, the first document, nothing to do."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from peers import ROOT

SPEEDUP_GOAL, FIRST_GOAL, IDLE_GOAL = 1.8, 3.0, 0.6
COMMAND = (sys.executable, "-m", "nenpo.cli", "build")


@dataclass(frozen=True)
class WholeBuilds:
    """Seconds of each round: some documents with one job and with two, starts, idle builds."""

    documents: int
    one_job: tuple[float, ...]
    two_jobs: tuple[float, ...]
    first_document: tuple[float, ...]
    nothing_to_do: tuple[float, ...]


def measure_whole_builds(selectors: Sequence[str], rounds: int, folder: Path) -> WholeBuilds:
    """Measure, one job and two in turns; every build starts from an empty output folder."""
    one, two, first = list[float](), list[float](), list[float]()
    for number in range(rounds):
        for jobs, seconds in ((1, one), (2, two))[:: 1 if number % 2 else -1]:
            target = str(folder / f"jobs-{number}-{jobs}")
            seconds.append(run_build(*selectors, "--jobs", str(jobs), "--output", target))
        first.append(await_first_document(folder / f"first-{number}"))
    idle_output = str(folder / "idle")
    run_build("--output", idle_output)
    idle = [run_build("--output", idle_output) for _ in range(rounds)]
    return WholeBuilds(len(selectors), tuple(one), tuple(two), tuple(first), tuple(idle))


def run_build(*words: str) -> float:
    """Return the seconds of a build from the start of the command to its end."""
    start = time.perf_counter()
    done = subprocess.run([*COMMAND, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"nenpo build ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def await_first_document(output: Path) -> float:
    """Return the seconds from the start of a build of everything to its first document.

    Published is what the manifest names. The rest of the build is not waited for.
    """
    start = time.perf_counter()
    command = [*COMMAND, "--output", str(output)]
    building = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while not has_document(output / "manifest.json"):
        if building.poll():
            sys.exit(f"nenpo build ended with {building.returncode}")
        time.sleep(0.01)
    seconds = time.perf_counter() - start
    building.terminate()
    building.communicate()
    return seconds


def has_document(manifest: Path) -> bool:
    """Tell whether the manifest names a briefing whose files are there."""
    with suppress(FileNotFoundError):
        entries = json.loads(manifest.read_text("utf-8"))["briefings"].values()
        return any(all((manifest.parent / f).exists() for f in e["files"]) for e in entries)
    return False
