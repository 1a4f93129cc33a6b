"""``accepted/<plan>/<year>/``: what the accepted edition (確定版) says, committed, readable.

A document has ``<name>.facts.json`` and ``<name>.txt``; the edition ``circumstances.json`` and
``log.csv``, which tells when and why each document was accepted, and which facts it changed.
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nenpo.briefing import canonical_json
from nenpo.check.circumstances import Circumstances, read_circumstances
from nenpo.check.observe import Observation, read_text, write_text
from nenpo.publish import remove_file, write_atomically

FOLDER = "accepted"
_CIRCUMSTANCES = "circumstances.json"
_LOG = "log.csv"
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
    stem = root / FOLDER / name
    facts, text = Path(f"{stem}.facts.json"), Path(f"{stem}.txt")
    if not facts.is_file() or not text.is_file():
        return None
    return read_text(text.read_text("utf-8"), json.loads(facts.read_text("utf-8")))


def read_accepted_circumstances(root: Path, plan: str, fiscal_year: int) -> Circumstances | None:
    """Return what the accepted edition was made from and with."""
    path = root / FOLDER / plan / str(fiscal_year) / _CIRCUMSTANCES
    return read_circumstances(path.read_text("utf-8")) if path.is_file() else None


def write_accepted(root: Path, name: str, observation: Observation) -> None:
    """Write a document's accepted state."""
    stem = root / FOLDER / name
    write_atomically(Path(f"{stem}.facts.json"), canonical_json(dict(observation.facts)))
    write_atomically(Path(f"{stem}.txt"), write_text(observation))


def remove_accepted(root: Path, name: str) -> None:
    """Remove the accepted state of a document that is no more."""
    for suffix in (".facts.json", ".txt"):
        remove_file(root / FOLDER, Path(f"{root / FOLDER / name}{suffix}"))


def write_edition(
    root: Path,
    edition: tuple[str, int],
    circumstances: Circumstances | None,
    entries: Sequence[Acceptance],
) -> None:
    """Write what an edition was made from, and append to its log.

    ``circumstances`` are None for an edition that is no more: nothing is left that they are of.
    """
    folder = root / FOLDER / edition[0] / str(edition[1])
    if circumstances is None:
        remove_file(root / FOLDER, folder / _CIRCUMSTANCES)
    else:
        write_atomically(folder / _CIRCUMSTANCES, circumstances.to_json())
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
