"""Plans side by side: what each plans for a theme, and which figures may be compared."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import pandas as pd

from nenpo.analysis.figures import Figure, list_figures
from nenpo.analysis.indicators import assess_indicators
from nenpo.analysis.items import each_item, has_progress, join_items, join_unreported
from nenpo.analysis.progress import count_status, is_rated
from nenpo.content import wording
from nenpo.content.briefing import OpenComparison
from nenpo.content.display import Column, Facts, Group, Nothing, Sentences, Table
from nenpo.content.facts import FACTS_VERSION, describe_figure
from nenpo.content.priorities import list_served, name_parts, tell_national
from nenpo.content.tables import count_columns, group_rows, list_things
from nenpo.data.catalogue import Catalogue
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import format_value

_NOBODY = "記載なし"


def list_compared(catalogue: Catalogue) -> list[Plan]:
    """Return the plans that are compared: those with a part in a theme, the national one apart."""
    national = catalogue.national
    named = {*catalogue.themes["plan"], *catalogue.comparisons["plan"]}
    plans = (catalogue.plans[plan] for plan in sorted(named))
    return [plan for plan in plans if national is None or plan.id != national.id]


def name_plan(plan: Plan) -> str:
    """Return a plan with its municipality, unless its title begins with it: 江東区「…プラン」."""
    owner = _name_owner(plan)
    title = plan.meta.short_title
    return f"「{title}」" if title.startswith(owner) else f"{owner}「{title}」"


def summary(b: OpenComparison) -> Sentences | Nothing:
    """Return what is compared, and how many figures can stand side by side."""
    catalogue = b.catalogue
    plans = list_compared(catalogue)
    if not plans:
        return Nothing("比べる計画がない")
    owners = {plan.meta.municipality.name or plan.id for plan in plans}
    themes = _list_themes(catalogue)
    word = find_common_word(plan.meta.municipality.word for plan in plans)
    told = [
        f"{len(owners)}つの{word}の{len(plans)}件の計画等を、{len(themes)}主題に分けて並べる。",
        _tell_comparable(catalogue),
        "記載がないことは、取組がないことを意味しない。",
    ]
    return Sentences(tuple(text for text in told if text), role="lead")


def find_common_word(words: Iterable[str]) -> str:
    """Return what all municipalities are called (区), 自治体 where they differ."""
    found = set(words)
    return found.pop() if len(found) == 1 else "自治体"


def _crosses_plans(catalogue: Catalogue, rows: pd.DataFrame) -> bool:
    """Tell whether figures of two municipalities, the nation apart, count the same thing."""
    national = catalogue.national
    own = rows[rows["plan"] != (national.id if national else "")]
    owners = [_name_owner(catalogue.plans[plan]) for plan in own["plan"]]
    pairs = pd.DataFrame({"basis": list(own["basis"]), "owner": owners}).drop_duplicates()
    return bool(pairs["basis"].duplicated().any())


def _name_owner(plan: Plan) -> str:
    return plan.meta.municipality.name or f"{plan.meta.municipality.word}名の記載なし"


def _tell_comparable(catalogue: Catalogue) -> str:
    questions = list(_group_questions(catalogue.comparisons))
    if not questions:
        return ""
    side_by_side = sum(_has_twins(rows) for _, _, rows in questions)
    text = f"数値を対照した事項は{len(questions)}件で、"
    if side_by_side == 0:
        return text + "数え方が同じで並べて比べられるものはない。"
    text += f"数え方が同じ値を並べて比べられるものは{side_by_side}件である。"
    alone = sum(len(rows) == 1 for _, _, rows in questions)
    apart = len(questions) - side_by_side - alone
    if not any(_crosses_plans(catalogue, rows) for _, _, rows in questions):
        word = find_common_word(p.meta.municipality.word for p in list_compared(catalogue))
        text += f"{word}どうしで並べて比べられる値はない。"
    text += f"{apart}件は数えるものが異なるため、理由を付して分けて示す。" if apart else ""
    return text + (f"{alone}件は値が一つだけである。" if alone else "")


def plans(b: OpenComparison) -> Table | Nothing:
    """Return the plans with what each holds up to a fiscal year: measures, items, figures."""
    plans = list_compared(b.catalogue)
    if not plans:
        return Nothing("比べる計画がない")
    own = b.catalogue.meta.counts_note if b.catalogue.meta else ""
    notes = [f"施策等、取組の行、指標及び数値は、この文書の元としたデータの件数である。{own}"]
    notes += [
        f"{name_plan(plan)}の進捗区分は、{wording.format_legend(plan.meta)}。"
        f"{plan.meta.status_words.note}"
        for plan in plans
        if plan.meta.marks
    ]
    counted = count_columns(("施策等", "取組の行", "指標", "数値"), 3)
    return Table(
        caption="比べる計画等",
        columns=(Column("計画等", width=20), Column("進捗区分", width=8), *counted),
        rows=tuple(
            (
                name_plan(plan),
                " ".join(plan.meta.marks) or "なし（文章）",
                *map(str, _count_plan(plan, b.fiscal_year).values()),
            )
            for plan in plans
        ),
        note="\n".join(notes),
    )


def _count_valid(rows: pd.DataFrame, fiscal_year: int) -> int:
    """Count the rows that begin by the fiscal year."""
    return sum(first is None or first <= fiscal_year for first in rows["first_year"])


def themes(b: OpenComparison) -> Group | Nothing:
    """Return for each theme a heading, what each plan has, and the figures compared.

    Of the plans' reports, the latest one up to the fiscal year is told.
    """
    parts: list[Sentences | Table] = []
    for theme, label in _list_themes(b.catalogue):
        parts.append(Sentences((label,), role="subheading"))
        parts.append(_list_theme(b.catalogue, theme, label, b.fiscal_year))
        parts += [
            _list_question(b.catalogue, question, rows)
            for own, question, rows in _group_questions(b.catalogue.comparisons)
            if own == theme
        ]
    return Group(tuple(parts)) if parts else Nothing("主題がない")


def _list_themes(catalogue: Catalogue) -> list[tuple[str, str]]:
    used = {*catalogue.themes["theme"], *catalogue.comparisons["theme"]}
    themes = catalogue.meta.themes if catalogue.meta else ()
    return [(theme.id, theme.label) for theme in themes if theme.id in used]


def _list_theme(catalogue: Catalogue, theme: str, label: str, fiscal_year: int) -> Table:
    groups = []
    own = catalogue.themes[catalogue.themes["theme"] == theme]
    for plan in list_compared(catalogue):
        held = own[own["plan"] == plan.id]
        parts = [
            (name_parts(plan)[subject], _tell_part(plan, subject, fiscal_year, note))
            for subject, note in zip(held["subject"], held["note"], strict=True)
        ]
        groups.append((name_plan(plan), parts or [(_NOBODY, "")]))
    rows, kinds = group_rows(groups, 2)
    return Table(
        caption=f"{label}：各計画の取組",
        columns=(Column("施策・取組", width=16), Column("報告された状況・内容", width=24)),
        rows=rows,
        kinds=kinds,
    )


def _tell_part(plan: Plan, subject: str, fiscal_year: int, note: str) -> str:
    """Return what is known of a part: its value, its progress, else what the plan says of it.

    ``note`` stands in the place of the plan's own words where only some of them concern the theme.
    """
    figure = next((f for f in list_figures(plan) if f.figure == subject), None)
    if figure is not None:
        told = f"{wording.format_figure(figure)}（{wording.format_when(figure)}）"
    elif subject in set(plan.indicators["indicator"]):
        told = _tell_indicator(plan, subject, fiscal_year)
    elif note and subject not in set(plan.items["item"]):
        told = ""
    else:
        told = _tell_progress(plan, subject, fiscal_year) or _tell_sheet(plan, subject)
    shown = "\n".join(text for text in (told, note) if text)
    if silent := _count_unreported(plan, subject, fiscal_year):
        missing = f"{fiscal_year_label(fiscal_year)}は{silent}件が{wording.NOT_REPORTED}"
        return f"{shown}\n（{missing}）" if shown else wording.NOT_REPORTED
    begun = min((year for year in plan.years if has_progress(plan, year)), default=fiscal_year)
    if shown or begun <= fiscal_year:
        return shown or _NOBODY
    return f"{fiscal_year_label(fiscal_year)}までの報告のデータがない"


def _count_unreported(plan: Plan, subject: str, fiscal_year: int) -> int:
    """Return how many items, the subject or those of the measure, the year does not report."""
    if fiscal_year not in plan.reported_years:
        return 0
    silent = join_unreported(plan, fiscal_year)
    return int(((silent["item"] == subject) | (silent["measure"] == subject)).sum())


def _tell_indicator(plan: Plan, indicator: str, fiscal_year: int) -> str:
    """Return an indicator's last known value and its year."""
    years = [year for year in plan.reported_years if year <= fiscal_year]
    if not years:
        return ""
    entries = assess_indicators(plan, max(years))
    entry = next((entry for entry in entries if entry.indicator == indicator), None)
    if entry is None or not entry.history:
        return ""
    year, value = entry.history[-1]
    return f"{format_value(value, entry.unit)}（{fiscal_year_label(year)}）"


def _tell_progress(plan: Plan, subject: str, fiscal_year: int) -> str:
    """Return the progress of an item, or of a measure's items, in the latest year reported."""
    known = [year for year in plan.years if year <= fiscal_year and has_progress(plan, year)]
    if not known:
        return ""
    items = join_items(plan, max(known))
    own = items[items["item"] == subject]
    if len(own):
        item = next(each_item(own))
        planned = f"（予定）{item.next_year}" if item.next_year else ""
        mark = wording.format_status(plan.meta, item) if item.status else ""
        return f"{mark} {item.done or planned}".strip()
    held = items[items["measure"] == subject]
    if is_rated(held).any():
        counts = count_status(plan, held)
        silent = int((~is_rated(held)).sum())
        told = wording.format_counts(counts) + (f"、記載なし{silent}" if silent else "")
        return f"{plan.meta.terms.item}{len(held)}件（{told}）"
    return "\n".join(
        f"・{wording.format_title(item).rstrip('。')}：{item.done}"
        for item in each_item(held)
        if item.done
    )


def _tell_sheet(plan: Plan, subject: str) -> str:
    """Return what the plan says of a part, each point after its aspect: 目標：…"""
    own = plan.sheets[plan.sheets["subject"] == subject]
    labels = {aspect.id: aspect.label for aspect in plan.meta.aspects}
    pairs = zip(own["aspect"], own["text"], strict=True)
    return "\n".join(f"・{labels[aspect]}：{text}" for aspect, text in pairs)


def _group_questions(rows: pd.DataFrame) -> list[tuple[str, str, pd.DataFrame]]:
    groups = rows.groupby(["theme", "question"], sort=False)
    return [(str(theme), str(question), own) for (theme, question), own in groups]


def _has_twins(rows: pd.DataFrame) -> bool:
    """Tell whether two figures of a question count the same thing."""
    return bool(rows["basis"].duplicated().any())


def _list_question(catalogue: Catalogue, question: str, rows: pd.DataFrame) -> Table:
    groups = []
    columns = (
        Column("数値", width=17),
        Column("値", "right", 6),
        Column("時期", width=7),
        *([Column("並べられない理由", width=12)] if (rows["reason"] != "").any() else []),
    )
    for basis in dict.fromkeys(rows["basis"]):
        own = rows[rows["basis"] == basis]
        kept_apart = "ほかと並べられない" if len(rows) > 1 else "ほかに値がない"
        together = "並べて比べられる" if len(own) > 1 else kept_apart
        cells = [
            (*_describe_figure(catalogue.plans[plan], figure), reason)[: len(columns)]
            for plan, figure, reason in zip(own["plan"], own["figure"], own["reason"], strict=True)
        ]
        groups.append((f"{basis}（{together}）", cells))
    shown, kinds = group_rows(groups, len(columns))
    return Table(caption=f"数値の対照：{question}", columns=columns, rows=shown, kinds=kinds)


def _describe_figure(plan: Plan, figure: str) -> tuple[str, str, str]:
    value = _find_figure(plan, figure)
    # The value's own document: a plan's figures come from several.
    titles = {source.id: source.title for source in plan.meta.sources}
    source = f"（「{titles[value.source]}」）" if value.source else ""
    name = f"{_name_owner(plan)} {value.title}{source}"
    return name, wording.format_figure(value), wording.format_when(value)


def _find_figure(plan: Plan, figure: str) -> Figure:
    return next(found for found in list_figures(plan) if found.figure == figure)


def priorities(b: OpenComparison) -> Table | Nothing:
    """Return, for each national priority, the parts of each plan that serve it."""
    national = b.catalogue.national
    if national is None or b.catalogue.priorities.empty:
        return Nothing("国の重点取組事項に対応する施策等がない")
    found = list_served(b.catalogue, list_compared(b.catalogue))
    return list_things(
        f"{national.meta.title}の重点取組事項と各計画",
        found,
        (Column("国の重点取組事項", width=10), attrgetter("priority")),
        (Column("目標時期", width=4.5), attrgetter("target")),
        (Column("計画等", width=10), lambda served: name_plan(served.plan)),
        (Column("対応する施策等", width=16), attrgetter("parts")),
        (Column("根拠", width=4.5), attrgetter("grounds")),
        row_headers=3,
        note=tell_national(national, found),
    )


def sources(b: OpenComparison) -> Sentences:
    """Return the documents that the compared plans were taken from, each once."""
    catalogue = b.catalogue
    plans = [*list_compared(catalogue), *([catalogue.national] if catalogue.national else [])]
    sources = {
        source.file or source.title: source for plan in plans for source in plan.meta.sources
    }
    lines = (
        f"「{source.title}」（{source.publisher}、{source.date or '日付の記載なし'}）"
        for source in sources.values()
    )
    return Sentences(tuple(lines), role="list")


def notes(b: OpenComparison) -> Sentences:
    """Return how to read the comparison."""
    catalogue = b.catalogue
    notes = [
        "値を並べて比べられるのは、数えるもの、数える範囲及び時期がそろうときに限る。",
        f"「{_NOBODY}」は、取組がないことを意味しない。",
    ]
    nameless = [p for p in list_compared(catalogue) if p.meta.municipality.name is None]
    told = [f"「{p.meta.short_title}」は、自治体名の記載がない。" for p in nameless]
    own = catalogue.meta.notes if catalogue.meta else ()
    return Sentences((*notes, *told, *own), role="note")


def facts(b: OpenComparison) -> Facts:
    """Return the values that are set side by side, and which parts of a plan are in a theme."""
    catalogue, fiscal_year = b.catalogue, b.fiscal_year
    all_themes = catalogue.themes
    return Facts(
        {
            "facts_version": FACTS_VERSION,
            "plan": "comparison",
            "fiscal_year": fiscal_year,
            "department": None,
            "plans": {plan.id: _count_plan(plan, fiscal_year) for plan in list_compared(catalogue)},
            "themes": {
                theme: {
                    str(plan): list(rows["subject"])
                    for plan, rows in all_themes[all_themes["theme"] == theme].groupby("plan")
                }
                for theme, _ in _list_themes(catalogue)
            },
            "comparisons": [
                _describe_question(catalogue, *question)
                for question in _group_questions(catalogue.comparisons)
            ],
            "priorities": catalogue.priorities.to_dict("records"),
        }
    )


def _count_plan(plan: Plan, fiscal_year: int) -> dict[str, int]:
    return {
        "measures": len(plan.measures),
        "items": _count_valid(plan.items, fiscal_year),
        "indicators": _count_valid(plan.indicators, fiscal_year),
        "figures": len(list_figures(plan, fiscal_year)),
    }


def _describe_question(
    catalogue: Catalogue, theme: str, question: str, rows: pd.DataFrame
) -> dict[str, Any]:
    return {
        "theme": theme,
        "question": question,
        "comparable": _has_twins(rows),
        "figures": [
            {
                "basis": basis,
                "plan": plan,
                "figure": figure,
                **describe_figure(_find_figure(catalogue.plans[plan], figure)),
            }
            for basis, plan, figure in zip(rows["basis"], rows["plan"], rows["figure"], strict=True)
        ],
    }
