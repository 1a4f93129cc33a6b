"""A plan in Excel: its tables written out, changed there as people do, and taken in again."""

import io
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from nenpo.cli import main
from nenpo.data.datapackage import describe_package
from nenpo.data.plan_files import list_years, read_rows
from nenpo.data.project import list_plans
from nenpo.errors import (
    BadSelector,
    ChangedWorkbook,
    InputRefused,
    OldWorkbook,
    UnknownYear,
    UnusableWorkbook,
)
from nenpo.workbooks.tables.changes import tell_change
from nenpo.workbooks.tables.exporting import FIRST_ROW, export_tables
from nenpo.workbooks.tables.importing import Import, import_tables
from tiny_project import Project
from words_project import copy_words

ROOT = Path(__file__).parents[2]
PLANS = list_plans(ROOT)


class Desk:
    """A workbook of tiny's tables on somebody's desk; ``wb`` is changed, then taken in."""

    def __init__(self, project: Project, selector: str = "tiny/2021") -> None:
        self.project = project
        self.path = project.root / "計画.xlsx"
        export_tables(project.root, selector, self.path, replace=True)
        self.wb = openpyxl.load_workbook(self.path)

    def find(self, sheet: str, row: str, heading: str) -> Any:
        """Return the cell under a heading in the row that begins with an id."""
        ws = self.wb[sheet]
        return ws.cell(self.find_row(ws, row), self.find_column(ws, heading))

    def find_row(self, ws: Worksheet, row: str) -> int:
        return next(
            n
            for n in range(FIRST_ROW, ws.max_row + 1)
            if str(ws.cell(n, 2).value).split(" ")[0] == row
        )

    def find_column(self, ws: Worksheet, heading: str) -> int:
        headings = [cell.value for cell in ws[FIRST_ROW - 1]]
        return headings.index(heading) + 1

    def append(self, sheet: str, **cells: object) -> int:
        ws = self.wb[sheet]
        row = max(n for n in range(1, ws.max_row + 1) if ws.cell(n, 2).value is not None) + 1
        for heading, value in cells.items():
            ws.cell(row, self.find_column(ws, heading), value)
        return row

    def take_in(self, **options: bool) -> Import:
        """Save and take in; return what was shown."""
        self.wb.save(self.path)
        shown: list[Import] = []

        def agree(found: Import) -> bool:
            shown.append(found)
            return True

        import_tables(self.project.root, self.path, agree, **options)
        return shown[0]

    def refuse(self) -> list[str]:
        """Take in what is refused; return the problems, each with its place, in Japanese."""
        before = read_all(self.project.root / "data")
        with pytest.raises(InputRefused) as caught:
            self.take_in()
        assert read_all(self.project.root / "data") == before
        return [f"{problem.place}: {problem.message('ja')}" for problem in caught.value.problems]


def read_all(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.*")}


@pytest.fixture
def desk(tiny: Project) -> Desk:
    return Desk(tiny)


def tell(found: Import) -> str:
    return "\n".join(line.ja for change in found.changes for line in tell_change(change))


def list_notes(found: Import) -> list[str]:
    return [note.ja for note in found.notes]


# Round trips


@pytest.mark.parametrize("plan", PLANS)
def test_taking_in_what_was_written_changes_no_byte(plan: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "params").mkdir()
    before = read_all(tmp_path / "data")
    years = list_years(ROOT, ROOT / "data" / plan)
    for selector in (plan, *(f"{plan}/{year}" for year in years)):
        path = tmp_path / "計画.xlsx"
        export_tables(tmp_path, selector, path, replace=True)
        assert not import_tables(tmp_path, path, lambda found: bool(found.changes))
    assert read_all(tmp_path / "data") == before


def test_what_a_spreadsheet_program_saves_again_changes_nothing(desk: Desk) -> None:
    found = desk.take_in()
    assert (found.changes, found.notes) == ((), ())


def test_a_plan_of_words_alone_comes_back_as_it_was(tmp_path: Path) -> None:
    words = copy_words(tmp_path / "words")
    before = read_all(words.root / "data")
    path = tmp_path / "計画.xlsx"
    export_tables(words.root, "words/2021", path)
    assert not import_tables(words.root, path, lambda found: bool(found.changes))
    assert read_all(words.root / "data") == before


def test_the_same_tables_make_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.xlsx", "b.xlsx")]
    for path in paths:
        export_tables(desk.project.root, "tiny/2021", path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


TEXTS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x3041, max_codepoint=0x3093), st.sampled_from('a1,"\n ＝=')
    ),
    min_size=1,
    max_size=12,
).filter(lambda text: bool(text.strip()) and text.strip()[0] not in "=＝")


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(done=TEXTS, issues=TEXTS, mark=st.sampled_from(["◎", "△", "×"]), value=st.integers(0, 10**9))
def test_every_text_mark_and_number_arrives_as_it_was_written(
    tiny: Project, done: str, issues: str, mark: str, value: int
) -> None:
    desk = Desk(tiny)
    cells = {"実績": done, "課題": issues, "進捗区分": mark}
    for heading, text in cells.items():
        cell = desk.find("進捗状況", "i1-1-01", heading)
        cell.value, cell.data_type = text, "s"
    desk.find("実績値", "incidents", "値").value = value
    desk.take_in()
    rows = read_rows(tiny.root, "tiny").years[2021].tables
    progress = next(r for r in rows["progress.csv"] if r.model_dump()["item"] == "i1-1-01")
    kept = progress.model_dump()
    assert (kept["done"], kept["issues"], kept["status"]) == (done.strip(), issues.strip(), mark)
    actual = next(r for r in rows["actuals.csv"] if r.model_dump()["indicator"] == "incidents")
    assert actual.model_dump()["value"] == value


# What changes, and what stays


def test_a_changed_cell_is_shown_old_and_new_and_stands_in_the_table(desk: Desk) -> None:
    desk.find("取組", "i1-1-01", "題名").value = "申請の電子化"
    text = tell(desk.take_in())
    assert "取組（data/tiny/items.csv）: 変わる行 1、加わる行 0、なくなる行 0" in text
    assert "    題名: 申請のオンライン化 → 申請の電子化" in text
    raw = desk.project.path("items.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfitem,measure,title,scope,")
    assert "i1-1-01,m1-1,申請の電子化,new,ward,".encode() in raw


def test_tables_in_which_nothing_changes_keep_their_bytes(desk: Desk) -> None:
    before = read_all(desk.project.root / "data")
    desk.find("取組", "i1-1-01", "題名").value = "申請の電子化"
    desk.take_in()
    after = read_all(desk.project.root / "data")
    assert {name for name in after if after[name] != before.get(name)} == {"tiny/items.csv"}


def test_rows_are_added_and_removed_by_name(desk: Desk) -> None:
    desk.append(
        "取組",
        **{"取組の ID": "i9", "実施内容": "m1-1", "題名": "新しい取組", "実施する主体": "ward"},
    )
    text = tell(desk.take_in())
    assert "  ＋ i9 新しい取組" in text
    assert "    実施内容: m1-1 1-① 窓口のオンライン化" in text


def test_a_removed_row_is_named(desk: Desk) -> None:
    ws = desk.wb["担当者の補足"]
    ws.delete_rows(desk.find_row(ws, "joho"))
    assert "  － joho 情報課 国の動きを待っている。" in tell(desk.take_in())
    assert "国の動き" not in desk.project.read("2021/commentary.csv")


def test_another_id_is_a_row_removed_and_one_added(desk: Desk) -> None:
    desk.find("成果指標", "incidents", "指標の ID").value = "accidents"
    told = desk.refuse()
    assert any("計画.xlsx!実績値!" in line and "incidents" in line for line in told)


def test_sorted_rows_keep_the_order_of_the_data(desk: Desk) -> None:
    before = read_all(desk.project.root / "data")
    for sheet in ("取組", "担当者の補足"):
        reverse_rows(desk.wb[sheet])
    found = desk.take_in()
    assert found.changes == ()
    assert "取組: 行の順は、データのとおりとする" in list_notes(found)
    assert read_all(desk.project.root / "data") == before


def test_rows_sorted_without_their_hidden_numbers_are_known_by_their_cells(desk: Desk) -> None:
    reverse_rows(desk.wb["担当者の補足"], first=2)
    assert desk.take_in().changes == ()


def test_order_takes_the_rows_as_the_sheets_have_them(desk: Desk) -> None:
    reverse_rows(desk.wb["担当者の補足"])
    text = tell(desk.take_in(in_order=True))
    assert "  行の順が変わる" in text
    scopes = [line.split(",")[0] for line in desk.project.read("2021/commentary.csv").splitlines()]
    assert scopes == ["\ufeffscope", "joho", "plan"]


def test_an_inserted_row_comes_behind_the_one_above_it(desk: Desk) -> None:
    ws = desk.wb["担当者の補足"]
    ws.insert_rows(FIRST_ROW + 1)
    ws.cell(FIRST_ROW + 1, 2, "plan 計画全体")
    ws.cell(FIRST_ROW + 1, 3, "次の段落である。")
    desk.take_in()
    texts = [line.split(",")[1] for line in desk.project.read("2021/commentary.csv").splitlines()]
    assert texts == [
        "text",
        "おおむね予定どおり進んだ。",
        "次の段落である。",
        "国の動きを待っている。",
    ]


def reverse_rows(ws: Worksheet, first: int = 1) -> None:
    last = max(n for n in range(FIRST_ROW, ws.max_row + 1) if ws.cell(n, 2).value is not None)
    rows = [[c.value for c in ws[n]][first - 1 :] for n in range(FIRST_ROW, last + 1)]
    for n, row in enumerate(reversed(rows), FIRST_ROW):
        for column, value in enumerate(row, first):
            ws.cell(n, column).value = value


def test_sheets_and_optional_columns_that_are_gone_stay_as_they_are(desk: Desk) -> None:
    del desk.wb["担当"]
    ws = desk.wb["進捗状況"]
    ws.delete_cols(desk.find_column(ws, "課題"))
    assert desk.take_in().changes == ()


def test_columns_and_sheets_of_ones_own_are_noted_and_passed_over(desk: Desk) -> None:
    ws = desk.wb["取組"]
    column = ws.max_column + 1
    ws.cell(FIRST_ROW - 1, column, "メモ")
    ws.cell(FIRST_ROW, column, "要確認")
    desk.wb.create_sheet("作業用")["A1"] = "x"
    found = desk.take_in()
    notes = list_notes(found)
    assert found.changes == ()
    assert any("「メモ」は取り込まない" in note for note in notes)
    assert "シート「作業用」は取り込まない" in notes


def test_moved_columns_are_known_by_their_hidden_names(desk: Desk) -> None:
    ws = desk.wb["取組"]
    title, other = desk.find_column(ws, "題名"), desk.find_column(ws, "備考")
    for row in range(1, ws.max_row + 1):
        first, second = ws.cell(row, title), ws.cell(row, other)
        first.value, second.value = second.value, first.value
    assert desk.take_in().changes == ()


def test_without_hidden_row_and_column_names_and_headings_tell(desk: Desk) -> None:
    """One sheet still has to say of which plan it is."""
    for name in ("取組", "進捗状況"):
        desk.wb[name].delete_rows(1)
        desk.wb[name].delete_cols(1)
    desk.wb["取組"].cell(FIRST_ROW - 1, 3).value = "別名"
    ws = desk.wb["取組"]
    headings = [c.value for c in ws[FIRST_ROW - 2]]
    ws.cell(FIRST_ROW - 1, headings.index("題名") + 1).value = "別名"
    text = tell(desk.take_in())
    assert "    題名: 申請のオンライン化 → 別名" in text


def test_a_table_that_is_not_there_is_made_when_rows_are_written(desk: Desk) -> None:
    desk.append("節目", 対象="plan", 時期="令和5年度末", 内容="公開", 状況="予定")
    desk.take_in()
    assert desk.project.read("2021/milestones.csv") == (
        "\ufeffsubject,date,text,state\nplan,FY2023-end,公開,planned\n"
    )


def test_an_optional_column_is_added_behind_the_others_when_it_is_filled(desk: Desk) -> None:
    desk.find("進捗状況", "i1-1-01", "時期の記載がない欄").value = "実績"
    desk.take_in()
    header = desk.project.read("2021/progress.csv").splitlines()[0]
    assert header == (
        "\ufeffitem,status,shift,change_reason,done,next_year,later,issues,note,source,line,undated"
    )


def test_the_description_of_the_tables_follows_them(desk: Desk) -> None:
    """Where a plan has one; in the same step."""
    meta = read_rows(desk.project.root, "tiny").meta
    folder = desk.project.path(".")
    desk.project.write("datapackage.json", describe_package(folder, meta))
    desk.find("進捗状況", "i1-1-01", "時期の記載がない欄").value = "実績"
    desk.take_in()
    assert desk.project.read("datapackage.json") == describe_package(folder, meta)
    assert '"name": "undated"' in desk.project.read("datapackage.json")


def test_a_file_headed_in_japanese_keeps_its_headings(tiny: Project) -> None:
    tiny.replace("items.csv", "item,measure,title", "取組の ID,施策,題名")
    desk = Desk(tiny)
    desk.find("取組", "i1-1-01", "題名").value = "電子化"
    desk.take_in()
    assert tiny.read("items.csv").startswith("\ufeff取組の ID,施策,題名,scope,")


# What people and spreadsheets do to values


@pytest.mark.parametrize(
    ("sheet", "row", "heading", "value", "file", "expected"),
    [
        ("進捗状況", "i1-1-02", "進捗区分", "〇", "2021/progress.csv", "○"),
        ("実績値", "incidents", "値", "１，２３４", "2021/actuals.csv", "incidents,1234,"),
        ("実績値", "incidents", "値", 4.5, "2021/actuals.csv", "incidents,4.5,"),
        ("目標値", "online-rate", "目標年度", "令和6年度", "targets.csv", "online-rate,2024,50"),
        ("担当", "i1-1-01", "部署", "情報課", "2021/assignments.csv", "i1-1-01,joho,lead"),
        ("進捗状況", "i1-1-02", "進捗区分", "未着手", "2021/progress.csv", "i1-1-02,×,"),
        ("取組", "i1-1-01", "実施内容", "オープンデータ", "items.csv", "i1-1-01,m1-2,"),
        ("担当", "i1-1-01", "部署", "joho", "2021/assignments.csv", "i1-1-01,joho,lead"),
        ("実績値", "incidents", "約が付くか", True, "2021/actuals.csv", "incidents,3,,true"),
        ("成果指標", "incidents", "望ましい方向", "維持", "indicators.csv", "件,maintain,2020"),
        ("取組", "i1-1-01", "備考", "+1-1", "items.csv", "+1-1"),
        ("取組", "i1-1-01", "番号", 7, "items.csv", "7"),
    ],
)
def test_what_is_meant_is_taken(
    desk: Desk, sheet: str, row: str, heading: str, value: object, file: str, expected: str
) -> None:
    cell = desk.find(sheet, row, heading)
    cell.value = value
    if sheet == "担当":
        ws = desk.wb[sheet]
        ws.delete_rows(desk.find_row(ws, "i1-1-01") + 1)
    desk.take_in()
    assert expected in desk.project.read(file)


def test_a_mended_value_is_noted_at_its_cell(desk: Desk) -> None:
    cell = desk.find("実績値", "incidents", "値")
    cell.value = "１，２３４"
    note = f"計画.xlsx!実績値!{cell.coordinate}: 「１，２３４」を 1234 とする"
    assert note in list_notes(desk.take_in())


def put_date(desk: Desk) -> Any:
    cell = desk.find("取組", "i1-1-01", "番号")
    cell.value, cell.number_format = date(2026, 1, 1), 'm"月"d"日"'
    return cell


def put_flag(desk: Desk) -> Any:
    cell = desk.find("取組", "i1-1-01", "題名")
    cell.value = True
    return cell


def put_long_number(desk: Desk) -> Any:
    cell = desk.find("取組", "i1-1-01", "番号")
    cell.value = 1234567890123456
    return cell


def put_formula(desk: Desk) -> Any:
    cell = desk.find("実績値", "incidents", "値")
    cell.value = "=A1*2"  # openpyxl saves no result
    return cell


def put_other_name(desk: Desk) -> Any:
    cell = desk.find("担当", "i1-1-01", "部署")
    cell.value = "madoguchi 情報課"
    return cell


def merge_cells(desk: Desk) -> Any:
    cell = desk.find("取組", "i1-1-01", "題名")
    desk.wb["取組"].merge_cells(
        start_row=cell.row, end_row=cell.row + 1, start_column=cell.column, end_column=cell.column
    )
    return cell


def put_unknown_word(desk: Desk) -> Any:
    cell = desk.find("担当", "i1-1-01", "担当の別")
    cell.value = "主管"
    return cell


def put_unknown_id(desk: Desk) -> Any:
    cell = desk.find("担当", "i1-1-01", "部署")
    cell.value = "soumu"
    return cell


def put_bad_id(desk: Desk) -> Any:
    cell = desk.find("成果指標", "incidents", "指標の ID")
    cell.value = "1-1"
    return cell


def put_bidi(desk: Desk) -> Any:
    cell = desk.find("取組", "i1-1-01", "題名")
    cell.value = "申請\u202eの電子化"
    return cell


def put_shift(desk: Desk) -> Any:
    cell = desk.find("進捗状況", "i1-1-01", "変更の向き")
    cell.value = "前倒し"
    return cell


def repeat_key(desk: Desk) -> Any:
    row = desk.append(
        "取組",
        **{"取組の ID": "i1-1-01", "実施内容": "m1-1", "題名": "二度目", "実施する主体": "ward"},
    )
    return desk.wb["取組"].cell(row, 2)


def put_early_target(desk: Desk) -> Any:
    cell = desk.find("目標値", "online-rate", "目標年度")
    cell.value = 2019
    return cell


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (put_date, "表計算ソフトが日付に変えた"),
        (put_flag, "真偽値に変えた"),
        (put_long_number, "15桁を超える"),
        (put_formula, "数式の結果が保存されていない"),
        (put_other_name, "ID は madoguchi、名称は joho のもの"),
        (merge_cells, "セルが結合されている"),
        (put_unknown_word, "担当の別「主管」は 所管課, 関係課 のいずれでもない"),
        (put_unknown_id, "部署「soumu」は"),
        (put_bad_id, "指標の ID「1-1」は"),
        (put_bidi, "制御文字"),
        (put_shift, "変更の向き「前倒し」があるのに進捗区分は「◎」"),
        (repeat_key, "「i1-1-01」（取組の ID）は 計画.xlsx!取組!B5 にもある"),
        (put_early_target, "目標年度 2019 が基準年度 2020 以前"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_cell(
    desk: Desk, spoil: Callable[[Desk], Any], told: str
) -> None:
    """In the words of the sheet, and nothing in data/ is touched."""
    cell = spoil(desk)
    problems = desk.refuse()
    place = f"計画.xlsx!{cell.parent.title}!{cell.coordinate}"
    assert any(line.startswith(f"{place}: ") and told in line for line in problems), problems


def test_all_offenders_are_told_at_once(desk: Desk) -> None:
    places = [spoil(desk).coordinate for spoil in (put_date, put_flag, put_formula)]
    assert len(desk.refuse()) == len(places)


def test_a_shared_table_that_names_what_is_removed_refuses_it(
    tiny: Project,
) -> None:
    tiny.append("items.csv", "i9,m1-1,新しい取組,,ward,,,,,,,s1,11")
    tiny.write("data/comparison.yaml", "title: 比較\nthemes:\n  - id: t1\n    label: 主題\n")
    tiny.write("data/themes.csv", "theme,plan,subject,note\nt1,tiny,i9,\n")
    desk = Desk(tiny, "tiny")
    desk.wb["取組"].delete_rows(desk.find_row(desk.wb["取組"], "i9"))
    assert any(line.startswith("data/themes.csv:2") for line in desk.refuse())


# Which workbook it is


def test_a_workbook_of_something_else_is_refused(tiny: Project) -> None:
    path = tiny.root / "他.xlsx"
    wb = openpyxl.Workbook()
    wb.active["A1"] = "取組"
    wb.save(path)
    with pytest.raises(UnusableWorkbook, match=r"他\.xlsx"):
        import_tables(tiny.root, path, lambda _: True)


def test_a_sheet_that_stands_twice_is_refused(desk: Desk) -> None:
    desk.wb.copy_worksheet(desk.wb["取組"]).title = "取組 (2)"
    assert any("「取組」と同じ表である" in line for line in desk.refuse())


def test_a_missing_column_is_named_with_its_sheet(desk: Desk) -> None:
    ws = desk.wb["取組"]
    ws.delete_cols(desk.find_column(ws, "題名"))
    assert any("計画.xlsx!取組: " in line and "列「題名」がない" in line for line in desk.refuse())


def test_a_heading_of_another_column_is_refused(desk: Desk) -> None:
    ws = desk.wb["取組"]
    ws.cell(FIRST_ROW - 1, desk.find_column(ws, "備考")).value = "題名"
    assert any("見出し「題名」" in line for line in desk.refuse())


def test_what_changed_in_the_data_meanwhile_is_not_undone(desk: Desk) -> None:
    desk.project.replace("items.csv", "国のシステムの改修", "国のシステムの更新")
    with pytest.raises(OldWorkbook, match="取組"):
        desk.take_in()
    assert "国のシステムの更新" in desk.project.read("items.csv")
    desk.take_in(older=True)
    assert "国のシステムの改修" in desk.project.read("items.csv")


def test_a_file_that_differs_is_replaced_only_on_request(tiny: Project) -> None:
    path = tiny.root / "計画.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(ChangedWorkbook):
        export_tables(tiny.root, "tiny", path)
    assert path.read_bytes() == b"mine"
    assert "書き出した" in export_tables(tiny.root, "tiny", path, replace=True).ja
    assert "最新である" in export_tables(tiny.root, "tiny", path).ja


def test_unknown_years_and_briefings_are_refused(tiny: Project) -> None:
    with pytest.raises(UnknownYear):
        export_tables(tiny.root, "tiny/1999", tiny.root / "x.xlsx")
    with pytest.raises(BadSelector):
        export_tables(tiny.root, "tiny/2021/joho", tiny.root / "x.xlsx")


def test_a_plan_with_words_of_its_own_is_headed_in_them(tiny: Project) -> None:
    tiny.write(
        "plan.yaml",
        tiny.read("plan.yaml") + "terms:\n  item: 事業\n  lead: 主管部\n  measure: 方策\n",
    )
    desk = Desk(tiny)
    assert {"事業", "方策"} <= set(desk.wb.sheetnames)
    assert desk.find("担当", "i1-1-01", "担当の別").value == "主管部"
    assert desk.take_in().changes == ()


def test_what_a_cell_and_what_a_rule_refuses_is_told_together(desk: Desk) -> None:
    first, second = put_date(desk), put_unknown_id(desk)
    told = desk.refuse()
    places = [f"計画.xlsx!{c.parent.title}!{c.coordinate}" for c in (first, second)]
    assert sorted(line.partition(": ")[0] for line in told) == sorted(places)


def test_a_name_that_the_list_does_not_have_is_refused_with_the_nearest(desk: Desk) -> None:
    desk.find("担当", "i1-1-01", "部署").value = "情報推進課"
    assert any("「joho 情報課」ではないか" in line for line in desk.refuse())


def test_a_table_in_the_message_is_called_as_its_sheet(desk: Desk) -> None:
    put_unknown_id(desk)
    assert any("は 計画.xlsx!部署 にない" in line for line in desk.refuse())


# The commands


def run(desk: Desk, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.chdir(desk.project.root)
    monkeypatch.setenv("NENPO_LANG", "ja")
    desk.wb.save(desk.path)
    monkeypatch.setattr(sys, "argv", ["nenpo", "tables", "import", str(desk.path), *options])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.mark.parametrize(
    ("answer", "options", "code", "last"),
    [
        (None, (), 1, "何も変えていない。"),
        (None, ("--yes",), 0, "取り込んだ。"),
        ("y", (), 0, "取り込んだ。"),
        ("n", (), 1, "何も変えていない。"),
    ],
)
def test_changes_are_shown_and_made_only_if_somebody_agrees(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str | None,
    options: tuple[str, ...],
    code: int,
    last: str,
) -> None:
    """``answer`` is None where there is no terminal: nobody is asked there."""
    stdin = io.StringIO(f"{answer}\n")
    stdin.isatty = lambda: answer is not None  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", stdin)
    desk.find("取組", "i1-1-01", "題名").value = "申請の電子化"
    assert run(desk, monkeypatch, *options) == code
    told = capsys.readouterr().out
    assert "題名: 申請のオンライン化 → 申請の電子化" in told
    assert told.splitlines()[-1].endswith(last)
    assert ("申請の電子化" in desk.project.read("items.csv")) == (code == 0)


def test_what_would_move_the_cursor_of_a_terminal_is_shown_as_such(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.wb.create_sheet("作業‮用")["A1"] = "x"
    desk.find("取組", "i1-1-01", "題名").value = "申請の電子化"
    run(desk, monkeypatch, "--yes")
    told = capsys.readouterr().out
    assert "作業\\u202e用" in told
    assert "‮" not in told


def test_a_workbook_without_changes_is_told_as_such(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(desk, monkeypatch) == 0
    assert capsys.readouterr().out == "変わる所はない。\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("import", "ない.xlsx"), "ファイル「ない.xlsx」がない"),
        (("export", "tiny", "計画"), "「計画」が .xlsx で終わらない"),
    ],
)
def test_a_name_that_names_no_workbook_is_refused(
    tiny: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.chdir(tiny.root)
    monkeypatch.setenv("NENPO_LANG", "ja")
    monkeypatch.setattr(sys, "argv", ["nenpo", "tables", *words])
    with pytest.raises(SystemExit) as left:
        main()
    assert (left.value.code, told in capsys.readouterr().err) == (2, True)


def test_rows_and_columns_inserted_before_everything_do_no_harm(desk: Desk) -> None:
    for ws in desk.wb.worksheets:
        ws.insert_rows(1, 2)
        ws.insert_cols(1)
    ws = desk.wb["取組"]
    heads = [cell.value for cell in ws[FIRST_ROW + 1]]
    ws.cell(FIRST_ROW + 2, heads.index("題名") + 1).value = "申請の電子化"
    assert "    題名: 申請のオンライン化 → 申請の電子化" in tell(desk.take_in())
