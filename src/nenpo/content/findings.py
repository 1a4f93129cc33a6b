"""What is worth a second look in valid data: notes for the analyst, none of them an error."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from nenpo.analysis import progress
from nenpo.analysis.figures import Figure, list_disagreements
from nenpo.analysis.items import each_item, has_progress
from nenpo.content import wording
from nenpo.data.plan import Plan
from nenpo.errors import Language

Kind = Literal[
    "code",
    "reason",
    "disagreement",
    "published",
    "title",
    "relisted",
    "unreported",
    "copied",
    "absent",
]


@dataclass(frozen=True)
class Finding:
    """One finding: its kind, its place (a file, and an id in it), and what was found."""

    kind: Kind
    place: str
    ja: str
    en: str

    def message(self, language: Language) -> str:
        """Return the finding in ``language``."""
        return self.ja if language == "ja" else self.en


def list_findings(plan: Plan, fiscal_year: int | None = None) -> tuple[Finding, ...]:
    """Return the findings of the plan and of one fiscal year, or of every year with progress."""
    years = [year for year in sorted(plan.years) if has_progress(plan, year)]
    chosen = [year for year in years if fiscal_year in (None, year)]
    found = [*_check_code(plan), *_check_disagreements(plan)]
    for each in chosen:
        year = progress.load_year(plan, each)
        checks = (_check_reasons, _check_published, _check_titles, _check_relisted)
        found += [finding for check in checks for finding in check(year)]
        found += [*_check_unreported(year), *_check_copied(year), *_check_absent(year)]
    return tuple(found)


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


def _check_code(plan: Plan) -> Iterator[Finding]:
    code = plan.meta.municipality.code
    if code is not None and not is_known_code(code):
        yield Finding(
            "code",
            f"data/{plan.id}/plan.yaml: municipality.code",
            f"地方公共団体コード「{code}」は存在しない（都道府県の番号か検査数字が合わない）。",
            f"local government code '{code}' cannot exist (prefecture or check digit is wrong).",
        )


def _check_disagreements(plan: Plan) -> Iterator[Finding]:
    for entry in list_disagreements(plan):
        numbers = isinstance(entry.values[0][0], Figure)
        values = "、".join(
            f"{_show(value)}（{source}:{line}）" for value, source, line, _, _ in entry.values
        )
        yield Finding(
            "disagreement",
            f"data/{plan.id}/{'figures' if numbers else 'statements'}.csv: {entry.id}",
            f"「{entry.title}」は資料により記載が異なる: {values}。",
            f"sources differ on '{entry.title}': {values}.",
        )


def _show(value: Figure | str) -> str:
    return value if isinstance(value, str) else wording.format_figure(value)


def _check_reasons(year: progress.Year) -> Iterator[Finding]:
    for item in each_item(progress.list_without_reason(year)):
        yield Finding(
            "reason",
            f"{_place(year)}/progress.csv: {item.item}",
            f"進捗区分「{item.status}」の変更理由がない。",
            f"status '{item.status}' has no change_reason.",
        )


def _check_published(year: progress.Year) -> Iterator[Finding]:
    for mark, published, computed in progress.reconcile(year).differences:
        yield Finding(
            "published",
            f"{_place(year)}/published.yaml: {mark}",
            f"公表{published}件に対し、集計は{computed}件である。",
            f"published {published}, computed {computed}.",
        )


def _check_titles(year: progress.Year) -> Iterator[Finding]:
    for item, before, now in progress.list_title_drift(year):
        yield Finding(
            "title",
            f"{_place(year)}/titles.csv: {item}",
            f"題名が「{before}」から「{now}」に変わっている。",
            f"the title changed from '{before}' to '{now}'.",
        )


def _check_relisted(year: progress.Year) -> Iterator[Finding]:
    rows = year.items[progress.is_relisted(year.items) & progress.is_rated(year.items)]
    for item in each_item(rows):
        yield Finding(
            "relisted",
            f"{_place(year)}/progress.csv: {item.item}",
            f"再掲の行に進捗区分「{item.status}」があり、{item.relisted_from} と重ねて数えている。",
            f"a re-listed row has status '{item.status}': counted beside {item.relisted_from}.",
        )


def _check_unreported(year: progress.Year) -> Iterator[Finding]:
    moved = progress.compare_years(year)
    for item in each_item(moved.unreported) if moved else ():
        yield Finding(
            "unreported",
            f"{_place(year)}/progress.csv: {item.item}",
            "前年度に報告された取組の行がない。終了なら items.csv の last_year に書くこと。",
            "reported last year, no row this year; if it ended, say so in items.csv (last_year).",
        )


def _check_copied(year: progress.Year) -> Iterator[Finding]:
    """Yield one finding for a year whose rows still cite the lines of the year before."""
    earlier = year.plan.years.get(year.fiscal_year - 1)
    if earlier is None or earlier.progress.empty:
        return
    own = year.plan.years[year.fiscal_year].progress
    key = ["item", "source", "line"]
    lines = own[own["source"] != ""][key].merge(earlier.progress[key], on=key)
    if len(lines):
        yield Finding(
            "copied",
            f"{_place(year)}/progress.csv",
            f"{len(lines)}行が前年度の行と同じ出典の同じ行を示す。写したままでないか確かめること。",
            f"{len(lines)} row(s) cite the same source and line as last year's: still copies?",
        )


def _check_absent(year: progress.Year) -> Iterator[Finding]:
    """Yield what the year should tell and has no row for: items, values, who is in charge."""
    plan, tables = year.plan, year.plan.years[year.fiscal_year]
    before = plan.years.get(year.fiscal_year - 1)
    known = set(before.progress["item"]) if before is not None else set()
    items = _list_missing(plan.items, "item", set(tables.progress["item"]) | known, year)
    for item in items:
        yield Finding(
            "absent",
            f"{_place(year)}/progress.csv: {item}",
            "この年度に有効な取組であるが、行がない。",
            "the item exists in this year and has no row.",
        )
    told = set(tables.actuals["indicator"])
    for indicator in _list_missing(plan.indicators, "indicator", told, year) if told else ():
        yield Finding(
            "absent",
            f"{_place(year)}/actuals.csv: {indicator}",
            "この年度に有効な指標であるが、行がない。値がなければ missing に理由を書くこと。",
            "the indicator exists in this year and has no row; if it has no value, say why.",
        )
    led = set(year.assignments.loc[year.assignments["role"] == "lead", "item"])
    own = year.items[~progress.is_relisted(year.items) & progress.is_ward(year.items)]
    for item in (name for name in own["item"] if led and name not in led):
        yield Finding(
            "absent",
            f"{_place(year)}/assignments.csv: {item}",
            "所管課（role が lead）の行がない。",
            "no department leads the item (role lead).",
        )


def _list_missing(
    rows: pd.DataFrame, column: str, told: set[str], year: progress.Year
) -> Iterator[str]:
    """Yield the ids of rows valid in the year that are not among ``told``."""
    for name, first, last in zip(rows[column], rows["first_year"], rows["last_year"], strict=True):
        begun = first is None or first <= year.fiscal_year
        if begun and (last is None or year.fiscal_year <= last) and name not in told:
            yield str(name)


def _place(year: progress.Year) -> str:
    return f"data/{year.plan.id}/{year.fiscal_year}"
