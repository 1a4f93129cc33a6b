"""The invented plan 'tiny' (fiscal years 2021, 2022) as a project of its own, for spoiling."""

import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from nenpo.build.params import read_edition
from nenpo.data.plan_files import read_rows
from nenpo.errors import InputError, InputRefused

FIXTURE = Path(__file__).parents[1] / "fixtures" / "tiny"
PLAN = "data/tiny"
PROGRESS = f"{PLAN}/2021/progress.csv"


@dataclass(frozen=True)
class Project:
    """A project folder; paths are relative to its root, or to ``data/tiny/``."""

    root: Path

    def path(self, file: str) -> Path:
        first = file.split("/")[0]
        return self.root / file if first in ("data", "params") else self.root / "data/tiny" / file

    def read(self, file: str) -> str:
        return self.path(file).read_text(encoding="utf-8")

    def write(self, file: str, content: str | bytes) -> None:
        raw = content if isinstance(content, bytes) else content.encode()
        self.path(file).write_bytes(raw)

    def replace(self, file: str, old: str, new: str) -> None:
        text = self.read(file)
        assert old in text, f"{file} does not hold {old!r}"
        self.write(file, text.replace(old, new, 1))

    def append(self, file: str, line: str) -> None:
        self.write(file, self.read(file) + line + "\n")

    def set_cell(self, file: str, row: int, column: str, value: str) -> None:
        """Set a cell; ``row`` counts records from 1, the header apart."""
        records = self._read_records(file)
        records[row][records[0].index(column)] = value
        self._write_records(file, records)

    def drop_column(self, file: str, column: str) -> None:
        records = self._read_records(file)
        position = records[0].index(column)
        self._write_records(file, [[*r[:position], *r[position + 1 :]] for r in records])

    def refuse_data(self) -> tuple[InputError, ...]:
        """Return the problems for which the plan is refused."""
        with pytest.raises(InputRefused) as caught:
            read_rows(self.root, "tiny")
        return caught.value.problems

    def refuse_params(self, fiscal_year: int = 2021) -> tuple[InputError, ...]:
        """Return the problems for which the edition is refused."""
        with pytest.raises(InputRefused) as caught:
            read_edition(self.root, "tiny", fiscal_year)
        return caught.value.problems

    def _read_records(self, file: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.read(file), newline="")))

    def _write_records(self, file: str, records: list[list[str]]) -> None:
        written = io.StringIO(newline="")
        csv.writer(written, lineterminator="\n").writerows(records)
        self.write(file, written.getvalue())


def copy_project(folder: Path) -> Project:
    """Return a valid copy of the fixture in ``folder``."""
    shutil.copytree(FIXTURE, folder)
    return Project(folder)


def add_late_items(
    project: Project, count: int, *, reason: str = "入札不調", title: str = "取組"
) -> None:
    """Have the year 2021 report so many late items, and nothing else."""
    header = "item,status,shift,change_reason,done,next_year,later,issues,note,source,line"
    ids = [f"n{n}" for n in range(count)]
    for item in ids:
        project.append("items.csv", f"{item},m1-1,{title}{item},,ward,,,,,,,s1,11")
        project.append("2021/assignments.csv", f"{item},madoguchi,lead,,窓口課")
    rows = (f"{item},△,,{reason},着手した,続ける,,,,s1,11" for item in ids)
    project.write("2021/progress.csv", "\n".join([header, *rows, ""]))
    project.path("2021/published.yaml").unlink()


def only(problems: tuple[InputError, ...]) -> InputError:
    """Return the one problem: nothing else may be reported along with it."""
    assert len(problems) == 1, [read_message(problem) for problem in problems]
    return problems[0]


def read_message(problem: InputError) -> str:
    """Return the class, place and English message of a problem."""
    return f"{type(problem).__name__} {problem.place}: {problem.message('en')}"
