"""What people answer is read where it is certain, and told; elsewhere refused at its cell."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nenpo.errors import UnusableCell
from nenpo.language.stated_dates import parse_stated_date
from nenpo.language.values import Missing, Value, parse_value
from nenpo.workbooks.book import Cell
from nenpo.workbooks.layout import Choice, Field
from nenpo.workbooks.normal.normalise import Context, normalise
from nenpo.workbooks.reading.cells import make_number
from nenpo.workbooks.tables.cells import Taken, read_cell
from nenpo.workbooks.tables.sheets import TableColumn

MARKS = Field(
    "status",
    "進捗区分",
    "choice",
    (
        Choice("◎", "◎ スケジュールどおり取り組んだ"),
        Choice("○", "○ スケジュールどおりでなく、変更して取り組んだ"),
        Choice("△", "△ 着手したものの十分に進行しているとはいえない"),
        Choice("×", "× 未着手"),
    ),
)
WORDS = Field(
    "status",
    "状況",
    "choice",
    (Choice("順調", "順調"), Choice("やや遅れ", "やや遅れ"), Choice("遅れ", "遅れ")),
)
DASHED = Field("status", "状況", "choice", (Choice("●", "● 完了"), Choice("−", "− 未実施")))
SHIFT = Field(
    "shift", "変更の向き", "choice", (Choice("ahead", "前倒し"), Choice("behind", "後ろ倒し"))
)
STATE = Field(
    "state",
    "状況",
    "choice",
    (Choice("planned", "予定"), Choice("revised", "変更"), Choice("done", "済")),
)
SUBJECT = Field(
    "subject",
    "取組",
    "choice",
    (
        Choice("i1-1-1", "1-1-①-1 窓口の予約"),
        Choice("i1-1-2", "1-1-①-2 申請の電子化"),
        Choice("i1-1-21", "1-1-①-21 申請の電子化（試行）"),
    ),
)
DONE = Field("done", "実績", "text")
VALUE = Field("value", "令和4年度の値", "value")
BUDGET = Field("budget", "予算（千円）", "money")
DUE = Field("date", "時期", "time")

COUNT = Context(unit="件", last="約72,000件（令和3年度）")
SHARE = Context(unit="%", last="31.6％（令和3年度）")
SMALL = Context(unit="%", last="0.3％（令和3年度）")
FRESH = Context(unit="%")
MONEY = Context(unit="千円", last="900千円（令和3年度）")
PLACES = Context(unit="か所")
BARE = Context()


def typed(text: str) -> Cell:
    return Cell(text, text)


def number(stored: str, code: str = "General", formula: str = "") -> Cell:
    return make_number(Decimal(stored), code, formula)


def day(year: int, month: int, on: int, shown: str) -> Cell:
    return Cell(date(year, month, on), shown)


def read(cell: Cell | str, field: Field, context: Context = BARE) -> tuple[str, bool]:
    """Return what the table is to hold, and whether anything is told of it."""
    cell = typed(cell) if isinstance(cell, str) else cell
    normal = normalise(cell, field, "a.xlsx!取組!D5", context)
    return normal.value, bool(normal.notes)


def refuse(cell: Cell | str, field: Field, context: Context = BARE) -> UnusableCell:
    with pytest.raises(UnusableCell) as caught:
        read(cell, field, context)
    return caught.value


@pytest.mark.parametrize(
    ("cell", "field", "value", "told"),
    [
        # as it was chosen
        ("◎", MARKS, "◎", False),
        ("◎ スケジュールどおり取り組んだ", MARKS, "◎", False),
        ("順調", WORDS, "順調", False),
        ("前倒し", SHIFT, "ahead", False),
        # look-alike marks
        ("〇", MARKS, "○", True),
        ("◯", MARKS, "○", True),
        ("⚪", MARKS, "○", True),
        ("o", MARKS, "○", True),
        ("Ｏ", MARKS, "○", True),
        ("⦾", MARKS, "◎", True),
        ("▲", MARKS, "△", True),
        ("x", MARKS, "×", True),
        ("Ｘ", MARKS, "×", True),
        ("✕", MARKS, "×", True),
        ("✖\ufe0f", MARKS, "×", True),
        ("◎◎", MARKS, "◎", True),
        ("××", MARKS, "×", True),
        ("（○）", MARKS, "○", True),
        # what marks are called
        ("二重丸", MARKS, "◎", True),
        ("丸", MARKS, "○", True),
        ("三角", MARKS, "△", True),
        ("バツ", MARKS, "×", True),
        # with their words, or these alone
        ("◎スケジュールどおり取り組んだ", MARKS, "◎", False),
        ("◎　スケジュール通り取組んだ", MARKS, "◎", True),
        ("◎ スケジュールどおり", MARKS, "◎", True),
        ("◎（スケジュールどおり取り組んだ）", MARKS, "◎", True),
        ("〇：スケジュールどおりでなく、変更して取り組んだ", MARKS, "○", True),
        ("スケジュールどおり取り組んだ", MARKS, "◎", True),
        ("未着手", MARKS, "×", True),
        ("未着手（×）", MARKS, "×", True),
        ("未 着 手", MARKS, "×", True),
        ("AHEAD", SHIFT, "ahead", True),
        ("前倒", SHIFT, "ahead", True),
        ("「後ろ倒し」", SHIFT, "behind", True),
        (" 順調 ", WORDS, "順調", False),
        # as people say it
        ("後倒し", SHIFT, "behind", True),
        ("遅れ", SHIFT, "behind", True),
        ("遅延", SHIFT, "behind", True),
        ("早まった", SHIFT, "ahead", True),
        ("前倒しで実施", SHIFT, "ahead", True),
        ("済み", STATE, "done", True),
        ("完了", STATE, "done", True),
        ("延期", STATE, "revised", True),
        ("変更あり", STATE, "revised", True),
        # a mark with words of one's own
        ("◎ 予定どおり", MARKS, "◎", True),
        ("○（後ろ倒し）", MARKS, "○", True),
        ("△：調整に時間を要した", MARKS, "△", True),
        ("1-1-①-2", SUBJECT, "i1-1-2", True),
        ("申請の電子化", SUBJECT, "i1-1-2", True),
        # a dash that is a mark
        ("-", DASHED, "−", True),
        ("ー", DASHED, "−", True),
        # nothing
        ("—", MARKS, "", True),
        ("－", MARKS, "", True),
        ("", MARKS, "", False),
        ("　", MARKS, "", False),
    ],
)  # fmt: skip
def test_choice_is_read(cell: str, field: Field, value: str, told: bool) -> None:
    assert read(cell, field) == ((value, told) if field is not SUBJECT else (value, True))


@pytest.mark.parametrize(
    ("cell", "field", "told"),
    [
        ("スケジュールどおり", MARKS, "more than one"),
        ("着手した", MARKS, "none of the choices"),
        ("予定どおり", MARKS, "none of the choices"),
        ("◎ 未着手", MARKS, "none of the choices"),
        ("○△", MARKS, "two marks or more"),
        ("○or△", MARKS, "two marks or more"),
        ("△→○", MARKS, "two marks or more"),
        ("○月に実施", MARKS, "none of the choices"),
        ("○○課と調整中", MARKS, "none of the choices"),
        ("遅れなし", SHIFT, "none of the choices"),
        ("完了予定", STATE, "none of the choices"),
        ("別紙のとおり", MARKS, "points at another paper"),
        ("○○", MARKS, "Did you mean '◎ スケジュールどおり取り組んだ' or '○"),
        ("0", MARKS, "Did you mean '○"),
        ("0", WORDS, "none of the choices"),
        ("★", MARKS, "none of the choices"),
        ("大変順調", WORDS, "Did you mean '順調'"),
        ("電子化", SUBJECT, "none of the choices"),
        ("同上", MARKS, "points at another cell"),
        (number("1"), MARKS, "none of the choices"),
        (number("0"), MARKS, "none of the choices"),
        (day(2023, 1, 15, "1月15日"), MARKS, "none of the choices"),
        (Cell(True, "TRUE"), MARKS, "TRUE or FALSE"),
    ],
)
def test_choice_that_is_not_certain_is_refused(cell: Cell | str, field: Field, told: str) -> None:
    problem = refuse(cell, field)
    assert told in problem.message("en")
    assert field.choices[0].label in problem.message("ja")


@pytest.mark.parametrize(
    ("cell", "context", "value", "told"),
    [
        ("77500", COUNT, "77500", False),
        ("77,500", COUNT, "77500", False),
        ("７７，５００", COUNT, "77500", False),
        ("約77,500件", COUNT, "約77500", True),
        ("約 77,500", COUNT, "約77500", False),
        ("77,500件程度", COUNT, "約77500", True),
        ("7.75万件", COUNT, "77500", True),
        ("12千件", COUNT, "12000", True),
        ("0件", COUNT, "0", True),
        ("77500（件）", COUNT, "77500", True),
        ("1億2千万件", COUNT, "120000000", True),
        ("3百万件", COUNT, "3000000", True),
        ("△10", COUNT, "-10", True),
        ("▲ 10", COUNT, "-10", True),
        ("−10", COUNT, "-10", True),
        ("4.6E+1", COUNT, "46", True),
        ("1/15", Context(unit="事業"), "1/15", False),
        ("１／１５", Context(unit="事業"), "1/15", False),
        ("0/15事業", Context(unit="事業"), "0/15", True),
        ("46.0％", SHARE, "46.0", True),
        ("46.0", SHARE, "46.0", False),
        ("46.0パーセント", SHARE, "46.0", True),
        ("0.4", SMALL, "0.4", False),
        ("0.46％", SHARE, "0.46", True),
        ("1", FRESH, "1", False),
        ("3箇所", PLACES, "3", True),
        ("3ヶ所", PLACES, "3", True),
        ("12名", Context(unit="人"), "12", True),
        ("1,200千円", MONEY, "1200", True),
        ("120万円", MONEY, "1200", True),
        ("1,500円", MONEY, "1.5", True),
        ("3百万円", Context(unit="百万円"), "3", False),
        ("46", BARE, "46", False),
        ("\u200b46", BARE, "46", False),
        ("—", COUNT, "記載なし", True),
        ("ー", COUNT, "記載なし", True),
        ("未計測", COUNT, "未計測", False),
        ("未測定", COUNT, "未計測", True),
        ("集計中", COUNT, "未確定", True),
        ("該当なし", COUNT, "該当なし", False),
        (number("77500"), COUNT, "77500", False),
        (number("77500", '"約"#,##0"件"'), COUNT, "約77500", False),
        (number("46", "0.0"), SHARE, "46.0", False),
        (number("0.46", "0.0%"), SHARE, "46.0", False),
        (number("0.463", "0%"), SHARE, "46.3", True),
        (number("46", '0.0"%"'), SHARE, "46.0", False),
        (number("45.67", '0"％"'), SHARE, "45.67", True),
        ("5千m", Context(unit="m"), "5000", True),
        (number("0.463", "0%", "=A1/A2"), SHARE, "46", True),
        (number("46.35", "0.0"), SHARE, "46.35", True),
        (number("0.3333333333", "0.0%"), SHARE, "33.3", True),
        (number("0.0666666666666667", "# ?/??"), Context(unit="事業"), "1/15", False),
        (number("-5", '#,##0;"▲ "#,##0'), COUNT, "-5", True),
        (number("-5", "0_);(0)"), COUNT, "-5", True),
        (number("0", '#,##0;-#,##0;"-"'), COUNT, "0", False),
        (number("46", "0.00E+00"), COUNT, "46", True),
        (number("46", "General", "=A1+1"), COUNT, "46", True),
        (number("1.2", "0.0%"), SHARE, "120.0", True),
    ],
)
def test_number_is_read(cell: Cell | str, context: Context, value: str, told: bool) -> None:
    assert read(cell, VALUE, context) == (value, told)


FEW = Context(unit="件", last="15件（令和3年度）")


@pytest.mark.parametrize(
    ("cell", "context", "told"),
    [
        (
            "▲3",
            FEW,
            ("「▲3」を「-3件」と読んだ。", "前回は15件（令和3年度）、今回は-3件で、負の数である。"),
        ),
        ("672", SHARE, ("前回は31.6％（令和3年度）、今回は672%で、100％を超えている。",)),
        (
            "3.5",
            Context(unit="団体", last="3団体（令和3年度）"),
            ("今回は3.5団体で、端数がある。",),
        ),
        ("3.5", Context(unit="団体"), ("3.5団体で、端数がある。",)),
        ("150", FEW, ("今回は150件で、10倍以上になっている。",)),
        ("15000", FEW, ("今回は15,000件で、1,000倍以上になっている。",)),
        ("1", FEW, ("今回は1件で、10分の1以下になっている。",)),
        ("180万", COUNT, ("「180万」を「1,800,000件」と読んだ。", "10倍以上になっている。")),
        ("１２．３万件", COUNT, ("「１２．３万件」を「123,000件」と読んだ。",)),
        ("15人", Context(unit="名"), ("単位「人」は「名」と同じとみた。",)),
        ("149", FEW, ()),
        ("0", FEW, ()),
        ("3.5", Context(unit="時間", last="3時間（令和3年度）"), ()),
        ("3.5", Context(unit="万人", last="3万人（令和3年度）"), ()),
        ("3.5", Context(unit="t", last="3t（令和3年度）"), ()),
        ("-3", Context(unit="件", last="-2件（令和3年度）"), ()),
        ("12", Context(unit="件", last=""), ()),
    ],
)
def test_change_and_value_that_is_hardly_meant_are_told(
    cell: str, context: Context, told: tuple[str, ...]
) -> None:
    notes = [each.ja for each in normalise(typed(cell), VALUE, "a!b!C5", context).notes]
    assert len(notes) == len(told)
    assert all(part in note for part, note in zip(told, notes, strict=True)), notes


@pytest.mark.parametrize("cell", ["6件（見込み）", "6（見込）", "約10件の予定", "12件（速報値）"])
def test_number_that_is_only_expected_is_refused(cell: str) -> None:
    assert "集計中" in refuse(cell, VALUE, COUNT).message("ja")


@pytest.mark.parametrize(
    ("cell", "context", "told"),
    [
        ("12人", COUNT, "its unit '人'"),
        ("10余件", COUNT, "leaves the number open"),
        ("10数件", COUNT, "its unit '数件'"),
        ("3案件", COUNT, "its unit '案件'"),
        ("5km", Context(unit="m"), "its unit 'km'"),
        ("5法人", Context(unit="人"), "its unit '法人'"),
        ("46％", COUNT, "its unit '%'"),
        ("100件以上", COUNT, "leaves the number open"),
        ("10～20", COUNT, "not one number"),
        ("10-20", COUNT, "not one number"),
        ("12\n8", COUNT, "not one number"),
        ("77 500", COUNT, "not one number"),
        ("120万", MONEY, "it may be of 円 or of 千円"),
        (number("1200", '"¥"#,##0'), Context(unit="千円"), "it may be 1,200千円 or 1,200"),
        ("5人", Context(unit="万人"), "it may be 5万人 or 5人"),
        ("約1,2万", COUNT, "not one number"),
        ("多数", COUNT, "not one number"),
        ("なし", COUNT, "not one number"),
        ("増加", COUNT, "not one number"),
        ("1月15日", COUNT, "become a date"),
        ("15-Jan", COUNT, "become a date"),
        ("2023/1/15", COUNT, "become a date"),
        ("46²", COUNT, "its unit '²'"),
        ("1/0", COUNT, "denominator"),
        ("0.46", SHARE, "0.46％ or 46％"),
        (number("0.46"), SHARE, "0.46％ or 46％"),
        (number("0.46"), FRESH, "0.46％ or 46％"),
        (number("46", "0%"), SHARE, "4600％ or 46％"),
        (number("1234567", "#,##0,"), COUNT, "holds '1234567'"),
        (number("1234567", '#,##0,"千件"'), COUNT, "holds '1234567'"),
        (number("0.3333333333"), COUNT, "too many digits"),
        (number("12345678901234567890"), COUNT, "too many digits"),
        ("1E+99", COUNT, "too many digits"),
        (number("5", ";;;"), COUNT, "format does not show"),
        (number("0", "#,##0;-#,##0;"), COUNT, "format does not show"),
        (number("-1", "yyyy/m/d"), COUNT, "format does not show"),
        (day(2023, 1, 15, "1月15日"), COUNT, "become a date"),
        (Cell(time(1, 15), "1:15"), COUNT, "become a date or a time"),
        (Cell(True, "TRUE"), COUNT, "TRUE or FALSE"),
        (
            Cell(None, "", "=SUM(A1:A9)"),
            COUNT,
            "'=SUM(A1:A9)' cannot be used (the formula was saved",
        ),
        (Cell(None, "#REF!", "=#REF!", "#REF!"), COUNT, "a formula's error"),
        ("#N/A", COUNT, "a formula's error"),
        ("〃", COUNT, "points at another cell"),
    ],
)
def test_number_that_is_not_certain_is_refused(
    cell: Cell | str, context: Context, told: str
) -> None:
    assert told in refuse(cell, VALUE, context).message("en")


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        ("1,200", "1200", False),
        ("１，２００", "1200", False),
        ("1,200千円", "1200", True),
        ("120万円", "1200", True),
        ("1.2億円", "120000", True),
        ("3百万円", "3000", True),
        ("1,200,000円", "1200", True),
        ("¥1,200,000", "1200", True),
        ("\\1,200,000", "1200", True),
        ("1億2千万円", "120000", True),
        ("0", "0", False),
        ("—", "", True),
        (number("1200"), "1200", False),
        (number("1200", '#,##0"千円"'), "1200", False),
        (number("1200000", '"¥"#,##0'), "1200", True),
        (number("0", '_-"-"'), "0", False),
    ],
)
def test_money_is_read_in_thousands_of_yen(cell: Cell | str, value: str, told: bool) -> None:
    assert read(cell, BUDGET) == (value, told)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1,200円", "no whole number of thousands"),
        ("12.5", "no whole number of thousands"),
        ("約1,200", "rough"),
        ("120万", "it may be of 円 or of 千円"),
        ("1200千", "it may be of 円 or of 千円"),
        ("1/15", "rough number, or a fraction"),
        ("-5", "below 0"),
        ("46％", "its unit"),
        ("5人", "its unit"),
        ("予算なし", "not one number"),
        ("未確定", "no number"),
        ("12345678901", "too many digits"),
        (number("1200000", "#,##0,"), "holds '1200000'"),
        (day(2023, 10, 1, "2023/10/1"), "become a date"),
    ],
)
def test_money_that_is_not_certain_is_refused(cell: Cell | str, told: str) -> None:
    assert told in refuse(cell, BUDGET).message("en")


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        ("令和5年度末", "FY2023-end", False),
        ("令和５年１０月", "202310", False),
        ("R5.10", "202310", False),
        ("令和5年10月中旬", "202310-mid", False),
        ("2023/10/1", "20231001", False),
        ("R5/10/1", "20231001", True),
        ("r5.10.1", "20231001", True),
        ("令和5.10", "202310", True),
        ("2023.10", "202310", True),
        ("2023.10.1", "20231001", True),
        ("令和5年度内", "FY2023", True),
        ("r5年度", "FY2023", True),
        ("R5.10頃", "202310", True),
        ("令和5年度末ごろまでに", "FY2023-end", True),
        ("R5.10月", "202310", True),
        ("令和5年10月～", "202310-later", True),
        ("令和5年度末まで", "FY2023-end", True),
        ("令和5年度末日", "FY2023-end", True),
        ("令和5年10月1日（日）", "20231001", True),
        ("2023-10-01 00:00:00", "20231001", True),
        ("—", "", True),
        (number("2023"), "FY2023", False),
        (number("202310"), "202310", False),
        (number("5", '"令和"0"年度"'), "FY2023", False),
        (day(2023, 10, 1, "2023/10/1"), "20231001", False),
        (day(2023, 10, 1, "10/1/2023"), "20231001", False),
        (day(2023, 10, 1, "令和5年10月1日"), "20231001", False),
        (day(2023, 10, 1, "1-Oct-23"), "20231001", False),
        (day(2019, 5, 1, "令和元年5月1日"), "20190501", False),
        (day(2023, 10, 1, "2023年10月"), "202310", True),
        (day(2023, 10, 1, "Oct-23"), "202310", True),
        (day(2023, 10, 5, "R5.10"), "202310", True),
        (day(2023, 10, 1, "2023年度"), "FY2023", True),
        (Cell(datetime(2023, 10, 1, 9, 30), "2023/10/1 9:30"), "20231001", True),
    ],
)
def test_time_is_read_as_precisely_as_it_is_seen(cell: Cell | str, value: str, told: bool) -> None:
    assert read(cell, DUE) == (value, told)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("10月", "year is not stated"),
        ("10/1", "year is not stated"),
        ("年度末", "year is not stated"),
        ("来年度", "year is not stated"),
        ("未定", "it is no time"),
        ("令和5年秋頃", "a season tells no month"),
        ("令和5年秋", "a season tells no month"),
        ("令和5年13月", "it is no time"),
        ("5.10", "it is no time"),
        ("2023 10", "it is no time"),
        ("令和5年10月～12月", "it is no time"),
        ("45200", "number of a day, 2023-10-01"),
        (number("45200"), "number of a day, 2023-10-01"),
        (number("2023.1"), "a number: 2023.10 is 2023.1"),
        (day(2023, 10, 1, "10月1日"), "its year is not seen; it holds 2023-10-01"),
        (day(2023, 10, 23, "10/23"), "its year is not seen"),
        (day(2023, 10, 23, "23-Oct"), "its year is not seen"),
        (day(2023, 10, 5, "10月5日"), "its year is not seen"),
        (day(1905, 5, 1, "1905/5/1"), "it is no time"),
        (Cell(time(9, 30), "9:30"), "time of day"),
        (number("-1", "yyyy/m/d"), "format does not show"),
        (Cell(date(2023, 3, 1), "2023"), "in the fiscal year before"),
        ("同左", "points at another cell"),
    ],
)
def test_time_that_is_not_certain_is_refused(cell: Cell | str, told: str) -> None:
    assert told in refuse(cell, DUE).message("en")


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        ("取り組んだ", "取り組んだ", False),
        ("　取り組んだ　 ", "取り組んだ", False),
        ("一行目  \r\n　・二行目\r\n\r\n", "一行目\n　・二行目", False),
        ("一\r二", "一\n二", False),
        ("a\tb\xa0c", "a b c", False),
        ("取\u200bり\ufeff組み", "取り組み", True),
        ("取組_x000D_\nあり", "取組\nあり", True),
        ("（推進）", "（推進）", False),
        ("特になし", "特になし", False),
        ("+ 研修\n- 訓練", "+ 研修\n- 訓練", False),
        ("<b>太字</b> & $x$", "<b>太字</b> & $x$", False),
        ("../../etc", "../../etc", False),
        ("ｼｽﾃﾑ", "ｼｽﾃﾑ", False),
        ("—", "—", False),
        ("ー", "—", True),
        ("－－", "—", True),
        ("\u200b", "", False),
        (number("3"), "3", False),
        (number("1200", '#,##0"件"'), "1,200件", False),
        (day(2023, 10, 1, "10月1日"), "10月1日", False),
        (Cell("済", "済", "=A1"), "済", True),
        (Cell("", "", "=A1"), "", False),
    ],
)
def test_text_is_read_as_lines(cell: Cell | str, value: str, told: bool) -> None:
    assert read(cell, DONE) == (value, told)


def test_dash_is_no_reason_where_one_is_needed() -> None:
    reason = replace(DONE, needed_for={"status": ("△", "×")})
    assert read("—", reason) == ("", True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("同上", "points at another cell"),
        ("（同上）", "points at another cell"),
        ("〃", "points at another cell"),
        ('"', "points at another cell"),
        ("上記に同じ。", "points at another cell"),
        ("あ" * 20_001, "20,001 characters"),
        ("右から\u202e左", "U+202E"),
        ("葛\U000e0100飾", "U+E0100 → 葛"),
        ("外字\ue000", "U+E000"),
        ("失われた\ufffd", "U+FFFD"),
        ("絵文字😀", "U+1F600"),
        ("⻑期", None),
        ("a\x07b", "U+0007"),
        ("#REF!", "a formula's error"),
    ],
)
def test_text_that_no_document_can_show_is_refused(text: str, told: str | None) -> None:
    if told is None:  # the font has it: a note of the data tells its ordinary form
        assert read(text, DONE) == (text, False)
        return
    assert told in str(refuse(text, DONE).fields) + refuse(text, DONE).message("en")


@given(st.text("=@＝＠+-＋－\t\r\n \u3000あA1()", max_size=6), st.text("=あ件1\n", max_size=4))
@settings(max_examples=200, deadline=None)
def test_no_text_that_is_taken_is_a_formula_in_a_spreadsheet(begin: str, end: str) -> None:
    for reader in (_take, _take_into_table):
        taken = reader(f"{begin}{end}")
        assert not taken.startswith(("=", "@", "＝", "＠", "\t", "\r"))
        bare = f"{begin}{end}".replace("\r", "\n").strip()
        if bare.startswith(("+", "-")) and bare.strip("-－"):
            assert taken.startswith(bare[0])


def _take(text: str) -> str:
    try:
        return read(text, DONE)[0]
    except UnusableCell:
        return ""


def _take_into_table(text: str) -> str:
    taken = read_cell(typed(text), TableColumn("done", "実績", "", "text", required=False))
    return taken.text if isinstance(taken, Taken) else ""


def test_text_that_begins_a_formula_is_refused_with_what_to_write() -> None:
    message = refuse('=HYPERLINK("http://x")', DONE).message("ja")
    assert "数式になる字「=」で始まっている" in message
    assert "先頭の字を削るか、その前に言葉を書くこと" in message


def test_every_character_that_cannot_be_shown_is_named_at_once() -> None:
    message = refuse("外\ue000字\ue001と😀", DONE).message("ja")
    assert all(code in message for code in ("U+E000", "U+E001", "U+1F600"))


@pytest.mark.parametrize(
    "text",
    [
        "上と同じ",
        "上記と同様",
        "上段に同じ",
        "前項と同じ",
        "上記のとおり",
        "以下同文",
        "同様",
        "仝",
    ],
)
def test_answer_that_points_at_another_is_refused_however_it_is_put(text: str) -> None:
    assert "points at another cell" in refuse(text, DONE).message("en")


@pytest.mark.parametrize(
    "text",
    [
        "別紙のとおり",
        "別添参照",
        "別添資料1を参照",
        "（別紙）",
        "資料のとおり",
        "詳細は別途参照願います",
        "記載省略",
        "省略します",
    ],
)
def test_answer_that_points_at_a_paper_is_refused(text: str) -> None:
    assert "その内容をこの欄に書くこと" in refuse(text, DONE).message("ja")


@pytest.mark.parametrize("text", ["〃（一部変更）", "↑", "↑↑", "同上（一部）"])
def test_answer_that_points_at_another_with_a_remark_is_refused(text: str) -> None:
    assert "points at another cell" in refuse(text, DONE).message("en")


@pytest.mark.parametrize("text", ["前年度と同じ", "前年度と同様", "昨年の内容と同じ。"])
def test_answer_that_is_that_of_last_year_is_noted(text: str) -> None:
    assert read(text, DONE) == (text, True)


def test_arrow_that_is_a_mark_is_read() -> None:
    arrows = Field("status", "状況", "choice", (Choice("↑", "↑ 進んだ"), Choice("→", "→ 同じ")))
    assert read("↑", arrows) == ("↑", False)


def test_error_in_the_row_above_is_not_offered_to_be_copied() -> None:
    above = Context(above=Cell(None, "#REF!", "=A1", "#REF!"))
    assert "#REF!" not in refuse("同左", DONE, above).message("ja")


@pytest.mark.parametrize(
    "text",
    ["別途検討する", "資料を作成し、説明会は予定どおり", "1-1-①と同じ", "以下のとおり実施した"],
)
def test_answer_that_says_what_is_the_same_is_read(text: str) -> None:
    assert read(text, DONE) == (text, False)


def test_answer_that_points_above_is_refused_with_what_stands_there() -> None:
    problem = refuse("同上", DONE, Context(above=typed("窓口に端末を置いた")))
    assert "一つ上の行は「窓口に端末を置いた」" in problem.message("ja")


def test_refusal_names_place_value_what_is_allowed_and_what_to_do() -> None:
    problem = refuse("12人", VALUE, COUNT)
    assert problem.place == "a.xlsx!取組!D5"
    assert problem.message("ja") == (
        "令和4年度の値「12人」は使えない（単位「人」が違う）。使えるのは単位が「件」の数。"
        "その単位に直した数だけを入力し直すこと。"
    )


def test_note_names_what_was_read_as_what() -> None:
    (note,) = normalise(typed("〇"), MARKS, "", BARE).notes
    assert note.ja == "「〇」を「○」と読んだ。"


@pytest.mark.parametrize("text", ["後ろ倒し\u3000", "後 ろ 倒 し", "\n後ろ倒し"])
def test_spaces_in_a_choice_are_not_worth_a_note(text: str) -> None:
    normal = normalise(typed(text), SHIFT, "", BARE)
    assert (normal.value, normal.notes) == ("behind", ())


def test_note_says_nothing_in_the_language_of_its_reader() -> None:
    (note,) = normalise(typed("－"), MARKS, "", BARE).notes
    assert note == ("「－」を「記載なし」と読んだ。", "'－' is read as 'nothing stated'.")


def test_blank_cell_is_no_answer() -> None:
    assert normalise(None, MARKS, "", BARE).value == ""


def test_what_is_shown_is_not_read() -> None:
    assert read(" #REF! ", replace(DONE, kind="shown")) == ("#REF!", False)


FIELDS = (MARKS, WORDS, SHIFT, SUBJECT, DONE, VALUE, BUDGET, DUE)
CONTEXTS = (COUNT, SHARE, SMALL, FRESH, MONEY, PLACES, BARE)
LETTERS = st.text(
    "0123456789０１./,-+eE△▲−％%件人千万億円約年月日令和RH度末 　()（）◎〇○×xO\n\u200b", max_size=12
)
CODES = st.sampled_from(
    (
        "General",
        "0",
        "0.0",
        "0%",
        "#,##0",
        '0"件"',
        "yyyy/m/d",
        "ge.m.d",
        "h:mm",
        "# ?/?",
        "@",
        ";;;",
        "0.0E+0",
        "[h]:mm",
        "",
    )
)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False) | st.integers(-10, 100_000).map(
    Decimal
)


@settings(deadline=None)  # the first text that is checked has the font read
@given(
    st.one_of(
        st.text(max_size=20).map(typed),
        LETTERS.map(typed),
        st.builds(make_number, NUMBERS, CODES, st.sampled_from(("", "=A1"))),
        st.builds(Cell, st.dates() | st.datetimes() | st.times(), LETTERS),
    ),
    st.sampled_from(FIELDS),
    st.sampled_from(CONTEXTS),
)
def test_any_cell_is_read_or_refused_and_nothing_else(
    cell: Cell, field: Field, context: Context
) -> None:
    try:
        normal = normalise(cell, field, "a", context)
    except UnusableCell as problem:
        messages = [problem.message("ja"), problem.message("en")]
        normal = None
    else:
        messages = [text for note in normal.notes for text in note]
    assert all(messages)
    if normal and field.kind == "value" and normal.value:
        assert isinstance(parse_value(normal.value), Value | Missing)


@given(
    st.decimals(-(10**9), 10**9, places=3) | st.integers(0, 10**9).map(Decimal),
    st.none() | st.integers(1, 9999).map(Decimal),
    st.booleans(),
)
def test_number_that_was_filled_in_beforehand_comes_back(
    amount: Decimal, below: Decimal | None, about: bool
) -> None:
    shown = f"{'約' if about else ''}{amount:,f}{'' if below is None else f'/{below:,f}'}"
    value, _ = read(shown, VALUE, COUNT)
    assert parse_value(value) == Value(amount + 0, below, about)


@given(st.sampled_from([(field, choice) for field in FIELDS for choice in field.choices]))
def test_choice_that_was_filled_in_beforehand_comes_back(chosen: tuple[Field, Choice]) -> None:
    field, choice = chosen
    assert read(choice.label, field) == (choice.value, False)


@given(
    st.dates(date(1989, 4, 1), date(2100, 12, 31)),
    st.sampled_from(("%Y%m%d", "%Y%m", "FY%Y", "%Y%m-mid", "FY%Y-h1", "FY%Y-later", "CY%Y")),
)
def test_time_that_was_filled_in_beforehand_comes_back(when: date, form: str) -> None:
    stated = parse_stated_date(when.strftime(form))
    assert read(stated.label, DUE) == (stated.code, False)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0xFFEF), max_size=30))
def test_text_that_was_read_is_read_as_the_same(text: str) -> None:
    try:
        once, _ = read(text, DONE)
    except UnusableCell:
        return
    assert read(once, DONE) == (once, False)


def test_value_of_any_type_is_read_or_refused() -> None:
    values: tuple[Any, ...] = (None, "", True, Decimal(1), date(2023, 1, 1), time(1))
    for value in values:
        for field in FIELDS:
            try:
                normalise(Cell(value, ""), field, "a", BARE)
            except UnusableCell as problem:
                told = problem.message("ja")
            else:
                continue
            assert "使えるのは" in told
