"""Values → tables on a plan's structure, its schedule beside its progress, and its descriptions."""

from collections.abc import Sequence

import pandas as pd

from nenpo.analysis.coverage import (
    Coverage,
    compare_reports,
    count_coverage,
    has_coverage,
    list_schedule_years,
    list_steps,
)
from nenpo.analysis.items import Item, each_item, list_titles, name_goal, name_subjects
from nenpo.analysis.progress import Year, is_relisted, items_in_role
from nenpo.content import wording
from nenpo.content.display import Column, Group, Nothing, RowKind, Sentences, Table
from nenpo.content.item_tables import name_departments
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label

_CountRow = tuple[str, Coverage | None]
_COUNTS = (
    ("items", ""),
    ("reported", "進捗あり"),
    ("scheduled", "予定あり"),
    ("planned", "以降予定"),
    ("kept", "予定どおり"),
    ("changed", "変更"),
    ("not_comparable", "比較できない"),
)


def coverage_by_measure(year: Year) -> Table | Nothing:
    """Return how many items of each measure are reported, scheduled and kept to schedule."""
    if not has_coverage(year):
        return Nothing("the plan has marks, or no items")
    items, terms = year.items, year.plan.meta.terms
    rows: list[_CountRow] = []
    labels = dict(zip(year.plan.measures["measure"], year.plan.measures["label"], strict=True))
    # Where a plan has several goals, each heads its measures; it may also stand for one.
    headed = items["goal"].nunique() > 1 and not (items["goal"] == items["measure"]).any()
    for goal, held in items.groupby("goal", sort=False):
        rows += [(name_subjects(year.plan)[str(goal)], None)] if headed else []
        for measure, own in held.groupby("measure", sort=False):
            # Below its goal, a measure needs no more than the label as printed.
            label = labels[str(measure)] if headed else own["measure_label"].iloc[0]
            name = f"{label} {own['measure_title'].iloc[0]}".rstrip()
            rows.append((name, count_coverage(year, own)))
    return _count_table(year, terms.measure, [*rows, ("計", count_coverage(year, items))])


def coverage_of_department(year: Year, whole: Year) -> Table | Nothing:
    """Return the same counts of a department's items in each role, beside the whole plan."""
    if not has_coverage(year):
        return Nothing("the plan has marks, or the department no items")
    terms = year.plan.meta.terms
    roles = (("lead", terms.lead), ("supporting", terms.supporting))
    held = [(word, items_in_role(year, role)) for role, word in roles]
    rows: list[_CountRow] = [
        (f"{word}として", count_coverage(year, items)) for word, items in held if len(items)
    ]
    everything = ("計画全体（参考）", count_coverage(whole, whole.items))
    return _count_table(year, "区分", [*rows, everything])


def _count_table(year: Year, heading: str, rows: Sequence[_CountRow]) -> Table:
    """Return the counts, the last row as total; a row without counts heads those below it."""
    terms = year.plan.meta.terms
    used = [
        (name, label or f"{terms.item}の数")
        for name, label in _COUNTS
        if any(getattr(counts, name) for _, counts in rows if counts)
    ]
    kinds: list[RowKind] = ["body" if counts else "group" for _, counts in rows[:-1]]
    judged = any(name == "kept" for name, _ in used)
    return Table(
        caption=f"{terms.item}の数と記載の状況",
        columns=(
            Column(heading, width=14),
            *(Column(label, "right", 3, "number") for _, label in used),
        ),
        rows=tuple(
            (label, *(str(getattr(counts, name)) if counts else "" for name, _ in used))
            for label, counts in rows
        ),
        kinds=(*kinds, "total"),
        note=_explain_counts(judged),
    )


def _explain_counts(judged: bool) -> str:
    told = "「進捗あり」「予定あり」は当年度の、「以降予定」は次年度以降の記載がある数である。"
    if judged:
        told += "予定との対比は、計画の予定と報告された進捗とを読み比べて判断したものである。"
    return told


def off_plan(year: Year) -> Table | Nothing:
    """Return the items whose progress is not as scheduled, or cannot be compared, with reasons."""
    own = year.items[~is_relisted(year.items)]
    judged = own[own["adherence"].isin(["changed", "not_comparable"])]
    if judged.empty:
        return Nothing("no item departs from its schedule")
    steps = list_steps(year.plan)
    order = judged.sort_values("adherence", kind="stable")  # changed before not_comparable
    terms = year.plan.meta.terms
    rows = tuple(
        (
            wording.ADHERENCE_WORDS[row.adherence],
            f"{row.measure_label} {wording.format_title(row)}",
            steps.get(row.item, {}).get(year.fiscal_year, wording.NOT_STATED),
            row.done or wording.NOT_STATED,
            row.adherence_reason,
        )
        for row in each_item(order)
    )
    label = fiscal_year_label(year.fiscal_year)
    return Table(
        caption=f"予定どおりでない{terms.item}及び比較できない{terms.item}",
        columns=(
            Column("対比", width=4.4),
            Column(terms.item, width=13),
            Column(f"{label}の予定", width=10),
            Column(f"{label}の進捗", width=10),
            Column("判断の理由", width=11),
        ),
        rows=rows,
        row_headers=2,
        note=_explain_steps(year.plan) if any("＊" in row[2] for row in rows) else "",
    )


def schedule_list(year: Year) -> Table | Nothing:
    """Return every item with the plan's schedule, year by year, beside its progress."""
    years = list_schedule_years(year.plan)
    if not years or year.items.empty:
        return Nothing("nothing scheduled")
    steps, leads = list_steps(year.plan), name_departments(year)
    terms = year.plan.meta.terms
    assigned = any(leads.values())
    more = (("next_year", "今後の予定"), ("issues", "課題"))
    told = [(column, label) for column, label in more if (year.items[column] != "").any()]
    rows = tuple(
        (
            f"{row.measure_label} {wording.format_title(row)}",
            *(steps.get(row.item, {}).get(each, "") for each in years),
            row.done or wording.NOT_STATED,
            *(getattr(row, column) for column, _ in told),
            wording.ADHERENCE_WORDS.get(row.adherence, ""),
            row.adherence_reason,
            *([leads.get(row.item, "")] if assigned else []),
        )
        for row in each_item(year.items)
    )
    return Table(
        caption=f"{year.plan.meta.short_title}　予定と進捗の一覧",
        columns=(
            Column(terms.item, width=17),
            *(Column(f"{fiscal_year_label(each)}の予定", width=11) for each in years),
            Column(f"{fiscal_year_label(year.fiscal_year)}の進捗", width=14),
            *(Column(label, width=10) for _, label in told),
            Column("対比", width=4.4),
            Column("判断の理由", width=11),
            *([Column(terms.lead, width=8)] if assigned else []),
        ),
        rows=rows,
        note=_explain_steps(year.plan),
    )


def _explain_steps(plan: Plan) -> str:
    if (plan.schedule["note"] == "").all():
        return ""
    return "＊の付く予定は、資料の表の区切りが失われているため、年度等を推定したものである。"


def report_changes(year: Year) -> Table | Nothing:
    """Return, where progress is told in words, last year's words beside this year's."""
    paired = compare_reports(year) if has_coverage(year) else None
    if paired is None:
        return Nothing("no earlier year, or the plan has marks")
    before, now = (fiscal_year_label(each) for each in (year.fiscal_year - 1, year.fiscal_year))
    rows = tuple(
        (
            f"{item.measure_label} {wording.format_title(item)}",
            told or wording.NOT_STATED,
            _tell_same(item, str(told)),
        )
        for item, told in zip(each_item(paired), paired["before"], strict=True)
    )
    return Table(
        caption="前年度からの変化",
        columns=(
            Column(year.plan.meta.terms.item, width=16),
            Column(f"{before}の進捗", width=14),
            Column(f"{now}の進捗", width=14),
        ),
        rows=rows,
    )


def _tell_same(item: Item, before: str) -> str:
    same = item.done and item.done == before
    return "（前年度と同じ記載）" if same else item.done or wording.NOT_STATED


def describe_plan(year: Year) -> Table | Nothing:
    """Return what the plan says of itself as a whole, aspect by aspect."""
    table = _describe_subject(year, "plan", year.plan.meta.short_title)
    return table or Nothing("nothing said of the whole plan")


def describe_parts(year: Year) -> Group | Nothing:
    """Return a table for each goal and measure that the plan describes."""
    plan = year.plan
    titles = list_titles(plan)
    # Goals and measures in their order, then the items that are described by themselves.
    names = name_subjects(plan) | {item: titles[item] for item in plan.items["item"]}
    held = {*year.items["measure"], *year.items["item"]}
    own = (held if year.department else names.keys() - {"plan"}) & {*plan.sheets["subject"]}
    parts: list[Sentences | Table] = []
    for subject in (name for name in names if name in own):
        table = _describe_subject(year, subject, titles.get(subject) or names[subject])
        parts += [Sentences((names[subject],), role="subheading"), table] if table else []
    return Group(tuple(parts)) if parts else Nothing("nothing described")


def _describe_subject(year: Year, subject: str, name: str) -> Table | None:
    """Return what the plan says of one part, aspect by aspect; None if it says nothing."""
    own = year.plan.sheets[year.plan.sheets["subject"] == subject]
    rows = []
    for aspect in year.plan.meta.aspects:
        texts = list(own.loc[own["aspect"] == aspect.id, "text"])
        if texts:
            points = texts if len(texts) == 1 else [f"・{text}" for text in texts]
            rows.append((aspect.label, "\n".join(points)))
    if not rows:
        return None
    return Table(
        caption=f"{name}の概要",
        columns=(Column("観点", width=6), Column("内容", width=34)),
        rows=tuple(rows),
    )


def structure(year: Year) -> Table | Nothing:
    """Return the plan's goals and measures, where it has some that the year does not report."""
    plan, terms = year.plan, year.plan.meta.terms
    reported = year.items["measure"].value_counts()
    if reported.empty or plan.measures["measure"].isin(reported.index).all():
        return Nothing("no measure is reported, or every one")
    rows: list[tuple[str, str]] = []
    kinds: list[RowKind] = []
    for goal in plan.meta.goals:
        own = plan.measures[plan.measures["goal"] == goal.id]
        listed = _list_measures(plan, own, reported)
        rows += [(name_goal(goal), ""), *listed]
        kinds += ["group", *["body" for _ in listed]]  # type: ignore[list-item]  # two row kinds
        if goal.id in reported.index:
            rows.append((f"（{terms.measure}の別は資料に記載なし）", str(reported[goal.id])))
            kinds.append("body")
    note = f"—は、この文書で報告する{terms.item}がないことを表す。{plan.meta.structure_note}"
    return Table(
        caption=f"{plan.meta.short_title}の体系",
        columns=(
            Column(f"{terms.goal}・{terms.measure}", width=32),
            Column(f"{terms.item}の数", "right", 3, "number"),
        ),
        rows=tuple(rows),
        kinds=tuple(kinds),
        note=note,
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
