"""The repository keeps its own rules: README, locks, nothing of a machine."""

import csv
import re
import shutil
import subprocess
import tomllib
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
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows.update(row["source"] for row in csv.DictReader(file) if row.get("source"))
    return rows


def test_docs_tell_how_many_facts_were_taken_from_each_document() -> None:
    page = (ROOT / "docs/data.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| (s\d{3}) .*\| (\d+) \|$", page, flags=re.MULTILINE)
    assert {source: int(count) for source, count in told} == count_facts()


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


def read_pins(lock: Path) -> dict[str, list[str]]:
    """Return the requirements of a lock file by package: one, or several for several Pythons."""
    pins: dict[str, list[str]] = {}
    text = lock.read_text(encoding="utf-8")
    for package, rest in re.findall(r"^([\w.-]+)(==[^\\\n]+)", text, flags=re.MULTILINE):
        pins.setdefault(package, []).append(rest.strip())
    return pins


def test_locks_pin_by_hash_and_name_no_index() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        pinned = [pin for pins in read_pins(lock).values() for pin in pins]
        assert pinned
        assert "://" not in text
        # Each ends in a line of its own, and its hashes follow.
        assert len(re.findall(r"^\S.*\\\n    --hash=sha256:", text, flags=re.MULTILINE)) == len(
            pinned
        )


def test_lock_of_an_extra_repeats_nothing_of_the_base() -> None:
    base = read_pins(ROOT / "requirements.lock")
    for lock in ROOT.glob("requirements-*.lock"):
        assert set(read_pins(lock)) & set(base) == set(), lock.name


def test_extras_that_share_a_package_pin_one_version() -> None:
    pins: dict[str, set[str]] = {}
    for lock in ROOT.glob("requirements-*.lock"):
        for package, own in read_pins(lock).items():
            pins.setdefault(package, set()).add(" | ".join(own))
    assert {package: own for package, own in pins.items() if len(own) > 1} == {}


def test_each_extra_has_its_lock() -> None:
    """Except what builds nenpo itself: the base holds it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    locks = {lock.stem.partition("-")[2] for lock in ROOT.glob("requirements-*.lock")}
    assert locks == set(project["optional-dependencies"]) - {"build"}


def test_what_is_depended_on_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = read_pins(ROOT / "requirements.lock")
    asked = {"": project["dependencies"], **project["optional-dependencies"]}
    for extra, requirements in asked.items():
        own = ROOT / f"requirements-{extra}.lock"
        pinned = base.keys() | (read_pins(own).keys() if own.exists() else set())
        names = {re.split(r"[^\w.-]", requirement.lower())[0] for requirement in requirements}
        assert names - pinned == set(), extra


def test_no_font_is_committed() -> None:
    assert [
        n for n in list_tracked() if n.endswith((".ttf", ".otf", ".ttc", ".woff", ".woff2"))
    ] == []


def test_clean_removes_what_a_build_makes_and_no_more(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "outputs/plan/2021").mkdir(parents=True)
    for name in ("README.md", ".lock", "plan/README.md", "plan/2021/annual.pdf"):
        (tmp_path / "outputs" / name).touch()
    for _ in range(2):  # the second time, there is nothing to remove
        subprocess.run(["make", "-s", "clean"], cwd=tmp_path, check=True)
    left = [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "outputs").rglob("*")]
    assert left == ["outputs/README.md"]
