"""An output folder at a URL (s3://, sftp:// …): what a build needs of it, and back.

A build works in a folder of this machine that holds the manifest, the receipts, the facts and the
pages. Afterwards what changed goes to the URL: files, pages, receipts, the manifest last, and only
then are old files removed. A build that is cut off in between leaves files that the manifest does
not describe; the next one sees that and makes them again. Two builds to one URL at the same time
are not kept apart.
"""

# mypy: allow-untyped-calls
# fsspec has no types.

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nenpo.build.manifest import FAILED_FOLDER, MANIFEST, WORK, read_manifest
from nenpo.errors import MissingExtra, NenpoError, UnusableOutput
from nenpo.files import canonical_json, hash_file, hash_present

MARKS = ".marks.json"
"""At the URL: the digest of each file, and by what the file system told that it is unchanged."""
# What changes when a file is written: a checksum where there is one, else a time.
_MARKS = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "created")


@dataclass(frozen=True)
class Output:
    """The folder to build in, what to call it, and how the digest of a file in it is found."""

    folder: Path
    name: str
    hash_file: Callable[[Path], str] = hash_present


@contextmanager
def open_output(given: str | None, default: Path) -> Iterator[Output]:
    """Yield where to build for a folder or a URL; at the end a URL gets what changed.

    Raises:
        MissingExtra: ``fsspec``, or what it needs for this kind of URL, is not installed.
        UnusableOutput: the place cannot be read or written.
    """
    if given is None or "://" not in given:
        folder = Path(given) if given else default
        yield Output(folder, str(folder))
        return
    filesystem, base = _find_place(given)
    if "file" in filesystem.protocol:
        yield Output(Path(base), base)
        return
    with tempfile.TemporaryDirectory(prefix="nenpo-") as temporary:
        copy = _Copy(filesystem, base, Path(temporary).resolve())
        with _tell_problems(given):
            copy.fetch()
        try:
            yield Output(copy.folder, given, copy.hash_file)
        finally:  # an interrupted build keeps what it finished, here as well
            with _tell_problems(given):
                copy.upload()


def _find_place(url: str) -> tuple[Any, str]:
    try:
        import fsspec.core
    except ImportError:
        raise MissingExtra(value=f"--output {url}", extra="dask") from None
    with _tell_problems(url):
        filesystem, base = fsspec.core.url_to_fs(url)
        return filesystem, base.rstrip("/")


@contextmanager
def _tell_problems(url: str) -> Iterator[None]:
    """Raise UnusableOutput for whatever a file system raises: each has errors of its own."""
    try:
        yield
    except NenpoError:
        raise
    except Exception as error:
        raise UnusableOutput(value=url, why=f"{type(error).__name__}: {error}") from error


@dataclass
class _Copy:
    """``there``: path → mark of what lies at the URL; ``known``: path → digest as far as known."""

    filesystem: Any
    base: str
    folder: Path
    there: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)

    def fetch(self) -> None:
        """Bring over what the build reads."""
        self.there = self._list_marks()
        for name in self.there:
            if name in (MANIFEST, MARKS) or name.startswith((".receipts", f"{FAILED_FOLDER}/")):
                self._fetch_file(name)
        entries = read_manifest(self.folder).values()
        self.named = {path for entry in entries for path in entry["files"]}
        for name in self.there:
            is_facts = name in self.named and name.endswith(".facts.json")
            if is_facts or _is_page(name):
                self._fetch_file(name)
        for name, (digest, mark) in self._read_marks().items():
            if self.there.get(name) == mark:
                self.known.setdefault(name, digest)

    def hash_file(self, path: Path) -> str:
        """Return the digest of a file, be it only at the URL, or "" if there is none."""
        name = path.relative_to(self.folder).as_posix()
        if path.is_file() or name not in self.there:
            return hash_present(path)
        if name not in self.known:
            self.known[name] = hashlib.sha256(self._read(name)).hexdigest()
        return self.known[name]

    def upload(self) -> None:
        """Make the URL what the folder is, in an order that may end anywhere."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        names = [path.relative_to(self.folder).as_posix() for path in files]
        present = {n: hash_file(self.folder / n) for n in names if _is_published(n)}
        changed = [name for name, digest in present.items() if self.known.get(name) != digest]
        entries = read_manifest(self.folder).values()
        named = {path for entry in entries for path in entry["files"]}
        ours = self.named | {name for name in self.there if _is_ours(name)}
        gone = sorted((ours & self.there.keys()) - named - present.keys())
        if not changed and not gone:
            return
        for name in sorted(changed, key=_rank):
            self._write(name, (self.folder / name).read_bytes())
            self.known[name] = present[name]
        for name in gone:
            self.filesystem.rm_file(f"{self.base}/{name}")
        self._write_marks(named)

    def _write_marks(self, named: set[str]) -> None:
        there = self._list_marks()
        written = self.known.keys() & there.keys() & named
        marks = {name: [self.known[name], there[name]] for name in written if there[name]}
        self._write(MARKS, canonical_json(marks).encode())

    def _read_marks(self) -> Mapping[str, tuple[str, str]]:
        try:
            marks: Mapping[str, tuple[str, str]] = json.loads((self.folder / MARKS).read_text())
        except (OSError, ValueError):
            return {}
        return marks

    def _list_marks(self) -> dict[str, str]:
        self.filesystem.invalidate_cache()
        found = self.filesystem.find(self.base, detail=True)
        return {path.removeprefix(self.base).lstrip("/"): _mark(i) for path, i in found.items()}

    def _fetch_file(self, name: str) -> None:
        content = self._read(name)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.known[name] = hashlib.sha256(content).hexdigest()

    def _read(self, name: str) -> bytes:
        content: bytes = self.filesystem.cat_file(f"{self.base}/{name}")
        return content

    def _write(self, name: str, content: bytes) -> None:
        path = f"{self.base}/{name}"
        self.filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.filesystem.pipe_file(path, content)


def _mark(info: Mapping[str, Any]) -> str:
    """Return what tells an altered file, "" if the file system tells nothing."""
    told = [str(info[key]) for key in _MARKS if info.get(key)]
    return f"{info.get('size')} {told[0]}" if told else ""


def _is_published(name: str) -> bool:
    return not name.startswith(f"{WORK}/") and name not in (".lock", MARKS)


def _is_page(name: str) -> bool:
    """Return whether it is a page of the build's: index.html, plan/2021/index.html."""
    return name.rpartition("/")[2] == "index.html" and name.count("/") in (0, 2)


def _is_ours(name: str) -> bool:
    """Return whether a file beside the briefings, fetched before, is the build's to remove."""
    return name.startswith((".receipts/", f"{FAILED_FOLDER}/")) or _is_page(name)


def _rank(name: str) -> tuple[int, str]:
    """Return when a file is uploaded: briefings, pages, receipts, the manifest."""
    if name == MANIFEST:
        return 4, name
    if name.startswith(".receipts"):
        return 2 + (name == ".receipts.json"), name
    return int(_is_page(name)), name
