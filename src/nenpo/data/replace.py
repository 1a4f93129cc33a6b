"""A plan's folder replaced in one step: whoever reads finds all of the old or all of the new.

A complete copy is staged beside it, files that do not change as hard links. Then the two folders
change places: at once where the system can (Linux), else by two renames. A command that is killed
leaves at most what :func:`finish_replacement` puts right, which listing the plans calls for.
"""

import ctypes
import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from nenpo.errors import ChangedMeanwhile, DataLocked
from nenpo.files import (
    clear_place,
    explain_unreadable,
    explain_write,
    read_ordinary,
    remove_folder,
    sync_files,
    sync_folder,
)

# Folders of such names are set aside: no plan, and no input.
_STAGED, _FORMER = "_{}.replacing", "_{}.replaced"
# How long a reader waits for a command that is between two renames.
_PATIENCE = 10.0
_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of linux/fs.h

_State = dict[str, tuple[int, int, int]]


class HeldPlan:
    """A plan's folder that no other command of nenpo changes meanwhile; see :func:`hold_plan`."""

    def __init__(self, root: Path, plan_id: str) -> None:
        self._root = root
        self._place = root / "data" / plan_id
        self._staged, self._former = _name_folders(root, plan_id)
        self._state = _list_state(root, self._place)

    def replace(self, files: Mapping[str, bytes]) -> bool:
        """Put files in place, all in one step; return whether any differs from what is there.

        ``files`` are contents by path in the plan's folder (2022/progress.csv). All else stays as
        it is. Raises ``ChangedMeanwhile`` if somebody changed the folder since it is held, and
        ``WriteFailed``; then nothing has changed.
        """
        if all(_has_content(self._place / name, content) for name, content in files.items()):
            return False
        try:
            with explain_write(self._place):
                self._stage(files)
                self._refuse_changed()
                _exchange(self._place, self._staged, self._former)
                sync_folder(self._place.parent)
        finally:
            _discard(self._staged, self._former)
        self._state = _list_state(self._root, self._place)
        return True

    def _stage(self, files: Mapping[str, bytes]) -> None:
        _copy_tree(self._place, self._staged, {self._place / name for name in files})
        for name, content in files.items():
            _write_like(self._staged / name, content, self._place / name)
        written = [self._staged / name for name in files]
        for error in sync_files(written).values():
            raise error
        for folder in {self._staged, *(path.parent for path in written)}:
            sync_folder(folder)

    def _refuse_changed(self) -> None:
        now = _list_state(self._root, self._place)
        changed = sorted(n for n in {*now, *self._state} if now.get(n) != self._state.get(n))
        if changed:
            raise ChangedMeanwhile(value=f"data/{self._place.name}/{changed[0]}")


@contextmanager
def hold_plan(root: Path, plan_id: str) -> Iterator[HeldPlan]:
    """Hold the folder of a plan, which exists, from reading what is to be changed to changing it.

    Raises ``DataLocked`` if another command holds it, and ``WriteFailed``.
    """
    with _lock(root, plan_id, 0):
        _discard(*_name_folders(root, plan_id))  # of a command that was killed
        yield HeldPlan(root, plan_id)


def find_half_replaced(names: Iterable[str]) -> list[str]:
    """Return the plans that are not among the folders of ``data/``, but their two halves are."""
    known = set(names)
    before, _, after = _FORMER.partition("{}")
    plans = (n.removeprefix(before).removesuffix(after) for n in known if n.endswith(after))
    return [p for p in plans if p not in known and {_STAGED.format(p), _FORMER.format(p)} <= known]


def finish_replacement(root: Path, plan_id: str) -> None:
    """Finish what a command left between two renames. Raises ``DataLocked``, ``WriteFailed``."""
    place = root / "data" / plan_id
    staged, former = _name_folders(root, plan_id)
    with _lock(root, plan_id, _PATIENCE):
        if not os.path.lexists(place) and staged.is_dir() and former.is_dir():
            with explain_write(place):
                staged.rename(place)
                sync_folder(place.parent)
            _discard(former)


@contextmanager
def _lock(root: Path, plan_id: str, patience: float) -> Iterator[None]:
    path = root / "data" / f".{plan_id}.lock"
    clear_place(path)
    lock = FileLock(path, timeout=patience)
    with explain_write(path):
        try:
            lock.acquire()
        except Timeout:
            raise DataLocked(place=f"data/{plan_id}") from None
    try:
        yield
    finally:
        with suppress(OSError):  # it is held: whoever opened it before sees that it is gone
            path.unlink()
        lock.release()


def _name_folders(root: Path, plan_id: str) -> tuple[Path, Path]:
    return (root / "data" / _STAGED.format(plan_id), root / "data" / _FORMER.format(plan_id))


def _has_content(path: Path, content: bytes) -> bool:
    try:
        return read_ordinary(path) == content
    except FileNotFoundError:
        return False
    except OSError as error:
        raise explain_unreadable(str(path), error) from None


def _list_state(root: Path, place: Path) -> _State:
    """Return what tells whether the files of a folder are still the same, by path in it."""
    state: _State = {}
    try:
        for folder, _, names in os.walk(place):
            for path in (Path(folder, name) for name in names):
                found = path.lstat()
                told = (found.st_ino, found.st_mtime_ns, found.st_size)
                state[path.relative_to(place).as_posix()] = told
    except OSError as error:
        raise explain_unreadable(place.relative_to(root).as_posix(), error) from None
    return state


def _copy_tree(source: Path, target: Path, without: set[Path]) -> None:
    """Make a folder like another: its files are the same ones, as far as there are hard links."""
    target.mkdir()
    for path in sorted(source.iterdir()):
        if path.is_symlink():
            if path not in without:
                (target / path.name).symlink_to(path.readlink())
        elif path.is_dir():
            _copy_tree(path, target / path.name, without)
        elif path not in without:
            _link(path, target / path.name)
    _copy_owner(source, target)
    shutil.copystat(source, target)


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without hard links: a network share, a memory card
        shutil.copy2(source, target)
        _copy_owner(source, target)


def _write_like(path: Path, content: bytes, before: Path) -> None:
    """Write a file with the permissions of the one that it is to replace, if there is one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if before.is_file():
        _copy_owner(before, path)
        shutil.copymode(before, path)


def _copy_owner(source: Path, target: Path) -> None:
    if hasattr(os, "chown"):
        found = source.stat()
        with suppress(OSError):  # only the administrator may give files away
            os.chown(target, found.st_uid, found.st_gid)


def _exchange(place: Path, staged: Path, former: Path) -> None:
    """Have the staged folder take the place of the other, which afterwards is one of the two."""
    if _exchange_at_once(place, staged):
        return
    place.rename(former)
    try:
        staged.rename(place)
    except BaseException:
        if not os.path.lexists(place):
            former.rename(place)
        raise


def _exchange_at_once(first: Path, second: Path) -> bool:
    """Exchange two folders; return False where the system has no such thing."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # not Linux; Windows has no CDLL(None)
        return False
    if rename(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):  # not on this file system
        return False
    raise OSError(number, os.strerror(number))


def _discard(*folders: Path) -> None:
    """Remove folders of ours with what is in them, write-protected ones too."""
    for folder in folders:
        for inner, _, _ in () if folder.is_symlink() else os.walk(folder):
            with suppress(OSError):
                Path(inner).chmod(stat.S_IRWXU)
        remove_folder(folder)
