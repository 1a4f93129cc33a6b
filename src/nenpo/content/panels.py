"""Indicators → one chart of small panels on one year axis, each with its finding as its title."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from nenpo.analysis.indicators import Assessment
from nenpo.content.drawing import INK, LINE, MUTED, TEXT_WIDTH_INCHES, drawing, to_svg
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import format_number, format_value
from nenpo.language.values import Value

YearValue = tuple[int, Value]

# In points, as all that follows. Two panels side by side leave a gutter between them.
_COLUMNS, _GUTTER = 2, 14.0
_PANEL_WIDTH = (TEXT_WIDTH_INCHES * 72 - _GUTTER) / _COLUMNS
_TITLE_SIZE, _LABEL_SIZE, _LINE_HEIGHT = 9.0, 8.5, 11.5
# Left of the plot stand the values of its axis, right of it half the label of the last year.
_LEFT, _RIGHT, _PLOT_HEIGHT = 42.0, 18.0, 38.0
_ABOVE_PLOT, _BELOW_PLOT, _AXIS = 6.0, 8.0, 14.0
_MOST_YEAR_LABELS = 6


@dataclass(frozen=True)
class Panel:
    """An indicator's values, the targets ahead of it, and what the panel says above them."""

    entry: Assessment
    title: tuple[str, ...]

    @property
    def actual(self) -> tuple[YearValue, ...]:
        """The known values up to the fiscal year."""
        return self.entry.history

    @property
    def targets(self) -> tuple[YearValue, ...]:
        """The targets by year."""
        return tuple((target.fiscal_year, target.value) for target in self.entry.targets)

    @property
    def lines(self) -> Iterator[tuple[YearValue, YearValue]]:
        """The ends of the straight lines from the baseline to each target."""
        start = self.entry.baseline
        for year, value in self.targets if start else ():
            if start and year > self.entry.baseline_year:
                yield (self.entry.baseline_year, start), (year, value)


@dataclass(frozen=True)
class _Plot:
    """Where a panel's plot stands on the figure, and what its edges mean."""

    left: float
    bottom: float
    years: tuple[int, int]
    range: tuple[float, float]

    @property
    def width(self) -> float:
        return _PANEL_WIDTH - _LEFT - _RIGHT

    def place(self, year: int, value: Decimal) -> tuple[float, float]:
        first, last = self.years
        across = (year - first + 0.4) / (last - first + 0.8)
        lowest, highest = self.range
        up = (float(value) - lowest) / (highest - lowest)
        return self.left + across * self.width, self.bottom + up * _PLOT_HEIGHT


def draw_panels(panels: Sequence[Panel]) -> tuple[str, float]:
    """Return the panels as SVG, and the share of the text width that they take."""
    columns = min(len(panels), _COLUMNS)
    titles = [[*_wrap(panel)] for panel in panels]
    tops = [
        max(map(len, titles[row : row + columns])) * _LINE_HEIGHT + _ABOVE_PLOT
        for row in range(0, len(panels), columns)
    ]
    width = columns * _PANEL_WIDTH + (columns - 1) * _GUTTER
    height = sum(tops) + len(tops) * (_PLOT_HEIGHT + _BELOW_PLOT) + _AXIS
    years = _span_years(panels)
    with drawing("\n".join(panel.entry.indicator for panel in panels)):
        figure = Figure(figsize=(width / 72, height / 72))
        # One pair of axes in points for all panels: a pair each takes five times as long.
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
        axes.set_axis_off()
        for place, panel in enumerate(panels):
            row, column = divmod(place, columns)
            left = column * (_PANEL_WIDTH + _GUTTER)
            top = height - sum(tops[:row]) - row * (_PLOT_HEIGHT + _BELOW_PLOT)
            bottom = top - tops[row] - _PLOT_HEIGHT
            plot = _Plot(left + _LEFT, bottom, years, _find_range(panel))
            _write_title(axes, left, top, titles[place])
            _draw_scale(axes, plot, panel)
            if place + columns >= len(panels):
                _label_years(axes, plot)
            _draw_course(axes, plot, panel)
        svg = to_svg(figure)
    return svg, width / (TEXT_WIDTH_INCHES * 72)


def _span_years(panels: Sequence[Panel]) -> tuple[int, int]:
    years = [year for panel in panels for year, _ in (*panel.actual, *panel.targets)]
    return min(years), max(years)


def _find_range(panel: Panel) -> tuple[float, float]:
    """Return the values at the foot and at the top of the plot, with room for a label above."""
    values = [float(value.value) for _, value in (*panel.actual, *panel.targets)]
    lowest, highest = min(*values, 0.0), max(*values, 0.0)
    return lowest, highest + 0.3 * (highest - lowest or 1.0)


_WORD = re.compile(r"[!-~]+|.")
_NEVER_FIRST = "、。）」』％・"


def _wrap(panel: Panel) -> Iterator[str]:
    """Yield the lines of a title, none wider than a panel; what is behind is signed."""
    room = _PANEL_WIDTH / _TITLE_SIZE
    for number, line in enumerate(panel.title):
        start = "▼ " if number and panel.entry.side == "below" else ""
        for word in _WORD.findall(line):
            if start and _measure(start + word) > room and word not in _NEVER_FIRST:
                yield start
                start = ""
            start += word
        yield start


def _measure(text: str) -> float:
    """Return an estimate of a text's width in em."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.56 for c in text)


def _write_title(axes: Axes, left: float, top: float, lines: Sequence[str]) -> None:
    for number, line in enumerate(lines):
        axes.text(left, top - number * _LINE_HEIGHT, line, va="top", fontsize=_TITLE_SIZE)


def _draw_scale(axes: Axes, plot: _Plot, panel: Panel) -> None:
    """Draw the values of the axis, zero among them; the highest has the unit."""
    lowest, highest = plot.range
    locator = MaxNLocator(2, integer=highest - lowest >= 3, steps=[1, 2, 5, 10])
    shown = [tick for tick in locator.tick_values(lowest, highest) if lowest <= tick <= highest]
    right = plot.left + plot.width
    for tick in shown:
        number = Decimal(f"{tick:g}")
        _, height = plot.place(plot.years[0], number)
        told = format_number(number) if number else "0"
        unit = "％" if panel.entry.unit == "%" else panel.entry.unit
        told += unit if tick == shown[-1] else ""
        ink, width = (MUTED, 0.7) if tick == 0 else ("#D8D8DB", 0.5)
        axes.plot((plot.left, right), (height, height), color=ink, lw=width, zorder=1)
        axes.text(
            *(plot.left - 4, height, told),
            ha="right",
            va="center",
            fontsize=_LABEL_SIZE,
            color=MUTED,
        )


def _label_years(axes: Axes, plot: _Plot) -> None:
    """Write the years beneath; an era's name only at its first, and no more than there is room."""
    first, last = plot.years
    step = -(-(last - first + 1) // _MOST_YEAR_LABELS)
    era = ""
    for year in range(first, last + 1, step):
        label = fiscal_year_label(year)
        shown = label.removesuffix("年度") if label[:2] != era else label[2:].removesuffix("年度")
        era = label[:2]
        shown += "年度" if year + step > last and year != first else ""
        place, _ = plot.place(year, Decimal(0))
        axes.text(place, plot.bottom - 5, shown, ha="center", va="top", fontsize=_LABEL_SIZE)


def _draw_course(axes: Axes, plot: _Plot, panel: Panel) -> None:
    def points(values: Sequence[YearValue]) -> tuple[list[float], list[float]]:
        placed = [plot.place(year, value.value) for year, value in values]
        return [x for x, _ in placed], [y for _, y in placed]

    for ends in panel.lines:
        axes.plot(*points(ends), color=MUTED, dashes=(4, 3), lw=0.9, zorder=2)
    axes.plot(*points(panel.targets), "D", mfc="white", mec=INK, ms=5, zorder=3)
    axes.plot(*points(panel.actual), "-o", color=LINE, lw=1.6, ms=4.5, zorder=4)
    _label_points(axes, plot, panel)


def _label_points(axes: Axes, plot: _Plot, panel: Panel) -> None:
    """Write the last value and the targets beside their points, where they do not meet."""
    taken: list[tuple[float, float, float]] = []
    last = panel.actual[-1:]
    for year, value in (*last, *panel.targets):
        text = format_value(value, panel.entry.unit)
        across, up = plot.place(year, value.value)
        half = _measure(text) * _LABEL_SIZE / 2
        height = up + 5
        falls = (year, value) == last[0] and value.value < panel.actual[-2:][0][1].value
        if falls or any(_meet((across, height, half), other) for other in taken):
            height = max(up - 6 - _LABEL_SIZE, plot.bottom)
        taken.append((across, height, half))
        # Over the lines and beneath the points. Not a white edge: it would make paths of the text.
        axes.text(
            *(across, height, text),
            ha="center",
            va="bottom",
            fontsize=_LABEL_SIZE,
            color=LINE if (year, value) in last else INK,
            bbox={"fc": "white", "ec": "none", "pad": 0.5},
            zorder=2.5,
        )


def _meet(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    """Tell whether two labels, (centre, foot, half of their width) each, overlap."""
    return abs(one[0] - other[0]) < one[2] + other[2] and abs(one[1] - other[1]) < _LABEL_SIZE
