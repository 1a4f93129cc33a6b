"""Data and params are checked together, and what is valid is called so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nenpo.build.params import tell_without_params
from nenpo.build.select import select_briefings
from nenpo.build.validate import validate_plans
from nenpo.cli.documents import list_all, why
from nenpo.data.plan_files import read_rows
from nenpo.errors import (
    BadSelector,
    InputRefused,
    UnknownBriefing,
    UnknownPlan,
    UnknownYear,
)
from tiny_project import Project, only

ROOT = Path(__file__).parents[2]
PARAMS = "params/tiny/2021.yaml"


def select(tiny: Project, *selectors: str) -> list[str]:
    return [briefing.selector for briefing in select_briefings(tiny.root, selectors)]


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NENPO_LANG", "en")


def validate(project: Project, *selectors: str) -> list[str]:
    return list(validate_plans(project.root, selectors))


def list_valid(project: Project, *selectors: str) -> list[str]:
    """Return what is called valid, without the notes that follow."""
    lines = validate(project, *selectors)
    return [line.removesuffix(": OK") for line in lines if line.endswith(": OK")]


def test_every_edition_and_every_plan_without_one_is_called_valid(shared: Project) -> None:
    assert list_valid(shared) == ["aoba/2021", "comparison/2021", "midori", "nation"]


@pytest.mark.parametrize("selector", [(), ("midori",)])
def test_plan_without_an_edition_is_checked(shared: Project, selector: tuple[str, ...]) -> None:
    shared.set_cell("data/midori/items.csv", 1, "scope", "city")
    with pytest.raises(InputRefused) as caught:
        validate(shared, *selector)
    assert only(caught.value.problems).place == "data/midori/items.csv:2"


def test_plan_without_an_edition_is_not_in_the_way_of_a_build(shared: Project) -> None:
    shared.set_cell("data/midori/items.csv", 1, "scope", "city")
    assert select(shared, "aoba") == ["aoba/2021/annual", "aoba/2021/inspection"]


def test_comparison_is_refused_with_the_plans_that_it_speaks_of(shared: Project) -> None:
    shared.set_cell("data/midori/items.csv", 1, "scope", "city")
    with pytest.raises(InputRefused):
        validate(shared, "comparison")


def test_shared_tables_are_validated_with_any_plan(shared: Project) -> None:
    shared.set_cell("data/themes.csv", 1, "theme", "robots")
    with pytest.raises(InputRefused) as caught:
        validate(shared, "aoba")
    assert only(caught.value.problems).place == "data/themes.csv:2"


@pytest.mark.usefixtures("english")
def test_notes_follow_what_is_valid(tiny: Project) -> None:
    lines = validate(tiny)
    assert lines[:2] == ["tiny/2021: OK", "tiny/2022: OK"]
    assert lines[2:]
    assert all(line.startswith("note: data/tiny/") for line in lines[2:])
    reason = "data/tiny/2021/progress.csv: i1-1-02: status '△' has no change_reason."
    assert f"note: {reason}" in lines


def test_notes_come_in_the_language_of_the_messages(
    tiny: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NENPO_LANG", "ja")
    place = "data/tiny/2021/progress.csv: i1-1-02"
    assert f"注記: {place}: 進捗区分「△」の変更理由がない。" in validate(tiny)


def test_plan_with_nothing_to_note_is_only_called_valid(shared: Project) -> None:
    assert validate(shared, "aoba") == ["aoba/2021: OK"]


@pytest.mark.parametrize("other", ["midori", "nation"])
def test_notes_are_those_of_the_selected_plan(shared: Project, other: str) -> None:
    """The national plan is read with any other, but its notes are not asked for."""
    shared.replace(f"data/{other}/plan.yaml", "code: null", 'code: "999999"')
    assert validate(shared, "aoba") == ["aoba/2021: OK"]
    assert f"data/{other}/plan.yaml: municipality.code" in "".join(validate(shared, other))


def test_flags_of_a_spreadsheet_are_valid(tiny: Project) -> None:
    for file in ("2021/actuals.csv", "2022/actuals.csv", "targets.csv"):
        text = tiny.read(file)
        tiny.write(file, text.replace("true", "TRUE").replace("false", "FALSE"))
    assert list_valid(tiny) == ["tiny/2021", "tiny/2022"]


def test_flags_of_a_spreadsheet_mean_the_same(tiny: Project) -> None:
    before = read_rows(tiny.root, "tiny").years[2021].tables["actuals.csv"]
    text = tiny.read("2021/actuals.csv")
    tiny.write("2021/actuals.csv", text.replace("true", "TRUE").replace("false", "FALSE"))
    assert read_rows(tiny.root, "tiny").years[2021].tables["actuals.csv"] == before


@pytest.mark.parametrize(
    "selector", ["tiny/2021", "tiny/2021/joho", "tiny/2021/departments/joho", "tiny/2021/annual"]
)
def test_selector_of_an_edition_or_a_briefing_validates_that_edition(
    tiny: Project, selector: str
) -> None:
    tiny.write("params/tiny/2022.yaml", "plan: [")
    assert list_valid(tiny, selector) == ["tiny/2021"]


def test_plan_is_called_valid_once_whatever_selects_it(tiny: Project) -> None:
    assert list_valid(tiny, "tiny", "tiny/2021", "tiny/2021/annual") == ["tiny/2021", "tiny/2022"]


@pytest.mark.parametrize(
    ("selector", "error"),
    [("large", UnknownPlan), ("tiny/2030", UnknownYear), ("tiny/r3", BadSelector)],
)
def test_validation_of_what_is_not_there_is_refused(
    tiny: Project, selector: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        validate(tiny, selector)


def test_validation_of_an_unknown_briefing_is_refused(tiny: Project) -> None:
    with pytest.raises(UnknownBriefing):
        validate(tiny, "tiny/2021/nobody")


def test_edition_of_a_year_with_nothing_to_report_is_not_valid(tiny: Project) -> None:
    tiny.write("params/tiny/2023.yaml", tiny.read(PARAMS).replace("2021", "2023"))
    with pytest.raises(UnknownYear):
        validate(tiny)


class TestYearsWithoutParams:
    """Data of which no document is made are told, with what to do."""

    def test_data_of_a_year_without_params_are_told(self, tiny: Project, english: None) -> None:
        tiny.path("params/tiny/2022.yaml").unlink()
        told = [line for line in validate(tiny) if "data/tiny/2022/:" in line]
        assert told == [
            "note: data/tiny/2022/: there are data, but no document is made without "
            "params/tiny/2022.yaml; copy that of another year, and change fiscal_year and the "
            "dates."
        ]

    def test_a_year_after_the_last_edition_needs_no_progress_to_be_told(
        self, tiny: Project
    ) -> None:
        (tiny.root / "data/tiny/2023").mkdir()
        assert [line for line in tell_without_params(tiny.root) if "data/tiny/2023/" in line]

    def test_values_of_the_baseline_are_no_report(self, tiny: Project) -> None:
        folder = tiny.root / "data/tiny/2020"
        folder.mkdir()
        (folder / "actuals.csv").write_text(tiny.read("2021/actuals.csv"), "utf-8")
        assert list(tell_without_params(tiny.root)) == []

    def test_other_plans_are_not_told_of(self, tiny: Project) -> None:
        tiny.path("params/tiny/2022.yaml").unlink()
        assert list(tell_without_params(tiny.root, ["another"])) == []

    @pytest.mark.parametrize("command", [list_all, why])
    def test_list_and_why_tell_it_beside_their_lines(
        self,
        tiny: Project,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        command: Callable[[], None],
    ) -> None:
        tiny.path("params/tiny/2022.yaml").unlink()
        (tiny.root / "notebooks").symlink_to(ROOT / "notebooks")
        monkeypatch.setenv("NENPO_ROOT", str(tiny.root))
        command()
        shown = capsys.readouterr()
        assert "params/tiny/2022.yaml" in shown.err
        assert "params/tiny/2022.yaml" not in shown.out


@pytest.mark.parametrize(("language", "told"), [("ja", "発行日が"), ("en", "issued before")])
def test_a_note_on_dates_comes_in_one_language(
    tiny: Project, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    monkeypatch.setenv("NENPO_LANG", language)
    tiny.replace(PARAMS, "issued:", 'issued: "2021-04-01" #')
    (line,) = (line for line in validate(tiny) if PARAMS in line)
    assert told in line
    assert " / " not in line
