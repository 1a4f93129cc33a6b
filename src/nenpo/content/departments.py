"""A department's paper: what it answers for, in one table; whom it works with; earlier years."""

from collections.abc import Callable, Iterator
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
from nenpo.content.display import Column, Nothing, RowKind, Sentences, Table, Tile, Tiles
from nenpo.content.extras import describe_item
from nenpo.content.items import cite_item, explain_mark, tell_origin
from nenpo.content.milestones import tell_next
from nenpo.content.tables import count_columns, count_with_sum, join_alike, tells_words
from nenpo.content.unreported import include_unreported
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import format_share

_Show = Callable[[Item], str]
_FEW = 5  # items that leave room on their page


def tiles(b: OpenBriefing) -> Tiles | Nothing:
    """Return what a department answers for, beside the whole plan, where its items leave room."""
    listed = include_unreported(b)
    if not 0 < len(listed.items) <= _FEW:
        return Nothing(f"{b.terms.item}の一覧に場所を要する")
    held = {
        f"所管する{b.terms.item}": len(items_in_role(listed, "lead")),
        f"{b.terms.supporting}として関わる{b.terms.item}": len(items_in_role(listed, "supporting")),
    }
    urgent = len(find_urgent(b))
    return Tiles(
        (
            *(Tile(str(count), name, "件") for name, count in held.items() if count),
            *(
                [Tile(str(urgent), "判断を要するもの", "件", "bad" if urgent else "")]
                if has_progress(b.plan, b.fiscal_year)
                else []
            ),
            *_compare_whole(b),
        )
    )


def _compare_whole(b: OpenBriefing) -> Iterator[Tile]:
    """Yield the share of the whole plan's rated items that have a good mark."""
    meta, counts = b.plan.meta, progress.count_status(b.plan, b.whole.items)
    good = [entry for entry in meta.status_scale if entry.tone == "good"]
    rated = sum(counts.values())
    if good and rated:
        count = sum(counts[entry.mark] for entry in good)
        named = wording.label_good(meta)
        share = format_share(count, rated).removesuffix("％")
        yield Tile(share, f"計画全体の{named}（{count}/{rated}件）", "％")


@tells_words
def attention(b: OpenBriefing) -> Table | Sentences | Nothing:
    """Return the items that need a decision, where there are too many others to see them among.

    A department of few items has them at the top of its only table.
    """
    listed = include_unreported(b)
    if b.is_one_page:
        return Nothing(f"判断を要する{b.terms.item}は一覧の初めに示す")
    if not has_progress(b.plan, b.fiscal_year):
        return Nothing("どの部署の報告もまだない")
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
    # Behind what needs a decision stand the others.
    rest = "ほかに" if len(first) else ""
    bands = [
        *([(_name_urgent(b), first)] if b.is_one_page else []),
        *((f"{rest}{name}", held) for name, held in others.items()),
    ]
    shown = [(name, held) for name, held in bands if len(held)]
    if not shown:
        return Nothing("全ての取組を先に示した")
    return _list_work(b, f"{b.terms.item}の状況", listed, shown)


def _name_urgent(b: OpenBriefing) -> str:
    return f"判断を要する{b.terms.item}"


def find_urgent(b: OpenBriefing) -> set[str]:
    """Return the ids of items late, not begun, changed without a direction, or not reported.

    None as long as nobody has reported: the year has only begun.
    """
    if not has_progress(b.plan, b.fiscal_year):
        return set()
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

    The plan's own schedule says what the reports do not, up to the coming year.
    """
    steps = list_steps(b.plan)
    now, coming = b.fiscal_year, b.fiscal_year + 1

    def find_step(item: Item, year: int) -> str:
        return steps.get(item.item, {}).get(year, "")

    columns: dict[str, _Show] = {
        f"{fiscal_year_label(now)}の予定": lambda item: item.planned or find_step(item, now),
        "取組状況": attrgetter("done"),
        f"{fiscal_year_label(coming)}の予定": lambda item: (
            item.next_year or find_step(item, coming)
        ),
        f"{fiscal_year_label(coming + 1)}以降": attrgetter("later"),
    }
    items = list(each_item(listed.items))
    return {label: show for label, show in columns.items() if any(map(show, items))}


def _list_dated(b: OpenBriefing) -> dict[str, list[str]]:
    """Return the next milestone of each item, where all items and what concerns them are one table.

    A department of more items has a section of its own for them, and a plan with a schedule has
    columns.
    """
    if not b.is_one_page or not b.plan.schedule.empty:
        return {}
    return {item: [f"次の節目：{told}"] for item, told in tell_next(b).items()}


def _tell_more(b: OpenBriefing, item: Item) -> Iterator[str]:
    """Yield what stands below an item: why it is not on schedule, and what is difficult."""
    if b.plan.meta.tones.get(item.status, "good") != "good":
        yield explain_mark(b, item)
    if item.adherence == "changed":
        yield f"予定からの変更：{item.adherence_reason}"
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
    known = b.plan.departments.sort_values("order", kind="stable")
    order = known.loc[known["kind"] != "generic", "department"]
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
    """Return what ＊ behind a department's name says, where one has it."""
    told = wording.explain_inferred(list_names(b))
    return Sentences((told,), role="note") if told else Nothing("推定した名称がない")


def list_names(b: OpenBriefing) -> list[str]:
    """Return the names of the document's department, and of those in charge of its items."""
    held = {b.department, *b.assignments["department"], *b.unreported.assignments["department"]}
    return [name for key, name in b.plan.department_names.items() if key in held]
