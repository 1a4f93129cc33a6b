"""An executed notebook becomes the document it shows, or says which cell shows what it may not."""

from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output, new_raw_cell

from nenpo.content.display import Column, Facts, Rows, Sentences, Table
from nenpo.errors import DocumentError
from nenpo.export.document import Document, read_document
from sample_notebook import code, make_chart, make_head, make_notebook, notebook, text


def read(*cells: Any) -> Document:
    return read_document(notebook(code(make_head()), *cells))


def texts(*cells: Any) -> list[str]:
    """Return the headings and sentences of a document, in order."""
    return [
        block["text"] if block["type"] == "heading" else "".join(block["paragraphs"])
        for block in read(*cells).blocks
        if block["type"] in ("heading", "sentences")
    ]


def refuse(*cells: Any) -> DocumentError:
    with pytest.raises(DocumentError) as refused:
        read(*cells)
    return refused.value


SHOWN = Sentences(("本文である。",))
TABLE = Table("表", (Column("a"),), (("x",),))


def test_display_data_and_execute_result_read_alike() -> None:
    assert read(code(TABLE)).blocks == read(code(TABLE, kind="execute_result")).blocks


def test_a_table_keeps_every_field_and_gets_its_number() -> None:
    (block,) = read(code(TABLE)).blocks
    assert block["number"] == 1
    assert block["rows"] == [["x"]]
    assert block["columns"][0]["label"] == "a"


def test_tables_and_figures_are_numbered_apart() -> None:
    blocks = read(code(TABLE, make_chart()), code(TABLE)).blocks
    assert [(b["type"], b["number"]) for b in blocks] == [
        ("table", 1),
        ("figure", 1),
        ("table", 2),
    ]


def test_rows_and_facts_are_attached_not_shown() -> None:
    document = read(code(Rows("items.csv", "一覧", "a\n1\n"), Facts({"rated": 3})))
    assert document.blocks == ()
    assert document.rows[0]["csv"] == "a\n1\n"
    assert document.facts == {"rated": 3}


def test_main_sections_are_numbered_and_appendices_get_their_own_numbers() -> None:
    blocks = read(
        text("## 総括\n\n## 推移"),
        text("# 別紙 一覧\n\n## 目標1"),
        text("# 参考　用語"),
        text("# 別紙9 集計"),
    ).blocks
    assert [(b["number"], b["text"], b["part"]) for b in blocks] == [
        ("1", "総括", "main"),
        ("2", "推移", "main"),
        ("別紙1", "一覧", "annex"),
        ("", "目標1", "annex"),
        ("参考1", "用語", "reference"),
        ("別紙2", "集計", "annex"),
    ]


def test_heading_ids_are_unique() -> None:
    ids = [b["id"] for b in read(text("## a"), text("## a"), text("# 参考 a")).blocks]
    assert ids == ["s-1", "s-2", "s-3"]


def test_the_landscape_tag_holds_for_its_part_only() -> None:
    blocks = read(text("# 別紙 横", "landscape"), text("## 中"), text("# 別紙 縦")).blocks
    assert [b["landscape"] for b in blocks] == [True, True, False]


def test_a_landscape_tag_without_a_part_heading_is_refused() -> None:
    assert "landscape" in refuse(text("## 節", "landscape")).message("en")


def test_the_notebooks_own_title_gives_way_to_the_heads() -> None:
    document = read_document(notebook(text("# 題\n\n前置き"), code(make_head()), text("# 後")))
    assert [b["type"] for b in document.blocks] == ["paragraph", "heading"]


def test_a_section_whose_cells_showed_nothing_is_left_out() -> None:
    assert texts(text("## 前"), code(SHOWN), text("## 空\n\n説明"), code(), text("## 後")) == [
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


def test_markdown_becomes_inlines_and_raw_html_stays_text() -> None:
    (block,) = read(text("a **b** *c* `d` [e](https://x.example/) <b>f</b> &amp;")).blocks
    marked = [
        (i["text"], i["strong"], i["emph"], i["code"], i["href"])
        for i in block["inlines"]
        if i["text"].strip()
    ]
    assert marked == [
        ("a ", False, False, False, ""),
        ("b", True, False, False, ""),
        ("c", False, True, False, ""),
        ("d", False, False, True, ""),
        ("e", False, False, False, "https://x.example/"),
        (" <b>f</b> &", False, False, False, ""),
    ]


@pytest.mark.parametrize(
    ("source", "joined"),
    [("進捗\n状況", "進捗状況"), ("open\ndata", "open data"), ("行1  \n行2", "行1\n行2")],
)
def test_source_lines_join_as_their_script_wants(source: str, joined: str) -> None:
    (block,) = read(text(source)).blocks
    assert "".join(inline["text"] for inline in block["inlines"]) == joined


def test_lists_keep_their_kind_and_items() -> None:
    bullets, numbers = read(text("- a\n- **b**"), text("1. c")).blocks
    assert not bullets["ordered"]
    assert numbers["ordered"]
    assert bullets["items"][1][0] | {"text": "b", "strong": True} == bullets["items"][1][0]


@pytest.mark.parametrize(
    "source",
    [
        "![図](a.png)",
        "|a|b|\n|-|-|\n|1|2|",
        "[x](javascript:alert(1))",
        "[x](../data/a.csv)",
        "#### 深い",
        "- a\n  - b",
    ],
)
def test_markdown_that_no_document_can_show_is_refused(source: str) -> None:
    assert refuse(text("ok"), text(source)).fields["place"] == "セル 3 / cell 3"


@pytest.mark.parametrize(
    "output",
    [
        new_output("stream", name="stdout", text="こんにちは\n"),
        new_output("stream", name="stderr", text="こんにちは"),
        new_output("error", ename="ValueError", evalue="こんにちは", traceback=[]),
        new_output("display_data", data={"text/plain": "こんにちは"}),
        new_output("execute_result", data={"text/plain": "こんにちは"}, execution_count=1),
        new_output("display_data", data={"text/plain": "こんにちは", "image/png": "AAAA"}),
        new_output("display_data", data={"text/plain": "こんにちは", "text/html": "<p>x</p>"}),
    ],
)
def test_any_other_output_is_refused_with_its_cell_and_what_it_showed(output: Any) -> None:
    refused = refuse(text("# x"), new_code_cell("print()", outputs=[output]))
    assert refused.fields["place"] == "セル 3 / cell 3"
    assert "こんにちは" in refused.message("ja")
    assert "こんにちは" in refused.message("en")


def test_what_a_cell_showed_is_quoted_up_to_80_characters() -> None:
    output = new_output("stream", name="stdout", text="あ" * 200)
    message = refuse(new_code_cell("", outputs=[output])).message("ja")
    assert "あ" * 80 + "…" in message
    assert "あ" * 81 not in message


def test_a_figure_without_alternative_text_is_refused() -> None:
    assert "代替テキスト" in refuse(code(make_chart(alt=" "))).message("ja")


def test_a_raw_cell_is_refused() -> None:
    assert "raw" in refuse(new_raw_cell("x")).message("en")


def test_a_malformed_value_is_refused() -> None:
    output = new_output("display_data", data={"application/vnd.nenpo.table+json": {"rows": []}})
    assert "vnd.nenpo.table" in refuse(new_code_cell("", outputs=[output])).message("en")


def test_no_head_is_refused() -> None:
    with pytest.raises(DocumentError, match="head"):
        read_document(notebook(code(SHOWN)))


def test_a_second_head_names_both_cells() -> None:
    message = refuse(code(make_head())).message("en")
    assert "cell 2" in message
    assert "cell 1" in message


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
