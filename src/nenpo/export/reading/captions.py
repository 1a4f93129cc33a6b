"""The comments of a cell that tell what its figures and tables are called, and what they show.

::

    # 図: 交付件数の推移                      or  # fig-cap: …
    # 代替: 2019年度の10件から30件に増えた。   or  # alt: …, # fig-alt: …
    # 表: 年度別の件数                        or  # tbl-cap: …
"""

import re
from typing import Literal

Kind = Literal["figure", "table", "alt"]

_COMMENT = re.compile(
    r"^[ \t]*#[ \t|]*(図|fig-cap|表|tbl-cap|代替(?:テキスト)?|alt|fig-alt|caption)[ \t]*[:：](.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_KINDS: dict[str, tuple[Kind, ...]] = {
    "図": ("figure",),
    "fig-cap": ("figure",),
    "表": ("table",),
    "tbl-cap": ("table",),
    "caption": ("figure", "table"),
}


class Captions:
    """The captions of one code cell, handed out in their order."""

    def __init__(self, source: str) -> None:
        found = ((word.lower(), text.strip()) for word, text in _COMMENT.findall(source))
        self._left: list[tuple[tuple[Kind, ...], str]] = [
            (_KINDS.get(word, ("alt",)), text) for word, text in found if text
        ]

    def take(self, kind: Kind) -> str:
        """Return the next text of a kind, "" if there is none left."""
        for place, (kinds, _) in enumerate(self._left):
            if kind in kinds:
                return self._left.pop(place)[1]
        return ""
