"""The figures: same input, same bytes; readable without colour; told in words."""

import re
from xml.etree import ElementTree

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.content import indicators
from nenpo.content.display import Chart, Group
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def nakano() -> Year:
    return progress.load_year(load_plan("nakano-informatization"), 2021)


def draw(year: Year) -> Chart:
    shown = indicators.panels(brief(year))
    parts = shown.parts if isinstance(shown, Group) else (shown,)
    return next(part for part in parts if isinstance(part, Chart))


def test_chart_is_drawn_the_same_twice(nakano: Year) -> None:
    assert draw(nakano).svg == draw(nakano).svg


def test_chart_is_xml_without_any_reference_elsewhere(nakano: Year) -> None:
    root = ElementTree.fromstring(draw(nakano).svg)
    values = [(name, text) for element in root.iter() for name, text in element.attrib.items()]
    links = [text for name, text in values if name.endswith("href")]
    drawn = [found for _, text in values for found in re.findall(r"url\((.*?)\)", text)]
    assert [*links, *drawn]
    assert [place for place in (*links, *drawn) if not place.startswith("#")] == []


def test_chart_text_is_text_in_the_document_font(nakano: Year) -> None:
    texts = list(ElementTree.fromstring(draw(nakano).svg).iter(f"{SVG}text"))
    assert "46.0％" in [text.text for text in texts]
    assert [text for text in texts if "'IPAexGothic'" not in text.get("style", "")] == []


def test_chart_leaves_its_ground_to_the_page(nakano: Year) -> None:
    ground = ElementTree.fromstring(draw(nakano).svg).find(f".//{SVG}path")
    assert ground is not None
    assert ground.get("style") == "fill: none"


def test_chart_holds_no_date(nakano: Year) -> None:
    assert "dc:date" not in draw(nakano).svg


def test_formula_in_a_label_stays_text(tiny: Project) -> None:
    tiny.replace("indicators.csv", "オンライン申請の割合", "$x^2$の割合")
    year = progress.load_year(load_plan("tiny", tiny.root), 2021)
    assert "$x^2$" in draw(year).svg
