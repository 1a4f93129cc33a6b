"""A Styler becomes a table of what it displays."""

import pandas as pd
import pytest

from nenpo.content import stylers
from nenpo.content.display import Table
from nenpo.errors import NotShowable

FRAME = pd.DataFrame(
    {"件数": [1234, 56], "率": [0.123, 0.5]}, index=pd.Index([2019, 2020], name="年度")
)


def labels(table: Table) -> list[str]:
    return [column.label for column in table.columns]


def groups(table: Table) -> list[tuple[str, int]]:
    return [(cell.text, cell.span) for cell in table.groups]


def make_levels() -> pd.DataFrame:
    frame = FRAME.copy()
    frame.columns = pd.MultiIndex.from_tuples([("東", "a"), ("東", "b")], names=["地区", "項目"])
    frame.index = pd.MultiIndex.from_tuples([("甲", 1), ("乙", 2)], names=["組", "番号"])
    return frame


def test_cells_are_the_displayed_texts_and_the_index_heads_its_rows() -> None:
    table = stylers.show(FRAME.style.format({"件数": "{:,} 件", "率": "{:.1%}"}))
    assert table.rows == (("2019", "1,234 件", "12.3%"), ("2020", "56 件", "50.0%"))
    assert (labels(table), table.row_headers) == (["年度", "件数", "率"], 1)
    assert [column.align for column in table.columns] == ["left", "right", "right"]


def test_what_is_hidden_is_left_out() -> None:
    hidden = FRAME.style.hide(axis="index").hide(["率"], axis="columns").hide([2019])
    table = stylers.show(hidden)
    assert (labels(table), table.rows, table.row_headers) == (["件数"], (("56",),), 0)


def test_names_and_headings_can_be_hidden() -> None:
    assert labels(stylers.show(FRAME.style.hide(names=True))) == ["", "件数", "率"]
    assert labels(stylers.show(FRAME.style.hide(axis="columns"))) == ["年度", "", ""]


def test_the_caption_is_kept() -> None:
    assert stylers.show(FRAME.style.set_caption("題")).caption == "題"
    assert stylers.show(FRAME.style).caption == ""


def test_levels_keep_their_names() -> None:
    table = stylers.show(make_levels().style)
    assert labels(table) == ["組", "番号", "項目：a", "項目：b"]
    assert groups(table) == [("", 2), ("地区：東", 2)]
    assert [row[:2] for row in table.rows] == [("甲", "1"), ("乙", "2")]


def test_a_hidden_level_is_left_out() -> None:
    shown = make_levels().style.hide(level=0, axis="index").hide(level=0, axis="columns")
    table = stylers.show(shown)
    assert labels(table) == ["番号", "a", "b"]
    assert groups(table) == [("", 1), ("項目", 2)]


def test_an_index_that_only_counts_is_left_out() -> None:
    assert labels(stylers.show(FRAME.reset_index().style)) == ["年度", "件数", "率"]


def test_headings_are_the_displayed_ones() -> None:
    shown = FRAME.style.format_index("{}年度").relabel_index(["A", "B"], axis=1)
    table = stylers.show(shown)
    assert (labels(table), table.rows[0][0]) == (["年度", "A", "B"], "2019年度")


def test_rows_of_a_concatenated_styler_follow() -> None:
    table = stylers.show(FRAME.style.concat(FRAME.agg(["sum"]).style.format("{:.0f}")))
    assert table.rows[-1] == ("sum", "1290", "1")


@pytest.mark.parametrize(
    ("value", "escape", "shown"),
    [
        ("<b>太</b>", None, "太"),
        ("一<br>二", None, "一\n二"),
        ("<b>太</b>", "html", "<b>太</b>"),
        ("a &lt; b", None, "a < b"),
        ("A&B", "html", "A&B"),
    ],
)
def test_html_in_a_cell_shows_as_in_a_browser(value: str, escape: str | None, shown: str) -> None:
    table = stylers.show(pd.DataFrame({"a": [value]}).style.format(escape=escape))
    assert table.rows == ((shown,),)


def test_what_nobody_formatted_is_written_as_in_a_data_frame() -> None:
    frame = pd.DataFrame(
        {
            "額": [1234567.0, None],
            "率": [1 / 3, None],
            "日": pd.to_datetime(["2022-03-31", None]),
            "可": [True, False],
            "形": [0.5, None],
        },
        index=pd.to_datetime(["2021-04-01", "2022-04-01"]),
    )
    for shown in (
        frame.style.format("{:.0%}", subset=["形"]),
        frame.style.format({"形": "{:.0%}"}),
    ):
        assert stylers.show(shown).rows == (
            ("2021-04-01", "1,234,567", "0.333333", "2022-03-31", "○", "50%"),
            ("2022-04-01", "", "", "", "", ""),
        )
    assert labels(stylers.show(frame.T.style)) == ["", "2021-04-01", "2022-04-01"]


def test_what_the_analyst_chose_is_shown_as_chosen() -> None:
    frame = pd.DataFrame({"額": [1234567.0], "数": [1234]})
    for form, shown in (
        ({"precision": 1}, ("1234567.0", "1234")),
        ({"thousands": ",", "precision": 0}, ("1,234,567", "1,234")),
        ({"formatter": "{:.2f}"}, ("1234567.00", "1234.00")),
    ):
        assert stylers.show(frame.style.format(**form)).rows == (shown,)


def test_a_word_for_what_is_missing_stands() -> None:
    assert stylers.show(pd.DataFrame({"a": [None, 1.5]}).style.format(na_rep="—")).rows[0] == ("—",)


@pytest.mark.parametrize("form", [None, "{:.1f}"])
def test_an_infinite_number_is_refused(form: str | None) -> None:
    with pytest.raises(NotShowable, match="infinite"):
        stylers.show(pd.DataFrame({"a": [float("inf")]}).style.format(form))


def test_an_image_in_a_cell_is_refused() -> None:
    with pytest.raises(NotShowable, match="<img>"):
        stylers.show(pd.DataFrame({"a": ['<img src="a.png">']}).style)


def test_a_table_without_rows_says_so() -> None:
    assert stylers.show(FRAME.iloc[:0].style).note == "該当する行はない。"
