"""Two fiscal years of a plan → one paper: what moved, by name; what is new, and what ended."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.items import Item, each_item, look_up, name_goal, number_items
from nenpo.analysis.pairs import (
    DepartmentPair,
    IndicatorPair,
    pair_departments,
    pair_indicators,
    pair_leads,
)
from nenpo.analysis.progress import Transitions, Year
from nenpo.content import wording
from nenpo.content.display import Column, RowKind, Table
from nenpo.content.items import name_departments
from nenpo.content.tables import Cells
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import format_value

_NARRATIVE = {
    "done": "取組状況",
    "next_year": "次年度の予定",
    "later": "その後の予定",
    "issues": "課題",
}
_SUCCESSIONS = {"rename": "改称", "merge": "統合", "split": "分割"}
_MOVES = (
    ("improved", "改善した{}"),
    ("worsened", "後退した{}"),
    ("moved", "区分又は変更の向きが変わり、改善とも後退ともいえない{}"),
    ("marked", "新たに区分の付いた{}"),
    ("unmarked", "区分の記載がなくなった{}"),
)


@dataclass(frozen=True)
class YearsSection:
    """A heading and its tables; those of a ``folded`` one are opened when asked for."""

    title: str
    tables: tuple[Table, ...]
    folded: bool = False


@dataclass(frozen=True)
class YearsPaper:
    """What changed between two fiscal years; no sections where nothing did."""

    title: str
    plan_title: str
    lead: tuple[str, ...]
    sections: tuple[YearsSection, ...]


@dataclass(frozen=True)
class _Pair:
    """Both years, how their items belong together (None: one reports none), and who leads them."""

    before: Year
    after: Year
    moved: Transitions | None
    departments: Mapping[str, str]

    numbers: Mapping[str, str]

    @property
    def labels(self) -> tuple[str, str]:
        """How the two years are called."""
        first, second = (fiscal_year_label(y.fiscal_year) for y in (self.before, self.after))
        return first, second

    def name(self, item: Item) -> str:
        """Return an item's title behind the number by which it can be cited."""
        return f"{self.numbers[item.item]} {wording.format_bare_title(item)}"

    def find(self, item: Item | None, name: str) -> str:
        """Return how an earlier item is called; one that was not reported by its title."""
        if item is not None:
            return self.name(item)
        return f"{self.numbers[name]} {self.after.plan.item_titles[name]}"


def compare(before: Year, after: Year) -> YearsPaper:
    """Return the paper on two years of one plan, the earlier one first.

    Nothing in it is computed from a document: both years are read from the plan's tables.
    """
    plan = after.plan
    names = name_departments(plan, before.assignments) | name_departments(plan, after.assignments)
    moved = progress.compare_years(after, before.fiscal_year)
    pair = _Pair(before, after, moved, names, number_items(plan))
    indicators = pair_indicators(before, after)
    told = (
        _tell_moves(pair),
        _tell_adherence(pair),
        _tell_indicators(pair, indicators),
        _tell_departments(pair),
        _tell_items(pair),
        _tell_texts(pair),
    )
    sections = tuple(section for section, _ in told if section.tables)
    first, second = pair.labels
    return YearsPaper(
        title=f"{first}と{second}との違い",
        plan_title=plan.meta.title,
        lead=_write_lead(pair, [sentence for _, sentence in told if sentence]),
        sections=sections,
    )


_Told = tuple[YearsSection, str]


def _write_lead(pair: _Pair, sentences: Sequence[str]) -> tuple[str, ...]:
    first, second = pair.labels
    silent = [
        label
        for label, year in zip((first, second), (pair.before, pair.after), strict=True)
        if year.items.empty
    ]
    noun = pair.after.plan.meta.terms.item
    told = [f"{'及び'.join(silent)}は、{noun}の進捗の報告がない。"] if silent else []
    return (*told, *(sentences or [f"{first}と{second}との間に違いはない。"]))


def _tell_moves(pair: _Pair) -> _Told:
    """Return the items whose mark moved, by name."""
    meta, moved = pair.after.plan.meta, pair.moved
    title = "進捗区分の変化"
    if moved is None or not meta.status_scale:
        return YearsSection(title, ()), ""
    noun = meta.terms.item
    groups = []
    for name, words in _MOVES:
        frame: pd.DataFrame = getattr(moved, name)
        pairs = zip(each_item(frame), frame["before"], frame["before_shift"], strict=True)
        rows = [
            (
                pair.name(item),
                _tell_mark(pair.after, mark, shift),
                _tell_mark(pair.after, item.status, item.shift),
                pair.departments.get(item.item, ""),
            )
            for item, mark, shift in pairs
        ]
        notes = [_tell_reason(pair.after, item) for item in each_item(frame)]
        groups.append(_Group(words.format(noun), rows, notes, attention=name == "worsened"))
    labels = (noun, *pair.labels, meta.terms.lead)
    table = _group_table(f"進捗区分の変わった{noun}", labels, (16, 9, 9, 10), groups)
    if not table:
        return YearsSection(title, ()), "進捗区分の変わったものはない。"
    counted = [f"{each.words}は{len(each.rows)}件" for each in groups[:2]]
    counted += [f"{each.words}は{len(each.rows)}件" for each in groups[2:] if each.rows]
    return YearsSection(title, table), f"{'、'.join(counted)}である。"


def _tell_mark(year: Year, mark: str, shift: str) -> str:
    """Return a mark in words, with the direction of a change: 「○ 変更した（後ろ倒し）」."""
    if not mark:
        return wording.NO_MARK
    direction = f"（{wording.SHIFT_WORDS[shift]}）" if shift else ""
    return f"{wording.name_mark(wording.mark_of(year.plan.meta, mark))}{direction}"


def _tell_reason(year: Year, item: Item) -> str:
    """Return why the item has its mark; "" for a good one, which needs no reason."""
    words = year.plan.meta.status_words
    good = not item.status or wording.mark_of(year.plan.meta, item.status).tone == "good"
    if item.change_reason:
        return f"{words.reason}：{item.change_reason}"
    return "" if good else wording.NO_REASON


def _tell_adherence(pair: _Pair) -> _Told:
    """Return the items of a plan without marks that stand otherwise to their schedule."""
    title, moved, meta = "予定との対比の変化", pair.moved, pair.after.plan.meta
    if moved is None or meta.status_scale:
        return YearsSection(title, ()), ""
    own = moved.paired.assign(
        told=look_up(moved.paired["previous_item"], pair.before.items, "adherence")
    )
    noun = meta.terms.item
    groups = []
    for word in ("changed", "not_comparable", "kept"):
        rows = own[(own["adherence"] == word) & (own["told"] != word) & (own["told"] != "")]
        cells = [
            (
                pair.name(item),
                wording.ADHERENCE_WORDS[told],
                wording.ADHERENCE_WORDS[word],
                pair.departments.get(item.item, ""),
            )
            for item, told in zip(each_item(rows), rows["told"], strict=True)
        ]
        notes = [f"判断の理由：{reason}" if reason else "" for reason in rows["adherence_reason"]]
        words = f"「{wording.ADHERENCE_WORDS[word]}」となった{noun}"
        groups.append(_Group(words, cells, notes, attention=word == "changed"))
    labels = (noun, *pair.labels, meta.terms.lead)
    table = _group_table(f"予定との対比の変わった{noun}", labels, (18, 6, 6, 12), groups)
    counted = [f"{each.words}は{len(each.rows)}件" for each in groups if each.rows]
    sentence = f"予定と対比して{'、'.join(counted)}である。" if counted else ""
    return YearsSection(title, table), sentence


def _tell_indicators(pair: _Pair, found: Sequence[IndicatorPair]) -> _Told:
    title, (first, second) = "成果指標", pair.labels
    known = [each for each in found if each.before or each.after]
    differing = [each for each in known if each.differs]
    if not known:
        return YearsSection(title, ()), ""
    if not differing:
        return YearsSection(title, ()), "成果指標の値に違いはない。"
    rows = tuple(
        (
            _name_indicator(each),
            format_value(each.before, each.entry.unit),
            format_value(each.after, each.entry.unit, "" if each.is_gone else each.entry.missing),
            _tell_change(each),
            *_tell_target(each),
        )
        for each in known
    )
    columns = (
        Column("指標", width=14),
        Column(first, "right", 6),
        Column(second, "right", 6),
        Column("増減", "right", 7),
        Column("目標", "right", 8),
        Column("線との比較", width=10),
    )
    short = [each for each in known if _is_short(each)]
    line = f"、目標への線に届かない指標は{len(short)}項目" if short else ""
    note = "—は値の記載がないことを表す。" if any("—" in row for row in rows) else ""
    note = f"線は基準値と目標値を結ぶ直線の{second}の値である。{note}"
    table = Table("成果指標の値", columns, rows, note=note)
    sentence = f"値の変わった成果指標は{len(differing)}項目{line}である。"
    return YearsSection(title, (table,)), sentence


def _name_indicator(each: IndicatorPair) -> str:
    former = each.entry.predecessor
    suffix = "（終了）" if each.is_gone else "（新規）" if each.is_new and not former else ""
    redefined = f"（「{former.name}」の定義を改めた指標）" if each.is_new and former else ""
    return f"{each.entry.name}{suffix}{redefined}"


def _tell_change(each: IndicatorPair) -> str:
    if each.before is None or each.after is None:
        return "—"
    if each.change is None:
        return wording.NOT_COMPARABLE
    return wording.format_change(
        replace(each.entry, previous=each.before, actual=each.after, change=each.change)
    )


def _tell_target(each: IndicatorPair) -> tuple[str, str]:
    """Return the next target, and whether the later value has come as far as the line to it."""
    target = each.entry.next_target
    if target is None or each.is_gone:
        return "—", "—"
    goal = f"{fiscal_year_label(target.fiscal_year)} {format_value(target.value, each.entry.unit)}"
    line = wording.round_expected(each.entry, target)
    if line is None or each.entry.side == "none":
        return goal, "—"
    shown = format_value(line, each.entry.unit)
    return goal, f"{wording.SIDE_WORDS[each.entry.side]}（線{shown}）"


def _is_short(each: IndicatorPair) -> bool:
    return each.entry.side == "below" and not each.is_gone


def _tell_departments(pair: _Pair) -> _Told:
    """Return the departments that came out of others, and those whose counts changed."""
    plan, terms = pair.after.plan, pair.after.plan.meta.terms
    title = f"{terms.department}別の変化"
    if pair.moved is None:
        return YearsSection(title, ()), ""
    pairs = pair_departments(pair.before, pair.after)
    changed = [each for each in pairs if _tell_succession(pair, each) or _differs(pair, each)]
    rows = tuple(
        (
            plan.department_names.get(each.department, "—"),
            "、".join(plan.department_names[name] for name in each.former) or "—",
            _tell_succession(pair, each),
            _count(pair.before, each.before) if each.former else "—",
            _count(pair.after, each.after) if each.department else "—",
        )
        for each in changed
    )
    first, second = pair.labels
    counted = terms.item if not plan.meta.status_scale else "進捗区分"
    columns = (
        Column(f"{second}の{terms.department}", width=8),
        Column(f"{first}の{terms.department}", width=9),
        Column("異動", width=9),
        Column(f"{first}の{counted}", width=9),
        Column(f"{second}の{counted}", width=9),
    )
    reorganised = [
        f"{rows[n][0]}（{rows[n][1]}の{rows[n][2]}）"
        for n, each in enumerate(changed)
        if each.kinds
    ]
    more = f"ほか{len(reorganised) - 3}の{terms.department}" if reorganised[3:] else ""
    named = "、".join(reorganised[:3]) + more
    note = f"複数の{terms.department}が関わる{terms.item}は、それぞれに数えた（延べ）。"
    shared = progress.shares_items(pair.before) or progress.shares_items(pair.after)
    caption = f"変化のあった{terms.department}"
    table = Table(caption, columns, rows, note=note if shared else "")
    sentence = f"組織改正のあった{terms.department}は、{named}である。" if reorganised else ""
    return YearsSection(title, (table,) if rows else ()), sentence


def _tell_succession(pair: _Pair, each: DepartmentPair) -> str:
    """Return how a department came about; "" for one that was there before."""
    names, noun = pair.after.plan.department_names, pair.after.plan.meta.terms.item
    if not each.department:
        return f"担当する{noun}がなくなった"
    told = ["・".join(_SUCCESSIONS[kind] for kind in each.kinds)] if each.kinds else []
    if each.givers:
        told.append(f"{'、'.join(names[giver] for giver in each.givers)}から一部を移管")
    if not each.former and not told:
        told.append(f"新たに{noun}を担当")
    return "、".join(told)


def _differs(pair: _Pair, each: DepartmentPair) -> bool:
    return _count(pair.before, each.before) != _count(pair.after, each.after)


def _count(year: Year, held: Iterable[str]) -> str:
    """Return how many items there are: 「5件」, and by mark where there are marks: 「◎4 ×1」."""
    own = year.items[year.items["item"].isin(set(held))]
    if not year.plan.meta.status_scale:
        return f"{len(own)}件"
    rated = wording.format_counts(progress.count_status(year.plan, own))
    return rated or f"区分なし{len(own)}件"


def _tell_items(pair: _Pair) -> _Told:
    """Return the items that are new, continue another, ended, or went to another department."""
    moved, plan = pair.moved, pair.after.plan
    noun, lead = plan.meta.terms.item, plan.meta.terms.lead
    title = f"{noun}の異動"
    if moved is None:
        return YearsSection(title, ()), ""
    earlier = {item.item: item for item in each_item(pair.before.items)}
    later = {item.item: item for item in each_item(pair.after.items)}
    names = name_departments(plan, pair.before.assignments)

    def list_rows(pairs: Iterable[tuple[str, str]]) -> list[Cells]:
        return [
            (
                pair.find(earlier.get(was), was) if was else "—",
                names.get(was, ""),
                pair.name(later[now]) if now else "—",
                pair.departments.get(now, ""),
            )
            for now, was in pairs
        ]

    both = [name for name in later if name in earlier]
    linked = zip(moved.paired["item"], moved.paired["previous_item"], strict=True)
    told: tuple[tuple[str, list[tuple[str, str]]], ...] = (
        ("新たに加わった", [(name, "") for name in moved.started["item"]]),
        ("引き継いだ", [(now, was) for now, was in linked if was and was != now]),
        ("終了した", [("", name) for name in moved.ended["item"]]),
        (f"{wording.NOT_REPORTED}の", [("", name) for name in moved.unreported["item"]]),
        ("題名の変わった", [(n, n) for n in both if later[n].title != earlier[n].title]),
        (f"{lead}の変わった", [*pair_leads(pair.before, pair.after)]),
    )
    groups = [_Group(f"{word}{noun}", list_rows(pairs)) for word, pairs in told]
    labels = [f"{label}の{word}" for label in pair.labels for word in (noun, lead)]
    table = _group_table(f"異動のあった{noun}", labels, (16, 8, 16, 8), groups, row_headers=0)
    counted = [f"{each.words}は{len(each.rows)}件" for each in groups if each.rows]
    return YearsSection(title, table), f"{'、'.join(counted)}である。" if counted else ""


def _tell_texts(pair: _Pair) -> _Told:
    """Return what departments wrote in both years, where it is not the same, goal by goal."""
    moved, plan = pair.moved, pair.after.plan
    title = "記載の変化"
    if moved is None:
        return YearsSection(title, ()), ""
    held = moved.paired[moved.paired["previous_item"] != ""]
    was = {
        name: list(look_up(held["previous_item"], pair.before.items, name)) for name in _NARRATIVE
    }
    noun, items = plan.meta.terms.item, list(each_item(held))
    columns = (
        Column(noun, width=11),
        Column("欄", width=5),
        *(Column(label, width=16) for label in pair.labels),
    )
    tables, total = [], 0
    for goal in plan.meta.goals:
        rows: list[Cells] = []
        own = [(place, item) for place, item in enumerate(items) if item.goal == goal.id]
        for place, item in own:
            cells = [
                ("", label, was[name][place] or wording.NOT_STATED, now or wording.NOT_STATED)
                for name, label in _NARRATIVE.items()
                if (now := str(getattr(item, name))) != was[name][place]
            ]
            total += bool(cells)
            rows += [(pair.name(item), *cells[0][1:]), *cells[1:]] if cells else []
        if rows:
            count = sum(bool(row[0]) for row in rows)
            caption = f"{name_goal(goal)}（{count}件）"
            tables.append(Table(caption, columns, tuple(rows), row_headers=2))
    sentence = f"進捗や予定の記載が変わった{noun}は{total}件である。" if total else ""
    return YearsSection(title, tuple(tables), folded=True), sentence


@dataclass(frozen=True)
class _Group:
    """Rows of one kind, with what says more of each; those that need action are tinted."""

    words: str
    rows: Sequence[Cells]
    notes: Sequence[str] = ()
    attention: bool = False


def _group_table(
    caption: str,
    labels: Sequence[str],
    widths: Sequence[float],
    groups: Iterable[_Group],
    row_headers: int = 1,
) -> tuple[Table, ...]:
    """Return a table of the groups that have rows, each named with their number; none without.

    A column that no row fills is left out.
    """
    filled = [group for group in groups if group.rows]
    cells = [row for group in filled for row in group.rows]
    if not cells:
        return ()
    used = [n for n in range(len(labels)) if any(row[n] for row in cells)]
    columns = tuple(Column(labels[n], width=widths[n]) for n in used)
    rows: list[Cells] = []
    kinds: list[RowKind] = []
    for group in filled:
        rows.append((group.words, f"{len(group.rows)}件", *[""] * (len(used) - 2)))
        kinds.append("group")
        for row, note in zip_longest(group.rows, group.notes, fillvalue=""):
            rows.append(tuple(row[n] for n in used))
            kinds.append("attention" if group.attention else "body")
            if note:
                rows.append((note, *[""] * (len(used) - 1)))
                kinds.append("note")
    return (Table(caption, columns, tuple(rows), row_headers, kinds=tuple(kinds)),)
