"""A changed fact → a sentence that names what it counts, in the words of the documents."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from nenpo.analysis.items import list_labels, list_titles, name_subjects
from nenpo.build.briefing import BriefingName, shorten_name
from nenpo.build.names import KIND_WORDS, list_code_words
from nenpo.check.changes import FactChange, Level
from nenpo.content.wording import FIGURE_KIND_WORDS, NOT_COMPARABLE, SHIFT_WORDS, STANDING_WORDS
from nenpo.data.plan import Plan
from nenpo.data.schema.shared_rows import PriorityRow
from nenpo.errors import Words
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import MISSING_WORDS

LEVEL_WORDS: Mapping[Level, str] = {
    "facts": "事実",
    "text": "文章",
    "structure": "構成",
    "picture": "見た目",
}
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
    "comparisons": "数値の対照",
    "priorities": "国の重点取組事項との対応",
    "themes": "主題",
    "plans": "計画",
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
_PARTS = {
    **_COVERAGE,
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
    "missing": "値がない理由",
    "unit": "単位",
    "kind": "数値の種類",
    "fiscal_year": "年度",
    "from": "時期（始め）",
    "to": "時期（終わり）",
    "figure": "数値",
    "measures": "施策",
    "improved": "改善",
    "worsened": "悪化",
    "moved": "区分の変化",
    "marked": "新たに区分のある取組",
    "unmarked": "区分のなくなった取組",
    "new": "新たな取組",
    "ended": "終わった取組",
    "unreported": "報告のない取組",
    "previous_year": "前年度",
    "counts": "区分ごとの数",
    "before": "前の区分",
    "after": "後の区分",
    "count": "数",
    "question": "比べること",
    "basis": "数え方",
    "comparable": "並べられるか",
    "theme": "主題",
    "plan": "計画",
    "department": "部署",
    "subject": "計画の部分",
    "priority": "国の施策",
    "ground": "根拠",
    "facts_version": "事実の形式",
}
_HEADS = {**_PARTS, **_TOTALS, **_GROUPS, **_WHOLES}
# An item, an indicator or a figure says itself what it is.
_NAMED_BY_PARTS = frozenset({"marks", "indicators", "figures", "coverage"})
_ANSWERS = {True: "はい", False: "いいえ"}
_VALUES: Mapping[str, Mapping[Any, str]] = {
    "approximate": {True: "あり", False: "なし"},
    "standing": {**STANDING_WORDS, "none": NOT_COMPARABLE},
    "missing": {**MISSING_WORDS, "": "なし"},
    "kind": FIGURE_KIND_WORDS,
    "ground": list_code_words(PriorityRow.model_fields["ground"]),
}


def list_names(plan: Plan) -> dict[str, str]:
    """Return readable names of every id that the facts of a plan's documents speak of."""
    titles, labels = list_titles(plan), list_labels(plan)
    items = {item: f"{labels[item]} {titles[item]}" for item in plan.items["item"]}
    departments = dict(zip(plan.departments["department"], plan.departments["name"], strict=True))
    indicators = dict(zip(plan.indicators["indicator"], plan.indicators["name"], strict=True))
    figures = dict(zip(plan.figures["figure"], plan.figures["title"], strict=True))
    return {**name_subjects(plan), **items, **departments, **indicators, **figures}


def name_plans(
    plans: Iterable[Plan], former: Mapping[str, Mapping[str, str]] = MappingProxyType({})
) -> dict[str, str]:
    """Return the names of several plans' ids, and the titles of the plans.

    ``former`` are the names by plan of what may not be there any more. What two plans call
    differently has a name with the plan before it alone: ``plan/somu``.
    """
    known: dict[str, str] = {}
    unlike: set[str] = set()
    present = {plan.id: plan for plan in plans}
    for identity in dict.fromkeys((*former, *present)):
        plan = present.get(identity)
        own = {**former.get(identity, {}), **(list_names(plan) if plan else {})}
        unlike |= {id_ for id_, name in own.items() if known.get(id_, name) != name}
        title = plan.meta.title if plan else own.get(identity, identity)
        known |= own | {f"{identity}/{id_}": name for id_, name in own.items()} | {identity: title}
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
    own = shorten_name(name)
    return KIND_WORDS.get(own) or names.get(f"{plan}/{own}") or names.get(own, own)


def name_edition(edition: str, names: Mapping[str, str]) -> str:
    """Return how reports call an edition, and what selects it: 「見本計画 令和3年度 [tiny/2021]」.

    "" is what is compared without its edition.
    """
    if not edition:
        return str(Words("文書", "documents"))
    plan, _, year = edition.partition("/")
    title = KIND_WORDS.get(plan) or names.get(plan, plan)
    return f"{title} {fiscal_year_label(int(year))} [{edition}]"


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
    what = _name_fact(change.path, names)
    if change.path == ("published", "agrees"):
        words = {True: "一致", False: "不一致", None: "照合なし"}
        return what, words[change.before], words[change.after]
    before = _show_fact(change.path, change.before, names)
    return what, before, _show_fact(change.path, change.after, names)


def _name_fact(path: Sequence[str], names: Mapping[str, str]) -> str:
    """Return what a fact is called: its group and, part by part, what in it is counted."""
    first, *rest = path
    if first == "published":
        return "公表された集計との照合"
    if first == "other_values":  # table, fact, place among several, which number
        which = " ".join(_PARTS.get(part, part) for part in rest[3:])
        return f"{_find_name(rest[1], path, names)} 用いていない{which}"
    if first == "by_policy":  # documents call policy p1-1 by its number
        rest[:1] = [part.removeprefix("p") for part in rest[:1]]
    told = [] if rest and first in _NAMED_BY_PARTS else [_HEADS.get(first, first)]
    for place, part in enumerate(rest):
        named = _find_name(part, path, names)
        if part.isdigit():
            told.append(_name_number(first, part))
        elif part in _HEADS and (place or named == part):  # a kind of number, not an id
            told.append(_HEADS[part])
        else:
            told.append(named)
    return " ".join(filter(None, told))


def _name_number(first: str, part: str) -> str:
    if first in ("comparisons", "priorities", "transitions"):
        return f"{int(part) + 1}件目"
    return fiscal_year_label(int(part)) if _is_year(part) else part


def _is_year(text: str) -> bool:
    return len(text) == 4 and text > "1926"


def _find_name(identity: str, path: Sequence[str], names: Mapping[str, str]) -> str:
    """Return the name of an id: in the plan that the path speaks of, if it does."""
    own = (names.get(f"{part}/{identity}") for part in path)
    if name := next(filter(None, own), None) or names.get(identity):
        return name
    # Plans call it differently, and nothing says which is meant.
    several = (name for key, name in names.items() if key.endswith(f"/{identity}"))
    return "又は".join(dict.fromkeys(several)) or identity


def _show_fact(path: Sequence[str], value: Any, names: Mapping[str, str]) -> str:
    """Return one side of a change in the words of the documents."""
    if path[0] == "marks" and isinstance(value, str):
        mark, _, shift = value.partition(" ")
        return f"{mark} {SHIFT_WORDS.get(shift, shift)}".rstrip()
    last = path[-1]
    if value is not None and value in _VALUES.get(last, ()):
        return _VALUES[last][value]
    if isinstance(value, bool):
        return _ANSWERS[value]
    if last in ("fiscal_year", "previous_year") and isinstance(value, int):
        return fiscal_year_label(value)
    if last in ("plan", "department", "theme", "subject", "priority", "figure"):
        return _find_name(str(value), path, names) if value else show_value(value)
    return show_value(value)


def split_whole(change: FactChange) -> tuple[str, str]:
    """Return the name of a group of facts that only one side has, and what became of it."""
    first = change.path[0]
    noun = _HEADS.get(first, first)
    became = "加わった" if change.before is None else "なくなった"
    return noun, f"{len(change.after or change.before)}件が{became}"


def tell_facts(changes: Sequence[FactChange], names: Mapping[str, str]) -> list[str]:
    """Return what changed in a document: its marks in one line, then what does not follow."""
    marks = tell_marks(changes, names)
    others = [change for change in changes if not (marks and follows_from_marks(change))]
    return [*filter(None, [marks]), *(tell_fact(change, names) for change in others)]


def _tell_list(change: FactChange, names: Mapping[str, str]) -> str:
    before, after = change.before or [], change.after or []
    gone, new = (
        [_find_name(str(entry), change.path, names) for entry in own if entry not in other]
        for own, other in ((before, after), (after, before))
    )
    told = [f"「{name}」がなくなった" for name in gone] + [f"「{name}」が加わった" for name in new]
    noun = _name_fact(change.path, names)
    if change.path == ("published", "differences"):
        noun = "公表された集計と合わない区分（公表/集計）"
    return f"{noun}：{'、'.join(told) or '順が変わった'}"


def show_value(value: Any) -> str:
    """Return one side of a change in words: 「なし」 for a fact that is absent."""
    if value is None:
        return "なし"
    return str(value) if value != "" else "（空）"
