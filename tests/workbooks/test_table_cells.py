"""What a cell of a table stores, and what the table gets: mended, taken as it is, or refused."""

from datetime import date, time
from decimal import Decimal

import pytest

from nenpo.workbooks.book import Cell
from nenpo.workbooks.layout import Choice
from nenpo.workbooks.tables.cells import Refused, Taken, is_same, read_cell
from nenpo.workbooks.tables.sheets import ColumnKind, TableColumn

CHOICES: dict[str, tuple[Choice, ...]] = {
    "reference": (
        Choice("joho", "joho 情報課"),
        Choice("kita", "kita 窓口課"),
        Choice("minami", "minami 窓口課"),
    ),
    "mark": (Choice("○", "○"), Choice("×", "×")),
    "word": (Choice("lead", "主管部"), Choice("supporting", "関係部")),
    "flag": (Choice("true", "はい"), Choice("false", "いいえ")),
}


def make_column(kind: ColumnKind) -> TableColumn:
    return TableColumn("name", "見出し", "説明", kind, False, kind, CHOICES.get(kind, ()))


def see(value: object, shown: str = "", **more: str) -> Cell:
    return Cell(value, shown or str(value), **more)  # type: ignore[arg-type]


TAKEN: list[tuple[ColumnKind, Cell, str, bool]] = [
    # kind, cell, text of the table, whether that is noted
    ("text", see("  一行目\r\n二行目　"), "一行目\n二行目", False),
    ("text", see(Decimal(7), "007"), "007", True),
    ("text", see(Decimal("1.5")), "1.5", True),
    ("text", see(Decimal(100000000000), "1E+11"), "100000000000", True),
    ("text", see("結果", formula="=A1"), "結果", True),
    ("text", see("- 研修\n- 訓練"), "- 研修\n- 訓練", False),
    ("id", see("ｉ１－０１"), "i1-01", True),
    ("id", see("取組一"), "取組一", False),
    ("reference", see("joho 情報課"), "joho", False),
    ("reference", see("joho　情報課"), "joho", False),
    ("reference", see("joho"), "joho", False),
    ("reference", see("ｊｏｈｏ"), "joho", False),
    ("reference", see("情報課"), "joho", True),
    ("reference", see("情報課（庶務）"), "joho", True),
    ("reference", see("joho 旧情報課"), "joho", False),
    ("reference", see("atarashii 新しい課"), "atarashii", False),
    ("mark", see("〇"), "○", True),
    ("mark", see(" ○ "), "○", False),
    ("mark", see("済"), "済", False),
    ("word", see("主管部"), "lead", False),
    ("word", see("主 管 部"), "lead", False),
    ("word", see("LEAD"), "lead", False),
    ("word", see("主管"), "主管", False),
    ("flag", see(True, "TRUE"), "true", False),
    ("flag", see("いいえ"), "false", False),
    ("flag", see("TRUE"), "true", False),
    ("number", see(Decimal(46), "46.0"), "46.0", False),
    ("number", see(Decimal("0.46"), "46.0%"), "46.0", True),
    ("number", see(Decimal(1234567), "1,234,567"), "1234567", False),
    ("number", see(Decimal("1.25"), "1.3"), "1.25", False),
    ("number", see("１，２３４．５"), "1234.5", True),
    ("number", see("−5"), "-5", True),
    ("number", see("約60件"), "約60件", False),
    ("whole", see(Decimal("39.0"), "39.0"), "39", False),
    ("money", see(Decimal(12000), "12,000"), "12000", False),
    ("year", see("令和3年度"), "2021", True),
    ("year", see("Ｒ３"), "2021", True),
    ("year", see(Decimal(2021)), "2021", False),
    ("time", see("令和5年度末"), "FY2023-end", False),
    ("time", see(Decimal(202310)), "202310", False),
    ("time", see(date(2023, 10, 1), "令和5年10月"), "202310", True),
    ("time", see(date(2023, 10, 1), "2023/10/1"), "20231001", True),
    ("time", see("そのうち"), "そのうち", False),
    ("day", see(date(2021, 4, 1), "2021/4/1"), "20210401", True),
    ("day", see(Decimal(202104)), "202104", False),
]


@pytest.mark.parametrize(("kind", "cell", "text", "noted"), TAKEN)
def test_what_is_meant_is_taken(kind: ColumnKind, cell: Cell, text: str, noted: bool) -> None:
    taken = read_cell(cell, make_column(kind))
    assert isinstance(taken, Taken)
    assert (taken.text, taken.note is not None) == (text, noted)


@pytest.mark.parametrize(
    ("kind", "cell", "why"),
    [
        ("text", see(date(2026, 1, 1), "1月1日"), "日付に変えた"),
        ("id", see(date(2026, 1, 1), "2026/1/1"), "日付に変えた"),
        ("number", see(date(2026, 1, 1), "2026/1/1"), "日付に変えた"),
        ("time", see(date(2026, 10, 1), "10月1日"), "日付に変えた"),
        ("time", see(time(9, 30), "9:30"), "日付に変えた"),
        ("text", see("=1+1"), "数式になる字「=」"),
        ("text", see(" ＠A1"), "数式になる字「＠」"),
        ("text", see("\t=1+1"), "数式になる字「=」"),
        ("text", see(True, "TRUE"), "真偽値に変えた"),
        ("text", see(Decimal(10**15), "1000000000000000"), "15桁"),
        ("number", see(Decimal(10**15), "1000000000000000"), "15桁"),
        ("number", see(None, "#REF!", error="#REF!"), "エラー"),
        ("number", see(None, "", formula="=A1"), "保存されていない"),
        ("reference", see("joho 窓口課"), "ID は joho"),
        ("reference", see("窓口課"), "複数ある"),
        ("reference", see("情報推進課"), "一覧にない"),
    ],
)
def test_what_nobody_can_tell_is_refused(kind: ColumnKind, cell: Cell, why: str) -> None:
    refused = read_cell(cell, make_column(kind))
    assert isinstance(refused, Refused)
    assert why in refused.why.ja


@pytest.mark.parametrize(
    ("kind", "cell", "before", "same"),
    [
        ("number", see(Decimal(46)), "46.0", True),
        ("number", see(Decimal(46)), "46.5", False),
        ("text", see(Decimal("1.1")), "1.10", True),
        ("text", see("1.1"), "1.10", False),
        ("text", see("済"), "済 ", True),
        ("time", see("令和6年度"), "FY2024", True),
        ("time", see("令和6年度"), "2024年度", True),
        ("flag", see(True), "TRUE", True),
        ("number", see(None), "", True),
    ],
)
def test_what_means_the_same_changes_nothing(
    kind: ColumnKind, cell: Cell, before: str, same: bool
) -> None:
    column = make_column(kind)
    taken = read_cell(cell if cell.value is not None else None, column)
    assert isinstance(taken, Taken)
    assert is_same(taken, column, before) is same
