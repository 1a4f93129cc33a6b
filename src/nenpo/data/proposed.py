"""Files that are to replace some of a plan's, read before they do: with all else as it is."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from nenpo.data.datapackage import describe_package
from nenpo.data.plan_files import PlanRows, read_rows
from nenpo.files import is_ordinary, write_file


def read_proposed(root: Path, plan_id: str, files: Mapping[str, bytes]) -> PlanRows:
    """Return the rows that ``data/<plan_id>/``, valid as it is, would hold with ``files`` in it.

    ``files`` are contents by path in the plan's folder (2022/progress.csv). Raises
    ``InputRefused`` as :func:`~nenpo.data.plan_files.read_rows`, with the same places.
    """
    with _propose(root, plan_id, files) as base:
        return read_rows(base, plan_id)


def describe_proposed(root: Path, plan_id: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the ``datapackage.json`` that fits ``files``, if the plan has one and any changes.

    As another of ``files``, it goes into place with them. Raises as :func:`read_proposed`.
    """
    name = "datapackage.json"
    if not files or not is_ordinary(root, root / "data" / plan_id / name):
        return {}
    with _propose(root, plan_id, files) as base:
        meta = read_rows(base, plan_id).meta
        return {name: describe_package(base / "data" / plan_id, meta).encode()}


@contextmanager
def _propose(root: Path, plan_id: str, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Make a project of the plan alone, as it would be with ``files``, while it is read."""
    place = Path("data", plan_id)
    with TemporaryDirectory(prefix="nenpo-") as name:
        base = Path(name).resolve()
        for path in (root / place).rglob("*"):
            if is_ordinary(root, path):
                target = base / path.relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        for inner, content in files.items():
            write_file(base / place / inner, content)
        yield base
