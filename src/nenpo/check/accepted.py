"""``accepted/<plan>/<year>/``: what the accepted edition (確定版) says, committed, readable.

A document has ``<name>.facts.json`` and ``<name>.txt``; the edition ``receipts.json``, which says
what its documents were made from (see ``build.receipts``), ``digests.json`` of the files that were
accepted, and ``log.csv``, which tells when and why each document was accepted, and which facts it
changed. The input files that the receipts speak of lie in ``accepted/inputs/``, once for all.
"""

import csv
import hashlib
import io
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from nenpo.build.briefing import BriefingName
from nenpo.build.receipts import (
    Receipts,
    Record,
    drop_inputs,
    list_inputs,
    locate_record,
    narrow_receipt,
    read_receipts,
    write_record,
)
from nenpo.check.reading.observe import Observation, format_text, parse_text
from nenpo.files import canonical_json, hash_present, remove_file, write_atomically

FOLDER = "accepted"
_INPUTS = "inputs"
_RECEIPTS = "receipts.json"
_DIGESTS = "digests.json"
_LOG = "log.csv"
# What is observed of a set; its notebook is compared on no level.
_OBSERVED = (".facts.json", ".html", ".pdf")
_LOG_COLUMNS = ("date", "document", "reason", "facts")


Edition = tuple[str, int]  # plan, fiscal year


@dataclass(frozen=True)
class Acceptance:
    """One line of the log: what was accepted, when, why, and which facts changed with it.

    ``title`` is what readers call the document; the log leaves it out.
    """

    date: str
    document: str
    reason: str
    facts: str
    title: str = field(default="", compare=False)


def list_accepted(root: Path, plan: str, fiscal_year: int) -> tuple[str, ...]:
    """Return the names of the edition's accepted documents: annual, departments/somu."""
    folder = root / FOLDER / plan / str(fiscal_year)
    stems = (path.relative_to(folder).as_posix() for path in folder.rglob("*.facts.json"))
    return tuple(sorted(stem.removesuffix(".facts.json") for stem in stems))


def list_known(root: Path, edition: Edition) -> set[str]:
    """Return the documents, plan/2021/annual, that were ever accepted in the edition.

    Any of the three records may be lost: what one of them names is the work of ``accept``.
    """
    logged = {entry.document for entry in read_log(root, *edition)}
    digests = {str(BriefingName(*edition, name)) for name in _read_digests(root, *edition)}
    return logged | digests | read_receipts(locate_accepted(root, *edition)).briefings.keys()


def list_foreign(root: Path, edition: Edition, names: Iterable[str]) -> list[str]:
    """Return the files where states of ``names`` belong and that ``accept`` has not written."""
    known = list_known(root, edition)
    paths = [path for name in names if name not in known for path in _locate_state(root, name)]
    return [path.relative_to(root).as_posix() for path in paths if path.exists()]


def list_accepted_editions(root: Path) -> tuple[Edition, ...]:
    """Return the editions (plan, fiscal year) that have an accepted state."""
    folders = (root / FOLDER).glob("*/[0-9][0-9][0-9][0-9]")
    return tuple(sorted((path.parent.name, int(path.name)) for path in folders))


def read_accepted(root: Path, name: str) -> Observation | None:
    """Return the accepted state of ``plan/2021/annual``, None where there is none."""
    facts, text = _locate_state(root, name)
    if not facts.is_file() or not text.is_file():
        return None
    return parse_text(text.read_text("utf-8"), json.loads(facts.read_text("utf-8")))


def _locate_state(root: Path, name: str) -> tuple[Path, Path]:
    stem = root / FOLDER / name
    return Path(f"{stem}.facts.json"), Path(f"{stem}.txt")


def locate_accepted(root: Path, plan: str, fiscal_year: int) -> Record:
    """Return where an accepted edition has the receipts of its documents."""
    folder = root / FOLDER
    return Record(folder / plan / str(fiscal_year) / _RECEIPTS, folder / _INPUTS)


def keep_receipts(root: Path, output: Path, edition: Edition, names: Collection[str]) -> None:
    """Keep what the documents that are accepted now, ``plan/2021/annual``, were made from.

    Those of the edition's other documents stay. A document whose receipt is missing, or speaks of
    other files than the published ones, has none.
    """
    record, made = locate_accepted(root, *edition), locate_record(output)
    published, kept = read_receipts(made), read_receipts(record)
    left = {f"{edition[0]}/{edition[1]}/{name}" for name in list_accepted(root, *edition)}
    briefings = {k: v for k, v in kept.briefings.items() if k in left.difference(names)}
    details = dict(kept.details)
    for name in sorted(left.intersection(names, published.briefings)):
        outputs = published.briefings[name].outputs
        if all(hash_present(output / file) == digest for file, digest in outputs.items()):
            own = narrow_receipt(published, name)
            briefings |= own.briefings
            details |= own.details
    if briefings:
        write_record(record, Receipts(briefings, details), made.find_input)
    else:
        remove_file(root / FOLDER, record.file)


def forget_inputs(root: Path) -> None:
    """Remove the kept input files that no accepted edition speaks of."""
    records = [locate_accepted(root, *edition) for edition in list_accepted_editions(root)]
    found = [read_receipts(record) for record in records if record.file.is_file()]
    if all(receipts.briefings for receipts in found):  # else a merge left one that nobody can read
        drop_inputs(root / FOLDER / _INPUTS, set().union(*map(list_inputs, found)))


def write_accepted(root: Path, name: str, observation: Observation) -> None:
    """Write a document's accepted state."""
    facts, text = _locate_state(root, name)
    write_atomically(facts, canonical_json(dict(observation.facts)))
    write_atomically(text, format_text(observation))


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
    root: Path, edition: Edition, digests: Mapping[str, str], entries: Sequence[Acceptance]
) -> None:
    """Write an edition's new digests by name, and append to its log."""
    folder = root / FOLDER / edition[0] / str(edition[1])
    left = list_accepted(root, *edition)
    kept = {k: v for k, v in {**_read_digests(root, *edition), **digests}.items() if k in left}
    if kept:
        write_atomically(folder / _DIGESTS, canonical_json(kept))
    else:
        remove_file(root / FOLDER, folder / _DIGESTS)
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
    log = [*read_log(root, *edition), *entries]
    writer.writerows([_LOG_COLUMNS, *map(attrgetter(*_LOG_COLUMNS), log)])
    write_atomically(folder / _LOG, written.getvalue())


def read_log(root: Path, plan: str, fiscal_year: int) -> tuple[Acceptance, ...]:
    """Return the edition's log, the oldest acceptance first."""
    path = root / FOLDER / plan / str(fiscal_year) / _LOG
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Acceptance(**row) for row in csv.DictReader(file))
