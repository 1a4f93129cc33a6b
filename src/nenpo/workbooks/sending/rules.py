"""What Excel checks and says while one fills in a cell."""

from typing import Any

from nenpo.data.reading import MOST_CHARACTERS
from nenpo.workbooks.layout import Field, SurveySheet
from nenpo.workbooks.sending.lacking import name_choices

# How much Excel takes of a message beside a cell, and of its title.
_LONGEST_MESSAGE, _LONGEST_TITLE = 255, 32
_MOST_MONEY = 999_999_999  # the largest whole number that a table holds


def describe_rule(survey: SurveySheet, entry: Field) -> dict[str, Any]:
    """Return the rule of a field's cells, as xlsxwriter takes it, with what is said when."""
    rule: dict[str, Any] = {"validate": "any"}
    match entry.kind:
        case "choice":
            told = "▼から選んでください（Alt＋↓でも開きます）。"
            rule = {"validate": "list", "source": f"={name_choices(survey, entry)}"}
        case "money":
            told = "千円単位の整数を、単位を付けずに記入してください。"
            span = {"minimum": 0, "maximum": _MOST_MONEY}
            rule = {"validate": "integer", "criteria": "between", **span}
        case "text":
            told = f"{MOST_CHARACTERS:,}字以内で記入してください。"
            rule = {"validate": "length", "criteria": "<=", "value": MOST_CHARACTERS}
        case _:
            told = ""
    title = entry.label.replace("\n", "")[:_LONGEST_TITLE]
    if told:
        rule |= {"error_title": title, "error_message": told}
    if entry.hint:
        rule |= {"input_title": title, "input_message": entry.hint[:_LONGEST_MESSAGE]}
    return rule
