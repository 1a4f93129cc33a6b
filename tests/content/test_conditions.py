"""What a plan may be like: one tiny invented project a condition, told by the real notebooks.

Each folder in ``fixtures/`` that is named here is a project without notebooks; the real ones are
executed on it. Where only its data matter, its tables are read in place.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from shutil import copytree
from typing import Any

import jsonschema
import pytest

from nenpo.analysis import indicators, progress
from nenpo.analysis.coverage import count_coverage
from nenpo.analysis.indicators import Assessment
from nenpo.analysis.progress import Year
from nenpo.build.params import select_briefings
from nenpo.content import (
    change_sentences,
    explanations,
    facts,
    indicator_sentences,
    inspection,
    sentences,
    tables,
)
from nenpo.content.display import Nothing, Sentences, Table
from nenpo.data.load import load_plan
from nenpo.data.plan import Plan
from nenpo.export.blocks import Heading, NumberedTable
from nenpo.export.document import Document, read_document
from nenpo.export.html import render_html
from nenpo.files import canonical_json
from nenpo.notebook.execute import execute_briefing

ROOT = Path(__file__).parents[2]
FIXTURES = Path(__file__).parents[1] / "fixtures"
SCHEMA = json.loads((files("nenpo.content") / "facts.schema.json").read_text(encoding="utf-8"))
# What each condition's notebooks make.
CONDITIONS = {
    "letter_marks": ("midori/2021/annual", "midori/2021/inspection", "midori/2021/joho"),
    "word_marks": ("midori/2021/annual", "midori/2021/inspection", "midori/2021/joho"),
    "no_marks": ("midori/2022/annual", "midori/2022/inspection", "midori/2022/joho"),
    "declared_thresholds": ("midori/2022/annual", "midori/2022/inspection"),
    "bureaus": (
        "midori/2021/annual",
        "midori/2021/inspection",
        "midori/2021/kikaku",
        "midori/2021/kumin",
    ),
    "no_departments": ("midori/2021/annual", "midori/2021/inspection"),
    "relisted": ("midori/2021/annual", "midori/2021/inspection", "midori/2021/joho"),
    "revised_plan": ("midori/2022/annual", "midori/2022/inspection"),
    "renamed_department": ("midori/2022/annual", "midori/2022/inspection", "midori/2022/dejitaru"),
    "merged_departments": ("midori/2022/annual", "midori/2022/inspection", "midori/2022/joho-koho"),
    "split_department": (
        "midori/2022/annual",
        "midori/2022/inspection",
        "midori/2022/dejitaru",
        "midori/2022/koho",
    ),
    "revised_target": ("midori/2022/annual", "midori/2022/inspection"),
    "redefined_indicator": ("midori/2022/annual", "midori/2022/inspection"),
    "indicators_only": ("midori/2022/annual", "midori/2022/inspection"),
    "two_plans_of_one_ward": (
        "midori-digital/2021/annual",
        "midori-digital/2021/inspection",
        "midori-digital/2021/joho",
        "midori-reform/2021/annual",
        "midori-reform/2021/inspection",
        "midori-reform/2021/joho",
    ),
    "same_department_in_two_wards": (
        "kita/2021/annual",
        "kita/2021/inspection",
        "kita/2021/joho",
        "minami/2021/annual",
        "minami/2021/inspection",
        "minami/2021/joho",
    ),
    "zero_or_silent": ("midori/2021/annual", "midori/2021/inspection", "midori/2021/joho"),
}

Documents = Mapping[str, Document]
MakeDocuments = Callable[[str], Documents]


def make_documents(condition: str, root: Path) -> Documents:
    """Execute every briefing of a condition's project, copied to ``root``, by its selector."""
    copytree(FIXTURES / condition, root)
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    return {
        briefing.selector: read_document(execute_briefing(root, briefing))
        for briefing in select_briefings(root)
    }


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> MakeDocuments:
    """Return the documents of a condition, made once for all tests of this file."""
    made: dict[str, Documents] = {}

    def make_once(condition: str) -> Documents:
        if condition not in made:
            folder = tmp_path_factory.mktemp(condition)
            made[condition] = make_documents(condition, folder / "project")
        return made[condition]

    return make_once


@pytest.fixture(params=CONDITIONS)
def documents(request: pytest.FixtureRequest, make: MakeDocuments) -> Documents:
    """The documents of each condition in turn."""
    return make(request.param)


def list_strings(value: Any) -> Iterator[str]:
    """Yield every string that stands anywhere in a block, drawings apart."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        yield from list_strings(vars(value))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from list_strings(inner) if key != "svg" else ()
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from list_strings(inner)


def read_text(document: Document) -> str:
    """Return all that a document says, its title first."""
    return "\n".join((document.head.title, *list_strings(document.blocks)))


def read_page(document: Document) -> str:
    """Return the words of the HTML page, without its rules and attached files."""
    page = re.sub(r"<style>.*?</style>", "", render_html(document), flags=re.DOTALL)
    return re.sub(r'data:[^"]*', "", page)


def list_headings(document: Document, level: int | None = None) -> list[Heading]:
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    return [block for block in headings if level in (None, block.level)]


def list_tables(document: Document) -> dict[str, Table]:
    tables = [block.table for block in document.blocks if isinstance(block, NumberedTable)]
    return {table.caption: table for table in tables}


def find_facts(document: Document) -> Mapping[str, Any]:
    assert document.facts is not None
    return document.facts.values


def read_plan(condition: str, plan: str = "midori") -> Plan:
    return load_plan(plan, FIXTURES / condition)


def read_year(
    condition: str, fiscal_year: int, department: str | None = None, plan: str = "midori"
) -> Year:
    return progress.load_year(read_plan(condition, plan), fiscal_year, department)


def read_words(shown: Sentences | Nothing) -> str:
    assert isinstance(shown, Sentences)
    return "".join(shown.paragraphs)


def read_rows(shown: Table | Nothing) -> tuple[tuple[str, ...], ...]:
    assert isinstance(shown, Table)
    return shown.rows


def count_marks(year: Year) -> dict[str, int]:
    return progress.count_status(year.plan, year.items)


def compare(condition: str, department: str | None = None) -> progress.Transitions:
    moved = progress.compare_years(read_year(condition, 2022, department))
    assert moved is not None
    return moved


def assess(condition: str, fiscal_year: int) -> dict[str, Assessment]:
    entries = indicators.assess_indicators(read_plan(condition), fiscal_year)
    return {entry.indicator: entry for entry in entries}


def tell(condition: str, indicator: str, fiscal_year: int) -> str:
    entry = assess(condition, fiscal_year)[indicator]
    return read_words(indicator_sentences.tell_indicator(entry, fiscal_year))


class TestEveryCondition:
    @pytest.mark.parametrize("condition", CONDITIONS)
    def test_its_briefings_are_made(self, make: MakeDocuments, condition: str) -> None:
        assert tuple(make(condition)) == CONDITIONS[condition]

    def test_nothing_is_shown_as_python_writes_it(self, documents: Documents) -> None:
        for document in documents.values():
            attached = [rows.csv for rows in document.rows]
            facts = canonical_json(find_facts(document))
            told = (read_text(document), read_page(document), facts)
            found = re.findall(
                r"\b(?:nan|NaN|None|NaT|inf|Infinity)\b", "\n".join([*told, *attached])
            )
            assert found == []

    def test_no_table_is_empty(self, documents: Documents) -> None:
        for document in documents.values():
            for caption, table in list_tables(document).items():
                assert any(cell for row in table.rows for cell in row), caption

    def test_no_gap_in_the_numbering(self, documents: Documents) -> None:
        for document in documents.values():
            numbers = [block.number for block in list_headings(document, 2) if block.number]
            assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
            for kind in ("別紙", "参考"):
                appended = [block.number for block in list_headings(document, 1)]
                own = [number for number in appended if number.startswith(kind)]
                assert own == [f"{kind}{n}" for n in range(1, len(own) + 1)]

    def test_no_heading_stands_over_nothing(self, documents: Documents) -> None:
        for document in documents.values():
            for block, following in pairwise([*document.blocks, Heading(0, "")]):
                if isinstance(block, Heading) and isinstance(following, Heading):
                    assert following.level > block.level, block.text

    def test_its_facts_follow_their_schema(self, documents: Documents) -> None:
        for document in documents.values():
            jsonschema.validate(find_facts(document), SCHEMA)


class TestLetterMarks:
    """A–D: more marks than usual, two of them good."""

    def test_marks_are_counted_in_the_order_of_the_scale(self) -> None:
        counts = count_marks(read_year("letter_marks", 2021))
        assert list(counts.items()) == [("A", 1), ("B", 1), ("C", 1), ("D", 1)]

    def test_every_good_mark_counts_as_on_schedule(self, make: MakeDocuments) -> None:
        told = read_text(make("letter_marks")["midori/2021/annual"])
        assert "進捗区分を付した4件のうち2件（50.0％）" in told
        assert "A・Bは予定した日程との比較であり" in told

    def test_what_needs_action_stands_first(self, make: MakeDocuments) -> None:
        shown = list_tables(make("letter_marks")["midori/2021/annual"])
        rows = shown["スケジュールどおりでない取組"].rows
        assert [row[0] for row in rows] == ["D", "C"]

    def test_each_mark_is_explained_with_the_plans_own_label(self, make: MakeDocuments) -> None:
        shown = list_tables(make("letter_marks")["midori/2021/joho"])["進捗区分別の件数"]
        assert shown.note == "A 計画を上回る　B 計画どおり　C 計画を下回る　D 未着手"


class TestWordMarks:
    """順調/遅れ: words in the place of marks, and nothing between them."""

    def test_words_are_counted(self) -> None:
        assert count_marks(read_year("word_marks", 2021)) == {"順調": 2, "遅れ": 1}

    def test_the_lead_says_the_word(self) -> None:
        told = read_words(sentences.summarise_plan(read_year("word_marks", 2021), ()))
        assert "3件のうち2件（66.7％）が「順調」である。" in told
        assert "スケジュールどおりでない取組は1件（遅れ1件）である。" in told

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
        shown = list_tables(make("no_marks")["midori/2022/annual"])["前年度からの変化"]
        assert shown.rows == (
            ("1-① 電子申請の受付", "様式を整えた", "受付を始めた"),
            ("1-① 証明書の交付", "方法を検討した", "記載なし"),
        )

    def test_the_check_list_misses_no_mark_that_the_plan_does_not_have(self) -> None:
        assert isinstance(inspection.list_unrated(read_year("no_marks", 2022)), Nothing)


class TestDeclaredThresholds:
    """順調 from 1.0, やや遅れ from 0.6, 遅れ below; two of three years have passed."""

    @pytest.mark.parametrize(
        ("indicator", "word"), [("even", "順調"), ("slow", "やや遅れ"), ("late", "遅れ")]
    )
    def test_a_pace_on_the_threshold_has_reached_it(self, indicator: str, word: str) -> None:
        assert assess("declared_thresholds", 2022)[indicator].word == word

    def test_the_document_says_the_declared_word(self, make: MakeDocuments) -> None:
        told = read_text(make("declared_thresholds")["midori/2022/annual"])
        words = re.findall("計画の基準による判定は「(.+?)」である。", told)
        assert words == ["順調", "やや遅れ", "遅れ"]

    def test_a_plan_without_thresholds_says_no_word(self) -> None:
        assert assess("revised_target", 2022)["online"].word == ""
        assert "判定" not in tell("revised_target", "online", 2022)


class TestBureaus:
    """部 instead of 課."""

    def test_a_bureau_has_its_own_briefing_and_a_generic_name_has_none(self) -> None:
        names = [b.department for b in select_briefings(FIXTURES / "bureaus") if b.department]
        assert names == ["kikaku", "kumin"]

    def test_the_title_says_bureau(self, make: MakeDocuments) -> None:
        head = make("bureaus")["midori/2021/kumin"].head
        assert head.title == "担当部別 進捗状況（令和3年度）市民部"

    @pytest.mark.parametrize("briefing", ["annual", "kikaku", "kumin"])
    def test_tables_and_sentences_never_say_section(
        self, make: MakeDocuments, briefing: str
    ) -> None:
        document = make("bureaus")[f"midori/2021/{briefing}"]
        blocks = [block for block in document.blocks if not isinstance(block, Heading)]
        assert [text for text in list_strings(blocks) if "課" in text] == []

    def test_headings_never_say_section(self, make: MakeDocuments) -> None:
        documents = [make("bureaus")[f"midori/2021/{name}"] for name in ("annual", "kumin")]
        headings = [block.text for each in documents for block in list_headings(each)]
        assert [text for text in headings if "課" in text] == []

    def test_the_check_list_never_says_section(self, make: MakeDocuments) -> None:
        assert "課" not in read_text(make("bureaus")["midori/2021/inspection"])

    def test_a_bureau_that_only_supports_is_counted_apart(self) -> None:
        year = read_year("bureaus", 2021)
        assert progress.count_by_department(year, ("lead",)) == {
            "kikaku": {"◎": 1, "○": 0, "×": 0},
            "kumin": {"◎": 0, "○": 0, "×": 1},
        }
        assert progress.count_by_department(year)["kumin"] == {"◎": 1, "○": 0, "×": 1}


class TestNoDepartments:
    def test_there_is_no_table_by_department(self) -> None:
        shown = tables.status_by_department(read_year("no_departments", 2021))
        assert isinstance(shown, Nothing)

    def test_items_are_counted_all_the_same(self) -> None:
        assert count_marks(read_year("no_departments", 2021)) == {"◎": 1, "○": 0, "×": 1}

    def test_no_term_explains_departments(self) -> None:
        told = read_words(explanations.explain_terms(read_year("no_departments", 2021), ()))
        assert "所管課" not in told

    def test_the_document_never_speaks_of_departments(self, make: MakeDocuments) -> None:
        assert "所管課" not in read_text(make("no_departments")["midori/2021/annual"])


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

    def test_the_lead_tells_why_rows_are_not_counted(self) -> None:
        told = read_words(sentences.summarise_plan(read_year("relisted", 2021), ()))
        assert "一覧の全4行のうち進捗区分の記載なしは2件（うち再掲2件）で、件数に含まない。" in told

    def test_each_row_names_where_it_is_listed_first(self, make: MakeDocuments) -> None:
        document = make("relisted")["midori/2021/annual"]
        rows = list_tables(document)["デジタル計画　進捗状況一覧"].rows
        assert [row[1] for row in rows] == [
            "電子申請の受付",
            "（1-①の再掲）電子申請の受付",
            "地図の公開",
            "（1-①の再掲）電子申請の受付",
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
        told = "改善した取組は1件、後退した取組は0件、新たに加わった取組は1件、終了した取組は1件"
        assert told in read_text(document)
        moved = find_facts(document)["transitions"]
        assert (moved["improved"], moved["new"], moved["ended"]) == (["i4"], ["i5"], ["i3"])


CHANGED = {
    "renamed_department": ("dejitaru",),
    "merged_departments": ("joho-koho",),
    "split_department": ("dejitaru", "koho"),
}
SUCCESSORS = [(condition, name) for condition, names in CHANGED.items() for name in names]
HISTORIES = {
    ("renamed_department", "dejitaru"): [
        ("令和3年度", "情報課", "1", "0", "1", "2"),
        ("令和4年度", "デジタル課", "2", "0", "0", "2"),
    ],
    # 情報課 and 広報課 led i1 together: the merged department counts it once.
    ("merged_departments", "joho-koho"): [
        ("令和3年度", "情報課、広報課", "1", "0", "1", "2"),
        ("令和4年度", "情報広報課", "2", "0", "0", "2"),
    ],
    ("split_department", "dejitaru"): [
        ("令和3年度", "情報課", "1", "0", "1", "2"),
        ("令和4年度", "デジタル課", "1", "0", "0", "1"),
    ],
    ("split_department", "koho"): [
        ("令和3年度", "情報課", "1", "0", "1", "2"),
        ("令和4年度", "広報課", "1", "0", "0", "1"),
    ],
}
SAID = {
    ("renamed_department", "dejitaru"): "デジタル課は、令和4年度に情報課を改称した課である。"
    "令和4年度より前の値は、情報課のものである。",
    (
        "merged_departments",
        "joho-koho",
    ): "情報広報課は、令和4年度に情報課、広報課を統合した課である。"
    "令和4年度より前の値は、統合前の課の値を合わせたものである。",
    ("split_department", "dejitaru"): "デジタル課は、令和4年度に情報課から分かれた課である。"
    "令和4年度より前の値は、分かれる前の情報課のものである。",
    ("split_department", "koho"): "広報課は、令和4年度に情報課から分かれた課である。"
    "令和4年度より前の値は、分かれる前の情報課のものである。",
}


class TestChangedDepartments:
    @pytest.mark.parametrize(("condition", "department"), SUCCESSORS)
    def test_a_department_follows_the_figures_of_those_before_it(
        self, condition: str, department: str
    ) -> None:
        shown = tables.department_history(read_year(condition, 2022, department))
        assert list(read_rows(shown)) == HISTORIES[condition, department]

    @pytest.mark.parametrize(("condition", "department"), SUCCESSORS)
    def test_a_department_says_whom_it_follows(self, condition: str, department: str) -> None:
        shown = change_sentences.tell_succession(read_year(condition, 2022, department))
        assert read_words(shown) == SAID[condition, department]

    @pytest.mark.parametrize(("condition", "department"), SUCCESSORS)
    def test_its_briefing_holds_both(
        self, make: MakeDocuments, condition: str, department: str
    ) -> None:
        document = make(condition)[f"midori/2022/{department}"]
        history = list_tables(document)["所管課としての件数の推移"].rows
        assert list(history) == HISTORIES[condition, department]
        assert SAID[condition, department] in read_text(document)

    @pytest.mark.parametrize(("condition", "department"), SUCCESSORS)
    def test_no_item_is_new_or_ended_because_its_department_changed(
        self, condition: str, department: str
    ) -> None:
        moved = compare(condition, department)
        assert [*moved.started["item"], *moved.ended["item"], *moved.unreported["item"]] == []

    @pytest.mark.parametrize(
        ("condition", "department", "improved"),
        [
            ("renamed_department", "dejitaru", ["i2"]),
            ("merged_departments", "joho-koho", ["i2"]),
            ("split_department", "dejitaru", []),
            ("split_department", "koho", ["i2"]),
        ],
    )
    def test_a_department_compares_its_own_items_with_the_year_before(
        self, condition: str, department: str, improved: list[str]
    ) -> None:
        assert list(compare(condition, department).improved["item"]) == improved


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

    def test_the_sentence_tells_both_targets(self) -> None:
        told = tell("revised_target", "online", 2022)
        assert "令和5年度目標80％（令和4年度に50％から改定）に対する" in told

    def test_the_sentence_before_the_revision_knows_nothing_of_it(self) -> None:
        told = tell("revised_target", "online", 2021)
        assert "令和5年度目標50％に対する" in told
        assert "改定" not in told

    def test_the_document_says_the_sentence(self, make: MakeDocuments) -> None:
        document = make("revised_target")["midori/2022/annual"]
        assert tell("revised_target", "online", 2022) in read_text(document)

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

    def test_the_sentence_tells_the_change_of_definition(self) -> None:
        told = tell("redefined_indicator", "online-rate", 2022)
        assert "令和3年度と比較できる値はない。" in told
        assert told.endswith(
            "この指標は定義を改めたもので、改める前の「電子申請の件数」とは比べない"
            "（令和3年度は200件）。"
        )

    def test_the_document_says_the_sentence(self, make: MakeDocuments) -> None:
        document = make("redefined_indicator")["midori/2022/annual"]
        assert tell("redefined_indicator", "online-rate", 2022) in read_text(document)


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
        assessments = indicators.assess_indicators(year.plan, 2022)
        told = read_words(sentences.summarise_plan(year, assessments))
        assert "成果指標は1項目で、改善1項目（電子申請の件数 100→150件（50件増））である。" in told
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


class TestSameDepartmentInTwoWards:
    """情報課, joho in both."""

    @pytest.mark.parametrize(
        ("plan", "counts"),
        [("kita", {"◎": 2, "○": 0, "×": 0}), ("minami", {"◎": 0, "○": 0, "×": 1})],
    )
    def test_each_counts_only_its_own(
        self, make: MakeDocuments, plan: str, counts: dict[str, int]
    ) -> None:
        found = find_facts(make("same_department_in_two_wards")[f"{plan}/2021/joho"])
        assert found["plan"] == plan
        assert found["by_department"] == {"joho": counts}

    def test_each_names_its_own_ward(self, make: MakeDocuments) -> None:
        made = make("same_department_in_two_wards")
        wards = [made[f"{plan}/2021/joho"].head.municipality for plan in ("kita", "minami")]
        assert wards == ["きた区", "みなみ区"]

    def test_neither_shows_an_item_of_the_other(self, make: MakeDocuments) -> None:
        made = make("same_department_in_two_wards")
        assert "端末の貸出し" not in read_text(made["kita/2021/joho"])
        assert "電子申請の受付" not in read_text(made["minami/2021/joho"])

    def test_each_attaches_its_own_file(self, make: MakeDocuments) -> None:
        made = make("same_department_in_two_wards")
        names = [
            rows.name for plan in ("kita", "minami") for rows in made[f"{plan}/2021/joho"].rows
        ]
        assert names == ["kita-2021-joho.csv", "minami-2021-joho.csv"]


class TestZeroOrSilent:
    """i1 has the lowest mark, i2 no mark, i3 no row; accidents are 0, complaints not stated."""

    def test_facts_tell_zero_from_not_reported_from_not_rated(self) -> None:
        year = read_year("zero_or_silent", 2021)
        assessments = indicators.assess_indicators(year.plan, 2021)
        found = facts.collect_facts(year, assessments).values
        told = {name: (f["actual"], f["missing"]) for name, f in found["indicators"].items()}
        assert told == {"accidents": (0, ""), "complaints": (None, "not_stated")}
        assert found["status_counts"] == {"◎": 0, "○": 0, "×": 1}
        assert (found["rated"], found["unrated"], found["items"]) == (1, 1, ["i1", "i2"])

    def test_an_indicator_of_zero_reads_unlike_one_without_value(self, make: MakeDocuments) -> None:
        document = make("zero_or_silent")["midori/2021/annual"]
        rows = list_tables(document)["成果指標の推移"].rows
        assert [row[:3] for row in rows] == [
            ("事故の件数", "2件", "0件"),
            ("苦情の件数", "1件", "実績の記載なし"),
        ]
        assert "実績の記載なし：資料に値が示されていないこと。0を意味しない。" in read_text(
            document
        )

    def test_an_item_not_rated_reads_unlike_the_lowest_mark(self, make: MakeDocuments) -> None:
        document = make("zero_or_silent")["midori/2021/joho"]
        rows = list_tables(document)["所管する取組"].rows
        assert [row[1:3] for row in rows] == [
            ("電子申請の受付", "×"),
            ("証明書の交付", "進捗区分の記載なし"),
        ]
        assert "区分が示されていないことを表し、未着手を意味しない。" in read_text(document)

    def test_a_measure_without_report_reads_unlike_zero(self, make: MakeDocuments) -> None:
        document = make("zero_or_silent")["midori/2021/annual"]
        table = list_tables(document)["デジタル計画の体系"]
        assert table.rows[1:] == (("1-① 窓口のオンライン化", "2"), ("1-② 情報の公開", "—"))
        assert table.note == "—は、この文書で報告する取組がないことを表す。"
