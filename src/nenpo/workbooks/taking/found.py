"""What a collection found in the replies, by cell: to be marked in copies, told and counted."""

from collections.abc import Mapping
from pathlib import Path

from nenpo.workbooks.marking.findings import Finding, locate
from nenpo.workbooks.record import RecordRow
from nenpo.workbooks.replies.expected import Expected
from nenpo.workbooks.standing.status import WaitingReply
from nenpo.workbooks.taking.collect import Collection, Summary
from nenpo.workbooks.taking.propose import Fault


def list_found(collection: Collection, folder: Path) -> tuple[Finding, ...]:
    """Return the faults of the replies in a folder, and the notes on cells of the same files."""
    faults = [_find_fault(fault, folder, collection.expected) for fault in collection.faults]
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
    """Return the replies that are not taken yet, or cannot be opened at all, by department."""
    taken = {name: row.digest for name, row in record.items()}
    found = list_found(collection, folder)
    read = {each.department: each for each in collection.summaries}
    files = {each.department: _name(each.file, folder) for each in found if each.department}
    files |= {name: each.file for name, each in read.items()}
    return {
        department: WaitingReply(file, tuple(f for f in found if f.department == department))
        for department, file in files.items()
        if department not in read or _is_new(read[department], taken.get(department))
    }


def _is_new(each: Summary, taken: str | None) -> bool:
    return each.digest != taken and not each.is_blank


def list_unknown(collection: Collection, folder: Path) -> tuple[str, ...]:
    """Return the files of which nobody can tell the department."""
    found = (_find_fault(fault, folder, collection.expected) for fault in collection.faults)
    paths = (each.file for each in found if not each.department)
    return tuple(dict.fromkeys(_name(path, folder) for path in paths))


def _find_fault(fault: Fault, folder: Path, expected: Expected) -> Finding:
    """Return a fault as a finding; of a file that cannot be read, its name tells whose it is."""
    if answer := fault.answer:
        place = (answer.sheet, answer.row, answer.column)
    else:
        place = locate(fault.problem.place, _name(fault.path, folder))
    named = (
        [fault.department] if fault.department else expected.find_named(_name(fault.path, folder))
    )
    department = next(iter(named)) if len(named) == 1 else ""
    return Finding(fault.path, *place, fault.problem, department)


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
