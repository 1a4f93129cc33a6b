"""What the data of a plan do not bear out is not said: every sentence has its ground."""

from dataclasses import replace
from pathlib import Path

import pytest

from conditions import list_strings
from nenpo.analysis.progress import load_year
from nenpo.content import (
    attention,
    comparison,
    contrasts,
    coverage,
    departments,
    head,
    indicators,
    items,
    marks,
    notes,
    summary,
    wording,
)
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Group, Nothing, Sentences, Table
from nenpo.data.load import load_plan
from nenpo.errors import UnknownReference
from opened import brief, compare, make_edition
from tiny_project import Project, only
from words_project import copy_compared, need_table, read_compared, read_words

LETTERS = """status_scale:
  - {mark: A, code: large, label: 大きな成果, tone: good}
  - {mark: B, code: some, label: 成果あり, tone: neutral}
  - {mark: C, code: little, label: 成果が小さい, tone: caution}
  - {mark: D, code: none, label: 成果なし, tone: bad}
"""
SCHEDULE_WORDS = ("スケジュール", "予定した日程", "変更")


def read_plan(
    tiny: Project, fiscal_year: int = 2021, department: str | None = None
) -> OpenBriefing:
    year = load_year(load_plan("tiny", tiny.root), fiscal_year, department)
    return brief(year)


def cut(tiny: Project, start: str, end: str, text: str = "") -> None:
    """Put ``text`` in the place of what stands in plan.yaml from ``start`` to ``end``."""
    old = tiny.read("plan.yaml")
    tiny.write("plan.yaml", old[: old.index(start)] + text + old[old.index(end) :])


def grade_by_letters(tiny: Project) -> None:
    """Make the scale one of results, A to D, of which the plan says nothing more."""
    cut(tiny, "status_scale:", "counting_rules:", LETTERS)
    cut(tiny, "status_words:", "actors:")
    for row, mark in enumerate("ACB", 1):
        tiny.set_cell("2021/progress.csv", row, "shift", "")
        tiny.set_cell("2021/progress.csv", row, "status", mark)
    for file in (
        "2022/progress.csv",
        "2022/actuals.csv",
        "2022/assignments.csv",
        "2022/titles.csv",
    ):
        tiny.path(file).unlink()
    tiny.path("2021/published.yaml").unlink()


def lead_one_each(tiny: Project) -> None:
    """Give every item of 2021 one department."""
    tiny.write(
        "2021/assignments.csv",
        "item,department,role,qualifier,as_printed\n"
        "i1-1-01,madoguchi,lead,,窓口課\ni1-1-02,joho,lead,,情報課\ni1-2-01,joho,lead,,情報課\n",
    )


def show_all(b: OpenBriefing) -> str:
    """Return all that the sections on marks, schedule and items say."""
    shown = (
        *(summary.of_plan(b), marks.table(b), marks.note(b), marks.matrix(b)),
        *(attention.table(b), attention.others(b), items.full_list(b)),
        *(notes.terms(b), departments.notes(brief(load_year(b.plan, b.fiscal_year, "joho")))),
    )
    return "\n".join(text for value in shown for text in list_strings(value))


def read_text(shown: Sentences | Nothing) -> str:
    return "\n".join(shown.paragraphs) if isinstance(shown, Sentences) else ""


class TestScale:
    """What marks are about stands in plan.yaml."""

    def test_a_scale_of_results_is_told_without_a_word_of_schedules(self, tiny: Project) -> None:
        grade_by_letters(tiny)
        told = show_all(read_plan(tiny))
        assert [word for word in SCHEDULE_WORDS if word in told] == []
        assert "「成果が小さい」は1件、「成果あり」は1件である。" in told

    def test_an_undeclared_note_on_marks_is_not_made_up(self, tiny: Project) -> None:
        grade_by_letters(tiny)
        assert isinstance(marks.note(read_plan(tiny)), Nothing)

    def test_a_scale_is_told_in_the_words_that_the_plan_declares(self, tiny: Project) -> None:
        grade_by_letters(tiny)
        tiny.append(
            "plan.yaml",
            "status_words:\n  meaning: 取組の成果の大きさ\n"
            "  note: Aは前年度より大きな成果をいう。\n"
            "  not_good: 成果が大きいといえない\n  reason: 成果の説明",
        )
        b = read_plan(tiny)
        assert read_text(marks.note(b)) == "Aは前年度より大きな成果をいう。"
        assert wording.name_off(b.plan.meta) == "成果が大きいといえない取組"
        assert "進捗区分：取組の成果の大きさを示す記号。" in read_text(notes.terms(b))
        assert "成果の説明：" in need_table(attention.table(b)).rows[1][0]

    def test_a_scale_without_a_good_mark_names_what_is_rated(self, tiny: Project) -> None:
        grade_by_letters(tiny)
        tiny.replace("plan.yaml", "大きな成果, tone: good", "大きな成果, tone: caution")
        assert wording.name_off(read_plan(tiny).plan.meta) == "進捗区分付きの取組"


class TestActors:
    """Whose items they are is told in the plan's own words."""

    def test_a_city_names_its_prefecture_and_private_partners(self, tiny: Project) -> None:
        tiny.replace(
            "plan.yaml",
            "  - {id: nation, label: 国}\n",
            "  - {id: prefecture, label: 県}\n  - {id: private, label: 民間}\n",
        )
        tiny.set_cell("items.csv", 2, "actor", "prefecture")
        tiny.set_cell("items.csv", 3, "actor", "private")
        b = read_plan(tiny)
        told = marks.tell_actors(b, b.items)
        assert told.startswith("3件の内訳は、県・民間が実施主体の取組2件")
        assert "（県）国のシステムの改修" in show_all(b)

    def test_an_actor_that_is_not_declared_is_refused_with_those_that_are(
        self, tiny: Project
    ) -> None:
        tiny.set_cell("items.csv", 2, "actor", "metropolis")
        problem = only(tiny.refuse_data())
        assert isinstance(problem, UnknownReference)
        assert "data/tiny/plan.yaml#actors" in problem.message("en")
        assert "nation, ward" in problem.message("en")

    def test_examples_of_other_values_name_no_place_that_the_plan_does_not(self) -> None:
        told = read_text(notes.terms(brief(read_words())))
        assert "数値の種類" in told
        assert "東京都" not in told


class TestDepartments:
    """Sums of departments exceed the items only where items are shared."""

    def test_one_lead_an_item_adds_up_to_the_items(self, tiny: Project) -> None:
        lead_one_each(tiny)
        told = show_all(read_plan(tiny))
        assert "上回る" not in told
        assert "延べ" not in told

    def test_a_shared_item_makes_the_sums_exceed_the_items(self, tiny: Project) -> None:
        lead_one_each(tiny)
        tiny.append("2021/assignments.csv", "i1-1-01,joho,lead,,情報課")
        told = show_all(read_plan(tiny))
        assert "複数の所管課がある取組は課ごとに1件と数える。" in told
        assert "計（延べ）" in told

    def test_a_sum_that_does_not_exceed_the_items_is_not_said_to(self, tiny: Project) -> None:
        """One item has two departments, two have none."""
        lead_one_each(tiny)
        tiny.write(
            "2021/assignments.csv",
            "item,department,role,qualifier,as_printed\n"
            "i1-1-01,madoguchi,lead,,\ni1-1-01,joho,lead,,\n",
        )
        told = show_all(read_plan(tiny))
        assert "複数の所管課がある取組は課ごとに1件と数える。" in told
        assert "上回る" not in told

    def test_nobody_supports_and_none_is_explained(self, tiny: Project) -> None:
        lead_one_each(tiny)
        assert "所管課：取組を担う課。" in read_text(notes.terms(read_plan(tiny)))

    def test_a_department_is_told_of_unrated_rows_only_where_there_are_some(
        self, tiny: Project
    ) -> None:
        before = departments.work(read_plan(tiny, department="joho"))
        tiny.set_cell("2021/progress.csv", 2, "status", "")
        after = departments.work(read_plan(tiny, department="joho"))
        assert isinstance(before, Table)
        assert isinstance(after, Table)
        assert ("空欄の区分" in before.note, "空欄の区分" in after.note) == (False, True)


class TestLists:
    """A note on blank cells, dashes or columns stands where there are some."""

    def test_blank_marks_are_explained_only_where_there_are_some(self, tiny: Project) -> None:
        assert "空欄" in need_table(items.full_list(read_plan(tiny))).note
        tiny.set_cell("2021/progress.csv", 4, "status", "×")
        assert need_table(items.full_list(read_plan(tiny))).note == ""

    def test_a_list_of_words_without_blanks_explains_none(self, words: Project) -> None:
        words.path("data/words/schedule.csv").unlink()
        assert "空欄" in need_table(items.full_list(brief(read_words(project=words)))).note
        rows = words.read("data/words/2021/progress.csv").splitlines()
        for row in range(1, len(rows)):
            for column in ("done", "next_year", "later", "note"):
                if column in rows[0].split(","):
                    words.set_cell("data/words/2021/progress.csv", row, column, "記した。")
        item_ids = [row.split(",")[0] for row in rows[1:]]
        words.write(
            "data/words/2021/assignments.csv",
            "item,department,role,qualifier,as_printed\n"
            + "".join(f"{item},soumu,lead,,\n" for item in item_ids),
        )
        assert need_table(items.full_list(brief(read_words(project=words)))).note == ""

    def test_counts_of_words_explain_the_columns_that_are_there(self, words: Project) -> None:
        words.path("data/words/schedule.csv").unlink()
        table = need_table(coverage.table(brief(read_words(project=words))))
        labels = {column.label for column in table.columns}
        assert "予定あり" not in labels
        assert "予定あり" not in table.note

    def test_a_dash_is_explained_only_where_one_stands(self, tiny: Project) -> None:
        tiny.append("targets.csv", "incidents,2022,1,,false,2021,s1,41")
        tiny.write(
            "2022/actuals.csv",
            tiny.read("2021/actuals.csv"),
        )
        with_dash = need_table(indicators.table(read_plan(tiny)))
        without = need_table(indicators.table(read_plan(tiny, 2022)))
        assert any("—" in row for row in with_dash.rows)
        assert not any("—" in row for row in without.rows)
        assert ("—は" in with_dash.note, "—は" in without.note) == (True, False)

    def test_a_department_is_not_sent_to_formulas_that_its_paper_lacks(self, tiny: Project) -> None:
        shown = need_table(indicators.table(read_plan(tiny, department="madoguchi")))
        assert "算式は参考" not in shown.note

    def test_a_relisted_row_with_a_mark_is_not_said_to_count_once(self, tiny: Project) -> None:
        before = read_text(notes.terms(read_plan(tiny)))
        tiny.set_cell("2021/progress.csv", 4, "status", "×")
        after = read_text(notes.terms(read_plan(tiny)))
        assert ("元の行でだけ数える" in before, "元の行でだけ数える" in after) == (True, False)

    def test_only_the_words_in_front_of_titles_that_occur_are_explained(
        self, tiny: Project
    ) -> None:
        tiny.set_cell("items.csv", 3, "scope", "")
        told = read_text(notes.terms(read_plan(tiny)))
        assert "【新規】：計画で新たに始める取組であることを示す。" in told
        assert "拡充" not in told


class TestIndicators:
    """Terms, keys and rules of indicators follow their values."""

    def test_indicators_without_targets_are_not_said_to_reach_one(self, tiny: Project) -> None:
        header = tiny.read("targets.csv").splitlines()[0]
        tiny.write("targets.csv", header + "\n")
        assert "到達" not in read_text(indicators.formulas(read_plan(tiny)))

    def test_a_value_compared_with_the_baseline_is_not_said_to_be_with_last_year(
        self, tiny: Project
    ) -> None:
        tiny.write("2022/actuals.csv", tiny.read("2021/actuals.csv"))
        for row in (1, 2):
            tiny.set_cell("indicators.csv", row, "baseline_year", "2020")
        tiny.path("2021/actuals.csv").unlink()
        folder = tiny.path("2021/actuals.csv").parents[1] / "2020"
        folder.mkdir()
        (folder / "actuals.csv").write_text(tiny.read("2022/actuals.csv"), "utf-8")
        b = read_plan(tiny, 2022)
        assert {entry.compared_year for entry in b.assessments} == {2020}
        assert "基準年度の値" in read_text(indicators.formulas(b))

    @pytest.mark.parametrize("missing", [True, False])
    def test_a_missing_value_is_explained_where_one_is_missing(
        self, tiny: Project, missing: bool
    ) -> None:
        if missing:
            tiny.set_cell("2021/actuals.csv", 1, "value", "")
            tiny.set_cell("2021/actuals.csv", 1, "missing", "not_stated")
        assert ("記載なし：値が" in read_text(notes.terms(read_plan(tiny)))) is missing

    def test_the_key_of_a_chart_names_what_is_drawn(self, tiny: Project) -> None:
        """No baseline value is known: there is no line to a target."""
        group = indicators.panels(read_plan(tiny))
        assert isinstance(group, Group)
        (chart,) = group.parts
        assert isinstance(chart, Chart)
        assert chart.caption == "指標の推移（●実績　◇目標）"


class TestPromises:
    """Nothing is promised that the plan does not promise."""

    def test_invented_data_are_not_said_to_come_from_published_documents(self) -> None:
        sample = make_edition("words", 2021).model_copy(update={"sample": True})
        year = read_words()
        invented = replace(year.plan, meta=year.plan.meta.model_copy(update={"sources": ()}))
        told = [
            head.annual(brief(replace(year, plan=plan), sample, whole=year)).sample_notice
            for plan in (year.plan, invented)
        ]
        assert told == [
            "見本（公表資料をもとに作成したもので、町の公表資料ではない）",
            "見本（町の公表資料ではない）",
        ]


class TestComparison:
    """The comparison says of plans what they and comparison.yaml declare."""

    def test_marks_are_told_with_the_note_that_their_plan_declares(self) -> None:
        told = need_table(comparison.plans(compare(read_compared()))).note
        assert "予定した日程" not in told

    def test_sources_are_not_said_to_differ_in_detail(self) -> None:
        told = need_table(comparison.plans(compare(read_compared()))).note
        assert "詳しさ" not in told

    def test_a_single_figure_is_not_said_to_count_something_else(self, tmp_path: Path) -> None:
        project = copy_compared(tmp_path / "compared")
        rows = project.read("data/comparisons.csv").splitlines()
        project.write("data/comparisons.csv", "\n".join(rows[:-1]) + "\n")
        table = need_table(contrasts.table(compare(read_compared(project))))
        assert ("地図の数", "値は一つだけである", "", "") in table.rows
