"""Invented forms, learned for the plan 'tiny' of 2021: what the tests of forms share."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from invented_forms import draw_pair
from nenpo.data.load import load_plan
from nenpo.data.plan import Plan
from nenpo.workbooks.forms.blank import BlankForm
from nenpo.workbooks.forms.form import OPEN, Form
from nenpo.workbooks.forms.learn import DraftForm, learn_form
from nenpo.workbooks.forms.write import write_form
from tiny_project import FIXTURE

YEAR = 2021
OpenForm = Callable[[str], BlankForm]
MARKS = {"A": "◎", "B": "○", "C": "△", "D": "×"}


@cache
def load_tiny() -> Plan:
    return load_plan("tiny", FIXTURE)


def learn(shape: str, folder: Path, *, plan: bool = True) -> DraftForm:
    """Draw a form of a shape and learn it."""
    year = YEAR if plan else None
    return learn_form(*draw_pair(shape, folder), load_tiny() if plan else None, year)


def write(draft: DraftForm) -> Path:
    """Write the description beside the form, with an answer to what a person has to decide."""
    path = draft.blank.with_suffix(".yaml")
    text = write_form(draft, path)
    for word, mark in MARKS.items():
        text = text.replace(f'"{word}": "{OPEN}"', f'"{word}": "{mark}"')
    path.write_text(text, encoding="utf-8")
    return path


def list_keys(form: Form) -> dict[str, str]:
    """Return the key of each cell, those that stand once first."""
    fields = [*form.head, *(field for part in form.parts for field in part.fields)]
    return {field.cell: field.key for field in fields}
