"""One CSV file → its rows, checked cell by cell against its model."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from nenpo.data.explain import explain_row, list_known
from nenpo.data.headings import Table, list_titles, read_table
from nenpo.data.reading import MOST_CHARACTERS
from nenpo.data.schema.columns import Row, list_labels
from nenpo.data.schema.tables import list_columns
from nenpo.errors import (
    BadValue,
    DuplicateColumn,
    ExtraColumn,
    InputError,
    LongText,
    MissingColumn,
    RaggedRow,
    UnknownReference,
    Words,
)
from nenpo.language.characters import check_text, load_glyphs


@dataclass(frozen=True)
class Record:
    """A row as the file has it; ``row`` is None, and ``refused`` names its cells, if invalid."""

    place: str
    cells: Mapping[str, str]
    row: Row | None
    refused: frozenset[str]

    def refuse(self, column: str, ja: str, en: str = "") -> BadValue:
        """Return the error for a cell; ``ja`` and ``en`` say what is allowed."""
        cell, more = self.cells.get(column, ""), {"allowed_en": en} if en else {}
        value = cell if cell.strip() else ""
        return BadValue(place=self.place, column=column, value=value, allowed=ja, **more)

    def refuse_reference(
        self,
        column: str,
        target: str,
        known: Iterable[str],
        taken: Collection[str] = (),
        *,
        once: bool = False,
    ) -> UnknownReference:
        """Return the error for a cell that names none of the ``known`` in ``target``.

        ``taken`` are those that other rows name, each of them ``once`` or several times.
        """
        value = self.cells[column]
        fields = list_known(value, tuple(known), taken, once=once)
        return UnknownReference(
            place=self.place, column=column, value=value, target=target, **fields
        )


@dataclass(frozen=True)
class Sheet:
    """A table as the file has it; ``year`` is None for the tables of the whole plan.

    ``dropped`` counts the rows whose cells nobody can tell apart: they are not among the records.
    ``headings`` are what the file has in place of the names of columns.
    """

    name: str
    file: str
    year: int | None
    model: type[Row]
    records: tuple[Record, ...]
    dropped: int = 0
    headings: Mapping[str, str] = field(default_factory=dict)

    def list_usable(self, *columns: str) -> Iterator[Record]:
        """Yield the records whose cells in ``columns`` are there and not refused already."""
        for record in self.records:
            if all(column in record.cells and column not in record.refused for column in columns):
                yield record

    @property
    def rows(self) -> tuple[Row, ...]:
        """The valid rows."""
        return tuple(record.row for record in self.records if record.row is not None)


def read_sheet(
    path: Path, name: str, model: type[Row], year: int | None, problems: list[InputError]
) -> Sheet | None:
    """Return the table in ``path``; what is wrong with it goes to ``problems``.

    None if nothing in the file can be used as rows of ``model``.
    """
    try:
        table = read_table(path, name)
    except InputError as problem:
        problems.append(problem)
        return None
    wrong = list(_check_header(table, model, f"{name}:{table.line}"))
    problems.extend(wrong)
    if any(isinstance(problem, DuplicateColumn) for problem in wrong):
        return None  # nobody knows which of the cells counts
    records = []
    for row in table.rows:
        place = f"{name}:{row.line}"
        if len(row.cells) != len(table.header):
            size = len(table.header)
            problems.append(RaggedRow(place=place, value=len(row.cells), allowed=size))
            continue
        cells = dict(zip(table.columns, row.cells, strict=True))
        records.append(_check_record(cells, model, place, problems))
    dropped = len(table.rows) - len(records)
    return Sheet(name, path.name, year, model, tuple(records), dropped, table.headings)


def _check_header(table: Table, model: type[Row], place: str) -> Iterator[InputError]:
    columns, header = list_columns(model), table.columns
    titles = list_titles(model) if table.headings else {column: column for column in columns}
    allowed = ", ".join(titles.values())
    for column, name in columns.items():
        if column not in header and model.model_fields[name].is_required():
            yield MissingColumn(place=place, value=titles[column], allowed=allowed)
    for position, (column, written) in enumerate(zip(header, table.header, strict=True)):
        if column and column in header[:position]:
            first = header.index(column) + 1
            yield DuplicateColumn(place=place, value=written, first=first, second=position + 1)
        elif column not in columns:
            blank = Words("（{}列目、空）", "(blank, column {})").fill(position + 1)
            yield ExtraColumn(place=place, value=written or blank, allowed=allowed)


def _check_record(
    cells: Mapping[str, str], model: type[Row], place: str, problems: list[InputError]
) -> Record:
    columns = list_columns(model)
    known = {column: cell for column, cell in cells.items() if column in columns}
    measured = (check_length(cell, column, place) for column, cell in known.items())
    if long := [problem for problem in measured if problem]:
        problems.extend(long)
        return Record(place, known, None, frozenset(str(e.fields["column"]) for e in long))
    try:
        return Record(place, known, model.model_validate(known), frozenset())
    except ValidationError as error:
        found = list(explain_row(error, model, place))
    problems.extend(found)
    return Record(place, known, None, frozenset(str(e.fields["column"]) for e in found))


def check_length(text: str, column: str, place: str) -> LongText | None:
    """Return the error for a text that is longer than any that people write."""
    if len(text) <= MOST_CHARACTERS:
        return None
    return LongText(place=place, column=column, value=len(text), allowed=MOST_CHARACTERS)


def check_characters(
    sheets: Iterable[Sheet], problems: Iterable[InputError]
) -> Iterator[InputError]:
    """Yield what no document can show, in cells that are not refused already for another reason."""
    glyphs = load_glyphs()
    refused = {(problem.place, problem.fields.get("column")) for problem in problems}
    for sheet in sheets:
        for record in sheet.records:
            for column, cell in record.cells.items():
                if (record.place, column) not in refused:
                    yield from check_text(cell, column, record.place, glyphs)


def use_headings(problem: InputError, sheets: Iterable[Sheet]) -> InputError:
    """Return an error in which columns are called as the header of their file calls them.

    Where that is in Japanese, so are the words of fixed vocabularies.
    """
    sheet = next((s for s in sheets if problem.place.startswith(f"{s.name}:")), None)
    if sheet is None or not sheet.headings:
        return problem
    fields = (sheet.model.model_fields[name] for name in list_columns(sheet.model).values())
    words = {word: label for field in fields for word, label in list_labels(field).items()}
    return problem.rename(words | dict(sheet.headings))
