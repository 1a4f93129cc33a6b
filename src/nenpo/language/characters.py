"""Which characters a document can show: font glyphs, controls, and marks that look alike."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from nenpo.errors import BadText, BidiControl, InputError, MissingGlyph, Words
from nenpo.language.fonts import DocumentFont, find_document_font
from nenpo.language.ordinary import Kind, Unusual

Problem = Literal["bidi", "invisible", "selector", "private", "lost", "unassigned", "missing"]

_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Controls, format characters, line and paragraph separators, lone surrogates: nothing to see.
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
# Letters, marks and symbols without anything to see: what Unicode calls default ignorable, and the
# empty Braille cell. A font may have a blank glyph for them.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xFFF0, 0xFFF9))
)
# They choose a variant of the character before them (IVS, 異体字), which only some fonts have.
_SELECTORS = frozenset(
    map(chr, (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
_LOST = frozenset("\ufffc\ufffd")
# One shape, many code points. Each group begins with the one that Japanese input methods give.
_LOOK_ALIKES = (
    "○〇◯⚪⭕❍oOｏＯ0０οΟоО",
    "◎⦾⦿⊚◉☉",
    "△▲∆Δ▵▴",
    "×✕✖✗✘☓❌⨯╳xXｘＸхХχΧ",
    "□■◻☐▢",
    "◇◆⬦⋄",
)


def describe_character(character: str) -> str:
    """Return the code point as messages give it.

    >>> describe_character("〇")
    'U+3007'
    """
    return f"U+{ord(character):04X}"


_TOLD: dict[Kind, Words] = {
    "radical": Words("は部首の記号である", "is the sign of a radical"),
    "half_width": Words("は半角カナである", "is half-width kana"),
    "sound_mark": Words("は濁点・半濁点が離れている", "has its sound mark apart"),
    "doubled": Words("は記号が重なっている", "is a sign typed twice"),
    "garbled": Words("は文字化けの跡とみられる", "looks garbled"),
}


def describe_unusual(spot: Unusual) -> Words:
    """Return what is unusual about a spot and what to write in its place, as a clause of a note."""
    code = f" ({describe_character(spot.text)})" if len(spot.text) == 1 else ""
    remedy = (
        Words("「{}」と書くこと", "write '{}'").fill(spot.ordinary)
        if spot.ordinary
        else Words("元の文字を確かめること", "look up the original character")
    )
    told = _TOLD[spot.kind]
    return Words("「{}」{}{}。{}", "'{}'{} {}; {}").fill(spot.text, code, told, remedy)


def find_look_alike(text: str, marks: tuple[str, ...]) -> str | None:
    """Return the mark that looks like ``text``, if one does.

    >>> find_look_alike("〇", ("◎", "○", "△", "×"))
    '○'
    """
    wanted = unicodedata.normalize("NFC", text).strip().rstrip("\ufe0e\ufe0f")
    if len(set(wanted)) == 1:  # ◎◎ is a ◎ typed twice
        wanted = wanted[0]
    for mark in marks:
        group = next((shapes for shapes in _LOOK_ALIKES if mark in shapes), mark)
        if len(wanted) == 1 and wanted in group:
            return mark
    return None


@dataclass(frozen=True)
class Glyphs:
    """The characters that the document font ``family`` can show."""

    family: str
    characters: frozenset[str]


@dataclass(frozen=True)
class CharacterFault:
    """A character of a text that no document can show, and why not."""

    character: str
    problem: Problem

    @property
    def codepoint(self) -> str:
        """The code point as messages give it."""
        return describe_character(self.character)

    @property
    def words(self) -> Words:
        """The character and what is wrong with it, as a clause of a message."""
        told = _PROBLEMS[self.problem]
        if self.problem != "missing":
            return Words("{}（{}）", "{} ({})").fill(self.codepoint, told)
        return Words("「{}」{}（{}）", "'{}' {} ({})").fill(self.character, self.codepoint, told)


_PROBLEMS: dict[Problem, Words] = {
    "bidi": Words("文字の並びを変える制御文字", "a bidirectional control character"),
    "invisible": Words("見えない文字", "it cannot be seen"),
    "selector": Words("異体字を選ぶ見えない符号", "an invisible selector of a variant"),
    "private": Words("外字（私用領域の文字）", "a private-use character"),
    "lost": Words("失われた文字の代わりの印", "it stands for a character that was lost"),
    "unassigned": Words("Unicode に定めのない文字", "Unicode has no such character"),
    "missing": Words("文書用フォントにない文字", "not in the document font"),
}
_REMEDIES: dict[Problem, Words] = {
    "invisible": Words("見えない文字である。削ること。", "It cannot be seen; remove it."),
    "selector": Words(
        "異体字を選ぶ見えない符号である。削り、通常の字体とすること。",
        "It selects a variant of the character before it and cannot be seen; remove it.",
    ),
    "private": Words(
        "外字（私用領域の文字）である。通常の文字に置き換えること。",
        "It is a private-use character; use an ordinary one.",
    ),
    "lost": Words(
        "変換で失われた文字の代わりの印である。元の文字を入れ直すこと。",
        "It stands for a character that a conversion lost; type the character again.",
    ),
    "unassigned": Words(
        "Unicode に定めのない文字である。別の文字に置き換えること。",
        "Unicode has no such character; use another one.",
    ),
}


def find_faults(text: str, glyphs: Glyphs, allowed: str = "\n") -> Iterator[CharacterFault]:
    """Yield each character of ``text``, once, that no document can show.

    Those of ``allowed`` are no fault. Untrusted markup, formulas and paths are ordinary text.

    >>> glyphs = Glyphs("font", frozenset("12345"))
    >>> [(fault.codepoint, fault.problem) for fault in find_faults("1\u202e☑", glyphs)]
    [('U+202E', 'bidi'), ('U+2611', 'missing')]
    """
    for character in sorted(set(text) - glyphs.characters - set(allowed)):
        yield CharacterFault(character, _find_problem(character))


def _find_problem(character: str) -> Problem:
    category = unicodedata.category(character)
    if character in _BIDI_CONTROLS:
        return "bidi"
    if character in _SELECTORS:
        return "selector"
    if category in _INVISIBLE or character in _BLANKS:
        return "invisible"
    if character in _LOST:
        return "lost"
    return {"Co": "private", "Cn": "unassigned"}.get(category, "missing")  # type: ignore[return-value]


def check_text(text: str, column: str, place: str, glyphs: Glyphs) -> Iterator[InputError]:
    """Yield one error a character in a text of the data or params that no document can show.

    A newline is allowed.
    """
    for fault in find_faults(text, glyphs):
        codepoint, where = fault.codepoint, {"place": place, "column": column}
        if fault.problem == "bidi":
            yield BidiControl(**where, codepoint=codepoint)
        elif fault.problem == "missing":
            shown = fault.character
            yield MissingGlyph(**where, value=shown, codepoint=codepoint, font=glyphs.family)
        else:
            remedy = _REMEDIES[fault.problem]
            yield BadText(**where, value=codepoint, remedy=remedy.ja, remedy_en=remedy.en)


def load_glyphs() -> Glyphs:
    """Return the visible characters that the document font has; the file is read once."""
    return _read_glyphs(find_document_font())


@lru_cache(maxsize=2)
def _read_glyphs(document_font: DocumentFont) -> Glyphs:
    # Imported here: only a check of texts needs it, and it takes 0.1 s; reading takes 0.07 s.
    from fontTools.ttLib import TTFont

    with TTFont(document_font.path, lazy=True, fontNumber=document_font.index) as font:
        characters = map(chr, font.getBestCmap() or {})
        visible = frozenset(c for c in characters if _is_visible(c))
    return Glyphs(document_font.family, visible)


def _is_visible(character: str) -> bool:
    # A font may have glyphs for characters that no browser shows: IPAexGothic draws a soft hyphen
    # (U+00AD) and some private-use characters.
    return _find_problem(character) in ("missing", "unassigned")
