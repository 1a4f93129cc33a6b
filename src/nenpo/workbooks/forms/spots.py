"""A box of a form with the label found for it, and what stands in it in each slot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from nenpo.workbooks.book import Area
from nenpo.workbooks.forms.grid import Grid, Place
from nenpo.workbooks.forms.marks import BOXES, cut_inline, list_boxed, list_joint
from nenpo.workbooks.labels import Guess, Meaning, find_meaning, fold_text, is_time

Shape = Literal["list", "blocks", "sheet"]
IDENTITY = frozenset({"number", "title", "indicator", "measure"})
"""What tells a row, block or sheet from another."""
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
    that each stands for. ``inline`` is whether the label stands in the box itself (所属：), before
    what is filled in; ``formula`` whether the box holds one.
    """

    box: Area
    label: str = ""
    guess: Guess | None = None
    label_box: Area | None = None
    where: Literal["above", "left", "both", "inline", "none"] = "none"
    printed: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ticks: tuple[tuple[Area, str], ...] = ()
    joint: bool = False
    inline: bool = False
    formula: bool = False

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


def find_group(grid: Grid, box: Area) -> Area | None:
    """Return the label right above a label that is wider, or names the year."""
    if box.first_row == 1:
        return None
    above = grid.find_box(box.first_row - 1, box.first_column)
    if not grid.read(above):
        return _find_spread(grid, above)
    wider = above.last_column - above.first_column > box.last_column - box.first_column
    return above if (wider or is_time(grid.read(above))) and grid.read(above) else None


def _find_spread(grid: Grid, blank: Area) -> Area | None:
    """Return the year to the left in the row of groups: over several columns, but not merged."""
    for _, box in zip(range(_MOST_SIDEWAYS), grid.walk_left(blank), strict=False):
        if grid.read(box):
            return box if is_time(grid.read(box)) else None
    return None


def read_label(grid: Grid, box: Area, vocabulary: Vocabulary) -> tuple[str, Guess | None]:
    """Return a label with the group above it, and what it means."""
    own, group = grid.read(box), find_group(grid, box)
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


def list_boxes(grid: Grid) -> list[Area]:
    """Return the boxes of a sheet with a text, a line around them, or made to be filled in."""
    filled = grid.filled.cells if grid.filled else {}
    hints = grid.hints
    corners = {(area.first_row, area.first_column) for area in grid.blank.merged}
    places = {*grid.blank.cells, *filled, *hints.bordered, *hints.unlocked, *hints.lists, *corners}
    return list(dict.fromkeys(grid.find_box(*place) for place in sorted(places)))


def list_outside(grid: Grid, patterns: Sequence[Pattern]) -> list[Area]:
    """Return the boxes of a sheet that are in none of the patterns."""
    return [box for box in list_boxes(grid) if not any(p.covers(box) for p in patterns)]


def look_at(grid: Grid, box: Area, moves: Sequence[int], grids: Sequence[Grid]) -> Spot:
    """Return a box with what stands in it in each slot of each sheet."""
    boxes = [
        (each, each.find_box(box.first_row + move, box.first_column))
        for each in grids
        for move in moves
    ]
    words = grid.hints.lists.get((box.first_row, box.first_column), ())
    printed = tuple(each.read(b) for each, b in boxes)
    samples = tuple(each.read_filled(b) for each, b in boxes)
    cell = grid.blank.cells.get((box.first_row, box.first_column))
    formula = cell is not None and bool(cell.formula)
    return Spot(box, printed=printed, samples=samples, words=words, formula=formula)


def _read_inline(spot: Spot, vocabulary: Vocabulary) -> Spot | None:
    """Return a box in which the label stands before what was filled in, None if it is none."""
    label, told = spot.printed[0], [text for text in spot.samples if text]
    begun = told and all(fold_text(text).startswith(fold_text(label)) for text in told)
    if not label or not begun or len(set(spot.printed)) > 1:
        return None
    samples = tuple(cut_inline(text, label) for text in spot.samples)
    guess = vocabulary.find(label)
    return replace(
        spot,
        label=label,
        guess=guess,
        label_box=spot.box,
        where="inline",
        samples=samples,
        inline=True,
    )


def list_spots(
    grid: Grid,
    boxes: Sequence[Area],
    moves: Sequence[int],
    vocabulary: Vocabulary,
    grids: Sequence[Grid],
) -> list[Spot]:
    """Return the boxes that are filled in, or look like it, each with its label."""
    seen = {box: look_at(grid, box, moves, grids) for box in boxes}
    labels = {box for box, spot in seen.items() if _is_label(spot)}
    found: list[Spot] = []
    for box, spot in seen.items():
        if box in labels:
            continue
        if inline := _read_inline(spot, vocabulary):
            found.append(inline)
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
        label, guess = read_label(grid, found, vocabulary)
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


def name_sheets(grids: Sequence[Grid]) -> tuple[str, ...]:
    """Return the names of sheets."""
    return tuple(grid.blank.name for grid in grids)
