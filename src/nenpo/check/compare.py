"""Two editions, or two output folders, for a reader: what changed; and as a table of errata."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from nenpo.build.briefing import BriefingName
from nenpo.build.causes.names import entitle
from nenpo.build.manifest import MANIFEST, read_manifest
from nenpo.check.changes import LEVELS, TextChange
from nenpo.check.reading.elements import pair_cells
from nenpo.check.reading.observe import Observation
from nenpo.check.reading.pictures import compare_pictures
from nenpo.check.result import CheckResult, DocumentResult, DocumentState
from nenpo.check.run import compare_observations, find_pdf, observe_all
from nenpo.check.words import name_plans
from nenpo.data.load import load_plan
from nenpo.data.naming import tell_year
from nenpo.data.project import list_plans
from nenpo.errors import NotComparable


@dataclass(frozen=True)
class Side:
    """One of the two: an output folder and what in it is compared (name without edition → name)."""

    folder: Path
    documents: dict[str, str]

    def find_pdf(self, name: str) -> Path | None:
        """Return where the PDF of a document lies, by its name without edition."""
        whole = self.documents.get(name)
        return find_pdf(self.folder, whole) if whole else None


@dataclass(frozen=True)
class Erratum:
    """A line of a 正誤表: where, what it says wrongly (誤), what is right (正)."""

    place: str
    wrong: str
    right: str


def compare_published(root: Path, output: Path, before: str, after: str) -> CheckResult:
    """Compare two editions of ``output`` (PLAN/YEAR), or two output folders.

    A document that only one side has is "orphaned" (the first) or "missing" (the second).
    Raises ``NotComparable`` for something else.
    """
    sides = [find_side(output, text) for text in (before, after)]
    read = [observe_all(side.folder, list(side.documents.values()), 2) for side in sides]
    documents = []
    for key in sides[0].documents | sides[1].documents:
        first, second = (side.documents.get(key) for side in sides)
        if first is None or second is None:
            state: DocumentState = "orphaned" if first else "missing"
            documents.append(DocumentResult(key, key, dict.fromkeys(LEVELS, state)))
            continue
        old, new = _drop_edition(read[0][first]), _drop_edition(read[1][second])
        pdfs = (find_pdf(sides[0].folder, first), find_pdf(sides[1].folder, second))
        documents.append(compare_observations(key, old, new, compare_pictures(*pdfs)))
    names = [BriefingName.parse(name) for side in sides for name in side.documents.values()]
    plans = {name.plan for name in names}
    known = name_plans(load_plan(plan, root) for plan in sorted(plans & set(list_plans(root))))
    return CheckResult(tuple(replace(d, title=entitle(d.name, known)) for d in documents), known)


def _drop_edition(observation: Observation) -> Observation:
    """Return the observation without the facts in which two editions always differ."""
    own = {k: v for k, v in observation.facts.items() if k not in ("fiscal_year", "transitions")}
    return replace(observation, facts=own)


def find_side(output: Path, text: str) -> Side:
    """Return what ``text`` names: an output folder, or an edition within ``output``."""
    folder = Path(text)
    if (folder / MANIFEST).is_file():
        return Side(folder, {name: name for name in read_manifest(folder)})
    published = [BriefingName.parse(name) for name in read_manifest(output)]
    own = {name.name: str(name) for name in published if name.edition == text.strip("/")}
    if not own:
        editions = sorted({name.edition for name in published})
        hint = tell_year(text.strip("/").rpartition("/")[2])
        raise NotComparable(value=text, allowed=", ".join(editions) or "—", hint=hint)
    return Side(output, own)


def list_errata(result: CheckResult) -> tuple[Erratum, ...]:
    """Return every changed text as place, wrong, right; identical ones once."""
    found: list[Erratum] = []
    for change, documents in result.group_texts():
        more = f"ほか{len(documents) - 1}文書" if len(documents) > 1 else ""
        parts = (result.labels[documents[0].name], change.heading, more)
        found += _tell_errata(change, " ".join(filter(None, parts)))
    return tuple(dict.fromkeys(found))


def _tell_errata(change: TextChange, place: str) -> Iterator[Erratum]:
    if len(change.before) != len(change.after):
        yield Erratum(place, "\n".join(change.before), "\n".join(change.after))
        return
    for wrong, right in zip(change.before, change.after, strict=True):
        yield from _compare_lines(place, wrong, right)


def _compare_lines(place: str, wrong: str, right: str) -> Iterator[Erratum]:
    """Yield the cells of a row that differ, under the row's name; a sentence as a whole."""
    cells = pair_cells(wrong, right)
    name = " ".join(old for old, new in cells[:2] if old == new)
    for old, new in cells or [(wrong, right)]:
        if old != new:
            yield Erratum(f"{place}「{name}」" if name else place, old, new)
