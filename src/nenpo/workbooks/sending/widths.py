"""How wide the columns of a sheet are, so that it can be read on paper: A4 across, one page wide.

What is wider is made smaller as a whole when it is printed, and the text of ten points with it.
"""

from collections.abc import Sequence
from math import floor

from nenpo.workbooks.layout import Field

_PAGE = 168  # what A4 across holds at 80 %, its text of eight points, in half-width characters
_NARROWEST = 10  # of a column of text: five characters a line
_TEXTS = ("shown", "text", "choice")


def fit_widths(fields: Sequence[Field]) -> tuple[int, ...]:
    """Return the width of each column; where all are too wide together, those of text give way.

    The widest give most; numbers, marks and times keep their width, as do columns that are
    narrow already.

    >>> wide = Field("done", "実績", "text", width=110)
    >>> fit_widths([Field("number", "番号", "shown", width=8), wide, wide])
    (8, 80, 80)
    """
    widths = [field.width for field in fields]
    over = sum(widths) - _PAGE
    spare = [max(field.width - _NARROWEST, 0) if field.kind in _TEXTS else 0 for field in fields]
    if over <= 0 or not any(spare):
        return tuple(widths)
    kept = max(0.0, 1 - over / sum(spare))
    return tuple(
        _NARROWEST + floor(room * kept) if room else width
        for width, room in zip(widths, spare, strict=True)
    )
