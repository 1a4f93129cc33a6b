"""Selectors → the briefings of the editions that they name."""

from collections.abc import Iterable
from pathlib import Path

from nenpo.build.briefing import Briefing, Selector
from nenpo.build.params import (
    check_folders,
    list_editions,
    list_series,
    require_edition,
    walk_input,
)
from nenpo.content.kinds import KIND_WORDS
from nenpo.data.explain import suggest
from nenpo.data.naming import list_department_names, tell_ids
from nenpo.data.plan_files import PlanRows
from nenpo.data.schema.declarations import SURVEY_KEYS, Edition
from nenpo.errors import NothingSelected, UnknownBriefing, UnknownYear, Words


def list_briefings(edition: Edition, rows: PlanRows | None) -> tuple[Briefing, ...]:
    """Return the edition's briefings: annual, inspection, then departments in 建制順, numbered.

    Departments are those with an assignment in the fiscal year, generic names apart. ``rows``
    is None for the comparison, which is one briefing. Raises ``UnknownYear`` if the plan has
    neither progress nor values of indicators nor figures of that year.
    """
    # A notebook of an analyst's that is older than this key goes on as before where it is not used.
    unused = {"department_audience"} - edition.model_fields_set
    common = edition.model_dump(exclude={*unused, *SURVEY_KEYS})
    plan, year = edition.plan, edition.fiscal_year
    if rows is None:
        return (Briefing(plan, year, "comparison", None, common),)
    _require_report(edition, rows)
    return (
        Briefing(plan, year, "annual", None, common),
        Briefing(plan, year, "inspection", None, common),
        *(
            Briefing(
                plan, year, "department", name, {**common, **_name_paper(edition, name, place)}
            )
            for place, name in enumerate(_list_departments(rows, year), 1)
        ),
    )


def _name_paper(edition: Edition, department: str, place: int) -> dict[str, str]:
    """Return the parameters of a department's paper alone: 資料1-3 is the third of 資料1."""
    number = edition.document_number
    return {"department": department, "document_number": f"{number}-{place}" if number else ""}


def select_briefings(root: Path, selectors: Iterable[str] = ()) -> tuple[Briefing, ...]:
    """Return what the selectors (``PLAN[/YEAR[/BRIEFING]]``) name, all without selectors.

    In the order of plan, year and document, each once. Raises a ``UsageError`` for a selector
    that names nothing, ``NothingSelected`` if there is no edition, and ``InputRefused`` with
    every offender in the data and params of the selected editions.
    """
    wanted = parse_selectors(root, selectors)
    check_folders(root)
    chosen = choose_editions(root, wanted, list_series(root))
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
    for selector in wanted:
        require_briefing(root, selector, briefings)
    return tuple(
        briefing
        for briefing in briefings
        if not wanted or any(selector.matches(briefing.identity) for selector in wanted)
    )


def parse_selectors(root: Path, texts: Iterable[str]) -> list[Selector]:
    """Return what a command was given. Raises a ``UsageError`` for what names no edition."""
    selectors = [Selector.parse(text) for text in texts]
    for selector in selectors:
        require_edition(root, selector.plan, selector.fiscal_year)
    return selectors


def choose_editions(
    root: Path, selectors: Iterable[Selector], plans: Iterable[str]
) -> list[tuple[str, int]]:
    """Return the editions of ``plans`` that the selectors name, all without selectors."""
    wanted = list(selectors)
    return [
        (plan, year)
        for plan in plans
        for year in list_editions(root, plan)
        if not wanted or any(selector.includes(plan, year) for selector in wanted)
    ]


def require_briefing(root: Path, selector: Selector, briefings: Iterable[Briefing]) -> None:
    """Raise ``UnknownBriefing`` or ``NothingSelected`` if it selects none of ``briefings``."""
    names = [briefing.identity for briefing in briefings]
    if any(selector.matches(name) for name in names):
        return
    if selector.briefing is None:
        allowed = ", ".join(sorted({name.edition for name in names}))
        raise NothingSelected(allowed=allowed)
    known = [name for name in names if selector.includes(name.plan, name.fiscal_year)]
    known_names = [name.short_name for name in known]
    called = [*list_department_names(root, selector.plan)]
    called += [(word, kind) for kind, word in KIND_WORDS.items() if kind in known_names]
    hint = tell_ids(selector.briefing, called)
    near = suggest(selector.briefing, known_names)
    raise UnknownBriefing(
        plan=selector.plan,
        fiscal_year=selector.fiscal_year,
        value=selector.briefing,
        allowed=", ".join(known_names),
        hint=hint if hint.ja else Words(near["hint"], near["hint_en"]),
    )


def _list_departments(rows: PlanRows, fiscal_year: int) -> list[str]:
    tables = rows.years[fiscal_year].tables if fiscal_year in rows.years else {}
    assigned = {row.model_dump()["department"] for row in tables.get("assignments.csv", ())}
    departments = [row.model_dump() for row in rows.tables.get("departments.csv", ())]
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
            remedy=f"{place} を置くこと（報告がまだなければ見出し行だけでよい）。",
            remedy_en=f"Add {place} (its header alone while nothing is reported).",
        )
