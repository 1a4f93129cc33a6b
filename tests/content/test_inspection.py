"""The check list: every finding once, by weight, with its places and room for a decision."""

import csv
import io

import pytest

from nenpo.analysis import progress
from nenpo.content import inspection
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Nothing, Rows, Sentences, Table
from nenpo.content.finding import RULES
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project


@pytest.fixture(scope="module")
def nakano() -> OpenBriefing:
    year = progress.load_year(load_plan("nakano-informatization"), 2021)
    return brief(year, neighbours=())


def open_tiny(tiny: Project, fiscal_year: int = 2021) -> OpenBriefing:
    year = progress.load_year(load_plan("tiny", tiny.root), fiscal_year)
    return brief(year, neighbours=())


def read_rows(b: OpenBriefing) -> list[tuple[str, ...]]:
    shown = [inspection.table(b), inspection.readings(b)]
    return [row for table in shown if isinstance(table, Table) for row in table.rows]


def read_cells(b: OpenBriefing) -> str:
    return "\n".join(" | ".join(row) for row in read_rows(b))


def read_attached(b: OpenBriefing) -> list[dict[str, str]]:
    shown = inspection.attachment(b)
    assert isinstance(shown, Rows)
    return [*csv.DictReader(io.StringIO(shown.csv, newline=""))]


def find_row(b: OpenBriefing, words: str) -> tuple[str, ...]:
    return next(row for row in read_rows(b) if words in row[1])


def test_what_changes_a_number_stands_before_what_may_be_asked_about(nakano: OpenBriefing) -> None:
    numbers = [row[0][0] for row in read_rows(nakano) if row[2]]
    assert numbers == sorted(numbers, key="高中低".index)
    assert {*numbers} == {*"高中低"}


def test_the_summary_counts_the_rows_of_both_tables(nakano: OpenBriefing) -> None:
    told = inspection.summary(nakano)
    rows = [row for row in read_rows(nakano) if row[0][1:].isdecimal()]
    counts = "、".join(
        f"「{word}」{sum(row[0].startswith(word) for row in rows)}件" for word in "高中低"
    )
    assert isinstance(told, Sentences)
    assert told.paragraphs[0] == f"確認を要する事項は{len(rows)}件（{counts}）である。"


def test_totals_that_agree_with_the_published_ones_are_told_in_a_sentence(
    nakano: OpenBriefing,
) -> None:
    told = inspection.summary(nakano).paragraphs[1]
    assert told == ("進捗区分別の件数は、公表された集計（◎97件、○4件、△1件、×1件）と一致する。")


def test_a_total_that_does_not_agree_is_of_great_weight(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 2, "status", "×")
    row = find_row(open_tiny(tiny), "公表1件に対し、集計は0件である。")
    assert row[0].startswith("高")
    assert "published.yaml" in row[2]


def test_there_is_room_for_a_decision_for_who_takes_it_and_for_the_day(
    nakano: OpenBriefing,
) -> None:
    shown = inspection.table(nakano)
    assert isinstance(shown, Table)
    assert [column.label for column in shown.columns[3:]] == ["判断", "担当", "日付"]
    filled = [
        cell for row, kind in zip(shown.rows, shown.kinds, strict=True) if kind == "body"
        for cell in row[3:]
    ]  # fmt: skip
    assert {*filled} == {""}


def test_a_place_names_page_and_line_in_print_the_title_and_the_row_of_the_data(
    nakano: OpenBriefing,
) -> None:
    assert find_row(nakano, "拡充検討と実施")[2].split("\n") == [
        "出典1 一覧3頁 103行",
        "1-2-①-2 オープンデータの公開数の拡大",
        "misreadings.csv:10",
    ]


def test_a_misreading_shows_the_characters_that_differ(nakano: OpenBriefing) -> None:
    assert "年度［未→末］交付率" in read_cells(nakano)


def test_one_misreading_at_several_places_is_one_row(nakano: OpenBriefing) -> None:
    rows = [row for row in read_rows(nakano) if "［び→ぴ］ったり" in row[1]]
    assert [row[2] for row in rows] == [
        "出典1 一覧2頁 88行（1-1-⑤-1）、89行（1-1-⑤-2）、90行（1-1-⑤-3）\n"
        "misreadings.csv:5、6、7、8、9"
    ]


def test_two_works_in_four_rows_are_two_double_counts(nakano: OpenBriefing) -> None:
    rows = [row for row in read_rows(nakano) if "【重ねて数えた取組】" in row[1]]
    assert len(rows) == 2
    assert all("2行で2件と数えている" in row[1] for row in rows)


def test_works_that_share_a_title_alone_are_no_double_count(nakano: OpenBriefing) -> None:
    row = find_row(nakano, "「標準仕様と現行システム及び事務や関連システム等の対応度調査」")
    assert row[0].startswith("低")
    assert "3行にあり、別の取組とみて" in row[1]


def test_an_inferred_relisting_needs_a_decision_and_a_stated_one_none(
    nakano: OpenBriefing,
) -> None:
    rows = read_rows(nakano)
    assert sum("【推定した再掲】" in row[1] for row in rows) == 3
    assert all(row[0].startswith("中") for row in rows if "【推定した再掲】" in row[1])
    assert find_row(nakano, "【表示のある再掲】")[0].startswith("低")


def test_rows_without_a_mark_leave_relistings_out(nakano: OpenBriefing) -> None:
    row = find_row(nakano, "【進捗区分の記載なし】")
    assert "7件ある（再掲を除く。）。「×」には数えていない。" in row[1]
    assert "progress.csv:31、43、44、45、51、82、112" in row[2]


def test_an_inferred_name_is_told_once_with_what_the_source_prints(nakano: OpenBriefing) -> None:
    told = [row for row in read_rows(nakano) if "生活援護課" in row[1]]
    assert [row[1] for row in told] == [
        "【推定した名称】「生活支援課」「生活介護課」を「生活援護課＊」とした。"
    ]


def test_another_spelling_is_told_where_no_misreading_tells_it(tiny: Project) -> None:
    tiny.set_cell("2021/assignments.csv", 1, "as_printed", "窓ロ課")
    assert "「窓ロ課」を「窓口課」とした。" in find_row(open_tiny(tiny), "【部署の別の表記】")[1]
    row = "assignments,i1-1-01,department,窓ロ課,窓口課,片仮名の読み誤り,s1,11"
    tiny.append("2021/misreadings.csv", row)
    assert "【部署の別の表記】" not in read_cells(open_tiny(tiny))


def test_a_department_that_the_source_does_not_name_has_no_other_spelling(tiny: Project) -> None:
    tiny.set_cell("2021/assignments.csv", 1, "as_printed", "")
    assert "「」" not in read_cells(open_tiny(tiny))


def test_a_value_that_is_not_in_use_is_never_said_to_be(nakano: OpenBriefing) -> None:
    row = find_row(nakano, "標準化の成果指標の分母とする業務の数")
    assert "「15業務」を用いる（ほかに「17業務」）。" in row[1]
    assert "「17業務」：成果指標の分母には用いない。" in read_cells(nakano)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("nakano-informatization", "「令和4年5月末」を用いる（ほかに「令和4年度当初」）"),
        ("nakano-informatization", "「令和6年度」を用いる（ほかに「令和5年度」）"),
        ("nakano-informatization", "（ほかに「決定された（2期）」）"),
        ("nakano-structural-reform", "「令和6年度」を用いる（ほかに「令和5年度」）"),
        ("unnamed-ward-digitalization", "「2019年（令和元年）5月31日公布」を用いる"),
        ("unnamed-ward-digitalization", "「第1グループ」を用いる（ほかに「先行」）"),
    ],
)
def test_what_the_documents_state_differently_is_told(plan: str, words: str) -> None:
    year = progress.load_year(load_plan(plan), 2021)
    assert words in read_cells(brief(year, neighbours=()))


def test_a_rounding_is_no_disagreement() -> None:
    year = progress.load_year(load_plan("nakano-information-policy"), 2021)
    row = find_row(brief(year, neighbours=()), "約146万件")
    assert row[0].startswith("低")


def test_values_that_sources_state_side_by_side_are_told_with_the_one_in_use(
    tiny: Project,
) -> None:
    row = find_row(open_tiny(tiny), "用いる値：3件。ほかの値：約4件。")
    assert row[0].startswith("高")
    assert row[2] == "41行、99行\nactuals.csv:3、4"


def test_an_indicator_that_cannot_be_computed_is_listed(nakano: OpenBriefing) -> None:
    row = find_row(nakano, "地図情報に関する窓口及び電話等問い合わせ件数")
    assert row[1].endswith("。実績：記載なし。進捗率は算出できない（実績の記載なし）。")


def test_a_title_that_changed_is_listed(tiny: Project) -> None:
    assert "【題名の変化】" in read_cells(open_tiny(tiny, 2022))


def test_the_worksheet_has_a_line_for_every_row_concerned(nakano: OpenBriefing) -> None:
    rows = read_attached(nakano)
    own = [row for row in rows if row["内容"].startswith("［び→ぴ］")]
    assert [(row["行"], row["ファイル"], row["ファイルの行"]) for row in own] == [
        ("88", "2021/misreadings.csv", "5"),
        ("89", "2021/misreadings.csv", "6"),
        ("89", "2021/misreadings.csv", "7"),
        ("90", "2021/misreadings.csv", "8"),
        ("90", "2021/misreadings.csv", "9"),
    ]
    assert {row[column] for row in rows for column in ("判断", "担当", "日付")} == {""}


def test_the_worksheet_has_every_finding_of_the_paper(nakano: OpenBriefing) -> None:
    numbers = [row[0] for row in read_rows(nakano) if row[0][1:].isdecimal()]
    assert [*dict.fromkeys(row["番号"] for row in read_attached(nakano))] == numbers


def test_more_places_than_can_be_read_are_counted_and_stand_in_the_worksheet(
    nakano: OpenBriefing,
) -> None:
    assert find_row(nakano, "【表示のある再掲】")[2].endswith("ほか3か所")
    rows = [row for row in read_attached(nakano) if row["種類"] == "表示のある再掲"]
    assert len(rows) == 11


def test_every_short_form_of_the_tables_is_explained_where_it_occurs(tiny: Project) -> None:
    tiny.write("2021/misreadings.csv", "table,id,column,printed,normalised,reason,source,line\n")
    told = inspection.summary(open_tiny(tiny)).paragraphs
    assert not any("［前→後］" in line or "出典1" in line for line in told)


def test_the_reading_of_the_plan_as_a_whole_stands_there(nakano: OpenBriefing) -> None:
    told = inspection.reading(nakano)
    assert isinstance(told, Sentences)
    assert told.paragraphs[-1] == "課の並び順は仮のものである。"


def test_a_note_on_one_years_print_stands_in_that_years_check_list(tiny: Project) -> None:
    """Its row of 2022 cites another document than the note."""
    tiny.set_cell("items.csv", 1, "note", "題名は誤植とみられる")
    tiny.set_cell("items.csv", 2, "note", "どの年度にも関わる")
    tiny.set_cell("2022/progress.csv", 1, "source", "")
    noted = {year: read_cells(open_tiny(tiny, year)) for year in (2021, 2022)}
    assert "題名は誤植とみられる" in noted[2021]
    assert "題名は誤植とみられる" not in noted[2022]
    assert all("どの年度にも関わる" in told for told in noted.values())


def test_a_note_of_a_municipality_without_sources_stands_in_every_year(tiny: Project) -> None:
    tiny.set_cell("items.csv", 1, "note", "所管に確認中")
    tiny.set_cell("items.csv", 1, "source", "")
    assert all("所管に確認中" in read_cells(open_tiny(tiny, year)) for year in (2021, 2022))


def test_a_year_without_findings_has_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_collect", lambda _: ())
    b = brief(progress.load_year(load_plan("koto-informatization"), 2021), neighbours=())
    assert isinstance(inspection.table(b), Nothing)
    assert isinstance(inspection.attachment(b), Nothing)
    assert inspection.summary(b).paragraphs[0] == "確認を要する事項はない。"


def test_kinds_are_listed_by_weight() -> None:
    weights = [rule.weight for rule in RULES.values()]
    assert weights == sorted(weights, key=["high", "middle", "low"].index)
