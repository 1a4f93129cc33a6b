"""What the plan consists of, and what it says of its parts."""

import pandas as pd

from nenpo.analysis.items import list_titles, name_goal, name_subjects
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, RowKind, Sentences, Table
from nenpo.content.tables import (
    Cells,
    count_columns,
    end_with_total,
    group_rows,
    tells_words,
)
from nenpo.content.unreported import note_unreported
from nenpo.data.plan import Plan
from nenpo.language.numbers import format_percents


@tells_words
def description(b: OpenBriefing) -> Table | Nothing:
    """Return what the plan says of itself as a whole, aspect by aspect."""
    rows = _list_aspects(b.plan, "plan")
    if not rows:
        return Nothing("計画全体の説明（sheets.csv）がない")
    return Table(f"{b.plan.meta.short_title}の概要", _ASPECT_COLUMNS, tuple(rows))


def parts_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of what the plan says of its measures."""
    name = f"{b.terms.measure}の概要"
    if b.department:
        return Sentences((name,), role="section")
    return Sentences((f"別紙 {name}",), role="part")


@tells_words
def parts(b: OpenBriefing) -> Table | Nothing:
    """Return what the plan says of its goals and measures: a band for each, its aspects below."""
    plan = b.plan
    titles = list_titles(plan)
    # Goals and measures in their order, then the items that are described by themselves.
    names = name_subjects(plan) | {item: titles[item] for item in plan.items["item"]}
    held = {*b.items["measure"], *b.items["item"]}
    own = (held if b.department else names.keys() - {"plan"}) & {*plan.sheets["subject"]}
    told = [(names[subject], _list_aspects(plan, subject)) for subject in names if subject in own]
    groups = [(name, rows) for name, rows in told if rows]
    if not groups:
        return Nothing("施策等の説明（sheets.csv）がない")
    rows, kinds = group_rows(groups, 2)
    return Table(f"{b.terms.measure}の概要", _ASPECT_COLUMNS, rows, kinds=kinds)


_ASPECT_COLUMNS = (Column("観点", width=6), Column("内容", width=34))


def _list_aspects(plan: Plan, subject: str) -> list[tuple[str, str]]:
    """Return what the plan says of one part, each aspect with its points one after the other."""
    own = plan.sheets[plan.sheets["subject"] == subject]
    rows = []
    for aspect in plan.meta.aspects:
        texts = [format_percents(text) for text in own.loc[own["aspect"] == aspect.id, "text"]]
        # Several points are sentences of one paragraph; one may be a noun alone.
        told = "".join(f"{text.rstrip('。')}。" for text in texts) if len(texts) > 1 else texts
        rows += [(aspect.label, "".join(told))] if texts else []
    return rows


def table(b: OpenBriefing) -> Table | Nothing:
    """Return the plan's goals and measures, where it has some that the year does not report."""
    plan, terms = b.plan, b.terms
    reported = b.items["measure"].value_counts()
    if reported.empty or plan.measures["measure"].isin(reported.index).all():
        return Nothing(f"報告する{terms.measure}がないか、全ての{terms.measure}を報告している")
    rows, kinds = _list_goals(plan, b.items) if _is_untitled(plan) else _list_parts(b, reported)
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


def _is_untitled(plan: Plan) -> bool:
    """Tell whether no measure has a title, so that goals alone say what the plan consists of."""
    return bool((plan.measures["title"] == "").all())


def _list_goals(plan: Plan, items: pd.DataFrame) -> tuple[tuple[Cells, ...], tuple[RowKind, ...]]:
    """Return the goals with their items, and the kinds of their rows."""
    counts = items["goal"].value_counts()
    rows = tuple((name_goal(goal), str(counts.get(goal.id, "—"))) for goal in plan.meta.goals)
    return rows, end_with_total(len(rows))[:-1]


def _list_parts(
    b: OpenBriefing, reported: "pd.Series[int]"
) -> tuple[tuple[Cells, ...], tuple[RowKind, ...]]:
    """Return each goal above its measures with their items, and the kinds of the rows."""
    groups = []
    for goal in b.plan.meta.goals:
        own = b.plan.measures[b.plan.measures["goal"] == goal.id]
        listed = _list_measures(b.plan, own, reported)
        if goal.id in reported.index:
            listed.append((f"（{b.terms.measure}の別の記載なし）", str(reported[goal.id])))
        groups.append((name_goal(goal), listed))
    return group_rows(groups, 2)


def _list_measures(
    plan: Plan, measures: pd.DataFrame, reported: "pd.Series[int]"
) -> list[tuple[str, str]]:
    """Return a goal's measures with their items; in one row if none of them has any."""
    titles = list_titles(plan)
    if len(measures) and not measures["measure"].isin(reported.index).any():
        pairs = zip(measures["label"], measures["measure"], strict=True)
        return [("、".join(f"{label} {titles[each]}".rstrip() for label, each in pairs), "—")]
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
