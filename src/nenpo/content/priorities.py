"""Which of a plan's measures serve which national priority."""

from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from nenpo.analysis.figures import list_figures
from nenpo.analysis.items import list_titles, name_subjects
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Table
from nenpo.content.tables import list_things
from nenpo.data.catalogue import Catalogue
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label

_GROUND_WORDS = {"stated": "明記", "judged": "内容から判断"}


def table(b: OpenBriefing) -> Table | Nothing:
    """Return the national priorities that the plan's parts serve, with their target years."""
    found = list_served(b.catalogue, [b.plan])
    national = b.catalogue.national
    if national is None or not found or national.id == b.plan.id:
        return Nothing("国の重点取組事項に対応する施策等がない")
    grounds = {served.grounds for served in found}
    ground = (Column("根拠", width=5), attrgetter("grounds"))
    return list_things(
        f"{national.meta.title}の重点取組事項との対応",
        found,
        (Column("国の重点取組事項", width=12), attrgetter("priority")),
        (Column("目標時期", width=5), attrgetter("target")),
        (
            Column(f"{b.plan.meta.short_title}の{b.terms.measure}", width=20),
            attrgetter("parts"),
        ),
        # What is the same in every row is said once beneath.
        *([ground] if len(grounds) > 1 else []),
        note=(f"対応の根拠は、「{grounds.pop()}」である。" if len(grounds) == 1 else "")
        + tell_national(national, found),
    )


class Served(NamedTuple):
    """A national priority, its target year or —, and the parts of a plan that serve it, as text."""

    priority: str
    target: str
    plan: Plan
    parts: str
    grounds: str


def list_served(catalogue: Catalogue, plans: Sequence[Plan]) -> list[Served]:
    """Return which parts of the plans serve which national priority, in the order of those."""
    national = catalogue.national
    if national is None:
        return []
    targets, names = list_target_years(national), {plan.id: name_parts(plan) for plan in plans}
    found = []
    for row in national.measures.itertuples():
        served = catalogue.priorities[catalogue.priorities["priority"] == row.measure]
        for plan in plans:
            own = served[served["plan"] == plan.id]
            # A title that is a sentence loses its full stop in a list.
            parts = "、".join(names[plan.id][subject].rstrip("。") for subject in own["subject"])
            grounds = "、".join(_GROUND_WORDS[ground] for ground in dict.fromkeys(own["ground"]))
            title, target = f"{row.label} {row.title}".strip(), targets.get(str(row.measure), "—")
            found += [] if own.empty else [Served(title, target, plan, parts, grounds)]
    return found


def tell_national(national: Plan, found: Sequence[Served]) -> str:
    """Return the note on the national plan: where its content was taken from."""
    sources = "、".join(f"「{source.title}」" for source in national.meta.sources)
    told = f"国の計画の内容は、{sources}による。" if sources else ""
    untimed = any(served.target == "—" for served in found)
    return told + ("—は、国の計画に目標時期の記載がないことを表す。" if untimed else "")


def list_target_years(national: Plan) -> dict[str, str]:
    """Return the target year of each national priority that has one: 令和7年度."""
    targets: dict[str, list[str]] = {}
    for figure in list_figures(national):
        if figure.kind == "target" and figure.unit == "年度":
            year = fiscal_year_label(int(figure.value.value))
            targets.setdefault(figure.subject, []).append(year)
    return {subject: "、".join(dict.fromkeys(years)) for subject, years in targets.items()}


def name_parts(plan: Plan) -> dict[str, str]:
    """Return the names of a plan's goals, measures, items, indicators and figures by id."""
    indicators = dict(zip(plan.indicators["indicator"], plan.indicators["name"], strict=True))
    figures = {figure.figure: figure.title for figure in list_figures(plan)}
    items = set(plan.items["item"])
    titles = {part: title for part, title in list_titles(plan).items() if part in items}
    return name_subjects(plan) | titles | indicators | figures
