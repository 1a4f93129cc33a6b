"""Answers that say nothing by themselves: they point at another cell, a paper, or last year."""

import re

from nenpo.workbooks.normal.answer import squeeze

_SAME = (
    r"同上|同左|同右|同前|仝|同じ|同様"
    r"|(?:上|左|右|前|上記|上段|上欄|前段|前項|左記)(?:[にとの]?(?:同じ|同様|とおり|通り))"
    r"|以下(?:同じ|同様|同文)|々|〃|ditto|[\"″”“'’]{1,2}|,,|[↑↓←→⇑⇓⇐⇒⬆⬇]+"
)
# After rows were sorted, nobody knows which cell it is.
_CELL = re.compile(rf"[(]?(?:{_SAME})[)]?(?:[(].*[)])?。?", re.IGNORECASE)
_ENDING = r"(?:(?:の)?(?:とおり|通り)(?:です)?|どおり|[をに]?参照.{0,6}|に記載.{0,4}|を?添付.{0,4})"
_PAPER = re.compile(
    r"[(※*]?(?:(?:詳細|内容|実績)(?:は|については)?)?(?:"
    rf"(?:別[紙添表冊図途]|添付|資料|ホームページ|HP)[^、。をしが]{{0,12}}{_ENDING}"
    r"|別[紙添表冊][0-9一二三四五①-⑨-]*"
    r"|(?:記載|記入|内容)?(?:は|を)?省略.{0,4}|(?:記載|記入)不要"
    r")[)]?。?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"[(]?[前昨](?:年度?|回)(?:の?(?:実績|内容|回答|記載))?(?:に|と)?(?:の)?"
    r"(?:同じ|同様|おなじ|変わらず|変更なし|とおり|通り|どおり)[)]?。?"
)


def points_at_cell(text: str) -> bool:
    """Return whether a text stands for what another cell says.

    >>> points_at_cell("〃（一部変更）"), points_at_cell("同上の窓口を開いた")
    (True, False)
    """
    return bool(_CELL.fullmatch(squeeze(text)))


def points_at_paper(text: str) -> bool:
    """Return whether a text leaves what it says to something that is not at hand.

    >>> points_at_paper("別添資料1参照"), points_at_paper("別途検討する")
    (True, False)
    """
    return bool(_PAPER.fullmatch(squeeze(text)))


def points_at_last_year(text: str) -> bool:
    """Return whether a text says only that nothing is new.

    >>> points_at_last_year("前年度と同様"), points_at_last_year("前年度と同様に進めた")
    (True, False)
    """
    return bool(_BEFORE.fullmatch(squeeze(text)))
