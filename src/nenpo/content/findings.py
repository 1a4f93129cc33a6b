"""What is worth a second look in valid data: notes for the analyst, none of them an error."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nenpo.analysis import progress
from nenpo.analysis.figures import Figure, list_disagreements
from nenpo.analysis.items import each_item, has_progress, keep_valid
from nenpo.content import wording
from nenpo.data.plan import Plan
from nenpo.errors import Language

Kind = Literal[
    "code", "reason", "disagreement", "published", "title",
    "relisted", "unreported", "copied", "absent",
]  # fmt: skip


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
    found = [*_check_plan(plan)]
    for each in (year for year in years if fiscal_year in (None, year)):
        found += _check_year(progress.load_year(plan, each))
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


def _check_plan(plan: Plan) -> Iterator[Finding]:
    code = plan.meta.municipality.code
    if code is not None and not is_known_code(code):
        yield Finding(
            "code",
            f"data/{plan.id}/plan.yaml: municipality.code",
            f"地方公共団体コード「{code}」は存在しない（都道府県の番号か検査数字が合わない）。",
            f"local government code '{code}' cannot exist (prefecture or check digit is wrong).",
        )
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


def _check_year(year: progress.Year) -> Iterator[Finding]:
    """Yield what is worth a look in the year's own files, each named with the row's id."""

    def find(kind: Kind, file: str, row: str, ja: str, en: str) -> Finding:
        place = f"data/{year.plan.id}/{year.fiscal_year}/{file}"
        return Finding(kind, f"{place}: {row}" if row else place, ja, en)

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
        ja = "前年度に報告された取組の行がない。終了なら items.csv の last_year に書くこと。"
        en = "reported last year, no row this year; if it ended, say so in items.csv (last_year)."
        yield find("unreported", "progress.csv", item.item, ja, en)
    if copied := _count_copied(year):
        ja = f"{copied}行が前年度の行と同じ出典の同じ行を示す。写したままでないか確かめること。"
        en = f"{copied} row(s) cite the same source and line as last year's: still copies?"
        yield find("copied", "progress.csv", "", ja, en)
    for file, row, ja, en in _list_absent(year):
        yield find("absent", file, row, ja, en)


def _count_copied(year: progress.Year) -> int:
    """Return how many rows still cite the lines of the year before."""
    earlier = year.plan.years.get(year.fiscal_year - 1)
    if earlier is None or earlier.progress.empty:
        return 0
    own = year.plan.years[year.fiscal_year].progress
    key = ["item", "source", "line"]
    return len(own[own["source"] != ""][key].merge(earlier.progress[key], on=key))


def _list_absent(year: progress.Year) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the year should tell and has no row for: items, values, who is in charge."""
    plan, tables = year.plan, year.plan.years[year.fiscal_year]
    before = plan.years.get(year.fiscal_year - 1)
    told = {*tables.progress["item"], *(before.progress["item"] if before is not None else ())}
    for item in keep_valid(plan.items, year.fiscal_year)["item"]:
        if item not in told:
            ja, en = (
                "この年度に有効な取組であるが、行がない。",
                "the item exists in this year and has no row.",
            )
            yield "progress.csv", item, ja, en
    valued = set(tables.actuals["indicator"])
    for indicator in keep_valid(plan.indicators, year.fiscal_year)["indicator"]:
        if valued and indicator not in valued:
            ja = "この年度に有効な指標であるが、行がない。値がなければ missing に理由を書くこと。"
            en = "the indicator exists in this year and has no row; if it has no value, say why."
            yield "actuals.csv", indicator, ja, en
    led = set(year.assignments.loc[year.assignments["role"] == "lead", "item"])
    own = year.items[~progress.is_relisted(year.items) & progress.is_ward(year.items)]
    for item in own["item"]:
        if led and item not in led:
            ja, en = (
                f"{plan.meta.terms.lead}（role が lead）の行がない。",
                "no department leads the item (role lead).",
            )
            yield "assignments.csv", item, ja, en
