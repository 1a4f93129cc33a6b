"""A number is seen as Excel shows it in Japan, whatever its format."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nenpo.workbooks.reading.built_in import BUILT_IN
from nenpo.workbooks.reading.cells import make_number
from nenpo.workbooks.reading.formats import show_number, show_text

DAY, MOMENT = "45200", "45200.3958333333"  # 2023-10-01, at 9:30


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("46", "", "46"),
        ("46", "General", "46"),
        ("46", 'General"件"', "46件"),
        ("0.000001", "General", "0.000001"),
        ("1234567.891", "#,##0.00", "1,234,567.89"),
        ("0.5", "0", "1"),
        ("-0.5", "0.0", "-0.5"),
        ("0.5", "#.##", ".5"),
        ("0", "#", ""),
        ("5", "000", "005"),
        ("12", "00000", "00012"),
        ("312345678", "000-0000-0000", "003-1234-5678"),
        ("1234567", "#,##0,", "1,235"),
        ("0.463", "0.0%", "46.3%"),
        ("46", "0.0_ ", "46.0"),
        ("46", "0 ;* ", "46 "),
        ("5", "[>=10]0;[<10]0.0", "5.0"),
        ("50", "[>=10]0;[<10]0.0", "50"),
        ("5", "[=1]0;[=2]0.0", "5.0"),
        ("5", "[Red][<=5]0.00;0", "5.00"),
        ("5", "[<>5]0.00;0", "5"),
        ("5", "[>4]0.00;0", "5.00"),
        ("-5", "0;(0)", "(5)"),
        ("0", '0;-0;"なし"', "なし"),
        ("5", '"済"', "済"),
        ("5", "@", "5"),
        ("5", '@"件"', "5件"),
        ("1200", "[$¥-411]#,##0", "¥1,200"),
        ("46", "0.0E+0", "4.6E+01"),
        ("0.5", "# ?/?", "1/2"),
        ("2.5", "# ?/?", "2 1/2"),
        ("3", "# ?/?", "3"),
        ("-0.25", "?/8", "-2/8"),
        (DAY, "yyyy/m/d", "2023/10/1"),
        (DAY, "yy.mm.dd", "23.10.01"),
        (DAY, 'ggge"年"m"月"d"日"(aaa)', "令和5年10月1日(日)"),
        (DAY, "aaaa", "日曜日"),
        (DAY, "ge.m.d", "R5.10.1"),
        (DAY, "gge", "令5"),
        (DAY, "rr.m", "令和05.10"),
        (DAY, "d-mmm-yy", "1-Oct-23"),
        (DAY, "ddd", "Sun"),
        (DAY, "b", "2566"),
        ("100", "ggge", "1900"),
        (MOMENT, "yyyy/m/d h:mm", "2023/10/1 9:30"),
        (MOMENT, "h:mm AM/PM", "9:30 AM"),
        (MOMENT, 'h"時"mm"分"ss"秒"', "9時30分00秒"),
        (MOMENT, "mm:ss.0", "30:00."),
        ("1.5", "[h]:mm", "36:00"),
        ("1.5", "[mm]", "2160"),
        ("-1", "yyyy/m/d", "########"),
        ("3000000", "yyyy/m/d", "########"),
        ("1e30", "0.00", f"1{'0' * 30}.00"),
    ],
)
def test_number_is_seen_as_its_format_says(number: str, code: str, shown: str) -> None:
    assert show_number(Decimal(number), code) == shown


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("総務", "General", "総務"),
        ("総務", '@"課"', "総務課"),
        ("総務", '0;-0;0;@"課"', "総務課"),
        ("総務", "0;-0;0;", ""),
        ("総務", "0.0", "総務"),
    ],
)
def test_text_is_seen_as_its_format_says(text: str, code: str, shown: str) -> None:
    assert show_text(text, code) == shown


@settings(deadline=None)
@given(
    st.floats(-1e300, 1e300).map(lambda number: Decimal(f"{number:.15g}")),
    st.text('0#?.,%/E+-ymdhsgea"\\[]$@;*_ ()件AMP', max_size=15)
    | st.sampled_from([*BUILT_IN.values()]),
    st.booleans(),
)
def test_any_number_is_seen_in_any_format(number: Decimal, code: str, from_1904: bool) -> None:
    assert isinstance(make_number(number, code, from_1904=from_1904).shown, str)
