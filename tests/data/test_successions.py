"""What continues what: no circles, no overlapping years, no rows about what does not exist."""

import pytest

from nenpo.data.check_years import is_valid
from nenpo.data.plan_files import read_rows
from nenpo.data.schema.plan_rows import DepartmentRow
from nenpo.errors import InputError, OverlappingYears, SuccessorCycle
from tiny_project import Project, only, read_message

PLAN = "data/tiny"
CHANGES = "organisation_changes.csv"
INDICATORS = (
    "indicator,goal,name,unit,direction,baseline_year,kind,first_year,last_year,continues,note"
)


def write_items(tiny: Project, *rows: tuple[str, str, str, str]) -> None:
    """Append items (item, first_year, last_year, continues); they begin on line 7."""
    for item, first, last, continues in rows:
        tiny.append("items.csv", f"{item},m1-1,題,,ward,,,{first},{last},{continues},,s1,50")


def write_indicators(tiny: Project, *rows: tuple[str, str, str, str]) -> None:
    """Append indicators in the same form, from line 4 on."""
    _, *old = tiny.read("indicators.csv").splitlines()
    kept = [f"{line[: line.rindex(',')]},,,," for line in old]
    new = [f"{n},g1,指標,件,increase,2019,stock,{f},{t},{c}," for n, f, t, c in rows]
    tiny.write("indicators.csv", "\n".join([INDICATORS, *kept, *new, ""]))


def write_departments(tiny: Project, *rows: tuple[str, str, str]) -> None:
    """Append departments (department, first_year, last_year), from line 6 on."""
    for order, (department, first, last) in enumerate(rows, 50):
        tiny.append("departments.csv", f"{department},新課,,section,{order},{first},{last},,")


def write_changes(tiny: Project, *rows: str) -> None:
    tiny.write(CHANGES, "\n".join(["fiscal_year,from,to,kind", *rows, ""]))


def list_circles(problems: tuple[InputError, ...]) -> list[str]:
    """A circle's years overlap somewhere as well; only the circles are returned."""
    assert {type(problem) for problem in problems} <= {SuccessorCycle, OverlappingYears}
    return [read_message(p) for p in problems if isinstance(p, SuccessorCycle)]


# Circles


def test_two_items_that_continue_each_other_are_a_circle(tiny: Project) -> None:
    tiny.set_cell("items.csv", 3, "continues", "i2-1-01")
    assert list_circles(tiny.refuse_data()) == [
        f"SuccessorCycle {PLAN}/items.csv:6: continues 'i1-2-01' closes a circle of successors "
        "(i1-2-01 → i2-1-01 → i1-2-01); correct one of the rows."
    ]


def test_circle_is_told_in_japanese(tiny: Project) -> None:
    tiny.set_cell("items.csv", 3, "continues", "i2-1-01")
    circle = next(p for p in tiny.refuse_data() if isinstance(p, SuccessorCycle))
    assert circle.message("ja").startswith(
        "continues「i1-2-01」で引継ぎが一巡する（i1-2-01 → i2-1-01 → i1-2-01）。"
    )


def test_circle_of_three_items_names_the_whole_way(tiny: Project) -> None:
    write_items(tiny, ("a", "", "", "c"), ("b", "", "", "a"), ("c", "", "", "b"))
    (circle,) = list_circles(tiny.refuse_data())
    assert circle.startswith(f"SuccessorCycle {PLAN}/items.csv:9: continues 'b' ")
    assert "(b → c → a → b)" in circle


def test_two_indicators_that_continue_each_other_are_a_circle(tiny: Project) -> None:
    write_indicators(tiny, ("x", "", "", "y"), ("y", "", "", "x"))
    (circle,) = list_circles(tiny.refuse_data())
    assert circle.startswith(f"SuccessorCycle {PLAN}/indicators.csv:5: continues 'x' ")


def test_each_circle_is_told_once(tiny: Project) -> None:
    write_items(tiny, ("a", "", "", "b"), ("b", "", "", "a"))
    write_items(tiny, ("c", "", "", "d"), ("d", "", "", "c"))
    assert len(list_circles(tiny.refuse_data())) == 2


@pytest.mark.parametrize("file", ["items.csv", "indicators.csv"])
def test_what_continues_itself_is_refused_as_a_wrong_cell(tiny: Project, file: str) -> None:
    write = write_items if file == "items.csv" else write_indicators
    write(tiny, ("a", "2022", "", "a"))
    message = read_message(only(tiny.refuse_data()))
    assert message.startswith(f"BadValue {PLAN}/{file}:")
    assert message.endswith("continues 'a' cannot be used; allowed: the id of another row.")


@pytest.mark.parametrize("kind", ["rename", "merge", "split"])
def test_departments_that_replace_each_other_are_a_circle(tiny: Project, kind: str) -> None:
    write_departments(tiny, ("old", "", "2020"), ("new", "2021", "2021"))
    write_changes(tiny, f"2021,old,new,{kind}", f"2022,new,old,{kind}")
    (circle,) = list_circles(tiny.refuse_data())
    assert circle == (
        f"SuccessorCycle {PLAN}/{CHANGES}:3: to 'old' closes a circle of successors "
        "(new → old → new); correct one of the rows."
    )


@pytest.mark.parametrize("kind", ["rename", "transfer"])
def test_department_that_follows_itself_is_refused(tiny: Project, kind: str) -> None:
    write_changes(tiny, f"2022,joho,joho,{kind}")
    assert "to 'joho' cannot be used; allowed: the id of another row" in read_message(
        only(tiny.refuse_data())
    )


def test_transfer_back_and_forth_is_no_circle(tiny: Project) -> None:
    write_changes(tiny, "2022,joho,madoguchi,transfer", "2023,madoguchi,joho,transfer")
    read_rows(tiny.root, "tiny")


def test_transfer_does_not_close_a_circle_of_successors(tiny: Project) -> None:
    """A new office gives work back to what is left of the one that it was split off from."""
    write_departments(tiny, ("new", "2022", ""))
    write_changes(tiny, "2022,joho,new,split", "2023,new,joho,transfer")
    read_rows(tiny.root, "tiny")


def test_several_ways_to_one_department_are_no_circle(tiny: Project) -> None:
    write_departments(tiny, ("a", "", "2021"), ("b", "2022", "2022"), ("c", "2022", "2022"))
    write_departments(tiny, ("d", "2023", ""))
    write_changes(tiny, "2022,a,b,split", "2022,a,c,split", "2023,b,d,merge", "2023,c,d,merge")
    read_rows(tiny.root, "tiny")


def test_item_split_into_two_is_no_circle(tiny: Project) -> None:
    write_items(tiny, ("i2-1-02", "2022", "", "i1-2-01"))
    read_rows(tiny.root, "tiny")


# Overlapping years


@pytest.mark.parametrize(
    ("last", "first"), [("2021", "2021"), ("2022", "2021"), ("", "2022"), ("2021", "")]
)
@pytest.mark.parametrize("file", ["items.csv", "indicators.csv"])
def test_successor_that_begins_before_the_end_is_refused(
    tiny: Project, file: str, last: str, first: str
) -> None:
    write = write_items if file == "items.csv" else write_indicators
    write(tiny, ("before", "", last, ""), ("after", first, "", "before"))
    problem = only(tiny.refuse_data())
    line = 7 if file == "items.csv" else 4
    blank = "(blank)"
    assert read_message(problem) == (
        f"OverlappingYears {PLAN}/{file}:{line + 1}: 'after' (first_year {first or blank}) follows "
        f"'before' (last_year {last or blank}, {PLAN}/{file}:{line}), but their years overlap; "
        "the former has to end before, the latter to begin at the change."
    )
    assert f"「after」（first_year {first or '（空）'}）は「before」" in problem.message("ja")


@pytest.mark.parametrize("first", ["2022", "2023"])
@pytest.mark.parametrize("file", ["items.csv", "indicators.csv"])
def test_successor_may_begin_the_year_after_or_later(tiny: Project, file: str, first: str) -> None:
    write = write_items if file == "items.csv" else write_indicators
    write(tiny, ("before", "", "2021", ""), ("after", first, "", "before"))
    read_rows(tiny.root, "tiny")


@pytest.mark.parametrize(
    ("kind", "last", "first"),
    [
        ("rename", "", "2022"),
        ("rename", "2022", "2022"),
        ("rename", "2021", ""),
        ("rename", "2021", "2021"),
        ("merge", "", ""),
        ("merge", "2022", "2010"),
        ("split", "", ""),
        ("split", "", "2021"),
    ],
)
def test_department_beside_its_successor_is_refused(
    tiny: Project, kind: str, last: str, first: str
) -> None:
    write_departments(tiny, ("old", "", last), ("new", first, ""))
    write_changes(tiny, f"2022,old,new,{kind}")
    problem = only(tiny.refuse_data())
    assert read_message(problem).startswith(
        f"OverlappingYears {PLAN}/{CHANGES}:2: 'new' (first_year {first or '(blank)'}) "
        f"follows 'old' (last_year {last or '(blank)'}, {PLAN}/departments.csv:6)"
    )


@pytest.mark.parametrize(
    ("kind", "last", "first"),
    [
        ("rename", "2021", "2022"),
        ("merge", "2021", "2022"),
        ("merge", "2021", ""),  # merged into one that was there before
        ("split", "2021", "2022"),
        ("split", "", "2022"),  # what is left keeps its name
        ("transfer", "", ""),
    ],
)
def test_department_and_successor_whose_years_fit_are_read(
    tiny: Project, kind: str, last: str, first: str
) -> None:
    write_departments(tiny, ("old", "", last), ("new", first, ""))
    write_changes(tiny, f"2022,old,new,{kind}")
    read_rows(tiny.root, "tiny")


def test_unknown_department_of_a_change_is_told_once(tiny: Project) -> None:
    """Years cannot be compared with those of a department that is not there."""
    write_changes(tiny, "2022,joho,nowhere,rename")
    assert read_message(only(tiny.refuse_data())).startswith(
        f"UnknownReference {PLAN}/{CHANGES}:2: to 'nowhere'"
    )


# Rows outside validity


@pytest.mark.parametrize(
    ("first", "last"), [("2022", ""), ("2023", "2024"), ("", "2020"), ("2019", "2020")]
)
def test_progress_of_an_item_outside_its_years_is_refused(
    tiny: Project, first: str, last: str
) -> None:
    tiny.set_cell("items.csv", 1, "first_year", first)
    tiny.set_cell("items.csv", 1, "last_year", last)
    tiny.path("2022/progress.csv").unlink()
    problem = only(tiny.refuse_data())
    assert read_message(problem) == (
        f"OutsideValidity {PLAN}/2021/progress.csv:2: item 'i1-1-01' does not exist in fiscal year "
        f"2021 (first_year and last_year in {PLAN}/items.csv:2); "
        "remove the row or correct those years."
    )
    assert problem.message("ja").startswith("item「i1-1-01」は 2021 年度には存在しない")


@pytest.mark.parametrize(
    ("first", "last"), [("2021", "2022"), ("", "2022"), ("2021", ""), ("", "")]
)
def test_first_and_last_year_belong_to_an_item(tiny: Project, first: str, last: str) -> None:
    tiny.set_cell("items.csv", 1, "first_year", first)
    tiny.set_cell("items.csv", 1, "last_year", last)
    read_rows(tiny.root, "tiny")


@pytest.mark.parametrize(("first", "last", "year"), [("2022", "", 2021), ("", "2021", 2022)])
def test_assignment_to_a_department_outside_its_years_is_refused(
    tiny: Project, first: str, last: str, year: int
) -> None:
    tiny.set_cell("departments.csv", 1, "first_year", first)
    tiny.set_cell("departments.csv", 1, "last_year", last)
    assert [read_message(p).partition(" (")[0] for p in tiny.refuse_data()] == [
        f"OutsideValidity {PLAN}/{year}/assignments.csv:{line}: "
        f"department 'joho' does not exist in fiscal year {year}"
        for line in (3, 4)
    ]


def test_value_of_an_indicator_outside_its_years_is_refused(tiny: Project) -> None:
    """Reports show an indicator only in its years, so the row would be left out in silence."""
    write_indicators(tiny)
    tiny.set_cell("indicators.csv", 2, "last_year", "2020")
    assert {type(p).__name__ for p in tiny.refuse_data()} == {"OutsideValidity"}


def test_what_does_not_exist_is_not_said_to_be_outside_its_years(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 4, "item", "i9-9-99")
    assert type(only(tiny.refuse_data())).__name__ == "UnknownReference"


@pytest.mark.parametrize(
    ("first", "last", "valid"),
    [
        (None, None, True),
        (2021, None, True),
        (2022, None, False),
        (None, 2021, True),
        (None, 2020, False),
        (2021, 2021, True),
    ],
)
def test_an_empty_year_is_no_limit(first: int | None, last: int | None, valid: bool) -> None:
    row = DepartmentRow.model_construct(first_year=first, last_year=last)
    assert is_valid(row, 2021) is valid
