"""Which files of a folder are replies: those that lie in it, and in the folders in it."""

from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import UnusableWorkbook, Words
from nenpo.files import is_folder, is_left_behind
from nenpo.workbooks.answers import Note

# What may be a workbook; whether it is one, its content tells.
_WORKBOOKS = frozenset(
    {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".xltx", ".xltm", ".xlsb", ".et", ".numbers"}
)
# What is mailed along with a workbook.
_LETTERS = frozenset({".docx", ".doc", ".pdf", ".txt", ".eml", ".msg", ".rtf", ".odt"})
_NOT_READ = Words("調査票ではないので読まない。", "it is no workbook and is not read.")
_TOO_DEEP = Words(
    "フォルダーの中のフォルダーは、1段だけ読む。中の調査票を上に移すこと。",
    "folders are read one level deep; move the workbooks in it up.",
)


@dataclass(frozen=True)
class ReplyFile:
    """A file that may be a reply; ``name`` is what messages call it: its path in the folder."""

    path: Path
    name: str


@dataclass(frozen=True)
class Found:
    """The files of a folder, in order, and what was passed over."""

    files: tuple[ReplyFile, ...]
    notes: tuple[Note, ...]


def list_replies(folder: Path) -> Found:
    """Return what may be replies in a folder, and in the folders in it (one a department).

    A file in its place is the one reply. What programs leave behind, and letters, are passed over
    in silence. Raises ``UnusableWorkbook`` if there is no such folder, or it cannot be read.
    """
    if folder.is_file():
        return Found((ReplyFile(folder, folder.name),), ())
    if not is_folder(folder):
        raise UnusableWorkbook(
            place=str(folder),
            why=Words("そのようなフォルダーはない", "there is no such folder"),
            remedy=Words(
                "返送された調査票を入れたフォルダーを指定すること。",
                "Give the folder that holds the workbooks that came back.",
            ),
        )
    found = (
        inner for path in _list(folder) for inner in (_list(path) if is_folder(path) else [path])
    )
    files, notes = list[ReplyFile](), list[Note]()
    for path in found:
        name, kind = path.relative_to(folder).as_posix(), path.suffix.lower()
        if is_folder(path):
            notes += [Note(name, _TOO_DEEP)] if _list(path) else []
        elif kind in _WORKBOOKS or not kind:
            files.append(ReplyFile(path, name))
        elif kind not in _LETTERS:
            notes.append(Note(name, _NOT_READ))
    return Found(tuple(files), tuple(notes))


def _list(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not is_left_behind(path))
    except OSError as error:
        why = error.strerror or str(error)
        remedy = Words("アクセス権を確認すること。", "Check its permissions.")
        raise UnusableWorkbook(place=str(folder), why=why, remedy=remedy) from None
