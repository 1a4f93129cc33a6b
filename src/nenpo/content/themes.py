"""What each plan has under each theme: in a few words side by side, and in detail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from nenpo.analysis.figures import Figure, list_figures
from nenpo.analysis.indicators import assess_indicators
from nenpo.analysis.items import Item, has_progress, list_titles, number_items
from nenpo.analysis.themes import ThemeItems, find_theme_items
from nenpo.content import wording
from nenpo.content.briefing import OpenComparison
from nenpo.content.compared import (
    find_word,
    list_compared,
    list_themes,
    name_in_text,
    name_owner,
    name_plan,
)
from nenpo.content.display import Column, HeaderCell, Nothing, Table
from nenpo.content.figures import format_timed
from nenpo.content.priorities import name_parts
from nenpo.content.tables import Cells, group_rows
from nenpo.data.catalogue import Catalogue
from nenpo.data.plan import Plan
from nenpo.data.schema.shared_rows import VALUE_NAME
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import format_percents, format_value
from nenpo.language.values import Value

NOBODY = "記載なし"
_DESCRIBED = "取組の説明あり"
_STATED = {"reported": "実績", "planned": "予定", "silent": "記載なし"}


@dataclass(frozen=True)
class _Part:
    """A part of a plan under a theme; ``note`` and ``short`` as themes.csv has them."""

    subject: str
    note: str
    short: str


def list_parts(catalogue: Catalogue, theme: str, plan: Plan) -> list[_Part]:
    """Return the parts that a plan has under a theme."""
    rows = catalogue.themes
    columns = (rows[name] for name in ("theme", "plan", "subject", "note", "short"))
    found = zip(*columns, strict=True)
    return [_Part(*cells) for own, held, *cells in found if (own, held) == (theme, plan.id)]


def find_items(plan: Plan, fiscal_year: int, parts: Sequence[_Part]) -> ThemeItems:
    """Return the items of the parts, but for parts of which only what a note says belongs here."""
    known = set(plan.items["item"])
    whole = {part.subject for part in parts if not part.note or part.subject in known}
    return find_theme_items(plan, fiscal_year, whole)


def matrix(b: OpenComparison) -> Table | Nothing:
    """Return the themes × the plans, each cell a short fact or that nothing is stated."""
    plans, themes = list_compared(b.catalogue), list_themes(b.catalogue)
    if not plans or not themes:
        return Nothing("比べる計画又は主題がない")
    owners = [(owner, len(list(own))) for owner, own in groupby(map(name_owner, plans))]
    return Table(
        caption="主題別の取組の一覧",
        columns=(Column("主題", width=6), *(Column(name_short(plan), width=9) for plan in plans)),
        groups=(HeaderCell("", 1), *(HeaderCell(owner, span) for owner, span in owners)),
        rows=tuple(
            (label, *(_tell_cell(b, theme, plan) for plan in plans)) for theme, label in themes
        ),
        note="\n".join(_explain_matrix(b, plans)),
    )


def name_short(plan: Plan) -> str:
    """Return a plan's title without the municipality that stands above it."""
    return plan.meta.short_title.removeprefix(name_owner(plan))


def _tell_cell(b: OpenComparison, theme: str, plan: Plan) -> str:
    parts = list_parts(b.catalogue, theme, plan)
    found = find_items(plan, b.fiscal_year, parts)
    lines = [_count_items(plan, found)]
    lines += [_shorten_part(plan, part, b.fiscal_year) for part in parts]
    told = [line for line in dict.fromkeys(lines) if line]
    return "\n".join(told) or (_DESCRIBED if parts else NOBODY)


def _count_items(plan: Plan, found: ThemeItems) -> str:
    """Return the number of items with their marks: 9件：◎7 △1 ×1, or what is stated of them."""
    told = []
    if found.count:
        told.append(f"{found.count}件：{_join_counts(plan, found)}")
    told += [f"再掲{found.relisted}件"] if found.relisted else []
    told += [f"{wording.NOT_REPORTED}{found.unreported}件"] if found.unreported else []
    return "、".join(told)


def _join_counts(plan: Plan, found: ThemeItems) -> str:
    counts = found.counts
    if plan.meta.status_scale:
        rated = wording.format_counts({mark: counts.get(mark, 0) for mark in plan.meta.marks})
        blank = f"区分なし{counts['']}" if "" in counts else ""
        return " ".join(text for text in (rated, blank) if text)
    words = wording.ADHERENCE_WORDS | _STATED | {"": "予定との対比なし"}
    return " ".join(f"{words[word]}{count}" for word, count in counts.items())


def _shorten_part(plan: Plan, part: _Part, fiscal_year: int) -> str:
    """Return a part in a few words, "" where its items alone are told."""

    def fill_in(name: str) -> str:
        found = _find_value(plan, name, fiscal_year)
        return found.text if found else NOBODY

    if part.short:
        return VALUE_NAME.sub(lambda match: fill_in(match[1]), part.short)
    value = _find_value(plan, part.subject, fiscal_year)
    return f"{_name_parts(plan)[part.subject]} {value.text}" if value else ""


class _Known(NamedTuple):
    """The value of a figure or of an indicator, and the same with its time as text."""

    value: Value
    text: str


def _find_value(plan: Plan, name: str, fiscal_year: int) -> _Known | None:
    """Return a figure, or an indicator's last known value, by its id; None for other parts."""
    return _list_known(plan, fiscal_year).get(name)


@lru_cache(maxsize=64)  # a plan is never changed, and each of its parts asks for its values
def _list_known(plan: Plan, fiscal_year: int) -> dict[str, _Known]:
    """Return the values of a plan that are known in a fiscal year, by id."""
    years = [year for year in plan.reported_years if year <= fiscal_year]
    found: dict[str, _Known] = {}
    for entry in assess_indicators(plan, max(years)) if years else ():
        if entry.history:
            year, value = entry.history[-1]
            when = "" if year == fiscal_year else f"（{fiscal_year_label(year)}）"
            found[entry.indicator] = _Known(value, f"{format_value(value, entry.unit)}{when}")
    for figure in list_figures(plan):
        found[figure.figure] = _Known(figure.value, _format_briefly(figure, fiscal_year))
    return found


def _format_briefly(figure: Figure, fiscal_year: int) -> str:
    """Return a figure with its time, but for one of the fiscal year or at its end; ＊ for none."""
    if figure.timing == "undated":
        return f"{wording.format_figure(figure)}＊"
    at_end = figure.begin is not None and str(figure.begin).startswith(f"{fiscal_year + 1}03")
    whole = figure.timing == "year" or (figure.timing == "as_of" and at_end)
    if figure.kind == "actual" and figure.fiscal_year == fiscal_year and whole:
        return wording.format_figure(figure)
    return format_timed(figure).replace("現在", "")


def _explain_matrix(b: OpenComparison, plans: Sequence[Plan]) -> Iterator[str]:
    """Yield what the numbers and marks mean, and that what is not stated may be done."""
    year = fiscal_year_label(b.fiscal_year)
    nouns = "、".join(dict.fromkeys(plan.meta.terms.item for plan in plans))
    yield (
        f"件数は、主題に当たる{nouns}の数である。時期を付していない値は{year}のもの、＊は時期の記載がない"
        f"値である。計画により数える対象、範囲又は時期が異なるため、件数と数値は並べて"
        f"比べられない。「{NOBODY}」は、取組がないことを意味しない。"
    )
    for plan in plans:
        if plan.meta.marks:
            yield f"{plan.meta.short_title}の区分は、{wording.format_legend(plan.meta)}。"


def describe_matrix(b: OpenComparison) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the numbers of the matrix as facts: theme → plan → counts of items, and values."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for theme, _ in list_themes(b.catalogue):
        for plan in list_compared(b.catalogue):
            parts = list_parts(b.catalogue, theme, plan)
            if parts:
                items = find_items(plan, b.fiscal_year, parts)
                found.setdefault(theme, {})[plan.id] = {
                    "item_count": items.count,
                    "relisted": items.relisted,
                    "unreported": items.unreported,
                    "counts": dict(items.counts),
                    "values": _list_values(plan, parts, b.fiscal_year),
                }
    return found


def _list_values(plan: Plan, parts: Sequence[_Part], fiscal_year: int) -> dict[str, float]:
    """Return the values that the cell of these parts states, by the id of each."""
    named = [VALUE_NAME.findall(part.short) if part.short else [part.subject] for part in parts]
    known = {name: _find_value(plan, name, fiscal_year) for names in named for name in names}
    return {name: float(found.value.value) for name, found in known.items() if found}


def tell_spread(b: OpenComparison) -> str:
    """Return which themes all have, and which only one: of municipalities, or of plans of one."""
    plans, themes = list_compared(b.catalogue), list_themes(b.catalogue)
    owners = {plan.id: name_owner(plan) for plan in plans}
    several = len(set(owners.values())) > 1
    names = owners if several else {plan.id: name_plan(plan) for plan in plans}
    word = find_word(b.catalogue) if several else "計画等"
    held = {
        label: {names[p.id] for p in plans if list_parts(b.catalogue, theme, p)}
        for theme, label in themes
    }
    everybody = set(names.values())
    count = f"{len(everybody)}{word}" if several else f"{len(everybody)}件の計画等"
    shared = [label for label, own in held.items() if own == everybody]
    told = (
        f"{len(themes)}主題中{len(shared)}主題（{'、'.join(shared)}）は、"
        if shared
        else f"{len(themes)}主題のうち、"
    )
    told += f"{count}の全てに記載が{'ある' if shared else 'あるものはない'}。"
    if len(everybody) > 1:
        for name in dict.fromkeys(names.values()):
            alone = [label for label, own in held.items() if own == {name}]
            told += f"{'、'.join(alone)}は、{name_in_text(name)}だけに記載がある。" if alone else ""
    return told


def details(b: OpenComparison) -> Table | Nothing:
    """Return what each plan has under each theme, part by part, with every item of a part."""
    groups: list[tuple[str, list[Cells]]] = []
    for theme, label in list_themes(b.catalogue):
        rows: list[Cells] = []
        silent = []
        for plan in list_compared(b.catalogue):
            parts = list_parts(b.catalogue, theme, plan)
            told = [_tell_part(plan, part, b.fiscal_year) for part in parts]
            lines = told if len(told) == 1 else [f"・{text}" for text in told]
            rows += [(name_plan(plan), "\n".join(lines))] if parts else []
            silent += [] if parts else [name_plan(plan)]
        rows += [(f"{NOBODY}：{'、'.join(silent)}",)] if silent and rows else []
        groups += [(label, rows)] if rows else []
    if not groups:
        return Nothing("主題がない")
    shown, kinds = group_rows(groups, 2)
    return Table(
        caption="主題別の各計画の取組",
        columns=(Column("計画等", width=8), Column("施策・取組とその状況", width=40)),
        rows=shown,
        kinds=kinds,
    )


@lru_cache(maxsize=64)
def _name_parts(plan: Plan) -> dict[str, str]:
    """Return the names of a plan's parts; an item that has a number is cited by it.

    One with a label of its own (①) has a title that is a sentence: its number is enough.
    """
    numbers, titles, measures = number_items(plan), list_titles(plan), set(plan.measures["measure"])
    cited = {}
    for item, measure, label in plan.items[["item", "measure", "label"]].itertuples(index=False):
        number = f"{numbers[item]} " if measure in measures else ""
        cited[item] = numbers[item] if label else f"{number}{titles[item]}"
    return name_parts(plan) | cited


def _tell_part(plan: Plan, part: _Part, fiscal_year: int) -> str:
    """Return a part's name and what is known of it: its value, its items, else the plan's words.

    A note stands in the place of the plan's own words where only some of them concern the theme.
    """
    value = _find_value(plan, part.subject, fiscal_year)
    found, known = find_items(plan, fiscal_year, [part]), set(plan.items["item"])
    if value:
        told = value.text
    elif part.note and part.subject not in known:
        told = ""
    else:
        told = _tell_items(plan, part.subject, found) or _tell_sheet(plan, part.subject)
        told = _add_unreported(told, found, fiscal_year)
    shown = "。".join(text.rstrip("。") for text in (told, part.note) if text)
    if not shown and _begins_later(plan, fiscal_year):
        shown = f"{fiscal_year_label(fiscal_year)}までの報告のデータがない"
    # The counts of a measure have a colon of their own.
    counted = plan.meta.status_scale and found.count and part.subject not in known
    joined = "　" if counted else "："
    return f"{_name_parts(plan)[part.subject]}{joined}{format_percents(shown) or NOBODY}"


def _begins_later(plan: Plan, fiscal_year: int) -> bool:
    """Tell whether the first report of a plan is of a later year."""
    begun = min((year for year in plan.years if has_progress(plan, year)), default=fiscal_year)
    return begun > fiscal_year


def _add_unreported(told: str, found: ThemeItems, fiscal_year: int) -> str:
    """Return the text with how many items the fiscal year, if it is reported, says nothing of."""
    if not found.unreported:
        return told
    silent = f"{fiscal_year_label(fiscal_year)}は{found.unreported}件が{wording.NOT_REPORTED}"
    return f"{told}（{silent}）" if told else wording.NOT_REPORTED


def _tell_items(plan: Plan, subject: str, found: ThemeItems) -> str:
    """Return the progress of an item, or every item of a measure: its mark or its words."""
    items = found.items
    if not items:
        return ""
    if subject in {item.item for item in items}:
        return _tell_item(plan, items[0])
    if plan.meta.status_scale:
        off = [_tell_off(plan, item) for item in items if _is_off(plan, item)]
        return "、".join([_count_items(plan, found), *off])
    told = [f"{_name_item(item)}：{_say(item)}" for item in items if _say(item)]
    silent = "、".join(_name_item(item) for item in items if not _say(item))
    told += [f"実績又は予定の記載がないもの：{silent}"] if told and silent else []
    return "。".join(text.rstrip("。") for text in told)


def _tell_item(plan: Plan, item: Item) -> str:
    mark = wording.format_status(plan.meta, item) if item.status else ""
    return f"{mark} {_say(item)}".strip()


def _say(item: Item) -> str:
    """Return what was done, else what is to be done; "" where neither is stated."""
    coming = item.next_year or item.later
    return item.done or (f"（予定）{coming}" if coming else "")


def _name_item(item: Item) -> str:
    return item.label or wording.format_title(item).rstrip("。")


def _is_off(plan: Plan, item: Item) -> bool:
    return bool(item.status) and wording.mark_of(plan.meta, item.status).tone != "good"


def _tell_off(plan: Plan, item: Item) -> str:
    return f"{wording.format_status(plan.meta, item)} {wording.format_title(item)}"


def _tell_sheet(plan: Plan, subject: str) -> str:
    """Return what the plan says of a part, its points after their aspect: 目標：…"""
    own = plan.sheets[plan.sheets["subject"] == subject]
    told = []
    for aspect in plan.meta.aspects:
        points = [text.rstrip("。") for text in own.loc[own["aspect"] == aspect.id, "text"]]
        told += [f"［{aspect.label}］{'。'.join(points)}"] if points else []
    return "。".join(told)
