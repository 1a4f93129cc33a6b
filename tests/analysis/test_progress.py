"""Counting, comparing and reconciling the items of a fiscal year."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from nenpo.analysis import progress
from nenpo.analysis.items import ITEM_COLUMNS
from nenpo.data.schema.tables import TABLES, list_columns
from nenpo.errors import UnknownDepartment, UnknownYear

Rows = Sequence[dict[str, Any]]

COLUMNS = {file.removesuffix(".csv"): list(list_columns(table)) for file, table in TABLES.items()}
SCALE = (("A", "good"), ("B", "neutral"), ("C", "caution"), ("D", "bad"))
ITEM = {"measure": "m1", "actor": "ward"}
BEGUN = {"first_year": 2030}


class Invented(SimpleNamespace):
    """A plan by its attributes, each one a plan of its own."""

    __hash__ = object.__hash__


def make_frame(table: str, rows: Rows) -> pd.DataFrame:
    """Return rows as a valid table: every column of the contract, "" where a row says nothing."""
    columns = COLUMNS[table]
    numbers = {"line": 0, "order": 0, "fiscal_year": 0}
    filled = [{name: row.get(name, numbers.get(name, "")) for name in columns} for row in rows]
    kinds = {name: "int64" if name in numbers else "str" for name in columns}
    years = {"first_year", "last_year"} & set(columns)
    kinds |= dict.fromkeys(years, "object")
    frame = pd.DataFrame(filled, columns=columns, dtype="object")
    return frame.replace({year: {"": None} for year in years}).astype(kinds)


def make_year(
    marks: dict[str, Any] | Rows = (),
    *,
    held: Rows = (),
    titles: Rows = (),
    misread: Rows = (),
    published: dict[str, int] | None = None,
) -> SimpleNamespace:
    """Return a year's tables; ``marks`` is item → mark, or rows of progress.csv."""
    if isinstance(marks, dict):
        marks = [{"item": item, "status": mark, "note": "told"} for item, mark in marks.items()]
    return SimpleNamespace(
        progress=make_frame("progress", marks),
        assignments=make_frame("assignments", held),
        titles=make_frame("titles", titles),
        misreadings=make_frame("misreadings", misread),
        published=None if published is None else SimpleNamespace(status_counts=published),
    )


def make_plan(
    items: Rows,
    years: dict[int, SimpleNamespace],
    *,
    measures: Rows = ({"measure": "m1", "goal": "g1"},),
    departments: Rows = (),
    changes: Rows = (),
    scale: Sequence[tuple[str, str]] = SCALE,
    goals: Sequence[SimpleNamespace] = (),
) -> Any:
    return Invented(
        id="town",
        meta=SimpleNamespace(
            marks=tuple(mark for mark, _ in scale), tones=dict(scale), goals=goals, actors=()
        ),
        items=make_frame("items", [ITEM | row for row in items]),
        measures=make_frame("measures", measures),
        departments=make_frame("departments", departments),
        organisation_changes=make_frame("organisation_changes", changes),
        years=years,
        reported_years=frozenset(year for year in years if len(years[year].progress)),
    )


def make_simple(marks: dict[str, str], **more: Any) -> Any:
    """Return a plan whose items have the given marks in 2030."""
    return make_plan([{"item": item} for item in marks], {2030: make_year(marks, **more)})


def hold(item: str, department: str, role: str = "lead", qualifier: str = "") -> dict[str, str]:
    return {"item": item, "department": department, "role": role, "qualifier": qualifier}


def misread(table: str, key: str, printed: str, normalised: str) -> dict[str, str]:
    spot = {"table": table, "id": key, "column": "title"}
    return spot | {"printed": printed, "normalised": normalised}


DEPARTMENTS = (
    {"department": "zoo", "kind": "section", "order": 1},
    {"department": "each", "kind": "generic", "order": 2},
    {"department": "art", "kind": "section", "order": 3},
    {"department": "idle", "kind": "section", "order": 4},
)


def make_shared(*held: dict[str, str], marks: dict[str, str] | None = None) -> progress.Year:
    marks = marks or {"i1": "A", "i2": "B"}
    plan = make_plan(
        [{"item": item} for item in marks],
        {2030: make_year(marks, held=held)},
        departments=DEPARTMENTS,
    )
    return progress.load_year(plan, 2030)


class TestLoadYear:
    def test_has_the_columns_of_the_contract(self) -> None:
        year = progress.load_year(make_simple({"i1": "A"}), 2030)
        assert tuple(year.items.columns) == ITEM_COLUMNS

    def test_keeps_the_order_of_items_csv(self) -> None:
        plan = make_plan(
            [{"item": "i2"}, {"item": "i1"}], {2030: make_year({"i1": "A", "i2": "B"})}
        )
        assert progress.load_year(plan, 2030).items["item"].tolist() == ["i2", "i1"]

    def test_leaves_out_items_that_the_year_does_not_report(self) -> None:
        plan = make_plan([{"item": "i1"}, {"item": "i2"}], {2030: make_year({"i2": "A"})})
        assert progress.load_year(plan, 2030).items["item"].tolist() == ["i2"]

    def test_takes_note_and_line_from_the_years_own_document(self) -> None:
        items = [{"item": "i1", "note": "of the item", "line": 1}]
        plan = make_plan(items, {2030: make_year([{"item": "i1", "note": "of 2030", "line": 9}])})
        row = progress.load_year(plan, 2030).items.iloc[0]
        assert (row["note"], row["line"]) == ("of 2030", 9)

    def test_a_year_may_word_a_title_differently(self) -> None:
        year = make_year({"i1": "A", "i2": "A"}, titles=[{"item": "i1", "title": "new words"}])
        items = [{"item": "i1", "title": "old"}, {"item": "i2", "title": "kept"}]
        plan = make_plan(items, {2030: year})
        assert progress.load_year(plan, 2030).items["title"].tolist() == ["new words", "kept"]

    def test_title_is_normalised_and_title_printed_is_not(self) -> None:
        year = make_year({"i1": "A", "i2": "A"}, misread=[misread("items", "i1", "び", "ぴ")])
        items = [{"item": "i1", "title": "びた"}, {"item": "i2", "title": "びた"}]
        plan = make_plan(items, {2030: year})
        found = progress.load_year(plan, 2030).items
        assert found["title"].tolist() == ["ぴた", "びた"]
        assert found["title_printed"].tolist() == ["びた", "びた"]

    def test_a_misread_measure_title_is_normalised_in_later_years_too(self) -> None:
        first = make_year({"i1": "A"}, misread=[misread("measures", "m1", "x", "y")])
        years = {2030: first, 2031: make_year({"i1": "A"})}
        measures = [{"measure": "m1", "goal": "g1", "title": "axa"}]
        plan = make_plan([{"item": "i1"}], years, measures=measures)
        assert progress.load_year(plan, 2031).items["measure_title"].tolist() == ["aya"]

    def test_planned_is_what_the_year_before_announced(self) -> None:
        years = {
            2029: make_year([{"item": "i1", "next_year": "build it"}]),
            2030: make_year({"i1": "A"}),
        }
        items = progress.load_year(make_plan([{"item": "i1"}], years), 2030).items
        assert items["planned"].tolist() == ["build it"]

    def test_planned_follows_an_item_that_continues_another(self) -> None:
        years = {
            2029: make_year([{"item": "i1", "next_year": "build it"}]),
            2030: make_year({"i2": "A", "i3": "A"}),
        }
        items = [{"item": "i1"}, {"item": "i2", "continues": "i1"}, {"item": "i3"}]
        year = progress.load_year(make_plan(items, years), 2030)
        assert year.items["planned"].tolist() == ["build it", ""]

    def test_planned_is_empty_in_the_first_year(self) -> None:
        assert progress.load_year(make_simple({"i1": "A"}), 2030).items["planned"].tolist() == [""]

    def test_text_columns_stay_text_without_missing_values(self) -> None:
        years = {2029: make_year({"i1": "A"}), 2030: make_year({"i1": "A", "i2": ""})}
        items = progress.load_year(make_plan([{"item": "i1"}, {"item": "i2"}], years), 2030).items
        text = items.drop(columns="line")
        assert set(map(str, text.dtypes)) == {"str"}
        assert not text.isna().any(axis=None)

    def test_a_year_without_progress_is_unknown(self) -> None:
        plan = make_plan([{"item": "i1"}], {2029: make_year(), 2030: make_year({"i1": "A"})})
        with pytest.raises(UnknownYear, match=r"2029.*2030.*data/town/2029/progress\.csv"):
            progress.load_year(plan, 2029)

    def test_changes_no_frame_of_the_plan(self) -> None:
        spots = [misread("items", "i1", "a", "b")]
        year = make_year({"i1": "A"}, misread=spots, held=[hold("i1", "zoo")])
        plan = make_plan([{"item": "i1", "title": "a"}], {2030: year}, departments=DEPARTMENTS)
        frames = [plan.items, plan.measures, year.progress, year.assignments]
        copies = [frame.copy() for frame in frames]
        progress.list_off_schedule(progress.load_year(plan, 2030, "zoo"))
        for frame, copy in zip(frames, copies, strict=True):
            assert_frame_equal(frame, copy)


class TestRestrict:
    def test_keeps_items_that_the_department_leads_or_supports(self) -> None:
        year = make_shared(
            hold("i1", "zoo"),
            hold("i2", "zoo", "supporting"),
            hold("i3", "art"),
            marks={"i1": "A", "i2": "A", "i3": "A"},
        )
        assert progress.restrict(year, "zoo").items["item"].tolist() == ["i1", "i2"]

    def test_keeps_the_other_departments_of_these_items(self) -> None:
        year = make_shared(hold("i1", "zoo"), hold("i1", "art"), hold("i2", "art"))
        own = progress.restrict(year, "zoo").assignments
        assert own[["item", "department"]].values.tolist() == [["i1", "zoo"], ["i1", "art"]]

    def test_a_department_without_items_has_none(self) -> None:
        assert progress.restrict(make_shared(hold("i1", "zoo")), "idle").items.empty

    def test_an_unknown_department_is_refused_with_the_known_ones(self) -> None:
        with pytest.raises(UnknownDepartment, match=r"'moon'.*zoo, each, art, idle"):
            progress.restrict(make_shared(), "moon")


class TestCounts:
    def test_every_mark_is_counted_in_scale_order_zeros_included(self) -> None:
        plan = make_simple({"i1": "C", "i2": "A", "i3": "C"})
        counts = progress.count_status(plan, progress.load_year(plan, 2030).items)
        assert list(counts.items()) == [("A", 1), ("B", 0), ("C", 2), ("D", 0)]

    def test_a_row_without_mark_is_not_counted_as_the_lowest(self) -> None:
        plan = make_simple({"i1": "", "i2": "D"})
        assert progress.count_status(plan, progress.load_year(plan, 2030).items)["D"] == 1

    def test_a_plan_without_marks_counts_nothing(self) -> None:
        plan = make_plan([{"item": "i1"}], {2030: make_year({"i1": ""})}, scale=())
        items = progress.load_year(plan, 2030).items
        assert progress.count_status(plan, items) == {}
        assert progress.count_by(plan, items, "goal") == {"g1": {}}

    def test_groups_come_in_document_order(self) -> None:
        plan = make_plan(
            [{"item": "i1", "measure": "mz"}, {"item": "i2", "measure": "ma"}],
            {2030: make_year({"i1": "A", "i2": "D"})},
            measures=[{"measure": "ma"}, {"measure": "mz"}],
        )
        counts = progress.count_by(plan, progress.load_year(plan, 2030).items, "measure")
        assert list(counts) == ["mz", "ma"]

    def test_a_group_of_unrated_rows_has_zeros(self) -> None:
        plan = make_simple({"i1": ""})
        counts = progress.count_by(plan, progress.load_year(plan, 2030).items, "measure")
        assert counts == {"m1": {"A": 0, "B": 0, "C": 0, "D": 0}}

    def test_no_items_make_no_groups(self) -> None:
        year = progress.restrict(make_shared(hold("i1", "zoo")), "idle")
        assert progress.count_by(year.plan, year.items, "measure") == {}
        assert progress.count_by_department(year) == {}

    def test_why_rows_are_unrated(self) -> None:
        items = [
            {"item": "i1"},
            {"item": "i2", "relisted_from": "i1", "relisting": "stated"},
            {"item": "i3", "relisted_from": "i1", "relisting": "inferred"},
            {"item": "i4"},
        ]
        plan = make_plan(items, {2030: make_year({"i1": "A", "i2": "", "i3": "", "i4": ""})})
        rows = progress.count_rows(progress.load_year(plan, 2030).items)
        assert rows == progress.RowCounts(4, 1, 3, 1, 1, 1)
        assert rows.relisted == 2

    def test_ward_rows_are_those_of_no_other_actor(self) -> None:
        actors = {"i1": "nation", "i2": "ward", "i3": "metropolis"}
        items = [{"item": item, "actor": actor} for item, actor in actors.items()]
        plan = make_plan(items, {2030: make_year(dict.fromkeys(actors, "A"))})
        year = progress.load_year(plan, 2030)
        assert year.items.loc[progress.is_ward(year.items), "item"].tolist() == ["i2"]


class TestCountByDepartment:
    def test_an_item_counts_once_for_each_department(self) -> None:
        year = make_shared(hold("i1", "zoo"), hold("i1", "art", "supporting"), hold("i2", "art"))
        counts = progress.count_by_department(year)
        assert counts["zoo"] == {"A": 1, "B": 0, "C": 0, "D": 0}
        assert counts["art"] == {"A": 1, "B": 1, "C": 0, "D": 0}

    def test_two_qualifiers_of_one_department_are_one(self) -> None:
        year = make_shared(hold("i1", "zoo", qualifier="x"), hold("i1", "zoo", qualifier="y"))
        assert progress.count_by_department(year)["zoo"]["A"] == 1

    def test_only_the_roles_asked_for_count(self) -> None:
        year = make_shared(hold("i1", "zoo"), hold("i1", "art", "supporting"))
        assert list(progress.count_by_department(year, ("lead",))) == ["zoo"]
        assert list(progress.count_by_department(year, ("supporting",))) == ["art"]

    def test_departments_come_in_their_own_order_without_generic_names(self) -> None:
        year = make_shared(hold("i1", "art"), hold("i1", "each"), hold("i2", "zoo"))
        assert list(progress.count_by_department(year)) == ["zoo", "art"]


class TestListOffSchedule:
    def list_items(self, *rows: tuple[str, str]) -> list[str]:
        marks = [
            {"item": f"i{n}", "status": status, "shift": shift}
            for n, (status, shift) in enumerate(rows)
        ]
        plan = make_plan([{"item": row["item"]} for row in marks], {2030: make_year(marks)})
        return progress.list_off_schedule(progress.load_year(plan, 2030))["item"].tolist()

    def test_what_needs_action_comes_first_and_ahead_last(self) -> None:
        rows = ("B", "ahead"), ("B", ""), ("B", "behind"), ("C", ""), ("D", "")
        assert self.list_items(*rows) == ["i4", "i3", "i2", "i1", "i0"]

    def test_equals_stay_in_document_order(self) -> None:
        rows = ("D", ""), ("C", ""), ("D", ""), ("C", "")
        assert self.list_items(*rows) == ["i0", "i2", "i1", "i3"]

    def test_good_and_unrated_rows_are_left_out(self) -> None:
        assert self.list_items(("A", ""), ("", ""), ("C", "")) == ["i2"]

    def test_nothing_off_schedule_is_an_empty_frame_with_its_columns(self) -> None:
        off = progress.list_off_schedule(progress.load_year(make_simple({"i1": "A"}), 2030))
        assert off.empty
        assert tuple(off.columns) == ITEM_COLUMNS


class TestCompareYears:
    def compare(
        self, before: dict[str, str], after: dict[str, str], **continues: str
    ) -> progress.Transitions:
        ids = dict.fromkeys([*before, *after])
        items = [
            {"item": item, "continues": continues.get(item, ""), "last_year": 2029} for item in ids
        ]
        plan = make_plan(items, {2029: make_year(before), 2030: make_year(after)})
        transitions = progress.compare_years(progress.load_year(plan, 2030))
        assert transitions is not None
        return transitions

    def test_the_first_year_has_nothing_to_compare(self) -> None:
        plan = make_plan([{"item": "i1"}], {2029: make_year(), 2030: make_year({"i1": "A"})})
        assert progress.compare_years(progress.load_year(plan, 2030)) is None

    def test_counts_items_rated_in_both_years_in_scale_order(self) -> None:
        moved = self.compare(
            {"i1": "D", "i2": "A", "i3": "D", "i4": "", "i5": "A"},
            {"i1": "A", "i2": "A", "i3": "A", "i4": "A", "i5": ""},
        )
        assert moved.counts.values.tolist() == [["A", "A", 1], ["D", "A", 2]]

    def test_better_and_worse_follow_the_scale(self) -> None:
        moved = self.compare({"i1": "D", "i2": "A", "i3": "C"}, {"i1": "C", "i2": "D", "i3": "C"})
        assert moved.improved[["item", "before", "status"]].values.tolist() == [["i1", "D", "C"]]
        assert moved.worsened[["item", "before", "status"]].values.tolist() == [["i2", "A", "D"]]

    def find_verdict(self, before: tuple[str, str], after: tuple[str, str]) -> str:
        """Return which frame of the transitions holds an item that went from ``before``."""
        row = {"item": "i1", "note": "told"}
        rows = [[{**row, "status": s, "shift": d}] for s, d in (before, after)]
        years = {2029: make_year(rows[0]), 2030: make_year(rows[1])}
        moved = progress.compare_years(progress.load_year(make_plan([{"item": "i1"}], years), 2030))
        kinds = ("improved", "worsened", "moved", "marked", "unmarked")
        return " ".join(kind for kind in kinds if len(getattr(moved, kind)))

    @pytest.mark.parametrize(
        ("before", "after", "verdict"),
        [
            (("A", ""), ("B", "ahead"), "moved"),
            (("B", "ahead"), ("A", ""), "moved"),
            (("A", ""), ("B", "behind"), "worsened"),
            (("B", "behind"), ("B", "ahead"), "improved"),
            (("B", "ahead"), ("B", "ahead"), ""),
            (("A", ""), ("B", ""), "moved"),
            (("C", ""), ("B", "ahead"), "improved"),
            (("", ""), ("A", ""), "marked"),
            (("A", ""), ("", ""), "unmarked"),
        ],
    )
    def test_what_ran_ahead_is_no_step_back(
        self, before: tuple[str, str], after: tuple[str, str], verdict: str
    ) -> None:
        """The mark B alone says "changed": only with its direction can it be ranked."""
        assert self.find_verdict(before, after) == verdict

    def test_an_item_without_a_row_has_not_ended_while_the_plan_holds_it(self) -> None:
        items = [{"item": "i1"}, {"item": "i2", "last_year": 2029}, {"item": "i3"}]
        years = {2029: make_year({"i1": "A", "i2": "A", "i3": "A"}), 2030: make_year({"i3": "A"})}
        moved = progress.compare_years(progress.load_year(make_plan(items, years), 2030))
        assert moved is not None
        assert moved.ended["item"].tolist() == ["i2"]
        assert moved.unreported["item"].tolist() == ["i1"]

    def test_new_and_ended_items(self) -> None:
        years = {2029: make_year({"i1": "A", "i2": "A"}), 2030: make_year({"i2": "A", "i3": "A"})}
        items = [{"item": "i1", "last_year": 2029}, {"item": "i2"}, {"item": "i3", **BEGUN}]
        moved = progress.compare_years(progress.load_year(make_plan(items, years), 2030))
        assert moved is not None
        assert moved.started["item"].tolist() == ["i3"]
        assert moved.ended["item"].tolist() == ["i1"]

    @pytest.mark.parametrize("rows", [(), ({"item": "i2"},)], ids=["no row", "blank row"])
    def test_an_item_that_was_not_reported_before_is_not_new(self, rows: Rows) -> None:
        before = make_year([{"item": "i1", "status": "A"}, *rows])
        years = {2029: before, 2030: make_year({"i1": "A", "i2": "B"})}
        year = progress.load_year(make_plan([{"item": "i1"}, {"item": "i2"}], years), 2030)
        moved = progress.compare_years(year)
        assert moved is not None
        assert moved.started.empty
        assert moved.marked["item"].tolist() == ["i2"]

    def test_a_year_of_blank_rows_is_no_year_to_compare_with(self) -> None:
        years = {2029: make_year([{"item": "i1"}]), 2030: make_year({"i1": "A"})}
        year = progress.load_year(make_plan([{"item": "i1"}], years), 2030)
        assert progress.compare_years(year) is None

    def test_a_blank_row_of_no_source_reports_nothing(self) -> None:
        rows = [
            {"item": "i1", "status": "A"},
            {"item": "i2"},
            {"item": "i3", "source": "s"},
            {"item": "i4"},
        ]
        items = [{"item": f"i{n}"} for n in (1, 2, 3)]
        items += [{"item": "i4", "relisted_from": "i1", "relisting": "stated"}]
        year = progress.load_year(make_plan(items, {2030: make_year(rows)}), 2030)
        assert year.items["item"].tolist() == ["i1", "i3", "i4"]
        assert progress.select_unreported(year).items["item"].tolist() == ["i2"]

    def test_an_item_that_continues_another_is_neither_new_nor_ended(self) -> None:
        moved = self.compare({"i1": "C"}, {"i2": "A"}, i2="i1")
        assert moved.started.empty
        assert moved.ended.empty
        assert moved.improved[["item", "previous_item"]].values.tolist() == [["i2", "i1"]]

    def test_an_item_merged_into_one_that_lives_on_has_not_ended(self) -> None:
        moved = self.compare({"i1": "A", "i2": "A"}, {"i2": "A"}, i2="i1")
        assert moved.ended.empty

    def test_an_item_handed_over_is_neither_new_nor_ended_to_its_departments(self) -> None:
        years = {
            2029: make_year({"i1": "A"}, held=[hold("i1", "zoo")]),
            2030: make_year({"i1": "C"}, held=[hold("i1", "art")]),
        }
        plan = make_plan([{"item": "i1"}], years, departments=DEPARTMENTS)
        gave = progress.compare_years(progress.load_year(plan, 2030, "zoo"))
        took = progress.compare_years(progress.load_year(plan, 2030, "art"))
        assert gave is not None
        assert took is not None
        assert gave.ended.empty
        assert took.started.empty
        assert took.worsened["item"].tolist() == ["i1"]

    @pytest.mark.parametrize(
        ("kind", "ended"), [("rename", ["i1"]), ("merge", ["i1"]), ("transfer", [])]
    )
    def test_a_department_ends_the_items_of_one_that_it_replaced(
        self, kind: str, ended: list[str]
    ) -> None:
        years = {
            2029: make_year({"i1": "A", "i2": "A"}, held=[hold("i1", "zoo"), hold("i2", "zoo")]),
            2030: make_year({"i2": "A"}, held=[hold("i2", "art")]),
        }
        change = {"fiscal_year": 2030, "from": "zoo", "to": "art", "kind": kind}
        items = [{"item": "i1", "last_year": 2029}, {"item": "i2"}]
        plan = make_plan(items, years, departments=DEPARTMENTS, changes=[change])
        moved = progress.compare_years(progress.load_year(plan, 2030, "art"))
        assert moved is not None
        assert moved.ended["item"].tolist() == ended

    def test_a_plan_without_marks_still_has_new_and_ended_items(self) -> None:
        years = {2029: make_year({"i1": ""}), 2030: make_year({"i2": ""})}
        plan = make_plan(
            [{"item": "i1", "last_year": 2029}, {"item": "i2", **BEGUN}], years, scale=()
        )
        year = progress.load_year(plan, 2030)
        moved = progress.compare_years(year)
        assert moved is not None
        assert moved.counts.empty
        assert progress.list_off_schedule(year).empty
        assert [*moved.started["item"], *moved.ended["item"]] == ["i2", "i1"]


class TestReconcile:
    def reconcile(self, published: dict[str, int] | None) -> progress.Reconciliation:
        plan = make_simple({"i1": "A", "i2": "D", "i3": ""}, published=published)
        return progress.reconcile(progress.load_year(plan, 2030))

    def test_equal_totals_agree(self) -> None:
        assert self.reconcile({"A": 1, "B": 0, "C": 0, "D": 1}).agrees is True

    def test_nothing_published_neither_agrees_nor_differs(self) -> None:
        assert self.reconcile(None) == progress.Reconciliation(agrees=None, differences=())

    def test_names_mark_published_and_computed(self) -> None:
        found = self.reconcile({"A": 1, "D": 2})
        assert found == progress.Reconciliation(agrees=False, differences=(("D", 2, 1),))

    def test_a_mark_left_out_of_the_published_totals_is_a_difference(self) -> None:
        assert self.reconcile({"A": 1}).differences == (("D", 0, 1),)

    def test_a_department_reconciles_the_whole_plan(self) -> None:
        year = make_year({"i1": "A", "i2": "A"}, held=[hold("i1", "zoo")], published={"A": 2})
        plan = make_plan([{"item": "i1"}, {"item": "i2"}], {2030: year}, departments=DEPARTMENTS)
        assert progress.reconcile(progress.load_year(plan, 2030, "zoo")).agrees is True


marked_rows = st.lists(
    st.tuples(st.sampled_from(["m1", "m2", "m3"]), st.sampled_from(["A", "B", "C", "D", ""])),
    min_size=1,
    max_size=12,
)


def load_marked(rows: list[tuple[str, str]]) -> progress.Year:
    items = [{"item": f"i{n}", "measure": measure} for n, (measure, _) in enumerate(rows)]
    marks = {f"i{n}": mark for n, (_, mark) in enumerate(rows)}
    measures = [{"measure": name, "goal": f"g{name[1:]}"} for name in ("m1", "m2", "m3")]
    return progress.load_year(make_plan(items, {2030: make_year(marks)}, measures=measures), 2030)


@settings(max_examples=40, deadline=None)
@given(marked_rows)
def test_the_goals_add_up_to_the_total(rows: list[tuple[str, str]]) -> None:
    year = load_marked(rows)
    total = progress.count_status(year.plan, year.items)
    by_goal = progress.count_by(year.plan, year.items, "goal").values()
    assert {mark: sum(counts[mark] for counts in by_goal) for mark in total} == total
    assert sum(total.values()) == progress.count_rows(year.items).rated


@settings(max_examples=40, deadline=None)
@given(marked_rows, st.randoms())
def test_counts_do_not_depend_on_the_order_of_rows(
    rows: list[tuple[str, str]], random: Any
) -> None:
    year = load_marked(rows)
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = replace(year, items=year.items.iloc[order])
    assert progress.count_status(year.plan, shuffled.items) == progress.count_status(
        year.plan, year.items
    )
    assert progress.count_by(year.plan, shuffled.items, "measure") == progress.count_by(
        year.plan, year.items, "measure"
    )
