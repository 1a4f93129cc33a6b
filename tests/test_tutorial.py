"""The tutorial tells the truth: its commands are run, its cells filled in, and all is as it says.

A page that differs is written anew, so that the diff is the message; commit it.
"""

import datetime
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest

from check_project import run
from tiny_project import Project

pytestmark = pytest.mark.long
DOCS = Path(__file__).parents[1] / "docs"
_PART = re.compile(
    r"^```\n(?P<block>[$▼].*?)^```\n"
    r"|^\| `(?P<sheet>[^`|]+\.xlsx![^`|]+)` \|(?P<columns>[^\n]+)\n"
    r"\|[-|]+\n(?P<rows>(?:\|[^\n]+\n)+)"
    r"|`(?P<file>params/[^`]+)`[^`\n|]*`(?P<old>[^`\n]+)`[^`\n|]*`(?P<new>[^`\n]+)`",
    re.MULTILINE | re.DOTALL,
)


class Today(datetime.date):
    """The day on which the replies are taken in."""

    @classmethod
    def today(cls) -> "Today":
        return cls(2026, 5, 11)


_FOLDERS = {"ja": ("照会", "返送", "確認"), "en": ("sent", "returned", "findings")}
"""Where the workbooks lie on each page: as sent out, as they came back, and as marked copies."""


@dataclass
class Reader:
    """Somebody who does what a page says, step by step; ``language`` is that of the page."""

    root: Path
    language: str
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.root

    def follow(self, page: str) -> str:
        """Return the page as it has to be."""
        return _PART.sub(self._do, page)

    def _do(self, found: re.Match[str]) -> str:
        if found["block"]:
            return f"```\n{''.join(self._run_block(found['block']))}```\n"
        if found["sheet"]:
            self._fill_in(found["sheet"], found["columns"], found["rows"])
        else:
            self._edit(found["file"], found["old"], found["new"])
        return found[0]

    def _run_block(self, block: str) -> Iterator[str]:
        for line in (line for line in block.splitlines() if line[:2] in ("$ ", "▼ ")):
            yield f"{line}\n"
            yield from self._show(line) if line.startswith("▼") else self._run(line)

    def _show(self, line: str) -> Iterator[str]:
        """Yield a text file, or the comment of a cell."""
        name, _, place = line.removeprefix("▼ ").partition("!")
        if not place:
            yield (self.folder / name).read_text(encoding="utf-8-sig")
            return
        sheet, cell = place.split("!")
        comment = openpyxl.load_workbook(self.folder / name)[sheet][cell].comment
        assert comment is not None
        yield f"{comment.text}\n"

    def _run(self, line: str) -> Iterator[str]:
        program, *words = shlex.split(line.removeprefix("$ "))
        if program == "cd":
            self.folder /= words[0]
            return
        told = run(Project(self.folder), *words, NENPO_LANG=self.language)
        text = f"{told.stdout}{told.stderr}".replace(f"{self.root}/", "")
        yield _settle(text)

    def _fill_in(self, place: str, columns: str, rows: str) -> None:
        """Fill in a workbook: the marked copy if there is one, else what lay there last."""
        name, sheet = place.split("!")
        letters = [each.strip() for each in columns.strip("| ").split("|")]
        returned = self.folder / _FOLDERS[self.language][1] / name
        lying = (self.folder / folder / name for folder in _FOLDERS[self.language])
        source = next(path for path in reversed([*lying]) if path.exists())
        book = openpyxl.load_workbook(source)
        for row in rows.splitlines():
            number, *cells = (each.strip() for each in row.strip("|").split("|"))
            for letter, text in zip(letters, cells, strict=True):
                if text:
                    book[sheet][f"{letter}{number}"] = text
        returned.parent.mkdir(exist_ok=True)
        book.save(returned)

    def _edit(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def _settle(text: str) -> str:
    """Return what was printed, without seconds, and what is made side by side in one order."""
    lines = re.sub(r" \(\d+\.\d s\)", "", text).strip("\n").splitlines()
    steps = [number for number, line in enumerate(lines) if re.match(r"\[\d+/\d+\] ", line)]
    made = sorted(lines[number].partition("] ")[2] for number in steps)
    for count, (number, line) in enumerate(zip(steps, made, strict=True), 1):
        lines[number] = f"[{count}/{len(steps)}] {line}"
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize(("page", "language"), [("new-year.ja.md", "ja"), ("new-year.md", "en")])
def test_the_tutorial_does_what_it_says(
    page: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datetime, "date", Today)
    found = (DOCS / page).read_text(encoding="utf-8")
    expected = Reader(tmp_path, language).follow(found)
    if found != expected:
        (DOCS / page).write_text(expected, encoding="utf-8", newline="\n")
    assert found == expected, f"docs/{page} was out of date and has been rewritten"
