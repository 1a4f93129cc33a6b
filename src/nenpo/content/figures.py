"""Figures with their time and source."""

from nenpo.analysis.figures import Figure, select_figures
from nenpo.analysis.items import name_subjects
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Table
from nenpo.content.places import cite_source, name_sources
from nenpo.content.tables import group_rows
from nenpo.data.plan import Plan


def table(b: OpenBriefing) -> Table | Nothing:
    """Return every figure of the plan by the part that it belongs to, with time and source."""
    figures = select_figures(b)
    if not figures:
        return Nothing("数値（figures.csv）がない")
    names = name_subjects(b.plan)
    columns = (
        Column("数値", width=18),
        Column("値", "right", 6.5),
        Column("時期", width=8),
        Column("種類", width=3),
        # A source is named in each row only where there are several.
        *([Column("出典", width=4)] if len(b.plan.meta.sources) > 1 else []),
    )
    # A figure stands under its measure or goal, an item's under the measure of the item.
    measures = dict(zip(b.plan.items["item"], b.plan.items["measure"], strict=True))
    held: dict[str, list[tuple[str, ...]]] = {}
    for figure in figures:
        cells = _describe(figure, b.plan)[: len(columns)]
        held.setdefault(measures.get(figure.subject, figure.subject), []).append(cells)
    groups = ((name, held[subject]) for subject, name in names.items() if subject in held)
    rows, kinds = group_rows(groups, len(columns))
    return Table(
        caption="数値の一覧",
        columns=columns,
        rows=rows,
        kinds=kinds,
        # Where the plan has one source alone, there is no column that the note would explain.
        note=name_sources(b.plan, {figure.source for figure in figures})
        if len(b.plan.meta.sources) > 1
        else "",
    )


def _describe(figure: Figure, plan: Plan) -> tuple[str, ...]:
    note = f"（{figure.note}）" if figure.note else ""
    return (
        f"{figure.title}{note}",
        wording.format_figure(figure),
        wording.format_when(figure),
        wording.FIGURE_KIND_WORDS[figure.kind],
        _cite(plan, figure.source),
    )


def _cite(plan: Plan, source: str) -> str:
    """Return the number of a source; "" for a value without one."""
    return cite_source(plan, source) if source else ""


def tell_figures(b: OpenBriefing) -> str:
    """Return how many figures there are of which kind, "" without any."""
    figures = select_figures(b)
    if not figures:
        return ""
    counts = [
        (word, sum(figure.kind == kind for figure in figures))
        for kind, word in wording.FIGURE_KIND_WORDS.items()
    ]
    told = "、".join(f"{word}{count}件" for word, count in counts if count)
    text = f"資料の数値は{len(figures)}件（{told}）である。"
    undated = sum(figure.timing == "undated" for figure in figures)
    if undated:
        text += f"このうち{undated}件は、時期の記載がない。"
    return text
