"""Not reported is not zero: the papers say what was not reported, and count none of it."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from conditions import find_facts, list_tables, read_text
from nenpo.analysis.progress import load_year
from nenpo.build.select import select_briefings
from nenpo.build.validate import validate_plans
from nenpo.check.changes import compare_facts
from nenpo.check.words import tell_fact
from nenpo.content import departments
from nenpo.content.display import Table
from nenpo.data.plan import make_plan
from nenpo.data.plan_files import read_rows
from nenpo.export.blocks import list_values
from nenpo.export.document import Document, read_document
from nenpo.notebook.execute import execute_briefing
from opened import brief
from tiny_project import Project, copy_project

ROOT = Path(__file__).parents[2]
YEAR = "tiny/2021"
PROGRESS = "data/tiny/2021/progress.csv"
SCHEMA = json.loads((files("nenpo.content") / "facts.schema.json").read_text("utf-8"))


def keep_rows(project: Project, *items: str, blank: bool = False) -> None:
    """Leave of the year's progress the header and the rows of ``items``, without their words."""
    header, *rows = project.read(PROGRESS).replace("様式を整えた。\n", "").splitlines()
    kept = [row for row in rows if row.split(",")[0] in items]
    columns = header.count(",")
    shown = [row.split(",")[0] + "," * columns if blank else row for row in kept]
    project.write(PROGRESS, "\n".join([header, *shown, ""]))


def read_papers(project: Project) -> dict[str, Document]:
    (project.root / "notebooks").symlink_to(ROOT / "notebooks")
    return {
        briefing.selector: read_document(execute_briefing(project.root, briefing))
        for briefing in select_briefings(project.root, [YEAR])
    }


def read_notes(project: Project) -> list[str]:
    return [line for line in validate_plans(project.root, [YEAR]) if line.startswith("note: ")]


@pytest.fixture(scope="module", params=["missing", "header only", "blank rows"])
def silent(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = copy_project(tmp_path_factory.mktemp("silent") / "tiny")
    if request.param == "missing":
        project.path(PROGRESS).unlink()
    items = ("i1-1-01", "i1-1-02") if request.param == "blank rows" else ()
    if request.param != "missing":
        keep_rows(project, *items, blank=True)
    return project


@pytest.fixture(scope="module")
def papers(silent: Project) -> dict[str, Document]:
    return read_papers(silent)


class TestNothingIsReported:
    """The year has values of indicators and departments in charge, and no progress."""

    def test_the_annual_says_so_first(self, papers: dict[str, Document]) -> None:
        lead = read_text(papers[f"{YEAR}/annual"]).split("\n")[1]
        assert lead == (
            "令和3年度の取組3件（1-①-1 【新規】申請のオンライン化 窓口課、"
            "1-①-2 （国）国のシステムの改修 情報課、1-②-1 【拡充】データの公開 各課）の進捗は、"
            "未報告である。"
        )

    def test_no_table_of_marks_is_shown(self, papers: dict[str, Document]) -> None:
        for selector, document in papers.items():
            shown = [name for name in list_tables(document) if "件数" in name or "照合" in name]
            assert shown == [], selector

    def test_the_published_totals_are_not_called_wrong(self, papers: dict[str, Document]) -> None:
        assert "一致しない" not in read_text(papers[f"{YEAR}/annual"])
        assert find_facts(papers[f"{YEAR}/annual"])["published"]["agrees"] is None

    def test_departments_keep_their_papers_with_what_is_awaited(
        self, papers: dict[str, Document]
    ) -> None:
        document = papers[f"{YEAR}/madoguchi"]
        assert "所管する取組1件の進捗は、未報告である。" in read_text(document)
        assert list_tables(document)["取組の状況"].rows[:2] == (
            ("所管する取組", "1件"),
            ("1-①-1 【新規】申請のオンライン化", "未報告"),
        )

    def test_facts_name_what_was_not_reported(self, papers: dict[str, Document]) -> None:
        facts = find_facts(papers[f"{YEAR}/annual"])
        assert facts["unreported"] == ["i1-1-01", "i1-1-02", "i1-2-01"]
        assert (facts["rows"], facts["items"], facts["off_schedule"]) == (0, [], [])
        Draft202012Validator(SCHEMA).validate(facts)

    def test_the_check_list_and_the_validation_note_it(
        self, silent: Project, papers: dict[str, Document]
    ) -> None:
        assert "取組3件の進捗が未報告である。" in read_text(papers[f"{YEAR}/inspection"])
        told = [note for note in read_notes(silent) if PROGRESS in note]
        assert [note.partition(";")[0] for note in told] == [
            f"note: {PROGRESS}: progress of 3 item(s) is not reported"
        ]


@pytest.fixture(scope="module")
def partly(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    project = copy_project(tmp_path_factory.mktemp("partly") / "tiny")
    keep_rows(project, "i1-1-01", "i1-2-01", "i1-2-02")
    return read_papers(project)


class TestSomeDepartmentsHaveReported:
    """情報課 has not: its item i1-1-02 has no row."""

    def test_the_annual_tells_whose_reports_are_missing(self, partly: dict[str, Document]) -> None:
        text = read_text(partly[f"{YEAR}/annual"])
        assert (
            "このほかに進捗が未報告の取組が1件あり（1-①-2 （国）国のシステムの改修 情報課）" in text
        )
        assert "未報告：進捗の報告がないこと。" in text

    def test_tables_of_counts_say_what_they_leave_out(self, partly: dict[str, Document]) -> None:
        tables = list_tables(partly[f"{YEAR}/annual"])
        for name in (
            "進捗区分別の件数",
            "デジタル計画の体系",
        ):
            assert "進捗が未報告の取組1件（情報課1件）は含まない。" in tables[name].note

    def test_the_list_holds_the_item_in_its_place(self, partly: dict[str, Document]) -> None:
        rows = list_tables(partly[f"{YEAR}/annual"])["デジタル計画　進捗状況一覧"].rows
        assert [row[2] for row in rows if row[1].startswith("1-①-2")] == ["未報告"]

    def test_the_department_is_not_told_to_have_none(self, partly: dict[str, Document]) -> None:
        document = partly[f"{YEAR}/joho"]
        text = read_text(document)
        assert "所管する取組1件の進捗は、未報告である。" in text
        assert "該当する取組はない" not in text
        assert list_tables(document)["取組の状況"].rows[0][:2] == ("判断を要する取組", "1件")

    def test_who_has_reported_reads_of_the_others_in_the_sum_only(
        self, partly: dict[str, Document]
    ) -> None:
        assert "unreported" not in find_facts(partly[f"{YEAR}/madoguchi"])

    def test_the_sum_of_rows_is_that_of_the_list(self, partly: dict[str, Document]) -> None:
        annual = partly[f"{YEAR}/annual"]
        assert len(list_values(list_tables(annual)["デジタル計画　進捗状況一覧"])) == 4
        assert "一覧の全4行には" in read_text(annual)

    def test_a_changed_report_is_told_by_name(self, partly: dict[str, Document]) -> None:
        facts = find_facts(partly[f"{YEAR}/annual"])
        before = {name: value for name, value in facts.items() if name != "unreported"}
        change = compare_facts(before, facts)[0]
        assert "報告のない取組" in tell_fact(change, {"i1-1-02": "国のシステムの改修"})


def test_a_blank_row_is_noted_as_no_report(tiny: Project) -> None:
    header, *rows = tiny.read(PROGRESS).replace("様式を整えた。\n", "").splitlines()
    blank = "i1-1-02" + "," * header.count(",")
    tiny.write(PROGRESS, "\n".join([header, rows[0], blank, *rows[2:], ""]))
    told = f"note: {PROGRESS}: i1-1-02: the row of the item says nothing; documents say so."
    assert told in read_notes(tiny)


def test_who_has_to_report_an_item_is_asked_before_the_report(tiny: Project) -> None:
    keep_rows(tiny, "i1-1-02")
    assignments = "2021/assignments.csv"
    tiny.replace(assignments, "i1-2-01,kaku-ka,lead,,各課\n", "")
    told = (
        "note: data/tiny/2021/assignments.csv: i1-2-01: no department leads the item (role lead)."
    )
    assert told in read_notes(tiny)


def test_the_past_of_a_department_tells_what_was_not_reported(tiny: Project) -> None:
    keep_rows(tiny, "i1-1-02", "i1-2-01")
    plan = make_plan(read_rows(tiny.root, "tiny"))
    shown = departments.history(brief(load_year(plan, 2022, "madoguchi")))
    assert isinstance(shown, Table)
    assert shown.columns[-1].label == "未報告"
    assert [row[-1] for row in shown.rows] == ["1", "0"]


def test_a_year_that_reports_everything_says_nothing_of_it(tiny: Project) -> None:
    papers = read_papers(tiny)
    assert not any("未報告" in read_text(document) for document in papers.values())


@pytest.mark.parametrize("kept", ["progress.csv", "actuals.csv", "assignments.csv"])
def test_any_of_these_makes_a_year_of_report(tiny: Project, kept: str) -> None:
    """A folder without them is refused: its params may be a mistake."""
    keep_rows(tiny)
    for file in {"progress.csv", "actuals.csv", "assignments.csv"} - {kept}:
        tiny.path(f"2021/{file}").unlink()
    assert f"{YEAR}/annual" in [b.selector for b in select_briefings(tiny.root, [YEAR])]


def test_a_department_to_which_nothing_is_assigned_is_noted(tiny: Project) -> None:
    told = "note: data/tiny/2021/assignments.csv: gikai: nothing is assigned to the department"
    assert any(note.startswith(told) for note in read_notes(tiny))


def test_departments_without_any_assignments_are_noted_together(tiny: Project) -> None:
    tiny.path("2021/assignments.csv").unlink()
    notes = [note for note in read_notes(tiny) if "2021/assignments.csv" in note]
    assert notes == [
        "note: data/tiny/2021/assignments.csv: nobody is in charge of anything: "
        "no documents of 3 department(s)."
    ]
