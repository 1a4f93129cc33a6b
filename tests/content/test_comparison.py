"""Plans side by side: nothing is called comparable that counts something else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nenpo.content import comparison
from nenpo.content.briefing import OpenComparison
from nenpo.content.display import Group, Nothing, Sentences, Table
from nenpo.data.catalogue import Catalogue
from nenpo.data.load import load_catalogue
from opened import compare
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_compared,
    copy_frames,
    need_group,
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


def find_table(catalogue: Catalogue, caption: str, fiscal_year: int = 2021) -> Table:
    """Return the one table of the themes whose caption has these words."""
    parts = need_group(comparison.themes(compare(catalogue, fiscal_year))).parts
    tables = [part for part in parts if isinstance(part, Table) and caption in part.caption]
    assert len(tables) == 1
    return tables[0]


def list_headings(catalogue: Catalogue) -> list[str]:
    parts = need_group(comparison.themes(compare(catalogue, 2021))).parts
    return [text for part in parts if isinstance(part, Sentences) for text in part.paragraphs]


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


class TestWhatIsCompared:
    def test_the_national_plan_is_not_among_the_plans_compared(self) -> None:
        plans = comparison.list_compared(read_compared())
        assert [plan.id for plan in plans] == ["east", "west"]

    def test_a_national_figure_beside_others_makes_it_no_compared_plan(
        self, compared: Project
    ) -> None:
        compared.append("data/comparisons.csv", "maps,割合,割合,nation,n1-share,")
        plans = comparison.list_compared(read_compared(compared))
        assert [plan.id for plan in plans] == ["east", "west"]

    def test_a_plan_without_part_in_any_theme_is_left_out(self, compared: Project) -> None:
        for file in ("data/themes.csv", "data/comparisons.csv"):
            lines = compared.read(file).splitlines()
            compared.write(file, "\n".join(line for line in lines if "west" not in line) + "\n")
        plans = comparison.list_compared(read_compared(compared))
        assert [plan.id for plan in plans] == ["east"]

    def test_a_plan_is_named_with_its_municipality(self) -> None:
        assert comparison.name_plan(read_compared().plans["east"]) == EAST

    def test_a_plan_without_municipality_says_that_there_is_none(self) -> None:
        assert comparison.name_plan(read_compared().plans["west"]) == WEST

    def test_a_title_that_begins_with_the_municipality_is_not_doubled(
        self, compared: Project
    ) -> None:
        compared.replace("data/east/plan.yaml", "short_title: デ", "short_title: 東市デ")
        assert comparison.name_plan(read_compared(compared).plans["east"]) == "「東市デジタル計画」"

    def test_plans_are_counted_as_their_data_have_them(self) -> None:
        assert need_table(comparison.plans(compare(read_compared(), 2021))).rows == (
            (EAST, "◎ ×", "1", "3", "0", "3"),
            (WEST, "なし（文章）", "0", "1", "0", "2"),
        )

    def test_the_counts_of_the_real_plans_equal_their_files(self, real: Catalogue) -> None:
        table = need_table(comparison.plans(compare(real, 2021)))
        plans = comparison.list_compared(real)
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
            comparison.themes(compare(catalogue, 2021)),
            comparison.priorities(compare(catalogue)),
        )
        assert [type(value) for value in shown] == [Nothing] * 4


class TestSummary:
    def test_it_counts_municipalities_plans_and_themes(self) -> None:
        """The theme that no plan has is not counted."""
        lead = read_paragraphs(comparison.summary(compare(read_compared())))
        assert lead[0] == "2つの市の2件の計画等を、2主題に分けて並べる。"

    def test_two_plans_of_one_municipality_count_it_once(self, compared: Project) -> None:
        compared.replace("data/west/plan.yaml", "name: null", "name: 東市")
        lead = read_paragraphs(comparison.summary(compare(read_compared(compared))))
        assert lead[0].startswith("1つの市の2件の計画等を")

    def test_municipalities_of_different_kinds_have_a_common_word(self, compared: Project) -> None:
        compared.replace("data/west/plan.yaml", "kind: 市", "kind: 町")
        lead = read_paragraphs(comparison.summary(compare(read_compared(compared))))
        assert lead[0].startswith("2つの自治体の")

    def test_it_tells_how_many_figures_can_stand_side_by_side(self) -> None:
        told = read_paragraphs(comparison.summary(compare(read_compared())))[1]
        assert told.startswith(
            "数値を対照した事項は2件で、数え方が同じ値を並べて比べられるものは1件である。"
        )

    def test_it_tells_that_no_figure_is_comparable(self, compared: Project) -> None:
        compared.set_cell("data/comparisons.csv", 3, "basis", "窓口と電話の予約の件数")
        told = read_paragraphs(comparison.summary(compare(read_compared(compared))))[1]
        assert told == "数値を対照した事項は2件で、数え方が同じで並べて比べられるものはない。"

    def test_without_figures_it_says_nothing_of_them(self, compared: Project) -> None:
        compared.path("data/comparisons.csv").unlink()
        lead = read_paragraphs(comparison.summary(compare(read_compared(compared))))
        assert not [text for text in lead if "数値" in text]

    def test_the_real_lead_counts_the_real_tables(self, real: Catalogue) -> None:
        themes, figures = read_real("themes.csv"), read_real("comparisons.csv")
        questions = {(row["theme"], row["question"]) for row in figures}
        used = {row["theme"] for row in (*themes, *figures)}
        lead = read_paragraphs(comparison.summary(compare(real)))
        assert f"{len(used)}主題に分けて" in lead[0]
        assert lead[1].startswith(f"数値を対照した事項は{len(questions)}件で、")

    def test_three_wards_are_compared(self, real: Catalogue) -> None:
        """Two documents name 中野区, one 江東区, and one no ward at all."""
        assert read_paragraphs(comparison.summary(compare(real)))[0].startswith("3つの区の")


class TestThemes:
    def test_themes_that_are_used_come_in_the_order_of_the_declaration(self) -> None:
        assert list_headings(read_compared()) == ["窓口の予約", "地図の公開"]

    def test_every_plan_has_a_place_under_every_theme(self) -> None:
        catalogue = read_compared()
        for theme in ("窓口の予約", "地図の公開"):
            assert read_groups(find_table(catalogue, f"{theme}：")) == [EAST, WEST]

    def test_a_theme_that_a_plan_does_not_have_is_told(self) -> None:
        table = find_table(read_compared(), "地図の公開：")
        assert list_under(table, WEST) == [("記載なし", "")]

    def test_a_measure_is_told_by_the_marks_of_its_items(self) -> None:
        table = find_table(read_compared(), "窓口の予約：")
        assert list_under(table, EAST)[0] == ("1-① 予約の拡大", "取組3件（◎2 ×1）")

    def test_only_items_of_the_year_told_are_counted(self, compared: Project) -> None:
        compared.set_cell("data/east/items.csv", 3, "first_year", "2022")
        compared.replace("data/east/2021/progress.csv", "i3,◎,,,案内を出した,,,e1,13\n", "")
        table = find_table(read_compared(compared), "窓口の予約：")
        assert list_under(table, EAST)[0][1] == "取組2件（◎1 ×1）"

    def test_an_item_is_told_in_the_words_of_its_report(self) -> None:
        table = find_table(read_compared(), "窓口の予約：")
        assert list_under(table, WEST) == [("予約の受付", "電話で受けている")]

    def test_a_note_follows_what_is_reported_of_an_item(self) -> None:
        table = find_table(read_compared(), "窓口の予約：")
        mark, note = list_under(table, EAST)[1][1].split("\n")
        assert mark.startswith("×")
        assert note == "市の説明による"

    def test_a_figure_is_told_with_its_time(self) -> None:
        table = find_table(read_compared(), "地図の公開：")
        assert list_under(table, EAST) == [("公開した地図", "約30枚（時期の記載なし）")]

    def test_a_goal_without_reported_items_is_told_by_its_sheet(self, compared: Project) -> None:
        compared.write("data/east/sheets.csv", "subject,aspect,text,source,line\n")
        compared.append("data/east/sheets.csv", "g1,content,窓口を減らす。,e1,30")
        compared.set_cell("data/themes.csv", 4, "subject", "g1")
        table = find_table(read_compared(compared), "地図の公開：")
        assert list_under(table, EAST) == [("目標1 便利な窓口", "・内容：窓口を減らす。")]

    def test_a_part_of_which_nothing_is_said_says_so(self, compared: Project) -> None:
        compared.append("data/west/items.csv", "i2,g1,電話の受付,,ward,,,,,,,w1,12")
        compared.append("data/west/2021/progress.csv", "i2,,,,,,,w1,12")
        compared.append("data/themes.csv", "booking,west,i2,")
        table = find_table(read_compared(compared), "窓口の予約：")
        assert list_under(table, WEST)[1] == ("電話の受付", "記載なし")

    def test_an_item_that_is_not_reported_is_told_as_such(self, compared: Project) -> None:
        compared.set_cell("data/west/2021/progress.csv", 1, "done", "")
        table = find_table(read_compared(compared), "窓口の予約：")
        assert list_under(table, WEST) == [("予約の受付", "未報告")]

    def test_an_older_report_is_not_passed_off_as_the_years(self, compared: Project) -> None:
        compared.path("data/west/2022").mkdir()
        header = compared.read("data/west/2021/progress.csv").splitlines()[0]
        compared.write("data/west/2022/progress.csv", f"{header}\n")
        table = find_table(read_compared(compared), "窓口の予約：", 2022)
        assert list_under(table, WEST) == [
            ("予約の受付", "電話で受けている\n（令和4年度は1件が未報告）")
        ]

    def test_the_latest_report_up_to_the_year_is_told(self, compared: Project) -> None:
        compared.path("data/west/2022").mkdir()
        header = compared.read("data/west/2021/progress.csv").splitlines()[0]
        row = "i1,,,,窓口で受けている,,,w1,12"
        compared.write("data/west/2022/progress.csv", f"{header}\n{row}\n")
        catalogue = read_compared(compared)
        told = [
            list_under(find_table(catalogue, "窓口の予約：", year), WEST)[0][1]
            for year in (2021, 2022, 2023)
        ]
        assert told == ["電話で受けている", "窓口で受けている", "窓口で受けている"]

    def test_real_themes_show_every_plan_and_every_part(self, real: Catalogue) -> None:
        group = comparison.themes(compare(real, 2021))
        assert isinstance(group, Group)
        tables = [part for part in group.parts if isinstance(part, Table)]
        listed = [table for table in tables if table.caption.endswith("：各計画の取組")]
        plans = len(comparison.list_compared(real))
        assert {table.kinds.count("group") for table in listed} == {plans}
        shown = sum(table.kinds.count("body") for table in listed)
        empty = sum(row[0] == "記載なし" for table in listed for row in table.rows)
        national = real.national.id if real.national else ""
        rows = [row for row in read_real("themes.csv") if row["plan"] != national]
        assert shown - empty == len(rows)


class TestFigures:
    def test_only_figures_of_one_basis_stand_side_by_side(self) -> None:
        table = find_table(read_compared(), "予約の数")
        assert read_groups(table) == [
            "1年間の予約の件数（並べて比べられる）",
            "予約できる窓口の数（ほかと並べられない）",
        ]
        assert [row[0] for row in list_under(table, read_groups(table)[0])] == [
            "東市 予約の件数（「東市デジタル計画の資料」）",
            "市名の記載なし 受けた予約（「便利な市への取組の資料」）",
        ]

    def test_figures_of_different_basis_are_kept_apart_with_their_reasons(self) -> None:
        table = find_table(read_compared(), "地図の数")
        assert list_under(table, "公開した地図の枚数（ほかと並べられない）") == [
            (
                "東市 公開した地図（「東市デジタル計画の資料」）",
                "約30枚",
                "時期の記載なし",
                "枚数である",
            )
        ]
        assert list_under(table, "地図の閲覧の件数（ほかと並べられない）") == [
            (
                "市名の記載なし 地図の閲覧（「便利な市への取組の資料」）",
                "9万件",
                "時期の記載なし",
                "件数である",
            )
        ]

    def test_the_preferred_value_is_compared(self) -> None:
        table = find_table(read_compared(), "予約の数")
        cells = [cell for row in table.rows for cell in row]
        assert "1,200件" in cells
        assert not [cell for cell in cells if "1,199" in cell]

    def test_figures_of_one_basis_alone_need_no_reason(self, compared: Project) -> None:
        compared.replace(
            "data/comparisons.csv", "maps,地図の数,地図の閲覧の件数,west,map-views,件数である\n", ""
        )
        compared.set_cell("data/comparisons.csv", 4, "reason", "")
        table = find_table(read_compared(compared), "地図の数")
        assert [column.label for column in table.columns] == ["数値", "値", "時期"]

    def test_only_a_basis_that_stands_twice_is_called_comparable_in_the_real_data(
        self, real: Catalogue
    ) -> None:
        rows = read_real("comparisons.csv")
        held = [(row["theme"], row["question"], row["basis"]) for row in rows]
        group = comparison.themes(compare(real, 2021))
        assert isinstance(group, Group)
        tables = [part for part in group.parts if isinstance(part, Table)]
        together = [
            text.removesuffix("（並べて比べられる）")
            for table in tables
            if table.caption.startswith("数値の対照：")
            for text in read_groups(table)
            if text.endswith("（並べて比べられる）")
        ]
        assert sorted(together) == sorted(
            basis
            for theme, question, basis in set(held)
            if held.count((theme, question, basis)) > 1
        )


class TestPriorities:
    def test_each_plan_that_serves_a_priority_has_a_row(self) -> None:
        table = need_table(comparison.priorities(compare(read_compared())))
        assert table.rows == (
            (
                *("① 予約の標準化", "令和4年度", EAST, "1-① 予約の拡大、電話の予約"),
                "明記、内容から判断",
            ),
            ("② 窓口の改善", "—", EAST, "目標1 便利な窓口", "内容から判断"),
            ("② 窓口の改善", "—", WEST, "予約の受付", "明記"),
        )

    def test_no_priority_served_shows_nothing(self, compared: Project) -> None:
        compared.path("data/priorities.csv").unlink()
        assert isinstance(comparison.priorities(compare(read_compared(compared))), Nothing)

    def test_the_real_table_names_every_plan_and_priority_of_the_data(
        self, real: Catalogue
    ) -> None:
        pairs = {(row["plan"], row["priority"]) for row in read_real("priorities.csv")}
        assert len(need_table(comparison.priorities(compare(real))).rows) == len(pairs)


class TestNotes:
    def test_the_sources_of_all_plans_are_listed_the_national_one_last(self) -> None:
        assert comparison.sources(compare(read_compared())).paragraphs == (
            "「東市デジタル計画の資料」（東市、日付の記載なし）",
            "「便利な市への取組の資料」（不明、日付の記載なし）",
            "「共通デジタル計画の資料」（デジタル省、日付の記載なし）",
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

    def test_the_note_says_that_silence_is_no_inaction(self) -> None:
        told = comparison.notes(compare(read_compared())).paragraphs
        assert "「記載なし」は、取組がないことを意味しない。" in told


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
        shown = [first[key] for key in ("basis", "plan", "figure", "value")]
        assert shown == ["1年間の予約の件数", "east", "bookings", 1200]

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
        comparison.themes,
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
