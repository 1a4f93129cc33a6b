"""What is behind its schedule: which items, for how many years, since when and no longer."""

from dataclasses import dataclass

import pandas as pd

from nenpo.analysis.items import find_previous, has_progress
from nenpo.analysis.progress import Transitions, Year, load_year
from nenpo.data.plan import Plan


@dataclass(frozen=True)
class Lateness:
    """Ids of this year's items: ``newly`` late (not so the year before) and ``caught_up``."""

    newly: tuple[str, ...]
    caught_up: tuple[str, ...]


def is_late(plan: Plan, items: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which items are behind: by a mark of caution or worse, or by their schedule put back.

    What runs ahead is not late, whatever its mark; a change without a direction may be either.
    ``items`` needs the columns status and shift.
    """
    warned = items["status"].map(plan.meta.tones).isin(["bad", "caution"])
    return (warned & (items["shift"] != "ahead")) | (items["shift"] == "behind")


def compare_lateness(plan: Plan, moved: Transitions) -> Lateness:
    """Return which items have become late since the year before, and which no longer are.

    Only of items that were there the year before; one without a mark is not known to be on time.
    """
    paired = moved.paired
    before = paired[["before", "before_shift"]].set_axis(["status", "shift"], axis="columns")
    now, then = is_late(plan, paired), is_late(plan, before)
    rated = (paired["status"] != "") & (paired["before"] != "")
    return Lateness(
        newly=tuple(paired.loc[now & ~then & (paired["previous_item"] != ""), "item"]),
        caught_up=tuple(paired.loc[then & ~now & rated, "item"]),
    )


def count_late_years(year: Year) -> dict[str, int]:
    """Return for every late item in how many years on end it has been late, this one included.

    An item that continues another has that one's years.
    """
    plan = year.plan
    names = {item: item for item in year.items.loc[is_late(plan, year.items), "item"]}
    counts = dict.fromkeys(names, 1)
    earlier = year.fiscal_year - 1
    while names and has_progress(plan, earlier):
        items = load_year(plan, earlier).items
        late = items.loc[is_late(plan, items), "item"]
        found = find_previous(plan, pd.Series(names, dtype="str"), late)
        names = {str(item): before for item, before in found.items() if before}
        for item in names:
            counts[item] += 1
        earlier -= 1
    return counts
