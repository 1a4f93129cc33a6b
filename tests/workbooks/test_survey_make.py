"""`nenpo survey make` as it is typed."""

from pathlib import Path

import pytest

from check_project import Finished, run
from tiny_project import Project


@pytest.fixture
def begun(tiny: Project) -> Project:
    text = tiny.read("params/tiny/2021.yaml").replace("fiscal_year: 2021", "fiscal_year: 2022")
    tiny.write("params/tiny/2022.yaml", text)
    return tiny


def make(project: Project, folder: Path, *more: str, language: str = "en") -> Finished:
    words = ("survey", "make", "tiny/2022", "--to", str(folder), *more)
    return run(project, *words, NENPO_LANG=language)


def test_it_says_what_it_made_and_what_comes_next(begun: Project, tmp_path: Path) -> None:
    told = make(begun, tmp_path / "sent", "--deadline", "2023-05-12", language="ja")
    assert (told.returncode, told.stderr) == (0, "")
    assert "令和4年度の調査票 3 件を" in told.stdout
    assert "令和5年5月12日（金）までに返送してもらう" in told.stdout
    assert len(list((tmp_path / "sent").glob("*.xlsx"))) == 3


def test_it_ends_with_2_where_a_file_that_differs_was_kept(begun: Project, tmp_path: Path) -> None:
    make(begun, tmp_path / "sent")
    told = make(begun, tmp_path / "sent", "--deadline", "2023-05-12")
    assert told.returncode == 2
    assert "01_窓口課.xlsx" in told.stderr
    assert "--replace" in told.stderr
    assert make(begun, tmp_path / "sent", "--deadline", "2023-05-12", "--replace").returncode == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("tiny",), "Name a plan and a year"),
        (("tiny/2022/annual",), "Name a plan and a year"),
        (("tiny/2022", "--deadline", "5月12日"), "'5月12日' is no date"),
        (("tiny/2023",), "nenpo new-year tiny 2023"),
        (("atlantis/2022",), "unknown plan 'atlantis'"),
        (("tiny/2022", "--department", "nobody"), "no department 'nobody'"),
    ],
)
def test_what_cannot_be_made_is_said_with_the_remedy(
    begun: Project, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = run(begun, "survey", "make", *words, "--to", str(tmp_path / "sent"))
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "sent").exists()
