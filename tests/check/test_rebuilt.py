"""A document that is built again elsewhere is the same: no false alarm."""

import json
from pathlib import Path

import pytest

from check_project import Accepted, run_apart


@pytest.mark.parametrize(
    ("folder", "jobs", "environment"),
    [
        ("別の 場所", "1", {"TZ": "America/New_York", "LC_ALL": "C", "PYTHONHASHSEED": "7"}),
        ("b", "4", {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "123"}),
    ],
)
def test_rebuild_elsewhere_is_the_same(
    accepted: Accepted, tmp_path: Path, folder: str, jobs: str, environment: dict[str, str]
) -> None:
    other = accepted.copy(tmp_path / folder)
    selectors = ("tiny/2022/joho", "tiny/2021/inspection", "tiny/2022/inspection")
    told = run_apart(
        other.project, "build", *selectors, "--jobs", jobs, "--output", "made", **environment
    )
    assert told.returncode == 0, told.stderr
    checked = run_apart(
        other.project,
        *("check", *selectors, "--output", "made"),
        *("--accepted", str(other.pdfs), "--fail-on", "any", "--json"),
        **environment,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    found = json.loads(checked.stdout)["documents"]
    assert [set(document["states"].values()) for document in found] == [{"same"}] * 3
