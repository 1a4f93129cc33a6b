"""A plan's structure, its schedule beside its progress, and what it says of its parts."""

from collections.abc import Callable

import pytest

from nenpo.analysis.coverage import count_coverage
from nenpo.analysis.progress import Year, load_year
from nenpo.content import changes, coverage, structure
from nenpo.content.display import Nothing, Sentences, Table
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_frames,
    need_group,
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
    def test_counts_of_each_measure_stand_under_its_goal(self) -> None:
        table = need_table(coverage.table(brief(read_words())))
        assert table.rows == (
            ("柱1 便利な窓口", "", "", "", "", "", "", ""),
            ("方策1 窓口の改善", "2", "2", "2", "2", "1", "1", "0"),
            ("方策2 職員の育成", "1", "0", "0", "1", "0", "0", "0"),
            ("柱2 確かな基盤", "", "", "", "", "", "", ""),
            ("方策1 無線の整備", "1", "1", "0", "0", "0", "0", "1"),
            ("計", "4", "3", "2", "3", "1", "1", "1"),
        )

    def test_columns_are_called_as_the_plan_calls_its_parts(self) -> None:
        table = need_table(coverage.table(brief(read_words())))
        assert labels(table)[:3] == ["方策", "事業の数", "進捗あり"]

    def test_goals_head_and_the_last_row_is_the_total(self) -> None:
        table = need_table(coverage.table(brief(read_words())))
        assert table.kinds == ("group", "body", "body", "group", "body", "total")

    def test_one_goal_heads_nothing(self, words: Project) -> None:
        words.set_cell("data/words/measures.csv", 3, "goal", "g1")
        table = need_table(coverage.table(brief(read_words(project=words))))
        assert [row[0] for row in table.rows] == [
            "柱1方策1 窓口の改善",
            "方策2 職員の育成",
            "柱1方策1 無線の整備",
            "計",
        ]

    def test_a_goal_that_stands_for_a_measure_does_not_head_itself(self, koto: Year) -> None:
        table = need_table(coverage.table(brief(koto)))
        assert "group" not in table.kinds

    def test_what_no_row_has_is_no_column(self, koto: Year) -> None:
        table = need_table(coverage.table(brief(koto)))
        assert labels(table) == ["施策", "取組の数", "進捗あり", "以降予定"]

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


class TestOffPlan:
    def test_what_changed_comes_before_what_cannot_be_compared(self) -> None:
        assert need_table(coverage.off_plan(brief(read_words()))).rows == (
            ("変更", "柱1方策1 地図の公開", "公開", "公開を検討した", "公開が検討になった"),
            (
                "比較できない",
                "柱2方策1 無線の更新",
                "記載なし",
                "無線を更新した",
                "予定の記載がない",
            ),
        )

    def test_changed_comes_first_whatever_the_order_of_items(self, words: Project) -> None:
        words.set_cell(PROGRESS, 1, "adherence", "not_comparable")
        table = need_table(coverage.off_plan(brief(read_words(project=words))))
        assert read_column(table, "対比") == ["変更", "比較できない", "比較できない"]

    def test_progress_that_is_not_stated_says_so(self, words: Project) -> None:
        words.set_cell(PROGRESS, 2, "done", "")
        table = need_table(coverage.off_plan(brief(read_words(project=words))))
        assert read_column(table, "令和3年度の進捗")[0] == "記載なし"

    def test_all_kept_to_schedule_shows_nothing(self) -> None:
        assert isinstance(coverage.off_plan(brief(read_words(2022))), Nothing)

    def test_a_plan_without_judgement_shows_nothing(self, koto: Year) -> None:
        assert isinstance(coverage.off_plan(brief(koto)), Nothing)

    def test_the_rows_of_the_real_plan_are_those_counted(self, reform: Year) -> None:
        counts = count_coverage(reform, reform.items)
        words = read_column(need_table(coverage.off_plan(brief(reform))), "対比")
        assert words == ["変更"] * counts.changed + ["比較できない"] * counts.not_comparable

    def test_every_judgement_of_the_real_plan_has_its_reason(self, reform: Year) -> None:
        assert "" not in read_column(need_table(coverage.off_plan(brief(reform))), "判断の理由")


class TestSchedule:
    def test_every_item_has_its_schedule_beside_its_progress(self) -> None:
        kept, lead = "予定の二つが報告にある", "総務局"
        assert need_table(coverage.full_list(brief(read_words()))).rows == (
            (
                "柱1方策1 予約の受付",
                "設計、試行",
                "試行",
                "",
                "設計し、試行した",
                "",
                "予定どおり",
                kept,
                lead,
            ),
            (
                *("柱1方策1 地図の公開", "公開", "", "", "公開を検討した", "公開する", "変更"),
                *("公開が検討になった", lead),
            ),
            (
                *("方策2 職員の研修", "", "研修の実施", "研修の実施", "記載なし", "研修を始める"),
                *("", ""),
                "（総務局）",
            ),
            (
                *("柱2方策1 無線の更新", "", "", "", "無線を更新した", "", "比較できない"),
                *("予定の記載がない", ""),
            ),
        )

    def test_each_scheduled_year_is_a_column_of_its_own(self) -> None:
        table = need_table(coverage.full_list(brief(read_words())))
        assert labels(table)[1:5] == [
            "令和3年度の予定",
            "令和4年度の予定",
            "令和5年度の予定",
            "令和3年度の進捗",
        ]

    def test_nobody_in_charge_is_no_column(self, words: Project) -> None:
        words.path("data/words/2021/assignments.csv").unlink()
        table = need_table(coverage.full_list(brief(read_words(project=words))))
        assert labels(table)[-1] == "判断の理由"

    def test_nothing_scheduled_shows_nothing(self, koto: Year) -> None:
        assert isinstance(coverage.full_list(brief(koto)), Nothing)

    def test_a_year_without_items_shows_no_schedule(self, words: Project) -> None:
        words.path("data/words/2022/progress.csv").unlink()
        assert isinstance(coverage.full_list(brief(read_words(2022, project=words))), Nothing)

    def test_the_real_plan_lists_all_its_items(self, reform: Year) -> None:
        assert len(need_table(coverage.full_list(brief(reform))).rows) == 14


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

    def test_aspects_come_in_the_order_of_the_plan_and_points_one_a_line(self) -> None:
        """In the file the issue stands before the present state."""
        table = need_group(structure.parts(brief(read_words()))).parts[1]
        assert need_table(table).rows == (
            ("現状", "・窓口が分かれている。\n・予約は電話で受ける。"),
            ("課題", "待つ時間が長い。"),
        )

    def test_parts_that_are_described_have_a_heading_each(self) -> None:
        parts = need_group(structure.parts(brief(read_words()))).parts
        headings = [part.paragraphs for part in parts if isinstance(part, Sentences)]
        assert headings == [("柱1方策1 窓口の改善",), ("柱2 確かな基盤",)]
        assert len(parts) == 4

    def test_a_department_is_shown_the_parts_of_its_items(self) -> None:
        parts = need_group(structure.parts(brief(read_words(2021, "soumu")))).parts
        headings = [part.paragraphs for part in parts if isinstance(part, Sentences)]
        assert headings == [("柱1方策1 窓口の改善",)]

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
        parts = need_group(structure.parts(brief(unnamed))).parts
        assert len([part for part in parts if isinstance(part, Table)]) == 8


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

    def test_measures_without_title_stand_in_one_row(self, koto: Year) -> None:
        table = need_table(structure.table(brief(koto)))
        assert ("施策3、施策4、施策5（題名の記載なし）", "—") in table.rows

    def test_the_numbers_of_a_real_plan_add_up_to_its_items(self, koto: Year, reform: Year) -> None:
        for year in (koto, reform):
            numbers = read_column(need_table(structure.table(brief(year))), year_column(year))
            assert sum(int(cell) for cell in numbers if cell.isdigit()) == len(year.items)

    def test_strategies_that_are_not_reported_are_listed_by_title(self, reform: Year) -> None:
        table = need_table(structure.table(brief(reform)))
        assert table.kinds.count("group") == 5
        assert ("取組2 図書館のあり方の検討", "—") in table.rows


def year_column(year: Year) -> str:
    return f"{year.plan.meta.terms.item}の数"


@pytest.mark.parametrize(
    "tell",
    [
        coverage.table,
        coverage.off_plan,
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
