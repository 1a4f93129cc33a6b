"""The letter that goes out with the workbooks of a survey (照会文), for Word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from nenpo.data.plan import Plan
from nenpo.language.fiscal import date_label, fiscal_year_label
from nenpo.workbooks.layout import Survey
from nenpo.workbooks.packing import pack_anew
from nenpo.workbooks.sending.guide import Notice, label_day

_CREATED = datetime(2000, 1, 1)
_TEXT, _HEADING = "ＭＳ 明朝", "ＭＳ ゴシック"
_BLACK = RGBColor(0, 0, 0)
_SIZE = Pt(10.5)
_TABLE_LINE = Pt(15)
_TEXT_WIDTH, _NAME_WIDTH, _COUNT_WIDTH = 160, 52, 24  # millimetres
_SENDER = "（担当課名）"
"""To be filled in, where the params do not say who prepares the report."""
_OFFICES = "課部局室所係署院館園校"
"""What the name of an office ends with whose head is called by putting 長 behind it."""


@dataclass(frozen=True)
class Enclosure:
    """A workbook that the letter goes with: its file, and what it asks."""

    file: str
    survey: Survey

    def count(self, kind: str) -> int:
        """Return how many rows of a kind of sheet are asked, those to add apart."""
        rows = (sheet.rows for sheet in self.survey.sheets if sheet.kind == kind)
        return sum(bool(row.id) for own in rows for row in own)


def write_letter(plan: Plan, fiscal_year: int, notice: Notice, asked: Sequence[Enclosure]) -> bytes:
    """Return the letter to all departments asked, with what each of them is sent."""
    document = docx.Document()
    _set_up(document)
    year, title = fiscal_year_label(fiscal_year), plan.meta.title
    subject = f"{title}の{year}の進捗状況について（照会）"
    properties = document.core_properties
    properties.title, properties.author, properties.language = subject, notice.prepared_by, "ja-JP"
    properties.last_modified_by, properties.comments = "", ""
    properties.created = properties.modified = _CREATED
    _write_head(document, plan, notice)
    document.add_heading(subject, 1)
    _add(
        document,
        f"　このことについて、{year}の進捗状況を取りまとめるため、"
        "別添の調査票により調査を行います。つきましては、下記により御回答くださるようお願いします。",
    )
    _add(document, "記", WD_ALIGN_PARAGRAPH.CENTER)
    for number, (heading, texts) in enumerate(_list_points(plan, year, notice), 1):
        document.add_heading(f"{number}　{heading}", 2)
        style = "List Bullet" if len(texts) > 1 else "Normal"
        for text in texts:
            document.add_paragraph(f"　{text}" if style == "Normal" else text, style)
    document.add_heading("別表　調査票の送付先", 2).paragraph_format.page_break_before = True
    _add_table(document, plan, asked)
    target = BytesIO()
    document.save(target)
    return pack_anew(target.getvalue())


def name_head(office: str) -> str:
    """Return what the head of an office is called.

    >>> name_head("所管課"), name_head("担当チーム")
    ('所管課長', '担当チームの長')
    """
    return f"{office}長" if office[-1:] in _OFFICES else f"{office}の長"


def _write_head(document: Document, plan: Plan, notice: Notice) -> None:
    """Write the number and the date, to fill in where they are not known yet, and who to whom."""
    right = WD_ALIGN_PARAGRAPH.RIGHT
    _add(document, "第　　　　　号", right)
    _add(document, date_label(notice.sent) if notice.sent else "令和　　年　　月　　日", right)
    _add(document, f"各{name_head(plan.meta.terms.lead)}　様")
    sender = notice.prepared_by
    if sender and sender[-1] in _OFFICES:
        sender = name_head(sender)
    _add(document, sender or _SENDER, right)


def _list_points(plan: Plan, year: str, notice: Notice) -> Iterator[tuple[str, list[str]]]:
    """Yield the points of the letter: what each is about, and what is said."""
    terms = plan.meta.terms
    day = f"（{date_label(notice.as_of)}現在）" if notice.as_of else ""
    yield "調査の対象", [f"{plan.meta.title}に掲げる{terms.item}等の{year}の進捗状況{day}"]
    if notice.deadline:
        yield "提出期限", [f"{label_day(notice.deadline)}まで"]
    to = notice.prepared_by or "取りまとめ担当"
    yield (
        "提出方法",
        [f"記入した調査票（Excelのファイル）を、{to}まで電子データで提出してください。"],
    )
    yield "記入上の注意", [*_list_cautions(plan)]
    yield "問合せ先", ["　".join(filter(None, [notice.prepared_by, notice.contact])) or to]


def _list_cautions(plan: Plan) -> Iterator[str]:
    yield "記入の仕方は、調査票の最初のシート「記入のしかた」のとおりです。"
    yield "色の付いた欄に記入してください。そのほかの欄は、前回までの内容を参考に示したものです。"
    if plan.meta.status_scale:
        reason = plan.meta.status_words.reason
        yield f"進捗区分によっては、「{reason}」の記入が必要です。"
    yield "記入が足りない行は、「確認」の列に示されます。"
    word = plan.meta.terms.item
    yield f"担当でない{word}や漏れている{word}があるときは、問合せ先まで御連絡ください。"


def _add_table(document: Document, plan: Plan, asked: Sequence[Enclosure]) -> None:
    """Add the table of the workbooks: a row a department, its counts, and the file."""
    kinds = {"items": plan.meta.terms.item, "indicators": "成果指標", "milestones": "節目"}
    counted = {kind: word for kind, word in kinds.items() if any(e.count(kind) for e in asked)}
    labels = [plan.meta.terms.lead, *(f"{word}（件）" for word in counted.values()), "調査票"]
    table = document.add_table(rows=1, cols=len(labels), style="Table Grid")
    _fill(table.rows[0].cells, labels)
    _repeat(table.rows[0]._tr)
    for enclosure in asked:
        counts = (str(enclosure.count(kind)) for kind in counted)
        _fill(table.add_row().cells, [enclosure.survey.name, *counts, enclosure.file])
    widths = [_NAME_WIDTH, *[_COUNT_WIDTH] * len(counted)]
    widths.append(_TEXT_WIDTH - sum(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
            _set_line(cell.paragraphs[0])
        for cell in row.cells[1:-1]:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _set_line(paragraph: Paragraph) -> None:
    """Give a line of a table room above and below, whatever grid the page has.

    LibreOffice sets Japanese text higher than the line it makes for it, and cuts its top.
    """
    form = paragraph.paragraph_format
    form.space_before = form.space_after = Pt(2)
    form.line_spacing = _TABLE_LINE


def _fill(cells: Iterable["docx.table._Cell"], texts: Iterable[str]) -> None:
    for cell, text in zip(cells, texts, strict=True):
        cell.text = text


def _repeat(row: "docx.oxml.table.CT_Row") -> None:
    """Mark a row as that of the headers, which stands on every page and is read with each cell."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _add(document: Document, text: str, alignment: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
    paragraph = document.add_paragraph(text)
    if alignment is not None:
        paragraph.alignment = alignment
    return paragraph


def _set_up(document: Document) -> None:
    """Set A4 and the styles: Japanese fonts, black, as letters of an office are."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin = section.bottom_margin = Mm(25)
    for name, font in (("Normal", _TEXT), ("Heading 1", _HEADING), ("Heading 2", _HEADING)):
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.size, style.font.color.rgb, style.font.bold = _SIZE, _BLACK, None
        _set_font(style, font)
        style.paragraph_format.space_before = Pt(6 if name == "Heading 2" else 0)
        style.paragraph_format.space_after = Pt(4)
    document.styles["Heading 1"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.styles["Heading 1"].paragraph_format.space_before = Pt(18)
    document.styles["Heading 1"].paragraph_format.space_after = Pt(18)


def _set_font(style: ParagraphStyle, font: str) -> None:
    """Set the font of a style for every script: the template's theme has none for Japanese."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ja-JP")
    language.set(qn("w:eastAsia"), "ja-JP")
    style.element.rPr.append(language)
