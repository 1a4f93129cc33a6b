"""Where a form repeats itself: rows of a list, blocks down a sheet, sheets of one pattern.

Nothing here knows what a field means for nenpo, only what is printed beside it and above it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nenpo.workbooks.forms.grid import Grid, Place
from nenpo.workbooks.forms.lists import find_header, find_lists, list_slot_rows
from nenpo.workbooks.forms.spots import (
    IDENTITY,
    Pattern,
    Spot,
    Vocabulary,
    list_boxes,
    list_outside,
    list_spots,
    name_sheets,
)

_NO_FORM = re.compile(r"記入例|記載例|入力例|見本|要領|説明|手引|しかた|仕方|凡例|リスト|マスタ")


@dataclass(frozen=True)
class Layout:
    """All patterns of a sheet or of sheets alike, and the boxes that stand once beside them."""

    patterns: tuple[Pattern, ...]
    head: tuple[Spot, ...]


def is_left_out(grid: Grid) -> bool:
    """Whether a sheet is none to fill in: an example, a guide, a list of words."""
    return bool(_NO_FORM.search(grid.blank.name))


def find_layout(grids: Sequence[Grid], vocabulary: Vocabulary) -> Layout | None:
    """Return how sheets of one pattern are laid out, None if nothing on them is to fill in."""
    first = grids[0]
    patterns = _find_blocks(grids, vocabulary) or find_lists(grids, vocabulary)
    if not patterns:
        card = _find_card(grids, vocabulary)
        return Layout((card,), ()) if card else None
    head = [
        spot
        for spot in list_spots(first, list_outside(first, patterns), (0,), vocabulary, grids)
        if not any(pattern.covers(spot.box) for pattern in patterns)
    ]
    return Layout(tuple(patterns), tuple(head))


def group_alike(grids: Iterable[Grid], vocabulary: Vocabulary) -> list[list[Grid]]:
    """Return sheets of one pattern together: the same labels at the same cells."""
    groups: list[tuple[frozenset[tuple[Place, str]], list[Grid]]] = []
    for grid in grids:
        labels = frozenset(
            ((box.first_row, box.first_column), grid.read(box))
            for box in grid.printed
            if vocabulary.find(grid.read(box))
        )
        for known, group in groups:
            if labels and len(labels & known) >= 0.8 * max(len(labels), len(known)):
                group.append(grid)
                break
        else:
            groups.append((labels, [grid]))
    return [group for _, group in groups]


def _find_blocks(grids: Sequence[Grid], vocabulary: Vocabulary) -> list[Pattern]:
    """Return the blocks of a sheet: known labels that return again and again at equal distances."""
    grid = grids[0]
    rows: dict[tuple[str, int], list[int]] = {}
    for box in grid.printed:
        rows.setdefault((grid.read(box), box.first_column), []).append(box.first_row)
    known = {key: found for key, found in rows.items() if vocabulary.find(key[0])}
    counts = Counter(len(found) for found in known.values() if len(found) > 1)
    if not counts:
        return []
    count = max(counts, key=lambda n: (counts[n], n))
    repeated = {key: found for key, found in known.items() if len(found) == count}
    first = min(repeated.values(), key=lambda found: found[0])
    moves = [row - first[0] for row in first]
    anchors = {k: f for k, f in repeated.items() if [row - f[0] for row in f] == moves}
    if len(anchors) < 2 or not _names_something((k[0] for k in anchors), vocabulary):
        return []
    start = min(found[0] for found in anchors.values())
    starts = tuple(start + move for move in moves)
    height = min(later - earlier for earlier, later in pairwise(starts))
    # A header that is printed anew on each page heads a list, not a block.
    bottom = max(grid.find_box(found[0], key[1]).last_row for key, found in anchors.items())
    header = find_header(grid, bottom, vocabulary)
    if bottom <= start + 2 and len(list_slot_rows(grid, header, vocabulary)) > 2:
        return []
    inside = [box for box in list_boxes(grid) if start <= box.first_row < start + height]
    spots = list_spots(grid, inside, tuple(moves), vocabulary, grids)
    return [Pattern("blocks", name_sheets(grids), starts, tuple(spots), height)] if spots else []


def _names_something(labels: Iterable[str], vocabulary: Vocabulary) -> bool:
    guesses = (vocabulary.find(label) for label in labels)
    return any(IDENTITY.intersection(guess.meanings) for guess in guesses if guess)


def _find_card(grids: Sequence[Grid], vocabulary: Vocabulary) -> Pattern | None:
    grid = grids[0]
    texts = [grid.read(box) for box in grid.printed]
    if not _names_something(texts, vocabulary):
        return None
    spots = list_spots(grid, list_boxes(grid), (0,), vocabulary, grids)
    if not spots:
        return None
    return Pattern("sheet", name_sheets(grids), (1,), tuple(spots), grid.last_row)
