"""A plan's tables as the sheets of a workbook: what is in it, however it is drawn or read.

As in a survey, row 1 and column A are hidden: A1 holds :attr:`TableSheet.marker`, the rest of row
1 the names of the columns, the rest of column A the number that a row had when it was written.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from pydantic.fields import FieldInfo

from nenpo.data.datapackage import refuses_blank
from nenpo.data.headings import Table, list_titles, read_table
from nenpo.data.naming import NamedId
from nenpo.data.plan_files import PlanRows, list_years, read_rows
from nenpo.data.project import require_plan
from nenpo.data.schema.cells import Quantity, Reference, parse_id
from nenpo.data.schema.columns import FLAGS, Row, find_field, find_marker
from nenpo.data.schema.declarations import OwnColumn, PlanMeta, Terms
from nenpo.data.schema.tables import PLAN_TABLES, YEAR_TABLES, list_columns
from nenpo.data.schema.year_rows import ProgressRow
from nenpo.errors import UnknownYear, Words, replace_names
from nenpo.files import hash_values
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.stated_dates import parse_stated_date
from nenpo.workbooks.layout import Choice
from nenpo.workbooks.tables.choices import list_choices, speak

ColumnKind = Literal[
    "id",
    "reference",
    "mark",
    "word",
    "flag",
    "text",
    "time",
    "number",
    "whole",
    "day",
    "money",
    "year",
]
NUMBERS: tuple[ColumnKind, ...] = ("number", "whole", "day", "money", "year")
GUIDE, LISTS = "はじめに", "選択肢"
"""The sheets in front of the tables and behind them."""
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31


@dataclass(frozen=True)
class TableColumn:
    """A column: ``name`` in the table, what heads it, and what is chosen in its cells.

    ``lists`` names the choices: columns that refer to the same things share them. ``names`` are
    what people call what is chosen, each with its value.
    """

    name: str
    heading: str
    hint: str
    kind: ColumnKind
    required: bool
    lists: str = ""
    choices: tuple[Choice, ...] = ()
    names: tuple[NamedId, ...] = ()


@dataclass(frozen=True)
class TableSheet:
    """A table: ``path`` in the plan's folder, and its rows as the file has them, none if absent.

    ``order`` are the columns of the file, in its order, and ``header`` what heads them there; () if
    there is no such file. ``lines`` are those on which its rows stand.
    """

    plan: str
    path: str
    name: str
    title: str
    model: type[Row]
    columns: tuple[TableColumn, ...]
    order: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    lines: tuple[int, ...]

    @property
    def digest(self) -> str:
        """What tells whether the table still is as it was."""
        return hash_values([{k: v for k, v in row.items() if v} for row in self.rows])[:16]

    @property
    def marker(self) -> str:
        """What A1 holds."""
        return f"nenpo:1:table:{self.plan}:{self.path}:{self.digest}"


def read_sheets(
    root: Path, plan_id: str, fiscal_year: int | None
) -> tuple[PlanMeta, tuple[TableSheet, ...]]:
    """Return the tables of a plan, which has to be valid, and of one of its years.

    Raises ``UnknownPlan``, ``UnknownYear``, and ``InputRefused`` with every offender.
    """
    require_plan(root, plan_id)
    known = list_years(root, root / "data" / plan_id)
    if fiscal_year is not None and fiscal_year not in known:
        remedy = Words(
            "nenpo new-year で年度を始めてから、もう一度実行すること。",
            "Begin the year with nenpo new-year first.",
        )
        allowed = ", ".join(map(str, known)) or "—"
        raise UnknownYear(plan=plan_id, value=fiscal_year, allowed=allowed, remedy=remedy)
    rows = read_rows(root, plan_id)
    return rows.meta, list_sheets(root, rows, fiscal_year)


def list_sheets(root: Path, plan: PlanRows, fiscal_year: int | None) -> tuple[TableSheet, ...]:
    """Return the tables of a valid plan and of one of its years, in the order of the work."""
    tables = [*PLAN_TABLES.items()]
    if fiscal_year is not None:
        tables += [(f"{fiscal_year}/{file}", model) for file, model in YEAR_TABLES.items()]
    sheets: list[TableSheet] = []
    for path, model in tables:
        taken = {GUIDE, LISTS, *(sheet.name.casefold() for sheet in sheets)}
        name = _name_sheet(model, plan.meta.terms, taken)
        year = f"（{fiscal_year_label(fiscal_year)}）" if "/" in path and fiscal_year else ""
        table = _read_file(root / "data" / plan.meta.id / path, path)
        columns = tuple(_list_columns(model, plan, table.columns))
        title = f"{plan.meta.short_title}　{name}{year}"
        rows = tuple(dict(zip(table.columns, row.cells, strict=True)) for row in table.rows)
        lines = tuple(row.line for row in table.rows)
        parts = (plan.meta.id, path, name, title, model, columns, table.columns, table.header)
        sheets.append(TableSheet(*parts, rows, lines))
    return tuple(sheets)


_CHOSEN: tuple[ColumnKind, ...] = ("reference", "mark", "word", "flag")


def show_cell(column: TableColumn, text: str) -> str:
    """Return what a sheet has for what the table has in a cell: 所管課 for lead.

    A reference shows the id and what it stands for, a stated time as people write it.
    """
    if column.kind == "time" and text:
        try:
            time = parse_stated_date(text)
            same = parse_stated_date(time.label).code == time.code
        except ValueError:
            return text
        return time.label if same else text
    if column.kind not in _CHOSEN:
        return text
    value = text.casefold() if column.kind == "flag" else text
    return next((choice.label for choice in column.choices if choice.value == value), text)


def _name_sheet(model: type[Row], terms: Terms, taken: set[str]) -> str:
    """Return the name of a sheet: one that Excel allows, and that no other sheet has."""
    title = model.TITLE.partition(" / ")[0].partition("（")[0]
    # A plan may call two parts by one word, and one as the schema calls another.
    choices = (speak(title, terms), title, f"{title}（表）")
    names = (_FORBIDDEN_IN_NAMES.sub("・", choice)[:_LONGEST_NAME] for choice in choices)
    return next(name for name in names if name.casefold() not in taken)


def _read_file(path: Path, name: str) -> Table:
    return read_table(path, name) if path.exists() else Table(1, (), (), ())


def _list_columns(
    model: type[Row], plan: PlanRows, order: tuple[str, ...]
) -> Iterator[TableColumn]:
    terms, headings = plan.meta.terms, _list_headings(model, plan.meta.terms)
    for name in list_columns(model):
        own = model is ProgressRow and name in get_args(OwnColumn)
        if own and name not in (*plan.meta.columns, *order):
            continue  # no document would show it
        field = find_field(model, name)
        hint = replace_names((field.description or "").partition(" / ")[0], FLAGS)
        kind = _find_kind(field, name)
        told = (name, headings[name], speak(hint, terms), kind, refuses_blank(field))
        yield TableColumn(*told, *list_choices(field, plan, is_mark=kind == "mark"))


def _list_headings(model: type[Row], terms: Terms) -> dict[str, str]:
    """Return what heads the columns: as the plan speaks where that tells one from the other."""
    titles = list_titles(model)
    spoken = {name: speak(title, terms) for name, title in titles.items()}

    def is_clear(name: str) -> bool:
        others = (each[other] for each in (spoken, titles) for other in titles if other != name)
        return spoken[name] not in others

    return {name: spoken[name] if is_clear(name) else title for name, title in titles.items()}


def _find_kind(field: FieldInfo, name: str) -> ColumnKind:
    kinds = (field.annotation, *get_args(field.annotation))
    if quantity := find_marker(field, Quantity):
        return quantity.kind
    if find_marker(field, Reference):
        return "reference"
    if any(getattr(each, "func", None) is parse_id for each in field.metadata):
        return "id"
    if field.annotation is bool:
        return "flag"
    if any(isinstance(kind, str) for kind in kinds):
        return "word"
    if name == "status":
        return "mark"
    if str in kinds:
        return "text"
    return "whole" if int in kinds else "number"
