"""``params/<plan>/<year>.yaml`` → :class:`Edition` → the list of :class:`Briefing` to make."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from nenpo.errors import (
    BadSelector,
    InputError,
    InputRefused,
    NothingSelected,
    UnknownBriefing,
    UnknownYear,
    WrongType,
)
from nenpo.plan import Plan, list_plans, require_plan
from nenpo.problems import refuse_all
from nenpo.schema import Edition
from nenpo.validate import PlanRows, read_declaration, read_rows, refuse_unknown

BriefingKind = Literal["annual", "inspection", "department"]
Scalar = str | int | bool
Record = Mapping[Any, Any]
T = TypeVar("T")

_FILE_NAME = re.compile(r"[0-9]{4}\.yaml")
_YEAR = re.compile(r"[0-9]{4}")
_EXAMPLES = "nakano-informatization, nakano-informatization/2021/annual"


@dataclass(frozen=True)
class Briefing:
    """One document to make; ``parameters`` are all that its notebook is given."""

    plan: str
    fiscal_year: int
    kind: BriefingKind
    department: str | None = None
    parameters: Mapping[str, Scalar] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        """Its path below ``outputs/<plan>/<year>/``, without suffix: departments/joho-system."""
        return f"departments/{self.department}" if self.department else self.kind

    @property
    def selector(self) -> str:
        """What selects it on the command line: plan/2021/annual, plan/2021/joho-system."""
        return f"{self.plan}/{self.fiscal_year}/{self.department or self.kind}"

    @property
    def notebook(self) -> str:
        """The file name of its notebook in ``notebooks/``."""
        return f"{self.kind}.ipynb"


def load_edition(root: Path, plan: str, fiscal_year: int) -> Edition:
    """Return the edition in ``params/<plan>/<fiscal_year>.yaml``.

    Raises ``UnknownPlan``, ``UnknownYear`` if there is no such file, and ``InputRefused`` with
    everything that is wrong in it.
    """
    require_plan(root, plan)
    known = list_editions(root, plan)
    if fiscal_year not in known:
        raise _unknown_year(plan, fiscal_year, known)
    problems: list[InputError] = []
    path = root / "params" / plan / f"{fiscal_year}.yaml"
    edition, document = read_declaration(path, root, Edition, problems)
    for key, expected in (("plan", plan), ("fiscal_year", fiscal_year)):
        value = getattr(edition, key, expected)
        if value != expected:
            place = document.place((key,))
            problems.append(WrongType(place=place, key=key, value=value, allowed=expected))
    refuse_all(problems)
    if edition is None:
        raise AssertionError(f"{path} was refused without a reason")
    return edition


def list_editions(root: Path, plan: str) -> tuple[int, ...]:
    """Return the fiscal years that have a params file, in order."""
    folder = root / "params" / plan
    paths = folder.iterdir() if folder.is_dir() else ()
    return tuple(sorted(int(path.stem) for path in paths if _FILE_NAME.fullmatch(path.name)))


def check_folders(root: Path) -> None:
    """Raise ``InputRefused`` for whatever in ``params/`` is neither a plan nor an edition."""
    plans = list_plans(root)
    problems: list[InputError] = []
    for folder in sorted((root / "params").iterdir()):
        if folder.name not in plans:
            problems.extend(refuse_unknown(root, [folder], [*plans, "README.md"]))
            continue
        years = [f"{year}.yaml" for year in list_editions(root, folder.name)]
        problems.extend(refuse_unknown(root, folder.iterdir(), years or ["2021.yaml"]))
    refuse_all(problems)


def list_briefings(edition: Edition, plan: Plan) -> tuple[Briefing, ...]:
    """Return the edition's briefings: annual, inspection, then departments in 建制順.

    Departments are those with an assignment in the fiscal year, generic names apart. Raises
    ``UnknownYear`` if the plan has no progress in it.
    """
    progress = {year: len(tables.progress) for year, tables in plan.years.items()}
    _require_progress(edition, plan.id, [year for year, count in progress.items() if count])
    assigned = plan.years[edition.fiscal_year].assignments["department"]
    return _make_briefings(edition, plan.departments.to_dict("records"), set(assigned))


def select_briefings(root: Path, selectors: Iterable[str] = ()) -> tuple[Briefing, ...]:
    """Return what the selectors (``PLAN[/YEAR[/BRIEFING]]``) name, all without selectors.

    In the order of plan, year and document, each once. Raises a ``UsageError`` for a selector
    that names nothing, ``NothingSelected`` if there is no edition, and ``InputRefused`` with
    every offender in the data and params of the selected editions.
    """
    wanted = [_parse_selector(root, text) for text in selectors]
    check_folders(root)
    editions = {
        (plan, year)
        for plan in list_plans(root)
        for year in list_editions(root, plan)
        if not wanted or any(choice.includes(plan, year) for choice in wanted)
    }
    briefings = _read_briefings(root, sorted(editions))
    if not briefings:
        raise NothingSelected(allowed="—")
    for choice in wanted:
        choice.require(briefings)
    return tuple(
        briefing
        for briefing in briefings
        if not wanted or any(choice.matches(briefing) for choice in wanted)
    )


@dataclass(frozen=True)
class _Choice:
    """A parsed selector; None stands for every year, or every briefing."""

    plan: str
    fiscal_year: int | None = None
    briefing: str | None = None

    def includes(self, plan: str, fiscal_year: int) -> bool:
        return self.plan == plan and self.fiscal_year in (None, fiscal_year)

    def matches(self, briefing: Briefing) -> bool:
        own = self.briefing in (None, briefing.department or briefing.kind)
        return own and self.includes(briefing.plan, briefing.fiscal_year)

    def require(self, briefings: Iterable[Briefing]) -> None:
        """Raise ``UnknownBriefing`` unless the selector names one of ``briefings``."""
        if any(self.matches(briefing) for briefing in briefings):
            return
        if self.briefing is None:
            raise NothingSelected(allowed=_name_editions(briefings))
        known = [b for b in briefings if self.includes(b.plan, b.fiscal_year)]
        raise UnknownBriefing(
            plan=self.plan,
            fiscal_year=self.fiscal_year,
            value=self.briefing,
            allowed=", ".join(b.department or b.kind for b in known),
        )


def _name_editions(briefings: Iterable[Briefing]) -> str:
    return ", ".join(sorted({f"{b.plan}/{b.fiscal_year}" for b in briefings}))


def _parse_selector(root: Path, text: str) -> _Choice:
    plan, *rest = text.strip("/").split("/")
    if len(rest) > 2 or not all((plan, *rest)) or (rest and not _YEAR.fullmatch(rest[0])):
        raise BadSelector(value=text, allowed=_EXAMPLES)
    require_plan(root, plan)
    if not rest:
        return _Choice(plan)
    known = list_editions(root, plan)
    if int(rest[0]) not in known:
        raise _unknown_year(plan, int(rest[0]), known)
    return _Choice(plan, int(rest[0]), rest[1] if rest[1:] else None)


def _read_briefings(root: Path, editions: Iterable[tuple[str, int]]) -> tuple[Briefing, ...]:
    """Read the editions and their plans, each plan once, keeping every problem for the end."""
    briefings: list[Briefing] = []
    problems: list[InputError] = []
    plans: dict[str, PlanRows | None] = {}
    for plan, fiscal_year in editions:
        edition = _collect(problems, partial(load_edition, root, plan, fiscal_year))
        if plan not in plans:
            plans[plan] = _collect(problems, partial(read_rows, root, plan))
        rows = plans[plan]
        if edition is not None and rows is not None:
            briefings.extend(_list_from_rows(edition, rows))
    refuse_all(problems)
    return tuple(briefings)


def _collect(problems: list[InputError], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except InputRefused as refused:
        problems.extend(refused.problems)
        return None


def _list_from_rows(edition: Edition, plan: PlanRows) -> tuple[Briefing, ...]:
    # As list_briefings, without the frames: `nenpo list` need not wait for pandas.
    years = {year: rows.tables for year, rows in plan.years.items()}
    reported = [year for year, tables in years.items() if tables.get("progress.csv")]
    _require_progress(edition, plan.meta.id, reported)
    assigned = years[edition.fiscal_year].get("assignments.csv", ())
    departments = [row.model_dump() for row in plan.tables["departments.csv"]]
    return _make_briefings(
        edition, departments, {row.model_dump()["department"] for row in assigned}
    )


def _make_briefings(
    edition: Edition, departments: Iterable[Record], assigned: set[str]
) -> tuple[Briefing, ...]:
    ordered = sorted(departments, key=lambda row: int(row["order"]))
    ids = [row["department"] for row in ordered if row["kind"] != "generic"]
    common = edition.model_dump()
    plan, year = edition.plan, edition.fiscal_year
    return (
        Briefing(plan, year, "annual", None, common),
        Briefing(plan, year, "inspection", None, common),
        *(
            Briefing(plan, year, "department", name, {**common, "department": name})
            for name in ids
            if name in assigned
        ),
    )


def _require_progress(edition: Edition, plan: str, reported: Iterable[int]) -> None:
    if edition.fiscal_year not in reported:
        known = ", ".join(map(str, sorted(reported))) or "—"
        place = f"data/{plan}/{edition.fiscal_year}/progress.csv"
        raise UnknownYear(
            plan=plan,
            value=edition.fiscal_year,
            allowed=known,
            remedy=f"{place} を置くこと。",
            remedy_en=f"Add {place}.",
        )


def _unknown_year(plan: str, fiscal_year: int, known: Iterable[int]) -> UnknownYear:
    place = f"params/{plan}/{fiscal_year}.yaml"
    return UnknownYear(
        plan=plan,
        value=fiscal_year,
        allowed=", ".join(map(str, known)) or "—",
        remedy=f"{place} を置くこと。",
        remedy_en=f"Add {place}.",
    )
