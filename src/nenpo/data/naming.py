"""What people call things → the ids that stand for them: told in messages, never read as data."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from nenpo.data.headings import read_table
from nenpo.data.reading import read_yaml
from nenpo.errors import InputError, Words
from nenpo.language.fiscal import parse_fiscal_year

NamedId = tuple[str, str]
_NO_HINT = Words("", "")
_WRITTEN = Words("「{}」は {} と書く。", "'{}' is written {}. ")


def find_ids(value: str, names: Iterable[NamedId]) -> list[str]:
    """Return the ids of what is called ``value``, with or without what stands in brackets.

    >>> find_ids("総務課 （庶務）", [("総務課", "somu"), ("総務部", "bu")])
    ['somu']
    """
    wanted = _normalise(value)
    either = {wanted, wanted.partition("(")[0]} - {""}
    return list(dict.fromkeys(own for name, own in names if _normalise(name) in either))


def _normalise(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def tell_ids(value: str, names: Iterable[NamedId]) -> Words:
    """Return which id stands for what is called ``value``, nothing if none does."""
    found = find_ids(value, names)
    return _WRITTEN.fill(value, ", ".join(found)) if found else _NO_HINT


def tell_year(text: str, suffix: str = "") -> Words:
    """Return how a fiscal year is written that somebody wrote otherwise: 令和4年度, R4."""
    with suppress(ValueError):
        year = str(parse_fiscal_year(text))
        return _WRITTEN.fill(text + suffix, year + suffix) if year != text else _NO_HINT
    return _NO_HINT


def list_plan_names(root: Path, plans: Iterable[str]) -> Iterator[NamedId]:
    """Yield what plans are called, as far as their plan.yaml can be read."""
    for plan in plans:
        path = root / "data" / plan / "plan.yaml"
        with suppress(InputError, OSError):
            found = read_yaml(path, path.name).value
            values = found if isinstance(found, dict) else {}
            yield from ((str(values.get(key, "")), plan) for key in ("title", "short_title"))


def list_department_names(root: Path, plan: str) -> Iterator[NamedId]:
    """Yield what departments are called, as far as departments.csv can be read."""
    path = root / "data" / plan / "departments.csv"
    with suppress(InputError, OSError):
        table = read_table(path, path.name)
        for row in table.rows:
            yield from name_row(dict(zip(table.columns, row.cells, strict=False)), "department")


def name_row(cells: Mapping[Any, str], key: str) -> Iterator[NamedId]:
    """Yield what a row with an id in column ``key`` is called."""
    names = [cells.get(column, "") for column in ("name", "title", "label")]
    names += cells.get("aliases", "").split("|")
    yield from ((name, cells.get(key, "")) for name in names if name and cells.get(key))
