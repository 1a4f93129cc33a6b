"""The figures: same input, same bytes; readable without colour; told in words."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.content import coverage, drawing
from nenpo.content.display import Chart, Nothing
from nenpo.content.drawing import draw_bars
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project
from words_project import assert_unchanged, copy_frames, copy_words, read_words

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


def draw_adherence(year: Year) -> Chart:
    chart = coverage.chart(brief(year))
    assert isinstance(chart, Chart)
    return chart


def test_adherence_is_told_for_each_measure_and_in_all(tmp_path: Path) -> None:
    words = copy_words(tmp_path / "words")
    words.set_cell("data/words/measures.csv", 3, "label", "方策3")
    assert draw_adherence(read_words(project=words)).alt == (
        "予定との対比の割合を示す帯グラフ。方策1 予定どおり1 変更1（計2）、"
        "方策3 比較できない1（計1）、計 予定どおり1 変更1 比較できない1（計3）。"
    )


@pytest.mark.parametrize("fiscal_year", [2021, 2022])
def test_adherence_of_the_real_plan_states_the_counts_of_its_items(fiscal_year: int) -> None:
    year = progress.load_year(load_plan("nakano-structural-reform"), fiscal_year)
    counts = year.items["adherence"].value_counts()
    assert draw_adherence(year).alt.endswith(
        f"計 予定どおり{counts['kept']} 変更{counts['changed']} "
        f"比較できない{counts['not_comparable']}（計{len(year.items)}）。"
    )


def test_adherence_is_drawn_the_same_twice() -> None:
    first, second = (draw_adherence(read_words()).svg for _ in range(2))
    assert first == second


def test_a_plan_without_judgement_draws_no_adherence() -> None:
    year = progress.load_year(load_plan("koto-informatization"), 2021)
    assert isinstance(coverage.chart(brief(year)), Nothing)


def test_a_year_without_items_draws_no_adherence(tmp_path: Path) -> None:
    words = copy_words(tmp_path / "words")
    words.path("data/words/2022/progress.csv").unlink()
    assert isinstance(coverage.chart(brief(read_words(2022, project=words))), Nothing)


def test_drawing_adherence_leaves_the_year_as_it_was() -> None:
    year = read_words()
    before = copy_frames(year)
    coverage.chart(brief(year))
    assert_unchanged(year, before)
