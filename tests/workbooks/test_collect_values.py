"""Answers become values of the tables in one step or not at all, and none held before is lost."""

import csv
import io
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from check_project import run
from dying import run_and_die
from nenpo.data.headings import list_titles
from nenpo.data.load import load_plan
from nenpo.data.plan_files import read_rows
from nenpo.data.schema.year_rows import ProgressRow
from nenpo.errors import (
    DataLocked,
    InputRefused,
    RepliesRefused,
    UnusableWorkbook,
    Words,
    WouldReplace,
)
from nenpo.workbooks.answers import Note
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.layout import FIRST_ROW
from nenpo.workbooks.record import read_record
from nenpo.workbooks.sending.guide import Notice
from nenpo.workbooks.sending.make import make_workbook
from nenpo.workbooks.taking.collect import prepare_collection
from nenpo.workbooks.taking.command import Choices, collect_replies
from nenpo.workbooks.taking.opened import open_replies
from nenpo.workbooks.taking.told import tell_notes
from survey_books import ITEMS, Filled, fill, make_project
from tiny_project import Project
from words_project import copy_words

DAY = date(2023, 5, 12)
MILESTONE = "n1#98dc95f5"


@pytest.fixture(autouse=True)
def japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "replies"


def joho(folder: Path, project: Project, name: str = "") -> Filled:
    return fill(folder, project.root, "joho", name)


def collect(
    project: Project, folder: Path, ask: Callable[[str], bool] | None = None, **more: bool
) -> list[str]:
    return list(collect_replies(project.root, folder, Choices(**more), ask, DAY))  # type: ignore[arg-type]


def refuse(project: Project, folder: Path, **more: bool) -> list[str]:
    """Return what is refused; nothing may have changed."""
    before = read_all(project.root)
    with pytest.raises(RepliesRefused) as caught:
        collect(project, folder, **more)
    assert read_all(project.root) == before
    return [f"{problem.place}: {problem.message('ja')}" for problem in caught.value.problems]


def read_all(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted((root / "data").rglob("*"))
        if path.is_file()
    }


def read(project: Project, file: str) -> list[dict[str, str]]:
    text = project.path(f"2022/{file}").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def row(project: Project, item: str) -> dict[str, str]:
    return next(each for each in read(project, "progress.csv") if each["item"] == item)


def test_items_become_rows_and_those_without_an_answer_none(project: Project, folder: Path) -> None:
    joho(folder, project).put(
        "n1", status="〇", shift="後ろ倒し", done="一部", issues="人手"
    ).save()
    told = collect(project, folder)
    assert [each["item"] for each in read(project, "progress.csv")] == ["n1"]
    wanted = {"status": "○", "shift": "behind", "done": "一部", "issues": "人手", "next_year": ""}
    assert row(project, "n1").items() >= wanted.items()
    assert any("情報課: 6 件中 1 件に記入" in line for line in told)


def test_a_number_becomes_value_denominator_and_approximation(
    project: Project, folder: Path
) -> None:
    joho(folder, project).put("incidents", "indicators", value="約1,200件").save()
    collect(project, folder)
    (found,) = read(project, "actuals.csv")
    assert found == {
        "indicator": "incidents",
        "value": "1200",
        "denominator": "",
        "approximate": "true",
        "missing": "",
        "preferred": "true",
        "source": "",
        "line": "",
    }


def test_a_word_for_no_number_becomes_its_reason(project: Project, folder: Path) -> None:
    joho(folder, project).put("incidents", "indicators", value="未計測").save()
    collect(project, folder)
    (found,) = read(project, "actuals.csv")
    assert (found["value"], found["missing"]) == ("", "not_measured")


def test_a_milestone_that_moved_keeps_its_former_date(project: Project, folder: Path) -> None:
    joho(folder, project).put(MILESTONE, "milestones", state="変更", date="令和5年10月").save()
    collect(project, folder)
    (found,) = read(project, "milestones.csv")
    wanted = {"subject": "n1", "text": "本稼働", "date": "202310", "state": "revised"}
    assert found.items() >= (wanted | {"former_date": "FY2022-end"}).items()


def test_a_milestone_that_was_only_carried_over_is_no_answer_of_the_year(
    project: Project, folder: Path
) -> None:
    project.write("2022/milestones.csv", project.read("2021/milestones.csv"))
    joho(folder, project).put(MILESTONE, "milestones", state="変更", date="令和5年10月").save()
    collect(project, folder)
    (found,) = read(project, "milestones.csv")
    wanted = {"date": "202310", "state": "revised", "former_date": "FY2022-end"}
    assert found.items() >= wanted.items()
    joho(folder, project).put(MILESTONE, "milestones", state="済", date="令和5年10月").save()
    with pytest.raises(WouldReplace):
        collect(project, folder)


def test_a_milestone_that_is_still_planned_needs_no_date(project: Project, folder: Path) -> None:
    joho(folder, project).put(MILESTONE, "milestones", state="予定").save()
    assert "前回の時期" not in "".join(collect(project, folder))


def test_a_milestone_that_is_done_has_the_date_that_was_planned(
    project: Project, folder: Path
) -> None:
    joho(folder, project).put(MILESTONE, "milestones", state="済").save()
    told = collect(project, folder)
    (found,) = read(project, "milestones.csv")
    assert (found["state"], found["date"]) == ("done", "FY2022-end")
    assert "前回の時期「令和4年度末」のままとした" in "".join(told)


def test_a_milestone_that_is_added_joins_the_table(project: Project, folder: Path) -> None:
    filled = joho(folder, project)
    sheet, line = filled.sheet("milestones"), filled.row(MILESTONE, "milestones") + 1
    told = {"subject": "1-①-4 公開型の地図の整備", "text": "公開", "state": "予定", "date": "R5.10"}
    for key, text in told.items():
        sheet.cell(line, filled.column(key, "milestones")).value = text
    filled.save()
    collect(project, folder)
    (found,) = read(project, "milestones.csv")
    assert found.items() >= {"subject": "n2", "text": "公開", "date": "202310"}.items()


@pytest.mark.parametrize("lacking", ["subject", "text", "state", "date"])
def test_a_milestone_that_is_added_by_half_is_refused_at_what_it_lacks(
    project: Project, folder: Path, lacking: str
) -> None:
    filled = joho(folder, project)
    sheet, line = filled.sheet("milestones"), filled.row(MILESTONE, "milestones") + 1
    told = {"subject": "1-①-4 公開型の地図の整備", "text": "公開", "state": "予定", "date": "R5.10"}
    for key, text in told.items():
        sheet.cell(line, filled.column(key, "milestones")).value = None if key == lacking else text
    filled.save()
    (problem,) = refuse(project, folder)
    column = sheet.cell(line, filled.column(lacking, "milestones")).coordinate
    assert problem.startswith(f"joho.xlsx!節目!{column}:")


def add_milestones(filled: Filled, *rows: tuple[str, str]) -> None:
    """Add rows of one milestone, each with its own state and date."""
    added = filled.layout("milestones").rows
    first = FIRST_ROW + sum(bool(row.id) for row in added)
    for line, (state, day) in enumerate(rows, first):
        told = {"subject": "1-①-4 公開型の地図の整備", "text": "公開", "state": state, "date": day}
        for key, text in told.items():
            column = filled.column(key, "milestones")
            filled.sheet("milestones").cell(line, column).value = text
    filled.save()


@pytest.mark.parametrize(
    ("other", "column"), [(("済", "令和5年10月"), "E"), (("予定", "令和5年11月"), "F")]
)
def test_a_milestone_that_is_added_twice_otherwise_is_refused_at_the_second(
    project: Project, folder: Path, other: tuple[str, str], column: str
) -> None:
    add_milestones(joho(folder, project), ("予定", "R5.10"), other)
    (problem,) = refuse(project, folder)
    assert problem.startswith(f"joho.xlsx!節目!{column}7: ")
    assert "joho.xlsx!節目!E6 にもあり、「予定 令和5年10月」となっている" in problem
    assert "使えるのは同じ状況と時期。" in problem


def test_a_milestone_that_two_departments_add_otherwise_is_refused(
    project: Project, folder: Path
) -> None:
    add_milestones(joho(folder, project), ("予定", "R5.10"))
    add_milestones(fill(folder, project.root, "madoguchi"), ("済", "R5.10"))
    (problem,) = refuse(project, folder)
    assert problem.startswith("madoguchi.xlsx!節目!")


def test_a_milestone_that_is_added_twice_alike_joins_once(project: Project, folder: Path) -> None:
    add_milestones(joho(folder, project), ("予定", "R5.10"), ("予定", "令和5年10月"))
    collect(project, folder)
    (found,) = read(project, "milestones.csv")
    assert (found["state"], found["date"]) == ("planned", "202310")


def test_a_change_without_its_date_is_refused(project: Project, folder: Path) -> None:
    joho(folder, project).put(MILESTONE, "milestones", state="変更").save()
    (problem,) = refuse(project, folder)
    assert "時期「（空）」は使えない（変更後の時期がない）。使えるのは令和5年度、" in problem
    collection = prepare_collection(project.root, open_replies(folder), ("tiny", 2022))
    assert collection.notes == ()  # the refusal says it already


def test_every_fault_of_every_workbook_is_named_at_its_cell(project: Project, folder: Path) -> None:
    filled = joho(folder, project)
    filled.put("n1", status="☆").put("n3", status="!?").put("incidents", "indicators", value="多数")
    filled.save()
    fill(folder, project.root, "madoguchi").put("i1-1-01", done="あ\u202eい").save()
    (folder / "壊れた.xlsx").write_bytes(b"PK\x03\x04")
    places = [problem.split(": ")[0] for problem in refuse(project, folder)]
    assert places[0] == "壊れた.xlsx"  # what concerns a whole file comes first
    assert set(places[1:]) == {
        "joho.xlsx!取組!I6",
        "joho.xlsx!取組!I8",
        "joho.xlsx!成果指標!G5",
        "madoguchi.xlsx!取組!K5",
    }


def test_what_the_rules_of_a_row_refuse_is_told_at_the_cell_of_the_reply(
    project: Project, folder: Path
) -> None:
    joho(folder, project).put("n1", status="◎", shift="後ろ倒し").save()
    (problem,) = refuse(project, folder)
    assert problem.startswith("joho.xlsx!取組!J6: 変更の向き「後ろ倒し」は使えない")


def test_what_the_whole_plan_refuses_is_told_at_the_cell_of_the_reply(
    project: Project, folder: Path
) -> None:
    filled = joho(folder, project).put(MILESTONE, "milestones", state="変更", date="令和4年度末")
    filled.save()
    (problem,) = refuse(project, folder)
    assert problem.startswith("joho.xlsx!節目!F5: 時期「令和4年度末」は取り込めない")


def test_a_missing_reason_is_noted_at_its_cell(project: Project, folder: Path) -> None:
    joho(folder, project).put("n1", status="×").save()
    told = "\n".join(collect(project, folder))
    assert (
        "joho.xlsx!取組!K6: 令和4年度の進捗区分「×　" in told.replace("× ", "×　") or "K6" in told
    )


def test_departments_without_faults_can_be_taken_alone(project: Project, folder: Path) -> None:
    joho(folder, project).put("n1", status="☆", done="あ").save()
    fill(folder, project.root, "madoguchi").put("i1-1-01", status="◎", done="始めた").save()
    told = "\n".join(collect(project, folder, without_faulty=True))
    assert [each["item"] for each in read(project, "progress.csv")] == ["i1-1-01"]
    assert "joho.xlsx!取組!I6" in told
    assert read_record(project.root, "tiny", 2022).keys() == {"madoguchi"}


def test_a_value_that_differs_is_listed_and_needs_consent(project: Project, folder: Path) -> None:
    project.append("2022/progress.csv", "n1,◎,,,前の実績,,,,,")
    joho(folder, project).put("n1", status="◎", done="新しい実績").save()
    before = read_all(project.root)
    with pytest.raises(WouldReplace) as caught:
        collect(project, folder)
    told = caught.value.message("ja")
    assert (
        "joho.xlsx!取組!L6: 1-①-3 統合型GISの導入 令和4年度の実績: 「前の実績」 → 「新しい実績」"
        in told
    )
    with pytest.raises(WouldReplace):
        collect(project, folder, ask=lambda question: False)
    assert read_all(project.root) == before
    collect(project, folder, ask=lambda question: "「前の実績」 → 「新しい実績」" in question)
    assert row(project, "n1")["done"] == "新しい実績"


def test_a_blank_answer_removes_nothing(project: Project, folder: Path) -> None:
    project.append("2022/progress.csv", "n1,◎,,,前の実績,,,,,")
    joho(folder, project).put("n1", status="◎", done=None, next_year="続ける").save()
    told = "\n".join(collect(project, folder))
    assert row(project, "n1").items() >= {"done": "前の実績", "next_year": "続ける"}.items()
    assert "空欄では消さない" in told


def test_a_direction_goes_with_the_mark_that_it_belonged_to(project: Project, folder: Path) -> None:
    project.append("2022/progress.csv", "n1,○,behind,人手不足,一部,,,,,")
    joho(folder, project).put("n1", status="◎", shift=None).save()
    collect(project, folder, replace=True)
    assert row(project, "n1").items() >= {"status": "◎", "shift": ""}.items()


def test_a_direction_behind_the_mark_is_taken_where_its_cell_is_blank(
    project: Project, folder: Path
) -> None:
    joho(folder, project).put("n1", status="○（遅延）").put(
        "n2", status="○（遅延）", shift="前倒し"
    ).save()
    told = "\n".join(collect(project, folder))
    assert row(project, "n1")["shift"] == "behind"
    assert row(project, "n2")["shift"] == "ahead"
    assert "「変更の向き」が空なので、この欄の語から「後ろ倒し」とした。" in told


def test_the_same_replies_again_change_no_byte(project: Project, folder: Path) -> None:
    filled = joho(folder, project).put("n1", status="◎", done="あ\nい")
    filled.put("incidents", "indicators", value=3)
    filled.put(MILESTONE, "milestones", state="変更", date="令和5年10月").save()
    collect(project, folder)
    before = read_all(project.root)
    told = list(collect_replies(project.root, folder, Choices(), None, date(2024, 1, 1)))
    assert read_all(project.root) == before
    assert "既に回答のとおりである" in "".join(told)


def test_what_was_mended_after_a_reply_was_taken_stays(project: Project, folder: Path) -> None:
    joho(folder, project).put("n1", status="◎", done="誤字").save()
    collect(project, folder)
    project.replace("2022/progress.csv", "誤字", "正しい字")
    told = "\n".join(collect(project, folder, replace=True))
    assert row(project, "n1")["done"] == "正しい字"
    assert "「正しい字」に改められているので、そのままとした" in told


def test_texts_of_two_departments_are_put_together(project: Project, folder: Path) -> None:
    joho(folder, project).put("n2", status="◎", done="地図を作った").save()
    fill(folder, project.root, "madoguchi").put("n2", status="◎", done="窓口で使った").save()
    told = "\n".join(collect(project, folder))
    assert row(project, "n2")["done"] == "【情報課】地図を作った\n【窓口課】窓口で使った"
    assert "名前を付けて並べた（情報課、窓口課）" in told


def test_the_second_of_two_departments_may_come_later(project: Project, folder: Path) -> None:
    joho(folder, project).put("n2", status="◎", done="地図を作った").save()
    collect(project, folder)
    filled = fill(folder, project.root, "madoguchi")
    filled.put("n2", done="窓口で使った").save()
    collect(project, folder)
    assert row(project, "n2")["done"] == "【情報課】地図を作った\n【窓口課】窓口で使った"


def test_a_row_in_dispute_can_be_left_out_alone(project: Project, folder: Path) -> None:
    joho(folder, project).put("n1", status="◎").put("n2", status="◎", done="あ").save()
    fill(folder, project.root, "madoguchi").put("n2", status="×", done="い").save()
    collect(project, folder, without_faulty=True)
    assert [each["item"] for each in read(project, "progress.csv")] == ["n1"]


def test_the_record_tells_whose_reply_was_taken_and_when(project: Project, folder: Path) -> None:
    project.write("2022/survey.csv", "department,sent,deadline\njoho,2023-04-03,2023-05-10\n")
    joho(folder, project, "情報課/最終.xlsx").put("n1", status="◎").save()
    collect(project, folder)
    found = read_record(project.root, "tiny", 2022)["joho"]
    told = (found.sent, found.deadline, found.received, found.file)
    assert told == ("2023-04-03", "2023-05-10", "2023-05-12", "情報課/最終.xlsx")
    assert len(found.digest) == 64


def test_a_dry_run_shows_and_writes_nothing(project: Project, folder: Path) -> None:
    project.append("2022/progress.csv", "n1,◎,,,前,,,,,")
    joho(folder, project).put("n1", status="◎", done="後").save()
    before = read_all(project.root)
    told = "\n".join(collect(project, folder, dry_run=True))
    assert "「前」 → 「後」" in told
    assert read_all(project.root) == before


def test_columns_and_headings_of_the_table_stay(project: Project, folder: Path) -> None:
    titles = list_titles(ProgressRow)
    columns = [c for c in project.read("2022/progress.csv").strip().split(",") if c != "issues"]
    header = ",".join(titles[column] for column in columns)
    project.write("2022/progress.csv", f"{header}\n")
    joho(folder, project).put("n1", status="◎", issues="人手").save()
    collect(project, folder)
    written = project.path("2022/progress.csv").read_text(encoding="utf-8-sig").split("\n")
    assert written[0] == f"{header},issues"
    read_rows(project.root, "tiny")


def test_the_survey_has_to_be_told_where_no_mark_is_left(project: Project, folder: Path) -> None:
    filled = joho(folder, project).put("n1", status="◎")
    for sheet in filled.book:
        sheet.delete_rows(1)
    filled.save()
    with pytest.raises(UnusableWorkbook) as caught:
        collect(project, folder)
    assert "--plan" in caught.value.message("ja")
    choices = Choices(edition=("tiny", 2022))
    list(collect_replies(project.root, folder, choices, None, DAY))
    assert row(project, "n1")["status"] == "◎"


def test_a_second_command_waits_for_nobody(project: Project, folder: Path) -> None:
    joho(folder, project).put("n1", status="◎").save()
    running = collect_replies(project.root, folder, Choices(), None, DAY)
    next(running)
    with pytest.raises(DataLocked):
        collect(project, folder)
    running.close()


def test_wrong_data_are_told_as_such(project: Project, folder: Path) -> None:
    joho(folder, project).put("n1", status="◎").save()
    project.append("2022/progress.csv", "n3,☆,,,,,,,,")
    with pytest.raises(InputRefused, match=r"progress\.csv:2"):
        collect(project, folder)


@pytest.fixture
def quick() -> Iterator[Path]:
    """A place where a sync takes no time, if there is one."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a fork")
def test_a_command_killed_anywhere_leaves_the_bytes_before_or_after(quick: Path) -> None:
    project, folder = make_project(quick / "project"), quick / "replies"
    filled = joho(folder, project).put("n1", status="◎", done="あ")
    filled.put("incidents", "indicators", value=3).save()
    before = read_all(project.root)
    prepare_collection(project.root, open_replies(folder), ("tiny", 2022))  # imports all it needs
    place, seen = 1, set[str]()
    while run_and_die(lambda: collect(project, folder), place):
        found = {
            name: content
            for name, content in read_all(project.root).items()
            if name.startswith("data/tiny/")
        }
        new = {name for name in found if found[name] != before.get(name)}
        assert new in (
            set(),
            {f"data/tiny/2022/{name}.csv" for name in ("progress", "actuals", "survey")},
        )
        seen.add("after" if new else "before")
        if new:
            for name in new:
                (project.root / name).unlink()
            for name, content in before.items():
                (project.root / name).write_bytes(content)
        place += 11
    assert seen == {"before", "after"}


def test_all_departments_of_a_plan_are_collected(project: Project, folder: Path) -> None:
    for department in ("joho", "madoguchi", "plan"):
        filled = fill(folder, project.root, department)
        for asked in filled.layout().rows:
            filled.put(asked.id, status="◎", done=f"{asked.id}を実施した")
        filled.save()
    told = collect(project, folder)
    items = {each["item"] for each in read(project, "progress.csv")}
    assert {*ITEMS, "i1-1-01"} <= items
    assert not any("まだ届いていない" in line for line in told)


def test_a_note_on_several_cells_of_a_sheet_is_told_once() -> None:
    def note(place: str, text: str) -> Note:
        return Note(place, Words(text, text))

    alike = [note(f"a.xlsx!取組!I{row}", "同じ") for row in (5, 7)]
    many = [note(f"b.xlsx!取組!I{row}", "多い") for row in range(5, 30)]
    apart = [
        note("a.xlsx!取組", "別"),
        note("c.xlsx!取組!I5", "同じ"),
        note("a.xlsx!節目!I5", "同じ"),
    ]
    told = [line.partition(": ")[2] for line in tell_notes([*many, *apart, *alike])]
    assert told == [
        "a.xlsx!取組: 別",
        "a.xlsx!節目!I5: 同じ",
        "a.xlsx!取組!I5、I7: 同じ",
        f"b.xlsx!取組!{'、'.join(f'I{row}' for row in range(5, 25))} ほか 5 か所: 多い",
        "c.xlsx!取組!I5: 同じ",
    ]


def test_who_is_missing_is_told_by_the_plans_word(project: Project, folder: Path) -> None:
    project.append("plan.yaml", "terms: {department: 部門}")
    joho(folder, project).put("n1", status="◎").save()
    told = collect(project, folder)
    assert any(line.startswith("まだ届いていない部門 2: ") for line in told)


def test_the_command_ends_with_2_where_something_is_refused_and_tells_what_to_do(
    project: Project, folder: Path
) -> None:
    joho(folder, project).put("n1", status="☆").save()
    ended = run(project, "survey", "collect", str(folder))
    assert ended.returncode == 2
    assert "joho.xlsx!取組!I6" in ended.stderr
    assert "--without-faulty" in ended.stderr


def test_the_command_asks_for_consent_where_nobody_can_be_asked(
    project: Project, folder: Path
) -> None:
    project.append("2022/progress.csv", "n1,◎,,,前,,,,,")
    joho(folder, project).put("n1", status="◎", done="後").save()
    assert run(project, "survey", "collect", str(folder)).returncode == 2
    ended = run(project, "survey", "collect", str(folder), "--replace", "--plan", "tiny/2022")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "nenpo survey status tiny/2022" in ended.stdout
    assert row(project, "n1")["done"] == "後"


def test_a_rule_names_the_labels_of_the_sheet_and_not_the_columns(tmp_path: Path) -> None:
    project, folder = copy_words(tmp_path / "project"), tmp_path / "replies"
    folder.mkdir()
    plan = load_plan("words", project.root)
    survey = lay_out_survey(plan, 2022, "soumu")
    path = folder / "a.xlsx"
    path.write_bytes(make_workbook(plan, survey, Notice()))
    Filled(path, survey).put("i1-1-02", adherence="変更").save()
    told = refuse(project, folder)
    assert len(told) == 1
    assert "予定との対比と対比の理由は両方を書くか、両方を空にする" in told[0]
