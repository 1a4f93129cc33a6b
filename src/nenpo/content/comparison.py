"""Plans side by side: what a reader learns, which plans they are, and the priorities they serve."""

import re
from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from nenpo.analysis.figures import list_figures
from nenpo.analysis.items import list_measure_labels, number_items
from nenpo.content.briefing import OpenComparison
from nenpo.content.compared import list_compared, list_themes, name_owner, name_plan
from nenpo.content.contrasts import describe_questions, list_sources, tell_comparable
from nenpo.content.display import Column, Facts, HeaderCell, Nothing, Sentences, Table
from nenpo.content.facts import FACTS_VERSION
from nenpo.content.priorities import list_target_years
from nenpo.content.tables import count_columns, list_things
from nenpo.content.themes import describe_matrix, name_short, tell_spread
from nenpo.data.plan import Plan

# A number that says nothing without the plan's word for what it numbers: (1), 2.
_BARE = re.compile(r"[\d()（）.]+")


def summary(b: OpenComparison) -> Sentences | Nothing:
    """Return what a reader learns: which themes all have, and which values can be compared."""
    if not list_compared(b.catalogue):
        return Nothing("比べる計画がない")
    told = (tell_spread(b), tell_comparable(b))
    return Sentences(tuple(text for text in told if text), role="lead")


def plans(b: OpenComparison) -> Table | Nothing:
    """Return the plans with what each holds up to a fiscal year: measures, items, figures."""
    plans = list_compared(b.catalogue)
    if not plans:
        return Nothing("比べる計画がない")
    own = b.catalogue.meta.counts_note if b.catalogue.meta else ""

    def count(plan: Plan, what: str) -> str:
        return str(_count_plan(plan, b.fiscal_year)[what])

    measures, items, indicators, figures = count_columns(("施策等", "取組", "指標", "数値"), 3)
    return list_things(
        "比べる計画等",
        plans,
        (Column("計画等", width=20), name_plan),
        (Column("進捗の示し方", width=8), lambda plan: " ".join(plan.meta.marks) or "文章"),
        (measures, lambda plan: count(plan, "measures")),
        (items, lambda plan: count(plan, "items")),
        (indicators, lambda plan: count(plan, "indicators")),
        (figures, lambda plan: count(plan, "figures")),
        note=f"施策等、取組、指標及び数値は、この文書の元としたデータの件数である。{own}",
    )


def _count_valid(rows: pd.DataFrame, fiscal_year: int) -> int:
    """Count the rows that begin by the fiscal year."""
    return sum(first is None or first <= fiscal_year for first in rows["first_year"])


def priorities(b: OpenComparison) -> Table | Nothing:
    """Return the national priorities × the plans, each cell the numbers of what serves one."""
    catalogue, national, rows = b.catalogue, b.catalogue.national, b.catalogue.priorities
    if national is None or rows.empty:
        return Nothing("国の重点取組事項に対応する施策等がない")
    plans, targets = list_compared(catalogue), list_target_years(national)
    owners = [(owner, len(list(own))) for owner, own in groupby(map(name_owner, plans))]
    shown = []
    for measure in national.measures.itertuples():
        served = rows[rows["priority"] == measure.measure]
        cells = [_name_served(plan, served[served["plan"] == plan.id]) for plan in plans]
        title = f"{measure.label} {measure.title}".strip()
        shown += [(title, targets.get(str(measure.measure), "—"), *cells)] if any(cells) else []
    return Table(
        caption=f"{national.meta.title}の重点取組事項と各計画の施策等",
        columns=(
            Column("国の重点取組事項", width=10),
            Column("目標時期", width=4.5),
            *(Column(name_short(plan), width=7) for plan in plans),
        ),
        groups=(HeaderCell("", 2), *(HeaderCell(owner, span) for owner, span in owners)),
        rows=tuple((*row[:2], *(cell or "—" for cell in row[2:])) for row in shown),
        note=_explain_priorities(b, national, shown),
    )


def _name_served(plan: Plan, rows: pd.DataFrame) -> str:
    """Return the numbers of a plan's parts, ＊ behind one that its document itself names.

    Items that have no number, since their document names no measure, are counted.
    """
    labels, numbers = list_measure_labels(plan), number_items(plan)
    labels = {key: _complete(plan, label) for key, label in labels.items()}
    labels |= {goal.id: goal.label for goal in plan.meta.goals}
    placed = dict(zip(plan.items["item"], plan.items["measure"], strict=True))
    names, unnumbered = [], list[str]()
    for subject, ground in zip(rows["subject"], rows["ground"], strict=True):
        if subject in placed and placed[subject] not in set(plan.measures["measure"]):
            unnumbered.append(ground)
        else:
            names.append((labels | numbers)[subject] + ("＊" if ground == "stated" else ""))
    if unnumbered:
        star = "＊" if set(unnumbered) == {"stated"} else ""
        names.append(f"{plan.meta.terms.item}{len(unnumbered)}件{star}")
    return "\n".join(names)


def _complete(plan: Plan, label: str) -> str:
    return f"{plan.meta.terms.measure}{label}" if _BARE.fullmatch(label) else label


def _explain_priorities(b: OpenComparison, national: Plan, rows: Sequence[Sequence[str]]) -> str:
    """Return where the national plan's content comes from, and what the signs mean."""
    sources = "、".join(f"「{source.title}」" for source in national.meta.sources)
    cells = [cell for row in rows for cell in row]
    judged = (b.catalogue.priorities["ground"] == "judged").any()
    told = [
        f"国の計画の内容は、{sources}による。" if sources else "",
        "欄の番号は、各計画の施策等の番号である。",
        "＊は対応が明記されたものであり、ほかは内容から対応を判断した。"
        if judged and any("＊" in cell for cell in cells)
        else "対応は内容から判断した。"
        if judged
        else "",
        "—は、対応する施策等又は目標時期の記載がないことを表す。",
    ]
    return "".join(told)


def sources(b: OpenComparison) -> Sentences:
    """Return the documents that the compared plans were taken from, each once, numbered."""
    lines = (
        f"出典{number} 「{source.title}」（{source.publisher}、{source.date or '日付の記載なし'}）"
        for number, source in enumerate(list_sources(b.catalogue), 1)
    )
    return Sentences(tuple(lines), role="list")


def notes(b: OpenComparison) -> Sentences:
    """Return how to read the comparison."""
    catalogue = b.catalogue
    notes = ["値を並べて比べられるのは、数える対象、範囲及び時期がそろうときに限る。"]
    nameless = [p for p in list_compared(catalogue) if p.meta.municipality.name is None]
    told = [f"「{p.meta.short_title}」は、自治体名の記載がない。" for p in nameless]
    own = catalogue.meta.notes if catalogue.meta else ()
    return Sentences((*notes, *told, *own), role="note")


def facts(b: OpenComparison) -> Facts:
    """Return the values that are set side by side, and which parts of a plan are in a theme."""
    catalogue, fiscal_year = b.catalogue, b.fiscal_year
    rows = catalogue.themes
    return Facts(
        {
            "facts_version": FACTS_VERSION,
            "plan": "comparison",
            "fiscal_year": fiscal_year,
            "department": None,
            "plans": {plan.id: _count_plan(plan, fiscal_year) for plan in list_compared(catalogue)},
            "themes": {
                theme: {
                    str(plan): list(own["subject"])
                    for plan, own in rows[rows["theme"] == theme].groupby("plan")
                }
                for theme, _ in list_themes(catalogue)
            },
            "matrix": describe_matrix(b),
            "comparisons": describe_questions(catalogue),
            "priorities": catalogue.priorities.to_dict("records"),
        }
    )


def _count_plan(plan: Plan, fiscal_year: int) -> dict[str, int]:
    return {
        "measures": len(plan.measures),
        "items": _count_valid(plan.items, fiscal_year),
        "indicators": _count_valid(plan.indicators, fiscal_year),
        "figures": len(list_figures(plan, fiscal_year)),
    }
