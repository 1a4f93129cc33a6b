"""The commands check, accept and compare: from a selection to reports and an exit code."""

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from nenpo.build.briefing import Briefing
from nenpo.build.manifest import settle_output
from nenpo.build.run import BuildOptions, build, count_processors
from nenpo.check.accept import accept_briefings
from nenpo.check.accepted import settle_accepted
from nenpo.check.compare import compare_published, find_side, list_errata
from nenpo.check.editions import find_paper, render_paper, tell_paper
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
    :func:`choose_editions`, ``NothingSelected``, and ``BuildLocked`` or ``WriteFailed`` if
    something is left half done.
    """
    output, pdfs = folders
    settle_output(output)
    settle_accepted(root)
    briefings, gone = choose_editions(root, selectors)
    places = Places(root, output.resolve(), pdfs.resolve() if pdfs else None)
    with ExitStack() as folders_of_builds:
        rebuild = partial(_make_again, root, folders_of_builds)
        result = check_briefings(places, briefings, rebuild, count_processors(), gone)
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
    """Compare two fiscal years or output folders and write the reports; return 1 if they differ.

    Two years of a plan are a paper for a reader. JSON and errata tell what their published
    documents say differently, as the reports on folders do.
    """
    as_documents = reports.as_json or reports.errata
    paper = None if as_documents else find_paper(root, *pair)
    if paper:
        print("\n".join(tell_paper(paper)))
        if reports.html:
            write_atomically(reports.html, render_paper(paper).encode())
        return int(bool(paper.sections))
    settle_output(output)
    result = compare_published(root, output, *pair)
    if reports.errata:
        print("\n".join(tell_errata(list_errata(result))))
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
        print("\n".join(tell_result(result)))
    if reports.html:
        # Imported here: templates and pictures are needed for the page alone.
        from nenpo.check.page import render_check_page

        write_atomically(reports.html, render_check_page(result, *pdfs))
    if reports.junit:
        write_atomically(reports.junit, write_junit(result))
    if reports.github:
        for line in tell_github(result):
            print(line)
        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(write_summary(result))


def _make_again(root: Path, folders: ExitStack, briefing: Briefing) -> Path | None:
    """Make a briefing in a folder of its own; return its PDF, None if it could not be made."""
    folder = TemporaryDirectory(prefix="nenpo-check-", ignore_cleanup_errors=True)
    options = BuildOptions(Path(folders.enter_context(folder)), (briefing.selector,), jobs=1)
    failed = build(root, [briefing], options).failed
    return None if failed else briefing.identity.locate(options.output, ".pdf")
