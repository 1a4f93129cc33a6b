"""A form is learned from a blank and a filled one: what cells mean, and what has to be asked."""

from pathlib import Path

import pytest
import xlsxwriter

from invented_forms import Drawn, draw_list, draw_pair
from learned_forms import YEAR, OpenForm, learn, list_keys, load_tiny, write
from nenpo.errors import InputRefused, OpenQuestion, UnknownKey, UnusableWorkbook, WrongType
from nenpo.workbooks.forms.ask import ask_open
from nenpo.workbooks.forms.checking import list_questions, read_form
from nenpo.workbooks.forms.form import OPEN, parse_rows
from nenpo.workbooks.forms.learn import learn_form
from nenpo.workbooks.forms.write import tell_draft, write_form

KEYS = {
    "list": "F4 department, R4 ignore, B8 number, D8 title, M8 status, P8 done, W8 change_reason, "
    "AD8 next_year, AK8 issues",
    "blocks": "F2 department, E4 number, M4 title, B6 status, G6 done, U6 next_year, "
    "G9 change_reason",
    "cards": "G3 department, U3 number, G4 title, G6 status, G7 done, G10 next_year, G13 issues",
    "printed": "A4 number, B4 title, C4 department, F4 status, G4 done, H4 next_year, I4 ignore",
    "circles": "C2 number, G2 department, A4 title, A6 status, A8 done, A14 next_year, A20 issues, "
    "G20 ignore",
    "lines": "A5 number, B5 title, C5 department, D5 ignore, E5 status, F5 next_year, D6 done",
    "pages": "B2 department, A6 number, B6 title, C6 status, G6 done, H6 next_year, A22 name, "
    "B22 unit, C22 targets, D22 last, E22 value",
}
ROWS = {
    "list": ("list", "8-19"),
    "blocks": ("blocks", "4, 11, 18"),
    "cards": ("sheet", "1"),
    "printed": ("list", "4-5"),
    "circles": ("sheet", "1"),
    "lines": ("list", "5, 7, 9, 11"),
    "pages": ("list", "6-9, 14-17"),
}


@pytest.mark.parametrize("shape", KEYS)
def test_cells_of_a_form_are_understood(shape: str, open_learned: OpenForm) -> None:
    expected = dict(told.split() for told in KEYS[shape].split(", "))
    assert list_keys(open_learned(shape).form) == expected


@pytest.mark.parametrize("shape", ROWS)
def test_slots_of_a_form_are_found(shape: str, open_learned: OpenForm) -> None:
    part = open_learned(shape).form.parts[0]
    assert (part.shape, part.rows) == ROWS[shape]


def test_sheets_of_one_pattern_are_one_part(open_learned: OpenForm) -> None:
    assert open_learned("cards").form.parts[0].sheets == ("個票1", "個票2")


def test_boxes_to_tick_stand_for_marks(open_learned: OpenForm) -> None:
    ticks = {"G6": "◎", "M6": "○", "S6": "△", "W6": "×"}
    status = open_learned("cards").form.parts[0].find("status")
    assert status is not None
    assert status.ticks == ticks


def test_columns_of_one_mark_each_are_one_field(open_learned: OpenForm) -> None:
    status = open_learned("pages").form.parts[0].find("status")
    assert status is not None
    assert status.ticks == {"C6": "◎", "D6": "○", "E6": "△", "F6": "×"}


def test_marks_in_one_cell_are_told_apart(open_learned: OpenForm) -> None:
    status = open_learned("circles").form.parts[0].find("status")
    assert status is not None
    assert status.joint
    assert list(status.choices.values()) == ["◎", "○", "△", "×"]


def test_list_of_indicators_is_a_part_of_its_own(open_learned: OpenForm) -> None:
    part = open_learned("pages").form.parts[1]
    assert (part.kind, part.rows) == ("indicators", "22-23")


def test_without_a_plan_the_year_is_that_of_the_form(tmp_path: Path) -> None:
    draft = learn("list", tmp_path, plan=False)
    form = read_form(write(draft))
    assert (form.fiscal_year, list_keys(form)["AD8"]) == (2021, "next_year")


def test_form_that_names_no_year_is_for_any(open_learned: OpenForm) -> None:
    assert open_learned("circles").form.fiscal_year is None


def test_marks_of_another_name_are_asked_with_every_word_that_may_be_chosen(tmp_path: Path) -> None:
    draft = learn("printed", tmp_path)
    path = tmp_path / "form.yaml"
    path.write_text(write_form(draft, path), encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        read_form(path)
    told = [problem for problem in caught.value.problems if isinstance(problem, OpenQuestion)]
    assert len(told) == len(caught.value.problems) == 4
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all(OPEN in lines[int(each.place.rpartition(":")[2]) - 1] for each in told)
    assert list(tell_draft(draft, path))[-1].count("「") == 4


def test_answers_to_questions_are_taken(tmp_path: Path) -> None:
    marks = iter("◎○△×")
    draft = ask_open(learn("printed", tmp_path), lambda question, options: next(marks))
    form = read_form(write(draft))
    status = form.parts[0].find("status")
    assert status is not None
    assert status.choices == {"A": "◎", "B": "○", "C": "△", "D": "×"}
    assert list_questions(form) == ()


def draw_twice(path: Path, filled: bool) -> None:
    with xlsxwriter.Workbook(path) as book:
        drawn = Drawn(book, "Sheet1", {})
        for column, label in zip("ABCDE", ("番号", "取組", "実績", "実績", "謎の欄"), strict=True):
            drawn.put(f"{column}1", label)
            for row in (2, 3, 4):
                drawn.put(f"{column}{row}", f"記入{column}{row}" if filled and row < 4 else "")


def test_two_columns_of_one_label_and_one_of_an_unknown_label_are_asked(tmp_path: Path) -> None:
    blank, filled = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    draw_twice(blank, False)
    draw_twice(filled, True)
    draft = learn_form(blank, filled, load_tiny(), YEAR)
    keys = {each.spot.place[1]: each for each in draft.parts[0].decided}
    assert [keys[column].key for column in (3, 4, 5)] == [OPEN] * 3
    assert keys[3].candidates[0] == keys[4].candidates[0] == "done"
    assert "issues" in keys[5].candidates
    asked: list[str] = []

    def choose(question: object, options: object) -> str:
        asked.append(str(question))
        return ("done", "ignore", "issues")[len(asked) - 1]

    form = read_form(write(ask_open(draft, choose)))
    assert list(list_keys(form).values()) == ["number", "title", "done", "ignore", "issues"]
    assert "謎の欄" in asked[2]


def test_file_without_anything_known_is_refused(tmp_path: Path) -> None:
    blank = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(blank) as book:
        book.add_worksheet("駐車場").write("A1", "空き台数")
    with pytest.raises(UnusableWorkbook, match="no number or title"):
        learn_form(blank, blank, load_tiny(), YEAR)


def test_blank_form_for_both_is_refused(tmp_path: Path) -> None:
    blank, _ = draw_pair("list", tmp_path)
    with pytest.raises(UnusableWorkbook, match="no number or title"):
        learn_form(blank, blank, load_tiny(), YEAR)


def test_labels_that_mean_something_to_yaml_are_text(tmp_path: Path) -> None:
    hostile = {"R4": '": [}\n- key: done #', "F4": "=1+1", "D8": "申請のオンライン化"}
    draw_list(tmp_path / "a.xlsx", {})
    draw_list(tmp_path / "b.xlsx", {"進捗調査票": hostile})
    draft = learn_form(tmp_path / "a.xlsx", tmp_path / "b.xlsx", load_tiny(), YEAR)
    assert list_keys(read_form(write(draft)))["D8"] == "title"


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("version: 1", "version: 1\ncolour: red", UnknownKey),
        ("cell: D8", "cell: 8D", WrongType),
        ('rows: "8-19"', 'rows: "19-8"', WrongType),
        ("key: title", "key: issues", WrongType),
        ("key: done", "key: doen", WrongType),
    ],
)
def test_wrong_description_is_refused_at_its_line(
    old: str, new: str, kind: type[Exception], open_learned: OpenForm, tmp_path: Path
) -> None:
    described = open_learned("list").path.with_suffix(".yaml")
    path = tmp_path / "list.yaml"
    text = described.read_text(encoding="utf-8").replace("key: number", "key: ignore")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputRefused) as caught:
        read_form(path)
    assert [type(problem) for problem in caught.value.problems] == [kind]
    assert caught.value.problems[0].place.startswith("list.yaml:")


def test_rows_are_in_order_and_each_once() -> None:
    assert parse_rows(" 7 - 9 ,12") == (7, 8, 9, 12)
    for wrong in ("", "a", "3-1", "5, 5", "9, 7", "1-999999"):
        with pytest.raises(ValueError, match="row"):
            parse_rows(wrong)
