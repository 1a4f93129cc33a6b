"""A new project is complete at once, in a folder that held nothing: all of it, or none."""

import errno
import re
import tomllib
from pathlib import Path

import pytest

from check_project import run
from nenpo.build.select import select_briefings
from nenpo.build.validate import validate_plans
from nenpo.data.plan_files import read_rows
from nenpo.errors import UnusableFolder, WriteFailed
from nenpo.export.document import read_document
from nenpo.notebook.execute import execute_briefing
from nenpo.workbooks.starting.project import EXAMPLE, read_example, write_project
from tiny_project import Project

PLAN = EXAMPLE["plan"]


@pytest.fixture
def example(tmp_path: Path) -> Path:
    write_project(tmp_path / "new", read_example())
    return tmp_path / "new"


class TestTheExample:
    def test_it_is_valid_without_a_single_note(self, example: Path) -> None:
        assert list(validate_plans(example)) == [f"{PLAN}/2024: OK"]

    def test_every_paper_of_it_can_be_made(self, example: Path) -> None:
        briefings = select_briefings(example)
        assert len(briefings) == 5
        texts = [str(read_document(execute_briefing(example, each))) for each in briefings[:3]]
        assert "事業8件中" in texts[0]
        assert "主管室" in texts[0]  # its own words
        assert "取組8件" not in "".join(texts)

    def test_it_shows_what_a_plan_can_have(self, example: Path) -> None:
        rows = read_rows(example, PLAN)
        assert [len(rows.tables[f"{name}.csv"]) for name in ("items", "departments")] == [8, 3]
        assert len(rows.tables["indicators.csv"]) == 2
        assert rows.meta.marks == ("完", "順", "変", "遅", "未")
        used = {vars(row)["status"] for row in rows.years[2024].tables["progress.csv"]}
        assert used == set(rows.meta.marks)

    def test_notebooks_opened_by_hand_begin_with_it(self, example: Path) -> None:
        for name in ("annual", "department", "inspection"):
            text = (example / f"notebooks/{name}.ipynb").read_text("utf-8")
            assert re.search(rf'"plan: str = \\"{PLAN}\\"  #', text)
            assert '"fiscal_year: int = 2024  #' in text
        assert "kikaku" in (example / "notebooks/department.ipynb").read_text("utf-8")

    def test_every_key_of_its_declarations_is_explained(self, example: Path) -> None:
        params = (example / f"params/{PLAN}/2024.yaml").read_text("utf-8")
        keys = [line for line in params.splitlines() if re.match(r"\w+:", line)]
        assert [line for line in keys if "#" not in line] == []


class TestTheFolder:
    def test_an_empty_one_is_filled(self, tmp_path: Path) -> None:
        write_project(tmp_path, {"data/a.csv": b"1", "params/b.yaml": b"2"})
        assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "params"]

    def test_one_that_holds_something_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "memo.txt").touch()
        with pytest.raises(UnusableFolder, match=r"it holds memo\.txt"):
            write_project(tmp_path, read_example())
        with pytest.raises(UnusableFolder, match="no folder"):
            write_project(tmp_path / "memo.txt", read_example())
        assert [path.name for path in tmp_path.iterdir()] == ["memo.txt"]

    @pytest.mark.parametrize("method", ["write_bytes", "rename"])
    @pytest.mark.parametrize("is_new", [True, False])
    def test_a_full_disk_leaves_nothing(
        self, tmp_path: Path, method: str, is_new: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls, real = [], getattr(Path, method)

        def fail(path: Path, *args: object) -> object:
            calls.append(path)
            if is_new or len(calls) > 2:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(path, *args)

        folder = tmp_path / "new"
        if not is_new:
            folder.mkdir()
        monkeypatch.setattr(Path, method, fail)
        with pytest.raises(WriteFailed):
            write_project(folder, read_example())
        assert [*tmp_path.rglob("*")] == ([] if is_new else [folder])


class TestTheCommand:
    def test_makes_the_example_and_says_what_comes_next(self, tmp_path: Path) -> None:
        told = run(Project(tmp_path), "init", "new")
        assert (told.returncode, told.stderr) == (0, "")
        assert "nenpo build" in told.stdout
        assert (tmp_path / "new/params" / PLAN / "2024.yaml").is_file()

    def test_makes_a_project_of_a_list_and_tells_what_it_guessed(self, tmp_path: Path) -> None:
        text = "番号,取組名,担当課,令和5年度実績\n1,窓口,市民課,始めた\n"
        (tmp_path / "list.csv").write_text(text, "utf-8")
        told = run(Project(tmp_path), "init", "new", "--from", "list.csv", "--plan", "midori")
        assert (told.returncode, told.stderr) == (0, "")
        assert "What to look at" in told.stdout
        assert (tmp_path / "new/data/midori/2023/progress.csv").is_file()
        assert (tmp_path / "new/init-report.md").is_file()

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (("new", "--from", "none.xlsx"), "there is no file 'none.xlsx'"),
            (("new", "--from", "memo.txt"), "no row of headings"),
            (("new", "--plan", "計画"), "no id of a plan"),
            (("new", "--year", "2023"), "are for a list"),
            (("",), "its name is empty"),
            ((".",), "it holds memo.txt"),
        ],
    )
    def test_refuses_and_writes_nothing(
        self, tmp_path: Path, words: tuple[str, ...], reason: str
    ) -> None:
        (tmp_path / "memo.txt").write_text("甲,乙\n丙,丁\n", "utf-8")
        told = run(Project(tmp_path), "init", *words)
        assert told.returncode == 2
        assert reason in told.stderr
        assert [path.name for path in tmp_path.iterdir()] == ["memo.txt"]


def test_the_package_carries_what_a_new_project_needs() -> None:
    """Nothing of the repository is there where nenpo was installed from a wheel."""
    root = Path(__file__).parents[2]
    wheel = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    target = wheel["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert target["force-include"] == {"notebooks": "nenpo/notebooks"}
