"""Which row of a sheet is about what: by its hidden id, else by number and title.

Similar is never the same: a title that is not exactly one that was asked is refused, with those
that come near.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from nenpo.errors import UnusableCell, Words, WorkbookError
from nenpo.workbooks.answers import Note
from nenpo.workbooks.book import Sheet, name_place
from nenpo.workbooks.layout import Field, SurveyRow, SurveySheet
from nenpo.workbooks.replies.columns import Columns, find_asked
from nenpo.workbooks.replies.expected import NAMES, Expected, fold, show_cell, tell_row

_BY_TITLE = Words(
    "隠し列の ID が別の行のものなので（並べ替えから外れたとみられる）、"
    "番号と題名により「{}」の回答とした。",
    "its hidden id is that of another row (it was probably left out when rows were sorted); taken "
    "for '{}' by its number and title.",
)
_RETITLED = Words(
    "題名が「{}」から書き換えられているが、元の題名の行として扱った。題名は変えていない。",
    "its title was '{}'; taken as an answer to that. The title itself stays.",
)
_TWICE = Words("同じ行が {} 行目にもある", "row {} is about the same")
_KEEP_ONE = Words("どちらか一方の行を削ること。", "Delete one of the two rows.")
_OTHERS = Words("「{}」の行である", "this row is that of '{}'")
_MOVE_BACK = Words("その部署の調査票に戻すこと。", "Move it back to that department's workbook.")
_UNKNOWN = Words("この調査票で尋ねた中にない", "nothing of that title was asked in this workbook")
_REMOVE = Words(
    "題名を送付時のものに戻すこと。新しい取組であれば、行を削り、企画担当に申し出ること。",
    "Restore the title; if it is new, delete the row and tell the planning section.",
)
_MEANT = Words("「{}」ではないか。", "Is '{}' meant? ")
_AMBIGUOUS = Words(
    "同じ題名が {} 件あり、番号では決められない",
    "{} rows have that title, and no number tells which",
)
_NUMBER_IT = Words("番号を書き入れること。", "Enter the number.")
_PASSED = Words("回答がないので読まない。", "it answers nothing and is passed over.")
_ANY_OF = Words("送付した {} 件の題名", "one of the {} titles that were sent")


@dataclass
class Rows:
    """The row that each row number is about; added rows have the id "". Filled step by step."""

    found: dict[int, SurveyRow] = field(default_factory=dict)
    problems: list[WorkbookError] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class _Matcher:
    book: str
    sheet: Sheet
    layout: SurveySheet
    columns: Columns
    ids: int | None
    expected: Expected

    @cached_property
    def names(self) -> list[Field]:
        """The fields by which a reader knows a row, as far as the sheet has them."""
        fields = {each.key: each for each in self.layout.fields}
        return [
            fields[k] for k in NAMES[self.layout.kind] if k in fields and k in self.columns.places
        ]

    @cached_property
    def rows(self) -> dict[str, SurveyRow]:
        return {row.id: row for row in self.layout.rows if row.id}

    def read(self, row: int, each: Field) -> str:
        return self.sheet.read(row, self.columns.places[each.key])

    def place(self, row: int, column: int | None = None) -> str:
        fallback = self.columns.places[self.names[-1].key] if self.names else self.ids or 1
        return name_place(self.book, self.sheet.name, row, column or fallback)

    def is_answered(self, row: int) -> bool:
        """Tell whether anything is answered in a row, that it has in common with no other."""
        asked = find_asked(self.layout, self.columns)
        return any(self.read(row, each) for each in asked if not each.only_added)

    def read_names(self, row: int) -> tuple[str, ...]:
        return tuple(fold(self.read(row, each)) for each in self.names)

    def find_named(self, row: int) -> list[SurveyRow]:
        """Return the rows asked that have this row's title, and its number if that is needed."""
        told = self.read_names(row)
        if not told or not told[-1]:
            return []
        same = [asked for asked, shown in self._shown if shown[-1] == told[-1]]
        exact = [asked for asked, shown in self._shown if shown == told]
        return exact if len(exact) == 1 else same

    @cached_property
    def _shown(self) -> list[tuple[SurveyRow, tuple[str, ...]]]:
        return [(asked, self._show(asked)) for asked in self.rows.values()]

    def agrees(self, row: int, asked: SurveyRow) -> bool:
        return self.read_names(row) == self._show(asked)

    def _show(self, asked: SurveyRow) -> tuple[str, ...]:
        return tuple(fold(show_cell(each, asked)) for each in self.names)

    def refuse(self, row: int, why: Words, remedy: Words) -> UnusableCell:
        label = self.names[-1].label if self.names else "ID"
        value = self.read(row, self.names[-1]) if self.names else ""
        allowed = _ANY_OF.fill(len(self.rows))
        place = self.place(row)
        return UnusableCell(
            place=place, column=label, value=value, why=why, allowed=allowed, remedy=remedy
        )


def match_rows(
    book: str,
    sheet: Sheet,
    layout: SurveySheet,
    columns: Columns,
    ids: int | None,
    expected: Expected,
) -> Rows:
    """Return what each row below the labels is about."""
    matcher, rows = _Matcher(book, sheet, layout, columns, ids, expected), Rows()
    for row in sheet.rows:
        if row > columns.top:
            _match_row(matcher, row, rows)
    _drop_twice(matcher, rows)
    return rows


def _match_row(matcher: _Matcher, row: int, rows: Rows) -> None:
    known = matcher.sheet.read(row, matcher.ids) if matcher.ids else ""
    named = matcher.find_named(row)
    if own := matcher.rows.get(known):
        rows.found[row] = _trust(matcher, row, own, named, rows)
    elif holders := _find_holders(matcher, known):
        names = "、".join(matcher.expected.names[each] for each in holders)
        rows.problems.append(matcher.refuse(row, _OTHERS.fill(names), _MOVE_BACK))
    elif len(named) == 1:
        rows.found[row] = named[0]
    elif named:
        rows.problems.append(matcher.refuse(row, _AMBIGUOUS.fill(len(named)), _NUMBER_IT))
    elif matcher.layout.kind == "milestones":
        if any(matcher.read(row, f) for f in find_asked(matcher.layout, matcher.columns)):
            rows.found[row] = SurveyRow("", {})
    elif matcher.is_answered(row):
        rows.problems.append(_refuse_unknown(matcher, row))
    elif any(matcher.read_names(row)):
        rows.notes.append(Note(matcher.place(row), _PASSED))


def _find_holders(matcher: _Matcher, known: str) -> tuple[str, ...]:
    holders = matcher.expected.holders.get(known, ())
    return holders if matcher.layout.department not in holders else ()


def _trust(
    matcher: _Matcher, row: int, own: SurveyRow, named: list[SurveyRow], rows: Rows
) -> SurveyRow:
    """Return the row that is meant where the hidden id and what a reader sees may differ."""
    if own in named or not matcher.names or not matcher.read_names(row)[-1]:
        return own
    if len(named) == 1 and (len(matcher.names) == 1 or matcher.agrees(row, named[0])):
        told = tell_row(matcher.layout, named[0])
        rows.notes.append(Note(matcher.place(row), _BY_TITLE.fill(told)))
        return named[0]
    rows.notes.append(Note(matcher.place(row), _RETITLED.fill(tell_row(matcher.layout, own))))
    return own


def _refuse_unknown(matcher: _Matcher, row: int) -> UnusableCell:
    told = matcher.read_names(row)[-1:] or ("",)
    titles: Mapping[str, str] = {
        fold(show_cell(matcher.names[-1], asked)): tell_row(matcher.layout, asked)
        for asked in (matcher.rows.values() if matcher.names else ())
    }
    near = get_close_matches(told[0], titles, n=3, cutoff=0.5)
    meant = _MEANT.fill("」「".join(titles[each] for each in near)) if near else Words("", "")
    return matcher.refuse(row, _UNKNOWN, Words(meant.ja + _REMOVE.ja, meant.en + _REMOVE.en))


def _drop_twice(matcher: _Matcher, rows: Rows) -> None:
    """Keep one of the rows about one thing: that with answers; two with others are refused."""
    by_id: dict[str, list[int]] = {}
    for number, asked in rows.found.items():
        if asked.id:
            by_id.setdefault(asked.id, []).append(number)
    for numbers in by_id.values():
        told = {number: _read_answers(matcher, number) for number in numbers}
        answered = [number for number in numbers if any(told[number])] or numbers[:1]
        for number in numbers:
            if number != answered[0]:
                del rows.found[number]
        for number in answered[1:]:
            if told[number] != told[answered[0]]:
                why = _TWICE.fill(answered[0])
                rows.problems.append(matcher.refuse(number, why, _KEEP_ONE))


def _read_answers(matcher: _Matcher, row: int) -> tuple[str, ...]:
    return tuple(_list_answers(matcher, row))


def _list_answers(matcher: _Matcher, row: int) -> Iterator[str]:
    for each in find_asked(matcher.layout, matcher.columns):
        if not each.only_added:
            yield matcher.read(row, each)
