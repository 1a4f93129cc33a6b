"""What a municipality answers beside the usual columns: who answers for an item, money, risks.

Only what ``plan.yaml`` declares (``columns``) is shown; a blank cell there is 「記載なし」.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from nenpo.analysis.items import Item, each_item
from nenpo.analysis.progress import is_relisted, is_ward, items_in_role
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Sentences, Table
from nenpo.content.tables import count_columns, end_with_total
from nenpo.content.unreported import include_unreported
from nenpo.content.wording import NOT_STATED
from nenpo.data.schema.declarations import OwnColumn
from nenpo.language.stated_dates import parse_stated_date

OWN_LABELS: Mapping[OwnColumn, str] = {
    "owner": "責任者",
    "budget": "予算",
    "spent": "決算",
    "due": "完了予定",
    "risk": "リスク",
}
_MONEY: tuple[OwnColumn, ...] = ("budget", "spent")


class Sum(NamedTuple):
    """A sum in thousands of yen, of so many items; so many others state none."""

    total: int
    stated: int
    unstated: int


def describe_item(b: OpenBriefing, item: Item) -> str:
    """Return what is declared of an item: 「責任者：情報課長　予算：1,200千円　リスク：記載なし」.

    "" where the plan declares nothing, and of what another actor does or stands elsewhere first,
    unless a cell says something.
    """
    told = {name: _tell_cell(item, name) for name in dict.fromkeys(b.plan.meta.columns)}
    others = bool(item.actor_label or item.relisted_from)
    if not told or (others and not any(told.values())):
        return ""
    parts = [f"{OWN_LABELS[name]}：{text}" for name, text in told.items() if text]
    blank = "、".join(OWN_LABELS[name] for name, text in told.items() if not text)
    return "　".join([*parts, *([f"{blank}：{NOT_STATED}"] if blank else [])])


def _tell_cell(item: Item, name: OwnColumn) -> str:
    cell = getattr(item, name)
    if name in _MONEY:
        return "" if cell is None else f"{cell:,}千円"
    return parse_stated_date(cell).label if name == "due" and cell else str(cell)


def heading(b: OpenBriefing) -> Sentences | Nothing:
    """Return the heading of the sums of money, by what is declared."""
    names = _list_money(b)
    if not names:
        return Nothing(_NO_MONEY)
    return Sentences(("及び".join(OWN_LABELS[name] for name in names),), role="section")


_NO_MONEY = "予算も決算も宣言されていない（plan.yaml の columns）"


def money(b: OpenBriefing) -> Table | Nothing:
    """Return budget and amount spent by measure with their sum; of a department, what it leads."""
    names, items = _list_money(b), _select_items(b)
    if not names:
        return Nothing(_NO_MONEY)
    sums = sum_money(b)
    if not any(each.stated for each in sums.values()):
        told = "及び".join(OWN_LABELS[name] for name in names)
        return Nothing(f"{told}の記載がない")
    stated = items[items[list(names)].notna().any(axis="columns")]
    rows = [
        (_name_measure(own), str(len(own)), *(_tell_sum(_add(own[name])) for name in names))
        for _, own in stated.groupby("measure", sort=False)
    ]
    total = ("計", str(len(stated)), *(f"{sums[name].total:,}" for name in names))
    return Table(
        f"{'及び'.join(OWN_LABELS[name] for name in names)}（千円）",
        (
            Column(b.terms.measure, width=16),
            *count_columns([f"{b.terms.item}の数"], 4),
            *count_columns([OWN_LABELS[name] for name in names], 6),
        ),
        (*rows, total),
        kinds=end_with_total(len(rows)),
        note=_note_unstated(b, sums),
    )


def sum_money(b: OpenBriefing) -> dict[str, Sum]:
    """Return the sums that are declared, by column: of the whole plan, or of what one leads.

    Each item counts once: a re-listing adds nothing, and nor does what another actor does.
    """
    items = _select_items(b)
    return {name: _add(items[name]) for name in _list_money(b)}


def _list_money(b: OpenBriefing) -> tuple[OwnColumn, ...]:
    return tuple(name for name in _MONEY if name in b.plan.meta.columns)


def _select_items(b: OpenBriefing) -> pd.DataFrame:
    shown = include_unreported(b)
    items = items_in_role(shown, "lead") if b.department else shown.items
    return items[~is_relisted(items) & is_ward(items)]


def _add(amounts: "pd.Series[int]") -> Sum:
    stated = [int(amount) for amount in amounts.dropna()]
    return Sum(sum(stated), len(stated), len(amounts) - len(stated))


def _tell_sum(found: Sum) -> str:
    return f"{found.total:,}" if found.stated else NOT_STATED


def _name_measure(items: pd.DataFrame) -> str:
    first = next(each_item(items))
    return f"{first.measure_label} {first.measure_title}".rstrip()


def _note_unstated(b: OpenBriefing, sums: Mapping[str, Sum]) -> str:
    """Return how many items the sums lack."""
    lacking = [
        f"{OWN_LABELS[name]}は{sums[name].unstated}件"
        for name in _list_money(b)
        if sums[name].unstated
    ]
    if not lacking:
        return ""
    return f"記載がない{b.terms.item}（{'、'.join(lacking)}）は、計に含まない。"
