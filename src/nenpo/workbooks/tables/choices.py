"""What is chosen in the cells of a table's column, and what people call it."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, get_args

from pydantic.fields import FieldInfo

from nenpo.data.naming import NamedId, name_row
from nenpo.data.plan_files import PlanRows
from nenpo.data.schema.cells import OWN_ACTOR, Reference
from nenpo.data.schema.columns import find_marker, list_labels
from nenpo.data.schema.declarations import Terms
from nenpo.data.schema.tables import PLAN_TABLES, list_columns
from nenpo.workbooks.layout import Choice

# The words in which the schema speaks of a plan's parts, and what a plan may call them instead.
_SPOKEN = re.compile("施策の柱|施策|取組|所管課|関係課|目標(?=$|の ID|・| ?又は)|^課(?=$|、)")
_LONGEST_TITLE = 30


class Choices(NamedTuple):
    """A list to choose from, called ``lists``, and ``names`` for what is in it."""

    lists: str
    choices: tuple[Choice, ...]
    names: tuple[NamedId, ...]


def list_choices(field: FieldInfo, plan: PlanRows, *, is_mark: bool) -> Choices:
    """Return what is chosen in the cells of a column; nothing if one writes there.

    A reference is chosen as its id with what that stands for, and known by either.
    """
    if is_mark:
        scale = plan.meta.status_scale
        marks = tuple(Choice(each.mark, each.mark) for each in scale)
        return Choices("進捗区分", marks, tuple((each.label, each.mark) for each in scale))
    if reference := find_marker(field, Reference):
        told = [*_list_told(reference, plan)]
        choices = (
            Choice(own, f"{own} {_shorten(' '.join(names))}".rstrip()) for own, names in told
        )
        lists = "+".join((*reference.words, *reference.tables))
        return Choices(lists, tuple(choices), tuple(_list_names(told, plan)))
    labels = {word: speak(label, plan.meta.terms) for word, label in list_labels(field).items()}
    words = [word for word in get_args(field.annotation) if isinstance(word, str) and word]
    chosen = tuple(Choice(word, labels.get(word, word)) for word in words or labels)
    return Choices("・".join(choice.label for choice in chosen), chosen, ())


def speak(text: str, terms: Terms) -> str:
    """Return words of the schema as a plan's own documents say them.

    >>> speak("施策の柱の ID", Terms()), speak("取組、指標、又は施策", Terms(item="事業"))
    ('施策の ID', '事業、指標、又は実施内容')
    """
    spoken = {
        "施策の柱": terms.policy,
        "施策": terms.measure,
        "取組": terms.item,
        "目標": terms.goal,
        "所管課": terms.lead,
        "関係課": terms.supporting,
        "課": terms.department,
    }
    return _SPOKEN.sub(lambda match: spoken[match[0]], text)


def _list_told(reference: Reference, plan: PlanRows) -> Iterator[tuple[str, list[str]]]:
    """Yield each id that a column may name, and what its rows or entries say that it is."""
    for word in reference.words:
        yield word, [plan.meta.municipality.word if word == OWN_ACTOR else "計画全体"]
    for target in reference.tables:
        file, _, key = target.partition("#")
        entries: Iterable[Any] = getattr(plan.meta, key) if key else plan.tables.get(file, ())
        column = "id" if key else next(iter(list_columns(PLAN_TABLES[file])))
        for entry in entries:
            names = (getattr(entry, part, "") or "" for part in ("label", "name", "title"))
            yield getattr(entry, column), [name for name in names if name]


def _list_names(told: Iterable[tuple[str, list[str]]], plan: PlanRows) -> Iterator[NamedId]:
    """Yield what people call these: label, name, both, and the other spellings of departments."""
    known = set()
    for own, names in told:
        known.add(own)
        yield from ((name, own) for name in (*names, " ".join(names)) if name)
    for row in plan.tables.get("departments.csv", ()):
        yield from (pair for pair in name_row(row.model_dump(), "department") if pair[1] in known)


def _shorten(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST_TITLE else f"{name[: _LONGEST_TITLE - 1]}…"
