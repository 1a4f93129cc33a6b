"""An invented country in a box: municipalities × departments × years, as a project of nenpo's.

Every municipality has a plan of its own, drawn from a seed and its number: the same in every run
and in a country of any size. Nothing of it is real.
"""

import csv
import random
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from country_words import (
    DEPARTMENTS,
    INDICATORS,
    MARKS,
    OBJECTS,
    PLACES,
    REASONS,
    STEPS,
    VERBS,
)
from nenpo.data.schema.tables import TABLES, list_columns

ROOT = Path(__file__).parents[1]
YEARS = (2021, 2022)
BASELINE_YEAR = 2020
GOALS, POLICIES, MEASURES, ITEMS = 3, 8, 32, 100
BRIEFINGS_A_YEAR = 2 + len(DEPARTMENTS)  # annual, inspection
Record = dict[str, Any]


@dataclass(frozen=True)
class Municipality:
    """An invented municipality; ``plan`` is the id of its plan."""

    number: int
    name: str
    random: random.Random

    @property
    def plan(self) -> str:
        """The id of its plan, and the name of its folder."""
        return f"city-{self.number:04d}"


def make_country(
    root: Path, municipalities: int, seed: int = 1, editions: Sequence[int] = YEARS
) -> None:
    """Write a project with so many municipalities into ``root``; all have the data of all years.

    ``editions`` are the years to report.
    """
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    for number in range(1, municipalities + 1):
        drawn = random.Random(f"{seed}-{number}")
        municipality = Municipality(number, name_municipality(number), drawn)
        write_plan(root / "data" / municipality.plan, municipality)
        for year in editions:
            path = root / "params" / municipality.plan / f"{year}.yaml"
            write_yaml(path, describe_edition(municipality, year))


def name_municipality(number: int) -> str:
    """Return an invented name, another one for every number up to 2,000.

    >>> name_municipality(1), len({name_municipality(number) for number in range(1, 2001)})
    ('青星瀬市', 2000)
    """
    first, second, third = PLACES
    place = number - 1
    parts = (first[place % 20], second[place // 20 % 10], third[place // 200 % 10])
    return "".join(parts) + ("市", "町", "村")[number % 3 - 1]


def write_plan(folder: Path, municipality: Municipality) -> None:
    """Write ``data/<plan>/``."""
    write_yaml(folder / "plan.yaml", describe_plan(municipality))
    measures, items = list_measures(), list_items(municipality)
    tables = {
        "measures.csv": measures,
        "items.csv": items,
        "departments.csv": list_departments(),
        "organisation_changes.csv": [],
        "indicators.csv": list_indicators(),
        "targets.csv": list_targets(municipality),
    }
    for file, rows in tables.items():
        write_table(folder / file, rows)
    write_table(folder / str(BASELINE_YEAR) / "actuals.csv", list_actuals(municipality, 0))
    for number, year in enumerate(YEARS, 1):
        write_year(folder / str(year), municipality, number)


def write_year(folder: Path, municipality: Municipality, number: int) -> None:
    """Write ``data/<plan>/<year>/``; ``number`` is that of the year, from 1."""
    progress = list_progress(municipality, number)
    write_table(folder / "progress.csv", progress)
    write_table(folder / "assignments.csv", list_assignments(municipality))
    write_table(folder / "actuals.csv", list_actuals(municipality, number))
    write_table(folder / "commentary.csv", list_commentary(municipality))
    counts = Counter(row["status"] for row in progress if row["status"])
    totals = {mark: counts[mark] for mark in MARKS}
    write_yaml(folder / "published.yaml", {"status_counts": totals, "source": "s1"})


def describe_plan(municipality: Municipality) -> Record:
    """Return ``plan.yaml``."""
    scale = [
        {"mark": mark, "code": code, "label": label, "tone": tone}
        for mark, (code, label, tone, _) in MARKS.items()
    ]
    return {
        "id": municipality.plan,
        "title": f"{municipality.name}デジタル化推進計画",
        "short_title": "デジタル化推進計画",
        "municipality": {"name": municipality.name, "code": None},
        "period": {"first_year": YEARS[0], "last_year": 2025, "note": ""},
        "goals": [
            {"id": f"g{goal}", "label": f"目標{goal}", "title": OBJECTS[goal] + "を進める"}
            for goal in range(1, GOALS + 1)
        ],
        "status_scale": scale,
        "actors": [{"id": "nation", "label": "国"}, {"id": "prefecture", "label": "県"}],
        "counting_rules": ["進捗区分の記載がある行を1件として数える。"],
        "department_order_note": "",
        "sources": [
            {
                "id": "s1",
                "title": "進捗状況報告書",
                "publisher": municipality.name,
                "date": "2022-06-30",
                "file": "report.txt",
            }
        ],
    }


def describe_edition(municipality: Municipality, year: int) -> Record:
    """Return ``params/<plan>/<year>.yaml``."""
    return {
        "plan": municipality.plan,
        "fiscal_year": year,
        "as_of": f"{year + 1}-03-31",
        "issued": f"{year + 1}-07-01",
        "state": "final",
        "revision": 0,
        "document_number": "資料1",
        "reported_to": "議会",
        "prepared_by": "情報政策課",
        "contact": "電話番号は架空のため省略",
        "handling": "",
        "sample": True,
        "attach_data": True,
    }


def list_measures() -> list[Record]:
    """Return measures.csv: the measures in turn under the policies, these under the goals."""
    return [
        {
            "measure": f"m{number}",
            "label": f"{number}",
            "goal": f"g{number * GOALS // MEASURES % GOALS + 1}",
            "policy": f"p{number * POLICIES // MEASURES % POLICIES + 1}",
            "title": OBJECTS[number % len(OBJECTS)] + "の推進",
            **taken_from(number),
        }
        for number in range(1, MEASURES + 1)
    ]


def list_items(municipality: Municipality) -> list[Record]:
    """Return items.csv."""
    drawn = municipality.random
    return [
        {
            "item": f"i{number:03d}",
            "measure": f"m{number % MEASURES + 1}",
            "title": f"{drawn.choice(OBJECTS)}の{drawn.choice(VERBS)}",
            "scope": drawn.choices(("new", "expanded", ""), (1, 2, 5))[0],
            "actor": drawn.choices(("ward", "nation", "prefecture"), (20, 2, 1))[0],
            **taken_from(100 + number),
        }
        for number in range(1, ITEMS + 1)
    ]


def list_departments() -> list[Record]:
    """Return departments.csv."""
    return [
        {"department": name, "name": label, "kind": "section", "order": 10 * place}
        for place, (name, label) in enumerate(DEPARTMENTS.items(), 1)
    ]


def list_indicators() -> list[Record]:
    """Return indicators.csv."""
    return [
        {
            "indicator": f"k{number}",
            "goal": f"g{number % GOALS + 1}",
            "name": name,
            "unit": unit,
            "direction": direction,
            "baseline_year": BASELINE_YEAR,
            "kind": kind,
        }
        for number, (name, unit, direction, kind, _) in enumerate(INDICATORS, 1)
    ]


def list_targets(municipality: Municipality) -> list[Record]:
    """Return targets.csv: two years, the second further on."""
    return [
        {
            "indicator": f"k{number}",
            "fiscal_year": year,
            "value": move(municipality, number, step),
            "approximate": "false",
            "set_in": YEARS[0],
            **taken_from(300 + number),
        }
        for number in range(1, len(INDICATORS) + 1)
        for year, step in ((2023, 4), (2025, 6))
    ]


def list_actuals(municipality: Municipality, step: int) -> list[Record]:
    """Return <year>/actuals.csv, ``step`` years after the baseline."""
    return [
        {
            "indicator": f"k{number}",
            "value": move(municipality, number, step),
            "approximate": "false",
            "preferred": "true",
            **taken_from(400 + number),
        }
        for number in range(1, len(INDICATORS) + 1)
    ]


def move(municipality: Municipality, number: int, step: int) -> int:
    """Return the value of an indicator some steps on, as it is wanted, more or less."""
    _, _, direction, _, start = INDICATORS[number - 1]
    towards = {"increase": 1, "decrease": -1, "maintain": 0}[direction]
    wobble = municipality.random.uniform(0.7, 1.2)
    return max(0, round(start * (1 + 0.1 * towards * step * wobble)))


def list_progress(municipality: Municipality, year: int) -> list[Record]:
    """Return <year>/progress.csv; ``year`` is the number of the year, from 1."""
    return [
        report_item(municipality.random, f"i{number:03d}") | taken_from(1000 * year + number)
        for number in range(1, ITEMS + 1)
    ]


def report_item(drawn: random.Random, item: str) -> Record:
    """Return what is reported of an item; a change has a reason, most of the time."""
    weights = [weight for *_, weight in MARKS.values()]
    status = drawn.choices(list(MARKS), weights)[0]
    told = {"item": item, "status": status, "done": tell(drawn, 3)}
    if status == "○":
        told["shift"] = drawn.choice(("ahead", "behind", "behind"))
    if status != "◎" and drawn.random() < 0.8:
        told["change_reason"] = drawn.choice(REASONS)
    return {**told, "next_year": tell(drawn, 2), "later": tell(drawn, 1)}


def tell(drawn: random.Random, sentences: int) -> str:
    """Return some sentences of a report."""
    return "。".join(f"{drawn.choice(OBJECTS)}の{drawn.choice(STEPS)}" for _ in range(sentences))


def list_assignments(municipality: Municipality) -> list[Record]:
    """Return <year>/assignments.csv: every department leads something."""
    drawn, names = municipality.random, list(DEPARTMENTS)
    rows: list[Record] = []
    for number in range(1, ITEMS + 1):
        lead = names[number % len(names)]
        others = drawn.sample([name for name in names if name != lead], drawn.choice((0, 0, 1, 2)))
        rows += [assign(f"i{number:03d}", lead, "lead")]
        rows += [assign(f"i{number:03d}", name, "supporting") for name in others]
    for number in range(1, len(INDICATORS) + 1):
        rows.append(assign(f"k{number}", names[number % len(names)], "lead"))
    return rows


def assign(item: str, department: str, role: str) -> Record:
    """Return a row of assignments.csv."""
    printed = DEPARTMENTS[department]
    as_printed = printed if role == "lead" else f"（{printed}）"
    return {"item": item, "department": department, "role": role, "as_printed": as_printed}


def list_commentary(municipality: Municipality) -> list[Record]:
    """Return <year>/commentary.csv."""
    scopes = ("plan", *municipality.random.sample(list(DEPARTMENTS), 4))
    return [{"scope": scope, "text": tell(municipality.random, 2) + "。"} for scope in scopes]


def taken_from(line: int) -> Record:
    """Return where a fact was taken from."""
    return {"source": "s1", "line": line}


def write_table(path: Path, rows: Iterable[Record]) -> None:
    """Write a table with all its columns."""
    columns = list(list_columns(TABLES[path.name]))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_yaml(path: Path, value: Mapping[str, Any]) -> None:
    """Write a declaration."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(dict(value), allow_unicode=True, sort_keys=False), "utf-8")
