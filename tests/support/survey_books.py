"""Surveys as workbooks, filled in and spoiled as people would, without nenpo's own writer."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from nenpo.data.load import load_plan
from nenpo.workbooks.layout import FIRST_ROW, Survey, SurveySheet
from nenpo.workbooks.replies.expected import show_cell
from nenpo.workbooks.survey import lay_out_survey
from tiny_project import Project, copy_project

GUIDE = "記入のしかた"


def lay_out(root: Path, department: str, fiscal_year: int = 2022, plan: str = "tiny") -> Survey:
    return lay_out_survey(load_plan(plan, root), fiscal_year, department)


def write_survey(path: Path, survey: Survey) -> Path:
    """Write a survey as :mod:`nenpo.workbooks.layout` says, plain."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet(GUIDE).write_string(0, 0, f"{survey.name} {survey.fiscal_year}")
        for sheet in survey.sheets:
            page = book.add_worksheet(sheet.name)
            page.set_row(0, options={"hidden": True})
            page.set_column(0, 0, options={"hidden": True})
            page.write_string(0, 0, sheet.marker)
            page.write_string(1, 1, f"{sheet.title}（{survey.name}）")
            for column, field in enumerate(sheet.fields, 1):
                page.write_string(0, column, field.key)
                page.write_string(FIRST_ROW - 2, column, field.label)
            for row, asked in enumerate(sheet.rows, FIRST_ROW - 1):
                page.write_string(row, 0, asked.id)
                for column, field in enumerate(sheet.fields, 1):
                    text = show_cell(field, asked)
                    if text:
                        page.write_string(row, column, text)
    return path


@dataclass
class Filled:
    """A workbook being filled in; rows are named by id, columns by key, as they were sent."""

    path: Path
    survey: Survey

    def __post_init__(self) -> None:
        self.book = openpyxl.load_workbook(self.path)

    def sheet(self, kind: str = "items") -> Worksheet:
        return self.book[self.layout(kind).name]

    def layout(self, kind: str = "items") -> SurveySheet:
        return next(sheet for sheet in self.survey.sheets if sheet.kind == kind)

    def row(self, id: str, kind: str = "items") -> int:
        return next(FIRST_ROW + n for n, row in enumerate(self.layout(kind).rows) if row.id == id)

    def column(self, key: str, kind: str = "items") -> int:
        return next(n for n, field in enumerate(self.layout(kind).fields, 2) if field.key == key)

    def put(self, id: str, kind: str = "items", **cells: object) -> "Filled":
        for key, value in cells.items():
            self.sheet(kind).cell(self.row(id, kind), self.column(key, kind)).value = value  # type: ignore[assignment]
        return self

    def save(self, path: Path | None = None) -> Path:
        self.book.save(path or self.path)
        return path or self.path


def fill(folder: Path, root: Path, department: str, name: str = "", **more: int) -> Filled:
    """Return a department's workbook, in a folder, as it was sent."""
    survey = lay_out(root, department, **more)
    path = write_survey(folder / (name or f"{department}.xlsx"), survey)
    return Filled(path, survey)


def list_cells(sheet: Worksheet) -> Iterator[tuple[int, int, object]]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                yield cell.row, cell.column, cell.value


HEADER = "item,status,shift,change_reason,done,next_year,later,issues,source,line"
ITEMS = ("i1-1-02", "n1", "n2", "n3", "n4")
"""What the department joho leads in the project of :func:`make_project`."""


def make_project(folder: Path) -> Project:
    """Return the tiny project with a year 2022 of which nothing is reported yet.

    joho leads five items (n3 and n4 have one title under two measures), n2 together with
    madoguchi, and dates one of them.
    """
    project = copy_project(folder)
    project.append("items.csv", "n1,m1-1,統合型GISの導入,,ward,,,,,,,,")
    project.append("items.csv", "n2,m1-1,公開型の地図の整備,,ward,,,,,,,,")
    project.append("items.csv", "n3,m1-2,研修の実施,,ward,,,,,,,,")
    project.append("items.csv", "n4,m2-1,研修の実施,,ward,,,,,,,,")
    for item in ("n1", "n2", "n3", "n4"):
        project.append("2022/assignments.csv", f"{item},joho,lead,,情報課")
    project.append("2022/assignments.csv", "n2,madoguchi,lead,,窓口課")
    project.append("2022/assignments.csv", "incidents,joho,lead,,情報課")
    project.write("2022/progress.csv", f"{HEADER}\n")
    project.write("2022/actuals.csv", project.read("2022/actuals.csv").split("\n")[0] + "\n")
    project.write(
        "2021/milestones.csv",
        "subject,date,text,state,former_date,source,line\nn1,FY2022-end,本稼働,planned,,,\n",
    )
    return project
