"""What the check names as the reason of a difference, and what never is a difference."""

import json
from pathlib import Path

import nbformat
import pytest

from check_project import ANNUAL, Accepted, change_block, recolour, run, states
from nenpo.check.circumstances import find_circumstances
from nenpo.check.reports import tell_result
from nenpo.check.result import CheckResult


def set_environment(accepted: Accepted, name: str, value: str) -> None:
    path = accepted.project.root / "accepted/tiny/2021/circumstances.json"
    found = json.loads(path.read_text("utf-8"))
    assert name in found["environment"]
    found["environment"][name] = value
    path.write_text(json.dumps(found), "utf-8")


def test_other_version_of_matplotlib_alone_is_no_difference(accepted: Accepted) -> None:
    set_environment(accepted, "matplotlib", "2.0.0")
    result = accepted.check("tiny/2021")
    assert not any(d.differs or d.why for d in result.documents)
    assert result.exit_code("any") == 0


def test_difference_under_another_version_is_told_with_it(accepted: Accepted) -> None:
    set_environment(accepted, "matplotlib", "2.0.0")
    accepted.plant(ANNUAL, change_block("figure", 0, svg=recolour))
    annual = accepted.check_one(ANNUAL)
    (why,) = annual.why
    assert why.startswith("matplotlib 2.0.0 → ")
    lines = "\n".join(tell_result(CheckResult((annual,))))
    assert "環境だけ: matplotlib" in lines or "only the environment: matplotlib" in lines


def test_params_are_told_as_the_reason(accepted: Accepted) -> None:
    params = "params/tiny/2021.yaml"
    accepted.project.replace(params, 'issued: "2022-07-01"', 'issued: "2022-07-02"')
    accepted.remake(ANNUAL)
    annual = accepted.check_one(ANNUAL)
    assert annual.states["facts"] == "same"
    assert annual.states["text"] == "changed"
    assert annual.why == ("params",)


def test_notebook_is_told_as_the_reason_of_its_own_documents_only(accepted: Accepted) -> None:
    path = accepted.project.root / "notebooks/annual.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = next(c for c in notebook.cells if c.cell_type == "markdown" and "## 今後" in c.source)
    cell.source = cell.source.replace("今後の予定", "これからの予定")
    nbformat.write(notebook, path)
    accepted.remake(*(briefing.selector for briefing in accepted.select("tiny/2021")))
    by_name = {d.name: d for d in accepted.check("tiny/2021").documents}
    assert by_name["tiny/2021/annual"].why == ("notebook",)
    assert states(by_name["tiny/2021/annual"]) == "= ≠ ≠ ≠"
    others = [d for name, d in by_name.items() if name != "tiny/2021/annual"]
    assert [states(d) for d in others] == ["= = = ="] * 3


def test_circumstances_do_not_depend_on_the_folder(accepted: Accepted, tmp_path: Path) -> None:
    other = accepted.copy(tmp_path / "別の 場所")
    first, second = (find_circumstances(a.project.root, "tiny", 2021) for a in (accepted, other))
    assert first == second


def test_input_that_is_no_input_of_the_edition_changes_no_circumstance(accepted: Accepted) -> None:
    before = find_circumstances(accepted.project.root, "tiny", 2021)
    accepted.project.append("params/tiny/2022.yaml", "# a remark")
    assert find_circumstances(accepted.project.root, "tiny", 2021) == before


@pytest.mark.parametrize(
    ("folder", "jobs", "environment"),
    [
        ("別の 場所", "1", {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "7"}),
        ("b", "4", {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "123"}),
    ],
)
def test_rebuild_elsewhere_is_the_same(
    accepted: Accepted, tmp_path: Path, folder: str, jobs: str, environment: dict[str, str]
) -> None:
    other = accepted.copy(tmp_path / folder)
    selectors = ("tiny/2022/joho", "tiny/2021/inspection", "tiny/2022/inspection")
    told = run(
        other.project, "build", *selectors, "--jobs", jobs, "--output", "made", **environment
    )
    assert told.returncode == 0, told.stderr
    checked = run(
        other.project,
        *("check", *selectors, "--output", "made"),
        *("--accepted", str(other.pdfs), "--fail-on", "any", "--json"),
        **environment,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    found = json.loads(checked.stdout)["documents"]
    assert [set(document["states"].values()) for document in found] == [{"same"}] * 3
