"""The notebook ``fixtures/analyst``: everything that an analyst may write and show, as rendered."""

import base64
import io
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pypdf
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from browser_checks import (
    DESKTOP,
    PHONE,
    SVG_ELEMENTS,
    list_problems,
    list_requests,
    list_violations,
    open_page,
    parse_page,
    scrolls_sideways,
)
from nenpo.build.isolated.make import make_briefing
from nenpo.build.isolated.outcome import Made
from nenpo.build.select import select_briefings
from nenpo.content.display import Chart, Column, Table
from nenpo.errors import DocumentError
from nenpo.export.blocks import Figure, NumberedTable, Paragraph, Picture
from nenpo.export.document import Document, read_document
from nenpo.export.exporters import NenpoHTMLExporter
from pdf_checks import find_embedded_fonts, find_layout_faults, find_violations, read_texts
from pictures import SVG, draw
from sample_notebook import code, make_head, notebook
from tiny_project import copy_project

FIXTURE = Path(__file__).parents[1] / "fixtures" / "analyst"


@dataclass(frozen=True)
class Shown:
    """The fixture as made: its folder, what was told, its text in the PDF without blanks."""

    folder: Path
    made: Made
    text: str

    @property
    def pdf(self) -> bytes:
        return (self.folder / "annual.pdf").read_bytes()

    @property
    def page(self) -> str:
        return (self.folder / "annual.html").read_text("utf-8")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    place = tmp_path_factory.mktemp("analyst")
    project = copy_project(place / "project")
    shutil.copytree(FIXTURE, project.root / "notebooks")
    (briefing,) = select_briefings(project.root, ["tiny/2021/annual"])
    folder = place / "made"
    folder.mkdir()
    made = make_briefing(project.root, briefing, "nenpo", folder)
    assert isinstance(made, Made), made
    text = "".join(read_texts((folder / "annual.pdf").read_bytes()))
    return Shown(folder, made, "".join(text.split()))


def test_the_pdf_conforms_and_keeps_its_layout(shown: Shown) -> None:
    assert find_violations(shown.pdf) == []
    # The exponents of a logarithmic axis are set as small as exponents are.
    faults = [f for f in find_layout_faults(shown.pdf) if "size=6.99" not in f]
    assert faults == []
    assert find_embedded_fonts(shown.pdf) == {"IPAexGothic"}


def test_the_page_breaks_no_rule(shown: Shown) -> None:
    assert list_problems(shown.page) == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_browser_finds_nothing_wrong(browser: Any, shown: Shown, width: int) -> None:
    opened = open_page(browser, shown.folder / "annual.html", width)
    assert (list_violations(opened), list_requests(opened)) == ([], [])
    assert not scrolls_sideways(opened)


@pytest.mark.parametrize(
    "text",
    [
        "2021.春に開始した。2023.秋に終了した。",
        "3.三つ目から始まる。1.入れ子の一つ目2.入れ子の二つ目",
        "1)括弧の番号2)二つ目",
        "CO2排出量をm2当たりで示す注1",
        "H2O、103件、1~3月と4~6月、費用は$5と$10の間",
        "注1二酸化炭素換算の値である。",
        "一行目二行目",
        "図1窓口の配置",
        "図2交付件数の推移",
        "図3課別の件数",
        "図4対数の軸",
        "図5東地区、西地区",
        "図7窓口の写真",
        "表1年度別の件数",
        "1,234件12.3%",
        "地区：東地区",
        "計算した値は42件である注4",
        "<b>と$x$は書いたとおりに載る。",
    ],
)
def test_what_is_written_stands_in_the_pdf(shown: Shown, text: str) -> None:
    assert text in shown.text


@pytest.mark.parametrize("text", ["公表", "載らない", "隠した", "処理中", "外の命令", "記録した"])
def test_what_is_left_out_stands_in_no_document(shown: Shown, text: str) -> None:
    written = shown.text.replace("公表資料", "")  # of the notice that this is a sample
    assert text not in written
    assert text not in shown.page.replace("公表資料", "")


def test_what_is_printed_stays_in_the_notebook_and_is_told_with_its_cell(shown: Shown) -> None:
    kept = (shown.folder / "annual.ipynb").read_text("utf-8")
    told = [remark.what.en for remark in shown.made.remarks if "cell 23 " in remark.place.en]
    for text in ("終わった", "注意: 値がない", "外の命令"):
        assert text in kept
        assert any(text in each for each in told)
    assert any("no element of a document '2'" in each for each in told)


def test_images_have_their_alternative_texts_in_both_forms(shown: Shown) -> None:
    pictures = (
        each for each in parse_page(shown.page).iter() if each.tag in ("img", f"{SVG_ELEMENTS}svg")
    )
    alts = [picture.get("alt") or picture.get("aria-label") for picture in pictures]
    pdf = pypdf.PdfReader(io.BytesIO(shown.pdf))
    tagged = [o["/Alt"] for o in list_objects(pdf) if o.get("/S") == "/Figure"]
    assert tagged == alts
    assert alts[3:5] == [
        "交付件数の推移。グラフ。横軸は年度、縦軸は件数、凡例は窓口・郵送 $5。",
        "総務課40件、企画課25件、窓口課60件の棒グラフ。",
    ]


def list_objects(pdf: pypdf.PdfReader) -> list[Any]:
    """Return the structure elements of the file, parents before children."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            found.append(node)
            walk(node.get("/K", []))

    walk(pdf.trailer["/Root"]["/StructTreeRoot"])
    return found


def test_a_figure_is_shown_once_whose_variable_ends_its_cell(shown: Shown) -> None:
    assert len(re.findall("図5", shown.text)) == 1


def test_the_files_that_markdown_shows_are_in_the_executed_notebook(shown: Shown) -> None:
    executed = json.loads((shown.folder / "annual.ipynb").read_text("utf-8"))
    assert read_document(executed).blocks
    png = (FIXTURE / "pictures" / "窓口 配置図.png").read_bytes()
    assert base64.b64encode(png).decode() in executed["metadata"]["nenpo_files"].values()


def test_the_exporter_finds_the_files_beside_the_notebook(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "a.svg").write_text(SVG)
    given = notebook(code(make_head()), new_markdown_cell("![説明](../a.svg)"))
    nbformat.write(given, tmp_path / "notebooks" / "x.ipynb")
    page, _ = NenpoHTMLExporter().from_filename(str(tmp_path / "notebooks" / "x.ipynb"))
    assert base64.b64encode(SVG.encode()).decode() in page


def read(source: str, *outputs: Any) -> Document:
    cell = new_code_cell(source, outputs=list(outputs))
    return read_document(notebook(code(make_head()), cell))


def image(mime: str = "image/png", alt: str = "", **more: Any) -> Any:
    data = SVG if mime == "image/svg+xml" else base64.b64encode(draw("PNG")).decode()
    metadata = {mime: {"alt": alt, **more}} if alt or more else {}
    return new_output("display_data", data={mime: data, "text/plain": "x"}, metadata=metadata)


def figure(title: str = "") -> Any:
    chart = Chart(SVG, "グラフ。", title, 0.5, described=False)
    return new_output("display_data", data=chart._repr_mimebundle_())


def find_charts(document: Document) -> list[Chart]:
    return [block.chart for block in document.blocks if isinstance(block, Figure)]


@pytest.mark.parametrize("mime", ["image/png", "image/svg+xml"])
@pytest.mark.parametrize(
    ("source", "alt"),
    [("", "説明"), ("# 代替: 説明", ""), ("#| fig-alt: 説明", ""), ("# 図: 説明", "")],
)
def test_an_image_takes_its_text_from_its_value_or_a_comment(
    mime: str, source: str, alt: str
) -> None:
    (picture,) = read(source, image(mime, alt)).blocks
    assert isinstance(picture, Picture)
    assert picture.alt == "説明"


def test_an_image_without_alternative_text_is_refused_with_the_remedy() -> None:
    with pytest.raises(DocumentError, match="alt="):
        read("", image())


def test_an_image_has_the_size_that_it_is_shown_in() -> None:
    (picture,) = read("", image(alt="説明", width=100)).blocks
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (100, 50)


def test_comments_tell_the_figures_of_a_cell_in_their_order() -> None:
    source = "# 図: 一\nx\n# 図: 二\n# 代替: 説明"
    charts = find_charts(read(source, figure("題"), figure()))
    assert [(c.caption, c.alt) for c in charts] == [("一（題）", "説明"), ("二", "二。グラフ。")]


def test_a_figure_that_nothing_describes_is_shown_with_a_remark() -> None:
    document = read("", figure())
    assert [chart.alt for chart in find_charts(document)] == ["グラフ。"]
    assert "no alternative text" in document.remarks[0].what.en
    assert read("", figure("題")).remarks == read("# 代替: 説明", figure()).remarks == ()


def test_a_comment_tells_the_caption_of_a_table_that_has_none() -> None:
    plain = Table("", (Column("a"),), (("x",),))
    output = new_output("display_data", data=plain._repr_mimebundle_())
    (block,) = read("# 表: 件数", output).blocks
    assert isinstance(block, NumberedTable)
    assert block.table.caption == "件数"


def test_displayed_markdown_is_markdown() -> None:
    output = new_output("display_data", data={"text/markdown": ["**a**"], "text/plain": "x"})
    (block,) = read("", output).blocks
    assert isinstance(block, Paragraph)
    assert block.inlines[0].strong


def test_displayed_markdown_is_refused_as_a_cells_own() -> None:
    output = new_output("display_data", data={"text/markdown": "<b>a</b>", "text/plain": "x"})
    with pytest.raises(DocumentError, match="cell 2"):
        read("", output)
