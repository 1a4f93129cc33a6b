"""Dates as precise as they are stated: read as printed or as a code, ordered, shown."""

from datetime import date

import pytest

from nenpo.language.stated_dates import parse_stated_date


@pytest.mark.parametrize(
    ("written", "code", "label"),
    [
        ("令和5年度", "FY2023", "令和5年度"),
        ("R５年度", "FY2023", "令和5年度"),
        ("2023", "FY2023", "令和5年度"),
        ("2023年度", "FY2023", "令和5年度"),
        ("FY2019", "FY2019", "令和元年度"),
        ("平成31年度", "FY2019", "令和元年度"),
        ("令和4年", "CY2022", "令和4年"),
        ("CY2019", "CY2019", "令和元年"),
        ("令和5年10月", "202310", "令和5年10月"),
        ("令和5年10月中", "202310", "令和5年10月"),
        ("2023-10", "202310", "令和5年10月"),
        ("R5.10", "202310", "令和5年10月"),
        ("令和5年10月1日", "20231001", "令和5年10月1日"),
        ("2023-10-01", "20231001", "令和5年10月1日"),
        ("2023/10/1", "20231001", "令和5年10月1日"),
        ("R5.10.1", "20231001", "令和5年10月1日"),
        ("令和5年度当初", "FY2023-start", "令和5年度当初"),
        ("令和7年度末", "FY2025-end", "令和7年度末"),
        ("令和5年度上期", "FY2023-h1", "令和5年度上半期"),
        ("令和5年度第２四半期", "FY2023-q2", "令和5年度第2四半期"),
        ("令和4年12月中旬", "202212-mid", "令和4年12月中旬"),
        ("令和4年5月末", "202205-end", "令和4年5月末"),
        ("令和4年4月以降", "202204-later", "令和4年4月以降"),
        ("令和4年 4月から", "202204-later", "令和4年4月以降"),
        ("令和5年度末以後", "FY2023-end-later", "令和5年度末以降"),
    ],
)
def test_date_has_one_code_and_one_label(written: str, code: str, label: str) -> None:
    stated = parse_stated_date(written)
    assert (stated.code, stated.label) == (code, label)
    assert parse_stated_date(code) == parse_stated_date(label) == stated


@pytest.mark.parametrize(
    "text",
    [
        *("", "近日中", "令和5年度頃", "10月", "令和5年13月", "令和5年2月30日", "Oct-23", "45200"),
        *("令和5年度中旬", "令和5年10月当初", "20231301", "1949", "令和0年度", "令和5年10月1日末"),
    ],
)
def test_what_states_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse_stated_date(text)


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("FY2023", "2023-04-01", "2024-03-31"),
        ("FY2023-start", "2023-04-01", "2023-04-30"),
        ("FY2023-end", "2024-03-01", "2024-03-31"),
        ("FY2023-h2", "2023-10-01", "2024-03-31"),
        ("FY2023-q4", "2024-01-01", "2024-03-31"),
        ("CY2022", "2022-01-01", "2022-12-31"),
        ("CY2022-end", "2022-12-01", "2022-12-31"),
        ("202402", "2024-02-01", "2024-02-29"),
        ("202402-late", "2024-02-21", "2024-02-29"),
        ("202402-end", "2024-02-29", "2024-02-29"),
        ("20240229", "2024-02-29", "2024-02-29"),
    ],
)
def test_date_names_a_time_from_its_first_to_its_last_day(code: str, first: str, last: str) -> None:
    stated = parse_stated_date(code)
    assert (stated.first.isoformat(), stated.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("code", "past"),
    [("FY2021", True), ("202203", True), ("20220401", False), ("202203-later", False)],
)
def test_time_is_past_when_all_of_it_is_over(code: str, past: bool) -> None:
    assert parse_stated_date(code).is_past(date(2022, 3, 31)) is past
