"""Workbooks put together part by part, as programs other than ours write them."""

import zipfile
from io import BytesIO
from pathlib import Path

from nenpo.workbooks.book import Book
from nenpo.workbooks.reading.opening import open_book

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = ("xlsx", "ods", "xls")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def make_parts(
    rows: str,
    *,
    strings: str = "",
    main: str = MAIN,
    relations: str = RELATIONS,
    prefix: str = "",
    after: str = "",
) -> dict[str, str]:
    """Return the parts of a workbook whose one sheet holds ``rows``, all elements of ``prefix``."""
    p, named = (f"{prefix}:", f":{prefix}") if prefix else ("", "")
    head = f'xmlns{named}="{main}" xmlns:r="{relations}"'
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relate(("officeDocument", "xl/workbook.xml"), relations=relations),
        "xl/workbook.xml": f'<{p}workbook {head}><{p}sheets><{p}sheet name="取組" sheetId="1" '
        f'r:id="r0"/></{p}sheets></{p}workbook>',
        "xl/_rels/workbook.xml.rels": _relate(
            ("worksheet", "worksheets/sheet1.xml"),
            ("sharedStrings", "/xl/sharedStrings.xml"),
            relations=relations,
        ),
        "xl/worksheets/sheet1.xml": f"<{p}worksheet {head}><{p}sheetData>{rows}</{p}sheetData>"
        f"{after}</{p}worksheet>",
        "xl/sharedStrings.xml": f"<{p}sst {head}>{strings}</{p}sst>",
    }


def pack(parts: dict[str, str] | dict[str, bytes]) -> bytes:
    """Return the parts as a zip."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts.items():
            zipped.writestr(name, content)
    return stream.getvalue()


def open_bytes(folder: Path, raw: bytes, name: str = "総務課.xlsx") -> Book:
    """Return what a file of these bytes is opened as."""
    path = folder / name
    path.write_bytes(raw)
    return open_book(path, name)


def open_rows(folder: Path, rows: str, **options: str) -> Book:
    """Return the workbook whose one sheet holds ``rows``."""
    return open_bytes(folder, pack(make_parts(rows, **options)))


def _relate(*targets: tuple[str, str], relations: str) -> str:
    entries = "".join(
        f'<Relationship Id="r{n}" Type="{relations}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{entries}</Relationships>'
