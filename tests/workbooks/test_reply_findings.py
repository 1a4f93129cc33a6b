"""Findings are told politely, marked in copies of what was sent, and listed."""

import io
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from nenpo.errors import BLANK, UnusableCell, UnusableFolder, UnusableWorkbook, Words
from nenpo.workbooks.marking.findings import (
    FAULT,
    NOTE,
    SETTLED,
    Finding,
    make_polite,
    word_request,
)
from nenpo.workbooks.marking.findings_book import LIST
from nenpo.workbooks.marking.marked_copies import write_marked
from nenpo.workbooks.marking.own_folder import check_folder
from nenpo.workbooks.parts.package import open_package
from written_workbooks import list_entries, write_with_openpyxl, write_with_xlsxwriter

NAMES = {"somu": "総務課"}
MARKS = Words("◎、○、△、×", "◎, ○, △, ×")


def refuse_cell(value: str = "〇") -> UnusableCell:
    return UnusableCell(
        place="a.xlsx!取組!C3",
        column="進捗",
        value=value,
        why=Words("似た別の文字である", "another sign"),
        allowed=MARKS,
        remedy=Words("「○」を選ぶこと。", "Choose '○'."),
    )


def find(file: Path, row: int = 3, column: int = 3, **more: Any) -> Finding:
    given = {"sheet": "取組", "problem": refuse_cell(), "department": "somu", **more}
    return Finding(file=file, row=row, column=column, **given)


@pytest.fixture
def replies(tmp_path: Path) -> Path:
    (tmp_path / "replies" / "mail").mkdir(parents=True)
    write_with_openpyxl(tmp_path / "replies" / "総務.xlsx")
    write_with_xlsxwriter(tmp_path / "replies" / "mail" / "窓口.xlsx")
    return tmp_path / "replies"


def mark(replies: Path, *findings: Finding) -> Path:
    back = replies.parent / "back"
    check_folder(replies.parent / "project", back, replies)
    write_marked(replies, findings, back, NAMES)
    return back


def read_sheet(file: Path, name: str = "取組") -> Any:
    return openpyxl.load_workbook(file)[name]


def read_comments(sheet: Any) -> dict[str, str]:
    return {c.coordinate: c.comment.text for row in sheet for c in row if c.comment}


@pytest.mark.parametrize(
    ("plain", "polite"),
    [
        ("数で書くこと。", "数で書いてください。"),
        ("表から選ぶこと", "表から選んでください"),
        ("入力すること。", "入力してください。"),
        ("値を消すこと。", "値を消してください。"),
        ("行を入れること。", "行を入れてください。"),
        ("行を削ること。", "行を削るようお願いします。"),
        ("提出してもらうこと。", "提出してください。"),
        ("上書きしないこと。", "上書きしないでください。"),
        ("日付の列ではない。数で書くこと。", "日付の列ではありません。数で書いてください。"),
        ("この値は使えない（単位が違う）。", "この値は使えません（単位が違う）。"),
        ("読み取れない（二つある（甲、乙））。", "読み取れません（二つある（甲、乙））。"),
        ("シートがない。", "シートがありません。"),
        ("全角の数字を半角にした。", "全角の数字を半角にしました。"),
        ("進捗: ◎", "進捗: ◎"),
        ("", ""),
    ],
)
def test_what_is_told_is_polite(plain: str, polite: str) -> None:
    assert make_polite(plain) == polite


def test_a_request_has_the_value_what_is_allowed_and_what_to_do() -> None:
    assert word_request(refuse_cell()).lines == (
        "入力された値：「〇」",
        "内容：似た別の文字である",
        "使える値：◎、○、△、×",
        "お願い：「○」を選んでください。",
    )
    assert word_request(refuse_cell(BLANK.ja)).lines[0] == "この欄が空いています。"


def test_a_message_of_any_kind_is_told_with_its_remedy_apart() -> None:
    why = Words("別の年度の調査票である", "another year")
    problem = UnusableWorkbook(place="a", why=why, remedy=Words("出し直すこと。", "Send it anew."))
    request = word_request(problem)
    assert request.what == "読み取れません（別の年度の調査票である）。"
    assert request.remedy == "出し直してください。"


def test_a_copy_has_the_cell_in_colour_with_a_comment_and_keeps_every_value(replies: Path) -> None:
    file = replies / "総務.xlsx"
    note = Words("全角の数字を半角に読み替えた。", "digits")
    back = mark(replies, find(file), find(file, 2, 2, problem=note), find(file, 3, 3, problem=note))
    before, after = read_sheet(file), read_sheet(back / "総務.xlsx")
    colours = {n: after[n].fill.fgColor.rgb for n in ("C3", "B2", "A1")}
    assert colours == {"C3": f"FF{FAULT}", "B2": f"FF{NOTE}", "A1": "00000000"}
    assert read_comments(after).keys() == {"C3", "B2"}
    assert after["C3"].comment.text.startswith("【修正のお願い】\n入力された値：「〇」")
    assert after["B2"].comment.text == (
        "【確認のお願い】\n内容：全角の数字を半角に読み替えました。"
    )
    values = [[[cell.value for cell in row] for row in sheet] for sheet in (before, after)]
    assert values[0] == values[1]
    assert after.protection.sheet


def test_what_was_mended_is_marked_so_and_what_was_not_is_told_anew(replies: Path) -> None:
    file = replies / "総務.xlsx"
    back = mark(replies, find(file), find(file, 2, 3, problem=refuse_cell("済")))
    (back / "総務.xlsx").replace(file)
    again = read_sheet(mark(replies, find(file, 2, 3)) / "総務.xlsx")
    assert again["C3"].fill.fgColor.rgb == f"FF{SETTLED}"
    assert again["C3"].comment.text == "【確認済み】\n前回お願いした箇所を確認しました。"
    assert again["C2"].fill.fgColor.rgb == f"FF{FAULT}"
    assert again["C2"].comment.text.count("【") == 1
    assert "「〇」" in again["C2"].comment.text


def test_nothing_is_called_mended_where_nobody_looked(replies: Path) -> None:
    file = replies / "総務.xlsx"
    (mark(replies, find(file)) / "総務.xlsx").replace(file)
    again = read_sheet(mark(replies, find(file, 0, 0, sheet="")) / "総務.xlsx")
    assert again["C3"].fill.fgColor.rgb == f"FF{FAULT}"
    assert again["C3"].comment.text.startswith("【修正のお願い】")


def test_every_part_that_holds_no_finding_is_as_it_came(replies: Path) -> None:
    file = replies / "mail" / "窓口.xlsx"
    back = mark(replies, find(file))
    before = list_entries(file.read_bytes())
    after = list_entries((back / "mail" / "窓口.xlsx").read_bytes())
    changed = {old[0] for old in before if old not in after}
    assert changed == {
        "[Content_Types].xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
    }
    assert [e[0] for e in after][: len(before)] == [e[0] for e in before]


def test_macros_go_back_as_they_came(replies: Path) -> None:
    file = replies / "総務.xlsm"
    package = open_package((replies / "総務.xlsx").read_bytes(), "a")
    file.write_bytes(package.change("xl/vbaproject.bin", b"macro").write())
    after = list_entries((mark(replies, find(file)) / "総務.xlsm").read_bytes())
    assert ("xl/vbaproject.bin", b"macro") in {(entry[0], entry[3]) for entry in after}


def test_a_workbook_without_sheets_goes_back_as_it_came(replies: Path) -> None:
    file = replies / "総務.xlsx"
    package = open_package(file.read_bytes(), "a")
    raw = package.read("xl/workbook.xml").partition(b"<sheets>")[0] + b"</workbook>"
    file.write_bytes(package.change("xl/workbook.xml", raw).write())
    assert (mark(replies, find(file)) / "総務.xlsx").read_bytes() == file.read_bytes()


@pytest.mark.parametrize(
    ("hide", "seen"),
    [("row", "C2"), ("column", "B3"), ("sheet", "A1")],
)
def test_what_is_hidden_is_told_where_it_is_seen(hide: str, seen: str, replies: Path) -> None:
    file = replies / "総務.xlsx"
    book = openpyxl.load_workbook(file)
    if hide == "row":
        book["取組"].row_dimensions[3].hidden = True
    elif hide == "column":
        book["取組"].column_dimensions["C"].hidden = True
    else:
        book["取組"].sheet_state = "hidden"
        book.active = 1
    book.save(file)
    back = mark(replies, find(file))
    comments = read_comments(read_sheet(back / "総務.xlsx", "別" if hide == "sheet" else "取組"))
    assert comments.keys() == {seen}
    assert "C3" in comments[seen]


def test_merged_cells_are_marked_where_they_show_their_value(replies: Path) -> None:
    file = replies / "総務.xlsx"
    book = openpyxl.load_workbook(file)
    book["取組"].merge_cells("C2:C3")
    book.save(file)
    after = read_sheet(mark(replies, find(file)) / "総務.xlsx")
    assert after["C2"].fill.fgColor.rgb == f"FF{FAULT}"
    assert read_comments(after).keys() == {"C2"}


@pytest.mark.parametrize("place", [{"sheet": ""}, {"sheet": "取組"}, {"sheet": "知らない"}])
def test_what_concerns_more_than_a_cell_is_told_at_the_first(place: Any, replies: Path) -> None:
    file = replies / "総務.xlsx"
    sheet = read_sheet(mark(replies, find(file, 0, 0, **place)) / "総務.xlsx")
    assert read_comments(sheet).keys() == {"A1"}
    assert sheet["A1"].fill.fgColor.rgb == "00000000"


def test_a_file_that_cannot_be_marked_goes_back_with_a_list_beside_it(replies: Path) -> None:
    file = replies / "調査.csv"
    file.write_bytes("番号,進捗\n1-1,〇\n".encode("cp932"))
    back = mark(replies, find(file, sheet="調査"))
    assert (back / "調査.csv").read_bytes() == file.read_bytes()
    cells = [c.value for c in read_sheet(back / "調査.csv_確認事項.xlsx", "確認事項")[4]]
    assert cells[:6] == ["総務課", "調査.csv", "調査", "C3", "要修正", "〇"]


def test_the_list_names_every_finding_and_leads_to_its_cell(replies: Path) -> None:
    findings = [find(replies / "総務.xlsx"), find(replies / "mail" / "窓口.xlsx", 2, 3)]
    sheet = read_sheet(mark(replies, *findings) / LIST, "確認事項")
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[:4] for row in rows] == [
        ["総務課", "総務.xlsx", "取組", "C3"],
        ["総務課", "mail/窓口.xlsx", "取組", "C2"],
    ]
    assert rows[0][5:] == ["〇", "似た別の文字である", "◎、○、△、×", "「○」を選んでください。"]
    link = sheet["D5"].hyperlink
    assert link.target.replace("\\", "/") == "mail/窓口.xlsx"  # xlsxwriter's, as Windows has it
    assert link.location == "'取組'!C2"
    assert sheet.auto_filter.ref == "A3:I5"


def test_no_text_of_a_reply_becomes_a_formula(replies: Path) -> None:
    back = mark(replies, find(replies / "総務.xlsx", problem=refuse_cell('=HYPERLINK("http://x")')))
    cell = read_sheet(back / LIST, "確認事項")["F4"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


def test_the_same_findings_make_the_same_bytes(replies: Path) -> None:
    first = mark(replies, find(replies / "総務.xlsx"))
    before = {path.name: path.read_bytes() for path in first.iterdir()}
    assert {
        p.name: p.read_bytes() for p in mark(replies, find(replies / "総務.xlsx")).iterdir()
    } == before


def test_what_an_earlier_call_wrote_is_replaced(replies: Path) -> None:
    mark(replies, find(replies / "総務.xlsx"), find(replies / "mail" / "窓口.xlsx"))
    back = mark(replies, find(replies / "総務.xlsx"))
    assert sorted(p.name for p in back.iterdir()) == [
        ".nenpo-files.json",
        "確認事項一覧.xlsx",
        "総務.xlsx",
    ]


def test_a_file_that_somebody_has_put_or_changed_there_is_kept(replies: Path) -> None:
    back = mark(replies, find(replies / "総務.xlsx"))
    (back / "総務.xlsx").write_bytes(b"mended")
    with pytest.raises(UnusableFolder, match=r"総務\.xlsx"):
        mark(replies, find(replies / "mail" / "窓口.xlsx"))
    assert (back / "総務.xlsx").read_bytes() == b"mended"
    assert not (back / "mail").exists()


@pytest.mark.parametrize("output", ["replies", "replies/back", "."])
def test_copies_are_kept_apart_from_the_replies(output: str, replies: Path) -> None:
    with pytest.raises(UnusableFolder, match=r"replies|project"):
        check_folder(replies.parent / "project", replies.parent / output, replies)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_is_listed_and_not_read(replies: Path) -> None:
    os.mkfifo(replies / "pipe.xlsx")
    back = mark(replies, find(replies / "pipe.xlsx", 0, 0, sheet=""))
    assert sorted(path.name for path in back.glob("*.xlsx")) == [
        "pipe.xlsx_確認事項.xlsx",
        "確認事項一覧.xlsx",
    ]


def test_a_damaged_part_is_no_reason_to_stop(replies: Path) -> None:
    file = replies / "総務.xlsx"
    raw = io.BytesIO(file.read_bytes()).getvalue()
    file.write_bytes(raw[:-30])
    back = mark(replies, find(file, 0, 0, sheet=""))
    assert (back / "総務.xlsx").read_bytes() == raw[:-30]
    assert (back / "総務.xlsx_確認事項.xlsx").exists()


def test_what_a_link_points_at_is_not_sent_back(replies: Path) -> None:
    secret = replies.parent / "secret.txt"
    secret.write_text("秘密")
    (replies / "z.xlsx").symlink_to(secret)
    back = mark(replies, find(replies / "z.xlsx"))
    assert not (back / "z.xlsx").exists()
    assert (back / "z.xlsx_確認事項.xlsx").exists()
