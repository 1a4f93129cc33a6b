"""Build everything twenty times more, in unlike circumstances; each must be "same" as the first.

    .venv/bin/python benchmarks/false_alarms.py [--rebuilds 20]

The first build is accepted in a copy of the project; its PDFs are the accepted ones. Every rebuild
lies in a folder of its own, in a copy of the project of its own, with another locale, time zone,
hash seed, number of jobs and order of selectors, and is checked on every level, pictures included.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nenpo.build.briefing import Selector

ROOT = Path(__file__).parents[1]
INPUTS = ("data", "params", "notebooks")
FOLDERS = ("rebuild", "別の 場所", "a/b/c/d", "with'quote", "{braces}", "ＡＢＣ")
LOCALES = ("C", "C.UTF-8", "POSIX", "ja_JP.UTF-8", "en_US.UTF-8")
ZONES = ("Asia/Tokyo", "America/New_York", "UTC", "Asia/Kathmandu", "Pacific/Kiritimati")


@dataclass(frozen=True)
class Circumstances:
    """Where, with what, and in which order a rebuild is made."""

    folder: str
    environment: dict[str, str]
    jobs: int
    selectors: tuple[str, ...]


def main() -> int:
    """Print how many rebuilds were the same; return 1 if one was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rebuilds", type=int, default=20)
    count = parser.parse_args().rebuilds
    with tempfile.TemporaryDirectory() as folder:
        first = copy_project(Path(folder) / "first")
        run(first, "build")
        plans = list_plans(first)
        run(first, "accept", *plans, "--reason", "the first build")
        pdfs = Path(shutil.copytree(first / "outputs", Path(folder) / "pdfs"))
        same = 0
        for number in range(count):
            circumstances = choose(number, plans)
            alarms = rebuild(Path(folder) / str(number), first, pdfs, circumstances)
            same += not alarms
            print(f"{number + 1}: {'same' if not alarms else 'DIFFERS'} {circumstances}")
            print(*alarms, sep="\n", end="\n" if alarms else "", flush=True)
    print(f"{same} of {count} rebuilds were the same on every level")
    return int(same != count)


def choose(number: int, plans: list[str]) -> Circumstances:
    """Return the circumstances of a rebuild: unlike those before, the same in every run."""
    drawn = random.Random(number)
    selectors = drawn.sample(plans, len(plans)) if number % 3 else []
    environment = {
        "LC_ALL": LOCALES[number % len(LOCALES)],
        "TZ": ZONES[number // 2 % len(ZONES)],
        "PYTHONHASHSEED": str(drawn.randrange(2**32)),
    }
    folder = FOLDERS[number % len(FOLDERS)]
    return Circumstances(folder, environment, 1 + number % 4, tuple(selectors))


def rebuild(folder: Path, first: Path, pdfs: Path, circumstances: Circumstances) -> list[str]:
    """Build a copy of the project, and return every document that the check does not call same."""
    project = copy_project(folder / circumstances.folder)
    shutil.copytree(first / "accepted", project / "accepted")
    run(
        project,
        *("build", *circumstances.selectors, "--jobs", str(circumstances.jobs)),
        environment=circumstances.environment,
    )
    words = ("check", "--accepted", str(pdfs), "--fail-on", "any", "--json")
    told = run(project, *words, environment=circumstances.environment, may_differ=True)
    documents = json.loads(told)["documents"]
    shutil.rmtree(folder)
    return [
        f"  {document['name']}: {document['states']} {document['why']}"
        for document in documents
        if set(document["states"].values()) != {"same"}
    ]


def copy_project(folder: Path) -> Path:
    """Return a new project folder with the inputs of this one."""
    for name in INPUTS:
        shutil.copytree(ROOT / name, folder / name)
    return folder


def list_plans(project: Path) -> list[str]:
    """Return every plan that has a briefing, the comparison too."""
    return sorted({Selector.parse(line).plan for line in run(project, "list").splitlines()})


def run(
    project: Path,
    *words: str,
    environment: dict[str, str] | None = None,
    may_differ: bool = False,
) -> str:
    """Return what a command of nenpo prints; end if it fails."""
    command = [sys.executable, "-m", "nenpo", *words]
    env = os.environ | (environment or {})
    told = subprocess.run(
        command, cwd=project, env=env, capture_output=True, encoding="utf-8", check=False
    )
    if told.returncode > int(may_differ):
        sys.exit(f"{' '.join(words)} ended with {told.returncode}:\n{told.stdout}{told.stderr}")
    return told.stdout


if __name__ == "__main__":
    sys.exit(main())
