"""Where a survey stands, as lines of a console or of a pipe: a table of plain characters."""

from collections.abc import Iterator
from datetime import date

from nenpo.errors import Words, make_visible
from nenpo.language.widths import count_columns
from nenpo.workbooks.standing.status import STATES, DepartmentStatus, SurveyStatus

_HEADS = (
    Words("状況", "state"),
    Words("回答", "answered"),
    Words("残り", "open"),
    Words("送付", "sent"),
    Words("期限", "deadline"),
    Words("受領", "received"),
    Words("期限との差", "overdue"),
)
_TOTAL = Words(
    "{4} {0} のうち、回答済み {1}、未完了 {2}（うち期限超過 {3}）。",
    "of {0} departments, {1} have answered, {2} have not (overdue: {3}).",
)
_OVER = Words("{} 日超過", "{} days over")
_LEFT = Words("あと {} 日", "{} days left")
_TODAY = Words("本日", "today")
_UNKNOWN = Words(
    "どこのものか分からないファイル: {}", "files of which nobody can tell the department: {}"
)
_BY_OTHERS = Words("{}（ほかの部署が回答 {} 件）", "{} ({} answered by others)")
_FAULTS = Words("{}、誤り {} 件", "{}, {} faults")


def tell_status(status: SurveyStatus, today: date) -> Iterator[str]:
    """Yield the table and a sentence; days are counted to ``today``."""
    heads = (Words(status.lead, "department"), *_HEADS)
    rows = [tuple(map(str, heads)), *(_tell(each, today) for each in status.departments)]
    widths = [max(map(count_columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            text + " " * (w - count_columns(text)) for text, w in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()
    yield f"{status.plan}/{status.fiscal_year}: {count_departments(status, today)}"
    if status.unknown:
        yield str(_UNKNOWN.fill(make_visible("、".join(status.unknown))))


def count_departments(status: SurveyStatus, today: date) -> Words:
    """Return how many departments have answered, and how many are late."""
    left = status.unfinished
    late = sum((each.count_days_over(today) or 0) > 0 for each in left)
    count = len(status.departments)
    counts = (count, count - len(left), len(left), late)
    return _TOTAL.fill(*counts, status.lead)


def describe_state(each: DepartmentStatus) -> Words:
    """Return how far a department has come, with the faults of a reply that is not taken yet."""
    state = STATES[each.state]
    if each.state == "missing" and each.by_others:
        return _BY_OTHERS.fill(state, each.by_others)
    return (
        _FAULTS.fill(state, each.waiting.faults) if each.waiting and each.waiting.faults else state
    )


def describe_days(over: int | None) -> Words:
    """Return how a deadline lies to the day of the report.

    >>> describe_days(3).en, describe_days(-2).en, describe_days(None).en
    ('3 days over', '2 days left', '')
    """
    if over is None:
        return Words("", "")
    return _OVER.fill(over) if over > 0 else _LEFT.fill(-over) if over else _TODAY


def _tell(each: DepartmentStatus, today: date) -> tuple[str, ...]:
    days = (str(day or "-") for day in (each.sent, each.deadline, each.received))
    over = describe_days(each.count_days_over(today))
    counted = f"{each.answered}/{each.asked}"
    return (each.name, str(describe_state(each)), counted, str(len(each.rows)), *days, str(over))
