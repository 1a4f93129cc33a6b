"""Whose documents a changed word makes: of the departments that have the item, and no others."""

import csv
from pathlib import Path

import pytest

from nenpo.data.plan_files import read_rows
from nenpo.data.visible import make_view

DATA = Path(__file__).parents[2] / "data"


def read_real(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(
    ("plan", "year"), [("nakano-informatization", 2021), ("nakano-structural-reform", 2022)]
)
def test_the_words_of_an_item_are_seen_by_those_who_have_it_or_a_relisting_of_it(
    plan: str, year: int
) -> None:
    rows, items = read_rows(DATA.parent, plan), read_real(f"{plan}/items.csv")
    assigned = read_real(f"{plan}/{year}/assignments.csv")
    views = {row["department"]: make_view(rows, row["department"]) for row in assigned}
    measures = {row["item"]: row["measure"] for row in items}
    links = [{row["item"], row["relisted_from"]} for row in items if row["relisted_from"]]
    for item in measures:
        alike = {item}
        for _ in links:  # a chain of re-listings has fewer links than there are
            alike |= {name for link in links if alike & link for name in link}
        held = alike | {measures.get(name, "") for name in alike}
        having = {row["department"] for row in assigned if row["item"] in held}
        assert {name for name, view in views.items() if item not in view.hidden} == having, item
