"""The marks of the status scale: how many items have which, and whose items they are."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import pandas as pd

from nenpo.analysis import progress
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Column, HeaderCell, Nothing, Sentences, Table
from nenpo.content.drawing import draw_bars
from nenpo.content.tables import Counts, count_columns, count_with_sum, end_with_total
from nenpo.content.unreported import note_unreported
from nenpo.data.schema.declarations import Goal
from nenpo.language.numbers import format_share, round_half_up


def table(b: OpenBriefing) -> Table | Nothing:
    """Return the table mark × goal with the share of each mark in all rated items."""
    meta, items = b.plan.meta, b.items
    if b.lacks_marks:
        return Nothing(b.lacks_marks)
    by_goal = progress.count_by(b.plan, items, "goal")
    total = progress.count_status(b.plan, items)
    rated = sum(total.values())
    goals = [goal for goal in meta.goals if goal.id in by_goal]
    counts = [*(by_goal[goal.id] for goal in goals), total]
    rows = [
        (
            wording.name_mark(entry),
            *(str(count[entry.mark]) for count in counts),
            format_share(total[entry.mark], rated),
        )
        for entry in meta.status_scale
    ]
    sums = (str(sum(count.values())) for count in counts)
    labels = [*(goal.label for goal in goals), "計"]
    return Table(
        caption=f"進捗区分別の件数（{meta.terms.goal}別）",
        columns=(
            Column("進捗区分", width=8),
            *count_columns(labels),
            *count_columns(["割合"], 2.2),
        ),
        rows=(*rows, ("計", *sums, "100％" if rated else "—")),
        kinds=end_with_total(len(meta.status_scale)),
        note="\n".join(filter(None, (_note_goals(goals), _note_shares(total), note_unreported(b)))),
    )


def _note_goals(goals: Sequence[Goal]) -> str:
    told = "、".join(f"{goal.label}は「{goal.title}」" for goal in goals if goal.title)
    return f"{told}である。" if told else ""


def _note_shares(counts: Counts) -> str:
    rated = sum(counts.values())
    shares = [round_half_up(Decimal(n) * 100 / rated, 1) for n in counts.values() if rated]
    whole = not shares or sum(shares) == 100
    return "" if whole else "割合は小数第2位を四捨五入したため、各区分の合計は100％と一致しない。"


def chart(b: OpenBriefing) -> Chart | Nothing:
    """Return stacked bars of the marks for each goal and for the whole plan."""
    if b.lacks_marks:
        return Nothing(b.lacks_marks)
    goals = progress.count_by(b.plan, b.items, "goal")
    counted = [(goal.label, goals.get(goal.id, {})) for goal in b.plan.meta.goals]
    bars = [(label, counts) for label, counts in counted if any(counts.values())]
    total = progress.count_status(b.plan, b.items)
    caption = f"{b.terms.goal}別の進捗区分の割合"
    return draw_bars([*bars, ("計", total)], b.plan.meta.tones, caption)


def note(b: OpenBriefing) -> Sentences | Nothing:
    """Return, said once, how the plan wants its marks to be read."""
    told = b.plan.meta.status_words.note
    if b.lacks_marks or not told:
        return Nothing(b.lacks_marks or "進捗区分の注（plan.yaml の status_words の note）がない")
    return Sentences((told,), role="note")


def counts_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the counts by goal, policy and department."""
    terms = b.terms
    parts = [terms.goal, terms.policy, *([terms.lead] if len(b.assignments) else [])]
    told = "・".join(f"{part}別" for part in dict.fromkeys(parts))
    return Sentences((f"別紙 {told}の集計",), role="part")


def by_policy(b: OpenBriefing) -> Table | Nothing:
    """Return the counts of every policy; items without a measure stand under none."""
    counts = progress.count_by(b.plan, b.items, "policy")
    term = b.terms.policy
    named = ((policy.removeprefix("p"), found) for policy, found in counts.items() if policy)
    rows = ((f"{term}{policy}", found) for policy, found in named)
    return _count_marks(b, f"{term}別の件数", term, rows)


def by_measure(b: OpenBriefing) -> Table | Nothing:
    """Return the counts of every measure that has a rated item, if the plan has measures."""
    if b.plan.measures.empty:
        return Nothing("計画に施策（measures.csv）がない")
    # Titles from the year's items: misread ones are corrected there.
    names = b.items["measure_label"] + " " + b.items["measure_title"]
    labels = dict(zip(b.items["measure"], names, strict=True))
    counts = progress.count_by(b.plan, b.items, "measure")
    rows = ((labels[measure].rstrip(), found) for measure, found in counts.items())
    term = b.terms.measure
    return _count_marks(b, f"{term}別の件数", term, rows)


def _count_marks(
    b: OpenBriefing, caption: str, heading: str, rows: Iterable[tuple[str, Counts]]
) -> Table | Nothing:
    """Return a table of marks: one row for each (label, counts)."""
    texts = tuple((label, *map(str, count_with_sum(counts))) for label, counts in rows)
    if not b.has_marks or not texts:
        return Nothing(b.lacks_marks or "数えるものがない")
    columns = (Column(heading, width=12), *count_columns([*b.plan.meta.marks, "計"]))
    return Table(caption=caption, columns=columns, rows=texts)


def by_department(b: OpenBriefing) -> Table | Nothing:
    """Return the counts of every department in 建制順: as lead, and as lead or supporting."""
    meta = b.plan.meta
    names = b.plan.department_names
    roles: tuple[tuple[progress.Role, ...], ...] = (("lead",), ("lead", "supporting"))
    lead, both = (progress.count_by_department(b, wanted) for wanted in roles)
    none = dict.fromkeys(meta.marks, 0)
    if not b.has_marks:
        return Nothing(b.lacks_marks)
    numbers = [
        [n for counts in (lead.get(name, none), both[name]) for n in count_with_sum(counts)]
        for name in both
    ]
    if not numbers:
        return Nothing("担当の部署がない")
    sums = [sum(column) for column in zip(*numbers, strict=True)]
    rows = [(names[name], *map(str, row)) for name, row in zip(both, numbers, strict=True)]
    block = (*count_columns(meta.marks), *count_columns(["計"], 2.4))
    terms, order = meta.terms, meta.department_order_note
    shared = progress.shares_items(b)
    told = "、".join([*(["延べ"] if shared else []), *([] if order else ["建制順"])])
    return Table(
        caption=f"{terms.lead}別の件数{f'（{told}）' if told else ''}",
        columns=(Column(terms.department, width=9), *block, *block),
        groups=(
            HeaderCell(""),
            HeaderCell(f"{terms.lead}として", len(block)),
            HeaderCell(f"{terms.lead}又は{terms.supporting}として", len(block)),
        ),
        rows=(*rows, ("計（延べ）" if shared else "計", *map(str, sums))),
        kinds=end_with_total(len(rows)),
        note=(_tell_sums(b, sums[len(block) - 1], sums[-1]) if shared else "")
        + order
        + note_unreported(b),
    )


def _tell_sums(b: OpenBriefing, lead: int, both: int) -> str:
    """Return how items of several departments are counted, and what that does to the sums."""
    item, kind = b.terms.item, b.terms.department
    counted = f"複数の{kind}が関わる{item}は{kind}ごとに数える"
    # Nobody may be in charge of others, so that a sum need not exceed the items.
    rated = int(progress.is_rated(b.items).sum())
    return (
        f"{counted}ため、計は{item}の件数を上回る。" if min(lead, both) > rated else f"{counted}。"
    )


def published(b: OpenBriefing) -> Sentences | Nothing:
    """Return whether the counts agree with the totals that the municipality published."""
    result = progress.reconcile(b)
    totals = b.plan.years[b.fiscal_year].published
    if totals is None:
        return Nothing("公表された集計（published.yaml）がない")
    if result.agrees is None:
        return Nothing(b.lacks_items or "公表された集計に進捗区分の件数がない")
    differences = "、".join(
        f"{mark}は公表{expected}件に対し集計{found}件"
        for mark, expected, found in result.differences
    )
    verdict = "一致する" if result.agrees else f"一致しない（{differences}）"
    told = f"件数は、公表された集計（{wording.format_counts(totals.status_counts)}）と{verdict}。"
    return Sentences((told,), role="note")


def tell_on_schedule(b: OpenBriefing, items: pd.DataFrame, role: str = "") -> str:
    """Return one sentence on the rated rows of ``items``; ``role`` is 「所管課」 or the like."""
    scope = f"{role}としての{b.terms.item}で" if role else ""
    noun = "もの" if role else b.terms.item
    scale = b.plan.meta.status_scale
    counts = progress.count_status(b.plan, items)
    rated = sum(counts.values())
    good = [entry for entry in scale if entry.tone == "good"]
    on_schedule = sum(counts[entry.mark] for entry in good)
    labels = [entry.label for entry in good]
    # A label is a clause (「…取り組んだ」) or a noun (「順調」): each joins the sentence its way.
    is_clause = all(label.endswith(("た", "だ")) for label in labels)
    label = ("又は" if is_clause else "」又は「").join(labels)
    predicate = f"で{label}。" if is_clause else f"が「{label}」である。"
    if not scale:
        return "この計画は進捗区分を設けていない。"
    if rated == 0:
        return f"{scope}進捗区分を付した{noun}はない。"
    if rated == 1:
        mark = next(mark for mark, count in counts.items() if count)
        told = wording.mark_of(b.plan.meta, mark).label
        return f"{scope}進捗区分を付した{noun}は1件で、区分は{mark}（{told}）である。"
    if on_schedule == 0:
        such = f"{label}もの" if is_clause else f"「{label}」のもの"
        return f"{scope}進捗区分を付した{rated}件に、{such}はない。"
    if on_schedule == rated:
        return f"{scope}進捗区分を付した{rated}件の全て{predicate}"
    share = format_share(on_schedule, rated)
    return f"{scope}進捗区分を付した{rated}件のうち{on_schedule}件（{share}）{predicate}"


def tell_actors(b: OpenBriefing, items: pd.DataFrame) -> str:
    """Return whose items they are, "" where all are the municipality's own."""
    rated = items[items["status"] != ""]
    is_own = progress.is_ward(rated)
    others, own = rated[~is_own], rated[is_own]
    if others.empty:
        return ""
    held = set(others["actor"])
    names = "・".join(actor.label for actor in b.plan.meta.actors if actor.id in held)
    word = b.plan.meta.municipality.word
    told = wording.format_counts(progress.count_status(b.plan, others))
    noun = b.terms.item
    first = f"{len(rated)}件の内訳は、{names}が実施主体の{noun}{len(others)}件（{told}）"
    if own.empty:
        return f"{first}である。"
    counted = wording.format_counts(progress.count_status(b.plan, own))
    return f"{first}、{word}の{noun}{len(own)}件（{counted}）である。"


def tell_unrated(b: OpenBriefing) -> str:
    """Return how many rows carry no mark, "" if each has one; the list also has the unreported."""
    rows = progress.count_rows(b.items)
    listed = rows.rows + len(b.unreported.items)
    if not rows.unrated:
        return ""
    relisted = rows.unrated - rows.unrated_not_relisted
    inside = f"（うち再掲{relisted}件）" if relisted else ""
    return (
        f"一覧の全{listed}行には{wording.NO_MARK}が{rows.unrated}件{inside}あり、件数に含まない。"
    )
