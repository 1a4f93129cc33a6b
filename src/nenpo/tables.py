"""Values → the tables of a document: strings only, ready to be read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from nenpo import progress, wording
from nenpo.briefing import Column, HeaderCell, Nothing, RowKind, Rows, Table
from nenpo.declarations import PlanMeta
from nenpo.fiscal import fiscal_year_label
from nenpo.indicators import Assessment
from nenpo.listing import Item, each_item
from nenpo.progress import Year
from nenpo.sentences import items_in_role

Counts = Mapping[str, int]


def status_by_goal(year: Year) -> Table | Nothing:
    """Return the table mark × goal with the share of each mark in all rated items."""
    meta, items = year.plan.meta, year.items
    if not meta.status_scale:
        return Nothing("the plan has no marks")
    by_goal = progress.count_by(year.plan, items, "goal")
    total = progress.count_status(year.plan, items)
    rated = sum(total.values())
    goals = [goal for goal in meta.goals if goal.id in by_goal]
    rows = [
        (
            f"{entry.mark} {entry.label}",
            *(str(by_goal[goal.id][entry.mark]) for goal in goals),
            str(total[entry.mark]),
            wording.format_share(total[entry.mark], rated),
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
        note=_note_shares(total),
    )


def _note_shares(counts: Counts) -> str:
    rated = sum(counts.values())
    shares = [wording.round_half_up(Decimal(n) * 100 / rated, 1) for n in counts.values() if rated]
    whole = not shares or sum(shares) == 100
    return "" if whole else "割合は小数第2位を四捨五入したため、合計は100％にならない。"


def _kinds_with_total(rows: int) -> tuple[RowKind, ...]:
    body: list[RowKind] = ["body"] * rows
    return (*body, "total")


def off_schedule(year: Year) -> Table | Nothing:
    """Return the items that are not on schedule: those behind first, those ahead last."""
    off = progress.list_off_schedule(year)
    if off.empty:
        return Nothing("every rated item is on schedule")
    leads = name_departments(year)
    rows = tuple(
        (
            wording.format_status(year.plan.meta, row),
            f"{row.measure_label} {wording.format_title(row)}",
            leads.get(row.item, ""),
            row.change_reason or wording.NO_REASON,
            row.next_year or wording.NOT_STATED,
        )
        for row in each_item(off)
    )
    coming = fiscal_year_label(year.fiscal_year + 1)
    return Table(
        caption="スケジュールどおりでない取組",
        columns=(
            Column("進捗区分", width=4.2),
            Column("取組", width=17),
            Column("所管課", width=5.5),
            Column("変更理由", width=11.5),
            Column(f"{coming}の予定", width=14),
        ),
        rows=rows,
        row_headers=2,
    )


def progress_list(year: Year) -> Table:
    """Return every row in the report's own eight columns, as 別紙 shows it."""
    labels = _year_labels(year.fiscal_year)
    leads = name_departments(year)
    shown: set[str] = set()
    rows = []
    for row in each_item(year.items):
        title = "" if row.measure in shown else row.measure_title
        shown.add(row.measure)
        rows.append(
            (
                f"{row.measure_label} {title}".rstrip(),
                _format_item(year, row),
                row.status,
                _format_reason(row),
                *(getattr(row, column) for column in ("done", "next_year", "later")),
                leads.get(row.item, ""),
            )
        )
    return Table(
        caption=f"{year.plan.meta.short_title}　進捗状況一覧",
        columns=(
            Column("実施内容", width=9.5),
            Column("事業内容", width=12),
            Column("進捗状況", "center", 3, "mark"),
            Column("スケジュールの変更理由", width=5.5),
            *(
                Column(label, width=width)
                for label, width in zip(labels, (15, 15, 12), strict=True)
            ),
            Column("所管課（関係課）", width=10),
        ),
        rows=tuple(rows),
        row_headers=2,
        tones=tones_of(year.plan.meta),
        legend=wording.format_legend(year.plan.meta),
        note=f"進捗状況が空欄の行は、{wording.NO_MARK}である。",
    )


def _year_labels(fiscal_year: int) -> tuple[str, str, str]:
    return (
        f"{fiscal_year_label(fiscal_year)}までの取組状況",
        f"{fiscal_year_label(fiscal_year + 1)}取組予定",
        f"{fiscal_year_label(fiscal_year + 2)}以降取組予定",
    )


def _format_item(year: Year, item: Item) -> str:
    title = wording.format_title(item)
    if not item.relisted_from:
        return title
    listed = year.plan.items.merge(year.plan.measures, on="measure").set_index("item")
    return f"（{listed['label'][item.relisted_from]}の再掲）{title}"


def _format_reason(item: Item) -> str:
    direction = f"［{wording.SHIFT_WORDS[item.shift]}］" if item.shift else ""
    return f"{direction}{item.change_reason}"


def tones_of(meta: PlanMeta) -> dict[str, str]:
    """Return the tone of each mark, by which exporters colour it."""
    return {entry.mark: entry.tone for entry in meta.status_scale}


def name_departments(year: Year) -> dict[str, str]:
    """Return each item's departments as text: leads first, supporting ones in parentheses."""
    names = year.plan.departments.set_index("department")["name"].to_dict()
    found: dict[str, dict[str, list[str]]] = {}
    for row in year.assignments.to_dict("records"):
        qualifier = f"（{row['qualifier']}）" if row["qualifier"] else ""
        by_role = found.setdefault(row["item"], {"lead": [], "supporting": []})
        by_role[row["role"]].append(f"{names[row['department']]}{qualifier}")
    return {
        item: "、".join(by_role["lead"])
        + (f"（{'、'.join(by_role['supporting'])}）" if by_role["supporting"] else "")
        for item, by_role in found.items()
    }


def indicator_overview(assessments: Sequence[Assessment]) -> Table | Nothing:
    """Return one row an indicator: values, targets, progress to each, standing."""
    if not assessments:
        return Nothing("no indicator")
    years = sorted({target.fiscal_year for entry in assessments for target in entry.targets})
    previous = assessments[0].previous_year
    rows = tuple(
        (
            entry.name,
            wording.format_value(entry.previous, entry.unit),
            wording.format_value(entry.actual, entry.unit, entry.missing),
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
        note="進捗率は基準値からの進捗率、経過は経過期間の割合である（算式は参考に示す）。"
        "約の付く値から求めた進捗率は整数で示した。—は値の記載がないことを表す。",
    )


def _head_target(assessments: Sequence[Assessment], fiscal_year: int) -> str:
    """Return 「令和5年度（経過33.3％）」; without the share where baselines differ."""
    shares = {
        target.elapsed
        for entry in assessments
        for target in entry.targets
        if target.fiscal_year == fiscal_year
    }
    elapsed = f"（経過{wording.format_ratio(shares.pop())}）" if len(shares) == 1 else ""
    return f"{fiscal_year_label(fiscal_year)}{elapsed}"


def _target_cells(entry: Assessment, fiscal_year: int) -> tuple[str, str]:
    for target in entry.targets:
        if target.fiscal_year == fiscal_year:
            goal = wording.format_value(target.value, entry.unit)
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
    labels = year.plan.measures.set_index("measure").to_dict("index")
    counts = progress.count_by(year.plan, year.items, "measure")
    rows = (
        (f"{labels[measure]['label']} {labels[measure]['title']}".rstrip(), found)
        for measure, found in counts.items()
    )
    return status_counts("実施内容別の件数", "実施内容", rows, year.plan.meta)


def status_by_policy(year: Year) -> Table | Nothing:
    """Return the counts of every policy."""
    counts = progress.count_by(year.plan, year.items, "policy")
    rows = ((f"施策{policy.removeprefix('p')}", found) for policy, found in counts.items())
    return status_counts("施策別の件数", "施策", rows, year.plan.meta)


def status_by_department(year: Year) -> Table | Nothing:
    """Return the counts of every department in 建制順: as lead, and as lead or supporting."""
    meta = year.plan.meta
    names = year.plan.departments.set_index("department")["name"].to_dict()
    roles: tuple[tuple[progress.Role, ...], ...] = (("lead",), ("lead", "supporting"))
    lead, both = (progress.count_by_department(year, wanted) for wanted in roles)
    none = dict.fromkeys(meta.marks, 0)
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
    order = "並びは仮の順である。" if meta.department_order_note else ""
    return Table(
        caption="所管課別の件数（延べ、建制順）",
        columns=(Column("課", width=9), *block, *block),
        groups=(
            HeaderCell(""),
            HeaderCell("所管課として", len(block)),
            HeaderCell("所管課又は関係課として", len(block)),
        ),
        rows=(*rows, ("計（延べ）", *map(str, sums))),
        kinds=_kinds_with_total(len(rows)),
        note=f"複数の課が関わる取組は課ごとに数えるため、計は取組の件数を上回る。{order}",
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
        ("所管課として", items_in_role(year, "lead")),
        ("関係課として", items_in_role(year, "supporting")),
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


def items_led(year: Year) -> Table | Nothing:
    """Return the items that the department leads: plan, result, next steps, issues."""
    return _list_items(year, "lead", "所管する取組")


def items_supported(year: Year) -> Table | Nothing:
    """Return the items that the department supports."""
    return _list_items(year, "supporting", "関係課として関わる取組")


def _list_items(year: Year, role: str, caption: str) -> Table | Nothing:
    items = items_in_role(year, role)
    if items.empty:
        return Nothing(f"no item in the role {role}")
    own = year.assignments["department"] == year.department
    others = name_departments(replace(year, assignments=year.assignments[~own]))
    labels = _year_labels(year.fiscal_year)
    planned = f"{fiscal_year_label(year.fiscal_year)}の予定（前年度報告）"
    optional = [("planned", planned), ("done", labels[0]), ("next_year", labels[1])]
    optional += [("later", labels[2]), ("issues", "課題")]
    used = [(column, label) for column, label in optional if (items[column] != "").any()]
    rows = tuple(
        (
            row.measure_label,
            _format_item(year, row),
            wording.format_status(year.plan.meta, row),
            *(getattr(row, column) for column, _ in used),
            others.get(row.item, ""),
        )
        for row in each_item(items)
    )
    return Table(
        caption=caption,
        columns=(
            Column("番号", width=3.2),
            Column("取組", width=9.5),
            Column("区分", width=3.4),
            *(Column(label, width=10) for _, label in used),
            Column("他の所管課（関係課）", width=7.5),
        ),
        rows=rows,
        row_headers=2,
    )


def attached_rows(year: Year) -> Rows:
    """Return the rows behind the document as CSV, for readers who want to count again."""
    columns = [
        "item",
        "measure_label",
        "title",
        "scope",
        "actor",
        "relisted_from",
        "status",
        "shift",
    ]
    columns += ["change_reason", "done", "next_year", "later", "source", "line"]
    leads = name_departments(year)
    frame = year.items[columns].assign(departments=year.items["item"].map(leads).fillna(""))
    name = year.department or "plan"
    return Rows(
        name=f"{year.plan.id}-{year.fiscal_year}-{name}.csv",
        description="この文書の取組の一覧（1行1取組、UTF-8）",
        csv=frame.to_csv(index=False, lineterminator="\n"),
    )
