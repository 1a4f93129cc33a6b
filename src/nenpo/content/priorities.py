"""Which of a plan's measures serve which national priority."""

from collections.abc import Iterable

from nenpo.analysis.figures import list_figures
from nenpo.analysis.items import list_titles, name_subjects
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Column, Nothing, Table
from nenpo.data.plan import Plan
from nenpo.language.fiscal import fiscal_year_label

GROUND_WORDS = {"stated": "資料に記載", "judged": "内容から判断"}


def table(b: OpenBriefing) -> Table | Nothing:
    """Return the national priorities that the plan's parts serve, with their target years."""
    national, served = b.catalogue.national, b.catalogue.priorities
    served = served[served["plan"] == b.plan.id]
    if national is None or served.empty or national.id == b.plan.id:
        return Nothing("国の重点取組事項に対応する施策等がない")
    names = name_parts(b.plan)
    targets = list_target_years(national)
    rows = []
    for measure, label, title in _list_priorities(national):
        own = served[served["priority"] == measure]
        if own.empty:
            continue
        words = [GROUND_WORDS[ground] for ground in dict.fromkeys(own["ground"])]
        parts = join_names(names[subject] for subject in own["subject"])
        rows.append(
            (f"{label} {title}".strip(), targets.get(measure, "—"), parts, "、".join(words))
        )
    return Table(
        caption=f"{national.meta.title}の重点取組事項との対応",
        columns=(
            Column("国の重点取組事項", width=12),
            Column("目標時期", width=5),
            Column(f"{b.plan.meta.short_title}の{b.plan.meta.terms.measure}", width=20),
            Column("根拠", width=5),
        ),
        rows=tuple(rows),
        note=tell_national(national, any(row[1] == "—" for row in rows)),
    )


def join_names(names: Iterable[str]) -> str:
    """Return names as a list in a sentence; a title that is a sentence loses its full stop."""
    return "、".join(name.rstrip("。") for name in names)


def tell_national(national: Plan, untimed: bool) -> str:
    """Return the note on the national plan: where its content was taken from."""
    sources = "、".join(f"「{source.title}」" for source in national.meta.sources)
    told = f"国の計画の内容は、{sources}による。"
    return told + ("—は、国の計画に目標時期の記載がないことを表す。" if untimed else "")


def list_target_years(national: Plan) -> dict[str, str]:
    """Return the target year of each national priority that has one: 令和7年度."""
    targets: dict[str, list[str]] = {}
    for figure in list_figures(national):
        if figure.kind == "target" and figure.unit == "年度":
            year = fiscal_year_label(int(figure.value.value))
            targets.setdefault(figure.subject, []).append(year)
    return {subject: "、".join(dict.fromkeys(years)) for subject, years in targets.items()}


def _list_priorities(national: Plan) -> list[tuple[str, str, str]]:
    rows = national.measures
    return list(zip(rows["measure"], rows["label"], rows["title"], strict=True))


def name_parts(plan: Plan) -> dict[str, str]:
    """Return the names of a plan's goals, measures, items, indicators and figures by id."""
    indicators = dict(zip(plan.indicators["indicator"], plan.indicators["name"], strict=True))
    figures = {figure.figure: figure.title for figure in list_figures(plan)}
    items = set(plan.items["item"])
    titles = {part: title for part, title in list_titles(plan).items() if part in items}
    return name_subjects(plan) | titles | indicators | figures
