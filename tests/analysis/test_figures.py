"""The value in use of each fact, and what disagrees with it."""

from decimal import Decimal

import pytest

from nenpo.analysis import figures
from nenpo.analysis.figures import Figure, list_figures, select_figures
from nenpo.analysis.progress import load_year
from nenpo.data.load import load_plan
from tiny_project import Project
from words_project import (
    assert_unchanged,
    copy_frames,
    read_plan,
    read_real,
    read_words,
)

FIGURES = "data/words/figures.csv"


def name(found: tuple[Figure, ...]) -> list[str]:
    return [figure.figure for figure in found]


def test_of_several_values_the_preferred_one_is_in_use() -> None:
    used = {figure.figure: figure for figure in list_figures(read_words().plan)}
    assert (used["waiting"].value.value, used["waiting"].line) == (Decimal(40), 51)


def test_each_fact_stands_once_in_the_order_of_the_file() -> None:
    assert name(list_figures(read_words().plan)) == [
        "seats",
        "waiting",
        "visitors",
        "visitors-2022",
        "radio-year",
    ]


def test_a_value_of_a_later_year_is_not_known_yet() -> None:
    assert name(list_figures(read_words().plan, 2021)) == [
        "seats",
        "waiting",
        "visitors",
        "radio-year",
    ]


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("actual", False),
        ("capacity", False),
        ("target", True),
        ("plan", True),
        ("budget", True),
        ("reference", True),
    ],
)
def test_only_what_looks_ahead_may_belong_to_a_later_year(
    words: Project, kind: str, known: bool
) -> None:
    words.set_cell(FIGURES, 5, "kind", kind)
    found = name(list_figures(read_words(project=words).plan, 2021))
    assert ("visitors-2022" in found) is known


def test_an_undated_figure_is_shown_in_every_year() -> None:
    plan = read_words().plan
    assert all("seats" in name(list_figures(plan, year)) for year in (2021, 2022))


def test_a_number_is_kept_as_it_was_printed(words: Project) -> None:
    words.set_cell(FIGURES, 4, "value", "46.0")
    used = {figure.figure: figure for figure in list_figures(read_words(project=words).plan)}
    assert str(used["visitors"].value.value) == "46.0"


def test_the_whole_plan_has_all_figures_of_the_year() -> None:
    year = read_words()
    assert select_figures(year) == list_figures(year.plan, 2021)


def test_a_department_has_the_figures_of_its_items_and_their_measures() -> None:
    assert name(select_figures(read_words(2021, "soumu"))) == ["waiting", "visitors"]


def test_a_department_has_no_figure_of_another_item_of_its_measure(words: Project) -> None:
    words.set_cell("data/words/2021/assignments.csv", 1, "item", "i1-1-02")
    assert name(select_figures(read_words(2021, "soumu", project=words))) == ["visitors"]


def test_a_plan_without_figures_has_none(tiny: Project) -> None:
    year = load_year(load_plan("tiny", tiny.root), 2021)
    assert (select_figures(year), figures.list_disagreements(year.plan)) == ((), ())


def test_only_facts_with_several_values_disagree_numbers_before_texts() -> None:
    found = figures.list_disagreements(read_words().plan)
    assert [entry.title for entry in found] == ["処理を待つ申請", "担当の記載", "期間の記載"]


def test_the_value_in_use_comes_first_whatever_the_order_of_the_file() -> None:
    """In the file the rejected value stands first, of the figure and of the statement."""
    found = figures.list_disagreements(read_words().plan)
    assert [[value[3] for value in entry.values] for entry in found] == [[True, False]] * 3


def test_every_value_of_a_disagreement_keeps_its_source_and_its_reason() -> None:
    number, text, _ = figures.list_disagreements(read_words().plan)
    assert [value[1:] for value in number.values] == [
        ("s1", 51, True, "印刷された値である"),
        ("s2", 151, False, "件数から計算した値である"),
    ]
    assert text.values == (
        ("総務局", "s1", 60, True, "後の報告の記載である"),
        ("企画局", "s2", 160, False, "案の記載である"),
    )


def test_a_value_without_reason_is_explained_by_its_note(words: Project) -> None:
    words.set_cell(FIGURES, 2, "reason", "")
    words.set_cell(FIGURES, 2, "note", "速報の値")
    number = figures.list_disagreements(read_words(project=words).plan)[0]
    assert number.values[1][4] == "速報の値"


def test_statements_of_several_matters_stay_apart() -> None:
    matters = [entry.subject for entry in figures.list_disagreements(read_words().plan)]
    assert matters == ["i1-1-01", "m1-1", "plan"]


def test_the_printed_number_of_waiting_cards_is_in_use_not_the_computed_one() -> None:
    plan = read_plan("nakano-structural-reform")
    used = {figure.figure: figure.value.value for figure in list_figures(plan)}
    assert used["cards-waiting-202104"] == 47040
    shown = [
        value.value.value
        for entry in figures.list_disagreements(plan)
        for value, *_ in entry.values
        if isinstance(value, Figure) and value.figure == "cards-waiting-202104"
    ]
    assert shown == [47040, 46523]


@pytest.mark.parametrize("plan", ["nakano-structural-reform", "koto-informatization"])
def test_every_fact_of_a_real_plan_is_in_use_once(plan: str) -> None:
    rows = read_real(f"{plan}/figures.csv")
    facts = dict.fromkeys(row["figure"] for row in rows)
    assert name(list_figures(read_plan(plan))) == list(facts)


def test_the_two_accounts_of_who_is_in_charge_stay_contrasts() -> None:
    found = figures.list_disagreements(read_plan("nakano-structural-reform"))
    values = next(entry.values for entry in found if entry.title == "取組5の担当部")
    assert [(value[0], value[1], value[3]) for value in values] == [
        ("企画部、総務部", "s000", True),
        ("企画部", "s001", False),
    ]


def test_reading_figures_leaves_the_plan_as_it_was() -> None:
    year = read_words(2021, "soumu")
    before = copy_frames(year)
    select_figures(year)
    figures.list_disagreements(year.plan)
    assert_unchanged(year, before)
