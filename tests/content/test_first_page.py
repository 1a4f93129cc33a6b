"""The annual as rendered: page one alone answers, the list holds every word, nothing is tiny."""

import re
from collections import Counter
from pathlib import Path

import pytest

from nenpo.build.select import select_briefings
from nenpo.content.display import Sentences, Tiles
from nenpo.export.blocks import NumberedTable, pair_rows
from nenpo.export.document import Document, read_document
from nenpo.export.pdf import render_pdf
from nenpo.notebook.execute import execute_briefing
from pdf_checks import LEAST_BODY_SIZE, find_layout_faults, read_pages, read_texts
from tiny_project import add_late_items, copy_project
from words_project import read_real

ROOT = Path(__file__).parents[2]
NAKANO = "nakano-informatization/2021"


def render_annual(root: Path, edition: str) -> bytes:
    briefing = select_briefings(root, [f"{edition}/annual"])[0]
    return render_pdf(read_document(execute_briefing(root, briefing)))


def strip_spaces(text: str) -> str:
    return re.sub(r"\s", "", text)


def join_words(text: str) -> str:
    return re.sub(r"[\s\-\xad\ufffe\x02]", "", text)


@pytest.fixture(scope="module")
def document() -> Document:
    briefing = select_briefings(ROOT, [f"{NAKANO}/annual"])[0]
    return read_document(execute_briefing(ROOT, briefing))


@pytest.fixture(scope="module")
def nakano(document: Document) -> bytes:
    return render_pdf(document)


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
        "取組103件中97件（94.2％）が予定どおり、遅れ・未着手は3件、前倒しは3件である。",
        "値のある指標9件のうち4件は、基準値と令和5年度目標を結ぶ線に届いていない。",
        "今後の節目",
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


def test_the_paper_on_124_items_is_short(nakano: bytes) -> None:
    assert len(read_texts(nakano)) <= 17


@pytest.mark.parametrize("column", ["done", "next_year", "later", "change_reason", "issues"])
def test_every_word_of_the_report_is_found(nakano: bytes, column: str) -> None:
    # A hyphen at the end of a line is lost to the reader of the PDF.
    whole = join_words("".join(read_texts(nakano)))
    told = {join_words(row[column]) for row in read_real(f"{NAKANO}/progress.csv")}
    assert [text for text in told if text not in whole] == []


def test_no_text_is_too_small_or_printed_over_another(nakano: bytes) -> None:
    assert find_layout_faults(nakano) == []


def list_small(document: Document) -> str:
    """Return all that may be set below 9 pt: the running head, notes, legends, labels, counts."""
    head = document.head
    told = [head.title, head.fiscal_year_label, head.document_number, "凡例", "※" * 9, "/"]
    for block in document.blocks:
        match block:
            case Sentences(paragraphs, role="note"):
                told += paragraphs
            case Tiles(tiles):
                told += [tile.label for tile in tiles]
            case NumberedTable(_, table):
                told += [table.note, table.legend]
                told += [row[1] for row, kind in pair_rows(table) if kind == "group"]
                told += [row[0] for row, kind in pair_rows(table) if kind == "note"]
    return strip_spaces("".join(told))


def test_only_notes_and_labels_are_smaller_than_the_text(document: Document, nakano: bytes) -> None:
    """By the characters on each page: no more small ones than such texts have."""
    allowed = Counter(list_small(document))
    first, *others = read_pages(nakano)
    lists = [page for page in others if page[0] > page[1]]
    for _, _, characters in (first, *lists):
        small = Counter(c.text for c in characters if c.size < LEAST_BODY_SIZE - 0.01)
        assert {text for text in small - allowed if not text.isdigit()} == set()


def test_remarks_on_how_the_data_were_read_stay_out(nakano: bytes) -> None:
    text = "".join(read_texts(nakano))
    assert [word for word in ("資料により異なる記載", "不採用", "一致する") if word in text] == []


def test_forty_late_items_still_leave_one_page(crowded: list[str]) -> None:
    assert "ほか34件は、別紙の一覧に示す。" in crowded[0]
    assert "問合せ先" in crowded[0]
    assert "別紙1進捗状況一覧" in crowded[1]
