"""The output folder → the pages around the briefings (rendered by ``site``)."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nenpo.build.briefing import Briefing, BriefingName
from nenpo.build.manifest import FAILED_FOLDER, Entries, read_manifest
from nenpo.build.params import list_editions, list_series, walk_input
from nenpo.build.select import list_briefings
from nenpo.content import wording
from nenpo.data.plan_files import PlanRows
from nenpo.data.schema.declarations import Edition, PlanMeta
from nenpo.data.shared_files import read_comparison
from nenpo.files import read_ordinary
from nenpo.language.fiscal import fiscal_year_long
from nenpo.site.pages import BriefingListing, EditionListing, render_site

_COUNTS = ("status_counts", "coverage", "rows", "unreported")


def render_overview(root: Path, output: Path) -> dict[str, str]:
    """Return the pages by path: every edition that has something published or failed.

    A published edition whose params are gone has no place here; a full build removes its files.
    """
    entries = read_manifest(output)
    kept = output / FAILED_FOLDER
    notebooks = (p.relative_to(kept).with_suffix("").as_posix() for p in kept.rglob("*.ipynb"))
    failures = set(filter(BriefingName.find, notebooks))  # an analyst may have others there
    years: dict[str, set[int]] = defaultdict(set)
    for name in map(BriefingName.parse, (*entries, *failures)):
        years[name.plan].add(name.fiscal_year)
    wanted = [
        (plan, year)
        for plan in sorted(years.keys() & set(list_series(root)))
        for year in sorted(years[plan] & set(list_editions(root, plan)))
    ]
    published = _Published(output, entries, failures)
    return render_site(
        [_list_edition(root, *found, published) for found in walk_input(root, wanted)]
    )


@dataclass(frozen=True)
class _Published:
    """What the output folder holds: the manifest's entries, and the names of failed briefings."""

    output: Path
    entries: Entries
    failures: set[str]


def _list_edition(
    root: Path,
    edition: Edition,
    plan: PlanRows | None,
    metas: Mapping[str, PlanMeta],
    published: _Published,
) -> EditionListing:
    meta = plan.meta if plan else None
    totals = _choose_totals(plan)
    shown = published.entries.keys() | published.failures
    return EditionListing(
        plan=edition.plan,
        plan_title=meta.title if meta else read_comparison(root).title,
        municipality=(meta.municipality.name or "") if meta else "",
        item=_find_item(plan),
        word=meta.municipality.word if meta else _find_common_word(root, metas),
        fiscal_year=edition.fiscal_year,
        fiscal_year_label=fiscal_year_long(edition.fiscal_year),
        scale=tuple((s.mark, s.label, s.tone) for s in meta.status_scale)
        if meta and _find_item(plan)
        else (),
        sample=edition.sample,
        state=edition.state,
        totals=totals,
        off=wording.head_off(meta) if meta else "",
        ahead=_runs_ahead(plan, edition.fiscal_year),
        transcribed=bool(meta.sources) if meta else all(m.sources for m in metas.values()),
        entries=tuple(
            _list_briefing(published, briefing, [total for total, _ in totals])
            for briefing in list_briefings(edition, plan)
            if briefing.full_name in shown
        ),
    )


def _find_common_word(root: Path, metas: Mapping[str, PlanMeta]) -> str:
    """Return what all compared municipalities are called, "" if they differ."""
    national = read_comparison(root).national_plan
    words = {meta.municipality.word for plan, meta in metas.items() if plan != national}
    return words.pop() if len(words) == 1 else ""


def _find_item(plan: PlanRows | None) -> str:
    """Return what the plan calls what is counted: "" where it counts no items."""
    return plan.meta.terms.item if plan and plan.tables.get("items.csv") else ""


def _runs_ahead(plan: PlanRows | None, fiscal_year: int) -> bool:
    """Tell whether an item of the year runs ahead of its schedule."""
    tables = plan.years[fiscal_year].tables if plan and fiscal_year in plan.years else {}
    return any(row.model_dump()["shift"] == "ahead" for row in tables.get("progress.csv", ()))


def _choose_totals(plan: PlanRows | None) -> tuple[tuple[str, str], ...]:
    """Return what is counted of an edition: marks, or what stands in their place."""
    if plan is None:
        return (("themes", "主題"), ("plans", "計画等"))
    item = plan.meta.terms.item
    if plan.meta.status_scale and _find_item(plan):
        return (
            ("rated", f"進捗区分のある{item}"),
            ("unrated", wording.NO_MARK),
            ("off_schedule", wording.name_off(plan.meta)),
        )
    held = (
        (plan.tables.get("items.csv", ()), (("rows", item), ("reported", "進捗の記載あり"))),
        (plan.tables.get("figures.csv", ()), (("figures", "数値"),)),
        (plan.tables.get("indicators.csv", ()), (("indicators", "指標"),)),
    )
    return tuple(total for rows, totals in held if rows for total in totals)


def _list_briefing(
    published: _Published, briefing: Briefing, totals: Sequence[str]
) -> BriefingListing:
    key = briefing.full_name
    facts = None
    if key in published.entries:
        whole = _read_facts(briefing.identity.locate(published.output, ".facts.json"))
        # No more than is shown: the facts of thousands of documents take hundreds of megabytes.
        facts = {name: whole[name] for name in (*_COUNTS, *totals) if name in whole}
    return BriefingListing(
        kind=briefing.kind,
        name=briefing.name,
        title=published.entries.get(key, {}).get("title", briefing.name),
        facts=facts,
        failed=key in published.failures,
    )


def _read_facts(path: Path) -> Mapping[str, Any]:
    """Return published facts; of those that somebody has spoilt, none: no page waits for them."""
    with suppress(OSError, ValueError, RecursionError):
        found = json.loads(read_ordinary(path))
        return found if isinstance(found, dict) else {}
    return {}
