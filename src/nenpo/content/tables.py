"""Values → the tables of a document: strings only, ready to be read."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.departments import trace_departments
from nenpo.analysis.indicators import Assessment
from nenpo.analysis.items import each_item, has_progress
from nenpo.analysis.progress import Year, items_in_role
from nenpo.content import wording
from nenpo.content.display import Column, HeaderCell, Nothing, RowKind, Table
from nenpo.data.schema.declarations import Goal, PlanMeta
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import format_ratio, format_share, format_value, round_half_up

Counts = Mapping[str, int]


def status_by_goal(year: Year) -> Table | Nothing:
    """Return the table mark × goal with the share of each mark in all rated items."""
    meta, items = year.plan.meta, year.items
    if not meta.status_scale or items.empty:
        return Nothing("the plan has no marks, or the year no items")
    by_goal = progress.count_by(year.plan, items, "goal")
    total = progress.count_status(year.plan, items)
    rated = sum(total.values())
    goals = [goal for goal in meta.goals if goal.id in by_goal]
    rows = [
        (
            wording.name_mark(entry),
            *(str(by_goal[goal.id][entry.mark]) for goal in goals),
            str(total[entry.mark]),
            format_share(total[entry.mark], rated),
        )
        for entry in meta.status_scale
    ]
    sums = (str(sum(by_goal[goal.id].values())) for goal in goals)
    rows.append(("計", *sums, str(rated), "100％" if rated else "—"))
    return Table(
        caption="進捗区分別の件数（目標別）",
        columns=(
            Column("進捗区分", width=8),
            *(Column(goal.label, "right", 2, "number") for goal in goals),
            Column("計", "right", 2, "number"),
            Column("割合", "right", 2.2, "number"),
        ),
        rows=tuple(rows),
        kinds=_kinds_with_total(len(meta.status_scale)),
        note="\n".join(filter(None, (_note_goals(goals), _note_shares(total)))),
    )


def _note_goals(goals: Sequence[Goal]) -> str:
    told = "、".join(f"{goal.label}は「{goal.title}」" for goal in goals if goal.title)
    return f"{told}である。" if told else ""


def _note_shares(counts: Counts) -> str:
    rated = sum(counts.values())
    shares = [round_half_up(Decimal(n) * 100 / rated, 1) for n in counts.values() if rated]
    whole = not shares or sum(shares) == 100
    return "" if whole else "割合は小数第2位を四捨五入したため、各区分の合計は100％と一致しない。"


def _kinds_with_total(rows: int) -> tuple[RowKind, ...]:
    body: list[RowKind] = ["body"] * rows
    return (*body, "total")


def indicator_overview(assessments: Sequence[Assessment]) -> Table | Nothing:
    """Return one row an indicator: values, targets, progress to each, standing."""
    if not assessments:
        return Nothing("no indicator")
    years = sorted({target.fiscal_year for entry in assessments for target in entry.targets})
    previous = assessments[0].previous_year
    rows = tuple(
        (
            entry.name,
            format_value(entry.previous, entry.unit),
            format_value(entry.actual, entry.unit, entry.missing),
            *(cell for year in years for cell in _target_cells(entry, year)),
            wording.name_standing(entry) if entry.actual else "—",
        )
        for entry in assessments
    )
    target = (Column("目標", "right", 4.6), Column("進捗率", "right", 5))
    return Table(
        caption="成果指標の推移",
        columns=(
            Column("指標", width=18),
            Column(fiscal_year_label(previous), "right", 4.6),
            Column(fiscal_year_label(previous + 1), "right", 4.6),
            *(column for _ in years for column in target),
            Column("動き", width=3.4),
        ),
        groups=(
            HeaderCell(""),
            HeaderCell("実績", 2),
            *(HeaderCell(_head_target(assessments, year), 2) for year in years),
            HeaderCell(""),
        ),
        rows=rows,
        note=(
            "進捗率は基準値からの進捗率、経過は経過期間の割合である（算式は参考に示す）。"
            "約の付く値から求めた進捗率は整数で示した。"
            if years
            else ""
        )
        + "—は値の記載がないことを表す。",
    )


def _head_target(assessments: Sequence[Assessment], fiscal_year: int) -> str:
    """Return 「令和5年度（経過33.3％）」; without the share where baselines differ."""
    shares = {
        target.elapsed
        for entry in assessments
        for target in entry.targets
        if target.fiscal_year == fiscal_year
    }
    elapsed = f"（経過{format_ratio(shares.pop())}）" if len(shares) == 1 else ""
    return f"{fiscal_year_label(fiscal_year)}{elapsed}"


def _target_cells(entry: Assessment, fiscal_year: int) -> tuple[str, str]:
    for target in entry.targets:
        if target.fiscal_year == fiscal_year:
            goal = format_value(target.value, entry.unit)
            return goal, wording.format_achievement(entry, target)
    return "—", "—"


def status_counts(
    caption: str, heading: str, rows: Iterable[tuple[str, Counts]], meta: PlanMeta
) -> Table | Nothing:
    """Return a table of marks: one row for each (label, counts)."""
    texts = tuple(
        (
            label,
            *(str(counts[entry.mark]) for entry in meta.status_scale),
            str(sum(counts.values())),
        )
        for label, counts in rows
    )
    if not meta.status_scale or not texts:
        return Nothing("nothing to count")
    return Table(
        caption=caption,
        columns=(
            Column(heading, width=12),
            *(Column(entry.mark, "right", 2, "number") for entry in meta.status_scale),
            Column("計", "right", 2, "number"),
        ),
        rows=texts,
    )


def status_by_measure(year: Year) -> Table | Nothing:
    """Return the counts of every measure that has a rated item."""
    # Titles from the year's items: misread ones are corrected there.
    names = year.items["measure_label"] + " " + year.items["measure_title"]
    labels = dict(zip(year.items["measure"], names, strict=True))
    counts = progress.count_by(year.plan, year.items, "measure")
    rows = ((labels[measure].rstrip(), found) for measure, found in counts.items())
    term = year.plan.meta.terms.measure
    return status_counts(f"{term}別の件数", term, rows, year.plan.meta)


def status_by_policy(year: Year) -> Table | Nothing:
    """Return the counts of every policy."""
    counts = progress.count_by(year.plan, year.items, "policy")
    term = year.plan.meta.terms.policy
    rows = ((f"{term}{policy.removeprefix('p')}", found) for policy, found in counts.items())
    return status_counts(f"{term}別の件数", term, rows, year.plan.meta)


def status_by_department(year: Year) -> Table | Nothing:
    """Return the counts of every department in 建制順: as lead, and as lead or supporting."""
    meta = year.plan.meta
    names = year.plan.departments.set_index("department")["name"].to_dict()
    roles: tuple[tuple[progress.Role, ...], ...] = (("lead",), ("lead", "supporting"))
    lead, both = (progress.count_by_department(year, wanted) for wanted in roles)
    none = dict.fromkeys(meta.marks, 0)
    if not meta.status_scale:
        return Nothing("the plan has no marks")
    numbers = [
        [n for counts in (lead.get(name, none), both[name]) for n in _count_with_sum(counts)]
        for name in both
    ]
    if not numbers:
        return Nothing("no department")
    sums = [sum(column) for column in zip(*numbers, strict=True)]
    rows = [(names[name], *map(str, row)) for name, row in zip(both, numbers, strict=True)]
    marks = (*(Column(mark, "right", 2, "number") for mark in meta.marks),)
    block = (*marks, Column("計", "right", 2.4, "number"))
    terms = meta.terms
    provisional = bool(meta.department_order_note)
    order = meta.department_order_note
    return Table(
        caption=f"{terms.lead}別の件数（延べ{'' if provisional else '、建制順'}）",
        columns=(Column(terms.department, width=9), *block, *block),
        groups=(
            HeaderCell(""),
            HeaderCell(f"{terms.lead}として", len(block)),
            HeaderCell(f"{terms.lead}又は{terms.supporting}として", len(block)),
        ),
        rows=(*rows, ("計（延べ）", *map(str, sums))),
        kinds=_kinds_with_total(len(rows)),
        note=f"複数の{terms.department}が関わる{terms.item}は{terms.department}ごとに数えるため、"
        f"計は{terms.item}の件数を上回る。{order}",
    )


def _count_with_sum(counts: Counts) -> tuple[int, ...]:
    return (*counts.values(), sum(counts.values()))


def transitions(year: Year) -> Table | Nothing:
    """Return how many items moved from each mark to each other mark since last year."""
    moved = progress.compare_years(year)
    if moved is None or moved.counts.empty:
        return Nothing("no earlier year")
    rows = tuple(
        (before, after, str(count))
        for before, after, count in moved.counts.itertuples(index=False, name=None)
    )
    columns = (
        Column("前年度", "center"),
        Column("当年度", "center"),
        Column("件数", "right", kind="number"),
    )
    return Table(caption="進捗区分の移り変わり", columns=columns, rows=rows, row_headers=2)


def department_counts(year: Year, whole: Year) -> Table | Nothing:
    """Return the department's counts in each role beside those of the whole plan."""
    meta = year.plan.meta
    groups = (
        (f"{meta.terms.lead}として", items_in_role(year, "lead")),
        (f"{meta.terms.supporting}として", items_in_role(year, "supporting")),
        ("計画全体（参考）", whole.items),
    )
    if not meta.status_scale:
        return Nothing("the plan has no marks")
    rows = tuple((label, *_count_cells(year, items)) for label, items in groups)
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


def _count_cells(year: Year, items: pd.DataFrame) -> tuple[str, ...]:
    counts = progress.count_status(year.plan, items)
    rows = progress.count_rows(items)
    return tuple(str(count) for count in (*counts.values(), rows.rated, rows.unrated))


def department_history(year: Year) -> Table | Nothing:
    """Return a department's counts as lead in every earlier year, with those it follows."""
    plan, terms = year.plan, year.plan.meta.terms
    earlier = [each for each in sorted(plan.years) if each < year.fiscal_year]
    reported = [each for each in earlier if has_progress(plan, each)]
    if not reported or not plan.meta.status_scale:
        return Nothing("no earlier year, or no marks")
    rows = [_count_history(year, each) for each in (*reported, year.fiscal_year)]
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


def _count_history(year: Year, fiscal_year: int) -> tuple[str, ...]:
    """Return the counts of the items that the department's predecessors led, each item once."""
    plan = year.plan
    names = plan.departments.set_index("department")["name"]
    traced = trace_departments(plan, str(year.department), year.fiscal_year, fiscal_year)
    whole = progress.load_year(plan, fiscal_year)
    led = whole.assignments[whole.assignments["role"] == "lead"]
    held = led[led["department"].isin(traced)]
    counts = progress.count_status(plan, whole.items[whole.items["item"].isin(held["item"])])
    shown = [names[name] for name in traced if (held["department"] == name).any()]
    return (
        fiscal_year_label(fiscal_year),
        "、".join(shown) or "—",
        *map(str, _count_with_sum(counts)),
    )


def item_changes(year: Year) -> Table | Nothing:
    """Return the items that are new, continue another, have ended, or are not reported."""
    moved = progress.compare_years(year)
    if moved is None:
        return Nothing("no earlier year")
    titles = dict(zip(year.plan.items["item"], year.plan.items["title"], strict=True))
    paired = moved.paired
    renewed = paired[(paired["previous_item"] != "") & (paired["previous_item"] != paired["item"])]
    rows = [
        *(("新たに加わった", wording.format_title(item), "") for item in each_item(moved.started)),
        *(
            ("引き継いだ", wording.format_title(item), titles[before])
            for item, before in zip(each_item(renewed), renewed["previous_item"], strict=True)
        ),
        *(("終了した", "", wording.format_title(item)) for item in each_item(moved.ended)),
        *(("報告に記載がない", "", wording.format_title(i)) for i in each_item(moved.unreported)),
    ]
    if not rows:
        return Nothing("the items are those of the year before")
    noun = year.plan.meta.terms.item
    return Table(
        caption=f"{noun}の異動",
        columns=(
            Column("異動", width=5),
            Column(f"当年度の{noun}", width=16),
            Column(f"前年度の{noun}", width=16),
        ),
        rows=tuple(rows),
    )
