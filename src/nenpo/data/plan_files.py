"""Raw files of ``data/<plan>/`` → valid rows, or ``InputRefused`` with every offender at once.

A row's own cells are checked in :mod:`nenpo.data.csv_table`, rows against each other in
:mod:`nenpo.data.check_references`; here the files are found, read in order, and the problems
collected.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from nenpo.data.check_declarations import check_meta, check_published
from nenpo.data.check_references import Book, check_book
from nenpo.data.csv_table import Sheet, check_characters, check_length, read_sheet, use_headings
from nenpo.data.explain import explain_keys, name_path, refuse_all, suggest
from nenpo.data.naming import NamedId, tell_ids, tell_year
from nenpo.data.reading import RawYaml, YamlPath, read_yaml
from nenpo.data.schema.cells import is_id
from nenpo.data.schema.columns import Row
from nenpo.data.schema.declarations import PlanMeta, Published
from nenpo.data.schema.tables import PLAN_TABLES, YEAR_TABLES
from nenpo.errors import BadId, InputError, InputRefused, MissingFile, UnknownFile
from nenpo.files import (
    SURVEY_FILES,
    find_special,
    is_folder,
    is_left_behind,
    is_ordinary,
    list_folder,
    refuse_folder,
)
from nenpo.language.characters import check_text, load_glyphs

Model = TypeVar("Model", bound=BaseModel)
Problems = list[InputError]

_PLAN_FILES = ("plan.yaml", *PLAN_TABLES)
# Generated from the row models, and notes for people: no input.
_BESIDE = ("datapackage.json", "README.md")
_YEAR_FILES = ("published.yaml", *YEAR_TABLES)
_YEAR = re.compile(r"[0-9]{4}")


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
        """The fiscal years with a table of progress, values, somebody in charge, or figures.

        A table without rows says that there is to be progress and that none is reported yet.
        """
        told = {
            year
            for year, rows in self.years.items()
            if "progress.csv" in rows.tables
            or any(rows.tables.get(file) for file in ("actuals.csv", "assignments.csv"))
        }
        figures = (row.model_dump() for row in self.tables.get("figures.csv", ()))
        return frozenset(told | {row["fiscal_year"] for row in figures if row["fiscal_year"]})


def read_rows(root: Path, plan_id: str) -> PlanRows:
    """Return the valid rows of ``data/<plan_id>/``, a folder that exists.

    Raises ``InputRefused`` with every offender of all files, causes before what follows from them.
    """
    folder = root / "data" / plan_id
    if special := find_special(root, folder):
        raise InputRefused(problems=[special])
    problems: Problems = list(_check_names(root, folder))
    meta = _read_meta(root, folder, problems)
    sheets = _read_sheets(root, folder, problems)
    published = {
        year: _read_published(root, folder / str(year), meta, problems)
        for year in list_years(root, folder)
    }
    absent = PLAN_TABLES.keys() - {path.name for path in list_folder(root, folder)}
    book = Book(folder.relative_to(root).as_posix(), meta, sheets, frozenset(absent))
    problems = [book.name_id(problem) for problem in problems]
    problems.extend(check_book(book))
    problems.extend(check_characters(sheets, tuple(problems)))
    refuse_all(use_headings(problem, sheets) for problem in problems)
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
        if problem := find_special(root, path):
            raise problem
        document = read_yaml(path, name)
    except InputError as problem:
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
    for path, text in list_strings(document.value, ()):
        if problem := check_length(text, name_path(path), document.place(path)):
            yield problem
        yield from check_text(text, name_path(path), document.place(path), glyphs)


def list_strings(value: Any, path: YamlPath) -> Iterator[tuple[YamlPath, str]]:
    """Yield the keys and strings of a YAML value, each with its path below ``path``."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key), str(key)
            yield from list_strings(inner, (*path, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from list_strings(inner, (*path, position))


def _read_meta(root: Path, folder: Path, problems: Problems) -> PlanMeta | None:
    path = folder / "plan.yaml"
    if not is_ordinary(root, path):
        return None
    meta, document = read_declaration(path, root, PlanMeta, problems)
    if meta is not None:
        problems.extend(check_meta(meta, folder.name, document))
    return meta


def _read_published(
    root: Path, folder: Path, meta: PlanMeta | None, problems: Problems
) -> Published | None:
    path = folder / "published.yaml"
    if not is_ordinary(root, path):
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
    for year in list_years(root, folder):
        places += [(folder / str(year) / file, m, year) for file, m in YEAR_TABLES.items()]
    sheets = (
        read_sheet(path, path.relative_to(root).as_posix(), model, year, problems)
        for path, model, year in places
        if is_ordinary(root, path)
    )
    return tuple(sheet for sheet in sheets if sheet is not None)


def list_years(root: Path, folder: Path) -> list[int]:
    """Return the fiscal years that have a folder in that of a plan."""
    found = (path.name for path in list_folder(root, folder) if is_folder(path))
    return sorted(int(name) for name in found if _YEAR.fullmatch(name))


def _check_names(root: Path, folder: Path) -> Iterator[InputError]:
    """Yield the files that are missing, and those that nothing would read."""
    place = folder.relative_to(root).as_posix()
    if not is_id(folder.name):
        column, column_en = "フォルダー名", "the name of the folder"
        yield BadId(
            place=place,
            column=column,
            column_en=column_en,
            value=folder.name,
            allowed="koto-informatization",
            hint="",
        )
    # Names are compared as listed: macOS and Windows would open Items.csv as items.csv.
    paths = list_folder(root, folder)
    if "plan.yaml" not in {path.name for path in paths}:
        yield MissingFile(place=f"{place}/plan.yaml", allowed=", ".join(_meta_keys()))
    years = [folder / str(year) for year in list_years(root, folder)]
    yield from refuse_unknown(root, set(paths) - set(years), (*_PLAN_FILES, *_BESIDE))
    for year in years:
        if special := find_special(root, year):
            yield special
        else:
            yield from refuse_unknown(root, list_folder(root, year), (*_YEAR_FILES, *SURVEY_FILES))


_FOLDERS_NAME = {
    "hint": "この名前はフォルダーに使う。",
    "hint_en": "A folder has this name. ",
}


def refuse_unknown(
    root: Path,
    paths: Iterable[Path],
    known: Iterable[str],
    folders: Collection[str] = (),
    called: Iterable[NamedId] = (),
) -> Iterator[InputError]:
    """Yield the paths that are no ordinary files named in ``known``, unless left behind.

    ``folders`` are names that only a folder may have; ``called`` is what these are called.
    """
    names, titles = (*folders, *known), tuple(called)
    for path in paths:
        if is_left_behind(path):
            continue
        if special := find_special(root, path):
            yield special
        elif path.name not in names or path.name in folders:
            place = path.relative_to(root).as_posix()
            told = tell_ids(path.name, titles)
            told = told if told.ja else tell_year(path.stem, path.suffix)
            near = {"hint": told} if told.ja else suggest(path.name, names)
            hints = _FOLDERS_NAME if path.name in folders else near
            yield UnknownFile(place=place, allowed=", ".join(names) or "—", **hints)
        elif is_folder(path):
            yield refuse_folder(root, path)


def _meta_keys() -> list[str]:
    return list(PlanMeta.model_fields)
