"""Workbooks as other programs write them, down to the elements that only some of them use."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from nenpo.errors import DamagedWorkbook, HugeWorkbook
from nenpo.workbooks.book import Cell
from nenpo.workbooks.reading.archive import open_archive
from nenpo.workbooks.reading.cells import MOST_CELLS, Budget
from nenpo.workbooks.reading.opening import open_book
from workbook_parts import KINDS, make_parts, open_bytes, open_rows, pack

STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
FIXTURES = Path(__file__).parents[1] / "fixtures" / "workbooks"


def read_one(folder: Path, cell: str, strings: str = "") -> Cell:
    book = open_rows(folder, f'<row r="1">{cell}</row>', strings=strings)
    return book.sheets[0].cells[1, 1]


@pytest.mark.parametrize(
    ("cell", "strings", "read"),
    [
        ('<c r="A1" t="s"><v>0</v></c>', "<si><t>東京</t></si>", "東京"),
        ('<c r="A1" t="inlineStr"><is><t>東京</t></is></c>', "", "東京"),
        ('<c r="A1" t="s"><v>0</v></c>', "<si><r><t>東</t></r><r><rPr/><t>京</t></r></si>", "東京"),
        ('<c r="A1" t="s"><v>0</v></c>', "<si><t>a_x000D_&#10;b</t></si>", "a\r\nb"),
        ('<c r="A1" t="s"><v>0</v></c>', "<si><t>_x005F_x000D_</t></si>", "_x000D_"),
        ('<c r="A1" t="s"><v>0</v></c>', "<si><t>_xD842__xDFB7_野家</t></si>", "𠮷野家"),
        ('<c r="A1" t="s"><v>0</v></c>', '<si><t xml:space="preserve"> 空 </t></si>', " 空 "),
    ],
)
def test_text_is_read_however_it_is_stored(
    cell: str, strings: str, read: str, tmp_path: Path
) -> None:
    assert read_one(tmp_path, cell, strings) == Cell(read, read)


def test_reading_of_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    """Excel keeps how a word was typed (ふりがな) beside it."""
    reading = '<rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>'
    strings = f"<si><t>東京</t>{reading}</si>"
    assert read_one(tmp_path, '<c r="A1" t="s"><v>0</v></c>', strings).value == "東京"


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ('<c r="A1"><f>B1*2</f><v>4</v></c>', Cell(Decimal(4), "4", "=B1*2")),
        ('<c r="A1"><f>B1*2</f></c>', Cell(None, "", "=B1*2")),
        ('<c r="A1"><f>B1*2</f><v/></c>', Cell(None, "", "=B1*2")),
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', Cell("", "", "=B1")),
        ('<c r="A1" t="str"><f>B1</f><v>課</v></c>', Cell("課", "課", "=B1")),
        ('<c r="A1"><f t="shared" si="0"/><v>4</v></c>', Cell(Decimal(4), "4", "=")),
        ('<c r="A1" t="e"><f>#REF!</f><v>#REF!</v></c>', Cell(None, "#REF!", "=#REF!", "#REF!")),
        ('<c r="A1" t="b"><v>1</v></c>', Cell(True, "TRUE")),
        ('<c r="A1" t="d"><v>2023-10-01</v></c>', Cell(date(2023, 10, 1), "2023/10/1")),
        ('<c r="A1"><v>0.46000000000000002</v></c>', Cell(Decimal("0.46"), "0.46")),
        ('<c r="A1"><v>1E+400</v></c>', Cell(None, "#NUM!", "", "#NUM!")),
        ('<c r="A1"><v>nonsense</v></c>', Cell(None, "#NUM!", "", "#NUM!")),
    ],
)
def test_cell_says_what_was_saved(cell: str, read: Cell, tmp_path: Path) -> None:
    assert read_one(tmp_path, cell) == read


def test_cells_without_references_stand_one_after_the_other(tmp_path: Path) -> None:
    book = open_rows(
        tmp_path, "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"
    )
    assert {place: cell.shown for place, cell in book.sheets[0].cells.items()} == {
        (1, 1): "1",
        (1, 2): "2",
        (2, 1): "3",
    }


def test_elements_may_have_a_prefix(tmp_path: Path) -> None:
    book = open_rows(tmp_path, '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>', prefix="x")
    assert book.sheets[0].read(1, 1) == "1"


def test_strict_form_of_the_format_is_read(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="d"><v>2023-10-01T00:00:00</v></c></row>'
    book = open_rows(tmp_path, rows, main=STRICT, relations=STRICT_RELATIONS)
    assert book.sheets[0].cells[1, 1].value == date(2023, 10, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_what_libreoffice_saves_is_the_same_in_each_format(kind: str) -> None:
    book = open_book(FIXTURES / f"libreoffice.{kind}", f"a.{kind}")
    first, second = book.sheets
    assert book.kind == kind
    assert (second.hidden, first.hidden_rows, len(first.merged)) == (True, {7}, 1)
    seen = [first.read(row, column) for row in range(1, 11) for column in range(1, 4)]
    assert [text for text in seen if text] == [
        *("総務課", "46.3%", "約77,500件"),
        *("2023年10月", "令和5年10月1日", "2023/10/1 9:30"),
        *("2", "#DIV/0!", "TRUE", "結合", "隠れた行"),
        *("改行\nあり", "1/15", "▲ 5", "36:00", "9:05", "太字", "45200"),
    ]
    assert first.cells[1, 2].value == Decimal("0.463")
    assert first.cells[2, 1].value == date(2023, 10, 1)
    formulas = [place for place, cell in first.cells.items() if cell.formula]
    assert formulas == [(3, 1), (3, 2), (3, 3)]
    assert first.cells[3, 2].error == "#DIV/0!"


def test_entities_are_refused(tmp_path: Path) -> None:
    parts = make_parts("")
    parts["xl/sharedStrings.xml"] = (
        '<!DOCTYPE sst [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    )
    with pytest.raises(DamagedWorkbook, match="DOCTYPE"):
        open_bytes(tmp_path, pack(parts))


def test_part_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    parts = make_parts("")
    parts["xl/sharedStrings.xml"] = " " * 40_000_000
    raw = pack(parts)
    assert len(raw) < 100_000
    with pytest.raises(HugeWorkbook, match="unpacked size"):
        open_bytes(tmp_path, raw)


def test_too_many_cells_are_refused() -> None:
    budget = Budget("a.xlsx")
    budget.take(MOST_CELLS)
    with pytest.raises(HugeWorkbook, match="200,001, at most 200,000"):
        budget.take()


def test_two_parts_of_one_name_are_refused() -> None:
    parts = make_parts("") | {"XL/Workbook.xml": ""}
    with pytest.raises(DamagedWorkbook, match="two parts of one name"):
        open_archive(pack(parts), "a.xlsx")


def test_string_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedWorkbook, match="sharedStrings 7"):
        read_one(tmp_path, '<c r="A1" t="s"><v>7</v></c>')


def test_link_to_another_file_is_told_and_not_followed(tmp_path: Path) -> None:
    book = open_rows(tmp_path, '<row r="1"><c r="A1"><f>[1]表!$A$1</f><v>4</v></c></row>')
    assert book.sheets[0].read(1, 1) == "4"
    assert [note.en.partition(":")[0] for note in book.notes] == ["formulas refer to other files"]


def test_macros_are_told_and_not_run(tmp_path: Path) -> None:
    parts = make_parts("")
    relations = "xl/_rels/workbook.xml.rels"
    macros = '<Relationship Id="m" Type="x/vbaProject" Target="vbaProject.bin"/></Relationships>'
    parts[relations] = parts[relations].replace("</Relationships>", macros)
    book = open_bytes(tmp_path, pack(parts), "a.xlsm")
    assert book.kind == "xlsm"
    assert [note.en for note in book.notes] == ["it has macros: they are not run, values are read"]


def test_text_in_a_shape_is_told(tmp_path: Path) -> None:
    """Who finds no room in a cell answers in a box above it."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("絵").insert_textbox("B2", "")
        book.add_worksheet("取組").insert_textbox("B2", "窓口に端末を置いた")
    (note,) = open_book(tmp_path / "a.xlsx", "a.xlsx").notes
    assert "（取組）" in note.ja


def test_sheet_of_a_chart_is_told(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("表").write_column("A1", [1, 2])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=表!$A$1:$A$2"})
        book.add_chartsheet("グラフ").set_chart(chart)
    opened = open_book(tmp_path / "a.xlsx", "a.xlsx")
    assert [sheet.name for sheet in opened.sheets] == ["表"]
    assert [note.en for note in opened.notes] == [
        "sheets without cells (charts …) are not read: グラフ"
    ]
