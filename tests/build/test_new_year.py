"""A new year begins with what stands of the last one: nothing rated, nothing lost, both or none."""

import errno
import shutil
from pathlib import Path
from typing import Any

import pytest

from check_project import run
from nenpo.build import new_year
from nenpo.build.new_year import NewYear, start_year, tell_new_year
from nenpo.build.params import read_edition
from nenpo.build.select import select_briefings
from nenpo.build.validate import validate_plans
from nenpo.data.datapackage import describe_package
from nenpo.data.headings import list_titles
from nenpo.data.plan_files import read_rows
from nenpo.data.schema.year_rows import ProgressRow
from nenpo.errors import InputRefused, UnknownPlan, WriteFailed
from nenpo.export.document import read_document
from nenpo.notebook.execute import execute_briefing
from tiny_project import Project
from words_project import DATA

ROOT = Path(__file__).parents[2]


def begin(project: Project, year: int = 2023, **more: Any) -> NewYear:
    return start_year(project.root, "tiny", year, **more)


def read_rows_of(project: Project, file: str) -> list[str]:
    return project.read(file).removeprefix("\ufeff").splitlines()


def list_files(root: Path) -> dict[str, bytes]:
    paths = [path for path in root.rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


class TestCarried:
    def test_items_that_exist_have_a_row_that_says_nothing(self, tiny: Project) -> None:
        begin(tiny)
        rows = read_rows_of(tiny, "2023/progress.csv")
        assert [row.strip(",") for row in rows[1:]] == ["i1-1-01", "i1-1-02", "i1-2-02", "i2-1-01"]

    def test_nothing_of_a_source_or_of_last_years_report_is_there(self, tiny: Project) -> None:
        begin(tiny)
        assert {path.name for path in tiny.path("2023").iterdir()} == {
            *("progress.csv", "assignments.csv", "actuals.csv", "titles.csv")
        }
        assert read_rows_of(tiny, "2023/actuals.csv") == [
            "indicator,value,denominator,approximate,missing,preferred"
        ]
        assert "窓口課" not in tiny.read("2023/assignments.csv")  # as a source printed it

    def test_the_year_is_valid_and_its_papers_say_not_reported(self, tiny: Project) -> None:
        begin(tiny)
        (tiny.root / "notebooks").symlink_to(ROOT / "notebooks")
        assert "tiny/2023: OK" in list(validate_plans(tiny.root))
        for name in ("annual", "madoguchi"):
            (briefing,) = select_briefings(tiny.root, [f"tiny/2023/{name}"])
            document = read_document(execute_briefing(tiny.root, briefing))
            told = str(document)
            assert "の進捗は、未報告である。" in told
            assert "判断を要する" not in told  # nobody is late where nobody was asked

    def test_what_continues_an_item_has_its_charge_and_milestones(self, tiny: Project) -> None:
        tiny.path("2022").rename(tiny.path("2022").with_name("_2022"))
        (tiny.root / "data/tiny/_2022").rename(tiny.root / "aside")
        tiny.path("params/tiny/2022.yaml").unlink()
        header = "subject,date,text,state,former_date"
        tiny.write("2021/milestones.csv", f"{header}\ni1-2-01,202301,公開,planned,\n")
        begin(tiny, 2022)
        assert "i2-1-01,kaku-ka,lead,," in read_rows_of(tiny, "2022/assignments.csv")
        assert read_rows_of(tiny, "2022/milestones.csv")[1:] == ["i2-1-01,202301,公開,planned"]

    def test_open_milestones_are_planned_for_their_latest_date(self, tiny: Project) -> None:
        tiny.write(
            "2022/milestones.csv",
            "subject,date,text,state,former_date,source,line\n"
            "i1-1-01,202404,再開,revised,202306,s1,3\n"
            "plan,202206,開始,done,,,\n"
            "i1-1-02,202304,公開,planned,,,\n",
        )
        tiny.replace("items.csv", "nation,,,,,", "nation,,,,2022,")
        made = begin(tiny)
        assert read_rows_of(tiny, "2023/milestones.csv")[1:] == ["i1-1-01,202404,再開,planned,"]
        assert any("「公開」（令和5年4月）" in note.ja for note in made.notes)

    def test_a_reworded_title_stays_until_it_is_that_of_the_plan(self, tiny: Project) -> None:
        begin(tiny)
        assert read_rows_of(tiny, "2023/titles.csv")[1:] == ["i1-1-01,申請と届出のオンライン化"]
        tiny.replace("items.csv", ",申請のオンライン化,", ",申請と届出のオンライン化,")
        begin(tiny, 2024)
        assert not tiny.path("2024/titles.csv").exists()

    def test_the_language_of_the_headers_stays(self, tiny: Project) -> None:
        titles = list_titles(ProgressRow)
        head = ",".join(titles[c] for c in ["item", "status", "shift", "change_reason", "done"])
        head += "," + ",".join(titles[c] for c in ("next_year", "later"))
        tiny.write("2022/progress.csv", f"{head}\ni1-1-01,◎,,,した,続ける,\n")
        begin(tiny)
        assert read_rows_of(tiny, "2023/progress.csv")[:2] == [head, "i1-1-01,,,,,,"]
        assert "tiny/2023: OK" in list(validate_plans(tiny.root))

    def test_a_post_that_answers_for_an_item_stands(self, tiny: Project) -> None:
        tiny.append("plan.yaml", "columns: [owner, budget]")
        rows = tiny.read("2022/progress.csv").splitlines()
        owned = [f"{row},{'owner,budget' if n == 0 else '課長,100'}" for n, row in enumerate(rows)]
        tiny.write("2022/progress.csv", "\n".join([*owned, ""]))
        begin(tiny)
        assert "i1-1-01,,,,,,,課長," in read_rows_of(tiny, "2023/progress.csv")


ORGANISED = {
    "rename": ("2023,joho,digital,rename", "i1-1-02,digital,lead,住基,", "改称"),
    "merge": ("2023,joho,digital,merge", "i1-1-02,digital,lead,住基,", "統合"),
    "split": (
        "2023,joho,digital,split\n2023,joho,data,split",
        "i1-1-02,digital,lead,住基,",
        "「データ課」が担当するもの",
    ),
    "transfer": (
        "2023,joho,digital,transfer",
        "i1-1-02,digital,lead,住基,",
        "「情報課」の担当",
    ),
}


def test_a_year_that_is_no_longer_a_sample_is_asked_for(tiny: Project) -> None:
    assert any("sample: false" in note.ja for note in begin(tiny).notes)
    tiny.replace("params/tiny/2022.yaml", "sample: true", "sample: false")
    shutil.rmtree(tiny.path("2023"))
    tiny.path("params/tiny/2023.yaml").unlink()
    assert not any("sample" in note.ja for note in begin(tiny).notes)


class TestDepartments:
    @pytest.mark.parametrize("kind", ORGANISED)
    def test_follow_the_changes_of_organisation(self, tiny: Project, kind: str) -> None:
        change, row, told = ORGANISED[kind]
        tiny.replace("departments.csv", "section,20,,", "section,20,,2022")
        tiny.append("departments.csv", "digital,デジタル課,,section,21,2023,,,")
        tiny.append("departments.csv", "data,データ課,,section,22,2023,,,")
        tiny.append("organisation_changes.csv", change)
        made = begin(tiny)
        assert row in read_rows_of(tiny, "2023/assignments.csv")
        assert any(told in note.ja for note in made.notes)
        read_rows(tiny.root, "tiny")

    def test_one_that_lives_on_keeps_its_work_and_a_person_decides(self, tiny: Project) -> None:
        tiny.append("departments.csv", "digital,デジタル課,,section,21,2023,,,")
        tiny.append("organisation_changes.csv", "2023,joho,digital,split")
        made = begin(tiny)
        assert "i1-1-02,joho,lead,住基," in read_rows_of(tiny, "2023/assignments.csv")
        assert any("「デジタル課」が担当するもの" in note.ja for note in made.notes)

    def test_one_that_ended_without_a_successor_is_told(self, tiny: Project) -> None:
        tiny.replace("departments.csv", "section,20,,", "section,20,,2022")
        made = begin(tiny)
        assert "joho" not in tiny.read("2023/assignments.csv")
        assert any("引き継いだ部署の記載もない" in note.ja for note in made.notes)

    def test_two_that_merge_are_in_charge_once(self, tiny: Project) -> None:
        for name in ("section,20,,", "section,10,,"):
            tiny.replace("departments.csv", name, f"{name}2022")
        tiny.append("departments.csv", "digital,デジタル課,,section,21,2023,,,")
        for name in ("joho", "madoguchi"):
            tiny.append("organisation_changes.csv", f"2023,{name},digital,merge")
        begin(tiny)
        rows = [r for r in read_rows_of(tiny, "2023/assignments.csv") if r.startswith("i1-1-01")]
        assert rows == ["i1-1-01,digital,lead,,"]


class TestParams:
    def test_dates_move_by_a_year_and_comments_stay(self, tiny: Project) -> None:
        tiny.write(
            "params/tiny/2022.yaml",
            "# 令和4年度版の条件\r\nplan: tiny   # 計画\r\nfiscal_year: 2022\r\n"
            "as_of: '2023-02-28' # 基準日\r\nissued: \"2023-07-01\"\r\nstate: final # 案か\r\n"
            "revision: 2\r\nprepared_by: 令和4年度の課\r\nsample: true\r\n",
        )
        begin(tiny)
        assert tiny.path("params/tiny/2023.yaml").read_bytes().decode() == (
            "# 令和5年度版の条件\r\nplan: tiny   # 計画\r\nfiscal_year: 2023\r\n"
            'as_of: "2024-02-29" # 基準日\r\nissued: "2024-07-01"\r\nstate: draft # 案か\r\n'
            "revision: 0\r\nprepared_by: 令和4年度の課\r\nsample: true\r\n"
        )
        assert read_edition(tiny.root, "tiny", 2023).state == "draft"

    def test_every_date_moves_those_of_the_survey_too(self, tiny: Project) -> None:
        tiny.append("params/tiny/2022.yaml", 'survey_deadline: "2023-05-31"  # 提出期限')
        begin(tiny)
        assert 'survey_deadline: "2024-05-31"  # 提出期限' in tiny.read("params/tiny/2023.yaml")

    def test_a_mapping_on_one_line_is_changed_as_well(self, tiny: Project) -> None:
        tiny.write(
            "params/tiny/2022.yaml",
            '{plan: tiny, fiscal_year: 2022, as_of: "2023-03-31", issued: "2023-07-01", '
            "state: final, sample: true}\n",
        )
        begin(tiny)
        assert read_edition(tiny.root, "tiny", 2023).as_of == "2024-03-31"

    def test_a_year_beyond_the_plan_is_noted(self, tiny: Project) -> None:
        begin(tiny)
        assert any("計画の期間" in note.ja for note in begin(tiny, 2024).notes)


class TestRefused:
    def test_what_is_there_is_never_replaced(self, tiny: Project) -> None:
        before = list_files(tiny.root)
        with pytest.raises(InputRefused) as refused:
            begin(tiny, 2022)
        places = [problem.place for problem in refused.value.problems]
        assert places == ["data/tiny/2022", "params/tiny/2022.yaml"]
        assert list_files(tiny.root) == before

    @pytest.mark.parametrize("file", ["data/tiny/2023/note.csv", "params/tiny/2023.yaml"])
    def test_one_of_the_two_is_enough(self, tiny: Project, file: str) -> None:
        (tiny.root / file).parent.mkdir(exist_ok=True)
        (tiny.root / file).write_text("", "utf-8")
        with pytest.raises(InputRefused):
            begin(tiny)

    def test_a_year_that_is_not_the_next_has_to_be_meant(self, tiny: Project) -> None:
        with pytest.raises(InputRefused, match="2024 is not the year after 2022"):
            begin(tiny, 2024)
        begin(tiny, 2024, before=2022)
        assert read_edition(tiny.root, "tiny", 2024).issued == "2025-07-01"

    def test_every_reason_is_told_at_once(self, tiny: Project) -> None:
        tiny.replace("2022/progress.csv", "◎", "〇")
        tiny.replace("params/tiny/2022.yaml", "draft", "entwurf")
        tiny.path("2025").mkdir()
        with pytest.raises(InputRefused) as refused:
            begin(tiny, 2025)
        kinds = {type(problem).__name__ for problem in refused.value.problems}
        assert kinds == {"UnknownMark", "WrongType", "NoNewYear"}

    def test_there_is_no_year_before_the_first(self, tiny: Project) -> None:
        with pytest.raises(InputRefused, match="no year before 2020"):
            begin(tiny, 2020)
        with pytest.raises(UnknownPlan):
            start_year(tiny.root, "tani", 2023)


def test_the_comparison_has_params_and_no_data_of_a_year(tmp_path: Path) -> None:
    for folder in ("data", "params"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    before = list_files(tmp_path / "data")
    told = list(tell_new_year(start_year(tmp_path, "comparison", 2022)))
    assert list_files(tmp_path / "data") == before
    made = (tmp_path / "params/comparison/2022.yaml").read_text(encoding="utf-8")
    assert "令和4年度" in made
    assert 'as_of: "2023-03-31"' in made
    assert "fiscal_year: 2022" in made
    assert told[0].startswith("made params/comparison/2022.yaml for fiscal year 2022")
    assert "nenpo build comparison/2022" in told[-1]
    with pytest.raises(InputRefused, match="there already"):
        start_year(tmp_path, "comparison", 2022)


def test_a_plan_without_params_is_told_what_it_needs() -> None:
    with pytest.raises(InputRefused, match="no params of any year"):
        start_year(ROOT, "national-dx-plan", 2027)


def fail_at(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path if hasattr(Path, name) else new_year, name, refuse)


def describe(project: Project) -> str:
    """Return the description of the tables as they are, and put it beside them."""
    text = describe_package(project.path("."), read_rows(project.root, "tiny").meta)
    project.write("datapackage.json", text)
    return text


def test_the_description_of_the_tables_names_those_of_the_new_year(tiny: Project) -> None:
    """Where a plan has one; where it has none, none is made."""
    begin(tiny)
    assert not tiny.path("datapackage.json").exists()
    shutil.rmtree(tiny.path("2023"))
    tiny.path("params/tiny/2023.yaml").unlink()
    describe(tiny)
    begin(tiny)
    made = tiny.read("datapackage.json")
    assert '"name": "2023-progress"' in made
    assert made == describe(tiny)


class TestBothOrNone:
    @pytest.mark.parametrize("name", ["write_bytes", "write_atomically"])
    def test_a_full_disk_leaves_all_as_it_was(
        self, tiny: Project, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        describe(tiny)
        before = list_files(tiny.root)
        with monkeypatch.context() as patched:
            fail_at(name, patched)
            with pytest.raises((WriteFailed, OSError)):
                begin(tiny)
        assert list_files(tiny.root) == before
        begin(tiny)

    def test_a_command_that_was_killed_between_the_two_is_finished(self, tiny: Project) -> None:
        begin(tiny)
        made = list_files(tiny.root)
        tiny.path("params/tiny/2023.yaml").unlink()
        begin(tiny)
        assert list_files(tiny.root) == made


def test_what_has_ended_is_told_by_its_name(tiny: Project) -> None:
    tiny.replace("items.csv", "nation,,,,,", "nation,,,,2022,")
    told = [line.ja for line in begin(tiny).told]
    assert told[1] == "終わったので除いた取組 1件（「国のシステムの改修」）"


def test_the_command_tells_all_of_it_and_refuses_with_2(tiny: Project) -> None:
    first, again = (run(tiny, "new-year", "tiny", "2023") for _ in range(2))
    assert (first.returncode, again.returncode) == (0, 2)
    assert first.stdout.count("nenpo ") == 3
    assert "is there already" in again.stderr


def test_what_comes_next_is_told_in_both_languages(
    tiny: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = begin(tiny)
    for language, first in (("ja", "令和5年度の data/tiny/2023/"), ("en", "made data/tiny/2023/")):
        monkeypatch.setenv("NENPO_LANG", language)
        lines = list(tell_new_year(made))
        assert lines[0].startswith(first)
        steps = [line.split("  ")[1] for line in lines[-3:]]
        assert [step.partition(". ")[2].split()[:3] for step in steps] == [
            ["nenpo", "survey", "make"],
            ["nenpo", "survey", "collect"],
            ["nenpo", "build", "tiny/2023"],
        ]


PLANS = [path.name for path in sorted((ROOT / "params").iterdir()) if path.name != "comparison"]


@pytest.mark.parametrize("plan", PLANS)
def test_every_sample_plan_can_go_on(plan: str, tmp_path: Path) -> None:
    for folder in (DATA, DATA.with_name("params")):
        shutil.copytree(folder / plan, tmp_path / folder.name / plan)
    last = max(int(path.stem) for path in (tmp_path / "params" / plan).iterdir())
    start_year(tmp_path, plan, last + 1)
    rows = read_rows(tmp_path, plan)
    assert last + 1 in rows.reported_years
    progress = rows.years[last + 1].tables["progress.csv"]
    assert not [row for row in progress if vars(row)["done"] or vars(row)["status"]]


def test_work_that_is_transferred_back_and_forth_finds_an_end(tiny: Project) -> None:
    for name in ("section,20,,", "section,10,,"):
        tiny.replace("departments.csv", name, f"{name}2022")
    for change in ("joho,madoguchi", "madoguchi,joho"):
        tiny.append("organisation_changes.csv", f"2023,{change},transfer")
    made = begin(tiny)
    assert sum("引き継いだ部署の記載もない" in note.ja for note in made.notes) == 2
