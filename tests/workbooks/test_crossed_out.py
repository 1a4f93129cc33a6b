"""What is crossed out is withdrawn: it is no answer, whichever program has saved it."""

from decimal import Decimal
from pathlib import Path

import pytest

from nenpo.errors import UnusableCell
from nenpo.workbooks.book import Cell
from nenpo.workbooks.layout import Field
from nenpo.workbooks.normal.normalise import Context, normalise
from nenpo.workbooks.reading.opening import open_book

BOOKS = Path(__file__).parents[1] / "fixtures" / "workbooks"
VALUE, DONE = Field("value", "値", "value"), Field("done", "実績", "text")


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_cells_tell_what_of_them_is_crossed_out(kind: str) -> None:
    """A struck style, a style of a column, and runs of a text with fonts of their own."""
    book = open_book(BOOKS / f"crossed_out.{kind}", "a")
    told = {place: (cell.kept, cell.crossed_out) for place, cell in book.sheets[0].cells.items()}
    assert told == {
        (1, 1): ("", "済"),
        (1, 2): ("", "列"),
        (2, 1): ("", "46"),
        (3, 1): ("◎", ""),
        (4, 1): ("77,500", "72,000"),
        (5, 1): ("前はである", "未着手"),
        (6, 1): ("残る", "消える"),
    }


def test_what_is_left_is_read_with_a_note() -> None:
    normal = normalise(
        Cell("72,00077,500", "72,00077,500", struck=((0, 6),)), VALUE, "a!b!C5", Context()
    )
    assert normal.value == "77500"
    assert normal.notes[0].ja == "取消線のある「72,000」を除いて読んだ。"


def test_blanks_that_are_crossed_out_are_not_told() -> None:
    cell = Cell("進めた ", "進めた ", struck=((3, 4),))
    assert not normalise(cell, DONE, "a!b!C5", Context()).notes


@pytest.mark.parametrize(
    "cell",
    [
        Cell("済", "済", struck=((0, 1),)),
        Cell("済 ", "済 ", struck=((0, 1),)),
        Cell(Decimal(46), "46", struck=((0, 2),)),
        Cell(Decimal(46), "46", "=B1", struck=((0, 2),)),
    ],
)
def test_cell_of_which_nothing_is_left_is_refused(cell: Cell) -> None:
    with pytest.raises(UnusableCell, match=r"crossed out|取消線"):
        normalise(cell, VALUE, "a!b!C5", Context())
