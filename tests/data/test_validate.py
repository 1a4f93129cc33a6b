"""Every way to spoil the data is refused with its place, its value, what is allowed, what to do."""

import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from nenpo.data.explain import explain_row
from nenpo.data.plan_files import read_rows
from nenpo.data.reading import read_csv, read_yaml
from nenpo.data.schema.tables import TABLES, list_columns
from nenpo.errors import DataError
from tiny_project import Project, only, read_message

PLAN = "data/tiny"
PROGRESS = f"{PLAN}/2021/progress.csv"


def test_valid_plan_is_read_whole(tiny: Project) -> None:
    rows = read_rows(tiny.root, "tiny")
    assert [len(rows.years[year].tables["progress.csv"]) for year in (2021, 2022)] == [4, 3]


def test_all_offenders_of_all_files_come_in_the_order_of_file_and_line(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 4, "status", "Z")
    tiny.set_cell("2021/progress.csv", 1, "shift", "later")
    tiny.set_cell("items.csv", 2, "actor", "city")
    tiny.replace("plan.yaml", "id: tiny", "id: other")
    assert [problem.place for problem in tiny.refuse_data()] == [
        f"{PROGRESS}:2",
        f"{PROGRESS}:6",
        f"{PLAN}/items.csv:3",
        f"{PLAN}/plan.yaml:1",
    ]


# Files and encodings


def test_missing_file_names_its_columns(tiny: Project) -> None:
    tiny.path("targets.csv").unlink()
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        "MissingFile data/tiny/targets.csv: the file is missing; add it with the columns "
        "indicator, fiscal_year, value, denominator, approximate, set_in, source, line."
    )
    assert "indicator, fiscal_year" in problem.message("ja")


def test_missing_plan_yaml_does_not_hide_other_problems(tiny: Project) -> None:
    tiny.path("plan.yaml").unlink()
    tiny.set_cell("items.csv", 1, "actor", "city")
    assert [p.place for p in tiny.refuse_data()] == [f"{PLAN}/items.csv:2", f"{PLAN}/plan.yaml"]


def test_year_needs_only_the_files_it_has(tiny: Project) -> None:
    tiny.path("2022/titles.csv").unlink()
    tiny.path("2021/published.yaml").unlink()
    rows = read_rows(tiny.root, "tiny")
    assert rows.years[2021].published is None


@pytest.mark.parametrize(
    ("file", "meant"),
    [
        ("2021/Progress.csv", "progress.csv"),
        ("2021/progres.csv", "progress.csv"),
        ("2021/assignment.csv", "assignments.csv"),
        ("item.csv", "items.csv"),
        ("plan.yml", "plan.yaml"),
    ],
)
def test_misspelt_file_is_reported_not_skipped(tiny: Project, file: str, meant: str) -> None:
    tiny.write(file, "")
    problem = only(tiny.refuse_data())
    assert read_message(problem).startswith(
        f"UnknownFile {PLAN}/{file}: not a file of the contract"
    )
    assert f"Did you mean '{meant}'? Rename it" in problem.message("en")
    assert f"「{meant}」ではないか。名前を直すか" in problem.message("ja")


def test_folder_that_is_no_year_is_reported(tiny: Project) -> None:
    tiny.path("r3").mkdir()
    assert only(tiny.refuse_data()).place == f"{PLAN}/r3"


@pytest.mark.parametrize("name", [".DS_Store", ".~lock.items.csv#", "~$items.xlsx", "README.md"])
def test_what_programs_leave_behind_is_no_input(tiny: Project, name: str) -> None:
    tiny.write(name, b"\xff")
    read_rows(tiny.root, "tiny")


def test_utf8_with_bom_and_windows_line_ends_are_read(tiny: Project) -> None:
    text = tiny.path("2021/progress.csv").read_text(encoding="utf-8")
    tiny.write("2021/progress.csv", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    first = read_rows(tiny.root, "tiny").years[2021].tables["progress.csv"][0]
    assert first.model_dump()["done"] == "様式を整えた。\n受付を始めた。"


def test_cp932_from_excel_is_read(tiny: Project) -> None:
    text = tiny.path("departments.csv").read_text(encoding="utf-8")
    tiny.write("departments.csv", text.encode("cp932"))
    assert (
        read_rows(tiny.root, "tiny").tables["departments.csv"][0].model_dump()["name"] == "情報課"
    )


@pytest.mark.parametrize(
    ("raw", "line", "value"),
    [
        ("scope,text\nplan,進捗\n".encode("euc-jp"), 2, "0xBF"),
        (b"scope,text\nplan,\x81", 2, "0x81"),
        ("scope,text\nplan,進捗\n".encode("utf-16"), 1, "UTF-16"),
        (b"scope,text\nplan,\xff\xff", 2, "0xFF"),
    ],
)
def test_other_encoding_is_refused_at_its_line(
    tiny: Project, raw: bytes, line: int, value: str
) -> None:
    tiny.write("2021/commentary.csv", raw)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"WrongEncoding {PLAN}/2021/commentary.csv:{line}: "
        f"the file is neither UTF-8 nor cp932 ({value}); save it again as UTF-8."
    )
    assert "UTF-8 で保存し直すこと" in problem.message("ja")


def test_quote_that_is_not_closed_is_refused_where_it_opens(tiny: Project) -> None:
    tiny.append("2021/commentary.csv", 'plan,"終わらない')
    problem = only(tiny.refuse_data())
    assert type(problem).__name__ == "UnreadableCsv"
    assert problem.place == f"{PLAN}/2021/commentary.csv:4"


# Headers and rows


def test_missing_column_is_named_once(tiny: Project) -> None:
    tiny.drop_column("2021/progress.csv", "done")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"MissingColumn {PROGRESS}:1: column 'done' is missing; the header needs item, status, "
        "shift, change_reason, done, next_year, later, issues, adherence, adherence_reason, note, "
        "source, line."
    )
    assert problem.message("ja").startswith("列「done」がない。")


def test_optional_columns_may_be_absent(tiny: Project) -> None:
    tiny.drop_column("2021/progress.csv", "issues")
    tiny.drop_column("2021/progress.csv", "note")
    first = read_rows(tiny.root, "tiny").years[2021].tables["progress.csv"][0].model_dump()
    assert (first["issues"], first["note"]) == ("", "")


@pytest.mark.parametrize("extra", ["memo", "Title", " title", "title"])
def test_extra_or_repeated_column_is_refused(tiny: Project, extra: str) -> None:
    text = tiny.path("2022/titles.csv").read_text(encoding="utf-8").splitlines()
    tiny.write("2022/titles.csv", f"{text[0]},{extra}\n{text[1]},x\n")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"ExtraColumn {PLAN}/2022/titles.csv:1: column '{extra}' is not allowed; "
        "allowed columns: item, title. Rename or remove it."
    )


@pytest.mark.parametrize(("line", "cells"), [("plan,a,b", 3), ("plan", 1)])
def test_ragged_row_is_refused(tiny: Project, line: str, cells: int) -> None:
    tiny.append("2021/commentary.csv", line)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"RaggedRow {PLAN}/2021/commentary.csv:4: the row has {cells} cells, the header 2; "
        "check commas and quotes."
    )


def test_line_number_is_where_the_record_starts(tiny: Project) -> None:
    """The first record of progress.csv takes two lines; the second begins on line 4."""
    tiny.set_cell("2021/progress.csv", 2, "shift", "later")
    assert only(tiny.refuse_data()).place == f"{PROGRESS}:4"


def test_empty_rows_that_spreadsheets_leave_are_no_rows(tiny: Project) -> None:
    tiny.append("2021/commentary.csv", ",\n\n,")
    assert len(read_rows(tiny.root, "tiny").years[2021].tables["commentary.csv"]) == 2


# Ids and keys


@pytest.mark.parametrize(
    ("file", "line", "value", "key", "first"),
    [
        ("items.csv", "i1-1-01,m1-1,x,,ward,,,,,,,,", "i1-1-01", "item", 2),
        ("2021/progress.csv", "i1-1-01,◎,,,,,,,,,", "i1-1-01", "item", 2),
        (
            "2021/assignments.csv",
            "i1-1-02,joho,lead,住基,別の書き方",
            "i1-1-02 / joho / lead / 住基",
            "item + department + role + qualifier",
            4,
        ),
        (
            "targets.csv",
            "online-rate,2022,51,,false,2021,,",
            "online-rate / 2022 / 2021",
            "indicator + fiscal_year + set_in",
            2,
        ),
    ],
)
def test_key_that_occurs_twice_names_both_rows(
    tiny: Project, file: str, line: str, value: str, key: str, first: int
) -> None:
    tiny.append(file, line)
    problem = only(tiny.refuse_data())
    last = len(tiny.path(file).read_text(encoding="utf-8").splitlines())
    assert read_message(problem) == (
        f"DuplicateId {PLAN}/{file}:{last}: '{value}' ({key}) also stands in "
        f"{PLAN}/{file}:{first}; remove one of the rows or change its id."
    )
    assert f"{PLAN}/{file}:{first} にもある" in problem.message("ja")


def test_two_values_of_an_indicator_in_use_are_refused(tiny: Project) -> None:
    tiny.append("2021/actuals.csv", "online-rate,21,,false,,true,,")
    assert read_message(only(tiny.refuse_data())) == (
        f"TwoPreferred {PLAN}/2021/actuals.csv:5: indicator 'online-rate' has a value in use "
        f"(preferred = true) in {PLAN}/2021/actuals.csv:2 as well; set one of them to false."
    )


def test_same_item_and_department_with_another_qualifier_is_no_duplicate(tiny: Project) -> None:
    tiny.append("2021/assignments.csv", "i1-1-02,joho,lead,年金,情報課(年金)")
    read_rows(tiny.root, "tiny")


def test_several_values_need_one_in_use(tiny: Project) -> None:
    tiny.set_cell("2021/actuals.csv", 2, "preferred", "false")
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {PLAN}/2021/actuals.csv:3: preferred 'false' cannot be used; "
        "allowed: true in one of the rows of incidents."
    )


@pytest.mark.parametrize(
    "value",
    [
        *("2001/1/1", "1/1", "1月1日", "2001年1月1日", "Jan-1", "1-Jan", "1-Jan-01"),
        *("2001-01-01", "2001-01-01 00:00:00", "36892"),
    ],
)
def test_date_instead_of_an_id_is_recognised(tiny: Project, value: str) -> None:
    tiny.set_cell("measures.csv", 3, "measure", value)
    problem = next(p for p in tiny.refuse_data() if p.place == f"{PLAN}/measures.csv:4")
    assert read_message(problem) == (
        f"DateInsteadOfId {PLAN}/measures.csv:4: measure '{value}' is a date: a spreadsheet "
        "program probably turned the id (such as 1-1-1) into one. Format the column as text and "
        "restore an id such as m1-1-1."
    )
    assert "列を文字列にして、m1-1-1 のような ID に戻すこと" in problem.message("ja")


@pytest.mark.parametrize("value", ["", "1-1-1", "M1-1", "m1_1", "情報課", "../m1", "ｍ1", "m1 "])
def test_text_that_is_no_id_is_refused(tiny: Project, value: str) -> None:
    tiny.set_cell("measures.csv", 3, "measure", value)
    problem = next(p for p in tiny.refuse_data() if p.place == f"{PLAN}/measures.csv:4")
    assert type(problem).__name__ == "BadId"
    assert f"measure '{value}' is not an id" in problem.message("en")
    assert "例 m1-1-1" in problem.message("ja")


@pytest.mark.parametrize("value", ["annual", "inspection", "comparison", "plan", "departments"])
def test_department_may_not_be_called_what_a_briefing_is(tiny: Project, value: str) -> None:
    tiny.append("departments.csv", f"{value},総務課,,section,50,,,,")
    problem = only(tiny.refuse_data())
    assert f"department '{value}' cannot be used; allowed: an id other than" in problem.message(
        "en"
    )


# References


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "target", "hint"),
    [
        ("2021/assignments.csv", 1, "department", "madoguti", "departments.csv", "madoguchi"),
        (
            "2021/assignments.csv",
            1,
            "item",
            "i1-1-09",
            "items.csv, data/tiny/indicators.csv, data/tiny/measures.csv",
            "i1-1-0",
        ),
        ("2021/progress.csv", 4, "item", "i9-9-99", "items.csv", ""),
        ("2022/titles.csv", 1, "item", "i1-1-011", "items.csv", "i1-1-01"),
        ("items.csv", 1, "measure", "m1-9", "measures.csv, data/tiny/plan.yaml#goals", "m1-"),
        ("items.csv", 4, "relisted_from", "i1-1-0", "items.csv", "i1-1-0"),
        ("items.csv", 5, "continues", "i8", "items.csv", ""),
        ("measures.csv", 1, "goal", "g3", "plan.yaml#goals", ""),
        ("indicators.csv", 1, "goal", "g3", "plan.yaml#goals", ""),
        ("measures.csv", 1, "source", "s2", "plan.yaml#sources", ""),
        ("targets.csv", 3, "indicator", "incident", "indicators.csv", "incidents"),
        ("2021/actuals.csv", 1, "indicator", "online", "indicators.csv", "online-rate"),
        ("organisation_changes.csv", 1, "from", "jouhou", "departments.csv", "joho"),
        ("2021/commentary.csv", 2, "scope", "jouho", "departments.csv", "joho"),
        ("2021/misreadings.csv", 1, "id", "i1-2-1", "items.csv", "i1-2-01"),
    ],
)
def test_reference_to_nothing_is_refused(
    tiny: Project, file: str, row: int, column: str, value: str, target: str, hint: str
) -> None:
    tiny.set_cell(file, row, column, value)
    problem = only(tiny.refuse_data())
    english = problem.message("en")
    assert type(problem).__name__ == "UnknownReference"
    assert problem.place.startswith(f"{PLAN}/{file}:")
    assert english.startswith(f"{column} '{value}' is not in {PLAN}/{target}. Known: ")
    assert "使える値: " in problem.message("ja")
    assert not hint or f"Did you mean '{hint}" in english


def test_duplicated_misspelling_is_reported_in_every_row(tiny: Project) -> None:
    tiny.replace("departments.csv", "kaku-ka", "kaku-bu")
    places = [problem.place for problem in tiny.refuse_data()]
    assert places == [f"{PLAN}/2021/assignments.csv:5", f"{PLAN}/2022/assignments.csv:5"]


def test_unreadable_table_is_not_blamed_on_the_rows_that_name_it(tiny: Project) -> None:
    tiny.write("departments.csv", b"\xff")
    assert only(tiny.refuse_data()).place == f"{PLAN}/departments.csv:1"


def test_misreading_must_occur_in_the_text_as_printed(tiny: Project) -> None:
    """A correction that finds nothing to correct would be dropped in silence."""
    tiny.set_cell("2021/misreadings.csv", 1, "printed", "データー")
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {PLAN}/2021/misreadings.csv:2: printed 'データー' cannot be used; "
        "allowed: text that title of i1-2-01 in items.csv holds."
    )


def test_misreading_of_an_unknown_column_is_refused(tiny: Project) -> None:
    tiny.set_cell("2021/misreadings.csv", 1, "column", "titel")
    assert "column 'titel' cannot be used; allowed: item, measure, label, title" in only(
        tiny.refuse_data()
    ).message("en")


# Marks


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
        ("○\ufe0e", "U+25CB U+FE0E", "○"),
    ],
)
def test_look_alike_mark_is_named_with_the_one_that_was_meant(
    tiny: Project, value: str, codepoint: str, meant: str
) -> None:
    tiny.set_cell("2021/progress.csv", 1, "status", value)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"UnknownMark {PROGRESS}:2: status '{value}' ({codepoint}) is not one of ◎ ○ △ ×. "
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


@pytest.mark.parametrize(("status", "shown"), [("◎", "◎"), ("×", "×"), ("", "（空 / blank）")])
def test_shift_needs_a_mark_that_tells_of_change(tiny: Project, status: str, shown: str) -> None:
    tiny.set_cell("2021/progress.csv", 3, "status", status)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"ShiftWithoutChange {PROGRESS}:5: "
        f"shift 'ahead' stands beside status '{shown}'; it belongs to ○ only."
    )


# Words, numbers, years


def test_word_outside_the_vocabulary_is_refused(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "scope", "New")
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"UnknownWord {PLAN}/items.csv:2: scope 'New' is not one of new, expanded, "
        "（空 / blank）; use one of them."
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


# Columns and tables that a plan may leave out


def add_column(tiny: Project, file: str, column: str, row: int, value: str) -> None:
    """Append a column to a table whose cells hold no line ends; only ``row`` has a value."""
    header, *rows = tiny.read(file).splitlines()
    cells = [value if position == row else "" for position in range(1, len(rows) + 1)]
    lines = [f"{line},{cell}" for line, cell in zip(rows, cells, strict=True)]
    tiny.write(file, "\n".join([f"{header},{column}", *lines, ""]))


def test_plan_without_sheets_schedule_figures_and_statements_is_read(tiny: Project) -> None:
    assert not {"sheets.csv", "schedule.csv", "figures.csv", "statements.csv"} & set(
        read_rows(tiny.root, "tiny").tables
    )


def test_item_may_stand_under_a_goal(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "measure", "g1")
    first = read_rows(tiny.root, "tiny").tables["items.csv"][0]
    assert first.model_dump()["measure"] == "g1"


def test_whole_measure_may_be_assigned(tiny: Project) -> None:
    tiny.append("2021/assignments.csv", "m1-1,joho,lead,,情報課")
    assert len(read_rows(tiny.root, "tiny").years[2021].tables["assignments.csv"]) == 6


def test_measure_may_repeat_another(tiny: Project) -> None:
    add_column(tiny, "measures.csv", "relisted_from", 3, "m1-1")
    rows = read_rows(tiny.root, "tiny").tables["measures.csv"]
    assert [row.model_dump()["relisted_from"] for row in rows] == ["", "", "m1-1"]


@pytest.mark.parametrize(
    ("file", "column", "row", "value", "message"),
    [
        ("measures.csv", "relisted_from", 3, "m2-1", "the id of another row"),
        ("measures.csv", "relisted_from", 3, "m9", "is not in data/tiny/measures.csv"),
        ("measures.csv", "relisted_from", 3, "m", "Known: m1-1, m1-2, m2-1"),
        ("indicators.csv", "continues", 1, "cards", "is not in data/tiny/indicators.csv"),
        ("2022/progress.csv", "adherence", 1, "late", "is not one of kept, changed"),
    ],
)
def test_optional_column_is_checked_where_it_stands(
    tiny: Project, file: str, column: str, row: int, value: str, message: str
) -> None:
    add_column(tiny, file, column, row, value)
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/{file}:{row + 1}"
    assert message in problem.message("en")


@pytest.mark.parametrize(
    ("adherence", "reason", "allowed"),
    [
        ("kept", "予定の年度に始めた", True),
        ("not_comparable", "予定の記載がない", True),
        ("", "", True),
        ("changed", "", False),
        ("kept", " ", False),
        ("", "予定の年度に始めた", False),
    ],
)
def test_judgement_against_the_schedule_goes_with_its_reason(
    tiny: Project, adherence: str, reason: str, allowed: bool
) -> None:
    add_column(tiny, "2022/progress.csv", "adherence", 1, adherence)
    add_column(tiny, "2022/progress.csv", "adherence_reason", 1, reason)
    if allowed:
        read_rows(tiny.root, "tiny")
        return
    missing = "adherence_reason" if adherence else "adherence"
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {PLAN}/2022/progress.csv:2: {missing} '' cannot be used; "
        "allowed: adherence goes with a reason."
    )


SHEETS = "subject,aspect,text,source,line"
SCHEDULE = "item,first_year,last_year,text,note,source,line"
STATEMENTS = "statement,title,subject,text,preferred,reason,source,line"


@pytest.mark.parametrize(
    ("file", "header", "row", "message"),
    [
        ("sheets.csv", SHEETS, "m9,now,文,s1,1", "subject 'm9' is not in"),
        ("sheets.csv", SHEETS, "plan,future,文,s1,1", "aspect 'future' is not in"),
        ("sheets.csv", SHEETS, "plan,now,,s1,1", "text '' cannot be used"),
        ("sheets.csv", SHEETS, "plan,now,文,,1", "source '' is not an id"),
        ("sheets.csv", SHEETS, "plan,now,文,s1,", "line '' is not a number"),
        ("schedule.csv", SCHEDULE, "i9,2021,2022,試行,,s1,1", "item 'i9' is not in"),
        ("schedule.csv", SCHEDULE, "m1-1,2021,2022,試行,,s1,1", "item 'm1-1' is not in"),
        ("schedule.csv", SCHEDULE, "i1-1-01,2022,2021,試行,,s1,1", "a year not before 2022"),
        ("schedule.csv", SCHEDULE, "i1-1-01,2021,,試行,,s1,1", "last_year '' is not a number"),
        ("statements.csv", STATEMENTS, "a,題,i9,文,true,理由,s1,1", "subject 'i9' is not in"),
        ("statements.csv", STATEMENTS, "a,題,plan,文,true,理由,s9,1", "source 's9' is not in"),
    ],
)
def test_optional_table_is_checked_where_it_stands(
    tiny: Project, file: str, header: str, row: str, message: str
) -> None:
    tiny.append("plan.yaml", "aspects:\n  - {id: now, label: 現状}")
    tiny.write(file, f"{header}\n{row}\n")
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/{file}:2"
    assert message in problem.message("en")


def test_steps_of_an_item_are_told_apart_by_year_and_text(tiny: Project) -> None:
    step = "i1-1-01,2021,2022,試行,,s1,1"
    tiny.write("schedule.csv", f"{SCHEDULE}\n{step}\n{step.replace('試行', '実施')}\n{step}\n")
    problem = only(tiny.refuse_data())
    assert problem.place == f"{PLAN}/schedule.csv:4"
    assert "'i1-1-01 / 2021 / 試行' (item + first_year + text)" in problem.message("en")


# Characters


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


# plan.yaml and published.yaml


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: tiny", "id: other", "BadValue :1: id 'other' cannot be used; allowed: tiny."),
        ("short_title: デ", "titel: デ", "UnknownKey :3: key 'titel' is not allowed"),
        (
            "    title: 便利",
            "    titel: 便利",
            "UnknownKey :14: key 'goals[0].titel' is not allowed",
        ),
        (
            "id: g2",
            "id: g1",
            "DuplicateId :15: 'g1' (goals.id) also stands in data/tiny/plan.yaml:12",
        ),
        ('mark: "○"', 'mark: "◎"', "DuplicateId :20: '◎' (status_scale.mark) also stands in"),
        ("tone: bad", "tone: ugly", "WrongType :22: status_scale[3].tone: 'ugly' cannot be used"),
        ("last_year: 2023", "last_year: 2020", "BadValue :9: period.last_year '2020'"),
        ("last_year: 2023", 'last_year: "2023"', "WrongType :9: period.last_year: '2023' cannot"),
        ('code: "999999"', "code: 999999", "WrongType :6: municipality.code: '999999' cannot"),
        ('date: "2022-06-30"', "date: 2022-06-30", "allowed: text in quotes"),
        ('date: "2022-06-30"', 'date: "2022-06-31"', "allowed: a date YYYY-MM-DD in quotes"),
        ("title: 便利な窓口", "title: 便利☑", "MissingGlyph :14: goals[0].title: '☑' (U+2611)"),
        (
            "id: g2",
            "id: 目標2",
            "WrongType :15: goals[1].id: '目標2' cannot be used; allowed: an id",
        ),
        ("label: 目標2", 'label: " "', "allowed: text that is not blank"),
        ("from: 1.0", "from: 1割", "standing_rules[0].from: '1割'"),
        ("title: みどり市", "title: [みどり市", "UnreadableYaml"),
        ("name: みどり市", "name: null", "BadValue :5: municipality.name 'null'"),
        (
            "title: みどり市",
            "id: tiny\ntitle: みどり市",
            "DuplicateKey :2: key 'id' also stands in",
        ),
        ('  note: ""', "  note: *here", "aliases (*name) are not allowed"),
    ],
)
def test_plan_yaml_is_refused_at_the_line_of_the_key(
    tiny: Project, old: str, new: str, message: str
) -> None:
    tiny.replace("plan.yaml", old, new)
    told = [
        read_message(problem).replace(f"{PLAN}/plan.yaml:", ":", 1)
        for problem in tiny.refuse_data()
    ]
    assert any(message in line for line in told), told


def test_published_mark_must_be_on_the_scale(tiny: Project) -> None:
    tiny.replace("2021/published.yaml", '"△"', '"▲"')
    assert read_message(only(tiny.refuse_data())) == (
        f"UnknownMark {PLAN}/2021/published.yaml:1: status '▲' (U+25B2) is not one of ◎ ○ △ ×. "
        "Did you mean '△' (U+25B3)? See status_scale in plan.yaml."
    )


def test_published_source_must_be_listed(tiny: Project) -> None:
    tiny.replace("2021/published.yaml", "source: s1", "source: s9")
    assert only(tiny.refuse_data()).place == f"{PLAN}/2021/published.yaml:2"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda tiny: tiny.write("plan.yaml", ""),
        lambda tiny: tiny.write("plan.yaml", "- a\n"),
        lambda tiny: tiny.write("plan.yaml", "x: " + "[" * 5000),
        lambda tiny: tiny.write("plan.yaml", "[a]: b"),
        lambda tiny: tiny.write("items.csv", ""),
        lambda tiny: tiny.write("items.csv", b"\x00"),
        lambda tiny: tiny.write("items.csv", "item\n" + "あ" * 200_000),
    ],
)
def test_broken_file_is_refused_and_never_a_defect(
    tiny: Project, spoil: Callable[[Project], None]
) -> None:
    spoil(tiny)
    assert tiny.refuse_data()


@given(st.data(), st.sampled_from(sorted(TABLES)))
def test_any_cells_give_a_row_or_messages(data: st.DataObject, file: str) -> None:
    columns = list(list_columns(TABLES[file]))
    cell = st.text(max_size=6) | st.sampled_from(["", "1", "true", "a", "2021", "1/1", "○"])
    cells = data.draw(st.fixed_dictionaries(dict.fromkeys(columns, cell)))
    try:
        TABLES[file].model_validate(cells)
    except ValidationError as error:
        problems = list(explain_row(error, TABLES[file], "a.csv:2"))
        assert all(problem.message("ja") and problem.message("en") for problem in problems)
        assert problems


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_as_csv_and_yaml(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(raw)
        for read in (read_csv, read_yaml):
            with contextlib.suppress(DataError):
                read(path, "file")
