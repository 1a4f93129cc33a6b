"""Cells are set and filled inside a sheet's text, and the rest of it is as it came."""

import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nenpo.errors import UnusableCell
from nenpo.workbooks.parts.package import Package, open_package
from nenpo.workbooks.parts.sheet_xml import fill_cells, set_cells
from written_workbooks import write_by_hand, write_with_openpyxl, write_with_xlsxwriter

NAME = "取組 & 他"
PART = "xl/s/one.xml"
CELL = '<x:c r="B2" s="1" t="inlineStr"><x:is><x:t>前</x:t></x:is></x:c>'
SHEET = (
    "<x:dimension ref='B2:D4'/><x:cols><x:col min='6' max='9' width='3' style='1'/></x:cols>"
    f'<!-- a > b --><x:sheetData><x:row r="2" spans="2:4" >{CELL}<x:c  r="D2"/></x:row>'
    '<x:row r="4" s="1" customFormat="1"/></x:sheetData><x:extLst><y xmlns="z"/></x:extLst>'
)
HEAD = '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def open_by_hand(tmp_path: Path, sheet: str = SHEET, **more: Any) -> Package:
    path = write_by_hand(tmp_path / "a.xlsx", sheet, **more)
    return open_package(path.read_bytes(), path.name)


def read_inside(package: Package) -> str:
    return package.read(PART).decode().removeprefix(HEAD).removesuffix("</x:worksheet>")


def load(package: Package) -> Any:
    return openpyxl.load_workbook(io.BytesIO(package.write()))


def write_c(name: str, value: str, style: str = "") -> str:
    return f'<x:c r="{name}"{style}><x:v>{value}</x:v></x:c>'


STYLED = write_c("C4", "1", ' s="1"')
TEXT = '<x:is><x:t xml:space="preserve">後 &lt;&amp;&gt;</x:t></x:is>'
LAST = '<x:row r="4" s="1" customFormat="1"'


@pytest.mark.parametrize(
    ("place", "value", "old", "new"),
    [
        ((2, 2), "後 <&>", CELL, f'<x:c r="B2" s="1" t="inlineStr">{TEXT}</x:c>'),
        ((2, 2), Decimal("46.0"), CELL, write_c("B2", "46.0", ' s="1"')),
        ((2, 2), "", CELL, '<x:c r="B2" s="1"/>'),
        ((2, 3), Decimal(1), '<x:c  r="D2"/>', write_c("C2", "1") + '<x:c  r="D2"/>'),
        ((2, 4), Decimal(1), '<x:c  r="D2"/>', write_c("D2", "1")),
        ((3, 3), Decimal(1), LAST, f'<x:row r="3">{write_c("C3", "1")}</x:row>{LAST}'),
        ((4, 3), Decimal(1), f"{LAST}/>", f"{LAST}>{STYLED}</x:row>"),
    ],
)
def test_one_place_of_the_text_changes(place, value, old, new, tmp_path: Path) -> None:
    package = set_cells(open_by_hand(tmp_path), NAME, {place: value})
    assert read_inside(package) == SHEET.replace(old, new)


def test_a_cell_outside_of_what_was_used_widens_it_and_takes_its_columns_style(tmp_path) -> None:
    package = set_cells(open_by_hand(tmp_path), NAME, {(5, 7): Decimal(1)})
    cell = '<x:row r="5"><x:c r="G5" s="1"><x:v>1</x:v></x:c></x:row></x:sheetData>'
    expected = SHEET.replace("'B2:D4'", '"B2:G5"').replace("</x:sheetData>", cell)
    assert read_inside(package) == expected


def test_rows_go_into_a_sheet_that_has_none(tmp_path: Path) -> None:
    package = open_by_hand(tmp_path, "<x:sheetData/>")
    package = set_cells(package, NAME, {(9, 1): Decimal(2), (1, 1): Decimal(1)})
    rows = (
        f'<x:row r="{n}"><x:c r="A{n}"><x:v>{v}</x:v></x:c></x:row>' for n, v in ((1, 1), (9, 2))
    )
    assert read_inside(package) == f"<x:sheetData>{''.join(rows)}</x:sheetData>"


def test_cells_and_rows_without_names_are_counted(tmp_path: Path) -> None:
    sheet = (
        '<x:sheetData><x:row><x:c/><x:c/></x:row><x:row r="5"/><x:row><x:c/></x:row></x:sheetData>'
    )
    package = set_cells(
        open_by_hand(tmp_path, sheet), NAME, {(1, 2): Decimal(1), (6, 1): Decimal(2)}
    )
    expected = sheet.replace(
        "<x:c/></x:row><x:row r", '<x:c r="B1"><x:v>1</x:v></x:c></x:row><x:row r'
    )
    last = '<x:row><x:c r="A6"><x:v>2</x:v></x:c></x:row>'
    assert read_inside(package) == expected.replace("<x:row><x:c/></x:row></", f"{last}</")


@pytest.mark.parametrize("write", [write_with_openpyxl, write_with_xlsxwriter])
@settings(max_examples=15, deadline=None)
@given(
    values=st.dictionaries(
        st.tuples(st.integers(1, 8), st.sampled_from([1, 2, 3, 4, 30])),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)
        | st.decimals(-(10**9), 10**9, places=2).map(lambda value: value + 0),
        max_size=6,
    )
)
def test_what_is_set_is_read_and_nothing_else_changes(
    write, values: Mapping[tuple[int, int], Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write(tmp_path_factory.getbasetemp() / f"{write.__name__}.xlsx")
    package = open_package(path.read_bytes(), path.name)
    before = {c.coordinate: c.value for row in load(package)["取組"] for c in row}
    sheet = load(set_cells(package, "取組", values))["取組"]
    for (row, column), value in values.items():
        found = sheet.cell(row, column)
        before[found.coordinate] = found.value
        if isinstance(value, Decimal):
            assert found.value == float(value)
        else:
            # openpyxl leaves the escapes of characters, which Excel reads as what they stand for.
            assert openpyxl.utils.escape.unescape(found.value) == value
    after = {c.coordinate: c.value for row in sheet for c in row if c.value is not None}
    assert after == {name: value for name, value in before.items() if value is not None}


def test_a_formula_is_not_written_over_and_its_cell_is_named(tmp_path: Path) -> None:
    path = write_with_openpyxl(tmp_path / "a.xlsx")
    with pytest.raises(UnusableCell) as caught:
        set_cells(open_package(path.read_bytes(), path.name), "取組", {(1, 5): "x"})
    assert caught.value.place == "a.xlsx!取組!E1"


@pytest.mark.parametrize("write", [write_with_openpyxl, write_with_xlsxwriter])
def test_a_fill_keeps_the_value_and_the_rest_of_the_style(write, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    package = open_package(path.read_bytes(), path.name)
    places = {(3, 3): "FFC7CE", (2, 2): "FFEB9C", (9, 2): "FFC7CE"}
    before, after = load(package)["取組"], load(fill_cells(package, "取組", places))["取組"]
    assert after["C3"].fill.fgColor.rgb == after["B9"].fill.fgColor.rgb == "FFFFC7CE"
    assert after["B2"].fill.fgColor.rgb == "FFFFEB9C"
    for name in ("C3", "B2", "A1"):
        assert after[name].value == before[name].value
        assert repr(after[name].font) == repr(before[name].font)
        assert repr(after[name].protection) == repr(before[name].protection)
    assert repr(after["C2"].fill) == repr(before["C2"].fill)
    assert after["B9"].font.i == before.column_dimensions["B"].font.i


def test_a_fill_adds_to_the_styles_and_changes_nothing_of_them(tmp_path: Path) -> None:
    package = open_by_hand(tmp_path)
    filled = fill_cells(package, NAME, {(2, 2): "FFC7CE", (2, 4): "FFC7CE"})
    before, after = package.read("xl/st.xml").decode(), filled.read("xl/st.xml").decode()
    fill = '<x:fill><x:patternFill patternType="solid"><x:fgColor rgb="FFFFC7CE"/><x:bgColor indexed="64"/></x:patternFill></x:fill>'  # noqa: E501
    formats = (
        '<x:xf applyFill="1" fontId=\'0\' fillId="1"><x:alignment/></x:xf>'
        '<x:xf fillId="1" applyFill="1" fontId=\'0\'/>'
    )
    expected = before.replace('fills count="1"', 'fills count="2"').replace(
        "count='2'", 'count="4"'
    )
    expected = expected.replace("</x:fills>", f"{fill}</x:fills>")
    assert after == expected.replace("</x:cellXfs>", f"{formats}</x:cellXfs>")
    cells = read_inside(filled)
    assert cells == SHEET.replace('"B2" s="1"', '"B2" s="2"').replace(
        'c  r="D2"', 'c s="3"  r="D2"'
    )


def test_without_styles_a_sheet_stays_as_it_is(tmp_path: Path) -> None:
    package = open_by_hand(tmp_path, styles=False)
    assert fill_cells(package, NAME, {(2, 2): "FFC7CE"}).write() == package.write()
