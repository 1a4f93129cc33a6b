"""Figures of several plans beside each other: which count the same thing, and whose they are."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from nenpo.analysis.figures import Figure, list_figures
from nenpo.content import wording
from nenpo.content.briefing import OpenComparison
from nenpo.content.compared import (
    find_word,
    list_compared,
    list_themes,
    name_in_text,
    name_owner,
)
from nenpo.content.display import Column, Nothing, Table
from nenpo.content.facts import describe_figure
from nenpo.content.figures import format_timed
from nenpo.content.tables import Cells, group_rows
from nenpo.data.catalogue import Catalogue
from nenpo.data.schema.declarations import Source


class _Value(NamedTuple):
    """A figure of a question: what it counts, whose it is, and why it stands apart."""

    basis: str
    plan: str
    owner: str
    figure: Figure
    reason: str


class _Question(NamedTuple):
    """What is compared, and the values that answer it or seem to."""

    theme: str
    text: str
    values: tuple[_Value, ...]

    @property
    def twins(self) -> list[_Value]:
        """The values that count the same thing as another one."""
        bases = [value.basis for value in self.values]
        return [value for value in self.values if bases.count(value.basis) > 1]


def _list_questions(catalogue: Catalogue) -> list[_Question]:
    """Return the questions in the order of the file."""
    named = dict.fromkeys(catalogue.comparisons["plan"])
    known = {
        (plan, figure.figure): figure
        for plan in named
        for figure in list_figures(catalogue.plans[plan])
    }
    groups = catalogue.comparisons.groupby(["theme", "question"], sort=False)
    return [
        _Question(str(theme), str(text), tuple(_make_value(catalogue, known, row) for row in rows))
        for (theme, text), own in groups
        if (rows := own.to_dict("records"))
    ]


def _make_value(
    catalogue: Catalogue, known: Mapping[tuple[str, str], Figure], row: Mapping[Hashable, Any]
) -> _Value:
    plan, figure = catalogue.plans[row["plan"]], known[row["plan"], row["figure"]]
    owner = figure.owner or name_owner(plan)
    return _Value(row["basis"], plan.id, owner, figure, row["reason"])


def _order_questions(catalogue: Catalogue) -> list[_Question]:
    """Return the questions in the order of their themes."""
    order = [theme for theme, _ in list_themes(catalogue)]
    return sorted(_list_questions(catalogue), key=lambda question: order.index(question.theme))


def table(b: OpenComparison) -> Table | Nothing:
    """Return the figures by question: whose each is, what it counts, its value, why it is apart."""
    questions, cited = _order_questions(b.catalogue), list_sources(b.catalogue)
    if not questions:
        return Nothing("数値の対照（comparisons.csv）がない")
    groups: list[tuple[tuple[str, str], list[Cells]]] = []
    for question in questions:
        bases = list(dict.fromkeys(value.basis for value in question.values))
        ordered = sorted(question.values, key=lambda value: bases.index(value.basis))
        rows = [
            (
                f"{value.owner}{_cite(b.catalogue, value, cited)}",
                value.basis,
                format_timed(value.figure),
                value.reason,
            )
            for value in ordered
        ]
        groups.append(((question.text, _judge(question)), [*rows]))
    shown, kinds = group_rows(groups, 4)
    undated = any(v.figure.timing == "undated" for q in questions for v in q.values)
    return Table(
        caption="数値の対照",
        columns=(
            Column("誰の数値か", width=7),
            Column("数える対象", width=15),
            Column("値（時期）", width=9),
            Column("並べられない理由", width=17),
        ),
        rows=shown,
        row_headers=2,
        kinds=kinds,
        note="時期を付していない値は、時期の記載がないものである。" if undated else "",
    )


def _judge(question: _Question) -> str:
    """Return whether the values of a question can stand side by side."""
    if len(question.values) == 1:
        return "値は一つだけである"
    if not question.twins:
        return "数える対象が異なり、並べて比べられない"
    only = len(question.twins) < len(question.values)
    return "同じ対象の値だけを並べて比べられる" if only else "同じ対象の値を並べて比べられる"


def list_sources(catalogue: Catalogue) -> list[Source]:
    """Return the documents of the compared plans, each once, the national plan's last."""
    national = catalogue.national
    plans = [*list_compared(catalogue), *([national] if national else [])]
    found = {source.file or source.title: source for plan in plans for source in plan.meta.sources}
    return list(found.values())


def _cite(catalogue: Catalogue, value: _Value, cited: Sequence[Source]) -> str:
    """Return the place of a value's document in the list of sources: ［出典2］."""
    own = {source.id: source for source in catalogue.plans[value.plan].meta.sources}
    source = own.get(value.figure.source)
    keys = [each.file or each.title for each in cited]
    return f"［出典{keys.index(source.file or source.title) + 1}］" if source else ""


def tell_comparable(b: OpenComparison) -> str:
    """Return which values can stand side by side, with the values; "" without any question."""
    questions = _order_questions(b.catalogue)
    if not questions:
        return ""
    shared = [question for question in questions if question.twins]
    if not shared:
        return f"対照した{len(questions)}件の数値に、同じ対象の値を並べて比べられるものはない。"
    told = "、".join(f"{question.text}は{_list_twins(question)}" for question in shared)
    crossing = any(_crosses_plans(b.catalogue, question) for question in shared)
    alone = "" if crossing else f"{find_word(b.catalogue)}どうしを比べられる数値はない。"
    scope = f"対照した{len(questions)}件の数値のうち、同じ対象の値を並べられるものは"
    return f"{alone}{scope}{len(shared)}件で、{told}である。"


def _list_twins(question: _Question) -> str:
    """Return the values that count the same, each with its owner: 中野区21.4％、全国15.9％."""
    values = [wording.format_figure(value.figure) for value in question.twins]
    owners = [name_in_text(value.owner) for value in question.twins]
    if len(set(values)) == 1:
        return f"{'、'.join(owners[:-1])}及び{owners[-1]}のいずれも{values[0]}"
    return "、".join(f"{owner}{value}" for owner, value in zip(owners, values, strict=True))


def _crosses_plans(catalogue: Catalogue, question: _Question) -> bool:
    """Tell whether two municipalities of the compared plans have values that count the same."""
    owners = {name_owner(plan) for plan in list_compared(catalogue)}
    for basis in {value.basis for value in question.twins}:
        own = {value.owner for value in question.twins if value.basis == basis}
        if len(own & owners) > 1:
            return True
    return False


def describe_questions(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return the questions as facts: every figure with what it counts and whose it is."""
    return [
        {
            "theme": question.theme,
            "question": question.text,
            "comparable": bool(question.twins),
            "figures": [
                {
                    "basis": value.basis,
                    "plan": value.plan,
                    "figure": value.figure.figure,
                    "owner": value.owner,
                    **describe_figure(value.figure),
                }
                for value in question.values
            ],
        }
        for question in _list_questions(catalogue)
    ]
