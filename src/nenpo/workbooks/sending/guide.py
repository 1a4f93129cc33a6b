"""What the first sheet of a workbook says: what is asked, by when, and how to fill it in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from nenpo.analysis.progress import list_off_marks
from nenpo.content import wording
from nenpo.data.plan import Plan
from nenpo.data.schema.declarations import Edition
from nenpo.language.fiscal import date_label, fiscal_year_label
from nenpo.workbooks.layout import Survey, SurveySheet

_WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True)
class Notice:
    """What is said of a survey besides what it asks; None and "" where nothing is known.

    ``as_of`` is the day whose state is reported, ``sent`` the one on which it goes out.
    """

    as_of: date | None = None
    deadline: date | None = None
    sent: date | None = None
    prepared_by: str = ""
    contact: str = ""


def write_notice(edition: Edition, deadline: date | None, sent: date | None) -> Notice:
    """Return what the params say of the survey; a deadline that is given counts before theirs."""
    stated = date.fromisoformat(edition.survey_deadline) if edition.survey_deadline else None
    return Notice(
        as_of=date.fromisoformat(edition.as_of),
        deadline=deadline or stated,
        sent=sent,
        prepared_by=edition.prepared_by,
        contact=edition.survey_contact or edition.contact,
    )


def label_day(day: date) -> str:
    """Return a day with its weekday, as a deadline is stated.

    >>> label_day(date(2023, 5, 12))
    '令和5年5月12日（金）'
    """
    return f"{date_label(day)}（{_WEEKDAYS[day.weekday()]}）"


GuideStyle = Literal["", "asked", "shown", "missing"]


@dataclass(frozen=True)
class GuideRow:
    """A line of the guide: a heading (no text), or a name and what is said of it."""

    name: str
    text: str = ""
    style: GuideStyle = ""


def list_guide(plan: Plan, survey: Survey, notice: Notice) -> Iterator[GuideRow]:
    """Yield the lines of the guide below its title."""
    yield from _tell_survey(plan, survey, notice)
    yield from _tell_sheets(survey)
    yield from _tell_marks(plan)
    yield from _tell_rules(survey)
    yield from _tell_colours(survey)


def _tell_survey(plan: Plan, survey: Survey, notice: Notice) -> Iterator[GuideRow]:
    yield GuideRow("調査の概要")
    yield GuideRow("計画", plan.meta.title)
    yield GuideRow("対象の年度", fiscal_year_label(survey.fiscal_year))
    if notice.as_of:
        yield GuideRow("基準日", f"{date_label(notice.as_of)}現在の状況を記入してください。")
    yield GuideRow("回答する組織", survey.name)
    if notice.deadline:
        yield GuideRow("提出期限", label_day(notice.deadline))
    to = notice.prepared_by or "取りまとめ担当"
    yield GuideRow(
        "提出方法",
        f"記入後、このファイルを保存し、{to}へ返送してください。"
        "ファイル名は変えても差し支えありません。",
    )
    yield GuideRow("問合せ先", "　".join(filter(None, [notice.prepared_by, notice.contact])) or to)


def _tell_sheets(survey: Survey) -> Iterator[GuideRow]:
    yield GuideRow("シート")
    for sheet in survey.sheets:
        yield GuideRow(sheet.name, _describe_sheet(sheet))


def _describe_sheet(sheet: SurveySheet) -> str:
    count = sum(bool(row.id) for row in sheet.rows)
    match sheet.kind:
        case "items":
            return f"{count}件。1行が1件です。全ての行に記入してください。"
        case "indicators":
            return f"{count}件。値を記入してください。単位は要りません。"
        case "milestones":
            known = (
                f"{count}件について、状況を選んでください。"
                "時期に変わりがなければ、時期の欄は空けておいて差し支えありません。"
            )
            more = "ほかにお知らせいただく予定があれば、空いている行に加えてください。"
            return f"{known if count else ''}{more}"
        case _:
            return f"{count}件。参考のために載せたものです。記入の必要はありません。"


def _tell_marks(plan: Plan) -> Iterator[GuideRow]:
    meta = plan.meta
    if not meta.status_scale:
        return
    yield GuideRow("進捗区分の意味")
    off, words = list_off_marks(plan), meta.status_words
    for entry in meta.status_scale:
        told = [entry.label if entry.label != entry.mark else ""]
        if entry.mark in off:
            told.append(f"「{words.reason}」の欄を必ず記入してください。")
        if entry.tone == "neutral" and words.changed:
            ways = "・".join(wording.SHIFT_WORDS.values())
            told.append(f"「変更の向き」の欄で、{ways}のいずれかを選んでください。")
        yield GuideRow(entry.mark, "\n".join(filter(None, told)))
    if words.note:
        yield GuideRow("注", words.note)


def _tell_rules(survey: Survey) -> Iterator[GuideRow]:
    asked = [field for sheet in survey.sheets for field in sheet.fields if field.is_asked]
    kinds = {field.kind for field in asked}
    yield GuideRow("記入の仕方")
    if "choice" in kinds:
        yield GuideRow("選ぶ欄", "セルを選ぶと右に出る▼から選んでください（Alt＋↓でも開きます）。")
    yield GuideRow(
        "文章の欄", "簡潔に記入してください。セルの中で改行するときは、Alt＋Enterを押してください。"
    )
    if "value" in kinds:
        yield GuideRow(
            "値の欄",
            "「46.0」「約1,200」「1/15」のように記入してください。"
            "値がないときは空欄とせず、「未計測」「未確定」「該当なし」のいずれかを記入してください。",
        )
    if "money" in kinds:
        yield GuideRow("金額の欄", "千円単位の整数で記入してください（1,200千円は「1200」）。")
    if "time" in kinds:
        yield GuideRow(
            "時期の欄", "「令和5年度末」「令和5年10月」のように、分かる細かさで記入してください。"
        )
    yield GuideRow(
        "確認の列",
        "まだ足りないものが、各シートの右端の「確認」の列に示されます。"
        "全て消えたら、記入は終わりです。",
    )
    yield GuideRow(
        "並べ替え等",
        "列の幅や行の高さは変えて差し支えありません。"
        "行の削除、シートの複写、1行目とA列（表示していません）の変更は、しないでください。",
    )
    yield GuideRow(
        "載っていないもの",
        "担当でないもの又は漏れているものがあれば、行を直さずに、問合せ先までお知らせください。",
    )


def _tell_colours(survey: Survey) -> Iterator[GuideRow]:
    yield GuideRow("セルの色")
    yield GuideRow("記入する欄", "「記入欄」と示した列です。", "asked")
    yield GuideRow("参考の欄", "前回までの内容等です。変更できません。", "shown")
    if any(field.needed_for for sheet in survey.sheets for field in sheet.fields):
        yield GuideRow(
            "記入が必要な欄",
            "選んだ区分等により記入が必要になった欄です。記入すると元の色に戻ります。",
            "missing",
        )
