"""A department beside the whole plan, and in earlier years."""

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.departments import trace_departments
from nenpo.analysis.items import has_progress
from nenpo.analysis.progress import find_department, items_in_role, name_department
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Column, Nothing, Sentences, Table
from nenpo.content.drawing import draw_bars
from nenpo.content.tables import count_with_sum
from nenpo.language.fiscal import fiscal_year_label


def counts(b: OpenBriefing) -> Table | Nothing:
    """Return the department's counts in each role beside those of the whole plan."""
    meta = b.plan.meta
    groups = (
        (f"{meta.terms.lead}として", items_in_role(b.year, "lead")),
        (f"{meta.terms.supporting}として", items_in_role(b.year, "supporting")),
        ("計画全体（参考）", b.whole.items),
    )
    if not meta.status_scale:
        return Nothing("計画に進捗区分がない")
    rows = tuple((label, *_count_cells(b, items)) for label, items in groups)
    return Table(
        caption="進捗区分別の件数",
        columns=(
            Column("区分", width=8),
            *(Column(entry.mark, "right", 2, "number") for entry in meta.status_scale),
            Column("計", "right", 2, "number"),
            Column("記載なし", "right", 3, "number"),
        ),
        rows=rows,
        kinds=("body", "body", "total"),
        note=wording.format_legend(meta),
    )


def _count_cells(b: OpenBriefing, items: pd.DataFrame) -> tuple[str, ...]:
    counts = progress.count_status(b.plan, items)
    rows = progress.count_rows(items)
    return tuple(str(count) for count in (*counts.values(), rows.rated, rows.unrated))


def chart(b: OpenBriefing) -> Chart | Nothing:
    """Return stacked bars of the department's marks beside those of the whole plan."""
    terms = b.plan.meta.terms
    groups = (
        (f"{terms.lead}として", items_in_role(b.year, "lead")),
        (f"{terms.supporting}として", items_in_role(b.year, "supporting")),
        ("計画全体", b.whole.items),
    )
    bars = [(label, progress.count_status(b.plan, items)) for label, items in groups]
    shown = [(label, counts) for label, counts in bars if sum(counts.values())]
    if len(shown) < 2:
        return Nothing("計画全体と並べる、進捗区分のある取組がない")
    return draw_bars(shown, b.plan.meta.tones, "進捗区分の割合（計画全体との比較）")


def history(b: OpenBriefing) -> Table | Nothing:
    """Return a department's counts as lead in every earlier year, with those it follows."""
    plan, terms = b.plan, b.plan.meta.terms
    earlier = [each for each in sorted(plan.years) if each < b.fiscal_year]
    reported = [each for each in earlier if has_progress(plan, each)]
    if not reported or not plan.meta.status_scale:
        return Nothing("前年度以前の進捗がないか、計画に進捗区分がない")
    rows = [_count_history(b, each) for each in (*reported, b.fiscal_year)]
    return Table(
        caption=f"{terms.lead}としての件数の推移",
        columns=(
            Column("年度", width=5),
            Column(terms.department, width=14),
            *(Column(mark, "right", 2, "number") for mark in plan.meta.marks),
            Column("計", "right", 2, "number"),
        ),
        rows=tuple(rows),
    )


def _count_history(b: OpenBriefing, fiscal_year: int) -> tuple[str, ...]:
    """Return the counts of the items that the department's predecessors led, each item once."""
    plan = b.plan
    names = plan.departments.set_index("department")["name"]
    traced = trace_departments(plan, str(b.department), b.fiscal_year, fiscal_year)
    whole = progress.load_year(plan, fiscal_year)
    led = whole.assignments[whole.assignments["role"] == "lead"]
    held = led[led["department"].isin(traced)]
    counts = progress.count_status(plan, whole.items[whole.items["item"].isin(held["item"])])
    shown = [names[name] for name in traced if (held["department"] == name).any()]
    return (
        fiscal_year_label(fiscal_year),
        "、".join(shown) or "—",
        *map(str, count_with_sum(counts)),
    )


def notes(b: OpenBriefing) -> Sentences:
    """Return the notes under a department's document."""
    terms = b.plan.meta.terms
    item, kind = terms.item, terms.department
    notes = [
        f"一つの{item}に複数の{kind}が関わる場合は{kind}ごとに1件と数えるため、各{kind}の合計（延べ）は計画全体の件数を上回る。"
    ]
    if b.plan.meta.status_scale:
        notes.append(f"「{wording.NO_MARK}」は区分が示されていないことを表し、未着手を意味しない。")
    generic = b.plan.departments[b.plan.departments["kind"] == "generic"]["name"]
    if len(generic):
        names = "".join(f"「{name}」" for name in generic)
        notes.append(f"{names}は{kind}の総称であり、{kind}別の件数に含まない。")
    aliases = find_department(b.year)["aliases"]
    if aliases:
        printed = "".join(f"「{name}」" for name in aliases.split("|"))
        notes.append(f"{name_department(b.year)}は、資料に{printed}と記されたものを含む。")
    return Sentences(tuple(notes), role="note")
