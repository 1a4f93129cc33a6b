"""What is wrong with returned workbooks, cell by cell, in the words of a letter to their senders.

Findings go to departments of a municipality: what they read is Japanese and polite, whatever
language the command speaks.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import BLANK, InputError, Words, make_visible
from nenpo.workbooks.book import count_column, name_cell

# One beside those of Excel's own styles 悪い, どちらでもない and 良い, which people use themselves.
FAULT, NOTE, SETTLED = "FFC7CF", "FFEB9D", "C6EFCF"
"""The colours of what has to be mended, of what is to be looked at, and of what was mended."""
# ［書く］こと → 書いてください. Where the kana do not tell the verb's kind: 切るようお願いします.
_REQUESTS = (
    (r"([てで])もらうこと", r"\1ください"),  # said to the planning section, of the department
    (r"すること", "してください"),
    (r"行くこと", "行ってください"),
    (r"([いえきけしせちてにねびべみめりれげ])ること", r"\1てください"),
    (r"すこと", "してください"),
    (r"くこと", "いてください"),
    (r"ぐこと", "いでください"),
    (r"[ぶむぬ]こと", "んでください"),
    (r"[うつ]こと", "ってください"),
    (r"ないこと", "ないでください"),
    (r"([るい])こと", r"\1ようお願いします"),
)
_STATEMENTS = (
    (r"([がはもに])ない", r"\1ありません"),
    (r"できない", "できません"),
    (r"分からない", "分かりません"),
    (r"([えけせてねべめれげ])ない", r"\1ません"),
    (r"である", "です"),
    (r"([てで])いる", r"\1います"),
    (r"読んだ", "読みました"),
    (r"([しえけせてねべめれげ])た", r"\1ました"),
)
_COMMANDS = re.compile(r"--[a-z]|nenpo |\.csv|params")
_BEHIND = (
    r"(?P<behind>（(?:[^（）]|（[^（）]*）)*）)?$"  # why, in parentheses, which may hold others
)


@dataclass(frozen=True)
class Finding:
    """A fault of a cell, or a note (Words) that whoever filled it in should see.

    ``file`` is the workbook; ``row`` and ``column`` count from 1, 0 where the whole sheet is meant;
    ``sheet`` is "" where the whole file is. ``department`` is its id, "" if it is not known.
    """

    file: Path
    sheet: str
    row: int
    column: int
    problem: InputError | Words
    department: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether it has to be mended before the answers can be taken."""
        return not isinstance(self.problem, Words)

    @property
    def cell(self) -> str:
        """What people call the cell, "" where there is none."""
        return name_cell(self.row, self.column) if self.row and self.column else ""


def locate(place: str, file: str) -> tuple[str, int, int]:
    """Return the sheet, row and column of a place of a file, as messages have it; 0 where none.

    >>> locate("a!b.xlsx!取組!D5", "a!b.xlsx"), locate("a.xlsx!D5", "a.xlsx")
    (('取組', 5, 4), ('D5', 0, 0))
    """
    inside = place.removeprefix(file).removeprefix("!")
    sheet, _, cell = inside.rpartition("!")
    found = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", cell) if sheet else None
    return (sheet, int(found[2]), count_column(found[1])) if found else (inside, 0, 0)


@dataclass(frozen=True)
class Request:
    """A finding as its reader needs it: the value, what is said of it, what to do."""

    value: str
    what: str
    allowed: str
    remedy: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The request as lines of a comment."""
        blank = ("この欄が空いています。",) if self.value == BLANK.ja else ()
        value = (f"入力された値：「{self.value}」",) if self.value and not blank else ()
        named = (("内容", self.what), ("使える値", self.allowed), ("お願い", self.remedy))
        return (*blank, *value, *(f"{label}：{text}" for label, text in named if text))


def word_request(problem: InputError | Words) -> Request:
    """Return what a finding says, in polite Japanese."""
    if isinstance(problem, Words):
        return Request("", make_polite(make_visible(problem.ja)), "", "")
    told = {
        name: make_visible(field.ja if isinstance(field, Words) else str(field))
        for name, field in problem.fields.items()
    }
    if {"value", "why", "allowed", "remedy"} <= told.keys():
        remedy = make_polite(_keep_theirs(told["remedy"]))
        return Request(told["value"], told["why"], told["allowed"], remedy)
    sentences = _split(_keep_theirs(problem.message("ja")))
    remedies = [sentence for sentence in sentences if re.search(r"こと。?$", sentence)]
    others = [sentence for sentence in sentences if sentence not in remedies]
    return Request("", *(make_polite("".join(s)) for s in (others, [], remedies)))


def make_polite(text: str) -> str:
    """Return sentences as one writes them to others: what to do as a request.

    >>> make_polite("シートがない。「○」を選ぶこと。行を分けること。")
    'シートがありません。「○」を選んでください。行を分けてください。'
    >>> make_polite("この値は使えない（単位が違う）。")
    'この値は使えません（単位が違う）。'
    >>> make_polite("余分な字を削ること。上書きしないこと。")
    '余分な字を削るようお願いします。上書きしないでください。'
    """
    return "".join(map(_make_polite, _split(text)))


def _split(text: str) -> list[str]:
    return re.findall(r"[^。]+(?:。|$)", text)


def _keep_theirs(text: str) -> str:
    """Return the sentences that are for departments: who gives commands and options, is not one."""
    return "".join(sentence for sentence in _split(text) if not _COMMANDS.search(sentence))


def _make_polite(sentence: str) -> str:
    body, end = sentence.removesuffix("。"), "。" if sentence.endswith("。") else ""
    for ending, polite in (*_REQUESTS, *_STATEMENTS):
        if re.search(ending + _BEHIND, body):
            return re.sub(ending + _BEHIND, polite + r"\g<behind>", body) + end
    return body + end
