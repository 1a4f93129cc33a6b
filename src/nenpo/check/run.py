"""The check: each selected document against its accepted state, on every level."""

import gc
from collections.abc import Callable, Collection, Sequence, Sized
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from nenpo.build.briefing import Briefing, BriefingName, Selector
from nenpo.build.causes.names import entitle
from nenpo.build.isolated.outcome import SUFFIXES
from nenpo.build.manifest import FAILED_FOLDER, read_manifest
from nenpo.build.params import list_editions
from nenpo.build.select import select_briefings
from nenpo.check.accepted import (
    Edition,
    list_accepted,
    list_accepted_editions,
    list_as_accepted,
    list_known,
    read_accepted,
)
from nenpo.check.causes import Causes
from nenpo.check.changes import (
    LEVELS,
    Level,
    compare_facts,
    compare_structures,
    compare_texts,
)
from nenpo.check.reading.observe import Observation, observe
from nenpo.check.reading.pictures import PageChange, compare_pictures
from nenpo.check.result import CheckResult, DocumentResult, DocumentState
from nenpo.errors import NothingSelected

Rebuild = Callable[[Briefing], Path | None]
Found = Observation | Literal["not_built", "as_accepted"]


@dataclass(frozen=True)
class Places:
    """Where things are: the project, the outputs, and the accepted PDFs (None: not kept)."""

    root: Path
    output: Path
    pdfs: Path | None = None


def check_briefings(
    places: Places,
    briefings: Sequence[Briefing],
    rebuild: Rebuild,
    jobs: int = 2,
    gone: Collection[Edition] = (),
) -> CheckResult:
    """Compare every briefing's published set with its accepted state.

    An accepted document of the same editions that is no briefing any more is orphaned, and so is
    every one of the editions that are ``gone`` (see :func:`choose_editions`).
    ``rebuild`` makes a briefing's PDF again, to tell what drifted from what never comes out
    alike; it returns None if it cannot. Raises ``NothingSelected`` for no briefing.
    """
    if not briefings and not gone:
        raise NothingSelected(allowed="—")
    found = _look_at(places, [briefing.full_name for briefing in briefings], jobs)
    causes = Causes(places.root)
    documents = [
        _check_briefing(places, briefing, found[briefing.full_name], causes, rebuild)
        for briefing in briefings
    ]
    names = causes.name_plans({(b.plan, b.fiscal_year) for b in briefings}.union(gone))
    documents += [
        DocumentResult(name, name, dict.fromkeys(LEVELS, "orphaned"))
        for edition in list_accepted_editions(places.root)
        for name in list_orphans(places.root, edition, briefings, gone)
    ]
    return CheckResult(tuple(replace(d, title=entitle(d.name, names)) for d in documents), names)


def _look_at(places: Places, names: Sequence[str], jobs: int) -> dict[str, Found]:
    """Return what is published under each name; only what is not as accepted is read."""
    unbuilt = list_unbuilt(places.output, names)
    found: dict[str, Found] = dict.fromkeys(unbuilt, "not_built")
    made = [name for name in names if name not in found]
    found |= dict.fromkeys(list_as_accepted(places.root, places.output, made), "as_accepted")
    return found | observe_all(places.output, [n for n in names if n not in found], jobs)


def list_unbuilt(output: Path, names: Sequence[str]) -> list[str]:
    """Return the names that are not published whole, or failed in the last build.

    What is still published of a failed document was made before: it says nothing about now.
    """
    published = read_manifest(output)
    failed = output / FAILED_FOLDER
    return [
        name
        for name in names
        if name not in published
        or (failed / f"{name}.ipynb").exists()
        or not all(BriefingName.parse(name).locate(output, s).is_file() for s in SUFFIXES)
    ]


def observe_all(output: Path, names: Sequence[str], jobs: int) -> dict[str, Observation]:
    """Return the observations of published sets, read by several processes."""
    if len(names) < 4 or jobs < 2:
        return {name: observe(output, name) for name in names}
    # A PDF is some 10,000 objects that live until the next: collecting by default takes a fifth.
    with ProcessPoolExecutor(jobs, initializer=gc.set_threshold, initargs=(100_000,)) as pool:
        return dict(zip(names, pool.map(partial(observe, output), names, chunksize=4), strict=True))


def _check_briefing(
    places: Places, briefing: Briefing, now: Found, causes: Causes, rebuild: Rebuild
) -> DocumentResult:
    name = briefing.full_name
    if now == "not_built":
        return DocumentResult(name, name, dict.fromkeys(LEVELS, "not_built"))
    if now == "as_accepted":
        pictures = _compare_pdfs(places, name)
        states = _judge_levels(((), (), ()), pictures)
        result = DocumentResult(name, name, states, pictures=pictures or ())
    elif accepted := read_accepted(places.root, name):
        result = compare_observations(name, accepted, now, _compare_pdfs(places, name))
    else:
        return DocumentResult(name, name, dict.fromkeys(LEVELS, "missing"))
    states = dict(result.states)
    alone = all(states[level] == "same" for level in LEVELS[:3])
    if states["picture"] == "changed" and alone:
        states["picture"] = _judge_picture(places, briefing, rebuild)
    return replace(result, states=states, why=causes.find(briefing) if result.differs else None)


def compare_observations(
    name: str, before: Observation, after: Observation, pictures: tuple[PageChange, ...] | None
) -> DocumentResult:
    """Return what differs between two observations; ``pictures`` None means not comparable."""
    facts = compare_facts(before.facts, after.facts)
    text = compare_texts(before, after)
    structure = compare_structures(before, after)
    states = _judge_levels((facts, text, structure), pictures)
    return DocumentResult(name, after.title, states, facts, text, structure, pictures or ())


def _judge_levels(
    read: Sequence[Sized], pictures: tuple[PageChange, ...] | None
) -> dict[Level, DocumentState]:
    """Return the state of each level: of those ``read``, each by its changes, and of pictures."""
    states: list[DocumentState] = ["changed" if changes else "same" for changes in read]
    look: DocumentState = (
        "not_comparable" if pictures is None else "changed" if pictures else "same"
    )
    return dict(zip(LEVELS, [*states, look], strict=True))


def _compare_pdfs(places: Places, name: str) -> tuple[PageChange, ...] | None:
    if places.pdfs is None or not find_pdf(places.pdfs, name).is_file():
        return None
    return compare_pictures(find_pdf(places.pdfs, name), find_pdf(places.output, name))


def find_pdf(folder: Path, name: str) -> Path:
    """Return where in a folder of outputs the PDF of ``plan/2021/annual`` lies."""
    return BriefingName.parse(name).locate(folder, ".pdf")


def _judge_picture(places: Places, briefing: Briefing, rebuild: Rebuild) -> DocumentState:
    """Tell a look that drifted from one that never comes out alike, by making it once more."""
    again = rebuild(briefing)
    if again is None:
        return "changed"
    own = briefing.identity.locate(places.output, ".pdf")
    return "flaky" if compare_pictures(own, again) else "drift"


def choose_editions(
    root: Path, selectors: Sequence[str]
) -> tuple[tuple[Briefing, ...], tuple[Edition, ...]]:
    """Return the briefings that the selectors name, and the editions that are gone.

    Gone is an accepted edition without params: it is named by PLAN/YEAR, by its plan, or by no
    selector at all. Raises as :func:`select_briefings` for what names neither.
    """
    wanted = {text: Selector.parse(text) for text in selectors}
    accepted = list_accepted_editions(root)
    gone = [(plan, year) for plan, year in accepted if year not in list_editions(root, plan)]
    named = {text: [e for e in gone if whole.covers(*e)] for text, whole in wanted.items()}
    chosen = tuple(e for e in gone if not wanted or any(e in own for own in named.values()))
    # What only the gone ones answer to names nothing that could be made.
    left = [
        text
        for text, whole in wanted.items()
        if not named[text] or (whole.fiscal_year is None and list_editions(root, whole.plan))
    ]
    return select_briefings(root, left) if left or not wanted else (), chosen


def list_orphans(
    root: Path, edition: Edition, briefings: Sequence[Briefing], gone: Collection[Edition]
) -> list[str]:
    """Return the edition's accepted documents that are no briefings any more: plan/2021/annual.

    What lies among them and was never accepted, such as a copy, is none of them.
    All of those of an edition that is ``gone``; else none, unless the edition has briefings and
    all of them are among ``briefings``.
    """
    states = [str(BriefingName(*edition, name)) for name in list_accepted(root, *edition)]
    known = list_known(root, edition)
    accepted = [name for name in states if name in known]
    if edition in gone:
        return accepted
    names = {b.full_name for b in briefings if (b.plan, b.fiscal_year) == edition}
    odd = [name for name in accepted if name not in names]
    if not names or not odd:
        return []
    own = {b.full_name for b in select_briefings(root, [f"{edition[0]}/{edition[1]}"])}
    return [name for name in odd if name not in own] if own <= names else []
