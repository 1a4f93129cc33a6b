"""A plan's structure, its schedule beside its progress, and what it says of its parts."""

from collections.abc import Callable

import pytest

from nenpo.analysis.progress import Year, load_year
from nenpo.content import changes, coverage, structure
from nenpo.content.display import Nothing, Table
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_frames,
    need_table,
    read_column,
    read_plan,
    read_words,
)

PROGRESS = "data/words/2021/progress.csv"
Tables = Callable[[Year], object]


@pytest.fixture(scope="module")
def reform() -> Year:
    return load_year(read_plan("nakano-structural-reform"), 2021)


@pytest.fixture(scope="module")
def koto() -> Year:
    return load_year(read_plan("koto-informatization"), 2021)


@pytest.fixture(scope="module")
def unnamed() -> Year:
    return load_year(read_plan("unnamed-ward-digitalization"), 2021)


def labels(table: Table) -> list[str]:
    return [column.label for column in table.columns]


class TestCoverage:
    def test_each_measure_has_its_counts(self) -> None:
        table = need_table(coverage.table(brief(read_words())))
        assert table.rows == (
            ("柱1方策1 窓口の改善", "2", "2", "2", "2", "1", "1", "0"),
            ("柱1方策2 職員の育成", "1", "0", "0", "1", "0", "0", "0"),
            ("柱2方策1 無線の整備", "1", "1", "0", "0", "0", "0", "1"),
            ("計", "4", "3", "2", "3", "1", "1", "1"),
        )

    def test_columns_are_called_as_the_plan_calls_its_parts(self) -> None:
        table = need_table(coverage.table(brief(read_words())))
        assert labels(table)[:3] == ["方策", "事業の数", "進捗あり"]

    def test_what_has_no_time_is_counted_beside_what_is_stated(self, unnamed: Year) -> None:
        table = need_table(coverage.table(brief(unnamed)))
        assert labels(table)[1:] == [
            *("取組の数", "進捗あり", "うち年度なし"),
            *("今後の予定", "うち時期なし"),
        ]
        assert table.rows[-1] == ("計", "16", "7", "6", "3", "2")

    def test_what_every_item_has_is_no_column_but_told(self, reform: Year) -> None:
        """The numbers of items, progress and both schedules were four columns of equal cells."""
        table = need_table(coverage.table(brief(reform)))
        assert labels(table) == ["取組", "項目の数", "予定どおり", "変更", "比較できない"]
        assert table.note.startswith(
            "いずれの項目にも、令和3年度の進捗、令和3年度の予定及び今後の予定の記載がある。"
        )

    def test_one_measure_has_no_total(self, words: Project) -> None:
        for row in (3, 4):
            words.set_cell("data/words/items.csv", row, "measure", "m1-1")
        table = need_table(coverage.table(brief(read_words(project=words))))
        assert (len(table.rows), table.kinds) == (1, ())

    def test_the_last_row_is_the_total(self) -> None:
        table = need_table(coverage.table(brief(read_words())))
        assert table.kinds == ("body", "body", "body", "total")

    def test_what_no_row_has_is_no_column(self, koto: Year) -> None:
        table = need_table(coverage.table(brief(koto)))
        assert labels(table) == [
            *("施策", "取組の数", "うち年度なし"),
            *("今後の予定", "うち時期なし"),
        ]

    def test_judgements_are_explained_only_where_there_are_some(self, koto: Year) -> None:
        notes = [need_table(coverage.table(brief(y))).note for y in (read_words(), koto)]
        assert ["判断したもの" in note for note in notes] == [True, False]

    @pytest.mark.parametrize("plan", ["reform", "koto", "unnamed"])
    def test_rows_of_a_real_plan_add_up_to_the_total(
        self, plan: str, request: pytest.FixtureRequest
    ) -> None:
        table = need_table(coverage.table(brief(request.getfixturevalue(plan))))
        counted = zip(table.rows, table.kinds, strict=True)
        body = [list(map(int, row[1:])) for row, kind in counted if kind == "body"]
        assert [sum(column) for column in zip(*body, strict=True)] == [
            int(cell) for cell in table.rows[-1][1:]
        ]

    def test_a_plan_with_marks_is_shown_no_coverage(self, tiny: Project) -> None:
        year = load_year(load_plan("tiny", tiny.root), 2021)
        assert isinstance(coverage.table(brief(year)), Nothing)

    def test_a_year_without_items_is_shown_no_coverage(self, words: Project) -> None:
        words.path("data/words/2022/progress.csv").unlink()
        year = read_words(2022, project=words)
        assert isinstance(coverage.table(brief(year)), Nothing)


class TestSchedule:
    def test_every_item_has_its_schedule_beside_its_progress(self) -> None:
        assert need_table(coverage.full_list(brief(read_words()))).rows == (
            ("柱1方策1 窓口の改善", "担当局：総務局", "", "", "", "", ""),
            ("予約の受付", "設計、試行", "試行", "", "設計し、試行した", "", "予定どおり"),
            ("地図の公開", "公開", "", "", "公開を検討した", "公開する", "変更"),
            ("判断の理由：公開が検討になった", "", "", "", "", "", ""),
            ("柱1方策2 職員の育成", "担当局：（総務局）", "", "", "", "", ""),
            ("職員の研修", "", "研修の実施", "", "記載なし", "研修を始める", ""),
            ("柱2方策1 無線の整備", "", "", "", "", "", ""),
            ("無線の更新", "", "", "", "無線を更新した", "", "比較できない"),
            ("判断の理由：予定の記載がない", "", "", "", "", "", ""),
        )

    def test_a_step_of_several_years_is_one_cell_across_them(self) -> None:
        table = need_table(coverage.full_list(brief(read_words())))
        assert table.joined == ((5, 3),)

    def test_who_leads_an_item_stands_below_it_where_the_measure_has_several(
        self, words: Project
    ) -> None:
        words.replace("data/words/2021/assignments.csv", "m1-1,soumu", "i1-1-01,soumu")
        table = need_table(coverage.full_list(brief(read_words(project=words))))
        assert table.rows[:3] == (
            ("柱1方策1 窓口の改善", "", "", "", "", "", ""),
            ("予約の受付", "設計、試行", "試行", "", "設計し、試行した", "", "予定どおり"),
            ("担当局：総務局", "", "", "", "", "", ""),
        )
        assert table.kinds[:3] == ("group", "body", "note")

    def test_each_scheduled_year_is_a_column_of_its_own(self) -> None:
        table = need_table(coverage.full_list(brief(read_words())))
        assert labels(table)[1:5] == [
            "令和3年度の予定",
            "令和4年度の予定",
            "令和5年度の予定",
            "令和3年度の進捗",
        ]

    def test_nobody_in_charge_is_not_told(self, words: Project) -> None:
        words.path("data/words/2021/assignments.csv").unlink()
        table = need_table(coverage.full_list(brief(read_words(project=words))))
        assert "担当局" not in str(table.rows)

    def test_nothing_judged_is_no_column(self, words: Project) -> None:
        for row in (1, 2, 4):
            for column in ("adherence", "adherence_reason"):
                words.set_cell(PROGRESS, row, column, "")
        table = need_table(coverage.full_list(brief(read_words(project=words))))
        assert labels(table)[-1] == "今後の予定"

    def test_nothing_scheduled_shows_nothing(self, koto: Year) -> None:
        assert isinstance(coverage.full_list(brief(koto)), Nothing)

    def test_a_year_without_items_shows_no_schedule(self, words: Project) -> None:
        words.path("data/words/2022/progress.csv").unlink()
        assert isinstance(coverage.full_list(brief(read_words(2022, project=words))), Nothing)

    def test_the_real_plan_lists_all_its_items(self, reform: Year) -> None:
        assert need_table(coverage.full_list(brief(reform))).kinds.count("body") == 14


class TestReportChanges:
    def test_last_years_words_stand_beside_this_years_where_they_differ(self) -> None:
        assert need_table(changes.reports(brief(read_words(2022)))).rows == (
            ("柱1方策1-2 地図の公開", "公開を検討した", "地図を公開した"),
            ("柱2方策1-1 無線の更新", "無線を更新した", "記載なし"),
        )

    def test_words_that_all_stay_the_same_need_no_table(self, words: Project) -> None:
        progress = "data/words/2022/progress.csv"
        words.set_cell(progress, 2, "done", "公開を検討した")
        words.set_cell(progress, 4, "done", "無線を更新した")
        assert isinstance(changes.reports(brief(read_words(2022, project=words))), Nothing)

    def test_years_are_named_in_the_header(self) -> None:
        table = need_table(changes.reports(brief(read_words(2022))))
        assert labels(table) == ["事業", "令和3年度の進捗", "令和4年度の進捗"]

    def test_the_first_year_shows_no_change(self) -> None:
        assert isinstance(changes.reports(brief(read_words(2021))), Nothing)

    def test_a_plan_with_marks_shows_its_changes_elsewhere(self, tiny: Project) -> None:
        year = load_year(load_plan("tiny", tiny.root), 2022)
        assert isinstance(changes.reports(brief(year)), Nothing)


class TestDescriptions:
    def test_the_whole_plan_is_described_by_its_own_sheet(self) -> None:
        table = need_table(structure.description(brief(read_words())))
        assert table.rows == (("現状", "町の全ての事務を対象とする。"),)

    def test_aspects_come_in_the_order_of_the_plan_and_points_are_sentences(self) -> None:
        """In the file the issue stands before the present state."""
        table = need_table(structure.parts(brief(read_words())))
        assert table.rows == (
            ("柱1方策1 窓口の改善", ""),
            ("現状", "窓口が分かれている。予約は電話で受ける。"),
            ("課題", "待つ時間が長い。"),
            ("柱2 確かな基盤", ""),
            ("現状", "設備が古い。"),
        )

    def test_parts_that_are_described_are_bands_of_one_table(self) -> None:
        table = need_table(structure.parts(brief(read_words())))
        assert table.kinds == ("group", "body", "body", "group", "body")

    def test_a_department_is_shown_the_parts_of_its_items(self) -> None:
        table = need_table(structure.parts(brief(read_words(2021, "soumu"))))
        assert list_bands(table) == ["柱1方策1 窓口の改善"]

    def test_percents_are_printed_in_one_form(self, words: Project) -> None:
        words.append("data/words/sheets.csv", "g2,issue,利用は14%である。,s2,105")
        table = need_table(structure.parts(brief(read_words(project=words))))
        assert ("課題", "利用は14％である。") in table.rows

    def test_a_plan_without_sheets_describes_nothing(self, tiny: Project) -> None:
        year = load_year(load_plan("tiny", tiny.root), 2021)
        assert isinstance(structure.description(brief(year)), Nothing)
        assert isinstance(structure.parts(brief(year)), Nothing)

    def test_a_plan_that_describes_parts_only_says_nothing_of_the_whole(
        self, words: Project
    ) -> None:
        words.set_cell("data/words/sheets.csv", 5, "subject", "g1")
        assert isinstance(structure.description(brief(read_words(project=words))), Nothing)

    def test_the_unnamed_ward_describes_all_of_its_eight_fields(self, unnamed: Year) -> None:
        table = need_table(structure.parts(brief(unnamed)))
        assert len(list_bands(table)) == 8

    def test_where_labels_repeat_every_measure_stands_behind_its_goal(self, unnamed: Year) -> None:
        """(4) occurs once, but beside 生産性(1) it would be looked for under every goal."""
        table = need_table(structure.parts(brief(unnamed)))
        assert "生産性(4) セキュリティの強化" in list_bands(table)


class TestStructure:
    def test_a_plan_that_reports_every_measure_needs_no_structure(self, unnamed: Year) -> None:
        assert isinstance(structure.table(brief(read_words())), Nothing)
        assert isinstance(structure.table(brief(unnamed)), Nothing)

    def test_measures_that_are_not_reported_are_listed_without_a_number(
        self, words: Project
    ) -> None:
        words.replace(
            PROGRESS, "i2-1-01,,,,無線を更新した,,,,not_comparable,予定の記載がない,,s1,31\n", ""
        )
        table = need_table(structure.table(brief(read_words(project=words))))
        assert table.rows == (
            ("柱1 便利な窓口", ""),
            ("方策1 窓口の改善", "2"),
            ("方策2 職員の育成", "1"),
            ("柱2 確かな基盤", ""),
            ("方策1 無線の整備", "—"),
        )
        assert table.kinds == ("group", "body", "body", "group", "body")

    def test_the_dash_and_the_plans_own_note_are_explained(self, words: Project) -> None:
        words.replace(
            PROGRESS, "i2-1-01,,,,無線を更新した,,,,not_comparable,予定の記載がない,,s1,31\n", ""
        )
        table = need_table(structure.table(brief(read_words(project=words))))
        assert table.note == (
            "—は、この文書で報告する事業がないことを表す。"
            "進捗が未報告の事業1件は含まない。題名は計画書による。"
        )

    def test_items_without_measure_are_counted_under_their_goal(self, words: Project) -> None:
        words.set_cell("data/words/items.csv", 4, "measure", "g2")
        table = need_table(structure.table(brief(read_words(project=words))))
        assert table.rows[-2:] == (
            ("方策1 無線の整備", "—"),
            ("（方策の別の記載なし）", "1"),
        )

    def test_where_no_measure_has_a_title_the_goals_say_it(self, koto: Year) -> None:
        table = need_table(structure.table(brief(koto)))
        assert "group" not in table.kinds
        assert ("施策6〜8 情報インフラの整備", "—") in table.rows

    def test_the_numbers_of_a_real_plan_add_up_to_its_items(self, koto: Year, reform: Year) -> None:
        for year in (koto, reform):
            numbers = read_column(need_table(structure.table(brief(year))), year_column(year))
            assert sum(int(cell) for cell in numbers if cell.isdigit()) == len(year.items)

    def test_strategies_that_are_not_reported_are_listed_by_title(self, reform: Year) -> None:
        table = need_table(structure.table(brief(reform)))
        assert table.kinds.count("group") == 5
        row = next(row for row in table.rows if "取組2 図書館のあり方の検討" in row[0])
        assert row[0].startswith("取組1 区有施設の財産経営、取組2 ")
        assert row[1] == "—"


def list_bands(table: Table) -> list[str]:
    return [row[0] for row, kind in zip(table.rows, table.kinds, strict=True) if kind == "group"]


class TestFinding:
    """What page one says of progress in words."""

    def test_what_is_kept_changed_and_not_comparable_comes_first(self) -> None:
        assert coverage.finding(brief(read_words())) == (
            "事業4件を計画の令和3年度の予定と対比すると、「予定どおり」は1件、"
            "「変更」は1件（柱1方策1-2）、「比較できない」は1件（柱2方策1-1）である。",
            "事業4件中3件に令和3年度の進捗の記載がある。",
            "今後の予定の記載があるものは3件である。",
        )

    def test_progress_without_a_year_is_not_said_to_be_the_years(self, koto: Year) -> None:
        assert coverage.finding(brief(koto)) == (
            "取組11件の全てに進捗の記載があり、このうち8件は年度の記載がない。",
            "今後の予定の記載があるものは1件で、時期の記載がない。",
        )

    def test_plans_without_a_time_are_told_apart(self, unnamed: Year) -> None:
        assert coverage.finding(brief(unnamed)) == (
            "取組16件中7件に進捗の記載があり、このうち6件は年度の記載がない。",
            "今後の予定の記載があるものは3件で、このうち2件は時期の記載がない。",
        )

    def test_nothing_reported_is_said(self, words: Project) -> None:
        for row in (1, 2, 4):
            words.set_cell(PROGRESS, row, "done", "")
        told = coverage.finding(brief(read_words(project=words)))
        assert "事業4件に、令和3年度の進捗の記載はない。" in told

    def test_a_plan_with_marks_has_none(self, tiny: Project) -> None:
        assert coverage.finding(brief(load_year(load_plan("tiny", tiny.root), 2021))) == ()


def year_column(year: Year) -> str:
    return f"{year.plan.meta.terms.item}の数"


@pytest.mark.parametrize(
    "tell",
    [
        coverage.finding,
        coverage.table,
        coverage.full_list,
        changes.reports,
        structure.description,
        structure.parts,
        structure.table,
    ],
)
def test_a_table_leaves_the_year_as_it_was(tell: Tables) -> None:
    year = read_words(2022)
    before = copy_frames(year)
    tell(brief(year))
    assert_unchanged(year, before)
