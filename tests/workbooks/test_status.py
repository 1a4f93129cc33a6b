"""How far a survey has come is read from the tables and the record, for a console and for Excel."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from nenpo.data.load import load_plan
from nenpo.errors import UnusableCell, Words
from nenpo.workbooks.marking.findings import Finding
from nenpo.workbooks.record import RecordRow, format_record, name_record
from nenpo.workbooks.standing.status import (
    DepartmentStatus,
    SurveyStatus,
    WaitingReply,
    read_status,
)
from nenpo.workbooks.standing.status_book import write_status
from nenpo.workbooks.standing.status_text import tell_status
from tiny_project import Project

TODAY = date(2023, 4, 20)
ASKED = {"sent": "2023-04-03", "deadline": "2023-04-14"}


def unanswer(project: Project) -> None:
    """Have the year 2022 answered by nobody."""
    header = project.read("2022/progress.csv").splitlines()[0]
    project.write("2022/progress.csv", f"{header}\n")
    header = project.read("2022/actuals.csv").splitlines()[0]
    project.write("2022/actuals.csv", f"{header}\n")


def record(project: Project, **rows: dict[str, str]) -> None:
    told = [RecordRow(department=name, **row) for name, row in rows.items()]
    project.write(name_record(2022), format_record(told))


def read(project: Project, **waiting: WaitingReply) -> SurveyStatus:
    return read_status(project.root, load_plan("tiny", project.root), 2022, waiting)


def find(status: SurveyStatus, department: str) -> DepartmentStatus:
    return next(each for each in status.departments if each.department == department)


def find_fault(problem: Any = None) -> Finding:
    told = UnusableCell(
        place="a",
        column="進捗区分",
        value="〇",
        why=Words("似た別の文字である", ""),
        allowed=Words("◎", ""),
        remedy=Words("「○」を選ぶこと。", ""),
    )
    return Finding(Path("a.xlsx"), "取組", 6, 4, problem or told, "joho")


def test_a_department_that_has_sent_nothing_is_named_with_all_that_it_is_asked(tiny) -> None:
    unanswer(tiny)
    record(tiny, joho=ASKED)
    found = find(read(tiny), "joho")
    assert (found.state, found.answered, found.asked) == ("missing", 0, 1)
    assert (found.sent, found.deadline) == (date(2023, 4, 3), date(2023, 4, 14))
    assert [(row.name, row.labels) for row in found.rows] == [
        ("1-①-2 国のシステムの改修", ("令和4年度の進捗区分",))
    ]


def test_what_others_answered_is_no_reply_of_a_department(tiny: Project) -> None:
    """Both lead one item, of which the reply of the other was taken."""
    tiny.append("2022/assignments.csv", "i1-1-01,joho,lead,,情報課")
    record(tiny, madoguchi={**ASKED, "received": "2023-04-18"}, joho=ASKED)
    kept = tiny.read("2022/progress.csv").splitlines(keepends=True)
    tiny.write("2022/progress.csv", "".join(row for row in kept if "i1-1-02" not in row))
    found = find(read(tiny), "joho")
    assert (found.state, found.answered, found.asked) == ("missing", 1, 2)


def test_a_department_of_which_others_answered_all_has_sent_nothing_yet(tiny: Project) -> None:
    tiny.append("2022/assignments.csv", "i1-1-01,gikai,lead,,議会事務局")
    record(tiny, madoguchi={**ASKED, "received": "2023-04-18"}, gikai=ASKED)
    status = read(tiny)
    found = find(status, "gikai")
    assert (found.state, found.answered, found.by_others) == ("missing", 1, 1)
    assert found in status.unfinished


def test_a_reason_that_a_mark_needs_is_open(tiny: Project) -> None:
    found = find(read(tiny), "joho")
    assert (found.state, found.answered, found.asked) == ("partial", 1, 1)
    assert found.rows[0].labels == ("変更理由",)


def test_who_has_answered_all_is_done_and_counts_no_days(tiny: Project) -> None:
    record(tiny, madoguchi={**ASKED, "received": "2023-04-18"})
    found = find(read(tiny), "madoguchi")
    assert (found.state, found.received) == ("done", date(2023, 4, 18))
    assert found.count_days_over(TODAY) is None


@pytest.mark.parametrize(
    ("findings", "state"),
    [((), "waiting"), ((find_fault(),), "faulty"), ((find_fault(Words("注", "")),), "waiting")],
)
def test_a_reply_that_is_not_taken_yet_is_told(findings, state: str, tiny: Project) -> None:
    found = find(read(tiny, joho=WaitingReply("a.xlsx", findings)), "joho")
    assert found.state == state


def test_milestones_are_open_until_a_reply_is_taken(tiny: Project) -> None:
    unanswer(tiny)
    told = "subject,date,state,text,source,line\ni1-1-02,FY2023,planned,改修,s1,12\n"
    tiny.write("2021/milestones.csv", told)
    tiny.write("2022/milestones.csv", told)
    rows = [row.title for row in find(read(tiny), "joho").rows]
    record(tiny, joho={"received": "2023-04-18"})
    assert [row.title for row in find(read(tiny), "joho").rows] == rows[:1]
    assert rows[1:] == ["改修（1-①-2 国のシステムの改修）"]


@pytest.mark.parametrize(("language", "words"), [("ja", "6 日超過"), ("en", "6 days over")])
def test_a_console_has_a_line_a_department(language, words, tiny, monkeypatch) -> None:
    monkeypatch.setenv("NENPO_LANG", language)
    unanswer(tiny)
    record(tiny, joho=ASKED)
    lines = list(tell_status(read(tiny), TODAY))
    assert len(lines) == 5
    assert lines[2].startswith("情報課")
    assert lines[2].endswith(words)
    assert "2023-04-14" in lines[2]
    assert "\n".join(lines).encode("cp932")


def test_columns_stand_below_each_other_in_a_console(tiny: Project) -> None:
    record(tiny, joho=ASKED)
    lines = list(tell_status(read(tiny), TODAY))[:-1]
    starts = {line.encode("cp932").index(b"/") for line in lines[1:]}
    assert len(starts) == 1


def load(status: SurveyStatus) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write_status(status, TODAY)))


def test_the_workbook_has_a_row_a_department_and_a_row_for_all_that_is_open(tiny) -> None:
    unanswer(tiny)
    record(tiny, joho=ASKED)
    book = load(read(tiny, joho=WaitingReply("返信.xlsx", (find_fault(),))))
    joho = [cell.value for cell in book["回答状況"][5]]
    assert joho[:6] == ["情報課", "返信あり（要修正）", 0, 1, 1, 1]
    assert [day.date() for day in joho[6:8]] == [date(2023, 4, 3), date(2023, 4, 14)]
    assert joho[8:] == [None, "6 日超過", "返信.xlsx"]
    left = [[c.value for c in row] for row in book["未記入一覧"].iter_rows(min_row=4)]
    assert ["情報課", "取組", "1-①-2", "国のシステムの改修", "令和4年度の進捗区分"] in left


def test_no_title_becomes_a_formula(tiny: Project) -> None:
    unanswer(tiny)
    tiny.replace("items.csv", "国のシステムの改修", "=1+1")
    rows = load(read(tiny))["未記入一覧"].iter_rows(min_row=4, min_col=4, max_col=4)
    assert ("=1+1", "s") in {(row[0].value, row[0].data_type) for row in rows}


def test_the_same_status_on_the_same_day_makes_the_same_bytes(tiny: Project) -> None:
    assert write_status(read(tiny), TODAY) == write_status(read(tiny), TODAY)


def test_a_plan_in_words_counts_what_was_done(words: Project) -> None:
    root = words.root
    plan = next(path.name for path in (root / "data").iterdir() if path.is_dir())
    loaded = load_plan(plan, root)
    status = read_status(root, loaded, max(loaded.years), {})
    assert sum(each.asked for each in status.departments) > 0
    assert all(each.answered <= each.asked for each in status.departments)
