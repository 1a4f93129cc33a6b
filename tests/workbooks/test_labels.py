"""A label of somebody else's sheet is understood however it is printed, and by its year."""

import pytest

from nenpo.workbooks.labels import SHOWN, find_meaning

EXACT = {
    "number": "番号 No. № 整理番号",
    "title": "事業名 取組名 ①取組名 取り組み名 【取組名】",
    "measure": "施策名",
    "department": "所管課 担当課 部署 所管部・課 担当部署名",
    "status": "進捗状況 評価 区分 進捗区分 進捗状況（◎○△×） R4年度評価（自己）",
    "last_status": "令和３年度評価 昨年度の評価",
    "done": "実績 取組内容 取組の内容 今年度の取組状況 令和4年度実績 （実績） 令和4年度（実績） "
    "R4実績 2022年度実績 令和4年度の取組 実績を記入してください",
    "last_done": "令和3年度の取組実績",
    "planned": "令和4年度計画 今年度の予定",
    "next_year": "次年度の予定 R5計画 今後の予定 令和５年度の取組 ５年度計画",
    "issues": "課題 今後の課題",
    "change_reason": "理由 変更理由",
    "note": "備考 備考欄 （備考）",
    "indicator": "指標名",
    "target": "目標値 令和4年度目標値",
    "value": "実績値 (2)実績値 令和4年度実績値",
    "last_value": "令和3年度実績値",
    "unit": "単位",
    "budget": "予算額 予算額（千円） 令和4年度当初予算額",
    "spent": "決算額",
    "due": "期限",
    "owner": "責任者",
}


@pytest.mark.parametrize(
    ("label", "meaning"), [(label, key) for key, told in EXACT.items() for label in told.split()]
)
def test_usual_label_is_understood_in_2022(label: str, meaning: str) -> None:
    guess = find_meaning(label, 2022)
    assert guess is not None
    assert (guess.meanings[0], guess.exact) == (meaning, True)


@pytest.mark.parametrize("label", ["次年度以降の取組", "令和6年度の予定", "令和5年度以降の計画"])
def test_what_lies_further_ahead_may_be_either(label: str) -> None:
    guess = find_meaning(label, 2022)
    assert guess is not None
    assert guess.meanings == ("next_year", "later")


def test_head_of_a_label_stands_last() -> None:
    guess = find_meaning("目標値に対する実績値", 2022)
    assert guess is not None
    assert (guess.meanings, guess.exact) == (("value",), False)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "　",
        "年度",
        "令和4年度",
        "記入日",
        "計画期間",
        "職員数",
        "今年度の取組で工夫した点とその効果",
    ],
)
def test_what_is_no_known_label_means_nothing(label: str) -> None:
    assert find_meaning(label, 2022) is None


def test_without_a_year_a_stated_year_is_taken_as_the_one_in_question() -> None:
    guess = find_meaning("令和4年度実績")
    assert guess is not None
    assert guess.meanings == ("done",)


def test_what_is_shown_is_told_from_what_is_asked() -> None:
    assert {"title", "planned", "last_value"} <= set(SHOWN)
    assert not {"done", "value", "status"} & set(SHOWN)
