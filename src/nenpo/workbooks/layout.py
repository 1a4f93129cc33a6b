"""What a survey asks a department: sheets of fields, independent of how a workbook draws them.

In a workbook, row 1 and column A are hidden. A1 holds :attr:`SurveySheet.marker`, the rest of row
1 the keys of the fields, the rest of column A the ids of what the rows are about: so a sheet, a
column and a row are known after whatever people did to names and order. Below come a title, what
to do, the labels of the fields, and the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FieldKind = Literal["shown", "choice", "text", "value", "money", "time"]
SheetKind = Literal["items", "indicators", "milestones", "supporting"]
FIRST_ROW = 5
"""Where the rows begin in a sheet as it is sent out; their labels stand one row above."""
CHECK, CHECK_LABEL = "check", "確認"
"""The key, in row 1, and the label of the column in which a formula tells what a row lacks."""
GUIDE_NAME, LISTS_NAME = "記入のしかた", "選択肢"
"""The sheets of a workbook, beside those of a survey, that hold no answers."""
FINDINGS_NAME, STATUS_NAME, OPEN_NAME = "確認事項", "回答状況", "未記入一覧"
"""The sheets of workbooks that tell the planning section how a survey stands."""
LETTER_NAME = "照会文"
"""What the name of the letter that goes out with the workbooks ends with."""


_MAIN: Mapping[SheetKind, tuple[str, ...]] = {
    "items": ("status", "done"),
    "indicators": ("value",),
    "milestones": ("state",),
}


@dataclass(frozen=True)
class Choice:
    """A value of the table and what a reader chooses for it: "behind", 後ろ倒し."""

    value: str
    label: str

    @property
    def name(self) -> str:
        """What it is called in a sentence: its mark, where the label is one with words (○ 変更)."""
        return self.value if self.label.startswith(f"{self.value} ") else self.label


@dataclass(frozen=True)
class Field:
    """A column of a sheet: ``key`` is the column of the table, or what is shown (kind "shown").

    ``time`` is a stated time (令和5年度末), ``value`` a number, fraction or word for none (約1,200,
    1/15, 未計測), ``money`` thousands of yen. ``needed_for`` are the values of ``choice`` fields in
    the same row that make an answer here necessary, by field: {"status": ("○", "△", "×")}.
    Where ``only_added``, it is filled in in rows to add, and shown in those with an id.
    """

    key: str
    label: str
    kind: FieldKind
    choices: tuple[Choice, ...] = ()
    needed_for: Mapping[str, tuple[str, ...]] | None = None
    hint: str = ""
    width: int = 20
    only_added: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether the department fills it in."""
        return self.kind != "shown"


@dataclass(frozen=True)
class SurveyRow:
    """A row: the id of what it is about, "" for one to add, and what its cells hold by field.

    Of a choice, ``cells`` hold the value; of any other field, the text that stands in the cell.
    """

    id: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class SurveySheet:
    """A sheet; ``table`` is the file whose rows the answers become, "" if nothing is asked."""

    kind: SheetKind
    name: str
    title: str
    table: str
    fields: tuple[Field, ...]
    rows: tuple[SurveyRow, ...]
    plan: str
    fiscal_year: int
    department: str

    @property
    def main(self) -> Field | None:
        """The field without which a row is not answered: of items the mark, if there are marks."""
        asked = {field.key: field for field in self.fields if field.is_asked}
        return next((asked[key] for key in _MAIN.get(self.kind, ()) if key in asked), None)

    @property
    def marker(self) -> str:
        """What A1 holds."""
        return mark_sheet(self.kind, self.plan, self.fiscal_year, self.department)


def mark_sheet(kind: str, plan: str, fiscal_year: int, department: str) -> str:
    """Return what A1 of a sheet holds; of the guide and the lists, the kinds are so named."""
    return f"nenpo:1:{kind}:{plan}:{fiscal_year}:{department}"


@dataclass(frozen=True)
class Survey:
    """What one department is asked for one fiscal year of a plan."""

    plan: str
    fiscal_year: int
    department: str
    name: str
    sheets: tuple[SurveySheet, ...]
