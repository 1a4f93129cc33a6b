"""What happens when, drawn on one axis of fiscal years: a line of text and a sign for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nenpo.analysis.milestones import State
from nenpo.content.display import Chart
from nenpo.content.drawing import (
    FONT_SIZE,
    INK,
    LINE,
    MUTED,
    TEXT_WIDTH_INCHES,
    clear_frame,
    drawing,
    to_svg,
)
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.stated_dates import StatedDate

# Sign, whether it is filled, and what it means: told apart without colour.
_SIGNS: dict[State, tuple[str, bool, str]] = {
    "planned": ("o", False, "○ 予定"),
    "revised": ("D", False, "◇ 変更（矢印は変更前の時期から）"),
    "done": ("o", True, "● 済"),
}
_LINE_INCHES, _GAP_INCHES, _AXIS_INCHES = 0.165, 0.07, 0.46
# The share of the width that the words take, and how many characters of full width fit there.
_WORDS, _CHARACTERS = 0.47, 24
_LABEL_INCHES = 0.68


@dataclass(frozen=True)
class Event:
    """What is drawn of one milestone; ``former`` is where the arrow of a revised one begins."""

    when: StatedDate
    text: str
    state: State
    former: StatedDate | None
    overdue: bool


def draw_timeline(events: Sequence[Event], today: date, caption: str, alt: str) -> Chart:
    """Return the events as a chart, the first at the top.

    A band shows the whole of a stated time, its sign stands in the middle; ``today`` is a line.
    """
    lines = [list(wrap_text(event.text, _CHARACTERS)) for event in events]
    room = sum(len(each) * _LINE_INCHES + _GAP_INCHES for each in lines)
    height = room + _AXIS_INCHES
    with drawing(caption):
        figure = Figure(figsize=(TEXT_WIDTH_INCHES, height))
        axes = figure.add_axes((_WORDS, 0.24 / height, 0.985 - _WORDS, room / height))
        _draw_years(axes, events, today)
        place = 0.0
        for event, text in zip(events, lines, strict=True):
            size = len(text) * _LINE_INCHES + _GAP_INCHES
            middle = place + size / 2
            _draw_event(axes, event, middle)
            axes.text(
                -0.03,
                middle,
                "\n".join(text),
                ha="right",
                va="center",
                linespacing=1.2,
                transform=axes.get_yaxis_transform(),
            )
            place += size
        axes.set_ylim(room, 0)
        axes.set_yticks([])
        clear_frame(axes)
        states = {event.state for event in events}
        used = [sign for state, (_, _, sign) in _SIGNS.items() if state in states]
        used.append("破線 基準日")
        figure.text(0.985, 1 - 0.1 / height, "　".join(used), ha="right", va="center", color=MUTED)
        svg = to_svg(figure)
    return Chart(svg=svg, alt=alt, caption=caption)


def _draw_years(axes: Axes, events: Sequence[Event], today: date) -> None:
    """Draw the years from the first to the last event, each named if there is room."""
    times = [time for event in events for time in (event.when, event.former) if time]
    first = _fiscal_year(min(today, *(time.first for time in times)))
    last = _fiscal_year(max(today, *(time.last for time in times)))
    begins = [date(year, 4, 1).toordinal() for year in range(first, last + 2)]
    axes.set_xlim(begins[0], begins[-1])
    axes.vlines(begins, 0, 1, color="#D8D8DB", lw=0.6, transform=axes.get_xaxis_transform())
    axes.axvline(today.toordinal() + 1, color=MUTED, lw=1.0, ls=(0, (3, 2)))
    step = ceil((last - first + 1) * _LABEL_INCHES / (TEXT_WIDTH_INCHES * (0.985 - _WORDS)))
    shown = range(0, last - first + 1, step)
    axes.set_xticks(
        [(begins[n] + begins[n + 1]) / 2 for n in shown],
        [fiscal_year_label(first + n) for n in shown],
    )


def _draw_event(axes: Axes, event: Event, place: float) -> None:
    sign, filled, _ = _SIGNS[event.state]
    colour = INK if event.state == "done" or event.overdue else LINE
    start, end = event.when.first.toordinal(), event.when.last.toordinal() + 1
    axes.hlines(place, start, end, color=colour, lw=2.2, alpha=0.35)
    middle = (start + end) / 2
    if event.former and event.state == "revised":
        before = (event.former.first.toordinal() + event.former.last.toordinal() + 1) / 2
        arrow = {"arrowstyle": "->", "color": colour, "lw": 0.9, "shrinkA": 0, "shrinkB": 4}
        axes.annotate("", (middle, place), (before, place), arrowprops=arrow)
    axes.plot(
        middle,
        place,
        sign,
        ms=FONT_SIZE * 0.72,
        mfc=colour if filled else "white",
        mec=colour,
        mew=1.2,
        clip_on=False,
    )


def _fiscal_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1


def wrap_text(text: str, most: int) -> Iterator[str]:
    """Yield lines of about one length: at most so many characters of full width, half ones twice.

    What ends a clause stands in no line's beginning.
    """
    widths = [0.5 if character.isascii() else 1.0 for character in text]
    limit, line, used = _balance(sum(widths), most), "", 0.0
    for character, width in zip(text, widths, strict=True):
        if used + width > limit and character not in "、。）」・":
            yield line
            line, used = "", 0.0
        line, used = line + character, used + width
    yield line


def _balance(total: float, most: int) -> float:
    lines = ceil(total / most)
    return min(most, ceil(total / lines) + 1) if lines > 1 else most
