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
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pydantic_core import core_schema as schema

from nenpo.build.briefing import BriefingName
from nenpo.build.caches import DIGEST, TEXT, make_validator, read_cache
from nenpo.build.receipts import (
    Receipts,
    Record,
    drop_inputs,
    format_receipts,
    list_inputs,
    locate_record,
    narrow_receipt,
    read_receipts,
)
from nenpo.build.transaction import (
    WORK,
    Change,
    Put,
    apply_changes,
    finish_changes,
    has_journal,
    hold_folder,
    make_put,
    open_work,
)
from nenpo.check.reading.observe import Observation, format_text, parse_text
from nenpo.errors import UnreadableAccepted, Words, WriteFailed
from nenpo.files import (
    canonical_json,
    clear_place,
    explain_refusal,
    explain_write,
    hash_present,
    write_file,
)

FOLDER = "accepted"
_INPUTS = "inputs"
_RECEIPTS = "receipts.json"
_DIGESTS = "digests.json"
_LOG = "log.csv"
_LOCK = ".lock"
# What is observed of a set; its notebook is compared on no level.
_OBSERVED = (".facts.json", ".html", ".pdf")
_LOG_COLUMNS = ("date", "document", "reason", "facts")
_DIGESTS_SHAPE = make_validator(schema.dict_schema(TEXT, DIGEST))
_NOT_AS_WRITTEN = Words("書いたとおりに読めない", "it does not read back as it was written")
# Tried again once: a network share may lose a write.
_ATTEMPTS = 2

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
    paths = [path for name in names if name not in known for path in name_state(name)]
    return [f"{FOLDER}/{path}" for path in paths if (root / FOLDER / path).exists()]


def list_accepted_editions(root: Path) -> tuple[Edition, ...]:
    """Return the editions (plan, fiscal year) that have an accepted state."""
    folders = (root / FOLDER).glob("*/[0-9][0-9][0-9][0-9]")
    return tuple(sorted((path.parent.name, int(path.name)) for path in folders))


@contextmanager
def hold_accepted(root: Path) -> Iterator[None]:
    """Hold the accepted state, and finish what an acceptance left half done.

    Raises BuildLocked and WriteFailed.
    """
    folder = root / FOLDER
    with explain_write(folder):
        folder.mkdir(exist_ok=True)
    with hold_folder(folder, folder / _LOCK):
        finish_changes(folder, lambda *_: None, "nenpo accept")
        open_work(folder)
        yield


def settle_accepted(root: Path) -> None:
    """Finish what an acceptance left half done, if anything: until then it is neither old nor new.

    Raises BuildLocked and WriteFailed.
    """
    if has_journal(root / FOLDER):
        with hold_accepted(root):
            pass


def replace_accepted(root: Path, files: Mapping[str, bytes], removals: Collection[str]) -> None:
    """Write files of the accepted state and remove others, all or none; paths are below it.

    What was written is read again, and all of it is done once more if that differs. The state is
    held. Raises WriteFailed.
    """
    folder = root / FOLDER

    def verify(made: Sequence[Change], _: Sequence[Change]) -> None:
        for target, put in ((t, p) for change in made for t, p in change.puts.items()):
            if hash_present(folder / target) != put.digest:
                raise explain_refusal(folder / target, OSError(str(_NOT_AS_WRITTEN)))

    for path in (*files, *removals):
        if Path(path).name in (_DIGESTS, _RECEIPTS):  # which only repeat what is elsewhere
            clear_place(folder / path)
    for attempt in range(1, _ATTEMPTS + 1):
        puts = {path: _stage(folder, path, content) for path, content in files.items()}
        try:
            failed = apply_changes(folder, [Change(FOLDER, puts, tuple(removals))], verify)
        except WriteFailed:
            if attempt == _ATTEMPTS or has_journal(folder):  # which is for the next command
                raise
            continue
        if failed:
            raise failed[FOLDER]
        return


def _stage(folder: Path, path: str, content: bytes) -> Put:
    staged = folder / WORK / "new" / path
    write_file(staged, content)
    return make_put(folder, path, staged, hashlib.sha256(content).hexdigest())


def read_accepted(root: Path, name: str) -> Observation | None:
    """Return the accepted state of ``plan/2021/annual``, None where there is none.

    Raises UnreadableAccepted.
    """
    facts, text = (root / FOLDER / path for path in name_state(name))
    if not facts.is_file() or not text.is_file():
        return None
    with _tell_unreadable(facts):
        values = json.loads(facts.read_text("utf-8"))
        if not isinstance(values, dict):
            raise ValueError(f"{type(values).__name__}, not an object")
    with _tell_unreadable(text):
        return parse_text(text.read_text("utf-8"), values)


@contextmanager
def _tell_unreadable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, RecursionError, csv.Error) as error:
        why = f"{type(error).__name__}: {error}"
        raise UnreadableAccepted(value=path, why=why) from error


def name_state(name: str) -> tuple[str, str]:
    """Return the paths of a document's facts and text, below the folder of the accepted state."""
    return f"{name}.facts.json", f"{name}.txt"


def describe_state(name: str, observation: Observation) -> dict[str, bytes]:
    """Return a document's accepted state: content by path."""
    facts, text = name_state(name)
    return {
        facts: canonical_json(dict(observation.facts)).encode(),
        text: format_text(observation).encode(),
    }


def locate_accepted(root: Path, plan: str, fiscal_year: int) -> Record:
    """Return where an accepted edition has the receipts of its documents."""
    folder = root / FOLDER
    file = folder / _locate((plan, fiscal_year)) / _RECEIPTS
    return Record(file, folder / _INPUTS, "nenpo accept")


def describe_receipts(
    root: Path, output: Path, edition: Edition, names: Collection[str], left: Collection[str]
) -> dict[str, bytes]:
    """Return what the documents that are accepted now were made from: content by path.

    ``names`` are theirs, ``left`` those of all that the edition keeps: plan/2021/annual. The
    receipts of the others stay. A document whose receipt is missing, or speaks of other files
    than the published ones, has none. Empty, if none has.
    """
    record, made = locate_accepted(root, *edition), locate_record(output)
    published, kept = read_receipts(made), read_receipts(record)
    briefings = {k: v for k, v in kept.briefings.items() if k in set(left).difference(names)}
    details = dict(kept.details)
    for name in sorted(set(left).intersection(names, published.briefings)):
        outputs = published.briefings[name].outputs
        if all(hash_present(output / file) == digest for file, digest in outputs.items()):
            own = narrow_receipt(published, name)
            briefings |= own.briefings
            details |= own.details
    if not briefings:
        return {}
    receipts = Receipts(briefings, details)
    missing = {d for d in list_inputs(receipts) if not record.find_input(d)}
    sources = {digest: made.find_input(digest) for digest in sorted(missing)}
    inputs = {f"{_INPUTS}/{d}": path.read_bytes() for d, path in sources.items() if path}
    return {f"{_locate(edition)}/{_RECEIPTS}": format_receipts(receipts).encode(), **inputs}


def forget_inputs(root: Path) -> None:
    """Remove the kept input files that no accepted edition speaks of."""
    records = [locate_accepted(root, *edition) for edition in list_accepted_editions(root)]
    found = [read_receipts(record) for record in records if record.file.is_file()]
    if all(receipts.briefings for receipts in found):  # else a merge left one that nobody can read
        drop_inputs(root / FOLDER / _INPUTS, set().union(*map(list_inputs, found)))


def find_digest(output: Path, name: str, state: Iterable[bytes]) -> str:
    """Return the SHA-256 of the published files that are compared and of their accepted state.

    Of both: a state that was edited or merged by hand is no longer that of these files. Raises
    ``FileNotFoundError`` if one of the files is not there.
    """
    found = BriefingName.parse(name)
    published = (found.locate(output, suffix).read_bytes() for suffix in _OBSERVED)
    digest = hashlib.sha256()
    for content in (*published, *state):
        digest.update(hashlib.sha256(content).digest())
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
                state = ((root / FOLDER / path).read_bytes() for path in name_state(str(name)))
                if digest and digest == find_digest(output, str(name), state):
                    found.add(str(name))
    return frozenset(found)


def _read_digests(root: Path, plan: str, fiscal_year: int) -> dict[str, str]:
    # Without digests, or with those that a merge left unreadable, everything is compared.
    path = root / FOLDER / _locate((plan, fiscal_year)) / _DIGESTS
    return read_cache(path, _DIGESTS_SHAPE, "nenpo accept") or {}


def _locate(edition: Edition) -> str:
    return f"{edition[0]}/{edition[1]}"


def describe_edition(
    root: Path,
    edition: Edition,
    digests: Mapping[str, str],
    left: Collection[str],
    entries: Sequence[Acceptance],
) -> dict[str, bytes]:
    """Return an edition's digests and its log with new ones: content by path.

    ``digests`` are by name in the edition, as are those that it keeps, ``left``. Raises
    UnreadableAccepted.
    """
    kept = {k: v for k, v in {**_read_digests(root, *edition), **digests}.items() if k in left}
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n", quoting=csv.QUOTE_ALL)
    log = [*read_log(root, *edition), *entries]
    writer.writerows([_LOG_COLUMNS, *map(attrgetter(*_LOG_COLUMNS), log)])
    files = {f"{_locate(edition)}/{_LOG}": written.getvalue().encode()}
    return files | (
        {f"{_locate(edition)}/{_DIGESTS}": canonical_json(kept).encode()} if kept else {}
    )


def list_descriptions(edition: Edition) -> tuple[str, ...]:
    """Return the paths of an edition's files that speak of its documents, the log apart."""
    return tuple(f"{_locate(edition)}/{name}" for name in (_DIGESTS, _RECEIPTS))


def read_log(root: Path, plan: str, fiscal_year: int) -> tuple[Acceptance, ...]:
    """Return the edition's log, the oldest acceptance first. Raises UnreadableAccepted."""
    path = root / FOLDER / _locate((plan, fiscal_year)) / _LOG
    if not path.is_file():
        return ()
    with _tell_unreadable(path), path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
        if tuple(header) != _LOG_COLUMNS:
            raise ValueError(f"columns {', '.join(header)}")
        # strict: a row that is cut off is no acceptance.
        return tuple(Acceptance(**dict(zip(header, row, strict=True))) for row in rows)
