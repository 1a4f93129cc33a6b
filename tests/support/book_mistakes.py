"""What people do to rows, columns, sheets and files of a survey, and what has to become of it.

Each function spoils a department's workbook in the folder of replies and returns the places that
have to be named: "noted" or "refused". What it says of mending is done in the findings copy.
"""

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from answering import JOINT
from cell_mistakes import Outcome
from nenpo.workbooks.layout import FIRST_ROW
from survey_books import Filled

Named = dict[str, Outcome]
SENT_AGAIN = "sent again"
"""How a file is mended that cannot be opened: the department sends its workbook once more."""


@dataclass(frozen=True)
class BookMistake:
    """A mistake in the workbook of ``department``; ``mend`` changes its findings copy."""

    name: str
    department: str
    spoil: Callable[[Filled], Named]
    mend: Callable[[Worksheet], None] | str | None = None


def _name(filled: Filled, row: int | None = None, column: int = 0, kind: str = "items") -> str:
    sheet = filled.sheet(kind)
    cell = f"!{sheet.cell(row, column).coordinate}" if row else ""
    return f"{filled.path.name}!{sheet.title}{cell}"


def _last(filled: Filled) -> int:
    return FIRST_ROW + len(filled.layout().rows) - 1


# Files


def _write(raw: bytes) -> Callable[[Filled], Named]:
    def spoil(filled: Filled) -> Named:
        filled.path.write_bytes(raw)
        return {filled.path.name: "refused"}

    return spoil


def cut_off(filled: Filled) -> Named:
    raw = filled.path.read_bytes()
    return _write(raw[: len(raw) // 2])(filled)


def encrypt(filled: Filled) -> Named:
    fixtures = Path(__file__).parents[1] / "fixtures" / "workbooks"
    before, after = (
        each.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(each) + 2])
        for each in ("Workbook", "EncryptedPackage")
    )
    return _write((fixtures / "libreoffice.xls").read_bytes().replace(before, after))(filled)


def inflate(filled: Filled) -> Named:
    """A part of the file unpacks to more than anybody's workbook."""
    _change_parts(filled.path, {"xl/workbook.xml": lambda raw: raw + b" " * 40_000_000})
    return {filled.path.name: "refused"}


def keep_open(filled: Filled) -> Named:
    filled.path.with_name(f"~${filled.path.name}").write_bytes(b"\x05user")
    return {filled.path.name: "refused"}


def add_macros(filled: Filled) -> Named:
    path = filled.path.with_suffix(".xlsm")
    filled.path.rename(path)
    told = b'<Relationship Id="m" Type="x/vbaProject" Target="vbaProject.bin"/></Relationships>'
    _change_parts(
        path,
        {"xl/_rels/workbook.xml.rels": lambda raw: raw.replace(b"</Relationships>", told)},
        {"xl/vbaProject.bin": b"\0"},
    )
    return {path.name: "noted"}


def link_elsewhere(filled: Filled) -> Named:
    filled.book.create_sheet("計算")["A1"] = "=[1]表!$A$1"
    filled.save()
    return {filled.path.name: "noted", f"{filled.path.name}!計算": "noted"}


def call_it_xls(filled: Filled) -> Named:
    path = filled.path.with_suffix(".xls")
    filled.path.rename(path)
    return {path.name: "noted"}


def save_as_csv(filled: Filled) -> Named:
    """Excel saves the sheet that is seen, in cp932; what that has not becomes a question mark."""
    written = io.StringIO()
    for row in filled.sheet().iter_rows(values_only=True):
        csv.writer(written).writerow("" if value is None else value for value in row)
    filled.path.with_suffix(".csv").write_bytes(written.getvalue().encode("cp932", "replace"))
    filled.path.unlink()
    return {}


def save_as_ods(filled: Filled) -> Named:
    tables = "".join(_write_table(sheet) for sheet in filled.book if sheet.sheet_state == "visible")
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content{spaces}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(filled.path.with_suffix(".ods"), "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("META-INF/manifest.xml", "<manifest/>")
        file.writestr("content.xml", content)
    filled.path.unlink()
    return {}


def _write_table(sheet: Worksheet) -> str:
    rows = (
        "".join(
            f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p>'
            "</table:table-cell>"
            if value is not None
            else "<table:table-cell/>"
            for value in row
        )
        for row in sheet.iter_rows(values_only=True)
    )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f'<table:table table:name="{escape(sheet.title)}">{body}</table:table>'


def rename_all(filled: Filled) -> Named:
    """File and sheet are called otherwise; of what two departments lead, it is told there."""
    name = "最終版（修正後）.xlsx"
    place = _name(filled, filled.row(JOINT), filled.column("done"))
    filled.sheet().title = "コピー (2)"
    filled.save(filled.path.with_name(name))
    filled.path.unlink()
    cell = place.rpartition("!")[2]
    return {f"{name}!コピー (2)!{cell}": "noted"}


def answer_twice(filled: Filled) -> Named:
    """Two workbooks of one department, with other answers."""
    other = filled.path.with_name("再提出.xlsx")
    filled.put(filled.layout().rows[0].id, done="別の実績").save(other)
    return {filled.path.name: "refused", other.name: "refused"}


def send_a_copy_along(filled: Filled) -> Named:
    filled.save(filled.path.with_name(f"{filled.path.stem} - コピー.xlsx"))
    return {filled.path.name: "noted"}


def forget(filled: Filled) -> Named:
    """Nothing has come from the department."""
    filled.path.unlink()
    return {}


def copy_into_a_new_book(filled: Filled) -> Named:
    """The sheets alone, without what was hidden, in a workbook of another name."""
    book = openpyxl.Workbook()
    for number, kind in enumerate(("items", "milestones")):
        new = book.active if number == 0 else book.create_sheet(f"Sheet{number + 1}")
        assert isinstance(new, Worksheet)
        for row in filled.sheet(kind).iter_rows(min_row=2, min_col=2):
            for cell in row:
                new.cell(cell.row - 1, cell.column - 1).value = cell.value  # type: ignore[assignment]
    book.save(filled.path.with_name("新規 Microsoft Excel ワークシート.xlsx"))
    filled.path.unlink()
    return {}


def _change_parts(
    path: Path, changes: dict[str, Callable[[bytes], bytes]], more: dict[str, bytes] | None = None
) -> None:
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts |= {name: change(parts[name]) for name, change in changes.items()} | (more or {})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)


# Sheets


def add_sheet(filled: Filled) -> Named:
    filled.book.create_sheet("集計用")["A1"] = "課内の打合せ"
    filled.save()
    return {f"{filled.path.name}!集計用": "noted"}


def answer_in_a_second_sheet(filled: Filled) -> Named:
    copy = filled.book.copy_worksheet(filled.sheet())
    copy.title = "取組 (2)"
    copy.cell(FIRST_ROW, filled.column("done")).value = "別の実績"
    filled.save()
    return {f"{filled.path.name}!取組 (2)": "refused"}


def remove_second(sheet: Worksheet) -> None:
    book = sheet.parent
    assert book is not None
    book.remove(book["取組 (2)"])


# Columns


def delete_ids(filled: Filled) -> Named:
    for kind in ("items", "milestones"):
        filled.sheet(kind).delete_cols(1)
        filled.sheet(kind).delete_rows(1)
    filled.save()
    return {}


def delete_column(filled: Filled) -> Named:
    filled.sheet().delete_cols(filled.column("issues"))
    filled.save()
    return {_name(filled): "noted"}


def insert_column(filled: Filled) -> Named:
    filled.sheet().insert_cols(filled.column("done"))
    filled.sheet().cell(FIRST_ROW, filled.column("done")).value = "係のメモ"
    filled.save()
    return {_name(filled, FIRST_ROW, filled.column("done")): "noted"}


def swap_columns(filled: Filled) -> Named:
    """Two columns change places, with all that is above them."""
    sheet = filled.sheet()
    for row in range(1, _last(filled) + 1):
        one, other = (sheet.cell(row, filled.column(key)) for key in ("done", "next_year"))
        one.value, other.value = other.value, one.value
    filled.save()
    return {}


def relabel_column(filled: Filled) -> Named:
    column = filled.column("done")
    filled.sheet().cell(1, column).value = None
    filled.sheet().cell(FIRST_ROW - 1, column).value = "やったこと"
    filled.save()
    return {_name(filled, FIRST_ROW - 1, column): "refused"}


def label_it_again(sheet: Worksheet) -> None:
    for cell in sheet[FIRST_ROW - 1]:
        if cell.value == "やったこと":
            cell.value = "令和4年度の実績"


# Rows


def _reverse(filled: Filled, first: int) -> None:
    sheet, rows = filled.sheet(), range(FIRST_ROW, _last(filled) + 1)
    columns = range(first, filled.column("issues") + 1)
    cells = [[sheet.cell(row, column).value for column in columns] for row in rows]
    for row, values in zip(rows, reversed(cells), strict=True):
        for column, value in zip(columns, values, strict=True):
            sheet.cell(row, column).value = value
    filled.save()


def sort_with_ids(filled: Filled) -> Named:
    _reverse(filled, 1)
    return {}


def sort_without_ids(filled: Filled) -> Named:
    _reverse(filled, 2)
    rows = range(FIRST_ROW, _last(filled) + 1)
    middle = (rows[0] + rows[-1]) / 2
    return {_name(filled, row, filled.column("title")): "noted" for row in rows if row != middle}


def insert_and_hide_rows(filled: Filled) -> Named:
    filled.sheet().insert_rows(FIRST_ROW + 1, 2)
    filled.sheet().insert_rows(1)
    filled.sheet().row_dimensions[FIRST_ROW + 5].hidden = True
    filled.save()
    return {_name(filled): "noted"}


def delete_row(filled: Filled) -> Named:
    filled.sheet().delete_rows(FIRST_ROW)
    filled.save()
    return {_name(filled): "noted"}


def merge_rows(filled: Filled) -> Named:
    column = filled.column("done")
    filled.sheet().merge_cells(
        start_row=FIRST_ROW, end_row=FIRST_ROW + 1, start_column=column, end_column=column
    )
    filled.save()
    return {_name(filled, FIRST_ROW, column): "refused"}


def unmerge(sheet: Worksheet) -> None:
    for area in list(sheet.merged_cells.ranges):
        if area.min_row >= FIRST_ROW:
            sheet.unmerge_cells(str(area))


def change_titles(filled: Filled) -> Named:
    """A title, and a mark of last year, are corrected though nobody asked."""
    item = filled.layout().rows[1].id
    filled.put(item, title="名前を改めた取組", last_status="×").save()
    row = filled.row(item)
    return {_name(filled, row, filled.column(key)): "noted" for key in ("title", "last_status")}


def write_beside(filled: Filled) -> Named:
    column = filled.column("issues") + 3
    filled.sheet().cell(FIRST_ROW, column).value = "後で確認"
    filled.save()
    return {_name(filled, FIRST_ROW, column): "noted"}


def add_rows(filled: Filled) -> Named:
    """An item that nobody knows, one of another department, and one that stands there already."""
    sheet, last, title = filled.sheet(), _last(filled), filled.column("title")
    for column in range(1, filled.column("issues") + 1):
        sheet.cell(last + 1, column).value = sheet.cell(FIRST_ROW, column).value
    sheet.cell(last + 1, filled.column("done")).value = "別の実績"
    sheet.cell(last + 2, title).value = "宇宙からの申請受付"
    sheet.cell(last + 2, filled.column("done")).value = "始めた"
    sheet.cell(last + 3, 1).value = "i1-2-3-03"
    sheet.cell(last + 3, title).value = "他課の取組"
    sheet.cell(last + 3, filled.column("done")).value = "手伝った"
    filled.save()
    return {_name(filled, last + n, title): "refused" for n in (1, 2, 3)}


def remove_added(sheet: Worksheet) -> None:
    first = next(c.row for c in sheet["D"] if c.value == "宇宙からの申請受付")
    sheet.delete_rows(first - 1, 3)


BOOK_MISTAKES = (
    BookMistake("renamed file and sheet", "kikaku", rename_all),
    BookMistake("macros", "kocho-koho", add_macros),
    BookMistake("a part that unpacks to too much", "somu", inflate, SENT_AGAIN),
    BookMistake("titles corrected", "shokuin", change_titles),
    BookMistake("a column deleted", "shokuin", delete_column),
    BookMistake("an empty file", "bosai-kiki", _write(b""), SENT_AGAIN),
    BookMistake("a row deleted", "shin-kuyakusho", delete_row, SENT_AGAIN),
    BookMistake("cells merged over rows", "koseki-jumin", merge_rows, unmerge),
    BookMistake("rows added", "koseki-jumin", add_rows, remove_added),
    BookMistake("columns moved", "zeimu", swap_columns),
    BookMistake("a column inserted", "zeimu", insert_column),
    BookMistake("a remark beside", "zeimu", write_beside),
    BookMistake("rows sorted without their ids", "hoken-iryo", sort_without_ids),
    BookMistake("two workbooks", "sangyo-shinko", answer_twice, SENT_AGAIN),
    BookMistake("a PDF called .xlsx", "kumin-bunka", _write(b"%PDF-1.7\n"), SENT_AGAIN),
    BookMistake(
        "a column called otherwise", "kodomo-kyoiku-seisaku", relabel_column, label_it_again
    ),
    BookMistake("saved as .csv in cp932", "hoikuen-yochien", save_as_csv),
    BookMistake("no reply", "kosodate-shien", forget, SENT_AGAIN),
    BookMistake("an extension that is wrong", "gakko-kyoiku", call_it_xls),
    BookMistake("rows inserted, one hidden", "chiiki-katsudo", insert_and_hide_rows),
    BookMistake("ids and keys deleted", "kaigo-koreisha-shien", delete_ids),
    BookMistake("a sheet of the department's own", "kaigo-koreisha-shien", add_sheet),
    BookMistake("sheets copied into a new book", "fukushi-suishin", copy_into_a_new_book),
    BookMistake("saved as .ods", "seikatsu-engo", save_as_ods),
    BookMistake("rows sorted", "hoken-kikaku", sort_with_ids),
    BookMistake("a copy sent along", "hoken-kikaku", send_a_copy_along),
    BookMistake("encrypted", "gomi-zero", encrypt, SENT_AGAIN),
    BookMistake("cut off", "jutaku", cut_off, SENT_AGAIN),
    BookMistake("still open", "kugikai", keep_open, SENT_AGAIN),
    BookMistake(
        "another answer in a second sheet", "senkyo", answer_in_a_second_sheet, remove_second
    ),
    BookMistake("a link to another file", "senkyo", link_elsewhere),
)
