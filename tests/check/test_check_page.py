"""The page of a check: what it says, that it stays one closed file, that its controls work."""

import base64
import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import typst

from browser_checks import (
    DESKTOP,
    PHONE,
    list_problems,
    list_requests,
    list_violations,
    open_page,
    parse_page,
    read_policy,
    scrolls_sideways,
)
from nenpo.build.causes.why import Cause
from nenpo.check.changes import LEVELS, FactChange, TextChange
from nenpo.check.page import MOST_PAGES, mark_changes, render_check_page
from nenpo.check.reading.pictures import PageChange, compare_pictures
from nenpo.check.result import STATES, CheckResult, DocumentResult, DocumentState, FindPdf
from nenpo.check.run import find_pdf
from nenpo.language.fonts import find_document_font

HOSTILE = '</script><img src=x onerror="alert(1)"><script>alert(1)</script> & "引用" {{ 7*7 }}'
ANNUAL, KIKAKU, SOMU = (
    "tiny/2021/annual",
    "tiny/2021/departments/kikaku",
    "tiny/2021/departments/somu",
)
NAMES = {"i1": "1-1-① 電子申請の拡充", "kikaku": "企画課", "somu": "総務課", "tiny": "見本計画"}
COUNT = FactChange(("status_counts", "◎"), 97, 96)
MARK = FactChange(("marks", "i1"), "◎", "△")
ACTUAL = FactChange(("rows",), 10, 40)
TEXT = TextChange("1 総括", ("「予定どおり」は97件である。",), ("「予定どおり」は96件である。",))


def states(
    *changed: str, other: DocumentState = "same", **special: DocumentState
) -> dict[Any, DocumentState]:
    plain: dict[Any, DocumentState] = {
        level: "changed" if level in changed else other for level in LEVELS
    }
    return {**plain, **special}


def document(name: str = ANNUAL, title: str = "計画全体 2021", **fields: Any) -> DocumentResult:
    return DocumentResult(name, title, **{"states": states(), **fields})


def typeset(number: int, pages: int = 1) -> bytes:
    text = "#set page(width: 9cm, height: 6cm)\n" + "\n#pagebreak()\n".join(
        f"= 進捗\n{number}件" for _ in range(pages)
    )
    made = typst.compile(text.encode(), font_paths=[str(find_document_font().path.parent)])
    assert isinstance(made, bytes)
    return made


def write_pdf(folder: Path, name: str, content: bytes) -> Path:
    file = folder / f"{name}.pdf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the folders of the PDFs before and after: a number and the count of pages differ."""
    root = tmp_path_factory.mktemp("pdfs")
    write_pdf(root / "before", ANNUAL, typeset(97))
    write_pdf(root / "after", ANNUAL, typeset(96, pages=2))
    return root / "before", root / "after"


def find_in(*folders: Path) -> list[FindPdf]:
    return [partial(find_pdf, folder) for folder in folders]


def make_result(folders: tuple[Path, Path]) -> CheckResult:
    pictures = compare_pictures(*(folder / f"{ANNUAL}.pdf" for folder in folders))
    whole = document(
        states=dict.fromkeys(LEVELS, "changed"),
        facts=(ACTUAL, MARK, COUNT),
        text=(TEXT, TextChange("", (), (HOSTILE,))),
        structure=("ページ数が1から2に変わった",),
        pictures=pictures,
        why=(
            Cause("data", "進捗状況「電子申請の拡充」進捗区分の記号: ◎ → △", "status: ◎ → △"),
            Cause("environment", "typst 0.15.0 → 0.16.0", "typst 0.15.0 → 0.16.0"),
        ),
    )
    own = states("facts", picture="not_comparable")
    return CheckResult(
        (
            whole,
            document(KIKAKU, "企画課 2021", states=own, facts=(MARK, COUNT)),
            document(SOMU, "総務課 2021"),
            document("tiny/2022/annual", HOSTILE, states=dict.fromkeys(LEVELS, "missing")),
        ),
        NAMES,
    )


@pytest.fixture(scope="module")
def page(folders: tuple[Path, Path]) -> str:
    return render_check_page(make_result(folders), *find_in(*folders))


@pytest.fixture(scope="module")
def file(page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "check.html"
    file.write_text(page, encoding="utf-8")
    return file


def render(*documents: DocumentResult, names: dict[str, str] = NAMES) -> Any:
    """Return the parsed page without pictures."""
    return parse_page(render_check_page(CheckResult(documents, names), None, None))


def text_of(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def find_id(tree: Any, identity: str) -> Any:
    return next(element for element in tree.iter() if element.get("id") == identity)


def list_matrix(tree: Any) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in find_id(tree, "matrix-1").iter("tr")]


def list_other_problems(text: str) -> list[str]:
    """Return the problems that any page has, but for the one script that this page may hold."""
    return [p for p in list_problems(text) if not p.startswith("script or inline style: script")]


def test_page_parses_strictly_and_breaks_no_rule(page: str) -> None:
    assert list_other_problems(page) == []


def test_policy_allows_exactly_the_one_script(page: str) -> None:
    tree = parse_page(page)
    (script,) = tree.iter("script")
    digest = base64.b64encode(hashlib.sha256((script.text or "").encode()).digest()).decode()
    assert script.attrib == {}
    assert read_policy(tree).split("; ")[-1] == f"script-src 'sha256-{digest}'"
    assert read_policy(tree).count("script-src") == 1


def test_same_result_gives_the_same_page(page: str, folders: tuple[Path, Path]) -> None:
    assert render_check_page(make_result(folders), *find_in(*folders)) == page


def test_page_without_differences_says_so_in_one_sentence() -> None:
    text = render_check_page(CheckResult((document(), document(SOMU)), NAMES), None, None)
    tree = parse_page(text)
    assert list_other_problems(text) == []
    assert "文書2件のどれにも違いはない。" in text
    assert [text_of(heading) for heading in tree.iter("h2")] == ["概要"]


def test_nothing_checked_is_not_called_the_same() -> None:
    assert "照合した文書はない。" in text_of(render())


def test_what_was_not_made_or_compared_is_not_called_the_same() -> None:
    made = document(states=states(picture="not_comparable"))
    lost = document(SOMU, states=dict.fromkeys(LEVELS, "not_built"))
    told = text_of(render(made, lost).find(".//p[@class='overall']"))
    assert told.startswith("文書2件のうち、作られた1件に違いはないが、1件は作られていない。")
    assert "1件では" in told


def test_matrix_has_the_years_and_documents_once() -> None:
    rows = list_matrix(render(document(), document("tiny/2022/annual"), document(SOMU)))
    assert [row[0] for row in rows] == ["文書", "計画全体", "総務課"]
    assert rows[0][1:] == ["令和3年度（2021年度）", "令和4年度（2022年度）"]
    assert rows[2] == ["総務課", "= 同じ", "（対象外）"]


@pytest.mark.parametrize("state", STATES)
def test_matrix_has_a_sign_and_a_word_for_every_state(state: DocumentState) -> None:
    rows = list_matrix(render(document(states=states("facts", picture=state))))
    sign, word, _ = STATES[state]
    assert rows[1][1] == f"事実 ≠ 変わった 文章 = 同じ 構成 = 同じ 見た目 {sign} {word}"


@pytest.mark.parametrize("state", STATES)
def test_state_of_a_whole_document_has_its_word(state: DocumentState) -> None:
    rows = list_matrix(render(document(states=dict.fromkeys(LEVELS, state))))
    assert " ".join(STATES[state][:2]) in rows[1][1]


def test_matrix_leads_to_the_section_of_each_document(page: str) -> None:
    tree = parse_page(page)
    links = [link.get("href")[1:] for link in find_id(tree, "matrix-1").iter("a")]
    sections = [text_of(find_id(tree, identity)) for identity in links]
    expected = ["計画全体 2021", HOSTILE, "企画課 2021", "総務課 2021"]
    assert all(s.startswith(e) for s, e in zip(sections, expected, strict=True))


def test_plans_have_a_matrix_each_and_name_their_documents() -> None:
    tree = render(document(states=states("text")), document("other/2021/annual"))
    titles = [text_of(find_id(tree, f"matrix-{n}-title")) for n in (1, 2)]
    assert titles == ["文書別の状態 見本計画", "文書別の状態 other"]
    assert "計画全体 2021（見本計画）" in text_of(find_id(tree, "d1"))


def test_identical_facts_are_told_once_with_their_documents(page: str) -> None:
    facts = [text_of(item) for item in parse_page(page).iter("li")]
    found = [fact for fact in facts if fact.startswith("◎ 97 → 96")]
    assert found == ["◎ 97 → 96（1-1-① 電子申請の拡充：◎ → △）計画全体 2021 企画課 2021"]


def test_largest_effect_leads_the_facts() -> None:
    small = FactChange(("rated",), 100, 101)
    tree = render(document(states=states("facts"), facts=(small, ACTUAL)))
    first = next(item for item in tree.iter("ul") if item.get("class") == "facts")
    assert [text_of(item)[:8] for item in first] == ["一覧の行 10 ", "進捗区分のある取"]


def test_many_documents_of_a_fact_are_folded() -> None:
    many = [document(f"tiny/2021/departments/d{n}", facts=(ACTUAL,), states=states("facts"))
            for n in range(5)]  # fmt: skip
    assert "5文書" in [text_of(summary) for summary in render(*many).iter("summary")]


def list_facts(tree: Any) -> list[list[str]]:
    table = next(table for table in tree.iter("table") if table.get("class") == "change")
    return [[text_of(cell) for cell in row] for row in table.find("tbody")]


def test_facts_of_a_document_have_what_before_after_and_the_item_behind(page: str) -> None:
    assert list_facts(parse_page(page)) == [
        ["一覧の行", "10", "40"],
        ["1-1-① 電子申請の拡充", "◎", "△"],
        ["進捗区分 ◎1-1-① 電子申請の拡充：◎ → △", "97", "96"],
    ]


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (FactChange(("items",), ["i1"], []), ["取組の一覧", "1-1-① 電子申請の拡充", "—"]),
        (FactChange(("items",), ["i1", "i2"], ["i2", "i1"]),
         ["取組の一覧", "2件", "2件（順が変わった）"]),
        (FactChange(("published", "agrees"), True, False),
         ["公表された集計との照合", "一致", "不一致"]),
        (FactChange(("indicators", "x", "actual"), None, 1.5), ["x 実績", "なし", "1.5"]),
    ],
)  # fmt: skip
def test_fact_of_any_kind_is_split(change: FactChange, row: list[str]) -> None:
    assert list_facts(render(document(states=states("facts"), facts=(change,)))) == [row]


def test_reasons_are_in_words(page: str) -> None:
    told = text_of(find_id(parse_page(page), "d1"))
    causes = "進捗状況「電子申請の拡充」進捗区分の記号: ◎ → △ typst 0.15.0 → 0.16.0"
    assert f"変わった元 {causes} 事実" in told


def test_changed_characters_of_a_text_are_marked_under_their_heading(page: str) -> None:
    tree = parse_page(page)
    (item, *_) = next(ul for ul in tree.iter("ul") if ul.get("class") == "texts")
    assert text_of(item).startswith("見出し「1 総括」の下")
    assert [text_of(element) for element in item.iter("del")] == ["7"]
    assert [text_of(element) for element in item.iter("ins")] == ["6"]


def test_row_is_compared_cell_by_cell() -> None:
    change = TextChange("表", ("取組1 | 1 | 1 | 2",), ("取組1 | 3 | 0 | 1",))
    tree = render(document(states=states("text"), text=(change,)))
    assert [text_of(element) for element in tree.iter("ins")] == ["3", "0", "1"]
    assert "取組1 | 3 | 0 | 1" in text_of(tree)


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "加わった"), ("なくなった", ""), ("同じ", "同じ"), ("全く", "別の"), ("97件", "96件"),
     ("あ" * 3000, "い" * 3000)],
)  # fmt: skip
def test_marked_runs_hold_the_whole_texts(before: str, after: str) -> None:
    old, new = mark_changes(before, after)
    assert ("".join(r.text for r in old), "".join(r.text for r in new)) == (before, after)
    assert any(run.changed for run in (*old, *new)) == (before != after)


def test_hostile_text_stays_text(page: str) -> None:
    tree = parse_page(page)
    shown = [text_of(e) for tag in ("ins", "h3") for e in tree.iter(tag)]
    assert shown.count(HOSTILE) == 2
    assert [i.get("src")[:22] for i in tree.iter("img")] == ["data:image/png;base64,"] * 3


def test_hostile_names_stay_text_everywhere() -> None:
    change = FactChange(("marks", "i1"), HOSTILE, HOSTILE + "2")
    hostile = document(
        f"tiny/2021/{HOSTILE}", HOSTILE, states=states(*LEVELS), facts=(change,),
        text=(TextChange(HOSTILE, (HOSTILE,), ()),), structure=(HOSTILE,),
        why=(Cause("data", HOSTILE, HOSTILE),), pictures=(PageChange(1, 1, (0.0, 0.0, 1.0, 1.0)),),
    )  # fmt: skip
    result = CheckResult((hostile,), {"i1": HOSTILE, "tiny": HOSTILE})
    text = render_check_page(result, None, None, title=HOSTILE)
    assert list_other_problems(text) == []
    assert len(list(parse_page(text).iter("script"))) == 1
    assert not list(parse_page(text).iter("img"))


def test_page_in_one_document_only_has_one_picture_and_no_controls(page: str) -> None:
    second = find_id(parse_page(page), "d1-p2")
    assert "変更後にだけあるページ" in text_of(second)
    assert (len(list(second.iter("img"))), len(list(second.iter("input")))) == (1, 0)


def test_pictures_are_small_palettes(page: str) -> None:
    source = next(parse_page(page).iter("img")).get("src", "")
    content = base64.b64decode(source.partition(",")[2])
    bits, kind = content[24], content[25]
    assert (bits, kind) == (8, 3)
    assert int.from_bytes(content[16:20]) == pytest.approx(9 / 2.54 * 80, abs=2)


def test_pages_without_files_are_named() -> None:
    changes = tuple(PageChange(n, 1, (0.0, 0.0, 0.5, 0.5)) for n in (2, 5))
    told = text_of(render(document(states=states("picture"), pictures=changes)))
    assert "見た目の変わったページで絵を載せていないもの：2、5ページ" in told


def test_every_document_gets_its_share_of_the_pictures(tmp_path: Path) -> None:
    blank = pdfium.PdfDocument.new()
    for _ in range(MOST_PAGES + 5):
        blank.new_page(30, 30)
    documents = []
    for name, pages in ((ANNUAL, MOST_PAGES + 5), (SOMU, 2)):
        for side in ("before", "after"):
            (tmp_path / side / name).parent.mkdir(parents=True, exist_ok=True)
            blank.save(tmp_path / side / f"{name}.pdf")
        pictures = tuple(PageChange(n + 1, 1, (0.0, 0.0, 0.5, 0.5)) for n in range(pages))
        documents.append(document(name, states=states("picture"), pictures=pictures))
    blank.close()
    sides = find_in(tmp_path / "before", tmp_path / "after")
    text = render_check_page(CheckResult(tuple(documents)), *sides)
    tree = parse_page(text)
    assert len(list(tree.iter("figure"))) == MOST_PAGES
    assert len(list(find_id(tree, "d2").iter("figure"))) == 2
    assert "絵を載せていないもの：39、40、41、42、43、44、45ページ" in text_of(find_id(tree, "d1"))


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize(
    ("view", "scheme"), [("side", "light"), ("side", "dark"), ("over", "dark"), ("swipe", "light")]
)
def test_browser_finds_no_violation(
    browser: Any, file: Path, width: int, view: str, scheme: str
) -> None:
    opened = open_page(browser, file, width, scheme)
    opened.page.check(f"#d1-p1 [value={view}]")
    assert (list_violations(opened), scrolls_sideways(opened), list_requests(opened)) == (
        [],
        False,
        [],
    )


def place(page: Any, side: str) -> tuple[float, float]:
    box = page.locator(f"#d1-p1 .{side} .shot").bounding_box()
    return box["x"], box["y"]


def read_style(page: Any, selector: str, name: str) -> str:
    value = page.eval_on_selector(selector, f"e => getComputedStyle(e).{name}")
    assert isinstance(value, str)
    return value


def test_keyboard_alone_changes_what_is_shown(browser: Any, file: Path) -> None:
    page = open_page(browser, file).page
    after = "#d1-p1 .after .shot"
    assert place(page, "before") != place(page, "after")
    page.focus("#d1-p1 [value=side]")
    page.keyboard.press("ArrowRight")
    assert place(page, "before") == place(page, "after")
    assert read_style(page, after, "opacity") == "0.5"
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert read_style(page, after, "opacity") == "1"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    assert place(page, "before") == place(page, "after")
    assert read_style(page, after, "clipPath") == "inset(0px 0px 0px 50%)"
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    assert read_style(page, after, "clipPath").startswith("inset(0")
    page.keyboard.press("ArrowRight")
    assert read_style(page, after, "clipPath") == "inset(0px 0px 0px 1%)"
    assert page.evaluate("document.activeElement.getAttribute('aria-valuetext')") == "1%"


def test_frame_is_drawn_where_the_pictures_differ(browser: Any, file: Path) -> None:
    page = open_page(browser, file).page
    frame = page.locator("#d1-p1 .before .changed-frame").bounding_box()
    shot = page.locator("#d1-p1 .before .shot").bounding_box()
    assert 0 < frame["width"] < shot["width"] / 2
    assert shot["y"] < frame["y"] < shot["y"] + shot["height"]


def test_page_works_without_its_script(browser: Any, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.resolve().as_uri())
    assert not page.locator("#d1-p1 .tools").is_visible()
    boxes = [page.locator(f"#d1-p1 .{side} img").bounding_box() for side in ("before", "after")]
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    context.close()
