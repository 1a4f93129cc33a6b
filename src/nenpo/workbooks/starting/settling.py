"""What can be said of a draft once all of it is there: numbers, and what is listed again."""

import re
from collections import Counter

from nenpo.workbooks.starting.drafts import Draft
from nenpo.workbooks.starting.names import fold_name


def settle_draft(draft: Draft, goal: str, item: str, title_of_plan: str) -> None:
    """Give numbers to what has none, and find what is listed again.

    ``goal`` and ``item`` are what the list calls them; what stands under no goal, stands under
    one that is called as the plan is.
    """
    _name_goals(draft, goal, item, title_of_plan)
    _number_measures(draft)
    _number_items(draft)
    _find_relisted(draft)


def _name_goals(draft: Draft, goal: str, item: str, title_of_plan: str) -> None:
    """Give labels to the goals; where none is told, the items themselves are what is cited."""
    told = [label for _, label, title in draft.goals if title]
    # Where one has a number of its own, none is made up beside it.
    made, named = not any(told), "その他" if told else item
    for n, (key, label, title) in enumerate(draft.goals, 1):
        if not title:
            draft.goals[n - 1] = (key, label or named, title_of_plan)
            ja, en = "目標の記載がない取組は「{}」とした", "items under no goal stand under '{}'"
            draft.guesses.guess("plan.yaml", ja, en, label or named)
        elif not label:
            draft.goals[n - 1] = (key, f"{goal}{n}" if made else title, title)


def _number_measures(draft: Draft) -> None:
    counted, bare = Counter[str](), [row for row in draft.measures if not row["label"]]
    for row in draft.measures:
        counted[row["goal"]] += 1
        row["label"] = row["label"] or f"{row['goal'][1:]}-{counted[row['goal']]}"
    if len({row["label"] for row in draft.measures}) < len(draft.measures):
        # Printed under each goal from 1 on: a reader of all has to tell them apart.
        for row in draft.measures:
            row["label"] = f"{row['goal'][1:]}-{row['label']}"
        ja, en = (
            "施策の番号の前に、目標の番号を付けた",
            "numbers of measures stand behind their goal's",
        )
        draft.guesses.guess("measures.csv", ja, en)
    if bare:
        draft.guesses.guess(
            "measures.csv",
            "番号のない施策 {}件に、番号を付けた（{} など）",
            "{} measure(s) without a number were given one ({} …)",
            len(bare),
            bare[0]["label"],
        )


def _number_items(draft: Draft) -> None:
    """Keep the numbers that are printed, unless they are the ones that a place gives."""
    labels = {row["measure"]: row["label"] for row in draft.measures}
    labels |= {key: label for key, label, _ in draft.goals}
    counted = Counter[str]()
    same = True
    for row in draft.items:
        counted[row["measure"]] += 1
        own = f"{labels[row['measure']]}-{counted[row['measure']]}"
        same = same and fold_name(row["label"]) == fold_name(own)
    for row in draft.items:
        above = labels[row["measure"]]
        if same:
            row["label"] = ""
        elif re.match(rf"{re.escape(above)}[-－‐–.．]", row["label"]):
            row["label"] = row["label"][len(above) + 1 :]


def _find_relisted(draft: Draft) -> None:
    first = dict[str, str]()
    for row in draft.items:
        if not row["relisted_from"]:
            first.setdefault(fold_name(row["title"]), row["item"])
    for row in draft.items:
        original = first.get(fold_name(row["title"])) if row["relisted_from"] else None
        if row["relisted_from"] and original is None:
            row["title"] += "（再掲）"
            ja, en = (
                "再掲「{}」の元の取組が見つからない",
                "no original of the re-listed '{}' was found",
            )
            draft.guesses.look("items.csv", ja, en, row["title"])
        row["relisted_from"] = original or ""
        row["relisting"] = "stated" if original else ""
