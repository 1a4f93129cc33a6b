"""An .xlsx file is changed part by part: every other part stays byte for byte."""

import io
import zipfile
from pathlib import Path

import pytest

from nenpo.errors import UnusableWorkbook
from nenpo.workbooks.parts import xml_text
from nenpo.workbooks.parts.package import Package, open_package
from written_workbooks import (
    list_entries,
    write_by_hand,
    write_with_openpyxl,
    write_with_xlsxwriter,
)


def open_written(path: Path) -> Package:
    return open_package(path.read_bytes(), path.name)


@pytest.mark.parametrize("write", [write_with_openpyxl, write_with_xlsxwriter])
def test_other_parts_stay_with_order_date_and_packing(write, tmp_path: Path) -> None:
    package = open_written(write(tmp_path / "a.xlsx"))
    part = package.find_sheet("別")
    written = package.change(part, b"<new/>").change("xl/added.xml", b"<added/>").write()
    before, after = list_entries((tmp_path / "a.xlsx").read_bytes()), list_entries(written)
    assert [e for e in after if e[0] not in (part, "xl/added.xml")] == [
        e for e in before if e[0] != part
    ]
    assert [e[0] for e in after] == [*(e[0] for e in before), "xl/added.xml"]
    assert open_package(written, "b").read(part) == b"<new/>"


def test_a_stored_part_stays_stored(tmp_path: Path) -> None:
    package = open_written(write_by_hand(tmp_path / "a.xlsx", "<x:sheetData/>"))
    written = package.change("xl/s/one.xml", b"<a/>").write()
    assert {entry[2] for entry in list_entries(written)} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("strict", [False, True])
def test_a_sheet_is_found_by_the_name_on_its_tab(strict: bool, tmp_path: Path) -> None:
    package = open_written(write_by_hand(tmp_path / "a.xlsx", "<x:sheetData/>", strict=strict))
    assert package.find_sheet("取組 & 他") == "xl/s/one.xml"
    assert package.find_sheet("取組") == ""


def test_parts_are_found_whatever_the_case_and_slashes_of_their_names(tmp_path: Path) -> None:
    write_with_openpyxl(tmp_path / "a.xlsx")
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name, _, _, content in list_entries((tmp_path / "a.xlsx").read_bytes()):
            # As some programs write them; zipfile puts them right where it reads on Windows alone.
            entry = zipfile.ZipInfo("placeholder")
            entry.filename = name.replace("/", "\\").replace("sheet1", "Sheet1")
            file.writestr(entry, content)
    package = open_package(written.getvalue(), "a.xlsx")
    part = package.find_sheet("取組")
    changed = package.change(part, b"<new/>")
    assert changed.read(part) == b"<new/>"
    assert len(list_entries(changed.write())) == len(
        list_entries((tmp_path / "a.xlsx").read_bytes())
    )


def test_a_part_that_is_added_is_led_to_and_declared(tmp_path: Path) -> None:
    package = open_written(write_with_xlsxwriter(tmp_path / "a.xlsx"))
    part = package.find_sheet("取組")
    found, package = package.add_related(part, "comments", "xl/comments7.xml", b"<c/>")
    package = package.declare("xl/comments7.xml", "a/b").declare("xl/comments7.xml", "a/b")
    again = open_package(package.write(), "b")
    assert (found, "comments", "xl/comments7.xml") in again.list_relations(part)
    assert again.read("[Content_Types].xml").count(b'"/xl/comments7.xml"') == 1


def spoil_sheet(raw: bytes) -> bytes:
    return open_package(raw, "a").change("xl/workbook.xml", b"<workbook").write()


def ask_for_entities(raw: bytes) -> bytes:
    text = b'<!DOCTYPE a [<!ENTITY e "eee">]><workbook>&e;</workbook>'
    return open_package(raw, "a").change("xl/workbook.xml", text).write()


def nest_deeply(raw: bytes) -> bytes:
    return open_package(raw, "a").change("xl/workbook.xml", b"<a>" * 999 + b"</a>" * 999).write()


def double_part(raw: bytes) -> bytes:
    written = io.BytesIO(raw)
    with zipfile.ZipFile(written, "a") as file:
        file.writestr("XL/workbook.xml", b"<other/>")
    return written.getvalue()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: b"%PDF-1.7",
        lambda raw: raw[: len(raw) // 2],
        spoil_sheet,
        ask_for_entities,
        nest_deeply,
        double_part,
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(spoil, tmp_path: Path) -> None:
    raw = spoil(write_with_openpyxl(tmp_path / "a.xlsx").read_bytes())
    with pytest.raises(UnusableWorkbook, match="save it anew"):
        open_package(raw, "a.xlsx")


def test_a_part_that_is_too_large_to_change_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(xml_text, "_LONGEST", 10)
    with pytest.raises(UnusableWorkbook, match="size"):
        open_written(write_with_openpyxl(tmp_path / "a.xlsx"))
