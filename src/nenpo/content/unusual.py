"""Values and rows that no rule forbids and that look wrong: each a finding for a second look."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from nenpo.analysis.progress import Year
from nenpo.content.finding import Finding
from nenpo.content.places import Spot, list_spots
from nenpo.data.plan import Plan
from nenpo.data.schema.tables import PLAN_TABLES, YEAR_TABLES
from nenpo.language.numbers import format_number
from nenpo.language.ordinary import fold_width

Record = dict[Hashable, Any]

_PERCENT = ("%", "％")
_LARGE = {"": 1, "千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12}
_NUMBER = re.compile(r"([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)([兆億万千]?)")
_CLAIMS_USE = re.compile(r"(これ|この値|この記載)を(用いる|使う|採用する)")


def list_plan_oddities(plan: Plan) -> Iterator[Finding]:
    """Yield what looks wrong in the tables of the whole plan."""
    yield from _check_cited_lines(plan, PLAN_TABLES, None)
    units = dict(zip(plan.indicators["indicator"], plan.indicators["unit"], strict=True))
    figures = plan.figures.to_dict("records")
    targets = [row | {"unit": units[row["indicator"]]} for row in plan.targets.to_dict("records")]
    yield from _check_ranges(plan, "figures.csv", figures)
    yield from _check_ranges(plan, "targets.csv", targets)
    yield from _check_claims(plan, "figures.csv", figures, "figure")
    yield from _check_claims(
        plan, "statements.csv", plan.statements.to_dict("records"), "statement"
    )


def list_value_oddities(plan: Plan, fiscal_year: int) -> Iterator[Finding]:
    """Yield what looks wrong in a year's values, and in the lines that its tables cite."""
    yield from _check_cited_lines(plan, YEAR_TABLES, fiscal_year)
    units = dict(zip(plan.indicators["indicator"], plan.indicators["unit"], strict=True))
    actuals = plan.years[fiscal_year].actuals.to_dict("records")
    rows = [row | {"unit": units[row["indicator"]]} for row in actuals]
    yield from _check_ranges(plan, f"{fiscal_year}/actuals.csv", rows)
    yield from _check_signs(plan, fiscal_year, rows)


def list_item_oddities(year: Year) -> Iterator[Finding]:
    """Yield changes without direction, and departments that the source does not print."""
    yield from _check_directions(year)
    yield from _check_printed_names(year)


def _find(kind: Any, plan: Plan, spot: Spot, ja: str, en: str) -> Finding:
    row = f": {spot.row}" if spot.row else ""
    return Finding(kind, f"data/{plan.id}/{spot.file}{row}", ja, en, (spot,))


def _check_ranges(plan: Plan, file: str, rows: list[Record]) -> Iterator[Finding]:
    """Yield shares below 0 or above 100 percent, and counts above what they are counted of."""
    for row, spot in zip(rows, list_spots(plan, file), strict=True):
        value, whole = row["value"], row["denominator"]
        if value is None:
            continue
        shown = format_number(value)
        if row["unit"] in _PERCENT and not 0 <= value <= 100:
            ja = f"割合が{shown}％であり、0％から100％までの間にない。"
            yield _find("excess", plan, spot, ja, f"a share of {shown}% is not within 0 and 100%.")
        if whole is not None and value > whole:
            told = f"{shown}/{format_number(whole)}"
            ja = f"値が分母を超える（{told}）。"
            yield _find("excess", plan, spot, ja, f"the value exceeds its denominator ({told}).")


def _check_signs(plan: Plan, fiscal_year: int, rows: list[Record]) -> Iterator[Finding]:
    """Yield counts below 0 of indicators that have no other value below it."""
    others = [(plan.targets["indicator"], plan.targets["value"])]
    for year, tables in plan.years.items():
        if year != fiscal_year:
            others.append((tables.actuals["indicator"], tables.actuals["value"]))
    signed = {
        indicator
        for ids, values in others
        for indicator, value in zip(ids, values, strict=True)
        if value is not None and value < 0
    }
    for row, spot in zip(rows, list_spots(plan, f"{fiscal_year}/actuals.csv"), strict=True):
        value = row["value"]
        if value is None or value >= 0 or row["unit"] in _PERCENT or row["indicator"] in signed:
            continue
        shown = format_number(value)
        ja = f"値が負の数（{shown}）である。この指標のほかの値に負の数はない。"
        yield _find("excess", plan, spot, ja, f"a value below 0 ({shown}), as no other of it is.")


def _check_cited_lines(plan: Plan, tables: Iterable[str], year: int | None) -> Iterator[Finding]:
    """Yield rows that cite a line beyond the end of their source."""
    lengths = {source.id: source.lines for source in plan.meta.sources}
    folder = "" if year is None else f"{year}/"
    for file in tables:
        for spot in list_spots(plan, f"{folder}{file}") if file != "assignments.csv" else ():
            length, line = lengths.get(spot.source), spot.source_line
            if length is not None and line is not None and not 1 <= line <= length:
                ja = f"出典 {spot.source} の{line}行を示すが、資料は{length}行で終わる。"
                en = f"cites line {line} of {spot.source}, which has {length} lines."
                yield _find("beyond", plan, spot, ja, en)


def _check_claims(plan: Plan, file: str, rows: list[Record], fact: str) -> Iterator[Finding]:
    """Yield values whose reason speaks for another value of the same fact."""
    facts: dict[str, list[tuple[Record, Spot]]] = defaultdict(list)
    for row, spot in zip(rows, list_spots(plan, file), strict=True):
        facts[row[fact]].append((row, spot))
    for held in facts.values():
        for row, spot in held:
            said = f"{row['reason']}{row.get('note', '')}"
            others = set().union(*(_read_own(other) for other, _ in held if other is not row))
            foreign = sorted(_read_numbers(said) & (others - _read_own(row)))
            if row["preferred"] and foreign and not _read_numbers(said) & _read_own(row):
                told = "、".join(map(format_number, foreign))
                ja = f"用いる値の理由又は備考が、用いない値の数（{told}）について述べている。"
                en = f"the reason or note of the value in use speaks of another one's ({told})."
                yield _find("claim", plan, spot, ja, en)
            if not row["preferred"] and _CLAIMS_USE.search(said) and "用いない" not in said:
                ja = "用いない値の理由が、用いると述べている。"
                en = "the reason of a value that is not in use says that it is."
                yield _find("claim", plan, spot, ja, en)


def _read_own(row: Record) -> set[Decimal]:
    """Return the numbers that a value consists of."""
    return {row["value"].normalize()} if "value" in row else _read_numbers(row["text"])


def _read_numbers(text: str) -> set[Decimal]:
    """Return the numbers in a text.

    >>> sorted(_read_numbers("約146万件、1,095件"))
    [Decimal('1095'), Decimal('1.46E+6')]
    """
    found = _NUMBER.findall(fold_width(text))
    return {(Decimal(n.replace(",", "")) * _LARGE[large]).normalize() for n, large in found}


def _check_directions(year: Year) -> Iterator[Finding]:
    """Yield marks that mean a change of schedule, in either direction, and do not say which."""
    plan = year.plan
    if not plan.meta.status_words.changed:
        return
    changed = {mark for mark, tone in plan.meta.tones.items() if tone == "neutral"}
    rows = plan.years[year.fiscal_year].progress.to_dict("records")
    for row, spot in zip(rows, list_spots(plan, f"{year.fiscal_year}/progress.csv"), strict=True):
        if row["status"] in changed and not row["shift"]:
            ja = f"進捗区分「{row['status']}」の変更の向き（shift）がない。"
            ja += "前倒しにも後ろ倒しにも数えない。"
            en = f"status '{row['status']}' has no direction (shift): counted as neither."
            yield _find("direction", plan, spot, ja, en)


def _check_printed_names(year: Year) -> Iterator[Finding]:
    """Yield assignments to a department that the source does not print, in any known spelling."""
    plan = year.plan
    known = {
        row["department"]: {row["name"], *row["aliases"].split("|")}
        for row in plan.departments.to_dict("records")
    }
    rows = plan.years[year.fiscal_year].assignments.to_dict("records")
    spots = list_spots(plan, f"{year.fiscal_year}/assignments.csv")
    for row, spot in zip(rows, spots, strict=True):
        printed = strip_qualifier(row["as_printed"])
        if printed and printed not in known[row["department"]]:
            name = plan.department_names[row["department"]]
            ja = f"資料の表記は「{row['as_printed']}」であるが、担当は「{name}」である。"
            en = f"the source prints '{row['as_printed']}', the row assigns '{name}'."
            yield _find("assigned", plan, spot, ja, en)


def strip_qualifier(printed: str) -> str:
    """Return the department that a source prints, without its brackets and its qualifier.

    >>> strip_qualifier("（情報課）"), strip_qualifier("保険課(国保・年金)")
    ('情報課', '保険課')
    """
    inner = re.fullmatch(r"[(（](.*)[)）]", printed.strip())
    return re.sub(r"[(（].*", "", inner[1] if inner else printed).strip()
