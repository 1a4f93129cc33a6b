"""The real documents as rendered: every briefing of every edition, judged by other programs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest

from browser_checks import (
    DESKTOP,
    PHONE,
    list_problems,
    list_requests,
    list_violations,
    open_page,
    scrolls_sideways,
)
from nenpo.build.select import select_briefings
from nenpo.check.reading.observe import observe
from nenpo.content.tables import SUMMARY
from nenpo.data.shared_files import read_comparison
from nenpo.export.blocks import NumberedTable
from nenpo.export.document import read_document
from pdf_checks import (
    find_headless_tables,
    find_layout_faults,
    find_sparse_pages,
    find_violations,
    read_pages,
    read_texts,
)
from shared_builds import make_once
from words_project import read_real

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
BRIEFINGS = select_briefings(ROOT)
NAMES = [briefing.identity.path for briefing in BRIEFINGS]
PUBLIC = [b.identity.path for b in BRIEFINGS if b.kind != "inspection"]
EDITION = "nakano-informatization/2021"
# Every kind of document; `benchmarks/rebuild.py` builds all of them again.
BUILT_AGAIN = (*BRIEFINGS[:2], *BRIEFINGS[4::8])
LOOKED_AT = (
    (f"{EDITION}/annual", PHONE, "light"),
    (f"internal/{EDITION}/inspection", DESKTOP, "dark"),
    (f"{EDITION}/departments/joho-system", DESKTOP, "light"),
    (f"{EDITION}/departments/hokubu-sukoyaka", PHONE, "dark"),
    ("nakano-structural-reform/2022/annual", DESKTOP, "light"),
    ("nakano-structural-reform/2022/departments/somu", PHONE, "dark"),
    ("nakano-information-policy/2021/annual", PHONE, "light"),
    ("unnamed-ward-digitalization/2021/annual", DESKTOP, "dark"),
    ("koto-informatization/2021/annual", PHONE, "light"),
    ("comparison/2021/comparison", DESKTOP, "dark"),
)
EDITIONS = sorted({(b.plan, b.fiscal_year) for b in BRIEFINGS})

# Another day, as a second build would meet it: everything in Python that asks for the time.
LATER = """
import datetime, time
_shift = 400 * 86400
_time, _local, _gm = time.time, time.localtime, time.gmtime
time.time = lambda: _time() + _shift
time.localtime = lambda s=None: _local(time.time() if s is None else s)
time.gmtime = lambda s=None: _gm(time.time() if s is None else s)
"""


def run_build(output: Path, *selectors: str, **environment: str) -> None:
    command = [sys.executable, "-m", "nenpo", "build", *selectors, "--output", str(output)]
    built = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr


def run_build_later(output: Path) -> None:
    """Build some of the briefings in another time zone, language, order and year."""
    later = output.with_name("later")
    later.mkdir(exist_ok=True)
    (later / "sitecustomize.py").write_text(LATER, encoding="utf-8")
    run_build(
        output,
        *(briefing.selector for briefing in reversed(BUILT_AGAIN)),
        TZ="America/New_York",
        LC_ALL="C.UTF-8",
        NENPO_LANG="ja",
        PYTHONPATH=str(later),
        PYTHONHASHSEED="7",
    )


@pytest.fixture(scope="session")
def outputs(made_once: Path) -> Path:
    return make_once(made_once, "outputs", run_build)


@pytest.fixture(scope="session")
def outputs_elsewhere(made_once: Path) -> Path:
    return make_once(made_once, "別のフォルダー", run_build_later)


def read_facts(outputs: Path, name: str) -> dict[str, Any]:
    text = (outputs / f"{name}.facts.json").read_text(encoding="utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def test_every_edition_has_annual_inspection_and_its_departments() -> None:
    names = [b.name for b in BRIEFINGS if b.identity.edition == EDITION]
    assert names[:2] == ["annual", "inspection"]
    assert len(names) == 2 + 26


@pytest.mark.parametrize("name", NAMES)
def test_pdf_conforms_to_pdf_ua_1_and_pdf_a_3a(outputs: Path, name: str) -> None:
    assert find_violations((outputs / f"{name}.pdf").read_bytes()) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_character_is_inside_the_margins_and_large_enough(outputs: Path, name: str) -> None:
    assert find_layout_faults((outputs / f"{name}.pdf").read_bytes()) == []


@pytest.mark.parametrize("name", NAMES)
def test_html_parses_strictly_and_keeps_its_policy(outputs: Path, name: str) -> None:
    assert list_problems((outputs / f"{name}.html").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", NAMES)
def test_facts_follow_their_schema(outputs: Path, name: str) -> None:
    schema = json.loads((ROOT / "src/nenpo/content/facts.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(read_facts(outputs, name), schema)


@pytest.mark.parametrize("name", NAMES)
def test_every_table_of_the_pdf_has_headers_of_rows_and_of_columns(
    outputs: Path, name: str
) -> None:
    assert find_headless_tables((outputs / f"{name}.pdf").read_bytes()) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_page_is_nearly_empty(outputs: Path, name: str) -> None:
    assert find_sparse_pages((outputs / f"{name}.pdf").read_bytes(), 0.25) == []


def test_the_papers_of_all_plans_are_short_and_their_pages_used(outputs: Path) -> None:
    """At most 140 pages, one in twenty of them less than half full."""
    papers = [(outputs / f"{name}.pdf").read_bytes() for name in NAMES]
    pages = sum(len(read_pages(pdf)) for pdf in papers)
    sparse = sum(len(find_sparse_pages(pdf, 0.5)) for pdf in papers)
    assert pages <= 140
    assert sparse <= pages / 20


def test_a_department_of_ten_items_or_fewer_has_one_page(outputs: Path) -> None:
    few = [n for n in NAMES if "/departments/" in n and len(read_facts(outputs, n)["items"]) <= 10]
    longer = [n for n in few if len(read_pages((outputs / f"{n}.pdf").read_bytes())) > 1]
    assert (longer, len(few) > 30) == ([], True)


@pytest.mark.parametrize(("name", "width", "scheme"), LOOKED_AT)
def test_html_in_a_browser(outputs: Path, browser: Any, name: str, width: int, scheme: str) -> None:
    opened = open_page(browser, outputs / f"{name}.html", width, scheme)
    assert list_violations(opened) == []
    assert list_requests(opened) == []
    assert not scrolls_sideways(opened)


@pytest.mark.parametrize(
    "page",
    [
        "index.html",
        "internal/index.html",
        *(f"{plan}/{year}/index.html" for plan, year in EDITIONS),
    ],
)
def test_site_pages_in_a_browser(outputs: Path, browser: Any, page: str) -> None:
    assert list_problems((outputs / page).read_text(encoding="utf-8")) == []
    opened = open_page(browser, outputs / page, PHONE)
    assert list_violations(opened) == []
    assert not scrolls_sideways(opened)


@pytest.mark.parametrize(
    ("page", "folder"), [("index.html", ""), (f"{EDITION}/index.html", EDITION)]
)
def test_page_lists_every_briefing_with_its_counts(outputs: Path, page: str, folder: str) -> None:
    text = (outputs / page).read_text(encoding="utf-8")
    links = set(re.findall(r'href="([^"#]+\.html)"', text))
    own = {name.removeprefix(f"{folder}/") for name in PUBLIC if name.startswith(folder)}
    assert {f"{name}.html" for name in own} <= links
    assert text.count("103") >= 1


def list_links(page: Path) -> list[Path]:
    """Return the files that a page links to."""
    addresses = re.findall(r'href="([^"#:]+)(?:#[^"]*)?"', page.read_text(encoding="utf-8"))
    return [(page.parent / address).resolve() for address in addresses]


def test_every_link_leads_to_a_file_of_the_build(outputs: Path) -> None:
    pages = sorted(outputs.rglob("*.html"))
    lost = {str(link) for page in pages for link in list_links(page) if not link.exists()}
    assert lost == set()


def test_annual_leads_to_the_departments_where_it_names_them(outputs: Path) -> None:
    leads = set(list_links(outputs / EDITION / "annual.html"))
    departments = [name for name in PUBLIC if name.startswith(f"{EDITION}/departments/")]
    assert {(outputs / f"{name}.html").resolve() for name in departments} <= leads


def test_annual_of_124_items_is_no_heavier_than_400_kilobytes(outputs: Path) -> None:
    assert (outputs / EDITION / "annual.html").stat().st_size <= 400_000


def test_no_public_page_links_to_what_is_internal(outputs: Path) -> None:
    internal = outputs / "internal"
    pages = [page for page in outputs.rglob("*.html") if not page.is_relative_to(internal)]
    assert len(pages) == len(PUBLIC) + len(EDITIONS) + 1
    assert [p for p in pages if any(link.is_relative_to(internal) for link in list_links(p))] == []


def test_internal_index_and_inspections_link_to_each_other(outputs: Path) -> None:
    index = outputs / "internal/index.html"
    inspections = [outputs / f"{name}.html" for name in NAMES if name not in PUBLIC]
    assert set(inspections) <= set(list_links(index))
    assert [page for page in inspections if index not in list_links(page)] == []


def test_page_one_of_the_annual_states_the_true_figures(outputs: Path) -> None:
    first = re.sub(r"\s", "", read_texts((outputs / EDITION / "annual.pdf").read_bytes())[0])
    for sentence in (
        "取組103件中97件（94.2％）が予定どおり、遅れ・未着手は3件、前倒しは3件である。",
        "103件の内訳は、国・都が実施主体の取組12件（◎11△1）、区の取組91件（◎86○4×1）である。",
        "値のある指標9件のうち4件は、基準値と令和5年度目標を結ぶ線に届いていない。",
        "見本（公表資料をもとに作成したもので、区の公表資料ではない）",
    ):
        assert sentence in first


def test_summary_lists_all_six_off_schedule(outputs: Path) -> None:
    pages = read_texts((outputs / EDITION / "annual.pdf").read_bytes())[:2]
    summary = re.sub(r"\s", "", "".join(pages))
    for title in ("罹災証明書の発行申請手続", "人財マネジメント", "テレワーク", "外部人材の活用"):
        assert title in summary


def test_facts_of_the_annual_equal_the_printed_totals(outputs: Path) -> None:
    found = read_facts(outputs, f"{EDITION}/annual")
    assert found["status_counts"] == {"◎": 97, "○": 4, "△": 1, "×": 1}
    assert found["ward_status_counts"] == {"◎": 86, "○": 4, "△": 0, "×": 1}
    assert found["unrated"] == 21
    assert found["published"]["agrees"] is True


def test_nothing_for_the_analyst_stands_in_the_assemblys_paper(outputs: Path) -> None:
    text = "".join(read_texts((outputs / EDITION / "annual.pdf").read_bytes()))
    for word in ("読み誤り", "びったり", "未交付率", "None", "nan", "NaN"):
        assert word not in text


def find_progress(name: str) -> str:
    return "/".join((*name.split("/")[:2], "progress.csv"))


TOLD_IN_WORDS = [name for name in PUBLIC if (ROOT / "data" / find_progress(name)).exists()]
# What the municipality would not say of itself, or not in this way.
VOICE = {
    "how the data were read": r"当方|資料に(?:は|[^、。]{0,10}記載[がのはも]?な)",
    "のうち twice in a sentence": r"のうち[^。]*のうち",
    "% beside ％": r"[0-9]%",
    # 「施策9・10の内容」, where a number is a name, is none.
    "a count with の": r"(?<![0-9一-龥々ァ-ヴー〜.・-])[0-9]+の(?!位)[一-龥ァ-ヴ]",
}


@pytest.mark.parametrize("name", PUBLIC)
def test_every_sentence_speaks_with_the_voice_of_the_municipality(outputs: Path, name: str) -> None:
    seen = observe(outputs, name)
    told = [line.element.text for line in seen.lines]
    assert [
        (fault, text) for text in told for fault, rule in VOICE.items() if re.search(rule, text)
    ] == []


@pytest.mark.parametrize("name", TOLD_IN_WORDS)
def test_a_sample_says_beneath_its_words_that_they_are_a_summary(outputs: Path, name: str) -> None:
    words = {
        text
        for row in read_real(find_progress(name))
        for text in (row.get("done", ""), row.get("next_year", ""), row.get("later", ""))
        if len(text) > 10
    }
    document = read_document(nbformat.read(outputs / f"{name}.ipynb", as_version=4))
    tables = [block.table for block in document.blocks if isinstance(block, NumberedTable)]
    told = [t for t in tables if words.intersection(cell for row in t.rows for cell in row)]
    assert [table.caption for table in told if SUMMARY not in table.note] == []


def test_two_builds_in_other_places_and_times_are_byte_identical(
    outputs: Path, outputs_elsewhere: Path
) -> None:
    again = [path.relative_to(outputs_elsewhere) for path in _list_documents(outputs_elsewhere)]
    assert len(again) == 4 * len(BUILT_AGAIN)
    assert [
        str(path)
        for path in again
        if (outputs_elsewhere / path).read_bytes() != (outputs / path).read_bytes()
    ] == []


def _list_documents(folder: Path) -> list[Path]:
    suffixes = (".html", ".pdf", ".json", ".ipynb")
    plans = [path for path in _list_files(folder) if path.parent != folder]
    return [path for path in plans if path.suffix in suffixes and path.name != "index.html"]


def _list_files(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in files if path.name != ".lock")


def test_no_output_tells_where_it_was_made(outputs: Path) -> None:
    place = str(ROOT).encode()
    texts = [p for p in _list_files(outputs) if p.suffix in (".html", ".json", ".ipynb")]
    assert [path.name for path in texts if place in path.read_bytes()] == []


def test_every_plan_of_the_issue_has_its_editions() -> None:
    assert EDITIONS == [
        ("comparison", 2021),
        ("koto-informatization", 2021),
        ("nakano-information-policy", 2021),
        ("nakano-informatization", 2021),
        ("nakano-structural-reform", 2021),
        ("nakano-structural-reform", 2022),
        ("unnamed-ward-digitalization", 2021),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_document_says_on_its_first_page_that_it_is_one(
    outputs: Path, name: str
) -> None:
    first = re.sub(r"\s", "", read_texts((outputs / f"{name}.pdf").read_bytes())[0])
    assert "見本（公表資料をもとに作成したもので、区の公表資料ではない）" in first


@pytest.mark.parametrize("name", NAMES)
def test_no_document_shows_what_a_program_calls_nothing(outputs: Path, name: str) -> None:
    text = "".join(read_texts((outputs / f"{name}.pdf").read_bytes()))
    assert re.findall(r"\b(?:None|nan|NaN|null|True|False)\b", text) == []


def read_first_page(outputs: Path, name: str) -> str:
    return re.sub(r"\s", "", read_texts((outputs / f"{name}.pdf").read_bytes())[0])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "nakano-structural-reform/2022/annual",
            "5戦略・28取組から成る。この文書では、そのうち5取組について報告する。",
        ),
        ("nakano-structural-reform/2022/annual", "項目14件の全てに令和4年度の進捗の記載がある。"),
        ("unnamed-ward-digitalization/2021/annual", "（区名の記載なし）"),
        ("unnamed-ward-digitalization/2021/annual", "3分野・8項目から成る。"),
        ("koto-informatization/2021/annual", "4つのまとまり・10施策から成る。"),
        ("comparison/2021/comparison", "オープンデータは、中野区だけに記載がある。"),
    ],
)
def test_page_one_says_what_the_plan_holds(outputs: Path, name: str, sentence: str) -> None:
    assert sentence in read_first_page(outputs, name)


def test_page_one_of_the_comparison_holds_the_whole_matrix(outputs: Path) -> None:
    """Every theme, every plan's column and what cannot stand side by side, before page two."""
    first = read_first_page(outputs, "comparison/2021/comparison")
    labels = [theme.label for theme in read_comparison(ROOT).themes]
    assert [label for label in labels if label not in first] == []
    assert "件数と数値は並べて比べられない。" in first
    assert "の区分は、◎スケジュールどおり取り組んだ" in first


def test_the_comparison_takes_seven_pages(outputs: Path) -> None:
    pdf = (outputs / "comparison/2021/comparison.pdf").read_bytes()
    assert len(read_texts(pdf)) <= 7


def test_a_plan_without_marks_has_no_word_of_marks(outputs: Path) -> None:
    names = [n for n in PUBLIC if "structural" in n]
    for name in names:
        text = "".join(read_texts((outputs / f"{name}.pdf").read_bytes()))
        assert "◎" not in text
        assert "スケジュールどおりでない取組" not in text
