"""The process of one side (see ``sides``): orders come in, one JSON text a line, answers go out.

Each ``open_…`` prepares a side (everything that a run does once) and returns what makes a
document and returns its seconds. They share one signature; only ``commands`` and ``build_cold``
start everything anew for each document, as a person at a shell does.
"""

# mypy: allow-untyped-calls
# papermill and nbconvert have no types.

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peers import ROOT
from processes import adopt_orphans, await_orphans

HAS_BROWSER = "PLAYWRIGHT_BROWSERS_PATH" in os.environ
NO_BROWSER = "" if HAS_BROWSER else "no PDF: no browser on this machine"


@dataclass(frozen=True)
class Answer:
    """What a document took, where its files lie, and seconds of loading that do not count."""

    seconds: float
    html: Path
    pdf: Path | None
    loading: float = 0.0


Maker = Callable[[dict[str, Any], Path], Answer]


@dataclass(frozen=True)
class Opened:
    """A side that is ready; ``missing`` says what it lacks, ``make`` is None if it cannot do so."""

    make: Maker | None
    missing: str = ""


def open_commands() -> Opened:
    """The commands that a person types, for each document."""

    def make(briefing: dict[str, Any], folder: Path) -> Answer:
        params = [w for k, v in briefing["parameters"].items() for w in ("-p", k, str(v))]
        convert = ["jupyter", "nbconvert", "out.ipynb", "--to"]
        commands = [
            ["papermill", str(find_notebook(briefing)), "out.ipynb", *params],
            [*convert, "html"],
        ]
        if HAS_BROWSER:
            commands.append([*convert, "webpdf", "--disable-chromium-sandbox"])
        start = time.perf_counter()
        for command in commands:
            run(command, folder)
        seconds = time.perf_counter() - start
        return Answer(seconds, folder / "out.html", folder / "out.pdf" if HAS_BROWSER else None)

    return Opened(finish_orphans(make), NO_BROWSER)


def open_browser_loop() -> Opened:
    """papermill's function and nbconvert's two exporters, called in a loop by one process."""
    if not HAS_BROWSER:
        return Opened(open_loop(None), NO_BROWSER)
    from nbconvert import WebPDFExporter

    def print_page(notebook: Any, _: str) -> bytes:
        pdf, _resources = WebPDFExporter(disable_sandbox=True).from_notebook_node(notebook)
        return bytes(pdf)

    return Opened(open_loop(print_page))


def open_weasyprint_loop() -> Opened:
    """The same loop; the page of the HTML exporter becomes a PDF without a browser."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:  # OSError: the system's pango is not there
        return Opened(None, f"WeasyPrint cannot be used: {str(error).strip().splitlines()[0]}")

    def print_page(_: Any, page: str) -> bytes:
        return bytes(HTML(string=page).write_pdf())

    return Opened(open_loop(print_page))


def open_loop(print_page: Callable[[Any, str], bytes] | None) -> Maker:
    """Return a maker of papermill, HTMLExporter and ``print_page``."""
    from nbconvert import HTMLExporter
    from papermill.execute import execute_notebook

    def make(briefing: dict[str, Any], folder: Path) -> Answer:
        html, pdf = folder / "out.html", folder / "out.pdf"
        start = time.perf_counter()
        notebook = execute_notebook(
            find_notebook(briefing),
            folder / "out.ipynb",
            parameters=briefing["parameters"],
            cwd=folder,
            progress_bar=False,
        )
        page, _ = HTMLExporter().from_notebook_node(notebook)
        html.write_text(page, "utf-8")
        if print_page:
            pdf.write_bytes(print_page(notebook, page))
        seconds = time.perf_counter() - start
        return Answer(seconds, html, pdf if print_page else None)

    return finish_orphans(make)


def open_cold_build() -> Opened:
    """``nenpo build`` of one document into an empty folder, from the start to the end."""
    from nenpo.build.briefing import Briefing

    def make(briefing: dict[str, Any], folder: Path) -> Answer:
        selector = Briefing(**briefing).selector
        build = [sys.executable, "-m", "nenpo", "build", selector]
        start = time.perf_counter()
        run([*build, "--jobs", "1", "--output", str(folder)], ROOT)
        return answer_published(time.perf_counter() - start, briefing, folder)

    return Opened(finish_orphans(make))


def open_warm_build() -> Opened:
    """A build whose fork server runs: seconds from the fork to the finished files.

    It has the data of all plans with departments, as in a build of everything.
    """
    from nenpo.build.briefing import Briefing
    from nenpo.build.run import BuildOptions, build
    from nenpo.build.select import select_briefings
    from nenpo.cli.documents import PAGES

    departments = [b for b in select_briefings(ROOT) if b.kind == "department"]
    plans = {briefing.plan: briefing for briefing in departments}
    with tempfile.TemporaryDirectory() as folder:
        build(ROOT, [*plans.values()], BuildOptions(Path(folder)))

    def make(briefing: dict[str, Any], folder: Path) -> Answer:
        asked = Briefing(**briefing)
        options = BuildOptions(folder, selectors=(asked.selector,), jobs=1, pages=PAGES)
        result = build(ROOT, [asked], options)
        if result.failed:
            raise RuntimeError(f"{asked.selector} failed: {result.failed[0].reason}")
        return answer_published(result.briefings[0].seconds, briefing, folder)

    return Opened(make)


def open_plain_script() -> Opened:
    """The limit: see ``plain_script``. What it loads of data is loaded once, before the clock."""
    from plain_script import load_data_once

    return open_script(load_data_once())


def open_loading_script() -> Opened:
    """The same script, run on its own: it reads and checks the data of each document."""
    return open_script(lambda *_: None)


def open_script(load: Callable[[Mapping[str, Any]], object]) -> Opened:
    """Return the limit; ``load`` loads what the script then finds, off the clock."""
    from nenpo.build.briefing import Briefing
    from plain_script import read_script, run_script

    script = read_script(ROOT / "notebooks" / "department.ipynb")
    # As in nenpo's fork server: nobody looks for garbage in what is there from the start.
    gc.collect()
    gc.freeze()

    def make(briefing: dict[str, Any], folder: Path) -> Answer:
        html, pdf, name = folder / "out.html", folder / "out.pdf", Briefing(**briefing).name
        begin = time.perf_counter()
        load(briefing["parameters"])
        start = time.perf_counter()
        page, drawn = run_script(script, briefing["parameters"], name)
        html.write_text(page, "utf-8", newline="\n")
        pdf.write_bytes(drawn)
        return Answer(time.perf_counter() - start, html, pdf, loading=start - begin)

    return Opened(make)


def answer_published(seconds: float, briefing: dict[str, Any], folder: Path) -> Answer:
    """Return the answer for what nenpo published in ``folder``."""
    from nenpo.build.briefing import Briefing

    made = folder / briefing["plan"] / str(briefing["fiscal_year"]) / Briefing(**briefing).name
    return Answer(seconds, made.with_suffix(".html"), made.with_suffix(".pdf"))


def find_notebook(briefing: dict[str, Any]) -> Path:
    return ROOT / "notebooks" / f"{briefing['kind']}.ipynb"


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[:2]} failed:\n{done.stderr[-2000:]}")


def finish_orphans(make: Maker) -> Maker:
    """Return the maker that also waits, off the clock, for what its processes left behind."""
    adopt_orphans()

    def make_and_wait(briefing: dict[str, Any], folder: Path) -> Answer:
        answer = make(briefing, folder)
        await_orphans()
        return answer

    return make_and_wait


OPENERS = {
    "a": open_commands,
    "b": open_browser_loop,
    "c": open_weasyprint_loop,
    "d": open_cold_build,
    "e": open_warm_build,
    "f": open_plain_script,
    "g": open_loading_script,
}


def main() -> None:
    # What libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    opened = OPENERS[sys.argv[1]]()
    told = {"missing": opened.missing, "usable": opened.make is not None}
    print(json.dumps(told), file=answers, flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        folder = Path(order["folder"])
        folder.mkdir(parents=True)
        assert opened.make is not None
        try:
            answer = opened.make(order["briefing"], folder)
        except Exception:
            sys.exit(traceback.format_exc())
        print(json.dumps(vars(answer), default=str), file=answers, flush=True)


if __name__ == "__main__":
    main()
