"""The figures: same input, same bytes; readable without colour; told in words."""

import re
from xml.etree import ElementTree

import pytest

from nenpo.analysis import progress
from nenpo.analysis.indicators import assess_indicators
from nenpo.analysis.progress import Year
from nenpo.content import drawing, indicators, marks
from nenpo.content.display import Chart, Group, Nothing
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project


@pytest.fixture(scope="module")
def nakano() -> Year:
    return progress.load_year(load_plan("nakano-informatization"), 2021)


def draw_status(year: Year) -> Chart:
    chart = marks.chart(brief(year))
    assert isinstance(chart, Chart)
    return chart


def test_status_chart_is_drawn_the_same_twice(nakano: Year) -> None:
    assert draw_status(nakano).svg == draw_status(nakano).svg


def test_chart_is_xml_without_any_reference_elsewhere(nakano: Year) -> None:
    root = ElementTree.fromstring(draw_status(nakano).svg)
    values = [(name, text) for element in root.iter() for name, text in element.attrib.items()]
    links = [text for name, text in values if name.endswith("href")]
    drawn = [found for _, text in values for found in re.findall(r"url\((.*?)\)", text)]
    assert links
    assert [place for place in (*links, *drawn) if not place.startswith("#")] == []


def test_chart_text_is_drawn_as_paths(nakano: Year) -> None:
    assert "<text" not in draw_status(nakano).svg


def test_chart_holds_no_date(nakano: Year) -> None:
    assert "dc:date" not in draw_status(nakano).svg


def test_alternative_text_states_every_number_of_the_chart(nakano: Year) -> None:
    alt = draw_status(nakano).alt
    assert "計 ◎97 ○4 △1 ×1（計103）" in alt
    assert "目標2 ◎46 ○3（計49）" in alt


def test_tones_differ_in_brightness_or_hatch() -> None:
    looks = {(round(_brightness(fill), 1), hatch) for fill, hatch, _ in drawing.TONES.values()}
    assert len(looks) == len(drawing.TONES)


def _brightness(colour: str) -> float:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def test_every_indicator_has_a_chart_and_a_paragraph(nakano: Year) -> None:
    group = indicators.panels(brief(nakano))
    assert isinstance(group, Group)
    assert sum(isinstance(part, Chart) for part in group.parts) == 10


def test_indicator_chart_tells_values_and_targets(nakano: Year) -> None:
    entry = assess_indicators(nakano.plan, 2021)[1]
    chart = indicators.draw_indicator(entry, 2021)
    assert isinstance(chart, Chart)
    assert "実績は令和2年度 約146万件、令和3年度 約171万件" in chart.alt
    assert "目標は令和5年度 170万件、令和7年度 200万件" in chart.alt


def test_nothing_rated_draws_nothing(tiny: Project) -> None:
    for row in (1, 2, 3):
        tiny.set_cell("2021/progress.csv", row, "status", "")
        tiny.set_cell("2021/progress.csv", row, "shift", "")
    year = progress.load_year(load_plan("tiny", tiny.root), 2021)
    assert isinstance(marks.chart(brief(year)), Nothing)


def test_formula_in_a_label_stays_text(tiny: Project) -> None:
    tiny.replace("plan.yaml", "label: 目標1", "label: $x^2$")
    year = progress.load_year(load_plan("tiny", tiny.root), 2021)
    assert "$x^2$" in draw_status(year).alt
