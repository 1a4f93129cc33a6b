"""One planted change each, and what the check reports of it, on which level.

Data, params and notebooks are changed in a copy of an accepted project and built again. What only
templates and styles can change is changed in the Document, drawn in this process and put in the
place of the published files.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from check_project import (
    Accepted,
    build,
    change_block,
    make_accepted,
    make_document,
    run,
    states,
)
from nenpo.check.accept import REMOVED, accept_briefings
from nenpo.check.accepted import (
    Acceptance,
    list_as_accepted,
    read_accepted,
    read_log,
    write_accepted,
    write_edition,
)
from nenpo.check.changes import LEVELS, FactChange, TextChange, compare_facts
from nenpo.check.compare import compare_published, list_errata
from nenpo.check.reading.elements import KINDS, Element, normalise
from nenpo.check.reading.observe import Line, Observation, observe, read_text, write_text
from nenpo.check.reading.pictures import PageChange
from nenpo.check.reports import (
    list_fact_lines,
    tell_errata,
    tell_github,
    tell_result,
    write_json,
    write_junit,
    write_summary,
)
from nenpo.check.result import CheckResult, DocumentResult
from nenpo.check.run import Places, check_briefings
from nenpo.check.words import entitle, name_plans, tell_fact
from nenpo.data.load import load_plan
from nenpo.errors import NotAcceptable, NothingSelected
from nenpo.export import pdf as pdf_export
from nenpo.export.document import Document
from nenpo.language.fonts import find_document_font
from tiny_project import Project

ROOT = Path(__file__).parents[2]
ANNUAL = "tiny/2021/annual"
COUNTER = "tiny/2021/madoguchi"


@pytest.fixture(scope="module")
def accepted_once(tmp_path_factory: pytest.TempPathFactory) -> Accepted:
    return make_accepted(tmp_path_factory.mktemp("accepted"))


@pytest.fixture
def accepted(accepted_once: Accepted, tmp_path: Path) -> Accepted:
    """A copy of it, which a test may change."""
    return accepted_once.copy(tmp_path / "project")


# --- data


def test_what_was_accepted_is_the_same_on_every_level(accepted_once: Accepted) -> None:
    result = accepted_once.check("tiny")
    assert [states(d) for d in result.documents] == ["= = = ="] * 8
    assert result.exit_code("any") == 0


def test_document_drawn_in_this_process_is_the_same_too(accepted: Accepted) -> None:
    """What the planted changes below report comes from the change, not from how it is planted."""
    published = accepted.output / "tiny/2021/annual.pdf"
    before = published.read_bytes()
    accepted.plant(ANNUAL, lambda document: document)
    assert published.read_bytes() == before
    assert states(accepted.check_one(ANNUAL)) == "= = = ="


def test_one_mark_is_a_difference_of_facts_told_by_its_name(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/progress.csv", 1, "status", "△")
    build(accepted.project, "tiny/2021")
    result = accepted.check("tiny/2021")
    assert all(d.states["facts"] == "changed" for d in result.documents)
    annual = result.documents[0]
    assert states(annual).startswith("≠ ≠")
    assert FactChange(("marks", "i1-1-01"), "◎", "△") in annual.facts
    told = "\n".join(list_fact_lines(result))
    assert "◎ 1 → 0" in told
    assert "申請のオンライン化：◎ → △" in told


def test_one_digit_of_an_actual_is_a_difference_of_facts(accepted: Accepted) -> None:
    accepted.project.set_cell("2021/actuals.csv", 1, "value", "20.6")
    accepted.remake(ANNUAL)
    annual = accepted.check_one(ANNUAL)
    assert states(annual).startswith("≠ ≠")
    path = ("indicators", "online-rate", "actual")
    assert annual.facts == (FactChange(path, 20.5, 20.6),)
    assert tell_fact(annual.facts[0], {}).endswith("実績 20.5 → 20.6")
    assert any("20.6％" in line for change in annual.text for line in change.after)


def test_row_removed_is_a_difference_of_facts_text_and_structure(accepted: Accepted) -> None:
    rows = accepted.project.read("2021/progress.csv").replace("i1-2-02,,,,,,,,,s1,22\n", "")
    accepted.project.write("2021/progress.csv", rows)
    accepted.remake(ANNUAL)
    annual = accepted.check_one(ANNUAL)
    assert states(annual).startswith("≠ ≠ ≠")
    changed = {change.path[0]: (change.before, change.after) for change in annual.facts}
    assert changed["rows"] == (4, 3)
    assert any("再掲" in line for change in annual.text for line in change.before)
    # The legend, a row of the table in the PDF, is not counted.
    assert any("4行8列から3行8列" in sentence for sentence in annual.structure)


def test_legend_of_a_table_is_read_after_its_rows(accepted_once: Accepted) -> None:
    lines = observe(accepted_once.output, ANNUAL).lines
    (legend,) = (line for line in lines if line.element.text.startswith("凡例"))
    assert (legend.origin, legend.element.kind) == ("P", "p")


def test_department_renamed_is_text_and_structure_but_no_fact(accepted: Accepted) -> None:
    """The facts speak of departments by id: a new name is no other number."""
    accepted.project.replace("departments.csv", "joho,情報課,", "joho,デジタル課,")
    accepted.project.replace("departments.csv", "20,,,,", "20,,,情報課,")
    accepted.remake("tiny/2021/joho")
    document = accepted.check_one("tiny/2021/joho")
    assert states(document).startswith("= ≠ ≠")
    assert "デジタル課" in document.structure[0]


def list_numbers() -> Iterator[Any]:
    """Yield every number of the fixture's data that a document states."""
    for file, columns in (
        ("2021/actuals.csv", ("value", "denominator")),
        ("2022/actuals.csv", ("value", "denominator")),
        ("targets.csv", ("value",)),
    ):
        path = ROOT / "tests/fixtures/tiny/data/tiny" / file
        with path.open(encoding="utf-8", newline="") as opened:
            for row, record in enumerate(csv.DictReader(opened), 1):
                for column in columns:
                    if record[column]:
                        yield pytest.param(file, row, column, record[column])


@pytest.mark.parametrize(("file", "row", "column", "value"), [*list_numbers()])
def test_every_number_of_the_data_is_a_fact(
    accepted: Accepted, file: str, row: int, column: str, value: str
) -> None:
    """One more of the last digit, wherever a number stands, is never a mere change of text."""
    year = file[:4] if file[:4].isdigit() else "2021"
    last = str(int(value[-1]) + 1) if value[-1] != "9" else "8"
    accepted.project.set_cell(file, row, column, value[:-1] + last)
    before = json.loads((accepted.output / f"tiny/{year}/annual.facts.json").read_text("utf-8"))
    after = make_document(accepted.project.root, f"tiny/{year}/annual").facts or {}
    assert compare_facts(before, after)


def test_value_that_is_not_in_use_is_told_in_words() -> None:
    change = FactChange(("other_values", "indicators", "card-rate", "1", "value"), 46, 47)
    assert tell_fact(change, {"card-rate": "交付率"}) == "交付率 用いていない値 46 → 47"


def list_leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from list_leaves(inner, (*path, key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


def test_every_number_of_the_facts_is_compared_exactly(accepted_once: Accepted) -> None:
    name = accepted_once.output / "tiny/2021/annual.facts.json"
    facts = json.loads(name.read_text("utf-8"))
    paths = list(list_leaves(facts))
    assert len(paths) > 30
    for path in paths:
        planted = json.loads(json.dumps(facts))
        inner = planted
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] += 1e-6
        found = compare_facts(facts, planted)
        assert [change.path for change in found] == [path]


# --- templates and styles


def test_sentence_of_a_template_is_a_difference_of_text_alone(accepted: Accepted) -> None:
    def reword(paragraphs: list[str]) -> list[str]:
        return [text.replace("同じ様式で", "同じ様式により") for text in paragraphs]

    accepted.plant(ANNUAL, change_block("sentences", 5, paragraphs=reword))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ = ≠"
    (change,) = annual.text
    assert change.heading == "4今後の予定・問合せ先"
    assert change.before == ("次回は、令和4年度の進捗状況を同じ様式で取りまとめる。",)
    assert change.after == ("次回は、令和4年度の進捗状況を同じ様式により取りまとめる。",)


def recolour(svg: str) -> str:
    return svg.replace("#c5d7fb", "#2050c0", 1)


def test_colour_of_one_bar_is_a_difference_of_the_picture_alone(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, svg=recolour))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= = = ≠"
    (page,) = annual.pictures
    assert page.page == 1
    left, top, right, bottom = page.frame
    assert (0 < left < right < 1, 0 < top < bottom < 1) == (True, True)
    assert bottom - top < 0.1


def test_order_of_a_tables_rows_is_a_difference_of_text_alone(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("table", 5, rows=lambda rows: rows[::-1]))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ = ≠"
    assert {change.heading for change in annual.text} == {"別紙3目標別・施策別・所管課別の集計"}


def test_two_tables_that_change_places_are_text_and_structure(accepted: Accepted) -> None:
    def swap(document: Document) -> Document:
        own = [n for n, block in enumerate(document.blocks) if block["type"] == "table"]
        blocks = [*document.blocks]
        first, second = own[4], own[6]
        blocks[first], blocks[second] = blocks[second], blocks[first]
        return replace(document, blocks=tuple(blocks))

    accepted.plant(ANNUAL, swap)
    assert states(accepted.check_one(ANNUAL)) == "= ≠ ≠ ≠"


def test_title_alone_is_text_and_structure(accepted: Accepted) -> None:
    """The title stands on the first page and in the properties of the file."""

    def retitle(document: Document) -> Document:
        return replace(document, head={**document.head, "title": "進捗状況の報告（令和3年度）"})

    accepted.plant(ANNUAL, retitle)
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ ≠ ≠"
    assert "文書の題名が" in annual.structure[0]
    assert "進捗状況の報告（令和3年度）" in annual.structure[0]
    assert len(annual.text) == 1


def test_text_of_one_heading_is_text_and_structure(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("heading", 1, text="予定と異なる取組"))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ ≠ ≠"
    told = "見出し「2スケジュールどおりでない取組」が「2予定と異なる取組」に変わった"
    assert annual.structure == (told, "PDFのしおりが変わった")


def test_alternative_text_alone_is_structure_and_looks_the_same(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, alt=lambda alt: alt.replace("帯", "棒")))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= = ≠ ="
    assert annual.text == ()
    (told,) = annual.structure
    assert told.startswith("図の代替テキスト「目標別の進捗区分の割合を示す帯グラフ")


def test_page_turned_upright_is_a_difference_of_the_picture_alone(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("heading", 4, landscape=False))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= = = ≠"
    assert [page.frame for page in annual.pictures] == [(0.0, 0.0, 1.0, 1.0)]


def test_page_break_that_a_longer_text_moves_is_structure(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("sentences", 0, paragraphs=lambda old: [*old, *old * 8]))
    annual = accepted.check_one(ANNUAL)
    assert states(annual) == "= ≠ ≠ ≠"
    assert any("ページ" in sentence for sentence in annual.structure)


@pytest.fixture
def other_font(
    accepted: Accepted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Another family in NENPO_FONT: the document font under a new name, its letters smaller.

    No second Japanese family is on every machine; more units for each em make every glyph smaller.
    """
    font = TTFont(find_document_font().path)
    font["head"].unitsPerEm = round(font["head"].unitsPerEm * 1.06)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = "NenpoTestGothic"
    (tmp_path / "font").mkdir()
    font.save(tmp_path / "font" / "other.ttf")
    monkeypatch.setenv("NENPO_FONT", "NenpoTestGothic")
    monkeypatch.setenv("NENPO_FONT_DIR", str(tmp_path / "font"))
    yield "NenpoTestGothic"
    pdf_export._load_fonts.cache_clear()


def test_another_font_is_a_difference_of_the_picture_and_told_as_environment(
    accepted: Accepted, other_font: str
) -> None:
    accepted.plant(ANNUAL, lambda document: document)
    annual = accepted.check_one(ANNUAL)
    assert states(annual) in ("= = = ≠", "= = ≠ ≠"), annual.text
    assert len(annual.pictures) > 3
    assert [cause.en for cause in annual.why or ()] == [f"font IPAexGothic → {other_font}"]


# --- no false alarms


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


# --- missing, orphaned, not built, selection, levels, exit codes


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


GONE = [
    f"tiny/2022/{name}"
    for name in ("annual", "departments/joho", "departments/madoguchi", "inspection")
]


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
    notebook.cells[5].source = "1 / 0"
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


def make_result(name: str = "plan/2021/annual", **changed: Any) -> DocumentResult:
    same: dict[Any, Any] = dict.fromkeys(LEVELS, "same")
    return DocumentResult(name, "計画全体 2021", same | changed)


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


# --- pictures


def test_without_accepted_pdfs_pictures_are_not_comparable(accepted_once: Accepted) -> None:
    result = accepted_once.check("tiny/2021", pdfs=False)
    assert {d.states["picture"] for d in result.documents} == {"not_comparable"}
    assert result.exit_code("any") == 0


def test_picture_that_comes_out_alike_again_is_drift(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, svg=recolour))
    own = accepted.output / "tiny/2021/annual.pdf"
    asked: list[str] = []

    def rebuild(briefing: Any) -> Path:
        asked.append(briefing.selector)
        return own

    assert states(accepted.check_one(ANNUAL, rebuild=rebuild)) == "= = = drift"
    assert asked == [ANNUAL]


def test_picture_that_never_comes_out_alike_is_flaky(accepted: Accepted) -> None:
    accepted.plant(ANNUAL, change_block("figure", 0, svg=recolour))
    other = accepted.pdfs / "tiny/2021/annual.pdf"
    assert states(accepted.check_one(ANNUAL, rebuild=lambda _: other)) == "= = = flaky"


def test_picture_is_not_made_again_where_the_text_changed(accepted: Accepted) -> None:
    def refuse(briefing: Any) -> Path:
        raise AssertionError("made again")

    accepted.plant(ANNUAL, change_block("sentences", 1, paragraphs=["予定どおり進んだ。"]))
    assert states(accepted.check_one(ANNUAL, rebuild=refuse)) == "= ≠ = ≠"


# --- reports


def make_groups(count: int) -> CheckResult:
    """One text that several documents share, and ``count`` facts of their own."""
    shared = TextChange("見出し", ("前の文。",), ("後の文。\n100%だ。",))
    facts = tuple(FactChange(("rows", str(n)), n, n + 1) for n in range(count))
    first = replace(make_result(facts="changed", text="changed"), facts=facts, text=(shared,))
    second = replace(
        make_result("plan/2021/x", text="changed"), title="情報課 2021", text=(shared,)
    )
    return CheckResult((first, second))


def test_identical_changes_are_told_once_with_their_documents() -> None:
    ((change, documents),) = make_groups(0).group_texts()
    assert change.after == ("後の文。\n100%だ。",)
    assert [document.name for document in documents] == ["plan/2021/annual", "plan/2021/x"]


def test_largest_effect_comes_first() -> None:
    facts = (FactChange(("rows",), 1000, 1001), FactChange(("rated",), 10, 30))
    result = CheckResult((replace(make_result(facts="changed"), facts=facts),))
    lines = list_fact_lines(result)
    assert ["10 → 30" in lines[0], "1000 → 1001" in lines[1]] == [True, True]


@pytest.mark.parametrize(("facts", "lines"), [(0, 1), (8, 9), (9, 10), (50, 10)])
def test_at_most_ten_annotations(facts: int, lines: int) -> None:
    assert len(list(tell_github(make_groups(facts)))) == lines


def test_annotation_is_one_line_and_begins_no_command() -> None:
    (line,) = tell_github(make_groups(0))
    assert line.startswith("::warning title=nenpo check::")
    assert "\n" not in line
    assert "%0A100%25だ" in line


def test_junit_counts_what_it_holds() -> None:
    built: dict[Any, Any] = dict.fromkeys(LEVELS, "not_built")
    changed = make_result(facts="changed", text="changed", picture="not_comparable")
    fact = FactChange(("marks", "<i&1>"), "◎", '"△"')
    result = CheckResult((replace(changed, facts=(fact,)), make_result("plan/2021/x", **built)))
    suites = ElementTree.fromstring(write_junit(result).encode())
    (suite,) = suites
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "8", "failures": "2", "errors": "4", "skipped": "1"}
    held = [len(suites.findall(f".//{tag}")) for tag in ("failure", "error", "skipped")]
    assert held == [2, 4, 1]
    assert suites.findtext(".//failure") == '<i&1>：◎ → "△"'


def test_junit_can_be_read_whatever_characters_a_document_holds() -> None:
    fact = FactChange(("marks", "i1"), "a\x01", "b\ud800\uffff")
    result = CheckResult((replace(make_result(facts="changed"), facts=(fact,)),))
    suites = ElementTree.fromstring(write_junit(result).encode("utf-8", "surrogatepass"))
    assert suites.findtext(".//failure") == "i1：a\ufffd → b\ufffd\ufffd"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            dict.fromkeys(LEVELS, "missing"),
            "::warning title=nenpo check::plan/2021: new document: annual",
        ),
        (
            dict.fromkeys(LEVELS, "orphaned"),
            "::warning title=nenpo check::plan/2021: document is gone: annual",
        ),
        (
            {"picture": "drift"},
            "::notice title=nenpo check::plan/2021: picture drift: annual (p. 3)",
        ),
    ],
)
def test_every_kind_of_finding_has_an_annotation(changed: dict[Any, Any], told: str) -> None:
    pages = (PageChange(3, 1, (0.0, 0.0, 1.0, 1.0)),) if "picture" in changed else ()
    result = CheckResult((replace(make_result(**changed), pictures=pages[: len(changed) == 1]),))
    (line,) = tell_github(result)
    assert line.startswith(told)


def test_what_is_not_built_has_one_annotation_an_edition() -> None:
    built: dict[Any, Any] = dict.fromkeys(LEVELS, "not_built")
    names = ["plan/2021/annual", "plan/2021/departments/a", "plan/2022/annual"]
    lines = list(tell_github(CheckResult(tuple(make_result(name, **built) for name in names))))
    assert lines == [
        "::error title=nenpo check::plan/2021: not built: annual, departments/a",
        "::error title=nenpo check::plan/2022: not built: annual",
    ]


def test_sentence_that_changed_in_two_editions_has_one_annotation() -> None:
    text = TextChange("", ("前",), ("後",))
    first = replace(make_result(text="changed"), text=(text,))
    result = CheckResult((first, replace(first, name="plan/2022/annual", title="計画全体 2022")))
    (line,) = tell_github(result)
    assert line.endswith("計画全体 2021 and 1 more - 前 / + 後")


def test_documents_of_several_plans_are_told_with_their_plan() -> None:
    fact = FactChange(("rows",), 1, 2)
    first = replace(make_result(facts="changed"), facts=(fact,))
    other = replace(first, name="other/2021/annual")
    lines = list_fact_lines(CheckResult((first, other), {"plan": "計画A", "other": "計画B"}))
    assert [line.partition(":")[0] for line in lines] == [
        "計画全体 2021（計画A）",
        "計画全体 2021（計画B）",
    ]


def test_document_that_is_new_as_a_whole_is_told_in_one_word() -> None:
    missing: dict[Any, Any] = dict.fromkeys(LEVELS, "missing")
    lines = list(tell_result(CheckResult((make_result(**missing),))))
    assert lines[1] == "  ++++ 計画全体 2021 [plan/2021/annual]: new document"


def test_item_that_went_to_another_goal_is_told() -> None:
    """No mark changed: the counts by goal are all there is to tell."""
    facts = (FactChange(("by_goal", "1", "◎"), 3, 2), FactChange(("by_goal", "2", "◎"), 3, 4))
    result = CheckResult((replace(make_result(facts="changed"), facts=facts),))
    assert [line.partition(": ")[2] for line in list_fact_lines(result)] == [
        "目標別 1 ◎ 3 → 2",
        "目標別 2 ◎ 3 → 4",
    ]


def test_a_change_of_structure_has_one_annotation_for_all_documents() -> None:
    changed = replace(make_result(structure="changed"), structure=("見出しが増えた",))
    result = CheckResult((changed, replace(changed, name="plan/2021/x")))
    (line,) = tell_github(result)
    assert line.endswith("1 more: 見出しが増えた")


def test_what_changed_alike_in_two_editions_is_told_of_each() -> None:
    fact = FactChange(("rows",), 1, 2)
    text = TextChange("", ("前",), ("後",))
    first = replace(make_result(facts="changed", text="changed"), facts=(fact,), text=(text,))
    result = CheckResult((first, replace(first, name="plan/2022/annual", title="計画全体 2022")))
    assert [line.partition(":")[0] for line in list_fact_lines(result)] == [
        "計画全体 2021",
        "計画全体 2022",
    ]
    assert len(list(result.group_texts())) == 2


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({}, {"marks": {"i1": "◎", "i2": "△"}}, "取組ごとの進捗区分：2件が加わった"),
        ({"figures": {"a": {"value": 1}}}, {}, "数値：1件がなくなった"),
    ],
)
def test_facts_that_are_new_or_gone_as_a_whole_take_one_sentence(
    before: dict[str, Any], after: dict[str, Any], told: str
) -> None:
    (change,) = compare_facts(before, after)
    assert tell_fact(change, {}) == told


def test_json_holds_every_change() -> None:
    value = json.loads(write_json(make_groups(3), "text"))
    assert value["fail_on"] == "text"
    assert [len(document["facts"]) for document in value["documents"]] == [3, 0]
    assert value["documents"][1]["text"][0]["before"] == ["前の文。"]


def test_summary_keeps_texts_as_text() -> None:
    fact = FactChange(("marks", "a`<b>"), "◎", "△\n# x")
    summary = write_summary(CheckResult((replace(make_result(facts="changed"), facts=(fact,)),)))
    assert "- `計画全体 2021: a'<b>：◎ → △ # x`" in summary.splitlines()


@pytest.mark.parametrize(("before", "after"), [({"i": "◎"}, {}), ({}, {"i": "◎"})])
def test_marks_that_all_go_or_come_are_told(before: dict[str, str], after: dict[str, str]) -> None:
    facts = compare_facts({"marks": before}, {"marks": after})
    assert list_fact_lines(CheckResult((replace(make_result(facts="changed"), facts=facts),)))


# --- compare


def test_two_editions_differ_in_what_changed_between_the_years(accepted_once: Accepted) -> None:
    root, output = accepted_once.project.root, accepted_once.output
    result = compare_published(root, output, "tiny/2021", "tiny/2022")
    annual = result.documents[0]
    assert annual.name == "annual"
    changed = {change.path: (change.before, change.after) for change in annual.facts}
    assert changed["indicators", "online-rate", "actual"] == (20.5, 0)
    assert ("fiscal_year",) not in changed
    assert result.exit_code("any") == 1


def test_two_folders_with_the_same_content_are_the_same(accepted_once: Accepted) -> None:
    root, output = accepted_once.project.root, accepted_once.output
    result = compare_published(root, output, str(output), str(accepted_once.pdfs))
    assert [states(document) for document in result.documents] == ["= = = ="] * 8


def test_errata_name_the_row_and_only_the_cell_that_changed(accepted: Accepted) -> None:
    accepted.plant(
        ANNUAL,
        change_block(
            "table", 2, rows=lambda rows: [[*rows[0][:5], "広げた", *rows[0][6:]], *rows[1:]]
        ),
    )
    result = compare_published(
        accepted.project.root, accepted.output, str(accepted.pdfs), str(accepted.output)
    )
    (erratum,) = list_errata(result)
    assert (erratum.wrong, erratum.right) == ("対象を広げる", "広げた")
    assert "別紙1" in erratum.place
    assert "申請のオンライン化" in erratum.place
    head, line = tell_errata([erratum])
    assert (head, line.count("\t")) == ("箇所\t誤\t正", 2)


def test_comparison_of_what_is_no_edition_is_a_usage_error(accepted_once: Accepted) -> None:
    told = run(accepted_once.project, "compare", "tiny/2021", "tiny/1999")
    assert told.returncode == 2
    assert "tiny/2021, tiny/2022" in told.stderr


# --- accept


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def accept(accepted: Accepted, selector: str, reason: str = "訂正") -> tuple[Acceptance, ...]:
    return accept_briefings(
        accepted.project.root,
        accepted.output,
        accepted.select(selector),
        reason,
        date(2026, 4, 1),
    )


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
    (folder / "departments/gone.txt").write_text("", "utf-8")
    (folder / "departments/gone.facts.json").write_text("{}", "utf-8")
    told = [entry for entry in accept(accepted, "tiny/2021") if entry.facts == REMOVED]
    assert [entry.document for entry in told] == ["tiny/2021/departments/gone"]
    assert not list(folder.rglob("gone*"))


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


# --- the accepted state as files

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
    assert read_text(write_text(observation), observation.facts) == observation


def test_document_is_read_again_from_its_files(accepted: Accepted, tmp_path: Path) -> None:
    own = observe(accepted.output, ANNUAL)
    write_accepted(tmp_path, ANNUAL, own)
    assert read_accepted(tmp_path, ANNUAL) == own


@pytest.mark.parametrize("reason", ['"引用", と改行\nがある', "=1+1", "a\rb", "  空白 "])
def test_log_keeps_any_reason(tmp_path: Path, reason: str) -> None:
    entry = Acceptance("2026-04-01", ANNUAL, reason, "new")
    write_edition(tmp_path, ("tiny", 2021), {}, [entry])
    write_edition(tmp_path, ("tiny", 2021), {}, [entry])
    assert read_log(tmp_path, "tiny", 2021) == (entry, entry)


def test_accepted_edition_of_thirty_documents_takes_little_room() -> None:
    folder = ROOT / "accepted/nakano-informatization/2021"
    if not folder.is_dir():
        pytest.skip("no accepted edition in this checkout")
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    documents = len(list(folder.rglob("*.txt")))
    assert sum(sizes) * 30 / max(documents, 1) <= 450_000


def test_department_has_the_name_of_its_own_plan() -> None:
    """Two wards call different departments by one id."""
    plans = [load_plan(p, ROOT) for p in ("nakano-informatization", "nakano-structural-reform")]
    names = name_plans(plans)
    told = [entitle(f"{plan.id}/2021/departments/kikaku", names) for plan in plans]
    assert told == ["企画課 2021", "企画部 2021"]
    assert "kikaku" not in names
