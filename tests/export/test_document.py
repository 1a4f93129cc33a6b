"""An executed notebook becomes the document it shows, or says which cell shows what it may not."""

from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from nenpo.cells import locate_cell
from nenpo.content.display import (
    MIME_ASIDE,
    MIME_FACTS,
    MIME_FIGURE,
    MIME_TABLE,
    Chart,
    Column,
    Facts,
    HeaderCell,
    Nothing,
    Rows,
    Sentences,
    Table,
)
from nenpo.errors import DocumentError
from nenpo.export.blocks import Figure, Heading, Inline, ListBlock, NumberedTable, Paragraph
from nenpo.export.document import Document, read_document
from sample_notebook import SVG, code, make_chart, make_head, make_notebook, notebook, text


def read(*cells: Any) -> Document:
    return read_document(notebook(code(make_head()), *cells))


def texts(*cells: Any) -> list[str]:
    """Return the headings and sentences of a document, in order."""
    return [
        block.text if isinstance(block, Heading) else "".join(block.paragraphs)
        for block in read(*cells).blocks
        if isinstance(block, Heading | Sentences)
    ]


def headings(*cells: Any) -> list[Heading]:
    return [block for block in read(*cells).blocks if isinstance(block, Heading)]


def inlines(source: str) -> tuple[Inline, ...]:
    """Return the inlines of a text that is one paragraph."""
    (block,) = read(text(source)).blocks
    assert isinstance(block, Paragraph)
    return block.inlines


def display(**data: Any) -> Any:
    """Return a code cell that displayed a MIME bundle as it is."""
    return new_code_cell("", outputs=[new_output("display_data", data=data)])


def refuse(*cells: Any) -> DocumentError:
    with pytest.raises(DocumentError) as refused:
        read(*cells)
    return refused.value


SHOWN = Sentences(("本文である。",))
TABLE = Table("表", (Column("a"),), (("x",),))


def test_display_data_and_execute_result_read_alike() -> None:
    assert read(code(TABLE)).blocks == read(code(TABLE, kind="execute_result")).blocks


def test_a_table_keeps_every_field_and_gets_its_number() -> None:
    table = Table(
        caption="表",
        columns=(Column("a", "center", 2.5, "mark"), Column("b", kind="number")),
        rows=(("x", "1"), ("計", "1")),
        row_headers=0,
        groups=(HeaderCell("g", 2),),
        kinds=("body", "total"),
        tones={"×": "bad", "◎": "good"},
        legend="凡例",
        note="注",
    )
    assert read(code(table)).blocks == (NumberedTable(1, table),)


def test_a_figure_keeps_every_field_and_gets_its_number() -> None:
    chart = Chart(SVG, "代替", "図", 0.5)
    assert read(code(chart)).blocks == (Figure(1, chart),)


@pytest.mark.parametrize("svg", ["<svg", "<svg/>", SVG.replace("<rect", "<script/><rect", 1)])
def test_a_figure_that_is_no_still_picture_is_refused_with_its_cell(svg: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read(code(Chart(svg, "代替", "図")))
    assert "cell 2" in refused.value.message("en")


def test_tables_and_figures_are_numbered_apart() -> None:
    blocks = read(code(TABLE, make_chart()), code(TABLE)).blocks
    numbered = [(type(b), b.number) for b in blocks if isinstance(b, NumberedTable | Figure)]
    assert numbered == [(NumberedTable, 1), (Figure, 1), (NumberedTable, 2)]


def test_rows_and_facts_are_attached_not_shown() -> None:
    rows, facts = Rows("items.csv", "一覧", "a\n1\n"), Facts({"rated": 3})
    document = read(code(rows, facts))
    assert (document.blocks, document.rows, document.facts) == ((), (rows,), facts)


def test_the_head_is_what_was_displayed() -> None:
    assert read().head == make_head()


def test_main_sections_are_numbered_and_appendices_get_their_own_numbers() -> None:
    found = headings(
        text("## 総括\n\n## 推移"),
        text("# 別紙 一覧\n\n## 目標1"),
        text("# 参考　用語"),
        text("# 別紙9 集計"),
    )
    assert [(b.number, b.text, b.part) for b in found] == [
        ("1", "総括", "main"),
        ("2", "推移", "main"),
        ("別紙1", "一覧", "annex"),
        ("", "目標1", "annex"),
        ("参考1", "用語", "reference"),
        ("別紙2", "集計", "annex"),
    ]


def test_heading_ids_are_unique() -> None:
    ids = [b.id for b in headings(text("## a"), text("## a"), text("# 参考 a"))]
    assert ids == ["s-1", "s-2", "s-3"]


def test_the_landscape_tag_holds_for_its_part_only() -> None:
    found = headings(text("# 別紙 横", "landscape"), text("## 中"), text("# 別紙 縦"))
    assert [b.landscape for b in found] == [True, True, False]


def test_a_landscape_tag_without_a_part_heading_is_refused() -> None:
    assert "landscape" in refuse(text("## 節", "landscape")).message("en")


def test_the_notebooks_own_title_gives_way_to_the_heads() -> None:
    document = read_document(notebook(text("# 題\n\n前置き"), code(make_head()), text("# 後")))
    assert [type(b) for b in document.blocks] == [Paragraph, Heading]


@pytest.mark.parametrize("value", [Nothing("前年度がない"), Sentences(())])
def test_a_section_whose_cells_say_that_there_is_nothing_is_left_out(value: Any) -> None:
    empty = text("## 空\n\n説明")
    assert texts(text("## 前"), code(SHOWN), empty, code(value), text("## 後")) == [
        "前",
        "本文である。",
        "後",
    ]


def test_a_text_stays_above_a_cell_that_only_computes_or_prints() -> None:
    printed = new_code_cell("print(1)", outputs=[new_output("stream", name="stdout", text="1")])
    for silent in (code(), printed):
        assert texts(text("## 課題\n\n説明"), silent, text("## 後")) == ["課題", "後"]
    assert texts(text("## 空"), code(), text("## 後")) == ["後"]


def test_displayed_markdown_stays_beside_a_cell_that_says_that_there_is_nothing() -> None:
    displayed = display(**{"text/markdown": "計算した値は42である。", "text/plain": "x"})
    cells = text("## 前"), displayed, code(Nothing("前年度がない")), text("## 後")
    assert [type(block) for block in read(*cells).blocks] == [Heading, Paragraph, Heading]


def test_an_aside_is_in_no_document() -> None:
    aside = {MIME_ASIDE: "この計画に指標はない。", "text/html": "<p>x</p>", "text/plain": "x"}
    assert texts(code(SHOWN), display(**aside)) == ["本文である。"]


def test_a_section_whose_cells_showed_only_asides_is_left_out() -> None:
    aside = display(**{MIME_ASIDE: "この計画に指標はない。", "text/plain": "x"})
    assert texts(text("## 前"), code(SHOWN), text("## 空\n\n説明"), aside, text("## 後")) == [
        "前",
        "本文である。",
        "後",
    ]


def test_a_section_of_markdown_only_stays() -> None:
    assert texts(text("## 説明\n\n本文")) == ["説明"]


def test_parameter_and_attachment_cells_do_not_empty_a_section() -> None:
    parameters = code(tags=("injected-parameters",))
    assert texts(text("# 参考 出典\n\n本文"), parameters, code(Facts({}))) == ["出典"]


def test_a_part_goes_when_all_its_sections_showed_nothing() -> None:
    assert texts(text("# 別紙 一覧"), text("## 甲"), code(), text("## 乙"), code()) == []


def test_a_part_stays_for_a_section_of_markdown_only() -> None:
    assert texts(text("# 参考 方法"), text("## 甲"), code(), text("## 算式\n\n本文")) == [
        "方法",
        "算式",
    ]


def test_sentences_without_text_count_as_nothing() -> None:
    assert texts(text("## 空"), code(Sentences(()))) == []


def test_markdown_becomes_inlines() -> None:
    found = inlines("a **b** *c* `d` [e](https://x.example/) \\<b>f\\</b> &amp;")
    assert [inline for inline in found if inline.text.strip()] == [
        Inline("a "),
        Inline("b", strong=True),
        Inline("c", emph=True),
        Inline("d", code=True),
        Inline("e", href="https://x.example/"),
        Inline(" <b>f</b> &"),
    ]


@pytest.mark.parametrize(
    ("source", "joined"),
    [("進捗\n状況", "進捗状況"), ("open\ndata", "open data"), ("行1  \n行2", "行1\n行2")],
)
def test_source_lines_join_as_their_script_wants(source: str, joined: str) -> None:
    assert "".join(inline.text for inline in inlines(source)) == joined


def test_lists_keep_their_kind_and_items() -> None:
    one, two = Paragraph((Inline("a"),)), Paragraph((Inline("b", strong=True),))
    assert read(text("- a\n- **b**"), text("1. a")).blocks == (
        ListBlock(((one,), (two,)), closer="-"),
        ListBlock(((one,),), (1,)),
    )


@pytest.mark.parametrize(
    "source",
    [
        "![図](a.png)",
        "[x](javascript:alert(1))",
        "[x](../data/a.csv)",
        "##### 深い",
        "<b>x</b>",
        "$x^2$",
    ],
)
def test_markdown_that_no_document_can_show_is_refused(source: str) -> None:
    assert refuse(text("ok"), text(source)).fields["place"] == locate_cell(text(source), 3)


RICH = [
    "image/png",
    "image/gif",
    "text/html",
    "text/latex",
    "application/javascript",
    "application/vnd.plotly.v1+json",
    "application/vnd.jupyter.widget-view+json",
]


@pytest.mark.parametrize(
    "output",
    [
        new_output("error", ename="ValueError", evalue="こんにちは", traceback=[]),
        *(
            new_output("display_data", data={"text/plain": "こんにちは", mime: "AAAA"})
            for mime in RICH
        ),
    ],
)
def test_an_output_that_would_be_lost_is_refused_with_its_cell_and_what_it_showed(
    output: Any,
) -> None:
    cell = new_code_cell("print()", execution_count=2, outputs=[output])
    refused = refuse(text("# x"), cell)
    assert refused.message("en").startswith("cell 3 [2] 'print()': ")
    assert refused.message("ja").startswith("セル 3 [2]「print()」: ")
    assert "こんにちは" in refused.message("ja")
    assert "こんにちは" in refused.message("en")


@pytest.mark.parametrize("mime", RICH)
def test_a_refusal_tells_the_type_and_what_to_do_instead(mime: str) -> None:
    message = refuse(display(**{"text/plain": "x", mime: "AAAA"})).message("en")
    assert ("alternative text" if mime == "image/png" else mime) in message
    assert any(word in message for word in ("Image(", "DataFrame", "tqdm", "m²", "PNG"))


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (new_output("stream", name="stdout", text="\x1b[31mこんにちは\x1b[0m\n"), "stdout"),
        (new_output("stream", name="stderr", text=" 10%|#\r100%|## こんにちは\n"), "stderr"),
        (new_output("display_data", data={"text/plain": "こんにちは"}), "no element"),
        (
            new_output("execute_result", data={"text/plain": "こんにちは"}, execution_count=1),
            "no element",
        ),
    ],
)
def test_what_is_printed_or_no_element_is_left_out_with_a_remark(output: Any, told: str) -> None:
    document = read(text("# x"), new_code_cell("print()", outputs=[output]), code(SHOWN))
    assert [type(block) for block in document.blocks] == [Heading, Sentences]
    (remark,) = document.remarks
    assert remark.place.en == "cell 3 'print()'"
    assert told in remark.what.en
    assert "こんにちは" in remark.what.ja
    assert not {"10%", "\x1b"} & set(remark.what.ja.split())


@pytest.mark.parametrize("tag", ["remove_cell", "remove-cell", "hide", "skip", "hide-cell"])
def test_a_cell_that_is_tagged_so_is_left_out(tag: str) -> None:
    hidden = new_output("stream", name="stdout", text="秘密")
    document = read(
        text("秘密", tag),
        new_code_cell("", outputs=[hidden], metadata={"tags": [tag]}),
        code(TABLE, tags=(tag,)),
        text("<b>", tag),
    )
    assert (document.blocks, document.remarks) == ((), ())


def test_outputs_that_are_tagged_so_are_left_out() -> None:
    assert (
        read(code(TABLE, tags=("remove_output",)), code(TABLE, tags=("hide-output",))).blocks == ()
    )


def test_what_is_printed_may_hold_any_character() -> None:
    output = new_output("stream", name="stdout", text="😀\u202e")
    assert len(read(new_code_cell("", outputs=[output])).remarks) == 1


def test_what_a_cell_showed_is_quoted_up_to_80_characters() -> None:
    output = new_output("stream", name="stdout", text="あ" * 200)
    (remark,) = read(new_code_cell("", outputs=[output])).remarks
    assert "あ" * 80 + "…" in remark.what.ja
    assert "あ" * 81 not in remark.what.ja


def test_a_figure_without_alternative_text_is_refused() -> None:
    assert "代替テキスト" in refuse(code(make_chart(alt=" "))).message("ja")


def test_a_cell_of_an_unknown_type_is_refused() -> None:
    """Which nbconvert hands on: nbformat only writes to its log that there is no such type."""
    executed = notebook(code(make_head()), text("総括"))
    executed.cells[1]["cell_type"] = "heading"
    with pytest.raises(DocumentError, match="a cell of the type heading '総括'"):
        read_document(executed)


def test_a_raw_cell_is_refused() -> None:
    assert "raw" in refuse(new_raw_cell("x")).message("en")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"caption": None}, "caption"),
        ({"colour": "red"}, "colour"),
        ({"rows": [["x", "y"]]}, "row 1 has 2 cells, not 1"),
        ({"rows": [[1]]}, "rows.0.0"),
        ({"columns": [{"label": "a", "colour": "red"}]}, "columns.0.colour"),
        ({"kinds": ["sum"]}, "kinds.0"),
    ],
)
def test_a_malformed_value_is_refused_with_its_cell_and_what_is_wrong(
    change: dict[str, Any], where: str
) -> None:
    value = TABLE._repr_mimebundle_()[MIME_TABLE] | change
    refused = refuse(text("# x"), display(**{MIME_TABLE: value}))
    assert refused.message("en").startswith("cell 3 (empty): ")
    assert MIME_TABLE in refused.message("ja")
    assert where in refused.message("en")


@pytest.mark.parametrize("mime", [MIME_TABLE, MIME_FIGURE, MIME_FACTS])
def test_a_value_that_is_no_object_is_refused(mime: str) -> None:
    assert mime in refuse(display(**{mime: ["x"]})).message("en")


def test_a_value_that_lacks_a_field_is_refused() -> None:
    assert "columns" in refuse(display(**{MIME_TABLE: {"rows": []}})).message("en")


def test_no_head_is_refused() -> None:
    with pytest.raises(DocumentError, match="head"):
        read_document(notebook(code(SHOWN)))


def test_a_second_head_names_both_cells() -> None:
    message = refuse(code(make_head())).message("en")
    assert message.startswith("cell 2 'show()': a second head (the first is in cell 1 'show()')")


def test_second_facts_are_refused() -> None:
    assert "facts" in refuse(code(Facts({})), code(Facts({}))).message("en")


@pytest.mark.parametrize("name", ["items.txt", "../items.csv", "a/b.csv", ""])
def test_an_attachment_name_that_is_no_plain_csv_name_is_refused(name: str) -> None:
    assert "csv" in refuse(code(Rows(name, "", ""))).message("ja")


def test_two_attachments_of_one_name_are_refused() -> None:
    rows = Rows("items.csv", "", "")
    assert "items.csv" in refuse(code(rows), code(rows)).message("en")


def test_the_notebook_is_left_as_it_was() -> None:
    given, same = make_notebook(), make_notebook()
    read_document(given)
    assert [c["source"] for c in given.cells] == [c["source"] for c in same.cells]
    assert [c.get("outputs") for c in given.cells] == [c.get("outputs") for c in same.cells]


def test_code_is_never_in_the_document() -> None:
    cell = new_code_cell("secret_call()", outputs=code(SHOWN).outputs)
    assert "secret_call" not in str(read(cell, new_markdown_cell("本文")))
