"""How wide a text is where every character is half or full width: in consoles and cells."""

import unicodedata


def count_columns(text: str) -> int:
    """Return the width of a text in half-width characters.

    >>> count_columns("令和5年度")
    9
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
