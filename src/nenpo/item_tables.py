"""Values → the tables that list items, one row an item, and the same rows as CSV."""

from dataclasses import replace

from nenpo import progress, wording
from nenpo.briefing import Column, Nothing, Rows, Table
from nenpo.fiscal import fiscal_year_label
from nenpo.listing import Item, each_item
from nenpo.progress import Year
from nenpo.sentences import items_in_role


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
        tones=year.plan.meta.tones,
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
