"""Marks, words, numbers, years and characters of a cell are refused with what is allowed."""

import pytest

from nenpo.data.plan_files import read_rows
from nenpo.data.schema.cells import parse_decimal
from nenpo.errors import make_visible
from nenpo.language.numbers import format_number, format_ratio, format_share
from tiny_project import PLAN, PROGRESS, Project, only, read_message


@pytest.mark.parametrize(
    ("value", "codepoint", "meant"),
    [
        ("〇", "U+3007", "○"),
        ("◯", "U+25EF", "○"),
        ("O", "U+004F", "○"),
        ("Ｏ", "U+FF2F", "○"),
        ("✕", "U+2715", "×"),
        ("✖", "U+2716", "×"),
        ("x", "U+0078", "×"),
        ("Ｘ", "U+FF38", "×"),
        ("⦿", "U+29BF", "◎"),
        ("▲", "U+25B2", "△"),
        ("∆", "U+2206", "△"),
        ("Δ", "U+0394", "△"),
        ("○ ", "U+25CB U+0020", "○"),
        ("◎◎", "U+25CE U+25CE", "◎"),
        ("○\ufe0e", "U+25CB U+FE0E", "○"),
    ],
)
def test_look_alike_mark_is_named_with_the_one_that_was_meant(
    tiny: Project, value: str, codepoint: str, meant: str
) -> None:
    tiny.set_cell("2021/progress.csv", 1, "status", value)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"UnknownMark {PROGRESS}:2: status '{make_visible(value)}' ({codepoint}) is not one of "
        "◎ ○ △ ×. "
        f"Did you mean '{meant}' (U+{ord(meant):04X})? See status_scale in plan.yaml."
    )
    assert f"「{meant}」（U+{ord(meant):04X}）ではないか。" in problem.message("ja")


@pytest.mark.parametrize("value", ["A", "◇", "完了", "◎○"])
def test_unknown_mark_without_a_look_alike_gets_no_hint(tiny: Project, value: str) -> None:
    tiny.set_cell("2021/progress.csv", 1, "status", value)
    problem = only(tiny.refuse_data())
    assert f"'{value}' (" in problem.message("en")
    assert "Did you mean" not in problem.message("en")


def test_scale_that_uses_another_circle_is_the_measure(tiny: Project) -> None:
    """What is right is what plan.yaml says, not one code point."""
    for file in ("plan.yaml", "2021/progress.csv", "2022/progress.csv", "2021/published.yaml"):
        tiny.replace(file, "○", "〇")
    tiny.set_cell("2021/progress.csv", 1, "status", "○")
    assert "Did you mean '〇' (U+3007)?" in only(tiny.refuse_data()).message("en")


@pytest.mark.parametrize(("status", "shown"), [("◎", "◎"), ("×", "×"), ("", "(blank)")])
def test_shift_needs_a_mark_that_tells_of_change(tiny: Project, status: str, shown: str) -> None:
    tiny.set_cell("2021/progress.csv", 3, "status", status)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"ShiftWithoutChange {PROGRESS}:5: "
        f"shift 'ahead' stands beside status '{shown}'; it belongs to ○ only."
    )


def test_word_outside_the_vocabulary_is_refused(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "scope", "New")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"UnknownWord {PLAN}/items.csv:2: scope 'New' is not one of new, expanded, "
        "(blank); use one of them."
    )
    assert "のいずれでもない" in problem.message("ja")


@pytest.mark.parametrize("value", ["true", "TRUE", "True"])
def test_flag_is_read_in_the_capitals_of_a_spreadsheet(tiny: Project, value: str) -> None:
    tiny.set_cell("2021/actuals.csv", 1, "approximate", value)
    first = read_rows(tiny.root, "tiny").years[2021].tables["actuals.csv"][0]
    assert first.model_dump()["approximate"] is True


@pytest.mark.parametrize("value", ["yes", "1", "", "○", "TRUE ", "Ｔrue"])
def test_flag_is_true_or_false(tiny: Project, value: str) -> None:
    tiny.set_cell("2021/actuals.csv", 1, "approximate", value)
    assert f"approximate '{value}' is not one of true, false" in only(tiny.refuse_data()).message(
        "en"
    )


@pytest.mark.parametrize(
    ("value", "why", "why_en", "hint"),
    [
        ("20.5%", "「%」が付いている", "it carries '%'", " → 20.5"),
        ("1500件", "「件」が付いている", "it carries '件'", " → 1500"),
        ("約146万件", "「万件」が付いている", "it carries '万件'", " → 1460000, approximate true"),
        ("２０", "全角の数字や記号", "full-width digits or signs", " → 20"),
        ("20．5", "全角の数字や記号", "full-width digits or signs", " → 20.5"),
        ("1,500", "桁区切りのコンマ", "a thousands separator", " → 1500"),
        ("0/15", "分数", "a fraction", " → 0, denominator 15"),
        ("NaN", "数ではない語", "a word, not a quantity", ""),
        ("inf", "数ではない語", "a word, not a quantity", ""),
        ("1e5", "指数表記", "exponent notation", ""),
        ("+5", "数字以外の文字がある", "it holds other characters", ""),
        ("5.", "数字以外の文字がある", "it holds other characters", " → 5"),
        ("多数", "数字以外の文字がある", "it holds other characters", ""),
        ("٣", "数字以外の文字がある", "it holds other characters", ""),
        ("46²", "「²」が付いている", "it carries '²'", ""),
        ("5½", "「½」が付いている", "it carries '½'", ""),
        ("①", "数字以外の文字がある", "it holds other characters", ""),
        ("100㎡", "「㎡」が付いている", "it carries '㎡'", " → 100"),
        ("10百万円", "「百万円」が付いている", "it carries '百万円'", ""),
        (" ", "空である", "it is blank", ""),
    ],
)
def test_number_says_what_is_wrong_and_gives_the_right_form(
    tiny: Project, value: str, why: str, why_en: str, hint: str
) -> None:
    tiny.set_cell("2021/actuals.csv", 1, "value", value)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"BadNumber {PLAN}/2021/actuals.csv:2: value '{value}' is not a number ({why_en}); "
        f"write ASCII digits only, without unit or separators{hint}."
    )
    assert problem.message("ja") == (
        f"value「{value}」は数値ではない（{why}）。"
        f"半角数字だけを、単位や桁区切りなしで書くこと{hint}。"
    )


@pytest.mark.parametrize(
    "value",
    ["9" * 17, "1" * 41, "1" * 400, "-" + "9" * 17, "1" * 5000, "0.1234567", "1." + "0" * 7],
)
def test_number_beyond_any_quantity_is_refused(tiny: Project, value: str) -> None:
    """Ratios of such numbers have more digits than decimal arithmetic keeps."""
    tiny.set_cell("2021/actuals.csv", 1, "value", value)
    problem = only(tiny.refuse_data())
    assert (type(problem).__name__, problem.place) == ("BadValue", f"{PLAN}/2021/actuals.csv:2")
    assert "at most 16 digits before the point and 6 after it" in problem.message("en")
    assert "整数部16桁、小数部6桁以内の数" in problem.message("ja")
    assert len(problem.message("en")) < 200


def test_largest_and_smallest_numbers_are_formatted_exactly() -> None:
    """Share and ratio of the largest by the smallest that a cell may hold."""
    largest, smallest = parse_decimal("9" * 16 + ".999999"), parse_decimal("0.000001")
    assert format_share(largest, smallest).endswith("99900.0％")
    assert format_ratio((largest + largest) / smallest).endswith("％")
    assert format_number(-largest).startswith("-9,999")


@pytest.mark.parametrize(
    ("file", "column"),
    [("departments.csv", "order"), ("2021/actuals.csv", "line"), ("items.csv", "line")],
)
@pytest.mark.parametrize("value", ["1" * 10, "1" * 400, "1" * 5000])
def test_whole_number_beyond_any_list_is_refused(
    tiny: Project, file: str, column: str, value: str
) -> None:
    tiny.set_cell(file, 1, column, value)
    problem = only(tiny.refuse_data())
    assert (type(problem).__name__, problem.place) == ("BadValue", f"{PLAN}/{file}:2")
    assert "a whole number of at most 9 digits" in problem.message("en")


@pytest.mark.parametrize("file", ["2021/published.yaml", "params/tiny/2021.yaml"])
def test_count_beyond_any_list_is_refused(tiny: Project, file: str) -> None:
    if file.startswith("params"):
        tiny.replace(file, "revision: 0", f"revision: {'1' * 400}")
        problem = only(tiny.refuse_params())
    else:
        tiny.replace(file, '"◎": 1', f'"◎": {"1" * 400}')
        problem = only(tiny.refuse_data())
    assert "a whole number <= 999999999" in problem.message("en")


def test_decimal_in_a_column_of_whole_numbers_is_refused(tiny: Project) -> None:
    tiny.set_cell("departments.csv", 1, "order", "1.5")
    message = only(tiny.refuse_data()).message("en")
    assert message.startswith("order '1.5' is not a number (a decimal where a whole number")


@pytest.mark.parametrize("value", ["3", "20211", "1899"])
def test_year_is_western(tiny: Project, value: str) -> None:
    tiny.set_cell("targets.csv", 1, "fiscal_year", value)
    problem = only(tiny.refuse_data())
    assert problem.message("en") == (
        f"fiscal_year '{value}' cannot be used; allowed: a western year (令和3年度 is 2021)."
    )


@pytest.mark.parametrize("value", ["2020", "2019"])
def test_target_must_lie_after_the_baseline(tiny: Project, value: str) -> None:
    tiny.set_cell("targets.csv", 1, "fiscal_year", value)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"TargetBeforeBaseline {PLAN}/targets.csv:2: target year {value} is not after the baseline "
        "year 2020; correct fiscal_year, or baseline_year in indicators.csv."
    )
    assert "基準年度 2020 以前である" in problem.message("ja")


@pytest.mark.parametrize(
    ("file", "row", "cells", "message"),
    [
        (
            "items.csv",
            3,
            {"last_year": "2020"},
            "last_year '2020' cannot be used; allowed: a year not",
        ),
        (
            "departments.csv",
            1,
            {"first_year": "2022", "last_year": "2021"},
            "a year not before 2022",
        ),
        ("items.csv", 4, {"relisting": ""}, "relisted_from and relisting go together"),
        ("items.csv", 1, {"relisting": "stated"}, "relisted_from and relisting go together"),
        ("items.csv", 4, {"relisted_from": "i1-2-02"}, "the id of another row"),
        ("2021/actuals.csv", 1, {"missing": "not_yet"}, "either value or missing, not both"),
        ("2021/actuals.csv", 1, {"value": ""}, "either value or missing, not both"),
        (
            "2022/actuals.csv",
            1,
            {"denominator": "0"},
            "denominator '0' cannot be used; allowed: a num",
        ),
        (
            "items.csv",
            1,
            {"title": " "},
            "title ' ' cannot be used; allowed: text that is not blank",
        ),
    ],
)
def test_cells_that_contradict_each_other_are_refused(
    tiny: Project, file: str, row: int, cells: dict[str, str], message: str
) -> None:
    for column, value in cells.items():
        tiny.set_cell(file, row, column, value)
    problem = only(tiny.refuse_data())
    assert type(problem).__name__ == "BadValue"
    assert message in problem.message("en")


@pytest.mark.parametrize(
    ("value", "codepoint"), [("✕", "U+2715"), ("☑", "U+2611"), ("𠮷", "U+20BB7"), ("😀", "U+1F600")]
)
def test_character_that_the_font_lacks_is_refused(
    tiny: Project, value: str, codepoint: str
) -> None:
    tiny.set_cell("2021/progress.csv", 1, "done", f"済み{value}")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"MissingGlyph {PROGRESS}:2: done: '{value}' ({codepoint}) is not in the document font "
        "IPAexGothic; use another character."
    )
    assert "別の文字に置き換えること" in problem.message("ja")


@pytest.mark.parametrize("character", ["\u202e", "\u200f", "\u2067", "\u061c"])
def test_bidi_control_is_refused(tiny: Project, character: str) -> None:
    tiny.set_cell("2021/assignments.csv", 1, "as_printed", f"窓口{character}課")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"BidiControl {PLAN}/2021/assignments.csv:2: as_printed holds the bidirectional control "
        f"character U+{ord(character):04X}; remove it."
    )


@pytest.mark.parametrize(
    "character", ["\x1b", "\t", "\x00", "\u200b", "\u00ad", "\ufeff", "\u2028"]
)
def test_invisible_character_is_refused(tiny: Project, character: str) -> None:
    tiny.set_cell("2021/progress.csv", 2, "done", f"国{character}が")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"BadText {PROGRESS}:4: done holds a character that cannot be used "
        f"(U+{ord(character):04X}). It cannot be seen; remove it."
    )
    assert "見えない文字である。削ること。" in problem.message("ja")


@pytest.mark.parametrize(
    "text",
    [
        "=cmd()",
        "+1",
        "-1",
        "@SUM(A1)",
        "<script>alert(1)</script>",
        "../../x",
        "$x$ #panic()",
        "一\n二",
    ],
)
def test_what_other_programs_would_run_is_ordinary_text(tiny: Project, text: str) -> None:
    tiny.set_cell("2021/progress.csv", 1, "done", text)
    first = read_rows(tiny.root, "tiny").years[2021].tables["progress.csv"][0]
    assert first.model_dump()["done"] == text


def test_cell_refused_for_another_reason_is_reported_once(tiny: Project) -> None:
    tiny.set_cell("measures.csv", 3, "measure", "☑")
    problems = [p for p in tiny.refuse_data() if p.place == f"{PLAN}/measures.csv:4"]
    assert [type(problem).__name__ for problem in problems] == ["BadId"]
