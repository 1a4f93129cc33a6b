"""The lists of a sheet: their headers, their rows, and what stands in a row."""

import re
from collections.abc import Sequence
from dataclasses import replace

from nenpo.workbooks.book import Area
from nenpo.workbooks.forms.grid import Grid
from nenpo.workbooks.forms.marks import list_joint
from nenpo.workbooks.forms.spots import (
    IDENTITY,
    Pattern,
    Spot,
    Vocabulary,
    find_group,
    look_at,
    name_sheets,
    read_label,
)

_TOTAL = re.compile(r"(?:小計|合計|総計|計)")
_EXAMPLE = re.compile(r"[(（\[【]?(?:記入|記載|入力)?例[0-9０-９①-⑨]*[)）\]】]?")
_FOOTNOTE = re.compile(r"^(?:[※＊*注]|\(?備考\)?[:：])")
_FEWEST_LABELS = 3
_MOST_SKIPPED = 3


def find_lists(grids: Sequence[Grid], vocabulary: Vocabulary) -> list[Pattern]:
    """Return the lists of a sheet, from top to bottom; a header printed anew heads the same one."""
    grid = grids[0]
    found: list[tuple[tuple[Area, ...], tuple[int, ...]]] = []
    below = 0
    for row in sorted({box.last_row for box in grid.printed}):
        header = find_header(grid, row, vocabulary) if row > below else ()
        slots = list_slot_rows(grid, header, vocabulary)
        if not slots:
            continue
        if found and _read(grid, found[-1][0]) == _read(grid, header):
            found[-1] = (found[-1][0], (*found[-1][1], *slots))
        else:
            found.append((header, slots))
        below = slots[-1]
    return [_make_list(grids, header, slots, vocabulary) for header, slots in found]


def _read(grid: Grid, boxes: Sequence[Area]) -> list[str]:
    return [grid.read(box) for box in boxes]


def _make_list(
    grids: Sequence[Grid], header: Sequence[Area], slots: tuple[int, ...], vocabulary: Vocabulary
) -> Pattern:
    grid = grids[0]
    height = _find_height(grid, header, vocabulary)
    spots = _list_columns(grid, header, slots, height, vocabulary, grids)
    first = grid.find_box(slots[0], header[0].first_column)
    bounded = grid.is_fillable(first) or bool(grid.blank.merged)
    return Pattern("list", name_sheets(grids), slots, tuple(spots), height, bounded)


def find_header(grid: Grid, row: int, vocabulary: Vocabulary) -> tuple[Area, ...]:
    """Return the labels whose boxes end at a row, if it looks like the last row of a header."""
    boxes = [box for box in grid.printed if box.last_row == row]
    if len(boxes) < _FEWEST_LABELS:
        return ()
    told = [read_label(grid, box, vocabulary)[1] for box in boxes]
    if sum(guess is not None for guess in told) < 2:
        return ()
    meant = {meaning for guess in told if guess for meaning in guess.meanings}
    return tuple(boxes) if meant & IDENTITY else ()


def _find_height(grid: Grid, header: Sequence[Area], vocabulary: Vocabulary) -> int:
    """Return how many rows a slot takes: as many as its number or title."""
    heights = []
    for box in header:
        guess = vocabulary.find(grid.read(box))
        below = grid.find_box(box.last_row + 1, box.first_column)
        if guess and guess.meanings[0] in ("number", "title", "indicator"):
            heights.append(below.last_row - below.first_row + 1)
    return min(heights, default=1)


def list_slot_rows(grid: Grid, header: Sequence[Area], vocabulary: Vocabulary) -> tuple[int, ...]:
    """Return the rows below a header that have its columns, until they end."""
    if not header:
        return ()
    height, texts = _find_height(grid, header, vocabulary), [grid.read(box) for box in header]
    rows: list[int] = []
    row, skipped = header[0].last_row + 1, 0
    while row <= grid.last_row and skipped <= _MOST_SKIPPED:
        boxes = [grid.find_box(row, box.first_column) for box in header]
        if [grid.read(box) for box in boxes] == texts:
            break
        if _is_slot(grid, header, boxes, vocabulary, begun=bool(rows)):
            rows.append(row)
            row, skipped = row + height, 0
        else:
            row, skipped = row + 1, skipped + 1
    return tuple(rows)


def _is_slot(
    grid: Grid,
    header: Sequence[Area],
    boxes: Sequence[Area],
    vocabulary: Vocabulary,
    *,
    begun: bool,
) -> bool:
    pairs = list(zip(header, boxes, strict=True))
    aligned = [
        b for h, b in pairs if (h.first_column, h.last_column) == (b.first_column, b.last_column)
    ]
    texts = [grid.read(box) for box in boxes]
    told = [text for text in texts if text]
    told_apart = any(_TOTAL.fullmatch(text) or _EXAMPLE.fullmatch(text) for text in told)
    if len(aligned) < 0.6 * len(header) or told_apart:
        return False
    if len(told) == 1 and (_FOOTNOTE.match(told[0]) or not begun) and len(header) > 3:
        # A note below the list, or a heading between its rows.
        return any(grid.is_fillable(box) for box in aligned) and not _FOOTNOTE.match(told[0])
    if sum(vocabulary.find(text) is not None for text in told) >= _FEWEST_LABELS:
        return False
    merged = any(box.first_column != box.last_column for box in aligned)
    filled = any(grid.read_filled(box) for box in boxes)
    return merged or filled or len(told) > 1 or sum(map(grid.is_fillable, aligned)) >= 2


def _list_columns(
    grid: Grid,
    header: Sequence[Area],
    slots: Sequence[int],
    height: int,
    vocabulary: Vocabulary,
    grids: Sequence[Grid],
) -> list[Spot]:
    """Return a spot for each box of the first row of a list."""
    moves = tuple(row - slots[0] for row in slots)
    boxes = [
        box
        for row in range(slots[0], slots[0] + height)
        for box in dict.fromkeys(grid.find_box(row, c) for c in range(1, grid.last_column + 1))
        if box.first_row == row
    ]
    spots = []
    for box in boxes:
        label_box = _find_column_label(grid, header, box, slots[0], height)
        spot = look_at(grid, box, moves, grids)
        if label_box is None:
            if any(spot.samples):
                spots.append(spot)
            continue
        label, guess = read_label(grid, label_box, vocabulary)
        if joint := list_joint(spot.printed[0]):
            spot = replace(spot, joint=True, words=tuple(joint))
        spots.append(replace(spot, label=label, guess=guess, label_box=label_box, where="above"))
    return _join_ticked_columns(grid, spots, vocabulary)


def _find_column_label(
    grid: Grid, header: Sequence[Area], box: Area, first_row: int, height: int
) -> Area | None:
    """Return the label of a box in the first row of a list: of several lines, each has its own."""
    covering = [h for h in header if h.first_column <= box.first_column <= h.last_column]
    if len(covering) != 1:
        return None
    column = box.first_column
    lines = list(dict.fromkeys(grid.find_box(first_row + n, column) for n in range(height)))
    labels = [covering[0]]
    for above in grid.walk_up(covering[0]):
        same = above.first_column, above.last_column
        if not grid.read(above) or same != (labels[0].first_column, labels[0].last_column):
            break
        labels.insert(0, above)
    if len(lines) > 1 and len(labels) >= len(lines):
        return labels[-len(lines) :][lines.index(box)]
    return covering[0]


def _join_ticked_columns(grid: Grid, spots: list[Spot], vocabulary: Vocabulary) -> list[Spot]:
    """Join columns of which one is ticked: ◎ ○ △ × below one label."""
    joined: list[Spot] = []
    for spot in spots:
        group = find_group(grid, spot.label_box) if spot.label_box else None
        word = grid.read(spot.label_box) if spot.label_box else ""
        guess = vocabulary.find(grid.read(group)) if group else None
        own = vocabulary.find(word)
        if group is None or guess is None or own or guess.meanings[0] not in ("status", "shift"):
            joined.append(spot)
        elif joined and joined[-1].label_box == group:
            joined[-1] = replace(joined[-1], ticks=(*joined[-1].ticks, (spot.box, word)))
        else:
            ticks = ((spot.box, word),)
            joined.append(
                replace(
                    *(spot,),
                    label=grid.read(group),
                    guess=guess,
                    label_box=group,
                    ticks=ticks,
                    samples=(),
                )
            )
    return [replace(s, ticks=()) if len(s.ticks) == 1 else s for s in joined]
