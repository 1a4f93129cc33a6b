"""Workbooks as different programs write them, for changing their parts."""

import io
import zipfile
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import Font

ROWS = (("番号", "取組", "進捗"), ("1-1", "窓口", "◎"), ("1-2", "学習", "〇"))
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_with_openpyxl(path: Path, *, comment: str = "") -> Path:
    """Write the rows to "取組", protected, C3 in bold; a comment stands at C3."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "取組"
    for row in ROWS:
        sheet.append(row)
    sheet["C3"].font = Font(bold=True)
    sheet["E1"] = "=LEN(B2)"
    sheet.protection.sheet = True
    if comment:
        sheet["C3"].comment = Comment(comment, "総務課")
    book.create_sheet("別")
    book.save(path)
    return path


def write_with_xlsxwriter(path: Path, *, comment: str = "") -> Path:
    """Write the rows to "取組" with a drop-down, a table and a picture's worth of other parts."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("取組")
        sheet.set_column(1, 1, 40, book.add_format({"italic": True}))
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.data_validation("C2:C3", {"validate": "list", "source": ["◎", "○"]})
        sheet.conditional_format("C2:C3", {"type": "blanks", "format": book.add_format()})
        sheet.set_footer("&C&P")
        if comment:
            sheet.write_comment("C3", comment)
        sheet.protect()
        other = book.add_worksheet("別")
        other.add_table("A1:B2", {"columns": [{"header": "甲"}, {"header": "乙"}]})
        other.write_comment("A1", "別のコメント")
    return path


def write_by_hand(path: Path, sheet: str, *, strict: bool = False, styles: bool = True) -> Path:
    """Write a workbook whose every element has a prefix; ``sheet`` is what its sheet holds."""
    main = f"{_STRICT}/spreadsheetml/main" if strict else _MAIN
    office = f"{_STRICT}/officeDocument/relationships" if strict else _OFFICE
    parts = {
        "[Content_Types].xml": f'<t:Types xmlns:t="{_PACKAGE}/content-types">'
        '<t:Default Extension="xml" ContentType="application/xml"/></t:Types>',
        "_rels/.rels": _relate(office, officeDocument="/xl/book.xml"),
        "xl/book.xml": f'<x:workbook xmlns:x="{main}" xmlns:q="{office}"><x:sheets>'
        '<x:sheet name="取組 &amp; 他" sheetId="4" q:id="worksheet"/></x:sheets></x:workbook>',
        "xl/_rels/book.xml.rels": _relate(office, worksheet="s/one.xml", styles="/xl/st.xml"),
        "xl/s/one.xml": f'<x:worksheet xmlns:x="{main}">{sheet}</x:worksheet>',
    }
    if styles:
        parts["xl/st.xml"] = (
            f'<x:styleSheet xmlns:x="{main}"><x:fills count="1"><x:fill/></x:fills>'
            "<x:cellXfs count='2'><x:xf fontId='0'/><x:xf fontId='0' fillId='0'>"
            "<x:alignment/></x:xf></x:cellXfs></x:styleSheet>"
        )
    with zipfile.ZipFile(path, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path


def _relate(office: str, **targets: str) -> str:
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{office}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'


def list_entries(raw: bytes) -> list[tuple[str, tuple[int, ...], int, bytes]]:
    """Return the parts in order: name, date, how it is packed, content."""
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        return [(e.filename, e.date_time, e.compress_type, file.read(e)) for e in file.infolist()]
