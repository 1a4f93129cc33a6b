"""Values → SVG: text as text, readable without colour; what the charts of all sections share."""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from nenpo.content import wording
from nenpo.content.display import Chart, Nothing
from nenpo.data.events import mark_stage
from nenpo.language.fonts import find_document_font

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
# What a text is set in of which nobody chose the font.
GENERIC_FAMILIES = ("sans-serif", "serif", "monospace", "cursive", "fantasy")
INK, LINE, MUTED = "#1A1A1C", "#0017C1", "#626264"


def draw_bars(
    bars: Sequence[tuple[str, Mapping[str, int]]], tones: Mapping[str, str], caption: str
) -> Chart | Nothing:
    """Return one bar of 100 % for each (label, counts by mark); ``tones`` in scale order."""
    if not any(sum(counts.values()) for _, counts in bars):
        return Nothing("進捗区分のある取組がない")
    told = [
        (label, f"{wording.format_counts(counts)}（計{sum(counts.values())}）")
        for label, counts in bars
    ]
    height = 0.26 * len(bars) + 0.28
    # The counts beside the bars take more room where words stand in the place of marks.
    share = 0.56 if all(len(mark) <= 2 for mark in tones) else 0.42
    with drawing(caption):
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
        clear_frame(axes)
        svg = to_svg(figure)
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


def add_document_font() -> str:
    """Make the document font known to matplotlib, and return the name of its family there."""
    font = find_document_font()
    if fontManager.ttflist[0].fname != str(font.path):
        fontManager.addfont(font.path)
        # matplotlib takes the first of a family: not a copy that the machine has as well.
        fontManager.ttflist.insert(0, fontManager.ttflist.pop())
    return FontProperties(fname=font.path).get_name()


def clear_frame(axes: Axes) -> None:
    """Leave of the frame the line at the bottom."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    axes.tick_params(length=0, colors=INK)


@contextmanager
def drawing(salt: str) -> Iterator[None]:
    """Draw in the style of the documents; ``salt`` tells the ids of one figure from another's.

    The ground is left free, so that it is that of the page, light or dark.
    """
    style: Any = {"font.size": FONT_SIZE, "text.color": INK}
    style |= dict.fromkeys(("savefig.facecolor", "axes.facecolor"), "none")
    with writing(salt), mpl.rc_context(style):
        yield


@contextmanager
def writing(salt: str) -> Iterator[None]:
    """Write in the document font, literally, text as text; all else as it is set.

    A plan's "$x$" is no formula. Text that stays text is found and copied, in the page and in the
    PDF, and weighs a tenth of its outlines.
    """
    with mark_stage("figures"):
        family = add_document_font()
        style: Any = {
            "font.family": family,
            **{f"font.{generic}": [family] for generic in GENERIC_FAMILIES},
            "text.parse_math": False,
            "svg.fonttype": "none",
            "svg.hashsalt": salt,
            "hatch.linewidth": 0.7,
            "axes.unicode_minus": False,
        }
        with mpl.rc_context(style):
            yield


def to_svg(figure: Figure, **options: Any) -> str:
    """Return the figure as SVG, the same for the same figure; ``options`` are savefig's."""
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None}, **options)
    return drawn.getvalue()
