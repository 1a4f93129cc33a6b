"""Disks that are full or broken, records that are damaged, an acceptance that is killed."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from faults import Bench, Ended, fault, prepare_with

LOG = "accepted/tiny/2021/log.csv"


def inject(bench: Bench, call: str, what: str, *words: str, children: bool = False) -> Ended:
    """Run nenpo while system calls fail: ``what`` in strace's words (``error=EIO:when=3``)."""
    prepare_with("strace", "--version")
    follow = ["-f"] if children else []
    trace = ["strace", *follow, "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
    return bench.run(*words, prefix=[*trace, "-e", f"inject={call}:{what}"], seconds=300)


RENAMES = "rename,renameat,renameat2"


@fault("EIO at the first rename: the journal", 2, words=["journal.json"])
def fail_journal(bench: Bench) -> Ended:
    return inject(bench, RENAMES, "error=EIO:when=1", "build")


@fault("EIO at the second rename: an old file is kept", 3, words=["Input/output error"])
def fail_keeping(bench: Bench) -> Ended:
    return inject(bench, RENAMES, "error=EIO:when=2", "build")


@fault("ENOSPC at the fifth rename", 3, words=["No space left"])
def fail_placing(bench: Bench) -> Ended:
    return inject(bench, RENAMES, "error=ENOSPC:when=5", "build")


@fault("EIO at every rename from the sixth on", 2, words=["Input/output error"])
def fail_putting_back(bench: Bench) -> Ended:
    return inject(bench, RENAMES, "error=EIO:when=6+", "build")


@fault("EIO at every sync", 2, words=["Input/output error"])
def fail_syncs(bench: Bench) -> Ended:
    return inject(bench, "fsync", "error=EIO", "build", children=True)


def kill_at_rename(number: int) -> Callable[[Bench], Ended]:
    return lambda bench: inject(bench, RENAMES, f"signal=SIGKILL:when={number}", "build")


for number in (1, 2, 4, 7, 12, 20):
    fault(f"SIGKILL at rename {number}", 137, -9, 0)(kill_at_rename(number))


@contextmanager
def nearly_full(bench: Bench, folder: str, kibibytes: int) -> Iterator[None]:
    """Have a folder lie on a disk with so much room left; afterwards it lies where it lay."""
    place, copy = bench.root / folder, bench.root / "copy"
    place.mkdir(exist_ok=True)
    shutil.copytree(place, copy)
    used = sum(-(-path.stat().st_size // 4096) * 4 for path in copy.rglob("*") if path.is_file())
    with bench.small_disk(folder, used + kibibytes):
        shutil.copytree(copy, place, dirs_exist_ok=True)
        yield
        shutil.rmtree(copy)
        shutil.copytree(place, copy)
    shutil.rmtree(place)
    copy.rename(place)


def fill_disk(kibibytes: int) -> Callable[[Bench], Ended]:
    def run(bench: Bench) -> Ended:
        with nearly_full(bench, "outputs", kibibytes):
            return bench.run("build")

    return run


for room in (4, 16, 100, 200, 400):
    fault(f"{room} KiB are left on the disk", 2, 3, 0)(fill_disk(room))


def put_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:100]),
    "null": lambda path: path.write_text("null"),
    "a list": lambda path: path.write_text("[]"),
    "a folder": put_folder,
    "empty": lambda path: path.write_text(""),
}


def damage(name: str, spoil: Callable[[Path], object]) -> Callable[[Bench], Ended]:
    """Damage a record, and see that no command minds."""

    def run(bench: Bench) -> Ended:
        path = bench.output / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        spoil(path)
        looked = [bench.run(word) for word in ("why", "check")]
        bad = [ended for ended in looked if ended.code not in (0, 1)]
        return bad[0] if bad else bench.run("build")

    return run


for record in ("manifest.json", ".receipts.json", ".lock", ".work/journal.json"):
    for how, spoil in DAMAGES.items():
        fault(f"{record} is {how}", 0)(damage(record, spoil))


Accept = Callable[[Bench, Sequence[str]], Ended]


def spoil_acceptance(bench: Bench, run: Accept) -> Ended:
    """Accept the day before and build; have a second acceptance run into a fault.

    Ends 1 if the check finds nothing while the log tells nothing of it, or the reverse.
    """
    bench.run("accept", "tiny", "--reason", "first")
    bench.run("build")
    before = (bench.root / LOG).read_text("utf-8")
    ended = run(bench, ["accept", "tiny", "--reason", "second"])
    checked = bench.run("check")
    log = (bench.root / LOG).read_text("utf-8")
    if (checked.code == 0) != (log != before):
        return Ended(1, f"check says {checked.code}, and the log is another: {log != before}")
    return ended


def inject_acceptance(what: str) -> Callable[[Bench], Ended]:
    return lambda bench: spoil_acceptance(
        bench, lambda bench, words: inject(bench, RENAMES, what, *words)
    )


for number in (1, 2, 5, 10, 30):
    for what, codes in (("signal=SIGKILL", (137, -9, 0)), ("error=EIO", (2, 0))):
        case = inject_acceptance(f"{what}:when={number}")
        fault(f"accept: {what} at rename {number}", *codes)(case)


@fault("accept on a full disk", 2, words=["No space left"])
def accept_on_full_disk(bench: Bench) -> Ended:
    def run(bench: Bench, words: Sequence[str]) -> Ended:
        with nearly_full(bench, "accepted", 4):
            return bench.run(*words)

    return spoil_acceptance(bench, run)


@fault("a project that is read-only and has something to do", 2, words=["Read-only"])
def build_read_only(bench: Bench) -> Ended:
    root = str(bench.root)
    prepare_with("mount", "--bind", root, root)
    prepare_with("mount", "-o", "remount,ro,bind", root)
    try:
        return bench.run("build")
    finally:
        os.sync()
        prepare_with("umount", "--lazy", root)
