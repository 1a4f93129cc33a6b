"""Scales of letters, of words, of none; thresholds of the plan's own; zero and silence."""

import pytest

from conditions import (
    MakeDocuments,
    assess,
    count_marks,
    list_strings,
    list_tables,
    read_text,
    read_words,
    read_year,
)
from nenpo.analysis.coverage import count_coverage
from nenpo.analysis.indicators import assess_indicators
from nenpo.content import facts, summary
from nenpo.content.indicators import finding, table
from nenpo.content.readings import list_readings
from nenpo.export.blocks import list_values, pair_rows
from opened import brief


class TestLetterMarks:
    """A–D: more marks than usual, two of them good."""

    def test_marks_are_counted_in_the_order_of_the_scale(self) -> None:
        counts = count_marks(read_year("letter_marks", 2021))
        assert list(counts.items()) == [("A", 1), ("B", 1), ("C", 1), ("D", 1)]

    def test_every_good_mark_counts_as_good(self, make: MakeDocuments) -> None:
        told = read_text(make("letter_marks")["midori/2021/annual"])
        assert "取組4件中2件（50.0％）が「計画を上回る」又は「計画どおり」、" in told
        assert "「未着手」は1件、「計画を下回る」は1件である。" in told

    def test_what_needs_action_stands_first(self, make: MakeDocuments) -> None:
        shown = list_tables(make("letter_marks")["midori/2021/annual"])
        rows = list_values(shown["A・B以外の取組（2件）"])
        assert [row[0] for row in rows] == ["D", "C"]

    def test_each_mark_is_explained_with_the_plans_own_label(self, make: MakeDocuments) -> None:
        shown = list_tables(make("letter_marks")["midori/2021/joho"])["取組の状況"]
        assert shown.legend == "A 計画を上回る　B 計画どおり　C 計画を下回る　D 未着手"


class TestWordMarks:
    """順調/遅れ: words in the place of marks, and nothing between them."""

    def test_words_are_counted(self) -> None:
        assert count_marks(read_year("word_marks", 2021)) == {"順調": 2, "遅れ": 1}

    def test_the_lead_says_the_word(self) -> None:
        told = read_words(summary.of_plan(brief(read_year("word_marks", 2021), assessments=())))
        assert "3件中2件（66.7％）が「順調」、" in told
        assert "「遅れ」は1件である。" in told

    def test_a_mark_that_is_its_own_label_is_said_once(self, make: MakeDocuments) -> None:
        for document in make("word_marks").values():
            assert "順調 順調" not in read_text(document)


class TestNoMarks:
    """Progress in words only."""

    def test_what_is_reported_is_counted_in_the_place_of_marks(self) -> None:
        year = read_year("no_marks", 2022)
        counts = count_coverage(year, year.items)
        assert (counts.items, counts.reported, counts.planned) == (2, 1, 1)
        assert count_marks(year) == {}

    @pytest.mark.parametrize("briefing", ["annual", "inspection", "joho"])
    def test_no_document_speaks_of_marks(self, make: MakeDocuments, briefing: str) -> None:
        assert "進捗区分" not in read_text(make("no_marks")[f"midori/2022/{briefing}"])

    def test_last_years_words_stand_beside_this_years(self, make: MakeDocuments) -> None:
        shown = list_tables(make("no_marks")["midori/2022/annual"])["前年度と記載の異なる取組"]
        assert shown.rows == (
            ("1-①-1 電子申請の受付", "様式を整えた", "受付を始めた"),
            ("1-①-2 証明書の交付", "方法を検討した", "記載なし"),
        )

    def test_the_check_list_misses_no_mark_that_the_plan_does_not_have(self) -> None:
        found = list_readings(brief(read_year("no_marks", 2022)))
        assert "unrated" not in {each.kind for each in found}


class TestDeclaredThresholds:
    """順調 from 1.0, やや遅れ from 0.6, 遅れ below; two of three years have passed."""

    @pytest.mark.parametrize(
        ("indicator", "word"), [("even", "順調"), ("slow", "やや遅れ"), ("late", "遅れ")]
    )
    def test_a_pace_on_the_threshold_has_reached_it(self, indicator: str, word: str) -> None:
        assert assess("declared_thresholds", 2022)[indicator].word == word

    def test_the_document_says_the_declared_word(self, make: MakeDocuments) -> None:
        table = list_tables(make("declared_thresholds")["midori/2022/annual"])["指標の実績と目標"]
        assert table.columns[-1].label == "判定"
        assert [row[-1] for row in table.rows] == ["順調", "やや遅れ", "遅れ"]

    def test_the_finding_counts_the_declared_words(self) -> None:
        told = finding(brief(read_year("declared_thresholds", 2022)))
        assert told.endswith("計画の基準では、順調1件、やや遅れ1件、遅れ1件である。")

    def test_a_plan_without_thresholds_says_no_word(self) -> None:
        assert assess("revised_target", 2022)["online"].word == ""
        assert "判定" not in [*list_strings(table(brief(read_year("revised_target", 2022))))]


class TestZeroOrSilent:
    """i1 has the lowest mark, i2 no mark, i3 no row; accidents are 0, complaints not stated."""

    def test_facts_tell_zero_from_not_reported_from_not_rated(self) -> None:
        year = read_year("zero_or_silent", 2021)
        assessments = assess_indicators(year.plan, 2021)
        found = facts.collect(brief(year, assessments=assessments)).values
        told = {name: (f["actual"], f["missing"]) for name, f in found["indicators"].items()}
        assert told == {"accidents": (0, ""), "complaints": (None, "not_stated")}
        assert found["status_counts"] == {"◎": 0, "○": 0, "×": 1}
        assert (found["rated"], found["unrated"], found["items"]) == (1, 1, ["i1", "i2"])

    def test_an_indicator_of_zero_reads_unlike_one_without_value(self, make: MakeDocuments) -> None:
        document = make("zero_or_silent")["midori/2021/annual"]
        rows = list_tables(document)["指標の実績と目標"].rows
        assert [row[:4] for row in rows] == [
            ("事故の件数", "件", "2", "0"),
            ("苦情の件数", "件", "1", "記載なし"),
        ]
        assert "記載なし：値が示されていないこと。0を意味しない。" in read_text(document)

    def test_an_item_not_rated_reads_unlike_the_lowest_mark(self, make: MakeDocuments) -> None:
        document = make("zero_or_silent")["midori/2021/joho"]
        table = list_tables(document)["取組の状況"]
        marks = {row[1]: row[0] for row, kind in pair_rows(table) if kind in ("body", "attention")}
        assert marks == {"1-①-1 電子申請の受付": "×", "1-①-2 証明書の交付": ""}
        assert table.note.startswith("空欄の区分は記載がないことを表し、未着手を意味しない。")

    def test_a_measure_without_report_reads_unlike_zero(self, make: MakeDocuments) -> None:
        document = make("zero_or_silent")["midori/2021/annual"]
        table = list_tables(document)["デジタル計画の体系"]
        assert table.rows[1:] == (("1-① 窓口のオンライン化", "2"), ("1-② 情報の公開", "—"))
        assert table.note == (
            "—は、この文書で報告する取組がないことを表す。進捗が未報告の取組1件は含まない。"
        )
