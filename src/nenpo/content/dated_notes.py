"""What the analyst should look at again in milestones, and in the columns that a plan declares."""

from collections.abc import Iterator
from datetime import date

from nenpo.analysis.items import keep_valid
from nenpo.analysis.milestones import Milestone, list_milestones, read_milestones
from nenpo.analysis.progress import Year, is_relisted, is_ward
from nenpo.data.plan import Plan

Note = tuple[str, str, str, str]
"""A file of the year, an id in it or "", and what is worth a look in Japanese and English."""


def list_dated_notes(year: Year) -> Iterator[Note]:
    """Yield what the year's own tables leave open or say of a time that is not theirs."""
    end = date(year.fiscal_year + 1, 3, 31)
    stated = list_milestones(year)
    for each in stated:
        if each.state == "done" and each.when.first > end:
            when = f"{year.fiscal_year}年度より後の時期（{each.when.label}）"
            ja = f"「{each.text}」は、{when}で済としている。"
            en = f"'{each.text}' is done at a time after {year.fiscal_year} ({each.when.code})."
            yield "milestones.csv", each.subject, ja, en
        if each.is_overdue(end):
            ja = f"「{each.text}」は、時期（{each.when.label}）を過ぎているが、済としていない。"
            en = f"'{each.text}' was to be done ({each.when.code}) and is not reported as done."
            yield "milestones.csv", each.subject, ja, en
    yield from _list_dropped(year, stated)
    yield from _count_blanks(year)


def _list_dropped(year: Year, stated: tuple[Milestone, ...]) -> Iterator[Note]:
    """Yield what the report of the year before still had ahead, and this one does not mention."""
    known = {(each.subject, each.text) for each in stated}
    for each in read_milestones(year.plan, year.fiscal_year - 1):
        if each.state != "done" and (each.subject, each.text) not in known:
            ja = f"前年度の節目「{each.text}」（{each.when.label}）の行がない。"
            ja += "済、変更又は予定として書くこと。"
            en = f"no row of last year's milestone '{each.text}' ({each.when.code}); "
            en += "say whether it is done, revised or still planned."
            yield "milestones.csv", each.subject, ja, en


def _count_blanks(year: Year) -> Iterator[Note]:
    """Yield for each declared column how many items say nothing in it."""
    rows = year.plan.years[year.fiscal_year].progress
    own = _list_own_items(year.plan, year.fiscal_year)
    for column in dict.fromkeys(year.plan.meta.columns):
        filled = {*rows.loc[rows[column].notna() & (rows[column] != ""), "item"]}
        if blank := len(own - filled):
            ja = f"宣言した列（columns）に記載のない取組が{blank}件ある。文書は「記載なし」とする。"
            en = f"{blank} item(s) say nothing in this declared column; documents say so."
            yield "progress.csv", column, ja, en


def _list_own_items(plan: Plan, fiscal_year: int) -> set[str]:
    items = keep_valid(plan.items, fiscal_year)
    return {*items.loc[is_ward(items) & ~is_relisted(items), "item"]}
