"""Where a survey stands, as a workbook: a row a department, and a row for everything open."""

from collections.abc import Mapping
from datetime import date

from nenpo.language.fiscal import date_label, fiscal_year_label
from nenpo.workbooks.layout import OPEN_NAME, STATUS_NAME
from nenpo.workbooks.marking.listing import Column, Listing, Told, write_listings
from nenpo.workbooks.standing.status import STATES, DepartmentStatus, State, SurveyStatus
from nenpo.workbooks.standing.status_text import count_departments, describe_days

_COLOURS: Mapping[State, str] = {
    "missing": "FFC7CE",
    "faulty": "FFC7CE",
    "partial": "FFEB9C",
    "waiting": "FFEB9C",
}
_DEPARTMENTS = (
    Column("状況", 20),
    Column("回答済み", 9),
    Column("調査項目", 9),
    Column("未記入", 8),
    Column("誤り", 7),
    Column("送付日", 12),
    Column("提出期限", 12),
    Column("受領日", 12),
    Column("期限との差", 12),
    Column("未取込みの返信", 28),
)
_OPEN = (
    Column("シート", 12),
    Column("番号", 12),
    Column("題名", 60),
    Column("未記入の欄", 36),
)


def write_status(status: SurveyStatus, today: date) -> bytes:
    """Return the workbook; of the same status on the same day, the same bytes."""
    title = f"{status.title}　{fiscal_year_label(status.fiscal_year)}進捗状況調査　回答状況"
    told = f"{date_label(today)}現在　{count_departments(status, today).ja}"
    lead = Column(status.lead, 20)
    overview = [_tell_department(each, today) for each in status.departments]
    left = [
        (Told(each.name), *map(Told, (row.sheet, row.number, row.title, "、".join(row.labels))))
        for each in status.departments
        for row in each.rows
    ]
    return write_listings(
        (
            Listing(STATUS_NAME, title, told, (lead, *_DEPARTMENTS), overview),
            Listing(OPEN_NAME, title, f"未記入 {len(left)} 件", (lead, *_OPEN), left),
        )
    )


def _tell_department(each: DepartmentStatus, today: date) -> tuple[Told, ...]:
    waiting = each.waiting
    return (
        Told(each.name),
        Told(STATES[each.state].ja, _COLOURS.get(each.state, "")),
        *map(Told, (each.answered, each.asked, len(each.rows))),
        Told(waiting.faults if waiting else None),
        *map(Told, (each.sent, each.deadline, each.received)),
        Told(describe_days(each.count_days_over(today)).ja),
        Told(waiting.file if waiting else None),
    )
