"""Figures with their time and source, and what sources state differently."""

from operator import itemgetter

from nenpo.analysis.figures import Figure, list_disagreements, select_figures
from nenpo.analysis.items import name_subjects
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Table
from nenpo.content.tables import group_rows, list_things
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
        note=_name_sources(b.plan, {figure.source for figure in figures}),
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
    """Return a source by its place in the list of sources, 出典2; "" for a value without one."""
    if not source:
        return ""
    ids = [entry.id for entry in plan.meta.sources]
    return f"出典{ids.index(source) + 1}" if len(ids) > 1 else "出典"


def _name_sources(plan: Plan, sources: set[str]) -> str:
    """Return what the places of the sources stand for: 出典1は「…」である。"""
    own = [source for source in plan.meta.sources if source.id in sources]
    told = "、".join(f"{_cite(plan, source.id)}は「{source.title}」" for source in own)
    return f"{told}である。" if told else ""


def disagreements(b: OpenBriefing) -> Table | Nothing:
    """Return what sources state differently: every value, which is in use, and why."""
    found = list_disagreements(b.plan, b.fiscal_year)
    own = {*b.items["item"], *b.items["measure"]}
    if b.department is not None:
        found = tuple(entry for entry in found if entry.subject in own)
    if not found:
        return Nothing("資料により異なる記載がない")
    rows = [(entry.title, *value) for entry in found for value in entry.values]
    cited = (Column("出典", width=4), lambda row: _cite(b.plan, row[2]))
    return list_things(
        "資料により異なる記載",
        rows,
        (Column("事項", width=13), itemgetter(0)),
        (Column("記載", width=12), lambda row: _show(row[1])),
        *([cited] if any(row[2] for row in rows) else []),
        (Column("採否", width=3.4), lambda row: "採用" if row[4] else "不採用"),
        (Column("理由", width=16), itemgetter(5)),
        row_headers=2,
        note=_name_sources(b.plan, {value[1] for entry in found for value in entry.values}),
    )


def _show(value: Figure | str) -> str:
    if isinstance(value, str):
        return value
    return f"{wording.format_figure(value)}（{wording.format_when(value)}）"


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
    differ = len(list_disagreements(b.plan, b.fiscal_year))
    if differ:
        text += f"資料により記載が異なるものが{differ}件あり、採否とその理由を参考に示す。"
    return text
