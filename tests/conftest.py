"""What several test files share: invented projects and what is made of them, and one browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from check_project import Accepted, make_accepted
from conditions import CONDITIONS, Documents, MakeDocuments, make_documents
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


@pytest.fixture(scope="session")
def accepted_once(tmp_path_factory: pytest.TempPathFactory) -> Accepted:
    return make_accepted(tmp_path_factory.mktemp("accepted"))


@pytest.fixture
def accepted(accepted_once: Accepted, tmp_path: Path) -> Accepted:
    """A copy of it, which a test may change."""
    return accepted_once.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> MakeDocuments:
    """Return the documents of a condition, made once."""
    made: dict[str, Documents] = {}

    def make_once(condition: str) -> Documents:
        if condition not in made:
            folder = tmp_path_factory.mktemp(condition)
            made[condition] = make_documents(condition, folder / "project")
        return made[condition]

    return make_once


@pytest.fixture(params=CONDITIONS)
def documents(request: pytest.FixtureRequest, make: MakeDocuments) -> Documents:
    """The documents of each condition in turn."""
    return make(request.param)


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
