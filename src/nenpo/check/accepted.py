"""``accepted/<plan>/<year>/``: what the accepted edition (確定版) says, committed, readable.

A document has ``<name>.facts.json`` and ``<name>.txt``; the edition ``circumstances.json``,
``digests.json`` of the files that were accepted, and ``log.csv``, which tells when and why each
document was accepted, and which facts it changed.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from nenpo.build.briefing import BriefingName
from nenpo.check.circumstances import Circumstances, read_circumstances
from nenpo.check.reading.observe import Observation, read_text, write_text
from nenpo.files import canonical_json, remove_file, write_atomically

FOLDER = "accepted"
_CIRCUMSTANCES = "circumstances.json"
_DIGESTS = "digests.json"
_LOG = "log.csv"
# What is observed of a set; its notebook is compared on no level.
_OBSERVED = (".facts.json", ".html", ".pdf")
_LOG_COLUMNS = ("date", "document", "reason", "facts")


@dataclass(frozen=True)
class Acceptance:
    """One line of the log: what was accepted, when, why, and which facts changed with it."""

    date: str
    document: str
    reason: str
    facts: str


def list_accepted(root: Path, plan: str, fiscal_year: int) -> tuple[str, ...]:
    """Return the names of the edition's accepted documents: annual, departments/somu."""
    folder = root / FOLDER / plan / str(fiscal_year)
    stems = (path.relative_to(folder).as_posix() for path in folder.rglob("*.facts.json"))
    return tuple(sorted(stem.removesuffix(".facts.json") for stem in stems))


def list_accepted_editions(root: Path) -> tuple[tuple[str, int], ...]:
    """Return the editions (plan, fiscal year) that have an accepted state."""
    folders = (root / FOLDER).glob("*/[0-9][0-9][0-9][0-9]")
    return tuple(sorted((path.parent.name, int(path.name)) for path in folders))


def read_accepted(root: Path, name: str) -> Observation | None:
    """Return the accepted state of ``plan/2021/annual``, None where there is none."""
    facts, text = _locate_state(root, name)
    if not facts.is_file() or not text.is_file():
        return None
    return read_text(text.read_text("utf-8"), json.loads(facts.read_text("utf-8")))


def _locate_state(root: Path, name: str) -> tuple[Path, Path]:
    stem = root / FOLDER / name
    return Path(f"{stem}.facts.json"), Path(f"{stem}.txt")


def read_accepted_circumstances(root: Path, plan: str, fiscal_year: int) -> Circumstances | None:
    """Return what the accepted edition was made from and with."""
    path = root / FOLDER / plan / str(fiscal_year) / _CIRCUMSTANCES
    return read_circumstances(path.read_text("utf-8")) if path.is_file() else None


def write_accepted(root: Path, name: str, observation: Observation) -> None:
    """Write a document's accepted state."""
    facts, text = _locate_state(root, name)
    write_atomically(facts, canonical_json(dict(observation.facts)))
    write_atomically(text, write_text(observation))


def remove_accepted(root: Path, name: str) -> None:
    """Remove the accepted state of a document that is no more."""
    for path in _locate_state(root, name):
        remove_file(root / FOLDER, path)


def find_digest(root: Path, output: Path, name: str) -> str:
    """Return the SHA-256 of the published files that are compared and of their accepted state.

    Of both: a state that was edited or merged by hand is no longer that of these files. Raises
    ``FileNotFoundError`` if one of the files is not there.
    """
    found = BriefingName.parse(name)
    published = [found.locate(output, suffix) for suffix in _OBSERVED]
    digest = hashlib.sha256()
    for path in (*published, *_locate_state(root, name)):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def list_as_accepted(root: Path, output: Path, names: Iterable[str]) -> frozenset[str]:
    """Return the names of published sets that are, byte for byte, the accepted ones.

    They say what the accepted state says, and need not be read.
    """
    found = set[str]()
    parsed = map(BriefingName.parse, names)
    for (plan, year), own in groupby(parsed, key=attrgetter("plan", "fiscal_year")):
        digests = _read_digests(root, plan, year)
        for name in own:
            digest = digests.get(name.name)
            with suppress(FileNotFoundError):
                if digest and digest == find_digest(root, output, str(name)):
                    found.add(str(name))
    return frozenset(found)


def _read_digests(root: Path, plan: str, fiscal_year: int) -> dict[str, str]:
    path = root / FOLDER / plan / str(fiscal_year) / _DIGESTS
    # Without digests, or with those that a merge left unreadable, everything is compared.
    with suppress(FileNotFoundError, ValueError):
        read: dict[str, str] = json.loads(path.read_text("utf-8"))
        return read
    return {}


def write_edition(
    root: Path,
    edition: tuple[str, int],
    circumstances: Circumstances | None,
    digests: Mapping[str, str],
    entries: Sequence[Acceptance],
) -> None:
    """Write what an edition was made from, new digests by name, and append to its log.

    ``circumstances`` are None for an edition that is no more: nothing is left that they are of.
    """
    folder = root / FOLDER / edition[0] / str(edition[1])
    left = list_accepted(root, *edition)
    kept = {k: v for k, v in {**_read_digests(root, *edition), **digests}.items() if k in left}
    if circumstances is None:
        remove_file(root / FOLDER, folder / _CIRCUMSTANCES)
        remove_file(root / FOLDER, folder / _DIGESTS)
    else:
        write_atomically(folder / _CIRCUMSTANCES, circumstances.to_json())
        write_atomically(folder / _DIGESTS, canonical_json(kept))
    log = [*read_log(root, *edition), *entries]
    write_atomically(folder / _LOG, _write_log(log))


def read_log(root: Path, plan: str, fiscal_year: int) -> tuple[Acceptance, ...]:
    """Return the edition's log, the oldest acceptance first."""
    path = root / FOLDER / plan / str(fiscal_year) / _LOG
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Acceptance(**row) for row in csv.DictReader(file))


def _write_log(entries: Iterable[Acceptance]) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(_LOG_COLUMNS)
    writer.writerows([entry.date, entry.document, entry.reason, entry.facts] for entry in entries)
    return written.getvalue()
