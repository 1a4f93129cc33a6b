"""The head says what a document is, for whom, and in which state."""

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.build.params import read_edition
from nenpo.content import head
from nenpo.data.load import load_plan
from nenpo.data.schema.declarations import Edition
from opened import brief
from tiny_project import Project


@pytest.fixture
def year(tiny: Project) -> Year:
    return progress.load_year(load_plan("tiny", tiny.root), 2021)


@pytest.fixture
def edition(tiny: Project) -> Edition:
    return read_edition(tiny.root, "tiny", 2021)


def test_annual_title_names_plan_and_year(year: Year, edition: Edition) -> None:
    assert head.annual(brief(year, edition)).title == "デジタル計画の進捗状況について（令和3年度）"


def test_department_title_names_the_department(year: Year, edition: Edition) -> None:
    made = head.department(brief(progress.restrict(year, "joho"), edition))
    assert made.title == "所管課別 進捗状況（令和3年度）情報課"


def test_annual_leads_to_the_departments_that_have_a_share_in_an_item(
    year: Year, edition: Edition
) -> None:
    assert head.annual(brief(year, edition)).links == {
        "情報課": "departments/joho.html",
        "窓口課": "departments/madoguchi.html",
    }


def test_department_leads_to_the_others(year: Year, edition: Edition) -> None:
    made = head.department(brief(progress.restrict(year, "joho"), edition))
    assert made.links == {"窓口課": "madoguchi.html"}


def test_inspection_that_lies_apart_leads_nowhere(year: Year, edition: Edition) -> None:
    assert head.inspection(brief(year, edition)).links == {}


def test_inspection_says_that_it_is_internal(year: Year, edition: Edition) -> None:
    assert "内部資料" in head.inspection(brief(year, edition)).subtitle


def test_sample_says_so_and_only_a_sample(year: Year, edition: Edition) -> None:
    real = edition.model_copy(update={"sample": False})
    sample = edition.model_copy(update={"sample": True})
    assert head.annual(brief(year, real)).sample_notice == ""
    assert head.annual(brief(year, sample)).sample_notice.startswith("見本（")


def test_revision_stands_beside_the_date(year: Year, edition: Edition) -> None:
    revised = edition.model_copy(update={"issued": "2022-07-01", "revision": 2})
    assert head.annual(brief(year, revised)).issued_label == "令和4年7月1日（改訂2）"
    first = edition.model_copy(update={"issued": "2022-07-01", "revision": 0})
    assert head.annual(brief(year, first)).issued_label == "令和4年7月1日"
