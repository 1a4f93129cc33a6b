"""Whatever lies among the replies is a workbook, or refused with what it is and what to do."""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nenpo.errors import (
    DamagedWorkbook,
    EncryptedWorkbook,
    HugeWorkbook,
    InputError,
    LockFile,
    NotAWorkbook,
    OpenWorkbook,
    SpecialFile,
    Words,
    WrongEncoding,
)
from nenpo.workbooks.forms.learn import learn_form
from nenpo.workbooks.reading.opening import REPLY, open_book
from nenpo.workbooks.starting.adopt import Wishes, adopt_list
from workbook_parts import KINDS, make_parts, open_bytes, pack

FIXTURES = Path(__file__).parents[1] / "fixtures" / "workbooks"
XLS = (FIXTURES / "libreoffice.xls").read_bytes()
ROWS = '<row r="1"><c r="A1"><v>1</v></c></row>'


def make_ole(name: str) -> bytes:
    """Return a file of Office 97 whose one stream is called so."""
    before, after = (
        each.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(each) + 2])
        for each in ("Workbook", name)
    )
    assert before in XLS
    return XLS.replace(before, after)


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "an empty file"),
        (bytes(4096), "an empty file"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\x1f\x8b\x08", "a gzip archive"),
        (b"MZ\x90", "a program"),
        (b"L\0\0\0\x01\x14\x02\0", "a Windows shortcut"),
        (b"<html><body><table><tr><td>1", "HTML, a web page"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "HTML, a web page"),
        (b"<table><tr><td>1</td></tr></table>", "HTML, a web page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML of 2003",
        ),
        (pack({"word/document.xml": "<w/>", "[Content_Types].xml": "<T/>"}), "a Word document"),
        (pack({"ppt/presentation.xml": "<p/>"}), "a PowerPoint file"),
        (pack({"xl/workbook.bin": "x", "[Content_Types].xml": "<T/>"}), "a binary .xlsb"),
        (pack({"Index/Document.iwa": "x"}), "a Numbers document"),
        (pack({"総務課.xlsx": "x"}), "a ZIP archive"),
        (
            pack({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
            "an OpenDocument file, no spreadsheet",
        ),
        (make_ole("WordDocument"), "a Word document"),
        (make_ole("PowerPoint Document"), "an Office file other than Excel's"),
        (b"\x09\x08\x10\0\0\x06\x05\0", "not of a format of spreadsheets"),
        (b"\x81\x81\xff\xfe\xfd", "not of a format of spreadsheets"),
    ],
)
def test_file_that_is_no_workbook_is_called_what_it_is(
    raw: bytes, told: str, tmp_path: Path
) -> None:
    with pytest.raises(NotAWorkbook) as caught:
        open_bytes(tmp_path, raw, "総務課.xls")
    assert f"({told})" in caught.value.message("en")
    assert caught.value.message("ja").endswith("こと。")


ENCRYPTED = {
    "xlsx": make_ole("EncryptedPackage"),
    # The first record after the beginning of this workbook, as one that says it is encrypted.
    "xls": XLS.replace(b"\xe1\0\x02\0", b"\x2f\0\x02\0", 1),
    "ods": pack(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": "x",
            "META-INF/manifest.xml": "<manifest:encryption-data/>",
        }
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_encrypted_workbook_is_refused_with_how_to_send_it(kind: str, tmp_path: Path) -> None:
    with pytest.raises(EncryptedWorkbook) as caught:
        open_bytes(tmp_path, ENCRYPTED[kind])
    assert "パスワードを外して" in caught.value.message("ja")


@pytest.mark.parametrize("kind", KINDS)
def test_workbook_that_was_cut_off_is_refused(kind: str, tmp_path: Path) -> None:
    raw = (FIXTURES / f"libreoffice.{kind}").read_bytes()
    with pytest.raises(DamagedWorkbook):
        open_bytes(tmp_path, raw[: len(raw) // 2], f"a.{kind}")


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_altered_bytes_are_refused_or_read_and_nothing_else(
    kind: str, data: st.DataObject, tmp_path: Path
) -> None:
    raw = bytearray((FIXTURES / f"libreoffice.{kind}").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InputError):
        open_bytes(tmp_path, bytes(raw), f"a.{kind}")


def test_extension_that_is_wrong_is_told(tmp_path: Path) -> None:
    book = open_bytes(tmp_path, pack(make_parts(ROWS)), "総務課.xls")
    assert book.sheets[0].read(1, 1) == "1"
    assert [note.ja for note in book.notes] == [
        "拡張子と違い、中身は .xlsx である。中身のとおりに読む"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_sheet_saved_as_text_is_read(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = f'総務課{delimiter}"46,0{delimiter}"\r\n\r\n{delimiter}"改行\r\nあり"\r\n'
    book = open_bytes(tmp_path, text.encode(encoding), "総務課.csv")
    (sheet,) = book.sheets
    assert (book.kind, book.notes, sheet.name) == ("csv", (), "総務課")
    assert {place: cell.value for place, cell in sheet.cells.items()} == {
        (1, 1): "総務課",
        (1, 2): f"46,0{delimiter}",
        (3, 2): "改行\nあり",
    }


def test_separator_that_excel_states_is_no_row(tmp_path: Path) -> None:
    book = open_bytes(tmp_path, b"sep=;\r\na;b,c\r\n", "a.csv")
    assert book.sheets[0].read(1, 2) == "b,c"


def test_error_of_a_formula_saved_as_text_is_an_error(tmp_path: Path) -> None:
    cells = open_bytes(tmp_path, b"#REF!,1\n", "a.csv").sheets[0].cells
    assert (cells[1, 1].value, cells[1, 1].error) == (None, "#REF!")


def test_text_in_another_encoding_is_refused_as_such(tmp_path: Path) -> None:
    with pytest.raises(WrongEncoding, match="UTF-16"):
        open_bytes(tmp_path, "総務課\t1\r\n".encode("utf-16"), "a.txt")


def test_quote_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedWorkbook, match="never closed"):
        open_bytes(tmp_path, '総務課,"続く\n次の行\n'.encode(), "a.csv")


def test_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").touch()
    os.truncate(tmp_path / "a.csv", 21_000_000)
    with pytest.raises(HugeWorkbook, match="20 MB"):
        open_book(tmp_path / "a.csv", "a.csv")


@pytest.mark.parametrize("name", ["~$総務課.xlsx", ".~lock.総務課.xlsx#"])
def test_lock_file_is_no_reply(name: str, tmp_path: Path) -> None:
    with pytest.raises(LockFile, match=r"'総務課\.xlsx' is closed"):
        open_bytes(tmp_path, b"\x05user", name)


@pytest.mark.parametrize("lock", ["~$総務課.xlsx", ".~lock.総務課.xlsx#"])
def test_workbook_that_is_open_is_refused(lock: str, tmp_path: Path) -> None:
    (tmp_path / lock).touch()
    with pytest.raises(OpenWorkbook) as caught:
        open_bytes(tmp_path, pack(make_parts(ROWS)))
    assert lock in caught.value.message("ja")


def test_file_that_windows_does_not_share_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        error = PermissionError(13, "Permission denied")
        error.winerror = 32  # type: ignore[attr-defined]
        raise error

    (tmp_path / "a.xlsx").write_bytes(b"PK")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OpenWorkbook, match="another program uses it"):
        open_book(tmp_path / "a.xlsx", "a.xlsx")


def test_folder_link_and_pipe_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "link.xlsx").symlink_to(FIXTURES / "libreoffice.xlsx")
    os.mkfifo(tmp_path / "pipe.xlsx")
    for name in ("folder", "link", "pipe"):
        with pytest.raises(SpecialFile):
            open_book(tmp_path / f"{name}.xlsx", name)


def test_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        open_book(tmp_path / "a.xlsx", "a.xlsx")


def test_what_is_no_workbook_is_refused_with_what_was_wanted_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.7")
    for wanted in (REPLY, Words("一覧表を指定すること。", "Give a list.")):
        with pytest.raises(NotAWorkbook) as refused:
            open_book(tmp_path / "a.xlsx", "a.xlsx", wanted)
        assert refused.value.message("ja").endswith(wanted.ja)


def test_a_list_or_a_form_that_is_none_is_not_called_a_survey(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7")
    for read in (partial(adopt_list, path, Wishes()), partial(learn_form, path, path, None, None)):
        with pytest.raises(NotAWorkbook) as refused:
            read()
        assert "調査票" not in refused.value.message("ja")


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"])
def test_blank_elements_that_would_fill_the_memory_are_refused(part: str, tmp_path: Path) -> None:
    parts = make_parts("")
    # Random bytes keep the zip from being refused for how far it was packed.
    noise = f"<!--{os.urandom(100_000).hex()}-->"
    parts[part] = f"<x>{noise}{'<y/>' * 4_000_001}</x>"
    with pytest.raises(HugeWorkbook, match="4,000,000"):
        open_bytes(tmp_path, pack(parts))
