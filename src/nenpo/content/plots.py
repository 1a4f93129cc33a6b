"""A figure that an analyst draws with matplotlib → a chart in the document font."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, cast

import matplotlib as mpl
from IPython.core.getipython import get_ipython
from matplotlib.axes import Axes
from matplotlib.cbook import is_math_text
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from nenpo.content.display import Chart
from nenpo.content.drawing import (
    GENERIC_FAMILIES,
    TEXT_WIDTH_INCHES,
    add_document_font,
    to_svg,
    writing,
)
from nenpo.errors import NotShowable, Words, join_words
from nenpo.language.fonts import find_document_font

# matplotlib sets the labels of a logarithmic axis as formulas of this one form.
_OF_TICKS = "\\mathdefault"
# As in Markdown: $5と$10 are amounts.
_FORMULA = re.compile(r"(?<!\\)\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?![0-9$])")
# A page less its margins, a caption and a heading.
_TALLEST_INCHES = 8.5
_WIDTH = re.compile(r'<svg\b[^>]*? width="([0-9.]+)pt"')
# Of a figure of which nobody chose the size: three on a page, where matplotlib's own would be two.
_USUAL_INCHES = (6.4, 2.8)


def show(figure: Figure) -> Chart:
    """Return a figure as a chart, no larger than a page. Raises NotShowable for formulas in it.

    The figure is left as it was, but for where axes lie in one that had to be made smaller.

    What ``suptitle`` or the only ``set_title`` says becomes the caption and is not drawn. The
    alternative text says what the axes and the legend name.
    """
    _forget_other_forms(figure)
    _refuse_formulas(figure)
    title = _find_title(figure)
    caption = _read(title.get_text()) if title else "、".join(_list_titles(figure))
    with (
        writing(f"{figure.number if hasattr(figure, 'number') else 0} {caption}"),
        ExitStack() as kept,
    ):
        if title:
            kept.enter_context(_keep(title, "visible"))
            title.set_visible(False)
        kept.enter_context(_fit(figure))
        _set_in_document_font(figure, kept)
        figure.draw_without_rendering()  # makes the labels of the ticks
        _set_in_document_font(figure, kept)
        svg = to_svg(figure, bbox_inches="tight", pad_inches=0.04)
    # What was cut off around it is not to be made up for by larger text.
    width = float(_WIDTH.search(svg)[1]) / 72  # type: ignore[index]  # savefig always writes one
    share = min(width / TEXT_WIDTH_INCHES, 1.0)
    return Chart(svg, _describe(figure), " ".join(caption.split()), share, described=False)


def prepare() -> None:
    """Let analysts draw in the document font from the start: others lack what they write."""
    family, style = add_document_font(), cast("dict[str, Any]", mpl.rcParams)
    for generic in GENERIC_FAMILIES:
        known = [name for name in style[f"font.{generic}"] if name != family]
        style[f"font.{generic}"] = [family, *known]
    style["axes.unicode_minus"] = False
    style["figure.figsize"] = _USUAL_INCHES


def _forget_other_forms(figure: Figure) -> None:
    """Keep IPython's inline backend from adding a PNG, which nobody reads, to the output."""
    shell = get_ipython()
    formatters = shell.display_formatter.formatters if shell and shell.display_formatter else {}
    for formatter in formatters.values():
        for kind in type(figure).__mro__[:-1]:
            formatter.pop(kind, None)


def _find_title(figure: Figure) -> Text | None:
    """Return the title of the whole figure, None if there are several or none."""
    if figure.get_suptitle():
        return figure._suptitle  # type: ignore[attr-defined,no-any-return]  # there is no getter
    titles = [axes.title for axes in figure.axes if axes.get_title()]
    return titles[0] if len(titles) == 1 else None


def _list_titles(figure: Figure) -> list[str]:
    return [_read(axes.get_title()) for axes in figure.axes if axes.get_title()]


def _read(text: str) -> str:
    """Return a text as matplotlib draws it."""
    return text.replace(r"\$", "$")


def _refuse_formulas(figure: Figure) -> None:
    """Raise NotShowable for formulas: neither a caption nor the document font can show them."""
    texts = [text for text in figure.findobj(Text) if text.get_parse_math()]
    found = {t.get_text() for t in texts if _FORMULA.search(t.get_text())}
    if told := sorted(text for text in found if _OF_TICKS not in text):
        quoted = join_words([Words("「{}」", "'{}'").fill(text) for text in told])
        what = Words("図の中の数式{}", "a formula in a figure, {}").fill(quoted)
        remedy = Words(
            "m²、CO₂ のような文字で書くこと。文字としての $ は \\$ と書く",
            "Write signs such as m² and CO₂; a $ that is meant as such is \\$",
        )
        raise NotShowable(what=what, remedy=remedy)


@contextmanager
def _keep(artist: Any, name: str) -> Iterator[None]:
    """Set a property of an artist back in the end."""
    before = getattr(artist, f"get_{name}")()
    before = before.copy() if isinstance(before, FontProperties) else before
    try:
        yield
    finally:
        getattr(artist, f"set_{name}")(before)


@contextmanager
def _fit(figure: Figure) -> Iterator[None]:
    """Make the figure no larger than a page allows; its text keeps its size, to be read."""
    width, height = figure.get_size_inches()
    share = min(TEXT_WIDTH_INCHES / width, _TALLEST_INCHES / height, 1.0)
    engine = figure.get_layout_engine()
    if share < 1.0:
        figure.set_size_inches(width * share, height * share)
        if engine is None:
            figure.set_layout_engine("constrained")
    try:
        yield
    finally:
        if share < 1.0:
            figure.set_size_inches(width, height)
            figure.set_layout_engine("none" if engine is None else engine)


def _set_in_document_font(figure: Figure, kept: ExitStack) -> None:
    """Set every text of the figure in the document font, until ``kept`` is closed."""
    path = find_document_font().path
    for text in figure.findobj(Text):
        kept.enter_context(_keep(text, "fontproperties"))
        kept.enter_context(_keep(text, "parse_math"))
        text.set_fontproperties(FontProperties(fname=path, size=text.get_fontsize()))
        # Of a text that is no formula, matplotlib draws \$ as $ only where it looks for formulas.
        literal = is_math_text(text.get_text()) and _OF_TICKS not in text.get_text()
        text.set_parse_math(text.get_parse_math() and not literal)


def _describe(figure: Figure) -> str:
    parts = [part for axes in figure.axes if (part := _describe_axes(axes))]
    return "グラフ。" + "".join(f"{part}。" for part in parts)


def _describe_axes(axes: Axes) -> str:
    legend = axes.get_legend()
    entries = [text.get_text() for text in legend.get_texts()] if legend else []
    named = {
        "横軸は": axes.get_xlabel(),
        "縦軸は": axes.get_ylabel(),
        "凡例は": "・".join(entries),
    }
    told = "、".join(
        f"{word}{' '.join(_read(text).split())}" for word, text in named.items() if text
    )
    several = len(figure.axes) > 1 if (figure := axes.get_figure()) else False
    return f"{axes.get_title()}: {told}" if told and several and axes.get_title() else told
