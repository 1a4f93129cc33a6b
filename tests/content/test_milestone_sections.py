"""The milestones as documents show them: ahead on one page, all in a table, drawn on one axis."""

from collections.abc import Sequence

import pytest

from nenpo.analysis.progress import load_year
from nenpo.content import facts, milestones, timeline
from nenpo.content.briefing import OpenBriefing
from nenpo.content.display import Chart, Nothing, Table
from nenpo.data.load import load_plan
from opened import brief
from tiny_project import Project
from words_project import need_table, read_column, read_plan

HEADER = "subject,date,text,state,former_date"
ROWS = (
    "i1-1-01,202204,様式の公開,revised,202203",
    "i1-1-01,FY2022,窓口の研修,planned,",
    "i1-1-02,FY2022,窓口の研修,planned,",
    "i1-1-02,202203,国のシステムの改修,planned,",
    "i1-2-01,202110,データの公開,done,FY2021-end",
    "m1-2,202301,公開の拡大,planned,",
    "plan,FY2025,計画の終了,planned,",
)


# As many as a chart needs, each on its own.
MANY = (*ROWS, *(f"m1-1,2023{month:02d},第{month}回の会議,planned," for month in range(4, 9)))


def open_tiny(
    tiny: Project, rows: Sequence[str] = ROWS, department: str | None = None
) -> OpenBriefing:
    tiny.write("2021/milestones.csv", "\n".join((HEADER, *rows, "")))
    return brief(load_year(load_plan("tiny", tiny.root), 2021, department))


@pytest.fixture(scope="module")
def nakano() -> OpenBriefing:
    return brief(load_year(read_plan("nakano-informatization"), 2021))


def need_chart(shown: Chart | Nothing) -> Chart:
    assert isinstance(shown, Chart), shown
    return shown


def test_coming_ones_tell_when_what_which_item_and_who(tiny: Project) -> None:
    shown = need_table(milestones.coming(open_tiny(tiny)))
    assert shown.rows == (
        ("令和4年4月", "様式の公開", "1-①-1", "窓口課"),
        ("令和5年1月", "公開の拡大", "1-②", "各課"),
        ("令和4年度", "窓口の研修", "1-①-1・2", "窓口課、情報課"),
    )


def test_what_coming_leaves_out_is_counted_with_its_place(tiny: Project) -> None:
    assert need_table(milestones.coming(open_tiny(tiny))).note == (
        "このほかの今後の節目1件は、「節目の一覧」に示す。"
        "予定の時期を過ぎ、完了の報告がない節目が1件ある（「節目の一覧」）。"
    )


def test_at_most_eight_are_coming(tiny: Project) -> None:
    rows = [f"plan,2022{month:02d},第{month}回,planned," for month in range(4, 13)]
    shown = need_table(milestones.coming(open_tiny(tiny, rows)))
    assert read_column(shown, "節目") == [f"第{month}回" for month in range(4, 12)]
    assert shown.note == "このほかの今後の節目1件は、「節目の一覧」に示す。"


def test_what_is_done_or_past_is_not_coming(tiny: Project) -> None:
    rows = ["plan,202203,改修,planned,", "plan,202205,閉鎖,done,"]
    shown = milestones.coming(open_tiny(tiny, rows))
    assert isinstance(shown, Nothing)
    assert shown.reason == "今後2年度の節目がない"


def test_day_of_the_facts_parts_past_from_coming(tiny: Project) -> None:
    b = open_tiny(tiny, ["plan,202203,改修,planned,"])
    edition = b.edition.model_copy(update={"as_of": "2021-12-31"})
    earlier = OpenBriefing(**{**vars(b), "edition": edition})
    assert read_column(need_table(milestones.coming(earlier)), "節目") == ["改修"]


def test_many_departments_are_counted_not_named(nakano: OpenBriefing) -> None:
    shown = need_table(milestones.coming(nakano))
    assert shown.rows[0] == (
        "令和4年8月",
        "標準化（1期）の標準仕様書を国が改定",
        "2-3-①-11",
        "情報システム課ほか4課",
    )


def test_work_of_another_actor_names_the_actor_first(nakano: OpenBriefing) -> None:
    shown = need_table(milestones.coming(nakano))
    row = next(row for row in shown.rows if row[0] == "令和5年1月")
    assert row[-1] == "都（情報システム課）"


def test_table_holds_all_with_what_moved_or_is_missing_beneath(tiny: Project) -> None:
    shown = need_table(milestones.table(open_tiny(tiny)))
    told = [row[1] if row[1] else row[0] for row in shown.rows]
    assert list(zip(told, shown.kinds, strict=True)) == [
        ("データの公開", "body"),
        ("予定の時期：令和3年度末", "note"),
        ("国のシステムの改修", "attention"),
        ("予定の時期を過ぎたが、完了の報告がない", "note"),
        ("様式の公開", "body"),
        ("変更：令和4年3月→令和4年4月", "note"),
        ("公開の拡大", "body"),
        ("窓口の研修", "body"),
        ("計画の終了", "body"),
    ]


def test_table_tells_the_state_in_words(tiny: Project) -> None:
    rows = [row for row in need_table(milestones.table(open_tiny(tiny))).rows if row[1]]
    assert [row[-1] for row in rows] == ["済", "予定", "変更", "予定", "予定", "予定"]


def test_department_is_told_only_its_own(tiny: Project) -> None:
    told = milestones.tell_next(open_tiny(tiny, department="madoguchi"))
    assert told == {"i1-1-01": "令和4年4月 様式の公開"}


def test_alternative_text_begins_with_the_finding(nakano: OpenBriefing) -> None:
    assert need_chart(milestones.timeline(nakano)).alt.startswith(
        "令和5年度までに予定する節目は11件で、最初は令和4年8月の"
        "「標準化（1期）の標準仕様書を国が改定」である。"
    )


def test_timeline_leaves_out_what_is_done_first_and_says_how_many(nakano: OpenBriefing) -> None:
    chart = need_chart(milestones.timeline(nakano))
    assert chart.caption == "節目の時期（ほか4件は表に示す）"
    assert "令和6年度 新庁舎へ移転（予定）" in chart.alt
    assert "策定" not in chart.alt


def test_alternative_text_tells_from_when_a_milestone_was_moved(tiny: Project) -> None:
    alt = need_chart(milestones.timeline(open_tiny(tiny, MANY))).alt
    assert "令和4年4月 様式の公開（変更、令和4年3月から）" in alt


def test_a_few_are_not_drawn_as_the_table_says_it_all(tiny: Project) -> None:
    # Two of the rows say the same at the same time.
    assert isinstance(milestones.timeline(open_tiny(tiny, MANY[:8])), Nothing)
    assert isinstance(milestones.timeline(open_tiny(tiny, MANY[:9])), Chart)


def test_department_of_a_few_items_has_no_drawing(tiny: Project) -> None:
    rows = [f"i1-1-01,2022{month:02d},第{month}回,planned," for month in range(4, 13)]
    shown = milestones.timeline(open_tiny(tiny, rows, "madoguchi"))
    assert isinstance(shown, Nothing)
    assert shown.reason == "次の節目を取組の下に示す"


def test_timeline_is_drawn_the_same_twice(nakano: OpenBriefing) -> None:
    assert need_chart(milestones.timeline(nakano)).svg == (
        need_chart(milestones.timeline(nakano)).svg
    )


@pytest.mark.parametrize("show", [milestones.coming, milestones.timeline, milestones.table])
def test_nothing_is_shown_without_milestones(tiny: Project, show: object) -> None:
    assert callable(show)
    shown: Table | Chart | Nothing = show(open_tiny(tiny, ()))
    assert isinstance(shown, Nothing)
    assert shown.reason == "節目（milestones.csv）がない"


def test_next_of_an_item_is_its_own_or_that_of_its_measure(tiny: Project) -> None:
    assert milestones.tell_next(open_tiny(tiny)) == {
        "i1-1-01": "令和4年4月 様式の公開",
        "i1-1-02": "令和4年度 窓口の研修",
        "i1-2-01": "令和5年1月 公開の拡大",
        "i1-2-02": "令和5年1月 公開の拡大",
    }


def test_facts_hold_every_milestone_of_the_document(tiny: Project) -> None:
    values = facts.collect(open_tiny(tiny, department="madoguchi")).values["milestones"]
    assert values == {
        "i1-1-01": {
            "様式の公開": {"date": "202204", "state": "revised", "former_date": "202203"},
            "窓口の研修": {"date": "FY2022", "state": "planned"},
        }
    }


def test_facts_without_milestones_have_no_key_for_them(tiny: Project) -> None:
    assert "milestones" not in facts.collect(open_tiny(tiny, ())).values


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("窓口の移転", ["窓口の移転"]),
        ("あいうえおかきくけこさ", ["あいうえおかき", "くけこさ"]),
        ("あいうえおかき・くけこさ", ["あいうえおかき・", "くけこさ"]),
        ("AIとRPAの活用を検討", ["AIとRPAの活用を検討"]),
    ],
)
def test_long_text_is_drawn_in_lines_of_about_one_length(text: str, lines: list[str]) -> None:
    assert list(timeline.wrap_text(text, 10)) == lines
