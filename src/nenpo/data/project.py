"""Where a project lies, and which plans it holds: all that can be told without reading the data."""

import os
from pathlib import Path

from nenpo.data.naming import list_plan_names, tell_ids
from nenpo.data.replace import find_half_replaced, finish_replacement
from nenpo.errors import NoCurrentFolder, NotAProject, UnknownPlan
from nenpo.files import is_folder, list_folder


def find_root(start: Path | None = None) -> Path:
    """Return the project's root: ``NENPO_ROOT``, else the nearest folder with data/ and params/.

    The search goes from ``start`` (default: the current folder) upwards. Raises ``NotAProject``
    or ``NoCurrentFolder``.
    """
    here = find_current_folder()
    given = os.environ.get("NENPO_ROOT")
    first = Path(given) if given else start or here
    candidates = (first,) if given else (first, *first.absolute().parents)
    for folder in candidates:
        if (folder / "data").is_dir() and (folder / "params").is_dir():
            return folder.resolve()
    raise NotAProject(value=str(first))


def find_current_folder() -> Path:
    """Return the current folder. Raises ``NoCurrentFolder`` if it was removed meanwhile."""
    try:
        return Path.cwd()
    except OSError:
        raise NoCurrentFolder(value=os.environ.get("PWD", ".")) from None


def list_plans(root: Path) -> tuple[str, ...]:
    """Return the names of the folders under ``data/``, sorted.

    One whose name begins with _ is set aside; one with a dot in it is no plan, but a mistake. A
    plan whose replacement was interrupted is put in place first. Raises ``DataLocked`` if that is
    under way.
    """
    folders = _list_folders(root)
    if half := find_half_replaced(folders):
        for plan_id in half:
            finish_replacement(root, plan_id)
        folders = _list_folders(root)
    return tuple(sorted(name for name in folders if "." not in name and name[0] != "_"))


def _list_folders(root: Path) -> list[str]:
    return [path.name for path in list_folder(root, root / "data") if is_folder(path)]


def require_plan(root: Path, plan_id: str) -> None:
    """Raise ``UnknownPlan`` unless ``data/<plan_id>/`` exists."""
    known = list_plans(root)
    if plan_id not in known:
        hint = tell_ids(plan_id, list_plan_names(root, known))
        raise UnknownPlan(value=plan_id, allowed=", ".join(known) or "—", hint=hint)
