"""The sample data against what the municipality published, and against a second reading of it.

``backtest/`` holds 40 rows and the totals, typed from the published report independently of
``data/``. Lines are those of the report's text.
"""

import csv
import shutil
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from nenpo.analysis import progress
from nenpo.analysis.indicators import Assessment, assess_indicators
from nenpo.data.load import load_plan
from nenpo.data.plan import Plan

ROOT = Path(__file__).resolve().parents[2]
BACKTEST = Path(__file__).parents[1] / "backtest"
PLAN = "nakano-informatization"
TOTALS: dict[str, Any] = yaml.safe_load((BACKTEST / "totals.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(PLAN, ROOT)


@pytest.fixture(scope="module")
def year(plan: Plan) -> progress.Year:
    return progress.load_year(plan, 2021)


@pytest.fixture(scope="module")
def assessed(plan: Plan) -> dict[str, Assessment]:
    return {entry.indicator: entry for entry in assess_indicators(plan, 2021)}


def read_typed_rows() -> pd.DataFrame:
    """Return the 40 typed rows by line, every cell text."""
    path = BACKTEST / "nakano_informatization_2021.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False).set_index("line")


def describe_rows(year: progress.Year) -> pd.DataFrame:
    """Return the data's rows in the columns of the typed ones, by line."""
    lines = year.plan.items.set_index("item")["line"].astype("int64").astype("str")
    items = year.items.set_index("item")
    rows = items[["measure", "title_printed", "scope", "actor", "status", "shift"]]
    rows = rows.rename(columns={"title_printed": "title", "status": "mark"})
    rows = rows.assign(
        relisted=items["relisted_from"].ne("").map({True: "yes", False: ""}),
        lead=join_departments(year, "lead"),
        supporting=join_departments(year, "supporting"),
    )
    return rows.fillna("").set_index(rows.index.to_series().map(lines))


def join_departments(year: progress.Year, role: str) -> "pd.Series[str]":
    """Return each item's departments in a role as the report prints them, joined by |."""
    held = year.assignments[year.assignments["role"] == role]
    return held.groupby("item")["as_printed"].agg("|".join)


def find_differences(year: progress.Year) -> list[tuple[str, str, str, str]]:
    """Return (line, column, typed, in data) of every cell that is not as typed."""
    typed = read_typed_rows()
    found = describe_rows(year).reindex(index=typed.index, columns=typed.columns)
    differ = typed.ne(found)
    return [
        (str(line), column, str(typed.at[line, column]), str(found.at[line, column]))
        for line in typed.index
        for column in typed.columns
        if differ.at[line, column]
    ]


def lines_of(year: progress.Year, items: pd.DataFrame) -> list[int]:
    lines = year.plan.items.set_index("item")["line"]
    return sorted(int(line) for line in items["item"].map(lines))


def drop_zeros(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    return {name: {m: n for m, n in marks.items() if n} for name, marks in counts.items()}


def percent(share: Decimal | None) -> Decimal:
    assert share is not None
    return (share * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


class TestTypedRows:
    def test_every_cell_of_the_40_rows_is_as_typed(self, year: progress.Year) -> None:
        assert len(read_typed_rows()) == 40
        assert find_differences(year) == []

    def test_two_marks_that_changed_places_are_found(self, tmp_path: Path) -> None:
        """The totals stay as they are, so only a comparison of cells can tell."""
        year = progress.load_year(swap_marks(tmp_path, "i1-1-2-02", "i1-1-2-03"), 2021)
        assert progress.reconcile(year).agrees is True
        assert find_differences(year) == [("69", "mark", "△", "×"), ("70", "mark", "×", "△")]


def swap_marks(root: Path, first: str, second: str) -> Plan:
    """Return the plan from a copy of the data in which two items have each other's mark."""
    shutil.copytree(ROOT / "data" / PLAN, root / "data" / PLAN)
    path = root / "data" / PLAN / "2021" / "progress.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["item"]: row for row in csv.DictReader(file)}
    a, b = rows[first], rows[second]
    a["status"], b["status"] = b["status"], a["status"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, a)
        writer.writeheader()
        writer.writerows(rows.values())
    return load_plan(PLAN, root)


class TestPublishedTotals:
    def test_marks(self, year: progress.Year) -> None:
        counts = progress.count_status(year.plan, year.items)
        assert counts == {"◎": 97, "○": 4, "△": 1, "×": 1} == TOTALS["rated_by_mark"]
        assert sum(counts.values()) == 103 == TOTALS["rated"]

    def test_the_wards_own_items(self, year: progress.Year) -> None:
        own = year.items[progress.is_ward(year.items)]
        counts = progress.count_status(year.plan, own)
        assert counts == {"◎": 86, "○": 4, "△": 0, "×": 1} == TOTALS["ward_rated_by_mark"]
        assert sum(counts.values()) == 91 == TOTALS["ward_rated"]

    def test_goals(self, year: progress.Year) -> None:
        counts = progress.count_by(year.plan, year.items, "goal")
        assert counts == TOTALS["rated_by_goal"]
        assert drop_zeros(counts) == {
            "g1": {"◎": 51, "○": 1, "△": 1, "×": 1},
            "g2": {"◎": 46, "○": 3},
        }

    def test_the_wards_own_goals(self, year: progress.Year) -> None:
        own = year.items[progress.is_ward(year.items)]
        assert progress.count_by(year.plan, own, "goal") == TOTALS["ward_rated_by_goal"]

    def test_rows_without_mark(self, year: progress.Year) -> None:
        rows = progress.count_rows(year.items)
        assert rows == progress.RowCounts(124, 103, 21, 11, 3, 7)
        assert rows.rows == TOTALS["rows"]

    def test_the_data_reconcile_with_the_published_totals(self, year: progress.Year) -> None:
        assert progress.reconcile(year).agrees is True


class TestLines:
    def test_re_listings(self, year: progress.Year) -> None:
        for relisting, name in (("stated", "stated"), ("inferred", "unstated")):
            found = year.items[year.items["relisting"] == relisting]
            assert lines_of(year, found) == TOTALS[f"{name}_relistings_lines"]

    def test_rows_without_mark_that_are_no_re_listings(self, year: progress.Year) -> None:
        items = year.items
        found = items[~progress.is_rated(items) & ~progress.is_relisted(items)]
        assert lines_of(year, found) == TOTALS["unrated_not_relisted_lines"]

    def test_other_actors(self, year: progress.Year) -> None:
        others = year.items[~progress.is_ward(year.items)]
        rated = progress.is_rated(others)
        assert lines_of(year, others[rated]) == TOTALS["other_actors"]["rated_lines"]
        assert lines_of(year, others[~rated]) == TOTALS["other_actors"]["unrated_lines"]

    def test_off_schedule(self, year: progress.Year) -> None:
        off = progress.list_off_schedule(year)
        groups = {
            "not_started": off[off["status"] == "×"],
            "insufficient": off[off["status"] == "△"],
            "behind": off[off["shift"] == "behind"],
            "ahead": off[off["shift"] == "ahead"],
        }
        found = {name: lines_of(year, rows) for name, rows in groups.items()}
        assert found == TOTALS["off_schedule"]
        assert off["item"].tolist() == [item for rows in groups.values() for item in rows["item"]]


@pytest.mark.parametrize("name", TOTALS["departments"])
class TestDepartments:
    def find_id(self, year: progress.Year, name: str) -> str:
        departments = year.plan.departments
        return str(departments.loc[departments["name"] == name, "department"].item())

    def test_counts(self, year: progress.Year, name: str) -> None:
        department, typed = self.find_id(year, name), TOTALS["departments"][name]
        lead = progress.count_by_department(year, ("lead",))[department]
        both = progress.count_by_department(year)[department]
        assert lead == typed["lead_by_mark"]
        assert sum(lead.values()) == typed["lead_rated"]
        assert sum(both.values()) == typed["lead_or_supporting_rated"]

    def test_lines(self, year: progress.Year, name: str) -> None:
        department, typed = self.find_id(year, name), TOTALS["departments"][name]
        rated = year.items[progress.is_rated(year.items)]
        own = year.assignments[year.assignments["department"] == department]
        for role in ("lead", "supporting"):
            items = rated[rated["item"].isin(own.loc[own["role"] == role, "item"])]
            assert lines_of(year, items) == typed[f"{role}_lines"]


class TestIndicators:
    def test_standings(self, assessed: dict[str, Assessment]) -> None:
        standings = pd.Series([entry.standing for entry in assessed.values()]).value_counts()
        expected = {"reached": 1, "improved": 6, "level": 1, "worse": 1, "none": 1}
        assert standings.to_dict() == expected

    def test_card_rate_against_the_time_elapsed(self, assessed: dict[str, Assessment]) -> None:
        found = {
            target.fiscal_year: (percent(target.achievement), percent(target.elapsed))
            for target in assessed["card-rate"].targets
        }
        assert found == {
            2023: (Decimal("21.1"), Decimal("33.3")),
            2025: (Decimal("21.1"), Decimal("20.0")),
        }

    def test_four_of_nine_do_not_reach_the_line_to_2023(
        self, assessed: dict[str, Assessment]
    ) -> None:
        sides = {name: entry.side for name, entry in assessed.items()}
        assert [name for name, side in sides.items() if side == "below"] == [
            "card-rate",
            "standardised-systems",
            "security-incidents",
            "it-passport",
        ]
        assert [name for name, side in sides.items() if side == "none"] == ["map-inquiries"]

    def test_card_rate_lies_below_the_line_to_2023_and_above_the_one_to_2025(
        self, assessed: dict[str, Assessment]
    ) -> None:
        found = {target.fiscal_year: target.line for target in assessed["card-rate"].targets}
        assert found == {2023: (Decimal("54.4"), "below"), 2025: (Decimal("45.28"), "above")}

    def test_card_rate_rose_by_points(self, assessed: dict[str, Assessment]) -> None:
        card = assessed["card-rate"]
        assert (card.change, card.change_unit) == (Decimal("14.4"), "ポイント")

    def test_online_applications_passed_the_target_of_2023(
        self, assessed: dict[str, Assessment]
    ) -> None:
        online = assessed["online-applications"]
        assert online.standing == "reached"
        assert online.next_target is not None
        assert percent(online.next_target.achievement) == Decimal("104.2")
        assert online.next_target.approximate is True

    def test_security_incidents_moved_away_from_the_target(
        self, assessed: dict[str, Assessment]
    ) -> None:
        incidents = assessed["security-incidents"]
        assert incidents.standing == "worse"
        assert {percent(target.achievement) for target in incidents.targets} == {Decimal("-7.1")}

    def test_map_inquiries_cannot_be_computed(self, assessed: dict[str, Assessment]) -> None:
        inquiries = assessed["map-inquiries"]
        assert (inquiries.standing, inquiries.missing) == ("none", "not_stated")
        assert [target.why_not for target in inquiries.targets] == ["no_actual"]

    def test_standardised_systems_stand_where_they_stood(
        self, assessed: dict[str, Assessment]
    ) -> None:
        systems = assessed["standardised-systems"]
        assert systems.standing == "level"
        assert [target.achievement for target in systems.targets] == [0, 0]

    def test_no_word_is_said_that_the_plan_does_not_declare(
        self, assessed: dict[str, Assessment]
    ) -> None:
        assert {entry.word for entry in assessed.values()} == {""}
