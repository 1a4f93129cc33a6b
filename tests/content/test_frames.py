"""A DataFrame or Series that an analyst displays, as a reader expects it."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nenpo.content.display import Table, show_frame
from nenpo.errors import NotShowable

COUNTS = pd.DataFrame({"件数": [10, 20, 30, 40]})


def read_heads(table: Table) -> list[str]:
    return [column.label for column in table.columns]


def read_groups(table: Table) -> list[tuple[str, int]]:
    return [(cell.text, cell.span) for cell in table.groups]


def read_column(*values: Any, name: str = "値") -> list[str]:
    """Return the texts of a column that holds ``values``."""
    shown = show_frame(pd.DataFrame({name: list(values)}))
    return [row[-1] for row in shown.rows]


def refuse(frame: Any) -> NotShowable:
    with pytest.raises(NotShowable) as refused:
        show_frame(frame)
    return refused.value


def test_consecutive_years_are_shown() -> None:
    table = show_frame(pd.Series({2019: 10, 2020: 20, 2021: 30}, name="交付件数"))
    assert table.rows == (("2019", "10"), ("2020", "20"), ("2021", "30"))
    assert (read_heads(table), table.row_headers) == (["", "交付件数"], 1)


@pytest.mark.parametrize("rows", [[0, 1, 3], [0, 2], [3, 2, 1, 0]])
def test_rows_that_were_chosen_keep_their_numbers_without_an_invented_heading(
    rows: list[int],
) -> None:
    table = show_frame(COUNTS.iloc[rows])
    assert [row[0] for row in table.rows] == list(map(str, rows))
    assert read_heads(table) == ["", "件数"]


def test_index_that_only_counts_the_rows_is_left_out() -> None:
    assert (read_heads(show_frame(COUNTS)), show_frame(COUNTS).row_headers) == (["件数"], 0)


def test_named_index_is_shown_whatever_it_holds() -> None:
    assert read_heads(show_frame(COUNTS.rename_axis("順位"))) == ["順位", "件数"]


def test_index_of_several_levels_keeps_their_names() -> None:
    index = pd.MultiIndex.from_tuples([("甲課", 2021), ("甲課", 2022)], names=["課", "年度"])
    table = show_frame(pd.DataFrame({"件数": [1, 2]}, index=index))
    assert (read_heads(table), table.row_headers) == (["課", "年度", "件数"], 2)
    assert table.rows == (("甲課", "2021", "1"), ("甲課", "2022", "2"))


def test_index_of_dates_shows_dates() -> None:
    index = pd.to_datetime(["2021-04-01", "2021-05-01"])
    table = show_frame(pd.Series([1, 2], index=index, name="件数"))
    assert [row[0] for row in table.rows] == ["2021-04-01", "2021-05-01"]


def test_series_without_a_name_gets_no_heading() -> None:
    assert read_heads(show_frame(pd.Series([1, 2], index=["甲", "乙"]))) == ["", ""]


def test_columns_that_only_count_get_no_heading() -> None:
    assert read_heads(show_frame(pd.DataFrame([[1, 2], [3, 4]]))) == ["", ""]


def test_name_of_the_columns_stands_above_them() -> None:
    table = show_frame(
        pd.crosstab(pd.Series(["甲", "乙"], name="課"), pd.Series(["◎", "△"], name="区分"))
    )
    assert read_groups(table) == [("", 1), ("区分", 2)]
    assert read_heads(table) == ["課", "△", "◎"]


def test_columns_of_several_levels_become_groups_and_keep_their_names() -> None:
    columns = pd.MultiIndex.from_product([[2021, 2022], ["上期", "下期"]], names=["年度", "期"])
    table = show_frame(pd.DataFrame([[1, 2, 3, 4]], columns=columns, index=["甲"]))
    assert read_groups(table) == [("", 1), ("年度：2021", 2), ("年度：2022", 2)]
    assert read_heads(table) == ["", "期：上期", "期：下期", "期：上期", "期：下期"]


def test_former_index_beside_columns_of_several_levels_is_no_value_of_the_level() -> None:
    columns = pd.MultiIndex.from_product([[2021], ["上期", "下期"]], names=["年度", None])
    frame = pd.DataFrame([[1, 2]], columns=columns, index=pd.Index(["甲"], name="課"))
    table = show_frame(frame.reset_index())
    assert read_heads(table) == ["課", "上期", "下期"]
    assert read_groups(table) == [("", 1), ("年度：2021", 2)]


def test_columns_of_one_name_stay_apart() -> None:
    table = show_frame(pd.DataFrame([[1, "甲"]], columns=["値", "値"]))
    assert (read_heads(table), table.rows) == (["値", "値"], (("1", "甲"),))


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1.0, np.nan, 3.0], ["1", "", "3"]),
        ([1.0, 0.5, None], ["1.0", "0.5", ""]),
        ([0.1 + 0.2], ["0.3"]),
        ([0.1 + 0.2, 1.0], ["0.3", "1.0"]),
        ([1 / 3, 1.0], ["0.333333333333333", "1"]),
        ([1234567, -8900], ["1,234,567", "-8,900"]),
        ([1234567890123456.0], ["1,234,567,890,123,456"]),
        ([-0.0], ["0"]),
        ([None, 2], ["", "2"]),
        (pd.array([12345, None], dtype="Int64"), ["12,345", ""]),
        (np.array([0.1, 2], dtype="float32"), ["0.1", "2.0"]),
        ([Decimal("46.0"), Decimal("5"), None], ["46.0", "5", ""]),
        ([Decimal("1E+3")], ["1,000"]),
        ([True, False], ["○", ""]),
        ([True, None, False], ["はい", "", "いいえ"]),
        (pd.array([True, None], dtype="boolean"), ["はい", ""]),
        (["あり", True, 3], ["あり", "はい", "3"]),
        (pd.to_datetime(["2022-03-31", None]), ["2022-03-31", ""]),
        ([datetime(2022, 3, 31, 9, 30), datetime(2022, 4, 1)],
         ["2022-03-31 09:30", "2022-04-01 00:00"]),
        ([date(2022, 3, 31), pd.NaT], ["2022-03-31", ""]),
        ([datetime(2022, 3, 31), "未定"], ["2022-03-31", "未定"]),
        ([time(9, 30)], ["09:30"]),
        (pd.period_range("2021-04", periods=2, freq="M"), ["2021-04", "2021-05"]),
        ([timedelta(days=1, hours=2), timedelta(0)], ["1日2時間", "0日"]),
        ([timedelta(seconds=-90)], ["−1分30秒"]),
        (pd.Categorical(["甲", None, "乙"]), ["甲", "", "乙"]),
        (pd.cut([5, 20], [0, 10, np.inf]), ["0超10以下", "10超"]),
        (pd.array(["甲", pd.NA], dtype="string"), ["甲", ""]),
        ([None, None], ["", ""]),
    ],
)  # fmt: skip
def test_values_are_written_as_a_reader_expects(values: Any, texts: list[str]) -> None:
    shown = show_frame(pd.DataFrame({"値": values}))
    assert [row[-1] for row in shown.rows] == texts


@pytest.mark.parametrize("name", ["年月", "郵便番号", "課コード", "id"])
def test_whole_numbers_that_name_something_get_no_separators(name: str) -> None:
    assert read_column(20211, 3, name=name) == ["20211", "3"]


def test_years_get_no_separators_whatever_their_heading() -> None:
    assert read_column(2021, 2022, name="計画の始期") == ["2021", "2022"]


def test_amounts_of_a_year_get_separators() -> None:
    assert read_column(1234567, name="2021年度") == ["1,234,567"]


def test_numbers_are_set_to_the_right_and_ticks_in_the_middle() -> None:
    shown = show_frame(pd.DataFrame({"課": ["甲"], "件数": [1.0], "済": [True]}))
    assert [(c.align, c.kind) for c in shown.columns] == [
        ("left", "text"), ("right", "number"), ("center", "text"),
    ]  # fmt: skip


def test_frame_without_rows_says_so_below_its_headings() -> None:
    table = show_frame(pd.DataFrame({"課": []}))
    assert (read_heads(table), table.rows, table.note) == (["課"], (), "該当する行はない。")


def test_frame_without_columns_is_refused_in_one_sentence() -> None:
    assert refuse(pd.DataFrame()).message("ja") == (
        "文書に載せられない: 列のない DataFrame である。列のあるものを表示すること。"
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (np.inf, "無限大（inf）"),
        (-np.inf, "無限大（-inf）"),
        (Decimal("Infinity"), "無限大（Infinity）"),
        ([1], "list の値"),
        ({"a": 1}, "dict の値"),
        ((1, 2), "tuple の値"),
        (object(), "object の値"),
        (b"x", "bytes の値"),
        (1j, "complex の値"),
        (1e300, "100 桁を超える数"),
        pytest.param(10**5000, "100 桁を超える数", id="huge"),
        (1e-200, "100 桁を超える数"),
    ],
)
def test_value_that_no_table_can_show_is_refused_with_its_row_and_column(
    value: Any, told: str
) -> None:
    frame = pd.DataFrame({"割合": pd.Series([1, value], dtype=object)})
    assert f"列「割合」の 2 行目に {told}" in refuse(frame).message("ja")


def test_heading_that_is_no_text_is_refused_with_its_column() -> None:
    assert "2 列目の見出しに object の値" in refuse(
        pd.DataFrame({"甲": [1], object(): [2]})
    ).message("ja")


def test_all_such_values_are_told_at_once() -> None:
    message = refuse(pd.DataFrame({"甲": [np.inf, 1], "乙": [[], {}]})).message("en")
    for place in ("column '甲', row 1", "column '乙', row 1", "column '乙', row 2"):
        assert place in message
