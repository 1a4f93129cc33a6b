"""One planted change of the data each, and what the check reports of it, on which level."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from check_project import ANNUAL, Accepted, build, make_document, states
from nenpo.check.changes import FactChange, compare_facts
from nenpo.check.reading.observe import observe
from nenpo.check.reports import list_fact_lines
from nenpo.check.words import tell_fact

ROOT = Path(__file__).parents[2]


def test_what_was_accepted_is_the_same_on_every_level(accepted_once: Accepted) -> None:
    result = accepted_once.check("tiny")
    assert [states(d) for d in result.documents] == ["= = = ="] * 8
    assert result.exit_code("any") == 0


def test_document_drawn_in_this_process_is_the_same_too(accepted: Accepted) -> None:
    """What the planted changes below report comes from the change, not from how it is planted."""
    published = accepted.output / "tiny/2021/annual.pdf"
    before = published.read_bytes()
    accepted.plant(ANNUAL, lambda document: document)
    assert published.read_bytes() == before
    assert states(accepted.check_one(ANNUAL)) == "= = = ="


def test_one_mark_is_a_difference_of_facts_told_by_its_name(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    build(accepted.project, "tiny/2021")
    result = accepted.check("tiny/2021")
    assert all(d.states["facts"] == "changed" for d in result.documents)
    annual = result.documents[0]
    assert states(annual).startswith("≠ ≠")
    assert FactChange(("marks", "i1-1-01"), "◎", "△") in annual.facts
    told = "\n".join(list_fact_lines(result))
    assert "◎ 1 → 0" in told
    assert "申請のオンライン化：◎ → △" in told


def test_one_digit_of_an_actual_is_a_difference_of_facts(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/actuals.csv", 1, "value", "20.6")
    accepted.remake(ANNUAL)
    annual = accepted.check_one(ANNUAL)
    assert states(annual).startswith("≠ ≠")
    path = ("indicators", "online-rate", "actual")
    assert annual.facts == (FactChange(path, 20.5, 20.6),)
    assert tell_fact(annual.facts[0], {}).endswith("実績 20.5 → 20.6")
    assert any("20.6％" in line for change in annual.text for line in change.after)


def test_row_removed_is_a_difference_of_facts_text_and_structure(accepted: Accepted) -> None:
    rows = accepted.project.read("2021/progress.csv").replace("i1-2-02,,,,,,,,,s1,22\n", "")
    accepted.project.write("2021/progress.csv", rows)
    accepted.remake(ANNUAL)
    annual = accepted.check_one(ANNUAL)
    assert states(annual).startswith("≠ ≠ ≠")
    changed = {change.path[0]: (change.before, change.after) for change in annual.facts}
    assert changed["rows"] == (4, 3)
    assert any("再掲" in line for change in annual.text for line in change.before)
    # The legend, a row of the table in the PDF, is not counted.
    sizes = re.findall(r"(\d+)行(\d+)列から(\d+)行(\d+)列", "".join(annual.structure))
    assert [(int(a) - int(c), b == d) for a, b, c, d in sizes] == [(1, True)], annual.structure


def test_legend_of_a_table_is_read_after_its_rows(accepted_once: Accepted) -> None:
    lines = observe(accepted_once.output, ANNUAL).lines
    legends = [line for line in lines if line.element.text.startswith("凡例")]
    assert {(legend.origin, legend.element.kind) for legend in legends} == {("P", "p")}


def test_department_renamed_is_text_and_structure_but_no_fact(accepted: Accepted) -> None:
    """The facts speak of departments by id: a new name is no other number."""
    accepted.project.replace("departments.csv", "joho,情報課,", "joho,デジタル課,")
    accepted.project.replace("departments.csv", "20,,,,", "20,,,情報課,")
    accepted.remake("tiny/2021/joho")
    document = accepted.check_one("tiny/2021/joho")
    assert states(document).startswith("= ≠ ≠")
    assert "デジタル課" in document.structure[0]


def list_numbers() -> Iterator[Any]:
    """Yield every number of the fixture's data that a document states."""
    for file, columns in (
        ("2021/actuals.csv", ("value", "denominator")),
        ("2022/actuals.csv", ("value", "denominator")),
        ("targets.csv", ("value",)),
    ):
        path = ROOT / "tests/fixtures/tiny/data/tiny" / file
        with path.open(encoding="utf-8", newline="") as opened:
            for row, record in enumerate(csv.DictReader(opened), 1):
                for column in columns:
                    if record[column]:
                        yield pytest.param(file, row, column, record[column])


@pytest.mark.parametrize(("file", "row", "column", "value"), [*list_numbers()])
def test_every_number_of_the_data_is_a_fact(
    accepted: Accepted, file: str, row: int, column: str, value: str
) -> None:
    """One more of the last digit, wherever a number stands, is never a mere change of text."""
    year = file[:4] if file[:4].isdigit() else "2021"
    last = str(int(value[-1]) + 1) if value[-1] != "9" else "8"
    accepted.project.set_cell(file, row, column, value[:-1] + last)
    before = json.loads((accepted.output / f"tiny/{year}/annual.facts.json").read_text("utf-8"))
    facts = make_document(accepted.project.root, f"tiny/{year}/annual").facts
    after = facts.values if facts else {}
    assert compare_facts(before, after)


def test_value_that_is_not_in_use_is_told_in_words() -> None:
    change = FactChange(("other_values", "indicators", "card-rate", "1", "value"), 46, 47)
    assert tell_fact(change, {"card-rate": "交付率"}) == "交付率 用いていない値 46 → 47"


def list_leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from list_leaves(inner, (*path, key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


def test_every_number_of_the_facts_is_compared_exactly(accepted_once: Accepted) -> None:
    name = accepted_once.output / "tiny/2021/annual.facts.json"
    facts = json.loads(name.read_text("utf-8"))
    paths = list(list_leaves(facts))
    assert len(paths) > 30
    for path in paths:
        planted = json.loads(json.dumps(facts))
        inner = planted
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] += 1e-6
        found = compare_facts(facts, planted)
        assert [change.path for change in found] == [path]
