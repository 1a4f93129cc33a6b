"""The other documents' own totals, read from the facts that nenpo computes."""

from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from nenpo.analysis import indicators, progress
from nenpo.analysis.figures import list_disagreements
from nenpo.content import facts
from nenpo.data.catalogue import Catalogue
from nenpo.data.load import load_catalogue, load_plan
from opened import brief

ROOT = Path(__file__).resolve().parents[2]


def compute_facts(plan_id: str, fiscal_year: int = 2021) -> dict[str, Any]:
    plan = load_plan(plan_id, ROOT)
    year = progress.load_year(plan, fiscal_year)
    assessed = indicators.assess_indicators(plan, fiscal_year)
    return dict(facts.collect(brief(year, assessments=assessed)).values)


@pytest.fixture(scope="module")
def policy() -> dict[str, Any]:
    return compute_facts("nakano-information-policy")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(root=ROOT)


def value(found: dict[str, Any], figure: str) -> Any:
    return found["figures"][figure]["value"]


def test_open_data_sets_add_up_to_the_year_end(policy: dict[str, Any]) -> None:
    """39 in June (001) and 8 new ones (003) make the 47 of the year's end (000)."""
    before, new, after = (
        value(policy, f) for f in ("open-data-202106", "open-data-new-2021", "open-data-2021")
    )
    assert (before, new, after) == (39, 8, 47)
    assert before + new == after


def test_the_31_procedures_are_the_sum_of_their_fields(catalogue: Catalogue) -> None:
    assert catalogue.national is not None
    figures = catalogue.national.figures.set_index("figure")["value"]
    parts = ("childcare", "nursing-care", "disaster", "car")
    found = [int(figures[f"procedures-{part}"]) for part in parts]
    assert found == [15, 11, 1, 4]
    assert sum(found) == figures["procedures-31"] == 31


def test_card_rate_rose_from_31_6_to_46_percent(policy: dict[str, Any]) -> None:
    card = policy["indicators"]["card-rate"]
    assert (card["previous"], card["actual"]) == (31.6, 46.0)
    assert card["change"] == pytest.approx(14.4)


def test_applications_are_the_146_man_of_the_other_report(policy: dict[str, Any]) -> None:
    """001 counts 1,461,063 applications, 003 prints 約146万件 for the same year."""
    exact = Decimal(value(policy, "applications-2020"))
    plan = load_plan("nakano-informatization", ROOT)
    printed = {
        entry.indicator: entry.baseline for entry in indicators.assess_indicators(plan, 2021)
    }["online-applications"]
    assert exact == 1461063
    assert printed is not None
    assert printed.approximate
    assert (exact / 10000).quantize(Decimal(1), ROUND_HALF_UP) * 10000 == printed.value == 1460000


def test_cards_issued_are_the_printed_rate_of_the_same_population(policy: dict[str, Any]) -> None:
    """106,067 is the stock: 34,968 a year on top of the year before fits the rate of 2019."""
    stock, year = value(policy, "cards-issued-2020"), value(policy, "cards-issued-year-2020")
    population = stock / Decimal("0.316")
    assert (stock, year) == (106067, 34968)
    assert abs((stock - year) / population - Decimal("0.214")) < Decimal("0.003")


def test_cards_waiting_do_not_add_up_as_printed(policy: dict[str, Any]) -> None:
    waiting, came, went = (
        value(policy, f)
        for f in ("cards-waiting-2020", "card-applications-202104", "cards-issued-202104")
    )
    assert waiting + came - went == 46523
    assert value(policy, "cards-waiting-202104") == 47040


@pytest.mark.parametrize(
    ("plan_id", "pairs"),
    [
        (
            "nakano-information-policy",
            [(77500, 72000), (17, 15), (47040, 46523), (106067, 34968), (20000, 20000)],
        ),
        ("nakano-structural-reform", [(47040, 46523), (20000, 20000)]),
    ],
)
def test_every_disagreement_keeps_all_values_the_one_in_use_first(
    plan_id: str, pairs: list[tuple[int, int]]
) -> None:
    found = [
        tuple(int(figure.value.value) for figure, *_ in entry.values)  # type: ignore[union-attr]
        for entry in list_disagreements(load_plan(plan_id, ROOT))
        if not isinstance(entry.values[0][0], str)
    ]
    assert set(pairs) <= set(found)


def test_bureaus_of_initiatives_1_and_5_differ_between_report_and_draft() -> None:
    found = {
        entry.title: [text for text, *_ in entry.values]
        for entry in list_disagreements(load_plan("nakano-structural-reform", ROOT))
    }
    assert found["取組1の担当部"] == [
        "総務部、会計室、子ども教育部、窓口所管部",
        "企画部、総務部、会計室、窓口所管部",
    ]
    assert found["取組5の担当部"] == ["企画部、総務部", "企画部"]


@pytest.mark.parametrize(("fiscal_year", "kept"), [(2021, 8), (2022, 10)])
def test_structural_reform_has_14_items_reported_in_both_editions(
    fiscal_year: int, kept: int
) -> None:
    found = compute_facts("nakano-structural-reform", fiscal_year)
    assert found["coverage"]["items"] == found["coverage"]["reported"] == 14
    assert found["coverage"]["kept"] == kept
    assert found["status_counts"] == {}


def test_structural_reform_has_five_strategies_of_5_6_9_3_and_5_initiatives() -> None:
    plan = load_plan("nakano-structural-reform", ROOT)
    counts = plan.measures.groupby("goal", sort=True).size().tolist()
    assert counts == [5, 6, 9, 3, 5]


def test_the_unnamed_ward_has_8_fields_in_3_groups_and_no_name() -> None:
    plan = load_plan("unnamed-ward-digitalization", ROOT)
    assert plan.measures.groupby("goal", sort=True).size().tolist() == [3, 4, 1]
    assert plan.meta.municipality.name is None
    assert plan.meta.municipality.note != ""


def test_koto_has_10_policies_in_4_groups_and_its_figures() -> None:
    plan = load_plan("koto-informatization", ROOT)
    assert plan.measures.groupby("goal", sort=True)["label"].agg(list).tolist() == [
        ["施策1", "施策2"],
        ["施策3", "施策4", "施策5"],
        ["施策6", "施策7", "施策8"],
        ["施策9", "施策10"],
    ]
    figures = compute_facts("koto-informatization")["figures"]
    numbers = {name: figure["value"] for name, figure in figures.items()}
    assert numbers == {
        "guidelines": 4,
        "policies": 10,
        "individual-policies": 16,
        "online-procedures-2021-04": 18,
        "online-procedures-tokyo-2021": 90,
        "online-procedures-pittari-2021": 11,
        "nursery-applicants": 5000,
    }


def test_procedures_that_look_alike_are_never_contrasts(catalogue: Catalogue) -> None:
    """Nakano's 320, Koto's 18, 5 of 35 and 3.6 % count different things."""
    rows = catalogue.comparisons
    own = rows[rows["question"] == "オンラインで申請できる手続の数・割合"]
    assert {"online-procedures-2020", "online-procedures-2021-04"} <= set(own["figure"])
    assert {"pittari-procedures", "online-share-2017"} <= set(own["figure"])
    assert not own["basis"].duplicated().any()
    assert (own["reason"] != "").all()
