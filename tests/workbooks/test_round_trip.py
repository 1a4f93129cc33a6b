"""What stands in a survey's workbook beforehand, or is typed into it, is read as what it was."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nenpo.data.load import load_plan
from nenpo.data.plan import Plan
from nenpo.data.project import list_plans
from nenpo.language.stated_dates import parse_stated_date
from nenpo.workbooks.asking.asked import list_asked
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.book import Book, name_place
from nenpo.workbooks.layout import FIRST_ROW, Field, Survey
from nenpo.workbooks.normal.normalise import Context, normalise
from nenpo.workbooks.reading.opening import open_book
from nenpo.workbooks.sending.guide import Notice
from nenpo.workbooks.sending.make import make_workbook
from tiny_project import FIXTURE
from words_project import DATA, read_plan

Answers = Mapping[tuple[str, int, str], str]
# Signs alone (〃, —) are read otherwise.
TEXTS = st.text(st.sampled_from("窓口=+-@<&>\"'_x0A①（）〃—\n １"), max_size=20).map("区{}".format)
TIMES = st.sampled_from(("FY2023", "FY2023-end", "202310", "202310-mid", "20231001-later"))
NUMBERS = st.sampled_from(("", "46.0", "約77500", "1/15", "-7.1", "未計測", "該当なし", "0"))


def list_cells(survey: Survey) -> Iterator[tuple[str, int, Field, str]]:
    """Yield sheet, row, field and what stands there of each cell that is asked."""
    for sheet in survey.sheets:
        for row, entry in enumerate(sheet.rows, FIRST_ROW):
            for field in filter(lambda field: field.is_asked, sheet.fields):
                yield sheet.name, row, field, entry.cells.get(field.key, "")


def read_answers(book: Book, survey: Survey) -> Answers:
    """Return the answers in a workbook as the tables have them."""
    sheets = {sheet.name: sheet for sheet in book.sheets}
    columns = {
        sheet.name: {sheets[sheet.name].read(1, column): column for column in range(2, 40)}
        for sheet in survey.sheets
    }
    read = {}
    for name, row, field, _ in list_cells(survey):
        column = columns[name][field.key]
        cell = sheets[name].cells.get((row, column))
        place = name_place(book.name, name, row, column)
        read[name, row, field.key] = normalise(cell, field, place, Context()).value
    return read


def expect(field: Field, text: str) -> str:
    """Return what stands in a cell beforehand as the tables have it."""
    match field.kind:
        case "value" | "money":
            return text.replace(",", "")
        case "time" if text:
            return parse_stated_date(text).code
        case "text":
            return "\n".join(line.rstrip() for line in text.split("\n")).strip()
    return text


def write_and_read(plan: Plan, survey: Survey, folder: Path) -> Answers:
    path = folder / "a.xlsx"
    path.write_bytes(make_workbook(plan, survey, Notice()))
    return read_answers(open_book(path, path.name), survey)


@pytest.mark.parametrize("plan_id", list_plans(DATA.parent))
def test_what_the_data_hold_comes_back(plan_id: str, tmp_path: Path) -> None:
    plan = read_plan(plan_id)
    for fiscal_year in list(plan.years)[-1:]:
        for department in list_asked(plan, fiscal_year)[:3]:
            survey = lay_out_survey(plan, fiscal_year, department)
            assert write_and_read(plan, survey, tmp_path) == {
                (name, row, field.key): expect(field, text)
                for name, row, field, text in list_cells(survey)
            }


@cache
def lay_out_tiny() -> tuple[Plan, Survey]:
    plan = load_plan("tiny", FIXTURE)
    return plan, lay_out_survey(plan, 2022, list_asked(plan, 2022)[0])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_typed_comes_back(data: st.DataObject, tmp_path: Path) -> None:
    plan, survey = lay_out_tiny()
    typed: dict[tuple[str, int, str], str] = {}

    def draw(field: Field) -> str:
        match field.kind:
            case "choice":
                return data.draw(st.sampled_from(["", *(c.value for c in field.choices)]))
            case "time":
                return parse_stated_date(data.draw(TIMES)).label
            case "money":
                return str(data.draw(st.integers(0, 10**9 - 1)))
        return data.draw(NUMBERS if field.kind == "value" else TEXTS)

    def answer(sheet_name: str, number: int, field: Field) -> str:
        text = draw(field)
        typed[sheet_name, number, field.key] = expect(field, text)
        return text

    answered = replace(
        survey,
        sheets=tuple(
            replace(
                sheet,
                rows=tuple(
                    replace(
                        row,
                        cells={
                            **row.cells,
                            **{f.key: answer(sheet.name, n, f) for f in sheet.fields if f.is_asked},
                        },
                    )
                    for n, row in enumerate(sheet.rows, FIRST_ROW)
                ),
            )
            for sheet in survey.sheets
        ),
    )
    assert write_and_read(plan, answered, tmp_path) == typed
