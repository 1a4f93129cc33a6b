"""A folder changed set by set: each set becomes wholly new, or stays wholly as it was.

New files are staged below ``.work/``, and a journal says where they belong. Then each file of a set
takes the place of the old one, which is kept; whatever the file system refuses puts the whole set
back, and the others go on. A record (the manifest) is written last; then the journal goes, then the
old files. A command that was killed leaves the journal: the next one finishes what can be
finished, puts back the rest, and may be killed as well.

A file is in one of three states, told apart by what exists: staged and the old one in place; staged
and the old one kept; in place.
"""

import errno
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic_core import core_schema as schema

from nenpo.build.caches import (
    DIGEST,
    PATH,
    TEXT,
    Command,
    make_validator,
    read_cache,
    shape_object,
)
from nenpo.build.isolated.processes import hold_signals
from nenpo.errors import BuildLocked, WriteFailed
from nenpo.files import (
    canonical_json,
    clear_place,
    explain_refusal,
    explain_write,
    hash_present,
    remove_empty,
    remove_folder,
    sync_files,
    sync_folder,
    write_atomically,
)

WORK = ".work"
_JOURNAL = f"{WORK}/journal.json"


@dataclass(frozen=True)
class Put:
    """A file to put in place: where it is staged, its digest, whether it takes another's place."""

    source: str
    digest: str
    replaces: bool


@dataclass(frozen=True)
class Change:
    """One set: files to put in place (by target), files to remove.

    Paths are relative to the folder. Of it, the record says ``after``, or still ``before``.
    """

    name: str
    puts: Mapping[str, Put]
    removals: tuple[str, ...] = ()
    after: Any = None
    before: Any = None


Record = Callable[[Sequence[Change], Sequence[Change]], None]
"""Writes down which changes were made and which were not, before there is no way back.

Raises WriteFailed.
"""

_CHANGE = shape_object(
    name=TEXT,
    puts=schema.dict_schema(
        PATH, shape_object(source=PATH, digest=DIGEST, replaces=schema.bool_schema())
    ),
    removals=schema.list_schema(PATH),
    after=schema.any_schema(),
    before=schema.any_schema(),
)
_SHAPE = make_validator(shape_object(kept=PATH, changes=schema.list_schema(_CHANGE)))


def make_put(folder: Path, target: str, source: Path, digest: str) -> Put:
    """Return how a staged file is put in place."""
    return Put(source.relative_to(folder).as_posix(), digest, os.path.lexists(folder / target))


@contextmanager
def hold_folder(folder: Path, lock: Path) -> Iterator[None]:
    """Hold a folder, which exists; what is below ``.work/`` goes at the end, but for a journal's.

    Raises BuildLocked if another command holds it, and WriteFailed.
    """
    clear_place(lock)
    held = FileLock(lock, timeout=0)
    with explain_write(lock):
        try:
            held.acquire()
        except Timeout:
            raise BuildLocked(place=folder) from None
    try:
        yield
    finally:
        if not has_journal(folder):
            remove_folder(folder / WORK)
        with suppress(OSError):  # it is held: whoever opened it before sees that it is gone
            lock.unlink()
        held.release()


def has_journal(folder: Path) -> bool:
    """Return whether a command left something half done."""
    return os.path.lexists(folder / _JOURNAL)


def open_work(folder: Path) -> None:
    """Make an empty ``.work/``, after all that was half done is finished. Raises WriteFailed."""
    remove_folder(folder / WORK)
    with explain_write(folder / WORK):
        (folder / WORK).mkdir(parents=True, exist_ok=True)


def apply_changes(
    folder: Path, changes: Sequence[Change], record: Record
) -> dict[str, WriteFailed]:
    """Make the changes; return why those were not made that could not be, by name.

    The folder is held, and has ``.work/``. An interruption waits until it is done.

    Raises:
        WriteFailed: the journal or the record cannot be written, so that no change is made; or a
            set can be neither put in place nor put back: the journal is kept then.
    """
    with hold_signals():
        failed = _sync_sources(folder, changes)
        left = [change for change in changes if change.name not in failed]
        try:
            kept = _write_journal(folder, left)
        except WriteFailed:
            with suppress(OSError):
                (folder / _JOURNAL).unlink(missing_ok=True)
            raise
        return failed | _carry_out(folder, kept, left, record)


def finish_changes(folder: Path, record: Record, command: Command) -> bool:
    """Finish what a command left half done: each set ends new or old. Raises WriteFailed.

    The folder is held. Returns False if the journal could not be read: what was kept is put back
    then, and the record may speak of other files.
    """
    if not has_journal(folder):
        return True
    with hold_signals():
        found = read_cache(folder / _JOURNAL, _SHAPE, command)
        if found is None:
            _put_back_unknown(folder)
            clear_place(folder / _JOURNAL)
            _remove_journal(folder)
            return False
        changes = [
            Change(
                each["name"],
                {target: Put(**put) for target, put in each["puts"].items()},
                tuple(each["removals"]),
                each["after"],
                each["before"],
            )
            for each in found["changes"]
        ]
        _carry_out(folder, folder / found["kept"], changes, record)
        return True


def _sync_sources(folder: Path, changes: Sequence[Change]) -> dict[str, WriteFailed]:
    places = {
        folder / put.source: (change.name, folder / target)
        for change in changes
        for target, put in change.puts.items()
    }
    refused = sync_files(places)
    return {places[p][0]: explain_refusal(places[p][1], error) for p, error in refused.items()}


def _write_journal(folder: Path, changes: Sequence[Change]) -> Path:
    """Write down what is to be done, and return the folder that will keep the old files."""
    path = folder / _JOURNAL
    with explain_write(path):
        kept = Path(tempfile.mkdtemp(prefix="kept-", dir=folder / WORK))
    journal = {
        "kept": kept.relative_to(folder).as_posix(),
        "changes": [asdict(change) for change in changes],
    }
    write_atomically(path, canonical_json(journal))
    return kept


def _carry_out(
    folder: Path, kept: Path, changes: Sequence[Change], record: Record
) -> dict[str, WriteFailed]:
    """Do what the journal says; return what failed. Raises WriteFailed."""
    failed, done = dict[str, WriteFailed](), list[_Move]()
    for number, change in enumerate(changes):
        move = _Move(folder, kept / str(number), change)
        try:
            move.put_in_place()
            done.append(move)
        except WriteFailed as error:
            move.put_back()
            failed[change.name] = error
    try:
        made = [move.change for move in done]
        _sync_targets(folder, made)
        record(made, [change for change in changes if change.name in failed])
    except WriteFailed:
        for move in done:
            move.put_back()
        record([], changes)  # it may be written all the same
        _conclude(folder, kept, [])
        raise
    _conclude(folder, kept, [path for change in made for path in change.removals])
    return failed


def _conclude(folder: Path, kept: Path, removed: Iterable[str]) -> None:
    """Remove the journal, and then what it was for."""
    _remove_journal(folder)
    for path in removed:
        with suppress(OSError):  # an empty folder more or less
            remove_empty(folder, folder / path)
    remove_folder(kept)


def _remove_journal(folder: Path) -> None:
    with explain_write(folder / _JOURNAL):
        (folder / _JOURNAL).unlink(missing_ok=True)


def _sync_targets(folder: Path, changes: Sequence[Change]) -> None:
    paths = [Path(path) for change in changes for path in (*change.puts, *change.removals)]
    for parent in {folder / parent for path in paths for parent in path.parents}:
        if parent.is_dir():
            with explain_write(parent):
                sync_folder(parent)


@dataclass(frozen=True)
class _Move:
    """A change on its way; ``kept`` is the folder of the files that it replaces or removes."""

    folder: Path
    kept: Path
    change: Change

    def put_in_place(self) -> None:
        """Do all of the change that is not done yet. Raises WriteFailed."""
        for target, put in self.change.puts.items():
            source, place = self.folder / put.source, self.folder / target
            with explain_write(place):
                if source.exists():
                    self._keep(target)
                    place.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(source, place)  # noqa: PTH105 # never a plain rename
                elif hash_present(place) != put.digest:
                    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        for path in self.change.removals:
            with explain_write(self.folder / path):
                self._keep(path)

    def _keep(self, path: str) -> None:
        place, kept = self.folder / path, self.kept / path
        if not os.path.lexists(place) or os.path.lexists(kept):
            return
        if place.is_dir() and not place.is_symlink():  # somebody's, and nothing of ours
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        kept.parent.mkdir(parents=True, exist_ok=True)
        os.replace(place, kept)  # noqa: PTH105

    def put_back(self) -> None:
        """Undo all of the change that is done. Raises WriteFailed."""
        for target, put in self.change.puts.items():
            source, place, kept = self.folder / put.source, self.folder / target, self.kept / target
            with explain_write(place):
                moved = os.path.lexists(kept) or not put.replaces
                if moved and not source.exists() and place.exists():
                    source.parent.mkdir(parents=True, exist_ok=True)
                    os.replace(place, source)  # noqa: PTH105
        for path in (*self.change.puts, *self.change.removals):
            with explain_write(self.folder / path):
                if os.path.lexists(self.kept / path):
                    (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
                    os.replace(self.kept / path, self.folder / path)  # noqa: PTH105


def _put_back_unknown(folder: Path) -> None:
    """Put back every file that was kept: nobody knows any more what was to become of it."""
    for kept in sorted((folder / WORK).glob("kept-*/*")):
        for path in sorted(kept.rglob("*")):
            if path.is_dir() and not path.is_symlink():
                continue
            place = folder / path.relative_to(kept)
            with explain_write(place):
                place.parent.mkdir(parents=True, exist_ok=True)
                os.replace(path, place)  # noqa: PTH105
