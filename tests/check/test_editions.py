"""Two years of a plan compared: at the terminal, as a page, and what is refused."""

from pathlib import Path

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
from nenpo.check.command import Reports, run_compare
from nenpo.check.editions import find_paper, render_paper, tell_paper
from nenpo.content.years import YearsPaper
from nenpo.errors import NotComparable, OtherPlan
from shared_project import copy_shared
from tiny_project import FIXTURE, Project, copy_project


def find_tiny(root: Path = FIXTURE) -> YearsPaper:
    paper = find_paper(root, "tiny/2021", "tiny/2022")
    assert paper is not None
    return paper


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an invented plan, one of whose titles is hostile."""
    project = copy_project(tmp_path_factory.mktemp("years") / "tiny")
    project.replace("items.csv", "国のシステムの改修", "<script>alert(1)</script>の改修")
    file = project.root / "years.html"
    file.write_text(render_paper(find_tiny(project.root)), "utf-8")
    return file


def compare(project: Project, *pair: str, **reports: Path) -> int:
    folder = project.root / "outputs"
    return run_compare(project.root, folder, (pair[0], pair[1]), Reports(html=reports.get("html")))


def test_two_years_are_told_without_anything_built(
    tiny: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare(tiny, "tiny/2021", "tiny/2022") == 1
    told = capsys.readouterr().out
    assert (
        "    1-①-2 （国）国のシステムの改修\n      令和3年度：△ 不十分　令和4年度：× 未着手" in told
    )
    assert not (tiny.root / "outputs").exists()


def test_the_earlier_year_comes_first_in_whatever_order_they_are_given() -> None:
    assert find_paper(FIXTURE, "tiny/2022", "tiny/2021") == find_tiny()


def test_a_year_compared_with_itself_is_no_difference(tiny: Project) -> None:
    assert compare(tiny, "tiny/2021", "tiny/2021/") == 0


def test_the_page_holds_all_that_the_terminal_cuts(tiny: Project) -> None:
    page = tiny.root / "years.html"
    long = "長い報告である。" * 30
    tiny.replace("2022/progress.csv", "対象を広げた", long)
    compare(tiny, "tiny/2021", "tiny/2022", html=page)
    assert long in page.read_text("utf-8")
    assert long not in "\n".join(tell_paper(find_tiny(tiny.root)))


def test_of_many_rows_the_terminal_shows_the_first_and_says_how_many_are_left(
    tiny: Project,
) -> None:
    for n in range(40):
        tiny.append("items.csv", f"j{n},m2-1,追加{n},,ward,,,2022,,,,s1,31")
        tiny.append("2022/progress.csv", f"j{n},◎,,,始めた,,,s1,31")
    lines = [*tell_paper(find_tiny(tiny.root))]
    assert "  新たに加わった取組（40件）" in lines
    assert "    ほか30行（--html で全てを1ページに書く）" in lines


def test_years_of_two_plans_are_refused_with_what_compares_plans(tmp_path: Path) -> None:
    root = copy_shared(tmp_path / "shared").root
    with pytest.raises(OtherPlan, match="nenpo build comparison"):
        find_paper(root, "aoba/2021", "midori/2021")


@pytest.mark.parametrize(
    ("text", "allowed"), [("tiny/1999", "tiny/2021, tiny/2022"), ("atlantis/2021", "tiny/…")]
)
def test_what_is_no_reported_year_is_refused_with_those_that_are(text: str, allowed: str) -> None:
    with pytest.raises(NotComparable, match=allowed):
        find_paper(FIXTURE, "tiny/2021", text)


def test_the_page_is_valid_and_one_closed_file(file: Path) -> None:
    assert list_problems(file.read_text("utf-8")) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_asks_for_nothing(
    browser: object, file: Path, scheme: str
) -> None:
    for width in (PHONE, DESKTOP):
        opened = open_page(browser, file, width)
        opened.page.emulate_media(color_scheme=scheme)
        for details in opened.page.query_selector_all("details"):
            details.evaluate("element => element.open = true")
        assert list_violations(opened) == []
        assert list_requests(opened) == []
        assert not scrolls_sideways(opened)
        text = opened.page.query_selector("main").bounding_box()
        assert text["width"] > 0.7 * width
