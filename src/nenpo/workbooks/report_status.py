"""``nenpo survey status``: where a survey stands, told, listed in a workbook, and as reminders."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from nenpo.build.folder import find_private
from nenpo.build.params import read_edition, require_edition
from nenpo.data.load import load_plan
from nenpo.errors import ForeignWorkbook, UnusableWorkbook, Words
from nenpo.files import replace_file
from nenpo.workbooks.forms.blank import BlankForm
from nenpo.workbooks.layout import STATUS_NAME
from nenpo.workbooks.marking.own_folder import check_folder, write_folder
from nenpo.workbooks.parts.package import open_package
from nenpo.workbooks.record import read_record
from nenpo.workbooks.sending.guide import Notice, write_notice
from nenpo.workbooks.standing.reminders import encode_reminder, list_reminders
from nenpo.workbooks.standing.status import SurveyStatus, WaitingReply, read_status
from nenpo.workbooks.standing.status_book import write_status
from nenpo.workbooks.standing.status_text import tell_status
from nenpo.workbooks.taking.collect import prepare_collection
from nenpo.workbooks.taking.found import list_unknown, list_waiting
from nenpo.workbooks.taking.opened import open_replies

_WROTE = Words("一覧: {}", "list: {}")
_REMINDED = Words("依頼文: {} 件（{}）", "reminders: {} ({})")
_NOBODY = Words("依頼文: 送る相手はない。", "reminders: there is nobody to remind.")


@dataclass(frozen=True)
class StatusOrder:
    """What is asked of a survey, on a day.

    ``replies`` is a folder of what came back, in ``form`` if that is the municipality's own;
    ``to`` is a workbook, ``reminders`` a folder to write.
    """

    plan: str
    fiscal_year: int
    today: date
    replies: Path | None = None
    to: Path | None = None
    reminders: Path | None = None
    form: BlankForm | None = None


def report_status(root: Path, order: StatusOrder) -> tuple[SurveyStatus, Iterator[str]]:
    """Return where a survey stands, and what is told of it, while what was asked is written.

    Raises ``UnknownPlan``, ``UnknownYear``, ``InputRefused``, ``ForeignWorkbook``,
    ``UnusableFolder`` and ``WriteFailed``; all but the last before anything is written.
    """
    require_edition(root, order.plan, order.fiscal_year)
    plan = load_plan(order.plan, root)
    notice = write_notice(read_edition(root, plan.id, order.fiscal_year), None, None)
    waiting, unknown = _read_replies(root, order, order.replies) if order.replies else ({}, ())
    found = read_status(root, plan, order.fiscal_year, waiting, notice.deadline)
    status = replace(found, unknown=unknown)
    if order.to:
        _check_file(root, order.to)
    if order.reminders:
        check_folder(root, order.reminders)
    return status, _tell(status, order, notice)


def _read_replies(
    root: Path, order: StatusOrder, folder: Path
) -> tuple[dict[str, WaitingReply], tuple[str, ...]]:
    """Return the replies not taken yet by department, and the files that are nobody's."""
    edition = (order.plan, order.fiscal_year)
    opened = open_replies(folder)
    collection = prepare_collection(
        root, opened, edition, prefer_newer=True, without_faulty=True, form=order.form
    )
    waiting = list_waiting(collection, opened.folder, read_record(root, *edition))
    return waiting, list_unknown(collection, opened.folder)


def _tell(status: SurveyStatus, order: StatusOrder, notice: Notice) -> Iterator[str]:
    yield from tell_status(status, order.today)
    if order.to:
        replace_file(order.to, write_status(status, order.today), sync=True)
        yield str(_WROTE.fill(order.to))
    if order.reminders:
        files = write_reminders(status, notice, order.today)
        write_folder(order.reminders, files)
        yield str(_REMINDED.fill(len(files), order.reminders) if files else _NOBODY)


def write_reminders(
    status: SurveyStatus, notice: Notice, today: date
) -> dict[PurePosixPath, bytes]:
    """Return the texts by the name of their files: that of the workbook that went out."""
    files = {each.department: PurePosixPath(each.file) for each in status.departments}
    texts = list_reminders(status, notice, today)
    return {files[name].with_suffix(".txt"): encode_reminder(text) for name, text in texts.items()}


def _check_file(root: Path, path: Path) -> None:
    """Raise ForeignWorkbook unless nothing, or an earlier list, lies where a list is to be put."""
    is_private = bool(find_private(root, path.resolve().parent))
    if is_private or (path.exists() and not _is_list(path)):
        raise ForeignWorkbook(value=path)


def _is_list(path: Path) -> bool:
    try:
        return path.is_file() and STATUS_NAME in open_package(path.read_bytes(), path.name).sheets
    except (UnusableWorkbook, OSError):
        return False
