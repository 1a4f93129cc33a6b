"""Files that are to replace some of a plan's, read before they do: with all else as it is."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from nenpo.data.plan_files import PlanRows, read_rows
from nenpo.files import is_ordinary, write_file


def read_proposed(root: Path, plan_id: str, files: Mapping[str, bytes]) -> PlanRows:
    """Return the rows that ``data/<plan_id>/``, valid as it is, would hold with ``files`` in it.

    ``files`` are contents by path in the plan's folder (2022/progress.csv). Raises
    ``InputRefused`` as :func:`~nenpo.data.plan_files.read_rows`, with the same places.
    """
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
        return read_rows(base, plan_id)
