"""How high a row has to be for its wrapped text: no program fits rows that another one wrote."""

from collections.abc import Iterable

from nenpo.language.widths import count_columns

_LINE, _MARGIN = 13.5, 3.0  # points, of text of ten points
_HIGHEST = 409.0  # that Excel allows


def measure_row(cells: Iterable[tuple[str, int]], least: int = 1) -> float:
    """Return the height in points of a row of texts, each with the width of its column.

    A width counts half-width characters, as in Excel; ``least`` is a number of lines.

    >>> measure_row([("取組", 20), ("あいうえおかき", 10)])
    30.0
    """
    lines = max((count_lines(text, width) for text, width in cells), default=1)
    return min(_LINE * max(lines, least) + _MARGIN, _HIGHEST)


def count_lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a column of a width.

    >>> count_lines("一行目\\nABCDEFGHIJK", 10)
    3
    """
    room = max(width * 21 // 20, 2)  # the digits by which a column is measured are 11 points high
    return sum(max(1, -(-count_columns(line) // room)) for line in text.split("\n"))
