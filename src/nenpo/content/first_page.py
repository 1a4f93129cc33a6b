"""How much of the first page each of its tables may take: nothing on it runs over to the next.

Counted in lines of a table's text, about: what stands above and below them is much the same in
every plan, apart from what a second year has to tell of the first.
"""

from math import ceil

from nenpo.analysis.items import has_progress
from nenpo.analysis.late import is_late
from nenpo.content.briefing import OpenBriefing

_LINES, _LINES_OF_CHANGES = 30, 4
_MOST_OF_ATTENTION, _LEAST_OF_ATTENTION = 18, 12
_FEWEST_AHEAD, _MOST_AHEAD = 3, 8
# A name of an indicator and a late item, its reason included, take so many lines on average.
_LINES_AN_INDICATOR, _MOST_INDICATORS = 1.5, 10
_LINES_AN_ITEM = 3.3


def room_for_attention(b: OpenBriefing) -> int:
    """Return the lines that items by name may take, with room left for the milestones ahead."""
    free = _count_free(b) - (0 if b.plan.years[b.fiscal_year].milestones.empty else _FEWEST_AHEAD)
    return max(_LEAST_OF_ATTENTION, min(_MOST_OF_ATTENTION, free))


def count_ahead(b: OpenBriefing) -> int:
    """Return how many milestones ahead there is room for beneath the items and indicators."""
    pressing = b.items["adherence"] == "changed"
    if b.has_marks:
        pressing = is_late(b.plan, b.items)
    taken = min(room_for_attention(b), ceil(_LINES_AN_ITEM * int(pressing.sum())))
    return max(_FEWEST_AHEAD, min(_MOST_AHEAD, _count_free(b) - taken))


def _count_free(b: OpenBriefing) -> int:
    """Return the lines that indicators and changes leave."""
    rows = min(len(b.assessments), _MOST_INDICATORS)
    changes = _LINES_OF_CHANGES if has_progress(b.plan, b.fiscal_year - 1) else 0
    return _LINES - ceil(_LINES_AN_INDICATOR * rows) - changes
