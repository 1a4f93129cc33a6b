"""``nenpo survey status`` prints, writes and keeps what is not its own."""

import sys
from pathlib import Path

import pytest

from nenpo import cli
from nenpo.workbooks.record import RecordRow, format_record, name_record
from tiny_project import Project


@pytest.fixture
def asked(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    rows = [RecordRow(department="joho", sent="2023-04-03", deadline="2023-04-14")]
    tiny.write(name_record(2022), format_record(rows))
    monkeypatch.setenv("NENPO_ROOT", str(tiny.root))
    return tiny


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    told = ["nenpo", "survey", "status", "tiny/2022", "--today", "2023-04-20", *arguments]
    monkeypatch.setattr(sys, "argv", told)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_the_status_is_printed(asked: Project, monkeypatch, capsys) -> None:
    assert run(monkeypatch) == 0
    out = capsys.readouterr().out
    assert "情報課" in out
    assert "6 days over" in out
    assert out.splitlines()[-1].endswith("1 have not (overdue: 1).")


def test_it_ends_with_1_where_a_check_is_asked_for_and_something_is_open(
    asked, monkeypatch
) -> None:
    assert run(monkeypatch, "--check") == 1
    asked.set_cell("2022/progress.csv", 2, "change_reason", "入札不調")
    assert run(monkeypatch, "--check") == 0


def test_list_and_texts_are_written_and_written_again(asked, monkeypatch, tmp_path: Path) -> None:
    given = ("--to", str(tmp_path / "状況.xlsx"), "--reminders", str(tmp_path / "mail"))
    assert run(monkeypatch, *given) == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "mail").iterdir()}
    assert before.keys() == {".nenpo-files.json", "02_情報課.txt"}
    assert "件名：" in before["02_情報課.txt"].decode("utf-8-sig")
    asked.set_cell("2022/progress.csv", 2, "change_reason", "入札不調")
    assert run(monkeypatch, *given) == 0
    assert [path.name for path in (tmp_path / "mail").iterdir()] == [".nenpo-files.json"]


def test_a_file_that_is_no_list_is_kept(asked, monkeypatch, tmp_path: Path, capsys) -> None:
    path = tmp_path / "回答.xlsx"
    path.write_bytes(b"an answer")
    assert run(monkeypatch, "--to", str(path)) == 2
    assert path.read_bytes() == b"an answer"
    assert "another name" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--to", "--reminders"])
def test_nothing_is_written_among_the_data(option: str, asked: Project, monkeypatch) -> None:
    before = sorted(asked.root.rglob("*"))
    assert run(monkeypatch, option, str(asked.root / "data" / "new.xlsx")) == 2
    assert sorted(asked.root.rglob("*")) == before


def test_a_year_that_was_never_begun_is_told_as_such(asked: Project, monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["nenpo", "survey", "status", "tiny/2030"])
    with pytest.raises(SystemExit, match="2"):
        cli.main()
    assert "Add params/tiny/2030.yaml" in capsys.readouterr().err
