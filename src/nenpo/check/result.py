"""What a check or a comparison found: one value that every report is made from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import Literal, TypeVar

from nenpo.build.briefing import BriefingName
from nenpo.build.causes.why import Cause
from nenpo.check.changes import LEVELS, FactChange, Level, TextChange
from nenpo.check.reading.pictures import PageChange
from nenpo.check.words import follows_from_marks, tell_marks

T = TypeVar("T")
DocumentState = Literal[
    "same", "changed", "missing", "orphaned", "not_built", "not_comparable", "flaky", "drift"
]
FailOn = Literal["facts", "text", "structure", "picture", "any"]
# From a document's name to its PDF; None for a document that one of two sides has not.
FindPdf = Callable[[str], Path | None]
# Sign and word of each state, for every report.
STATES: Mapping[DocumentState, tuple[str, str, str]] = {
    "same": ("=", "同じ", "same"),
    "changed": ("≠", "変わった", "changed"),
    # Of the accepted state, of an earlier edition, of another folder: whatever is compared.
    "missing": ("+", "前にはない文書", "new document"),
    "orphaned": ("-", "前にだけある文書", "document is gone"),
    "not_built": ("!", "作られていない", "not built"),
    "not_comparable": ("·", "比較できない", "not comparable"),
    "flaky": ("~", "作るたびに変わる", "flaky"),
    "drift": ("≈", "見た目だけ変わった", "drift"),
}
_OF_WHOLE_DOCUMENTS = frozenset({"same", "missing", "orphaned", "not_built"})
_DIFFERENT = frozenset({"changed", "missing", "orphaned", "flaky", "drift"})


@dataclass(frozen=True)
class DocumentResult:
    """One document: its state on each level, what changed, and why.

    ``name`` is ``plan/2021/annual``, or ``annual`` where two editions are compared. ``why`` is what
    changed of that which the document is made from and with, () if nothing did; None where nobody
    knows.
    """

    name: str
    title: str
    states: Mapping[Level, DocumentState]
    facts: tuple[FactChange, ...] = ()
    text: tuple[TextChange, ...] = ()
    structure: tuple[str, ...] = ()
    pictures: tuple[PageChange, ...] = ()
    why: tuple[Cause, ...] | None = None

    @cached_property
    def briefing(self) -> BriefingName | None:
        """Which one it is of which edition; None where two editions are compared."""
        return BriefingName.find(self.name)

    @property
    def edition(self) -> str:
        """Plan and fiscal year, "" where two editions are compared."""
        return self.briefing.edition if self.briefing else ""

    @property
    def own_name(self) -> str:
        """Its name in the edition: annual, departments/somu."""
        return self.briefing.name if self.briefing else self.name

    @property
    def state(self) -> DocumentState | None:
        """The one state of all levels: same, new, gone or not built; None if each has its own."""
        whole, *others = set(self.states.values())
        return whole if not others and whole in _OF_WHOLE_DOCUMENTS else None

    @property
    def differs(self) -> bool:
        """Whether anything on any level is not as accepted."""
        return any(state in _DIFFERENT for state in self.states.values())

    @property
    def stands_out(self) -> bool:
        """Whether it differs, or is not there to be compared."""
        return self.differs or "not_built" in self.states.values()

    def fails(self, fail_on: FailOn) -> bool:
        """Tell whether a level up to ``fail_on`` differs: text includes facts, and so on."""
        levels = LEVELS if fail_on == "any" else LEVELS[: LEVELS.index(fail_on) + 1]
        return any(self.states[level] in _DIFFERENT for level in levels)


@dataclass(frozen=True)
class CheckResult:
    """Every document in order; ``names`` are readable names of ids that facts speak of."""

    documents: tuple[DocumentResult, ...]
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What each document is called, by name: its title, with its plan if there are several."""
        plans = {d.name: d.briefing.plan if d.briefing else "" for d in self.documents}
        several = len(set(plans.values())) > 1
        labels = {}
        for document in self.documents:
            plan = plans[document.name]
            # The comparison is of every plan.
            own = several and plan and document.own_name != "comparison"
            suffix = f"（{self.names.get(plan, plan)}）" if own else ""
            labels[document.name] = f"{document.title}{suffix}"
        return labels

    @property
    def not_built(self) -> tuple[DocumentResult, ...]:
        """The documents that were asked for and are not there."""
        return tuple(d for d in self.documents if "not_built" in d.states.values())

    def exit_code(self, fail_on: FailOn) -> int:
        """Return 3 if something was not built, 1 for differences that count, else 0."""
        if self.not_built:
            return 3
        return int(any(document.fails(fail_on) for document in self.documents))

    @property
    def editions(self) -> dict[str, list[DocumentResult]]:
        """The documents by edition, in order."""
        editions: dict[str, list[DocumentResult]] = {}
        for document in self.documents:
            editions.setdefault(document.edition, []).append(document)
        return editions

    def group_facts(self) -> "Groups[FactChange]":
        """Return every changed fact of an edition once, the largest effect first."""

        def name(change: FactChange) -> object:
            return change.path, repr(change.before), repr(change.after)

        found = _group(self.documents, attrgetter("facts"), name)
        return sorted(found, key=lambda group: -group[0].effect)

    def group_marks(self) -> "Groups[str]":
        """Return in words what became of an edition's marks, the largest change first."""

        def tell(document: DocumentResult) -> list[str]:
            told = tell_marks(document.facts, self.names)
            return [told] if told else []

        def measure(group: tuple[str, Sequence[DocumentResult]]) -> float:
            facts = (change for document in group[1] for change in document.facts)
            return max(change.effect for change in facts if follows_from_marks(change))

        return sorted(_group(self.documents, tell, str), key=measure, reverse=True)

    def group_texts(self, by_edition: bool = True) -> "Groups[TextChange]":
        """Return every changed text (of an edition) once."""
        name = attrgetter("before", "after")
        return _group(self.documents, attrgetter("text"), name, by_edition)

    def group_structures(self) -> "Groups[str]":
        """Return every sentence on the structure of an edition's documents once."""
        return _group(self.documents, attrgetter("structure"), str)

    def group_causes(self) -> "Groups[tuple[Cause, ...]]":
        """Return the causes that the same documents share, those of most documents first."""
        groups: dict[tuple[str, ...], tuple[list[Cause], Sequence[DocumentResult]]] = {}
        for cause, alike in _group(self.documents, lambda d: d.why or (), lambda c: c, False):
            names = tuple(document.name for document in alike)
            groups.setdefault(names, ([], alike))[0].append(cause)
        found = [(tuple(causes), documents) for causes, documents in groups.values()]
        return sorted(found, key=lambda group: -len(group[1]))


# Something told of documents, each with those of which it is told.
Groups = list[tuple[T, Sequence[DocumentResult]]]


def _group(
    documents: Iterable[DocumentResult],
    list_parts: Callable[[DocumentResult], Iterable[T]],
    name_part: Callable[[T], object],
    by_edition: bool = True,
) -> Groups[T]:
    """Return what the documents (of an edition) have in common once, by what names it."""
    groups: dict[object, tuple[T, list[DocumentResult]]] = {}
    for document in documents:
        for part in list_parts(document):
            key = (document.edition if by_edition else "", name_part(part))
            groups.setdefault(key, (part, []))[1].append(document)
    return [*groups.values()]
