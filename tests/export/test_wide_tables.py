"""A table of many columns: no number breaks, on paper or on a screen."""

import re
from typing import Any

import pandas as pd
import pytest

from browser_checks import list_problems
from nenpo.content.display import Column, HeaderCell, Sentences, Table, show_frame
from nenpo.errors import DocumentError, Words
from nenpo.export.blocks import Block, Heading, NumberedTable
from nenpo.export.document import Document, read_document
from nenpo.export.fitting import LANDSCAPE_WIDTH, TEXT_WIDTH, choose_type, fit_table
from nenpo.export.html import render_html
from nenpo.export.html_table import view_table
from nenpo.export.measure import measure_numbers, share_widths, soften_text
from nenpo.export.pdf import render_pdf
from nenpo.export.sheets import Sheet, split_sheets
from pdf_checks import find_layout_faults, find_violations, read_pages, read_texts
from sample_notebook import code, make_head, notebook

NUMBER = "1,234,567"


def make_table(columns: int, cell: str = NUMBER, **changes: Any) -> Table:
    """Return a table with a row header and so many columns of ``cell``."""
    labels = (Column("課"), *(Column(f"{n}回", "right", 1, "number") for n in range(columns)))
    fields: dict[str, Any] = {
        "caption": "件数",
        "columns": labels,
        "rows": (("窓口課", *[cell] * columns), ("総務課", *["890"] * columns)),
    }
    return Table(**(fields | changes))


def make_document(*values: Any) -> Document:
    return read_document(notebook(code(make_head()), *map(code, values)))


def fit(table: Table) -> tuple[list[Table], bool]:
    return fit_table(table, Words("セル 1", "cell 1"), landscape=False)


def describe(sheets: list[Sheet]) -> list[tuple[bool, list[str]]]:
    """Return for each sheet whether it is on its side, and what stands on it."""

    def name(block: Block) -> str:
        return block.text if isinstance(block, Heading) else type(block).__name__

    return [(sheet.landscape, [name(block) for block in sheet.blocks]) for sheet in sheets]


@pytest.fixture(scope="module")
def wide() -> bytes:
    """A PDF with a table that is turned and one that is turned and cut."""
    frame = pd.DataFrame({f"{year}年度": [1234567, 890] for year in range(2010, 2024)})
    return render_pdf(make_document(show_frame(frame, "年度別"), make_table(26, caption="回別")))


def count_whole(pdf: bytes, number: str) -> int:
    """Return how often ``number`` stands on one line."""
    found = 0
    for _, _, page in read_pages(pdf):
        drawn = "".join(character.text for character in page)
        for match in re.finditer(re.escape(number), drawn):
            bottoms = [character.bottom for character in page[match.start() : match.end()]]
            found += max(bottoms) - min(bottoms) < 4
    return found


def test_no_number_of_a_wide_table_breaks(wide: bytes) -> None:
    assert count_whole(wide, NUMBER) == 14 + 26


def test_wide_tables_stay_inside_their_margins_and_are_valid(wide: bytes) -> None:
    faults = find_layout_faults(wide)
    assert [fault for fault in faults if "smaller than" not in fault] == []
    assert find_violations(wide) == []


def test_table_that_is_cut_keeps_its_number_and_says_that_it_goes_on(wide: bytes) -> None:
    shown = "".join("".join(read_texts(wide)).split())
    assert "表2回別" in shown
    assert "表2回別（続き）" in shown


def test_type_is_never_smaller_than_seven_points(wide: bytes) -> None:
    assert min(c.size for _, _, page in read_pages(wide) for c in page) >= 7


@pytest.mark.parametrize(
    ("columns", "parts", "landscape", "size"),
    [
        (7, 1, False, 9),
        (9, 1, True, 9),
        (12, 1, True, 9),
        (17, 1, True, 7),
        (19, 2, True, 9),
        (30, 2, True, 8),
    ],
)
def test_the_steps_are_the_page_on_its_side_then_smaller_type_then_two_tables(
    columns: int, parts: int, landscape: bool, size: float
) -> None:
    tables, turned = fit(make_table(columns))
    found = [choose_type(table, LANDSCAPE_WIDTH if turned else TEXT_WIDTH) for table in tables]
    assert (len(tables), turned) == (parts, landscape)
    assert found[0] is not None
    assert found[0][0] == size


@pytest.mark.parametrize("columns", [5, 9, 12, 16, 30])
def test_every_column_is_as_wide_as_its_longest_number(columns: int) -> None:
    tables, turned = fit(make_table(columns))
    for table in tables:
        width = LANDSCAPE_WIDTH if turned else TEXT_WIDTH
        size, inset = choose_type(table, width) or (0, 0)
        widths = share_widths(table, (width - 2 * inset * len(table.columns)) / size)
        assert size >= 7
        assert min(widths[1:]) >= measure_numbers(NUMBER)


def test_number_in_a_column_of_texts_stays_whole_too() -> None:
    """Before, a text column was squeezed to a share of what it asked for."""
    words = tuple(Column(f"説明{n}") for n in range(9))
    row = ("住民情報システムの標準化に向け1,234,567件を調べた。",) * 9
    shown = render_pdf(make_document(Table("文", words, (row,) * 2, row_headers=0)))
    assert count_whole(shown, NUMBER) == 18


def test_both_parts_have_the_row_headers_and_every_row() -> None:
    (first, second), _ = fit(make_table(26, note="注", legend="凡例"))
    assert [row[0] for row in first.rows] == [row[0] for row in second.rows] == ["窓口課", "総務課"]
    labels = [c.label for c in (*first.columns[1:], *second.columns[1:])]
    assert labels == [f"{n}回" for n in range(26)]
    assert (first.note, second.note, first.legend, second.legend) == ("", "注", "凡例", "凡例")


def test_table_without_row_headers_repeats_its_first_column() -> None:
    (first, second), _ = fit(make_table(26, row_headers=0))
    assert [t.columns[0].label for t in (first, second)] == ["課", "課"]
    assert [t.row_headers for t in (first, second)] == [1, 1]


def test_table_is_cut_between_its_groups() -> None:
    groups = (HeaderCell("", 1), HeaderCell("前期", 12), HeaderCell("後期", 14))
    (first, second), _ = fit(make_table(26, groups=groups))
    assert first.groups == (HeaderCell("", 1), HeaderCell("前期", 12))
    assert second.groups == (HeaderCell("", 1), HeaderCell("後期", 14))


def test_group_that_is_cut_stands_above_both_parts() -> None:
    (first, second), _ = fit(make_table(26, groups=(HeaderCell("", 1), HeaderCell("年", 26))))
    assert [cell.text for cell in first.groups] == [cell.text for cell in second.groups]
    assert sum(cell.span for cell in second.groups) == len(second.columns)


def test_rows_that_head_a_group_of_rows_keep_their_text() -> None:
    rows = (("目標1", *[""] * 26), ("窓口課", *[NUMBER] * 26))
    (_, second), _ = fit(make_table(26, rows=rows, kinds=("group", "body")))
    assert second.rows[0][0] == "目標1"


@pytest.mark.parametrize(("columns", "cell"), [(60, NUMBER), (1, "9" * 400)])
def test_table_that_no_page_holds_is_refused_with_its_cell(columns: int, cell: str) -> None:
    with pytest.raises(DocumentError) as refused:
        make_document(Sentences(("文",)), make_table(columns, cell))
    assert refused.value.message("en").startswith("cell 3 ")
    assert f"表「件数」の {columns + 1} 列は" in refused.value.message("ja")
    assert "Show fewer columns" in refused.value.message("en")


WIDE = NumberedTable(1, make_table(14))
NARROW = NumberedTable(2, make_table(2))
TEXT = Sentences(("文",))


def head(text: str, level: int = 2) -> Heading:
    return Heading(level, text)


def test_wide_table_takes_its_heading_along_and_the_next_heading_turns_back() -> None:
    blocks = [TEXT, head("甲"), head("子", 3), WIDE, TEXT, NARROW, head("乙"), NARROW]
    assert describe(list(split_sheets(blocks))) == [
        (False, ["Sentences"]),
        (True, ["甲", "子", "NumberedTable", "Sentences", "NumberedTable"]),
        (False, ["乙", "NumberedTable"]),
    ]


def test_wide_tables_of_following_sections_share_their_pages() -> None:
    blocks = [TEXT, head("甲"), WIDE, head("乙"), WIDE]
    assert describe(list(split_sheets(blocks)))[1:] == [
        (True, ["甲", "NumberedTable", "乙", "NumberedTable"])
    ]


def test_no_sheet_but_the_first_is_empty() -> None:
    sheets = list(split_sheets([head("甲"), WIDE, head("乙"), TEXT, head("丙"), WIDE]))
    assert [len(sheet.blocks) for sheet in sheets] == [0, 2, 2, 2]


def test_wide_table_in_a_part_on_its_side_stays_there() -> None:
    part = Heading(1, "一覧", "別紙1", "s", "annex", True)
    assert describe(list(split_sheets([TEXT, part, TEXT, WIDE, head("甲"), TEXT])))[1:] == [
        (True, ["一覧", "Sentences", "NumberedTable", "甲", "Sentences"])
    ]


@pytest.mark.parametrize(
    "run",
    ["1,461,063/2,000,000", "abc1234567defghijk", "i1-1-01、i1-1-02", "2022-03-31〜2023-03-31"],
)
def test_breaks_in_a_long_word_leave_numbers_whole(run: str) -> None:
    softened = soften_text(run, 6)
    assert "\u200b" in softened
    numbers = re.findall(r"[0-9,]+", run)
    assert re.findall(r"[0-9,]+", softened) == numbers


def test_a_long_list_of_ids_breaks_between_them_and_begins_no_line_with_a_comma() -> None:
    softened = soften_text("i1-2-01、i1-2-02、f-2021-a", 8)
    assert softened.split("\u200b") == ["i1-2-01、", "i1-2-02、", "f-2021-a"]


def test_page_keeps_every_number_on_one_line_and_row_names_in_sight() -> None:
    view = view_table(NumberedTable(1, make_table(26)))
    assert view.layout == "scroll"
    assert ".whole{white-space:nowrap}" in view.rules
    assert "th[scope=row]:first-child{position:sticky" in view.rules
    assert [cell.whole for cell in view.bodies[0][0].cells] == [False, *[True] * 26]


def test_column_of_a_page_is_never_narrower_than_its_number() -> None:
    """A hint of width may ask for less than a number needs."""
    columns = (
        Column("説明", width=97),
        Column("内容", width=97),
        Column("件数", "right", 2, "number"),
    )
    rows = (("長い説明の文章である" * 5, "長い内容の文章である" * 5, "123,456,789"),)
    view = view_table(NumberedTable(1, Table("表", columns, rows)))
    wide = view.rules.split("@media print")[1]
    share = float(re.findall(r"\.c3\{width:([\d.]+)%", wide)[0]) / 100
    width = float(re.findall(r"min-width:([\d.]+)em", wide)[0])
    assert share * width >= measure_numbers("123,456,789")


def test_table_whose_number_is_too_long_for_a_card_scrolls() -> None:
    columns = (Column("説明"), Column("内容"), Column("番号"))
    rows = (("長い説明の文章である" * 3, "長い内容の文章である" * 3, "1" * 30),)
    assert view_table(NumberedTable(1, Table("表", columns, rows))).layout == "scroll"


def test_table_without_any_heading_has_no_header_row() -> None:
    document = make_document(show_frame(pd.Series({2019: 10, 2020: 20}), "件数"))
    page = render_html(document)
    assert "<thead>" not in page
    assert list_problems(page) == []
    assert find_violations(render_pdf(document)) == []


def test_table_without_rows_is_drawn_with_what_is_said_of_it() -> None:
    document = make_document(show_frame(pd.DataFrame({"課": [], "件数": []}), "空"))
    assert "該当する行はない。" in "".join(read_texts(render_pdf(document)))
    assert list_problems(render_html(document)) == []


@pytest.mark.parametrize("number", ["１２３４５６７", "１，２３４，５６７", "－１２．５％"])
def test_a_number_in_digits_of_full_width_needs_its_width(number: str) -> None:
    assert measure_numbers(f"約{number}") == len(number)
