"""The pages show what is published and what failed, in the order of the edition."""

from pathlib import Path

import pytest

from nenpo.build.select import select_briefings
from nenpo.files import canonical_json
from nenpo.site.overview import render_overview
from tiny_project import Project

ROOT = Path(__file__).parents[2]
EDITION = "nakano-informatization/2021"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Render the pages of an edition with two published briefings and a failed one."""
    output = tmp_path_factory.mktemp("outputs")
    last, failed = (b.name for b in select_briefings(ROOT, [EDITION])[-1:-3:-1])
    names = (last, "annual")
    entries = {f"{EDITION}/{name}": {"files": {}, "title": f"題 {name}"} for name in names}
    manifest = {"manifest_version": 1, "briefings": entries}
    (output / "manifest.json").write_text(canonical_json(manifest), "utf-8")
    for path in [f"{EDITION}/{name}.facts.json" for name in names]:
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_text("{}", "utf-8")
    evidence = output / "failed" / EDITION / f"{failed}.ipynb"
    evidence.parent.mkdir(parents=True)
    evidence.write_text("{}")
    pages = render_overview(ROOT, output)
    assert set(pages) == {"index.html", "internal/index.html", f"{EDITION}/index.html"}
    return pages[f"{EDITION}/index.html"]


@pytest.mark.parametrize("kept", [("actuals.csv",), ()], ids=["values alone", "nothing at all"])
def test_marks_are_not_counted_of_a_plan_without_items(tiny: Project, kept: tuple[str]) -> None:
    for path in tiny.path("").rglob("*.csv"):
        if path.name not in ("indicators.csv", *kept) or not kept:
            path.unlink()
    tiny.write("2021/progress.csv", "item,status,shift,change_reason,done,next_year,later\n")
    output = tiny.root / "outputs"
    name = "tiny/2021/annual"
    manifest = {"manifest_version": 1, "briefings": {name: {"files": {}, "title": "題"}}}
    (output / name).parent.mkdir(parents=True)
    (output / "manifest.json").write_text(canonical_json(manifest), "utf-8")
    facts = {"rows": 0, "status_counts": {"◎": 0, "×": 0}, "indicators": {"online-rate": {}}}
    (output / f"{name}.facts.json").write_text(canonical_json(facts), "utf-8")
    page = render_overview(tiny.root, output)["tiny/2021/index.html"]
    assert "◎" not in page
    assert (">1</td>" in page) is bool(kept)


def test_published_briefings_are_listed_in_the_order_of_the_edition(page: str) -> None:
    assert 0 < page.index("題 annual") < page.index("題 departments/")


def test_a_failed_briefing_is_listed_between_them(page: str) -> None:
    failed = select_briefings(ROOT, [EDITION])[-2]
    assert page.index("題 annual") < page.index(failed.name) < page.index("題 departments/")


def test_what_was_neither_published_nor_failed_is_not_listed(page: str) -> None:
    others = [briefing.name for briefing in select_briefings(ROOT, [EDITION])[1:-2]]
    assert [name for name in others if f"{name}.html" in page] == []
