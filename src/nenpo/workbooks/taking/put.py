"""What is answered → the rows of progress.csv, actuals.csv and milestones.csv."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from nenpo.errors import BLANK, UnusableCell, Words, WorkbookError
from nenpo.language.stated_dates import parse_stated_date
from nenpo.language.values import parse_value
from nenpo.workbooks.answers import Answer, Note
from nenpo.workbooks.layout import SheetKind, SurveyRow, SurveySheet
from nenpo.workbooks.normal.time import TIMES
from nenpo.workbooks.replies.expected import Expected, tell_row
from nenpo.workbooks.taking.draft import Cells, Change, Draft
from nenpo.workbooks.taking.joint import Value, show, show_text
from nenpo.workbooks.taking.numbers import (
    NUMBER,
    find_preferred,
    read_number,
    show_number,
    write_number,
)
from nenpo.workbooks.taking.segments import put_name, split_parts
from nenpo.workbooks.taking.values import RowOfValues

_KEPT = Words(
    "空欄だが、データには「{}」がある。空欄では消さない。",
    "blank, while the data hold '{}', which a blank cell does not remove.",
)
_LEFT = Words(
    "この調査票を取り込んだ後にデータが「{}」に改められているので、そのままとした。",
    "the data were changed to '{}' after this workbook was taken, and are left as they are.",
)
_NO_STATE = Words("時期だけがあり、状況がない", "a date without a state")
_NO_DATE = Words("変更後の時期がない", "the new date is missing")
_NOT_WHOLE = Words("節目の行に「{}」がない", "'{}' of a milestone is missing")
_NO_CHANGE = Words("進捗区分が「{}」である", "the mark is '{}'")
_ONLY_CHANGED = Words(
    "空欄（変更の向きは、進捗区分が{}のときだけ選ぶ）", "a blank cell (it is for the mark {} alone)"
)
_MARK_OR_WAY = Words(
    "進捗区分を直すか、この欄を空にすること。", "Correct the mark, or clear this cell."
)
_CHOOSE = Words("状況を選ぶこと。", "Choose a state.")
_ENTER = Words("記入するか、その行を全て空にすること。", "Enter it, or clear the whole row.")
_TOLD_APART = Words(
    "同じ取組の同じ節目が {} にもあり、「{}」となっている",
    "{} has the same milestone of the same item, as '{}'",
)
_ONE_ROW = Words("同じ状況と時期", "the same state and date")
_LEAVE_ONE = Words(
    "正しい方だけを残すこと。別の節目であれば、内容を書き分けること。",
    "Keep the right one alone; of two milestones, word each in its own way.",
)
_SAME_DATE = Words(
    "時期の記入がないので、前回の時期「{}」のままとした。",
    "no date is given; that of last time, '{}', stays.",
)


@dataclass
class Result:
    """What putting answers into tables changes, refuses and notes. Filled step by step."""

    changes: list[Change] = field(default_factory=list)
    problems: list[tuple[Answer, WorkbookError]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Putter:
    """Puts rows into drafts; ``taken`` are departments whose very workbook was taken before.

    What the data hold otherwise since then, their workbooks do not change back.
    """

    expected: Expected
    drafts: Mapping[str, Draft]
    taken: frozenset[str]
    result: Result
    milestones: dict[tuple[str, str], tuple[Value, Cells]] = field(default_factory=dict)
    """What was answered of each, by subject and text: a row may be added twice."""

    def put(self, row: RowOfValues) -> None:
        """Put a row of answers into its table."""
        _PUT[row.kind](self, row)

    def layout(self, row: RowOfValues) -> SurveySheet:
        """Return the sheet in which a row was asked."""
        answer = next(iter(row.values.values())).answer
        found = self.expected.find_sheet(answer.department, row.kind)
        assert found is not None  # its fields were found in it
        return found

    def find_asked(self, row: RowOfValues) -> SurveyRow:
        """Return what was asked in a row; of one that was added, nothing."""
        rows = (r for r in self.layout(row).rows if r.id and r.id == row.id)
        return next(rows, SurveyRow("", {}))

    def change(self, draft: Draft, row: Cells, cells: Cells, change: Change) -> None:
        """Make a change, unless a workbook that was taken before would undo a later one."""
        if change.is_replacement and change.answer.department in self.taken:
            self.result.notes.append(Note(change.answer.place, _LEFT.fill(change.old)))
            draft.remember(row, cells, change.origin)
            return
        draft.set(row, cells, change.origin)
        self.result.changes.append(change)

    def keep(self, draft: Draft, row: Cells, columns: Iterable[str], value: Value) -> None:
        """Leave what is held where the answer is blank, or the same."""
        draft.remember(row, columns, value.origin)

    def refuse(
        self, value: Value, why: Words, remedy: Words, allowed: Words | str | None = None
    ) -> None:
        """Refuse a cell; what is allowed are its choices, if nothing else is."""
        others = TIMES if value.field.kind == "time" else value.field.label
        known = allowed or "、".join(c.label for c in value.field.choices) or others
        told = {"column": value.field.label, "value": show(value) or BLANK, "allowed": known}
        problem = UnusableCell(place=value.answer.place, why=why, remedy=remedy, **told)
        self.result.problems.append((value.answer, problem))


def _put_item(putter: Putter, row: RowOfValues) -> None:
    draft = putter.drafts["progress.csv"]
    cells = draft.find(item=row.id)
    if cells is None and not any(value.text for value in row.values.values()):
        return
    cells = cells if cells is not None else {"item": row.id}
    _refuse_direction(putter, row)
    what = tell_row(putter.layout(row), putter.find_asked(row))
    outdated = {"shift"} if _is_outdated(putter, row, cells) else set()
    for key, value in row.values.items():
        old = cells.get(key, "")
        seen = show_text(value.field, old)
        if not value.text or _is_same(value, old, putter.expected):
            if old.strip() and not value.text and key in outdated:
                change = Change(value.origin, what, seen, "")
                putter.change(draft, cells, {key: ""}, change)
            elif old.strip() and not value.text:
                putter.result.notes.append(Note(value.answer.place, _KEPT.fill(seen)))
            putter.keep(draft, cells, [key], value)
            continue
        change = _tell_item(putter.expected, value, what, old)
        putter.change(draft, cells, {key: value.text}, change)


def _tell_item(expected: Expected, value: Value, what: str, old: str) -> Change:
    """Return the change of a cell; of one that several departments fill, only what differs."""
    if not value.parts:
        return Change(value.origin, what, show_text(value.field, old), show(value))
    before = split_parts(old, expected.names.values()) if value.field.kind == "text" else [old]
    lost = [part for part in before if part not in value.parts]
    if value.field.kind != "text" or not lost:
        return Change(value.origin, what, show_text(value.field, old), show(value), keeps=not lost)
    added = [p for p in split_parts(value.text, expected.names.values()) if p not in before]
    return Change(value.origin, what, "\n".join(lost), "\n".join(added))


def _refuse_direction(putter: Putter, row: RowOfValues) -> None:
    """Refuse a direction beside a mark that says that nothing was changed."""
    status, shift = row.values.get("status"), row.values.get("shift")
    marks = putter.expected.changed_marks
    if status and shift and status.text and shift.text and status.text not in marks:
        allowed = _ONLY_CHANGED.fill("・".join(marks))
        mark = next(c.name for c in status.field.choices if c.value == status.text)
        putter.refuse(shift, _NO_CHANGE.fill(mark), _MARK_OR_WAY, allowed)


def _is_outdated(putter: Putter, row: RowOfValues, cells: Cells) -> bool:
    """Tell whether a direction is held for a mark that these answers replace: ○ ahead, now ◎."""
    status = row.values.get("status")
    if status is None or not status.text or status.answer.department in putter.taken:
        return False
    return status.text not in putter.expected.changed_marks and bool(cells.get("shift"))


def _is_same(value: Value, old: str, expected: Expected) -> bool:
    """Tell whether a table holds an answer already, in whatever form it is written."""
    new = value.text
    if old.strip() == new.strip():
        return True
    try:
        if value.field.kind == "money":
            return int(old.replace(",", "")) == int(new.replace(",", ""))
        if value.field.kind == "time":
            return parse_stated_date(old).code == parse_stated_date(new).code
    except ValueError:
        return False
    if value.field.kind == "text" and not value.parts:
        own = put_name(expected.names[value.answer.department], new)
        return own in split_parts(old, expected.names.values())
    return False


def _put_indicator(putter: Putter, row: RowOfValues) -> None:
    value = row.values.get("value")
    if value is None:
        return
    draft = putter.drafts["actuals.csv"]
    cells = find_preferred(draft, row.id)
    old = read_number(cells) if cells else None
    if not value.text:
        if old is not None:
            putter.result.notes.append(Note(value.answer.place, _KEPT.fill(show_number(old))))
        return
    new = parse_value(value.text)
    cells = cells if cells is not None else {"indicator": row.id, "preferred": "true"}
    if new == old:
        putter.keep(draft, cells, NUMBER, value)
        return
    what = tell_row(putter.layout(row), putter.find_asked(row))
    seen = show_number(old) if old is not None else ""
    keeps = old is not None and old in map(parse_value, value.parts)
    change = Change(value.origin, what, seen, show_number(new), keeps)
    putter.change(draft, cells, write_number(new), change)


_MILESTONE = ("state", "date", "former_date")


def _put_milestone(putter: Putter, row: RowOfValues) -> None:
    draft, asked = putter.drafts["milestones.csv"], putter.find_asked(row)
    texts = {key: value.text for key, value in row.values.items()}
    if not any(texts.values()):
        return
    if any(key not in row.values for key in ("state", "date")):
        return  # refused already, or the column is lost, which is told
    if not asked.id and not _is_whole(putter, row):
        return
    subject = asked.cells.get("subject") or texts.get("subject", "")
    text = asked.cells.get("text") or texts.get("text", "")
    cells = draft.find(subject=subject, text=text)
    last = _find_last(asked)
    # What was only carried over from the year before, last year's table still holds.
    carried = cells is not None and cells["state"] != "done" and cells["date"] == last
    new = _read_milestone(putter, row, cells, last, carried=carried)
    if new is None or not _is_first(putter, row, (subject, text), new):
        return
    state = row.values["state"]
    held = cells if cells is not None else {"subject": subject, "text": text}
    if all(held.get(key, "") == new[key] for key in _MILESTONE):
        putter.keep(draft, held, _MILESTONE, state)
        return
    what = tell_row(putter.layout(row), asked) if asked.id else text
    seen = _show_milestone(state, held) if cells is not None else ""
    told = _show_milestone(state, new)
    change = Change(state.origin, what, seen, told, keeps=carried or bool(state.parts))
    putter.change(draft, held, new, change)
    for key, column in (("date", "date"), ("subject", "subject"), ("text", "text")):
        if key in row.values:
            draft.origins[id(held), column] = row.values[key].origin
    draft.origins[id(held), "former_date"] = row.values["date"].origin


def _is_whole(putter: Putter, row: RowOfValues) -> bool:
    """Refuse a milestone that was added and lacks something."""
    lacking = [value for value in row.values.values() if not value.text]
    for value in lacking:
        putter.refuse(value, _NOT_WHOLE.fill(value.field.label), _ENTER)
    return not lacking


def _find_last(asked: SurveyRow) -> str:
    """Return the date that the year before planned, "" if it planned none."""
    label = asked.cells.get("last_date", "")
    return parse_stated_date(label).code if label else ""


def _read_milestone(
    putter: Putter, row: RowOfValues, cells: Cells | None, last: str, *, carried: bool
) -> Cells | None:
    """Return state and dates, None if nothing is answered or what is, is refused."""
    state, date = row.values["state"], row.values["date"]
    held = cells["date"] if cells else last
    if not state.text:
        if date.text and date.text != held:
            putter.refuse(state, _NO_STATE, _CHOOSE)
        return None
    if state.text == "revised" and not date.text:
        putter.refuse(date, _NO_DATE, _ENTER)
        return None
    if not date.text and not held:
        putter.refuse(date, _NOT_WHOLE.fill(date.field.label), _ENTER)
        return None
    if not date.text and state.text == "done":
        label = parse_stated_date(held).label
        putter.result.notes.append(Note(date.answer.place, _SAME_DATE.fill(label)))
    before = cells.get("former_date", "") if cells and not carried else ""
    former = {"revised": before or last or held, "done": before}.get(state.text, "")
    return {"state": state.text, "date": date.text or held, "former_date": former}


def _is_first(putter: Putter, row: RowOfValues, named: tuple[str, str], new: Cells) -> bool:
    """Tell whether no other row answers for a milestone; refuse one that answers otherwise."""
    state, date = row.values["state"], row.values["date"]
    first, told = putter.milestones.setdefault(named, (state, new))
    if first is state:
        return True
    if (told["state"], told["date"]) != (new["state"], new["date"]):
        wrong = state if told["state"] != new["state"] else date
        why = _TOLD_APART.fill(first.answer.place, _show_milestone(state, told))
        putter.refuse(wrong, why, _LEAVE_ONE, _ONE_ROW)
    return False


def _show_milestone(state: Value, cells: Cells) -> str:
    label = parse_stated_date(cells["date"]).label
    return f"{show_text(state.field, cells['state'])} {label}"


_PUT: Mapping[SheetKind, Callable[[Putter, RowOfValues], None]] = {
    "items": _put_item,
    "indicators": _put_indicator,
    "milestones": _put_milestone,
}
