"""Whole builds as commands: two jobs against one, the first document, nothing to do."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from peers import ROOT
from processes import adopt_orphans, await_orphans, read_cpu_seconds

SPEEDUP_GOAL, FIRST_GOAL, IDLE_GOAL = 1.8, 3.0, 0.6
COMMAND = (sys.executable, "-m", "nenpo", "build")


@dataclass(frozen=True)
class WholeBuilds:
    """Seconds of each round: some documents with one job and with two, starts, idle builds.

    ``cpu_seconds`` are those of all processes of the builds with one job.
    """

    documents: int
    one_job: tuple[float, ...]
    two_jobs: tuple[float, ...]
    first_document: tuple[float, ...]
    nothing_to_do: tuple[float, ...]
    cpu_seconds: tuple[float, ...] = ()


def measure_whole_builds(selectors: Sequence[str], rounds: int, folder: Path) -> WholeBuilds:
    """Measure, one job and two in turns; every build starts from an empty output folder."""
    adopt_orphans()
    one, two, first, cpu = list[float](), list[float](), list[float](), list[float]()
    for number in range(rounds):
        for jobs in (1, 2) if number % 2 else (2, 1):
            before = read_cpu_seconds(os.getpid())
            words = ("--jobs", str(jobs), "--output", str(folder / f"jobs-{number}-{jobs}"))
            seconds = run_build(*selectors, *words)
            (one if jobs == 1 else two).append(seconds)
            if jobs == 1:
                cpu.append(read_cpu_seconds(os.getpid()) - before)
        first.append(await_first_document(folder / f"first-{number}"))
    idle = measure_idle(rounds, folder / "idle")
    return WholeBuilds(len(selectors), *map(tuple, (one, two, first, idle, cpu)))


def measure_idle(rounds: int, output: Path) -> list[float]:
    """Return the seconds of builds that find everything made."""
    run_build("--output", str(output))
    return [run_build("--output", str(output)) for _ in range(rounds)]


def run_build(*words: str) -> float:
    """Return the seconds of a build from the start of the command to its end."""
    start = time.perf_counter()
    done = subprocess.run([*COMMAND, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"nenpo build ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    await_orphans()
    return seconds


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
    await_orphans()
    return seconds


def has_document(manifest: Path) -> bool:
    """Tell whether the manifest names a briefing whose files are there."""
    with suppress(FileNotFoundError):
        entries = json.loads(manifest.read_text("utf-8"))["briefings"].values()
        return any(all((manifest.parent / f).exists() for f in e["files"]) for e in entries)
    return False
