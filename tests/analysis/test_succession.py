"""Which departments a department follows."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
from pandas.testing import assert_frame_equal

from nenpo.analysis.departments import OrganisationChange, list_changes, trace_departments

Step = tuple[int, str, str, str]


def make_plan(*steps: Step) -> Any:
    columns = ["fiscal_year", "from", "to", "kind"]
    changes = pd.DataFrame(list(steps), columns=columns)
    return SimpleNamespace(organisation_changes=changes)


def test_a_renamed_department_had_the_work_of_the_former_name() -> None:
    plan = make_plan((2030, "old", "new", "rename"))
    assert trace_departments(plan, "new", 2030, 2029) == ["new", "old"]


def test_a_merged_department_had_the_work_of_all_that_it_was_made_of() -> None:
    plan = make_plan((2030, "art", "culture", "merge"), (2030, "zoo", "culture", "merge"))
    assert trace_departments(plan, "culture", 2030, 2029) == ["culture", "art", "zoo"]


def test_a_part_split_off_had_its_work_in_the_former_department() -> None:
    plan = make_plan((2030, "city", "parks", "split"))
    assert trace_departments(plan, "parks", 2030, 2029) == ["parks", "city"]


def test_a_transfer_is_no_succession() -> None:
    plan = make_plan((2030, "art", "zoo", "transfer"))
    assert trace_departments(plan, "zoo", 2030, 2029) == ["zoo"]


def test_the_giving_department_follows_nobody() -> None:
    plan = make_plan((2030, "old", "new", "rename"))
    assert trace_departments(plan, "old", 2030, 2029) == ["old"]


def test_a_chain_is_followed_to_its_beginning_whatever_the_order_of_rows() -> None:
    plan = make_plan((2031, "b", "c", "rename"), (2030, "a", "b", "rename"))
    assert trace_departments(plan, "c", 2031, 2029) == ["c", "b", "a"]


def test_a_chain_is_followed_only_as_far_as_the_earlier_year() -> None:
    """In 2030 the department was already called b."""
    plan = make_plan((2030, "a", "b", "rename"), (2031, "b", "c", "rename"))
    assert trace_departments(plan, "c", 2031, 2030) == ["c", "b"]


def test_a_change_still_to_come_is_not_followed() -> None:
    plan = make_plan((2031, "old", "new", "rename"))
    assert trace_departments(plan, "new", 2030, 2029) == ["new"]


def test_a_department_reached_twice_is_named_once() -> None:
    plan = make_plan(
        (2030, "a", "b", "split"), (2031, "a", "c", "merge"), (2031, "b", "c", "merge")
    )
    assert sorted(trace_departments(plan, "c", 2031, 2029)) == ["a", "b", "c"]


def test_a_merger_is_one_change_of_several_departments() -> None:
    plan = make_plan((2030, "art", "culture", "merge"), (2030, "zoo", "culture", "merge"))
    assert list_changes(plan, 2030) == [
        OrganisationChange(2030, "merge", ("art", "zoo"), "culture")
    ]


def test_changes_come_the_oldest_first() -> None:
    plan = make_plan((2031, "b", "c", "rename"), (2030, "a", "b", "rename"))
    assert [change.fiscal_year for change in list_changes(plan, 2031)] == [2030, 2031]


def test_changes_of_later_years_are_left_out() -> None:
    plan = make_plan((2030, "a", "b", "rename"), (2031, "b", "c", "rename"))
    assert [change.to for change in list_changes(plan, 2030)] == ["b"]


def test_only_changes_that_made_the_department_are_listed_for_it() -> None:
    plan = make_plan((2030, "a", "b", "rename"), (2030, "c", "d", "rename"))
    assert [change.froms for change in list_changes(plan, 2030, "d")] == [("c",)]


def test_a_transfer_into_a_department_is_listed_for_it() -> None:
    plan = make_plan((2030, "art", "zoo", "transfer"))
    assert list_changes(plan, 2030, "zoo") == [
        OrganisationChange(2030, "transfer", ("art",), "zoo")
    ]


def test_no_change_of_organisation_is_an_empty_list() -> None:
    assert list_changes(make_plan(), 2030) == []


def test_tracing_leaves_the_changes_as_they_were() -> None:
    plan = make_plan((2031, "b", "c", "rename"), (2030, "a", "b", "rename"))
    before = plan.organisation_changes.copy(deep=True)
    trace_departments(plan, "c", 2031, 2029)
    list_changes(plan, 2031, "c")
    assert_frame_equal(plan.organisation_changes, before)
