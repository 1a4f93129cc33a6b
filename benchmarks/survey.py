"""How long it takes to make the workbooks of a survey, and to take the answers in.

    .venv/bin/python benchmarks/survey.py [--rounds 3] [--departments 30] [--items 40]

An invented plan, the same in every run, of so many departments with so many items each, all with a
year behind them. Each command is run as a person types it, the start of Python included.
"""

import argparse
import csv
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from country_words import DEPARTMENTS, MARKS, OBJECTS, STEPS, VERBS
from nenpo.data.schema.tables import TABLES, list_columns
from nenpo.workbooks.layout import FIRST_ROW
from nenpo.workbooks.sending.hand_out import LETTER

YEAR = 2021
GOALS = {"make": 2.0, "collect": 3.0}
Cells = dict[str, object]


def main() -> None:
    """Measure, and print medians beside what they may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--departments", type=int, default=30)
    parser.add_argument("--items", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        make_project(project, asked.departments, asked.items)
        run(project, "new-year", "town", str(YEAR + 1))
        seconds: dict[str, list[float]] = {}
        for number in range(asked.rounds):
            own, sent = Path(folder) / f"project-{number}", Path(folder) / f"sent-{number}"
            shutil.copytree(project, own)
            took = run(own, "survey", "make", f"town/{YEAR + 1}", "--to", str(sent))
            seconds.setdefault("make", []).append(took)
            files = [fill_in(path) for path in sorted(sent.glob("*.xlsx"))]
            (sent / LETTER).unlink()
            seconds.setdefault("collect", []).append(run(own, "survey", "collect", str(sent)))
    print(f"{len(files)} workbooks of {asked.items} items, {os.cpu_count()} processors")
    print(platform.platform())
    for name, took_each in seconds.items():
        median = statistics.median(took_each)
        print(f"survey {name}: {median:.2f} s (goal: below {GOALS[name]:.0f} s)")


def make_project(root: Path, departments: int, items: int) -> None:
    """Write a project with the plan ``town`` and its first year."""
    data, params = root / "data" / "town", root / "params" / "town"
    names = [f"d{number:02}" for number in range(1, departments + 1)]
    ids = [(f"{name}-{number:03}", name) for name in names for number in range(1, items + 1)]
    _write(data / "departments.csv", [_describe_department(n, d) for n, d in enumerate(names)])
    _write(data / "measures.csv", [_describe_measure(name) for name in names])
    _write(data / "items.csv", [_describe_item(n, *own) for n, own in enumerate(ids)])
    for table in ("organisation_changes.csv", "indicators.csv", "targets.csv"):
        _write(data / table, [])
    year = data / str(YEAR)
    _write(year / "progress.csv", [_report(n, item) for n, (item, _) in enumerate(ids)])
    led: list[Cells] = [{"item": item, "department": name, "role": "lead"} for item, name in ids]
    _write(year / "assignments.csv", led)
    _write(year / "actuals.csv", [])
    (data / "plan.yaml").write_text(_PLAN, encoding="utf-8")
    params.mkdir(parents=True)
    (params / f"{YEAR}.yaml").write_text(_PARAMS, encoding="utf-8")
    shutil.copytree(Path(__file__).parents[1] / "notebooks", root / "notebooks")


def fill_in(path: Path) -> Path:
    """Answer every item of a workbook, as its department would."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[1]
    columns = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    for row in range(FIRST_ROW, sheet.max_row + 1):
        mark, (_, label, _, _) = [*MARKS.items()][row % len(MARKS)]
        for key, text in (
            ("status", f"{mark} {label}"),
            ("shift", "後ろ倒し" if mark == "○" else None),
            ("change_reason", None if mark == "◎" else "入札が不調となったため"),
            ("done", f"{_pick(OBJECTS, row)}について、{_pick(STEPS, row)}。"),
            ("next_year", f"{_pick(OBJECTS, row)}を続ける。"),
        ):
            sheet.cell(row, columns[key]).value = text
    book.save(path)
    return path


def run(project: Path, *words: str) -> float:
    """Run a command of nenpo in the project, and return how many seconds it took."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "nenpo", *words]
    subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def _write(path: Path, rows: Sequence[Cells]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [*list_columns(TABLES[path.name])]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([row.get(column, "") for column in columns] for row in rows)


def _describe_department(number: int, name: str) -> Cells:
    called = [*DEPARTMENTS.values()]
    title = f"{called[number % len(called)]}{'' if number < len(called) else number}"
    kind = {"kind": "section", "order": number, "inferred": "false"}
    return {"department": name, "name": title, **kind}


def _describe_measure(name: str) -> Cells:
    number = int(name[1:])
    place: Cells = {"label": f"1-{number}", "goal": "g1", "policy": "p1"}
    return {"measure": f"m-{name}", "title": f"施策{number}", **place}


def _describe_item(number: int, item: str, department: str) -> Cells:
    title = f"{_pick(OBJECTS, number)}の{_pick(VERBS, number // 3)}（{number}）"
    return {"item": item, "measure": f"m-{department}", "title": title, "actor": "ward"}


def _report(number: int, item: str) -> Cells:
    mark = _pick(MARKS, number)
    reason = "" if mark == "◎" else "入札が不調となったため"
    step = f"{_pick(OBJECTS, number)}について、{_pick(STEPS, number)}。"
    words = {"done": step * 2, "next_year": step * 2, "later": step}
    return {"item": item, "status": mark, "change_reason": reason, **words}


def _pick(words: Iterable[object], number: int) -> str:
    known = [*words]
    return str(known[number % len(known)])


_PLAN = "\n".join(
    [
        "id: town",
        "title: 町のデジタル計画",
        "short_title: デジタル計画",
        "municipality: {name: 町, code: null}",
        f"period: {{first_year: {YEAR}, last_year: {YEAR + 4}}}",
        "goals:",
        "  - {id: g1, label: 目標1, title: 便利な窓口}",
        "status_scale:",
        *(
            f'  - {{mark: "{mark}", code: {code}, label: {label}, tone: {tone}}}'
            for mark, (code, label, tone, _) in MARKS.items()
        ),
        "",
    ]
)
_PARAMS = f"""\
plan: town
fiscal_year: {YEAR}
as_of: "{YEAR + 1}-03-31"
issued: "{YEAR + 1}-06-30"
state: final
sample: true
"""

if __name__ == "__main__":
    main()
