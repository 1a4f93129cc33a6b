"""Every item of the plan or of a department, one row an item, and the same rows as CSV."""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.items import Item, each_item, list_labels, number_items
from nenpo.analysis.late import is_late
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, RowKind, Rows, Table
from nenpo.content.extras import describe_item
from nenpo.content.tables import join_alike, tells_words
from nenpo.content.unreported import include_unreported
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label

_Row = tuple[tuple[str, ...], RowKind]
_ShownColumn = tuple[Column, Callable[[Item], str]]


@tells_words
def full_list(b: OpenBriefing) -> Table | Nothing:
    """Return every item as 別紙 shows it: one row each below its measure, reasons across the width.

    Columns that no row fills are left out. What is late is tinted; a text that is the same in two
    neighbouring columns is printed once across both.
    """
    if b.items.empty:
        return Nothing(b.lacks_items)
    if not b.has_marks and not b.plan.schedule.empty:
        return Nothing(f"{b.terms.item}は予定と進捗の一覧に示す")
    b = include_unreported(b)
    meta = b.plan.meta
    shown = _choose_columns(b)
    listed = _list_rows(b, [show for _, show in shown])
    told = {*_label_columns(b).values()}
    texts = [place for place, (column, _) in enumerate(shown) if column.label in told]
    kinds = [kind for _, kind in listed]
    rows, joined = join_alike([cells for cells, _ in listed], kinds, texts)
    return Table(
        f"{meta.short_title}　{'進捗状況' if b.has_marks else b.terms.item}一覧",
        tuple(column for column, _ in shown),
        rows,
        kinds=tuple(kinds),
        row_headers=2 if b.has_marks else 1,
        tones=meta.tones,
        spoken=wording.speak_marks(meta),
        legend=wording.format_legend(meta),
        joined=joined,
        note=_note_blanks(b),
    )


def _choose_columns(b: OpenBriefing) -> list[_ShownColumn]:
    cite = cite_item(b)
    mark: _ShownColumn = (Column("区分", "center", 2.6, "mark"), attrgetter("status"))
    labels = _label_columns(b)
    leads = name_departments(b.plan, b.assignments)
    names = {item: shorten_names(held, b.terms.department) for item, held in leads.items()}
    widths = {"done": 16, "next_year": 15, "later": 12}
    return [
        *([mark] if b.has_marks else []),
        (Column(b.terms.item, width=17), lambda item: f"{cite(item)}{tell_origin(b, item)}"),
        *(
            (Column(labels[name], width=width), attrgetter(name))
            for name, width in widths.items()
            if (b.items[name] != "").any()
        ),
        *column_of_leads(b, names, name_roles(b), 12),
    ]


def cite_item(b: OpenBriefing) -> Callable[[Item], str]:
    """Return what names an item by its number and title: 「1-1-②-3 …」."""
    numbers = number_items(b.plan)
    return lambda item: f"{numbers[item.item]} {wording.format_bare_title(item)}"


def tell_origin(b: OpenBriefing, item: Item) -> str:
    """Return where an item that is listed again stands first, "" for any other."""
    if not item.relisted_from:
        return ""
    names = list_labels(b.plan) | number_items(b.plan)
    return f"（{names[item.relisted_from]}の再掲）"


def _list_rows(b: OpenBriefing, shows: Sequence[Callable[[Item], str]]) -> list[_Row]:
    """Return the rows of the list: a measure's name and counts, its items, what is said of each."""
    rows: list[_Row] = []
    blank = ("",) * (len(shows) - 1)
    late = set(b.items.loc[is_late(b.plan, b.items), "item"])
    leads = name_departments(b.plan, b.assignments)
    for _, own in b.items.groupby("measure", sort=False):
        first = next(each_item(own))
        name = f"{first.measure_label} {first.measure_title or _UNNAMED}"
        rows.append(((name, _count_own(b, own), *blank)[: len(shows)], "group"))
        for item in each_item(own):
            kind: RowKind = "attention" if item.item in late else "body"
            rows.append((tuple(show(item) for show in shows), kind))
            if told := _tell_more(b, item, leads.get(item.item, "")):
                rows.append(((told, *blank), "note"))
    return rows


def _count_own(b: OpenBriefing, items: pd.DataFrame) -> str:
    """Return what stands small behind a measure's name: 「◎5 ○1　再掲2件」."""
    relisted = int((progress.is_relisted(items) & ~progress.is_rated(items)).sum())
    marks = wording.format_counts(progress.count_status(b.plan, items))
    counted = "" if b.has_marks else f"{len(items) - relisted}件"
    again = f"再掲{relisted}件" if relisted else ""
    return "　".join(filter(None, (marks or counted, again)))


def _tell_more(b: OpenBriefing, item: Item, names: str) -> str:
    """Return what is said of an item across the width: its reason, its plan, its issues, remarks.

    What a transcription notes of a row is about the reading and stays out.
    """
    off = b.plan.meta.tones.get(item.status, "good") != "good"
    planned = item.planned if off and item.planned != item.done else ""
    reason = f"{b.plan.meta.status_words.reason}：{item.change_reason}"
    told = (
        explain_mark(b, item) if off else reason if item.change_reason else "",
        f"前年度に示した予定：{planned}" if planned else "",
        f"課題：{item.issues}" if item.issues else "",
        f"備考：{item.note}" if item.note and not item.source else "",
        describe_item(b, item),
        f"{name_roles(b)}：{names}" if len(names) > _LONGEST_NAMES else "",
    )
    return "　".join(filter(None, told))


def explain_mark(b: OpenBriefing, item: Item) -> str:
    """Return what a mark that is not good means, and the reason: 「未着手　変更理由：…」."""
    meta = b.plan.meta
    shift = wording.format_status(meta, item).removeprefix(item.status).strip()
    label = wording.mark_of(meta, item.status).label
    meaning = shift or label.removeprefix(item.status)
    reason = f"{meta.status_words.reason}：{item.change_reason or wording.NOT_STATED}"
    return f"{meaning}　{reason}".lstrip("　")


def _note_blanks(b: OpenBriefing) -> str:
    """Return what a blank mark or cell means, where there are some."""
    if not b.has_marks:
        blank = (b.items[["done", "next_year", "later"]] == "").any(axis=None)
        return "空欄は、記載がないことを表す。" if blank else ""
    unrated = not progress.is_rated(b.items).all()
    told = f"区分が空欄の行は、{wording.NO_MARK}である。" if unrated else ""
    if b.unreported.items.empty:
        return told
    return f"{told}取組状況が「{wording.NOT_REPORTED}」の行は、進捗の報告がない。"


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


def column_of_leads(
    b: OpenBriefing, leads: Mapping[str, str], label: str, width: float
) -> list[tuple[Column, Callable[[Item], str]]]:
    """Return the column of those in charge with its cell of an item; none where nobody is."""
    if b.assignments.empty:
        return []
    return [(Column(label, width=width), lambda item: leads.get(item.item, ""))]


def name_roles(b: OpenBriefing) -> str:
    """Return how a column of those in charge is headed: 所管課（関係課） if some only support."""
    supported = (b.assignments["role"] == "supporting").any()
    return f"{b.terms.lead}（{b.terms.supporting}）" if supported else b.terms.lead


_LONGEST_NAMES = 30  # characters; more make a row higher than all that it says


def shorten_names(names: str, kind: str, longest: int = _LONGEST_NAMES) -> str:
    """Return of many departments the first and how many more; all stand beneath the item."""
    if len(names) <= longest:
        return names
    # A qualifier in parentheses (国保・後期) is no department.
    first, *others = _QUALIFIER.sub("", names).replace("（", "、").split("、")
    return f"{first}ほか{len(others)}{kind}"


_QUALIFIER = re.compile(r"(?<=[^、（])（[^（）、]*）(?=[、）（]|$)")


_UNNAMED = "（名称の記載なし）"


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
