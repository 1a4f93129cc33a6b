"""Returned workbooks, copied with their findings marked: what goes back to the departments.

Faulty cells are filled with a colour and have a comment; all else is byte for byte as it came, so
that a department mends it there and sends it again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from nenpo.errors import UnusableWorkbook
from nenpo.files import read_ordinary
from nenpo.workbooks.marking.comments import add_comments, read_comments
from nenpo.workbooks.marking.findings import FAULT, NOTE, SETTLED, Finding, word_request
from nenpo.workbooks.marking.findings_book import LIST, list_findings
from nenpo.workbooks.marking.own_folder import write_folder
from nenpo.workbooks.marking.visible_cells import VisibleCells, read_visible
from nenpo.workbooks.parts.package import Package, open_package
from nenpo.workbooks.parts.sheet_xml import Place, fill_cells, list_filled, read_sheet
from nenpo.workbooks.reading.opening import MOST_BYTES
from nenpo.workbooks.remarks import DONE, LOOK, MEND, OWN_HEAD

_BESIDE = "_確認事項"
_MENDED = f"{DONE}\n前回お願いした箇所を確認しました。"


def write_marked(
    replies: Path, findings: Iterable[Finding], output: Path, names: Mapping[str, str]
) -> tuple[Path, ...]:
    """Write a marked copy of each workbook with findings, and the list of all; return the files.

    Copies have their places below ``replies``. A file whose cells cannot be marked (.xls, .ods,
    .csv, or one that cannot be opened) lies there as it came, a list of its findings beside it;
    of one that is too large, or cannot be read at all, there is the list alone.
    ``names`` are those of departments by id; ``output`` is a folder that was checked, and what an
    earlier call wrote there is replaced. Raises WriteFailed.
    """
    by_file = defaultdict[Path, list[Finding]](list)
    for finding in findings:
        by_file[finding.file].append(finding)
    made = dict[PurePosixPath, bytes]()
    listed = list[tuple[PurePosixPath, Finding]]()
    for file, unsorted in by_file.items():
        found = sorted(unsorted, key=lambda finding: (finding.sheet, finding.row, finding.column))
        name, raw = _place_below(replies, file), _read_copied(file)
        listed += [(name, finding) for finding in found]
        marked = mark_workbook(raw, str(name), found) if raw is not None else None
        if raw is not None:
            made[name] = raw if marked is None else marked
        if marked is None:
            beside = name.with_name(f"{name.name}{_BESIDE}.xlsx")
            made[beside] = list_findings([(name, finding) for finding in found], names)
    if listed:
        made[PurePosixPath(LIST)] = list_findings(listed, names)
    return write_folder(output, made)


def _read_copied(file: Path) -> bytes | None:
    """Return what is copied of a file: not of a pipe, and not more than any reply has.

    Nor of what a link points at: it would be mailed to whoever sent the link.
    """
    if file.is_symlink():
        return None
    try:
        return read_ordinary(file) if file.stat().st_size <= MOST_BYTES else None
    except OSError:
        return None


def mark_workbook(raw: bytes, name: str, findings: Sequence[Finding]) -> bytes | None:
    """Return a workbook with its findings marked, None if it is of a kind that cannot be.

    What concerns a whole sheet, or a cell that nobody sees, is told at a cell that is seen.
    """
    try:
        package = open_package(raw, name)
        if not package.sheets:
            return None
        shown = [name for name, sheet in package.sheets.items() if not sheet.is_hidden]
        by_sheet = defaultdict[str, list[Finding]](list)
        for finding in findings:
            known = finding.sheet in shown
            by_sheet[finding.sheet if known else (shown or [*package.sheets])[0]].append(finding)
        for sheet, found in by_sheet.items():
            package = _mark_sheet(package, sheet, found)
        if all(finding.cell for finding in findings):  # else nobody has looked at the cells
            for sheet in package.sheets:
                package = _settle_sheet(package, sheet, by_sheet.get(sheet, ()))
        return package.write()
    except UnusableWorkbook:
        return None


def _mark_sheet(package: Package, sheet: str, findings: Sequence[Finding]) -> Package:
    cells = read_visible(read_sheet(package, package.find_sheet(sheet)))
    own = [finding for finding in findings if finding.sheet == sheet and finding.cell]
    package = fill_cells(package, sheet, _choose_colours(cells, own))
    return add_comments(package, sheet, _write_comments(cells, sheet, findings), OWN_HEAD)


def _settle_sheet(package: Package, sheet: str, findings: Sequence[Finding]) -> Package:
    """Return a sheet in which what was marked in an earlier copy, and is mended, is marked so."""
    cells = read_visible(read_sheet(package, package.find_sheet(sheet)))
    own = _choose_colours(cells, [f for f in findings if f.sheet == sheet])
    told = _write_comments(cells, sheet, findings)
    marked = list_filled(package, sheet, (FAULT, NOTE)) - own.keys()
    comments = read_comments(package, sheet).items()
    mended = [place for place, text in comments if place not in told and OWN_HEAD.search(text)]
    package = fill_cells(package, sheet, dict.fromkeys(sorted(marked), SETTLED))
    return (
        add_comments(package, sheet, dict.fromkeys(mended, _MENDED), OWN_HEAD)
        if mended
        else package
    )


def _choose_colours(cells: VisibleCells, findings: Iterable[Finding]) -> dict[Place, str]:
    colours = dict[Place, str]()
    for finding in sorted(findings, key=lambda finding: finding.is_fault):  # a fault's is the last
        colours[cells.join(finding.row, finding.column)] = FAULT if finding.is_fault else NOTE
    return colours


def _write_comments(
    cells: VisibleCells, sheet: str, findings: Iterable[Finding]
) -> dict[Place, str]:
    words = defaultdict[Place, list[str]](list)
    for finding in findings:
        is_here = finding.sheet == sheet and bool(finding.cell)
        place = cells.join(finding.row, finding.column) if is_here else (1, 1)
        seen = cells.find_seen(*place)
        head = MEND if finding.is_fault else LOOK
        about = "" if is_here and seen == place else _name_elsewhere(finding, sheet)
        lines = (head, about, *word_request(finding.problem).lines)
        words[seen].append("\n".join(filter(None, lines)))
    return {place: "\n\n".join(dict.fromkeys(texts)) for place, texts in sorted(words.items())}


def _name_elsewhere(finding: Finding, sheet: str) -> str:
    """Return what a finding is about that is told at another cell."""
    if not finding.sheet:
        return "（このファイル全体について）"
    if finding.sheet == sheet:
        hidden = f"（非表示のセル {finding.cell} について。再表示して直してください。）"
        return hidden if finding.cell else "（このシート全体について）"
    return f"（シート「{finding.sheet}」{finding.cell} について）"


def _place_below(replies: Path, file: Path) -> PurePosixPath:
    below = file.relative_to(replies) if file.is_relative_to(replies) else Path(file.name)
    return PurePosixPath(below.as_posix())
