"""What milestones and declared columns leave open is noted, each with its place."""

import pytest

from nenpo.build.validate import validate_plans
from nenpo.content.findings import list_findings
from nenpo.data.load import load_plan
from tiny_project import Project

HEADER = "subject,date,text,state,former_date"


def find(tiny: Project, fiscal_year: int = 2021) -> list[tuple[str, str]]:
    found = list_findings(load_plan("tiny", tiny.root), fiscal_year)
    return [(entry.place, entry.message("en")) for entry in found if entry.kind == "dated"]


def write(tiny: Project, *rows: str, fiscal_year: int = 2021) -> None:
    tiny.write(f"{fiscal_year}/milestones.csv", "\n".join((HEADER, *rows, "")))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("plan,202205,閉鎖,done,", "'閉鎖' is done at a time after 2021 (202205)."),
        (
            "plan,FY2021,改修,planned,",
            "'改修' was to be done (FY2021) and is not reported as done.",
        ),
        (
            "plan,202203,改修,revised,202201",
            "'改修' was to be done (202203) and is not reported as done.",
        ),
    ],
)
def test_time_that_does_not_fit_the_year_is_noted(tiny: Project, row: str, told: str) -> None:
    write(tiny, row)
    assert find(tiny) == [("data/tiny/2021/milestones.csv: plan", told)]


@pytest.mark.parametrize("row", ["plan,202203,改修,done,", "plan,202204,改修,planned,"])
def test_time_that_fits_is_not_noted(tiny: Project, row: str) -> None:
    write(tiny, row)
    assert find(tiny) == []


def test_what_last_years_report_had_ahead_and_this_one_leaves_out_is_noted(tiny: Project) -> None:
    write(tiny, "plan,FY2022,改修,planned,", "plan,202201,公開,done,", "g1,FY2023,移転,planned,")
    write(tiny, "g1,FY2024,移転,revised,FY2023", fiscal_year=2022)
    assert find(tiny, 2022) == [
        (
            "data/tiny/2022/milestones.csv: plan",
            "no row of last year's milestone '改修' (FY2022); "
            "say whether it is done, revised or still planned.",
        )
    ]


def test_blank_cells_of_a_declared_column_are_counted(tiny: Project) -> None:
    tiny.append("plan.yaml", "columns: [owner]")
    assert find(tiny) == [
        (
            "data/tiny/2021/progress.csv: owner",
            "2 item(s) say nothing in this declared column; documents say so.",
        )
    ]


def test_validate_tells_them(tiny: Project) -> None:
    write(tiny, "plan,202205,閉鎖,done,")
    assert any("milestones.csv: plan" in line for line in validate_plans(tiny.root, ["tiny/2021"]))
