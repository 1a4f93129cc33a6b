"""The page that tells what is read of a reply tells the truth, in both languages."""

import re
from pathlib import Path

import pytest
from test_normalise import BUDGET, COUNT, DONE, DUE, MARKS, SHARE, VALUE

from nenpo.errors import UnusableCell
from nenpo.workbooks.book import Cell
from nenpo.workbooks.normal.normalise import Context, normalise

DOCS = Path(__file__).parents[2] / "docs"
FIELDS = {
    "区分": (MARKS, Context()),
    "値（件）": (VALUE, COUNT),
    "値（％）": (VALUE, SHARE),
    "金額（千円）": (BUDGET, Context()),
    "時期": (DUE, Context()),
    "文章": (DONE, Context()),
    "mark": (MARKS, Context()),
    "value (件)": (VALUE, COUNT),
    "value (%)": (VALUE, SHARE),
    "money (千円)": (BUDGET, Context()),
    "time": (DUE, Context()),
    "text": (DONE, Context()),
}
REFUSED, NO_ANSWER = ("受け付けない", "refused"), ("（回答なし）", "(no answer)")


def list_rows(page: str) -> list[tuple[str, str, str]]:
    text = (DOCS / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| `([^`]+)` \| ([^|]+) \|$", text, re.MULTILINE)
    return [(field, typed, taken) for field, typed, taken in rows if field in FIELDS]


@pytest.mark.parametrize("page", ["replies.md", "replies.ja.md"])
def test_each_row_of_the_page_is_true(page: str) -> None:
    wrong = []
    for name, typed, taken in list_rows(page):
        field, context = FIELDS[name]
        try:
            value = normalise(Cell(typed, typed), field, "a", context).value or NO_ANSWER
        except UnusableCell:
            value = REFUSED
        if taken != value and taken not in (value if isinstance(value, tuple) else ()):
            wrong.append((name, typed, taken, value))
    assert wrong == []


def test_both_pages_have_the_same_rows() -> None:
    english, japanese = list_rows("replies.md"), list_rows("replies.ja.md")
    assert [row[1] for row in english] == [row[1] for row in japanese]
    assert len(english) > 35
