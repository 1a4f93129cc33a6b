"""Taking what is published as the accepted state: never by itself, always with a reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nenpo.build.briefing import Briefing
from nenpo.build.causes.names import entitle
from nenpo.build.folder import is_ours
from nenpo.build.manifest import lock_output
from nenpo.check.accepted import (
    Acceptance,
    Edition,
    describe_edition,
    describe_receipts,
    describe_state,
    find_digest,
    forget_inputs,
    hold_accepted,
    list_accepted,
    list_descriptions,
    list_foreign,
    name_state,
    read_accepted,
    replace_accepted,
)
from nenpo.check.causes import Causes
from nenpo.check.changes import compare_facts
from nenpo.check.reading.observe import Observation
from nenpo.check.run import list_orphans, list_unbuilt, observe_all
from nenpo.check.words import tell_facts
from nenpo.errors import NotAcceptable

# The log is the municipality's: its words are those of the documents.
NEW, REMOVED = "新たに確定", "確定版から除いた"
_SHOWN_FACTS = 20


def accept_briefings(
    root: Path,
    output: Path,
    briefings: Sequence[Briefing],
    reason: str,
    day: date,
    gone: Collection[Edition] = (),
) -> tuple[Acceptance, ...]:
    """Write the published sets of ``briefings`` as accepted, and say in the log what changed.

    Accepted documents that are no briefings any more are removed with their whole edition's
    acceptance, and all of the editions that are ``gone``; their logs stay. All of it is written,
    or nothing. Raises ``NotAcceptable`` if one of the briefings is not published or failed in the
    last build, the reason is blank, or somebody else's file lies where a state belongs;
    ``BuildLocked`` while a build writes, and ``WriteFailed``.
    """
    published = lock_output(output) if is_ours(root, output) else nullcontext()
    with published, hold_accepted(root):
        _require_complete(output, briefings, reason)
        _require_own(root, briefings)
        read = observe_all(output, [briefing.full_name for briefing in briefings], 2)
        own = {(b.plan, b.fiscal_year): dict[str, str]() for b in briefings}
        for briefing in briefings:
            own[briefing.plan, briefing.fiscal_year][briefing.name] = briefing.full_name
        editions = own | {edition: {} for edition in gone}
        accept = _Acceptance(root, output, read, Causes(root).name_plans(editions), reason, day)
        files, removals, entries = dict[str, bytes](), list[str](), list[Acceptance]()
        for edition, chosen in editions.items():
            orphans = list_orphans(root, edition, briefings, gone)
            if told := accept.tell(chosen.values(), orphans):
                kept = accept.describe(edition, chosen, orphans, told)
                files |= kept
                removals += [path for name in orphans for path in name_state(name)]
                removals += [path for path in list_descriptions(edition) if path not in kept]
                entries += told
        if files:
            replace_accepted(root, files, removals)
            forget_inputs(root)
    return tuple(entries)


@dataclass(frozen=True)
class _Acceptance:
    """What every edition of one acceptance needs."""

    root: Path
    output: Path
    read: Mapping[str, Observation]
    known: Mapping[str, str]
    reason: str
    day: date

    def tell(self, chosen: Iterable[str], orphans: Iterable[str]) -> list[Acceptance]:
        """Return the lines of the log."""
        told = [(name, self._tell_facts(name)) for name in chosen]
        told += [(name, REMOVED) for name in orphans]
        day = self.day.isoformat()
        return [
            Acceptance(day, name, self.reason, facts, entitle(name, self.known))
            for name, facts in told
        ]

    def _tell_facts(self, name: str) -> str:
        """Return the facts that changed, in words, in one cell of the log."""
        before = read_accepted(self.root, name)
        if before is None:
            return NEW
        told = tell_facts(compare_facts(before.facts, self.read[name].facts), self.known)
        more = [f"ほか{len(told) - _SHOWN_FACTS}件"] if len(told) > _SHOWN_FACTS else []
        return "；".join([*told[:_SHOWN_FACTS], *more])

    def describe(
        self,
        edition: Edition,
        chosen: Mapping[str, str],
        orphans: Collection[str],
        told: Sequence[Acceptance],
    ) -> dict[str, bytes]:
        """Return the files of an edition that are written: content by path."""
        states = {name: describe_state(name, self.read[name]) for name in chosen.values()}
        digests = {
            short: find_digest(self.output, name, states[name].values())
            for short, name in chosen.items()
        }
        stem = f"{edition[0]}/{edition[1]}"
        left = {f"{stem}/{name}" for name in (*list_accepted(self.root, *edition), *chosen)}
        left = left.difference(orphans)
        short = {name.removeprefix(f"{stem}/") for name in left}
        return {
            **{path: content for state in states.values() for path, content in state.items()},
            **describe_receipts(self.root, self.output, edition, chosen.values(), left),
            **describe_edition(self.root, edition, digests, short, told),
        }


def _require_complete(output: Path, briefings: Sequence[Briefing], reason: str) -> None:
    unbuilt = list_unbuilt(output, [briefing.full_name for briefing in briefings])
    if unbuilt:
        raise NotAcceptable(
            value=", ".join(unbuilt),
            why="作られていないか、前回の作成に失敗している。nenpo build で作ってから確定すること",
            why_en="not built, or failed in the last build; run nenpo build first",
        )
    if not reason.strip():
        raise NotAcceptable(
            value="--reason",
            why="理由が空である。何をなぜ変えたかを書くこと",
            why_en="the reason is blank; say what changed and why",
        )


def _require_own(root: Path, briefings: Iterable[Briefing]) -> None:
    editions: dict[Edition, list[str]] = {}
    for briefing in briefings:
        editions.setdefault((briefing.plan, briefing.fiscal_year), []).append(briefing.full_name)
    foreign = [f for edition, own in editions.items() for f in list_foreign(root, edition, own)]
    if foreign:
        raise NotAcceptable(
            value=", ".join(foreign),
            why="nenpo accept が書いたものではないので、上書きしない。ほかの場所に移すこと",
            why_en="not written by nenpo accept, so it is not replaced; move it elsewhere",
        )
