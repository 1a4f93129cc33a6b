"""What the check prints, annotates and writes for other programs."""

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from check_results import make_groups, make_result
from nenpo.check.changes import LEVELS, FactChange, TextChange, compare_facts
from nenpo.check.reading.pictures import PageChange
from nenpo.check.reports import (
    list_fact_lines,
    tell_github,
    tell_result,
    write_json,
    write_junit,
    write_summary,
)
from nenpo.check.result import CheckResult
from nenpo.check.words import tell_fact


def test_identical_changes_are_told_once_with_their_documents() -> None:
    ((change, documents),) = make_groups(0).group_texts()
    assert change.after == ("後の文。\n100%だ。",)
    assert [document.name for document in documents] == ["plan/2021/annual", "plan/2021/x"]


def test_largest_effect_comes_first() -> None:
    facts = (FactChange(("rows",), 1000, 1001), FactChange(("rated",), 10, 30))
    result = CheckResult((replace(make_result(facts="changed"), facts=facts),))
    lines = list_fact_lines(result)
    assert ["10 → 30" in lines[0], "1000 → 1001" in lines[1]] == [True, True]


@pytest.mark.parametrize(("facts", "lines"), [(0, 1), (8, 9), (9, 10), (50, 10)])
def test_at_most_ten_annotations(facts: int, lines: int) -> None:
    assert len(list(tell_github(make_groups(facts)))) == lines


def test_annotation_is_one_line_and_begins_no_command() -> None:
    (line,) = tell_github(make_groups(0))
    assert line.startswith("::warning title=nenpo check::")
    assert "\n" not in line
    assert "%0A100%25だ" in line


def test_junit_counts_what_it_holds() -> None:
    built: dict[Any, Any] = dict.fromkeys(LEVELS, "not_built")
    changed = make_result(facts="changed", text="changed", picture="not_comparable")
    fact = FactChange(("marks", "<i&1>"), "◎", '"△"')
    result = CheckResult((replace(changed, facts=(fact,)), make_result("plan/2021/x", **built)))
    suites = ElementTree.fromstring(write_junit(result).encode())
    (suite,) = suites
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "8", "failures": "2", "errors": "4", "skipped": "1"}
    held = [len(suites.findall(f".//{tag}")) for tag in ("failure", "error", "skipped")]
    assert held == [2, 4, 1]
    assert suites.findtext(".//failure") == '<i&1>：◎ → "△"'


def test_junit_can_be_read_whatever_characters_a_document_holds() -> None:
    fact = FactChange(("marks", "i1"), "a\x01", "b\ud800\uffff")
    result = CheckResult((replace(make_result(facts="changed"), facts=(fact,)),))
    suites = ElementTree.fromstring(write_junit(result).encode("utf-8", "surrogatepass"))
    assert suites.findtext(".//failure") == "i1：a\ufffd → b\ufffd\ufffd"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            dict.fromkeys(LEVELS, "missing"),
            "::warning title=nenpo check::plan/2021: new document: annual",
        ),
        (
            dict.fromkeys(LEVELS, "orphaned"),
            "::warning title=nenpo check::plan/2021: document is gone: annual",
        ),
        (
            {"picture": "drift"},
            "::notice title=nenpo check::plan/2021: picture drift: annual (p. 3)",
        ),
    ],
)
def test_every_kind_of_finding_has_an_annotation(changed: dict[Any, Any], told: str) -> None:
    pages = (PageChange(3, 1, (0.0, 0.0, 1.0, 1.0)),) if "picture" in changed else ()
    result = CheckResult((replace(make_result(**changed), pictures=pages[: len(changed) == 1]),))
    (line,) = tell_github(result)
    assert line.startswith(told)


def test_what_is_not_built_has_one_annotation_an_edition() -> None:
    built: dict[Any, Any] = dict.fromkeys(LEVELS, "not_built")
    names = ["plan/2021/annual", "plan/2021/departments/a", "plan/2022/annual"]
    lines = list(tell_github(CheckResult(tuple(make_result(name, **built) for name in names))))
    assert lines == [
        "::error title=nenpo check::plan/2021: not built: annual, departments/a",
        "::error title=nenpo check::plan/2022: not built: annual",
    ]


def test_sentence_that_changed_in_two_editions_has_one_annotation() -> None:
    text = TextChange("", ("前",), ("後",))
    first = replace(make_result(text="changed"), text=(text,))
    result = CheckResult((first, replace(first, name="plan/2022/annual", title="計画全体 2022")))
    (line,) = tell_github(result)
    assert line.endswith("計画全体 2021 and 1 more - 前 / + 後")


def test_documents_of_several_plans_are_told_with_their_plan() -> None:
    fact = FactChange(("rows",), 1, 2)
    first = replace(make_result(facts="changed"), facts=(fact,))
    other = replace(first, name="other/2021/annual")
    lines = list_fact_lines(CheckResult((first, other), {"plan": "計画A", "other": "計画B"}))
    assert [line.partition(":")[0] for line in lines] == [
        "計画全体 2021（計画A）",
        "計画全体 2021（計画B）",
    ]


def test_document_that_is_new_as_a_whole_is_told_in_one_word() -> None:
    missing: dict[Any, Any] = dict.fromkeys(LEVELS, "missing")
    lines = list(tell_result(CheckResult((make_result(**missing),))))
    assert lines[1] == "  ++++ 計画全体 2021 [plan/2021/annual]: new document"


def test_item_that_went_to_another_goal_is_told() -> None:
    """No mark changed: the counts by goal are all there is to tell."""
    facts = (FactChange(("by_goal", "1", "◎"), 3, 2), FactChange(("by_goal", "2", "◎"), 3, 4))
    result = CheckResult((replace(make_result(facts="changed"), facts=facts),))
    assert [line.partition(": ")[2] for line in list_fact_lines(result)] == [
        "目標別 1 ◎ 3 → 2",
        "目標別 2 ◎ 3 → 4",
    ]


def test_a_change_of_structure_has_one_annotation_for_all_documents() -> None:
    changed = replace(make_result(structure="changed"), structure=("見出しが増えた",))
    result = CheckResult((changed, replace(changed, name="plan/2021/x")))
    (line,) = tell_github(result)
    assert line.endswith("1 more: 見出しが増えた")


def test_what_changed_alike_in_two_editions_is_told_of_each() -> None:
    fact = FactChange(("rows",), 1, 2)
    text = TextChange("", ("前",), ("後",))
    first = replace(make_result(facts="changed", text="changed"), facts=(fact,), text=(text,))
    result = CheckResult((first, replace(first, name="plan/2022/annual", title="計画全体 2022")))
    assert [line.partition(":")[0] for line in list_fact_lines(result)] == [
        "計画全体 2021",
        "計画全体 2022",
    ]
    assert len(list(result.group_texts())) == 2


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"marks": {"i1": "◎", "i2": "△"}}, "取組ごとの進捗区分：2件が加わった"),
        ({"figures": {"a": {"value": 1}}}, {}, "数値：1件がなくなった"),
    ],
)
def test_facts_that_are_new_or_gone_as_a_whole_take_one_sentence(
    before: dict[str, Any], after: dict[str, Any], told: str
) -> None:
    (change,) = compare_facts(before, after)
    assert tell_fact(change, {}) == told


def test_milestone_that_moves_is_told_in_the_words_of_documents() -> None:
    before = {"milestones": {"i1": {"公開": {"date": "202212", "state": "planned"}}}}
    moved = {"date": "FY2023-end", "state": "revised", "former_date": "202212"}
    after = {"milestones": {"i1": {"公開": moved}}}
    told = {tell_fact(change, {"i1": "1-① 受付"}) for change in compare_facts(before, after)}
    assert told == {
        "節目 1-① 受付 公開 時期 令和4年12月 → 令和5年度末",
        "節目 1-① 受付 公開 状況 予定 → 変更",
        "節目 1-① 受付 公開 変更前の時期 なし → 令和4年12月",
    }


def test_json_holds_every_change() -> None:
    value = json.loads(write_json(make_groups(3), "text"))
    assert value["fail_on"] == "text"
    assert [len(document["facts"]) for document in value["documents"]] == [3, 0]
    assert value["documents"][1]["text"][0]["before"] == ["前の文。"]


def test_summary_keeps_texts_as_text() -> None:
    fact = FactChange(("marks", "a`<b>"), "◎", "△\n# x")
    summary = write_summary(CheckResult((replace(make_result(facts="changed"), facts=(fact,)),)))
    assert "- `計画全体 2021: a'<b>：◎ → △ # x`" in summary.splitlines()


@pytest.mark.parametrize(("before", "after"), [({"i": "◎"}, {}), ({}, {"i": "◎"})])
def test_marks_that_all_go_or_come_are_told(before: dict[str, str], after: dict[str, str]) -> None:
    facts = compare_facts({"marks": before}, {"marks": after})
    assert list_fact_lines(CheckResult((replace(make_result(facts="changed"), facts=facts),)))
