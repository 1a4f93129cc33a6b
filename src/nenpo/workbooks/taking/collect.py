"""A folder of replies → what a year's tables would become, and then what they are.

First all is read and put together (:func:`prepare_collection`): what is refused, what changes, and
the new files, which are validated with the whole plan. Then they replace the old ones in one step
(:func:`take_collection`), with the record of whose reply was taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from nenpo.data.load import load_plan
from nenpo.data.plan import Plan
from nenpo.data.proposed import describe_proposed
from nenpo.data.replace import HeldPlan
from nenpo.errors import UnusableWorkbook, Words, WorkbookError
from nenpo.workbooks.answers import Answer, Note, Reply
from nenpo.workbooks.forms.blank import BlankForm
from nenpo.workbooks.forms.joining import join_replies
from nenpo.workbooks.forms.read import recognise_form
from nenpo.workbooks.record import RecordRow, format_record, name_record, read_record
from nenpo.workbooks.replies.expected import Expected, expect_replies
from nenpo.workbooks.replies.recognise import recognise
from nenpo.workbooks.taking.choose import choose_replies
from nenpo.workbooks.taking.draft import Cells, Change, Draft, read_draft
from nenpo.workbooks.taking.opened import Opened
from nenpo.workbooks.taking.propose import Fault, check_proposed
from nenpo.workbooks.taking.put import Putter, Result
from nenpo.workbooks.taking.values import Values, read_values

_BLANK = Words("何も記入されていないもの: {}", "with nothing filled in: {}")
_AGAIN = Words("前に取り込んだものと同じファイルである。", "this very file was taken before.")


@dataclass(frozen=True)
class Summary:
    """What became of a department's reply: so many of the rows asked are answered.

    ``paths`` are its workbooks. Of the values ``changed``, those ``replaced`` differ from what the
    data hold.
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


@dataclass(frozen=True)
class Collection:
    """What a folder of replies would make of the year's tables.

    ``faults`` are told of all replies. If the faulty were left out, nothing of their departments
    is in ``changes`` and ``files``, nor are rows in dispute; else nothing is to be taken at all.
    ``files`` are the new contents by path in the plan's folder; ``missing`` are departments from
    which nothing has come, now or before.
    """

    expected: Expected
    summaries: tuple[Summary, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    changes: tuple[Change, ...]
    files: Mapping[str, bytes]
    missing: tuple[str, ...]

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
    without_faulty: bool = False,
    form: BlankForm | None = None,
) -> Collection:
    """Return what the replies would make of the year's tables; nothing is written.

    ``without_faulty`` leaves out the departments with a fault. ``form`` is the municipality's own,
    if they are written in that. Raises ``UnknownPlan``, ``UnknownYear``, and ``InputRefused`` for
    what is wrong with the data themselves, or for a form of another plan or year.
    """
    plan = load_plan(edition[0], root)
    taking = _Taking(root, plan, expect_replies(plan, edition[1]), opened)
    every, faults, notes = taking.read_replies(form, prefer_newer)
    taken = every
    made = taking.put(taken, faults)
    while without_faulty:
        faults += made.faults
        faulty = _list_faulty(faults)
        left = [reply for reply in taken if reply.department not in faulty]
        if len(left) == len(taken):
            break
        taken = left
        made = taking.put(taken, [])
    return taking.summarise(every, taken, [*faults, *made.faults], notes, made)


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
    package = describe_proposed(root, expected.plan, collection.files)
    return held.replace({**collection.files, **files, **package})


@dataclass(frozen=True)
class _Made:
    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class _Taking:
    """The work of one collection, and what it is done with."""

    root: Path
    plan: Plan
    expected: Expected
    opened: Opened

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

    def put(self, replies: Sequence[Reply], faults: Sequence[Fault]) -> _Made:
        """Put what the replies answer into the tables, and validate these with the whole plan."""
        rows = self.plan.indicators
        units = dict(zip(rows["indicator"], rows["unit"], strict=True))
        values = read_values(replies, units, self.expected)
        drafts, result = self._put_values(values, replies)
        paths = {name: path for path, name in self.opened.names.items()}
        wrong = [
            Fault(paths[answer.file], answer.department, problem, answer)
            for answer, problem in (*values.problems, *result.problems)
        ]
        wrong += [
            Fault(paths[answer.file], answer.department, problem, answer, is_dispute=True)
            for answer, problem in values.disputes
        ]
        year = self.expected.fiscal_year
        files = {f"{year}/{d.file}": d.write() for d in drafts.values() if d.changed}
        known = [*faults, *wrong]
        wrong += check_proposed(self.root, self.plan.id, drafts, files, paths, known)
        known_files = tuple(f"{self.opened.names[r.path]}!" for r in replies if self._is_known(r))
        told = (note for note in values.notes if not note.place.startswith(known_files))
        notes = (*told, *values.joined, *result.notes)
        return _Made(tuple(result.changes), tuple(wrong), notes, files)

    def _put_values(
        self, values: Values, replies: Iterable[Reply]
    ) -> tuple[dict[str, Draft], Result]:
        plan, year = self.plan.id, self.expected.fiscal_year
        files = ("progress.csv", "actuals.csv", "milestones.csv")
        drafts = {file: read_draft(self.root, plan, year, file) for file in files}
        again = frozenset(reply.department for reply in replies if self._is_known(reply))
        result = Result()
        putter = Putter(self.expected, drafts, again, result)
        for row in values.rows:
            putter.put(row)
        _sort(drafts["progress.csv"], "item", self.plan.items["item"])
        _sort(drafts["actuals.csv"], "indicator", self.plan.indicators["indicator"])
        return drafts, result

    @cached_property
    def record(self) -> dict[str, RecordRow]:
        """Whose reply was taken before."""
        return read_record(self.root, self.plan.id, self.expected.fiscal_year)

    def _is_known(self, reply: Reply) -> bool:
        """Tell whether this very file was taken before."""
        row = self.record.get(reply.department)
        return row is not None and bool(row.digest) and row.digest == reply.digest

    def summarise(
        self,
        every: Sequence[Reply],
        taken: Sequence[Reply],
        faults: Sequence[Fault],
        notes: Sequence[Note],
        made: _Made,
    ) -> Collection:
        """Return the collection, with what became of each department in 建制順."""
        faulty, order = _list_faulty(faults), list(self.expected.surveys)
        summaries = [
            self._summarise(reply, made, reply in taken and reply.department not in faulty)
            for reply in sorted(every, key=lambda reply: order.index(reply.department))
        ]
        empty = "、".join(self.opened.names[r.path] for r in every if not _list_told(r))
        blank = [Note(self.opened.folder.name, _BLANK.fill(empty))] if empty else []
        again = [Note(self.opened.names[r.path], _AGAIN) for r in every if self._is_known(r)]
        refused = {fault.answer.place for fault in faults if fault.answer}
        more = (note for note in made.notes if note.place not in refused)
        told = dict.fromkeys([*notes, *again, *blank, *more])
        received = {row.department for row in self.record.values() if row.received}
        come = received | {summary.department for summary in summaries}
        return Collection(
            expected=self.expected,
            summaries=tuple(summaries),
            faults=_order_faults(faults),
            notes=tuple(told),
            changes=made.changes,
            files=made.files,
            missing=tuple(name for name in order if name not in come),
        )

    def _tell_files(self, reply: Reply) -> str:
        """Return the file of a reply; of several, the shortest name and how many more."""
        names = [self.opened.names[path] for path in (reply.path, *reply.more)]
        first = min(names, key=lambda name: (len(name), name))
        return f"{first} +{len(reply.more)}" if reply.more else first

    def _summarise(self, reply: Reply, made: _Made, is_taken: bool) -> Summary:
        answered, asked = _count_rows(reply, self.expected)
        own = [c for c in made.changes if is_taken and reply.department in c.origin.departments]
        return Summary(
            department=reply.department,
            name=self.expected.names[reply.department],
            file=self._tell_files(reply),
            paths=(reply.path, *reply.more),
            digest=reply.digest,
            answered=answered,
            asked=asked,
            changed=len(own),
            replaced=sum(change.is_replacement for change in own),
            is_taken=is_taken,
        )


def _list_faulty(faults: Iterable[Fault]) -> set[str]:
    """Return the departments of which nothing can be taken as it is."""
    return {fault.department for fault in faults if not fault.is_dispute}


def _sort(draft: Draft, column: str, ids: Iterable[str]) -> None:
    """Bring rows into the order of the plan's own table."""
    order = {name: number for number, name in enumerate(ids)}

    def find_place(row: Cells) -> int:
        return order.get(row[column], len(order))

    draft.sort(find_place)


def _count_rows(reply: Reply, expected: Expected) -> tuple[int, int]:
    """Return how many rows with an item or an indicator are answered, and how many are asked."""
    sheets = expected.surveys[reply.department].sheets
    counted = [sheet for sheet in sheets if sheet.kind in ("items", "indicators")]
    asked = {(sheet.kind, row.id) for sheet in counted for row in sheet.rows if row.id}
    told = {(answer.kind, answer.id) for answer in _list_told(reply)}
    return len(asked & told), len(asked)


def _list_told(reply: Reply) -> list[Answer]:
    """Return the cells that are not blank."""
    return [a for a in reply.answers if a.cell and (a.cell.shown.strip() or a.cell.formula)]


def _order_faults(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return the faults once each: of whole workbooks first, what follows from others last."""
    once = {str(fault.problem): fault for fault in faults}

    def rank(fault: Fault) -> tuple[bool, bool, str]:
        whole = isinstance(fault.problem, UnusableWorkbook)
        return (fault.follows, not whole, fault.problem.place.partition("!")[0])

    return tuple(sorted(once.values(), key=rank))
