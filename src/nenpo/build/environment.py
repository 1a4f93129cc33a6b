"""What documents are drawn with: versions, our code and templates, the font."""

import platform
import re
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import nenpo
from nenpo.errors import UnknownFont
from nenpo.files import hash_file, hash_files
from nenpo.language.fonts import find_document_font

CODE = "nenpo/"
FONT = "font "
# The rooms and files that draw a document, and what a reader calls them. Whatever else there is
# decides what is made and where it goes, or tells of it.
DRAWN_BY: Mapping[str, tuple[str, str]] = {
    "language/": ("数と日付の書き方", "how numbers and dates are written"),
    "data/": ("データの読み方", "how data are read"),
    "analysis/": ("集計", "counting"),
    "content/": ("文書の内容", "what documents say"),
    "notebook/": ("ノートブックの実行", "how notebooks are run"),
    "export/": ("文書の書き出し", "how documents are written"),
    "files.py": ("ファイルの扱い", "how files are handled"),
    "build/isolated/make.py": ("文書の作成", "how a document is made"),
}
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def find_environment() -> dict[str, str]:
    """Return name → version or digest of whatever a document depends on beside its inputs."""
    package = Path(nenpo.__file__).parent
    files = sorted(path for path in package.rglob("*") if path.is_file())
    names = [path.relative_to(package).as_posix() for path in files if path.suffix != ".pyc"]
    code = [package / name for name in names if name.startswith(tuple(DRAWN_BY))]
    ours = {f"{CODE}{name}": digest for name, digest in hash_files(package, code).items()}
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
    bold = {f"{FONT}{font.family} bold": hash_file(path) for path in font.files[1:]}
    return {f"{FONT}{font.family}": hash_file(font.path), **bold}
