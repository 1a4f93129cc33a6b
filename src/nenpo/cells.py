"""How a cell of a notebook is called, wherever a message, a note or a cause names one."""

from collections.abc import Mapping
from typing import Any

from nenpo.errors import Words, make_visible

_SHOWN_CHARACTERS = 40


def locate_cell(cell: Mapping[str, Any], number: int) -> Words:
    """Return what a cell is called: its number, its count, the first line of its source.

    ``number`` is its position from 1, every cell counted. The count is what JupyterLab shows
    beside a code cell that ran: of a Markdown cell it shows none, and there is none.

    >>> locate_cell({"source": "marks.table(b)\\n", "execution_count": 9}, 12).en
    "cell 12 [9] 'marks.table(b)'"
    >>> locate_cell({"source": ["# 別紙\\n", "本文"]}, 3).ja
    'セル 3「# 別紙」'
    >>> locate_cell({"source": " "}, 4).en
    'cell 4 (empty)'
    """
    count = cell.get("execution_count")
    shown = f"{number} [{count}]" if count else str(number)
    line = _read_first_line(cell.get("source") or "")
    if not line:
        return Words("セル {}（空）", "cell {} (empty)").fill(shown)
    return Words("セル {}「{}」", "cell {} '{}'").fill(shown, line)


def _read_first_line(source: Any) -> str:
    # In a file, a source may be a list of its lines.
    lines = (source if isinstance(source, str) else "".join(map(str, source))).strip().splitlines()
    line = make_visible(lines[0].rstrip()) if lines else ""
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}…"
