"""The columns that a municipality declares: told of each item, summed, and nothing where not."""

import csv
import io

import pytest

from nenpo.analysis.items import each_item
from nenpo.analysis.progress import load_year
from nenpo.content import extras, facts, items
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Nothing, Rows, Sentences
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project
from words_project import need_table

HEADER = "item,status,shift,change_reason,done,next_year,later"
NAMES = ("owner", "budget", "spent", "due", "risk")
# Of what the ward does, of what the nation does, of what is listed again.
CELLS = {
    "i1-1-01": ("◎", '窓口課長,"1,200",950,令和5年度末,人員の不足'),
    "i1-1-02": ("△", ",,,,"),
    "i1-2-01": ("◎", "情報課長,300,,,"),
    "i1-2-02": ("", ",,,,"),
}


def open_tiny(
    tiny: Project, declared: str = ", ".join(NAMES), department: str | None = None
) -> OpenBriefing:
    tiny.append("plan.yaml", f"columns: [{declared}]")
    rows = [f"{item},{mark},,,済み,,,{cells}" for item, (mark, cells) in CELLS.items()]
    kept = [n for n, name in enumerate(NAMES) if name in declared.split(", ")]
    table = list(csv.reader(io.StringIO("\n".join([f"{HEADER},{','.join(NAMES)}", *rows]))))
    written = io.StringIO()
    lines = [[*row[:7], *(row[7 + n] for n in kept)] for row in table]
    csv.writer(written, lineterminator="\n").writerows(lines)
    tiny.write("2021/progress.csv", written.getvalue())
    tiny.path("2021/misreadings.csv").unlink()
    return brief(load_year(load_plan("tiny", tiny.root), 2021, department))


def describe(b: OpenBriefing) -> dict[str, str]:
    return {item.item: extras.describe_item(b, item) for item in each_item(b.items)}


def test_each_item_is_told_with_what_is_declared(tiny: Project) -> None:
    assert describe(open_tiny(tiny))["i1-1-01"] == (
        "責任者：窓口課長　予算：1,200千円　決算：950千円　完了予定：令和5年度末　"
        "リスク：人員の不足"
    )


def test_what_is_blank_is_told_as_not_stated(tiny: Project) -> None:
    assert describe(open_tiny(tiny))["i1-2-01"] == (
        "責任者：情報課長　予算：300千円　決算、完了予定、リスク：記載なし"
    )


def test_columns_stand_in_the_order_of_their_declaration(tiny: Project) -> None:
    told = describe(open_tiny(tiny, "due, owner"))["i1-1-01"]
    assert told == "完了予定：令和5年度末　責任者：窓口課長"


def test_work_of_others_and_what_is_listed_again_is_told_only_where_it_says_something(
    tiny: Project,
) -> None:
    told = describe(open_tiny(tiny))
    assert (told["i1-1-02"], told["i1-2-02"]) == ("", "")


def test_nothing_is_told_where_nothing_is_declared(tiny: Project) -> None:
    b = brief(load_year(load_plan("tiny", tiny.root), 2021))
    assert set(describe(b).values()) == {""}
    assert isinstance(extras.heading(b), Nothing)
    assert isinstance(extras.money(b), Nothing)
    assert "money" not in facts.collect(b).values


def test_zero_is_an_amount_and_blank_is_none(tiny: Project) -> None:
    b = open_tiny(tiny)
    item = next(each_item(b.items))._replace(budget=0, spent=None)
    assert "予算：0千円" in extras.describe_item(b, item)
    assert "決算：記載なし" in extras.describe_item(b, item)


def test_money_is_summed_by_measure_and_over_all(tiny: Project) -> None:
    shown = need_table(extras.money(open_tiny(tiny)))
    assert shown.caption == "予算及び決算（千円）"
    assert shown.rows == (
        ("1-① 窓口のオンライン化", "1", "1,200", "950"),
        ("1-② オープンデータ", "1", "300", "記載なし"),
        ("計", "2", "1,500", "950"),
    )
    assert shown.note == "記載がない取組（決算は1件）は、計に含まない。"


def test_department_sums_what_it_leads(tiny: Project) -> None:
    shown = need_table(extras.money(open_tiny(tiny, department="madoguchi")))
    assert shown.rows[-1] == ("計", "1", "1,200", "950")


def test_department_that_only_supports_has_no_sum(tiny: Project) -> None:
    shown = extras.money(open_tiny(tiny, department="joho"))
    assert isinstance(shown, Nothing)
    assert shown.reason == "予算及び決算の記載がない"


def test_one_kind_of_money_is_shown_alone(tiny: Project) -> None:
    b = open_tiny(tiny, "budget")
    assert need_table(extras.money(b)).caption == "予算（千円）"
    heading = extras.heading(b)
    assert isinstance(heading, Sentences)
    assert heading.paragraphs == ("予算",)


def test_item_that_was_not_reported_counts_with_its_money(tiny: Project) -> None:
    b = open_tiny(tiny)
    tiny.set_cell("2021/progress.csv", 1, "status", "")
    tiny.set_cell("2021/progress.csv", 1, "done", "")
    silent = brief(load_year(load_plan("tiny", tiny.root), 2021))
    assert list(silent.unreported.items["item"]) == ["i1-1-01"]
    assert extras.sum_money(silent) == extras.sum_money(b)


def test_facts_hold_the_sums(tiny: Project) -> None:
    assert facts.collect(open_tiny(tiny)).values["money"] == {
        "budget": {"total": 1500, "stated": 2, "unstated": 0},
        "spent": {"total": 950, "stated": 1, "unstated": 1},
    }


@pytest.mark.parametrize("name", NAMES)
def test_attached_rows_hold_the_declared_columns(tiny: Project, name: str) -> None:
    attached = items.attachment(open_tiny(tiny, name))
    assert isinstance(attached, Rows)
    assert set(NAMES) & set(attached.csv.splitlines()[0].split(",")) == {name}
