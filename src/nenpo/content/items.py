"""Every item of the plan or of a department, one row an item, and the same rows as CSV."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd

from nenpo.analysis.items import Item, each_item, list_labels
from nenpo.analysis.progress import items_in_role
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Rows, Sentences, Table
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label


def full_list(b: OpenBriefing) -> Table | Nothing:
    """Return every row in the report's own columns, as 別紙 shows it.

    Columns that no row fills are left out where the plan has no marks: its reports are words.
    """
    if b.items.empty:
        return Nothing("この年度の取組がない")
    meta = b.plan.meta
    if not meta.status_scale:
        return _list_reports(b)
    labels = _year_labels(b.fiscal_year)
    label = f"{meta.terms.lead}（{meta.terms.supporting}）"
    columns, cells = column_of_leads(b, name_departments(b.plan, b.assignments), label, 10)
    rows = tuple(
        (
            *_format_place(b, row, title),
            row.status,
            _format_reason(row),
            *(getattr(row, column) for column in ("done", "next_year", "later")),
            *cells(row),
        )
        for row, title in _each_with_measure(b)
    )
    return Table(
        caption=f"{meta.short_title}　進捗状況一覧",
        columns=(
            Column(meta.terms.measure, width=9.5),
            Column("事業内容", width=12),
            Column("進捗状況", "center", 3, "mark"),
            Column("スケジュールの変更理由", width=5.5),
            *(
                Column(label, width=width)
                for label, width in zip(labels, (15, 15, 12), strict=True)
            ),
            *columns,
        ),
        rows=rows,
        row_headers=2,
        tones=meta.tones,
        legend=wording.format_legend(meta),
        note=f"進捗状況が空欄の行は、{wording.NO_MARK}である。",
    )


def _each_with_measure(b: OpenBriefing) -> Iterator[tuple[Item, str]]:
    """Yield the items with their measure's title, at its first item only if labels suffice."""
    shown: set[str] = set()
    # A label that two measures share, such as (1), says nothing without the title.
    measures = b.items.drop_duplicates("measure")
    ambiguous = bool(measures["measure_label"].duplicated().any())
    for row in each_item(b.items):
        yield row, "" if row.measure in shown and not ambiguous else row.measure_title
        shown.add(row.measure)


def _format_place(b: OpenBriefing, row: Item, title: str) -> tuple[str, str]:
    return f"{row.measure_label} {title}".rstrip(), _format_item(b, row)


def _list_reports(b: OpenBriefing) -> Table | Nothing:
    """Return the items of a plan without marks, unless its schedule lists them already."""
    if not b.plan.schedule.empty:
        return Nothing("取組は予定と進捗の一覧に示す")
    terms = b.plan.meta.terms
    label = f"{terms.lead}（{terms.supporting}）"
    columns, cells = column_of_leads(b, name_departments(b.plan, b.assignments), label, 9)
    columns_told = ("done", "next_year", "later", "note")
    used = _list_used(b.items, b.fiscal_year, columns_told, marked=False)
    rows = tuple(
        (
            *_format_place(b, row, title),
            *(getattr(row, column) for column, _ in used),
            *cells(row),
        )
        for row, title in _each_with_measure(b)
    )
    return Table(
        caption=f"{b.plan.meta.short_title}　{terms.item}の一覧",
        columns=(
            Column(terms.measure, width=10),
            Column(terms.item, width=13),
            *(Column(label, width=14) for _, label in used),
            *columns,
        ),
        rows=rows,
        row_headers=2,
        note="空欄は、資料に記載がないことを表す。",
    )


def _list_used(
    items: pd.DataFrame, fiscal_year: int, columns: Sequence[str], *, marked: bool
) -> list[tuple[str, str]]:
    """Return those of ``columns`` that a row fills, with their labels."""
    done, coming, later = _year_labels(fiscal_year)
    if not marked:  # reports in words name no fiscal year for what is to come
        done, coming, later = (
            f"{fiscal_year_label(fiscal_year)}の進捗",
            "今後の予定",
            "その後の予定",
        )
    labels = {
        "planned": f"{fiscal_year_label(fiscal_year)}の予定（前年度報告）",
        "done": done,
        "next_year": coming,
        "later": later,
        "issues": "課題",
        "note": "備考",
    }
    return [(column, labels[column]) for column in columns if (items[column] != "").any()]


def _year_labels(fiscal_year: int) -> tuple[str, str, str]:
    return (
        f"{fiscal_year_label(fiscal_year)}までの取組状況",
        f"{fiscal_year_label(fiscal_year + 1)}取組予定",
        f"{fiscal_year_label(fiscal_year + 2)}以降取組予定",
    )


def _format_item(b: OpenBriefing, item: Item) -> str:
    title = wording.format_title(item)
    if not item.relisted_from:
        return title
    return f"（{list_labels(b.plan)[item.relisted_from]}の再掲）{title}"


def _format_reason(item: Item) -> str:
    direction = f"［{wording.SHIFT_WORDS[item.shift]}］" if item.shift else ""
    return f"{direction}{item.change_reason}"


def column_of_leads(
    b: OpenBriefing, leads: Mapping[str, str], label: str, width: float
) -> tuple[tuple[Column, ...], Callable[[Item], tuple[str, ...]]]:
    """Return the column of those in charge and its cell of an item; neither where nobody is."""
    if b.assignments.empty:
        return (), lambda _: ()
    return (Column(label, width=width),), lambda item: (leads.get(item.item, ""),)


def name_departments(plan: Plan, assignments: pd.DataFrame) -> dict[str, str]:
    """Return each item's departments as text: leads first, supporting ones in parentheses."""
    names = plan.departments.set_index("department")["name"].to_dict()
    found: dict[str, dict[str, list[str]]] = {}
    for row in assignments.to_dict("records"):
        qualifier = f"（{row['qualifier']}）" if row["qualifier"] else ""
        by_role = found.setdefault(row["item"], {"lead": [], "supporting": []})
        by_role[row["role"]].append(f"{names[row['department']]}{qualifier}")
    return {
        item: "、".join(by_role["lead"])
        + (f"（{'、'.join(by_role['supporting'])}）" if by_role["supporting"] else "")
        for item, by_role in found.items()
    }


def led_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the items that a department leads."""
    return Sentences((_name_list(b, "lead"),), role="section")


def supported_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the items that a department supports."""
    return Sentences((_name_list(b, "supporting"),), role="section")


def _name_list(b: OpenBriefing, role: str) -> str:
    terms = b.plan.meta.terms
    if role == "lead":
        return f"所管する{terms.item}"
    return f"{terms.supporting}として関わる{terms.item}"


def led(b: OpenBriefing) -> Table | Nothing:
    """Return the items that the department leads: plan, result, next steps, issues."""
    return _list_items(b, "lead")


def supported(b: OpenBriefing) -> Table | Nothing:
    """Return the items that the department supports."""
    return _list_items(b, "supporting")


def _list_items(b: OpenBriefing, role: str) -> Table | Nothing:
    items = items_in_role(b.year, role)
    if items.empty:
        return Nothing(f"{_name_list(b, role)}がない")
    own = b.assignments["department"] == b.department
    others = name_departments(b.plan, b.assignments[~own])
    columns = ("planned", "done", "next_year", "later", "issues")
    meta = b.plan.meta
    marked = bool(meta.status_scale)
    used = _list_used(items, b.fiscal_year, columns, marked=marked)
    rows = tuple(
        (
            row.measure_label,
            _format_item(b, row),
            *([wording.format_status(meta, row)] if marked else []),
            *(getattr(row, column) for column, _ in used),
            others.get(row.item, ""),
        )
        for row in each_item(items)
    )
    return Table(
        caption=_name_list(b, role),
        columns=(
            Column("番号", width=3.2),
            Column(meta.terms.item, width=9.5),
            *([Column("区分", width=3.4)] if marked else []),
            *(Column(label, width=10) for _, label in used),
            Column(f"他の{meta.terms.lead}（{meta.terms.supporting}）", width=7.5),
        ),
        rows=rows,
        row_headers=2,
    )


def attachment(b: OpenBriefing) -> Rows | Nothing:
    """Return the rows behind the document as CSV, for readers who want to count again."""
    if b.items.empty:
        return Nothing("この年度の取組がない")
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
    columns += ["change_reason", "done", "next_year", "later"]
    columns += [c for c in ("adherence", "adherence_reason") if (b.items[c] != "").any()]
    columns += ["source", "line"]
    leads = name_departments(b.plan, b.assignments)
    frame = b.items[columns].assign(departments=[leads.get(item, "") for item in b.items["item"]])
    name, noun = b.department or "plan", b.plan.meta.terms.item
    return Rows(
        name=f"{b.plan.id}-{b.fiscal_year}-{name}.csv",
        description=f"この文書の{noun}の一覧（1行1{noun}、UTF-8）",
        csv=frame.to_csv(index=False, lineterminator="\n"),
    )
