"""The check: each selected document against its accepted state, on every level."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from nenpo.briefings import Briefing
from nenpo.check.accepted import (
    list_accepted,
    list_accepted_editions,
    read_accepted,
    read_accepted_circumstances,
)
from nenpo.check.changes import (
    LEVELS,
    Level,
    compare_facts,
    compare_structures,
    compare_texts,
)
from nenpo.check.circumstances import Circumstances, explain_change, find_circumstances
from nenpo.check.observe import Observation, observe
from nenpo.check.pictures import PageChange, compare_pictures
from nenpo.check.result import CheckResult, DocumentResult, State
from nenpo.check.words import entitle, name_plans
from nenpo.errors import NothingSelected
from nenpo.params import list_editions, select_briefings
from nenpo.plan import load_plan
from nenpo.project import list_plans
from nenpo.publish import FAILED_FOLDER, read_manifest

Rebuild = Callable[[Briefing], Path | None]
Edition = tuple[str, int]  # plan, fiscal year


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
    every one of the editions that are ``gone`` (see :func:`list_gone_editions`).
    ``rebuild`` makes a briefing's PDF again, to tell what drifted from what never comes out
    alike; it returns None if it cannot. Raises ``NothingSelected`` for no briefing.
    """
    if not briefings:
        raise NothingSelected(allowed="—")
    names_of_all = [briefing.full_name for briefing in briefings]
    unbuilt = list_unbuilt(places.output, names_of_all)
    made = [name for name in names_of_all if name not in unbuilt]
    read = observe_all(places.output, made, jobs)
    editions = {(b.plan, b.fiscal_year) for b in briefings}
    why = {edition: _pair_circumstances(places.root, *edition) for edition in editions}
    documents = [
        _check_briefing(places, briefing, read.get(briefing.full_name), why, rebuild)
        for briefing in briefings
    ]
    plans = sorted({b.plan for b in briefings} & set(list_plans(places.root)))
    names = name_plans(load_plan(plan, places.root) for plan in plans)
    found = (*documents, *_list_orphans(places.root, briefings, gone))
    return CheckResult(tuple(replace(d, title=entitle(d.name, names)) for d in found), names)


def list_unbuilt(output: Path, names: Sequence[str]) -> list[str]:
    """Return the names that are not published, or failed in the last build.

    What is still published of a failed document was made before: it says nothing about now.
    """
    published = read_manifest(output)
    failed = output / FAILED_FOLDER
    return [n for n in names if n not in published or (failed / f"{n}.ipynb").exists()]


def observe_all(output: Path, names: Sequence[str], jobs: int) -> dict[str, Observation]:
    """Return the observations of published sets, read by several processes."""
    if len(names) < 4 or jobs < 2:
        return {name: observe(output, name) for name in names}
    with ProcessPoolExecutor(jobs) as pool:
        return dict(zip(names, pool.map(partial(observe, output), names, chunksize=4), strict=True))


Why = Mapping[Edition, tuple[Circumstances | None, Circumstances]]


def _pair_circumstances(
    root: Path, plan: str, fiscal_year: int
) -> tuple[Circumstances | None, Circumstances]:
    accepted = read_accepted_circumstances(root, plan, fiscal_year)
    return accepted, find_circumstances(root, plan, fiscal_year)


def _check_briefing(
    places: Places, briefing: Briefing, now: Observation | None, why: Why, rebuild: Rebuild
) -> DocumentResult:
    name = briefing.full_name
    if now is None:
        return DocumentResult(name, name, dict.fromkeys(LEVELS, "not_built"))
    accepted = read_accepted(places.root, name)
    if accepted is None:
        return DocumentResult(name, now.title, dict.fromkeys(LEVELS, "missing"))
    pictures = _compare_pdfs(places, name)
    result = compare_observations(name, accepted, now, pictures)
    reasons = explain_change(*why[briefing.plan, briefing.fiscal_year], briefing.kind)
    states: dict[Level, State] = dict(result.states)
    alone = all(states[level] == "same" for level in LEVELS[:3])
    if states["picture"] == "changed" and alone:
        states["picture"] = _judge_picture(places, briefing, rebuild)
    return replace(result, states=states, why=reasons if result.differs else ())


def compare_observations(
    name: str, before: Observation, after: Observation, pictures: tuple[PageChange, ...] | None
) -> DocumentResult:
    """Return what differs between two observations; ``pictures`` None means not comparable."""
    facts = compare_facts(before.facts, after.facts)
    text = compare_texts(before, after)
    structure = compare_structures(before.structure, after.structure)
    states: dict[Level, State] = {
        "facts": "changed" if facts else "same",
        "text": "changed" if text else "same",
        "structure": "changed" if structure else "same",
        "picture": "not_comparable" if pictures is None else "changed" if pictures else "same",
    }
    return DocumentResult(name, after.title, states, facts, text, structure, pictures or ())


def _compare_pdfs(places: Places, name: str) -> tuple[PageChange, ...] | None:
    if places.pdfs is None or not (places.pdfs / f"{name}.pdf").is_file():
        return None
    return compare_pictures(places.pdfs / f"{name}.pdf", places.output / f"{name}.pdf")


def _judge_picture(places: Places, briefing: Briefing, rebuild: Rebuild) -> State:
    """Tell a look that drifted from one that never comes out alike, by making it once more."""
    again = rebuild(briefing)
    if again is None:
        return "changed"
    own = places.output / f"{briefing.full_name}.pdf"
    return "flaky" if compare_pictures(own, again) else "drift"


def list_gone_editions(root: Path, selectors: Collection[str]) -> tuple[Edition, ...]:
    """Return the accepted editions that have no params any more and that the selectors name.

    A selector names them by their plan; without selectors, those of every plan are meant, also of
    one that is no more.
    """
    # Asked of the selectors, not of what they select: who names one year means no other.
    plans = {text.strip("/") for text in selectors}
    return tuple(
        (plan, year)
        for plan, year in list_accepted_editions(root)
        if (not plans or plan in plans) and year not in list_editions(root, plan)
    )


def _list_orphans(
    root: Path, briefings: Sequence[Briefing], gone: Collection[Edition]
) -> Iterator[DocumentResult]:
    """Yield accepted documents of whole selected editions that are no briefings any more."""
    every = select_briefings(root, ())
    for edition in list_accepted_editions(root):
        orphans = list_orphan_names(root, edition, briefings, every)
        for name in name_accepted(root, edition) if edition in gone else orphans:
            yield DocumentResult(name, name, dict.fromkeys(LEVELS, "orphaned"))


def name_accepted(root: Path, edition: Edition) -> list[str]:
    """Return the full names of the edition's accepted documents: ``plan/2021/annual``."""
    return [f"{edition[0]}/{edition[1]}/{name}" for name in list_accepted(root, *edition)]


def list_orphan_names(
    root: Path, edition: Edition, chosen: Sequence[Briefing], every: Sequence[Briefing]
) -> list[str]:
    """Return the edition's accepted documents that are no briefings, of ``every``, any more.

    None unless the edition has briefings and all of them are ``chosen``.
    """
    own = {b.full_name for b in every if (b.plan, b.fiscal_year) == edition}
    if not own or not own <= {b.full_name for b in chosen}:
        return []
    return [name for name in name_accepted(root, edition) if name not in own]
