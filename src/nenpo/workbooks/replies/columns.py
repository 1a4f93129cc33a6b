"""Which column of a sheet holds which field: by the hidden key above it, else by its label."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from nenpo.errors import UnusableCell, Words, WorkbookError
from nenpo.workbooks.answers import Note
from nenpo.workbooks.book import Sheet, name_place
from nenpo.workbooks.layout import CHECK, CHECK_LABEL, Field, SurveySheet
from nenpo.workbooks.replies.expected import fold

# Keys and labels stand at the top, also where rows were inserted above them.
_TOP = 40
_TWICE = Words("同じ列が二つある", "the same column stands here twice")
_KEEP_ONE = Words("どちらか一方の列を削ること。", "Delete one of the two columns.")
_LOST = Words("見出しが何の列かを示していない", "nobody can tell what this column is about")
_RELABEL = Words(
    "見出しを送付したときのものに戻すか、調査票を作り直して書き写すこと。",
    "Restore its label, or copy the answers into a new workbook.",
)
_GONE = Words(
    "「{}」の列がないので、未記入とした。",
    "the column '{}' is missing; nothing of it is taken as answered.",
)


@dataclass(frozen=True)
class Columns:
    """Where each field stands, by key; the rows come below ``top``.

    ``passed`` are columns of which nothing more is told: in which a formula tells what is lacking,
    and those that are refused as a whole.
    """

    places: Mapping[str, int]
    top: int
    passed: frozenset[int] = frozenset()
    problems: tuple[WorkbookError, ...] = ()
    notes: tuple[Note, ...] = ()


def match_columns(book: str, sheet: Sheet, layout: SurveySheet, ids: int | None) -> Columns | None:
    """Return where the fields of ``layout`` stand, None if the sheet has none that is asked.

    ``ids`` is the column of the hidden ids, where it is known.
    """
    keys = {field.key: field.key for field in layout.fields}
    labels = {fold(field.label): field.key for field in layout.fields}
    key_row, by_key = _find_row(sheet, keys, ids)
    label_row, by_label = _find_row(sheet, labels, ids)
    if len(by_key) < 2:
        key_row, by_key = 0, {}
    if len(by_label) < 2 and by_key:
        label_row, by_label = key_row, {}
    places = {key: (by_key.get(key) or by_label.get(key) or [0])[0] for key in {*by_key, *by_label}}
    if not any(field.is_asked and field.key in places for field in layout.fields):
        return None
    top = max(label_row, key_row)
    columns = Columns(places, top, _find_checks(sheet, top, places))
    lost = dict(_refuse_lost(book, sheet, layout, columns, ids))
    problems = [
        *_refuse_twice(book, sheet, layout, by_key or by_label, top),
        *_refuse_moved(book, sheet, layout, columns, labels, label_row),
        *lost.values(),
    ]
    gone = [f for f in layout.fields if f.is_asked and f.key not in places]
    notes = [] if problems else [Note(f"{book}!{sheet.name}", _GONE.fill(f.label)) for f in gone]
    passed = columns.passed | lost.keys()
    return replace(columns, passed=passed, problems=tuple(problems), notes=tuple(notes))


def _find_row(
    sheet: Sheet, words: Mapping[str, str], ids: int | None
) -> tuple[int, dict[str, list[int]]]:
    """Return the row in which most of the words stand, and the columns of each by its key."""
    best: tuple[int, dict[str, list[int]]] = (0, {})
    rows: dict[int, dict[str, list[int]]] = {}
    for row, column in sorted(sheet.cells):
        if row > _TOP:
            break
        text = sheet.read(row, column)
        key = words.get(text) or words.get(fold(text))
        if key and column != ids:
            rows.setdefault(row, {}).setdefault(key, []).append(column)
    for row, found in rows.items():
        if len(found) > len(best[1]):
            best = (row, found)
    return best


def _find_checks(sheet: Sheet, top: int, places: Mapping[str, int]) -> frozenset[int]:
    known = (CHECK, CHECK_LABEL)
    found = {c for (row, c) in sheet.cells if row <= top and sheet.read(row, c) in known}
    return frozenset(found - {*places.values()})


def _refuse_twice(
    book: str, sheet: Sheet, layout: SurveySheet, found: Mapping[str, list[int]], top: int
) -> Iterable[WorkbookError]:
    """Yield the columns that stand twice, unless the second is blank or says the same."""
    for field in layout.fields:
        first, *others = found.get(field.key, [0])
        for column in others:
            told = {row for row, c in sheet.cells if c == column and row > top}
            if field.is_asked and any(sheet.read(r, column) != sheet.read(r, first) for r in told):
                place = name_place(book, sheet.name, max(top, 1), column)
                yield _refuse(place, field.label, field.label, _TWICE, layout, _KEEP_ONE)


def _refuse_moved(
    book: str,
    sheet: Sheet,
    layout: SurveySheet,
    columns: Columns,
    labels: Mapping[str, str],
    label_row: int,
) -> Iterable[WorkbookError]:
    """Yield the columns whose label is that of another field than their hidden key says."""
    why = Words("隠し行は別の列を示している", "the hidden row says that it is another column")
    for field in layout.fields:
        column = columns.places.get(field.key, 0)
        label = sheet.read(label_row, column) if column else ""
        other = labels.get(fold(label))
        if other and other != field.key and field.is_asked:
            place = name_place(book, sheet.name, label_row, column)
            yield _refuse(place, field.label, label, why, layout, _RELABEL)


def _refuse_lost(
    book: str, sheet: Sheet, layout: SurveySheet, columns: Columns, ids: int | None
) -> Iterable[tuple[int, WorkbookError]]:
    """Yield columns that nobody knows and that hold something, while one that is asked is lost."""
    lost = [f.label for f in layout.fields if f.is_asked and f.key not in columns.places]
    if not lost:
        return
    known = {*columns.places.values(), *columns.passed, ids}
    last = max((column for column in columns.places.values()), default=0)
    for column in sorted({c for r, c in sheet.cells if r > columns.top and c not in known}):
        label = sheet.read(columns.top, column)
        if column < last or label:
            place = name_place(book, sheet.name, columns.top, column)
            near = get_close_matches(fold(label), [fold(text) for text in lost], n=1)
            told = next((text for text in lost if [fold(text)] == near), lost[0])
            yield column, _refuse(place, told, label, _LOST, layout, _RELABEL, lost)


def _refuse(
    place: str,
    column: str,
    value: str,
    why: Words,
    layout: SurveySheet,
    remedy: Words,
    allowed: list[str] | None = None,
) -> UnusableCell:
    known = allowed or [field.label for field in layout.fields if field.is_asked]
    told = "、".join(f"「{label}」" for label in known)
    return UnusableCell(
        place=place, column=column, value=value, why=why, allowed=told, remedy=remedy
    )


def find_asked(layout: SurveySheet, columns: Columns) -> list[Field]:
    """Return the fields that are asked and that the sheet has."""
    return [f for f in layout.fields if f.is_asked and f.key in columns.places]
