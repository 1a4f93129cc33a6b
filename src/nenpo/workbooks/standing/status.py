"""How far a survey has come, department by department: sent, received, answered, and what is open.

What counts is what the year's tables hold, whoever put it there; the record tells whose workbook
was taken and when.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from nenpo.data.plan import Plan
from nenpo.errors import Words
from nenpo.workbooks.layout import Field, SheetKind, SurveyRow, SurveySheet
from nenpo.workbooks.marking.findings import Finding
from nenpo.workbooks.record import RecordRow, read_record
from nenpo.workbooks.sending.hand_out import enclose_surveys
from nenpo.workbooks.sending.letter import Enclosure

State = Literal["done", "partial", "waiting", "faulty", "missing"]
STATES: Mapping[State, Words] = {
    "done": Words("回答済み", "answered"),
    "partial": Words("一部未回答", "partly answered"),
    "waiting": Words("返信あり（未取込み）", "reply not taken yet"),
    "faulty": Words("返信あり（要修正）", "reply to be mended"),
    "missing": Words("未提出", "no reply"),
}
_COUNTED: tuple[SheetKind, ...] = ("items", "indicators")


@dataclass(frozen=True)
class OpenRow:
    """A row that is not answered, or not wholly: what it is about, and which labels are blank."""

    sheet: str
    number: str
    title: str
    labels: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called: 「1-1-①-2 申請のオンライン化」."""
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True)
class WaitingReply:
    """A reply that lies in the folder and is not taken yet, and what was found in it."""

    file: str
    findings: tuple[Finding, ...] = ()

    @property
    def faults(self) -> int:
        """How many of its cells have to be mended first."""
        return sum(finding.is_fault for finding in self.findings)


@dataclass(frozen=True)
class DepartmentStatus:
    """Where one department stands; days are None where they are not known.

    ``file`` is the workbook as it goes out; ``answered`` of ``asked`` items and indicators, and
    ``rows`` are those that are open. ``by_others`` of the answered are such as it leads together
    with others, whose reply was taken while it has sent nothing.
    """

    department: str
    name: str
    file: str
    sent: date | None
    deadline: date | None
    received: date | None
    answered: int
    asked: int
    rows: tuple[OpenRow, ...]
    waiting: WaitingReply | None = None
    by_others: int = 0

    @property
    def state(self) -> State:
        """How far it has come."""
        is_silent = self.received is None and self.answered == self.by_others
        if not self.rows and not (is_silent and self.by_others):
            return "done"
        if self.waiting:
            return "faulty" if self.waiting.faults else "waiting"
        return "missing" if is_silent else "partial"

    def count_days_over(self, today: date) -> int | None:
        """Return the days since the deadline (negative: to it), None if there is none to keep."""
        is_kept = self.state in ("done", "waiting")
        return (today - self.deadline).days if self.deadline and not is_kept else None


@dataclass(frozen=True)
class SurveyStatus:
    """How far the survey of a plan's fiscal year has come, departments in 建制順.

    ``lead`` is what the plan calls a department in charge (所管課); ``unknown`` are the files among
    the replies of which nobody can tell the department.
    """

    plan: str
    title: str
    fiscal_year: int
    departments: tuple[DepartmentStatus, ...]
    lead: str = "部署"
    unknown: tuple[str, ...] = ()

    @property
    def unfinished(self) -> tuple[DepartmentStatus, ...]:
        """The departments of which something is open, or which have sent nothing."""
        return tuple(each for each in self.departments if each.state != "done")


def read_status(
    root: Path,
    plan: Plan,
    fiscal_year: int,
    waiting: Mapping[str, WaitingReply],
    deadline: date | None = None,
) -> SurveyStatus:
    """Return how far a survey has come; ``waiting`` are replies not taken yet, by department.

    ``deadline`` is that of departments of which the record has none. Raises ``UnknownYear`` if the
    plan has no tables of the fiscal year, ``InputRefused`` for what is wrong with the record.
    """
    record = read_record(root, plan.id, fiscal_year)
    enclosures = enclose_surveys(plan, fiscal_year)
    told = {
        row.id
        for each in enclosures
        if (taken := record.get(each.survey.department)) and taken.received
        for _, row in _list_counted(each)
    }
    departments = tuple(
        _tell_department(
            each, record.get(name, RecordRow(department=name)), waiting.get(name), deadline, told
        )
        for each in enclosures
        for name in [each.survey.department]
    )
    return SurveyStatus(plan.id, plan.meta.title, fiscal_year, departments, plan.meta.terms.lead)


def _tell_department(
    enclosure: Enclosure,
    row: RecordRow,
    waiting: WaitingReply | None,
    deadline: date | None,
    told: Set[str],
) -> DepartmentStatus:
    """Return where a department stands; ``told`` are the rows that replies were taken of."""
    survey = enclosure.survey
    counted = list(_list_counted(enclosure))
    closed = [each.id for sheet, each in counted if not _is_open(sheet, each)]
    answered = len(closed)
    # A milestone that stays as it was is answered without a trace: with all the rest, it counts.
    is_told = bool(row.received) or 0 < answered == len(counted)
    sheets = [sheet for sheet in survey.sheets if sheet.kind != "milestones" or not is_told]
    return DepartmentStatus(
        department=survey.department,
        name=survey.name,
        file=enclosure.file,
        sent=_read_day(row.sent),
        deadline=_read_day(row.deadline) or deadline,
        received=_read_day(row.received),
        answered=answered,
        asked=len(counted),
        rows=tuple(found for sheet in sheets for found in _list_open(sheet)),
        waiting=waiting,
        by_others=0 if row.received else sum(name in told for name in closed),
    )


def _list_counted(enclosure: Enclosure) -> Iterator[tuple[SurveySheet, SurveyRow]]:
    """Yield the items and indicators that a department is asked, each with its sheet."""
    for sheet in enclosure.survey.sheets:
        if sheet.kind in _COUNTED:
            yield from ((sheet, row) for row in sheet.rows)


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_open(sheet: SurveySheet, row: SurveyRow) -> bool:
    main = sheet.main
    return main is not None and not row.cells.get(main.key)


def _list_open(sheet: SurveySheet) -> Iterator[OpenRow]:
    main = sheet.main
    for row in sheet.rows:
        lacking = [
            field.label
            for field in sheet.fields
            if row.id and not row.cells.get(field.key) and (field == main or _needs(field, row))
        ]
        if lacking:
            number = row.cells.get("number", "")
            yield OpenRow(sheet.name, number, _name_row(sheet, row), tuple(lacking))


def _name_row(sheet: SurveySheet, row: SurveyRow) -> str:
    """Return what a row is about; of a milestone, of which item it is, too."""
    cells = row.cells
    title = cells.get("title") or cells.get("name") or cells.get("text") or row.id
    subjects = (choice for f in sheet.fields if f.key == "subject" for choice in f.choices)
    about = next((choice.label for choice in subjects if choice.value == cells.get("subject")), "")
    return f"{title}（{about}）" if about else title


def _needs(field: Field, row: SurveyRow) -> bool:
    """Return whether what a row holds makes an answer in a field necessary."""
    needed = field.needed_for or {}
    return any(row.cells.get(key, "") in values for key, values in needed.items())
