"""A note tells where characters stand that a reader takes for others, in whichever file."""

import pytest

from nenpo.build.validate import validate_plans
from tiny_project import PLAN, PROGRESS, Project


def list_notes(tiny: Project, *selectors: str) -> list[str]:
    lines = validate_plans(tiny.root, selectors)
    return [line for line in lines if "[" not in line and ": '" in line and line[:4] == "note"]


def find(tiny: Project, shown: str) -> list[str]:
    return [line for line in list_notes(tiny) if f"'{shown}'" in line]


def test_a_radical_is_told_with_the_kanji_and_its_line(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 2, "done", "⻑期の計画")
    assert find(tiny, "⻑") == [
        f"note: {PROGRESS}:4: done: '⻑' (U+2ED1) is the sign of a radical; write '長'."
    ]


def test_a_spot_is_told_once_a_file_with_their_number(
    tiny: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in (1, 2, 3):
        tiny.set_cell("2021/progress.csv", row, "next_year", "ｼｽﾃﾑを直す")
    (line,) = find(tiny, "ｼｽﾃﾑ")
    assert line.endswith(
        f"{PROGRESS}:2: next_year: 'ｼｽﾃﾑ' is half-width kana; write 'システム' (2 more)."
    )
    monkeypatch.setenv("NENPO_LANG", "ja")
    told = "next_year:「ｼｽﾃﾑ」は半角カナである。「システム」と書くこと（ほか2か所）。"
    assert [line for line in validate_plans(tiny.root) if told in line]


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("plan.yaml", "title: ", "title: ⻑", f"{PLAN}/plan.yaml:2: title"),
        ("params/tiny/2021.yaml", "prepared_by: ", "prepared_by: ⻑", "params/tiny/2021.yaml:"),
        ("departments.csv", "情報課", "情報課⻑", f"{PLAN}/departments.csv:2: name"),
    ],
)
def test_every_file_is_looked_through(
    tiny: Project, file: str, old: str, new: str, place: str
) -> None:
    tiny.replace(file, old, new)
    (line,) = find(tiny, "⻑")
    assert line.startswith(f"note: {place}")


def test_what_looks_garbled_is_told(tiny: Project) -> None:
    tiny.set_cell("2021/progress.csv", 2, "done", "縺ゅ")
    (line,) = find(tiny, "縺")
    assert line.endswith("(U+7E3A) looks garbled; look up the original character.")


def test_a_misprint_that_is_quoted_is_no_note(tiny: Project) -> None:
    tiny.replace("items.csv", "デー夕", "ﾃﾞｰﾀ")
    tiny.replace("2021/misreadings.csv", "デー夕", "ﾃﾞｰﾀ")
    assert [line.split(":")[1].strip() for line in find(tiny, "ﾃﾞｰﾀ")] == [f"{PLAN}/items.csv"]


def test_files_of_another_plan_are_not_asked_for(shared: Project) -> None:
    shared.replace("data/midori/plan.yaml", "title: ", "title: ⻑")
    shared.replace("data/comparison.yaml", "title: ", "title: ⻑")
    assert list_notes(shared, "aoba") == []
    places = [line.split(":")[1].strip() for line in list_notes(shared)]
    assert {"data/midori/plan.yaml", "data/comparison.yaml"} <= set(places)
