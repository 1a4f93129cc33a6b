"""Kill builds of everything at random moments; every next build must equal a clean one.

    .venv/bin/python benchmarks/kills.py [--kills 200] [--seed 1]

In each round the data are changed to and fro, a build of all documents is begun, and SIGKILL or
SIGINT is sent to its parent, one of its children or its fork server after a random while. Prints a
line a round; ends 0 only if after two seconds no process was left, each set of files was wholly an
old or a new one, and the next build had the bytes of a clean one.
"""

# mypy: allow-untyped-calls
# psutil has no types.

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from faults import (
    ROOT,
    Bench,
    Digests,
    Ended,
    Scene,
    are_whole,
    await_processes,
    digest_outputs,
    require,
)
from processes import adopt_orphans, is_forked, list_tree

_INPUTS = ("data", "params", "notebooks")
_TARGETS = ("parent", "child", "fork server")
_SIGNALS = (signal.SIGKILL, signal.SIGINT)


@dataclass(frozen=True)
class Kill:
    """A signal to a process of a build, some seconds after the build began."""

    target: str
    number: signal.Signals
    seconds: float


def main() -> int:
    """Print what became of each round; return 1 if one was not as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    adopt_orphans()
    # A shell has what it runs behind it ignore Ctrl-C, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    drawn = random.Random(arguments.seed)
    wrong, codes = 0, Counter[tuple[str, str, int]]()
    with tempfile.TemporaryDirectory(prefix="nenpo-kills-") as folder:
        bench, versions, seconds = prepare(Path(folder))
        for turn in range(arguments.kills):
            write_version(bench.root, turn)
            kill = Kill(drawn.choice(_TARGETS), drawn.choice(_SIGNALS), drawn.uniform(0, seconds))
            ended = carry_out(bench, kill, drawn)
            problems = judge(bench, versions[1 - turn % 2], versions[turn % 2])
            codes[kill.target, kill.number.name, ended.code] += 1
            wrong += bool(problems)
            at = f"{kill.number.name} {kill.target} after {kill.seconds:.2f} s"
            print(f"{turn + 1:4} {at:40} exit {ended.code:4} {problems or 'ok'}", flush=True)
            if problems:
                print(ended.said)
    for (target, name, code), count in sorted(codes.items()):
        print(f"{count:4} × {name} of the {target}: exit {code}")
    print(f"{arguments.kills - wrong} of {arguments.kills} next builds equal a clean one")
    return int(bool(wrong))


def prepare(folder: Path) -> tuple[Bench, tuple[Digests, Digests], float]:
    """Return a project, what clean builds make of its two versions, and the seconds of a build."""
    made = []
    started = time.monotonic()
    for turn in (0, 1):
        project = folder / str(turn)
        for name in _INPUTS:
            shutil.copytree(ROOT / name, project / name)
        write_version(project, turn)
        require(Bench(project).run("build", seconds=600))
        made.append(digest_outputs(project / "outputs"))
    return Bench(folder / "1"), (made[0], made[1]), (time.monotonic() - started) / 2


def write_version(project: Path, turn: int) -> None:
    """Give every plan, of the two titles, the one whose turn it is."""
    for declaration in sorted((project / "data").glob("*/plan.yaml")):
        original = ROOT / declaration.relative_to(project)
        title = original.read_text("utf-8").partition("\ntitle: ")[2].partition("\n")[0]
        text = original.read_text("utf-8")
        declaration.write_text(text.replace(title, title + "改" * (turn % 2), 1), "utf-8")


def carry_out(bench: Bench, kill: Kill, drawn: random.Random) -> Ended:
    """Run a build, and kill what is to be killed when its moment has come."""
    with bench.start("build") as process:
        end = time.monotonic() + kill.seconds
        while time.monotonic() < end and process.poll() is None:
            time.sleep(0.005)
        chosen = find_targets(process, kill.target)
        if chosen:
            with suppress(psutil.NoSuchProcess):
                drawn.choice(chosen).send_signal(kill.number)
        told = process.communicate(timeout=600)[0]
    return Ended(process.returncode, told)


def find_targets(build: "subprocess.Popen[str]", target: str) -> list[psutil.Process]:
    """Return the processes of a build that play the part."""
    tree = list_tree(build.pid)
    if target == "parent":
        return tree[:1]
    forked = [process for process in tree if is_forked(process)]
    servers = [process for process in forked if process.ppid() == build.pid]
    return servers if target == "fork server" else [p for p in forked if p not in servers]


def judge(bench: Bench, before: Digests, clean: Digests) -> str:
    """Return what is wrong with what is left and with the next build, "" if nothing is."""
    left = await_processes()
    scene = Scene(bench.root.parent, bench.root, before, clean)
    whole = are_whole(bench.output, scene)
    after = bench.run("build", seconds=600)
    equal = after.code == 0 and digest_outputs(bench.output) == clean
    told = {"MIXED": not whole, "NOT EQUAL": not equal, f"LEFT {', '.join(left)}": bool(left)}
    return "; ".join(words for words, is_so in told.items() if is_so)


if __name__ == "__main__":
    sys.exit(main())
