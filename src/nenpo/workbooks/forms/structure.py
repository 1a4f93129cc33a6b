"""Where a form repeats itself: rows of a list, blocks down a sheet, sheets of one pattern.

Nothing here knows what a field means for nenpo, only what is printed beside it and above it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from nenpo.workbooks.book import Area
from nenpo.workbooks.forms.grid import Grid, Place
from nenpo.workbooks.forms.marks import BOXES, list_boxed, list_joint
from nenpo.workbooks.labels import Guess, Meaning, find_meaning, is_time

Shape = Literal["list", "blocks", "sheet"]
IDENTITY = frozenset({"number", "title", "indicator", "measure"})
"""What tells a row, block or sheet from another."""
_TOTAL = re.compile(r"(?:小計|合計|総計|計)")
_FOOTNOTE = re.compile(r"^(?:[※＊*注]|\(?備考\)?[:：])")
_NO_FORM = re.compile(r"記入例|記載例|入力例|見本|要領|説明|手引|しかた|仕方|凡例|リスト|マスタ")
_FEWEST_LABELS = 3
_MOST_SKIPPED = 3
_MOST_SIDEWAYS = 4


@dataclass(frozen=True)
class Vocabulary:
    """How labels are read: for a fiscal year, with the municipality's own words for things."""

    fiscal_year: int | None = None
    own: Mapping[str, Meaning] = field(default_factory=dict)

    def find(self, label: str) -> Guess | None:
        """Return what a label means."""
        return find_meaning(label, self.fiscal_year, self.own)


@dataclass(frozen=True)
class Spot:
    """A box of the first slot, the label found for it, and what stands in it in each slot.

    ``label_box`` is where the label is printed, ``where`` on which side. ``printed`` are the texts
    of the blank form, ``samples`` what was filled in. ``ticks`` are the boxes to tick with the word
    that each stands for.
    """

    box: Area
    label: str = ""
    guess: Guess | None = None
    label_box: Area | None = None
    where: Literal["above", "left", "both", "none"] = "none"
    printed: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ticks: tuple[tuple[Area, str], ...] = ()
    joint: bool = False

    @property
    def place(self) -> Place:
        """Its first row and column."""
        return self.box.first_row, self.box.first_column


@dataclass(frozen=True)
class Pattern:
    """Slots of one pattern: on each of ``sheets``, one begins at each of ``starts``."""

    shape: Shape
    sheets: tuple[str, ...]
    starts: tuple[int, ...]
    spots: tuple[Spot, ...]
    height: int
    bounded: bool = True

    def covers(self, box: Area) -> bool:
        """Whether a box lies in a slot, or between slots."""
        return self.starts[0] <= box.first_row < self.starts[-1] + self.height


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
    patterns = _find_blocks(grids, vocabulary) or _find_lists(grids, vocabulary)
    if not patterns:
        card = _find_card(grids, vocabulary)
        return Layout((card,), ()) if card else None
    head = [
        spot
        for spot in _list_spots(first, _outside(first, patterns), (0,), vocabulary, grids)
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


# --- blocks ---------------------------------------------------------------------------------------


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
    header = _find_header(grid, bottom, vocabulary)
    if bottom <= start + 2 and len(_list_slot_rows(grid, header, vocabulary)) > 2:
        return []
    inside = [box for box in _list_boxes(grid) if start <= box.first_row < start + height]
    spots = _list_spots(grid, inside, tuple(moves), vocabulary, grids)
    return [Pattern("blocks", _name(grids), starts, tuple(spots), height)] if spots else []


def _names_something(labels: Iterable[str], vocabulary: Vocabulary) -> bool:
    guesses = (vocabulary.find(label) for label in labels)
    return any(IDENTITY.intersection(guess.meanings) for guess in guesses if guess)


def _name(grids: Sequence[Grid]) -> tuple[str, ...]:
    return tuple(grid.blank.name for grid in grids)


# --- a sheet an item ------------------------------------------------------------------------------


def _find_card(grids: Sequence[Grid], vocabulary: Vocabulary) -> Pattern | None:
    grid = grids[0]
    texts = [grid.read(box) for box in grid.printed]
    if not _names_something(texts, vocabulary):
        return None
    spots = _list_spots(grid, _list_boxes(grid), (0,), vocabulary, grids)
    if not spots:
        return None
    return Pattern("sheet", _name(grids), (1,), tuple(spots), grid.last_row)


# --- lists ----------------------------------------------------------------------------------------


def _find_lists(grids: Sequence[Grid], vocabulary: Vocabulary) -> list[Pattern]:
    """Return the lists of a sheet, from top to bottom; a header printed anew heads the same one."""
    grid = grids[0]
    found: list[tuple[tuple[str, ...], Pattern]] = []
    row = 1
    while row <= grid.last_row:
        header = _find_header(grid, row, vocabulary)
        slots = _list_slot_rows(grid, header, vocabulary) if header else ()
        if not header or not slots:
            row += 1
            continue
        texts = tuple(grid.read(box) for box in header)
        height = _find_height(grid, header, vocabulary)
        if found and found[-1][0] == texts:
            earlier = found[-1][1]
            found[-1] = (texts, replace(earlier, starts=(*earlier.starts, *slots)))
        else:
            spots = _list_columns(grid, header, slots, height, vocabulary, grids)
            bounded = grid.is_fillable(grid.find_box(slots[0], header[0].first_column))
            bounded = bounded or bool(grid.blank.merged)
            pattern = Pattern("list", _name(grids), slots, tuple(spots), height, bounded)
            found.append((texts, pattern))
        row = slots[-1] + height
    return [pattern for _, pattern in found]


def _find_header(grid: Grid, row: int, vocabulary: Vocabulary) -> tuple[Area, ...]:
    """Return the labels whose boxes end at a row, if it looks like the last row of a header."""
    boxes = [box for box in grid.printed if box.last_row == row]
    if len(boxes) < _FEWEST_LABELS:
        return ()
    told = [_read_label(grid, box, vocabulary)[1] for box in boxes]
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


def _list_slot_rows(grid: Grid, header: Sequence[Area], vocabulary: Vocabulary) -> tuple[int, ...]:
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
        if _is_slot(grid, header, boxes, bool(rows)):
            rows.append(row)
            row, skipped = row + height, 0
        else:
            row, skipped = row + 1, skipped + 1
    return tuple(rows)


def _is_slot(grid: Grid, header: Sequence[Area], boxes: Sequence[Area], begun: bool) -> bool:
    pairs = list(zip(header, boxes, strict=True))
    aligned = [
        b for h, b in pairs if (h.first_column, h.last_column) == (b.first_column, b.last_column)
    ]
    texts = [grid.read(box) for box in boxes]
    told = [text for text in texts if text]
    if len(aligned) < 0.6 * len(header) or any(_TOTAL.fullmatch(text) for text in told):
        return False
    if len(told) == 1 and (_FOOTNOTE.match(told[0]) or not begun) and len(header) > 3:
        # A note below the list, or a heading between its rows.
        return any(grid.is_fillable(box) for box in aligned) and not _FOOTNOTE.match(told[0])
    if sum(find_meaning(text) is not None for text in told) >= _FEWEST_LABELS:
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
        spot = _look(grid, box, moves, grids)
        if label_box is None:
            if any(spot.samples):
                spots.append(spot)
            continue
        label, guess = _read_label(grid, label_box, vocabulary)
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
        group = _find_group(grid, spot.label_box) if spot.label_box else None
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


# --- labels and what stands in a box --------------------------------------------------------------


def _find_group(grid: Grid, box: Area) -> Area | None:
    """Return the label right above a label that is wider, or names the year."""
    if box.first_row == 1:
        return None
    above = grid.find_box(box.first_row - 1, box.first_column)
    wider = above.last_column - above.first_column > box.last_column - box.first_column
    return above if (wider or is_time(grid.read(above))) and grid.read(above) else None


def _read_label(grid: Grid, box: Area, vocabulary: Vocabulary) -> tuple[str, Guess | None]:
    """Return a label with the group above it, and what it means."""
    own, group = grid.read(box), _find_group(grid, box)
    if group is None or len(grid.read(group)) > 20:
        return own, vocabulary.find(own)
    joined = f"{grid.read(group)} {own}"
    alone, both = vocabulary.find(own), vocabulary.find(joined)
    # A heading of the whole block says nothing of a field; a year, or 指標 above 単位, does.
    if both and (both.exact or alone is None):
        return joined, both
    return own, alone


def choose_guess(*labels: str, vocabulary: Vocabulary) -> Guess | None:
    """Return the best guess of several ways to read a label, the first of those as good."""
    guesses = [guess for label in labels if (guess := vocabulary.find(label))]
    return next((guess for guess in guesses if guess.exact), guesses[0] if guesses else None)


def _list_boxes(grid: Grid) -> list[Area]:
    places = ((r, c) for r in range(1, grid.last_row + 1) for c in range(1, grid.last_column + 1))
    return list(dict.fromkeys(grid.find_box(*place) for place in places))


def _outside(grid: Grid, patterns: Sequence[Pattern]) -> list[Area]:
    return [box for box in _list_boxes(grid) if not any(p.covers(box) for p in patterns)]


def _look(grid: Grid, box: Area, moves: Sequence[int], grids: Sequence[Grid]) -> Spot:
    """Return a box with what stands in it in each slot of each sheet."""
    boxes = [
        (each, each.find_box(box.first_row + move, box.first_column))
        for each in grids
        for move in moves
    ]
    words = grid.hints.lists.get((box.first_row, box.first_column), ())
    printed = tuple(each.read(b) for each, b in boxes)
    samples = tuple(each.read_filled(b) for each, b in boxes)
    return Spot(box, printed=printed, samples=samples, words=words)


def _list_spots(
    grid: Grid,
    boxes: Sequence[Area],
    moves: Sequence[int],
    vocabulary: Vocabulary,
    grids: Sequence[Grid],
) -> list[Spot]:
    """Return the boxes that are filled in, or look like it, each with its label."""
    seen = {box: _look(grid, box, moves, grids) for box in boxes}
    labels = {box for box, spot in seen.items() if _is_label(spot)}
    found: list[Spot] = []
    for box, spot in seen.items():
        if box in labels:
            continue
        told = _find_label(grid, box, labels, vocabulary)
        joint = list_joint(spot.printed[0])
        ticked = bool(spot.printed[0]) and spot.printed[0][0] in BOXES
        blank = not any((*spot.printed, *spot.samples))
        if blank and not (grid.is_fillable(box) and told.label):
            continue
        if blank and told.guess is None:
            continue
        spot = replace(
            spot,
            label=told.label,
            guess=told.guess,
            label_box=told.label_box,
            where=told.where,
        )
        if joint:
            found.append(replace(spot, joint=True, words=tuple(joint)))
        elif not ticked:
            found.append(spot)
        elif found and found[-1].ticks and found[-1].label_box == spot.label_box:
            word = list_boxed(spot.printed[0])[0]
            found[-1] = replace(found[-1], ticks=(*found[-1].ticks, (box, word)))
        else:
            found.append(replace(spot, ticks=((box, list_boxed(spot.printed[0])[0]),)))
    return found


def _is_label(spot: Spot) -> bool:
    """Whether a box holds the same in every slot, and nobody changed it."""
    text = spot.printed[0]
    same = bool(text) and len(set(spot.printed)) == 1 and not any(spot.samples)
    return same and text[0] not in BOXES and not list_joint(text)


def _find_label(grid: Grid, box: Area, labels: set[Area], vocabulary: Vocabulary) -> Spot:
    """Return the box with the label beside or above it, whichever tells more."""
    left = _seek(grid, grid.walk_left(box), labels)
    above = _seek(grid, grid.walk_up(box), labels)
    sides: list[tuple[int, Spot]] = []
    for side, where in ((left, "left"), (above, "above")):
        if side is None:
            continue
        found, passed = side
        label, guess = _read_label(grid, found, vocabulary)
        rank = passed * 4 + (guess is None) * 2 + (guess is not None and not guess.exact)
        spot = Spot(box, label, guess, found, where)  # type: ignore[arg-type] # one of the two
        sides.append((rank, spot))
    if left and above and (left[1] or above[1]):
        # A table within: the year stands at its side, the rest at its top.
        texts = grid.read(left[0]), grid.read(above[0])
        joined = choose_guess("".join(texts), "".join(reversed(texts)), vocabulary=vocabulary)
        best = min(sides, key=lambda each: each[0])
        if joined and joined.exact and (best[1].guess is None or joined.when):
            return Spot(box, " ".join(texts), joined, left[0], "both")
    return min(sides, key=lambda each: each[0])[1] if sides else Spot(box)


def _seek(grid: Grid, boxes: Iterator[Area], labels: set[Area]) -> tuple[Area, int] | None:
    """Return the first label on a way, and how many boxes to fill in were passed before it."""
    passed, gap = 0, 0
    for box in boxes:
        if box in labels:
            return box, passed
        if grid.read_filled(box) or grid.is_fillable(box) or grid.read(box)[:1] in BOXES:
            # Boxes to tick stand beside each other, all with one label.
            passed += grid.read(box)[:1] not in BOXES or not grid.read(box)
        else:
            gap += 1
        if passed > _MOST_SIDEWAYS or gap > _MOST_SIDEWAYS:
            return None
    return None
