"""What accepting writes, logs and leaves alone, and the accepted state as files."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from check_project import ANNUAL, GONE, Accepted, accept, change_block, run, snapshot
from nenpo.build.causes.names import entitle
from nenpo.check.accept import REMOVED
from nenpo.check.accepted import (
    Acceptance,
    describe_edition,
    describe_state,
    hold_accepted,
    read_accepted,
    read_log,
    replace_accepted,
)
from nenpo.check.compare import compare_published
from nenpo.check.reading.elements import KINDS, Element, normalise
from nenpo.check.reading.observe import Line, Observation, format_text, observe, parse_text
from nenpo.check.words import name_plans
from nenpo.data.load import load_plan
from nenpo.errors import NotAcceptable

ROOT = Path(__file__).parents[2]


def test_log_tells_old_and_new_facts_reason_and_date(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/actuals.csv", 1, "value", "20.6")
    accepted.remake(ANNUAL)
    accept(accepted, "tiny/2021")
    log = read_log(accepted.project.root, "tiny", 2021)
    assert len(log) == 8
    new = next(entry for entry in log[4:] if entry.document == ANNUAL)
    told = "オンライン申請の割合 実績 20.5 → 20.6"
    assert new == Acceptance("2026-04-01", ANNUAL, "訂正", told)
    assert accepted.check("tiny/2021", pdfs=False).exit_code("any") == 0


def test_check_and_compare_accept_nothing(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, alt="帯グラフ"))
    folder = accepted.project.root / "accepted"
    before = snapshot(folder)
    assert run(accepted.project, "check", "--fail-on", "any").returncode == 1
    compare_published(accepted.project.root, accepted.output, "tiny/2021", "tiny/2022")
    assert snapshot(folder) == before


def test_accept_after_a_failed_build_writes_nothing(accepted: Accepted) -> None:
    before = snapshot(accepted.project.root / "accepted")
    failed = accepted.output / "failed/tiny/2021/inspection.ipynb"
    failed.parent.mkdir(parents=True)
    failed.write_text("{}", "utf-8")
    with pytest.raises(NotAcceptable, match="tiny/2021/inspection"):
        accept(accepted, "tiny")
    assert snapshot(accepted.project.root / "accepted") == before


def test_accept_after_a_partial_build_writes_nothing(accepted: Accepted) -> None:
    before = snapshot(accepted.project.root / "accepted")
    manifest = json.loads((accepted.output / "manifest.json").read_text("utf-8"))
    del manifest["briefings"]["tiny/2022/annual"]
    (accepted.output / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    told = run(accepted.project, "accept", "tiny", "--reason", "x")
    assert told.returncode == 2
    assert "tiny/2022/annual" in told.stderr
    assert snapshot(accepted.project.root / "accepted") == before


@pytest.mark.parametrize("reason", ["", "  ", "\u3000"])
def test_accept_without_a_reason_writes_nothing(accepted: Accepted, reason: str) -> None:
    before = snapshot(accepted.project.root / "accepted")
    with pytest.raises(NotAcceptable):
        accept(accepted, "tiny/2021", reason=reason)
    assert snapshot(accepted.project.root / "accepted") == before


def test_accepting_one_document_leaves_the_others(accepted: Accepted) -> None:
    folder = accepted.project.root / "accepted/tiny/2021"
    accept(accepted, ANNUAL)
    assert (folder / "departments/joho.txt").exists()


def test_orphaned_document_goes_with_the_acceptance_of_its_edition(accepted: Accepted) -> None:
    folder = accepted.project.root / "accepted/tiny/2021"
    add_state(folder, "departments/gone")
    with (folder / "log.csv").open("a", encoding="utf-8") as log:
        log.write('"2022-07-01","tiny/2021/departments/gone","r",""\n')
    told = [entry for entry in accept(accepted, "tiny/2021") if entry.facts == REMOVED]
    assert [entry.document for entry in told] == ["tiny/2021/departments/gone"]
    assert not list(folder.rglob("gone*"))


def test_what_was_never_accepted_is_neither_removed_nor_told(accepted: Accepted) -> None:
    """A copy that somebody put beside the accepted state, and notes among the inputs."""
    folder = accepted.project.root / "accepted/tiny/2021"
    add_state(folder, "annual-before")
    notes = accepted.project.root / "accepted/inputs/notes.txt"
    notes.write_text("mine")
    assert all(entry.facts != REMOVED for entry in accept(accepted, "tiny/2021"))
    assert len(list(folder.glob("annual-before.*"))) == 2
    assert notes.read_text() == "mine"


def test_a_file_of_somebody_else_is_not_replaced_by_a_state(accepted: Accepted) -> None:
    folder = accepted.project.root / "accepted/tiny/2021"
    for record in ("log.csv", "digests.json", "receipts.json"):
        (folder / record).unlink()
    before = snapshot(accepted.project.root / "accepted")
    with pytest.raises(NotAcceptable, match=r"annual\.txt"):
        accept(accepted, ANNUAL)
    assert snapshot(accepted.project.root / "accepted") == before


def add_state(folder: Path, name: str) -> None:
    (folder / f"{name}.txt").write_text("", "utf-8")
    (folder / f"{name}.facts.json").write_text("{}", "utf-8")


def test_edition_without_params_goes_with_the_acceptance_of_its_plan(accepted: Accepted) -> None:
    root = accepted.project.root
    (root / "params/tiny/2022.yaml").unlink()
    for _ in range(2):  # the second time, nothing is left to remove or to log
        told = run(accepted.project, "accept", "tiny", "--reason", "廃止")
        assert told.returncode == 0, told.stderr
    assert [path.name for path in (root / "accepted/tiny/2022").rglob("*.*")] == ["log.csv"]
    log = read_log(root, "tiny", 2022)[len(GONE) :]
    assert [(e.document, e.reason, e.facts) for e in log] == [(n, "廃止", REMOVED) for n in GONE]


def test_acceptance_of_one_year_leaves_an_edition_without_params(accepted: Accepted) -> None:
    root = accepted.project.root
    (root / "params/tiny/2022.yaml").unlink()
    before = snapshot(root / "accepted/tiny/2022")
    assert run(accepted.project, "accept", "tiny/2021", "--reason", "x").returncode == 0
    assert snapshot(root / "accepted/tiny/2022") == before


texts = st.text(st.characters(exclude_categories=["Cs"])).map(normalise)
lines = st.builds(
    Line,
    st.sampled_from(["", "P", "H"]),
    st.builds(Element, st.sampled_from(KINDS), texts),
)
observations = st.builds(
    Observation,
    facts=st.just({"rows": 1}),
    lines=st.lists(lines, max_size=8).map(tuple),
    title=texts,
    outline=st.lists(st.tuples(st.integers(0, 5), texts), max_size=4).map(tuple),
    pages=st.lists(st.integers(0, 99), max_size=4).map(tuple),
)


@given(observations)
def test_what_is_written_is_read_again(observation: Observation) -> None:
    assert parse_text(format_text(observation), observation.facts) == observation


def test_document_is_read_again_from_its_files(accepted: Accepted, tmp_path: Path) -> None:
    own = observe(accepted.output, ANNUAL)
    write_accepted(tmp_path, describe_state(ANNUAL, own))
    assert read_accepted(tmp_path, ANNUAL) == own


def write_accepted(root: Path, files: dict[str, bytes]) -> None:
    with hold_accepted(root):
        replace_accepted(root, files, ())


@pytest.mark.parametrize("reason", ['"引用", と改行\nがある', "=1+1", "a\rb", "  空白 "])
def test_log_keeps_any_reason(tmp_path: Path, reason: str) -> None:
    entry = Acceptance("2026-04-01", ANNUAL, reason, "new")
    for _ in range(2):
        write_accepted(tmp_path, describe_edition(tmp_path, ("tiny", 2021), {}, (), [entry]))
    assert read_log(tmp_path, "tiny", 2021) == (entry, entry)


def test_accepted_edition_of_thirty_documents_takes_little_room() -> None:
    folder = ROOT / "accepted/nakano-informatization/2021"
    if not folder.is_dir():
        pytest.skip("no accepted edition in this checkout")
    # The log is apart: it is the history, and grows with what every acceptance changed.
    kept = [path for path in folder.rglob("*") if path.is_file() and path.name != "log.csv"]
    sizes = [path.stat().st_size for path in kept]
    documents = len(list(folder.rglob("*.txt")))
    assert sum(sizes) * 30 / max(documents, 1) <= 450_000


def test_department_has_the_name_of_its_own_plan() -> None:
    """Two wards call different departments by one id."""
    plans = [load_plan(p, ROOT) for p in ("nakano-informatization", "nakano-structural-reform")]
    names = name_plans(plans)
    told = [entitle(f"{plan.id}/2021/departments/kikaku", names) for plan in plans]
    assert told == ["企画課 2021", "企画部 2021"]
    assert "kikaku" not in names
