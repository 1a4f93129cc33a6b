"""What is reported and scheduled of a plan whose documents tell progress in words."""

from collections import Counter

import pytest

from nenpo.analysis import coverage
from nenpo.analysis.coverage import Coverage, count_coverage
from nenpo.analysis.progress import load_year
from nenpo.data.load import load_plan
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_frames,
    read_plan,
    read_real,
    read_words,
)

PROGRESS_2021 = "data/words/2021/progress.csv"


def count(project: Project | None = None, fiscal_year: int = 2021) -> Coverage:
    year = read_words(fiscal_year, project=project)
    return count_coverage(year, year.items)


def make_coverage(**counts: int) -> Coverage:
    """Return a coverage in which what is not named is none."""
    return Coverage(**dict.fromkeys(Coverage.__dataclass_fields__, 0) | counts)


def test_each_kind_of_statement_is_counted_on_its_own() -> None:
    assert count() == make_coverage(
        items=4, reported=3, scheduled=2, planned=3, kept=1, changed=1, not_comparable=1
    )


def mark_undated(project: Project, item: str, word: str) -> None:
    """State that the source gives no time for what is done or planned of an item."""
    header, *rows = project.read(PROGRESS_2021).splitlines()
    told = [f"{row},{word if row.startswith(item) else ''}" for row in rows]
    project.write(PROGRESS_2021, "\n".join([f"{header},undated", *told]) + "\n")


def test_progress_without_a_time_is_told_apart(words: Project) -> None:
    mark_undated(words, "i2-1-01", "done")
    counts = count(words)
    assert (counts.reported, counts.reported_undated, counts.planned_undated) == (3, 1, 0)


def test_a_plan_without_a_time_is_told_apart(words: Project) -> None:
    words.write("data/words/schedule.csv", "item,first_year,last_year,text,note,source,line\n")
    mark_undated(words, "i1-1-02", "both")
    counts = count(words)
    assert (counts.planned, counts.planned_undated, counts.reported_undated) == (2, 1, 1)


def test_a_plan_that_the_schedule_dates_has_a_time(words: Project) -> None:
    """The schedule gives 2022 and 2023 to what the report plans without a year."""
    mark_undated(words, "i1-2-01", "plan")
    assert count(words).planned_undated == 0


@pytest.mark.parametrize(
    ("plan", "expected"),
    [("unnamed-ward-digitalization", (7, 6, 3, 2)), ("koto-informatization", (11, 8, 1, 1))],
)
def test_real_plans_tell_what_has_no_time(plan: str, expected: tuple[int, ...]) -> None:
    year = load_year(read_plan(plan), 2021)
    counts = count_coverage(year, year.items)
    found = (counts.reported, counts.reported_undated, counts.planned, counts.planned_undated)
    assert found == expected


@pytest.mark.parametrize("fiscal_year", [2021, 2022])
def test_counts_of_the_real_plan_equal_its_rows(fiscal_year: int) -> None:
    year = load_year(read_plan("nakano-structural-reform"), fiscal_year)
    rows = read_real(f"nakano-structural-reform/{fiscal_year}/progress.csv")
    judged = Counter(row["adherence"] for row in rows)
    counts = count_coverage(year, year.items)
    assert (counts.kept, counts.changed, counts.not_comparable) == (
        judged["kept"],
        judged["changed"],
        judged["not_comparable"],
    )


def test_all_fourteen_items_of_the_real_plan_are_reported_and_scheduled() -> None:
    year = load_year(read_plan("nakano-structural-reform"), 2021)
    counts = count_coverage(year, year.items)
    assert (counts.items, counts.reported, counts.scheduled) == (14, 14, 14)


def test_a_plan_without_a_schedule_has_nothing_scheduled() -> None:
    year = load_year(read_plan("koto-informatization"), 2021)
    assert count_coverage(year, year.items).scheduled == 0


def test_a_relisted_item_is_counted_at_its_origin_only(words: Project) -> None:
    words.set_cell("data/words/items.csv", 1, "relisted_from", "i1-1-02")
    words.set_cell("data/words/items.csv", 1, "relisting", "stated")
    assert count(words) == make_coverage(
        items=3, reported=2, scheduled=1, planned=2, kept=0, changed=1, not_comparable=1
    )


def test_a_step_over_several_years_is_scheduled_in_each() -> None:
    assert count(fiscal_year=2022).scheduled == 2


def test_a_step_of_the_last_year_is_no_later_plan(words: Project) -> None:
    """In 2022 the step 2021-2022 of the first item plans nothing for a later year."""
    assert count(words, 2022).planned == 2


@pytest.mark.parametrize("column", ["next_year", "later"])
def test_a_plan_in_the_report_counts_without_a_schedule(words: Project, column: str) -> None:
    before = count(words).planned
    words.set_cell(PROGRESS_2021, 4, column, "機器を入れ替える")
    assert count(words).planned == before + 1


def test_an_item_planned_in_both_report_and_schedule_counts_once(words: Project) -> None:
    before = count(words).planned
    words.set_cell(PROGRESS_2021, 1, "next_year", "続ける")
    assert count(words).planned == before


def test_only_the_items_given_are_counted() -> None:
    year = read_words()
    own = year.items[year.items["measure"] == "m1-2"]
    assert count_coverage(year, own) == make_coverage(items=1, planned=1)


def test_no_items_count_zero() -> None:
    year = read_words()
    assert count_coverage(year, year.items.iloc[:0]) == make_coverage()


def test_a_plan_with_marks_is_not_told_by_coverage(tiny: Project) -> None:
    assert not coverage.has_coverage(load_year(load_plan("tiny", tiny.root), 2021))


def test_a_plan_without_marks_is_told_by_coverage() -> None:
    assert coverage.has_coverage(read_words())


def test_a_year_of_figures_alone_has_no_coverage(words: Project) -> None:
    words.path("data/words/2022/progress.csv").unlink()
    assert not coverage.has_coverage(read_words(2022, project=words))


def test_steps_stand_in_every_year_that_they_cover() -> None:
    assert coverage.list_steps(read_words().plan) == {
        "i1-1-01": {2021: "設計、試行", 2022: "試行"},
        "i1-1-02": {2021: "公開"},
        "i1-2-01": {2022: "研修の実施", 2023: "研修の実施"},
    }


def test_schedule_years_are_all_years_from_the_first_step_to_the_last() -> None:
    assert coverage.list_schedule_years(read_words().plan) == [2021, 2022, 2023]


def test_a_plan_without_schedule_has_no_schedule_years() -> None:
    assert coverage.list_schedule_years(read_plan("koto-informatization")) == []


def test_reports_are_compared_with_the_year_before() -> None:
    paired = coverage.compare_reports(read_words(2022))
    assert paired is not None
    assert paired[["item", "before"]].values.tolist() == [
        ["i1-1-01", "設計し、試行した"],
        ["i1-1-02", "公開を検討した"],
        ["i1-2-01", ""],
        ["i2-1-01", "無線を更新した"],
    ]


def test_an_item_that_continues_another_is_compared_with_it(words: Project) -> None:
    words.set_cell("data/words/items.csv", 2, "last_year", "2021")
    words.append("data/words/items.csv", "i1-1-03,m1-1,地図の配信,,ward,,,2022,,i1-1-02,,s1,13")
    words.set_cell("data/words/2022/progress.csv", 2, "item", "i1-1-03")
    paired = coverage.compare_reports(read_words(2022, project=words))
    assert paired is not None
    told = paired.set_index("item").loc["i1-1-03", ["previous_item", "before"]]
    assert told.tolist() == ["i1-1-02", "公開を検討した"]


def test_the_first_year_has_no_report_to_compare() -> None:
    assert coverage.compare_reports(read_words(2021)) is None


def test_a_year_of_figures_alone_has_no_report_to_compare(words: Project) -> None:
    words.path("data/words/2022/progress.csv").unlink()
    assert coverage.compare_reports(read_words(2022, project=words)) is None


def test_counting_and_comparing_leave_the_year_as_it_was() -> None:
    year = read_words(2022)
    before = copy_frames(year)
    count_coverage(year, year.items)
    coverage.compare_reports(year)
    coverage.list_steps(year.plan)
    coverage.list_schedule_years(year.plan)
    assert_unchanged(year, before)
