"""Items that are not on schedule."""

from nenpo.analysis import progress
from nenpo.analysis.items import each_item
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Sentences, Table
from nenpo.content.items import column_of_leads, name_departments
from nenpo.content.tables import list_things, tells_words
from nenpo.language.fiscal import fiscal_year_label


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
