"""Names and selectors of briefings: parsed and printed in one place."""

import pytest

from nenpo.build.briefing import Briefing, BriefingName, Selector
from nenpo.errors import BadSelector

NAMES = ["plan/2021/annual", "plan/2021/departments/somu", "comparison/2021/comparison"]


@pytest.mark.parametrize("text", NAMES)
def test_name_prints_what_was_parsed(text: str) -> None:
    assert str(BriefingName.parse(text)) == text


def test_name_of_a_department_tells_it() -> None:
    name = BriefingName.parse("plan/2021/departments/somu")
    told = (name.edition, name.kind, name.department, name.selector)
    assert told == ("plan/2021", "department", "somu", "plan/2021/somu")


@pytest.mark.parametrize("text", ["annual", "departments/somu", "plan/2021", "plan/r3/annual", ""])
def test_name_without_an_edition_is_none(text: str) -> None:
    assert BriefingName.find(text) is None
    with pytest.raises(ValueError, match="not of the form"):
        BriefingName.parse(text)


@pytest.mark.parametrize(("kind", "department"), [("annual", None), ("department", "somu")])
def test_briefing_and_its_name_say_the_same(kind: str, department: str | None) -> None:
    briefing = Briefing("plan", 2021, kind, department)  # type: ignore[arg-type]
    name = BriefingName.parse(briefing.full_name)
    assert name == briefing.identity
    assert (name.kind, name.department) == (kind, department)


@pytest.mark.parametrize("text", ["plan/2021/somu", "/plan/2021/departments/somu/"])
def test_selector_of_a_briefing_matches_its_name(text: str) -> None:
    name = BriefingName.parse("plan/2021/departments/somu")
    assert Selector.parse(text).matches(name)
    assert Selector.parse(name.selector).matches(name)


def test_only_a_selector_without_briefing_covers_the_edition() -> None:
    texts = ("plan", "plan/2021", "plan/2021/annual", "plan/2020")
    covering = [Selector.parse(text).covers("plan", 2021) for text in texts]
    assert covering == [True, True, False, False]


@pytest.mark.parametrize("text", ["", "plan/202", "plan//annual", "plan/2021/a/b"])
def test_malformed_selector_is_refused(text: str) -> None:
    with pytest.raises(BadSelector):
        Selector.parse(text)


def test_files_of_an_inspection_lie_apart_and_its_name_does_not_say_so() -> None:
    name = BriefingName.parse("plan/2021/inspection")
    assert name.path == "internal/plan/2021/inspection"
    assert (str(name), name.selector) == ("plan/2021/inspection", "plan/2021/inspection")
