"""Inject faults into builds of an invented plan, and see that nothing is lost or half-done.

    .venv/bin/python benchmarks/faults.py [--only WORD] [--languages ja en]

Prints a row a fault: the exit code, whether the message is fit to be read, whether the outputs are
whole (every set of files is wholly that of before or wholly the new one, and the manifest says
which), whether the next build equals a clean one, and whether a process was left after two
seconds. Ends 0 only if all of it is as wanted. Cases are in ``fault_cases/``.
"""

# mypy: allow-untyped-calls
# psutil has no types.

import argparse
import hashlib
import importlib
import json
import os
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import psutil

from processes import adopt_orphans, list_tree

ROOT = Path(__file__).parents[1]
TINY = ROOT / "tests/fixtures/tiny"
NENPO = (sys.executable, "-m", "nenpo")
_LEFT_SECONDS = 2.0
_SENTENCE_END = re.compile(r"[。！？]|[.!?](?=\s|$)")
_SETS = (".facts.json", ".html", ".pdf", ".ipynb")

Digests = dict[str, str]  # of files, by their path below the outputs


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code (negative: killed by that signal), and what it said."""

    code: int
    said: str


@dataclass(frozen=True)
class Fault:
    """A case: what is in the way, the exit codes that are wanted, and what runs into it.

    ``words`` have to be in the message, such as the file.
    """

    name: str
    codes: tuple[int, ...]
    run: Callable[["Bench"], Ended]
    words: tuple[str, ...]


FAULTS: list[Fault] = []


def fault(
    name: str, *codes: int, words: Sequence[str] = ()
) -> Callable[[Callable[["Bench"], Ended]], Callable[["Bench"], Ended]]:
    """Mark a function as a case that has to end with one of ``codes``."""

    def mark(run: Callable[["Bench"], Ended]) -> Callable[["Bench"], Ended]:
        FAULTS.append(Fault(name, codes, run, tuple(words)))
        return run

    return mark


@dataclass
class Bench:
    """A project to spoil: its ``outputs`` are of the day before, its data have changed since."""

    root: Path
    language: str = "en"
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def output(self) -> Path:
        """The folder of the outputs."""
        return self.root / "outputs"

    def run(self, *words: str, prefix: Sequence[str] = (), seconds: float = 120) -> Ended:
        """Run nenpo in the project, with the words of another command before it."""
        with self.start(*words, prefix=prefix) as process:
            told = process.communicate(timeout=seconds)[0]
        return Ended(process.returncode, told)

    @contextmanager
    def start(self, *words: str, prefix: Sequence[str] = ()) -> Iterator["subprocess.Popen[str]"]:
        """Start nenpo in the project; its streams are one. What is left at the end is killed."""
        process = subprocess.Popen(
            [*prefix, *NENPO, *words],
            cwd=self.root,
            env=os.environ | {"NENPO_LANG": self.language} | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def immutable(self, *paths: str) -> Iterator[None]:
        """Forbid any change of files or folders of the project, even to root, for a while."""
        names = [str(self.root / path) for path in paths]
        prepare_with("chattr", "+i", *names)
        try:
            yield
        finally:
            subprocess.run(["chattr", "-i", *names], check=True)

    @contextmanager
    def small_disk(self, folder: str, kibibytes: int) -> Iterator[Path]:
        """Put a file system of that size, empty, in the place of a folder, for a while."""
        place = self.root / folder
        place.mkdir(parents=True, exist_ok=True)
        size = f"size={kibibytes}k"
        prepare_with("mount", "-t", "tmpfs", "-o", size, "tmpfs", str(place))
        try:
            yield place
        finally:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


class CannotInject(Exception):
    """The fault cannot be set up here: a tool or a right is missing."""


def prepare_with(*command: str) -> None:
    """Run a command that sets up a fault. Raises CannotInject."""
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except FileNotFoundError:
        raise CannotInject(f"there is no {command[0]}") from None
    except subprocess.CalledProcessError as error:
        raise CannotInject(" ".join(error.stderr.split())) from None


@dataclass(frozen=True)
class Row:
    """What became of a fault."""

    fault: Fault
    ended: Ended
    message: str
    whole: bool
    equal: bool
    left: tuple[str, ...]
    seconds: float

    @property
    def is_wanted(self) -> bool:
        """Whether all is as it should be."""
        fits = self.ended.code in self.fault.codes and not self.message
        return fits and self.whole and self.equal and not self.left


def main() -> int:
    """Print the table; return 1 unless every row is as wanted."""
    arguments = read_arguments()
    adopt_orphans()
    # A shell has what it runs behind it ignore Ctrl-C, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    load_cases()
    chosen = [each for each in FAULTS if arguments.only in f"{each.run.__module__} {each.name}"]
    rows = []
    with tempfile.TemporaryDirectory(prefix="nenpo-faults-") as folder:
        scene = prepare(Path(folder))
        for each in chosen:
            for language in arguments.languages:
                try:
                    row = inject(each, scene, language)
                except CannotInject as reason:
                    print(f"      {each.name:58} skipped: {reason}", flush=True)
                    continue
                rows.append(row)
                print(format_row(row), flush=True)
    wrong = [row for row in rows if not row.is_wanted]
    for row in wrong:
        print(f"\n{row.fault.name}: {row.message}\n{row.ended.said}")
    print(f"\n{len(rows) - len(wrong)} of {len(rows)} faults ended as wanted")
    return int(bool(wrong) or not rows)


def read_arguments() -> argparse.Namespace:
    """Return what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="cases with this in their module or name")
    parser.add_argument("--languages", nargs="+", default=["ja"], choices=["ja", "en"])
    return parser.parse_args()


def load_cases() -> None:
    """Import every module of ``fault_cases``; the cases in it enter ``FAULTS``."""
    # Cases import this module by its name; as a program it is another one.
    sys.modules["faults"] = sys.modules[__name__]
    package = importlib.import_module("fault_cases")
    for found in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"fault_cases.{found.name}")


@dataclass(frozen=True)
class Scene:
    """What every case starts from, and what a clean build makes of it.

    ``project`` is copied for each. ``before`` and ``clean`` are the digests of all outputs.
    """

    folder: Path
    project: Path
    before: Digests
    clean: Digests


def prepare(folder: Path) -> Scene:
    """Build the plan, change a word that every document of the year shows, build elsewhere."""
    project, clean = folder / "project", folder / "clean"
    shutil.copytree(TINY, project)
    shutil.copytree(ROOT / "notebooks", project / "notebooks")
    require(Bench(project).run("build"))
    before = digest_outputs(project / "outputs")
    declaration = project / "data/tiny/plan.yaml"
    text = declaration.read_text("utf-8")
    found = re.search(r"^title: *(.+)$", text, re.MULTILINE)
    assert found, "the plan has no title"
    declaration.write_text(text.replace(found[1], f"{found[1]}改", 1), "utf-8")
    shutil.copytree(project, clean, ignore=shutil.ignore_patterns("outputs"))
    require(Bench(clean).run("build"))
    made = digest_outputs(clean / "outputs")
    unchanged = [name for name in before if name.endswith(".pdf") and made[name] == before[name]]
    assert not unchanged, f"these would not show a mixture: {unchanged}"
    return Scene(folder, project, before, made)


def require(ended: Ended) -> None:
    """Raise unless the command ended well."""
    if ended.code:
        raise RuntimeError(f"ended {ended.code}: {ended.said}")


def inject(case: Fault, scene: Scene, language: str) -> Row:
    """Run a case in a copy of the project, and look at what is left."""
    started = time.monotonic()
    bench = Bench(scene.folder / "case", language)
    shutil.rmtree(bench.root, ignore_errors=True)
    shutil.copytree(scene.project, bench.root)
    ended = case.run(bench)
    left = await_processes()
    whole = are_whole(bench.output, scene)
    after = bench.run("build")
    equal = after.code == 0 and digest_outputs(bench.output) == scene.clean
    message = judge_message(case, ended)
    return Row(case, ended, message, whole, equal, left, time.monotonic() - started)


def await_processes() -> tuple[str, ...]:
    """Return what still runs after two seconds, and end it."""
    end = time.monotonic() + _LEFT_SECONDS
    while (left := list_left()) and time.monotonic() < end:
        time.sleep(0.05)
    names = tuple(f"{process.pid} {process.name()}" for process in left)
    for process in left:
        process.kill()
    return names


def list_left() -> list[psutil.Process]:
    """Return our descendants that run; those that have ended are taken leave of."""
    left = []
    for process in list_tree(os.getpid())[1:]:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(process.pid, os.WNOHANG)
            else:
                left.append(process)
        except (psutil.NoSuchProcess, ChildProcessError):
            pass
    return left


def is_of_set(name: str) -> bool:
    """Tell whether a file belongs to a briefing; the others are pages and records."""
    path = PurePosixPath(name)
    return path.name.endswith(_SETS) and path.name != "index.html" and path.parts[0] != "failed"


def digest_outputs(output: Path) -> Digests:
    """Return the digests of what readers get and of the manifest: no hidden file."""
    paths = (path for path in output.rglob("*") if path.is_file())
    names = {path.relative_to(output).as_posix(): path for path in paths}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(names.items())
        if not name.startswith(".")
    }


def are_whole(output: Path, scene: Scene) -> bool:
    """Tell whether each set is wholly an old or a new one, and the one that the manifest names.

    A manifest that was itself spoiled says nothing. A kill may come between the files and the
    manifest, while the journal says what is to be done: then the next command finishes it.
    """
    if (output / ".work/journal.json").exists():
        return True  # whether the journal is followed is shown by the next build
    there = digest_outputs(output)
    stems = {re.sub(r"(\.facts)?\.\w+$", "", name) for name in there if is_of_set(name)}
    for stem in stems:
        names = [f"{stem}{suffix}" for suffix in _SETS]
        versions = [
            [digests.get(name) for name in names] for digests in (scene.before, scene.clean)
        ]
        if [there.get(name) for name in names] not in versions:
            return False
    return read_named(output).items() <= there.items()


def read_named(output: Path) -> Mapping[str, str]:
    """Return the digests that the manifest gives, none if there is none or it was spoiled."""
    try:
        entries = json.loads((output / "manifest.json").read_text("utf-8"))["briefings"]
        return {name: each for entry in entries.values() for name, each in entry["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def judge_message(case: Fault, ended: Ended) -> str:
    """Return what is wrong with what the command said, "" if nothing is."""
    missing = [word for word in case.words if word not in ended.said]
    if "Traceback (most recent" in ended.said and ended.code != 70:
        return "a traceback"
    if missing:
        return f"does not say {', '.join(missing)}"
    if ended.code > 0 and ended.code < 128:
        last = ended.said.strip().splitlines()[-1:]
        sentences = len(_SENTENCE_END.findall(last[0])) if last else 0
        if not last or sentences > 3:
            return f"{sentences} sentences"
    return ""


def format_row(row: Row) -> str:
    """Return a row of the table."""
    answers = (
        f"exit {row.ended.code}",
        "said" if not row.message else "NOT SAID",
        "whole" if row.whole else "MIXED",
        "equal" if row.equal else "NOT EQUAL",
        "none left" if not row.left else f"LEFT {', '.join(row.left)}",
        f"{row.seconds:.1f} s",
    )
    mark = "ok   " if row.is_wanted else "WRONG"
    return f"{mark} {row.fault.name:58} " + "  ".join(f"{each:9}" for each in answers)


if __name__ == "__main__":
    sys.exit(main())
