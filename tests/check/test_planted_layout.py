"""One planted change of template or style each, and on which level the check reports it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from check_project import ANNUAL, Accepted, change_block, recolour, states
from nenpo.export import pdf as pdf_export
from nenpo.export.blocks import Heading, NumberedTable
from nenpo.export.document import Document
from nenpo.language.fonts import find_document_font


def test_sentence_of_a_template_is_a_difference_of_text_alone(accepted: Accepted) -> None:
    def reword(paragraphs: list[str]) -> list[str]:
        return [text.replace("同じ様式で", "同じ様式により") for text in paragraphs]

    accepted.plant(ANNUAL, change_block("sentences", 4, paragraphs=reword))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ = ≠"
    (change,) = annual.text
    assert change.heading == "4今後の予定・問合せ先"
    assert change.before == ("次回は、令和4年度の進捗状況を同じ様式で取りまとめる。",)
    assert change.after == ("次回は、令和4年度の進捗状況を同じ様式により取りまとめる。",)


def test_colour_of_one_bar_is_a_difference_of_the_picture_alone(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, svg=recolour))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= = = ≠"
    (page,) = annual.pictures
    assert page.page == 1
    left, top, right, bottom = page.frame
    assert (0 < left < right < 1, 0 < top < bottom < 1) == (True, True)
    assert bottom - top < 0.1


def test_order_of_a_tables_rows_is_a_difference_of_text_alone(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("table", 5, rows=lambda rows: rows[::-1]))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ = ≠"
    assert {change.heading for change in annual.text} == {"別紙3所管課別の件数"}


def test_two_tables_that_change_places_are_text_and_structure(accepted: Accepted) -> None:
    def swap(document: Document) -> Document:
        own = [n for n, b in enumerate(document.blocks) if isinstance(b, NumberedTable)]
        blocks = [*document.blocks]
        first, second = own[4], own[6]
        blocks[first], blocks[second] = blocks[second], blocks[first]
        return replace(document, blocks=tuple(blocks))

    accepted.plant(ANNUAL, swap)
    assert states(accepted.check_one(ANNUAL)) == "= ≠ ≠ ≠"


def test_title_alone_is_text_and_structure(accepted: Accepted) -> None:
    """The title stands on the first page and in the properties of the file."""

    def retitle(document: Document) -> Document:
        head = replace(document.head, title="進捗状況の報告（令和3年度）")
        return replace(document, head=head)

    accepted.plant(ANNUAL, retitle)
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ ≠ ≠"
    assert "文書の題名が" in annual.structure[0]
    assert "進捗状況の報告（令和3年度）" in annual.structure[0]
    assert len(annual.text) == 1


def test_text_of_one_heading_is_text_and_structure(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("heading", 1, text="予定と異なる取組"))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ ≠ ≠"
    told = "見出し「2スケジュールどおりでない取組」が「2予定と異なる取組」に変わった"
    assert annual.structure == (told, "PDFのしおりが変わった")


def test_alternative_text_alone_is_structure_and_looks_the_same(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, alt=lambda alt: alt.replace("帯", "棒")))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= = ≠ ="
    assert annual.text == ()
    (told,) = annual.structure
    assert told.startswith("図の代替テキスト「目標別の進捗区分の割合を示す帯グラフ")


def test_page_turned_upright_is_a_difference_of_the_picture_and_no_text(accepted: Accepted) -> None:
    """Of the structure, too, where other parts then begin on another page."""

    def turn(document: Document) -> Document:
        blocks = (
            replace(b, landscape=False) if isinstance(b, Heading) else b for b in document.blocks
        )
        return replace(document, blocks=tuple(blocks))

    accepted.plant(ANNUAL, turn)
    annual = accepted.check_one(ANNUAL)
    facts, text, _, picture = states(annual).split()
    assert (facts, text, picture) == ("=", "=", "≠")
    assert all("ページ" in sentence for sentence in annual.structure)


def test_page_break_that_a_longer_text_moves_is_structure(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("sentences", 0, paragraphs=lambda old: [*old, *old * 8]))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ ≠ ≠"
    assert any("ページ" in sentence for sentence in annual.structure)


@pytest.fixture
def other_font(
    accepted: Accepted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Another family in NENPO_FONT: the document font under a new name, its letters smaller.

    No second Japanese family is on every machine; more units for each em make every glyph smaller.
    """
    font = TTFont(find_document_font().path)
    font["head"].unitsPerEm = round(font["head"].unitsPerEm * 1.06)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = "NenpoTestGothic"
    (tmp_path / "font").mkdir()
    font.save(tmp_path / "font" / "other.ttf")
    monkeypatch.setenv("NENPO_FONT", "NenpoTestGothic")
    monkeypatch.setenv("NENPO_FONT_DIR", str(tmp_path / "font"))
    yield "NenpoTestGothic"
    pdf_export._load_fonts.cache_clear()


def test_another_font_is_a_difference_of_the_picture_and_told_as_environment(
    accepted: Accepted, other_font: str
) -> None:
    accepted.plant(ANNUAL, lambda document: document)
    annual = accepted.check_one(ANNUAL)
    assert states(annual) in ("= = = ≠", "= = ≠ ≠"), annual.text
    assert len(annual.pictures) > 3
    assert [cause.en for cause in annual.why or ()] == [f"font IPAexGothic → {other_font}"]
