"""What is for everybody in an output folder → a folder, a ``.zip`` or a URL.

That is named one by one: documents without 点検票 and notebooks, pages, tables of the plans. At the
destination, ``published.json`` holds the digest of each file: what changed is told by it, and only
what it names is ever removed. It is written before and after, so that whatever ends a publication
early, the next one goes on. Two of them to one place at a time are not kept apart.
"""

# mypy: allow-untyped-calls
# fsspec has no types.

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

from nenpo.build.briefing import Briefing
from nenpo.build.folder import PRIVATE, is_ours
from nenpo.build.manifest import FAILED_FOLDER, MANIFEST, lock_output
from nenpo.build.output import Output
from nenpo.build.receipts import Inputs, choose_briefings
from nenpo.data.datapackage import describe_package
from nenpo.data.explain import refuse_all
from nenpo.data.plan_files import read_declaration
from nenpo.data.schema.declarations import PlanMeta
from nenpo.data.schema.tables import TABLES
from nenpo.errors import (
    InputError,
    MissingExtra,
    NenpoError,
    NotPublishable,
    UnusableDestination,
)
from nenpo.export import FORMATS
from nenpo.files import (
    canonical_json,
    explain_refusal,
    explain_write,
    remove_file,
    replace_file,
    sync_files,
    sync_folder,
)

LIST = "published.json"
_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a .zip can name
# A network share or a store may lose a write once.
_ATTEMPTS = 2
_PROBLEMS = {
    "failed": ("作成に失敗している", "could not be made"),
    "new": ("作られていない", "is not built"),
    "outputs": ("出力が書き換えられた又はない", "was altered or is gone"),
    "changed": ("もとになったものが変わった", "is not what would be made now"),
    "draft": ("案である", "is a draft"),
}

Store = MutableMapping[str, bytes]
# Names of files at the destination, and what reads their content.
Sources = Mapping[str, Callable[[], bytes]]


@dataclass(frozen=True)
class Publication:
    """What was done at the destination: names of files, and how many were there already."""

    destination: str
    written: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int


def publish_outputs(
    state: Inputs, output: Path, destination: str, drafts: bool = False
) -> Publication:
    """Make ``destination`` hold what is public of every edition with params, and nothing stale.

    Changed files come first, the pages that lead to them last; then goes what is public no longer.
    Each file is read back. ``drafts`` publishes drafts as well.

    Raises:
        NotPublishable: something of it is a draft, failed, or is not as a build would make it.
        UnusableDestination: it holds files of others, or cannot be written or read.
        MissingExtra: a URL without ``fsspec``.
        BuildLocked: a build writes to the output folder.
    """
    output = output.resolve()
    if not ((output / MANIFEST).is_file() and is_ours(state.root.resolve(), output)):
        raise _refuse([(str(output), "new")])
    with lock_output(output):
        briefings = choose_briefings(state, output, ())
        public = [briefing for briefing in briefings if briefing.identity.is_public]
        problems = [*_find_problems(Output(output, output.joinpath, state), output, public)]
        if not drafts:
            states = {b.identity.edition: b.parameters.get("state") for b in public}
            problems += [(edition, "draft") for edition, s in states.items() if s == "draft"]
        if problems:
            raise _refuse(problems)
        sources = {**_list_files(output, public), **_list_tables(state.root, public)}
        private = [*((state.root / name).resolve() for name in PRIVATE), output]
        with _tell_problems(destination), _open_store(destination, private) as store:
            written, removed = _update(store, sources, destination)
    return Publication(destination, written, removed, len(sources) - len(written))


def _find_problems(
    published: Output, output: Path, briefings: Iterable[Briefing]
) -> Iterator[tuple[str, str]]:
    """Yield what is not current, and in what way."""
    for briefing in briefings:
        name = briefing.full_name
        reasons = published.find_reasons(briefing)
        if (output / FAILED_FOLDER / f"{name}.ipynb").exists():
            yield name, "failed"
        elif reasons:
            yield name, reasons[0].part if reasons[0].part in _PROBLEMS else "changed"
        elif published.entries[name]["files"] != published.receipts.briefings[name].outputs:
            yield name, "outputs"
    if not published.has_current_pages():
        yield "index.html", "changed"


def _refuse(problems: Iterable[tuple[str, str]]) -> NotPublishable:
    told = [(name, *_PROBLEMS[kind]) for name, kind in problems]
    return NotPublishable(
        problems="".join(f"\n  {name}: {ja}" for name, ja, _ in told),
        problems_en="".join(f"\n  {name}: {en}" for name, _, en in told),
    )


def _list_files(output: Path, briefings: Sequence[Briefing]) -> Sources:
    """Return the documents and the pages around them."""
    editions = dict.fromkeys(briefing.identity.edition for briefing in briefings)
    names = [
        "index.html",
        *(f"{edition}/index.html" for edition in editions),
        *(f"{b.identity.path}{form.suffix}" for b in briefings for form in FORMATS),
    ]
    return {name: (output / name).read_bytes for name in names}


def _list_tables(root: Path, briefings: Iterable[Briefing]) -> Sources:
    """Return the tables of the plans, of years those that have an edition."""
    years: dict[str, set[int]] = {}
    for briefing in briefings:
        if briefing.kind != "comparison":  # which has no tables of its own
            years.setdefault(briefing.plan, set()).add(briefing.fiscal_year)
    sources: dict[str, Callable[[], bytes]] = {}
    for plan, own in years.items():
        data = root / "data"
        folders = [data / plan, *(data / plan / str(year) for year in sorted(own))]
        found = (path for folder in folders for path in folder.glob("*.csv"))
        paths = sorted(path for path in found if path.name in TABLES)
        sources |= {f"data/{path.relative_to(data).as_posix()}": path.read_bytes for path in paths}
        sources[f"data/{plan}/datapackage.json"] = partial(_describe_tables, root, plan, paths)
    return sources


def _describe_tables(root: Path, plan: str, tables: Sequence[Path]) -> bytes:
    problems: list[InputError] = []
    folder = root / "data" / plan
    meta, _ = read_declaration(folder / "plan.yaml", root, PlanMeta, problems)
    refuse_all(problems)
    assert meta is not None  # otherwise there was a problem
    return describe_package(folder, meta, tables).encode()


@contextmanager
def _tell_problems(destination: str) -> Iterator[None]:
    """Raise UnusableDestination for what a file system raises: each has errors of its own."""
    kinds = (Exception,) if _is_url(destination) else (OSError, zipfile.BadZipFile)
    try:
        yield
    except NenpoError:
        raise
    except kinds as error:
        # fsspec's mapping calls whatever stops a removal KeyError; what it says of a package that
        # a protocol lacks names the remedy, which the cause does not.
        cause = error if isinstance(error, ImportError) else error.__cause__ or error
        raise UnusableDestination(
            value=destination, why=f"{type(cause).__name__}: {cause}"
        ) from error


def _is_url(destination: str) -> bool:
    return "://" in destination


@contextmanager
def _open_store(destination: str, private: Iterable[Path]) -> Iterator[Store]:
    """Yield the files of the destination by name; a .zip is written at the end."""
    if not _is_url(destination):
        path = Path(destination).resolve()
    else:
        mapping = _open_url(destination)
        if "file" not in mapping.fs.protocol:
            yield mapping
            return
        path = Path(mapping.root)
    for folder in private:
        if path.is_relative_to(folder):
            why, why_en = f"{folder.name}/ の中である", f"it lies in {folder.name}/"
            raise UnusableDestination(value=destination, why=why, why_en=why_en)
    if path.suffix.lower() != ".zip":
        yield _Folder(path)
        return
    before: dict[str, bytes] = {}
    if path.exists():
        with zipfile.ZipFile(path) as archive:
            before = {name: archive.read(name) for name in archive.namelist()}
    files = dict(before)
    yield files
    if files != before:
        around = _Folder(path.parent)
        _write(around, path.name, _pack(files))
        around.sync([path.name])


def _open_url(url: str) -> Any:
    try:
        from fsspec import get_mapper
    except ImportError:
        raise MissingExtra(value=f"nenpo publish {url}", extra="publish") from None
    mapping = get_mapper(url)
    mapping.fs.invalidate_cache()
    return mapping


@dataclass(frozen=True)
class _Folder(Store):
    """A folder of this machine, as fsspec shows those of others: content by name."""

    root: Path

    def __getitem__(self, name: str) -> bytes:
        try:
            return (self.root / name).read_bytes()
        except FileNotFoundError:
            raise KeyError(name) from None

    def __setitem__(self, name: str, content: bytes) -> None:
        replace_file(self.root / name, content)

    def __delitem__(self, name: str) -> None:
        remove_file(self.root, self.root / name)

    def __iter__(self) -> Iterator[str]:
        paths = (path for path in self.root.rglob("*") if path.is_file())
        return (path.relative_to(self.root).as_posix() for path in paths)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def sync(self, names: Iterable[str]) -> None:
        """Have files on the disk, all at once: one by one takes twenty times as long."""
        places = [self.root / name for name in names]
        for path, error in sync_files(places).items():
            raise explain_refusal(path, error)
        for folder in {path.parent for path in places}:
            with explain_write(folder):
                sync_folder(folder)


def _pack(files: Mapping[str, bytes]) -> bytes:
    """Return a .zip that is the same for the same files.

    ``zipfile`` marks names that are not ASCII as UTF-8, so that Windows shows them.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # else the system that it was packed on
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def _update(
    store: Store, sources: Sources, destination: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Make the store hold the sources; return the names that were written and removed."""
    digests = {name: hashlib.sha256(read()).hexdigest() for name, read in sources.items()}
    there, before = set(store), _read_list(store)
    if before is None and there:
        raise UnusableDestination(
            value=destination,
            why=f"{min(there)} などがあり、{LIST} がない",
            why_en=f"it holds {min(there)}, and no {LIST}",
        )
    known = before or {}
    changed = [n for n, digest in digests.items() if known.get(n) != digest or n not in there]
    gone = sorted(there & known.keys() - digests.keys())
    if changed or gone or known.keys() != digests.keys():
        # Should this end early, none of what may be half done is taken for done.
        _write(store, LIST, _describe({**known, **dict.fromkeys(changed, "")}))
        for name in sorted(changed, key=_rank):
            _write(store, name, sources[name]())
        for name in gone:
            del store[name]
        if isinstance(store, _Folder):
            store.sync(changed)
        _write(store, LIST, _describe(digests))
    return tuple(changed), tuple(gone)


def _rank(name: str) -> tuple[bool, bool, str]:
    """Return when a file is written: a page that leads to others after them."""
    return PurePosixPath(name).name == "index.html", name == "index.html", name


def _read_list(store: Store) -> dict[str, str] | None:
    with suppress(KeyError, ValueError, TypeError):
        return dict(json.loads(store[LIST])["files"])
    return None


def _describe(digests: Mapping[str, str]) -> bytes:
    return canonical_json({"published_version": 1, "files": digests}).encode()


def _write(store: Store, name: str, content: bytes) -> None:
    """Write a file and see that it is there as it was written, at the second attempt at last."""
    for _ in range(_ATTEMPTS):
        store[name] = content
        if store.get(name) == content:
            return
    raise OSError(f"{name} does not read back as it was written")
