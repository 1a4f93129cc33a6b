"""The tables of ``data/<plan>/``: one class a table, one line a column, in the file's order.

A column's line gives its type (from :mod:`nenpo.cells`), the words it may hold, and what it
means in Japanese and English. Nothing else declares columns: checking the files, the frames of
:mod:`nenpo.plan` and ``datapackage.json`` all follow these classes. A column with a default may
be left out of the file.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from nenpo.cells import (
    DepartmentId,
    Flag,
    GoalId,
    Id,
    IndicatorId,
    ItemId,
    ItemOrIndicatorId,
    MeasureId,
    Number,
    OptionalItemId,
    OptionalNumber,
    OptionalWhole,
    OptionalYear,
    OwnId,
    RequiredText,
    SourceId,
    Status,
    Text,
    Whole,
    Year,
    refuse_row,
)
from nenpo.declarations import Edition, PlanMeta, Published, StandingRule, StatusMark

# The YAML files' models are part of the schema; they are written down in a module of their own.
__all__ = [
    "PLAN_TABLES",
    "TABLES",
    "YEAR_TABLES",
    "Edition",
    "PlanMeta",
    "Published",
    "Row",
    "StandingRule",
    "StatusMark",
    "list_columns",
]

# Columns that mean the same in every table.
FirstYear = Annotated[OptionalYear, Field(description="始まりの年度（空=当初から） / first year")]
LastYear = Annotated[OptionalYear, Field(description="終わりの年度（空=継続中） / last year")]
Amount = Annotated[OptionalNumber, Field(description="値（単位なし） / the number, no unit")]
Denominator = Annotated[OptionalNumber, Field(description="分母（0/15 の 15） / the 15 of 0/15")]
Approximate = Annotated[Flag, Field(description="「約」が付くか / whether printed with 約 (about)")]
Note = Annotated[Text, Field(description="備考 / note")]
Source = Annotated[SourceId, Field(description="出典（plan.yaml の sources の ID） / source")]
Line = Annotated[OptionalWhole, Field(description="出典の行番号 / line in the source")]


class Row(BaseModel):
    """One row of a table; ``KEY`` names the columns that together occur only once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    TITLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        self.check_row()
        return self

    def check_row(self) -> None:
        """Refuse the row if its cells contradict each other."""


class MeasureRow(Row):
    """measures.csv."""

    TITLE = "施策（実施内容） / measures"
    KEY = ("measure",)
    measure: Id = Field(description="施策の ID / id of the measure", examples=["m1-1-1"])
    label: RequiredText = Field(description="印刷された番号（1-1-①） / label as printed")
    goal: GoalId = Field(description="目標の ID / id of the goal", examples=["g1"])
    policy: Id = Field(description="施策の柱の ID / id of the policy", examples=["p1-1"])
    title: Text = Field(description="題名（印刷がなければ空） / title as printed, may be empty")
    source: Source
    line: Line


class ItemRow(Row):
    """items.csv."""

    TITLE = "取組 / items"
    KEY = ("item",)
    item: Id = Field(description="取組の ID / id of the item", examples=["i1-1-1-01"])
    measure: MeasureId = Field(description="施策の ID / its measure", examples=["m1-1-1"])
    title: RequiredText = Field(description="題名（印刷のまま） / title as printed")
    scope: Literal["new", "expanded", ""] = Field(
        description="題名の前の◎（新規）・○（拡充） / the sign in front of the title"
    )
    actor: Literal["ward", "nation", "metropolis"] = Field(
        description="実施する主体（区、国、都） / who carries it out"
    )
    relisted_from: OptionalItemId = Field(
        description="再掲の元の取組 / the item that this row repeats", examples=["i1-1-1-01"]
    )
    relisting: Literal["stated", "inferred", ""] = Field(
        description="再掲の根拠（表示あり、推定） / whether the re-listing is printed"
    )
    first_year: FirstYear
    last_year: LastYear
    continues: OptionalItemId = Field(
        description="引き継いだ元の取組 / the earlier item that it continues",
        examples=["i1-1-1-01"],
    )
    note: Note
    source: Source
    line: Line

    def check_row(self) -> None:
        """Refuse years in the wrong order, and half a re-listing."""
        check_years(self.first_year, self.last_year)
        if bool(self.relisted_from) != bool(self.relisting):
            rule = "relisted_from と relisting は両方を書くか、両方を空にする"
            refuse_row("relisting", rule, "relisted_from and relisting go together", self.relisting)
        for column in ("relisted_from", "continues"):
            if getattr(self, column) == self.item:
                refuse_row(column, "別の取組の ID", "the id of another item", self.item)


class DepartmentRow(Row):
    """departments.csv."""

    TITLE = "部署（建制順） / departments, in the municipality's order"
    KEY = ("department",)
    department: OwnId = Field(description="部署の ID / id of the department", examples=["joho"])
    name: RequiredText = Field(description="名称 / name")
    division: Text = Field(description="部 / division that it belongs to")
    kind: Literal["section", "bureau", "generic"] = Field(
        description="課、部相当、総称（各所管課など） / section, bureau or a generic name"
    )
    order: Whole = Field(description="建制順 / place in the municipality's own order")
    first_year: FirstYear
    last_year: LastYear
    aliases: Text = Field(description="資料での別の書き方（| で区切る） / other spellings")
    note: Note

    def check_row(self) -> None:
        """Refuse years in the wrong order."""
        check_years(self.first_year, self.last_year)


class OrganisationChangeRow(Row):
    """organisation_changes.csv."""

    TITLE = "組織改正 / changes of organisation"
    KEY = ("fiscal_year", "from", "to")
    fiscal_year: Year = Field(description="改正の年度（西暦） / fiscal year of the change")
    from_: DepartmentId = Field(
        alias="from", description="改正前の部署 / department before", examples=["joho"]
    )
    to: DepartmentId = Field(description="改正後の部署 / department after", examples=["joho"])
    kind: Literal["rename", "merge", "split", "transfer"] = Field(
        description="改称、統合、分割、移管 / what kind of change"
    )


class IndicatorRow(Row):
    """indicators.csv."""

    TITLE = "成果指標 / indicators"
    KEY = ("indicator",)
    indicator: Id = Field(description="指標の ID / id of the indicator", examples=["card-rate"])
    goal: GoalId = Field(description="目標の ID / its goal", examples=["g1"])
    name: RequiredText = Field(description="名称 / name as printed")
    unit: Text = Field(description="単位 / unit")
    direction: Literal["increase", "decrease", "maintain"] = Field(
        description="望ましい方向（増、減、維持） / the direction that is wanted"
    )
    baseline_year: Year = Field(description="基準年度（西暦） / baseline fiscal year")
    kind: Literal["stock", "flow", "share"] = Field(
        description="年度末の数、年間の数、割合 / stock, flow of a year, or share"
    )
    note: Note


class TargetRow(Row):
    """targets.csv."""

    TITLE = "目標値（目標のない年度は行を置かない） / targets, no row for a year without one"
    KEY = ("indicator", "fiscal_year", "set_in")
    indicator: IndicatorId = Field(description="指標の ID / its indicator", examples=["card-rate"])
    fiscal_year: Year = Field(description="目標の年度（西暦） / fiscal year to reach it in")
    value: Number = Field(description="値（単位なし） / the number, no unit")
    denominator: Denominator
    approximate: Approximate
    set_in: Year = Field(description="目標を定めた年度 / fiscal year in which it was set")
    source: Source
    line: Line

    def check_row(self) -> None:
        """Refuse a denominator that divides nothing."""
        check_denominator(self.denominator)


class ProgressRow(Row):
    """<year>/progress.csv."""

    TITLE = "進捗状況 / progress of the year"
    KEY = ("item",)
    item: ItemId = Field(description="取組の ID / its item", examples=["i1-1-1-01"])
    status: Status = Field(description="進捗区分の記号（空=記載なし） / mark, empty = none given")
    shift: Literal["ahead", "behind", ""] = Field(
        description="予定の変更の向き（前倒し、後ろ倒し） / direction of a change of schedule"
    )
    change_reason: Text = Field(description="変更等の理由 / reason for a change")
    done: Text = Field(description="実績 / what was done")
    next_year: Text = Field(description="次年度の予定 / plan for the next fiscal year")
    later: Text = Field(description="その後の予定 / plan for later years")
    issues: Text = Field(default="", description="課題 / issues")
    note: Note = ""
    source: Source
    line: Line


class AssignmentRow(Row):
    """<year>/assignments.csv."""

    TITLE = "担当 / who is in charge"
    KEY = ("item", "department", "role", "qualifier")
    item: ItemOrIndicatorId = Field(
        description="取組又は指標の ID / item or indicator", examples=["i1-1-1-01"]
    )
    department: DepartmentId = Field(description="部署の ID / department", examples=["joho"])
    role: Literal["lead", "supporting"] = Field(description="所管課、関係課 / lead or supporting")
    qualifier: Text = Field(description="担当業務の区分（国保など） / part of the department")
    as_printed: Text = Field(description="資料での書き方 / as printed")


class ActualRow(Row):
    """<year>/actuals.csv."""

    TITLE = "実績値 / actual values"
    indicator: IndicatorId = Field(description="指標の ID / its indicator", examples=["card-rate"])
    value: Amount
    denominator: Denominator
    approximate: Approximate
    missing: Literal["not_measured", "not_applicable", "not_yet", "not_stated", ""] = Field(
        description="値がない理由（未計測、対象外、未確定、記載なし） / why there is no value"
    )
    preferred: Flag = Field(description="資料により値が違うとき用いるか / the value in use")
    source: Source
    line: Line

    def check_row(self) -> None:
        """Refuse a row with neither value nor reason, or with both."""
        check_denominator(self.denominator)
        if (self.value is None) == (self.missing == ""):
            rule, rule_en = "value か missing のどちらか一方", "either value or missing, not both"
            refuse_row("missing", rule, rule_en, self.missing)


class TitleRow(Row):
    """<year>/titles.csv."""

    TITLE = "その年度の題名 / titles worded differently in this year"
    KEY = ("item",)
    item: ItemId = Field(description="取組の ID / its item", examples=["i1-1-1-01"])
    title: RequiredText = Field(description="題名（印刷のまま） / title as printed")


class CommentaryRow(Row):
    """<year>/commentary.csv."""

    TITLE = "担当者の補足 / what the analyst adds to the summary"
    scope: Id = Field(description="plan 又は部署の ID / plan or a department", examples=["plan"])
    text: RequiredText = Field(description="文章（1行=1段落） / text, one paragraph a row")


class MisreadingRow(Row):
    """<year>/misreadings.csv."""

    TITLE = "読み誤り / spots where the source text is misread"
    KEY = ("table", "id", "column", "printed")
    table: Literal[
        "measures", "items", "indicators", "targets", "progress", "assignments", "actuals", "titles"
    ] = Field(description="表の名前 / table")
    id: Id = Field(description="その表の行の ID / id in that table", examples=["i1-1-1-01"])
    column: RequiredText = Field(description="その表の列 / column of that table")
    printed: RequiredText = Field(description="印刷のまま / as printed")
    normalised: RequiredText = Field(description="正した形 / the normalised form")
    reason: RequiredText = Field(description="そう考える理由 / why")
    source: Source
    line: Line


def check_years(first: int | None, last: int | None) -> None:
    """Refuse a last year before the first."""
    if first and last and last < first:
        refuse_row("last_year", f"{first} 以後の年度", f"a year not before {first}", last)


def check_denominator(denominator: Decimal | None) -> None:
    """Refuse a denominator that is not above zero."""
    if denominator is not None and denominator <= 0:
        refuse_row("denominator", "0 より大きい数", "a number above 0", denominator)


PLAN_TABLES: Mapping[str, type[Row]] = MappingProxyType(
    {
        "measures.csv": MeasureRow,
        "items.csv": ItemRow,
        "departments.csv": DepartmentRow,
        "organisation_changes.csv": OrganisationChangeRow,
        "indicators.csv": IndicatorRow,
        "targets.csv": TargetRow,
    }
)
YEAR_TABLES: Mapping[str, type[Row]] = MappingProxyType(
    {
        "progress.csv": ProgressRow,
        "assignments.csv": AssignmentRow,
        "actuals.csv": ActualRow,
        "titles.csv": TitleRow,
        "commentary.csv": CommentaryRow,
        "misreadings.csv": MisreadingRow,
    }
)
TABLES: Mapping[str, type[Row]] = MappingProxyType({**PLAN_TABLES, **YEAR_TABLES})


def list_columns(model: type[Row]) -> dict[str, str]:
    """Return the columns of a table in order: header name → attribute name."""
    return {field.alias or name: name for name, field in model.model_fields.items()}
