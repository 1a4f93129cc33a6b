"""Indicators of a list: their unit, baseline, targets and value of the year."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nenpo.language.ordinary import fold_width
from nenpo.language.values import Missing, Value, parse_value
from nenpo.workbooks.starting.entries import Entry, Told
from nenpo.workbooks.starting.times import find_years

_DECREASE = re.compile(
    r"削減|減少|事故|苦情|待ち時間|待時間|滞納|未納|残業|時間外|排出|漏えい|障害"
)
_STOCK = re.compile(r"累計|登録者|人口|台数|設置|総数|加入|整備済|保有|所有")
Cells = dict[str, str]


@dataclass
class Indicators:
    """The rows of the tables of indicators, values by fiscal year."""

    rows: list[Cells] = field(default_factory=list)
    targets: list[Cells] = field(default_factory=list)
    actuals: dict[int, list[Cells]] = field(default_factory=dict)

    def add(self, entry: Entry, name: str, goal: str, fiscal_year: int, last_year: int) -> str:
        """Add an indicator with what its row says; return its id, "" if it says no number."""
        read = [*_read_values(entry, fiscal_year, last_year)]
        if not any(isinstance(value, Value) for _, _, value, _ in read):
            return ""
        key = f"k{len(self.rows) + 1:02}"
        kinds = {kind: value for kind, _, value, _ in read if isinstance(value, Value)}
        units = [unit for *_, unit in read if unit]
        unit = entry.read("unit") or (units[0] if units else "")
        baseline = next((year for kind, year, _, _ in read if kind == "baseline"), fiscal_year - 1)
        first = entry.find("indicator") or entry.title
        for chosen, told in (
            (_choose_direction(name, kinds), "望ましい方向"),
            (_choose_kind(name, unit), "種類"),
        ):
            words = {
                "increase": "増",
                "decrease": "減",
                "share": "割合",
                "stock": "年度末の数",
                "flow": "年間の数",
            }
            entry.grid.guesses.add(
                "look" if told == "望ましい方向" else "guessed",
                first.place,
                "指標「{}」の{}は「{}」とみた",
                "the indicator '{0}' was taken as '{2}'",
                name,
                told,
                words[chosen],
            )
        self.rows.append(
            {
                "indicator": key,
                "goal": goal,
                "name": name,
                "unit": "%" if unit in ("％", "パーセント") else unit,
                "direction": _choose_direction(name, kinds),
                "baseline_year": str(baseline),
                "kind": _choose_kind(name, unit),
                "note": "",
            }
        )
        for kind, year, value, _ in read:
            cells = {"indicator": key, **_write_value(value)}
            if kind != "target":
                own = self.actuals.setdefault(year, [])
                if not any(row["indicator"] == key for row in own):
                    own.append({**cells, "preferred": "true"})
            elif (
                isinstance(value, Value)
                and year > baseline
                and not any(
                    (t["indicator"], t["fiscal_year"]) == (key, str(year)) for t in self.targets
                )
            ):
                del cells["missing"]
                self.targets.append(
                    {**cells, "fiscal_year": str(year), "set_in": str(baseline + 1)}
                )
        return key


def _read_values(
    entry: Entry, fiscal_year: int, last_year: int
) -> Iterator[tuple[str, int, Value | Missing, str]]:
    """Yield kind, year, value and unit of the numbers that a row says; others are told."""
    years = {"baseline": fiscal_year - 1, "target": last_year, "value": fiscal_year}
    for kind, default in years.items():
        for told in entry.told.get(kind, ()):
            stated = find_years(told.text.text) if kind != "value" else []
            year = told.heading.year or next(iter(stated), default)
            found = _read_value(entry, told)
            if found is None:
                continue
            if told.heading.year is None and not stated and kind != "value":
                entry.grid.guesses.look(
                    told.heading.place,
                    "「{}」は{}年度のものとみた",
                    "'{}' was taken as that of fiscal year {}",
                    told.heading.label,
                    str(default),
                )
            yield kind, year if kind != "value" else fiscal_year, *found


def _read_value(entry: Entry, told: Told) -> tuple[Value | Missing, str] | None:
    text = entry.grid.check(told.text, told.heading.label)
    plain = re.sub(
        r"^(?:年間?|月間?|延べ|累計)(?=[約0-9０-９])|[(（][^()（）]*年度?[)）]|(?:令和|[RＲ])\s?[0-9元]+年度?[:：]?",
        "",
        text,
    ).strip()
    try:
        value = parse_value(plain.split("\n")[0])
    except ValueError:
        entry.grid.guesses.leave(
            told.text.place, "「{}」は一つの数ではない", "'{}' is not one number", text
        )
        return None
    unit = re.sub(r"^(?:約|およそ|概ね)?\s*[-−▲△]?[0-9,.万億千兆/\s]+", "", fold_width(plain))
    return value, "" if isinstance(value, Missing) or len(unit) > 6 else unit.replace(
        "程度", ""
    ).strip()


def _write_value(value: Value | Missing) -> Cells:
    cells: dict[str, Any] = {"value": "", "denominator": "", "approximate": "false", "missing": ""}
    if isinstance(value, Missing):
        return cells | {"missing": value.reason}
    return cells | {
        "value": f"{value.value:f}",
        "denominator": "" if value.denominator is None else f"{value.denominator:f}",
        "approximate": str(value.approximate).lower(),
    }


def _choose_direction(name: str, values: dict[str, Value]) -> str:
    first = values.get("baseline")
    target = values.get("target")
    if first and target and first.value != target.value:
        return "increase" if target.value > first.value else "decrease"
    return "decrease" if _DECREASE.search(name) else "increase"


def _choose_kind(name: str, unit: str) -> str:
    if unit in ("%", "％", "割") or name.endswith("率"):
        return "share"
    return "stock" if _STOCK.search(name) else "flow"
