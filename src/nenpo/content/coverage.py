"""Progress that is told in words, not marks: what is reported and scheduled, and kept to."""

from collections.abc import Callable, Sequence
from operator import attrgetter

import pandas as pd

from nenpo.analysis.coverage import (
    Coverage,
    count_coverage,
    has_coverage,
    list_schedule_years,
    list_steps,
)
from nenpo.analysis.items import Item, each_item, name_subjects
from nenpo.analysis.progress import is_relisted
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Column, Nothing, RowKind, Table
from nenpo.content.drawing import draw_bars
from nenpo.content.extras import put_extras
from nenpo.content.items import column_of_leads, name_departments
from nenpo.content.tables import count_columns, list_things, tells_words
from nenpo.content.unreported import include_unreported, note_unreported
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label

_CountRow = tuple[str, Coverage | None]
_COUNTS = (
    ("items", ""),
    ("reported", "進捗あり"),
    ("scheduled", "予定あり"),
    ("planned", "以降予定"),
    ("kept", "予定どおり"),
    ("changed", "変更"),
    ("not_comparable", "比較できない"),
)


def table(b: OpenBriefing) -> Table | Nothing:
    """Return how many items of each measure are reported, scheduled and kept to schedule."""
    if not has_coverage(b):
        return Nothing("進捗区分のある計画であるか、この年度の取組がない")
    items, names = b.items, name_subjects(b.plan)
    rows: list[_CountRow] = []
    labels = dict(zip(b.plan.measures["measure"], b.plan.measures["label"], strict=True))
    # Where a plan has several goals, each heads its measures; it may also stand for one.
    headed = items["goal"].nunique() > 1 and not (items["goal"] == items["measure"]).any()
    for goal, held in items.groupby("goal", sort=False):
        rows += [(names[str(goal)], None)] if headed else []
        for measure, own in held.groupby("measure", sort=False):
            # Below its goal, a measure needs no more than the label as printed.
            label = labels[str(measure)] if headed else own["measure_label"].iloc[0]
            name = f"{label} {own['measure_title'].iloc[0]}".rstrip()
            rows.append((name, count_coverage(b, own)))
    return _count_table(b, b.terms.measure, [*rows, ("計", count_coverage(b, items))])


def chart(b: OpenBriefing) -> Chart | Nothing:
    """Return stacked bars of kept, changed and not comparable for each measure and in all."""
    tones = dict(zip(wording.ADHERENCE_WORDS.values(), ("good", "neutral", "caution"), strict=True))
    items = b.items
    # By measure, not by label: measures of different goals may share one.
    held = [own for _, own in items.groupby("measure", sort=False)]
    groups = [*((own["measure_label"].iloc[0], own) for own in held), ("計", items)]
    bars = [(label, dict(_count_adherence(count_coverage(b, own)))) for label, own in groups]
    shown = [(label, counts) for label, counts in bars if sum(counts.values())]
    return draw_bars(shown, tones, "予定との対比の割合")


def _count_adherence(counts: Coverage) -> list[tuple[str, int]]:
    return [(word, getattr(counts, key)) for key, word in wording.ADHERENCE_WORDS.items()]


def _count_table(b: OpenBriefing, heading: str, rows: Sequence[_CountRow]) -> Table:
    """Return the counts, the last row as total; a row without counts heads those below it."""
    used = [
        (name, label or f"{b.terms.item}の数")
        for name, label in _COUNTS
        if any(getattr(counts, name) for _, counts in rows if counts)
    ]
    kinds: list[RowKind] = ["body" if counts else "group" for _, counts in rows[:-1]]
    judged = any(name in wording.ADHERENCE_WORDS for name, _ in used)
    return Table(
        caption=f"{b.terms.item}の数と記載の状況",
        columns=(
            Column(heading, width=14),
            *count_columns((label for _, label in used), 3),
        ),
        rows=tuple(
            (label, *(str(getattr(counts, name)) if counts else "" for name, _ in used))
            for label, counts in rows
        ),
        kinds=(*kinds, "total"),
        note=_explain_counts([label for _, label in used])
        + (
            "予定との対比は、計画の予定と報告された進捗とを読み比べて判断したものである。"
            if judged
            else ""
        )
        + note_unreported(b),
    )


def _explain_counts(labels: Sequence[str]) -> str:
    """Return what those of the columns count that tell of words: of which year they are."""
    years = (("当年度", ("進捗あり", "予定あり")), ("次年度以降", ("以降予定",)))
    told = [
        f"{''.join(f'「{label}」' for label in held)}は{year}の"
        for year, names in years
        if (held := [name for name in names if name in labels])
    ]
    return f"{'、'.join(told)}記載がある数である。" if told else ""


@tells_words
def off_plan(b: OpenBriefing) -> Table | Nothing:
    """Return the items whose progress is not as scheduled, or cannot be compared, with reasons."""
    own = b.items[~is_relisted(b.items)]
    judged = own[own["adherence"].isin(["changed", "not_comparable"])]
    if judged.empty:
        return Nothing("予定から変更した取組も、予定と比較できない取組もない")
    steps = list_steps(b.plan)
    order = judged.sort_values("adherence", kind="stable")  # changed before not_comparable
    label = fiscal_year_label(b.fiscal_year)

    def find_step(row: Item) -> str:
        return steps.get(row.item, {}).get(b.fiscal_year, wording.NOT_STATED)

    doubtful = any("＊" in find_step(row) for row in each_item(order))
    return list_things(
        f"予定どおりでない{b.terms.item}及び比較できない{b.terms.item}",
        each_item(order),
        (Column("対比", width=4.4), lambda row: wording.ADHERENCE_WORDS[row.adherence]),
        (Column(b.terms.item, width=13), wording.format_labelled),
        (Column(f"{label}の予定", width=10), find_step),
        (Column(f"{label}の進捗", width=10), lambda row: row.done or wording.NOT_STATED),
        (Column("判断の理由", width=11), attrgetter("adherence_reason")),
        row_headers=2,
        note=explain_steps(b.plan) if doubtful else "",
    )


@tells_words
def full_list(b: OpenBriefing) -> Table | Nothing:
    """Return every item with the plan's schedule, year by year, beside its progress."""
    years = list_schedule_years(b.plan)
    if not years or b.items.empty:
        return Nothing("計画の予定（schedule.csv）がない")
    b = include_unreported(b)
    steps, leads = list_steps(b.plan), name_departments(b.plan, b.assignments)
    more = (("next_year", "今後の予定"), ("issues", "課題"))
    told = [(column, label) for column, label in more if (b.items[column] != "").any()]

    def show_step(year: int) -> tuple[Column, Callable[[Item], str]]:
        column = Column(f"{fiscal_year_label(year)}の予定", width=11)
        return column, lambda row: steps.get(row.item, {}).get(year, "")

    listed = list_things(
        f"{b.plan.meta.short_title}　予定と進捗の一覧",
        each_item(b.items),
        (Column(b.terms.item, width=17), wording.format_labelled),
        *map(show_step, years),
        (
            Column(f"{fiscal_year_label(b.fiscal_year)}の進捗", width=14),
            lambda row: row.done or wording.NOT_STATED,
        ),
        *((Column(label, width=10), attrgetter(column)) for column, label in told),
        (Column("対比", width=4.4), lambda row: wording.ADHERENCE_WORDS.get(row.adherence, "")),
        (Column("判断の理由", width=11), attrgetter("adherence_reason")),
        *column_of_leads(b, leads, b.terms.lead, 8),
        note=explain_steps(b.plan),
    )
    return put_extras(b, listed, b.items)


def explain_steps(plan: Plan) -> str:
    """Return what ＊ behind a step of the schedule says; "" where no step has one."""
    if (plan.schedule["note"] == "").all():
        return ""
    return "＊の付く予定は、年度等を推定したものである。"


def tell_coverage(b: OpenBriefing, items: pd.DataFrame, role: str = "") -> str:
    """Return how far ``items`` are reported and kept to schedule, in a plan without marks."""
    if not has_coverage(b):
        return ""
    counts, noun = count_coverage(b, items), b.terms.item
    label = fiscal_year_label(b.fiscal_year)
    scope = f"{role}としての{noun}" if role else noun
    if counts.reported == counts.items:
        every = "の全て" if counts.items > 1 else ""
        told = f"{scope}{counts.items}件{every}に、{label}の進捗の記載がある。"
    else:
        told = f"{scope}{counts.items}件のうち、{label}の進捗の記載があるものは"
        told += f"{counts.reported}件である。"
    judged = _count_adherence(counts)
    if any(count for _, count in judged):
        shown = "、".join(f"「{word}」{count}件" for word, count in judged)
        told += f"計画の予定と対比すると、{shown}である。"
    if counts.planned and role == "":
        told += f"次年度以降の予定の記載があるものは{counts.planned}件である。"
    return told
