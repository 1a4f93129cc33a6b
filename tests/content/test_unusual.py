"""Values and rows that no rule forbids and that look wrong: found by validation, in any plan."""

from pathlib import Path

import pytest

from nenpo.analysis.progress import load_year
from nenpo.build.validate import validate_plans
from nenpo.content import inspection
from nenpo.content.copies import compare_all, compare_copies
from nenpo.content.display import Table
from nenpo.content.finding import Finding
from nenpo.content.findings import list_findings
from nenpo.data.load import load_plan
from nenpo.data.project import list_plans
from opened import brief
from tiny_project import Project, copy_project
from words_project import copy_words, read_plan

FIGURE = "{},,{},plan,year,2021,,,actual,,{},{},{},false,{},{},{},s1,{}"
STATEMENT = "hall,市役所の広さ,plan,{},{},{},s1,70"


def find(project: Project, kind: str, plan: str = "tiny") -> list[Finding]:
    return [each for each in list_findings(load_plan(plan, project.root)) if each.kind == kind]


@pytest.fixture
def words(tmp_path: Path) -> Project:
    return copy_words(tmp_path / "words")


def add_figure(words: Project, name: str, value: str, **cells: str) -> None:
    row = FIGURE.format(
        name,
        cells.get("title", "申請の割合"),
        value,
        cells.get("denominator", ""),
        cells.get("unit", "%"),
        cells.get("preferred", "true"),
        cells.get("reason", ""),
        cells.get("note", ""),
        cells.get("line", "60"),
    )
    words.append("data/words/figures.csv", row)


class TestRanges:
    """Shares beyond 0 to 100 percent, and counts above what they are counted of."""

    @pytest.mark.parametrize("value", ["460", "100.1", "-1"])
    def test_a_share_that_cannot_be_one_is_found(self, tiny: Project, value: str) -> None:
        tiny.set_cell("2021/actuals.csv", 1, "value", value)
        (entry,) = find(tiny, "excess")
        assert entry.place == "data/tiny/2021/actuals.csv: online-rate"
        assert f"割合が{value}％であり" in entry.ja
        assert f"a share of {value}%" in entry.en

    @pytest.mark.parametrize("value", ["0", "100", "46.0"])
    def test_a_share_that_can_be_one_is_no_finding(self, tiny: Project, value: str) -> None:
        tiny.set_cell("2021/actuals.csv", 1, "value", value)
        assert find(tiny, "excess") == []

    def test_a_count_above_its_denominator_is_found(self, tiny: Project) -> None:
        tiny.set_cell("2022/actuals.csv", 1, "value", "16")
        (entry,) = find(tiny, "excess")
        assert entry.ja == "値が分母を超える（16/15）。"
        assert entry.spots[0].place == "2022/actuals.csv:2"

    def test_targets_and_figures_are_looked_at_too(self, tiny: Project, words: Project) -> None:
        tiny.set_cell("targets.csv", 1, "value", "500")
        add_figure(words, "rate", "46", denominator="15", unit="件")
        assert [each.spots[0].file for each in find(tiny, "excess")] == ["targets.csv"]
        assert [each.spots[0].row for each in find(words, "excess", "words")] == ["rate"]

    def test_count_below_zero_is_told(self, tiny: Project) -> None:
        """None where another value of the indicator is below zero as well."""
        tiny.set_cell("2021/actuals.csv", 2, "value", "-3")
        (entry,) = find(tiny, "excess")
        assert "負の数（-3）" in entry.ja or "負の数（−3）" in entry.ja, entry.ja
        tiny.set_cell("2022/actuals.csv", 2, "missing", "")
        tiny.set_cell("2022/actuals.csv", 2, "value", "-1")
        assert find(tiny, "excess") == []


class TestCitedLines:
    """Lines of a source, where plan.yaml says how many it has."""

    def test_a_line_beyond_the_end_is_found_in_every_table(self, tiny: Project) -> None:
        tiny.replace("plan.yaml", "    file: report.txt", "    file: report.txt\n    lines: 40")
        found = {(each.spots[0].file, each.spots[0].source_line) for each in find(tiny, "beyond")}
        assert ("2021/actuals.csv", 41) in found
        assert ("2021/actuals.csv", 40) not in found

    def test_nothing_is_known_of_a_source_without_a_length(self, tiny: Project) -> None:
        tiny.set_cell("2021/progress.csv", 1, "line", "99999")
        assert find(tiny, "beyond") == []

    def test_the_length_of_every_source_of_the_samples_is_declared(self) -> None:
        plans = [read_plan(name) for name in list_plans(Path(__file__).parents[2])]
        lengths = {s.file: s.lines for plan in plans for s in plan.meta.sources}
        assert None not in lengths.values()
        assert len(lengths) == 5


class TestDirections:
    """Marks that mean a change in either direction."""

    def test_a_change_without_direction_is_found(self, tiny: Project) -> None:
        tiny.set_cell("2021/progress.csv", 3, "shift", "")
        (entry,) = find(tiny, "direction")
        assert entry.place == "data/tiny/2021/progress.csv: i1-2-01"
        assert entry.weight == "high"
        # The row above it has a cell of two lines.
        assert entry.spots[0].line == 5

    def test_a_neutral_mark_needs_none_where_the_plan_does_not_call_it_a_change(
        self, tiny: Project
    ) -> None:
        tiny.set_cell("2021/progress.csv", 3, "shift", "")
        tiny.replace("plan.yaml", "  changed: 変更\n", "")
        assert find(tiny, "direction") == []


class TestPrintedNames:
    """Who is in charge, beside what the source prints."""

    def test_another_department_than_the_printed_one_is_found(self, tiny: Project) -> None:
        tiny.set_cell("2021/assignments.csv", 1, "as_printed", "情報課")
        (entry,) = find(tiny, "assigned")
        assert entry.ja == "資料の表記は「情報課」であるが、担当は「窓口課」である。"
        assert entry.place == "data/tiny/2021/assignments.csv: i1-1-01"

    @pytest.mark.parametrize("printed", ["窓ロ課", "窓口課（証明係）", "（窓口課）", ""])
    def test_a_known_spelling_a_qualifier_or_brackets_are_no_finding(
        self, tiny: Project, printed: str
    ) -> None:
        tiny.set_cell("2021/assignments.csv", 1, "as_printed", printed)
        assert find(tiny, "assigned") == []


class TestClaims:
    """Reasons that speak for another value than the one they stand beside."""

    def test_a_reason_that_names_another_values_number_alone_is_found(self, words: Project) -> None:
        add_figure(words, "rate", "46.0", reason="46.1を印刷しているため用いる")
        add_figure(words, "rate", "46.1", preferred="false", reason="概数")
        (entry,) = find(words, "claim", "words")
        assert "（46.1）" in entry.ja
        assert "another one's (46.1)" in entry.en

    def test_a_reason_that_compares_both_is_no_finding(self, words: Project) -> None:
        add_figure(words, "rate", "46.0", reason="46.0は46.1より後の値であるため用いる")
        add_figure(words, "rate", "46.1", preferred="false", reason="概数")
        assert find(words, "claim", "words") == []

    def test_a_value_not_in_use_that_is_said_to_be_is_found(self, words: Project) -> None:
        rows = (("17室", "false", "数としてはこれを用いる"), ("15室", "true", "後の資料による"))
        for row in rows:
            words.append("data/words/statements.csv", STATEMENT.format(*row))
        (entry,) = find(words, "claim", "words")
        assert entry.ja == "用いない値の理由が、用いると述べている。"

    def test_a_value_whose_other_use_is_told_is_no_finding(self, words: Project) -> None:
        why = "分母には用いない。一覧の数としてはこれを用いる"
        for row in (("17室", "false", why), ("15室", "true", "後の資料による")):
            words.append("data/words/statements.csv", STATEMENT.format(*row))
        assert find(words, "claim", "words") == []


class TestCopies:
    """One cell of a document, copied into two plans."""

    @pytest.fixture
    def both(self, tmp_path: Path) -> Project:
        """Two plans made from one report, with the same values."""
        project = copy_project(tmp_path / "both")
        for folder in ("data", "params"):
            source, copy = (project.root / folder / name for name in ("tiny", "copy"))
            copy.mkdir()
            for path in source.rglob("*"):
                if path.is_file():
                    place = copy / path.relative_to(source)
                    place.parent.mkdir(exist_ok=True)
                    place.write_bytes(path.read_bytes())
        project.replace("data/copy/plan.yaml", "id: tiny", "id: copy")
        for year in (2021, 2022):
            project.replace(f"params/copy/{year}.yaml", "plan: tiny", "plan: copy")
        return project

    def test_equal_copies_are_no_finding(self, both: Project) -> None:
        plans = [load_plan(name, both.root) for name in ("tiny", "copy")]
        assert [*compare_all(plans)] == []

    def test_a_copy_that_differs_is_found_from_both_sides(self, both: Project) -> None:
        both.set_cell("data/copy/2021/actuals.csv", 1, "value", "20.6")
        tiny, copy = (load_plan(name, both.root) for name in ("tiny", "copy"))
        (here,), (there,) = compare_copies(tiny, [copy]), compare_copies(copy, [tiny])
        assert here.place == "data/tiny/2021/actuals.csv: online-rate"
        assert "この計画は20.5％、data/copy/2021/actuals.csv:2 は20.6％" in here.ja
        assert there.place == "data/copy/2021/actuals.csv: online-rate"

    def test_a_rounding_of_equal_value_is_no_finding(self, both: Project) -> None:
        both.set_cell("data/copy/2021/actuals.csv", 1, "value", "20.50")
        plans = [load_plan(name, both.root) for name in ("tiny", "copy")]
        assert [*compare_all(plans)] == []

    def test_another_line_or_another_document_is_another_cell(self, both: Project) -> None:
        both.set_cell("data/copy/2021/actuals.csv", 1, "value", "20.6")
        both.set_cell("data/copy/2021/actuals.csv", 1, "line", "43")
        both.set_cell("data/copy/2021/actuals.csv", 2, "value", "5")
        both.replace("data/copy/plan.yaml", "file: report.txt", "file: other.txt")
        plans = [load_plan(name, both.root) for name in ("tiny", "copy")]
        assert [*compare_all(plans)] == []

    def test_the_validation_and_the_check_list_note_it(self, both: Project) -> None:
        both.set_cell("data/copy/2021/actuals.csv", 1, "value", "20.6")
        told = [line for line in validate_plans(both.root) if "and 20.5％ in data/tiny" in line]
        assert len(told) == 1
        b = brief(load_year(load_plan("tiny", both.root), 2021), root=both.root)
        shown = inspection.table(b)
        assert isinstance(shown, Table)
        assert any("【計画間の値の相違】" in row[1] for row in shown.rows)

    def test_the_copies_of_the_samples_agree(self) -> None:
        plans = [read_plan(name) for name in list_plans(Path(__file__).parents[2])]
        assert [*compare_all(plans)] == []


@pytest.mark.parametrize("kind", ["excess", "beyond", "direction", "assigned", "claim"])
def test_the_samples_have_nothing_of_the_kind(kind: str) -> None:
    for name in list_plans(Path(__file__).parents[2]):
        assert [each for each in list_findings(read_plan(name)) if each.kind == kind] == []
