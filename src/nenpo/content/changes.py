"""What changed since the year before, and which departments follow which."""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.coverage import compare_reports, has_coverage
from nenpo.analysis.departments import list_changes
from nenpo.analysis.items import Item, each_item, has_progress, list_titles, number_items
from nenpo.analysis.late import compare_lateness, count_late_years, is_late
from nenpo.analysis.progress import Transitions, name_department
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, RowKind, Sentences, Table
from nenpo.content.items import cite_item, column_of_leads, explain_mark, name_departments
from nenpo.content.tables import list_things, tells_words
from nenpo.language.fiscal import fiscal_year_label

_FEW = 2  # items that a sentence names
_SHORT_MOVE = len("◎→○")
_LONGEST_NAME = 30


def sentences(b: OpenBriefing) -> Sentences | Nothing:
    """Return how the items moved since the year before, by name where they are few."""
    told = tell_changes(b)
    return Sentences((told,)) if told else Nothing("前年度の進捗がない")


def tell_changes(b: OpenBriefing) -> str:
    """Return in a few sentences what changed since the year before, "" without one."""
    moved = progress.compare_years(b)
    if moved is None:
        return ""
    told = [*_tell_marks(b, moved), *_tell_same_reports(b), *_tell_news(b, moved)]
    return "".join(told) or f"前年度からの{b.terms.item}の異動はない。"


def tell_first(b: OpenBriefing) -> str:
    """Return why marks cannot be compared with last year's, "" where they can or are none."""
    if b.lacks_marks or progress.compare_years(b) is not None:
        return ""
    first = not any(has_progress(b.plan, each) for each in b.plan.years if each < b.fiscal_year)
    if first and b.fiscal_year <= b.plan.meta.period.first_year:
        return "初回の報告であり、前年度との比較はない。"
    return "前年度の進捗の記録がないため、前年度との比較はない。"


def _tell_marks(b: OpenBriefing, moved: Transitions) -> Iterator[str]:
    """Yield what became better, worse, late and on time again, of a plan with marks."""
    if not b.has_marks:
        return
    noun, late, moves = b.terms.item, wording.name_late(b.plan.meta), _show_moves(moved.paired)
    if moved.improved.empty and moved.worsened.empty:
        yield f"前年度と比べ、改善した{noun}も後退した{noun}もない。"
    else:
        better, worse = (_name_few(b, items, moves) for items in (moved.improved, moved.worsened))
        if moved.improved.empty:
            yield f"前年度と比べ、改善した{noun}はなく、後退した{noun}は{worse}である。"
        elif moved.worsened.empty:
            yield f"前年度と比べ、改善した{noun}は{better}であり、後退した{noun}はない。"
        else:
            yield f"前年度と比べ、改善した{noun}は{better}、後退した{noun}は{worse}である。"
    lateness, years = compare_lateness(b.plan, moved), count_late_years(b)
    counts = (
        (f"新たに{late}となったもの", len(lateness.newly)),
        (f"{late}を解消したもの", len(lateness.caught_up)),
        (f"2年以上{late}が続くもの", sum(count > 1 for count in years.values())),
    )
    if told := [f"{word}は{count}件" for word, count in counts if count]:
        yield f"{'、'.join(told)}である。"


def _name_few(b: OpenBriefing, items: pd.DataFrame, remarks: Mapping[str, str]) -> str:
    """Return how many items there are and, of a few, which; with what ``remarks`` say of each."""
    if not 0 < len(items) <= _FEW:
        return f"{len(items)}件"
    cite = cite_item(b)
    names = [
        f"{wording.clip(cite(item), _LONGEST_NAME)}"
        + (f"（{remarks[item.item]}）" if item.item in remarks else "")
        for item in each_item(items)
    ]
    return f"{'、'.join(names)}の{len(items)}件"


def _show_moves(paired: pd.DataFrame) -> dict[str, str]:
    """Return the marks of both years by item, with the direction of a change: 「◎→○後ろ倒し」."""
    columns = ("item", "before", "before_shift", "status", "shift")
    rows = zip(*(paired[column] for column in columns), strict=True)
    return {
        item: "→".join(
            f"{mark}{wording.SHIFT_WORDS.get(shift, '')}" if mark else "記載なし"
            for mark, shift in ((before, before_shift), (status, now_shift))
        )
        for item, before, before_shift, status, now_shift in rows
    }


def _tell_same_reports(b: OpenBriefing) -> list[str]:
    """Return, where progress is told in words, how many items say the same as last year."""
    paired = compare_reports(b) if has_coverage(b) else None
    if paired is None:
        return []
    both = paired[(paired["before"] != "") & (paired["done"] != "")]
    if both.empty:
        return []
    same = int((both["before"] == both["done"]).sum())
    noun = b.terms.item
    counted = f"前年度と同じ記載は{same}件、異なる記載は{len(both) - same}件である。"
    return [f"両年度に進捗の記載がある{noun}{len(both)}件のうち、{counted}"]


def _tell_news(b: OpenBriefing, moved: Transitions) -> Iterator[str]:
    """Yield which items are new, follow others, or have ended; what is unreported is told so."""
    noun, renewed, titles = b.terms.item, _list_renewed(moved.paired), list_titles(b.plan)
    pairs = zip(renewed["item"], renewed["previous_item"], strict=True)
    before = {item: f"前年度は「{titles[former]}」" for item, former in pairs}
    groups = (
        (f"新たに加わった{noun}", moved.started),
        (f"前年度の{noun}を引き継いだもの", renewed),
        (f"終了した{noun}", moved.ended),
    )
    told = [f"{word}は{_name_few(b, items, before)}" for word, items in groups if len(items)]
    if told:
        yield f"{'、'.join(told)}である。"


def _list_renewed(paired: pd.DataFrame) -> pd.DataFrame:
    """Return this year's items that were others the year before."""
    return paired[(paired["previous_item"] != "") & (paired["previous_item"] != paired["item"])]


def table(b: OpenBriefing) -> Table | Nothing:
    """Return by name the items whose mark moved, and those that stay late, with last year's plan.

    What was announced the year before stands beside what was done, the reason beneath.
    """
    moved = progress.compare_years(b)
    if moved is None or b.lacks_marks:
        return Nothing(b.lacks_marks or "前年度の進捗がない")
    groups = [(name, items) for name, items in _group_moves(b, moved) if len(items)]
    if not groups:
        return Nothing("区分の変わった取組も、遅れの続く取組もない")
    shown = _choose_columns(b, moved)
    rows: list[tuple[str, ...]] = []
    kinds: list[RowKind] = []
    blank = [""] * (len(shown) - 1)
    late = set(moved.paired.loc[is_late(b.plan, moved.paired), "item"])
    explain = _explain_move(b)
    for name, items in groups:
        rows.append((name, f"{len(items)}件", *blank[1:]))
        kinds.append("group")
        for item in each_item(items):
            rows.append(tuple(show(item) for _, show in shown))
            kinds.append("attention" if item.item in late else "body")
            if told := explain(item):
                rows.append((told, *blank))
                kinds.append("note")
    return Table(
        caption=f"進捗区分が変わった{b.terms.item}",
        columns=tuple(column for column, _ in shown),
        rows=tuple(rows),
        kinds=tuple(kinds),
        row_headers=2,
        legend=wording.format_legend(b.plan.meta),
        spoken=wording.speak_marks(b.plan.meta),
    )


def _group_moves(b: OpenBriefing, moved: Transitions) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the items that have to be known by name, each once."""
    noun, late = b.terms.item, wording.name_late(b.plan.meta)
    told = pd.concat([moved.worsened, moved.improved, moved.moved])["item"]
    lasting = [item for item, years in count_late_years(b).items() if years > 1]
    staying = moved.paired["item"].isin(lasting) & ~moved.paired["item"].isin(told)
    yield f"後退した{noun}", moved.worsened
    yield f"{late}が続く{noun}", moved.paired[staying]
    yield f"改善した{noun}", moved.improved
    yield "区分又は変更の向きが変わり、改善とも後退ともいえないもの", moved.moved
    yield "当年度に区分が付いたもの", moved.marked
    yield "当年度は区分の記載がないもの", moved.unmarked


def _choose_columns(
    b: OpenBriefing, moved: Transitions
) -> list[tuple[Column, Callable[[Item], str]]]:
    moves, cite = _show_moves(moved.paired), cite_item(b)
    leads = name_departments(b.plan, b.assignments)
    now = fiscal_year_label(b.fiscal_year)
    shown: list[tuple[Column, Callable[[Item], str]]] = [
        (Column("前年度→当年度", width=6.5), lambda item: _break_move(moves[item.item])),
        (Column(b.terms.item, width=14), cite),
        *column_of_leads(b, leads, b.terms.lead, 7),
    ]
    if (moved.paired["planned"] != "").any():
        shown.append((Column(f"前年度に示した{now}の予定", width=12), attrgetter("planned")))
    return [
        *shown,
        (Column(f"{now}の取組状況", width=12), lambda item: item.done or wording.NOT_STATED),
    ]


def _break_move(move: str) -> str:
    """Return two marks for a narrow column: with a direction, each on a line of its own.

    >>> _break_move("◎→○後ろ倒し")
    '◎\\n→○後ろ倒し'
    """
    return move if len(move) <= _SHORT_MOVE else move.replace("→", "\n→")


def _explain_move(b: OpenBriefing) -> Callable[[Item], str]:
    """Return what is said beneath an item: how long it has been late, and the reason."""
    years, late = count_late_years(b), wording.name_late(b.plan.meta)
    tones = b.plan.meta.tones

    def explain(item: Item) -> str:
        if tones.get(item.status) in ("good", None):
            return ""
        lasting = years.get(item.item, 1)
        told = f"{late}は{lasting}年連続である。" if lasting > 1 else ""
        return told + explain_mark(b, item)

    return explain


def items(b: OpenBriefing) -> Table | Nothing:
    """Return the items that are new, continue another, have ended, or are not reported."""
    moved = progress.compare_years(b)
    if moved is None:
        return Nothing("前年度の進捗がない")
    renewed, cite = _list_renewed(moved.paired), cite_item(b)
    numbers, titles = number_items(b.plan), list_titles(b.plan)
    rows = [
        *(("新たに加わった", cite(item), "") for item in each_item(moved.started)),
        *(
            ("引き継いだ", cite(item), f"{numbers[before]} {titles[before]}")
            for item, before in zip(each_item(renewed), renewed["previous_item"], strict=True)
        ),
        *(("終了した", "", cite(item)) for item in each_item(moved.ended)),
        *((wording.NOT_REPORTED, "", cite(item)) for item in each_item(moved.unreported)),
    ]
    if not rows:
        return Nothing("取組は前年度と同じである")
    noun = b.terms.item
    return Table(
        caption=f"{noun}の異動",
        columns=(
            Column("異動", width=5),
            Column(f"当年度の{noun}", width=16),
            Column(f"前年度の{noun}", width=16),
        ),
        rows=tuple(rows),
    )


@tells_words
def reports(b: OpenBriefing) -> Table | Nothing:
    """Return, where progress is told in words, last year's words beside this year's if others."""
    paired = compare_reports(b) if has_coverage(b) else None
    if paired is None:
        return Nothing("前年度の進捗がないか、進捗区分のある計画である")
    differ = paired[(paired["before"] != paired["done"]) & (paired["before"] != "")]
    if differ.empty:
        return Nothing("前年度と異なる記載がない")
    before, now = (fiscal_year_label(each) for each in (b.fiscal_year - 1, b.fiscal_year))
    told, cite = dict(zip(differ["item"], differ["before"], strict=True)), cite_item(b)
    return list_things(
        f"前年度と記載の異なる{b.terms.item}",
        each_item(differ),
        (Column(b.terms.item, width=12), lambda item: wording.clip(cite(item), _LONGEST_NAME)),
        (Column(f"{before}の進捗", width=15), lambda item: told[item.item]),
        (Column(f"{now}の進捗", width=15), lambda item: item.done or wording.NOT_STATED),
    )


def succession(b: OpenBriefing) -> Sentences | Nothing:
    """Return whose figures those of earlier years are, for a department that follows others."""
    changes = list_changes(b.plan, b.fiscal_year, b.department)
    if b.department is None or not changes:
        return Nothing("組織改正で引き継いだ部署がない")
    own, kind = name_department(b), b.terms.department
    told = []
    for change in changes:
        former = "、".join(b.plan.department_names[name] for name in change.froms)
        label = fiscal_year_label(change.fiscal_year)
        told.append(
            _SUCCESSIONS[change.kind].format(own=own, kind=kind, former=former, label=label)
        )
    return Sentences(tuple(told), role="note")


_SUCCESSIONS = {
    "rename": "{own}は、{label}に{former}を改称した{kind}である。"
    "{label}より前の値は、{former}のものである。",
    "merge": "{own}は、{label}に{former}を統合した{kind}である。"
    "{label}より前の値は、統合前の{kind}の値を合わせたものである。",
    "split": "{own}は、{label}に{former}から分かれた{kind}である。"
    "{label}より前の値は、分かれる前の{former}のものである。",
    "transfer": "{own}は、{label}に{former}から一部の移管を受けた。"
    "{label}より前の値に、{former}の値は含まない。",
}
