"""What each published briefing was made from, kept in ``.receipts.json``: nothing is made twice.

A briefing is current if everything in its receipt is as it was: its notebook and parameters, the
part of the data that it was given (see ``data.visible``), whatever else its notebook opened, our
code, the versions and the font. The input files of that day are kept in ``.receipts/``, so that
``nenpo why`` can name the row and column that changed. An accepted edition has a record of the same
form (see ``check.accepted``).
"""

import json
import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from nenpo.build.briefing import Briefing, BriefingName
from nenpo.build.environment import find_environment
from nenpo.build.isolated.trace import Trace, digest_place
from nenpo.data.events import EVERY_PLAN, SHARED
from nenpo.data.project import list_plans
from nenpo.errors import NenpoError
from nenpo.files import (
    canonical_json,
    find_changed,
    hash_inputs,
    hash_values,
    list_data_files,
    list_notebooks,
    list_params_files,
    write_atomically,
)

if TYPE_CHECKING:
    from nenpo.data.plan_files import PlanRows
    from nenpo.data.visible import View

_VERSION = 1

# In the order in which they are told: what people changed before what changed around them.
Part = Literal["new", "outputs", "data", "parameters", "notebook", "opened", "environment"]


class Reason(NamedTuple):
    """One thing because of which a briefing has to be made: what it is, and what became of it."""

    part: Part
    name: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Receipt:
    """What a briefing was made from: names and their digests.

    ``data``: a plan, ``plan/department`` for what that department sees of it, or another part of
    the data. ``files`` and ``environment`` stand for the digests of single files
    and versions, which :class:`Receipts` holds. ``outputs``: the published files.
    """

    outputs: Mapping[str, str]
    notebook: str
    parameters: Mapping[str, Any]
    data: Mapping[str, str]
    opened: Mapping[str, str]
    files: str
    environment: str


@dataclass(frozen=True)
class Record:
    """Where receipts are written: their ``file``, and the folder of the ``inputs`` by digest."""

    file: Path
    inputs: Path

    def find_input(self, digest: str | None) -> Path | None:
        """Return where an input file lies as it was when a briefing was made, None if nowhere."""
        path = self.inputs / (digest or "-")
        return path if path.is_file() else None


def locate_record(output: Path) -> Record:
    """Return where an output folder has its receipts."""
    return Record(output / ".receipts.json", output / ".receipts")


@dataclass(frozen=True)
class Receipts:
    """The receipts by briefing.

    ``details``: what the digests of files and environments stand for. ``lists``: the briefings
    that a command's selectors chose, and the digest of the inputs that they were chosen by.
    ``pages``: the pages around the briefings, and what they were made from ("").
    """

    briefings: Mapping[str, Receipt] = field(default_factory=dict)
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lists: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)


class Inputs:
    """The inputs and the environment of now, each looked at when first asked for.

    The data are read, and what reads them is imported, only if a file of theirs has changed.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._same: dict[tuple[str, str], bool] = {}
        # Briefings come plan by plan; a country has thousands of plans.
        self._read_rows = lru_cache(maxsize=16)(self._read_rows)  # type: ignore[method-assign]
        self.digest_part = lru_cache(maxsize=None)(self.digest_part)  # type: ignore[method-assign]

    @cached_property
    def files(self) -> dict[str, str]:
        """Digest of every file of data and every notebook, by path."""
        return hash_inputs(self.root, [*list_data_files(self.root), *list_notebooks(self.root)])

    @cached_property
    def files_digest(self) -> str:
        """One digest of all files."""
        return hash_values(self.files)

    @cached_property
    def data_digest(self) -> str:
        """One digest of the data alone, as ``inputs.digest_data`` has it."""
        return hash_values(select_files(self.files, EVERY_PLAN))

    @cached_property
    def selection_digest(self) -> str:
        """One digest of what decides which briefings there are, and whether all is valid."""
        folders = [self.root / "data", self.root / "params"]
        names = sorted(p.relative_to(self.root).as_posix() for f in folders for p in f.rglob("*"))
        params = hash_inputs(self.root, list_params_files(self.root))
        return hash_values([names, params, self.files, self.environment_digest])

    @cached_property
    def environment(self) -> dict[str, str]:
        """What documents are drawn with."""
        return find_environment()

    @cached_property
    def environment_digest(self) -> str:
        """One digest of the environment."""
        return hash_values(self.environment)

    def is_still_true(self) -> bool:
        """Return whether the files are what they were when they were looked at."""
        return Inputs(self.root).files_digest == self.files_digest

    def has_same_files(self, digest: str, files: Mapping[str, str], part: str) -> bool:
        """Return whether a part of the data has the files that it had among those of a digest."""
        key = (digest, part.partition("/")[0])
        if key not in self._same:
            self._same[key] = select_files(files, part) == select_files(self.files, part)
        return self._same[key]

    def digest_part(self, name: str) -> str:
        """Return the digest of a part of the data, "" if it is not valid."""
        from nenpo.data.visible import digest_rows, show_rows

        if name == SHARED:
            return hash_values(select_files(self.files, SHARED))
        if name == EVERY_PLAN:
            return hash_values({plan: self.digest_part(plan) for plan in list_plans(self.root)})
        try:
            rows = self._read_rows(name.partition("/")[0])
            return digest_rows(show_rows(rows, self.find_view(name)))
        except (NenpoError, OSError):
            return ""

    def find_view(self, name: str) -> "View":
        """Return what documents that are made from a part of the data were given of it."""
        from nenpo.data.visible import View, make_view

        plan, _, department = name.partition("/")
        return make_view(self._read_rows(plan), department) if department else View()

    def _read_rows(self, plan: str) -> "PlanRows":
        from nenpo.data.plan_files import read_rows

        return read_rows(self.root, plan)


def select_files(files: Mapping[str, str], part: str) -> dict[str, str]:
    """Return those of the input files that a part of the data is read from."""
    data = {name: digest for name, digest in files.items() if name.startswith("data/")}
    if part == EVERY_PLAN:
        return data
    if part == SHARED:
        return {name: digest for name, digest in data.items() if name.count("/") == 1}
    folder = f"data/{part.partition('/')[0]}/"
    return {name: digest for name, digest in data.items() if name.startswith(folder)}


def find_reasons(
    receipts: Receipts, state: Inputs, briefing: Briefing, outputs: Mapping[str, str]
) -> list[Reason]:
    """Return why the briefing has to be made, [] if what is published is current.

    ``outputs`` are the digests of its files as they are now, {} if it is not published.
    """
    receipt = receipts.briefings.get(briefing.full_name)
    if receipt is None or not outputs:
        return [Reason("new", briefing.full_name)]
    opened = {name: digest_place(state.root / name) for name in receipt.opened}
    return [
        *_compare("outputs", receipt.outputs, outputs),
        *_compare("environment", receipts.details[receipt.environment], state.environment),
        *_compare("parameters", receipt.parameters, briefing.parameters),
        *_find_changed_files(receipts, receipt, state, briefing),
        *_compare("opened", receipt.opened, opened),
    ]


def _compare(part: Part, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Reason]:
    names = find_changed(before, after)
    return [Reason(part, name, before.get(name), after.get(name)) for name in names]


def _find_changed_files(
    receipts: Receipts, receipt: Receipt, state: Inputs, briefing: Briefing
) -> list[Reason]:
    before = receipts.details[receipt.files]
    if receipt.files == state.files_digest and receipt.notebook == briefing.notebook:
        return []
    found = []
    name = f"notebooks/{briefing.notebook}"
    if receipt.notebook != briefing.notebook or before.get(name) != state.files.get(name):
        found.append(Reason("notebook", name, before.get(name), state.files.get(name)))
    for part, digest in receipt.data.items():
        if state.has_same_files(receipt.files, before, part):
            continue
        if state.digest_part(part) != digest:
            found.append(Reason("data", part, digest, state.digest_part(part)))
    return found


def make_receipt(
    state: Inputs, briefing: Briefing, trace: Trace, outputs: Mapping[str, str]
) -> Receipt:
    """Return the receipt of a briefing that was just made."""
    opened = dict(trace.opened)
    if trace.unrepeatable:
        # No file has that digest, so the briefing is made each time.
        opened[trace.unrepeatable] = "unrepeatable"
    return Receipt(
        outputs=outputs,
        notebook=briefing.notebook,
        parameters=dict(briefing.parameters),
        data={part: state.digest_part(part) for part in trace.used},
        opened=opened,
        files=state.files_digest,
        environment=state.environment_digest,
    )


def choose_briefings(
    state: Inputs,
    output: Path,
    selectors: Sequence[str],
    on_change: Callable[[], None] = lambda: None,
) -> tuple[Briefing, ...]:
    """Return what ``select_briefings`` does, without reading the data if nothing changed.

    ``on_change`` is called before the data are read. Raises as that does.
    """
    receipts = read_receipts(locate_record(output))
    known = receipts.lists.get(" ".join(selectors))
    found = [(name, receipts.briefings.get(name)) for name in known["names"]] if known else []
    briefings = [_recall(name, receipt) for name, receipt in found if receipt]
    # The digest is asked for last: a first build need not wait for it.
    if known and len(briefings) == len(found) and known["inputs"] == state.selection_digest:
        return tuple(briefings)
    on_change()
    from nenpo.build.select import select_briefings

    return select_briefings(state.root, selectors)


def _recall(name: str, receipt: Receipt) -> Briefing:
    found = BriefingName.parse(name)
    values = (found.plan, found.fiscal_year, found.kind, found.department)
    return Briefing(*values, receipt.parameters)


def read_receipts(record: Record) -> Receipts:
    """Return the receipts of a record; none where they are missing or unreadable."""
    try:
        found = json.loads(record.file.read_text("utf-8"))
        if found.pop("receipts_version") != _VERSION:
            return Receipts()
        briefings = {name: Receipt(**entry) for name, entry in found.pop("briefings").items()}
        known = found["details"].keys()
        whole = {k: v for k, v in briefings.items() if {v.files, v.environment} <= known}
        return Receipts(briefings=whole, **found)
    except (OSError, ValueError, KeyError, TypeError):
        return Receipts()  # then everything is made anew, and nothing is known of causes


def write_receipts(output: Path, receipts: Receipts, state: Inputs) -> None:
    """Write an output folder's receipts and the input files that they speak of, and no others."""
    now = {state.files_digest: state.files, state.environment_digest: state.environment}
    whole = replace(receipts, details={**receipts.details, **now})
    record = locate_record(output)
    sources = {digest: state.root / name for name, digest in state.files.items()}
    write_record(record, whole, sources.get)
    drop_inputs(record.inputs, list_inputs(whole))


def write_record(
    record: Record, receipts: Receipts, find_source: Callable[[str], Path | None]
) -> None:
    """Write receipts with the details that they need, and the input files that are not there yet.

    ``find_source`` returns where the file with a digest lies, None if it is lost.
    """
    record.inputs.mkdir(parents=True, exist_ok=True)
    present = {path.name for path in record.inputs.iterdir()}
    for digest in list_inputs(receipts) - present:
        if source := find_source(digest):
            shutil.copyfile(source, record.inputs / digest)
    needed = {n for r in receipts.briefings.values() for n in (r.files, r.environment)}
    details = {k: v for k, v in receipts.details.items() if k in needed}
    kept = {"receipts_version": _VERSION, **asdict(replace(receipts, details=details))}
    write_atomically(record.file, canonical_json(kept))


def list_inputs(receipts: Receipts) -> set[str]:
    """Return the digests of the input files that the receipts speak of."""
    files = {receipt.files for receipt in receipts.briefings.values()}
    return {digest for name in files for digest in receipts.details[name].values()}


def drop_inputs(folder: Path, wanted: Collection[str]) -> None:
    """Remove the input files that no receipt speaks of."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted and path.is_file():
            path.unlink()


def narrow_receipt(receipts: Receipts, name: str) -> Receipts:
    """Return one briefing's receipt, of the input files only those that it was made from."""
    receipt = receipts.briefings[name]
    known = receipts.details[receipt.files]
    notebook = f"notebooks/{receipt.notebook}"
    own = {file: digest for file, digest in known.items() if file == notebook}
    for part in receipt.data:
        own |= select_files(known, part)
    environment = receipts.details[receipt.environment]
    narrow = replace(receipt, files=hash_values(own))
    return Receipts({name: narrow}, {narrow.files: own, narrow.environment: environment})
