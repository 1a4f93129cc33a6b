"""What is worth a second look in valid data: notes for the analyst, none of them an error."""

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import SequenceMatcher
from functools import reduce
from typing import Any

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.figures import Disagreement, Figure, list_disagreements
from nenpo.analysis.indicators import assess_indicators
from nenpo.analysis.items import (
    Item,
    each_item,
    find_previous,
    has_progress,
    join_items,
    keep_valid,
    list_left_over,
    look_up,
)
from nenpo.content import wording
from nenpo.content.dated_notes import list_dated_notes
from nenpo.content.differences import mark_difference
from nenpo.content.finding import Finding, Kind
from nenpo.content.places import Spot, locate, locate_any
from nenpo.content.unusual import list_item_oddities, list_plan_oddities, list_value_oddities
from nenpo.data.check_years import is_valid
from nenpo.data.plan import Plan
from nenpo.data.schema.declarations import Edition
from nenpo.data.schema.tables import TABLES
from nenpo.data.visible import list_words
from nenpo.language.fiscal import fiscal_year_of
from nenpo.language.numbers import format_value, round_half_up
from nenpo.language.ordinary import fold_width
from nenpo.language.values import parse_value

# Texts as long and as like as this are told by what differs in them; of those that are spelt alike,
# a character or two differ.
_LONG, _MUCH_ALIKE, _SPELT_ALIKE = 12, 0.6, 0.8


def list_findings(
    plan: Plan, fiscal_year: int | None = None, editions: Collection[int] = ()
) -> tuple[Finding, ...]:
    """Return the findings of the plan, and of one fiscal year or of every year of report.

    Those are the years with progress, and the ``editions``: another year, such as that of the
    baseline, may have values alone.
    """
    told = {year for year in plan.years if has_progress(plan, year)}
    chosen = told.union(editions) if fiscal_year is None else {fiscal_year}
    found = [*_check_plan(plan, fiscal_year), *list_plan_oddities(plan)]
    for each in sorted(plan.reported_years & chosen):
        year = progress.load_year(plan, each)
        found += [*_check_year(year), *list_item_oddities(year)]
    for each in sorted(year for year in plan.reported_years if fiscal_year in (None, year)):
        found += [*_check_values(plan, each), *list_value_oddities(plan, each)]
    return tuple(found)


def check_authors(plan: Plan, edition: Edition) -> tuple[Finding, ...]:
    """Return the departments that an edition names and that are not there when it is issued."""
    issued = fiscal_year_of(int(edition.issued.replace("-", "")))
    departments: list[Any] = [*plan.departments.itertuples()]
    current = [row.name for row in departments if is_valid(row, issued)]
    return tuple(
        _tell_author(plan, edition, key, row, issued)
        for key in ("prepared_by", "contact")
        for row in departments
        if not is_valid(row, issued) and _names(getattr(edition, key), row.name, current)
    )


def _names(text: str, name: str, current: Iterable[str]) -> bool:
    """Tell whether a text names a department, and not one of today whose name holds that name."""
    return name in reduce(lambda rest, longer: rest.replace(longer, ""), current, text)


def _tell_author(plan: Plan, edition: Edition, key: str, row: Any, issued: int) -> Finding:
    changes = plan.organisation_changes
    after = changes.loc[changes["from"] == row.department, "to"].map(plan.department_names)
    ja, en = ("、".join(after), ", ".join(after)) if len(after) else ("なし", "none")
    place = f"params/{plan.id}/{edition.fiscal_year}.yaml: {key}"
    return Finding(
        "author",
        place,
        f"「{row.name}」は、発行する{issued}年度にはない部署である（引き継いだ部署: {ja}）。",
        f"'{row.name}' is no department in {issued}, when it is issued (successor: {en}).",
        (Spot(place),),
    )


def is_known_code(code: str) -> bool:
    """Tell whether a local government code can exist: prefecture, and check digit if it has one.

    The sixth digit is 11 − (6a + 5b + 4c + 3d + 2e) mod 11, its last digit where that has two
    (総務省「全国地方公共団体コード」).

    >>> is_known_code("131148"), is_known_code("131147"), is_known_code("99114")
    (True, False, False)
    """
    digits = [int(digit) for digit in code[:5]]
    rest = sum(weight * digit for weight, digit in zip((6, 5, 4, 3, 2), digits, strict=True)) % 11
    valid = len(code) == 5 or int(code[5]) == (11 - rest) % 10
    return 1 <= int(code[:2]) <= 47 and valid


def _check_plan(plan: Plan, fiscal_year: int | None) -> Iterator[Finding]:
    code = plan.meta.municipality.code
    if code is not None and not is_known_code(code):
        yield Finding(
            "code",
            f"data/{plan.id}/plan.yaml: municipality.code",
            f"地方公共団体コード「{code}」は存在しない（都道府県の番号か検査数字が合わない）。",
            f"local government code '{code}' cannot exist (prefecture or check digit is wrong).",
            (Spot("plan.yaml", row="municipality.code"),),
        )
    for entry in list_disagreements(plan, fiscal_year):
        yield _tell_disagreement(plan, entry)


def _tell_disagreement(plan: Plan, entry: Disagreement) -> Finding:
    values = "、".join(
        f"{_show(value)}（{cite(source, line)}）" if source else _show(value)
        for value, source, line, _, _ in entry.values
    )
    file = "figures.csv" if isinstance(entry.values[0][0], Figure) else "statements.csv"
    return Finding(
        _weigh_disagreement(entry),
        f"data/{plan.id}/{file}: {entry.id}",
        f"「{entry.title}」は資料により記載が異なる: {values}。",
        f"sources differ on '{entry.title}': {values}.",
        locate(plan, file, entry.id),
        f"{entry.title}：{_tell_choice(entry)}",
        _tell_reasons(entry),
    )


def _weigh_disagreement(entry: Disagreement) -> Kind:
    """Return the kind of a disagreement: of numbers, of texts, or of a number and its rounding."""
    used, *others = (value for value, *_ in entry.values)
    if isinstance(used, str):
        if all(map(_is_number, (used, *others))):
            return "disagreement"
        alike = all(_is_spelt_alike(used, str(other)) for other in others)
        return "spelling" if alike else "wording"
    rounded = all(isinstance(other, Figure) and _rounds(used, other) for other in others)
    return "rounding" if rounded else "disagreement"


def _is_number(text: Figure | str) -> bool:
    try:
        parse_value(str(text))
    except ValueError:
        return False
    return True


def _rounds(used: Figure, other: Figure) -> bool:
    """Tell whether a 約 value is what the value in use is rounded to: 約146万 of 1,461,063."""
    grain = int(other.value.value.normalize().as_tuple().exponent)
    rounded = round_half_up(used.value.value.scaleb(-grain), 0).scaleb(grain)
    return other.value.approximate and rounded == other.value.value


def _tell_choice(entry: Disagreement) -> str:
    """Return which value is in use, and each other one: 「「3件」を用いる（ほかに「約4件」）。」.

    Of long texts that are much alike, what differs in the other one.
    """
    used, *others = (_show(value) for value, *_ in entry.values)
    if len(used) >= _LONG and all(_rate_likeness(used, each) >= _MUCH_ALIKE for each in others):
        told = "".join(f"「{mark_difference(used, each)}」" for each in others)
        return f"ほかに{told}とする記載がある。"
    told = "".join(f"「{each}」" for each in others)
    return f"「{used}」を用いる（ほかに{told}）。"


def _tell_reasons(entry: Disagreement) -> str:
    """Return why a value is in use, and why each other one is not."""
    told = []
    for value, _, _, preferred, reason in entry.values:
        word = "用いる記載" if preferred else "ほかの記載"
        name = f"「{_show(value)}」" if len(_show(value)) <= _LONG else word
        told += [f"{name}：{reason.rstrip('。')}。"] if reason else []
    return "".join(told)


def _is_spelt_alike(text: str, other: str) -> bool:
    """Tell whether two texts differ in a character or two, and in no number."""
    numbers = (re.findall("[0-9]+", fold_width(each)) for each in (text, other))
    return _rate_likeness(text, other) >= _SPELT_ALIKE and next(numbers) == next(numbers)


def _rate_likeness(text: str, other: str) -> float:
    return SequenceMatcher(None, text, other, autojunk=False).ratio()


def cite(source: str, line: int | None) -> str:
    """Return a place in a source: 「s1:12」, "" without one."""
    return source if line is None else f"{source}:{line}"


def _show(value: Figure | str) -> str:
    return value if isinstance(value, str) else wording.format_figure(value)


def _check_year(year: progress.Year) -> Iterator[Finding]:
    """Yield what is worth a look in the year's own files, each named with the row's id."""

    def find(kind: Kind, file: str, row: str, ja: str, en: str) -> Finding:
        place = f"data/{year.plan.id}/{year.fiscal_year}/{file}"
        spots = _locate(year, file, row)
        return Finding(kind, f"{place}: {row}" if row else place, ja, en, spots)

    reason = year.plan.meta.status_words.reason
    for item in each_item(progress.list_without_reason(year)):
        ja = f"進捗区分「{item.status}」の{reason}がない。"
        en = f"status '{item.status}' has no change_reason."
        yield find("reason", "progress.csv", item.item, ja, en)
    for mark, published, computed in progress.reconcile(year).differences:
        ja = f"公表{published}件に対し、集計は{computed}件である。"
        en = f"published {published}, computed {computed}."
        yield find("published", "published.yaml", mark, ja, en)
    for name, before, now in progress.list_title_drift(year):
        ja = f"題名が「{before}」から「{now}」に変わっている。"
        en = f"the title changed from '{before}' to '{now}'."
        yield find("title", "titles.csv", name, ja, en)
    rows = year.items[progress.is_relisted(year.items) & progress.is_rated(year.items)]
    for item in each_item(rows):
        ja = f"再掲の行に進捗区分「{item.status}」があり、{item.relisted_from} と重ねて数えている。"
        en = f"a re-listed row has status '{item.status}': counted beside {item.relisted_from}."
        yield find("relisted", "progress.csv", item.item, ja, en)
    moved = progress.compare_years(year)
    for item in each_item(moved.unreported) if moved else ():
        ja = "前年度に報告された取組の行がないか、行に記載がない。"
        ja += "終了なら items.csv の last_year に書くこと。"
        en = "reported last year, this year no row or a blank one; "
        en += "if it ended, say so in items.csv (last_year)."
        yield find("unreported", "progress.csv", item.item, ja, en)
    for item in list_left_over(year.plan, year.fiscal_year):
        ja, en = _tell_left_over(item)
        yield find("ended", "progress.csv", item.item, ja, en)
    for file, column, names in _list_repeated(year):
        count, listed = len(names), ", ".join(names)
        ja = f"前年度と同じ文が{count}行にある（{listed}）。写したままでないか確かめること。"
        en = f"{count} row(s) say what they said last year ({listed}): still copies?"
        yield find("repeated", file, column, ja, en)
    silent = progress.select_unreported(year).items
    reported = has_progress(year.plan, year.fiscal_year)
    if not reported and len(silent):
        ja = f"取組{len(silent)}件の進捗が未報告である。文書は未報告とし、0件とは数えない。"
        en = f"progress of {len(silent)} item(s) is not reported; documents say so and count none."
        yield find("silent", "progress.csv", "", ja, en)
    if not any(map(len, (year.items, silent, year.plan.indicators, year.plan.figures))):
        ja = "取組も指標も数値もないので、文書に書くことがない。"
        en = "there are no items, indicators or figures: documents have nothing to say."
        yield find("silent", "", "", ja, en)
    for kind, row, ja, en in _list_unassigned(year):
        yield find(kind, "assignments.csv", row, ja, en)
    if copied := _count_copied(year):
        ja = f"{copied}行が前年度の行と同じ出典の同じ行を示す。写したままでないか確かめること。"
        en = f"{copied} row(s) cite the same source and line as last year's: still copies?"
        yield find("copied", "progress.csv", "", ja, en)
    for file, row, ja, en in _list_absent(year):
        yield find("absent", file, row, ja, en)
    for file, row, ja, en in list_dated_notes(year):
        yield find("dated", file, row, ja, en)


def _locate(year: progress.Year, file: str, row: str) -> tuple[Spot, ...]:
    """Return the rows that a finding of the year names; its file where it names none."""
    own, published = f"{year.fiscal_year}/{file}", year.plan.years[year.fiscal_year].published
    if file == "published.yaml" and published is not None:
        return (Spot(own, None, row, row, published.source or "", published.lines.get(row)),)
    # What a year has no row for stands in a table of the whole plan.
    files = ("items.csv", "indicators.csv", "departments.csv")
    tables = [*([own] if file else []), *files]
    return locate_any(year.plan, tables, row) or (Spot(own, row=row),)


def _tell_left_over(item: Item) -> tuple[str, str]:
    ja = f"再掲の元 {item.relisted_from} は終わっている"
    en = f"it repeats {item.relisted_from}, which has ended"
    if item.status:
        ja += f"が、進捗区分「{item.status}」があるので一覧に載せ、数えている。"
        en += f", and is listed and counted for its status '{item.status}'."
    else:
        ja += "ので、一覧に載せていない。"
        en += ", and is left out of the lists."
    remedy = "取組が続くなら items.csv の last_year を直し、終わったならこの行を削ること。"
    remedy_en = "If the item goes on, mend last_year in items.csv; if it ended, remove this row."
    return f"{ja}{remedy}", f"{en} {remedy_en}"


def _list_repeated(year: progress.Year) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the columns of words, and the rows that say in them what they said the year before."""
    now, before = (year.plan.years.get(each) for each in (year.fiscal_year, year.fiscal_year - 1))
    if now is None or before is None:
        return
    previous = find_previous(year.plan, now.progress["item"], before.progress["item"])
    for column in list_words(TABLES["progress.csv"]):
        said = now.progress[column].str.strip()
        same = (said != "") & (said == look_up(previous, before.progress, column).str.strip())
        if same.any():
            yield "progress.csv", column, [*now.progress.loc[same, "item"]]
    both = now.commentary.merge(before.commentary, on=["scope", "text"])
    if len(both):
        yield "commentary.csv", "text", [*dict.fromkeys(both["scope"])]


def _check_values(plan: Plan, fiscal_year: int) -> Iterator[Finding]:
    """Yield the stocks that should grow, and have become smaller since the year before."""
    stocks = plan.indicators[
        (plan.indicators["kind"] == "stock") & (plan.indicators["direction"] == "increase")
    ]
    for entry in assess_indicators(plan, fiscal_year) if len(stocks) else ():
        if entry.indicator in {*stocks["indicator"]} and (entry.change or 0) < 0:
            before, now = (format_value(v, entry.unit) for v in (entry.previous, entry.actual))
            yield Finding(
                "fell",
                f"data/{plan.id}/{fiscal_year}/actuals.csv: {entry.indicator}",
                f"増えるはずの年度末の数（stock）が、前年度の{before}から{now}に減っている。",
                f"a stock that should grow fell from {before} to {now} since the year before.",
                locate(plan, f"{fiscal_year}/actuals.csv", entry.indicator),
            )


def _count_copied(year: progress.Year) -> int:
    """Return how many rows still cite the lines of the year before."""
    earlier = year.plan.years.get(year.fiscal_year - 1)
    if earlier is None or earlier.progress.empty:
        return 0
    own = year.plan.years[year.fiscal_year].progress
    key = ["item", "source", "line"]
    return len(own[own["source"] != ""][key].merge(earlier.progress[key], on=key))


def _list_unassigned(year: progress.Year) -> Iterator[tuple[Kind, str, str, str]]:
    """Yield the departments to which nothing is assigned: they have no document."""
    plan = year.plan
    own = plan.departments[plan.departments["kind"] != "generic"]
    departments = list(keep_valid(own, year.fiscal_year)["department"])
    held = set(plan.years[year.fiscal_year].assignments["department"])
    if not held and departments:
        ja = f"担当の行がないので、{len(departments)}部署の文書を作らない。"
        en = f"nobody is in charge of anything: no documents of {len(departments)} department(s)."
        yield "departments", "", ja, en
        return
    for name in departments:
        if name not in held:
            ja, en = (
                "この年度に担当する取組も指標もないので、文書を作らない。",
                "nothing is assigned to the department in this year: it has no document.",
            )
            yield "unassigned", name, ja, en


def _list_absent(year: progress.Year) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the year should tell and has no row for: items, values, who is in charge."""
    plan, tables = year.plan, year.plan.years[year.fiscal_year]
    silent, before = progress.select_unreported(year), join_items(plan, year.fiscal_year - 1)
    rows, unsaid = {*tables.progress["item"]}, {*silent.items["item"]}
    told = (rows - unsaid) | {*before["item"]}
    reported = has_progress(plan, year.fiscal_year)  # else one note tells of all
    for item in keep_valid(plan.items, year.fiscal_year)["item"] if reported else ():
        if item not in told:
            ja, en = (
                ("取組の行に記載がない。", "the row of the item says nothing")
                if item in rows
                else (
                    "この年度に有効な取組であるが、行がない。",
                    "the item exists in this year and has no row",
                )
            )
            if item in unsaid:
                ja, en = f"{ja}文書は{wording.NOT_REPORTED}とする。", f"{en}; documents say so"
            yield "progress.csv", item, ja, f"{en}."
    valued = set(tables.actuals["indicator"])
    for indicator in keep_valid(plan.indicators, year.fiscal_year)["indicator"]:
        if valued and indicator not in valued:
            ja = "この年度に有効な指標であるが、行がない。値がなければ missing に理由を書くこと。"
            en = "the indicator exists in this year and has no row; if it has no value, say why."
            yield "actuals.csv", indicator, ja, en
    assignments = pd.concat([year.assignments, silent.assignments])
    led = set(assignments.loc[assignments["role"] == "lead", "item"])
    items = pd.concat([year.items, silent.items])
    own = items[~progress.is_relisted(items) & progress.is_ward(items)]
    for item in own["item"]:
        if led and item not in led:
            ja, en = (
                f"{plan.meta.terms.lead}（role が lead）の行がない。",
                "no department leads the item (role lead).",
            )
            yield "assignments.csv", item, ja, en
