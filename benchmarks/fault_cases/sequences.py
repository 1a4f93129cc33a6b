"""Sequences of whatever may happen to outputs: a build then makes the bytes of a clean one."""

import random
import signal
import time
from pathlib import Path

from faults import Bench, Ended, fault

STEPS = 12
SELECTORS = ("tiny/2021", "tiny/2022/annual", "tiny/2021/joho", "tiny/2022")
SPOILT = (b"", b"spoilt", b"{", b"\x00" * 4096)
DOCUMENT = "tiny/2021/annual.html"


def choose_file(bench: Bench, chance: random.Random) -> Path | None:
    """Return a document or page, or the receipts; what the manifest says is another subject.

    One of the two lists stays: what neither names is somebody else's, and is not replaced.
    """
    files = sorted(path for path in bench.output.rglob("*") if path.is_file())
    shown = [path for path in files if not path.relative_to(bench.output).parts[0].startswith(".")]
    receipts = bench.output / ".receipts.json"
    left = [path for path in (*shown, receipts) if path.is_file() and path.name != "manifest.json"]
    return chance.choice(left) if left else None


def spoil(bench: Bench, chance: random.Random) -> None:
    """Change a file, or remove it."""
    file = choose_file(bench, chance)
    if file is None:
        return
    if chance.random() < 0.5:
        file.unlink()
    else:
        file.write_bytes(chance.choice((*SPOILT, file.read_bytes()[:100])))


def build_some(bench: Bench, chance: random.Random) -> None:
    """Build all or a part, what is current as well or not."""
    selectors = chance.choice(((), (chance.choice(SELECTORS),)))
    fresh = chance.choice(((), ("--fresh",)))
    bench.run("build", *selectors, *fresh)


def end_one(bench: Bench, chance: random.Random) -> None:
    """Interrupt or kill a build, a while after it began."""
    number = chance.choice((signal.SIGINT, signal.SIGTERM, signal.SIGKILL))
    with bench.start("build", "--fresh") as process:
        time.sleep(chance.uniform(0.2, 4.0))
        process.send_signal(number)
        process.communicate(timeout=60)


def play(bench: Bench, seed: int) -> Ended:
    """Take the steps of a seed, and build all."""
    chance = random.Random(seed)
    for _ in range(STEPS):
        chance.choice((spoil, spoil, build_some, end_one))(bench, chance)
    return bench.run("build")


@fault("a sequence of tampering, deletions, partial and ended builds, 1", 0)
def play_first(bench: Bench) -> Ended:
    return play(bench, 1)


@fault("a sequence of tampering, deletions, partial and ended builds, 2", 0)
def play_second(bench: Bench) -> Ended:
    return play(bench, 2)


@fault("a sequence of tampering, deletions, partial and ended builds, 3", 0)
def play_third(bench: Bench) -> Ended:
    return play(bench, 3)


@fault("outputs to a folder of somebody else", 2, words=["letter.txt"])
def take_folder(bench: Bench) -> Ended:
    folder = bench.root.parent / "letters"
    (folder / ".work").mkdir(parents=True, exist_ok=True)
    (folder / "letter.txt").write_text("mine")
    ended = bench.run("build", "--output", str(folder))
    assert (folder / "letter.txt").read_text() == "mine"
    assert (folder / ".work").is_dir()
    return ended


@fault("outputs to the project itself", 2)
def take_project(bench: Bench) -> Ended:
    return bench.run("build", "--output", "outputs/..")


@fault("a file of somebody else where a document belongs", 3, words=[DOCUMENT])
def take_place(bench: Bench) -> Ended:
    folder = bench.root.parent / "new"
    (folder / DOCUMENT).parent.mkdir(parents=True, exist_ok=True)
    (folder / ".nenpo").touch()
    (folder / DOCUMENT).write_text("mine")
    ended = bench.run("build", "--output", str(folder))
    assert (folder / DOCUMENT).read_text() == "mine"
    return ended
