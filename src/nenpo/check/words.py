"""A changed fact → a sentence that names what it counts, in the words of the documents."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nenpo.analysis.items import list_labels, list_titles, name_subjects
from nenpo.build.briefing import BriefingName, shorten_name
from nenpo.check.changes import FactChange, Level
from nenpo.data.plan import Plan

LEVEL_WORDS: Mapping[Level, str] = {
    "facts": "事実",
    "text": "文章",
    "structure": "構成",
    "picture": "見た目",
}
WHY_WORDS = {"data": "データ", "params": "条件", "notebook": "ノートブック"}
_TOTALS = {
    "rows": "一覧の行",
    "rated": "進捗区分のある取組",
    "unrated": "進捗区分の記載なし",
    "relisted": "再掲",
    "relisted_stated": "再掲（表示あり）",
    "relisted_inferred": "再掲（表示なし）",
    "disagreements": "資料により異なる記載",
    "off_schedule": "スケジュールどおりでない取組",
    "items": "取組の一覧",
    "published": "公表された集計",
}
_GROUPS = {
    "status_counts": "進捗区分",
    "ward_status_counts": "区の取組",
    "by_goal": "目標別",
    "by_policy": "施策別",
    "by_measure": "実施内容別",
    "by_department": "課別（延べ）",
    "by_department_lead": "所管課別（延べ）",
}
# Groups whose facts are otherwise told by the names of what they are about.
_WHOLES = {
    "marks": "取組ごとの進捗区分",
    "indicators": "成果指標",
    "figures": "数値",
    "other_values": "用いていない値",
    "transitions": "前年度からの変化",
    "coverage": "進捗の記載の数",
}
_COVERAGE = {
    "items": "項目の数",
    "reported": "進捗の記載",
    "scheduled": "当年度の予定の記載",
    "planned": "次年度以降の予定の記載",
    "kept": "予定どおり",
    "changed": "予定からの変更",
    "not_comparable": "予定と比較できないもの",
}
_SHOWN_MARKS = 5
_VALUES = {
    "actual": "実績",
    "previous": "前年度の実績",
    "change": "増減",
    "standing": "動き",
    "value": "値",
    "denominator": "分母",
    "approximate": "「約」の有無",
    "targets": "目標",
    "achievement": "基準値からの進捗率",
    "elapsed": "経過期間の割合",
}


def list_names(plan: Plan) -> dict[str, str]:
    """Return readable names of every id that the facts of a plan's documents speak of."""
    titles, labels = list_titles(plan), list_labels(plan)
    items = {item: f"{labels[item]} {titles[item]}" for item in plan.items["item"]}
    departments = dict(zip(plan.departments["department"], plan.departments["name"], strict=True))
    indicators = dict(zip(plan.indicators["indicator"], plan.indicators["name"], strict=True))
    figures = dict(zip(plan.figures["figure"], plan.figures["title"], strict=True))
    return {**name_subjects(plan), **items, **departments, **indicators, **figures}


def name_plans(plans: Iterable[Plan]) -> dict[str, str]:
    """Return the names of several plans' ids, and the titles of the plans.

    What two plans call differently has a name with the plan before it alone: ``plan/somu``.
    """
    known: dict[str, str] = {}
    unlike: set[str] = set()
    for plan in plans:
        own = list_names(plan)
        unlike |= {id_ for id_, name in own.items() if known.get(id_, name) != name}
        known |= own | {f"{plan.id}/{id_}": name for id_, name in own.items()}
        known[plan.id] = plan.meta.title
    return {id_: name for id_, name in known.items() if id_ not in unlike}


def entitle(name: str, names: Mapping[str, str]) -> str:
    """Return how reports call a document: 「情報システム課 2021」「計画全体 2021」.

    >>> entitle("plan/2021/departments/somu", {"somu": "総務課"}), entitle("annual", {})
    ('総務課 2021', '計画全体')
    """
    found = BriefingName.find(name)
    if found is None:
        return name_document("", name, names)
    return f"{name_document(found.plan, found.name, names)} {found.fiscal_year}"


def name_document(plan: str, name: str, names: Mapping[str, str]) -> str:
    """Return what a plan's document is called by its name in the edition: 「情報システム課」."""
    words = {"annual": "計画全体", "inspection": "点検票", "comparison": "計画の比較"}
    own = shorten_name(name)
    return words.get(own) or names.get(f"{plan}/{own}") or names.get(own, own)


def tell_marks(changes: Sequence[FactChange], names: Mapping[str, str]) -> str:
    """Return what became of a document's marks in one line, "" if nothing did.

    「◎ 60 → 59、△ 0 → 1（1-1-④ 電子申請…：◎ → △）」
    """
    counts = [c for c in changes if c.path[0] == "status_counts" and len(c.path) > 1]
    counts.sort(key=lambda change: -(change.before or 0))
    marks = [tell_fact(change, names) for change in changes if change.path[0] == "marks"]
    told = "、".join(f"{c.path[-1]} {show_value(c.before)} → {show_value(c.after)}" for c in counts)
    shown = "、".join(marks[:_SHOWN_MARKS])
    more = f"、ほか{len(marks) - _SHOWN_MARKS}件" if len(marks) > _SHOWN_MARKS else ""
    return f"{told}（{shown}{more}）" if told and marks else told or f"{shown}{more}"


def follows_from_marks(change: FactChange) -> bool:
    """Tell whether a fact only counts marks again, by goal, department and so on."""
    return change.path[0] in ("status_counts", "ward_status_counts", "marks") or change.path[
        0
    ].startswith("by_")


def tell_fact(change: FactChange, names: Mapping[str, str]) -> str:
    """Return what changed: 「進捗区分 ◎ 97 → 96」「1-1-④ 電子申請…：◎ → △」."""
    if isinstance(change.before, Mapping) or isinstance(change.after, Mapping):
        return "：".join(split_whole(change))
    if isinstance(change.before, list) or isinstance(change.after, list):
        return _tell_list(change, names)
    what, before, after = split_fact(change, names)
    return f"{what}{'：' if change.path[0] == 'marks' else ' '}{before} → {after}"


def split_fact(change: FactChange, names: Mapping[str, str]) -> tuple[str, str, str]:
    """Return what a single changed value is called, and its two sides in words."""
    first, *rest = change.path
    sides = (show_value(change.before), show_value(change.after))
    if first == "marks":
        return names.get(rest[0], rest[0]), *sides
    if first in ("indicators", "figures") and rest:
        what = [_VALUES.get(part, part) for part in rest[1:]]
        return " ".join(filter(None, (names.get(rest[0], rest[0]), *what))), *sides
    if first == "other_values" and len(rest) > 2:
        told = " ".join(_VALUES.get(part, part) for part in rest[3:])
        return f"{names.get(rest[1], rest[1])} 用いていない{told}", *sides
    if first == "published":
        words = {True: "一致", False: "不一致", None: "照合なし"}
        return "公表された集計との照合", words[change.before], words[change.after]
    if first == "coverage":
        return _COVERAGE.get(rest[0], rest[0]), *sides
    if first in _GROUPS:
        group = [_GROUPS[first], *(names.get(part, part) for part in rest)]
        return " ".join(filter(None, group)), *sides
    return _TOTALS.get(first, " ".join(change.path)), *sides


def split_whole(change: FactChange) -> tuple[str, str]:
    """Return the name of a group of facts that only one side has, and what became of it."""
    first = change.path[0]
    noun = {**_TOTALS, **_GROUPS, **_WHOLES}.get(first, first)
    became = "加わった" if change.before is None else "なくなった"
    return noun, f"{len(change.after or change.before)}件が{became}"


def _tell_list(change: FactChange, names: Mapping[str, str]) -> str:
    before, after = change.before or [], change.after or []
    gone = [names.get(str(entry), str(entry)) for entry in before if entry not in after]
    new = [names.get(str(entry), str(entry)) for entry in after if entry not in before]
    told = [f"「{name}」がなくなった" for name in gone] + [f"「{name}」が加わった" for name in new]
    noun = _TOTALS.get(change.path[0], " ".join(change.path))
    if change.path == ("published", "differences"):
        noun = "公表された集計と合わない区分（公表/集計）"
    return f"{noun}：{'、'.join(told) or '順が変わった'}"


def show_value(value: Any) -> str:
    """Return one side of a change in words: 「なし」 for a fact that is absent."""
    if value is None:
        return "なし"
    return str(value) if value != "" else "（空）"
