"""What the columns of a list are: by what offices call them, and by what stands in them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from nenpo.errors import Words
from nenpo.language.fiscal import parse_fiscal_year
from nenpo.language.ordinary import fold_width
from nenpo.language.values import parse_value
from nenpo.workbooks.labels import find_meaning

_DIVISIONS = frozenset({"部", "局", "部局", "部名", "局名", "部局名", "部・局"})
# Whom to call is nothing that a report says.
_PERSONAL = re.compile(r"内線|電話|tel|メール|mail|氏名|連絡先|担当者|記入者|fax", re.IGNORECASE)
# Described, unless the list has no other column for what was done.
_DESCRIBING = frozenset({"取組内容", "実施内容", "活動内容", "取り組み内容", "具体的な取組内容"})
_OWN_WORDS = dict.fromkeys(("施策の方向", "施策の方向性", "施策の展開", "施策目標"), "measure")
_YEAR = re.compile(
    r"(?:令和|平成|(?<![A-Za-z])[RH])\s?(?:元|[0-9]{1,2})(?=\s*年|[^0-9]|$)|20[0-9]{2}(?=\s*年|年度)"
)
_TOLD = re.compile(r"実績|進捗|状況|評価|結果|成果|報告|達成")
_PLANNED = re.compile(r"予定|計画|目標|基準|現状|以降|策定")


@dataclass(frozen=True)
class Heading:
    """A column of a list: what its cells mean ("" unknown), and the fiscal year that it names."""

    label: str
    place: str
    meaning: str
    year: int | None


def find_years(text: str) -> list[int]:
    """Return the fiscal years that a text names, in their order.

    >>> find_years("R4実績・令和５年度の予定（2027年度まで）")
    [2022, 2023, 2027]
    """
    found = list[int]()
    for match in _YEAR.finditer(fold_width(text)):
        try:
            found.append(parse_fiscal_year(re.sub(r"\s", "", match[0])))
        except ValueError:
            continue
    return [year for year in found if 1950 <= year <= 2100]


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
    labels: Sequence[tuple[str, str]], values: Sequence[Sequence[str]], fiscal_year: int | None
) -> list[Heading]:
    """Return what each column means; of two that could mean the same, the likelier one does.

    ``labels`` are (label, place), ``values`` what stands in each column.
    """
    found = [
        _guess(label, tuple(cells), fiscal_year)
        for (label, _), cells in zip(labels, values, strict=True)
    ]
    chosen = _choose(found, values)
    return [
        Heading(label, place, meaning, next(iter(find_years(label)), None))
        for (label, place), meaning in zip(labels, chosen, strict=True)
    ]


def is_heading(label: str) -> bool:
    """Return whether a cell looks like the head of a column that lists of this kind have."""
    return len(label) <= 40 and bool(_guess(label, (), None))


def _guess(label: str, values: tuple[str, ...], fiscal_year: int | None) -> tuple[str, ...]:
    plain = re.sub(r"\s", "", label)
    if _PERSONAL.search(plain):
        return ("personal",)
    if plain in _DIVISIONS:
        return ("division", "department")
    if re.fullmatch(r"新規.{0,6}|(?:新規)?[・/]?(?:拡充|継続).{0,5}", plain):
        return ("scope",)
    if fiscal_year and (meanings := _read_bare_year(plain, fiscal_year)):
        return meanings
    guess = find_meaning(label, fiscal_year, _OWN_WORDS)
    if guess is None:
        return ()
    meanings = guess.meanings
    if guess.when in ("next", "after") and meanings[0] in ("policy", "measure"):
        return ("next_year", "later")  # 今後の方針
    if meanings[0] == "next_year" and not guess.exact and not guess.when:
        return ()  # 関連計画
    if meanings[0] == "done" and guess.word in _DESCRIBING and not guess.when:
        meanings = ("content", "done")
    elif meanings[0] == "content" and _TOLD.search(plain):
        meanings = ("done", "content")
    elif meanings[0] == "status" and _are_long(values):
        meanings = ("done", "status")
    elif meanings[0] in ("goal", "value") and _are_numbers(values):
        meanings = ("target",) if "target" in meanings else ("value",)
    elif meanings[0] == "department" and _end(values, "部局") and plain.endswith(("部", "局")):
        meanings = ("division", "department")
    return meanings


def _read_bare_year(plain: str, fiscal_year: int) -> tuple[str, ...]:
    """Return what a column means whose head is a year and no more: R6, 来年度, 令和7年度以降."""
    years = find_years(plain)
    later = bool(re.search(r"以降|以後|将来", plain))
    rest = _YEAR.sub("", fold_width(plain))
    if re.fullmatch(r"(?:次|来|翌)年度?(?:以降)?", plain):
        return ("next_year", "later")
    if not years or re.sub(r"年度?|以降|以後|[()]", "", rest):
        return ()
    if years[0] == fiscal_year:
        return ("done",)
    if years[0] < fiscal_year:
        return ("last_done",)
    return ("later",) if later or years[0] > fiscal_year + 1 else ("next_year",)


def _choose(found: Sequence[tuple[str, ...]], values: Sequence[Sequence[str]]) -> list[str]:
    """Return one meaning a column, each meaning once but for what a list may repeat."""
    chosen = [meanings[0] if meanings else "" for meanings in found]
    columns = range(len(chosen))
    have = partial(_list_columns, chosen)
    if not have("department") and (divisions := have("division")):
        chosen[divisions[0]] = "department"
    # 大項目, 中項目, 小項目: the last of what could be the item's own name is it.
    if not have("title"):
        others = [n for n in columns if "title" in found[n]]
        if others:
            chosen[others[-1]] = "title"
    titles = have("title")
    for n in titles[:-1]:
        # Of two names, the one that repeats itself is what the other belongs to.
        chosen[n] = "measure" if not have("measure") else "content"
    if have("indicator") and not have("value") and len(have("done")) > 1:
        for n in have("done"):
            if _are_numbers(values[n]):
                chosen[n] = "value"
                break
    if not have("done") and (described := [n for n in have("content") if "done" in found[n]]):
        chosen[described[-1]] = "done"
    if not have("goal"):
        for n in have("policy")[:1]:
            chosen[n] = "goal"
    if not have("measure"):
        for n in have("policy")[:1]:
            chosen[n] = "measure"
    for meaning in ("measure", "goal"):
        for n in have(meaning)[1:]:
            chosen[n] = "policy"
    for n in have("status"):
        if set(values[n]) - {""} and set(values[n]) <= _SCOPES:
            chosen[n] = "scope"
    for meaning, other in (("next_year", "later"), ("planned", "next_year")):
        for n in have(meaning)[1:]:
            free = other in found[n] or meaning == "next_year"
            chosen[n] = other if free and not have(other) else chosen[n]
    return _drop_repeated(chosen)


_SCOPES = frozenset(
    {"", "新規", "拡充", "継続", "新", "拡", "継", "既存", "見直し", "―", "－", "-"}
)
# Several columns may say these; of all else the first one counts, and the others are told.
REPEATED = frozenset({"target", "planned", "content", "supporting", "personal"})


def _drop_repeated(chosen: Sequence[str]) -> list[str]:
    kept = list[str]()
    for meaning in chosen:
        again = meaning in kept and meaning not in REPEATED
        kept.append("" if again else meaning)
    return kept


def _list_columns(chosen: Sequence[str], meaning: str) -> list[int]:
    return [n for n, each in enumerate(chosen) if each == meaning]


def _are_long(values: Sequence[str]) -> bool:
    told = [value for value in values if value]
    return bool(told) and sum(len(value) > 12 for value in told) * 3 > len(told)


def _are_numbers(values: Sequence[str]) -> bool:
    told = [value for value in values if value]
    return bool(told) and sum(map(_is_number, told)) * 3 > 2 * len(told)


def _is_number(text: str) -> bool:
    try:
        parse_value(text)
    except ValueError:
        return False
    return True


def _end(values: Sequence[str], signs: str) -> bool:
    told = [value for value in values if value]
    return bool(told) and sum(value[-1] in signs for value in told) * 2 > len(told)


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
