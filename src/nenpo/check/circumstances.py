"""What a document was made from and with: hashes of its inputs, versions of what draws."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from nenpo.data.shared_files import COMPARISON, find_national
from nenpo.language.fonts import find_document_font

_DRAWING = ("matplotlib", "typst", "pandas", "numpy", "jinja2", "mistune", "nbconvert")
_PACKAGE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Circumstances:
    """Name → version or SHA-256, of what draws (``environment``) and of the inputs."""

    environment: Mapping[str, str]
    data: str
    params: str
    notebooks: Mapping[str, str]

    def to_json(self) -> str:
        """Return the text of ``circumstances.json``."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read_circumstances(text: str) -> Circumstances:
    """Return what :meth:`Circumstances.to_json` wrote."""
    return Circumstances(**json.loads(text))


def find_circumstances(root: Path, plan: str, fiscal_year: int) -> Circumstances:
    """Return those of today: of the project at ``root`` and of this installation."""
    font = find_document_font()
    templates = (_PACKAGE / "export").rglob("*")
    code = list(_PACKAGE.rglob("*.py"))
    environment = {name: version(name) for name in _DRAWING} | {
        f"font {font.family}": _hash([font.path]),
        "nenpo templates": _hash(path for path in templates if path.is_file()),
        "nenpo code": _hash(code),
    }
    # The comparison speaks of every plan; any other document of its own and the national one.
    folders = [root / "data" / name for name in (plan, find_national(root) or plan)]
    own = [path for folder in folders for path in folder.rglob("*")]
    shared = (root / "data").glob("*.*")
    data = (root / "data").rglob("*") if plan == COMPARISON else {*own, *shared}
    return Circumstances(
        environment=environment,
        data=_hash(path for path in data if path.suffix in (".csv", ".yaml")),
        params=_hash([root / "params" / plan / f"{fiscal_year}.yaml"]),
        notebooks={p.stem: _hash([p]) for p in sorted((root / "notebooks").glob("*.ipynb"))},
    )


def _hash(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of files' names and contents, wherever the folder lies."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        if "__pycache__" not in path.parts:
            content = path.read_bytes()
            digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def explain_change(
    before: Circumstances | None, after: Circumstances, notebook: str
) -> tuple[str, ...]:
    """Return why a document made with ``notebook`` may differ: what differs of what made it."""
    if before is None:
        return ()
    found = []
    if before.data != after.data:
        found.append("data")
    if before.params != after.params:
        found.append("params")
    if before.notebooks.get(notebook) != after.notebooks.get(notebook):
        found.append("notebook")
    names = sorted({*before.environment, *after.environment})
    changed = [n for n in names if before.environment.get(n) != after.environment.get(n)]
    found += [
        f"{name} {_shorten(before.environment.get(name))} → {_shorten(after.environment.get(name))}"
        for name in changed
    ]
    return tuple(found)


def _shorten(value: str | None) -> str:
    return "—" if value is None else value[:12]
