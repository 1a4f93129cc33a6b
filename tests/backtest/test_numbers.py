"""Every number of the five documents is in ``data/``, or left out with a reason."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from numbers_in_data import (
    NUMBERS,
    ROOT,
    TOOL,
    collect_held,
    list_idle_omissions,
    list_numbers,
    list_uncovered,
    read_cell,
)

DATA = ROOT / "data"
DOCUMENTS = ROOT.parent / "shared" / "seeds"
PROGRESS = "nakano-informatization/2021/progress.csv"


def test_every_number_is_in_the_data_or_left_out_on_purpose() -> None:
    assert list_uncovered(DATA) == []


def test_every_omission_leaves_out_a_number_that_the_data_lack() -> None:
    assert list_idle_omissions(DATA) == []


@pytest.mark.parametrize(
    ("file", "printed", "wrong", "found"),
    [
        (PROGRESS, "7階の各会議室", "8階の各会議室", "s003:142 7"),
        (PROGRESS, "2台）", "3台）", "s003:141 2"),
        ("nakano-informatization/targets.csv", ",1700000,", ",1690000,", "s003:40 1700000"),
        ("nakano-informatization/2021/actuals.csv", ",3.9,", ",3.8,", "s003:42 3.9"),
        ("nakano-informatization/2021/published.yaml", ": 97", ": 96", "s003:28 97"),
    ],
)
def test_a_number_taken_out_of_the_data_is_found(
    tmp_path: Path, file: str, printed: str, wrong: str, found: str
) -> None:
    data = copy_data(tmp_path)
    text = (data / file).read_text(encoding="utf-8")
    assert text.count(printed) == 1
    (data / file).write_text(text.replace(printed, wrong), encoding="utf-8")
    assert set(list_uncovered(data)) - set(list_uncovered(DATA)) == {found}


def test_an_omission_without_use_is_found(tmp_path: Path) -> None:
    """Line 7 needs it for its 1; lines 1 to 4 hold no number, and line 28 one that is data."""
    data = copy_data(tmp_path)
    table = "source,lines,numbers,reason\ns003,1-4|7|28,1|97,見出し\n"
    (data / "omissions.csv").write_text(table, encoding="utf-8")
    assert list_idle_omissions(data) == [
        "omissions.csv:2: s003:1-4",
        "omissions.csv:2: s003:28-28",
        "omissions.csv:2: s003 97",
    ]


def copy_data(folder: Path) -> Path:
    return Path(shutil.copytree(DATA, folder / "data"))


def test_a_row_holds_its_numbers_on_the_line_it_names_only(tmp_path: Path) -> None:
    table = "id,value,source,line\ni1-7,5,s001,3\nn,6,,\n"
    (tmp_path / "figures.csv").write_text(table, encoding="utf-8")
    assert collect_held(tmp_path) == {("s001", 3): {"5"}}


@pytest.mark.parametrize(
    ("column", "cell", "numbers"),
    [
        ("done", "令和3年度に約1.5万件", {"3", "2021", "15000"}),
        ("done", "R5年度", {"5", "2023"}),
        ("text", "平成29年、令和元年", {"29", "2017", "2019"}),
        ("fiscal_year", "2021", {"2021", "3"}),
        ("from", "202104", {"2021", "3", "4"}),
        ("to", "20211110", {"2021", "3", "11", "10"}),
        ("value", "202104", {"202104"}),
        ("label", "1-3-①", {"1", "3"}),
        ("item", "i1-1-3-01", set()),
    ],
)
def test_cells(column: str, cell: str, numbers: set[str]) -> None:
    assert read_cell(column, cell) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,461,063件、約146万件", ["1461063", "1460000"]),
        ("31.6%、46.0%、62.23%", ["31.6", "46", "62.23"]),
        ("10/10 1508.6億円、800 億円", ["10", "150860000000", "80000000000"]),
        ("1-1-① 戦略Ⅰの一つ", ["1"]),
        ("令和３年１０月、2021・2022年度", ["3", "10", "2021", "2022"]),
        ("1,2と12,3456", ["1", "2", "12", "3456"]),
    ],
)
def test_numbers_of_a_text(text: str, numbers: list[str]) -> None:
    assert list_numbers(text) == numbers


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="no shared/seeds beside the repository")
def test_the_list_of_numbers_is_that_of_the_documents() -> None:
    command = [sys.executable, str(TOOL), str(DOCUMENTS)]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert listed == NUMBERS.read_text(encoding="utf-8")
