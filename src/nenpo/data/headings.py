"""A table as people may write it → the names and words of the schema.

A header may be in Japanese, as ``datapackage.json`` has it (進捗区分), or of the schema's own names
(status), and so may the words of a fixed vocabulary (所管課, lead). Whoever compares cells or looks
them up reads a table here; messages go back to what the file has.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nenpo.data.reading import RawRow, read_csv
from nenpo.data.schema.columns import Row, list_labels
from nenpo.data.schema.tables import SHARED_TABLES, TABLES, list_columns

_BRACKETED = re.compile(r"（[^（）]*）")


@dataclass(frozen=True)
class Table:
    """A CSV file: its header as written and as ``columns`` of the schema, and its rows."""

    line: int
    header: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[RawRow, ...]

    @property
    def headings(self) -> Mapping[str, str]:
        """What the file has in place of a column's name, where that is something else."""
        pairs = zip(self.columns, self.header, strict=True)
        return {column: written for column, written in pairs if column != written}


def read_table(path: Path, name: str) -> Table:
    """Return a CSV file in the names and words of its schema, which ``name`` ends with.

    What the schema does not know is as the file has it. Raises as
    :func:`~nenpo.data.reading.read_csv`.
    """
    header, *rows = read_csv(path, name) or (RawRow(1, ()),)
    model = {**TABLES, **SHARED_TABLES}.get(Path(name).name)
    if model is None:
        return Table(header.line, header.cells, header.cells, tuple(rows))
    columns = name_columns(header.cells, model)
    return Table(header.line, header.cells, columns, tuple(_use_words(columns, rows, model)))


def list_titles(model: type[Row]) -> dict[str, str]:
    """Return what heads each column in Japanese, by its name in the schema."""
    columns = list_columns(model).items()
    return {column: model.model_fields[name].title or column for column, name in columns}


def name_columns(header: Iterable[str], model: type[Row]) -> tuple[str, ...]:
    """Return the schema's names of columns with Japanese headings; others as they are.

    >>> from nenpo.data.schema.tables import TABLES
    >>> name_columns(["取組", "done", "備　考", "メモ"], TABLES["progress.csv"])
    ('item', 'done', 'note', 'メモ')
    """
    named = _list_names(model)
    return tuple(named.get(fold_text(heading), heading) for heading in header)


@cache
def _list_names(model: type[Row]) -> Mapping[str, str]:
    """Return the columns by what may head them: a title or a description, brackets apart or not.

    What several columns are called heads none of them, unless it is the title of one.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for column, name in list_columns(model).items():
        field = model.model_fields[name]
        told = (field.description or "").partition(" / ")[0]
        for text in (told, _BRACKETED.sub("", told), _BRACKETED.sub("", field.title or "")):
            named[fold_text(text)].add(column)
    clear = {heading: min(columns) for heading, columns in named.items() if len(columns) == 1}
    titles = {fold_text(title): column for column, title in list_titles(model).items()}
    return clear | titles


def fold_text(text: str) -> str:
    """Return a text without its spaces and the widths of its characters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def list_choices(model: type[Row], column: str) -> Mapping[str, str]:
    """Return the words of the schema by what may stand for them in a column: 所管課 → lead."""
    name = list_columns(model).get(column)
    labels = list_labels(model.model_fields[name]) if name else {}
    return {fold_text(label): word for word, label in labels.items()}


def _use_words(
    columns: tuple[str, ...], rows: Iterable[RawRow], model: type[Row]
) -> Iterable[RawRow]:
    choices = {
        position: words
        for position, column in enumerate(columns)
        if (words := list_choices(model, column))
    }
    for row in rows:
        cells = list(row.cells)
        for position, words in choices.items():
            if position < len(cells):
                cell = cells[position]
                cells[position] = cell if cell.isascii() else words.get(fold_text(cell), cell)
        yield RawRow(row.line, tuple(cells))
