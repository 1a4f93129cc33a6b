"""Two versions of an input file → what changed in it, place by place.

Tables are compared row by row under their key, YAML value by value, notebooks cell by cell. A
version that cannot be read, or is not there, is told as such.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

from nenpo.build.causes.names import find_model
from nenpo.data.explain import name_path
from nenpo.data.headings import read_table
from nenpo.data.reading import YamlPath, read_yaml
from nenpo.errors import NenpoError

Kind = Literal["cell", "added", "removed"]
Hides = Callable[[str, str, Mapping[str, str]], bool]


@dataclass(frozen=True)
class Change:
    """One change of a file, as it now is: in a cell, or a whole row, column or notebook cell.

    ``line`` is 0 for what is no more. ``key`` are the columns that name the row of ``before`` and
    ``after``, ``twin`` its number among several that they name alike, ``column`` is "" for a whole
    row. Of a notebook, ``line`` is the number of the cell, or that which it had; the source is in
    the column "source".
    """

    kind: Kind
    line: int
    column: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    key: tuple[str, ...] = ()
    twin: int = 1


# A table's header; and line and cells of its rows by what names them, and a number among those of
# one name.
Table = tuple[tuple[str, ...], Mapping[tuple[str | int, ...], tuple[int, dict[str, str]]]]


def compare_files(name: str, old: Path, new: Path, hides: Hides) -> tuple[Change, ...] | None:
    """Return what changed in a file of data or a notebook, None if one side cannot be read.

    ``hides`` tells of a file, a column and a row's cells whether they make no difference.
    """
    try:
        if name.endswith(".csv"):
            return tuple(_compare_tables(name, old, new, hides))
        if name.endswith(".ipynb"):
            return tuple(_compare_notebooks(_list_sources(old), _list_sources(new)))
        return tuple(_compare_values(_list_values(old, name), _list_values(new, name)))
    except (NenpoError, OSError, ValueError, LookupError, TypeError):
        return None


def _compare_tables(name: str, old: Path, new: Path, hides: Hides) -> Iterator[Change]:
    model, file = find_model(name), Path(name).name
    first = read_table(new, name).columns or read_table(old, name).columns
    key = model.KEY if model and model.KEY else first[:1]
    header, rows = _read_table(name, new, key)
    former_header, former_rows = _read_table(name, old, key)
    for column in former_header:
        if column not in header:
            yield Change("removed", 0, column, {}, {})
    for column in header:
        if column not in former_header:
            yield Change("added", 1, column, {}, {})
    if not {*key} <= {*former_header} & {*header}:
        return  # without its key, no row can be told from another
    common = [column for column in header if column in former_header]
    for place in dict.fromkeys((*rows, *former_rows)):
        line, cells = rows.get(place, (0, {}))
        _, former = former_rows.get(place, (0, {}))
        twin = int(place[-1])
        if not cells or not former:
            kind: Kind = "added" if cells else "removed"
            yield Change(kind, line, "", former, cells, key, twin)
            continue
        for column in common:
            was, now = former.get(column, ""), cells.get(column, "")
            hidden = bool(was) == bool(now) and hides(file, column, cells)
            if was != now and not hidden:
                yield Change("cell", line, column, former, cells, key, twin)


def _read_table(name: str, path: Path, key: Sequence[str]) -> Table:
    table = read_table(path, name)
    if not table.columns:
        raise LookupError(f"{name} has no header")
    found: dict[tuple[str | int, ...], tuple[int, dict[str, str]]] = {}
    counts = Counter[tuple[str, ...]]()
    for row in table.rows:
        cells = dict(zip(table.columns, row.cells, strict=False))
        place = tuple(cells.get(column, "") for column in key)
        counts[place] += 1
        found[*place, counts[place]] = (row.line, cells)
    return table.columns, found


def _compare_values(
    before: Mapping[str, tuple[int, Any]], after: Mapping[str, tuple[int, Any]]
) -> Iterator[Change]:
    for path in dict.fromkeys((*after, *before)):
        (_, was), (line, now) = before.get(path, (0, None)), after.get(path, (0, None))
        if (type(was), was) != (type(now), now):
            yield Change("cell", line, path, {path: was}, {path: now})


def _list_values(path: Path, name: str) -> dict[str, tuple[int, Any]]:
    """Return every single value of a YAML file with its line, by its path."""
    document = read_yaml(path, name)

    def walk(value: Any, place: YamlPath, path: YamlPath) -> Iterator[tuple[str, tuple[int, Any]]]:
        inner: list[tuple[Any, Any]] = list(value.items()) if isinstance(value, dict) else []
        inner = list(enumerate(value)) if isinstance(value, list) else inner
        for key, part in inner:
            # An entry with an id keeps its path where another one comes before it.
            named = part.get("id", key) if isinstance(part, dict) else key
            yield from walk(part, (*place, key), (*path, named))
        if not inner:
            yield name_path(path), (document.lines.get(place, 1), value)

    return dict(walk(document.value, (), ()))


def _compare_notebooks(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, a, b, c, d in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        for step in range(max(b - a, d - c)):
            was = {"source": before[a + step]} if a + step < b else {}
            now = {"source": after[c + step]} if c + step < d else {}
            kind: Kind = "cell" if was and now else "added" if now else "removed"
            yield Change(kind, (c if now else a) + step + 1, "source", was, now)


def _list_sources(path: Path) -> list[str]:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells]
