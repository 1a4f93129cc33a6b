"""The paper on two years of a plan: what moved is named, in words, with its reason."""

import pytest

from conditions import read_year
from nenpo.analysis.progress import load_year
from nenpo.content.display import Table
from nenpo.content.years import YearsPaper, compare
from nenpo.data.load import load_plan
from tiny_project import FIXTURE, Project
from words_project import read_words

MOVES, ITEMS = "進捗区分の変わった取組", "異動のあった取組"


def compare_tiny(project: Project | None = None, *years: int) -> YearsPaper:
    plan = load_plan("tiny", project.root if project else FIXTURE)
    before, after = (load_year(plan, year) for year in years or (2021, 2022))
    return compare(before, after)


def compare_condition(condition: str) -> YearsPaper:
    return compare(read_year(condition, 2021), read_year(condition, 2022))


def list_tables(paper: YearsPaper) -> dict[str, Table]:
    return {table.caption: table for section in paper.sections for table in section.tables}


def find_row(table: Table, text: str) -> tuple[str, ...]:
    return next(row for row in table.rows if any(text in cell for cell in row))


def list_below(table: Table, words: str) -> list[tuple[str, ...]]:
    """Return the rows of the group that is so named."""
    assert table.kinds
    start = next(n for n, row in enumerate(table.rows) if row[0] == words)
    later = [n for n, kind in enumerate(table.kinds) if kind == "group" and n > start]
    return [*table.rows[start + 1 : later[0] if later else None]]


@pytest.fixture(scope="module")
def tiny_tables() -> dict[str, Table]:
    return list_tables(compare_tiny())


def test_an_item_whose_mark_fell_back_has_its_name_both_marks_in_words_and_who_leads_it(
    tiny_tables: dict[str, Table],
) -> None:
    row = find_row(tiny_tables[MOVES], "国のシステムの改修")
    assert row == ("1-①-2 （国）国のシステムの改修", "△ 不十分", "× 未着手", "情報課（住基）")


def test_a_reason_stands_below_its_item_and_a_missing_one_is_told(
    tiny_tables: dict[str, Table],
) -> None:
    fallen = list_below(tiny_tables[MOVES], "後退した取組")
    assert [row[0] for row in fallen[1::2]] == ["理由の記載なし", "変更理由：入札が不調のため"]
    assert tiny_tables[MOVES].kinds == ("group", *("attention", "note") * 2)


def test_the_direction_of_a_change_is_a_word(tiny_tables: dict[str, Table]) -> None:
    row = find_row(tiny_tables[MOVES], "ネットワーク")
    assert row[1:3] == ("○ 変更した（前倒し）", "○ 変更した（後ろ倒し）")


def test_an_indicator_has_both_values_with_their_units_its_target_and_the_line_to_it() -> None:
    table = list_tables(compare_condition("indicators_only"))["成果指標の値"]
    assert table.rows == (
        ("電子申請の件数", "100件", "150件", "50件増", "令和5年度 300件", "届かない（線200件）"),
    )


def test_values_that_count_different_things_are_not_subtracted(
    tiny_tables: dict[str, Table],
) -> None:
    row = find_row(tiny_tables["成果指標の値"], "オンライン申請")
    assert row[1:4] == ("20.5％", "約0/15", "比較できない")


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("renamed_department", [("デジタル課", "情報課", "改称", "◎1 ×1", "◎2")]),
        ("merged_departments", [("情報広報課", "情報課、広報課", "統合", "◎1 ×1", "◎2")]),
        (
            "split_department",
            [
                ("デジタル課", "情報課", "分割", "◎1 ×1", "◎1"),
                ("広報課", "情報課", "分割", "◎1 ×1", "◎1"),
            ],
        ),
    ],
)
def test_a_department_stands_beside_those_that_it_follows(
    condition: str, rows: list[tuple[str, ...]]
) -> None:
    paper = compare_condition(condition)
    assert [*list_tables(paper)["変化のあった課"].rows] == rows
    assert ITEMS not in list_tables(paper)  # what changed hands with its department did not move


def test_the_first_lines_name_a_department_that_was_renamed() -> None:
    assert (
        "組織改正のあった課は、デジタル課（情報課の改称）である。"
        in compare_condition("renamed_department").lead
    )


def test_a_part_of_the_work_handed_over_is_told_with_its_giver(
    tiny_tables: dict[str, Table],
) -> None:
    row = find_row(tiny_tables["変化のあった課"], "窓口課")
    assert row[2] == "情報課から一部を移管"


def test_items_are_new_carried_into_others_or_ended() -> None:
    table = list_tables(compare_condition("revised_plan"))[ITEMS]
    assert list_below(table, "新たに加わった取組") == [("—", "1-①-5 地図の公開")]
    assert list_below(table, "引き継いだ取組") == [
        ("1-①-2 証明書の自動交付機", "1-①-4 証明書のコンビニ交付")
    ]
    assert list_below(table, "終了した取組") == [("1-①-3 端末の貸出し", "—")]


def test_an_item_that_another_department_leads_now_is_named(tiny: Project) -> None:
    tiny.replace("2022/assignments.csv", "i1-1-02,joho,lead,住基", "i1-1-02,gikai,lead,")
    (row,) = list_below(list_tables(compare_tiny(tiny))[ITEMS], "所管課の変わった取組")
    assert row[1::2] == ("情報課（住基）", "議会事務局")


def test_changed_texts_stand_side_by_side_by_goal_and_are_folded() -> None:
    paper = compare_tiny()
    (section,) = (section for section in paper.sections if section.folded)
    assert [table.caption for table in section.tables] == [
        "目標1 便利な窓口（2件）",
        "目標2 確かな基盤（1件）",
    ]
    assert find_row(section.tables[0], "対象を広げた")[1:] == (
        "取組状況",
        "様式を整えた。\n受付を始めた。",
        "対象を広げた",
    )


def test_a_plan_in_words_names_what_stands_otherwise_to_its_schedule(words: Project) -> None:
    told = "kept,試行が報告にある"
    words.replace("data/words/2022/progress.csv", told, "changed,試行の記載がない")
    years = [read_words(year, project=words) for year in (2021, 2022)]
    table = list_tables(compare(*years))["予定との対比の変わった事業"]
    (row, note) = list_below(table, "「変更」となった事業")
    assert (row[1:3], note[0]) == (("予定どおり", "変更"), "判断の理由：試行の記載がない")


def test_a_year_beside_itself_has_no_differences() -> None:
    assert compare_tiny(None, 2021, 2021).sections == ()


def test_years_that_are_not_neighbours_follow_what_continues_what(tiny: Project) -> None:
    tiny.replace("items.csv", "ward,,,2022,,i1-2-01,", "ward,,,2022,2022,i1-2-01,")
    tiny.append("items.csv", "i2-1-02,m2-1,回線の更新,,ward,,,2023,,i2-1-01,,s1,32")
    folder = tiny.root / "data/tiny/2023"
    folder.mkdir()
    head = "item,status,shift,change_reason,done,next_year,later,source,line\n"
    tiny.write("2023/progress.csv", f"{head}i2-1-02,◎,,,更新した,,,s1,32\n")
    table = list_tables(compare_tiny(tiny, 2021, 2023))[ITEMS]
    (row,) = list_below(table, "引き継いだ取組")
    assert ("データの公開" in row[0], "回線の更新" in row[2]) == (True, True)
