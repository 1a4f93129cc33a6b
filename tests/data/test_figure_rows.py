"""A figure says when it held and where it stands: each kind of time has its own columns."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from nenpo.data.explain import explain_row
from nenpo.data.plan_files import read_rows
from nenpo.data.schema.cells import parse_day
from nenpo.data.schema.plan_rows import FigureRow
from nenpo.data.schema.tables import list_columns
from tiny_project import Project, only, read_message

PLACE = "data/tiny/figures.csv:2"
COLUMNS = tuple(list_columns(FigureRow))
# A valid figure of each kind of time.
TIMES = {
    "year": {"fiscal_year": "2021"},
    "month": {"fiscal_year": "2021", "from": "202104"},
    "as_of": {"fiscal_year": "2021", "from": "20210601"},
    "range": {"fiscal_year": "2021", "from": "202104", "to": "202109"},
    "undated": {},
}


def make_cells(timing: str = "year", **cells: str) -> dict[str, str]:
    """Return the cells of a figure, valid but for ``cells``; ``start`` stands for "from"."""
    if "start" in cells:
        cells["from"] = cells.pop("start")
    usual = {
        "figure": "certificates",
        "title": "証明書の件数",
        "subject": "m1-1",
        "timing": timing,
        "kind": "actual",
        "value": "1500",
        "unit": "件",
        "approximate": "false",
        "preferred": "true",
        "source": "s1",
        "line": "40",
    }
    return {**dict.fromkeys(COLUMNS, ""), **usual, **TIMES.get(timing, {}), **cells}


def refuse(timing: str, **cells: str) -> str:
    """Return the one message for which a figure is refused."""
    with pytest.raises(ValidationError) as caught:
        FigureRow.model_validate(make_cells(timing, **cells))
    (problem,) = explain_row(caught.value, FigureRow, PLACE)
    assert problem.message("ja")
    return read_message(problem)


def accept(timing: str, **cells: str) -> FigureRow:
    return FigureRow.model_validate(make_cells(timing, **cells))


def write_figures(tiny: Project, *rows: dict[str, str]) -> None:
    lines = [",".join(COLUMNS), *(",".join(row[column] for column in COLUMNS) for row in rows)]
    tiny.write("figures.csv", "\n".join([*lines, ""]))


# The columns of each kind of time


@pytest.mark.parametrize("timing", TIMES)
def test_each_kind_of_time_can_be_written(timing: str) -> None:
    assert accept(timing).timing == timing


@pytest.mark.parametrize(
    ("timing", "column"),
    [(timing, column) for timing, cells in TIMES.items() for column in cells],
)
def test_time_without_its_column_is_refused(timing: str, column: str) -> None:
    assert refuse(timing, **{column: ""}) == (
        f"BadValue {PLACE}: {column} '' cannot be used; allowed: a value where timing is {timing}."
    )


@pytest.mark.parametrize(
    ("timing", "column", "value"),
    [
        ("undated", "fiscal_year", "2021"),
        ("undated", "from", "202104"),
        ("undated", "to", "202104"),
        ("year", "from", "202104"),
        ("year", "to", "202203"),
        ("month", "to", "202109"),
        ("as_of", "to", "20210630"),
    ],
)
def test_time_with_a_column_of_another_kind_is_refused(
    timing: str, column: str, value: str
) -> None:
    assert refuse(timing, **{column: value}) == (
        f"BadValue {PLACE}: {column} '{value}' cannot be used; "
        f"allowed: nothing where timing is {timing}."
    )


@pytest.mark.parametrize("timing", ["", "day", "Year", "年度"])
def test_unknown_kind_of_time_is_refused(timing: str) -> None:
    assert refuse(timing).startswith(f"UnknownWord {PLACE}: timing '{timing}'")


# Days within their fiscal year


@pytest.mark.parametrize("day", ["202004", "202012", "202103", "20200401", "20210331"])
def test_day_within_its_fiscal_year_is_read(day: str) -> None:
    assert accept("as_of", fiscal_year="2020", start=day).from_ == int(day)


@pytest.mark.parametrize("timing", ["month", "as_of"])
@pytest.mark.parametrize("day", ["202003", "202104", "201912", "202204"])
def test_month_outside_its_fiscal_year_is_refused(timing: str, day: str) -> None:
    assert refuse(timing, fiscal_year="2020", start=day) == (
        f"BadValue {PLACE}: from '{day}' cannot be used; allowed: within 202004 to 202103."
    )


@pytest.mark.parametrize("day", ["20200331", "20210402"])
def test_day_outside_its_fiscal_year_is_refused(day: str) -> None:
    assert refuse("as_of", fiscal_year="2020", start=day) == (
        f"BadValue {PLACE}: from '{day}' cannot be used; allowed: within 202004 to 202103."
    )


def test_month_is_no_day() -> None:
    assert refuse("month", fiscal_year="2020", start="20200401") == (
        f"BadValue {PLACE}: from '20200401' cannot be used; allowed: a month (such as 202104)."
    )


def test_range_outside_its_fiscal_year_is_refused() -> None:
    told = refuse("range", fiscal_year="2015", start="202104", to="202109")
    assert told == (
        f"BadValue {PLACE}: fiscal_year '2015' cannot be used; allowed: one of 2021 to 2021."
    )


def test_state_at_the_end_of_a_year_may_be_dated_the_day_after() -> None:
    assert accept("as_of", fiscal_year="2020", start="20210401").from_ == 20210401


def test_state_at_the_beginning_of_a_year_belongs_to_that_year() -> None:
    assert accept("as_of", fiscal_year="2021", start="20210401").fiscal_year == 2021


def test_range_may_reach_into_the_next_fiscal_year() -> None:
    assert accept("range", start="202010", to="202109").to == 202109


def test_range_may_be_one_month() -> None:
    assert accept("range", start="202104", to="202104").to == 202104


@pytest.mark.parametrize(
    ("start", "to"), [("202109", "202104"), ("20210402", "20210401"), ("202104", "202012")]
)
def test_range_that_ends_before_it_begins_is_refused(start: str, to: str) -> None:
    assert refuse("range", start=start, to=to) == (
        f"BadValue {PLACE}: to '{to}' cannot be used; allowed: not before {start}."
    )


# Days as digits


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_and_its_month_can_be_written(day: date) -> None:
    assert parse_day(f"{day:%Y%m%d}") == day.year * 10000 + day.month * 100 + day.day
    assert parse_day(f"{day:%Y%m}") == day.year * 100 + day.month


@pytest.mark.parametrize(
    "text",
    [
        *("2021", "20214", "2021041", "202100", "202113", "20210431", "20210229", "20210400"),
        *("2021-04", "2021/04/01", "2021年4月", "令和3年4月", "18990401", "210004", " 202104", "x"),
    ],
)
def test_what_is_no_month_or_day_is_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        parse_day(text)
    assert caught.value.context == {
        "allowed": "YYYYMM 又は YYYYMMDD（202104 など）",
        "allowed_en": "YYYYMM or YYYYMMDD (such as 202104)",
    }


def test_leap_day_exists_in_leap_years_only() -> None:
    assert parse_day("20200229") == 20200229
    with pytest.raises(PydanticCustomError):
        parse_day("20190229")


@pytest.mark.parametrize("text", ["2021０４", "20٢١٠٤"])
def test_other_digits_than_ascii_are_refused(text: str) -> None:
    with pytest.raises(PydanticCustomError):
        parse_day(text)


@pytest.mark.parametrize("column", ["from", "to"])
def test_date_of_a_spreadsheet_is_refused_with_the_form_that_is_meant(column: str) -> None:
    assert refuse("range", **{column: "2021/4/1"}) == (
        f"BadValue {PLACE}: {column} '2021/4/1' cannot be used; "
        "allowed: YYYYMM or YYYYMMDD (such as 202104)."
    )


# Number and source


def test_figure_without_number_is_refused() -> None:
    assert refuse("year", value="").startswith(
        f"BadNumber {PLACE}: value '' is not a number (it is blank)"
    )


@pytest.mark.parametrize("column", ["source", "line"])
def test_half_a_place_is_refused(column: str) -> None:
    assert refuse("year", **{column: ""}) == (
        f"BadValue {PLACE}: {column} '' cannot be used; allowed: source and line go together."
    )


def test_a_municipalitys_own_figure_names_no_place(tiny: Project) -> None:
    write_figures(tiny, make_cells(source="", line=""))
    figure = read_rows(tiny.root, "tiny").tables["figures.csv"][0].model_dump()
    assert (figure["source"], figure["line"]) == ("", None)


@pytest.mark.parametrize("column", ["figure", "subject"])
def test_figure_without_id_or_subject_is_refused(column: str) -> None:
    assert refuse("year", **{column: ""}).startswith(f"BadId {PLACE}: {column} ''")


@pytest.mark.parametrize("denominator", ["0", "-1"])
def test_denominator_that_divides_nothing_is_refused(denominator: str) -> None:
    assert refuse("year", denominator=denominator) == (
        f"BadValue {PLACE}: denominator '{denominator}' cannot be used; allowed: a number above 0."
    )


def test_number_keeps_its_digits_as_printed() -> None:
    assert str(accept("year", value="46.0").value) == "46.0"


# In its file


@pytest.mark.parametrize("subject", ["m1-1", "i1-1-01", "g1", "plan"])
def test_figure_belongs_to_a_measure_an_item_a_goal_or_the_plan(
    tiny: Project, subject: str
) -> None:
    write_figures(tiny, make_cells(subject=subject))
    assert len(read_rows(tiny.root, "tiny").tables["figures.csv"]) == 1


@pytest.mark.parametrize(
    ("column", "value", "target"),
    [
        ("subject", "m1-9", "measures.csv, data/tiny/items.csv, data/tiny/plan.yaml#goals"),
        ("source", "s9", "plan.yaml#sources"),
    ],
)
def test_figure_of_nothing_known_is_refused(
    tiny: Project, column: str, value: str, target: str
) -> None:
    write_figures(tiny, make_cells(**{column: value}))
    assert read_message(only(tiny.refuse_data())).startswith(
        f"UnknownReference {PLACE}: {column} '{value}' is not in data/tiny/{target}. Known: "
    )


def test_every_wrong_figure_is_told_at_its_line(tiny: Project) -> None:
    wrong = [{"value": "1500件"}, {}, {"line": ""}, {"fiscal_year": ""}]
    rows = [make_cells(figure=f"f{n}", **cells) for n, cells in enumerate(wrong)]
    write_figures(tiny, *rows)
    assert [problem.place for problem in tiny.refuse_data()] == [
        f"data/tiny/figures.csv:{line}" for line in (2, 4, 5)
    ]


def test_year_with_nothing_but_a_figure_is_a_year_of_report(tiny: Project) -> None:
    write_figures(tiny, make_cells(fiscal_year="2023"))
    assert read_rows(tiny.root, "tiny").reported_years == {2021, 2022, 2023}
