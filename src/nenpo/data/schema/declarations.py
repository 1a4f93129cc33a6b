"""The YAML files of a plan and its editions: ``plan.yaml``, ``published.yaml``, params.

Types are strict: nothing is guessed from a value of another type, so that the number that a
person wrote and the one that a document shows cannot differ.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from nenpo.data.schema.cells import parse_id, refuse_device, require_text

# Columns of progress.csv that a municipality may fill, and that documents show where declared.
OwnColumn = Literal["owner", "budget", "spent", "due", "risk"]
Tone = Literal["good", "neutral", "caution", "bad"]


def check_date(text: str) -> str:
    """Return a date as YYYY-MM-DD, or raise a pydantic error."""
    try:
        valid = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and date.fromisoformat(text)
    except ValueError:
        valid = None
    if not valid:
        raise PydanticCustomError("iso_date", "not a date")
    return text


def _parse_threshold(value: object) -> object:
    # YAML has only binary floats; their shortest form is what was written.
    return Decimal(str(value)) if type(value) in (int, float) else value


_IS_DATE = AfterValidator(check_date)
IsoDate = Annotated[str, _IS_DATE]
Name = Annotated[str, AfterValidator(parse_id)]
Filled = Annotated[str, AfterValidator(require_text)]
Threshold = Annotated[Decimal, BeforeValidator(_parse_threshold), Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=999_999_999)]
FiscalYear = Annotated[int, Field(ge=1950, le=2100)]
# A YAML list is no tuple; its entries stay strict.
Loose = Field(strict=False)
NoneYet: Any = Field(default=(), strict=False)


def list_dates(model: type[BaseModel]) -> list[str]:
    """Return the keys that hold a date, whether they have to be there or not."""
    return [
        key
        for key, field in model.model_fields.items()
        if _IS_DATE in field.metadata
        or any(_IS_DATE in getattr(each, "__metadata__", ()) for each in get_args(field.annotation))
    ]


class Declaration(BaseModel):
    """A mapping of a YAML file: every key known, every value of its own type."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Municipality(Declaration):
    """Who the plan belongs to; a text that names no municipality says why in ``note``."""

    name: Filled | None
    code: Annotated[str, Field(pattern=r"^[0-9]{5,6}$")] | None = None
    note: str = ""
    kind: Literal["区", "市", "町", "村", "都", "道", "府", "県", "国", ""] = ""

    @property
    def word(self) -> str:
        """What documents call it: 区, 市 …; from its name where ``kind`` does not say."""
        last = (self.name or "")[-1:]
        return self.kind or (last if last in "区市町村都道府県" and last else "自治体")


class Period(Declaration):
    """First and last fiscal year of the plan."""

    first_year: FiscalYear
    last_year: FiscalYear
    note: str = ""


class Labelled(Declaration):
    """What has an id and a label: an aspect under which a plan describes its parts, a theme."""

    id: Name
    label: Filled


class Goal(Labelled):
    """A goal of the plan: id (g1), label (目標1) and title as printed."""

    title: str


class StatusMark(Declaration):
    """A mark of the status scale, its English code, its label as printed, and its tone."""

    mark: Filled
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    label: Filled
    tone: Tone


class StatusWords(Declaration):
    """What the marks of the scale are about, as documents say it.

    The defaults hold for any scale: a document says that marks tell of a schedule, or that a
    neutral one means a change, only where the plan declares it. ``meaning`` explains the marks
    among the terms (予定した日程と比べた取組の状況), ``note`` is a sentence beneath their counts.
    ``good`` and ``late`` are short words for what has a good mark (予定どおり) and for what is
    behind (遅れ・未着手); without them the labels of the marks are quoted. ``not_good`` stands in
    front of what has no good mark (スケジュールどおりでない), ``changed`` beside a neutral one
    (変更). ``reason`` is what change_reason holds (変更理由).
    """

    meaning: str = ""
    note: str = ""
    good: str = ""
    late: str = ""
    not_good: str = ""
    changed: str = ""
    reason: Filled = "理由"


class Terms(Declaration):
    """What the plan's own documents call its parts and those in charge of them.

    ``reference`` are examples of the figures that are for reference only. ``goal_counter`` and
    ``measure_counter`` are what stands behind a number of them, 項目 for 8項目, where the word for
    them does not do.
    """

    goal: Filled = "目標"
    policy: Filled = "施策"
    measure: Filled = "実施内容"
    item: Filled = "取組"
    department: Filled = "課"
    lead: Filled = "所管課"
    supporting: Filled = "関係課"
    reference: Filled = "ほかの団体や計画の値など"
    goal_counter: str = ""
    measure_counter: str = ""


class StandingRule(Declaration):
    """A word for an indicator's standing from a ratio upwards.

    The ratio is share of the target achieved ÷ share of the time elapsed; ``from`` null means
    every ratio below the other rules.
    """

    word: Filled
    from_: Threshold | None = Field(alias="from")


class Source(Declaration):
    """A document that the data were taken from; ``date_note`` says why a date is missing.

    ``lines`` is how many lines its text has, ``pages`` the line on which each of its pages begins,
    by what the page is called (一覧2頁): a place in the data is then one in the printed paper.
    """

    id: Name
    title: Filled
    publisher: str
    date: IsoDate | None = None
    date_note: str = ""
    file: str = ""
    lines: Count | None = None
    pages: dict[str, Count] = Field(default_factory=dict)

    def find_page(self, line: int) -> str:
        """Return what the page with a line is called, "" where the source declares none."""
        begun = [(first, page) for page, first in self.pages.items() if first <= line]
        return max(begun)[1] if begun else ""


class PlanMeta(Declaration):
    """``plan.yaml``; a plan without ``status_scale`` tells its progress in words.

    ``actors`` are those who carry items out beside the municipality itself: 国, 県, 民間.
    ``columns`` are those of progress.csv that the municipality answers beside the usual ones, in
    the order in which documents show them; a cell that is blank there is 「記載なし」.
    """

    id: Annotated[Name, AfterValidator(refuse_device)]
    title: Filled
    short_title: Filled
    municipality: Municipality
    period: Period
    goals: tuple[Goal, ...] = Loose
    status_scale: tuple[StatusMark, ...] = NoneYet
    counting_rules: tuple[str, ...] = NoneYet
    department_order_note: str = ""
    sources: tuple[Source, ...] = NoneYet
    standing_rules: tuple[StandingRule, ...] = NoneYet
    report_title: str = ""
    aspects: tuple[Labelled, ...] = NoneYet
    terms: Terms = Terms()
    structure_note: str = ""
    status_words: StatusWords = StatusWords()
    actors: tuple[Labelled, ...] = NoneYet
    columns: tuple[OwnColumn, ...] = NoneYet

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks in the order of the scale."""
        return tuple(mark.mark for mark in self.status_scale)

    @property
    def tones(self) -> dict[str, Tone]:
        """The tone of each mark, in the order of the scale."""
        return {mark.mark: mark.tone for mark in self.status_scale}


class Published(Declaration):
    """``<year>/published.yaml``: the totals that the municipality itself published.

    ``lines`` are the lines of the source on which the marks' totals stand.
    """

    status_counts: dict[str, Count]
    source: Name | None = None
    lines: dict[str, Count] = Field(default_factory=dict)


class ComparisonMeta(Declaration):
    """``data/comparison.yaml``: what is compared; ``national_plan`` is a plan that others serve.

    ``counts_note`` tells how to read the numbers of items, indicators and figures of the plans.
    """

    title: Filled
    subtitle: str = ""
    counts_note: str = ""
    national_plan: Name | None = None
    notes: tuple[str, ...] = NoneYet
    themes: tuple[Labelled, ...] = Loose


SURVEY_KEYS = frozenset({"survey_deadline", "survey_contact"})
"""The keys of an edition that only its survey needs: no notebook is given them."""


class Edition(Declaration):
    """``params/<plan>/<year>.yaml``: the parameters that every notebook takes, scalars only.

    Notebooks are not given those of the survey (``SURVEY_KEYS``).
    """

    plan: Name = Field(description="計画の ID（data/ の下のフォルダー名） / id of the plan")
    fiscal_year: FiscalYear = Field(description="年度（西暦） / fiscal year")
    as_of: IsoDate = Field(description="基準日 / date to which the facts are stated")
    issued: IsoDate = Field(description="文書の日付 / date of the document")
    state: Literal["draft", "final"] = Field(
        description="文書の状態（案、確定） / state, draft shows 案 on each page"
    )
    revision: Count = Field(default=0, description="改訂番号（初版は 0） / revision, 0 = first")
    document_number: str = Field(default="", description="資料番号 / document number")
    reported_to: str = Field(default="", description="報告先 / to whom it is reported")
    department_audience: str = Field(
        default="庁内", description="部署別の文書の配布先 / for whom departments' papers are"
    )
    prepared_by: str = Field(default="", description="担当課 / who prepared it")
    contact: str = Field(default="", description="問合せ先 / contact")
    handling: str = Field(default="", description="取扱い（庁内限りなど） / handling")
    sample: bool = Field(description="見本であるか / whether it is a sample")
    attach_data: bool = Field(
        default=True, description="データを添付するか / whether data are attached"
    )
    survey_deadline: IsoDate | None = Field(
        default=None, description="調査の提出期限 / by when departments answer the survey"
    )
    survey_contact: str = Field(
        default="", description="調査の問合せ先 / contact of the survey, if another"
    )
