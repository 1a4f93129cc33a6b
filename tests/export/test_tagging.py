"""What a screen reader is told of a PDF's tables: headers of rows and columns, words of marks."""

import io
from dataclasses import dataclass
from typing import Any

import pikepdf
import pytest
import typst

from nenpo.content.display import Column, HeaderCell, Table
from nenpo.export.document import read_document
from nenpo.export.layout import lay_out_document
from nenpo.export.pdf import render_pdf
from nenpo.export.tagging import tag_tables
from nenpo.language.fonts import find_document_font
from pdf_checks import find_headless_tables, find_violations, read_texts, walk_tags
from sample_notebook import LEGEND, SCALE, code, make_head, make_notebook, notebook, text

COLUMNS = (Column("区分", kind="mark"), Column("取組"), Column("実績"))
MARKDOWN = """| 年度 | 件数 |
|---|---|
| 2021 | 5 |

本文[^1]

[^1]: 注

    | 月 | 件数 |
    |---|---|
    | 4 | 1 |

    続き
"""


@dataclass(frozen=True)
class Cell:
    """A cell as its tag has it: TH or TD, its scope, what it is headed by, the words for marks."""

    kind: str
    scope: str
    identity: str
    headers: tuple[str, ...]
    spoken: tuple[str, ...]
    span: tuple[int, int]


def render(*cells: Any) -> bytes:
    return render_pdf(read_document(notebook(code(make_head()), *cells)))


def make_table(*rows: tuple[str, ...], **fields: Any) -> Any:
    return code(Table("表", fields.pop("columns", COLUMNS), rows, tones=SCALE, **fields))


def read_cell(tag: Any) -> Cell:
    said = next(each for each in tag.A if each.O == "/Table")
    below = walk_tags(tag.K) if "/K" in tag else ()
    return Cell(
        str(tag.S),
        str(said.get("/Scope", "")),
        str(tag.get("/ID", "")),
        tuple(map(str, said.get("/Headers", []))),
        tuple(str(each.Alt) for each in below if "/Alt" in each),
        (int(said.get("/RowSpan", 1)), int(said.get("/ColSpan", 1))),
    )


def read_rows(pdf: bytes) -> list[list[Cell]]:
    """Return the rows of all tables, in the order in which they are read."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        tags = list(walk_tags(file.Root.StructTreeRoot.K))
        return [[read_cell(cell) for cell in tag.K] for tag in tags if tag.S == "/TR"]


@pytest.fixture(scope="module")
def whole() -> bytes:
    return render_pdf(read_document(make_notebook()))


@pytest.fixture(scope="module")
def banded() -> list[list[Cell]]:
    """The rows of a table with bands, a note and a row of which two cells are joined."""
    rows = (
        ("目標1", "（2件）", ""),
        ("△", "窓口の改善", "検討した。"),
        ("制度改正を待つため。", "", ""),
        ("目標2", "", ""),
        ("◎", "推進", ""),
    )
    kinds = ("group", "attention", "note", "group", "body")
    made = render(make_table(*rows, kinds=kinds, joined=((4, 2),), row_headers=2, legend=LEGEND))
    assert find_violations(made) == []
    return read_rows(made)


def test_every_table_has_headers_of_rows_and_of_columns(whole: bytes) -> None:
    assert find_headless_tables(whole) == []


def test_cells_are_headed_by_nothing_but_header_cells(whole: bytes) -> None:
    cells = [cell for row in read_rows(whole) for cell in row]
    heads = {cell.identity for cell in cells if cell.kind == "/TH"}
    assert {header for cell in cells for header in cell.headers} <= heads
    with pikepdf.open(io.BytesIO(whole)) as file:
        assert heads <= set(pikepdf.NameTree(file.Root.StructTreeRoot.IDTree))


def test_the_first_columns_head_their_row(banded: list[list[Cell]]) -> None:
    assert [(cell.kind, cell.scope) for cell in banded[2]] == [
        ("/TH", "/Row"),
        ("/TH", "/Row"),
        ("/TD", ""),
    ]


def test_a_cell_is_read_with_its_column_its_band_and_its_row(banded: list[list[Cell]]) -> None:
    labels, (first, *_), (mark, title, done) = banded[0], banded[1], banded[2]
    assert done.headers == (labels[2].identity, first.identity, mark.identity, title.identity)


def test_a_later_band_heads_what_follows_it_alone(banded: list[list[Cell]]) -> None:
    assert banded[5][1].headers[-1] == banded[4][0].identity
    assert banded[1][0].identity not in banded[5][1].headers


def test_a_band_is_a_header_that_nothing_heads(banded: list[list[Cell]]) -> None:
    assert [(cell.kind, cell.scope, cell.headers) for cell in banded[1]] == [("/TH", "/Column", ())]


def test_a_note_is_headed_by_the_row_above(banded: list[list[Cell]]) -> None:
    mark, title, _ = banded[2]
    (note,) = banded[3]
    assert note.kind == "/TD"
    assert note.headers[-2:] == (mark.identity, title.identity)
    assert (mark.span, note.span) == ((2, 1), (1, 2))


def test_joined_cells_are_one(banded: list[list[Cell]]) -> None:
    assert [cell.span for cell in banded[5]] == [(1, 1), (1, 2)]


def test_the_legend_is_neither_header_nor_headed(banded: list[list[Cell]]) -> None:
    assert [(cell.kind, cell.scope) for cell in banded[-1]] == [("/TD", "")]


def test_labels_under_an_upper_header_are_headed_by_it() -> None:
    groups = (HeaderCell("取組", 2), HeaderCell("状況", 1))
    upper, lower, row = read_rows(render(make_table(("◎", "甲", "済"), groups=groups)))
    assert lower[2].headers == (upper[1].identity,)
    assert row[2].headers == (lower[2].identity, row[0].identity)


def test_both_parts_of_a_table_that_is_cut_have_their_headers() -> None:
    columns = (Column("課"), *(Column(f"{n}回", "right", 1, "number") for n in range(26)))
    made = render(code(Table("回別", columns, (("窓口課", *["1,234,567"] * 26),))))
    assert find_headless_tables(made) == []
    assert [row[0].scope for row in read_rows(made)] == ["/Column", "/Row"] * 2


def test_tables_of_markdown_are_headed_by_their_first_column() -> None:
    made = render(text(MARKDOWN))
    assert find_violations(made) == []
    assert [[cell.scope for cell in row] for row in read_rows(made)] == [
        ["/Column", "/Column"],
        ["/Row", ""],
    ] * 2


def test_marks_are_read_as_the_words_of_the_table() -> None:
    shown = make_table(("◎", "甲", ""), spoken={"◎": "予定どおり進んだ"}, legend=LEGEND)
    assert read_rows(render(shown))[1][0].spoken == ("予定どおり進んだ",)


def test_marks_without_words_are_read_as_the_legend_has_them() -> None:
    rows = read_rows(render(make_table(("○（前倒し）", "甲", ""), ("×", "乙", ""), legend=LEGEND)))
    assert [rows[1][0].spoken, rows[2][0].spoken] == [("変更（前倒し・後ろ倒し）",), ("中止",)]


def test_a_mark_that_its_cell_spells_out_is_not_said_twice() -> None:
    assert read_rows(render(make_table(("× 中止", "甲", ""), legend=LEGEND)))[1][0].spoken == ()


def test_a_mark_that_heads_a_column_is_read_as_words() -> None:
    columns = (Column("課"), Column("◎", kind="number"), Column("計", kind="number"))
    labels, _ = read_rows(render(make_table(("税務課", "3", "3"), columns=columns,
                                            spoken={"◎": "予定どおり"})))  # fmt: skip
    assert [cell.spoken for cell in labels] == [(), ("予定どおり",), ()]


def test_search_and_copy_still_find_the_mark() -> None:
    made = render(make_table(("◎", "甲", ""), spoken={"◎": "予定どおり進んだ"}))
    assert "◎" in "".join(read_texts(made))
    assert "予定どおり進んだ" not in "".join(read_texts(made))


@pytest.mark.parametrize("spoilt", ["rows", "tables"])
def test_tags_that_are_not_those_of_the_layout_are_refused(spoilt: str) -> None:
    document = read_document(notebook(code(make_head()), make_table(("◎", "甲", ""))))
    layout = lay_out_document(document, find_document_font())
    made = render_pdf(document)
    blocks = layout["parts"][0]["blocks"]
    if spoilt == "tables":
        blocks.clear()
    else:
        blocks[0]["rows"] *= 2
    with pytest.raises(ValueError, match="tagged"):
        tag_tables(made, layout)


@pytest.fixture(scope="module")
def misleading() -> bytes:
    """A file as the typesetter writes it, with a stream whose last data byte is a CR."""

    def typeset(body: str) -> bytes:
        day = "datetime(year: 2022, month: 7, day: 1)"
        source = f'#set document(title: "t", date: {day})\n#set text(lang: "ja")\n{body}'
        made = typst.compile(
            source.encode(),
            font_paths=[str(find_document_font().path.parent)],
            ignore_system_fonts=True,
            pdf_standards=["a-3a", "ua-1"],
        )
        assert isinstance(made, bytes)
        return made

    made = (typeset(f"text {n}") for n in range(2000))
    return next(pdf for pdf in made if b"\r\nendstream" in pdf)


def test_a_stream_that_ends_in_cr_misleads_the_validator_as_typeset(misleading: bytes) -> None:
    assert any("STREAM-LENGTH" in found for found in find_violations(misleading))


def test_no_stream_of_a_finished_file_misleads_the_validator(misleading: bytes) -> None:
    finished = tag_tables(misleading, {"parts": []})
    assert find_violations(finished) == []
    assert read_texts(finished) == read_texts(misleading)


def test_the_files_own_streams_may_end_in_cr_too(
    misleading: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that saving makes: they are then written one by one."""
    whole = pikepdf.Pdf.save

    def save(file: Any, stream: Any, **options: Any) -> None:
        whole(file, stream, **options)
        if options["object_stream_mode"] == pikepdf.ObjectStreamMode.generate:
            stream.write(b"\r\nendstream")

    monkeypatch.setattr(pikepdf.Pdf, "save", save)
    finished = tag_tables(misleading, {"parts": []})
    assert b"/ObjStm" not in finished
    assert find_violations(finished) == []
