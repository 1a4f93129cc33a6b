"""What several test files share: the invented plan 'tiny', and one browser for a test run."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tiny_project import Project, copy_project

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The first three keep the browser from asking anything of a network of its own accord.
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
    "--no-sandbox",
)


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """A valid project of the test's own."""
    return copy_project(tmp_path / "tiny")


# Not for the session: playwright's event loop would still run when an engine's test wants its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless browser of the machine; the test is skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    named = os.environ.get("NENPO_BROWSER") or next(filter(None, map(shutil.which, _NAMES)), None)
    if named is None:
        pytest.skip(f"no browser on this machine: none of {', '.join(_NAMES)} is on PATH")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=named, args=list(_ARGUMENTS))
        yield running
        running.close()
