"""What a row of a sheet still lacks: as words, and as the formula that keeps them up to date."""

from collections.abc import Iterator

from nenpo.workbooks.book import name_cell
from nenpo.workbooks.layout import Field, SurveyRow, SurveySheet

BLANK = "未記入"
_MORE = "空いている欄を記入"
_FIRST_COLUMN = 2
_LONGEST_LABEL = 60


def locate_field(sheet: SurveySheet, key: str) -> int:
    """Return the column of a field in a sheet as it is sent out, counted from 1."""
    return _FIRST_COLUMN + [field.key for field in sheet.fields].index(key)


def find_main(sheet: SurveySheet) -> Field | None:
    """Return the field without which a row is not answered: the mark, the value, what was done."""
    return next((f for f in sheet.fields if f.is_asked and not f.only_added), None)


def name_choices(sheet: SurveySheet, field: Field) -> str:
    """Return the name, in the workbook, of the cells that hold the choices of a field."""
    return f"{sheet.kind}_{field.key}"


def name_needing(sheet: SurveySheet, field: Field, other: str) -> str:
    """Return the name of the cells that hold the answers to ``other`` that make one necessary."""
    return f"{sheet.kind}_{field.key}_for_{other}"


def list_needing(sheet: SurveySheet, field: Field, other: str) -> list[str]:
    """Return the answers to ``other`` that make one to ``field`` necessary, as cells hold them.

    A mark counts with what it means behind it and alone, as one types it.
    """
    needed = (field.needed_for or {}).get(other, ())
    chosen = next((f.choices for f in sheet.fields if f.key == other), ())
    labels = [choice.label for choice in chosen if choice.value in needed]
    return [*dict.fromkeys([*labels, *needed])]


def tell_lacking(sheet: SurveySheet, row: SurveyRow) -> str:
    """Return what the formula says of a row as it is sent out, "" if nothing is missing."""
    cells = {field.key: row.cells.get(field.key, "").strip() for field in sheet.fields}
    main = find_main(sheet)
    if main is None or (not row.id and not any(cells.values())):
        return ""
    if not row.id and not all(cells[field.key] for field in _list_needed_to_add(sheet)):
        return _MORE
    if not cells[main.key]:
        return BLANK
    for field, other in _list_conditions(sheet):
        if not cells[field.key] and cells[other] in (field.needed_for or {})[other]:
            return _ask_for(field)
    return ""


def write_formula(sheet: SurveySheet, row: SurveyRow, number: int) -> str:
    """Return the formula that tells what the row with a number lacks."""
    main = find_main(sheet)
    if main is None:
        return ""
    tests = [(f"{_blank(sheet, main, number)}", BLANK)]
    if not row.id:
        added = _list_needed_to_add(sheet)
        blanks = [_blank(sheet, field, number) for field in added]
        tests = [(f"AND({','.join(blanks)})", ""), (f"OR({','.join(blanks)})", _MORE)]
    tests += [
        (write_needed(sheet, field, other, number), _ask_for(field))
        for field, other in _list_conditions(sheet)
    ]
    formula = '""'
    for test, told in reversed(tests):
        formula = f'IF({test},"{told.replace(chr(34), chr(34) * 2)}",{formula})'
    return f"={formula}"


def write_needed(sheet: SurveySheet, field: Field, other: str, number: int) -> str:
    """Return the formula, without its =, that is true where an answer is needed and missing."""
    listed = name_needing(sheet, field, other)
    asked = _name_place(sheet, other, number)
    # EXACT, not MATCH or COUNTIF, in which * and ? of a mark would stand for anything.
    return f"AND(SUMPRODUCT(--EXACT({listed},{asked}))>0,{_blank(sheet, field, number)})"


def _list_conditions(sheet: SurveySheet) -> Iterator[tuple[Field, str]]:
    for field in sheet.fields:
        for other in field.needed_for or {}:
            yield field, other


def _list_needed_to_add(sheet: SurveySheet) -> list[Field]:
    return [field for field in sheet.fields if field.is_asked]


def _ask_for(field: Field) -> str:
    return f"{' '.join(field.label.split())[:_LONGEST_LABEL]}を記入"


def _blank(sheet: SurveySheet, field: Field, number: int) -> str:
    return f"LEN(TRIM({_name_place(sheet, field.key, number)}))=0"


def _name_place(sheet: SurveySheet, key: str, number: int) -> str:
    return f"${name_cell(number, locate_field(sheet, key))}"
