"""Figures → their tables, and the notes on values that sources state differently."""

from collections.abc import Sequence

from nenpo.analysis.figures import Disagreement, Figure, list_disagreements, select_figures
from nenpo.analysis.items import name_subjects
from nenpo.analysis.progress import Year
from nenpo.content import wording
from nenpo.content.display import Column, Nothing, RowKind, Table
from nenpo.data.plan import Plan


def figure_list(year: Year) -> Table | Nothing:
    """Return every figure of the plan by the part that it belongs to, with time and source."""
    figures = select_figures(year)
    if not figures:
        return Nothing("no figure")
    names = name_subjects(year.plan)
    columns = _figure_columns(len(year.plan.meta.sources) > 1)
    rows: list[tuple[str, ...]] = []
    kinds: list[RowKind] = []
    for subject in _order_subjects(year.plan, figures):
        own = [figure for figure in figures if _owner(year.plan, figure) == subject]
        rows.append((names[subject], *[""] * (len(columns) - 1)))
        rows += [_describe(figure, year.plan)[: len(columns)] for figure in own]
        kinds += ["group", *["body" for _ in own]]  # type: ignore[list-item]  # two row kinds
    return Table(
        caption="数値の一覧",
        columns=columns,
        rows=tuple(rows),
        kinds=tuple(kinds),
        note=_name_sources(year.plan, {figure.source for figure in figures}),
    )


def _figure_columns(cited: bool) -> tuple[Column, ...]:
    """Return the columns; a source is named in each row only where there are several."""
    columns = (
        Column("数値", width=18),
        Column("値", "right", 6.5),
        Column("時期", width=8),
        Column("種類", width=3),
    )
    return (*columns, Column("出典", width=4)) if cited else columns


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
    """Return a source by its place in the list of sources: 出典2."""
    ids = [entry.id for entry in plan.meta.sources]
    return f"出典{ids.index(source) + 1}" if len(ids) > 1 else "出典"


def _name_sources(plan: Plan, sources: set[str]) -> str:
    """Return what the places of the sources stand for: 出典1は「…」である。"""
    own = [source for source in plan.meta.sources if source.id in sources]
    told = "、".join(f"{_cite(plan, source.id)}は「{source.title}」" for source in own)
    return f"{told}である。" if told else ""


def _owner(plan: Plan, figure: Figure) -> str:
    """Return the measure or goal that a figure stands under; an item's stands under its measure."""
    measures = dict(zip(plan.items["item"], plan.items["measure"], strict=True))
    return str(measures.get(figure.subject, figure.subject))


def _order_subjects(plan: Plan, figures: Sequence[Figure]) -> list[str]:
    held = {_owner(plan, figure) for figure in figures}
    return [subject for subject in name_subjects(plan) if subject in held]


def disagreements(year: Year) -> Table | Nothing:
    """Return what sources state differently: every value, which is in use, and why."""
    found = list_disagreements(year.plan, year.fiscal_year)
    own = {*year.items["item"], *year.items["measure"]}
    if year.department is not None:
        found = tuple(entry for entry in found if entry.subject in own)
    if not found:
        return Nothing("no source contradicts another")
    rows = tuple(row for entry in found for row in _tell_disagreement(entry, year.plan))
    return Table(
        caption="資料により異なる記載",
        columns=(
            Column("事項", width=13),
            Column("記載", width=12),
            Column("出典", width=4),
            Column("採否", width=3.4),
            Column("理由", width=16),
        ),
        rows=rows,
        row_headers=2,
        note=_name_sources(year.plan, {value[1] for entry in found for value in entry.values}),
    )


def _tell_disagreement(entry: Disagreement, plan: Plan) -> list[tuple[str, ...]]:
    return [
        (
            entry.title,
            _show(value),
            _cite(plan, source),
            "採用" if preferred else "不採用",
            reason,
        )
        for value, source, _, preferred, reason in entry.values
    ]


def _show(value: Figure | str) -> str:
    if isinstance(value, str):
        return value
    return f"{wording.format_figure(value)}（{wording.format_when(value)}）"
