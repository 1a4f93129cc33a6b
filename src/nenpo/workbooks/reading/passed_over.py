"""What a workbook holds beside cells: told, never run, followed or read."""

import re
from collections.abc import Iterable, Iterator, Sequence

from nenpo.errors import Words
from nenpo.workbooks.book import Sheet

_LINKED = re.compile(r"\[[^\]]+\][^!]*!|https?:|file:", re.IGNORECASE)


def note_macros(*, macros: bool) -> Iterator[Words]:
    """Yield a note where there are macros."""
    if macros:
        yield Words(
            "マクロを含む。実行せず、値だけを読む",
            "it has macros: they are not run, values are read",
        )


def note_shapes(names: Sequence[str]) -> Iterator[Words]:
    """Yield a note for the sheets on which shapes and text boxes hold text."""
    if names:
        told = Words(
            "図形やテキストボックスの中の文字は読まない（{}）。回答であれば、欄に移してもらうこと",
            "text in shapes and boxes is not read (sheets: {}); if it is an answer, have it moved "
            "into its cell",
        )
        yield told.fill(Words("、".join(names), ", ".join(names)))


def note_links(sheets: Iterable[Sheet]) -> Iterator[Words]:
    """Yield a note where formulas refer to other files."""
    if any(_LINKED.search(cell.formula) for sheet in sheets for cell in sheet.cells.values()):
        yield Words(
            "ほかのファイルを参照する数式がある。参照先は開かず、保存されていた値を読む",
            "formulas refer to other files: these are not opened, values are read as saved",
        )
