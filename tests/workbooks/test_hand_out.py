"""Workbooks and letter written into a folder: what is written, kept, refused and told."""

from datetime import date
from pathlib import Path

import pytest

from nenpo.data.load import load_plan
from nenpo.errors import (
    NothingAsked,
    UnknownDepartment,
    UnknownYear,
    UnusableSurveyFolder,
    WriteFailed,
)
from nenpo.workbooks.record import read_record
from nenpo.workbooks.sending.hand_out import LETTER, HandedOut, Order, hand_out, name_safely
from nenpo.workbooks.sending.telling import tell_handed_out
from tiny_project import Project

TODAY = date(2023, 4, 21)
FILES = (LETTER, "01_窓口課.xlsx", "02_情報課.xlsx", "03_取りまとめ担当.xlsx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "調査票"


def add_params(tiny: Project, more: str = "") -> None:
    text = tiny.read("params/tiny/2021.yaml").replace("fiscal_year: 2021", "fiscal_year: 2022")
    tiny.write("params/tiny/2022.yaml", f"{text}\n{more}\n")


def send(tiny: Project, folder: Path, **more: object) -> HandedOut:
    if not tiny.path("params/tiny/2022.yaml").exists():
        add_params(tiny)
    return hand_out(tiny.root, Order("tiny", 2022, folder, TODAY, **more))  # type: ignore[arg-type]


def list_files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_department_gets_a_workbook_and_all_a_letter(tiny: Project, folder: Path) -> None:
    made = send(tiny, folder)
    assert list_files(folder) == sorted(FILES)
    assert sorted(made.written) == sorted(FILES)


def test_the_record_says_what_went_out_when(tiny: Project, folder: Path) -> None:
    add_params(tiny, 'survey_deadline: "2023-05-12"')
    send(tiny, folder)
    record = read_record(tiny.root, "tiny", 2022)
    assert [(row.department, row.sent, row.deadline) for row in record.values()] == [
        ("madoguchi", "2023-04-21", "2023-05-12"),
        ("joho", "2023-04-21", "2023-05-12"),
        ("plan", "2023-04-21", "2023-05-12"),
    ]
    load_plan("tiny", tiny.root)  # the record is no table that it would refuse


def test_what_an_interrupted_command_wrote_is_noted_by_the_next(
    tiny: Project, folder: Path
) -> None:
    send(tiny, folder)
    tiny.path("2022/survey.csv").unlink()
    assert send(tiny, folder).written == ()
    assert {row.sent for row in read_record(tiny.root, "tiny", 2022).values()} == {"2023-04-21"}


def test_a_deadline_that_is_given_counts_before_that_of_the_params(
    tiny: Project, folder: Path
) -> None:
    add_params(tiny, 'survey_deadline: "2023-05-12"')
    assert send(tiny, folder, deadline=date(2023, 6, 1)).notice.deadline == date(2023, 6, 1)


def test_a_workbook_that_is_made_again_leaves_the_deadline_that_was_told(
    tiny: Project, folder: Path
) -> None:
    send(tiny, folder, deadline=date(2023, 6, 1))
    send(tiny, folder.with_name("again"))
    record = read_record(tiny.root, "tiny", 2022).values()
    assert {row.deadline for row in record} == {"2023-06-01"}


def test_a_second_time_nothing_is_written(tiny: Project, folder: Path) -> None:
    send(tiny, folder)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    made = send(tiny, folder)
    assert (made.written, len(made.same), made.kept) == ((), 4, ())
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_workbook_that_was_filled_in_is_kept(tiny: Project, folder: Path) -> None:
    send(tiny, folder)
    (folder / FILES[1]).write_bytes(b"filled in")
    (folder / FILES[2]).unlink()
    made = send(tiny, folder)
    assert (made.kept, made.written) == ((FILES[1],), (FILES[2],))
    assert (folder / FILES[1]).read_bytes() == b"filled in"


def test_it_is_written_over_on_request(tiny: Project, folder: Path) -> None:
    send(tiny, folder)
    (folder / FILES[1]).write_bytes(b"filled in")
    assert send(tiny, folder, replaces=True).written == (FILES[1],)
    assert (folder / FILES[1]).read_bytes() != b"filled in"


def test_one_department_keeps_its_number(tiny: Project, folder: Path) -> None:
    send(tiny, folder, departments=("joho",))
    assert list_files(folder) == [LETTER, "02_情報課.xlsx"]


def test_an_unknown_department_is_refused_with_those_that_are_asked(
    tiny: Project, folder: Path
) -> None:
    with pytest.raises(UnknownDepartment) as caught:
        send(tiny, folder, departments=("情報課",))
    told = caught.value.message("en")
    assert "madoguchi, joho, plan" in told
    assert "joho" in told
    assert not folder.exists()


def test_a_year_that_has_not_begun_is_refused_with_the_command_that_begins_it(
    tiny: Project, folder: Path
) -> None:
    with pytest.raises(UnknownYear) as caught:
        hand_out(tiny.root, Order("tiny", 2023, folder, TODAY))
    assert "nenpo new-year tiny 2023" in caught.value.message("ja")


def test_a_year_without_anything_to_ask_says_so(tiny: Project, folder: Path) -> None:
    items = tiny.read("items.csv").splitlines()[0]
    tiny.write(
        "items.csv", f"{items}\ni1-1-01,m1-1,申請のオンライン化,new,ward,,,2021,2021,,,s1,11\n"
    )
    for file in ("indicators.csv", "targets.csv", "2021/assignments.csv", "2022/assignments.csv"):
        tiny.write(file, tiny.read(file).splitlines()[0] + "\n")
    for year in ("2021", "2022"):
        for file in (f"{year}/actuals.csv", f"{year}/progress.csv"):
            tiny.write(file, tiny.read(file).splitlines()[0] + "\n")
    tiny.write("2022/titles.csv", "item,title\n")
    tiny.path("2021/misreadings.csv").unlink()
    tiny.path("2021/published.yaml").unlink()
    with pytest.raises(NothingAsked, match="nothing to ask"):
        send(tiny, folder)
    assert not folder.exists()


def test_the_projects_own_folders_are_refused(tiny: Project) -> None:
    for name in (".", "..", "data", "data/tiny/2022", "params", "outputs/x"):
        with pytest.raises(UnusableSurveyFolder):
            send(tiny, tiny.root / name)


def test_a_folder_of_other_things_is_refused(tiny: Project, folder: Path) -> None:
    folder.mkdir()
    (folder / "予算.xlsx").write_bytes(b"x")
    with pytest.raises(UnusableSurveyFolder, match=r"予算\.xlsx"):
        send(tiny, folder)
    (folder / FILES[1]).write_bytes(b"filled in")
    assert send(tiny, folder).kept == (FILES[1],)


def test_a_folder_where_a_file_cannot_be_replaced_says_so(tiny: Project, folder: Path) -> None:
    (folder / FILES[1]).mkdir(parents=True)
    with pytest.raises(WriteFailed):
        send(tiny, folder)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("総務課\n(IT)", "総務課_(IT)"),
        ("CON", "CON"),  # behind a number it is no device
        ("a" * 200, "a" * 40),
        ("...", ""),
    ],
)
def test_a_name_is_never_a_path(name: str, safe: str) -> None:
    assert name_safely(name) == safe


def test_what_is_told(tiny: Project, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")
    tiny.append("2022/assignments.csv", "i1-1-02,gikai,supporting,,議会事務局")
    told = list(tell_handed_out(send(tiny, folder)))
    assert told[0] == f"令和4年度の調査票 3 件を {folder} に作った。"
    assert told[1] == "  01_窓口課.xlsx  取組1件、成果指標1件"
    text = "\n".join(told)
    assert "調査票がない: 議会事務局" in text
    assert "03_取りまとめ担当.xlsx にまとめた" in text
    assert "survey_deadline" in text
    assert "次にすること" in text
