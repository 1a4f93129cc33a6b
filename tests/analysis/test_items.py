"""Items: what they are called and cited by."""

from nenpo.analysis.items import number_items
from nenpo.data.load import load_plan


def test_item_is_cited_by_its_measure_and_its_place_there() -> None:
    numbers = number_items(load_plan("nakano-informatization"))
    assert numbers["i1-1-2-03"] == "1-1-②-3"


def test_item_with_a_label_of_its_own_is_cited_by_it() -> None:
    numbers = number_items(load_plan("nakano-structural-reform"))
    assert numbers["i1-1-02"] == "取組1 ②"


def test_no_two_items_have_one_number() -> None:
    numbers = number_items(load_plan("nakano-informatization"))
    assert len(set(numbers.values())) == len(numbers) == 124
