"""A drawing in the page itself: its text is text, and nothing but shapes and text gets in."""

import re

import pytest
from matplotlib import figure

from nenpo.content.display import Chart
from nenpo.content.drawing import drawing, to_svg
from nenpo.export.blocks import Figure
from nenpo.export.document import Document
from nenpo.export.inline_svg import inline_svg
from nenpo.export.pdf import render_pdf
from pdf_checks import read_texts
from sample_notebook import make_head

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'


def inline(inner: str, prefix: str = "f1") -> str:
    return inline_svg(f"{OPEN}{inner}</svg>", "件数の図", prefix)


@pytest.fixture(scope="module")
def chart() -> str:
    """A drawing with all that charts use: hatches, markers, clipped lines, turned text."""
    with drawing("見本"):
        drawn = figure.Figure(figsize=(4, 2))
        axes = drawn.subplots()
        axes.barh([0, 1], [3, 5], color="white", edgecolor="black", hatch="//")
        axes.plot([1, 2, 3], [0, 1, 0], marker="D", linestyle="--")
        axes.text(2, 0, "46.0％ <b>", rotation=90, weight="bold")
        return to_svg(drawn)


def test_a_chart_is_one_image_with_its_alternative_text(chart: str) -> None:
    shown = inline_svg(chart, '交付率 "46％"', "f1")
    assert shown.startswith('<svg role="img" aria-label="交付率 &quot;46％&quot;" viewBox="')


def test_its_text_is_text_without_a_font_of_its_own(chart: str) -> None:
    shown = inline_svg(chart, "図", "f1")
    assert ">46.0％ &lt;b&gt;</text>" in shown
    assert "font-family" not in shown


def test_the_words_of_a_chart_are_found_in_the_pdf(chart: str) -> None:
    blocks = (Figure(1, Chart(chart, "交付率の図", "交付率")),)
    texts = read_texts(render_pdf(Document(make_head(), blocks, (), None)))
    assert "46.0％" in "".join(texts)


def test_no_style_is_left_for_the_policy_to_refuse(chart: str) -> None:
    assert "style" not in inline_svg(chart, "図", "f1")


def test_ids_of_two_drawings_differ_and_every_reference_is_met(chart: str) -> None:
    first, second = (inline_svg(chart, "図", prefix) for prefix in ("f1", "f2"))
    named = [set(re.findall(r' id="(.*?)"', shown)) for shown in (first, second)]
    used = set(re.findall(r'href="#(.*?)"|url\(#(.*?)\)', first))
    assert named[0] == {one or other for one, other in used}
    assert not named[0] & named[1]


def test_the_element_is_a_fraction_of_the_file(chart: str) -> None:
    assert len(inline_svg(chart, "図", "f1")) < 0.6 * len(chart)


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<style>text { fill: red }</style>",
        '<a href="https://example.jp/"><text>a</text></a>',
        '<image href="data:image/png;base64,AAAA"/>',
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">a</p></foreignObject>',
        '<rect onload="alert(1)"/>',
        '<rect class="mark"/>',
        '<use href="https://example.jp/a.svg#a"/>',
        '<use href="#elsewhere"/>',
        '<rect style="fill: url(https://example.jp/a)"/>',
        "<rect fill=\"url('#elsewhere')\"/>",
        '<rect style="position: fixed"/>',
    ],
)
def test_a_drawing_that_holds_more_stays_an_image_of_its_own(inner: str) -> None:
    assert inline(inner) == ""


def test_numbers_are_no_finer_than_a_screen_and_exponents_stay_whole() -> None:
    shown = inline('<path d="M 1.23456 -7.000001 \nL 0.5 1.2345e-05"/>')
    assert 'd="M 1.23 -7 L 0.5 1.2345e-05"' in shown


def test_a_drawing_without_view_box_gets_one_of_its_size() -> None:
    sized = '<svg xmlns="http://www.w3.org/2000/svg" width="30px" height="20"><g/></svg>'
    assert 'viewBox="0 0 30 20"' in inline_svg(sized, "図", "f1")
