"""Why a document differs: what was changed since it was accepted, word for word."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import nbformat
import pytest

from check_project import Accepted, build, change_block, run
from nenpo.build.causes.names import list_code_words
from nenpo.build.causes.why import Cause
from nenpo.build.environment import DRAWN_BY, find_environment
from nenpo.build.receipts import Receipts, locate_record, read_receipts
from nenpo.check.accept import accept_briefings
from nenpo.check.accepted import locate_accepted, read_log
from nenpo.check.causes import Causes
from nenpo.check.changes import LEVELS, FactChange
from nenpo.check.reports import tell_result, write_json, write_junit, write_summary
from nenpo.check.result import CheckResult, DocumentResult
from nenpo.check.words import tell_fact
from nenpo.data.schema.declarations import Edition
from nenpo.data.schema.tables import SHARED_TABLES, TABLES
from tiny_project import Project

ROOT = Path(__file__).parents[2]
ANNUAL, JOHO, COUNTER = "tiny/2021/annual", "tiny/2021/joho", "tiny/2021/madoguchi"
ITEM = "進捗状況「1-① 申請のオンライン化」"


def accept(accepted: Accepted, *selectors: str) -> None:
    root, chosen = accepted.project.root, accepted.select(*selectors)
    accept_briefings(root, accepted.output, chosen, "訂正", date(2026, 4, 1))


def find(accepted: Accepted, selector: str) -> list[str]:
    """Return the causes in Japanese, for which a document would differ."""
    found = Causes(accepted.project.root).find(accepted.select(selector)[0])
    assert found is not None
    return [cause.ja for cause in found]


def read_record(accepted: Accepted, year: int = 2021) -> Receipts:
    return read_receipts(locate_accepted(accepted.project.root, "tiny", year))


def change_detail(accepted: Accepted, name: str, value: str) -> None:
    """Have the record say that documents were drawn with something else."""
    path = locate_accepted(accepted.project.root, "tiny", 2021).file
    record = json.loads(path.read_text("utf-8"))
    known = [details for details in record["details"].values() if name in details]
    assert known
    for details in known:
        details[name] = value
    path.write_text(json.dumps(record), "utf-8")


# --- one change each


def find_heading(notebook: Any) -> tuple[int, Any]:
    """Return the last cell of Markdown, and its number as messages give it."""
    numbered = list(enumerate(notebook.cells, 1))
    return next((n, c) for n, c in reversed(numbered) if c.cell_type == "markdown")


def replace_cell(project: Project) -> None:
    path = project.root / "notebooks/annual.ipynb"
    notebook = nbformat.read(path, as_version=4)
    find_heading(notebook)[1].source += "（改）"
    nbformat.write(notebook, path)


NUMBER, HEADING = find_heading(nbformat.read(ROOT / "notebooks/annual.ipynb", as_version=4))


CHANGES: dict[str, tuple[Callable[[Project], None], str]] = {
    "mark": (
        lambda p: p.set_cell("2021/progress.csv", 1, "status", "△"),
        f"data/tiny/2021/progress.csv:2 {ITEM}進捗区分の記号: ◎ → △",
    ),
    "note": (
        lambda p: p.set_cell("2021/progress.csv", 1, "note", "原文のとおり"),
        f"data/tiny/2021/progress.csv:2 {ITEM}備考: （空） → 原文のとおり",
    ),
    "code of a value": (
        lambda p: p.set_cell("2021/progress.csv", 3, "shift", "behind"),
        "progress.csv:5 進捗状況「1-② デー夕の公開」予定の変更の向き: 前倒し → 後ろ倒し",
    ),
    "yes and no": (
        lambda p: p.set_cell("targets.csv", 1, "approximate", "true"),
        "「約」が付くか: いいえ → はい",
    ),
    "reference": (
        lambda p: p.set_cell("items.csv", 3, "measure", "m1-1"),
        "取組「1-① デー夕の公開」施策の ID: 1-② オープンデータ → 1-① 窓口のオンライン化",
    ),
    "department": (
        lambda p: p.replace("departments.csv", "joho,情報課,", "joho,デジタル課,"),
        "departments.csv:2 部署「デジタル課」名称: 情報課 → デジタル課",
    ),
    "row of a whole plan": (
        lambda p: p.append("2021/commentary.csv", "plan,なお、記載はない。"),
        "commentary.csv:4 担当者の補足「計画全体（2件目）」の行が加わった",
    ),
    "row removed": (
        lambda p: p.replace("2021/progress.csv", "i1-2-02,,,,,,,,,s1,22\n", ""),
        "progress.csv 進捗状況「1-② 申請のオンライン化（再掲）」の行がなくなった",
    ),
    "entry of a list": (
        lambda p: p.replace("plan.yaml", "label: 目標1", "label: 目標A"),
        "計画の基本事項 goals.g1.label: 目標1 → 目標A",
    ),
    "parameter": (
        lambda p: p.replace("params/tiny/2021.yaml", '"2022-07-01"', '"2022-07-02"'),
        "params/tiny/2021.yaml 文書の日付: 2022-07-01 → 2022-07-02",
    ),
    "parameter with a code": (
        lambda p: p.replace("params/tiny/2021.yaml", "state: draft", "state: final"),
        "params/tiny/2021.yaml 文書の状態: 案 → 確定",
    ),
    "parameter that is a flag": (
        lambda p: p.replace("params/tiny/2021.yaml", "sample: true", "sample: false"),
        "params/tiny/2021.yaml 見本であるか: はい → いいえ",
    ),
    "notebook": (
        replace_cell,
        f"notebooks/annual.ipynb セル {NUMBER}「{HEADING.source}（改）」が変わった",
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_a_change_is_the_one_cause(accepted: Accepted, case: str) -> None:
    change, told = CHANGES[case]
    change(accepted.project)
    (cause,) = find(accepted, ANNUAL)
    assert cause.endswith(told)


def test_nothing_changed_is_no_cause(accepted_once: Accepted) -> None:
    assert [find(accepted_once, name) for name in (ANNUAL, JOHO, "tiny/2022/annual")] == [[]] * 3


def test_check_tells_the_cause_of_the_documents_that_differ(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    accepted.remake(ANNUAL, JOHO, COUNTER)
    result = accepted.check("tiny/2021")
    (cause,) = result.documents[0].why or ()
    ((causes, documents),) = result.group_causes()
    assert causes == (cause,)
    assert [d.title for d in documents] == ["計画全体 2021", "窓口課 2021", "情報課 2021"]
    assert f"{ITEM}進捗区分の記号: ◎ → △" in cause.ja
    assert result.documents[1].why is None  # the 点検票 was not made anew: nothing differs


def test_why_and_check_tell_the_same(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    told = run(accepted.project, "why", ANNUAL, NENPO_LANG="ja").stdout.splitlines()
    assert told[0] == "計画全体 2021 [tiny/2021/annual]:"
    assert [line.strip() for line in told[1:]] == find(accepted, ANNUAL)


def test_other_departments_words_are_no_cause(accepted: Accepted) -> None:
    accepted.project.write("organisation_changes.csv", "fiscal_year,from,to,kind\n")
    build(accepted.project, "tiny")
    accept(accepted, "tiny")
    accepted.project.set_cell("2021/progress.csv", 2, "next_year", "国が改修を続ける")
    assert find(accepted, COUNTER) == []
    assert len(find(accepted, JOHO)) == 1


# --- versions, code, fonts


def test_version_of_a_library_is_told_with_both_numbers(accepted: Accepted) -> None:
    change_detail(accepted, "typst", "0.1.0")
    assert find(accepted, ANNUAL) == [f"typst 0.1.0 → {find_environment()['typst']}"]


def test_another_version_alone_is_no_difference(accepted: Accepted) -> None:
    change_detail(accepted, "matplotlib", "2.0.0")
    result = accepted.check("tiny/2021")
    assert not any(d.differs or d.why for d in result.documents)


def test_code_is_told_by_its_rooms(accepted: Accepted) -> None:
    for name in ("nenpo/content/marks.py", "nenpo/content/tables.py", "nenpo/export/html.py"):
        change_detail(accepted, name, "0")
    assert find(accepted, ANNUAL) == ["年報のプログラム（文書の内容、文書の書き出し）が変わった"]


@pytest.mark.parametrize("room", ["site", "check", "build", "cli", "errors.py"])
def test_code_that_draws_no_document_is_no_part_of_its_environment(room: str) -> None:
    """A change there concerns no document."""
    own = {name.removeprefix("nenpo/") for name in find_environment() if "/" in name}
    beside = {name for name in own if name.startswith(room)} - {"build/isolated/make.py"}
    assert (beside, len(own) > 50) == (set(), True)


def test_every_room_that_draws_has_code() -> None:
    """A room that was renamed or emptied is not silently left out."""
    names = [name.removeprefix("nenpo/") for name in find_environment()]
    assert [key for key in DRAWN_BY if not any(name.startswith(key) for name in names)] == []


# --- the record


def test_record_agrees_with_that_of_the_outputs(accepted_once: Accepted) -> None:
    made = read_receipts(locate_record(accepted_once.output))
    for year in (2021, 2022):
        kept = read_record(accepted_once, year)
        assert kept.briefings.keys() == {n for n in made.briefings if n.startswith(f"tiny/{year}")}
        for name, receipt in kept.briefings.items():
            former = made.briefings[name]
            same = {k: v for k, v in vars(former).items() if k != "files"}
            assert {k: v for k, v in vars(receipt).items() if k != "files"} == same
            assert kept.details[receipt.environment] == made.details[former.environment]
            assert kept.details[receipt.files].items() <= made.details[former.files].items()


def test_record_holds_the_files_that_the_documents_were_made_from(accepted_once: Accepted) -> None:
    record = read_record(accepted_once)
    files = record.details[record.briefings[ANNUAL].files]
    assert {name.split("/")[0] for name in files} == {"data", "notebooks"}
    assert [name for name in files if name.startswith("notebooks/")] == ["notebooks/annual.ipynb"]
    kept = accepted_once.project.root / "accepted/inputs"
    digest = files["data/tiny/2021/progress.csv"]
    assert (kept / digest).read_text("utf-8") == accepted_once.project.read("2021/progress.csv")


def list_spoken(accepted: Accepted) -> set[str]:
    records = [read_record(accepted, year) for year in (2021, 2022)]
    return {
        digest
        for record in records
        for receipt in record.briefings.values()
        for digest in record.details[receipt.files].values()
    }


def test_inputs_that_nothing_speaks_of_are_removed(accepted: Accepted) -> None:
    folder = accepted.project.root / "accepted/inputs"
    first = {path.name for path in folder.iterdir()}
    assert first == list_spoken(accepted)
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    build(accepted.project, "tiny")
    accept(accepted, "tiny/2021")
    assert first < {path.name for path in folder.iterdir()}  # 2022 still speaks of the former
    accept(accepted, "tiny/2022")
    after = {path.name for path in folder.iterdir()}
    assert after == list_spoken(accepted)
    assert len(first - after) == 1


def test_inputs_stay_while_a_record_cannot_be_read(accepted: Accepted) -> None:
    """A merge that is not finished yet may still need them."""
    folder = accepted.project.root / "accepted"
    before = {path.name for path in (folder / "inputs").iterdir()}
    (folder / "tiny/2022/receipts.json").write_text("<<<<<<< ours", "utf-8")
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    build(accepted.project, "tiny/2021")
    accept(accepted, "tiny/2021")
    assert before < {path.name for path in (folder / "inputs").iterdir()}


def test_acceptance_of_one_document_keeps_the_record_of_the_others(accepted: Accepted) -> None:
    before = read_record(accepted)
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    build(accepted.project, "tiny/2021")
    accept(accepted, ANNUAL)
    after = read_record(accepted)
    assert after.briefings.keys() == before.briefings.keys()
    assert [n for n in before.briefings if after.briefings[n] != before.briefings[n]] == [ANNUAL]
    assert find(accepted, ANNUAL) == []
    assert len(find(accepted, JOHO)) == 1


def test_after_an_acceptance_check_is_quiet(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    build(accepted.project, "tiny/2021")
    accept(accepted, "tiny/2021")
    result = accepted.check("tiny/2021", pdfs=False)
    assert [d.why for d in result.documents if d.differs or d.why] == []
    assert list(tell_result(result))[1:] == ["4 document(s), 0 differ, 0 not built."]


def test_document_without_a_receipt_is_accepted_without_one(accepted: Accepted) -> None:
    """It was made with another engine, or while its inputs changed."""
    path = locate_record(accepted.output).file
    record = json.loads(path.read_text("utf-8"))
    del record["briefings"][ANNUAL]
    path.write_text(json.dumps(record), "utf-8")
    accept(accepted, "tiny/2021")
    assert ANNUAL not in read_record(accepted).briefings
    assert Causes(accepted.project.root).find(accepted.select(ANNUAL)[0]) is None
    assert find(accepted, JOHO) == []


def test_receipt_of_other_files_is_not_kept(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("heading", 1, text="予定と異なる取組"))
    accept(accepted, "tiny/2021")
    assert ANNUAL not in read_record(accepted).briefings


def test_edition_of_before_the_record_is_checked_without_causes(accepted: Accepted) -> None:
    folder = accepted.project.root / "accepted"
    (folder / "tiny/2021/receipts.json").unlink()
    (folder / "tiny/2021/circumstances.json").write_text("{}", "utf-8")
    shutil.rmtree(folder / "inputs")
    accepted.plant(ANNUAL, change_block("figure", 0, alt="帯グラフ"))
    annual = accepted.check_one(ANNUAL)
    assert (annual.differs, annual.why) == (True, None)
    lines = list(tell_result(CheckResult((annual,))))
    assert lines[-2] == "  計画全体 2021: there is no record of what it was made from"


# --- what cannot be read any more


def drop_plan(project: Project) -> None:
    shutil.rmtree(project.root / "data/tiny")


BROKEN: dict[str, tuple[Callable[[Project], None], str]] = {
    "renamed column": (
        lambda p: p.replace("2021/progress.csv", ",next_year,", ",naxt_year,"),
        "data/tiny/2021/progress.csv 進捗状況の列「次年度の予定」がなくなった",
    ),
    "renamed key": (
        lambda p: p.replace("2021/progress.csv", "item,", "itam,"),
        "data/tiny/2021/progress.csv 進捗状況に列「itam」が加わった",
    ),
    "renamed scope": (
        lambda p: p.replace("2021/commentary.csv", "scope,", "scape,"),
        "data/tiny/2021/commentary.csv 担当者の補足に列「scape」が加わった",
    ),
    "no UTF-8": (
        lambda p: p.write("2021/progress.csv", b"\xff\xfe\x00"),
        "data/tiny/2021/progress.csv 進捗状況が変わった",
    ),
    "empty": (
        lambda p: p.write("2021/progress.csv", b""),
        "data/tiny/2021/progress.csv 進捗状況が変わった",
    ),
    "unclosed quote": (
        lambda p: p.append("2021/progress.csv", '"i'),
        "data/tiny/2021/progress.csv 進捗状況が変わった",
    ),
    "no YAML": (
        lambda p: p.write("plan.yaml", b"a: [\n"),
        "data/tiny/plan.yaml 計画の基本事項が変わった",
    ),
    "removed file": (
        lambda p: p.path("2021/commentary.csv").unlink(),
        "data/tiny/2021/commentary.csv 担当者の補足がなくなった",
    ),
    "unknown file": (
        lambda p: p.write("2021/extra.csv", b"a\n1\n"),
        "data/tiny/2021/extra.csv extra.csvが加わった",
    ),
    "removed plan": (drop_plan, "計画の資料（data/tiny/）がなくなった"),
}


@pytest.mark.parametrize("selector", [ANNUAL, JOHO])
@pytest.mark.parametrize("case", BROKEN)
def test_what_is_not_valid_any_more_is_told(accepted: Accepted, case: str, selector: str) -> None:
    (briefing,) = accepted.select(selector)
    change, told = BROKEN[case]
    change(accepted.project)
    found = Causes(accepted.project.root).find(briefing)
    assert told in [cause.ja for cause in found or ()]


def test_lost_inputs_cost_the_rows_and_no_more(accepted: Accepted) -> None:
    shutil.rmtree(accepted.project.root / "accepted/inputs")
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    assert find(accepted, ANNUAL) == ["data/tiny/2021/progress.csv 進捗状況が変わった"]


def test_commands_refuse_invalid_data_of_the_plan_and_not_of_another(accepted: Accepted) -> None:
    shutil.copytree(accepted.project.path("plan.yaml").parent, accepted.project.root / "data/other")
    assert run(accepted.project, "check", "tiny").returncode == 0
    assert run(accepted.project, "why", "tiny").returncode == 0
    accepted.project.write("plan.yaml", b"a: [\n")
    for command in ("check", "why"):
        told = run(accepted.project, command, "tiny/2021")
        assert told.returncode == 2
        assert "data/tiny/plan.yaml" in told.stderr
        assert "Traceback" not in told.stderr


def test_item_that_is_gone_keeps_its_name(accepted: Accepted) -> None:
    for file in ("2021/progress.csv", "items.csv", "2021/assignments.csv"):
        lines = accepted.project.read(file).splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith("i1-2-02,")]
        accepted.project.write(file, "".join(kept))
    accepted.remake(ANNUAL)
    result = accepted.check(ANNUAL)
    told = [tell_fact(change, result.names) for change in result.documents[0].facts]
    assert "取組の一覧：「1-② 申請のオンライン化（再掲）」がなくなった" in told


# --- reports


def make_result(count: int, documents: int = 3) -> CheckResult:
    causes = tuple(Cause("data", f"変更{n}", f"change {n}") for n in range(count))
    states: Any = {**dict.fromkeys(LEVELS, "same"), "text": "changed"}
    names = [f"plan/2021/departments/d{n}" for n in range(documents)]
    return CheckResult(tuple(DocumentResult(n, n[-2:], states, why=causes) for n in names))


def test_shared_causes_are_told_once_and_cut() -> None:
    lines = list(tell_result(make_result(25)))
    place = lines.index("Changed since it was accepted:")
    assert lines[place + 1 : place + 3] == ["  d0 and 2 more:", "    change 0"]
    assert lines[place + 11 : place + 13] == ["    change 9", "    and 15 more"]


def test_documents_with_causes_of_their_own_are_groups_of_their_own() -> None:
    result = make_result(1, documents=2)
    own = Cause("notebook", "セル", "cell")
    first = result.documents[0]
    both = CheckResult(
        (DocumentResult(first.name, "a", first.states, why=(own,)), *result.documents)
    )
    assert [len(documents) for _, documents in both.group_causes()] == [2, 1]


def test_difference_with_nothing_changed_is_told_as_such() -> None:
    lines = list(tell_result(make_result(0)))
    assert lines[-2] == "  d0 and 2 more: nothing that it is made from changed"


def test_every_report_tells_the_cause() -> None:
    result = make_result(1)
    assert "Changed since it was accepted: change 0" in write_junit(result)
    assert "- `d0 and 2 more: change 0`" in write_summary(result).splitlines()
    (cause, *_) = json.loads(write_json(result, "text"))["documents"][0]["why"]
    assert cause == {"part": "data", "ja": "変更0", "en": "change 0"}


def test_acceptance_is_told_in_words(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    build(accepted.project, "tiny/2021")
    told = run(accepted.project, "accept", ANNUAL, JOHO, "--reason", "訂正", NENPO_LANG="ja")
    first, second = told.stdout.splitlines()
    facts = "△ 1 → 2、◎ 1 → 0（1-① 申請のオンライン化：◎ → △）"
    assert first.startswith(f"計画全体 2021 [tiny/2021/annual]: {facts}；")
    assert second.startswith("情報課 2021 [tiny/2021/joho]: ")
    assert read_log(accepted.project.root, "tiny", 2021)[-2].facts.startswith(facts)


# --- words


def list_leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    pairs = value.items() if isinstance(value, dict) else ()
    pairs = enumerate(value) if isinstance(value, list) and _holds_maps(value) else pairs
    if not pairs:
        yield path, value
    for key, inner in pairs:
        yield from list_leaves(inner, (*path, str(key)))


def _holds_maps(value: list[Any]) -> bool:
    return any(isinstance(entry, dict) for entry in value)


def test_every_fact_of_our_plans_is_told_without_codes() -> None:
    """Whatever of the facts changes: its name and both values are words."""
    logs = ROOT.glob("accepted/*/*/log.csv")
    editions = [(log.parts[-3], int(log.parts[-2])) for log in logs]
    names = Causes(ROOT).name_plans(editions)
    for file in sorted(ROOT.glob("accepted/**/*.facts.json")):
        for path, value in list_leaves(json.loads(file.read_text("utf-8"))):
            other = [] if isinstance(value, list) else None
            told = tell_fact(FactChange(path, value, other), names)
            assert not re.search(r"[a-z]+[-_][a-z0-9]|True|False|None", told), (path, told)


@pytest.mark.parametrize("model", [*TABLES.values(), *SHARED_TABLES.values(), Edition])
def test_every_code_has_a_word_in_its_columns_description(model: Any) -> None:
    for name, field in model.model_fields.items():
        codes = {word for word in get_args(field.annotation) if isinstance(word, str) and word}
        if codes and name != "table":  # which names tables, by their titles
            assert list_code_words(field).keys() == codes
