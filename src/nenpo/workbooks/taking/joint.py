"""A row that several departments report: their answers of all rounds become one, or are in dispute.

Texts are put together, each under its department's name. All else has to agree; where it does not,
nobody's answer is taken, or that of the department that is named first, if that was asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nenpo.errors import DisputedAnswer, UnusableCell, Words, WorkbookError, join_words
from nenpo.language.stated_dates import parse_stated_date
from nenpo.workbooks.answers import Answer, Note
from nenpo.workbooks.layout import Field, SheetKind
from nenpo.workbooks.replies.expected import Expected, tell_row
from nenpo.workbooks.taking.draft import Origin
from nenpo.workbooks.taking.earlier import Earlier, is_equal
from nenpo.workbooks.taking.segments import compose, find_parts

_ANSWER = Words("「{}」は「{}」（{}）", "'{}' answers '{}' ({})")
_BEFORE = Words("前に取り込んだ回答", "taken before")
_OTHERS = Words("回答が一致していません。{}と回答しています。", "The answers differ: {}.")
_OTHER = Words("「{}」は「{}」", "'{}' answers '{}'")
_AGREE = Words(
    "関係する{}と調整し、同じ回答にしてもらうこと。", "Have the departments agree on one answer."
)
_JOINED = Words(
    "複数の部署が答えているので、名前を付けて並べた（{}）。",
    "several departments answer; put together, each under its name ({}).",
)
_SETTLED = Words(
    "{}の回答が一致しないので、先に書かれた「{}」の回答を採った（{}）。",
    "the answers to {} differ; that of '{}', which is named first, is taken ({}).",
)
_LEFT = Words(
    "この調査票を取り込んだ後にデータが「{}」に改められているので、そのままとした。",
    "the data were changed to '{}' after this workbook was taken, and are left as they are.",
)


@dataclass(frozen=True)
class Value:
    """What one cell answers: ``text`` as the table has it, "" for nothing.

    ``parts`` are what several departments answered, where it was put together or settled;
    ``departments`` are all that answer so. ``is_before`` of what was answered in an earlier round.
    """

    answer: Answer
    field: Field
    text: str
    parts: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    is_before: bool = False

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        departments = self.departments or (self.answer.department,)
        return Origin(self.answer, self.field.label, departments)


Row = Mapping[str, Value]
# A direction goes with its mark, a date with what is said of it.
_LED_BY = {"shift": "status", "date": "state"}


@dataclass(frozen=True)
class Dispute:
    """A cell of a row to which departments answer differently.

    ``cells`` are those of the replies, each with what its department is told; ``problem`` is what
    is told once.
    """

    kind: SheetKind
    id: str
    problem: WorkbookError
    cells: tuple[tuple[Answer, WorkbookError], ...]


@dataclass
class Joined:
    """What became of a row: its values, or why it is in dispute. Filled step by step.

    ``given`` is what each department itself says now.
    """

    values: dict[str, Value] = field(default_factory=dict)
    given: list[Value] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Joining:
    """How rows of several departments are put together; ``settles`` if the first named decides."""

    expected: Expected
    earlier: Earlier
    settles: bool = False

    def join(self, kind: SheetKind, row: str, groups: Sequence[Row]) -> Joined:
        """Return one row of what departments answer now, and have answered before."""
        made = Joined()
        keys = dict.fromkeys(key for group in groups for key in group)
        cells = {
            key: self._gather(kind, row, [g[key] for g in groups if key in g], made) for key in keys
        }
        apart = {key for key, own in cells.items() if _is_apart(kind, own)}
        for key, own in cells.items():
            decided = cells[_LED_BY[key]] if _LED_BY.get(key) in apart else own
            if key in apart and not self.settles:
                made.disputes.append(self._tell_dispute(kind, row, own))
            elif own[0].field.kind == "text":
                made.values[key] = self._compose(own, made)
            elif decided is not own or key in apart:
                made.values[key] = self._settle(own, decided, made)
            else:
                made.values[key] = _agree(own)
        return made

    def _gather(self, kind: SheetKind, row: str, now: list[Value], made: Joined) -> list[Value]:
        """Return the answers to one cell of all rounds, in the order of the departments."""
        first = now[0]
        before = self.earlier.find(kind, row, first.field)
        held = self.earlier.find_held(kind, row, first.field.key)
        found = {v.answer.department: self._take_own(v, held) for v in now}
        for department, text in before.items():
            own = found.get(department)
            if own is None or not own.text or department in self.earlier.again:
                if own and own.text and not is_equal(kind, own.text, text):
                    made.notes.append(
                        Note(own.answer.place, _LEFT.fill(show_text(own.field, text)))
                    )
                answer = own.answer if own else _stand_in(first.answer, department)
                found[department] = Value(answer, first.field, text, is_before=True)
        made.given += (v for v in found.values() if v.text and not v.is_before)
        ranked = sorted(found, key=lambda name: self.expected.rank(row, name))
        return [found[name] for name in ranked]

    def _take_own(self, value: Value, held: str) -> Value:
        """Return what a department itself wrote, where its sheet showed what all wrote before."""
        if value.field.kind != "text":
            return value
        parts = find_parts(value.text, self.expected)
        if own := parts.get(value.answer.department):
            return replace(value, text=own)
        return replace(value, text="") if parts and value.text.strip() == held.strip() else value

    def _compose(self, own: Sequence[Value], made: Joined) -> Value:
        texts = {value.answer.department: value.text for value in own}
        text, parts = compose(texts, self.expected)
        told = [value for value in own if value.text]
        first = _find_new(told) or _find_new(own) or own[0]
        if len(parts) > 1 and any(not value.is_before for value in told):
            names = "、".join(self.expected.names[value.answer.department] for value in told)
            last = _find_new(told[::-1]) or first
            made.notes.append(Note(last.answer.place, _JOINED.fill(names)))
        every = (*parts, *texts.values()) if len(told) > 1 else ()
        return replace(first, text=text, parts=every, departments=_list_new(told), is_before=False)

    def _settle(self, own: Sequence[Value], decided: Sequence[Value], made: Joined) -> Value:
        """Return the answer of who is named first among those that answer what is decided on."""
        chosen = next(value.answer.department for value in decided if value.text)
        taken = next((value for value in own if value.answer.department == chosen), None)
        first = _find_new(own) or own[0]
        told = [value for value in own if value.text]
        if decided is own:
            answers = join_words([self._name(_ANSWER, v, self._place(v)) for v in told])
            settled = _SETTLED.fill(first.field.label, self.expected.names[chosen], answers)
            made.notes.append(Note(first.answer.place, settled))
        if taken and not taken.is_before:
            first = taken
        text, parts = taken.text if taken else "", tuple(value.text for value in told)
        return replace(first, text=text, parts=parts, departments=_list_new(told), is_before=False)

    def _tell_dispute(self, kind: SheetKind, row: str, own: Sequence[Value]) -> Dispute:
        told = [value for value in own if value.text]
        new = [value for value in told if not value.is_before]
        first = new[0]
        layout = self.expected.find_sheet(first.answer.department, kind)
        asked = next((r for r in layout.rows if r.id == row), None) if layout else None
        problem = DisputedAnswer(
            place=first.answer.place,
            item=tell_row(layout, asked) if layout and asked else row,
            column=first.field.label,
            answers=join_words([self._name(_ANSWER, v, self._place(v)) for v in told]),
            word=Words(self.expected.word, "departments"),
            first=self.expected.names[told[0].answer.department],
        )
        cells = tuple((value.answer, self._refuse(kind, value, told)) for value in new)
        return Dispute(kind, row, problem, cells)

    def _refuse(self, kind: SheetKind, value: Value, told: Iterable[Value]) -> UnusableCell:
        """Return what a department is told at its cell: what the others answered."""
        others = [v for v in told if not is_equal(kind, v.text, value.text)]
        return UnusableCell(
            place=value.answer.place,
            column=value.field.label,
            value=show(value),
            why=_OTHERS.fill(join_words([self._name(_OTHER, other) for other in others])),
            allowed="",
            remedy=_AGREE.fill(self.expected.word),
        )

    def _name(self, template: Words, value: Value, *more: Words | str) -> Words:
        return template.fill(self.expected.names[value.answer.department], show(value), *more)

    def _place(self, value: Value) -> Words | str:
        return _BEFORE if value.is_before else value.answer.place


def _stand_in(answer: Answer, department: str) -> Answer:
    """Return the answer of another round to the same question, of which no cell is at hand."""
    return replace(answer, file="", sheet="", row=0, column=0, department=department, cell=None)


def _is_apart(kind: SheetKind, own: Sequence[Value]) -> bool:
    """Tell whether answers that have to agree do not, and one of them is of this round."""
    told = [value for value in own if value.text]
    if not told or told[0].field.kind == "text" or all(value.is_before for value in told):
        return False
    return not all(is_equal(kind, told[0].text, value.text) for value in told)


def _agree(own: Sequence[Value]) -> Value:
    told = [value for value in own if value.text]
    first = _find_new(told) or _find_new(own) or own[0]
    text = told[0].text if told else ""
    return replace(first, text=text, departments=_list_new(told), is_before=False)


def _find_new(values: Iterable[Value]) -> Value | None:
    """Return the first value with a cell of this round: better one that is answered in it."""
    own = [value for value in values if value.answer.file]
    return next((value for value in own if not value.is_before), own[0] if own else None)


def _list_new(values: Iterable[Value]) -> tuple[str, ...]:
    return tuple(value.answer.department for value in values if not value.is_before)


def show(value: Value) -> str:
    """Return a value as a reader sees it."""
    return show_text(value.field, value.text)


def show_text(field: Field, text: str) -> str:
    """Return what a field of a table holds as a reader sees it: a label, not a code."""
    if field.kind == "time" and text:
        try:
            return parse_stated_date(text).label
        except ValueError:
            return text
    return next((each.label for each in field.choices if each.value == text), text)
