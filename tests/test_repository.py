"""The repository keeps its own rules: README, locks, nothing of a machine."""

import csv
import re
import subprocess
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]


def list_tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


def count_facts() -> Counter[str]:
    """Return how many rows of the data were taken from each document."""
    rows: Counter[str] = Counter()
    for path in (ROOT / "data").rglob("*.csv"):
        if path.name != "omissions.csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows.update(row["source"] for row in csv.DictReader(file) if row.get("source"))
    return rows


def test_readme_tells_how_many_facts_were_taken_from_each_document() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (s\d{3}) .*\| (\d+) \|$", readme, flags=re.MULTILINE)
    assert {source: int(count) for source, count in told} == count_facts()


def test_readme_pictures_exist() -> None:
    for name in ("README.md", "README.ja.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert [
            p for p in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text) if not (ROOT / p).exists()
        ] == []


def test_no_file_holds_a_path_of_a_machine() -> None:
    # The folders are named in pieces, so that this file does not name one.
    pattern = re.compile("/(?:" + "|".join(("home", "root", "work", "Users")) + ")/[a-z]")
    found = [
        name
        for name in list_tracked()
        if Path(name).suffix in {".py", ".md", ".toml", ".yaml", ".ipynb", ".lock", ".csv", ""}
        and (ROOT / name).is_file()
        and pattern.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_locks_pin_by_hash_and_name_no_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        pinned = re.findall(r"^[\w.\[\]-]+==", text, flags=re.MULTILINE)
        assert len(pinned) > 50
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(pinned)


def test_no_font_is_committed() -> None:
    assert [
        n for n in list_tracked() if n.endswith((".ttf", ".otf", ".ttc", ".woff", ".woff2"))
    ] == []
