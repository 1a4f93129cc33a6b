"""Values → figures: SVG with text as paths, alternative text, readable without colour."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from nenpo.analysis import progress
from nenpo.analysis.coverage import count_coverage
from nenpo.analysis.indicators import Assessment
from nenpo.analysis.progress import Year, items_in_role
from nenpo.content import wording
from nenpo.content.display import Chart, Group, Nothing, Sentences
from nenpo.content.indicator_sentences import tell_indicator
from nenpo.data.events import mark_stage
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.fonts import find_document_font
from nenpo.language.numbers import format_number, format_value
from nenpo.language.values import Value

YearValue = tuple[int, Value]

# The text width of the documents, so that 9 points drawn are 9 points printed.
TEXT_WIDTH_INCHES = 170 / 25.4
FONT_SIZE = 9.0

# Tone → fill, hatch, ink: brightness and hatch carry the meaning in black-and-white print.
TONES = {
    "good": ("#C5D7FB", "", "#1A1A1C"),
    "neutral": ("#FFFFFF", "////", "#1A1A1C"),
    "caution": ("#FFD9B3", "xxxx", "#1A1A1C"),
    "bad": ("#4A4A4A", "", "#FFFFFF"),
}
INK, LINE, MUTED = "#1A1A1C", "#0017C1", "#626264"


def status_by_goal(year: Year) -> Chart | Nothing:
    """Return stacked bars of the marks for each goal and for the whole plan."""
    goals = progress.count_by(year.plan, year.items, "goal")
    counted = [(goal.label, goals.get(goal.id, {})) for goal in year.plan.meta.goals]
    bars = [(label, counts) for label, counts in counted if any(counts.values())]
    total = progress.count_status(year.plan, year.items)
    return draw_bars([*bars, ("計", total)], year.plan.meta.tones, "目標別の進捗区分の割合")


def department_and_plan(year: Year, whole: Year) -> Chart | Nothing:
    """Return stacked bars of the department's marks beside those of the whole plan."""
    terms = year.plan.meta.terms
    groups = (
        (f"{terms.lead}として", items_in_role(year, "lead")),
        (f"{terms.supporting}として", items_in_role(year, "supporting")),
        ("計画全体", whole.items),
    )
    bars = [(label, progress.count_status(year.plan, items)) for label, items in groups]
    shown = [(label, counts) for label, counts in bars if sum(counts.values())]
    if len(shown) < 2:
        return Nothing("no rated item to set beside the plan")
    return draw_bars(shown, year.plan.meta.tones, "進捗区分の割合（計画全体との比較）")


def adherence_by_measure(year: Year) -> Chart | Nothing:
    """Return stacked bars of kept, changed and not comparable for each measure and in all."""
    tones = dict(zip(wording.ADHERENCE_WORDS.values(), ("good", "neutral", "caution"), strict=True))
    items = year.items
    # By measure, not by label: measures of different goals may share one.
    groups = [
        (own["measure_label"].iloc[0], own) for _, own in items.groupby("measure", sort=False)
    ]
    bars = [
        (label, {word: getattr(count, key) for key, word in wording.ADHERENCE_WORDS.items()})
        for label, own in (*groups, ("計", items))
        for count in [count_coverage(year, own)]
    ]
    shown = [(label, counts) for label, counts in bars if sum(counts.values())]
    return draw_bars(shown, tones, "予定との対比の割合")


def draw_bars(
    bars: Sequence[tuple[str, Mapping[str, int]]], tones: Mapping[str, str], caption: str
) -> Chart | Nothing:
    """Return one bar of 100 % for each (label, counts by mark); ``tones`` in scale order."""
    if not any(sum(counts.values()) for _, counts in bars):
        return Nothing("nothing rated")
    told = [
        (label, f"{wording.format_counts(counts)}（計{sum(counts.values())}）")
        for label, counts in bars
    ]
    height = 0.26 * len(bars) + 0.28
    # The counts beside the bars take more room where words stand in the place of marks.
    share = 0.56 if all(len(mark) <= 2 for mark in tones) else 0.42
    with _drawing(caption):
        figure = Figure(figsize=(TEXT_WIDTH_INCHES, height))
        axes = figure.add_axes((0.13, 0.26 / height, share, 1 - 0.28 / height))
        for position, (_, counts) in enumerate(bars):
            _draw_bar(axes, position, counts, tones)
            beside = axes.get_yaxis_transform()
            axes.text(1.02, position, told[position][1], va="center", transform=beside)
        axes.set_yticks(range(len(bars)), [label for label, _ in bars])
        axes.set_ylim(len(bars) - 0.5, -0.5)
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 50, 100], ["0", "50", "100％"])
        _clear_frame(axes)
        svg = _to_svg(figure)
    alt = f"{caption}を示す帯グラフ。{'、'.join(f'{label} {counts}' for label, counts in told)}。"
    return Chart(svg=svg, alt=alt, caption=caption)


def _draw_bar(
    axes: Axes, position: int, counts: Mapping[str, int], tones: Mapping[str, str]
) -> None:
    total, left = sum(counts.values()), 0.0
    for mark, tone in tones.items():
        share = 100 * counts[mark] / total if total else 0.0
        fill, hatch, ink = TONES[tone]
        bars = axes.barh(position, share, left=left, height=0.62, color=fill, edgecolor=INK)
        bars[0].set(hatch=hatch, linewidth=0.6)
        # Narrower bars have no room; the count beside the bar names the mark.
        if share > (8 if len(mark) <= 2 else 6 * len(mark)):
            middle = left + share / 2
            ground = {"fc": "white", "ec": "none", "pad": 1.0} if hatch and len(mark) > 1 else None
            axes.text(middle, position, mark, ha="center", va="center", color=ink, bbox=ground)
        left += share


def indicator_panels(assessments: Sequence[Assessment], fiscal_year: int) -> Group | Nothing:
    """Return a heading, a chart and a paragraph for each indicator."""
    parts: list[Sentences | Chart] = []
    for entry in assessments:
        parts.append(Sentences((entry.name,), role="subheading"))
        chart = draw_indicator(entry, fiscal_year)
        parts += [chart] if isinstance(chart, Chart) else []
        parts.append(tell_indicator(entry, fiscal_year))
    return Group(tuple(parts)) if parts else Nothing("no indicator")


def draw_indicator(entry: Assessment, fiscal_year: int) -> Chart | Nothing:
    """Return an indicator's values, its targets, and the expected path between them.

    A single value is told by its sentence and not drawn.
    The expected path is the straight line from the baseline to each target in turn.
    """
    actual = [(year, value) for year, value in entry.history if year <= fiscal_year]
    targets = [(target.fiscal_year, target.value) for target in entry.targets]
    if len(actual) + len(targets) < 2:
        return Nothing("nothing to draw a line between")
    start = [(entry.baseline_year, entry.baseline)] if entry.baseline is not None else []
    with _drawing(entry.indicator):
        figure = Figure(figsize=(TEXT_WIDTH_INCHES, 1.7))
        axes = figure.add_axes((0.09, 0.16, 0.86, 0.78))
        axes.plot(*_points([*start, *targets]), color=MUTED, dashes=(4, 3), linewidth=1.0)
        # Not clipped: a value of 0 stands on the axis.
        axes.plot(*_points(targets), "D", mfc="white", mec=INK, ms=6, clip_on=False, zorder=3)
        axes.plot(*_points(actual), "-o", color=LINE, linewidth=1.8, ms=6, clip_on=False)
        _label_points(axes, entry.unit, actual)
        _label_points(axes, entry.unit, targets)
        _scale_axes(axes, [*actual, *targets])
        svg = _to_svg(figure)
    key = "●実績　◇目標　破線は基準値と目標値を結んだ線" if targets else "●実績"
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
    _clear_frame(axes)


def _describe_course(
    entry: Assessment, actual: Sequence[YearValue], targets: Sequence[YearValue]
) -> str:
    def tell(values: Sequence[YearValue]) -> str:
        return "、".join(
            f"{fiscal_year_label(year)} {format_value(value, entry.unit)}" for year, value in values
        )

    parts = [
        f"{kind}は{tell(found)}" for kind, found in (("実績", actual), ("目標", targets)) if found
    ]
    return f"{entry.name}の折れ線グラフ。{'。'.join(parts)}。"


def _clear_frame(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    axes.tick_params(length=0, colors=INK)


@contextmanager
def _drawing(salt: str) -> Iterator[None]:
    with mark_stage("figures"), _style(salt):
        yield


def _style(salt: str) -> AbstractContextManager[None]:
    """Return the drawing style; ``salt`` makes the ids of one figure unlike another's.

    Text is literal (a plan's "$x$" is no formula) and drawn as paths, because an SVG in an
    ``img`` cannot rely on the reader's fonts.
    """
    font = find_document_font()
    if fontManager.ttflist[0].fname != str(font.path):
        fontManager.addfont(font.path)
        # matplotlib takes the first of a family: not a copy that the machine has as well.
        fontManager.ttflist.insert(0, fontManager.ttflist.pop())
    return mpl.rc_context(
        {
            "font.family": FontProperties(fname=font.path).get_name(),
            "font.size": FONT_SIZE,
            "text.color": INK,
            "text.parse_math": False,
            "svg.fonttype": "path",
            "svg.hashsalt": salt,
            "hatch.linewidth": 0.7,
            "axes.unicode_minus": False,
        }
    )


def _to_svg(figure: Figure) -> str:
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    return drawn.getvalue()
