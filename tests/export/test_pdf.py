"""The PDF as other programs read it: text, places, tags, attachments, conformance."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pypdf
import pytest
import typst

from font_files import write_family
from nenpo.content.display import Column, Sentences, Table, Tile, Tiles
from nenpo.errors import DocumentError
from nenpo.export.document import read_document
from nenpo.export.exporters import NenpoPDFExporter
from nenpo.export.measure import measure_numbers, share_widths, soften_text
from nenpo.export.pdf import render_pdf
from nenpo.language.fonts import find_document_font
from pdf_checks import (
    find_embedded_fonts,
    find_layout_faults,
    find_violations,
    read_pages,
    read_texts,
)
from sample_notebook import (
    HOSTILE,
    LEGEND,
    code,
    make_chart,
    make_head,
    make_notebook,
    make_wide_table,
    notebook,
    text,
)


@pytest.fixture(scope="module")
def whole() -> bytes:
    """Return the PDF of the whole invented briefing."""
    return render_pdf(read_document(make_notebook()))


def render(*cells: Any, **head: Any) -> bytes:
    return render_pdf(read_document(notebook(code(make_head(**head)), *cells)))


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def table(columns: list[Column], *rows: tuple[str, ...], **fields: Any) -> Any:
    return code(Table("表", tuple(columns), rows, **fields))


def list_tags(pdf: bytes) -> list[Any]:
    """Return the structure elements of the file, parents before children."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                walk(node["/K"])

    walk(read(pdf).trailer["/Root"]["/StructTreeRoot"])
    return found


def test_the_file_is_pdfa3a_and_pdfua1(whole: bytes) -> None:
    assert find_violations(whole) == []


def test_every_character_is_inside_the_margins_readable_and_alone(whole: bytes) -> None:
    assert find_layout_faults(whole) == []


def test_only_the_document_font_is_embedded(whole: bytes) -> None:
    assert find_embedded_fonts(whole) == {"IPAexGothic"}


@pytest.mark.parametrize(
    ("weights", "embedded"),
    [
        ({"Regular": 400, "Bold": 700}, {"MihonGothic-Regular", "MihonGothic-Bold"}),
        ({"Regular": 400}, {"MihonGothic-Regular"}),
    ],
)
def test_bold_is_set_in_the_bold_weight_of_a_font_that_has_one(
    weights: dict[str, int],
    embedded: set[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    write_family(tmp_path, weights, monkeypatch)
    pdf = render(text("本文の**太字**である。"))
    assert find_embedded_fonts(pdf) == embedded
    assert find_violations(pdf) == []


def test_hostile_text_stays_text(whole: bytes) -> None:
    assert HOSTILE in "".join(read_texts(whole))


def test_title_author_language_and_date_come_from_the_head(whole: bytes) -> None:
    reader = read(whole)
    assert reader.metadata is not None
    assert reader.metadata["/Title"].startswith("見本市情報化推進計画の進捗状況について")
    assert "見本市" in reader.metadata["/Author"]
    assert reader.metadata["/CreationDate"] == "D:20220601000000Z"
    assert "令和3年度" in reader.metadata["/Keywords"]
    assert reader.trailer["/Root"]["/Lang"] == "ja"


def test_bookmarks_follow_the_headings(whole: bytes) -> None:
    def titles(items: Any) -> list[str]:
        return [t for i in items for t in (titles(i) if isinstance(i, list) else [i.title])]

    assert titles(read(whole).outline) == [
        "見本市情報化推進計画の進捗状況について（令和3年度）",
        "1　進捗状況の総括",
        "2　スケジュールどおりでない取組",
        "3　次年度の予定・問合せ先",
        "文字の扱い",
        "別紙1　進捗状況一覧",
        "別紙2　指標別の推移",
        "参考1　算式と出典",
        "算式",
    ]


def test_every_page_says_its_number_its_state_and_its_handling(whole: bytes) -> None:
    pages = read_texts(whole)
    for number, (page, (_, height, characters)) in enumerate(
        zip(pages, read_pages(whole), strict=True), 1
    ):
        header = "".join(c.text for c in characters if c.bottom > height - 21 * 72 / 25.4)
        assert header.endswith("庁内限り案")
        assert page.endswith(f"{number} / {len(pages)}")


def test_a_final_document_has_no_draft_mark() -> None:
    assert "案" not in "".join(read_texts(render(state="final")))


def test_the_first_page_has_every_field_of_the_head(whole: bytes) -> None:
    first = read_texts(whole)[0]
    head = make_head()
    for value in (
        head.municipality, head.document_number, head.reported_to, head.prepared_by, head.contact,
        head.as_of_label, head.issued_label, head.title, head.subtitle, head.sample_notice,
    ):  # fmt: skip
        assert value in first


def test_header_rows_group_and_legend_repeat_on_every_page() -> None:
    pages = read_texts(render(text("# 別紙 一覧", "landscape"), code(make_wide_table())))[1:]
    assert len(pages) > 3
    for page in pages:
        assert "令和3年度の実績" in page
        assert "目標" in page
        assert LEGEND.split("　")[0] in page


def make_banded(rows: int, note: str = "制度改正を待つため。") -> Any:
    """Return a table of one band, whose rows have a note each."""
    shown = [("目標1", "2件", "")]
    for number in range(rows):
        shown += [
            ("△", f"取組{number}。" + "画面を改める。" * (number % 6 * 3), ""),
            (note, "", ""),
        ]
    kinds = ("group", *("attention", "note") * rows)
    columns = (Column("区分", kind="mark"), Column("取組"), Column("実績"))
    return code(Table("一覧", columns, tuple(shown), 2, kinds=kinds, tones={"△": "caution"}))


@pytest.fixture(scope="module")
def banded() -> tuple[str, ...]:
    """The pages, but for the first, of a table with many notes."""
    return read_texts(render(text("# 別紙 一覧", "landscape"), make_banded(80)))[1:]


def test_a_band_is_repeated_on_every_page(banded: tuple[str, ...]) -> None:
    assert len(banded) > 4
    assert all("目標12件" in page.replace(" ", "") for page in banded)


def test_a_note_is_on_the_page_of_its_row(banded: tuple[str, ...]) -> None:
    rows = [len(re.findall(r"取組\d+。", page)) for page in banded]
    assert rows == [page.count("制度改正を待つため。") for page in banded]


def test_a_row_is_on_one_page(banded: tuple[str, ...]) -> None:
    for page in banded:
        for number in map(int, re.findall(r"取組(\d+)。", page)):
            drawn = page.split(f"取組{number}。")[1].split("制度改正")[0]
            assert drawn.count("画面を改める。") == number % 6 * 3


def test_a_note_of_many_lines_runs_over_to_the_next_page() -> None:
    long = "制度改正を待つため。" * 600
    pdf = render(make_banded(1, long))
    assert find_layout_faults(pdf) == []
    assert "".join(read_texts(pdf)).count("制度改正を待つため。") > 590


def test_a_landscape_part_is_on_its_side_and_the_next_is_not() -> None:
    pdf = render(text("# 別紙 横", "landscape"), text("# 別紙 縦"))
    shapes = [width > height for width, height, _ in read_pages(pdf)]
    assert shapes == [False, True, False]


def test_the_first_appendix_starts_a_page_and_the_others_follow_it() -> None:
    pages = read_texts(render(text("# 別紙 甲"), text("# 別紙 乙"), text("# 参考 丙")))
    assert len(pages) == 2
    assert ["甲" in pages[1], "乙" in pages[1], "丙" in pages[1]] == [True, True, True]


def test_figures_carry_their_alternative_text(whole: bytes) -> None:
    figures = [tag for tag in list_tags(whole) if tag["/S"] == "/Figure"]
    assert len(figures) == 2
    assert all(tag["/Alt"] == make_chart().alt for tag in figures)


def test_rows_and_facts_are_attached(whole: bytes) -> None:
    attached = read(whole).attachments
    assert sorted(attached) == ["facts.json", "items.csv"]
    assert attached["items.csv"] == ["\ufeffitem,status\r\ni1,◎\r\n".encode()]
    assert b'"rated": 103' in attached["facts.json"][0]


def test_nothing_is_attached_where_the_head_says_so() -> None:
    document = read_document(make_notebook(attach_data=False))
    assert list(read(render_pdf(document)).attachments) == []


def test_links_are_clickable_and_print_their_address_only_if_it_differs(whole: bytes) -> None:
    last = read(whole).pages[-1]
    links = [note.get_object()["/A"]["/URI"] for note in last["/Annots"]]
    assert links == ["https://city.example/plan", "https://city.example/data"]
    shown = read_texts(whole)[-1]
    assert "見本市の公式サイト（https://city.example/plan）" in shown
    assert shown.count("https://city.example/data") == 1


@pytest.mark.parametrize(
    "word", ["A" * 3000, "（" * 3000, "abcdefghij" * 1000, "漢字" * 5000, "a\u00a0" * 1500]
)
def test_a_word_of_any_length_breaks_and_copies_unchanged(word: str) -> None:
    pdf = render(code(Sentences((word,))), table([Column("短"), Column("長")], ("x", word)))
    assert find_layout_faults(pdf) == []
    drawn = "".join("".join(c.text for c in page) for _, _, page in read_pages(pdf))
    visible = word.replace("\u00a0", "")
    assert drawn.count(visible[0]) >= 2 * visible.count(visible[0])


def test_any_number_of_tiles_of_any_length_stays_inside() -> None:
    tiles = [Tile(f"約{10**n:,}", f"第{n}の取組の件数。" * n, "件" * n) for n in range(1, 12)]
    wide = Tile("W" * 90, "W" * 200, "W" * 40, "good")
    shown = code(Tiles((wide, *tiles)), Tiles((wide,)), Tiles(tuple(tiles[:2])), Tiles(()))
    pdf = render(shown, text("本文である。" * 200))
    assert find_layout_faults(pdf) == []
    assert find_violations(pdf) == []


def test_breaks_leave_no_character_behind() -> None:
    assert "\u200b" not in "".join(read_texts(render(code(Sentences(("B" * 500,))))))


@pytest.mark.parametrize("column", [Column("備考"), Column("件数", kind="number", align="right")])
def test_a_long_word_in_any_kind_of_column_stays_inside(column: Column) -> None:
    pdf = render(table([Column("項目"), column], ("W" * 400, "x" * 400)))
    assert find_layout_faults(pdf) == []
    assert find_violations(pdf) == []


def test_a_warning_of_the_typesetter_fails_the_export(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    template = tmp_path / "report.typ"
    template.write_text(
        '#set document(title: "x", date: datetime(year: 2022, month: 6, day: 1))\n'
        '#set text(lang: "ja", font: "No Such Font")\n'
        "#context [#metadata((page: 1, filled: 1.0)) <end>]"
    )
    monkeypatch.setattr("nenpo.export.pdf._TEMPLATE", template)
    with pytest.raises(DocumentError, match="unknown font family"):
        render()


def test_a_part_is_set_more_densely_rather_than_spill_a_few_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def count_pages(rows: int) -> int:
        shown = [(str(number), "オンライン手続の拡充") for number in range(rows)]
        return len(read_texts(render(text("# 別紙 x"), table([Column("a"), Column("b")], *shown))))

    with monkeypatch.context() as loose:
        loose.setattr("nenpo.export.pdf._find_sparse_parts", lambda ends: set())
        spilling = next(rows for rows in range(30, 80) if count_pages(rows) == 3)
    assert count_pages(spilling) == 2


def test_a_long_head_stays_inside_the_margins() -> None:
    pdf = render(
        text("# 別紙 x"), title="長い題名の計画" * 20, subtitle="題" * 100, contact="A" * 300,
        document_number="資料" * 40, handling="取扱注意" * 20, reported_to="委員会" * 60,
    )  # fmt: skip
    assert find_layout_faults(pdf) == []


@pytest.mark.parametrize("length", [30, 60, 200])
@pytest.mark.parametrize("handling", ["", "取扱注意（委員会終了まで）"])
def test_the_running_head_has_the_whole_title(length: int, handling: str) -> None:
    title = "".join(f"第{number}次情報化計画" for number in range(99))[:length]
    body = "本文である。" * 100
    parts = (text(f"# 別紙 x\n\n{body}"), text(f"# 別紙 y\n\n{body}", "landscape"))
    pdf = render(text(body), *parts, title=title, handling=handling)
    assert find_layout_faults(pdf) == []
    for page in read_texts(pdf)[1:]:
        assert title in page
        assert handling in page


def test_the_same_document_gives_the_same_bytes_anywhere(tmp_path: Path, whole: bytes) -> None:
    """Another folder, time zone, locale and hash seed, in another process."""
    source = tmp_path / "executed.ipynb"
    nbformat.write(make_notebook(), source)
    script = (
        "import sys, nbformat;"
        "from nenpo.export.exporters import NenpoPDFExporter as E;"
        "nb = nbformat.read(sys.argv[1], as_version=4);"
        "sys.stdout.buffer.write(E().from_notebook_node(nb)[0])"
    )
    changed = {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", script, source],
        cwd=tmp_path, env=os.environ | changed, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout == whole


def test_the_exporter_gives_pdf_bytes_and_its_extension() -> None:
    body, resources = NenpoPDFExporter().from_notebook_node(make_notebook())
    assert body.startswith(b"%PDF-")
    assert resources["output_extension"] == ".pdf"


def test_importing_the_exporter_loads_no_typesetter() -> None:
    """A parent that has compiled makes the children it forks hang."""
    script = "import sys, nenpo.export.pdf; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_columns_fill_the_width_and_numbers_do_not_wrap() -> None:
    columns = (Column("取組"), Column("件数", kind="number"))
    shown = Table("表", columns, (("説明" * 60, "1,461,063"),))
    widths = share_widths(shown, 50)
    assert sum(widths) == pytest.approx(50)
    assert 5 < widths[1] < 8


def test_width_hints_decide_between_text_columns_that_do_not_wrap() -> None:
    shown = Table("表", (Column("甲"), Column("乙", width=3.0)), (("文" * 5, "文" * 5),))
    left, right = share_widths(shown, 50)
    assert right > 1.5 * left


def test_columns_without_any_text_get_their_width_too() -> None:
    columns = (Column("甲"), Column("乙"), Column("件数", kind="number"))
    widths = share_widths(Table("表", columns, (("", "", "12,345 " * 30),)), 50)
    assert sum(widths) == pytest.approx(50)


def test_texts_of_one_length_get_one_width_whatever_is_asked() -> None:
    shown = Table("表", (Column("甲"), Column("乙", width=3.0)), (("文" * 300, "文" * 300),))
    left, right = share_widths(shown, 50)
    assert left == pytest.approx(right, rel=0.2)


def test_a_column_gives_its_width_to_the_one_that_makes_the_rows_high() -> None:
    columns = (Column("甲", width=3.0), Column("乙"), Column("件数", kind="number"))
    shown = Table("表", columns, (("短い文。" * 4, "長い文である。" * 30, "1,234,567"),) * 3)
    short, long, number = share_widths(shown, 60)
    assert long > short
    assert short + long + number == pytest.approx(60)
    assert number >= measure_numbers("1,234,567")


def test_short_words_get_no_breaks() -> None:
    assert soften_text("Gov-Cloudの先行事業", 11) == "Gov-Cloudの先行事業"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("#place(dx: -30mm)[out]", "outside the margins"),
        ("#text(size: 7pt)[small]", "smaller than"),
        ("#place[XXXX]#place(dx: 1pt)[OOOO]", "overlap"),
        ("#text(size: 8.5pt)[most of this page]", "most of the text"),
    ],
)
def test_the_layout_check_finds_what_it_looks_for(source: str, fault: str) -> None:
    font = find_document_font()
    page = f'#set page(margin: 20mm)\n#set text(font: "{font.family}")\n{source}'
    pdf = typst.compile(page.encode(), font_paths=[str(font.path.parent)])
    assert any(fault in found for found in find_layout_faults(pdf))


def test_a_blank_column_keeps_the_room_that_it_was_given_to_be_written_in() -> None:
    columns = (Column("内容", width=3), Column("判断", width=1))
    shown = Table("表", columns, (("長い文が続く。" * 30, ""),) * 3)
    assert share_widths(shown, 40)[1] >= 8


def list_note_pages(rows: int, note: str) -> list[str]:
    """Return the pages of a table of so many rows that has a note below it."""
    columns = (Column("区分"), Column("取組"))
    shown = tuple((str(number), "画面を改める") for number in range(rows))
    made = code(Table("一覧", columns, shown, note=note, legend=LEGEND))
    return read_texts(render(text("# 別紙 一覧", "landscape"), made))[1:]


def test_a_note_below_a_table_that_fills_its_page_has_no_page_of_its_own() -> None:
    """As rows are added, the table's end moves down the page by less than the note is high."""
    alone = [
        rows for rows in range(20, 34) if list_note_pages(rows, "注である。")[-1].startswith("※")
    ]
    assert alone == []
