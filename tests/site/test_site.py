"""The pages around the briefings, as parsed and as shown by a browser."""

from pathlib import Path
from typing import Any

import pytest

from browser_checks import (
    DESKTOP,
    PHONE,
    list_problems,
    list_requests,
    list_violations,
    open_page,
    parse_page,
    scrolls_sideways,
)
from nenpo.site.pages import BriefingListing, EditionListing, render_site

SCALE = (("◎", "予定どおり", "good"), ("○", "変更", "neutral"), ("×", "未着手", "bad"))
TOTALS = (
    ("rated", "進捗区分のある取組"),
    ("unrated", "進捗区分の記載なし"),
    ("off_schedule", "予定どおりでない取組"),
)
HOSTILE = '<script>alert(1)</script> & "引用"'


def facts(good: int, changed: int, unrated: int = 0) -> dict[str, Any]:
    return {
        "status_counts": {"×": 0, "◎": good, "○": changed},
        "rated": good + changed,
        "unrated": unrated,
        "off_schedule": ["i1"] * changed,
    }


ENTRIES = (
    BriefingListing("annual", "annual", "進捗状況について", facts(97, 4, 21)),
    BriefingListing("inspection", "inspection", "点検票", {}),
    BriefingListing("department", "departments/kikaku", "企画課", facts(60, 1)),
    BriefingListing("department", "departments/joho", HOSTILE, facts(50, 3)),
    BriefingListing("department", "departments/koseki", "戸籍課", None, failed=True),
    BriefingListing("department", "departments/bosai", "防災課", facts(2, 0), failed=True),
)


def make_edition(year: int = 2021, **changes: Any) -> EditionListing:
    values = {
        "plan": "sample",
        "plan_title": "見本計画",
        "municipality": "見本市",
        "word": "市",
        "item": "取組",
        "fiscal_year": year,
        "fiscal_year_label": f"令和{year - 2018}年度",
        "scale": SCALE,
        "sample": True,
        "state": "draft",
        "entries": ENTRIES,
        "totals": TOTALS,
        "off": "予定どおりでない",
    }
    return EditionListing(**{**values, **changes})


def edition_page(**changes: Any) -> Any:
    return parse_page(render_site([make_edition(**changes)])["sample/2021/index.html"])


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def find_row(tree: Any, title: str) -> list[str]:
    rows = [[text_of(cell).strip() for cell in row] for row in tree.iter("tr")]
    return next(row for row in rows if row[0].startswith(title))


def test_what_was_not_reported_is_no_zero() -> None:
    silent = {"status_counts": {"◎": 0, "○": 0, "×": 0}, "rows": 0, "unreported": ["i1", "i2"]}
    partly = {**facts(3, 0), "rows": 3, "unreported": ["i1"]}
    entries = (
        BriefingListing("annual", "annual", "状況", partly),
        BriefingListing("department", "departments/joho", "情報課", silent),
    )
    tree = edition_page(entries=entries)
    assert find_row(tree, "状況")[:3] == ["状況 （進捗が未報告の取組 1件）", "3", "0"]
    assert find_row(tree, "情報課")[:3] == ["情報課 （進捗が未報告の取組 2件）", "", ""]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    for name, text in render_site([make_edition(2020), make_edition(2021)]).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


INTERNAL = "internal/index.html"
PAGES = ("index.html", "sample/2021/index.html", INTERNAL)


def test_one_page_for_all_one_for_inspections_and_one_an_edition() -> None:
    pages = render_site([make_edition(2020), make_edition(2021)])
    assert list(pages) == [
        *("index.html", INTERNAL),
        *("sample/2021/index.html", "sample/2020/index.html"),
    ]


@pytest.mark.parametrize("name", PAGES)
def test_page_breaks_no_rule(site: Path, name: str) -> None:
    assert list_problems((site / name).read_text(encoding="utf-8")) == []


def test_site_without_editions_says_so() -> None:
    pages = render_site([])
    assert [list_problems(page) for page in pages.values()] == [[], []]
    assert "公表した文書はない。" in pages["index.html"]
    assert "点検票はない。" in pages[INTERNAL]


def test_order_of_listings_does_not_change_the_pages() -> None:
    listings = [make_edition(2020), make_edition(2021)]
    assert render_site(listings) == render_site(listings[::-1])


def test_counts_stand_in_scale_order_with_their_totals() -> None:
    row = find_row(edition_page(), "進捗状況について")
    assert row[1:7] == ["97", "4", "0", "101", "21", "4"]


def test_no_row_adds_the_departments_up() -> None:
    """The departments' counts overlap (延べ): 60 + 50 + 2 is no number of items."""
    tree = edition_page()
    assert not [row for row in tree.iter("tr") if "112" in text_of(row)]
    assert "延べ数" in text_of(tree)


def test_departments_that_share_nothing_are_not_said_to_overlap() -> None:
    annual = BriefingListing("annual", "annual", "進捗状況について", facts(62, 0))
    parts = [
        BriefingListing("department", f"departments/{name}", name, facts(count, 0))
        for name, count in (("a", 60), ("b", 2))
    ]
    assert "延べ" not in text_of(edition_page(entries=(annual, *parts)))


@pytest.mark.parametrize("unrated", [0, 1])
def test_no_mark_is_explained_where_one_is_missing(unrated: int) -> None:
    annual = BriefingListing("annual", "annual", "進捗状況について", facts(1, 1, unrated))
    told = text_of(edition_page(entries=(annual,)))
    assert ("進捗区分の記載なしは、未着手を意味しない。" in told) is bool(unrated)


@pytest.mark.parametrize("ahead", [False, True])
def test_what_runs_ahead_is_said_to_be_counted_where_something_does(ahead: bool) -> None:
    told = text_of(edition_page(ahead=ahead))
    assert ("予定どおりでない取組には、前倒ししたものを含む。" in told) is ahead


def test_a_plan_that_counts_no_items_is_not_said_to() -> None:
    page = edition_page(item="", scale=(), totals=(("figures", "数値"),))
    assert "文書と件数" in text_of(page)


@pytest.mark.parametrize("name", ["index.html", "sample/2021/index.html"])
def test_public_page_knows_nothing_of_inspections(name: str) -> None:
    page = render_site([make_edition()])[name]
    assert [word for word in ("internal", "inspection", "点検票") if word in body(page)] == []


def body(page: str) -> str:
    """Return a page without its head, whose stylesheet has a class ``internal``."""
    return page.partition("<body")[2]


def read_internal(*editions: EditionListing) -> Any:
    return parse_page(render_site(editions)[INTERNAL])


def test_internal_page_links_to_each_inspection_and_back_to_the_public_one() -> None:
    tree = read_internal(make_edition(2020), make_edition(2021))
    links = dict.fromkeys(link.get("href") for link in tree.iter("a"))
    assert [link for link in links if link.endswith(".html")] == [
        "sample/2021/inspection.html",
        "sample/2020/inspection.html",
        "../index.html",
    ]
    assert "sample/2021/inspection.pdf" in links


def test_internal_page_lists_inspections_alone_and_marks_them() -> None:
    told = text_of(read_internal(make_edition()).find(".//main"))
    assert "企画課" not in told
    assert "内部資料" in told


def test_internal_page_tells_of_an_inspection_that_failed() -> None:
    failed = BriefingListing("inspection", "inspection", "点検票", None, failed=True)
    edition = make_edition(entries=(*ENTRIES[:1], failed))
    assert "作成できなかった" in text_of(read_internal(edition).find(".//main"))
    assert "作成又は更新できなかった" not in render_site([edition])["index.html"]


def test_edition_of_which_only_the_inspection_is_made_is_not_public() -> None:
    pages = render_site([make_edition(entries=ENTRIES[1:2])])
    assert list(pages) == ["index.html", INTERNAL]
    assert "公表した文書はない。" in pages["index.html"]


def test_failed_briefing_is_named_without_links() -> None:
    row = find_row(edition_page(), "戸籍課")
    assert row == ["戸籍課 作成できなかった", *[""] * 7]


def test_failed_briefing_with_an_earlier_set_keeps_its_links() -> None:
    row = find_row(edition_page(), "防災課")
    assert "更新できなかった（前回の版を残している）" in row[0]
    assert row[-1] == "PDF JSON"


def test_links_lead_to_the_three_forms() -> None:
    links = [link.get("href") for link in edition_page().find(".//table").iter("a")]
    name = "departments/kikaku"
    assert {f"{name}.html", f"{name}.pdf", f"{name}.facts.json"} <= set(links)


def test_index_links_to_each_edition_and_its_briefing() -> None:
    tree = parse_page(render_site([make_edition()])["index.html"])
    links = [link.get("href") for link in tree.find(".//main").iter("a")]
    folder = "sample/2021"
    assert links[:4] == [
        f"{folder}/index.html",
        f"{folder}/annual.html",
        f"{folder}/annual.pdf",
        f"{folder}/annual.facts.json",
    ]


def test_index_lists_the_briefings_of_an_edition_with_their_counts() -> None:
    tree = parse_page(render_site([make_edition()])["index.html"])
    details = tree.find(".//details")
    assert details is not None
    titles = ["".join(item.itertext()) for item in details.iter("li")]
    assert len(titles) == len(make_edition().entries) - 1  # the inspection
    assert any("計" in title for title in titles)


def test_index_tells_how_many_briefings_failed() -> None:
    assert "作成又は更新できなかった文書 2件" in render_site([make_edition()])["index.html"]


def test_an_edition_leads_to_the_years_beside_it_and_up() -> None:
    pages = render_site([make_edition(year) for year in (2021, 2022, 2023, 2025)])
    links = [
        link.get("href")
        for nav in parse_page(pages["sample/2023/index.html"]).iter("nav")
        for link in nav.iter("a")
    ]
    assert links == ["../../index.html", "../2022/index.html", "../2025/index.html"]


def test_hostile_title_is_shown_as_text() -> None:
    assert find_row(edition_page(), HOSTILE)


@pytest.mark.parametrize(("state", "shown"), [("draft", True), ("final", False)])
def test_draft_edition_is_marked(state: str, shown: bool) -> None:
    badges = [text_of(e) for e in edition_page(state=state).find(".//header").iter("span")]
    assert ("案" in badges) is shown


@pytest.mark.parametrize("sample", [True, False])
def test_sample_notice_stands_on_every_page(sample: bool) -> None:
    pages = render_site([make_edition(sample=sample)])
    assert ["見本（" in page for page in pages.values()] == [sample] * 3


def test_plan_without_a_scale_has_totals_only() -> None:
    page = render_site([make_edition(scale=())])["sample/2021/index.html"]
    assert list_problems(page) == []
    assert find_row(parse_page(page), "企画課")[1:4] == ["61", "0", "1"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("name", PAGES)
def test_browser_finds_no_violation(
    browser: Any, site: Path, name: str, width: int, scheme: str
) -> None:
    opened = open_page(browser, site / name, width, scheme)
    assert (list_violations(opened), scrolls_sideways(opened), list_requests(opened)) == (
        [],
        False,
        [],
    )
