"""Boxes with labels → what each means for nenpo, how sure that is, and what has to be asked."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from nenpo.errors import Words
from nenpo.language.characters import find_look_alike
from nenpo.workbooks.book import Area, name_cell
from nenpo.workbooks.forms.form import DEPARTMENT, IGNORED, OPEN
from nenpo.workbooks.forms.spots import Pattern, Spot
from nenpo.workbooks.labels import SHOWN, fold_text
from nenpo.workbooks.layout import Choice, Field

Sure = Literal["certain", "likely", "open"]
Kind = Literal["items", "indicators"]

# The keys of fields where labels.py has another word.
_KEYS = {
    "indicator": "name",
    "last_value": "last",
    "target": "targets",
    "supporting": "others",
    "content": "schedule",
}
SHOWN_KEYS = frozenset(_KEYS.get(meaning, meaning) for meaning in SHOWN)
"""Keys of what is shown, not asked."""
_INDICATOR_KEYS = ("number", "name", "unit", "baseline", "last", "targets", "value", "note")
_ITEM_KEYS = (
    *("number", "title", "measure", "others", "last_status", "planned", "schedule", "last_done"),
    *("status", "shift", "change_reason", "done", "next_year", "later", "issues", "note"),
    *("owner", "budget", "spent", "due", "risk"),
)
_SYMBOL = re.compile(r"[◎○〇◯△▲×✕●◇□]")
_MARKS = re.compile(r"[◎○〇◯△▲×✕●◇□A-EＡ-Ｅa-e1-5１-５SＳ]|[ⅠⅡⅢⅣⅤ]")


@dataclass(frozen=True)
class Known:
    """What a plan knows, to tell what was filled in: folded texts, and what it asks by kind.

    Without a plan, all is empty, and only labels tell.
    """

    fields: Mapping[Kind, Mapping[str, Field]] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    measures: frozenset[str] = frozenset()
    indicators: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()

    def list_choices(self, key: str) -> tuple[Choice, ...]:
        """Return what may be chosen for an item."""
        found = self.fields.get("items", {}).get(key)
        return found.choices if found else ()

    def list_keys(self, kind: Kind) -> tuple[str, ...]:
        """Return the keys that a box may have."""
        asked = self.fields.get(kind)
        usual = _ITEM_KEYS if kind == "items" else _INDICATOR_KEYS
        return (*asked, DEPARTMENT) if asked else (*usual, DEPARTMENT)


@dataclass(frozen=True)
class Decided:
    """What a box means: ``why`` is how that was found, ``choices`` and ``ticks`` as in the form."""

    spot: Spot
    key: str
    sure: Sure
    why: Words
    candidates: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    ticks: tuple[tuple[Area, str], ...] = ()


def tell_kind(pattern: Pattern) -> Kind:
    """Return whether slots are about indicators: their name is asked for, and no item's."""
    meant = [spot.guess.meanings[0] for spot in pattern.spots if spot.guess]
    return (
        "indicators"
        if "indicator" in meant and not {"title", "done", "status"} & set(meant)
        else "items"
    )


def decide_spots(spots: Sequence[Spot], kind: Kind, known: Known) -> list[Decided]:
    """Return what the boxes of a slot mean; of two that seem to mean one thing, both are asked."""
    decided = [_decide(spot, kind, known) for spot in spots]
    settled = _settle(decided, kind, known)
    decided = [_narrow(each, settled) for each in settled]
    # What nobody filled in and nobody knows is no field.
    decided = [each for each in decided if each.key != IGNORED or any(each.spot.samples)]
    return [map_choices(each, known) for each in decided]


def decide_head(spots: Sequence[Spot], known: Known) -> list[Decided]:
    """Return what the boxes mean that stand once on a sheet: the department, and else nothing."""
    found: list[Decided] = []
    for spot in spots:
        told = _fold_all(spot.samples)
        meant = spot.guess.meanings[0] if spot.guess else ""
        if meant == DEPARTMENT and not any(each.key == DEPARTMENT for each in found):
            sure: Sure = "certain" if spot.guess and spot.guess.exact else "likely"
            found.append(Decided(spot, DEPARTMENT, sure, _tell_label(spot)))
        elif told and told <= known.departments and not any(d.key == DEPARTMENT for d in found):
            why = Words("記入例が部署の名前", "what was filled in is the name of a department")
            found.append(Decided(spot, DEPARTMENT, "likely", why))
        else:
            why = Words("取組ごとの欄でない", "it stands once, not for each item")
            found.append(Decided(spot, IGNORED, "likely", why))
    return [each for each in found if each.key != IGNORED or any(each.spot.samples)]


def _decide(spot: Spot, kind: Kind, known: Known) -> Decided:
    allowed = known.list_keys(kind)
    by_content = _guess_content(spot, kind, known)
    if spot.guess is None:
        if by_content:
            key, why = by_content
            return Decided(spot, key, "likely", why)
        if not any(spot.samples):
            why = Words(
                "見出しの意味が分からず、記入もない", "unknown label, and nobody filled it in"
            )
            return Decided(spot, IGNORED, "likely", why)
        why = Words("見出しの意味が分からない", "nobody knows what the label means")
        return Decided(spot, OPEN, "open", why, _list_free(spot, kind, known))
    keys = tuple(_KEYS.get(meaning, meaning) for meaning in spot.guess.meanings)
    usable = tuple(key for key in keys if key in allowed)
    if not usable:
        why = Words("この計画では尋ねない", "this plan does not ask for it").fill()
        return Decided(spot, IGNORED, "likely", why)
    if spot.formula and usable[0] not in SHOWN_KEYS:
        why = Words("数式のセルである", "it holds a formula")
        return Decided(spot, IGNORED, "likely", why)
    if len(usable) > 1 and (by_print := _tell_printed(spot, usable)):
        why = Words("印字の有無から", "from whether it is printed beforehand")
        return Decided(spot, by_print, "likely", why, usable)
    if by_content and by_content[0] != usable[0] and by_content[0] not in usable:
        why = Words(
            "見出しは {} だが、記入例は {} とみられる", "the label says {}, what was filled in {}"
        ).fill(usable[0], by_content[0])
        return Decided(spot, OPEN, "open", why, (usable[0], by_content[0]))
    if by_content and by_content[0] in usable:
        return Decided(spot, by_content[0], "certain", _tell_label(spot), usable)
    if usable[0] == "status" and not _looks_rated(spot, known):
        why = Words("評価の記号とみられない記入がある", "what was filled in is no mark")
        return Decided(spot, OPEN, "open", why, ("status", "note", IGNORED))
    sure: Sure = "certain" if spot.guess.exact and len(keys) == 1 else "likely"
    return Decided(spot, usable[0], sure, _tell_label(spot), usable)


def _list_free(spot: Spot, kind: Kind, known: Known) -> tuple[str, ...]:
    """Return what a box may hold of which nothing is known but what was filled in."""
    fields = known.fields.get(kind, {})
    asked = [
        key
        for key in known.list_keys(kind)
        if key not in SHOWN_KEYS and (key not in fields or fields[key].is_asked)
    ]
    texts = [text for text in spot.samples if text]
    chosen = [key for key in asked if key in ("status", "shift", "adherence")]
    for key in chosen:
        choices = known.list_choices(key)
        if choices and not all(_find_choice(text, choices) for text in texts):
            asked.remove(key)
    return (*asked, IGNORED)


def _tell_label(spot: Spot) -> Words:
    if spot.label_box is None:
        return Words("見出しなし", "no label")
    cell = name_cell(spot.label_box.first_row, spot.label_box.first_column)
    side = {
        "above": Words("上の見出し", "label above"),
        "left": Words("左の見出し", "label to the left"),
        "both": Words("左と上の見出し", "labels to the left and above"),
        "inline": Words("セルの中の見出し", "label in the cell itself,"),
        "none": Words("見出し", "label"),
    }[spot.where]
    return Words("{} {}", "{} {}").fill(side, cell)


def _tell_printed(spot: Spot, usable: Sequence[str]) -> str:
    """Return the one of several meanings that fits what is printed beforehand, "" if none does."""
    printed = any(spot.printed)
    fitting = [key for key in usable if (key in SHOWN_KEYS) == printed]
    # That nothing is printed says nothing: `make` prints what is known.
    return fitting[0] if printed and len(fitting) == 1 else ""


def _guess_content(spot: Spot, kind: Kind, known: Known) -> tuple[str, Words] | None:
    """Return what the texts in a box are by what the plan knows."""
    texts = _fold_all((*spot.samples, *spot.printed))
    if not texts:
        return None
    title = "title" if kind == "items" else "name"
    for key, names, what in (
        (title, known.titles | known.indicators, Words("取組の題名", "titles of the plan")),
        ("measure", known.measures - known.titles, Words("施策の題名", "titles of measures")),
        ("number", known.numbers, Words("取組の番号", "numbers of the plan")),
        (DEPARTMENT, known.departments, Words("部署の名前", "names of departments")),
    ):
        if len(texts & names) * 2 > len(texts):
            return key, Words("記入例が{}", "what was filled in are {}").fill(what)
    marks = known.list_choices("status")
    if marks and all(_find_choice(text, marks) for text in texts):
        return "status", Words("記入例が進捗の区分", "what was filled in are marks")
    return None


def _fold_all(texts: Sequence[str]) -> set[str]:
    return {fold_text(text) for text in texts if text}


def _looks_rated(spot: Spot, known: Known) -> bool:
    texts = [text for text in (*spot.samples, *spot.words) if text]
    if spot.ticks or spot.joint or not texts:
        return True
    marks = known.list_choices("status")
    return all(_find_choice(text, marks) or _MARKS.fullmatch(text.strip()) for text in texts)


def _settle(decided: list[Decided], kind: Kind, known: Known) -> list[Decided]:
    """Give each key to one box: the surest; another meaning to the others, or a question."""
    counts = Counter(each.key for each in decided if each.key not in (OPEN, IGNORED))
    rank: dict[Sure, int] = {"certain": 0, "likely": 1, "open": 2}
    taken: dict[str, Decided] = {}
    settled = {id(each): each for each in decided}
    for each in sorted(decided, key=lambda one: (rank[one.sure], len(one.candidates))):
        if each.key in (OPEN, IGNORED):
            continue
        if each.key not in taken:
            taken[each.key] = each
            continue
        free = [key for key in each.candidates if key not in taken and key not in counts]
        if free:
            taken[free[0]] = settled[id(each)] = replace(each, key=free[0], sure="likely")
            continue
        why = Words("「{}」と同じ意味とみられる", "it seems to mean the same as '{}'")
        rivals = [each, taken[each.key]] if taken[each.key].sure == each.sure else [each]
        for one in rivals:
            other = taken[each.key] if one is each else each
            kept = (one.key, *(k for k in _list_free(one.spot, kind, known) if k != one.key))
            open_ = replace(one, key=OPEN, sure="open", candidates=kept)
            settled[id(one)] = replace(open_, why=why.fill(other.spot.label))
    return [settled[id(each)] for each in decided]


def _narrow(each: Decided, decided: Sequence[Decided]) -> Decided:
    """Return an open box without the candidates that are the meaning of another for certain."""
    taken = {other.key for other in decided if other.sure == "certain"}
    kept = tuple(key for key in each.candidates if key not in taken)
    return replace(each, candidates=kept) if each.key == OPEN and len(kept) > 1 else each


def map_choices(decided: Decided, known: Known) -> Decided:
    """Return it with the mark that each word of the form means, ``OPEN`` where nobody knows."""
    spot = decided.spot
    choices = known.list_choices(decided.key)
    if spot.ticks:
        ticks = tuple((box, _match_choice(word, choices) or OPEN) for box, word in spot.ticks)
        return replace(decided, ticks=ticks)
    if decided.key not in ("status", "shift", "adherence"):
        return decided
    words = dict.fromkeys((*spot.words, *(text for text in spot.samples if text)))
    if spot.joint:
        words = dict.fromkeys(spot.words)
    # Without a plan, marks are taken as they are: plan.yaml is not known to have others.
    if not choices and words and all(_SYMBOL.fullmatch(word) for word in words):
        return decided if not spot.joint else replace(decided, choices={w: w for w in words})
    told = {word: _match_choice(word, choices) or OPEN for word in words if word}
    same = all(word == mark for word, mark in told.items())
    return decided if same and not spot.joint else replace(decided, choices=told)


def _find_choice(word: str, choices: Sequence[Choice]) -> str:
    """Return the value that a text is: itself, one that looks like it, its label, or ◎：順調."""
    folded = fold_text(word)
    for choice in choices:
        if folded in (fold_text(choice.value), fold_text(choice.label)):
            return choice.value
    if similar := find_look_alike(word.strip(), tuple(c.value for c in choices)):
        return similar
    begin = [choice for choice in choices if fold_text(choice.value) == folded[:1]]
    return begin[0].value if len(begin) == 1 and not begin[0].value.isascii() else ""


def _match_choice(word: str, choices: Sequence[Choice]) -> str:
    """Return the value that a word of a form stands for: also if it is in one label only."""
    folded = fold_text(word)
    inside = [c for c in choices if len(folded) > 1 and folded in fold_text(c.label)]
    return _find_choice(word, choices) or (inside[0].value if len(inside) == 1 else "")
