"""Choices as forms have them: a word kept, a box ticked, a circle in front of a word."""

import re
import unicodedata
from collections.abc import Mapping

from nenpo.workbooks.labels import fold_text

BOXES = "□☐◻▢"
TICKED = "■☑☒✓✔レ✅◼●◉"
TICK = "○"
"""What is put into a blank cell to tick it."""
_SEPARATORS = re.compile(r"[・･/／、，,|｜\s　]+")
# ○順調, (順調), 【順調】: one of several words is picked out.
_PICKED = re.compile(
    r"[○〇◯◎●レ✓✔☑■][\s　]*([^\s　・･/／、，,|｜○〇◯●□]+)"
    r"|[(（【\[［]([^()（）【】\[\]［］]+)[)）】\]］]"
)


def list_boxed(text: str) -> list[str]:
    """Return the words behind boxes, ticked or not.

    >>> list_boxed("□順調　■遅れ")
    ['順調', '遅れ']
    """
    parts = re.split(f"[{BOXES}{TICKED}]", text)
    return [part.strip(" 　・、,/\n") for part in parts[1:]] or [""]


def list_joint(text: str) -> list[str]:
    """Return the words that stand in one cell to choose from, [] if it is no such cell.

    >>> list_joint("□順調　□遅れ"), list_joint("◎・○・△・×"), list_joint("窓口・電話で受付")
    (['順調', '遅れ'], ['◎', '○', '△', '×'], [])
    """
    if text[:1] in BOXES and len(list_boxed(text)) > 1:
        return list_boxed(text)
    words = [word for word in _SEPARATORS.split(unicodedata.normalize("NFC", text)) if word]
    marks = [word for word in words if len(word) == 1 and not word.isalnum()]
    return words if len(words) > 1 and len(marks) == len(words) else []


def tick_word(printed: str) -> str:
    """Return what stands in a cell once it is ticked.

    >>> tick_word("□順調"), tick_word("")
    ('■順調', '○')
    """
    return f"■{printed[1:]}" if printed[:1] in BOXES and printed else TICK


def tick_joint(printed: str, word: str) -> str:
    """Return a cell of several words with one of them chosen.

    >>> tick_joint("□順調　□遅れ", "遅れ"), tick_joint("◎・○・△・×", "○")
    ('□順調　■遅れ', '○')
    """
    if printed[:1] not in BOXES:
        return word
    for found in re.finditer(f"[{BOXES}]([^{BOXES}]*)", printed):
        if fold_text(found[1].strip("・、,/")) == fold_text(word):
            return f"{printed[: found.start()]}■{printed[found.start() + 1 :]}"
    return printed


def cut_inline(text: str, label: str) -> str:
    """Return what stands behind the label in a cell that holds both, "" if nothing does.

    >>> cut_inline("所属：　窓口課", "所属： "), cut_inline("所属:", "所属：")
    ('窓口課', '')
    """
    wanted, seen = fold_text(label), ""
    for position, character in enumerate(text):
        if seen == wanted:
            return text[position:].strip()
        seen += fold_text(character)
        if not wanted.startswith(seen):
            return text.strip()
    return "" if seen == wanted else text.strip()


def is_ticked(shown: str, printed: str) -> bool:
    """Whether somebody ticked a cell that prints ``printed``.

    >>> is_ticked("■順調", "□順調"), is_ticked("□順調", "□順調"), is_ticked("○", "")
    (True, False, True)
    """
    text = shown.strip()
    if not text or fold_text(text) == fold_text(printed):
        return False
    return text[:1] not in BOXES


def read_joint(shown: str, printed: str, words: Mapping[str, str]) -> list[str]:
    """Return the values of the words that are chosen in a cell of several; ``words`` maps them.

    >>> read_joint("□順調　☑遅れ", "□順調　□遅れ", {"順調": "◎", "遅れ": "△"})
    ['△']
    >>> read_joint("順調", "順調・遅れ", {"順調": "◎", "遅れ": "△"})
    ['◎']
    """
    if fold_text(shown) == fold_text(printed):
        return []
    folded = {fold_text(word): value for word, value in words.items()}
    if any(box in shown for box in BOXES) or printed[:1] in BOXES:
        found = re.findall(f"[{TICKED}○〇◯◎]([^{BOXES}{TICKED}]*)", shown)
        told = [fold_text(word.strip(" 　・、,/\n")) for word in found]
        if told or any(box in shown for box in BOXES):
            return [folded[word] for word in told if word in folded]
    if fold_text(shown) in folded:
        return [folded[fold_text(shown)]]
    picked = [fold_text(first or second) for first, second in _PICKED.findall(shown)]
    return [folded[word] for word in picked if word in folded]
