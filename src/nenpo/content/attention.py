"""What a manager has to know by name: the items that are late or changed, and those ahead."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.coverage import list_steps
from nenpo.analysis.items import Item, each_item
from nenpo.analysis.late import is_late
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, RowKind, Sentences, Table
from nenpo.content.first_page import room_for_attention
from nenpo.content.items import (
    cite_item,
    column_of_leads,
    explain_mark,
    name_departments,
    name_roles,
    shorten_names,
)
from nenpo.content.milestones import tell_next
from nenpo.content.tables import tells_words
from nenpo.language.fiscal import fiscal_year_label

_MOST_ROWS = 6
_MOST_NAMES = 4
_MOST_REST = 12  # names in one note: more would be a wall of them
_CHARACTERS = 50  # on a line across the page
# The longest texts: there the list says the rest.
_TITLE, _CELL, _NOTE, _NAME, _SHORT_NAME, _SHORT_LEADS = 84, 56, 100, 44, 24, 12

_ShownColumn = tuple[Column, Callable[[Item], str]]


@dataclass(frozen=True)
class _Entry:
    """An item as a row, and what is said of it across the whole width beneath."""

    cells: tuple[str, ...]
    note: str
    kind: RowKind

    def count_lines(self, columns: Sequence[Column]) -> int:
        """Return how many lines the item takes, about."""
        share = _CHARACTERS / sum(column.width for column in columns)
        pairs = zip(self.cells, columns, strict=True)
        tallest = max(ceil(len(text) / (share * column.width)) for text, column in pairs)
        return tallest + ceil(len(self.note) / _CHARACTERS)


def _name_section(b: OpenBriefing) -> str:
    if not b.has_marks:
        return f"予定から変更した{b.terms.item}"
    late = b.plan.meta.status_words.late
    # A change without a direction is not called late.
    if late and is_late(b.plan, _list_pressing(b)).all():
        return f"{late}の{b.terms.item}"
    return wording.name_off(b.plan.meta)


@tells_words
def table(b: OpenBriefing) -> Table | Nothing:
    """Return the items that are behind or changed, as many as the first page holds, worst first.

    Each with its department, its reason beneath it, and what comes next; of a plan in words,
    those whose progress is not as scheduled.
    """
    items = _list_pressing(b)
    if items.empty:
        return Nothing(b.lacks_items or "遅れた取組も、予定から変更した取組もない")
    shown = _choose_columns(b)
    columns = tuple(column for column, _ in shown)
    entries, rest = _share_room(b, _make_entries(b, items, shown), items, columns)
    rows, kinds = _set_rows(entries)
    return Table(
        caption=f"{_name_section(b)}（{len(items)}件）",
        columns=columns,
        rows=rows,
        kinds=kinds,
        row_headers=2 if b.has_marks else 1,
        tones=b.plan.meta.tones,
        spoken=wording.speak_marks(b.plan.meta),
        note=rest,
    )


def _list_pressing(b: OpenBriefing) -> pd.DataFrame:
    """Return the items off schedule that do not run ahead; in words, those that were changed."""
    if not b.has_marks:
        changed = (b.items["adherence"] == "changed") & ~progress.is_relisted(b.items)
        return b.items[changed]
    off = progress.list_off_schedule(b)
    return off[off["shift"] != "ahead"]


def _choose_columns(b: OpenBriefing) -> list[_ShownColumn]:
    cite, leads = cite_item(b), name_departments(b.plan, b.assignments)
    clipped = {item: wording.clip(names, _CELL) for item, names in leads.items()}
    mark: _ShownColumn = (Column("区分", "center", 3, "mark"), lambda item: item.status)
    now = Column(f"{fiscal_year_label(b.fiscal_year)}の進捗", width=16)
    dated = tell_next(b)

    def tell_coming(item: Item) -> str:
        told = dated.get(item.item) or item.next_year or item.later or wording.NOT_STATED
        return wording.clip(told, _CELL)

    return [
        *([mark] if b.has_marks else []),
        (Column(b.terms.item, width=21), lambda item: wording.clip(cite(item), _TITLE)),
        *column_of_leads(b, clipped, name_roles(b), 8),
        (Column("次の予定", width=18.5), tell_coming)
        if b.has_marks
        else (now, lambda item: wording.clip(item.done or wording.NOT_STATED, _CELL)),
    ]


def _make_entries(
    b: OpenBriefing, items: pd.DataFrame, shown: Iterable[_ShownColumn]
) -> list[_Entry]:
    columns, explain = list(shown), explain_mark if b.has_marks else _explain_change(b)
    late = is_late(b.plan, items) if b.has_marks else [True] * len(items)
    return [
        _Entry(
            tuple(show(item) for _, show in columns),
            wording.clip(explain(b, item), _NOTE),
            "attention" if pressing else "body",
        )
        for item, pressing in zip(each_item(items), late, strict=True)
    ]


def _explain_change(b: OpenBriefing) -> Callable[[OpenBriefing, Item], str]:
    """Return what says of an item of a plan in words: its schedule, and why it was not kept."""
    steps = list_steps(b.plan)

    def explain(b: OpenBriefing, item: Item) -> str:
        planned = steps.get(item.item, {}).get(b.fiscal_year, wording.NOT_STATED)
        return f"予定：{planned}　理由：{item.adherence_reason or wording.NOT_STATED}"

    return explain


def _share_room(
    b: OpenBriefing, entries: Sequence[_Entry], items: pd.DataFrame, columns: Sequence[Column]
) -> tuple[Sequence[_Entry], str]:
    """Return the first entries, and a note that names the rest, or tells where it is if too long.

    Fewer entries are kept where the names of all others fit beneath them.
    """
    room = room_for_attention(b)
    kept = _keep_room(entries, columns, room)
    if len(kept) == len(entries):
        return kept, ""
    fewest = max(1, len(entries) - _MOST_REST)
    for count in range(len(kept), fewest - 1, -1):
        names = _name_rest(b, items.iloc[count:])
        taken = sum(entry.count_lines(columns) for entry in kept[:count])
        if taken + ceil(len(names) / _CHARACTERS) <= room:
            return kept[:count], names
    return kept, f"ほか{len(entries) - len(kept)}件は、別紙の一覧に示す。"


def _name_rest(b: OpenBriefing, items: pd.DataFrame) -> str:
    """Return what else is late: mark, number, title and who is in charge, as short as can be."""
    cite, leads = cite_item(b), name_departments(b.plan, b.whole.assignments)

    def tell_leads(item: Item) -> str:
        return shorten_names(leads.get(item.item, ""), b.terms.department, _SHORT_LEADS)

    names = [
        f"{item.status}{wording.clip(cite(item), _SHORT_NAME)}{_wrap(tell_leads(item))}"
        for item in each_item(items)
    ]
    return f"ほか{len(names)}件は、{'、'.join(names)}である。詳細は、別紙の一覧に示す。"


def _keep_room(entries: Sequence[_Entry], columns: Sequence[Column], room: int) -> Sequence[_Entry]:
    """Return the first entries, as many as ``room`` lines hold and at least one."""
    lines, kept = 0, 0
    for entry in entries[:_MOST_ROWS]:
        lines += entry.count_lines(columns)
        if kept and lines > room:
            break
        kept += 1
    return entries[:kept]


def _set_rows(
    entries: Iterable[_Entry],
) -> tuple[tuple[tuple[str, ...], ...], tuple[RowKind, ...]]:
    rows: list[tuple[str, ...]] = []
    kinds: list[RowKind] = []
    for entry in entries:
        rows += [entry.cells, (entry.note, *[""] * (len(entry.cells) - 1))]
        kinds += [entry.kind, "note"]
    return tuple(rows), tuple(kinds)


def others(b: OpenBriefing) -> Sentences | Nothing:
    """Return by name what runs ahead; in words, what cannot be compared with the schedule."""
    if b.has_marks:
        off = progress.list_off_schedule(b)
        found, told = off[off["shift"] == "ahead"], "前倒しは"
    else:
        unclear = (b.items["adherence"] == "not_comparable") & ~progress.is_relisted(b.items)
        found, told = b.items[unclear], "予定と比較できないものは"
    if found.empty:
        return Nothing(b.lacks_items or "前倒しの取組も、予定と比較できない取組もない")
    return Sentences((f"{told}、{name_items(b, found)}の{len(found)}件である。",), role="note")


def name_items(b: OpenBriefing, items: pd.DataFrame, most: int = _MOST_NAMES) -> str:
    """Return items by number, title and department; ほか stands for those beyond ``most``."""
    cite, leads = cite_item(b), name_departments(b.plan, b.whole.assignments)
    names = [
        f"{wording.clip(cite(item), _NAME)}{_wrap(leads.get(item.item, ''))}"
        for item in each_item(items.head(most))
    ]
    left = len(items) - len(names)
    return f"{'、'.join(names)}{'ほか' if left else ''}"


def _wrap(names: str) -> str:
    """Return departments in parentheses, in which those that only support stand already."""
    return f"（{names}）" if names and not names.startswith("（") else names


def tell_late(b: OpenBriefing) -> str:
    """Return how many items are behind, changed without a direction, and ahead; "" without any.

    Nor where a single item is rated, of which the mark itself is told.
    """
    counts = count_off(b)
    if not counts or progress.is_rated(b.items).sum() == 1:
        return ""
    late = b.plan.meta.status_words.late
    none = f"{late}の{b.terms.item}はなく、" if late and late not in counts else ""
    return f"{none}{'、'.join(f'{word}は{count}件' for word, count in counts.items())}である。"


def count_off(b: OpenBriefing) -> dict[str, int]:
    """Return how many items without a good mark stand how, the worst first."""
    off = progress.list_off_schedule(b)
    words = [wording.name_off_state(b.plan.meta, item) for item in each_item(off)]
    return {word: words.count(word) for word in dict.fromkeys(words)}
