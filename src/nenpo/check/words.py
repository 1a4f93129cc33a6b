"""A changed fact → a sentence that names what it counts, in the words of the documents."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from importlib.resources import files
from operator import or_
from types import MappingProxyType
from typing import Any

from nenpo.analysis.items import list_labels, list_titles, name_subjects
from nenpo.build.causes.names import list_code_words
from nenpo.check.changes import FactChange, Level
from nenpo.content.kinds import KIND_WORDS
from nenpo.content.wording import (
    FIGURE_KIND_WORDS,
    MILESTONE_WORDS,
    NOT_COMPARABLE,
    SHIFT_WORDS,
    SIDE_WORDS,
    STANDING_WORDS,
)
from nenpo.data.plan import Plan
from nenpo.data.schema.shared_rows import PriorityRow
from nenpo.errors import Words
from nenpo.language.fiscal import fiscal_year_label
from nenpo.language.numbers import MISSING_WORDS
from nenpo.language.stated_dates import parse_stated_date

LEVEL_WORDS: Mapping[Level, str] = {
    "facts": "事実",
    "text": "文章",
    "structure": "構成",
    "picture": "見た目",
}
_SHOWN_MARKS = 5


def _list_titles(schema: Any) -> dict[str, str]:
    """Return what a JSON Schema calls the properties in it."""
    if isinstance(schema, list):
        schema = dict(enumerate(schema))
    if not isinstance(schema, dict):
        return {}
    own = schema.get("properties", {})
    titles = {name: part["title"] for name, part in own.items() if "title" in part}
    return reduce(or_, map(_list_titles, schema.values()), titles)


_SCHEMA = files("nenpo.content").joinpath("facts.schema.json").read_text("utf-8")
# What each fact, group of facts or part of one is called.
_HEADS = _list_titles(json.loads(_SCHEMA))
# An item, an indicator or a figure says itself what it is.
_NAMED_BY_PARTS = frozenset({"marks", "indicators", "figures", "coverage"})
_ANSWERS = {True: "はい", False: "いいえ"}
_VALUES: Mapping[str, Mapping[Any, str]] = {
    "agrees": {True: "一致", False: "不一致", None: "照合なし"},
    "approximate": {True: "あり", False: "なし"},
    "side": SIDE_WORDS,
    "standing": {**STANDING_WORDS, "none": NOT_COMPARABLE},
    "missing": {**MISSING_WORDS, "": "なし"},
    "kind": FIGURE_KIND_WORDS,
    "state": MILESTONE_WORDS,
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
    group = change.path[0]
    return group in ("status_counts", "ward_status_counts", "marks") or group.startswith("by_")


def tell_fact(change: FactChange, names: Mapping[str, str]) -> str:
    """Return what changed: 「進捗区分 ◎ 97 → 96」「1-1-④ 電子申請…：◎ → △」."""
    if isinstance(change.before, Mapping) or isinstance(change.after, Mapping):
        return "：".join(split_whole(change))
    if isinstance(change.before, list) or isinstance(change.after, list):
        noun, gone, new = split_list(change, names)
        told = [f"「{name}」がなくなった" for name in gone]
        told += [f"「{name}」が加わった" for name in new]
        return f"{noun}：{'、'.join(told) or '順が変わった'}"
    what, before, after = split_fact(change, names)
    return f"{what}{'：' if change.path[0] == 'marks' else ' '}{before} → {after}"


def split_fact(change: FactChange, names: Mapping[str, str]) -> tuple[str, str, str]:
    """Return what a single changed value is called, and its two sides in words."""
    what = _name_fact(change.path, names)
    before = _show_fact(change.path, change.before, names)
    return what, before, _show_fact(change.path, change.after, names)


def _name_fact(path: Sequence[str], names: Mapping[str, str]) -> str:
    """Return what a fact is called: its group and, part by part, what in it is counted."""
    first, *rest = path
    if first == "published":
        return "公表された集計との照合"
    if first == "other_values":  # table, fact, place among several, which number
        which = " ".join(_HEADS.get(part, part) for part in rest[3:])
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
    is_year = len(part) == 4 and part > "1926"
    return fiscal_year_label(int(part)) if is_year else part


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
    if value in _VALUES.get(last, ()):
        return _VALUES[last][value]
    if isinstance(value, bool):
        return _ANSWERS[value]
    if last in ("date", "former_date") and value:
        return parse_stated_date(value).label
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


def split_list(change: FactChange, names: Mapping[str, str]) -> tuple[str, list[str], list[str]]:
    """Return what a list is called, and the names of what left it and of what is new in it."""
    noun = _name_fact(change.path, names)
    if change.path == ("published", "differences"):
        noun = "公表された集計と合わない区分（公表/集計）"
    before, after = change.before or [], change.after or []
    gone, new = (
        [_find_name(str(entry), change.path, names) for entry in own if entry not in other]
        for own, other in ((before, after), (after, before))
    )
    return noun, gone, new


def show_value(value: Any) -> str:
    """Return one side of a change in words: 「なし」 for a fact that is absent."""
    if value is None:
        return "なし"
    return str(value) if value != "" else "（空）"
