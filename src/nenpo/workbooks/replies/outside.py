"""What people wrote beside what was asked: told, and not taken."""

from collections.abc import Iterator, Mapping

from nenpo.errors import Words
from nenpo.workbooks.answers import Note
from nenpo.workbooks.book import Sheet, name_place
from nenpo.workbooks.layout import SurveyRow, SurveySheet
from nenpo.workbooks.replies.columns import Columns
from nenpo.workbooks.replies.expected import NAMES, fold, show_cell, tell_row

_BESIDE = Words(
    "記入欄の外に「{}」とある。取り込まない。", "'{}' stands outside of what was asked; not taken."
)
_CHANGED = Words(
    "「{}」が「{}」から「{}」に書き換えられているが、尋ねていない欄なので取り込まない。",
    "'{}' was changed from '{}' to '{}'; that was not asked and is not taken.",
)
_HIDDEN = Words("隠された {} 行の回答も取り込む。", "the answers in {} hidden rows are taken, too.")
_NOT_THERE = Words(
    "「{}」の行がないので、未記入とした。", "the row of '{}' is missing; nothing is taken for it."
)
_SHOWN = 40
# Merged titles and long instructions that a form may have are no notes of a department's.
_MOST = 20


def list_outside(
    book: str,
    sheet: Sheet,
    layout: SurveySheet,
    columns: Columns,
    rows: Mapping[int, SurveyRow],
    ids: int | None,
) -> Iterator[Note]:
    """Yield what stands beside the fields, what is missing, and what was changed unasked."""
    hidden = [row for row in rows if row in sheet.hidden_rows]
    if hidden:
        yield Note(f"{book}!{sheet.name}", _HIDDEN.fill(len(hidden)))
    found = {asked.id for asked in rows.values()}
    for asked in layout.rows:
        if asked.id and asked.id not in found:
            yield Note(f"{book}!{sheet.name}", _NOT_THERE.fill(tell_row(layout, asked)))
    yield from _list_beside(book, sheet, columns, ids)
    yield from _list_changed(book, sheet, layout, columns, rows)


def _list_beside(book: str, sheet: Sheet, columns: Columns, ids: int | None) -> Iterator[Note]:
    known = {*columns.places.values(), *columns.passed, ids}
    beside = (
        (row, column)
        for row, column in sorted(sheet.cells)
        if row > columns.top and column not in known and sheet.read(row, column)
    )
    for number, (row, column) in enumerate(beside):
        if number < _MOST:
            text = sheet.read(row, column)[:_SHOWN]
            yield Note(name_place(book, sheet.name, row, column), _BESIDE.fill(text))


def _list_changed(
    book: str,
    sheet: Sheet,
    layout: SurveySheet,
    columns: Columns,
    rows: Mapping[int, SurveyRow],
) -> Iterator[Note]:
    """Yield what was shown and is another now; names of rows are told where they are matched."""
    shown = [field for field in layout.fields if not field.is_asked and field.key in columns.places]
    for row, asked in rows.items():
        for field in shown if asked.id else ():
            column, sent = columns.places[field.key], show_cell(field, asked)
            now = sheet.read(row, column)
            if field.key in NAMES[layout.kind] or fold(now) == fold(sent) or not now:
                continue
            told = _CHANGED.fill(field.label, sent[:_SHOWN], now[:_SHOWN])
            yield Note(name_place(book, sheet.name, row, column), told)
