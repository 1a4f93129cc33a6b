"""How long `nenpo check` of everything takes, beside the build of it.

    .venv/bin/python benchmarks/check_speed.py [--rounds 3]

Build and checks take turns, each as the command that a person types: a check after a build that
made what is accepted, one that has to read every document (the digests of the accepted files are
taken away), and one that draws every page, too. Pictures are compared with the PDFs of a build
whose files differ in their bytes only (a remark at the end): equal files are not drawn.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nenpo.build.briefing import Selector

ROOT = Path(__file__).parents[1]
INPUTS = ("data", "params", "notebooks")
GOAL = 1 / 3


def main() -> None:
    """Measure, and print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        project, pdfs = Path(folder) / "project", Path(folder) / "pdfs"
        for name in INPUTS:
            shutil.copytree(ROOT / name, project / name)
        copy_plan(project, "nakano-informatization", "second-copy")
        run(project, "build")
        listed = run(project, "list")[1].splitlines()
        plans = sorted({Selector.parse(line).plan for line in listed})
        run(project, "accept", *plans, "--reason", "measured")
        keep_pdfs(project / "outputs", pdfs)
        drawn = ("check", "--accepted", str(pdfs), "--fail-on", "any")
        seconds: dict[str, list[float]] = {}
        for _ in range(rounds):
            turn = {
                "build": run(project, "build", "--fresh"),
                "check": run(project, "check"),
            }
            with without_digests(project / "accepted"):
                turn["check, everything read"] = run(project, "check")
                turn["check, read and drawn"] = run(project, *drawn)
            for name, (own, _) in turn.items():
                seconds.setdefault(name, []).append(own)
        documents = len(run(project, "list")[1].splitlines())
    print(f"{documents} documents, {os.cpu_count()} processors, {platform.platform()}")
    built = statistics.median(seconds["build"])
    for name, measured in seconds.items():
        own = statistics.median(measured)
        each = ", ".join(f"{second:.1f}" for second in measured)
        print(f"{name:<24}{own:>6.1f} s ({each}), {own / built:.2f} of the build")
    print(f"goal: each check without pictures / build < {GOAL:.2f}")


def copy_plan(project: Path, plan: str, name: str) -> None:
    """Copy a plan and its editions: the sample alone has fewer than 60 documents."""
    for folder, pattern, key in (("data", "plan.yaml", "id"), ("params", "*.yaml", "plan")):
        shutil.copytree(project / folder / plan, project / folder / name)
        for path in (project / folder / name).glob(pattern):
            text = path.read_text("utf-8")
            path.write_text(text.replace(f"{key}: {plan}", f"{key}: {name}", 1), "utf-8")


@contextmanager
def without_digests(accepted: Path) -> Iterator[None]:
    """Take the digests of the accepted files away for a while: nothing is known to be the same."""
    digests = {path: path.read_bytes() for path in accepted.rglob("digests.json")}
    for path in digests:
        path.unlink()
    yield
    for path, content in digests.items():
        path.write_bytes(content)


def keep_pdfs(output: Path, folder: Path) -> None:
    """Copy the PDFs with other bytes and the same look: a remark after the end of the file."""
    for path in output.rglob("*.pdf"):
        kept = folder / path.relative_to(output)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(path.read_bytes() + b"%\n")


def run(project: Path, *words: str) -> tuple[float, str]:
    """Return the seconds that a command of nenpo takes and what it prints; end if it fails."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "nenpo", *words]
    told = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if told.returncode:
        sys.exit(f"{' '.join(words)} ended with {told.returncode}:\n{told.stdout}{told.stderr}")
    return seconds, told.stdout


if __name__ == "__main__":
    main()
