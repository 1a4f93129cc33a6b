"""What documents are drawn with: versions, our code and templates, the font."""

import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import nenpo
from nenpo.errors import UnknownFont
from nenpo.files import hash_file, hash_files
from nenpo.language.fonts import find_document_font

# Decides what is made and where it goes, or tells of it; nothing that a document shows.
_BESIDE = ("cli.py", "build/", "site/", "check/")
_DRAWS = ("build/isolated/make.py",)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def find_environment() -> dict[str, str]:
    """Return name → version or digest of whatever a document depends on beside its inputs."""
    package = Path(nenpo.__file__).parent
    files = sorted(path for path in package.rglob("*") if path.is_file())
    code = [
        path
        for path in files
        if path.suffix != ".pyc" and not path.relative_to(package).as_posix().startswith(_BESIDE)
    ]
    ours = {f"nenpo/{name}": digest for name, digest in hash_files(package, code).items()}
    return {"python": platform.python_version(), **_find_versions(), **_find_font(), **ours}


@cache
def _find_versions() -> dict[str, str]:
    """Return the versions of the libraries that nenpo names; they cannot change while it runs."""
    needed = [line for line in requires("nenpo") or () if "extra ==" not in line]
    found = {}
    for name in sorted(match[0] for match in map(_NAME.match, needed) if match):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "—"
    return found


def _find_font() -> dict[str, str]:
    try:
        font = find_document_font()
    except UnknownFont:  # each briefing tells of it
        return {}
    return {f"font {font.family}": hash_file(font.path)}
