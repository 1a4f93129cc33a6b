"""Missing, orphaned, not built, as accepted: the states of a document, and the exit codes."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from check_project import ANNUAL, COUNTER, GONE, Accepted, accept, change_block, run
from check_results import make_result
from nenpo.check.accepted import list_as_accepted
from nenpo.check.changes import LEVELS
from nenpo.check.reading.observe import Observation
from nenpo.check.result import CheckResult
from nenpo.check.run import Places, check_briefings
from nenpo.errors import NothingSelected
from tiny_project import Project


def test_missing_accepted_document_is_a_finding(accepted: Accepted) -> None:
    (accepted.project.root / "accepted/tiny/2021/departments/joho.txt").unlink()
    result = accepted.check("tiny/2021")
    by_name = {d.name: d for d in result.documents}
    assert set(by_name["tiny/2021/departments/joho"].states.values()) == {"missing"}
    assert result.exit_code("facts") == 1


def test_orphaned_accepted_document_is_a_finding(accepted: Accepted) -> None:
    """A department without work of that year is no briefing any more."""
    assignments = accepted.project.read("2021/assignments.csv").splitlines(keepends=True)
    kept = [line for line in assignments if ",madoguchi," not in line]
    accepted.project.write("2021/assignments.csv", "".join(kept))
    result = accepted.check("tiny/2021")
    assert result.documents[-1].name == "tiny/2021/departments/madoguchi"
    assert set(result.documents[-1].states.values()) == {"orphaned"}
    assert result.exit_code("facts") == 1


@pytest.mark.parametrize("selector", [ANNUAL, COUNTER, "tiny/2021/inspection"])
def test_part_of_an_edition_orphans_nothing(accepted_once: Accepted, selector: str) -> None:
    result = accepted_once.check(selector)
    assert [document.name for document in result.documents] == [accepted_once.name(selector)]
    assert result.exit_code("any") == 0


@pytest.mark.parametrize(
    ("selectors", "orphans"),
    [((), GONE), (("tiny/",), GONE), (("tiny/2022",), GONE), (("tiny/2021",), [])],
)
def test_edition_without_params_is_orphaned_where_its_plan_is_named(
    accepted: Accepted, selectors: tuple[str, ...], orphans: list[str]
) -> None:
    """Who names the only year that is left does not mean the one that is gone."""
    (accepted.project.root / "params/tiny/2022.yaml").unlink()
    result = accepted.check(*selectors)
    found = [d.name for d in result.documents if "orphaned" in d.states.values()]
    assert found == orphans


def test_plan_without_any_params_is_orphaned(accepted: Accepted) -> None:
    for year in (2021, 2022):
        (accepted.project.root / f"params/tiny/{year}.yaml").unlink()
    found = {d.name.split("/")[1] for d in accepted.check("tiny").documents}
    assert found == {"2021", "2022"}


def test_year_that_was_never_accepted_is_unknown(accepted: Accepted) -> None:
    told = run(accepted.project, "check", "tiny/2019")
    assert told.returncode == 2
    assert "2019" in told.stderr


def test_document_that_is_not_built_is_told_apart_from_a_difference(accepted: Accepted) -> None:
    accepted.project.append("params/tiny/2022.yaml", "# nothing")
    told = run(accepted.project, "check", "tiny", "--output", "elsewhere")
    assert told.returncode == 3
    assert "8 not built" in told.stdout
    result = accepted.check("tiny/2021")
    assert not result.not_built


@pytest.mark.parametrize("suffix", [".pdf", ".html", ".facts.json"])
def test_set_that_lost_a_file_is_not_built(accepted: Accepted, suffix: str) -> None:
    (accepted.output / f"{ANNUAL}{suffix}").unlink()
    (document,) = accepted.check(ANNUAL).documents
    assert set(document.states.values()) == {"not_built"}


def test_set_as_accepted_is_not_read(accepted: Accepted, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path, name: str) -> Observation:
        raise AssertionError(f"{name} was read")

    accept(accepted, "tiny/2021")
    monkeypatch.setattr("nenpo.check.run.observe", refuse)
    assert accepted.check("tiny/2021").exit_code("any") == 0


def test_accepting_one_document_keeps_the_digests_of_the_others(accepted: Accepted) -> None:
    root, names = accepted.project.root, [ANNUAL, "tiny/2021/inspection"]
    for name in names:
        accept(accepted, name)
    assert list_as_accepted(root, accepted.output, names) == set(names)


@pytest.mark.parametrize("suffix", [".pdf", ".html", ".facts.json"])
def test_altered_file_is_not_as_accepted(accepted: Accepted, suffix: str) -> None:
    accept(accepted, ANNUAL)
    with Path(f"{accepted.output / ANNUAL}{suffix}").open("ab") as file:
        file.write(b"\n")
    assert not list_as_accepted(accepted.project.root, accepted.output, [ANNUAL])


def test_accepted_state_that_was_edited_is_compared_again(accepted: Accepted) -> None:
    accept(accepted, ANNUAL)
    state = accepted.project.root / f"accepted/{ANNUAL}.facts.json"
    state.write_text(state.read_text("utf-8").replace('"rows": ', '"rows": 1'), "utf-8")
    (document,) = accepted.check(ANNUAL).documents
    assert document.states["facts"] == "changed"


def test_digests_that_a_merge_left_unreadable_are_written_anew(accepted: Accepted) -> None:
    accept(accepted, "tiny/2021")
    path = accepted.project.root / "accepted/tiny/2021/digests.json"
    before = path.read_text("utf-8")
    path.write_text(f"<<<<<<< ours\n{before}=======\n{before}>>>>>>> theirs\n", "utf-8")
    assert accepted.check("tiny/2021", pdfs=False).exit_code("any") == 0
    accept(accepted, "tiny/2021")
    assert path.read_text("utf-8") == before


def test_build_that_failed_is_not_the_same_as_accepted(accepted: Accepted) -> None:
    """What is still published was made before; the check must not vouch for it."""
    break_notebook(accepted.project)
    assert run(accepted.project, "build", "tiny/2021/inspection").returncode == 3
    told = run(accepted.project, "check", "tiny/2021/inspection")
    assert told.returncode == 3, told.stdout


def break_notebook(project: Project) -> None:
    path = project.root / "notebooks/inspection.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[6].source = "1 / 0"
    nbformat.write(notebook, path)


def test_nothing_selected_is_an_exit_code_of_its_own(accepted: Accepted) -> None:
    places = Places(accepted.project.root, accepted.output)
    with pytest.raises(NothingSelected):
        check_briefings(places, (), lambda _: None)
    for path in (accepted.project.root / "params/tiny").iterdir():
        path.unlink()
    assert run(accepted.project, "check").returncode == 4


@pytest.mark.parametrize(
    ("level", "codes"),
    [
        ("facts", {"facts": 1, "text": 1, "structure": 1, "picture": 1, "any": 1}),
        ("text", {"facts": 0, "text": 1, "structure": 1, "picture": 1, "any": 1}),
        ("structure", {"facts": 0, "text": 0, "structure": 1, "picture": 1, "any": 1}),
        ("picture", {"facts": 0, "text": 0, "structure": 0, "picture": 1, "any": 1}),
    ],
)
def test_fail_on_includes_the_levels_before_it(level: Any, codes: dict[Any, int]) -> None:
    result = CheckResult((make_result(**{level: "changed"}),))
    assert {fail_on: result.exit_code(fail_on) for fail_on in codes} == codes


@pytest.mark.parametrize(
    ("state", "code"),
    [("flaky", 1), ("drift", 1), ("not_comparable", 0), ("missing", 1), ("orphaned", 1)],
)
def test_each_state_of_the_picture_has_its_exit_code(state: Any, code: int) -> None:
    assert CheckResult((make_result(picture=state),)).exit_code("any") == code


def test_not_built_wins_over_differences() -> None:
    built: dict[Any, Any] = dict.fromkeys(LEVELS, "not_built")
    result = CheckResult((make_result(facts="changed"), make_result("plan/2021/x", **built)))
    assert result.exit_code("facts") == 3


def test_command_line_fails_by_default_up_to_text(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, alt="帯グラフ"))
    report = accepted.project.root / "report"
    words = ("check", "tiny/2021/", "--junit", str(report / "junit.xml"), "--github")
    summary = accepted.project.root / "summary.md"
    told = run(accepted.project, *words, GITHUB_STEP_SUMMARY=str(summary))
    assert told.returncode == 0, told.stderr
    assert "==≠· 計画全体 2021 [tiny/2021/annual]: structure changed, picture not" in told.stdout
    assert "tests=" in (report / "junit.xml").read_text("utf-8")
    assert "| `tiny/2021/annual` | 同じ | 同じ | 変わった | 比較できない |" in (
        summary.read_text("utf-8")
    )
    assert run(accepted.project, *words, "--fail-on", "structure").returncode == 1


def test_defect_of_nenpo_is_exit_code_70(accepted: Accepted) -> None:
    (accepted.output / "tiny/2021/annual.pdf").write_bytes(b"no PDF at all")
    assert run(accepted.project, "check", ANNUAL).returncode == 70
