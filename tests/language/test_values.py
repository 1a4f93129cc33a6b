"""Printed values become numbers, or the reason why there is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nenpo.language.values import Missing, Value, parse_value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("31.6%", Value(Decimal("31.6"))),
        ("46.0%", Value(Decimal("46.0"))),
        ("約146万件", Value(Decimal(1460000), None, True)),
        ("約 12万件", Value(Decimal(120000), None, True)),
        ("約1.5万件", Value(Decimal(15000), None, True)),
        ("8,800fm程度", Value(Decimal(8800), None, True)),
        ("1億2,000万円", Value(Decimal(120000000))),
        ("3千人", Value(Decimal(3000))),
        ("0/15", Value(Decimal(0), Decimal(15))),
        ("１／１５事業", Value(Decimal(1), Decimal(15))),
        ("１，２３４件", Value(Decimal(1234))),
        ("△10", Value(Decimal(-10))),
        ("-7.1%", Value(Decimal("-7.1"))),
        ("0", Value(Decimal(0))),
    ],
)
def test_printed_number_is_read_exactly(text: str, value: Value) -> None:
    assert parse_value(text) == value


def test_trailing_zero_is_kept() -> None:
    """46.0 was measured to one decimal; 46 would say less."""
    value = parse_value("46.0%")
    assert isinstance(value, Value)
    assert str(value.value) == "46.0"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not_stated"),
        ("—", "not_stated"),
        ("－", "not_stated"),
        ("ー", "not_stated"),
        ("未計測", "not_measured"),
        ("対象外", "not_applicable"),
        ("集計中", "not_yet"),
    ],
)
def test_absence_is_named_and_never_zero(text: str, reason: str) -> None:
    value = parse_value(text)
    assert isinstance(value, Missing)
    assert value.reason == reason


@pytest.mark.parametrize(
    "text",
    [
        *("件", "約", "10～20件", "10件（うち新規3件）", "1/", "3件/15", "12 34", "1,23"),
        *("46²", "5½", "①", "3⁄4", "Ⅳ", "10百万円", "²", "４６²"),
    ],
)
def test_text_that_is_not_one_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="'"):
        parse_value(text)


@given(st.text(max_size=12))
def test_any_text_gives_a_value_or_a_value_error(text: str) -> None:
    try:
        value = parse_value(text)
    except ValueError:
        return
    assert isinstance(value, Value | Missing)
