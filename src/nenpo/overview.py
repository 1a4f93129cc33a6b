"""The output folder → the pages around the briefings (rendered by ``site``)."""

import json
from collections import defaultdict
from pathlib import Path

from nenpo.fiscal import fiscal_year_long
from nenpo.params import Briefing, list_briefings, list_editions, load_edition
from nenpo.plan import list_plans, load_plan
from nenpo.publish import FAILED_FOLDER, Entries, read_manifest
from nenpo.site import BriefingListing, EditionListing, render_site


def render_overview(root: Path, output: Path) -> dict[str, str]:
    """Return the pages by path: every edition that has something published or failed.

    A published edition whose params are gone has no place here; a full build removes its files.
    """
    entries = read_manifest(output)
    kept = output / FAILED_FOLDER
    failures = {p.relative_to(kept).with_suffix("").as_posix() for p in kept.rglob("*.ipynb")}
    years: dict[str, set[int]] = defaultdict(set)
    for key in (*entries, *failures):
        plan, year, _ = key.split("/", 2)
        years[plan].add(int(year))
    listings = [
        _list_edition(root, output, (plan, year), entries, failures)
        for plan in sorted(years.keys() & set(list_plans(root)))
        for year in sorted(years[plan] & set(list_editions(root, plan)))
    ]
    return render_site(listings)


def _list_edition(
    root: Path, output: Path, identity: tuple[str, int], entries: Entries, failures: set[str]
) -> EditionListing:
    edition, plan = load_edition(root, *identity), load_plan(identity[0], root)
    key = f"{identity[0]}/{identity[1]}"
    return EditionListing(
        plan=plan.id,
        plan_title=plan.meta.title,
        municipality=plan.meta.municipality.name or "",
        fiscal_year=edition.fiscal_year,
        fiscal_year_label=fiscal_year_long(edition.fiscal_year),
        scale=tuple((s.mark, s.label, s.tone) for s in plan.meta.status_scale),
        sample=edition.sample,
        state=edition.state,
        entries=tuple(
            _list_briefing(output, briefing, entries, failures)
            for briefing in list_briefings(edition, plan)
            if f"{key}/{briefing.name}" in entries.keys() | failures
        ),
    )


def _list_briefing(
    output: Path, briefing: Briefing, entries: Entries, failures: set[str]
) -> BriefingListing:
    key = f"{briefing.plan}/{briefing.fiscal_year}/{briefing.name}"
    facts = None
    if key in entries:
        facts = json.loads((output / f"{key}.facts.json").read_text("utf-8"))
    return BriefingListing(
        kind=briefing.kind,
        name=briefing.name,
        title=entries.get(key, {}).get("title", briefing.name),
        facts=facts,
        failed=key in failures,
    )
