"""``manifest.json`` of an output folder: it alone says what is complete.

It is written after the files of a set are in place (see ``build.transaction``). Should it be
damaged, the receipts tell which files make a set, and their digests whether they still do.
"""

import html
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pydantic_core import core_schema as schema

from nenpo.build.caches import DIGESTS, NAME, TEXT, make_validator, read_cache, shape_object
from nenpo.build.isolated.outcome import SUFFIXES
from nenpo.build.receipts import locate_record, read_receipts
from nenpo.build.transaction import (
    Change,
    finish_changes,
    has_journal,
    hold_folder,
    open_work,
)
from nenpo.errors import IncompleteSet
from nenpo.files import canonical_json, clear_place, hash_present, write_atomically

MANIFEST = "manifest.json"
FAILED_FOLDER = "failed"
LOCK = ".lock"
Entries = dict[str, dict[str, Any]]

_ENTRY = shape_object(title=TEXT, files=DIGESTS)
_SHAPE = make_validator(
    shape_object(
        manifest_version=schema.literal_schema([1]),
        briefings=schema.dict_schema(NAME, _ENTRY),
    )
)


@contextmanager
def lock_output(output: Path) -> Iterator[None]:
    """Hold the output folder, which exists, and bring it into order.

    Raises BuildLocked, and WriteFailed if something is left half done that cannot be finished.
    """
    with hold_folder(output, output / LOCK):
        record = partial(record_changes, output)
        if not finish_changes(output, record, "nenpo build"):
            _write_manifest(output, find_entries(output, read_manifest(output)))
        open_work(output)
        record([], [])
        yield


def is_settled(output: Path) -> bool:
    """Return whether nothing is half done in an output folder, and its manifest is sound."""
    found = read_cache(output / MANIFEST, _SHAPE, "nenpo build")
    return found is not None and not has_journal(output)


def settle_output(output: Path) -> None:
    """Finish what a build left half done, if anything: until then a set is neither old nor new.

    Raises BuildLocked and WriteFailed.
    """
    if has_journal(output):
        with lock_output(output):
            pass


def read_manifest(output: Path) -> Entries:
    """Return the published briefings by ``plan/year/name``; none where there is no manifest.

    A damaged one is worked out from the receipts.
    """
    found = read_cache(output / MANIFEST, _SHAPE, "nenpo build")
    if found is None:
        return find_entries(output, {}) if os.path.lexists(output / MANIFEST) else {}
    entries: Entries = found["briefings"]
    return entries


def find_entries(output: Path, known: Entries) -> Entries:
    """Return the entries of the sets that are whole on disk, as ``known`` or the receipts say."""
    received = read_receipts(locate_record(output)).briefings
    found: Entries = {}
    for name in sorted({*known, *received}):
        told = [known[name]["files"]] if name in known else []
        told += [dict(received[name].outputs)] if name in received else []
        whole = (files for files in told if files and _hash_all(output, files) == files)
        if files := next(whole, None):
            found[name] = {"title": _read_title(output, files) or name, "files": files}
    return found


def _hash_all(output: Path, paths: Iterable[str]) -> dict[str, str]:
    return {path: hash_present(output / path) for path in paths}


def _read_title(output: Path, files: Iterable[str]) -> str:
    pages = [(output / path).read_text("utf-8") for path in files if path.endswith(".html")]
    found = re.search("<h1>(.*?)</h1>", "".join(pages), re.DOTALL)
    return html.unescape(found[1]) if found else ""


def record_changes(output: Path, made: Sequence[Change], unmade: Sequence[Change]) -> None:
    """Name in the manifest what was put in place, and no more what was removed.

    What a change says of its briefing is the briefing's entry. Raises WriteFailed.
    """
    entries = dict(read_manifest(output))
    for change, entry in (*((c, c.after) for c in made), *((c, c.before) for c in unmade)):
        entries.pop(change.name, None)
        if entry:
            entries[change.name] = entry
    if made or os.path.lexists(output / MANIFEST):  # none is made for nothing
        _write_manifest(output, entries)


def _write_manifest(output: Path, entries: Entries) -> None:
    """Write the manifest, unless it says so already."""
    path = output / MANIFEST
    text = canonical_json({"manifest_version": 1, "briefings": entries})
    clear_place(path)
    if not path.is_file() or path.read_bytes() != text.encode():
        write_atomically(path, text)


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
