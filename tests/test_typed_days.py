"""Days and fiscal years on the command line are read as a clerk writes them."""

from datetime import date

import pytest

from nenpo.cli.start import parse_year
from nenpo.cli.survey import parse_day
from nenpo.errors import WrongCommandLine


@pytest.mark.parametrize(
    "text",
    ["2023-05-12", "2023/5/12", "R5.5.12", "令和5年5月12日", "２０２３／５／１２", "20230512"],
)
def test_a_day_is_read_in_any_usual_form(text: str) -> None:
    assert parse_day(text) == date(2023, 5, 12)


@pytest.mark.parametrize("text", ["5/12", "令和5年5月", "2023-02-30", "来週"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(WrongCommandLine):
        parse_day(text)


@pytest.mark.parametrize("text", ["2023", "R5", "２０２３", "令和5年度", "2023年度"])
def test_a_fiscal_year_is_read_in_any_usual_form(text: str) -> None:
    assert parse_year(text) == 2023


def test_what_is_no_fiscal_year_is_refused_with_how_to_write_it(monkeypatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")
    with pytest.raises(WrongCommandLine, match="2023 のように書くこと"):
        parse_year("来年度")
