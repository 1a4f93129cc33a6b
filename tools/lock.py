"""Make the lock files from pyproject.toml.

    .venv/bin/python -m pip install uv
    .venv/bin/python tools/lock.py [--upgrade]

requirements.lock pins what nenpo needs and what builds it; requirements-EXTRA.lock pins what an
extra needs beyond that, so the two are always installed together. What is pinned keeps its version
unless --upgrade is given.

A wheel's hash is listed if one of PYTHONS on one of PLATFORMS can install it, a source archive's
only where one of them finds no wheel.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import parse_wheel_filename

ROOT = Path(__file__).parents[1]
BUILD = "build"  # the extra that every environment needs: it installs nenpo itself
# The first and the last release of each, since a marker may ask for one in between.
PYTHONS = tuple(f"3.{minor}.{micro}" for minor in range(11, 15) for micro in (0, 99))
MACOS = (26, 0)
GLIBC = (
    "manylinux1",
    "manylinux2010",
    "manylinux2014",
    *(f"manylinux_2_{n}" for n in range(5, 43)),
)
PLATFORMS = {
    ("linux", "x86_64"): [f"{glibc}_x86_64" for glibc in GLIBC],
    ("linux", "aarch64"): [f"{glibc}_aarch64" for glibc in GLIBC],
    ("darwin", "x86_64"): [*mac_platforms(MACOS, "x86_64")],
    ("darwin", "arm64"): [*mac_platforms(MACOS, "arm64")],
    ("win32", "AMD64"): ["win_amd64"],
    ("win32", "ARM64"): ["win_arm64"],
}
SYSTEMS = {"linux": ("posix", "Linux"), "darwin": ("posix", "Darwin"), "win32": ("nt", "Windows")}


@dataclass(frozen=True, eq=False)
class Environment:
    """One Python on one platform: what markers ask of it, and which wheels it can install."""

    markers: dict[str, str]
    tags: frozenset[Tag]


@dataclass(frozen=True)
class Package:
    """A pinned version with its files, name → SHA-256; ``marker`` says where it is needed."""

    name: str
    version: str
    marker: str
    wheels: dict[str, str]
    archive: dict[str, str]

    def list_environments(self) -> list[Environment]:
        """Return those of ENVIRONMENTS that need it."""
        if not self.marker:
            return [*ENVIRONMENTS]
        marker = Marker(self.marker)
        return [found for found in ENVIRONMENTS if marker.evaluate(found.markers)]

    def list_hashes(self) -> list[str]:
        """Return the hashes of the files that these environments can install."""
        tags = {name: parse_wheel_filename(name)[3] for name in self.wheels}
        own = self.list_environments()
        chosen = {
            digest
            for name, digest in self.wheels.items()
            if any(tags[name] & found.tags for found in own)
        }
        if not all(any(held & found.tags for held in tags.values()) for found in own):
            chosen |= set(self.archive.values())
        return sorted(chosen)

    @property
    def pin(self) -> str:
        """The requirement: the version, and the marker unless every environment needs it."""
        everywhere = len(self.list_environments()) == len(ENVIRONMENTS)
        return f"{self.name}=={self.version}" + ("" if everywhere else f" ; {self.marker}")

    def write(self) -> str:
        """Return the lines of a lock file."""
        hashes = (f"    --hash=sha256:{digest}" for digest in self.list_hashes())
        return " \\\n".join((self.pin, *hashes)) + "\n"


def list_environments() -> Iterator[Environment]:
    """Yield every supported Python on every supported platform."""
    for python, ((system, machine), platforms) in product(PYTHONS, PLATFORMS.items()):
        version = tuple(map(int, python.split(".")[:2]))
        tags = cpython_tags(version, platforms=platforms)
        others = compatible_tags(version, f"cp{version[0]}{version[1]}", platforms)
        yield Environment(find_markers(python, system, machine), frozenset((*tags, *others)))


def find_markers(python: str, system: str, machine: str) -> dict[str, str]:
    """Return what markers ask of a Python (3.12.0) on a platform."""
    os_name, platform_system = SYSTEMS[system]
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": os_name,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_system": platform_system,
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": system,
    }


ENVIRONMENTS = tuple(list_environments())


def main(words: Sequence[str]) -> None:
    """Write requirements.lock, then what each extra adds to it."""
    kept = [] if "--upgrade" in words else list_pins()
    base = resolve([BUILD], kept)
    write_lock("requirements.lock", base)
    for extra in list_extras():
        pins = [*kept, *(package.pin for package in base)]
        write_lock(f"requirements-{extra}.lock", subtract(resolve([BUILD, extra], pins), base))


def list_extras() -> list[str]:
    """Return the extras of pyproject.toml that have a lock file of their own."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [extra for extra in project["optional-dependencies"] if extra != BUILD]


def list_pins() -> list[str]:
    """Return what the lock files pin now, with its markers and without its hashes."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted(ROOT.glob("requirements*.lock")))
    return sorted(set(re.findall(r"^([\w.-]+==.*?) *\\?$", text, flags=re.MULTILINE)))


def resolve(extras: Sequence[str], pins: Sequence[str]) -> list[Package]:
    """Return the packages that nenpo with these extras needs, for any platform."""
    asked = [word for extra in extras for word in ("--extra", extra)]
    with tempfile.TemporaryDirectory() as folder:
        constraints, made = Path(folder) / "pins.txt", Path(folder) / "pylock.toml"
        constraints.write_text("\n".join(pins), encoding="utf-8")
        command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        files = ["--constraint", str(constraints), "--output-file", str(made), "pyproject.toml"]
        subprocess.run([*command, *asked, *files], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        found = tomllib.loads(made.read_text(encoding="utf-8"))["packages"]
    packages = [read_package(package) for package in found]
    return [package for package in packages if package.list_environments()]


def read_package(package: dict[str, Any]) -> Package:
    """Read one entry of a pylock.toml."""
    archives = [package["sdist"]] if "sdist" in package else []
    return Package(
        package["name"],
        package["version"],
        package.get("marker", ""),
        {name_file(wheel): wheel["hashes"]["sha256"] for wheel in package.get("wheels", [])},
        {name_file(archive): archive["hashes"]["sha256"] for archive in archives},
    )


def name_file(file: dict[str, Any]) -> str:
    """Return the name of a file of an index."""
    return str(file.get("name") or file["url"].rpartition("/")[2])


def subtract(packages: Sequence[Package], base: Sequence[Package]) -> list[Package]:
    """Return the packages that the base does not pin.

    Raises SystemExit where the base pins one, but not for every environment that needs it here.
    """
    pinned = {(package.name, n) for package in base for n in package.list_environments()}
    names = {package.name for package in base}
    for package in packages:
        if (
            package.name in names
            and not {(package.name, n) for n in package.list_environments()} <= pinned
        ):
            raise SystemExit(f"{package.pin}: the base pins it for fewer environments")
    return [package for package in packages if package.name not in names]


def write_lock(name: str, packages: Sequence[Package]) -> None:
    """Write a lock file that pip reads with --require-hashes."""
    (ROOT / name).write_text("".join(package.write() for package in packages), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
