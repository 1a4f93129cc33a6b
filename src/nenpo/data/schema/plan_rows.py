"""The tables of ``data/<plan>/``: one class a table, one line a column, in the file's order."""

from typing import Literal

from pydantic import Field

from nenpo.data.schema.cells import (
    ActorId,
    AspectId,
    DepartmentId,
    GoalId,
    Id,
    IndicatorId,
    ItemId,
    MeasureOrGoalId,
    Number,
    OptionalDay,
    OptionalFlag,
    OptionalIndicatorId,
    OptionalItemId,
    OptionalMeasureId,
    OptionalYear,
    OwnId,
    RequiredText,
    SubjectId,
    Text,
    Whole,
    Year,
    refuse_row,
)
from nenpo.data.schema.columns import (
    ANOTHER,
    Approximate,
    Denominator,
    FirstYear,
    ItemNote,
    ItemText,
    LastYear,
    Line,
    Note,
    Preferred,
    Row,
    Source,
    StatedLine,
    StatedSource,
    SubjectNote,
    SubjectText,
    SubjectWords,
    check_place,
)
from nenpo.language.fiscal import fiscal_year_of


class MeasureRow(Row):
    """measures.csv."""

    TITLE = "施策（実施内容） / measures"
    KEY = ("measure",)
    measure: Id = Field(
        title="施策の ID", description="施策の ID / id of the measure", examples=["m1-1-1"]
    )
    label: RequiredText = Field(
        title="番号", description="印刷された番号（1-1-①） / label as printed"
    )
    goal: GoalId = Field(title="目標", description="目標の ID / id of the goal")
    policy: Id = Field(
        title="施策の柱", description="施策の柱の ID / id of the policy", examples=["p1-1"]
    )
    title: Text = Field(
        title="題名", description="題名（印刷がなければ空） / title as printed, may be empty"
    )
    relisted_from: OptionalMeasureId = Field(
        title="再掲の元",
        default="",
        description="見出しで再掲とされた元の施策 / the measure that its heading repeats",
    )
    source: Source = ""
    line: Line = None


class ItemRow(Row):
    """items.csv."""

    TITLE = "取組 / items"
    KEY = ("item",)
    item: Id = Field(
        title="取組の ID", description="取組の ID / id of the item", examples=["i1-1-1-01"]
    )
    measure: MeasureOrGoalId = Field(
        title="施策",
        description="施策の ID（記載がなければ目標の ID） / its measure, or goal if none is named",
    )
    label: Text = Field(
        title="番号", default="", description="印刷された番号（①） / label as printed, if any"
    )
    title: ItemText = Field(title="題名", description="題名（印刷のまま） / title as printed")
    scope: Literal["new", "expanded", ""] = Field(
        title="新規・拡充の別",
        description="題名の前の◎・○の別（新規、拡充） / the sign before the title: new, expanded",
    )
    actor: ActorId = Field(
        title="実施する主体",
        description="実施する主体（自らは ward、ほかは plan.yaml の actors の ID） / "
        "who carries it out: ward is the municipality, others are declared in plan.yaml (actors)",
    )
    relisted_from: OptionalItemId = Field(
        title="再掲の元", description="再掲の元の取組 / the item that this row repeats"
    )
    relisting: Literal["stated", "inferred", ""] = Field(
        title="再掲の根拠",
        description="再掲の根拠（表示あり、推定） / whether the re-listing is printed",
    )
    first_year: FirstYear
    last_year: LastYear
    continues: OptionalItemId = Field(
        title="引き継いだ元", description="引き継いだ元の取組 / the earlier item that it continues"
    )
    note: ItemNote
    source: Source = ""
    line: Line = None

    def check_row(self) -> None:
        """Refuse half a re-listing."""
        if bool(self.relisted_from) != bool(self.relisting):
            rule = "relisted_from と relisting は両方を書くか、両方を空にする"
            refuse_row("relisting", rule, "relisted_from and relisting go together", self.relisting)


class DepartmentRow(Row):
    """departments.csv."""

    TITLE = "部署（建制順） / departments, in the municipality's order"
    KEY = ("department",)
    department: OwnId = Field(
        title="部署の ID", description="部署の ID / id of the department", examples=["joho"]
    )
    name: RequiredText = Field(title="名称", description="名称 / name")
    division: Text = Field(title="部", description="部 / division that it belongs to")
    kind: Literal["section", "bureau", "generic"] = Field(
        title="種別",
        description="課、部相当、総称（各所管課など） / section, bureau or a generic name",
    )
    order: Whole = Field(
        title="建制順", description="建制順 / place in the municipality's own order"
    )
    first_year: FirstYear
    last_year: LastYear
    aliases: Text = Field(
        title="別の書き方", description="資料での別の書き方（| で区切る） / other spellings"
    )
    inferred: OptionalFlag = Field(
        title="推定した名称か",
        default=False,
        description="名称を資料の表記から推定したか（true なら＊を付す） / "
        "whether no source prints the name (true marks it with ＊)",
    )
    note: Note


class OrganisationChangeRow(Row):
    """organisation_changes.csv."""

    TITLE = "組織改正 / changes of organisation"
    KEY = ("fiscal_year", "from", "to")
    fiscal_year: Year = Field(
        title="改正の年度", description="改正の年度（西暦） / fiscal year of the change"
    )
    from_: DepartmentId = Field(
        title="改正前の部署", alias="from", description="改正前の部署 / department before"
    )
    to: DepartmentId = Field(title="改正後の部署", description="改正後の部署 / department after")
    kind: Literal["rename", "merge", "split", "transfer"] = Field(
        title="改正の種別", description="改称、統合、分割、移管 / what kind of change"
    )

    def check_row(self) -> None:
        """Refuse a department that follows itself."""
        if self.to == self.from_:
            refuse_row("to", *ANOTHER, self.to)


class IndicatorRow(Row):
    """indicators.csv."""

    TITLE = "成果指標 / indicators"
    KEY = ("indicator",)
    indicator: Id = Field(
        title="指標の ID", description="指標の ID / id of the indicator", examples=["card-rate"]
    )
    goal: GoalId = Field(title="目標", description="目標の ID / its goal")
    name: RequiredText = Field(title="名称", description="名称 / name as printed")
    unit: Text = Field(title="単位", description="単位 / unit")
    direction: Literal["increase", "decrease", "maintain"] = Field(
        title="望ましい方向",
        description="望ましい方向（増、減、維持） / the direction that is wanted",
    )
    baseline_year: Year = Field(
        title="基準年度", description="基準年度（西暦） / baseline fiscal year"
    )
    kind: Literal["stock", "flow", "share"] = Field(
        title="値の種別", description="年度末の数、年間の数、割合 / stock, flow of a year, or share"
    )
    first_year: FirstYear = None
    last_year: LastYear = None
    continues: OptionalIndicatorId = Field(
        title="改める前の指標",
        default="",
        description="定義を改める前の指標 / the indicator whose definition was changed",
    )
    note: Note


class TargetRow(Row):
    """targets.csv."""

    TITLE = "目標値（目標のない年度は行を置かない） / targets, no row for a year without one"
    KEY = ("indicator", "fiscal_year", "set_in")
    indicator: IndicatorId = Field(title="指標", description="指標の ID / its indicator")
    fiscal_year: Year = Field(
        title="目標年度", description="目標の年度（西暦） / fiscal year to reach it in"
    )
    value: Number = Field(title="値", description="値（単位なし） / the number, no unit")
    denominator: Denominator
    approximate: Approximate
    set_in: Year = Field(
        title="定めた年度", description="目標を定めた年度 / fiscal year in which it was set"
    )
    source: Source = ""
    line: Line = None


class SheetRow(Row):
    """sheets.csv."""

    TITLE = "施策等の説明（現状、課題など） / what a plan says of its parts"
    subject: SubjectId = Field(
        title="対象", description="施策・目標・取組の ID、計画全体は plan / what it is about"
    )
    aspect: AspectId = Field(
        title="観点", description="観点（plan.yaml の aspects の ID） / aspect"
    )
    text: SubjectText = Field(title="文章", description="文章（1行=1項目） / text, one point a row")
    source: Source = ""
    line: Line = None

    def check_row(self) -> None:
        """Refuse half a place."""
        check_place(self.source, self.line)


class ScheduleRow(Row):
    """schedule.csv."""

    TITLE = "計画の予定 / what the plan schedules"
    KEY = ("item", "first_year", "text")
    item: ItemId = Field(title="取組", description="取組の ID / its item")
    first_year: Year = Field(
        title="始まりの年度", description="予定の始まりの年度 / first fiscal year of the step"
    )
    last_year: Year = Field(
        title="終わりの年度", description="予定の終わりの年度 / last fiscal year of the step"
    )
    text: ItemText = Field(title="予定の内容", description="予定の内容 / what is to be done")
    note: ItemNote
    source: Source = ""
    line: Line = None

    def check_row(self) -> None:
        """Refuse half a place."""
        check_place(self.source, self.line)


class FigureRow(Row):
    """figures.csv: several rows of one figure are several values for the same fact."""

    TITLE = "数値 / figures"
    figure: Id = Field(
        title="数値の ID", description="数値の ID / id of the fact", examples=["applications-2020"]
    )
    indicator: OptionalIndicatorId = Field(
        title="指標",
        description="推移に用いる指標（なければ空） / the indicator whose series it feeds",
    )
    title: SubjectText = Field(title="何の数値か", description="何の数値か / what it counts")
    subject: SubjectId = Field(
        title="対象", description="施策・目標・取組の ID、計画全体は plan / what it belongs to"
    )
    owner: Text = Field(
        title="誰の数値か",
        default="",
        description="誰の数値か（全国など。空=計画の自治体） / whose it is, empty = the plan's",
    )
    timing: Literal["year", "month", "as_of", "range", "undated"] = Field(
        title="時期の種類",
        description="時期の種類（年度、月、時点、期間、時期の記載なし） / kind of time",
    )
    fiscal_year: OptionalYear = Field(title="年度", description="年度（西暦） / fiscal year")
    from_: OptionalDay = Field(
        title="時期の始め",
        alias="from",
        description="月・時点・始め（202104 又は 20210401） / month, day or start",
    )
    to: OptionalDay = Field(
        title="時期の終わり", description="期間の終わり（202109 など） / end of a range"
    )
    kind: Literal["actual", "target", "plan", "capacity", "budget", "reference"] = Field(
        title="数値の種別", description="実績、目標、予定、能力、予算、参考 / what kind of number"
    )
    bound: Literal["max", "min", "gross", ""] = Field(
        title="上限等の別", description="最大、以上、延べ / upper or lower bound, or gross"
    )
    value: Number = Field(title="値", description="値（単位なし） / the number, no unit")
    denominator: Denominator
    unit: Text = Field(title="単位", description="単位 / unit")
    approximate: Approximate
    preferred: Preferred
    reason: SubjectWords = Field(
        title="採否の理由", description="採否の理由 / why it is preferred or not"
    )
    note: SubjectNote
    source: Source = ""
    line: Line = None

    def check_row(self) -> None:
        """Refuse a time that its kind does not fit, a day outside its fiscal year, half a place."""
        check_place(self.source, self.line)
        self._check_given("fiscal_year", self.timing != "undated")
        self._check_given("from", self.timing in ("month", "as_of", "range"))
        self._check_given("to", self.timing == "range")
        if self.timing == "month" and self.from_ and len(str(self.from_)) > 6:
            refuse_row("from", "月（202104 など）", "a month (such as 202104)", self.from_)
        if self.fiscal_year and self.from_ and self.to is None:
            self._check_within(self.fiscal_year, self.from_)
        if self.fiscal_year and self.from_ and self.to:
            self._check_range(self.fiscal_year, self.from_, self.to)
        if self.indicator and (self.kind != "actual" or self.fiscal_year is None):
            rule = "年度のある実績（kind が actual）の行だけに書く"
            refuse_row("indicator", rule, "a figure of kind actual with a year", self.indicator)

    def _check_given(self, column: str, wanted: bool) -> None:
        value = getattr(self, "from_" if column == "from" else column)
        if (value is not None) == wanted:
            return
        rule = f"timing が {self.timing} のときは{'書くこと' if wanted else '空にすること'}"
        rule_en = f"{'a value' if wanted else 'nothing'} where timing is {self.timing}"
        refuse_row(column, rule, rule_en, "" if value is None else value)

    def _check_range(self, fiscal_year: int, begin: int, end: int) -> None:
        if str(end)[:6] < str(begin)[:6] or (len(str(end)) == len(str(begin)) and end < begin):
            refuse_row("to", f"{begin} 以後", f"not before {begin}", end)
        first, last = fiscal_year_of(begin), fiscal_year_of(end)
        if not first <= fiscal_year <= last:
            years = f"{first}〜{last}"
            refuse_row("fiscal_year", f"{years} の年度", f"one of {first} to {last}", fiscal_year)

    def _check_within(self, fiscal_year: int, day: int) -> None:
        # Fiscal year 2020 ends on 2021-03-31; a state at its end may be dated the day after.
        first, after = fiscal_year * 100 + 4, (fiscal_year + 1) * 100 + 4
        if not first <= int(str(day)[:6]) < after and day != after * 100 + 1:
            rule = f"{fiscal_year}年度（{first}〜{after - 1}）の中"
            refuse_row("from", rule, f"within {first} to {after - 1}", day)


class StatementRow(Row):
    """statements.csv: rows of one statement are what several sources say about one thing."""

    TITLE = "資料により異なる記載 / what sources state differently"
    statement: Id = Field(
        title="事項の ID", description="事項の ID / id of the matter", examples=["bureaus-1"]
    )
    title: SubjectText = Field(
        title="何についての記載か", description="何についての記載か / what it is about"
    )
    subject: SubjectId = Field(
        title="対象", description="施策・目標・取組の ID、計画全体は plan / what it belongs to"
    )
    text: SubjectText = Field(title="記載の内容", description="記載の内容 / what the source states")
    preferred: Preferred
    reason: SubjectText = Field(
        title="採否の理由", description="採否の理由 / why it is preferred or not"
    )
    source: StatedSource
    line: StatedLine
