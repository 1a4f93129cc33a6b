"""What a notebook is given has to arrive: refused here is where papermill only warns.

Papermill puts the values into a cell of their own behind the cell that is tagged ``parameters``;
without such a cell, at the top, where the notebook's defaults then take their place.
"""

# mypy: allow-untyped-calls
# IPython has types for some of its functions only.

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from nenpo.cells import list_assigned, locate_cell
from nenpo.errors import ParametersLost, Words

TAG, INJECTED = "parameters", "injected-parameters"


def check_parameters(notebook: Any, given: Iterable[str], place: str) -> None:
    """Raise ``ParametersLost`` unless each name ``given`` is declared by the one tagged cell.

    ``notebook`` is as papermill made it: with a cell of the values, which is not counted where
    another one is named. ``place`` is the notebook's file.
    """
    own = [cell for cell in notebook.cells if INJECTED not in _list_tags(cell)]
    tagged = [(n, cell) for n, cell in enumerate(own, 1) if TAG in _list_tags(cell)]
    if len(tagged) != 1:
        raise _refuse_tags(own, tagged, place)
    number, cell = tagged[0]
    if [n for n, each in enumerate(notebook.cells) if INJECTED in _list_tags(each)] != [number]:
        raise ParametersLost(
            place=place,
            why=Words(
                "前の実行で加わったセル（タグ {}）が残っている",
                "cells tagged {} are left from former runs",
            ).fill(INJECTED),
            remedy=Words(
                "そのタグのセルを全て削ること。実行のたびに加わる。",
                "Remove them: one is added whenever the notebook is run.",
            ),
        )
    declared = _list_declared(cell)
    lost = [name for name in given if declared is not None and name not in declared]
    if lost and declared is not None:
        raise ParametersLost(
            place=Words("{} {}", "{}: {}").fill(place, locate_cell(cell, number)),
            why=Words("{} を宣言する行がない", "no line of it declares {}").fill(", ".join(lost)),
            remedy=_suggest_line(lost, declared),
        )


def _suggest_line(lost: Sequence[str], declared: Iterable[str]) -> Words:
    known = [*declared]
    if all(close := [get_close_matches(name, known, n=1) for name in lost]):
        meant = ", ".join(found[0] for found in close)
        return Words("{} ではないか。", "Did you mean {}?").fill(meant)
    return Words(
        'そのセルに名前と既定の値の行（{}: str = "" など）を加えること。',
        'Add a line with the name and a default to that cell, such as {}: str = "".',
    ).fill(lost[0])


def _list_tags(cell: Any) -> list[str]:
    return [str(tag) for tag in cell.metadata.get("tags", [])]


def _refuse_tags(
    cells: Sequence[Any], tagged: Sequence[tuple[int, Any]], place: str
) -> ParametersLost:
    if tagged:
        named = _join(locate_cell(cell, number) for number, cell in tagged)
        why = Words("{} にタグ {} がある", "{} are tagged {}").fill(named, TAG)
    else:
        why = Words("タグ {} のセルがない{}", "no cell is tagged {}{}")
        why = why.fill(TAG, _tell_near_misses(cells))
    remedy = Words(
        "条件のセル一つだけにタグ {} を付けること。",
        "Give the tag {} to the cell of the parameters, and to no other.",
    )
    return ParametersLost(place=place, why=why, remedy=remedy.fill(TAG))


def _tell_near_misses(cells: Sequence[Any]) -> Words:
    """Return which cells have a tag that somebody took for the right one."""
    told = _join(
        Words("{} のタグは {}", "{} is tagged {}").fill(locate_cell(cell, number), tag)
        for number, cell in enumerate(cells, 1)
        for tag in _list_tags(cell)
        if get_close_matches(tag.strip().casefold(), [TAG], cutoff=0.7)
    )
    return Words(f"。{told.ja}", f"; {told.en}") if told.ja else Words("", "")


def _join(words: Iterable[Words]) -> Words:
    both = [*words]
    return Words("、".join(w.ja for w in both), ", ".join(w.en for w in both))


def _list_declared(cell: Any) -> frozenset[str] | None:
    """Return the names that the cell declares; None if it will fail, and say why."""
    from IPython.core.inputtransformer2 import TransformerManager

    if cell.cell_type != "code":
        return frozenset()
    try:
        return list_assigned(TransformerManager().transform_cell(cell.source))
    except SyntaxError:
        return None
