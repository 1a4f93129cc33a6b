"""What is made once for a run of the tests, by whichever of pytest's workers asks first."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def find_shared(factory: pytest.TempPathFactory) -> Path:
    """Return a temporary folder that all workers of this run have in common."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def make_once(shared: Path, name: str, make: Callable[[Path], object]) -> Path:
    """Have ``make`` fill the folder ``shared/name``, unless a worker has done so; return it."""
    folder = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not (shared / f"{name}.done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            (shared / f"{name}.done").touch()
    return folder
