"""What the plan consists of, and what it says of its parts."""

import pandas as pd

from nenpo.analysis.items import list_titles, name_goal, name_subjects
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Group, Nothing, Sentences, Table
from nenpo.content.tables import count_columns, group_rows, tells_words
from nenpo.content.unreported import note_unreported
from nenpo.data.plan import Plan


@tells_words
def description(b: OpenBriefing) -> Table | Nothing:
    """Return what the plan says of itself as a whole, aspect by aspect."""
    shown = _describe_subject(b, "plan", b.plan.meta.short_title)
    return shown or Nothing("計画全体の説明（sheets.csv）がない")


def parts_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of what the plan says of its measures."""
    name = f"{b.terms.measure}の概要"
    if b.department:
        return Sentences((name,), role="section")
    return Sentences((f"別紙 {name}",), role="part")


@tells_words
def parts(b: OpenBriefing) -> Group | Nothing:
    """Return a table for each goal and measure that the plan describes."""
    plan = b.plan
    titles = list_titles(plan)
    # Goals and measures in their order, then the items that are described by themselves.
    names = name_subjects(plan) | {item: titles[item] for item in plan.items["item"]}
    held = {*b.items["measure"], *b.items["item"]}
    own = (held if b.department else names.keys() - {"plan"}) & {*plan.sheets["subject"]}
    parts: list[Sentences | Table] = []
    for subject in (name for name in names if name in own):
        table = _describe_subject(b, subject, titles.get(subject) or names[subject])
        parts += [Sentences((names[subject],), role="subheading"), table] if table else []
    return Group(tuple(parts)) if parts else Nothing("施策等の説明（sheets.csv）がない")


def _describe_subject(b: OpenBriefing, subject: str, name: str) -> Table | None:
    """Return what the plan says of one part, aspect by aspect; None if it says nothing."""
    own = b.plan.sheets[b.plan.sheets["subject"] == subject]
    rows = []
    for aspect in b.plan.meta.aspects:
        texts = list(own.loc[own["aspect"] == aspect.id, "text"])
        if texts:
            points = texts if len(texts) == 1 else [f"・{text}" for text in texts]
            rows.append((aspect.label, "\n".join(points)))
    columns = (Column("観点", width=6), Column("内容", width=34))
    return Table(f"{name}の概要", columns, tuple(rows)) if rows else None


def table(b: OpenBriefing) -> Table | Nothing:
    """Return the plan's goals and measures, where it has some that the year does not report."""
    plan, terms = b.plan, b.terms
    reported = b.items["measure"].value_counts()
    if reported.empty or plan.measures["measure"].isin(reported.index).all():
        return Nothing(f"報告する{terms.measure}がないか、全ての{terms.measure}を報告している")
    groups = []
    for goal in plan.meta.goals:
        own = plan.measures[plan.measures["goal"] == goal.id]
        listed = _list_measures(plan, own, reported)
        if goal.id in reported.index:
            listed.append((f"（{terms.measure}の別の記載なし）", str(reported[goal.id])))
        groups.append((name_goal(goal), listed))
    rows, kinds = group_rows(groups, 2)
    silent = any(count == "—" for _, count in rows)
    named = Column(f"{terms.goal}・{terms.measure}", width=32)
    return Table(
        caption=f"{plan.meta.short_title}の体系",
        columns=(named, *count_columns([f"{terms.item}の数"], 3)),
        rows=rows,
        kinds=kinds,
        note=(f"—は、この文書で報告する{terms.item}がないことを表す。" if silent else "")
        + note_unreported(b)
        + plan.meta.structure_note,
    )


def _list_measures(
    plan: Plan, measures: pd.DataFrame, reported: "pd.Series[int]"
) -> list[tuple[str, str]]:
    """Return a goal's measures with their items; those without titles in one row."""
    titles = list_titles(plan)
    if len(measures) and (measures["title"] == "").all():
        count = int(measures["measure"].map(reported).fillna(0).sum())
        labels = "、".join(measures["label"])
        return [(f"{labels}（題名の記載なし）", str(count) if count else "—")]
    return [
        (f"{label} {titles[measure]}".rstrip(), str(reported.get(measure, "—")))
        for label, measure in zip(measures["label"], measures["measure"], strict=True)
    ]


def tell_structure(b: OpenBriefing) -> str:
    """Return what the plan consists of, unless its marks are told of all of its measures."""
    meta, measures = b.plan.meta, b.plan.measures
    reported = measures["measure"].isin(b.items["measure"])
    if measures.empty or (meta.status_scale and reported.all()):
        return ""
    terms = meta.terms
    goals = wording.count_parts(len(meta.goals), terms.goal, terms.goal_counter)
    whole, own = (
        wording.count_parts(int(count), terms.measure, terms.measure_counter)
        for count in (len(measures), reported.sum())
    )
    told = f"{meta.short_title}は、{goals}・{whole}から成る。"
    if 0 < reported.sum() < len(measures):
        told += f"この文書では、そのうち{own}について報告する。"
    return told
