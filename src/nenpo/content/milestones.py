"""Dated milestones: those that lie ahead, a timeline of all, and the table that says the same."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from nenpo.analysis.items import list_labels, number_items
from nenpo.analysis.milestones import (
    YEARS_AHEAD,
    Milestone,
    State,
    find_next,
    list_coming,
    list_milestones,
    list_overdue,
)
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Column, Nothing, Table
from nenpo.content.first_page import count_ahead
from nenpo.content.tables import list_things, put_notes, tells_words
from nenpo.content.timeline import Event, draw_timeline
from nenpo.content.unreported import include_unreported
from nenpo.content.wording import MILESTONE_WORDS
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.stated_dates import StatedDate

LIST = "節目の一覧"
_WITH_ITEMS = "次の節目を取組の下に示す"
_NONE = "節目（milestones.csv）がない"
# More than these a reader of one page does not keep in mind.
# So many departments are named, others counted: more would take a second line.
_NAMED = 1
# Fewer points in time say more as a table alone, and more do not fit beside each other.
_FEWEST_DRAWN, _MOST_DRAWN = 8, 16


@dataclass(frozen=True)
class _Entry:
    """What several subjects have in common: the same thing at the same time."""

    when: StatedDate
    text: str
    state: State
    former: StatedDate | None
    overdue: bool
    subjects: tuple[str, ...]


_Shown = tuple[Column, Callable[[_Entry], str]]


def coming(b: OpenBriefing) -> Table | Nothing:
    """Return the milestones of the next two fiscal years in order of date, those with room."""
    everything = list_milestones(b)
    ahead = _merge(list_coming(everything, _today(b), b.fiscal_year), b)
    if not ahead:
        return Nothing("今後2年度の節目がない" if everything else _NONE)
    later = [each for each in everything if each.is_coming(_today(b))]
    shown = ahead[: count_ahead(b)]
    return list_things(
        "今後の節目",
        shown,
        (Column("時期", width=5.5), lambda entry: entry.when.label),
        (Column("節目", width=21), lambda entry: entry.text),
        *_columns_of_owners(b),
        row_headers=2,
        note=_tell_rest(len(_merge(later, b)) - len(shown)) + _tell_overdue(b, everything),
    )


@tells_words
def table(b: OpenBriefing) -> Table | Nothing:
    """Return all milestones of the report, in order of date, with what became of each.

    Beneath one that was moved stands when it was planned before, and of one that is over what is
    not reported.
    """
    if b.is_one_page:
        return Nothing(_WITH_ITEMS)
    entries = _merge(list_milestones(b), b)
    if not entries:
        return Nothing(_NONE)
    listed = list_things(
        LIST,
        entries,
        (Column("時期", width=5.5), lambda entry: entry.when.label),
        (Column("節目", width=21), lambda entry: entry.text),
        *_columns_of_owners(b),
        (Column("状況", width=2.8), lambda entry: MILESTONE_WORDS[entry.state]),
        row_headers=2,
        kinds=tuple("attention" if entry.overdue else "body" for entry in entries),
    )
    return put_notes(listed, [_tell_more(entry) for entry in entries])


def timeline(b: OpenBriefing) -> Chart | Nothing:
    """Return a small chart of the milestones on one axis of time; the table says the same."""
    entries = _merge(list_milestones(b), b)
    if len(entries) < _FEWEST_DRAWN:
        return Nothing(f"節目が{len(entries)}件なので、表だけで示す" if entries else _NONE)
    if b.is_one_page:
        return Nothing(_WITH_ITEMS)
    drawn = _choose_drawn(entries)
    left = len(entries) - len(drawn)
    caption = "節目の時期" + (f"（ほか{left}件は表に示す）" if left else "")
    events = [Event(e.when, e.text, e.state, e.former, e.overdue) for e in drawn]
    alt = _tell_finding(b) + "、".join(_tell_event(entry) for entry in drawn) + "。"
    return draw_timeline(events, _today(b), caption, alt)


def tell_next(b: OpenBriefing) -> dict[str, str]:
    """Return the next milestone of each item that has one, however far ahead, by the item's id.

    That of its measure where the item has none: 「令和5年10月 新ホームページの運用を開始」.
    """
    found = find_next(list_milestones(b), _today(b))
    told = {subject: f"{each.when.label} {each.text}" for subject, each in found.items()}
    items = include_unreported(b).items
    pairs = zip(items["item"], items["measure"], strict=True)
    named = ((item, told.get(item) or told.get(measure)) for item, measure in pairs)
    return {item: text for item, text in named if text}


def _today(b: OpenBriefing) -> date:
    """Return the day to which the document states the facts; the clock is not asked."""
    return date.fromisoformat(b.edition.as_of)


def _merge(milestones: Iterable[Milestone], b: OpenBriefing) -> list[_Entry]:
    """Return the milestones in their order, those of the same words and time as one."""
    today, merged = _today(b), dict[tuple[object, ...], list[Milestone]]()
    for each in milestones:
        merged.setdefault((each.when, each.text, each.state, each.former), []).append(each)
    return [
        _Entry(
            same[0].when,
            same[0].text,
            same[0].state,
            same[0].former,
            same[0].is_overdue(today),
            tuple(dict.fromkeys(each.subject for each in same)),
        )
        for same in merged.values()
    ]


def _tell_rest(count: int) -> str:
    return f"このほかの今後の節目{count}件は、「{LIST}」に示す。" if count else ""


def _tell_overdue(b: OpenBriefing, milestones: Iterable[Milestone]) -> str:
    count = len(_merge(list_overdue(milestones, _today(b)), b))
    return f"予定の時期を過ぎ、完了の報告がない節目が{count}件ある（「{LIST}」）。" if count else ""


def _tell_more(entry: _Entry) -> str:
    """Return what a date alone does not say: 「変更：令和4年12月→令和5年1月」."""
    past = "予定の時期を過ぎたが、完了の報告がない" if entry.overdue else ""
    if entry.former is None:
        return past
    if entry.state == "done":
        return f"予定の時期：{entry.former.label}"
    return f"変更：{entry.former.label}→{entry.when.label}{'　' if past else ''}{past}"


def _tell_event(entry: _Entry) -> str:
    before = f"、{entry.former.label}から" if entry.former and entry.state == "revised" else ""
    return f"{entry.when.label} {entry.text}（{MILESTONE_WORDS[entry.state]}{before}）"


def _tell_finding(b: OpenBriefing) -> str:
    """Return what the drawing shows first of all: how many lie ahead, and the nearest."""
    everything = list_milestones(b)
    ahead = _merge(list_coming(everything, _today(b), b.fiscal_year), b)
    last = fiscal_year_label(b.fiscal_year + YEARS_AHEAD)
    if not ahead:
        return f"{last}までに予定する節目はない。節目の時期："
    first = f"{ahead[0].when.label}の「{ahead[0].text}」"
    return f"{last}までに予定する節目は{len(ahead)}件で、最初は{first}である。節目の時期："


def _choose_drawn(entries: list[_Entry]) -> list[_Entry]:
    """Return the entries that are drawn, in their order: of too many, what is done goes first."""
    excess = len(entries) - _MOST_DRAWN
    if excess <= 0:
        return entries
    done = [place for place, entry in enumerate(entries) if entry.state == "done"]
    open_ = [place for place, entry in enumerate(entries) if entry.state != "done"]
    dropped = {*done[:excess], *open_[len(open_) - max(excess - len(done), 0) :]}
    return [entry for place, entry in enumerate(entries) if place not in dropped]


def _columns_of_owners(b: OpenBriefing) -> list[_Shown]:
    """Return the columns of the items concerned, and of who is in charge of them.

    A department's own paper need not name it.
    """
    numbers: _Shown = (
        Column("番号", width=4.5),
        lambda entry: _number_subjects(b.plan, entry.subjects),
    )
    if b.department or b.assignments.empty:
        return [numbers]
    leads = _list_owners(b)
    return [
        numbers,
        (
            Column(b.terms.lead, width=8),
            lambda entry: _name_owners(b, leads, entry.subjects),
        ),
    ]


def _number_subjects(plan: Plan, subjects: Iterable[str]) -> str:
    """Return the numbers by which the subjects are cited: 「2-3-①-11・15・16」, 「計画全体」."""
    labels, numbers = list_labels(plan), number_items(plan)
    told: dict[str, list[str]] = {}
    for subject in subjects:
        if subject in numbers:
            own = numbers[subject].removeprefix(labels[subject]).lstrip("- ")
            joint = numbers[subject].removesuffix(own)
            told.setdefault(joint, []).append(own)
        else:
            told.setdefault(labels.get(subject, "計画全体"), [])
    return "、".join(joint + "・".join(own) for joint, own in told.items())


def _list_owners(b: OpenBriefing) -> dict[str, list[str]]:
    """Return who is in charge of each item and measure: its leads, else 都（情報システム課）."""
    shown = include_unreported(b)
    rows = shown.assignments.to_dict("records")
    by_item: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        names = by_item.setdefault(row["item"], {}).setdefault(row["role"], [])
        names.append(b.plan.department_names[row["department"]])
    owners: dict[str, list[str]] = {}
    items = shown.items[["item", "measure", "actor_label"]]
    for item, measure, actor in items.itertuples(index=False):
        held = by_item.get(item, {})
        helping = "、".join(held.get("supporting", ()))
        other = f"{actor}（{helping}）" if helping else actor
        owners[item] = own = held.get("lead") or ([other] if other else [])
        owners.setdefault(measure, []).extend(own)
    return owners


def _name_owners(b: OpenBriefing, owners: Mapping[str, list[str]], subjects: Iterable[str]) -> str:
    names = list(dict.fromkeys(name for each in subjects for name in owners.get(each, ())))
    rest = len(names) - _NAMED
    # One more name takes no more room than the words that there is one more.
    if rest <= 1:
        return "、".join(names)
    return f"{'、'.join(names[:_NAMED])}ほか{rest}{b.terms.department}"
