"""What a municipality's own form means: which cell holds what, as a YAML file says it.

A form has parts: a table of items, a block an item, a sheet an item. Each is a pattern of fields,
given for its first *slot* (row, block or sheet) and repeated for the others.
"""

import re
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator
from pydantic import Field as Declared
from pydantic_core import PydanticCustomError

from nenpo.data.schema.declarations import Declaration, Filled, FiscalYear
from nenpo.errors import Words

OPEN = "要確認"
"""Stands in a form in place of a key or a mark that a person has to decide."""
IGNORED = "ignore"
"""The key of a cell that means nothing to nenpo: who filled the form in, a phone number."""
DEPARTMENT = "department"
YEN = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}
"""How many yen there are in a unit of money."""

KEYS: dict[str, Words] = {
    "department": Words("所管課", "department"),
    "number": Words("番号", "number"),
    "title": Words("題名", "title"),
    "measure": Words("施策", "measure"),
    "others": Words("関係課", "supporting departments"),
    "last_status": Words("前年度の区分", "mark of the year before"),
    "last_done": Words("前年度の実績", "what was done the year before"),
    "planned": Words("前年度に報告した今年度の予定", "this year's plan as told the year before"),
    "schedule": Words("計画に掲げた予定", "what the plan schedules"),
    "actor": Words("実施主体", "who carries it out"),
    "status": Words("進捗区分", "mark"),
    "shift": Words("変更の向き", "direction of a change"),
    "change_reason": Words("理由", "reason"),
    "done": Words("実績", "what was done"),
    "next_year": Words("次年度の予定", "plan for the next year"),
    "later": Words("その後の予定", "plan for later years"),
    "issues": Words("課題", "issues"),
    "adherence": Words("予定との対比", "against the schedule"),
    "adherence_reason": Words("対比の理由", "why it is judged so"),
    "note": Words("備考", "note"),
    "owner": Words("責任者", "who answers for it"),
    "budget": Words("予算（千円）", "budget in thousands of yen"),
    "spent": Words("決算（千円）", "amount spent in thousands of yen"),
    "due": Words("完了予定の時期", "when it is to be completed"),
    "risk": Words("リスク", "risk"),
    "name": Words("指標名", "name of the indicator"),
    "unit": Words("単位", "unit"),
    "baseline": Words("基準値", "baseline"),
    "last": Words("前回の値", "last value"),
    "targets": Words("目標値", "targets"),
    "value": Words("値", "value"),
    IGNORED: Words("読み書きしない", "neither filled nor read"),
    OPEN: Words("決まっていない", "not decided"),
}
"""What a cell may hold, and what that is called."""
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ROWS = re.compile(r"\s*([1-9][0-9]{0,6})\s*(?:-\s*([1-9][0-9]{0,6})\s*)?")
_MOST_SLOTS = 5000


def parse_cell(name: str) -> tuple[int, int]:
    """Return row and column of a cell, counted from 1. Raises ``ValueError``.

    >>> parse_cell("AB12")
    (12, 28)
    """
    found = _CELL.fullmatch(name)
    if found is None:
        raise ValueError(f"'{name}' is no cell such as B7")
    column = 0
    for letter in found[1]:
        column = 26 * column + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _check_cell(name: str) -> str:
    try:
        parse_cell(name)
    except ValueError:
        words = Words("B7 のようなセルの番地", "a cell such as B7")
        raise PydanticCustomError(
            "bad_cell", "not a cell", {"allowed": words.ja, "allowed_en": words.en}
        ) from None
    return name


def parse_rows(text: str) -> tuple[int, ...]:
    """Return the first rows of the slots that a part names. Raises ``ValueError``.

    >>> parse_rows("7-9, 12")
    (7, 8, 9, 12)
    """
    rows: list[int] = []
    for part in text.split(","):
        found = _ROWS.fullmatch(part)
        last = int(found[2] or found[1]) if found else 0
        if found is None or last < int(found[1]) or last - int(found[1]) > _MOST_SLOTS:
            raise ValueError(f"'{part}' is no row or range of rows")
        rows.extend(range(int(found[1]), last + 1))
    if sorted(set(rows)) != rows or len(rows) > _MOST_SLOTS:
        raise ValueError(f"'{text}': rows in order, each once")
    return tuple(rows)


def write_rows(rows: tuple[int, ...]) -> str:
    """Return rows as a form has them.

    >>> write_rows((7, 8, 9, 12))
    '7-9, 12'
    """
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][-1] == row - 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    # Blocks that stand close together are told apart by naming each.
    return ", ".join(f"{r[0]}-{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)


def _check_rows(text: str) -> str:
    try:
        parse_rows(text)
    except ValueError:
        words = Words(
            "「7-26」や「5, 17, 29」のような、上から順の行番号",
            "rows from top to bottom, such as 7-26 or 5, 17, 29",
        )
        raise PydanticCustomError(
            "bad_rows", "not rows", {"allowed": words.ja, "allowed_en": words.en}
        ) from None
    return text


def _require_some(entries: tuple[Any, ...]) -> tuple[Any, ...]:
    # Not min_length: that is told of a list whose only entry is wrong, too.
    if not entries:
        words = Words("一つ以上の並び", "a list of one or more")
        context = {"allowed": words.ja, "allowed_en": words.en}
        raise PydanticCustomError("empty_list", "empty", context)
    return entries


CellName = Annotated[str, AfterValidator(_check_cell)]
Rows = Annotated[str, AfterValidator(_check_rows)]
_Loose: Any = Declared(default=(), strict=False)


class FormField(Declaration):
    """A cell of the first slot and the key of what it holds, ``OPEN`` if that is not decided.

    ``candidates`` are what it may be. ``choices`` say which mark is meant by what the form calls
    it (順調: ◎). ``ticks`` are cells of which one is ticked, each with the mark that it stands for;
    ``cell`` is the first of them. ``joint`` is whether several words stand in the cell and one is
    kept or ticked there (□順調 □遅れ). ``label`` is printed beside or above, or in the cell itself
    before what is filled in, where ``inline``. ``unit`` is that of an amount of money.
    """

    cell: CellName
    key: Filled
    label: str = ""
    candidates: Annotated[tuple[str, ...], _Loose] = ()
    choices: dict[str, str] = Declared(default_factory=dict)
    ticks: dict[CellName, str] = Declared(default_factory=dict)
    joint: bool = False
    inline: bool = False
    unit: Literal["", "円", "千円", "万円", "百万円", "億円"] = ""

    @property
    def place(self) -> tuple[int, int]:
        """Row and column in the first slot."""
        return parse_cell(self.cell)

    @property
    def tick_places(self) -> dict[tuple[int, int], str]:
        """Row and column of the cells to tick in the first slot, with the mark of each."""
        return {parse_cell(cell): mark for cell, mark in self.ticks.items()}


class HeadField(FormField):
    """A cell that stands once on a sheet, outside of slots."""

    sheet: Filled


class FormPart(Declaration):
    """Slots of one kind on one or several sheets of one pattern."""

    kind: Literal["items", "indicators"]
    shape: Literal["list", "blocks", "sheet"]
    sheets: Annotated[tuple[Filled, ...], Declared(strict=False), AfterValidator(_require_some)]
    rows: Rows
    fields: Annotated[tuple[FormField, ...], Declared(strict=False), AfterValidator(_require_some)]

    @property
    def identity(self) -> tuple[str, ...]:
        """The keys of fields that tell a slot from another."""
        return ("title", "number") if self.kind == "items" else ("name", "number")

    @property
    def starts(self) -> tuple[int, ...]:
        """The first row of each slot of a sheet."""
        return parse_rows(self.rows)

    @property
    def step(self) -> int:
        """How many rows a slot takes; of a single one, those down to its last field."""
        own = max(field.place[0] for field in self.fields) - self.starts[0] + 1
        return min((b - a for a, b in pairwise(self.starts)), default=own)

    def find(self, key: str) -> FormField | None:
        """Return the field with a key."""
        return next((field for field in self.fields if field.key == key), None)


class Form(Declaration):
    """A whole form; ``blank`` is its file, relative to that of the form, ``digest`` its SHA-256.

    ``fiscal_year`` is the year that the blank's labels name, None if they name none.
    """

    version: Literal[1]
    blank: Filled
    digest: Annotated[str, Declared(pattern=r"^[0-9a-f]{64}$")]
    fiscal_year: FiscalYear | None = None
    head: Annotated[tuple[HeadField, ...], _Loose] = ()
    parts: Annotated[tuple[FormPart, ...], Declared(strict=False), AfterValidator(_require_some)]
