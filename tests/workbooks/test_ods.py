"""An .ods is read as it says itself that it is seen."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

from nenpo.errors import DamagedWorkbook, HugeWorkbook
from nenpo.workbooks.book import Area, Book, Cell
from workbook_parts import open_bytes, pack

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)


def open_table(folder: Path, rows: str, styles: str = "") -> Book:
    """Return the workbook whose one sheet holds ``rows``."""
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="取組" table:style-name="ta1">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return open_bytes(folder, pack({"mimetype": kind, "content.xml": content}), "a.ods")


def say(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def repeat(count: int) -> str:
    repeated = f'table:number-columns-repeated="{count}"'
    return f"<table:table-cell {repeated}>{say('済')}</table:table-cell>"


def make_cell(kind: str, text: str, **attributes: str) -> str:
    more = "".join(f' office:{name}-value="{value}"' for name, value in attributes.items())
    more = more.replace("office:plain-value", "office:value")
    return f'<table:table-cell office:value-type="{kind}"{more}>{text}</table:table-cell>'


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (make_cell("float", say("46.0"), plain="46"), Cell(Decimal(46), "46.0")),
        (make_cell("currency", say("¥46"), plain="46"), Cell(Decimal(46), "¥46")),
        (make_cell("float", say("?"), plain="x"), Cell(None, "?", "", "?")),
        (make_cell("boolean", say("TRUE"), boolean="true"), Cell(True, "TRUE")),
        (
            make_cell("date", say("10月"), date="2023-10-01"),
            Cell(date(2023, 10, 1), "10月"),
        ),
        (
            make_cell("date", say("9:30"), date="2023-10-01T09:30:00"),
            Cell(datetime(2023, 10, 1, 9, 30), "9:30"),
        ),
        (make_cell("date", say("?"), date="x"), Cell("?", "?")),
        (make_cell("time", say("9:30"), time="PT09H30M00S"), Cell(time(9, 30), "9:30")),
        (
            make_cell("time", say("36:00"), time="PT36H00M00S"),
            Cell(Decimal("1.5"), "36:00"),
        ),
        (make_cell("time", say("?"), time="x"), Cell("?", "?")),
        (make_cell("string", say("見"), string="値"), Cell("値", "値")),
        (
            make_cell("string", "<text:p>一<text:line-break/>二</text:p><text:p>三</text:p>"),
            Cell("一\n二\n三", "一\n二\n三"),
        ),
        (
            make_cell("string", '<text:p>a<text:s text:c="2"/>b<text:tab/>c</text:p>'),
            Cell("a  b\tc", "a  b\tc"),
        ),
        (
            make_cell(
                "string",
                "<text:p><text:ruby><text:ruby-base>東京</text:ruby-base>"
                "<text:ruby-text>とうきょう</text:ruby-text></text:ruby>都</text:p>",
            ),
            Cell("東京都", "東京都"),
        ),
        (
            make_cell(
                "string",
                "<office:annotation><text:p>注</text:p></office:annotation><text:p>文</text:p>",
            ),
            Cell("文", "文"),
        ),
        ('<table:table-cell table:formula="of:=1+1"/>', Cell(None, "", "=1+1")),
    ],
)
def test_cell_is_read_as_stored_and_as_seen(cell: str, read: Cell, tmp_path: Path) -> None:
    book = open_table(tmp_path, f"<table:table-row>{cell}</table:table-row>")
    assert book.sheets[0].cells == {(1, 1): read}


def test_cells_and_rows_that_are_repeated_are_read_as_often(tmp_path: Path) -> None:
    cell, many = repeat(2), 'table:number-rows-repeated="1000000"'
    blank = f"<table:table-row {many}><table:table-cell/></table:table-row>"
    row = '<table:table-row table:number-rows-repeated="2" table:visibility="filter">'
    (sheet,) = open_table(tmp_path, f"{blank}{row}{cell}</table:table-row>{blank}").sheets
    assert [*sheet.cells] == [(n, m) for n in (1_000_001, 1_000_002) for m in (1, 2)]
    assert sheet.hidden_rows == {1_000_001, 1_000_002}


def test_spans_are_merged_areas(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="3">'
        "<text:p>結合</text:p></table:table-cell><table:covered-table-cell/>"
    )
    (sheet,) = open_table(tmp_path, f"<table:table-row>{cell}</table:table-row>").sheets
    assert sheet.merged == (Area(1, 1, 3, 2),)


def test_hidden_sheet_is_told(tmp_path: Path) -> None:
    hidden = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="ta1">{hidden}</style:style>'
    assert open_table(tmp_path, "", style).sheets[0].hidden


def test_more_columns_than_there_are_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedWorkbook, match="too many columns"):
        open_table(tmp_path, f"<table:table-row>{repeat(99_999)}</table:table-row>")


def test_blank_cells_that_span_rows_are_counted_too(tmp_path: Path) -> None:
    cell, many = '<table:table-cell table:number-rows-spanned="2"/>', "999999999"
    with pytest.raises(HugeWorkbook):
        open_table(
            tmp_path,
            f'<table:table-row table:number-rows-repeated="{many}">{cell}</table:table-row>',
        )


def test_span_that_is_no_number_spans_nothing(tmp_path: Path) -> None:
    cell = f'<table:table-cell table:number-columns-spanned="x">{say("済")}</table:table-cell>'
    book = open_table(tmp_path, f"<table:table-row>{cell}</table:table-row>")
    assert (book.sheets[0].merged, len(book.sheets[0].cells)) == ((), 1)
