"""The invented plans 'aoba', 'midori' and 'nation' with the tables beside them, for spoiling."""

import shutil
from pathlib import Path

import pytest

from nenpo.data.plan_files import read_rows
from nenpo.data.project import list_plans
from nenpo.data.shared_files import SharedRows, read_shared
from nenpo.errors import InputError, InputRefused
from tiny_project import Project

FIXTURE = Path(__file__).parents[1] / "fixtures" / "shared"


def copy_shared(folder: Path) -> Project:
    """Return a valid copy of the fixture in ``folder``."""
    shutil.copytree(FIXTURE, folder)
    return Project(folder)


def read_all(project: Project, *plans: str) -> SharedRows:
    """Return the shared rows, checked against those of ``plans``, or of every plan."""
    names = plans or list_plans(project.root)
    return read_shared(project.root, {plan: read_rows(project.root, plan) for plan in names})


def refuse_shared(project: Project, *plans: str) -> tuple[InputError, ...]:
    """Return the problems for which the shared tables are refused."""
    with pytest.raises(InputRefused) as caught:
        read_all(project, *plans)
    return caught.value.problems
