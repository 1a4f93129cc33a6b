"""What comes back with faults goes out again with them marked, is mended there, and is taken."""

import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from nenpo import cli
from nenpo.workbooks.marking.findings import FAULT
from nenpo.workbooks.marking.findings_book import LIST
from tiny_project import Project

FILE = "02_情報課.xlsx"


@pytest.fixture
def sent(tiny: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Project:
    """The project after its survey of 2022 went out; what went out lies in "replies" as well."""
    for name in ("2022/progress.csv", "2022/actuals.csv"):
        tiny.write(name, tiny.read(name).splitlines()[0] + "\n")
    monkeypatch.setenv("NENPO_ROOT", str(tiny.root))
    assert run(monkeypatch, "make", "tiny/2022", "--to", str(tmp_path / "replies")) == 0
    (tmp_path / "replies" / "00_照会文.docx").unlink()
    return tiny


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["nenpo", "survey", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def answer(folder: Path, **cells: str) -> str:
    """Fill in the first item of the workbook by the keys of its columns; return the mark's cell."""
    book = openpyxl.load_workbook(folder / FILE)
    sheet = book["取組"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    row = next(number for number in range(5, 20) if sheet.cell(number, 1).value)
    for key, value in cells.items():
        sheet.cell(row, columns[key]).value = value
    book.save(folder / FILE)
    return str(sheet.cell(row, columns["status"]).coordinate)


def keep(folder: Path, name: str) -> None:
    """Remove all files but one."""
    for path in folder.iterdir():
        if path.name != name:
            path.unlink()


def collect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    replies, back = str(tmp_path / "replies"), str(tmp_path / "back")
    return run(monkeypatch, "collect", replies, "--plan", "tiny/2022", "--findings", back)


def read_sheet(path: Path) -> Any:
    return openpyxl.load_workbook(path)["取組"]


def test_a_fault_is_marked_where_it_is_named_and_mended_there(sent, monkeypatch, tmp_path) -> None:
    replies = tmp_path / "replies"
    keep(replies, FILE)
    cell = answer(replies, status="済", done="=1+1")
    before = sent.read("2022/progress.csv")
    assert collect(monkeypatch, tmp_path) == 2
    marked = read_sheet(tmp_path / "back" / FILE)
    assert marked[cell].fill.fgColor.rgb == f"FF{FAULT}"
    assert "入力された値：「済」" in marked[cell].comment.text
    assert marked.protection.sheet
    listed = openpyxl.load_workbook(tmp_path / "back" / LIST)["確認事項"]
    assert next(row[3].value for row in listed.iter_rows(min_row=4)) == cell
    assert sent.read("2022/progress.csv") == before

    (tmp_path / "back" / FILE).replace(replies / FILE)
    answer(replies, status="◎", done="直した")
    (tmp_path / "back" / LIST).unlink()
    assert collect(monkeypatch, tmp_path) == 0
    assert "i1-1-02,◎" in sent.read("2022/progress.csv")
    assert sorted(path.name for path in (tmp_path / "back").iterdir()) == [".nenpo-files.json"]


def test_what_cannot_be_opened_is_listed_beside_it(sent, monkeypatch, tmp_path: Path) -> None:
    keep(tmp_path / "replies", "")
    (tmp_path / "replies" / FILE).write_bytes(b"PK\x03\x04 cut")
    assert collect(monkeypatch, tmp_path) == 2
    beside = openpyxl.load_workbook(tmp_path / "back" / f"{FILE}_確認事項.xlsx")["確認事項"]
    assert beside["B4"].value == FILE
    assert (tmp_path / "back" / FILE).read_bytes() == b"PK\x03\x04 cut"


def test_findings_never_go_among_the_replies(sent, monkeypatch, tmp_path: Path, capsys) -> None:
    replies = tmp_path / "replies"
    before = sorted(replies.rglob("*"))
    told = ("--findings", str(replies / "back"))
    assert run(monkeypatch, "collect", str(replies), *told) == 2
    assert "lies among them" in capsys.readouterr().err
    assert sorted(replies.rglob("*")) == before


@pytest.mark.parametrize(
    ("mark", "state"), [("◎", "reply not taken yet"), ("済", "reply to be mended, 1 faults")]
)
def test_the_status_tells_of_replies_not_taken_yet(
    mark: str, state: str, sent: Project, monkeypatch, tmp_path: Path, capsys
) -> None:
    replies, mail = tmp_path / "replies", tmp_path / "mail"
    keep(replies, FILE)
    answer(replies, status=mark)
    given = ("--replies", str(replies), "--reminders", str(mail))
    assert run(monkeypatch, "status", "tiny/2022", *given) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert state in lines["情報課"]
    assert "no reply" in lines["窓口課"]
    assert (mail / "02_情報課.txt").exists() == (mark == "済")


def test_a_department_is_told_that_its_reply_cannot_be_opened(
    sent: Project, monkeypatch, tmp_path: Path, capsys
) -> None:
    """Nobody can read whose it is; the name of its file tells."""
    replies, mail = tmp_path / "replies", tmp_path / "mail"
    keep(replies, FILE)
    answer(replies, status="◎")
    (replies / "窓口課").mkdir()
    (replies / "窓口課/調査票.xlsx").write_bytes(b"%PDF-1.7")
    given = ("--replies", str(replies), "--reminders", str(mail))
    assert run(monkeypatch, "status", "tiny/2022", *given) == 0
    told = capsys.readouterr().out
    assert "reply to be mended, 1 faults" in next(
        line for line in told.splitlines() if line.startswith("窓口課")
    )
    assert "調査票.xlsx" not in told
    (text,) = mail.glob("*_窓口課.txt")
    assert "表計算ソフトのファイルではありません（PDF）" in text.read_text(encoding="utf-8-sig")


def test_a_reply_that_was_taken_waits_no_longer(sent, monkeypatch, tmp_path, capsys) -> None:
    keep(tmp_path / "replies", FILE)
    answer(tmp_path / "replies", status="◎")
    assert collect(monkeypatch, tmp_path) == 0
    capsys.readouterr()
    assert run(monkeypatch, "status", "tiny/2022", "--replies", str(tmp_path / "replies")) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "answered" in lines["情報課"].split()


def test_a_file_that_is_nobodys_is_named(sent, monkeypatch, tmp_path: Path, capsys) -> None:
    keep(tmp_path / "replies", FILE)
    (tmp_path / "replies" / "memo.xlsx").write_bytes(b"no workbook")
    assert run(monkeypatch, "status", "tiny/2022", "--replies", str(tmp_path / "replies")) == 0
    assert "nobody can tell the department: memo.xlsx" in capsys.readouterr().out
