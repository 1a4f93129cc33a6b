"""Comments are put beside those of a workbook, and everything else stays as it came."""

import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from nenpo.errors import UnusableWorkbook
from nenpo.workbooks.marking.comments import add_comments, read_comments
from nenpo.workbooks.parts.package import Package, open_package
from written_workbooks import (
    list_entries,
    write_by_hand,
    write_with_openpyxl,
    write_with_xlsxwriter,
)

WRITERS = pytest.mark.parametrize("write", [write_with_openpyxl, write_with_xlsxwriter])
HEAD = re.compile("【お願い】")
NEW = {(3, 3): "「○」を選んでください。", (2, 1): "一行目\n<二行目>"}


def open_written(path: Path) -> Package:
    return open_package(path.read_bytes(), path.name)


def load(package: Package) -> Any:
    return openpyxl.load_workbook(io.BytesIO(package.write()))


def list_changed(before: bytes, after: bytes) -> list[str]:
    old = {entry[0]: entry for entry in list_entries(before)}
    return [entry[0] for entry in list_entries(after) if entry != old.get(entry[0])]


@WRITERS
def test_cells_have_their_comments_and_boxes(write, tmp_path: Path) -> None:
    sheet = load(add_comments(open_written(write(tmp_path / "a.xlsx")), "取組", NEW, HEAD))["取組"]
    found = {cell.coordinate: cell.comment.text for row in sheet for cell in row if cell.comment}
    assert found == {"C3": NEW[3, 3], "A2": NEW[2, 1]}


@WRITERS
def test_a_comment_that_was_there_stays_and_ours_stands_below(write, tmp_path: Path) -> None:
    package = open_written(write(tmp_path / "a.xlsx", comment="総務課の\nメモ"))
    sheet = load(add_comments(package, "取組", NEW, HEAD))["取組"]
    assert sheet["C3"].comment.text == f"総務課の\nメモ\n\n{NEW[3, 3]}"
    assert sheet["A2"].comment.text == NEW[2, 1]


@WRITERS
@pytest.mark.parametrize("comment", ["", "メモ"])
def test_only_what_comments_need_changes(write, comment: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", comment=comment)
    package = add_comments(open_written(path), "取組", NEW, HEAD)
    changed = list_changed(path.read_bytes(), package.write())
    part = package.find_sheet("取組")
    words, drawing = (package.find_related(part, kind) for kind in ("comments", "vmlDrawing"))
    led = {"[Content_Types].xml", part, "xl/worksheets/_rels/sheet1.xml.rels"}
    expected = {words, drawing} | (set() if comment else led)
    assert set(changed) <= expected
    assert {words, drawing} <= set(changed)


def test_comments_of_another_sheet_stay(tmp_path: Path) -> None:
    package = open_written(write_with_xlsxwriter(tmp_path / "a.xlsx"))
    after = add_comments(package, "取組", NEW, HEAD)
    assert load(after)["別"]["A1"].comment.text == "別のコメント"
    assert b'data="2"' in after.read(after.find_related(after.find_sheet("取組"), "vmlDrawing"))


def test_the_drawing_stands_where_the_schema_has_it(tmp_path: Path) -> None:
    inside = (
        '<x:sheetData/><x:pageMargins/><m:AlternateContent xmlns:m="m"><m:Choice><x:controls/>'
        "</m:Choice></m:AlternateContent><x:tableParts/>"
    )
    path = write_by_hand(tmp_path / "a.xlsx", inside, strict=True)
    package = add_comments(open_written(path), "取組 & 他", {(1, 1): "x"}, HEAD)
    raw, root = package.read_xml("xl/s/one.xml")
    assert [child.name for child in root.children] == [
        *("sheetData", "pageMargins", "legacyDrawing", "AlternateContent", "tableParts")
    ]
    assert b'xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"' in raw


def test_a_drawing_that_is_no_xml_keeps_its_shapes(tmp_path: Path) -> None:
    package = open_written(write_with_xlsxwriter(tmp_path / "a.xlsx", comment="メモ"))
    part = package.find_related(package.find_sheet("取組"), "vmlDrawing")
    button = b'<v:shape id="_x0000_s1030" type="#_x0000_t201"><div>a<br>b</div></v:shape>'
    before = package.read(part).replace(b"</xml>", button + b"</xml>")
    after = add_comments(package.change(part, before), "取組", NEW, HEAD).read(part)
    assert button in after
    assert b'id="_x0000_s1031"' in after
    assert after.count(b"ObjectType") == 2


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ('<text><t xml:space="preserve">plain</t></text>', "plain\n\nnew"),
        ("<text><t>plain</t><r><t>, run</t></r></text>", "plain, run\n\nnew"),
        ("<text><r><t>run</t></r><phoneticPr fontId='1'/></text>", "run\n\nnew"),
        ("<text/>", "\n\nnew"),
        ("", "\n\nnew"),
    ],
)
def test_ours_stands_behind_words_of_any_form(held: str, shown: str, tmp_path: Path) -> None:
    package = open_written(write_with_openpyxl(tmp_path / "a.xlsx", comment="メモ"))
    part = package.find_related(package.find_sheet("取組"), "comments")
    raw = package.read(part)
    start, end = raw.index(b"<text>"), raw.index(b"</text>") + len(b"</text>")
    package = package.change(part, raw[:start] + held.encode() + raw[end:])
    after = add_comments(package, "取組", {(3, 3): "new"}, HEAD)
    assert read_comments(after, "取組") == {(3, 3): shown}
    assert load(after)["取組"]["C3"].comment.text == shown


def test_comments_that_are_none_are_refused(tmp_path: Path) -> None:
    package = open_written(write_with_openpyxl(tmp_path / "a.xlsx", comment="メモ"))
    part = package.find_related(package.find_sheet("取組"), "comments")
    with pytest.raises(UnusableWorkbook, match="comment"):
        add_comments(package.change(part, b"<comments/>"), "取組", NEW, HEAD)


def test_a_box_holds_its_words_whatever_the_columns_are_wide(tmp_path: Path) -> None:
    sheet = (
        '<x:cols><x:col min="2" max="2" width="100"/><x:col min="4" max="4" width="3" hidden="1"/>'
        '</x:cols><x:sheetData><x:row r="5" ht="300"/></x:sheetData>'
    )
    path = write_by_hand(tmp_path / "a.xlsx", sheet)
    comments = {(6, 1): "あ" * 100, (9, 3): "x"}
    package = add_comments(open_written(path), "取組 & 他", comments, HEAD)
    drawing = package.read(package.find_related("xl/s/one.xml", "vmlDrawing")).decode()
    assert "<x:Anchor>1, 15, 4, 10, 1, 335, 4, 122</x:Anchor>" in drawing
    assert "<x:Anchor>4, 15, 7, 10, 9, 15, 9, 18</x:Anchor>" in drawing


def test_what_ours_said_before_is_replaced_and_theirs_stays(tmp_path: Path) -> None:
    package = open_written(write_with_openpyxl(tmp_path / "a.xlsx", comment="総務課の<メモ>"))
    for text in ("【お願い】\n一", "【お願い】\n二"):
        package = add_comments(package, "取組", {(3, 3): text, (2, 1): text}, HEAD)
    sheet = load(package)["取組"]
    assert sheet["C3"].comment.text == "総務課の<メモ>\n\n【お願い】\n二"
    assert sheet["A2"].comment.text == "【お願い】\n二"
