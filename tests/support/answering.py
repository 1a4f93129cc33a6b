"""A year's answers, invented from a seed, and workbooks filled in with them as people do it."""

import random
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl

from nenpo.language.stated_dates import parse_stated_date
from nenpo.workbooks.layout import FIRST_ROW, SheetKind, Survey, SurveyRow, SurveySheet
from nenpo.workbooks.parts.package import open_package
from nenpo.workbooks.parts.sheet_xml import set_cells
from nenpo.workbooks.replies.expected import Expected

ROOT = Path(__file__).parents[2]
AS_OF = date(2023, 3, 31)
Cells = dict[str, str]
RowKey = tuple[str, SheetKind, str]
"""The department, the kind of sheet, and the id of a row."""
JOINT = "i1-5-3-01"
"""An item that two departments lead, of which each tells in its own words what was done."""
VALUES = {
    "card-rate": ("71.2", {"value": "71.2"}),
    "online-applications": ("約1,900,000", {"value": "1900000", "approximate": "true"}),
    "map-inquiries": ("77,500", {"value": "77500"}),
    "informatization-focus": ("4.5", {"value": "4.5"}),
    "document-volume": ("約5,800", {"value": "5800", "approximate": "true"}),
    "standardised-systems": ("3/15", {"value": "3", "denominator": "15"}),
}
"""What is typed for an indicator, and what the table has then; of others, a number by chance."""
_SUBJECTS = ("窓口の手続", "電子申請", "職員の研修", "庁内の端末", "地図情報", "広報紙")
_STEPS = (
    "要件を整理し、関係する課と協議した",
    "対象を3課から5課に広げた",
    "試行の結果をまとめ、効果を確かめた",
    "利用者の意見を集め、画面を改めた",
)
_REASONS = ("入札が不調となったため", "国の仕様の公表が遅れたため", "利用者の要望を受けたため")


@dataclass(frozen=True)
class Answers:
    """What people are to type, by row, and the rows that the tables are to hold then, by id."""

    typed: Mapping[RowKey, Cells]
    tables: Mapping[SheetKind, Mapping[str, Cells]]


def copy_nakano(folder: Path) -> Path:
    """Return a project with the plan of Nakano alone: data, params and notebooks."""
    for name in ("data", "params"):
        shutil.copytree(ROOT / name / "nakano-informatization", folder / name / PLAN)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    return folder


PLAN, YEAR = "nakano-informatization", 2022


def invent_answers(expected: Expected, seed: int) -> Answers:
    """Return answers to all that is asked; several departments agree on an item, but for JOINT."""
    typed = dict[RowKey, Cells]()
    tables: dict[SheetKind, dict[str, Cells]] = {"items": {}, "indicators": {}, "milestones": {}}
    for department, survey in expected.surveys.items():
        for sheet in survey.sheets:
            for row in (row for row in sheet.rows if row.id and sheet.table):
                told, held = _INVENT[sheet.kind](row, random.Random(f"{seed}:{row.id}"))
                if row.id == JOINT:
                    told |= {"done": f"{survey.name}で進めた"}
                    held |= {"done": _join(expected, JOINT)}
                typed[department, sheet.kind, row.id] = told
                tables[sheet.kind][row.id] = held
    return Answers(typed, tables)


def _join(expected: Expected, item: str) -> str:
    ordered = sorted(expected.holders[item], key=lambda name: expected.rank(item, name))
    names = [expected.names[department] for department in ordered]
    return "\n".join(f"【{name}】{name}で進めた" for name in names)


def _invent_item(row: SurveyRow, chance: random.Random) -> tuple[Cells, Cells]:
    (mark,) = chance.choices("◎○△×", weights=(70, 15, 10, 5))
    subject = chance.choice(_SUBJECTS)
    held = {
        "status": mark,
        "shift": chance.choice(("ahead", "behind")) if mark == "○" else "",
        "change_reason": chance.choice(_REASONS) if mark != "◎" else "",
        "done": f"{subject}について、{chance.choice(_STEPS)}（{row.id[1:]}）",
        "next_year": f"{subject}の取組を続ける",
        "later": chance.choice(("", "全庁に広げる")),
    }
    return dict(held), held


def _invent_value(row: SurveyRow, chance: random.Random) -> tuple[Cells, Cells]:
    number = str(chance.randint(1, 90))
    told, held = VALUES.get(row.id, (number, {"value": number}))
    return {"value": told}, {"denominator": "", "approximate": "false", "missing": ""} | held


def _invent_milestone(row: SurveyRow, chance: random.Random) -> tuple[Cells, Cells]:
    last = parse_stated_date(row.cells["last_date"])
    if last.last <= AS_OF:
        return {"state": "done", "date": last.label}, {"state": "done", "date": last.code}
    if chance.random() < 0.3:
        moved = {"state": "revised", "date": "FY2026-end", "former_date": last.code}
        return {"state": "revised", "date": "令和8年度末"}, moved
    return {"state": "planned"}, {"state": "planned", "date": last.code}


_INVENT = {"items": _invent_item, "indicators": _invent_value, "milestones": _invent_milestone}


def show_choices(sheet: SurveySheet, told: Cells) -> Cells:
    """Return what is typed, of a choice its label, as somebody picks it from the list."""
    labels = {f.key: {c.value: c.label for c in f.choices} for f in sheet.fields}
    return {key: labels.get(key, {}).get(text, text) for key, text in told.items() if text}


def fill_in(path: Path, survey: Survey, answers: Answers, *, by_patching: bool) -> None:
    """Fill in a workbook: its cells alone are changed, or it is saved anew by another program."""
    told = {
        sheet.name: dict(_list_cells(sheet, survey.department, answers))
        for sheet in survey.sheets
        if sheet.table
    }
    if by_patching:
        package = open_package(path.read_bytes(), path.name)
        for name, cells in told.items():
            package = set_cells(package, name, cells)
        path.write_bytes(package.write())
        return
    book = openpyxl.load_workbook(path)
    for name, cells in told.items():
        for (row, column), text in cells.items():
            book[name].cell(row, column).value = text
    book.save(path)


def _list_cells(
    sheet: SurveySheet, department: str, answers: Answers
) -> Iterator[tuple[tuple[int, int], str]]:
    columns = {each.key: number for number, each in enumerate(sheet.fields, 2)}
    for number, row in enumerate(sheet.rows, FIRST_ROW):
        if row.id:
            told = show_choices(sheet, answers.typed[department, sheet.kind, row.id])
            yield from (((number, columns[key]), text) for key, text in told.items())


def list_single(expected: Expected, departments: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the items that a department leads alone, by department."""
    return {
        department: [
            row.id
            for sheet in expected.surveys[department].sheets
            if sheet.kind == "items"
            for row in sheet.rows
            if len(expected.holders[row.id]) == 1
        ]
        for department in departments
    }
