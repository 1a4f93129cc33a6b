"""The figures: same input, same bytes; readable without colour; told in words."""

import re
from xml.etree import ElementTree

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.content import drawing
from nenpo.content.display import Chart
from nenpo.content.drawing import draw_bars
from nenpo.data.load import load_plan
from tiny_project import Project

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def nakano() -> Year:
    return progress.load_year(load_plan("nakano-informatization"), 2021)


def draw_status(year: Year) -> Chart:
    counted = progress.count_by(year.plan, year.items, "goal")
    labels = {goal.id: goal.label for goal in year.plan.meta.goals}
    bars = [(labels[goal], counts) for goal, counts in counted.items()]
    bars.append(("計", progress.count_status(year.plan, year.items)))
    chart = draw_bars(bars, year.plan.meta.tones, "進捗区分の割合")
    assert isinstance(chart, Chart)
    return chart


def test_status_chart_is_drawn_the_same_twice(nakano: Year) -> None:
    assert draw_status(nakano).svg == draw_status(nakano).svg


def test_chart_is_xml_without_any_reference_elsewhere(nakano: Year) -> None:
    root = ElementTree.fromstring(draw_status(nakano).svg)
    values = [(name, text) for element in root.iter() for name, text in element.attrib.items()]
    links = [text for name, text in values if name.endswith("href")]
    drawn = [found for _, text in values for found in re.findall(r"url\((.*?)\)", text)]
    assert drawn
    assert [place for place in (*links, *drawn) if not place.startswith("#")] == []


def test_chart_text_is_text_in_the_document_font(nakano: Year) -> None:
    texts = list(ElementTree.fromstring(draw_status(nakano).svg).iter(f"{SVG}text"))
    assert "◎97 ○4 △1 ×1（計103）" in [text.text for text in texts]
    assert [text for text in texts if "'IPAexGothic'" not in text.get("style", "")] == []


def test_chart_leaves_its_ground_to_the_page(nakano: Year) -> None:
    ground = ElementTree.fromstring(draw_status(nakano).svg).find(f".//{SVG}path")
    assert ground is not None
    assert ground.get("style") == "fill: none"


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


def test_formula_in_a_label_stays_text(tiny: Project) -> None:
    tiny.replace("plan.yaml", "label: 目標1", "label: $x^2$")
    year = progress.load_year(load_plan("tiny", tiny.root), 2021)
    assert "$x^2$" in draw_status(year).alt
