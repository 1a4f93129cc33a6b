"""The lead of a paper: all that a reader of one page should know; the analyst's words; the end."""

import pandas as pd

from nenpo.analysis.coverage import count_coverage, has_coverage
from nenpo.analysis.items import number_items
from nenpo.analysis.progress import items_in_role
from nenpo.content import indicators, wording
from nenpo.content.attention import count_off, tell_late
from nenpo.content.briefing import OpenBriefing
from nenpo.content.changes import tell_changes, tell_first
from nenpo.content.coverage import finding as tell_progress
from nenpo.content.coverage import tell_coverage
from nenpo.content.departments import find_urgent
from nenpo.content.display import Nothing, Sentences, Tile, Tiles
from nenpo.content.marks import note, tell_actors, tell_on_schedule
from nenpo.content.structure import tell_structure
from nenpo.content.unreported import tell_role, tell_unreported


def of_plan(b: OpenBriefing) -> Sentences:
    """Return the lead of the annual briefing, the finding first."""
    silent = tell_unreported(b)
    told = [
        silent if b.items.empty else _tell_finding(b),
        indicators.finding(b),
        tell_changes(b),
        "" if b.items.empty else silent,
        tell_structure(b),
    ]
    return Sentences(tuple(text for text in told if text), role="lead")


def _tell_finding(b: OpenBriefing) -> str:
    """Return how it is going: by the marks, else by what is reported and kept to schedule."""
    if not b.has_marks:
        return "".join(tell_progress(b))
    told, late = tell_on_schedule(b, b.items), tell_late(b)
    # One sentence, where the first half is no clause of its own.
    joins = late and told.endswith("である。") and "件中" in told
    return f"{told.removesuffix('である。')}、{late}" if joins else told + late


def tiles(b: OpenBriefing) -> Tiles | Nothing:
    """Return what a reader of the first page takes home in a few figures."""
    shown = [*_count_marks(b), *_count_adherence(b), *_count_silent(b), *indicators.tiles(b)]
    if len(shown) < _FEWEST_TILES:
        return Nothing("並べて示す数が少ない")
    return Tiles(tuple(shown[:_MOST_TILES]))


_FEWEST_TILES, _MOST_TILES = 2, 5


def _count_marks(b: OpenBriefing) -> list[Tile]:
    """Return how many items are good, late, even if none is, and otherwise not good."""
    if b.lacks_marks:
        return []
    words, scale = b.plan.meta.status_words, b.plan.meta.status_scale
    marks = [entry.mark for entry in scale if entry.tone == "good"]
    label = wording.label_good(b.plan.meta)
    good = int(b.items["status"].isin(marks).sum())
    late = {words.late: 0} if words.late else {}
    tones = {words.late: "bad", wording.SHIFT_WORDS["behind"]: "caution"}
    tones |= {f"「{entry.label}」": entry.tone for entry in scale}
    return [
        *([Tile(str(good), label, "件", "good")] if label else []),
        *(
            Tile(str(count), word.strip("「」"), "件", tones.get(word, "neutral") if count else "")
            for word, count in (late | count_off(b)).items()
        ),
    ]


def _count_adherence(b: OpenBriefing) -> list[Tile]:
    """Return how many items of a plan in words were kept to schedule, where the data judge it."""
    if not has_coverage(b):
        return []
    counts = count_coverage(b, b.items)
    tones = {"kept": "good", "changed": "neutral", "not_comparable": ""}  # it may run ahead
    judged = {word: getattr(counts, word) for word in wording.ADHERENCE_WORDS}
    if not any(judged.values()):
        reported = Tile(str(counts.reported), "進捗の記載がある", "件")
        return [Tile(str(counts.items), b.terms.item, "件"), reported]
    return [
        Tile(str(count), wording.ADHERENCE_WORDS[word], "件", tones[word] if count else "")
        for word, count in judged.items()
    ]


def _count_silent(b: OpenBriefing) -> list[Tile]:
    count = len(b.unreported.items)
    return [Tile(str(count), wording.NOT_REPORTED, "件", "caution")] if count else []


def of_department(b: OpenBriefing) -> Sentences:
    """Return the lead of a department's document: how what it leads stands, and what it supports.

    The items that need a decision are named by their numbers.
    """
    noun = b.terms.item
    names = {"lead": f"所管する{noun}", "supporting": f"{b.terms.supporting}として関わる{noun}"}
    held = {role: items_in_role(b, role) for role in names}
    silent = {role: tell_role(b, role, name) for role, name in names.items()}
    told = list[str]()
    for role, name in names.items():
        if len(held[role]) or (b.has_marks and role == "lead" and not silent[role]):
            told.append(_tell_role(b, held[role], name))
        told.append(silent[role])
    if b.has_marks:  # else what changed is named already
        told[0] += _tell_ahead(b) + _name_urgent(b)
    unrated = int((b.items["status"] == "").sum())
    if b.has_marks and 0 < unrated < len(b.items):
        told.append(f"ほかに、進捗区分の記載がない{noun}が{unrated}件ある。")
    told.append(tell_changes(b))
    return Sentences(tuple(text for text in told if text), role="lead")


def _tell_role(b: OpenBriefing, items: pd.DataFrame, name: str) -> str:
    if not b.has_marks:
        return tell_coverage(b, items, name)
    return tell_on_schedule(b, items, name)


def _tell_ahead(b: OpenBriefing) -> str:
    ahead = int((b.items["shift"] == "ahead").sum())
    return f"{wording.SHIFT_WORDS['ahead']}は{ahead}件である。" if ahead else ""


def _name_urgent(b: OpenBriefing) -> str:
    """Return which items need a decision, by the numbers of a few; "" for none."""
    urgent = find_urgent(b)
    if not urgent:
        return ""
    numbers = [number for item, number in number_items(b.plan).items() if item in urgent]
    few = "、".join(numbers[:_MOST_NUMBERS]) + ("ほか" if len(numbers) > _MOST_NUMBERS else "")
    silent = int(b.unreported.items["item"].isin(urgent).sum())
    including = f"、{wording.NOT_REPORTED}の{silent}件を含め" if 0 < silent < len(numbers) else ""
    return f"判断を要するものは{including}{len(numbers)}件（{few}）である。"


_MOST_NUMBERS = 4


def commentary(b: OpenBriefing) -> Sentences | Nothing:
    """Return what the analyst wrote in ``commentary.csv`` for the plan or the department."""
    rows = b.plan.years[b.fiscal_year].commentary
    texts = tuple(rows.loc[rows["scope"] == (b.department or "plan"), "text"])
    return Sentences(texts) if texts else Nothing("担当者の補足（commentary.csv）がない")


def foot(b: OpenBriefing) -> Sentences | Nothing:
    """Return what a reader of the first page has to know of the counts."""
    notes = note(b)
    told = [
        *(notes.paragraphs if isinstance(notes, Sentences) else ()),
        "" if b.lacks_marks else tell_actors(b, b.items),
        tell_first(b),
        "数え方は、参考1に示す。" if b.plan.meta.counting_rules and not b.items.empty else "",
    ]
    text = "".join(told)
    return Sentences((text,), role="note") if text else Nothing("件数について注を要しない")
