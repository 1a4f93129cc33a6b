"""Who was asked, and whose reply was taken: kept beside the tables, and no part of any document."""

from pathlib import Path

import pytest

from nenpo.data.plan_files import read_rows
from nenpo.errors import InputRefused
from nenpo.files import digest_data
from nenpo.workbooks.record import RecordRow, format_record, name_record, read_record
from tiny_project import Project, copy_project

ROWS = (
    RecordRow(department="joho", sent="2022-04-01", deadline="2022-04-28"),
    RecordRow(department="madoguchi", received="2022-04-20", file="01_窓口課.xlsx", digest="0123"),
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_project(tmp_path / "project")


def test_what_is_written_is_read_again(project: Project) -> None:
    project.write(name_record(2022), format_record(ROWS))
    assert tuple(read_record(project.root, "tiny", 2022).values()) == ROWS


@pytest.mark.parametrize("sign", [*"=+-@＝＋－＠", "\t=", "\r=", "\u202e", "😀", ""])
def test_the_name_of_a_file_is_no_formula_and_is_read_again(project: Project, sign: str) -> None:
    row = RecordRow(department="joho", file=f"{sign}A1.xlsx")
    written = format_record([row])
    project.write(name_record(2022), written)
    (found,) = read_record(project.root, "tiny", 2022).values()
    assert found.file.endswith("A1.xlsx")
    assert not found.file.startswith(tuple("=+-@＝＋－＠\t\r"))
    assert format_record([found]) == written


def test_a_year_without_a_record_has_an_empty_one(project: Project) -> None:
    assert read_record(project.root, "tiny", 2022) == {}


def test_it_is_a_known_file_and_no_input(project: Project) -> None:
    before = digest_data(project.root)
    project.write(name_record(2022), format_record(ROWS))
    read_rows(project.root, "tiny")
    assert digest_data(project.root) == before


def test_a_wrong_date_is_refused_with_its_line(project: Project) -> None:
    project.write(name_record(2022), b"department,sent\njoho,4/1\n")
    with pytest.raises(InputRefused, match=r"survey\.csv:2") as caught:
        read_record(project.root, "tiny", 2022)
    assert "YYYY-MM-DD" in str(caught.value)
