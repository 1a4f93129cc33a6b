"""What a check or a comparison found: one value that every report is made from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from nenpo.build.briefing import BriefingName
from nenpo.build.why import Cause
from nenpo.check.changes import LEVELS, FactChange, Level, TextChange
from nenpo.check.reading.pictures import PageChange
from nenpo.check.words import follows_from_marks, tell_marks

State = Literal[
    "same", "changed", "missing", "orphaned", "not_built", "not_comparable", "flaky", "drift"
]
FailOn = Literal["facts", "text", "structure", "picture", "any"]
# From a document's name to its PDF; None for a document that one of two sides has not.
FindPdf = Callable[[str], Path | None]
# Sign and word of each state, for every report.
STATES: Mapping[State, tuple[str, str, str]] = {
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
    states: Mapping[Level, State]
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
    def state(self) -> State | None:
        """The one state of all levels: same, new, gone or not built; None if each has its own."""
        whole, *others = set(self.states.values())
        return whole if not others and whole in _OF_WHOLE_DOCUMENTS else None

    @property
    def differs(self) -> bool:
        """Whether anything on any level is not as accepted."""
        return any(state in _DIFFERENT for state in self.states.values())

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

    def group_facts(self) -> Iterator[tuple[FactChange, tuple[DocumentResult, ...]]]:
        """Yield every changed fact of an edition once, the largest effect first.

        With the documents that it is in.
        """
        groups: dict[tuple[object, ...], list[DocumentResult]] = {}
        changes: dict[tuple[object, ...], FactChange] = {}
        for document in self.documents:
            for change in document.facts:
                key = (document.edition, change.path, repr(change.before), repr(change.after))
                changes.setdefault(key, change)
                groups.setdefault(key, []).append(document)
        for group in sorted(changes, key=lambda group: -changes[group].effect):
            yield changes[group], tuple(groups[group])

    def group_marks(self) -> Iterator[tuple[str, tuple[DocumentResult, ...]]]:
        """Yield in words what became of an edition's marks, the largest change first."""
        groups: dict[tuple[str, str], list[DocumentResult]] = {}
        sizes: dict[tuple[str, str], float] = {}
        for document in self.documents:
            if told := tell_marks(document.facts, self.names):
                key = (document.edition, told)
                groups.setdefault(key, []).append(document)
                own = [c.effect for c in document.facts if follows_from_marks(c)]
                sizes[key] = max(sizes.get(key, 0.0), *own)
        for key in sorted(groups, key=lambda key: -sizes[key]):
            yield key[1], tuple(groups[key])

    def group_texts(self) -> Iterator[tuple[TextChange, tuple[DocumentResult, ...]]]:
        """Yield every changed text of an edition once, with the documents it is in."""
        groups: dict[tuple[object, ...], list[DocumentResult]] = {}
        changes: dict[tuple[object, ...], TextChange] = {}
        for document in self.documents:
            for change in document.text:
                place: tuple[object, ...] = (document.edition, change.before, change.after)
                changes.setdefault(place, change)
                groups.setdefault(place, []).append(document)
        for alike, change in changes.items():
            yield change, tuple(groups[alike])

    def group_causes(self) -> Iterator[tuple[tuple[Cause, ...], tuple[DocumentResult, ...]]]:
        """Yield the causes that the same documents share, those of most documents first."""
        sharing: dict[Cause, list[int]] = {}
        for place, document in enumerate(self.documents):
            for cause in document.why or ():
                sharing.setdefault(cause, []).append(place)
        groups: dict[tuple[int, ...], list[Cause]] = {}
        for cause, places in sharing.items():
            groups.setdefault(tuple(places), []).append(cause)
        for alike in sorted(groups, key=lambda alike: -len(alike)):
            yield tuple(groups[alike]), tuple(self.documents[place] for place in alike)


def name_states(states: Mapping[Level, State]) -> str:
    """Return the signs of a document's levels: facts, text, structure, picture."""
    return "".join(STATES[states[level]][0] for level in LEVELS)
