"""The HTML of a briefing, as parsed and as shown by a browser."""

import base64
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

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
from nenpo.content import drawing
from nenpo.content.display import (
    Chart,
    Column,
    Facts,
    HeaderCell,
    Rows,
    Sentences,
    Table,
    Tile,
    Tiles,
)
from nenpo.export.blocks import Block, Figure, Heading, Inline, ListBlock, NumberedTable, Paragraph
from nenpo.export.csv import write_spreadsheet_csv
from nenpo.export.document import Document
from nenpo.export.exporters import NenpoHTMLExporter
from nenpo.export.html import render_html
from nenpo.export.html_table import name_rows, view_table
from nenpo.export.marks import read_legend
from nenpo.export.page import show_text, write_text_url
from sample_notebook import code, make_head, notebook

HOSTILE = '<script>alert(1)</script> & "引用" \'</td></table></style>{{ 7*7 }} *a* $x$'
ENDLESS = "長" * 4_000 + "W" * 6_000
MARKS = {"◎": "good", "○": "neutral", "△": "caution", "×": "bad"}
LEGEND = "◎ 予定どおり　○ 変更　△ 不十分　× 未着手"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="460.8pt" height="100pt"></svg>'


def make_table(number: int = 1, **changes: Any) -> NumberedTable:
    table = Table(
        caption="進捗区分",
        columns=(
            Column("取組", width=3),
            Column("区分", "center", kind="mark"),
            Column("件数", "right", kind="number"),
        ),
        rows=(("目標1", "", ""), ("窓口の拡大", "◎", "12"), ("計", "", "12")),
        groups=(HeaderCell(""), HeaderCell("令和3年度", 2)),
        kinds=("group", "body", "total"),
        tones=MARKS,
        legend=LEGEND,
    )
    # Other rows are ordinary ones, unless their kinds are given.
    kinds = {"kinds": ()} if "rows" in changes else {}
    return NumberedTable(number, replace(table, **kinds | changes))


def make_wide_table(number: int = 2) -> NumberedTable:
    labels = ["取組", "所管課", "区分", "理由", "実績", "次年度の予定", "以降の予定", "課題"]
    columns = tuple(Column(label, kind="mark" if label == "区分" else "text") for label in labels)
    text = "夜間受付日数の増と日曜窓口の交付可能件数の増により、交付体制を強化する。"
    rows = tuple((text, "戸籍住民課", mark, text, text, text, "", text) for mark in MARKS)
    return make_table(number, columns=columns, groups=(), rows=rows, caption="進捗状況一覧")


def heading(level: int, text: str, position: int, **changes: Any) -> Heading:
    return Heading(level, text, id=f"s-{position}", **changes)


def make_document(*blocks: Block, **head: Any) -> Document:
    rows = (Rows("items.csv", "取組の一覧", "取組,差\n=1+1,-3\n"),)
    return Document(make_head(**head), blocks, rows, Facts({"rated": 1}))


def make_full_document() -> Document:
    """One block of every kind, with hostile and endless text."""
    return make_document(
        heading(2, "総括", 1, number="1"),
        Sentences(("103件のうち97件。", HOSTILE), "lead"),
        Tiles((Tile("97", "予定どおり", "件", "good"), Tile("3", HOSTILE, "件", "bad"))),
        Sentences((ENDLESS,), "list"),
        Sentences(("注記",), "note"),
        make_table(1, note=HOSTILE),
        Figure(1, Chart(SVG, HOSTILE, HOSTILE)),
        heading(3, ENDLESS, 2),
        Paragraph((Inline("本文", href="https://example.jp/a"), Inline("。"))),
        ListBlock(((Paragraph((Inline(HOSTILE, code=True),)),),), (1,)),
        heading(1, "一覧", 3, number="別紙1", part="annex", landscape=True),
        make_wide_table(2),
        heading(2, "内訳", 4, part="annex"),
        make_table(3, caption=ENDLESS, rows=((HOSTILE, "×", ENDLESS),), legend=""),
    )


@pytest.fixture(scope="module")
def full_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = tmp_path_factory.mktemp("html") / "annual.html"
    page.write_text(render_html(make_full_document()), encoding="utf-8")
    return page


def page_of(*blocks: Block, **head: Any) -> Any:
    return parse_page(render_html(make_document(*blocks, **head)))


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def test_page_breaks_no_rule(full_page: Path) -> None:
    """Strictly parsed: policy and its hash, no request, headings, ids and alt texts."""
    assert list_problems(full_page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("</style>", " </style>"),
        ("</main>", '<img src="https://example.jp/a.png" alt="a"></main>'),
        ("</main>", "<h6>下</h6></main>"),
        ("</main>", '<p id="main">二つ目</p></main>'),
        ("</main>", "<script></script></main>"),
        ("</main>", '<img src="data:,"></main>'),
    ],
)
def test_checks_notice_a_spoilt_page(full_page: Path, before: str, after: str) -> None:
    """The checks of this module can fail."""
    assert list_problems(full_page.read_text(encoding="utf-8").replace(before, after))


def test_same_document_gives_same_bytes() -> None:
    assert render_html(make_full_document()) == render_html(make_full_document())


def test_hostile_text_is_shown_as_text() -> None:
    tree = page_of(Sentences((HOSTILE,)), title=HOSTILE)
    assert text_of(tree.find(".//h1")) == HOSTILE
    assert text_of(tree.find(".//main//p")) == HOSTILE


def test_hostile_cell_is_shown_as_text() -> None:
    tree = page_of(make_table(rows=((HOSTILE, HOSTILE, HOSTILE),)))
    assert [text_of(cell) for cell in tree.find(".//tbody/tr")] == [HOSTILE] * 3


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x85", "\u202e", "\ud800", "\U0001ffff"])
def test_character_that_cannot_be_shown_is_replaced(character: str) -> None:
    assert show_text(f"前{character}後") == "前\ufffd後"
    page_of(Sentences((character,)))


def test_sections_without_a_part_are_second_level() -> None:
    """Sibling headings stay siblings, with or without a ``#`` heading above them."""
    tree = page_of(
        heading(2, "一", 1),
        heading(3, "細", 2),
        heading(2, "二", 3),
        heading(1, "別", 4),
        heading(3, "下", 5),
    )
    found = [(e.tag, text_of(e)) for e in tree.find(".//main").iter() if e.tag in ("h2", "h3")]
    assert found == [("h2", "一"), ("h3", "細"), ("h2", "二"), ("h2", "別"), ("h3", "下")]


def test_contents_link_to_every_part_and_section() -> None:
    tree = page_of(
        heading(1, "一覧", 1, number="別紙1"), heading(2, "内訳", 2), heading(3, "細", 3)
    )
    links = [
        (link.get("href"), text_of(link))
        for link in tree.find(".//nav[@class='contents']").iter("a")
    ]
    assert links == [("#s-1", "別紙1 一覧"), ("#s-2", "内訳")]


def test_header_cells_say_what_they_head() -> None:
    tree = page_of(make_table())
    scopes = [(text_of(cell), cell.get("scope")) for cell in tree.iter("th")]
    assert scopes == [
        ("取組", "col"),
        ("令和3年度", "colgroup"),
        ("区分", "col"),
        ("件数", "col"),
        ("目標1", "rowgroup"),
        ("窓口の拡大", "row"),
        ("計", "row"),
    ]


def test_column_without_group_spans_both_header_rows() -> None:
    cell = page_of(make_table()).find(".//thead/tr/th")
    assert (text_of(cell), cell.get("rowspan")) == ("取組", "2")


def test_group_row_opens_a_new_body() -> None:
    rows, kinds = (("一", "", ""), ("甲", "◎", "1")) * 2, ("group", "body") * 2
    assert len(page_of(make_table(rows=rows, kinds=kinds)).findall(".//tbody")) == 2


def test_a_note_stands_across_the_row_above() -> None:
    rows, kinds = (("甲", "◎", "1"), ("理由：国の都合", "", "")), ("attention", "note")
    cells = page_of(make_table(rows=rows, kinds=kinds)).findall(".//tbody/tr")[1]
    assert [(text_of(cell), cell.get("colspan")) for cell in cells] == [("理由：国の都合", "3")]


def test_a_joined_cell_spans_what_it_continues() -> None:
    cells = page_of(make_table(rows=(("甲", "推進", ""),), joined=((0, 2),))).find(".//tbody/tr")
    assert [cell.get("colspan") for cell in cells] == [None, "2"]


def test_small_text_stands_behind_the_name_of_a_group() -> None:
    rows, kinds = (("一", "◎2　再掲1", ""), ("甲", "◎", "1")), ("group", "body")
    assert text_of(page_of(make_table(rows=rows, kinds=kinds)).find(".//small")) == "◎2　再掲1"


def test_tiles_are_terms_with_their_figures() -> None:
    tiles = page_of(Tiles((Tile("97", "予定どおり", "件", "good"),))).find(".//dl[@class='tiles']")
    assert [text_of(each) for each in tiles.find("div")] == ["予定どおり", "97件"]


def test_every_row_of_a_table_is_shown() -> None:
    rows = tuple((f"取組{n}", "◎", str(n)) for n in range(500))
    tree = page_of(make_table(rows=rows))
    assert tuple(tuple(map(text_of, row)) for row in tree.findall(".//tbody/tr")) == rows


def test_mark_has_tone_and_spoken_label() -> None:
    mark = next(e for e in page_of(make_table()).iter("span") if e.get("role") == "img")
    assert (mark.get("class"), mark.get("aria-label"), text_of(mark)) == (
        "mark good",
        "◎ 予定どおり",
        "◎",
    )


def test_mark_with_direction_keeps_its_tone() -> None:
    block = make_table(rows=(("甲", "○（後ろ倒し）", "1"),))
    mark = view_table(block).bodies[0][0].cells[1].mark
    assert mark is not None
    assert (mark.tone, mark.label) == ("neutral", "変更")


def test_legend_without_a_mark_leaves_it_unlabelled() -> None:
    assert read_legend("◎：予定どおり、×：未着手", list(MARKS)) == {
        "◎": "予定どおり",
        "×": "未着手",
    }


def test_table_of_numbers_scrolls_and_table_of_texts_becomes_cards() -> None:
    numbers = tuple(Column(f"令和{n}年度", "right", kind="number") for n in range(9))
    block = make_table(columns=numbers, groups=(), rows=(("1,234",) * 9,))
    assert [view_table(table).layout for table in (make_table(), block, make_wide_table())] == [
        "plain",
        "scroll",
        "cards",
    ]


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def read_colours(scheme: str) -> dict[str, str]:
    """Return the colours of the page by name."""
    style = page_of().find(".//style").text
    light, dark = re.findall(r":root \{\n(.*?)\}", style, re.DOTALL)
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", {"light": light, "dark": dark}[scheme]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("behind", ["paper", "band", "group", "warned"])
@pytest.mark.parametrize("text", ["ink", "soft", "link", *MARKS.values()])
def test_every_text_colour_has_contrast(text: str, behind: str, scheme: str) -> None:
    """axe cannot judge text above the shaded edges of a scroll region: at least 4.5 to 1."""
    colours = read_colours(scheme)
    assert contrast(colours[text], colours[behind]) >= 4.5


def test_both_schemes_name_the_same_colours() -> None:
    assert read_colours("light").keys() == read_colours("dark").keys()


def _darken(colour: str) -> str:
    """Return what the stylesheet's filter, invert(1) hue-rotate(180deg), makes of a colour."""
    red, green, blue = (1 - int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    rotated = (
        -0.574 * red + 1.43 * green + 0.144 * blue,
        0.426 * red + 0.43 * green + 0.144 * blue,
        0.426 * red + 1.43 * green - 0.856 * blue,
    )
    return "#" + "".join(f"{round(255 * min(max(part, 0), 1)):02x}" for part in rotated)


@pytest.mark.parametrize("colour", [drawing.INK, drawing.LINE, drawing.MUTED])
def test_colours_of_charts_have_contrast_in_the_dark(colour: str) -> None:
    assert contrast(_darken(colour), read_colours("dark")["paper"]) >= 4.5


def test_table_without_rows_or_row_headers_is_drawn() -> None:
    assert page_of(make_table(rows=(), row_headers=0)).find(".//table") is not None


def test_chart_stands_in_the_page_with_its_text_and_alternative_text() -> None:
    svg = SVG.replace("></svg>", ' viewBox="0 0 460 100"><text x="1">46.0％</text></svg>')
    drawn = page_of(Figure(4, Chart(svg, "全体は103件", "推移", 0.5))).find(
        f".//figure//{SVG_ELEMENTS}svg"
    )
    assert (drawn.get("role"), drawn.get("aria-label"), text_of(drawn)) == (
        "img",
        "全体は103件",
        "46.0％",
    )


def test_chart_that_may_not_stand_in_the_page_is_an_image() -> None:
    tree = page_of(Figure(4, Chart(SVG, "全体は103件", "推移", 0.5)))
    image = tree.find(".//figure//img")
    encoded = base64.b64encode(SVG.encode()).decode()
    assert image.attrib == {"src": f"data:image/svg+xml;base64,{encoded}", "alt": "全体は103件"}
    assert text_of(tree.find(".//figcaption")) == "図4　推移"


def test_link_spells_its_address_out_once() -> None:
    address = "https://example.jp/a"
    parts = (Inline("計画", href=address), Inline("本文", href=address, strong=True))
    tree = page_of(Paragraph(parts))
    assert text_of(tree.find(".//main//p")) == f"計画本文（{address}）"


@pytest.mark.parametrize("name", ["joho-system", "departments/joho-system"])
def test_page_links_to_the_forms_beside_it(name: str) -> None:
    tree = parse_page(render_html(make_document(), name))
    links = [link.get("href") for link in tree.find(".//ul[@class='downloads']").iter("a")]
    assert links[:2] == ["joho-system.pdf", "joho-system.facts.json"]


def test_rows_are_a_csv_that_runs_nothing() -> None:
    link = page_of().find(".//a[@download]")
    kind, content = link.get("href").split(",", 1)
    assert (link.get("download"), kind) == ("items.csv", "data:text/csv;charset=utf-8")
    assert unquote(content) == "\ufeff取組,差\r\n'=1+1,-3\r\n"


def test_rows_of_an_address_hold_no_sign_that_ends_it() -> None:
    text = '\ufeff件 数,"#%&<>\u202e\U0001ffff、。①％\r\n'
    written = write_text_url("text/csv", text)
    assert unquote(written.removeprefix("data:text/csv,")) == text
    assert re.findall(r'[\s"#<>&\ufeff\u202e]', written) == []
    assert show_text(written) == written


def test_rows_are_left_out_where_data_may_not_be_attached() -> None:
    assert page_of(attach_data=False).find(".//a[@download]") is None


@pytest.mark.parametrize(
    "cell", ["=A1", "+81-3-1234", "-2+3", "@SUM(A1)", "\t=1", "＝A1", "-Infinity"]
)
def test_cell_that_begins_a_formula_is_quoted(cell: str) -> None:
    assert write_spreadsheet_csv(f"{cell}\n").decode("utf-8-sig") == f"'{cell}\r\n"


@pytest.mark.parametrize("cell", ["-3", "+1.5", "-1,234", "-7.1%", "1-1-①", "—", "'=1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    text = f'"{cell}"\n'
    assert write_spreadsheet_csv(text).decode("utf-8-sig").strip().strip('"') == cell


def test_line_break_and_quote_in_a_cell_survive() -> None:
    assert write_spreadsheet_csv('"一\n二","""引用"""\n').decode("utf-8-sig") == (
        '"一\n二","""引用"""\r\n'
    )


@pytest.mark.parametrize(
    ("head", "badges"),
    [
        ({"state": "draft", "handling": ""}, ["案"]),
        ({"state": "final", "handling": ""}, []),
        (
            {"state": "final", "kind": "inspection", "handling": "庁内限り"},
            ["内部資料", "庁内限り"],
        ),
    ],
)
def test_badges_tell_the_state(head: dict[str, str], badges: list[str]) -> None:
    found = [text_of(e) for e in page_of(**head).iter("span") if "badge" in e.get("class", "")]
    assert found == badges


@pytest.mark.parametrize(
    ("kind", "name", "above"),
    [
        ("annual", "annual", ["../../index.html", "index.html"]),
        (
            "department",
            "departments/joho-system",
            ["../../../index.html", "../index.html", "../annual.html"],
        ),
        ("inspection", "inspection", ["../../index.html"]),
    ],
)
def test_the_trail_leads_to_what_lies_above(kind: str, name: str, above: list[str]) -> None:
    tree = parse_page(render_html(make_document(kind=kind), name))
    assert [a.get("href") for a in tree.find(".//nav[@class='trail']").iter("a")] == above


def test_sample_notice_stands_above_the_text() -> None:
    header = page_of().find(".//header")
    assert make_head().sample_notice in text_of(header)


def test_empty_details_are_left_out() -> None:
    about = page_of(reported_to="").find(".//section[@class='about']")
    terms = [text_of(term) for term in about.iter("dt")]
    assert terms == ["資料番号", "担当課", "基準日", "発行日", "問合せ先"]


def test_head_needs_only_a_title() -> None:
    texts = [key for key, value in asdict(make_head()).items() if isinstance(value, str)]
    needed = ("kind", "title", "issued", "state")
    head = replace(make_head(), **{key: "" for key in texts if key not in needed})
    page = render_html(replace(make_document(), head=head, facts=None, rows=()))
    assert list_problems(page) == []


def test_exporter_names_links_after_the_notebook() -> None:
    page, resources = NenpoHTMLExporter().from_notebook_node(
        notebook(code(make_head()), code(Sentences(("97件。",)))),
        {"metadata": {"name": "annual"}, "unique_key": "inspection"},
    )
    assert 'href="inspection.pdf"' in page
    assert (resources["output_extension"], "97件。" in page) == (".html", True)


def test_exporter_is_an_entry_point() -> None:
    from nbconvert.exporters import get_exporter

    assert get_exporter("nenpo-html") is NenpoHTMLExporter


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_browser_finds_no_violation(browser: Any, full_page: Path, width: int, scheme: str) -> None:
    opened = open_page(browser, full_page, width, scheme)
    assert list_violations(opened) == []


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finding and tiles, then the list of forty items in two groups, one of them late."""
    page = tmp_path_factory.mktemp("long") / "annual.html"
    blocks = [
        Sentences(("103件中97件（94.2％）が予定どおりである。", "数え方は参考に示す。"), "lead"),
        Tiles(tuple(Tile(str(n), "予定どおり", "件", "good") for n in range(4))),
        heading(2, "総括", 1, number="1"),
        make_item_list(),
        heading(2, "参考", 2),
    ]
    page.write_text(render_html(make_document(*blocks)), encoding="utf-8")
    return page


def make_item_list(**changes: Any) -> NumberedTable:
    """The list of a report: a band, rows of texts, one of them with a reason below it."""
    text = "夜間受付日数の増と日曜窓口の交付可能件数の増により、交付体制を強化する。"
    labels = ("区分", "取組", "実績", "次年度", "以降", "所管課")
    columns = tuple(Column(label, kind="mark" if label == "区分" else "text") for label in labels)
    names = "職員課、情報システム課（戸籍住民課）"
    rows = (
        ("1-1-① 窓口", "◎2", "", "", "", ""),
        ("×", "一番目の取組", text, text, text, "職員課"),
        ("理由：入札が不調に終わったため", "", "", "", "", ""),
        *(("◎", f"{n}番目の取組：{text}", text, "推進", "", names) for n in range(2, 42)),
    )
    return make_table(
        1,
        columns=columns,
        rows=rows,
        row_headers=2,
        groups=(HeaderCell("", 3), HeaderCell("予定", 2), HeaderCell("")),
        kinds=("group", "attention", "note", *["body"] * 40),
        joined=tuple((place, 4) for place in range(3, 43)),
        **changes,
    )


@pytest.mark.parametrize(("width", "height"), [(DESKTOP, 800), (PHONE, 700)])
def test_first_screen_holds_title_finding_and_tiles(
    browser: Any, long_page: Path, width: int, height: int
) -> None:
    page = open_page(browser, long_page, width, height=height).page
    for part in ("h1", ".lead p", ".tiles"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= height, part


def test_finding_is_larger_than_what_follows(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page).page
    sizes = page.locator(".lead p").evaluate_all(
        "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert sizes[0] > sizes[1]


def test_contents_stay_beside_the_text_on_a_wide_screen(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page).page
    page.evaluate("scrollTo(0, 2000)")
    contents, text = (page.locator(each).bounding_box() for each in (".contents", "main"))
    assert contents["x"] + contents["width"] <= text["x"]
    assert contents["y"] >= 0


def test_contents_are_folded_on_a_phone_and_open_without_script(
    browser: Any, long_page: Path
) -> None:
    page = open_page(browser, long_page, PHONE).page
    link = page.get_by_role("link", name="参考")
    assert not link.is_visible()
    page.locator(".contents summary").press("Enter")
    assert link.is_visible()


def test_every_column_of_text_has_twelve_characters_a_line(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page).page
    frame = page.locator(".frame").first
    assert frame.evaluate("each => each.scrollWidth <= each.clientWidth")
    for column in (2, 3, 4, 5):
        cell = page.locator(f"#table-1 .attention > :nth-child({column})")
        room = cell.evaluate(
            "c => { const s = getComputedStyle(c); return (c.clientWidth"
            " - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight)) / parseFloat(s.fontSize) }"
        )
        assert room >= 12, column


def test_a_reason_takes_the_width_of_the_table(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page).page
    note, row = (page.locator(f"#table-1 {each}").bounding_box() for each in (".note td", "thead"))
    assert note["width"] == row["width"]


def test_header_of_a_long_table_stays_in_sight(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page).page
    page.evaluate("scrollTo(0, 3000)")
    assert page.locator("#table-1 thead").bounding_box()["y"] == 0


def test_cards_of_a_long_list_show_mark_and_name_until_they_are_opened(
    browser: Any, long_page: Path
) -> None:
    page = open_page(browser, long_page, PHONE).page
    card = page.locator("#table-1 .body").first
    shown = card.locator("> *").evaluate_all("all => all.map(each => each.offsetHeight > 0)")
    assert shown == [True, True, False, False, False]
    card.locator("summary").press("Enter")
    shown = card.locator("> *").evaluate_all("all => all.map(each => each.offsetHeight > 0)")
    assert shown == [True] * 5


def test_card_of_a_late_item_is_open_and_its_reason_is_seen(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page, PHONE).page
    assert page.locator("#table-1 .attention > td").last.is_visible()
    assert page.locator("#table-1 .note").is_visible()


def test_on_a_wide_screen_nothing_is_folded_or_to_be_opened(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page).page
    assert page.locator("#table-1 .body > td").last.is_visible()
    assert not page.locator("#table-1 summary").first.is_visible()


def test_a_card_names_every_level_of_the_header(browser: Any, long_page: Path) -> None:
    """Also of the cells behind one that is joined, whose place no longer tells the column."""
    page = open_page(browser, long_page, PHONE).page
    read = "all => all.map(each => getComputedStyle(each, '::before').content.split('\"')[1])"
    late = page.locator("#table-1 .attention > td").evaluate_all(read)
    assert late == ["実績", "予定 次年度", "予定 以降", "所管課"]
    body = page.locator("#table-1 .body").first.locator("> td").evaluate_all(read)
    assert body == ["実績", "予定 次年度・予定 以降", "所管課"]


def test_cards_headed_by_ids_are_not_folded() -> None:
    text = "夜間受付日数の増と日曜窓口の交付可能件数の増による。"
    columns = (Column("ID"), Column("取組"), Column("理由"))
    rows = tuple((f"i1-2-{n}", text, text) for n in range(40))
    table = make_table(columns=columns, rows=rows, groups=())
    assert view_table(table).layout == "cards"
    assert page_of(table).find(".//table//details") is None


def test_a_link_on_a_card_stands_in_the_line_of_its_text(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "linked.html"
    table = make_item_list().table
    rows = (table.rows[0], (*table.rows[1][:-1], "（職員課）"), *table.rows[2:])
    document = make_document(
        NumberedTable(1, replace(table, rows=rows)), links={"職員課": "a.html"}
    )
    file.write_text(render_html(document), encoding="utf-8")
    page = open_page(browser, file, PHONE).page
    cell, link = (page.locator(f".attention > td:last-child{each}") for each in ("", " > a"))
    assert cell.bounding_box()["height"] < 2.5 * link.bounding_box()["height"]


def test_a_short_table_of_cards_is_not_folded() -> None:
    assert page_of(make_wide_table()).find(".//table//details") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_browser_finds_no_violation_in_a_long_list(
    browser: Any, long_page: Path, width: int, scheme: str
) -> None:
    assert list_violations(open_page(browser, long_page, width, scheme)) == []


@pytest.mark.parametrize("width", [320, PHONE, 800, 1000, DESKTOP])
def test_a_long_list_never_scrolls_the_page_sideways(
    browser: Any, long_page: Path, width: int
) -> None:
    assert not scrolls_sideways(open_page(browser, long_page, width))


def test_all_that_is_folded_is_printed(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page, PHONE).page
    page.emulate_media(media="print")
    assert page.locator("#table-1 .body > td").last.is_visible()
    assert page.locator(".about dl").is_visible()


def test_paper_is_white_in_a_dark_scheme_too(browser: Any, long_page: Path) -> None:
    page = open_page(browser, long_page, scheme="dark").page
    read = "() => getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(read) == "rgb(22, 23, 27)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(read) == "rgb(255, 255, 255)"


def test_a_name_in_a_list_of_names_leads_to_its_document() -> None:
    links = {"職員課": "departments/shokuin.html", "戸籍住民課": "departments/koseki.html"}
    cell = page_of(make_item_list(), links=links).findall(".//tbody/tr")[3][-1]
    assert text_of(cell) == "職員課、情報システム課（戸籍住民課）"
    assert [(link.get("href"), text_of(link)) for link in cell.iter("a")] == [
        ("departments/shokuin.html", "職員課"),
        ("departments/koseki.html", "戸籍住民課"),
    ]


def make_named_document() -> Document:
    """A table on page one that names two rows of the list below it, one with its end cut off."""
    rows = (("一番目の取組", "×", ""), ("2番目の取組：夜間受付…", "◎", ""), ("ほかの取組", "◎", ""))
    return make_document(make_table(2, rows=rows), make_item_list())


def test_an_item_that_is_named_leads_to_its_row_in_the_list() -> None:
    tree = parse_page(render_html(make_named_document()))
    links = [link.get("href") for link in tree.find(".//table[@id='table-2']").iter("a")]
    assert links == ["#t1-2", "#t1-4"]
    named = tree.find(".//tr[@id='t1-2']")
    assert "一番目の取組" in text_of(named)
    assert list(named.iter("a")) == []


def test_a_name_that_stands_twice_names_no_row() -> None:
    block = make_item_list()
    twice = replace(block.table, rows=(*block.table.rows[:-1], block.table.rows[-2]))
    named = name_rows(replace(block, table=twice))
    assert (len(named), "t1-42" in named.values(), "t1-41" in named.values()) == (39, False, True)


def test_a_card_that_is_led_to_is_open(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "named.html"
    file.write_text(render_html(make_named_document()), encoding="utf-8")
    page = open_page(browser, file, PHONE).page
    assert not page.locator("#t1-4 > td").last.is_visible()
    page.locator("a[href='#t1-4']").click()
    assert page.locator("#t1-4 > td").last.is_visible()


@pytest.mark.parametrize("text", ["職員課長", "教職員課", "職員課の所管"])
def test_a_name_within_another_word_leads_nowhere(text: str) -> None:
    tree = page_of(make_table(rows=((text, "◎", "1"),)), links={"職員課": "shokuin.html"})
    assert tree.find(".//tbody//a") is None


def test_a_label_ends_neither_its_rule_nor_the_stylesheet() -> None:
    columns = tuple(Column(HOSTILE if n == 2 else f"列{n}") for n in range(4))
    rows = (("長い説明の文章である。" * 3,) * 4,)
    page = render_html(make_document(make_table(columns=columns, groups=(), rows=rows)))
    assert list_problems(page) == []
    assert "<script>" not in page


@pytest.mark.parametrize("width", [320, PHONE, 800, DESKTOP])
def test_page_itself_never_scrolls_sideways(browser: Any, full_page: Path, width: int) -> None:
    assert not scrolls_sideways(open_page(browser, full_page, width))


def test_page_asks_for_nothing(browser: Any, full_page: Path) -> None:
    """Neither a request nor a complaint of the policy."""
    assert list_requests(open_page(browser, full_page)) == []


def test_browser_checks_notice_a_spoilt_page(browser: Any, full_page: Path, tmp_path: Path) -> None:
    """A script and a foreign image are refused by the page's own policy; axe sees the image."""
    spoilt = tmp_path / "spoilt.html"
    more = '<script>1</script><img src="https://example.invalid/a.png"></main>'
    spoilt.write_text(full_page.read_text(encoding="utf-8").replace("</main>", more), "utf-8")
    opened = open_page(browser, spoilt)
    heard = " ".join(list_requests(opened))
    assert "inline script violates" in heard
    assert "example.invalid" in heard
    assert [found.split(":")[0] for found in list_violations(opened)] == ["image-alt"]


def test_skip_link_is_first_and_leads_to_the_text(browser: Any, full_page: Path) -> None:
    page = open_page(browser, full_page).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "本文へ移動"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_cards_keep_the_roles_of_a_table(browser: Any, full_page: Path) -> None:
    """Blocks instead of table boxes, but a table to those who hear it."""
    page = open_page(browser, full_page, PHONE).page
    cell = page.locator("#table-2 tbody td").first
    assert cell.evaluate("cell => getComputedStyle(cell).display") == "flow-root"
    assert page.get_by_role("table", name="表2　進捗状況一覧").get_by_role("row").count() == 5
    assert page.get_by_role("columnheader", name="次年度の予定").count() == 1


def test_csv_can_be_saved(browser: Any, full_page: Path, tmp_path: Path) -> None:
    page = open_page(browser, full_page).page
    with page.expect_download() as waiting:
        page.get_by_role("link", name="取組の一覧").click()
    saved = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(saved)
    assert (saved.name, saved.read_bytes()[:3]) == ("items.csv", b"\xef\xbb\xbf")
