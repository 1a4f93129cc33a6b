"""The marks of the status scale: how many items have which, and whose items they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

import pandas as pd

from nenpo.analysis import progress
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, HeaderCell, Nothing, Sentences, Table
from nenpo.content.tables import Counts, count_columns, end_with_total
from nenpo.content.unreported import note_unreported
from nenpo.data.schema.declarations import Goal
from nenpo.language.numbers import format_share, round_half_up


def table(b: OpenBriefing) -> Table | Nothing:
    """Return the table mark × goal with shares, and whose items they are where others have some."""
    meta, items = b.plan.meta, b.items
    if b.lacks_marks:
        return Nothing(b.lacks_marks)
    by_goal = progress.count_by(b.plan, items, "goal")
    goals = [goal for goal in meta.goals if goal.id in by_goal]
    goals = goals if len(goals) > 1 else []
    total, own = (progress.count_status(b.plan, i) for i in (items, items[progress.is_ward(items)]))
    rated = sum(total.values())
    others = {mark: total[mark] - own[mark] for mark in total}
    actors = [own, others] if any(others.values()) else []
    counts = [*(by_goal[goal.id] for goal in goals), total, *actors]
    names = [f"{meta.municipality.word}の{b.terms.item}", f"{_name_actors(b)}の{b.terms.item}"]
    shares = [format_share(total[mark], rated) for mark in total]
    return Table(
        caption=f"進捗区分別の件数{f'（{meta.terms.goal}別）' if goals else ''}",
        columns=(
            Column("進捗区分", width=8),
            *count_columns([*(goal.label for goal in goals), "計"]),
            *count_columns(names[: len(actors)], 3),
            *count_columns(["計の割合"], 2.2),
        ),
        rows=(
            *(
                (wording.name_mark(entry), *(str(count[entry.mark]) for count in counts), share)
                for entry, share in zip(meta.status_scale, shares, strict=True)
            ),
            ("計", *(str(sum(count.values())) for count in counts), "100％" if rated else "—"),
        ),
        kinds=end_with_total(len(meta.status_scale)),
        note="\n".join(
            filter(
                None,
                (_note_goals(goals), tell_unrated(b), _note_shares(total), note_unreported(b)),
            )
        ),
    )


def _name_actors(b: OpenBriefing) -> str:
    """Return who else carries items out: 「国・都」."""
    held = set(b.items.loc[progress.is_rated(b.items), "actor"])
    return "・".join(actor.label for actor in b.plan.meta.actors if actor.id in held)


def _note_goals(goals: Sequence[Goal]) -> str:
    told = "、".join(f"{goal.label}は「{goal.title}」" for goal in goals if goal.title)
    return f"{told}である。" if told else ""


def _note_shares(counts: Counts) -> str:
    rated = sum(counts.values())
    shares = [round_half_up(Decimal(n) * 100 / rated, 1) for n in counts.values() if rated]
    whole = not shares or sum(shares) == 100
    return "" if whole else "割合は小数第2位を四捨五入したため、各区分の合計は100％と一致しない。"


def note(b: OpenBriefing) -> Sentences | Nothing:
    """Return, said once, how the plan wants its marks to be read."""
    told = b.plan.meta.status_words.note
    if b.lacks_marks or not told:
        return Nothing(b.lacks_marks or "進捗区分の注（plan.yaml の status_words の note）がない")
    return Sentences((told,), role="note")


def matrix_heading(b: OpenBriefing) -> Sentences:
    """Return the heading of the counts by department and policy, in the plan's terms."""
    return Sentences((f"別紙 {_name_matrix(b)}",), role="part")


def matrix(b: OpenBriefing) -> Table | Nothing:
    """Return the marks of every department in 建制順 under every policy, zeros left blank.

    Under the policies stands what a department leads, beside the sum what it only supports. In
    the end the same for all departments, and without them: each item once.
    """
    if b.lacks_marks:
        return Nothing(b.lacks_marks)
    meta, terms = b.plan.meta, b.terms
    column, parts = _list_parts(b)
    led, supported = progress.count_cells(b, column), _count_supported(b)
    names = _list_departments(b, {*(name for name, *_ in led), *supported})
    if len(names) < 2 and not parts:
        return Nothing(f"{terms.department}も{terms.policy}も二つ以上ない")
    shared = _shares_lead(b)
    held = [(b.plan.department_names[name], [name]) for name in names]
    sums = [("計（延べ）" if shared else "計", names)] if len(names) > 1 else []
    cells = _Cells(meta.marks, parts, led, supported)
    rows = tuple((label, *cells.tell(group)) for label, group in (*held, *sums))
    items = (*_tell_items(b, column, cells), *([""] if supported else []))
    order = "" if meta.department_order_note or not sums else "（建制順）"
    return Table(
        caption=f"{_name_matrix(b)}{order}",
        columns=(
            Column(terms.department if names else "区分", width=10),
            *(Column(_name_part(b, column, part), "center", 3.4) for part in parts),
            Column("計", "center", 3.4),
            *([Column(f"{terms.supporting}として", "center", 4)] if supported else []),
        ),
        groups=_group_parts(b, column, parts, 1 + bool(supported)),
        rows=(*rows, items),
        kinds=end_with_total(len(names)) + end_with_total(0) * len(sums),
        legend=wording.format_legend(meta),
        spoken=wording.speak_marks(meta),
        note=_explain_matrix(
            b,
            supported=bool(supported),
            shared=shared,
            blank=any("" in row for row in rows),
        ),
    )


@dataclass(frozen=True)
class _Cells:
    """What departments lead, by (department, part, mark), and what they only support."""

    marks: Sequence[str]
    parts: Sequence[str]
    led: Mapping[tuple[str, str, str], int]
    supported: Mapping[str, Counts]

    def tell(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the cells of one department, or of several together."""
        own = [(part, mark, n) for (name, part, mark), n in self.led.items() if name in names]
        found = [[(mark, n) for each, mark, n in own if each == part] for part in self.parts]
        cells = self.show([*map(self._add, found), self._add((mark, n) for _, mark, n in own)])
        if not self.supported:
            return cells
        aside = (self.supported.get(name, {}).items() for name in names)
        return *cells, wording.format_counts(self._add(pair for pairs in aside for pair in pairs))

    def _add(self, counts: Iterable[tuple[str, int]]) -> Counts:
        sums = dict.fromkeys(self.marks, 0)
        for mark, count in counts:
            sums[mark] += count
        return sums

    def show(self, counts: Sequence[Counts]) -> tuple[str, ...]:
        """Return the marks that occur; of many parts one a line, the sum behind them in one."""
        *told, total = map(wording.format_counts, counts)
        if len(told) > _FEW_PARTS:
            told = [text.replace(" ", "\n") for text in told]
        return *told, total


_MOST_POLICIES, _FEW_PARTS = 12, 4


def _list_parts(b: OpenBriefing) -> tuple[str, list[str]]:
    """Return by which column of the items they are told apart, and its ids: none if only one.

    More policies than a page has room for give way to the goals.
    """
    policies = list(b.items["policy"].unique())
    if 1 < len(policies) <= _MOST_POLICIES:
        return "policy", policies
    goals = list(b.items["goal"].unique())
    return "goal", goals if len(goals) > 1 else []


def _name_part(b: OpenBriefing, column: str, part: str) -> str:
    if column == "policy":
        return part.removeprefix("p") or "その他"
    return next((goal.label for goal in b.plan.meta.goals if goal.id == part), "その他")


def _name_matrix(b: OpenBriefing) -> str:
    """Return 「所管課別・施策別の件数」, as far as there are departments and several policies."""
    column, parts = _list_parts(b)
    told = [b.terms.lead] if len(b.assignments) else []
    told += [getattr(b.terms, column)] if parts else []
    return f"{'・'.join(f'{each}別' for each in told)}の件数"


def _group_parts(
    b: OpenBriefing, column: str, parts: Sequence[str], others: int
) -> tuple[HeaderCell, ...]:
    """Return the goals above their policies, none where they would say nothing more."""
    goals = dict(zip(b.items["policy"], b.items["goal"], strict=True))
    if column != "policy" or len({goals[part] for part in parts}) < 2:
        return ()
    runs = [(goal, len([*run])) for goal, run in groupby(parts, goals.__getitem__)]
    named = [HeaderCell(_name_part(b, "goal", goal), span) for goal, span in runs]
    return HeaderCell(""), *named, HeaderCell("", others)


def _list_departments(b: OpenBriefing, concerned: Collection[str]) -> list[str]:
    """Return those of the departments in 建制順; generic names (各所管課) are none."""
    known = b.plan.departments.sort_values("order", kind="stable")
    known = known[(known["kind"] != "generic") & known["department"].isin(list(concerned))]
    return list(known["department"])


def _count_supported(b: OpenBriefing) -> dict[str, Counts]:
    """Return the marks of what each department supports and does not lead, where there is some."""
    roles: tuple[tuple[progress.Role, ...], ...] = (("lead",), ("lead", "supporting"))
    lead, both = (progress.count_by_department(b, wanted) for wanted in roles)
    rest = {
        name: {mark: count - lead.get(name, {}).get(mark, 0) for mark, count in counts.items()}
        for name, counts in both.items()
    }
    return {name: counts for name, counts in rest.items() if any(counts.values())}


def _tell_items(b: OpenBriefing, column: str, cells: _Cells) -> tuple[str, ...]:
    """Return the row of the items under every part and of all, each item once."""
    counts = progress.count_by(b.plan, b.items, column)
    every = [*(counts[part] for part in cells.parts), progress.count_status(b.plan, b.items)]
    return f"{b.terms.item}の数", *cells.show(every)


def _shares_lead(b: OpenBriefing) -> bool:
    """Tell whether several departments lead one item, which then counts with each."""
    led = b.assignments[b.assignments["role"] == "lead"]
    return bool(led.drop_duplicates(["item", "department"])["item"].duplicated().any())


def _explain_matrix(b: OpenBriefing, *, supported: bool, shared: bool, blank: bool) -> str:
    """Return how the table counts, as far as it concerns this plan."""
    terms = b.terms
    generic = list(b.plan.departments.loc[b.plan.departments["kind"] == "generic", "name"])
    counted = f"複数の{terms.lead}がある{terms.item}は{terms.department}ごとに1件と数える。"
    told = (
        (f"{terms.supporting}としての件数は計に含まない。", supported),
        (counted, shared),
        (f"「{generic[0] if generic else ''}」等の総称は{terms.department}に含まない。", generic),
        ("空欄は0件である。", blank),
        (note_unreported(b), True),
    )
    return "".join(text for text, concerned in told if concerned)


def tell_on_schedule(b: OpenBriefing, items: pd.DataFrame, name: str = "") -> str:
    """Return one sentence on the rated rows of ``items``, which are called 取組 or ``name``.

    A ``name`` says by itself whose they are, so that those without a mark are told apart from them.
    """
    scale = b.plan.meta.status_scale
    counts = progress.count_status(b.plan, items)
    rated = sum(counts.values())
    every = rated == len(items)
    scope = name if name and every else _name_rated(name) if name else b.terms.item
    on_schedule = sum(counts[entry.mark] for entry in scale if entry.tone == "good")
    label, predicate = _name_good(b)
    if not scale:
        return "この計画は進捗区分を設けていない。"
    if rated < 2:
        alone = f"進捗区分を付した{b.terms.item}"
        return _tell_few(b, counts, name if every else "", _name_rated(name) if name else alone)
    if not any(entry.tone == "good" for entry in scale):
        return f"{scope}{rated}件の区分は、{wording.format_counts(counts)}である。"
    if on_schedule == 0:
        return f"{scope}{rated}件に、{label}ものはない。"
    if on_schedule == rated:
        return f"{scope}{rated}件の全て{predicate}"
    share = format_share(on_schedule, rated)
    of = "のうち" if name else "中"
    return f"{scope}{rated}件{of}{on_schedule}件（{share}）{predicate}"


def _name_good(b: OpenBriefing) -> tuple[str, str]:
    """Return what has a good mark, in front of もの and as the end of a sentence."""
    meta = b.plan.meta
    if word := meta.status_words.good:
        return f"{word}の", f"が{word}である。"
    labels = [entry.label for entry in meta.status_scale if entry.tone == "good"]
    # A label is a clause (「…取り組んだ」) or a noun (「順調」): each joins the sentence its way.
    if all(label.endswith(("た", "だ")) for label in labels):
        clause = "又は".join(labels)
        return clause, f"で{clause}。"
    named = "」又は「".join(labels)
    return f"「{named}」の", f"が「{named}」である。"


def _tell_few(b: OpenBriefing, counts: Counts, name: str, rated: str) -> str:
    """Return the sentence on no rated row or a single one, which is told with its mark.

    ``name`` is what all rows are called if each is rated, ``rated`` what those with a mark are.
    """
    mark = next((mark for mark, count in counts.items() if count), None)
    if mark is None:
        return f"{rated}はない。"
    told = f"{mark}（{wording.mark_of(b.plan.meta, mark).label}）"
    return f"{name}1件の区分は{told}である。" if name else f"{rated}は1件で、区分は{told}である。"


def _name_rated(name: str) -> str:
    return f"{name}で進捗区分を付したもの"


def tell_actors(b: OpenBriefing, items: pd.DataFrame) -> str:
    """Return whose items they are, "" where all are the municipality's own."""
    rated = items[items["status"] != ""]
    is_own = progress.is_ward(rated)
    others, own = rated[~is_own], rated[is_own]
    if others.empty:
        return ""
    word = b.plan.meta.municipality.word
    told = wording.format_counts(progress.count_status(b.plan, others))
    noun = b.terms.item
    first = f"{len(rated)}件の内訳は、{_name_actors(b)}が実施主体の{noun}{len(others)}件（{told}）"
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
