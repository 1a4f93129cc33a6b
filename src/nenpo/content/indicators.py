"""Indicators: how each stands, how far it has come, how that is computed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from operator import attrgetter

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from nenpo.analysis.indicators import Assessment, TargetProgress
from nenpo.content import wording
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Column, Group, HeaderCell, Nothing, Sentences, Table
from nenpo.content.drawing import INK, LINE, MUTED, TEXT_WIDTH_INCHES, clear_frame, drawing, to_svg
from nenpo.content.tables import list_things
from nenpo.data.schema.declarations import StandingRule
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import MISSING_WORDS, format_number, format_ratio, format_value
from nenpo.language.values import Value


def standings(b: OpenBriefing) -> Sentences | Nothing:
    """Return the indicators by how they stand, with their values."""
    if not b.assessments:
        return Nothing("成果指標がない")
    lines = tuple(
        f"{word}：{'／'.join(_tell_briefly(entry) for entry in entries)}"
        for word, entries in _group_by_standing(b.assessments).items()
    )
    return Sentences(lines, role="list")


def table(b: OpenBriefing) -> Table | Nothing:
    """Return one row an indicator: values, targets, progress to each, standing."""
    assessments = b.assessments
    if not assessments:
        return Nothing("成果指標がない")
    years = sorted({target.fiscal_year for entry in assessments for target in entry.targets})
    previous = assessments[0].previous_year
    before, now = (Column(fiscal_year_label(y), "right", 4.6) for y in (previous, previous + 1))
    shown = list_things(
        "成果指標の推移",
        assessments,
        (Column("指標", width=18), attrgetter("name")),
        (before, lambda entry: format_value(entry.previous, entry.unit)),
        (now, lambda entry: format_value(entry.actual, entry.unit, entry.missing)),
        *(column for year in years for column in _target_columns(year)),
        (Column("動き", width=3.4), lambda e: wording.name_standing(e) if e.actual else "—"),
        groups=(
            HeaderCell(""),
            HeaderCell("実績", 2),
            *(HeaderCell(_head_target(assessments, year), 2) for year in years),
            HeaderCell(""),
        ),
    )
    return replace(shown, note=_explain_table(b, shown))


def _explain_table(b: OpenBriefing, shown: Table) -> str:
    """Return how to read what stands in the table: shares, those of 約 values, the dash."""
    targets = [target for entry in b.assessments for target in entry.targets]
    # The formulas stand in the paper on the whole plan.
    where = "" if b.department else "（算式は参考に示す）"
    told = (
        (f"進捗率は基準値からの進捗率、経過は経過期間の割合である{where}。", bool(targets)),
        (
            "約の付く値から求めた進捗率は整数で示した。",
            any(target.approximate and target.achievement is not None for target in targets),
        ),
        ("—は値の記載がないことを表す。", any("—" in row for row in shown.rows)),
    )
    return "".join(text for text, concerned in told if concerned)


def _head_target(assessments: Sequence[Assessment], fiscal_year: int) -> str:
    """Return 「令和5年度（経過33.3％）」; without the share where baselines differ."""
    found = (entry.find_target(fiscal_year) for entry in assessments)
    shares = {target.elapsed for target in found if target}
    elapsed = f"（経過{format_ratio(shares.pop())}）" if len(shares) == 1 else ""
    return f"{fiscal_year_label(fiscal_year)}{elapsed}"


def _target_columns(fiscal_year: int) -> list[tuple[Column, Callable[[Assessment], str]]]:
    def show_goal(entry: Assessment) -> str:
        target = entry.find_target(fiscal_year)
        return format_value(target.value, entry.unit) if target else "—"

    def show_progress(entry: Assessment) -> str:
        target = entry.find_target(fiscal_year)
        return wording.format_achievement(entry, target) if target else "—"

    goal, progress = Column("目標", "right", 4.6), Column("進捗率", "right", 5)
    return [(goal, show_goal), (progress, show_progress)]


def panels(b: OpenBriefing) -> Group | Nothing:
    """Return a heading, a chart and a paragraph for each indicator."""
    parts: list[Sentences | Chart] = []
    for entry in b.assessments:
        parts.append(Sentences((entry.name,), role="subheading"))
        chart = draw_indicator(entry, b.fiscal_year)
        parts += [chart] if isinstance(chart, Chart) else []
        parts.append(tell_indicator(entry, b.fiscal_year))
    return Group(tuple(parts)) if parts else Nothing("成果指標がない")


YearValue = tuple[int, Value]


def draw_indicator(entry: Assessment, fiscal_year: int) -> Chart | Nothing:
    """Return an indicator's values, its targets, and the expected path between them.

    A single value is told by its sentence and not drawn.
    The expected path is the straight line from the baseline to each target in turn.
    """
    actual = [(year, value) for year, value in entry.history if year <= fiscal_year]
    targets = [(target.fiscal_year, target.value) for target in entry.targets]
    if len(actual) + len(targets) < 2:
        return Nothing("値が一つだけで、線にならない")
    start = [(entry.baseline_year, entry.baseline)] if entry.baseline is not None else []
    with drawing(entry.indicator):
        figure = Figure(figsize=(TEXT_WIDTH_INCHES, 1.7))
        axes = figure.add_axes((0.09, 0.16, 0.86, 0.78))
        axes.plot(*_points([*start, *targets]), color=MUTED, dashes=(4, 3), linewidth=1.0)
        # Not clipped: a value of 0 stands on the axis.
        axes.plot(*_points(targets), "D", mfc="white", mec=INK, ms=6, clip_on=False, zorder=3)
        axes.plot(*_points(actual), "-o", color=LINE, linewidth=1.8, ms=6, clip_on=False)
        _label_points(axes, entry.unit, [*actual, *targets])
        _scale_axes(axes, [*actual, *targets])
        svg = to_svg(figure)
    key = "　".join(
        word
        for word, used in (
            ("●実績", actual),
            ("◇目標", targets),
            (
                f"破線は{'基準値と' if start else ''}目標値を結んだ線",
                targets and len([*start, *targets]) > 1,
            ),
        )
        if used
    )
    caption = f"{entry.name}の推移（{key}）"
    return Chart(svg=svg, alt=_describe_course(entry, actual, targets), caption=caption)


def _points(values: Sequence[YearValue]) -> tuple[list[int], list[float]]:
    return [year for year, _ in values], [float(value.value) for _, value in values]


def _label_points(axes: Axes, unit: str, values: Sequence[YearValue]) -> None:
    for year, value in values:
        text = format_value(value, unit)
        place = (year, float(value.value))
        label = axes.annotate(text, place, (0, 6), textcoords="offset points", ha="center")
        label.set_path_effects([withStroke(linewidth=3, foreground="white")])


def _scale_axes(axes: Axes, values: Sequence[YearValue]) -> None:
    years = [year for year, _ in values]
    ticks = range(min(years), max(years) + 1)
    highest = max(float(value.value) for _, value in values)
    axes.set_xticks(ticks, [fiscal_year_label(year) for year in ticks])
    axes.set_xlim(min(years) - 0.4, max(years) + 0.4)
    # From zero, with room for the label of the highest point.
    axes.set_ylim(0, (highest or 1) * 1.28)
    axes.yaxis.set_major_locator(MaxNLocator(3, integer=highest >= 3))
    axes.yaxis.set_major_formatter(lambda tick, _: format_number(Decimal(str(tick))))
    axes.grid(axis="y", color="#D8D8DB", linewidth=0.5)
    axes.set_axisbelow(True)
    clear_frame(axes)


def _describe_course(
    entry: Assessment, actual: Sequence[YearValue], targets: Sequence[YearValue]
) -> str:
    def tell(values: Sequence[YearValue]) -> str:
        return "、".join(
            f"{fiscal_year_label(year)} {format_value(value, entry.unit)}" for year, value in values
        )

    kinds = (("実績", actual), ("目標", targets))
    parts = [f"{kind}は{tell(found)}" for kind, found in kinds if found]
    return f"{entry.name}の折れ線グラフ。{'。'.join(parts)}。"


def tell_indicator(entry: Assessment, fiscal_year: int) -> Sentences:
    """Return the paragraph on one indicator: value, change, and progress to each target."""
    actual = format_value(entry.actual, entry.unit, entry.missing)
    before = format_value(entry.previous, entry.unit)
    label = fiscal_year_label(fiscal_year)
    earlier = fiscal_year_label(entry.previous_year)
    if entry.actual is None:
        known = f"（{earlier}は{before}）" if entry.previous else ""
        lacking = "増減及び進捗率" if entry.targets else "増減"
        stated = "記載がなく" if entry.missing == "not_stated" else f"「{actual}」であり"
        first = f"{label}の実績は{stated}{known}、{lacking}は算出できない。"
    elif entry.previous is None or entry.change is None:
        first = f"{label}の実績は{actual}で、{_tell_compared(entry, earlier)}"
    else:
        standing = wording.name_standing(entry)
        moved = f"{wording.format_change(entry)}である" if entry.change else "増減はない"
        first = f"{label}の実績は{actual}で、{earlier}の{before}から{moved}（{standing}）。"
    told = [_tell_target(entry, target) for target in entry.targets if entry.actual]
    word = f"計画の基準による判定は「{entry.word}」である。" if entry.word else ""
    return Sentences(("".join([first, *told, word, _tell_predecessor(entry)]),))


def _tell_compared(entry: Assessment, earlier: str) -> str:
    """Return what a value without one of the year before is compared with, if anything."""
    if entry.compared_year is None:
        return f"{earlier}と比較できる値はない。"
    value = format_value(dict(entry.history)[entry.compared_year], entry.unit)
    year = fiscal_year_label(entry.compared_year)
    standing = wording.name_standing(entry)
    return f"{earlier}と比較できる値はなく、{year}の{value}と比べて{standing}である。"


def _tell_predecessor(entry: Assessment) -> str:
    former = entry.predecessor
    if former is None:
        return ""
    told = f"この指標は定義を改めたもので、改める前の「{former.name}」とは比べない"
    if former.value is None or former.fiscal_year is None:
        return f"{told}。"
    value = format_value(former.value, former.unit)
    return f"{told}（{fiscal_year_label(former.fiscal_year)}は{value}）。"


def _tell_target(entry: Assessment, target: TargetProgress) -> str:
    goal = format_value(target.value, entry.unit)
    name = f"{fiscal_year_label(target.fiscal_year)}目標{goal}"
    if target.former is not None:
        before = format_value(target.former, entry.unit)
        name += f"（{fiscal_year_label(target.set_in)}に{before}から改定）"
    elapsed = format_ratio(target.elapsed)
    if target.achievement is None:
        return f"{name}への進捗率は{wording.WHY_NOT_WORDS[target.why_not]}。"
    if target.achievement < 0:
        return f"{name}に対しては、基準値から目標と逆方向に動いた（経過期間の割合は{elapsed}）。"
    achieved = wording.format_achievement(entry, target)
    return f"{name}に対する基準値からの進捗率は{achieved}である（経過期間の割合は{elapsed}）。"


def formulas(b: OpenBriefing) -> Sentences | Nothing:
    """Return how what is said of indicators is computed, the plan's own words included."""
    if not b.assessments:
        return Nothing("成果指標がない")
    lines = [
        _explain_standings(b.assessments),
        "百分率は小数第2位を四捨五入し、「約」の付く値から求めたものは整数で示す。",
    ]
    if any(entry.targets for entry in b.assessments):
        lines = [
            "基準値からの進捗率＝（実績－基準値）÷（目標値－基準値）。100％を超える値も、負の値もそのまま用いる。",
            "経過期間の割合＝（報告年度－基準年度）÷（目標年度－基準年度）。",
            "実績÷目標値を達成率と呼ぶ例があるが、この文書では用いない。",
            *lines,
        ]
    return Sentences((*lines, *_explain_rules(b.plan.meta.standing_rules)), role="list")


def _explain_standings(assessments: Sequence[Assessment]) -> str:
    """Return what the words for a move compare: targets, and years, as far as there are some."""
    reached = any(entry.targets for entry in assessments)
    older = any(entry.compared_year not in (None, entry.previous_year) for entry in assessments)
    base = "前年度の実績（前年度と比べられないものは、基準年度の値）" if older else "前年度の実績"
    first = "直近の目標値に届いたものを「到達」とし、そのほかは" if reached else ""
    return f"動きは、{first}{base}と比べて「改善」「横ばい」「悪化」とする。"


def _explain_rules(rules: Sequence[StandingRule]) -> list[str]:
    """Return the plan's declared words with their thresholds, the highest first."""
    if not rules:
        return []
    bounds = {rule.from_: rule.word for rule in rules if rule.from_ is not None}
    told = [f"{format_ratio(bound)}以上を「{bounds[bound]}」" for bound in sorted(bounds)[::-1]]
    told += [f"それより低いものを「{rule.word}」" for rule in rules if rule.from_ is None]
    rule = "計画の基準による判定は、基準値からの進捗率÷経過期間の割合により、"
    return [f"{rule}{'、'.join(told)}とする。"]


def count_standings(assessments: Sequence[Assessment]) -> str:
    """Return one sentence on how many indicators stand how, "" without any."""
    if not assessments:
        return ""
    counts = []
    for word, entries in _group_by_standing(assessments).items():
        # One indicator is named with its value; several are counted here and listed below.
        named = f"（{_tell_briefly(entries[0])}）" if len(entries) == 1 else ""
        counts.append(f"{word}{len(entries)}項目{named}")
    return f"成果指標は{len(assessments)}項目で、{'、'.join(counts)}である。"


def _group_by_standing(assessments: Sequence[Assessment]) -> dict[str, list[Assessment]]:
    order = [*wording.STANDING_WORDS.values(), *MISSING_WORDS.values()]
    words = [*order, wording.NOT_COMPARABLE]
    found = {word: [e for e in assessments if wording.name_standing(e) == word] for word in words}
    return {word: entries for word, entries in found.items() if entries}


def _tell_briefly(entry: Assessment) -> str:
    if entry.actual is None:
        return entry.name
    if entry.standing != "reached":
        return f"{entry.name} {wording.format_course(entry)}"
    target = entry.next_target
    assert target is not None  # "reached" is said of a target
    actual = format_value(entry.actual, entry.unit)
    goal = format_value(target.value, entry.unit)
    return f"{entry.name} {actual}、{fiscal_year_label(target.fiscal_year)}目標{goal}"
