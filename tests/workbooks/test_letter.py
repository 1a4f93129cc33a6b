"""The letter that goes with the workbooks, read back as Word would."""

import io
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.document import Document

from nenpo.data.load import load_plan
from nenpo.workbooks.asking.asked import PREPARER
from nenpo.workbooks.sending.guide import Notice
from nenpo.workbooks.sending.hand_out import enclose_surveys
from nenpo.workbooks.sending.letter import name_head, write_letter
from tiny_project import Project
from words_project import copy_words

NOTICE = Notice(date(2023, 3, 31), date(2023, 5, 12), date(2023, 4, 21), "企画課", "内線1234")


def write(project: Project, plan_id: str = "tiny", notice: Notice = NOTICE) -> bytes:
    plan = load_plan(plan_id, project.root)
    asked = [e for e in enclose_surveys(plan, 2022) if e.survey.department != PREPARER]
    return write_letter(plan, 2022, notice, asked)


def open_written(raw: bytes) -> Document:
    return docx.Document(io.BytesIO(raw))


def list_paragraphs(document: Document) -> list[str]:
    return [paragraph.text.strip() for paragraph in document.paragraphs]


def test_the_letter_says_who_asks_whom_what_and_by_when(tiny: Project) -> None:
    told = list_paragraphs(open_written(write(tiny)))
    assert told[:5] == [
        "第　　　　　号",
        "令和5年4月21日",
        "各所管課長　様",
        "企画課長",
        "みどり市デジタル計画の令和4年度の進捗状況について（照会）",
    ]
    assert "令和5年5月12日（金）まで" in told
    assert "企画課　内線1234" in told


def test_what_is_not_known_is_left_open(tiny: Project) -> None:
    told = list_paragraphs(open_written(write(tiny, notice=Notice())))
    assert told[1] == "令和　　年　　月　　日"
    assert told[3] == "（担当課名）"
    assert not [text for text in told if "提出期限" in text]


def test_its_headings_and_lists_are_real_ones(tiny: Project) -> None:
    document = open_written(write(tiny))
    styles = {paragraph.text.strip(): paragraph.style.name for paragraph in document.paragraphs}
    assert styles["みどり市デジタル計画の令和4年度の進捗状況について（照会）"] == "Heading 1"
    assert styles["2　提出期限"] == "Heading 2"
    assert "List Bullet" in styles.values()


def test_its_table_lists_what_goes_to_whom(tiny: Project) -> None:
    (table,) = open_written(write(tiny)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["所管課", "取組（件）", "成果指標（件）", "調査票"],
        ["窓口課", "1", "1", "01_窓口課.xlsx"],
        ["情報課", "1", "0", "02_情報課.xlsx"],
    ]
    assert table.rows[0]._tr.trPr.xpath("./w:tblHeader")


def test_it_is_a_page_of_japan(tiny: Project) -> None:
    document = open_written(write(tiny))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert set(fonts.attrib.values()) == {"ＭＳ 明朝"}


def test_the_words_are_those_of_the_plan(tmp_path: Path) -> None:
    told = list_paragraphs(open_written(write(copy_words(tmp_path / "words"), "words")))
    assert told[2] == "各担当局長　様"
    assert "みなと町行動計画に掲げる事業等の令和4年度の進捗状況（令和5年3月31日現在）" in told


def test_the_same_letter_is_the_same_bytes(tiny: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    before = write(tiny)
    monkeypatch.setattr("time.localtime", lambda *_: (2030, 1, 1, 0, 0, 0, 0, 1, 0))
    assert write(tiny) == before


@pytest.mark.parametrize(
    ("office", "head"),
    [("会計室", "会計室長"), ("教育委員会", "教育委員会の長"), ("推進チーム", "推進チームの長")],
)
def test_the_head_of_an_office(office: str, head: str) -> None:
    assert name_head(office) == head
