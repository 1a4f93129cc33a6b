"""Edges of plans told in words and of their comparison: equal labels, years ahead, empty tables."""

from pathlib import Path
from typing import Any

import pytest

from nenpo.analysis.progress import load_year
from nenpo.content import (
    changes,
    comparison,
    marks,
    priorities,
    structure,
    themes,
)
from nenpo.content.display import Nothing, Sentences, Table
from nenpo.content.findings import list_findings
from nenpo.data.load import load_catalogue, load_plan
from opened import brief, compare
from tiny_project import Project
from words_project import copy_compared, read_compared, read_words

_OF_MARKS = (
    marks.table,
    marks.matrix,
)


@pytest.mark.parametrize("section", _OF_MARKS, ids=lambda f: f"{f.__module__[14:]}.{f.__name__}")
def test_a_section_of_marks_says_that_the_plan_has_none(section: Any) -> None:
    assert section(brief(read_words())) == Nothing("計画に進捗区分がない")


@pytest.fixture
def compared(tmp_path: Path) -> Project:
    return copy_compared(tmp_path / "compared")


def test_a_misread_title_of_a_measure_is_corrected_in_its_heading() -> None:
    year = load_year(load_plan("unnamed-ward-digitalization"), 2021)
    parts = structure.parts(brief(year))
    assert isinstance(parts, Table)
    assert "その他(1) デジタルデバイド対策" in [row[0] for row in parts.rows]


def test_a_misread_title_of_an_item_is_corrected_in_the_comparison() -> None:
    names = priorities.name_parts(load_plan("koto-informatization"))
    assert "テレワーク可能な端末環境" in names["i1-01"]


def test_a_document_that_several_plans_cite_is_listed_once() -> None:
    lines = comparison.sources(compare(load_catalogue())).paragraphs
    assert len(lines) == 5


def test_a_year_without_any_word_of_progress_compares_no_words(words: Project) -> None:
    for row in (1, 2, 3, 4):
        words.set_cell("data/words/2022/progress.csv", row, "done", "")
    told = changes.sentences(brief(read_words(2022, project=words)))
    assert isinstance(told, Sentences)
    assert "同じ記載" not in told.paragraphs[0]


def test_an_item_may_be_described_by_itself(words: Project) -> None:
    words.append("data/words/sheets.csv", "i2-1-01,present,項目の現状。,s2,104")
    assert "項目の現状" in str(structure.parts(brief(read_words(project=words))))


def test_a_disagreement_about_a_later_year_waits_for_its_edition(words: Project) -> None:
    row = "visitors-2022,,後の報告,m1-1,year,2022,,,actual,,1499999,,人,false,false,旧い,,s2,153"
    words.append("data/words/figures.csv", row)
    words.set_cell("data/words/figures.csv", 5, "reason", "新しい")
    plan = load_plan("words", words.root)
    assert "1,499,999" not in str(list_findings(plan, 2021))
    assert "1,499,999" in str(list_findings(plan, 2022))


def test_a_comparison_without_rows_says_nothing(compared: Project) -> None:
    for file in ("themes", "comparisons", "priorities"):
        compared.path(f"data/{file}.csv").unlink()
    assert isinstance(comparison.summary(compare(read_compared(compared))), Nothing)


def test_the_whole_plan_follows_no_department(tiny: Project) -> None:
    year = load_year(load_plan("tiny", tiny.root), 2022)
    assert isinstance(changes.succession(brief(year)), Nothing)


def test_a_plan_in_the_place_of_progress_is_marked_as_one(compared: Project) -> None:
    compared.set_cell("data/east/2021/progress.csv", 2, "status", "")
    told = themes.details(compare(read_compared(compared), 2021))
    assert "（予定）令和4年度に始める" in str(told)
