"""How long one department briefing takes: nenpo, and papermill + nbconvert called per document.

    .venv/bin/python benchmarks/per_document.py [--documents 5]

Both sides make an executed notebook, an HTML page and a PDF of the same notebook and params.
The peers are the commands that a person would type: ``papermill``, ``jupyter nbconvert --to
html``, ``jupyter nbconvert --to webpdf``. nenpo is warm: its fork server runs, one job. The two
take turns, so that a slower minute of the machine hits both. Needs the test environment and a
Chromium; without one the peers' PDF is left out, and the output says so.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from nenpo.build import BuildOptions, build
from nenpo.params import Briefing, select_briefings

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Measured:
    """Seconds that one document took on each side, its charts and pages."""

    name: str
    nenpo: float
    peers: float
    charts: int
    pages: int


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=0, help="how many departments; 0 = all")
    count = parser.parse_args().documents
    briefings = [b for b in select_briefings(ROOT) if b.kind == "department"]
    chosen = briefings[:count] if count else briefings
    with tempfile.TemporaryDirectory() as folder:
        environment = make_environment(Path(folder))
        warm_up(briefings[0], Path(folder))
        rows = [measure(briefing, Path(folder), environment) for briefing in chosen]
    print_table(rows, has_browser="PLAYWRIGHT_BROWSERS_PATH" in environment)


def make_environment(folder: Path) -> dict[str, str]:
    """Return an environment in which the peers find the machine's Chromium, if there is one."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    }
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        return environment
    environment["PLAYWRIGHT_BROWSERS_PATH"] = str(folder / "browsers")
    code = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as p: print(p.chromium.executable_path)"
    )
    asked = [sys.executable, "-c", code]
    told = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    wanted = Path(told.stdout.strip())
    # Headless, playwright looks for a build of its own beside the full browser.
    shell = Path(str(wanted).replace("chromium-", "chromium_headless_shell-")).parent
    folders = ("chrome-linux", "chrome-linux64", "chrome-headless-shell-linux64")
    names = ("headless_shell", "chrome-headless-shell")
    places = [wanted, *(shell.parent / folder / name for folder in folders for name in names)]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(browser)
    return environment


def warm_up(briefing: Briefing, folder: Path) -> None:
    """Start the fork server: nenpo is measured warm."""
    make_with_nenpo(briefing, folder / "warm")


def measure(briefing: Briefing, folder: Path, environment: dict[str, str]) -> Measured:
    """Make one document on both sides."""
    ours, theirs = folder / "nenpo", folder / "peers" / str(briefing.department)
    nenpo = make_with_nenpo(briefing, ours)
    peers = make_with_peers(briefing, theirs, environment)
    made = ours / briefing.plan / str(briefing.fiscal_year) / briefing.name
    pages = len(pypdfium2.PdfDocument(made.with_suffix(".pdf")))
    charts = made.with_suffix(".html").read_text(encoding="utf-8").count("<figure")
    found = Measured(str(briefing.department), nenpo, peers, charts, pages)
    print(f"  {found.name}: nenpo {nenpo:.2f} s, peers {peers:.2f} s", flush=True)
    return found


def make_with_nenpo(briefing: Briefing, output: Path) -> float:
    """Return the seconds from the fork to the finished files, as the build reports them."""
    options = BuildOptions(output, selectors=(briefing.selector,), jobs=1)
    result = build(ROOT, [briefing], options)
    assert not result.failed, result.failed
    return result.briefings[0].seconds


def make_with_peers(briefing: Briefing, folder: Path, environment: dict[str, str]) -> float:
    """Return the seconds that papermill and two calls of nbconvert take."""
    folder.mkdir(parents=True)
    params = [w for k, v in briefing.parameters.items() for w in ("-p", k, str(v))]
    convert = ["jupyter", "nbconvert", "out.ipynb", "--to"]
    commands = [
        ["papermill", str(ROOT / "notebooks" / briefing.notebook), "out.ipynb", *params],
        [*convert, "html"],
    ]
    if "PLAYWRIGHT_BROWSERS_PATH" in environment:
        commands.append([*convert, "webpdf", "--disable-chromium-sandbox"])
    start = time.perf_counter()
    for command in commands:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment | {"NENPO_ROOT": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{command[:2]} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def print_table(rows: list[Measured], *, has_browser: bool) -> None:
    """Print medians, their ratio, and what stands in a document."""
    nenpo = statistics.median(row.nenpo for row in rows)
    peers = statistics.median(row.peers for row in rows)
    print(f"\n{len(rows)} department briefings, {os.cpu_count()} processors, {platform.platform()}")
    print(f"median charts per document  {statistics.median(row.charts for row in rows):>6}")
    print(f"median pages per document   {statistics.median(row.pages for row in rows):>6}")
    print(f"nenpo, warm, one job        {nenpo:>8.2f} s")
    print(
        f"papermill + nbconvert       {peers:>8.2f} s"
        + ("" if has_browser else " (no PDF: no browser)")
    )
    print(f"ratio                       {peers / nenpo:>8.1f}")


if __name__ == "__main__":
    main()
