"""Results as they come → the output folder, in batches, with a receipt for each briefing."""

import json
import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from nenpo.build.briefing import INTERNAL, Briefing, BriefingName
from nenpo.build.isolated.outcome import FAILED, SUFFIXES, BriefingResult
from nenpo.build.isolated.trace import Trace
from nenpo.build.manifest import FAILED_FOLDER, Publication, apply_change, check_set, read_manifest
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
from nenpo.errors import ForeignFile
from nenpo.files import (
    find_changed,
    hash_file,
    hash_present,
    hash_text,
    hash_values,
    remove_file,
    write_atomically,
)

# A change writes the whole manifest and all receipts: with thousands of briefings it is to take a
# small share of the time, with a few it is to come soon.
_WAIT_SECONDS = 1.0
_SHARE = 0.05


class Output:
    """One build's way to its output folder; ``folder`` tells where a briefing's files were made."""

    def __init__(self, output: Path, folder: Callable[[str], Path], state: Inputs) -> None:
        self.entries = read_manifest(output)
        self.seconds = 0.0
        self._output, self._folder, self._state = output, folder, state
        self.receipts = self._written = read_receipts(locate_record(output))
        self._waiting: list[tuple[Briefing, BriefingResult, Trace | None]] = []
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
        with suppress(OSError, ValueError, TypeError, KeyError):
            told = json.loads(facts.read_text("utf-8"))
            return name is not None and (told["plan"], told["fiscal_year"]) == (
                name.plan,
                name.fiscal_year,
            )
        return False

    def check_made(self, name: str) -> None:
        """See that a made set is complete and can be put in place.

        Raises IncompleteSet and ForeignFile.
        """
        files = self._locate_set(name)
        self.require_own({place: partial(hash_file, path) for place, path in files.items()})

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

    def take(self, briefing: Briefing, result: BriefingResult, trace: Trace | None) -> None:
        """Take a result; put it in place now, or soon together with others."""
        self._waiting.append((briefing, result, trace))
        if time.monotonic() >= self._next:
            self._put_in_place()

    def close(self, gone: Iterable[str]) -> tuple[str, ...]:
        """Put in place what waits, remove the briefings ``gone``; return their names in order."""
        names = tuple(sorted(gone))
        if self._waiting or names:
            self._put_in_place(names)
        return names

    def _put_in_place(self, gone: tuple[str, ...] = ()) -> None:
        started = time.monotonic()
        batch, self._waiting = self._waiting, []
        change = self._plan_change([result for _, result, _ in batch], gone)
        apply_change(self._output, change)
        self.entries = read_manifest(self._output)
        self._write_receipts(batch, gone)
        for briefing, _, _ in batch:
            shutil.rmtree(self._folder(briefing.full_name), ignore_errors=True)
        self._next = time.monotonic()
        took = self._next - started
        self.seconds += took
        self._next += max(_WAIT_SECONDS, took / _SHARE)

    def _plan_change(self, results: Sequence[BriefingResult], gone: tuple[str, ...]) -> Publication:
        entries, moves, removals = dict[str, Any](), dict[str, str](), list[str]()
        for result in results:
            failure = f"{FAILED_FOLDER}/{result.name}.ipynb"
            if result.status == "made":
                entries[result.name], files = self._describe_set(result)
                moves.update(files)
                before = self.entries.get(result.name, {"files": {}})["files"]
                removals += [failure, *(path for path in before if path not in files)]
            elif result.executed:
                moves[failure] = self._relative(self._folder(result.name) / FAILED)
        for name in gone:
            removals += [*self.entries[name]["files"], f"{FAILED_FOLDER}/{name}.ipynb"]
        return Publication(moves, tuple(removals), entries, gone)

    def _locate_set(self, name: str) -> dict[str, Path]:
        """Return the files of a made set by their place to come. Raises IncompleteSet."""
        stem = BriefingName.parse(name).path
        files = check_set(self._folder(name), name)
        return {f"{stem}{suffix}": path for suffix, path in files.items()}

    def _describe_set(self, result: BriefingResult) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the manifest's entry and the moves (target → source)."""
        targets = self._locate_set(result.name)
        digests = {target: hash_file(path) for target, path in targets.items()}
        moves = {target: self._relative(path) for target, path in targets.items()}
        return {"title": result.title, "files": digests}, moves

    def _relative(self, path: Path) -> str:
        return path.relative_to(self._output).as_posix()

    def _write_receipts(
        self, batch: Sequence[tuple[Briefing, BriefingResult, Trace | None]], gone: Iterable[str]
    ) -> None:
        # Of what was made while its inputs changed, nobody knows what it was made from.
        certain = self._state.is_still_true()
        found = {
            briefing.full_name: make_receipt(
                self._state, briefing, trace, self.entries[briefing.full_name]["files"]
            )
            for briefing, _, trace in batch
            if certain and trace is not None
        }
        lost = {*gone, *(result.name for _, result, _ in batch)} - found.keys()
        self._keep(found, lost)
        self.save()

    def _keep(self, found: Mapping[str, Receipt], lost: Iterable[str] = ()) -> None:
        left = {k: v for k, v in self.receipts.briefings.items() if k not in set(lost)}
        self.receipts = replace(self.receipts, briefings={**left, **found})

    def has_current_pages(self) -> bool:
        """Return whether the pages around the briefings are as they were last written."""
        return not find_changed(self.receipts.pages, self._hash_pages(self.receipts.pages))

    def put_pages(self, pages: Mapping[str, str]) -> None:
        """Write the pages, and remove those of editions that are gone. Raises ForeignFile."""
        self.require_own({path: partial(hash_text, text) for path, text in pages.items()})
        for path, text in pages.items():
            write_atomically(self._output / path, text)
        for path in self._pages - pages.keys():
            remove_file(self._output, self._output / path)
        self.receipts = replace(self.receipts, pages=self._hash_pages(pages))

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
        if self.receipts != self._written:
            write_receipts(self._output, self.receipts, self._state)
            self._written = self.receipts
