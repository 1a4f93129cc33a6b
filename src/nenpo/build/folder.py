"""Which folder the outputs may go to: one that is empty or ours, and none of the project's own.

Only what the manifest or the receipts name is ever removed or replaced (see ``build.output``). What
begins here is told by a mark, since a build may be killed before there is a manifest.
"""

import json
from contextlib import suppress
from pathlib import Path

from nenpo.build.manifest import LOCK, MANIFEST
from nenpo.errors import UnusableOutput
from nenpo.files import read_ordinary, write_atomically

OUTPUTS = "outputs"
"""The folder, in a project, that is for the outputs and holds a README from the beginning."""
PRIVATE = ("data", "params", "notebooks", "accepted", "src")
"""The folders of a project that people keep."""
_MARK = ".nenpo"
_MARK_TEXT = "nenpo build が書くフォルダーである。\nnenpo build writes to this folder.\n"


def check_output(root: Path, output: Path) -> None:
    """See that outputs may go to the folder, and make it.

    Both paths are resolved. Raises UnusableOutput for a URL, for the project, what it lies in and
    its folders of other things, for a folder that holds something and was never written by a build,
    and for one that cannot be written.
    """
    _refuse_place(root, output)
    try:
        output.mkdir(parents=True, exist_ok=True)
        others = {path.name for path in output.iterdir()} - {LOCK}
        if others and not is_ours(root, output):
            first = min(others, key=lambda name: (name.startswith("."), name))
            why = f"空でなく（{first} など）、nenpo build が作ったものでもない"
            why_en = f"it is not empty (it holds {first}) and nenpo build did not make it"
            raise UnusableOutput(value=output, why=why, why_en=why_en)
        if not ((output / _MARK).exists() or _is_same(output, root / OUTPUTS)):
            write_atomically(output / _MARK, _MARK_TEXT)
        (output / LOCK).touch()
    except OSError as error:
        raise UnusableOutput(value=output, why=error.strerror or str(error)) from None


def is_ours(root: Path, output: Path) -> bool:
    """Return whether a folder is the project's own for outputs, or a build has written to it."""
    own = _is_same(output, root / OUTPUTS)
    return own or (output / _MARK).is_file() or _is_manifest(output / MANIFEST)


def find_private(root: Path, folder: Path) -> str:
    """Return which of the project's folders of other things ``folder`` is or lies in, "" if none.

    The parts that are there are compared as the file system does: it may know one folder by
    several names (``DATA``, where case does not count).
    """
    around = (folder, *folder.parents)
    return next((n for n in PRIVATE if any(_is_same(root / n, each) for each in around)), "")


def _refuse_place(root: Path, output: Path) -> None:
    if ":/" in output.as_posix()[2:]:  # a path has lost one slash of its URL
        why, why_en = "URL には nenpo publish を使うこと", "nenpo publish writes to a URL"
        raise UnusableOutput(value=output, why=why, why_en=why_en)
    if any(_is_same(output, folder) for folder in (root, *root.parents)):
        why, why_en = "年報のフォルダーそのもの、又はその上である", "the project lies in it"
        raise UnusableOutput(value=output, why=why, why_en=why_en)
    if name := find_private(root, output):
        why = f"年報の {name}/ には入力、プログラム又は確定版がある"
        why_en = f"the project's {name}/ holds input, code or what was accepted"
        raise UnusableOutput(value=output, why=why, why_en=why_en)


def _is_same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:  # one of them is not there, or nobody may look at it
        return first == second


def _is_manifest(path: Path) -> bool:
    """Return whether a file is a manifest of ours: web pages have a manifest.json as well."""
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(read_ordinary(path))
        return isinstance(found, dict) and {"manifest_version", "briefings"} <= found.keys()
    return False
