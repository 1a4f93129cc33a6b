"""The tables directly in ``data/``: what concerns several plans."""

import re
from typing import Literal

from pydantic import Field

from nenpo.data.schema.cells import Id, RequiredText, Text
from nenpo.data.schema.columns import Row

# In a short text, what stands for the value of a figure or an indicator: 交付率{card-rate}.
VALUE_NAME = re.compile(r"\{([^{}]*)\}")


class ThemeRow(Row):
    """themes.csv: which part of which plan belongs to a theme."""

    TITLE = "主題ごとの施策等 / parts of plans by theme"
    KEY = ("theme", "plan", "subject")
    theme: Id = Field(title="主題", description="主題（comparison.yaml の themes の ID） / theme")
    plan: Id = Field(
        title="計画", description="計画の ID / plan", examples=["koto-informatization"]
    )
    subject: Id = Field(
        title="対象",
        description="施策・取組・指標・数値等の ID、計画全体は plan / id of a part of that plan",
        examples=["m1-1-1"],
    )
    note: Text = Field(
        title="当たる内容",
        description="主題に当たる内容（説明の一部だけのとき） / what of it concerns the theme",
    )
    short: Text = Field(
        title="短い言い方",
        default="",
        description=(
            "一覧表での短い言い方（{数値や指標の ID} は値と時期に置き換わる）"
            " / the same in a few words; {id of a figure or indicator} becomes its value and time"
        ),
        examples=["交付率{card-rate}"],
    )


class ComparisonRow(Row):
    """comparisons.csv: figures of several plans that answer one question, or seem to."""

    TITLE = "数値の対照 / figures side by side"
    KEY = ("theme", "question", "plan", "figure")
    theme: Id = Field(title="主題", description="主題（comparison.yaml の themes の ID） / theme")
    question: RequiredText = Field(
        title="何を比べるか", description="何を比べるか / what is compared"
    )
    basis: RequiredText = Field(
        title="数え方",
        description="数え方（同じものだけ並べられる） / what is counted; only like with like",
    )
    plan: Id = Field(
        title="計画", description="計画の ID / plan", examples=["koto-informatization"]
    )
    figure: Id = Field(title="数値", description="その計画の数値の ID / a figure of that plan")
    reason: Text = Field(
        title="並べられない理由", description="並べられない理由 / why it is kept apart"
    )


class PriorityRow(Row):
    """priorities.csv: which national priority a part of a plan serves."""

    TITLE = "国の重点取組事項との対応 / national priorities served"
    KEY = ("plan", "subject", "priority")
    plan: Id = Field(
        title="計画", description="計画の ID / plan", examples=["koto-informatization"]
    )
    subject: Id = Field(
        title="対象", description="その計画の目標・施策・取組の ID / a part of that plan"
    )
    priority: Id = Field(
        title="国の施策", description="国の計画の施策の ID / a measure of the national plan"
    )
    ground: Literal["stated", "judged"] = Field(
        title="根拠",
        description="根拠（資料に記載、内容から判断） / stated by the source, or judged from it",
    )


class OmissionRow(Row):
    """omissions.csv: numbers of the source documents that are no data, and why."""

    TITLE = "データにしなかった数値 / numbers left out on purpose"
    source: Id = Field(
        title="出典", description="出典の ID（いずれかの plan.yaml にあるもの） / source"
    )
    lines: RequiredText = Field(
        title="行", description="行（62-78|95 の形） / lines, such as 62-78|95"
    )
    numbers: RequiredText = Field(
        title="数値", description="数値（| で区切る、* は全て） / numbers, * for all"
    )
    reason: RequiredText = Field(
        title="データにしない理由", description="データにしない理由 / why it is left out"
    )
