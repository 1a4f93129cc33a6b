"""A text that people typed or pasted, as lines."""

import re
from collections.abc import Iterator

from nenpo.data.reading import MOST_CHARACTERS
from nenpo.errors import Words
from nenpo.language.characters import describe_character, find_faults, load_glyphs
from nenpo.language.formulas import (
    MEND_FORMULA,
    NO_FORMULA,
    WHY_FORMULA,
    find_formula_sign,
)
from nenpo.language.ordinary import find_unusual
from nenpo.workbooks.normal.answer import DASHES, NOTHING, UNSEEN, Asked, Normal

_DASH = "—"
_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SPACES = re.compile(r"[\t\xa0\u2000-\u200a\u202f\u205f]")
# Behind a kanji, they choose a variant of it (異体字).
_VARIANT = re.compile("(.)[\U000e0100-\U000e01ef]")
_ALLOWED = Words("文書に表示できる文字だけの文章", "a text of characters that documents can show")


def read_text(asked: Asked) -> Normal:
    """Return the text: lines without spaces at their ends. Raises ``UnusableCell``."""
    value = asked.cell.value
    lines = _ENDS.sub("\n", value if isinstance(value, str) else asked.cell.shown)
    seen = UNSEEN.sub("", lines)
    text = "\n".join(_SPACES.sub(" ", line).rstrip() for line in seen.split("\n")).strip()
    notes = []
    if seen != lines:
        notes.append(
            Words("見えない文字を除いた。", "characters that cannot be seen are left out.")
        )
    if not isinstance(value, str):
        notes.append(asked.tell(text))
    if DASHES.fullmatch(text):
        return _read_dash(asked, text)
    _check_length(asked, text)
    _check_characters(asked, text)
    if sign := find_formula_sign(text):
        asked.refuse(WHY_FORMULA.fill(sign), NO_FORMULA, MEND_FORMULA)
    return Normal(text, tuple(notes))


def _read_dash(asked: Asked, text: str) -> Normal:
    """Return what a dash alone says: that there is nothing, which is no reason where one is due."""
    if asked.field.needed_for:
        return Normal("", (asked.tell(NOTHING),))
    # To a reader, one dash is like another; ー is a letter.
    is_dash = len(text) == 1 and text not in "ーｰ"
    return Normal(_DASH, () if is_dash else (asked.tell(_DASH),))


def _check_length(asked: Asked, text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        told = f"{len(text):,}"
        why = Words("{}字以上ある", "it has {} characters or more")
        allowed = Words("{}字以内の文章", "a text of at most {} characters")
        remedy = Words("要点だけにすること。", "Shorten it.")
        asked.refuse(why.fill(told), allowed.fill(f"{MOST_CHARACTERS:,}"), remedy)


def _check_characters(asked: Asked, text: str) -> None:
    """Refuse the characters that no document can show, all of them at once."""
    faults = list(find_faults(text, load_glyphs()))
    if not faults:
        return
    words = [fault.words for fault in faults]
    why = Words("使えない文字がある: ", "it holds characters that cannot be used: ")
    told = Words(
        why.ja + "、".join(each.ja for each in words), why.en + ", ".join(each.en for each in words)
    )
    hints = list(_list_ordinary(text, {fault.character for fault in faults}))
    spelt = (f"（{'、'.join(hints)}）", f" ({', '.join(hints)})") if hints else ("", "")
    remedy = Words(
        f"その文字を削るか、別の文字に直すこと{spelt[0]}。",
        f"Remove or replace these characters{spelt[1]}.",
    )
    asked.refuse(told, _ALLOWED, remedy)


def _list_ordinary(text: str, characters: set[str]) -> Iterator[str]:
    """Yield the ordinary forms of what cannot be shown: ⺝ → 月."""
    for spot in find_unusual(text):
        if spot.ordinary and characters & set(spot.text):
            yield f"{spot.text} → {spot.ordinary}"
    for found in _VARIANT.finditer(text):
        yield f"{describe_character(found[0][1])} → {found[1]}"
