"""The tables of ``data/<plan>/<year>/``: what one fiscal year adds to a plan."""

from typing import Annotated, Literal

from pydantic import Field

from nenpo.data.schema.cells import (
    AssignableId,
    DepartmentId,
    Id,
    IndicatorId,
    ItemId,
    OptionalMoney,
    OptionalStatedTime,
    RequiredText,
    ScopeId,
    StatedTime,
    SubjectId,
    Text,
    refuse_row,
)
from nenpo.data.schema.columns import (
    Amount,
    Approximate,
    Denominator,
    ItemNote,
    ItemText,
    ItemWords,
    Line,
    Preferred,
    Row,
    Source,
    SubjectText,
    Words,
    check_place,
)
from nenpo.language.stated_dates import parse_stated_date


class ProgressRow(Row):
    """<year>/progress.csv."""

    TITLE = "進捗状況 / progress of the year"
    KEY = ("item",)
    item: ItemId = Field(title="取組", description="取組の ID / its item")
    status: Text = Field(
        title="進捗区分", description="進捗区分の記号（空=記載なし） / mark, empty = none given"
    )
    shift: Literal["ahead", "behind", ""] = Field(
        title="変更の向き",
        description="予定の変更の向き（前倒し、後ろ倒し） / direction of a change of schedule",
    )
    change_reason: ItemWords = Field(
        title="変更等の理由", description="変更等の理由 / reason for a change"
    )
    done: ItemWords = Field(title="実績", description="実績 / what was done")
    next_year: ItemWords = Field(
        title="次年度の予定", description="次年度の予定 / plan for the next fiscal year"
    )
    later: ItemWords = Field(
        title="その後の予定", description="その後の予定 / plan for later years"
    )
    issues: ItemWords = Field(title="課題", default="", description="課題 / issues")
    undated: Literal["done", "plan", "both", ""] = Field(
        title="時期の記載がない欄",
        default="",
        description="時期の記載がない欄（実績、予定、両方） / texts of which no time is stated",
    )
    adherence: Literal["kept", "changed", "not_comparable", ""] = Field(
        title="予定との対比",
        default="",
        description="予定との対比（予定どおり、変更、比較できない） / against the schedule",
    )
    adherence_reason: ItemWords = Field(
        title="対比の理由", default="", description="対比の理由 / why it is judged so"
    )
    note: ItemNote = ""
    # Those below only where plan.yaml declares them (columns).
    owner: ItemWords = Field(
        title="責任者", default="", description="責任者（職） / post of who answers for it"
    )
    budget: OptionalMoney = Field(
        title="予算（千円）",
        default=None,
        description="予算（千円、単位なし） / budget in thousands of yen",
    )
    spent: OptionalMoney = Field(
        title="決算（千円）",
        default=None,
        description="決算（千円、単位なし） / amount spent in thousands of yen",
    )
    due: OptionalStatedTime = Field(
        title="完了予定の時期",
        default="",
        description="完了予定の時期（令和5年度末、202310 など） / when it is to be completed",
    )
    risk: ItemWords = Field(title="リスク", default="", description="リスク / risk")
    source: Source = ""
    line: Line = None

    def check_row(self) -> None:
        """Refuse a judgement against the schedule without its reason, and a text that is not there.

        A text without a time has to be one.
        """
        for word, text in (("done", self.done), ("plan", self.next_year + self.later)):
            if self.undated in (word, "both") and not text.strip():
                rule = f"{word} とするときは、その欄に記載があること"
                refuse_row("undated", rule, f"a text in the column where {word} is undated", word)
        if bool(self.adherence) != bool(self.adherence_reason.strip()):
            rule = "adherence と adherence_reason は両方を書くか、両方を空にする"
            column = "adherence_reason" if self.adherence else "adherence"
            refuse_row(column, rule, "adherence goes with a reason", "")


class AssignmentRow(Row):
    """<year>/assignments.csv."""

    TITLE = "担当 / who is in charge"
    KEY = ("item", "department", "role", "qualifier")
    item: AssignableId = Field(
        title="取組等",
        description="取組、指標、又は取組全てを担う施策の ID / item, indicator, or a whole measure",
    )
    department: DepartmentId = Field(title="部署", description="部署の ID / department")
    role: Literal["lead", "supporting"] = Field(
        title="担当の別", description="所管課、関係課 / lead or supporting"
    )
    qualifier: Text = Field(
        title="担当業務の区分", description="担当業務の区分（国保など） / part of the department"
    )
    as_printed: Text = Field(title="資料での書き方", description="資料での書き方 / as printed")


class ActualRow(Row):
    """<year>/actuals.csv."""

    TITLE = "実績値 / actual values"
    indicator: IndicatorId = Field(title="指標", description="指標の ID / its indicator")
    value: Amount
    denominator: Denominator
    approximate: Approximate
    missing: Literal["not_measured", "not_applicable", "not_yet", "not_stated", ""] = Field(
        title="値がない理由",
        description="値がない理由（未計測、対象外、未確定、記載なし） / why there is no value",
    )
    preferred: Preferred
    source: Source = ""
    line: Line = None

    def check_row(self) -> None:
        """Refuse a row with neither value nor reason, or with both."""
        if (self.value is None) == (self.missing == ""):
            rule, rule_en = "value か missing のどちらか一方", "either value or missing, not both"
            refuse_row("missing", rule, rule_en, self.missing)


class TitleRow(Row):
    """<year>/titles.csv."""

    TITLE = "その年度の題名 / titles worded differently in this year"
    KEY = ("item",)
    item: ItemId = Field(title="取組", description="取組の ID / its item")
    title: ItemText = Field(title="題名", description="題名（印刷のまま） / title as printed")


class CommentaryRow(Row):
    """<year>/commentary.csv."""

    TITLE = "担当者の補足 / what the analyst adds to the summary"
    scope: ScopeId = Field(title="対象", description="plan 又は部署の ID / plan or a department")
    text: Annotated[RequiredText, Words("scope")] = Field(
        title="文章", description="文章（1行=1段落） / text, one paragraph a row"
    )


class MilestoneRow(Row):
    """<year>/milestones.csv: what the year's report says of dates."""

    TITLE = "節目 / milestones"
    # What it is, not when: a date that moves is that of the same row.
    KEY = ("subject", "text")
    subject: SubjectId = Field(
        title="対象",
        description="取組・施策・目標の ID、計画全体は plan / item, measure, goal, or plan",
    )
    date: StatedTime = Field(
        title="時期",
        description="時期（令和5年度、202310、令和5年度末など、示されたとおりの細かさ） / "
        "when, as precise as stated (FY2023, 202310, 20231001, FY2023-end)",
    )
    text: SubjectText = Field(
        title="内容", description="何をするか、又はしたか（短く） / what, in a few words"
    )
    state: Literal["planned", "revised", "done"] = Field(
        title="状況", description="状況（予定、変更、済） / planned, planned anew, or done"
    )
    former_date: OptionalStatedTime = Field(
        title="変更前の時期",
        default="",
        description="変更前の時期（変更のときは必須） / when it was planned before",
    )
    source: Source = ""
    line: Line = None

    def check_row(self) -> None:
        """Refuse half a place, and a former date that a change lacks or nothing else may have."""
        check_place(self.source, self.line)
        if self.state == "revised" and not self.former_date:
            rule = "state が revised のときは、変更前の時期を書く"
            refuse_row("former_date", rule, "the date before, where state is revised", "")
        if self.state == "planned" and self.former_date:
            rule = "state が planned のときは空にする（変更した予定は revised とする）"
            rule_en = "nothing where state is planned; a plan that was changed is revised"
            refuse_row("former_date", rule, rule_en, self.former_date)
        if self.state == "revised" and self.former_date == self.date:
            label = parse_stated_date(self.date).label
            rule, rule_en = f"変更後（{label}）と違う時期", f"another time than {self.date}"
            refuse_row("former_date", rule, rule_en, self.former_date)


_Spot = Annotated[RequiredText, Words("id")]


class MisreadingRow(Row):
    """<year>/misreadings.csv."""

    TITLE = "読み誤り / spots where the source text is misread"
    KEY = ("table", "id", "column", "printed")
    table: Literal[
        "measures", "items", "indicators", "targets", "progress", "assignments", "actuals", "titles"
    ] = Field(title="表", description="表の名前 / table")
    id: Id = Field(
        title="行の ID", description="その表の行の ID / id in that table", examples=["i1-1-1-01"]
    )
    column: RequiredText = Field(title="列", description="その表の列 / column of that table")
    printed: _Spot = Field(title="印刷のまま", description="印刷のまま / as printed")
    normalised: _Spot = Field(title="正した形", description="正した形 / the normalised form")
    reason: _Spot = Field(title="理由", description="そう考える理由 / why")
    source: Source = ""
    line: Line = None
