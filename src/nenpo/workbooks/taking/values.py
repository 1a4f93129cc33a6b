"""Answers → values as the tables have them; those of several departments are put together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nenpo.errors import UnusableCell, Words, WorkbookError
from nenpo.workbooks.answers import Answer, Note, Reply
from nenpo.workbooks.book import Cell
from nenpo.workbooks.layout import Field, SheetKind
from nenpo.workbooks.normal.answer import Context
from nenpo.workbooks.normal.choice import find_said
from nenpo.workbooks.normal.normalise import normalise
from nenpo.workbooks.replies.expected import Expected
from nenpo.workbooks.taking.draft import Origin

_NEEDED = Words(
    "{}「{}」のときは、「{}」も記入してもらうこと。", "where {} is '{}', ask for '{}' as well."
)
_OTHERWISE = Words("「{}」は「{}」と答えている（{}）", "'{}' answers '{}' ({})")
_AGREE = Words("同じ回答", "the same answer")
_ASK_ALL = Words(
    "互いに調整し、同じ回答にしてもらうこと。", "Have the departments agree on one answer."
)
_JOINED = Words(
    "複数の部署が答えているので、名前を付けて並べた（{}）。",
    "several departments answer; put together, each under its name ({}).",
)


_DIRECTION = Words(
    "「{}」が空なので、この欄の語から「{}」とした。",
    "'{}' is blank; taken from the words here: '{}'.",
)


@dataclass(frozen=True)
class Value:
    """What one cell answers: ``text`` as the table has it, "" for nothing.

    ``parts`` are what several departments answered, where it was put together; ``departments``
    are all that answer so.
    """

    answer: Answer
    field: Field
    text: str
    parts: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        departments = self.departments or (self.answer.department,)
        return Origin(self.answer, self.field.label, departments)


@dataclass(frozen=True)
class RowOfValues:
    """All that is answered for one row: the id, the line of an added one, and values by field."""

    kind: SheetKind
    id: str
    values: Mapping[str, Value]


@dataclass
class Values:
    """The rows of all replies, and what is refused or told of their cells. Filled step by step.

    ``disputes`` are refused because another department answers otherwise; such a row is not among
    the rows. ``joined`` tells of texts of several departments.
    """

    rows: list[RowOfValues] = field(default_factory=list)
    problems: list[tuple[Answer, WorkbookError]] = field(default_factory=list)
    disputes: list[tuple[Answer, WorkbookError]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    joined: list[Note] = field(default_factory=list)


def read_values(replies: Iterable[Reply], units: Mapping[str, str], expected: Expected) -> Values:
    """Return what the replies answer, row by row; ``units`` are those of indicators by id.

    A row that several departments answer comes once: texts are put together, all else has to agree.
    """
    found = Values()
    rows: dict[tuple[SheetKind, str, str], list[dict[str, Value]]] = {}
    for reply in replies:
        above: dict[tuple[SheetKind, str], Cell | None] = {}
        for answer in sorted(reply.answers, key=lambda a: (a.sheet, a.row)):
            value = _read_value(answer, above, units, expected, found)
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
            _add_direction(group, expected, found)
        before = len(found.disputes)
        row = RowOfValues(kind, key, _join_groups(groups, expected, found))
        if len(found.disputes) == before:
            found.rows.append(row)
            found.notes.extend(_list_needed(row))
    return found


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
    try:
        normal = normalise(answer.cell, asked, answer.place, context)
    except UnusableCell as problem:
        found.problems.append((answer, problem))
        return None
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


def _join_groups(
    groups: Sequence[Mapping[str, Value]], expected: Expected, found: Values
) -> dict[str, Value]:
    if len(groups) == 1:
        return dict(groups[0])
    keys = dict.fromkeys(key for group in groups for key in group)
    return {key: _join([g[key] for g in groups if key in g], expected, found) for key in keys}


def _join(values: list[Value], expected: Expected, found: Values) -> Value:
    """Return one value of those that several departments give, in 建制順."""
    order = list(expected.surveys)
    told = [value for value in values if value.text]
    told.sort(key=lambda value: order.index(value.answer.department))
    departments = tuple(value.answer.department for value in told)
    if len({value.text for value in told}) < 2:
        return replace((told or values)[0], departments=departments)
    names = [expected.names[department] for department in departments]
    first = told[0]
    if first.field.kind != "text":
        for value in told:
            others = [each for each in told if each.text != value.text]
            found.disputes.append((value.answer, _refuse_apart(value, others, expected)))
        return first
    parts = tuple(put_name(name, value.text) for name, value in zip(names, told, strict=True))
    found.joined.append(Note(first.answer.place, _JOINED.fill("、".join(names))))
    every = (*parts, *(value.text for value in told))
    return replace(first, text="\n".join(parts), parts=every, departments=departments)


def put_name(name: str, text: str) -> str:
    """Return a text under the name of the department that wrote it."""
    return f"【{name}】{text}"


def _refuse_apart(value: Value, others: Sequence[Value], expected: Expected) -> UnusableCell:
    """Return what is told at one cell: every department that answers otherwise, with its answer."""
    told = [
        _OTHERWISE.fill(expected.names[o.answer.department], show(o), o.answer.place)
        for o in others
    ]
    return UnusableCell(
        place=value.answer.place,
        column=value.field.label,
        value=show(value),
        why=Words("、".join(each.ja for each in told), "; ".join(each.en for each in told)),
        allowed=_AGREE,
        remedy=_ASK_ALL,
    )


def show(value: Value) -> str:
    """Return a value as a reader sees it."""
    return show_text(value.field, value.text)


def show_text(field: Field, text: str) -> str:
    """Return what a field of a table holds as a reader sees it: of a choice, its label."""
    return next((each.label for each in field.choices if each.value == text), text)


def _list_needed(row: RowOfValues) -> Iterable[Note]:
    """Yield the answers that are missing because of what is chosen beside them."""
    for value in row.values.values():
        for key, chosen in (value.field.needed_for or {}).items():
            other = row.values.get(key)
            if not value.text and other and other.text in chosen:
                told = _NEEDED.fill(other.field.label, show(other), value.field.label)
                yield Note(value.answer.place, told)
