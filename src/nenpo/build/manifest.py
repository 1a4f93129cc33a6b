"""Finished sets → the output folder, all or nothing.

``manifest.json`` alone says what is complete. A journal is written before the first file moves
and removed after the manifest is in place; a build that was killed between the two is finished
by the next one, whatever that one was asked to make.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from nenpo.build.isolated.outcome import SUFFIXES
from nenpo.build.isolated.processes import hold_signals
from nenpo.errors import BuildLocked, IncompleteSet
from nenpo.files import canonical_json, remove_file, write_atomically

MANIFEST = "manifest.json"
FAILED_FOLDER = "failed"
WORK = ".work"
LOCK = ".lock"
_JOURNAL = f"{WORK}/journal.json"
Entries = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Publication:
    """What becomes of the output folder at once: files to move (target → source), files to remove.

    Paths are relative to the output folder. ``entries`` are new ones of the manifest, or take the
    place of old ones; those of ``gone`` leave it.
    """

    moves: Mapping[str, str]
    removals: tuple[str, ...]
    entries: Entries = field(default_factory=dict)
    gone: tuple[str, ...] = ()


@contextmanager
def lock_output(output: Path) -> Iterator[None]:
    """Hold the output folder, which exists, and bring it into order. Raises BuildLocked."""
    try:
        with FileLock(output / LOCK, timeout=0):
            _finish_change(output)
            shutil.rmtree(output / WORK, ignore_errors=True)
            (output / WORK).mkdir(exist_ok=True)
            try:
                yield
            finally:
                shutil.rmtree(output / WORK, ignore_errors=True)
    except Timeout:
        raise BuildLocked(place=output) from None


def read_manifest(output: Path) -> Entries:
    """Return the published briefings by ``plan/year/name``; none where there is no manifest."""
    path = output / MANIFEST
    if not path.exists():
        return {}
    entries: Entries = json.loads(path.read_text("utf-8"))["briefings"]
    return entries


def check_set(folder: Path, name: str) -> dict[str, Path]:
    """Return a briefing's files by suffix. Raises IncompleteSet."""
    files = {suffix: folder / f"{Path(name).name}{suffix}" for suffix in SUFFIXES}
    for path in files.values():
        if not path.is_file() or not path.stat().st_size:
            raise IncompleteSet(problem=f"{path.name} is missing or empty")
    try:
        json.loads(files[".facts.json"].read_text("utf-8"))
    except ValueError as error:
        raise IncompleteSet(problem=f"{files['.facts.json'].name}: {error}") from None
    with files[".pdf"].open("rb") as pdf:
        if pdf.read(4) != b"%PDF":
            raise IncompleteSet(problem=f"{files['.pdf'].name} is no PDF")
    return files


def apply_change(output: Path, change: Publication) -> None:
    """Put the files in place and name them. An interruption waits until it is done."""
    with hold_signals():
        write_atomically(output / _JOURNAL, canonical_json(asdict(change)))
        _finish_change(output)


def _finish_change(output: Path) -> None:
    """Do what the journal says and is not done yet; nothing without a journal."""
    path = output / _JOURNAL
    if not path.exists():
        return
    journal = json.loads(path.read_text("utf-8"))
    for target, source in journal["moves"].items():
        if (output / source).exists():
            (output / target).parent.mkdir(parents=True, exist_ok=True)
            os.replace(output / source, output / target)  # noqa: PTH105 # never a plain rename
    for removal in journal["removals"]:
        remove_file(output, output / removal)
    entries = {**read_manifest(output), **journal["entries"]}
    left = {name: entry for name, entry in entries.items() if name not in journal["gone"]}
    manifest = {"manifest_version": 1, "briefings": left}
    write_atomically(output / MANIFEST, canonical_json(manifest))
    path.unlink()
