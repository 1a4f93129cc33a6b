"""Plans that repeat, revise or redefine, that have indicators only, two of one ward."""

from conditions import (
    FIXTURES,
    MakeDocuments,
    assess,
    compare,
    count_marks,
    find_facts,
    list_headings,
    list_strings,
    list_tables,
    note_indicators,
    read_text,
    read_words,
    read_year,
)
from nenpo.analysis import progress
from nenpo.analysis.indicators import assess_indicators
from nenpo.build.select import select_briefings
from nenpo.content import marks, summary
from nenpo.content.display import Table
from nenpo.export.blocks import list_values
from opened import brief


class TestRelisted:
    """i2 repeats i1 by its own row, i4 stands under a measure whose heading repeats another."""

    def test_neither_row_counts_twice(self) -> None:
        year = read_year("relisted", 2021)
        assert count_marks(year) == {"◎": 1, "○": 0, "×": 1}
        counted = progress.count_rows(year.items)
        assert (counted.rows, counted.rated, counted.relisted_stated) == (4, 2, 2)
        assert counted.unrated_not_relisted == 0

    def test_an_item_is_relisted_with_its_measure(self) -> None:
        items = read_year("relisted", 2021).items
        relisted = items[progress.is_relisted(items)]
        assert dict(zip(relisted["item"], relisted["relisted_from"], strict=True)) == {
            "i2": "i1",
            "i4": "m1",
        }

    def test_the_department_counts_it_once(self) -> None:
        counts = progress.count_by_department(read_year("relisted", 2021))
        assert counts == {"joho": {"◎": 1, "○": 0, "×": 1}}

    def test_the_table_of_counts_tells_why_rows_are_not_counted(self) -> None:
        shown = marks.table(brief(read_year("relisted", 2021)))
        assert isinstance(shown, Table)
        told = shown.note
        assert "一覧の全4行には進捗区分の記載なしが2件（うち再掲2件）あり、件数に含まない。" in told

    def test_each_row_names_where_it_is_listed_first(self, make: MakeDocuments) -> None:
        document = make("relisted")["midori/2021/annual"]
        rows = list_values(list_tables(document)["デジタル計画　進捗状況一覧"])
        assert [row[1] for row in rows] == [
            "1-①-1 電子申請の受付",
            "1-②-1 電子申請の受付（1-①-1の再掲）",
            "1-②-2 地図の公開",
            "1-③-1 電子申請の受付（1-①の再掲）",
        ]


class TestRevisedPlan:
    """In 2022 i2 became i4, i3 ended, i5 is new; i1 lives on."""

    def test_transitions_say_which_item_is_new(self) -> None:
        assert list(compare("revised_plan").started["item"]) == ["i5"]

    def test_transitions_say_which_item_ended(self) -> None:
        moved = compare("revised_plan")
        assert list(moved.ended["item"]) == ["i3"]
        assert moved.unreported.empty

    def test_an_item_is_compared_with_the_one_that_it_continues(self) -> None:
        improved = compare("revised_plan").improved
        shown = improved[["item", "previous_item", "before", "status"]]
        assert shown.values.tolist() == [["i4", "i2", "×", "◎"]]

    def test_the_document_counts_each_kind(self, make: MakeDocuments) -> None:
        document = make("revised_plan")["midori/2022/annual"]
        text = read_text(document)
        assert (
            "改善した取組は1-①-4 証明書のコンビニ交付（×→◎）の1件であり、後退した取組はない。"
            in text
        )
        assert "新たに加わった取組は1-①-5 地図の公開の1件、" in text
        assert "1-①-4 証明書のコンビニ交付（前年度は「証明書の自動交付機」）の1件" in text
        assert "終了した取組は1-①-3 端末の貸出しの1件である。" in text
        moved = find_facts(document)["transitions"]
        assert (moved["improved"], moved["new"], moved["ended"]) == (["i4"], ["i5"], ["i3"])


class TestRevisedTarget:
    """The target for 2023 was 50％ when set in 2021, and 80％ since 2022."""

    def test_the_new_target_counts_from_the_year_in_which_it_was_set(self) -> None:
        values = {
            year: [
                target.value.value for target in assess("revised_target", year)["online"].targets
            ]
            for year in (2021, 2022)
        }
        assert values == {2021: [50], 2022: [80]}

    def test_the_table_says_what_the_target_was_before(self) -> None:
        told = note_indicators("revised_target", 2022)
        assert "令和5年度目標は令和4年度に50％から改定された。" in told

    def test_the_table_before_the_revision_knows_nothing_of_it(self) -> None:
        assert "改定" not in note_indicators("revised_target", 2021)

    def test_the_document_says_so(self, make: MakeDocuments) -> None:
        document = make("revised_target")["midori/2022/annual"]
        assert note_indicators("revised_target", 2022) in list_strings(document)

    def test_a_value_that_met_the_former_target_has_not_met_the_new_one(self) -> None:
        assert assess("revised_target", 2022)["online"].standing == "improved"


class TestRedefinedIndicator:
    """Counted in 件 until 2021, as a share of all since 2022."""

    def test_values_are_not_compared_across_definitions(self) -> None:
        entry = assess("redefined_indicator", 2022)["online-rate"]
        assert (entry.previous, entry.change, entry.standing) == (None, None, "none")
        assert [year for year, _ in entry.history] == [2022]

    def test_the_former_definition_is_no_indicator_of_the_year(self) -> None:
        assert list(assess("redefined_indicator", 2022)) == ["online-rate"]

    def test_the_table_tells_the_change_of_definition(self) -> None:
        assert note_indicators("redefined_indicator", 2022).endswith(
            "定義を改めた指標であり、改める前の「電子申請の件数」とは比べない（令和3年度は200件）。"
        )

    def test_the_document_says_so(self, make: MakeDocuments) -> None:
        document = make("redefined_indicator")["midori/2022/annual"]
        assert note_indicators("redefined_indicator", 2022) in list_strings(document)


class TestIndicatorsOnly:
    """2022 has values of indicators and no row of progress; 2021 had both."""

    def test_a_year_of_values_is_reported_without_items(self) -> None:
        year = read_year("indicators_only", 2022)
        assert year.items.empty
        assert progress.compare_years(year) is None
        assert assess("indicators_only", 2022)["online"].change == 50

    def test_no_department_has_a_briefing(self) -> None:
        kinds = [briefing.kind for briefing in select_briefings(FIXTURES / "indicators_only")]
        assert kinds == ["annual", "inspection"]

    def test_the_lead_speaks_of_the_indicators_and_of_no_item(self) -> None:
        year = read_year("indicators_only", 2022)
        assessments = assess_indicators(year.plan, 2022)
        told = read_words(summary.of_plan(brief(year, assessments=assessments)))
        assert (
            "指標1件（電子申請の件数 150件）は、基準値と令和5年度目標を結ぶ線に届いていない。"
            in told
        )
        assert "進捗区分" not in told

    def test_its_facts_hold_no_item(self, make: MakeDocuments) -> None:
        found = find_facts(make("indicators_only")["midori/2022/annual"])
        assert (found["rows"], found["items"], found["by_goal"]) == (0, [], {})

    def test_marks_that_nobody_gave_are_not_counted_as_zero(self, make: MakeDocuments) -> None:
        document = make("indicators_only")["midori/2022/annual"]
        assert "進捗状況の総括" not in [block.text for block in list_headings(document)]
        assert "進捗区分" not in read_text(document)


class TestTwoPlansOfOneWard:
    def test_each_plan_counts_its_own_items(self) -> None:
        counts = {
            plan: count_marks(read_year("two_plans_of_one_ward", 2021, plan=plan))
            for plan in ("midori-digital", "midori-reform")
        }
        assert counts == {
            "midori-digital": {"◎": 2, "○": 0, "×": 0},
            "midori-reform": {"◎": 0, "○": 0, "×": 1},
        }

    def test_documents_of_one_ward_are_told_apart_by_their_plan(self, make: MakeDocuments) -> None:
        made = make("two_plans_of_one_ward")
        annual = [made[f"{plan}/2021/annual"].head for plan in ("midori-digital", "midori-reform")]
        assert [head.municipality for head in annual] == ["みどり区", "みどり区"]
        assert [head.plan_title for head in annual] == [
            "みどり区デジタル計画",
            "みどり区行革計画",
        ]
        assert annual[0].title != annual[1].title

    def test_neither_document_shows_an_item_of_the_other_plan(self, make: MakeDocuments) -> None:
        made = make("two_plans_of_one_ward")
        for plan, foreign in (("midori-digital", "会議の見直し"), ("midori-reform", "電子申請")):
            for name in ("annual", "inspection", "joho"):
                assert foreign not in read_text(made[f"{plan}/2021/{name}"])

    def test_one_plan_is_selected_alone(self) -> None:
        chosen = select_briefings(FIXTURES / "two_plans_of_one_ward", ["midori-reform"])
        assert {briefing.plan for briefing in chosen} == {"midori-reform"}
