"""Which characters a document can show: font glyphs, controls, and marks that look alike."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nenpo.errors import BadText, BidiControl, InputError, MissingGlyph
from nenpo.language.fonts import DocumentFont, find_document_font

_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Controls, format characters, line and paragraph separators, lone surrogates: nothing to see.
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
# One shape, many code points. Each group begins with the one that Japanese input methods give.
_LOOK_ALIKES = (
    "○〇◯⚪⭕❍oOｏＯ0０οΟоО",
    "◎⦾⦿⊚◉☉",
    "△▲∆Δ▵▴",
    "×✕✖✗✘❌⨯╳xXｘＸхХχΧ",
    "□■◻☐▢",
    "◇◆⬦⋄",
)


def describe_character(character: str) -> str:
    """Return the code point as messages give it.

    >>> describe_character("〇")
    'U+3007'
    """
    return f"U+{ord(character):04X}"


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


def check_text(text: str, column: str, place: str, glyphs: Glyphs) -> Iterator[InputError]:
    """Yield one error a character of ``text`` that no document can show.

    A newline is allowed. Untrusted markup, formulas and paths are ordinary text.
    """
    for character in sorted(set(text) - glyphs.characters):
        if character == "\n":
            continue
        codepoint = describe_character(character)
        if character in _BIDI_CONTROLS:
            yield BidiControl(place=place, column=column, codepoint=codepoint)
        elif unicodedata.category(character) in _INVISIBLE:
            yield BadText(
                place=place,
                column=column,
                value=codepoint,
                remedy="見えない文字である。削ること。",
                remedy_en="It cannot be seen; remove it.",
            )
        else:
            yield MissingGlyph(
                place=place,
                column=column,
                value=character,
                codepoint=codepoint,
                font=glyphs.family,
            )


def load_glyphs() -> Glyphs:
    """Return the visible characters that the document font has; the file is read once."""
    return _read_glyphs(find_document_font())


@lru_cache(maxsize=2)
def _read_glyphs(document_font: DocumentFont) -> Glyphs:
    # Imported here: only a check of texts needs it, and it takes 0.1 s; reading takes 0.07 s.
    from fontTools.ttLib import TTFont

    with TTFont(document_font.path, lazy=True, fontNumber=document_font.index) as font:
        characters = map(chr, font.getBestCmap() or {})
        # IPAexGothic draws a soft hyphen (U+00AD); a browser and Typst hide it.
        visible = frozenset(c for c in characters if unicodedata.category(c) not in _INVISIBLE)
    return Glyphs(document_font.family, visible)
