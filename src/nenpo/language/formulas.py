"""A text that a spreadsheet program takes for a formula where it opens a CSV file."""

import re

from nenpo.errors import Words

# The full-width forms count too: a Japanese Excel reads them as their ASCII counterparts.
_BEGINS = re.compile(r"[=@＝＠\t\r]")
_SIGNS = re.compile(r"[+\-＋－]")

WHY_FORMULA = Words(
    "表計算ソフトで数式になる字「{}」で始まっている",
    "it begins with '{}', which makes a formula of it in a spreadsheet program",
)
NO_FORMULA = Words("= や @ で始まらない文章", "a text that does not begin with = or @")
MEND_FORMULA = Words(
    "先頭の字を削るか、その前に言葉を書くこと（「計算は =…」など）。",
    "Leave out its first character, or put a word before it.",
)


def find_formula_sign(text: str) -> str:
    """Return the character that makes a formula of a text, "" if it is none.

    A sign of plus or minus is none: bullets begin so.

    >>> find_formula_sign("=1+1"), find_formula_sign("- 研修"), find_formula_sign("A=B")
    ('=', '', '')
    """
    found = _BEGINS.match(text)
    return found[0] if found else ""


def is_run(text: str) -> bool:
    """Return whether a spreadsheet program may take a text for a formula, its sign included."""
    return bool(_BEGINS.match(text) or _SIGNS.match(text))
