"""Whose a reply is, and which row and column an answer belongs to, whatever people did to it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from nenpo.data.datapackage import describe_package
from nenpo.data.load import load_plan
from nenpo.data.plan_files import read_rows
from nenpo.data.proposed import read_proposed
from nenpo.data.replace import hold_plan
from nenpo.data.schema.year_rows import ProgressRow
from nenpo.workbooks.marking.findings_book import list_findings
from nenpo.workbooks.standing.status import read_status
from nenpo.workbooks.standing.status_book import write_status
from nenpo.workbooks.taking.collect import Collection, prepare_collection, take_collection
from nenpo.workbooks.taking.opened import find_edition, open_replies
from survey_books import HEADER, ITEMS, Filled, fill, make_project
from tiny_project import Project

DONE = {item: f"{item}を実施した" for item in ITEMS}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path / "project")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "replies"


def fill_all(folder: Path, project: Project, name: str = "") -> Filled:
    """Return the workbook of joho with every item answered."""
    filled = fill(folder, project.root, "joho", name)
    for item in ITEMS:
        filled.put(item, status="◎", done=DONE[item], next_year="続ける")
    filled.save()
    return filled


def prepare(project: Project, folder: Path, **more: bool) -> Collection:
    return prepare_collection(project.root, open_replies(folder), ("tiny", 2022), **more)


def read_done(collection: Collection) -> dict[str, str]:
    content = collection.files.get("2022/progress.csv", b"").decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(content, newline=""))
    return {row["item"]: row["done"] for row in rows}


def tell_faults(collection: Collection) -> list[str]:
    return [f"{fault.problem.place}: {fault.problem.message('ja')}" for fault in collection.faults]


def tell_notes(collection: Collection) -> list[str]:
    return [f"{note.place}: {note.words.ja}" for note in collection.notes]


def only(told: list[str]) -> str:
    assert len(told) == 1, told
    return told[0]


def test_the_description_of_the_tables_follows_in_the_same_step(
    project: Project, folder: Path
) -> None:
    project.replace("2022/progress.csv", HEADER, HEADER.removesuffix(",issues,source,line"))
    meta = read_rows(project.root, "tiny").meta
    before = describe_package(project.path("."), meta)
    project.write("datapackage.json", before)
    fill_all(folder, project).put("n1", issues="予算").save()
    with hold_plan(project.root, "tiny") as held:
        assert take_collection(held, project.root, prepare(project, folder), date(2023, 4, 20))
    made = project.read("datapackage.json")
    assert made == describe_package(project.path("."), meta)
    assert made != before


def test_every_answer_becomes_a_row_in_the_plans_order(project: Project, folder: Path) -> None:
    fill_all(folder, project)
    made = prepare(project, folder)
    assert tell_faults(made) == []
    assert list(read_done(made).items()) == list(DONE.items())


def test_the_plan_and_year_are_those_of_most_marks(project: Project, folder: Path) -> None:
    fill_all(folder, project)
    assert find_edition(open_replies(folder), []) == ("tiny", 2022)


def test_a_file_that_cannot_be_read_is_one_fault_among_others(
    project: Project, folder: Path
) -> None:
    fill_all(folder, project)
    (folder / "u.csv").write_bytes("窓口課,1\n".encode("utf-16"))
    (folder / "z.xlsx").symlink_to(project.root / "data/tiny/items.csv")
    told = tell_faults(prepare(project, folder))
    assert [each.partition(":")[0] for each in told] == ["u.csv", "z.xlsx"]
    made = prepare(project, folder, without_faulty=True)
    assert read_done(made) == DONE


def test_a_folder_that_is_a_link_is_not_followed(project: Project, folder: Path) -> None:
    fill_all(folder, project)
    (folder / "z").symlink_to(project.root / "data/tiny")
    made = prepare(project, folder)
    assert tell_faults(made) == []
    assert "z: リンクなので、その先は読まない。" in tell_notes(made)


# What people do to a workbook and its sheet without changing what it answers.


def rename(filled: Filled) -> None:
    filled.sheet().title = "コピー (2)"
    filled.save(filled.path.with_name("最終版.xlsx"))
    filled.path.unlink()


def delete_ids(filled: Filled) -> None:
    for kind in ("items", "indicators", "milestones", "supporting"):
        filled.sheet(kind).delete_cols(1)
    filled.save()


def delete_first_row_and_ids(filled: Filled) -> None:
    filled.sheet().delete_rows(1)
    filled.sheet().delete_cols(1)
    filled.save()


def insert_rows(filled: Filled) -> None:
    filled.sheet().insert_rows(7, 2)
    filled.sheet().insert_rows(1)
    filled.save()


def insert_columns(filled: Filled) -> None:
    filled.sheet().insert_cols(filled.column("done"), 2)
    filled.sheet().insert_cols(1)
    filled.save()


def hide_rows(filled: Filled) -> None:
    filled.sheet().row_dimensions[6].hidden = True
    filled.save()


def sort_with_ids(filled: Filled) -> None:
    _reverse(filled, 1)


def sort_without_ids(filled: Filled) -> None:
    """The hidden column was not part of what was sorted."""
    _reverse(filled, 2)


def _reverse(filled: Filled, first: int) -> None:
    sheet, top = filled.sheet(), filled.row(ITEMS[0])
    last = top + len(ITEMS) - 1
    columns = range(first, sheet.max_column + 1)
    cells = [[sheet.cell(row, c).value for c in columns] for row in range(top, last + 1)]
    for row, values in zip(range(top, last + 1), reversed(cells), strict=True):
        for column, value in zip(columns, values, strict=True):
            sheet.cell(row, column).value = value
    filled.save()


def add_sheet(filled: Filled) -> None:
    filled.book.create_sheet("集計用")["A1"] = "課内の打合せ"
    filled.save()


def copy_into_another(filled: Filled) -> None:
    """The sheet alone, as values, in a new file without hidden row and column."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in filled.sheet().iter_rows(min_row=2, min_col=2):
        for cell in row:
            sheet.cell(cell.row - 1, cell.column - 1).value = cell.value  # type: ignore[assignment]
    book.save(filled.path.with_name("新規 Microsoft Excel ワークシート.xlsx"))
    filled.path.unlink()


def write_wider(filled: Filled) -> None:
    """Titles in other widths and with other spaces, and no ids."""
    column = filled.column("title")
    for row in range(filled.row("n1"), filled.row("n4") + 1):
        cell = filled.sheet().cell(row, column)
        cell.value = f" {str(cell.value).replace('GIS', 'ＧＩＳ')}　"
    delete_ids(filled)


@pytest.mark.parametrize(
    "do",
    [
        rename,
        delete_ids,
        delete_first_row_and_ids,
        insert_rows,
        insert_columns,
        hide_rows,
        sort_with_ids,
        sort_without_ids,
        add_sheet,
        copy_into_another,
        write_wider,
    ],
)
def test_whatever_becomes_of_the_sheet_the_answers_are_those(
    project: Project, folder: Path, do: Callable[[Filled], None]
) -> None:
    do(fill_all(folder, project))
    made = prepare(project, folder)
    assert tell_faults(made) == []
    assert read_done(made) == DONE


def test_a_department_that_is_named_in_a_row_does_not_make_the_sheet_its_own(
    project: Project, folder: Path
) -> None:
    filled = fill_all(folder, project)
    filled.put("i1-1-02", others="窓口課")
    copy_into_another(filled)
    made = prepare(project, folder)
    assert tell_faults(made) == []
    assert read_done(made) == DONE


def test_a_sheet_as_csv_is_known_by_its_mark(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    written = io.StringIO()
    csv.writer(written).writerows(
        ["" if value is None else value for value in row]
        for row in filled.sheet().iter_rows(values_only=True)
    )
    (folder / "進捗.csv").write_bytes(written.getvalue().encode("cp932"))
    filled.path.unlink()
    made = prepare(project, folder)
    assert tell_faults(made) == []
    assert read_done(made) == DONE


def test_rows_sorted_without_their_ids_are_told(project: Project, folder: Path) -> None:
    sort_without_ids(fill_all(folder, project))
    told = tell_notes(prepare(project, folder))
    assert sum("番号と題名により" in note for note in told) == 4  # the one in the middle stays


def test_a_title_that_was_reworded_is_told_and_not_taken(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    filled.put("n1", title="統合型ＧＩＳの本格導入").save()
    made = prepare(project, folder)
    assert read_done(made) == DONE
    assert "「1-①-3 統合型GISの導入」から書き換えられている" in "".join(tell_notes(made))


def test_a_row_that_was_deleted_is_told_and_removes_nothing(project: Project, folder: Path) -> None:
    project.append("2022/progress.csv", "n1,◎,,,前からの実績,,,,,")
    filled = fill_all(folder, project)
    filled.sheet().delete_rows(filled.row("n1"))
    filled.save()
    made = prepare(project, folder)
    assert read_done(made)["n1"] == "前からの実績"
    assert "「1-①-3 統合型GISの導入」の行がないので、未記入とした" in "".join(tell_notes(made))


def test_a_title_that_nobody_asked_for_is_refused_with_those_near(
    project: Project, folder: Path
) -> None:
    filled = fill_all(folder, project)
    row = filled.row("n4") + 1
    filled.sheet().cell(row, filled.column("title")).value = "統合型GISの導入拡大"
    filled.sheet().cell(row, filled.column("done")).value = "広げた"
    filled.save()
    told = only(tell_faults(prepare(project, folder)))
    assert told.startswith("joho.xlsx!取組!D10: 取組「統合型GISの導入拡大」は使えない")
    assert "「1-①-3 統合型GISの導入」ではないか" in told


def test_one_title_for_two_items_is_told_apart_by_number_alone(
    project: Project, folder: Path
) -> None:
    filled = fill_all(folder, project)
    for item in ("n3", "n4"):
        filled.put(item, number=None)
    delete_ids(filled)
    told = tell_faults(prepare(project, folder))
    assert [("同じ題名が 2 件あり" in each) for each in told] == [True, True]


def test_an_item_that_stands_twice_is_refused_unless_it_says_the_same(
    project: Project, folder: Path
) -> None:
    filled = fill_all(folder, project)
    sheet, row = filled.sheet(), filled.row("n1")
    for column in range(1, sheet.max_column + 1):
        sheet.cell(20, column).value = sheet.cell(row, column).value
    filled.save()
    assert tell_faults(prepare(project, folder)) == []
    sheet.cell(20, filled.column("done")).value = "別の実績"
    filled.save()
    assert f"同じ行が {row} 行目にもある" in only(tell_faults(prepare(project, folder)))


def test_an_item_of_another_department_is_refused(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    sheet = filled.sheet()
    sheet.cell(10, 1).value = "i1-1-01"
    sheet.cell(10, filled.column("title")).value = "申請と届出のオンライン化"
    sheet.cell(10, filled.column("done")).value = "始めた"
    filled.save()
    assert "「窓口課」の行である" in only(tell_faults(prepare(project, folder)))


def test_cells_merged_over_rows_are_refused_at_their_first(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    column, row = filled.column("done"), filled.row("n1")
    filled.sheet().merge_cells(
        start_row=row, end_row=row + 1, start_column=column, end_column=column
    )
    filled.save()
    told = only(tell_faults(prepare(project, folder)))
    assert told.startswith("joho.xlsx!取組!L6: 令和4年度の実績「n1を実施した」は使えない")
    assert "結合を解除し" in told


def test_cells_merged_within_a_row_answer_its_first_column(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    column, row = filled.column("done"), filled.row("n1")
    filled.sheet().merge_cells(
        start_row=row, end_row=row, start_column=column, end_column=column + 1
    )
    filled.save()
    made = prepare(project, folder)
    assert read_done(made) == DONE
    assert "結合されているので、「令和4年度の実績」の回答とし" in "".join(tell_notes(made))


def test_a_column_that_is_gone_is_told(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    filled.sheet().delete_cols(filled.column("issues"))
    filled.save()
    made = prepare(project, folder)
    assert read_done(made) == DONE
    assert "「課題」の列がないので、未記入とした" in "".join(tell_notes(made))


def test_a_column_that_nobody_can_tell_is_refused(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    column = filled.column("done")
    filled.sheet().cell(1, column).value = None
    filled.sheet().cell(4, column).value = "やったこと"
    filled.save()
    told = only(tell_faults(prepare(project, folder)))
    assert told.startswith("joho.xlsx!取組!L4")
    assert "「令和4年度の実績」" in told
    assert "記入欄の外に" not in "".join(tell_notes(prepare(project, folder)))


def test_notes_beside_the_table_are_told_and_not_taken(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    filled.sheet().cell(6, 20).value = "後で確認"
    filled.save()
    assert "joho.xlsx!取組!T6: 記入欄の外に「後で確認」とある" in "".join(
        tell_notes(prepare(project, folder))
    )


def test_what_was_shown_and_is_changed_is_told(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    filled.put("i1-1-02", last_status="◎").save()
    told = "".join(tell_notes(prepare(project, folder)))
    assert "「令和3年度の進捗区分」が「△」から「◎」に書き換えられている" in told


def test_a_workbook_of_another_year_is_refused(project: Project, folder: Path) -> None:
    fill_all(folder, project)
    fill(folder, project.root, "madoguchi", fiscal_year=2021)
    told = only(tell_faults(prepare(project, folder)))
    assert told.startswith("madoguchi.xlsx: 読み取れない（tiny/2021（令和3年度）の調査票である）")


def test_a_department_that_is_asked_nothing_is_refused(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    for kind in ("items", "indicators", "milestones", "supporting"):
        sheet = filled.sheet(kind)
        sheet["A1"] = str(sheet["A1"].value).replace("joho", "gikai")
    filled.save()
    assert "「議会事務局」には何も尋ねていない" in tell_faults(prepare(project, folder))[0]


def test_a_layout_of_a_later_nenpo_is_refused(project: Project, folder: Path) -> None:
    filled = fill_all(folder, project)
    filled.sheet()["A1"] = str(filled.sheet()["A1"].value).replace("nenpo:1", "nenpo:2")
    filled.save()
    assert "様式の版 2 は読めない" in only(tell_faults(prepare(project, folder)))


def test_sheets_of_two_departments_in_one_workbook_are_told_apart(
    project: Project, folder: Path
) -> None:
    filled = fill_all(folder, project)
    other = fill(folder, project.root, "madoguchi").put("i1-1-01", status="◎", done="始めた")
    copied = filled.book.create_sheet("窓口課の分")
    for line in other.sheet().iter_rows():
        for cell in line:
            copied.cell(cell.row, cell.column).value = cell.value  # type: ignore[assignment]
    filled.save()
    other.path.unlink()
    made = prepare(project, folder)
    assert tell_faults(made) == []
    assert read_done(made) == DONE | {"i1-1-01": "始めた"}
    assert [each.department for each in made.summaries] == ["madoguchi", "joho"]


def test_a_workbook_that_is_no_survey_is_refused(project: Project, folder: Path) -> None:
    folder.mkdir()
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "出張の予定"
    book.save(folder / "予定.xlsx")
    assert "調査票のシートがない" in only(tell_faults(prepare(project, folder)))


def test_two_workbooks_of_a_department_are_refused_with_both_names(
    project: Project, folder: Path
) -> None:
    fill_all(folder, project)
    fill_all(folder, project, "再提出/joho.xlsx").put("n1", done="直した").save()
    told = tell_faults(prepare(project, folder))
    assert len(told) == 2
    assert all("joho.xlsx" in each and "再提出/joho.xlsx" in each for each in told)
    assert "--prefer newer" in told[0]


def test_the_one_saved_last_is_taken_where_it_is_preferred(project: Project, folder: Path) -> None:
    old, new = fill_all(folder, project), fill_all(folder, project, "z.xlsx")
    old.put("n1", done="古い").save()
    new.put("n1", done="新しい").save()
    _date(old.path, "2022-05-01T09:00:00Z")
    _date(new.path, "2022-05-02T09:00:00Z")
    made = prepare(project, folder, prefer_newer=True)
    assert tell_faults(made) == []
    assert read_done(made)["n1"] == "新しい"
    assert "joho.xlsx: 「z.xlsx」の方が後に保存されている" in "".join(tell_notes(made))


def _date(path: Path, saved: str) -> None:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    core = parts["docProps/core.xml"].decode()
    head, _, rest = core.partition("<dcterms:modified")
    attributes, _, tail = rest.partition(">")
    parts["docProps/core.xml"] = (
        f"{head}<dcterms:modified{attributes}>{saved}{tail[tail.index('<') :]}".encode()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def test_damaged_date_of_saving_leaves_that_of_the_file(project: Project, folder: Path) -> None:
    import os

    old, new = fill_all(folder, project), fill_all(folder, project, "z.xlsx")
    old.put("n1", done="古い").save()
    new.put("n1", done="新しい").save()
    raw = old.path.read_bytes()
    start = raw.index(b"docProps/core.xml") + len("docProps/core.xml")
    old.path.write_bytes(raw[:start] + b"\xff" * 40 + raw[start + 40 :])
    os.utime(old.path, (0, 0))
    made = prepare(project, folder, prefer_newer=True)
    assert tell_faults(made) == []
    assert read_done(made)["n1"] == "新しい"


def test_two_workbooks_with_the_same_answers_are_taken_once(project: Project, folder: Path) -> None:
    fill_all(folder, project)
    fill_all(folder, project, "joho - コピー.xlsx")
    made = prepare(project, folder)
    assert tell_faults(made) == []
    assert "同じ回答なので、一方だけを取り込む" in "".join(tell_notes(made))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("回答.pdf", "PDFなので"),
        ("回答.docx", "Word の文書なので"),
        ("回答.msg", "メールなので"),
        ("回答.jtd", "一太郎の文書なので"),
        ("回答.xyz", "調査票でない「.xyz」のファイルなので"),
    ],
)
def test_what_is_no_workbook_is_told_as_what_it_is(
    name: str, told: str, project: Project, folder: Path
) -> None:
    fill_all(folder, project)
    (folder / name).write_bytes(b"x")
    assert f"{name}: {told}読まない" in "".join(tell_notes(prepare(project, folder)))


def test_lists_that_nenpo_made_are_no_replies(project: Project, folder: Path) -> None:
    """The list of findings, one beside a reply, and the workbook that tells who has answered."""
    fill_all(folder, project)
    status = read_status(project.root, load_plan("tiny", project.root), 2022, {})
    (folder / "状況.xlsx").write_bytes(write_status(status, date(2023, 5, 1)))
    (folder / "確認事項一覧.xlsx").write_bytes(list_findings([], {}))
    (folder / "a.xls_確認事項.xlsx").write_bytes(list_findings([], {}))
    made = prepare(project, folder)
    assert tell_faults(made) == []
    assert "状況" not in "".join(tell_notes(made))


def test_letters_lock_files_and_what_programs_leave_are_passed_over(
    project: Project, folder: Path
) -> None:
    fill_all(folder, project, "情報課/joho.xlsx")
    for name in ("照会文.docx", ".DS_Store", "Thumbs.db", "情報課/~$別のもの.xlsx"):
        (folder / name).write_bytes(b"x")
    (folder / "写真.jpeg").write_bytes(b"x")
    (folder / "情報課/古い/").mkdir()
    (folder / "情報課/古い/a.xlsx").write_bytes(b"x")
    made = prepare(project, folder)
    assert read_done(made) == DONE
    assert [n for n in tell_notes(made) if "joho.xlsx" not in n] == [
        "写真.jpeg: 画像なので読まない。回答であれば、調査票に記入してもらうこと。",
        "情報課/古い: フォルダーの中のフォルダーは、1段だけ読む。中の調査票を上に移すこと。",
    ]


def test_who_has_not_answered_is_told(project: Project, folder: Path) -> None:
    fill_all(folder, project)
    assert prepare(project, folder).missing == ("madoguchi", "plan")


def _trim(text: str) -> str:
    """Return a text without spaces at the ends of its lines, which are no part of an answer."""
    return re.sub(r" +(?=\n|$)", "", text).strip()


# Words, and what surrounds them; what a sign alone means, tests of normalising tell.
texts = st.one_of(
    st.just(""),
    st.text("あ漢ア1ａ-–。、 \n'\"<&=", max_size=12).map(lambda text: _trim(f"実績{text}")),
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that no test writes to."""
    return make_project(tmp_path_factory.mktemp("shared") / "project")


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # to make an example smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    told=st.lists(texts, min_size=len(ITEMS), max_size=len(ITEMS)),
    order=st.permutations(range(len(ITEMS))),
    blank=st.integers(0, 4),
    with_ids=st.booleans(),
)
def test_rows_out_are_rows_in(
    shared: Project, tmp_path: Path, told: list[str], order: list[int], blank: int, with_ids: bool
) -> None:
    """Whatever is written, in whatever order, with rows inserted, under any name."""
    filled = fill(tmp_path / "replies", shared.root, "joho", "あ.xlsx")
    for item, text in zip(ITEMS, told, strict=True):
        filled.put(item, status="◎", done=text or None)
    sheet, top = filled.sheet(), filled.row(ITEMS[0])
    rows = [[c.value for c in sheet[top + n]] for n in range(len(ITEMS))]
    for number, place in enumerate(order):
        for column, value in enumerate(rows[place], 1):
            sheet.cell(top + number, column).value = value
    sheet.insert_rows(top + blank)
    if not with_ids:
        sheet.delete_cols(1)
    filled.save()
    made = prepare(shared, tmp_path / "replies")
    assert tell_faults(made) == []
    read = {
        row.item: row.done
        for row in read_proposed(shared.root, "tiny", made.files).years[2022].tables["progress.csv"]
        if isinstance(row, ProgressRow)
    }
    assert read == dict(zip(ITEMS, told, strict=True))
