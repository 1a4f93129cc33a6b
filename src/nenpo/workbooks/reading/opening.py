"""Any file that somebody sends as a workbook → a Book, or the reason why it is none.

Content decides, never the name. Nothing of a workbook is run, and nothing outside of it is read.
"""

import os
import stat
from dataclasses import replace
from pathlib import Path, PurePath

from nenpo.errors import (
    DataError,
    EncryptedWorkbook,
    LockFile,
    NotAWorkbook,
    OpenWorkbook,
    SpecialFile,
    UnusableWorkbook,
    Words,
)
from nenpo.files import explain_unreadable
from nenpo.workbooks.book import Book, Kind
from nenpo.workbooks.reading.archive import Archive, open_archive
from nenpo.workbooks.reading.cells import refuse_size
from nenpo.workbooks.reading.delimited import read_delimited
from nenpo.workbooks.reading.ods import read_ods
from nenpo.workbooks.reading.ole import SIGNATURE, read_streams
from nenpo.workbooks.reading.xls import read_xls
from nenpo.workbooks.reading.xlsx import read_xlsx

MOST_BYTES = 20_000_000
"""Of a workbook: what is larger is not read."""
_EXTENSIONS: dict[str, tuple[Kind, ...]] = {
    ".xlsx": ("xlsx",),
    ".xlsm": ("xlsm", "xlsx"),
    ".xltx": ("xlsx",),
    ".xltm": ("xlsm", "xlsx"),
    ".xls": ("xls",),
    ".ods": ("ods",),
    ".csv": ("csv",),
    ".tsv": ("csv",),
    ".txt": ("csv",),
}
"""What each extension promises; what a file holds decides."""

_ENCRYPTED = ("EncryptedPackage", "DRMEncryptedDataSpace", "\tDRMContent")
REPLY = Words("調査票のブックを提出してもらうこと。", "Ask for the workbook of the survey.")
"""What to do about a file in the place of a reply that is no workbook."""
_SAVE_AS = Words(
    "表計算ソフトで開き、「Excel ブック（.xlsx）」で保存し直すこと。",
    "Open it in a spreadsheet program and save it as .xlsx.",
)
_NOT_THERE = Words("その名前のファイルがない", "there is no such file")
_LOOK = Words("名前とフォルダーを確かめること。", "See to its name and its folder.")
# What a file begins with, and what it is then; of what cannot be saved as a workbook, no more.
_BEGINNINGS: tuple[tuple[bytes, Words, Words | None], ...] = (
    (b"%PDF", Words("PDF", "a PDF"), None),
    (b"\xff\xd8\xff", Words("JPEG 画像", "a JPEG image"), None),
    (b"\x89PNG", Words("PNG 画像", "a PNG image"), None),
    (b"GIF8", Words("GIF 画像", "a GIF image"), None),
    (b"BM", Words("BMP 画像", "a BMP image"), None),
    (b"II*\0", Words("TIFF 画像", "a TIFF image"), None),
    (b"{\\rtf", Words("リッチテキスト", "rich text"), None),
    (b"Rar!", Words("RAR の圧縮ファイル", "a RAR archive"), None),
    (b"7z\xbc\xaf", Words("7z の圧縮ファイル", "a 7z archive"), None),
    (b"\x1f\x8b", Words("gzip の圧縮ファイル", "a gzip archive"), None),
    (b"MZ", Words("実行ファイル", "a program"), None),
    (b"L\0\0\0\x01\x14\x02", Words("Windows のショートカット", "a Windows shortcut"), None),
    (b"\0\x05\x16\x07", Words("macOS が添える付属ファイル", "what macOS adds to files"), None),
    (b"ID;P", Words("SYLK 形式", "SYLK"), _SAVE_AS),
    (b"MIME-Version:", Words("Web ページ（MHTML）", "a web page (MHTML)"), _SAVE_AS),
)
# Words near the beginning of a text that is no table.
_MARKUP: tuple[tuple[bytes, Words], ...] = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", Words("XML 2003 形式", "XML of 2003")),
    (b"office:document", Words("フラット XML 形式の ODF", "flat XML of ODF")),
    (b"<html", Words("HTML（Web ページ）", "HTML, a web page")),
    (b"<!doctype html", Words("HTML（Web ページ）", "HTML, a web page")),
    (b"<table", Words("HTML（Web ページ）", "HTML, a web page")),
    (b"<?xml", Words("XML", "XML")),
)
_INSIDE: tuple[tuple[str, Words, Words | None], ...] = (
    ("xl/workbook.bin", Words("Excel バイナリブック（.xlsb）", "a binary .xlsb"), _SAVE_AS),
    ("word/document.xml", Words("Word の文書", "a Word document"), None),
    ("ppt/presentation.xml", Words("PowerPoint の資料", "a PowerPoint file"), None),
    ("index/document.iwa", Words("Numbers の書類", "a Numbers document"), _SAVE_AS),
    ("index.zip", Words("Numbers の書類", "a Numbers document"), _SAVE_AS),
)
_SPECIAL = (
    (stat.S_ISDIR, Words("フォルダーである", "it is a folder")),
    (stat.S_ISLNK, Words("リンクである", "it is a link")),
)
_NEITHER = Words("表計算ソフトの形式ではない", "not of a format of spreadsheets")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NO_FILE = Words("普通のファイルではない（パイプ、デバイスなど）", "it is a pipe or a device")
_USED_ELSEWHERE = (32, 33)  # of Windows: sharing violation, lock violation
_LOCKS = ("~$", ".~lock.")


def open_book(path: Path, name: str, wanted: Words = REPLY) -> Book:
    """Return the workbook in a file; ``name`` is the file as messages call it.

    ``wanted`` says which workbook to come by, if the file is none.
    Raises ``UnusableWorkbook`` or one of its kinds, ``SpecialFile``, ``UnreadableFile``; of text
    also as :func:`~nenpo.data.encodings.decode_text`.
    """
    raw = _read_bytes(path, name)
    book = _read_book(raw, name, wanted)
    promised = _EXTENSIONS.get(PurePath(name).suffix.lower())
    if promised is not None and book.kind in promised:
        return book
    note = Words(
        "拡張子と違い、中身は .{} である。中身のとおりに読む",
        "its content is .{}, whatever its name says, and is read as such",
    )
    return replace(book, notes=(note.fill(book.kind), *book.notes))


def is_lock_file(name: str) -> bool:
    """Return whether a file is what a spreadsheet program lays beside an open workbook."""
    return name.startswith(_LOCKS)


def _read_bytes(path: Path, name: str) -> bytes:
    """Return the content of an ordinary file that nobody has open."""
    if is_lock_file(path.name):
        of = path.name.removeprefix("~$").removeprefix(".~lock.").removesuffix("#")
        raise LockFile(place=name, of=of)
    try:
        # Nothing is opened before that: it would wait for ever at a pipe.
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            what = next((words for kind, words in _SPECIAL if kind(mode)), _NO_FILE)
            raise SpecialFile(place=name, what=what.ja, what_en=what.en)
        _refuse_open(path, name)
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise UnusableWorkbook(place=name, why=_NOT_THERE, remedy=_LOOK) from None
    except OSError as error:
        if getattr(error, "winerror", None) in _USED_ELSEWHERE:
            why = Words("ほかのプログラムが使っている", "another program uses it")
            raise OpenWorkbook(place=name, why=why, remedy=Words("", "")) from None
        raise explain_unreadable(name, error) from None
    if len(raw) > MOST_BYTES:
        size, most = f"> {MOST_BYTES / 1e6:.0f} MB", f"{MOST_BYTES / 1e6:.0f} MB"
        raise refuse_size(name, Words("ファイルの大きさ", "size of the file"), size, most)
    return raw


def _refuse_open(path: Path, name: str) -> None:
    """Raise ``OpenWorkbook`` if a lock file lies beside: what is on the screen may be newer."""
    for lock in (f"~${path.name}", f".~lock.{path.name}#"):
        if os.path.lexists(path.with_name(lock)):
            why = Words("「{}」が隣にある", "'{}' lies beside it").fill(lock)
            remedy = Words(
                "開いていないのに残っているときは、「{}」を削ること。",
                "If nobody has it open, remove '{}'.",
            )
            raise OpenWorkbook(place=name, why=why, remedy=remedy.fill(lock))


def _read_book(raw: bytes, name: str, wanted: Words) -> Book:
    if not raw.strip(b"\0 \r\n\t"):
        raise _refuse(name, Words("空のファイル", "an empty file"), wanted)
    if raw.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _read_zipped(open_archive(raw, name), wanted)
    if raw.startswith(SIGNATURE):
        return _read_ole(raw, name, wanted)
    for beginning, what, remedy in _BEGINNINGS:
        if raw.startswith(beginning):
            raise _refuse(name, what, remedy or wanted)
    return _read_text(raw, name, wanted)


def _read_zipped(archive: Archive, wanted: Words) -> Book:
    if "content.xml" in archive and b"spreadsheet" in archive.read("mimetype"):
        return read_ods(archive)
    for part, what, remedy in _INSIDE:
        if part in archive:
            raise _refuse(archive.name, what, remedy or wanted)
    if "mimetype" in archive:
        what = Words("OpenDocument の文書（表計算でない）", "an OpenDocument file, no spreadsheet")
        raise _refuse(archive.name, what, wanted)
    if "[Content_Types].xml" not in archive:
        what = Words("ZIP の圧縮ファイル", "a ZIP archive")
        remedy = Words("展開して、中のブックを置くこと。", "Unpack it and put the workbook here.")
        raise _refuse(archive.name, what, remedy)
    return read_xlsx(archive)


def _read_ole(raw: bytes, name: str, wanted: Words) -> Book:
    """Read what Office 97 to 2003 wrote, and what later ones write around encrypted files."""
    streams = read_streams(raw, name, ("Workbook", "Book"))
    if not streams.keys().isdisjoint(_ENCRYPTED):
        raise EncryptedWorkbook(place=name)
    workbook = streams.get("Workbook") or streams.get("Book")
    if workbook is None:
        word = Words("Word の文書", "a Word document")
        other = Words("Excel 以外の Office のファイル", "an Office file other than Excel's")
        raise _refuse(name, word if "WordDocument" in streams else other, wanted)
    return read_xls(workbook, name, macros="_VBA_PROJECT" in streams)


def _read_text(raw: bytes, name: str, wanted: Words) -> Book:
    beginning = raw[:4000].lower()
    for sign, what in _MARKUP:
        if sign in beginning and beginning.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
            raise _refuse(name, what, _SAVE_AS)
    promised = _EXTENSIONS.get(PurePath(name).suffix.lower(), ())
    if not promised or (b"\0" in raw and not raw.startswith(_UTF_16)):
        raise _refuse(name, _NEITHER, wanted)
    try:
        return read_delimited(raw, name)
    except DataError:
        # Of a file that is called a text, the trouble with its encoding is the news.
        if "csv" in promised:
            raise
        raise _refuse(name, _NEITHER, wanted) from None


def _refuse(name: str, what: Words, remedy: Words) -> NotAWorkbook:
    return NotAWorkbook(place=name, what=what, remedy=remedy)
