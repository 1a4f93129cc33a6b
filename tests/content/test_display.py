"""What a cell may display refuses in one sentence what it cannot be made of."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell

from nenpo.content.display import (
    MIME_TABLE,
    Chart,
    Column,
    Facts,
    Group,
    HeaderCell,
    Nothing,
    Rows,
    Sentences,
    Table,
)
from nenpo.errors import NotShowable
from nenpo.notebook.shell import open_shell

COLUMNS = (Column("課"), Column("件数"))


def make_table(*rows: Any, **changes: Any) -> Table:
    fields: dict[str, Any] = {"caption": "表", "columns": COLUMNS, "rows": rows}
    return Table(**(fields | changes))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Sentences("本文である。"), "paragraphs is '本文である。' (str)"),
        (lambda: Sentences(("文", None)), "paragraphs number 2 is None"),
        (lambda: Sentences(("文",), role="lede"), "role is 'lede' (str); it has to be one of"),
        (lambda: make_table(("甲", 12)), "row 1, column '件数' is 12 (int); it has to be text"),
        (lambda: make_table(("甲", "1"), ("乙", None)), "row 2, column '件数' is None"),
        (lambda: make_table(("甲", "1"), ("乙",)), "row 2 has 1 cells, not 2"),
        (lambda: make_table("甲乙"), "row 1 is '甲乙' (str)"),
        (lambda: make_table(columns=("課", "件数")), "columns number 1 is '課' (str)"),
        (lambda: make_table(columns=COLUMNS[0]), "columns is Column("),
        (lambda: make_table(columns=()), "it has no columns"),
        (lambda: make_table(rows=5), "rows is 5 (int)"),
        (lambda: make_table(("甲", "1"), kinds=("sum",)), "kinds number 1 is 'sum'"),
        (lambda: make_table(("甲", "1"), kinds=("body",) * 2), "kinds has 2 words, not 1"),
        (lambda: make_table(groups=(HeaderCell("組", 3),)), "spans 3 columns, not 2"),
        (lambda: make_table(row_headers=3), "row_headers is 3 of 2"),
        (lambda: make_table(("甲", "1"), joined=((0, 1),)), "(0, 1) in joined is no empty cell"),
        (lambda: make_table(("甲", ""), joined=((0, 0),)), "(0, 0) in joined is no empty cell"),
        (lambda: make_table(caption=None), "caption is None"),
        (lambda: make_table(tones="×"), "tones is '×' (str)"),
        (lambda: Column(2021), "label is 2021 (int)"),
        (lambda: Column("課", width=float("nan")), "width is nan, not above 0"),
        (lambda: HeaderCell("組", 0), "span is 0, not 1 or more"),
        (lambda: Chart("<svg/>", "図", "図", 5), "width is 5, not within (0, 1]"),
        (lambda: Column("課", "middle"), "align is 'middle'"),
        (lambda: HeaderCell("組", "二"), "span is '二' (str); it has to be a whole number"),
        (lambda: Column("課", width="3"), "width is '3' (str); it has to be a number"),
        (lambda: Sentences({"甲", "乙"}), "(set); it has to be a tuple"),
        (lambda: Sentences(text for text in ("甲", "乙")), "(generator); it has to be a tuple"),
        (lambda: Rows("a.csv", "", b"a"), "csv is b'a' (bytes)"),
        (lambda: Facts([1]), "values is (1,) (tuple); it has to be a dict"),
        (lambda: Chart("<svg/>", None, "図"), "Chart '図': alt is None"),
        (lambda: Rows("a.csv", "", None), "csv is None"),
        (lambda: Nothing(None), "reason is None"),
        (lambda: Group(Sentences(("文",))), "its parts are no tuple"),
        (lambda: Group("文"), "its parts are no tuple"),
        (lambda: Group((Sentences(("文",)), None)), "part 2 cannot be shown (NoneType)"),
    ],
)  # fmt: skip
def test_what_a_value_cannot_be_made_of_is_told_in_one_sentence(
    make: Callable[[], object], told: str
) -> None:
    with pytest.raises(NotShowable) as refused:
        make()
    assert told in refused.value.message("en")
    assert refused.value.message("en").count("\n") == 0


@pytest.mark.parametrize(
    "make",
    [
        lambda: Sentences(("文",), role="lede"),
        lambda: HeaderCell("組", "二"),
        lambda: Column("課", width="広"),
        lambda: Column("課", "middle"),
    ],
)
def test_a_wrong_value_is_told_in_japanese_without_english_words(
    make: Callable[[], object],
) -> None:
    with pytest.raises(NotShowable) as refused:
        make()
    told = refused.value.message("ja")
    assert " or " not in told
    assert "Input should" not in told


def test_every_fault_of_a_value_is_told_at_once() -> None:
    with pytest.raises(NotShowable) as refused:
        make_table((1, 2), ("甲", 3))
    message = refused.value.message("ja")
    assert [f"{row} 行目、列「件数」" in message for row in (1, 2)] == [True, True]
    assert "1 行目、列「課」の値 1（int）は使えない（書けるのは文字列）" in message


def test_many_faults_are_counted_rather_than_listed() -> None:
    with pytest.raises(NotShowable, match="and 15 more"):
        make_table(*[(n, n) for n in range(10)])


def test_lists_will_do_for_tuples() -> None:
    assert Sentences(["甲", "乙"]).paragraphs == ["甲", "乙"]


def test_group_may_hold_whatever_can_be_shown() -> None:
    Group((Sentences(("文",)), pd.DataFrame({"a": [1]})))


@pytest.mark.parametrize(
    "source",
    [
        "from nenpo.content.display import Sentences\nSentences('本文')",
        "import pandas as pd\npd.DataFrame({'割合': [float('inf')]})",
        "import pandas as pd\ndisplay(pd.Series([[1]], name='割合'))",
        "import pandas as pd\npd.DataFrame()",
    ],
)
def test_cell_that_shows_it_fails_with_that_sentence_and_no_traceback(source: str) -> None:
    cell = new_code_cell(source)
    with open_shell() as shell:
        shell.execute_cell(cell)
    output = cell.outputs[0]
    assert output.output_type == "error"
    assert output.traceback == [f"NotShowable: {output.evalue}"]


def test_cell_shows_a_series_with_its_years_as_a_table() -> None:
    cell = new_code_cell("import pandas as pd\npd.Series({2019: 10, 2020: 20}, name='件数')")
    with open_shell() as shell:
        shell.execute_cell(cell)
    assert cell.outputs[0].data[MIME_TABLE]["rows"] == [["2019", "10"], ["2020", "20"]]
