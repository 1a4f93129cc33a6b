"""The files that documents are made from, and their digests (SHA-256, hexadecimal)."""

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from nenpo.errors import InputError, InputRefused, SpecialFile, UnreadableFile, Words

_DATA = (".csv", ".yaml")
# What office programs, editors and file managers leave behind.
_LEFT_BEHIND = (".", "~$", "Thumbs.db", "desktop.ini")

_OUTSIDE = Words("プロジェクトの外を指すリンクである", "it is a link that leaves the project")
_NOWHERE = Words("指す先のないリンクである", "it is a link to nothing")
_LOOP = Words("自分自身に戻るリンクである", "it is a link that leads back to itself")
_LINKED_FOLDER = Words("フォルダーへのリンクである", "it is a link to a folder")
_FOLDER = Words("フォルダーである", "it is a folder")
_KINDS = (
    (stat.S_ISFIFO, Words("名前付きパイプ（FIFO）である", "it is a named pipe (FIFO)")),
    (stat.S_ISSOCK, Words("ソケットである", "it is a socket")),
    (stat.S_ISCHR, Words("デバイスである", "it is a device")),
    (stat.S_ISBLK, Words("デバイスである", "it is a device")),
)
_REASONS = {
    errno.EACCES: Words("読む権限がない", "permission denied"),
    errno.EPERM: Words("読む権限がない", "permission denied"),
    errno.ENOENT: Words("読む間になくなった", "it is gone"),
    errno.EIO: Words("読み取りの誤り", "input/output error"),
}


def is_left_behind(path: Path) -> bool:
    """Return whether a file is what a program left behind, which is no input."""
    return path.name.startswith(_LEFT_BEHIND) or path.suffix == ".bak"


def list_folder(root: Path, folder: Path) -> list[Path]:
    """Return what lies in a folder of the inputs, in order. Raises ``UnreadableFile``."""
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise explain_unreadable(folder.relative_to(root).as_posix(), error) from None


def find_special(root: Path, path: Path) -> InputError | None:
    """Return why a path among the inputs is neither an ordinary file nor a folder, if it is not.

    Nothing is opened: that waits for ever at a pipe. A link counts as the file that it leads to,
    as long as it stays among the project's files (or where ``data/`` itself really lies).
    """
    place = path.relative_to(root)
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            real = Path(os.path.realpath(path, strict=True))
            bases = (root, root / place.parts[0])
            if not any(real.is_relative_to(os.path.realpath(base)) for base in bases):
                return _refuse(place, _OUTSIDE)
            mode = real.stat().st_mode
            if stat.S_ISDIR(mode):
                return _refuse(place, _LINKED_FOLDER)
    except OSError as error:
        reason = {errno.ELOOP: _LOOP, errno.ENOENT: _NOWHERE}.get(error.errno or 0)
        return _refuse(place, reason) if reason else explain_unreadable(place.as_posix(), error)
    return next((_refuse(place, words) for kind, words in _KINDS if kind(mode)), None)


def is_ordinary(root: Path, path: Path) -> bool:
    """Return whether an ordinary file of the project lies at a path."""
    return os.path.lexists(path) and not find_special(root, path) and path.is_file()


def refuse_folder(root: Path, path: Path) -> InputError:
    """Return the error for a folder that lies where a file belongs."""
    return _refuse(path.relative_to(root), _FOLDER)


def _refuse(place: Path, what: Words) -> SpecialFile:
    return SpecialFile(place=place.as_posix(), what=what.ja, what_en=what.en)


def explain_unreadable(place: str, error: OSError) -> UnreadableFile:
    """Return the error for what the system does not let us read."""
    told = error.strerror or str(error)
    why = _REASONS.get(error.errno or 0, Words(told, told))
    return UnreadableFile(place=place, why=why.ja, why_en=why.en)


def list_data_files(root: Path) -> list[Path]:
    """Return the files in ``data/`` that hold data, in order; what else lies there is no input."""
    return _list_files((root / "data").rglob("*"), _DATA)


def list_params_files(root: Path) -> list[Path]:
    """Return the files in ``params/``, in order."""
    return _list_files((root / "params").rglob("*"), (".yaml",))


def list_notebooks(root: Path) -> list[Path]:
    """Return the notebooks, in order."""
    return _list_files((root / "notebooks").glob("*"), (".ipynb",))


def _list_files(paths: Iterable[Path], suffixes: tuple[str, ...]) -> list[Path]:
    """Return the paths with the name of an input, whatever lies there but a folder."""
    found = (path for path in paths if path.suffix in suffixes and not is_left_behind(path))
    return sorted(path for path in found if path.is_symlink() or not path.is_dir())


def hash_inputs(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return the digest of every input file by its path below ``root``.

    Raises ``InputRefused`` with all that are no ordinary files or cannot be read.
    """
    digests, problems = dict[str, str](), list[InputError]()
    for path in paths:
        name = path.relative_to(root).as_posix()
        if problem := find_special(root, path):
            problems.append(problem)
            continue
        try:
            digests[name] = hash_file(path)
        except OSError as error:
            problems.append(explain_unreadable(name, error))
    if problems:
        raise InputRefused(problems=problems)
    return digests


def hash_files(root: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Return the digest of every file by its path below ``root``."""
    return {path.relative_to(root).as_posix(): hash_file(path) for path in paths}


def hash_file(path: Path) -> str:
    """Return the digest of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hash_present(path: Path) -> str:
    """Return the digest of a file's content, "" if there is no such file."""
    return hash_file(path) if path.is_file() else ""


def hash_values(values: object) -> str:
    """Return the digest of JSON values, whatever the order of their keys."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def digest_data(root: Path) -> str:
    """Return one digest of everything in ``data/``."""
    return hash_values(hash_inputs(root, list_data_files(root)))


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
