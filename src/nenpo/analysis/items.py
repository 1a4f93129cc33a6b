"""A fiscal year's list of items: rows of several tables joined, titles as a reader should see them.

:mod:`nenpo.analysis.progress` counts and compares what this module joins.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from typing import Any, NamedTuple, get_args

import pandas as pd

from nenpo.data.check_years import is_valid
from nenpo.data.plan import Plan, make_frame
from nenpo.data.schema.declarations import Goal, OwnColumn
from nenpo.data.schema.tables import list_columns
from nenpo.data.schema.year_rows import ProgressRow
from nenpo.errors import UnknownYear


class Item(NamedTuple):
    """One row of a fiscal year's list; "" where the document says nothing.

    ``undated`` names the texts without a time: "done", "plan" (next_year, later) or "both".
    """

    item: str
    measure: str
    measure_label: str
    measure_title: str
    goal: str
    policy: str
    label: str
    title: str
    title_printed: str
    scope: str
    actor: str
    actor_label: str
    relisted_from: str
    relisting: str
    status: str
    shift: str
    change_reason: str
    done: str
    planned: str
    next_year: str
    later: str
    issues: str
    undated: str
    adherence: str
    adherence_reason: str
    note: str
    line: int | None
    source: str
    owner: str
    budget: int | None
    spent: int | None
    due: str
    risk: str


ITEM_COLUMNS = Item._fields


def each_item(items: pd.DataFrame) -> Iterator[Item]:
    """Yield the rows of ``items`` (at least ``ITEM_COLUMNS``) as typed tuples."""
    return map(Item._make, items[list(ITEM_COLUMNS)].itertuples(index=False, name=None))


# What a row of progress says; one in which all of these are blank reports nothing.
_SAID = ["status", "change_reason", "done", "next_year", "later", "issues", "note"]


def has_progress(plan: Plan, fiscal_year: int) -> bool:
    """Tell whether a row of progress of the fiscal year says anything.

    As long as no department has answered, there may be rows that only name their items.
    """
    if fiscal_year not in plan.years:
        return False
    return bool((plan.years[fiscal_year].progress[_SAID] != "").any(axis=None))


def _list_told(plan: Plan, fiscal_year: int) -> set[str]:
    """Return the items that were reported: a row says something, or a source prints it blank."""
    if not has_progress(plan, fiscal_year):
        return set()
    rows = plan.years[fiscal_year].progress
    says = (rows[_SAID] != "").any(axis="columns") | (rows["source"] != "")
    return set(rows.loc[says, "item"])


def require_report(plan: Plan, fiscal_year: int) -> None:
    """Raise ``UnknownYear`` unless the plan reports anything for the fiscal year."""
    if fiscal_year in plan.reported_years:
        return
    known = map(str, sorted(plan.reported_years))
    raise UnknownYear(
        plan=plan.id,
        value=fiscal_year,
        allowed=", ".join(known) or "—",
        remedy=f"→ data/{plan.id}/{fiscal_year}/progress.csv",
    )


def join_items(plan: Plan, fiscal_year: int) -> pd.DataFrame:
    """Return ``ITEM_COLUMNS``, one row an item reported that year, in the order of items.csv.

    None in a year that reports only values. An item whose document names no measure stands
    under its goal. One under a re-listed measure is re-listed with it. A re-listing of what has
    ended is left out, unless it has a mark of its own.
    """
    items = _join_reported(plan, fiscal_year)
    left = _is_left_over(plan, fiscal_year, items) & (items["status"] == "")
    return items[~left].reset_index(drop=True) if left.any() else items


def list_left_over(plan: Plan, fiscal_year: int) -> Iterator[Item]:
    """Yield the re-listed rows of the year whose original has ended."""
    items = _join_reported(plan, fiscal_year)
    return each_item(items[_is_left_over(plan, fiscal_year, items)])


def _is_left_over(plan: Plan, fiscal_year: int, items: pd.DataFrame) -> "pd.Series[bool]":
    relisted = items["relisted_from"] != ""
    return relisted & ~items["relisted_from"].isin(_list_living(plan, fiscal_year))


@lru_cache(maxsize=64)
def _list_living(plan: Plan, fiscal_year: int) -> frozenset[str]:
    """Return the items that exist in the year, those that they continue, and their measures."""
    living = trace_items(plan, keep_valid(plan.items, fiscal_year)["item"])
    return frozenset(living | set(plan.items.loc[plan.items["item"].isin(living), "measure"]))


def trace_items(plan: Plan, ids: Iterable[str]) -> set[str]:
    """Return the items and all that they continue, step by step."""
    before = dict(zip(plan.items["item"], plan.items["continues"], strict=True))
    traced, found = set[str](), set(ids)
    while found:
        traced |= found
        found = {before[item] for item in found if before[item]} - traced
    return traced


def _join_reported(plan: Plan, fiscal_year: int) -> pd.DataFrame:
    if not has_progress(plan, fiscal_year):
        return _list_none()
    items = _join_tables(plan, fiscal_year, plan.years[fiscal_year].progress)
    # A re-listing says nothing of its own.
    told = items["item"].isin(_list_told(plan, fiscal_year)) | (items["relisted_from"] != "")
    return items if told.all() else items[told].reset_index(drop=True)


def join_unreported(plan: Plan, fiscal_year: int) -> pd.DataFrame:
    """Return ``ITEM_COLUMNS`` of the items that exist in the year and were not reported.

    Not of re-listings, which are reported where they are listed first.
    """
    told = _list_told(plan, fiscal_year)
    silent = [name for name in keep_valid(plan.items, fiscal_year)["item"] if name not in told]
    if not silent:
        return _list_none()
    items = _join_tables(plan, fiscal_year, _make_blank_progress(plan, fiscal_year, silent))
    return items[items["relisted_from"] == ""].reset_index(drop=True)


def join_valid(plan: Plan, fiscal_year: int) -> pd.DataFrame:
    """Return ``ITEM_COLUMNS`` of every item that exists in the year, re-listings included.

    With what was reported of it so far, in the order of items.csv.
    """
    rows = plan.years[fiscal_year].progress
    told = set(rows["item"])
    silent = [name for name in keep_valid(plan.items, fiscal_year)["item"] if name not in told]
    if silent:
        rows = pd.concat([rows, _make_blank_progress(plan, fiscal_year, silent)])
    return _join_tables(plan, fiscal_year, rows).reset_index(drop=True)


def _make_blank_progress(plan: Plan, fiscal_year: int, names: list[str]) -> pd.DataFrame:
    """Return rows of progress that say nothing but what is declared of the items."""
    fields = ProgressRow.model_fields
    blank = {
        name: "" if fields[name].is_required() else fields[name].default
        for name in list_columns(ProgressRow).values()
    }
    kept = _keep_own_columns(plan.years[fiscal_year].progress)
    rows = [
        ProgressRow.model_construct(**{**blank, **kept.get(name, {}), "item": name})
        for name in names
    ]
    return make_frame(ProgressRow, rows)


def _keep_own_columns(progress: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return what is declared of each item: who answers for it stands before the report does."""
    names = ("item", *get_args(OwnColumn))
    rows = progress[list(names)].itertuples(index=False, name=None)
    return {item: dict(zip(names, (item, *cells), strict=True)) for item, *cells in rows}


def _list_none() -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="str") for column in ITEM_COLUMNS})


def _join_tables(plan: Plan, fiscal_year: int, progress: pd.DataFrame) -> pd.DataFrame:
    tables = plan.years[fiscal_year]
    items = _join_columns(plan, progress)
    inherited = (items["relisted_from"] == "") & (items["measure_relisted"] != "")
    items.loc[inherited, "relisted_from"] = items["measure_relisted"]
    items.loc[inherited, "relisting"] = "stated"
    reworded = look_up(items["item"], tables.titles, "title")
    printed = reworded.where(reworded != "", items["title"])
    actors = {actor.id: actor.label for actor in plan.meta.actors}
    return items.assign(
        actor_label=[actors.get(actor, "") for actor in items["actor"]],
        title=correct_texts(plan, ("title", "items", "titles"), items["item"], printed),
        title_printed=printed,
        measure_title=correct_texts(
            plan, ("title", "measures"), items["measure"], items["measure_title"]
        ),
        planned=_find_planned(plan, fiscal_year, items["item"]),
    ).loc[:, list(ITEM_COLUMNS)]


def _join_columns(plan: Plan, progress: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of the reported items, of their progress and of their measures.

    By position, since ids occur once and references are valid: merging (pandas 3.1) takes three
    times as long, in every document anew.
    """
    told = pd.Index(progress["item"]).get_indexer(pd.Index(plan.items["item"]))
    # items.csv has a note and a line of its own; a year's row keeps those of its own document.
    items = plan.items.drop(columns=["note", "source", "line"])[told >= 0]
    measures = _list_measures(plan)
    held = pd.Index(measures["measure"]).get_indexer(pd.Index(items["measure"]))
    parts = (items, progress.take(told[told >= 0]), measures.take(held))
    return pd.DataFrame({str(name): part[name].array for part in parts for name in part})


@lru_cache(maxsize=64)  # a plan is never changed
def _list_measures(plan: Plan) -> pd.DataFrame:
    """Return the measures, and the goals under which items without a measure stand."""
    columns = ["measure", "label", "title", "goal", "policy", "relisted_from"]
    goals = [(goal.id, goal.label, goal.title, goal.id, "", "") for goal in plan.meta.goals]
    bare = pd.DataFrame(goals, columns=columns, dtype="str")
    own = plan.measures[columns].assign(label=list(list_measure_labels(plan).values()))
    measures = pd.concat([own, bare]).drop_duplicates("measure")
    names = ["measure", "measure_label", "measure_title", "goal", "policy", "measure_relisted"]
    return measures.set_axis(names, axis="columns")


def list_measure_labels(plan: Plan) -> dict[str, str]:
    """Return the labels of measures as printed; each behind its goal's where two share one.

    A document tells apart only what it reports: labels of measures without items do not count.
    """
    labels = {goal.id: goal.label for goal in plan.meta.goals}
    rows = plan.measures
    reported = rows[rows["measure"].isin(plan.items["measure"])] if len(plan.items) else rows
    # Beside 生産性(1) and 利便性(1), a bare (4) would be looked for among those of all goals.
    crowded = bool(reported["label"].duplicated().any())
    return {
        measure: f"{labels.get(goal, '')}{label}" if crowded else label
        for measure, label, goal in zip(rows["measure"], rows["label"], rows["goal"], strict=True)
    }


def name_goal(goal: Goal) -> str:
    """Return a goal's label and title, or the title alone where it holds the label."""
    return goal.title if goal.label in goal.title else f"{goal.label} {goal.title}".rstrip()


def list_labels(plan: Plan) -> dict[str, str]:
    """Return the label as printed of every measure and goal, and for every item its measure's."""
    rows = _list_measures(plan)
    labels = dict(zip(rows["measure"], rows["measure_label"], strict=True))
    items = zip(plan.items["item"], plan.items["measure"], strict=True)
    return labels | {item: labels[measure] for item, measure in items}


def number_items(plan: Plan) -> dict[str, str]:
    """Return the number by which each item of the plan can be cited: 1-1-②-3, 取組1 ①, 1-1-8.

    That is its own label behind the one of its measure, or else its place among all items that the
    plan ever had in the measure, so that it stays the same from year to year.
    """
    labels, counted = list_labels(plan), dict[str, int]()
    numbers: dict[str, str] = {}
    for item, measure, label in plan.items[["item", "measure", "label"]].itertuples(index=False):
        counted[measure] = counted.get(measure, 0) + 1
        above = labels[item]
        numbers[item] = _join_numbers(above, label or str(counted[measure]), made=not label)
    return numbers


def _join_numbers(above: str, own: str, *, made: bool) -> str:
    """Return a number behind the one above it; two figures are joined as offices cite them."""
    figures = above[-1:].isdecimal() and own[:1].isdecimal()
    return f"{above}-{own}".lstrip("-") if made or figures else f"{above} {own}".lstrip()


def expand_assignments(assignments: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Return the assignments of ``items``; that of a whole measure becomes one for each item."""
    own = assignments[assignments["item"].isin(items["item"])]
    if assignments["item"].isin(items["measure"]).any():  # else there is nothing to merge
        members = items[["measure", "item"]].rename(columns={"measure": "item", "item": "member"})
        expanded = assignments.merge(members, on="item").assign(item=lambda rows: rows["member"])
        own = pd.concat([own, expanded[own.columns]])
    return own.drop_duplicates(list(own.columns[:4])).reset_index(drop=True)


def list_titles(plan: Plan) -> dict[str, str]:
    """Return the titles of measures and items as a reader should see them, by id."""
    titles: dict[str, str] = {}
    for column, table in (("measure", plan.measures), ("item", plan.items)):
        texts = correct_texts(plan, ("title", f"{column}s"), table[column], table["title"])
        titles |= dict(zip(table[column], texts, strict=True))
    return titles


def correct_texts(
    plan: Plan, place: tuple[str, ...], ids: "pd.Series[str]", texts: "pd.Series[str]"
) -> "pd.Series[str]":
    """Return ``texts`` of ``ids`` with misread spots normalised; ``place``: column, tables."""
    spots = _list_spots(plan, *place)
    corrected = [
        reduce(lambda text, spot: text.replace(*spot), spots.get(key, {}).items(), text)
        for key, text in zip(ids, texts, strict=True)
    ]
    return pd.Series(corrected, index=texts.index, dtype="str")


@lru_cache(maxsize=256)
def _list_spots(plan: Plan, column: str, *tables: str) -> dict[str, dict[str, str]]:
    """Return the misread spots in ``column`` of ``tables``: id → printed → normalised.

    The tables of names and titles belong to no year, so a spot found in one year holds in all.
    """
    spots: dict[str, dict[str, str]] = {}
    for year in sorted(plan.years):
        found = plan.years[year].misreadings
        keys = zip(found["table"], found["column"], found["id"], strict=True)
        texts = zip(found["printed"], found["normalised"], strict=True)
        for (table, own, key), (printed, normalised) in zip(keys, texts, strict=True):
            if own == column and table in tables:
                spots.setdefault(key, {}).setdefault(printed, normalised)
    return spots


def find_previous(
    plan: Plan, ids: "pd.Series[str]", previous_ids: "pd.Series[str]"
) -> "pd.Series[str]":
    """Return each item's id in an earlier list: its own or the one it continues, else "".

    Over several years, an item may continue one that itself continued another.
    """
    former = dict(zip(plan.items["item"], plan.items["continues"], strict=True))
    there = set(previous_ids)

    def find(name: str) -> str:
        while name and name not in there:
            name = former[name]
        return name

    return ids.map(find).astype("str")


def look_up(ids: "pd.Series[str]", table: pd.DataFrame, column: str) -> "pd.Series[str]":
    """Return ``column`` of the row of each item, "" for an item that ``table`` lacks."""
    # pandas 3.1: an empty table maps to float NaN; astype("str") keeps it missing, as text.
    return ids.map(table.set_index("item")[column]).astype("str").fillna("")


def keep_valid(rows: pd.DataFrame, fiscal_year: int) -> pd.DataFrame:
    """Return the rows whose years include ``fiscal_year``; an empty year is no limit."""
    return rows.loc[[is_valid(row, fiscal_year) for row in rows.itertuples()]]


def _find_planned(plan: Plan, fiscal_year: int, ids: "pd.Series[str]") -> "pd.Series[str]":
    if not has_progress(plan, fiscal_year - 1):
        return pd.Series("", index=ids.index, dtype="str")
    announced = plan.years[fiscal_year - 1].progress
    return look_up(find_previous(plan, ids, announced["item"]), announced, "next_year")


_WHOLE = "計画全体"


def name_subjects(plan: Plan) -> dict[str, str]:
    """Return the names of the whole plan, its goals and its measures, in document order."""
    names, titles, labels = {"plan": _WHOLE}, list_titles(plan), list_measure_labels(plan)
    for goal in plan.meta.goals:
        names[goal.id] = name_goal(goal)
        for measure in plan.measures.loc[plan.measures["goal"] == goal.id, "measure"]:
            names[measure] = f"{labels[measure]} {titles[measure]}".rstrip()
    return names
