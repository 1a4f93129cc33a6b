"""What nothing was reported of: said in words and listed by name, never counted as zero."""

from dataclasses import replace

import pandas as pd

from nenpo.analysis.items import each_item, number_items
from nenpo.analysis.progress import items_in_role
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.language.fiscal import fiscal_year_label


def include_unreported(b: OpenBriefing) -> OpenBriefing:
    """Return the briefing with the items that nothing was reported of, 「未報告」 as their result.

    For lists, in the order of items.csv; what counts is given the briefing itself.
    """
    silent = b.unreported
    if silent.items.empty:
        return b
    told = pd.concat([b.items, silent.items.assign(done=wording.NOT_REPORTED)])
    places = {item: place for place, item in enumerate(b.plan.items["item"])}
    ordered = told.sort_values("item", key=lambda ids: ids.map(places), ignore_index=True)
    assignments = pd.concat([b.assignments, silent.assignments], ignore_index=True)
    return replace(b, items=ordered, assignments=assignments)


def tell_unreported(b: OpenBriefing) -> str:
    """Return how many items nothing was reported of, a few by name; "" where all were."""
    silent, noun = b.unreported.items, b.terms.item
    if silent.empty:
        return ""
    few = _name_few(b)
    if b.items.empty:  # everybody's: who it is says nothing
        year, who = fiscal_year_label(b.fiscal_year), f"（{few}）" if few else ""
        return f"{year}の{noun}{len(silent)}件{who}の進捗は、未報告である。"
    names = few or name_silent(b)
    who = f"（{names}）" if names else ""
    return f"このほかに進捗が未報告の{noun}が{len(silent)}件あり{who}、件数に含まない。"


_FEW, _MOST_LEADS = 3, 8


def _name_few(b: OpenBriefing) -> str:
    """Return a few items by number, title and lead, "" for more than a few."""
    silent = b.unreported
    if len(silent.items) > _FEW:
        return ""
    numbers, names = number_items(b.plan), b.plan.department_names
    led = silent.assignments[silent.assignments["role"] == "lead"]
    told = []
    for item in each_item(silent.items):
        leads = "、".join(
            names[d] for d in led.loc[led["item"] == item.item, "department"].unique()
        )
        title = wording.clip(wording.format_bare_title(item), 40)
        told.append(f"{numbers[item.item]} {title}{f' {leads}' if leads else ''}")
    return "、".join(told)


def tell_role(b: OpenBriefing, role: str, name: str) -> str:
    """Return how many items in ``role``, called ``name``, nothing was reported of."""
    count = len(items_in_role(b.unreported, role))
    if not count:
        return ""
    if items_in_role(b, role).empty:
        return f"{name}{count}件の進捗は、未報告である。"
    return f"このほかに進捗が未報告の{b.terms.item}が{count}件ある。"


def name_silent(b: OpenBriefing) -> str:
    """Return the leads of what was not reported in 建制順, each with its number of items.

    Of many the first ones by name.
    """
    held = b.unreported.assignments
    led = held[held["role"] == "lead"].drop_duplicates(["item", "department"])
    counts = led["department"].value_counts()
    ordered = b.plan.departments.sort_values("order", kind="stable")["department"]
    names = b.plan.department_names
    silent = [f"{names[d]}{counts[d]}件" for d in ordered if d in counts]
    rest = len(silent) - _MOST_LEADS
    more = f"ほか{rest}{b.terms.department}" if rest > 0 else ""
    return "、".join(silent[:_MOST_LEADS]) + more


def note_unreported(b: OpenBriefing) -> str:
    """Return the note of a table that counts what was reported alone, "" where all was."""
    count = len(b.unreported.items)
    who = f"（{names}）" if (names := name_silent(b)) else ""
    return f"進捗が未報告の{b.terms.item}{count}件{who}は含まない。" if count else ""
