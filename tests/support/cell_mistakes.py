"""What people type into a cell of a survey and should not, and what has to become of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from openpyxl.cell import Cell

from nenpo.workbooks.layout import SheetKind

Outcome = Literal["taken", "noted", "refused"]
"""Taken in silence, taken and told, or refused at its cell until it is mended."""
GOOD = {"status": "◎", "shift": "", "change_reason": ""}
CHANGED = {"status": "○", "shift": "behind", "change_reason": "入札が不調となったため"}
LATE = {"status": "△", "shift": "", "change_reason": "国の仕様の公表が遅れたため"}
NOT_BEGUN = LATE | {"status": "×"}


@dataclass(frozen=True)
class CellMistake:
    """What is typed into the cell ``key`` of a row that is meant to say ``row``.

    Unless it is refused, or ``is_lost``, the table holds ``row`` although nobody mends anything.
    """

    name: str
    outcome: Outcome
    key: str
    typed: object
    row: dict[str, str] = field(default_factory=dict)
    format: str = ""
    kind: SheetKind = "items"
    is_lost: bool = False

    @property
    def is_to_be_mended(self) -> bool:
        """Whether somebody has to type the answer again."""
        return self.outcome == "refused" or self.is_lost

    def type_into(self, cell: Cell) -> None:
        """Put into a cell what people typed."""
        if self.format:
            cell.number_format = self.format
        cell.value = self.typed  # type: ignore[assignment]
        if self.format == "@":
            cell.data_type = "s"


def _mark(
    name: str, outcome: Outcome, typed: object, row: dict[str, str], **more: Any
) -> CellMistake:
    return CellMistake(name, outcome, "status", typed, row, **more)


def _done(name: str, outcome: Outcome, typed: object, held: str = "", **more: Any) -> CellMistake:
    return CellMistake(
        name, outcome, "done", typed, GOOD | ({"done": held} if held else {}), **more
    )


def _value(name: str, outcome: Outcome, indicator: str, typed: object, **more: Any) -> CellMistake:
    return CellMistake(name, outcome, "value", typed, {"id": indicator}, kind="indicators", **more)


def _when(name: str, outcome: Outcome, typed: object, **more: Any) -> CellMistake:
    row = {"state": "revised", "date": "FY2026-end"}
    return CellMistake(name, outcome, "date", typed, row, kind="milestones", **more)


CELL_MISTAKES = (
    _mark("a look-alike of ○", "noted", "〇", CHANGED),
    _mark("a letter for ○", "noted", "Ｏ", CHANGED),
    _mark("a look-alike of ×", "noted", "✕", NOT_BEGUN),
    _mark("a look-alike of △", "noted", "Δ", LATE),
    _mark("a mark typed twice", "noted", "◎◎", GOOD),
    _mark("a mark in words", "noted", "二重丸", GOOD),
    _mark("a label without its mark", "noted", "未着手", NOT_BEGUN),
    _mark("a mark alone", "taken", "◎", GOOD),
    _mark("a mark among spaces", "taken", "　◎ ", GOOD),
    _mark("a dash for a mark", "noted", "—", GOOD, is_lost=True),
    _mark("two circles", "refused", "○○", CHANGED),
    _mark("two marks", "refused", "◎/○", CHANGED),
    _mark("a zero for a mark", "refused", 0, GOOD),
    _mark("a word that is no mark", "refused", "着手した", LATE),
    _mark("a tick", "refused", "✓", GOOD),
    _mark("a boolean for a mark", "refused", True, GOOD),
    _mark("a day for a mark", "refused", date(2023, 4, 1), GOOD),
    _mark("a formula that was never calculated", "refused", "=G5", GOOD),
    _mark("an error for a mark", "refused", "#N/A", GOOD),
    CellMistake("a direction without a change", "refused", "shift", "前倒し", GOOD),
    CellMistake("a word that is no direction", "refused", "shift", "横ばい", CHANGED),
    CellMistake("a direction in other words", "noted", "shift", "遅れ", CHANGED),
    CellMistake("a change without its direction", "noted", "shift", None, CHANGED, is_lost=True),
    CellMistake("a late item without a reason", "noted", "change_reason", None, LATE, is_lost=True),
    CellMistake("a dash for a reason", "noted", "change_reason", "－", NOT_BEGUN, is_lost=True),
    _done("ditto", "refused", "同上"),
    _done("a ditto mark", "refused", "〃"),
    _done("words in parentheses", "taken", "（推進）", "（推進）"),
    _done("a text that looks like a formula", "refused", "=1+1", format="@"),
    _done("a text that would act on a terminal", "taken", "+81-3 へ", "+81-3 へ", format="@"),
    _done("lines", "taken", "一つ目\n二つ目", "一つ目\n二つ目"),
    _done("spaces around and within", "taken", "　窓口を　増やした \n", "窓口を　増やした"),
    _done("a text that is too long", "refused", "あ" * 30_000),
    _done("a formula with an error", "refused", "#REF!"),
    _done("a formula for a text", "refused", "=D5&D6"),
    _done("a control character", "refused", "実施_x0007_した"),
    _done("a character that turns the order", "refused", "実施\u202eした"),
    _done("a character of the office's own", "refused", "\ue000課と協議した"),
    _done("a picture character", "refused", "完了😀"),
    _done("a boolean for a text", "refused", True),
    _done(
        "a day for a text",
        "taken",
        datetime(2023, 4, 1),
        "2023年4月1日",
        format='yyyy"年"m"月"d"日"',
    ),
    _done("a number for a text", "taken", 42, "42"),
    _value("a number in full width", "taken", "map-inquiries", "７７，５００"),
    _value("about, and a unit", "noted", "online-applications", "約1,900,000件"),
    _value(
        "a fraction that became a day",
        "refused",
        "standardised-systems",
        date(2023, 3, 15),
        format="m/d",
    ),
    _value("another unit", "refused", "it-passport", "20件"),
    _value("two numbers", "refused", "ai-rpa-improvements", "10～12"),
    _value("a word for a number", "refused", "document-volume", "多数"),
    _value("a boolean for a number", "refused", "divide-partners", True),
    _value("a share without its sign", "refused", "card-rate", 0.712),
    _value("a number that was never calculated", "refused", "security-incidents", "=G5+1"),
    _value("more than a hundred", "refused", "informatization-focus", 4500),
    _when("a number for a time", "refused", 46112),
    _when("a month without a year", "refused", "10月"),
    _when("a time in another notation", "taken", "R8年度末"),
    _when("a new date that is missing", "refused", None),
    CellMistake(
        "a state that is none",
        "refused",
        "state",
        "晴れ",
        {"state": "planned"},
        kind="milestones",
    ),
)
