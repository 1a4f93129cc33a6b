"""The figures of a plan: the value in use of each fact, and the values that disagree with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from nenpo.analysis.progress import Year
from nenpo.data.plan import Plan
from nenpo.language.values import Value


class Figure(NamedTuple):
    """One value of a fact, as one source states it; ``begin`` and ``end`` are YYYYMM[DD].

    ``owner`` is whose number it is (全国), "" for the plan's own municipality.
    """

    figure: str
    title: str
    subject: str
    owner: str
    timing: str
    fiscal_year: int | None
    begin: int | None
    end: int | None
    kind: str
    bound: str
    value: Value
    unit: str
    preferred: bool
    reason: str
    note: str
    source: str
    line: int | None


@dataclass(frozen=True)
class Disagreement:
    """What several sources state differently: the one in use first, each with its reason.

    ``values`` are figures (numbers) or texts.
    """

    id: str
    title: str
    subject: str
    values: tuple[tuple["Figure | str", str, int | None, bool, str], ...]


def list_figures(plan: Plan, fiscal_year: int | None = None) -> tuple[Figure, ...]:
    """Return the value in use of every fact that was known in ``fiscal_year``, in file order.

    A value of a later year is left out, unless it is a target or a plan.
    """
    return tuple(figure for figure in _list_known(plan, fiscal_year) if figure.preferred)


def list_unused(plan: Plan, fiscal_year: int) -> tuple[Figure, ...]:
    """Return the values not in use of the facts that were known in ``fiscal_year``."""
    return tuple(figure for figure in _list_known(plan, fiscal_year) if not figure.preferred)


def select_figures(year: Year) -> tuple[Figure, ...]:
    """Return the figures of the year's plan, or of the items that its department has."""
    figures = list_figures(year.plan, year.fiscal_year)
    if year.department is None:
        return figures
    own = {*year.items["item"], *year.items["measure"]}
    return tuple(figure for figure in figures if figure.subject in own)


def _list_known(plan: Plan, fiscal_year: int | None) -> Iterator[Figure]:
    ahead = ("target", "plan", "budget", "reference")
    for figure in _read_figures(plan):
        known = fiscal_year is None or (figure.fiscal_year or 0) <= fiscal_year
        if known or figure.kind in ahead:
            yield figure


def list_disagreements(plan: Plan, fiscal_year: int | None = None) -> tuple[Disagreement, ...]:
    """Return the facts for which several values stand side by side, numbers before texts.

    Of the numbers, those that were known in ``fiscal_year``.
    """
    facts: dict[str, list[Figure]] = {name: [] for name in plan.figures["figure"]}
    for figure in _list_known(plan, fiscal_year):
        facts[figure.figure].append(figure)
    found = [_describe(figures) for figures in facts.values() if len(figures) > 1]
    return (*found, *_read_statements(plan.statements))


def _describe(figures: Iterable[Figure]) -> Disagreement:
    ordered = sorted(figures, key=lambda figure: not figure.preferred)
    values = tuple((f, f.source, f.line, f.preferred, f.reason or f.note) for f in ordered)
    return Disagreement(ordered[0].figure, ordered[0].title, ordered[0].subject, values)


def _read_statements(statements: pd.DataFrame) -> Iterator[Disagreement]:
    for name, group in statements.groupby("statement", sort=False):
        rows = group.sort_values("preferred", ascending=False, kind="stable").to_dict("records")
        values = tuple(
            (str(r["text"]), str(r["source"]), int(r["line"]), bool(r["preferred"]), r["reason"])
            for r in rows
        )
        yield Disagreement(str(name), rows[0]["title"], rows[0]["subject"], values)


def _read_figures(plan: Plan) -> Iterator[Figure]:
    for row in plan.figures.to_dict("records"):
        value = Value(row.pop("value"), row.pop("denominator"), bool(row.pop("approximate")))
        begin, end = row.pop("from"), row.pop("to")
        row.pop("indicator")
        yield Figure(**{str(k): v for k, v in row.items()}, begin=begin, end=end, value=value)
