"""The record of a survey, ``data/<plan>/<year>/survey.csv``: who was asked, whose reply was taken.

Beside it, ``survey_answers.csv`` keeps what each of several departments answered to what they
report together: replies come one after the other, and each has to be seen beside the others. Both
lie beside the tables, change with them in one step, and are in no document.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from nenpo.data.csv_table import read_sheet
from nenpo.data.explain import refuse_all
from nenpo.data.schema.cells import Id, Text
from nenpo.data.schema.columns import Row
from nenpo.data.schema.declarations import check_date
from nenpo.data.schema.tables import list_columns
from nenpo.data.writing import write_table
from nenpo.errors import InputError, make_visible
from nenpo.files import SURVEY_ANSWERS, SURVEY_RECORD
from nenpo.language.formulas import is_run


def _check_day(text: str) -> str:
    try:
        return check_date(text) if text else ""
    except PydanticCustomError:
        told = {
            "allowed": "空、又は YYYY-MM-DD の日付",
            "allowed_en": "a date YYYY-MM-DD, or blank",
        }
        raise PydanticCustomError("bad_value", "not a date", told) from None


Day = Annotated[str, AfterValidator(_check_day)]


class RecordRow(Row):
    """What is known of one department's survey; days are YYYY-MM-DD, "" for not yet."""

    TITLE = "調査の記録 / record of the survey"
    KEY = ("department",)
    department: Id = Field(description="部署の ID / id of the department")
    sent: Day = Field(default="", description="送付日 / when the workbook was made")
    deadline: Day = Field(default="", description="提出期限 / by when it is to come back")
    received: Day = Field(default="", description="受領日 / when a reply was taken")
    file: Text = Field(default="", description="取り込んだファイル / the file that was taken")
    digest: Text = Field(default="", description="そのファイルのダイジェスト / its digest")


class GivenRow(Row):
    """What one department answered to a question that others are asked as well.

    ``row`` is the id of an item, an indicator or a milestone, ``answer`` as tables have it.
    ``is_taken`` where the row is in the tables; where departments disagree, it waits.
    """

    TITLE = "共同の取組への回答 / answers to what several departments report"
    KEY = ("department", "row", "column")
    department: Id = Field(description="部署の ID / id of the department")
    row: Text = Field(description="取組、指標又は節目の ID / id of what it is about")
    column: Text = Field(description="欄 / the column")
    answer: Text = Field(description="回答 / the answer")
    is_taken: Literal["true", "false"] = Field(description="取込済みか / whether it was taken")


def name_record(fiscal_year: int) -> str:
    """Return the path of a year's record in the plan's folder."""
    return f"{fiscal_year}/{SURVEY_RECORD}"


def read_record(root: Path, plan: str, fiscal_year: int) -> dict[str, RecordRow]:
    """Return the record of a year by department, empty if there is none.

    Raises ``InputRefused`` with everything that is wrong in it.
    """
    name = f"data/{plan}/{name_record(fiscal_year)}"
    rows = _read_rows(root, name, RecordRow, fiscal_year)
    return {row.department: row for row in rows if isinstance(row, RecordRow)}


def name_given(fiscal_year: int) -> str:
    """Return the path, in the plan's folder, of a year's answers to what several report."""
    return f"{fiscal_year}/{SURVEY_ANSWERS}"


def read_given(root: Path, plan: str, fiscal_year: int) -> tuple[GivenRow, ...]:
    """Return what departments answered to what several report; raises as :func:`read_record`."""
    rows = _read_rows(root, f"data/{plan}/{name_given(fiscal_year)}", GivenRow, fiscal_year)
    return tuple(row for row in rows if isinstance(row, GivenRow))


def format_given(rows: Iterable[GivenRow]) -> bytes:
    """Return the file that holds these answers, in the order of their ids."""
    ordered = sorted(rows, key=lambda row: (row.row, row.column, row.department))
    return write_table([*list_columns(GivenRow)], (row.model_dump() for row in ordered))


def _read_rows(root: Path, name: str, model: type[Row], fiscal_year: int) -> tuple[Row, ...]:
    if not (root / name).exists():
        return ()
    problems: list[InputError] = []
    sheet = read_sheet(root / name, name, model, fiscal_year, problems)
    refuse_all(problems)
    return tuple(sheet.rows) if sheet else ()


def format_record(rows: Iterable[RecordRow]) -> bytes:
    """Return the file that holds these rows, in their order; Excel runs no name of a file."""
    told = (row.model_dump() | {"file": _name_harmless(row.file)} for row in rows)
    return write_table([*list_columns(RecordRow)], told)


def _name_harmless(file: str) -> str:
    """Return a file's name as a table may hold it: ./=A1.xlsx is the same file, and no formula."""
    name = make_visible(file)
    return f"./{name}" if is_run(name) else name
