"""What a plan may be like: one tiny invented project a condition, told by the real notebooks.

Each folder in ``fixtures/`` that is named here is a project without notebooks; the real ones are
executed on it. Where only its data matter, its tables are read in place.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from pathlib import Path
from shutil import copytree
from typing import Any

import nbformat

from nenpo.analysis import indicators, progress
from nenpo.analysis.indicators import Assessment
from nenpo.analysis.progress import Year
from nenpo.build.select import select_briefings
from nenpo.content.display import Nothing, Sentences, Table
from nenpo.content.indicators import table
from nenpo.data.load import load_plan
from nenpo.data.plan import Plan
from nenpo.export.blocks import Heading, NumberedTable
from nenpo.export.document import Document, read_document
from nenpo.export.html import render_html
from nenpo.notebook.execute import execute_briefing
from opened import brief

ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).parents[1] / "fixtures"
# What each condition's notebooks make.
CONDITIONS = {
    "letter_marks": ("midori/2021/annual", "midori/2021/inspection", "midori/2021/joho"),
    "word_marks": ("midori/2021/annual", "midori/2021/inspection", "midori/2021/joho"),
    "no_marks": ("midori/2022/annual", "midori/2022/inspection", "midori/2022/joho"),
    "declared_thresholds": ("midori/2022/annual", "midori/2022/inspection"),
    "bureaus": (
        "midori/2021/annual",
        "midori/2021/inspection",
        "midori/2021/kikaku",
        "midori/2021/kumin",
    ),
    "no_departments": ("midori/2021/annual", "midori/2021/inspection"),
    "relisted": ("midori/2021/annual", "midori/2021/inspection", "midori/2021/joho"),
    "revised_plan": ("midori/2022/annual", "midori/2022/inspection"),
    "renamed_department": ("midori/2022/annual", "midori/2022/inspection", "midori/2022/dejitaru"),
    "merged_departments": ("midori/2022/annual", "midori/2022/inspection", "midori/2022/joho-koho"),
    "split_department": (
        "midori/2022/annual",
        "midori/2022/inspection",
        "midori/2022/dejitaru",
        "midori/2022/koho",
    ),
    "revised_target": ("midori/2022/annual", "midori/2022/inspection"),
    "redefined_indicator": ("midori/2022/annual", "midori/2022/inspection"),
    "indicators_only": ("midori/2022/annual", "midori/2022/inspection"),
    "two_plans_of_one_ward": (
        "midori-digital/2021/annual",
        "midori-digital/2021/inspection",
        "midori-digital/2021/joho",
        "midori-reform/2021/annual",
        "midori-reform/2021/inspection",
        "midori-reform/2021/joho",
    ),
    "same_department_in_two_wards": (
        "kita/2021/annual",
        "kita/2021/inspection",
        "kita/2021/joho",
        "minami/2021/annual",
        "minami/2021/inspection",
        "minami/2021/joho",
    ),
    "zero_or_silent": ("midori/2021/annual", "midori/2021/inspection", "midori/2021/joho"),
}

Documents = Mapping[str, Document]
MakeDocuments = Callable[[str], Documents]


def execute_condition(condition: str, folder: Path) -> None:
    """Execute every briefing of a condition's project, copied to ``folder/project``."""
    root = folder / "project"
    copytree(FIXTURES / condition, root)
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    for briefing in select_briefings(root):
        executed = folder / f"{briefing.selector}.ipynb"
        executed.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(execute_briefing(root, briefing), executed)


def read_documents(folder: Path) -> Documents:
    """Return what ``execute_condition`` made, by selector."""
    return {
        briefing.selector: read_document(
            nbformat.read(folder / f"{briefing.selector}.ipynb", as_version=4)
        )
        for briefing in select_briefings(folder / "project")
    }


def list_strings(value: Any) -> Iterator[str]:
    """Yield every string that stands anywhere in a block, drawings apart."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        yield from list_strings(vars(value))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from list_strings(inner) if key != "svg" else ()
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from list_strings(inner)


def read_text(document: Document) -> str:
    """Return all that a document says, its title first."""
    return "\n".join((document.head.title, *list_strings(document.blocks)))


def read_page(document: Document) -> str:
    """Return the words of the HTML page, without its rules and attached files."""
    page = re.sub(r"<style>.*?</style>", "", render_html(document), flags=re.DOTALL)
    return re.sub(r'data:[^"]*', "", page)


def list_headings(document: Document, level: int | None = None) -> list[Heading]:
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    return [block for block in headings if level in (None, block.level)]


def list_tables(document: Document) -> dict[str, Table]:
    tables = [block.table for block in document.blocks if isinstance(block, NumberedTable)]
    return {table.caption: table for table in tables}


def find_facts(document: Document) -> Mapping[str, Any]:
    assert document.facts is not None
    return document.facts.values


def read_plan(condition: str, plan: str = "midori") -> Plan:
    return load_plan(plan, FIXTURES / condition)


def read_year(
    condition: str, fiscal_year: int, department: str | None = None, plan: str = "midori"
) -> Year:
    return progress.load_year(read_plan(condition, plan), fiscal_year, department)


def read_words(shown: Sentences | Nothing) -> str:
    assert isinstance(shown, Sentences)
    return "".join(shown.paragraphs)


def read_rows(shown: Table | Nothing) -> tuple[tuple[str, ...], ...]:
    assert isinstance(shown, Table)
    return shown.rows


def count_marks(year: Year) -> dict[str, int]:
    return progress.count_status(year.plan, year.items)


def compare(condition: str, department: str | None = None) -> progress.Transitions:
    moved = progress.compare_years(read_year(condition, 2022, department))
    assert moved is not None
    return moved


def assess(condition: str, fiscal_year: int) -> dict[str, Assessment]:
    entries = indicators.assess_indicators(read_plan(condition), fiscal_year)
    return {entry.indicator: entry for entry in entries}


def note_indicators(condition: str, fiscal_year: int) -> str:
    """Return the note beneath the table of the indicators."""
    shown = table(brief(read_year(condition, fiscal_year)))
    assert isinstance(shown, Table)
    return shown.note
