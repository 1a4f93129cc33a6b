"""The lead of a paper: all that a reader of one page should know; the analyst's words; the end."""

from nenpo.analysis.progress import items_in_role
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.coverage import finding, tell_coverage
from nenpo.content.display import Nothing, Sentences
from nenpo.content.figures import tell_figures
from nenpo.content.indicators import count_standings
from nenpo.content.marks import tell_actors, tell_on_schedule, tell_unrated
from nenpo.content.schedule import tell_off_schedule
from nenpo.content.structure import tell_structure
from nenpo.content.unreported import tell_role, tell_unreported
from nenpo.language.fiscal import fiscal_year_label


def of_plan(b: OpenBriefing) -> Sentences:
    """Return the lead of the annual briefing: all that a reader of one page should know."""
    marked, silent = b.has_marks and not b.items.empty, tell_unreported(b)
    told = [
        silent if b.items.empty else "",
        tell_on_schedule(b, b.items) + tell_actors(b, b.items) if marked else "",
        tell_unrated(b) if marked else "",
        silent if marked else "",
        tell_structure(b),
        *finding(b),
        silent if not marked and not b.items.empty else "",
        tell_off_schedule(b),
        count_standings(b.assessments),
        tell_figures(b),
    ]
    return Sentences(tuple(text for text in told if text), role="lead")


def of_department(b: OpenBriefing) -> Sentences:
    """Return the lead of a department's document, for what it leads and what it supports."""
    tell = tell_on_schedule if b.has_marks else tell_coverage
    names = {"lead": b.terms.lead, "supporting": b.terms.supporting}
    held = {role: items_in_role(b, role) for role in names}
    silent = {role: tell_role(b, role, names[role]) for role in names}
    told = list[str]()
    for role in names:
        if len(held[role]) or (b.has_marks and role == "lead" and not silent[role]):
            told.append(tell(b, held[role], names[role]))
        told.append(silent[role])
    unrated = int((b.items["status"] == "").sum())
    if b.has_marks and unrated:
        told.append(f"このほかに{wording.NO_MARK}の{b.terms.item}が{unrated}件ある。")
    told.append(tell_off_schedule(b))
    return Sentences(tuple(text for text in told if text), role="lead")


def commentary(b: OpenBriefing) -> Sentences | Nothing:
    """Return what the analyst wrote in ``commentary.csv`` for the plan or the department."""
    rows = b.plan.years[b.fiscal_year].commentary
    texts = tuple(rows.loc[rows["scope"] == (b.department or "plan"), "text"])
    return Sentences(texts) if texts else Nothing("担当者の補足（commentary.csv）がない")


def closing(b: OpenBriefing) -> Sentences | Nothing:
    """Return what follows, where the plan promises it, and whom to ask."""
    meta, coming = b.plan.meta, b.fiscal_year + 1
    promised = meta.reported_yearly and coming <= meta.period.last_year
    label = fiscal_year_label(coming)
    texts = [f"次回は、{label}の進捗状況を同じ様式で取りまとめる。"] if promised else []
    if b.edition.prepared_by or b.edition.contact:
        texts.append(f"問合せ先：{b.edition.prepared_by}　{b.edition.contact}".rstrip())
    return Sentences(tuple(texts)) if texts else Nothing("次回の予定も問合せ先もない")
