"""A department's paper: what it answers for, in one table; whom it works with; earlier years."""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.coverage import list_steps
from nenpo.analysis.departments import trace_departments
from nenpo.analysis.items import Item, each_item, has_progress, number_items
from nenpo.analysis.progress import items_in_role
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.coverage import explain_steps
from nenpo.content.display import Column, Nothing, RowKind, Sentences, Table
from nenpo.content.extras import describe_item
from nenpo.content.items import cite_item, explain_mark, tell_origin
from nenpo.content.milestones import tell_next
from nenpo.content.tables import count_columns, count_with_sum, join_alike, tells_words
from nenpo.content.unreported import include_unreported
from nenpo.language.fiscal import fiscal_year_label

_Show = Callable[[Item], str]


@tells_words
def attention(b: OpenBriefing) -> Table | Sentences | Nothing:
    """Return the items that need a decision, where there are too many others to see them among.

    A department of few items has them at the top of its only table.
    """
    listed = include_unreported(b)
    if b.is_one_page:
        return Nothing(f"判断を要する{b.terms.item}は一覧の初めに示す")
    urgent = find_urgent(b)
    if not urgent:
        return Sentences((f"判断を要する{b.terms.item}はない。",))
    held = listed.items[listed.items["item"].isin(urgent)]
    return _list_work(b, _name_urgent(b), listed, [(_name_urgent(b), held)])


@tells_words
def work(b: OpenBriefing) -> Table | Nothing:
    """Return what was promised, done and is planned of each item, those to decide on first.

    Each item stands in the document once: one that :func:`attention` shows is not among these.
    """
    listed, urgent = include_unreported(b), find_urgent(b)
    if listed.items.empty:
        return Nothing(b.lacks_items or "担当する取組がない")
    others = {
        name: held[~held["item"].isin(urgent)]
        for name, held in (
            (f"所管する{b.terms.item}", items_in_role(listed, "lead")),
            (
                f"{b.terms.supporting}として関わる{b.terms.item}",
                items_in_role(listed, "supporting"),
            ),
        )
    }
    first = listed.items[listed.items["item"].isin(urgent)]
    bands = [*([(_name_urgent(b), first)] if b.is_one_page else []), *others.items()]
    shown = [(name, held) for name, held in bands if len(held)]
    if not shown:
        return Nothing("全ての取組を先に示した")
    return _list_work(b, f"{b.terms.item}の状況", listed, shown)


def _name_urgent(b: OpenBriefing) -> str:
    return f"判断を要する{b.terms.item}"


def find_urgent(b: OpenBriefing) -> set[str]:
    """Return the ids of items late, not begun, changed without a direction, or not reported."""
    off = progress.list_off_schedule(b)
    late = off.loc[off["shift"] != "ahead", "item"]
    changed = b.items.loc[b.items["adherence"] == "changed", "item"]
    return {*late, *changed, *b.unreported.items["item"]}


def _list_work(
    b: OpenBriefing, caption: str, listed: OpenBriefing, bands: list[tuple[str, pd.DataFrame]]
) -> Table:
    """Return the rows of each band under its name and number, with what there is to add below."""
    texts = _list_texts(b, listed)
    marked = b.has_marks and progress.is_rated(listed.items).any()
    cite, urgent, dated = cite_item(b), find_urgent(b), _list_dated(b)
    columns = [
        *([Column("区分", "center", kind="mark")] if marked else []),
        Column(b.terms.item),
        *(Column(label) for label in texts),
    ]
    rows: list[tuple[str, ...]] = []
    kinds: list[RowKind] = []

    def add(kind: RowKind, *cells: str) -> None:
        kinds.append(kind)
        rows.append((*cells, *[""] * (len(columns) - len(cells))))

    for name, held in bands:
        add("group", name, f"{len(held)}件")
        for item in each_item(held):
            mark = [item.status] if marked else []
            title = f"{cite(item)}{tell_origin(b, item)}"
            shown = [show(item) for show in texts.values()]
            add("attention" if item.item in urgent else "body", *mark, title, *shown)
            if more := "　".join([*_tell_more(b, item), *dated.get(item.item, ())]):
                add("note", more)
    first = len(columns) - len(texts)
    cells, joined = join_alike(rows, kinds, range(first, len(columns)))
    blank = marked and not progress.is_rated(listed.items).all()
    return Table(
        caption=caption,
        columns=tuple(columns),
        rows=cells,
        row_headers=first,
        kinds=tuple(kinds),
        tones=b.plan.meta.tones if marked else {},
        spoken=wording.speak_marks(b.plan.meta) if marked else {},
        legend=wording.format_legend(b.plan.meta) if marked else "",
        joined=joined,
        note=("空欄の区分は記載がないことを表し、未着手を意味しない。" if blank else "")
        + explain_steps(b.plan),
    )


def _list_texts(b: OpenBriefing, listed: OpenBriefing) -> dict[str, _Show]:
    """Return the columns that an item fills: what was promised, done, and is planned next.

    The plan's own schedule says what the reports do not.
    """
    steps: Mapping[str, Mapping[int, str]] = list_steps(b.plan)
    now, coming = b.fiscal_year, b.fiscal_year + 1

    def find_step(item: Item, years: Iterator[int]) -> str:
        own = steps.get(item.item, {})
        return "、".join(dict.fromkeys(own[year] for year in years if year in own))

    ends = max((year for own in steps.values() for year in own), default=coming) + 1
    columns: dict[str, _Show] = {
        f"{fiscal_year_label(now)}の予定": lambda i: i.planned or find_step(i, iter([now])),
        "取組状況": attrgetter("done"),
        f"{fiscal_year_label(coming)}の予定": lambda i: i.next_year or find_step(i, iter([coming])),
        f"{fiscal_year_label(coming + 1)}以降": lambda i: (
            i.later or find_step(i, iter(range(coming + 1, ends)))
        ),
    }
    items = list(each_item(listed.items))
    return {label: show for label, show in columns.items() if any(map(show, items))}


def _list_dated(b: OpenBriefing) -> dict[str, list[str]]:
    """Return the next milestone of each item, where all items and what concerns them are one table.

    A department of more items has a section of its own for them.
    """
    if not b.is_one_page:
        return {}
    return {item: [f"次の節目：{told}"] for item, told in tell_next(b).items()}


def _tell_more(b: OpenBriefing, item: Item) -> Iterator[str]:
    """Yield what stands below an item: why it is not on schedule, and what is difficult."""
    if b.plan.meta.tones.get(item.status, "good") != "good":
        yield explain_mark(b, item)
    if item.adherence in ("changed", "not_comparable"):
        yield f"予定との対比：{wording.ADHERENCE_WORDS[item.adherence]}（{item.adherence_reason}）"
    if item.issues:
        yield f"課題：{item.issues}"
    if told := describe_item(b, item):
        yield told


def partners(b: OpenBriefing) -> Sentences | Nothing:
    """Return who else is in charge of the department's items, with the numbers of one or two."""
    lines = [
        f"{name}：{told}"
        for name, role in (
            (f"所管する{b.terms.item}に関わる{b.terms.department}", "lead"),
            (f"{b.terms.supporting}として関わる{b.terms.item}の{b.terms.lead}", "supporting"),
        )
        if (told := _name_partners(b, role))
    ]
    return Sentences(tuple(lines), role="list") if lines else Nothing("他に担当する部署がない")


def _name_partners(b: OpenBriefing, role: str) -> str:
    """Return the others in charge of what the department leads, or the leads of the rest."""
    own = items_in_role(b, role)["item"]
    held = b.assignments[b.assignments["item"].isin(own)]
    held = held[held["department"] != b.department]
    if role == "supporting":
        held = held[held["role"] == "lead"]
    numbers, names = number_items(b.plan), b.plan.department_names
    order = b.plan.departments.sort_values("order", kind="stable")["department"]
    told = []
    for department in order:
        items = held.loc[held["department"] == department, "item"].unique()
        if len(items):
            listed = "、".join(numbers[item] for item in items)
            told.append(f"{names[department]}（{listed if len(items) < 3 else f'{len(items)}件'}）")
    return "、".join(told)


def history(b: OpenBriefing) -> Table | Nothing:
    """Return a department's counts as lead in every earlier year, with those it follows."""
    plan, terms = b.plan, b.terms
    earlier = [each for each in sorted(plan.years) if each < b.fiscal_year]
    reported = [each for each in earlier if has_progress(plan, each)]
    if not reported or not plan.meta.status_scale:
        return Nothing(b.lacks_marks or "前年度以前の進捗がない")
    silent = b.items.empty and len(b.unreported.items) > 0
    now = fiscal_year_label(b.fiscal_year)
    counted = [
        _count_history(b, each) for each in (*reported, *([] if silent else [b.fiscal_year]))
    ]
    missing = any(count for _, count in counted)
    return Table(
        caption=f"{terms.lead}としての件数の推移",
        columns=(
            Column("年度", width=5),
            Column(terms.department, width=14),
            *count_columns([*plan.meta.marks, "計"]),
            *count_columns([wording.NOT_REPORTED] if missing else [], 3),
        ),
        rows=tuple((*cells, *([str(count)] if missing else [])) for cells, count in counted),
        note=f"{now}は、{wording.NOT_REPORTED}である。" if silent else "",
    )


def _count_history(b: OpenBriefing, fiscal_year: int) -> tuple[tuple[str, ...], int]:
    """Return the counts of the items that the department's predecessors led, each item once.

    The second value is how many of them were not reported.
    """
    plan = b.plan
    traced = trace_departments(plan, str(b.department), b.fiscal_year, fiscal_year)
    whole = progress.load_year(plan, fiscal_year)
    held, silent = (
        year.assignments[
            (year.assignments["role"] == "lead") & year.assignments["department"].isin(traced)
        ]
        for year in (whole, progress.select_unreported(whole))
    )
    counts = progress.count_status(plan, whole.items[whole.items["item"].isin(held["item"])])
    holders = {*held["department"], *silent["department"]}
    shown = "、".join(plan.department_names[name] for name in traced if name in holders) or "—"
    cells = map(str, count_with_sum(counts))
    return (fiscal_year_label(fiscal_year), shown, *cells), silent["item"].nunique()


def notes(b: OpenBriefing) -> Sentences | Nothing:
    """Return how the department's items are counted, where that needs to be said."""
    told = _tell_counting(b)
    generic = b.plan.departments[b.plan.departments["kind"] == "generic"]
    if set(generic["department"]) & set(b.assignments["department"]):
        kind, names = b.terms.department, "".join(f"「{name}」" for name in generic["name"])
        told.append(f"{names}は{kind}の総称であり、{kind}別の件数に含まない。")
    if inferred := wording.explain_inferred(list_names(b)):
        told.append(inferred)
    return Sentences(tuple(told), role="note") if told else Nothing("留意することがない")


def list_names(b: OpenBriefing) -> list[str]:
    """Return the names of the document's department, and of those in charge of its items."""
    held = {b.department, *b.assignments["department"], *b.unreported.assignments["department"]}
    return [name for key, name in b.plan.department_names.items() if key in held]


def _tell_counting(b: OpenBriefing) -> list[str]:
    """Return how an item of several departments is counted, where the plan has one."""
    if not progress.shares_items(b.whole):
        return []
    item, kind = b.terms.item, b.terms.department
    told = f"一つの{item}に複数の{kind}が関わる場合は{kind}ごとに1件と数える"
    items = b.whole.items
    counted = items[progress.is_rated(items)] if b.has_marks else items
    total = int(progress.list_holders(b.whole)["item"].isin(counted["item"]).sum())
    # Nobody may be in charge of others, so that the sum need not exceed the items.
    exceeds = total > len(counted)
    above = f"ため、各{kind}の合計（延べ）は計画全体の件数を上回る。"
    return [told + (above if exceeds else "。")]
