"""A column of marks or words → the plan's status scale, as far as its meaning can be told."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nenpo.language.characters import find_look_alike
from nenpo.language.ordinary import fold_width

_CIRCLED = ("①", "②", "③", "④", "⑤")
_SIGNS = ("◎", "○", "△", "×", "□", "◇", "●", "▼", "☆", "★", *_CIRCLED)
_MOST, _LONGEST = 8, 14
_NONE = re.compile(r"[-‐‑–—―−─ー－ｰ/／]+|該当なし|対象外|なし|無")
# The first that a word holds tells: 予定より遅れ before 予定.
_TONES: tuple[tuple[str, str], ...] = (
    (r"やや.?遅|若干.?遅|遅れ気味|一部|検討|準備|概ね遅", "caution"),
    (r"未着手|未実施|未達|中止|廃止|休止|断念|困難|不十分|大幅な?遅", "bad"),
    (r"遅れ|遅延|要改善|要注意|不調|停滞", "caution"),
    (r"変更|前倒|後ろ倒|見直", "neutral"),
    (
        r"完了|達成|順調|予定(?:どおり|通り)|計画(?:どおり|通り)|実施|済|良好|優良|着手|進行|継続|推進",
        "good",
    ),
)
_SIGN_TONES = {
    "◎": "good",
    "○": "good",
    "☆": "good",
    "★": "good",
    "△": "caution",
    "▼": "bad",
    "×": "bad",
}
_GRADES = {
    "S": "good",
    "A": "good",
    "B": "good",
    "C": "caution",
    "D": "bad",
    "E": "bad",
}
CODES = ("best", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


@dataclass(frozen=True)
class Mark:
    """A mark of the scale, what it means, and how good it is."""

    mark: str
    label: str
    tone: str
    has_meaning: bool


@dataclass(frozen=True)
class Scale:
    """The marks from the best to the worst, and of each cell its mark and what else it says."""

    marks: tuple[Mark, ...]
    read: Mapping[str, tuple[str, str]]


def find_scale(
    cells: Sequence[str], around: Iterable[str], others: Iterable[str] = ()
) -> Scale | None:
    """Return the scale that the cells are of, None if they are texts or nobody knows their order.

    ``around`` are texts in which a legend may stand: ◎：予定どおり　△：遅れ. ``others`` are cells
    of other years: of their marks, those of the same kind are of the scale as well.
    """
    told = [cell for cell in cells if cell and not _NONE.fullmatch(cell)]
    told = [cell for cell in told if not holds_two_marks(cell)]
    if not told:
        return None
    read = {cell: _read_mark(cell) for cell in dict.fromkeys(told)}
    counts = Counter(read[cell][0] for cell in told if not holds_two_marks(cell))
    if len(counts) > _MOST or any(len(mark) > _LONGEST or "\n" in mark for mark in counts):
        return None
    if any(re.fullmatch(r"[0-9.,]+\s*[%％]?", fold_width(mark)) for mark in counts):
        return None
    legend = find_legend(around)
    letters = set(counts) <= _GRADES.keys()
    meant = {mark: legend.get(mark) or _find_label(mark, read.values()) for mark in counts}
    # A letter that the legend names and nobody has got is of the scale as well.
    known = [
        *counts,
        *(m for m in legend if m not in counts and (letters or _is_alike(m, counts))),
    ]
    once = {_read_mark(cell)[0] for cell in others if cell and not holds_two_marks(cell)}
    kind = _GRADES.keys() if letters else {m for m in _SIGNS if _is_alike(m, counts)}
    known += sorted((once & kind) - set(known), key=_rank)
    marks = [_make_mark(mark, legend.get(mark) or meant.get(mark) or "", known) for mark in known]
    if any(mark is None for mark in marks):
        return None
    listed = list(legend)
    ordered = sorted(
        (mark for mark in marks if mark),
        key=lambda mark: (
            _ORDER.index(mark.tone),
            listed.index(mark.mark) if mark.mark in listed else len(listed),
            _rank(mark.mark),
        ),
    )
    labels = {mark.mark: mark.label for mark in ordered}
    plain = {c: (m, "" if rest == labels[m] else rest) for c, (m, rest) in read.items()}
    return Scale(tuple(ordered[:_MOST]), plain)


def _is_alike(mark: str, used: Iterable[str]) -> bool:
    """Return whether a sign is of the kind of those in use: ① in a note is no mark beside ○."""
    return mark in _SIGNS and any((mark in _CIRCLED) == (each in _CIRCLED) for each in used)


_ORDER = ("good", "neutral", "caution", "bad")
_SEPARATED = re.compile(r"(.)[\s　:：.．、=＝…]+(\S.*)|(.)\s*[(（](.+)[)）]", re.DOTALL)


def _read_mark(cell: str) -> tuple[str, str]:
    """Return the mark that a cell begins with, and what it says behind it."""
    plain = fold_width(cell).strip()
    alone = find_look_alike(plain, _SIGNS)
    if alone:
        return alone, ""
    found = _SEPARATED.fullmatch(plain)
    first = (found[1] or found[3]) if found else plain[:1]
    sign = find_look_alike(first, _SIGNS) if not first.isascii() or found else None
    if found and sign and not (first.isascii() and first.isalnum()):
        return sign, (found[2] or found[4]).strip()
    if found and first.upper() in _GRADES:
        return first.upper(), (found[2] or found[4]).strip()
    if sign and first in _SIGNS and len(plain) > 1:
        return sign, plain[1:].strip()
    upper = plain.upper()
    return (upper, "") if upper in _GRADES else (plain, "")


def find_legend(texts: Iterable[str]) -> dict[str, str]:
    """Return what a legend says of signs and letters.

    >>> find_legend(["【凡例】◎：予定どおり実施　〇…概ね予定どおり　×:未着手"])
    {'◎': '予定どおり実施', '○': '概ね予定どおり', '×': '未着手'}
    """
    found = dict[str, str]()
    for text in texts:
        plain = _NO_MARK.sub("\n", fold_width(text).replace("　", " ").replace("  ", "\n"))
        told = _LEGEND.findall(plain)
        # Without anything between sign and word, two of them make a legend: ◎完了 ○順調.
        bare = [] if len(told) > 1 else _BARE_LEGEND.findall(plain)
        for mark, label in told if len(bare) < 2 else bare:
            sign = mark if mark in _GRADES else find_look_alike(mark, _SIGNS)
            word = label.strip(" 　。.()（）「」")
            if sign and word:
                found.setdefault(sign, word)
    return found if len(found) > 1 else {}


_SHAPES = "◎○〇◯△▲×✕☆★□◇●▼①②③④⑤"
_LEGEND = re.compile(
    rf"(?<![A-Za-z])([{_SHAPES}SABCDE])\s*[:：=＝…‥・は→]+\s*([^{_SHAPES}SABCDE、，,;；/／|｜\n]+)"
)
_BARE_LEGEND = re.compile(rf"([{_SHAPES}])\s*([^{_SHAPES}:：=＝…\s、，,;；/／|｜()]+)")
# What says that there is no mark is none, and part of no other's meaning: －：対象外.
_NO_MARK = re.compile(
    r"(?<![^\s、，,;；/／|｜(（])(?:[-‐‑–—―−─ー－ｰ]|空欄|空白|無印)\s*[:：=＝…‥・は→]+\s*[^\s、，,;；/／|｜)）]+"
)


def holds_two_marks(cell: str) -> bool:
    """Return whether a cell holds signs that differ, so that none of them is the mark.

    >>> holds_two_marks("△\\n○"), holds_two_marks("○（予定どおり）")
    (True, False)
    """
    signs = {find_look_alike(sign, _SIGNS) for sign in re.findall(f"[{_SHAPES}]", cell)}
    return len(signs) > 1


def _find_label(mark: str, read: Iterable[tuple[str, str]]) -> str:
    """Return what stands behind a mark in its cells, if it is the same wherever something does."""
    told = {rest for own, rest in read if own == mark and re.search(r"\w", rest)}
    return told.pop() if len(told) == 1 else ""


def _make_mark(mark: str, label: str, known: Sequence[str]) -> Mark | None:
    """Return a mark with its tone, None where neither its meaning nor its order tells it."""
    word = label or (mark if len(mark) > 1 else "")
    tone = next((tone for form, tone in _TONES if word and re.search(form, word)), "")
    if not tone:
        tone = _SIGN_TONES.get(mark, "")
    if not tone and mark in _GRADES:
        tone = _GRADES[mark]
        if known and "D" not in known and mark in "BC":
            tone = "caution" if mark == "B" else "bad"
    if not tone:
        return None
    return Mark(mark, word or f"区分{mark}", tone, bool(word))


def _rank(mark: str) -> int:
    if mark in _SIGNS:
        return _SIGNS.index(mark)
    return "SABCDE".find(mark) if mark in _GRADES else len(_SIGNS)
