"""Taking what is published as the accepted state: never by itself, always with a reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from nenpo.build.briefing import Briefing
from nenpo.build.causes.names import entitle
from nenpo.check.accepted import (
    Acceptance,
    Edition,
    find_digest,
    forget_inputs,
    keep_receipts,
    list_foreign,
    read_accepted,
    remove_accepted,
    write_accepted,
    write_edition,
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
    acceptance, and all of the editions that are ``gone``; their logs stay. Raises
    ``NotAcceptable``, with nothing written, if one of the briefings is not published or failed in
    the last build, the reason is blank, or somebody else's file lies where a state belongs.
    """
    _require_complete(output, briefings, reason)
    _require_own(root, briefings)
    names = [briefing.full_name for briefing in briefings]
    read = observe_all(output, names, 2)
    editions: dict[Edition, dict[str, str]] = {}
    for briefing in briefings:
        own = editions.setdefault((briefing.plan, briefing.fiscal_year), {})
        own[briefing.name] = briefing.full_name
    editions |= {edition: {} for edition in gone}
    known = Causes(root).name_plans(editions)

    def note(name: str, facts: str) -> Acceptance:
        return Acceptance(day.isoformat(), name, reason, facts, entitle(name, known))

    entries: list[Acceptance] = []
    for edition, chosen in editions.items():
        told = [note(name, _accept(root, name, read[name], known)) for name in chosen.values()]
        for name in list_orphans(root, edition, briefings, gone):
            remove_accepted(root, name)
            told.append(note(name, REMOVED))
        digests = {short: find_digest(root, output, name) for short, name in chosen.items()}
        if told:
            write_edition(root, edition, digests, told)
            keep_receipts(root, output, edition, chosen.values())
        entries += told
    forget_inputs(root)
    return tuple(entries)


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


def _accept(root: Path, name: str, observation: Observation, known: Mapping[str, str]) -> str:
    """Write a document's state; return the facts that changed, in words, in one cell of the log."""
    before = read_accepted(root, name)
    write_accepted(root, name, observation)
    if before is None:
        return NEW
    told = tell_facts(compare_facts(before.facts, observation.facts), known)
    more = [f"ほか{len(told) - _SHOWN_FACTS}件"] if len(told) > _SHOWN_FACTS else []
    return "；".join([*told[:_SHOWN_FACTS], *more])
