"""The invented plan 'tiny', copied for each test that reads or spoils data."""

from pathlib import Path

import pytest

from tiny_project import Project, copy_project


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """A valid project of the test's own."""
    return copy_project(tmp_path / "tiny")
