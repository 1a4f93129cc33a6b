"""A list as an office keeps it becomes a valid project, and every guess stands beside its cell."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from nenpo.build.select import select_briefings
from nenpo.data.plan_files import PlanRows, read_rows
from nenpo.errors import InputRefused
from nenpo.export.document import read_document
from nenpo.notebook.execute import execute_briefing
from nenpo.workbooks import labels
from nenpo.workbooks.book import Area, Book, Cell, Sheet
from nenpo.workbooks.starting.adopt import REPORT, Adopted, Wishes, adopt_book, adopt_list
from nenpo.workbooks.starting.headings import MEANINGS
from nenpo.workbooks.starting.names import split_departments
from nenpo.workbooks.starting.project import check_project, write_project

Rows = Sequence[Sequence[str | None]]


def make_sheet(
    rows: Rows, name: str = "一覧", merged: Sequence[tuple[int, int, int, int]] = ()
) -> Sheet:
    """Return a sheet of texts; rows and columns of ``merged`` count from 1."""
    cells = {
        (r, c): Cell(text, text)
        for r, row in enumerate(rows, 1)
        for c, text in enumerate(row, 1)
        if text
    }
    return Sheet(name, cells, tuple(Area(*area) for area in merged))


def adopt(*sheets: Sheet, stem: str = "list", **wishes: object) -> Adopted:
    book = Book(f"{stem}.xlsx", "xlsx", sheets)
    adopted = adopt_book(book, stem, Wishes(**wishes))  # type: ignore[arg-type]
    check_project(adopted.files, adopted.plan, adopted.fiscal_year)
    return adopted


def read(adopted: Adopted, tmp_path: Path) -> PlanRows:
    write_project(tmp_path / "made", adopted.files)
    return read_rows(tmp_path / "made", adopted.plan)


def list_cells(rows: PlanRows, file: str, *columns: str) -> list[tuple[str, ...]]:
    table = rows.tables.get(file) or rows.years[2023].tables[file]
    return [tuple(str(vars(row)[column]) for column in columns) for row in table]


def tell(adopted: Adopted, kind: str) -> list[str]:
    return [f"{g.place}: {g.told.ja}" for g in adopted.guesses.made if g.kind == kind]


HEAD = ["番号", "取組名", "担当課", "評価", "令和5年度実績", "令和6年度予定"]
PLAIN: Rows = [
    ["みどり市DX推進計画（令和4年度〜令和8年度）　令和5年度進捗状況"],
    [],
    HEAD,
    ["1", "窓口のオンライン化", "市民課", "○", "始めた", "広げる"],
    ["2", "帳票の見直し", "総務課、市民課（情報課）", "〇", "調べた", "続ける"],
    ["3", "端末の更新", "情報課", "×", "", "買う"],
]


class TestAPlainList:
    def test_becomes_the_tables_of_a_plan(self, tmp_path: Path) -> None:
        rows = read(adopt(make_sheet(PLAIN)), tmp_path)
        assert rows.meta.title == "みどり市DX推進計画"
        assert (rows.meta.municipality.name, rows.meta.marks) == ("みどり市", ("○", "×"))
        assert (rows.meta.period.first_year, rows.meta.period.last_year) == (2022, 2026)
        assert list_cells(rows, "departments.csv", "department", "name") == [
            ("d01", "市民課"),
            ("d02", "総務課"),
            ("d03", "情報課"),
        ]
        assert list_cells(rows, "progress.csv", "item", "status", "done", "next_year") == [
            ("i001", "○", "始めた", "広げる"),
            ("i002", "○", "調べた", "続ける"),
            ("i003", "×", "", "買う"),
        ]
        assert ("i002", "d03", "supporting") in list_cells(
            rows, "assignments.csv", "item", "department", "role"
        )

    def test_every_guess_is_told_with_its_cell(self) -> None:
        adopted = adopt(make_sheet(PLAIN))
        assert "list.xlsx!一覧!C3: 列「担当課」→ 担当する部署" in tell(adopted, "guessed")
        assert "list.xlsx: 報告の年度を令和5年度とみた" in tell(adopted, "look")
        report = adopted.files[REPORT].decode()
        assert "list.xlsx!一覧!C3" in report
        assert report.count("## ") == 3

    def test_its_papers_can_be_made_at_once(self, tmp_path: Path) -> None:
        write_project(tmp_path / "made", adopt(make_sheet(PLAIN)).files)
        briefings = select_briefings(tmp_path / "made")
        assert [each.identity.short_name for each in briefings[2:]] == ["d01", "d02", "d03"]
        told = str(read_document(execute_briefing(tmp_path / "made", briefings[0])))
        assert "取組3件中2件" in told

    def test_what_its_user_says_counts_more_than_a_guess(self, tmp_path: Path) -> None:
        adopted = adopt(
            make_sheet(PLAIN), plan="midori-dx", fiscal_year=2024, municipality="別の市"
        )
        assert (adopted.plan, adopted.fiscal_year) == ("midori-dx", 2024)
        assert read(adopted, tmp_path).meta.municipality.name == "別の市"


class TestShapes:
    """The shapes in which offices keep their lists."""

    def test_squared_paper_with_sections_between_the_rows(self, tmp_path: Path) -> None:
        cells = [
            (2, "No."),
            (4, "取組名"),
            (12, "所管室"),
            (18, "評価"),
            (20, "令和5年度の取組実績"),
        ]
        ends = [3, 11, 17, 19, 30]
        rows: list[list[str | None]] = [[None] * 30 for _ in range(9)]
        merged = [(1, 1, 1, 30), (5, 2, 5, 30), (8, 2, 8, 30)]
        rows[0][0], rows[4][1], rows[7][1] = "さくら町計画の進捗", "柱１　暮らし", "柱２　行政"
        data = {2: [text for _, text in cells]}
        data |= {5: ["1", "申請", "住民室", "Ａ", "した"], 8: ["2", "会議", "総務室", "B", "した"]}
        for row, texts in data.items():
            for (column, _), end, text in zip(cells, ends, texts, strict=True):
                rows[row][column - 1] = text
                merged.append((row + 1, column, row + 2 if row == 2 else row + 1, end))
        made = read(adopt(make_sheet(rows, merged=merged)), tmp_path)
        assert [(goal.label, goal.title) for goal in made.meta.goals] == [
            ("柱１", "暮らし"),
            ("柱２", "行政"),
        ]
        assert list_cells(made, "items.csv", "measure", "title") == [("g1", "申請"), ("g2", "会議")]
        assert made.meta.terms.department == "室"
        assert made.meta.marks == ("A", "B")

    def test_departments_merged_down(self, tmp_path: Path) -> None:
        head = ["所管部", "所管課", "取組項目", "取組内容", "進捗状況", "進捗状況の説明"]
        rows = [
            ["R5 あさひ区方針の取組状況"],
            head,
            ["総務部", "情報課", "申請", "受け付ける", "完了", "始めた"],
            [None, None, "地図", "公開する", "遅れ", "作成中"],
            [None, "税務課", "納付", "", "実施中", "試した"],
        ]
        merged = [(3, 1, 5, 1), (3, 2, 4, 2)]
        made = read(adopt(make_sheet(rows, merged=merged)), tmp_path)
        assert list_cells(made, "departments.csv", "name", "division") == [
            ("情報課", "総務部"),
            ("税務課", "総務部"),
        ]
        assert list_cells(made, "assignments.csv", "item", "department") == [
            ("i001", "d01"),
            ("i002", "d01"),
            ("i003", "d02"),
        ]
        assert [(m.mark, m.tone) for m in made.meta.status_scale] == [
            ("完了", "good"),
            ("実施中", "good"),
            ("遅れ", "caution"),
        ]
        assert list_cells(made, "sheets.csv", "subject", "text")[0] == ("i001", "受け付ける")

    def test_two_rows_of_headings(self, tmp_path: Path) -> None:
        rows = [
            ["番号", "事業名", "担当課", "令和5年度", None, "令和6年度", "指標", None, None],
            [None, None, None, "計画", "実績", "計画", "指標名", "実績値", "目標値（令和8年度）"],
            ["1", "相談", "企画課", "3回", "4回", "5回", "相談件数", "45件", "約100件"],
        ]
        merged = [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 1, 5), (1, 7, 1, 9)]
        made = read(adopt(make_sheet(rows, merged=merged)), tmp_path)
        assert list_cells(made, "progress.csv", "done", "next_year") == [("4回", "5回")]
        assert list_cells(made, "schedule.csv", "first_year", "text") == [("2023", "3回")]
        assert list_cells(made, "actuals.csv", "indicator", "value") == [("k01", "45")]
        assert list_cells(made, "targets.csv", "fiscal_year", "value", "approximate") == [
            ("2026", "100", "True")
        ]
        assert ("k01", "d01") in list_cells(made, "assignments.csv", "item", "department")

    def test_an_item_of_several_rows_has_an_indicator_in_each(self, tmp_path: Path) -> None:
        rows = [
            ["ふじ市総合計画 進捗管理表【令和5年度】"],
            [None, None, None, None, None, "令和6年5月末現在"],
            ["No", "取組名", "担当", "KPI", "目標値(R8)", "R5実績", "R5取組実績", "今後の方針"],
            ["1", "相談", "こども課\n保健センター", "件数", "200", "156件", "増やした", "続ける"],
            [None, None, None, "満足度", "80", "72.1%", None, None],
            ["2", "研修", "保育課", "回数", "6", "5", "5回", "6回"],
        ]
        merged = [(4, column, 5, column) for column in (1, 2, 3, 7, 8)]
        made = read(adopt(make_sheet(rows, merged=merged)), tmp_path)
        assert list_cells(made, "actuals.csv", "indicator", "value") == [
            *(("k01", "156"), ("k02", "72.1"), ("k03", "5"))
        ]
        assert list_cells(made, "progress.csv", "done", "next_year") == [
            *(("増やした", "続ける"), ("5回", "6回"))
        ]

    def test_rows_of_one_cell_are_headings_between_the_others(self, tmp_path: Path) -> None:
        rows = [
            ["項目", "主管課", "協力課", "令和5年度取組状況", "自己評価"],
            ["【重点１】手続"],
            ["(1) 申請"],
            ["電子申請", "住民課", "企画課", "10手続", "◎"],
            ["【重点２】庁内"],
            ["RPA", "企画課", "", "5業務", "△"],
            ["AI", "企画課", "", "1業務", "△"],
        ]
        made = read(adopt(make_sheet(rows)), tmp_path)
        assert list_cells(made, "items.csv", "measure", "title") == [
            *(("m01", "電子申請"), ("g2", "RPA"), ("g2", "AI"))
        ]

    def test_a_csv_in_cp932_that_lost_its_merged_cells(self, tmp_path: Path) -> None:
        text = (
            "海辺町行政改革大綱,,,\r\n番号,担当課,取組,令和５年度実績,評価\r\n"
            '1,総務課,集約,"した\r\n（4課）",順調\r\n2,,文書,要領,やや遅れ\r\n3,税務課,振替,,未着手\r\n'
            "4,,納付,した,順調\r\n計,,4件,,\r\n"
        )
        (tmp_path / "行革.csv").write_bytes(text.encode("cp932"))
        adopted = adopt_list(tmp_path / "行革.csv", Wishes())
        made = read(adopted, tmp_path)
        assert [d for _, d in list_cells(made, "assignments.csv", "item", "department")] == [
            *("d01", "d01", "d02", "d02")
        ]
        assert any("空欄は、上の行の部署" in line for line in tell(adopted, "look"))
        assert any("合計の行" in line for line in tell(adopted, "left"))

    def test_a_sheet_a_department_and_the_latest_year(self, tmp_path: Path) -> None:
        head: list[str | None] = ["№", "事業", "実績", "来年度"]
        rows = {
            name: [head, ["1", f"{name}の事業", "した", "続ける"]] for name in ("総務課", "税務課")
        }
        sheets = [make_sheet(own, name) for name, own in rows.items()]
        adopted = adopt(
            *sheets, make_sheet([head, ["1", "例", "", ""]], "記入例"), fiscal_year=2023
        )
        made = read(adopted, tmp_path)
        assert list_cells(made, "departments.csv", "name") == [("総務課",), ("税務課",)]
        assert list_cells(made, "items.csv", "title") == [("総務課の事業",), ("税務課の事業",)]
        assert any("記入例" in line for line in tell(adopted, "left"))
        years = adopt(
            make_sheet([head, ["1", "旧", "", ""]], "R4"),
            make_sheet([head, ["1", "新", "", ""]], "R5"),
        )
        assert years.fiscal_year == 2023
        assert any("R4: 前の年度のシート" in line for line in tell(years, "left"))

    def test_a_real_workbook(self, tmp_path: Path) -> None:
        book = xlsxwriter.Workbook(tmp_path / "list.xlsx")
        sheet = book.add_worksheet()
        for r, row in enumerate(PLAIN):
            sheet.write_row(r, 0, row)
        book.close()
        assert read(adopt_list(tmp_path / "list.xlsx", Wishes()), tmp_path).meta.marks == ("○", "×")


class TestDetails:
    def test_persons_and_the_year_before_are_left_out(self) -> None:
        rows = [
            [*HEAD, "担当者", "内線", "令和4年度実績", "謎の列"],
            [*PLAIN[3], "山田", "12", "旧", "?"],
        ]
        adopted = adopt(make_sheet(rows))
        left = " ".join(tell(adopted, "left"))
        for label in ("担当者", "内線", "令和4年度実績", "謎の列"):
            assert f"列「{label}」" in left
        assert "山田" not in "".join(map(str, adopted.files.values()))

    def test_marks_that_nobody_can_order_stay_words(self, tmp_path: Path) -> None:
        rows = [HEAD, ["1", "甲", "総務課", "松", "", ""], ["2", "乙", "総務課", "竹", "した", ""]]
        adopted = adopt(make_sheet(rows))
        made = read(adopted, tmp_path)
        assert made.meta.marks == ()
        assert list_cells(made, "progress.csv", "done", "note") == [
            ("松", ""),
            ("した", "評価：竹"),
        ]
        assert any("よしあしが分からない" in line for line in tell(adopted, "look"))

    def test_a_legend_gives_marks_their_meaning(self, tmp_path: Path) -> None:
        rows = [["◎：予定以上　○：予定どおり　△：やや遅れ"], *PLAIN[2:5]]
        scale = read(adopt(make_sheet(rows)), tmp_path).meta.status_scale
        assert [(m.mark, m.label, m.tone) for m in scale] == [
            ("◎", "予定以上", "good"),
            ("○", "予定どおり", "good"),
            ("△", "やや遅れ", "caution"),
        ]

    def test_what_is_listed_again_leads_to_its_original(self, tmp_path: Path) -> None:
        rows = [
            HEAD,
            ["1", "【新規】甲", "総務課", "○", "", ""],
            ["2", "甲（再掲）", "", "", "", ""],
        ]
        made = read(adopt(make_sheet(rows)), tmp_path)
        assert list_cells(made, "items.csv", "title", "scope", "relisted_from") == [
            ("甲", "new", ""),
            ("甲", "", "i001"),
        ]

    def test_money_and_times_are_read_or_told(self, tmp_path: Path) -> None:
        head: list[str | None] = [*HEAD, "予算額（円）", "完了予定"]
        rows = [head, [*PLAIN[3], "1,234,000", "R6.3"], [*PLAIN[4], "1,234", "未定"]]
        adopted = adopt(make_sheet(rows))
        made = read(adopted, tmp_path)
        assert made.meta.columns == ("budget", "due")
        assert list_cells(made, "progress.csv", "budget", "due")[0] == ("1234", "202403")
        left = tell(adopted, "left")
        assert [line.partition(": ")[0] for line in left] == [
            "list.xlsx!一覧!G3",
            "list.xlsx!一覧!H3",
        ]

    def test_a_change_has_its_direction(self, tmp_path: Path) -> None:
        rows = [
            [*HEAD, "変更の向き"],
            ["1", "甲", "総務課", "変更", "した", "", "前倒し"],
            ["2", "乙", "総務課", "予定どおり", "した", "", ""],
            ["3", "丙", "総務課", "変更", "した", "", "次年度に延期"],
        ]
        made = read(adopt(make_sheet(rows)), tmp_path)
        assert list_cells(made, "progress.csv", "shift") == [("ahead",), ("",), ("behind",)]

    def test_a_cell_far_away_costs_nothing(self, tmp_path: Path) -> None:
        sheet = make_sheet(PLAIN, merged=[(1, 1, 1_048_576, 1)])
        far = {(1_048_576, 16_384): Cell("x", "x")}
        adopted = adopt(Sheet(sheet.name, {**sheet.cells, **far}, sheet.merged[:0]))
        assert list_cells(read(adopted, tmp_path), "items.csv", "item")[-1] == ("i003",)

    def test_every_meaning_that_labels_have_is_taken_or_of_the_year_before(self) -> None:
        known = {m for words in labels._WORDS.values() for each in words.values() for m in each}
        assert {m for m in known - MEANINGS.keys() if not m.startswith("last_")} == set()

    @pytest.mark.parametrize(
        ("cell", "names"),
        [
            ("総務部（総務課）", [("総務課", "総務部", "lead")]),
            ("広報課（総務部）", [("広報課", "総務部", "lead")]),
            ("総務部\n総務課", [("総務課", "総務部", "lead")]),
            ("整備部 計画課・建築課", [("計画課", "整備部", "lead"), ("建築課", "整備部", "lead")]),
            ("教育委員会事務局 学校課", [("学校課", "教育委員会事務局", "lead")]),
            ("税務課（主）・総務課（副）", [("税務課", "", "lead"), ("総務課", "", "supporting")]),
            ("商工課（関係：建設課）ほか", [("商工課", "", "lead"), ("建設課", "", "supporting")]),
            ("子ども・子育て支援課", [("子ども・子育て支援課", "", "lead")]),
            ("総務部、財政課長", [("総務部", "", "lead"), ("財政課", "", "lead")]),
        ],
    )
    def test_departments_of_one_cell(self, cell: str, names: list[tuple[str, str, str]]) -> None:
        assert [tuple(each[:3]) for each in split_departments(cell)] == names


class TestRefused:
    @pytest.mark.parametrize(
        ("rows", "told"),
        [
            ([["覚書"], ["あいう"]], "no row of headings"),
            ([["取組名", "担当課", "備考"], ["甲", "総務課", ""]], "which fiscal year"),
            ([HEAD], "no item stands below"),
            ([["担当課", "備考", "令和5年度実績"], ["総務課", "", "した"]], "no column names"),
        ],
    )
    def test_what_is_missing_is_named(self, rows: Rows, told: str) -> None:
        with pytest.raises(InputRefused, match=told):
            adopt(make_sheet(rows))

    def test_every_cell_that_no_paper_can_show_is_named(self) -> None:
        rows = [HEAD, ["1", "甲\u202e", "総務課", "○", "😀", ""]]
        with pytest.raises(InputRefused) as refused:
            adopt(make_sheet(rows))
        places = [problem.place for problem in refused.value.problems]
        assert places == ["list.xlsx!一覧!B2", "list.xlsx!一覧!E2"]


WORDS = [
    *(
        "",
        "取組名",
        "事業名",
        "担当課",
        "評価",
        "令和5年度実績",
        "R6予定",
        "目標",
        "施策",
        "指標",
        "目標値",
    ),
    *(
        "実績値",
        "基準値",
        "番号",
        "備考",
        "総務課",
        "各課",
        "国",
        "（情報課）",
        "◎",
        "〇",
        "A",
        "×",
        "遅れ",
        "同上",
    ),
    *(
        "約77,500件",
        "46.0%",
        "1/15",
        "—",
        "=1+1",
        "<b>x</b>",
        "{0} {x}",
        "`|*_[a](b)",
        "a: b # c",
        "'\"\\",
    ),
    *(
        "再掲",
        "甲（再掲）",
        "【新規】",
        "計",
        "柱１　暮らし",
        "1-1",
        "\u200b",
        "令和5年度",
        "1 2 3",
        "\n",
        "　",
    ),
]
GRIDS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7), min_size=1, max_size=8)
AREAS = st.lists(
    st.tuples(*[st.integers(1, 6)] * 2, *[st.integers(0, 3)] * 2).map(
        lambda a: (a[0], a[1], a[0] + a[2], a[1] + a[3])
    ),
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(GRIDS, AREAS, st.booleans())
def test_whatever_a_sheet_holds_becomes_a_valid_project_or_is_refused(
    grid: list[list[str]], areas: list[tuple[int, int, int, int]], headed: bool
) -> None:
    rows = [["取組名", "担当課", "評価", "令和5年度実績"], *grid] if headed else grid
    places = list[str]()
    try:
        adopt(make_sheet(rows, merged=areas), fiscal_year=2023)
    except InputRefused as refused:
        places = [problem.place for problem in refused.problems]
    assert [place for place in places if not place.startswith("list.xlsx")] == []
