"""Forms as a tired clerk draws them: each oddity alone, learned, filled and read back."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from learned_forms import YEAR, list_keys, load_tiny, write
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.forms.blank import BlankForm, open_form
from nenpo.workbooks.forms.fill import fill_form
from nenpo.workbooks.forms.learn import DraftForm, learn_form
from nenpo.workbooks.forms.read import recognise_form
from nenpo.workbooks.reading.opening import open_book
from nenpo.workbooks.replies.expected import expect_replies

ONE, TWO = "申請のオンライン化", "国のシステムの改修"
Draw = Callable[[Any, Any], None]


def learn(draw: Draw, filled: Mapping[str, str | float], folder: Path) -> DraftForm:
    """Learn a form that ``draw`` draws on a sheet, given the sheet and a style with lines."""
    paths = []
    for name, cells in (("blank.xlsx", {}), ("filled.xlsx", filled)):
        with xlsxwriter.Workbook(folder / name) as book:
            sheet, line = book.add_worksheet("様式"), book.add_format({"border": 1})
            draw(sheet, line)
            for cell, value in cells.items():
                sheet.write(cell, value, line)
        paths.append(folder / name)
    return learn_form(paths[0], paths[1], load_tiny(), YEAR)


def use(draft: DraftForm) -> BlankForm:
    return open_form(write(draft))


def fill(blank: BlankForm, department: str = "madoguchi") -> bytes:
    (raw,) = fill_form(blank, lay_out_survey(load_tiny(), YEAR, department)).workbooks
    return raw


def read_back(blank: BlankForm, raw: bytes, folder: Path) -> dict[str, str]:
    """Return what the only reply answers, by field."""
    path = folder / "reply.xlsx"
    path.write_bytes(raw)
    expected = expect_replies(load_tiny(), YEAR)
    (reply,) = recognise_form(blank, open_book(path, path.name), path, expected)
    assert [str(problem) for problem in reply.problems] == []
    return {answer.key: answer.cell.shown for answer in reply.answers if answer.cell}


def see(raw: bytes, *cells: str) -> list[Any]:
    sheet = openpyxl.load_workbook(BytesIO(raw)).worksheets[0]
    return [sheet[cell].value for cell in cells]


def write_table(sheet: Any, line: Any, row: int, labels: str, rows: int = 4) -> None:
    for column, label in enumerate(labels.split()):
        sheet.write(row, column, label, line)
        for below in range(1, rows + 1):
            sheet.write_blank(row + below, column, None, line)


def test_label_and_answer_in_one_cell(tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        sheet.write("A1", "所属：", line)
        write_table(sheet, line, 2, "番号 取組 評価 実績")

    cells = {"A1": "所属：窓口課", "A4": "1-1-①-1", "B4": ONE, "C4": "◎", "D4": "した"}
    blank = use(learn(draw, cells, tmp_path))
    assert blank.form.head[0].inline
    raw = fill(blank)
    assert see(raw, "A1", "B4") == ["所属：窓口課", ONE]
    assert read_back(blank, raw, tmp_path)["status"] == "◎"


def test_row_that_shows_how_to_fill_it_in_is_no_slot(tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        write_table(sheet, line, 1, "番号 取組 評価 実績")
        for column, text in enumerate(("（例）", "○○の整備", "◎", "○○を整備した")):
            sheet.write(2, column, text, line)

    cells = {"A4": "1-1-①-1", "B4": ONE, "C4": "◎", "D4": "した"}
    blank = use(learn(draw, cells, tmp_path))
    assert blank.form.parts[0].rows == "4-6"
    raw = fill(blank)
    assert see(raw, "B3", "B4") == ["○○の整備", ONE]
    assert set(read_back(blank, raw, tmp_path)) == {"status", "done"}


def test_year_over_several_columns_that_are_not_merged(tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        sheet.write("C1", "令和2年度", line)
        sheet.write("E1", "令和3年度", line)
        write_table(sheet, line, 1, "番号 取組 評価 実績 評価 実績")

    cells = {"A3": "1-1-①-1", "B3": ONE, "D3": "前の", "C3": "△", "E3": "◎", "F3": "した"}
    keys = list_keys(use(learn(draw, cells, tmp_path)).form)
    assert {cell: keys[cell] for cell in ("E3", "F3")} == {"E3": "status", "F3": "done"}
    assert keys["C3"] != "status"


def test_filled_form_in_which_a_row_was_inserted(tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        write_table(sheet, line, 1, "番号 取組 評価 実績")

    cells = {"A3": "1-1-①-1", "B3": ONE, "C3": "◎", "D3": "した"}
    with xlsxwriter.Workbook(tmp_path / "blank.xlsx") as book:
        draw(book.add_worksheet("様式"), book.add_format({"border": 1}))
    with xlsxwriter.Workbook(tmp_path / "filled.xlsx") as book:
        sheet, line = book.add_worksheet("様式"), book.add_format({"border": 1})
        write_table(sheet, line, 3, "番号 取組 評価 実績")
        sheet.write("A1", "至急")
        for cell, value in cells.items():
            sheet.write(f"{cell[0]}5", value, line)
    draft = learn_form(tmp_path / "blank.xlsx", tmp_path / "filled.xlsx", load_tiny(), YEAR)
    form = use(draft).form
    assert form.parts[0].rows == "3-6"
    assert list(list_keys(form).values()) == ["number", "title", "status", "done"]


def test_title_that_a_formula_finds_stays_a_formula(tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        write_table(sheet, line, 1, "番号 取組 評価 実績")
        for row in range(3, 7):
            sheet.write_formula(f"B{row}", f'=IF(A{row}="","",A{row})', line, "")

    cells = {"A3": "1-1-①-1", "C3": "◎", "D3": "した"}
    blank = use(learn(draw, cells, tmp_path))
    raw = fill(blank)
    assert see(raw, "A3", "B3", "C3") == ["1-①-1", '=IF(A3="","",A3)', "◎"]
    assert read_back(blank, raw, tmp_path)["status"] == "◎"


@pytest.mark.parametrize(
    "label",
    ["事　業　名", "事\n業\n名", "（事業名）", "①事業名", "事業名※", "【事業名】", "事業名："],
)
def test_label_is_understood_however_it_is_spaced(label: str, tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        for column, text in enumerate(("番号", label, "評価", "実績")):
            sheet.write(1, column, text, line)
            for row in (2, 3):
                sheet.write_blank(row, column, None, line)

    cells = {"A3": "1-1-①-1", "B3": "知らない取組", "C3": "◎", "D3": "した"}
    assert list_keys(use(learn(draw, cells, tmp_path)).form)["B3"] == "title"


def test_list_without_any_line_ends_with_what_was_filled_in(tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        for column, label in enumerate(("番号", "取組", "評価", "実績")):
            sheet.write(0, column, label)

    cells = {"A2": "1-1-①-1", "B2": ONE, "C2": "◎", "A3": "1-1-①-2", "B3": TWO, "C3": "△"}
    draft = learn(draw, cells, tmp_path)
    assert draft.parts[0].pattern.starts == (2, 3)
    assert (
        "罫線がない" in write(draft).read_text(encoding="utf-8")
        or not draft.parts[0].pattern.bounded
    )


def test_cell_far_away_costs_nothing(tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        write_table(sheet, line, 1, "番号 取組 評価 実績")
        sheet.write(1_048_575, 16_383, "端", line)

    cells = {"A3": "1-1-①-1", "B3": ONE, "C3": "◎", "D3": "した"}
    blank = use(learn(draw, cells, tmp_path))
    assert blank.form.parts[0].rows == "3-6"
    assert read_back(blank, fill(blank), tmp_path)["status"] == "◎"


def test_amount_in_yen_is_told_with_its_unit(tmp_path: Path) -> None:
    def draw(sheet: Any, line: Any) -> None:
        write_table(sheet, line, 1, "番号 取組 評価 予算額（円）")

    cells = {"A3": "1-1-①-1", "B3": ONE, "C3": "◎", "D3": 1200000}
    draft = learn(draw, cells, tmp_path)
    text = write(draft).read_text(encoding="utf-8")
    path = tmp_path / "blank.yaml"
    path.write_text(text.replace("key: ignore", "key: budget\n        unit: 円"), encoding="utf-8")
    field = open_form(path).form.parts[0].find("budget")
    assert field is not None
    assert field.unit == "円"
