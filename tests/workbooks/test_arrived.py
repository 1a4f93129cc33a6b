"""A reply that arrives is told: how much it answers, what is wrong with it, who is missing."""

from pathlib import Path

import pytest

from nenpo.errors import UnusableWorkbook
from nenpo.workbooks.taking.arrived import Arrivals
from survey_books import fill, make_project
from tiny_project import Project

EDITION = ("tiny", 2022)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "回答"


def tell(project: Project, folder: Path, *names: str, given: bool = True) -> list[str]:
    arrived = {(folder / name).resolve() for name in names}
    return list(Arrivals(project.root, folder, EDITION if given else None).tell(arrived))


def test_a_reply_is_told_with_what_it_answers_and_who_is_missing(
    project: Project, folder: Path
) -> None:
    fill(folder, project.root, "joho").put("n1", status="◎").save()
    fill(folder, project.root, "madoguchi").put("i1-1-01", status="◎").save()
    name = next(
        path.name for path in folder.iterdir() if "joho" in path.name or "情報" in path.name
    )
    for given in (True, False):  # its own marks tell what survey it is of
        first, *rest, last = tell(project, folder, name, given=given)
        assert first.startswith("情報課: ")
        assert name in first
        assert not any("窓口課" in line for line in rest)
        assert last == f"to take what has come: nenpo survey collect {folder}"


def test_what_is_wrong_with_a_reply_is_told_at_its_cell_and_nothing_is_written(
    project: Project, folder: Path
) -> None:
    reply = fill(folder, project.root, "joho")
    row = reply.layout().rows[0].id
    reply.put(row, status="だめ").save()
    before = sorted((project.root / "data").rglob("*"))
    told = tell(project, folder, reply.path.name)
    assert any(f"{reply.path.name}!" in line and "だめ" in line for line in told)
    assert "--findings DIR" in told[-1]
    assert sorted((project.root / "data").rglob("*")) == before


def test_a_file_that_is_no_survey_is_told(project: Project, folder: Path) -> None:
    folder.mkdir()
    (folder / "memo.xlsx").write_bytes(b"not a workbook")
    assert any("memo.xlsx" in line for line in tell(project, folder, "memo.xlsx"))
    with pytest.raises(UnusableWorkbook, match=r"nenpo watch tiny/20\d\d"):
        tell(project, folder, "memo.xlsx", given=False)


def test_a_file_that_is_no_workbook_is_told_when_it_arrives(project: Project, folder: Path) -> None:
    folder.mkdir()
    (folder / "回答.pdf").write_bytes(b"x")
    (folder / "前の.pdf").write_bytes(b"x")
    (line,) = tell(project, folder, "回答.pdf", given=False)
    assert line.startswith("note: 回答.pdf: it is a PDF and is not read")
