"""The files that documents are made from, and their digests (SHA-256, hexadecimal)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

_DATA = (".csv", ".yaml")


def list_data_files(root: Path) -> list[Path]:
    """Return the files in ``data/`` that hold data, in order; what else lies there is no input."""
    paths = (root / "data").rglob("*")
    return sorted(path for path in paths if path.suffix in _DATA and path.is_file())


def hash_files(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return the digest of every file by its path below ``root``."""
    return {path.relative_to(root).as_posix(): hash_file(path) for path in paths}


def hash_file(path: Path) -> str:
    """Return the digest of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hash_present(path: Path) -> str:
    """Return the digest of a file's content, "" if there is no such file."""
    return hash_file(path) if path.is_file() else ""


def hash_text(text: str) -> str:
    """Return the digest that a file of this text has."""
    return hashlib.sha256(text.encode()).hexdigest()


def hash_values(values: object) -> str:
    """Return the digest of JSON values, whatever the order of their keys."""
    return hash_text(json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def digest_data(root: Path) -> str:
    """Return one digest of everything in ``data/``."""
    return hash_values(hash_files(root, list_data_files(root)))


def find_changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Return the names that have another digest, or are in one of the two alone, in order."""
    names = sorted({*before, *after})
    return [name for name in names if before.get(name) != after.get(name)]


def canonical_json(value: object) -> str:
    """Return ``value`` as canonical JSON: sorted keys, two spaces, final newline."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n"


def remove_file(output: Path, path: Path) -> None:
    """Remove a file, if it is there, and the folders below ``output`` that it leaves empty."""
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == output or (folder.is_dir() and any(folder.iterdir())):
            return
        with suppress(FileNotFoundError):
            folder.rmdir()


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file that is there whole or not at all; a text as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(content.encode() if isinstance(content, str) else content)
    draft.replace(path)
