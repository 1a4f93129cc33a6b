"""A text per department that has something to answer yet, to be sent as a mail."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from nenpo.language.fiscal import date_label, fiscal_year_label
from nenpo.workbooks.asking.asked import PREPARER
from nenpo.workbooks.marking.findings import Finding, word_request
from nenpo.workbooks.sending.guide import Notice, label_day
from nenpo.workbooks.sending.letter import name_head
from nenpo.workbooks.standing.status import DepartmentStatus, OpenRow, SurveyStatus

_MOST = 20  # rows named of a sheet; a mail is no list
_MARKS = "＊*※"  # of a note to a name in a table
_INDENT = "　　"


def list_reminders(status: SurveyStatus, notice: Notice, today: date) -> dict[str, str]:
    """Return the texts by department, of those that have to do something.

    A reply that can be taken as it is needs none, nor does who prepares the report.
    """
    return {
        each.department: _write_reminder(status, each, notice, today)
        for each in status.unfinished
        if each.department != PREPARER and each.state != "waiting"
    }


def encode_reminder(text: str) -> bytes:
    """Return a text as every editor of Windows reads it: UTF-8 with a BOM, lines ended by CR LF."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _write_reminder(
    status: SurveyStatus, each: DepartmentStatus, notice: Notice, today: date
) -> str:
    deadline = each.deadline
    name = f"{status.title}　{fiscal_year_label(status.fiscal_year)}進捗状況調査票"
    contact = "　".join(filter(None, [notice.prepared_by, notice.contact]))
    lines = (
        f"件名：{name}{_choose_subject(each, deadline, today)}",
        f"宛先：{name_head(each.name.rstrip(_MARKS))}　様",
        *([f"差出人：{notice.prepared_by}"] if notice.prepared_by else []),
        "",
        *_ask(each, deadline, today),
        "",
        "１　状況",
        *_tell_state(each, deadline, today),
        "",
        *_list_points(each),
        "",
        "３　提出先及び問合せ先",
        f"{_INDENT}{contact or '取りまとめ担当'}",
    )
    return "\n".join(lines) + "\n"


def _choose_subject(each: DepartmentStatus, deadline: date | None, today: date) -> str:
    match each.state:
        case "faulty":
            return "の修正について（依頼）"
        case "partial":
            return "の未記入の項目について（依頼）"
    is_late = deadline is not None and deadline < today
    return "の提出について（再依頼）" if is_late else "の提出について（お知らせ）"


def _ask(each: DepartmentStatus, deadline: date | None, today: date) -> Iterator[str]:
    """Yield the paragraphs above the list: what is missing, and what is asked."""
    asked = f"{label_day(deadline)}を提出期限として依頼した" if deadline else "先に依頼した"
    by = "速やかに" if deadline is None or deadline < today else f"{label_day(deadline)}までに"
    match each.state:
        case "faulty":
            faults = each.waiting.faults if each.waiting else 0
            yield f"　御提出いただいた標記の調査票に、修正が必要な箇所が{faults}件ありました。"
            yield "　該当する箇所を示した調査票を併せてお送りします。"
            yield f"　{by}修正の上、改めて御提出くださるようお願いします。"
        case "partial":
            thanks = (
                "御回答いただきありがとうございます" if each.answered else "御提出いただきました"
            )
            yield f"　{asked}標記の調査票について、{thanks}。"
            yield f"　{date_label(today)}現在、次の項目が未記入です。"
            yield f"　{by}御回答くださるようお願いします。"
        case _ if deadline is not None and deadline >= today:
            yield f"　{asked}標記の調査票について、提出期限が近づきましたのでお知らせします。"
            yield f"　次の項目を記入の上、{by}御提出くださるようお願いします。"
        case _:
            missing = f"{date_label(today)}現在、御提出を確認できていません。"
            yield f"　{asked}標記の調査票について、{missing}"
            asking = f"次の項目を記入の上、{by}御提出くださるようお願いします。"
            yield f"　お忙しいところ恐れ入りますが、{asking}"
            yield "　なお、本状と行き違いに御提出いただいているときは、御容赦ください。"


def _tell_state(each: DepartmentStatus, deadline: date | None, today: date) -> Iterator[str]:
    if each.sent:
        yield f"{_INDENT}送付日：{label_day(each.sent)}"
    if deadline:
        over = (today - deadline).days
        late = f"　{over}日超過" if over > 0 else ""
        yield f"{_INDENT}提出期限：{label_day(deadline)}{late}"
    if each.received:
        yield f"{_INDENT}受領日：{label_day(each.received)}"
    if each.asked and each.state != "faulty":
        yield f"{_INDENT}回答済み：{each.asked}件のうち{each.answered - each.by_others}件"
    if each.by_others:
        yield f"{_INDENT}ほかの部署の回答があるもの：{each.by_others}件"


def _list_points(each: DepartmentStatus) -> Iterator[str]:
    """Yield what is to be mended; else what is open, sheet by sheet, and which columns."""
    if each.state == "faulty" and each.waiting:
        yield "２　修正をお願いする箇所"
        faults = [finding for finding in each.waiting.findings if finding.is_fault]
        yield from (f"{_INDENT}・{_name_fault(finding)}" for finding in faults[:_MOST])
        if len(faults) > _MOST:
            yield f"{_INDENT}ほか{len(faults) - _MOST}件"
        return
    yield "２　記入をお願いする項目"
    if not each.rows:
        yield f"{_INDENT}・共同で担当する項目の全て"
        yield f"{_INDENT}　（ほかの部署の回答に加えることがないときは、その旨）"
    for sheet, rows in groupby(each.rows, key=lambda row: row.sheet):
        own = list(rows)
        yield f"{_INDENT}（{sheet}　{len(own)}件）"
        yield from (f"{_INDENT}・{_name_row(row)}" for row in own[:_MOST])
        if len(own) > _MOST:
            yield f"{_INDENT}ほか{len(own) - _MOST}件"


def _name_row(row: OpenRow) -> str:
    title = " ".join(row.name.split())  # a mail has a row a line
    return f"{title}［{'、'.join(row.labels)}］"


def _name_fault(finding: Finding) -> str:
    request = word_request(finding.problem)
    place = " ".join(filter(None, [finding.sheet, finding.cell]))
    value = f"「{request.value}」" if request.value else ""
    told = "　".join(filter(None, [value, request.what, request.remedy]))
    return f"{place}：{told}" if place else told
