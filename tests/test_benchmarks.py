"""The benchmarks: who makes what when, tables, sizes, an invented country, the plain script."""

import json
from collections import Counter
from pathlib import Path

import pytest

from country import BRIEFINGS_A_YEAR, YEARS, make_country
from nenpo.build.select import select_briefings
from nenpo.build.validate import validate_plans
from nenpo.data.load import load_plan
from nenpo.export.document import read_document
from nenpo.export.html import render_html
from nenpo.export.pdf import render_pdf
from nenpo.notebook.execute import execute_briefing
from per_document import choose_turn
from plain_script import load_data_once, read_script, run_script
from results import format_table, measure, ratio
from side_table import Content, Measurement, Measurements, list_builds, list_sides
from sides import LIMIT, NENPO, SIDES
from sizing import NEEDS, Scaled, compute_memory, list_needs
from whole_builds import WholeBuilds, has_document

ROOT = Path(__file__).parents[1]


def read_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_fast_side_makes_a_document_in_every_round_and_a_slow_one_once() -> None:
    made = Counter(
        (side.letter, place)
        for number in range(5)
        for place in range(12)
        for side in choose_turn(SIDES, 5, number, place)
    )
    assert {made[side.letter, place] for side in SIDES if side.slow for place in range(12)} == {1}
    assert {made[side.letter, place] for side in SIDES if not side.slow for place in range(12)} == {
        5
    }


def test_no_side_always_comes_first() -> None:
    fast = [side for side in SIDES if not side.slow]
    first = Counter(
        choose_turn(fast, 3, number, place)[0] for number in range(3) for place in range(6)
    )
    assert set(first.values()) == {18 // len(fast)}


def test_ratio_is_that_of_the_medians() -> None:
    assert ratio([30.0, 10.0, 1000.0], [2.0, 1.0, 3.0]) == 15.0


def test_every_line_of_a_table_is_as_wide_as_the_others() -> None:
    lines = format_table(("側", "seconds"), [("年報", "1"), ("papermill", "17.20")]).splitlines()
    assert len({measure(line) for line in lines}) == 1


def test_table_tells_how_nenpo_stands_and_what_a_side_lacks() -> None:
    rows = [
        Measurement("a", 0, "x", 9.0, 8.0, 0.0),
        Measurement(NENPO, 0, "x", 0.3, 0.25, 0.0),
        Measurement(LIMIT, 0, "x", 0.25, 0.2, 0.1),
    ]
    memory = {"a": 600.0, NENPO: 230.4, LIMIT: 160.0}
    missing = {"a": "no PDF", "c": "WeasyPrint cannot be used"}
    measured = Measurements(rows, [Content("x", 1, 2)], memory, missing)
    assert [line[1:] for line in list_sides(measured)] == [
        ("9.000", "30.0 × as fast", "≥ 25 ×", "8.00", "600", "1"),
        ("—", "—", "—", "—", "—", "0"),
        ("0.300", "", "", "0.25", "230", "1"),
        ("0.250", "1.20 × as long", "≤ 1.3 ×", "0.20", "160", "1"),
    ]


def test_table_tells_how_much_two_jobs_gain() -> None:
    whole = WholeBuilds(36, (20.0, 18.0, 19.0), (10.0, 10.0, 9.0), (2.0,), (0.5,), (17.0,))
    gain = [line[2:4] for line in list_builds(whole)][1]
    assert gain == ("1.90 × one job", "≥ 1.8 ×")


def test_sizing_goes_on_from_the_measured_sizes() -> None:
    small = Scaled(32, 2, 16.0, 2.0, 60, 150, 250, 90, 400, outputs=20)
    large = Scaled(3008, 2, 752.0, 4.0, 90, 150, 250, 100, 450, outputs=2000)
    assert compute_memory([small, large], 3008, 2) == 90 + 150 + 2 * 100
    times = {(line[1], line[2]): line[3] for line in list_needs([small, large])}
    assert times["55,712", "8"] == "58 min"
    assert len(times) == sum(len(choices) for *_, choices in NEEDS)


def test_country_is_a_valid_project(tmp_path: Path) -> None:
    make_country(tmp_path, 2)
    told = list(validate_plans(tmp_path))
    assert [line for line in told if line.endswith("OK")] == [
        f"city-{number:04d}/{year}: OK" for number in (1, 2) for year in YEARS
    ]
    assert len(select_briefings(tmp_path)) == 2 * len(YEARS) * BRIEFINGS_A_YEAR


def test_country_of_a_seed_is_the_same_in_any_size(tmp_path: Path) -> None:
    for name, size, seed in (("small", 1, 1), ("large", 2, 1), ("other", 1, 2)):
        make_country(tmp_path / name, size, seed)
    small, large, other = (read_files(tmp_path / name) for name in ("small", "large", "other"))
    assert {file: large[file] for file in small} == small
    assert other.keys() == small.keys()
    assert other != small


def test_plain_script_makes_the_bytes_of_the_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the limit would not be the limit of the same work."""
    monkeypatch.setenv("NENPO_ROOT", str(ROOT))
    briefing = select_briefings(ROOT, ["nakano-informatization/2021/somu"])[0]
    document = read_document(execute_briefing(ROOT, briefing))
    script = read_script(ROOT / "notebooks" / briefing.notebook)
    monkeypatch.setattr("nenpo.content.briefing.load_plan", load_plan)  # set back at the end
    load_data_once()(briefing.parameters)
    page, pdf = run_script(script, briefing.parameters, briefing.name)
    assert page == render_html(document, briefing.name)
    assert pdf == render_pdf(document)


def test_a_document_is_published_once_the_manifest_names_files_that_are_there(
    tmp_path: Path,
) -> None:
    manifest = tmp_path / "manifest.json"
    assert not has_document(manifest)
    manifest.write_text(json.dumps({"briefings": {"p/2021/annual": {"files": {"a.pdf": "0"}}}}))
    assert not has_document(manifest)
    (tmp_path / "a.pdf").touch()
    assert has_document(manifest)
