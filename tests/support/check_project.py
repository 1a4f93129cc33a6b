"""The plan 'tiny', built and accepted once, and the ways in which tests change a copy of it.

Data, params and notebooks are changed in the copy and built again. What only templates and styles
can change is changed in the Document, drawn in this process and put in the place of the published
files.
"""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import nbformat
import pytest

import nenpo.build.run
import nenpo.cli
from nenpo.build.briefing import Briefing
from nenpo.build.receipts import Inputs, choose_briefings
from nenpo.build.run import BuildOptions
from nenpo.build.select import select_briefings
from nenpo.check.accept import accept_briefings
from nenpo.check.accepted import Acceptance
from nenpo.check.result import CheckResult, DocumentResult
from nenpo.check.run import Places, check_briefings, choose_editions
from nenpo.content.display import Sentences
from nenpo.export.blocks import Figure, Heading, NumberedTable
from nenpo.export.document import Document, read_document
from nenpo.export.html import render_html
from nenpo.export.pdf import render_pdf
from nenpo.files import canonical_json
from nenpo.notebook.execute import execute_briefing
from project import PAGES
from tiny_project import Project, copy_project

ROOT = Path(__file__).parents[2]
ANNUAL = "tiny/2021/annual"
COUNTER = "tiny/2021/madoguchi"
# The documents of the second year, when its params are gone.
GONE = [
    f"tiny/2022/{name}"
    for name in ("annual", "departments/joho", "departments/madoguchi", "inspection")
]
KINDS = {"heading": Heading, "sentences": Sentences, "table": NumberedTable, "figure": Figure}
Change = Callable[[Document], Document]


Finished = subprocess.CompletedProcess[str]


def run(project: Project, *words: str, **environment: str) -> Finished:
    """Run a command of nenpo in the project, in English, within this process.

    A process of its own takes two seconds of a processor, and starts a fork server besides.
    """
    told, failed = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(project.root),
        patch.dict(os.environ, {"NENPO_LANG": "en", **environment}),
        patch.object(sys, "argv", ["nenpo", *words]),
        contextlib.redirect_stdout(told),
        contextlib.redirect_stderr(failed),
        pytest.raises(SystemExit) as left,
    ):
        nenpo.cli.main()
    return Finished(words, left.value.code or 0, told.getvalue(), failed.getvalue())


def run_apart(project: Project, *words: str, **environment: str) -> Finished:
    """Run a command in a process of its own, where that or its environment matters."""
    command = [sys.executable, "-m", "nenpo", *words]
    env = os.environ | {"NENPO_LANG": "en"} | environment
    return subprocess.run(
        command, cwd=project.root, env=env, capture_output=True, text=True, check=False
    )


def build(project: Project, *selectors: str) -> None:
    """Build in this process: its fork server, which takes a second to start, serves many tests."""
    state, options = (
        Inputs(project.root),
        BuildOptions(project.root / "outputs", selectors, pages=PAGES),
    )
    briefings = choose_briefings(state, options.output, selectors)
    result = nenpo.build.run.build(project.root, briefings, options, state=state)
    assert not result.failed, result.failed


@dataclass(frozen=True)
class Accepted:
    """A project whose outputs are accepted; ``pdfs`` are kept, ``documents`` are by selector."""

    project: Project
    pdfs: Path
    documents: dict[str, Document]

    @property
    def output(self) -> Path:
        return self.project.root / "outputs"

    def copy(self, folder: Path) -> "Accepted":
        """Return the same with a project folder that a test may change."""
        shutil.copytree(self.project.root, folder)
        return replace(self, project=Project(folder))

    def select(self, *selectors: str) -> tuple[Briefing, ...]:
        return select_briefings(self.project.root, selectors)

    def check(
        self,
        *selectors: str,
        rebuild: Callable[[Briefing], Path | None] = lambda _: None,
        pdfs: bool = True,
    ) -> CheckResult:
        """Check in this process; a briefing is never made again unless the test says how."""
        places = Places(self.project.root, self.output, self.pdfs if pdfs else None)
        briefings, gone = choose_editions(self.project.root, selectors)
        return check_briefings(places, briefings, rebuild, jobs=1, gone=gone)

    def check_one(
        self, selector: str, rebuild: Callable[[Briefing], Path | None] = lambda _: None
    ) -> DocumentResult:
        """Return the result of one document, whatever else the check tells."""
        name = self.name(selector)
        return next(d for d in self.check(selector, rebuild=rebuild).documents if d.name == name)

    def name(self, selector: str) -> str:
        return self.select(selector)[0].full_name

    def plant(self, selector: str, change: Change) -> None:
        """Publish the document with a change that no data can make: of template or style."""
        self.publish(selector, change(self.documents[selector]))

    def remake(self, *selectors: str) -> None:
        """Publish what the notebooks make now, in this process: sooner than a build."""
        for selector in selectors:
            self.publish(selector, make_document(self.project.root, selector))

    def publish(self, selector: str, document: Document) -> None:
        """Write what a build writes of a document, without its notebook."""
        name = self.select(selector)[0].identity
        facts, html, pdf = (name.locate(self.output, s) for s in (".facts.json", ".html", ".pdf"))
        values = document.facts.values if document.facts else {}
        facts.write_text(canonical_json(values), "utf-8")
        html.write_text(render_html(document, name.name), "utf-8")
        pdf.write_bytes(render_pdf(document))


def make_document(root: Path, selector: str) -> Document:
    """Execute a briefing's notebook in this process."""
    return read_document(execute_briefing(root, select_briefings(root, [selector])[0]))


def make_accepted(folder: Path) -> None:
    """Build and accept the project as a user does, and keep its PDFs."""
    project = copy_project(folder / "tiny")
    shutil.copytree(ROOT / "notebooks", project.root / "notebooks")
    build(project)
    told = run(project, "accept", "tiny", "--reason", "first edition")
    assert told.returncode == 0, told.stderr
    shutil.copytree(project.root / "outputs", folder / "pdfs")


def open_accepted(folder: Path) -> Accepted:
    """Return what ``make_accepted`` made."""
    executed = nbformat.read(folder / f"tiny/outputs/{ANNUAL}.ipynb", as_version=4)
    return Accepted(Project(folder / "tiny"), folder / "pdfs", {ANNUAL: read_document(executed)})


def states(document: DocumentResult) -> str:
    """Return the four levels in short: facts, text, structure, picture; "=" where the same."""
    shown = {"same": "=", "changed": "≠", "not_comparable": "·"}
    return " ".join(shown.get(state, state) for state in document.states.values())


def change_block(kind: str, place: int, **values: Any) -> Change:
    """Return a change of one block, counted among those of its kind; a value may be a function."""

    def change(document: Document) -> Document:
        blocks = [*document.blocks]
        number = [n for n, block in enumerate(blocks) if isinstance(block, KINDS[kind])][place]
        changed = change_fields(blocks[number], values)
        assert changed != blocks[number], "nothing changes"
        blocks[number] = changed
        return replace(document, blocks=tuple(blocks))

    return change


def recolour(svg: str) -> str:
    """Return the drawing with the colour of one bar changed."""
    return svg.replace("#c5d7fb", "#2050c0", 1)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its content."""
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def accept(accepted: Accepted, selector: str, reason: str = "訂正") -> tuple[Acceptance, ...]:
    """Accept what is built, on a day that is always the same."""
    return accept_briefings(
        accepted.project.root,
        accepted.output,
        accepted.select(selector),
        reason,
        date(2026, 4, 1),
    )


def change_fields(value: Any, changes: dict[str, Any]) -> Any:
    """Return the value with other fields: of the table or chart where it is one with a number."""
    match value:
        case NumberedTable(number, table):
            return NumberedTable(number, change_fields(table, changes))
        case Figure(number, chart):
            return Figure(number, change_fields(chart, changes))
    new = {key: v(getattr(value, key)) if callable(v) else v for key, v in changes.items()}
    return replace(value, **{key: freeze(v) for key, v in new.items()})


def freeze(value: Any) -> Any:
    return tuple(map(freeze, value)) if isinstance(value, list) else value
