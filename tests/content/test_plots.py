"""A figure of matplotlib is drawn in the document font, at a size that can be read, as it was."""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from nenpo.content import plots
from nenpo.content.drawing import TEXT_WIDTH_INCHES
from nenpo.errors import NotShowable


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    with mpl.rc_context():
        yield


def draw(rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    figure = Figure(**options)
    axes = figure.subplots(rows, columns, squeeze=False)
    for each in axes.flat:
        each.plot([1, 2], [3, -4])
    return figure, axes.flat


def list_texts(svg: str) -> list[str]:
    """Return what is drawn as text; of a formula, matplotlib sets every character by itself."""
    texts = ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    return ["".join("".join(text.itertext()).split()) for text in texts]


def test_every_text_is_drawn_in_the_document_font_whatever_was_chosen() -> None:
    figure, (axes,) = draw()
    axes.set_xlabel("年度", fontfamily="monospace")
    axes.text(1, 0, "注記", fontfamily="No Such Font")
    svg = plots.show(figure).svg
    assert set(re.findall('font-family: (.*?)[;"]', svg)) == {"'IPAexGothic'"}
    assert {"年度", "注記"} <= set(list_texts(svg))


@pytest.mark.parametrize("text", ["CO$_2$", "$x^2$の推移", r"$\alpha$"])
def test_a_formula_is_refused(text: str) -> None:
    figure, (axes,) = draw()
    axes.set_ylabel(text)
    with pytest.raises(NotShowable, match="formula"):
        plots.show(figure)


@pytest.mark.parametrize(("text", "drawn"), [("$5と$10", "$5と$10"), (r"\$3と\$4", "$3と$4")])
def test_amounts_are_drawn_as_a_reader_writes_them(text: str, drawn: str) -> None:
    figure, (axes,) = draw()
    axes.set_ylabel(text)
    chart = plots.show(figure)
    assert drawn in list_texts(chart.svg)
    assert f"縦軸は{drawn}。" in chart.alt


def test_the_only_title_becomes_the_caption_and_is_not_drawn_twice() -> None:
    figure, (axes,) = draw()
    axes.set_title("交付件数")
    chart = plots.show(figure)
    assert chart.caption == "交付件数"
    assert "交付件数" not in list_texts(chart.svg)


def test_titles_of_several_axes_stay_where_they_are() -> None:
    figure, axes = draw(columns=2)
    for each, title in zip(axes, ("東", "西"), strict=True):
        each.set_title(title)
    chart = plots.show(figure)
    assert chart.caption == "東、西"
    assert {"東", "西"} <= set(list_texts(chart.svg))


def test_the_title_of_the_whole_figure_goes_before_those_of_its_axes() -> None:
    figure, axes = draw(columns=2)
    figure.suptitle("全体")
    axes[0].set_title("東")
    chart = plots.show(figure)
    assert chart.caption == "全体"
    assert "東" in list_texts(chart.svg)


def test_the_alternative_text_names_axes_and_legend() -> None:
    figure, (axes,) = draw()
    axes.set(xlabel="年度", ylabel="件数")
    axes.legend(["窓口"])
    chart = plots.show(figure)
    assert chart.alt == "グラフ。横軸は年度、縦軸は件数、凡例は窓口。"
    assert not chart.described


def test_the_alternative_text_tells_several_axes_apart() -> None:
    figure, axes = draw(columns=2)
    for each, title in zip(axes, ("東", "西"), strict=True):
        each.set(title=title, xlabel="件数")
    assert plots.show(figure).alt == "グラフ。東: 横軸は件数。西: 横軸は件数。"


def test_the_figure_is_left_as_it_was() -> None:
    figure, (axes,) = draw(figsize=(12, 9))
    axes.set_title("題", fontfamily="serif")
    texts = [text for text in figure.findobj(Text) if text.get_text()]
    before = [(t.get_fontfamily(), t.get_visible(), t.get_parse_math()) for t in texts]
    plots.show(figure)
    after = [(t.get_fontfamily(), t.get_visible(), t.get_parse_math()) for t in texts]
    assert before == after == [(["serif"], True, True)]
    assert figure.get_size_inches().tolist() == [12, 9]


def test_the_same_figure_gives_the_same_bytes() -> None:
    figure, (axes,) = draw()
    axes.fill_between([1, 2], [0, 1], hatch="//")
    assert plots.show(figure) == plots.show(figure)


@pytest.mark.parametrize("size", [(3, 2), (20, 4), (5, 30)])
def test_a_figure_is_no_larger_than_a_page_and_keeps_the_size_of_its_text(
    size: tuple[float, float],
) -> None:
    figure, _ = draw(figsize=size)
    svg = plots.show(figure).svg
    width, height = map(float, re.findall(r'(?:width|height)="([0-9.]+)pt"', svg)[:2])
    assert width <= TEXT_WIDTH_INCHES * 72 + 20
    assert height <= 9 * 72
    assert set(re.findall("font-size: (.*?);", svg)) == {"10px"}  # points, as they were asked for


def test_a_figure_that_leaves_its_sides_empty_is_not_blown_up() -> None:
    figure = Figure(figsize=(6, 3))
    figure.subplots().pie([1, 2])
    assert plots.show(figure).width < 0.6


def test_text_is_literal_but_for_the_powers_of_a_logarithmic_axis() -> None:
    figure, (axes,) = draw()
    axes.set(xscale="log", xlabel="$5と$6")
    texts = list_texts(plots.show(figure).svg)
    assert "$5と$6" in texts
    assert "100" in texts  # a hundred to some power, without a word of how it is written
    assert not any("mathdefault" in text for text in texts)


def test_an_image_in_a_figure_is_kept() -> None:
    figure, (axes,) = draw()
    axes.imshow(np.eye(3))
    assert "data:image/png;base64" in plots.show(figure).svg


def test_analysts_draw_in_the_document_font_from_the_start() -> None:
    plots.prepare()
    plots.prepare()
    assert [mpl.rcParams[f"font.{name}"][0] for name in ("sans-serif", "serif")] == [
        "IPAexGothic"
    ] * 2
    assert mpl.rcParams["font.sans-serif"].count("IPAexGothic") == 1
