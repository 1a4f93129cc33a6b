"""Which characters a document can show, and what is told of the others."""

import pytest

from nenpo.language.characters import Glyphs, find_faults, load_glyphs


def list_faults(text: str) -> list[tuple[str, str]]:
    return [(fault.codepoint, fault.problem) for fault in find_faults(text, load_glyphs())]


@pytest.mark.parametrize(
    ("character", "problem"),
    [
        ("\u202e", "bidi"),
        ("\u200f", "bidi"),
        ("\u200b", "invisible"),
        ("\u200d", "invisible"),
        ("\u2060", "invisible"),
        ("\ufeff", "invisible"),
        ("\u00ad", "invisible"),
        ("\u3164", "invisible"),
        ("\u2800", "invisible"),
        ("\u034f", "invisible"),
        ("\x07", "invisible"),
        ("\U000e0041", "invisible"),
        ("\ufe0f", "selector"),
        ("\U000e0100", "selector"),
        ("\ue000", "private"),
        ("\uf860", "private"),
        ("\ufffd", "lost"),
        ("\u0378", "unassigned"),
        ("\uffff", "unassigned"),
        ("☑", "missing"),
        ("𠮷", "missing"),
    ],
)
def test_character_that_no_document_can_show_is_found(character: str, problem: str) -> None:
    assert list_faults(f"葛{character}城") == [(f"U+{ord(character):04X}", problem)]


@pytest.mark.parametrize("text", ["葛城", "ABC 123", "１２３", "①②③", "が\n行", "㈱ ㎡", "—−〜"])
def test_ordinary_text_has_no_fault(text: str) -> None:
    assert list_faults(text) == []


def test_each_character_is_told_once() -> None:
    assert list_faults("\u200b1\u200b2\u202e") == [("U+200B", "invisible"), ("U+202E", "bidi")]


def test_glyph_of_a_font_does_not_make_a_hidden_character_visible() -> None:
    """IPAexGothic has glyphs for a soft hyphen and for some private-use characters."""
    assert not load_glyphs().characters & {"\u00ad", "\uf860"}


def test_words_name_the_character_only_where_it_can_be_seen() -> None:
    bidi, missing = find_faults("\u202e☑", Glyphs("font", frozenset()))
    assert bidi.words.ja == "U+202E（文字の並びを変える制御文字）"
    assert missing.words.en == "'☑' U+2611 (not in the document font)"
