"""One cell of a source copied into several plans: findings where the copies differ."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

from nenpo.content.finding import Finding
from nenpo.content.places import Spot, list_spots, name_rows
from nenpo.data.plan import Plan
from nenpo.language.numbers import format_value
from nenpo.language.values import Value

# Names of one number in two plans: less alike than this, they are two numbers of one line.
_ALIKE = 0.5
# A slip of the finger changes a digit; another number of the same line is seldom as near.
_NEAR = Decimal("0.1")


class _Copy(NamedTuple):
    """A value of a plan, and what it is that one cell of a document can hold once."""

    plan: Plan
    spot: Spot
    cell: tuple[object, ...]
    value: Value
    unit: str


def compare_copies(plan: Plan, others: Iterable[Plan]) -> Iterator[Finding]:
    """Yield the values of a plan that another plan took from the same cell and states otherwise.

    The same cell: a line of the same file, the same time, unit and kind, and a like name.
    """
    own = [*_list_copies(plan)]
    for other in others:
        copies = [*_list_copies(other)]
        for copy in own:
            same = [each for each in copies if each.cell == copy.cell]
            if any(_state(each) == _state(copy) for each in same):
                continue
            for each in same:
                stated_here = any(
                    mine.cell == each.cell and _state(mine) == _state(each) for mine in own
                )
                if not stated_here and _are_one(copy, each):
                    yield _tell(copy, each)


def compare_all(plans: Iterable[Plan]) -> Iterator[Finding]:
    """Yield what :func:`compare_copies` finds among all plans, each pair once."""
    for plan, other in combinations(plans, 2):
        yield from compare_copies(plan, [other])


def _state(copy: _Copy) -> tuple[Decimal, Decimal | None]:
    return copy.value.value, copy.value.denominator


def _are_one(copy: _Copy, other: _Copy) -> bool:
    if copy.spot.row == other.spot.row:
        return True
    here, there = (name_rows(each.plan).get(each.spot.row, "") for each in (copy, other))
    apart, size = abs(copy.value.value - other.value.value), abs(copy.value.value)
    alike = SequenceMatcher(None, here, there, autojunk=False).ratio() >= _ALIKE
    return alike and apart <= size * _NEAR


def _tell(copy: _Copy, other: _Copy) -> Finding:
    here, there = (format_value(each.value, each.unit) for each in (copy, other))
    place = f"data/{other.plan.id}/{other.spot.place}"
    return Finding(
        "differs",
        f"data/{copy.plan.id}/{copy.spot.file}: {copy.spot.row}",
        f"同じ資料の同じ行の値が、計画により異なる（この計画は{here}、{place} は{there}）。",
        f"the same line of the same source is {here} here and {there} in {place}.",
        (copy.spot,),
    )


def _list_copies(plan: Plan) -> Iterator[_Copy]:
    """Yield the values that a plan cites from a document whose file is known."""
    files = {source.id: source.file for source in plan.meta.sources if source.file}
    units = dict(zip(plan.indicators["indicator"], plan.indicators["unit"], strict=True))
    tables = (
        ("figures.csv", plan.figures, None),
        ("targets.csv", plan.targets, None),
        *((f"{year}/actuals.csv", held.actuals, year) for year, held in plan.years.items()),
    )
    for file, table, year in tables:
        for row, spot in zip(table.to_dict("records"), list_spots(plan, file), strict=True):
            if row["value"] is None or spot.source not in files:
                continue
            unit = row["unit"] if "unit" in row else units[row["indicator"]]
            moment = row.get("from") if row.get("timing") in ("month", "range") else None
            kind = row.get("kind") or ("target" if file == "targets.csv" else "actual")
            time = year or row["fiscal_year"], moment, kind
            cell = (files[spot.source], spot.source_line, *time, unit)
            value = Value(row["value"], row["denominator"], bool(row["approximate"]))
            yield _Copy(plan, spot, cell, value, unit)
