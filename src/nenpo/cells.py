"""A notebook's cell: what a message, a note or a cause calls it, and which names it assigns."""

import symtable
from collections.abc import Mapping, Sequence
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
    line = _find_first_line(join_source(cell))
    if not line:
        return Words("セル {}（空）", "cell {} (empty)").fill(shown)
    return Words("セル {}「{}」", "cell {} '{}'").fill(shown, line)


def join_text(text: str | Sequence[str]) -> str:
    """Return a text as a whole: in a notebook's file, it may be a list of its lines."""
    return text if isinstance(text, str) else "".join(text)


def join_source(cell: Mapping[str, Any]) -> str:
    """Return a cell's source, of whatever somebody put there."""
    source = cell.get("source") or ""
    return join_text([*map(str, source)] if isinstance(source, list) else str(source))


def _find_first_line(source: str) -> str:
    lines = source.strip().splitlines()
    line = make_visible(lines[0].rstrip()) if lines else ""
    return line if len(line) <= _SHOWN_CHARACTERS else f"{line[:_SHOWN_CHARACTERS]}…"


def list_assigned(source: str) -> frozenset[str]:
    """Return the names that a cell assigns or annotates outside of functions and classes.

    ``source`` is Python without magics. Raises SyntaxError.

    >>> sorted(list_assigned("plan: str = 'a'\\nif plan:\\n    year = 1\\ndef f(): z = 2"))
    ['plan', 'year']
    """
    symbols = symtable.symtable(source, "<cell>", "exec").get_symbols()
    named = [s for s in symbols if s.is_assigned() or s.is_annotated()]
    return frozenset(s.get_name() for s in named if not s.is_namespace() and not s.is_imported())
