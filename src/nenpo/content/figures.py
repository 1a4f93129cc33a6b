"""Figures with their time and source."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nenpo.analysis.figures import Figure, select_figures
from nenpo.analysis.items import name_subjects
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Table
from nenpo.content.places import cite_source
from nenpo.content.tables import group_rows, list_things
from nenpo.data.plan import Plan
from nenpo.language.numbers import format_percents


class _Series(NamedTuple):
    """The values of one thing that is counted, in the order of their times."""

    name: str
    subject: str
    figures: tuple[Figure, ...]


def _list_series(figures: Iterable[Figure]) -> list[_Series]:
    """Return the figures in the order of the file, those that count the same thing together."""
    found: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        key = (figure.subject, figure.owner, figure.title, figure.unit)
        found.setdefault(key, []).append(figure)
    return [
        _Series(wording.name_figure(own[0]), own[0].subject, tuple(sorted(own, key=_place_in_time)))
        for own in found.values()
    ]


def _place_in_time(figure: Figure) -> tuple[int, int]:
    """Return a key by which a value without a time comes first, and what is ahead last."""
    return (figure.fiscal_year or 0, figure.begin or 0)


def table(b: OpenBriefing) -> Table | Nothing:
    """Return every figure of the plan, one row a thing that is counted, under its part.

    Values stand in the order of their times. What is to be known of them stands in the notes,
    with their source; a value from the source of most has no mark of its own.
    """
    figures = select_figures(b)
    if not figures:
        return Nothing("数値（figures.csv）がない")
    names, usual = name_subjects(b.plan), _find_usual_source(figures)
    # A figure stands under its measure or goal, an item's under the measure of the item.
    measures = dict(zip(b.plan.items["item"], b.plan.items["measure"], strict=True))
    notes: list[str] = []
    held: dict[str, list[tuple[str, ...]]] = {}
    for series in _list_series(figures):
        row = (series.name, _tell_series(b.plan, series, usual, notes))
        held.setdefault(measures.get(series.subject, series.subject), []).append(row)
    groups = ((name, held[subject]) for subject, name in names.items() if subject in held)
    rows, kinds = group_rows(groups, 2)
    lines = (
        _explain_undated(figures),
        _explain_sources(b.plan, figures, usual),
        format_percents("　".join(f"注{n} {text}。" for n, text in enumerate(notes, 1))),
    )
    return Table(
        caption="数値の一覧",
        columns=(Column("数値"), Column("値（時期）")),
        rows=rows,
        kinds=kinds,
        note="\n".join(line for line in lines if line),
    )


def _find_usual_source(figures: Sequence[Figure]) -> str:
    """Return the source that most of the figures come from, the first of several such."""
    return Counter(figure.source for figure in figures).most_common(1)[0][0]


def _tell_series(plan: Plan, series: _Series, usual: str, notes: list[str]) -> str:
    """Return the values with their times, the marks of their notes, and sources but the usual one.

    A note that is new is added to ``notes``; several values may share one.
    """
    values, cited = [], []
    for figure in series.figures:
        # What a transcription notes of a value is about the reading: the 点検票 has it.
        text, mark = "" if figure.source else figure.note.rstrip("。"), ""
        if text:
            notes += [] if text in notes else [text]
            mark = f"（注{notes.index(text) + 1}）"
        values.append(f"{format_timed(figure)}{mark}")
        other = figure.source not in ("", usual)
        number = _cite(plan, figure.source).removeprefix("出典")
        cited.append(f"［{number}］" if other else "")
    if len(set(cited)) == 1:
        return "→".join(values) + cited[0]
    return "→".join(f"{value}{source}" for value, source in zip(values, cited, strict=True))


def _explain_sources(plan: Plan, figures: Sequence[Figure], usual: str) -> str:
    """Return which source each value comes from: the usual one where none is marked."""
    titles = {source.id: source.title for source in plan.meta.sources}
    if usual not in titles:
        return ""
    others = {figure.source for figure in figures} - {usual}
    if not others:
        return f"出典は「{titles[usual]}」である。"
    marked = "、".join(
        f"［{_cite(plan, source.id).removeprefix('出典')}］は「{source.title}」"
        for source in plan.meta.sources
        if source.id in others
    )
    return f"番号を付していない値の出典は「{titles[usual]}」、{marked}である。"


def format_timed(figure: Figure) -> str:
    """Return a value with its time, and what kind of number it is if it is no actual one.

    「46.0％（令和4年3月現在）」「75％（令和4年度の予定）」「令和7年度（目標）」. A value without a
    time has none.
    """
    value = wording.format_figure(figure)
    when = "" if figure.timing == "undated" else wording.format_when(figure)
    kind = "" if figure.kind == "actual" else wording.FIGURE_KIND_WORDS[figure.kind]
    told = "の".join(text for text in (when if when != value else "", kind) if text)
    return f"{value}（{told}）" if told else value


def _explain_undated(figures: Sequence[Figure]) -> str:
    undated = sum(figure.timing == "undated" for figure in figures)
    return f"時期を付していない値（{undated}件）は、時期の記載がないものである。" if undated else ""


def key(b: OpenBriefing) -> Table | Nothing:
    """Return the figures that tell how it is going: what moved, and what is planned of it.

    Those of which an actual value of the year has another one beside it; where nothing is known
    twice, those that have a time. For the first page of a plan without marks and without
    judgements of its items, which has room for them.
    """
    if b.has_marks or (b.items["adherence"] != "").any():
        return Nothing("取組の状況を示すので、数値は一覧に示す")
    figures = select_figures(b)
    told = [figure for figure in figures if figure.kind in ("actual", "target", "plan")]
    series = _list_series(told)
    moving = [each for each in series if _is_moving(each, b.fiscal_year)]
    shown = moving or [each for each in series if each.figures[-1].timing != "undated"]
    if not shown or len(shown) == len(_list_series(figures)):
        return Nothing("推移の分かる数値がないか、数値の一覧と同じである")
    columns = (
        (Column("数値"), lambda each: each.name),
        (
            Column("推移・予定"),
            lambda each: "→".join(format_timed(figure) for figure in each.figures[-3:]),
        ),
    )
    return list_things("主な数値", shown, *columns)


def _is_moving(series: _Series, fiscal_year: int) -> bool:
    """Tell whether an actual value of the year has another one beside it."""
    current = any(f.kind == "actual" and f.fiscal_year == fiscal_year for f in series.figures)
    return current and len(series.figures) > 1


def _cite(plan: Plan, source: str) -> str:
    """Return the number of a source; "" for a value without one."""
    return cite_source(plan, source) if source else ""
