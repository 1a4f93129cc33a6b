"""The files that documents are made from, digests (SHA-256, hexadecimal), and safe writing."""

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from nenpo.errors import InputError, InputRefused, SpecialFile, UnreadableFile, Words, WriteFailed

# Syncs that come together share one commit of the file system's own journal.
_SYNCS_AT_ONCE = 8
NO_SPACE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
"""The error numbers of a disk, or of a share of it, that is full."""
_IN_THE_WAY = (errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY)
# Linux tells an immutable file as EPERM, Windows one that a reader holds open as EACCES.
_HELD = (errno.EPERM, errno.EACCES, errno.EBUSY, errno.ETXTBSY)
_REMEDIES = (
    (NO_SPACE, Words("空きを作ってから", "Make room on the disk")),
    (
        _HELD,
        Words(
            "ほかの人又はプログラムが開いているか、書込みが禁じられているので、閉じるか、書込みを許してから",
            "Another person or program may have it open, or it is write-protected: close it, or "
            "allow writing",
        ),
    ),
    ((errno.EROFS,), Words("書き込めるようにしてから", "Allow writing to that disk")),
    (_IN_THE_WAY, Words("同じ名前のものをほかへ移してから", "Move what lies there elsewhere")),
)
_SHORTEN = Words(
    "パスが長すぎるので、年報のフォルダーを C:\\nenpo のような短い場所に移してから",
    "The path is too long: move the project to a short place such as C:\\nenpo",
)
# Windows: the path, or a part of it, is too long; of another than the last part it says that
# there is no such folder.
_NAME_TOO_LONG = 206
_LONGEST_PATH = 259
# Windows: another program has it open, or a part of it locked.
_HELD_OPEN = (32, 33)
_OTHERWISE = Words("ディスクを点検してから", "See that the disk is sound")
_DATA = (".csv", ".yaml")
SURVEY_RECORD = "survey.csv"
"""Who was asked, and whose reply was taken: beside a year's tables, and in no document."""
SURVEY_ANSWERS = "survey_answers.csv"
"""What each of several departments answered to what they report together; likewise."""
SURVEY_FILES = (SURVEY_RECORD, SURVEY_ANSWERS)
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
        paths = sorted(folder.iterdir())
        for path in paths[:1]:  # a folder may be listed, and not entered
            with suppress(FileNotFoundError):
                path.lstat()
        return paths
    except OSError as error:
        raise explain_unreadable(folder.relative_to(root).as_posix(), error) from None


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder, as far as the system lets us see."""
    try:
        return path.is_dir()
    except OSError:  # Path.is_dir lets "permission denied" through (Python 3.11 to 3.13)
        return False


def is_link(path: Path) -> bool:
    """Return whether a path is a link, as far as the system lets us see."""
    try:
        return path.is_symlink()
    except OSError:
        return False


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
    if getattr(error, "winerror", None) in _HELD_OPEN:
        why = Words("ほかのプログラムが開いている", "another program has it open")
    return UnreadableFile(place=place, why=why.ja, why_en=why.en)


def list_data_files(root: Path) -> list[Path]:
    """Return the files in ``data/`` that hold data, in order; what else lies there is no input.

    Nor are folders that are set aside, and the records of a survey.
    """
    data = root / "data"
    found = (path for path in data.rglob("*") if path.name not in SURVEY_FILES)
    return _list_files((p for p in found if p.relative_to(data).parts[0][0] != "_"), _DATA)


def list_params_files(root: Path) -> list[Path]:
    """Return the files in ``params/``, in order."""
    return _list_files((root / "params").rglob("*"), (".yaml",))


def list_notebooks(root: Path) -> list[Path]:
    """Return what lies in ``notebooks/`` with the name of a notebook, in order."""
    folder = root / "notebooks"
    paths = list_folder(root, folder) if is_folder(folder) else []
    return [path for path in paths if path.suffix == ".ipynb" and not is_left_behind(path)]


def _list_files(paths: Iterable[Path], suffixes: tuple[str, ...]) -> list[Path]:
    """Return the paths with the name of an input, whatever lies there but a folder."""
    found = (path for path in paths if path.suffix in suffixes and not is_left_behind(path))
    return sorted(path for path in found if is_link(path) or not is_folder(path))


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
        if is_folder(path):
            problems.append(refuse_folder(root, path))
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
    return hash_bytes(path.read_bytes())


def hash_bytes(content: bytes) -> str:
    """Return the digest that a file of this content has."""
    return hashlib.sha256(content).hexdigest()


def read_ordinary(path: Path) -> bytes:
    """Return a file's content. Raises OSError, for a pipe too, at which reading waits for ever."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not an ordinary file", str(path))
    return path.read_bytes()


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
    with explain_write(path):
        path.unlink(missing_ok=True)
        remove_empty(output, path)


def remove_empty(output: Path, path: Path) -> None:
    """Remove the folders between ``output`` and ``path`` that are empty."""
    for folder in path.parents:
        if folder == output or (folder.is_dir() and any(folder.iterdir())):
            return
        with suppress(FileNotFoundError):
            folder.rmdir()


@contextmanager
def explain_write(path: Path) -> Iterator[None]:
    """Raise WriteFailed with the place that the reader knows for what the file system refuses."""
    try:
        yield
    except OSError as error:
        raise explain_refusal(path, error) from error


def explain_refusal(path: Path, error: OSError) -> WriteFailed:
    """Return what became of a write to ``path``, why, and what to do."""
    remedies = [words for codes, words in _REMEDIES if error.errno in codes]
    remedy = remedies[0] if remedies else _OTHERWISE
    if _is_too_long(path, error):
        remedy = _SHORTEN
    why = error.strerror or str(error) or type(error).__name__
    return WriteFailed(place=path, why=why, remedy=remedy.ja, remedy_en=remedy.en)


def _is_too_long(path: Path, error: OSError) -> bool:
    code = getattr(error, "winerror", None)
    lost = code is not None and error.errno == errno.ENOENT and len(str(path)) > _LONGEST_PATH
    return error.errno == errno.ENAMETOOLONG or code == _NAME_TOO_LONG or lost


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file, in a folder that is made for it; a text as UTF-8. Raises WriteFailed."""
    with explain_write(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_encode(content))


def _encode(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file that is there whole or not at all, after a power loss too; a text as UTF-8.

    Raises WriteFailed; what was there is then still there, unless the folder could not be synced.
    """
    replace_file(path, content, sync=True)
    with explain_write(path):
        sync_folder(path.parent)


def replace_file(path: Path, content: str | bytes, sync: bool = False) -> None:
    """Write a file that is there whole or not at all, unless the power goes before a sync.

    Raises WriteFailed; what was there is then still there.
    """
    draft = path.with_name(f".{path.name}.new")
    with explain_write(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(_encode(content))
                file.flush()
                if sync:
                    os.fsync(file.fileno())
            draft.replace(path)
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def sync_files(paths: Iterable[Path]) -> dict[Path, OSError]:
    """Have the content of files on the disk; return those of which that failed."""
    asked = list(paths)
    with ThreadPoolExecutor(_SYNCS_AT_ONCE) as threads:
        told = zip(asked, threads.map(_sync_file, asked), strict=True)
        return {path: error for path, error in told if error}


def _sync_file(path: Path) -> OSError | None:
    try:
        # Windows syncs only what is open for writing.
        with path.open("rb+" if os.name == "nt" else "rb") as file:
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None


def sync_folder(folder: Path) -> None:
    """Have on the disk which files a folder holds. Raises OSError."""
    if os.name == "nt":  # has no descriptors of folders
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in (
            errno.EINVAL,
            errno.ENOTSUP,
        ):  # some network shares have no such thing
            raise
    finally:
        os.close(number)


def clear_place(path: Path) -> None:
    """Make room for a file of ours where a folder lies: an empty one goes, others are set aside."""
    if not path.is_dir() or path.is_symlink():
        return
    with explain_write(path):
        try:
            path.rmdir()
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            path.rename(find_free_name(path))


def find_free_name(path: Path) -> Path:
    """Return a name beside ``path`` that nothing has: ``manifest.json.1``."""
    number = 1
    while (free := path.with_name(f"{path.name}.{number}")).exists():
        number += 1
    return free


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it, or a file of its name, as far as that goes."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    else:
        with suppress(OSError):
            folder.unlink(missing_ok=True)
