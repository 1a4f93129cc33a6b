"""Plans side by side: nothing is called comparable that counts something else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nenpo.content import comparison, contrasts, themes
from nenpo.content.briefing import OpenComparison
from nenpo.content.compared import list_compared, name_plan
from nenpo.content.display import Nothing, Table
from nenpo.data.catalogue import Catalogue
from nenpo.data.load import load_catalogue
from nenpo.errors import InputRefused
from opened import compare
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_compared,
    copy_frames,
    need_table,
    read_compared,
    read_paragraphs,
    read_real,
)

EAST, WEST = "東市「デジタル計画」", "市名の記載なし「便利な市への取組」"


@pytest.fixture
def compared(tmp_path: Path) -> Project:
    return copy_compared(tmp_path / "compared")


@pytest.fixture(scope="module")
def real() -> Catalogue:
    return load_catalogue()


def read_groups(table: Table) -> list[str]:
    rows = zip(table.rows, table.kinds, strict=True)
    return [row[0] for row, kind in rows if kind == "group"]


def list_under(table: Table, group: str) -> list[tuple[str, ...]]:
    """Return the rows under a group row."""
    found: dict[str, list[tuple[str, ...]]] = {}
    current = ""
    for row, kind in zip(table.rows, table.kinds, strict=True):
        if kind == "group":
            current = row[0]
            found[current] = []
        else:
            found[current].append(row)
    return found[group]


def read_cell(catalogue: Catalogue, theme: str, plan: str, fiscal_year: int = 2021) -> list[str]:
    """Return the lines of a cell of the matrix."""
    shown = compare(catalogue, fiscal_year)
    table = need_table(themes.matrix(shown))
    plans = [each.id for each in list_compared(catalogue)]
    row = next(row for row in table.rows if row[0] == theme)
    return row[1 + plans.index(plan)].split("\n")


def tell_details(catalogue: Catalogue, theme: str, plan: str, fiscal_year: int = 2021) -> list[str]:
    """Return what the details say of a plan under a theme, one line a part."""
    table = need_table(themes.details(compare(catalogue, fiscal_year)))
    name = name_plan(catalogue.plans[plan])
    rows = dict(row for row in list_under(table, theme) if row[1])
    return [line.removeprefix("・") for line in rows[name].split("\n")]


class TestWhatIsCompared:
    def test_the_national_plan_is_not_among_the_plans_compared(self) -> None:
        plans = list_compared(read_compared())
        assert [plan.id for plan in plans] == ["east", "west"]

    def test_a_national_figure_beside_others_makes_it_no_compared_plan(
        self, compared: Project
    ) -> None:
        compared.append("data/comparisons.csv", "maps,割合,割合,nation,n1-share,")
        plans = list_compared(read_compared(compared))
        assert [plan.id for plan in plans] == ["east", "west"]

    def test_a_plan_without_part_in_any_theme_is_left_out(self, compared: Project) -> None:
        for file in ("data/themes.csv", "data/comparisons.csv"):
            lines = compared.read(file).splitlines()
            compared.write(file, "\n".join(line for line in lines if "west" not in line) + "\n")
        plans = list_compared(read_compared(compared))
        assert [plan.id for plan in plans] == ["east"]

    def test_a_plan_is_named_with_its_municipality(self) -> None:
        assert name_plan(read_compared().plans["east"]) == EAST

    def test_a_plan_without_municipality_says_that_there_is_none(self) -> None:
        assert name_plan(read_compared().plans["west"]) == WEST

    def test_a_title_that_begins_with_the_municipality_is_not_doubled(
        self, compared: Project
    ) -> None:
        compared.replace("data/east/plan.yaml", "short_title: デ", "short_title: 東市デ")
        assert name_plan(read_compared(compared).plans["east"]) == "「東市デジタル計画」"

    def test_plans_are_counted_as_their_data_have_them(self) -> None:
        assert need_table(comparison.plans(compare(read_compared(), 2021))).rows == (
            (EAST, "◎ ×", "1", "3", "0", "3"),
            (WEST, "文章", "0", "1", "0", "2"),
        )

    def test_the_counts_of_the_real_plans_equal_their_files(self, real: Catalogue) -> None:
        table = need_table(comparison.plans(compare(real, 2021)))
        plans = list_compared(real)
        for plan, row in zip(plans, table.rows, strict=True):
            files = [read_real(f"{plan.id}/{name}.csv") for name in ("measures", "items")]
            assert row[2:4] == tuple(str(len(rows)) for rows in files)

    def test_nothing_to_compare_shows_nothing(self, compared: Project) -> None:
        for file in ("comparison.yaml", "themes.csv", "comparisons.csv", "priorities.csv"):
            compared.path(f"data/{file}").unlink()
        catalogue = read_compared(compared)
        shown = (
            comparison.summary(compare(catalogue)),
            comparison.plans(compare(catalogue, 2021)),
            themes.matrix(compare(catalogue, 2021)),
            themes.details(compare(catalogue, 2021)),
            contrasts.table(compare(catalogue, 2021)),
            comparison.priorities(compare(catalogue)),
        )
        assert [type(value) for value in shown] == [Nothing] * 6


class TestSummary:
    def test_it_tells_which_themes_all_have_and_which_only_one(self) -> None:
        """The theme that no plan has is not counted."""
        lead = read_paragraphs(comparison.summary(compare(read_compared())))
        assert lead[0] == (
            "2主題中1主題（窓口の予約）は、2市の全てに記載がある。"
            "地図の公開は、東市だけに記載がある。"
        )

    def test_it_tells_that_no_theme_is_common_to_all(self, compared: Project) -> None:
        compared.replace("data/themes.csv", "booking,west,i1,\n", "maps,west,i1,\n")
        compared.replace("data/themes.csv", "maps,east,maps-open,\n", "")
        lead = read_paragraphs(comparison.summary(compare(read_compared(compared))))
        assert lead[0].startswith("2主題のうち、2市の全てに記載があるものはない。")

    def test_plans_of_one_municipality_are_compared_as_plans(self, compared: Project) -> None:
        compared.replace("data/west/plan.yaml", "name: null", "name: 東市")
        lead = read_paragraphs(comparison.summary(compare(read_compared(compared))))
        assert "2件の計画等の全てに記載がある" in lead[0]

    def test_municipalities_of_different_kinds_have_a_common_word(self, compared: Project) -> None:
        compared.replace("data/west/plan.yaml", "kind: 市", "kind: 町")
        lead = read_paragraphs(comparison.summary(compare(read_compared(compared))))
        assert "2自治体の全てに" in lead[0]

    def test_values_that_count_the_same_are_told_with_their_owners(self) -> None:
        told = read_paragraphs(comparison.summary(compare(read_compared())))[1]
        assert told == (
            "対照した2件の数値のうち、同じ対象の値を並べられるものは1件で、"
            "予約の数は東市1,200件、市名の記載のない市約800件である。"
        )

    def test_it_tells_that_no_figure_is_comparable(self, compared: Project) -> None:
        compared.set_cell("data/comparisons.csv", 3, "basis", "窓口と電話の予約の件数")
        told = read_paragraphs(comparison.summary(compare(read_compared(compared))))[1]
        assert told == "対照した2件の数値に、同じ対象の値を並べて比べられるものはない。"

    def test_without_figures_it_says_nothing_of_them(self, compared: Project) -> None:
        compared.path("data/comparisons.csv").unlink()
        lead = read_paragraphs(comparison.summary(compare(read_compared(compared))))
        assert not [text for text in lead if "数値" in text]

    def test_national_and_metropolitan_rates_are_not_the_wards(self, real: Catalogue) -> None:
        told = read_paragraphs(comparison.summary(compare(real)))[1]
        assert told.startswith("区どうしを比べられる数値はない。")
        assert "は中野区21.4％、全国15.9％、東京都20.8％" in told

    def test_the_real_lead_names_the_themes_of_all_three_wards(self, real: Catalogue) -> None:
        """Three documents name 中野区, one 江東区, and one no ward at all."""
        told = read_paragraphs(comparison.summary(compare(real)))[0]
        assert told.startswith("11主題中6主題（行政手続のオンライン化、")
        assert told.endswith("3区の全てに記載がある。オープンデータは、中野区だけに記載がある。")


class TestMatrix:
    def test_themes_that_are_used_come_in_the_order_of_the_declaration(self) -> None:
        table = need_table(themes.matrix(compare(read_compared(), 2021)))
        assert [row[0] for row in table.rows] == ["窓口の予約", "地図の公開"]

    def test_plans_stand_under_their_municipality(self) -> None:
        table = need_table(themes.matrix(compare(read_compared(), 2021)))
        assert [(cell.text, cell.span) for cell in table.groups] == [
            ("", 1),
            ("東市", 1),
            ("市名の記載なし", 1),
        ]
        assert [column.label for column in table.columns][1:] == [
            "デジタル計画",
            "便利な市への取組",
        ]

    def test_a_theme_that_a_plan_does_not_have_is_told(self) -> None:
        assert read_cell(read_compared(), "地図の公開", "west") == ["記載なし"]

    def test_items_are_counted_once_with_their_marks(self) -> None:
        """The second part is an item of the first."""
        assert read_cell(read_compared(), "窓口の予約", "east") == ["3件：◎2 ×1"]

    def test_items_in_words_are_counted_by_what_is_stated(self, compared: Project) -> None:
        compared.append("data/west/items.csv", "i2,g1,電話の受付,,ward,,,,,,,w1,12")
        compared.append("data/west/items.csv", "i3,g1,窓口の受付,,ward,,,,,,,w1,13")
        compared.append("data/west/2021/progress.csv", "i2,,,,,始める予定,,w1,12")
        compared.append("data/west/2021/progress.csv", "i3,,,,,,,w1,13")
        compared.append("data/themes.csv", "booking,west,g1,")
        catalogue = read_compared(compared)
        assert read_cell(catalogue, "窓口の予約", "west") == ["3件：実績1 予定1 記載なし1"]

    def test_a_figure_is_told_by_its_name_and_value(self) -> None:
        assert read_cell(read_compared(), "地図の公開", "east") == ["公開した地図 約30枚＊"]

    def test_a_short_text_takes_its_values_from_the_data(self, compared: Project) -> None:
        shorten(compared, "予約{bookings}、窓口{desks}")
        assert read_cell(read_compared(compared), "窓口の予約", "east") == [
            "3件：◎2 ×1",
            "予約1,200件、窓口5か所（令和3年6月）",
        ]

    def test_a_value_of_another_year_has_its_year(self, compared: Project) -> None:
        shorten(compared, "予約{bookings}")
        told = read_cell(read_compared(compared), "窓口の予約", "east", 2022)
        assert told[-1] == "予約1,200件（令和3年度）"

    def test_a_part_without_items_and_words_is_said_to_be_described(
        self, compared: Project
    ) -> None:
        compared.append("data/themes.csv", "maps,west,plan,地図を広める")
        assert read_cell(read_compared(compared), "地図の公開", "west") == ["取組の説明あり"]

    def test_a_relisting_counts_where_its_original_is(self, real: Catalogue) -> None:
        """1-1-④ repeats an item of 1-1-②, and 1-6-① two of 1-3-②: none has a mark of its own."""
        told = [
            read_cell(real, theme, "nakano-informatization")[0]
            for theme in ("行政手続のオンライン化", "デジタルデバイド対策")
        ]
        assert told == ["9件：◎7 △1 ×1", "8件：◎7 区分なし1"]

    def test_items_without_progress_are_counted_too(self, real: Catalogue) -> None:
        told = {
            theme: read_cell(real, theme, "unnamed-ward-digitalization")[0]
            for theme in (
                "キャッシュレス決済",
                "AIの活用",
                "RPAの活用",
                "情報システムの標準化・共通化",
            )
        }
        assert told == {
            "キャッシュレス決済": "2件：実績1 記載なし1",
            "AIの活用": "2件：実績1 記載なし1",
            "RPAの活用": "3件：実績2 予定1",
            "情報システムの標準化・共通化": "2件：実績1 予定1",
        }

    def test_the_real_matrix_has_a_word_in_every_cell_and_none_is_long(
        self, real: Catalogue
    ) -> None:
        table = need_table(themes.matrix(compare(real, 2021)))
        cells = [cell for row in table.rows for cell in row[1:]]
        assert (len(table.rows), len(cells)) == (11, 55)
        assert all(cells)
        assert max(map(len, cells)) <= 34


def shorten(project: Project, text: str) -> None:
    """Give the first part of the themes a short text."""
    header, first, *rest = project.read("data/themes.csv").splitlines()
    lines = [f"{header},short", f"{first},{text}", *(f"{row}," for row in rest)]
    project.write("data/themes.csv", "\n".join(lines) + "\n")


def test_a_short_text_names_only_values_of_its_plan(compared: Project) -> None:
    shorten(compared, "予約{visitors}")
    with pytest.raises(InputRefused) as caught:
        read_compared(compared)
    (problem,) = caught.value.problems
    told = problem.message("en")
    assert "themes.csv" in str(problem.place)
    assert "bookings, desks, maps-open" in told


class TestDetails:
    def test_themes_are_bands_in_the_order_of_the_declaration(self) -> None:
        table = need_table(themes.details(compare(read_compared(), 2021)))
        assert read_groups(table) == ["窓口の予約", "地図の公開"]

    def test_plans_without_a_part_are_named_below_the_theme(self) -> None:
        table = need_table(themes.details(compare(read_compared(), 2021)))
        assert list_under(table, "地図の公開")[-1] == (f"記載なし：{WEST}", "")
        assert table.kinds[-1] == "note"

    def test_a_measure_is_told_by_the_marks_of_its_items(self) -> None:
        told = tell_details(read_compared(), "窓口の予約", "east")
        assert told[0] == "1-① 予約の拡大　3件：◎2 ×1、× 電話の予約"

    def test_only_items_of_the_year_told_are_counted(self, compared: Project) -> None:
        compared.set_cell("data/east/items.csv", 3, "first_year", "2022")
        compared.replace("data/east/2021/progress.csv", "i3,◎,,,案内を出した,,,e1,13\n", "")
        told = tell_details(read_compared(compared), "窓口の予約", "east")
        assert told[0].startswith("1-① 予約の拡大　2件：◎1 ×1")

    def test_an_item_is_told_in_the_words_of_its_report(self) -> None:
        told = tell_details(read_compared(), "窓口の予約", "west")
        assert told == ["予約の受付：電話で受けている"]

    def test_an_item_is_cited_by_its_number_and_a_note_follows(self) -> None:
        told = tell_details(read_compared(), "窓口の予約", "east")[1]
        assert told.startswith("1-①-2 電話の予約：×")
        assert told.endswith("。市の説明による")

    def test_a_figure_is_told_with_its_value(self) -> None:
        told = tell_details(read_compared(), "地図の公開", "east")
        assert told == ["公開した地図：約30枚＊"]

    def test_a_goal_without_reported_items_is_told_by_its_sheet(self, compared: Project) -> None:
        compared.write("data/west/sheets.csv", "subject,aspect,text,source,line\n")
        compared.append("data/west/sheets.csv", "plan,content,窓口を減らす。,w1,30")
        compared.append("data/themes.csv", "maps,west,plan,")
        told = tell_details(read_compared(compared), "地図の公開", "west")
        assert told == ["計画全体：［内容］窓口を減らす"]

    def test_every_item_of_a_part_is_named_those_of_which_nothing_is_said_last(
        self, compared: Project
    ) -> None:
        compared.append("data/west/items.csv", "i2,g1,電話の受付,,ward,,,,,,,w1,12")
        compared.append("data/west/items.csv", "i3,g1,窓口の受付,,ward,,,,,,,w1,13")
        compared.append("data/west/2021/progress.csv", "i2,,,,,,,w1,12")
        compared.append("data/west/2021/progress.csv", "i3,,,,,始める予定,,w1,13")
        compared.set_cell("data/themes.csv", 3, "subject", "g1")
        told = tell_details(read_compared(compared), "窓口の予約", "west")
        assert told == [
            "目標1 便利な窓口：予約の受付：電話で受けている。窓口の受付：（予定）始める予定。"
            "実績又は予定の記載がないもの：電話の受付"
        ]

    @pytest.mark.parametrize(
        ("theme", "title"),
        [
            ("AIの活用", "保育園入園選考AIマッチング"),
            ("キャッシュレス決済", "PayPay請求書払い"),
            ("RPAの活用", "学校への連絡業務"),
            ("RPAの活用", "職員によるRPA構築"),
            ("情報システムの標準化・共通化", "第2グループの標準仕様書"),
        ],
    )
    def test_no_item_of_the_unnamed_ward_is_left_out(
        self, real: Catalogue, theme: str, title: str
    ) -> None:
        told = tell_details(real, theme, "unnamed-ward-digitalization")
        assert title in "".join(told)

    def test_a_relisted_item_is_not_one_without_a_mark(self, real: Catalogue) -> None:
        told = [
            *tell_details(real, "行政手続のオンライン化", "nakano-informatization"),
            *tell_details(real, "デジタルデバイド対策", "nakano-informatization"),
        ]
        assert "1-1-④ 電子申請サービスの見直し　2件：◎2、再掲1件" in told
        assert "1-6-① デジタルデバイド解消に向けた支援　2件：◎2、再掲2件" in told

    def test_a_part_of_which_nothing_is_said_says_so(self, compared: Project) -> None:
        compared.append("data/west/items.csv", "i2,g1,電話の受付,,ward,,,,,,,w1,12")
        compared.append("data/west/2021/progress.csv", "i2,,,,,,,w1,12")
        compared.append("data/themes.csv", "booking,west,i2,")
        told = tell_details(read_compared(compared), "窓口の予約", "west")
        assert told[1] == "電話の受付：記載なし"

    def test_an_item_that_is_not_reported_is_told_as_such(self, compared: Project) -> None:
        compared.set_cell("data/west/2021/progress.csv", 1, "done", "")
        catalogue = read_compared(compared)
        assert tell_details(catalogue, "窓口の予約", "west") == ["予約の受付：未報告"]
        assert read_cell(catalogue, "窓口の予約", "west") == ["未報告1件"]

    def test_an_older_report_is_not_passed_off_as_the_years(self, compared: Project) -> None:
        compared.path("data/west/2022").mkdir()
        header = compared.read("data/west/2021/progress.csv").splitlines()[0]
        compared.write("data/west/2022/progress.csv", f"{header}\n")
        told = tell_details(read_compared(compared), "窓口の予約", "west", 2022)
        assert told == ["予約の受付：電話で受けている（令和4年度は1件が未報告）"]

    def test_the_latest_report_up_to_the_year_is_told(self, compared: Project) -> None:
        compared.path("data/west/2022").mkdir()
        header = compared.read("data/west/2021/progress.csv").splitlines()[0]
        row = "i1,,,,窓口で受けている,,,w1,12"
        compared.write("data/west/2022/progress.csv", f"{header}\n{row}\n")
        catalogue = read_compared(compared)
        told = [
            tell_details(catalogue, "窓口の予約", "west", year)[0] for year in (2021, 2022, 2023)
        ]
        assert [text.partition("：")[2] for text in told] == [
            "電話で受けている",
            "窓口で受けている",
            "窓口で受けている",
        ]

    def test_real_themes_show_every_part_of_every_plan(self, real: Catalogue) -> None:
        table = need_table(themes.details(compare(real, 2021)))
        national = real.national.id if real.national else ""
        rows = [row for row in read_real("themes.csv") if row["plan"] != national]
        told = [line for row in table.rows if row[1] for line in row[1].split("\n")]
        assert len(told) == len(rows)


class TestFigures:
    def test_a_question_says_whether_its_values_can_stand_contrasts(self) -> None:
        table = need_table(contrasts.table(compare(read_compared())))
        bands = [
            row[:2] for row, kind in zip(table.rows, table.kinds, strict=True) if kind == "group"
        ]
        assert bands == [
            ("予約の数", "同じ対象の値だけを並べて比べられる"),
            ("地図の数", "数える対象が異なり、並べて比べられない"),
        ]

    def test_values_that_count_the_same_follow_each_other(self) -> None:
        table = need_table(contrasts.table(compare(read_compared())))
        assert list_under(table, "予約の数") == [
            ("東市［出典1］", "1年間の予約の件数", "1,200件（令和3年度）", "年間の件数である"),
            (
                "市名の記載なし［出典2］",
                "1年間の予約の件数",
                "約800件（令和3年度）",
                "年間の件数である",
            ),
            ("東市［出典1］", "予約できる窓口の数", "5か所（令和3年6月現在）", "窓口の数である"),
        ]

    def test_the_owner_of_a_figure_is_whose_it_is(self, compared: Project) -> None:
        header, *rows = compared.read("data/east/figures.csv").splitlines()
        told = [f"{row},{'全国' if row.startswith('desks') else ''}" for row in rows]
        compared.write("data/east/figures.csv", "\n".join([f"{header},owner", *told]) + "\n")
        table = need_table(contrasts.table(compare(read_compared(compared))))
        assert list_under(table, "予約の数")[2][0] == "全国［出典1］"

    def test_the_real_rates_belong_to_ward_nation_and_metropolis(self, real: Catalogue) -> None:
        table = need_table(contrasts.table(compare(real)))
        rows = list_under(table, "マイナンバーカードの交付率（令和元年度末）")
        assert [row[0].partition("［")[0] for row in rows] == ["中野区", "全国", "東京都"]

    def test_the_nation_owns_what_a_ministry_printed(self, real: Catalogue) -> None:
        table = need_table(contrasts.table(compare(real)))
        rows = list_under(table, "システムの標準化の目標の年度")
        assert [row[0].partition("［")[0] for row in rows] == ["国", "区名の記載なし"]

    def test_the_preferred_value_is_compared(self) -> None:
        table = need_table(contrasts.table(compare(read_compared())))
        cells = [cell for row in table.rows for cell in row]
        assert not [cell for cell in cells if "1,199" in cell]

    def test_every_figure_of_the_real_data_has_its_row(self, real: Catalogue) -> None:
        table = need_table(contrasts.table(compare(real)))
        assert table.kinds.count("body") == len(read_real("comparisons.csv"))


class TestPriorities:
    def test_each_priority_that_is_served_has_a_row_of_numbers_by_plan(self) -> None:
        table = need_table(comparison.priorities(compare(read_compared())))
        assert table.rows == (
            ("① 予約の標準化", "令和4年度", "1-①＊\n1-①-2", "—"),
            ("② 窓口の改善", "—", "目標1", "取組1件＊"),
        )

    def test_no_priority_served_shows_nothing(self, compared: Project) -> None:
        compared.path("data/priorities.csv").unlink()
        assert isinstance(comparison.priorities(compare(read_compared(compared))), Nothing)

    def test_a_bare_number_stands_behind_the_plans_word_for_it(self, real: Catalogue) -> None:
        table = need_table(comparison.priorities(compare(real)))
        assert "事項(6)＊" in [cell for row in table.rows for cell in row]

    def test_the_real_table_names_every_plan_and_priority_of_the_data(
        self, real: Catalogue
    ) -> None:
        pairs = {(row["plan"], row["priority"]) for row in read_real("priorities.csv")}
        table = need_table(comparison.priorities(compare(real)))
        served = [cell for row in table.rows for cell in row[2:] if cell != "—"]
        assert len(served) == len(pairs)


class TestNotes:
    def test_the_sources_of_all_plans_are_listed_the_national_one_last(self) -> None:
        assert comparison.sources(compare(read_compared())).paragraphs == (
            "出典1 「東市デジタル計画の資料」（東市、日付の記載なし）",
            "出典2 「便利な市への取組の資料」（不明、日付の記載なし）",
            "出典3 「共通デジタル計画の資料」（デジタル省、日付の記載なし）",
        )

    def test_a_plan_without_municipality_is_named_in_the_notes(self) -> None:
        told = comparison.notes(compare(read_compared())).paragraphs
        assert told[-1] == "「便利な市への取組」は、自治体名の記載がない。"

    def test_where_every_municipality_is_named_no_note_says_otherwise(
        self, compared: Project
    ) -> None:
        compared.replace("data/west/plan.yaml", "name: null", "name: 西市")
        told = comparison.notes(compare(read_compared(compared))).paragraphs
        assert not [text for text in told if "自治体名" in text]

    def test_the_note_of_the_matrix_says_that_silence_is_no_inaction(self) -> None:
        note = need_table(themes.matrix(compare(read_compared(), 2021))).note
        assert "「記載なし」は、取組がないことを意味しない。" in note

    def test_what_cannot_stand_contrasts_is_said_once_under_the_matrix(self) -> None:
        note = need_table(themes.matrix(compare(read_compared(), 2021))).note
        assert note.count("並べて比べられない") == 1


class TestFacts:
    def test_plans_are_counted(self) -> None:
        facts = comparison.facts(compare(read_compared(), 2021)).values
        assert facts["plans"] == {
            "east": {"measures": 1, "items": 3, "indicators": 0, "figures": 3},
            "west": {"measures": 0, "items": 1, "indicators": 0, "figures": 2},
        }

    def test_themes_name_the_parts_of_each_plan(self) -> None:
        facts = comparison.facts(compare(read_compared(), 2021)).values
        assert facts["themes"] == {
            "booking": {"east": ["m1", "i2"], "west": ["i1"]},
            "maps": {"east": ["maps-open"]},
        }

    def test_a_question_is_comparable_only_if_two_figures_share_a_basis(self) -> None:
        facts = comparison.facts(compare(read_compared(), 2021)).values
        told = {entry["question"]: entry["comparable"] for entry in facts["comparisons"]}
        assert told == {"予約の数": True, "地図の数": False}

    def test_a_figure_is_stated_with_its_basis_and_the_value_in_use(self) -> None:
        facts = comparison.facts(compare(read_compared(), 2021)).values
        first = facts["comparisons"][0]["figures"][0]
        shown = [first[key] for key in ("basis", "plan", "figure", "owner", "value")]
        assert shown == ["1年間の予約の件数", "east", "bookings", "東市", 1200]

    def test_the_matrix_states_its_counts_and_values(self, compared: Project) -> None:
        shorten(compared, "予約{bookings}")
        facts = comparison.facts(compare(read_compared(compared), 2021)).values
        assert facts["matrix"]["booking"]["east"] == {
            "item_count": 3,
            "relisted": 0,
            "unreported": 0,
            "counts": {"◎": 2, "×": 1},
            "values": {"bookings": 1200.0},
        }

    def test_every_assignment_to_a_priority_is_stated_with_its_ground(self) -> None:
        facts = comparison.facts(compare(read_compared(), 2021)).values
        assert facts["priorities"][1] == {
            "plan": "east",
            "subject": "i2",
            "priority": "n1",
            "ground": "judged",
        }
        assert len(facts["priorities"]) == 4


@pytest.mark.parametrize(
    "tell",
    [
        comparison.summary,
        comparison.plans,
        themes.matrix,
        themes.details,
        contrasts.table,
        comparison.priorities,
        comparison.sources,
        comparison.notes,
        comparison.facts,
    ],
)
def test_comparing_leaves_the_catalogue_as_it_was(tell: Callable[[OpenComparison], object]) -> None:
    catalogue = read_compared()
    before = copy_frames(catalogue)
    tell(compare(catalogue))
    assert_unchanged(catalogue, before)
