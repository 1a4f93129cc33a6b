"""A number of an indicator: as a row of actuals.csv has it, and as readers see it."""

from nenpo.language.numbers import MISSING_WORDS
from nenpo.language.values import Missing, parse_value
from nenpo.language.values import Value as Number
from nenpo.workbooks.asking.survey import show_value
from nenpo.workbooks.taking.draft import Cells, Draft

NUMBER = ("value", "denominator", "approximate", "missing")
"""The columns that say one number."""


def find_preferred(draft: Draft, indicator: str) -> Cells | None:
    """Return the row of an indicator's value in use."""
    rows = (draft.find(indicator=indicator, preferred=word) for word in ("true", "TRUE"))
    return next((row for row in rows if row is not None), None)


def read_number(cells: Cells) -> Number | Missing:
    """Return what a row of a valid table says."""
    missing = cells.get("missing", "")
    if missing:
        return Missing(missing)  # type: ignore[arg-type] # the table is valid
    text = cells["value"] + (f"/{cells['denominator']}" if cells.get("denominator") else "")
    number = parse_value(text)
    assert isinstance(number, Number)  # likewise
    about = cells.get("approximate", "").casefold() == "true"
    return Number(number.value, number.denominator, about)


def show_number(number: Number | Missing) -> str:
    """Return a number as one writes it into a cell."""
    return MISSING_WORDS[number.reason] if isinstance(number, Missing) else show_value(number)


def write_number(number: Number | Missing) -> Cells:
    """Return the cells of a row that say a number."""
    if isinstance(number, Missing):
        return dict(zip(NUMBER, ("", "", "false", number.reason), strict=True))
    denominator = "" if number.denominator is None else f"{number.denominator:f}"
    about = str(number.approximate).lower()
    return dict(zip(NUMBER, (f"{number.value:f}", denominator, about, ""), strict=True))
