"""A folder of replies → what a year's tables would become, and then what they are.

First all is read and put together (:func:`prepare_collection`): what is refused, what changes, and
the new files, which are validated with the whole plan. Then they replace the old ones in one step
(:func:`take_collection`), with the record of whose reply was taken.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from nenpo.data.load import load_plan
from nenpo.data.plan import Plan
from nenpo.data.proposed import describe_proposed
from nenpo.data.replace import HeldPlan
from nenpo.errors import InputError, UnusableWorkbook, Words, WorkbookError
from nenpo.workbooks.answers import Answer, Note, Reply
from nenpo.workbooks.forms.blank import BlankForm
from nenpo.workbooks.forms.joining import join_replies
from nenpo.workbooks.forms.read import recognise_form
from nenpo.workbooks.layout import Field, SurveyRow
from nenpo.workbooks.record import (
    GivenRow,
    RecordRow,
    format_given,
    format_record,
    name_given,
    name_record,
    read_given,
    read_record,
)
from nenpo.workbooks.replies.expected import Expected, expect_replies, fold, show_cell
from nenpo.workbooks.replies.recognise import recognise
from nenpo.workbooks.taking.choose import choose_replies, is_unsaved
from nenpo.workbooks.taking.draft import Cells, Change, Draft, read_draft
from nenpo.workbooks.taking.earlier import Earlier
from nenpo.workbooks.taking.joint import Dispute, Joining
from nenpo.workbooks.taking.opened import Opened
from nenpo.workbooks.taking.propose import Fault, check_proposed
from nenpo.workbooks.taking.put import Putter, Result
from nenpo.workbooks.taking.values import RowName, Values, read_values

_FILES = ("progress.csv", "actuals.csv", "milestones.csv")
_AGAIN = Words("前に取り込んだものと同じファイルである。", "this very file was taken before.")


@dataclass(frozen=True)
class Summary:
    """What became of a department's reply: so many of the rows asked are answered.

    ``paths`` are its workbooks. Of the values ``changed``, those ``replaced`` differ from what the
    data hold. ``is_blank`` if nothing is filled in: that is no reply; ``disputed`` rows are left
    open, because other departments answer otherwise.
    """

    department: str
    name: str
    file: str
    paths: tuple[Path, ...]
    digest: str
    answered: int
    asked: int
    changed: int
    replaced: int
    is_taken: bool
    is_blank: bool = False
    disputed: int = 0
    is_faulty: bool = False

    @property
    def is_apart(self) -> bool:
        """Whether nothing of it is taken because others answer otherwise."""
        return bool(self.disputed) and not (self.is_taken or self.is_faulty)


@dataclass(frozen=True)
class Collection:
    """What a folder of replies would make of the year's tables.

    ``faults`` are told of all replies. If the faulty were left out, nothing of their departments
    is in ``changes`` and ``files``, nor are rows in dispute; else nothing is to be taken at all.
    ``files`` are the new contents by path in the plan's folder; ``missing`` are departments from
    which nothing has come, now or before. ``given`` is what is on record of rows that several
    departments report.
    """

    expected: Expected
    summaries: tuple[Summary, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    changes: tuple[Change, ...]
    files: Mapping[str, bytes]
    missing: tuple[str, ...]
    given: tuple[GivenRow, ...] = ()

    @property
    def problems(self) -> tuple[InputError, ...]:
        """What is wrong, each told once: a dispute is at the cells of several departments."""
        return tuple({str(fault.told): fault.told for fault in self.faults}.values())

    @property
    def replacements(self) -> tuple[Change, ...]:
        """The changes by which something that the data hold is lost."""
        return tuple(change for change in self.changes if change.is_replacement)


def prepare_collection(
    root: Path,
    opened: Opened,
    edition: tuple[str, int],
    *,
    prefer_newer: bool = False,
    prefer_lead: bool = False,
    without_faulty: bool = False,
    form: BlankForm | None = None,
) -> Collection:
    """Return what the replies would make of the year's tables; nothing is written.

    ``prefer_lead`` takes, where departments disagree, what the one answers that is named first;
    ``without_faulty`` leaves out the departments with a fault, and rows in dispute. ``form`` is
    the municipality's own, if they are written in that. Raises ``UnknownPlan``, ``UnknownYear``,
    and ``InputRefused`` for what is wrong with the data themselves, or for a form of another plan
    or year.
    """
    plan = load_plan(edition[0], root)
    taking = _Taking(root, plan, expect_replies(plan, edition[1]), opened, prefer_lead)
    every, faults, notes = taking.read_replies(form, prefer_newer)
    taken = [reply for reply in every if not taking.is_blank(reply)]
    first = made = taking.put(taken, faults)
    closed = made.closed
    while without_faulty:
        faults += made.faults
        faulty = _list_faulty(faults)
        left = [reply for reply in taken if reply.department not in faulty]
        if len(left) == len(taken):
            break
        taken = left
        made = taking.put(taken, [], closed)
        closed |= made.closed
    return taking.summarise(every, taken, [*faults, *made.faults], notes, (first, made))


def take_collection(held: HeldPlan, root: Path, collection: Collection, today: date) -> bool:
    """Replace the year's tables by the collection's; return whether anything changed.

    ``today`` becomes the day of receipt of what is new. A ``datapackage.json`` that is there is
    made to fit in the same step. Raises as
    :meth:`~nenpo.data.replace.HeldPlan.replace`.
    """
    expected = collection.expected
    record = read_record(root, expected.plan, expected.fiscal_year)
    for summary in collection.summaries:
        if summary.is_taken:
            before = record.get(summary.department, RecordRow(department=summary.department))
            day = before.received if before.digest == summary.digest else today.isoformat()
            told = {"received": day, "file": summary.file, "digest": summary.digest}
            record[summary.department] = before.model_copy(update=told)
    order = [*expected.surveys, *record]
    rows = sorted(record.values(), key=lambda row: order.index(row.department))
    files = {name_record(expected.fiscal_year): format_record(rows)} if rows else {}
    if collection.given:
        files[name_given(expected.fiscal_year)] = format_given(collection.given)
    package = describe_proposed(root, expected.plan, collection.files)
    return held.replace({**collection.files, **files, **package})


@dataclass(frozen=True)
class _Made:
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    files: Mapping[str, bytes]
    values: Values
    given: tuple[GivenRow, ...]

    @property
    def closed(self) -> frozenset[RowName]:
        """The rows in dispute."""
        return frozenset((each.kind, each.id) for each in self.values.disputes)


@dataclass(frozen=True)
class _Taking:
    """The work of one collection, and what it is done with."""

    root: Path
    plan: Plan
    expected: Expected
    opened: Opened
    prefer_lead: bool

    def read_replies(
        self, form: BlankForm | None, prefer_newer: bool
    ) -> tuple[list[Reply], list[Fault], list[Note]]:
        """Return one reply a department, what is wrong with any file, and notes."""
        read = partial(recognise_form, form) if form else recognise
        books = self.opened.books.items()
        each = (reply for file, book in books for reply in read(book, file.path, self.expected))
        # A form holds so many items; more go on in another workbook.
        found = join_replies(each) if form else tuple(each)
        chosen = choose_replies(found, self.opened.names, self.expected, prefer_newer)
        wrong = [*chosen.problems, *((r, p) for r in chosen.replies for p in r.problems)]
        faults = [Fault(self._find_file(r, p), r.department, p) for r, p in wrong]
        # Of a file that was taken before, this was told then.
        told = [n for reply in chosen.replies if not self._is_known(reply) for n in reply.notes]
        replies = [reply for reply in chosen.replies if reply.department]
        notes = [*self.opened.notes, *chosen.notes, *told]
        return replies, [*self.opened.faults, *faults], notes

    def _find_file(self, reply: Reply, problem: WorkbookError) -> Path:
        """Return which of the workbooks of a reply a problem is of."""
        name = problem.place.partition("!")[0]
        own = (path for path in reply.more if self.opened.names[path] == name)
        return next(own, reply.path)

    def put(
        self,
        replies: Sequence[Reply],
        faults: Sequence[Fault],
        closed: frozenset[RowName] = frozenset(),
    ) -> _Made:
        """Put what the replies answer into the tables, and validate these with the whole plan."""
        rows = self.plan.indicators
        units = dict(zip(rows["indicator"], rows["unit"], strict=True))
        plan, year = self.plan.id, self.expected.fiscal_year
        drafts = {file: read_draft(self.root, plan, year, file) for file in _FILES}
        again = frozenset(reply.department for reply in replies if self._is_known(reply))
        received = frozenset(name for name, row in self.record.items() if row.received)
        earlier = Earlier(self.expected, drafts, self.given, received, again)
        values = read_values(
            replies, units, Joining(self.expected, earlier, self.prefer_lead), closed
        )
        result = self._put_values(values, drafts, again)
        wrong = [*self._list_faults(values, result)]
        files = {f"{year}/{d.file}": d.write() for d in drafts.values() if d.changed}
        known = [*faults, *wrong]
        wrong += check_proposed(self.root, plan, drafts, files, self._paths, known)
        known_files = tuple(f"{self.opened.names[r.path]}!" for r in replies if self._is_known(r))
        told = (note for note in values.notes if not note.place.startswith(known_files))
        notes = (*told, *values.joined, *result.notes)
        given = tuple(earlier.update(values.given, frozenset(values.taken)))
        return _Made(tuple(result.changes), tuple(wrong), notes, files, values, given)

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {name: path for path, name in self.opened.names.items()}

    def _list_faults(self, values: Values, result: Result) -> Iterator[Fault]:
        for answer, problem in (*values.problems, *result.problems):
            yield Fault(self._paths[answer.file], answer.department, problem, answer)
        for each in values.disputes:
            for answer, problem in each.cells:
                file = self._paths[answer.file]
                yield Fault(file, answer.department, problem, answer, dispute=each.problem)

    def _put_values(
        self, values: Values, drafts: Mapping[str, Draft], again: frozenset[str]
    ) -> Result:
        result = Result()
        putter = Putter(self.expected, drafts, again, result)
        for row in values.rows:
            putter.put(row)
        _sort(drafts["progress.csv"], "item", self.plan.items["item"])
        _sort(drafts["actuals.csv"], "indicator", self.plan.indicators["indicator"])
        return result

    @cached_property
    def given(self) -> tuple[GivenRow, ...]:
        """What was answered before to what several departments report."""
        return read_given(self.root, self.plan.id, self.expected.fiscal_year)

    @cached_property
    def record(self) -> dict[str, RecordRow]:
        """Whose reply was taken before."""
        return read_record(self.root, self.plan.id, self.expected.fiscal_year)

    def _is_known(self, reply: Reply) -> bool:
        """Tell whether this very file was taken before."""
        row = self.record.get(reply.department)
        return row is not None and bool(row.digest) and row.digest == reply.digest

    def is_blank(self, reply: Reply) -> bool:
        """Tell whether nothing is filled in but what stood there beforehand: that is no reply."""
        if reply.problems:
            return False
        told = [a for a in reply.answers if a.cell and (a.cell.shown.strip() or a.cell.formula)]
        if not told or not is_unsaved(reply.path):
            return not told
        return all(map(self._is_as_sent, told))

    def _is_as_sent(self, answer: Answer) -> bool:
        """Tell whether a cell holds what stood in it beforehand."""
        sheet = self.expected.find_sheet(answer.department, answer.kind)
        if not (sheet and answer.id and answer.cell):
            return False
        rows = [row for row in sheet.rows if row.id == answer.id]
        fields = [each for each in sheet.fields if each.key == answer.key]
        sent = {fold(text) for f in fields for r in rows for text in _list_sent(f, r)}
        return fold(answer.cell.shown) in sent - {""}

    def summarise(
        self,
        every: Sequence[Reply],
        taken: Sequence[Reply],
        faults: Sequence[Fault],
        notes: Sequence[Note],
        passes: tuple[_Made, _Made],
    ) -> Collection:
        """Return the collection, with what became of each department in 建制順.

        ``passes`` are all replies put in, and those that are taken.
        """
        made = passes[-1]
        faulty, order = _list_faulty(faults), list(self.expected.surveys)
        summaries = [
            self._summarise(reply, passes, reply in taken and reply.department not in faulty)
            for reply in sorted(every, key=lambda reply: order.index(reply.department))
        ]
        again = [Note(self.opened.names[r.path], _AGAIN) for r in every if self._is_known(r)]
        refused = {fault.answer.place for fault in faults if fault.answer}
        more = (note for note in made.notes if note.place not in refused)
        told = dict.fromkeys([*notes, *again, *more])
        received = {row.department for row in self.record.values() if row.received}
        come = received | {each.department for each in summaries if not each.is_blank}
        return Collection(
            expected=self.expected,
            summaries=tuple(summaries),
            faults=_order_faults(faults),
            notes=tuple(told),
            changes=made.changes,
            files=made.files,
            missing=tuple(name for name in order if name not in come),
            given=made.given,
        )

    def _tell_files(self, reply: Reply) -> str:
        """Return the file of a reply; of several, the shortest name and how many more."""
        names = [self.opened.names[path] for path in (reply.path, *reply.more)]
        first = min(names, key=lambda name: (len(name), name))
        return f"{first} +{len(reply.more)}" if reply.more else first

    def _summarise(self, reply: Reply, passes: tuple[_Made, _Made], is_whole: bool) -> Summary:
        first, made = passes
        department = reply.department
        sheets = self.expected.surveys[department].sheets
        counted = [sheet for sheet in sheets if sheet.kind in ("items", "indicators")]
        asked = {(sheet.kind, row.id) for sheet in counted for row in sheet.rows if row.id}
        is_taken = is_whole and department in made.values.taken
        own = [c for c in made.changes if is_taken and department in c.origin.departments]
        return Summary(
            department=department,
            name=self.expected.names[department],
            file=self._tell_files(reply),
            paths=(reply.path, *reply.more),
            digest=reply.digest,
            answered=len(asked & first.values.filled.get(department, set())),
            asked=len(asked),
            changed=len(own),
            replaced=sum(change.is_replacement for change in own),
            is_taken=is_taken,
            is_blank=self.is_blank(reply),
            is_faulty=not is_whole,
            disputed=_count_disputed((*first.values.disputes, *made.values.disputes), department),
        )


def _count_disputed(disputes: Iterable[Dispute], department: str) -> int:
    """Return how many rows are left open because others answer otherwise."""
    rows = (
        (each.kind, each.id)
        for each in disputes
        if any(answer.department == department for answer, _ in each.cells)
    )
    return len(set(rows))


def _list_faulty(faults: Iterable[Fault]) -> set[str]:
    """Return the departments of which nothing can be taken as it is."""
    return {fault.department for fault in faults if not fault.dispute}


def _sort(draft: Draft, column: str, ids: Iterable[str]) -> None:
    """Bring rows into the order of the plan's own table."""
    order = {name: number for number, name in enumerate(ids)}

    def find_place(row: Cells) -> int:
        return order.get(row[column], len(order))

    draft.sort(find_place)


def _list_sent(asked: Field, row: SurveyRow) -> tuple[str, str]:
    return row.cells.get(asked.key, ""), show_cell(asked, row)


def _order_faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults once each: of whole workbooks first, what follows from others last."""
    once = {str(fault.problem): fault for fault in faults}

    def rank(fault: Fault) -> tuple[bool, bool, str]:
        whole = isinstance(fault.problem, UnusableWorkbook)
        return (fault.follows, not whole, fault.problem.place.partition("!")[0])

    return tuple(sorted(once.values(), key=rank))
