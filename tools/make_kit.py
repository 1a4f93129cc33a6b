"""Make a kit: a folder that sets nenpo up and makes the documents without a network or rights.

    .venv/bin/python tools/make_kit.py --platform win_amd64 --python 3.12 FOLDER [--no-lab] [--zip]

Run where there is a network, in the environment of ``make``. The kit holds the project as it
stands (what git tracks, with its changes), the wheels of the lock files for the other machine,
nenpo's own wheel, two starters to double-click, each under a Japanese and an ASCII name, a
README.txt, and SHA256SUMS of all of it. --platform is win_amd64, win_arm64, linux_x86_64,
linux_aarch64, or a manylinux name for an older Linux. --zip packs the same into FOLDER.zip.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lock import PLATFORMS, PYTHONS, ROOT, find_markers

EXTRAS = ("watch", "lab")
INPUTS = ("data", "params", "notebooks")
TEXTS = Path(__file__).parent / "kit"
LOCK, SUMS = "kit.lock", "SHA256SUMS"
_DAY = (1980, 1, 1, 0, 0, 0)
_MODE = {True: 0o755, False: 0o644}


@dataclass(frozen=True)
class Target:
    """The machine that a kit is for: a Python such as 3.12, pip's names of its platform.

    ``tags`` are those names whose wheels it takes, the older ones of Linux among them.
    """

    python: str
    system: str
    machine: str
    tags: tuple[str, ...]

    @property
    def is_windows(self) -> bool:
        """Whether its starters are .cmd files."""
        return self.system == "win32"

    def list_markers(self) -> list[dict[str, str]]:
        """Return what markers ask of it, for the first and the last release of its Python."""
        releases = [release for release in PYTHONS if release.startswith(f"{self.python}.")]
        return [find_markers(release, self.system, self.machine) for release in releases]


@dataclass(frozen=True)
class Starter:
    """What is double-clicked: its ASCII and its Japanese name, and the word for tools/start.py."""

    word: str
    name: str
    japanese: str


STARTERS = (
    Starter("build", "build", "年報を作る"),
    Starter("notebooks", "notebooks", "ノートブックを開く"),
)


def main(words: Sequence[str]) -> None:
    """Make the folder, whole or not at all. Raises SystemExit with what is wrong."""
    asked = read_words(words)
    target = find_target(asked.platform, asked.python)
    extras = [extra for extra in EXTRAS if extra != "lab" or asked.lab]
    folder = Path(asked.folder).absolute()
    if folder.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} is not empty; give a folder that is not there yet")
    files = list_project()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".kit-") as scratch:
        made = Path(scratch) / folder.name
        fill_kit(made, target, extras, files)
        if folder.exists():
            folder.rmdir()
        made.rename(folder)
    if asked.zip:
        pack_folder(folder, folder.with_name(f"{folder.name}.zip"))
    for name in list_left_out():
        print(f"left out, since git does not track it: {name}")
    print(f"{folder}: {len(list(folder.rglob('*')))} files and folders for {asked.platform}")


def read_words(words: Sequence[str]) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--platform", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--no-lab", dest="lab", action="store_false")
    parser.add_argument("--zip", action="store_true")
    return parser.parse_args(words)


def find_target(platform: str, python: str) -> Target:
    """Return the machine that is meant. Raises SystemExit with what can be meant."""
    pythons = sorted({release.rpartition(".")[0] for release in PYTHONS})
    if python not in pythons:
        raise SystemExit(f"--python {python}: the lock files are for {', '.join(pythons)}")
    for (system, machine), tags in PLATFORMS.items():
        if system != "darwin" and platform in (*tags, f"{system}_{machine}"):
            newest = tags.index(platform) if platform in tags else len(tags) - 1
            return Target(python, system, machine, tuple(tags[: newest + 1]))
    raise SystemExit(
        f"--platform {platform}: give win_amd64, win_arm64, linux_x86_64, linux_aarch64 or a "
        "manylinux name such as manylinux2014_x86_64"
    )


def list_project() -> list[str]:
    """Return the files that git tracks and that are there. Raises SystemExit outside of git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    if listed.returncode:
        raise SystemExit(f"{ROOT} is no checkout of git, which knows the project's own files")
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def list_left_out() -> list[str]:
    """Return the inputs that git does not track, and that a person may miss in the kit."""
    command = ["git", "ls-files", "--others", "--exclude-standard", "--", *INPUTS]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return told.stdout.splitlines()


def fill_kit(folder: Path, target: Target, extras: Sequence[str], files: Sequence[str]) -> None:
    """Write all of a kit into a folder that is not there yet."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    wheels = folder / "wheels"
    wheels.mkdir()
    own = build_wheel(wheels)
    lock = merge_locks(extras) + pin_wheel(own)
    (folder / LOCK).write_text(lock, encoding="utf-8", newline="\n")
    download_wheels(wheels, target, merge_locks(extras))
    for name, content in write_starters(target, has_lab="lab" in extras).items():
        (folder / name).write_bytes(content)
        (folder / name).chmod(_MODE[name.endswith(".sh")])
    (folder / SUMS).write_text(list_digests(folder), encoding="utf-8", newline="\n")


def build_wheel(wheels: Path) -> Path:
    """Build nenpo's own wheel with the locked hatchling, and return it."""
    run_pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(wheels), ROOT)
    return next(wheels.glob("nenpo-*.whl"))


def merge_locks(extras: Sequence[str]) -> str:
    """Return the pins of the base and the extras, each once, for every machine."""
    names = ["requirements.lock", *(f"requirements-{extra}.lock" for extra in extras)]
    pins = [pin for name in names for pin in read_pins((ROOT / name).read_text(encoding="utf-8"))]
    return "".join(dict.fromkeys(pins))


def read_pins(lock: str) -> Iterator[str]:
    """Yield each requirement of a lock file with the lines of its hashes."""
    pin = ""
    for line in lock.splitlines(keepends=True):
        if pin and not line.startswith(" "):
            yield pin
            pin = ""
        pin += line
    if pin:
        yield pin


def pin_wheel(wheel: Path) -> str:
    """Return the requirement of a wheel, with its hash."""
    name, version = wheel.name.split("-")[:2]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def filter_pins(lock: str, markers: dict[str, str]) -> str:
    """Return those requirements that a machine needs, without their markers.

    pip evaluates markers for the machine that it runs on, whatever --platform says.
    """
    return "".join(_choose_pins(lock, markers))


def _choose_pins(lock: str, markers: dict[str, str]) -> Iterator[str]:
    for pin in read_pins(lock):
        head, _, hashes = pin.partition("\\\n")
        requirement = Requirement(head)
        if requirement.marker is None or requirement.marker.evaluate(markers):
            yield f"{canonicalize_name(requirement.name)}{requirement.specifier} \\\n{hashes}"


def download_wheels(wheels: Path, target: Target, lock: str) -> None:
    """Download what the machine needs, by hash; two releases of a Python may need two versions."""
    with tempfile.TemporaryDirectory() as scratch:
        pinned = Path(scratch) / "pins.txt"
        # The first release of those that need the same is the one that asks the most of a wheel.
        releases = {filter_pins(lock, each): each for each in reversed(target.list_markers())}
        for pins, markers in releases.items():
            pinned.write_text(pins, encoding="utf-8")
            run_pip(
                *("download", "--no-deps", "--only-binary=:all:", "--require-hashes"),
                *("--implementation", "cp", "--python-version", markers["python_full_version"]),
                *(word for tag in target.tags for word in ("--platform", tag)),
                *("-r", str(pinned), "-d", str(wheels)),
            )


def run_pip(*words: str | Path) -> None:
    """Run pip. Raises SystemExit with what it said."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-qq", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise SystemExit(f"pip {words[0]}:\n{done.stderr}")


def write_starters(target: Target, has_lab: bool) -> dict[str, bytes]:
    """Return the starters and what is to be read, by name.

    A .cmd is ASCII throughout, since cmd reads it in whatever code page the machine has: what it
    says in Japanese stands in a file of UTF-8, which it shows.
    """
    suffix = ".cmd" if target.is_windows else ".sh"
    check = (TEXTS / "check_python.txt").read_text(encoding="utf-8").strip()
    major, minor = target.python.split(".")
    values = {
        "@CHECK@": check,
        "@PLATFORM@": _name_platform(target),
        "@MACHINE@": "64ビット" if target.is_windows else target.machine,
        "@MAJOR@": major,
        "@MINOR@": minor,
    }
    chosen = [starter for starter in STARTERS if starter.word != "notebooks" or has_lab]
    files = dict[str, bytes]()
    for starter in chosen:
        text = _fill(f"start{suffix}", {**values, "@WORD@": starter.word})
        newline = "\r\n" if target.is_windows else "\n"
        content = text.replace("\n", newline).encode("ascii")
        files |= {f"{starter.name}{suffix}": content, f"{starter.japanese}{suffix}": content}
    told = {"@STARTERS@": _describe_starters(chosen, suffix), **values}
    files["README.txt"] = b"\xef\xbb\xbf" + _write_text(_fill(f"readme{suffix}.txt", told))
    # A console would show the byte order mark, by which older editors know UTF-8.
    files["no-python.txt"] = _write_text(_fill(f"no-python{suffix}.txt", values))
    return files


def _fill(name: str, values: dict[str, str]) -> str:
    text = (TEXTS / name).read_text(encoding="utf-8")
    for place in (*values, *values):  # the check holds places of its own
        text = text.replace(place, values[place])
    return text


def _describe_starters(chosen: Sequence[Starter], suffix: str) -> str:
    return "\n".join(f"  {each.japanese}{suffix}（{each.name}{suffix}）" for each in chosen)


def _name_platform(target: Target) -> str:
    """Return what ``sysconfig.get_platform`` says there."""
    kind = "win" if target.is_windows else "linux"
    return f"{kind}-{target.machine.lower()}"


def _write_text(text: str) -> bytes:
    """Return a text with the line ends that every program of Windows knows."""
    return text.replace("\n", "\r\n").encode()


def list_digests(folder: Path) -> str:
    """Return the digests of all files, as ``sha256sum --check`` reads them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in paths
    )


def pack_folder(folder: Path, target: Path) -> None:
    """Pack a folder into a .zip; the same files make the same bytes."""
    draft = target.with_name(f".{target.name}.new")
    with zipfile.ZipFile(draft, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, _DAY)
            # A wheel is a .zip already.
            entry.compress_type = (
                zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
            )
            entry.create_system = 3
            entry.external_attr = _MODE[os.access(path, os.X_OK)] << 16
            archive.writestr(entry, path.read_bytes())
    draft.replace(target)


if __name__ == "__main__":
    main(sys.argv[1:])
