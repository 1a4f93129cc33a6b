"""What stands in no row: the plan's own declarations, and the params of its first edition."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nenpo.language.fiscal import fiscal_year_label, parse_fiscal_year
from nenpo.language.ordinary import fold_width
from nenpo.workbooks.starting.names import find_unit
from nenpo.workbooks.starting.scale import CODES, Scale

_PLAN = re.compile(r".*(?:計画|プラン|戦略|ビジョン|プログラム|構想|方針|大綱|アクション)")
_NAME = r"[^\s　0-9０-９（(「『【]"
_TOWNS = (
    re.compile(
        rf"(?:{_NAME}{{2,3}}?[都道府県])?({_NAME}{{1,6}}?[市区町村])(?=[^市町村区立民内外])"
    ),
    re.compile(rf"({_NAME}{{2,3}}[都道府県])(?=[^市町村区立民内外])"),
)
# What stands in front of the name of a plan: 様式1, the year, its number.
_BEFORE = re.compile(
    r"^\s*(?:(?:[(（【〔].*?[)）】〕]|(?:令和|平成|[RＲHＨ])\s?[0-9０-９元]+(?:年度)?(?:版|の)?"
    r"|20[0-9]{2}年度)[\s　]*)+"
)
_SPAN = re.compile(
    r"(?P<era>令和|平成|[RH])?\s?(?P<first>元|[0-9]{1,2}|20[0-9]{2})\s?(?:年度?)?"
    r"\s*(?:[~〜－–—-]|から)\s*"
    r"(?P<last>(?P<own>(?:令和|平成|[RH])\s?)?(?:[0-9]{1,2}|20[0-9]{2}))(?![0-9])"
)
_EDITION = re.compile(r"^第.{1,3}[次期][\s　]*")


@dataclass(frozen=True)
class Declared:
    """What the texts around a list, its name and its columns tell of the plan."""

    plan: str
    title: str
    short_title: str
    municipality: str
    fiscal_year: int
    period: tuple[int, int]


def find_title(texts: Iterable[str], stem: str) -> tuple[str, bool]:
    """Return the title of the plan, and whether a text names one; else it is that of the file.

    >>> find_title(["（様式1）", "令和5年度　みどり市DX推進計画　進捗状況一覧"], "list")
    ('みどり市DX推進計画', True)
    """
    for text in texts:
        found = _PLAN.match(text.split("\n")[0]) if len(text) <= 80 else None
        if found:
            plain = _BEFORE.sub("", found[0])
            if len(plain) > 2:
                return plain.strip(" 　「『"), True
    return re.sub(r"[_\s]+", " ", stem).strip() or "計画", False


def find_town(texts: Iterable[str]) -> str:
    """Return the municipality whose name a text begins with, "" for none.

    >>> find_town(["第2次みどり市DX推進計画", "市町村"])
    'みどり市'
    """
    for text in texts:
        plain = _EDITION.sub("", _BEFORE.sub("", text))
        for form in _TOWNS:
            if found := form.match(plain):
                return found[1]
    return ""


def find_period(texts: Iterable[str]) -> tuple[int, int] | None:
    """Return the first and last fiscal year that a text names as a span, None for none.

    >>> find_period(["計画（令和4〜8年度）の令和5年度の進捗"]), find_period(["2022-2026"])
    ((2022, 2026), (2022, 2026))
    """
    for text in texts:
        for found in _SPAN.finditer(fold_width(text)):
            era = found["era"] or ""
            last = found["last"] if found["own"] or not era else f"{era}{found['last']}"
            try:
                years = parse_fiscal_year(era + found["first"]), parse_fiscal_year(last)
            except ValueError:
                continue
            if 1950 <= years[0] < years[1] <= 2100:
                return years
    return None


def shorten_title(title: str, town: str) -> str:
    """Return a title without the name of the municipality and its number."""
    plain = _EDITION.sub("", _EDITION.sub("", title).removeprefix(town)).strip()
    return plain if len(plain) > 2 else title


def find_terms(
    headings: Mapping[str, str], departments: Sequence[str], goals: Sequence[str]
) -> dict[str, str]:
    """Return what the list calls its parts and those in charge, by the heads of its columns."""
    terms = dict[str, str]()
    words = {
        "item": ("事務事業", "取組", "事業", "項目", "アクション", "施策"),
        "measure": ("施策", "取組方針", "方針", "実施内容", "取組", "事業", "項目"),
        "goal": ("基本目標", "目標", "基本方針", "方針", "戦略", "柱", "政策", "分野"),
    }
    for key, known in words.items():
        label = headings.get("title" if key == "item" else key, "").replace("取り組み", "取組")
        found = next((word for word in known if word in label and word not in terms.values()), "")
        if found:
            terms[key] = found
    numbered = Counter(
        re.sub(r"[\s0-9０-９ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ一二三四五六七八九十第章]+", "", goal) for goal in goals
    )
    if (
        "goal" not in terms
        and numbered
        and (word := numbered.most_common(1)[0][0]) in words["goal"]
    ):
        terms["goal"] = word
    terms["policy"] = terms.get("goal", "目標")
    units = Counter(filter(None, map(find_unit, departments)))
    unit = units.most_common(1)[0][0] if units else "課"
    for key, meaning, default in (
        ("lead", "department", f"担当{unit}"),
        ("supporting", "supporting", f"関係{unit}"),
    ):
        label = re.sub(r"[\s（(].*", "", headings.get(meaning, ""))
        label = re.sub(r"^担当(?=関|協|連|主)", "", label)  # of a head above both
        terms[key] = label if 2 <= len(label) <= 6 else default
    return {**terms, "department": unit}


def write_plan(
    declared: Declared,
    goals: Sequence[tuple[str, str, str]],
    terms: Mapping[str, str],
    scale: Scale | None,
    *,
    actors: Mapping[str, str],
    aspects: Mapping[str, str],
    columns: Sequence[str],
) -> str:
    """Return plan.yaml with what each part is for; what was guessed is for a person to look at."""
    name, first_last = declared.municipality, declared.period
    town = _quote(name) if name else "null"
    lines = [
        "# 表から推定したものである。init-report.md を見て、違うところを直すこと。",
        f"id: {declared.plan}   # フォルダーの名前と同じにする",
        f"title: {_quote(declared.title)}",
        f"short_title: {_quote(declared.short_title)}",
        "municipality:",
        f"  name: {town}   # 団体の名称",
        *([] if name else ['  note: "表に団体の名称がない"']),
        "period:   # 計画の期間（西暦の年度）",
        f"  first_year: {first_last[0]}",
        f"  last_year: {first_last[1]}",
        "goals:",
    ]
    for key, label, title in goals:
        lines += [f"  - id: {key}", f"    label: {_quote(label)}", f"    title: {_quote(title)}"]
    lines += ["# この計画での呼び方", "terms:"]
    lines += [f"  {key}: {_quote(word)}" for key, word in terms.items()]
    lines += _list_scale(scale)
    for key, entries in (("actors", actors), ("aspects", aspects)):
        lines += [f"{key}:"] if entries else []
        for identity, label in entries.items():
            lines += [f"  - id: {identity}", f"    label: {_quote(label)}"]
    lines += [f"columns: [{', '.join(columns)}]"] if columns else []
    return "\n".join([*lines, ""])


def _list_scale(scale: Scale | None) -> list[str]:
    if scale is None:
        return ["# 進捗区分（status_scale）はない。進捗は文章で報告する。"]
    lines = [
        "# 進捗区分。tone は good（よい）、neutral（変更）、caution（注意）、bad（悪い）",
        "status_scale:",
    ]
    for code, mark in zip(CODES, scale.marks, strict=False):
        lines += [
            f"  - mark: {_quote(mark.mark)}",
            f"    code: {code}",
            f"    label: {_quote(mark.label)}",
            f"    tone: {mark.tone}",
        ]
    return lines


def write_params(declared: Declared) -> str:
    """Return the params of the year's edition: a draft, as of the end of the fiscal year."""
    year = declared.fiscal_year
    return f"""\
# {fiscal_year_label(year)}版の文書の条件。
plan: {declared.plan}         # data/ の下のフォルダー名
fiscal_year: {year}          # 年度（西暦）
as_of: "{year + 1}-03-31"        # 基準日
issued: "{year + 1}-06-30"       # 文書の日付
state: draft               # draft は案。確定したら final とする
revision: 0                # 改訂の回数（初版は 0）
document_number: ""        # 資料番号（資料1 など）
reported_to: ""            # 報告先
prepared_by: ""            # 担当
contact: ""                # 問合せ先
handling: ""               # 取扱い（庁内限りなど）
sample: false              # 見本であるか
attach_data: true          # PDF にデータを添付するか
"""


def _quote(text: str) -> str:
    # A JSON string is one of YAML; nothing in it is markup, a comment or an alias.
    return json.dumps(text.replace("\n", " "), ensure_ascii=False)
