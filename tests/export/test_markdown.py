"""Markdown appears as people write it, or its cell is refused with what to write instead."""

import base64
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nenpo.errors import DocumentError
from nenpo.export.blocks import (
    CodeBlock,
    Flow,
    Footnote,
    FootnoteMarks,
    Heading,
    Inline,
    ListBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    TextTable,
    plain_text,
)
from nenpo.export.document import Document, read_document
from nenpo.export.html import render_html
from nenpo.export.pdf import render_pdf
from nenpo.export.reading.kept import keep_images
from nenpo.export.reading.pictures import read_image, read_svg
from nenpo.export.reading.unusable import Unusable
from pdf_checks import find_layout_faults, read_pages, read_texts
from pictures import SVG, draw
from sample_notebook import code, make_head, notebook, text


def read(*sources: Any) -> Document:
    cells = [text(source) if isinstance(source, str) else source for source in sources]
    return read_document(notebook(code(make_head()), *cells))


def blocks(source: Any) -> tuple[Any, ...]:
    return read(source).blocks


def say(flow: Flow) -> str:
    assert isinstance(flow, Paragraph)
    return plain_text(flow.inlines)


def one(source: str) -> str:
    """Return what a source says that is one paragraph."""
    (block,) = blocks(source)
    return say(block)


def styled(source: str) -> dict[str, Inline]:
    """Return the inlines of the one paragraph by their text."""
    (block,) = blocks(source)
    return {inline.text: inline for inline in block.inlines}


def refuse(*sources: Any) -> DocumentError:
    with pytest.raises(DocumentError) as refused:
        read("良い", *sources)
    assert refused.value.message("en").startswith("cell 3 '")
    return refused.value


def attach(source: str, **files: bytes) -> Any:
    """Return a Markdown cell with attachments, as JupyterLab stores what is pasted."""
    cell = text(source)
    names = {name.replace("_", "."): content for name, content in files.items()}
    cell["attachments"] = {n: {"x": base64.b64encode(c).decode()} for n, c in names.items()}
    return cell


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("2021. 春に開始した。", (2021,)),
        ("2021. 春\n2023. 秋", (2021, 2023)),
        ("1. a\n3. b\n\n   続き\n\n10. c", (1, 3, 10)),
        ("1. a\n1. b\n1. c", (1, 2, 3)),
        ("0. a\n1. b", (0, 1)),
        ("5) a\n6) b", (5, 6)),
        ("7. a\n   - 1. b\n   9. c\n8. d", (7, 8)),
    ],
)
def test_a_list_keeps_the_numbers_that_are_written(source: str, numbers: tuple[int, ...]) -> None:
    (block,) = blocks(source)
    assert block.numbers == numbers


@pytest.mark.parametrize("source", ["2021. 春\n2023. 秋", "3. a\n   1. b\n   7. c\n4. d", "2) a"])
def test_the_page_shows_the_numbers_that_are_written(source: str) -> None:
    page = render_html(read(source))
    shown = page.partition("<main")[2].count("<li value=")
    assert shown == {"2021": 2, "3. a": 2, "2) a": 1}[source[:4]]


def test_a_line_in_a_paragraph_that_begins_with_a_year_stays_text() -> None:
    assert one("実施は\n2021. 春である") == "実施は2021. 春である"


def test_lists_nest_with_their_own_numbers_and_paragraphs() -> None:
    (outer,) = blocks("3. a\n   1. b\n   2. c\n\n      - d\n4. e\n\n   f")
    inner = outer.items[0][1]
    assert (outer.numbers, inner.numbers) == ((3, 4), (1, 2))
    assert isinstance(inner.items[1][1], ListBlock)
    assert [say(each) for each in outer.items[1]] == ["e", "f"]


def test_tasks_are_ticked_or_not() -> None:
    (block,) = blocks("- [x] 済\n- [ ] 未\n- [注] 他")
    assert [say(item[0]) for item in block.items] == ["✓ 済", "□ 未", "[注] 他"]


def test_a_quotation_is_one() -> None:
    assert blocks("> a\n>\n> - b") == (
        Quote((Paragraph((Inline("a"),)), ListBlock(((Paragraph((Inline("b"),)),),), closer="-"))),
    )


def test_code_and_rules_are_kept() -> None:
    assert blocks("```\na  b\n```\n\n---") == (CodeBlock("a  b"), Rule())


def test_a_table_keeps_alignment_and_what_its_cells_hold() -> None:
    (table,) = blocks("a|b|c\n:-|-:|:-:\n**x**|1\\|2|y<br>z")
    assert isinstance(table, TextTable)
    assert table.aligns == ("left", "right", "center")
    assert [plain_text(cell) for cell in table.rows[0]] == ["x", "1|2", "y\nz"]
    assert table.rows[0][0][0].strong


@pytest.mark.parametrize("source", ["|a|b\n|-|-\n|1|2", "|a|b|\n|-|-|\n|1|2|", "a|b\n-|-\n1|2"])
def test_bars_at_the_ends_of_a_tables_rows_may_be_missing(source: str) -> None:
    (table,) = blocks(source)
    assert [[plain_text(c) for c in row] for row in (table.header, *table.rows)] == [
        ["a", "b"],
        ["1", "2"],
    ]


def test_a_short_row_is_filled_up_and_a_long_one_is_refused() -> None:
    assert blocks("|a|b|\n|-|-|\n|1|")[0].rows[0][1] == ()
    assert "more cells" in refuse("|a|b|\n|-|-|\n|1|2|3|").message("en")


@pytest.mark.parametrize("source", ["> |a|\n> |-|\n> |1|", "- a\n\n  |a|\n  |-|\n  |1|"])
def test_a_table_may_stand_in_a_quotation_or_list(source: str) -> None:
    assert "TextTable" in repr(blocks(source))


@pytest.mark.parametrize(
    ("source", "text", "script"),
    [
        ("m<sup>2</sup>", "2", "sup"),
        ("CO<SUB>2</SUB>", "2", "sub"),
        ("10^3^件", "3", "sup"),
        ("H~2~O", "2", "sub"),
    ],
)
def test_sub_and_superscript_are_understood(source: str, text: str, script: str) -> None:
    assert styled(source)[text].script == script


def test_strikethrough_and_bold_hold_beside_japanese_brackets() -> None:
    assert styled("~~旧（案）~~は")["旧（案）"].strike
    assert styled("**令和3年度（案）**の")["令和3年度（案）"].strong
    assert styled("これは**「強調」**である")["「強調」"].strong


@pytest.mark.parametrize(
    "source",
    [
        "1~3月、4~6月",
        "10~20%、30~40%",
        "1~3~5",
        "2*3",
        "予算は$5である",
        "$5と$10、US$3とUS$4",
        "a < b > c",
        "<要確認>",
        "snake_case_name",
    ],
)
def test_text_that_only_looks_like_markup_stays_as_written(source: str) -> None:
    assert one(source) == source


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<BR />"])
def test_a_break_is_understood(tag: str) -> None:
    assert one(f"a{tag}b") == one(f"a{tag}\nb") == "a\nb"


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<!-- 公表前に削る -->", []),
        ("前\n\n<!-- 一行\n\n- 二行 -->\n\n後", ["前", "後"]),
        ("前<!-- 秘密 -->後", ["前後"]),
        ("<!-- 秘密 --> 後", ["後"]),
        ("前\n<!-- 秘密 -->\n後", ["前", "後"]),
    ],
)
def test_comments_are_left_out_and_what_stands_beside_them_is_not(
    source: str, left: list[str]
) -> None:
    assert [say(block) for block in blocks(source)] == left


def test_a_footnote_goes_with_its_mark_and_is_numbered_through_the_document() -> None:
    document = read("a[^1] b[^x] c[^1]\n\n[^1]: 一\n[^x]:二", "d[^1]\n\n[^1]: 三")
    marks = FootnoteMarks(document.blocks)
    assert [say(note.blocks[0]) for note in marks.footnotes] == ["一", "二", "三"]
    notes = [i.note for block in document.blocks for i in block.inlines if i.note]  # type: ignore[union-attr]
    assert [marks.refer(note) for note in notes] == [(1, True), (2, True), (1, False), (3, True)]


def test_every_mark_of_a_footnote_leads_to_it_and_back() -> None:
    page = render_html(read("a[^1] b[^1]\n\n[^1]: 注"))
    for wanted in ('id="note-1-mark"', 'href="#note-1-mark"', 'id="note-1"'):
        assert page.count(wanted) == 1
    assert page.count('href="#note-1"') == 2


def test_headings_go_down_to_level_4() -> None:
    levels = [b.level for b in blocks("# a\n## b\n### c\n#### d") if isinstance(b, Heading)]
    assert levels == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("<b>x</b>", "<b>"),
        ("<div>\nx\n</div>", "<div>"),
        ('<img src="a.png">', "<img"),
        ("<sub>x", "<sub> without its end"),
        ("x</sup>", "</sup>"),
        ("<span style='color:red'>x</span>", "<span"),
        ("<details>", "<details>"),
        ("前 <!-- 秘密\n\n後 -->", "comment without its end"),
        ("<!-- 秘密", "comment without its end"),
        ("$x^2$ と $y^2$", "formula $x^2$"),
        ("$$\nx\n$$", "formula"),
        ("\\begin{equation}x\\end{equation}", "formula"),
        ("\\\\(x\\\\)", "formula"),
        ("a[^1]", "footnote without a text"),
        ("a\n\n[^1]: b", "nothing refers to"),
        ("a[^1]\n\n[^1]: b[^2]\n[^2]: c", "footnote"),
        ("##### x", "#####"),
        ("## a[b](https://x.example)", "heading 'ab'"),
        ("- # x", "heading inside"),
        ("[x](mailto:a@b.example)", "mailto"),
        ('[x](https://x.example "題")', "題"),
        ("|a|b|\n|-|\n|1|2|", "differ in columns"),
        ("|a|b|\n|1|2|", "table without a rule"),
        ("#見出し", "blank after #"),
        ("- x\n  ##見出し", "blank after #"),
        ("# ", "without a text"),
        ("## <!-- x -->", "without a text"),
        (":::{note}\nx\n:::", ":::{note}"),
        ("> [!NOTE]\n> x", "[!NOTE]"),
        ("==強調==", "==強調=="),
        ("本文^[注]", "^[注]"),
        ("[公式][行き先]", "leads nowhere"),
        ("a\n\n[^x]: b", "[^x] that"),
        ("![説明](https://x.example/a.png){width=50%}", "from elsewhere"),
        ("![説明](図 1.png)", "image that is none"),
        ("![説明][図]", "image that is none"),
        ("![](a.png)", "without alternative text"),
        ("![説明](https://x.example/a.png)", "from elsewhere"),
        ("![説明](nowhere.png)", "not there"),
        ("![説明](attachment:nowhere.png)", "not there"),
        ("## ![説明](a.png)", "image in a heading"),
        ("[![説明](a.png)](https://x.example)", "image in a heading, table or link"),
    ],
)
def test_what_cannot_be_set_is_refused_with_its_cell_and_a_remedy(source: str, what: str) -> None:
    refused = refuse(source)
    assert what in refused.message("en")
    assert len(str(refused.fields["remedy"])) > 5


def test_signs_that_are_meant_as_such_can_be_written() -> None:
    (paragraph,) = blocks(r"\#1 \==a\== \[a\]\[b\] \|a\|b\| a|b A==B==C")
    assert say(paragraph) == "#1 ==a== [a][b] |a|b| a|b A==B==C"


def test_an_image_is_kept_with_its_text_caption_and_size() -> None:
    (picture,) = blocks(attach('![説明](attachment:a.png "題")', a_png=draw("PNG")))
    assert isinstance(picture, Picture)
    told = picture.alt, picture.caption, picture.width, picture.height, picture.number
    assert told == ("説明", "題", 8, 4, 1)


@pytest.mark.parametrize(
    "written", ["![説明](attachment:a.svg)", "![説明][図]\n\n[図]: attachment:a.svg"]
)
def test_an_image_without_caption_has_no_number(written: str) -> None:
    (picture,) = blocks(attach(written, a_svg=SVG.encode()))
    assert (picture.number, picture.caption) == (0, "")


def test_an_image_amid_text_stands_between_what_is_written_around_it() -> None:
    before, picture, after = blocks(attach("前 ![説明](attachment:a.png)\n後", a_png=draw("PNG")))
    assert (say(before), picture.alt, say(after)) == ("前", "説明", "後")


@pytest.mark.parametrize("name", ["図 1.png", "a.png"])
def test_a_file_of_the_project_is_kept_in_the_notebook(name: str, tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / name).write_bytes(draw("PNG"))
    given = notebook(code(make_head()), text(f"![説明](<../{name}>)"))
    kept = keep_images(given, tmp_path / "notebooks", tmp_path)
    (tmp_path / name).unlink()
    assert [type(block) for block in read_document(kept).blocks] == [Picture]


@pytest.mark.parametrize("way", ["../../secret.png", "link.png"])
def test_a_file_outside_of_the_project_is_not_taken(way: str, tmp_path: Path) -> None:
    folder = tmp_path / "project" / "notebooks"
    folder.mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(draw("PNG"))
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    given = notebook(code(make_head()), text(f"![説明]({way})"))
    with pytest.raises(DocumentError, match="not there"):
        read_document(keep_images(given, folder, tmp_path / "project"))


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", draw("PNG")[:45], draw("JPEG", (64, 64))[:-200]],
)
def test_a_damaged_or_other_image_is_refused(content: bytes) -> None:
    with pytest.raises(Unusable):
        read_image(content)


@pytest.mark.parametrize("size", ['width="1..2" height="1"', 'viewBox="0 0 a b"', 'width="1e999"'])
def test_a_size_that_is_none_is_refused(size: str) -> None:
    with pytest.raises(Unusable, match="without a size"):
        read_svg(f'<svg xmlns="http://www.w3.org/2000/svg" {size}/>')


@pytest.mark.parametrize("limit", ["_MOST_PIXELS", "_MOST_BYTES"])
def test_an_image_that_is_too_large_is_refused(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"nenpo.export.reading.pictures.{limit}", 31)
    with pytest.raises(Unusable, match="too large"):
        read_image(draw("PNG"))


def test_a_photograph_is_turned_as_its_camera_says() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_image(draw("JPEG", exif=exif))[1:] == (4, 8)


def test_an_image_in_the_colours_of_print_becomes_one_of_a_screen() -> None:
    assert "image/png" in read_image(draw("JPEG", mode="CMYK")).svg


@pytest.mark.parametrize(
    "inner",
    [
        "<script>1</script>",
        '<path onload="x()"/>',
        "<foreignObject/>",
        '<image href="https://x.example/a.png"/>',
        '<image href="a.png"/>',
        "<style>@import 'a.css';</style>",
        '<path fill="url(https://x.example#a)"/>',
        "<animate/>",
    ],
)
def test_an_svg_that_does_or_fetches_something_is_refused(inner: str) -> None:
    with pytest.raises(Unusable, match="an SVG with"):
        read_svg(SVG.replace("</svg>", f"{inner}</svg>"))


@pytest.mark.parametrize(
    "svg", ["<svg", "<p/>", SVG.replace("</svg>", ""), '<!ENTITY x "y">' + SVG]
)
def test_what_is_no_plain_svg_is_refused(svg: str) -> None:
    with pytest.raises(Unusable):
        read_svg(svg)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="1in" height="50.8mm"', (96, 192)),
        ('viewBox="0 0 30 10"', (30, 10)),
        ('width="60" viewBox="0 0 30 10"', (60, 20)),
        ('width="100%" viewBox="0,0,30,10"', (30, 10)),
    ],
)
def test_an_svg_has_the_size_that_it_gives(attributes: str, size: tuple[int, int]) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'
    assert read_svg(svg)[1:] == pytest.approx(size)


def test_an_svg_without_any_size_is_refused() -> None:
    with pytest.raises(Unusable, match="without a size"):
        read_svg('<svg xmlns="http://www.w3.org/2000/svg"/>')


def test_a_page_without_such_blocks_has_no_styles_for_them() -> None:
    assert "blockquote" not in render_html(read("a **b**", "- c\n- d"))
    assert "blockquote" in render_html(read("> a"))


def test_footnotes_of_one_cell_are_none_of_another() -> None:
    first, second = (
        next(i.note for i in block.inlines if i.note)  # type: ignore[union-attr]
        for block in read("a[^1]\n\n[^1]: 注", "a[^1]\n\n[^1]: 注").blocks
    )
    assert isinstance(first, Footnote)
    assert first != second


def make_wide(columns: int) -> str:
    rows = (["列"] * columns, ["-:"] * columns, ["1,234,567"] * columns)
    return "\n".join(f"|{'|'.join(row)}|" for row in rows)


def test_a_wide_table_turns_its_page_rather_than_break_a_number() -> None:
    pdf = render_pdf(read(make_wide(14)))
    assert [width > height for width, height, _ in read_pages(pdf)][-1]
    assert read_texts(pdf)[-1].count("1,234,567") == 14
    assert find_layout_faults(pdf) == []


def test_a_table_that_no_page_can_hold_is_refused() -> None:
    assert "40 columns" in refuse(make_wide(40)).message("en")
    assert "14 columns" in refuse(f"- {make_wide(14)}".replace("\n", "\n  ")).message("en")
