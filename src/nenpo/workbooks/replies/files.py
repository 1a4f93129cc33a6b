"""Which files of a folder are replies: those that lie in it, and in the folders in it."""

from dataclasses import dataclass
from pathlib import Path

from nenpo.errors import UnusableWorkbook, Words
from nenpo.files import is_folder, is_left_behind
from nenpo.workbooks.answers import Note
from nenpo.workbooks.layout import LETTER_NAME

# What may be a workbook; whether it is one, its content tells.
_WORKBOOKS = frozenset(
    {".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".xltx", ".xltm", ".xlsb", ".et", ".numbers", ".tsv"}
)
_KINDS = (
    (Words("PDF", "a PDF"), (".pdf",)),
    (Words("Word の文書", "a Word document"), (".docx", ".doc", ".docm", ".rtf")),
    (Words("一太郎の文書", "an Ichitaro document"), (".jtd", ".jtdc", ".jtt")),
    (Words("文書", "a document"), (".odt", ".txt", ".md")),
    (Words("メール", "a mail"), (".msg", ".eml", ".mbox")),
    (Words("PowerPoint の資料", "a presentation"), (".pptx", ".ppt", ".odp")),
    (Words("DocuWorks の文書", "a DocuWorks document"), (".xdw", ".xbd")),
    (Words("圧縮ファイル", "an archive"), (".zip", ".lzh", ".7z", ".rar", ".gz")),
    (
        Words("画像", "a picture"),
        (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp"),
    ),
)
_NOT_READ = Words(
    "{}なので読まない。回答であれば、調査票に記入してもらうこと。",
    "it is {} and is not read; if it is an answer, ask for it in the workbook.",
)
_OTHER = Words("調査票でない「{}」のファイル", "a file of another kind, '{}',")
_LINK = Words("リンクなので、その先は読まない。", "a link, which is not followed.")
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

    A file in its place is the one reply. What programs leave behind, and the letter that went out,
    are passed over in silence. Raises ``UnusableWorkbook`` if there is no such folder, or it
    cannot be read.
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
        inner for path in _list(folder) for inner in (_list(path) if _is_own(path) else [path])
    )
    files, notes = list[ReplyFile](), list[Note]()
    for path in found:
        name, kind = path.relative_to(folder).as_posix(), path.suffix.lower()
        if path.is_symlink() and is_folder(path):
            notes.append(Note(name, _LINK))
        elif is_folder(path):
            notes += [Note(name, _TOO_DEEP)] if _list(path) else []
        elif kind in _WORKBOOKS or not kind:
            files.append(ReplyFile(path, name))
        elif not (kind == ".docx" and path.stem.endswith(LETTER_NAME)):
            notes.append(Note(name, _NOT_READ.fill(_name_kind(kind))))
    return Found(tuple(files), tuple(notes))


def _name_kind(suffix: str) -> Words:
    return next((what for what, known in _KINDS if suffix in known), _OTHER.fill(suffix))


def _is_own(path: Path) -> bool:
    """Return whether it is a folder here: what a link points at, nobody sent."""
    return is_folder(path) and not path.is_symlink()


def _list(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not is_left_behind(path))
    except OSError as error:
        why = error.strerror or str(error)
        remedy = Words("アクセス権を確認すること。", "Check its permissions.")
        raise UnusableWorkbook(place=str(folder), why=why, remedy=remedy) from None
