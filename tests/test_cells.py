"""A cell is called the same wherever one is named."""

from nbformat.v4 import new_code_cell, new_markdown_cell

from nenpo.cells import locate_cell
from nenpo.errors import DocumentError


def test_a_code_cell_has_the_number_that_jupyterlab_shows() -> None:
    cell = new_code_cell("\n  marks.table(b)\nmore", execution_count=9)
    assert locate_cell(cell, 12) == (
        "セル 12 [9]「marks.table(b)」",
        "cell 12 [9] 'marks.table(b)'",
    )


def test_a_markdown_cell_has_its_place_alone() -> None:
    assert locate_cell(new_markdown_cell("## 総括"), 8).ja == "セル 8「## 総括」"


def test_a_long_line_is_cut_and_a_control_character_made_visible() -> None:
    told = locate_cell(new_code_cell("a\x1b[31m\u202e" + "x" * 100), 1).en
    assert told == "cell 1 'a\\x1b[31m\\u202e" + "x" * 25 + "…'"


def test_a_file_may_have_a_source_as_lines_or_none() -> None:
    assert locate_cell({"source": ["one\n", "two"]}, 1).en == "cell 1 'one'"
    assert locate_cell({}, 2).en == "cell 2 (empty)"


def test_an_error_names_the_cell_in_its_own_language() -> None:
    place = locate_cell(new_code_cell("x"), 3)
    error = DocumentError(place=place, what="甲", what_en="a", remedy="乙", remedy_en="b")
    assert error.message("ja") == "セル 3「x」: 甲。乙"
    assert error.message("en") == "cell 3 'x': a. b"
