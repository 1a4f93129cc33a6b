"""What municipalities call the parts of their lists and forms, and what nenpo calls them.

One table for all that reads sheets made by others: a list that becomes a plan, a form that is
filled and read. A label is looked up as people print it (「令和５年度　取組実績※」): width, spaces,
brackets, numbering and the year in it do not matter, but whether that is the year in question, the
one before, or one to come decides what is meant.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nenpo.language.fiscal import parse_fiscal_year

When = Literal["", "this", "next", "last", "after"]
Meaning = str
"""The key of a field: a column of a table that is asked, or of what is shown (see ``SHOWN``)."""

SHOWN: tuple[Meaning, ...] = (
    *("number", "title", "content", "goal", "policy", "measure", "department", "supporting"),
    *("last_status", "last_done", "planned"),
    *("indicator", "unit", "baseline", "target", "last_value", "note"),
)
"""What is printed beforehand, and tells what a row is about."""

# What a word means, by when: "" stands for a label that names no year. Where two things are meant
# by one word, the likelier one comes first.
_WORDS: dict[str, dict[When, tuple[Meaning, ...]]] = {
    "番号 no no. № 整理番号 通し番号 通番 連番 管理番号 事業番号 取組番号 施策番号 項番 項目番号 "
    "id コード 事業コード": {"": ("number",)},
    "事業名 事務事業名 事業名称 事業 取組名 取組名称 取組 取り組み 取組み 取組項目 取組事項 項目 "
    "項目名 件名 名称 施策事業 具体的取組 具体的な取組 個別施策 個別事業 主な取組 取組事業 "
    "実施項目 実施事業 推進項目 アクション アクションプラン タスク 事業等": {"": ("title",)},
    "取組概要 事業概要 概要 事業内容 内容 事業目的 目的 説明 取組の概要 事業の目的": {
        "": ("content",)
    },
    "目標 基本目標 政策目標 将来像 目指す姿": {"": ("goal", "target")},
    "政策 基本方針 方針 大項目 分野 重点分野 柱 基本施策 章": {"": ("policy",)},
    "施策 施策名 施策名称 中項目 小項目 実施内容名 単位施策 節 主要施策": {
        "": ("measure", "title")
    },
    "担当課 所管課 主管課 所管 所管部署 担当部署 担当 部署 部署名 課名 課 所属 所属名 担当所属 "
    "課係 課室 課室名 課係名 室課 "
    "主担当課 担当部課 所管部課 部課名 担当室 所管室 担当部 所管部 局 部局 部局名 担当部局 "
    "所管部局 実施主体 記入課 回答課 作成課 回答部署": {"": ("department",)},
    "関係課 関連課 関係部署 関連部署 連携課 協力課 副担当課 関係所属 関係所管課 連携部署": {
        "": ("supporting",)
    },
    "進捗状況 進捗 進捗区分 進捗度 進行状況 進捗評価 評価 評価区分 自己評価 達成度 達成状況 判定 "
    "区分 状況 実施状況区分 進捗ランク ランク 進捗記号 進捗判定 総合評価 取組評価 ステータス": {
        "": ("status",),
        "this": ("status",),
        "last": ("last_status",),
    },
    "実績 取組実績 実施実績 取組状況 実施状況 取組結果 実施結果 成果 取組成果 取組の成果 "
    "取組状況等 実績内容 実施内容 取組内容 活動内容 活動実績 主な実績 進捗内容 経過 実績概要 "
    "取り組み内容 具体的な実績 具体的な取組内容 実施した内容 取り組んだ内容 "
    "今年度やったこと やったこと": {
        "": ("done",),
        "this": ("done",),
        "last": ("last_done",),
        "next": ("next_year",),
        "after": ("later",),
    },
    "予定 計画 取組予定 実施予定 事業計画 取組計画 実施計画 取組方針 方向性 展開 対応 見通し "
    "方針予定 改善策 対応方針 対応策 取組の方向性 予定内容 やること": {
        "": ("next_year", "planned"),
        "this": ("planned",),
        "next": ("next_year",),
        "after": ("next_year", "later"),
    },
    "課題 問題点 課題等 問題点課題 現状課題 課題問題点 残された課題 取組上の課題": {
        "": ("issues",)
    },
    "理由 変更理由 遅延理由 変更の理由 遅れの理由 評価理由 評価の理由 判定理由 変更等の理由 "
    "未達成の理由 未実施の理由 要因 遅れの原因 原因 乖離理由": {"": ("change_reason",)},
    "備考 特記事項 その他 補足 補足事項 摘要 備考欄 コメント 参考": {"": ("note",)},
    "変更の向き 予定変更 前倒し後ろ倒し 前倒し 予定の変更 スケジュール変更 変更区分": {
        "": ("shift",)
    },
    "指標 指標名 成果指標 活動指標 kpi 数値目標 評価指標 指標名称 指標項目 成果指標名": {
        "": ("indicator",)
    },
    "単位": {"": ("unit",)},
    "基準値 現状値 当初値 基準 策定時 計画策定時 策定時の値": {"": ("baseline",)},
    "目標値 目標数値 計画値 目標水準 年度目標": {"": ("target",)},
    "実績値 達成値 実測値 数値 結果 実績数値 測定値 現在値": {
        "": ("value",),
        "this": ("value",),
        "last": ("last_value",),
    },
    "予算 予算額 当初予算 当初予算額 事業費 予算現額 事業費予算": {"": ("budget",)},
    "決算 決算額 執行額 支出額 決算見込額 執行済額 事業費決算": {"": ("spent",)},
    "期限 完了予定 完了時期 完了予定時期 実施時期 完了予定年月 目標時期 達成時期 完了年度 "
    "終期 納期 いつまで": {"": ("due",)},
    "責任者 担当者 推進責任者 責任者名 担当者名 記入者 事業責任者 職": {"": ("owner",)},
    "リスク 懸念 懸念事項 想定されるリスク": {"": ("risk",)},
}


@dataclass(frozen=True)
class _Entry:
    word: str
    meanings: dict[When, tuple[Meaning, ...]]


@dataclass(frozen=True)
class Guess:
    """What a label may mean, the likeliest first; ``exact`` if the whole label is a known word.

    ``dated`` if it states a year in figures: such a label is of one year's form only.
    """

    meanings: tuple[Meaning, ...]
    word: str
    when: When
    exact: bool
    dated: bool


def find_meaning(
    label: str, fiscal_year: int | None = None, own: Mapping[str, Meaning] | None = None
) -> Guess | None:
    """Return what a label means for a list or form about a fiscal year, None if nobody knows.

    ``own`` are words that the municipality uses for parts of a plan, with what they mean.

    >>> find_meaning("令和５年度の取組実績（※）", 2023).meanings
    ('done',)
    >>> find_meaning("R6年度の予定", 2023).meanings
    ('next_year',)
    >>> find_meaning("担当部・課").meanings
    ('department',)
    """
    plain, when, dated = _fold(label, fiscal_year)
    if not plain:
        return None
    named = {fold_text(word): _Entry(word, {"": (key,)}) for word, key in (own or {}).items()}
    known = _KNOWN | named if named else _KNOWN
    if entry := known.get(plain):
        meanings = _choose(entry, when)
        return Guess(meanings, entry.word, when, exact=True, dated=dated) if meanings else None
    # The head of a Japanese label stands last: 目標値に対する実績値 is an actual value. What a
    # sentence says is no label: one word at the end of a long text means nothing.
    ends = [entry for word, entry in known.items() if len(word) > 1 and plain.endswith(word)]
    for entry in sorted(ends, key=lambda entry: -len(entry.word)):
        if len(plain) <= 3 * len(entry.word) + 4 and (meanings := _choose(entry, when)):
            return Guess(meanings, entry.word, when, exact=False, dated=dated)
    return None


def is_time(label: str, fiscal_year: int | None = None) -> bool:
    """Whether a label names a time and nothing else.

    >>> is_time("令和5年度"), is_time("次年度"), is_time("令和5年度予算")
    (True, True, False)
    """
    plain, when, _ = _fold(label, fiscal_year)
    return bool(when) and not plain


def find_year(text: str) -> int | None:
    """Return the first fiscal year that a text states with its era, or in four figures.

    >>> find_year("令和５年度進捗状況調査票"), find_year("5年度")
    (2023, None)
    """
    found = _STATED.search(unicodedata.normalize("NFKC", text).casefold())
    return _read_year(found[1] or found[3], None) if found else None


def fold_text(text: str) -> str:
    """Return what a text is compared by: without spaces, width, and case.

    >>> fold_text("窓口の オンライン化（ＡＩ）") == fold_text("窓口のオンライン化(ai)")
    True
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


# What an item is called, with a year: what was done for it in that year, or is to be done.
_OF_YEAR: dict[When, tuple[Meaning, ...]] = {
    "this": ("done",),
    "last": ("last_done",),
    "next": ("next_year",),
    "after": ("next_year", "later"),
}


def _choose(entry: _Entry, when: When) -> tuple[Meaning, ...]:
    if when and entry.meanings.keys() == {""}:
        meanings = entry.meanings[""]
        # Of other things it does not matter of which year they are: a target is one in any year.
        return _OF_YEAR[when] if meanings[0] in ("title", "content") else meanings
    return entry.meanings.get(when, ())


_NOISE = re.compile(
    r"[\s\u3000・･、，,:：/／|｜\n\r。.※*＊★☆●■◆▼▽\"'「」『』<>＜＞〈〉《》【】\[\]()]+"
)
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_NUMBERING = re.compile(r"^(?:[(（]?[0-9ivxⅰ-ⅻ]{1,2}[)）.．、 　]|[①-⑳⑴-⒇]|[ア-オ][)）.．])\s*")
_ASIDE = re.compile(
    r"(?:(?:の内容|について|を?(?:ご)?(?:記入|記載|入力)(?:欄|して下さい|してください|すること)?|欄|等|の)+|名称?)$"
)
_YEAR = r"(?:令和|平成|[rh])?(?:元|[0-9]{1,4})"
_TIMES: tuple[tuple[re.Pattern[str], When], ...] = (
    (re.compile(r"(?:次|翌|来)年度以降|(?:次々|翌々|再来)年度?|中長期的?|将来"), "after"),
    (re.compile(r"今後|次年度?|翌年度?|来年度?|次期"), "next"),
    (re.compile(r"前年度?|昨年度?|前回|先年度"), "last"),
    (re.compile(r"本年度?|今年度?|当年度?|当該年度?|今回|当期|今期|年度末時点"), "this"),
)
_STATED = re.compile(
    rf"({_YEAR})年度?(以降|以後|から|まで)?"
    r"|(?<![a-z0-9])((?:[rh]|令和|平成)(?:元|[0-9]{1,2}))(?![0-9])(?:年度?)?(以降|以後)?"
)


def _fold(label: str, fiscal_year: int | None) -> tuple[str, When, bool]:
    """Return the label without what does not matter, the time that it names, if in figures."""
    # ① would be the 1 of a year.
    plain = unicodedata.normalize("NFKC", _NUMBERING.sub("", label.strip().casefold()))
    plain = plain.casefold().replace("取り組み", "取組").replace("取組み", "取組")
    told = _take_time(_BRACKETS.sub("", plain), fiscal_year)
    # 令和4年度（実績）, or （実績）
    return told if told[0] else _take_time(plain, fiscal_year)


def _take_time(plain: str, fiscal_year: int | None) -> tuple[str, When, bool]:
    when: When = ""
    for pattern, time in _TIMES:
        if pattern.search(plain):
            plain, when = pattern.sub("", plain), time
            break
    plain, stated = _take_year(plain, fiscal_year)
    plain = re.sub(r"^(?:における|の|に|は|分|度)+", "", _NOISE.sub("", plain))
    forms = (plain, plain.replace("の", ""))
    told = next((form for form in forms if form in _KNOWN), _ASIDE.sub("", plain))
    return told, stated or when, bool(stated)


def _take_year(plain: str, fiscal_year: int | None) -> tuple[str, When]:
    found = _STATED.search(plain)
    if found is None:
        return plain, ""
    rest = plain[: found.start()] + plain[found.end() :]
    year = _read_year(found[1] or found[3], fiscal_year)
    if year is None or fiscal_year is None:
        return rest, "this" if not (found[2] or found[4]) else "after"
    if year == fiscal_year:
        return rest, "this"
    if year < fiscal_year:
        return rest, "last"
    return rest, "after" if year > fiscal_year + 1 or found[2] or found[4] else "next"


def _read_year(text: str, fiscal_year: int | None) -> int | None:
    """Return the year that a label names; 5年度 is of the era in which the fiscal year lies."""
    try:
        return parse_fiscal_year(text)
    except ValueError:
        number = 1 if text == "元" else int(re.sub(r"[^0-9]", "", text) or 0)
        if fiscal_year is None or not 0 < number < 70:
            return None
        return number + (2018 if fiscal_year >= 2019 else 1988)


_KNOWN = {
    unicodedata.normalize("NFKC", word).casefold().strip("."): _Entry(word, meanings)
    for words, meanings in _WORDS.items()
    for word in words.split()
}
