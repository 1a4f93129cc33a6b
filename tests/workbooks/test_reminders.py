"""Whoever has not answered gets a text that says what is missing, until when, and whom to ask."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nenpo.errors import UnusableCell, Words
from nenpo.workbooks.marking.findings import Finding
from nenpo.workbooks.sending.guide import Notice
from nenpo.workbooks.standing.reminders import encode_reminder, list_reminders
from nenpo.workbooks.standing.status import DepartmentStatus, OpenRow, SurveyStatus, WaitingReply

TODAY = date(2023, 4, 20)
NOTICE = Notice(prepared_by="企画課", contact="内線 1234")
ROW = OpenRow("取組", "1-①-2", "国の\nシステムの改修", ("令和4年度の進捗区分",))
JOHO = DepartmentStatus(
    department="joho",
    name="情報課",
    file="01_情報課.xlsx",
    sent=date(2023, 4, 3),
    deadline=date(2023, 4, 14),
    received=None,
    answered=0,
    asked=1,
    rows=(ROW,),
)
FAULT = Finding(
    Path("a.xlsx"),
    "取組",
    6,
    4,
    UnusableCell(
        place="a",
        column="進捗区分",
        value="〇",
        why=Words("似た別の文字である", ""),
        allowed=Words("◎", ""),
        remedy=Words("「○」を選ぶこと。", ""),
    ),
)
FAULTY = WaitingReply("a.xlsx", (FAULT,))


def remind(notice: Notice = NOTICE, today: date = TODAY, **more: Any) -> dict[str, str]:
    each = replace(JOHO, **more)
    return list_reminders(SurveyStatus("tiny", "小さな計画", 2022, (each,)), notice, today)


def test_a_department_that_is_late_is_asked_for_its_reply() -> None:
    assert remind()["joho"] == (
        "件名：小さな計画　令和4年度進捗状況調査票の提出について（再依頼）\n"
        "宛先：情報課長　様\n"
        "差出人：企画課\n"
        "\n"
        "　令和5年4月14日（金）を提出期限として依頼した標記の調査票について、"
        "令和5年4月20日現在、御提出を確認できていません。\n"
        "　お忙しいところ恐れ入りますが、次の項目を記入の上、"
        "速やかに御提出くださるようお願いします。\n"
        "　なお、本状と行き違いに御提出いただいているときは、御容赦ください。\n"
        "\n"
        "１　状況\n"
        "　　送付日：令和5年4月3日（月）\n"
        "　　提出期限：令和5年4月14日（金）　6日超過\n"
        "　　回答済み：1件のうち0件\n"
        "\n"
        "２　記入をお願いする項目\n"
        "　　（取組　1件）\n"
        "　　・1-①-2 国の システムの改修［令和4年度の進捗区分］\n"
        "\n"
        "３　提出先及び問合せ先\n"
        "　　企画課　内線 1234\n"
    )


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"today": date(2023, 4, 10)}, "提出期限が近づきましたのでお知らせします。"),
        ({"received": date(2023, 4, 12)}, "次の項目が未記入です。"),
        ({"received": date(2023, 4, 12)}, "調査票について、御提出いただきました。"),
        ({"answered": 1, "by_others": 1}, "ほかの部署の回答があるもの：1件"),
        ({"answered": 1, "by_others": 1, "rows": ()}, "御提出を確認できていません。"),
        ({"deadline": None}, "先に依頼した標記の調査票"),
        ({"waiting": FAULTY}, "修正が必要な箇所が1件ありました。"),
        ({"waiting": FAULTY}, "・取組 D6：「〇」　似た別の文字である　「○」を選んでください。"),
        ({"rows": (ROW,) * 25}, "ほか5件"),
        ({"notice": Notice()}, "　　取りまとめ担当\n"),
    ],
)  # fmt: skip
def test_what_is_said_fits_how_far_it_has_come(more: Any, told: str) -> None:
    assert told in remind(**more)["joho"]


@pytest.mark.parametrize(
    "more",
    [{"rows": ()}, {"waiting": WaitingReply("a.xlsx")}, {"department": "plan"}],
)
def test_who_has_nothing_to_do_is_not_reminded(more: Any) -> None:
    assert remind(**more) == {}


def test_an_editor_of_windows_reads_it() -> None:
    assert encode_reminder("件名\n宛先\n") == "\ufeff件名\r\n宛先\r\n".encode()
