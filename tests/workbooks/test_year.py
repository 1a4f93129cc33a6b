"""The whole year of a plan: asked, answered with every kind of mistake, mended, taken, published.

Answers to all that Nakano's departments are asked for 2022 are invented; every kind of mistake is
planted in their workbooks, each in a cell, a row, a sheet or a file of its own.
"""

import csv
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from answering import PLAN, YEAR, Answers, copy_nakano, fill_in, invent_answers, show_choices
from book_mistakes import BOOK_MISTAKES, SENT_AGAIN, Named
from cell_mistakes import CELL_MISTAKES, CellMistake
from check_project import Finished, run
from nenpo.data.load import load_plan
from nenpo.workbooks.asking.survey import identify_milestone
from nenpo.workbooks.layout import SheetKind
from nenpo.workbooks.marking.findings import FAULT
from nenpo.workbooks.replies.expected import Expected, expect_replies, fold
from nenpo.workbooks.taking.collect import Collection, prepare_collection
from nenpo.workbooks.taking.opened import open_replies
from shared_builds import make_once
from survey_books import Filled
from tiny_project import Project

pytestmark = pytest.mark.long
EDITION = f"{PLAN}/{YEAR}"
SEED = 20230331
SPOILED = ("joho-system", "plan")
"""In whose workbooks mistakes are typed into cells; those of the others are spoiled as a whole."""
TWICE, SECOND = "sangyo-shinko", "再提出.xlsx"
"""Of whom two workbooks come, and what the second is called."""
DOCUMENTS = {
    "annual": "annual",
    "joho-system": "departments/joho-system",
    "koseki-jumin": "departments/koseki-jumin",
}
LEFT = "left.json"


@dataclass(frozen=True)
class Planted:
    """A mistake in the cell of a row of a department."""

    mistake: CellMistake
    department: str
    id: str
    place: str


@dataclass(frozen=True)
class Year:
    """The year as it is played, step by step, in folders of its own."""

    project: Project
    expected: Expected
    replies: Path
    kept: Path
    """The workbooks as they would have been without a mistake."""
    back: Path

    def find(self, department: str, folder: Path | None = None) -> Path:
        """Return a department's workbook under the name that it was sent out with."""
        name = self.expected.names[department]
        return next((folder or self.kept).glob(f"*_{name}.xlsx"))

    def open(self, department: str) -> Filled:
        return Filled(self.find(department, self.replies), self.expected.surveys[department])


def ask(folder: Path) -> Year:
    """Begin the year 2022 and ask the departments."""
    project = Project(copy_nakano(folder / "project"))
    succeed(run(project, "new-year", PLAN, str(YEAR)))
    asked = ("--sent", "2023-04-10", "--deadline", "2023-05-12")
    succeed(run(project, "survey", "make", EDITION, "--to", str(folder / "replies"), *asked))
    expected = expect_replies(load_plan(PLAN, project.root), YEAR)
    return Year(project, expected, folder / "replies", folder / "kept", folder / "back")


def succeed(told: Finished) -> Finished:
    assert told.returncode == 0, told.stdout + told.stderr
    return told


def choose_rows(expected: Expected) -> Iterator[tuple[CellMistake, str, str]]:
    """Yield each mistake in a cell with a department and a row that has no other mistake."""
    free: dict[SheetKind, list[tuple[str, str]]] = {"items": [], "indicators": [], "milestones": []}
    for department in SPOILED:
        for sheet in expected.surveys[department].sheets:
            rows = [row.id for row in sheet.rows if row.id and sheet.table]
            alone = [row for row in rows if len(expected.holders[row]) == 1]
            free.get(sheet.kind, []).extend((department, row) for row in alone)
    for mistake in CELL_MISTAKES:
        own = free[mistake.kind]
        named = [each for each in own if each[1] == mistake.row.get("id")]
        chosen = (named or own)[0]
        own.remove(chosen)
        yield mistake, *chosen


def spoil_cells(year: Year, chosen: list[tuple[CellMistake, str, str]]) -> list[Planted]:
    """Type the mistakes into the workbooks; return where they are."""
    planted = list[Planted]()
    for department in SPOILED:
        filled = year.open(department)
        for mistake, own, id in chosen:
            if own == department:
                row, kind = filled.row(id, mistake.kind), mistake.kind
                cell = filled.sheet(kind).cell(row, filled.column(mistake.key, kind))
                mistake.type_into(cell)
                place = f"{filled.path.name}!{filled.sheet(kind).title}!{cell.coordinate}"
                planted.append(Planted(mistake, department, id, place))
        filled.save()
    return planted


def invent(expected: Expected, chosen: Iterable[tuple[CellMistake, str, str]]) -> Answers:
    """Return the year's answers, such that each mistake stands for something that is meant."""
    answers = invent_answers(expected, SEED)
    for mistake, department, id in chosen:
        held = {key: text for key, text in mistake.row.items() if key != "id"}
        table, typed = answers.tables[mistake.kind], answers.typed[department, mistake.kind, id]
        if mistake.kind == "milestones":
            was = table[id].get("former_date") or table[id]["date"]
            moved = held["state"] == "revised"
            table[id] = {"date": was} | held | ({"former_date": was} if moved else {})
            typed.update(held | {"date": "令和8年度末" if moved else ""})
        elif mistake.kind == "items":
            table[id].update(held)
            typed.update(held)
    return answers


def spoil_books(year: Year) -> Named:
    """Have people do what they do to rows, sheets and files; return what is to be named."""
    named: Named = {}
    for mistake in BOOK_MISTAKES:
        named |= mistake.spoil(year.open(mistake.department))
    return named


def name_found(collection: Collection) -> Named:
    """Return what is named of the replies, by place; of a note and a fault there, the fault."""
    noted: Named = {note.place: "noted" for note in collection.notes}
    return noted | {fault.problem.place: "refused" for fault in collection.faults}


# Mending


def mend(year: Year, answers: Answers, planted: Iterable[Planted]) -> None:
    """Have the departments mend what is marked in the copies, and send them again."""
    for department in SPOILED:
        filled = Filled(year.find(department, year.back), year.expected.surveys[department])
        for each in planted:
            if each.department == department and each.mistake.is_to_be_mended:
                type_again(filled, answers, each.mistake.kind, each.id)
        filled.save(year.find(department, year.replies))
    for department in dict.fromkeys(mistake.department for mistake in BOOK_MISTAKES):
        ways = [m.mend for m in BOOK_MISTAKES if m.department == department and m.mend]
        if SENT_AGAIN in ways:
            send_again(year, department)
        elif ways:
            mend_sheets(year, answers, department, [way for way in ways if callable(way)])


def send_again(year: Year, department: str) -> None:
    """Put the workbook as it was meant in the place of whatever has come from the department."""
    good = year.find(department)
    for other in (f"~${good.name}", SECOND if department == TWICE else ""):
        if other:
            (year.replies / other).unlink(missing_ok=True)
    shutil.copy(good, year.replies / good.name)


def mend_sheets(
    year: Year, answers: Answers, department: str, ways: Iterable[Callable[[Any], None]]
) -> None:
    filled = Filled(year.find(department, year.back), year.expected.surveys[department])
    for way in ways:
        way(filled.sheet())
    for row in filled.layout().rows:
        type_again(filled, answers, "items", row.id)
    filled.save(year.find(department, year.replies))


def type_again(filled: Filled, answers: Answers, kind: SheetKind, id: str) -> None:
    """Type all of a row once more, as it is meant."""
    told = show_choices(filled.layout(kind), answers.typed[filled.survey.department, kind, id])
    cleared = dict.fromkeys(("shift", "change_reason")) if kind == "items" else {}
    filled.put(id, kind, **cleared | told)


# The year, once for all tests


def play(folder: Path) -> None:
    """Play the year in a folder; what is found on the way is left in files of its own there."""
    folder.mkdir()
    year = ask(folder)
    chosen = list(choose_rows(year.expected))
    answers = invent(year.expected, chosen)
    for number, (department, survey) in enumerate(year.expected.surveys.items()):
        path = year.find(department, year.replies)
        fill_in(path, survey, answers, by_patching=number % 2 == 0)
    shutil.copytree(year.replies, year.kept)
    planted = spoil_cells(year, chosen)
    in_books = spoil_books(year)
    before = read_data(year.project)
    refused = run(
        year.project, "survey", "collect", str(year.replies), "--findings", str(year.back)
    )
    collection = prepare_collection(year.project.root, open_replies(year.replies), (PLAN, YEAR))
    is_kept = read_data(year.project) == before
    named: Named = in_books | {p.place: p.mistake.outcome for p in planted}
    copies = sorted({place.partition("!")[0] for place in list_cells(named)})
    marked = [cell for name in copies for cell in list_marked(year.back / name)]
    mend(year, answers, planted)
    taken = run(year.project, "survey", "collect", str(year.replies))
    documents = [f"{EDITION}/{name}" for name in DOCUMENTS]
    built = run(year.project, "build", *documents)
    left = {
        "planted": named,
        "found": name_found(collection),
        "missing": list(collection.missing),
        "refused": [refused.returncode, refused.stderr],
        "is_kept": is_kept,
        "marked": marked,
        "taken": [taken.returncode, taken.stdout + taken.stderr],
        "built": [built.returncode, built.stdout + built.stderr],
        "tables": answers.tables,
    }
    (folder / LEFT).write_text(json.dumps(left, ensure_ascii=False), encoding="utf-8")


def read_data(project: Project) -> dict[str, bytes]:
    files = (path for path in (project.root / "data").rglob("*") if path.is_file())
    return {path.as_posix(): path.read_bytes() for path in files}


def list_cells(planted: Named) -> set[str]:
    """Return the places of cells that are to be refused."""
    return {p for p, outcome in planted.items() if outcome == "refused" and p.count("!") == 2}


def list_marked(path: Path) -> list[str]:
    """Return the cells of a copy that are coloured as faulty and have a comment."""
    return [
        f"{path.name}!{sheet.title}!{cell.coordinate}"
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment and cell.fill.fgColor.rgb == f"FF{FAULT}"
    ]


@dataclass(frozen=True)
class Left:
    """What the year has left."""

    root: Path
    told: dict[str, Any]

    def read_table(self, fiscal_year: int, name: str) -> list[dict[str, str]]:
        path = self.root / "data" / PLAN / str(fiscal_year) / name
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def read_facts(self, name: str) -> dict[str, Any]:
        return json.loads(self.find(f"{name}.facts.json").read_text(encoding="utf-8"))

    def find(self, name: str) -> Path:
        return self.root / "outputs" / PLAN / str(YEAR) / name


@pytest.fixture(scope="module")
def left(made_once: Path) -> Left:
    folder = make_once(made_once, "year", play)
    return Left(folder / "project", json.loads((folder / LEFT).read_text(encoding="utf-8")))


def test_sixty_kinds_of_mistakes_and_more_are_planted() -> None:
    names = [mistake.name for mistake in (*CELL_MISTAKES, *BOOK_MISTAKES)]
    assert len(set(names)) == len(names) > 60


def test_what_is_found_is_what_was_planted_and_nothing_more(left: Left) -> None:
    planted = {place: told for place, told in left.told["planted"].items() if told != "taken"}
    assert left.told["found"] == planted


def test_departments_from_which_nothing_can_be_read_are_missing(left: Left) -> None:
    lost = [m.department for m in BOOK_MISTAKES if m.mend == SENT_AGAIN]
    readable = {"shin-kuyakusho", TWICE}
    assert left.told["missing"] == [name for name in lost if name not in readable]


def test_every_fault_is_told_at_once_and_nothing_of_the_data_changes(left: Left) -> None:
    code, told = left.told["refused"]
    refused = [place for place, outcome in left.told["planted"].items() if outcome == "refused"]
    assert code == 2
    assert [place for place in refused if f"{place}: " not in told] == []
    assert left.told["is_kept"]


def test_every_refused_cell_is_marked_in_a_copy(left: Left) -> None:
    assert list_cells(left.told["planted"]) - {*left.told["marked"]} == set()


def test_what_was_mended_is_taken(left: Left) -> None:
    code, told = left.told["taken"]
    assert code == 0, told


def test_the_tables_hold_the_answers_value_by_value(left: Left) -> None:
    tables = left.told["tables"]
    progress = {row["item"]: row for row in left.read_table(YEAR, "progress.csv")}
    actuals = {row["indicator"]: row for row in left.read_table(YEAR, "actuals.csv")}
    milestones = {
        identify_milestone(row["subject"], row["text"]): row
        for row in left.read_table(YEAR, "milestones.csv")
    }
    found = {"items": progress, "indicators": actuals, "milestones": milestones}
    for kind, rows in tables.items():
        held = {id: {key: found[kind][id][key] for key in row} for id, row in rows.items()}
        assert held == rows


def test_the_papers_are_made(left: Left) -> None:
    code, told = left.told["built"]
    assert code == 0, told


def test_marks_are_counted_as_they_were_answered(left: Left) -> None:
    marks = Counter(row["status"] for row in left.told["tables"]["items"].values())
    facts = left.read_facts("annual")
    assert facts["status_counts"] == marks
    assert facts["rated"] == sum(marks.values())


def test_changes_of_marks_since_the_year_before_are_those_answered(left: Left) -> None:
    before = {row["item"]: row["status"] for row in left.read_table(YEAR - 1, "progress.csv")}
    now = {item: row["status"] for item, row in left.told["tables"]["items"].items()}
    moved = Counter((before[item], now[item]) for item in now if before.get(item) and now[item])
    facts = left.read_facts("annual")["transitions"]
    told = {(each["before"], each["after"]): each["count"] for each in facts["counts"]}
    assert {pair: count for pair, count in told.items() if all(pair)} == moved
    assert facts["previous_year"] == YEAR - 1


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_paper_names_the_items_that_got_worse(left: Left, name: str) -> None:
    page = DOCUMENTS[name]
    worse = left.read_facts(page)["transitions"]["worsened"]
    assert worse
    with (left.root / "data" / PLAN / "items.csv").open(encoding="utf-8-sig") as file:
        titles = {row["item"]: row["title"] for row in csv.DictReader(file)}
    text = fold(re.sub("<[^>]+>", "", left.find(f"{page}.html").read_text(encoding="utf-8")))
    assert [titles[item] for item in worse if fold(titles[item]) not in text] == []
