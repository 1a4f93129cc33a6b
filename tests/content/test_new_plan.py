"""A plan of a municipality's own needs little: no sources, no lines, no tables without rows."""

import json
import re
from pathlib import Path

import pytest

from conditions import list_headings, list_tables, read_text
from nenpo.build.select import select_briefings
from nenpo.build.validate import validate_plans
from nenpo.data.datapackage import describe_package
from nenpo.data.plan_files import read_rows
from nenpo.export.document import Document, read_document
from nenpo.notebook.execute import execute_briefing

ROOT = Path(__file__).parents[2]
FILES = {
    "data/mini/plan.yaml": """\
id: mini
title: みどり市デジタル計画
short_title: デジタル計画
municipality: {name: みどり市}
period: {first_year: 2024, last_year: 2028}
goals:
  - {id: g1, label: 目標1, title: 便利な窓口}
status_scale:
  - {mark: "◎", code: good, label: 予定どおり, tone: good}
  - {mark: "△", code: late, label: 遅れ, tone: caution}
""",
    "data/mini/items.csv": """\
item,measure,title,scope,actor,relisted_from,relisting,first_year,last_year,continues,note
i1,g1,電子申請,,ward,,,,,,
i2,g1,地図の公開,,ward,,,,,,期限を確かめる
""",
    "data/mini/2024/progress.csv": """\
item,status,shift,change_reason,done,next_year,later
i1,◎,,,受付を始めた,広げる,
i2,△,,,,,
""",
    "params/mini/2024.yaml": """\
plan: mini
fiscal_year: 2024
as_of: "2025-03-31"
issued: "2025-06-01"
state: draft
sample: false
""",
}
# What a municipality may add, again without sources: two values of one fact among it.
MORE = {
    "data/mini/departments.csv": """\
department,name,division,kind,order,first_year,last_year,aliases,note
joho,情報課,,section,1,,,,
""",
    "data/mini/2024/assignments.csv": """\
item,department,role,qualifier,as_printed
i1,joho,lead,,情報課
""",
    "data/mini/figures.csv": """\
figure,indicator,title,subject,timing,fiscal_year,from,to,kind,bound,value,denominator,unit,\
approximate,preferred,reason,note
f1,,申請,i1,year,2024,,,actual,,10,,件,false,true,締め後の数,
f1,,申請,i1,year,2024,,,actual,,12,,件,false,false,速報,
""".replace("\\\n", ""),
    "data/mini/indicators.csv": """\
indicator,goal,name,unit,direction,baseline_year,kind,note
rate,g1,電子申請の割合,%,increase,2023,share,
""",
    "data/mini/2024/actuals.csv": """\
indicator,value,denominator,approximate,missing,preferred
rate,20,,false,,true
rate,21,,false,,false
""",
}


def write_files(root: Path, files: dict[str, str]) -> Path:
    for file, text in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module", params=["least", "more"])
def root(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_files(tmp_path_factory.mktemp("mini"), FILES)
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    return write_files(root, MORE) if request.param == "more" else root


@pytest.fixture(scope="module")
def papers(root: Path) -> dict[str, Document]:
    return {
        briefing.selector: read_document(execute_briefing(root, briefing))
        for briefing in select_briefings(root)
    }


def test_it_is_valid(root: Path) -> None:
    assert next(iter(validate_plans(root))) == "mini/2024: OK"


def test_its_papers_count_its_items(papers: dict[str, Document]) -> None:
    assert "取組2件中1件（50.0％）が「予定どおり」" in read_text(papers["mini/2024/annual"])


def test_nothing_is_said_of_sources(papers: dict[str, Document]) -> None:
    """No empty brackets, no columns or headings without content, and no Python among the words."""
    for selector, document in papers.items():
        text = read_text(document)
        assert re.findall(r"出典|（）|「」|（[:：]|None|nan", text) == [], selector
        assert "数え方" not in [heading.text for heading in list_headings(document)], selector


def test_its_notes_have_no_empty_brackets(root: Path) -> None:
    assert not [note for note in validate_plans(root) if re.search(r"（）|\(\)|:None", note)]


def test_items_without_measures_are_counted_by_goal_alone(papers: dict[str, Document]) -> None:
    counted = [name for name in list_tables(papers["mini/2024/annual"]) if "別の件数" in name]
    assert [name for name in counted if "施策" in name or "実施内容" in name] == []


def test_its_package_refers_to_tables_that_are_there(root: Path) -> None:
    package = json.loads(describe_package(root / "data/mini", read_rows(root, "mini").meta))
    keys = [key for each in package["resources"] for key in each["schema"].get("foreignKeys", ())]
    names = {resource["name"] for resource in package["resources"]}
    assert {key["reference"]["resource"] for key in keys} <= names
