"""A folder of files that are made anew each time: what an earlier call left is replaced.

Whatever else lies there is somebody's: it is named, and nothing is written.
"""

import json
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from nenpo.build.folder import find_private
from nenpo.errors import UnusableFolder, Words
from nenpo.files import (
    canonical_json,
    explain_write,
    hash_bytes,
    hash_present,
    is_left_behind,
    remove_file,
    write_atomically,
)

_RECORD = ".nenpo-files.json"
_SHOWN = 5  # names of files in a message


def check_folder(root: Path, folder: Path, apart: Path | None = None) -> None:
    """Raise UnusableFolder unless files of ours can be written there, and nothing is lost by it.

    ``root`` is the project's; ``apart`` is a folder that may not lie in it, nor it in that one.
    """
    place, why = folder.resolve(), None
    if root.resolve().is_relative_to(place) or find_private(root, place):
        why = Words("年報のフォルダーである", "it belongs to the project")
    elif apart is not None and _are_nested(place, apart.resolve()):
        why = Words(
            "回答のフォルダーの中、又は外側である", "it holds the replies, or lies among them"
        )
    elif place.exists() and not place.is_dir():
        why = Words("フォルダーではない", "it is no folder")
    elif foreign := _list_foreign(folder):
        names = ", ".join(foreign[:_SHOWN]) + ("…" if len(foreign) > _SHOWN else "")
        why = Words("ほかのファイルがある: {}", "it holds other files: {}").fill(names)
    if why:
        raise UnusableFolder(value=folder, why=why)


def write_folder(folder: Path, files: Mapping[PurePosixPath, bytes]) -> tuple[Path, ...]:
    """Write files by their names in a folder that was checked; return their paths.

    Raises WriteFailed.
    """
    digests = {hash_bytes(content) for content in files.values()}
    # Interrupted, the next call has to know what of both calls is there.
    write_atomically(folder / _RECORD, canonical_json(sorted({*_read_record(folder), *digests})))
    for name, path in _list_files(folder).items():
        if name not in files:
            remove_file(folder, path)
    paths = {name: folder / name for name in files}
    for name, path in paths.items():
        write_atomically(path, files[name])
    write_atomically(folder / _RECORD, canonical_json(sorted(digests)))
    return tuple(paths.values())


def _are_nested(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _read_record(folder: Path) -> frozenset[str]:
    """Return the digests of what earlier calls have written."""
    try:
        return frozenset(json.loads((folder / _RECORD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return frozenset()


def _list_files(folder: Path) -> dict[PurePosixPath, Path]:
    with explain_write(folder):
        found = [path for path in folder.rglob("*") if not path.is_dir()] if folder.exists() else []
    files = (path for path in found if not is_left_behind(path))
    return {PurePosixPath(path.relative_to(folder).as_posix()): path for path in files}


def _list_foreign(folder: Path) -> list[str]:
    """Return the files in a folder that no earlier call has left there as they are."""
    written, files = _read_record(folder), _list_files(folder)
    return [str(name) for name, path in files.items() if hash_present(path) not in written]
