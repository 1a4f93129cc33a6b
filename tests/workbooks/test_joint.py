"""What several departments report together: replies come in any order, and nobody's is lost."""

import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_collect_values import read, read_all, row

from nenpo.data.load import load_plan
from nenpo.errors import RepliesRefused, UnusableWorkbook, WouldReplace
from nenpo.workbooks.asking.survey import lay_out_survey
from nenpo.workbooks.marking.findings import word_request
from nenpo.workbooks.record import read_record
from nenpo.workbooks.sending.guide import Notice
from nenpo.workbooks.sending.make import make_workbook
from nenpo.workbooks.taking.collect import Collection, prepare_collection
from nenpo.workbooks.taking.command import Choices, collect_replies
from nenpo.workbooks.taking.opened import open_replies
from survey_books import Filled, fill, make_project
from tiny_project import Project

NAMES = {"joho": "情報課", "madoguchi": "窓口課", "gikai": "議会事務局"}


@pytest.fixture(autouse=True)
def japanese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three departments lead n2; assignments.csv names joho first, then madoguchi, then gikai."""
    return make_joint(tmp_path / "project")


def make_joint(folder: Path) -> Project:
    project = make_project(folder)
    project.append("2022/assignments.csv", "n2,gikai,lead,,議会事務局")
    return project


def answer(project: Project, folder: Path, department: str, **cells: object) -> Filled:
    filled = fill(folder, project.root, department).put("n2", **cells)
    filled.save()
    return filled


def collect(project: Project, folder: Path, **more: bool) -> str:
    choices = Choices(**more)  # type: ignore[arg-type]
    return "\n".join(collect_replies(project.root, folder, choices, None, date(2023, 5, 12)))


def refuse(project: Project, folder: Path, **more: bool) -> list[str]:
    before = read_all(project.root)
    with pytest.raises(RepliesRefused) as caught:
        collect(project, folder, **more)
    assert read_all(project.root) == before
    return [f"{problem.place}: {problem.message('ja')}" for problem in caught.value.problems]


def prepare(project: Project, folder: Path, **more: bool) -> Collection:
    return prepare_collection(project.root, open_replies(folder), ("tiny", 2022), **more)  # type: ignore[arg-type]


def test_a_text_that_comes_later_joins_those_that_are_held(
    project: Project, tmp_path: Path
) -> None:
    answer(project, tmp_path / "1", "madoguchi", status="◎", done="窓口\nで使った")
    answer(project, tmp_path / "1", "gikai", status="◎", done="審議した")
    collect(project, tmp_path / "1")
    answer(project, tmp_path / "2", "joho", status="◎", done="作った")
    collect(project, tmp_path / "2")
    assert (
        row(project, "n2")["done"]
        == "【情報課】作った\n【窓口課】窓口\nで使った\n【議会事務局】審議した"
    )


def test_a_text_that_stands_alone_is_of_who_answered_before(
    project: Project, tmp_path: Path
) -> None:
    answer(project, tmp_path / "1", "gikai", done="審議した")
    answer(project, tmp_path / "1", "madoguchi", status="◎")  # and says nothing of it
    collect(project, tmp_path / "1")
    assert row(project, "n2")["done"] == "審議した"
    answer(project, tmp_path / "2", "joho", done="作った")
    collect(project, tmp_path / "2")
    assert row(project, "n2")["done"] == "【情報課】作った\n【議会事務局】審議した"


def test_only_ones_own_part_is_replaced_and_that_needs_consent(
    project: Project, tmp_path: Path
) -> None:
    for department, text in (("joho", "作った"), ("madoguchi", "使った")):
        answer(project, tmp_path / "1", department, done=text)
    collect(project, tmp_path / "1")
    answer(project, tmp_path / "2", "madoguchi", done="毎日使った")
    with pytest.raises(WouldReplace) as caught:
        collect(project, tmp_path / "2")
    assert "「【窓口課】使った」 → 「【窓口課】毎日使った」" in caught.value.message("ja")
    collect(project, tmp_path / "2", replace=True)
    assert row(project, "n2")["done"] == "【情報課】作った\n【窓口課】毎日使った"


def test_a_part_that_was_corrected_since_stays(project: Project, tmp_path: Path) -> None:
    for department, text in (("joho", "誤字"), ("madoguchi", "使った")):
        answer(project, tmp_path / "1", department, done=text)
    collect(project, tmp_path / "1")
    project.replace("2022/progress.csv", "誤字", "正しい字")
    answer(project, tmp_path / "2", "gikai", done="審議した")
    shutil.copy(tmp_path / "1/joho.xlsx", tmp_path / "2")
    told = collect(project, tmp_path / "2")
    done = "【情報課】正しい字\n【窓口課】使った\n【議会事務局】審議した"
    assert row(project, "n2")["done"] == done
    assert "「正しい字」に改められているので" in told


def test_what_was_sent_with_others_parts_in_it_is_no_answer_of_its_own(
    project: Project, tmp_path: Path
) -> None:
    for department, text in (("joho", "作った"), ("madoguchi", "使った")):
        answer(project, tmp_path / "1", department, done=text)
    collect(project, tmp_path / "1")
    held = row(project, "n2")["done"]
    answer(project, tmp_path / "2", "gikai", status="◎")
    collect(project, tmp_path / "2")
    assert row(project, "n2")["done"] == held
    filled = fill(tmp_path / "3", project.root, "gikai")
    filled.put("n2", done=f"{held}\n【議会事務局】審議した").save()
    collect(project, tmp_path / "3")
    assert row(project, "n2")["done"] == f"{held}\n【議会事務局】審議した"


@pytest.mark.parametrize("more", [{}, {"replace": True}])
def test_a_mark_that_another_gave_earlier_is_in_dispute(
    project: Project, tmp_path: Path, more: dict[str, bool]
) -> None:
    answer(project, tmp_path / "1", "joho", status="◎", done="作った")
    collect(project, tmp_path / "1")
    answer(project, tmp_path / "2", "gikai", status="×", done="審議した")
    (told,) = refuse(project, tmp_path / "2", **more)
    assert "「情報課」は「◎" in told
    assert "（前に取り込んだ回答）、「議会事務局」は「×" in told


def test_a_number_that_another_gave_earlier_is_in_dispute(project: Project, tmp_path: Path) -> None:
    project.append("2022/assignments.csv", "incidents,gikai,lead,,議会事務局")
    fill(tmp_path / "1", project.root, "joho").put("incidents", "indicators", value=1200).save()
    collect(project, tmp_path / "1")
    filled = fill(tmp_path / "2", project.root, "gikai")
    filled.put("incidents", "indicators", value="1,200").save()
    collect(project, tmp_path / "2")
    filled.put("incidents", "indicators", value="1,300").save()
    (told,) = refuse(project, tmp_path / "2", replace=True)
    assert "回答が一致していない" in told


def test_a_mark_may_be_changed_by_the_only_one_who_gave_it(
    project: Project, tmp_path: Path
) -> None:
    answer(project, tmp_path / "1", "joho", status="◎")
    collect(project, tmp_path / "1")
    answer(project, tmp_path / "2", "joho", status="×")
    with pytest.raises(WouldReplace):
        collect(project, tmp_path / "2")
    collect(project, tmp_path / "2", replace=True)
    assert row(project, "n2")["status"] == "×"


def disagree(project: Project, folder: Path) -> None:
    answer(project, folder, "joho", status="◎", done="作った")
    answer(project, folder, "madoguchi", status="○", shift="後ろ倒し", done="使った")
    answer(project, folder, "gikai", status="○", shift="後ろ倒し")


def test_a_dispute_is_told_once_with_every_department_and_its_cell(
    project: Project, tmp_path: Path
) -> None:
    disagree(project, tmp_path)
    (told,) = refuse(project, tmp_path)
    for name, department in NAMES.items():
        assert f"「{department}」は「" in told
        assert f"{name}.xlsx!取組!" in told
    assert "--prefer lead" in told
    assert "電話" in told


def test_each_department_is_told_politely_what_the_others_answered(
    project: Project, tmp_path: Path
) -> None:
    disagree(project, tmp_path)
    faults = prepare(project, tmp_path).faults
    assert {fault.path.stem for fault in faults} == set(NAMES)
    fault = next(fault for fault in faults if fault.department == "gikai")
    lines = word_request(fault.problem).lines
    assert lines[1].startswith("内容：回答が一致していません。「情報課」は「◎")
    assert lines[1].endswith("と回答しています。")
    assert not any("窓口課" in line or "使える値" in line for line in lines)


def test_the_one_named_first_decides_where_that_is_wanted(project: Project, tmp_path: Path) -> None:
    disagree(project, tmp_path)
    told = collect(project, tmp_path, prefer_lead=True)
    wanted = {"status": "◎", "shift": "", "done": "【情報課】作った\n【窓口課】使った"}
    assert row(project, "n2").items() >= wanted.items()
    assert "先に書かれた「情報課」の回答を採った" in told


def test_a_row_in_dispute_stays_open_though_one_of_them_has_another_fault(
    project: Project, tmp_path: Path
) -> None:
    answer(project, tmp_path, "joho", status="◎").put("n1", status="☆").save()
    answer(project, tmp_path, "madoguchi", status="×").put("i1-1-01", status="◎").save()
    answer(project, tmp_path, "gikai", status="×")
    told = collect(project, tmp_path, without_faulty=True)
    assert [each["item"] for each in read(project, "progress.csv")] == ["i1-1-01"]
    assert read_record(project.root, "tiny", 2022).keys() == {"madoguchi"}
    assert "議会事務局: 1 件中 1 件に記入（回答が一致しないので取り込まない）" in told
    assert "除いた課 2: 情報課、議会事務局" in told
    assert "空けておいたもの 1 件: 1-①-4 公開型の地図の整備" in told


def test_an_answer_left_open_is_remembered_until_they_agree(
    project: Project, tmp_path: Path
) -> None:
    answer(project, tmp_path / "1", "joho", status="◎", done="作った").put("n1", status="◎").save()
    answer(project, tmp_path / "1", "gikai", status="×", done="審議した")
    collect(project, tmp_path / "1", without_faulty=True)
    answer(project, tmp_path / "2", "gikai", status="◎", done="審議した")
    collect(project, tmp_path / "2")
    assert row(project, "n2")["done"] == "【情報課】作った\n【議会事務局】審議した"


def test_workbooks_as_they_were_sent_are_no_replies(project: Project, tmp_path: Path) -> None:
    for department in NAMES:
        fill(tmp_path / "out", project.root, department)
    before = read_all(project.root)
    with pytest.raises(UnusableWorkbook) as caught:
        collect(project, tmp_path / "out")
    assert "記入された調査票がない" in caught.value.message("ja")
    assert caught.value.exit_code == 2
    assert read_all(project.root) == before


def test_what_others_answered_beforehand_makes_no_reply(project: Project, tmp_path: Path) -> None:
    answer(project, tmp_path / "1", "joho", status="◎", done="作った")
    collect(project, tmp_path / "1")
    fill(tmp_path / "2", project.root, "gikai")
    answer(project, tmp_path / "2", "madoguchi", done="使った")
    told = collect(project, tmp_path / "2")
    assert "議会事務局: 1 件中 0 件に記入（記入がないので、回答として扱わない）" in told
    assert read_record(project.root, "tiny", 2022).keys() == {"joho", "madoguchi"}


def test_one_file_is_one_reply(project: Project, tmp_path: Path) -> None:
    path = answer(project, tmp_path, "joho", status="◎").path
    answer(project, tmp_path, "gikai", status="×")
    collect(project, path)
    assert row(project, "n2")["status"] == "◎"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_joint(tmp_path_factory.mktemp("joint") / "project")


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    texts=st.lists(st.sampled_from(["", "あ", "い\nう", "【注】え"]), min_size=3, max_size=3),
    order=st.permutations([*NAMES]),
    cuts=st.sets(st.integers(1, 2)),
)
def test_any_order_and_grouping_gives_the_same_bytes(
    shared: Project, texts: list[str], order: list[str], cuts: set[int]
) -> None:
    with TemporaryDirectory() as name:
        folder, replies = Path(name), {}
        plan = load_plan("tiny", shared.root)
        for department, text in zip(NAMES, texts, strict=True):
            path = folder / f"{department}.xlsx"
            survey = lay_out_survey(plan, 2022, department)
            path.write_bytes(make_workbook(plan, survey, Notice()))
            filled = Filled(path, survey).put("n2", status="◎", done=text or None, issues=text)
            replies[department] = filled.save()
        bounds = [0, *sorted(cuts), len(order)]
        waves = [order[a:b] for a, b in pairwise(bounds)]
        assert _play(shared, folder / "a", replies, waves) == _play(
            shared, folder / "b", replies, [order]
        )


def _play(
    shared: Project, folder: Path, replies: dict[str, Path], waves: list[list[str]]
) -> dict[str, bytes]:
    shutil.copytree(shared.root, folder / "project")
    project = Project(folder / "project")
    for number, wave in enumerate(waves):
        came = folder / str(number)
        came.mkdir()
        for department in wave:
            shutil.copy(replies[department], came)
        collect(project, came)
        before = read_all(project.root)
        collect(project, came)
        assert read_all(project.root) == before
    return read_all(project.root)
