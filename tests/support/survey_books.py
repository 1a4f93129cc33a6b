"""Surveys as workbooks, filled in and spoiled as people would."""

from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from nenpo.data.load import load_plan
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.layout import FIRST_ROW, Survey, SurveySheet
from nenpo.workbooks.sending.guide import Notice
from nenpo.workbooks.sending.make import make_workbook
from tiny_project import Project, copy_project


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


def fill(
    folder: Path, root: Path, department: str, name: str = "", fiscal_year: int = 2022
) -> Filled:
    """Return a department's workbook, in a folder, as it was sent."""
    plan = load_plan("tiny", root)
    survey = lay_out_survey(plan, fiscal_year, department)
    path = folder / (name or f"{department}.xlsx")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(make_workbook(plan, survey, Notice()))
    return Filled(path, survey)


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
