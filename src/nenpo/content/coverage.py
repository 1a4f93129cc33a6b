"""Progress that is told in words, not marks: what is reported and scheduled, and kept to."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter

import pandas as pd

from nenpo.analysis.coverage import (
    Coverage,
    count_coverage,
    has_coverage,
    list_schedule_years,
    list_steps,
)
from nenpo.analysis.items import Item, each_item, number_items
from nenpo.analysis.progress import is_relisted
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Table
from nenpo.content.extras import describe_item
from nenpo.content.items import name_departments
from nenpo.content.tables import (
    Cells,
    count_columns,
    end_with_total,
    group_rows,
    join_alike,
    tells_words,
)
from nenpo.content.unreported import include_unreported, note_unreported
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import format_percents

_COUNTS = (
    ("items", ""),
    ("reported", "進捗あり"),
    ("reported_undated", "うち年度なし"),
    ("scheduled", "予定あり"),
    ("planned", "今後の予定"),
    ("planned_undated", "うち時期なし"),
    *wording.ADHERENCE_WORDS.items(),
)
_JUDGED = tuple(wording.ADHERENCE_WORDS)


def finding(b: OpenBriefing) -> tuple[str, ...]:
    """Return what a reader of one page should know of progress in words; () where there are marks.

    How many items keep to the schedule and which do not, what is reported, and what is to come.
    """
    if not has_coverage(b):
        return ()
    counts = count_coverage(b, b.items)
    told = (
        _tell_kept(b, b.items, counts),
        _tell_reported(b, counts, b.terms.item),
        _tell_planned(counts),
    )
    return tuple(text for text in told if text)


def tell_coverage(b: OpenBriefing, items: pd.DataFrame, role: str = "") -> str:
    """Return how far ``items``, called 取組 or ``role``, are reported and kept to schedule.

    "" for a plan with marks.
    """
    if not has_coverage(b):
        return ""
    counts = count_coverage(b, items)
    scope = role or b.terms.item
    return _tell_reported(b, counts, scope) + _tell_kept(b, items, counts)


def _tell_kept(b: OpenBriefing, items: pd.DataFrame, counts: Coverage) -> str:
    """Return how many items keep to the schedule, and the numbers of those that do not."""
    if not any(getattr(counts, key) for key in _JUDGED):
        return ""
    judged = items[~is_relisted(items)]
    numbers = number_items(b.plan)
    told = []
    for key in _JUDGED[1:]:
        own = [numbers[item] for item in judged.loc[judged["adherence"] == key, "item"]]
        named = f"（{'、'.join(own)}）" if 0 < len(own) <= 5 else ""
        told += [f"「{wording.ADHERENCE_WORDS[key]}」は{len(own)}件{named}"] if own else []
    rest = f"、{'、'.join(told)}" if told else ""
    label = fiscal_year_label(b.fiscal_year)
    return (
        f"{b.terms.item}{counts.items}件を計画の{label}の予定と対比すると、"
        f"「{wording.ADHERENCE_WORDS['kept']}」は{counts.kept}件{rest}である。"
    )


def _tell_reported(b: OpenBriefing, counts: Coverage, scope: str) -> str:
    """Return how many items have progress, and of how many of them no year is stated."""
    # Only what has its year can be said to be the year's.
    when = "" if counts.reported_undated else f"{fiscal_year_label(b.fiscal_year)}の"
    if counts.reported == 0:
        return f"{scope}{counts.items}件に、{when}進捗の記載はない。"
    if counts.reported == counts.items:
        every = "の全て" if counts.items > 1 else ""
        told = f"{scope}{counts.items}件{every}に{when}進捗の記載があ"
    else:
        told = f"{scope}{counts.items}件中{counts.reported}件に{when}進捗の記載があ"
    if not counts.reported_undated:
        return f"{told}る。"
    if counts.reported_undated == counts.reported:
        whose = "いずれも" if counts.reported > 1 else ""
        return f"{told}り、{whose}年度の記載がない。"
    return f"{told}り、このうち{counts.reported_undated}件は年度の記載がない。"


def _tell_planned(counts: Coverage) -> str:
    """Return of how many items a plan is stated, and how many of these plans have no time."""
    if not counts.planned:
        return ""
    told = f"今後の予定の記載があるものは{counts.planned}件"
    if not counts.planned_undated:
        return f"{told}である。"
    if counts.planned_undated == counts.planned:
        return f"{told}で、{'いずれも' if counts.planned > 1 else ''}時期の記載がない。"
    return f"{told}で、このうち{counts.planned_undated}件は時期の記載がない。"


def table(b: OpenBriefing) -> Table | Nothing:
    """Return how many items of each measure are reported, scheduled and kept to schedule."""
    if not has_coverage(b):
        return Nothing("進捗区分のある計画であるか、この年度の取組がない")
    items = b.items
    rows = [
        (
            f"{own['measure_label'].iloc[0]} {own['measure_title'].iloc[0]}".rstrip(),
            count_coverage(b, own),
        )
        for _, own in items.groupby("measure", sort=False)
    ]
    total = [("計", count_coverage(b, items))] if len(rows) > 1 else []
    return _count_table(b, [*rows, *total])


def _count_table(b: OpenBriefing, rows: Sequence[tuple[str, Coverage]]) -> Table:
    """Return the counts, the last of several rows as total.

    What every item has is no column, but told in the note.
    """
    counted = [counts for _, counts in rows]
    used = [name for name, _ in _COUNTS if any(getattr(counts, name) for counts in counted)]
    given = [
        name
        for name in used
        if name in _SAID and all(getattr(counts, name) == counts.items for counts in counted)
    ]
    labels = {name: label or f"{b.terms.item}の数" for name, label in _COUNTS}
    shown = [name for name in used if name not in given]
    columns = count_columns((labels[name] for name in shown), 2.5)
    return Table(
        caption=f"{b.terms.item}の数と記載の状況",
        columns=(Column(b.terms.measure, width=22), *columns),
        rows=tuple(
            (label, *(str(getattr(counts, name)) for name in shown)) for label, counts in rows
        ),
        kinds=end_with_total(len(rows) - 1) if len(rows) > 1 else (),
        note="".join(_explain_counts(b, shown, given)) + note_unreported(b),
    )


# What is said of items, and how a note calls it.
_SAID = {"reported": "{}の進捗", "scheduled": "{}の予定", "planned": "今後の予定"}


def _explain_counts(b: OpenBriefing, shown: Sequence[str], given: Sequence[str]) -> Iterator[str]:
    """Yield what every item has, and what the columns count that the words alone do not say."""
    label = fiscal_year_label(b.fiscal_year)
    if given:
        *first, last = (_SAID[name].format(label) for name in given)
        told = f"{'、'.join(first)}及び{last}" if first else last
        yield f"いずれの{b.terms.item}にも、{told}の記載がある。"
    if "reported_undated" in shown or "planned_undated" in shown:
        yield "「年度なし」及び「時期なし」は、その記載がない数である。"
    if "scheduled" in shown:
        yield f"「予定あり」は、計画に{label}の予定の記載がある数である。"
    if any(name in _JUDGED for name in shown):
        yield "予定との対比は、計画の予定と報告された進捗とを読み比べて判断したものである。"


@tells_words
def full_list(b: OpenBriefing) -> Table | Nothing:
    """Return every item with the plan's schedule, year by year, beside its progress.

    Behind the name of each measure stands who leads it; below an item, who leads that one where
    its measure is not led as a whole.
    """
    years = list_schedule_years(b.plan)
    if not years or b.items.empty:
        return Nothing("計画の予定（schedule.csv）がない")
    b = include_unreported(b)
    columns = _list_columns(b, years)
    leads = name_departments(b.plan, b.assignments)
    groups = []
    for _, own in b.items.groupby("measure", sort=False):
        held = [leads.get(item, "") for item in own["item"]]
        shared = held[0] if len(set(held)) == 1 else ""
        rows: list[Cells] = []
        for item, who in zip(each_item(own), held, strict=True):
            rows.append(tuple(show(item) for _, show in columns))
            rows += [(more,)] if (more := _tell_more(b, item, "" if shared else who)) else []
        name = f"{own['measure_label'].iloc[0]} {own['measure_title'].iloc[0]}".rstrip()
        groups.append(((name, f"{b.terms.lead}：{shared}" if shared else ""), rows))
    listed, kinds = group_rows(groups, len(columns))
    # Of steps alone: progress that says what a step says is another statement.
    rows_shown, joined = join_alike(listed, kinds, range(1, 1 + len(years)))
    return Table(
        f"{b.plan.meta.short_title}　予定と進捗の一覧",
        tuple(column for column, _ in columns),
        rows_shown,
        kinds=kinds,
        joined=joined,
        note=explain_steps(b.plan),
    )


def _tell_more(b: OpenBriefing, item: Item, who: str) -> str:
    """Return what stands below an item: why it was not kept, who leads it, what is declared."""
    unkept = item.adherence not in ("", "kept")
    told = (
        f"判断の理由：{item.adherence_reason}" if unkept else "",
        f"{b.terms.lead}：{who}" if who else "",
        describe_item(b, item),
    )
    return "　".join(text for text in told if text)


def _list_columns(
    b: OpenBriefing, years: Sequence[int]
) -> list[tuple[Column, Callable[[Item], str]]]:
    """Return the columns of an item, its steps year by year among them, each with its cell."""
    steps = list_steps(b.plan)
    more = (("next_year", "今後の予定"), ("issues", "課題"))

    def show_step(year: int) -> tuple[Column, Callable[[Item], str]]:
        column = Column(f"{fiscal_year_label(year)}の予定", width=10)
        return column, lambda row: steps.get(row.item, {}).get(year, "")

    progress = Column(f"{fiscal_year_label(b.fiscal_year)}の進捗", width=13)
    columns: list[tuple[Column, Callable[[Item], str]]] = [
        (Column(b.terms.item, width=25), wording.format_title),
        *map(show_step, years),
        (progress, lambda row: format_percents(row.done) or wording.NOT_STATED),
        *(
            (Column(label, width=10), attrgetter(column))
            for column, label in more
            if (b.items[column] != "").any()
        ),
    ]
    if (b.items["adherence"] == "").all():
        return columns
    judged = Column("対比", width=4.4)
    return [*columns, (judged, lambda row: wording.ADHERENCE_WORDS.get(row.adherence, ""))]


def explain_steps(plan: Plan) -> str:
    """Return what ＊ behind a step of the schedule says; "" where no step has one."""
    if (plan.schedule["note"] == "").all():
        return ""
    return "＊の付く予定は、年度等を推定したものである。"
