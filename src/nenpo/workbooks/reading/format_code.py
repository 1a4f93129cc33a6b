"""The code of a number format → its sections: above zero, below, zero, text.

A section is a row of tokens: "0.0%", #,##0"件", [$-411]ggge"年"m"月".
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_TOKENS = re.compile(
    r"""
    "(?P<quoted>[^"]*)"? | \\(?P<escaped>.) | _(?P<skip>.) | \*(?P<filled>.)
    | \[(?P<elapsed>h+|m+|s+)\] | \[\$(?P<currency>[^\]-]*)[^\]]*\] | \[(?P<bracket>[^\]]*)\]
    | (?P<half>AM/PM|A/P|上午/下午) | (?P<general>General)
    | (?P<date>y+|m+|d+|h+|s+|g+|e+(?![+-])|aaaa?|r+|b+) | (?P<exponent>E[+-])
    | (?P<digit>[0#?]) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_LONGEST = 255  # of a format in Excel


@dataclass(frozen=True)
class Token:
    """A part of a format: "digit" 0, "date" yyyy, "literal" 件, "other" for signs …"""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """The format of numbers of one sign, or for which a condition holds: (">=", 100)."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None

    @property
    def is_date(self) -> bool:
        """Whether it shows a date or a time."""
        return any(token.kind in ("date", "elapsed", "half") for token in self.tokens)


@lru_cache(maxsize=512)
def split_code(code: str) -> tuple[Section, ...]:
    """Return the sections of a format, at most four."""
    sections: list[list[Token]] = [[]]
    conditions: list[tuple[str, Decimal] | None] = [None]
    for found in _TOKENS.finditer(code[:_LONGEST]):
        kind = found.lastgroup or "other"
        text = found[kind]
        if kind == "other" and text == ";":
            sections.append([])
            conditions.append(None)
        elif kind == "bracket":
            if stated := _CONDITION.fullmatch(text.strip()):
                conditions[-1] = (stated[1], Decimal(stated[2]))
        elif kind in ("quoted", "escaped", "currency"):
            sections[-1].append(Token("literal", text))
        elif kind not in ("skip", "filled"):  # they make room, nothing to read
            sections[-1].append(Token(kind, text))
    return tuple(map(Section, map(tuple, sections[:4]), conditions[:4]))


def is_date_format(code: str) -> bool:
    """Return whether a format shows a number as a date or a time.

    >>> is_date_format('[$-411]ggge"年"m"月"'), is_date_format('0"日"'), is_date_format("[Red]0")
    (True, False, False)
    """
    return any(section.is_date for section in split_code(code))


def is_elapsed_format(code: str) -> bool:
    """Return whether a format shows hours beyond a day: [h]:mm."""
    return any(token.kind == "elapsed" for section in split_code(code) for token in section.tokens)


def has_days(code: str) -> bool:
    """Return whether a format shows more of a date than its hours, minutes and seconds."""
    kinds = {t.text[0].lower() for s in split_code(code) for t in s.tokens if t.kind == "date"}
    return bool(kinds & set("ydgear")) or kinds == {"m"}
