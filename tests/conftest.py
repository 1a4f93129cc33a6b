"""What several test files share: invented projects and what is made of them, and one browser."""

import gc
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from check_project import Accepted, make_accepted, open_accepted
from conditions import CONDITIONS, Documents, MakeDocuments, execute_condition, read_documents
from shared_builds import find_shared, make_once
from shared_project import copy_shared
from tiny_project import Project, copy_project
from words_project import copy_words

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

# Messages are expected in English, whatever language the caller reads.
os.environ.pop("NENPO_LANG", None)
os.environ["LC_ALL"] = "C.UTF-8"


def pytest_configure() -> None:
    """Let what tests start hear Ctrl-C, which a shell takes from whatever it runs behind it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="module", autouse=True)
def frozen() -> None:
    """Have the collector look at what a file made, not at all that was imported for all of them.

    IPython asks for a full collection at the end of each notebook: half of the notebook's time.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def traced_in_turn() -> None:
    """Have threads that begin under coverage install its trace function one after the other.

    Until Python 3.12 the system's own guard against doing so twice at a time knows no threads, and
    an audit hook, which a build has, lets another thread in: that one dies before it has begun.
    """
    traced = threading.gettrace()
    if traced is None or sys.version_info >= (3, 12):
        return
    turn, set_trace = threading.RLock(), sys.settrace

    def set_trace_in_turn(function: Any) -> None:
        with turn:
            set_trace(function)

    def trace_in_turn(*event: Any) -> Any:
        with turn:
            return traced(*event)

    sys.settrace = set_trace_in_turn
    threading.settrace(trace_in_turn)


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """A valid project of the test's own."""
    return copy_project(tmp_path / "tiny")


@pytest.fixture
def words(tmp_path: Path) -> Project:
    """A project of the test's own whose plan tells progress in words."""
    return copy_words(tmp_path / "words")


@pytest.fixture
def shared(tmp_path: Path) -> Project:
    """A valid project of several plans, of the test's own; only 'aoba' has an edition."""
    return copy_shared(tmp_path / "shared")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all workers of this run."""
    return find_shared(tmp_path_factory)


@pytest.fixture(scope="session")
def accepted_once(made_once: Path) -> Accepted:
    """The plan 'tiny', built and accepted: to be read, not changed."""
    return open_accepted(make_once(made_once, "accepted", make_accepted))


@pytest.fixture
def accepted(accepted_once: Accepted, tmp_path: Path) -> Accepted:
    """A copy of it, which a test may change."""
    return accepted_once.copy(tmp_path / "project")


@pytest.fixture(scope="session")
def make(made_once: Path) -> MakeDocuments:
    """The documents of a condition."""

    @cache
    def make_documents(condition: str) -> Documents:
        return read_documents(
            make_once(made_once, condition, partial(execute_condition, condition))
        )

    return make_documents


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
