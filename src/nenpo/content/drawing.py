"""Values → SVG: text as text, readable without colour; what the charts of all sections share."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager

from nenpo.data.events import mark_stage
from nenpo.language.fonts import find_document_font

# The text width of the documents, so that 9 points drawn are 9 points printed.
TEXT_WIDTH_INCHES = 170 / 25.4
FONT_SIZE = 9.0
# What a text is set in of which nobody chose the font.
GENERIC_FAMILIES = ("sans-serif", "serif", "monospace", "cursive", "fantasy")
INK, LINE, MUTED = "#1A1A1C", "#0017C1", "#626264"


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
