"""``params/<plan>/<year>.yaml`` → :class:`Edition` → the list of :class:`Briefing` to make."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from nenpo.build.briefing import Briefing
from nenpo.data.explain import collect, refuse_all
from nenpo.data.plan_files import PlanRows, read_declaration, read_rows, refuse_unknown
from nenpo.data.project import list_plans, require_plan
from nenpo.data.schema.declarations import Edition, PlanMeta
from nenpo.data.shared_files import COMPARISON, META_FILE, find_national, read_shared
from nenpo.errors import (
    BadSelector,
    InputError,
    NothingSelected,
    UnknownBriefing,
    UnknownYear,
    WrongType,
    message_language,
)

Record = Mapping[Any, Any]

_FILE_NAME = re.compile(r"[0-9]{4}\.yaml")
_YEAR = re.compile(r"[0-9]{4}")
_EXAMPLES = "nakano-informatization, nakano-informatization/2021/annual"


def load_edition(root: Path, plan: str, fiscal_year: int) -> Edition:
    """Return the edition in ``params/<plan>/<fiscal_year>.yaml``.

    Raises ``UnknownPlan``, ``UnknownYear`` if there is no such file, and ``InputRefused`` with
    everything that is wrong in it.
    """
    _require_series(root, plan)
    known = list_editions(root, plan)
    if fiscal_year not in known:
        raise _unknown_year(plan, fiscal_year, known)
    return _read_edition(root, plan, fiscal_year)


def _read_edition(root: Path, plan: str, fiscal_year: int) -> Edition:
    """Return the edition in a file that is there."""
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


def list_series(root: Path) -> tuple[str, ...]:
    """Return what may have editions: the plans, and the comparison where there is one."""
    compared = (root / "data" / META_FILE).is_file()
    return tuple(sorted({*list_plans(root), *([COMPARISON] if compared else [])}))


def check_folders(root: Path) -> None:
    """Raise ``InputRefused`` for whatever in ``params/`` is neither a plan nor an edition."""
    plans = list_series(root)
    problems: list[InputError] = []
    for folder in sorted((root / "params").iterdir()):
        if folder.name not in plans:
            problems.extend(refuse_unknown(root, [folder], [*plans, "README.md"]))
            continue
        years = [f"{year}.yaml" for year in list_editions(root, folder.name)]
        problems.extend(refuse_unknown(root, folder.iterdir(), years or ["2021.yaml"]))
    refuse_all(problems)


def list_briefings(edition: Edition, rows: PlanRows | None) -> tuple[Briefing, ...]:
    """Return the edition's briefings: annual, inspection, then departments in 建制順.

    Departments are those with an assignment in the fiscal year, generic names apart. ``rows``
    is None for the comparison, which is one briefing. Raises ``UnknownYear`` if the plan has
    neither progress nor values of indicators nor figures of that year.
    """
    common = edition.model_dump()
    plan, year = edition.plan, edition.fiscal_year
    if rows is None:
        return (Briefing(plan, year, "comparison", None, common),)
    _require_report(edition, rows)
    return (
        Briefing(plan, year, "annual", None, common),
        Briefing(plan, year, "inspection", None, common),
        *(
            Briefing(plan, year, "department", name, {**common, "department": name})
            for name in _list_departments(rows, year)
        ),
    )


def select_briefings(root: Path, selectors: Iterable[str] = ()) -> tuple[Briefing, ...]:
    """Return what the selectors (``PLAN[/YEAR[/BRIEFING]]``) name, all without selectors.

    In the order of plan, year and document, each once. Raises a ``UsageError`` for a selector
    that names nothing, ``NothingSelected`` if there is no edition, and ``InputRefused`` with
    every offender in the data and params of the selected editions.
    """
    wanted = [_parse_selector(root, text) for text in selectors]
    check_folders(root)
    chosen = [
        (plan, year)
        for plan in list_series(root)
        for year in list_editions(root, plan)
        if not wanted or any(choice.includes(plan, year) for choice in wanted)
    ]
    briefings, unknown = list[Briefing](), list[UnknownYear]()
    for edition, rows, _ in walk_input(root, chosen):
        try:
            briefings += list_briefings(edition, rows)
        except UnknownYear as error:  # what is wrong in the data of others comes first
            unknown.append(error)
    if unknown:
        raise unknown[0]
    if not briefings:
        raise NothingSelected(allowed="—")
    for choice in wanted:
        choice.require(briefings)
    return tuple(
        briefing
        for briefing in briefings
        if not wanted or any(choice.matches(briefing) for choice in wanted)
    )


def validate_plans(root: Path, selectors: Iterable[str] = ()) -> Iterator[str]:
    """Check what the selectors name (all without any), and yield a line for each valid edition.

    Findings that are no errors follow, each with its place. A plan without an edition is
    checked, too. Raises as :func:`select_briefings`.
    """
    # Imported here: only the findings need frames.
    from nenpo.content.findings import list_findings
    from nenpo.data.plan import make_plan

    wanted = [_parse_selector(root, text) for text in selectors]
    check_folders(root)
    plans = [choice.plan for choice in wanted] or list_series(root)
    chosen = [
        (plan, year)
        for plan in dict.fromkeys(plans)
        for year in list_editions(root, plan)
        if not wanted or any(choice.includes(plan, year) for choice in wanted)
    ]
    editions, rows = read_input(root, chosen, plans)
    briefings = [b for edition in editions for b in list_briefings(edition, rows.get(edition.plan))]
    for choice in wanted:
        if choice.fiscal_year is not None or choice.plan == COMPARISON:
            choice.require(briefings)
    yield from (f"{edition.plan}/{edition.fiscal_year}: OK" for edition in editions)
    yield from (line for edition in editions for line in _check_dates(edition))
    alone = {plan for plan in plans if plan in rows} - {edition.plan for edition in editions}
    yield from (f"{plan}: OK" for plan in sorted(alone))
    word = "注記" if message_language() == "ja" else "note"
    for plan in sorted(set(plans) & rows.keys()):
        for finding in list_findings(make_plan(rows[plan])):
            yield f"{word}: {finding.place}: {finding.message(message_language())}"


def _check_dates(edition: Edition) -> Iterator[str]:
    """Yield a note where dates look like those of another edition."""
    place = f"params/{edition.plan}/{edition.fiscal_year}.yaml"
    word = "注記" if message_language() == "ja" else "note"
    first, after = f"{edition.fiscal_year}-04-01", f"{edition.fiscal_year + 2}-04-01"
    notes = (
        (edition.issued < edition.as_of, "発行日が基準日より前である / issued before as_of"),
        (
            not first <= edition.as_of < after,
            "基準日が年度から離れている / as_of far from the year",
        ),
    )
    yield from (f"{word}: {place}: {told}" for wrong, told in notes if wrong)


def walk_input(
    root: Path, editions: Iterable[tuple[str, int]]
) -> Iterator[tuple[Edition, PlanRows | None, Mapping[str, PlanMeta]]]:
    """Yield each edition with the rows of its plan, and what all plans that were read declare.

    The comparison has None for rows. Unless plans are compared, the rows of one plan at a time
    are in memory: a country has thousands. Raises as :func:`read_input`, after the last.
    """
    chosen = sorted(editions)
    if (root / "data" / META_FILE).is_file():
        found, rows = read_input(root, chosen, ())
        metas = {plan: own.meta for plan, own in rows.items()}
        yield from ((edition, rows.get(edition.plan), metas) for edition in found)
        return
    problems: list[InputError] = []
    for plan, own in groupby(chosen, key=itemgetter(0)):
        read = [collect(problems, partial(_read_edition, root, *edition)) for edition in own]
        plan_rows = collect(problems, partial(read_rows, root, plan))
        if plan_rows:
            valid = (edition for edition in read if edition)
            yield from ((edition, plan_rows, {plan: plan_rows.meta}) for edition in valid)
    collect(problems, partial(read_shared, root, {}))
    refuse_all(problems)


def read_input(
    root: Path, editions: Iterable[tuple[str, int]], plans: Iterable[str]
) -> tuple[list[Edition], dict[str, PlanRows]]:
    """Return the editions, and the rows of their plans and of ``plans``, each read once.

    The comparison speaks of every plan. Raises ``InputRefused`` with every offender in the
    params, the plans and the shared tables.
    """
    problems: list[InputError] = []
    chosen = sorted(editions)
    read = [collect(problems, partial(_read_edition, root, *edition)) for edition in chosen]
    wanted = {plan for plan, _ in chosen} | set(plans)
    known = list_plans(root)
    if COMPARISON in wanted:
        wanted = set(known)
    elif (national := find_national(root)) in known:
        wanted.add(str(national))
    rows = {plan: collect(problems, partial(read_rows, root, plan)) for plan in sorted(wanted)}
    valid = {plan: found for plan, found in rows.items() if found is not None}
    collect(problems, partial(read_shared, root, valid))
    refuse_all(problems)
    return [edition for edition in read if edition is not None], valid


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
    # Results and file names say plan/2021/departments/zeimu; that selects, too.
    if len(rest) == 3 and rest[1] == "departments":
        del rest[1]
    if len(rest) > 2 or not all((plan, *rest)) or (rest and not _YEAR.fullmatch(rest[0])):
        raise BadSelector(value=text, allowed=_EXAMPLES)
    _require_series(root, plan)
    if not rest:
        return _Choice(plan)
    known = list_editions(root, plan)
    if int(rest[0]) not in known:
        raise _unknown_year(plan, int(rest[0]), known)
    return _Choice(plan, int(rest[0]), rest[1] if rest[1:] else None)


def _list_departments(rows: PlanRows, fiscal_year: int) -> list[str]:
    tables = rows.years[fiscal_year].tables if fiscal_year in rows.years else {}
    assigned = {row.model_dump()["department"] for row in tables.get("assignments.csv", ())}
    departments = [row.model_dump() for row in rows.tables["departments.csv"]]
    ordered = sorted(departments, key=lambda row: int(row["order"]))
    ids = [str(row["department"]) for row in ordered if row["kind"] != "generic"]
    return [name for name in ids if name in assigned]


def _require_report(edition: Edition, rows: PlanRows) -> None:
    if edition.fiscal_year not in rows.reported_years:
        known = ", ".join(map(str, sorted(rows.reported_years))) or "—"
        place = f"data/{rows.meta.id}/{edition.fiscal_year}/progress.csv"
        raise UnknownYear(
            plan=rows.meta.id,
            value=edition.fiscal_year,
            allowed=known,
            remedy=f"{place} を置くこと。",
            remedy_en=f"Add {place}.",
        )


def _require_series(root: Path, plan: str) -> None:
    if plan not in list_series(root):
        require_plan(root, plan)


def _unknown_year(plan: str, fiscal_year: int, known: Iterable[int]) -> UnknownYear:
    place = f"params/{plan}/{fiscal_year}.yaml"
    return UnknownYear(
        plan=plan,
        value=fiscal_year,
        allowed=", ".join(map(str, known)) or "—",
        remedy=f"{place} を置くこと。",
        remedy_en=f"Add {place}.",
    )
