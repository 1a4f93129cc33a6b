"""The tables that replies would make, validated with the whole plan: faults at their cells."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nenpo.data.headings import list_titles
from nenpo.data.proposed import read_proposed
from nenpo.data.schema.tables import TABLES
from nenpo.errors import BLANK, InputError, InputRefused, RefusedAnswer, Words, WorkbookError
from nenpo.workbooks.answers import Answer
from nenpo.workbooks.taking.draft import Draft, Origin


@dataclass(frozen=True)
class Fault:
    """What is refused of a file, and of which department ("": nobody can tell).

    ``answer`` is the cell, where it is one. ``follows`` where it shows only with the rest of the
    plan: mending other faults often mends it. ``dispute`` is what is told, once for all of them,
    where departments answer one cell differently: only that row is left out with it.
    """

    path: Path
    department: str
    problem: InputError
    answer: Answer | None = None
    follows: bool = False
    dispute: WorkbookError | None = None

    @property
    def told(self) -> InputError:
        """What the planning section is told of it."""
        return self.dispute or self.problem


def check_proposed(
    root: Path,
    plan: str,
    drafts: Mapping[str, Draft],
    files: Mapping[str, bytes],
    paths: Mapping[str, Path],
    known: Sequence[Fault],
) -> list[Fault]:
    """Return what the rules of rows, tables and the plan refuse of new files.

    ``paths`` is each file by its name. Rows of which a cell is refused already (``known``)
    are left to that.
    """
    if not files:
        return []
    try:
        read_proposed(root, plan, files)
    except InputRefused as refused:
        told = {(a.file, a.sheet, a.row) for a in (fault.answer for fault in known) if a}
        found = _locate(refused.problems, plan, drafts, files)
        return [
            Fault(paths[answer.file], answer.department, problem, answer, follows=True)
            for answer, problem in found
            if (answer.file, answer.sheet, answer.row) not in told
        ]
    return []


def _locate(
    problems: Iterable[InputError],
    plan: str,
    drafts: Mapping[str, Draft],
    files: Mapping[str, bytes],
) -> Iterator[tuple[Answer, InputError]]:
    """Yield the problems, each with the answer that it comes from, and its place.

    Raises ``InputRefused`` for those that come from none: the data themselves are wrong.
    """
    lost: list[InputError] = []
    for problem in problems:
        place, _, line = problem.place.rpartition(":")
        name = place.removeprefix(f"data/{plan}/")
        draft = drafts.get(name.partition("/")[2]) if name in files else None
        column = str(problem.fields.get("column", ""))
        if draft is None or not line.isdecimal():
            lost.append(problem)
            continue
        names = {written: column for column, written in draft.headings.items()}
        row = _find_row(files[name], int(line))
        origin = draft.find_origin(row, names.get(column, column))
        if origin is None:
            lost.append(problem)
            continue
        yield origin.answer, _tell(problem, origin, name)
    if lost:
        raise InputRefused(problems=lost)


def _tell(problem: InputError, origin: Origin, name: str) -> RefusedAnswer:
    # A reader of the sheet knows its label, not the column's name, nor those of other columns.
    titles = list_titles(TABLES[Path(name).name])
    named = problem.rename(titles | {str(problem.fields.get("column", "")): origin.label})
    told = Words(named.message("ja"), named.message("en"))
    cell, place = origin.answer.cell, origin.answer.place
    value = (cell.shown if cell else "") or BLANK
    return RefusedAnswer(place=place, column=origin.label, value=value, told=told)


def _find_row(content: bytes, line: int) -> int:
    """Return the number of the row (from 0) that begins on a line of a file."""
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    starts, start = list[int](), 1
    for _ in reader:
        starts.append(start)
        start = reader.line_num + 1
    return starts.index(line) - 1
