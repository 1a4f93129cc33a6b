"""A department beside the whole plan, and in earlier years."""

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.departments import trace_departments
from nenpo.analysis.items import has_progress
from nenpo.analysis.progress import items_in_role
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Column, Nothing, Sentences, Table
from nenpo.content.drawing import draw_bars
from nenpo.content.tables import count_columns, count_with_sum
from nenpo.language.fiscal import fiscal_year_label


def counts(b: OpenBriefing) -> Table | Nothing:
    """Return the department's counts in each role beside those of the whole plan."""
    meta = b.plan.meta
    if not b.has_marks:
        return Nothing(b.lacks_marks)
    if b.items.empty and len(b.unreported.items):
        return Nothing(b.lacks_items)
    groups = [*group_by_role(b), ("計画全体（参考）", b.whole.items)]
    silent = _count_unreported(b)
    missing = any(silent)
    return Table(
        caption="進捗区分別の件数",
        columns=(
            Column("区分", width=8),
            *count_columns([*meta.marks, "計"]),
            *count_columns(["記載なし", *([wording.NOT_REPORTED] if missing else [])], 3),
        ),
        rows=tuple(
            (
                label,
                *map(str, count_with_sum(progress.count_status(b.plan, items))),
                str(progress.count_rows(items).unrated),
                *([str(count)] if missing else []),
            )
            for (label, items), count in zip(groups, silent, strict=True)
        ),
        kinds=("body", "body", "total"),
        note=wording.format_legend(meta),
    )


def _count_unreported(b: OpenBriefing) -> list[int]:
    """Return how many items were not reported: in each role, and of the whole plan."""
    roles = [items_in_role(b.unreported, role) for role in ("lead", "supporting")]
    return [len(items) for items in (*roles, progress.select_unreported(b.whole).items)]


def group_by_role(b: OpenBriefing) -> list[tuple[str, pd.DataFrame]]:
    """Return the items that the department leads and those that it supports, each named."""
    return [
        (f"{b.terms.lead}として", items_in_role(b, "lead")),
        (f"{b.terms.supporting}として", items_in_role(b, "supporting")),
    ]


def chart(b: OpenBriefing) -> Chart | Nothing:
    """Return stacked bars of the department's marks beside those of the whole plan."""
    groups = [*group_by_role(b), ("計画全体", b.whole.items)]
    bars = [(label, progress.count_status(b.plan, items)) for label, items in groups]
    shown = [(label, counts) for label, counts in bars if sum(counts.values())]
    if len(shown) < 2:
        return Nothing("計画全体と並べる、進捗区分のある取組がない")
    return draw_bars(shown, b.plan.meta.tones, "進捗区分の割合（計画全体との比較）")


def history(b: OpenBriefing) -> Table | Nothing:
    """Return a department's counts as lead in every earlier year, with those it follows."""
    plan, terms = b.plan, b.terms
    earlier = [each for each in sorted(plan.years) if each < b.fiscal_year]
    reported = [each for each in earlier if has_progress(plan, each)]
    if not reported or not plan.meta.status_scale:
        return Nothing(b.lacks_marks or "前年度以前の進捗がない")
    silent = b.items.empty and len(b.unreported.items) > 0
    now = fiscal_year_label(b.fiscal_year)
    counted = [
        _count_history(b, each) for each in (*reported, *([] if silent else [b.fiscal_year]))
    ]
    missing = any(count for _, count in counted)
    return Table(
        caption=f"{terms.lead}としての件数の推移",
        columns=(
            Column("年度", width=5),
            Column(terms.department, width=14),
            *count_columns([*plan.meta.marks, "計"]),
            *count_columns([wording.NOT_REPORTED] if missing else [], 3),
        ),
        rows=tuple((*cells, *([str(count)] if missing else [])) for cells, count in counted),
        note=f"{now}は、{wording.NOT_REPORTED}である。" if silent else "",
    )


def _count_history(b: OpenBriefing, fiscal_year: int) -> tuple[tuple[str, ...], int]:
    """Return the counts of the items that the department's predecessors led, each item once.

    The second value is how many of them were not reported.
    """
    plan = b.plan
    traced = trace_departments(plan, str(b.department), b.fiscal_year, fiscal_year)
    whole = progress.load_year(plan, fiscal_year)
    held, silent = (
        year.assignments[
            (year.assignments["role"] == "lead") & year.assignments["department"].isin(traced)
        ]
        for year in (whole, progress.select_unreported(whole))
    )
    counts = progress.count_status(plan, whole.items[whole.items["item"].isin(held["item"])])
    holders = {*held["department"], *silent["department"]}
    shown = "、".join(plan.department_names[name] for name in traced if name in holders) or "—"
    cells = map(str, count_with_sum(counts))
    return (fiscal_year_label(fiscal_year), shown, *cells), silent["item"].nunique()


def notes(b: OpenBriefing) -> Sentences | Nothing:
    """Return the notes under a department's document."""
    kind = b.terms.department
    notes = _tell_counting(b)
    if b.has_marks and not progress.is_rated(b.whole.items).all():
        notes.append(f"「{wording.NO_MARK}」は区分が示されていないことを表し、未着手を意味しない。")
    generic = b.plan.departments[b.plan.departments["kind"] == "generic"]["name"]
    if len(generic):
        names = "".join(f"「{name}」" for name in generic)
        notes.append(f"{names}は{kind}の総称であり、{kind}別の件数に含まない。")
    if inferred := wording.explain_inferred(list_names(b)):
        notes.append(inferred)
    return Sentences(tuple(notes), role="note") if notes else Nothing("留意することがない")


def list_names(b: OpenBriefing) -> list[str]:
    """Return the names of the document's department, and of those in charge of its items."""
    held = {b.department, *b.assignments["department"], *b.unreported.assignments["department"]}
    return [name for key, name in b.plan.department_names.items() if key in held]


def _tell_counting(b: OpenBriefing) -> list[str]:
    """Return how an item of several departments is counted, where the plan has one."""
    if not progress.shares_items(b.whole):
        return []
    item, kind = b.terms.item, b.terms.department
    told = f"一つの{item}に複数の{kind}が関わる場合は{kind}ごとに1件と数える"
    items = b.whole.items
    counted = items[progress.is_rated(items)] if b.has_marks else items
    total = int(progress.list_holders(b.whole)["item"].isin(counted["item"]).sum())
    # Nobody may be in charge of others, so that the sum need not exceed the items.
    exceeds = total > len(counted)
    above = f"ため、各{kind}の合計（延べ）は計画全体の件数を上回る。"
    return [told + (above if exceeds else "。")]
