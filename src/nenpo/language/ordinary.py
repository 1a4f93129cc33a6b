"""Characters that have an ordinary form: full-width digits, and what a reader cannot tell apart.

Nothing here changes a text of the data: digits are read in whatever width they are typed, and for
the rest a note tells the ordinary character.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

# Unicode's compatibility forms tell the kanji of 216 of the signs of radicals, not of these.
_RADICALS = dict(
    zip("⺎⺐⺒⺓⺠⺩⻁⻄⻑⻘⻞⻤⻨⻩⻫⻭⻯⻲", "兀尢巳幺民王虎西長青食鬼麦黄斉歯竜亀", strict=True)
)
# Spacing and combining marks of voiced sounds (゛゜ and U+3099, U+309A).
_SOUND_MARKS = str.maketrans("゛゜", "\u3099\u309a")

Kind = Literal["radical", "half_width", "sound_mark", "doubled", "garbled"]
_UNUSUAL: dict[Kind, str] = {
    "radical": "[\u2e80-\u2fd5]",
    "half_width": "[\uff61-\uff9f]+",
    "sound_mark": "[ぁ-ヺ][゛゜\u3099\u309a]+",
    "doubled": r"([◎○〇◯●△▲▽▼□■◇◆☆★※×])\1+",
    # UTF-8 read as cp932 (縺ゅ, 繧｢, 繝, 縲) or as a Western encoding, cp932 read as the latter.
    "garbled": "[縺繧繝縲]|ã[‚ƒ€]|ï»¿|ï¿½|[ÂÃ][\xa0-\xbf]|‚[ \xa0-\xff]|ƒ[@-~\xa0-\xff]",
}
_FINDERS = {kind: re.compile(pattern) for kind, pattern in _UNUSUAL.items()}

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


class Unusual(NamedTuple):
    """A spot that a reader takes for something else; ``ordinary`` is "" where nobody can tell."""

    kind: Kind
    text: str
    ordinary: str


def find_unusual(text: str) -> Iterator[Unusual]:
    """Yield the spots that have an ordinary form, or look garbled.

    >>> [(spot.text, spot.ordinary) for spot in find_unusual("⻑期のｼｽﾃﾑを◎◎")]
    [('⻑', '長'), ('ｼｽﾃﾑ', 'システム'), ('◎◎', '◎')]
    """
    for kind, finder in _FINDERS.items():
        for found in finder.finditer(text):
            yield Unusual(kind, found[0], _find_ordinary(kind, found[0]))


def _find_ordinary(kind: Kind, text: str) -> str:
    match kind:
        case "radical":
            compatible = unicodedata.normalize("NFKC", text)
            return _RADICALS.get(text, "") if compatible == text else compatible
        case "half_width":
            wide = unicodedata.normalize("NFKC", text)
            return _FINDERS["sound_mark"].sub(lambda found: _join_mark(found[0]), wide)
        case "sound_mark":
            return _join_mark(text)
        case "doubled":
            return text[0]
    return ""


def _join_mark(text: str) -> str:
    """Return the letter with its mark in one, or without a second one.

    >>> _join_mark("か゛"), _join_mark("が゛")
    ('が', 'が')
    """
    joined = unicodedata.normalize("NFC", text[:2].translate(_SOUND_MARKS))
    return joined if len(joined) == 1 else text[0]
