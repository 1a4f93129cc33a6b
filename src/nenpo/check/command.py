"""The commands check, accept and compare: from a selection to reports and an exit code."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from nenpo.build.briefing import Briefing
from nenpo.build.run import BuildOptions, build, count_processors
from nenpo.check.accept import accept_briefings
from nenpo.check.compare import compare_published, find_side, list_errata
from nenpo.check.reports import (
    tell_acceptance,
    tell_errata,
    tell_github,
    tell_result,
    write_json,
    write_junit,
    write_summary,
)
from nenpo.check.result import CheckResult, FailOn, FindPdf
from nenpo.check.run import Places, check_briefings, choose_editions, find_pdf
from nenpo.files import write_atomically


@dataclass(frozen=True)
class Reports:
    """What is written beside the lines at the terminal, or in their place."""

    html: Path | None = None
    junit: Path | None = None
    github: bool = False
    as_json: bool = False
    errata: bool = False


def run_check(
    root: Path,
    selectors: tuple[str, ...],
    folders: tuple[Path, Path | None],
    fail_on: FailOn,
    reports: Reports,
) -> int:
    """Check the selected briefings and write the reports; return the exit code.

    ``folders`` are that of the outputs and that of the accepted PDFs. Raises as
    :func:`choose_editions`, and ``NothingSelected``.
    """
    output, pdfs = folders
    briefings, gone = choose_editions(root, selectors)
    places = Places(root, output.resolve(), pdfs.resolve() if pdfs else None)
    with _open_workshop(root) as rebuild:
        result = check_briefings(places, briefings, rebuild.make, count_processors(), gone)
    before = partial(find_pdf, places.pdfs) if places.pdfs else None
    _write_reports(result, fail_on, reports, (before, partial(find_pdf, places.output)))
    return result.exit_code(fail_on)


def run_accept(root: Path, selectors: tuple[str, ...], output: Path, reason: str) -> Iterator[str]:
    """Accept the selected briefings, and yield a line for each document."""
    briefings, gone = choose_editions(root, selectors)
    today = datetime.now(UTC).astimezone().date()
    for entry in accept_briefings(root, output, briefings, reason, today, gone):
        yield tell_acceptance(entry)


def run_compare(root: Path, output: Path, pair: tuple[str, str], reports: Reports) -> int:
    """Compare two editions or folders and write the reports; return 1 if they differ."""
    result = compare_published(root, output, *pair)
    if reports.errata:
        _print_lines(tell_errata(list_errata(result)))
    else:
        before, after = (find_side(output, text) for text in pair)
        _write_reports(result, "any", reports, (before.find_pdf, after.find_pdf))
    return result.exit_code("any")


def _write_reports(
    result: CheckResult,
    fail_on: FailOn,
    reports: Reports,
    pdfs: tuple[FindPdf | None, FindPdf | None],
) -> None:
    if reports.as_json:
        sys.stdout.write(write_json(result, fail_on))
    else:
        _print_lines(tell_result(result))
    if reports.html:
        # Imported here: templates and pictures are needed for the page alone.
        from nenpo.check.page import render_check_page

        write_atomically(reports.html, render_check_page(result, *pdfs))
    if reports.junit:
        write_atomically(reports.junit, write_junit(result))
    if reports.github:
        _print_lines(tell_github(result))
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(write_summary(result))


def _print_lines(lines: Iterator[str]) -> None:
    for line in lines:
        print(line)


class _Workshop:
    """Makes a briefing once more, in a folder that is removed afterwards."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder

    def make(self, briefing: Briefing) -> Path | None:
        """Return the path of the PDF, None if it could not be made."""
        options = BuildOptions(self.folder, (briefing.selector,), jobs=1)
        result = build(self.root, [briefing], options)
        if result.failed:
            return None
        return briefing.identity.locate(self.folder, ".pdf")


@contextmanager
def _open_workshop(root: Path) -> Iterator[_Workshop]:
    folder = Path(tempfile.mkdtemp(prefix="nenpo-check-"))
    try:
        yield _Workshop(root, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
