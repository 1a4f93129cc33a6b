"""Several values for one fact stay side by side: exactly one of them is in use, with its reason."""

from collections import defaultdict
from collections.abc import Iterator

from nenpo.data.csv_table import Record, Sheet
from nenpo.data.schema.plan_rows import FigureRow
from nenpo.data.schema.year_rows import ActualRow
from nenpo.errors import InputError, TwoPreferred


def check_preferred(sheet: Sheet, column: str) -> Iterator[InputError]:
    """Yield facts, named in ``column``, with several values in use, or with none in use."""
    for fact, records in _group(sheet, column).items():
        preferred = list(filter(_is_preferred, records))
        if not preferred:
            ja = f"{fact} の行のうち一つを true にすること"
            yield records[0].refuse("preferred", ja, f"true in one of the rows of {fact}")
        for record in preferred[1:]:
            first = preferred[0].place
            yield TwoPreferred(place=record.place, value=fact, column=column, first=first)


def check_figures(sheet: Sheet) -> Iterator[InputError]:
    """Yield what is wrong between the rows of one figure."""
    yield from check_preferred(sheet, "figure")
    for fact, records in _group(sheet, "figure").items():
        preferred = list(filter(_is_preferred, records))
        if len(records) > 1 and preferred and not preferred[0].cells["reason"].strip():
            ja = f"{fact} の{len(records)}つの値のうちこれを用いる理由"
            en = f"why this one of the {len(records)} values of {fact} is in use"
            yield preferred[0].refuse("reason", ja, en)


def check_series(sheets: tuple[Sheet, ...]) -> Iterator[InputError]:
    """Yield values in use that give an indicator a second value in one fiscal year."""
    first: dict[tuple[str, int], str] = {}
    for sheet in sheets:
        for record in sheet.records:
            key = _find_point(sheet, record)
            if key is None:
                continue
            if key in first:
                shown = f"{key[0]} {key[1]}"
                named = "indicator + fiscal_year"
                yield TwoPreferred(place=record.place, value=shown, column=named, first=first[key])
            first.setdefault(key, record.place)


def _find_point(sheet: Sheet, record: Record) -> tuple[str, int] | None:
    """Return the indicator and fiscal year that the record gives a value to, if it does."""
    row = record.row
    if isinstance(row, FigureRow) and row.preferred and row.indicator and row.kind == "actual":
        return (row.indicator, row.fiscal_year) if row.fiscal_year else None
    # Two rows of one actuals.csv are told apart from a figure's: check_preferred names them.
    if isinstance(row, ActualRow) and row.preferred and sheet.year is not None:
        own = [r for r in sheet.records if isinstance(r.row, ActualRow) and r.row.preferred]
        twins = [r for r in own if r.cells["indicator"] == row.indicator]
        return (row.indicator, sheet.year) if twins[0] is record else None
    return None


def _is_preferred(record: Record) -> bool:
    return record.cells["preferred"].casefold() == "true"


def _group(sheet: Sheet, column: str) -> dict[str, list[Record]]:
    rows: dict[str, list[Record]] = defaultdict(list)
    for record in sheet.list_usable(column, "preferred"):
        rows[record.cells[column]].append(record)
    return rows
