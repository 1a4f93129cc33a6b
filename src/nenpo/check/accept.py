"""Taking what is published as the accepted state: never by itself, always with a reason."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

from nenpo.build.briefing import Briefing
from nenpo.check.accepted import (
    Acceptance,
    find_digest,
    read_accepted,
    remove_accepted,
    write_accepted,
    write_edition,
)
from nenpo.check.changes import compare_facts
from nenpo.check.circumstances import find_circumstances
from nenpo.check.reading.observe import Observation
from nenpo.check.run import (
    Edition,
    list_orphan_names,
    list_unbuilt,
    name_accepted,
    observe_all,
)
from nenpo.errors import NotAcceptable

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
    the last build, or the reason is blank.
    """
    _require_complete(output, briefings, reason)
    names = [briefing.full_name for briefing in briefings]
    read = observe_all(output, names, 2)
    entries: list[Acceptance] = []
    by_edition = groupby(briefings, key=lambda briefing: (briefing.plan, briefing.fiscal_year))
    for edition, own in by_edition:
        chosen = list(own)
        told = [_accept(root, b.full_name, read[b.full_name], reason, day) for b in chosen]
        orphans = list_orphan_names(root, edition, briefings)
        told += [_drop(root, name, reason, day) for name in orphans]
        digests = {b.name: find_digest(root, output, b.full_name) for b in chosen}
        write_edition(root, edition, find_circumstances(root, *edition), digests, told)
        entries += told
    for edition in gone:
        told = [_drop(root, name, reason, day) for name in name_accepted(root, edition)]
        if told:
            write_edition(root, edition, None, {}, told)
        entries += told
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


def _accept(root: Path, name: str, observation: Observation, reason: str, day: date) -> Acceptance:
    before = read_accepted(root, name)
    write_accepted(root, name, observation)
    facts = _tell_facts(before, observation)
    return Acceptance(day.isoformat(), name, reason, facts)


def _tell_facts(before: Observation | None, after: Observation) -> str:
    """Return the facts that changed, old → new, in one cell of the log."""
    if before is None:
        return "new"
    changes = compare_facts(before.facts, after.facts)
    told = [f"{'.'.join(c.path)}: {c.before} → {c.after}" for c in changes[:_SHOWN_FACTS]]
    more = len(changes) - len(told)
    return "; ".join([*told, *([f"+{more}"] if more > 0 else [])])


def _drop(root: Path, name: str, reason: str, day: date) -> Acceptance:
    remove_accepted(root, name)
    return Acceptance(day.isoformat(), name, reason, "removed")
