"""Items that are not on schedule, and what is planned next."""

from nenpo.analysis import progress
from nenpo.analysis.items import each_item
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Group, Nothing, Sentences, Table
from nenpo.content.items import column_of_leads, name_departments
from nenpo.content.tables import list_things, tells_words
from nenpo.language.fiscal import fiscal_year_label

# 「令和5年10月」「150件」「3様式」, but not the 23 of 「23区」.
DATE_OR_QUANTITY = (
    r"\d(?:年|月|日|件|台|名|人|回|か所|様式|団体|業務|手続|言語|課|校|万|億|円|%|％)"
)


def heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the items that are off schedule, in the plan's words."""
    return Sentences((wording.name_off(b.plan.meta),), role="section")


def note(b: OpenBriefing) -> Sentences | Nothing:
    """Return that no item is off schedule, where that is so; the table says the rest."""
    if b.lacks_marks:
        return Nothing(b.lacks_marks)
    if len(progress.list_off_schedule(b)):
        return Nothing(f"{wording.name_off(b.plan.meta)}があり、表に示す")
    noun = b.terms.item
    if not progress.is_rated(b.items).any():
        return Sentences((f"進捗区分を付した{noun}がない。",))
    if b.unreported.items.empty:
        return Sentences((f"該当する{noun}はない。",))
    return Sentences((f"進捗の報告があった{noun}に、該当するものはない。",))


@tells_words
def table(b: OpenBriefing) -> Table | Nothing:
    """Return the items that are not on schedule: those behind first, those ahead last."""
    off = progress.list_off_schedule(b)
    if off.empty:
        return Nothing(b.lacks_marks or f"{wording.name_off(b.plan.meta)}がない")
    leads = name_departments(b.plan, b.assignments)
    coming, meta = fiscal_year_label(b.fiscal_year + 1), b.plan.meta
    return list_things(
        wording.name_off(meta),
        each_item(off),
        (Column("進捗区分", width=4.2), lambda row: wording.format_status(meta, row)),
        (Column(meta.terms.item, width=17), wording.format_labelled),
        *column_of_leads(b, leads, meta.terms.lead, 5.5),
        (
            Column(meta.status_words.reason, width=11.5),
            lambda row: row.change_reason or wording.NO_REASON,
        ),
        (Column(f"{coming}の予定", width=14), lambda row: row.next_year or wording.NOT_STATED),
        row_headers=2,
    )


@tells_words
def next_year(b: OpenBriefing) -> Group | Nothing:
    """Return next year's plans that name a date or a quantity, in document order."""
    plans = b.items[b.items["next_year"].str.contains(DATE_OR_QUANTITY)]
    if plans.empty:
        return Nothing("日付又は数量を記した次年度の予定がない")
    lines = tuple(
        f"{wording.format_title(item)}（{item.measure_label}）：{item.next_year}"
        for item in each_item(plans)
    )
    # Where progress is told in words, a plan names no fiscal year of its own.
    coming = fiscal_year_label(b.fiscal_year + 1) if b.has_marks else "今後"
    noun = b.terms.item
    first = f"{coming}の予定に日付又は数量の記載がある{noun}は、次の{len(plans)}件である。"
    return Group((Sentences((first,)), Sentences(lines, role="list")))


def tell_off_schedule(b: OpenBriefing) -> str:
    """Return how many items are off schedule, and how many of them run ahead."""
    off = progress.list_off_schedule(b)
    if off.empty:
        return ""
    ahead = int((off["shift"] == "ahead").sum())
    meta = b.plan.meta
    words = [wording.format_status(meta, item) for item in each_item(off)]
    counts = "、".join(f"{word}{words.count(word)}件" for word in dict.fromkeys(words))
    text = f"{wording.name_off(meta)}は{len(off)}件（{counts}）である。"
    if ahead == len(off) > 1:
        text += "いずれも予定を前倒ししたものである。"
    elif 0 < ahead < len(off):
        text += f"このうち{ahead}件は予定を前倒ししたものである。"
    unexplained, reason = int((off["change_reason"] == "").sum()), meta.status_words.reason
    if unexplained == len(off):
        text += f"{reason}の記載はない。" if len(off) == 1 else f"いずれも{reason}の記載がない。"
    elif unexplained:
        text += f"{reason}の記載がないものは{unexplained}件である。"
    return text
