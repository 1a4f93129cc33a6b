"""Several values for one fact stay side by side: one is in use, and the file says why."""

import pytest

from nenpo.data.plan_files import read_rows
from tiny_project import Project, only, read_message

FIGURES = "data/tiny/figures.csv"
STATEMENTS = "data/tiny/statements.csv"
ACTUALS = "data/tiny/2021/actuals.csv"
HEADERS = {
    FIGURES: "figure,indicator,title,subject,timing,fiscal_year,from,to,kind,bound,value,"
    "denominator,unit,approximate,preferred,reason,note,source,line",
    STATEMENTS: "statement,title,subject,text,preferred,reason,source,line",
}


def figure(
    name: str, value: str, preferred: str, reason: str = "", year: str = "2021", **cells: str
) -> str:
    """Return a line of figures.csv about a fiscal year; ``cells``: indicator, kind."""
    indicator, kind = cells.get("indicator", ""), cells.get("kind", "actual")
    return (
        f"{name},{indicator},証明書の件数,m1-1,year,{year},,,{kind},,{value},,件,false,"
        f"{preferred},{reason},,s1,40"
    )


def statement(name: str, preferred: str, reason: str = "最新の資料による") -> str:
    return f"{name},担当,plan,総務部,{preferred},{reason},s1,50"


def write(tiny: Project, file: str, *rows: str) -> None:
    tiny.write(file, "\n".join([HEADERS[file], *rows, ""]))


# One value in use


@pytest.mark.parametrize(
    ("file", "rows", "column"),
    [
        (FIGURES, (figure("a", "1", "true", "新しい"), figure("a", "2", "true")), "figure"),
        (STATEMENTS, (statement("a", "true"), statement("a", "true")), "statement"),
    ],
)
def test_two_values_in_use_name_both_rows(
    tiny: Project, file: str, rows: tuple[str, ...], column: str
) -> None:
    write(tiny, file, *rows)
    assert read_message(only(tiny.refuse_data())) == (
        f"TwoPreferred {file}:3: {column} 'a' has a value in use (preferred = true) in {file}:2 "
        "as well; set one of them to false."
    )


def test_each_further_value_in_use_is_told(tiny: Project) -> None:
    write(tiny, FIGURES, *(figure("a", str(n), "true", "新しい") for n in range(3)))
    assert [p.place for p in tiny.refuse_data()] == [f"{FIGURES}:3", f"{FIGURES}:4"]


@pytest.mark.parametrize(
    ("file", "rows"),
    [
        (FIGURES, (figure("a", "1", "false"), figure("a", "2", "false"))),
        (FIGURES, (figure("a", "1", "false"),)),
        (STATEMENTS, (statement("a", "false"), statement("a", "false"))),
    ],
)
def test_none_in_use_is_told_at_the_first_row(
    tiny: Project, file: str, rows: tuple[str, ...]
) -> None:
    write(tiny, file, *rows)
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"BadValue {file}:2: preferred 'false' cannot be used; "
        "allowed: true in one of the rows of a."
    )
    assert "a の行のうち一つを true にすること" in problem.message("ja")


def test_each_fact_has_a_value_in_use_of_its_own(tiny: Project) -> None:
    write(tiny, FIGURES, figure("a", "1", "true"), figure("b", "1", "false"))
    assert only(tiny.refuse_data()).place == f"{FIGURES}:3"


def test_rows_of_one_fact_need_not_stand_together(tiny: Project) -> None:
    rows = figure("a", "1", "true", "新しい"), figure("b", "1", "true"), figure("a", "2", "true")
    write(tiny, FIGURES, *rows)
    assert only(tiny.refuse_data()).place == f"{FIGURES}:4"


@pytest.mark.parametrize("word", ["TRUE", "True"])
def test_value_in_use_counts_in_the_capitals_of_a_spreadsheet(tiny: Project, word: str) -> None:
    write(tiny, FIGURES, figure("a", "1", word, "新しい"), figure("a", "2", word))
    assert only(tiny.refuse_data()).place == f"{FIGURES}:3"


def test_unreadable_flag_is_not_told_a_second_time(tiny: Project) -> None:
    write(tiny, FIGURES, figure("a", "1", "有"))
    assert type(only(tiny.refuse_data())).__name__ == "UnknownWord"


# Its reason


@pytest.mark.parametrize("reason", ["", " ", "　"])
def test_value_in_use_among_several_needs_its_reason(tiny: Project, reason: str) -> None:
    write(tiny, FIGURES, figure("a", "1", "false", "古い"), figure("a", "2", "true", reason))
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"BadValue {FIGURES}:3: reason '' cannot be used; "
        "allowed: why this one of the 2 values of a is in use."
    )
    assert "a の2つの値のうちこれを用いる理由" in problem.message("ja")


def test_value_not_in_use_needs_no_reason_of_its_own(tiny: Project) -> None:
    write(tiny, FIGURES, figure("a", "1", "false"), figure("a", "2", "true", "新しい"))
    rows = read_rows(tiny.root, "tiny").tables["figures.csv"]
    assert [row.model_dump()["reason"] for row in rows] == ["", "新しい"]


def test_only_value_needs_no_reason(tiny: Project) -> None:
    write(tiny, FIGURES, figure("a", "1", "true"), figure("b", "1", "true"))
    read_rows(tiny.root, "tiny")


@pytest.mark.parametrize("preferred", ["true", "false"])
def test_every_statement_needs_a_reason(tiny: Project, preferred: str) -> None:
    other = "false" if preferred == "true" else "true"
    write(tiny, STATEMENTS, statement("a", preferred, ""), statement("a", other))
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {STATEMENTS}:2: reason '' cannot be used; allowed: text that is not blank."
    )


# One value of an indicator in a year, whichever file states it


def test_figure_and_actual_of_one_year_are_told_apart_by_their_files(tiny: Project) -> None:
    write(tiny, FIGURES, figure("a", "9", "true", indicator="online-rate"))
    assert read_message(only(tiny.refuse_data())) == (
        f"TwoPreferred {ACTUALS}:2: indicator + fiscal_year 'online-rate 2021' has a value in use "
        f"(preferred = true) in {FIGURES}:2 as well; set one of them to false."
    )


def test_two_figures_of_one_indicator_and_year_are_refused(tiny: Project) -> None:
    """They are two facts, so neither is the other's second value."""
    rows = (figure(name, "9", "true", year="2020", indicator="incidents") for name in "ab")
    write(tiny, FIGURES, *rows)
    problem = only(tiny.refuse_data())
    assert (problem.place, problem.fields["first"]) == (f"{FIGURES}:3", f"{FIGURES}:2")
    assert problem.fields["value"] == "incidents 2020"


def test_two_actuals_of_one_file_are_told_once(tiny: Project) -> None:
    tiny.set_cell("2021/actuals.csv", 3, "preferred", "true")
    message = read_message(only(tiny.refuse_data()))
    assert message.startswith(f"TwoPreferred {ACTUALS}:4: indicator 'incidents' has a value")


def test_same_indicator_in_another_year_is_no_second_value(tiny: Project) -> None:
    rows = (figure(f"a{y}", "9", "true", year=y, indicator="online-rate") for y in ("2019", "2020"))
    write(tiny, FIGURES, *rows)
    read_rows(tiny.root, "tiny")


def test_value_not_in_use_is_no_second_value(tiny: Project) -> None:
    rows = (
        figure("a", "9", "false", "古い", indicator="online-rate"),
        figure("a", "8", "true", "新しい", year="2020", indicator="online-rate"),
    )
    write(tiny, FIGURES, *rows)
    read_rows(tiny.root, "tiny")


@pytest.mark.parametrize("kind", ["target", "plan", "capacity", "budget", "reference"])
def test_only_an_actual_feeds_the_series_of_an_indicator(tiny: Project, kind: str) -> None:
    """Another kind would leave no trace in the series, so it may not name it."""
    write(tiny, FIGURES, figure("a", "9", "true", indicator="online-rate", kind=kind))
    assert read_message(only(tiny.refuse_data())) == (
        f"BadValue {FIGURES}:2: indicator 'online-rate' cannot be used; "
        "allowed: a figure of kind actual with a year."
    )


def test_figure_of_an_unknown_indicator_is_refused(tiny: Project) -> None:
    write(tiny, FIGURES, figure("a", "9", "true", indicator="online-rat"))
    message = read_message(only(tiny.refuse_data()))
    assert message.startswith(f"UnknownReference {FIGURES}:2: indicator 'online-rat' is not in ")
    assert message.endswith("Did you mean 'online-rate'?")
