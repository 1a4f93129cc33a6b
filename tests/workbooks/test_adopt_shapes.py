"""Lists as offices really keep them: years side by side, several lines an item, legends, totals."""

from pathlib import Path

import pytest
from test_adopt import adopt, list_cells, make_sheet, read, tell

from nenpo.analysis.items import number_items
from nenpo.data.load import load_plan
from nenpo.errors import InputRefused
from nenpo.workbooks.book import Sheet
from nenpo.workbooks.starting.project import write_project

Merged = list[tuple[int, int, int, int]]


def warn(adopted: object) -> list[str]:
    return [g.told.ja for g in adopted.guesses.made if g.first]  # type: ignore[attr-defined]


def make_years() -> Sheet:
    rows = [
        ["企画課　取組状況"],
        ["（◎完了 ○順調 △遅れ ×未着手）"],
        [],
        ["番号", "取組", "進捗", None, None, "R5の主な実績", "R6予定"],
        [None, None, "R3", "R4", "R5", None, None],
        ["1", "甲", "△", "○", "◎", "開設した", "広げる"],
        ["2", "乙", "×", "△", "○", "増やした", "続ける"],
        ["3", "丙", "◎", "◎", None, None, "調べる"],
    ]
    return make_sheet(rows, "企画課", [(4, 3, 4, 5), *((4, n, 5, n) for n in (1, 2, 6, 7))])


class TestYears:
    def test_marks_are_those_of_the_latest_year_that_has_any(self, tmp_path: Path) -> None:
        adopted = adopt(make_years())
        made = read(adopted, tmp_path)
        assert adopted.fiscal_year == 2023
        assert list_cells(made, "progress.csv", "status", "done", "change_reason") == [
            *(("◎", "開設した", ""), ("○", "増やした", ""), ("", "", ""))
        ]
        assert [(m.mark, m.label) for m in made.meta.status_scale] == [
            *(("◎", "完了"), ("○", "順調"), ("△", "遅れ"), ("×", "未着手"))
        ]
        assert any("列「進捗R4」（前の年度のもの）" in line for line in tell(adopted, "left"))

    def test_a_year_that_is_asked_for_is_told_if_the_list_reports_another(self) -> None:
        adopted = adopt(make_years(), fiscal_year=2022)
        progress = adopted.files["data/keikaku/2022/progress.csv"].decode("utf-8-sig")
        assert [line.split(",")[1] for line in progress.splitlines()[1:]] == ["○", "△", "◎"]
        assert "開設した" not in progress
        assert any("令和5年度の報告とみえる" in line for line in warn(adopted))
        assert any("2022年度の「実績」の列がない" in line for line in warn(adopted))

    @pytest.mark.parametrize("years", [("R4", "R5"), ("2022", "2023"), ("4年度", "5年度")])
    def test_a_year_in_brackets_is_one_too(self, tmp_path: Path, years: tuple[str, str]) -> None:
        rows = [
            ["令和5年度の報告"],
            [
                "番号",
                "取組名",
                "担当課",
                *(f"評価（{year}）" for year in years),
                "実績（令和5年度）",
            ],
            ["1", "甲", "総務課", "×", "○", "した"],
        ]
        adopted = adopt(make_sheet(rows))
        made = read(adopted, tmp_path)
        assert list_cells(made, "progress.csv", "status") == [("○",)]
        assert any("前の年度のもの" in line for line in tell(adopted, "left"))

    def test_a_row_a_year(self, tmp_path: Path) -> None:
        rows = [
            ["番号", "取組名", "担当課", "年度", "評価", "実績"],
            ["1", "甲", "総務課", "R4", "B", "31%"],
            [None, None, None, "R5", "A", "35%"],
            ["2", "乙", "人権課", "R4", "C", "準備"],
            [None, None, None, "R5", "B", "開設"],
        ]
        adopted = adopt(make_sheet(rows))
        made = read(adopted, tmp_path)
        assert list_cells(made, "items.csv", "title") == [("甲",), ("乙",)]
        assert list_cells(made, "progress.csv", "status", "done") == [("A", "35%"), ("B", "開設")]
        assert any("2022年度の行を取り込まなかった（2件）" in line for line in warn(adopted))

    def test_years_as_headings_between_the_rows_are_no_goals(self, tmp_path: Path) -> None:
        rows = [
            ["番号", "取組名", "担当課", "進捗", "実績"],
            ["【令和4年度】"],
            ["1", "大会", "総務課", "△", "中止"],
            ["【令和5年度】"],
            ["1", "大会", "総務課", "○", "開催"],
        ]
        made = read(adopt(make_sheet(rows)), tmp_path)
        assert list_cells(made, "progress.csv", "status", "done") == [("○", "開催")]
        assert not [goal for goal in made.meta.goals if "年度" in goal.title]

    def test_years_in_which_something_is_carried_out(self, tmp_path: Path) -> None:
        rows = [
            ["令和5年度進捗"],
            ["番号", "取組", "担当課", "実施年度", None, "進捗", "実績"],
            [None, None, None, "R5", "R6", None, None],
            ["1", "甲", "企画課", "○", "○", "順調", "した"],
            ["2", "乙", "企画課", None, "○", "未着手", None],
        ]
        merged = [(2, 4, 2, 5), *((2, n, 3, n) for n in (1, 2, 3, 6, 7))]
        made = read(adopt(make_sheet(rows, merged=merged)), tmp_path)
        assert list_cells(made, "schedule.csv", "item", "first_year", "text") == [
            *(("i001", "2023", "実施"), ("i001", "2024", "実施"), ("i002", "2024", "実施"))
        ]

    def test_quarters(self, tmp_path: Path) -> None:
        rows = [
            ["令和5年度進捗"],
            ["番号", "事業名", "所管課", "進捗状況", None, "実績", None],
            [None, None, None, "第1四半期", "第2四半期", "第1四半期", "第2四半期"],
            ["1", "甲", "建設課", "△", "○", "交渉", "取得"],
            ["2", "乙", "企画課", "×", None, None, "2回"],
        ]
        merged = [(2, 4, 2, 5), (2, 6, 2, 7), *((2, n, 3, n) for n in (1, 2, 3))]
        adopted = adopt(make_sheet(rows, merged=merged))
        made = read(adopted, tmp_path)
        assert list_cells(made, "progress.csv", "status", "done") == [
            *(("○", "第1四半期：交渉\n第2四半期：取得"), ("", "第2四半期：2回"))
        ]
        assert made.meta.marks == ("○", "△", "×")
        assert "進捗は「第2四半期」の列から取った" in warn(adopted)


class TestLines:
    def test_lines_that_a_column_names(self, tmp_path: Path) -> None:
        rows: list[list[str | None]] = [
            ["令和5年度"],
            ["施策", "事業", "所管", "区分", "内容", "進捗率"],
        ]
        merged: Merged = []
        for title, plan, done in (("窓口", "設計", "設計した"), ("予約", "導入", "導入した")):
            merged += [(len(rows) + 1, n, len(rows) + 3, n) for n in (1, 2, 3, 6)]
            rows += [
                ["改革", title, "市民課", "計画", plan, "80%"],
                [None, None, None, "実績", done, None],
                [None, None, None, "課題", "費用", None],
            ]
        adopted = adopt(make_sheet(rows, merged=merged))
        made = read(adopted, tmp_path)
        assert list_cells(made, "progress.csv", "done", "issues") == [
            *(("設計した", "費用"), ("導入した", "費用"))
        ]
        assert list_cells(made, "schedule.csv", "text") == [("設計",), ("導入",)]
        assert any("進捗の割合を置く欄はない" in line for line in tell(adopted, "left"))

    @pytest.mark.parametrize(
        "heads",
        [
            [["番号", "取組名", "担当課", "上段：計画\n下段：実績", "評価"]],
            [["番号", "取組名", "担当課", "計画", "評価"], [None, None, None, "実績", None]],
        ],
    )
    def test_lines_that_the_heading_names(
        self, tmp_path: Path, heads: list[list[str | None]]
    ) -> None:
        rows = [
            *([["令和5年度"], *heads]),
            ["1", "甲", "市民課", "3窓口", "◎"],
            [None, None, None, "3窓口にした", None],
            ["2", "乙", "総務課", "5台", "○"],
            [None, None, None, "4台", None],
        ]
        merged = [(2, n, 1 + len(heads), n) for n in (1, 2, 3, 5)] if len(heads) > 1 else []
        made = read(adopt(make_sheet(rows, merged=merged)), tmp_path)
        assert list_cells(made, "progress.csv", "status", "done") == [
            *(("◎", "3窓口にした"), ("○", "4台"))
        ]
        assert list_cells(made, "schedule.csv", "text") == [("3窓口",), ("5台",)]


class TestParts:
    def test_divisions_and_sections_under_one_head_and_two_numbers(self, tmp_path: Path) -> None:
        rows = [
            ["番号", None, "事業名", "担当部署", None, "令和5年度実績", "評価"],
            [None, None, None, "部", "課・係", None, None],
            ["1-1", "1", "甲", "総務部", "デジタル\n戦略室", "した", "Ａ"],
            ["1-1", "2", "乙", "市民部", "市民課・税務課", "した（一部）", "D"],
            ["1-2", "3", "丙", "〃", "市民課", "した。", "－"],
            ["小計（部）", None, None, None, None, None, None],
            ["※評価　Ａ：計画以上　Ｄ：未実施　－：対象外"],
        ]
        merged = [(1, 1, 2, 2), (1, 4, 1, 5), *((1, n, 2, n) for n in (3, 6, 7))]
        made = read(adopt(make_sheet(rows, merged=merged)), tmp_path)
        assert list_cells(made, "departments.csv", "name", "division") == [
            *(("デジタル戦略室", "総務部"), ("市民課", "市民部"), ("税務課", ""))
        ]
        assert list_cells(made, "items.csv", "label") == [("1-1-1",), ("1-1-2",), ("1-2-3",)]
        assert [(m.mark, m.label) for m in made.meta.status_scale] == [
            *(("A", "計画以上"), ("D", "未実施"))
        ]

    def test_numbers_are_cited_with_a_hyphen(self, tmp_path: Path) -> None:
        rows = [
            ["令和5年度"],
            ["施策", "番号", "取組名", "担当課", "評価", "実績"],
            ["1-1 窓口", "7", "甲", "総務課", "○", "した"],
            ["1-2 予約", "8", "乙", "総務課", "○", "導入した"],
        ]
        write_project(tmp_path / "made", adopt(make_sheet(rows)).files)
        numbers = number_items(load_plan("keikaku", tmp_path / "made"))
        assert [*numbers.values()] == ["1-1-7", "1-2-8"]

    def test_a_legend_that_is_a_small_table_below(self, tmp_path: Path) -> None:
        rows = [
            ["No.", "取組", "主管課", "進捗", "令和5年度実績"],
            ["1", "甲", "施設課", "①", "120基"],
            ["2", "乙", "建築課", "②", "設計"],
            ["総合計", None, None, None, "2件"],
            *([], ["凡例"], ["①", "予定どおり"], ["②", "一部遅れ"], ["③", "未実施"]),
        ]
        made = read(adopt(make_sheet(rows)), tmp_path)
        assert list_cells(made, "items.csv", "title") == [("甲",), ("乙",)]
        assert [(m.mark, m.tone) for m in made.meta.status_scale] == [
            *(("①", "good"), ("②", "caution"), ("③", "bad"))
        ]


class TestDoubts:
    HEAD = ("番号", "取組名", "担当課", "評価", "令和5年度実績")

    def test_what_nobody_can_see_is_left_out(self, tmp_path: Path) -> None:
        rows = [[*self.HEAD], ["1", "甲", "総務課", "○", "した"], ["2", "乙", "総務課", "×", "旧"]]
        plain = make_sheet(rows)
        sheet = Sheet(plain.name, plain.cells, hidden_rows=frozenset({3}))
        adopted = adopt(sheet)
        assert list_cells(read(adopted, tmp_path), "items.csv", "title") == [("甲",)]
        assert "表示されていない行を取り込まなかった（1件。3行目など）" in warn(adopted)

    def test_two_marks_in_a_cell_are_none(self, tmp_path: Path) -> None:
        rows = [[*self.HEAD], ["1", "甲", "総務課", "○", "した"], ["2", "乙", "総務課", "△\n○", ""]]
        adopted = adopt(make_sheet(rows))
        made = read(adopted, tmp_path)
        assert list_cells(made, "progress.csv", "status", "change_reason")[1] == ("", "")
        assert "「△ ○」は記号が二つあるので、未報告とした" in warn(adopted)

    def test_what_speaks_against_the_reading_comes_first(self) -> None:
        rows = [
            [*self.HEAD[:2], *self.HEAD[3:]],
            *([str(n), f"甲{n}", None, "同じ文"] for n in "123"),
        ]
        adopted = adopt(make_sheet(rows))
        lines = adopted.guesses.write_lines("look")
        assert all(line.startswith("★ ") for line in lines[:3])
        assert [line for line in warn(adopted) if "同じ文" in line]
        assert [line for line in warn(adopted) if "色や図形は読み取れない" in line]
        assert "担当する部署の列が見つからない" in warn(adopted)

    def test_items_in_columns_are_refused(self) -> None:
        rows = [
            ["取組名", "甲", "乙"],
            ["担当課", "市民課", "情報課"],
            ["進捗", "○", "△"],
            ["実績", "した", "済"],
        ]
        with pytest.raises(InputRefused, match="stand in columns"):
            adopt(make_sheet(rows), fiscal_year=2023)
