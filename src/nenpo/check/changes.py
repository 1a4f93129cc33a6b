"""Two observations of a document → what differs, level by level, each change with its words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from nenpo.check.reading.observe import Observation, Table

Level = Literal["facts", "text", "structure", "picture"]
LEVELS: tuple[Level, ...] = ("facts", "text", "structure", "picture")
Path = tuple[str, ...]
_ABSENT = object()


@dataclass(frozen=True)
class FactChange:
    """One value of the facts that changed; None where it was absent or is."""

    path: Path
    before: Any
    after: Any

    @property
    def effect(self) -> float:
        """How large the change is: relative for numbers, whole for everything else."""
        if {type(self.before), type(self.after)} <= {int, float}:
            return float(abs(self.after - self.before) / max(abs(self.before), 1))
        return 1.0


@dataclass(frozen=True)
class TextChange:
    """Lines that were replaced, removed (``after`` empty) or added (``before`` empty).

    ``heading`` is the last heading before them.
    """

    heading: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def compare_facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FactChange, ...]:
    """Return every value that differs, exactly, the largest effect first.

    A group of facts that only one side has ("marks", "figures") is one change, with the group as
    its value.
    """
    old, new = dict(_list_facts(before, after)), dict(_list_facts(after, before))
    changes = [
        FactChange(path, old.get(path), new.get(path))
        for path in old | new
        if _differ(old.get(path, _ABSENT), new.get(path, _ABSENT))
    ]
    return tuple(sorted(changes, key=lambda change: -change.effect))


def _differ(old: Any, new: Any) -> bool:
    # 1 and True and 1.0 are equal to Python, and three different facts in a file.
    # In lists as well, which compare their entries by value.
    return type(old) is not type(new) or repr(old) != repr(new)


def _list_facts(facts: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    for key, value in facts.items():
        is_whole = isinstance(value, Mapping) and value and key not in other
        yield from [((key,), value)] if is_whole else _flatten(value, (key,))


def _flatten(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Yield the leaves; a list of ids counts as one leaf, a list of mappings by its place."""
    if isinstance(value, Mapping):  # one without entries has nothing that could change
        for key in value:
            yield from _flatten(value[key], (*path, str(key)))
    elif isinstance(value, list) and any(isinstance(entry, Mapping) for entry in value):
        if path == ("published", "differences"):  # one line a mark, whatever place it has
            yield path, [f"{e['status']} {e['published']}/{e['computed']}" for e in value]
            return
        for place, entry in enumerate(value):
            yield from _flatten(entry, (*path, str(place)))
    else:
        yield path, value


def compare_texts(before: Observation, after: Observation) -> tuple[TextChange, ...]:
    """Return what a reader reads differently, in reading order."""
    old, new = before.texts, after.texts
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        TextChange(_find_heading(after, new, c), tuple(old[a:b]), tuple(new[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    )


def _find_heading(observation: Observation, texts: Sequence[str], place: int) -> str:
    headings = {text for _, text in observation.headings[1:]}
    return next((text for text in reversed(texts[:place]) if text in headings), "")


def compare_structures(before: Observation, after: Observation) -> tuple[str, ...]:
    """Return what changed in the form of a document, a sentence each."""
    found: list[str] = []
    if before.title != after.title:
        found.append(f"文書の題名が「{before.title}」から「{after.title}」に変わった")
    headings = [[text for _, text in side.headings] for side in (before, after)]
    found += _compare_lists("見出し", *headings)
    if headings[0] == headings[1] and before.headings != after.headings:
        found.append("見出しの段階が変わった")
    found += _compare_tables(before.tables, after.tables)
    found += _compare_lists("図の代替テキスト", before.alts, after.alts)
    if before.outline != after.outline:
        found.append("PDFのしおりが変わった")
    if len(before.pages) != len(after.pages):
        found.append(f"ページ数が{len(before.pages)}から{len(after.pages)}に変わった")
    elif before.pages != after.pages:
        pairs = enumerate(zip(before.pages, after.pages, strict=True), 1)
        page = next(number for number, (old, new) in pairs if old != new)
        found.append(f"{page}ページからページの区切りが移った")
    return tuple(found)


def _compare_lists(noun: str, before: Sequence[str], after: Sequence[str]) -> list[str]:
    if list(before) == list(after):
        return []
    gone = [text for text in before if text not in after]
    new = [text for text in after if text not in before]
    if len(gone) == len(new) == 1:
        return [f"{noun}「{gone[0]}」が「{new[0]}」に変わった"]
    told = [f"{noun}「{text}」がなくなった" for text in gone]
    told += [f"{noun}「{text}」が加わった" for text in new]
    return told or [f"{noun}の順が変わった"]


def _compare_tables(before: Sequence[Table], after: Sequence[Table]) -> list[str]:
    if len(before) != len(after):
        return [f"表の数が{len(before)}から{len(after)}に変わった"]
    found = []
    for old, new in zip(before, after, strict=True):
        name = f"表「{new[0]}」"
        if old[2:] != new[2:]:
            found.append(f"{name}が{old[2]}行{old[3]}列から{new[2]}行{new[3]}列に変わった")
        if old[1] != new[1]:
            found.append(f"{name}の見出し行が「{old[1]}」から「{new[1]}」に変わった")
    return found
