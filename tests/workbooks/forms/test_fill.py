"""The form is filled with what is known; everything else stays byte for byte as it was."""

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from invented_forms import draw_list
from learned_forms import YEAR, OpenForm, learn, load_tiny, write
from nenpo.data.load import load_plan
from nenpo.errors import InputRefused, UnusableCell, UnusableWorkbook
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.forms.blank import open_form
from nenpo.workbooks.forms.fill import fill_form
from nenpo.workbooks.forms.handing import fill_forms
from nenpo.workbooks.layout import Survey
from tiny_project import Project, add_late_items

SHAPES = ("list", "blocks", "cards", "circles", "lines", "pages")
EXPECTED = {
    "list": {"F4": "窓口課", "D8": "申請のオンライン化", "M8": "◎", "AK8": "周知"},
    "blocks": {"F2": "窓口課", "M4": "申請のオンライン化", "B6": "◎", "U6": "対象を広げる"},
    "cards": {"G3": "窓口課", "G4": "申請のオンライン化", "G6": "■予定どおり", "M6": "□変更"},
    "circles": {"G2": "窓口課", "A4": "申請のオンライン化", "A6": "◎", "A20": "周知"},
    "lines": {"C5": "窓口課", "B5": "申請のオンライン化", "D6": "様式を整えた。\n受付を始めた。"},
    "pages": {"B2": "窓口課", "C6": "○", "D6": None, "A22": "オンライン申請の割合", "E22": 20.5},
}


def survey(department: str = "madoguchi") -> Survey:
    return lay_out_survey(load_tiny(), YEAR, department)


def read_parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(raw)) as book:
        return {name: book.read(name) for name in book.namelist()}


def load(raw: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(raw))


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_known_stands_in_its_cells(shape: str, open_learned: OpenForm) -> None:
    (filled,) = fill_form(open_learned(shape), survey()).workbooks
    sheet = load(filled).worksheets[0]
    expected = EXPECTED[shape]
    assert {cell: sheet[cell].value for cell in expected} == expected


@pytest.mark.parametrize("shape", SHAPES)
def test_every_other_part_is_the_same_bytes(shape: str, open_learned: OpenForm) -> None:
    blank = open_learned(shape)
    (filled,) = fill_form(blank, survey()).workbooks
    before, after = read_parts(blank.raw), read_parts(filled)
    assert list(before) == list(after)
    assert [part for part in before if before[part] != after[part]] == ["xl/worksheets/sheet1.xml"]


@pytest.mark.parametrize("shape", SHAPES)
def test_no_other_cell_and_no_style_is_changed(shape: str, open_learned: OpenForm) -> None:
    blank = open_learned(shape)
    (filled,) = fill_form(blank, survey()).workbooks
    before, after = load(blank.raw).worksheets[0], load(filled).worksheets[0]
    assert before.merged_cells.ranges == after.merged_cells.ranges
    changed = set()
    for row in before.iter_rows():
        for cell in row:
            now = after[cell.coordinate]
            assert now.style_id == cell.style_id
            if now.value != cell.value:
                assert cell.value is None or "□" in cell.value or "・" in cell.value
                changed.add(cell.coordinate)
    assert {
        cell for cell, value in EXPECTED[shape].items() if value and value != "□変更"
    } <= changed


def test_same_survey_makes_the_same_bytes(open_learned: OpenForm) -> None:
    blank = open_learned("blocks")
    assert fill_form(blank, survey()) == fill_form(blank, survey())


def test_more_items_than_places_go_on_in_further_workbooks(
    tiny: Project, open_learned: OpenForm
) -> None:
    add_late_items(tiny, 7)
    plan = load_plan("tiny", tiny.root)
    path = open_learned("blocks").path.with_suffix(".yaml")
    made = fill_forms(path, {"01_窓口課.xlsx": lay_out_survey(plan, YEAR, "madoguchi")})
    assert list(made.files) == ["01_窓口課.xlsx", "01_窓口課-2.xlsx", "01_窓口課-3.xlsx"]
    titles = [
        load(raw).worksheets[0][cell].value
        for raw in made.files.values()
        for cell in ("M4", "M11", "M18")
    ]
    expected = [
        row.cells["title"] for row in lay_out_survey(plan, YEAR, "madoguchi").sheets[0].rows
    ]
    assert titles == [*expected, None]


def test_printed_items_are_filled_where_they_stand(open_learned: OpenForm) -> None:
    (filled,) = fill_form(open_learned("printed"), survey("joho")).workbooks
    sheet = load(filled).worksheets[0]
    assert [sheet[cell].value for cell in ("G4", "F5", "G5")] == [None, "C", "国が検討した"]
    assert sheet["D6"].value == "=SUM(D4:D5)"


def test_item_that_a_form_does_not_print_is_refused(open_learned: OpenForm) -> None:
    path = open_learned("printed").path.with_suffix(".yaml")
    with pytest.raises(InputRefused, match="has no place for 'データの公開'"):
        fill_forms(path, {"a.xlsx": survey("plan")})


def test_what_the_form_does_not_ask_is_told(open_learned: OpenForm) -> None:
    made = fill_forms(open_learned("blocks").path.with_suffix(".yaml"), {"a.xlsx": survey()})
    assert "課題" in made.notes[0].ja


def test_form_of_another_year_is_refused(open_learned: OpenForm) -> None:
    path = open_learned("list").path.with_suffix(".yaml")
    with pytest.raises(InputRefused, match="2022"):
        fill_forms(path, {"a.xlsx": lay_out_survey(load_tiny(), 2022, "madoguchi")})


def test_mark_that_the_plan_does_not_have_is_refused(tmp_path: Path) -> None:
    path = write(learn("printed", tmp_path))
    text = path.read_text(encoding="utf-8").replace('"D": "×"', '"D": "◆"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefused, match="◎, ○, △, ×"):
        fill_forms(path, {"a.xlsx": survey()})


def test_blank_that_was_changed_since_is_refused(tmp_path: Path) -> None:
    path = write(learn("list", tmp_path))
    draw_list(tmp_path / "list.xlsx", {"進捗調査票": {"R4": "誰か"}})
    with pytest.raises(UnusableWorkbook, match="not the form that was learned"):
        open_form(path)


def test_formula_is_never_written_over(open_learned: OpenForm) -> None:
    blank = open_learned("printed")
    part = blank.form.parts[0]
    done = next(field for field in part.fields if field.key == "done")
    moved = tuple(
        field.model_copy(update={"cell": "E4"}) if field is done else field for field in part.fields
    )
    form = blank.form.model_copy(update={"parts": (part.model_copy(update={"fields": moved}),)})
    with pytest.raises(UnusableCell, match="E4"):
        fill_form(replace(blank, form=form), survey())


def test_texts_that_look_like_formulas_stay_texts(tiny: Project, open_learned: OpenForm) -> None:
    tiny.set_cell("2021/progress.csv", 1, "done", "=1+1")
    plan = load_plan("tiny", tiny.root)
    (filled,) = fill_form(open_learned("list"), lay_out_survey(plan, YEAR, "madoguchi")).workbooks
    cell = load(filled).worksheets[0]["P8"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_form_in_which_nothing_is_asked_of_anybody_is_refused(open_learned: OpenForm) -> None:
    nobody = replace(survey(), sheets=())
    with pytest.raises(UnusableWorkbook, match="nothing that is asked"):
        fill_forms(open_learned("circles").path.with_suffix(".yaml"), {"a.xlsx": nobody})
