"""Every item of the plan or of a department, one row an item, and the same rows as CSV."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.items import Item, each_item, list_labels
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Rows, Table
from nenpo.content.tables import list_things, tells_words
from nenpo.content.unreported import include_unreported
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label


@tells_words
def full_list(b: OpenBriefing) -> Table | Nothing:
    """Return every row in the report's own columns, as 別紙 shows it.

    Columns that no row fills are left out where the plan has no marks: its reports are words.
    """
    if b.items.empty:
        return Nothing(b.lacks_items)
    told, b = b, include_unreported(b)
    meta = b.plan.meta
    if not meta.status_scale:
        return _list_reports(b)
    labels, texts = _label_columns(b), {"done": 15, "next_year": 15, "later": 12}
    words = meta.status_words
    unrated = not progress.is_rated(told.items).all()
    return list_things(
        f"{meta.short_title}　進捗状況一覧",
        each_item(b.items),
        (Column(meta.terms.measure, width=9.5), _name_measures(b)),
        (Column("事業内容", width=12), lambda row: _format_item(b, row)),
        (Column("進捗状況", "center", 3, "mark"), attrgetter("status")),
        (Column(words.reason_column or words.reason, width=5.5), lambda r: _format_reason(b, r)),
        *((Column(labels[n], width=width), attrgetter(n)) for n, width in texts.items()),
        *_column_of_roles(b, 10),
        row_headers=2,
        tones=meta.tones,
        legend=wording.format_legend(meta),
        note=(f"進捗状況が空欄の行は、{wording.NO_MARK}である。" if unrated else "")
        + _note_silent(told),
    )


def _note_silent(b: OpenBriefing) -> str:
    if b.unreported.items.empty:
        return ""
    return f"取組状況が「{wording.NOT_REPORTED}」の行は、進捗の報告がない。"


def _name_measures(b: OpenBriefing) -> Callable[[Item], str]:
    """Return what names an item's measure: its title at its first item only if labels suffice."""
    # A label that two measures share, such as (1), says nothing without the title.
    measures = b.items.drop_duplicates("measure")
    ambiguous = bool(measures["measure_label"].duplicated().any())
    first = set(measures["item"])

    def name_measure(row: Item) -> str:
        titled = ambiguous or row.item in first
        return f"{row.measure_label} {row.measure_title if titled else ''}".rstrip()

    return name_measure


def _list_reports(b: OpenBriefing) -> Table | Nothing:
    """Return the items of a plan without marks, unless its schedule lists them already."""
    if not b.plan.schedule.empty:
        return Nothing(f"{b.terms.item}は予定と進捗の一覧に示す")
    shown = list_things(
        f"{b.plan.meta.short_title}　{b.terms.item}の一覧",
        each_item(b.items),
        (Column(b.terms.measure, width=10), _name_measures(b)),
        (Column(b.terms.item, width=13), lambda row: _format_item(b, row)),
        *_list_used(b, b.items, ("done", "next_year", "later", "note"), 14),
        *_column_of_roles(b, 9),
        row_headers=2,
    )
    blank = any("" in row for row in shown.rows)
    return replace(shown, note="空欄は、記載がないことを表す。") if blank else shown


def _label_columns(b: OpenBriefing) -> dict[str, str]:
    """Return what the columns of a year's report are called."""
    now, coming, after = (fiscal_year_label(b.fiscal_year + years) for years in range(3))
    labels = {
        "planned": f"{now}の予定（前年度報告）",
        "done": f"{now}までの取組状況",
        "next_year": f"{coming}取組予定",
        "later": f"{after}以降取組予定",
        "issues": "課題",
        "note": "備考",
    }
    # Reports in words name no fiscal year for what is to come.
    words = {"done": f"{now}の進捗", "next_year": "今後の予定", "later": "その後の予定"}
    return labels if b.has_marks else labels | words


def _list_used(
    b: OpenBriefing, items: pd.DataFrame, columns: Sequence[str], width: float
) -> list[tuple[Column, Callable[[Item], str]]]:
    """Return those of ``columns`` that a row fills."""
    labels, used = _label_columns(b), [name for name in columns if (items[name] != "").any()]
    return [(Column(labels[name], width=width), attrgetter(name)) for name in used]


def _format_item(b: OpenBriefing, item: Item) -> str:
    title = wording.format_title(item)
    if not item.relisted_from:
        return title
    return f"（{list_labels(b.plan)[item.relisted_from]}の再掲）{title}"


def _format_reason(b: OpenBriefing, item: Item) -> str:
    direction = f"［{wording.name_shift(b.plan.meta, item.shift)}］" if item.shift else ""
    return f"{direction}{item.change_reason}"


def column_of_leads(
    b: OpenBriefing, leads: Mapping[str, str], label: str, width: float
) -> list[tuple[Column, Callable[[Item], str]]]:
    """Return the column of those in charge with its cell of an item; none where nobody is."""
    if b.assignments.empty:
        return []
    return [(Column(label, width=width), lambda item: leads.get(item.item, ""))]


def _column_of_roles(b: OpenBriefing, width: float) -> list[tuple[Column, Callable[[Item], str]]]:
    terms, leads = b.terms, name_departments(b.plan, b.assignments)
    return column_of_leads(b, leads, f"{terms.lead}（{terms.supporting}）", width)


def name_departments(plan: Plan, assignments: pd.DataFrame) -> dict[str, str]:
    """Return each item's departments as text: leads first, supporting ones in parentheses."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in assignments.to_dict("records"):
        qualifier = f"（{row['qualifier']}）" if row["qualifier"] else ""
        by_role = found.setdefault(row["item"], {"lead": [], "supporting": []})
        by_role[row["role"]].append(f"{plan.department_names[row['department']]}{qualifier}")
    return {
        item: "、".join(by_role["lead"])
        + (f"（{'、'.join(by_role['supporting'])}）" if by_role["supporting"] else "")
        for item, by_role in found.items()
    }


def attachment(b: OpenBriefing) -> Rows | Nothing:
    """Return the rows behind the document as CSV, for readers who want to count again."""
    if b.items.empty:
        return Nothing(b.lacks_items)
    columns = ["item", "measure_label", "title", "scope", "actor", "relisted_from"]
    columns += ["status", "shift", "change_reason", "done", "next_year", "later"]
    columns += [c for c in ("adherence", "adherence_reason") if (b.items[c] != "").any()]
    columns += dict.fromkeys(b.plan.meta.columns)
    columns += ["source", "line"] if (b.items["source"] != "").any() else []
    leads = name_departments(b.plan, b.assignments)
    frame = b.items[columns].assign(departments=[leads.get(item, "") for item in b.items["item"]])
    name, noun = b.department or "plan", b.terms.item
    return Rows(
        name=f"{b.plan.id}-{b.fiscal_year}-{name}.csv",
        description=f"この文書の{noun}の一覧（1行1{noun}、UTF-8）",
        csv=frame.to_csv(index=False, lineterminator="\n"),
    )
