"""Characters that have an ordinary form: full-width digits, and what a reader cannot tell apart.

Nothing here changes a text of the data: digits are read in whatever width they are typed, and for
the rest a note tells the ordinary character.
"""

import unicodedata

# Signs, digits and letters of the width of a kanji (U+FF01-FF5E, FFE0-FFE6), and its space.
_FULL_WIDTH = frozenset(
    {*map(chr, range(0xFF01, 0xFF5F)), *map(chr, range(0xFFE0, 0xFFE7)), "\u3000"}
)


def fold_width(text: str) -> str:
    """Return ``text`` with signs, digits and letters of full width in their ordinary width.

    NFKC would do more than that: of ² it makes 2, of ½ 1/2, and of ① 1.

    >>> fold_width("１，２３４㎡"), fold_width("46²")
    ('1,234㎡', '46²')
    """
    return "".join(
        unicodedata.normalize("NFKC", character) if character in _FULL_WIDTH else character
        for character in text
    )
