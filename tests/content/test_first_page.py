"""The annual as rendered: page one alone answers, the list holds every word, nothing is tiny."""

import re
from pathlib import Path

import pytest

from nenpo.build.select import select_briefings
from nenpo.export.document import read_document
from nenpo.export.pdf import render_pdf
from nenpo.notebook.execute import execute_briefing
from pdf_checks import find_layout_faults, read_texts
from tiny_project import add_late_items, copy_project
from words_project import read_real

ROOT = Path(__file__).parents[2]
NAKANO = "nakano-informatization/2021"


def render_annual(root: Path, edition: str) -> bytes:
    briefing = select_briefings(root, [f"{edition}/annual"])[0]
    return render_pdf(read_document(execute_briefing(root, briefing)))


def strip_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def nakano() -> bytes:
    return render_annual(ROOT, NAKANO)


@pytest.fixture(scope="module")
def first(nakano: bytes) -> str:
    return strip_spaces(read_texts(nakano)[0])


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The pages of a plan of which forty items are late."""
    project = copy_project(tmp_path_factory.mktemp("crowded") / "tiny")
    (project.root / "notebooks").symlink_to(ROOT / "notebooks")
    add_late_items(project, 40, reason="部品の調達が遅れ、機器の納入が翌年度となったため")
    return list(map(strip_spaces, read_texts(render_annual(project.root, "tiny/2021"))))


@pytest.mark.parametrize(
    ("number", "department", "reason"),
    [
        (
            "1-1-②-3",
            "防災危機管理課",
            "東京都被災者生活再建支援システム利用者協議会で検討中であるため",
        ),
        ("1-1-②-2", "（防災危機管理課）", "変更理由：記載なし"),
        ("2-5-①-1", "職員課", "事業者を募集したが、不調に終わったため"),
    ],
)
def test_a_late_item_stands_on_page_one_with_department_and_reason(
    first: str, number: str, department: str, reason: str
) -> None:
    assert number in first
    assert department in first
    assert reason in first


@pytest.mark.parametrize(
    "answer",
    [
        "取組103件のうち97件（94.2％）が予定どおりである。遅れ・未着手は3件、前倒しは3件である。",
        "前倒しは、1-3-③-6",
        "初回の報告であり、前年度との比較はない。",
        "国・都が実施主体の取組12件（◎11△1）、区の取組91件（◎86○4×1）",
        "数え方は、参考1に示す。",
        "問合せ先",
    ],
)
def test_page_one_answers_without_the_pages_behind_it(first: str, answer: str) -> None:
    assert answer in first


def test_the_list_begins_on_page_two(nakano: bytes) -> None:
    pages = list(map(strip_spaces, read_texts(nakano)))
    assert "別紙1" not in pages[0]
    assert "別紙1進捗状況一覧" in pages[1]


@pytest.mark.parametrize("column", ["done", "next_year", "later", "change_reason", "issues"])
def test_every_word_of_the_report_is_found(nakano: bytes, column: str) -> None:
    whole = strip_spaces("".join(read_texts(nakano)))
    told = {strip_spaces(row[column]) for row in read_real(f"{NAKANO}/progress.csv")}
    assert [text for text in told if text not in whole] == []


def test_no_text_is_too_small_or_printed_over_another(nakano: bytes) -> None:
    assert find_layout_faults(nakano) == []


def test_remarks_on_how_the_data_were_read_stay_out(nakano: bytes) -> None:
    text = "".join(read_texts(nakano))
    assert [word for word in ("資料により異なる記載", "不採用", "一致する") if word in text] == []


def test_forty_late_items_still_leave_one_page(crowded: list[str]) -> None:
    assert "ほか34件は、別紙の一覧に示す。" in crowded[0]
    assert "問合せ先" in crowded[0]
    assert "別紙1進捗状況一覧" in crowded[1]
