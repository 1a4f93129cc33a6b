"""Whatever text reaches a document, a character that it cannot show is told with its cell."""

import warnings
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure
from nbformat.v4 import new_code_cell

from nenpo.content.display import Chart, Column, Facts, HeaderCell, Rows, Sentences, Table
from nenpo.content.drawing import drawing, to_svg
from nenpo.errors import DocumentError
from nenpo.export.document import read_document
from sample_notebook import SVG, code, make_chart, make_head, notebook, text

SHOWN = Sentences(("本文である。",))
CELLS = ((Column("課"),), (("甲",),))


def refuse(*cells: Any) -> DocumentError:
    with pytest.raises(DocumentError) as refused:
        read_document(notebook(code(make_head()), *cells))
    return refused.value


def draw(label: str) -> str:
    """Return the SVG of a figure with a text, drawn while no warning is heard."""
    with drawing("試し"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure = Figure()
        figure.add_subplot().set_title(label)
        return to_svg(figure)


BAD = "12\u202e345"


@pytest.mark.parametrize(
    "cell",
    [
        code(Sentences((BAD,))),
        code(Sentences((BAD,), role="subheading")),
        code(Table(BAD, *CELLS)),
        code(Table("表", (Column(BAD),), (("甲",),))),
        code(Table("表", (Column("課"),), ((BAD,),))),
        code(Table("表", *CELLS, groups=(HeaderCell(BAD),))),
        code(Table("表", *CELLS, legend=BAD)),
        code(Table("表", *CELLS, note=BAD)),
        code(make_chart(caption=BAD)),
        code(make_chart(alt=BAD)),
        code(make_chart(svg=SVG.replace("</svg>", f"<text>{BAD}</text></svg>"))),
        code(Rows("a.csv", BAD, "a\n")),
        code(Rows("a.csv", "", f"a\r\n{BAD}\r\n")),
        code(Facts({"items": [{"title": BAD}]})),
        text(f"# {BAD}"),
        text(f"本文**{BAD}**"),
        text(f"`{BAD}`"),
        text(f"- {BAD}"),
        text(f"[{BAD}](https://city.example/)"),
    ],
)
def test_bidi_control_is_refused_with_its_cell_wherever_it_stands(cell: Any) -> None:
    refused = refuse(text("## 節"), cell)
    assert refused.message("en").startswith("cell 3 ")
    assert r"12\u202e345" in refused.message("ja")
    assert "U+202E（文字の並びを変える制御文字）" in refused.message("ja")


def test_bidi_control_in_the_head_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"U\+202E"):
        read_document(notebook(code(make_head(title=BAD))))


@pytest.mark.parametrize("character", ["✕", "😀", "𠮷"])
def test_character_that_the_font_lacks_is_named_with_its_cell(character: str) -> None:
    refused = refuse(code(Sentences((f"文字{character}",))))
    assert refused.message("en").startswith("cell 2 ")
    assert f"「{character}」U+{ord(character):04X}（文書用フォントにない文字）" in refused.message(
        "ja"
    )


@pytest.mark.parametrize(
    "character", ["\u200b", "\x07", "\U000e0100", "\ue000", "\u0378", "\ufffd"]
)
def test_other_characters_that_cannot_be_shown_are_refused(character: str) -> None:
    assert f"U+{ord(character):04X}" in refuse(code(Sentences((f"葛{character}城",)))).message("en")


def test_character_that_a_chart_cannot_draw_is_found_without_a_warning() -> None:
    chart = Chart(draw("交付☑件数"), "図", "図")
    assert "'☑' U+2611 (not in the document font)" in refuse(code(chart)).message("en")


def test_chart_whose_text_is_text_is_looked_through_too() -> None:
    with mpl.rc_context({"svg.fonttype": "none"}), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure = Figure()
        figure.text(0.5, 0.5, "交付☑件数")
        chart = Chart(to_svg(figure), "図", "図")
    assert "U+2611" in refuse(code(chart)).message("en")


def test_ordinary_chart_passes() -> None:
    read_document(notebook(code(make_head()), code(Chart(draw("交付 - 件数"), "図", "図"))))


def test_all_such_characters_of_all_cells_are_told_at_once() -> None:
    message = refuse(code(Sentences(("a\u200bb", "c☑d"))), text(BAD)).message("en")
    assert [code in message for code in ("U+200B", "U+2611", "U+202E")] == [True] * 3
    assert message.startswith("cell 2 'show()': ")
    assert r"; cell 3 '12\u202e345': U+202E" in message


def test_message_itself_shows_no_hidden_character() -> None:
    message = refuse(code(Sentences(("\u202e\u200b\ufe0f\U000e0100\ue000",)))).message("ja")
    assert set(message) & set("\u202e\u200b\ufe0f\U000e0100\ue000") == set()


@pytest.mark.parametrize("ordinary", ["行\n行", "甲\t乙", "甲\r\n乙"])
def test_line_breaks_and_tabs_are_ordinary(ordinary: str) -> None:
    read_document(notebook(code(make_head()), code(Sentences((ordinary,)))))


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("⻑期の計画", "'⻑' (U+2ED1) is the sign of a radical; write '長'"),
        ("ｼｽﾃﾑの更新", "'ｼｽﾃﾑ' is half-width kana; write 'システム'"),
        ("評価は◎◎", "'◎◎' is a sign typed twice; write '◎'"),
        ("縺ゅ", "'縺' (U+7E3A) looks garbled; look up the original character"),
    ],
)
def test_what_a_cell_writes_in_unusual_characters_is_noted_with_the_ordinary_ones(
    written: str, told: str
) -> None:
    shown = new_code_cell(f"Sentences(({written!r},))", outputs=code(SHOWN).outputs)
    for cell in (text(written), shown):
        (remark,) = read_document(notebook(code(make_head()), cell)).remarks
        assert remark.what.en == told


def test_unusual_characters_of_the_data_are_not_noted_once_more() -> None:
    shown = code(Sentences(("⻑期の計画",)))
    assert read_document(notebook(code(make_head()), shown)).remarks == ()
