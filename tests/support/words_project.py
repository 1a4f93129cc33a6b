"""The invented projects 'words_only' (a plan without marks) and 'compared' (plans side by side)."""

import csv
import shutil
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.testing import assert_frame_equal

from nenpo.analysis.progress import Year, load_year
from nenpo.content.display import Group, Nothing, Sentences, Table
from nenpo.data.catalogue import Catalogue
from nenpo.data.load import load_catalogue, load_plan
from nenpo.data.plan import Plan
from tiny_project import Project

FIXTURES = Path(__file__).parents[1] / "fixtures"
DATA = Path(__file__).parents[2] / "data"


def copy_words(folder: Path) -> Project:
    """Return a valid copy of 'words_only' in ``folder``."""
    return Project(Path(shutil.copytree(FIXTURES / "words_only", folder)))


def copy_compared(folder: Path) -> Project:
    """Return a valid copy of 'compared' in ``folder``."""
    return Project(Path(shutil.copytree(FIXTURES / "compared", folder)))


def read_words(
    fiscal_year: int = 2021, department: str | None = None, *, project: Project | None = None
) -> Year:
    """Return a year of the plan without marks, of the fixture or of a spoiled copy."""
    plan = load_plan("words", project.root) if project else _load_words()
    return load_year(plan, fiscal_year, department)


def read_compared(project: Project | None = None) -> Catalogue:
    """Return the plans side by side, of the fixture or of a spoiled copy."""
    return load_catalogue(root=project.root) if project else _load_compared()


# Read once a run: nothing changes a plan, and the tests named "…as it was" hold to that.
@cache
def read_plan(plan_id: str) -> Plan:
    """Return a plan under ``data/``."""
    return load_plan(plan_id)


@cache
def _load_words() -> Plan:
    return load_plan("words", FIXTURES / "words_only")


@cache
def _load_compared() -> Catalogue:
    return load_catalogue(root=FIXTURES / "compared")


def read_real(file: str) -> list[dict[str, str]]:
    """Return the records of a table under ``data/``, read without nenpo."""
    text = (DATA / file).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def need_table(shown: object) -> Table:
    assert isinstance(shown, Table), shown
    return shown


def need_group(shown: object) -> Group:
    assert isinstance(shown, Group), shown
    return shown


def read_paragraphs(shown: Sentences | Nothing) -> tuple[str, ...]:
    assert isinstance(shown, Sentences), shown
    return shown.paragraphs


def read_column(table: Table, label: str) -> list[str]:
    """Return the cells under a label."""
    position = [column.label for column in table.columns].index(label)
    return [row[position] for row in table.rows]


def copy_frames(value: Any) -> dict[str, pd.DataFrame]:
    """Return a copy of every frame that a plan, a year or a catalogue holds."""
    if isinstance(value, pd.DataFrame):
        return {"": value.copy(deep=True)}
    if is_dataclass(value):
        parts = {entry.name: getattr(value, entry.name) for entry in fields(value)}
    else:
        parts = dict(value) if isinstance(value, Mapping) else {}
    return {
        f"{name}/{inner}": frame
        for name, part in parts.items()
        for inner, frame in copy_frames(part).items()
    }


def assert_unchanged(value: Any, before: dict[str, pd.DataFrame]) -> None:
    after = copy_frames(value)
    assert before
    assert after.keys() == before.keys()
    for name, frame in after.items():
        assert_frame_equal(frame, before[name], obj=name)
