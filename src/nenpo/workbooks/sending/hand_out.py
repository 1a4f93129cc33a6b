"""The workbooks of a survey and their letter, written into a folder for the departments."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from nenpo.build.folder import OUTPUTS, find_private
from nenpo.build.params import list_editions, read_edition
from nenpo.data.load import load_plan
from nenpo.data.naming import name_row, tell_ids
from nenpo.data.plan import Plan
from nenpo.data.replace import hold_plan
from nenpo.errors import NothingAsked, UnknownDepartment, UnknownYear, UnusableSurveyFolder, Words
from nenpo.files import (
    explain_refusal,
    explain_write,
    is_left_behind,
    read_ordinary,
    replace_file,
    sync_files,
    sync_folder,
)
from nenpo.workbooks.asking.asked import PREPARER, list_asked
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.forms.handing import fill_forms
from nenpo.workbooks.layout import LETTER_NAME
from nenpo.workbooks.record import RecordRow, format_record, name_record, read_record
from nenpo.workbooks.sending.guide import Notice, write_notice
from nenpo.workbooks.sending.letter import Enclosure, write_letter
from nenpo.workbooks.sending.make import make_workbook

_TABLES = Words(
    "items.csv、indicators.csv 又は milestones.csv", "items.csv, indicators.csv or milestones.csv"
)
LETTER = f"00_{LETTER_NAME}.docx"
_LONGEST_NAME = 40
# What no name of a file may hold in Windows, and blanks, which get lost in mails.
_UNSAFE = re.compile(r'[<>:"/\\|?*\s\x00-\x1f]+')


class Order(NamedTuple):
    """What is to be made, and where: of the ``departments`` named, of all if there are none.

    ``deadline`` and ``sent`` are None where the params or nobody says so; ``today`` goes into the
    record alone. ``replaces`` tells whether files that differ are written over. ``form`` is the
    description of the municipality's own form, which is then filled in place of our workbooks.
    """

    plan: str
    fiscal_year: int
    folder: Path
    today: date
    departments: tuple[str, ...] = ()
    deadline: date | None = None
    sent: date | None = None
    replaces: bool = False
    form: Path | None = None


@dataclass(frozen=True)
class HandedOut:
    """What is in the folder now: the files that were written, were there already, or differ.

    A file that differs was kept: somebody may have filled it in.
    """

    plan: Plan
    order: Order
    notice: Notice
    enclosures: tuple[Enclosure, ...]
    written: tuple[str, ...]
    same: tuple[str, ...]
    kept: tuple[str, ...]
    notes: tuple[Words, ...] = ()


def hand_out(root: Path, order: Order) -> HandedOut:
    """Make the workbooks and the letter, write them, and note in the record what went out.

    Nothing is written before all are made; each file is there whole or not at all. Raises
    ``UnknownPlan``, ``UnknownYear``, ``NothingAsked``, ``UnknownDepartment``,
    ``UnusableSurveyFolder``, ``DataLocked``, ``WriteFailed`` and ``InputRefused``.
    """
    plan = load_plan(order.plan, root)
    _require_year(root, plan, order.fiscal_year)
    edition = read_edition(root, order.plan, order.fiscal_year)
    notice = write_notice(edition, order.deadline, order.sent)
    enclosures = enclose_surveys(plan, order.fiscal_year)
    if not enclosures:
        raise NothingAsked(plan=plan.id, fiscal_year=order.fiscal_year, allowed=_TABLES)
    chosen = _choose(plan, enclosures, order.departments)
    notes: tuple[Words, ...] = ()
    if order.form is None:
        files = {e.file: make_workbook(plan, e.survey, notice) for e in chosen}
    else:
        forms = fill_forms(order.form, {e.file: e.survey for e in chosen})
        files, notes = dict(forms.files), forms.notes
        chosen = _name_forms(chosen, forms.names)
    asked = [e for e in enclosures if e.survey.department != PREPARER]
    if asked:
        files[LETTER] = write_letter(plan, order.fiscal_year, notice, asked)
    there = _compare_folder(root, order.folder, files)
    kept = tuple(n for n in files if there.get(n) is False and not order.replaces)
    written = tuple(n for n in files if not there.get(n) and n not in kept)
    with hold_plan(root, order.plan) as held:
        record = read_record(root, order.plan, order.fiscal_year)
        _write_files(order.folder, {name: files[name] for name in written})
        # A command that was interrupted has written files, and no record of them.
        noted = {name for name, row in record.items() if row.sent}
        out = {e.file: e.survey.department for e in chosen if e.file not in kept}
        sent = [name for file, name in out.items() if file in written or name not in noted]
        rows = _note_sent(record, [e.survey.department for e in enclosures], sent, order, notice)
        held.replace({name_record(order.fiscal_year): format_record(rows)})
    same = tuple(n for n in files if there.get(n))
    return HandedOut(plan, order, notice, chosen, written, same, kept, notes)


def enclose_surveys(plan: Plan, fiscal_year: int) -> tuple[Enclosure, ...]:
    """Return the survey of everybody who is asked, each with the name of its file.

    Files are numbered in 建制順, so that no two have one name.
    """
    asked = list_asked(plan, fiscal_year)
    width = max(2, len(str(len(asked))))
    surveys = (lay_out_survey(plan, fiscal_year, name) for name in asked)
    return tuple(
        Enclosure(f"{number:0{width}}_{name_safely(survey.name) or survey.department}.xlsx", survey)
        for number, survey in enumerate(surveys, 1)
    )


def _name_forms(
    enclosures: tuple[Enclosure, ...], names: Mapping[str, tuple[str, ...]]
) -> tuple[Enclosure, ...]:
    """Return the enclosures under the names of their first forms; without one, there is none."""
    named = ((each, names[each.survey.department]) for each in enclosures)
    return tuple(replace(each, file=own[0]) for each, own in named if own)


def name_safely(text: str) -> str:
    """Return a text as a part of the name of a file that every system takes.

    >>> name_safely("総務課 / IT:係..")
    '総務課_IT_係'
    """
    return _UNSAFE.sub("_", text)[:_LONGEST_NAME].strip("._")


def _require_year(root: Path, plan: Plan, fiscal_year: int) -> None:
    known = [year for year in list_editions(root, plan.id) if year in plan.reported_years]
    if fiscal_year in known:
        return
    command = f"nenpo new-year {plan.id} {fiscal_year}"
    remedy = Words("{} で年度を始めること。", "Begin the year with {}.").fill(command)
    allowed = ", ".join(map(str, known)) or "—"
    raise UnknownYear(plan=plan.id, value=fiscal_year, allowed=allowed, remedy=remedy)


def _choose(
    plan: Plan, enclosures: tuple[Enclosure, ...], departments: tuple[str, ...]
) -> tuple[Enclosure, ...]:
    """Return those of the departments named, all without any. Raises UnknownDepartment."""
    known = [each.survey.department for each in enclosures]
    for name in departments:
        if name not in known:
            rows = plan.departments[["department", "name", "aliases"]].to_dict("records")
            named = [pair for row in rows for pair in name_row(row, "department")]
            hint = tell_ids(name, named)
            allowed = ", ".join(known)
            raise UnknownDepartment(plan=plan.id, value=name, allowed=allowed, hint=hint)
    return tuple(e for e in enclosures if not departments or e.survey.department in departments)


def _compare_folder(root: Path, folder: Path, files: Mapping[str, bytes]) -> dict[str, bool]:
    """Return which of the files are there, and whether with this content.

    Raises ``UnusableSurveyFolder`` for the project's own folders, and for one that holds other
    things and nothing that was made for this survey.
    """
    if why := _find_fault(root, folder, files):
        raise UnusableSurveyFolder(value=folder, why=why)
    there = {name: folder / name for name in files if (folder / name).exists()}
    with explain_write(folder):
        return {name: read_ordinary(path) == files[name] for name, path in there.items()}


def _find_fault(root: Path, folder: Path, files: Mapping[str, bytes]) -> Words | None:
    place = folder.resolve()
    if root.resolve().is_relative_to(place):
        return Words("年報のフォルダーそのもの、又はその上である", "the project lies in it")
    if name := find_private(root, place):
        told = Words("年報の {}/ の中である", "it lies in {}/ of the project")
        return told.fill(name)
    if place.is_relative_to((root / OUTPUTS).resolve()):
        return Words("文書の出力先である", "documents go there")
    if place.exists() and not place.is_dir():
        return Words("フォルダーではない", "it is no folder")
    with explain_write(folder):
        found = list(place.iterdir()) if place.exists() else []
    others = sorted(path.name for path in found if not is_left_behind(path))
    if others and not {*others} & files.keys():
        told = Words("空でなく、{} などがある", "it is not empty: it holds {}")
        return told.fill(others[0])
    return None


def _write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        replace_file(folder / name, content)
    for path, error in sync_files(folder / name for name in files).items():
        raise explain_refusal(path, error)
    with explain_write(folder):
        sync_folder(folder)


def _note_sent(
    record: Mapping[str, RecordRow],
    asked: list[str],
    sent: list[str],
    order: Order,
    notice: Notice,
) -> Iterator[RecordRow]:
    """Yield the record's rows in the order of who is asked, with what goes out now."""
    day = (order.sent or order.today).isoformat()
    deadline = notice.deadline.isoformat() if notice.deadline else ""
    for name in dict.fromkeys([*asked, *record]):
        row = record.get(name)
        if name in sent:
            made = row or RecordRow(department=name)
            # A workbook that is made again without one leaves the deadline that was told.
            yield made.model_copy(update={"sent": day, "deadline": deadline or made.deadline})
        elif row:
            yield row
