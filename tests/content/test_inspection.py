"""The check list finds what it promises to find."""

import pytest

from nenpo.analysis import progress
from nenpo.analysis.progress import Year
from nenpo.content import inspection
from nenpo.content.display import Nothing, Table
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project


@pytest.fixture(scope="module")
def nakano() -> Year:
    return progress.load_year(load_plan("nakano-informatization"), 2021)


def read_year(tiny: Project) -> Year:
    return progress.load_year(load_plan("tiny", tiny.root), 2021)


def read_cells(shown: Table | Nothing) -> str:
    assert isinstance(shown, Table)
    return "\n".join(" | ".join(row) for row in shown.rows)


def test_misreadings_are_listed_with_reason(nakano: Year) -> None:
    assert "年度未交付率 | 年度末交付率" in read_cells(inspection.misreadings(brief(nakano)))


def test_unstated_relistings_come_first(nakano: Year) -> None:
    table = inspection.relisted(brief(nakano))
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows[:3]] == ["i2-1-1-01", "i2-1-1-02", "i2-1-1-03"]
    assert len(table.rows) == 14


def test_gov_cloud_rows_counted_twice_are_found(nakano: Year) -> None:
    cells = read_cells(inspection.double_counts(brief(nakano)))
    for item in ("i2-2-5-01", "i2-2-5-02", "i2-3-1-05", "i2-3-1-06"):
        assert item in cells


def test_missing_reason_is_that_of_the_triangle(nakano: Year) -> None:
    table = inspection.missing_reasons(brief(nakano))
    assert isinstance(table, Table)
    assert [row[0] for row in table.rows] == ["i1-1-2-02"]


def test_unrated_rows_leave_relistings_out(nakano: Year) -> None:
    table = inspection.unrated(brief(nakano))
    assert isinstance(table, Table)
    assert len(table.rows) == 7


def test_misread_department_names_are_listed(nakano: Year) -> None:
    cells = read_cells(inspection.printed_names(brief(nakano)))
    assert "生活介護課 | 生活援護課" in cells
    assert "子ども教育・政策課 | 子ども・教育政策課" in cells


def test_total_that_does_not_reconcile_is_named(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 2, "status", "×")
    cells = read_cells(inspection.published(brief(read_year(tiny))))
    assert "△ | 1 | 0 | 不一致" in cells


def test_disagreeing_sources_stand_contrasts(tiny: Project) -> None:
    cells = read_cells(inspection.rejected_values(brief(read_year(tiny))))
    assert "3件 | s1:41 | 採用" in cells
    assert "約4件 | s1:99 | " in cells


def test_indicator_that_cannot_be_computed_is_listed(nakano: Year) -> None:
    assert "地図情報" in read_cells(inspection.missing_values(brief(nakano)))


def test_title_drift_is_listed(tiny: Project) -> None:
    year = progress.load_year(load_plan("tiny", tiny.root), 2022)
    shown = inspection.title_drift(brief(year))
    assert len(read_cells(shown).splitlines()) >= 1


def test_a_note_on_one_years_print_stands_in_that_years_check_list(tiny: Project) -> None:
    """Its row of 2022 cites another document than the note."""
    tiny.set_cell("items.csv", 1, "note", "題名は誤植とみられる")
    tiny.set_cell("items.csv", 2, "note", "どの年度にも関わる")
    tiny.set_cell("2022/progress.csv", 1, "source", "")
    plan = load_plan("tiny", tiny.root)
    noted = {
        year: read_cells(inspection.notes(brief(progress.load_year(plan, year))))
        for year in (2021, 2022)
    }
    assert "題名は誤植とみられる" in noted[2021]
    assert "題名は誤植とみられる" not in noted[2022]
    assert all("どの年度にも関わる" in told for told in noted.values())


def test_a_note_of_a_municipality_without_sources_stands_in_every_year(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "note", "所管に確認中")
    tiny.set_cell("items.csv", 1, "source", "")
    plan = load_plan("tiny", tiny.root)
    for year in (2021, 2022):
        opened = brief(progress.load_year(plan, year))
        assert "所管に確認中" in read_cells(inspection.notes(opened))
