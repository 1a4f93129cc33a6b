"""Results as they come → the output folder, in batches, with a receipt for each briefing."""

import json
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from nenpo.build.briefing import INTERNAL, Briefing, BriefingName
from nenpo.build.isolated.outcome import FAILED, SUFFIXES, BriefingResult
from nenpo.build.isolated.trace import Trace
from nenpo.build.manifest import FAILED_FOLDER, check_set, read_manifest, record_changes
from nenpo.build.receipts import (
    Inputs,
    Reason,
    Receipt,
    find_reasons,
    locate_record,
    make_receipt,
    read_receipts,
    write_receipts,
)
from nenpo.build.transaction import WORK, Change, Put, apply_changes, make_put
from nenpo.errors import ForeignFile, IncompleteSet, NenpoError, WriteFailed
from nenpo.files import (
    explain_write,
    find_changed,
    hash_file,
    hash_present,
    hash_text,
    hash_values,
    read_ordinary,
    write_file,
)

# A change writes the whole manifest and all receipts: with thousands of briefings it is to take a
# small share of the time, with a few it is to come soon.
_WAIT_SECONDS = 1.0
_SHARE = 0.05
_Taken = tuple[Briefing, BriefingResult, Trace | None]


class Output:
    """One build's way to its output folder; ``folder`` tells where a briefing's files were made."""

    def __init__(self, output: Path, folder: Callable[[str], Path], state: Inputs) -> None:
        self.entries = read_manifest(output)
        self.seconds = 0.0
        self._output, self._folder, self._state = output, folder, state
        self.receipts = self._written = read_receipts(locate_record(output))
        self.trouble: list[NenpoError] = []
        self._waiting = list[_Taken]()
        self._next = 0.0
        self._pages = self._list_pages()
        published = (entry["files"] for entry in self.entries.values())
        received = (receipt.outputs for receipt in self.receipts.briefings.values())
        self._own = self._pages.union(*published, *received)

    def _list_pages(self) -> frozenset[str]:
        """Return the pages that builds have put there, by the receipts and, if lost, the manifest.

        A manifest that names documents of an edition stands for the pages around them.
        """
        editions = {BriefingName.parse(name).edition for name in self.entries}
        around = ("index.html", f"{INTERNAL}/index.html", *(f"{e}/index.html" for e in editions))
        named = frozenset(self.receipts.pages) - {""}
        return named.union(around if editions else ())

    def require_own(self, files: Mapping[str, Callable[[], str]]) -> None:
        """Raise ForeignFile for places where a file lies that no build has put there.

        ``files`` are the places of files to come, each with what returns its digest: the same file
        may lie there already. Manifest or receipts name those that builds have put there; if both
        are lost, the facts beside them do.
        """
        unknown = (path for path in files if path not in self._own)
        present = (path for path in unknown if (self._output / path).exists())
        others = (p for p in present if hash_present(self._output / p) != files[p]())
        foreign = [path for path in others if not self._find_facts(path)]
        if foreign:
            raise ForeignFile(value=", ".join(str(self._output / path) for path in foreign))

    def _find_facts(self, path: str) -> bool:
        """Return whether facts lie beside a document, or in the folder of a page, that are ours."""
        place = self._output / path
        beside = place.with_name(f"{place.name.partition('.')[0]}.facts.json")
        if beside.name == "index.facts.json" and not beside.exists():
            return any(map(self._is_named, place.parent.rglob("*.facts.json")))
        return self._is_named(beside)

    def _is_named(self, facts: Path) -> bool:
        """Return whether facts name the plan and the year of the place where they lie."""
        stem = self._relative(facts).removesuffix(".facts.json").removeprefix(f"{INTERNAL}/")
        name = BriefingName.find(stem)
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            told = json.loads(read_ordinary(facts))
            return name is not None and (told["plan"], told["fiscal_year"]) == (
                name.plan,
                name.fiscal_year,
            )
        return False

    def find_current(self, briefings: Sequence[Briefing]) -> dict[str, BriefingResult]:
        """Return the results of the briefings that need not be made, by name."""
        found = {}
        for briefing in briefings:
            name = briefing.full_name
            if not self.find_reasons(briefing):
                found[name] = BriefingResult(name, "current", title=self.entries[name]["title"])
        own, state = self.receipts.briefings, self._state
        now = {  # as if they had been made now
            name: replace(own[name], files=state.files_digest, environment=state.environment_digest)
            for name in found
        }
        self._keep(now)
        return found

    def find_reasons(self, briefing: Briefing) -> list[Reason]:
        """Return why the briefing has to be made, [] if what is published is current."""
        outputs = {}
        if briefing.full_name in self.entries:
            # Those that a build would write: an older one may have put them elsewhere.
            files = [f"{briefing.identity.path}{suffix}" for suffix in SUFFIXES]
            outputs = {path: hash_present(self._output / path) for path in files}
        return find_reasons(self.receipts, self._state, briefing, outputs)

    def is_stale(self) -> bool:
        """Return whether another build has written what this one has read."""
        record = locate_record(self._output)
        read = (read_manifest(self._output), read_receipts(record))
        return read != (self.entries, self._written)

    def has_news(self) -> bool:
        """Return whether the receipts are not those that were read or written last."""
        return self.receipts != self._written

    def take(
        self, briefing: Briefing, result: BriefingResult, trace: Trace | None
    ) -> list[BriefingResult]:
        """Take a result, to put it in place now, or soon together with others.

        Returns the results that are settled by it: one that cannot be put in place has failed.
        """
        self._waiting.append((briefing, result, trace))
        return self._put_in_place() if time.monotonic() >= self._next else []

    def close(self) -> list[BriefingResult]:
        """Put in place what waits; return the results."""
        return self._put_in_place() if self._waiting else []

    def remove(self, gone: Collection[str]) -> tuple[str, ...]:
        """Remove briefings; return the names of those that are, in order."""
        changes = [
            Change(name, {}, (*entry["files"], _locate_evidence(name)), before=entry)
            for name, entry in sorted(self.entries.items())
            if name in gone
        ]
        if not changes:
            return ()
        failed = self._apply(changes)
        self.trouble += failed.values()
        self.entries = read_manifest(self._output)
        removed = tuple(change.name for change in changes if change.name not in failed)
        self._keep({}, removed)
        return removed

    def _put_in_place(self) -> list[BriefingResult]:
        started = time.monotonic()
        batch, self._waiting = self._waiting, []
        failed = self._place_sets([result for _, result, _ in batch])
        batch = [(b, _fail(result, failed.get(result.name)), trace) for b, result, trace in batch]
        kept = self._place_evidence([r.name for _, r, _ in batch if r.status == "failed"])
        batch = [(b, replace(r, executed=kept.get(r.name, "")), trace) for b, r, trace in batch]
        self.entries = read_manifest(self._output)
        self._write_receipts(batch)
        for briefing, _, _ in batch:
            shutil.rmtree(self._folder(briefing.full_name), ignore_errors=True)
        self._next = time.monotonic()
        took = self._next - started
        self.seconds += took
        self._next += max(_WAIT_SECONDS, took / _SHARE)
        return [result for _, result, _ in batch]

    def _place_sets(self, results: Sequence[BriefingResult]) -> dict[str, NenpoError]:
        """Put in place what was made; return why that failed, by name."""
        changes, failed = list[Change](), dict[str, NenpoError]()
        for result in results:
            if result.status == "made":
                try:
                    changes.append(self._plan_change(result))
                except (WriteFailed, IncompleteSet, ForeignFile) as error:
                    failed[result.name] = error
        return failed | self._apply(changes)

    def _place_evidence(self, names: Iterable[str]) -> dict[str, str]:
        """Keep the executed notebooks of what failed; return their paths by name."""
        changes = dict[str, Change]()
        for name in names:
            # What was made and could not be put in place was executed as well.
            staged = (self._folder(name) / FAILED, self._folder(name) / f"{Path(name).name}.ipynb")
            if source := next(filter(Path.is_file, staged), None):
                target = _locate_evidence(name)
                put = make_put(self._output, target, source, hash_file(source))
                changes[name] = Change(target, {target: put})
        lost = self._apply([*changes.values()])
        return {name: each.name for name, each in changes.items() if each.name not in lost}

    def _apply(self, changes: Sequence[Change]) -> dict[str, WriteFailed]:
        if not changes:
            return {}
        return apply_changes(self._output, changes, partial(record_changes, self._output))

    def _locate_set(self, name: str) -> dict[str, Path]:
        """Return the files of a made set by their place to come. Raises IncompleteSet."""
        stem = BriefingName.parse(name).path
        files = check_set(self._folder(name), name)
        return {f"{stem}{suffix}": path for suffix, path in files.items()}

    def _plan_change(self, result: BriefingResult) -> Change:
        """Return what puts a set in place. Raises IncompleteSet, ForeignFile and WriteFailed."""
        files = self._locate_set(result.name)
        self.require_own({place: partial(hash_file, path) for place, path in files.items()})
        puts = {}
        for target, path in files.items():
            with explain_write(self._output / target):
                puts[target] = make_put(self._output, target, path, hash_file(path))
        before = self.entries.get(result.name)
        stale = (path for path in before["files"] if path not in puts) if before else ()
        removals = (_locate_evidence(result.name), *stale)
        entry = {"title": result.title, "files": {path: put.digest for path, put in puts.items()}}
        return Change(result.name, puts, removals, entry, before)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._output).as_posix()

    def _write_receipts(self, batch: Sequence[_Taken]) -> None:
        # Of what was made while its inputs changed, nobody knows what it was made from.
        certain = self._state.is_still_true()
        found = {
            briefing.full_name: make_receipt(
                self._state, briefing, trace, self.entries[briefing.full_name]["files"]
            )
            for briefing, result, trace in batch
            if certain and trace is not None and result.status == "made"
        }
        self._keep(found, {result.name for _, result, _ in batch} - found.keys())
        self._write()

    def _keep(self, found: Mapping[str, Receipt], lost: Iterable[str] = ()) -> None:
        left = {k: v for k, v in self.receipts.briefings.items() if k not in set(lost)}
        self.receipts = replace(self.receipts, briefings={**left, **found})

    def has_current_pages(self) -> bool:
        """Return whether the pages around the briefings are as they were last written."""
        return not find_changed(self.receipts.pages, self._hash_pages(self.receipts.pages))

    def put_pages(self, pages: Mapping[str, str]) -> None:
        """Put the pages in place, all or none, and remove those of editions that are gone."""
        removals = tuple(sorted(self._pages - pages.keys()))
        try:
            self.require_own({path: partial(hash_text, text) for path, text in pages.items()})
            puts = {path: self._stage_page(path, text) for path, text in pages.items()}
        except (ForeignFile, WriteFailed) as error:
            self.trouble.append(error)
            return
        failed = self._apply([Change("pages", puts, removals)])
        self.trouble += failed.values()
        if not failed:
            self.receipts = replace(self.receipts, pages=self._hash_pages(pages))

    def _stage_page(self, path: str, text: str) -> Put:
        staged = self._output / WORK / "pages" / path
        write_file(staged, text)
        return make_put(self._output, path, staged, hash_text(text))

    def _hash_pages(self, names: Iterable[str]) -> dict[str, str]:
        """Return the digests of the pages, and that of what they are made from (as "")."""
        failures = sorted(map(self._relative, (self._output / FAILED_FOLDER).rglob("*.ipynb")))
        own = {name: hash_present(self._output / name) for name in names if name}
        made_from = [self.entries, failures, self._state.selection_digest]
        return {**own, "": hash_values(made_from)}

    def remember_list(self, selectors: Sequence[str], briefings: Iterable[Briefing]) -> None:
        """Note which briefings the selectors choose, for as long as no input changes."""
        inputs = self._state.selection_digest
        names = [briefing.full_name for briefing in briefings]
        kept = {k: v for k, v in self.receipts.lists.items() if v["inputs"] == inputs}
        lists = {**kept, " ".join(selectors): {"inputs": inputs, "names": names}}
        self.receipts = replace(self.receipts, lists=lists)

    def save(self) -> None:
        """Write the receipts, if there is anything new in them."""
        if self.has_news() and (error := self._write()):
            self.trouble.append(error)

    def _write(self) -> WriteFailed | None:
        """Write the receipts; return why that failed: they are written again at the end."""
        try:
            write_receipts(self._output, self.receipts, self._state)
        except WriteFailed as error:
            return error
        self._written = self.receipts
        return None


def _locate_evidence(name: str) -> str:
    return f"{FAILED_FOLDER}/{name}.ipynb"


def _fail(result: BriefingResult, error: NenpoError | None) -> BriefingResult:
    return replace(result, status="failed", reason=str(error)) if error else result
