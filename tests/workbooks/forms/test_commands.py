"""``nenpo form learn`` and the commands that take a form, as a user calls them."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from invented_forms import draw_pair
from nenpo import cli
from nenpo.workbooks.forms.blank import open_form
from nenpo.workbooks.taking.arrived import Arrivals
from tiny_project import Project, add_late_items


@pytest.fixture
def at_home(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setenv("NENPO_ROOT", str(tiny.root))
    monkeypatch.chdir(tiny.root)
    return tiny


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["nenpo", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_learned_form_is_written_beside_the_blank_and_kept(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    draw_pair("list", at_home.root / "様式")
    given = ("form", "learn", "様式/list.xlsx", "様式/list-filled.xlsx", "--plan", "tiny/2021")
    assert run(monkeypatch, *given) == 0
    assert "room for 12" in capsys.readouterr().out
    path = at_home.root / "様式/list.yaml"
    path.write_text("mine", encoding="utf-8")
    assert run(monkeypatch, *given) == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert run(monkeypatch, *given, "--replace") == 0
    assert "version: 1" in path.read_text(encoding="utf-8")


def test_what_is_to_be_decided_is_listed_and_refused_when_the_form_is_used(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    draw_pair("printed", at_home.root)
    given = ("form", "learn", "printed.xlsx", "printed-filled.xlsx", "--plan", "tiny/2021")
    assert run(monkeypatch, *given) == 0
    assert "to be decided: 1" in capsys.readouterr().out
    used = ("survey", "make", "tiny/2021", "--to", "out", "--form", "printed.yaml")
    assert run(monkeypatch, *used[:-1], "missing.yaml") == 2
    assert "missing.yaml: cannot be used (there is no such file)" in capsys.readouterr().err
    assert run(monkeypatch, *used) == 2
    assert "printed.yaml:" in capsys.readouterr().err
    assert not (at_home.root / "out").exists()


def test_on_a_terminal_what_is_not_certain_is_asked(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    draw_pair("printed", at_home.root)
    answers = iter(["9", "x", "1", "2", "3", "4"])
    monkeypatch.setattr("typer.prompt", lambda text: next(answers))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    given = ("form", "learn", "printed.xlsx", "printed-filled.xlsx", "--plan", "tiny/2021")
    assert run(monkeypatch, *given) == 0
    out = capsys.readouterr().out
    assert "Which mark of the plan does 'A' of Sheet1!F4" in out
    assert "to be decided: 1" not in out


def test_survey_goes_out_in_the_form(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    draw_pair("list", at_home.root)
    assert run(monkeypatch, "form", "learn", "list.xlsx", "list-filled.xlsx") == 0
    used = ("survey", "make", "tiny/2021", "--to", "out", "--form", "list.yaml")
    assert run(monkeypatch, *used) == 0
    out = capsys.readouterr().out
    assert "--form list.yaml" in out
    book = openpyxl.load_workbook(at_home.root / "out/01_窓口課.xlsx")
    assert book["進捗調査票"]["F4"].value == "窓口課"


@pytest.mark.parametrize("plan", ["tiny", "tiny/2021/annual", "nowhere/2021"])
def test_plan_without_year_and_unknown_plan_are_refused(
    plan: str, at_home: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw_pair("list", at_home.root)
    given = ("form", "learn", "list.xlsx", "list-filled.xlsx", "--plan", plan)
    assert run(monkeypatch, *given) == 2
    assert not (at_home.root / "list.yaml").exists()


def test_file_that_is_no_workbook_is_refused(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    (at_home.root / "a.xlsx").write_bytes(b"%PDF-1.7")
    assert run(monkeypatch, "form", "learn", "a.xlsx", "a.xlsx") == 2
    assert run(monkeypatch, "form", "learn", "missing.xlsx", "a.xlsx") == 2
    assert "missing.xlsx" in capsys.readouterr().err


def make_forms(
    project: Project, monkeypatch: pytest.MonkeyPatch, shape: str, folder: str = "out"
) -> Path:
    draw_pair(shape, project.root)
    given = ("form", "learn", f"{shape}.xlsx", f"{shape}-filled.xlsx", "--plan", "tiny/2021")
    assert run(monkeypatch, *given) == 0
    used = ("survey", "make", "tiny/2021", "--to", folder, "--form", f"{shape}.yaml")
    assert run(monkeypatch, *used) == 0
    return project.root / folder


def fill_in(path: Path, **cells: str) -> None:
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book.worksheets[0][cell] = value
    book.save(path)


def collect(monkeypatch: pytest.MonkeyPatch, shape: str, *more: str) -> int:
    given = ("survey", "collect", "out", "--form", f"{shape}.yaml", "--plan", "tiny/2021")
    return run(monkeypatch, *given, *more)


def test_filled_forms_are_taken_in_and_nothing_else_is_changed(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    out = make_forms(at_home, monkeypatch, "list")
    before = at_home.read("2021/progress.csv")
    assert collect(monkeypatch, "list") == 0
    assert at_home.read("2021/progress.csv") == before
    fill_in(out / "01_窓口課.xlsx", P8="様式を整えて、受付を始めた", AK8="周知と費用")
    assert collect(monkeypatch, "list", "--replace") == 0
    after = at_home.read("2021/progress.csv")
    assert "様式を整えて、受付を始めた" in after
    assert "周知と費用" in after
    assert [line for line in after.splitlines() if "国が検討した" in line]
    assert collect(monkeypatch, "list") == 0
    assert at_home.read("2021/progress.csv") == after


def test_faults_of_a_form_are_named_at_their_cells_and_nothing_is_taken(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    out = make_forms(at_home, monkeypatch, "list")
    fill_in(out / "01_窓口課.xlsx", M8="☆", P8="新しい実績")
    fill_in(out / "02_情報課.xlsx", D8="知らない取組", B8="")
    before = at_home.read("2021/progress.csv")
    assert collect(monkeypatch, "list", "--replace") == 2
    err = capsys.readouterr().err
    assert "01_窓口課.xlsx!進捗調査票!M8" in err
    assert "02_情報課.xlsx!進捗調査票!D8" in err
    assert at_home.read("2021/progress.csv") == before


def test_several_workbooks_of_a_department_are_one_reply(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    add_late_items(at_home, 4)
    out = make_forms(at_home, monkeypatch, "cards")
    assert (out / "01_窓口課-3.xlsx").exists()
    fill_in(out / "01_窓口課-3.xlsx", G7="三つ目のファイル")
    assert collect(monkeypatch, "cards", "--replace") == 0
    assert "三つ目のファイル" in at_home.read("2021/progress.csv")
    record = at_home.read("2021/survey.csv")
    fill_in(out / "01_窓口課-2.xlsx", G7="二つ目のファイル")
    assert collect(monkeypatch, "cards", "--replace") == 0
    assert at_home.read("2021/survey.csv") != record
    fill_in(out / "01_窓口課-2.xlsx", G6="☑予定どおり", M6="☑変更")
    capsys.readouterr()
    assert collect(monkeypatch, "cards", "--findings", "found") == 2
    assert (at_home.root / "found/01_窓口課-2.xlsx").exists()
    assert not (at_home.root / "found/01_窓口課.xlsx").exists()


def test_two_forms_that_answer_differently_for_one_item_are_refused(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    out = make_forms(at_home, monkeypatch, "list")
    (out / "窓口課（修正）.xlsx").write_bytes((out / "01_窓口課.xlsx").read_bytes())
    fill_in(out / "窓口課（修正）.xlsx", P8="別の実績")
    assert collect(monkeypatch, "list", "--replace") == 2
    assert "窓口課（修正）.xlsx" in capsys.readouterr().err


def test_status_and_watch_read_replies_in_the_form(
    at_home: Project, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    add_late_items(at_home, 4)
    out = make_forms(at_home, monkeypatch, "cards")
    fill_in(out / "01_窓口課-2.xlsx", G6="☑予定どおり", M6="☑変更")
    form = ("--form", "cards.yaml")
    assert run(monkeypatch, "survey", "status", "tiny/2021", *form) == 2
    assert "--replies" in capsys.readouterr().err
    assert run(monkeypatch, "survey", "status", "tiny/2021", "--replies", "out", *form) == 0
    told = capsys.readouterr().out
    assert "reply to be mended" in told
    assert "nobody can tell" not in told
    edition, path = ("tiny", 2021), Path("cards.yaml")
    arrivals = Arrivals(at_home.root, out, edition, open_form(path), path)
    lines = list(arrivals.tell([out / "01_窓口課-2.xlsx"]))
    assert lines[0].startswith("窓口課: ")
    assert any("01_窓口課-2.xlsx!" in line for line in lines)
    assert lines[-1].endswith(f"{out} --form cards.yaml --plan tiny/2021 --findings DIR")
