"""Which numbers of the source documents ``data/`` holds, and which it leaves out on purpose.

``backtest/numbers.csv`` lists the numbers (see ``tools/list_numbers.py``). A row of ``data/`` holds
those of its cells on the line that it names and on no other, even where the document says the same
again elsewhere. What is no data stands in ``data/omissions.csv`` with its reason. The entries of
plan.yaml name no line, so they hold nothing here.
"""

import csv
import re
import runpy
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from nenpo.data.schema.cells import ID_PATTERN
from nenpo.language.fiscal import fiscal_year_label, parse_fiscal_year

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = Path(__file__).parents[1] / "backtest" / "numbers.csv"
TOOL = ROOT / "tools" / "list_numbers.py"
list_numbers: Callable[[str], list[str]] = runpy.run_path(str(TOOL))["list_numbers"]

Place = tuple[str, int]  # source and line
Held = Mapping[Place, set[str]]

_ERA_YEAR = re.compile(r"(?:令和|平成|昭和|[RHS])(?:元|[0-9]{1,2})(?![0-9])")
_WESTERN_YEAR = re.compile(r"19[5-9][0-9]|20[0-9]{2}")
_DAY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")


@dataclass(frozen=True)
class Omission:
    """A row of omissions.csv; ``parts`` are its lines as first and last, no ``numbers`` is all."""

    place: str
    source: str
    parts: tuple[tuple[int, int], ...]
    numbers: frozenset[str]

    def covers(self, place: Place, number: str) -> bool:
        """Return whether the number on that line is left out on purpose."""
        source, line = place
        within = any(first <= line <= last for first, last in self.parts)
        return source == self.source and within and (not self.numbers or number in self.numbers)


def list_uncovered(data: Path) -> list[str]:
    """Return the numbers that are neither in the data nor left out on purpose: s003:66 300."""
    omissions = read_omissions(data)
    return [
        f"{source}:{line} {number}"
        for (source, line), number in list_missing(data)
        if not any(omission.covers((source, line), number) for omission in omissions)
    ]


def list_idle_omissions(data: Path) -> list[str]:
    """Return the omissions, and lines and numbers of them, that leave out nothing."""
    missing = list_missing(data)
    return [idle for omission in read_omissions(data) for idle in find_idle(omission, missing)]


def find_idle(omission: Omission, missing: list[tuple[Place, str]]) -> Iterator[str]:
    """Yield the lines and numbers of an omission that no missing number needs."""
    needed = [(place[1], number) for place, number in missing if omission.covers(place, number)]
    for first, last in omission.parts:
        if not any(first <= line <= last for line, _ in needed):
            yield f"{omission.place}: {omission.source}:{first}-{last}"
    for number in sorted(omission.numbers - {number for _, number in needed}):
        yield f"{omission.place}: {omission.source} {number}"


def list_missing(data: Path) -> list[tuple[Place, str]]:
    """Return the numbers of the documents that the data do not hold, with their places."""
    held = collect_held(data)
    return [
        (place, number) for place, number in read_numbers() if number not in held.get(place, ())
    ]


def read_numbers() -> list[tuple[Place, str]]:
    """Return the numbers of the documents with their places."""
    return [((row["source"], int(row["line"])), row["number"]) for row in read_rows(NUMBERS)]


def read_omissions(data: Path) -> list[Omission]:
    """Return the rows of omissions.csv."""
    rows = enumerate(read_rows(data / "omissions.csv"), start=2)
    return [
        Omission(
            f"omissions.csv:{place}",
            row["source"],
            tuple(parse_part(part) for part in row["lines"].split("|")),
            frozenset() if row["numbers"] == "*" else frozenset(list_numbers(row["numbers"])),
        )
        for place, row in rows
    ]


def parse_part(part: str) -> tuple[int, int]:
    """Return first and last line of 62-78, or of 95 alone."""
    first, _, last = part.partition("-")
    return int(first), int(last or first)


def collect_held(data: Path) -> Held:
    """Return the numbers that the data hold on each line of each source."""
    held: dict[Place, set[str]] = defaultdict(set)
    for path in data.rglob("*.csv"):
        for row in read_rows(path):
            if row.get("source") and row.get("line"):
                held[row["source"], int(row["line"])] |= read_row(row)
    for path in data.rglob("published.yaml"):
        for place, number in read_published(path):
            held[place].add(number)
    return held


def read_row(row: Mapping[str, str]) -> set[str]:
    """Return the numbers in the cells of a row, but for those that say where it comes from."""
    cells = ((column, cell) for column, cell in row.items() if column not in ("source", "line"))
    return {number for column, cell in cells for number in read_cell(column, cell)}


def read_cell(column: str, cell: str) -> set[str]:
    """Return what a cell holds: its numbers, and its years in the other calendar as well."""
    if re.fullmatch(ID_PATTERN, cell):
        return set()  # the 1 and 2 of m1-2 are our own
    if column in ("from", "to"):
        cell = _DAY.sub(r"\1 \2 \3", cell)  # 202104 is a month, not a number
    numbers = set(list_numbers(cell))
    eras = {str(parse_fiscal_year(year)) for year in _ERA_YEAR.findall(cell)}
    westerns = filter(_WESTERN_YEAR.fullmatch, numbers)
    return numbers | eras | {n for y in westerns for n in list_numbers(fiscal_year_label(int(y)))}


def read_published(path: Path) -> Iterator[tuple[Place, str]]:
    """Yield the published totals with the lines on which they stand."""
    published = yaml.safe_load(path.read_text(encoding="utf-8"))
    for mark, line in published.get("lines", {}).items():
        yield (published["source"], line), str(published["status_counts"][mark])


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
