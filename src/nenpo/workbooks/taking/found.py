"""What a collection found in the replies, by cell: to be marked in copies, told and counted."""

from collections.abc import Mapping
from pathlib import Path

from nenpo.workbooks.marking.findings import Finding, locate
from nenpo.workbooks.record import RecordRow
from nenpo.workbooks.standing.status import WaitingReply
from nenpo.workbooks.taking.collect import Collection
from nenpo.workbooks.taking.propose import Fault


def list_found(collection: Collection, folder: Path) -> tuple[Finding, ...]:
    """Return the faults of the replies in a folder, and the notes on cells of the same files."""
    faults = [_find_fault(fault, folder) for fault in collection.faults]
    files = {_name(path, folder): path for path in dict.fromkeys(f.file for f in faults)}
    departments = {finding.file: finding.department for finding in faults}
    notes = [
        Finding(path, *place, note.words, departments[path])
        for note in collection.notes
        for name, path in files.items()
        if note.place.startswith(f"{name}!")
        for place in [locate(note.place, name)]
        if place[1]
    ]
    return (*faults, *notes)


def list_waiting(
    collection: Collection, folder: Path, record: Mapping[str, RecordRow]
) -> dict[str, WaitingReply]:
    """Return the replies that are not taken yet, by department."""
    taken = {name: row.digest for name, row in record.items()}
    found = list_found(collection, folder)
    return {
        each.department: WaitingReply(
            each.file, tuple(f for f in found if f.department == each.department)
        )
        for each in collection.summaries
        if taken.get(each.department) != each.digest and not each.is_blank
    }


def list_unknown(collection: Collection, folder: Path) -> tuple[str, ...]:
    """Return the files of which nobody can tell the department."""
    paths = (fault.path for fault in collection.faults if not fault.department)
    return tuple(dict.fromkeys(_name(path, folder) for path in paths))


def _find_fault(fault: Fault, folder: Path) -> Finding:
    if answer := fault.answer:
        place = (answer.sheet, answer.row, answer.column)
    else:
        place = locate(fault.problem.place, _name(fault.path, folder))
    return Finding(fault.path, *place, fault.problem, fault.department)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
