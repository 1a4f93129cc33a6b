"""Answers → values as the tables have them; those of several departments are put together."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nenpo.errors import UnusableCell, Words, WorkbookError
from nenpo.workbooks.answers import Answer, Note, Reply
from nenpo.workbooks.book import Cell
from nenpo.workbooks.layout import SheetKind
from nenpo.workbooks.normal.answer import Context
from nenpo.workbooks.normal.choice import find_said
from nenpo.workbooks.normal.normalise import normalise
from nenpo.workbooks.record import GivenRow
from nenpo.workbooks.replies.expected import Expected
from nenpo.workbooks.taking.joint import Dispute, Joined, Joining, Value, show

RowName = tuple[SheetKind, str]
"""A row: what kind of sheet asks for it, and its id."""

_NEEDED = Words(
    "{}「{}」のときは、「{}」も記入してもらうこと。", "where {} is '{}', ask for '{}' as well."
)
_DIRECTION = Words(
    "「{}」が空なので、この欄の語から「{}」とした。",
    "'{}' is blank; taken from the words here: '{}'.",
)


@dataclass(frozen=True)
class RowOfValues:
    """All that is answered for one row: the id, the line of an added one, and values by field."""

    kind: SheetKind
    id: str
    values: Mapping[str, Value]


@dataclass
class Values:
    """The rows of all replies, and what is refused or told of their cells. Filled step by step.

    ``disputes`` are of rows to which departments answer differently; such a row is not among the
    rows. ``filled`` are the rows that each department answers by kind and id, whatever becomes of
    them, and ``taken`` the departments of which something is in the rows. ``given`` is what is to
    be recorded of rows that others are asked as well. ``joined`` tells of texts of several
    departments, and of disputes that were settled.
    """

    rows: list[RowOfValues] = field(default_factory=list)
    problems: list[tuple[Answer, WorkbookError]] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    joined: list[Note] = field(default_factory=list)
    filled: dict[str, set[RowName]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    given: list[GivenRow] = field(default_factory=list)


def read_values(
    replies: Iterable[Reply],
    units: Mapping[str, str],
    joining: Joining,
    closed: Collection[RowName] = (),
) -> Values:
    """Return what the replies answer, row by row; ``units`` are those of indicators by id.

    A row that several departments answer comes once: texts are put together, all else has to agree.
    Of rows that are ``closed`` nothing is taken.
    """
    found = Values()
    rows: dict[tuple[SheetKind, str, str], list[dict[str, Value]]] = {}
    for reply in replies:
        above: dict[tuple[SheetKind, str], Cell | None] = {}
        for answer in sorted(reply.answers, key=lambda a: (a.sheet, a.row)):
            value = _read_value(answer, above, units, joining.expected, found)
            above[answer.kind, answer.key] = answer.cell
            if value is None:
                continue
            # An added row is one of its own.
            own = "" if answer.id else f"{answer.file}!{answer.sheet}!{answer.line}"
            groups = rows.setdefault((answer.kind, answer.id, own), [])
            if not groups or next(iter(groups[-1].values())).answer.department != reply.department:
                groups.append({})
            groups[-1][answer.key] = value
    for (kind, key, _), groups in rows.items():
        for group in groups:
            _add_direction(group, joining.expected, found)
        _take_row(kind, key, groups, joining, found, is_closed=(kind, key) in closed)
    return found


def _take_row(
    kind: SheetKind,
    key: str,
    groups: Sequence[Mapping[str, Value]],
    joining: Joining,
    found: Values,
    *,
    is_closed: bool,
) -> None:
    is_joint = joining.earlier.is_joint(key) or len(groups) > 1
    made = joining.join(kind, key, groups) if is_joint else Joined(dict(groups[0]))
    found.disputes.extend(made.disputes)
    is_taken = not (is_closed or made.disputes)
    if is_taken:
        row = RowOfValues(kind, key, made.values)
        found.rows.append(row)
        found.notes.extend(_list_needed(row))
        found.joined.extend(made.notes)
        told = (value for group in groups for value in group.values() if value.text)
        found.taken.update(value.answer.department for value in told)
    found.given.extend(_record(value, is_taken=is_taken) for value in made.given)


def _record(value: Value, *, is_taken: bool) -> GivenRow:
    return GivenRow(
        department=value.answer.department,
        row=value.answer.id,
        column=value.answer.key,
        answer=value.text,
        is_taken="true" if is_taken else "false",
    )


def _read_value(
    answer: Answer,
    above: Mapping[tuple[SheetKind, str], Cell | None],
    units: Mapping[str, str],
    expected: Expected,
    found: Values,
) -> Value | None:
    layout = expected.find_sheet(answer.department, answer.kind)
    fields = {each.key: each for each in layout.fields} if layout else {}
    asked = fields.get(answer.key)
    if layout is None or asked is None:
        return None  # a form may ask more than the survey
    row = next((row for row in layout.rows if row.id and row.id == answer.id), None)
    last = row.cells.get("last", "") if row else ""
    context = Context(
        unit=units.get(answer.id, ""), last=last, above=above.get((answer.kind, answer.key))
    )
    name, is_main = (answer.kind, answer.id), asked == layout.main and answer.id
    try:
        normal = normalise(answer.cell, asked, answer.place, context)
    except UnusableCell as problem:
        found.problems.append((answer, problem))
        if is_main:
            found.filled.setdefault(answer.department, set()).add(name)
        return None
    if is_main and normal.value:
        found.filled.setdefault(answer.department, set()).add(name)
    found.notes.extend(Note(answer.place, words) for words in normal.notes)
    return Value(answer, asked, normal.value)


def _add_direction(group: dict[str, Value], expected: Expected, found: Values) -> None:
    """Put the direction that stands behind a mark where its own cell is blank: ○（後ろ倒し）."""
    status, shift = group.get("status"), group.get("shift")
    if not status or not shift or shift.text or status.text not in expected.changed_marks:
        return
    text = status.answer.cell.kept.strip() if status.answer.cell else ""
    said = find_said(text, shift.field.choices)
    if said and text not in (choice.label for choice in status.field.choices):
        group["shift"] = replace(shift, text=said.value)
        told = _DIRECTION.fill(shift.field.label, said.label)
        found.notes.append(Note(status.answer.place, told))


def _list_needed(row: RowOfValues) -> Iterable[Note]:
    """Yield the answers that are missing because of what is chosen beside them."""
    for value in row.values.values():
        for key, chosen in (value.field.needed_for or {}).items():
            other = row.values.get(key)
            if not value.text and other and other.text in chosen:
                told = _NEEDED.fill(other.field.label, show(other), value.field.label)
                yield Note(value.answer.place, told)
