"""What the columns of a list are: by what offices call them, and by what stands in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nenpo.errors import Words
from nenpo.language.ordinary import fold_width
from nenpo.workbooks.labels import find_meaning
from nenpo.workbooks.starting.choosing import choose_meanings
from nenpo.workbooks.starting.kinds import (
    are_long,
    are_marks,
    are_numbers,
    are_rates,
    end_with,
)
from nenpo.workbooks.starting.times import YEAR, find_years, is_time

_DIVISIONS = frozenset({"部", "局", "部局", "部名", "局名", "部局名", "部・局"})
# Whom to call is nothing that a report says.
_PERSONAL = re.compile(r"内線|電話|tel|メール|mail|氏名|連絡先|担当者|記入者|fax", re.IGNORECASE)
# Described, unless the list has no other column for what was done.
_DESCRIBING = frozenset({"取組内容", "実施内容", "活動内容", "取り組み内容", "具体的な取組内容"})
_OWN_WORDS = dict.fromkeys(("施策の方向", "施策の方向性", "施策の展開", "施策目標"), "measure")
_RATE = re.compile(
    r"(?:進捗|達成|執行|完了|実施|進行)(?:率|度合い?)$|(?:進捗|達成|執行).{0,3}[%％]$"
)
_OTHER_RATE = re.compile(r"指標|目標")
_BRACKETS = re.compile(r"[(（](?:[%％]|見込み?)[)）]")
_TOLD = re.compile(r"実績|進捗|状況|評価|結果|成果|報告|達成")
_PLANNED = re.compile(r"予定|計画|目標|基準|現状|以降|策定")


@dataclass(frozen=True)
class Column:
    """A column of a table: its label, and the columns of the sheet that it covers.

    ``parts`` are what stands in each row of the header, from above; the label joins them.
    """

    label: str
    place: str
    first: int
    last: int
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A column of a list: what its cells mean ("" unknown), and the fiscal year that it names.

    ``period`` is the part of the year that it is about, as printed: 第1四半期.
    """

    label: str
    place: str
    meaning: str
    year: int | None
    period: str = ""


def guess_year(labels: Iterable[str], titles: Iterable[str]) -> int | None:
    """Return the fiscal year that a list reports: of its columns, else of what stands above."""
    told = [
        year
        for label in labels
        if _TOLD.search(label) and not _PLANNED.search(label)
        for year in find_years(label)
    ]
    if told:
        return max(told)
    texts = [*titles]
    for wanted in (_TOLD, re.compile("")):
        for text in texts:
            # The years of a period are not that of a report.
            plain = (
                re.sub(r"\S*\s*[〜～~－-]\s*\S*年度?", "", text) if wanted is not _TOLD else text
            )
            if wanted.search(plain) and (years := find_years(plain)):
                return years[-1] if len(years) == 1 else max(years)
    return None


def name_columns(
    columns: Sequence[Column], values: Sequence[Sequence[str]], fiscal_year: int | None
) -> list[Heading]:
    """Return what each column means; of two that could mean the same, the likelier one does.

    ``values`` are what stands in each column.
    """
    found = [
        guess_column(column, tuple(cells), fiscal_year)
        for column, cells in zip(columns, values, strict=True)
    ]
    periods = [find_period_of_year(column.label) for column in columns]
    chosen = choose_meanings(found, values, periods)
    return [
        Heading(column.label, column.place, meaning, next(iter(find_years(column.label)), None), p)
        for column, meaning, p in zip(columns, chosen, periods, strict=True)
    ]


def is_heading(column: Column) -> bool:
    """Return whether this looks like the head of a column that lists of this kind have."""
    return is_label(column.label) or bool(guess_column(column, (), None))


def is_label(text: str) -> bool:
    """Return whether a text is what columns of such lists are called."""
    return len(text) <= 40 and bool(_guess(text, (), None))


def splits_head(text: str) -> bool:
    """Return whether a text is a year or a part of one, as below a head of several columns."""
    return is_time(text) or bool(_PERIOD.fullmatch(fold_width(text)))


_PERIOD = re.compile(
    r"第?[1-4１-４一二三四]/?四半期(?:末)?|[上下]半?期|[上下]半期|(?<![0-9])[1-4]Q|中間期?(?!報告)"
)


def find_period_of_year(label: str) -> str:
    """Return the part of a year that a label is about, "" for the whole year.

    >>> find_period_of_year("実績第１四半期"), find_period_of_year("実績")
    ('第1四半期', '')
    """
    found = _PERIOD.search(fold_width(label))
    return found[0] if found else ""


def _state_years(text: str, fiscal_year: int | None) -> str:
    """Return a label whose years are stated in full: 2022, or 4年度 of the era in question."""
    text = _BARE.sub(r"\g<0>年度", text)
    if fiscal_year is None:
        return text
    era = 2018 if fiscal_year >= 2019 else 1988
    return _SHORT.sub(lambda found: f"{era + int(found[1])}年度", text)


def guess_column(
    column: Column, values: tuple[str, ...], fiscal_year: int | None
) -> tuple[str, ...]:
    """Return what a column may mean by all of its label, else by its lowest part."""
    if len(column.label) > 60:
        return ()
    plain, lowest = (
        re.sub(r"\s", "", _PERIOD.sub("", fold_width(text)))
        for text in (column.label, *column.parts[-1:], "")[:2]
    )
    if lowest and _SCHEDULED.search(plain.replace(lowest, "")) and is_time(lowest):
        return ("planned",)
    plain, lowest = (_state_years(text, fiscal_year) for text in (plain, lowest))
    years = find_years(plain)
    guess = _guess(plain, values, fiscal_year)
    if not guess and lowest and not is_time(lowest) and lowest != plain:
        told = "" if find_years(lowest) else "".join(found[0] for found in YEAR.finditer(plain))
        guess = _guess(told + lowest, values, fiscal_year)
    if fiscal_year is None or not years or fiscal_year in years:
        return guess
    if max(years) < fiscal_year and not (guess and guess[0] in _TIMELESS):
        # 評価（R4） too: what stands in brackets counts here.
        old = guess[0].removeprefix("last_") if guess else "other"
        return (f"last_{old}",)
    if min(years) > fiscal_year and (_TOLD.search(plain) and not _PLANNED.search(plain)):
        # What a later year has achieved is no plan.
        return () if guess and guess[0] in _TIMELESS else ("after_other",)
    return guess


# Who is in charge, what it is called: in whatever year.
_TIMELESS = frozenset(
    {"target", "baseline", "indicator", "unit", "department", "division", "supporting", "title"}
    | {"number", "goal", "policy", "measure", "content", "scope", "personal", "rate", "planned"}
)
_BARE = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9年])")
_SHORT = re.compile(r"(?<![0-9和成RHrh])([0-9]{1,2})年度")
_SCHEDULED = re.compile(
    r"(?:実施|取組|計画|事業)(?:予定)?(?:年度|期間|時期|スケジュール|工程)$|スケジュール$|年次計画$|工程表?$|行程表?$|ロードマップ$"
)


def _guess(label: str, values: tuple[str, ...], fiscal_year: int | None) -> tuple[str, ...]:
    plain = re.sub(r"\s", "", label)
    if _RATE.search(_BRACKETS.sub("", plain)) and not _OTHER_RATE.search(plain):
        return ("rate",)
    if _PERSONAL.search(plain):
        return ("personal",)
    if plain in _DIVISIONS:
        return ("division", "department")
    if re.fullmatch(r"新規.{0,6}|(?:新規)?[・/]?(?:拡充|継続).{0,5}", plain):
        return ("scope",)
    if fiscal_year and (meanings := _read_bare_year(plain, fiscal_year)):
        # Signs below a year and nothing else: a status or a schedule, nobody can tell.
        return () if are_marks(values) else meanings
    guess = find_meaning(label, fiscal_year, _OWN_WORDS)
    if guess is None:
        return ()
    meanings = guess.meanings
    years = find_years(plain)
    if meanings[0] == "next_year" and fiscal_year and years and min(years) > fiscal_year + 1:
        return ("later",)
    if guess.when in ("next", "after") and meanings[0] in ("policy", "measure"):
        return ("next_year", "later")  # 今後の方針
    if meanings[0] == "next_year" and not guess.exact and not guess.when:
        return ()  # 関連計画
    if meanings[0] == "done" and guess.word in _DESCRIBING and not guess.when:
        meanings = ("content", "done")
    elif meanings[0] == "content" and _TOLD.search(plain):
        meanings = ("done", "content")
    elif meanings[0] == "next_year" and not guess.when and guess.word.endswith("計画"):
        meanings = ("planned", "next_year")
    elif meanings[0] == "status" and are_rates(values):
        meanings = ("rate",)
    elif meanings[0] == "status" and are_long(values):
        meanings = ("done", "status")
    elif meanings[0] in ("goal", "value") and are_numbers(values):
        meanings = ("target",) if "target" in meanings else ("value",)
    elif meanings[0] == "department" and end_with(values, "部局") and plain.endswith(("部", "局")):
        meanings = ("division", "department")
    return meanings


def _read_bare_year(plain: str, fiscal_year: int) -> tuple[str, ...]:
    """Return what a column means whose head is a year and no more: R6, 来年度, 令和7年度以降."""
    years = find_years(plain)
    later = bool(re.search(r"以降|以後|将来", plain))
    rest = YEAR.sub("", fold_width(plain))
    if re.fullmatch(r"(?:次|来|翌)年度?(?:以降)?", plain):
        return ("next_year", "later")
    if not years or re.sub(r"年度?|以降|以後|[()]", "", rest):
        return ()
    if years[0] == fiscal_year:
        return ("done",)
    if years[0] < fiscal_year:
        return ("last_done",)
    return ("later",) if later or years[0] > fiscal_year + 1 else ("next_year",)


MEANINGS: Mapping[str, Words] = {
    "number": Words("番号", "number"),
    "title": Words("取組の名称", "name of the item"),
    "content": Words("内容の説明", "what it is about"),
    "goal": Words("目標", "goal"),
    "policy": Words("施策の柱", "policy"),
    "measure": Words("施策", "measure"),
    "department": Words("担当する部署", "who leads"),
    "division": Words("部", "division"),
    "supporting": Words("関係する部署", "who supports"),
    "scope": Words("新規・拡充", "new or expanded"),
    "status": Words("進捗区分", "status"),
    "shift": Words("変更の向き", "direction of a change"),
    "done": Words("実績", "done"),
    "next_year": Words("次年度の予定", "plan for the next year"),
    "later": Words("その後の予定", "plan for later years"),
    "planned": Words("計画の予定", "schedule of the plan"),
    "issues": Words("課題", "issues"),
    "change_reason": Words("理由", "reason"),
    "note": Words("備考", "note"),
    "indicator": Words("指標", "indicator"),
    "unit": Words("単位", "unit"),
    "baseline": Words("基準値", "baseline"),
    "target": Words("目標値", "target"),
    "value": Words("実績値", "actual value"),
    "budget": Words("予算（千円）", "budget in thousands of yen"),
    "spent": Words("決算（千円）", "spent in thousands of yen"),
    "owner": Words("責任者", "who answers for it"),
    "due": Words("完了予定", "when it is to be completed"),
    "risk": Words("リスク", "risk"),
}
"""What is taken from a list, as the report calls it."""
