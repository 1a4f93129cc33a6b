"""A workbook → what it answers, by department: from its hidden ids, else from what people see."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nenpo.errors import UnusableWorkbook, Words, WorkbookError
from nenpo.language.fiscal import fiscal_year_label
from nenpo.workbooks.answers import Answer, Note, Reply
from nenpo.workbooks.book import Book, Sheet
from nenpo.workbooks.layout import SheetKind, SurveySheet
from nenpo.workbooks.remarks import list_remarks
from nenpo.workbooks.replies.columns import Columns, match_columns
from nenpo.workbooks.replies.expected import Expected
from nenpo.workbooks.replies.markers import VERSION, Marker, find_marker, holds_no_answers
from nenpo.workbooks.replies.merged import check_merged
from nenpo.workbooks.replies.outside import list_outside
from nenpo.workbooks.replies.rows import match_rows

_OTHER_YEAR = Words("{}の調査票である", "it is the survey of {}")
_TAKE_RIGHT = Words(
    "今回取り込むのは{}である。正しい調査票を出してもらうか、このファイルを別の場所に移すこと。",
    "This takes in {}: ask for the right workbook, or move this file elsewhere.",
)
_NOT_ASKED = Words("「{}」には何も尋ねていない", "'{}' was asked nothing")
_SEE_ASSIGNMENTS = Words(
    "assignments.csv の担当を確かめるか、このファイルを別の場所に移すこと。",
    "Check who is in charge in assignments.csv, or move this file elsewhere.",
)
_NEWER = Words("様式の版 {} は読めない", "version {} of the layout is not known")
_UPDATE = Words(
    "新しい nenpo で取り込むか、調査票を作り直すこと。",
    "Take it in with a newer nenpo, or make the workbook anew.",
)
_WHOSE = Words(
    "調査票のシートらしいが、どの部署のものか分からない",
    "nobody can tell which department it is from",
)
_NAME_IT = Words(
    "シートの1行目か、ファイル名に部署の名前（{}）を入れること。",
    "Write the department ({}) into its first row, or into the name of the file.",
)
_NO_SHEET = Words("調査票のシートがない", "no sheet of a survey is in it")
_SEND_AGAIN = Words(
    "送付した調査票に記入したものか確かめること。調査票でなければ、別の場所に移すこと。",
    "See that it is the workbook that was sent; if it is no reply, move it elsewhere.",
)
_EXTRA = Words("調査票のシートではないので読まない。", "no sheet of the survey; it is not read.")
_AGAIN = Words("同じシートが「{}」にもある", "'{}' is the same sheet")
_ONE_SHEET = Words("どちらか一方のシートを削ること。", "Delete one of the two sheets.")
_NOTHING_ASKED = Words("「{}」にこのシートでは何も尋ねていない", "'{}' was asked nothing in it")


@dataclass(frozen=True)
class _Found:
    """A sheet of the survey: whose it is, what was asked in it, and where its fields stand."""

    sheet: Sheet
    layout: SurveySheet
    columns: Columns
    ids: int | None


def recognise(book: Book, path: Path, expected: Expected) -> tuple[Reply, ...]:
    """Return what a workbook answers, a reply a department.

    What belongs to no department is a reply of "". No workbook is without a reply.
    """
    marked = [(sheet, find_marker(sheet)) for sheet in book.sheets]
    others = [marker for _, marker in marked if marker and _is_other(marker, expected)]
    if others and len(others) == sum(1 for _, marker in marked if marker):
        return (_refuse(path, _refuse_edition(book.name, others[0], expected)),)
    found, problems, notes = list[_Found](), list[WorkbookError](), list[Note]()
    own = {m.department for _, m in marked if m and not _is_other(m, expected)}
    whole = own & expected.surveys.keys()
    for sheet, marker in marked:
        try:
            if marker:
                found += _read_marked(book, sheet, marker, expected)
            elif holds_no_answers(sheet):
                continue
            elif guessed := _guess(book, sheet, whole, expected):
                found.append(guessed)
            elif sheet.cells:
                notes.append(Note(f"{book.name}!{sheet.name}", _EXTRA))
        except UnusableWorkbook as problem:
            problems.append(problem)
    notes = [*(Note(book.name, words) for words in book.notes), *notes]
    if not found and not problems:
        none = UnusableWorkbook(place=book.name, why=_NO_SHEET, remedy=_SEND_AGAIN)
        return (replace(_refuse(path, none), notes=tuple(notes)),)
    return tuple(_read_departments(book, path, found, problems, notes, expected))


def _refuse(path: Path, *problems: WorkbookError) -> Reply:
    return Reply(path, "", (), problems)


def _is_other(marker: Marker, expected: Expected) -> bool:
    return (marker.plan, marker.fiscal_year) != (expected.plan, expected.fiscal_year)


def _refuse_edition(place: str, marker: Marker, expected: Expected) -> UnusableWorkbook:
    told = _OTHER_YEAR.fill(_name_edition(marker.plan, marker.fiscal_year))
    remedy = _TAKE_RIGHT.fill(_name_edition(expected.plan, expected.fiscal_year))
    return UnusableWorkbook(place=place, why=told, remedy=remedy)


def _name_edition(plan: str, fiscal_year: int) -> str:
    return f"{plan}/{fiscal_year}（{fiscal_year_label(fiscal_year)}）"


def _read_marked(book: Book, sheet: Sheet, marker: Marker, expected: Expected) -> Iterator[_Found]:
    """Yield a sheet with a marker, nothing if it asks nothing. Raises ``UnusableWorkbook``."""
    place = f"{book.name}!{sheet.name}"
    if _is_other(marker, expected):
        raise _refuse_edition(place, marker, expected)
    if marker.version != VERSION:
        raise UnusableWorkbook(place=place, why=_NEWER.fill(marker.version), remedy=_UPDATE)
    department = marker.department
    if department not in expected.surveys:
        name = expected.names.get(department, department)
        raise UnusableWorkbook(place=place, why=_NOT_ASKED.fill(name), remedy=_SEE_ASSIGNMENTS)
    layout = expected.find_sheet(department, marker.kind)
    if layout is not None and not layout.table:
        return
    if layout is None:
        if marker.kind != "supporting":
            name = expected.names[department]
            why = _NOTHING_ASKED.fill(name)
            raise UnusableWorkbook(place=place, why=why, remedy=_SEE_ASSIGNMENTS)
        return
    columns = match_columns(book.name, sheet, layout, marker.column)
    if columns is not None:
        yield _Found(sheet, layout, columns, marker.column)


def _guess(book: Book, sheet: Sheet, whole: set[str], expected: Expected) -> _Found | None:
    """Return a sheet without its marker, None if it is none of the survey's.

    Raises ``UnusableWorkbook`` if it is one and nobody can tell whose.
    """
    kinds = _rank_kinds(book, sheet, expected)
    if not kinds:
        return None
    named = _find_named(book, sheet, min(found.columns.top for found in kinds), expected)
    fitting = [found for found in kinds if _count_rows(found, expected)]
    by_rows = {found.layout.department for found in fitting}
    for certain in (named & by_rows, whole & by_rows, by_rows, named, whole):
        if len(certain) == 1:
            return next(f for f in kinds if f.layout.department in certain)
    asked = "、".join(expected.names[each] for each in list(expected.surveys)[:3])
    place = f"{book.name}!{sheet.name}"
    raise UnusableWorkbook(place=place, why=_WHOSE, remedy=_NAME_IT.fill(f"{asked} など"))


def _rank_kinds(book: Book, sheet: Sheet, expected: Expected) -> list[_Found]:
    """Return for each department the sheet that this one looks most like, if any."""
    ranked: list[_Found] = []
    for department in expected.surveys:
        best: _Found | None = None
        for layout in expected.surveys[department].sheets:
            if not layout.table:
                continue
            ids = _find_ids(sheet, layout)
            columns = match_columns(book.name, sheet, layout, ids)
            # Two labels may be the same in any list: 番号, 備考.
            if columns is None or len(columns.places) < max(2, len(layout.fields) // 2):
                continue
            if best is None or len(columns.places) > len(best.columns.places):
                best = _Found(sheet, layout, columns, ids)
        if best:
            ranked.append(best)
    return ranked


def _find_ids(sheet: Sheet, layout: SurveySheet) -> int | None:
    """Return the column that holds ids of rows, None if it is lost."""
    known = {row.id for row in layout.rows if row.id}
    columns = [c for (_, c), cell in sheet.cells.items() if cell.shown.strip() in known]
    return max(set(columns), key=columns.count) if columns else None


def _count_rows(found: _Found, expected: Expected) -> int:
    rows = match_rows("", found.sheet, found.layout, found.columns, found.ids, expected)
    return sum(1 for row in rows.found.values() if row.id) if not rows.problems else 0


def _find_named(book: Book, sheet: Sheet, labels: int, expected: Expected) -> set[str]:
    """Return the departments that are named: by the file, the sheet, or above the labels."""
    above = [cell.shown for (row, _), cell in sheet.cells.items() if row < labels]
    return expected.find_named(Path(book.name).as_posix(), sheet.name, *above)


def _read_departments(
    book: Book,
    path: Path,
    found: list[_Found],
    problems: list[WorkbookError],
    notes: list[Note],
    expected: Expected,
) -> Iterator[Reply]:
    """Yield a reply for each department; the first tells what concerns the workbook as a whole."""
    by_department: dict[str, list[_Found]] = {}
    for each in found:
        by_department.setdefault(each.layout.department, []).append(each)
    if not by_department:
        yield Reply(path, "", (), tuple(problems), tuple(notes))
    for department, sheets in by_department.items():
        reply = _read_sheets(book, path, department, sheets, expected)
        yield replace(
            reply,
            problems=(*problems, *reply.problems),
            notes=(*notes, *reply.notes),
        )
        problems, notes = [], []


def _read_sheets(
    book: Book, path: Path, department: str, sheets: list[_Found], expected: Expected
) -> Reply:
    answers, problems, notes = list[Answer](), list[WorkbookError](), list[Note]()
    first: dict[SheetKind, tuple[str, list[tuple[object, ...]]]] = {}
    for found in sheets:
        own, wrong, told = _read_sheet(book, department, found, expected)
        kind, content = found.layout.kind, [(a.id, a.key, _read(a)) for a in own if _read(a)]
        if kind in first and first[kind][1] != content and content:
            why = _AGAIN.fill(first[kind][0])
            place = f"{book.name}!{found.sheet.name}"
            problems.append(UnusableWorkbook(place=place, why=why, remedy=_ONE_SHEET))
        elif kind in first:
            notes.append(Note(f"{book.name}!{found.sheet.name}", _AGAIN.fill(first[kind][0])))
        else:
            first[kind] = (found.sheet.name, list(content))
            answers += own
            problems += wrong
            notes += told
    return Reply(path, department, tuple(answers), tuple(problems), tuple(notes))


def _read(answer: Answer) -> str:
    return answer.cell.shown.strip() if answer.cell else ""


def _read_sheet(
    book: Book, department: str, found: _Found, expected: Expected
) -> tuple[list[Answer], list[WorkbookError], list[Note]]:
    sheet, layout, columns = found.sheet, found.layout, found.columns
    rows = match_rows(book.name, sheet, layout, columns, found.ids, expected)
    merged = check_merged(book.name, sheet, layout, columns)
    outside = list_outside(book.name, sheet, layout, columns, rows.found, found.ids)
    answers = [
        Answer(
            file=book.name,
            sheet=sheet.name,
            row=row,
            column=columns.places[field.key],
            department=department,
            kind=layout.kind,
            id=asked.id,
            line=row,
            key=field.key,
            cell=sheet.cells.get((row, columns.places[field.key])),
        )
        for row, asked in rows.found.items()
        for field in layout.fields
        if field.is_asked and field.key in columns.places
        if not (field.only_added and asked.id)
    ]
    problems = [*columns.problems, *rows.problems, *merged.problems]
    remarks = list_remarks(book.name, sheet)
    return answers, problems, [*columns.notes, *rows.notes, *merged.notes, *outside, *remarks]
