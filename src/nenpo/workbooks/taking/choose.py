"""Two workbooks for one department: the same answers, or one of them has to be chosen."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nenpo.errors import UnusableWorkbook, Words, WorkbookError, join_words
from nenpo.workbooks.answers import Note, Reply
from nenpo.workbooks.drawing import CREATED
from nenpo.workbooks.replies.expected import Expected

_TWO = Words(
    "「{}」の調査票が {} 件あり、回答が違う（{}）", "'{}' has {} workbooks that differ ({})"
)
_SAVED = Words("「{}」{}保存", "'{}' saved {}")
_CHOOSE = Words(
    "正しい方を確かめ、ほかは別の場所に移すこと。"
    "--prefer newer を付けると、最後に保存された方を取り込む。",
    "See which one is right, and move the others elsewhere. "
    "--prefer newer takes the one that was saved last.",
)
_SAME = Words(
    "「{}」と同じ回答なので、一方だけを取り込む。", "the same answers as '{}'; taken once."
)
_OLDER = Words(
    "「{}」の方が後に保存されているので、こちらは取り込まない（{}）。",
    "'{}' was saved later; this one is not taken ({}).",
)
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>\s*([0-9T:.Z+-]{10,40})\s*</dcterms:modified>")
_MOST_BYTES = 100_000
# What zipfile raises, as the bytes of a part that nobody read before happen to be.
_UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class Chosen:
    """One reply a department, and why others are not taken."""

    replies: tuple[Reply, ...]
    problems: tuple[tuple[Reply, WorkbookError], ...]
    notes: tuple[Note, ...]


def choose_replies(
    replies: Sequence[Reply], names: dict[Path, str], expected: Expected, prefer_newer: bool
) -> Chosen:
    """Return one reply a department; ``names`` is what messages call each file."""
    by_department: dict[str, list[Reply]] = {}
    for reply in replies:
        by_department.setdefault(reply.department, []).append(reply)
    chosen, notes = list[Reply](), list[Note]()
    problems: list[tuple[Reply, WorkbookError]] = []
    for department, own in by_department.items():
        if not department:
            chosen += own
            continue
        apart = _drop_same(own, names, notes)
        ranked = sorted(apart, key=lambda reply: read_saved(reply.path))
        if len(apart) == 1 or prefer_newer:
            chosen.append(ranked[-1])
            for older in ranked[:-1]:
                told = _OLDER.fill(names[ranked[-1].path], _tell_saved(ranked, names))
                notes.append(Note(names[older.path], told))
            continue
        chosen.append(ranked[-1])
        why = _TWO.fill(expected.names[department], len(ranked), _tell_saved(ranked, names))
        for reply in apart:
            problem = UnusableWorkbook(place=names[reply.path], why=why, remedy=_CHOOSE)
            problems.append((reply, problem))
    return Chosen(tuple(chosen), tuple(problems), tuple(notes))


def _drop_same(own: list[Reply], names: dict[Path, str], notes: list[Note]) -> list[Reply]:
    kept: list[Reply] = []
    for reply in own:
        same = [other for other in kept if _list_answers(other) == _list_answers(reply)]
        if same and not reply.problems:
            notes.append(Note(names[reply.path], _SAME.fill(names[same[0].path])))
        else:
            kept.append(reply)
    return kept


def _list_answers(reply: Reply) -> list[tuple[str, ...]]:
    told = (
        (a.kind, a.id, a.key, a.cell.shown.strip())
        for a in reply.answers
        if a.cell and a.cell.shown.strip()
    )
    return sorted(told)


def _tell_saved(replies: Iterable[Reply], names: dict[Path, str]) -> Words:
    """Return the files with the times at which they were saved, as Excel shows them here."""
    saved = ((r.path, datetime.fromtimestamp(read_saved(r.path))) for r in replies)
    return join_words([_SAVED.fill(names[path], f"{time:%Y-%m-%d %H:%M}") for path, time in saved])


def is_unsaved(path: Path) -> bool:
    """Tell whether nobody has saved a workbook since nenpo wrote it."""
    return read_saved(path) == CREATED.replace(tzinfo=UTC).timestamp()


def read_saved(path: Path) -> float:
    """Return when a workbook says it was saved last, else when the file was written."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/core.xml") as part:
            found = _MODIFIED.search(part.read(_MOST_BYTES))
        if found:
            told = datetime.fromisoformat(found[1].decode().replace("Z", "+00:00"))
            return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()
    except _UNREADABLE:
        pass
    return path.stat().st_mtime
