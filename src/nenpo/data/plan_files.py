"""Raw files of ``data/<plan>/`` → valid rows, or ``InputRefused`` with every offender at once.

A row's own cells are checked in :mod:`nenpo.data.csv_table`, rows against each other in
:mod:`nenpo.data.check_references`; here the files are found, read in order, and the problems
collected.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from nenpo.data.check_declarations import check_meta, check_published
from nenpo.data.check_references import Book, check_book
from nenpo.data.csv_table import Sheet, check_characters, read_sheet
from nenpo.data.explain import explain_keys, name_path, refuse_all, suggest
from nenpo.data.naming import tell_year
from nenpo.data.reading import RawYaml, YamlPath, read_yaml
from nenpo.data.schema.columns import Row
from nenpo.data.schema.declarations import PlanMeta, Published
from nenpo.data.schema.tables import OPTIONAL_TABLES, PLAN_TABLES, YEAR_TABLES, list_columns
from nenpo.errors import InputError, MissingFile, UnknownFile, UnreadableYaml, WrongEncoding
from nenpo.language.characters import check_text, load_glyphs

Model = TypeVar("Model", bound=BaseModel)
Problems = list[InputError]

_PLAN_FILES = ("plan.yaml", *PLAN_TABLES)
# Generated from the row models, and notes for people: no input.
_BESIDE = ("datapackage.json", "README.md")
_YEAR_FILES = ("published.yaml", *YEAR_TABLES)
_YEAR = re.compile(r"[0-9]{4}")
# What office programs and file managers leave behind.
_LEFT_BEHIND = (".", "~$", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class YearRows:
    """One year's valid rows by file name, and the published totals if there are any."""

    tables: Mapping[str, tuple[Row, ...]]
    published: Published | None


@dataclass(frozen=True)
class PlanRows:
    """A plan's valid rows by file name, and those of its years."""

    meta: PlanMeta
    tables: Mapping[str, tuple[Row, ...]]
    years: Mapping[int, YearRows]

    @property
    def reported_years(self) -> frozenset[int]:
        """The fiscal years with progress, values of indicators, or figures."""
        files = ("progress.csv", "actuals.csv")
        told = {y for y, rows in self.years.items() if any(rows.tables.get(f) for f in files)}
        figures = (row.model_dump() for row in self.tables.get("figures.csv", ()))
        return frozenset(told | {row["fiscal_year"] for row in figures if row["fiscal_year"]})


def read_rows(root: Path, plan_id: str) -> PlanRows:
    """Return the valid rows of ``data/<plan_id>/``, a folder that exists.

    Raises ``InputRefused`` with every offender of all files, in the order of file and line.
    """
    folder = root / "data" / plan_id
    problems: Problems = list(_check_names(root, folder))
    meta = _read_meta(root, folder, problems)
    sheets = _read_sheets(root, folder, problems)
    published = {
        year: _read_published(root, folder / str(year), meta, problems)
        for year in list_years(folder)
    }
    book = Book(folder.relative_to(root).as_posix(), meta, sheets)
    problems = [book.name_id(problem) for problem in problems]
    problems.extend(check_book(book))
    problems.extend(check_characters(sheets, tuple(problems)))
    refuse_all(problems)
    if meta is None:
        raise MissingFile(place=f"{book.folder}/plan.yaml", allowed=", ".join(_meta_keys()))
    tables = {sheet.file: sheet.rows for sheet in sheets if sheet.year is None}
    years = {
        year: YearRows({s.file: s.rows for s in sheets if s.year == year}, totals)
        for year, totals in published.items()
    }
    return PlanRows(meta, tables, years)


def read_declaration(
    path: Path, root: Path, model: type[Model], problems: Problems
) -> tuple[Model | None, RawYaml]:
    """Return a YAML file as ``model`` and with its lines; what is wrong goes to ``problems``."""
    name = path.relative_to(root).as_posix()
    try:
        document = read_yaml(path, name)
    except (WrongEncoding, UnreadableYaml) as problem:
        problems.append(problem)
        return None, RawYaml(name, None)
    problems.extend(document.problems)
    problems.extend(_check_strings(document))
    try:
        return model.model_validate(document.value), document
    except ValidationError as error:
        problems.extend(explain_keys(error, model, document.place))
        return None, document


def _check_strings(document: RawYaml) -> Iterator[InputError]:
    """Yield what no document can show in the keys and strings of a YAML file."""
    glyphs = load_glyphs()
    for path, text in _list_strings(document.value, ()):
        yield from check_text(text, name_path(path), document.place(path), glyphs)


def _list_strings(value: Any, path: YamlPath) -> Iterator[tuple[YamlPath, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), str(key)
            yield from _list_strings(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _list_strings(inner, (*path, position))


def _read_meta(root: Path, folder: Path, problems: Problems) -> PlanMeta | None:
    path = folder / "plan.yaml"
    if not path.is_file():
        return None
    meta, document = read_declaration(path, root, PlanMeta, problems)
    if meta is not None:
        problems.extend(check_meta(meta, folder.name, document))
    return meta


def _read_published(
    root: Path, folder: Path, meta: PlanMeta | None, problems: Problems
) -> Published | None:
    path = folder / "published.yaml"
    if not path.is_file():
        return None
    published, document = read_declaration(path, root, Published, problems)
    if published is not None and meta is not None:
        problems.extend(check_published(published, meta, document))
    return published


def _read_sheets(root: Path, folder: Path, problems: Problems) -> tuple[Sheet, ...]:
    """Read the tables that exist; a year has only those that it needs."""
    places: list[tuple[Path, type[Row], int | None]] = [
        (folder / file, model, None) for file, model in PLAN_TABLES.items()
    ]
    for year in list_years(folder):
        places += [(folder / str(year) / file, m, year) for file, m in YEAR_TABLES.items()]
    sheets = (
        read_sheet(path, path.relative_to(root).as_posix(), model, year, problems)
        for path, model, year in places
        if path.is_file()
    )
    return tuple(sheet for sheet in sheets if sheet is not None)


def list_years(folder: Path) -> list[int]:
    """Return the fiscal years that have a folder in that of a plan."""
    found = (path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else ()
    return sorted(int(path.name) for path in found if _YEAR.fullmatch(path.name))


def _check_names(root: Path, folder: Path) -> Iterator[InputError]:
    """Yield the files that are missing, and those that nothing would read."""
    # Names are compared as listed: macOS and Windows would open Items.csv as items.csv.
    names = {path.name for path in folder.iterdir()}
    for file in _PLAN_FILES:
        if file not in names | OPTIONAL_TABLES:
            columns = list_columns(PLAN_TABLES[file]) if file in PLAN_TABLES else _meta_keys()
            place = (folder / file).relative_to(root).as_posix()
            yield MissingFile(place=place, allowed=", ".join(columns))
    years = [folder / str(year) for year in list_years(folder)]
    yield from refuse_unknown(root, set(folder.iterdir()) - set(years), (*_PLAN_FILES, *_BESIDE))
    for year in years:
        yield from refuse_unknown(root, year.iterdir(), _YEAR_FILES)


def refuse_unknown(
    root: Path, paths: Iterable[Path], known: Iterable[str]
) -> Iterator[UnknownFile]:
    """Yield the paths that are no files named in ``known``, unless hidden or left behind."""
    names = tuple(known)
    for path in paths:
        left = path.name.startswith(_LEFT_BEHIND) or path.suffix == ".bak"
        if not left and not (path.name in names and path.is_file()):
            place = path.relative_to(root).as_posix()
            year = tell_year(path.stem, path.suffix)
            hints = {"hint": year} if year.ja else suggest(path.name, names)
            yield UnknownFile(place=place, allowed=", ".join(names) or "—", **hints)


def _meta_keys() -> list[str]:
    return list(PlanMeta.model_fields)
